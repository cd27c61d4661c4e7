# C2, where it begins: a child is lost near a park, and the caller says so. Which words lead to which point;
# the units around it are another test's matter.
import pytest
from client import TIMEOUT, location, request_id, wgs84
from quintet.intelligence.v1 import gazetteer_service_pb2 as gazetteer
from quintet.intelligence.v1 import gazetteer_service_pb2_grpc as gazetteer_grpc

PARK = (28.510, 120.710)
PLACES = [
    ("park", gazetteer.PLACE_KIND_PARK, "望澜湖公园", PARK, ""),
    ("gate", gazetteer.PLACE_KIND_LANDMARK, "望澜湖公园南门", (28.508, 120.710), ""),
    ("other", gazetteer.PLACE_KIND_PARK, "望江公园", (28.560, 120.760), ""),
    ("mall", gazetteer.PLACE_KIND_SHOP, "湖滨购物中心", (28.507, 120.712), "湖滨路18号"),
    ("h22", gazetteer.PLACE_KIND_ADDRESS, "湖滨路22号", (28.507, 120.713), "湖滨路22号"),
    ("cross", gazetteer.PLACE_KIND_INTERSECTION, "湖滨路与文昌街路口", (28.507, 120.715), ""),
]


@pytest.fixture(scope="module")
def stub(suite):
    stub = gazetteer_grpc.GazetteerServiceStub(suite.channel())
    for code, kind, name, point, address in PLACES:
        stub.PutPlace(gazetteer.PutPlaceRequest(request_id=request_id("c2"), place=gazetteer.PlaceContent(
            code=f"c2.{code}", kind=kind, name=name, address=address, point=wgs84(*point))), timeout=TIMEOUT)
    return stub


def locate(stub, **told):
    return list(stub.Locate(gazetteer.LocateRequest(**told), timeout=TIMEOUT).candidates)


@pytest.mark.parametrize("said,code", [
    ("望澜湖公园", "park"), ("旺兰湖公园", "park"), ("望湖澜公园", "park"), ("望澜公园", "park"),
    ("望澜湖公园旁边", "park"), ("望瀾湖公園", "park"), ("望澜湖公园南门", "gate"), ("湖滨购物中心门口", "mall"),
    ("湖滨路18号", "mall"), ("文昌街和湖滨路交叉口", "cross"),
])
def test_the_caller_near_the_park_is_found_by_what_was_said(stub, said, code):
    found = locate(stub, address=said, limit=3)
    assert found and found[0].place.code == f"c2.{code}", (said, [c.name for c in found])
    assert 0 < found[0].confidence <= 1 and found[0].uncertainty_m > 0
    # Chinese first, English second.
    assert any("\u4e00" <= letter <= "\u9fff" for letter in found[0].reason.split(".")[0])
    assert any(letter.isascii() and letter.isalpha() for letter in found[0].reason)


def test_a_number_between_two_houses_is_worked_out_between_them(stub):
    found = locate(stub, address="湖滨路20号")[0]
    assert not found.HasField("place")
    assert 120.712 < found.point.longitude < 120.713
    assert found.uncertainty_m >= 25
    assert gazetteer.LOCATE_EVIDENCE_KIND_INTERPOLATED in [e.kind for e in found.evidence]


def test_fifty_metres_east_is_fifty_metres_east(stub):
    found = locate(stub, address="望澜湖公园东侧50米")[0]
    assert abs(found.point.latitude - PARK[0]) < 1e-5
    assert abs((found.point.longitude - PARK[1]) * 111_195 * 0.8787 - 50) < 1


def test_nothing_beyond_five_hundred_metres_is_answered(stub):
    near = wgs84(*PARK)
    names = {c.name for c in locate(stub, address="公园", near_point=near, near_radius_m=500, limit=50)}
    assert "望澜湖公园" in names and "望江公园" not in names
    wide = locate(stub, address="望江公园", near_point=near, near_radius_m=20_000)
    assert wide[0].name == "望江公园"


def test_a_point_of_the_wrong_datum_is_noticed(stub):
    # A published pair: googollee/eviltransform, as in Tests/GeographyTests.
    there, shifted = (31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)
    stub.PutPlace(gazetteer.PutPlaceRequest(request_id=request_id("c2"), place=gazetteer.PlaceContent(
        code="c2.datum", kind=gazetteer.PLACE_KIND_PARK, name="基准测试园", point=wgs84(*there))), timeout=TIMEOUT)

    def ask(datum):
        return stub.Locate(gazetteer.LocateRequest(address="基准测试园", point=location.GeoPoint(
            latitude=shifted[0], longitude=shifted[1], datum=datum)), timeout=TIMEOUT)

    told = ask(location.DATUM_WGS84)
    assert [(n.code, n.datum) for n in told.notices] == [("DATUM_DOUBTFUL", location.DATUM_GCJ02)]
    right = ask(location.DATUM_GCJ02)
    assert not right.notices
    assert {e.kind for e in right.candidates[0].evidence} == {
        gazetteer.LOCATE_EVIDENCE_KIND_EXACT, gazetteer.LOCATE_EVIDENCE_KIND_DISTANCE}
    assert right.candidates[0].evidence[1].distance_m < 1
