// 会商: who takes part, the agenda and the decisions of each; its minutes are one page that can be printed.
import { html, useState } from "../lib/ui.js";
import { t } from "../lib/strings.js";
import { call, change } from "../lib/api.js";
import { useBoard, nameOf } from "../lib/board.js";
import { areas, hasRole } from "../lib/session.js";
import { ask, say } from "../lib/ask.js";
import { textField } from "../lib/form.js";
import { Panel, Problem, Empty, StateMark, When, Sayings, useAnswer } from "../lib/parts.js";

const EVERY = 6_000;
const MAY_PUT = ["station", "analyst", "dispatcher", "shift-leader"];

/** The minutes as the service writes them, and where each decision's directive stands now. */
function Minutes({ id }) {
  const { answer, error } = useAnswer(() => call("command.ConsultationService/GetMinutes", { consultationId: id }), [id], EVERY);
  const progress = answer?.progress ?? [];
  const tools = html`<button class="primary" onClick=${() => print()}>${t("consultation.print")}</button>`;
  return html`<${Panel} title=${t("consultation.minutes")} className="minutes" tools=${tools} id="minutes"><${Problem} error=${error} />
    ${(answer?.lines ?? []).map((line, index) => html`<p key=${index} class=${line.startsWith(" ") ? "inner" : "head-line"}>${line}</p>`)}
    ${progress.length > 0 && html`<ul class="no-print">${progress.map((one) => html`<li class="course facts" key=${one.decisionNumber}>
      <b>${t("consultation.decision", { number: one.decisionNumber })}</b><${StateMark} value=${one.directiveState} /></li>`)}</ul>`}
  </${Panel}>`;
}

function put(consultation, station, refresh) {
  ask({
    title: t("consultation.PutAgendaItem"), verb: t("consultation.PutAgendaItem"), note: consultation.title,
    fields: [textField("title", t("field.title"), { required: true, max: 120 }), textField("text", t("field.text"), { max: 4_000 })],
    submit: async (values) => {
      await change("command.ConsultationService/PutAgendaItem", {
        consultationId: consultation.id, ...values, putBy: { kind: "RECIPIENT_KIND_STATION", id: station } });
      say(t("said.done", { action: t("consultation.PutAgendaItem") }));
      refresh();
    },
  });
}

function Consultation({ consultation, isChosen, choose, refresh }) {
  const people = consultation.participants ?? [];
  const present = people.filter((one) => one.attendance === "ATTENDANCE_PRESENT").length;
  const own = people.find((one) => one.participant?.kind === "RECIPIENT_KIND_STATION" && areas().includes(one.participant.id));
  const isOpen = ["CONSULTATION_STATE_PLANNED", "CONSULTATION_STATE_OPEN"].includes(consultation.state);
  return html`<div class="card"><h3>${consultation.title}</h3>
    <p class="facts"><${StateMark} value=${consultation.state} /><${When} time=${consultation.openTime ?? consultation.startTime} />
      <span>${t("consultation.attended", { present, invited: people.length })}</span><span class="grow"></span>
      ${own && isOpen && hasRole(...MAY_PUT) && html`<button onClick=${() => put(consultation, own.participant.id, refresh)}>${t("consultation.PutAgendaItem")}</button>`}
      <button class="primary" aria-pressed=${isChosen} onClick=${choose}>${t("consultation.minutes")}</button></p>
    <p class="note">${people.slice(0, 6).map((one) => one.name || nameOf(one.participant)).join("、")}${people.length > 6 && " …"}</p></div>`;
}

export default function ConsultationPage({ part }) {
  useBoard();
  const [chosen, choose] = useState(part || "");
  const { answer, error, refresh } = useAnswer(() => call("command.ConsultationService/ListConsultations", { pageSize: 30 }), [], EVERY);
  const list = answer?.consultations ?? [];
  return html`<article><div class="board-columns">
    <${Panel} title=${t("page.consultation")} count=${list.length} className="no-print" id="consultations"><${Problem} error=${error} />
      ${list.map((one) => html`<${Consultation} key=${one.id} consultation=${one} isChosen=${chosen === one.id} choose=${() => choose(one.id)} refresh=${refresh} />`)}
      ${answer && !list.length && html`<${Empty} words=${t("consultation.none")} />`}</${Panel}>
    ${chosen && html`<${Minutes} key=${chosen} id=${chosen} />`}
  </div><${Sayings} /></article>`;
}
