# 磁盘满: writes are refused in so many words, reads that need no record go on, nothing acknowledged is lost, and everything
# works again by itself once there is room. On a real file system that is full, and by order.
import contextlib
import errno
import subprocess
import threading

import grpc
import pytest
from disk import WRITE
from grpc_status import rpc_status
from google.rpc import error_details_pb2
from load import TIMEOUT
from quintet.command.v1 import incident_service_pb2 as incidents
from quintet.events.v1 import event_service_pb2 as feed
from quintet.events.v1 import event_service_pb2_grpc as feed_grpc
from test_failing_disk import Victim

SIZE = 8 << 20


class RealDisk:
    """A small file system of its own under the stores."""

    def __init__(self, folder):
        self.folder = folder
        self.filler = folder / "filler"

    def fill(self, victim):
        with contextlib.suppress(OSError), open(self.filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def make_room(self, victim):
        self.filler.unlink()


class OrderedDisk:
    def fill(self, victim):
        victim.disk.order(WRITE, errno.ENOSPC, 1, sticky=True)

    def make_room(self, victim):
        victim.disk.heal()


@pytest.fixture(params=["real", "ordered"])
def small_disk(request, new_folder):
    if request.param == "ordered":
        yield OrderedDisk()
        return
    folder = new_folder / "h" / "data"
    folder.mkdir(parents=True)
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],
        capture_output=True, text=True)
    if mounting.returncode != 0:
        pytest.skip(f"needs the right to mount: {mounting.stderr.strip()}")
    yield RealDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def read_feed(victim, **options):
    """What is read without a record. An incident is not: where no record fits, it is not shown."""
    with victim.house.channel("command") as channel:
        stub = feed_grpc.EventServiceStub(channel)
        return stub.GetFeedStatus(feed.GetFeedStatusRequest(partition="main"), timeout=TIMEOUT, **options)


def show(victim):
    """The incident, whose reader is recorded; or why it is not shown."""
    try:
        return victim.client.incidents.GetIncident(
            incidents.GetIncidentRequest(incident_id=victim.incident_id), timeout=TIMEOUT).incident.id
    except grpc.RpcError as error:
        return error.code().name, reason(error)


class Reader(threading.Thread):
    """Reads again and again."""

    def __init__(self, victim):
        super().__init__(daemon=True)
        self.victim, self.over = victim, threading.Event()
        self.answers, self.errors = 0, []

    def run(self):
        while not self.over.wait(0.005):
            try:
                read_feed(self.victim)
                self.answers += 1
            except grpc.RpcError as error:
                self.errors.append(error)


def reason(error):
    for detail in rpc_status.from_call(error).details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            return info.reason
    return None


def test_a_full_disk_refuses_and_recovers(new_folder, small_disk, tally):
    victim = Victim(new_folder / "h", tally)
    try:
        for _ in range(20):
            assert victim.submit() is not None
        reader = Reader(victim)
        reader.start()
        for _ in range(2):
            small_disk.fill(victim)
            refused = 0
            # Some still fit into what the log has already taken.
            for _ in range(3000):
                if victim.submit() is None:
                    refused += 1
                    assert victim.error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, victim.error
                    assert reason(victim.error) == "STORE_FULL"
                if refused == 20:
                    break
            assert refused == 20
            # Where no record fits, nothing is shown that must be recorded.
            while show(victim) == victim.incident_id:
                pass
            assert show(victim) == ("UNAVAILABLE", "AUDIT_UNAVAILABLE")
            before = reader.answers
            while reader.answers < before + 20:
                assert not reader.errors and reader.is_alive(), reader.errors[:1]
            small_disk.make_room(victim)
            for _ in range(20):
                assert victim.submit() is not None, victim.error
            assert show(victim) == victim.incident_id
            tally.add("command", cycles=1)
        reader.over.set()
        reader.join()
        assert not reader.errors, reader.errors[:1]
        assert victim.ended == 0 and victim.process.is_running()
        victim.check()
    finally:
        victim.stop()


@pytest.mark.parametrize("small_disk", ["real"], indirect=True)
def test_a_service_starts_on_a_full_disk_and_reads(new_folder, small_disk, tally):
    victim = Victim(new_folder / "h", tally)
    try:
        victim.submit()
        small_disk.fill(victim)
        while victim.submit() is not None:
            pass
        victim.house.kill("command")
        victim.start()
        read_feed(victim, wait_for_ready=True)
        while victim.submit() is not None:
            pass
        assert reason(victim.error) == "STORE_FULL"
        small_disk.make_room(victim)
        assert victim.submit() is not None
        tally.add("command", cycles=1)
        victim.check()
    finally:
        victim.stop()
