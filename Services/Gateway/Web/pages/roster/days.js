// Today and tomorrow, seat by seat, as lines that one looks at: which crew is on when, where somebody is
// missing, and what time it is. A press on a shift tells it in full.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { change } from "../../lib/api.js";
import { now, useTick } from "../../lib/clock.js";
import { ask, say } from "../../lib/ask.js";
import { choiceField, textField } from "../../lib/form.js";
import { dayTime } from "../../lib/time.js";
import { Panel, Empty } from "../../lib/parts.js";
import { DAY, hasBegun, hasEnded, hoursOf, isOn, isOwn, linesOf, may, nameOfSeat, officerName,
  onShift } from "../../lib/roster.js";
import { substitute } from "./gaps.js";

const HOURS = [0, 6, 12, 18];
/** Less of a day than this is too narrow to press: it is drawn wider, above its neighbour, within the day. */
const SLICE = 0.08;
const percent = (share) => `${(share * 100).toFixed(3)}%`;
const labelOf = (day, index) => `${t(index ? "roster.tomorrow" : "roster.today")} ${
  dayTime(day).slice(0, 5)}`;

function Bar({ part: { shift, start, end }, hall, chosen, choose }) {
  const names = onShift(shift).map((one) => officerName(hall.names, one.officerNumber)).join("、");
  const short = shift.missingCount ? t("roster.short", { count: shift.missingCount }) : "";
  const at = now();
  const state = hasEnded(shift, at) ? "past" : hasBegun(shift, at) ? "runs" : "";
  const words = [hoursOf(shift), shift.crew, names, short].filter(Boolean).join(" · ");
  const isSlice = end - start < SLICE;
  const place = isSlice && end >= 1 ? { right: "0" } : { left: percent(start) };
  return html`<li class=${isSlice ? "slice" : ""} style=${{ ...place, width: percent(end - start) }}>
    <button class=${`shift ${state} ${short ? "short" : ""} ${isOwn(shift, hall.me) ? "own" : ""}`}
      aria-pressed=${chosen === shift.id} aria-label=${words} title=${words}
      onClick=${() => choose(chosen === shift.id ? "" : shift.id)}>
      <b>${short || shift.crew}</b><span>${short && !names ? shift.crew : names}</span>
    </button></li>`;
}

function Now({ day }) {
  useTick();
  const share = (now() - day) / DAY;
  return share >= 0 && share < 1 && html`<i class="now" style=${{ left: percent(share) }}></i>`;
}

function Day({ day, index, shifts, hall, chosen, choose }) {
  const lines = linesOf(shifts, day);
  return html`<div class="day" role="group" aria-label=${labelOf(day, index)}>
    <span class="day-name">${labelOf(day, index)}</span>
    <div class="hours">${lines.map((line) => html`<ol>${line.map((part) => html`<${Bar}
      key=${part.shift.id} part=${part} hall=${hall} chosen=${chosen} choose=${choose} />`)}</ol>`)}
      ${!lines.length && html`<span class="none">${t("roster.no_shifts")}</span>`}
      <${Now} day=${day} /></div></div>`;
}

function askSwap(shift, hall) {
  const others = hall.shifts.filter((one) => one.id !== shift.id && one.seatCode === shift.seatCode
    && !hasBegun(one, now()) && !isOwn(one, hall.me));
  const label = (one) => `${hoursOf(one)} ${one.crew} ${onShift(one).map((officer) =>
    officerName(hall.names, officer.officerNumber)).join("、")}`;
  ask({
    title: t("roster.AskSwap"), verb: t("roster.AskSwap"),
    note: `${hall.seatOf(shift.seatCode)} · ${hoursOf(shift)}`,
    fields: [textField("officerNumber", t("roster.other_number"), { required: true, max: 16 }),
      choiceField("otherShiftId", t("roster.in_return"),
        others.map((one) => ({ code: one.id, label: label(one) })), { required: false })],
    submit: async ({ officerNumber, otherShiftId = "" }) => {
      const { swap } = await change("duty.RosterChangeService/AskSwap",
        { shiftId: shift.id, officerNumber: officerNumber.trim(), otherShiftId });
      hall.meet(swap.officerNumber);
      say(t("said.done", { action: t("roster.AskSwap") }));
      hall.refresh();
    },
  });
}

function Detail({ shift, hall }) {
  const maySwap = may("duty.RosterChangeService/AskSwap") && !hasBegun(shift, now())
    && (!hall.me || isOwn(shift, hall.me));
  const maySubstitute = may("duty.RosterService/NameSubstitute") && !hasEnded(shift, now());
  return html`<div class="card" id="shift" aria-live="polite">
    <h3>${hall.seatOf(shift.seatCode)} · ${shift.crew} · ${hoursOf(shift)}</h3>
    <ul class="facts">${(shift.officers ?? []).map((one) => html`<li key=${one.officerNumber}>
      <b class=${isOn(one) ? "" : "dim"}>${officerName(hall.names, one.officerNumber)}</b>
      ${!isOn(one) && html` <span class="warn">${word(one.standing)}</span>`}
      ${one.substitute && html` <span class="flag">${t("roster.substitute")}</span>`}</li>`)}
      ${!(shift.officers ?? []).length && html`<li class="dim">${t("roster.nobody_rostered")}</li>`}
      ${shift.missingCount > 0 && html`<li class="bad">
        ${t("roster.short", { count: shift.missingCount })}</li>`}</ul>
    ${(maySubstitute || maySwap) && html`<p class="buttons">${maySubstitute && html`<button data-action="substitute"
        onClick=${() => substitute(shift, hall)}>${t("roster.NameSubstitute")}</button>`}
      ${maySwap && html`<button data-action="swap" onClick=${() => askSwap(shift, hall)}>
        ${t("roster.AskSwap")}</button>`}</p>`}</div>`;
}

export function Days({ from, views, hall, chosen, choose }) {
  const days = [from, from + DAY];
  const shift = hall.shifts.find((one) => one.id === chosen);
  return html`<${Panel} title=${t("roster.days")} id="days">
    <div class="days">
      <div class="days-head" aria-hidden="true"><span></span>${days.map((day, index) => html`
        <span class="ticks" key=${day}><b>${labelOf(day, index)}</b>${HOURS.map((hour) => html`
          <small style=${{ left: percent(hour / 24) }}>${hour}:00</small>`)}</span>`)}</div>
      <ul>${views.map(({ seat }) => html`<li class="seat-days" key=${seat.code}>
        <b>${nameOfSeat(seat)}</b>${days.map((day, index) => html`<${Day} key=${day} day=${day}
          index=${index} shifts=${hall.shifts.filter((one) => one.seatCode === seat.code)}
          hall=${hall} chosen=${chosen} choose=${choose} />`)}</li>`)}</ul></div>
    ${!views.length && html`<${Empty} words=${t("roster.no_seats")} />`}
    ${shift && html`<${Detail} shift=${shift} hall=${hall} />`}</${Panel}>`;
}
