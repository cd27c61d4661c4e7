// 排班与席位: who sits where now, which shifts have too few, who is on today and tomorrow, what is handed
// over, and what officers ask to have changed.
import { html, useState } from "../lib/ui.js";
import { t } from "../lib/strings.js";
import { call, listAll, atMoment } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { session } from "../lib/session.js";
import { millis, span } from "../lib/time.js";
import { Figure, Problem, Sayings, useAnswer } from "../lib/parts.js";
import { DAY, inHallOrder, may, midnightOf, nameOfSeat, stamp, standingOf } from "../lib/roster.js";
import { Seats } from "./roster/seats.js";
import { Days } from "./roster/days.js";
import { Gaps } from "./roster/gaps.js";
import { Notes } from "./roster/notes.js";
import { Changes } from "./roster/changes.js";

const SEATS_EVERY = 5_000;
const ROSTER_EVERY = 15_000;
const STAFF_EVERY = 60_000;
/** Gaps are shown so many days ahead. */
const AHEAD = 7;

const readSeats = () => call("duty.SeatService/ListSeats", atMoment("asOfTime"));

async function readRoster() {
  const at = now();
  const from = midnightOf(at);
  const within = (start, end) => ({ startTime: stamp(start), endTime: stamp(end) });
  const [shifts, gaps] = await Promise.all([
    listAll("duty.RosterService/ListShifts", "shifts", within(from, from + 2 * DAY)),
    listAll("duty.RosterService/ListGaps", "shifts", within(at, at + AHEAD * DAY), 500)]);
  return { from, shifts, gaps };
}

async function readOfficers() {
  return may("duty.RosterService/ListOfficers")
    ? listAll("duty.RosterService/ListOfficers", "officers") : [];
}

async function readChanges() {
  if (!may("duty.RosterChangeService/ListSwaps")) return { swaps: [], leaves: [] };
  const [{ swaps = [] }, { leaves = [] }] = await Promise.all([
    call("duty.RosterChangeService/ListSwaps", { pageSize: 50 }),
    call("duty.RosterChangeService/ListLeaves", { pageSize: 50 })]);
  return { swaps, leaves };
}

/** Which officer is looking: as the staff's list has it, or as duty told them before. */
function useMe(officers, leaves) {
  const [told, meet] = useState("");
  const listed = officers.find((one) => one.actor === session()?.subject)?.number;
  // Whoever is of the staff alone is shown no leave but their own.
  const own = may("duty.RosterService/ListOfficers") ? undefined : leaves[0]?.officerNumber;
  return { me: told || listed || own || "", meet };
}

function Figures({ views, gaps }) {
  const counts = { manned: 0, empty: 0, under: 0, idle: 0 };
  views.forEach((view) => { counts[standingOf(view).name] += 1; });
  const next = gaps.find((shift) => millis(shift.startTime) > now());
  const ahead = next ? span((millis(next.startTime) - now()) / 1_000) : "—";
  return html`<div class="big-figures">
    <${Figure} value=${`${counts.manned}/${views.length - counts.idle}`} words=${t("roster.manned")}
      tone="good" />
    <${Figure} value=${counts.empty} words=${t("roster.empty")} tone=${counts.empty ? "bad" : ""} />
    <${Figure} value=${counts.under} words=${t("roster.under")}
      tone=${counts.under ? "warn" : ""} />
    <${Figure} value=${gaps.length} words=${t("roster.gap_count", { days: AHEAD })}
      tone=${gaps.length ? "bad" : ""} />
    <${Figure} value=${ahead} words=${t("roster.next_gap")} /></div>`;
}

export default function RosterPage({ part }) {
  const seats = useAnswer(readSeats, [], SEATS_EVERY);
  const roster = useAnswer(readRoster, [], ROSTER_EVERY);
  const staff = useAnswer(readOfficers, [], STAFF_EVERY);
  const asked = useAnswer(readChanges, [], ROSTER_EVERY);
  const [chosen, choose] = useState(part);
  const [shift, chooseShift] = useState("");
  const [grants, setGrants] = useState({});
  const [demanded, demand] = useState(undefined);
  const [version, setVersion] = useState(0);
  const [wanted, want] = useState(0);
  const views = inHallOrder(seats.answer?.seats ?? []);
  const { from = midnightOf(now()), shifts = [], gaps = [] } = roster.answer ?? {};
  const { swaps = [], leaves = [] } = asked.answer ?? {};
  const names = new Map((staff.answer ?? []).map((one) => [one.number, one.name]));
  views.forEach((view) => (view.holders ?? []).forEach(({ taking, name }) =>
    names.set(taking.officerNumber, name)));
  const byCode = new Map(views.map(({ seat }) => [seat.code, seat]));
  const toNotes = (code) => {
    choose(code);
    want((count) => count + 1);
  };
  const hall = {
    ...useMe(staff.answer ?? [], leaves), names, shifts, chosen, grants, demanded, version, wanted,
    seats: byCode, seatOf: (code) => nameOfSeat(byCode.get(code) ?? { code }),
    choose: toNotes,
    /** A seat that cannot be taken before these notes are read. */
    demand: (first) => { demand(first); if (first) toNotes(first.seatCode); },
    read: (noteId) => demand((before) => before && { ...before,
      notes: before.notes.filter((one) => one !== noteId) }),
    keep: (code, taken) => setGrants((before) => ({ ...before, [code]: taken })),
    refresh: () => {
      [seats, roster, asked].forEach((one) => one.refresh());
      setVersion((count) => count + 1);
    },
  };
  return html`<article class="roster">
    <${Figures} views=${views} gaps=${gaps} />
    <${Problem} error=${seats.error ?? roster.error} />
    <div class="roster-columns">
      <div><${Seats} views=${views} hall=${hall} isRead=${Boolean(seats.answer)} />
        <${Days} from=${from} views=${views} hall=${hall} chosen=${shift} choose=${chooseShift} />
      </div>
      <div><${Gaps} gaps=${gaps} hall=${hall} isRead=${Boolean(roster.answer)} />
        ${may("duty.SeatService/ListHandoverNotes") && html`<${Notes} hall=${hall} />`}
        ${may("duty.RosterChangeService/ListSwaps") && html`<${Changes} swaps=${swaps}
          leaves=${leaves} hall=${hall} error=${asked.error} />`}</div>
    </div><${Sayings} /></article>`;
}
