// One deployment after the other: suggested, decided, and what came of it. A leader takes a suggestion as it is,
// keeps single units where they stand, with a reason, or refuses it.
import { html, useState } from "../../lib/ui.js";
import { t, half, word } from "../../lib/strings.js";
import { call, change } from "../../lib/api.js";
import { hasRole } from "../../lib/session.js";
import { ask, say } from "../../lib/ask.js";
import { textField } from "../../lib/form.js";
import { now } from "../../lib/clock.js";
import { minuteTime, dayTime } from "../../lib/time.js";
import { Panel, Problem, Empty, StateMark, useAnswer } from "../../lib/parts.js";

const SERVICE = "duty.DeploymentService";
const is = (deployment, name) => deployment.state === `DEPLOYMENT_STATE_${name}`;
/** The day and hour in Shanghai, for what is asked by the calendar. */
const local = () => new Date(now() + 8 * 3_600_000);

async function suggest(post, refresh) {
  const at = local();
  try {
    await change(`${SERVICE}/SuggestDeployment`, { orgUnitId: post, date: at.toISOString().slice(0, 10), startHour: at.getUTCHours() },
      { moment: "asOfTime" });
    say(t("deployment.suggested"));
  } catch (error) { say(error.message, "bad"); }
  refresh();
}

function Gains({ gains }) {
  return html`<div class="scroll"><table class="matrix"><thead><tr>${["window", "calls", "before", "after", "expected"].map((name) => html`<th scope="col" class="num">${t(`deployment.${name}`)}</th>`)}</tr></thead>
    <tbody>${gains.map((gain) => html`<tr key=${gain.startTime}><th scope="row">${minuteTime(gain.startTime)}–${minuteTime(gain.endTime)}</th>
      <td class="num">${Number(gain.callCount ?? 0)}</td><td class="num">${Number(gain.beforeCount ?? 0)}</td><td class="num good"><b>${Number(gain.afterCount ?? 0)}</b></td>
      <td class="num">${(gain.expectedBefore ?? 0).toFixed(1)} → ${(gain.expectedAfter ?? 0).toFixed(1)} / ${(gain.expectedCalls ?? 0).toFixed(1)}</td></tr>`)}</tbody></table></div>`;
}

function Posts({ posts, kept, toggle }) {
  return html`<ul>${posts.map((post, index) => html`<li class="course" key=${`${post.unitId}${post.startTime}`}><span class="facts">
    <b>${post.callSign}</b><span>${minuteTime(post.startTime)}–${minuteTime(post.endTime)}</span><span>${post.isMoved ? `→ ${post.placeName}` : t("deployment.stays")}</span><span class="grow"></span>
    ${toggle && post.isMoved && html`<label class="choice"><input type="checkbox" checked=${kept.includes(index)} onChange=${() => toggle(index)} /><span>${t("deployment.keep")}</span></label>`}</span>
    ${post.reason && html`<p class="note fine">${half(post.reason)}</p>`}</li>`)}</ul>`;
}

function Decide({ deployment, kept, refresh }) {
  const run = (method, request) => async (values) => {
    await change(`${SERVICE}/${method}`, { deploymentId: deployment.id, etag: deployment.etag, ...request, ...values });
    say(t("said.done", { action: t(`deployment.${method}`) }));
    refresh();
  };
  const asked = (method, isRequired, request = {}) => ask({
    title: t(`deployment.${method}`), verb: t(`deployment.${method}`), note: half(deployment.suggestion?.summary),
    fields: [textField("reason", t("field.reason"), { required: isRequired, max: 500 })], submit: run(method, request),
  });
  const accept = () => {
    const stands = new Map((deployment.suggestion.standing ?? []).map((unit) => [unit.unitId, unit.point]));
    const posts = (deployment.suggestion.posts ?? []).map(({ unitId, point, startTime, endTime }, index) => ({
      unitId, startTime, endTime, point: kept.includes(index) ? stands.get(unitId) ?? point : point }));
    asked("AcceptDeployment", kept.length > 0, kept.length ? { posts } : {});
  };
  return html`<p class="facts">
    ${is(deployment, "PROPOSED") && html`<button class="primary" data-action="accept" onClick=${accept}>${t("deployment.AcceptDeployment")}</button>
      <button data-action="refuse" onClick=${() => asked("RefuseDeployment", true)}>${t("deployment.RefuseDeployment")}</button>`}
    ${is(deployment, "ACCEPTED") && html`<button class="danger" data-action="withdraw" onClick=${() => asked("WithdrawDeployment", true)}>${t("deployment.WithdrawDeployment")}</button>`}</p>`;
}

function Whole({ id, etag, refresh }) {
  const { answer, error } = useAnswer(() => call(`${SERVICE}/GetDeployment`, { deploymentId: id }), [id, etag]);
  const [kept, keep] = useState([]);
  const deployment = answer?.deployment;
  if (!deployment) return html`<${Problem} error=${error} />`;
  const isOpen = is(deployment, "PROPOSED");
  const mayDecide = hasRole("station", "shift-leader");
  const toggle = isOpen && mayDecide && ((index) => keep(kept.includes(index) ? kept.filter((one) => one !== index) : [...kept, index]));
  return html`<div><p>${half(deployment.suggestion.summary)}</p>
    ${deployment.reason && html`<p class="narrative">${half(deployment.reason)}</p>`}
    ${deployment.outcome && html`<p class="narrative">${half(deployment.outcome.summary)}</p>`}
    <${Posts} posts=${(isOpen ? deployment.suggestion.posts : deployment.posts) ?? []} kept=${kept} toggle=${toggle} />
    <${Gains} gains=${(deployment.gains?.length ? deployment.gains : deployment.suggestion.gains) ?? []} />
    ${mayDecide && html`<${Decide} deployment=${deployment} kept=${kept} refresh=${refresh} />`}</div>`;
}

export function Deployments({ post, list, refresh }) {
  const [chosen, choose] = useState("");
  const shown = chosen || list[0]?.id;
  const tools = post && hasRole("station", "shift-leader") && html`<button class="primary" data-action="suggest" onClick=${() => suggest(post, refresh)}>${t("deployment.suggest")}</button>`;
  return html`<${Panel} title=${t("page.deployment")} count=${list.length} id="deployments" tools=${tools}>
    ${list.map((one) => html`<div class="card" key=${one.id}><p class="facts"><${StateMark} value=${one.state} />
      <button class="link" aria-expanded=${one.id === shown} onClick=${() => choose(one.id)}>${dayTime(one.startTime)} – ${minuteTime(one.endTime)}</button>
      ${one.isChanged && html`<span class="flag">${t("deployment.changed")}</span>`}</p>
      ${one.id === shown && html`<${Whole} id=${one.id} etag=${one.etag} refresh=${refresh} />`}</div>`)}
    ${!list.length && html`<${Empty} words=${t("deployment.none")} />`}</${Panel}>`;
}
