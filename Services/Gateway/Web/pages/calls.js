// 接警: one form that is filled by keyboard while somebody speaks. Finds the place from whatever is said, shows
// likely duplicates while one types, and counts the seconds from answering to dispatch.
import { html, useState, useRef, useMemo, useLayoutEffect } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { change, listAll } from "../lib/api.js";
import { useBoard, board, OPEN_STATES } from "../lib/board.js";
import { now, useTick } from "../lib/clock.js";
import { span } from "../lib/time.js";
import { MapView } from "../lib/map.js";
import { useKeys } from "../lib/keys.js";
import { say, ask } from "../lib/ask.js";
import { Fields, choiceField, textField } from "../lib/form.js";
import { classOptions, levelOptions } from "../lib/actions.js";
import { incidentOf } from "../lib/feeds.js";
import { Problem, Sayings, useAnswer } from "../lib/parts.js";
import { useCandidates, Candidates } from "./calls/locate.js";
import { duplicatesOf, Duplicates } from "./calls/duplicates.js";
import { Recent } from "./calls/recent.js";

const CHANNELS = ["PHONE", "SMS", "APP", "WALK_IN"];
const OUTCOMES = ["ADVISED", "DIVERTED", "HOAX", "ACCIDENTAL", "ABANDONED"];
const LIMIT = 60;
const EVERY = 3_000;

const fields = () => ({
  said: [textField("narrative", t("field.narrative"), { required: true, max: 4_000 })],
  where: [textField("address", t("field.address"), { max: 120 }),
    textField("description", t("field.description"), { max: 120 }),
    textField("plate", t("calls.plate"), { max: 64 })],
  who: [textField("phone", t("calls.phone"), { max: 20 }),
    textField("callerName", t("calls.name"), { max: 60 })],
  kind: [choiceField("incidentClass", t("field.class"), classOptions(), { required: false }),
    choiceField("level", t("field.level"), levelOptions(), { required: false })],
  channel: [choiceField("channel", t("calls.channel"),
    CHANNELS.map((name) => ({ code: `CALL_CHANNEL_${name}`,
    label: word(`CALL_CHANNEL_${name}`) })))],
});

function Seconds({ from }) {
  useTick();
  const seconds = (now() - from) / 1_000;
  return html`<span
    class=${`call-clock num ${seconds > LIMIT ? "bad" : seconds > LIMIT / 2 ? "warn" : "good"}`}
    role="timer">${span(seconds)}</span>`;
}

/**
 * The call as the wire takes it. A place is required: where none was told, it is that of the incident the
 * call is attached to, or said to be unknown.
 */
function contentOf(given, call, elsewhere) {
  const isTold = call.place || given.address || given.description;
  const location = !isTold && elsewhere ? elsewhere
    : { address: given.address ?? "", description: given.description ?? "",
    uncertaintyM: call.place?.uncertaintyM ?? 0 };
  if (call.place) location.point = { latitude: call.place.latitude, longitude: call.place.longitude,
    datum: "DATUM_WGS84" };
  return {
    channel: given.channel, origin: "INCIDENT_ORIGIN_CITIZEN_REPORTED",
      phone: (given.phone ?? "").replace(/[\s-]/g, ""),
    callerName: given.callerName ?? "", location, narrative: given.narrative ?? "",
      receiveTime: new Date(call.from).toISOString(),
  };
}

/** Where an incident is, as its first call told it. */
const placeAs = (incident) => incident && { point: incident.location?.point,
  address: incident.location?.address, description: incident.location?.description };

const blank = () => ({ channel: "CALL_CHANNEL_PHONE" });

export default function CallsPage() {
  useBoard();
  const inOpen = useAnswer(() => listAll("command.IncidentService/ListIncidents", "incidents",
    { states: OPEN_STATES }, 500), [], EVERY);
  const known = (inOpen.answer ?? []).map(incidentOf);
  const [call, setCall] = useState(undefined);
  const [given, setGiven] = useState(blank());
  const [refusal, setRefusal] = useState(undefined);
  const [picked, setPicked] = useState("");
  const map = useRef(null);
  const form = useRef(null);
  const found = useCandidates(given, Boolean(call));
  const alike = useMemo(() => (call ? duplicatesOf(given, call.place, known) : []),
    [inOpen.answer, given.narrative, given.address, call?.place]);

  const answer = () => {
    if (call) return;
    setCall({ from: now() });
    setGiven(blank());
    setRefusal(undefined);
  };
  useLayoutEffect(() => { if (call) form.current.querySelector("textarea")?.focus(); },
    [Boolean(call)]);
  const clear = () => { setCall(undefined); setGiven(blank()); setPicked(""); setRefusal(undefined); map.current?.circle([]); inOpen.refresh(); };
  const locate = (place, words) => {
    setCall((before) => before && { ...before, place });
    if (words) setGiven((before) => ({ ...before, address: before.address || words }));
    map.current?.show(place, 14);
    map.current?.circle([{ at: place, radius: Math.max(30, place.uncertaintyM ?? 0),
      colour: "#f5cf52" }]);
  };
  /** Answered once, whatever is then made of it. */
  const report = async (elsewhere) => {
    const held = call.reportId ? { id: call.reportId }
      : (await change("command.CallReportService/AnswerCall",
        { content: contentOf(given, call, elsewhere) })).callReport;
    setCall((before) => ({ ...before, reportId: held.id }));
    return held.id;
  };
  const end = (finish, elsewhere) => async () => {
    if (!call) return;
    setRefusal(undefined);
    try { await finish(await report(elsewhere)); clear(); } catch (error) { setRefusal(error); }
  };
  const open = end(async (callReportId) => {
    const made = await change("command.CallReportService/OpenIncident", {
      callReportId, incidentClass: given.incidentClass || undefined, level: given.level
        || undefined });
    say(t("calls.opened", { number: made.incidentNumber }));
  });
  const attach = (incidentId) => end(async (callReportId) => {
    await change("command.CallReportService/AttachCall", { callReportId, incidentId });
    say(t("calls.attached", { title: known.find((one) => one.id === incidentId)?.title ?? "" }));
  }, placeAs(known.find((one) => one.id === incidentId)))();
  const other = () => call && ask({
    title: t("calls.end"), verb: t("calls.end"),
    fields: [choiceField("outcome", t("calls.outcome"),
      OUTCOMES.map((name) => ({ code: `CALL_OUTCOME_${name}`,
      label: word(`CALL_OUTCOME_${name}`) }))),
      textField("reason", t("field.reason"), { max: 500 })],
    submit: async (chosen) => {
      await change("command.CallReportService/EndCall",
        { callReportId: await report({ description: t("calls.place_unknown") }), ...chosen });
      say(t("calls.ended"));
      clear();
    },
  });
  const first = found.candidates[0];
  useKeys({
    F2: answer, F9: open, F7: other,
    F4: () => first && locate({ ...first.point, uncertaintyM: first.uncertaintyM },
      first.place?.address || first.name),
    F8: () => attach(picked || alike[0]?.incident.id),
  });
  const groups = fields();
  const part = (name) => html`<${Fields} fields=${groups[name]} values=${given} set=${setGiven}
    problems=${refusal?.violations} />`;
  return html`<div class="calls">
    <section class="panel" ref=${form} aria-label=${t("calls.form")}>
      <h2>${t("calls.form")}<span class="grow"></span>${call && html`<small>
        ${t("calls.since_answer")}</small>`}</h2>
      ${call ? html`<div>
        <p class="facts"><${Seconds} from=${call.from} /><span class="grow"></span>
          <button class="primary" id="open-incident" onClick=${open}>
            ${t("calls.open")} <kbd>F9</kbd></button>
          <button disabled=${!alike.length} onClick=${() => attach(picked || alike[0].incident.id)}>
            ${t("calls.attach")} <kbd>F8</kbd></button>
          <button onClick=${other}>${t("calls.end")} <kbd>F7</kbd></button>
          <button class="quiet" onClick=${clear} disabled=${Boolean(call.reportId)}>
            ${t("form.clear")}</button></p>
        <${Problem} error=${refusal} />
        ${part("said")}${part("where")}<div class="two">${part("who")}</div>${part("kind")}
          ${part("channel")}</div>`
    : html`<p class="empty"><button class="primary" id="answer" onClick=${answer}>
      ${t("calls.answer")} <kbd>F2</kbd></button><br /><br />${t("calls.idle")}</p>`}
    </section>
    <section class="map-column">
      <${Candidates} found=${found} place=${call?.place} choose=${locate} />
      <div class="map-box"><${MapView} label=${t("calls.map")}
        control=${(handle) => { map.current = handle; }} onPick=${(at) => call && locate(at)}
        read=${() => ({ incidents: [...board.incidents.values()].filter((one) => OPEN_STATES.includes(one.state)) })} /></div>
      <p class="note">${t("calls.click_map")}</p>
    </section>
    <section><${Duplicates} alike=${alike} picked=${picked} pick=${setPicked} attach=${attach}
      isOpen=${Boolean(call)} /><${Recent} incidents=${known} /></section>
    <${Sayings} />
  </div>`;
}
