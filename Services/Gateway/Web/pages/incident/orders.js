// Who was sent and what was ordered: assignments with their times, directives with each recipient's course.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { change, listAll } from "../../lib/api.js";
import { unitName, nameOf } from "../../lib/board.js";
import { hasRole } from "../../lib/session.js";
import { nextStep, advance, callOff, CALL_OFF_ROLES } from "../../lib/actions.js";
import { ask, say } from "../../lib/ask.js";
import { answerWords, textField } from "../../lib/form.js";
import { until } from "../../lib/clock.js";
import { clockTime, span, millis } from "../../lib/time.js";
import { Panel, Problem, Empty, StateMark, When, useAnswer } from "../../lib/parts.js";

const TIMES = [["dispatchTime", "ASSIGNMENT_STATE_DISPATCHED"],
  ["acknowledgeTime", "ASSIGNMENT_STATE_ACKNOWLEDGED"],
  ["departTime", "ASSIGNMENT_STATE_EN_ROUTE"], ["arriveTime", "ASSIGNMENT_STATE_ON_SCENE"],
    ["clearTime", "ASSIGNMENT_STATE_CLEARED"]];
const BEFORE_SCENE = ["ASSIGNMENT_STATE_ASSIGNED", "ASSIGNMENT_STATE_DISPATCHED",
  "ASSIGNMENT_STATE_ACKNOWLEDGED", "ASSIGNMENT_STATE_EN_ROUTE"];

export function Steps({ assignment }) {
  const began = millis(assignment.dispatchTime);
  return html`<ol class="steps">${TIMES.map(([field, state]) => {
    const at = assignment[field];
    const passed = at && began && field !== "dispatchTime" ? ` +${span((millis(at) - began) / 1_000)}` : "";
    return html`<li class=${at ? "done" : ""}>${word(state)}<br />${at ? `${clockTime(at)}
      ${passed}` : "—"}</li>`;
  })}</ol>`;
}

export function Assignments({ incident, refresh }) {
  const list = incident.assignments ?? [];
  const act = async (assignment, step) => {
    try {
      await advance(assignment, step);
      say(`${unitName(assignment.unitId)}: ${word(step)}`);
    } catch (error) { say(error.message, "bad"); }
    refresh();
  };
  return html`<${Panel} title=${t("incident.assignments")} count=${list.length} id="assignments">
    <ul>${list.map((assignment) => {
    const step = nextStep(assignment);
    return html`<li class="course" key=${assignment.id}>
        <span class="facts"><b>${unitName(assignment.unitId)}</b><${StateMark}
          value=${assignment.state} />
          ${assignment.dispatchRuleId && html`<span class="flag">${t("incident.by_rule")}</span>`}
            <span class="grow"></span>
          ${step && html`<button class="primary" data-step=${step}
            onClick=${() => act(assignment, step)}>${word(step)}</button>`}
          ${BEFORE_SCENE.includes(assignment.state) && hasRole(...CALL_OFF_ROLES) && html`<button
            class="quiet" onClick=${() => ask(callOff(assignment, refresh))}>${t("action.call_off")}
            </button>`}</span>
        <${Steps} assignment=${assignment} />
        ${assignment.note && html`<p class="note">${assignment.disposalCode} ${assignment.note}
          </p>`}</li>`;
  })}</ul>${!list.length && html`<${Empty} words=${t("incident.nobody_sent")} />`}
  </${Panel}>`;
}

function Due({ words, time, start, late }) {
  if (!time) return null;
  const left = until(time, start);
  return html`<span class=${`running ${late || left < 0 ? "overdue" : left < 300 ? "warned" : ""}`}>
    ${words} ${left < 0 ? `+${span(-left)}` : span(left)}</span>`;
}

export function Course({ directive, course, refresh, children }) {
  const may = course.state === "DIRECTIVE_STATE_FED_BACK"
    && hasRole("dispatcher", "shift-leader", "supervisor");
  const request = { directiveId: directive.id, recipient: course.recipient,
    etag: course.etag ?? "" };
  const accept = async () => {
    try {
      await change("command.DirectiveService/AcceptDirectiveFeedback", request);
      say(t("said.done", { action: t("action.accept") }));
    } catch (error) { say(error.message, "bad"); }
    refresh();
  };
  const giveBack = () => ask({
    title: t("action.return"), verb: t("action.return"), danger: true,
      fields: [textField("reason", t("field.reason"), { required: true })],
    submit: async ({ reason }) => { await change("command.DirectiveService/ReturnDirectiveFeedback",
      { ...request, reason }); refresh(); },
  });
  const isOpen = !course.acknowledgeTime && ["DIRECTIVE_STATE_ISSUED",
    "DIRECTIVE_STATE_DELIVERED"].includes(course.state);
  const owes = ["DIRECTIVE_STATE_ACKNOWLEDGED", "DIRECTIVE_STATE_IN_PROGRESS",
    "DIRECTIVE_STATE_RETURNED"].includes(course.state);
  return html`<li class="course">
    <span class="facts"><b>${nameOf(course.recipient)}</b><${StateMark}
      value=${course.state} />
      ${isOpen && html`<${Due} words=${t("incident.sign_by")} time=${course.signDueTime}
        start=${directive.issueTime} late=${course.signOverdue} />`}
      ${owes && html`<${Due} words=${t("incident.feedback_by")} time=${course.feedbackDueTime}
        start=${directive.issueTime} late=${course.feedbackOverdue} />`}
      ${course.reminderCount > 0 && html`<span class="flag">
        ${t("incident.reminded", { count: course.reminderCount })}</span>`}
      ${course.returnCount > 0 && html`<span class="flag">
        ${t("incident.returned", { count: course.returnCount })}</span>`}
      ${course.post && html`<span class="dim">${course.post.name}</span>`}<span class="grow"></span>
      ${may && html`<button class="primary" onClick=${accept}>${t("action.accept")}</button><button
        class="danger" onClick=${giveBack}>${t("action.return")}</button>`}
      ${children}</span>
    ${course.feedback && html`<p class="narrative">${course.feedback}</p>`}
    ${(course.answers ?? []).length > 0 && html`<dl class="pairs">${course.answers.map((answer) => {
    const { label, words } = answerWords(directive.form, answer);
    return html`<dt>${label}</dt><dd>${words}</dd>`;
  })}</dl>`}
    ${course.reason && html`<p class="note">${course.reason}</p>`}</li>`;
}

export function DirectiveCard({ directive, refresh }) {
  const mayRemind = hasRole("dispatcher", "shift-leader", "supervisor")
    && ["ISSUED", "DELIVERED", "ACKNOWLEDGED", "IN_PROGRESS",
    "RETURNED"].some((name) => directive.state === `DIRECTIVE_STATE_${name}`);
  const remind = () => ask({
    title: t("action.remind"), verb: t("action.remind"),
      fields: [textField("text", t("field.text"))],
    submit: async (given) => { await change("command.DirectiveService/RemindDirective",
      { directiveId: directive.id, ...given }); refresh(); },
  });
  return html`<div class=${`card ${directive.overdueCount ? "late" : ""}`}>
    <h3>${directive.title}</h3>
    <p class="facts"><span>${word(directive.directiveClass)}</span><${StateMark}
      value=${directive.state} /><${When} time=${directive.issueTime} />
      ${directive.overdueCount > 0 && html`<b class="bad">
        ${t("incident.overdue_count", { count: directive.overdueCount })}</b>`}
      <span class="grow"></span>${mayRemind && html`<button class="quiet" onClick=${remind}>
        ${t("action.remind")}</button>`}</p>
    <p class="narrative">${directive.text}</p>
    <ul>${(directive.recipients ?? []).map((course) => html`<${Course} key=${course.recipient.id}
      directive=${directive} course=${course} refresh=${refresh} />`)}</ul>
  </div>`;
}

export function Directives({ incident, stamp }) {
  const may = hasRole("dispatcher", "shift-leader", "station", "officer", "supervisor", "auditor");
  const { answer, error, refresh } = useAnswer(() => (may
    ? listAll("command.DirectiveService/ListDirectives", "directives", { incidentId: incident.id },
      200) : Promise.resolve([])),
  [incident.id, stamp], 10_000);
  if (!may) return null;
  return html`<${Panel} title=${t("incident.directives")} count=${answer?.length} id="directives">
    <${Problem} error=${error} />
    ${(answer ?? []).map((directive) => html`<${DirectiveCard} key=${directive.id}
      directive=${directive} refresh=${refresh} />`)}
    ${answer && !answer.length && html`<${Empty} words=${t("incident.no_directive")} />`}
  </${Panel}>`;
}
