# Whatever people write stays text: markup and scripts in every field of an incident do nothing.
from playwright.sync_api import expect
from client import assignment, dispatch, incidents, kind, review
from conftest import go

HOOK = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>"


def test_markup_and_scripts_in_every_field_are_inert(suite, world, windows):
    call = world.client
    incident_id = world.incident(
        f"说 {HOOK}", address=f"址 {HOOK}", phone="13800001111", caller_name="<b>甲</b>")
    call(call.incidents.ClassifyIncident, incidents.ClassifyIncidentRequest(
        incident_id=incident_id, title=f"题 {HOOK}"[:120]))
    unit = call.make_unit("<i>巡</i>'\"", (28.022, 120.652), world.station.id)
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=incident_id, unit_ids=[unit.id], instruction=f"令 {HOOK}"))
    world.directive(f"题 {HOOK}"[:120], f"文 {HOOK}", incident_id)
    for step in (assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
                 assignment.ASSIGNMENT_STEP_ARRIVE):
        call.step(sent.assignments[0].id, step)
    call.step(sent.assignments[0].id, assignment.ASSIGNMENT_STEP_CLEAR, note=f"注 {HOOK}")
    call(call.review.SubmitIncidentFeedback, review.SubmitIncidentFeedbackRequest(
        incident_id=incident_id, text=f"馈 {HOOK}：到场后已将双方劝离，登记在册"))
    topic_id = world.topic([(60, f"议 {HOOK}")])

    window = windows.open(
        suite, ["shift-leader", "supervisor", "opinion-editor", "station", "call-taker"],
        areas=["*"])
    for page in (f"hall/{incident_id}", f"incident/{incident_id}", "station", "supervision",
                 f"opinion/{topic_id}", "calls"):
        go(window, page)
        expect(window.locator("#main")).to_contain_text("<img src=x onerror=")
        assert window.evaluate("window.hit") is None, page
        assert window.locator("#main img, #main script").count() == 0, page
