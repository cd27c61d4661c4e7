# 查询监督, end to end: whoever looks people up in an unusual way is put before a supervisor of that area, with
# the reason and the records, and nobody answers for himself.
import contextlib
import sqlite3
import uuid

import pytest
from client import TIMEOUT, Client, kind
from quintet.audit.v1 import events_pb2 as audit_events
from quintet.supervision.v1 import look_up_service_pb2 as look_ups
from quintet.supervision.v1 import look_up_service_pb2_grpc as look_ups_grpc
from quintet.type.v1 import purpose_pb2 as purposes
from test_audit import Auditor
from test_callers import NAME, NORTH, PHONE, SOUTH, Looking, refusal

FAMILY_NAME = NAME[:2]


class Watching:
    """A supervisor of some areas, or another role, at supervision's door."""

    def __init__(self, suite, role, areas, name=None):
        self.actor = f"person/{name or role}"
        claims = suite.tokens.claims(self.actor, roles=[role], areas=areas)
        self.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
        self.stub = look_ups_grpc.LookUpServiceStub(suite.anonymous_channel("gateway"))

    def __call__(self, method, request):
        if any(field.name == "request_id" for field in request.DESCRIPTOR.fields) and not request.request_id:
            request.request_id = str(uuid.uuid4())
        return getattr(self.stub, method)(request, timeout=TIMEOUT, metadata=self.metadata)

    def findings(self, *states):
        return list(self("ListLookUpFindings", look_ups.ListLookUpFindingsRequest(states=states)).findings)

    def concerns(self):
        return {f.concern for f in self.findings()}

    def answer(self, finding, outcome=look_ups.LOOK_UP_OUTCOME_EXPLAINED, text="已当面核实，案由属实", etag=""):
        return self("AnswerLookUpFinding", look_ups.AnswerLookUpFindingRequest(
            finding_id=finding.id, outcome=outcome, answer=text, etag=etag)).finding


@pytest.fixture
def scene(fresh_suite):
    me = Client(fresh_suite.channel())
    north, south = me.make_station("NC", "北城所", NORTH), me.make_station("SC", "南城所", SOUTH)
    fresh_suite.caught_up()
    own = me.open_incident((28.22, 120.65), "两家争吵", kind.INCIDENT_CLASS_DISPUTE, phone=PHONE, caller_name=NAME)
    me.open_incident((28.32, 120.65), "两家争吵", kind.INCIDENT_CLASS_DISPUTE, phone=PHONE, caller_name=NAME)
    fresh_suite.caught_up()
    return fresh_suite, me, north, south, own


def test_each_kind_of_unusual_look_up_is_found_with_its_reason(scene):
    suite, _, north, south, own = scene
    chief = Watching(suite, "supervisor", ["*"])
    for concern, threshold in ((look_ups.LOOK_UP_CONCERN_MANY_PERSONS, 5), (look_ups.LOOK_UP_CONCERN_OUTSIDE_AREA, 2),
                               (look_ups.LOOK_UP_CONCERN_REFUSED, 2)):
        chief("PutLookUpRule", look_ups.PutLookUpRuleRequest(
            rule=look_ups.LookUpRule(concern=concern, threshold=threshold, window_s=3600)))
    room = Looking(suite, "station", [north.id])
    purpose, case = purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id

    # One look-up with a purpose, a case, on duty, is nobody's business.
    room.look(purpose, case, phone="13700000000")
    suite.caught_up()
    assert chief.findings() == []

    for number in range(4):
        room.look(purpose, case, phone=f"1370000100{number}")
    suite.caught_up()
    [many] = chief.findings()
    assert (many.actor, many.concern, many.person_count) == (
        "person/station", look_ups.LOOK_UP_CONCERN_MANY_PERSONS, 5)
    assert "查询 5 人" in many.reason and "5 persons" in many.reason
    # The same person again is no further person.
    room.look(purpose, case, phone="13700001003")
    suite.caught_up()
    [many] = chief.findings()
    assert (many.person_count, many.look_up_count) == (5, 6)

    # Calls of that number lie in the other station's area as well.
    room.look(purpose, case)
    suite.caught_up()
    assert look_ups.LOOK_UP_CONCERN_OUTSIDE_AREA not in chief.concerns()
    room.look(purpose, case)
    suite.caught_up()
    assert look_ups.LOOK_UP_CONCERN_OUTSIDE_AREA in chief.concerns()

    for _ in range(2):
        assert refusal(lambda: room.look(purposes.PURPOSE_CODE_COMPLAINT, case))[1] == "PURPOSE_NOT_ALLOWED"
    suite.caught_up()
    assert look_ups.LOOK_UP_CONCERN_REFUSED in chief.concerns()
    # What was mistyped counts for nothing.
    assert refusal(lambda: room.look(purpose, case, phone="not a number"))[0] == "INVALID_ARGUMENT"

    # The look-ups of a finding lead into the audit log, and say nothing of whom they were about.
    suite.caught_up()
    refused = next(f for f in chief.findings() if f.concern == look_ups.LOOK_UP_CONCERN_REFUSED)
    shown = chief("GetLookUpFinding", look_ups.GetLookUpFindingRequest(finding_id=refused.id))
    assert [(r.service, r.result_reason, r.case_id) for r in shown.look_ups] == [
        ("command", "PURPOSE_NOT_ALLOWED", case)] * 2
    logged = {e.entry_index: e.entry for e in Auditor(suite, "command").listed(actor="person/station")}
    for row in shown.look_ups:
        entry = logged[row.entry_index]
        assert (entry.method, entry.purpose) == (row.method, row.purpose)
    assert PHONE not in str(shown) and FAMILY_NAME not in str(shown)


def test_ones_own_family_name_and_the_time_after_the_shift_are_found(scene):
    suite, _, north, _, own = scene
    chief = Watching(suite, "supervisor", ["*"])
    claims = suite.tokens.claims("person/kin", roles=["station"], areas=[north.id], family_name=FAMILY_NAME)
    kin = Looking(suite, "station", [north.id])
    kin.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
    kin.look(purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id)
    stranger = Looking(suite, "dispatcher", ["*"])
    stranger.reveal(purposes.PURPOSE_CODE_CALL_BACK, own.incident_id, own.call_report.id)
    suite.caught_up()
    [finding] = chief.findings()
    assert (finding.actor, finding.concern) == ("person/kin", look_ups.LOOK_UP_CONCERN_OWN_FAMILY_NAME)
    # Which name it is, is told to nobody.
    for path in suite.folder.rglob("*"):
        if path.is_file() and "private" not in str(path):
            assert FAMILY_NAME.encode() not in path.read_bytes(), path

    claims = suite.tokens.claims("person/late", roles=["station"], areas=[north.id], duty_from=1_000, duty_until=2_000)
    late = Looking(suite, "station", [north.id])
    late.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
    assert refusal(lambda: late.look(purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id)) == (
        "PERMISSION_DENIED", "NOT_ON_DUTY")
    suite.caught_up()
    assert {(f.actor, f.concern) for f in chief.findings()} == {
        ("person/kin", look_ups.LOOK_UP_CONCERN_OWN_FAMILY_NAME),
        ("person/late", look_ups.LOOK_UP_CONCERN_OUTSIDE_SHIFT)}


def test_a_finding_is_for_the_supervisors_of_that_area_and_answered_once_by_another(scene):
    suite, _, north, south, own = scene
    chief = Watching(suite, "supervisor", ["*"], "chief")
    claims = suite.tokens.claims("person/both", roles=["station", "supervisor"], areas=[north.id], family_name=FAMILY_NAME)
    both = Looking(suite, "station", [north.id])
    both.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
    both.look(purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id)
    suite.caught_up()
    [finding] = chief.findings(look_ups.LOOK_UP_FINDING_STATE_OPEN)
    assert [f.id for f in Watching(suite, "supervisor", [north.id], "north").findings()] == [finding.id]
    elsewhere = Watching(suite, "supervisor", [south.id], "south")
    assert elsewhere.findings() == []
    assert refusal(lambda: elsewhere.answer(finding)) == ("PERMISSION_DENIED", "OUTSIDE_AREA")
    assert [f.id for f in Watching(suite, "auditor", ["*"]).findings()] == [finding.id]
    assert refusal(lambda: Watching(suite, "auditor", ["*"]).answer(finding))[0] == "PERMISSION_DENIED"

    own_chief = Watching(suite, "supervisor", [north.id])
    own_chief.metadata = both.metadata
    assert refusal(lambda: own_chief.answer(finding)) == ("FAILED_PRECONDITION", "OWN_LOOK_UPS")
    assert refusal(lambda: chief.answer(finding, text=" ")) == ("INVALID_ARGUMENT", "REQUIRED")
    assert refusal(lambda: chief.answer(finding, text="长" * 1001)) == ("INVALID_ARGUMENT", "TOO_LONG")
    assert refusal(lambda: chief.answer(finding, outcome=look_ups.LOOK_UP_OUTCOME_UNSPECIFIED)) == (
        "INVALID_ARGUMENT", "UNSPECIFIED")
    assert refusal(lambda: chief.answer(finding, etag="77")) == ("ABORTED", "ETAG_MISMATCH")
    answered = chief.answer(finding, etag=finding.etag)
    assert (answered.state, answered.answered_by) == (look_ups.LOOK_UP_FINDING_STATE_EXPLAINED, "person/chief")
    assert refusal(lambda: chief.answer(finding)) == ("FAILED_PRECONDITION", "FINDING_ANSWERED")

    # The next one is another matter.
    both.look(purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id)
    suite.caught_up()
    [again] = chief.findings(look_ups.LOOK_UP_FINDING_STATE_OPEN)
    assert (again.concern, again.look_up_count) == (finding.concern, 1) and again.id != finding.id


def test_rules_are_data_within_their_bounds(fresh_suite):
    chief = Watching(fresh_suite, "supervisor", ["*"])
    rules = chief("ListLookUpRules", look_ups.ListLookUpRulesRequest()).rules
    assert {r.concern for r in rules} == set(look_ups.LookUpConcern.values()) - {0}

    def put(**fields):
        return chief("PutLookUpRule", look_ups.PutLookUpRuleRequest(rule=look_ups.LookUpRule(**fields)))

    concern = look_ups.LOOK_UP_CONCERN_MANY_PERSONS
    assert refusal(lambda: put(threshold=1, window_s=60)) == ("INVALID_ARGUMENT", "UNSPECIFIED")
    assert refusal(lambda: put(concern=concern, threshold=0, window_s=60)) == ("INVALID_ARGUMENT", "OUT_OF_RANGE")
    assert refusal(lambda: put(concern=concern, threshold=1, window_s=59)) == ("INVALID_ARGUMENT", "OUT_OF_RANGE")
    assert put(concern=concern, threshold=7, window_s=600).rule.threshold == 7
    assert refusal(lambda: Watching(fresh_suite, "dispatcher", ["*"])(
        "ListLookUpFindings", look_ups.ListLookUpFindingsRequest()))[0] == "PERMISSION_DENIED"


def test_the_feed_tells_of_a_look_up_and_of_nobody_who_was_looked_for(scene):
    suite, _, north, _, own = scene
    Looking(suite, "station", [north.id]).look(purposes.PURPOSE_CODE_REPEAT_CALLS, own.incident_id)
    with contextlib.closing(sqlite3.connect(f"file:{suite.data_dir}/command.sqlite?mode=ro", uri=True)) as store:
        [(payload, incident_id)] = store.execute(
            "SELECT payload, incident_id FROM event WHERE type = ?",
            (audit_events.LookUpMade.DESCRIPTOR.full_name,)).fetchall()
    made = audit_events.LookUpMade.FromString(payload)
    assert (made.actor, made.case_id, made.result_code) == ("person/station", own.incident_id, "OK")
    assert len(made.person_key) == 16 and made.is_held_elsewhere
    assert PHONE.encode() not in payload
    # It stands on nobody's timeline.
    assert incident_id is None
