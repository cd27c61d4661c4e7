# What Docs/scenarios.md names exists: calls on the wire, pages of the screen, tests.
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "Docs" / "scenarios.md").read_text()


def methods():
    found = set()
    for path in (ROOT / "Proto").rglob("*.proto"):
        text = path.read_text()
        package = re.search(r"^package quintet\.(\w+)\.v1;", text, re.M)
        for service, body in re.findall(r"(?m)^service (\w+) \{(.*?)^\}", text, re.S | re.M):
            found.add(f"{package[1]}.{service}")
            found |= {f"{package[1]}.{service}/{rpc}" for rpc in re.findall(r"\brpc (\w+)\(", body)}
    return found


def test_every_call_is_on_the_wire():
    named = set(re.findall(r"`(\w+\.\w+Service(?:/\w+)?)`", PAGE)) - {"command.DispatchService"}
    assert len(named) > 40
    assert named <= methods(), named - methods()


def test_every_page_is_one_of_the_screen():
    paths = set(re.findall(r'path: "(\w+)"', (ROOT / "Services/Gateway/Web/pages.js").read_text()))
    named = set(re.findall(r"`#/(\w+)`", PAGE))
    assert named and named <= paths, named - paths


def test_every_test_is_there_and_every_scenarios_test_is_named():
    named = {(ROOT / "Docs" / link).resolve() for link in re.findall(r"\]\((\.\./[\w/.]+)\)", PAGE)}
    missing = [path for path in named if not path.is_file()]
    assert not missing, missing
    scenarios = set((ROOT / "Tests" / "EndToEnd").glob("test_[cdips][0-9]_*.py"))
    assert scenarios <= named, scenarios - named
