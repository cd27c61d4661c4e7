// 缺口: shifts of the coming days that have fewer on than they need, soonest first, and who steps in.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { change, listAll } from "../../lib/api.js";
import { now, useTick } from "../../lib/clock.js";
import { ask, say } from "../../lib/ask.js";
import { choiceField } from "../../lib/form.js";
import { millis, span } from "../../lib/time.js";
import { Panel, Problem, Empty } from "../../lib/parts.js";
import { hasEnded, hoursOf, isOn, may, officerName, onShift } from "../../lib/roster.js";

/** Duty flags a gap so long before its shift, in seconds. */
const NEAR = 2 * 3600;

/** Officers of the staff who could step in: qualified, and on no other shift in that time. */
async function free(shift, hall) {
  const [officers, beside] = await Promise.all([
    listAll("duty.RosterService/ListOfficers", "officers"),
    listAll("duty.RosterService/ListShifts", "shifts",
      { startTime: shift.startTime, endTime: shift.endTime })]);
  const taken = new Set(beside.flatMap(onShift).map((one) => one.officerNumber));
  const wanted = hall.seats.get(shift.seatCode)?.qualifications ?? [];
  const left = (officer) => officer.leaveTime && millis(officer.leaveTime) <= now();
  const away = new Set((shift.officers ?? []).filter((one) => !isOn(one))
    .map((one) => one.officerNumber));
  return officers.filter((one) => !left(one) && !taken.has(one.number) && !away.has(one.number)
    && one.number !== hall.me && wanted.every((code) => one.qualifications?.includes(code)));
}

/** Asks who steps in on a shift. */
export async function substitute(shift, hall) {
  let officers = [];
  try { officers = await free(shift, hall); } catch (error) { say(error.message, "bad"); return; }
  if (!officers.length) {
    say(t("roster.nobody_free"), "bad");
    return;
  }
  ask({
    title: t("roster.NameSubstitute"), verb: t("roster.NameSubstitute"),
    note: `${hall.seatOf(shift.seatCode)} · ${hoursOf(shift)}`,
    fields: [choiceField("officerNumber", t("roster.who"), officers.map((one) => ({
      code: one.number, label: `${one.name} ${one.number}` })))],
    submit: async ({ officerNumber }) => {
      await change("duty.RosterService/NameSubstitute", { shiftId: shift.id, officerNumber });
      say(t("said.done", { action: t("roster.NameSubstitute") }));
      hall.refresh();
    },
  });
}

function Gap({ shift, hall }) {
  useTick();
  const left = (millis(shift.startTime) - now()) / 1_000;
  const away = (shift.officers ?? []).filter((one) => !isOn(one));
  const tone = left < NEAR ? "bad" : "warn";
  return html`<li class=${`card gap ${left < NEAR ? "late" : ""}`} data-gap=${shift.id}>
    <h3>${hall.seatOf(shift.seatCode)} <span class="bad">
      ${t("roster.short", { count: shift.missingCount })}</span></h3>
    <p class="facts"><span>${hoursOf(shift)}</span><span>${shift.crew}</span>
      <b class=${`running ${tone}`}>${left > 0 ? t("roster.ahead", { span: span(left) })
    : t("roster.begun", { span: span(-left) })}</b>
      ${shift.flagTime && html`<span class="flag">${t("roster.flagged")}</span>`}</p>
    ${away.length > 0 && html`<p class="note">${away.map((one) =>
      `${officerName(hall.names, one.officerNumber)} ${word(one.standing)}`).join("、")}</p>`}
    ${may("duty.RosterService/NameSubstitute") && !hasEnded(shift, now()) && html`
      <p class="buttons"><button class="primary" data-action="substitute"
        onClick=${() => substitute(shift, hall)}>${t("roster.NameSubstitute")}</button></p>`}</li>`;
}

export function Gaps({ gaps, hall, error, isRead }) {
  return html`<${Panel} title=${t("roster.gaps")} count=${gaps.length} id="gaps">
    <${Problem} error=${error} />
    <ul>${gaps.map((shift) => html`<${Gap} key=${shift.id} shift=${shift} hall=${hall} />`)}</ul>
    ${isRead && !gaps.length && html`<${Empty} words=${t("roster.no_gaps")} />`}</${Panel}>`;
}
