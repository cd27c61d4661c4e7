# 坏盘: the n-th write, flush, opening or truncation fails, for each n through one command, and at
# random moments of a long run, checkpoints among them. Nothing acknowledged is lost; a failed flush or
# write ends the process with a clear last line; a full disk only refuses, and goes on by itself.
import errno
import random

import grpc
import pytest
from check import check
from client import Client
from conftest import CYCLES, SEED, cycles
from disk import OPEN, SYNC, TRUNCATE, WRITE, Disk
from house import House, wait_until
from load import (
    TIMEOUT, Ask, Ledger, directive_request, dispatch_request, fresh_id, report_request)

LAST_LINE = "the store cannot be written; ending the process, nobody is answered"
FAULTS = {
    "write-EIO": (WRITE, errno.EIO), "write-ENOSPC": (WRITE, errno.ENOSPC),
    "flush-EIO": (SYNC, errno.EIO), "flush-ENOSPC": (SYNC, errno.ENOSPC),
    "open-EIO": (OPEN, errno.EIO), "open-EMFILE": (OPEN, errno.EMFILE),
    "truncate-EIO": (TRUNCATE, errno.EIO),
}


class Victim:
    """Command alone, on a disk that takes orders."""

    def __init__(self, folder, tally):
        self.house = House(folder, services=["command"])
        self.disk = Disk(self.house.data_dir, "command")
        self.house.environments["command"] = self.disk.environment
        self.ledger, self.tally = Ledger(), tally
        self.ended = 0
        self.start()
        opened = self.submit()
        assert opened is not None
        self.incident_id = opened.incident_id

    def start(self):
        self.house.start("command")
        self.client = Client(self.house.channel("command"))

    @property
    def process(self):
        return self.house.processes["command"]

    def _ask(self, method, request, **traces):
        """The answer, or None; what was refused, and why, is then in `error`."""
        request.request_id = fresh_id("request")
        ask = Ask("command", method, request, request.request_id, **traces)
        self.ledger.add(ask)
        self.error = None
        try:
            ask.answer = method(request, timeout=TIMEOUT)
        except grpc.RpcError as error:
            self.error = error
        return ask.answer

    def submit(self):
        request = report_request(self.client, f"坏盘 {fresh_id('n')}")
        return self._ask(self.client.calls.SubmitReport, request,
                         narrative=request.content.narrative)

    def direct(self):
        request = directive_request(self.incident_id, f"坏盘 {fresh_id('n')}")
        return self._ask(self.client.directives.IssueDirective, request,
                         text=request.content.text)

    def dispatch(self):
        opened = self.submit()
        if opened is None:
            return None
        request = dispatch_request(
            opened.incident_id, fresh_id("unit"), f"坏盘 {fresh_id('n')}")
        return self._ask(self.client.dispatch.DispatchUnits, request, text=request.instruction,
                         unit=request.unit_ids[0])

    def settle(self, fault, chance):
        """After a fault: a process that has ended said why, and starts again on what is left."""
        self.disk.heal()
        if self.error is not None and self.error.code() == grpc.StatusCode.UNAVAILABLE:
            # It refuses in so many words, or it is ending.
            wait_until(lambda: not self.process.is_running(), what=f"the end after {fault}")
        if self.process.is_running():
            return
        status, last = self.process.wait(), self.process.messages()[-1]
        if status == 70:
            assert last["message"] == LAST_LINE and last["level"] == "critical", (fault, last)
            assert last["path"].endswith("command.sqlite") and last["error"], last
        else:
            # A store that cannot be opened is no damage; who watches the process starts it again.
            assert fault.startswith("open") and status > 0, (fault, status, self.process.lines[-3:])
            assert last["message"] == "stopped by a failure" and last["error"], (fault, last)
        self.ended += 1
        # What a failed flush left behind may be gone, and whoever asks the system is not told.
        self.disk.cut(chance.randrange(1 << 30))
        self.start()

    def go_on(self, fault, chance):
        """It takes the next report by itself, or after a restart where the process had to end."""
        for _ in range(3):
            if self.submit() is not None:
                return
            self.settle(fault, chance)
        raise AssertionError((fault, self.error))

    def check(self):
        check(self.house, self.ledger, "command", self.tally)
        self.tally.add("command", acknowledged=len(self.ledger.acknowledged("command")))

    def stop(self):
        self.house.stop()


@pytest.mark.parametrize("fault", FAULTS)
def test_each_operation_of_a_command_fails_once(new_folder, tally, fault):
    operations, error = FAULTS[fault]
    chance = random.Random(SEED)
    victim = Victim(new_folder / "h", tally)
    try:
        # Each ends and restarts many processes, so the short run is content with one command.
        commands = (victim.submit, victim.direct, victim.dispatch)
        for command in commands if CYCLES or operations != WRITE else commands[1:2]:
            for nth in range(1, 100):
                victim.disk.order(operations, error, nth)
                command()
                failed = victim.disk["failed"]
                if failed and operations in (WRITE, SYNC) and fault != "write-ENOSPC":
                    # Before the answer in a commit, after it in a checkpoint.
                    wait_until(lambda: not victim.process.is_running(),
                               what=f"the end after {fault} {nth}")
                victim.settle(f"{fault} {nth}", chance)
                tally.add("command", cycles=1)
                if not failed:
                    break
                victim.go_on(f"{fault} {nth}", chance)
            assert nth < 99
        victim.check()
        if fault in ("write-EIO", "flush-EIO", "flush-ENOSPC"):
            assert victim.ended > 0
        if fault == "write-ENOSPC":
            assert victim.ended == 0, "a full disk must not end the process"
    finally:
        victim.stop()


def test_an_operation_of_a_long_run_fails(new_folder, tally):
    """Long enough for checkpoints, whose failures nobody waits for."""
    chance = random.Random(SEED)
    victim = Victim(new_folder / "h", tally)
    try:
        for cycle in range(cycles(4)):
            fault = chance.choice(sorted(FAULTS))
            operations, error = FAULTS[fault]
            victim.disk.order(operations, error, chance.randint(1, 60 if operations == SYNC else 800))
            for _ in range(60):
                victim.submit()
                if victim.error is not None or not victim.process.is_running():
                    break
            victim.settle(f"{fault} in cycle {cycle}", chance)
            tally.add("command", cycles=1)
        victim.check()
    finally:
        victim.stop()


def test_a_flush_that_fails_in_a_checkpoint_ends_the_process_too(new_folder, tally):
    """The caller was answered before; but who goes on after a failed flush believes in pages that
    the system may have dropped."""
    chance = random.Random(SEED)
    victim = Victim(new_folder / "h", tally)
    try:
        victim.disk["checkpoints_only"] = 1
        victim.disk.order(SYNC, errno.EIO, 1)
        for _ in range(400):
            victim.submit()
            if victim.disk["failed"]:
                break
        assert victim.disk["failed"], "no checkpoint came"
        wait_until(lambda: not victim.process.is_running(), timeout=10, what="the end")
        victim.disk["checkpoints_only"] = 0
        victim.settle("checkpoint", chance)
        tally.add("command", cycles=1)
        victim.check()
    finally:
        victim.stop()
