# D2: positions and tracks. A track is shown for a purpose and a case, and each look is in the log;
# positions come from every source.
import datetime
import time

import pytest
from client import TIMEOUT, units, wgs84
from quintet.duty.v1 import terminal_service_pb2 as terminals
from quintet.duty.v1 import terminal_service_pb2_grpc as terminals_grpc
from quintet.duty.v1 import track_service_pb2 as tracks
from quintet.duty.v1 import track_service_pb2_grpc as tracks_grpc
from quintet.type.v1 import purpose_pb2 as purposes
from test_audit import Auditor
from test_d2_units import AT, Hall, refusal, stamp


@pytest.fixture
def hall(fresh_suite):
    return Hall(fresh_suite)


class Tracking:
    def __init__(self, hall, unit, incident_id):
        self.hall, self.unit, self.incident_id = hall, unit, incident_id
        self.stub = tracks_grpc.TrackServiceStub(hall.suite.anonymous_channel())

    def ask(self, metadata, code=purposes.PURPOSE_CODE_DISPOSAL_REVIEW, case=None, **fields):
        wanted = {"unit_id": self.unit.id, "from_time": stamp(-3600), "to_time": stamp(60), **fields}
        return self.stub.ListTrack(tracks.ListTrackRequest(
            purpose=purposes.Purpose(code=code, case_id=case or self.incident_id), **wanted),
            timeout=TIMEOUT, metadata=metadata)


def test_a_track_is_shown_for_a_purpose_and_a_case(hall):
    unit = hall.put("北巡1", units.UNIT_KIND_CAR)
    # Ten minutes straight on at 10 m/s; then a corner; one fix of the corner comes late, one is in the sea.
    east = lambda seconds: AT[1] + seconds * 10 / 98_150
    straight = [(-1000 + n, AT[0], east(n)) for n in range(0, 600, 10)]
    around = [(-400 + n, AT[0] + n * 10 / 111_195, east(600)) for n in range(0, 200, 10)]
    assert hall.report(unit.id, straight + around[:10] + around[11:]).accepted_count == 79
    assert hall.report(unit.id, [around[10], (-150, 27.5, 121.9), (-140, *around[-1][1:])]).superseded_count == 1
    mine, other = hall.incident(), hall.incident("另一处")
    hall.send(mine.incident_id, unit.id)
    tracking = Tracking(hall, unit, mine.incident_id)
    leader = hall.as_("shift-leader", ["*"])
    whole = tracking.ask(leader)
    assert (whole.tolerance_m, whole.gap_s) == (10, 300)
    # Of 82 positions few are kept, every one of them in order; nothing was lost count of.
    assert len(whole.points) <= 9
    assert len(whole.points) + sum(point.dropped_count for point in whole.points) == 82
    times = [point.position.fix_time.ToMicroseconds() for point in whole.points]
    assert times == sorted(times)
    assert [point.position.is_implausible for point in whole.points][-2:] == [True, True]
    assert any(point.position.point.latitude == 27.5 for point in whole.points)
    assert any(abs(point.position.point.longitude - east(600)) < 1e-4 and
               abs(point.position.point.latitude - AT[0]) < 2e-4 for point in whole.points)
    paged, token = [], ""
    while True:
        page = tracking.ask(leader, page_size=2, page_token=token)
        paged += page.points
        token = page.next_page_token
        if not token:
            break
    assert paged == list(whole.points)
    # A station sees its own units, a supervisor reviews; nobody else, and nobody without the case.
    assert tracking.ask(hall.as_("station", [hall.north.id])).points == whole.points
    assert tracking.ask(hall.as_("supervisor", ["*"])).points == whole.points
    assert tracking.ask(leader, code=purposes.PURPOSE_CODE_COMPLAINT).points == whole.points
    rescue = hall.as_("dispatcher", ["*"])
    assert tracking.ask(rescue, purposes.PURPOSE_CODE_RESCUE, other.incident_id).points == whole.points
    refused = {
        "a station elsewhere": lambda: tracking.ask(hall.as_("station", [hall.south.id])),
        "a volunteer": lambda: tracking.ask(hall.as_("volunteer", seat=unit.id)),
        "an officer": lambda: tracking.ask(hall.as_("officer", seat=unit.id)),
        "the operator": lambda: tracking.ask(hall.as_("operator")),
        "another case": lambda: tracking.ask(leader, case=other.incident_id),
        "no open case": lambda: tracking.ask(
            rescue, purposes.PURPOSE_CODE_RESCUE, "inc_0000000000e008000000000000"),
        "not this purpose": lambda: tracking.ask(leader, purposes.PURPOSE_CODE_CALL_BACK),
        "not this role's": lambda: tracking.ask(hall.as_("supervisor", ["*"]), purposes.PURPOSE_CODE_COMPLAINT),
        "no purpose": lambda: tracking.ask(leader, purposes.PURPOSE_CODE_UNSPECIFIED),
        "two days": lambda: tracking.ask(leader, from_time=stamp(-172_800)),
        "nobody": lambda: tracking.ask(leader, unit_id="北巡9")}
    assert {what: refusal(body) for what, body in refused.items()} == {
        "a station elsewhere": ("PERMISSION_DENIED", "OUTSIDE_AREA", "unit_id"),
        "a volunteer": ("PERMISSION_DENIED", "ROLE_FORBIDS", ""),
        "an officer": ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", ""),
        "the operator": ("PERMISSION_DENIED", "ROLE_FORBIDS", ""),
        "another case": ("PERMISSION_DENIED", "CASE_NOT_OF_UNIT", "purpose.case_id"),
        "no open case": ("PERMISSION_DENIED", "CASE_NOT_OPEN", "purpose.case_id"),
        "not this purpose": ("PERMISSION_DENIED", "PURPOSE_NOT_ALLOWED", "purpose.code"),
        "not this role's": ("PERMISSION_DENIED", "PURPOSE_NOT_ALLOWED", "purpose.code"),
        "no purpose": ("INVALID_ARGUMENT", "UNSPECIFIED", "purpose.code"),
        "two days": ("INVALID_ARGUMENT", "OUT_OF_RANGE", "to_time"),
        "nobody": ("NOT_FOUND", "UNIT_UNKNOWN", "unit_id")}
    # Each is in the log: who, what for, which case, and whose track.
    entries = [e.entry for e in Auditor(hall.suite, "duty").listed() if "TrackService" in e.entry.method]
    shown = [e for e in entries if e.result_code in ("", "OK")]
    assert {(e.actor, e.purpose, e.incident_id) for e in shown} == {
        ("person/shift-leader", "disposal-review", mine.incident_id),
        ("person/shift-leader", "complaint", mine.incident_id),
        ("person/station", "disposal-review", mine.incident_id),
        ("person/supervisor", "disposal-review", mine.incident_id),
        ("person/dispatcher", "rescue", other.incident_id)}
    assert all(list(e.subjects) == [unit.id] for e in shown)
    assert {"CASE_NOT_OF_UNIT", "CASE_NOT_OPEN", "OUTSIDE_AREA"} <= {e.result_reason for e in entries}


def test_positions_come_from_every_source(hall, tmp_path):
    """JT/T 808, GB/T 28181 and the terminals' own port have theirs in test_terminals."""
    unit = hall.put("巡 7", units.UNIT_KIND_CAR)
    register = terminals_grpc.TerminalServiceStub(hall.suite.channel())
    for code in ("android-7f31", "drone-9"):
        hall.call(register.PutTerminal, terminals.PutTerminalRequest(
            code=code, kind=terminals.TERMINAL_KIND_HANDHELD, unit_id=unit.id))
    at = lambda seconds: datetime.datetime.fromtimestamp(
        int(time.time()) + seconds, datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    event = tmp_path / "events.xml"
    event.write_text("".join(
        f'<event version="2.0" uid="ANDROID-7f31" type="a-f-G-U-C" time="{at(seconds)}" start="{at(seconds)}"'
        f' stale="{at(seconds + 60)}" how="m-g"><point lat="{latitude}" lon="120.65" hae="20" ce="9.9"'
        f' le="9.9"/><detail><track course="90" speed="4"/></detail></event>\n'
        for seconds, latitude in ((-100, 28.01), (-90, 28.0101))))
    taken = hall.suite.quintet("positions", "--format", "cot", str(event), check=False)
    assert taken.returncode == 0 and "accepted 2" in taken.stdout, taken.stdout + taken.stderr
    lines = tmp_path / "lines.geojson"
    lines.write_text("".join(
        '{"type":"Feature","id":"drone-9","geometry":{"type":"Point","coordinates":[120.6505,%s]},'
        '"properties":{"time":"%s","speed_mps":6,"heading_deg":45}}\n' % (latitude, at(seconds))
        for seconds, latitude in ((-80, 28.0103), (-70, 28.0104))))
    taken = hall.suite.quintet("positions", "--format", "geojson", str(lines), check=False)
    assert taken.returncode == 0 and "accepted 2" in taken.stdout, taken.stdout + taken.stderr
    assert hall.report(unit.id, [(-60, 28.0106, 120.6507)]).accepted_count == 1
    held = hall.get(unit.id).position
    assert held.point.latitude == 28.0106
    opened = hall.incident()
    hall.send(opened.incident_id, unit.id)
    points = Tracking(hall, unit, opened.incident_id).ask(hall.as_("shift-leader", ["*"])).points
    assert points[0].position.point.latitude == 28.01 and points[0].position.speed_mps == 4
    assert len(points) + sum(point.dropped_count for point in points) == 5
    # The list of kinds: everything that can be sent has a kind of its own.
    kinds = [("car", units.UNIT_KIND_CAR), ("motorcycle", units.UNIT_KIND_MOTORCYCLE),
             ("foot", units.UNIT_KIND_FOOT), ("drone", units.UNIT_KIND_DRONE),
             ("helicopter", units.UNIT_KIND_HELICOPTER), ("boat", units.UNIT_KIND_BOAT),
             ("volunteer", units.UNIT_KIND_VOLUNTEER), ("guard", units.UNIT_KIND_GUARD),
             ("command car", units.UNIT_KIND_COMMAND_CAR)]
    for sign, unit_kind in kinds:
        made = hall.put(sign, unit_kind, capabilities=["medic"])
        hall.report(made.id, [(-5, *AT)])
    for sign, unit_kind in kinds:
        near = hall.call(hall.call.units.ListUnitsNearby, units.ListUnitsNearbyRequest(
            point=wgs84(*AT), kinds=[unit_kind], capabilities=["medic"])).units
        assert [found.unit.call_sign for found in near] == [sign]
