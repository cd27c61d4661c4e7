// What the screen knows: incidents, units, running clocks, organisations and their areas. Live where the
// gateway streams them, asked for again and again where it does not.
import { call, listAll } from "./api.js";
import { watch } from "./live.js";
import { incidentOf, unitOf, keeper, unitKeeper } from "./feeds.js";
import { hasRole } from "./session.js";
import { t, half } from "./strings.js";
import { useState, useEffect } from "./ui.js";

const DRAW_EVERY = 250;
const POLL_EVERY = 3_000;
const STATUS_EVERY = 5_000;
const SEATS_EVERY = 60_000;
const SEES_SEATS = ["member", "call-taker", "dispatcher", "shift-leader", "station", "officer", "supervisor",
  "auditor", "operator"];
export const OPEN_STATES = ["NEW", "QUEUED", "ACTIVE", "MONITORED", "DIVERTED", "AWAITING_FEEDBACK",
  "IN_REVIEW"].map((name) => `INCIDENT_STATE_${name}`);
const RUNNING = ["RUNNING", "WARNED", "OVERDUE"].map((name) => `DEADLINE_STATE_${name}`);

export const board = {
  incidents: new Map(),
  units: new Map(),
  deadlines: new Map(),
  orgUnits: new Map(),
  /** Of the hall, by code. */
  seats: new Map(),
  jurisdictions: [],
  services: [],
  past: [],
  feed: "connecting",
  heardAt: 0,
  version: 0,
};

const readers = new Set();
let isDue = false;
let drawnAt = -DRAW_EVERY;

/** Tells the pages that something changed: at once after a rest, else a few times a second at most. */
export function changed() {
  board.version += 1;
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    drawnAt = performance.now();
    readers.forEach((reader) => reader());
  }, Math.max(0, drawnAt + DRAW_EVERY - performance.now()));
}

/** Draws the caller anew when the board changed. */
export function useBoard() {
  const [, setVersion] = useState(0);
  useEffect(() => {
    const reader = () => setVersion(board.version);
    readers.add(reader);
    return () => readers.delete(reader);
  }, []);
  return board;
}

/** Told of every change, without drawing anything: for the map's canvas. */
export function onBoard(reader) {
  readers.add(reader);
  return () => readers.delete(reader);
}

const SOURCES = [
  {
    as: "incidents", method: "command.BoardService/WatchIncidents",
    roles: ["call-taker", "dispatcher", "shift-leader", "station", "officer", "supervisor",
      "analyst", "opinion-editor", "auditor"],
    take: keeper(board.incidents, "cards", incidentOf),
    poll: () => listAll("command.IncidentService/ListIncidents", "incidents",
      { states: OPEN_STATES })
      .then((list) => replace(board.incidents, list.map(incidentOf))),
  },
  {
    as: "units", method: "duty.UnitBoardService/WatchUnits",
    roles: ["call-taker", "dispatcher", "shift-leader", "station", "supervisor", "auditor"],
    request: { intervalMs: 1_000 }, take: unitKeeper(board.units),
    poll: () => listAll("duty.UnitService/ListUnits", "units")
      .then((list) => replace(board.units, list.map((unit) => unitOf(unit)))),
  },
  {
    as: "clocks", method: "supervision.ClockBoardService/WatchClocks",
    roles: ["dispatcher", "shift-leader", "station", "supervisor", "auditor"],
    request: { withRunning: true }, take: keeper(board.deadlines, "clocks", (told) => told),
    poll: () => listAll("supervision.DeadlineService/ListDeadlines", "deadlines",
      { states: RUNNING })
      .then((list) => replace(board.deadlines, list)),
  },
];

function replace(held, list) {
  held.clear();
  list.forEach((one) => held.set(one.id, one));
}

/** Begins to watch what this person may see. */
export function startBoard() {
  const mine = SOURCES.filter((source) => hasRole(...source.roles));
  const polled = new Map();
  readOrganisation();
  if (hasRole(...SEES_SEATS)) readSeats();
  readServices();
  if (!mine.length) return;
  watch(mine.map(({ as, method, request }) => ({ as, method, request })), {
    onMessage(as, message) {
      stopPolling(polled, as);
      board.heardAt = Date.now();
      mine.find((source) => source.as === as).take(message);
      changed();
    },
    onState(state) {
      if (state === "refused") mine.forEach((source) => poll(polled, source));
      else board.feed = state;
      changed();
    },
    onProblem(problem) {
      const source = mine.find((one) => one.as === problem.watch);
      if (source && problem.code !== "unavailable") poll(polled, source);
    },
  });
}

function stopPolling(polled, as) {
  clearInterval(polled.get(as));
  polled.delete(as);
}

function poll(polled, source) {
  if (polled.has(source.as)) return;
  const ask = async () => {
    try {
      await source.poll();
      board.feed = "live";
      board.heardAt = Date.now();
    } catch {
      if (Date.now() - board.heardAt > 2 * POLL_EVERY) board.feed = "stale";
    }
    changed();
  };
  polled.set(source.as, setInterval(ask, POLL_EVERY));
  ask();
}

async function readOrganisation() {
  try {
    const [orgUnits, areas] = await Promise.all([
      listAll("duty.OrganisationService/ListOrgUnits", "orgUnits"),
      listAll("duty.OrganisationService/ListJurisdictions", "jurisdictions"),
    ]);
    replace(board.orgUnits, orgUnits);
    board.jurisdictions = areas;
    changed();
  } catch {
    setTimeout(readOrganisation, POLL_EVERY);
  }
}

/** Seats change once in a long while; without them their codes are shown. */
async function readSeats() {
  try {
    const { seats = [] } = await call("duty.SeatService/ListSeats");
    board.seats = new Map(seats.map(({ seat }) => [seat.code, seat]));
    changed();
  } catch { /* Asked for again with the next. */ }
  setTimeout(readSeats, SEATS_EVERY);
}

async function readServices() {
  try {
    const { services = [] } = await call("gateway.StatusService/GetStatus", {}, { timeout: 3_000 });
    board.services = services;
    board.gatewayDown = false;
  } catch (error) {
    board.gatewayDown = error.code === "unavailable";
  }
  changed();
  setTimeout(readServices, STATUS_EVERY);
}

/** The newest incidents whatever their state: for the heat of calls and for what ended last. */
export async function readPast(limit) {
  const request = { pageSize: Math.min(500, limit) };
  board.past = (await listAll("command.IncidentService/ListIncidents", "incidents", request, limit))
    .map(incidentOf);
  changed();
}

/** The name of a station or beat; its id where it is unknown. */
export const orgName = (id) => board.orgUnits.get(id)?.name ?? id ?? "—";
export const unitName = (id) => board.units.get(id)?.callSign ?? id ?? "—";
export const seatName = (code) => half(board.seats.get(code)?.name) || code || "—";

/** A clock's, directive's or event's `unit/unit_…`, `station/org_…`, `service/duty` as people call it. */
export function whoIs(responsible = "") {
  const [kind, id = ""] = responsible.split("/");
  switch (kind) {
    case "unit": return unitName(id);
    case "station": case "beat": return orgName(id);
    case "seat": return seatName(id);
    case "service": return t(`service.${id}`);
    default: return id || kind || "—";
  }
}

/** The same for a recipient, `{ kind: "RECIPIENT_KIND_SEAT", id }`. */
export const nameOf = (recipient) => whoIs(recipient && `${recipient.kind.slice(15).toLowerCase()}/${recipient.id}`);

/** Where the units are that were sent to an incident. */
export const unitsOn = (incidentId) => [...board.units.values()].filter((unit) => unit.incidentIds.includes(incidentId));

/** Running clocks of one incident, soonest first. */
export const clocksOf = (incidentId) => [...board.deadlines.values()]
  .filter((deadline) => deadline.incidentId === incidentId && RUNNING.includes(deadline.state))
  .sort((one, other) => (one.dueTime < other.dueTime ? -1 : 1));
