# A backup of a suite on a PostgreSQL server, taken under load, and brought back into another database.
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

import pytest
from client import Client, kind
from conftest import BIN, SERVICES, Suite
from test_backup import SCENE, Load, reseal
from test_postgresql import on_server, server  # noqa: F401: a fixture


def at(url, folder):
    """A suite on a server that is not started."""
    suite = Suite(folder)
    suite.store = url
    return suite


def tool(suite, *arguments, check=True, **options):
    return suite.quintet(*arguments, "--store", suite.store, check=check, **options)


def schemas(server, database):
    return server.sql(
        database, "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public$)'"
        " ORDER BY 1").split()


def acknowledged(suite, incidents):
    call = Client(suite.channel())
    for incident in incidents:
        assert call.incident(incident).id == incident


@pytest.fixture(scope="module")
def drill(server, tmp_path_factory):
    """One backup taken under load, one of the same suite when it was quiet, and its dump then."""
    folder = pathlib.Path(tmp_path_factory.mktemp("d"))
    suite = on_server(folder, server.database("drill"))
    try:
        load = Load(suite)
        load.reaches(30)
        began = time.monotonic()
        tool(suite, "backup", str(folder / "busy"))
        suite.before_busy = [incident for moment, incident in load.acknowledged if moment < began]
        load.reaches(len(load.acknowledged) + 10)
        load.end()
        suite.all = [incident for _, incident in load.acknowledged]
        suite.caught_up()
        suite.quiet_dump = suite.dump()
        tool(suite, "backup", str(folder / "quiet"))
        # On a server the stores of a running suite can be checked: all are looked at as of one moment.
        found = tool(suite, "verify", "store").stdout
        assert found.count("完好") == 5, found
    finally:
        suite.stop()
    yield suite
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def backup(drill, new_folder):
    """A copy of the quiet backup, to be spoiled."""
    return pathlib.Path(shutil.copytree(drill.folder / "quiet", new_folder / "backup"))


@pytest.fixture(scope="module")
def spoiled(drill, server):
    """The quiet backup in a database in which all may be altered."""
    suite = at(server.database("spoiled"), drill.folder / "spoiled")
    tool(suite, "restore", str(drill.folder / "quiet"))
    return suite


def test_what_was_acknowledged_before_a_backup_under_load_is_there_after_a_restore(
        drill, server, new_folder):
    manifest = json.loads((drill.folder / "busy" / "manifest.json").read_text())
    heads = {s["service"]: s["positions"]["heads"].get("main", 0) for s in manifest["stores"]}
    assert manifest["contradictions"] == [] and set(heads) == set(SERVICES)
    assert {s["engine"] for s in manifest["stores"]} == {"postgresql"}
    for store in manifest["stores"]:
        for source, cursor in store["positions"]["cursors"]["main"].items():
            assert cursor <= heads[source]
    suite = at(server.database("busy"), new_folder / "s")
    told = tool(suite, "restore", str(drill.folder / "busy")).stdout
    assert "已恢复" in told and schemas(server, "busy") == SERVICES
    for service in SERVICES:
        head = server.sql("busy", f"SELECT n FROM {service}.event_head")
        assert head == str(heads[service])
    key = (suite.data_dir / "phone.key").read_text()
    assert key == (drill.data_dir / "phone.key").read_text()
    suite.start()
    try:
        suite.caught_up()
        assert len(drill.before_busy) >= 30
        acknowledged(suite, drill.before_busy)
        Client(suite.channel()).open_incident(SCENE, "恢复之后照常工作", kind.INCIDENT_CLASS_HELP)
        suite.caught_up()
    finally:
        suite.stop()
    found = tool(suite, "verify", "store").stdout
    assert found.count("完好") == 5, found


def test_a_quiet_suite_is_the_same_after_a_restore(drill, server, new_folder):
    suite = at(server.database("quiet"), new_folder / "s")
    tool(suite, "restore", str(drill.folder / "quiet"))
    suite.start()
    try:
        suite.caught_up()
        acknowledged(suite, drill.all)
        assert suite.dump() == drill.quiet_dump
    finally:
        suite.stop()


def test_a_backup_is_checked_in_a_database_that_is_gone_afterwards(drill, server):
    before = server.sql("quintet", "SELECT count(*) FROM pg_database")
    found = tool(drill, "verify", "store", "--backup", str(drill.folder / "busy")).stdout
    assert found.count("完好") == 5, found
    assert server.sql("quintet", "SELECT count(*) FROM pg_database") == before
    # Who may not create a database is told that less was checked.
    server.sql("quintet", "CREATE ROLE reader LOGIN")
    drill_url, drill.store = drill.store, drill.store.replace("quintet@", "reader@")
    try:
        found = tool(drill, "verify", "store", "--backup", str(drill.folder / "busy")).stdout
    finally:
        drill.store = drill_url
    assert "only sums and contents" in found and "完好" not in found


@pytest.mark.parametrize("service, statement, finding", [
    ("command", "DELETE FROM command.event WHERE sequence = 7", "numbers up to the head have gaps"),
    ("command", "UPDATE command.incident SET state = 'queued'",
     "incident is not what its last events say"),
    ("duty", "UPDATE duty.unit_commitment SET state = 'on_scene'", "unit_commitment is not what"),
    ("supervision", "DELETE FROM supervision.area", "area lacks rows"),
    ("supervision", "UPDATE supervision.subscription SET cursor = 999999 WHERE source = 'command'",
     "has read further than command goes"),
])
def test_what_was_lost_or_changed_behind_the_programs_back_is_named(
        spoiled, server, service, statement, finding):
    server.sql("spoiled", statement)
    result = tool(spoiled, "verify", "store", service, check=False)
    assert result.returncode == 1 and finding in result.stdout, result.stdout + result.stderr


def test_an_altered_dump_is_refused_and_nothing_is_touched(backup, server, new_folder):
    suite = at(server.database("altered"), new_folder / "s")

    def refused(sentence):
        result = tool(suite, "restore", str(backup), check=False)
        assert result.returncode == 1 and sentence in result.stderr, result.stderr
        assert schemas(server, "altered") == []
        assert not (suite.data_dir / "phone.key").exists()
        assert not (suite.data_dir / "restore-unfinished").exists()

    path = backup / "supervision.pgdump"
    data = path.read_bytes()
    path.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    refused("supervision.pgdump 缺失、不全或被改动")
    # With sums that fit, the last of five dumps fails when four are there already.
    path.write_bytes(data[:len(data) - 3000])
    reseal(backup, path.name)
    refused("PostgreSQL 未能完成")


def test_a_restore_that_is_not_sound_is_taken_back(drill, server, backup, new_folder):
    suite = at(server.database("unsound"), new_folder / "s")
    tool(suite, "restore", str(backup))
    server.sql("unsound", "DELETE FROM duty.event WHERE sequence = 1")
    subprocess.run(["pg_dump", "--format=custom", "--schema=duty", "--no-owner",
                    f"--file={backup / 'duty.pgdump'}", suite.store], check=True)
    reseal(backup, "duty.pgdump")
    server.sql("unsound", "CREATE TABLE duty.mark (n INT)")
    result = tool(suite, "restore", str(backup), "--move-aside", check=False)
    assert result.returncode == 1 and "have gaps" in result.stdout, result.stdout
    assert schemas(server, "unsound") == SERVICES
    server.sql("unsound", "SELECT * FROM duty.mark")


def test_a_database_in_use_is_not_restored_over(drill, server, new_folder):
    suite = on_server(new_folder / "s", server.database("used"))
    backup = str(drill.folder / "quiet")
    try:
        result = tool(suite, "restore", backup, "--move-aside", check=False)
        assert result.returncode == 1 and "正在运行" in result.stderr, result.stderr
        # Nor from elsewhere, where its locks are not seen.
        other = at(suite.store, new_folder / "other")
        result = tool(other, "restore", backup, "--move-aside", check=False)
        assert result.returncode == 1 and "数据库正被" in result.stderr, result.stderr
        assert "no answer" not in suite.quintet("status").stdout
        assert schemas(server, "used") == SERVICES
    finally:
        suite.stop()
    key = (suite.data_dir / "phone.key").read_bytes()
    result = tool(suite, "restore", backup, check=False)
    assert result.returncode == 1 and "--move-aside" in result.stderr, result.stderr
    assert schemas(server, "used") == SERVICES
    tool(suite, "restore", backup, "--move-aside")
    assert len([name for name in schemas(server, "used") if "_before_restore_" in name]) == 5
    kept, = suite.data_dir.glob("phone.key.before_restore_*")
    assert kept.read_bytes() == key
    suite.start()
    try:
        acknowledged(suite, drill.all)
    finally:
        suite.stop()


def test_a_suite_that_starts_during_a_restore_makes_it_fail_and_nothing_is_changed(
        drill, server, new_folder):
    suite = at(server.database("raced"), new_folder / "s")
    tool(suite, "restore", str(drill.folder / "quiet"))
    server.sql("raced", "CREATE TABLE duty.mark (n INT)")
    reached, started = new_folder / "reached", new_folder / "started"
    spy = new_folder / "pg_restore"
    spy.write_text(
        f'#!/bin/sh\ncase "$*" in *--file=-*supervision*) touch {reached}\n'
        f'while [ ! -e {started} ]; do sleep 0.1; done;; esac\nexec /usr/bin/pg_restore "$@"\n')
    spy.chmod(0o755)

    def start():
        while not reached.exists():
            time.sleep(0.05)
        subprocess.Popen(["psql", suite.store, "-c", "SELECT pg_sleep(60)"],
                         env={**os.environ, "PGAPPNAME": "quintet-duty"}, stderr=subprocess.DEVNULL)
        while server.sql("raced", "SELECT count(*) FROM pg_stat_activity"
                         " WHERE application_name = 'quintet-duty'") == "0":
            time.sleep(0.05)
        started.touch()

    threading.Thread(target=start, daemon=True).start()
    result = tool(suite, "restore", str(drill.folder / "quiet"), "--move-aside", check=False,
                  env={**os.environ, "PATH": f"{new_folder}:{os.environ['PATH']}"})
    assert result.returncode == 1 and "started meanwhile" in result.stderr, result.stderr
    assert schemas(server, "raced") == SERVICES
    server.sql("raced", "SELECT * FROM duty.mark")
    server.cut_connections("raced")


def test_a_restore_that_was_not_finished_is_not_served(drill, new_folder):
    suite = at(drill.store, new_folder)
    suite.data_dir.mkdir(parents=True)
    (suite.data_dir / "restore-unfinished").write_text("")
    result = subprocess.run(
        [str(BIN / "quintet-duty"), *suite.make_keys().flags, "--store", suite.store], capture_output=True,
        text=True, timeout=30)
    assert result.returncode == 1 and "请重新运行 quintet restore" in result.stderr, result.stderr


def test_a_backup_of_one_engine_is_not_restored_onto_the_other(drill, server, new_folder):
    suite = Suite(new_folder / "files")
    result = suite.quintet("restore", str(drill.folder / "quiet"), check=False)
    assert result.returncode == 1
    assert "备份来自 PostgreSQL 服务器" in result.stderr, result.stderr
    assert not any(suite.data_dir.glob("*.pgdump"))


def test_the_password_is_in_no_arguments_and_missing_programs_are_named(drill, new_folder):
    (new_folder / "bin").mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        spy = new_folder / "bin" / name
        spy.write_text(f'#!/bin/sh\necho "$0 $*" >> {new_folder}/arguments\n'
                       f'echo "$PGPASSWORD" >> {new_folder}/passwords\nexec /usr/bin/{name} "$@"\n')
        spy.chmod(0o755)
    path = f"{new_folder / 'bin'}:{os.environ['PATH']}"
    open_store = drill.store
    drill.store = open_store.replace("quintet@", "quintet:s%65cret%27@")
    try:
        tool(drill, "backup", str(new_folder / "backup"), env={**os.environ, "PATH": path})
        assert "--snapshot=" in (new_folder / "arguments").read_text()
        assert "cret" not in (new_folder / "arguments").read_text()
        assert "secret'" in (new_folder / "passwords").read_text().split()
    finally:
        drill.store = open_store

    def refused(sentence, path):
        target = str(new_folder / "none")
        result = tool(drill, "backup", target, check=False, env={**os.environ, "PATH": path})
        assert result.returncode == 1 and sentence in result.stderr, result.stderr
        assert not pathlib.Path(target).exists()

    refused("找不到 pg_dump，请安装 PostgreSQL 15", str(new_folder))
    (new_folder / "bin" / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.9'\n")
    refused("pg_dump 的版本 14 低于服务器的 15", path)
