# 平战转换: a stabbing in a mall; the footing changes, 24 departments are summoned to their seats, each
# musters on its own; on stand-down everything is released.
import os
import signal
import time

import grpc
import pytest
from client import Client, deadlines, directive, kind
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import operating_mode_pb2 as mode
from quintet.command.v1 import operating_mode_service_pb2 as modes
from quintet.command.v1 import operating_mode_service_pb2_grpc as modes_grpc
from quintet.supervision.v1 import clock_service_pb2 as clocks
from quintet.supervision.v1 import clock_service_pb2_grpc as clocks_grpc

CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]
STATE = mode.MusterMemberState.Value


def refused(call):
    """Status, reason and first field of a refusal."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    reason, field = None, None
    for detail in rpc_status.from_call(caught.value).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return caught.value.code().name, reason, field


class Hall(Client):
    def __init__(self, channel):
        super().__init__(channel)
        self.modes = modes_grpc.OperatingModeServiceStub(channel)
        self.clock = clocks_grpc.ClockServiceStub(channel)

    def mode(self):
        return self(self.modes.GetOperatingMode, modes.GetOperatingModeRequest()).mode

    def war(self, level, at, **fields):
        return self(self.modes.SwitchToWar, modes.SwitchToWarRequest(
            **{"plan_code": "major", "level": level, "reason": "商场持刀伤人 stabbing in a mall",
               "occur_time": at, **fields})).muster

    def answer(self, method, muster, code, at, **fields):
        request = getattr(modes, f"{method}Request")(
            muster_id=muster.id, member_code=code, occur_time=at, **fields)
        return self(getattr(self.modes, method), request).member

    def missing(self):
        return list(self(
            self.modes.ListMissingMembers, modes.ListMissingMembersRequest()).members)


def seat(code):
    return directive.Recipient(kind=directive.RECIPIENT_KIND_SEAT, id=code)


def plan(station, extra=()):
    members = [mode.ModeMember(
        code=f"d{n:02}", name=f"部门 {n:02}", contact=seat(f"duty-{n:02}"), seats=[f"war-{n:02}"],
        from_level=2 if n <= 22 else 1) for n in range(1, 24)]
    members.append(mode.ModeMember(
        code="qingyun", name="青云派出所", from_level=2, seats=["war-q1", "war-q2"],
        contact=directive.Recipient(kind=directive.RECIPIENT_KIND_STATION, id=station.id)))
    return mode.ModePlan(
        code="major", name="重大突发事件", members=members + list(extra), levels=[
            mode.ModeLevel(level=1, name="一级响应", muster_limit_s=1200),
            mode.ModeLevel(level=2, name="二级响应", muster_limit_s=1800)])


def test_everybody_is_summoned_comes_and_is_released(fresh_suite):
    suite, start = fresh_suite, int(time.time()) - 3 * 3600
    hall = Hall(suite.channel())

    def minute(number):
        return Timestamp(seconds=start + int(number * 60))

    def clock(number):
        hall.clock.AdvanceClock(clocks.AdvanceClockRequest(to_time=minute(number)), timeout=10)
        suite.caught_up()

    station = hall.make_station("S1", "青云派出所", CORNERS)
    suite.caught_up()
    hall.clock.StartExercise(clocks.StartExerciseRequest(start_time=minute(-1)), timeout=10)
    assert hall.mode().footing == mode.FOOTING_PEACE
    kept = hall(hall.modes.PutModePlan, modes.PutModePlanRequest(plan=plan(station))).plan

    opened = hall.open_incident(
        (28.02, 120.65), "商场内有人持刀伤人 a stabbing in a mall", kind.INCIDENT_CLASS_CRIMINAL,
        level=kind.INCIDENT_LEVEL_2, receive_time=minute(0))

    # One command, 23 members; the same request again does nothing twice.
    order = modes.SwitchToWarRequest(
        request_id="war-1", plan_code="major", level=2, reason="商场持刀伤人",
        incident_id=opened.incident_id, occur_time=minute(2))
    muster = hall(hall.modes.SwitchToWar, order).muster
    assert hall(hall.modes.SwitchToWar, order).muster.id == muster.id
    assert len(muster.members) == 23
    assert {one.state for one in muster.members} == {STATE("MUSTER_MEMBER_STATE_SUMMONED")}
    banner = hall.mode()
    assert banner.footing == mode.FOOTING_WAR and banner.incident_id == opened.incident_id
    assert banner.level_name == "二级响应" and banner.summary.summoned_count == 23

    # The station answers for itself and for nobody else.
    station_hall = Hall(suite.channel(subject="person/station"))
    station_hall.metadata = (("authorization", "Bearer " + suite.tokens.sign(
        suite.tokens.claims("person/station", roles=["station"], areas=[station.id]))),)
    assert refused(lambda: station_hall.answer(
        "AcknowledgeSummons", muster, "d01", minute(3))) == (
            "PERMISSION_DENIED", "OUTSIDE_AREA", "member_code")
    own = station_hall.answer("AcknowledgeSummons", muster, "qingyun", minute(3))
    assert own.state == STATE("MUSTER_MEMBER_STATE_ACKNOWLEDGED")
    half = station_hall.answer("ReportMuster", muster, "qingyun", minute(9), seats=["war-q2"])
    assert not half.HasField("muster_time")
    assert refused(lambda: station_hall.war(1, minute(10)))[:2] == (
        "PERMISSION_DENIED", "ROLE_NOT_ALLOWED")

    # 20 departments come within the half hour; one is excused; two stay away.
    for number in range(1, 21):
        code = f"d{number:02}"
        if number % 2:
            hall.answer("AcknowledgeSummons", muster, code, minute(4))
        hall.answer("ReportMuster", muster, code, minute(5 + number))
    hall.answer("ExcuseMember", muster, "d21", minute(6), reason="正在处置另一警情")
    clock(40)
    gone = hall.missing()
    assert [one.member.code for one in gone] == ["d22", "qingyun"]
    assert all(one.member.is_missing and one.overdue_s > 0 for one in gone)
    assert [list(one.missing_seats) for one in gone] == [["war-22"], ["war-q1"]]

    # Supervision's clocks: signing within 5 minutes, in place within the plan's 30.
    found = list(hall(hall.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(
        incident_id=opened.incident_id, page_size=200)).deadlines)
    by_rule = {rule: {one.subject.split("/")[1]: one for one in found if one.rule_code == rule}
               for rule in ("sign.muster", "arrival.muster")}
    assert len(by_rule["arrival.muster"]) == 23
    late = by_rule["arrival.muster"]["d22"]
    assert late.state == deadlines.DEADLINE_STATE_OVERDUE
    assert late.due_time.seconds - late.start_time.seconds == 1800
    assert late.responsible == "seat/duty-22"
    assert by_rule["arrival.muster"]["d20"].state == deadlines.DEADLINE_STATE_MET
    assert by_rule["arrival.muster"]["d21"].state == deadlines.DEADLINE_STATE_CANCELLED
    assert by_rule["sign.muster"]["d01"].state == deadlines.DEADLINE_STATE_MET
    assert by_rule["sign.muster"]["d04"].state == deadlines.DEADLINE_STATE_MISSED

    # A second switch is refused, a rise of the level is not; the plan has changed meanwhile.
    extra = [mode.ModeMember(code="new", name="新单位", contact=seat("new"), from_level=1)]
    hall(hall.modes.PutModePlan, modes.PutModePlanRequest(
        etag=kept.etag, plan=plan(station, extra)))
    assert refused(lambda: hall.war(2, minute(41))) == (
        "FAILED_PRECONDITION", "ALREADY_AT_WAR", None)
    raised = hall.war(1, minute(42), reason="有人质 hostages")
    assert raised.level == 1 and raised.plan_code == "major"
    assert [one.code for one in raised.members if one.level == 1] == ["d23"]

    # A kill in the middle loses nothing.
    pid = suite.pid("command")
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while True:
        try:
            if hall.mode().muster_id == muster.id and suite.pid("command") != pid:
                break
        except (grpc.RpcError, OSError, IndexError):
            pass
        assert time.monotonic() < end
    joiner = hall(hall.modes.AddMember, modes.AddMemberRequest(
        code="hospital", name="市急救中心", contact=seat("rescue"), occur_time=minute(43))).member
    assert joiner.added and joiner.due_time.seconds == start + 43 * 60 + 1200
    assert hall.answer("ReportMuster", muster, "hospital", minute(50)).state == STATE(
        "MUSTER_MEMBER_STATE_MUSTERED")
    assert hall.answer("ReportMuster", muster, "qingyun", minute(51)).is_late

    # 转平时.
    assert refused(lambda: hall(hall.modes.StandDown, modes.StandDownRequest(
        reason="已处置", etag=muster.etag))) == ("ABORTED", "ETAG_MISMATCH", "etag")
    ended = hall(hall.modes.StandDown, modes.StandDownRequest(
        reason="嫌疑人已控制 suspect in custody", occur_time=minute(90))).muster
    assert {one.state for one in ended.members} == {STATE("MUSTER_MEMBER_STATE_RELEASED")}
    summary = ended.summary
    assert (summary.summoned_count, summary.mustered_count, summary.late_count) == (25, 22, 1)
    assert (summary.excused_count, summary.missing_count, summary.awaited_count) == (1, 2, 0)
    assert (summary.seat_count, summary.missing_seat_count) == (24, 2)
    assert 60 <= summary.median_muster_s <= 1800 and summary.longest_muster_s == 49 * 60
    banner = hall.mode()
    assert banner.footing == mode.FOOTING_PEACE and banner.since.seconds == start + 90 * 60
    assert hall.missing() == []
    suite.caught_up()
    open_clocks = [one for one in hall(
        hall.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(
            incident_id=opened.incident_id, page_size=500)).deadlines
        if one.rule_code.endswith(".muster") and not one.HasField("stop_time")]
    assert open_clocks == []

    # The incident's timeline tells it all.
    types = [event.type.rsplit(".", 1)[1] for event in hall.timeline(opened.incident_id)]
    assert types.count("SwitchedToWar") == 1 and types.count("ModeEscalated") == 1
    assert types.count("StoodDown") == 1
    assert types.count("MusterMemberMoved") >= 25 * 2


def test_bad_input_names_field_and_rule(suite):
    hall = Hall(suite.channel())

    def put(change):
        given = mode.ModePlan(
            code="p", name="预案", levels=[mode.ModeLevel(level=2, name="二级", muster_limit_s=600)],
            members=[mode.ModeMember(code="a", name="甲", contact=seat("a"), from_level=2)])
        change(given)
        return refused(lambda: hall(hall.modes.PutModePlan, modes.PutModePlanRequest(plan=given)))

    def add(**fields):
        return lambda given: given.members.add(**{
            "code": "b", "name": "乙", "contact": seat("b"), "from_level": 2, **fields})

    bad = "INVALID_ARGUMENT"
    assert put(lambda p: p.ClearField("levels")) == (bad, "REQUIRED", "plan.levels")
    assert put(lambda p: p.levels.add(level=2, name="又", muster_limit_s=60)) == (
        bad, "DUPLICATE", "plan.levels[1].level")
    assert put(lambda p: p.levels.add(level=1, name="一", muster_limit_s=59)) == (
        bad, "OUT_OF_RANGE", "plan.levels[1].muster_limit_s")
    assert put(add(code="a")) == (bad, "DUPLICATE", "plan.members[1].code")
    assert put(add(from_level=1)) == (bad, "LEVEL_UNKNOWN", "plan.members[1].from_level")
    assert put(add(from_level=5)) == (bad, "OUT_OF_RANGE", "plan.members[1].from_level")
    assert put(add(seats=["x", "x"])) == (bad, "DUPLICATE", "plan.members[1].seats[1]")
    assert put(add(contact=None)) == (bad, "REQUIRED", "plan.members[1].contact")
    now = Timestamp(seconds=int(time.time()))
    assert refused(lambda: hall.war(2, now, plan_code="none")) == (
        "NOT_FOUND", "MODE_PLAN_UNKNOWN", "plan_code")
    assert refused(lambda: hall.war(0, now)) == (bad, "REQUIRED", "level")
    assert refused(lambda: hall.war(2, now, reason=" ")) == (bad, "REQUIRED", "reason")
    assert refused(lambda: hall(hall.modes.StandDown, modes.StandDownRequest(reason="r"))) == (
        "FAILED_PRECONDITION", "AT_PEACE", None)
    assert refused(lambda: hall(hall.modes.GetMuster, modes.GetMusterRequest(
        muster_id="mus_01kg8y9s0ze3xtd5gqjrqmx9m1"))) == (
            "NOT_FOUND", "MUSTER_UNKNOWN", "muster_id")
