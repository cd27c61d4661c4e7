# 警务通: one list on a beat's phone. With the link down it signs, fills in and shows what waits; the page is
# there after a reload; when the link returns, everything is told once and in order.
import datetime

import pytest
from client import Client, organisation
from quintet.duty.v1 import task_pb2 as task
from quintet.duty.v1 import task_service_pb2 as tasks
from quintet.duty.v1 import task_service_pb2_grpc as tasks_grpc

PHONE = {"width": 390, "height": 844}
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


@pytest.fixture
def beat(fresh_suite):
    suite = fresh_suite
    office = Client(suite.channel())

    def put(code, rank, parent=""):
        return office(office.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code=code, name=f"机构 {code}", rank=rank, parent_id=parent)).org_unit.id

    bureau = put("C", organisation.ORG_RANK_COUNTY)
    beat = put("B", organisation.ORG_RANK_BEAT, put("S", organisation.ORG_RANK_STATION, bureau))
    suite.quintet("import", "tasks")
    suite.lists = tasks_grpc.TaskServiceStub(suite.channel())
    today = datetime.datetime.now(SHANGHAI).date().isoformat()
    office(suite.lists.PutTaskPlan, tasks.PutTaskPlanRequest(plan=task.TaskPlan(
        beat_id=beat, from_date=today, until_date=today, entries=[
            task.TaskPlanEntry(template_code=code, place=task.TaskPlace(code=code, name=name))
            for code, name in [("beat.walk", "主街"), ("hotel.licence", "悦来旅馆")]])))
    office(suite.lists.MakeTaskList, tasks.MakeTaskListRequest(beat_id=beat, from_date=today, to_date=today))
    suite.all = lambda: office(suite.lists.ListTasks, tasks.ListTasksRequest(beat_id=beat)).tasks
    return beat


def test_the_list_works_with_the_link_down(fresh_suite, beat, windows):
    window = windows.open(fresh_suite, ["officer"], "phone", areas=[], viewport=PHONE, seat=beat)
    walk = window.locator(".card", has_text="社区步巡")
    walk.wait_for()
    # The worker that keeps the page is in charge before the link goes.
    window.evaluate("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller"
                    " || new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done)))"
                    ".then(() => true)")
    window.reload()
    walk.wait_for()
    windows.expected.append("ERR_INTERNET_DISCONNECTED")
    window.context.set_offline(True)
    walk.locator("[data-act=sign]").click()
    walk.locator("[data-act=fill]").click()
    window.locator("dialog input[type=number]").first.fill("70")
    window.locator("dialog input[type=number]").nth(1).fill("2")
    window.locator("dialog button.primary").click()
    window.locator("#link.problem").wait_for()
    window.locator(".big-figures .figure", has_text="待上报").locator("b", has_text="2").wait_for()
    assert all(each.state == task.TASK_STATE_ISSUED for each in fresh_suite.all())
    # A phone that is put away and taken out again.
    window.reload()
    window.locator(".big-figures .figure", has_text="待上报").locator("b", has_text="2").wait_for()
    window.context.set_offline(False)
    window.locator(".big-figures .figure", has_text="待上报").locator("b", has_text="0").wait_for(timeout=30_000)
    states = {each.place.code: each for each in fresh_suite.all()}
    done = states["beat.walk"]
    assert done.state == task.TASK_STATE_DONE
    assert {each.answer.field_code: each.answer.number for each in done.answers} == {"minutes": 70, "hazards": 2}
    assert states["hotel.licence"].state == task.TASK_STATE_ISSUED
