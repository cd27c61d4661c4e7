// 情况通报: what the bureau says about a topic: drafted, signed by another, published.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { call, change } from "../../lib/api.js";
import { hasRole, session } from "../../lib/session.js";
import { whoIs } from "../../lib/board.js";
import { ask, say } from "../../lib/ask.js";
import { textField } from "../../lib/form.js";
import { Problem, StateMark, When, useAnswer } from "../../lib/parts.js";

const EVERY = 5_000;
const SERVICE = "publicopinion.StatementService";

const content = () => [
  textField("text", t("statement.text"), { required: true, max: 4_000 }),
  textField("checkedWith", t("statement.checked_with"), { required: true, max: 120 }),
];

function Signed({ label, signature }) {
  if (!signature) return undefined;
  return html`<span>${label} ${whoIs(signature.actor)}
    <span class="dim"> <${When} time=${signature.time} /></span></span>`;
}

/** Asks for what the move needs, and makes it. */
function move(statement, method, { title, note, fields = [], values, done }) {
  ask({ title, verb: title, note, fields, values, submit: async (given) => {
    await change(`${SERVICE}/${method}`, { statementId: statement.id, etag: statement.etag,
      ...given });
    say(title);
    done();
  } });
}

function Card({ statement, done }) {
  const { state } = statement;
  const is = (...states) => states.includes(state.replace("STATEMENT_STATE_", ""));
  const isOwn = statement.draft?.actor === session()?.subject;
  const act = (method, title, more = {}) => () => move(statement, method,
    { title, note: statement.text, done, ...more });
  return html`<div class="card statement"><h3><${StateMark} value=${state} /></h3>
    <p class="narrative">${statement.text}</p>
    ${statement.returnReason && is("RETURNED") && html`<p class="bad">${t("statement.returned", {
    reason: statement.returnReason })}</p>`}
    <p class="facts"><span>${t("statement.checked")} ${statement.checkedWith}</span>
      <${Signed} label=${t("statement.drafted")} signature=${statement.draft} />
      <${Signed} label=${t("statement.approved")} signature=${statement.approval} />
      <${Signed} label=${t("statement.published")} signature=${statement.publication} /></p>
    <p class="facts"><span class="grow"></span>
      ${is("DRAFT") && isOwn && hasRole("shift-leader")
        && html`<span class="dim">${t("statement.second_person")}</span>`}
      ${is("DRAFT", "APPROVED") && hasRole("shift-leader") && html`<button data-action="return"
        onClick=${act("ReturnStatement", t("statement.return"),
    { fields: [textField("reason", t("field.reason"), { required: true })] })}>
        ${t("statement.return")}</button>`}
      ${is("DRAFT") && !isOwn && hasRole("shift-leader") && html`<button class="primary"
        data-action="approve" onClick=${act("ApproveStatement", t("statement.approve"))}>
        ${t("statement.approve")}</button>`}
      ${is("DRAFT", "RETURNED", "APPROVED") && hasRole("opinion-editor") && html`<button
        data-action="revise" onClick=${act("ReviseStatement", t("statement.revise"),
    { note: t("statement.void"), fields: content(),
      values: { text: statement.text, checkedWith: statement.checkedWith } })}>
        ${t("statement.revise")}</button>`}
      ${is("APPROVED") && hasRole("opinion-editor") && html`<button class="primary"
        data-action="publish" onClick=${act("PublishStatement", t("statement.publish"))}>
        ${t("statement.publish")}</button>`}</p></div>`;
}

export function Statements({ topic, done }) {
  const { answer, error, refresh } = useAnswer(() => call(`${SERVICE}/ListStatements`,
    { topicId: topic.id }), [topic.id], EVERY);
  const all = answer?.statements ?? [];
  const again = () => { refresh(); done(); };
  const isFree = all.every((one) => one.state === "STATEMENT_STATE_PUBLISHED");
  const draft = () => ask({
    title: t("statement.draft"), verb: t("statement.draft"), note: t("statement.hint"),
    fields: content(),
    submit: async (given) => {
      await change(`${SERVICE}/DraftStatement`, { topicId: topic.id, ...given });
      say(t("statement.draft"));
      again();
    },
  });
  return html`<section id="statements"><p class="facts"><b>${t("statement.title")}</b><span
    class="grow"></span>
    ${answer && isFree && hasRole("opinion-editor") && html`<button class="primary"
      data-action="draft" onClick=${draft}>${t("statement.draft")}</button>`}</p>
    <${Problem} error=${error} />
    ${all.map((one) => html`<${Card} key=${one.id} statement=${one} done=${again} />`)}</section>`;
}
