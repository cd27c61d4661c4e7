# What the hall costs a browser: weight of the page, first paint, frames a second with ten thousand moving units
# and a thousand open incidents, memory after many messages. Figures for people; nothing is judged by them.
#
#   python Tests/Browser/measure.py ADDRESS TOKEN     of a suite that runs, such as the demo's
import json
import sys

from playwright.sync_api import sync_playwright

FILL = """async ({ units, incidents }) => {
  const { board, changed } = await import('/lib/board.js');
  const { unitKeeper } = await import('/lib/feeds.js');
  const areas = board.jurisdictions.flatMap((one) => one.area.corners);
  const lats = areas.map((one) => one.latitude), lons = areas.map((one) => one.longitude);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const within = (low, high) => low + Math.random() * (high - low);
  const take = unitKeeper(board.units);
  const now = Math.floor(Date.now() / 1000);
  const at = Array.from({ length: units }, () => [within(south, north) * 1e5, within(west, east) * 1e5].map(Math.round));
  take({ asOf: now, units: at.map(([lat, lon], n) => ({
    n: 100_000 + n, id: `x${n}`, callSign: `巡 ${n}`, kind: 'UNIT_KIND_CAR', fix: now, lat, lon, heading: n % 360,
    availability: n % 7 ? 'AVAILABILITY_AVAILABLE' : 'AVAILABILITY_NOT_AVAILABLE' })) });
  for (let n = 0; n < incidents; n += 1) {
    const point = { latitude: within(south, north), longitude: within(west, east) };
    board.incidents.set(`y${n}`, {
      id: `y${n}`, number: `${n}`, title: `警情 ${n}`, state: n % 3 ? 'INCIDENT_STATE_ACTIVE' : 'INCIDENT_STATE_QUEUED',
      level: `INCIDENT_LEVEL_${1 + (n % 4)}`, incidentClass: 'INCIDENT_CLASS_DISPUTE', assignments: [], assignmentCount: n % 3,
      receiveTime: new Date().toISOString(), location: { wgs84Point: point, address: `路 ${n} 号` } });
  }
  window.moveAll = () => {
    const seconds = Math.floor(Date.now() / 1000);
    const moves = { n: [], lat: [], lon: [], heading: [], age: [] };
    at.forEach((one, n) => {
      one[0] += Math.round(Math.random() * 20 - 10);
      one[1] += Math.round(Math.random() * 20 - 10);
      moves.n.push(100_000 + n); moves.lat.push(one[0]); moves.lon.push(one[1]);
      moves.heading.push((n * 7 + seconds) % 360); moves.age.push(0);
    });
    take({ asOf: seconds, moves });
    changed();
  };
  changed();
}"""
FRAMES = """(seconds) => new Promise((resolve) => {
  const times = [];
  const end = performance.now() + seconds * 1000;
  const moving = setInterval(window.moveAll, 1000);
  const frame = (at) => {
    times.push(at);
    if (at < end) return requestAnimationFrame(frame);
    clearInterval(moving);
    const gaps = times.slice(1).map((one, index) => one - times[index]).sort((one, other) => one - other);
    resolve({ framesPerSecond: Math.round((gaps.length / (times.at(-1) - times[0])) * 10000) / 10,
      medianMs: Math.round(gaps[gaps.length >> 1]), p99Ms: Math.round(gaps[Math.floor(gaps.length * 0.99)]), longestMs: Math.round(gaps.at(-1)) });
  };
  requestAnimationFrame(frame);
})"""
WEIGHT = """() => {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter((one) => !/\\/(live|session|site.json|quintet)/.test(new URL(one.name).pathname));
  const paint = performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint');
  return { files: entries.length, kilobytes: Math.round(entries.reduce((sum, one) => sum + one.decodedBodySize, 0) / 1024),
    firstContentfulPaintMs: Math.round(paint?.startTime ?? -1) };
}"""


def heap(session, window):
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    return round(used / 1024 / 1024, 1)


def main():
    address, token = sys.argv[1:3]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        window = browser.new_page(viewport={"width": 1920, "height": 1080})
        window.goto(f"http://{address}/#token={token}")
        window.wait_for_selector(".queue")
        window.wait_for_timeout(2_000)
        found = {"page": window.evaluate(WEIGHT)}
        # Nothing but what is put in below.
        window.route("**/*Service/List*", lambda route: route.abort())
        session = window.context.new_cdp_session(window)
        window.evaluate(FILL, {"units": 10_000, "incidents": 1_000})
        window.wait_for_timeout(1_500)
        found["heapMB"] = [heap(session, window)]
        found["frames"] = window.evaluate(FRAMES, 15)
        # Ten minutes of moves, as fast as they go.
        window.evaluate("() => { for (let n = 0; n < 600; n += 1) window.moveAll(); }")
        window.wait_for_timeout(2_000)
        found["heapMB"].append(heap(session, window))
        print(json.dumps(found, indent=2))
        browser.close()


if __name__ == "__main__":
    main()
