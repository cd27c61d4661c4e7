# Real processes, the pages as the gateway serves them, and a real browser: Debian's Chromium.
import importlib.util
import pathlib
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
END_TO_END = ROOT / "Tests" / "EndToEnd"
sys.path.insert(0, str(END_TO_END))


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


end_to_end = _load("end_to_end", END_TO_END / "conftest.py")
suite = end_to_end.suite
fresh_suite = end_to_end.fresh_suite
pytest_sessionfinish = end_to_end.pytest_sessionfinish

from world import World  # noqa: E402  (needs the generated stubs)

DESKTOP = {"width": 1440, "height": 900}
# Milliseconds: a busy machine is slow, and slowness is measured elsewhere.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


class Windows:
    """Opens a window for somebody who is signed in, and remembers what went wrong in it."""

    def __init__(self, browser):
        self.browser = browser
        self.contexts = []
        self.problems = []
        # What a test means to provoke, such as an unreachable gateway.
        self.expected = []

    def open(self, suite, roles, page="", areas=("*",), viewport=DESKTOP, language="zh", **claims):
        context = self.browser.new_context(viewport=viewport, locale="zh-CN")
        self.contexts.append(context)
        context.add_init_script(
            f"localStorage.setItem('quintet.language', '{language}');"
            "window.violations = [];"
            "addEventListener('securitypolicyviolation',"
            " (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));")
        window = context.new_page()
        window.set_default_timeout(PATIENCE)
        window.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        window.on("console", self._console)
        subject = "person/" + roles[0].replace("-", ".")
        token = suite.tokens.sign(suite.tokens.claims(
            subject, roles=list(roles), areas=list(areas), **claims))
        window.goto(f"{suite.http}/#token={token}")
        window.wait_for_selector(".head")
        assert token not in window.url
        if page:
            go(window, page)
        return window

    def _console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text} {message.location.get('url', '')}")

    def check(self):
        """No script failed, and nothing was refused by the policy."""
        for context in self.contexts:
            for window in context.pages:
                self.problems += window.evaluate("window.violations ?? []")
        left = [one for one in self.problems if not any(word in one for word in self.expected)]
        assert not left, left

    def close(self):
        for context in self.contexts:
            context.close()


def go(window, page):
    window.evaluate("(page) => { location.hash = '#/' + page; }", page)


@pytest.fixture
def windows(browser):
    windows = Windows(browser)
    yield windows
    try:
        windows.check()
    finally:
        windows.close()


@pytest.fixture(scope="session")
def world(suite):
    return World(suite)
