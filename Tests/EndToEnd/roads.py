# An independent reading of a GraphML road network and its shortest times: xml.etree and scipy, nothing
# of the suite. The speeds are those that TravelSpeeds documents.
import gzip
import xml.etree.ElementTree as ElementTree

import numpy
from conftest import SAMPLE_DATA
from scipy.sparse import csr_matrix

FUTIAN = SAMPLE_DATA / "shenzhen_futian_osm_drive.graphml.gz"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
KMH = {
    "motorway": 80, "motorway_link": 45, "trunk": 60, "trunk_link": 40, "primary": 50,
    "primary_link": 35, "secondary": 45, "secondary_link": 35, "tertiary": 40,
    "tertiary_link": 30, "residential": 30, "unclassified": 30, "living_street": 15,
    "service": 20, "other": 25,
}


def listed(value):
    return [part.strip("[]' ") for part in value.split(",")] if value else []


def read(path=FUTIAN):
    """(ids, points, edges): edges are (from, to, metres, seconds) by place in `ids`."""
    with gzip.open(path) as file:
        root = ElementTree.parse(file).getroot()
    names = {key.get("id"): key.get("attr.name") for key in root.iter(f"{GRAPHML}key")}

    def data(element):
        return {names[d.get("key")]: d.text for d in element.iter(f"{GRAPHML}data")}

    ids, points, edges = {}, [], []
    for node in root.iter(f"{GRAPHML}node"):
        ids[node.get("id")] = len(points)
        values = data(node)
        points.append((float(values["y"]), float(values["x"])))
    for edge in root.iter(f"{GRAPHML}edge"):
        values = data(edge)
        limits = [float(v) for v in listed(values.get("maxspeed")) if v.replace(".", "").isdigit()]
        road = (listed(values.get("highway")) or ["other"])[0]
        kmh = min(limits) if limits else KMH.get(road, KMH["other"])
        metres = float(values["length"])
        edges.append((ids[edge.get("source")], ids[edge.get("target")], metres,
                      metres / (kmh / 3.6)))
    return list(ids), points, edges


def matrix(points, edges):
    """Seconds from row to column; of parallel roads the quickest."""
    best = {}
    for start, end, _, seconds in edges:
        best[start, end] = min(seconds, best.get((start, end), seconds))
    rows, columns = zip(*best)
    return csr_matrix(
        (numpy.fromiter(best.values(), float), (rows, columns)), shape=(len(points),) * 2)
