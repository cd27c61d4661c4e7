# What an operator types and sees: up, status, logs, incident show, signals, health and reflection.
import json
import os
import signal
import subprocess
import time

import grpc
import pytest
from client import Client, dispatch, kind
from conftest import BIN, SERVICES, Suite
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase)

ALL = [*SERVICES, "gateway"]
SCENE = (28.02, 120.65)


def wait_for(look, timeout=15):
    end = time.monotonic() + timeout
    while not (found := look()):
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.05)
    return found


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def test_up_says_so_in_one_line_and_status_agrees(suite):
    assert "六个进程健康" in suite.ready_line and "ready" in suite.ready_line
    status = suite.quintet("status").stdout
    for name in ALL:
        assert name in status
    assert "no answer" not in status


@pytest.mark.parametrize("name", ALL)
def test_health_and_reflection_on_every_socket(suite, name):
    channel = suite.channel(name)
    answer = health_pb2_grpc.HealthStub(channel).Check(
        health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    services = set(ProtoReflectionDescriptorDatabase(channel).get_services())
    assert "grpc.health.v1.Health" in services
    if name == "gateway":
        assert "quintet.command.v1.IncidentService" in services
    else:
        assert {"quintet.events.v1.EventService", "quintet.operations.v1.StoreService"} <= services


@pytest.mark.parametrize("name", ALL)
def test_each_process_explains_itself_and_can_be_started_by_hand(name):
    text = subprocess.run(
        [str(BIN / f"quintet-{name}"), "--help"], capture_output=True, text=True, check=True).stdout
    assert "--run-dir" in text and "--data-dir" in text and "--log-dir" in text


def test_a_service_alone_ends_cleanly_within_five_seconds_of_sigterm(new_folder):
    flags = Suite(new_folder).make_keys().flags
    process = subprocess.Popen([str(BIN / "quintet-command"), *flags],
                               stdout=subprocess.PIPE, text=True)
    try:
        assert json.loads(wait_ready(process))["service"] == "command"
        # A second one on the same folder leaves the first alone.
        second = subprocess.run([str(BIN / "quintet-command"), *flags], capture_output=True,
                                text=True, timeout=30)
        assert second.returncode != 0 and str(process.pid) in second.stderr
        channel = grpc.insecure_channel(f"unix://{new_folder}/run/command.sock")
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        next(watch)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    finally:
        if process.poll() is None:
            process.kill()


def wait_ready(process):
    for line in process.stdout:
        if '"message":"ready"' in line:
            return line
    raise AssertionError("it ended before it was ready")


def test_log_lines_carry_trace_and_incident_and_logs_merges_them(suite):
    call = Client(suite.channel())
    call.metadata += (("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),)
    opened = call.open_incident(SCENE, "日志测试", kind.INCIDENT_CLASS_HELP)
    suite.caught_up()
    requests = [line for line in suite.log_lines("command")
                if line["message"] == "request"
                and line.get("trace") == "0af7651916cd43dd8448eb211c80319c"]
    assert {line["method"].rsplit("/", 1)[1] for line in requests} >= {
        "AnswerCall", "OpenIncident"}
    assert any(line.get("incident") == opened.incident_id for line in requests)
    changes = [line for line in suite.log_lines("command")
               if line["message"] == "state changed"
               and line.get("incident") == opened.incident_id]
    assert changes and changes[0]["trace"] == "0af7651916cd43dd8448eb211c80319c"
    merged = suite.quintet("logs", "--json").stdout.splitlines()
    times = [json.loads(line)["time"] for line in merged]
    assert times == sorted(times)
    assert {json.loads(line)["service"] for line in merged} == set(ALL)
    only = suite.quintet("logs", "--json", "--incident", opened.incident_id).stdout.splitlines()
    assert only and all(json.loads(line)["incident"] == opened.incident_id for line in only)


def test_incident_show_tells_the_story_by_id_and_by_number(suite):
    call = Client(suite.channel())
    opened = call.open_incident(SCENE, "孩子在公园走失", kind.INCIDENT_CLASS_HELP)
    suite.caught_up()
    by_id = suite.quintet("incident", "show", opened.incident_id).stdout
    assert "立警" in by_id and "person/zhang.wei" in by_id
    assert suite.quintet("incident", "show", opened.incident_number).stdout == by_id


def test_sighup_reopens_the_log(suite):
    path = suite.log_dir / "duty.log"
    moved = suite.log_dir / "duty.log.1"
    path.rename(moved)
    os.kill(suite.pid("duty"), signal.SIGHUP)
    wait_for(path.exists)
    wait_for(lambda: "log reopened" in path.read_text())
    path.write_text(moved.read_text() + path.read_text())


def test_up_restarts_what_was_killed_and_ends_all_on_ctrl_c(fresh_suite):
    suite = fresh_suite
    pids = {name: suite.pid(name) for name in ALL}
    os.kill(pids["intelligence"], signal.SIGKILL)
    wait_for(lambda: any("restarted intelligence" in line for line in suite.output))
    wait_for(lambda: "no answer" not in suite.quintet("status", check=False).stdout)
    assert suite.pid("intelligence") != pids["intelligence"]
    assert suite.stop() == 0
    for name in ALL:
        assert not is_alive(suite.pid(name)), name
