// A disk that can be cut off and made to fail, between one process and the real one. It is preloaded
// into a process of the suite and touches only what lies under QUINTET_DISK_FOLDER:
//
// - every change is first noted in QUINTET_DISK_JOURNAL with the bytes it replaces, and every flush
//   after it has succeeded, so that whoever reads the journal after a kill can take back all that
//   was never flushed: what a power cut does (disk.py, `cut`);
// - QUINTET_DISK_CONTROL, a file that both sides map, orders the n-th write, flush, opening or
//   truncation to fail, or the flushes to lie.
//
// It calls the kernel directly, so it works below any library. Memory maps are not noted: SQLite
// maps only its -shm file, which holds nothing that must survive.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation { WRITE = 1, SYNC = 2, OPEN = 4, TRUNCATE = 8 };
enum entry { WROTE = 1, RESIZED, SYNCED, CREATED, LINKED, UNLINKED, RENAMED, MADE_FOLDER };
enum { DESCRIPTORS = 65536, MAGIC = 0x51444A31 };

// Shared with disk.py, which names the fields in the same order.
struct control {
  atomic_uint armed, operations, error, nth, sticky, seen, failed, lying, checkpoints_only;
};

struct header {
  uint32_t magic, entry;
  uint64_t offset, size;
  uint32_t path, other, before, after;
};

static char folder[PATH_MAX];
static size_t folder_length;
static char journal_path[PATH_MAX];
static int journal = -1;
static unsigned saved;
static struct control *control;
static char *_Atomic paths[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void prepare(void) {
  const char *where = getenv("QUINTET_DISK_FOLDER");
  if (!where || !*where) return;
  snprintf(folder, sizeof folder, "%s", where);
  const char *notes = getenv("QUINTET_DISK_JOURNAL");
  if (notes && *notes) {
    snprintf(journal_path, sizeof journal_path, "%s", notes);
    journal = syscall(SYS_openat, AT_FDCWD, notes, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) abort();
  }
  const char *orders = getenv("QUINTET_DISK_CONTROL");
  if (orders && *orders) {
    int file = syscall(SYS_openat, AT_FDCWD, orders, O_RDWR | O_CLOEXEC, 0);
    void *map = file < 0 ? MAP_FAILED
                         : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) abort();
    syscall(SYS_close, file);
    control = map;
  }
  folder_length = strlen(folder);
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

// The folder, what lies in it, and its parent, whose flush makes the folder itself last.
static int is_ours(const char *path) {
  if (!folder_length || !path) return 0;
  size_t length = strlen(path);
  if (length < folder_length)
    return folder[length] == '/' && !strchr(folder + length + 1, '/')
        && strncmp(path, folder, length) == 0;
  return strncmp(path, folder, folder_length) == 0
      && (path[folder_length] == '/' || path[folder_length] == 0);
}

// What a power cut must not leave: the shared-memory index is rebuilt by whoever opens first.
static int is_kept(const char *path) { return journal >= 0 && !ends_with(path, "-shm"); }

static const char *path_of(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS ? paths[descriptor] : NULL;
}

// True when this operation is the one that was ordered to fail; errno is set then.
static int fails(enum operation operation) {
  if (!control || !control->armed || !(control->operations & operation)) return 0;
  unsigned number = atomic_fetch_add(&control->seen, 1) + 1;
  if (number != control->nth && !(control->sticky && number > control->nth)) return 0;
  atomic_fetch_add(&control->failed, 1);
  errno = (int)control->error;
  return 1;
}

static void note(enum entry entry, const char *path, const char *other, uint64_t offset,
                 uint64_t size, const void *before, size_t before_length, const void *after,
                 size_t after_length) {
  struct header header = {
      .magic = MAGIC, .entry = entry, .offset = offset, .size = size,
      .path = strlen(path), .other = other ? strlen(other) : 0,
      .before = before_length, .after = after_length};
  struct iovec parts[] = {
      {&header, sizeof header}, {(void *)path, header.path}, {(void *)other, header.other},
      {(void *)before, before_length}, {(void *)after, after_length}};
  size_t whole = sizeof header + header.path + header.other + before_length + after_length;
  if (syscall(SYS_writev, journal, parts, 5) != (long)whole) abort();
}

static uint64_t size_of(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 ? (uint64_t)status.st_size : 0;
}

// The bytes now at this place; the caller frees them.
static void *bytes_at(const char *path, uint64_t offset, size_t length) {
  char *bytes = malloc(length ? length : 1);
  int file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  size_t done = 0;
  while (file >= 0 && done < length) {
    long count = syscall(SYS_pread64, file, bytes + done, length - done, offset + done);
    if (count <= 0) abort();
    done += count;
  }
  if (file >= 0) syscall(SYS_close, file);
  return bytes;
}

static ssize_t put(int descriptor, const void *bytes, size_t length, int64_t offset) {
  const char *path = path_of(descriptor);
  int refused = path && fails(WRITE), why = errno;
  // A disk that fails in a write has done a part of it.
  if (refused) length /= 2;
  pthread_mutex_lock(&lock);
  if (path && is_kept(path)) {
    uint64_t size = size_of(descriptor);
    uint64_t start = offset >= 0 ? (uint64_t)offset : (uint64_t)lseek(descriptor, 0, SEEK_CUR);
    size_t old = start >= size ? 0 : size - start < length ? size - start : length;
    void *before = bytes_at(path, start, old);
    note(WROTE, path, NULL, start, size, before, old, bytes, length);
    free(before);
  }
  ssize_t result = offset >= 0 ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                               : syscall(SYS_write, descriptor, bytes, length);
  int problem = errno;
  pthread_mutex_unlock(&lock);
  errno = refused ? why : problem;
  return refused ? -1 : result;
}

static int resize(int descriptor, int64_t length) {
  const char *path = path_of(descriptor);
  if (path && fails(TRUNCATE)) return -1;
  pthread_mutex_lock(&lock);
  if (path && is_kept(path)) {
    uint64_t size = size_of(descriptor);
    size_t old = size > (uint64_t)length ? size - length : 0;
    void *before = bytes_at(path, length, old);
    note(RESIZED, path, NULL, length, size, before, old, NULL, 0);
    free(before);
  }
  int result = syscall(SYS_ftruncate, descriptor, length), problem = errno;
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

static int flush(int descriptor, long call) {
  const char *path = path_of(descriptor);
  // The flushes of a commit go to the log; those of a checkpoint to the store as well.
  int counts = path && !(control && control->checkpoints_only && ends_with(path, "-wal"));
  if (counts && fails(SYNC)) return -1;
  if (path && control && control->lying) return 0;
  // Held during the flush: what is written meanwhile is not claimed to be on the disk.
  if (path) pthread_mutex_lock(&lock);
  int result = syscall(call, descriptor), problem = errno;
  if (path && result == 0 && is_kept(path)) note(SYNCED, path, NULL, 0, 0, NULL, 0, NULL, 0);
  if (path) pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

static int open_at(int at, const char *path, int flags, mode_t mode) {
  char whole[PATH_MAX];
  if (path && path[0] != '/' && at == AT_FDCWD && folder_length && getcwd(whole, sizeof whole)) {
    size_t used = strlen(whole);
    snprintf(whole + used, sizeof whole - used, "/%s", path);
  } else {
    snprintf(whole, sizeof whole, "%s", path ? path : "");
  }
  if (!is_ours(whole)) return syscall(SYS_openat, at, path, flags, mode);
  if (fails(OPEN)) return -1;
  pthread_mutex_lock(&lock);
  struct stat status;
  int existed = stat(whole, &status) == 0;
  if (is_kept(whole) && existed && (flags & O_TRUNC) && S_ISREG(status.st_mode)) {
    void *before = bytes_at(whole, 0, status.st_size);
    note(RESIZED, whole, NULL, 0, status.st_size, before, status.st_size, NULL, 0);
    free(before);
  }
  int result = syscall(SYS_openat, at, path, flags, mode), problem = errno;
  if (result >= 0 && !existed && is_kept(whole))
    note(CREATED, whole, NULL, 0, 0, NULL, 0, NULL, 0);
  if (result >= 0 && result < DESCRIPTORS) paths[result] = strdup(whole);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

// Keeps what a name stood for, so that the name can come back.
static void keep(const char *path, char *other, size_t room) {
  snprintf(other, room, "%s.%d.%u", journal_path, getpid(), saved++);
  if (syscall(SYS_link, path, other) != 0) other[0] = 0;
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  if (!path_of(descriptor)) return syscall(SYS_write, descriptor, bytes, length);
  return put(descriptor, bytes, length, -1);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
  return put(descriptor, bytes, length, offset);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return put(descriptor, bytes, length, offset);
}
int ftruncate64(int descriptor, off64_t length) { return resize(descriptor, length); }
int ftruncate(int descriptor, off_t length) { return resize(descriptor, length); }
int fsync(int descriptor) { return flush(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return flush(descriptor, SYS_fdatasync); }

#define MODE(last)                                       \
  mode_t mode = 0;                                       \
  if (flags & (O_CREAT | __O_TMPFILE)) {                 \
    va_list list;                                        \
    va_start(list, last);                                \
    mode = va_arg(list, mode_t);                         \
    va_end(list);                                        \
  }
int open(const char *path, int flags, ...) {
  MODE(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  return open_at(at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE(flags)
  return open_at(at, path, flags, mode);
}

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) {
    char *path = atomic_exchange(&paths[descriptor], NULL);
    // A writer may still hold the name for a moment; a few bytes are not worth a race.
    (void)path;
  }
  return syscall(SYS_close, descriptor);
}

int unlink(const char *path) {
  if (!is_ours(path) || !is_kept(path)) return syscall(SYS_unlink, path);
  char other[PATH_MAX + 32];
  pthread_mutex_lock(&lock);
  keep(path, other, sizeof other);
  int result = syscall(SYS_unlink, path), problem = errno;
  if (result == 0) note(UNLINKED, path, other, 0, 0, NULL, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int link(const char *from, const char *to) {
  int result = syscall(SYS_link, from, to), problem = errno;
  if (result == 0 && is_ours(to) && is_kept(to)) note(LINKED, to, NULL, 0, 0, NULL, 0, NULL, 0);
  errno = problem;
  return result;
}

int rename(const char *from, const char *to) {
  if (!is_ours(to) || !is_kept(to)) return syscall(SYS_rename, from, to);
  char other[PATH_MAX + 32];
  pthread_mutex_lock(&lock);
  keep(to, other, sizeof other);
  int result = syscall(SYS_rename, from, to), problem = errno;
  // Taken back as two: the new name ends, and what it stood for before returns.
  if (result == 0) {
    if (other[0]) note(UNLINKED, to, other, 0, 0, NULL, 0, NULL, 0);
    note(RENAMED, to, from, 0, 0, NULL, 0, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int mkdir(const char *path, mode_t mode) {
  int result = syscall(SYS_mkdir, path, mode), problem = errno;
  if (result == 0 && is_ours(path) && is_kept(path))
    note(MADE_FOLDER, path, NULL, 0, 0, NULL, 0, NULL, 0);
  errno = problem;
  return result;
}
