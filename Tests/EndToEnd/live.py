# A page's view of the gateway: http.client and the text of server-sent events, nothing else.
import http.client
import json
import queue
import socket
import threading
import time
import urllib.parse

INCIDENTS = "quintet.command.v1.BoardService/WatchIncidents"
UNITS = "quintet.duty.v1.UnitBoardService/WatchUnits"
CLOCKS = "quintet.supervision.v1.ClockBoardService/WatchClocks"


class Page:
    """One browser: keeps its cookie, sends what a page's script would send."""

    def __init__(self, suite, timeout=20):
        self.suite, self.timeout, self.cookie = suite, timeout, None

    def connect(self):
        return http.client.HTTPConnection(
            self.suite.http.removeprefix("http://"), timeout=self.timeout)

    def ask(self, method, path, body=None, **headers):
        """Status, headers and body; JSON is read."""
        connection = self.connect()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent.setdefault("cookie", self.cookie)
        if body is not None:
            sent.setdefault("content-type", "application/json")
            body = body if isinstance(body, (str, bytes)) else json.dumps(body)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        if found.get("content-type", "").startswith("application/json") and content:
            content = json.loads(content)
        return answer.status, found, content

    def sign_in(self, token=None, **what):
        status, headers, session = self.ask("POST", "/session", what or {"token": token})
        assert status == 200, session
        self.cookie = headers["set-cookie"].split(";")[0]
        return session

    def live(self, path, last=None, **headers):
        return Stream(self, path, last, headers)

    def watch(self, *watches, last=None):
        """Several streams in one: (name, method, request)."""
        asked = [{"as": name, "method": method, "request": request}
                 for name, method, request in watches]
        return self.live("/live?watch=" + urllib.parse.quote(json.dumps(asked)), last)


def one(method, request=None):
    return f"/live/{method}?request=" + urllib.parse.quote(json.dumps(request or {}))


class Stream:
    """Server-sent events, read by a thread of their own: (event, id, data)."""

    def __init__(self, page, path, last, headers):
        self.connection = page.connect()
        sent = {"accept": "text/event-stream", **headers}
        if page.cookie:
            sent["cookie"] = page.cookie
        if last is not None:
            sent["last-event-id"] = last
        self.connection.request("GET", path, headers=sent)
        # The connection forgets its socket once the answer says that it will close.
        self.socket = self.connection.sock
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.last = last
        self.events = queue.Queue()
        self.comments = 0
        if self.status == 200:
            self.thread = threading.Thread(target=self._read, daemon=True)
            self.thread.start()
        else:
            self.problem = json.loads(self.answer.read())

    def _read(self):
        name, number, data = "", None, []
        try:
            for raw in self.answer:
                line = raw.decode().rstrip("\n")
                field, _, value = line.partition(": ")
                if not line:
                    if data:
                        self.events.put((name, number, json.loads("\n".join(data)), time.time()))
                    name, number, data = "", None, []
                elif line.startswith(":"):
                    self.comments += 1
                elif field == "event":
                    name = value
                elif field == "id":
                    number = value
                elif field == "data":
                    data.append(value)
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass
        self.events.put(None)

    def next(self, timeout=20):
        """The next event; None at the end of the stream."""
        event = self.events.get(timeout=timeout)
        if event is None:
            return None
        name, number, data, self.time = event
        if number is not None:
            self.last = number
        return name, data

    def refusal(self):
        """The error that the stream ends with, from its status or, on a slow machine, from its text."""
        if self.status != 200:
            return self.problem
        seen = self.until(lambda name, data: name == "error")
        return seen[-1][1]

    def until(self, wanted, timeout=20):
        """All messages up to the first that is wanted."""
        seen = []
        end = time.monotonic() + timeout
        while True:
            event = self.next(max(0.1, end - time.monotonic()))
            assert event is not None, f"the stream ended after {seen[-3:]}"
            seen.append(event)
            if wanted(*event):
                return seen

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def snapshot(stream, timeout=20):
    """Everything that the snapshot of one stream names, and its last message."""
    messages = [data for _, data in stream.until(
        lambda name, data: data.get("isSnapshotEnd"), timeout)]
    assert all(message.get("isSnapshot") for message in messages)
    return messages
