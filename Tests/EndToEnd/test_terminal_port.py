# The terminal port on TCP: plain on this machine, and off it behind TLS 1.3 alone.
import json
import os
import ssl
import subprocess

import pytest
from conftest import BIN
from door import Certificates
from quintet.terminal.v1 import terminal_pb2 as frames
from terminal_frames import Line


class DutyAlone:
    """One duty with a terminal port on TCP."""

    def __init__(self, folder, *flags, environment=None):
        self.folder = folder
        subprocess.run([BIN / "quintet", "keys", "new", "--keys-dir", folder / "keys"], check=True,
                       stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [BIN / "quintet-duty", "--run-dir", folder / "run", "--data-dir", folder / "data",
             "--log-dir", folder / "log", "--keys-dir", folder / "keys", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})

    def address(self):
        for line in self.process.stdout:
            told = json.loads(line)
            if told["message"] == "port open":
                host, _, port = told["listener"].rpartition(":")
                return host.strip("[]"), int(port)
        raise AssertionError(self.process.stderr.read())

    def end(self):
        self.process.terminate()
        return self.process.communicate(timeout=15), self.process.returncode


def test_off_the_machine_terminals_speak_through_tls_alone(new_folder):
    certificates = Certificates(new_folder)
    duty = DutyAlone(new_folder / "a", "--terminal-port", "0.0.0.0:0")
    _, errors = duty.process.communicate(timeout=20)
    assert duty.process.returncode == 1 and "--tls-certificate" in errors, errors
    duty = DutyAlone(new_folder / "b", "--terminal-port", "0.0.0.0:0", *certificates.flags)
    _, port = duty.address()
    try:
        context = certificates.context(protocol="quintet-terminal/1")
        line = Line(address=("127.0.0.1", port),
                    wrap=lambda plain: context.wrap_socket(plain, server_hostname="localhost"))
        assert line.socket.version() == "TLSv1.3"
        assert line.hello("p", "no token").problem.reason == "TOKEN_MALFORMED"
        older = certificates.context(version=ssl.TLSVersion.TLSv1_2, protocol="quintet-terminal/1")
        with pytest.raises(ssl.SSLError):
            Line(address=("127.0.0.1", port),
                 wrap=lambda plain: older.wrap_socket(plain, server_hostname="localhost"))
        # Whoever speaks plainly is not understood.
        plain = Line(address=("127.0.0.1", port))
        plain.send(ping=frames.Ping(number=1))
        # At most an alert (RFC 8446, 5.1) comes back.
        assert plain.rest()[:1] in (b"", b"\x15")
    finally:
        duty.end()


def test_on_loopback_plain_tcp_will_do(new_folder):
    duty = DutyAlone(new_folder, environment={"QUINTET_TERMINAL_PORT": "127.0.0.1:0"})
    try:
        line = Line(address=duty.address())
        assert line.hello("p", "no token").problem.reason == "TOKEN_MALFORMED"
    finally:
        duty.end()
