# Terminals against the real suite: the C SDK's examples under valgrind, over links that break and a
# duty that is killed; strangers who are turned away; and a thousand at once.
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from client import Client, assignment, calls, dispatch, kind, location, organisation, units, wgs84
from conftest import ROOT
from quintet.duty.v1 import terminal_service_pb2 as terminals
from quintet.duty.v1 import terminal_service_pb2_grpc as terminals_grpc
from quintet.terminal.v1 import terminal_pb2 as frames
from terminal_frames import Line

AT = (27.9012, 121.1034)


@pytest.fixture(scope="session")
def sdk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sdk")
    subprocess.run([ROOT / "Scripts/build-terminal-sdk", "--test", folder], check=True, cwd=ROOT)
    return folder


class Bench:
    """A suite's terminal port, its register and its tokens."""

    def __init__(self, suite, folder):
        self.suite, self.folder = suite, folder
        self.client = Client(suite.channel())
        self.register = terminals_grpc.TerminalServiceStub(suite.channel())
        self.path = suite.run_dir / "duty-terminals.sock"

    def put(self, code, **fields):
        return self.client(self.register.PutTerminal, terminals.PutTerminalRequest(
            code=code, **fields)).terminal

    def put_pillar(self, code, plate="A-17"):
        return self.put(code, kind=terminals.TERMINAL_KIND_PILLAR, plate_code=plate,
                        location=location.Location(point=wgs84(*AT), address="东岙沙滩"))

    def put_vehicle(self, code, unit_id):
        return self.put(code, kind=terminals.TERMINAL_KIND_VEHICLE, unit_id=unit_id)

    def get(self, code):
        return self.client(self.register.GetTerminal, terminals.GetTerminalRequest(code=code)).terminal

    def token(self, code, **changes):
        """For a month: nobody signs in at a pillar."""
        claims = self.suite.tokens.claims(
            f"terminal/{code}", roles=None, areas=None, duty_from=None, duty_until=None, call_rate=None)
        claims["exp"] = int(time.time()) + 30 * 86400
        claims.update(changes)
        return self.suite.tokens.sign(claims)

    def token_file(self, code):
        path = self.folder / f"{code}.token"
        path.write_text(self.token(code))
        return path

    def line(self, code):
        line = Line(self.path)
        welcome = line.hello(code, self.token(code))
        assert welcome.HasField("welcome"), welcome
        return line, welcome.welcome

    def calls(self, state=calls.CALL_REPORT_STATE_UNSPECIFIED):
        answer = self.client(self.client.calls.ListCallReports, calls.ListCallReportsRequest(
            page_size=500, state=state))
        return [report for report in answer.call_reports if report.source == "pillar"]

    def until(self, look, what, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not seen in {seconds} s: {what}")


@pytest.fixture
def bench(fresh_suite, tmp_path):
    return Bench(fresh_suite, tmp_path)


def valgrind(*command):
    return ["valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
            "--show-leak-kinds=all", *map(str, command)]


class Relay:
    """A link between a terminal and the port that can be cut."""

    def __init__(self, folder, target):
        self.path, self.target = folder / "relay.sock", str(target)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(self.path))
        self.server.listen(16)
        self.live, self.is_down, self.passed = [], False, 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            near, _ = self.server.accept()
            far = socket.socket(socket.AF_UNIX)
            try:
                if self.is_down:
                    raise OSError
                far.connect(self.target)
            except OSError:
                near.close()
                continue
            self.live += [near, far]
            for source, sink, is_up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=(source, sink, is_up), daemon=True).start()

    def _pass(self, source, sink, is_up):
        try:
            while data := source.recv(4096):
                self.passed += is_up
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        for one in self.live:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.live = []


def test_a_press_is_a_call_and_is_handled_to_the_end(bench, sdk):
    bench.put_pillar("pillar-017")
    pillar = subprocess.run(
        valgrind(sdk / "sos-pillar", "--code", "pillar-017", "--token-file", bench.token_file("pillar-017"),
                 "--socket", bench.path),
        input="\n\n\n", capture_output=True, text=True, timeout=60)
    assert pillar.returncode == 0, pillar.stderr
    assert pillar.stdout.split() == ["pressed"] * 3 + ["durable", "3"]
    call = bench.until(lambda: [c for c in bench.calls(calls.CALL_REPORT_STATE_ACTIVE) if c.press_count == 3],
                       "the call with its three presses")[0]
    assert len(bench.calls()) == 1
    assert call.channel == calls.CALL_CHANNEL_PILLAR and "A-17" in call.location.description
    assert (call.location.wgs84_point.latitude, call.location.wgs84_point.longitude) == AT
    opened = bench.client(bench.client.calls.OpenIncident, calls.OpenIncidentRequest(
        call_report_id=call.id, etag=call.etag, incident_class=kind.INCIDENT_CLASS_HELP,
        level=kind.INCIDENT_LEVEL_2))
    assert opened.call_report.outcome == calls.CALL_OUTCOME_CREATED
    # A unit signs, goes, arrives and clears by its terminal alone.
    unit = bench.client.make_unit("巡 1", AT)
    bench.put_vehicle("car-1", unit.id)
    sent = bench.client(bench.client.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=opened.incident_id, unit_ids=[unit.id]))
    patrol = subprocess.Popen(
        valgrind(sdk / "patrol-terminal", "--code", "car-1", "--token-file", bench.token_file("car-1"),
                 "--socket", bench.path, "--fixes", "300", "--pace", "50", "--at", f"{AT[0]},{AT[1]}"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def cleared():
        got = bench.client(bench.client.dispatch.GetAssignment, dispatch.GetAssignmentRequest(
            assignment_id=sent.assignments[0].id)).assignment
        return got if got.state == assignment.ASSIGNMENT_STATE_CLEARED else None

    made = bench.until(cleared, "the assignment cleared by its terminal")
    for time_field in ("acknowledge_time", "depart_time", "arrive_time", "clear_time"):
        assert made.HasField(time_field), time_field
    output, errors = patrol.communicate(timeout=90)
    assert patrol.returncode == 0, errors
    assert f"order {sent.assignments[0].id} 5" in output and "order" in output
    held = bench.client(bench.client.units.GetUnit, units.GetUnitRequest(unit_id=unit.id)).unit
    assert held.position.point.latitude == pytest.approx(AT[0] + 299 * 0.00001, abs=1e-6)


def test_presses_outlive_a_cut_link_and_a_killed_duty(bench, sdk):
    codes = [f"pillar-{number:03}" for number in range(8)]
    for code in codes:
        bench.put_pillar(code, plate=code)
    relay = Relay(bench.folder, bench.path)
    pillars = {code: subprocess.Popen(
        valgrind(sdk / "sos-pillar", "--code", code, "--token-file", bench.token_file(code),
                 "--socket", relay.path),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for code in codes}

    def press():
        for pillar in pillars.values():
            pillar.stdin.write("\n")
            pillar.stdin.flush()

    press()
    bench.until(lambda: relay.passed >= len(codes), "the first presses on their way")
    relay.cut()
    press()
    old = bench.suite.pid("duty")
    os.kill(old, signal.SIGKILL)
    press()
    relay.is_down = True
    relay.cut()
    press()
    relay.is_down = False
    for code, pillar in pillars.items():
        output, errors = pillar.communicate(timeout=90)
        assert pillar.returncode == 0, (code, errors)
        # Nothing was refused, and all were said to be durable.
        assert output.split()[-2:] == ["durable", "4"], output
    assert bench.suite.pid("duty") != old

    def counted():
        found = {report.location.description: report.press_count for report in bench.calls()}
        return found if sum(found.values()) == 4 * len(codes) else None

    bench.until(counted, "every press counted once")
    bench.suite.caught_up()
    found = bench.calls()
    # One call each, with every press of its own pillar and of no other.
    assert sorted((c.location.description, c.press_count) for c in found) == [
        (f"点位牌 {code}", 4) for code in codes]
    for code in codes:
        assert bench.get(code).last_sequence == 4


def problem_of(bench, send):
    """What a connection is told before it is closed."""
    line = Line(bench.path)
    send(line)
    told = line.next()
    assert told is not None and told.HasField("problem"), told
    assert told.problem.sequence == 0 and told.problem.message
    assert line.next() is None
    line.close()
    return told.problem.reason


def test_strangers_are_turned_away_with_a_reason(bench):
    bench.put_pillar("p")
    bench.put_pillar("q")
    good = bench.token("p")
    hello = lambda code, token, version=1: lambda line: line.send(hello=frames.Hello(
        terminal_code=code, token=token, protocol_version=version))
    raw = lambda data: lambda line: line.socket.sendall(data)
    person = bench.suite.tokens.of("person/zhang.wei")
    cases = [
        (hello("p", good, 2), "VERSION_NOT_SUPPORTED"),
        (hello("p", ""), "TOKEN_REQUIRED"),
        (hello("p", "x.y.z"), "TOKEN_MALFORMED"),
        (hello("p", good[:-4] + "AAAA"), "TOKEN_SIGNATURE"),
        (hello("p", bench.token("p", exp=int(time.time()) - 1)), "TOKEN_EXPIRED"),
        (hello("p", bench.token("p", exp=int(time.time()) + 400 * 86400)), "TOKEN_LIFETIME"),
        (hello("p", person), "ROLE_NOT_ALLOWED"),
        (hello("q", good), "TOKEN_SUBJECT"),
        (hello("nobody", bench.token("nobody")), "TERMINAL_UNKNOWN"),
        (lambda line: line.send(report=frames.Report(sequence=1, press=frames.ButtonPress())), "HELLO_REQUIRED"),
        (raw(struct.pack(">I", 4097)), "FRAME_TOO_LARGE"),
        (raw(b"GET / HTTP/1.1\r\nHost: duty\r\n\r\n"), "FRAME_TOO_LARGE"),
        (raw(b"\x00\x00\x00\x02\xff\xff"), "FRAME_MALFORMED"),
        (raw(b"\x00\x00\x00\x00"), "FRAME_MALFORMED"),
    ]
    for send, reason in cases:
        assert problem_of(bench, send) == reason
    # None of it cost anybody else anything.
    line, welcome = bench.line("p")
    assert welcome.last_sequence == 0 and bench.calls() == []
    # A terminal's token opens no other door.
    with pytest.raises(grpc.RpcError) as refused:
        Client(bench.suite.anonymous_channel()).organisation.ListOrgUnits(
            organisation.ListOrgUnitsRequest(), timeout=10,
            metadata=(("authorization", f"Bearer {good}"),))
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    line.close()


def test_a_revoked_token_takes_its_terminal_off_the_line(bench):
    bench.put_pillar("p")
    token = bench.token("p")
    line = Line(bench.path)
    line.hello("p", token)
    line.send(report=frames.Report(sequence=1, press=frames.ButtonPress()))
    assert line.next().ack.sequence == 1
    bench.suite.quintet("token", "revoke", token)

    def refused():
        line.send(report=frames.Report(sequence=2, press=frames.ButtonPress()))
        told = line.next()
        return told if told is None or told.HasField("problem") else None

    told = bench.until(refused, "the refusal")
    assert told.problem.reason == "TOKEN_REVOKED"


def test_whoever_does_not_read_is_cut_off_and_holds_up_nobody(bench):
    bench.put_pillar("deaf")
    bench.put_pillar("p")
    deaf, _ = bench.line("deaf")
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    content = frames.TerminalFrame(ping=frames.Ping(number=1 << 62)).SerializeToString()
    flood = (struct.pack(">I", len(content)) + content) * 4000
    with pytest.raises(OSError):
        # More pings than any buffer holds answers to.
        for _ in range(400):
            deaf.socket.sendall(flood)
    line, _ = bench.line("p")
    line.send(report=frames.Report(sequence=1, press=frames.ButtonPress()))
    assert line.next().ack.sequence == 1
    resident = int(next(row for row in open(f"/proc/{bench.suite.pid('duty')}/status")
                        if row.startswith("VmRSS")).split()[1])
    assert resident < 400_000, resident


def test_a_thousand_terminals_at_once(bench, sdk):
    count, fixes, pace = 1000, 12, 1000

    def make(number):
        unit = bench.client(bench.client.units.PutUnit, units.PutUnitRequest(
            call_sign=f"车 {number:04}", kind=units.UNIT_KIND_CAR)).unit
        bench.put_vehicle(f"car-{number:04}", unit.id)
        return f"car-{number:04} {bench.token(f'car-{number:04}')}"

    with ThreadPoolExecutor(16) as hands:
        lines = list(hands.map(make, range(count)))
    crowd = bench.folder / "crowd.txt"
    crowd.write_text("\n".join(lines) + "\n")
    done = subprocess.run([sdk / "crowd", bench.path, crowd, str(fixes), str(pace)], capture_output=True,
                          text=True, timeout=180)
    print(done.stdout)
    assert done.returncode == 0, done.stderr + done.stdout
    words = dict(zip(done.stdout.split()[::2], done.stdout.split()[1::2]))
    assert int(words["durable"]) == count * fixes and int(words["dropped"]) == 0
    seen, token = [], ""
    while True:
        page = bench.client(bench.register.ListTerminals, terminals.ListTerminalsRequest(
            page_size=500, page_token=token))
        seen += page.terminals
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == count and all(t.last_sequence == fixes for t in seen)
    held = bench.client(bench.client.units.GetUnit, units.GetUnitRequest(unit_id=seen[-1].unit_id)).unit
    assert held.position.point.latitude == pytest.approx(28.0 + 0.00001 * (fixes - 1), abs=1e-7)


def test_positions_of_other_systems_come_in_by_their_devices_numbers(bench):
    unit = bench.client(bench.client.units.PutUnit, units.PutUnitRequest(
        call_sign="巡 1", kind=units.UNIT_KIND_CAR)).unit
    bench.put_vehicle("34020000001320000001", unit.id)
    bench.put_vehicle("123456789012", unit.id)
    notify = ("<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<Notify><CmdType>MobilePosition</CmdType>"
              "<SN>1</SN><DeviceID>{device}</DeviceID><Time>2022-03-23T19:17:1{second}</Time>"
              "<Longitude>120.64511</Longitude><Latitude>{latitude}</Latitude><Speed>36</Speed></Notify>\n")
    known, unknown = "34020000001320000001", "34020000001320000002"
    stream = bench.folder / "notify.xml"
    stream.write_text(notify.format(device=known, second=1, latitude=28.01)
                      + notify.format(device=known, second=2, latitude=28.02)
                      + notify.format(device=unknown, second=3, latitude=28.03)
                      + notify.format(device=known, second=3, latitude="north"))
    taken = bench.suite.quintet("positions", "--format", "gb28181", str(stream), check=False)
    assert taken.returncode == 1 and "accepted 2" in taken.stdout, taken.stdout + taken.stderr
    assert f"{unknown} × 1" in taken.stdout and "Latitude：1" in taken.stdout
    held = bench.client(bench.client.units.GetUnit, units.GetUnitRequest(unit_id=unit.id)).unit
    assert held.position.point.latitude == pytest.approx(28.02) and held.position.speed_mps == 10
    # The example of the standard's libraries, as it comes over TCP.
    recorded = bench.folder / "jt808.bin"
    recorded.write_bytes(bytes.fromhex(
        "7E02000026123456789012007D02000000010000000200BA7F0E07E4F11C0028003C0000221015101010"
        "01040000006402020 07D01297E".replace(" ", "")))
    taken = bench.suite.quintet("positions", "--format", "jt808", str(recorded), check=False)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert "accepted 1" in taken.stdout
