# `make screenshots`: every page at three sizes over the demo bureau in the afternoon, and small ones
# for the README. The day is stopped by stopping its player; the six processes go on.
#
#   python Tests/Browser/screenshots.py [FOLDER]     default .quintet/screenshots
import base64
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "EndToEnd"))
from tokens import Tokens  # noqa: E402

BIN = pathlib.Path(os.environ.get("QUINTET_BIN", ROOT / ".build" / "debug"))
STOP_AT = "17:2"
SIZES = {"wall": (3840, 2160), "desk": (1440, 900), "phone": (390, 844)}
DOCS = {"hall": 0.62, "incident": 0.62, "calls": 0.62, "supervision": 0.62}
EVERYBODY = ["shift-leader", "dispatcher", "call-taker", "station", "supervisor", "opinion-editor",
             "analyst", "officer"]
TO_WEBP = """async ({ source, width, height }) => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, width, height);
  return canvas.toDataURL("image/webp", 0.86).split(",")[1];
}"""


def start_day(folder):
    """The demo, stopped in the afternoon; answers its process and the gateway's address."""
    demo = subprocess.Popen(
        [str(BIN / "quintet"), "demo", "--folder", str(folder), "--speed", "900",
         "--http", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": ""})
    for line in demo.stdout:
        if line.startswith(f" {STOP_AT}"):
            demo.send_signal(signal.SIGSTOP)
            return demo, (folder / "run" / "gateway.http").read_text().strip()
    raise SystemExit("演示没有走到下午 The demo ended before the afternoon")


def call(window, method, request):
    """Through the page's own way to the gateway."""
    return window.evaluate(
        "([method, request]) => import('/lib/api.js').then(({ call }) => call(method, request))",
        [method, request])


def shown(window):
    """Pages, each with what is shown on it."""
    topics = call(window, "publicopinion.OpinionService/ListTopics", {})["topics"]
    fire = next(topic for topic in topics if topic.get("incidentId"))
    paths = window.evaluate("import('/pages.js').then(({ PAGES }) => PAGES.map((page) => page.path))")
    parts = {"hall": fire["incidentId"], "incident": fire["incidentId"], "opinion": fire["id"]}
    return [(path, f"#/{path}/{parts[path]}" if path in parts else f"#/{path}") for path in paths]


def prepare(window, path):
    if path == "calls":
        window.wait_for_selector("#answer")
        window.keyboard.press("F2")
        window.keyboard.type("杏浦建材市场仓库着火了，浓烟很大")
        window.get_by_label("地址").fill("杏浦建材市场")
        window.wait_for_selector("#candidates button")
        window.keyboard.press("F4")
    if path == "hall":
        window.wait_for_selector(".chosen-incident")
        window.keyboard.press("r")
        window.wait_for_selector("#proposal")
    # Streams and tiles of the map settle; nothing is judged by this.
    window.wait_for_timeout(2_500)


def take(browser, address, tokens, target):
    token = tokens.sign(tokens.claims("person/ma.ling", roles=EVERYBODY))
    for size, (width, height) in SIZES.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN")
        window = context.new_page()
        window.goto(f"http://{address}/#token={token}")
        window.wait_for_selector(".head")
        for path, place in shown(window):
            window.goto(f"http://{address}/{place}")
            prepare(window, path)
            file = target / f"{path}-{size}.png"
            window.screenshot(path=file)
            print(file)
            if size == "desk" and path in DOCS:
                shrink(context, file, DOCS[path], width, height)
        context.close()


def shrink(context, file, share, width, height):
    page = context.new_page()
    page.goto("about:blank")
    source = "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode()
    small = page.evaluate(TO_WEBP, {
        "source": source, "width": round(width * share), "height": round(height * share)})
    name = re.sub(r"-desk\.png$", ".webp", file.name)
    target = ROOT / "Docs" / "images" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(base64.b64decode(small))
    print(target, target.stat().st_size)
    page.close()


def main():
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".quintet" / "screenshots")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="q-") as parent:
        folder = pathlib.Path(parent) / "d"
        demo, address = start_day(folder)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                take(browser, address, Tokens(folder / "keys"), target)
                browser.close()
        finally:
            demo.send_signal(signal.SIGCONT)
            demo.send_signal(signal.SIGINT)
            demo.stdout.close()
            demo.wait(30)


if __name__ == "__main__":
    main()
