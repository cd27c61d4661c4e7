// Small parts that several pages show alike.
import { html, useState, useEffect } from "./ui.js";
import { t, word } from "./strings.js";
import { onSay } from "./ask.js";
import { levelOf } from "./map-sprites.js";
import { dayTime } from "./time.js";

export function LevelMark({ incident }) {
  const level = levelOf(incident);
  return html`<span class=${`level l${level}`} title=${word(incident.level)}>${level || "?"}
    </span>`;
}

export function ClassMark({ incident }) {
  const value = incident.incidentClass || "INCIDENT_CLASS_UNSPECIFIED";
  return html`<span class="class-mark" title=${word(value)}>${word(value)}</span>`;
}

export function StateMark({ value }) {
  return html`<span class=${`state ${value ?? ""}`}>${word(value)}</span>`;
}

export function Panel({ title, count, children, className = "", tools, id }) {
  return html`<section class=${`panel ${className}`} aria-label=${title} id=${id}>
    <h2>${title}${count !== undefined && html`<b class="count">${count}</b>`}<span class="grow">
      </span>${tools}</h2>
    ${children}
  </section>`;
}

/** A figure with its words, a button where it leads to something. */
export function Figure({ value, words, tone = "", onClick, pressed }) {
  const inner = html`<b class=${tone}>${value}</b><span>${words}</span>`;
  return onClick
    ? html`<button class="figure" aria-pressed=${pressed} onClick=${onClick}>${inner}</button>`
    : html`<span class="figure">${inner}</span>`;
}

export function When({ time }) {
  return html`<time datetime=${time ?? ""}>${dayTime(time)}</time>`;
}

export const Empty = ({ words }) => html`<p class="empty">${words ?? t("part.nothing")}</p>`;

export function Problem({ error }) {
  return error && html`<p class="problem" role="alert">${error.message}
    ${error.reason && html` <code>${error.reason}</code>`}</p>`;
}

/** Words in passing at the foot of the screen. */
export function Sayings() {
  const [said, setSaid] = useState([]);
  useEffect(() => onSay((one) => {
    setSaid((before) => [...before.slice(-2), one]);
    setTimeout(() => setSaid((before) => before.filter((other) => other !== one)), 6_000);
  }), []);
  return html`<div class="sayings" role="status">${said.map((one) => html`<p class=${one.tone}
    key=${one.at}>${one.words}</p>`)}</div>`;
}

/** What a call answers, asked for again when `keys` change or `every` milliseconds have passed. */
export function useAnswer(ask, keys, every = 0) {
  const [state, setState] = useState({});
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let isGone = false;
    let timer = 0;
    const run = async () => {
      try {
        const answer = await ask();
        if (!isGone) setState({ answer });
      } catch (error) {
        if (!isGone) setState((before) => ({ answer: before.answer, error }));
      }
      if (every && !isGone) timer = setTimeout(run, every);
    };
    run();
    return () => { isGone = true; clearTimeout(timer); };
  }, [...keys, again]);
  return { ...state, refresh: () => setAgain((count) => count + 1) };
}
