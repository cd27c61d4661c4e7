// Forms: the house's own form fields (quintet.type.v1.Form), for a directive's feedback as for every
// action of the pages. What the gateway refuses is shown at its field.
import { html, useState, useRef, useEffect } from "./ui.js";
import { t } from "./strings.js";
import { half } from "./strings.js";
import { SignaturePad, PhotoInput } from "./form-files.js";

const ONE = "FORM_FIELD_KIND_CHOOSE_ONE";
const MANY = "FORM_FIELD_KIND_CHOOSE_MANY";
const LONG_TEXT = 120;

function Choice({ field, value, set, id }) {
  const options = field.options ?? [];
  if (options.length > 6) {
    return html`<select id=${id} value=${value ?? ""} required=${field.required}
      onChange=${(event) => set(event.target.value)}>
      <option value=""></option>
      ${options.map((option) => html`<option value=${option.code}>${option.label || option.code}
        </option>`)}
    </select>`;
  }
  return html`<span class="choices" role="radiogroup" aria-labelledby=${`${id}-label`}>
    ${options.map((option) => html`
    <label class="choice"><input type="radio" name=${id} value=${option.code}
      checked=${value === option.code}
      onChange=${() => set(option.code)} /><span>${option.label || option.code}</span></label>`)}
        </span>`;
}

function Choices({ field, value = [], set, id }) {
  const toggle = (code) => set(value.includes(code) ? value.filter((one) => one !== code)
    : [...value, code]);
  return html`<span class="choices" role="group" aria-labelledby=${`${id}-label`}>
    ${(field.options ?? []).map((option) => html`
    <label class="choice"><input type="checkbox" checked=${value.includes(option.code)}
      onChange=${() => toggle(option.code)} /><span>${option.label || option.code}</span></label>`)}
        </span>`;
}

function Words({ field, value, set, id }) {
  const most = field.maxLength || 4_000;
  const shared = {
    id, value: value ?? "", maxlength: most, required: field.required,
    onInput: (event) => set(event.target.value),
  };
  return most > LONG_TEXT
    ? html`<textarea rows="3" ...${shared}></textarea>`
    : html`<input type="text" ...${shared} />`;
}

function Control(props) {
  const { field, value, set, id, attachments } = props;
  switch (field.kind) {
    case ONE: return html`<${Choice} ...${props} />`;
    case MANY: return html`<${Choices} ...${props} />`;
    case "FORM_FIELD_KIND_NUMBER":
      return html`<input id=${id} type="number" step="any" min=${field.minNumber}
        max=${field.maxNumber} value=${value ?? ""}
        onInput=${(event) => set(event.target.value)} />`;
    case "FORM_FIELD_KIND_TIME":
      return html`<input id=${id} type="datetime-local" step="1" value=${value ?? ""}
        onInput=${(event) => set(event.target.value)} />`;
    case "FORM_FIELD_KIND_PHOTO": return html`<${PhotoInput} ...${props}
      attachments=${attachments} />`;
    case "FORM_FIELD_KIND_SIGNATURE": return html`<${SignaturePad} ...${props}
      attachments=${attachments} />`;
    default: return html`<${Words} ...${props} />`;
  }
}

let count = 0;

/** Fields with their labels; `values` by code. `problems` are the refusal's violations. */
export function Fields({ fields, values, set, problems = [], attachments }) {
  const base = useRef("");
  base.current ||= `form${(count += 1)}`;
  return fields.map((field) => {
    const id = `${base.current}-${field.code}`;
    const problem = problems.find((one) => one.field.includes(field.code)
      || one.field === field.wire);
    const isGroup = (field.kind === ONE && (field.options ?? []).length <= 6)
      || field.kind === MANY;
    const words = html`${field.label}${field.required && html`<b class="must"
      title=${t("form.required")}> *</b>`}`;
    return html`<div class="field" key=${field.code}>
      ${isGroup ? html`<span class="label" id=${`${id}-label`}>${words}</span>` : html`<label
        class="label" for=${id}>${words}</label>`}
      <${Control} field=${field} id=${id} value=${values[field.code]} attachments=${attachments}
        set=${(value) => set({ ...values, [field.code]: value })} />
      ${problem && html`<p class="problem">${half(problem.description) || problem.reason}</p>`}
    </div>`;
  });
}

/** What the wire takes: one answer for each field that has a value. */
export function answersOf(form, values) {
  return (form?.fields ?? []).filter((field) => hasValue(values[field.code])).map((field) => {
    const value = values[field.code];
    const answer = { fieldCode: field.code };
    switch (field.kind) {
      case ONE: return { ...answer, choices: { codes: [value] } };
      case MANY: return { ...answer, choices: { codes: value } };
      case "FORM_FIELD_KIND_NUMBER": return { ...answer, number: Number(value) };
      case "FORM_FIELD_KIND_TIME": return { ...answer,
        time: new Date(`${value}+08:00`).toISOString() };
      case "FORM_FIELD_KIND_PHOTO":
      case "FORM_FIELD_KIND_SIGNATURE": return { ...answer, attachments: { digests: value } };
      default: return { ...answer, text: value };
    }
  });
}

const hasValue = (value) => value !== undefined && value !== ""
  && !(Array.isArray(value) && !value.length);

/** One answer as people read it. */
export function answerWords(form, answer) {
  const field = (form?.fields ?? []).find((one) => one.code === answer.fieldCode);
  const named = (code) => field?.options?.find((option) => option.code === code)?.label || code;
  const words = answer.text ?? answer.number ?? answer.time
    ?? answer.choices?.codes?.map(named).join("、")
    ?? (answer.attachments ? t("form.files", { count: answer.attachments.digests?.length ?? 0 })
      : "");
  return { label: field?.label ?? answer.fieldCode, words: String(words) };
}

/**
 * A dialog that asks for fields and does something: `{ title, fields, values, submit, danger }`.
 * `submit(values)` throws what the gateway refused; otherwise the dialog closes.
 */
export function AskDialog({ ask, close }) {
  const dialog = useRef(null);
  const [values, setValues] = useState(ask.values ?? {});
  const [refusal, setRefusal] = useState(undefined);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current.showModal();
    dialog.current.querySelector("input, textarea, select, button.primary")?.focus();
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    const missing = ask.fields.filter((field) => field.required && !hasValue(values[field.code]));
    if (missing.length) {
      setRefusal({ message: t("form.missing", { fields: missing.map((field) => field.label)
        .join("、") }), violations: [] });
      return;
    }
    setBusy(true);
    try {
      await ask.submit(values);
      close(true);
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };
  return html`<dialog class="ask" ref=${dialog} onClose=${() => close(false)}
    aria-label=${ask.title}>
    <form onSubmit=${submit} novalidate>
      <h2>${ask.title}</h2>
      ${ask.note && html`<p class="note">${ask.note}</p>`}
      <${Fields} fields=${ask.fields} values=${values} set=${setValues}
        problems=${refusal?.violations} attachments=${ask.attachments} />
      ${refusal && html`<p class="problem" role="alert">${refusal.message}
        ${refusal.reason && html` <code>${refusal.reason}</code>`}</p>`}
      <footer>
        <button type="button" onClick=${() => dialog.current.close()}>${t("form.cancel")}</button>
        <button type="submit" class=${`primary ${ask.danger ? "danger" : ""}`} disabled=${isBusy}>
          ${ask.verb ?? t("form.send")}</button>
      </footer>
    </form>
  </dialog>`;
}

// Fields for the pages' own actions.
export const textField = (code, label, { required = false, max = 500 } = {}) => ({ code, label,
  required, kind: "FORM_FIELD_KIND_TEXT", maxLength: max });
export const choiceField = (code, label, options,
  { required = true } = {}) => ({ code, label, required, kind: ONE, options });
export const manyField = (code, label, options,
  { required = true } = {}) => ({ code, label, required, kind: MANY, options });
