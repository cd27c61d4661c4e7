# P1: a statement is drafted by one, signed by another and published, by clicks in two windows.
import re

from playwright.sync_api import expect


def test_p1_a_statement_by_clicks(suite, world, windows):
    incident = world.incident("广场上有人争吵")
    topic = world.topic([(60, "中心广场有人吵起来了快来看"), (30, "中心广场有人吵起来了快来看！！")])
    suite.caught_up()
    from client import opinion
    world.client(world.client.opinion.TieTopic, opinion.TieTopicRequest(
        topic_id=topic, incident_id=incident))
    editor = windows.open(suite, ["opinion-editor"], f"opinion/{topic}")
    leader = windows.open(suite, ["shift-leader"], f"opinion/{topic}")

    editor.locator("[data-action=draft]").click()
    editor.get_by_label("通报内容").fill("双方因琐事争吵，已当场调解，无人受伤。")
    editor.get_by_label("与谁核实").fill("青云派出所值班领导")
    editor.get_by_role("dialog").get_by_role("button", name="拟写通报").click()
    expect(editor.locator("#statements")).to_contain_text("待签发")
    # Who wrote it cannot sign it: there is no such button in this window.
    expect(editor.locator("[data-action=approve]")).to_have_count(0)

    leader.locator("[data-action=approve]").click()
    leader.get_by_role("dialog").get_by_role("button", name="签发通报").click()
    expect(leader.locator("#statements")).to_contain_text("待发布")

    editor.locator("[data-action=publish]").click()
    editor.get_by_role("dialog").get_by_role("button", name="发布通报").click()
    expect(editor.locator("#statements")).to_contain_text("已发布")
    expect(editor.locator("#topic")).to_contain_text("已回应")
    expect(editor.locator("#statements .facts").nth(1)).to_contain_text(
        re.compile(r"opinion\.editor.*shift\.leader", re.S))
