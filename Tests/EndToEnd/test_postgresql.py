# The other engine: the same suite on a PostgreSQL server, alone, twice over, and when the server dies.
import os
import random
import shutil
import signal
import threading
import time

import pytest
from conftest import SERVICES, Suite, start_suite
from database_server import database_server
from quintet.events.v1 import event_service_pb2 as feed
from quintet.events.v1 import event_service_pb2_grpc as feed_grpc
from test_replay import SF_FIRE, replay, write_slice

needs_sample_data = pytest.mark.skipif(
    not SF_FIRE.exists(), reason="the sample data is not part of the project")
ROWS = int(os.environ.get("QUINTET_REPLAY_ROWS", "120"))


@pytest.fixture(scope="module")
def server():
    with database_server() as server:
        yield server


def on_server(folder, url, sharing=None):
    """A suite whose stores are at `url`; with `sharing`, a replica of that suite."""
    suite = Suite(folder)
    suite.store = url
    if sharing:
        # What is not in the stores, replicas must be given: the key that hides callers' numbers.
        suite.data_dir.mkdir(parents=True, mode=0o750)
        shutil.copy(sharing.data_dir / "phone.key", suite.data_dir / "phone.key")
    return suite.start()


@pytest.fixture(scope="module")
def in_files(tmp_path_factory):
    """A slice replayed on SQLite: the rows, the report and the canonical dump."""
    folder = tmp_path_factory.mktemp("q")
    path, _ = write_slice(folder, ROWS)
    suite = start_suite(folder)
    try:
        report = replay(suite, path)
        suite.caught_up()
        return path, report, suite.dump()
    finally:
        suite.stop()


@needs_sample_data
def test_both_engines_end_in_the_same_state(in_files, server, new_folder):
    path, first, dump = in_files
    suite = on_server(new_folder, server.database("alone"))
    try:
        report = replay(suite, path)
        suite.caught_up()
        for figure in ("calls", "incidents", "intervals", "deadlines"):
            assert report[figure] == first[figure], figure
        assert suite.dump() == dump
        # Each service keeps to its own schema.
        assert server.sql("alone", "SELECT count(*) FROM command.incident") == str(first["incidents"])
        tables = server.sql("alone", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables == "0"
    finally:
        suite.stop()


@needs_sample_data
def test_two_replicas_of_each_service_do_everything_once(in_files, server, new_folder):
    path, first, dump = in_files
    url = server.database("replicas")
    (new_folder / "a").mkdir()
    (new_folder / "b").mkdir()
    one = on_server(new_folder / "a", url)
    other = on_server(new_folder / "b", url, sharing=one)
    over, kills = threading.Event(), []

    def kill():
        chance = random.Random(2016)
        while not over.wait(chance.uniform(0.4, 1.2)):
            # Every service in turn, sometimes the one replica and sometimes the other.
            victim = SERVICES[len(kills) % len(SERVICES)]
            suite = chance.choice([one, other])
            try:
                os.kill(suite.pid(victim), signal.SIGKILL)
                kills.append((victim, suite.folder.name))
            except (ProcessLookupError, FileNotFoundError, IndexError):
                pass

    killer = threading.Thread(target=kill, daemon=True)
    try:
        killer.start()
        report = replay(one, path)
        over.set()
        killer.join()
        print(f"kills {len(kills)}: {kills}")
        assert {victim for victim, _ in kills} == set(SERVICES)
        for suite in (one, other):
            end = time.monotonic() + 30
            while "no answer" in suite.quintet("status", check=False).stdout:
                assert time.monotonic() < end
        one.caught_up()
        for figure in ("calls", "incidents", "intervals", "deadlines"):
            assert report[figure] == first[figure], figure
        assert other.dump() == one.dump() == dump
        for name in SERVICES:
            events = history(other, name)
            assert [e.sequence for e in events] == list(range(1, len(events) + 1)), name
            assert len({e.id for e in events}) == len(events), name
    finally:
        over.set()
        other.stop()
        one.stop()


def history(suite, name):
    """All events of one service."""
    stub = feed_grpc.EventServiceStub(suite.channel(name))
    head = stub.GetFeedStatus(
        feed.GetFeedStatusRequest(partition="main"), timeout=5).head_sequence
    events = []
    if head:
        for answer in stub.Watch(feed.WatchRequest(partition="main"), timeout=60):
            if answer.WhichOneof("item") == "event":
                events.append(answer.event)
                if answer.event.sequence >= head:
                    break
    return events


@needs_sample_data
def test_a_server_that_dies_and_comes_back_loses_nothing(in_files, server, new_folder):
    path, first, dump = in_files
    suite = on_server(new_folder, server.database("mortal"))
    over, deaths = threading.Event(), []

    def kill():
        chance = random.Random(7)
        while not over.wait(chance.uniform(0.8, 1.6)):
            server.cut_connections("mortal")
            time.sleep(chance.uniform(0, 0.5))
            server.kill()
            deaths.append(time.monotonic())
            time.sleep(chance.uniform(0.1, 0.8))
            server.restart()

    killer = threading.Thread(target=kill, daemon=True)
    try:
        killer.start()
        report = replay(suite, path)
        over.set()
        killer.join()
        suite.caught_up()
        print(f"deaths of the server: {len(deaths)}")
        assert len(deaths) >= 2
        for figure in ("calls", "incidents", "intervals", "deadlines"):
            assert report[figure] == first[figure], figure
        assert suite.dump() == dump
    finally:
        over.set()
        killer.join()
        suite.stop()
