// 舆情: topics that are talked about, how they grow and burst, and by when the bureau owes an answer. Topics
// only: there are no authors here, nor anywhere behind this page.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call, change } from "../lib/api.js";
import { hasRole } from "../lib/session.js";
import { useBoard, OPEN_STATES } from "../lib/board.js";
import { until } from "../lib/clock.js";
import { millis, span } from "../lib/time.js";
import { ask } from "../lib/ask.js";
import { choiceField } from "../lib/form.js";
import { Curve } from "../lib/curve.js";
import { Statements } from "./opinion/statements.js";
import { Panel, Problem, Empty, When, Figure, Sayings, useAnswer } from "../lib/parts.js";

const EVERY = 5_000;
const GOLDEN = 4 * 3_600;
const STEPS = [60, 300, 900, 3_600, 6 * 3_600, 24 * 3_600];
const MOST_STEPS = 40;

/** By when a first answer is due: supervision's clock where there is one, else the golden hours. */
function dueOf(topic, deadlines) {
  if (!topic.incidentId || topic.responseTime) return undefined;
  const clock = deadlines.find((one) => one.subject === topic.id
    && one.kind === "DEADLINE_KIND_OPINION_RESPONSE");
  return clock?.dueTime ?? new Date(millis(topic.tieTime) + GOLDEN * 1_000).toISOString();
}

function Due({ topic, deadlines }) {
  if (topic.responseTime) return html`<b class="good">${t("opinion.answered")}</b>`;
  const due = dueOf(topic, deadlines);
  if (!due) return html`<span class="dim">${t("opinion.not_tied")}</span>`;
  const left = until(due, topic.tieTime);
  return html`<b class=${`running ${left < 0 ? "overdue" : left < 3_600 ? "warned" : ""}`}>
    ${t("opinion.due")} ${left < 0 ? `+${span(-left)}` : span(left)}</b>`;
}

/** Texts by time, and the moments at which far more came than before. */
export function curveOf(topic, items) {
  const times = items.map((item) => millis(item.publishTime) / 1_000)
    .sort((one, other) => one - other);
  if (!times.length) return undefined;
  const [first, last] = [times[0], Math.max(times.at(-1), times[0] + 60)];
  const step = STEPS.find((one) => (last - first) / one <= MOST_STEPS) ?? STEPS.at(-1);
  const start = Math.floor(first / step) * step;
  const values = new Array(Math.floor((last - start) / step) + 1).fill(0);
  times.forEach((at) => { values[Math.floor((at - start) / step)] += 1; });
  const bursts = [];
  values.forEach((value, index) => {
    const before = values.slice(0, index);
    const mean = before.reduce((sum, one) => sum + one, 0) / Math.max(1, before.length);
    if (index > 0 && value >= 3 && value >= 2 * mean + 1) bursts.push(start + index * step);
  });
  return { step, bursts, times: values.map((_, index) => start + index * step), values,
    sums: values.map((_, index) => (topic.itemCount ?? times.length) - times.length + values.slice(0, index + 1).reduce((sum, one) => sum + one, 0)) };
}

function Topic({ id, deadlines, refreshList }) {
  const { incidents } = useBoard();
  const { answer, error, refresh } = useAnswer(() => call("publicopinion.OpinionService/GetTopic",
    { topicId: id }), [id], EVERY);
  if (!answer) return html`<${Problem} error=${error} />`;
  const { topic, items = [] } = answer;
  const curve = curveOf(topic, items);
  const done = () => { refresh(); refreshList(); };
  const tie = () => ask({
    title: t("opinion.tie"), verb: t("opinion.tie"), note: topic.title,
    fields: [choiceField("incidentId", t("page.incident"),
      [...incidents.values()].filter((one) => OPEN_STATES.includes(one.state))
      .map((one) => ({ code: one.id, label: `${one.number} ${one.title}` })))],
    submit: async (given) => { await change("publicopinion.OpinionService/TieTopic",
      { topicId: id, etag: topic.etag, ...given }); done(); },
  });
  return html`<${Panel} title=${topic.title} id="topic">
    <p class="facts"><${Due} topic=${topic} deadlines=${deadlines} /><span>
      ${t("opinion.texts", { count: topic.itemCount ?? 0 })}</span>
      <span class="dim"><${When} time=${topic.firstTime} /> – <${When} time=${topic.lastTime} />
        </span>
      ${topic.incidentId && html`<a href=${`#/incident/${topic.incidentId}`}>
        ${t("station.incident")}</a>`}<span class="grow"></span>
      ${!topic.incidentId && hasRole("opinion-editor", "shift-leader") && html`<button
        onClick=${tie}>${t("opinion.tie")}</button>`}</p>
    ${curve && html`<${Curve} times=${curve.times}
      label=${t("opinion.curve", { count: topic.itemCount ?? 0, bursts: curve.bursts.length })}
        series=${[{ label: t("opinion.sum"), values: curve.sums, colour: "#58b8ff" },
          { label: t("opinion.new", { step: span(curve.step) }), values: curve.values,
          colour: "#f5cf52" }]}
        marks=${[...curve.bursts.map((at) => ({ at, colour: "#ff6b6b" })),
          ...(topic.responseTime ? [{ at: millis(topic.responseTime) / 1_000, colour: "#3fd69b" }]
          : [])]} />
      <p class="note fine"><i class="dot level-4 inline"></i> ${t("opinion.sum")} · <i
        class="dot level-3 inline">
        </i> ${t("opinion.new", { step: span(curve.step) })} · ${curve.bursts.length
    ? html`<b class="bad">${t("opinion.bursts", { count: curve.bursts.length })}
      </b>` : t("opinion.no_burst")}</p>`}
    ${topic.incidentId && html`<${Statements} topic=${topic} done=${done} />`}
    <ul>${items.map((item) => html`<li class="course" key=${item.id}><span class="facts"><span
      class="flag">${word(item.source)}</span><${When} time=${item.publishTime} /></span><p
      class="narrative">${item.text}</p></li>`)}</ul>
  </${Panel}>`;
}

export default function OpinionPage({ part }) {
  const { deadlines } = useBoard();
  const [chosen, choose] = useState(part);
  const { answer, error, refresh } = useAnswer(() => call("publicopinion.OpinionService/ListTopics",
    { pageSize: 100 }), [], EVERY);
  const clocks = [...deadlines.values()];
  const rank = (topic) => { const due = dueOf(topic, clocks); return due ? until(due, topic.tieTime)
    : topic.responseTime ? 9e9 : 8e9; };
  const topics = [...(answer?.topics ?? [])].sort((one, other) => rank(one) - rank(other)
    || (other.itemCount ?? 0) - (one.itemCount ?? 0));
  const owed = topics.filter((topic) => dueOf(topic, clocks));
  const late = owed.filter((topic) => until(dueOf(topic, clocks), topic.tieTime) < 0).length;
  const id = chosen || topics[0]?.id;
  return html`<article>
    <div class="big-figures"><${Figure} value=${topics.length} words=${t("opinion.topics")} />
      <${Figure} value=${owed.length} words=${t("opinion.owed")}
        tone=${owed.length ? "warn" : "good"} />
      <${Figure} value=${late} words=${t("supervision.overdue")} tone=${late ? "bad" : ""} />
      <${Figure} value=${topics.filter((topic) => topic.responseTime).length}
        words=${t("opinion.answered")} tone="good" /></div>
    <${Problem} error=${error} />
    <div class="board-columns"><${Panel} title=${t("opinion.topics")} count=${topics.length}
      id="topics">
      <ol class="rows">${topics.map((topic) => html`<li key=${topic.id}
        class=${topic.id === id ? "chosen" : ""}>
        <button class="row" aria-pressed=${topic.id === id} onClick=${() => choose(topic.id)}><span
          class="row-main"><b>${topic.title}</b>
          <span class="row-sub"><span>${t("opinion.texts", { count: topic.itemCount ?? 0 })}</span>
            <${When} time=${topic.lastTime} /></span></span>
          <span class="row-end"><${Due} topic=${topic} deadlines=${clocks} /></span></button>
            </li>`)}</ol>
      ${answer && !topics.length && html`<${Empty} />`}</${Panel}>
      ${id && html`<${Topic} key=${id} id=${id} deadlines=${clocks} refreshList=${refresh} />`}
        </div>
    <${Sayings} /></article>`;
}
