// The hall while nothing is chosen: clocks about to run out, units by what they do, incidents by class.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { useBoard, whoIs, OPEN_STATES } from "../../lib/board.js";
import { Countdown, until } from "../../lib/clock.js";
import { unitTone, levelOf } from "../../lib/map-sprites.js";
import { Panel, Empty } from "../../lib/parts.js";

const TONES = ["free", "conditional", "sent", "moving", "scene", "off"];

function Bars({ rows, most }) {
  return html`<ul class="bars">${rows.map(({ words, value, parts }) => html`<li key=${words}><span
    class="bar-words">${words}</span>
    <span class="bar">${parts.map(({ tone, value: part }) => part > 0 && html`<i class=${tone}
      style=${{ flexGrow: part }}></i>`)}
      <i class="rest" style=${{ flexGrow: Math.max(0, most - value) }}></i></span><b class="num">
        ${value}</b></li>`)}</ul>`;
}

export function Overview({ choose }) {
  const { incidents, units, deadlines } = useBoard();
  const soon = [...deadlines.values()].filter((deadline) => !deadline.stopTime)
    .map((deadline) => ({ deadline, left: until(deadline.dueTime, deadline.startTime) }))
    .sort((one, other) => one.left - other.left);
  const late = soon.filter(({ left }) => left < 0);
  const open = [...incidents.values()].filter((incident) => OPEN_STATES.includes(incident.state));
  const classes = [...new Set(open.map((incident) => incident.incidentClass
    || "INCIDENT_CLASS_UNSPECIFIED"))].map((value) => {
    const ours = open.filter((incident) => (incident.incidentClass
      || "INCIDENT_CLASS_UNSPECIFIED") === value);
    return { words: word(value), value: ours.length,
      parts: [1, 2, 3, 4, 0].map((level) => ({ tone: `level-${level}`,
        value: ours.filter((one) => levelOf(one) === level).length })) };
  }).sort((one, other) => other.value - one.value);
  const tones = Object.fromEntries(TONES.map((tone) => [tone, 0]));
  for (const unit of units.values()) tones[unitTone(unit)] += 1;
  return html`<${Panel} title=${t("hall.clocks")} count=${soon.length}
    tools=${late.length > 0 && html`<b class="bad">${t("hall.late", { count: late.length })}</b>`}>
      <ul class="clocks">${soon.slice(0, 12).map(({ deadline }) => {
    const incident = incidents.get(deadline.incidentId);
    return html`<li key=${deadline.id}><button class="link" disabled=${!incident}
      onClick=${() => choose(deadline.incidentId)}>
      <span>${word(deadline.kind)}</span><span class="dim">${whoIs(deadline.responsible)}
        ${incident && ` · ${incident.title}`}</span></button>
      <${Countdown} deadline=${deadline} /></li>`;
  })}</ul>${!soon.length && html`<${Empty} words=${t("hall.no_clocks")} />`}
    </${Panel}>
    <${Panel} title=${t("hall.units")} count=${units.size}>
      <${Bars} most=${units.size}
        rows=${TONES.map((tone) => ({ words: t(`tone.${tone}`), value: tones[tone], parts: [{ tone: `tone-${tone}`, value: tones[tone] }] }))} />
    </${Panel}>
    <${Panel} title=${t("hall.classes")} count=${open.length}>
      ${classes.length ? html`<${Bars} rows=${classes}
        most=${Math.max(...classes.map((row) => row.value))} />` : html`<${Empty} />`}
    </${Panel}>`;
}
