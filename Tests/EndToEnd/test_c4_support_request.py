# 支撑请求: a man at risk on a motorway; the station asks without an approval chain, three seats each take a
# part, he is found within the hour, and the month counts it. On the exercise clock.
import time

import grpc
import pytest
from client import Client, deadlines, directive, kind
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import events_pb2
from quintet.command.v1 import support_pb2 as support
from quintet.command.v1 import support_service_pb2 as supports
from quintet.command.v1 import support_service_pb2_grpc as supports_grpc
from quintet.supervision.v1 import clock_service_pb2 as clocks
from quintet.supervision.v1 import clock_service_pb2_grpc as clocks_grpc

NORTH = [(28.00, 120.60), (28.00, 120.70), (28.05, 120.70), (28.05, 120.60)]
SOUTH = [(27.90, 120.60), (27.90, 120.70), (27.95, 120.70), (27.95, 120.60)]
SCENE = (28.02, 120.65)
STATE = support.SupportState.Value
PART = support.SupportPartState.Value


def refusal(call):
    """Code, reason and field of a refusal."""
    with pytest.raises(grpc.RpcError) as refused:
        call()
    reason, fields = None, []
    for detail in rpc_status.from_call(refused.value).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            fields = [one.field for one in bad.field_violations]
    return refused.value.code().name, reason, fields[0] if fields else None


class Desk(Client):
    """Somebody with a part to play."""

    def __init__(self, suite, **claims):
        super().__init__(suite.channel())
        if claims:
            token = suite.tokens.sign(suite.tokens.claims(**claims))
            self.metadata = (("authorization", f"Bearer {token}"),)
        self.supports = supports_grpc.SupportServiceStub(suite.channel())
        self.clock = clocks_grpc.ClockServiceStub(suite.channel())

    def ask(self, incident, station, at, *seats, **fields):
        return self(self.supports.AskSupport, supports.AskSupportRequest(
            incident_id=incident, asker=directive.Recipient(
                kind=directive.RECIPIENT_KIND_STATION, id=station),
            title="高速上寻找轻生男子 Find a man on the motorway",
            text="浙C·88888 黑色轿车，往北行驶 A black car, northbound",
            parts=[supports.SupportPartContent(seat_code=seat, task=f"查 {seat}") for seat in seats],
            occur_time=at, **fields)).support_request

    def do(self, method, request_id, **fields):
        request = getattr(supports, f"{method}Request")(support_request_id=request_id, **fields)
        return self(getattr(self.supports, method), request).support_request

    def read(self, request_id):
        return self(self.supports.GetSupportRequest, supports.GetSupportRequestRequest(
            support_request_id=request_id)).support_request

    def count(self, month):
        return self(self.supports.CountSupportRequests, supports.CountSupportRequestsRequest(month=month))


def test_found_within_the_hour(fresh_suite):
    suite, start = fresh_suite, int(time.time()) - 3 * 3600
    hall = Desk(suite)
    north, south = hall.make_station("N1", "北所", NORTH), hall.make_station("S1", "南所", SOUTH)

    def minute(number):
        return Timestamp(seconds=start + int(number * 60))

    def clock(number):
        hall.clock.AdvanceClock(clocks.AdvanceClockRequest(to_time=minute(number)), timeout=10)
        suite.caught_up()

    suite.caught_up()
    hall.clock.StartExercise(clocks.StartExerciseRequest(start_time=minute(0)), timeout=10)
    incident = hall.open_incident(
        SCENE, "男子留下遗书后驾车上高速 A man drove onto the motorway, leaving a note",
        kind.INCIDENT_CLASS_HELP, level=kind.INCIDENT_LEVEL_2, receive_time=minute(0)).incident_id
    suite.caught_up()

    station = Desk(suite, subject="person/north", roles=["station"], areas=[north.id])
    neighbour = Desk(suite, subject="person/south", roles=["station"], areas=[south.id])
    seats = {seat: Desk(suite, subject=f"person/{seat}", roles=["officer"], areas=[], seat=seat)
             for seat in ("video", "traffic", "networks")}

    # 1: asked. Nobody approves, and nobody asks in another's name or about what is not theirs.
    assert refusal(lambda: neighbour.ask(incident, south.id, minute(1), "video"))[:2] == (
        "PERMISSION_DENIED", "OUTSIDE_AREA")
    assert refusal(lambda: station.ask(incident, south.id, minute(1), "video")) == (
        "PERMISSION_DENIED", "OUTSIDE_AREA", "asker")
    assert refusal(lambda: station.ask(incident, north.id, minute(1), "video", "video")) == (
        "INVALID_ARGUMENT", "DUPLICATE", "parts[1].seat_code")
    assert refusal(lambda: station.ask(incident, north.id, minute(1))) == (
        "INVALID_ARGUMENT", "REQUIRED", "parts")
    asked = station.ask(incident, north.id, minute(1), "video", "traffic", "networks", request_id="ask-1")
    again = station.ask(incident, north.id, minute(1), "video", "traffic", "networks", request_id="ask-1")
    assert again == asked and asked.state == STATE("SUPPORT_STATE_ASKED")
    key = asked.id
    assert refusal(lambda: neighbour.read(key))[:2] == ("PERMISSION_DENIED", "OUTSIDE_AREA")
    assert seats["video"].incident(incident).id == incident

    # 2 … 3: two take their parts; nobody takes another's.
    assert refusal(lambda: seats["video"].do("TakeSupportPart", key, part_number=2))[1] == "OUTSIDE_AREA"
    assert refusal(lambda: seats["video"].do(
        "AnswerSupportPart", key, part_number=1, text="未接先答", result=support.SUPPORT_RESULT_FOUND))[1] == (
            "MOVE_NOT_ALLOWED")
    taken = seats["video"].do("TakeSupportPart", key, part_number=1, occur_time=minute(2))
    assert taken.state == STATE("SUPPORT_STATE_UNDERWAY")
    assert refusal(lambda: seats["video"].do(
        "AnswerSupportPart", key, part_number=1, etag="1", text="x", result=support.SUPPORT_RESULT_FOUND)) == (
            "ABORTED", "ETAG_MISMATCH", "etag")
    seats["traffic"].do("TakeSupportPart", key, part_number=2, occur_time=minute(3))

    # 6: the third is late by supervision's clock, and gives its part back; the station asks it again.
    clock(7)

    def clock_of(seat, rule):
        found = hall(hall.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(incident_id=incident))
        return [deadlines.DeadlineState.Name(one.state)[15:] for one in found.deadlines
                if one.subject == key and one.responsible == f"seat/{seat}" and one.rule_code == rule]

    assert clock_of("networks", "support.take") == ["OVERDUE"]
    assert clock_of("video", "support.take") == ["MET"]
    assert clock_of("video", "support.answer") == ["RUNNING"]
    seats["networks"].do("GiveBackSupportPart", key, part_number=3, reason="系统检修 Under repair",
                         occur_time=minute(8))
    station.do("AddSupportPart", key, part=supports.SupportPartContent(seat_code="networks", task="再试"),
               occur_time=minute(9))
    seats["networks"].do("TakeSupportPart", key, part_number=4, occur_time=minute(10))

    # 15 … 40: the answers.
    seats["video"].do("AnswerSupportPart", key, part_number=1, result=support.SUPPORT_RESULT_FOUND,
                      text="K23 应急车道停车 Stopped at K23", occur_time=minute(15))
    seats["traffic"].do("AnswerSupportPart", key, part_number=2, result=support.SUPPORT_RESULT_NOTHING,
                        text="未见 Not seen", occur_time=minute(36))
    clock(41)
    assert clock_of("video", "support.answer") == ["MET"]
    assert clock_of("traffic", "support.answer") == ["MISSED"]
    assert refusal(lambda: seats["video"].do(
        "CloseSupportRequest", key, outcome=support.SUPPORT_OUTCOME_SOLVED, reason="x"))[1] == "OUTSIDE_AREA"
    closed = station.do("CloseSupportRequest", key, outcome=support.SUPPORT_OUTCOME_SOLVED,
                        reason="在 K23 找到并劝离 Found at K23 and talked away", occur_time=minute(45))
    assert closed.state == STATE("SUPPORT_STATE_CLOSED")
    assert closed.end_time.seconds - closed.ask_time.seconds < 3600
    assert [one.state for one in closed.parts] == [
        PART("SUPPORT_PART_STATE_ANSWERED"), PART("SUPPORT_PART_STATE_ANSWERED"),
        PART("SUPPORT_PART_STATE_GIVEN_BACK"), PART("SUPPORT_PART_STATE_RELEASED")]
    suite.caught_up()
    assert clock_of("networks", "support.answer") == ["CANCELLED"]
    assert refusal(lambda: station.do("WithdrawSupportRequest", key, reason="太迟"))[1] == "MOVE_NOT_ALLOWED"

    # One more, withdrawn by who asked; it is no case that was solved or not.
    second = station.ask(incident, north.id, minute(50), "video")
    assert refusal(lambda: station.do(
        "CloseSupportRequest", second.id, outcome=support.SUPPORT_OUTCOME_SOLVED, reason="x"))[1] == "SUPPORT_UNANSWERED"
    station.do("WithdrawSupportRequest", second.id, reason="不再需要 No longer needed", occur_time=minute(51))

    # The month, with what it is counted from; a neighbour counts its own alone.
    month = time.strftime("%Y-%m", time.gmtime(start + 8 * 3600))
    counted = hall.count(month)
    assert (counted.requests.request_count, counted.requests.solved_count, counted.requests.unsolved_count,
            counted.requests.excluded_count, counted.requests.withdrawn_count) == (2, 1, 0, 1, 1)
    assert (counted.parts.part_count, counted.parts.taken_count, counted.parts.answered_count,
            counted.parts.found_count, counted.parts.given_back_count, counted.parts.released_count) == (
                5, 3, 2, 1, 1, 2)
    assert [(one.asker.id, one.requests.request_count) for one in counted.askers] == [(north.id, 2)]
    assert {one.seat_code: one.parts.part_count for one in counted.seats} == {
        "video": 2, "traffic": 1, "networks": 2}
    assert neighbour.count(month).requests.request_count == 0
    assert refusal(lambda: hall.count("2016-13")) == ("INVALID_ARGUMENT", "MONTH_INVALID", "month")

    # The incident's timeline shows each step, with its clocks.
    steps = [event.type.rsplit(".", 1)[1] for event in hall.timeline(incident)]
    assert steps.count("SupportAsked") == 2 and steps.count("SupportEnded") == 2
    # Three taken, one given back, one added, two answered.
    assert steps.count("SupportPartMoved") == 7
    assert "DeadlineOverdue" in steps

    def says(event):
        told = events_pb2.SupportPartMoved()
        return event.payload.Unpack(told) and told.part.answer.startswith("K23")

    assert [event.actor for event in hall.timeline(incident) if says(event)] == ["person/video"]
    suite.caught_up()
    suite.stop()
    suite.quintet("verify", "store")
