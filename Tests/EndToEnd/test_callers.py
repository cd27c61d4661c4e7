# Looking a person up, end to end: never without a purpose and an open case, never unrecorded, never what is
# others'; and no number or name readable anywhere on the disk.
import grpc
import pytest
from client import TIMEOUT, Client, calls, incidents, kind
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.command.v1 import caller_service_pb2 as callers
from quintet.command.v1 import caller_service_pb2_grpc as callers_grpc
from quintet.type.v1 import purpose_pb2 as purposes
from test_audit import Auditor

NORTH = [(28.20, 120.60), (28.20, 120.70), (28.25, 120.70), (28.25, 120.60)]
SOUTH = [(28.30, 120.60), (28.30, 120.70), (28.35, 120.70), (28.35, 120.60)]
PHONE, NAME = "13987650017", "欧阳小明"


class Looking:
    """Somebody with one role and one area who looks callers up through the gateway."""

    def __init__(self, suite, role, areas, channel="gateway"):
        claims = suite.tokens.claims(f"person/{role}", roles=[role], areas=areas)
        self.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)
        self.stub = callers_grpc.CallerServiceStub(suite.anonymous_channel(channel))

    def look(self, code, case, phone=PHONE, note=""):
        return self.stub.LookUpCaller(callers.LookUpCallerRequest(
            purpose=purposes.Purpose(code=code, case_id=case, note=note), phone=phone),
            timeout=TIMEOUT, metadata=self.metadata)

    def reveal(self, code, case, call):
        return self.stub.RevealCaller(callers.RevealCallerRequest(
            purpose=purposes.Purpose(code=code, case_id=case), call_report_id=call),
            timeout=TIMEOUT, metadata=self.metadata)


def refusal(body):
    with pytest.raises(grpc.RpcError) as caught:
        body()
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Unpack(info) for detail in rpc_status.from_call(caught.value).details)
    return caught.value.code().name, info.reason


@pytest.fixture
def scene(fresh_suite):
    me = Client(fresh_suite.channel())
    north, south = me.make_station("NC", "北城所", NORTH), me.make_station("SC", "南城所", SOUTH)
    fresh_suite.caught_up()
    opened = [me.open_incident(at, "两家争吵", kind.INCIDENT_CLASS_DISPUTE, phone=PHONE, caller_name=NAME)
              for at in ((28.22, 120.65), (28.22, 120.66), (28.32, 120.65))]
    fresh_suite.caught_up()
    return fresh_suite, me, north, south, opened


def test_a_station_finds_its_own_calls_and_whom_else_to_ask(scene):
    suite, me, north, south, (first, second, foreign) = scene
    room = Looking(suite, "station", [north.id])
    found = room.look(purposes.PURPOSE_CODE_REPEAT_CALLS, first.incident_id)
    assert [call.call_report_id for call in found.calls] == [second.call_report.id, first.call_report.id]
    assert [(e.station_id, e.station_name) for e in found.elsewhere] == [(south.id, "南城所")]
    hall = Looking(suite, "shift-leader", ["*"])
    assert len(hall.look(purposes.PURPOSE_CODE_RESCUE, first.incident_id).calls) == 3
    whole = room.reveal(purposes.PURPOSE_CODE_CALL_BACK, first.incident_id, first.call_report.id)
    assert (whole.phone, whole.caller_name) == (PHONE, NAME)
    seen = me(me.calls.GetCallReport, calls.GetCallReportRequest(call_report_id=first.call_report.id)).call_report
    assert (seen.masked_phone, seen.masked_name) == ("139****0017", "欧**")

    refused = {
        "no purpose": lambda: room.look(purposes.PURPOSE_CODE_UNSPECIFIED, first.incident_id, note="领导要求"),
        "no case": lambda: room.look(purposes.PURPOSE_CODE_REPEAT_CALLS, "", note="领导要求"),
        "another's case": lambda: room.look(purposes.PURPOSE_CODE_REPEAT_CALLS, foreign.incident_id),
        "not for this role": lambda: room.look(purposes.PURPOSE_CODE_COMPLAINT, first.incident_id),
        "another case's call": lambda: room.reveal(
            purposes.PURPOSE_CODE_CALL_BACK, first.incident_id, second.call_report.id),
        "the operator": lambda: Looking(suite, "operator", ["*"]).look(
            purposes.PURPOSE_CODE_RESCUE, first.incident_id),
        "the auditor": lambda: Looking(suite, "auditor", ["*"]).look(
            purposes.PURPOSE_CODE_RESCUE, first.incident_id),
    }
    assert {what: refusal(body) for what, body in refused.items()} == {
        "no purpose": ("INVALID_ARGUMENT", "UNSPECIFIED"), "no case": ("INVALID_ARGUMENT", "REQUIRED"),
        "another's case": ("PERMISSION_DENIED", "CASE_NOT_OPEN"),
        "not for this role": ("PERMISSION_DENIED", "PURPOSE_NOT_ALLOWED"),
        "another case's call": ("PERMISSION_DENIED", "CALL_NOT_OF_CASE"),
        "the operator": ("PERMISSION_DENIED", "ROLE_FORBIDS"),
        "the auditor": ("PERMISSION_DENIED", "ROLE_FORBIDS")}

    # Closed, a case opens nothing any more.
    etag = me.incident(second.incident_id).etag
    me(me.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=second.incident_id, etag=etag, reason="重复"))
    assert refusal(lambda: room.look(purposes.PURPOSE_CODE_REPEAT_CALLS, second.incident_id)) == (
        "PERMISSION_DENIED", "CASE_NOT_OPEN")

    # Each of these is in the log: who, what for, which case, and about whom.
    entries = [e.entry for e in Auditor(suite, "command").listed(actor="person/station")]
    looked = [e for e in entries if "CallerService" in e.method]
    shown = [e for e in looked if e.result_code in ("", "OK")]
    assert {(e.purpose, e.incident_id) for e in shown} == {
        ("repeat-calls", first.incident_id), ("call-back", first.incident_id)}
    assert any(first.call_report.id in e.subjects for e in shown)
    assert any(subject.startswith("phone/") for e in shown for subject in e.subjects)
    assert {"CASE_NOT_OPEN", "PURPOSE_NOT_ALLOWED", "CALL_NOT_OF_CASE"} <= {e.result_reason for e in looked}


def test_neither_number_nor_name_is_readable_on_the_disk(scene):
    suite, _, north, _, (first, *_) = scene
    room = Looking(suite, "station", [north.id])
    room.look(purposes.PURPOSE_CODE_REPEAT_CALLS, first.incident_id)
    room.reveal(purposes.PURPOSE_CODE_CALL_BACK, first.incident_id, first.call_report.id)
    suite.caught_up()
    assert suite.stop() == 0
    written = [path for path in suite.folder.rglob("*") if path.is_file()]
    assert any(path.name == "command.sqlite" for path in written) and any("log" in str(p) for p in written)
    for path in written:
        content = path.read_bytes()
        for secret in (PHONE.encode(), PHONE[3:].encode(), NAME.encode(), NAME[2:].encode()):
            assert secret not in content, path
