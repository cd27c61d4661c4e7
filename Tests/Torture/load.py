# Callers from outside: they ask every service for what only it can change, and remember in this
# process, which nobody kills, what was acknowledged, what was not, and what they saw on the feeds.
import random
import threading
import time

import grpc
from client import (
    Client, calls, deadlines, directive, directives, dispatch, kind, now, opinion, units, wgs84)
from quintet.events.v1 import event_service_pb2 as feed
from quintet.events.v1 import event_service_pb2_grpc as feed_grpc

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TIMEOUT = 10
PLACE = (28.02, 120.65)


def fresh_id(prefix):
    """A TypeID around a UUIDv7."""
    number = (int(time.time() * 1000) << 80) | (7 << 76) | random.getrandbits(76)
    number = number & ~(3 << 62) | 2 << 62
    return f"{prefix}_" + "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


class Ask:
    """One request with its id: what was asked, and the answer if there was one."""

    def __init__(self, service, method, request, request_id, **traces):
        self.service, self.method, self.request = service, method, request
        self.request_id = request_id
        # What check.py looks for in the store: names to values.
        self.traces = traces
        self.answer = None

    @property
    def kind(self):
        return type(self.request).__name__.removesuffix("Request")


class Ledger:
    """All that was asked of the suite, by service, in order."""

    def __init__(self):
        self._lock = threading.Lock()
        self.asks = {}
        # service → sequence → id of the event that was seen there.
        self.seen = {}
        # unit → times of fixes: sent, and the last that was acknowledged.
        self.sent_fixes, self.fixes = {}, {}

    def add(self, ask):
        with self._lock:
            self.asks.setdefault(ask.service, []).append(ask)

    def of(self, service):
        with self._lock:
            return list(self.asks.get(service, []))

    def see(self, service, sequence, name):
        with self._lock:
            self.seen.setdefault(service, {})[sequence] = name

    def seen_of(self, service):
        """What was seen so far, as a copy: a watcher may still be at it."""
        with self._lock:
            return dict(self.seen.get(service, {}))

    def acknowledged(self, service):
        return [ask for ask in self.of(service) if ask.answer is not None]


class Callers:
    """Threads that call until they are told to stop. A call that fails is left unanswered."""

    def __init__(self, house, ledger, services=None, threads=2):
        self.house, self.ledger = house, ledger
        self._over = threading.Event()
        self._streams = []
        steps = {"command": self._command, "duty": self._duty,
                 "publicopinion": self._opinion, "supervision": self._supervision}
        services = services or house.services
        self._threads = [
            threading.Thread(target=self._run, args=(steps[name], name, number), daemon=True)
            for name in services if name in steps for number in range(threads)]
        self._threads += [
            threading.Thread(target=self._watch, args=(name,), daemon=True) for name in services]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for stream in list(self._streams):
            stream.cancel()
        for thread in self._threads:
            thread.join(TIMEOUT + 5)

    def _channel(self, service):
        # Threads of one process would otherwise share one connection.
        return self.house.channel(service, more=[("grpc.use_local_subchannel_pool", 1)])

    def _run(self, step, service, number):
        client = Client(self._channel(service))
        tag = f"{fresh_id('w')[-8:]}-{number}"
        memory = {}
        turn = 0
        while not self._over.is_set():
            turn += 1
            if not step(client, f"{tag}-{turn}", turn, number, memory):
                self._over.wait(0.02)

    def _ask(self, service, method, request, tag, **traces):
        """Calls once; true when it was acknowledged."""
        request.request_id = f"torture-{tag}-{type(request).__name__}"
        ask = Ask(service, method, request, request.request_id, **traces)
        self.ledger.add(ask)
        try:
            ask.answer = method(request, timeout=TIMEOUT)
        except grpc.RpcError:
            return None
        return ask.answer

    def _command(self, client, tag, turn, number, memory):
        report = report_request(client, f"警情 {tag}")
        opened = self._ask("command", client.calls.SubmitReport, report, tag,
                           narrative=report.content.narrative)
        if opened is None:
            return False
        order = directive_request(opened.incident_id, f"指令 {tag}")
        self._ask("command", client.directives.IssueDirective, order, tag,
                  text=order.content.text)
        sent = dispatch_request(opened.incident_id, fresh_id("unit"), f"派警 {tag}")
        return self._ask("command", client.dispatch.DispatchUnits, sent, tag,
                         text=sent.instruction, unit=sent.unit_ids[0]) is not None

    def _duty(self, client, tag, turn, number, memory):
        put = units.PutUnitRequest(call_sign=f"警组 {tag}", kind=units.UNIT_KIND_CAR)
        made = self._ask("duty", client.units.PutUnit, put, tag, call_sign=put.call_sign)
        if made is None:
            return False
        unit = made.unit.id
        status = units.SetUnitStatusRequest(
            unit_id=unit, availability=units.AVAILABILITY_NOT_AVAILABLE,
            secondary_status=units.SECONDARY_STATUS_OFF_DUTY)
        done = self._ask("duty", client.units.SetUnitStatus, status, tag)
        return self._report_position(client, unit) and done is not None

    def _report_position(self, client, unit):
        fix = now()
        self.ledger.sent_fixes.setdefault(unit, set()).add(fix.ToMicroseconds())
        try:
            answer = client.units.ReportPositions(
                iter([units.ReportPositionsRequest(unit_id=unit, position=units.UnitPosition(
                    point=wgs84(*PLACE), fix_time=fix))]),
                timeout=TIMEOUT)
        except grpc.RpcError:
            return False
        if answer.accepted_count == 1:
            self.ledger.fixes[unit] = fix.ToMicroseconds()
        return True

    def _opinion(self, client, tag, turn, number, memory):
        item = opinion.SubmitItemRequest(
            source=opinion.OPINION_SOURCE_SOCIAL,
            # No long digits: those are taken for somebody's number.
            text=f"有人说 {tag} {''.join(random.choices('甲乙丙丁戊己庚辛壬癸', k=24))}")
        return self._ask("publicopinion", client.opinion.SubmitItem, item, tag,
                         text=item.text) is not None

    def _supervision(self, client, tag, turn, number, memory):
        # Each caller has a rule of its own, whose limit counts its turns.
        code = ["feedback.directive.general", "feedback.directive.routine",
                "feedback.directive.priority", "opinion.response"][number]
        put = deadlines.PutRuleRequest(rule=deadlines.Rule(
            code=code, kind=deadlines.DEADLINE_KIND_OPINION_RESPONSE if code.startswith("o")
            else deadlines.DEADLINE_KIND_DIRECTIVE_FEEDBACK, name="限时 Limit",
            limit_s=100_000 + memory.setdefault("turn", 0), warn_before_s=60,
            escalate_after_s=3600, escalation_levels=1))
        memory["turn"] += 1
        return self._ask("supervision", client.deadlines.PutRule, put, tag,
                         rule=code, limit=put.rule.limit_s) is not None

    def _watch(self, service):
        """Follows a feed as a neighbour would; what was seen there must stay."""
        stub = feed_grpc.EventServiceStub(self._channel(service))
        after = max(self.ledger.seen_of(service), default=0)
        while not self._over.is_set():
            stream = stub.Watch(feed.WatchRequest(partition="main", after_sequence=after))
            self._streams.append(stream)
            if self._over.is_set():
                # Those that end the streams may have passed before this one stood among them.
                stream.cancel()
            try:
                for message in stream:
                    if message.HasField("event"):
                        after = message.event.sequence
                        self.ledger.see(service, after, message.event.id)
            except grpc.RpcError:
                self._over.wait(0.05)


def report_request(client, narrative):
    return calls.SubmitReportRequest(
        content=client.content(PLACE, narrative), incident_class=kind.INCIDENT_CLASS_HELP,
        level=kind.INCIDENT_LEVEL_4)


def directive_request(incident_id, text):
    return directives.IssueDirectiveRequest(content=directives.DirectiveContent(
        directive_class=directive.DIRECTIVE_CLASS_ROUTINE, incident_id=incident_id, title="核查",
        text=text, recipients=[directive.Recipient(
            kind=directive.RECIPIENT_KIND_SEAT, id="dispatch")]))


def dispatch_request(incident_id, unit_id, instruction):
    return dispatch.DispatchUnitsRequest(
        incident_id=incident_id, unit_ids=[unit_id], instruction=instruction)
