// 指挥大厅: what is open on the map and in the queue, who could go, and sending them, by keys as by clicks.
import { html, useState, useRef, useMemo, useEffect } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { useBoard, board, readPast, unitsOn, OPEN_STATES } from "../lib/board.js";
import { since, now, urgency } from "../lib/clock.js";
import { span, millis } from "../lib/time.js";
import { MapView } from "../lib/map.js";
import { placeOf } from "../lib/feeds.js";
import { unitTone } from "../lib/map-sprites.js";
import { useKeys } from "../lib/keys.js";
import { Sayings } from "../lib/parts.js";
import { Queue, Figures, byUrgency, FILTERS } from "./hall/queue.js";
import { Chosen } from "./hall/chosen.js";
import { Overview } from "./hall/overview.js";

const LAYERS = ["units", "incidents", "heat", "reach"];
/** Metres a second along roads,
  as the crow flies: 8.3 m/s over a detour of 1.4; a minute to get moving. */
const CROW_SPEED = 8.3 / 1.4;
const TURNOUT = 60;
const PAST_EVERY = 30_000;
/** Incidents whose calls make the heat; and those of which the last ended are shown. */
const WARM = 2_000;
const LAST = 60;

export const isOpen = (incident) => OPEN_STATES.includes(incident.state);

/** Incidents with a clock that has run out. */
function overdueIncidents() {
  const ids = new Set();
  for (const deadline of board.deadlines.values()) {
    if (deadline.incidentId && urgency(deadline) === "overdue"
      && !deadline.stopTime) ids.add(deadline.incidentId);
  }
  return ids;
}

function tip(under) {
  if (under.kind === "unit") {
    const unit = board.units.get(under.id);
    if (!unit) return "";
    const age = span((now() - millis(unit.fixTime)) / 1_000);
    return `${unit.callSign} · ${word(unit.kind)} · ${t(`tone.${unitTone(unit)}`)} · ${t("unit.fix_age", { age })}`;
  }
  const incident = board.incidents.get(under.id);
  return incident ? `${incident.number} ${incident.title} · ${word(incident.level)} · ${word(incident.state)} · ${span(since(incident.receiveTime))}` : "";
}

/** Circles: the chosen radius, and how far one gets in 1, 3 and 5 minutes as the crow flies. */
function circles(incident, radius, isReach) {
  const at = incident && placeOf(incident);
  if (!at) return [];
  const list = [{ at, radius, colour: "#ffffff", words: t("unit.metres", { metres: radius }) }];
  if (isReach) {
    [3, 5].forEach((minutes) => list.push({
      at, radius: CROW_SPEED * (minutes * 60 - TURNOUT), colour: "#4fd3ff", dashed: true,
        words: t("hall.minutes", { minutes }),
    }));
  }
  return list;
}

function Legend() {
  return html`<details class="legend"><summary>${t("hall.legend")}</summary><ul>
    ${["free", "sent", "moving", "scene", "off"].map((tone) => html`<li><i
      class=${`dot tone-${tone}`}></i>${t(`tone.${tone}`)}</li>`)}
    ${[1, 2, 3, 4].map((level) => html`<li><i class=${`dot level-${level}`}></i>
      ${word(`INCIDENT_LEVEL_${level}`)}</li>`)}
    <li>${t("hall.legend_full")}</li><li>${t("hall.legend_pulse")}</li><li>
      ${t("hall.legend_hollow")}</li></ul></details>`;
}

export default function Hall({ part }) {
  const { incidents, units, past, version } = useBoard();
  const [chosenId, choose] = useState(part || "");
  const [layers, setLayers] = useState({ units: true, incidents: true, heat: false, reach: true });
  const [filter, setFilter] = useState("open");
  const [radius, setRadius] = useState(500);
  const map = useRef(null);
  const acts = useRef({});
  const overdue = useMemo(overdueIncidents, [version]);
  const listed = useMemo(() => [...incidents.values()].filter((one) => isOpen(one)
    && FILTERS[filter](one, overdue))
    .sort(byUrgency(overdue)), [version, filter]);
  const chosen = incidents.get(chosenId);

  const pick = (id, moves = true) => {
    choose(id);
    const at = incidents.get(id) && placeOf(incidents.get(id));
    if (at && moves) map.current?.show(at, 13);
  };
  const step = (by) => {
    const at = listed.findIndex((one) => one.id === chosenId);
    const next = listed[Math.max(0, Math.min(listed.length - 1, at + by))];
    if (next) pick(next.id);
  };
  useKeys({
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    Enter: () => chosenId && location.assign(`#/incident/${chosenId}`),
    r: () => acts.current.recommend?.(), d: () => acts.current.dispatch?.(),
      p: () => acts.current.plan?.(),
    Escape: () => { choose(""); acts.current = {}; }, h: () => map.current?.home(),
  });
  useEffect(() => { map.current?.circle(circles(chosen, radius,
    layers.reach)); map.current?.redraw(); },
    [chosenId, radius, layers, Boolean(chosen)]);

  useEffect(() => { if (part && chosen) pick(part); }, [part && Boolean(chosen)]);
  useEffect(() => {
    const ask = () => readPast(layers.heat ? WARM : LAST).catch(() => {});
    ask();
    const timer = setInterval(ask, PAST_EVERY);
    return () => clearInterval(timer);
  }, [layers.heat]);

  const read = () => ({
    units: layers.units ? [...board.units.values()] : [],
    incidents: layers.incidents ? [...board.incidents.values()].filter(isOpen) : [],
    heat: layers.heat && board.past.filter((one) => one.origin === "INCIDENT_ORIGIN_CITIZEN_REPORTED"),
    overdue, selected: chosenId,
    lines: chosen ? unitsOn(chosenId).map((unit) => [unit.at, placeOf(chosen)]) : [],
  });
  return html`<div class="hall">
    <aside class="hall-left">
      <${Figures} incidents=${incidents} units=${units} overdue=${overdue} filter=${filter}
        setFilter=${setFilter} />
      <${Queue} list=${listed} overdue=${overdue} chosenId=${chosenId} choose=${pick}
        filter=${filter}
        past=${past} />
    </aside>
    <div class="hall-map">
      <${MapView} label=${t("hall.map")} read=${read} tip=${tip}
        control=${(handle) => { map.current = handle; }}
        onSelect=${(under) => under.kind === "incident" && pick(under.id, false)} />
      <div class="map-tools" role="group" aria-label=${t("hall.layers")}>
        ${LAYERS.map((name) => html`<button aria-pressed=${layers[name]}
          onClick=${() => setLayers({ ...layers, [name]: !layers[name] })}>${t(`layer.${name}`)}
          </button>`)}
        <button onClick=${() => map.current?.home()}>${t("hall.home")}</button>
      </div>
      <${Legend} />
      <p class="keys">${t("hall.keys")}</p>
    </div>
    <aside class="hall-right">
      ${chosen
    ? html`<${Chosen} key=${chosenId} incident=${chosen} radius=${radius} setRadius=${setRadius}
      acts=${acts} close=${() => choose("")} />`
    : html`<${Overview} choose=${pick} />`}
    </aside>
    <${Sayings} />
  </div>`;
}
