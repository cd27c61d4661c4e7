# Holds what a store has against what the callers were told: everything acknowledged is there once,
# everything else is there whole or not at all, the log has no hole, and what neighbours derive from
# it exists once.
import collections

import grpc
from load import TIMEOUT

# How many events each kind of request brings about.
EVENTS = {"SubmitReport": 3, "IssueDirective": 1, "DispatchUnits": 3, "PutUnit": 1,
          "SetUnitStatus": 1, "SubmitItem": 1, "PutRule": 0}
# Where a trace of a request is looked for: trace → table and column.
PLACES = {
    "SubmitReport": {"narrative": [("incident", "narrative"), ("call_report", "narrative")]},
    "IssueDirective": {"text": [("directive", "text")]},
    "DispatchUnits": {"text": [("directive", "text")], "unit": [("assignment", "unit_id")]},
    "PutUnit": {"call_sign": [("unit", "call_sign")]},
    "SetUnitStatus": {}, "PutRule": {},
    "SubmitItem": {"text": [("opinion_item", "text")]},
}


class Counts:
    """How often a value stands in a column, counted once for each column."""

    def __init__(self, tables):
        self._tables, self._counts = tables, {}

    def __call__(self, table, column, value):
        if (table, column) not in self._counts:
            self._counts[table, column] = collections.Counter(
                row[column] for row in self._tables.get(table, []))
        return self._counts[table, column][value]


def check(house, ledger, service, tally, repeat=None):
    """Looks at one service, which must be running.

    `repeat`: how many of the newest requests are asked again; all by default.
    """
    # First what was seen, then the store: events go on coming while it is read.
    seen = ledger.seen_of(service)
    tables = house.rows(service)
    lost, doubled = _check_asks(ledger, service, Counts(tables), tally)
    for more in (_check_log(service, seen, tables, tally),
                 _check_rules(ledger, tables, tally) if service == "supervision" else (0, 0),
                 _check_positions(ledger, tables, tally) if service == "duty" else (0, 0)):
        lost, doubled = lost + more[0], doubled + more[1]
    tally.add(service, lost=lost, doubled=doubled)
    _repeat(house, ledger, service, tally, repeat)


def _check_asks(ledger, service, count, tally):
    lost = doubled = 0
    for ask in ledger.of(service):
        found = {"request_ledger": count("request_ledger", "request_id", ask.request_id)}
        for trace, places in PLACES[ask.kind].items():
            for table, column in places:
                found[table] = count(table, column, ask.traces[trace])
        events = count("event", "cause", f"request/{ask.request_id}")
        expected = EVENTS[ask.kind]
        is_lost = not all(found.values()) or events < expected
        if any(number > 1 for number in found.values()) or events > expected:
            doubled += 1
            tally.complain(f"doubled: {ask.request_id}: {found}, {events} events")
        elif is_lost and ask.answer is not None:
            lost += 1
            tally.complain(f"lost: {ask.request_id}: {found}, {events} events")
        elif is_lost and (any(found.values()) or events):
            lost += 1
            tally.complain(f"half done: {ask.request_id}: {found}, {events} events")
    return lost, doubled


def _check_log(service, seen, tables, tally):
    """No hole, nothing twice, and all that was ever seen still in its place."""
    events = tables.get("event", [])
    by_sequence = {row["sequence"]: row["id"] for row in events}
    head = max((row["n"] for row in tables.get("event_head", [])), default=0)
    missing = [sequence for sequence, name in seen.items() if by_sequence.get(sequence) != name]
    lost = len(missing)
    if missing:
        tally.complain(f"{service}: {lost} of {len(seen)} events that were seen are not there:"
                       f" {missing[:10]}, the log ends at {head}")
    if sorted(by_sequence) != list(range(1, head + 1)):
        lost += 1
        tally.complain(f"{service}: holes among {len(events)} events up to {head}")
    # What time did is named by its cause: the same occasion never happens twice.
    occasions = collections.Counter(
        row["cause"] for row in events if row["cause"].startswith("clock/"))
    doubled = sum(1 for number in occasions.values() if number > 1)
    doubled += len(events) - len({row["id"] for row in events})
    if doubled:
        tally.complain(f"{service}: {doubled} events twice")
    return lost, doubled


def _check_rules(ledger, tables, tally):
    now = {row["code"]: row["limit_s"] for row in tables["rule"]}
    told, asked = {}, collections.defaultdict(set)
    for ask in ledger.of("supervision"):
        asked[ask.traces["rule"]].add(ask.traces["limit"])
        if ask.answer is not None:
            told[ask.traces["rule"]] = ask.traces["limit"]
    wrong = [code for code, limit in told.items()
             if now[code] not in asked[code] or (now[code] < limit and limit == max(asked[code]))]
    for code in wrong:
        tally.complain(f"rule {code} is {now[code]}, acknowledged was {told[code]}")
    return len(wrong), 0


def _check_positions(ledger, tables, tally):
    fixes = {row["unit_id"]: row["fix_time"] for row in tables.get("unit_position", [])}
    lost = 0
    for unit, fix in list(ledger.fixes.items()):
        if fixes.get(unit, 0) < fix or fixes[unit] not in ledger.sent_fixes[unit]:
            lost += 1
            tally.complain(f"position of {unit}: {fixes.get(unit)}, acknowledged was {fix}")
    return lost, 0


def _repeat(house, ledger, service, tally, repeat):
    """Asks again: the same answer for what was answered, and one for what was not."""
    asks = ledger.of(service)[-repeat if repeat else None:]
    if not asks:
        return
    with house.channel(service) as channel:
        for ask in asks:
            path = ask.method._method.decode() if isinstance(ask.method._method, bytes) \
                else ask.method._method
            call = channel.unary_unary(
                path, request_serializer=type(ask.request).SerializeToString,
                response_deserializer=lambda data: data)
            try:
                answer = call(ask.request, timeout=TIMEOUT, wait_for_ready=True)
            except grpc.RpcError as error:
                tally.complain(f"{ask.request_id} asked again: {error.code()} {error.details()}")
                continue
            if ask.answer is None:
                # It counts as acknowledged from now on.
                ask.answer = answer
            elif answer != _bytes(ask.answer):
                tally.add(service, lost=1)
                tally.complain(f"{ask.request_id} asked again has another answer")


def _bytes(answer):
    return answer if isinstance(answer, bytes) else answer.SerializeToString()


def check_derived(house, ledger, tally):
    """What intelligence and supervision made of command's events: once each."""
    house.caught_up()
    opened = [ask.traces["narrative"] for ask in ledger.acknowledged("command")
              if ask.kind == "SubmitReport"]
    command = house.rows("command")
    ids = {row["narrative"]: row["id"] for row in command["incident"]} if opened else {}
    assessed = collections.Counter(
        row["incident_id"] for row in house.rows("intelligence").get("assessment", []))
    told = collections.Counter(
        row["incident_id"] for row in command.get("foreign_event", [])
        if row["type"] == "quintet.intelligence.v1.IncidentAssessed")
    supervision = house.rows("supervision")
    clocks = collections.Counter(
        (row["kind"], row["subject"]) for row in supervision.get("deadline", []))
    for row in command.get("incident", []):
        _expect_one(tally, "intelligence", assessed[row["id"]], f"assessment of {row['id']}")
        _expect_one(tally, "intelligence", told[row["id"]], f"assessment told of {row['id']}")
    for row in command.get("assignment", []):
        for kind in ("sign", "departure", "arrival"):
            _expect_one(tally, "supervision", clocks[kind, row["id"]], f"{kind} of {row['id']}")
    for text in opened:
        _expect_one(tally, "command", int(text in ids), f"incident {text}")


def _expect_one(tally, service, number, what):
    if number != 1:
        tally.add(service, lost=int(number < 1), doubled=int(number > 1))
        tally.complain(f"{service}: {number} × {what}")


def count_acknowledged(ledger, tally, services):
    """Adds what the callers were told since the last count."""
    for service in services:
        told = len(ledger.acknowledged(service)) + len(ledger.seen_of(service))
        if service == "duty":
            told += len(ledger.fixes)
        tally.add(service, acknowledged=told)
