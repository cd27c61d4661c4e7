// The incident one has chosen in the hall: who is near, who is proposed and why, and sending them.
import { html, useState, useLayoutEffect } from "../../lib/ui.js";
import { t, word, half } from "../../lib/strings.js";
import { call, change, atMoment } from "../../lib/api.js";
import { placeOf, incidentOf } from "../../lib/feeds.js";
import { Elapsed, Countdown } from "../../lib/clock.js";
import { span } from "../../lib/time.js";
import { clocksOf, unitName, whoIs } from "../../lib/board.js";
import { hasRole } from "../../lib/session.js";
import { actionsFor, askFor, openAssignments } from "../../lib/actions.js";
import { textField } from "../../lib/form.js";
import { ask, say } from "../../lib/ask.js";
import { useKeys } from "../../lib/keys.js";
import { LevelMark, ClassMark, StateMark, Panel, Problem, Empty,
  useAnswer } from "../../lib/parts.js";

const RADII = [500, 1_000, 3_000, 5_000];
const MAY_SEND = ["INCIDENT_STATE_NEW", "INCIDENT_STATE_QUEUED", "INCIDENT_STATE_ACTIVE",
  "INCIDENT_STATE_MONITORED"];
const metres = (value) => (value === undefined ? t("unit.metres", { metres: 0 }) : value < 0 ? "—"
  : value < 1_000 ? t("unit.metres", { metres: Math.round(value) })
    : t("unit.kilometres", { kilometres: (value / 1_000).toFixed(value % 1_000 ? 1 : 0) }));

function Candidate({ index, unit, isPicked, toggle, canBeSent = true }) {
  return html`<li class=${canBeSent ? "" : "cannot"}><label class="candidate">
    <input type="checkbox" checked=${isPicked} disabled=${!canBeSent} onChange=${toggle} />
    ${index !== undefined && html`<kbd>${index + 1}</kbd>`}
    <b>${unit.callSign}</b>
    <span class="grow"></span>
    <span class="num">${metres(unit.distanceM)}</span><span class="num">${span(unit.travelTimeS)}
      </span>
    <span class="why">${half(unit.reason || unit.detail)}</span></label></li>`;
}

function Nearby({ incident, radius, setRadius, picked, toggle }) {
  const at = placeOf(incident);
  const { answer, error } = useAnswer(() => (at ? call("duty.UnitService/ListUnitsNearby", {
    point: { ...at, datum: "DATUM_WGS84" }, radiusM: radius, pageSize: 30, ...atMoment("asOfTime"),
  }) : Promise.resolve({})), [incident.id, radius, at?.latitude], 10_000);
  const tools = html`<span role="group" aria-label=${t("hall.radius")}>${RADII.map((one) => html`
    <button class="quiet" aria-pressed=${one === radius} onClick=${() => setRadius(one)}>
      ${metres(one)}</button>`)}</span>`;
  const units = answer?.units ?? [];
  return html`<${Panel} title=${t("hall.nearby")} count=${answer ? units.length : undefined}
    tools=${tools}>
    <${Problem} error=${error} />
    <ul class="candidates">${units.map((near) => html`<${Candidate} key=${near.unit.id}
      canBeSent=${near.canBeSent ?? false}
      unit=${{ ...near, callSign: near.unit.callSign }} isPicked=${picked.has(near.unit.id)}
        toggle=${() => toggle(near.unit.id)} />`)}</ul>
    ${answer && !units.length && html`<${Empty} words=${t("hall.nobody_near")} />`}
  </${Panel}>`;
}

function Proposal({ proposal, picked, toggle }) {
  const { units = [], passedOver = [], plan, estimator } = proposal.recommendation ?? {};
  return html`<${Panel} title=${t(plan ? "hall.plan" : "hall.recommendation")} count=${units.length}
    id="proposal">
    ${plan && html`<p class="note">${half(plan.summary)}</p>`}
    <ul class="candidates">${units.map((unit, index) => html`<${Candidate} key=${unit.unitId}
      index=${index} unit=${unit}
      isPicked=${picked.has(unit.unitId)} toggle=${() => toggle(unit.unitId)} />`)}</ul>
    ${!units.length && html`<${Empty} words=${t("hall.nobody_proposed")} />`}
    ${passedOver.length > 0 && html`<details><summary>
      ${t("hall.passed_over", { count: passedOver.length })}</summary>
      <ul class="candidates passed">${passedOver.map((unit) => html`<li><span class="candidate"><b>
        ${unit.callSign}</b><span class="grow"></span>
        <span class="num">${metres(unit.distanceM)}</span><span class="why">
          ${half(unit.detail) || word(unit.reason)}</span></span></li>`)}</ul></details>`}
    ${estimator && html`<p class="note fine" title=${estimator}>
      ${t(`estimator.${estimator.split(" ")[0]}`)}</p>`}
  </${Panel}>`;
}

export function Chosen({ incident: card, radius, setRadius, acts, close }) {
  const whole = useAnswer(() => call("command.IncidentService/GetIncident",
    { incidentId: card.id }),
    [card.id, card.state, card.level, card.assignmentCount, card.progress, card.etag]);
  const incident = whole.answer ? { ...card, ...incidentOf(whole.answer.incident),
    assignmentCount: undefined } : card;
  const [proposal, setProposal] = useState(undefined);
  const [picked, setPicked] = useState(new Set());
  const [error, setError] = useState(undefined);
  const maySend = hasRole("dispatcher", "shift-leader") && MAY_SEND.includes(incident.state);
  const toggle = (id) => setPicked((before) => {
    const after = new Set(before);
    if (!after.delete(id)) after.add(id);
    return after;
  });

  const propose = async (method) => {
    if (!maySend) return;
    setError(undefined);
    try {
      const answer = await change(`command.DispatchService/${method}`, { incidentId: incident.id });
      setProposal(answer);
      setPicked(new Set((answer.recommendation?.units ?? []).slice(0, answer.recommendation?.plan
        ? 50 : 1).map((unit) => unit.unitId)));
    } catch (refusal) { setError(refusal); }
  };
  const dispatch = () => {
    if (!maySend) return;
    if (!picked.size) { setError({ message: t("hall.pick_first") }); return; }
    const names = [...picked].map(unitName).join("、");
    ask({
      title: t("hall.dispatch_title", { units: names }), verb: t("action.dispatch"),
        note: `${incident.number} ${incident.title}`,
      fields: [textField("instruction", t("field.instruction"), { max: 1_000 })],
      submit: async (given) => {
        await change("command.DispatchService/DispatchUnits", {
          incidentId: incident.id, unitIds: [...picked],
            recommendationId: proposal?.recommendationId ?? "", ...given,
        });
        say(t("hall.dispatched", { units: names }));
        setPicked(new Set());
        setProposal(undefined);
      },
    });
  };
  // Taken back before those of the next incident are given: the keys are never nobody's.
  useLayoutEffect(() => {
    acts.current = { recommend: () => propose("RecommendUnits"),
      plan: () => propose("PlanResponse"), dispatch };
    return () => { acts.current = {}; };
  });
  const numbered = (proposal?.recommendation?.units ?? []).slice(0, 9);
  useKeys(Object.fromEntries(numbered.map((unit, index) => [String(index + 1),
    () => toggle(unit.unitId)])));

  const clocks = clocksOf(incident.id);
  return html`<${Panel} title=${incident.title || t("incident.untitled")}
    className="chosen-incident"
      tools=${html`<button class="quiet" onClick=${close}><span class="sr">${t("hall.unchoose")}
        </span>✕</button>`}>
      <p class="facts"><${LevelMark} incident=${incident} /><${ClassMark} incident=${incident} />
        <${StateMark} value=${incident.state} />
        <span class="grow"></span><${Elapsed} since=${incident.receiveTime} /></p>
      <p class="place">${incident.location?.address}
        ${incident.location?.description && html` · ${incident.location.description}`}</p>
      ${incident.narrative && html`<p class="narrative">${incident.narrative}</p>`}
      <p class="facts"><code>${incident.number}</code>${incident.advice?.stationName && html`<span>
        ${incident.advice.stationName}</span>`}
        ${incident.advice?.repeatCount > 0 && html`<span class="flag">
          ${t("incident.repeats", { count: incident.advice.repeatCount })}</span>`}</p>
      ${openAssignments(incident).length > 0 && html`<p class="facts">
        ${openAssignments(incident).map((one) => html`<span key=${one.id}><b>${unitName(one.unitId)}
        </b> <${StateMark} value=${one.state} /></span>`)}</p>`}
      ${clocks.length > 0 && html`<ul class="clocks">${clocks.slice(0, 4).map((deadline) => html`<li
        key=${deadline.id}>
        <span>${word(deadline.kind)}</span><span class="dim">${whoIs(deadline.responsible)}</span>
          <span class="grow"></span><${Countdown} deadline=${deadline} /></li>`)}</ul>`}
      <div class="buttons">
        ${maySend && html`<button class=${proposal ? "" : "primary"}
          onClick=${() => propose("RecommendUnits")}>${t("action.recommend")} <kbd>R</kbd></button>
          <button onClick=${() => propose("PlanResponse")}>${t("action.plan")} <kbd>P</kbd></button>
          <button class=${proposal ? "primary" : ""} disabled=${!picked.size} onClick=${dispatch}>
            ${t("action.dispatch")} <kbd>D</kbd></button>`}
        <a class="button" href=${`#/incident/${incident.id}`}>${t("action.open")} <kbd>↵</kbd></a>
        ${actionsFor(incident).filter((action) => !action.danger).slice(0, 4).map((action) => html`<button key=${action.key} class="quiet"
          onClick=${() => ask(askFor(action, incident,
            () => say(t("said.done",
            { action: t(`action.${action.key}`) }))))}>${t(`action.${action.key}`)}</button>`)}
      </div>
      <${Problem} error=${error} />
    </${Panel}>
    ${proposal && html`<${Proposal} proposal=${proposal} picked=${picked} toggle=${toggle} />`}
    <${Nearby} incident=${incident} radius=${radius} setRadius=${setRadius} picked=${picked}
      toggle=${toggle} />`;
}
