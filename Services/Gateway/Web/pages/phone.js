// 警务通: the one list of a beat on its phone. Signed, filled in and returned with or without a link; what waits
// to be told is shown, and what the service could not take as well.
import { html, useState, useEffect } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { session, areas } from "../lib/session.js";
import { useBoard } from "../lib/board.js";
import { ask } from "../lib/ask.js";
import { answersOf, textField } from "../lib/form.js";
import { Phone, pictureOf } from "../lib/phone.js";
import { Panel, Empty, Figure, StateMark, When, Sayings } from "../lib/parts.js";

const DAY = 86_400_000;
const AHEAD = 8 * 3_600_000;
const is = (task, ...names) => names.some((name) => task.state === `TASK_STATE_${name}`);
/** Midnight in Shanghai after this moment. */
const endOfDay = () => Math.ceil((Date.now() + AHEAD) / DAY) * DAY - AHEAD;

/** The beat that the token names as its seat; for a station's room, one of its beats. */
function useBeat() {
  const { orgUnits } = useBoard();
  const [chosen, choose] = useState("");
  const seat = session().seat ?? "";
  if (seat.startsWith("org_")) return { beat: seat, name: orgUnits.get(seat)?.name, beats: [], choose };
  const mine = areas();
  const beats = [...orgUnits.values()].filter((org) => org.rank === "ORG_RANK_BEAT" && !org.untilTime
    && (!mine.length || mine.includes(org.id) || mine.includes(org.parentId)));
  const beat = chosen || beats[0]?.id;
  return { beat, name: orgUnits.get(beat)?.name, beats, choose };
}

function usePhone(beat) {
  const [, draw] = useState(0);
  const [phone, setPhone] = useState(undefined);
  useEffect(() => {
    if (!beat) return undefined;
    let isGone = false;
    let opened;
    Phone.open(beat, () => !isGone && draw((count) => count + 1)).then((one) => {
      if (isGone) return;
      opened = one;
      setPhone(one);
      one.start();
    });
    // The page itself is there without a link, too.
    navigator.serviceWorker?.register("/sw.js").catch(() => {});
    return () => { isGone = true; opened?.stop(); };
  }, [beat]);
  return phone?.beat === beat ? phone : undefined;
}

const valueOf = (answer) => answer.text ?? answer.number ?? answer.attachments?.digests
  ?? (answer.choices?.codes?.length > 1 ? answer.choices.codes : answer.choices?.codes?.[0]);

/** Opens the form of a task; what is known already stands in it, and is told as such. */
function fillIn(phone, task) {
  const known = Object.fromEntries((task.answers ?? []).filter((one) => one.prefilled).map((one) => [one.answer.fieldCode, valueOf(one.answer)]));
  const pictures = [];
  const keep = async (blob) => {
    const picture = await pictureOf(blob);
    pictures.push(picture);
    return picture.digest;
  };
  const form = { fields: (task.form?.fields ?? []).map((field) => (field.code in known
    ? { ...field, label: t("phone.known", { label: field.label }) } : field)) };
  ask({
    title: task.bases.map((basis) => basis.name).join("、"), verb: t("phone.fill"), note: task.place.name, fields: form.fields,
    values: known, attachments: { keep },
    submit: async (values) => {
      const changed = Object.fromEntries(Object.entries(values).filter(([code, value]) => String(known[code]) !== String(value)));
      await phone.note(task, "DONE", { answers: answersOf(form, changed), pictures });
    },
  });
}

function giveBack(phone, task) {
  ask({
    title: t("phone.return"), verb: t("phone.return"), note: task.place.name,
    fields: [textField("reason", t("phone.reason"), { required: true, max: 500 })],
    submit: ({ reason }) => phone.note(task, "RETURN", { reason }),
  });
}

function TaskCard({ phone, task }) {
  const isLate = !is(task, "DONE") && new Date(task.dueTime).getTime() < Date.now();
  const mayDo = is(task, "SIGNED", "RETURNED");
  return html`<div class=${`card ${isLate ? "late" : ""}`} data-task=${task.id}>
    <h3>${task.bases.map((basis) => basis.name).join("、")}</h3>
    <p class="facts"><b>${task.place.name}</b><${StateMark} value=${task.state} />
      ${task.isWaiting && html`<span class="waits">${t("phone.waits")}</span>`}
      <span>${t(isLate ? "phone.late" : "phone.due")} <${When} time=${task.dueTime} /></span></p>
    ${task.bases.filter((basis) => basis.note).map((basis) => html`<p class="narrative">${basis.note}</p>`)}
    <p class="facts">
      ${is(task, "ISSUED") && html`<button class="primary" data-act="sign" onClick=${() => phone.note(task, "SIGN")}>${t("phone.sign")}</button>`}
      ${mayDo && html`<button class="primary" data-act="fill" onClick=${() => fillIn(phone, task)}>${t("phone.fill")}</button>`}
      ${is(task, "SIGNED") && html`<button data-act="return" onClick=${() => giveBack(phone, task)}>${t("phone.return")}</button>`}</p></div>`;
}

export default function PhonePage() {
  const { beat, name, beats, choose } = useBeat();
  const phone = usePhone(beat);
  if (!beat) return html`<${Empty} words=${t("phone.no_beat")} />`;
  const tasks = phone?.tasks ?? [];
  const open = tasks.filter((task) => !is(task, "DONE"));
  const today = open.filter((task) => !is(task, "PLANNED") && new Date(task.dueTime).getTime() <= endOfDay());
  const week = open.filter((task) => !today.includes(task));
  const done = tasks.filter((task) => is(task, "DONE")).length;
  const waiting = phone?.queue.length ?? 0;
  return html`<article>
    <header class="incident-head"><h1>${name ?? t("page.phone")}</h1>
      ${beats.length > 1 && html`<select aria-label=${t("phone.choose")} value=${beat} onChange=${(event) => choose(event.target.value)}>
        ${beats.map((org) => html`<option value=${org.id}>${org.name}</option>`)}</select>`}</header>
    <p id="link" class=${phone?.hasLink === false ? "problem" : "facts"} role="status">${t(phone?.hasLink === false ? "phone.link_down" : "phone.link_up")}</p>
    <div class="big-figures">
      <${Figure} value=${today.length} words=${t("phone.today")} tone=${today.length ? "warn" : "good"} />
      <${Figure} value=${done} words=${t("phone.done")} tone="good" />
      <${Figure} value=${waiting} words=${t("phone.waiting")} tone=${waiting ? "bad" : "good"} /></div>
    ${(phone?.told ?? []).length > 0 && html`<${Panel} title=${t("phone.kept")} count=${phone.told.length} id="kept">
      <ul>${phone.told.map((one) => html`<li key=${one.reportId}>${one.task?.place.name} <code>${one.reason}</code>
        ${(one.problems ?? []).map((problem) => html` <code>${problem.fieldCode} ${problem.rule}</code>`)}</li>`)}</ul></${Panel}>`}
    <${Panel} title=${t("phone.today")} count=${today.length} id="today">
      ${today.map((task) => html`<${TaskCard} key=${task.id} phone=${phone} task=${task} />`)}
      ${!today.length && html`<${Empty} />`}</${Panel}>
    <${Panel} title=${t("phone.week")} count=${week.length} id="week">
      ${week.map((task) => html`<${TaskCard} key=${task.id} phone=${phone} task=${task} />`)}
      ${!week.length && html`<${Empty} />`}</${Panel}>
    <${Sayings} /></article>`;
}
