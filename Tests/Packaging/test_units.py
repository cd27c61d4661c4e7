# Promises of the units, as far as they can be read from them.
import os
import pathlib
import re
import shutil
import subprocess

import pytest
from units import PROCESSES, ROOT, SERVICES, UNITS, settings, started

BIN = pathlib.Path(os.environ.get("QUINTET_BIN", ROOT / ".build" / "debug"))
EXAMPLES = sorted((UNITS / "examples").glob("*.conf"))
UNIT_FILES = [UNITS / f"quintet-{name}.service" for name in PROCESSES]

# 2.0, in tenths.
THRESHOLD = 20


def exposure(unit):
    return subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={THRESHOLD}", "--no-pager",
         str(unit)], capture_output=True, text=True)


@pytest.mark.parametrize("unit", UNIT_FILES, ids=lambda unit: unit.stem)
def test_a_unit_is_hardly_exposed(unit):
    judged = exposure(unit)
    assert judged.returncode == 0, judged.stdout[-2000:] + judged.stderr
    assert "Overall exposure level" in judged.stdout


def test_a_unit_without_what_they_share_would_be_told(tmp_path):
    """The test above can fail."""
    shutil.copy(UNITS / "quintet-command.service", tmp_path)
    assert exposure(tmp_path / "quintet-command.service").returncode != 0


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_network(service):
    lines = set((UNITS / f"quintet-{service}.service").read_text().splitlines())
    assert {"PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX", "IPAddressDeny=any"} <= lines


def test_systemd_understands_every_line(tmp_path):
    """Of the units with the example drop-ins in their places, on a system that has the programs."""
    installed = tmp_path / "usr/lib/systemd/system"
    shutil.copytree("/usr/lib/systemd/system", installed, symlinks=True)
    shutil.copytree(UNITS, installed, dirs_exist_ok=True, ignore=lambda *_: ["examples"])
    for drop_in, unit in ((UNITS / "examples/network.conf", "quintet-duty"),
                          (UNITS / "examples/gateway.conf", "quintet-gateway")):
        folder = tmp_path / f"etc/systemd/system/{unit}.service.d"
        folder.mkdir(parents=True)
        shutil.copy(drop_in, folder)
    for program in ["usr/bin/kill", "bin/kill",
                    *(f"usr/lib/quintet/bin/quintet-{name}" for name in PROCESSES)]:
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).touch(mode=0o755)
    checked = subprocess.run(
        ["systemd-analyze", f"--root={tmp_path}", "--man=no", "verify", "quintet.target",
         *(unit.name for unit in UNIT_FILES)], capture_output=True, text=True)
    said = [line for line in checked.stderr.splitlines() if "quintet" in line]
    assert checked.returncode == 0 and not said, checked.stderr


def flags_of(program):
    shown = subprocess.run(
        [str(BIN / program), "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z][a-z-]+", shown)), set(re.findall(r"\$(QUINTET_[A-Z_]+)", shown))


@pytest.mark.parametrize("file", UNIT_FILES + EXAMPLES, ids=lambda file: file.stem)
def test_a_process_knows_the_flags_it_is_started_with(file):
    commands = started(file.read_text())
    assert commands or file.stem == "network"
    for program, *words in commands:
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        name = pathlib.Path(program).name
        assert used and used <= flags_of(name)[0], name


def test_the_example_of_the_gateway_starts_it_as_its_unit_does():
    """But for its addresses."""
    def fixed(text):
        words = started(text)[0]
        return words[:words.index("--http")]
    assert (fixed((UNITS / "examples/gateway.conf").read_text())
            == fixed((UNITS / "quintet-gateway.service").read_text()))


def test_every_setting_in_the_file_is_one_of_a_process():
    text = (ROOT / "Packaging/deb/quintet.env").read_text()
    named = set(settings(re.sub(r"^#(?=QUINTET_)", "", text, flags=re.MULTILINE)))
    known = set().union(*(flags_of(f"quintet-{name}")[1] for name in PROCESSES))
    assert "QUINTET_STORE" in named and named <= known, named - known


def test_the_target_has_all_six():
    text = (UNITS / "quintet.target").read_text()
    also = re.findall(r"quintet-[a-z]+\.service", " ".join(re.findall("^Also=.*$", text, re.M)))
    assert sorted(also) == sorted(unit.name for unit in UNIT_FILES)
