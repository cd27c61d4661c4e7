// 一事多警: open incidents that the call at hand may be about, each with the reason.
import { html } from "../../lib/ui.js";
import { t } from "../../lib/strings.js";
import { since, Elapsed } from "../../lib/clock.js";
import { span } from "../../lib/time.js";
import { placeOf } from "../../lib/feeds.js";
import { Panel, Empty, LevelMark, StateMark } from "../../lib/parts.js";

const NEAR = 400;
const RECENT = 3 * 3_600;
const ALIKE = 0.22;
const MOST = 5;

function metresBetween(one, other) {
  const middle = ((one.latitude + other.latitude) / 2) * (Math.PI / 180);
  return Math.hypot((one.latitude - other.latitude) * 111_320,
    (one.longitude - other.longitude) * 111_320 * Math.cos(middle));
}

/** Pairs of neighbouring characters: words, where no spaces part them. */
function pairs(text) {
  const plain = (text ?? "").replace(/[\s，。！？、,.!?·]/g, "");
  const found = new Set();
  for (let at = 0; at + 1 < plain.length; at += 1) found.add(plain.slice(at, at + 2));
  return found;
}

/** Share of the shorter text's pairs that the other has too, 0 … 1. */
function likeness(one, other) {
  const [mine, its] = [pairs(one), pairs(other)];
  const least = Math.min(mine.size, its.size);
  if (least < 3) return 0;
  let shared = 0;
  for (const pair of mine) if (its.has(pair)) shared += 1;
  return shared / least;
}

/** The likeliest first: near in place and time, or told in like words. */
export function duplicatesOf(given, place, incidents) {
  if (!place && (given.narrative ?? "").length < 4 && (given.address ?? "").length < 3) return [];
  const found = [];
  for (const incident of incidents) {
    const age = since(incident.receiveTime);
    if (age > RECENT) continue;
    const at = placeOf(incident);
    const metres = place && at ? metresBetween(place, at) : Infinity;
    const like = Math.max(likeness(given.narrative, incident.narrative),
      likeness(given.narrative, incident.title));
    const sameAddress = likeness(given.address, incident.location?.address) >= 0.8;
    const score = (metres <= NEAR ? 1 - metres / NEAR / 2 : 0) + (sameAddress ? 0.6
      : 0) + (like >= ALIKE ? like : 0);
    if (score > 0.25) found.push({ incident, score, metres, like, age, sameAddress });
  }
  return found.sort((one, other) => other.score - one.score).slice(0, MOST);
}

export function Duplicates({ alike, picked, pick, attach, isOpen }) {
  return html`<${Panel} title=${t("calls.duplicates")} count=${alike.length} id="duplicates">
    ${alike.map(({ incident, metres, like, age, sameAddress }, index) => html`<div class="duplicate"
      key=${incident.id}>
      <span class="facts"><${LevelMark} incident=${incident} /><b>${incident.title}</b><${StateMark}
        value=${incident.state} /><${Elapsed} since=${incident.receiveTime} /></span>
      <p class="note">${[
    metres < Infinity && t("calls.away", { metres: Math.round(metres) }), sameAddress
      && t("calls.same_address"),
    like >= ALIKE && t("calls.alike", { percent: Math.round(like * 100) }),
      t("calls.ago", { age: span(age) })].filter(Boolean).join(" · ")}</p>
      <label class="choice"><input type="radio" name="duplicate"
        checked=${picked ? picked === incident.id : index === 0}
        onChange=${() => pick(incident.id)} /><span>${t("calls.this_one")}</span></label>
      <button class="quiet" onClick=${() => attach(incident.id)}>${t("calls.attach")}</button>
        </div>`)}
    ${!alike.length && html`<${Empty}
      words=${t(isOpen ? "calls.no_duplicate" : "calls.duplicates_idle")} />`}
  </${Panel}>`;
}
