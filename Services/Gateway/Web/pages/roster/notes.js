// 交接记录: what the shifts of one seat told each other, newest first; what nobody has read stands out.
import { html, useEffect, useRef } from "../../lib/ui.js";
import { t } from "../../lib/strings.js";
import { call, change } from "../../lib/api.js";
import { say } from "../../lib/ask.js";
import { minuteTime } from "../../lib/time.js";
import { Panel, Problem, Empty, When, useAnswer } from "../../lib/parts.js";
import { isUnread, may, officerName } from "../../lib/roster.js";

const SERVICE = "duty.SeatService";
const EVERY = 10_000;
const SHOWN = 50;

function Note({ note, hall, must, refresh }) {
  const mark = async () => {
    try {
      await change(`${SERVICE}/MarkHandoverNoteRead`, { noteId: note.id });
      hall.read(note.id);
      say(t("said.done", { action: t("roster.MarkHandoverNoteRead") }));
    } catch (error) { say(error.message, "bad"); }
    refresh();
  };
  const isOpen = must || isUnread(note, hall.me);
  const mayMark = may(`${SERVICE}/MarkHandoverNoteRead`) && isOpen;
  const readers = (note.readings ?? []).map((one) =>
    `${officerName(hall.names, one.officerNumber)} ${minuteTime(one.readTime)}`).join("、");
  return html`<li class=${`course note-row ${isOpen ? "unread" : ""}`} data-note=${note.id}>
    <p class="facts"><b>${officerName(hall.names, note.officerNumber)}</b>
      <${When} time=${note.writeTime} /><span class="grow"></span>
      ${isOpen && html`<b class=${must ? "bad" : "warn"}>
        ${t(must ? "roster.must_read" : "roster.unread")}</b>`}
      ${mayMark && html`<button class="primary" data-action="read" onClick=${mark}>
        ${t("roster.MarkHandoverNoteRead")}</button>`}</p>
    <p class="text">${note.text || t("roster.nothing")}</p>
    ${readers && html`<p class="note fine">${t("roster.read_by", { readers })}</p>`}</li>`;
}

export function Notes({ hall }) {
  const { chosen } = hall;
  const { answer, error, refresh } = useAnswer(async () => (chosen
    ? { seatCode: chosen, ...await call(`${SERVICE}/ListHandoverNotes`,
      { seatCode: chosen, pageSize: SHOWN }) } : undefined), [chosen, hall.version], EVERY);
  const isRead = answer?.seatCode === chosen;
  const notes = isRead ? answer.notes ?? [] : [];
  const place = useRef(null);
  // Whoever asks for notes sees them, on a phone too, once they are there.
  useEffect(() => {
    if (hall.wanted && (isRead || error)) place.current.scrollIntoView({ block: "nearest" });
  }, [hall.wanted, isRead, Boolean(error)]);
  const must = hall.demanded?.seatCode === chosen ? hall.demanded.notes : [];
  const title = chosen ? `${t("roster.notes")} · ${hall.seatOf(chosen)}` : t("roster.notes");
  return html`<div ref=${place}><${Panel} title=${title} id="notes"
    count=${notes.filter((note) => isUnread(note, hall.me)).length}>
    ${must.length > 0 && html`<p class="problem" role="alert">${t("roster.read_first")}</p>`}
    ${chosen && !isRead && html`<${Problem} error=${error} />`}
    ${!chosen && html`<${Empty} words=${t("roster.choose_seat")} />`}
    <ul>${notes.map((note) => html`<${Note} key=${note.id} note=${note} hall=${hall}
      must=${must.includes(note.id)} refresh=${refresh} />`)}</ul>
    ${isRead && !notes.length && html`<${Empty} words=${t("roster.no_notes")} />`}</${Panel}></div>`;
}
