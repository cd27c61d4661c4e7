// The newest incidents, each with the seconds from answering the call to the dispatch.
import { html } from "../../lib/ui.js";
import { t } from "../../lib/strings.js";
import { since, useTick } from "../../lib/clock.js";
import { millis, span } from "../../lib/time.js";
import { Panel, Empty, LevelMark, StateMark } from "../../lib/parts.js";

const MOST = 12;
const LIMIT = 60;

/** Seconds until the first unit was sent; they run while nobody was. */
function ToDispatch({ incident }) {
  useTick();
  const sent = (incident.assignments ?? []).map((one) => millis(one.dispatchTime))
    .filter(Number.isFinite);
  const isWaiting = ["INCIDENT_STATE_NEW", "INCIDENT_STATE_QUEUED"].includes(incident.state);
  if (!sent.length && !isWaiting) return html`<span class="dim">—</span>`;
  const seconds = sent.length ? (Math.min(...sent) - millis(incident.receiveTime)) / 1_000
    : since(incident.receiveTime);
  return html`<b class=${`num ${seconds > LIMIT ? "bad" : sent.length ? "good" : "warn"}`}
    title=${t("calls.to_dispatch")}>${span(seconds)}</b>`;
}

export function Recent({ incidents }) {
  const newest = [...incidents].sort((one, other) => (one.createTime < other.createTime ? 1
    : -1)).slice(0, MOST);
  return html`<${Panel} title=${t("calls.recent")} tools=${html`<small>${t("calls.to_dispatch")}
    </small>`}>
    <ol>${newest.map((incident) => html`<li class="course facts" key=${incident.id}><${LevelMark}
      incident=${incident} />
      <a class="grow" href=${`#/incident/${incident.id}`}>${incident.title || incident.number}</a>
        <${StateMark} value=${incident.state} /><${ToDispatch} incident=${incident} /></li>`)}</ol>
    ${!newest.length && html`<${Empty} />`}
  </${Panel}>`;
}
