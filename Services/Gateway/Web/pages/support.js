// 支撑请求: what stations ask of the centre's seats, each seat's part, and the month's figures.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call, change } from "../lib/api.js";
import { now, Elapsed } from "../lib/clock.js";
import { useBoard, nameOf, seatName, OPEN_STATES } from "../lib/board.js";
import { areas, hasRole, session } from "../lib/session.js";
import { ask, say } from "../lib/ask.js";
import { choiceField, manyField, textField } from "../lib/form.js";
import { Panel, Problem, Empty, Figure, StateMark, When, Sayings, useAnswer } from "../lib/parts.js";

const EVERY = 4_000;
const SHANGHAI = 8 * 3_600_000;
const RESULTS = ["SUPPORT_RESULT_FOUND", "SUPPORT_RESULT_NOTHING"];
const OUTCOMES = ["SUPPORT_OUTCOME_SOLVED", "SUPPORT_OUTCOME_UNSOLVED"];
const ASKERS = ["station", "officer", "dispatcher", "shift-leader"];
const SEATED = ["dispatcher", "shift-leader", "analyst", "officer", "call-taker"];
const COUNTERS = ["dispatcher", "shift-leader", "station", "analyst", "supervisor", "auditor"];
const OPEN = ["ASKED", "UNDERWAY", "ANSWERED"].map((name) => `SUPPORT_STATE_${name}`);
const options = (codes) => codes.map((code) => ({ code, label: word(code) }));

/** A dialog for one change of a request; `fields` are those of its own. */
function asking(method, request, fields, refresh, { danger, given = {}, request: made = (values) => values } = {}) {
  return () => ask({
    title: t(`support.${method}`), verb: t(`support.${method}`), note: request.title, danger, fields,
    submit: async (values) => {
      await change(`command.SupportService/${method}`, { supportRequestId: request.id, ...given, ...made(values) });
      say(t("said.done", { action: t(`support.${method}`) }));
      refresh();
    },
  });
}

const reason = () => textField("reason", t("field.reason"), { required: true });

function Part({ request, part, refresh }) {
  const mine = hasRole(...SEATED) && (session()?.seat === part.seatCode || !areas().length);
  const given = { partNumber: part.number, etag: part.etag };
  const take = async () => {
    try {
      await change("command.SupportService/TakeSupportPart", { supportRequestId: request.id, ...given });
      say(t("said.done", { action: t("support.TakeSupportPart") }));
    } catch (error) { say(error.message, "bad"); }
    refresh();
  };
  const isOffered = part.state === "SUPPORT_PART_STATE_OFFERED";
  const isTaken = part.state === "SUPPORT_PART_STATE_TAKEN";
  return html`<li class="course"><p class="facts"><b>${seatName(part.seatCode)}</b><${StateMark} value=${part.state} />
      ${part.result && html`<span class="flag">${word(part.result)}</span>`}<span class="grow"></span>
      ${(isOffered || isTaken) && html`<${Elapsed} since=${isTaken ? part.takeTime : part.offerTime} />`}
      ${mine && isOffered && html`<button class="primary" onClick=${take}>${t("support.TakeSupportPart")}</button>`}
      ${mine && isTaken && html`<button class="primary" onClick=${asking("AnswerSupportPart", request, [
    choiceField("result", t("support.result"), options(RESULTS)), textField("text", t("support.answer"), { required: true, max: 4_000 }),
  ], refresh, { given })}>${t("support.AnswerSupportPart")}</button>`}
      ${mine && (isOffered || isTaken) && html`<button onClick=${asking("GiveBackSupportPart", request, [reason()], refresh, { given })}>${t("support.GiveBackSupportPart")}</button>`}</p>
    ${part.task && html`<p class="note">${part.task}</p>`}
    ${(part.answer || part.reason) && html`<p class="narrative">${part.answer || part.reason}</p>`}</li>`;
}

function Request({ request, refresh }) {
  const isOpen = OPEN.includes(request.state);
  const mayEnd = isOpen && hasRole(...ASKERS);
  const given = { etag: request.etag };
  return html`<div class="card"><h3>${request.title}</h3>
    <p class="facts"><${StateMark} value=${request.state} /><b>${nameOf(request.asker)}</b><${When} time=${request.askTime} />
      <a href=${`#/incident/${request.incidentId}`}>${t("station.incident")}</a><span class="grow"></span>
      ${mayEnd && html`<button onClick=${asking("AddSupportPart", request, [textField("seatCode", t("support.seat"), { required: true, max: 64 }),
    textField("task", t("support.task"), { max: 1_000 })], refresh, { given, request: (part) => ({ part }) })}>${t("support.AddSupportPart")}</button>
        <button class="primary" onClick=${asking("CloseSupportRequest", request, [choiceField("outcome", t("support.outcome"), options(OUTCOMES)), reason()], refresh, { given })}>${t("support.CloseSupportRequest")}</button>`}
      ${isOpen && hasRole("station", "officer") && html`<button class="danger" onClick=${asking("WithdrawSupportRequest", request, [reason()], refresh, { given, danger: true })}>${t("support.WithdrawSupportRequest")}</button>`}</p>
    ${request.text && html`<p class="narrative">${request.text}</p>`}
    <ul>${(request.parts ?? []).map((part) => html`<${Part} key=${part.number} request=${request} part=${part} refresh=${refresh} />`)}</ul>
    ${request.reason && html`<p class="note">${request.outcome && word(request.outcome)} ${request.reason}</p>`}</div>`;
}

/** The month's figures; each stands beside what it is counted from. */
function Month({ month }) {
  const { answer, error } = useAnswer(() => call("command.SupportService/CountSupportRequests", { month }), [month], 15_000);
  const { requests = {}, parts = {}, askers = [] } = answer ?? {};
  const of = (value, whole) => `${value ?? 0}/${whole ?? 0}`;
  return html`<${Panel} title=${t("support.month", { month })}><${Problem} error=${error} />
    <div class="big-figures">
      <${Figure} value=${requests.requestCount ?? 0} words=${t("support.requests")} />
      <${Figure} value=${of(requests.solvedCount, requests.requestCount)} words=${t("support.solved")} tone="good" />
      <${Figure} value=${of(requests.excludedCount, requests.requestCount)} words=${t("support.excluded")} />
      <${Figure} value=${of(parts.answeredCount, parts.partCount)} words=${t("support.answered")} /></div>
    <ul>${askers.map((one) => html`<li class="course facts" key=${one.asker.id}><span>${nameOf(one.asker)}</span><span class="grow"></span>
      <span class="num">${of(one.requests?.solvedCount, one.requests?.requestCount)}</span></li>`)}</ul></${Panel}>`;
}

/** Asks for support on an incident that is open. */
function askSupport({ incidents, orgUnits, seats, refresh }) {
  const mine = areas();
  const stations = [...orgUnits.values()].filter((org) => org.rank === "ORG_RANK_STATION" && !org.untilTime && (!mine.length || mine.includes(org.id)));
  const open = [...incidents.values()].filter((one) => OPEN_STATES.includes(one.state));
  ask({
    title: t("support.AskSupport"), verb: t("support.AskSupport"), values: { station: stations[0]?.id },
    fields: [
      choiceField("incidentId", t("page.incident"), open.map((one) => ({ code: one.id, label: `${one.number} ${one.title}` }))),
      choiceField("station", t("support.asker"), stations.map((org) => ({ code: org.id, label: org.name }))),
      textField("title", t("field.title"), { required: true, max: 120 }), textField("text", t("field.text"), { max: 4_000 }),
      seats.size ? manyField("seats", t("support.seats"), [...seats.keys()].map((code) => ({ code, label: seatName(code) })))
        : textField("seats", t("support.seats"), { required: true })],
    submit: async ({ incidentId, station, title, text, seats: chosen }) => {
      const codes = Array.isArray(chosen) ? chosen : chosen.trim().split(/\s+/);
      await change("command.SupportService/AskSupport", {
        incidentId, title, text, asker: { kind: "RECIPIENT_KIND_STATION", id: station }, parts: codes.map((seatCode) => ({ seatCode })) });
      say(t("said.done", { action: t("support.AskSupport") }));
      refresh();
    },
  });
}

export default function SupportPage() {
  const { incidents, orgUnits, seats } = useBoard();
  const [openOnly, setOpenOnly] = useState(true);
  const { answer, error, refresh } = useAnswer(
    () => call("command.SupportService/ListSupportRequests", { pageSize: 100, openOnly }), [openOnly], EVERY);
  const list = answer?.supportRequests ?? [];
  const tools = html`<button class="quiet" aria-pressed=${!openOnly} onClick=${() => setOpenOnly(!openOnly)}>${t("support.ended_too")}</button>
    ${hasRole(...ASKERS) && html`<button class="primary" onClick=${() => askSupport({ incidents, orgUnits, seats, refresh })}>${t("support.AskSupport")}</button>`}`;
  return html`<article><div class="board-columns">
    <${Panel} title=${t("page.support")} count=${list.length} tools=${tools} id="support"><${Problem} error=${error} />
      ${list.map((request) => html`<${Request} key=${request.id} request=${request} refresh=${refresh} />`)}
      ${answer && !list.length && html`<${Empty} words=${t("support.none")} />`}</${Panel}>
    ${hasRole(...COUNTERS) && html`<${Month} month=${new Date(now() + SHANGHAI).toISOString().slice(0, 7)} />`}
  </div><${Sayings} /></article>`;
}
