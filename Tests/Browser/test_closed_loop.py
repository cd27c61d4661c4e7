# C1 接警—研判—指令—处置—反馈—评估, played by clicks and keys alone, by four people in four windows.
import re

from playwright.sync_api import expect
from world import PLATE

CLOSED = "办结"


def test_c1_call_to_closed_by_clicks_alone(suite, world, windows):
    taker = windows.open(suite, ["call-taker"], "calls")
    dispatcher = windows.open(suite, ["dispatcher"], "hall")
    station = windows.open(suite, ["station"], "station", areas=[world.station.id])
    supervisor = windows.open(suite, ["supervisor"], "supervision")

    # 接警: a plate's number is enough to know where.
    taker.click("#answer")
    taker.get_by_label("报警内容").fill("灯塔旁有两人打架，一人受伤流血")
    taker.get_by_label("定位牌号").fill(PLATE)
    expect(taker.locator("#candidates")).to_contain_text("江心屿灯塔旁")
    taker.locator("#candidates button").first.click()
    taker.get_by_label("警情类别").select_option("INCIDENT_CLASS_PUBLIC_ORDER")
    taker.get_by_label("较大").check()
    taker.get_by_label("报警电话").fill("13800005678")
    taker.click("#open-incident")
    expect(taker.locator(".sayings")).to_contain_text("已立警")

    # 研判、指令: it is in the hall at once; who is near is proposed, and sent.
    row = dispatcher.locator(".queue button.row", has_text="灯塔旁有两人打架")
    row.click()
    expect(dispatcher.locator(".chosen-incident")).to_contain_text("青云派出所")
    dispatcher.get_by_role("button", name=re.compile("^推荐")).click()
    expect(dispatcher.locator("#proposal")).to_contain_text("青巡 1")
    dispatcher.locator(".chosen-incident").get_by_role("button", name=re.compile("^派警")).click()
    dispatcher.get_by_label("指令内容").fill("带急救包，先分开双方")
    dispatcher.get_by_role("dialog").get_by_role("button", name="派警").click()
    expect(row).to_contain_text("处置中")

    # 处置: the station's unit signs, sets out, arrives and clears.
    card = station.locator(".card", has_text="灯塔旁有两人打架")
    for step in ("ACKNOWLEDGE", "DEPART", "ARRIVE", "CLEAR"):
        card.locator(f"[data-step=ASSIGNMENT_STEP_{step}]").click()
    expect(card).to_contain_text("待反馈")

    # 反馈, returned once with a reason, and given better.
    def feed_back(words):
        card.locator("[data-action=feedback]").click()
        station.get_by_label("处置情况").fill(words)
        station.get_by_role("dialog").get_by_role("button", name="反馈").click()

    feed_back("到场后将双方分开，伤者由 120 送医，双方均带所询问，事由系酒后口角。")
    returned = supervisor.locator("#returned li", has_text="灯塔旁有两人打架")
    returned.locator("[data-action=return]").click()
    supervisor.get_by_label("理由").fill("缺伤情及送医单位")
    supervisor.get_by_role("dialog").get_by_role("button", name="退回反馈").click()
    expect(card).to_contain_text("待反馈")
    feed_back("伤者头皮裂伤一处，送市二医院缝合；双方均带所询问，系酒后口角，已调解。")

    # 评估: closed in the hall, judged by supervision.
    incident_id = returned.locator("a").first.get_attribute("href")
    dispatcher.evaluate("(to) => { location.hash = to; }", incident_id)
    dispatcher.locator("[data-action=close]").click()
    dispatcher.get_by_role("dialog").get_by_role("button", name=CLOSED).click()
    expect(dispatcher.locator(".incident-head .state")).to_have_text(CLOSED)
    supervisor.evaluate("(to) => { location.hash = to; }", incident_id)
    timeline = supervisor.locator("#timeline")
    for words in ("立警", "研判", "派警建议", "已下达", "待反馈 → 待审核", "待审核 → 待反馈", "待审核 → 办结",
                  "缺伤情及送医单位", "评估"):
        expect(timeline).to_contain_text(words)
    expect(supervisor.get_by_label("评估", exact=True)).to_contain_text("等次")
