# Promises of the units that only a running systemd can keep. The tests follow one another on one
# machine that was booted; where containers cannot be booted they are skipped.
import os
import pathlib
import re
import shutil
import signal

import pytest
from units import PROCESSES, SERVICES

UNITS = [f"quintet-{name}" for name in PROCESSES]


@pytest.fixture(scope="module")
def booted(machine, packages):
    if not shutil.which("systemd-nspawn"):
        pytest.skip("没有 systemd-nspawn")
    try:
        machine.boot()
    except RuntimeError as error:
        pytest.skip(str(error))
    machine.install(packages[0])
    return machine


def processes(machine):
    return {unit: machine.show(unit, "MainPID") for unit in UNITS}


def test_the_target_starts_six_processes_that_stay(booted):
    assert set(processes(booted).values()) == {"0"}
    booted.run("systemctl", "--quiet", "enable", "--now", "quintet.target")
    booted.settle(booted.healthy)
    assert {booted.show(unit, "NRestarts") for unit in UNITS} == {"0"}
    # Nothing comes to the journal. Where the machine itself may not raise a limit, Swift's threads
    # complain about their priorities.
    journal = booted.run("journalctl", "--no-pager", "--quiet", "--output=cat",
                         *(f"--identifier={unit}" for unit in UNITS)).stdout
    assert not [line for line in journal.splitlines() if "thread priority" not in line]


def test_a_process_is_shut_in(booted):
    for name in PROCESSES:
        process = booted.host_process(f"quintet-{name}")
        status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines()
                      if ":\t" in line)
        assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", name
        assert int(status["CapBnd"], 16) == 0 and status["Uid"].split()[0] != "0", name
        own = os.readlink(process / "ns/net") != os.readlink(f"/proc/{booted.leader()}/ns/net")
        assert own == (name in SERVICES), name


def test_the_gateway_sees_no_store(booted):
    seen = pathlib.Path(booted.host_process("quintet-gateway") / "root/var/lib/quintet")
    assert (seen / "keys/jwks.json").is_file()
    assert not list((seen / "data").iterdir())
    of_command = booted.host_process("quintet-command") / "root/var/lib/quintet"
    assert (of_command / "data/command.sqlite").is_file()


def test_one_restarts_alone(booted):
    before = processes(booted)
    booted.run("systemctl", "restart", "quintet-command")
    booted.settle(booted.healthy)
    after = processes(booted)
    assert {unit for unit in UNITS if before[unit] != after[unit]} == {"quintet-command"}
    # It took the shared folder of sockets from nobody.
    assert len(list(booted.host_process("quintet-duty").glob("root/run/quintet/*.sock"))) >= 6


def test_one_that_dies_is_started_again(booted):
    process = booted.host_process("quintet-intelligence")
    os.kill(int(process.name), signal.SIGKILL)
    booted.settle(lambda: booted.show("quintet-intelligence", "NRestarts") == "1")
    booted.settle(booted.healthy)


def test_rotated_logs_are_opened_anew(booted):
    before = processes(booted)
    booted.run("logrotate", "--force", "/etc/logrotate.d/quintet")
    logs = booted.path("/var/log/quintet")
    # The first line of a new file says that it was opened.
    booted.settle(lambda: all((logs / f"{name}.log").is_file()
                              and (logs / f"{name}.log").stat().st_size for name in PROCESSES))
    assert all((logs / f"{name}.log.1").is_file() for name in PROCESSES)
    assert processes(booted) == before


def test_an_upgrade_restarts_all_that_run_and_loses_nothing(booted, packages):
    booted.run("quintet", "import", "tasks")
    recorded = re.findall("events [0-9]+", booted.run("quintet", "status").stdout)
    assert "events 117" in recorded
    before = processes(booted)
    booted.install(packages[1])
    booted.settle(booted.healthy)
    after = processes(booted)
    assert all(before[unit] != after[unit] for unit in UNITS) and "0" not in after.values()
    assert re.findall("events [0-9]+", booted.run("quintet", "status").stdout) == recorded


def test_one_that_was_stopped_stays_so_over_an_upgrade(booted, packages):
    booted.run("systemctl", "stop", "quintet-publicopinion")
    booted.install(packages[1])
    booted.settle(lambda: booted.run("quintet", "status", check=False).stdout.count("健康") == 5)
    assert booted.show("quintet-publicopinion", "MainPID") == "0"


def test_all_stop_in_order_and_are_gone(booted):
    booted.run("systemctl", "stop", "quintet*")
    assert set(processes(booted).values()) == {"0"}
    assert {booted.show(unit, "Result") for unit in UNITS} == {"success"}
    # The folder of sockets stays, empty of them.
    assert ".sock" not in booted.run("ls", "/run/quintet").stdout
    booted.run("systemctl", "start", "quintet.target")
    booted.settle(booted.healthy)


def test_removing_stops_and_disables_them(booted):
    running = [booted.host_process(unit) for unit in UNITS]
    booted.run("dpkg", "--remove", "quintet")
    assert not [process for process in running if process.exists()]
    assert not list(booted.path("/etc/systemd/system").rglob("quintet*"))
