# D1: five crews in four turns, who sits where now, gaps flagged before the shift starts, and privileges
# that come with the seat and go with it. Real processes; tokens are made by `quintet token issue` of
# what the roster grants.
import datetime
import subprocess
import time

import grpc
import pytest
from client import Client, request_id
from conftest import BIN
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import incident_service_pb2 as incidents
from quintet.command.v1 import incident_service_pb2_grpc as incidents_grpc
from quintet.duty.v1 import events_pb2 as duty_events
from quintet.duty.v1 import roster_change_service_pb2 as changes
from quintet.duty.v1 import roster_change_service_pb2_grpc as changes_grpc
from quintet.duty.v1 import roster_service_pb2 as rosters
from quintet.duty.v1 import roster_service_pb2_grpc as rosters_grpc
from quintet.duty.v1 import seat_service_pb2 as seats
from quintet.duty.v1 import seat_service_pb2_grpc as seats_grpc
from quintet.events.v1 import event_service_pb2 as feed
from quintet.events.v1 import event_service_pb2_grpc as feed_grpc

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
HOUR = 3600


def stamp(seconds):
    return Timestamp(seconds=int(seconds))


def day(seconds):
    return datetime.datetime.fromtimestamp(seconds, SHANGHAI).date().isoformat()


class Hall:
    """The hall of one bureau, asked by whoever is named."""

    def __init__(self, suite):
        self.suite = suite
        channel = suite.anonymous_channel()
        self.rosters = rosters_grpc.RosterServiceStub(channel)
        self.changes = changes_grpc.RosterChangeServiceStub(channel)
        self.seats = seats_grpc.SeatServiceStub(channel)
        self.incidents = incidents_grpc.IncidentServiceStub(channel)

    def __call__(self, method, request, who="person/admin", roles=("operator",), token=None, **claims):
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = request_id("d1")
        token = token or self.suite.tokens.sign(self.suite.tokens.claims(who, roles=list(roles), **claims))
        return method(request, timeout=10, metadata=(("authorization", f"Bearer {token}"),))

    def member(self, method, request, number):
        """As an officer who is off duty: no shift in the token, and no area."""
        return self(method, request, f"person/{number.lower()}", ["member"], areas=[],
                    duty_from=None, duty_until=None)

    def leader(self, method, request):
        return self(method, request, "person/leader", ["shift-leader"])

    def shifts(self, start, end, seat="hall.duty-director"):
        return self.leader(self.rosters.ListShifts, rosters.ListShiftsRequest(
            start_time=stamp(start), end_time=stamp(end), seat_code=seat, page_size=500)).shifts

    def told(self, of):
        """Payloads of one type on duty's feed."""
        stub = feed_grpc.EventServiceStub(self.suite.channel("duty"))
        head = stub.GetFeedStatus(feed.GetFeedStatusRequest(partition="main"), timeout=5).head_sequence
        found = []
        if not head:
            return found
        stream = stub.Watch(feed.WatchRequest(partition="main", types=[of.DESCRIPTOR.full_name]), timeout=2)
        try:
            for answer in stream:
                if answer.HasField("event"):
                    payload = of()
                    answer.event.payload.Unpack(payload)
                    found.append((answer.event, payload))
        except grpc.RpcError:
            pass
        return found


def refused(call, *arguments, **options):
    with pytest.raises(grpc.RpcError) as error:
        call(*arguments, **options)
    reason = field = None
    for detail in rpc_status.from_call(error.value).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return error.value.code(), reason, field


def now_turn():
    """A pattern whose turn began two hours ago and lasts until two hours from now, and the next."""
    now = time.time()
    midnight = datetime.datetime.fromtimestamp(now, SHANGHAI).replace(
        hour=0, minute=0, second=0, microsecond=0).timestamp()
    return now, midnight


@pytest.fixture
def hall(fresh_suite):
    hall = Hall(fresh_suite)
    office = Client(fresh_suite.channel())
    from client import organisation
    bureau = office(office.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
        code="B1", name="测试分局", rank=organisation.ORG_RANK_COUNTY)).org_unit
    hall.bureau = bureau.id
    for number in range(28):
        hall(hall.rosters.PutOfficer, rosters.PutOfficerRequest(officer=rosters.Officer(
            number=f"P{number:02}", name=f"民警{number:02}", actor=f"person/p{number:02}",
            org_unit_id=bureau.id, qualifications=["high-privilege"])))
    hall(hall.rosters.PutOfficer, rosters.PutOfficerRequest(officer=rosters.Officer(
        number="N01", name="辅警", actor="person/n01", org_unit_id=bureau.id)))
    hall(hall.rosters.PutSeat, rosters.PutSeatRequest(seat=rosters.Seat(
        code="hall.duty-director", name="值班主任", kind=rosters.SEAT_KIND_DUTY_DIRECTOR, role="shift-leader",
        minimum_manning=1, qualifications=["high-privilege"])))
    return hall


def plan(first, last, crews, pattern="5c4t", seat="hall.duty-director"):
    return rosters.RosterPlan(
        seat_code=seat, pattern_code=pattern, from_date=day(first), to_date=day(last),
        crews=[rosters.Crew(name=f"{n + 1}班", officer_numbers=crew) for n, crew in enumerate(crews)])


def test_five_crews_in_four_turns(hall):
    now, midnight = now_turn()
    first, last = midnight + 2 * 86400, midnight + 29 * 86400
    crews = [[f"P{n:02}"] for n in range(5)]
    wanted = plan(first, last, crews)
    shown = hall.leader(hall.rosters.PreviewRoster, rosters.PreviewRosterRequest(plan=wanted))
    assert shown.made_count == 28 * 4 and not shown.findings
    made = hall.leader(hall.rosters.PublishRoster, rosters.PublishRosterRequest(plan=wanted))
    assert made.made_count == 28 * 4
    shifts = hall.shifts(first, last + 2 * 86400)
    assert [s.turn_code for s in shifts[:4]] == ["dawn", "morning", "afternoon", "night"]
    # Every hour covered, and each of the five as often as the others, give or take one.
    for one, after in zip(shifts, shifts[1:]):
        assert one.end_time == after.start_time
    worked = [sum(s.officers[0].officer_number == f"P{n:02}" for s in shifts) for n in range(5)]
    assert max(worked) - min(worked) <= 1 and sum(worked) == 112
    # 28 with high privilege in rotation, a day each: a pattern is data.
    hall(hall.rosters.PutPattern, rosters.PutPatternRequest(pattern=rosters.Pattern(
        code="28x24", name="二十八人轮值", turns=[rosters.Turn(
            code="full", name="全天", start_minute=480, length_minutes=1440)],
        days=["full"] + ["-"] * 27, crew_offsets=[(28 - n) % 28 for n in range(28)], minimum_rest_minutes=1440)))
    hall(hall.rosters.PutSeat, rosters.PutSeatRequest(seat=rosters.Seat(
        code="hall.bureau-leader", name="带班局领导", kind=rosters.SEAT_KIND_BUREAU_LEADER, role="shift-leader",
        minimum_manning=1, qualifications=["high-privilege"])))
    later = last + 10 * 86400
    everyone = plan(later, later + 27 * 86400, [[f"P{n:02}"] for n in range(28)], "28x24", "hall.bureau-leader")
    made = hall.leader(hall.rosters.PublishRoster, rosters.PublishRosterRequest(plan=everyone))
    assert made.made_count == 28 and not made.findings
    turns = hall.shifts(later, later + 30 * 86400, "hall.bureau-leader")
    assert sorted(s.officers[0].officer_number for s in turns) == [f"P{n:02}" for n in range(28)]
    listed = hall(hall.rosters.ListPatterns, rosters.ListPatternsRequest()).patterns
    covers = {pattern.code: pattern.covers_every_hour for pattern in listed}
    assert covers["5c4t"] and covers["4c3t"] and covers["3c2t"] and covers["24-48"]
    assert covers["28x24"] and not covers["day"]


def make_day(hall, turns):
    """Shifts by the name of their turn: (name, minutes from now, minutes long, who), each on the calendar
    day on which it begins. Of a cycle of three days for each crew, one day is not rest."""
    now, midnight = now_turn()
    minute = int(now) // 60 * 60
    pattern = rosters.Pattern(
        code="story", name="故事", anchor_date=day(midnight - 86400), crew_offsets=range(0, 3 * len(turns), 3))
    for code, begin, length, _ in turns:
        start = minute + begin * 60
        which = [day(midnight + n * 86400) for n in (-1, 0, 1)].index(day(start))
        pattern.turns.append(rosters.Turn(
            code=code, name=code, start_minute=(start + 8 * HOUR) % 86400 // 60, length_minutes=length))
        pattern.days.extend(code if n == which else "-" for n in range(3))
    hall(hall.rosters.PutPattern, rosters.PutPatternRequest(pattern=pattern))
    hall.leader(hall.rosters.PublishRoster, rosters.PublishRosterRequest(
        plan=plan(midnight - 86400, midnight + 86400, [[officer] for *_, officer in turns], "story"),
        occur_time=stamp(now - 2 * 86400)))
    return {s.turn_code: s for s in hall.shifts(now - 6 * HOUR, now + 6 * HOUR)}, now


def token_of(hall, grant, *more):
    made = subprocess.run(
        [BIN / "quintet", "token", "issue", "--seat-grant", "-", *more, *hall.suite.flags],
        input=grant, capture_output=True, text=True)
    return made.stdout.strip(), made


def test_from_pattern_to_seat_and_out_again(hall):
    shifts, now = make_day(hall, [
        ("one", -60, 75, "P00"), ("two", 15, 45, "P01"), ("three", 60, 120, "P02"), ("four", 180, 60, "P03")])
    one, two, three, four = (shifts[code] for code in ("one", "two", "three", "four"))

    # A swap: asked, accepted by the other, approved by a leader who is neither.
    asked = hall.member(hall.changes.AskSwap, changes.AskSwapRequest(
        shift_id=two.id, officer_number="P04", occur_time=stamp(now)), "P01").swap
    assert refused(hall.leader, hall.changes.DecideSwap, changes.DecideSwapRequest(
        swap_id=asked.id, approve=True))[1] == "MOVE_NOT_ALLOWED"
    hall.member(hall.changes.AnswerSwap, changes.AnswerSwapRequest(swap_id=asked.id, accept=True), "P04")
    hall.leader(hall.changes.DecideSwap, changes.DecideSwapRequest(swap_id=asked.id, approve=True))
    assert refused(hall.member, hall.changes.AskSwap, changes.AskSwapRequest(
        shift_id=three.id, officer_number="N01"), "P02")[1] == "NOT_QUALIFIED"

    # Leave makes a gap, which is flagged at once: the shift begins within two hours.
    away = hall.member(hall.changes.AskLeave, changes.AskLeaveRequest(
        kind=changes.LEAVE_KIND_ANNUAL, start_time=three.start_time, end_time=three.end_time), "P02").leave
    decided = hall.leader(hall.changes.DecideLeave, changes.DecideLeaveRequest(leave_id=away.id, approve=True))
    assert decided.gap_count == 1
    gaps = hall.leader(hall.rosters.ListGaps, rosters.ListGapsRequest(
        start_time=stamp(now), end_time=stamp(now + 6 * HOUR))).shifts
    assert [gap.id for gap in gaps] == [three.id]
    end = time.monotonic() + 20
    while not (flagged := hall.told(duty_events.ShiftGapFlagged)):
        assert time.monotonic() < end, "no gap was flagged"
    assert [payload.shift.id for _, payload in flagged] == [three.id]
    printed = hall.suite.quintet("roster", "gaps", "--hours", "6", check=False)
    assert printed.returncode == 1 and "请假 leave" in printed.stdout, printed.stdout
    hall.leader(hall.rosters.NameSubstitute, rosters.NameSubstituteRequest(
        shift_id=three.id, officer_number="P05"))
    assert len(hall.told(duty_events.ShiftGapFilled)) == 1

    # Only whoever is on: not whoever was swapped out, nor the next crew so early.
    take = seats.TakeSeatRequest(seat_code="hall.duty-director")
    taken = hall.member(hall.seats.TakeSeat, take, "P00")
    for number in ("P01", "P05", "N01"):
        assert refused(hall.member, hall.seats.TakeSeat, seats.TakeSeatRequest(
            seat_code="hall.duty-director"), number)[:2] == (
                grpc.StatusCode.PERMISSION_DENIED, "NOT_ON_SHIFT"), number

    # The grant is no token; what the issuer makes of it calls what the seat may, until it is left.
    call = incidents.ListIncidentsRequest()
    assert refused(hall, hall.incidents.ListIncidents, call, token=taken.grant)[0] == (
        grpc.StatusCode.UNAUTHENTICATED)
    token, made = token_of(hall, taken.grant)
    assert made.returncode == 0, made.stderr
    hall(hall.incidents.ListIncidents, call, token=token)
    # A month's key would not help: what was not signed by duty is no grant.
    forged = hall.suite.tokens.sign({**hall.suite.tokens.claims("person/p09"), "aud": "quintet-seat-grant",
                                     "seat": "hall.duty-director", "role": "shift-leader", "area": "*"})
    assert token_of(hall, forged)[1].returncode != 0

    # Handover: unread, the seat stays shut.
    assert refused(hall.member, hall.seats.LeaveSeat, seats.LeaveSeatRequest(
        seat_code="hall.duty-director"), "P00")[1] == "HANDOVER_REQUIRED"
    note = hall.member(hall.seats.WriteHandoverNote, seats.WriteHandoverNoteRequest(
        seat_code="hall.duty-director", text="东门口有施工，注意绕行"), "P00").note
    code, reason, _ = refused(hall.member, hall.seats.TakeSeat, seats.TakeSeatRequest(
        seat_code="hall.duty-director"), "P04")
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "HANDOVER_UNREAD")
    hall.member(hall.seats.MarkHandoverNoteRead, seats.MarkHandoverNoteReadRequest(note_id=note.id), "P04")
    successor = hall.member(hall.seats.TakeSeat, seats.TakeSeatRequest(seat_code="hall.duty-director"), "P04")
    printed = hall.suite.quintet("roster", "show").stdout
    assert "民警00（P00）" in printed and "民警04（P04）" in printed, printed

    # Leaving ends the privilege, though the token had long to run.
    hall.member(hall.seats.LeaveSeat, seats.LeaveSeatRequest(seat_code="hall.duty-director"), "P00")
    end = time.monotonic() + 20
    while True:
        try:
            hall(hall.incidents.ListIncidents, call, token=token)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAUTHENTICATED
            break
        assert time.monotonic() < end, "a left seat still has its privileges"
    assert token_of(hall, taken.grant)[1].returncode != 0
    # The successor's go on, and duty is not asked for them.
    token, _ = token_of(hall, successor.grant)
    hall(hall.incidents.ListIncidents, call, token=token)
    held = hall.leader(hall.seats.ListSeats, seats.ListSeatsRequest()).seats
    assert [[holder.name for holder in seat.holders] for seat in held] == [["民警04"]]
    assert four.officers[0].officer_number == "P03" and one.id != two.id
    # What was told is what is kept.
    hall.suite.stop()
    hall.suite.quintet("verify", "store", "duty")


def test_privileges_end_with_the_shift(hall):
    """A shift that ends in seconds: its token, made for hours, is refused when it is over."""
    # It ended fourteen minutes ago at the last minute: the grace of fifteen is nearly over.
    shifts, now = make_day(hall, [("one", -74, 60, "P00")])
    one = shifts["one"]
    over = one.end_time.seconds + 15 * 60
    taken = hall.member(hall.seats.TakeSeat, seats.TakeSeatRequest(
        seat_code="hall.duty-director", occur_time=stamp(one.start_time.seconds)), "P00")
    assert taken.taking.until_time.seconds == over
    token, made = token_of(hall, taken.grant)
    if made.returncode == 0:
        while time.time() < over - 1:
            hall(hall.incidents.ListIncidents, incidents.ListIncidentsRequest(), token=token)
            time.sleep(1)
        while time.time() < over:
            time.sleep(0.1)
        code, reason, _ = refused(hall, hall.incidents.ListIncidents, incidents.ListIncidentsRequest(), token=token)
        assert code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED), reason
    assert token_of(hall, taken.grant)[1].returncode != 0
    assert refused(hall.member, hall.seats.TakeSeat, seats.TakeSeatRequest(
        seat_code="hall.duty-director"), "P00")[1] == "NOT_ON_SHIFT"


def test_duty_may_be_down(hall):
    """Whoever has sat down works on: nobody asks duty who is on."""
    import os
    import signal

    make_day(hall, [("one", -60, 120, "P00")])
    taken = hall.member(hall.seats.TakeSeat, seats.TakeSeatRequest(seat_code="hall.duty-director"), "P00")
    token, _ = token_of(hall, taken.grant)
    pid = hall.suite.pid("duty")
    os.kill(pid, signal.SIGSTOP)
    try:
        hall(hall.incidents.ListIncidents, incidents.ListIncidentsRequest(), token=token)
        assert token_of(hall, taken.grant)[1].returncode == 0
    finally:
        os.kill(pid, signal.SIGCONT)


def test_bad_input_names_field_and_rule(hall):
    now, midnight = now_turn()
    wrong = plan(midnight, midnight + 86400, [["P00"]])
    assert refused(hall.leader, hall.rosters.PublishRoster, rosters.PublishRosterRequest(plan=wrong))[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION, "CREWS_MISMATCH")
    wrong.from_date = "2026-02-30"
    assert refused(hall.leader, hall.rosters.PublishRoster, rosters.PublishRosterRequest(plan=wrong)) == (
        grpc.StatusCode.INVALID_ARGUMENT, "DATE_INVALID", "plan.from_date")
    assert refused(hall.leader, hall.rosters.ListGaps, rosters.ListGapsRequest(
        start_time=stamp(now), end_time=stamp(now))) == (
            grpc.StatusCode.INVALID_ARGUMENT, "TIMES_REVERSED", "end_time")
    assert refused(hall, hall.rosters.PutSeat, rosters.PutSeatRequest(seat=rosters.Seat(
        code="x", name="x", kind=1, role="auditor"))) == (
            grpc.StatusCode.INVALID_ARGUMENT, "ROLE_NOT_OF_A_SEAT", "seat.role")
    assert refused(hall, hall.rosters.PutOfficer, rosters.PutOfficerRequest(officer=rosters.Officer(
        number="P00", name="张", actor="service/duty", org_unit_id=hall.bureau))) == (
            grpc.StatusCode.INVALID_ARGUMENT, "ACTOR_INVALID", "officer.actor")
    assert refused(hall, hall.rosters.PutOfficer, rosters.PutOfficerRequest(officer=rosters.Officer(
        number="P77", name="张", actor="person/p00", org_unit_id=hall.bureau)))[1] == "ACTOR_TAKEN"
    # Roles: staff makes no roster, and a leader takes nobody's seat without being rostered.
    assert refused(hall.member, hall.rosters.PublishRoster, rosters.PublishRosterRequest(plan=wrong), "P00")[1] == (
        "ROLE_NOT_ALLOWED")
    assert refused(hall, hall.seats.TakeSeat, seats.TakeSeatRequest(seat_code="hall.duty-director"),
                   "person/leader", ["shift-leader"])[1] == "ROLE_NOT_ALLOWED"
