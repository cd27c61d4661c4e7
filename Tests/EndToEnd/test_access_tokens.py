# Who is not let in, through the gateway and straight on a service's socket: each with the reason that
# belongs to it, a line in the log, and nothing changed.
import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
import uuid

import grpc
import pytest
from client import Client, calls, calls_grpc, kind, request_id
from cryptography.hazmat.primitives.asymmetric import ec
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from joserfc import jwk, jwt as jose
from jwt.algorithms import ECAlgorithm

SCENE = (28.02, 120.65)
DOORS = ["gateway", "command"]
METHOD = "/quintet.command.v1.CallReportService/SubmitReport"


def encoded(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(suite, **header):
    return f'{encoded({"typ": "JWT", **header})}.{encoded(suite.tokens.claims())}.'


def hmac_of_the_public_key(suite):
    """The public key taken for a shared secret."""
    kid, key = suite.tokens.key()
    signed = f'{encoded({"alg": "HS256", "kid": kid})}.{encoded(suite.tokens.claims())}'
    secret = (suite.keys_dir / "jwks.json").read_bytes()
    return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def forged(suite):
    """A good token of somebody else, with other claims put in."""
    head, _, signature = suite.tokens.of("person/forger").split(".")
    return f'{head}.{encoded(suite.tokens.claims("person/forger", roles=["shift-leader"]))}.{signature}'


def changed(**changes):
    return lambda suite: suite.tokens.sign(suite.tokens.claims(**changes))


def minutes(count):
    return int(time.time()) + 60 * count


BAD = {
    "none at all": (None, "TOKEN_REQUIRED"),
    "expired": (lambda s: changed(exp=minutes(-1), iat=minutes(-9), nbf=minutes(-9))(s), "TOKEN_EXPIRED"),
    "from the future": (lambda s: changed(nbf=minutes(5))(s), "TOKEN_NOT_YET_VALID"),
    "alg none": (lambda s: unsigned(s, alg="none"), "TOKEN_ALGORITHM"),
    "unsigned": (lambda s: unsigned(s, alg="EdDSA", kid=s.tokens.key()[0]), "TOKEN_SIGNATURE"),
    "the public key as a secret": (hmac_of_the_public_key, "TOKEN_ALGORITHM"),
    "other claims put in": (forged, "TOKEN_SIGNATURE"),
    "wrong audience": (changed(aud="payroll"), "TOKEN_AUDIENCE"),
    "no audience": (changed(aud=[]), "TOKEN_AUDIENCE"),
    "wrong issuer": (changed(iss="elsewhere"), "TOKEN_ISSUER"),
    "thirteen hours": (lambda s: changed(exp=minutes(13 * 60))(s), "TOKEN_LIFETIME"),
    "a key id that is a path": (
        lambda s: s.tokens.sign(s.tokens.claims(), headers={"kid": "../private/issuer.jwk"}),
        "TOKEN_KEY_UNKNOWN"),
    "a service's key for a person": (
        lambda s: s.tokens.sign(s.tokens.claims(iss="service/duty"), owner="duty"), "TOKEN_SUBJECT"),
    "the issuer's key for a service": (changed(subject="service/command"), "TOKEN_SUBJECT"),
    "no token at all": (lambda s: "open sesame", "TOKEN_MALFORMED"),
    # Together with the other headers within what HTTP/2 lets through.
    "oversized": (lambda s: changed(seat="x" * 8000)(s), "TOKEN_TOO_LONG"),
}


def report(suite):
    content = Client(suite.channel()).content(SCENE, "不应录入")
    return calls.SubmitReportRequest(
        request_id=request_id("bad"), content=content, incident_class=kind.INCIDENT_CLASS_HELP,
        level=kind.INCIDENT_LEVEL_4)


def submit(suite, door, *metadata):
    """None when it was taken, or the code and the reason."""
    with suite.anonymous_channel(door) as channel:
        try:
            calls_grpc.CallReportServiceStub(channel).SubmitReport(
                report(suite), timeout=10, metadata=metadata)
        except grpc.RpcError as error:
            info = error_details_pb2.ErrorInfo()
            rpc_status.from_call(error).details[0].Unpack(info)
            return error.code().name, info.reason
    return None


def bearing(token):
    return "authorization", f"Bearer {token}"


@pytest.fixture(scope="module", autouse=True)
def untouched(suite):
    """Nothing that is refused here changes anything; what one test lets in, it keeps to itself."""
    suite.caught_up()
    before = suite.dump()
    yield
    suite.caught_up()
    assert suite.dump() == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", BAD)
def test_a_bad_token_lets_nobody_in(suite, door, what):
    make, reason = BAD[what]
    trace = uuid.uuid4().hex
    metadata = [("traceparent", f"00-{trace}-00f067aa0ba902b7-01")]
    if make:
        metadata.append(bearing(make(suite)))
    assert submit(suite, door, *metadata) == ("UNAUTHENTICATED", reason)
    assert line_of(suite, door, trace)["reason"] == reason


def line_of(suite, door, trace):
    end = time.monotonic() + 10
    while True:
        lines = [line for line in suite.log_lines(door)
                 if line.get("trace") == trace and line.get("method") == METHOD]
        if lines:
            assert len(lines) == 1 and lines[0]["message"] == "request"
            return lines[0]
        assert time.monotonic() < end, "no line in the log"
        time.sleep(0.01)


def test_the_log_names_whom_a_refused_token_claims(suite):
    trace = uuid.uuid4().hex
    token = suite.tokens.sign(suite.tokens.claims("person/li.na", aud="payroll"))
    submit(suite, "command", bearing(token), ("traceparent", f"00-{trace}-00f067aa0ba902b7-01"))
    line = line_of(suite, "command", trace)
    assert line["claimed"] == "person/li.na" and line["actor"] == "person/nobody"


@pytest.mark.parametrize("door", DOORS)
def test_two_tokens_are_no_better_than_none(suite, door):
    good = bearing(suite.tokens.of())
    assert submit(suite, door, good, good) == ("UNAUTHENTICATED", "TOKEN_MALFORMED")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("entry", ["quintet-on-behalf", "quintet-via"])
def test_nobody_but_a_service_acts_for_others_or_passes_calls_on(suite, door, entry):
    person = suite.tokens.of("person/li.na")
    refused = submit(suite, door, bearing(suite.tokens.of()), (entry, f"Bearer {person}"))
    assert refused == ("UNAUTHENTICATED", "TOKEN_SUBJECT")


@pytest.mark.parametrize("door", DOORS)
def test_what_no_role_includes_is_denied(suite, door):
    def refused(**changes):
        return submit(suite, door, bearing(suite.tokens.sign(suite.tokens.claims(**changes))))

    assert refused(roles=["analyst"]) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
    assert refused(roles=[]) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
    assert refused(roles=["service"]) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
    assert refused(roles=["dispatcher", "auditor"]) == ("PERMISSION_DENIED", "ROLE_FORBIDS")
    assert refused(roles=["dispatcher"], duty_from=None) == ("PERMISSION_DENIED", "NOT_ON_DUTY")
    assert refused(roles=["dispatcher"], duty_from=minutes(-9), duty_until=minutes(-1)) == (
        "PERMISSION_DENIED", "NOT_ON_DUTY")


def test_a_revoked_token_is_refused_within_a_second_or_so(suite):
    token = suite.tokens.sign(suite.tokens.claims(roles=["analyst"]))
    denied = ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
    for door in DOORS:
        assert submit(suite, door, bearing(token)) == denied
    suite.quintet("token", "revoke", token)
    for door in DOORS:
        until(lambda: submit(suite, door, bearing(token)), ("UNAUTHENTICATED", "TOKEN_REVOKED"))
    assert "TOKEN_REVOKED" in suite.quintet("token", "inspect", token, check=False).stdout


def until(look, wanted):
    end = time.monotonic() + 10
    while (found := look()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.05)


def test_a_key_of_another_librarys_making_is_taken_up_without_a_restart(suite):
    """As an OpenID provider has it: P-256, beside an RSA key and members that mean nothing here."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    rsa = jwk.RSAKey.generate_key(2048).as_dict(private=False)
    keys = json.loads((suite.keys_dir / "jwks.json").read_text())
    draft = suite.keys_dir / "draft"
    private = {**json.loads(ECAlgorithm.to_jwk(key)), "kid": "provider-1"}

    def token(**changes):
        claims = suite.tokens.claims(roles=["analyst"], nbf=None, **changes)
        return jose.encode({"alg": "ES256", "kid": "provider-1"}, claims, jwk.ECKey.import_key(private))

    assert submit(suite, "command", bearing(token())) == ("UNAUTHENTICATED", "TOKEN_KEY_UNKNOWN")
    with_provider = {"keys": [
        {**rsa, "kid": "r", "use": "sig", "alg": "RS256"},
        {**public, "kid": "provider-1", "use": "sig", "x5t": "unused"}, *keys["keys"]]}
    try:
        draft.write_text(json.dumps(with_provider))
        draft.rename(suite.keys_dir / "jwks.json")
        for door in DOORS:
            until(lambda: submit(suite, door, bearing(token())),
                  ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED"))
        # What is written over it by mistake changes nothing.
        (suite.keys_dir / "jwks.json").write_text("{")
        time.sleep(1.1)
        assert submit(suite, "command", bearing(token())) == ("PERMISSION_DENIED", "ROLE_NOT_ALLOWED")
        assert any("keys cannot be read" in line["message"] for line in suite.log_lines("command"))
    finally:
        draft.write_text(json.dumps(keys))
        draft.rename(suite.keys_dir / "jwks.json")
    until(lambda: submit(suite, "command", bearing(token())), ("UNAUTHENTICATED", "TOKEN_KEY_UNKNOWN"))


def ask(suite, token=None, method="quintet.gateway.v1.StatusService/GetStatus"):
    request = urllib.request.Request(
        f"{suite.http}/{method}", data=b"{}", headers={"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, None, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        body = json.loads(error.read())
        return error.code, body["details"][0]["debug"]["reason"], error.headers


def test_http_says_401_and_403(suite):
    status, reason, headers = ask(suite)
    assert (status, reason) == (401, "TOKEN_REQUIRED") and headers["WWW-Authenticate"] == "Bearer"
    assert ask(suite, "nonsense")[:2] == (401, "TOKEN_MALFORMED")
    status, _, body = ask(suite, suite.tokens.sign(suite.tokens.claims(roles=[])))
    assert status == 200 and len(body["services"]) == 5
    listing = "quintet.command.v1.IncidentService/ListIncidents"
    nobody = suite.tokens.sign(suite.tokens.claims(roles=[]))
    assert ask(suite, nobody, listing)[:2] == (403, "ROLE_NOT_ALLOWED")
    assert ask(suite, suite.tokens.of(), listing)[0] == 200


def test_a_caller_who_does_not_stop_is_told_when_to_come_back(suite):
    token = suite.tokens.sign(suite.tokens.claims("person/hasty", roles=["analyst"], call_rate=1))
    nobody = suite.tokens.sign(suite.tokens.claims("person/calm", roles=["analyst"]))
    from quintet.command.v1 import incident_service_pb2 as incidents
    from quintet.command.v1 import incident_service_pb2_grpc as incidents_grpc

    with suite.anonymous_channel("command") as channel:
        stub = incidents_grpc.IncidentServiceStub(channel)

        def look(who):
            stub.ListIncidents(
                incidents.ListIncidentsRequest(page_size=1), timeout=10, metadata=[bearing(who)])

        with pytest.raises(grpc.RpcError) as refused:
            for _ in range(100):
                look(token)
        details = rpc_status.from_call(refused.value).details
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        details[0].Unpack(info)
        details[1].Unpack(retry)
        assert info.reason == "RATE_LIMITED" and retry.retry_delay.nanos > 0
        look(nobody)


def test_who_acts_for_whom_and_by_which_way_is_in_the_log(fresh_suite):
    """Command asks duty on behalf of whoever asked command; the gateway says it passed the call on."""
    from client import dispatch

    suite = fresh_suite
    call = Client(suite.channel())
    unit = call.make_unit("令牌 01", SCENE)
    opened = call.open_incident(SCENE, "代为询问", kind.INCIDENT_CLASS_HELP)
    suite.caught_up()
    call(call.dispatch.RecommendUnits, dispatch.RecommendUnitsRequest(incident_id=opened.incident_id))
    assert unit
    suite.stop()
    [asked] = [line for line in suite.log_lines("command")
               if line.get("method", "").endswith("DispatchService/RecommendUnits")]
    assert asked["actor"] == "person/zhang.wei" and asked["origin"] == "socket via service/gateway"
    [answered] = [line for line in suite.log_lines("duty")
                  if line.get("method", "").endswith("UnitService/RecommendUnits")]
    assert answered["actor"] == "service/command" and answered["origin"] == "socket"
    assert answered["on_behalf_of"] == "person/zhang.wei"


def test_keys_are_rotated_under_a_running_suite(fresh_suite):
    suite = fresh_suite
    before = suite.tokens.of("person/early")
    suite.quintet("keys", "rotate")
    after = suite.tokens.sign(suite.tokens.claims("person/late"))
    for door in DOORS:
        for token in (before, after):
            assert submit(suite, door, bearing(token)) is None
    assert "not be taken" not in suite.quintet("token", "inspect", after).stdout
    suite.caught_up()


def test_a_run_folder_that_others_can_enter_is_refused(new_folder):
    from conftest import Suite

    suite = Suite(new_folder)
    suite.run_dir.mkdir()
    suite.run_dir.chmod(0o755)
    result = suite.quintet("up", "--http", "127.0.0.1:0", check=False, timeout=60)
    assert result.returncode == 1
    import subprocess

    from conftest import BIN

    alone = subprocess.run([str(BIN / "quintet-command"), *suite.flags], capture_output=True, text=True)
    assert alone.returncode != 0 and "chmod 0750" in alone.stderr
