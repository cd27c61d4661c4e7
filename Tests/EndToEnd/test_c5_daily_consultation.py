# 两级会商: duty chief, shift leader and 15 stations; a theft is linked with one in the next station's area as a
# series, a decision becomes a directive, and the minutes say it all. Closed, nothing in them changes.
import time

import grpc
import pytest
from client import Client, deadlines, directive, directives, kind
from google.protobuf.timestamp_pb2 import Timestamp
from quintet.command.v1 import consultation_decision_pb2 as deciding
from quintet.command.v1 import consultation_pb2 as consultation
from quintet.command.v1 import consultation_service_pb2 as consultations
from quintet.command.v1 import consultation_service_pb2_grpc as consultations_grpc
from quintet.command.v1 import series_pb2 as series
from quintet.command.v1 import series_service_pb2 as serieses
from quintet.command.v1 import series_service_pb2_grpc as series_grpc
from test_c4_support_request import refusal

STATIONS = 15
SEATS = {"hall.duty-director": "值班主任 Duty director", "hall.shift-leader": "值班长 Shift leader"}


def square(number):
    west = 120.60 + number * 0.02
    return [(28.00, west), (28.00, west + 0.02), (28.02, west + 0.02), (28.02, west)]


def inside(number):
    return 28.01, 120.61 + number * 0.02


def seat(code):
    return directive.Recipient(kind=directive.RECIPIENT_KIND_SEAT, id=code)


def station(id):
    return directive.Recipient(kind=directive.RECIPIENT_KIND_STATION, id=id)


class Desk(Client):
    """Somebody with a part to play."""

    def __init__(self, suite, **claims):
        super().__init__(suite.channel())
        if claims:
            token = suite.tokens.sign(suite.tokens.claims(**claims))
            self.metadata = (("authorization", f"Bearer {token}"),)
        self.consultations = consultations_grpc.ConsultationServiceStub(suite.channel())
        self.series = series_grpc.SeriesServiceStub(suite.channel())

    def change(self, method, id, **fields):
        known = deciding if hasattr(deciding, f"{method}Request") else consultations
        return self(getattr(self.consultations, method), getattr(known, f"{method}Request")(
            consultation_id=id, **fields))

    def read(self, id):
        return self(self.consultations.GetConsultation, consultations.GetConsultationRequest(
            consultation_id=id)).consultation

    def minutes(self, id):
        return self(self.consultations.GetMinutes, consultations.GetMinutesRequest(consultation_id=id))

    def judge(self, method, id, **fields):
        return self(getattr(self.series, method), getattr(serieses, f"{method}Request")(
            series_id=id, **fields)).series

    def read_series(self, id):
        return self(self.series.GetSeries, serieses.GetSeriesRequest(series_id=id)).series


@pytest.fixture
def bureau(fresh_suite):
    """15 stations, and a theft in each of the first three."""
    leader = Desk(fresh_suite)
    stations = [leader.make_station(f"S{n:02}", f"第{n + 1}派出所", square(n)) for n in range(STATIONS)]
    fresh_suite.caught_up()
    thefts = [leader.open_incident(
        inside(n), f"撬锁盗窃电动车 {n + 1} E-bike stolen", kind.INCIDENT_CLASS_CRIMINAL).incident_id
        for n in range(3)]
    fresh_suite.caught_up()
    rooms = [Desk(fresh_suite, subject=f"person/s{n:02}", roles=["station"], areas=[stations[n].id])
             for n in range(4)]
    return fresh_suite, leader, stations, thefts, rooms


def test_the_day_is_talked_over_and_each_decision_has_its_directive(bureau):
    suite, leader, stations, thefts, rooms = bureau
    participants = [consultations.ParticipantContent(participant=seat(code), name=name)
                    for code, name in SEATS.items()]
    participants += [consultations.ParticipantContent(participant=station(one.id), name=one.name)
                     for one in stations]
    planned = leader(leader.consultations.PlanConsultation, consultations.PlanConsultationRequest(
        title="每日会商 Daily consultation", participants=participants,
        start_time=Timestamp(seconds=int(time.time()) + 1800), request_id="plan-1")).consultation
    key = planned.id
    assert planned.state == consultation.CONSULTATION_STATE_PLANNED and len(planned.participants) == 17

    # A station puts its theft on the agenda before; not another's, and not in another's name.
    rooms[0].change("PutAgendaItem", key, title="电动车连续被盗", text="三日两起", incident_id=thefts[0],
                    put_by=station(stations[0].id))
    assert refusal(lambda: rooms[0].change(
        "PutAgendaItem", key, title="邻所", incident_id=thefts[1], put_by=station(stations[0].id)))[:2] == (
            "PERMISSION_DENIED", "OUTSIDE_AREA")
    assert refusal(lambda: rooms[0].change(
        "PutAgendaItem", key, title="代提", put_by=station(stations[1].id))) == (
            "PERMISSION_DENIED", "OUTSIDE_AREA", "put_by")
    assert refusal(lambda: leader.change("RecordDecision", key, text="未开先议", responsible=seat("x"),
                                         due_time=Timestamp(seconds=int(time.time()) + 600)))[1] == "MOVE_NOT_ALLOWED"

    opened = leader.change("OpenConsultation", key, etag="2").consultation
    assert opened.state == consultation.CONSULTATION_STATE_OPEN
    assert refusal(lambda: leader.change("OpenConsultation", key, etag="2"))[1] == "ETAG_MISMATCH"
    rooms[3].change("PutAgendaItem", key, title="夜间照明", put_by=station(stations[3].id))

    # Everybody says whether they came; one station was out.
    for code in SEATS:
        leader.change("RecordAttendance", key, participant=seat(code),
                      attendance=consultation.ATTENDANCE_PRESENT)
    assert refusal(lambda: rooms[0].change(
        "RecordAttendance", key, participant=station(stations[1].id),
        attendance=consultation.ATTENDANCE_PRESENT))[1] == "OUTSIDE_AREA"
    rooms[0].change("RecordAttendance", key, participant=station(stations[0].id),
                    attendance=consultation.ATTENDANCE_PRESENT)
    for one in stations[1:-1]:
        leader.change("RecordAttendance", key, participant=station(one.id),
                      attendance=consultation.ATTENDANCE_PRESENT)
    assert refusal(lambda: leader.change("CloseConsultation", key))[1] == "ATTENDANCE_OPEN"
    assert refusal(lambda: leader.change(
        "RecordAttendance", key, participant=station(stations[-1].id),
        attendance=consultation.ATTENDANCE_ABSENT)) == ("INVALID_ARGUMENT", "REQUIRED", "reason")
    leader.change("RecordAttendance", key, participant=station(stations[-1].id),
                  attendance=consultation.ATTENDANCE_ABSENT, reason="出警 Out on a call")

    # The theft and that of the next station's area are held to belong together.
    linked = leader(leader.series.ProposeSeries, serieses.ProposeSeriesRequest(
        title="电动车撬锁盗窃 E-bikes, locks forced", reason="手法、时段相同 Same way, same hours", members=[
            serieses.SeriesMemberContent(incident_id=thefts[n], reason="撬锁 Lock forced") for n in (0, 1)])).series
    leader.judge("ConfirmSeries", linked.id, reason="痕迹一致 Same marks")
    leader.change("LinkAgendaItem", key, item_number=1, series_id=linked.id, reason="串并 Linked as a series")
    assert refusal(lambda: leader.change(
        "LinkAgendaItem", key, item_number=1, series_id=linked.id, reason="再次"))[1] == "LINK_KNOWN"

    # What is decided becomes a directive to whoever is responsible, and each names the other.
    due = Timestamp(seconds=int(time.time()) + 86_400)
    assert refusal(lambda: leader.change(
        "RecordDecision", key, text="夜巡", responsible=station(stations[0].id),
        due_time=Timestamp(seconds=int(time.time()) - 60))) == ("INVALID_ARGUMENT", "DUE_TIME_NOT_AHEAD", "due_time")
    leader.change("RecordDecision", key, item_number=1, text="20 时至 24 时加巡车棚 Patrol the sheds 20–24 h",
                  responsible=station(stations[0].id), due_time=due)
    leader.change("RecordDecision", key, text="误记", responsible=station(stations[1].id), due_time=due)
    assert refusal(lambda: leader.change("CloseConsultation", key))[1] == "DECISION_NOT_ISSUED"
    leader.change("WithdrawDecision", key, decision_number=2, reason="记错 Written by mistake")
    issued = leader.change("IssueDecision", key, decision_number=1, title="夜间加巡",
                           directive_class=directive.DIRECTIVE_CLASS_ROUTINE, request_id="issue-1")
    again = leader.change("IssueDecision", key, decision_number=1, title="夜间加巡",
                          directive_class=directive.DIRECTIVE_CLASS_ROUTINE, request_id="issue-1")
    assert again == issued
    order = rooms[0](rooms[0].directives.GetDirective, directives.GetDirectiveRequest(
        directive_id=issued.directive.id)).directive
    assert (order.decision.consultation_id, order.decision.decision_number) == (key, 1)
    assert order.decision.due_time == due and order.incident_id == thefts[0]
    assert issued.consultation.decisions[0].directive_id == order.id
    assert [one.recipient for one in order.recipients] == [station(stations[0].id)]

    closed = leader.change("CloseConsultation", key).consultation
    assert closed.state == consultation.CONSULTATION_STATE_CLOSED
    for method, fields in [
            ("PutAgendaItem", {"title": "太迟", "put_by": seat("hall.shift-leader")}),
            ("RecordAttendance", {"participant": station(stations[-1].id),
                                  "attendance": consultation.ATTENDANCE_PRESENT}),
            ("RecordDecision", {"text": "太迟", "responsible": seat("x"), "due_time": due}),
            ("LinkAgendaItem", {"item_number": 1, "incident_id": thefts[2], "reason": "太迟"})]:
        assert refusal(lambda: leader.change(method, key, **fields))[1] == "MOVE_NOT_ALLOWED", method
    assert leader.read(key) == closed
    amended = leader.change("AmendConsultation", key, decision_number=1, text="应为 19 时起 From 19 h on").consultation
    assert amended.decisions == closed.decisions and amended.amendments[0].amended_by == "person/zhang.wei"

    # The station signs; the minutes say where the directive stands. Who did not take part sees nothing.
    rooms[0](rooms[0].directives.ConfirmDelivery, directives.ConfirmDeliveryRequest(
        directive_id=order.id, recipient=station(stations[0].id)))
    rooms[0](rooms[0].directives.AcknowledgeDirective, directives.AcknowledgeDirectiveRequest(
        directive_id=order.id, recipient=station(stations[0].id)))
    minutes = rooms[0].minutes(key)
    assert [(one.decision_number, one.directive_id, one.directive_state) for one in minutes.progress] == [
        (1, order.id, directive.DIRECTIVE_STATE_ACKNOWLEDGED)]
    text = "\n".join(minutes.lines)
    for words in ("会商纪要 Minutes：每日会商", "到会 present 16，应到 invited 17", "出警 Out on a call",
                  "第1派出所 提出", f"串并案 series {linked.id}", "20 时至 24 时加巡车棚", "签收 signed", "记错",
                  "应为 19 时起"):
        assert words in text, words
    stranger = Desk(suite, subject="person/stranger", roles=["station"], areas=["org_none"])
    assert refusal(lambda: stranger.minutes(key))[:2] == ("PERMISSION_DENIED", "OUTSIDE_AREA")

    # Supervision's clocks run on the directive as on any other; the timeline tells of all of it.
    suite.caught_up()
    running = leader(leader.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(incident_id=thefts[0])).deadlines
    assert {one.rule_code for one in running if one.subject == order.id} == {
        "sign.station", "feedback.directive.routine"}
    steps = [event.type.rsplit(".", 1)[1] for event in leader.timeline(thefts[0])]
    for step in ("AgendaItemPut", "SeriesMoved", "DecisionMoved", "DirectiveIssued"):
        assert step in steps, step
    suite.stop()
    suite.quintet("verify", "store")


def test_of_a_series_each_station_sees_its_own_and_whom_to_ask(bureau):
    suite, leader, stations, thefts, rooms = bureau

    def propose(desk, *incidents):
        return desk(desk.series.ProposeSeries, serieses.ProposeSeriesRequest(
            title="车棚盗窃 Thefts from sheds", reason="手法相同 Same way", members=[
                serieses.SeriesMemberContent(incident_id=one, reason=f"SECRET-{one}") for one in incidents])).series

    assert refusal(lambda: propose(leader, thefts[0]))[:2] == ("INVALID_ARGUMENT", "SERIES_TOO_SMALL")
    # A station proposes of what it sees; across areas it is the hall that does.
    assert refusal(lambda: propose(rooms[0], thefts[0], thefts[1]))[1] == "OUTSIDE_AREA"
    made = propose(leader, *thefts)
    key = made.id
    assert made.state == series.SERIES_STATE_PROPOSED and made.proposed_by == "person/zhang.wei"
    assert refusal(lambda: leader.judge("DissolveSeries", key, reason="未定"))[1] == "MOVE_NOT_ALLOWED"
    leader.judge("ConfirmSeries", key, reason="痕迹一致", etag=made.etag)

    seen = rooms[1].read_series(key)
    own = [one for one in seen.members if not one.outside_area]
    assert [one.incident_id for one in own] == [thefts[1]] and own[0].reason == f"SECRET-{thefts[1]}"
    others = [one for one in seen.members if one.outside_area]
    assert [(one.station_id, one.station_name) for one in others] == [
        (stations[0].id, stations[0].name), (stations[2].id, stations[2].name)]
    for one in others:
        assert not one.incident_id and not one.incident_number and not one.reason and not one.added_by
    shown = rooms[1].incident(thefts[1]).series
    assert [(one.series_id, one.state) for one in shown] == [(key, series.SERIES_STATE_CONFIRMED)]
    # Nothing of the others' on its own timeline either.
    told = b"".join(event.SerializeToString() for event in rooms[1].timeline(thefts[1]) if ".Series" in event.type)
    assert thefts[1].encode() in told and thefts[0].encode() not in told and thefts[2].encode() not in told
    assert refusal(lambda: rooms[3].read_series(key))[1] == "OUTSIDE_AREA"
    assert not rooms[3](rooms[3].series.ListSeries, serieses.ListSeriesRequest()).series

    dropped = leader.judge("DropSeriesMember", key, incident_id=thefts[2], reason="另案 Another case")
    assert [one.dropped for one in dropped.members] == [False, False, True]
    assert refusal(lambda: rooms[2].read_series(key))[1] == "OUTSIDE_AREA"
    assert not rooms[2].incident(thefts[2]).series
    assert refusal(lambda: leader.judge(
        "DropSeriesMember", key, incident_id=thefts[1], reason="也是"))[1] == "SERIES_WOULD_END"
    leader.judge("AddSeriesMember", key, member=serieses.SeriesMemberContent(
        incident_id=thefts[2], reason="复核后并入 Back after all"))
    done = leader.judge("DissolveSeries", key, reason="嫌疑不同 Not the same")
    assert done.state == series.SERIES_STATE_DISSOLVED and done.dissolve_reason.startswith("嫌疑")
    assert not leader.incident(thefts[0]).series
    steps = [event.type.rsplit(".", 1)[1] for event in leader.timeline(thefts[2])]
    assert steps.count("SeriesMoved") == 3 and steps.count("SeriesMemberMoved") == 2
    with pytest.raises(grpc.RpcError):
        leader.judge("AddSeriesMember", key, member=serieses.SeriesMemberContent(
            incident_id=thefts[2], reason="已解除"))
    suite.caught_up()
    suite.stop()
    suite.quintet("verify", "store")
