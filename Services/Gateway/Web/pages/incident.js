// One incident: its course, its calls, who was sent, what was ordered and answered, and what this person may
// do with it now.
import { html, useRef, useEffect } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call } from "../lib/api.js";
import { board, useBoard, clocksOf, whoIs } from "../lib/board.js";
import { hasRole } from "../lib/session.js";
import { actionsFor, askFor } from "../lib/actions.js";
import { ask, say } from "../lib/ask.js";
import { Elapsed, Countdown } from "../lib/clock.js";
import { millis, span } from "../lib/time.js";
import { placeOf, incidentOf } from "../lib/feeds.js";
import { MapView } from "../lib/map.js";
import { LevelMark, ClassMark, StateMark, Panel, Problem, Empty, Sayings, When,
  useAnswer } from "../lib/parts.js";
import { useKeys } from "../lib/keys.js";
import { Timeline } from "./incident/timeline.js";
import { Calls } from "./incident/people.js";
import { Assignments, Directives } from "./incident/orders.js";
import { AssessmentPanel, EvaluationPanel } from "./incident/judged.js";

const EVERY = 5_000;
const ENDED = ["INCIDENT_STATE_CLOSED", "INCIDENT_STATE_CANCELLED", "INCIDENT_STATE_MERGED"];
const HALL = ["dispatcher", "shift-leader", "supervisor", "auditor"];

function Head({ incident, refresh }) {
  const actions = actionsFor(incident);
  return html`<header class="incident-head">
    <${LevelMark} incident=${incident} /><h1>${incident.title || t("incident.untitled")}</h1>
    <${ClassMark} incident=${incident} /><${StateMark} value=${incident.state} /><code>
      ${incident.number}</code>
    ${ENDED.includes(incident.state)
    ? html`<span class="running" title=${t("incident.took")}>
      ${span((millis(incident.stateTime) - millis(incident.receiveTime)) / 1_000)}</span>`
    : html`<${Elapsed} since=${incident.receiveTime} label=${t("incident.since_call")} />`}
    ${incident.reopenCount > 0 && html`<span class="flag">
      ${t("incident.reopened", { count: incident.reopenCount })}</span>`}
    ${incident.feedback?.returnCount > 0 && html`<span class="flag">
      ${t("incident.returned", { count: incident.feedback.returnCount })}</span>`}
    <span class="grow"></span>
    <span class="buttons" id="actions">
      ${hasRole(...HALL) && html`<a class="button" href=${`#/hall/${incident.id}`}>
        ${t("incident.to_hall")} <kbd>M</kbd></a>`}
      ${actions.map((action) => html`<button key=${action.key} data-action=${action.key}
        class=${action.danger ? "danger" : action.primary ? "primary" : ""}
        onClick=${() => ask(askFor(action, incident,
          () => { say(t("said.done",
          { action: t(`action.${action.key}`) })); refresh(); }))}>${t(`action.${action.key}`)}</button>`)}
    </span>
  </header>`;
}

function Facts({ incident }) {
  const { advice = {}, feedback } = incident;
  const clocks = clocksOf(incident.id);
  const pairs = [
    ["field.address", incident.location?.address],
      ["field.description", incident.location?.description],
    ["field.narrative", incident.narrative], ["field.origin", word(incident.origin)],
    ["field.station", advice.stationName], ["field.source", incident.source
      && `${incident.source} ${incident.externalReference ?? ""}`],
    ["field.diverted_to", incident.divertedTo], ["field.feedback", feedback?.text],
      ["field.disposal", feedback?.disposalCode],
  ].filter(([, words]) => words);
  return html`<${Panel} title=${t("incident.facts")}>
    <dl class="pairs">${pairs.map(([key, words]) => html`<dt>${t(key)}</dt><dd>${words}</dd>`)}
      <dt>${t("field.received")}</dt><dd><${When} time=${incident.receiveTime} /></dd>
      <dt>${t("field.state_since")}</dt><dd><${When} time=${incident.stateTime} /></dd></dl>
    ${clocks.length > 0 && html`<ul class="clocks" aria-label=${t("incident.clocks")}>
      ${clocks.map((deadline) => html`<li key=${deadline.id}>
      <span>${word(deadline.kind)}</span><span class="dim grow">${whoIs(deadline.responsible)}
        </span><${Countdown} deadline=${deadline} /></li>`)}</ul>`}
  </${Panel}>`;
}

function Place({ incident }) {
  const map = useRef(null);
  const at = placeOf(incident);
  useEffect(() => { if (at) map.current?.show(at, 14); }, [at?.latitude, at?.longitude]);
  const read = () => ({
    incidents: [incident], selected: incident.id,
    units: [...board.units.values()].filter((unit) => (incident.assignments ?? []).some((one) => one.unitId === unit.id)),
    lines: (incident.assignments ?? []).map((one) => [board.units.get(one.unitId)?.at, at]),
  });
  return html`<${Panel} title=${t("incident.place")} className="map-panel"><div class="map-box">
    <${MapView} label=${t("incident.place")} read=${read}
      control=${(handle) => { map.current = handle; if (at) setTimeout(() => handle.show(at, 14)); }} /></div></${Panel}>`;
}

export default function IncidentPage({ part: id }) {
  return id ? html`<${Whole} id=${id} />` : html`<${Empty} words=${t("incident.which")} />`;
}

function Whole({ id }) {
  const { incidents } = useBoard();
  const live = incidents.get(id);
  const { answer, error, refresh } = useAnswer(
    () => call("command.IncidentService/GetIncident", { incidentId: id }),
    [id, live?.etag, live?.state, live?.assignmentCount, live?.progress], EVERY);
  useKeys({ m: () => hasRole(...HALL) && location.assign(`#/hall/${id}`),
    Escape: () => history.back() });
  const incident = answer && incidentOf(answer.incident);
  if (!incident) return html`<${Problem} error=${error} />${!error && html`<p class="empty">${t("head.loading")}</p>`}`;
  // Parts of the page are read again when the incident changed, not each on its own.
  const stamp = `${incident.etag}/${(incident.assignments ?? []).map((one) => one.state).join()}`;
  return html`<article class="incident">
    <${Head} incident=${incident} refresh=${refresh} /><${Problem} error=${error} />
    <div class="columns">
      <div><${Facts} incident=${incident} /><${Assignments} incident=${incident}
        refresh=${refresh} />
        <${Directives} incident=${incident} stamp=${stamp} /></div>
      <div><${Place} incident=${incident} /><${Calls} incident=${incident} stamp=${stamp} />
        <${AssessmentPanel} incident=${incident} stamp=${stamp} /><${EvaluationPanel}
          incident=${incident} stamp=${stamp} /></div>
      <${Timeline} incident=${incident} stamp=${stamp} />
    </div>
    <${Sayings} />
  </article>`;
}
