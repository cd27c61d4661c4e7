# The ports that other machines reach: TLS 1.3 and nothing older, known names only, plain TCP on
# loopback addresses only. The clients are Python's ssl, grpcio, curl and openssl.
import json
import ssl
import subprocess
import tempfile

import grpc
import pytest
from conftest import BIN
from door import PREFACE, SETTINGS, STATUS, Certificates, Gateway, check_health, frame, frames
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase)

TLS12 = ssl.TLSVersion.TLSv1_2


@pytest.fixture(scope="module")
def certificates():
    with tempfile.TemporaryDirectory(prefix="q-") as folder:
        yield Certificates(folder)


@pytest.fixture(scope="module")
def gateway(certificates):
    with Gateway(*certificates.flags) as gateway:
        yield gateway


def is_served(gateway, context):
    """Whether an HTTP/2 server answers behind the handshake."""
    try:
        with gateway.connect(gateway.grpc) as plain, context.wrap_socket(
                plain, server_hostname="localhost") as secure:
            assert secure.version() == "TLSv1.3"
            assert secure.selected_alpn_protocol() == "h2"
            secure.sendall(PREFACE + frame(SETTINGS))
            return any(kind == SETTINGS for kind, *_ in frames(secure))
    except (ssl.SSLError, ConnectionError):
        return False


@pytest.mark.parametrize("bearer", ["partner", "service"])
def test_whoever_is_on_the_list_is_served(gateway, certificates, bearer):
    assert is_served(gateway, certificates.context(bearer))
    with certificates.channel(gateway.grpc, bearer) as channel:
        check_health(channel)


@pytest.mark.parametrize("bearer", [None, "stranger", "forger"])
def test_whoever_is_not_on_the_list_is_turned_away(gateway, certificates, bearer):
    assert not is_served(gateway, certificates.context(bearer))
    with certificates.channel(gateway.grpc, bearer) as channel:
        with pytest.raises(grpc.RpcError) as refusal:
            check_health(channel)
        assert refusal.value.code() == grpc.StatusCode.UNAVAILABLE
    with certificates.channel(gateway.grpc, "partner") as channel:
        check_health(channel)


def test_a_name_that_was_turned_away_is_in_the_log(gateway, certificates):
    assert not is_served(gateway, certificates.context("stranger"))
    line = gateway.line("a client that is not on the list was turned away")
    assert line["names"] == ["DNS:stranger.example"]


@pytest.mark.parametrize("port", ["grpc", "http"])
def test_nothing_older_than_1_3_is_spoken(gateway, certificates, port):
    address = getattr(gateway, port)
    context = certificates.context(
        "partner", version=TLS12, protocol="h2" if port == "grpc" else "http/1.1")
    with gateway.connect(address) as plain, pytest.raises(ssl.SSLError, match="VERSION"):
        context.wrap_socket(plain, server_hostname="localhost")
    for version, is_spoken in [("-tls1_2", False), ("-tls1_3", True)]:
        said = subprocess.run(
            ["openssl", "s_client", version, "-connect", address, "-brief",
             "-CAfile", certificates.path("ca.pem"), "-cert", certificates.path("partner.pem"),
             "-key", certificates.path("partner.key")],
            input="", capture_output=True, text=True, timeout=20)
        assert (said.returncode == 0) == is_spoken, said.stderr
        assert ("Protocol version: TLSv1.3" in said.stderr) == is_spoken


def test_browsers_need_no_certificate_of_their_own(gateway, certificates):
    port = gateway.http.rpartition(":")[2]
    answer = subprocess.run(
        ["curl", "--silent", "--fail", "--cacert", certificates.path("ca.pem"), "--json", "{}",
         "--header", f"Authorization: {gateway.token}",
         f"https://localhost:{port}{STATUS}"], capture_output=True, text=True, check=True)
    assert len(json.loads(answer.stdout)["services"]) == 5
    plain = subprocess.run(["curl", "--silent", f"http://localhost:{port}/healthz"])
    assert plain.returncode != 0


def test_the_files_may_be_named_by_the_environment(certificates):
    names = ["CERTIFICATE", "KEY", "CLIENTS_CA", "ALLOW_LIST"]
    environment = {f"QUINTET_TLS_{name}": value
                   for name, value in zip(names, certificates.flags[1::2])}
    with Gateway(environment=environment) as gateway:
        assert is_served(gateway, certificates.context("partner"))
        assert not is_served(gateway, certificates.context("stranger"))


def refused(program, *flags):
    """What a program says that does not start."""
    with tempfile.TemporaryDirectory(prefix="q-") as folder:
        subprocess.run([str(BIN / "quintet"), "keys", "new", "--keys-dir", f"{folder}/keys"],
                       check=True, stdout=subprocess.DEVNULL)
        ended = subprocess.run(
            [str(BIN / program), "--run-dir", f"{folder}/run", "--data-dir", f"{folder}/data",
             "--log-dir", f"{folder}/log", "--keys-dir", f"{folder}/keys", *flags], capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    return ended.stderr


@pytest.mark.parametrize("program, flag, address", [
    ("quintet-gateway", "--http", "0.0.0.0:0"), ("quintet-gateway", "--grpc", "0.0.0.0:0"),
    ("quintet-gateway", "--grpc", "[::]:0"), ("quintet-command", "--grpc", "0.0.0.0:0"),
    ("quintet-duty", "--grpc", "192.0.2.1:0"),
])
def test_plain_tcp_stays_on_the_machine(program, flag, address):
    said = refused(program, *(["--http", "127.0.0.1:0"] if program.endswith("gateway") else []),
                   flag, address)
    assert f"{address} is not a loopback address" in said and "不是本机回环地址" in said


def test_a_listener_that_is_half_described_is_refused(certificates, tmp_path):
    def said(*flags):
        return refused("quintet-gateway", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", *flags)

    own, clients = certificates.flags[:4], certificates.flags[4:]
    assert "go together" in said(*own[:2])
    assert "--tls-clients-ca and --tls-allow-list" in said(*own)
    assert "--tls-clients-ca and --tls-allow-list" in said(*own, *clients[:2])

    def instead(flag, path):
        flags = list(certificates.flags)
        flags[flags.index(flag) + 1] = str(path)
        return said(*flags)

    assert "cannot be read" in instead("--tls-certificate", tmp_path / "missing")
    odd = tmp_path / "odd"
    odd.write_text("partner.example\n")
    assert "line 1 is neither DNS:name nor URI:name" in instead("--tls-allow-list", odd)
    odd.write_text("# nobody yet\n")
    assert "it names nobody" in instead("--tls-allow-list", odd)
    assert "not as it must be" in instead("--tls-clients-ca", odd)
    assert "not as it must be" in instead("--tls-certificate", certificates.path("partner.pem"))
    odd.write_bytes(certificates.read("server.key"))
    odd.chmod(0o644)
    assert "Everybody may read the private key" in instead("--tls-key", odd)


@pytest.mark.parametrize("environment", [{}, {"QUINTET_PRODUCTION": "1"}])
def test_production_says_less(environment):
    with Gateway(environment=environment) as gateway, gateway.channel() as channel:
        check_health(channel)
        database = ProtoReflectionDescriptorDatabase(channel)
        if not environment:
            assert "grpc.health.v1.Health" in database.get_services()
        else:
            with pytest.raises(grpc.RpcError) as refusal:
                database.get_services()
            assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED
