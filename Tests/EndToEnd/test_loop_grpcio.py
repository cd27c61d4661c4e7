# 接警—研判—指令—处置—反馈—评估 through the gateway, driven by Python's gRPC.
import time

import grpc
import pytest
from client import (
    Client, assessments, assignment, calls, deadlines, directive, directives, dispatch, evaluations,
    incidents, kind, location, opinion, organisation, review, units, wgs84)
from grpc_status import rpc_status

CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]
SCENE = (28.02, 120.65)


@pytest.fixture(scope="module")
def dispatcher(suite):
    return Client(suite.channel())


@pytest.fixture(scope="module")
def bureau(suite, dispatcher):
    station = dispatcher.make_station("S1", "青云派出所", CORNERS)
    near = dispatcher.make_unit("近 01", (28.021, 120.651), station.id, ["taser"])
    far = dispatcher.make_unit("远 02", (28.05, 120.69), station.id, ["taser"])
    bare = dispatcher.make_unit("空 03", (28.0201, 120.6501), station.id)
    suite.caught_up()
    return {"station": station, "near": near, "far": far, "bare": bare}


def eventually(look, timeout=10):
    """Other services hear of it by their feeds: a moment later."""
    end = time.monotonic() + timeout
    while True:
        try:
            found = look()
            if found:
                return found
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.02)


def test_the_whole_loop(suite, dispatcher, bureau):
    call = dispatcher
    # A first call, so that the second has something to repeat.
    earlier = call.open_incident(
        SCENE, "夫妻吵架，丈夫动手", kind.INCIDENT_CLASS_DISPUTE, phone="13800005678",
        address="青云路 8 号 302 室")
    opened = call.open_incident(
        SCENE, "又吵起来了，有人持刀", kind.INCIDENT_CLASS_DISPUTE, level=kind.INCIDENT_LEVEL_3,
        phone="+8613800005678", address="青云路8号302室")
    incident_id = opened.incident_id
    assert opened.call_report.masked_phone.endswith("5678")
    assert "0000" not in opened.call_report.masked_phone

    # 研判
    found = eventually(lambda: call(
        call.assessments.GetAssessment,
        assessments.GetAssessmentRequest(incident_id=incident_id)).assessment)
    assert found.jurisdiction.station_id == bureau["station"].id
    same_phone = [r for r in found.repeats if r.link == assessments.REPEAT_LINK_SAME_PHONE]
    assert [e.incident_id for e in same_phone[0].evidence] == [earlier.incident_id]
    eventually(lambda: call.incident(incident_id).advice.repeat_count)

    # 指令: a recommendation that says why, kept with the dispatch.
    call(call.incidents.QueueIncident, incidents.QueueIncidentRequest(incident_id=incident_id))
    advice = call(call.dispatch.RecommendUnits, dispatch.RecommendUnitsRequest(
        incident_id=incident_id, limit=1, capabilities=["taser"]))
    chosen = advice.recommendation.units[0]
    assert chosen.unit_id == bureau["near"].id
    assert 0 < chosen.distance_m < 500 and chosen.travel_time_s > 0 and chosen.fix_age_s >= 0
    passed = {p.unit_id: p for p in advice.recommendation.passed_over}
    assert bureau["bare"].id in passed and passed[bureau["bare"].id].detail
    assert bureau["far"].id in passed
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=incident_id, unit_ids=[chosen.unit_id],
        recommendation_id=advice.recommendation_id, instruction="速到现场控制持刀人"))
    kept = call(call.dispatch.GetRecommendation, dispatch.GetRecommendationRequest(
        recommendation_id=advice.recommendation_id))
    assert kept.recommendation == advice.recommendation
    assert sent.assignments[0].recommendation_id == advice.recommendation_id

    # The unit is seen as taken, elsewhere and at once enough.
    unit = eventually(lambda: next(iter([u for u in [call(
        call.units.GetUnit, units.GetUnitRequest(unit_id=chosen.unit_id)).unit]
        if u.availability == units.AVAILABILITY_NOT_AVAILABLE]), None))
    assert list(unit.incident_ids) == [incident_id]

    # A directive to the station beside it.
    recipient = directive.Recipient(
        kind=directive.RECIPIENT_KIND_STATION, id=bureau["station"].id)
    order = call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
        content=directives.DirectiveContent(
            directive_class=directive.DIRECTIVE_CLASS_URGENT, incident_id=incident_id,
            title="落实化解", text="三日内上门回访", recipients=[recipient]))).directive
    for method, request in (
        (call.directives.ConfirmDelivery, directives.ConfirmDeliveryRequest),
        (call.directives.AcknowledgeDirective, directives.AcknowledgeDirectiveRequest),
        (call.directives.StartDirective, directives.StartDirectiveRequest),
    ):
        call(method, request(directive_id=order.id, recipient=recipient))
    call(call.directives.SubmitDirectiveFeedback, directives.SubmitDirectiveFeedbackRequest(
        directive_id=order.id, recipient=recipient, text="已约双方周三到所里调解，刀具已收缴"))
    call(call.directives.AcceptDirectiveFeedback, directives.AcceptDirectiveFeedbackRequest(
        directive_id=order.id, recipient=recipient))

    # 处置
    made = sent.assignments[0].id
    call.run_assignment(made)
    assert call.incident(incident_id).state == kind_state("AWAITING_FEEDBACK")

    # 反馈: too weak, returned by supervision; then done again.
    call(call.review.SubmitIncidentFeedback, review.SubmitIncidentFeedbackRequest(
        incident_id=incident_id, text="已处理"))
    returned = eventually(lambda: next(iter([i for i in [call.incident(incident_id)]
                          if i.state == kind_state("AWAITING_FEEDBACK")]), None))
    assert returned.feedback.return_count == 1
    call(call.review.SubmitIncidentFeedback, review.SubmitIncidentFeedbackRequest(
        incident_id=incident_id, text="到场后控制持刀丈夫，刀具收缴，双方带回所内调解"))
    suite.caught_up()
    closed = call(call.review.CloseIncident, review.CloseIncidentRequest(
        incident_id=incident_id)).incident
    assert closed.state == kind_state("CLOSED")

    # 评估
    judged = eventually(lambda: call(
        call.evaluations.GetEvaluation,
        evaluations.GetEvaluationRequest(incident_id=incident_id)).evaluation)
    assert judged.met_count >= 4 and judged.return_count == 1

    # 舆情
    topic = call(call.opinion.SubmitItem, opinion.SubmitItemRequest(
        source=opinion.OPINION_SOURCE_SOCIAL, text="青云路有人持刀，警察几分钟就到了")).topic
    again = call(call.opinion.SubmitItem, opinion.SubmitItemRequest(
        source=opinion.OPINION_SOURCE_SOCIAL, text="青云路有人持刀！警察几分钟就到了。")).topic
    assert again.id == topic.id and again.item_count == 2
    call(call.opinion.TieTopic, opinion.TieTopicRequest(
        topic_id=topic.id, incident_id=incident_id))
    call.publish(topic.id, "情况属实，无人受伤，当事人已被控制。", suite.client("person/leader"))

    # One timeline from all five, in order, each with actor and cause.
    suite.caught_up()
    timeline = call.timeline(incident_id)
    assert {event.service for event in timeline} == {
        "command", "duty", "intelligence", "publicopinion", "supervision"}
    times = [event.occur_time.ToNanoseconds() for event in timeline]
    assert times == sorted(times)
    assert all(event.actor and event.cause for event in timeline)
    by_type = [event.type.rsplit(".", 1)[1] for event in timeline]
    for expected in ("IncidentOpened", "IncidentAssessed", "RecommendationMade",
                     "UnitsRecommended", "DirectiveIssued", "AssignmentMoved", "DeadlineStarted",
                     "DeadlineStopped", "FeedbackFoundWeak", "IncidentEvaluated", "TopicTied"):
        assert expected in by_type, expected
    assert by_type.index("IncidentOpened") < by_type.index("IncidentAssessed")
    weak = next(e for e in timeline if e.type.endswith("IncidentMoved")
                and e.actor == "service/supervision")
    assert weak.cause

    # The clocks all stopped.
    running = call(call.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(
        incident_id=incident_id,
        states=[deadlines.DEADLINE_STATE_RUNNING, deadlines.DEADLINE_STATE_WARNED])).deadlines
    assert not running

    # Reopened only with a reason.
    with pytest.raises(grpc.RpcError) as refused:
        call(call.review.ReopenIncident, review.ReopenIncidentRequest(incident_id=incident_id))
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    reopened = call(call.review.ReopenIncident, review.ReopenIncidentRequest(
        incident_id=incident_id, reason="当事人再次来电")).incident
    assert reopened.state == kind_state("ACTIVE") and reopened.reopen_count == 1


def kind_state(name):
    from quintet.command.v1 import incident_pb2

    return incident_pb2.IncidentState.Value(f"INCIDENT_STATE_{name}")


def test_gcj02_is_converted_and_the_raw_point_is_kept(dispatcher):
    given = location.GeoPoint(
        latitude=39.90873, longitude=116.39734, datum=location.DATUM_GCJ02)
    opened = dispatcher.open_incident(given, "地图点选", kind.INCIDENT_CLASS_HELP)
    stored = dispatcher.incident(opened.incident_id).location
    assert stored.point == given
    assert stored.wgs84_point.datum == location.DATUM_WGS84
    assert abs(stored.wgs84_point.latitude - 39.90733) < 3e-5
    assert abs(stored.wgs84_point.longitude - 116.39111) < 3e-5


def test_the_same_request_gives_the_same_answer_and_other_content_is_refused(dispatcher):
    request = calls.AnswerCallRequest(
        request_id="same-1", content=dispatcher.content(SCENE, "同一请求"))
    first = dispatcher(dispatcher.calls.AnswerCall, request)
    assert dispatcher(dispatcher.calls.AnswerCall, request) == first
    request.content.narrative = "别的内容"
    with pytest.raises(grpc.RpcError) as refused:
        dispatcher(dispatcher.calls.AnswerCall, request)
    assert refused.value.code() == grpc.StatusCode.ALREADY_EXISTS
    assert reason(refused.value) == "REQUEST_ID_REUSED"


def reason(error):
    from google.rpc import error_details_pb2

    status = rpc_status.from_call(error)
    for detail in status.details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            return info.reason
    return None


def test_a_unit_sees_its_directive_on_its_stream(suite, dispatcher, bureau):
    unit = dispatcher.make_unit("听 04", (28.03, 120.66), bureau["station"].id)
    stream = dispatcher.directives.WatchDirectives(directives.WatchDirectivesRequest(
        recipient=directive.Recipient(kind=directive.RECIPIENT_KIND_UNIT, id=unit.id)))
    opened = dispatcher.open_incident(SCENE, "路边有人晕倒", kind.INCIDENT_CLASS_HELP)
    sent = dispatcher(dispatcher.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=opened.incident_id, unit_ids=[unit.id], instruction="查看并呼叫 120"))
    for message in stream:
        if message.directive.id == sent.directive.id:
            assert message.assignment_id == sent.assignments[0].id
            break
    stream.cancel()


def test_a_dead_duty_never_blocks_a_dispatcher(fresh_suite):
    import os
    import signal

    suite = fresh_suite
    call = Client(suite.channel())
    unit = call.make_unit("独 01", (28.02, 120.65))
    opened = call.open_incident(SCENE, "入室盗窃", kind.INCIDENT_CLASS_CRIMINAL)
    os.kill(suite.pid("duty"), signal.SIGTERM)
    eventually(lambda: any("duty" in line and "stopped" in line for line in suite.output))
    with pytest.raises(grpc.RpcError) as refused:
        call(call.dispatch.RecommendUnits, dispatch.RecommendUnitsRequest(
            incident_id=opened.incident_id))
    assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
    assert reason(refused.value) == "DUTY_UNAVAILABLE"
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=opened.incident_id, unit_ids=[unit.id]))
    assert sent.assignments[0].state == assignment.ASSIGNMENT_STATE_DISPATCHED
