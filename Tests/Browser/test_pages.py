# Every page of the table, at three sizes and in both languages: it opens without an error, nothing is cut off
# at the side, and axe finds nothing serious.
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import go
from playwright.sync_api import expect
from client import kind

SIZES = {"wall": (3840, 2160), "desk": (1440, 900), "phone": (390, 844)}
EVERYBODY = ["shift-leader", "dispatcher", "call-taker", "station", "supervisor", "opinion-editor",
             "analyst", "officer", "auditor"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def incident_id(world):
    found = world.incident(
        "一个很长的标题要在手机上也放得下而不溢出屏幕的警情" * 2, kind.INCIDENT_LEVEL_2,
        address="东海大道 1234 号锦绣江南小区二期三栋二单元地下车库入口")
    world.directive("请核实现场情况并于三小时内反馈", "核实人员、车辆、监控。", found)
    world.topic([(7200, "锦绣江南小区停水了怎么回事"), (60, "锦绣江南小区停水了，怎么回事啊")])
    return found


# English words are longer: they are tried where there is least room.
@pytest.mark.parametrize(
    ("size", "language"), [("wall", "zh"), ("desk", "zh"), ("phone", "zh"), ("phone", "en")])
def test_every_page_fits_and_can_be_used(suite, world, windows, incident_id, size, language):
    # A log that was just begun has no checkpoint yet, which the gateway answers with 404.
    windows.expected.append("AuditService/GetCheckpoint")
    width, height = SIZES[size]
    window = windows.open(suite, EVERYBODY, viewport={"width": width, "height": height},
                          language=language)
    paths = window.evaluate("import('/pages.js').then(({ PAGES }) => PAGES.map((page) => page.path))")
    for path in paths:
        go(window, f"{path}/{incident_id}" if path == "incident" else path)
        window.wait_for_selector("#main > :not(p.empty)")
        overflow = window.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
        if size == "desk":
            found = Axe().run(window, options=RULES).response["violations"]
            serious = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]])
                       for one in found if one["impact"] in ("serious", "critical")]
            assert not serious, f"{path}: {serious}"


def test_nobody_sees_a_page_that_is_not_theirs(suite, world, windows):
    window = windows.open(suite, ["station"], "hall", areas=[world.station.id])
    window.wait_for_selector("#main p.empty")
    assert window.locator("#nav a").all_inner_texts() == [
        "派出所指挥室", "警务通", "支撑请求", "会商", "勤务部署", "排班与席位", "平战与集结",
        "专班"]


def test_actions_are_offered_to_those_who_may(suite, world, windows):
    """The pages' own table of roles is that of Docs/access.md."""
    from conftest import ROOT
    window = windows.open(suite, ["dispatcher"])
    actions = window.evaluate(
        "import('/lib/actions.js').then(({ INCIDENT_ACTIONS }) =>"
        " INCIDENT_ACTIONS.map(({ method, roles }) => [method, roles]))")
    text = (ROOT / "Docs" / "access.md").read_text()
    for method, roles in actions:
        service, name = method.split("/")
        section = text.split(f"### quintet.{service.replace('.', '.v1.', 1)}\n")[1].split("###")[0]
        row = next(line for line in section.splitlines() if line.startswith(f"| {name} |"))
        allowed = {role.strip() for role in row.split("|")[3].split(",")}
        assert set(roles) <= allowed, f"{method}: {set(roles) - allowed} may not"


def test_a_map_is_left_at_any_moment(suite, world, windows):
    """Whatever was still to be drawn when its page went away; the windows' own check sees what failed."""
    window = windows.open(suite, ["shift-leader"], "supervision")
    window.evaluate("""async () => {
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      for (let turn = 0; turn < 60; turn += 1) {
        location.hash = "#/hall";
        while (!document.querySelector(".map")) await wait(1);
        await wait(turn % 30);
        location.hash = "#/supervision";
        while (document.querySelector(".map")) await wait(1);
      }
    }""")


def test_a_supervisor_sees_directives_and_who_is_late(suite, world, windows):
    world.directive("请排查辖区电动车充电棚", "两小时内反馈。")
    window = windows.open(suite, ["supervisor"], "supervision")
    card = window.locator("#orders .card", has_text="请排查辖区电动车充电棚")
    expect(card).to_contain_text("青云派出所")
    window.get_by_role("button", name="仅看超时").click()
    expect(card).to_have_count(0)
    expect(window.locator("#orders")).to_contain_text("没有这样的指令")
