// The audit log for auditors: who did what, read by actor, case or record out of the five services' logs, and
// whether those logs are being sealed. Reading it is recorded too, so nothing here asks by itself twice.
import { html, useState, useEffect } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { call } from "../../lib/api.js";
import { since } from "../../lib/clock.js";
import { dayClock, millis } from "../../lib/time.js";
import { Panel, Problem, Empty, useAnswer } from "../../lib/parts.js";
import { Case, Result, SERVICES, Wide, What, actorWords, entryWords, purposeWords } from "./words.js";

const LIST = "audit.AuditService/ListAuditEntries";
const KINDS = ["LOOKUP", "READ", "CHANGE", "REFUSAL", "RETENTION"].map((name) => `KIND_${name}`);
const COLUMNS = ["time", "entry", "kind", "actor", "what", "case", "purpose", "subjects", "result"];
const EMPTY = { actor: "", incidentId: "", recordId: "", service: "", kind: "" };
const PAGE = 100;
const FEW = 3;
/** Seconds: a minute, as the wire promises, and time to write it. */
const SEALED_WITHIN = 90;

/** The next page of one service's log, behind what was read; a refusal stands beside it. */
async function further(log, request) {
  if (log.token === "") return log;
  try {
    const page = await call(LIST, { ...request, pageSize: PAGE, pageToken: log.token ?? "" },
      { service: log.service });
    return { service: log.service, entries: [...log.entries, ...(page.entries ?? [])],
      token: page.nextPageToken ?? "" };
  } catch (error) {
    return { ...log, error };
  }
}

/** In one order, no further back than every log has been read. */
function merged(logs) {
  const ends = logs.filter((log) => log.token && log.entries.length)
    .map((log) => millis(log.entries.at(-1).entry.time));
  const horizon = Math.max(0, ...ends);
  return logs.flatMap((log) => log.entries).filter(({ entry }) => millis(entry.time) >= horizon)
    .sort((one, other) => millis(other.entry.time) - millis(one.entry.time));
}

function Subjects({ ids = [] }) {
  return html`${ids.slice(0, FEW).map((id) => html`<code key=${id}>${id} </code>`)}
    ${ids.length > FEW && html`<details><summary>${t("lookups.more_subjects", { count: ids.length - FEW })}
      </summary>${ids.slice(FEW).map((id) => html`<code key=${id}>${id} </code>`)}</details>`}`;
}

function Row({ listed: { entryIndex, entry } }) {
  return html`<tr><td>${dayClock(entry.time)}</td>
    <td>${entryWords(entry.service, entryIndex)}</td>
    <td><span class=${`state ${entry.kind}`}>${word(entry.kind)}</span></td>
    <td><b>${actorWords(entry.actor)}</b>${entry.onBehalfOf && html` <span class="dim">
      ${t("lookups.on_behalf_of", { who: actorWords(entry.onBehalfOf) })}</span>`}
      <div class="dim fine">${entry.origin}</div></td>
    <td><${What} method=${entry.method} /></td><td><${Case} id=${entry.incidentId} /></td>
    <td>${purposeWords(entry.purpose)}</td><td class="subjects"><${Subjects} ids=${entry.subjects} /></td>
    <td><${Result} code=${entry.resultCode} reason=${entry.resultReason} />
      ${Number(entry.furtherCount ?? 0) > 0 && html` ${t("lookups.further", { count: entry.furtherCount })}`}
      ${Number(entry.removedBelow ?? 0) > 0 && html` ${t("lookups.removed", { count: entry.removedBelow })}`}
      </td></tr>`;
}

function Query({ query, setQuery, read, isBusy }) {
  const set = (name) => (event) => setQuery({ ...query, [name]: event.target.value });
  const text = (name, words, hint) => html`<label class="label">${words}<input type="text" maxlength="128"
    name=${name} value=${query[name]} placeholder=${hint} spellcheck="false" onInput=${set(name)} /></label>`;
  const choice = (name, words, options) => html`<label class="label">${words}<select name=${name}
    value=${query[name]} onChange=${set(name)}><option value="">${t("lookups.any")}</option>
    ${options.map(([code, label]) => html`<option value=${code}>${label}</option>`)}</select></label>`;
  return html`<form class="query" onSubmit=${(event) => { event.preventDefault(); read(); }}>
    ${text("actor", t("lookups.by_actor"), "person/…")}${text("incidentId", t("lookups.by_case"), "inc_…")}
    ${text("recordId", t("lookups.by_record"), "call_…")}
    ${choice("service", t("lookups.by_service"), SERVICES.map((name) => [name, t(`service.${name}`)]))}
    ${choice("kind", t("lookups.by_kind"), KINDS.map((kind) => [kind, word(kind)]))}
    <button class="primary" type="submit" disabled=${isBusy}>${t("lookups.read")}</button></form>`;
}

/** `given` is the actor to begin with, whose entries are read at once. */
export function Log({ given }) {
  const [query, setQuery] = useState({ ...EMPTY, actor: given ?? "" });
  const [found, setFound] = useState(undefined);
  const [isBusy, setBusy] = useState(false);
  const go = async (request, logs) => {
    setBusy(true);
    setFound({ request, logs: await Promise.all(logs.map((log) => further(log, request))) });
    setBusy(false);
  };
  const read = () => {
    const names = query.service ? [query.service] : SERVICES;
    const { actor, incidentId, recordId } = query;
    go({ actor: actor.trim(), incidentId: incidentId.trim(), recordId: recordId.trim() },
      names.map((service) => ({ service, entries: [] })));
  };
  useEffect(() => { if (given) read(); }, []);
  const logs = found?.logs ?? [];
  const all = merged(logs);
  const rows = all.filter(({ entry }) => !query.kind || entry.kind === query.kind);
  const count = found && (rows.length === all.length ? rows.length : `${rows.length}/${all.length}`);
  return html`<${Panel} title=${t("lookups.log")} count=${count} id="log">
    <${Query} query=${query} setQuery=${setQuery} read=${read} isBusy=${isBusy} />
    <p class="note fine">${t("lookups.log_hint")}</p>
    ${logs.filter((log) => log.error).map((log) => html`<div key=${log.service}>
      <b>${t(`service.${log.service}`)}</b><${Problem} error=${log.error} /></div>`)}
    ${rows.length > 0 && html`<${Wide} label=${t("lookups.log")} columns=${COLUMNS} className="lines">
      ${rows.map((listed) => html`<${Row} key=${listed.entry.service + (listed.entryIndex ?? 0)}
        listed=${listed} />`)}</${Wide}>`}
    ${found && !rows.length && html`<${Empty} words=${t("lookups.no_entries")} />`}
    ${logs.some((log) => log.token) && html`<p class="buttons"><button disabled=${isBusy}
      onClick=${() => go(found.request, logs)}>${t("lookups.further_back")}</button></p>`}</${Panel}>`;
}

/** How far the newest checkpoint of a log reaches, and what was recorded last before this was asked. */
async function sealOf(service) {
  const { entries = [] } = await call(LIST, { pageSize: 1 }, { service });
  const newest = entries[0] && { index: Number(entries[0].entryIndex ?? 0), time: entries[0].entry.time };
  try {
    const { checkpoint, verifierKey } = await call("audit.AuditService/GetCheckpoint", {}, { service });
    // C2SP tlog-checkpoint: origin, size, root.
    const [, size, root] = checkpoint.split("\n");
    return { service, newest, size: Number(size), root, key: verifierKey.split("+").slice(0, 2).join("+") };
  } catch (error) {
    // A log is begun before its first checkpoint.
    if (error.reason !== "CHECKPOINT_UNKNOWN") throw error;
    return { service, newest, size: 0 };
  }
}

function Sealed({ newest, size }) {
  if (!newest) return "—";
  const left = newest.index + 1 - size;
  if (left <= 0) return html`<span class="good">${t("lookups.sealed")}</span>`;
  const isLate = since(newest.time) > SEALED_WITHIN;
  return html`<span class=${isLate ? "bad" : "dim"}>
    ${t(isLate ? "lookups.seal_late" : "lookups.seal_due", { count: left })}</span>`;
}

export function Checkpoints() {
  const { answer, refresh } = useAnswer(() => Promise.all(SERVICES.map(
    (service) => sealOf(service).catch((error) => ({ service, error })))), []);
  const columns = ["service", "size", "newest", "sealed", "root"];
  return html`<${Panel} title=${t("lookups.checkpoints")} id="checkpoints"
    tools=${html`<button class="quiet" onClick=${refresh}>${t("lookups.look_again")}</button>`}>
    <${Wide} label=${t("lookups.checkpoints")} columns=${columns} className="lines">
      ${(answer ?? []).map((seal) => html`<tr key=${seal.service} data-service=${seal.service}>
        <th scope="row">${t(`service.${seal.service}`)}</th>
        ${seal.error ? html`<td colspan="4"><${Problem} error=${seal.error} /></td>` : html`
        <td><b class="num">${seal.size || t("lookups.no_checkpoint")}</b></td>
        <td>${seal.newest ? `#${seal.newest.index} ${dayClock(seal.newest.time)}` : "—"}</td>
        <td><${Sealed} ...${seal} /></td>
        <td><code>${seal.root}</code><div><code>${seal.key}</code></div></td>`}</tr>`)}</${Wide}>
    <p class="note fine">${t("lookups.checkpoints_hint")}</p></${Panel}>`;
}
