// SQLite believes whatever its file holds: a bit that the disk turned over is served as truth. So each
// page of a store carries a checksum in its last eight bytes, which SQLite leaves to whoever asks for
// them. It is written and verified here, between SQLite and its own file system layer, of which only the
// reading and writing of pages is changed. A page that does not match is an I/O error (SQLITE_IOERR_DATA).
//
// The log needs none of this: its frames have checksums of their own. A store without the room (made
// before this existed) is read as it is.
#include <sqlite3.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include "checked_pages.h"

enum { ROOM = 8, HEADER = 100 };

// Behind the base's own part of each open file. 0: its pages are not checked.
struct state { int page_size; };

static sqlite3_vfs *base;
static sqlite3_vfs checked;
static const sqlite3_io_methods *original;
static sqlite3_io_methods methods;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct state *state_of(sqlite3_file *file) {
  return (struct state *)((char *)file + ((base->szOsFile + 7) & ~7));
}

// SQLite's own pair of sums, begun with the page's place so that a page in another's place is noticed.
static void sum(const unsigned char *page, int size, sqlite3_int64 offset, unsigned char *result) {
  uint32_t first = (uint32_t)(offset / size) + 1, second = 0x51554E54;
  for (int at = 0; at < size - ROOM; at += 8) {
    uint32_t words[2];
    memcpy(words, page + at, sizeof words);
    first += words[0] + second;
    second += words[1] + first;
  }
  memcpy(result, &first, 4);
  memcpy(result + 4, &second, 4);
}

static int is_header(const unsigned char *bytes) {
  return memcmp(bytes, "SQLite format 3", 16) == 0;
}

static void look_at_header(sqlite3_file *file, const unsigned char *bytes) {
  int size = bytes[16] << 8 | bytes[17];
  if (size == 1) size = 65536;
  state_of(file)->page_size = bytes[20] == ROOM && size >= 512 ? size : 0;
}

static int matches(const unsigned char *page, int size, sqlite3_int64 offset) {
  unsigned char wanted[ROOM];
  sum(page, size, offset, wanted);
  return memcmp(wanted, page + size - ROOM, ROOM) == 0;
}

static int read_checked(sqlite3_file *file, void *bytes, int amount, sqlite3_int64 offset) {
  int result = original->xRead(file, bytes, amount, offset);
  if (result != SQLITE_OK) return result;
  if (offset == 0 && amount >= HEADER && is_header(bytes)) {
    unsigned char *page = bytes;
    look_at_header(file, page);
    if (!state_of(file)->page_size && amount >= 512) {
      // Is it the very byte that says so which was turned over?
      unsigned char said = page[20];
      page[20] = ROOM;
      int was_checked = matches(page, amount, 0);
      page[20] = said;
      if (was_checked) return SQLITE_IOERR_DATA;
    }
  }
  int size = state_of(file)->page_size;
  if (!size || amount != size || offset % size) return SQLITE_OK;
  return matches(bytes, size, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

static int write_checked(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 offset) {
  if (offset == 0 && amount >= 512 && is_header(bytes)) look_at_header(file, bytes);
  int size = state_of(file)->page_size;
  if (!size || amount != size || offset % size)
    return original->xWrite(file, bytes, amount, offset);
  unsigned char *page = sqlite3_malloc(size);
  if (!page) return SQLITE_IOERR_NOMEM;
  memcpy(page, bytes, size);
  sum(page, size, offset, page + size - ROOM);
  int result = original->xWrite(file, page, size, offset);
  sqlite3_free(page);
  return result;
}

// A mapped page would come by unseen.
static int fetch_nothing(sqlite3_file *file, sqlite3_int64 offset, int amount, void **page) {
  (void)file, (void)offset, (void)amount;
  *page = 0;
  return SQLITE_OK;
}

static int open_checked(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  int result = base->xOpen(base, name, file, flags, out);
  if (result != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB)) return result;
  state_of(file)->page_size = 0;
  pthread_mutex_lock(&lock);
  if (!original) {
    original = file->pMethods;
    methods = *original;
    methods.xRead = read_checked;
    methods.xWrite = write_checked;
    if (methods.iVersion >= 3) methods.xFetch = fetch_nothing;
  }
  int is_known = original == file->pMethods;
  pthread_mutex_unlock(&lock);
  if (is_known) {
    file->pMethods = &methods;
    return SQLITE_OK;
  }
  file->pMethods->xClose(file);
  file->pMethods = 0;
  return SQLITE_CANTOPEN;
}

int checked_pages_register(void) {
  int result = SQLITE_OK;
  pthread_mutex_lock(&lock);
  if (!base) {
    base = sqlite3_vfs_find(0);
    checked = *base;
    checked.zName = "checked-pages";
    checked.szOsFile = ((base->szOsFile + 7) & ~7) + (int)sizeof(struct state);
    checked.xOpen = open_checked;
    checked.pNext = 0;
    result = sqlite3_vfs_register(&checked, 1);
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int checked_pages_reserve(void *connection) {
  int room = ROOM;
  return sqlite3_file_control(connection, "main", SQLITE_FCNTL_RESERVE_BYTES, &room);
}

int checked_pages_are_on(void *connection) {
  sqlite3_file *file = 0;
  sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file && file->pMethods == &methods && state_of(file)->page_size != 0;
}
