# D5: 09:00 deployment. The leader of a post sees the last weeks' calls around it, gets a suggestion with its
# reasons and its gain, changes it and accepts; the units see where they are to be; in the evening it is compared
# with what came. What patrols found themselves moves nobody.
import datetime
import time

import grpc
import pytest
from client import Client, assignment, dispatch, kind, organisation, units, wgs84
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import incident_service_pb2 as incidents
from quintet.duty.v1 import deployment_pb2 as deployment
from quintet.duty.v1 import deployment_service_pb2 as deployments
from quintet.duty.v1 import deployment_service_pb2_grpc as deployments_grpc
from quintet.duty.v1 import events_pb2 as duty_events
from quintet.events.v1 import event_service_pb2 as feed
from quintet.events.v1 import event_service_pb2_grpc as feed_grpc

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
AREA = [(28.00, 120.60), (28.00, 120.70), (28.09, 120.70), (28.09, 120.60)]
SCHOOL, MARKET = (28.070, 120.680), (28.070, 120.610)
HOUR, DAY = 3600, 86400
# Yesterday at nine in Shanghai: a deployment whose hours are over can be compared.
MIDNIGHT = int(datetime.datetime.now(SHANGHAI).replace(
    hour=0, minute=0, second=0, microsecond=0).timestamp()) - DAY
NINE = MIDNIGHT + 9 * HOUR
DATE = datetime.datetime.fromtimestamp(MIDNIGHT, SHANGHAI).date().isoformat()


def stamp(seconds):
    return Timestamp(seconds=int(seconds))


def facts(error):
    reason = field = None
    for detail in rpc_status.from_call(error).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return error.code(), reason, field


def refused(call, method, request):
    with pytest.raises(grpc.RpcError) as error:
        call(method, request)
    return facts(error.value)


@pytest.fixture
def post(fresh_suite):
    call = Client(fresh_suite.channel())
    call.deployments = deployments_grpc.DeploymentServiceStub(fresh_suite.channel())
    call(call.units.PutTravelModel, units.PutTravelModelRequest(
        model=units.TravelModel(detour_factor=1.2, speed_mps=12, turnout_s=25)))
    call.station = call.make_station("P1", "东门警务站", AREA, organisation.AREA_CLASS_CENTRE)
    call.cars = [call.make_unit(f"东门巡{n}", (28.010, 120.650), call.station.id) for n in (1, 2)]
    return fresh_suite, call


def past(call, name, at, hour, origin=kind.INCIDENT_ORIGIN_CITIZEN_REPORTED, a_day=2):
    """Some calls a day at one place and hour, for four weeks before the day."""
    return call(call.deployments.ImportPastCalls, deployments.ImportPastCallsRequest(
        source="old-110", calls=[deployments.PastCall(
            reference=f"{name}-{day}-{n}", origin=origin, incident_class=kind.INCIDENT_CLASS_TRAFFIC,
            point=wgs84(*at), receive_time=stamp(MIDNIGHT - day * DAY + hour * HOUR + n * 600))
            for day in range(1, 29) for n in range(a_day)])).taken_count


def suggest(call, **fields):
    return call(call.deployments.SuggestDeployment, deployments.SuggestDeploymentRequest(**{
        "org_unit_id": call.station.id, "date": DATE, "start_hour": 9, "hour_count": 12,
        "as_of_time": stamp(NINE), **fields})).deployment


def told(suite):
    stub = feed_grpc.EventServiceStub(suite.channel("duty"))
    found = []
    try:
        for answer in stub.Watch(feed.WatchRequest(
                partition="main", types=[duty_events.DeploymentMoved.DESCRIPTOR.full_name]), timeout=2):
            if answer.HasField("event"):
                payload = duty_events.DeploymentMoved()
                answer.event.payload.Unpack(payload)
                found.append(payload)
    except grpc.RpcError:
        pass
    return found


def test_from_yesterdays_calls_to_an_accepted_deployment_and_what_came_of_it(post):
    suite, call = post
    assert past(call, "school", SCHOOL, 16) == 56 and past(call, "market", MARKET, 10) == 56
    made = suggest(call)
    assert made.state == deployment.DEPLOYMENT_STATE_PROPOSED and not made.posts
    # Every move has its reason in both languages, and goes where calls come in its hours.
    moves = [p for p in made.suggestion.posts if p.is_moved]
    assert {p.unit_id for p in moves} <= {car.id for car in call.cars} and moves
    for move in made.suggestion.posts:
        assert "群众报警" in move.reason and "citizens' calls" in move.reason
        assert move.place_name == "东门警务站"
    gains = made.suggestion.gains
    assert [g.call_count for g in gains] == [56, 0, 56, 0] and [g.before_count for g in gains] == [0, 0, 0, 0]
    assert [g.after_count for g in gains] == [56, 0, 56, 0]
    for gain in gains:
        assert 0 <= gain.expected_before <= gain.expected_after <= gain.expected_calls + 1e-9
    # Two calls a day come in each of these windows: about two are expected, smoothed over its sides.
    assert 0.8 < gains[0].expected_calls < 2.5
    assert made.suggestion.basis.counted_count == 112 and "mclp" in made.suggestion.method
    assert suggest(call).suggestion == made.suggestion

    # The leader changes one: without a reason it is refused, with one it is a deployment.
    choice = [deployments.ChosenPost(unit_id=p.unit_id, point=p.point, start_time=p.start_time, end_time=p.end_time)
              for p in made.suggestion.posts]
    stays = next(i for i, p in enumerate(made.suggestion.posts) if p.is_moved)
    choice[stays].point.CopyFrom(wgs84(28.010, 120.650))
    asked = dict(deployment_id=made.id, etag=made.etag, posts=choice, occur_time=stamp(NINE + 300))
    assert refused(call, call.deployments.AcceptDeployment, deployments.AcceptDeploymentRequest(
        **asked))[1:] == ("REQUIRED", "reason")
    yes = deployments.AcceptDeploymentRequest(
        request_id="d5-accept", reason="该车护送学生 It takes children to school", **asked)
    accepted = call(call.deployments.AcceptDeployment, yes).deployment
    assert accepted.is_changed and accepted.state == deployment.DEPLOYMENT_STATE_ACCEPTED
    assert sum(g.after_count for g in accepted.gains) < 112
    assert call(call.deployments.AcceptDeployment, yes).deployment == accepted
    assert refused(call, call.deployments.RefuseDeployment, deployments.RefuseDeploymentRequest(
        deployment_id=made.id, reason="晚了", occur_time=stamp(NINE + 400)))[:2] == (
            grpc.StatusCode.FAILED_PRECONDITION, "MOVE_NOT_ALLOWED")
    assert refused(call, call.deployments.AcceptDeployment, deployments.AcceptDeploymentRequest(
        deployment_id=made.id, etag="1"))[:2] == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")

    # The unit sees its own; another's unit sees nothing.
    stub = deployments_grpc.DeploymentServiceStub(suite.anonymous_channel())

    def seen(seat):
        token = suite.tokens.sign(suite.tokens.claims("person/unit", roles=["officer"], areas=[], seat=seat))
        return stub.ListDeployments(deployments.ListDeploymentsRequest(), timeout=10,
                                    metadata=(("authorization", f"Bearer {token}"),)).deployments
    assert [d.id for d in seen(call.cars[0].id)] == [made.id]
    elsewhere = call.make_unit("别处1", (28.2, 120.65))
    assert not seen(elsewhere.id)

    # What came: at the market in time, at the school one that was merged, one that an officer found.
    def opened(at, hour, text):
        return call.open_incident(at, text, kind.INCIDENT_CLASS_TRAFFIC, receive_time=stamp(MIDNIGHT + hour * HOUR))
    market, school, twin = opened(MARKET, 10.5, "剐蹭"), opened(SCHOOL, 16.5, "追尾"), opened(SCHOOL, 16.6, "同一起")
    opened(SCHOOL, 23.5, "时段之外")
    call(call.incidents.MergeIncident, incidents.MergeIncidentRequest(
        incident_id=twin.incident_id, into_incident_id=school.incident_id, reason="同一起"))
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=market.incident_id, unit_ids=[call.cars[0].id])).assignments[0]
    for step in (assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
                 assignment.ASSIGNMENT_STEP_ARRIVE):
        call.step(sent.id, step)
    suite.caught_up()
    compared = call(call.deployments.CompareDeployment, deployments.CompareDeploymentRequest(
        deployment_id=made.id)).deployment
    outcome = compared.outcome
    assert compared.state == deployment.DEPLOYMENT_STATE_ENDED
    assert outcome.call_count == 2 and outcome.without_count == 0
    assert outcome.with_count == sum(g.after_count == 56 for g in accepted.gains if g.call_count)
    assert (outcome.arrived_count, outcome.arrived_within_count) == (1, 1)
    assert [(x.reason, x.count) for x in outcome.left_out] == [(deployment.DEMAND_EXCLUSION_MERGED, 1)]
    assert "同一模型" in outcome.summary and "the same model" in outcome.summary
    states = [(m.deployment.id == made.id, m.deployment.state) for m in told(suite)]
    assert states.count((True, deployment.DEPLOYMENT_STATE_ENDED)) == 1
    said = suite.quintet("verify", "audit", check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_what_patrols_found_moves_nobody(post):
    suite, call = post
    past(call, "school", SCHOOL, 16)
    plain = suggest(call).suggestion
    for round in range(2):
        past(call, f"found-{round}", (28.02, 120.605), 10, kind.INCIDENT_ORIGIN_OFFICER_DISCOVERED, a_day=30)
        mixed = suggest(call).suggestion
        assert mixed.posts == plain.posts and mixed.gains == plain.gains and mixed.summary == plain.summary
    assert [(x.reason, x.count) for x in mixed.basis.left_out] == [
        (deployment.DEMAND_EXCLUSION_OFFICER_DISCOVERED, 28 * 60)]
    # They are shown, apart; and nothing that names anybody is.
    demand = call(call.deployments.GetDemand, deployments.GetDemandRequest(
        org_unit_id=call.station.id, as_of_time=stamp(NINE)))
    assert [sum(p.citizen_hours) for p in demand.places] == [0, 56]
    assert demand.places[0].discovered_hours[10] == 28 * 6 * 2


def test_whose_post_it_is_not_and_bad_input(post):
    suite, call = post
    past(call, "school", SCHOOL, 16)
    made = suggest(call)
    other = call.make_station("P2", "西门警务站", [(28.2, 120.6), (28.2, 120.7), (28.3, 120.7), (28.3, 120.6)])
    stub = deployments_grpc.DeploymentServiceStub(suite.anonymous_channel())
    token = suite.tokens.sign(suite.tokens.claims("person/west", roles=["station"], areas=[other.id]))

    def west(method, request):
        return method(request, timeout=10, metadata=(("authorization", f"Bearer {token}"),))
    assert refused(west, stub.GetDeployment, deployments.GetDeploymentRequest(
        deployment_id=made.id))[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OUTSIDE_AREA")
    assert refused(west, stub.SuggestDeployment, deployments.SuggestDeploymentRequest(
        request_id="west", org_unit_id=call.station.id, date=DATE))[1] == "OUTSIDE_AREA"
    assert not west(stub.ListDeployments, deployments.ListDeploymentsRequest()).deployments

    ask = dict(org_unit_id=call.station.id, date=DATE, start_hour=9)
    for change, reason, field in (
            ({"date": "yesterday"}, "DATE_INVALID", "date"), ({"start_hour": 24}, "OUT_OF_RANGE", "start_hour"),
            ({"window_hours": 13}, "OUT_OF_RANGE", "window_hours"), ({"radius_m": 1}, "OUT_OF_RANGE", "radius_m"),
            ({"unit_ids": ["x"]}, "ID_INVALID", "unit_ids[0]"),
            ({"as_of_time": stamp(time.time() + 600)}, "TIME_IN_FUTURE", "as_of_time")):
        assert refused(call, call.deployments.SuggestDeployment, deployments.SuggestDeploymentRequest(
            **{**ask, **change})) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)
    assert refused(call, call.deployments.CompareDeployment, deployments.CompareDeploymentRequest(
        deployment_id=made.id))[1] == "MOVE_NOT_ALLOWED"
    gone = call(call.deployments.RefuseDeployment, deployments.RefuseDeploymentRequest(
        deployment_id=made.id, reason="另有安保任务", occur_time=stamp(NINE + 60))).deployment
    assert gone.state == deployment.DEPLOYMENT_STATE_REFUSED and gone.decided_by == "person/zhang.wei"
