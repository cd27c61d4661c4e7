# The gateway is stopped and killed under open pages: they say so, keep what they knew, and go on by themselves
# when it is back.
import os
import pathlib
import shutil
import signal
import socket
import tempfile

import pytest
from client import Client
from conftest import end_to_end
from playwright.sync_api import expect
from world import World


@pytest.fixture
def lasting():
    """A suite whose gateway comes back under the same address, as a real one does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="q-")
    suite = end_to_end.Suite(pathlib.Path(folder)).start(http=f"127.0.0.1:{port}")
    yield suite
    suite.stop()
    shutil.rmtree(folder, ignore_errors=True)


def test_pages_outlive_the_gateway(lasting, windows):
    world = World(lasting)
    first = world.incident("停机前的警情")
    hall = windows.open(lasting, ["dispatcher"], "hall")
    page = windows.open(lasting, ["dispatcher"], f"incident/{first}")
    queue = hall.locator(".queue")
    expect(queue).to_contain_text("停机前的警情")
    expect(page.locator("h1")).to_contain_text("停机前的警情")

    windows.expected += ["Failed to load resource", "ERR_"]
    gateway = lasting.pid("gateway")
    os.kill(gateway, signal.SIGSTOP)
    try:
        expect(hall.locator("#stale")).to_be_visible(timeout=60_000)
        expect(queue).to_contain_text("停机前的警情")
        expect(page.locator("h1")).to_contain_text("停机前的警情")
    finally:
        os.kill(gateway, signal.SIGKILL)

    expect(hall.locator("#stale")).to_be_hidden(timeout=60_000)
    # The bureau goes on meanwhile, through the socket; the pages hear of it by themselves.
    world.client = Client(lasting.channel())
    world.incident("恢复后的警情")
    expect(queue).to_contain_text("恢复后的警情", timeout=60_000)
    expect(queue).to_contain_text("停机前的警情")
    page.locator("[data-action=classify]").click()
    page.get_by_label("标题").fill("改过标题的警情")
    page.get_by_role("dialog").get_by_role("button", name="定性").click()
    expect(page.locator("h1")).to_contain_text("改过标题的警情")
