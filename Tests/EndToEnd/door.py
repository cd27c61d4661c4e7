# A gateway alone behind ports of its own, certificates for it and for those who call it, and HTTP/2
# by hand: what no well-behaved client would send.
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import urllib.request

import grpc
from conftest import BIN
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tokens import Tokens

STATUS = "/quintet.gateway.v1.StatusService/GetStatus"


class Certificates:
    """Two authorities, and who bears what of theirs; made by openssl."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for authority in ("ca", "otherca"):
            self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                          "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                          f"/CN={authority}", "-keyout", f"{authority}.key",
                          "-out", f"{authority}.pem")
        self._issue("server", "ca", "DNS:localhost,IP:127.0.0.1")
        self._issue("partner", "ca", "DNS:partner.example")
        self._issue("service", "ca", "URI:spiffe://bureau/service/command")
        self._issue("stranger", "ca", "DNS:stranger.example")
        self._issue("forger", "otherca", "DNS:partner.example")
        (self.folder / "allowed").write_text(
            "# who may call\nDNS:Partner.example\n\nURI:spiffe://bureau/service/command # us\n")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _issue(self, name, authority, names):
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (self.folder / "names").write_text(f"subjectAltName={names}\n")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey",
                      f"{authority}.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
                      "-out", f"{name}.pem")
        (self.folder / f"{name}.key").chmod(0o600)

    def path(self, name):
        return str(self.folder / name)

    def read(self, name):
        return (self.folder / name).read_bytes()

    @property
    def flags(self):
        return ["--tls-certificate", self.path("server.pem"), "--tls-key", self.path("server.key"),
                "--tls-clients-ca", self.path("ca.pem"), "--tls-allow-list", self.path("allowed")]

    def context(self, bearer=None, version=ssl.TLSVersion.TLSv1_3, protocol="h2"):
        context = ssl.create_default_context(cafile=self.path("ca.pem"))
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols([protocol])
        if bearer:
            context.load_cert_chain(self.path(f"{bearer}.pem"), self.path(f"{bearer}.key"))
        return context

    def channel(self, address, bearer=None):
        port = address.rpartition(":")[2]
        return grpc.secure_channel(f"localhost:{port}", grpc.ssl_channel_credentials(
            self.read("ca.pem"), *([self.read(f"{bearer}.key"), self.read(f"{bearer}.pem")]
                                   if bearer else [])))


class Gateway:
    """One gateway, with no service behind it."""

    def __init__(self, *flags, environment=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="q-"))
        self.log = self.folder / "log" / "gateway.log"
        keys = self.folder / "keys"
        subprocess.run([str(BIN / "quintet"), "keys", "new", "--keys-dir", str(keys)], check=True,
                       stdout=subprocess.DEVNULL)
        self.tokens = Tokens(keys)
        self.process = subprocess.Popen(
            [str(BIN / "quintet-gateway"), "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0",
             "--run-dir", str(self.folder / "run"), "--data-dir", str(self.folder / "data"),
             "--log-dir", str(self.folder / "log"), "--keys-dir", str(keys), *flags],
            stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
        self.grpc = self.line("ready")["listeners"][0]
        self.http = self.line("http listening")["address"]

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()] \
            if self.log.exists() else []

    def line(self, message, timeout=20):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for line in self.lines():
                if line["message"] == message:
                    return line
            assert self.process.poll() is None, f"the gateway ended with {self.process.poll()}"
            time.sleep(0.02)
        raise AssertionError(f"no line: {message}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(10) == 0
        finally:
            self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def connect(self, address):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=10)

    def channel(self):
        # Its own connection, whoever else has one.
        return grpc.insecure_channel(
            self.grpc, options=[("grpc.use_local_subchannel_pool", 1)])

    @property
    def token(self):
        """As a header has it."""
        return f"Bearer {self.tokens.of()}"

    def memory(self, what="VmRSS"):
        """Resident memory in MiB; VmHWM is the highest there ever was."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines()
                    if line.startswith(what)) / 1024

    def serves(self, calls=3):
        """A few calls by clients of both ports that come now, each on a new connection."""
        for _ in range(calls):
            with self.channel() as channel:
                check_health(channel)
            request = urllib.request.Request(
                f"http://{self.http}{STATUS}", b"{}",
                {"Content-Type": "application/json", "Authorization": self.token})
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert "services" in json.loads(answer.read())


def check_health(channel, timeout=5):
    answer = health_pb2_grpc.HealthStub(channel).Check(
        health_pb2.HealthCheckRequest(), timeout=timeout)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


# HTTP/2 by hand (RFC 9113, RFC 7541).

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
END_STREAM, END_HEADERS = 1, 4


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _text(value):
    assert len(value) < 127
    return bytes([len(value)]) + value


def header(name, value):
    """A literal field that enters no table."""
    return b"\x00" + _text(name.encode()) + _long(value.encode())


def _long(value):
    if len(value) < 127:
        return _text(value)
    rest, out = len(value) - 127, bytearray([127])
    while rest >= 128:
        out.append(rest % 128 + 128)
        rest //= 128
    return bytes(out) + bytes([rest]) + value


def call_headers(path="/grpc.health.v1.Health/Check", **more):
    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost",
              "te": "trailers", "content-type": "application/grpc", "grpc-timeout": "20S",
              **{name.replace("_", "-"): value for name, value in more.items()}}
    return b"".join(header(name, value) for name, value in fields.items())


def opening():
    return PREFACE + frame(SETTINGS)


def frames(connection):
    """(kind, flags, stream, payload) of all that comes until the other side closes."""
    buffer = b""
    while True:
        while len(buffer) >= 9 and len(buffer) >= 9 + int.from_bytes(buffer[:3], "big"):
            length = int.from_bytes(buffer[:3], "big")
            kind, flags, stream = struct.unpack(">BBI", buffer[3:9])
            yield kind, flags, stream, buffer[9:9 + length]
            buffer = buffer[9 + length:]
        try:
            more = connection.recv(65536)
        except ConnectionError:
            return
        if not more:
            return
        buffer += more
