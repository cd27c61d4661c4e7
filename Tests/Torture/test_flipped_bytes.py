# 位翻转: single bits turned over in a store and in its log. Whatever SQLite or the suite can notice must
# stop the service with a sentence; what was acknowledged must not vanish without a word, nor be served
# in another form.
import collections
import random
import shutil
import sqlite3
import struct

import grpc
from conftest import SEED, cycles
from house import House
from test_failing_disk import Victim

HEADER, FRAME_HEADER, PAGE = 32, 24, 4096


def grown(folder, tally, orderly):
    """The data folder of a command that took some reports, and every row it held."""
    victim = Victim(folder, tally)
    for _ in range(15):
        victim.submit()
        victim.direct()
        victim.dispatch()
    rows = victim.house.rows("command")
    if orderly:
        victim.stop()
    else:
        victim.house.kill("command")
    return victim.house.data_dir, rows


def flip(path, chance, start=0, end=None):
    """Turns one bit over; returns where."""
    data = bytearray(path.read_bytes())
    place = chance.randrange(start, end or len(data))
    data[place] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return place


def open_again(folder, base, spoil):
    """What becomes of a copy that `spoil` was done to: an outcome, and the rows or the last words."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder / "data", ignore=lambda *_: {"command.sqlite-shm"})
    place = spoil(folder / "data")
    house = House(folder, services=["command"])
    process, serves = house.try_start("command")
    try:
        if not serves:
            assert process.wait() != 0
            return place, "refused", process.lines[-1]
        try:
            return place, "served", house.rows("command")
        except grpc.RpcError:
            return place, "refused when read", process.lines[-1]
    finally:
        house.stop()


def stated(tables):
    """What the service says. That somebody looks is recorded: the audit log grows by looking."""
    return {name: rows for name, rows in tables.items() if not name.startswith("audit_")}


def last_commit(log):
    """Where the frames of the last commit begin: nothing later vouches for them."""
    data = log.read_bytes()
    salts, count = data[16:24], (len(data) - HEADER) // (FRAME_HEADER + PAGE)
    ends = []
    for frame in range(count):
        start = HEADER + frame * (FRAME_HEADER + PAGE)
        if data[start + 8:start + 16] != salts:
            count = frame
            break
        if struct.unpack_from(">I", data, start + 4)[0]:
            ends.append(frame)
    return (HEADER + (ends[-2] + 1) * (FRAME_HEADER + PAGE),
            HEADER + (ends[-1] + 1) * (FRAME_HEADER + PAGE))


def test_a_bit_flipped_in_the_log_hides_no_acknowledged_commit(new_folder, tally):
    chance = random.Random(SEED)
    base, rows = grown(new_folder / "base", tally, orderly=False)
    begin, end = last_commit(base / "command.sqlite-wal")
    for _ in range(cycles(12)):
        place, outcome, found = open_again(
            new_folder / "h", base,
            lambda data: flip(data / "command.sqlite-wal", chance, 0, begin))
        assert outcome == "refused", f"bit at {place} of {begin}: {outcome}"
        assert "command.sqlite-wal" in found and "damaged" in found, found
        tally.add("command", cycles=1, acknowledged=len(rows["event"]))


def test_a_bit_flipped_in_the_last_commit_costs_that_commit_at_most(new_folder, tally):
    """It looks like a commit that a power cut tore, and only what was kept elsewhere could tell."""
    chance = random.Random(SEED)
    base, rows = grown(new_folder / "base", tally, orderly=False)
    begin, end = last_commit(base / "command.sqlite-wal")
    for _ in range(cycles(3)):
        place, outcome, found = open_again(
            new_folder / "h", base,
            lambda data: flip(data / "command.sqlite-wal", chance, begin, end))
        assert outcome == "served", (place, outcome, found)
        events = {row["id"] for row in found["event"]}
        missing = [row for row in rows["event"] if row["id"] not in events]
        assert len({row["cause"] for row in missing}) <= 1, "more than the last commit is gone"
        tally.add("command", cycles=1, acknowledged=len(events))


def test_a_bit_flipped_in_the_store_is_never_served(new_folder, tally, capsys):
    chance = random.Random(SEED)
    base, rows = grown(new_folder / "base", tally, orderly=True)
    outcomes = collections.Counter()
    for _ in range(cycles(25)):
        place, outcome, found = open_again(
            new_folder / "h", base, lambda data: flip(data / "command.sqlite", chance))
        if outcome == "served":
            # In a page that nobody had to read, such as an index.
            assert stated(found) == stated(rows), f"a bit at {place} was served as truth"
            outcome = "not read"
        outcomes[outcome] += 1
        tally.add("command", cycles=1, acknowledged=len(rows["event"]))
    assert outcomes["refused"] + outcomes["refused when read"] > 0
    with capsys.disabled():
        print(f"\na bit flipped in the store: {dict(outcomes)}")


def test_a_store_without_checksums_is_served_as_before(new_folder, tally):
    base, rows = grown(new_folder / "base", tally, orderly=True)
    old, new = base / "command.sqlite", base / "without"
    with sqlite3.connect(old) as source, sqlite3.connect(new) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.executescript("".join(source.iterdump()))
    new.rename(old)
    _, outcome, found = open_again(new_folder / "h", base, lambda data: None)
    assert (outcome, stated(found)) == ("served", stated(rows))
    tally.add("command", cycles=1, acknowledged=len(rows["event"]))
