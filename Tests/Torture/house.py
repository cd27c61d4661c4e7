# The five services as processes of the test's own, each with its own environment, so that one of them
# can be killed, starved or lied to while the others go on.
import json
import os
import signal
import subprocess
import threading
import time

import grpc
from end_to_end import BIN, SERVICES, Suite
from quintet.operations.v1 import store_service_pb2 as operations
from quintet.operations.v1 import store_service_pb2_grpc as operations_grpc


class Process:
    """One run of one service."""

    def __init__(self, name, flags, environment):
        self.name = name
        self.lines = []
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            [str(BIN / f"quintet-{name}"), *flags], env={**os.environ, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if '"message":"ready"' in line:
                self._ready.set()
        self._ready.set()

    def wait_ready(self, timeout=60):
        """Returns whether it serves; otherwise it has ended."""
        assert self._ready.wait(timeout), f"{self.name} does not become ready: {self.lines[-3:]}"
        return any('"message":"ready"' in line for line in self.lines)

    def is_running(self):
        return self.process.poll() is None

    def wait(self, timeout=30):
        status = self.process.wait(timeout)
        self._reader.join(5)
        return status

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.wait()

    def messages(self, level=None):
        """The log lines so far, as objects."""
        found = []
        for line in list(self.lines):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if level in (None, entry.get("level")):
                found.append(entry)
        return found


class House(Suite):
    """Services started one by one. `more` are flags for all of them, such as those of a store."""

    def __init__(self, folder, more=(), services=SERVICES):
        super().__init__(folder)
        self.services = list(services)
        self.more = list(more)
        self.environments = {name: {} for name in SERVICES}
        self.processes = {}

    def start(self, *names):
        names = names or self.services
        self.make_keys()
        for name in names:
            self.processes[name] = Process(
                name, [*self.flags, *self.more], self.environments[name])
        for name in names:
            process = self.processes[name]
            assert process.wait_ready(), f"{name} did not start: {process.lines[-5:]}"
        return self

    def try_start(self, name):
        """For a service that may refuse: its process, and whether it serves."""
        self.make_keys()
        process = self.processes[name] = Process(
            name, [*self.flags, *self.more], self.environments[name])
        return process, process.wait_ready()

    def kill(self, *names):
        """SIGKILL to all of them at once, as near as it goes."""
        chosen = [self.processes[name] for name in names or self.services]
        for process in chosen:
            process.process.send_signal(signal.SIGKILL)
        for process in chosen:
            process.wait()

    def stop(self):
        for channel in self._channels:
            channel.close()
        self._channels = []
        running = [process for process in self.processes.values() if process.is_running()]
        for process in running:
            process.process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise

    def rows(self, service, timeout=120):
        """Every row of a store: table → rows as dictionaries."""
        with self.channel(service) as channel:
            stub = operations_grpc.StoreServiceStub(channel)
            tables = {}
            for message in stub.DumpStore(operations.DumpStoreRequest(), timeout=timeout,
                                          wait_for_ready=True):
                for line in message.lines:
                    table, _, row = line.partition("|")
                    tables.setdefault(table, []).append(json.loads(row))
            return tables


def wait_until(look, timeout=30, what="it"):
    end = time.monotonic() + timeout
    while not (found := look()):
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)
    return found
