# Real calls: eight days of a fire service, through the whole suite, with and without sudden deaths.
import csv
import gzip
import json
import os
import random
import signal
import subprocess
import threading
import time

import pytest
from conftest import BIN, SAMPLE_DATA, SERVICES, start_suite
from independent import intervals, read_rows

SF_FIRE = SAMPLE_DATA / "sf_fire_2016-12-31_8days.csv.gz"
pytestmark = pytest.mark.skipif(
    not SF_FIRE.exists(), reason="the sample data is not part of the project")
# A slice keeps the tests short; the whole file is `quintet replay` on its own.
SLICE = int(os.environ.get("QUINTET_REPLAY_ROWS", "300"))


def write_slice(folder, count=SLICE, spoil=False):
    """The first rows of the file, in whole calls; with `spoil`, some rows broken in known ways."""
    rows = read_rows(SF_FIRE)
    rows.sort(key=lambda row: (row["Received DtTm"], row["Call Number"]))
    kept, calls = [], set()
    for row in rows:
        if len(kept) >= count and row["Call Number"] not in calls:
            continue
        calls.add(row["Call Number"])
        kept.append(row)
    names = list(rows[0])
    path = folder / "slice.csv.gz"
    with gzip.open(path, "wt", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(kept)
        if spoil:
            bad = dict(kept[0], **{"Received DtTm": "yesterday", "RowID": "bad-1"})
            writer.writerow(bad)
            writer.writerow(dict(kept[0], **{"Call Number": "", "RowID": "bad-2"}))
            writer.writerow(dict(kept[0], **{"lat": "123.4", "RowID": "bad-3"}))
            writer.writerow(kept[1])
            file.write("cut,off,line\r\n")
    return path, kept


def replay(suite, path, *more, mode="observed"):
    report = suite.folder / f"report-{mode}.json"
    suite.quintet("replay", "--profile", "sf-fire", str(path), "--mode", mode, "--speed", "max",
                  "--report", str(report), *more, timeout=1200)
    return json.loads(report.read_text())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The slice replayed in peace: its report and its canonical dump."""
    folder = tmp_path_factory.mktemp("q")
    path, kept = write_slice(folder, spoil=True)
    suite = start_suite(folder)
    try:
        report = replay(suite, path)
        suite.caught_up()
        return path, kept, report, suite.dump()
    finally:
        suite.stop()


def test_observed_times_agree_with_an_independent_computation(undisturbed):
    _, kept, report, _ = undisturbed
    calls, expected = intervals(kept)
    assert report["rows"] == len(kept) + 5
    assert report["quarantined"]["count"] == 5
    assert len(report["quarantined"]["reasons"]) >= 4
    assert report["calls"] == report["incidents"] == calls
    for priority, both in expected.items():
        for name, figures in both.items():
            assert report["intervals"][priority][name] == pytest.approx(figures), (priority, name)
    deadlines = report["deadlines"]
    assert deadlines["started"] > calls and deadlines["met"] > 0 and deadlines["missed"] > 0
    assert report["wall_s"] > 0


def test_replaying_again_doubles_nothing(undisturbed, new_folder):
    path, _, first, dump = undisturbed
    suite = start_suite(new_folder)
    try:
        # Interrupted once, somewhere in the middle, and resumed.
        process = subprocess.Popen(
            [str(BIN / "quintet"), "replay", "--profile", "sf-fire", str(path), "--mode",
             "observed", "--speed", "max", "--report", str(new_folder / "cut.json"), *suite.flags],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(6)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        report = replay(suite, path)
        again = replay(suite, path)
        suite.caught_up()
        for figure in ("rows", "calls", "incidents", "intervals", "deadlines"):
            assert report[figure] == first[figure], figure
            assert again[figure] == first[figure], figure
        assert suite.dump() == dump
    finally:
        suite.stop()


def test_killed_at_any_moment_the_stores_end_the_same(undisturbed, new_folder):
    path, _, first, dump = undisturbed
    suite = start_suite(new_folder)
    over = threading.Event()
    kills = []

    def kill():
        chance = random.Random(2016)
        victims = [*SERVICES, "gateway"]
        chance.shuffle(victims)
        while not over.wait(chance.uniform(0.6, 1.6)):
            victim = victims[len(kills) % len(victims)]
            try:
                os.kill(suite.pid(victim), signal.SIGKILL)
                kills.append(victim)
            except (ProcessLookupError, FileNotFoundError, IndexError):
                pass

    killer = threading.Thread(target=kill, daemon=True)
    try:
        killer.start()
        report = replay(suite, path)
    finally:
        over.set()
        killer.join()
    try:
        end = time.monotonic() + 30
        while "no answer" in suite.quintet("status", check=False).stdout:
            assert time.monotonic() < end
        suite.caught_up()
        print(f"kills {len(kills)}: {kills}")
        assert set(kills) == {*SERVICES, "gateway"}
        for figure in ("calls", "incidents", "intervals", "deadlines"):
            assert report[figure] == first[figure], figure
        mine, theirs = suite.dump().splitlines(), dump.splitlines()
        difference = sorted(set(mine) ^ set(theirs))
        assert mine == theirs, f"{len(difference)} lines differ, such as {difference[:4]}"
    finally:
        suite.stop()


def test_recommend_puts_the_suites_times_beside_the_observed_ones(new_folder):
    path, kept = write_slice(new_folder, count=200)
    suite = start_suite(new_folder)
    try:
        report = replay(suite, path, mode="recommend")
        calls, _ = intervals(kept)
        assert report["incidents"] == calls
        suites = report["recommended_intervals"]
        assert any(both["received_to_on_scene"]["count"] > 0 for both in suites.values())
        assert report["travel_model"]
    finally:
        suite.stop()
