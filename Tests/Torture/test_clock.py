# 乱钟: the machine's clock is set back and ahead under running deadlines. Each of them fires once, and a
# leap ahead is not believed at once but told to the operator.
import collections
import mmap
import struct

from check import check
from client import Client, assignment, deadlines
from disk import compile_shim
from end_to_end import SERVICES
from house import House, wait_until
from load import Ledger, dispatch_request, fresh_id, report_request

HOUR = 3600
HELD = "the clock leapt ahead and is not believed; time goes on by the monotonic clock"
SET_BACK = "the clock was set back"


class WrongClock:
    """One clock for all processes of a house, off by as much as one says."""

    def __init__(self, folder, house):
        folder.mkdir(parents=True, exist_ok=True)
        control = folder / "clock"
        control.write_bytes(bytes(8))
        with open(control, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)
        shim = compile_shim("clock", folder)
        for name in SERVICES:
            house.environments[name] = {
                "LD_PRELOAD": str(shim), "QUINTET_CLOCK_CONTROL": str(control)}

    def set(self, seconds):
        struct.pack_into("=q", self._map, 0, int(seconds * 1_000_000_000))


class Scene:
    """Units that are sent and never sign, whose deadlines are seconds."""

    def __init__(self, folder):
        self.house = House(folder / "h")
        self.clock = WrongClock(folder / "clock", self.house)
        # A clock that is behind would take what is signed now for something of the future.
        self.house.tokens.early = 2 * HOUR
        self.house.start()
        self.call = Client(self.house.channel("command"))
        self.rules = Client(self.house.channel("supervision"))
        # Told at 1, 2 and 4 s, and hours later, where only a wrong clock comes by.
        for code, kind, limit in (("sign.unit", deadlines.DEADLINE_KIND_SIGN, 2),
                                  ("departure", deadlines.DEADLINE_KIND_DEPARTURE, 5 * HOUR),
                                  ("arrival.other", deadlines.DEADLINE_KIND_ARRIVAL, 5 * HOUR)):
            self.rules(self.rules.deadlines.PutRule, deadlines.PutRuleRequest(
                rule=deadlines.Rule(code=code, kind=kind, name=code, limit_s=limit,
                                    warn_before_s=1, escalate_after_s=2, escalation_levels=1)))

    def send(self):
        """Sends one unit; returns its assignment."""
        opened = self.call(self.call.calls.SubmitReport, report_request(self.call, "乱钟"))
        sent = self.call(self.call.dispatch.DispatchUnits, dispatch_request(
            opened.incident_id, fresh_id("unit"), "速到现场"))
        made = sent.assignments[0].id
        wait_until(lambda: len(self.told(made, "Started")) == 3, what="the clocks start")
        return made

    def told(self, assignment_id, *names):
        """(event, rule) of what supervision told of the deadlines of an assignment, in order."""
        found = []
        for row in sorted(self.house.rows("supervision").get("event", []),
                          key=lambda row: row["sequence"]):
            name = row["type"].rsplit(".", 1)[1].removeprefix("Deadline")
            deadline = row["payload"].get("deadline", {})
            if deadline.get("subject") == assignment_id and (not names or name in names):
                found.append((name, deadline["ruleCode"]))
        return found

    def fired(self, assignment_id):
        return self.told(assignment_id, "Warned", "Overdue", "Escalated")

    def messages(self, level):
        return [line["message"] for line in self.house.processes["supervision"].messages(level)]


SIGNED_LATE = [("Warned", "sign.unit"), ("Overdue", "sign.unit"), ("Escalated", "sign.unit")]


def finish(scene, tally, assignments):
    """Nothing was told twice, and the log of supervision is in order."""
    check(scene.house, Ledger(), "supervision", tally)
    for made in assignments:
        told = collections.Counter(scene.told(made))
        doubled = [what for what, count in told.items() if count > 1]
        tally.add("supervision", cycles=1, acknowledged=len(told), doubled=len(doubled))
    scene.house.stop()


def test_a_clock_set_back_fires_nothing_twice(new_folder, tally):
    scene = Scene(new_folder)
    first = scene.send()
    wait_until(lambda: scene.fired(first) == SIGNED_LATE, what="all steps")
    scene.clock.set(-HOUR)
    wait_until(lambda: SET_BACK in scene.messages("error"), what="the report")
    second = scene.send()
    scene.house.kill("supervision")
    scene.house.start("supervision")
    wait_until(lambda: scene.messages("error").count(SET_BACK) == 1, what="the report at start")
    wait_until(lambda: scene.fired(second) == SIGNED_LATE, what="all steps of the second")
    scene.clock.set(0)
    third = scene.send()
    wait_until(lambda: scene.fired(third)[:3] == SIGNED_LATE, what="all steps of the third")
    assert scene.fired(first) == SIGNED_LATE
    finish(scene, tally, [first, second, third])


def test_a_leap_ahead_is_held_and_reported(new_folder, tally):
    scene = Scene(new_folder)
    first = scene.send()
    scene.clock.set(12 * HOUR)
    wait_until(lambda: HELD in scene.messages("error"), what="the report")
    # By the monotonic clock these fall due, and only these.
    wait_until(lambda: scene.fired(first) == SIGNED_LATE, what="all steps")
    # What is done meanwhile brings no time with it that is not believed.
    scene.call.step(first, assignment.ASSIGNMENT_STEP_ACKNOWLEDGE)
    scene.call.step(first, assignment.ASSIGNMENT_STEP_DEPART)
    wait_until(lambda: ("Stopped", "departure") in scene.told(first), what="the departure")
    assert scene.fired(first) == SIGNED_LATE, scene.fired(first)
    second = scene.send()
    scene.clock.set(0)
    wait_until(lambda: scene.fired(second) == SIGNED_LATE, what="all steps of the second")
    assert scene.messages("error").count(HELD) == 1
    finish(scene, tally, [first, second])
