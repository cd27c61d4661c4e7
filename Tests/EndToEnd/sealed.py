# Changing a store's file from outside, for tests that need one a service would never write itself. Each
# page ends in a checksum of its content and place (Shared/CheckedPages), which other tools leave as it
# was: so the pages are sealed again.
import contextlib
import sqlite3
import struct

ROOM, MASK = 8, 0xFFFFFFFF


@contextlib.contextmanager
def opened(path):
    """The store of a stopped service, to be changed."""
    store = sqlite3.connect(path, isolation_level=None)
    try:
        store.execute("BEGIN")
        yield store
        store.execute("COMMIT")
        # All of it into the one file.
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.close()
    seal(path)


def seal(path):
    with open(path, "r+b") as file:
        header = file.read(100)
        size = struct.unpack(">H", header[16:18])[0]
        size = 65536 if size == 1 else size
        if header[20] != ROOM:
            return
        file.seek(0)
        at = 0
        while page := file.read(size):
            file.seek(at + size - ROOM)
            file.write(checksum(page, at, size))
            at += size
            file.seek(at)


def checksum(page, at, size):
    first, second = (at // size + 1) & MASK, 0x51554E54
    for one, two in struct.iter_unpack("<II", page[:size - ROOM]):
        first = (first + one + second) & MASK
        second = (second + two + first) & MASK
    return struct.pack("<II", first, second)
