// 查询监督: how a look-up and an entry of the audit log are put into words, on findings and in the log alike.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { board, whoIs } from "../../lib/board.js";

/** Each keeps an audit log of its own. */
export const SERVICES = ["command", "duty", "intelligence", "publicopinion", "supervision"];

const REFUSED = ["PERMISSION_DENIED", "UNAUTHENTICATED"];

/** As the audit says it, so that one can ask for it in the log; services by their names. */
export const actorWords = (actor = "") => (actor.startsWith("service/") ? whoIs(actor) : actor || "—");

/** `repeat-calls` → the words of PURPOSE_CODE_REPEAT_CALLS. */
export const purposeWords = (code) => (code
  ? word(`PURPOSE_CODE_${code.toUpperCase().replaceAll("-", "_")}`) : "—");

/** Look-ups have words of their own; everything else is shown by the name of its method. */
export function What({ method = "" }) {
  const words = t(`lookups.method_${method.split("/").pop()}`);
  return words.startsWith("lookups.") ? html`<code>${method.split(".").pop()}</code>`
    : html`<span title=${method}>${words}</span>`;
}

/** The case, by its number where the board has it. */
export function Case({ id }) {
  if (!id) return "—";
  return id.startsWith("inc_")
    ? html`<a href=${`#/incident/${id}`}>${board.incidents.get(id)?.number ?? id}</a>`
    : html`<code>${id}</code>`;
}

/** The station in whose area the case lies; of a case that is over the case's own page says it. */
export const areaWords = (caseId) => board.incidents.get(caseId)?.advice?.stationName || "—";

export function Result({ code, reason }) {
  if (!code || code === "OK") return t("lookups.ok");
  const words = t(`lookups.reason_${reason}`);
  return html`<span class="flag">${t(REFUSED.includes(code) ? "lookups.refused" : "lookups.failed")}
    </span> ${words.startsWith("lookups.") ? html`<code>${reason || code}</code>`
    : html`<span title=${reason}>${words}</span>`}`;
}

/** Where it stands: which service's log, which entry. */
export const entryWords = (service, index) => `${t(`service.${service}`)} #${index ?? 0}`;

/** A table that may be wider than its place: it can be moved by keys as well. A phone gets lines of a list. */
export function Wide({ label, columns, children, className = "" }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table class=${`matrix ${className}`}><thead><tr>${columns.map((name) => html`<th scope="col">
      ${t(`lookups.col_${name}`)}</th>`)}</tr></thead><tbody>${children}</tbody></table></div>`;
}
