# The figures of a replay, computed from the file alone, with nothing of the suite in between.
import csv
import datetime
import gzip
import io
import math


def read_rows(path):
    data = gzip.open(path, "rb").read() if str(path).endswith(".gz") else open(path, "rb").read()
    return list(csv.DictReader(io.StringIO(data.decode())))


def when(text):
    return datetime.datetime.fromisoformat(text) if text else None


def nearest_rank(values, share):
    ranked = sorted(values)
    return ranked[max(1, math.ceil(share * len(ranked))) - 1]


def intervals(rows):
    """By final priority: count, negatives, median and 90th percentile of both intervals, in seconds."""
    calls = {}
    for row in rows:
        calls.setdefault(row["Call Number"], []).append(row)
    found = {}
    for mates in calls.values():
        received = min(when(row["Received DtTm"]) for row in mates)
        priority = mates[0]["Final Priority"]
        for name, column in (("received_to_dispatch", "Dispatch DtTm"),
                             ("received_to_on_scene", "On Scene DtTm")):
            times = [when(row[column]) for row in mates if row[column]]
            if times:
                seconds = (min(times) - received).total_seconds()
                found.setdefault(priority, {}).setdefault(name, []).append(seconds)
    report = {}
    for priority, both in found.items():
        report[priority] = {}
        for name, seconds in both.items():
            kept = [s for s in seconds if s >= 0]
            report[priority][name] = {
                "count": len(kept), "negative": len(seconds) - len(kept),
                "median_s": nearest_rank(kept, 0.5) if kept else None,
                "p90_s": nearest_rank(kept, 0.9) if kept else None,
            }
    return len(calls), report
