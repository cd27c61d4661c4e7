# Every RPC, found by reflection, with every kind of bad input: a clear error that names the field, and
# nothing changed. The requests are made from the descriptors, so a new RPC is walked by itself.
import time

import grpc
import pytest
from client import Client, now, request_id
from conftest import SERVICES
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase)
from grpc_status import rpc_status

MIB = 1 << 20
# Methods that take an empty request: they have nothing to require.
NOTHING_REQUIRED = {
    "ListCallReports", "ListIncidents", "ListDirectives", "ListOrgUnits", "ListJurisdictions",
    "ListUnits", "ListTerminals", "ListResponsePlans", "ListDispatchRules", "GetRoadNetwork",
    "ListAssessments", "ListPlaces", "CountAssessments", "ListTopics", "ListDeadlines",
    "CountDeadlines", "ListRules", "GetClock", "ListEvaluations", "GetStatus",
    "ListLookUpFindings", "ListLookUpRules", "ListOfficers", "ListPatterns",
    "ListSwaps", "ListLeaves", "ListSeats", "ListDirectiveTemplates", "ListCordonPlans",
    "ListSupportRequests", "ListConsultations", "ListSeries",
    "GetCoverage", "ListCoverageSamples", "ListDeployments",
    "ListParkedEvents", "ListAuditEntries", "ListRetentionPeriods", "ListTaskTemplates", "ListTasks",
    "ListCampaigns", "ListModePlans", "ListStatements", "GetOperatingMode", "ListMusters", "ListMissingMembers",
    # The newest one, if there is one yet.
    "GetCheckpoint",
    # Of entry 0 in a log of none: OUT_OF_RANGE.
    "GetInclusionProof",
    # Its only wish is an exercise, which is not on: FAILED_PRECONDITION.
    "EndExercise",
}
ID_PREFIX = {
    "call_report_id": "call", "incident_id": "inc", "into_incident_id": "inc",
    "assignment_id": "asg", "directive_id": "dir", "draft_id": "dir", "recommendation_id": "rec",
    "unit_id": "unit", "unit_ids": "unit", "org_unit_id": "org", "org_unit_ids": "org", "parent_id": "org",
    "topic_id": "topic", "deadline_id": "dl", "case_id": "inc", "finding_id": "find",
    "dispatch_rule_id": "rule", "station_id": "org",
    "shift_id": "shift", "other_shift_id": "shift", "swap_id": "swap", "leave_id": "leave", "note_id": "note",
    "support_request_id": "sup", "consultation_id": "cons", "series_id": "ser",
    "deployment_id": "dpl",
    "statement_id": "stmt", "campaign_id": "cmp", "muster_id": "mus", "group_id": "unit",
    "cordon_id": "cdn", "area_id": "org", "beat_id": "org", "task_id": "task",
}
WORDS = {
    "call_sign": "测 99", "phone": "13800001234", "source": "sys", "external_reference": "r-1",
    "disposal_code": "d1", "code": "no.such", "id": "room-1", "page_token": "", "etag": "",
    "capabilities": "taser", "open_ids": "inc-1", "device_code": "sos-1",
    "number": "P-001", "officer_number": "P-001", "officer_numbers": "P-001", "actor": "person/li.si",
    "qualifications": "high-privilege", "role": "dispatcher", "seat_code": "no.such",
    "pattern_code": "no.such", "days": "no.such", "anchor_date": "2026-11-23",
    "date": "2026-11-23", "from_date": "2026-11-23", "to_date": "2026-11-24",
    "template_code": "t-1", "plan_code": "p-1",
    "category": "fire", "place_kind": "shop", "content_codes": "fire.exits", "fact_codes": "f-1",
    "until_date": "2026-12-24", "media_type": "image/png", "reference": "dir-1", "task_etag": "1",
    "field_code": "f-1", "placeholder": "plate", "digest": "0" * 64, "file_digest": "0" * 64, "member_code": "m-1",
    "month": "2016-12", "seats": "seat-1",
}
WHOLE_NUMBERS = {"keep_days": 365, "duration_s": 3600, "cell_m": 500, "days": 28, "muster_limit_s": 3600}
# Spans of time are checked before their order is; the later end is later.
LATER = {"end_time"}
NUMBERS = {"latitude": 28.0, "longitude": 120.6, "detour_factor": 1.4, "speed_mps": 8.0, "radius_m": 500.0}
# Answers have them, requests ignore them.
OUTPUT_ONLY = {"wgs84_point", "placeholders"}
# Duty is asked about incidents that command owns, and does not know them.
ASKED_BY_OTHERS = {"quintet.duty.v1.UnitService.RecommendUnits",
                   "quintet.duty.v1.DispatchPlanService.PlanDispatch",
                   # Stations are duty's, and command may hear of one later.
                   "quintet.command.v1.DispatchRuleService.SwitchOnDispatchRule"}
# What does not exist and what is not open are told alike here: PERMISSION_DENIED (CASE_NOT_OPEN).
TOLD_ALIKE = {
    "quintet.command.v1.CallerService.RevealCaller",
    # Staff off duty see their own affairs only: OUTSIDE_AREA for both.
    "quintet.duty.v1.RosterChangeService.AskSwap", "quintet.duty.v1.RosterChangeService.AnswerSwap",
    "quintet.duty.v1.SeatService.MarkHandoverNoteRead",
}
# What a terminal in a vehicle does not have.
NOT_TOGETHER = {"PutTerminal": ("org_unit_id", "location", "plate_code")}
# Who may call what the others may not; some roles rule each other out.
ROLES_OF = {"quintet.audit.": ["auditor"], "quintet.command.v1.CallerService": ["dispatcher", "shift-leader"],
            "quintet.command.v1.CampaignRowService.RevealCampaignRow": ["dispatcher", "shift-leader"],
            "quintet.duty.v1.TrackService.ListTrack": ["dispatcher", "shift-leader"]}
# Where to call back opens nothing (处置复盘 of a unit's track), and where what is signed must have been read.
PURPOSES, SIGNED = {"ListTrackRequest": 7}, {"ApproveStatementRequest"}
# The clock of an exercise may be set to any time; a search may end when it likes; a task is due later, and a
# phone's clock may be ahead.
FREE_TIMES = {"start_time", "end_time", "to_time", "due_time", "device_time"}


def made_id(prefix, variant=0x1234):
    """The TypeID of a version 7 UUID that nobody was given."""
    number = (0x0190_0000_0000 << 80) | (7 << 76) | (2 << 62) | variant
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    return f"{prefix}_" + "".join(alphabet[number >> 5 * k & 31] for k in reversed(range(26)))


@pytest.fixture(scope="module")
def methods(suite):
    database = ProtoReflectionDescriptorDatabase(suite.channel())
    pool = descriptor_pool.DescriptorPool(database)
    found = []
    for name in sorted(database.get_services()):
        if name.startswith("quintet."):
            found += list(pool.FindServiceByName(name).methods)
    assert len(found) > 50
    return found


def is_repeated(field):
    return field.is_repeated


def fill(message):
    """A request that passes every check, about things that do not exist."""
    chosen = set()
    for field in message.DESCRIPTOR.fields:
        if field.name in OUTPUT_ONLY:
            continue
        if field.containing_oneof:
            if field.containing_oneof.name in chosen:
                continue
            chosen.add(field.containing_oneof.name)
        if field.message_type is not None:
            kind = field.message_type.full_name
            if kind == "google.protobuf.Timestamp":
                getattr(message, field.name).FromSeconds(int(time.time()) - (30 if field.name in LATER else 60))
            elif kind == "google.protobuf.Struct":
                getattr(message, field.name).update({"platform": "x"})
            elif is_repeated(field):
                count = 3 if field.name == "corners" else 1
                for number in range(count):
                    part = fill(getattr(message, field.name).add())
                    if field.name == "corners":
                        part.latitude += 0.1 * (number == 1)
                        part.longitude += 0.1 * (number == 2)
            else:
                fill(getattr(message, field.name)).SetInParent()
            continue
        value = plain(field)
        if is_repeated(field):
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)
    if message.DESCRIPTOR.name in PURPOSES:
        message.purpose.code = PURPOSES[message.DESCRIPTOR.name]
    if message.DESCRIPTOR.name in SIGNED:
        message.etag = "1"
    return message


def plain(field):
    if field.enum_type is not None:
        if field.containing_type.name == "LocationPlateContent":
            return 20
        special = {"CallOutcome": 3, "DirectiveClass": 2, "SecondaryStatus": 5, "OrgRank": 3}
        return special.get(field.enum_type.name, 1)
    if field.type == field.TYPE_STRING:
        if field.name == "request_id":
            return request_id("bad")
        if field.name in ID_PREFIX:
            return made_id(ID_PREFIX[field.name], 0x99 if field.name.startswith("into") else 0x1234)
        return WORDS.get(field.name, "测试")
    if field.type == field.TYPE_DOUBLE:
        return NUMBERS.get(field.name, 1.0)
    if field.type == field.TYPE_BOOL:
        return False
    if field.type == field.TYPE_BYTES:
        return b"x"
    return WHOLE_NUMBERS.get(field.name, 1)


def spoilings(message, path=""):
    """(what, field, expected reasons or None, spoil) for each leaf of a filled request."""
    for field, value in message.ListFields():
        at = f"{path}{field.name}"
        if field.message_type is not None:
            kind = field.message_type.full_name
            if kind == "google.protobuf.Timestamp":
                if field.name not in FREE_TIMES:
                    yield "time in the future", field.name, {"TIME_IN_FUTURE"}, (
                        lambda v=value: v.FromSeconds(int(time.time()) + 3600))
            elif kind != "google.protobuf.Struct":
                for part in (value if is_repeated(field) else [value]):
                    yield from spoilings(part, f"{at}.")
        elif is_repeated(field):
            if field.type == field.TYPE_STRING:
                yield "text too long", field.name, None, (
                    lambda v=value: v.__setitem__(0, "长" * 5001))
        elif field.enum_type is not None:
            yield "unknown enum", field.name, None, (
                lambda m=message, f=field: setattr(m, f.name, 999))
            if field.name == "datum":
                yield "no datum", field.name, {"DATUM_REQUIRED"}, (
                    lambda m=message: setattr(m, "datum", 0))
        elif field.type == field.TYPE_STRING and field.name != "partition":
            yield "text too long", field.name, None, (
                lambda m=message, f=field: setattr(m, f.name, "长" * 5001))
        elif field.name in ("latitude", "longitude"):
            for bad in (181.0, float("nan")):
                yield "off the globe", field.name, {"OUT_OF_RANGE"}, (
                    lambda m=message, f=field, b=bad: setattr(m, f.name, b))


def invoke(suite, method, request, **options):
    service = method.containing_service.full_name
    answer = message_factory.GetMessageClass(method.output_type)
    call = suite.shared_channel.unary_unary(
        f"/{service}/{method.name}", request_serializer=lambda m: m.SerializeToString(),
        response_deserializer=answer.FromString)
    metadata = [("quintet-service", "command")]
    for prefix, roles in ROLES_OF.items():
        if method.full_name.startswith(prefix):
            token = suite.tokens.sign(suite.tokens.claims(roles=roles))
            metadata.append(("authorization", f"Bearer {token}"))
    try:
        call(request, metadata=metadata, **{"timeout": 10, **options})
        return None
    except grpc.RpcError as error:
        return error


def facts(error):
    reason, fields = None, []
    for detail in rpc_status.from_call(error).details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            reason = info.reason
            assert info.domain.endswith(".quintet"), info
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest()
            detail.Unpack(bad)
            fields += [violation.field for violation in bad.field_violations]
    return reason, fields


@pytest.fixture
def untouched(suite):
    """What the test does must change nothing in any store."""
    suite.shared_channel = suite.channel()
    suite.caught_up()
    before = suite.dump()
    yield
    suite.caught_up()
    after = suite.dump()
    changed = sorted(set(after.splitlines()) ^ set(before.splitlines()))
    assert not changed, changed[:5]


def unary(methods):
    return [m for m in methods if not m.client_streaming and not m.server_streaming]


def new_request(method):
    return message_factory.GetMessageClass(method.input_type)()


def said(method, error):
    return f"{method.full_name}: {error and error.code()} {error and error.details()} {error and facts(error)}"


def each(methods, check):
    """Checks every method, and tells of all that are wrong."""
    wrong = []
    for method in methods:
        try:
            check(method)
        except AssertionError as error:
            wrong.append(str(error).splitlines()[0])
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_a_missing_deadline(suite, methods, untouched):
    def check(method):
        error = invoke(suite, method, fill(new_request(method)), timeout=None)
        assert error and error.code() == grpc.StatusCode.INVALID_ARGUMENT, said(method, error)
        assert facts(error)[0] == "DEADLINE_REQUIRED", said(method, error)

    each(unary(methods), check)


def test_an_empty_request(suite, methods, untouched):
    def check(method):
        error = invoke(suite, method, new_request(method))
        if method.name in NOTHING_REQUIRED:
            allowed = (None, grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND,
                       grpc.StatusCode.OUT_OF_RANGE)
            assert (error and error.code()) in allowed, said(method, error)
            return
        assert error and error.code() == grpc.StatusCode.INVALID_ARGUMENT, said(method, error)
        reason, fields = facts(error)
        assert reason in ("REQUIRED", "PARTITION_REQUIRED", "UNSPECIFIED", "OUT_OF_RANGE"), said(method, error)
        assert fields, said(method, error)

    each(unary(methods), check)


def test_a_frame_over_one_mebibyte(suite, methods, untouched):
    def check(method):
        request = new_request(method)
        # Unknown fields count as much as known ones.
        tag = bytes([0xFA, 0xFF, 0x03])
        size = MIB + 1000
        length = bytes([(size & 0x7F) | 0x80, (size >> 7 & 0x7F) | 0x80, size >> 14 & 0x7F])
        request.MergeFromString(tag + length + bytes(size))
        error = invoke(suite, method, request)
        assert error and error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, said(method, error)
        assert facts(error)[0] == "MESSAGE_TOO_LARGE", said(method, error)

    each(unary(methods), check)


def test_each_field_spoiled(suite, methods, untouched):
    def check(walk):
        method, number = walk
        request = fill(new_request(method))
        what, field, reasons, spoil = list(spoilings(request))[number]
        spoil()
        error = invoke(suite, method, request)
        where = f"{method.full_name}: {what} in {field}"
        assert error, where
        if error.code() == grpc.StatusCode.NOT_FOUND and field in ("partition", "incident_id", "unit_id"):
            return  # ids that may also be a number or a call sign are looked up
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, f"{where}: {error.code()}"
        reason, fields = facts(error)
        assert reason and (reasons is None or reason in reasons), f"{where}: {reason}"
        assert any(field in name for name in fields), f"{where}: {fields}"

    walks = [(method, number) for method in unary(methods)
             for number in range(len(list(spoilings(fill(new_request(method))))))]
    assert len(walks) > 150
    each(walks, check)


def test_ids_that_nobody_was_given(suite, methods, untouched):
    def check(method):
        names = [f.name for f in method.input_type.fields if f.name in ID_PREFIX]
        if not names or method.name.startswith("List") or (
                method.full_name in ASKED_BY_OTHERS | TOLD_ALIKE):
            return
        request = fill(new_request(method))
        for name in NOT_TOGETHER.get(method.name, ()):
            request.ClearField(name)
        error = invoke(suite, method, request)
        assert error and error.code() == grpc.StatusCode.NOT_FOUND, said(method, error)
        assert facts(error)[0].endswith("_UNKNOWN"), said(method, error)

    each(unary(methods), check)


def test_a_stale_etag_and_a_wrong_move(suite):
    from client import dispatch, incidents, kind, review

    call = Client(suite.channel())
    opened = call.open_incident((28.02, 120.65), "旧版本", kind.INCIDENT_CLASS_OTHER)
    suite.caught_up()
    before = suite.dump()
    cases = [
        (call.incidents.QueueIncident, incidents.QueueIncidentRequest(
            incident_id=opened.incident_id, etag="999"), "ABORTED", "ETAG_MISMATCH"),
        (call.review.CloseIncident, review.CloseIncidentRequest(
            incident_id=opened.incident_id), "FAILED_PRECONDITION", "MOVE_NOT_ALLOWED"),
        (call.review.ReopenIncident, review.ReopenIncidentRequest(
            incident_id=opened.incident_id, reason="没有关闭"), "FAILED_PRECONDITION",
            "MOVE_NOT_ALLOWED"),
        (call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=opened.incident_id, etag="999", unit_ids=[made_id("unit")]), "ABORTED",
            "ETAG_MISMATCH"),
    ]
    for method, request, code, reason in cases:
        with pytest.raises(grpc.RpcError) as refused:
            call(method, request)
        assert refused.value.code() == grpc.StatusCode[code]
        assert facts(refused.value)[0] == reason
    suite.caught_up()
    assert suite.dump() == before


def test_a_service_that_is_down_is_said_to_be_down(fresh_suite, methods):
    import os
    import signal

    suite = fresh_suite
    os.kill(suite.pid("publicopinion"), signal.SIGTERM)
    end = time.monotonic() + 10
    while "no answer" not in suite.quintet("status", check=False).stdout:
        assert time.monotonic() < end
    suite.shared_channel = suite.channel()
    for method in unary(methods):
        if ".publicopinion." in method.full_name:
            error = invoke(suite, method, fill(new_request(method)))
            assert error.code() == grpc.StatusCode.UNAVAILABLE
            assert facts(error)[0] == "PUBLICOPINION_UNAVAILABLE"
    # And the others go on.
    from client import kind

    Client(suite.channel()).open_incident((28.02, 120.65), "照常", kind.INCIDENT_CLASS_OTHER)
    assert SERVICES and now()
