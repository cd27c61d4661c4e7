# The access table read by somebody else's engine: policies in Cedar are written from the table, and both
# decide ten thousand calls alike.
import json
import random
import subprocess

import cedarpy
import pytest
from conftest import BIN

CALLS = 10_000
AREAS = ["bureau", "station-a", "station-b", "beat-a1"]
ABOVE = {"bureau": ["bureau"], "station-a": ["bureau", "station-a"], "station-b": ["bureau", "station-b"],
         "beat-a1": ["bureau", "station-a", "beat-a1"], "": []}
KINDS = ["hotline", "civic", "bank", "fire", "ambulance", "platform"]
SERVICES = ["command", "duty", "intelligence", "publicopinion", "supervision", "gateway"]


@pytest.fixture(scope="module")
def table():
    printed = subprocess.run([BIN / "quintet", "access", "table", "--json"], check=True, capture_output=True)
    return json.loads(printed.stdout)


def condition(row, grant):
    """When a role, as its row says, may act on the resource."""
    role, _, qualifier = grant.partition(":")
    parts = [f'principal.roles.contains("{role}")']
    if qualifier:
        parts.append(f'principal.{"partnerKind" if role == "partner" else "name"} == "{qualifier}"')
    if row["needsDuty"]:
        parts.append("principal.onDuty")
    own = "principal.seat == resource.seat"
    if role == "partner":
        own = f"({own} || principal.partner == resource.partner)"
    if row["scope"] == "area":
        parts.append('(principal.areas.contains("*") || resource.above.containsAny(principal.areas) || '
                     "(resource.shared && " + own + "))")
    elif row["scope"] == "own":
        parts.append(f"(resource.shared && {own})")
    return " && ".join(parts)


def policies(table):
    roles = {row["role"]: row for row in table["roles"]}
    written = []
    for row in table["methods"]:
        action = f'action == Action::"{row["method"]}"'
        if row["kind"] == "open":
            written.append(f"permit(principal, {action}, resource);")
            continue
        allowed = " || ".join(f"({condition(roles[g.partition(':')[0]], g)})" for g in row["grants"])
        purposes = ""
        if row["kind"] == "lookup":
            purposes = " && (" + " || ".join(
                f'(context.purpose == "{purpose["code"]}" && ('
                + " || ".join(f'(principal.roles.contains("{role}")'
                              + (" && principal.onDuty" if roles[role]["needsDuty"] else "") + ")"
                              for role in purpose["roles"]) + "))"
                for purpose in table["purposes"]) + ")"
        written.append(f"permit(principal, {action}, resource) when {{ ({allowed}){purposes} }};")
        for forbid in table["forbids"]:
            if forbid["kind"] == row["kind"]:
                written.append(f"forbid(principal, {action}, resource)"
                               f' when {{ principal.roles.contains("{forbid["role"]}") }};')
    return "\n".join(written)


def asked(table, chance):
    """One call, and the thing it is about."""
    names = [row["role"] for row in table["roles"]]
    kind = chance.choices(["person", "partner", "service"], [8, 2, 1])[0]
    if kind == "service":
        roles = ["service"]
    elif kind == "partner":
        roles = ["partner"]
    else:
        roles = chance.sample([name for name in names if name != "service"], chance.choice([0, 1, 1, 1, 2, 3]))
    row = chance.choice(table["methods"])
    if row["grants"] and chance.random() < 0.5 and kind == "person":
        roles.append(chance.choice(row["grants"]).partition(":")[0])
        roles = sorted(set(roles) - {"service"})
    place = chance.choice(list(ABOVE))
    return {
        "kind": kind, "name": chance.choice(SERVICES) if kind == "service" else "asked", "roles": roles,
        "partner_kind": chance.choice(KINDS) if "partner" in roles else None,
        "areas": chance.sample(AREAS + ["*"], chance.choice([0, 1, 1, 2])),
        "on_duty": chance.random() < 0.7,
        "method": row["method"] if chance.random() < 0.98 else row["method"] + "X",
        "purpose": chance.choice([p["code"] for p in table["purposes"]] + ["curiosity"])
        if row["kind"] == "lookup" else None,
        "_place": place, "_seat": chance.choice(["seat", "another"]),
        "_partner": chance.choice(["asked", "another"]), "_open": row["kind"] == "open",
    }


def reached(answer, call):
    """Whether the thing lies within the reach that the suite gave the call."""
    if call["_open"]:
        return True
    return (answer["everywhere"] or bool(set(answer["areas"]) & set(ABOVE[call["_place"]]))
            or (answer.get("seat") == call["_seat"])
            or (answer.get("partner") is not None and answer["partner"] == call["_partner"]))


def test_an_independent_engine_decides_ten_thousand_calls_alike(table):
    chance = random.Random(20261122)
    calls = [asked(table, chance) for _ in range(CALLS)]
    lines = "\n".join(json.dumps({k: v for k, v in call.items() if v is not None and not k.startswith("_")})
                      for call in calls)
    decided = subprocess.run([BIN / "quintet", "access", "decide"], input=lines, check=True,
                             capture_output=True, text=True)
    ours = [answer["permitted"] and reached(answer, call)
            for answer, call in zip(map(json.loads, decided.stdout.splitlines()), calls, strict=True)]

    entities, requests = [], []
    for number, call in enumerate(calls):
        entities.append({"uid": {"type": "Caller", "id": str(number)}, "parents": [], "attrs": {
            "roles": call["roles"], "name": call["name"], "partnerKind": call["partner_kind"] or "",
            "areas": call["areas"], "onDuty": call["on_duty"], "seat": "seat",
            "partner": "asked" if call["kind"] == "partner" else ""}})
        entities.append({"uid": {"type": "Thing", "id": str(number)}, "parents": [], "attrs": {
            "above": ABOVE[call["_place"]], "seat": call["_seat"], "partner": call["_partner"],
            "shared": True}})
        requests.append({"principal": f'Caller::"{number}"', "action": f'Action::"{call["method"]}"',
                         "resource": f'Thing::"{number}"', "context": {"purpose": call["purpose"] or ""}})
    theirs = []
    for first in range(0, CALLS, 500):
        answers = cedarpy.is_authorized_batch(
            requests[first:first + 500], policies(table), entities[2 * first:2 * (first + 500)])
        theirs += [answer.allowed for answer in answers]
        assert not any(answer.diagnostics.errors for answer in answers), answers[0].diagnostics.errors
    differing = [(call, our) for call, our, their in zip(calls, ours, theirs, strict=True) if our != their]
    assert not differing, f"{len(differing)} differ, the first: {differing[0]}"
    # Neither answer is rare: a test that only ever saw refusals would show little.
    assert 0.1 < sum(ours) / CALLS < 0.9, sum(ours)
