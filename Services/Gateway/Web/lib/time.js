// Times as people in the hall read them: Asia/Shanghai, whatever the machine says.
import { language } from "./strings.js";

const ZONE = "Asia/Shanghai";
const format = (options) => new Intl.DateTimeFormat("zh-CN",
  { timeZone: ZONE, hour12: false, ...options });
const clockFormat = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minuteFormat = format({ hour: "2-digit", minute: "2-digit" });
const dayFormat = format({ month: "2-digit", day: "2-digit" });

/** A proto timestamp, Date or number as milliseconds; NaN when there is none. */
export function millis(time) {
  if (time === undefined || time === null || time === "") return NaN;
  return typeof time === "number" ? time : new Date(time).getTime();
}

const shown = (formatter) => (time) => (Number.isNaN(millis(time)) ? "—"
  : formatter.format(millis(time)));

export const clockTime = shown(clockFormat);
export const minuteTime = shown(minuteFormat);
export const dayTime = shown({ format: (at) => `${dayFormat.format(at)} ${minuteFormat.format(at)}` });
export const dayClock = shown({ format: (at) => `${dayFormat.format(at)} ${clockFormat.format(at)}` });

/** The day with its weekday, in the reader's language. */
export const longDate = (time) => (Number.isNaN(millis(time)) ? "—"
  : new Intl.DateTimeFormat(language() === "zh" ? "zh-CN" : "en-GB", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit",
      weekday: "short" }).format(millis(time)));

/** Seconds as 0:42, 12:05, 3:04:05, or 2d 03:04; a minus sign before what is past. */
export function span(seconds) {
  if (!Number.isFinite(seconds)) return "—";
  const whole = Math.floor(Math.abs(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const sign = seconds < 0 && whole > 0 ? "−" : "";
  const [days, hours] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3_600)];
  const [minutes, rest] = [Math.floor((whole % 3_600) / 60), whole % 60];
  if (days) return `${sign}${days}d ${two(hours)}:${two(minutes)}`;
  return hours ? `${sign}${hours}:${two(minutes)}:${two(rest)}` : `${sign}${minutes}:${two(rest)}`;
}
