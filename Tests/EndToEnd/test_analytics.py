# Figures for those who command: the slice of real calls, replayed, and every figure computed once more
# from the raw rows with numpy, with nothing of the suite in between; and the file of figures read by
# Python's csv.
import csv
import datetime
import io

import grpc
import numpy
import pytest
from client import TIMEOUT, Client, kind, organisation, wgs84
from conftest import start_suite
from google.protobuf.timestamp_pb2 import Timestamp
from independent import when
from quintet.supervision.v1 import analytics_service_pb2 as analytics
from quintet.supervision.v1 import analytics_service_pb2_grpc as analytics_grpc
from test_replay import SF_FIRE, replay, write_slice

pytestmark = pytest.mark.skipif(
    not SF_FIRE.exists(), reason="the sample data is not part of the project")

CITIZEN = kind.INCIDENT_ORIGIN_CITIZEN_REPORTED
# West and east of Van Ness, and a key place in the middle of the eastern half; the far west is nobody's.
WEST, EAST, KEY = (-122.46, -122.4225), (-122.4225, -122.38), (-122.415, -122.405)
SOUTH, NORTH = 37.70, 37.82
KEY_SOUTH, KEY_NORTH = 37.775, 37.79


def stamp(moment):
    made = Timestamp()
    made.FromDatetime(moment)
    return made


def box(south, north, longitudes):
    west, east = longitudes
    return organisation.PutJurisdictionRequest(
        area={"corners": [wgs84(a, b) for a, b in (
            (south, west), (south, east), (north, east), (north, west))]})


def make_areas(call):
    """Two stations with an area each, and a key place of the second."""
    made = []
    for code, name, parts in (
            ("W1", "=西所", [(organisation.AREA_CLASS_OTHER, box(SOUTH, NORTH, WEST))]),
            ("E1", "东所", [(organisation.AREA_CLASS_CENTRE, box(SOUTH, NORTH, EAST)),
                          (organisation.AREA_CLASS_KEY_PLACE, box(KEY_SOUTH, KEY_NORTH, KEY))])):
        station = call(call.organisation.PutOrgUnit, organisation.PutOrgUnitRequest(
            code=code, name=name, rank=organisation.ORG_RANK_STATION)).org_unit
        for area_class, request in parts:
            request.org_unit_id, request.area_class = station.id, area_class
            call(call.organisation.PutJurisdiction, request)
        made.append(station)
    return made


def area_of(row):
    """Station and target of a row, by its point alone."""
    latitude, longitude = float(row["lat"]), float(row["lon"])
    if not SOUTH <= latitude <= NORTH:
        return None, None
    if KEY[0] <= longitude <= KEY[1] and KEY_SOUTH <= latitude <= KEY_NORTH:
        return "东所", 60
    if EAST[0] <= longitude <= EAST[1]:
        return "东所", 180
    if WEST[0] <= longitude <= WEST[1]:
        return "=西所", 300
    return None, None


class Sent:
    """What became of one row, by the rules of the replay (FirePlan)."""

    def __init__(self, row, received, call_end):
        times = {name: when(row[column]) for name, column in (
            ("dispatch", "Dispatch DtTm"), ("response", "Response DtTm"),
            ("scene", "On Scene DtTm"), ("transport", "Transport DtTm"),
            ("hospital", "Hospital DtTm"), ("free", "Available DtTm"))}
        later = [time for time in times.values() if time]
        self.unit, self.goes = row["Unit ID"], bool(later)
        self.dispatch = times["dispatch"] or (max(min(later), received) if later else None)
        self.has_arrived = bool(times["scene"] or times["transport"] or times["hospital"])
        self.arrive, self.signed = times["scene"], times["response"]
        self.was_signed = self.has_arrived or bool(self.signed)
        self.clear = times["free"] if self.has_arrived else None
        # Called off: when nobody recorded it, at the last time recorded of the call.
        self.cancel = None if self.has_arrived else times["free"] or max(
            self.dispatch or received, call_end)


def calls_of(rows):
    calls = {}
    for row in rows:
        calls.setdefault(row["Call Number"], []).append(row)
    for mates in calls.values():
        received = min(when(row["Received DtTm"]) for row in mates)
        ends = [when(row[c]) for row in mates for c in (
            "Dispatch DtTm", "Response DtTm", "On Scene DtTm", "Transport DtTm", "Hospital DtTm",
            "Available DtTm") if row[c]]
        end = max([received, *ends])
        yield mates, received, [s for s in (Sent(row, received, end) for row in mates) if s.goes]


def seconds(start, end):
    return (end - start).total_seconds()


def interval(start, end, missing):
    if start is None or end is None:
        return missing
    return "contradictory" if end < start else seconds(start, end)


def expected_outcomes(rows, start, end):
    """(measure, station, target) → what every single one gave."""
    found = {}

    def add(measure, place, target, outcome):
        found.setdefault((measure, place, target or 0), []).append(outcome)

    for mates, received, sent in calls_of(rows):
        place, arrival_target = area_of(mates[0])
        for one in sent:
            if not start <= one.dispatch < end:
                continue
            gone = "cancelled" if not one.has_arrived else "no_time"
            add("sign", place, 30, interval(one.dispatch, one.signed, gone))
            add("departure", place, 300, interval(one.dispatch, one.signed, gone))
            add("arrival", place, arrival_target, "out_of_area" if place is None
                else interval(one.dispatch, one.arrive, gone))
            add("on_scene", place, 0, interval(one.arrive, one.clear, gone))
        if start <= received < end:
            arrivals = [s.arrive for s in sent if s.arrive]
            arrived = any(s.has_arrived for s in sent)
            add("response", place, 0, interval(
                received, min(arrivals, default=None),
                "no_time" if arrived else "cancelled" if sent else "open"))
            # Nobody recorded when a call was answered.
            add("answer", place, 10, "no_time")
            # A unit that was called off does not say that anyone was ordered in time.
            add("processing", place, 60, "no_time" if sent else "open")
            if not sent:
                add("queue", place, 0, "open")
    return found


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("q")
    path, kept = write_slice(folder, 600)
    suite = start_suite(folder)
    try:
        stations = make_areas(Client(suite.channel()))
        replay(suite, path)
        suite.caught_up()
        yield suite, kept, stations
    finally:
        suite.stop()


def period(kept):
    times = [when(row["Received DtTm"]) for row in kept]
    start = min(times).replace(minute=0, second=0)
    return start, max(times).replace(minute=0, second=0)


def every(suite, method, request, field):
    stub = analytics_grpc.AnalyticsServiceStub(suite.channel())
    rows = []
    while True:
        page = getattr(stub, method)(request, timeout=TIMEOUT)
        rows += getattr(page, field)
        if not page.next_page_token:
            return rows
        request.page_token = page.next_page_token


NAMES = {number: name[len("INTERVAL_MEASURE_"):].lower()
         for name, number in analytics.IntervalMeasure.items()}
REASONS = {number: name[len("FIGURE_EXCLUSION_REASON_"):].lower()
           for name, number in analytics.FigureExclusionReason.items()}


def test_intervals_are_those_that_numpy_finds_in_the_raw_rows(replayed):
    suite, kept, _ = replayed
    start, end = period(kept)
    figures = every(suite, "ListIntervalFigures", analytics.ListIntervalFiguresRequest(
        start_time=stamp(start), end_time=stamp(end), page_size=7,
        groupings=[analytics.FIGURE_GROUPING_AREA]), "figures")
    found = {(NAMES[f.measure], f.org_unit_name or None, f.target_s): f for f in figures}
    assert len(found) == len(figures) and all(f.origin == CITIZEN for f in figures)
    expected = expected_outcomes(kept, start, end)
    assert set(found) == set(expected)
    assert {target for measure, _, target in found if measure == "arrival"} == {0, 60, 180, 300}
    for key, outcomes in expected.items():
        figure, lengths = found[key], [o for o in outcomes if not isinstance(o, str)]
        reasons = {}
        for outcome in outcomes:
            if isinstance(outcome, str):
                reasons[outcome] = reasons.get(outcome, 0) + 1
        assert figure.total_count == len(outcomes), key
        assert {REASONS[e.reason]: e.count for e in figure.exclusions} == reasons, key
        assert figure.excluded_count == sum(reasons.values()), key
        assert figure.measured_count == len(lengths), key
        if lengths:
            for name, percent in (("p50_s", 50), ("p90_s", 90)):
                assert getattr(figure, name) == pytest.approx(numpy.percentile(
                    lengths, percent, method="inverted_cdf")), (key, name)
        if lengths and key[2]:
            within = int(numpy.count_nonzero(numpy.array(lengths) <= key[2]))
            assert figure.within_count == within, key
            assert figure.within_share == pytest.approx(within / len(lengths)), key
        else:
            assert not figure.HasField("within_share"), key


def test_hours_and_days_are_those_of_shanghai(replayed):
    suite, kept, _ = replayed
    start, end = period(kept)
    figures = every(suite, "ListIntervalFigures", analytics.ListIntervalFiguresRequest(
        start_time=stamp(start), end_time=stamp(end), measures=[analytics.INTERVAL_MEASURE_RESPONSE],
        groupings=[analytics.FIGURE_GROUPING_DAY, analytics.FIGURE_GROUPING_HOUR]), "figures")
    expected = {}
    for _, received, _ in calls_of(kept):
        if start <= received < end:
            local = received + datetime.timedelta(hours=8)
            key = (local.date().isoformat(), local.hour)
            expected[key] = expected.get(key, 0) + 1
    assert {(f.day, f.hour): f.total_count for f in figures} == expected


def test_utilisation_is_what_counting_seconds_gives(replayed):
    suite, kept, _ = replayed
    start, end = period(kept)
    figures = every(suite, "ListUtilisationFigures", analytics.ListUtilisationFiguresRequest(
        start_time=stamp(start), end_time=stamp(end)), "figures")
    units = {row["Unit ID"] for row in kept}
    length = int(seconds(start, end))
    busy = {unit: numpy.zeros(length, dtype=bool) for unit in units}
    for _, _, sent in calls_of(kept):
        for one in sent:
            over = one.clear if one.has_arrived else one.cancel
            if over is None:
                continue
            begin = max(0, int(seconds(start, one.dispatch)))
            busy[one.unit][begin:max(begin, int(seconds(start, over)))] = True
    local = (numpy.arange(length) + start.hour * 3600 + 8 * 3600) // 3600 % 24
    by_hour = {hour: sum(int(numpy.count_nonzero(b[local == hour])) for b in busy.values())
               for hour in set(local.tolist())}
    shown = [f for f in figures if not f.withheld and f.origin == CITIZEN]
    assert shown and {f.unit_kind for f in figures} == {"partner"}
    # Groups of fewer than three units are withheld, so the whole is an upper bound; each says how many.
    for hour, committed in by_hour.items():
        mine = [f for f in shown if f.hour == hour]
        hidden = [f for f in figures if f.hour == hour and f.origin == CITIZEN and f.withheld]
        assert sum(f.unit_count for f in mine + hidden) == len(units), hour
        part = sum(f.committed_s for f in mine)
        assert part == committed if not hidden else part <= committed, hour
        assert all(f.committed_s == 0 and not f.HasField("committed_share") for f in hidden)
        assert all(0 <= f.committed_s <= f.total_count for f in mine)


def test_the_file_is_read_by_another_program_and_runs_none(replayed, tmp_path):
    suite, kept, _ = replayed
    start, end = period(kept)
    shanghai = datetime.timedelta(hours=8)
    path = tmp_path / "figures.csv"
    suite.quintet("analytics", "export", "--from", (start + shanghai).isoformat(), "--to",
                  (end + shanghai).isoformat(), "--by", "area", "--csv", str(path))
    content = path.read_bytes()
    assert content.startswith("\ufeff指标 measure,来源 origin".encode())
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    figures = every(suite, "ListIntervalFigures", analytics.ListIntervalFiguresRequest(
        start_time=stamp(start), end_time=stamp(end),
        groupings=[analytics.FIGURE_GROUPING_AREA]), "figures")
    assert len(rows) == len(figures)
    for row, figure in zip(rows, figures):
        assert row["指标 measure"].endswith(" " + NAMES[figure.measure])
        assert int(row["总数 total"]) == figure.total_count
        assert int(row["除外 excluded"]) == figure.excluded_count
        assert row["中位秒 p50_s"] == (f"{figure.p50_s:.3f}" if figure.HasField("p50_s") else "")
    names = {row["机构 org_unit"] for row in rows}
    assert "'=西所" in names and not any(name[:1] in "=+-@" for name in names if name)
    for table in ("utilisation", "bulletin"):
        printed = suite.quintet("analytics", "export", "--from", "2016-12-31", "--to", "2017-01-09",
                                "--table", table).stdout
        assert len(list(csv.reader(io.StringIO(printed, newline="")))) > 2, table
    assert suite.quintet("analytics", "export", "--from", "2017-01-09", "--to", "2016-12-31",
                         check=False).returncode == 1


def test_the_bulletin_counts_all_orders_to_the_units_of_a_station(replayed):
    suite, kept, _ = replayed
    start, end = period(kept)
    lines = every(suite, "ListBulletinLines", analytics.ListBulletinLinesRequest(
        start_time=stamp(start), end_time=stamp(end)), "lines")
    mine = [line for line in lines if line.origin == CITIZEN]
    # A battalion is a station; who belongs to none is in no line.
    codes = {line.org_unit_code for line in mine}
    assert {"W1", "E1"} < codes and len(codes) > 8
    orders = [one for _, _, sent in calls_of(kept) for one in sent if start <= one.dispatch < end]
    assert 0 < sum(line.signed_30s.total_count for line in mine) <= len(orders)
    for line in mine:
        fed = (line.feedback_30min_count + line.feedback_60min_count + line.feedback_240min_count
               + line.feedback_later_count)
        assert line.feedback_total_count == line.feedback_excluded_count + fed
        assert line.signed_30s.within_count <= line.signed_30min.within_count
        assert line.signed_30s.total_count == line.signed_30min.total_count
    # In the slice, accounts are given when the last unit is free: all within half an hour.
    assert sum(line.feedback_30min_count for line in mine) > 50
    assert sum(line.on_time.total_count for line in mine) > 500
    judged = sum(line.satisfied.total_count for line in mine)
    assert judged > 50
    empty = [line for line in lines if line.origin != CITIZEN]
    assert all(line.signed_30s.total_count == 0 for line in empty)


def test_a_station_sees_its_own_and_others_are_refused(replayed):
    suite, kept, (west, east) = replayed
    start, end = period(kept)
    request = analytics.ListIntervalFiguresRequest(
        start_time=stamp(start), end_time=stamp(end), groupings=[analytics.FIGURE_GROUPING_AREA])
    token = suite.tokens.sign(suite.tokens.claims(
        subject="person/station.west", roles=["station"], areas=[west.id]))
    stub = analytics_grpc.AnalyticsServiceStub(suite.anonymous_channel())
    figures = stub.ListIntervalFigures(
        request, timeout=TIMEOUT, metadata=[("authorization", f"Bearer {token}")]).figures
    assert figures and {f.org_unit_id for f in figures} == {west.id}
    lines = stub.ListBulletinLines(analytics.ListBulletinLinesRequest(
        start_time=stamp(start), end_time=stamp(end)), timeout=TIMEOUT,
        metadata=[("authorization", f"Bearer {token}")]).lines
    assert {line.org_unit_id for line in lines} == {west.id}
    officer = suite.tokens.sign(suite.tokens.claims(
        subject="person/li", roles=["officer"], areas=[west.id]))
    with pytest.raises(grpc.RpcError) as refused:
        stub.ListIntervalFigures(
            request, timeout=TIMEOUT, metadata=[("authorization", f"Bearer {officer}")])
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
