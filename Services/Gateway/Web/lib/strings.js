// Every word a person reads comes from strings/<language>.json; code holds keys alone.

const LANGUAGES = ["zh", "en"];
const KEPT = "quintet.language";

let words = {};
let current = LANGUAGES[0];

export const languages = LANGUAGES;
export const language = () => current;

/** Loads one catalogue; the language is remembered on this machine. */
export async function loadStrings(wanted = localStorage.getItem(KEPT) ?? LANGUAGES[0]) {
  const code = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
  const answer = await fetch(`/strings/${code}.json`);
  words = await answer.json();
  current = code;
  localStorage.setItem(KEPT, code);
  document.documentElement.lang = code === "zh" ? "zh-CN" : "en";
  document.title = t("app.title");
}

/** The words for a key; `{name}` in them stands for a value. */
export function t(key, values = {}) {
  const text = words[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name])
    : whole));
}

/** The word for a value of an enumeration, such as INCIDENT_STATE_NEW. */
export function word(value) {
  if (!value) return "—";
  return words[`enum.${value}`] ?? value;
}

/** Services answer sentences as 中文 / English, 中文。English or 中文. English: shows the reader's half. */
export function half(text) {
  if (!text) return "";
  const found = /(?:。|\. | \/ )(?=[A-Za-z0-9(][^\u4e00-\u9fff]{6})/.exec(text);
  if (!found) return text;
  const isStop = found[0] === "。";
  return current === "zh"
    ? text.slice(0, found.index + (isStop ? 1 : 0))
    : text.slice(found.index + found[0].length);
}
