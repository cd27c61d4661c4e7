// 督办: clocks about to run out, who is late, feedback that was returned; from every figure to its cases.
import { html, useState } from "../lib/ui.js";
import { t, word, half } from "../lib/strings.js";
import { call, listAll } from "../lib/api.js";
import { useBoard, whoIs } from "../lib/board.js";
import { Countdown, until, urgency, useTick } from "../lib/clock.js";
import { actionsFor, askFor } from "../lib/actions.js";
import { ask, say } from "../lib/ask.js";
import { DirectiveCard } from "./incident/orders.js";
import { Panel, Problem, Empty, Figure, LevelMark, StateMark, Sayings,
  useAnswer } from "../lib/parts.js";

const EVERY = 10_000;
const MOST = 100;
const ORDERS = 50;
const KINDS = ["SIGN", "DEPARTURE", "ARRIVAL", "DIRECTIVE_FEEDBACK", "INCIDENT_FEEDBACK",
  "OPINION_RESPONSE", "TASK"].map((name) => `DEADLINE_KIND_${name}`);
const TONES = ["overdue", "warned", "calm"];

const percent = (met, missed) => (met + missed ? `${((100 * met) / (met + missed)).toFixed(1)}%`
  : "—");

/** On time, late and left out, by rule; with denominators. */
function Rules() {
  const counts = useAnswer(() => call("supervision.DeadlineService/CountDeadlines"), [], EVERY);
  const rules = useAnswer(() => call("supervision.DeadlineService/ListRules"), []);
  const names = new Map((rules.answer?.rules ?? []).map((rule) => [rule.code, rule.name]));
  return html`<${Panel} title=${t("supervision.rules")}><${Problem} error=${counts.error} /><div
    class="scroll"><table class="matrix">
    <thead><tr><th scope="col">${t("supervision.rule")}
      </th>${["on_time", "met", "missed", "running", "excluded"].map((name) => html`<th scope="col"
      class="num">${t(`supervision.${name}`)}</th>`)}</tr></thead>
    <tbody>${(counts.answer?.counts ?? []).map((count) => {
    const [met, missed] = [Number(count.met ?? 0), Number(count.missed ?? 0)];
    return html`<tr key=${count.ruleCode}><th scope="row">
      ${half(names.get(count.ruleCode)) || count.ruleCode}</th>
        <td class=${`num ${missed && met / (met + missed) < 0.9 ? "bad" : "good"}`}><b>
          ${percent(met, missed)}</b></td><td class="num">${met}</td><td class="num">${missed}</td>
        <td class="num">${count.running ?? 0}</td><td class="num">${count.cancelled ?? 0}</td>
          </tr>`;
  })}</tbody></table></div><p class="note fine">${t("supervision.denominator")}</p></${Panel}>`;
}

/** A task by its place; by its id until that is known. */
function TaskPlace({ id }) {
  const { answer } = useAnswer(() => call("duty.TaskService/GetTask", { taskId: id }), [id]);
  return answer?.task?.place?.name ?? html`<code>${id}</code>`;
}

function Subject({ deadline, incident }) {
  if (deadline.incidentId) {
    return html`<a href=${`#/incident/${deadline.incidentId}`}>${incident?.title
      ?? deadline.incidentId}</a>`;
  }
  return deadline.kind === "DEADLINE_KIND_TASK" ? html`<${TaskPlace} id=${deadline.subject} />`
    : html`<code>${deadline.subject}</code>`;
}

function Case({ deadline, incident }) {
  return html`<tr><td>${word(deadline.kind)}</td><td>${whoIs(deadline.responsible)}</td>
    <td><${Subject} deadline=${deadline} incident=${incident} /></td>
    <td>${deadline.escalationLevel > 0 && html`<span class="flag">↑${deadline.escalationLevel}
      </span>`}</td><td class="num"><${Countdown} deadline=${deadline} /></td></tr>`;
}

function Returned({ incidents }) {
  const states = ["AWAITING_FEEDBACK", "IN_REVIEW"].map((name) => `INCIDENT_STATE_${name}`);
  const stamp = [...incidents.values()].filter((one) => states.includes(one.state))
    .map((one) => one.id + one.state).join();
  const { answer, error } = useAnswer(() => listAll("command.IncidentService/ListIncidents",
    "incidents", { states }, 500), [stamp], EVERY);
  const list = (answer ?? []).filter((incident) => incident.feedback?.returnCount > 0
    || incident.state === "INCIDENT_STATE_IN_REVIEW");
  return html`<${Panel} title=${t("supervision.feedback")} count=${list.length} id="returned">
    <${Problem} error=${error} />
    <ul>${list.map((incident) => html`<li class="course" key=${incident.id}><span class="facts">
      <${LevelMark} incident=${incident} />
      <a href=${`#/incident/${incident.id}`}>${incident.title}</a><${StateMark}
        value=${incident.state} />
      ${incident.feedback?.returnCount > 0 && html`<span class="flag">
        ${t("incident.returned", { count: incident.feedback.returnCount })}</span>`}
      <span class="grow"></span>
        ${actionsFor(incident).filter((action) => action.key === "return")
          .map((action) => html`<button class="danger" data-action=${action.key}
        onClick=${() => ask(askFor(action, incident, () => say(t("said.done", { action: t("action.return") }))))}>${t("action.return")}</button>`)}</span>
      ${incident.feedback?.text && html`<p class="narrative">${incident.feedback.text}</p>`}</li>`)}
        </ul>
    ${!list.length && html`<${Empty} words=${t("supervision.no_feedback")} />`}</${Panel}>`;
}

/** Directives, newest first: where each recipient stands, and who is late. */
function Orders() {
  const [overdueOnly, setOverdueOnly] = useState(false);
  const { answer, error, refresh } = useAnswer(() => listAll("command.DirectiveService/ListDirectives",
    "directives", { overdueOnly, pageSize: ORDERS }, ORDERS), [overdueOnly], EVERY);
  const list = answer ?? [];
  const tools = html`<button class="quiet" aria-pressed=${overdueOnly}
    onClick=${() => setOverdueOnly(!overdueOnly)}>${t("supervision.late_only")}</button>`;
  return html`<${Panel} title=${t("supervision.orders")} count=${list.length} tools=${tools} id="orders">
    <${Problem} error=${error} />
    ${list.map((one) => html`<${DirectiveCard} key=${one.id} directive=${one} refresh=${refresh} />`)}
    ${answer && !list.length && html`<${Empty} words=${t("supervision.no_orders")} />`}</${Panel}>`;
}

export default function SupervisionPage() {
  useTick();
  const { deadlines, incidents } = useBoard();
  const [drill, setDrill] = useState({});
  const running = [...deadlines.values()].filter((deadline) => !deadline.stopTime)
    .map((deadline) => ({ deadline, tone: urgency(deadline) }));
  const counted = (tone, kind) => running.filter((one) => one.tone === tone
    && (!kind || one.deadline.kind === kind)).length;
  const isDrilled = (one) => JSON.stringify(drill) === JSON.stringify(one);
  const to = (next) => setDrill(isDrilled(next) ? {} : next);
  const cases = running.filter(({ deadline, tone }) => (!drill.tone || tone === drill.tone)
    && (!drill.kind || deadline.kind === drill.kind)
    && (!drill.who || deadline.responsible === drill.who)).map(({ deadline }) => deadline)
    .sort((one, other) => until(one.dueTime, one.startTime) - until(other.dueTime,
      other.startTime));
  const late = new Map();
  running.filter(({ tone }) => tone === "overdue").forEach(({ deadline }) => late.set(deadline.responsible, (late.get(deadline.responsible) ?? 0) + 1));
  const byWho = [...late].sort((one, other) => other[1] - one[1]).slice(0, 20);
  return html`<article>
    <div class="big-figures">${TONES.map((tone) => html`<${Figure} value=${counted(tone)}
      words=${t(`supervision.${tone}`)} pressed=${isDrilled({ tone })}
      tone=${counted(tone) ? { overdue: "bad", warned: "warn", calm: "good" }[tone]
        : ""} onClick=${() => to({ tone })} />`)}
      ${KINDS.map((kind) => html`<${Figure}
        value=${running.filter((one) => one.deadline.kind === kind).length} words=${word(kind)}
        pressed=${isDrilled({ kind })} onClick=${() => to({ kind })} />`)}</div>
    <div class="board-columns">
      <${Panel} title=${t("supervision.cases")} count=${cases.length} id="cases"
        tools=${Object.keys(drill).length > 0 && html`<button class="quiet"
        onClick=${() => setDrill({})}>${t("supervision.all")}</button>`}>
        <div class="scroll"><table><thead>
          <tr>${["kind", "who", "case", "level", "left"].map((name) => html`<th scope="col">
          ${t(`supervision.col_${name}`)}</th>`)}</tr></thead>
          <tbody>${cases.slice(0, MOST).map((deadline) => html`<${Case} key=${deadline.id}
            deadline=${deadline} incident=${incidents.get(deadline.incidentId)} />`)}</tbody>
            </table></div>
        ${!cases.length && html`<${Empty} words=${t("hall.no_clocks")} />`}</${Panel}>
      <div><${Panel} title=${t("supervision.by_unit")} count=${late.size}>
        <ul class="bars">${byWho.map(([who, count]) => html`<li key=${who}><button class="link"
          onClick=${() => to({ who })}>${whoIs(who)}</button>
          <span class="bar"><i class="level-1" style=${{ flexGrow: count }}></i><i class="rest"
            style=${{ flexGrow: byWho[0][1] - count }}></i></span><b class="num">${count}</b>
            </li>`)}</ul>
        ${!late.size && html`<${Empty} words=${t("supervision.nobody_late")} />`}</${Panel}>
        <${Returned} incidents=${incidents} /><${Orders} /></div>
      <${Rules} /></div><${Sayings} /></article>`;
}
