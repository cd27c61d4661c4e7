# C8: an island with 220 numbered plates and one-press pillars. Whoever reads a number, or says what is seen,
# is found; through the gateway of a running suite, by a client that knows nothing but the Proto.
import json
import random

import grpc
import pytest
from client import TIMEOUT, location, request_id, wgs84
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from quintet.intelligence.v1 import gazetteer_service_pb2 as gazetteer
from quintet.intelligence.v1 import gazetteer_service_pb2_grpc as gazetteer_grpc

STONES = ["一块大石头", "平顶大石", "三块叠石", "鹰嘴石", "龟背石", "刻字石碑"]
TREES = ["两棵松树", "歪脖子柳树", "一片竹林", "三棵樟树", "老榕树", "成排水杉", "几棵棕榈"]
SIGHTS = ["灯塔", "码头", "凉亭", "小石桥", "风车", "土地庙"]


def number(index):
    digits = [index // 100, index // 10 % 10, index % 10]
    return "QL-" + "".join(map(str, digits)) + str((digits[0] * 3 + digits[1] * 7 + digits[2] * 9) % 10)


def looks():
    every = [(stone, tree, sight) for stone in STONES for tree in TREES for sight in SIGHTS]
    random.Random(8).shuffle(every)
    return every


@pytest.fixture(scope="module")
def island(suite):
    """220 plates and pillars, put by one import: number → (point, what is seen)."""
    stub = gazetteer_grpc.GazetteerServiceStub(suite.channel())
    placed, entries = {}, []
    for index, seen in zip(range(1, 221), looks()):
        point = (28.30 + index // 20 * 0.0004, 120.90 + index % 20 * 0.0004)
        is_pillar = index % 18 == 0
        placed[number(index)] = (point, seen)
        entries.append(gazetteer.ImportEntry(plate=gazetteer.LocationPlateContent(
            number=number(index), description="，".join(seen), point=wgs84(*point),
            kind=gazetteer.PLACE_KIND_PILLAR if is_pillar else gazetteer.PLACE_KIND_PLATE,
            device_code=f"sos-{index}" if is_pillar else "")))
    batch = gazetteer.ImportPlacesRequest(request_id=request_id("island"), entries=entries)
    answers = list(stub.ImportPlaces(iter([batch, batch]), timeout=60))
    # The same batch again is answered alike and does nothing.
    assert [(a.stored_count, a.added_count, len(a.problems)) for a in answers] == [(220, 220, 0)] * 2
    return stub, placed


def locate(stub, **told):
    return list(stub.Locate(gazetteer.LocateRequest(**told), timeout=TIMEOUT).candidates)


def refused(body):
    with pytest.raises(grpc.RpcError) as caught:
        body()
    reason, field = "", ""
    for detail in rpc_status.from_call(caught.value).details:
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad):
            field = bad.field_violations[0].field
    return caught.value.code().name, reason, field


def test_every_plate_number_is_its_point_at_once(island):
    stub, placed = island
    for name, (point, _) in placed.items():
        found = locate(stub, plate_number=name)
        assert [c.place.code for c in found] == [name]
        assert (found[0].point.latitude, found[0].point.longitude) == point
        assert found[0].point.datum == location.DATUM_WGS84
        assert found[0].confidence == 1 and found[0].reason


def test_what_is_seen_leads_to_the_plate_within_the_first_three(island):
    stub, placed = island
    first = 0
    for name, (_, seen) in placed.items():
        found = locate(stub, description=" ".join(seen), limit=3)
        assert name in [c.place.code for c in found], (name, seen)
        first += found[0].place.code == name
        # As it is said into a telephone: in another order, with words between.
        stone, tree, sight = seen
        spoken = locate(stub, description=f"我看得见{sight}，旁边有{tree}和{stone}", limit=3)
        assert name in [c.place.code for c in spoken], (name, seen)
    assert first == len(placed)


def test_one_misread_digit_still_finds_the_plate(island):
    stub, placed = island
    chance = random.Random(9)
    for name, (point, _) in placed.items():
        digits = list(name)
        at = chance.randrange(3, 7)
        digits[at] = chance.choice([d for d in "0123456789" if d != digits[at]])
        # The fourth digit tells: no misread number is another plate's.
        misread = "".join(digits)
        assert misread not in placed
        found = locate(stub, plate_number=misread, limit=50)
        right = next(c for c in found if c.place.code == name)
        assert right.confidence < 1
        assert right.evidence[0].kind == gazetteer.LOCATE_EVIDENCE_KIND_MISREAD
        # With what is seen, it is first.
        seen = placed[name][1]
        assert locate(stub, plate_number=misread, description=" ".join(seen))[0].place.code == name
        # And so it is with a hint of where the caller is.
        assert name in [c.place.code for c in locate(
            stub, plate_number=misread, near_point=wgs84(*point), limit=3)]


def test_a_pillar_is_found_by_its_device(island):
    stub, placed = island
    for index in range(18, 221, 18):
        found = locate(stub, device_code=f"sos-{index}")
        assert [c.place.code for c in found] == [number(index)]
        assert found[0].place.kind == gazetteer.PLACE_KIND_PILLAR


def test_the_point_itself_leads_to_the_nearest_plate_in_any_datum(island):
    stub, placed = island
    (latitude, longitude), _ = placed[number(100)]
    for datum in (location.DATUM_WGS84, location.DATUM_CGCS2000):
        found = locate(stub, point=location.GeoPoint(latitude=latitude, longitude=longitude, datum=datum))
        assert found[0].place.code == number(100)
    shifted = locate(stub, point=location.GeoPoint(
        latitude=latitude, longitude=longitude, datum=location.DATUM_GCJ02))
    assert not shifted or shifted[0].place.code != number(100)


def test_bad_input_is_refused_with_field_and_rule(island):
    stub, placed = island
    taken = number(18)

    def put(**changes):
        content = {"number": "NEW-1", "kind": gazetteer.PLACE_KIND_PLATE, "point": wgs84(28, 120), **changes}
        return lambda: stub.PutLocationPlate(gazetteer.PutLocationPlateRequest(
            request_id=request_id(), plate=gazetteer.LocationPlateContent(**content)), timeout=TIMEOUT)

    invalid = "INVALID_ARGUMENT"
    assert refused(put(number="")) == (invalid, "REQUIRED", "plate.number")
    assert refused(put(number="第七号")) == (invalid, "CHARACTERS_NOT_ALLOWED", "plate.number")
    assert refused(put(kind=gazetteer.PLACE_KIND_PARK)) == (invalid, "KIND_NOT_ALLOWED", "plate.kind")
    assert refused(put(point=None)) == (invalid, "REQUIRED", "plate.point")
    assert refused(put(point=location.GeoPoint(latitude=28, longitude=120))) == (
        invalid, "DATUM_REQUIRED", "plate.point.datum")
    assert refused(put(description="长" * 501)) == (invalid, "TOO_LONG", "plate.description")
    assert refused(put(device_code="sos-18")) == ("ALREADY_EXISTS", "DEVICE_CODE_TAKEN", "device_code")
    assert refused(lambda: stub.PutPlace(gazetteer.PutPlaceRequest(
        request_id=request_id(), place=gazetteer.PlaceContent(
            code=taken, kind=gazetteer.PLACE_KIND_PARK, name="同号公园", point=wgs84(28, 120))),
        timeout=TIMEOUT)) == ("ALREADY_EXISTS", "CODE_TAKEN", "code")
    assert refused(lambda: locate(stub)) == (invalid, "REQUIRED", "address")
    assert refused(lambda: locate(stub, address="公园", near_radius_m=5)) == (invalid, "REQUIRED", "near_point")
    assert refused(lambda: stub.GetPlace(gazetteer.GetPlaceRequest(id="NEW-1"), timeout=TIMEOUT)) == (
        "NOT_FOUND", "PLACE_UNKNOWN", "id")
    # Every one of these left things as they were.
    listed = stub.ListPlaces(gazetteer.ListPlacesRequest(
        page_size=500, kinds=[gazetteer.PLACE_KIND_PLATE, gazetteer.PLACE_KIND_PILLAR]), timeout=TIMEOUT)
    assert {place.code for place in listed.places} >= set(placed)
    assert "NEW-1" not in {place.code for place in listed.places}


def test_whoever_keeps_no_gazetteer_changes_none_and_partners_ask_nothing(suite, island):
    ask = {"locate": lambda stub, metadata: stub.Locate(gazetteer.LocateRequest(
        plate_number=number(1)), timeout=TIMEOUT, metadata=metadata)}
    ask["put"] = lambda stub, metadata: stub.PutLocationPlate(gazetteer.PutLocationPlateRequest(
        request_id=request_id(), plate=gazetteer.LocationPlateContent(
            number="ACCESS-1", kind=gazetteer.PLACE_KIND_PLATE, point=wgs84(28, 120))),
        timeout=TIMEOUT, metadata=metadata)
    allowed = {"dispatcher": {"locate"}, "call-taker": {"locate"}, "officer": {"locate"},
               "analyst": {"locate", "put"}, "shift-leader": {"locate", "put"}, "operator": {"locate", "put"},
               "volunteer": set(), "opinion-editor": set()}
    stub = gazetteer_grpc.GazetteerServiceStub(suite.anonymous_channel())
    for role, may in allowed.items():
        token = suite.tokens.sign(suite.tokens.claims(f"person/{role}", roles=[role], areas=["*"]))
        for what, call in ask.items():
            metadata = (("authorization", f"Bearer {token}"),)
            if what in may:
                call(stub, metadata)
            else:
                code, reason, _ = refused(lambda: call(stub, metadata))
                assert (code, reason[:5]) == ("PERMISSION_DENIED", "ROLE_"), (role, what)


def test_a_search_is_recorded_with_who_asked(suite, island):
    suite.quintet("locate", "--plate", number(2))
    assert "GazetteerService/Locate" in suite.quintet("audit", "show", "intelligence").stdout


def test_the_command_line_finds_a_plate_and_takes_in_files(suite, island, tmp_path):
    answer = json.loads(suite.quintet("locate", number(7), "--json").stdout)
    assert answer["candidates"][0]["place"]["code"] == number(7)
    words = suite.quintet("locate", number(7)).stdout
    assert "编号“" in words and "number matches" in words
    table = tmp_path / "places.csv"
    table.write_text(
        "kind,name,latitude,longitude,address,aliases\n"
        "park,逸仙公园,28.41,120.91,,中央公园;江边公园\n"
        "address,滨江路18号,28.42,120.92,滨江路18号,\n"
        "palace,不知何物,28.42,120.92,,\n"
        "park,,28.42,120.92,,\n", encoding="utf-8")
    taken = suite.quintet("import", "places", str(table), check=False)
    assert taken.returncode == 1, taken
    assert "stored 2（新增 added 2）" in taken.stdout and "kind_unknown 1" in taken.stdout
    assert "name_missing 1" in taken.stdout
    assert "逸仙公园" in suite.quintet("locate", "一仙公园").stdout
    assert "逸仙公园" in suite.quintet("locate", "江边公园").stdout
    features = tmp_path / "places.geojson"
    features.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "望潮楼"},
         "geometry": {"type": "Point", "coordinates": [120.95, 28.45]}},
        {"type": "Feature", "properties": {"name": "听涛路", "kind": "road"},
         "geometry": {"type": "LineString", "coordinates": [[120.95, 28.45], [120.96, 28.45], [120.97, 28.45]]}},
    ]}), encoding="utf-8")
    assert suite.quintet("import", "places", str(features)).returncode == 0
    again = suite.quintet("import", "places", str(features))
    assert "stored 2" in again.stdout
    road = json.loads(suite.quintet("locate", "听涛路", "--json").stdout)["candidates"][0]
    assert road["point"]["longitude"] == 120.96 and road["uncertaintyM"] > 900
    assert suite.quintet("locate", "绝无此地名词", check=False).returncode == 1
