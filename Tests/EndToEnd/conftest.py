# Real processes, real sockets, and clients that no one here wrote.
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import grpc
import pytest
from tokens import Bearer, Tokens

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("QUINTET_BIN", ROOT / ".build" / "debug"))
SERVICES = ["command", "duty", "intelligence", "publicopinion", "supervision"]
SAMPLE_DATA = pathlib.Path(
    os.environ.get("QUINTET_SAMPLE_DATA", ROOT.parent / "shared" / "data")
)


def _generate_stubs() -> pathlib.Path:
    """Python stubs from Proto, by protoc of grpcio-tools."""
    target = pathlib.Path(tempfile.mkdtemp(prefix="quintet-stubs-"))
    protos = [str(p.relative_to(ROOT / "Proto")) for p in (ROOT / "Proto").rglob("*.proto")]
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-I", str(ROOT / "Proto"),
         f"--python_out={target}", f"--grpc_python_out={target}", *sorted(protos)],
        check=True,
    )
    return target


STUBS = _generate_stubs()
sys.path.insert(0, str(STUBS))


def pytest_sessionfinish(session, exitstatus):
    shutil.rmtree(STUBS, ignore_errors=True)


class Suite:
    """One running suite in a folder of its own."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.run_dir = folder / "run"
        self.data_dir = folder / "data"
        self.log_dir = folder / "log"
        self.keys_dir = folder / "keys"
        self.tokens = Tokens(self.keys_dir)
        # Where the stores are, as `--store` takes it; None for files.
        self.store = None
        self.process = None
        self._channels = []

    @property
    def flags(self):
        return ["--run-dir", str(self.run_dir), "--data-dir", str(self.data_dir),
                "--log-dir", str(self.log_dir), "--keys-dir", str(self.keys_dir)]

    def make_keys(self):
        """For services that are started by hand; `quintet up` makes its own."""
        if not self.keys_dir.exists():
            subprocess.run([str(BIN / "quintet"), "keys", "new", *self.flags], check=True,
                           stdout=subprocess.DEVNULL)
        return self

    def start(self, http="127.0.0.1:0"):
        self.process = subprocess.Popen(
            [str(BIN / "quintet"), "up", "--http", http, *self.flags,
             *(["--store", self.store] if self.store else [])],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        while line and "ready" not in line:
            line = self.process.stdout.readline()
        assert line, f"quintet up ended with {self.process.wait()}"
        self.ready_line = line
        # What is printed later must not fill the pipe.
        import threading

        self.output = [line]
        threading.Thread(
            target=lambda: self.output.extend(self.process.stdout), daemon=True).start()
        return self

    def stop(self):
        for channel in self._channels:
            channel.close()
        self._channels = []
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                return self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        return self.process.returncode if self.process else None

    def socket(self, name):
        return self.run_dir / f"{name}.sock"

    def channel(self, name="gateway", subject="person/zhang.wei", more=()):
        """Calls on it are those of `subject`, unless they bring a token of their own."""
        channel = self.anonymous_channel(name, more)
        return grpc.intercept_channel(channel, Bearer(self.tokens, subject))

    def anonymous_channel(self, name="gateway", more=()):
        channel = grpc.insecure_channel(
            f"unix://{self.socket(name)}",
            options=[("grpc.initial_reconnect_backoff_ms", 20),
                     ("grpc.max_reconnect_backoff_ms", 200),
                     ("grpc.max_send_message_length", -1), *more])
        self._channels.append(channel)
        return channel

    @property
    def http(self):
        return "http://" + (self.run_dir / "gateway.http").read_text().strip()

    def pid(self, name):
        return int((self.run_dir / f"{name}.lock").read_text().split()[0])

    def quintet(self, *arguments, check=True, timeout=600, **options):
        result = subprocess.run(
            [str(BIN / "quintet"), *arguments, *self.flags], capture_output=True, text=True,
            timeout=timeout, **options)
        if check:
            assert result.returncode == 0, result.stderr[-4000:] + result.stdout[-2000:]
        return result

    def client(self, subject="person/zhang.wei", **claims):
        """A client of somebody's own."""
        from client import Client

        made = Client(self.channel())
        token = self.tokens.sign(self.tokens.claims(subject, **claims))
        made.metadata = (("authorization", f"Bearer {token}"),)
        return made

    def dump(self, *services):
        end = time.monotonic() + 30
        while True:
            done = self.quintet("dump", "--canonical", *services, check=False)
            if done.returncode == 0:
                return done.stdout
            # A database server keeps the connections of processes that were killed for a while.
            assert "The store cannot be reached now" in done.stderr and time.monotonic() < end, done.stderr[-4000:]
            time.sleep(0.5)

    def caught_up(self, timeout=60):
        """Waits until every service has read all that its neighbours told."""
        from quintet.events.v1 import event_service_pb2 as feed
        from quintet.events.v1 import event_service_pb2_grpc as feed_grpc

        def look():
            answers = {}
            for name in SERVICES:
                stub = feed_grpc.EventServiceStub(self.channel(name))
                answers[name] = stub.GetFeedStatus(
                    feed.GetFeedStatusRequest(partition="main"), timeout=5)
            heads = {name: answer.head_sequence for name, answer in answers.items()}
            behind = [
                (name, s.source) for name, answer in answers.items() for s in answer.subscriptions
                if s.cursor < heads[s.source]]
            return behind, tuple(sorted(heads.items()))

        end = time.monotonic() + timeout
        calm = None
        while time.monotonic() < end:
            behind, heads = look()
            # Reading can make new events, so the heads must stand still as well.
            if not behind and heads == calm:
                return dict(heads)
            calm = heads if not behind else None
            time.sleep(0.05)
        raise AssertionError(f"still behind: {behind}")

    def log_lines(self, name):
        return [json.loads(line) for line in (self.log_dir / f"{name}.log").read_text().splitlines()]


def start_suite(folder):
    return Suite(pathlib.Path(folder)).start()


@pytest.fixture(scope="session")
def suite():
    """A suite shared by tests that do not disturb it."""
    # Short: a Unix socket's path has at most 107 bytes.
    folder = tempfile.mkdtemp(prefix="q-")
    suite = start_suite(folder)
    yield suite
    suite.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_suite():
    """A suite of the test's own."""
    folder = tempfile.mkdtemp(prefix="q-")
    suite = start_suite(folder)
    yield suite
    suite.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_folder():
    folder = tempfile.mkdtemp(prefix="q-")
    yield pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
