# Every method that the processes offer, called by every role, inside and outside its area: who gets in is
# what the table says, a method without a row lets nobody in, and what lies outside is never shown.
import json
import shutil
import subprocess
import tempfile
import time

import grpc
import pytest
from client import Client, deadlines, dispatch, kind
from conftest import BIN, SERVICES, start_suite
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

NORTH = [(28.00, 120.60), (28.00, 120.70), (28.05, 120.70), (28.05, 120.60)]
SOUTH = [(27.90, 120.60), (27.90, 120.70), (27.95, 120.70), (27.95, 120.60)]
SHARED = ("quintet.events.", "quintet.operations.", "quintet.audit.")
# Answers that say nothing about who may call.
LET_IN = {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND,
          grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.ABORTED, grpc.StatusCode.ALREADY_EXISTS,
          grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
PURPOSE_FIRST = {"PURPOSE_NOT_ALLOWED"}


class Scene:
    """One incident in the north with everything that can hang on it, and nothing in the south."""

    def __init__(self, suite):
        me = Client(suite.channel())
        self.north, self.south = me.make_station("N1", "北所", NORTH), me.make_station("S1", "南所", SOUTH)
        at = (28.02, 120.65)
        self.unit = me.make_unit("北 1", at, self.north.id)
        self.other = me.make_unit("南 1", (27.92, 120.65), self.south.id)
        opened = me.open_incident(at, "两家争吵", kind.INCIDENT_CLASS_DISPUTE, phone="13812345678", source="north")
        self.incident, self.report = opened.incident_id, opened.call_report.id
        suite.caught_up()
        advised = me(me.dispatch.RecommendUnits, dispatch.RecommendUnitsRequest(incident_id=self.incident))
        sent = me(me.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
            incident_id=self.incident, unit_ids=[self.unit.id], recommendation_id=advised.recommendation_id))
        suite.caught_up()
        deadline = next(d for d in me.deadlines.ListDeadlines(
            deadlines.ListDeadlinesRequest(), timeout=10).deadlines
            if d.incident_id == self.incident)
        self.ids = {
            "incident_id": self.incident, "call_report_id": self.report, "unit_id": self.unit.id,
            "assignment_id": sent.assignments[0].id, "directive_id": sent.directive.id,
            "recommendation_id": advised.recommendation_id, "deadline_id": deadline.id}

    def principal(self, role, inside):
        """Claims of somebody with one role, and what is theirs."""
        station, unit = (self.north, self.unit) if inside else (self.south, self.other)
        claims = {"roles": [role], "areas": [station.id], "seat": unit.id}
        if role == "partner":
            claims.update(subject="partner/north" if inside else "partner/other", partner_kind="civic", areas=[])
        else:
            claims["subject"] = f"person/{role}"
        return claims


@pytest.fixture(scope="module")
def suite():
    """Of its own: here everything is called that can be called."""
    folder = tempfile.mkdtemp(prefix="q-")
    suite = start_suite(folder)
    yield suite
    suite.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def table():
    printed = subprocess.run([BIN / "quintet", "access", "table", "--json"], check=True, capture_output=True)
    return json.loads(printed.stdout)


@pytest.fixture(scope="module")
def scene(suite):
    return Scene(suite)


@pytest.fixture(scope="module")
def methods(suite):
    """Where each method is served, as reflection tells: full name, socket, descriptor."""
    found = []
    for socket in [*SERVICES, "gateway"]:
        pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(suite.anonymous_channel(socket)))
        database = ProtoReflectionDescriptorDatabase(suite.anonymous_channel(socket))
        for name in database.get_services():
            if not name.startswith("quintet."):
                continue
            # The gateway passes on the others' methods; those that are its own are asked there.
            if socket == "gateway" and not name.startswith("quintet.gateway."):
                continue
            for method in pool.FindServiceByName(name).methods:
                found.append((f"{name}/{method.name}", socket, method))
    return found


def called(channel, method, request, token):
    """The code and the reason that a call ends with, and the bytes that came back."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    kinds = {(False, False): channel.unary_unary, (False, True): channel.unary_stream,
             (True, False): channel.stream_unary, (True, True): channel.stream_stream}
    stub = kinds[method.client_streaming, method.server_streaming](path)
    sent = iter([request]) if method.client_streaming else request
    options = {"timeout": 10, "metadata": (("authorization", f"Bearer {token}"),)}
    try:
        if not method.server_streaming:
            return grpc.StatusCode.OK, "", stub(sent, **options)
        call = stub(sent, **options)
        first = next(iter(call), b"")
        call.cancel()
        return grpc.StatusCode.OK, "", first
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        reason = ""
        for detail in status.details if status else []:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info):
                reason = info.reason
        return error.code(), reason, b""


def filled(method, scene):
    """A request that names the things of the scene wherever it can name something."""
    request = message_factory.GetMessageClass(method.input_type)()
    names = {field.name for field in method.input_type.fields}
    for name, value in scene.ids.items():
        if name in names:
            setattr(request, name, value)
    return request


def granting(table, name, role, partner_kind="civic"):
    row = next((row for row in table["methods"] if row["method"] == name), None)
    if row is None:
        return None, False
    forbidden = any(f["role"] == role and f["kind"] == row["kind"] for f in table["forbids"])
    granted = row["kind"] == "open" or role in row["grants"] or f"{role}:{partner_kind}" in row["grants"]
    return row, granted and not forbidden


def test_every_method_lets_in_whom_the_table_says(suite, scene, table, methods):
    assert len(methods) > 80
    scopes = {row["role"]: row["scope"] for row in table["roles"]}
    channels = {socket: suite.anonymous_channel(socket) for _, socket, _ in methods}
    wrong = []
    for name, socket, method in methods:
        if name.startswith(SHARED) and socket != "command":
            continue
        for role in scopes:
            if role == "service":
                continue
            row, granted = granting(table, name, role)
            assert row is not None, f"{name} has no row"
            for inside in (True, False):
                claims = scene.principal(role, inside)
                token = suite.tokens.sign(suite.tokens.claims(**claims))
                # What changes nothing because it lacks a request id; and what names the scene's things.
                for request in (b"", filled(method, scene).SerializeToString()):
                    code, reason, answer = called(channels[socket], method, request, token)
                    at = f"{name} {role} {'inside' if inside else 'outside'} {len(request)}: {code} {reason}"
                    if not granted:
                        if code != grpc.StatusCode.PERMISSION_DENIED or not reason.startswith("ROLE_"):
                            wrong.append(f"not kept out: {at}")
                    # One dump at a time, and the one before may not have ended.
                    elif code not in LET_IN and reason not in {
                            "OUTSIDE_AREA", "OVERLOADED", *PURPOSE_FIRST}:
                        wrong.append(f"kept out: {at}")
                    # Whoever sees a part only is shown nothing of the others'.
                    if row["kind"] != "open" and not inside and scopes[role] != "all":
                        shown = [what for what, one in scene.ids.items() if one.encode() in answer]
                        if shown:
                            wrong.append(f"shown {shown}: {at}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:40])


@pytest.mark.parametrize("name", [
    "quintet.command.v1.IncidentService/GetIncident", "quintet.command.v1.IncidentService/GetTimeline",
    "quintet.command.v1.CallReportService/GetCallReport", "quintet.command.v1.DirectiveService/GetDirective",
    "quintet.command.v1.DispatchService/GetAssignment", "quintet.command.v1.DispatchService/GetRecommendation",
    "quintet.duty.v1.UnitService/GetUnit", "quintet.intelligence.v1.AssessmentService/GetAssessment",
    "quintet.supervision.v1.DeadlineService/GetDeadline"])
def test_inside_is_shown_and_outside_is_not(suite, scene, table, methods, name):
    _, socket, method = next(one for one in methods if one[0] == name)
    scopes = {row["role"]: row["scope"] for row in table["roles"]}
    channel = suite.anonymous_channel(socket)
    for role, scope in scopes.items():
        if role == "service" or not granting(table, name, role)[1]:
            continue
        for inside in (True, False):
            token = suite.tokens.sign(suite.tokens.claims(**scene.principal(role, inside)))
            code, reason, _ = called(channel, method, filled(method, scene).SerializeToString(), token)
            expected = (grpc.StatusCode.OK, "") if inside or scope == "all" else (
                grpc.StatusCode.PERMISSION_DENIED, "OUTSIDE_AREA")
            assert (code, reason) == expected, (name, role, inside)


def test_privileges_end_with_the_shift(suite, scene, table, methods):
    """A dispatcher whose shift is over, with a token that is still good."""
    now = time.time()
    token = suite.tokens.sign(suite.tokens.claims(
        roles=["dispatcher"], areas=["*"], duty_from=now - 7200, duty_until=now - 1))
    for name in ("quintet.command.v1.IncidentService/GetIncident",
                 "quintet.command.v1.DispatchService/DispatchUnits", "quintet.duty.v1.UnitService/ListUnits"):
        _, socket, method = next(one for one in methods if one[0] == name)
        code, reason, _ = called(suite.anonymous_channel(socket), method, filled(method, scene).SerializeToString(),
                                 token)
        assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "NOT_ON_DUTY"), name
