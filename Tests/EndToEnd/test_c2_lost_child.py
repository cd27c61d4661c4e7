# C2: 19:50 near a park, a child is lost. Units within 500 m are filtered on the sand table, one is
# sent, is there within four minutes of the order, feeds back, and the incident is closed. The times
# are those of the evening, replayed.
import datetime
import re

import pytest
from client import (
    TIMEOUT, Client, assignment, dispatch, kind, review, units, wgs84)
from google.protobuf.timestamp_pb2 import Timestamp
from quintet.command.v1 import incident_pb2 as incident
from test_road_network import REAL

from roads import FUTIAN

PARK = (22.5430, 114.0190)
EVENING = datetime.datetime(2025, 6, 1, 11, 50, tzinfo=datetime.timezone.utc)  # 19:50 in China


def at(seconds):
    stamp = Timestamp()
    stamp.FromDatetime(EVENING + datetime.timedelta(seconds=seconds))
    return stamp


def place(north, east):
    """Metres from the park."""
    return PARK[0] + north / 111_195, PARK[1] + east / 102_700


@pytest.fixture
def evening(fresh_suite):
    """Five units around the park as they stood at 19:50."""
    call = Client(fresh_suite.channel())
    station = call.make_station(
        "S1", "香蜜派出所 Xiangmi", [place(-3000, -3000), place(-3000, 3000), place(3000, 3000),
                                place(3000, -3000)])
    made = {}
    for name, unit_kind, where in (
            ("步巡01", units.UNIT_KIND_FOOT, (120, 40)), ("巡车02", units.UNIT_KIND_CAR, (-300, 200)),
            ("巡车03", units.UNIT_KIND_CAR, (100, -60)), ("巡车04", units.UNIT_KIND_CAR, (1800, 900)),
            ("志愿05", units.UNIT_KIND_VOLUNTEER, (60, 20))):
        unit = call(call.units.PutUnit, units.PutUnitRequest(
            call_sign=name, kind=unit_kind, org_unit_id=station.id)).unit
        answer = call.units.ReportPositions(iter([units.ReportPositionsRequest(
            unit_id=unit.id, position=units.UnitPosition(
                point=wgs84(*place(*where)), fix_time=at(-20)))]), timeout=TIMEOUT)
        assert answer.accepted_count == 1
        made[name] = unit
    call(call.units.SetUnitStatus, units.SetUnitStatusRequest(
        unit_id=made["巡车03"].id, availability=units.AVAILABILITY_NOT_AVAILABLE,
        secondary_status=units.SECONDARY_STATUS_OUT_OF_SERVICE, occur_time=at(-60)))
    return fresh_suite, call, made


def both_languages(text):
    return re.search("[\u4e00-\u9fff]", text) and re.search("[A-Za-z]{4}", text)


@pytest.mark.parametrize("by_road", [False, pytest.param(True, marks=REAL)])
def test_a_lost_child_is_found_by_the_unit_that_the_circle_shows(evening, by_road):
    suite, call, made = evening
    if by_road:
        suite.quintet("import", "roads", str(FUTIAN))
    told = call.open_incident(
        PARK, "孩子在公园走失，男，6 岁，红色上衣", kind.INCIDENT_CLASS_HELP, address="香蜜公园东门",
        occur_time=at(-120), receive_time=at(0))
    suite.caught_up()

    # The circle of 500 m: whoever could go, nearest first; the car 2 km away is not in it.
    circle = call(call.units.ListUnitsNearby, units.ListUnitsNearbyRequest(
        point=wgs84(*PARK), as_of_time=at(10)))
    assert [u.unit.call_sign for u in circle.units] == ["志愿05", "巡车03", "步巡01", "巡车02"]
    assert [u.can_be_sent for u in circle.units] == [True, False, True, True]
    assert all(both_languages(u.reason) for u in circle.units)
    police = call(call.units.ListUnitsNearby, units.ListUnitsNearbyRequest(
        point=wgs84(*PARK), as_of_time=at(10),
        kinds=[units.UNIT_KIND_CAR, units.UNIT_KIND_FOOT],
        availabilities=[units.AVAILABILITY_AVAILABLE]))
    assert [u.unit.call_sign for u in police.units] == ["步巡01", "巡车02"]

    # The plan of level 4 asks for one unit; why this one, and not the others.
    plan = call(call.dispatch.PlanResponse, dispatch.PlanResponseRequest(
        incident_id=told.incident_id, occur_time=at(15)))
    chosen = plan.recommendation.units
    assert len(chosen) == 1 and plan.recommendation.plan.is_complete
    assert chosen[0].call_sign in ("步巡01", "巡车02")
    assert both_languages(chosen[0].reason) and both_languages(plan.recommendation.plan.summary)
    assert plan.recommendation.estimator.startswith("road_network" if by_road else "straight_line")
    why_not = {u.call_sign: u.detail for u in plan.recommendation.passed_over}
    assert set(why_not) == set(made) - {chosen[0].call_sign}
    assert all(both_languages(detail) for detail in why_not.values())
    assert "停用" in why_not["巡车03"] and "out of service" in why_not["巡车03"]
    assert "预案不需要此类警力" in why_not["志愿05"]
    assert "更远" in why_not["巡车04"]

    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=told.incident_id, recommendation_id=plan.recommendation_id,
        instruction="寻找走失儿童，先到公园东门与家长会合", occur_time=at(30)))
    assert [a.unit_id for a in sent.assignments] == [chosen[0].unit_id]
    assert sent.assignments[0].recommendation_id == plan.recommendation_id
    assert sent.assignments[0].dispatch_rule_id == ""
    order = sent.assignments[0].dispatch_time.ToSeconds()
    arrival = 30 + round(chosen[0].travel_time_s)
    for step, seconds in ((assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, 40),
                          (assignment.ASSIGNMENT_STEP_DEPART, 50),
                          (assignment.ASSIGNMENT_STEP_ARRIVE, arrival),
                          (assignment.ASSIGNMENT_STEP_CLEAR, arrival + 900)):
        done = call.step(sent.assignments[0].id, step, occur_time=at(seconds))
    assert 0 < done.arrive_time.ToSeconds() - order <= 240

    call(call.review.SubmitIncidentFeedback, review.SubmitIncidentFeedbackRequest(
        incident_id=told.incident_id, text="孩子在湖边找到，已交家长", disposal_code="found",
        occur_time=at(arrival + 1000)))
    call(call.review.CloseIncident, review.CloseIncidentRequest(
        incident_id=told.incident_id, occur_time=at(arrival + 1100)))
    assert call.incident(told.incident_id).state == incident.INCIDENT_STATE_CLOSED
    suite.caught_up()
    # The reasons stay with the incident.
    kept = call(call.dispatch.GetRecommendation, dispatch.GetRecommendationRequest(
        recommendation_id=plan.recommendation_id))
    assert kept.recommendation == plan.recommendation
    types = [event.type for event in call.timeline(told.incident_id)]
    assert "quintet.duty.v1.RecommendationMade" in types
