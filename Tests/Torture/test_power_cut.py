# 断电: everything that was not flushed is gone, for all services at the same moment, and nothing that
# was acknowledged is missed. The cut is shown to bite: on SQLite without FULL, and on a disk that lies.
import os
import random
import sqlite3
import subprocess
import sys
import time

import pytest
from check import check, check_derived, count_acknowledged
from conftest import SEED, Tally, cycles
from disk import HERE, Disk
from end_to_end import SERVICES
from house import House, wait_until
from load import Callers, Ledger

# After so many cuts a new folder, so that what has to be compared stays small.
CYCLES_A_FOLDER = 10


def lost_rows(folder, synchronous, rows, seed=None):
    """How many rows SQLite alone acknowledged, and how many of them a power cut took."""
    data = folder / f"raw-{synchronous}-{rows}-{seed}"
    data.mkdir()
    disk = Disk(data, "raw")
    told = folder / f"told-{synchronous}-{rows}-{seed}"
    with open(told, "wb") as output:
        writer = subprocess.Popen(
            [sys.executable, str(HERE / "raw_writer.py"), str(data / "raw.sqlite"), synchronous],
            stdout=output, env={**os.environ, **disk.environment})
        wait_until(lambda: told.read_bytes().count(b"\n") >= rows)
        writer.kill()
        writer.wait()
    acknowledged = told.read_bytes().count(b"\n")
    disk.cut(seed)
    with sqlite3.connect(data / "raw.sqlite") as connection:
        # Without FULL even the table may be gone.
        known = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        kept = connection.execute("SELECT count(*) FROM entry").fetchone()[0] if known else 0
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    return acknowledged, max(0, acknowledged - kept)


def test_the_cut_takes_what_synchronous_normal_left_open(new_folder, capsys):
    full = [lost_rows(new_folder, "FULL", 200, seed) for seed in (None, SEED)]
    # One kill may by chance come right after a checkpoint, which flushes; three do not.
    normal = [sum(figures) for figures in zip(*(
        lost_rows(new_folder, "NORMAL", rows) for rows in (700, 1500, 2300)))]
    with capsys.disabled():
        print(f"\npower cut, SQLite alone: FULL lost {sum(lost for _, lost in full)} of"
              f" {sum(told for told, _ in full)}, NORMAL lost {normal[1]} of {normal[0]}")
    assert all(told > 0 and lost == 0 for told, lost in full)
    assert normal[1] > 0


def fresh_house(folder):
    house = House(folder)
    disks = {name: Disk(house.data_dir, name) for name in SERVICES}
    for name, disk in disks.items():
        house.environments[name] = disk.environment
    return house, disks


def cut_power(house, disks, seed):
    house.kill()
    # A folder and a name belong to whoever made them: the youngest changes are undone last.
    for disk in disks.values():
        disk.cut(seed)


def test_power_cut(new_folder, tally):
    chance = random.Random(SEED)
    for start in range(0, cycles(3), CYCLES_A_FOLDER):
        ledger = Ledger()
        house, disks = fresh_house(new_folder / f"h{start}")
        for cycle in range(start, min(cycles(3), start + CYCLES_A_FOLDER)):
            house.start()
            with Callers(house, ledger):
                time.sleep(chance.uniform(0.3, 1.2))
                # At this very moment: the callers are in the middle of their calls.
                cut_power(house, disks, seed=None if cycle == 0 else chance.randrange(1 << 30))
            house.start()
            for name in SERVICES:
                check(house, ledger, name, tally)
                tally.add(name, cycles=1)
            check_derived(house, ledger, tally)
            # What was just checked is not on the disk for certain either.
            cut_power(house, disks, seed=chance.randrange(1 << 30))
        count_acknowledged(ledger, tally, SERVICES)


def test_a_disk_that_lies_is_seen_to_lose_what_was_acknowledged(new_folder):
    """The torture above must be able to fail."""
    ledger = Ledger()
    house, disks = fresh_house(new_folder / "lying")
    house.start()
    for disk in disks.values():
        disk["lying"] = 1
    with Callers(house, ledger, services=["command"]):
        time.sleep(0.5)
        cut_power(house, disks, seed=None)
    house.start()
    found = Tally("lying")
    check(house, ledger, "command", found)
    house.stop()
    assert found.rows["command"]["lost"] > 0
    with pytest.raises(AssertionError):
        found.report()
