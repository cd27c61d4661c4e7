# A backup taken under load, brought back somewhere else; and every way in which a file is not sound.
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

import pytest
from client import Client, dispatch, kind, now, opinion
from conftest import BIN, SERVICES, Suite, start_suite
from sealed import opened

SCENE = (28.02, 120.65)
CORNERS = [(28.0, 120.6), (28.1, 120.6), (28.1, 120.7), (28.0, 120.7)]


class Load:
    """Calls, dispatches and topics without a pause; remembers what was acknowledged, and when."""

    def __init__(self, suite):
        self.call = Client(suite.channel())
        self.station = self.call.make_station("S1", "一所", CORNERS)
        self.units = [self.call.make_unit(f"车{n}", SCENE, self.station.id) for n in range(4)]
        self.acknowledged = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        n = 0
        while not self.over.is_set():
            try:
                opened = self.call.open_incident(
                    SCENE, f"第 {n} 起求助，门锁打不开", kind.INCIDENT_CLASS_HELP)
                self.acknowledged.append((time.monotonic(), opened.incident_id))
                sent = self.call(self.call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
                    incident_id=opened.incident_id, unit_ids=[self.units[n % 4].id]))
                self.call.run_assignment(sent.assignments[0].id)
                self.call(self.call.opinion.SubmitItem, opinion.SubmitItemRequest(
                    source=opinion.OPINION_SOURCE_NEWS, text=f"第 {n} 条消息：某地今日有人求助",
                    publish_time=now()))
            except Exception:
                if not self.over.is_set():
                    raise
            n += 1

    def reaches(self, count, timeout=60):
        end = time.monotonic() + timeout
        while len(self.acknowledged) < count:
            assert self.thread.is_alive() and time.monotonic() < end, "the load has stopped"
            time.sleep(0.02)

    def end(self):
        self.over.set()
        self.thread.join(20)


def kill_all(suite):
    """Nobody gets to say goodbye."""
    pids = [suite.pid(name) for name in [*SERVICES, "gateway"]]
    suite.process.kill()
    suite.process.wait()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for pid in pids:
        end = time.monotonic() + 10
        while pathlib.Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            if pathlib.Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z":
                break
            time.sleep(0.02)


def verify(suite, *arguments, check=True):
    return suite.quintet("verify", "store", *arguments, check=check)


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    """A backup taken under load, and the suite that was killed after it."""
    folder = pathlib.Path(tmp_path_factory.mktemp("d"))
    suite = start_suite(folder)
    load = Load(suite)
    try:
        load.reaches(30)
        began = time.monotonic()
        suite.quintet("backup", str(folder / "backup"))
        before = [incident for moment, incident in load.acknowledged if moment < began]
        load.reaches(len(load.acknowledged) + 10)
    finally:
        load.over.set()
        kill_all(suite)
        load.end()
    suite.acknowledged_before_backup = before
    yield suite
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def backup(drill, new_folder):
    """A copy of the backup, to be spoiled."""
    return pathlib.Path(shutil.copytree(drill.folder / "backup", new_folder / "backup"))


@pytest.fixture
def elsewhere(new_folder):
    """A suite that was never started."""
    return Suite(new_folder / "s")


def reseal(backup, name):
    """Makes the sums of a backup fit a file that was changed on purpose."""
    manifest = json.loads((backup / "manifest.json").read_text())
    data = (backup / name).read_bytes()
    for store in manifest["stores"]:
        if store["file"]["name"] == name:
            store["file"].update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    text = json.dumps(manifest).encode()
    (backup / "manifest.json").write_bytes(text)
    (backup / "manifest.json.sha256").write_text(hashlib.sha256(text).hexdigest())


def change(path, *statements):
    with opened(path) as store:
        for statement in statements:
            assert store.execute(statement).rowcount != 0, statement


def test_what_was_acknowledged_before_a_backup_is_there_after_restoring_it_elsewhere(
        drill, elsewhere):
    manifest = json.loads((drill.folder / "backup" / "manifest.json").read_text())
    heads = {s["service"]: s["positions"]["heads"].get("main", 0) for s in manifest["stores"]}
    assert manifest["contradictions"] == [] and set(heads) == set(SERVICES)
    for store in manifest["stores"]:
        for source, cursor in store["positions"]["cursors"]["main"].items():
            assert cursor <= heads[source]
    told = elsewhere.quintet("restore", str(drill.folder / "backup")).stdout
    assert "已恢复" in told and "restored as of" in told
    elsewhere.start()
    try:
        elsewhere.caught_up()
        call = Client(elsewhere.channel())
        assert len(drill.acknowledged_before_backup) >= 30
        for incident in drill.acknowledged_before_backup:
            assert call.incident(incident).id == incident
        # The numbers of callers are still known by the key that came along.
        key = (elsewhere.data_dir / "phone.key").read_text()
        assert key == (drill.data_dir / "phone.key").read_text()
        opened = call.open_incident(SCENE, "恢复之后照常工作", kind.INCIDENT_CLASS_HELP)
        elsewhere.caught_up()
        dump = elsewhere.dump()
        for incident in [*drill.acknowledged_before_backup, opened.incident_id]:
            assert incident[-16:] in dump
    finally:
        elsewhere.stop()
    found = verify(elsewhere).stdout
    assert found.count("完好") == 5, found


def test_stores_that_were_killed_and_the_backup_are_found_sound(drill):
    found = verify(drill).stdout
    assert found.count("完好") == 5, found
    assert verify(drill, "--backup", str(drill.folder / "backup")).stdout.count("完好") == 5


@pytest.mark.parametrize("service, statements, finding", [
    ("command", ["DELETE FROM event WHERE sequence = 7"], "numbers up to the head have gaps"),
    ("command", ["UPDATE event SET payload = x'ff' WHERE sequence = 7"], "cannot be read as"),
    ("command", ["UPDATE incident SET state = 'queued' WHERE state <> 'queued'"],
     "incident is not what its last events say"),
    ("command", ["UPDATE incident_advice SET repeat_count = repeat_count + 1"],
     "incident_advice is not what"),
    ("command", ["DELETE FROM foreign_event"], "foreign_event lacks rows"),
    ("command", ["UPDATE request_ledger SET result = '{'"], "remembered answers cannot be used"),
    ("command", ["UPDATE assignment SET directive_id = 'dir_x'"], "refers to no row of directive"),
    ("duty", ["UPDATE unit_commitment SET state = 'on_scene'"], "unit_commitment is not what"),
    ("duty", ["UPDATE unit SET call_sign = call_sign || 'x'"], "unit is not what its last"),
    ("intelligence", ["UPDATE org_unit SET name = 'x'"], "org_unit is not what"),
    ("intelligence", ["UPDATE assessment SET station_id = NULL"], "assessment is not what"),
    ("publicopinion", ["DELETE FROM known_incident"], "known_incident lacks rows"),
    ("publicopinion", ["UPDATE topic SET item_count = 99"], "topic is not what"),
    ("supervision", ["UPDATE deadline SET escalation_level = 1"], "deadline is not what"),
    ("supervision", ["DELETE FROM area"], "area lacks rows"),
    ("supervision", ["UPDATE subscription SET cursor = 999999 WHERE source = 'command'"],
     "has read further than command goes"),
])
def test_what_was_lost_or_changed_behind_the_programs_back_is_named(
        drill, backup, service, statements, finding):
    change(backup / f"{service}.sqlite", *statements)
    reseal(backup, f"{service}.sqlite")
    result = verify(drill, service, "--backup", str(backup), check=False)
    assert result.returncode == 1
    assert finding in result.stdout and result.stdout.startswith(f"{service}："), result.stdout


def test_numbers_may_be_missing_where_history_was_pruned_and_nowhere_else(drill, backup):
    def found(statement, returncode):
        change(backup / "command.sqlite", statement)
        reseal(backup, "command.sqlite")
        result = verify(drill, "command", "duty", "--backup", str(backup), check=False)
        assert result.returncode == returncode, result.stdout
        return result.stdout

    change(backup / "command.sqlite", "DELETE FROM event WHERE sequence = 3")
    assert "history of command was pruned" in found("UPDATE event_head SET pruned_through = 7", 0)
    assert "have gaps" in found("DELETE FROM event WHERE sequence = 8", 1)


def test_a_backup_that_was_altered_or_cut_short_is_refused_and_nothing_is_touched(
        backup, elsewhere):
    def refused(sentence):
        result = elsewhere.quintet("restore", str(backup), check=False)
        assert result.returncode == 1 and sentence in result.stderr, result.stderr
        assert not any(elsewhere.data_dir.glob("*.sqlite"))

    path = backup / "duty.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    refused("duty.sqlite 缺失、不全或被改动")
    path.write_bytes(data[:-4096])
    refused("duty.sqlite 缺失、不全或被改动")
    path.unlink()
    refused("use another backup")
    (backup / "manifest.json").write_text('{"format": 2}')
    refused("restore it with that one")
    (backup / "manifest.json").unlink()
    refused("is not a whole backup")


def test_a_backup_of_a_newer_schema_is_refused(backup, elsewhere):
    change(backup / "duty.sqlite",
           "INSERT INTO schema_migration VALUES ('duty-0099-from-the-future', 99, 'x', 0)")
    reseal(backup, "duty.sqlite")
    result = elsewhere.quintet("restore", str(backup), check=False)
    assert result.returncode == 1
    assert "duty-0099-from-the-future" in result.stdout and "更新版本" in result.stdout
    assert not any(elsewhere.data_dir.glob("*.sqlite"))


def test_a_running_suite_is_neither_restored_over_nor_verified_but_backed_up(drill, suite):
    backup = str(drill.folder / "backup")
    for arguments in (["restore", backup], ["restore", backup, "--move-aside"], ["verify", "store"]):
        result = suite.quintet(*arguments, check=False)
        assert result.returncode == 1 and "正在运行" in result.stderr, result.stderr
    # Not through another run folder either: the store has a lock of its own.
    other = Suite(suite.folder)
    other.run_dir = drill.folder / "other-run"
    result = other.quintet("restore", backup, "--move-aside", check=False)
    assert result.returncode == 1 and "正在运行" in result.stderr, result.stderr
    second = subprocess.run([str(BIN / "quintet-duty"), *other.flags], capture_output=True,
                            text=True, timeout=30)
    assert second.returncode == 1 and "already running" in second.stderr, second.stderr
    assert "no answer" not in suite.quintet("status").stdout


def test_stores_that_are_there_are_put_aside_not_deleted(drill, elsewhere):
    backup = str(drill.folder / "backup")
    elsewhere.quintet("restore", backup)
    result = elsewhere.quintet("restore", backup, check=False)
    assert result.returncode == 1 and "--move-aside" in result.stderr
    elsewhere.quintet("restore", backup, "--move-aside")
    aside, = elsewhere.data_dir.glob("before-restore-*")
    assert {p.name for p in aside.iterdir()} >= {f"{name}.sqlite" for name in SERVICES}


def start_one(suite, name):
    return subprocess.run([str(BIN / f"quintet-{name}"), *suite.make_keys().flags], capture_output=True,
                          text=True, timeout=30)


def test_a_restore_that_was_not_finished_is_not_served(drill, elsewhere):
    elsewhere.data_dir.mkdir(parents=True)
    (elsewhere.data_dir / "restore-unfinished").write_text("")
    result = start_one(elsewhere, "duty")
    assert result.returncode == 1 and "请重新运行 quintet restore" in result.stderr
    assert not (elsewhere.data_dir / "duty.sqlite").exists()
    elsewhere.quintet("restore", str(drill.folder / "backup"))
    assert not (elsewhere.data_dir / "restore-unfinished").exists()


@pytest.mark.parametrize("spoil, sentences", [
    ("first page", ["已损坏", "quintet restore"]),
    ("cut short", ["已损坏", "quintet restore"]),
    ("newer", ["更新版本", "duty-0099-from-the-future"]),
])
def test_a_store_that_is_not_sound_is_refused_with_a_sentence_and_left_as_it_is(
        drill, elsewhere, spoil, sentences):
    elsewhere.quintet("restore", str(drill.folder / "backup"))
    path = elsewhere.data_dir / "duty.sqlite"
    if spoil == "newer":
        change(path, "INSERT INTO schema_migration VALUES ('duty-0099-from-the-future', 99, 'x', 0)")
    elif spoil == "cut short":
        os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    else:
        path.write_bytes(b"\x5a" * 4096 + path.read_bytes()[4096:])
    before = path.read_bytes()
    result = start_one(elsewhere, "duty")
    assert result.returncode == 1
    for sentence in [str(path), *sentences]:
        assert sentence in result.stderr, result.stderr
    assert path.read_bytes() == before
    # It is in the log as well, where `quintet up` sends its reader.
    last = [json.loads(line) for line in (elsewhere.log_dir / "duty.log").read_text().splitlines()][-1]
    assert last["level"] == "critical" and sentences[0] in last["error"]
    up = subprocess.run([str(BIN / "quintet"), "up", "--http", "127.0.0.1:0", *elsewhere.flags],
                        capture_output=True, text=True, timeout=60)
    assert up.returncode == 1 and sentences[0] in up.stderr, up.stderr
    assert path.read_bytes() == before
