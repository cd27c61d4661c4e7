# D4: one list. A beat's day comes from standard work; doubles are one task, nothing is asked twice; the phone
# goes on with the link down and delivers once and in order; what does not fit any more is kept; late ones
# have their clocks. Real processes; whoever calls is an officer of the beat or the station's room.
import datetime
import hashlib
import time

import grpc
import pytest
from client import Client, organisation, request_id
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.duty.v1 import task_pb2 as task
from quintet.duty.v1 import task_service_pb2 as tasks
from quintet.duty.v1 import task_service_pb2_grpc as tasks_grpc
from quintet.duty.v1 import task_template_service_pb2 as templates
from quintet.duty.v1 import task_template_service_pb2_grpc as templates_grpc
from quintet.supervision.v1 import deadline_service_pb2 as deadlines
from quintet.type.v1 import form_pb2 as form

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
PIXEL = b"\x89PNG\r\n\x1a\n" + b"a drawn signature"
DIGEST = hashlib.sha256(PIXEL).hexdigest()


def stamp(seconds):
    return Timestamp(seconds=int(seconds))


def today():
    return datetime.datetime.now(SHANGHAI).date().isoformat()


def refused(call, *arguments):
    with pytest.raises(grpc.RpcError) as error:
        call(*arguments)
    reason = field = None
    for detail in rpc_status.from_call(error.value).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return error.value.code(), reason, field


class Person:
    """Somebody with a token of their own."""

    def __init__(self, suite, name, role, areas=(), seat=None):
        claims = suite.tokens.claims(name, roles=[role], areas=list(areas), seat=seat)
        self.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
        # Not one of the suite's: it outlives a suite that is stopped, as a phone does.
        self.channel = grpc.insecure_channel(
            f"unix://{suite.socket('gateway')}", options=[("grpc.max_reconnect_backoff_ms", 200)])
        self.tasks = tasks_grpc.TaskServiceStub(self.channel)
        self.templates = templates_grpc.TaskTemplateServiceStub(self.channel)

    def __call__(self, method, request, timeout=10):
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = request_id("d4")
        return method(request, timeout=timeout, metadata=self.metadata, wait_for_ready=True)


class Phone:
    """A phone as Docs/integrating.md says: it keeps the list, tells in order, and sends again what was not answered."""

    def __init__(self, person, beat, device="phone-1"):
        self.person, self.beat, self.device = person, beat, device
        self.token, self.held, self.templates = "", {}, {}
        self.queue, self.count, self.ahead = [], 0, 0

    def sync(self, size=2):
        while True:
            answer = self.person(self.person.tasks.SyncTaskList, tasks.SyncTaskListRequest(
                beat_id=self.beat, sync_token=self.token, page_size=size))
            if answer.is_full:
                self.held = {}
            for gone in answer.gone_task_ids:
                self.held.pop(gone, None)
            self.held.update({each.id: each for each in answer.tasks})
            self.templates.update({(each.code, each.version): each for each in answer.templates})
            self.token = answer.sync_token
            if not answer.has_more:
                return self

    def about(self, place):
        return [each for each in self.held.values() if each.place.code == place]

    def note(self, on, kind, answers=(), reason=""):
        self.count += 1
        self.queue.append(task.TaskReport(
            id=f"{self.device}-report-{self.count}", ordinal=self.count, task_id=on.id, kind=kind,
            device_time=stamp(time.time() + self.ahead), clock_ahead_ms=self.ahead * 1000,
            task_etag=on.etag, answers=answers, reason=reason))

    def send(self, reports=None, **options):
        reports = self.queue if reports is None else reports
        return self.person(self.person.tasks.SubmitTaskReports, tasks.SubmitTaskReportsRequest(
            device_code=self.device, reports=reports), **options)


def number(code, value):
    return form.FormAnswer(field_code=code, number=value)


def choice(code, value):
    return form.FormAnswer(field_code=code, choices=form.FormChoices(codes=[value]))


def entry(template, place, name="悦来旅馆"):
    return task.TaskPlanEntry(template_code=template, place=task.TaskPlace(code=place, name=name))


@pytest.fixture
def house(fresh_suite):
    suite = fresh_suite
    office = Client(suite.channel())

    def put(code, rank, parent=""):
        return office(office.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code=code, name=f"机构 {code}", rank=rank, parent_id=parent)).org_unit.id

    bureau = put("C", organisation.ORG_RANK_COUNTY)
    suite.office = office
    suite.stations = [put(f"S{n}", organisation.ORG_RANK_STATION, bureau) for n in (1, 2)]
    suite.beats = [put(f"S1-{n}", organisation.ORG_RANK_BEAT, suite.stations[0]) for n in (1, 2)]
    suite.room = Person(suite, "person/room", "station", [suite.stations[0]])
    suite.officers = [
        Person(suite, f"person/officer{n}", "officer", seat=beat) for n, beat in enumerate(suite.beats)]
    taken = suite.quintet("import", "tasks")
    assert "117" in taken.stdout, taken.stdout
    return suite


def plan(house, entries, beat=0):
    room = house.room
    room(room.tasks.PutTaskPlan, tasks.PutTaskPlanRequest(plan=task.TaskPlan(
        beat_id=house.beats[beat], entries=entries, from_date=today(), until_date=today())))
    return room(room.tasks.MakeTaskList, tasks.MakeTaskListRequest(
        beat_id=house.beats[beat], from_date=today(), to_date=today()))


def test_the_catalogue_has_117_tasks_and_is_taken_in_once(house):
    anybody = house.officers[0]
    found, token = [], ""
    while True:
        page = anybody(anybody.templates.ListTaskTemplates, templates.ListTaskTemplatesRequest(
            page_size=100, page_token=token))
        found += page.templates
        token = page.next_page_token
        if not token:
            break
    assert len(found) == 117 and all(each.version == 1 for each in found)
    assert all(each.basis and each.measures and each.standard and each.lead_department for each in found)
    printed = house.quintet("import", "tasks", "--print").stdout.splitlines()
    assert len(printed) == 117
    # A bureau's own file: one changed, one that asks what must not be asked, one that is none.
    changed = printed[0].replace('"standardMinutes":20', '"standardMinutes":25')
    bad = printed[1].replace("灭火器材完好有效", "登记经营者民族")
    assert changed != printed[0] and bad != printed[1]
    (house.folder / "own.jsonl").write_text("\n".join(["# 本局目录", changed, bad, "{"]) + "\n")
    taken = house.quintet("import", "tasks", str(house.folder / "own.jsonl"), check=False)
    assert taken.returncode == 1 and "民族" in taken.stderr and "line 4" in taken.stderr, taken.stderr
    first = [each for each in found if f'"code":"{each.code}"' in changed][0]
    now = anybody(anybody.templates.GetTaskTemplate, templates.GetTaskTemplateRequest(code=first.code)).template
    before = anybody(anybody.templates.GetTaskTemplate, templates.GetTaskTemplateRequest(
        code=first.code, version=1)).template
    assert (now.version, now.standard_minutes, before.standard_minutes) == (2, 25, 20)


def test_a_day_with_the_link_down(house):
    made = plan(house, [
        entry("hotel.daily", "hotel-1"), entry("hotel.minors", "hotel-1"), entry("beat.walk", "street-1", "主街"),
        entry("hotel.licence", "hotel-2"), entry("rent.visit", "flat-1", "青年公寓")])
    # The hotel's two checks look at the same thing: one task, four in all.
    assert (made.made_count, made.merged_count) == (4, 1)
    officer, room = house.officers[0], house.room
    phone = Phone(officer, house.beats[0]).sync()
    assert len(phone.held) == 4
    hotel, = phone.about("hotel-1")
    assert [each.template_code for each in hotel.bases] == ["hotel.minors", "hotel.daily"]
    codes = [field.code for field in hotel.form.fields]
    assert len(codes) == len(set(codes)) and "registered" in codes
    assert ("hotel.daily", 1) in phone.templates

    # The link goes down: what is done meanwhile waits on the phone, whose clock is 90 s ahead.
    house.stop()
    phone.ahead = 90
    walk, = phone.about("street-1")
    phone.note(walk, task.TASK_REPORT_KIND_SIGN)
    phone.note(walk, task.TASK_REPORT_KIND_DONE, [number("minutes", 70), number("hazards", 1)])
    phone.note(hotel, task.TASK_REPORT_KIND_SIGN)
    with pytest.raises(grpc.RpcError) as down:
        phone.send(timeout=2)
    assert down.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    house.start()

    # It comes back for a part, then for all of it, and once more: each is taken once.
    first = phone.send(phone.queue[:2])
    assert [each.result for each in first.outcomes] == [task.TASK_REPORT_RESULT_APPLIED] * 2
    assert first.next_ordinal == 3
    everything = phone.send()
    again = phone.send()
    assert list(everything.outcomes) == list(again.outcomes) and again.next_ordinal == 4
    assert list(everything.outcomes)[:2] == list(first.outcomes)
    done = officer(officer.tasks.GetTask, tasks.GetTaskRequest(task_id=walk.id)).task
    assert done.state == task.TASK_STATE_DONE and done.done_by == "person/officer0" and not done.late
    # By the device's clock less what it was ahead.
    assert abs(done.done_time.seconds - time.time()) < 60
    # Those that come before others of the same phone are not taken.
    gap = phone.send([task.TaskReport(
        id="phone-1-report-9", ordinal=9, task_id=hotel.id, kind=task.TASK_REPORT_KIND_DONE,
        device_time=stamp(time.time()), task_etag="1")])
    assert (gap.outcomes[0].result, gap.outcomes[0].reason, gap.next_ordinal) == (
        task.TASK_REPORT_RESULT_NOT_TAKEN, "ORDINAL_GAP", 4)

    # Answers are checked field by field; the signature comes before the report that names it.
    phone.note(hotel, task.TASK_REPORT_KIND_DONE, [choice("asked", "maybe")])
    kept = phone.send().outcomes[-1]
    assert kept.reason == "ANSWERS_INVALID"
    assert ("asked", "OPTION_UNKNOWN") in [(each.field_code, each.rule) for each in kept.problems]
    assert ("signature", "REQUIRED") in [(each.field_code, each.rule) for each in kept.problems]
    officer(officer.tasks.PutTaskPhoto, tasks.PutTaskPhotoRequest(
        task_id=hotel.id, digest=DIGEST, media_type="image/png", data=PIXEL))
    answers = [choice(code, "yes") for code in ("asked", "reported", "registered", "uploaded")]
    answers += [number("rooms_sampled", 5), form.FormAnswer(
        field_code="signature", attachments=form.FormAttachments(digests=[DIGEST]))]
    phone.note(hotel, task.TASK_REPORT_KIND_DONE, answers)
    assert phone.send().outcomes[-1].result == task.TASK_REPORT_RESULT_APPLIED
    photo = room(room.tasks.GetTaskPhoto, tasks.GetTaskPhotoRequest(task_id=hotel.id, digest=DIGEST))
    assert photo.data == PIXEL and photo.media_type == "image/png"
    # All bases were answered at once: nothing of the hotel is left to do.
    phone.sync()
    assert [each.state for each in phone.about("hotel-1")] == [task.TASK_STATE_DONE]
    # Nothing more happened than was told.
    assert phone.sync().token and len(phone.held) == 4


def test_nothing_is_asked_twice(house):
    plan(house, [entry("hotel.licence", "hotel-2"), entry("hotel.homestay", "hotel-2")])
    officer = house.officers[0]
    phone = Phone(officer, house.beats[0]).sync()
    licence, homestay = sorted(phone.about("hotel-2"), key=lambda each: each.bases[0].template_code != "hotel.licence")
    assert not licence.answers and not homestay.answers
    phone.note(licence, task.TASK_REPORT_KIND_SIGN)
    phone.note(licence, task.TASK_REPORT_KIND_DONE, [choice("licence_valid", "yes"), number("rooms", 42)])
    assert [each.reason for each in phone.send().outcomes] == ["", ""]
    homestay = phone.sync().held[homestay.id]
    known, = homestay.answers
    assert known.prefilled and known.answer.number == 42 and known.given_task_id == licence.id
    phone.note(homestay, task.TASK_REPORT_KIND_SIGN)
    phone.note(homestay, task.TASK_REPORT_KIND_DONE, [
        choice("registered", "yes"), choice("fire_extinguishers", "ok")])
    assert [each.reason for each in phone.send().outcomes[2:]] == ["", ""]
    done = phone.sync().held[homestay.id]
    assert done.state == task.TASK_STATE_DONE
    assert {each.answer.field_code: each.prefilled for each in done.answers} == {
        "registered": False, "fire_extinguishers": False, "rooms": True}


def test_given_to_another_beat_while_the_phone_was_away(house):
    room, first, second = house.room, *house.officers
    added = room(room.tasks.AddTask, tasks.AddTaskRequest(
        beat_id=house.beats[0], template_code="serve.alert", place=task.TaskPlace(code="yard-1", name="旧厂房"),
        note="预警：旧厂房夜间有明火", reference="alert_7"))
    assert not added.merged and added.task.bases[0].note.startswith("预警")
    away = Phone(first, house.beats[0]).sync()
    mine, = away.held.values()
    moved = room(room.tasks.ReassignTask, tasks.ReassignTaskRequest(
        task_id=mine.id, etag=mine.etag, beat_id=house.beats[1], reason="民警外出")).task
    done = [choice("result", "true"), form.FormAnswer(field_code="situation", text="已清理火源")]
    away.note(mine, task.TASK_REPORT_KIND_SIGN)
    away.note(mine, task.TASK_REPORT_KIND_DONE, done)
    assert [each.reason for each in away.send().outcomes] == ["REASSIGNED", "REASSIGNED"]
    assert not away.sync().held
    seen = room(room.tasks.GetTask, tasks.GetTaskRequest(task_id=mine.id))
    assert [each.actor for each in seen.kept_reports] == ["person/officer0"] * 2
    assert list(seen.kept_reports[1].report.answers) == done
    assert refused(first, first.tasks.GetTask, tasks.GetTaskRequest(task_id=mine.id))[:2] == (
        grpc.StatusCode.PERMISSION_DENIED, "OUTSIDE_AREA")
    other = Phone(second, house.beats[1]).sync()
    assert list(other.held) == [moved.id]
    other.note(moved, task.TASK_REPORT_KIND_SIGN)
    other.note(moved, task.TASK_REPORT_KIND_RETURN, reason="大门上锁")
    assert other.send().next_ordinal == 3
    back = room(room.tasks.GetTask, tasks.GetTaskRequest(task_id=mine.id)).task
    assert (back.state, back.return_reason) == (task.TASK_STATE_RETURNED, "大门上锁")
    stale = tasks.ReassignTaskRequest(task_id=mine.id, etag="1", beat_id=house.beats[0], reason="再派")
    assert refused(room, room.tasks.ReassignTask, stale)[:2] == (grpc.StatusCode.ABORTED, "ETAG_MISMATCH")


def test_clocks_and_counts(house):
    room = house.room
    at = time.time() - 7 * 3600
    # Due six hours after it was asked for, an hour ago; another is done in time.
    late = room(room.tasks.AddTask, tasks.AddTaskRequest(
        beat_id=house.beats[0], template_code="serve.alert", place=task.TaskPlace(code="a", name="甲"),
        occur_time=stamp(at))).task
    good = room(room.tasks.AddTask, tasks.AddTaskRequest(
        beat_id=house.beats[1], template_code="serve.alert", place=task.TaskPlace(code="b", name="乙"))).task
    assert late.late and not good.late
    phone = Phone(house.officers[1], house.beats[1]).sync()
    phone.note(good, task.TASK_REPORT_KIND_SIGN)
    phone.note(good, task.TASK_REPORT_KIND_DONE, [
        choice("result", "untrue"), form.FormAnswer(field_code="situation", text="无异常")])
    phone.send()
    overdue = room(room.tasks.ListTasks, tasks.ListTasksRequest(overdue_only=True)).tasks
    assert [each.id for each in overdue] == [late.id]
    house.caught_up()
    end = time.monotonic() + 20
    while True:
        listed = house.office(house.office.deadlines.ListDeadlines, deadlines.ListDeadlinesRequest(
            page_size=50)).deadlines
        clocks = {each.responsible: each for each in listed}
        red = clocks[f"beat/{house.beats[0]}"]
        if red.state == deadlines.DEADLINE_STATE_OVERDUE:
            break
        assert time.monotonic() < end, listed
        time.sleep(0.1)
    assert red.rule_code == "task.once" and red.due_time == late.due_time
    met = clocks[f"beat/{house.beats[1]}"]
    assert met.state == deadlines.DEADLINE_STATE_MET

    first = datetime.datetime.fromtimestamp(at, SHANGHAI).date().isoformat()
    last = (datetime.datetime.now(SHANGHAI).date() + datetime.timedelta(days=1)).isoformat()
    progress = room(room.tasks.GetTaskProgress, tasks.GetTaskProgressRequest(from_date=first, to_date=last))
    by = {each.org_unit_code: each.figures for each in progress.progress}
    assert set(by) == {"S1", "S1-1", "S1-2"}
    assert (by["S1-1"].total_count, by["S1-1"].overdue_count) == (1, 1)
    assert (by["S1-2"].total_count, by["S1-2"].done_in_time_count) == (1, 1)
    assert (by["S1"].total_count, by["S1"].standard_minutes, by["S1"].done_minutes) == (2, 60, 30)
    assert progress.total == by["S1"]


def test_who_may_and_what_is_refused(house):
    plan(house, [entry("beat.walk", "street-1")])
    room, officer = house.room, house.officers[0]
    other = Person(house, "person/other", "station", [house.stations[1]])
    denied = grpc.StatusCode.PERMISSION_DENIED
    sync = tasks.SyncTaskListRequest(beat_id=house.beats[0])
    assert refused(house.officers[1], house.officers[1].tasks.SyncTaskList, sync)[:2] == (denied, "OUTSIDE_AREA")
    assert refused(other, other.tasks.SyncTaskList, sync)[:2] == (denied, "OUTSIDE_AREA")
    put = tasks.PutTaskPlanRequest(plan=task.TaskPlan(beat_id=house.beats[0]))
    assert refused(other, other.tasks.PutTaskPlan, put)[:2] == (denied, "OUTSIDE_AREA")
    assert refused(officer, officer.tasks.PutTaskPlan, put)[:2] == (denied, "ROLE_NOT_ALLOWED")
    assert not other(other.tasks.ListTasks, tasks.ListTasksRequest()).tasks
    invalid = grpc.StatusCode.INVALID_ARGUMENT
    cases = [
        (room.tasks.PutTaskPlan, tasks.PutTaskPlanRequest(plan=task.TaskPlan(
            beat_id=house.beats[0], entries=[entry("serve.alert", "x")])),
         (invalid, "PERIOD_ONCE", "plan.entries[0].template_code")),
        (room.tasks.PutTaskPlan, tasks.PutTaskPlanRequest(plan=task.TaskPlan(
            beat_id=house.beats[0], entries=[entry("beat.walk", "x"), entry("beat.walk", "x")])),
         (invalid, "DUPLICATE", "plan.entries[1]")),
        (room.tasks.AddTask, tasks.AddTaskRequest(
            beat_id=house.beats[0], template_code="serve.alert", place=task.TaskPlace(code="x")),
         (invalid, "REQUIRED", "place.name")),
        (room.tasks.MakeTaskList, tasks.MakeTaskListRequest(
            beat_id=house.beats[0], from_date="2026-02-30", to_date="2026-03-01"),
         (invalid, "DATE_INVALID", "from_date")),
    ]
    for method, request, expected in cases:
        assert refused(room, method, request) == expected
    assert refused(room, room.tasks.AddTask, tasks.AddTaskRequest(
        beat_id=house.stations[0], template_code="serve.alert", place=task.TaskPlace(code="x", name="x")))[:2] == (
            grpc.StatusCode.FAILED_PRECONDITION, "NOT_A_BEAT")
    held = Phone(officer, house.beats[0]).sync()
    walk, = held.held.values()
    report = task.TaskReport(
        id="phone-1-report-1", ordinal=1, task_id=walk.id, kind=task.TASK_REPORT_KIND_SIGN,
        device_time=stamp(time.time()), task_etag=walk.etag)

    def spoiled(**fields):
        bad = task.TaskReport()
        bad.CopyFrom(report)
        for name, value in fields.items():
            setattr(bad, name, value)
        return [report, bad] if "ordinal" in fields else [bad]

    for reports, expected in [
        (spoiled(id=""), ("REQUIRED", "reports[0].id")),
        (spoiled(task_etag=""), ("REQUIRED", "reports[0].task_etag")),
        (spoiled(kind=0), ("UNSPECIFIED", "reports[0].kind")),
        (spoiled(kind=task.TASK_REPORT_KIND_RETURN), ("REQUIRED", "reports[0].reason")),
        (spoiled(clock_ahead_ms=10**9), ("OUT_OF_RANGE", "reports[0].clock_ahead_ms")),
        (spoiled(ordinal=3), ("ORDINALS_DISORDERED", "reports[1].ordinal")),
        ([], ("REQUIRED", "reports")),
    ]:
        assert refused(held.send, reports) == (invalid, *expected)
    wrong = tasks.PutTaskPhotoRequest(task_id=walk.id, digest=DIGEST, media_type="image/png", data=PIXEL + b"x")
    assert refused(officer, officer.tasks.PutTaskPhoto, wrong)[1:] == ("DIGEST_MISMATCH", "data")
    # What was refused took no ordinal.
    assert held.send([report]).outcomes[0].result == task.TASK_REPORT_RESULT_APPLIED
