# D3: 1-3-5 minutes. The map of now says which squares, calls and key places a free patrol would reach in time;
# a patrol that is sent away leaves a hole; a station sees its own part; and each hour keeps how it stood.
import time

import grpc
import pytest
from client import Client, assignment, dispatch, kind, organisation, units, wgs84
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.duty.v1 import coverage_service_pb2 as coverage
from quintet.duty.v1 import coverage_service_pb2_grpc as coverage_grpc

NORTH = [(28.00, 120.60), (28.00, 120.65), (28.04, 120.65), (28.04, 120.60)]
SOUTH = [(27.96, 120.60), (27.96, 120.65), (28.00, 120.65), (28.00, 120.60)]
KEY = [(28.0195, 120.6195), (28.0195, 120.6205), (28.0205, 120.6205), (28.0205, 120.6195)]


def facts(error):
    reason = field = None
    for detail in rpc_status.from_call(error).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return error.code(), reason, field


@pytest.fixture
def hall(fresh_suite):
    call = Client(fresh_suite.channel())
    call.coverage = coverage_grpc.CoverageServiceStub(fresh_suite.channel())
    call(call.units.PutTravelModel, units.PutTravelModelRequest(
        model=units.TravelModel(detour_factor=1.2, speed_mps=12, turnout_s=25)))
    call.north = call.make_station("N1", "北所", NORTH)
    call.south = call.make_station("S1", "南所", SOUTH, organisation.AREA_CLASS_OTHER)
    from quintet.type.v1 import location_pb2 as location
    call(call.organisation.PutJurisdiction, organisation.PutJurisdictionRequest(
        org_unit_id=call.north.id, area_class=organisation.AREA_CLASS_KEY_PLACE,
        area=location.GeoPolygon(corners=[wgs84(*corner) for corner in KEY])))
    call.near = call.make_unit("北巡1", (28.0210, 120.6210), call.north.id)
    call.far = call.make_unit("北巡2", (28.0380, 120.6480), call.north.id)
    call.other = call.make_unit("南巡1", (27.9700, 120.6100), call.south.id)
    return fresh_suite, call


def by_code(answer):
    return {(area.org_unit_name, area.area_class): area for area in answer.areas}


def test_the_map_of_now_and_the_hole_that_a_dispatch_leaves(hall):
    suite, call = hall
    inside = call.open_incident((28.020, 120.620), "争吵", kind.INCIDENT_CLASS_DISPUTE)
    suite.caught_up()
    answer = call(call.coverage.GetCoverage, coverage.GetCoverageRequest())
    assert answer.estimator.startswith("straight_line") and answer.turnout_s == 25
    assert answer.free_patrol_count == 3 and 100 <= answer.cell_m <= 250
    assert 1000 < len(answer.cells) <= 10_000
    # Each cell is where it says it is, and its verdict follows from its time and its class.
    target = {organisation.AREA_CLASS_KEY_PLACE: 60, organisation.AREA_CLASS_CENTRE: 180,
              organisation.AREA_CLASS_OTHER: 300}
    for cell in answer.cells:
        latitude = answer.origin.latitude + (cell.row + 0.5) * answer.cell_height_deg
        assert cell.is_covered == (cell.travel_time_s <= target[cell.area_class])
        assert (cell.area_class == organisation.AREA_CLASS_OTHER) == (latitude < 28.0)
    areas = by_code(answer)
    north = areas["北所", organisation.AREA_CLASS_CENTRE]
    # Shares stand beside what they were counted from, and add up.
    in_north = [c for c in answer.cells if c.area_class != organisation.AREA_CLASS_OTHER]
    assert north.by_area.total_count == len(in_north)
    assert north.by_area.covered_count == sum(c.is_covered for c in in_north)
    assert 0 < north.by_area.share < 1
    assert north.by_calls.total_count == 1 and north.by_calls.covered_count == 1
    place = answer.key_places[0]
    assert place.is_covered and [p.call_sign for p in place.patrols] == ["北巡1", "北巡2", "南巡1"]

    # The near one is sent: the key place has nobody in time, and it is said who nearly is.
    sent = call(call.dispatch.DispatchUnits, dispatch.DispatchUnitsRequest(
        incident_id=inside.incident_id, unit_ids=[call.near.id])).assignments[0]
    suite.caught_up()
    after = call(call.coverage.GetCoverage, coverage.GetCoverageRequest(without_cells=True))
    assert not after.cells and after.free_patrol_count == 2
    place = after.key_places[0]
    assert not place.is_covered and place.patrols[0].call_sign == "北巡2"
    assert place.patrols[0].late_by_s == pytest.approx(place.patrols[0].travel_time_s - 60)
    assert place.reason.startswith("未覆盖：最近为 北巡2") and "too late" in place.reason
    assert by_code(after)["北所", organisation.AREA_CLASS_CENTRE].by_area.covered_count < (
        north.by_area.covered_count)
    # It was really there in time: that is counted apart, of the same calls.
    for step in (assignment.ASSIGNMENT_STEP_ACKNOWLEDGE, assignment.ASSIGNMENT_STEP_DEPART,
                 assignment.ASSIGNMENT_STEP_ARRIVE):
        call.step(sent.id, step)
    suite.caught_up()
    arrived = by_code(call(call.coverage.GetCoverage, coverage.GetCoverageRequest(without_cells=True)))
    actual = arrived["北所", organisation.AREA_CLASS_KEY_PLACE].by_arrivals
    assert (actual.covered_count, actual.total_count, actual.excluded_count) == (1, 1, 0)


def test_a_station_sees_its_own_part(hall):
    suite, call = hall
    channel = suite.anonymous_channel()
    stub = coverage_grpc.CoverageServiceStub(channel)

    def ask(request, roles, areas):
        token = suite.tokens.sign(suite.tokens.claims("person/room", roles=roles, areas=areas))
        return stub.GetCoverage(request, timeout=10, metadata=(("authorization", f"Bearer {token}"),))

    own = ask(coverage.GetCoverageRequest(), ["station"], [call.south.id])
    assert {area.org_unit_name for area in own.areas} == {"南所"} and not own.key_places
    assert {cell.call_sign for cell in own.cells} <= {"南巡1", ""}
    assert {cell.area_class for cell in own.cells} == {organisation.AREA_CLASS_OTHER}
    # Patrols of others count, and are not named.
    assert any(cell.is_covered and not cell.call_sign for cell in own.cells)
    for roles in (["officer"], ["volunteer"]):
        with pytest.raises(grpc.RpcError) as refused:
            ask(coverage.GetCoverageRequest(), roles, [call.south.id])
        assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED


def test_each_hour_keeps_how_it_stood(hall):
    suite, call = hall
    now = int(time.time())
    hour = now // 3600 * 3600
    first = Timestamp(seconds=hour - 3600)
    request = coverage.TakeCoverageSampleRequest(request_id="d3-sample", occur_time=first)
    taken = call(call.coverage.TakeCoverageSample, request)
    assert taken.sample_count == 3 and taken.hour_time.seconds == hour - 3600
    # The same request has the same answer; the hour keeps the sample it has.
    assert call(call.coverage.TakeCoverageSample, request) == taken
    assert call(call.coverage.TakeCoverageSample, coverage.TakeCoverageSampleRequest(
        occur_time=Timestamp(seconds=hour - 60))).sample_count == 0
    span = dict(start_time=Timestamp(seconds=hour - 3 * 3600), end_time=Timestamp(seconds=hour))
    seen, token = [], ""
    while True:
        page = call(call.coverage.ListCoverageSamples, coverage.ListCoverageSamplesRequest(
            page_size=2, page_token=token, **span))
        seen += page.samples
        token = page.next_page_token
        if not token:
            break
    assert [s.org_unit_name for s in seen] == ["北所", "北所", "南所"]
    assert all(s.free_patrol_count == 3 and s.by_area.total_count for s in seen)
    # Hours that nobody looked at are said to be missing, not guessed.
    assert [t.seconds for t in page.missing_hour_times] == [hour - 3 * 3600, hour - 2 * 3600]


def test_bad_questions_name_the_field_and_the_rule(hall):
    suite, call = hall
    cases = [
        (call.coverage.GetCoverage, coverage.GetCoverageRequest(cell_m=99), "OUT_OF_RANGE", "cell_m"),
        (call.coverage.GetCoverage, coverage.GetCoverageRequest(days=91), "OUT_OF_RANGE", "days"),
        (call.coverage.GetCoverage, coverage.GetCoverageRequest(
            as_of_time=Timestamp(seconds=int(time.time()) + 600)), "TIME_IN_FUTURE", "as_of_time"),
        (call.coverage.ListCoverageSamples, coverage.ListCoverageSamplesRequest(
            start_time=Timestamp(seconds=2), end_time=Timestamp(seconds=1)), "TIMES_REVERSED", "end_time"),
        (call.coverage.ListCoverageSamples, coverage.ListCoverageSamplesRequest(
            start_time=Timestamp(seconds=1), end_time=Timestamp(seconds=32 * 86400)), "OUT_OF_RANGE", "end_time"),
    ]
    for method, request, reason, field in cases:
        with pytest.raises(grpc.RpcError) as refused:
            call(method, request)
        assert facts(refused.value) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)
