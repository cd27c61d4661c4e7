// 分析: how long the steps took against their targets, by station and by hour; the stations' bulletin; how busy
// units were. Every share stands beside what it is a share of, and what was left out with its reasons.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { listAll } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { span } from "../lib/time.js";
import { Curve } from "../lib/curve.js";
import { Panel, Problem, Empty, Figure, Sayings, useAnswer } from "../lib/parts.js";

const DAY = 86_400_000;
const AHEAD = 8 * 3_600_000;
const PERIODS = [1, 7, 31];
const CITIZEN = "INCIDENT_ORIGIN_CITIZEN_REPORTED";
const ORIGINS = [CITIZEN, "INCIDENT_ORIGIN_OFFICER_DISCOVERED"];
const HEAD = ["ANSWER", "PROCESSING", "SIGN", "DEPARTURE"].map((name) => `INTERVAL_MEASURE_${name}`);
const ARRIVAL = "INTERVAL_MEASURE_ARRIVAL";
const RESPONSE = "INTERVAL_MEASURE_RESPONSE";
const MOST = 2_000;

const count = (value) => Number(value ?? 0);
const percent = (share) => (share === undefined ? "—" : `${(100 * share).toFixed(1)}%`);
const seconds = (value) => (value === undefined ? "—" : span(value));

/** Whole days of Shanghai, the last one up to now. */
function periodOf(days) {
  const end = now();
  const midnight = Math.floor((end + AHEAD) / DAY) * DAY - AHEAD;
  return { startTime: new Date(midnight - (days - 1) * DAY).toISOString(), endTime: new Date(end).toISOString() };
}

const service = (method) => `supervision.AnalyticsService/${method}`;

function Excluded({ figure }) {
  const why = (figure.exclusions ?? []).map((one) => `${word(one.reason)} ${count(one.count)}`).join(" · ");
  return html`<span title=${why}>${count(figure.excludedCount)}</span>`;
}

function Targets({ figures }) {
  const columns = ["measure", "origin", "area", "target", "share", "within", "measured", "excluded", "p50", "p90"];
  return html`<div class="scroll"><table class="matrix"><thead><tr>${columns.map((name, index) => html`<th scope="col" class=${index > 2 ? "num" : ""}>${t(`analytics.col_${name}`)}</th>`)}</tr></thead>
    <tbody>${figures.map((figure) => html`<tr key=${[figure.measure, figure.origin, figure.orgUnitId, figure.targetS].join()}><th scope="row">${word(figure.measure)}</th><td>${word(figure.origin)}</td>
      <td>${figure.orgUnitName || "—"}</td><td class="num">${count(figure.targetS) ? seconds(count(figure.targetS)) : "—"}</td>
      <td class=${`num ${figure.withinShare === undefined ? "" : figure.withinShare < 0.9 ? "bad" : "good"}`}><b>${percent(figure.withinShare)}</b></td>
      <td class="num">${count(figure.withinCount)}</td><td class="num">${count(figure.measuredCount)}</td><td class="num"><${Excluded} figure=${figure} /></td>
      <td class="num">${seconds(figure.p50S)}</td><td class="num">${seconds(figure.p90S)}</td></tr>`)}</tbody></table></div>`;
}

/** Over the hours of the day, from the first call to the first on scene. */
function Hours({ figures, start }) {
  const mine = figures.filter((figure) => figure.measure === RESPONSE && figure.origin === CITIZEN && figure.p50S !== undefined)
    .sort((one, other) => (one.hour ?? 0) - (other.hour ?? 0));
  if (mine.length < 2) return html`<${Empty} words=${t("analytics.too_few")} />`;
  const times = mine.map((figure) => start / 1_000 + (figure.hour ?? 0) * 3_600);
  const worst = mine.reduce((one, other) => (one.p90S > other.p90S ? one : other));
  const words = t("analytics.curve", { hour: worst.hour ?? 0, p90: seconds(worst.p90S), count: mine.reduce((sum, figure) => sum + count(figure.measuredCount), 0) });
  return html`<${Curve} times=${times} label=${words} series=${[
    { label: "p50", values: mine.map((figure) => figure.p50S / 60), colour: "#4fb3ff" },
    { label: "p90", values: mine.map((figure) => figure.p90S / 60), colour: "#ffb454" }]} /><p class="note">${words}</p>`;
}

function Share({ value }) {
  const left = count(value?.totalCount) - count(value?.excludedCount);
  return html`<td class="num" title=${t("analytics.of", { within: count(value?.withinCount), counted: left, excluded: count(value?.excludedCount) })}>
    ${value?.withinShare === undefined ? "—" : percent(value.withinShare)} <small>/${left}</small></td>`;
}

function Bulletin({ lines }) {
  const shares = ["signed30s", "signed30min", "departed5min", "onTime", "satisfied"];
  const buckets = ["feedback30minCount", "feedback60minCount", "feedback240minCount", "feedbackLaterCount"];
  const told = lines.filter((line) => shares.some((name) => count(line[name]?.totalCount)) || count(line.feedbackTotalCount));
  if (!told.length) return html`<${Empty} />`;
  return html`<div class="scroll"><table class="matrix"><thead><tr><th scope="col">${t("analytics.col_area")}</th><th scope="col">${t("analytics.col_origin")}</th>
      ${[...shares, ...buckets].map((name) => html`<th scope="col" class="num">${t(`analytics.bulletin_${name}`)}</th>`)}</tr></thead>
    <tbody>${told.map((line) => html`<tr key=${line.orgUnitId + line.origin}><th scope="row">${line.orgUnitName}</th><td>${line.origin ? word(line.origin) : t("analytics.no_incident")}</td>
      ${shares.map((name) => html`<${Share} key=${name} value=${line[name]} />`)}${buckets.map((name) => html`<td class="num">${count(line[name])}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** By station and kind over all hours, for citizens' matters; an hour of fewer than three units is not in it. */
function Busy({ figures }) {
  const groups = new Map();
  for (const figure of figures.filter((one) => one.origin === CITIZEN)) {
    const key = `${figure.orgUnitId}/${figure.unitKind}`;
    const group = groups.get(key) ?? { figure, total: 0, committed: 0, withheld: 0 };
    if (figure.withheld) group.withheld += 1;
    group.total += figure.totalCount ?? 0;
    group.committed += figure.committedS ?? 0;
    groups.set(key, group);
  }
  if (!groups.size) return html`<${Empty} />`;
  return html`<div class="scroll"><table class="matrix"><thead><tr>${["area", "kind", "busy", "hours", "withheld"].map((name, index) => html`<th scope="col" class=${index > 1 ? "num" : ""}>${t(`analytics.col_${name}`)}</th>`)}</tr></thead>
    <tbody>${[...groups].map(([key, group]) => html`<tr key=${key}><th scope="row">${group.figure.orgUnitName || "—"}</th><td>${word(`UNIT_KIND_${group.figure.unitKind.toUpperCase()}`)}</td>
      <td class="num"><b>${group.total ? percent(group.committed / group.total) : "—"}</b></td><td class="num">${(group.total / 3_600).toFixed(0)}</td><td class="num">${group.withheld}</td></tr>`)}</tbody></table></div>
    <p class="note fine">${t("analytics.groups")}</p>`;
}

export default function AnalyticsPage() {
  const [days, setDays] = useState(1);
  const [period, setPeriod] = useState(periodOf(1));
  const to = (next) => { setDays(next); setPeriod(periodOf(next)); };
  const keys = [period.startTime, period.endTime];
  const areas = useAnswer(() => listAll(service("ListIntervalFigures"), "figures", { ...period, groupings: ["FIGURE_GROUPING_AREA"] }, MOST), keys);
  const whole = useAnswer(() => listAll(service("ListIntervalFigures"), "figures", period, MOST), keys);
  const hours = useAnswer(() => listAll(service("ListIntervalFigures"), "figures", { ...period, measures: [RESPONSE], groupings: ["FIGURE_GROUPING_HOUR"] }, MOST), keys);
  const bulletin = useAnswer(() => listAll(service("ListBulletinLines"), "lines", period, MOST), keys);
  const busy = useAnswer(() => listAll(service("ListUtilisationFigures"), "figures", period, 5_000), keys);
  const figure = (measure) => (whole.answer ?? []).find((one) => one.measure === measure && one.origin === CITIZEN);
  const shown = (areas.answer ?? []).filter((one) => ORIGINS.includes(one.origin));
  return html`<article>
    <p class="tools">${PERIODS.map((one) => html`<button aria-pressed=${one === days} onClick=${() => to(one)}>${t("analytics.days", { days: one })}</button>`)}</p>
    <${Problem} error=${whole.error} />
    <div class="big-figures">${HEAD.map((measure) => html`<${Figure} key=${measure} value=${percent(figure(measure)?.withinShare)}
      words=${`${word(measure)} ≤${count(figure(measure)?.targetS)} s · ${count(figure(measure)?.measuredCount)}`} />`)}</div>
    <div class="board-columns">
      <${Panel} title=${t("analytics.arrival")} id="arrival"><${Problem} error=${areas.error} />
        ${areas.answer && html`<${Targets} figures=${shown.filter((one) => one.measure === ARRIVAL)} />`}<p class="note fine">${t("analytics.excluded_hint")}</p></${Panel}>
      <${Panel} title=${t("analytics.hours")}><${Problem} error=${hours.error} />
        ${hours.answer && html`<${Hours} figures=${hours.answer} start=${Date.parse(period.startTime)} />`}</${Panel}></div>
    <${Panel} title=${t("analytics.bulletin")} id="bulletin"><${Problem} error=${bulletin.error} />${bulletin.answer && html`<${Bulletin} lines=${bulletin.answer} />`}</${Panel}>
    <div class="board-columns">
      <${Panel} title=${t("analytics.steps")}>${areas.answer && html`<${Targets} figures=${shown.filter((one) => one.measure !== ARRIVAL)} />`}</${Panel}>
      <${Panel} title=${t("analytics.busy")}><${Problem} error=${busy.error} />${busy.answer && html`<${Busy} figures=${busy.answer} />`}</${Panel}></div>
    <${Sayings} /></article>`;
}
