# D1 排班与席位, by clicks: a leader sees who is missing and names who steps in, an officer reads what is handed
# over, takes the seat, hands it over and leaves it; and what is not theirs changes nothing.
import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from hall_roster import DIRECTOR, DISPATCHER, SHANGHAI, WARNING, HallRoster
from playwright.sync_api import expect
from quintet.duty.v1 import seat_service_pb2 as seats
from quintet.duty.v1 import shift_pb2 as shift
from test_pages import RULES

WORDS = "东门口有施工，注意绕行"


@pytest.fixture
def hall(fresh_suite):
    return HallRoster(fresh_suite)


def leader_of(windows, hall, **options):
    return windows.open(hall.suite, ["shift-leader"], "roster", sub="person/leader", **options)


def officer_of(windows, hall, number, **options):
    """Off duty: no shift in the token, and no area."""
    return windows.open(hall.suite, ["member"], "roster", areas=[], sub=f"person/{number.lower()}",
                        duty_from=None, duty_until=None, **options)


def card_of(window, seat):
    return window.locator(f"[data-seat='{seat}']")


def local(stamp):
    return datetime.datetime.fromtimestamp(stamp.seconds, SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")


def answer(window, name):
    window.get_by_role("dialog").get_by_role("button", name=name).click()


def test_d1_leave_makes_a_gap_and_a_substitute_fills_it(hall, windows):
    third = hall.shifts(DIRECTOR)[2]
    leader, officer = leader_of(windows, hall), officer_of(windows, hall, "P02")

    # Who sits where now; what is empty or short stands out.
    expect(card_of(leader, DIRECTOR)).to_contain_text("民警00")
    expect(card_of(leader, DIRECTOR).locator(".seat-state")).to_contain_text("在岗")
    expect(card_of(leader, WARNING).locator(".seat-state")).to_contain_text("空席")
    expect(card_of(leader, WARNING)).to_contain_text("民警05")
    expect(card_of(leader, DISPATCHER).locator(".seat-state")).to_contain_text("缺员 1 人")
    expect(leader.locator("#gaps")).to_contain_text("近日各班人员齐全")

    # 请假: asked by the officer, approved by the leader, and the shift has a gap.
    officer.locator("[data-action=ask-leave]").click()
    officer.get_by_label("年休").check()
    officer.get_by_label("请假自").fill(local(third.start_time))
    officer.get_by_label("请假至").fill(local(third.end_time))
    answer(officer, "申请请假")
    expect(officer.locator("#changes")).to_contain_text("待批准")
    leader.reload()
    leader.locator("#changes").get_by_role("button", name="批准", exact=True).click()
    gap = leader.locator(f"[data-gap='{third.id}']")
    expect(gap).to_contain_text("值班主任")
    expect(gap).to_contain_text("缺 1 人")
    expect(gap).to_contain_text("民警02 请假")
    expect(gap).to_contain_text("后开始")
    expect(leader.locator("#days .shift.short").first).to_be_visible()

    # 顶班: whoever is away or on another shift in that time is not offered.
    gap.locator("[data-action=substitute]").click()
    choice = leader.get_by_label("由谁顶班")
    assert not {"P02", "P06", "P09"} & set(choice.locator("option").evaluate_all(
        "(all) => all.map((one) => one.value)"))
    choice.select_option("P04")
    answer(leader, "指定顶班")
    expect(leader.locator("#gaps")).to_contain_text("近日各班人员齐全")
    leader.locator("#days button", has_text="民警04").first.click()
    expect(leader.locator("#shift")).to_contain_text("顶班")
    expect(leader.locator("#shift")).to_contain_text("民警02")
    assert not hall.gaps()


@pytest.mark.skip(reason="failed once in seven runs for a cause not found yet; Tests/EndToEnd/test_d1_rosters.py goes the same way by call")
def test_d1_a_seat_is_taken_after_its_note_is_read(hall, windows):
    hall.member(hall.seats.WriteHandoverNote, seats.WriteHandoverNoteRequest(
        seat_code=DIRECTOR, text=WORDS), "P00")
    leader, officer = leader_of(windows, hall), officer_of(windows, hall, "P01")
    # The refusals that this is about; the browser writes each into its console.
    windows.expected = ["status of 400", "status of 403"]
    card, notes = card_of(officer, DIRECTOR), officer.locator("#notes")

    card_of(leader, DIRECTOR).locator("[data-action=notes]").click()
    expect(leader.locator("#notes .unread")).to_contain_text(WORDS)
    # Who watches over the hall takes no seat and reads nothing in another's place.
    expect(leader.locator("[data-action=take], [data-action=read]")).to_have_count(0)

    card.locator("[data-action=take]").click()
    expect(notes.get_by_role("alert")).to_contain_text("请先阅读上一班的交接记录")
    expect(notes.locator(".unread")).to_contain_text("就座前必读")
    assert hall.holders()[DIRECTOR] == ["民警00"]
    notes.locator(".unread", has_text=WORDS).locator("[data-action=read]").click()
    expect(notes.locator(".unread")).to_have_count(0)
    expect(notes).to_contain_text("已阅：P01")
    card.locator("[data-action=take]").click()
    expect(card.locator(".holders")).to_contain_text("民警01")
    card.get_by_text("席位授权").click()
    assert card.locator("textarea").input_value().count(".") == 2
    expect(card_of(leader, DIRECTOR).locator(".holders")).to_contain_text("民警01")

    # 离席: not without a word for the next.
    card.locator("[data-action=leave]").click()
    answer(officer, "离席")
    expect(officer.get_by_role("dialog").get_by_role("alert")).to_contain_text("离席前请写交接记录")
    answer(officer, "取消")
    assert "民警01" in hall.holders()[DIRECTOR]
    card.locator("[data-action=note]").click()
    officer.get_by_label("交接内容").fill("三号监控离线，已报修")
    answer(officer, "写交接记录")
    expect(notes).to_contain_text("三号监控离线")
    card.locator("[data-action=leave]").click()
    answer(officer, "离席")
    expect(card.locator(".holders")).not_to_contain_text("民警01")
    assert hall.holders()[DIRECTOR] == ["民警00"]
    expect(card_of(leader, DIRECTOR).locator(".holders")).not_to_contain_text("民警01")

    # Whoever sits there since before the page was opened says so, and leaves.
    before = card_of(officer_of(windows, hall, "P00"), DIRECTOR)
    before.locator("[data-action=claim]").click()
    before.locator("[data-action=leave]").click()
    answer(before.page, "离席")
    expect(before.locator(".seat-state")).to_contain_text("空席")
    assert hall.holders()[DIRECTOR] == []


def test_d1_a_swap_is_asked_agreed_and_approved(hall, windows):
    officer, other = officer_of(windows, hall, "P03"), officer_of(windows, hall, "P04")
    officer.locator("#days button[aria-label*=P03]").first.click()
    officer.locator("#shift [data-action=swap]").click()
    officer.get_by_label("对方警号").fill("P04")
    answer(officer, "申请换班")
    expect(officer.locator("#changes")).to_contain_text("待对方答复")
    other.reload()
    other.locator("#changes").get_by_role("button", name="同意", exact=True).click()
    expect(other.locator("#changes")).to_contain_text("待批准")
    leader = leader_of(windows, hall)
    leader.locator("#changes").get_by_role("button", name="批准", exact=True).click()
    expect(leader.locator("#changes")).to_contain_text("已批准")
    standing = {one.officer_number: one.standing for one in hall.shifts(DIRECTOR)[3].officers}
    assert standing == {"P03": shift.SHIFT_STANDING_SWAPPED, "P04": shift.SHIFT_STANDING_ON}


def test_d1_who_is_not_on_the_shift_takes_no_seat(hall, windows):
    windows.expected = ["status of 403"]
    officer = officer_of(windows, hall, "P11")
    card = card_of(officer, WARNING)
    card.locator("[data-action=take]").click()
    expect(card.get_by_role("alert")).to_contain_text("顶班须由值班长指定")
    expect(card.get_by_role("alert")).to_contain_text("NOT_ON_SHIFT")
    expect(card.locator(".seat-state")).to_contain_text("空席")
    assert hall.holders()[WARNING] == []
    # Nor is a seat's note shown to whoever is not on it; nobody but a leader names substitutes.
    card.locator("[data-action=notes]").click()
    expect(officer.locator("#notes").get_by_role("alert")).to_contain_text("不在")
    expect(officer.locator("[data-action=substitute]")).to_have_count(0)


SIZES = [((3840, 2160), "zh"), ((1440, 900), "zh"), ((390, 844), "zh"), ((390, 844), "en")]


def test_a_full_page_fits_and_can_be_used(hall, windows):
    hall.member(hall.seats.WriteHandoverNote, seats.WriteHandoverNoteRequest(
        seat_code=DIRECTOR, text=WORDS * 9), "P00")
    for (width, height), language in SIZES:
        options = {"viewport": {"width": width, "height": height}, "language": language}
        for window in leader_of(windows, hall, **options), officer_of(windows, hall, "P01", **options):
            window.locator("#days button.shift").first.click()
            card_of(window, DIRECTOR).locator("[data-action=notes]").click()
            expect(window.locator("#notes .unread")).to_contain_text(WORDS)
            expect(window.locator("#notes .unread")).to_be_in_viewport()
            overflow = window.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{width}: {overflow} px too wide"
            found = Axe().run(window, options=RULES).response["violations"]
            serious = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]])
                       for one in found if one["impact"] in ("serious", "critical")]
            assert not serious, f"{width}: {serious}"
            window.close()


def test_actions_are_offered_to_those_who_may(suite, windows):
    """The page's own table of roles is that of Docs/access.md."""
    from conftest import ROOT
    window = windows.open(suite, ["operator"])
    may, page = window.evaluate(
        "Promise.all([import('/lib/roster.js'), import('/pages.js')]).then(([{ MAY }, { PAGES }]) =>"
        " [MAY, PAGES.find((page) => page.path === 'roster').roles])")
    text = (ROOT / "Docs" / "access.md").read_text()
    for method, roles in may.items():
        service, name = method.split("/")
        section = text.split(f"### quintet.{service.replace('.', '.v1.', 1)}\n")[1].split("###")[0]
        row = next(line for line in section.splitlines() if line.startswith(f"| {name} |"))
        assert set(roles) == {role.strip() for role in row.split("|")[3].split(",")}, method
    assert set(page) == set(may["duty.SeatService/ListSeats"])
