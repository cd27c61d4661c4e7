# Stores that earlier versions left behind: today's programs bring them up to date and lose nothing.
import sqlite3

import old_stores
import pytest
from client import Client, kind
from conftest import SERVICES, Suite

# Retention deletes these by the calendar, and these count how far the feed and the roster have come.
PASSING = {"known_call", "repeat_finding", "heard_clock", "roster_head"}


def schema(path):
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    return set(store.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


def rows(path):
    """Every row of every table, as (table, columns, values)."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    tables = [name for name, in store.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    for table in tables:
        cursor = store.execute(f"SELECT * FROM {table}")
        columns = [column[0] for column in cursor.description]
        for values in cursor:
            yield table, columns, values


def lost(before, path):
    """Those of the rows that are no longer there as they were; columns may have been added."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for table, columns, values in before:
        where = " AND ".join(f"{column} IS ?" for column in columns)
        if not store.execute(f"SELECT 1 FROM {table} WHERE {where}", values).fetchone():
            yield table, values


@pytest.mark.parametrize("name", old_stores.names())
def test_old_stores_are_brought_up_to_date_and_lose_nothing(name, suite, new_folder):
    old = Suite(new_folder)
    old_stores.load(name, old.data_dir)
    kept = {service: [row for row in rows(old.data_dir / f"{service}.sqlite")
                      if row[0] not in PASSING] for service in SERVICES}
    assert min(len(found) for found in kept.values()) > 5
    old.start()
    try:
        old.caught_up()
    finally:
        assert old.stop() == 0
    for service in SERVICES:
        path = old.data_dir / f"{service}.sqlite"
        assert list(lost(kept[service], path)) == [], service
        assert schema(path) == schema(suite.data_dir / f"{service}.sqlite"), service
    found = old.quintet("verify", "store").stdout
    assert found.count("完好") == len(SERVICES), found
    old.start()
    try:
        call = Client(old.channel())
        listed = call.open_incident((28.02, 120.65), "旧库继续使用", kind.INCIDENT_CLASS_HELP)
        assert call.incident(listed.incident_id).id == listed.incident_id
        old.caught_up()
    finally:
        old.stop()
