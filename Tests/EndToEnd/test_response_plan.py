# A level-1 plan where units are short: free ones, conditionally available ones, staging ones, and at last
# one that is taken from a lower incident; duty down; and the machine dispatching only by a rule that a
# named person switched on.
import os
import signal
import time

import grpc
import pytest
from client import TIMEOUT, Client, assignment, dispatch, kind, units
from grpc_status import rpc_status
from google.rpc import error_details_pb2
from quintet.command.v1 import dispatch_rule_service_pb2 as rules
from quintet.command.v1 import dispatch_rule_service_pb2_grpc as rules_grpc
from quintet.command.v1 import events_pb2 as command_events
from quintet.duty.v1 import response_plan_service_pb2 as plans
from quintet.duty.v1 import response_plan_service_pb2_grpc as plans_grpc
from quintet.type.v1 import recommendation_pb2 as recommendation

SCENE = (22.5430, 114.0190)
SOURCE = recommendation.PlannedUnitSource


def reason(error):
    for detail in rpc_status.from_call(error).details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            return info.reason


def near(metres):
    return SCENE[0] + metres / 111_195, SCENE[1]


@pytest.fixture
def hall(fresh_suite):
    call = Client(fresh_suite.channel())
    call.plans = plans_grpc.ResponsePlanServiceStub(fresh_suite.channel())
    call.rules = rules_grpc.DispatchRuleServiceStub(fresh_suite.channel())
    return fresh_suite, call


def put_plan(call, count, **fields):
    return call(call.plans.PutResponsePlan, plans.PutResponsePlanRequest(
        name="一级响应 Level 1", level=kind.INCIDENT_LEVEL_1, takes_from_lower_levels=True,
        keeps_coverage=True, lines=[
            plans.ResponsePlanLine(title="先到 First", count=count, kinds=[units.UNIT_KIND_CAR],
                                   within_s=900),
            plans.ResponsePlanLine(title="待命 Staging", count=1, kinds=[units.UNIT_KIND_CAR],
                                   within_s=900, is_staging=True)], **fields)).plan


def states(call, incident_id):
    return {a.unit_id: a.state for a in call.incident(incident_id).assignments}


def test_a_level_1_plan_takes_what_there_is_in_order_and_says_what_is_missing(hall):
    suite, call = hall
    free = call.make_unit("空闲1", near(900))
    conditional = call.make_unit("有条件2", near(300))
    call(call.units.SetUnitStatus, units.SetUnitStatusRequest(
        unit_id=conditional.id, availability=units.AVAILABILITY_CONDITIONALLY_AVAILABLE))
    staging = call.make_unit("待命3", near(200))
    call(call.units.SetUnitStatus, units.SetUnitStatusRequest(
        unit_id=staging.id, availability=units.AVAILABILITY_NOT_AVAILABLE,
        secondary_status=units.SECONDARY_STATUS_STAGING))
    lower, equal, scene = (call.make_unit(name, near(100)) for name in ("低4", "同5", "现场6"))
    busy = {}
    for unit, level in ((lower, kind.INCIDENT_LEVEL_4), (equal, kind.INCIDENT_LEVEL_1),
                        (scene, kind.INCIDENT_LEVEL_4)):
        told = call.open_incident(near(2000), "另一起", kind.INCIDENT_CLASS_HELP, level)
        sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=told.incident_id, unit_ids=[unit.id]))
        busy[unit.id] = (told.incident_id, sent.assignments[0].id)
    for step in (assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
                 assignment.ASSIGNMENT_STEP_ARRIVE):
        call.step(busy[scene.id][1], step)
    # One who does not fit the plan at all.
    put_plan(call, 4)
    told = call.open_incident(SCENE, "化工厂爆炸", kind.INCIDENT_CLASS_DISASTER,
                              kind.INCIDENT_LEVEL_1)
    suite.caught_up()

    answer = call(call.dispatch.PlanResponse, dispatch.PlanResponseRequest(
        incident_id=told.incident_id))
    plan = answer.recommendation.plan
    assert plan.plan_name == "一级响应 Level 1" and plan.method == "min_cost_matching exact"
    chosen = {u.unit_id: u for line in plan.lines for u in line.units}
    assert {unit: SOURCE.Name(u.source) for unit, u in chosen.items()} == {
        free.id: "PLANNED_UNIT_SOURCE_FREE", conditional.id: "PLANNED_UNIT_SOURCE_CONDITIONAL",
        staging.id: "PLANNED_UNIT_SOURCE_STAGING", lower.id: "PLANNED_UNIT_SOURCE_REASSIGNED"}
    assert list(chosen[lower.id].taken_from_incident_ids) == [busy[lower.id][0]]
    # The last line stays empty, and says so.
    assert [line.missing_count for line in plan.lines] == [0, 1]
    assert "缺 1" in plan.lines[1].reason and "1 missing" in plan.lines[1].reason
    assert not plan.is_complete
    why_not = {u.unit_id: u.detail for u in answer.recommendation.passed_over}
    assert "不可改派" in why_not[equal.id] and "不可改派" in why_not[scene.id]

    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=told.incident_id, recommendation_id=answer.recommendation_id))
    assert {a.unit_id for a in sent.assignments} == set(chosen)
    # Whoever was taken is off the lower incident; the others are as they were.
    assert states(call, busy[lower.id][0]) == {lower.id: assignment.ASSIGNMENT_STATE_CANCELLED}
    assert states(call, busy[equal.id][0]) == {equal.id: assignment.ASSIGNMENT_STATE_DISPATCHED}
    assert states(call, busy[scene.id][0]) == {scene.id: assignment.ASSIGNMENT_STATE_ON_SCENE}
    left = call(call.dispatch.GetAssignment, dispatch.GetAssignmentRequest(
        assignment_id=busy[lower.id][1])).assignment
    assert "改派至警情" in left.note and "instead" in left.note
    suite.caught_up()
    unit = call(call.units.GetUnit, units.GetUnitRequest(unit_id=lower.id)).unit
    assert list(unit.incident_ids) == [told.incident_id]


def test_without_duty_or_without_a_level_the_answer_says_so_and_hands_still_work(hall):
    suite, call = hall
    unit = call.make_unit("空闲1", near(900))
    told = call.open_incident(SCENE, "火情", kind.INCIDENT_CLASS_DISASTER, kind.INCIDENT_LEVEL_2)
    vague = call.open_incident(
        SCENE, "不明", kind.INCIDENT_CLASS_UNSPECIFIED, kind.INCIDENT_LEVEL_UNSPECIFIED)
    with pytest.raises(grpc.RpcError) as refused:
        call(call.dispatch.PlanResponse, dispatch.PlanResponseRequest(
            incident_id=vague.incident_id))
    assert reason(refused.value) == "CLASSIFICATION_INCOMPLETE"
    with pytest.raises(grpc.RpcError) as refused:
        call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=told.incident_id))
    assert reason(refused.value) == "REQUIRED"
    os.kill(suite.pid("duty"), signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(grpc.RpcError) as refused:
            call(call.dispatch.PlanResponse, dispatch.PlanResponseRequest(
                incident_id=told.incident_id))
        assert reason(refused.value) == "DUTY_UNAVAILABLE"
        assert time.monotonic() - began < TIMEOUT
        sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=told.incident_id, unit_ids=[unit.id]))
        assert len(sent.assignments) == 1
    finally:
        os.kill(suite.pid("duty"), signal.SIGCONT)


# The machine.

def waits_for(check, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.05)
    return check()


def switch_on(call, **fields):
    return call(call.rules.SwitchOnDispatchRule, rules.SwitchOnDispatchRuleRequest(**{
        "incident_classes": [kind.INCIDENT_CLASS_TRAFFIC], "levels": [kind.INCIDENT_LEVEL_4],
        "reason": "台风夜，话务激增 Typhoon night", "duration_s": 3600, **fields})).rule


def test_nothing_is_dispatched_by_the_machine_but_by_a_rule_that_a_person_switched_on(hall):
    suite, call = hall
    for number in range(4):
        call.make_unit(f"巡{number}", near(100 * number + 100))
    before = call.open_incident(SCENE, "追尾", kind.INCIDENT_CLASS_TRAFFIC)
    rule = switch_on(call)
    assert rule.is_on and rule.switched_on_by == "person/zhang.wei"
    assert rule.end_time.ToSeconds() - rule.switch_on_time.ToSeconds() == 3600
    other = call.open_incident(SCENE, "走失", kind.INCIDENT_CLASS_HELP)
    graver = call.open_incident(
        SCENE, "连环相撞", kind.INCIDENT_CLASS_TRAFFIC, kind.INCIDENT_LEVEL_2)
    covered = call.open_incident(SCENE, "刮擦", kind.INCIDENT_CLASS_TRAFFIC)
    sent = waits_for(lambda: list(call.incident(covered.incident_id).assignments))
    assert len(sent) == 1
    # It says by which rule and whom, in the assignment, in the order and in the timeline.
    assert sent[0].dispatch_rule_id == rule.id and sent[0].recommendation_id.startswith("rec_")
    issued = [e for e in call.timeline(covered.incident_id)
              if e.type == "quintet.command.v1.DirectiveIssued"]
    assert issued[0].actor == "service/command" and rule.id in issued[0].cause
    order = command_events.DirectiveIssued.FromString(issued[0].payload.value).directive
    assert rule.id in order.text and "person/zhang.wei" in order.text
    # A second incident goes through a whole round: the others had their turn before it.
    later = call.open_incident(SCENE, "剐蹭", kind.INCIDENT_CLASS_TRAFFIC)
    assert waits_for(lambda: list(call.incident(later.incident_id).assignments))
    for untouched in (before, other, graver):
        assert not call.incident(untouched.incident_id).assignments
    # Off again: nothing more. A hand's dispatch behind it shows that time went by.
    off = call(call.rules.SwitchOffDispatchRule, rules.SwitchOffDispatchRuleRequest(
        dispatch_rule_id=rule.id)).rule
    assert not off.is_on and off.switched_off_by == "person/zhang.wei"
    with pytest.raises(grpc.RpcError) as refused:
        call(call.rules.SwitchOffDispatchRule, rules.SwitchOffDispatchRuleRequest(
            dispatch_rule_id=rule.id))
    assert reason(refused.value) == "MOVE_NOT_ALLOWED"
    quiet = call.open_incident(SCENE, "再刮擦", kind.INCIDENT_CLASS_TRAFFIC)
    loud = switch_on(call, incident_classes=[kind.INCIDENT_CLASS_DISPUTE])
    marker = call.open_incident(SCENE, "争吵", kind.INCIDENT_CLASS_DISPUTE)
    assert waits_for(lambda: list(call.incident(marker.incident_id).assignments))
    assert not call.incident(quiet.incident_id).assignments
    listed = call(call.rules.ListDispatchRules, rules.ListDispatchRulesRequest(page_size=1))
    assert [r.id for r in listed.rules] == [loud.id] and listed.next_page_token
    # The tree of the audit has it all.
    suite.caught_up()
    said = suite.quintet("verify", "audit", check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_rule_needs_a_person_a_reason_and_an_end(hall):
    _, call = hall
    for fields, expected in (({"reason": " "}, "REQUIRED"), ({"levels": []}, "REQUIRED"),
                             ({"duration_s": 0}, "REQUIRED"), ({"duration_s": 59}, "OUT_OF_RANGE"),
                             ({"duration_s": 31 * 86_400 + 1}, "OUT_OF_RANGE"),
                             ({"levels": [9]}, "UNSPECIFIED")):
        with pytest.raises(grpc.RpcError) as refused:
            switch_on(call, **fields)
        assert reason(refused.value) == expected, fields
    assert not call(call.rules.ListDispatchRules, rules.ListDispatchRulesRequest()).rules
