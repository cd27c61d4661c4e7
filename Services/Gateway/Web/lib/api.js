// Calls to the suite: Connect's unary JSON on the gateway, signed in by the session's cookie.
import { t, half } from "./strings.js";

/** A refusal, or no answer at all. `message` is a sentence for people. */
export class Refusal extends Error {
  constructor({ code, message, reason, violations, status }) {
    super(message);
    this.code = code;
    this.reason = reason ?? "";
    this.violations = violations ?? [];
    this.status = status ?? 0;
  }
}

const listeners = new Set();

/** Told when the gateway says that nobody is signed in any more. */
export function onSignedOut(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readRefusal(status, body) {
  const details = body?.details ?? [];
  const find = (type) => details.find((detail) => detail.type === type)?.debug;
  const info = find("google.rpc.ErrorInfo");
  const violations = find("google.rpc.BadRequest")?.fieldViolations ?? [];
  return new Refusal({
    status,
    code: body?.code ?? "unknown",
    reason: info?.reason,
    violations,
    message: half(body?.message) || t("error.status", { status }),
  });
}

/** POST, GET or DELETE of JSON with the errors of the gateway as `Refusal`. */
export async function send(method, path, body, { timeout = 10_000, headers = {}, quiet } = {}) {
  const given = { "x-quintet-page": "1", ...headers };
  if (body !== undefined) given["content-type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method, headers: given, credentials: "same-origin", cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout + 2_000),
    });
  } catch {
    throw new Refusal({ code: "unavailable", reason: "NO_ANSWER", message: t("error.no_answer") });
  }
  if (answer.status === 204) return {};
  const text = await answer.text();
  let json;
  try { json = text ? JSON.parse(text) : {}; } catch { json = undefined; }
  if (answer.ok && json !== undefined) return json;
  if (answer.status === 401 && !quiet) listeners.forEach((listener) => listener());
  throw readRefusal(answer.status, json);
}

/** Reads: `call("command.IncidentService/GetIncident", {…})`. */
export function call(name, request = {}, { timeout = 10_000, service } = {}) {
  const headers = { "connect-protocol-version": "1", "connect-timeout-ms": String(timeout) };
  if (service) headers["quintet-service"] = service;
  return send("POST", `/${fullName(name)}`, request, { timeout, headers });
}

/** `command.IncidentService/GetIncident` → `quintet.command.v1.IncidentService/GetIncident`. */
export const fullName = (name) => name.replace(/^(\w+)\./, "quintet.$1.v1.");

/** Crypto's randomUUID wants a secure context, which a hall without TLS has not. */
export function requestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return "web-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let moment = () => undefined;

/** In an exercise what is done happens at the exercise's time: `source` answers it, or nothing. */
export function setMoment(source) {
  moment = source;
}

/** `{ [field]: time }` in an exercise; nothing otherwise, where the suite takes its own time. */
export function atMoment(field = "occurTime") {
  const time = moment();
  return time ? { [field]: time } : {};
}

/**
 * Changes: the same request id is sent again when no answer came, so that nothing happens twice.
 * Who wants to repeat after a refusal of `unavailable` passes the `requestId` used before.
 * `moment` is the request's field for the exercise's time.
 */
export async function change(name, request, { moment: field, ...options } = {}) {
  const whole = { requestId: requestId(), ...atMoment(field), ...request };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call(name, whole, options);
    } catch (error) {
      const mayRepeat = error.code === "unavailable" || error.code === "deadline_exceeded";
      if (!mayRepeat || attempt >= 3) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** attempt));
    }
  }
}

/** All pages of a list, up to `limit` things. */
export async function listAll(name, field, request = {}, limit = 2_000) {
  const all = [];
  let pageToken = "";
  do {
    const page = await call(name, { pageSize: 500, ...request, pageToken });
    all.push(...(page[field] ?? []));
    pageToken = page.nextPageToken ?? "";
  } while (pageToken && all.length < limit);
  return all;
}
