// The queue of the hall and the figures above it: the most urgent first, and it says what urgent means.
import { html, useRef, useEffect } from "../../lib/ui.js";
import { t } from "../../lib/strings.js";
import { Elapsed } from "../../lib/clock.js";
import { millis } from "../../lib/time.js";
import { levelOf, unitTone } from "../../lib/map-sprites.js";
import { LevelMark, ClassMark, StateMark, Figure, Empty } from "../../lib/parts.js";
import { onItCount } from "../../lib/actions.js";
import { OPEN_STATES } from "../../lib/board.js";

const MOST = 200;
const ROOM = 12;
const MOST_ENDED = 30;
const isIn = (...names) => (incident) => names.some((name) => incident.state === `INCIDENT_STATE_${name}`);
export const isWaiting = isIn("NEW", "QUEUED");

export const FILTERS = {
  open: () => true,
  waiting: isWaiting,
  active: isIn("ACTIVE", "MONITORED", "DIVERTED"),
  feedback: isIn("AWAITING_FEEDBACK", "IN_REVIEW"),
  overdue: (incident, overdue) => overdue.has(incident.id),
};

/** Waiting for a unit, then being handled, then paperwork; within each overdue, level, age. */
export function byUrgency(overdue) {
  const rank = (incident) => [
    isWaiting(incident) ? 0 : FILTERS.feedback(incident) ? 2 : 1,
    overdue.has(incident.id) ? 0 : 1,
    levelOf(incident) || 5,
    millis(incident.receiveTime) || 0,
  ];
  return (one, other) => {
    const [mine, its] = [rank(one), rank(other)];
    const at = mine.findIndex((value, index) => value !== its[index]);
    return at < 0 ? 0 : mine[at] - its[at];
  };
}

export function Figures({ incidents, units, overdue, filter, setFilter }) {
  const open = [...incidents.values()].filter((incident) => OPEN_STATES.includes(incident.state));
  let free = 0;
  for (const unit of units.values()) if (unitTone(unit) === "free") free += 1;
  const figures = Object.keys(FILTERS).map((name) => ({
    name, value: open.filter((incident) => FILTERS[name](incident, overdue)).length,
  }));
  return html`<div class="figures" role="group" aria-label=${t("hall.figures")}>
    ${figures.map(({ name, value }) => html`<${Figure} value=${value} words=${t(`filter.${name}`)}
      pressed=${filter === name}
      tone=${name === "overdue" && value ? "bad" : name === "waiting" && value ? "warn"
        : ""} onClick=${() => setFilter(name)} />`)}
    <${Figure} value=${`${free}/${units.size}`} words=${t("hall.free_units")} tone="good" />
  </div>`;
}

function Row({ incident, isChosen, isOverdue, choose }) {
  const row = useRef(null);
  useEffect(() => { if (isChosen) row.current.scrollIntoView({ block: "nearest" }); }, [isChosen]);
  const sent = onItCount(incident);
  const where = incident.location?.address || incident.location?.description || "";
  return html`<li ref=${row} class=${`${isChosen ? "chosen" : ""} ${isOverdue ? "overdue" : ""}`}>
    <button class="row" aria-pressed=${isChosen} onClick=${() => choose(incident.id)}
      onDblClick=${() => location.assign(`#/incident/${incident.id}`)}>
      <${LevelMark} incident=${incident} />
      <span class="row-main"><b>${incident.title || t("incident.untitled")}</b>
        <span class="row-sub"><${ClassMark} incident=${incident} /><span class="where">${where}
          </span></span></span>
      <span class="row-end"><${Elapsed} since=${incident.receiveTime} />
        <span class="row-sub"><${StateMark} value=${incident.state} />${sent > 0 && html`<span
          class="sent">${t("hall.sent", { count: sent })}</span>`}</span></span>
    </button></li>`;
}

/** What ended last, while the queue leaves room for it. */
function Ended({ past }) {
  const ended = past.filter((incident) => !OPEN_STATES.includes(incident.state)).slice(0,
    MOST_ENDED);
  return ended.length > 0 && html`<h3 class="rows-head">${t("hall.ended")}</h3><ol
    class="rows ended">${ended.map((incident) => html`<li key=${incident.id}>
    <a class="row" href=${`#/incident/${incident.id}`}><${LevelMark} incident=${incident} /><span
      class="row-main"><b>${incident.title}</b></span>
      <span class="row-end"><${StateMark} value=${incident.state} /></span></a></li>`)}</ol>`;
}

export function Queue({ list, overdue, chosenId, choose, filter, past }) {
  return html`<section class="panel queue" aria-label=${t("hall.queue")}>
    <h2>${t("hall.queue")}<b class="count">${list.length}</b><span class="grow"></span><small>
      ${t("hall.order")}</small></h2>
    <ol class="rows">${list.slice(0, MOST).map((incident) => html`<${Row} key=${incident.id}
      incident=${incident} choose=${choose}
      isChosen=${incident.id === chosenId} isOverdue=${overdue.has(incident.id)} />`)}</ol>
    ${!list.length && html`<${Empty} words=${t(`filter.none_${filter}`)} />`}
    ${filter === "open" && list.length < ROOM && html`<${Ended} past=${past} />`}
    ${list.length > MOST && html`<p class="note">${t("hall.more", { count: list.length - MOST })}
      </p>`}
  </section>`;
}
