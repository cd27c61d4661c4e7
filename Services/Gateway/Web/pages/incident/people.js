// The calls of an incident. Numbers and names are masked; whoever needs one whole says what for, and that is
// recorded before the answer comes.
import { html, useState } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { call, listAll } from "../../lib/api.js";
import { hasRole } from "../../lib/session.js";
import { ask } from "../../lib/ask.js";
import { choiceField, textField } from "../../lib/form.js";
import { Panel, Problem, Empty, When, useAnswer } from "../../lib/parts.js";

const MAY_LIST = ["call-taker", "dispatcher", "shift-leader", "station", "supervisor", "analyst",
  "auditor"];
const MAY_REVEAL = ["call-taker", "dispatcher", "shift-leader", "station", "officer"];
const PURPOSES = { CALL_BACK: MAY_REVEAL, RESCUE: MAY_REVEAL, INVESTIGATION: ["analyst", "station"],
  COMPLAINT: ["shift-leader"] };
const SHOWN_FOR = 30_000;

function Caller({ report, incident }) {
  const [shown, setShown] = useState(undefined);
  const reveal = () => ask({
    title: t("people.reveal"), verb: t("people.reveal"), note: t("people.recorded"),
    fields: [choiceField("code", t("people.purpose"), Object.keys(PURPOSES)
      .filter((code) => hasRole(...PURPOSES[code]))
      .map((code) => ({ code: `PURPOSE_CODE_${code}`, label: word(`PURPOSE_CODE_${code}`) }))),
    textField("note", t("people.note"), { max: 200 })],
    submit: async ({ code, note }) => {
      setShown(await call("command.CallerService/RevealCaller", {
        purpose: { code, caseId: incident.id, note: note ?? "" }, callReportId: report.id }));
      setTimeout(() => setShown(undefined), SHOWN_FOR);
    },
  });
  const hasSomebody = report.maskedPhone || report.maskedName;
  return html`<span class="facts">
    ${shown ? html`<b>${shown.callerName} ${shown.phone}</b>` : html`<span>
      ${report.maskedName} ${report.maskedPhone || (!report.maskedName && t("people.unknown"))}
      </span>`}
    ${hasSomebody && !shown && hasRole(...MAY_REVEAL) && html`<button class="quiet"
      onClick=${reveal}>${t("people.reveal")}</button>`}</span>`;
}

export function Calls({ incident, stamp }) {
  const may = hasRole(...MAY_LIST);
  const { answer, error } = useAnswer(() => (may
    ? listAll("command.CallReportService/ListCallReports", "callReports",
      { incidentId: incident.id }, 100) : Promise.resolve([])),
  [incident.id, stamp]);
  if (!may) return null;
  return html`<${Panel} title=${t("incident.calls")} count=${answer?.length}>
    <${Problem} error=${error} />
    <ul>${(answer ?? []).map((report) => html`<li class="course" key=${report.id}>
      <span class="facts"><b>${word(report.channel)}</b><${When} time=${report.receiveTime} /><span
        class="dim">${word(report.outcome)}</span>
        ${report.pressCount > 1 && html`<span class="flag">
          ${t("people.presses", { count: report.pressCount })}</span>`}</span>
      <${Caller} report=${report} incident=${incident} />
      <p class="narrative">${report.narrative}</p></li>`)}</ul>
    ${answer && !answer.length && html`<${Empty} />`}
  </${Panel}>`;
}
