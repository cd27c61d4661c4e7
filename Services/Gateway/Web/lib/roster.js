// What the pages of the roster share: who may ask what, days in Shanghai, who is on, how shifts lie
// on a day's line, and how a seat stands. Nothing here draws or calls.
import { hasRole } from "./session.js";
import { half, t } from "./strings.js";
import { millis, minuteTime, dayTime } from "./time.js";

const STAFF = ["member", "call-taker", "dispatcher", "shift-leader", "station", "officer",
  "supervisor", "auditor", "operator"];
const KEPT = ["member", "shift-leader", "supervisor", "auditor"];

/** As in Docs/access.md, which a test compares. */
export const MAY = {
  "duty.SeatService/ListSeats": STAFF,
  "duty.SeatService/TakeSeat": ["member"],
  "duty.SeatService/LeaveSeat": ["member"],
  "duty.SeatService/WriteHandoverNote": ["member"],
  "duty.SeatService/MarkHandoverNoteRead": ["member"],
  "duty.SeatService/ListHandoverNotes": KEPT,
  "duty.RosterService/ListOfficers": ["shift-leader", "dispatcher", "supervisor", "auditor",
    "operator"],
  "duty.RosterService/ListShifts": STAFF,
  "duty.RosterService/ListGaps": STAFF,
  "duty.RosterService/NameSubstitute": ["shift-leader"],
  "duty.RosterChangeService/AskSwap": ["member"],
  "duty.RosterChangeService/AnswerSwap": ["member"],
  "duty.RosterChangeService/DecideSwap": ["shift-leader"],
  "duty.RosterChangeService/ListSwaps": KEPT,
  "duty.RosterChangeService/AskLeave": ["member"],
  "duty.RosterChangeService/DecideLeave": ["shift-leader"],
  "duty.RosterChangeService/ListLeaves": KEPT,
};
export const may = (method) => hasRole(...MAY[method]);

export const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;
/** A seat is taken so long before its shift, in milliseconds. */
export const EARLY = 30 * 60_000;

/** Midnight in Shanghai before a moment, in milliseconds. */
export const midnightOf = (at) => Math.floor((at + SHANGHAI) / DAY) * DAY - SHANGHAI;
export const stamp = (at) => new Date(at).toISOString();

export const isOn = (member) => member.standing === "SHIFT_STANDING_ON";
export const onShift = (shift) => (shift.officers ?? []).filter(isOn);
export const hasBegun = (shift, at) => millis(shift.startTime) <= at;
export const hasEnded = (shift, at) => millis(shift.endTime) <= at;
export const isOwn = (shift, me) => onShift(shift).some((one) => one.officerNumber === me);

/** An officer's name, with the number where the name is not told. */
export const officerName = (names, number) => names.get(number) ?? number;
export const hoursOf = (shift) => `${dayTime(shift.startTime)}–${minuteTime(shift.endTime)}`;

const KINDS = ["BUREAU_LEADER", "DUTY_DIRECTOR", "SHIFT_LEADER", "WARNING", "JOINT_OPERATIONS",
  "CALL_TAKER", "DISPATCHER"].map((name) => `SEAT_KIND_${name}`);
/** Seats as they sit in the hall: the bureau's leader first. */
export const inHallOrder = (views) => [...views].sort((one, other) =>
  KINDS.indexOf(one.seat.kind) - KINDS.indexOf(other.seat.kind)
  || (one.seat.code < other.seat.code ? -1 : 1));
export const nameOfSeat = (seat) => half(seat?.name) || seat?.code || "—";

/** How a seat stands: how many it needs, how many are missing, who sits and who should. */
export function standingOf({ seat, holders = [], shifts = [] }) {
  // A shift keeps the manning it was made with; at a change of turn two of them run.
  const needed = shifts.length
    ? Math.max(...shifts.map((shift) => shift.minimumManning ?? 0)) : seat.minimumManning ?? 0;
  const sits = new Set(holders.map((holder) => holder.taking.officerNumber));
  const wanted = shifts.flatMap(onShift).map((one) => one.officerNumber);
  const missing = Math.max(0, needed - holders.length);
  const name = !needed && !holders.length ? "idle" : !holders.length ? "empty"
    : missing ? "under" : "manned";
  return { name, needed, missing, sits, wanted, isUnplanned: needed > 0 && !shifts.length };
}

/** The part of a shift that lies on one day, as shares of it; undefined when none does. */
export function partOf(shift, midnight) {
  const start = Math.max(0, (millis(shift.startTime) - midnight) / DAY);
  const end = Math.min(1, (millis(shift.endTime) - midnight) / DAY);
  return end > start ? { shift, start, end } : undefined;
}

/** One day of one seat: lines of shifts that do not lie over each other. */
export function linesOf(shifts, midnight) {
  const lines = [];
  const parts = shifts.map((shift) => partOf(shift, midnight)).filter(Boolean)
    .sort((one, other) => one.start - other.start);
  for (const part of parts) {
    const free = lines.find((line) => line.at(-1).end <= part.start);
    if (free) free.push(part);
    else lines.push([part]);
  }
  return lines;
}

/** Whether a note waits for somebody; whoever they are is not always known. */
export const isUnread = (note, me) => note.officerNumber !== me
  && !(note.readings ?? []).some((reading) => !me || reading.officerNumber === me);

/** The time that a field of a form has, which means Shanghai's. */
export const timeOf = (value) => new Date(`${value}+08:00`).toISOString();
export const timeField = (code) => ({ code, label: t(`roster.${code}`), required: true,
  kind: "FORM_FIELD_KIND_TIME" });
