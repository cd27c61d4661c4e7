# 一屏: incidents, units and clocks as a screen follows them, while processes die under it.
import collections
import json
import os
import signal
import time

import grpc
import pytest
from client import (
    Client, assignment, directive, directives, dispatch, incidents, kind, units)
from live import CLOCKS, INCIDENTS, UNITS, Page, one, snapshot

CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]
FAR = [(28.98, 120.60), (28.98, 120.70), (29.08, 120.70), (29.08, 120.60)]
SCENE = (28.02, 120.65)


@pytest.fixture
def bureau(fresh_suite):
    call = Client(fresh_suite.channel())
    station = call.make_station("S1", "青云派出所", CORNERS)
    other = call.make_station("S2", "远山派出所", FAR)
    fresh_suite.caught_up()
    return fresh_suite, call, station, other


def signed_in(suite, subject="person/screen", **claims):
    page = Page(suite)
    page.sign_in(suite.tokens.sign(suite.tokens.claims(subject, **claims)))
    return page


def named(identifier):
    return lambda name, data: any(card["id"] == identifier for card in data.get("cards", []))


def opened(call, at=SCENE, narrative="有人打架", level=kind.INCIDENT_LEVEL_3):
    return call.open_incident(at, narrative, kind.INCIDENT_CLASS_PUBLIC_ORDER, level).incident_id


def kill(suite, name):
    """Returns when it is up again."""
    old = suite.pid(name)
    os.kill(old, signal.SIGKILL)
    end = time.monotonic() + 30
    while True:
        try:
            if suite.pid(name) != old and Page(suite, 1).ask("GET", "/healthz")[0] == 200:
                return
        except (OSError, IndexError, ValueError):
            pass
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_screen_sees_what_is_open_and_then_each_change(bureau):
    suite, call, station, _ = bureau
    first = opened(call, narrative="我是张三，电话 138 1234 5678，这里有人打架")
    page = signed_in(suite)
    stream = page.live(one(INCIDENTS))
    messages = snapshot(stream)
    cards = [card for message in messages for card in message.get("cards", [])]
    assert [card["id"] for card in cards] == [first]
    assert "5678" not in cards[0]["summary"] and "打架" in cards[0]["summary"]
    assert cards[0]["state"] == "INCIDENT_STATE_NEW" and cards[0]["level"] == "INCIDENT_LEVEL_3"
    assert abs(cards[0]["location"]["wgs84Point"]["latitude"] - SCENE[0]) < 1e-6
    assert "phone" not in str(cards[0]).lower() and "masked" not in str(cards[0]).lower()

    # Who answers for it is known when intelligence has looked.
    if not cards[0].get("stationId"):
        stream.until(lambda name, data: any(
            card["id"] == first and card.get("stationId") == station.id
            for card in data.get("cards", [])))
    second = opened(call)
    stream.until(named(second))
    unit = call.make_unit("车 1", SCENE, station.id)
    call(call.incidents.QueueIncident, incidents.QueueIncidentRequest(incident_id=second))
    made = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=second, unit_ids=[unit.id])).assignments[0]
    call.step(made.id, assignment.ASSIGNMENT_STEP_ACKNOWLEDGE)
    call.step(made.id, assignment.ASSIGNMENT_STEP_DEPART)
    seen = stream.until(lambda name, data: any(
        card["id"] == second and card.get("progress") == "ASSIGNMENT_STATE_EN_ROUTE"
        for card in data.get("cards", [])))
    assert seen[-1][1]["cards"][-1]["assignmentCount"] == 1
    call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
        content=directives.DirectiveContent(
            directive_class=directive.DIRECTIVE_CLASS_ROUTINE, incident_id=second, title="查",
            recipients=[directive.Recipient(kind=directive.RECIPIENT_KIND_STATION, id=station.id)])))
    stream.until(lambda name, data: any(
        card["id"] == second and card.get("unansweredDirectiveCount") == 1
        for card in data.get("cards", [])))
    call(call.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=first, reason="误报"))
    stream.until(lambda name, data: any(
        card["id"] == first and card["state"] == "INCIDENT_STATE_CANCELLED"
        for card in data.get("cards", [])))
    stream.close()


def test_nothing_is_missed_and_nothing_told_twice_while_processes_die(bureau):
    suite, call, *_ = bureau
    page = signed_in(suite)
    stream = page.live(one(INCIDENTS))
    snapshot(stream)
    told, sequences, made, begun = [], [], [], set()

    def follow(stream, until):
        for _, data in stream.until(named(until)):
            assert not data.get("isSnapshot"), "the whole board was told again"
            told.extend((data.get("sequence"), card["id"], json.dumps(card, sort_keys=True))
                        for card in data.get("cards", []))
            if data.get("cards"):
                sequences.append(int(data["sequence"]))

    made.append(opened(call))
    follow(stream, made[-1])
    for victim in ("gateway", "command", "gateway"):
        last = stream.last
        begun.add(last)
        kill(suite, victim)
        # It happens while nobody looks.
        made += [opened(eventually_client(suite)) for _ in range(3)]
        stream.close()
        stream = page.live(one(INCIDENTS), last=last)
        assert stream.status == 200
        first = len(sequences)
        follow(stream, made[-1])
        begun.add(str(sequences[first]))
        made.append(opened(eventually_client(suite)))
        follow(stream, made[-1])
    assert set(made) <= {identifier for _, identifier, _ in told}
    assert sequences == sorted(sequences)
    # Intelligence's advice has no number in the feed: what came at the very number where a stream begins
    # is told by those before it and by this one, so that it is not missed. Nothing else is.
    twice = [one for one, times in collections.Counter(told).items() if times > 1]
    assert all(sequence in begun and json.loads(card).get("stationId")
               for sequence, _, card in twice), (twice, begun)
    stream.close()


def eventually_client(suite):
    """A client whose calls go through, as soon as they do."""
    end = time.monotonic() + 30
    while True:
        call = Client(suite.channel())
        try:
            call(call.incidents.ListIncidents, incidents.ListIncidentsRequest(page_size=1))
            return call
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE and time.monotonic() < end, error
            time.sleep(0.05)


def test_what_is_not_ones_affair_is_not_told(bureau):
    suite, call, station, other = bureau
    mine, theirs = opened(call), opened(call, at=(29.02, 120.65))
    suite.caught_up()
    near = call.make_unit("近 1", SCENE, station.id)
    far = call.make_unit("远 1", (29.02, 120.65), other.id)
    page = signed_in(suite, "person/s1", roles=["station"], areas=[station.id])
    stream = page.watch(("incidents", INCIDENTS, {}), ("units", UNITS, {}), ("clocks", CLOCKS, {
        "withRunning": True}))
    ends = set()
    seen = stream.until(lambda name, data: data.get("isSnapshotEnd") and not ends.add(name)
                        and len(ends) == 3)
    # A change of theirs, and then one of mine, which is the next that is told.
    call(call.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=theirs, reason="误报"))
    call.report_position(far.id, (29.021, 120.651))
    call.report_position(near.id, (28.021, 120.651))
    call(call.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=mine, reason="误报"))
    seen += stream.until(lambda name, data: any(
        card.get("state") == "INCIDENT_STATE_CANCELLED" for card in data.get("cards", [])))
    seen += stream.until(lambda name, data: "moves" in data) if not any(
        "moves" in data for _, data in seen) else []
    text = str(seen)
    assert mine in text and near.id in text
    assert theirs not in text and far.id not in text and "远" not in text
    # Whoever comes again is told what is his, and no more.
    again = page.live(one(INCIDENTS), last="1")
    messages = snapshot(again)
    assert theirs not in str(messages)
    for one_stream in (stream, again):
        one_stream.close()


def test_units_move_in_short_messages(bureau):
    suite, call, station, _ = bureau
    ids = [call.make_unit(f"车 {index}", SCENE, station.id).id for index in range(3)]
    stream = signed_in(suite).live(one(UNITS))
    marks = {mark["id"]: mark for message in snapshot(stream) for mark in message["units"]}
    assert set(marks) == set(ids)
    assert all(mark["lat"] == 2_802_000 and mark["lon"] == 12_065_000 for mark in marks.values())
    call.report_position(ids[1], (28.02123, 120.64877))
    moves = stream.until(lambda name, data: "moves" in data)[-1][1]["moves"]
    assert moves["n"] == [marks[ids[1]]["n"]]
    assert moves["lat"] == [2_802_123] and moves["lon"] == [12_064_877]
    assert moves["heading"] == [-1] and -2 <= moves["age"][0] <= 5
    # What a unit is doing comes with the whole of it.
    call(call.units.SetUnitStatus, units.SetUnitStatusRequest(
        unit_id=ids[2], availability=units.AVAILABILITY_NOT_AVAILABLE,
        secondary_status=units.SECONDARY_STATUS_OFF_DUTY))
    mark = stream.until(lambda name, data: data.get("units"))[-1][1]["units"][0]
    assert mark["id"] == ids[2] and mark["secondaryStatus"] == "SECONDARY_STATUS_OFF_DUTY"
    # A car that is in another province a second later.
    call.report_position(ids[0], (30.5, 118.0))
    moves = stream.until(lambda name, data: "moves" in data)[-1][1]["moves"]
    assert moves["implausible"] == [marks[ids[0]]["n"]]
    stream.close()


def test_clocks_are_told_as_they_run_and_stop(bureau):
    suite, call, station, _ = bureau
    stream = signed_in(suite).live(one(CLOCKS, {"withRunning": True}))
    snapshot(stream)
    recipient = directive.Recipient(kind=directive.RECIPIENT_KIND_STATION, id=station.id)
    issued = call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
        content=directives.DirectiveContent(
            directive_class=directive.DIRECTIVE_CLASS_ROUTINE, title="查", recipients=[recipient],
            ))).directive
    seen = stream.until(lambda name, data: any(
        clock["kind"] == "DEADLINE_KIND_SIGN" for clock in data.get("clocks", [])))
    sign = next(clock for clock in seen[-1][1]["clocks"] if clock["kind"] == "DEADLINE_KIND_SIGN")
    assert sign["state"] == "DEADLINE_STATE_RUNNING" and station.id in sign["responsible"]
    last = stream.last
    stream.close()
    call(call.directives.ConfirmDelivery, directives.ConfirmDeliveryRequest(
        directive_id=issued.id, recipient=recipient))
    call(call.directives.AcknowledgeDirective, directives.AcknowledgeDirectiveRequest(
        directive_id=issued.id, recipient=recipient))
    suite.caught_up()
    stream = signed_in(suite).live(one(CLOCKS, {"withRunning": True}), last=last)
    stream.until(lambda name, data: sign["id"] in data.get("removedIds", []))
    stream.close()


def test_several_streams_in_one_outlive_a_service_that_dies(bureau):
    suite, call, station, _ = bureau
    page = signed_in(suite)
    stream = page.watch(("incidents", INCIDENTS, {}), ("units", UNITS, {}))
    ends = set()
    stream.until(lambda name, data: data.get("isSnapshotEnd") and not ends.add(name)
                 and len(ends) == 2)
    kill(suite, "duty")
    seen = stream.until(lambda name, data: name == "error")
    assert seen[-1][1]["watch"] == "units" and seen[-1][1]["code"] == "unavailable"
    # The others go on, and units come back by themselves.
    made = opened(call)
    ends = set()
    stream.until(lambda name, data: (
        (named(made)(name, data) or (name == "units" and data.get("isSnapshotEnd")))
        and not ends.add(name) and len(ends) == 2))
    assert stream.last.startswith("incidents=")
    stream.close()
    again = page.watch(("incidents", INCIDENTS, {}), ("units", UNITS, {}), last=stream.last)
    later = opened(call)
    seen = again.until(named(later))
    assert not any(data.get("isSnapshot") for name, data in seen if name == "incidents")
    again.close()
