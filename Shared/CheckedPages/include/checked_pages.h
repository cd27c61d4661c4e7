// Checksums for the pages of SQLite stores: see checked_pages.c.
#ifndef CHECKED_PAGES_H
#define CHECKED_PAGES_H

/// Makes every store that is opened from now on a checked one, where its pages have room for it.
/// Returns a SQLite result code. May be called many times.
int checked_pages_register(void);

/// Has a store that is still empty keep room for checksums in its pages; changes nothing of one that
/// is not. `connection` is a `sqlite3 *`. To be called before anything is written.
/// Returns a SQLite result code.
int checked_pages_reserve(void *connection);

/// Whether the pages of the store have checksums. `connection` is a `sqlite3 *`.
int checked_pages_are_on(void *connection);

#endif
