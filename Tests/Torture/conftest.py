# What all tortures share. Each prints for every service how many cycles it went through, how much
# was acknowledged, and how much of that was lost or doubled; the last two must be 0.
import collections
import importlib.util
import os
import pathlib
import shutil
import sys
import tempfile

import pytest

END_TO_END = pathlib.Path(__file__).resolve().parents[1] / "EndToEnd"


def _load_end_to_end():
    """The suite's own conftest under another name, for two modules cannot share one."""
    specification = importlib.util.spec_from_file_location(
        "end_to_end", END_TO_END / "conftest.py")
    module = importlib.util.module_from_spec(specification)
    sys.modules["end_to_end"] = module
    sys.path.insert(0, str(END_TO_END))
    specification.loader.exec_module(module)
    return module


pytest_sessionfinish = _load_end_to_end().pytest_sessionfinish

# None for the short run of `make test`; `make torture CYCLES=1000` sets it.
CYCLES = os.environ.get("QUINTET_TORTURE_CYCLES")
SEED = int(os.environ.get("QUINTET_TORTURE_SEED", "1"))


class Tally:
    """The figures of one torture by service."""

    def __init__(self, name):
        self.name = name
        self.rows = collections.defaultdict(collections.Counter)
        self.complaints = []

    def add(self, service, **figures):
        self.rows[service].update(figures)

    def complain(self, sentence):
        self.complaints.append(sentence)

    def report(self, more=""):
        for service, row in sorted(self.rows.items()):
            print(f"{self.name} {service}: cycles {row['cycles']} acknowledged"
                  f" {row['acknowledged']} lost {row['lost']} doubled {row['doubled']}{more}")
        assert not self.complaints, "\n".join(self.complaints[:20])
        for service, row in self.rows.items():
            assert row["cycles"] and not row["lost"] and not row["doubled"], service


@pytest.fixture
def tally(request, capsys):
    """Printed whatever becomes of the test."""
    made = Tally(request.node.name.removeprefix("test_"))
    yield made
    with capsys.disabled():
        print()
        made.report()


def cycles(short):
    """How often a torture goes round: `short` in `make test`."""
    return int(CYCLES) if CYCLES else short


@pytest.fixture
def new_folder():
    # Short: a Unix socket's path has at most 107 bytes.
    folder = tempfile.mkdtemp(prefix="q-")
    yield pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
