// What time it is on the screen, and clocks that run. In an exercise the suite's clock may stand, leap
// or run fast: the screen follows it, and counts what is newer than it by the wall.
import { call, setMoment } from "./api.js";
import { millis, span, clockTime } from "./time.js";
import { html, useState, useEffect } from "./ui.js";

const EVERY = 5_000;
const EVERY_IN_EXERCISE = 1_000;
/** Times a little ahead of the exercise's clock belong to it still. */
const AHEAD = 5 * 60_000;

const state = { exercise: false, exerciseNow: 0, rate: 0, readAt: 0, offset: 0 };
const tickers = new Set();
let timer = 0;

/** Milliseconds now, of the wall as the suite knows it. */
export const wallNow = () => Date.now() + state.offset;

/** Milliseconds now, as the suite's clock has it. */
export function now() {
  if (!state.exercise) return wallNow();
  const ran = Math.min(Date.now() - state.readAt, 2 * EVERY_IN_EXERCISE);
  return state.exerciseNow + ran * state.rate;
}

export const inExercise = () => state.exercise;

setMoment(() => (state.exercise ? new Date(now()).toISOString() : undefined));

/** The clock that a time belongs to: what is far ahead of the exercise is of today. */
function reference(at) {
  const current = now();
  return state.exercise && at > current + AHEAD ? wallNow() : current;
}

/** Seconds since a time; NaN when there is none. */
export function since(time) {
  const at = millis(time);
  return Number.isNaN(at) ? NaN : Math.max(0, (reference(at) - at) / 1_000);
}

/** Seconds from now until a time, negative when past; `start` says which clock it runs by. */
export function until(time, start = time) {
  const at = millis(time);
  return Number.isNaN(at) ? NaN : (at - reference(millis(start))) / 1_000;
}

async function read() {
  clearTimeout(timer);
  try {
    const asked = Date.now();
    const { clock } = await call("supervision.ClockService/GetClock", {}, { timeout: 3_000 });
    take(clock, (asked + Date.now()) / 2);
  } catch { /* The clock goes on as it did. */ }
  timer = setTimeout(read, state.exercise ? EVERY_IN_EXERCISE : EVERY);
}

function take(clock, at) {
  const told = millis(clock.now);
  if (clock.exercise) {
    const elapsed = at - state.readAt;
    state.rate = state.exercise && elapsed > 0 ? Math.max(0, (told - state.exerciseNow) / elapsed)
      : 0;
    state.exerciseNow = told;
  } else {
    state.offset = Math.abs(told - at) > 1_500 ? told - at : 0;
  }
  state.exercise = Boolean(clock.exercise);
  state.readAt = at;
}

/** Reads the suite's clock from now on, and lets everything that runs tick each second. */
export function startClock() {
  read();
  setInterval(() => tickers.forEach((tick) => tick()), 1_000);
}

/** Draws the caller anew each second. */
export function useTick() {
  const [, setCount] = useState(0);
  useEffect(() => {
    const tick = () => setCount((count) => count + 1);
    tickers.add(tick);
    return () => tickers.delete(tick);
  }, []);
}

/** The time of day, large in the head of the page. */
export function WallClock() {
  useTick();
  return html`<time class="wall-clock">${clockTime(now())}</time>`;
}

/** Time since something, counting up. */
export function Elapsed({ since: from, label }) {
  useTick();
  return html`<span class="running" title=${label}>${span(since(from))}</span>`;
}

/** Time left of a deadline: calm, yellow, then red and counting what is over. */
export function Countdown({ deadline }) {
  useTick();
  const left = until(deadline.dueTime, deadline.startTime);
  return html`<span class=${`running ${urgency(deadline)}`}>
    ${left < 0 ? "+" + span(-left) : span(left)}</span>`;
}

/** calm, warned or overdue. */
export function urgency(deadline) {
  if (deadline.state === "DEADLINE_STATE_OVERDUE") return "overdue";
  if (deadline.state === "DEADLINE_STATE_WARNED") return "warned";
  if (until(deadline.dueTime, deadline.startTime) < 0) return "overdue";
  return until(deadline.warnTime, deadline.startTime) < 0 ? "warned" : "calm";
}
