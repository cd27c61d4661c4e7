// One finding of unusual look-ups: why it is put before a supervisor, the records it rests on, its answer. What
// the records do not say of whom was looked up, this does not either.
import { html, useState } from "../../lib/ui.js";
import { t, word, half } from "../../lib/strings.js";
import { call, change } from "../../lib/api.js";
import { hasRole, session } from "../../lib/session.js";
import { ask, say } from "../../lib/ask.js";
import { choiceField, textField } from "../../lib/form.js";
import { dayClock, dayTime } from "../../lib/time.js";
import { Problem, StateMark, When, useAnswer } from "../../lib/parts.js";
import { Case, Result, Wide, What, actorWords, areaWords, entryWords, purposeWords } from "./words.js";

const OPEN = "LOOK_UP_FINDING_STATE_OPEN";
const OUTCOMES = ["LOOK_UP_OUTCOME_EXPLAINED", "LOOK_UP_OUTCOME_PASSED_ON"];
const COLUMNS = ["time", "purpose", "case", "area", "what", "result", "entry"];
const FEW = 5;
const LONGEST = 1_000;

/** Whoever is also an auditor changes nothing: the access table forbids it. */
export const mayChange = () => hasRole("supervisor") && !hasRole("auditor");

function Records({ finding }) {
  const [isWhole, setWhole] = useState(false);
  const { answer, error } = useAnswer(
    () => call("supervision.LookUpService/GetLookUpFinding", { findingId: finding.id }),
    [finding.id, finding.etag]);
  const rows = answer?.lookUps ?? [];
  const count = finding.lookUpCount ?? 0;
  return html`<${Problem} error=${error} />
    <${Wide} label=${t("lookups.records")} columns=${COLUMNS} className="lines">
      ${(isWhole ? rows : rows.slice(0, FEW)).map((row) => html`
        <tr key=${row.service + row.entryIndex}><td>${dayClock(row.time)}</td>
          <td>${purposeWords(row.purpose)}</td><td><${Case} id=${row.caseId} /></td>
          <td>${areaWords(row.caseId)}</td><td><${What} method=${row.method} /></td>
          <td><${Result} code=${row.resultCode} reason=${row.resultReason} /></td>
          <td>${entryWords(row.service, row.entryIndex)}</td></tr>`)}</${Wide}>
    ${rows.length > FEW && html`<button class="quiet" aria-pressed=${isWhole}
      onClick=${() => setWhole(!isWhole)}>${t("lookups.all_records", { count: rows.length })}</button>`}
    ${answer && rows.length < count && html`<p class="note fine">
      ${t("lookups.records_missing", { count, shown: rows.length })}</p>`}`;
}

function answering(finding, refresh) {
  ask({
    title: t("lookups.answer"), verb: t("lookups.answer"),
    note: `${actorWords(finding.actor)}：${half(finding.reason)}`,
    fields: [
      choiceField("outcome", t("lookups.outcome"), OUTCOMES.map((code) => ({ code, label: word(code) }))),
      textField("answer", t("lookups.answer_text"), { required: true, max: LONGEST })],
    submit: async (values) => {
      try {
        await change("supervision.LookUpService/AnswerLookUpFinding",
          { findingId: finding.id, etag: finding.etag, ...values });
        say(t("said.done", { action: t("lookups.answer") }));
      } finally {
        // What was refused because it has changed is shown as it is now.
        refresh();
      }
    },
  });
}

function Answering({ finding, refresh }) {
  if (!mayChange()) return false;
  if (finding.actor === session()?.subject) return html`<p class="note">${t("lookups.own")}</p>`;
  return html`<button class="primary" data-action="answer"
    onClick=${() => answering(finding, refresh)}>${t("lookups.answer")}</button>`;
}

export function Finding({ finding, refresh, readLog }) {
  const [isUnfolded, setUnfolded] = useState(false);
  const isOpen = finding.state === OPEN;
  const isOnce = dayTime(finding.firstTime) === dayTime(finding.lastTime);
  return html`<li class="card" data-finding=${finding.id}>
    <h3>${word(finding.concern)}</h3>
    <p class="facts"><${StateMark} value=${finding.state} />
      <span><span class="dim">${t("lookups.who")}</span> <b>${actorWords(finding.actor)}</b></span>
      <span><${When} time=${finding.firstTime} />${!isOnce && html` – <${When}
        time=${finding.lastTime} />`}</span><span class="grow"></span>
      ${readLog && html`<button onClick=${() => readLog(finding.actor)}>${t("lookups.read_actor")}</button>`}
      ${isOpen && html`<${Answering} finding=${finding} refresh=${refresh} />`}</p>
    <p class="reason">${half(finding.reason)}</p>
    ${isOpen ? html`<${Records} finding=${finding} />`
    : html`<p class="narrative">${finding.answer}</p>
      <p class="note">${actorWords(finding.answeredBy)} <${When} time=${finding.answerTime} /></p>
      <details onToggle=${(event) => setUnfolded(event.target.open)}><summary>${t("lookups.records")}</summary>
        ${isUnfolded && html`<${Records} finding=${finding} />`}</details>`}</li>`;
}
