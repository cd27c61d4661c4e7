# What strangers may do to the ports, and what it must not do to others: while it goes on, calls on
# other connections are answered, and memory stays within bounds; afterwards all is well.
import contextlib
import struct
import threading

import grpc
import pytest
from door import (
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS,
    STATUS, Gateway, call_headers, check_health, frame, frames, header, opening)

# MiB. A debug build needs some 60 to begin with; what one connection may make it hold is far less.
GROWTH = 96


@pytest.fixture(scope="module")
def gateway():
    with Gateway() as gateway:
        gateway.serves()
        yield gateway


@contextlib.contextmanager
def unharmed(gateway):
    """Serves an old and new connections while the body runs, and is well afterwards."""
    before = gateway.memory()
    with gateway.channel() as old:
        check_health(old)
        yield
        check_health(old)
    gateway.serves()
    assert gateway.memory() - before < GROWTH
    assert gateway.memory("VmHWM") - before < 2 * GROWTH


def closed(connection, within):
    """Waits until the other side has closed."""
    connection.settimeout(within)
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def ends_with_goaway(connection, within=10):
    connection.settimeout(within)
    return any(kind == GOAWAY for kind, *_ in frames(connection))


def send(connection, data):
    """Whether the other side still took it."""
    try:
        connection.sendall(data)
        return True
    # Also of a connection that the test itself has closed meanwhile.
    except OSError:
        return False


def drip(connection, data, stop):
    """Byte by byte, as long as it is taken."""
    for byte in data:
        if stop.wait(0.5) or not send(connection, bytes([byte])):
            return


def slow(token):
    """A port, what comes at once, and what comes byte by byte."""
    return [
        ("http", b"", b""),
        ("http", b"POST / HTTP/1.1\r\nHost: localhost\r\n", b"X-Slow: " + b"y" * 1000),
        ("http", post(token, 1000), b" " * 1000),
        ("grpc", b"", b""),
        ("grpc", b"", opening()),
    ]


def post(token, length):
    return (f"POST {STATUS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: {token}\r\nContent-Length: {length}\r\n\r\n").encode()


def test_whoever_is_slow_is_not_waited_for(gateway):
    stop = threading.Event()
    with unharmed(gateway), contextlib.ExitStack() as crowd:
        crowd.callback(stop.set)
        connections = []
        for port, begin, rest in slow(gateway.token) * 10:
            connection = crowd.enter_context(gateway.connect(getattr(gateway, port)))
            send(connection, begin)
            threading.Thread(target=drip, args=(connection, rest, stop), daemon=True).start()
            connections.append(connection)
        gateway.serves()
        # Ten seconds are what a new connection, or a body, is given.
        assert all(closed(connection, within=20) for connection in connections)


def test_a_storm_of_resets_ends_its_own_connection(gateway):
    block = call_headers()
    with unharmed(gateway), gateway.connect(gateway.grpc) as connection:
        send(connection, opening())
        storm = b"".join(
            frame(HEADERS, END_HEADERS, stream, block)
            + frame(RST_STREAM, 0, stream, struct.pack(">I", 8)) for stream in range(1, 8001, 2))
        send(connection, storm)
        gateway.serves(1)
        assert ends_with_goaway(connection)


@pytest.mark.parametrize("port", ["http", "grpc"])
def test_a_flood_of_silent_connections_keeps_nobody_out(gateway, port):
    with unharmed(gateway), contextlib.ExitStack() as flood:
        address = getattr(gateway, port)
        silent = [flood.enter_context(gateway.connect(address)) for _ in range(1500)]
        gateway.serves()
        # The oldest gave way: no more are held than are let be silent at once.
        for connection in silent:
            connection.setblocking(False)
        held = sum(is_open(connection) for connection in silent)
        assert held <= 256


def is_open(connection):
    try:
        while connection.recv(65536):
            pass
        return False
    except BlockingIOError:
        return True
    except ConnectionError:
        return False


def test_a_flood_of_idle_clients_stays_within_the_limit(gateway):
    with unharmed(gateway), contextlib.ExitStack() as flood:
        idle = [flood.enter_context(gateway.connect(gateway.grpc)) for _ in range(1100)]
        for connection in idle:
            send(connection, opening())
        gateway.serves()


def test_oversized_headers_of_http_are_refused(gateway):
    with unharmed(gateway), gateway.connect(gateway.http) as connection:
        send(connection, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        for number in range(100):
            if not send(connection, b"X-%d: %s\r\n" % (number, b"y" * 1000)):
                break
        connection.settimeout(10)
        # A reset may overtake the answer.
        with contextlib.suppress(ConnectionError):
            assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_oversized_headers_of_grpc_are_refused(gateway):
    with unharmed(gateway), gateway.connect(gateway.grpc) as connection:
        block = call_headers() + header("x-large", "y" * 15_000) + header("x-more", "y" * 3_000)
        send(connection, opening() + frame(HEADERS, END_HEADERS, 1, block[:16_000])
             if len(block) <= 16_000 else opening() + frame(HEADERS, 0, 1, block[:16_000])
             + frame(CONTINUATION, END_HEADERS, 1, block[16_000:]))
        assert ends_with_goaway(connection)
    with gateway.channel() as channel, pytest.raises(grpc.RpcError):
        grpc_call(channel, metadata=(("x-large", "y" * 20_000),))


def grpc_call(channel, **options):
    channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=5, **options)


def test_headers_that_never_end_are_cut_off(gateway):
    with unharmed(gateway), gateway.connect(gateway.grpc) as connection:
        send(connection, opening() + frame(HEADERS, 0, 1, call_headers()))
        endless = frame(CONTINUATION, 0, 1, header("x-more", "y" * 100)) * 100
        sent = 0
        while sent < 1000 and send(connection, endless):
            sent += 1
        assert sent < 1000
        gateway.serves(1)
        assert closed(connection, within=10)


def test_a_flood_of_pings_and_settings_ends_its_own_connection(gateway):
    with unharmed(gateway), gateway.connect(gateway.grpc) as connection:
        send(connection, opening())
        connection.settimeout(10)
        flood = (frame(SETTINGS) + frame(PING, 0, 0, bytes(8))) * 1000
        taken = 0
        # Its answers are never read.
        with contextlib.suppress(TimeoutError):
            while taken < 100 and send(connection, flood):
                taken += 1
        gateway.serves(1)


def test_oversized_messages_are_refused(gateway):
    with unharmed(gateway):
        with gateway.channel() as channel:
            # The second call is reset, of which grpcio makes CANCELLED.
            for size, code in [(2 << 20, grpc.StatusCode.RESOURCE_EXHAUSTED),
                               (64 << 20, grpc.StatusCode.CANCELLED)]:
                with pytest.raises(grpc.RpcError) as refusal:
                    channel.unary_unary("/quintet.gateway.v1.StatusService/GetStatus")(
                        bytes(size), timeout=10, metadata=gateway.tokens.metadata())
                assert refusal.value.code() == code
        # And one that says it is large, and comes slowly.
        with gateway.connect(gateway.grpc) as connection:
            send(connection, opening() + frame(HEADERS, END_HEADERS, 1, call_headers(
                STATUS, authorization=gateway.token)) + frame(DATA, 0, 1, b"\x00\xff\xff\xff\xff" + bytes(1000)))
            connection.settimeout(10)
            assert any(kind in (RST_STREAM, GOAWAY) or kind == HEADERS and flags & END_STREAM
                       for kind, flags, *_ in frames(connection))
        with gateway.connect(gateway.http) as connection:
            send(connection, post(gateway.token, 99_999_999))
            with contextlib.suppress(TimeoutError):
                for _ in range(400):
                    if not send(connection, b" " * 65536):
                        break
            connection.settimeout(10)
            with contextlib.suppress(ConnectionError):
                assert b"429" in connection.recv(4096)


def test_a_connection_takes_no_more_calls_at_once_than_it_says(gateway):
    with unharmed(gateway), gateway.connect(gateway.grpc) as connection:
        streams = range(1, 401, 2)
        send(connection, opening() + b"".join(
            frame(HEADERS, END_HEADERS, stream, call_headers(STATUS)) for stream in streams))
        refused, said = set(), None
        connection.settimeout(10)
        for kind, flags, stream, payload in frames(connection):
            if kind == SETTINGS and not flags:
                said = dict(struct.iter_unpack(">HI", payload))
            if kind == RST_STREAM:
                refused.add(stream)
            if kind == GOAWAY or len(refused) == len(streams) - 64:
                break
        assert said[3] == 64 and said[6] == 16 << 10


def test_abuse_is_over(gateway):
    gateway.serves(10)
    assert gateway.process.poll() is None
    errors = [line for line in gateway.lines() if line["level"] in ("error", "critical")]
    assert errors == []
