# Feeds in real processes: an event that cannot be applied is set aside and decided about by an operator,
# and a consumer that begins after history was pruned comes up with what is open.
import json
import os
import signal
import subprocess
import time

import pytest
from client import Client, incidents, kind
from conftest import BIN
from grpc_health.v1 import health_pb2, health_pb2_grpc
from quintet.gateway.v1 import status_service_pb2 as status
from quintet.gateway.v1 import status_service_pb2_grpc as status_grpc
from sealed import opened

SCENE = (28.02, 120.65)
TEN_YEARS = 10 * 365 * 86_400 * 1_000_000


class Hand:
    """Stops services in order, and starts them by hand: `quintet up` leaves such a one alone."""

    def __init__(self, suite):
        self.suite = suite
        self.processes = {}

    def stop(self, name):
        if name in self.processes:
            process = self.processes.pop(name)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            return
        pid = self.suite.pid(name)
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while os.path.exists(f"/proc/{pid}"):
            assert time.monotonic() < end, f"{name} did not stop"
            time.sleep(0.02)

    def start(self, name):
        self.processes[name] = subprocess.Popen(
            [str(BIN / f"quintet-{name}"), *self.suite.flags], stdout=subprocess.DEVNULL)
        health = health_pb2_grpc.HealthStub(self.suite.channel(name))
        health.Check(health_pb2.HealthCheckRequest(), timeout=20, wait_for_ready=True)
        # The gateway looks for it again after a pause that grows to a second.
        gateway = status_grpc.StatusServiceStub(self.suite.channel())
        end = time.monotonic() + 20
        while not any(service.name == name and service.healthy for service in gateway.GetStatus(
                status.GetStatusRequest(), timeout=10).services):
            assert time.monotonic() < end, f"the gateway does not find {name} again"
            time.sleep(0.02)

    def edit(self, name, *statements):
        """Changes the store of a stopped service."""
        with opened(self.suite.data_dir / f"{name}.sqlite") as store:
            for statement in statements:
                store.execute(statement)

    def remove_store(self, name):
        for path in self.suite.data_dir.glob(f"{name}.sqlite*"):
            path.unlink()


@pytest.fixture
def hand(fresh_suite):
    hand = Hand(fresh_suite)
    yield hand
    for name in list(hand.processes):
        hand.stop(name)


def rows(dump, table):
    return [json.loads(line.split("|", 1)[1]) for line in dump.splitlines()
            if line.startswith(f"{table}|")]


def known(suite):
    """The incidents that public opinion has heard of, by the stable part of their ids."""
    return {row["incident_id"][-16:]: row
            for row in rows(suite.dump("publicopinion"), "known_incident")}


def test_a_poison_event_is_parked_and_then_retried_or_skipped_by_hand(hand):
    suite = hand.suite
    call = Client(suite.channel())
    hand.stop("publicopinion")
    opened = [call.open_incident(SCENE, f"走失 {n}", kind.INCIDENT_CLASS_HELP).incident_id
              for n in range(4)]
    hand.edit("publicopinion", f"""
        CREATE TRIGGER poison BEFORE INSERT ON known_incident
        WHEN new.incident_id IN ('{opened[0]}', '{opened[2]}')
        BEGIN SELECT raise(ABORT, 'poisoned by a test'); END""")
    hand.start("publicopinion")
    suite.caught_up()

    # Two were set aside, and the service went on with the others.
    assert set(known(suite)) == {opened[1][-16:], opened[3][-16:]}
    assert "搁置 parked 2" in suite.quintet("status").stdout
    assert "搁置 parked 2" in suite.quintet("feed", "status").stdout
    table = suite.quintet("feed", "parked").stdout
    assert suite.quintet("feed", "parked", "publicopinion").stdout == table
    assert "poisoned by a test" in table and "服务 service" in table
    places = [line.split()[:4] for line in table.splitlines() if "IncidentOpened" in line]
    assert [place[:2] for place in places] == [["publicopinion", "command"]] * 2
    assert [place[3] for place in places] == ["5", "5"]
    for incident in (opened[0], opened[2]):
        assert incident in table
    assert "没有" in suite.quintet("feed", "parked", "duty").stdout
    first, second = (place[:3] for place in places)

    # As long as the fault lasts, a retry fails again and says so.
    again = suite.quintet("feed", "retry", *first, check=False)
    assert again.returncode == 1 and "第 6 次" in again.stderr
    assert suite.quintet("feed", "skip", *second, check=False).returncode == 64
    assert suite.quintet("feed", "skip", *second, "--reason", " ", check=False).returncode != 0

    hand.stop("publicopinion")
    hand.edit("publicopinion", "DROP TRIGGER poison")
    hand.start("publicopinion")
    assert "已处理" in suite.quintet("feed", "retry", *first).stdout
    assert opened[0][-16:] in known(suite)
    gone = suite.quintet("feed", "retry", *first, check=False)
    assert gone.returncode == 1 and "未被搁置" in gone.stderr

    suite.quintet("feed", "skip", *second, "--reason", "测试数据",
                  env={**os.environ, "QUINTET_TOKEN": suite.tokens.of("person/li.na")})
    assert "没有搁置的事件" in suite.quintet("feed", "parked").stdout
    everything = suite.quintet("feed", "parked", "--all").stdout
    assert "person/li.na: 测试数据" in everything and opened[2] in everything
    assert opened[2][-16:] not in known(suite)
    assert suite.quintet("feed", "retry", *second, check=False).returncode == 1
    assert [row["skip_reason"] for row in rows(suite.dump("publicopinion"), "parked_event")] == [
        "测试数据"]
    assert "parked" not in suite.quintet("status").stdout
    messages = [line["message"] for line in suite.log_lines("publicopinion")]
    for sentence in ("an event could not be applied and was set aside",
                     "a parked event failed again", "a parked event was applied",
                     "a parked event was skipped by an operator"):
        assert sentence in messages, sentence


def test_a_new_consumer_of_a_pruned_feed_begins_with_what_is_open(hand):
    suite = hand.suite
    call = Client(suite.channel())
    over, still_open = (
        call.open_incident(SCENE, story, kind.INCIDENT_CLASS_HELP).incident_id
        for story in ("早已了结", "一直未结"))
    call(call.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=over, reason="误报"))
    suite.caught_up()
    # Ten years pass.
    hand.stop("command")
    hand.edit("command", f"UPDATE event SET record_time = record_time - {TEN_YEARS}")
    hand.start("command")
    young = call.open_incident(SCENE, "刚刚发生", kind.INCIDENT_CLASS_HELP).incident_id
    suite.caught_up()
    before = known(suite)
    assert set(before) == {incident[-16:] for incident in (over, still_open, young)}
    told = {incident: call.timeline(incident) for incident in (over, still_open, young)}

    # Whoever does not answer may not have read it all: nothing is removed.
    hand.stop("publicopinion")
    refused = suite.quintet("feed", "prune", "command", check=False)
    assert refused.returncode == 1 and "publicopinion" in refused.stderr
    assert "已清理至 pruned through 0" in suite.quintet("feed", "status", check=False).stdout
    hand.start("publicopinion")
    assert suite.quintet("feed", "prune", "command", "--keep-days", "30", check=False).returncode != 0
    suite.caught_up()
    pruned = suite.quintet("feed", "prune", "command").stdout
    assert "已清理至" in pruned and "删除 removed 0" not in pruned
    assert suite.quintet("feed", "prune", "command").stdout.count("删除 removed 0") == 1

    # What is over has left the feed; what is open is whole.
    def by_command(events):
        return [event.type for event in events if event.service == "command"]

    assert by_command(told[over]) and not by_command(call.timeline(over))
    for incident in (still_open, young):
        assert by_command(call.timeline(incident)) == by_command(told[incident])

    # The store of a reader is lost: it begins anew, with the snapshot.
    hand.stop("publicopinion")
    hand.remove_store("publicopinion")
    hand.start("publicopinion")
    suite.caught_up()
    expected = {incident[-16:]: before[incident[-16:]] for incident in (still_open, young)}
    assert known(suite) == expected
    messages = [line["message"] for line in suite.log_lines("publicopinion")]
    assert messages.count("the neighbour's snapshot was read; following its feed from there") == 1
    assert "old events were pruned" in [line["message"] for line in suite.log_lines("command")]
    # And it goes on from there.
    newest = call.open_incident(SCENE, "此后", kind.INCIDENT_CLASS_HELP).incident_id
    suite.caught_up()
    assert set(known(suite)) == set(expected) | {newest[-16:]}
