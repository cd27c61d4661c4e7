# The loop by buf curl alone: schema by reflection, JSON in and out.
import json
import os
import subprocess
import sys

import pytest
from client import request_id

BUF = os.path.join(os.path.dirname(sys.executable), "buf")
POINT = {"latitude": 28.02, "longitude": 120.65, "datum": "DATUM_WGS84"}


def ask(suite, service, method, fails_with=None, **body):
    if "requestId" in body and body["requestId"] is True:
        body["requestId"] = request_id("buf")
    result = subprocess.run(
        [BUF, "curl", "--http2-prior-knowledge", "--protocol", "grpc", "--unix-socket",
         str(suite.socket("gateway")), "--reflect", "--header", "quintet-timeout: 10S",
         "--header", f"authorization: Bearer {suite.tokens.of()}",
         "--data", json.dumps(body), f"http://localhost/quintet.{service}/{method}"],
        capture_output=True, text=True, timeout=60)
    if fails_with:
        assert result.returncode != 0
        assert json.loads(result.stderr)["code"] == fails_with, result.stderr
        return json.loads(result.stderr)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_loop(suite):
    unit = ask(suite, "duty.v1.UnitService", "PutUnit", requestId=True, callSign="BUF 01",
               kind="UNIT_KIND_CAR")["unit"]
    report = ask(suite, "command.v1.CallReportService", "AnswerCall", requestId=True, content={
        "channel": "CALL_CHANNEL_PHONE", "origin": "INCIDENT_ORIGIN_CITIZEN_REPORTED",
        "location": {"point": POINT}, "narrative": "两车相撞，有人受伤"})["callReport"]
    opened = ask(suite, "command.v1.CallReportService", "OpenIncident", requestId=True,
                 callReportId=report["id"], incidentClass="INCIDENT_CLASS_TRAFFIC",
                 level="INCIDENT_LEVEL_3")
    incident = opened["incidentId"]
    ask(suite, "command.v1.ReviewService", "CloseIncident", fails_with="failed_precondition",
        requestId=True, incidentId=incident)
    sent = ask(suite, "command.v1.DispatchService", "DispatchUnits", requestId=True,
               incidentId=incident, unitIds=[unit["id"]])
    for step in ("ACKNOWLEDGE", "DEPART", "ARRIVE", "CLEAR"):
        made = ask(suite, "command.v1.DispatchService", "AdvanceAssignment", requestId=True,
                   assignmentId=sent["assignments"][0]["id"],
                   step=f"ASSIGNMENT_STEP_{step}")["assignment"]
    assert made["state"] == "ASSIGNMENT_STATE_CLEARED"
    ask(suite, "command.v1.ReviewService", "SubmitIncidentFeedback", requestId=True,
        incidentId=incident, text="伤者送医，事故车辆拖离，道路恢复通行")
    closed = ask(suite, "command.v1.ReviewService", "CloseIncident", requestId=True,
                 incidentId=incident)["incident"]
    assert closed["state"] == "INCIDENT_STATE_CLOSED"


def test_a_missing_deadline_is_refused(suite):
    result = subprocess.run(
        [BUF, "curl", "--http2-prior-knowledge", "--protocol", "grpc", "--unix-socket",
         str(suite.socket("gateway")), "--reflect", "--data", "{}",
         "--header", f"authorization: Bearer {suite.tokens.of()}",
         "http://localhost/quintet.command.v1.IncidentService/ListIncidents"],
        capture_output=True, text=True, timeout=60)
    assert result.returncode == 3 << 3 and "grpc-timeout" in result.stderr
