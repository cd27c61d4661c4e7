# 盗贼在逃: one directive to the traffic brigade, stations and checkpoints at once; each signs on its own;
# sightings move the cordon; 19 minutes from call to arrest, on the exercise clock.
import hashlib
import time

import grpc
import pytest
from client import (
    Client, deadlines, directive, directives, kind, organisation, units, wgs84)
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import cordon_pb2 as cordon
from quintet.command.v1 import cordon_service_pb2 as cordons
from quintet.command.v1 import cordon_service_pb2_grpc as cordons_grpc
from quintet.command.v1 import directive_urging_pb2 as urging
from quintet.command.v1 import events_pb2
from quintet.type.v1 import form_pb2 as form
from quintet.command.v1 import incident_service_pb2 as incidents
from quintet.command.v1 import post_pb2 as post
from quintet.command.v1 import template_service_pb2 as templates
from quintet.command.v1 import template_service_pb2_grpc as templates_grpc
from quintet.supervision.v1 import clock_service_pb2 as clocks
from quintet.supervision.v1 import clock_service_pb2_grpc as clocks_grpc

CORNERS = [(27.98, 120.60), (27.98, 120.70), (28.08, 120.70), (28.08, 120.60)]
NORTHERN = [(28.08, 120.60), (28.08, 120.70), (28.18, 120.70), (28.18, 120.60)]
SCENE = (28.02, 120.65)
STATE = directive.DirectiveState.Value


def away(north, east=0):
    """So many metres from the scene."""
    return SCENE[0] + north / 111_195, SCENE[1] + east / 98_165


def reason(error):
    for detail in rpc_status.from_call(error).details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return None


def violations(error):
    for detail in rpc_status.from_call(error).details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            return [(one.field, one.reason) for one in bad.field_violations]
    return []


class Hall(Client):
    """The client of a story, with the services of this one."""

    def __init__(self, channel):
        super().__init__(channel)
        self.cordons = cordons_grpc.CordonServiceStub(channel)
        self.templates = templates_grpc.DirectiveTemplateServiceStub(channel)
        self.clock = clocks_grpc.ClockServiceStub(channel)

    def move(self, method, order, recipient, at=None, **more):
        known = urging if hasattr(urging, f"{method}Request") else directives
        request = getattr(known, f"{method}Request")(
            directive_id=order, recipient=recipient, **more)
        if at is not None:
            request.occur_time.CopyFrom(at)
        return self(getattr(self.directives, method), request).directive

    def read(self, order):
        return self(self.directives.GetDirective, directives.GetDirectiveRequest(
            directive_id=order)).directive

    def sign(self, order, recipient, at):
        self.move("ConfirmDelivery", order, recipient, at)
        return self.move("AcknowledgeDirective", order, recipient, at)


@pytest.fixture
def hall(fresh_suite):
    return Hall(fresh_suite.channel())


def org(kind_name, id):
    return directive.Recipient(kind=directive.RecipientKind.Value(f"RECIPIENT_KIND_{kind_name}"), id=id)


def course(order, recipient):
    return next(one for one in order.recipients if one.recipient == recipient)


def test_nineteen_minutes_from_call_to_arrest(fresh_suite, hall):
    suite, start = fresh_suite, int(time.time()) - 30 * 60

    def minute(number):
        return Timestamp(seconds=start + int(number * 60))

    def clock(number):
        hall.clock.AdvanceClock(clocks.AdvanceClockRequest(to_time=minute(number)), timeout=10)
        suite.caught_up()

    south = hall.make_station("S1", "青云派出所", CORNERS)
    north = hall.make_station("S2", "北山派出所", NORTHERN)
    brigade = hall(hall.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
        code="T1", name="交警大队", rank=organisation.ORG_RANK_STATION)).org_unit
    riders = [hall.make_unit(f"铁骑 {n}", away(5000), brigade.id) for n in (1, 2)]
    car = hall.make_unit("巡 09", away(-4000), south.id)
    suite.caught_up()
    hall.clock.StartExercise(clocks.StartExerciseRequest(start_time=minute(0)), timeout=10)

    # Who stands where.
    stands = {
        "N3": (away(3000), "北三卡点", "ROADBLOCK", org("STATION", south.id)),
        "N7": (away(7000), "北七卡点", "PATROL", org("UNIT", riders[0].id)),
        "E4": (away(1000, 4000), "东四检查站", "CHECKPOINT", org("SEAT", "checkpoint-east")),
        "S4": (away(-4000), "南四卡点", "ROADBLOCK", org("UNIT", car.id)),
        "N12": (away(12000), "北山卡点", "ROADBLOCK", org("STATION", north.id)),
        "NE": (away(9000, 5000), "东北匝道", "PATROL", org("UNIT", riders[1].id))}
    who = {code: stand[3] for code, stand in stands.items()}
    hall(hall.cordons.PutCordonPlan, cordons.PutCordonPlanRequest(plan=cordon.CordonPlan(
        code="ring-north", name="北线布控", speed_mps=15, seal_time_s=120, ring_width_m=4000,
        points=[cordon.CordonPoint(
            post=post.Post(code=code, name=name, role=post.PostRole.Value(f"POST_ROLE_{role}"),
                           point=wgs84(*at)), recipients=[recipient])
            for code, (at, name, role, recipient) in stands.items()])))

    # 0: the call. 1: one key, everybody at once.
    opened = hall.open_incident(
        SCENE, "两人入室盗窃后驾白色面包车往北逃跑 burglars fled north in a white van",
        kind.INCIDENT_CLASS_CRIMINAL, level=kind.INCIDENT_LEVEL_2, receive_time=minute(0))
    incident = opened.incident_id
    hall(hall.incidents.ActivateIncident, incidents.ActivateIncidentRequest(
        incident_id=incident, occur_time=minute(0.5)))
    made = hall(hall.cordons.ActivateCordon, cordons.ActivateCordonRequest(
        plan_code="ring-north", incident_id=incident,
        directive_class=directive.DIRECTIVE_CLASS_URGENT, title="设卡拦截白色面包车",
        text="车上两人，注意安全 Two in a white van, take care", occur_time=minute(1)))
    key, ring = made.directive.id, made.cordon.id
    assert {one.post.code: one.recipient for one in made.directive.recipients} == who
    assert {one.state for one in made.directive.recipients} == {STATE("DIRECTIVE_STATE_ISSUED")}

    # 1.2 … 1.4: each signs on its own, but for one.
    for number, code in enumerate(["N3", "N7", "E4", "N12", "NE"]):
        hall.sign(key, who[code], minute(1.2 + number / 20))
    clock(3)
    order = hall.read(key)
    late = course(order, who["S4"])
    assert late.sign_overdue and late.sign_due_time.seconds == start + 90
    assert order.overdue_count == 1
    assert [one.recipient for one in order.recipients if one.sign_overdue] == [who["S4"]]
    listed = hall(hall.directives.ListDirectives, directives.ListDirectivesRequest(overdue_only=True))
    assert [one.id for one in listed.directives] == [key]
    reminded = hall(hall.directives.RemindDirective, urging.RemindDirectiveRequest(
        directive_id=key, recipients=[who["S4"]], text="请立即签收 Sign at once",
        occur_time=minute(3.1))).directive
    assert course(reminded, who["S4"]).reminder_count == 1

    # 5: seen 4 km north, going north. 6: the cordon moves.
    def sighting(at, when, direction, certainty):
        return cordon.Sighting(
            point=wgs84(*at), time=minute(when), direction_deg=direction, certainty=certainty,
            source="camera.12", note="白色面包车")

    def decided(answer):
        decisions = answer.cordon.rings[-1].decisions
        for one in decisions:
            assert any("一" <= letter <= "鿿" for letter in one.explanation)
            assert any(letter.isascii() and letter.isalpha() for letter in one.explanation)
        return {one.post_code: cordon.PostDecision.Name(one.decision)[14:] for one in decisions}

    clock(6)
    moved = hall(hall.cordons.MoveCordon, cordons.MoveCordonRequest(
        cordon_id=ring, etag=made.cordon.etag, occur_time=minute(6),
        sighting=sighting(away(4000), 5, 0, cordon.SIGHTING_CERTAINTY_CONFIRMED)))
    assert moved.directive.id == key
    assert (moved.cordon.rings[-1].reach_m, moved.cordon.rings[-1].outer_m) == (900, 6700)
    assert decided(moved) == {"N3": "STOOD_DOWN", "N7": "KEPT", "E4": "KEPT", "S4": "STOOD_DOWN",
                              "N12": "STOOD_DOWN", "NE": "STOOD_DOWN"}
    # Whoever had signed has to say that it knows; whoever had not, has nothing to say.
    waiting = {one.post.code for one in moved.directive.recipients if one.recall_unconfirmed}
    assert waiting == {"N3", "N12", "NE"}
    stream = hall.directives.WatchDirectives(directives.WatchDirectivesRequest(recipient=who["N3"]))
    told = next(message for message in stream if message.directive.id == key)
    stream.cancel()
    assert course(told.directive, who["N3"]).recall_unconfirmed
    confirmed = hall.move("ConfirmRecall", key, who["N3"], minute(6.5))
    assert course(confirmed, who["N3"]).HasField("recall_confirm_time")

    # 11: seen again, further on. 12: two points are called again, under the same key.
    clock(12)
    moved = hall(hall.cordons.MoveCordon, cordons.MoveCordonRequest(
        cordon_id=ring, occur_time=minute(12),
        sighting=sighting(away(8000, 1000), 11, 30, cordon.SIGHTING_CERTAINTY_PROBABLE)))
    assert moved.directive.id == key
    assert decided(moved) == {"N3": "LEFT", "N7": "STOOD_DOWN", "E4": "STOOD_DOWN", "S4": "LEFT",
                              "N12": "ADDED", "NE": "ADDED"}
    states = {one.post.code: one.state for one in moved.directive.recipients}
    assert states["N12"] == states["NE"] == STATE("DIRECTIVE_STATE_ISSUED")
    for code in ("N12", "NE"):
        hall.sign(key, who[code], minute(12.3))

    # 19: caught at the ramp.
    hall.move("StartDirective", key, who["NE"], minute(13))
    hall.move("SubmitDirectiveFeedback", key, who["NE"], minute(19),
              text="东北匝道拦停，两人抓获，赃物追回 Both arrested at the ramp, goods recovered")
    hall.move("AcceptDirectiveFeedback", key, who["NE"], minute(19.5))
    clock(19)
    released = hall(hall.cordons.ReleaseCordon, cordons.ReleaseCordonRequest(
        cordon_id=ring, reason="两人均已抓获 Both arrested", occur_time=minute(20)))
    assert released.cordon.state == cordon.CORDON_STATE_RELEASED
    assert len(released.cordon.rings) == 3
    clock(21)
    order = hall.read(key)
    final = {one.post.code: directive.DirectiveState.Name(one.state)[16:] for one in order.recipients}
    assert final == {"N3": "CANCELLED", "N7": "CANCELLED", "E4": "CANCELLED", "S4": "CANCELLED",
                     "N12": "CANCELLED", "NE": "ACCEPTED"}
    assert order.overdue_count == 0 and order.state == STATE("DIRECTIVE_STATE_ACCEPTED")

    # Each step stands on the timeline, and it took 19 minutes.
    events = hall.timeline(incident)
    steps = [event.type.rsplit(".", 1)[1] for event in events]
    for expected in ("IncidentOpened", "DirectiveIssued", "CordonActivated", "DirectiveMoved",
                     "DirectiveReminded", "CordonMoved", "DirectiveRecallConfirmed",
                     "CordonReleased", "DeadlineOverdue"):
        assert expected in steps, expected
    assert steps.count("DirectiveIssued") == 1 and steps.count("CordonMoved") == 2
    assert steps.index("CordonActivated") < steps.index("DirectiveReminded") < steps.index("CordonMoved")

    def is_arrest(event):
        told = events_pb2.DirectiveMoved()
        return event.payload.Unpack(told) and told.course.state == STATE("DIRECTIVE_STATE_FED_BACK")

    arrest = next(event for event in events if is_arrest(event))
    called = hall.incident(incident).receive_time
    assert arrest.occur_time.seconds - called.seconds == 19 * 60
    running = hall(hall.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(
        incident_id=incident, states=[deadlines.DEADLINE_STATE_RUNNING,
                                      deadlines.DEADLINE_STATE_WARNED,
                                      deadlines.DEADLINE_STATE_OVERDUE])).deadlines
    assert not [one for one in running if one.subject == key]
    suite.stop()
    suite.quintet("verify", "store")


def test_nothing_moves_by_itself_and_what_cannot_be_is_refused(fresh_suite, hall):
    unit = hall.make_unit("巡 10", SCENE)
    plan = cordon.CordonPlan(
        code="p", name="单点", speed_mps=10, seal_time_s=0, ring_width_m=500,
        points=[cordon.CordonPoint(
            post=post.Post(code="a", name="甲", role=post.POST_ROLE_CHECKPOINT, point=wgs84(*away(300))),
            recipients=[org("UNIT", unit.id)])])
    hall(hall.cordons.PutCordonPlan, cordons.PutCordonPlanRequest(plan=plan))
    opened = hall.open_incident(SCENE, "抢夺后逃跑", kind.INCIDENT_CLASS_CRIMINAL)
    before = fresh_suite.dump("command")
    old = Timestamp(seconds=int(time.time()) - 7200)
    with pytest.raises(grpc.RpcError) as refused:
        hall(hall.cordons.ActivateCordon, cordons.ActivateCordonRequest(
            plan_code="p", incident_id=opened.incident_id, title="设卡",
            directive_class=directive.DIRECTIVE_CLASS_URGENT, sighting=cordon.Sighting(
                point=wgs84(*SCENE), time=old, certainty=cordon.SIGHTING_CERTAINTY_CONFIRMED)))
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert reason(refused.value) == "RING_EMPTY"
    assert "没有卡点" in refused.value.details() and "No point" in refused.value.details()
    assert fresh_suite.dump("command") == before


def test_an_area_a_kind_and_a_seat_fill_one_form(fresh_suite, hall):
    suite = fresh_suite
    station = hall.make_station("S1", "青云派出所", CORNERS)
    beat = hall(hall.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
        code="S1-1", name="青云一区", rank=organisation.ORG_RANK_BEAT, parent_id=station.id)).org_unit
    unit = hall.make_unit("巡 11", SCENE, station.id)
    suite.caught_up()
    hall(hall.templates.PutDirectiveTemplate, templates.PutDirectiveTemplateRequest(
        template=templates.DirectiveTemplate(
            code="search", name="查缉车辆", directive_class=directive.DIRECTIVE_CLASS_PRIORITY,
            title="查缉 {plate}", text="发现 {plate} 立即拦停并反馈 Stop {plate} on sight",
            form=form.Form(fields=[
                form.FormField(code="result", label="结果", kind=form.FORM_FIELD_KIND_CHOOSE_ONE,
                               required=True, options=[form.FormOption(code="caught", label="抓获"),
                                                       form.FormOption(code="none", label="未见")]),
                form.FormField(code="photo", label="照片", kind=form.FORM_FIELD_KIND_PHOTO)]))))
    with pytest.raises(grpc.RpcError) as refused:
        hall(hall.directives.IssueDirective, directives.IssueDirectiveRequest(
            content=directives.DirectiveContent(
                template=templates.TemplateUse(template_code="none"),
                recipients=[org("UNIT", unit.id)])))
    assert violations(refused.value) == [("content.template.template_code", "TEMPLATE_UNKNOWN")]
    order = hall(hall.directives.IssueDirective, directives.IssueDirectiveRequest(
        content=directives.DirectiveContent(
            template=templates.TemplateUse(template_code="search", values=[
                templates.PlaceholderValue(placeholder="plate", value="浙C12345")]),
            selectors=[
                directive.RecipientSelector(area=directive.AreaSelector(area_id=station.id)),
                directive.RecipientSelector(units=directive.UnitSelector(
                    area_id=station.id, unit_kinds=[units.UNIT_KIND_CAR])),
                directive.RecipientSelector(seat="traffic"),
                directive.RecipientSelector(named=org("BEAT", beat.id))]))).directive
    chosen = {one.recipient.id for one in order.recipients}
    assert chosen == {station.id, beat.id, unit.id, "traffic"}
    assert [len(one.recipients) for one in order.selections] == [2, 1, 1, 1]
    assert order.title == "查缉 浙C12345"

    mine, at = org("UNIT", unit.id), None
    hall.sign(order.id, mine, at)
    hall.move("StartDirective", order.id, mine)
    with pytest.raises(grpc.RpcError) as refused:
        hall.move("SubmitDirectiveFeedback", order.id, mine, text="已查", answers=[
            form.FormAnswer(field_code="photo", attachments=form.FormAttachments(digests=["0" * 64]))])
    assert reason(refused.value) == "FORM_VIOLATED"
    assert violations(refused.value) == [
        ("answers[photo]", "ATTACHMENT_UNKNOWN"), ("answers[result]", "REQUIRED")]

    photo = bytes(range(256)) * 3000
    digest = hashlib.sha256(photo).hexdigest()
    for number, at in enumerate(range(0, len(photo), 524_288), 1):
        stored = hall(hall.directives.PutAttachmentPiece, urging.PutAttachmentPieceRequest(
            directive_id=order.id, recipient=mine, digest=digest, piece=number,
            attachment_type=urging.ATTACHMENT_TYPE_JPEG, total_bytes=len(photo),
            data=photo[at:at + 524_288]))
    assert stored.complete and stored.total_pieces == 2
    done = hall.move("SubmitDirectiveFeedback", order.id, mine, text="未见该车 Not seen", answers=[
        form.FormAnswer(field_code="result", choices=form.FormChoices(codes=["none"])),
        form.FormAnswer(field_code="photo", attachments=form.FormAttachments(digests=[digest]))])
    assert len(course(done, mine).answers) == 2
    read = b"".join(hall(hall.directives.GetAttachment, urging.GetAttachmentRequest(
        directive_id=order.id, digest=digest, piece=number)).data for number in (1, 2))
    assert read == photo

    # Only those who did not sign get it again, under a new key that names the old one.
    again = hall(hall.directives.ReissueDirective, urging.ReissueDirectiveRequest(
        directive_id=order.id, reason="未签收 Not signed"))
    assert again.directive.reissue_of == order.id
    assert {one.recipient.id for one in again.directive.recipients} == chosen - {unit.id}
    states = {one.recipient.id: one.state for one in again.previous.recipients}
    assert states[unit.id] == STATE("DIRECTIVE_STATE_FED_BACK")
    assert {state for id, state in states.items() if id != unit.id} == {
        STATE("DIRECTIVE_STATE_REASSIGNED")}
    # What is kept is what was told.
    suite.caught_up()
    suite.stop()
    suite.quintet("verify", "store")
