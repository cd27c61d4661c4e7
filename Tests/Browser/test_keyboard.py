# What must go by keys alone: taking a call, sending a unit, and getting about.
from playwright.sync_api import expect
from world import PLATE


def test_a_call_is_taken_by_keys_alone(suite, world, windows):
    window = windows.open(suite, ["call-taker"], "calls")
    expect(window.locator("#answer")).to_be_visible()
    window.keyboard.press("F2")
    expect(window.get_by_label("报警内容")).to_be_focused()
    window.keyboard.type("有人落水，快来")
    for _ in range(3):
        window.keyboard.press("Tab")
    window.keyboard.type(PLATE)
    expect(window.locator("#candidates")).to_contain_text("江心屿灯塔旁")
    window.keyboard.press("F4")
    expect(window.get_by_label("地址")).to_have_value("江心屿 42 号牌")
    window.keyboard.press("F9")
    expect(window.locator(".sayings")).to_contain_text("已立警")
    expect(window.locator("#answer")).to_be_visible()


def test_the_same_matter_is_shown_while_one_types(suite, world, windows):
    world.incident("锦绣小区三栋电动车棚起火", address="锦绣路 30 号")
    window = windows.open(suite, ["call-taker"], "calls")
    expect(window.locator("#answer")).to_be_visible()
    window.keyboard.press("F2")
    window.get_by_label("报警内容").fill("锦绣小区电动车棚起火了，烟很大")
    expect(window.locator("#duplicates .duplicate")).to_contain_text("内容相似")
    window.keyboard.press("F8")
    expect(window.locator(".sayings")).to_contain_text("已并入")


def test_a_unit_is_sent_by_keys_alone(suite, world, windows):
    incident_id = world.incident("便利店有人持械抢劫", level=1, incident_class=1)
    window = windows.open(suite, ["dispatcher"], f"hall/{incident_id}")
    expect(window.locator(".chosen-incident")).to_contain_text("便利店有人持械抢劫")
    window.keyboard.press("r")
    expect(window.locator("#proposal")).to_contain_text("青巡")
    window.keyboard.press("2")
    window.keyboard.press("d")
    expect(window.get_by_role("dialog")).to_contain_text("青巡")
    # The first field has the focus; Enter in a line of text would send it, and in a long one not.
    window.keyboard.press("Tab")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    expect(window.locator(".sayings")).to_contain_text("已派")


def test_the_first_tab_stop_skips_to_the_page(suite, world, windows):
    window = windows.open(suite, ["supervisor"])
    window.keyboard.press("Tab")
    expect(window.locator(".skip")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("#main")).to_be_focused()
