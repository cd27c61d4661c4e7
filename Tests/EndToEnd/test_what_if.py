# A past day with another roster: the record first, so that everybody sees how far the simulation is from
# what happened; then days that were not. Simple figures are computed once more from the raw rows.
import json

import grpc
import numpy
import pytest
from client import TIMEOUT, kind, now, wgs84
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from independent import when
from quintet.duty.v1 import what_if_service_pb2 as what_if
from quintet.duty.v1 import what_if_service_pb2_grpc as what_if_grpc
from test_replay import SF_FIRE, write_slice

real_calls = pytest.mark.skipif(
    not SF_FIRE.exists(), reason="the sample data is not part of the project")

SCENARIOS = [
    {"name": "少一半救护 half the medics", "absences": [
        {"capability": "medic", "fromHour": 0, "untilHour": 12}]},
    {"name": "多二十辆 twenty more", "additions": [
        {"capability": sort, "count": 10, "fromHour": 0, "untilHour": 24, "basePoint": {
            "latitude": 37.77, "longitude": -122.42, "datum": "DATUM_WGS84"}}
        for sort in ("medic", "engine")]},
    {"name": "一车一警 one engine", "planLines": [
        {"level": "INCIDENT_LEVEL_UNSPECIFIED", "capability": "engine", "count": 1}]},
    {"name": "照旧 as it was"},
]


def waits(rows):
    """Seconds from the first recorded dispatch to the first unit on scene, call by call."""
    calls = {}
    for row in rows:
        calls.setdefault(row["Call Number"], []).append(row)
    for mates in calls.values():
        received = min(when(row["Received DtTm"]) for row in mates)
        sent = [when(row["Dispatch DtTm"]) for row in mates if row["Dispatch DtTm"]]
        there = [when(row["On Scene DtTm"]) for row in mates if row["On Scene DtTm"]]
        wanted = max(received, min(sent, default=received))
        yield (min(there) - wanted).total_seconds() if there else None


@real_calls
def test_a_day_with_other_rosters(suite, new_folder):
    path, kept = write_slice(new_folder, count=400)
    given = new_folder / "scenarios.json"
    given.write_text(json.dumps(SCENARIOS, ensure_ascii=False))
    reports = []
    for name in ("first", "second"):
        report = new_folder / f"{name}.json"
        printed = suite.quintet("what-if", str(path), "--scenarios", str(given), "--report",
                                str(report), "--seed", "7").stdout
        reports.append(report.read_bytes())
    # The same question has the same answer, byte for byte.
    assert reports[0] == reports[1]
    found = json.loads(reports[0])
    assert "校验 validation" in printed and "as it was" in printed

    # What was recorded is what anyone finds in the file.
    lengths = list(waits(kept))
    good = [s for s in lengths if s is not None and s >= 0]
    whole = found["observed"]["figures"][0]
    assert whole["total_count"] == len(lengths)
    assert whole["excluded_count"] == len(lengths) - len(good)
    assert whole["p50_s"] == numpy.percentile(good, 50, method="inverted_cdf")
    assert whole["p90_s"] == numpy.percentile(good, 90, method="inverted_cdf")
    # No area is known here: five minutes everywhere.
    assert whole["within_count"] == int(numpy.count_nonzero(numpy.array(good) <= 300))
    assert found["validation"]["observed_p50_s"] > 0
    assert found["validation"]["median_absolute_error_s"] > 0

    results = {r["name"]: r for r in found["results"]}
    differences = {d["name"]: d for d in found["differences"]}
    assert list(results) == [s["name"] for s in SCENARIOS] == list(differences)
    assert differences["照旧 as it was"].get("mean_s", 0) == 0
    assert results["照旧 as it was"]["figures"] == found["baseline"]["figures"]
    more, fewer = differences["多二十辆 twenty more"], differences["少一半救护 half the medics"]
    assert more["mean_s"] <= 0 <= fewer["mean_s"]
    for one in (more, fewer):
        assert one.get("mean_low_s", 0) <= one["mean_s"] <= one.get("mean_high_s", 0)
    medics = next(u for u in results["少一半救护 half the medics"]["utilisation"]
                  if u["capability"] == "medic")
    usual = next(u for u in found["baseline"]["utilisation"] if u["capability"] == "medic")
    assert medics["total_count"] < usual["total_count"]
    assert results["一车一警 one engine"]["wanted_units_count"] != found["baseline"]["wanted_units_count"]


def header(**changes):
    return what_if.CompareScenariosRequest(header=what_if.WhatIfHeader(**{
        "units": [what_if.WhatIfUnit(code="A", capability="car", base_point=wgs84(28, 120))],
        **changes}))


def batch(**changes):
    return what_if.CompareScenariosRequest(batch=what_if.WhatIfBatch(incidents=[
        what_if.WhatIfIncident(**{
            "code": "1", "wanted_time": now(), "point": wgs84(28.01, 120),
            "level": kind.INCIDENT_LEVEL_4, "tasks": [what_if.WhatIfTask(
                capability="car", unit_code="A", on_scene_s=600)], **changes})]))


def refusal(suite, *messages):
    stub = what_if_grpc.WhatIfServiceStub(suite.channel())
    with pytest.raises(grpc.RpcError) as refused:
        stub.CompareScenarios(iter(messages), timeout=TIMEOUT)
    reason, fields = None, []
    for detail in rpc_status.from_call(refused.value).details:
        for message in (error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
                reason = getattr(message, "reason", reason)
                fields += [v.field for v in getattr(message, "field_violations", [])]
    return reason, fields


def test_what_is_asked_wrong_is_refused_by_field(suite):
    absence, line = what_if.WhatIfAbsence, what_if.WhatIfPlanLine

    def scenario(**parts):
        return header(scenarios=[what_if.WhatIfScenario(name="x", **parts)])

    at = "header.scenarios[0]"
    for expected, messages in (
            (("REQUIRED", ["header"]), [batch()]),
            (("REQUIRED", ["part"]), [what_if.CompareScenariosRequest()]),
            (("REQUIRED", ["batch"]), [header()]),
            (("REQUIRED", ["batch"]), [header(), header()]),
            (("REQUIRED", ["header.units"]), [header(units=[])]),
            (("DUPLICATE", ["header.units"]), [header(units=[what_if.WhatIfUnit(
                code="A", capability="car", base_point=wgs84(28, 120))] * 2)]),
            (("OUT_OF_RANGE", ["header.resample_count"]), [header(resample_count=1)]),
            (("OUT_OF_RANGE", ["header.travel_model.detour_factor"]),
             [header(travel_model={"detour_factor": 0.5, "speed_mps": 8})]),
            (("UNIT_UNKNOWN", [f"{at}.absences[0].unit_codes[0]"]),
             [scenario(absences=[absence(unit_codes=["Z"])])]),
            (("OUT_OF_RANGE", [f"{at}.absences[0].from_hour"]),
             [scenario(absences=[absence(capability="car", from_hour=24)])]),
            (("REQUIRED", [f"{at}.plan_lines[0].capability"]), [scenario(plan_lines=[line(count=1)])]),
            (("DUPLICATE", ["batch.incidents[0].code"]), [header(), batch(), batch()]),
            (("UNSPECIFIED", ["batch.incidents[0].level"]), [header(), batch(level=0)]),
            (("UNIT_UNKNOWN", ["batch.incidents[0].tasks[0].unit_code"]), [header(), batch(
                tasks=[what_if.WhatIfTask(capability="car", unit_code="B")])])):
        assert refusal(suite, *messages) == expected


def test_nothing_of_dutys_own_changes(suite):
    stub = what_if_grpc.WhatIfServiceStub(suite.channel())
    before = suite.dump("duty")
    answer = stub.CompareScenarios(iter([header(), batch()]), timeout=TIMEOUT)
    assert answer.baseline.figures[0].total_count == 1
    assert answer.baseline.sent_units_count == 1 and answer.estimator
    assert suite.dump("duty") == before

