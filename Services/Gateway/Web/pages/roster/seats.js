// 席位: who sits where now and who should; taking a seat, handing over and leaving it.
import { html, useState } from "../../lib/ui.js";
import { t } from "../../lib/strings.js";
import { change } from "../../lib/api.js";
import { now, Elapsed } from "../../lib/clock.js";
import { ask, say } from "../../lib/ask.js";
import { textField } from "../../lib/form.js";
import { millis, minuteTime } from "../../lib/time.js";
import { Panel, Problem, Empty } from "../../lib/parts.js";
import { EARLY, hasEnded, isOwn, may, nameOfSeat, officerName, standingOf }
  from "../../lib/roster.js";

const SERVICE = "duty.SeatService";
const done = (method) => say(t("said.done", { action: t(`roster.${method}`) }));

function Holders({ view, hall }) {
  const { sits, wanted, needed, isUnplanned } = standingOf(view);
  const away = wanted.filter((number) => !sits.has(number));
  return html`<ul class="holders">
    ${(view.holders ?? []).map(({ taking, name }) => html`<li key=${taking.id}><b>${name}</b>
      <span class="dim">${t("roster.since", { time: minuteTime(taking.takeTime) })}</span>
      <${Elapsed} since=${taking.takeTime} /></li>`)}
    ${away.map((number) => html`<li key=${number} class="away">
      <span>${officerName(hall.names, number)}</span><b>${t("roster.not_come")}</b></li>`)}
    ${!wanted.length && needed > 0 && html`<li class="bad">
      ${t(isUnplanned ? "roster.unplanned" : "roster.nobody_rostered")}</li>`}</ul>`;
}

/** What duty has signed for whoever sits here; whoever issues tokens makes one of it. */
function Grant({ taken }) {
  const words = t("roster.grant_note", { time: minuteTime(taken.taking.untilTime) });
  return html`<details class="grant"><summary>${t("roster.grant")}</summary>
    <label class="note">${words}<textarea readonly rows="3"
      onFocus=${(event) => event.target.select()}>${taken.grant}</textarea></label></details>`;
}

function leave(seat, hall) {
  ask({
    title: t("roster.LeaveSeat"), verb: t("roster.LeaveSeat"), danger: true, fields: [],
    note: `${nameOfSeat(seat)} · ${t("roster.leave_note")}`,
    submit: async () => {
      const { taking } = await change(`${SERVICE}/LeaveSeat`, { seatCode: seat.code });
      hall.meet(taking.officerNumber);
      hall.keep(seat.code, undefined);
      done("LeaveSeat");
      hall.refresh();
    },
  });
}

function handOver(seat, hall) {
  ask({
    title: t("roster.WriteHandoverNote"), verb: t("roster.WriteHandoverNote"),
    note: nameOfSeat(seat), fields: [textField("text", t("roster.note_text"),
      { required: true, max: 4_000 })],
    submit: async ({ text }) => {
      const { note } = await change(`${SERVICE}/WriteHandoverNote`, { seatCode: seat.code, text });
      hall.meet(note.officerNumber);
      done("WriteHandoverNote");
      hall.choose(seat.code);
      hall.refresh();
    },
  });
}

function Actions({ view: { seat, holders = [] }, hall, refuse }) {
  const { me } = hall;
  const [claims, claim] = useState(false);
  const sits = holders.some((holder) => holder.taking.officerNumber === me);
  // Who somebody is, is not always known here: then they say themselves that they sit here.
  const maySit = me ? sits : claims;
  const soon = now() + EARLY;
  const open = hall.shifts.filter((shift) => shift.seatCode === seat.code
    && millis(shift.startTime) <= soon && !hasEnded(shift, now()));
  const mayTake = open.some((shift) => !me || isOwn(shift, me));
  const act = (doing) => async () => {
    refuse(undefined);
    try { await doing(); } catch (error) { refuse(error); }
    hall.refresh();
  };
  const take = act(async () => {
    try {
      const taken = await change(`${SERVICE}/TakeSeat`, { seatCode: seat.code });
      hall.meet(taken.taking.officerNumber);
      hall.keep(seat.code, taken);
      hall.demand(undefined);
      done("TakeSeat");
    } catch (error) {
      if (error.reason !== "HANDOVER_UNREAD") throw error;
      hall.demand({ seatCode: seat.code, notes: error.message.match(/note_\w+/g) ?? [] });
    }
  });
  const nothing = act(async () => {
    const { note } = await change(`${SERVICE}/WriteHandoverNote`,
      { seatCode: seat.code, nothing: true });
    hall.meet(note.officerNumber);
    done("nothing");
  });
  return html`<p class="buttons">
    ${may(`${SERVICE}/TakeSeat`) && mayTake && html`<button class=${sits ? "" : "primary"}
      data-action="take" onClick=${take}>${t(sits ? "roster.take_again" : "roster.TakeSeat")}
      </button>`}
    ${may(`${SERVICE}/WriteHandoverNote`) && maySit && html`
      <button data-action="note" onClick=${() => handOver(seat, hall)}>
        ${t("roster.WriteHandoverNote")}</button>
      <button data-action="nothing" onClick=${nothing}>${t("roster.nothing")}</button>`}
    ${may(`${SERVICE}/LeaveSeat`) && maySit && html`<button class="danger" data-action="leave"
      onClick=${() => leave(seat, hall)}>${t("roster.LeaveSeat")}</button>`}
    ${may(`${SERVICE}/LeaveSeat`) && !me && !claims && holders.length > 0 && html`
      <button class="quiet" data-action="claim" onClick=${() => claim(true)}>
        ${t("roster.sits_here")}</button>`}
    ${may(`${SERVICE}/ListHandoverNotes`) && html`<button data-action="notes"
      aria-pressed=${hall.chosen === seat.code} onClick=${() => hall.choose(seat.code)}>
      ${t("roster.notes")}</button>`}</p>`;
}

function SeatCard({ view, hall }) {
  const [refusal, refuse] = useState(undefined);
  const { name, needed, missing } = standingOf(view);
  const { seat, holders = [] } = view;
  const taken = hall.grants[seat.code];
  return html`<li class=${`card seat is-${name}`} data-seat=${seat.code}>
    <h3>${nameOfSeat(seat)}</h3>
    <p class="seat-state"><b>${t(`roster.is_${name}`, { count: missing })}</b>
      <span class="num">${holders.length}/${needed}</span></p>
    <${Holders} view=${view} hall=${hall} />
    <${Problem} error=${refusal} />
    ${taken && html`<${Grant} taken=${taken} />`}
    <${Actions} view=${view} hall=${hall} refuse=${refuse} /></li>`;
}

export function Seats({ views, hall, isRead }) {
  return html`<${Panel} title=${t("roster.now")} count=${views.length} id="seats">
    <ul class="seat-cards">${views.map((view) => html`<${SeatCard} key=${view.seat.code}
      view=${view} hall=${hall} />`)}</ul>
    ${isRead && !views.length && html`<${Empty} words=${t("roster.no_seats")} />`}</${Panel}>`;
}
