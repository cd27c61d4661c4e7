# Records past their period go, by the operator's hand here; what is not over stays, and the stores are
# still what their logs say.
import re
import shutil
import sqlite3

import grpc
import pytest
from client import Client, TIMEOUT, incidents, kind, now, opinion, request_id, review
from conftest import SERVICES
from google.protobuf.timestamp_pb2 import Timestamp
from quintet.operations.v1 import retention_service_pb2 as retention
from quintet.operations.v1 import retention_service_pb2_grpc as retention_grpc
from sealed import opened

SCENE = (28.02, 120.65)
SECRET = "欧阳大娘"
AGE = 2_000 * 86_400 * 1_000_000
# What comes from inside payloads, which are not made older here.
TOLD = {"known_call", "heard_clock", "demand_incident", "activity_incident", "activity_call",
        "retention_sweep", "schema_migration",
        # What they say is part of their hashes.
        "audit_entry"}


def make_older(path):
    """Every time in the store becomes 2 000 days earlier."""
    with opened(path) as store:
        store.execute("PRAGMA foreign_keys = OFF")
        store.execute("PRAGMA ignore_check_constraints = ON")
        tables = [row[0] for row in store.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        for table in set(tables) - TOLD:
            columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")
                       if row[1].endswith("_time") and row[2] == "INTEGER"]
            if columns:
                changes = ", ".join(f"{column} = {column} - {AGE}" for column in columns)
                store.execute(f"UPDATE {table} SET {changes}")


def swept(suite, *arguments):
    """service → kind → records, as the command prints them."""
    found = {}
    for line in suite.quintet("retention", *arguments).stdout.splitlines()[1:]:
        columns = re.split(r"\s{2,}", line)
        kind_name = columns[-1].split(" · ")[1]
        found.setdefault(columns[0], {})[kind_name] = int(columns[3])
    return found


def gone(found):
    return {(service, name): count for service, kinds in found.items()
            for name, count in kinds.items() if count}


def report(call, narrative):
    return call.open_incident(
        SCENE, f"{SECRET}{narrative}", kind.INCIDENT_CLASS_HELP, phone="13912345678",
        address=f"{SECRET}家{narrative}").incident_id


def test_old_matters_are_forgotten_and_open_ones_are_not(fresh_suite):
    suite, call = fresh_suite, Client(fresh_suite.channel())
    over, still_open = report(call, "已了结"), report(call, "还没完")
    call(call.incidents.CancelIncident, incidents.CancelIncidentRequest(
        incident_id=over, reason=f"{SECRET}说不用来了"))
    topic = call(call.opinion.SubmitItem, opinion.SubmitItemRequest(
        source=opinion.OPINION_SOURCE_NEWS, publish_time=now(),
        text=f"{SECRET}找到了")).topic
    suite.caught_up()
    call(call.opinion.TieTopic, opinion.TieTopicRequest(topic_id=topic.id, incident_id=over))
    suite.caught_up()
    before = suite.quintet("dump").stdout
    # Nothing is old: nothing would go.
    assert gone(swept(suite, "--dry-run")) == {}
    suite.stop()
    for name in SERVICES:
        make_older(suite.data_dir / f"{name}.sqlite")
    suite.quintet("verify", "store")

    suite.start()
    call = Client(suite.channel())
    aged = suite.dump()
    would = swept(suite, "--dry-run")
    assert gone(would)[("command", "incident")] == 1
    assert gone(would)[("command", "call_report")] == 1
    assert gone(would)[("publicopinion", "opinion_item")] == 1
    assert gone(would)[("publicopinion", "topic")] == 1
    assert gone(would)[("intelligence", "assessment")] == 1
    assert gone(would)[("command", "request_ledger")] >= 4
    assert suite.dump() == aged
    assert swept(suite) == would
    assert gone(swept(suite)) == {}
    assert gone(swept(suite, "--dry-run")) == {}

    after = suite.quintet("dump").stdout
    kept = [line for line in after.splitlines() if SECRET in line]
    assert len(kept) < len([line for line in before.splitlines() if SECRET in line])
    assert kept and all("还没完" in line for line in kept), kept
    shown = call.incident(over)
    assert shown.title == "（已过保存期）" and not shown.narrative and not shown.location.address
    # The point stays for the figures, and so do class, times and the course of it.
    assert shown.location.wgs84_point.latitude == pytest.approx(SCENE[0])
    assert shown.incident_class == kind.INCIDENT_CLASS_HELP
    assert SECRET not in str(call.timeline(over)) and call.timeline(over)
    assert SECRET in call.incident(still_open).narrative
    lines = [line for name in SERVICES for line in suite.log_lines(name)
             if line["message"] == "records past their period were let go"]
    assert {"kind", "records", "days", "before", "actor", "cause"} <= set(lines[0])
    assert {(line["service"], line["kind"]) for line in lines} == set(gone(would))

    # Who swept what is in the audit log.
    audited = [line for line in after.splitlines() if line.startswith("audit_subject|")]
    assert any(over in line for line in audited)

    # A sweep leaves a sound store, whose backup is one as well.
    suite.caught_up()
    suite.quintet("backup", str(suite.folder / "copy"))
    suite.stop()
    suite.quintet("verify", "store")
    suite.quintet("verify", "store", "--backup", str(suite.folder / "copy"))
    suite.quintet("verify", "audit")
    # So is one that has served again since.
    suite.start()
    assert gone(swept(suite)) == {}


def test_a_missing_row_that_was_not_let_go_is_still_found(fresh_suite):
    """The allowance for what was swept is no hole to lose other rows through."""
    suite, call = fresh_suite, Client(fresh_suite.channel())
    report(call, "一")
    suite.caught_up()
    suite.stop()
    with opened(suite.data_dir / "intelligence.sqlite") as store:
        store.execute("INSERT INTO retention_sweep VALUES ('main', 'assessment', 1000000)")
        store.execute("DELETE FROM known_call")
        store.execute("DELETE FROM repeat_finding")
        store.execute("DELETE FROM assessment")
    result = suite.quintet("verify", "store", "intelligence", check=False)
    assert result.returncode == 1 and "assessment" in result.stdout + result.stderr


def test_periods_are_shown_and_calls_that_make_no_sense_refused(suite):
    for name in SERVICES:
        stub = retention_grpc.RetentionServiceStub(suite.channel(name))
        call = Client(suite.channel())
        periods = stub.ListRetentionPeriods(
            retention.ListRetentionPeriodsRequest(), timeout=TIMEOUT,
            metadata=call.metadata).periods
        assert periods and all(p.days >= p.least_days > 0 and p.name and p.action for p in periods)
        with pytest.raises(grpc.RpcError) as refused:
            stub.RunRetention(retention.RunRetentionRequest(dry_run=True), timeout=TIMEOUT,
                              metadata=call.metadata)
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        results = stub.RunRetention(
            retention.RunRetentionRequest(dry_run=True, request_id=request_id()), timeout=TIMEOUT,
            metadata=call.metadata).results
        assert [r.period for r in results] == list(periods)
    shown = suite.quintet("retention", "--dry-run", "command").stdout
    assert "期限 period" in shown and "1825 天 days" in shown and "匿名 anonymise" in shown


def test_without_command_nothing_of_an_incident_is_touched(fresh_suite):
    """Nobody could say what is not over."""
    import os
    import signal

    suite = fresh_suite
    stub = retention_grpc.RetentionServiceStub(suite.channel("intelligence"))
    os.kill(suite.pid("command"), signal.SIGSTOP)
    try:
        with pytest.raises(grpc.RpcError) as refused:
            stub.RunRetention(
                retention.RunRetentionRequest(request_id=request_id()), timeout=30,
                metadata=Client(suite.channel("intelligence")).metadata)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
        assert "未作任何改动" in refused.value.details()
    finally:
        os.kill(suite.pid("command"), signal.SIGCONT)
