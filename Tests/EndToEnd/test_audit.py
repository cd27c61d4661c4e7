# Who did what is recorded, can be proven to others, and cannot be changed unseen.
import os
import shutil
import signal
import time

import audit_verifier
import grpc
import pytest
from client import TIMEOUT, Client, incidents, kind
from conftest import SERVICES, Suite
from quintet.audit.v1 import audit_entry_pb2 as audit
from quintet.audit.v1 import audit_service_pb2 as service
from quintet.audit.v1 import audit_service_pb2_grpc as service_grpc
from sealed import opened

SCENE = (28.02, 120.65)
CORNERS = [(28.0, 120.6), (28.1, 120.6), (28.1, 120.7), (28.0, 120.7)]
PHONE = "13905770123"


class Auditor:
    """An auditor at one service."""

    def __init__(self, suite, name):
        self.stub = service_grpc.AuditServiceStub(suite.anonymous_channel(name))
        claims = suite.tokens.claims("person/auditor", roles=["auditor"])
        self.metadata = (("authorization", f"Bearer {suite.tokens.sign(claims)}"),)

    def __call__(self, method, request):
        return getattr(self.stub, method)(request, timeout=TIMEOUT, metadata=self.metadata)

    def entries(self):
        """Index, leaf hash and content of every entry, in order."""
        parts = self("ExportAuditEntries", service.ExportAuditEntriesRequest())
        return [entry for part in parts for entry in part.entries]

    def listed(self, **wanted):
        entries, token = [], ""
        while True:
            answer = self("ListAuditEntries", service.ListAuditEntriesRequest(
                page_size=3, page_token=token, **wanted))
            entries += answer.entries
            token = answer.next_page_token
            if not token:
                return entries

    def checkpoint_of_at_least(self, size, key):
        """The suite was started with a checkpoint every second."""
        end = time.monotonic() + 30
        while True:
            try:
                note = self("GetCheckpoint", service.GetCheckpointRequest()).checkpoint
                found = audit_verifier.checkpoint(note, key)
                if found[0] >= size:
                    return found
            except grpc.RpcError as error:
                # None so far.
                assert error.code() == grpc.StatusCode.NOT_FOUND
            assert time.monotonic() < end, f"no checkpoint of {size} entries"
            time.sleep(0.1)


def work(suite):
    """Some of everything that changes something.
    Returns: the incidents."""
    client = Client(suite.channel())
    station = client.make_station(f"A{time.time_ns()}", "一所", CORNERS)
    unit = client.make_unit("车一", SCENE, station.id)
    incidents = []
    for number in range(3):
        found = client.open_incident(
            SCENE, f"第 {number} 起，电话 {PHONE} 的张大山求助", kind.INCIDENT_CLASS_HELP)
        incidents.append(found.incident_id)
    assert unit.id
    return incidents


@pytest.fixture(scope="module")
def audited(tmp_path_factory, request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUINTET_CHECKPOINT_SECONDS", "1")
        suite = Suite(tmp_path_factory.mktemp("audited")).start()
    yield suite
    suite.stop()


def test_an_independent_verifier_agrees_with_the_running_suite(audited):
    work(audited)
    for name in SERVICES:
        auditor = Auditor(audited, name)
        folder = audited.data_dir / "audit" / name
        key = audit_verifier.Key((folder / "vkey").read_text())
        entries = auditor.entries()
        if name in ("command", "duty"):
            assert len(entries) >= 2, name
        if not entries:
            continue
        for index, entry in enumerate(entries):
            assert entry.entry_index == index
            assert audit_verifier.leaf(entry.content) == entry.leaf_hash
            assert audit.AuditEntry.FromString(entry.content).service == name
        size, root = auditor.checkpoint_of_at_least(len(entries), key)
        # Reading the log is itself recorded.
        leaves = [entry.leaf_hash for entry in auditor.entries()[:size]]
        assert audit_verifier.root(leaves) == root
        for index in {0, size // 2, size - 1}:
            proof = auditor("GetInclusionProof", service.GetInclusionProofRequest(
                entry_index=index, tree_size=size))
            assert proof.leaf_hash == leaves[index]
            assert audit_verifier.included(proof.hashes, leaves[index], index, size, root)
            assert not audit_verifier.included(proof.hashes, leaves[0], index + 1, size, root)
        seen = 0
        for file in folder.iterdir():
            if not file.name.isdigit() or int(file.name) > size:
                continue
            earlier, earlier_root = audit_verifier.checkpoint(file.read_text(), key)
            assert earlier == int(file.name)
            proof = auditor("GetConsistencyProof", service.GetConsistencyProofRequest(
                first_size=earlier, second_size=size))
            assert audit_verifier.consistent(proof.hashes, earlier, earlier_root, size, root)
            assert not audit_verifier.consistent(proof.hashes, earlier, root[::-1], size, root)
            seen += 1
        assert seen
    assert "完好" in audited.quintet("verify", "audit").stdout


def test_a_change_is_found_by_actor_case_and_record_and_says_nothing_of_people(audited):
    incident = work(audited)[0]
    auditor = Auditor(audited, "command")
    found = auditor.listed(incident_id=incident)
    opening = next(
        one.entry for one in found
        if one.entry.method.endswith("OpenIncident") or one.entry.method.endswith("AnswerCall"))
    assert opening.kind == audit.AuditEntry.KIND_CHANGE
    assert opening.actor.startswith("person/")
    assert opening.request_id and opening.trace and opening.result_code == "OK"
    assert 0 < opening.first_event_sequence <= opening.last_event_sequence
    assert [one.entry_index for one in found] == sorted(
        (one.entry_index for one in found), reverse=True)
    by_actor = auditor.listed(incident_id=incident, actor=opening.actor)
    assert any(one.entry == opening for one in by_actor)
    assert all(opening.actor in (one.entry.actor, one.entry.on_behalf_of) for one in by_actor)
    record = next(subject for subject in opening.subjects)
    assert any(one.entry == opening for one in auditor.listed(record_id=record))
    shown = audited.quintet("audit", "show", "--case", incident).stdout
    assert "变更 change" in shown and opening.actor in shown
    for name in SERVICES:
        for entry in Auditor(audited, name).entries():
            for text in (PHONE, "张大山", "求助"):
                assert text.encode() not in entry.content


def test_a_repeated_request_is_recorded_once(audited):
    client = Client(audited.channel())
    station = client.make_station(f"R{time.time_ns()}", "二所", CORNERS)
    found = Auditor(audited, "duty").listed(record_id=station.id)
    assert sum(1 for one in found if one.entry.kind == audit.AuditEntry.KIND_CHANGE) == 1


def test_a_read_is_recorded_before_its_answer_and_so_is_a_refusal(audited):
    incident = work(audited)[0]
    auditor = Auditor(audited, "command")
    seen = Client(audited.channel("command", "person/li.na"))
    before = len(auditor.listed(incident_id=incident, actor="person/li.na"))
    seen.incidents.GetIncident(incidents.GetIncidentRequest(incident_id=incident), timeout=TIMEOUT)
    found = auditor.listed(incident_id=incident, actor="person/li.na")
    assert len(found) == before + 1
    entry = found[0].entry
    assert entry.kind == audit.AuditEntry.KIND_READ and entry.origin == "socket"
    assert entry.method == "quintet.command.v1.IncidentService/GetIncident"
    # Through the gateway the person is still named, and the gateway as well.
    Client(audited.channel("gateway", "person/li.na")).incidents.GetIncident(
        incidents.GetIncidentRequest(incident_id=incident), timeout=TIMEOUT)
    entry = auditor.listed(incident_id=incident, actor="person/li.na")[0].entry
    assert entry.origin == "socket via service/gateway"

    claims = audited.tokens.claims("person/wang.wu", roles=["opinion-editor"])
    metadata = (("authorization", f"Bearer {audited.tokens.sign(claims)}"),)
    stub = service_grpc.AuditServiceStub(audited.anonymous_channel("command"))
    with pytest.raises(grpc.RpcError) as refused:
        stub.ListAuditEntries(
            service.ListAuditEntriesRequest(), timeout=TIMEOUT, metadata=metadata)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    entry = auditor.listed(actor="person/wang.wu")[0].entry
    assert entry.kind == audit.AuditEntry.KIND_REFUSAL
    assert entry.result_code == "PERMISSION_DENIED" and entry.result_reason == "ROLE_NOT_ALLOWED"


def test_verify_audit_finds_what_was_changed_in_a_store_or_an_export(tmp_path):
    suite = Suite(tmp_path).start()
    work(suite)
    suite.caught_up()
    suite.stop()
    sound = suite.quintet("verify", "audit")
    assert sound.stdout.count("完好") == len(SERVICES), sound.stdout
    store, folder = suite.data_dir / "command.sqlite", suite.data_dir / "audit" / "command"
    shutil.copy(store, tmp_path / "kept")

    def findings(*flags):
        result = suite.quintet("verify", "audit", *flags, check=False)
        assert result.returncode == 1, result.stdout
        return result.stdout

    # What is in use after the suite has stopped: the newest checkpoint covers all entries.
    newest = max(int(file.name) for file in folder.iterdir() if file.name.isdigit())
    with opened(store) as db:
        assert db.execute("SELECT max(n) + 1 FROM audit_entry").fetchone() == (newest,)
        db.execute("UPDATE audit_entry SET payload = x'0801', time = time WHERE n = 1")
    assert "第 1 条被改动" in findings()
    assert "entry 1 was changed" in findings("command")
    shutil.copy(tmp_path / "kept", store)
    with opened(store) as db:
        db.execute("DELETE FROM audit_entry WHERE n = 2")
    assert "第 2 条缺失" in findings()
    shutil.copy(tmp_path / "kept", store)

    (folder / str(newest)).rename(tmp_path / "away")
    assert "不在" in findings()
    # A copy on another machine is as good.
    shutil.copytree(suite.data_dir / "audit", tmp_path / "copy")
    (tmp_path / "away").rename(folder / str(newest))
    assert suite.quintet("verify", "audit").stdout.count("完好") == len(SERVICES)
    assert "不在" in findings("--audit-dir", str(tmp_path / "copy"))


def test_a_log_goes_on_after_a_crash_and_stays_consistent(tmp_path):
    suite = Suite(tmp_path).start()
    work(suite)
    before = len(Auditor(suite, "command").entries())
    suite.process.kill()
    suite.process.wait()
    for name in [*SERVICES, "gateway"]:
        try:
            os.kill(suite.pid(name), signal.SIGKILL)
        except (ProcessLookupError, FileNotFoundError):
            pass
    suite.start()
    work(suite)
    assert len(Auditor(suite, "command").entries()) > before
    suite.stop()
    assert suite.quintet("verify", "audit").stdout.count("完好") == len(SERVICES)
