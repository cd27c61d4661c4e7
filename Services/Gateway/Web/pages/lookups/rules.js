// From how many look-ups within which time on a supervisor is asked: what is unusual is data, and is changed here.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { call, change } from "../../lib/api.js";
import { ask, say } from "../../lib/ask.js";
import { Panel, Problem, useAnswer } from "../../lib/parts.js";
import { mayChange } from "./finding.js";
import { Wide } from "./words.js";

const PERSONS = "LOOK_UP_CONCERN_MANY_PERSONS";
const HOUR = 3_600;
const MINUTE = 60;
/** Of the wire: look-ups, and minutes up to thirty days. */
const [MOST, LONGEST] = [1_000, 43_200];

const numberField = (code, label, maxNumber) => ({ code, label, required: true, minNumber: 1, maxNumber,
  kind: "FORM_FIELD_KIND_NUMBER" });

const countWords = (rule) => (rule.concern === PERSONS
  ? t("lookups.persons", { count: rule.threshold ?? 0 })
  : t("lookups.times", { count: rule.threshold ?? 0 }));

function windowWords(rule) {
  const seconds = Number(rule.windowS ?? 0);
  return seconds % HOUR === 0 ? t("lookups.hours", { count: seconds / HOUR })
    : t("lookups.minutes", { count: Number((seconds / MINUTE).toFixed(1)) });
}

function changing(rule, refresh) {
  ask({
    title: t("lookups.change_rule"), verb: t("lookups.change_rule"),
    note: `${word(rule.concern)}。${t("lookups.bounds", { most: MOST, longest: LONGEST })}`,
    values: { threshold: rule.threshold, minutes: Number(rule.windowS ?? 0) / MINUTE },
    fields: [
      numberField("threshold", t("lookups.col_threshold"), MOST),
      { ...numberField("minutes", t("lookups.window_minutes"), LONGEST), wire: "rule.window_s" }],
    submit: async ({ threshold, minutes }) => {
      await change("supervision.LookUpService/PutLookUpRule", { rule: {
        concern: rule.concern, threshold: Number(threshold), windowS: Math.round(Number(minutes) * MINUTE) } });
      say(t("said.done", { action: t("lookups.change_rule") }));
      refresh();
    },
  });
}

export function Rules() {
  const { answer, error, refresh } = useAnswer(() => call("supervision.LookUpService/ListLookUpRules"), []);
  const isMine = mayChange();
  const columns = ["concern", "threshold", "window", ...(isMine ? ["change"] : [])];
  return html`<${Panel} title=${t("lookups.rules")} id="rules"><${Problem} error=${error} />
    <${Wide} label=${t("lookups.rules")} columns=${columns}>
      ${(answer?.rules ?? []).map((rule) => html`<tr key=${rule.concern}>
        <th scope="row">${word(rule.concern)}</th><td>${countWords(rule)}</td><td>${windowWords(rule)}</td>
        ${isMine && html`<td><button data-rule=${rule.concern} onClick=${() => changing(rule, refresh)}>
          ${t("lookups.change")}</button></td>`}</tr>`)}</${Wide}>
    <p class="note fine">${t("lookups.rules_hint")}</p></${Panel}>`;
}
