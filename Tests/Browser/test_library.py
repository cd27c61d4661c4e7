# What the pages' library does with what it is told, without a suite: its files come from the checkout.
import mimetypes

import pytest
from conftest import ROOT

WEB = ROOT / "Services" / "Gateway" / "Web"
VENDOR = ROOT / ".tools" / "web"
ORIGIN = "http://pages.test"


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context()
    page = context.new_page()

    def serve(route):
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        file = VENDOR / path[8:] if path.startswith("/vendor/") else WEB / path[1:]
        if path == "/":
            route.fulfill(content_type="text/html", body="<!doctype html>")
        elif file.is_file():
            route.fulfill(content_type=mimetypes.guess_type(file.name)[0], body=file.read_bytes())
        else:
            route.fulfill(status=404)

    page.route("**/*", serve)
    page.goto(ORIGIN)
    yield page
    context.close()


def run(page, module, body, argument=None):
    """`body` is the inside of a function of the module's names, as `m`, and `given`."""
    return page.evaluate(
        f"async (given) => {{ const m = await import('{module}'); {body} }}", argument)


def test_what_a_snapshot_does_not_name_is_gone(page):
    held = run(page, "/lib/feeds.js", """
      const held = new Map([["old", { id: "old" }], ["b", { id: "b" }]]);
      const take = m.keeper(held, "cards", m.incidentOf);
      given.forEach(take);
      return [...held.values()].map((one) => [one.id, one.title]);""", [
        {"isSnapshot": True, "cards": [{"id": "a", "summary": "甲"}]},
        {"isSnapshot": True, "isSnapshotEnd": True, "cards": [{"id": "b", "summary": "乙"}]},
        {"sequence": "9", "cards": [{"id": "c", "summary": "丙"}]}, {"sequence": "10"},
        {"sequence": "11", "removedIds": ["a"]}])
    assert held == [["b", "乙"], ["c", "丙"]]


def test_units_move_by_their_number_in_the_stream(page):
    units = run(page, "/lib/feeds.js", """
      const held = new Map();
      const take = m.unitKeeper(held);
      given.forEach(take);
      return [...held.values()].map((one) => [one.id, one.at, one.heading, one.fixTime]);""", [
        {"asOf": 1000, "isSnapshot": True, "isSnapshotEnd": True, "units": [
            {"n": 1, "id": "u1", "fix": 990, "lat": 2801234, "lon": 12065000, "heading": 90},
            {"n": 2, "id": "u2"}, {"n": 3, "id": "u3"}]},
        {"asOf": 1010, "moves": {
            "n": [1, 2, 7], "lat": [2801240, -1, 5], "lon": [12065010, 0, 5],
            "heading": [-1, 0, 5], "age": [3, 0, 0]}},
        {"asOf": 1011, "removed": [3]}])
    assert units == [
        ["u1", {"latitude": 28.0124, "longitude": 120.6501}, 90, 1_007_000],
        ["u2", {"latitude": -0.00001, "longitude": 0}, 0, 1_010_000]]


def test_a_new_stream_gives_new_numbers(page):
    ids = run(page, "/lib/feeds.js", """
      const held = new Map();
      const take = m.unitKeeper(held);
      given.forEach(take);
      return [...held.values()].map((one) => [one.id, one.at?.latitude]);""", [
        {"isSnapshot": True, "isSnapshotEnd": True, "units": [
            {"n": 1, "id": "u1", "fix": 1}, {"n": 2, "id": "u2", "fix": 1}]},
        {"isSnapshot": True, "isSnapshotEnd": True, "units": [{"n": 1, "id": "u2", "fix": 1}]},
        {"asOf": 9, "moves": {"n": [1], "lat": [300000], "lon": [0], "heading": [0], "age": [0]}}])
    assert ids == [["u2", 3]]


@pytest.mark.parametrize(("told", "shown"), [
    ("直线 91 米，定位 78 秒前。91 m away, position 78 s old.", "直线 91 米，定位 78 秒前。"),
    ("到场（中心城区）. Arrival, centre", "到场（中心城区）"),
    ("直线 3.5 公里。", "直线 3.5 公里。"),
    ("已派两个单位 / Two units were sent", "已派两个单位"),
    ("只有中文", "只有中文"), ("", "")])
def test_of_two_languages_the_reader_sees_one(page, told, shown):
    assert run(page, "/lib/strings.js", "return m.half(given);", told) == shown


@pytest.mark.parametrize(("seconds", "shown"), [
    (0, "0:00"), (59.9, "0:59"), (725, "12:05"), (11_045, "3:04:05"), (-61, "−1:01"),
    (2 * 86_400 + 3_600 * 3 + 240, "2d 03:04"), (None, "—")])
def test_spans_are_read_at_a_glance(page, seconds, shown):
    assert run(page, "/lib/time.js", "return m.span(given ?? NaN);", seconds) == shown


def test_times_are_those_of_shanghai(page):
    assert run(page, "/lib/time.js", "return m.clockTime(given);", "2026-11-30T16:30:05Z") == "00:30:05"
    assert run(page, "/lib/time.js", "return m.clockTime(given);") == "—"


def test_a_burst_is_marked_and_a_trickle_is_not(page):
    def bursts(minutes):
        items = [{"publishTime": f"2026-11-30T08:{minute:02}:30Z"} for minute in minutes]
        return run(page, "/pages/opinion.js",
                   "return m.curveOf({ itemCount: given.length }, given).bursts.length;", items)

    assert bursts([0, 5, 10, 15, 20]) == 0
    assert bursts([0, 5, 20, 20, 20, 20, 20]) == 1


def test_the_same_matter_is_recognised_and_another_is_not(page):
    found = run(page, "/pages/calls/duplicates.js", """
      const at = (latitude, longitude) => ({ wgs84Point: { latitude, longitude } });
      const now = new Date().toISOString();
      const known = [
        { id: "near", receiveTime: now, narrative: "有人打架", location: at(28.0201, 120.65) },
        { id: "told", receiveTime: now, narrative: "超市门口有人打架，拿着棍子", location: at(28.2, 120.8) },
        { id: "other", receiveTime: now, narrative: "钱包丢了", location: at(28.2, 120.8) },
        { id: "long ago", receiveTime: "2020-01-01T00:00:00Z", narrative: "有人打架", location: at(28.02, 120.65) }];
      return m.duplicatesOf({ narrative: "超市门口有人打架" }, { latitude: 28.02, longitude: 120.65 }, known)
        .map((one) => one.incident.id).sort();""")
    assert found == ["near", "told"]


def test_answers_go_out_by_the_kind_of_their_field(page):
    fields = [
        {"code": "a", "kind": "FORM_FIELD_KIND_CHOOSE_ONE"}, {"code": "b", "kind": "FORM_FIELD_KIND_CHOOSE_MANY"},
        {"code": "c", "kind": "FORM_FIELD_KIND_TEXT"}, {"code": "d", "kind": "FORM_FIELD_KIND_NUMBER"},
        {"code": "e", "kind": "FORM_FIELD_KIND_TIME"}, {"code": "f", "kind": "FORM_FIELD_KIND_PHOTO"},
        {"code": "g", "kind": "FORM_FIELD_KIND_TEXT"}]
    answers = run(page, "/lib/form.js", "return m.answersOf({ fields: given }, "
                  "{ a: 'x', b: ['y', 'z'], c: 'words', d: '2.5', e: '2026-11-30T08:00:00', f: ['0a'] });",
                  fields)
    assert answers == [
        {"fieldCode": "a", "choices": {"codes": ["x"]}}, {"fieldCode": "b", "choices": {"codes": ["y", "z"]}},
        {"fieldCode": "c", "text": "words"}, {"fieldCode": "d", "number": 2.5},
        {"fieldCode": "e", "time": "2026-11-30T00:00:00.000Z"},
        {"fieldCode": "f", "attachments": {"digests": ["0a"]}}]


FAKE = """
  window.opened = [];
  window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor(url) { super(); this.url = url; this.readyState = 0; window.opened.push(this); }
    close() { this.readyState = 2; }
  };
  window.states = []; window.told = []; window.problems = [];
  const { watch } = await import("/lib/live.js");
  window.live = watch([{ as: "units", method: "duty.UnitBoardService/WatchUnits" }], {
    onMessage: (as, message) => window.told.push([as, message]), onState: (state) => window.states.push(state),
    onProblem: (problem) => window.problems.push(problem.code) });
"""


def test_silence_is_told_and_ended(page):
    page.clock.install()
    page.evaluate(f"async () => {{ {FAKE} }}")
    assert "quintet.duty.v1.UnitBoardService" in page.evaluate("decodeURIComponent(opened[0].url)")
    page.evaluate("opened[0].onopen()")
    page.evaluate("opened[0].dispatchEvent(new MessageEvent('units', { data: '{\"asOf\": 1}' }))")
    assert page.evaluate("[states, told]") == [["connecting", "live"], [["units", {"asOf": 1}]]]
    page.clock.run_for(16_000)
    assert page.evaluate("states.at(-1)") == "stale"
    page.clock.run_for(20_000)
    assert page.evaluate("opened.map((one) => one.readyState)") == [2, 0], "opened anew"
    page.evaluate("opened[1].onopen()")
    assert page.evaluate("states.at(-1)") == "live"
    # One watch is refused, the others go on.
    page.evaluate("opened[1].onerror(new MessageEvent('error', { data: '{\"code\": \"not_found\"}' }))")
    assert page.evaluate("[problems, states.at(-1)]") == [["not_found"], "live"]
    # Refused for good: the browser gives up, the page does not.
    page.evaluate("opened[1].readyState = 2; opened[1].onerror(new Event('error'))")
    assert page.evaluate("states.at(-1)") == "stale"
    page.clock.run_for(1_500)
    assert page.evaluate("opened.length") == 3
    page.evaluate("live.close()")
