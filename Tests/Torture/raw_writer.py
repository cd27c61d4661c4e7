# A writer of one table through SQLite alone, to show that the power cut of disk.c loses what may be
# lost and keeps what must be kept: prints the number of each row once its commit has returned.
import sqlite3
import sys

path, synchronous = sys.argv[1:]
connection = sqlite3.connect(path, isolation_level=None)
connection.execute("PRAGMA journal_mode = WAL")
connection.execute(f"PRAGMA synchronous = {synchronous}")
connection.execute("CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, text TEXT)")
number = 0
while True:
    number += 1
    connection.execute("INSERT INTO entry VALUES (?, ?)", (number, f"entry {number} " * 8))
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()
