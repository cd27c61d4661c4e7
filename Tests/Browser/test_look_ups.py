# S6: whoever looks people up in an unusual way is asked about it by somebody else, and an auditor finds what he
# did in the logs, by clicks.
import re

import grpc
import pytest
from client import TIMEOUT, Client, kind
from playwright.sync_api import expect
from quintet.command.v1 import caller_service_pb2 as callers
from quintet.command.v1 import caller_service_pb2_grpc as callers_grpc
from quintet.type.v1 import purpose_pb2 as purposes

NORTH = [(28.20, 120.60), (28.20, 120.70), (28.25, 120.70), (28.25, 120.60)]
PHONE, NAME = "13987650017", "欧阳小明"
ACTOR = "person/li.na"
REPEATS, COMPLAINT = purposes.PURPOSE_CODE_REPEAT_CALLS, purposes.PURPOSE_CODE_COMPLAINT


class Scene:
    """A station with an incident, and people of that station who look its caller up."""

    def __init__(self, suite):
        self.suite = suite
        me = Client(suite.channel())
        self.station = me.make_station("NC", "北城所", NORTH)
        suite.caught_up()
        opened = me.open_incident((28.22, 120.65), "两家争吵", kind.INCIDENT_CLASS_DISPUTE, phone=PHONE,
                                  caller_name=NAME)
        self.case, self.call = opened.incident_id, opened.call_report.id
        self.number = me.incident(self.case).number
        suite.caught_up()

    def look(self, code, subject=ACTOR, roles=("station",), **claims):
        claims = self.suite.tokens.claims(
            subject, roles=list(roles), areas=[self.station.id], family_name=NAME[:2], **claims)
        callers_grpc.CallerServiceStub(self.suite.anonymous_channel()).LookUpCaller(
            callers.LookUpCallerRequest(purpose=purposes.Purpose(code=code, case_id=self.case), phone=PHONE),
            timeout=TIMEOUT, metadata=(("authorization", f"Bearer {self.suite.tokens.sign(claims)}"),))

    def be_refused(self, times):
        for _ in range(times):
            with pytest.raises(grpc.RpcError) as refused:
                self.look(COMPLAINT)
            assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
        self.suite.caught_up()


@pytest.fixture
def scene(monkeypatch, request):
    monkeypatch.setenv("QUINTET_CHECKPOINT_SECONDS", "1")
    return Scene(request.getfixturevalue("fresh_suite"))


def card(window, concern):
    return window.locator("#waiting .card").filter(has_text=concern)


def answer(window, text, outcome="已说明：理由正当"):
    dialog = window.get_by_role("dialog")
    dialog.get_by_label(outcome).check()
    dialog.get_by_label("核实情况").fill(text)
    dialog.get_by_role("button", name="核实作答").click()


def test_a_supervisor_sees_why_answers_and_filters(scene, windows):
    scene.look(REPEATS)
    scene.be_refused(3)
    chief = windows.open(scene.suite, ["supervisor"], "lookups", areas=[scene.station.id])
    kin = card(chief, "与本人同姓")
    for words in (ACTOR, "查询与本人同姓者 1 次", "24 h 内满 1", "重复警情", "北城所", scene.number,
                  "查报警人来电", "指挥 #"):
        expect(kin).to_contain_text(words)
    expect(card(chief, "被拒绝")).to_contain_text("事由与角色不符")
    for secret in (PHONE, PHONE[3:], NAME, NAME[:2]):
        expect(chief.locator("main")).not_to_contain_text(secret)
    # The logs are for auditors.
    expect(chief.locator("#rules tbody tr")).to_have_count(5)
    expect(chief.locator("#log, #checkpoints")).to_have_count(0)

    chief.locator(".filters").get_by_label("缘由").select_option(label="被拒绝")
    expect(chief.locator("#waiting .card")).to_have_count(1)
    chief.locator(".filters").get_by_label("缘由").select_option(label="全部")
    expect(chief.locator("#waiting .card")).to_have_count(2)

    # Another who had it before his eyes is told that it is done.
    windows.expected.append("AnswerLookUpFinding")
    late = windows.open(scene.suite, ["supervisor"], "lookups", sub="person/zhao.min")
    card(late, "与本人同姓").locator("[data-action=answer]").click()

    kin.locator("[data-action=answer]").click()
    chief.get_by_role("dialog").get_by_role("button", name="核实作答").click()
    expect(chief.get_by_role("dialog")).to_contain_text("请填写")
    answer(chief, "已当面核实，案由属实")
    expect(chief.locator("#waiting .card")).to_have_count(1)
    expect(chief.locator("#answered")).to_contain_text("已当面核实，案由属实")
    expect(chief.locator("#answered")).to_contain_text("person/supervisor")
    chief.locator("#answered summary").click()
    expect(chief.locator("#answered")).to_contain_text("重复警情")

    answer(late, "重复作答")
    expect(late.get_by_role("dialog").get_by_role("alert")).to_contain_text("数据已被他人修改")

    chief.locator(".filters").get_by_label("状态").select_option(label="已说明")
    expect(chief.locator("#waiting")).to_have_count(0)
    expect(chief.locator("#answered .card")).to_have_count(1)
    chief.locator(".filters").get_by_label("状态").select_option(label="已移交")
    expect(chief.locator("#answered .card")).to_have_count(0)


def test_nobody_answers_for_himself(scene, windows):
    scene.look(REPEATS, "person/both", ["station", "supervisor"])
    scene.suite.caught_up()
    both = windows.open(scene.suite, ["supervisor", "station"], "lookups", areas=[scene.station.id],
                        sub="person/both")
    own = card(both, "与本人同姓")
    sentence = "涉及本人的查询须由他人核实。"
    expect(own).to_contain_text(sentence)
    expect(both.locator("[data-action=answer]")).to_have_count(0)
    # Whoever asks nevertheless is told the same by the service.
    windows.expected.append("AnswerLookUpFinding")
    refused = both.evaluate(
        "(findingId) => import('/lib/api.js').then(({ change }) => change("
        " 'supervision.LookUpService/AnswerLookUpFinding',"
        " { findingId, outcome: 'LOOK_UP_OUTCOME_EXPLAINED', answer: '属实' }))"
        ".then(() => '', ({ message }) => message)", own.get_attribute("data-finding"))
    assert refused == sentence

    # Who supervises nobody has no such page.
    room = windows.open(scene.suite, ["station"], "lookups", areas=[scene.station.id])
    expect(room.locator("#main p.empty")).to_have_text("没有可打开的页面")


def test_rules_are_changed_within_their_bounds(scene, windows):
    windows.expected.append("PutLookUpRule")
    chief = windows.open(scene.suite, ["supervisor"], "lookups")
    chief.locator("[data-rule=LOOK_UP_CONCERN_MANY_PERSONS]").click()
    dialog = chief.get_by_role("dialog")
    dialog.get_by_label("满多少次").fill("0")
    dialog.get_by_role("button", name="修改规则").click()
    expect(dialog.locator(".field .problem")).to_be_visible()
    dialog.get_by_label("满多少次").fill("7")
    dialog.get_by_label("时段（分钟）").fill("90")
    dialog.get_by_role("button", name="修改规则").click()
    row = chief.locator("#rules tr").filter(has_text="查询人数过多")
    expect(row).to_contain_text("7 人")
    expect(row).to_contain_text("90 分钟")
    auditor = windows.open(scene.suite, ["auditor"], "lookups")
    windows.expected.append("GetCheckpoint")
    expect(auditor.locator("#rules tbody tr")).to_have_count(5)
    expect(auditor.locator("#rules button")).to_have_count(0)


def test_an_auditor_reads_the_logs_by_actor_case_and_record(scene, windows):
    scene.look(REPEATS)
    scene.be_refused(1)
    # A log whose first checkpoint is due has none: NOT_FOUND.
    windows.expected.append("GetCheckpoint")
    auditor = windows.open(scene.suite, ["auditor"], "lookups")
    expect(card(auditor, "与本人同姓")).to_be_visible()
    expect(auditor.locator("[data-action=answer]")).to_have_count(0)

    log = auditor.locator("#log")
    rows = log.locator("tbody tr")
    log.get_by_label("操作人或其所代表者").fill(ACTOR)
    log.get_by_role("button", name="查阅").click()
    expect(rows.filter(has_text="查报警人来电")).to_have_count(2)
    expect(rows.filter(has_text="事由与角色不符")).to_have_count(1)
    for words in (ACTOR, "重复警情", scene.number, "指挥 #", "通过"):
        expect(rows.filter(has_text="重复警情").first).to_contain_text(words)
    assert all(ACTOR in row for row in rows.all_inner_texts())
    for secret in (PHONE, NAME):
        expect(auditor.locator("main")).not_to_contain_text(secret)
    log.get_by_label("种类").select_option(label="变更")
    expect(log).to_contain_text("没有符合的记录")
    log.get_by_label("种类").select_option(label="全部")

    log.get_by_label("操作人或其所代表者").fill("")
    log.get_by_label("记录", exact=True).fill(scene.call)
    log.get_by_role("button", name="查阅").click()
    expect(rows.filter(has_text="OpenIncident")).to_have_count(1)
    log.get_by_label("记录", exact=True).fill("")
    log.get_by_label("案件").fill(scene.case)
    log.get_by_role("button", name="查阅").click()
    expect(rows.filter(has_text="查报警人来电")).to_have_count(2)
    assert all(scene.number in row for row in rows.all_inner_texts())

    # From a finding to whoever it is about.
    auditor.locator("#waiting").get_by_role("button", name="查其日志").click()
    expect(log.get_by_label("操作人或其所代表者")).to_have_value(ACTOR)
    expect(rows.filter(has_text="查报警人来电")).to_have_count(2)

    seals = auditor.locator("#checkpoints tbody tr")
    expect(seals).to_have_count(5)
    command = auditor.locator("#checkpoints [data-service=command]")
    expect(command.locator("td").first).to_have_text(re.compile(r"^\d+$"))
    expect(command).to_contain_text(re.compile(r"#\d+ \d\d/\d\d \d\d:\d\d:\d\d"))
    expect(command).to_contain_text("command.quintet/main+")
