# Twenty thousand calls at full speed, each durable when acknowledged.
import gzip
import json

import pytest
from conftest import SAMPLE_DATA
from client import Client, calls

MONTCO = SAMPLE_DATA / "montco911_first20k.csv.gz"
pytestmark = pytest.mark.skipif(
    not MONTCO.exists(), reason="the sample data is not part of the project")


def run(suite, path):
    report = suite.folder / "import.json"
    suite.quintet("import", "--profile", "montco", str(path), "--report", str(report))
    return json.loads(report.read_text())


def test_nothing_is_lost_and_nothing_doubled(fresh_suite, tmp_path):
    suite = fresh_suite
    lines = gzip.open(MONTCO, "rt").read().splitlines()[:3001]
    lines += ["not,a,row", lines[5].replace(lines[5].split(",")[0], "north", 1)]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(lines) + "\n")
    report = run(suite, path)
    assert report["rows"] == 3002
    assert report["quarantined"]["count"] == 2
    assert report["accepted"] == 3000
    assert report["rows_per_s"] > 0
    # People call twice about the same place.
    assert 0 < report["repeats"] < 3000
    again = run(suite, path)
    for figure in ("rows", "accepted", "repeats"):
        assert again[figure] == report[figure], figure
    call = Client(suite.channel())
    token, stored = "", 0
    while True:
        page = call(call.calls.ListCallReports, calls.ListCallReportsRequest(
            page_size=500, page_token=token))
        stored += len(page.call_reports)
        token = page.next_page_token
        if not token:
            break
    assert stored == 3000
