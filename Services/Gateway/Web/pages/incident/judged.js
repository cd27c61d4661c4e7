// What intelligence found about an incident, with its evidence; and how supervision judged it in the end.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { call } from "../../lib/api.js";
import { hasRole } from "../../lib/session.js";
import { Panel, Empty, When, Problem, useAnswer } from "../../lib/parts.js";

/** Nothing there yet is no error. */
const orNothing = (promise) => promise.catch((error) => { if (error.code === "not_found") return {}; throw error; });
const metres = (value) => (value === undefined ? t("unit.metres", { metres: 0 }) : value < 0 ? ""
  : t("unit.metres", { metres: Math.round(value) }));

export function AssessmentPanel({ incident, stamp }) {
  const may = hasRole("call-taker", "dispatcher", "shift-leader", "station", "analyst",
    "supervisor", "auditor");
  const { answer, error } = useAnswer(() => (may
    ? orNothing(call("intelligence.AssessmentService/GetAssessment", { incidentId: incident.id }))
      : Promise.resolve({})), [incident.id, stamp]);
  if (!may) return null;
  const found = answer?.assessment;
  return html`<${Panel} title=${t("incident.assessment")} id="assessment"><${Problem}
    error=${error} />
    ${found ? html`<dl class="pairs">
      ${found.jurisdiction && html`<dt>${t("field.station")}</dt><dd>
        ${found.jurisdiction.stationName} ${found.jurisdiction.beatName}</dd>`}
      ${found.kind && html`<dt>${t("assess.suggests")}</dt><dd>
        ${word(found.kind.incidentClass)} · ${word(found.kind.level)}</dd>
        <dt>${t("assess.evidence")}</dt><dd>${(found.kind.evidence ?? []).map((one) => html`<span
          class="flag">${one}</span> `)}</dd>`}</dl>
      ${(found.repeats ?? []).map((finding) => html`<div class="course"><span class="facts"><b>
        ${word(finding.link)}</b>
        <span class="flag">${t("incident.repeats", { count: finding.count })}</span><code>
          ${finding.rule}</code></span>
        <ul>${(finding.evidence ?? []).slice(0, 6).map((one) => html`<li><a
          href=${`#/incident/${one.incidentId}`}><${When} time=${one.receiveTime} />
          </a> ${metres(one.distanceM)}</li>`)}</ul>
        <p class="note fine">${t("assess.expires")} <${When} time=${finding.expireTime} /></p>
          </div>`)}`
    : answer && html`<${Empty} words=${t("assess.not_yet")} />`}
  </${Panel}>`;
}

export function EvaluationPanel({ incident, stamp }) {
  const may = incident.state === "INCIDENT_STATE_CLOSED"
    && hasRole("supervisor", "shift-leader", "station", "analyst", "auditor");
  const { answer } = useAnswer(() => (may
    ? orNothing(call("supervision.EvaluationService/GetEvaluation", { incidentId: incident.id }))
      : Promise.resolve({})), [incident.id, stamp, may]);
  const judged = answer?.evaluation;
  if (!judged) return null;
  const [met, missed] = [judged.metCount ?? 0, judged.missedCount ?? 0];
  return html`<${Panel} title=${t("incident.evaluation")}><dl class="pairs">
    <dt>${t("evaluation.grade")}</dt><dd><b>${word(judged.grade)}</b></dd>
    <dt>${t("evaluation.on_time")}</dt><dd>${met} / ${met + missed}</dd>
    <dt>${t("evaluation.excluded")}</dt><dd>${judged.excludedCount ?? 0}</dd>
    <dt>${t("evaluation.returns")}</dt><dd>${judged.returnCount ?? 0}</dd></dl></${Panel}>`;
}
