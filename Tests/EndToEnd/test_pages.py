# What browsers get from the gateway: files, a session, and live streams; and what strangers do not.
import http.client
import json
import math
import socket
import time
import urllib.parse

import pytest
from client import Client
from live import INCIDENTS, UNITS, Page, one, snapshot

STRICT = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
          "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
LIST = "/quintet.command.v1.IncidentService/ListIncidents"


@pytest.fixture
def page(suite):
    return Page(suite)


def reason(problem):
    return next(d["debug"]["reason"] for d in problem["details"] if d["type"].endswith("ErrorInfo"))


def test_every_answer_has_strict_headers(page):
    asked = [("GET", "/healthz"), ("GET", "/nothing"), ("GET", "/session"), ("POST", LIST),
             ("GET", "/live/x/Y"), ("POST", "/nowhere"), ("GET", "/site.json"), ("DELETE", "/x")]
    for method, path in asked:
        _, headers, _ = page.ask(method, path)
        for part in STRICT:
            assert part in headers["content-security-policy"], (method, path)
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_files_are_served_and_nothing_outside_them(page):
    status, headers, body = page.ask("GET", "/vendor/leaflet/leaflet.css")
    assert status == 200 and b".leaflet" in body
    assert headers["content-type"].startswith("text/css")
    status, again, body = page.ask(
        "GET", "/vendor/leaflet/leaflet.css", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")
    assert again["etag"] == headers["etag"]
    assert page.ask("HEAD", "/vendor/leaflet/leaflet.css")[1]["content-length"] == str(
        headers["content-length"])
    for path in ["/../../../etc/passwd", "/vendor/../../../../etc/passwd", "/%2e%2e/x.js",
                 "/..%2f..%2fPackage.swift", "/vendor/%2e%2e/setup.lock", "//etc/passwd",
                 "/.git/config", "/vendor/", "/Package.swift", "/session.js"]:
        status, _, body = page.ask("GET", path)
        assert status in (400, 404), path
        assert b"root:" not in body and b"swift-tools" not in body


def test_a_session_is_a_cookie_that_pages_alone_can_use(suite, page):
    token = suite.tokens.of("person/li.na")
    status, headers, session = page.ask("POST", "/session", {"token": token})
    assert status == 200 and session["subject"] == "person/li.na"
    assert "dispatcher" in session["roles"] and session["areas"] == ["*"]
    assert token not in json.dumps(session)
    cookie = headers["set-cookie"]
    for part in ["quintet-session=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="]:
        assert part in cookie
    assert 0 < int(cookie.split("Max-Age=")[1].split(";")[0]) <= 900
    assert headers["cache-control"] == "no-store"

    page.cookie = cookie.split(";")[0]
    status, _, again = page.ask("GET", "/session")
    assert (status, again) == (200, session)
    # A request that a form of another site could send, or another site's page could make.
    status, _, problem = page.ask("POST", LIST, {})
    assert (status, reason(problem)) == (403, "PAGE_HEADER_REQUIRED")
    for site in ("cross-site", "same-site"):
        status, _, problem = page.ask(
            "POST", LIST, {}, x_quintet_page="1", sec_fetch_site=site)
        assert (status, reason(problem)) == (403, "CROSS_SITE")
        status, _, problem = page.ask("GET", one(INCIDENTS), sec_fetch_site=site)
        assert (status, reason(problem)) == (403, "CROSS_SITE")
    status, _, answer = page.ask("POST", LIST, {}, x_quintet_page="1")
    assert status == 200 and "code" not in answer

    assert page.ask("DELETE", "/session")[0] == 403
    status, headers, _ = page.ask("DELETE", "/session", x_quintet_page="1")
    assert status == 204 and "Max-Age=0" in headers["set-cookie"]
    page.cookie = None
    assert page.ask("GET", "/session")[0] == 401


def test_only_good_tokens_make_a_session(suite, page):
    tokens = suite.tokens
    assert page.ask("POST", "/session", {"token": ""})[0] == 401
    bad = [
        ({"token": "x.y.z"}, "TOKEN_MALFORMED"),
        ({"token": tokens.sign(tokens.claims(exp=int(time.time()) - 1))}, "TOKEN_EXPIRED"),
        ({"token": tokens.sign(tokens.claims(aud="other"))}, "TOKEN_AUDIENCE"),
        ({"token": tokens.sign(tokens.claims(family_name="x" * 4000))}, "TOKEN_TOO_LONG"),
        ({"code": "a" * 26}, "CODE_UNKNOWN"),
        ({"code": "../../keys/private/issuer.jwk"}, "CODE_UNKNOWN"),
        ("[]", "JSON_INVALID"), ("{", "JSON_INVALID"),
    ]
    for body, wanted in bad:
        status, headers, problem = page.ask("POST", "/session", body)
        assert (status in (400, 401), reason(problem)) == (True, wanted), body
        assert "set-cookie" not in headers
    terminal = tokens.sign(tokens.claims("terminal/pillar-1", roles=[], areas=[]))
    assert reason(page.ask("POST", "/session", {"token": terminal})[2]) == "SESSION_NOT_ALLOWED"
    form = page.ask("POST", "/session", f"token={tokens.of()}",
                    content_type="application/x-www-form-urlencoded")
    assert reason(form[2]) == "CONTENT_TYPE_UNKNOWN"
    assert reason(page.ask("POST", "/session", {"token": tokens.of()},
                           sec_fetch_site="cross-site")[2]) == "CROSS_SITE"
    # No token stands in a log.
    log = (suite.log_dir / "gateway.log").read_text()
    assert tokens.of() not in log and tokens.of().split(".")[2] not in log


def test_a_live_stream_refuses_what_no_new_attempt_can_mend(suite, page):
    assert page.live(one(INCIDENTS)).status == 401
    page.sign_in(suite.tokens.of())
    at_once = [
        ("/live/quintet.command.v1.IncidentService/GetIncident", 501, "METHOD_UNKNOWN"),
        ("/live/quintet.command.v1.CallReportService/StreamReports", 501, "METHOD_UNKNOWN"),
        (f"/live/{INCIDENTS}?request=%5B%5D", 400, "JSON_INVALID"),
        ("/live", 400, "WATCH_INVALID"), ("/live?watch=%5B%5D", 400, "WATCH_INVALID"),
        ("/live/quintet.events.v1.EventService/Watch", 400, "SERVICE_REQUIRED"),
    ]
    for path, status, wanted in at_once:
        stream = page.live(path)
        assert (stream.status, reason(stream.problem)) == (status, wanted), path
    by_the_service = [
        (one(INCIDENTS, {"afterSequence": "-1"}), "OUT_OF_RANGE"),
        (one(UNITS, {"intervalMs": 10}), "OUT_OF_RANGE"),
    ]
    for path, wanted in by_the_service:
        stream = page.live(path)
        assert stream.status in (400, 200) and reason(stream.refusal()) == wanted, path
    tokens = suite.tokens
    page.sign_in(tokens.sign(tokens.claims("person/wu", roles=["member"])))
    stream = page.live(one(INCIDENTS))
    assert stream.status in (403, 200) and reason(stream.refusal()) == "ROLE_NOT_ALLOWED"


def test_a_live_stream_ends_with_its_token(suite, page):
    tokens = suite.tokens
    until = int(time.time()) + 3
    page.sign_in(tokens.sign(tokens.claims("person/short", exp=until, duty_until=until)))
    stream = page.live(one(INCIDENTS))
    snapshot(stream)
    seen = stream.until(lambda name, data: name == "error", timeout=15)
    assert seen[-1][1]["code"] in ("unauthenticated", "permission_denied")
    assert stream.next() is None
    assert page.live(one(INCIDENTS)).status == 401


def test_nobody_opens_more_streams_than_the_share(suite, page):
    page.sign_in(suite.tokens.sign(suite.tokens.claims("person/greedy")))
    other = Page(suite)
    other.sign_in(suite.tokens.of("person/modest"))
    streams = [page.live(one(INCIDENTS)) for _ in range(16)]
    assert all(stream.status == 200 for stream in streams)
    refused = page.live(one(INCIDENTS))
    assert (refused.status, reason(refused.problem)) == (429, "TOO_MANY_STREAMS")
    mine = other.live(one(INCIDENTS))
    snapshot(mine)
    # Closed pages give their places back.
    for stream in streams:
        stream.close()
    end = time.monotonic() + 10
    while (again := page.live(one(INCIDENTS))).status != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    snapshot(again)
    for stream in (again, mine):
        stream.close()


def test_a_reader_that_takes_nothing_is_let_go(suite):
    """It asks eight times for a feed with wide areas in it, more than the kernel holds for it, and reads nothing."""
    call = Client(suite.channel())
    for index in range(10):
        circle = [(40 + index + 0.1 * math.sin(turn * math.tau / 2000), 90 + 0.1 * math.cos(turn * math.tau / 2000))
                  for turn in range(2000)]
        call.make_station(f"W{index}", f"广域 {index} 所", circle)
    watches = [{"as": name, "method": "quintet.events.v1.EventService/Watch", "request": {"partition": "main"}}
               for name in "abcdefgh"]
    path = "/live?service=duty&watch=" + urllib.parse.quote(json.dumps(watches))
    host, port = suite.http.removeprefix("http://").split(":")
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((host, int(port)))
    token = suite.tokens.sign(suite.tokens.claims("person/slow"))
    slow.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
    end = time.monotonic() + 120
    while not any(line["message"] == "live stream ended" and line.get("actor") == "person/slow"
                  for line in suite.log_lines("gateway")):
        assert time.monotonic() < end, "it still waits"
        time.sleep(0.1)
    slow.close()


def test_http_without_a_page_is_as_before(suite):
    connection = http.client.HTTPConnection(suite.http.removeprefix("http://"), timeout=10)
    connection.request("POST", LIST, "{}", {
        "content-type": "application/json", "authorization": f"Bearer {suite.tokens.of()}"})
    assert connection.getresponse().status == 200
    connection.close()
