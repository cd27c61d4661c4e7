# D2: units. A rapid group goes whole or in parts; a unit is on two incidents at once; volunteers see their
# own part and no more. Positions and tracks are in test_d2_tracks.
import re
import time

import grpc
import pytest
from client import (
    TIMEOUT, Client, assignment, directive, directives, dispatch, kind, units, wgs84)
from conftest import SERVICES
from google.protobuf import descriptor_pool
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status
from test_access_table import called, filled

NORTH = [(28.00, 120.60), (28.00, 120.70), (28.05, 120.70), (28.05, 120.60)]
SOUTH = [(27.90, 120.60), (27.90, 120.70), (27.95, 120.70), (27.95, 120.60)]
AT = (28.02, 120.65)
STEPS = [assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
         assignment.ASSIGNMENT_STEP_ARRIVE, assignment.ASSIGNMENT_STEP_CLEAR]


def stamp(seconds):
    """So many seconds from now."""
    made = Timestamp()
    made.FromMicroseconds(int((time.time() + seconds) * 1e6))
    return made


def refusal(body):
    with pytest.raises(grpc.RpcError) as caught:
        body()
    info, field = error_details_pb2.ErrorInfo(), ""
    for detail in rpc_status.from_call(caught.value).details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            field = bad.field_violations[0].field
        detail.Unpack(info)
    return caught.value.code().name, info.reason, field


def both_languages(text):
    return re.search("[\u4e00-\u9fff]", text) and re.search("[A-Za-z]{4}", text)


class Hall:
    """A suite with two stations, and calls in the name of anybody."""

    def __init__(self, suite):
        self.suite, self.call = suite, Client(suite.channel())
        self.north = self.call.make_station("N1", "北所", NORTH)
        self.south = self.call.make_station("S1", "南所", SOUTH)

    def put(self, call_sign, unit_kind, **fields):
        fields.setdefault("org_unit_id", self.north.id)
        return self.call(self.call.units.PutUnit, units.PutUnitRequest(
            call_sign=call_sign, kind=unit_kind, **fields)).unit

    def get(self, unit_id):
        return self.call(self.call.units.GetUnit, units.GetUnitRequest(unit_id=unit_id)).unit

    def incident(self, narrative="商场门口多人斗殴", at=AT, **fields):
        opened = self.call.open_incident(
            at, narrative, kind.INCIDENT_CLASS_PUBLIC_ORDER, kind.INCIDENT_LEVEL_3, **fields)
        self.suite.caught_up()
        return opened

    def send(self, incident_id, *unit_ids, **fields):
        made = self.call(self.call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=incident_id, unit_ids=unit_ids, **fields))
        self.suite.caught_up()
        return made

    def steps(self, assignment_id, *steps):
        for step in steps:
            self.call.step(assignment_id, step)
        self.suite.caught_up()

    def token(self, role, areas=(), seat=None):
        claims = self.suite.tokens.claims(f"person/{role}", roles=[role], areas=list(areas), seat=seat)
        return self.suite.tokens.sign(claims)

    def as_(self, role, areas=(), seat=None):
        return (("authorization", f"Bearer {self.token(role, areas, seat)}"),)

    def report(self, unit_id, fixes):
        """Fixes are seconds from now, latitude, longitude."""
        answer = self.call.units.ReportPositions(iter([
            units.ReportPositionsRequest(unit_id=unit_id, position=units.UnitPosition(
                point=wgs84(latitude, longitude), fix_time=stamp(seconds)))
            for seconds, latitude, longitude in fixes]), timeout=TIMEOUT)
        assert answer.refused_count == 0, answer
        return answer


@pytest.fixture
def hall(fresh_suite):
    return Hall(fresh_suite)


def rapid_group(hall):
    """One command car, two cars, eight motorcycles: thirty people."""
    group = hall.put("快警1", units.UNIT_KIND_GROUP)
    crews = ([("快警1-指", units.UNIT_KIND_COMMAND_CAR, 4)]
             + [(f"快警1-车{n}", units.UNIT_KIND_CAR, 5) for n in (1, 2)]
             + [(f"快警1-骑{n}", units.UNIT_KIND_MOTORCYCLE, 2) for n in range(1, 9)])
    parts = {}
    for number, (sign, unit_kind, crew) in enumerate(crews):
        parts[sign] = hall.put(sign, unit_kind, group_id=group.id, headcount=crew).id
        # The last two do not say where they are.
        if number < 9:
            hall.report(parts[sign], [(-5, AT[0] + 0.001 * (number + 1), AT[1])])
    return group, parts


def test_a_rapid_group_goes_whole_or_in_parts(hall):
    call, suite = hall.call, hall.suite
    group, parts = rapid_group(hall)
    whole = hall.get(group.id)
    assert (whole.headcount, len(whole.group.parts), whole.group.free_count) == (30, 11, 11)
    assert whole.availability == units.AVAILABILITY_AVAILABLE
    assert whole.group.lead_unit_id == parts["快警1-指"]
    assert whole.position.point.latitude == pytest.approx(AT[0] + 0.001)

    # A part goes alone: the others are as free as before.
    first, second = hall.incident(), hall.incident("银行报警")
    alone = hall.send(first.incident_id, parts["快警1-骑2"]).assignments[0]
    hall.steps(alone.id, *STEPS[:2])
    assert all(hall.get(unit).availability == units.AVAILABILITY_AVAILABLE
               for sign, unit in parts.items() if sign != "快警1-骑2")
    whole = hall.get("快警1")
    assert whole.availability == units.AVAILABILITY_CONDITIONALLY_AVAILABLE
    assert whole.secondary_status == units.SECONDARY_STATUS_EN_ROUTE
    assert (whole.group.free_count, whole.group.free_headcount) == (10, 28)
    assert list(whole.incident_ids) == [first.incident_id]

    # The whole is sent: its free parts, each with its reason, and why the other stays.
    asked = dispatch.RecommendGroupRequest(
        request_id="group-1", incident_id=second.incident_id, group_id=group.id)
    told = call(call.dispatch.RecommendGroup, asked)
    going = {unit.unit_id: unit.reason for unit in told.recommendation.units}
    assert set(going) == set(parts.values()) - {parts["快警1-骑2"]}
    assert all(reason.startswith("随 快警1 出动") and both_languages(reason) for reason in going.values())
    assert "按编组位置" in going[parts["快警1-骑8"]] and "按编组位置" not in going[parts["快警1-车1"]]
    [stays] = told.recommendation.passed_over
    assert stays.call_sign == "快警1-骑2" and "途中" in stays.detail and both_languages(stays.detail)
    assert call(call.dispatch.RecommendGroup, asked) == told
    sent = hall.send(second.incident_id, recommendation_id=told.recommendation_id)
    assert {a.unit_id for a in sent.assignments} == set(going)
    assert {a.recommendation_id for a in sent.assignments} == {told.recommendation_id}
    assert hall.get(group.id).availability == units.AVAILABILITY_NOT_AVAILABLE

    # The command car goes to the first incident as well; freed on one, it stays on the other.
    commander = parts["快警1-指"]
    also = hall.send(first.incident_id, commander).assignments[0]
    here = next(a.id for a in sent.assignments if a.unit_id == commander)
    hall.steps(here, *STEPS[:3])
    hall.steps(also.id, *STEPS[:1])
    seen = hall.get(commander)
    assert seen.secondary_status == units.SECONDARY_STATUS_ON_SCENE
    assert set(seen.incident_ids) == {first.incident_id, second.incident_id}
    hall.steps(here, STEPS[3])
    seen = hall.get(commander)
    assert seen.availability == units.AVAILABILITY_NOT_AVAILABLE
    assert seen.secondary_status == units.SECONDARY_STATUS_DISPATCHED
    assert list(seen.incident_ids) == [first.incident_id]
    assert call(call.dispatch.GetAssignment, dispatch.GetAssignmentRequest(
        assignment_id=also.id)).assignment.state == assignment.ASSIGNMENT_STATE_ACKNOWLEDGED
    hall.steps(also.id, *STEPS[1:])
    assert hall.get(commander).availability == units.AVAILABILITY_AVAILABLE
    assert hall.get(group.id).group.free_count == 1
    types = [event.type for event in call.timeline(second.incident_id)]
    assert "quintet.duty.v1.RecommendationMade" in types

    # What cannot be is refused, and says why.
    nobody = "unit_0000000000e008000000000000"
    ask = lambda **fields: lambda: call(call.dispatch.RecommendGroup, dispatch.RecommendGroupRequest(**fields))
    put = lambda **fields: lambda: call(call.units.PutUnit, units.PutUnitRequest(**{
        "call_sign": "新", "kind": units.UNIT_KIND_CAR, "org_unit_id": hall.north.id, **fields}))
    assert [refusal(body) for body in (
        ask(incident_id=second.incident_id),
        ask(incident_id=second.incident_id, group_id="x"),
        ask(incident_id=second.incident_id, group_id=nobody),
        ask(incident_id=second.incident_id, group_id=commander),
        lambda: hall.send(second.incident_id, group.id),
        put(group_id=commander), put(group_id=nobody),
        put(group_id=group.id, org_unit_id=hall.south.id),
        put(kind=units.UNIT_KIND_GROUP, group_id=group.id), put(headcount=1001),
        lambda: call(call.units.SetUnitStatus, units.SetUnitStatusRequest(
            unit_id=group.id, availability=units.AVAILABILITY_AVAILABLE)),
        lambda: call(call.units.ListUnitsNearby, units.ListUnitsNearbyRequest(
            point=wgs84(*AT), kinds=[units.UNIT_KIND_GROUP])),
    )] == [
        ("INVALID_ARGUMENT", "REQUIRED", "group_id"), ("INVALID_ARGUMENT", "ID_INVALID", "group_id"),
        ("NOT_FOUND", "UNIT_UNKNOWN", "group_id"), ("FAILED_PRECONDITION", "UNIT_NOT_A_GROUP", ""),
        ("FAILED_PRECONDITION", "UNIT_IS_GROUP", ""), ("FAILED_PRECONDITION", "UNIT_NOT_A_GROUP", ""),
        ("NOT_FOUND", "UNIT_UNKNOWN", "group_id"),
        ("FAILED_PRECONDITION", "GROUP_OF_ANOTHER_ORG_UNIT", ""),
        ("INVALID_ARGUMENT", "KIND_NOT_ALLOWED", "group_id"), ("INVALID_ARGUMENT", "OUT_OF_RANGE", "headcount"),
        ("FAILED_PRECONDITION", "UNIT_IS_GROUP", ""), ("INVALID_ARGUMENT", "KIND_NOT_ALLOWED", "kinds[0]")]
    assert suite.stop() == 0
    suite.quintet("verify", "store")


SECRETS = ["13987650017", "87650017", "139****0017", "欧阳小明", "欧**", "持刀威胁妻子", "孩子藏在阁楼", "云栖路 7 号"]


class Village:
    """A volunteer group and a guard on an incident beside the police, and all that is secret about it."""

    def __init__(self, hall):
        self.hall, call = hall, hall.call
        self.car = hall.put("北巡1", units.UNIT_KIND_CAR)
        self.helpers = {
            "volunteer": hall.put("义警1队", units.UNIT_KIND_VOLUNTEER, headcount=12),
            "guard": hall.put("保安3岗", units.UNIT_KIND_GUARD, headcount=2)}
        for unit in (self.car, *self.helpers.values()):
            hall.report(unit.id, [(-5, *AT)])
        self.incident = hall.incident(
            "丈夫持刀威胁妻子", phone="13987650017", caller_name="欧阳小明", address="云栖路 7 号")
        self.other = hall.incident("另一处纠纷", phone="13987650017", caller_name="欧阳小明", address="云栖路 7 号")
        helpers = [unit.id for unit in self.helpers.values()]
        self.sent = hall.send(self.incident.incident_id, self.car.id, *helpers, instruction="在小区东门引导警车")
        self.elsewhere = hall.send(self.other.incident_id, self.car.id)
        # An order to all of them, which the police answer.
        written = call(call.directives.DraftDirective, directives.DraftDirectiveRequest(
            content=directives.DirectiveContent(
                directive_class=directive.DIRECTIVE_CLASS_URGENT, incident_id=self.incident.incident_id,
                title="守住东门", text="不让围观者进入", recipients=[
                    directive.Recipient(kind=directive.RECIPIENT_KIND_UNIT, id=unit)
                    for unit in (self.car.id, *helpers)]))).directive
        self.order = call(call.directives.IssueDirective, directives.IssueDirectiveRequest(
            draft_id=written.id)).directive
        mine = directive.Recipient(kind=directive.RECIPIENT_KIND_UNIT, id=self.car.id)
        for method, request in (
                ("ConfirmDelivery", directives.ConfirmDeliveryRequest),
                ("AcknowledgeDirective", directives.AcknowledgeDirectiveRequest),
                ("StartDirective", directives.StartDirectiveRequest)):
            call(getattr(call.directives, method), request(directive_id=self.order.id, recipient=mine))
        call(call.directives.SubmitDirectiveFeedback, directives.SubmitDirectiveFeedbackRequest(
            directive_id=self.order.id, recipient=mine, text="孩子藏在阁楼，欧阳小明已控制"))
        hall.suite.caught_up()
        assignments = {a.unit_id: a.id for a in self.sent.assignments}
        self.own = {who: assignments[unit.id] for who, unit in self.helpers.items()}
        self.strange = {
            "incident_id": self.other.incident_id, "assignment_id": assignments[self.car.id],
            "unit_id": self.car.id, "directive_id": self.elsewhere.directive.id,
            "call_report_id": self.other.call_report.id}

    def ids(self, who):
        """What a helper may know the name of."""
        return {"incident_id": self.incident.incident_id, "call_report_id": self.incident.call_report.id,
                "unit_id": self.helpers[who].id, "assignment_id": self.own[who],
                "directive_id": self.order.id, "group_id": self.car.id}


class Named:
    def __init__(self, ids):
        self.ids = ids


def asked(method, ids):
    """A request with these names and the scene's place, wherever it has room for them."""
    request = filled(method, Named(ids))
    point = method.input_type.fields_by_name.get("point")
    if point is not None and point.message_type.name == "GeoPoint":
        request.point.MergeFromString(wgs84(*AT).SerializeToString())
    return request


def methods_of(suite):
    for socket in [*SERVICES, "gateway"]:
        database = ProtoReflectionDescriptorDatabase(suite.anonymous_channel(socket))
        pool = descriptor_pool.DescriptorPool(database)
        for name in database.get_services():
            own = name.startswith("quintet.gateway.")
            if name.startswith("quintet.") and own == (socket == "gateway"):
                for method in pool.FindServiceByName(name).methods:
                    yield f"{name}/{method.name}", socket, method


def test_what_volunteers_and_guards_can_see_at_all(hall):
    """Every method there is, with every name that they could have come to know."""
    village, suite = Village(hall), hall.suite
    methods = list(methods_of(suite))
    assert len(methods) > 100
    channels = {socket: suite.anonymous_channel(socket) for _, socket, _ in methods}
    for who in village.helpers:
        token = hall.token("volunteer", seat=village.helpers[who].id)
        shown = set()
        for name, socket, method in methods:
            # Reading only: what changes something is tried below.
            for ids in ({}, village.ids(who), village.strange):
                code, reason, answer = called(
                    channels[socket], method, asked(method, ids).SerializeToString(), token)
                assert code != grpc.StatusCode.INTERNAL, (name, reason)
                for secret in SECRETS:
                    assert secret.encode() not in answer, (who, name, secret)
                if code == grpc.StatusCode.OK and answer:
                    shown.add(name.rsplit("/", 1)[1])
                    for what in ("assignment_id", "directive_id", "call_report_id"):
                        assert village.strange[what].encode() not in answer, (who, name, what)
        assert {"GetUnit", "ListUnits", "ListUnitsNearby", "GetAssignment", "GetDirective", "ListDirectives"} <= shown
        assert not shown & {"GetIncident", "ListIncidents", "GetTimeline", "GetCallReport", "ListCallReports",
                            "ListTrack", "RevealCaller", "GetRecommendation", "GetAssessment", "ListDeadlines",
                            "ListTerminals", "ListAuditEntries"}


def test_helpers_have_their_own_part_and_it_works(hall):
    village, call = Village(hall), hall.call
    metadata = hall.as_("volunteer", seat=village.helpers["volunteer"].id)
    mine = lambda stub, request: stub(request, timeout=TIMEOUT, metadata=metadata)
    listed = mine(call.units.ListUnits, units.ListUnitsRequest()).units
    assert [unit.call_sign for unit in listed] == ["义警1队"] and listed[0].headcount == 12
    near = mine(call.units.ListUnitsNearby, units.ListUnitsNearbyRequest(point=wgs84(*AT))).units
    assert [unit.unit.call_sign for unit in near] == ["义警1队"]
    order = mine(call.directives.GetDirective, directives.GetDirectiveRequest(
        directive_id=village.order.id)).directive
    assert order.text == "不让围观者进入"
    assert [course.recipient.id for course in order.recipients] == [village.helpers["volunteer"].id]
    # Step by step to the end, in the helper's own name.
    for step in STEPS:
        request = dispatch.AdvanceAssignmentRequest(
            request_id=f"v-{step}", assignment_id=village.own["volunteer"], step=step)
        done = mine(call.dispatch.AdvanceAssignment, request).assignment
        assert mine(call.dispatch.AdvanceAssignment, request).assignment == done
    assert done.state == assignment.ASSIGNMENT_STATE_CLEARED
    hall.suite.caught_up()
    assert hall.get(village.helpers["volunteer"].id).availability == units.AVAILABILITY_AVAILABLE
    # Not in the name of others.
    outside = [
        lambda: mine(call.dispatch.AdvanceAssignment, dispatch.AdvanceAssignmentRequest(
            request_id="x1", assignment_id=village.own["guard"], step=STEPS[0])),
        lambda: mine(call.units.GetUnit, units.GetUnitRequest(unit_id=village.car.id)),
        lambda: mine(call.units.SetUnitStatus, units.SetUnitStatusRequest(
            request_id="x2", unit_id=village.car.id, availability=units.AVAILABILITY_NOT_AVAILABLE)),
        lambda: mine(call.directives.AcknowledgeDirective, directives.AcknowledgeDirectiveRequest(
            request_id="x3", directive_id=village.order.id, recipient=directive.Recipient(
                kind=directive.RECIPIENT_KIND_UNIT, id=village.helpers["guard"].id)))]
    assert [refusal(body)[:2] for body in outside] == [("PERMISSION_DENIED", "OUTSIDE_AREA")] * 4
    taken = call.units.ReportPositions(iter([units.ReportPositionsRequest(
        unit_id=village.car.id, position=units.UnitPosition(point=wgs84(*AT), fix_time=stamp(0)))]),
        timeout=TIMEOUT, metadata=metadata)
    assert taken.refused_count == 1 and taken.problems[0].reason == "OUTSIDE_AREA"
