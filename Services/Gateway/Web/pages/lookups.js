// 查询监督: who looked at what. Unusual look-ups that wait for somebody's answer, those that have one, the rules
// that find them; and, for auditors, the audit logs themselves.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { listAll } from "../lib/api.js";
import { useBoard } from "../lib/board.js";
import { hasRole } from "../lib/session.js";
import { Panel, Problem, Empty, Sayings, useAnswer } from "../lib/parts.js";
import { Finding } from "./lookups/finding.js";
import { Rules } from "./lookups/rules.js";
import { Checkpoints, Log } from "./lookups/log.js";

/** Each of these reads is recorded, and nothing here is urgent. */
const EVERY = 15_000;
const STEP = 20;
const OPEN = "LOOK_UP_FINDING_STATE_OPEN";
const ANSWERED = ["EXPLAINED", "PASSED_ON"].map((name) => `LOOK_UP_FINDING_STATE_${name}`);
const CONCERNS = ["MANY_PERSONS", "OWN_FAMILY_NAME", "OUTSIDE_AREA", "OUTSIDE_SHIFT", "REFUSED"]
  .map((name) => `LOOK_UP_CONCERN_${name}`);

/** Findings in some states, a few more each time one asks; `total` is as many as were read. */
function useFindings(states, concern) {
  const [limit, setLimit] = useState(STEP);
  const { answer, error, refresh } = useAnswer(() => (states.length
    ? listAll("supervision.LookUpService/ListLookUpFindings", "findings", { states, pageSize: STEP }, limit)
    : []), [states.join(), limit], EVERY);
  return { error, refresh, isRead: Boolean(answer), isMore: (answer ?? []).length >= limit,
    findings: (answer ?? []).filter((one) => !concern || one.concern === concern),
    more: () => setLimit(limit + STEP) };
}

function List({ id, title, none, read, refresh, readLog }) {
  const { findings, error, isRead, isMore, more } = read;
  return html`<${Panel} title=${title} id=${id} count=${`${findings.length}${isMore ? "+" : ""}`}>
    <${Problem} error=${error} />
    <ul>${findings.map((finding) => html`<${Finding} key=${finding.id} finding=${finding}
      refresh=${refresh} readLog=${readLog} />`)}</ul>
    ${isRead && !findings.length && html`<${Empty} words=${none} />`}
    ${isMore && html`<p class="buttons"><button onClick=${more}>${t("lookups.more")}</button></p>`}</${Panel}>`;
}

function Choice({ words, value, set, options }) {
  return html`<label>${words}<select value=${value} onChange=${(event) => set(event.target.value)}>
    <option value="">${t("lookups.any")}</option>
    ${options.map((code) => html`<option value=${code}>${word(code)}</option>`)}</select></label>`;
}

export default function LookUpsPage() {
  useBoard();
  const [state, setState] = useState("");
  const [concern, setConcern] = useState("");
  const [given, setGiven] = useState({ count: 0 });
  const waiting = useFindings(!state || state === OPEN ? [OPEN] : [], concern);
  const answered = useFindings(ANSWERED.filter((one) => !state || state === one), concern);
  const refresh = () => { waiting.refresh(); answered.refresh(); };
  const isAuditor = hasRole("auditor");
  const readLog = isAuditor && ((actor) => {
    setGiven({ actor, count: given.count + 1 });
    document.getElementById("log").scrollIntoView();
  });
  return html`<article>
    <p class="filters"><${Choice} words=${t("lookups.state")} value=${state} set=${setState}
      options=${[OPEN, ...ANSWERED]} /><${Choice} words=${t("lookups.col_concern")} value=${concern}
      set=${setConcern} options=${CONCERNS} /></p>
    <div class="board-columns look-ups">
      ${state && state !== OPEN ? false : html`<${List} id="waiting" title=${t("lookups.waiting")}
        none=${t("lookups.none_waiting")} read=${waiting} refresh=${refresh} readLog=${readLog} />`}
      <div>${state === OPEN ? false : html`<${List} id="answered" title=${t("lookups.answered")}
        none=${t("lookups.none_answered")} read=${answered} refresh=${refresh} readLog=${readLog} />`}
        <${Rules} /></div></div>
    ${isAuditor && html`<${Log} key=${given.count} given=${given.actor} /><${Checkpoints} />`}
    <${Sayings} /></article>`;
}
