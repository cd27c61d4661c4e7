# Roads from a file: what the suite says of travel times is what scipy says of the same file.
import gzip
import random
import re

import pytest
from client import units, wgs84
from quintet.duty.v1 import road_network_service_pb2 as network
from quintet.duty.v1 import road_network_service_pb2_grpc as network_grpc

from roads import FUTIAN, matrix, read

REAL = pytest.mark.skipif(
    not FUTIAN.exists(), reason=f"the sample data is not part of the project: no {FUTIAN.name}")
SMALL = """<?xml version='1.0'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="y" for="node" attr.name="y"/><key id="x" for="node" attr.name="x"/>
<key id="l" for="edge" attr.name="length"/><key id="h" for="edge" attr.name="highway"/>
<key id="o" for="edge" attr.name="oneway"/>
<graph edgedefault="{kind}">
<node id="1"><data key="y">22.5</data><data key="x">114.00</data></node>
<node id="2"><data key="y">22.5</data><data key="x">114.02</data></node>
{more}
<edge source="1" target="2"><data key="l">2100</data><data key="h">primary</data>
<data key="o">{oneway}</data></edge>
</graph></graphml>
"""


def write(folder, text, name="roads.graphml"):
    path = folder / name
    path.write_text(text)
    return str(path)


def estimate(suite, origins, to, kind=units.UNIT_KIND_CAR):
    stub = network_grpc.RoadNetworkServiceStub(suite.channel())
    return stub.EstimateTravel(network.EstimateTravelRequest(
        origins=[wgs84(*at) for at in origins], destination=wgs84(*to), kind=kind), timeout=10)


@REAL
def test_every_time_is_that_of_scipy(fresh_suite):
    from scipy.sparse.csgraph import dijkstra

    said = fresh_suite.quintet(
        "import", "roads", str(FUTIAN), "--source", "© OpenStreetMap contributors, ODbL 1.0").stdout
    ids, points, edges = read()
    assert f"nodes {len(ids)}" in said and f"edges {len(edges)}" in said and "refused 0" in said
    times = dijkstra(matrix(points, edges))
    chance = random.Random(11)
    near, compared, unequal = 0, 0, []
    # Where two crossings lie in one place, or a road passes over a crossing, the place is on both.
    for goal in chance.sample(range(len(points)), 40):
        origins = [n for n in chance.sample(range(len(points)), 60) if n != goal]
        answer = estimate(fresh_suite, [points[n] for n in origins], points[goal])
        assert answer.estimator.startswith(f"road_network nodes={len(ids)} edges={len(edges)}")
        for origin, told in zip(origins, answer.estimates):
            expected = times[origin, goal]
            compared += 1
            if expected > 3600:
                assert "路网不通" in told.words
                continue
            if abs(told.travel_time_s - expected) > 0.6:
                unequal.append((origin, goal, told.travel_time_s, expected))
            near += 1
    assert near > 1000
    # A crossing under a bridge is found on either road: such pairs are few.
    assert len(unequal) < 0.03 * compared, unequal[:5]


def test_each_line_that_is_no_good_is_told_and_the_rest_goes_in(fresh_suite, tmp_path):
    bad = ('<node id="three"/>\n<node id="4"><data key="y">95</data><data key="x">1</data></node>\n'
           '<edge source="1" target="9"><data key="l">5</data></edge>')
    path = write(tmp_path, SMALL.format(kind="directed", more=bad, oneway="True"))
    result = fresh_suite.quintet("import", "roads", path, check=False)
    assert result.returncode == 1
    assert "edges 1，不合格 refused 3" in result.stdout
    for line, words in ((9, "whole number"), (10, "not on the globe"), (11, "not there")):
        assert re.search(rf"[Ll]ine {line}: .*{words}", result.stderr), result.stderr
    there, back = estimate(fresh_suite, [(22.5, 114.0)], (22.5, 114.02)), estimate(
        fresh_suite, [(22.5, 114.02)], (22.5, 114.0))
    assert there.estimates[0].travel_time_s == pytest.approx(2100 / (50 / 3.6), abs=0.1)
    assert "No way by road" in back.estimates[0].words


def test_a_street_of_an_undirected_file_is_driven_both_ways(fresh_suite, tmp_path):
    path = write(tmp_path, SMALL.format(kind="undirected", more="", oneway="no"))
    fresh_suite.quintet("import", "roads", path, "--speed", "primary=100")
    for origin, goal in (((22.5, 114.0), (22.5, 114.02)), ((22.5, 114.02), (22.5, 114.0))):
        told = estimate(fresh_suite, [origin], goal).estimates[0]
        assert told.travel_time_s == pytest.approx(2100 / (100 / 3.6), abs=0.1)


@pytest.mark.parametrize("text", ["", "no xml", "<graphml><node id='1'>"])
def test_a_file_that_is_none_changes_nothing(fresh_suite, tmp_path, text):
    good = write(tmp_path, SMALL.format(kind="directed", more="", oneway="True"))
    fresh_suite.quintet("import", "roads", good)
    before = fresh_suite.dump("duty")
    result = fresh_suite.quintet("import", "roads", write(tmp_path, text, "bad"), check=False)
    assert result.returncode == 1
    assert "not GraphML" in result.stderr or "Not one edge" in result.stderr
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(open(good, "rb").read())[:-20])
    assert fresh_suite.quintet("import", "roads", str(cut), check=False).returncode == 1
    assert fresh_suite.dump("duty") == before
