// 派出所综合指挥室: what this station has to sign, pass on and answer; its own area and nothing else.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call, change, listAll } from "../lib/api.js";
import { useBoard, board, OPEN_STATES } from "../lib/board.js";
import { areas } from "../lib/session.js";
import { ask, say } from "../lib/ask.js";
import { choiceField, manyField, textField, answersOf } from "../lib/form.js";
import { actionsFor, askFor } from "../lib/actions.js";
import { Elapsed } from "../lib/clock.js";
import { incidentOf } from "../lib/feeds.js";
import { unitTone } from "../lib/map-sprites.js";
import { byUrgency } from "./hall/queue.js";
import { Course, Assignments } from "./incident/orders.js";
import { Panel, Problem, Empty, Figure, LevelMark, ClassMark, StateMark, When, Sayings,
  useAnswer } from "../lib/parts.js";

const EVERY = 4_000;
const CLASSES = ["URGENT", "PRIORITY", "ROUTINE", "GENERAL"];
const is = (course, ...names) => names.some((name) => course.state === `DIRECTIVE_STATE_${name}`);
const isDone = (course) => is(course, "ACCEPTED", "CANCELLED", "REASSIGNED")
  && !course.recallUnconfirmed;

/** What the recipient does next, and the call that does it. */
function nextOf(course) {
  if (course.recallUnconfirmed) return "ConfirmRecall";
  if (is(course, "ISSUED", "DELIVERED")) return "AcknowledgeDirective";
  return is(course, "ACKNOWLEDGED", "RETURNED") ? "StartDirective" : is(course, "IN_PROGRESS")
    ? "feedback" : undefined;
}

function OwnCourse({ directive, course, station, refresh }) {
  const request = { directiveId: directive.id, recipient: course.recipient };
  const next = nextOf(course);
  const run = async (...methods) => {
    try {
      for (const method of methods) await change(`command.DirectiveService/${method}`, request);
      say(t("said.done", { action: t(`course.${methods.at(-1)}`) }));
    } catch (error) { say(error.message, "bad"); }
    refresh();
  };
  const act = () => {
    if (next !== "feedback") return run(...(is(course, "ISSUED") ? ["ConfirmDelivery"] : []), next);
    return ask({
      title: t("course.feedback"), verb: t("course.feedback"), note: directive.title,
        attachments: request,
      fields: [textField("text", t("field.feedback"), { required: true, max: 4_000 }),
        ...(directive.form?.fields ?? [])],
      submit: async (values) => {
        await change("command.DirectiveService/SubmitDirectiveFeedback",
          { ...request, text: values.text, answers: answersOf(directive.form, values) });
        refresh();
      },
    });
  };
  const beats = [...board.orgUnits.values()].filter((org) => org.parentId === station
    && org.rank === "ORG_RANK_BEAT");
  const passOn = () => ask({
    title: t("station.pass_on"), verb: t("station.pass_on"), note: directive.title,
    values: { title: directive.title.slice(0, 120), text: directive.text,
      directiveClass: directive.directiveClass === "DIRECTIVE_CLASS_DISPATCH"
      ? "DIRECTIVE_CLASS_URGENT" : directive.directiveClass },
    fields: [manyField("beats", t("station.beats"),
      beats.map((beat) => ({ code: beat.id, label: beat.name }))),
      choiceField("directiveClass", t("station.limit"),
        CLASSES.map((name) => ({ code: `DIRECTIVE_CLASS_${name}`,
        label: word(`DIRECTIVE_CLASS_${name}`) }))),
      textField("title", t("field.title"), { required: true, max: 120 }),
        textField("text", t("field.text"), { max: 4_000 })],
    submit: async ({ beats: chosen, ...content }) => {
      await change("command.DirectiveService/IssueDirective", { content: {
        ...content, incidentId: directive.incidentId ?? "",
          recipients: chosen.map((id) => ({ kind: "RECIPIENT_KIND_BEAT", id })) } });
      say(t("station.passed_on", { count: chosen.length }));
      refresh();
    },
  });
  return html`<${Course} directive=${directive} course=${course} refresh=${refresh}>
    ${next && html`<button class="primary" data-course=${next} onClick=${act}>${t(`course.${next}`)}
      </button>`}
    ${course.recipient.id === station && beats.length > 0 && !isDone(course) && html`<button
      onClick=${passOn}>${t("station.pass_on")}</button>`}
  </${Course}>`;
}

function DirectiveCard({ directive, courses, station, refresh }) {
  return html`<div
    class=${`card ${courses.some((one) => one.signOverdue || one.feedbackOverdue) ? "late" : ""}`}>
    <h3>${directive.title}</h3>
    <p class="facts"><span>${word(directive.directiveClass)}</span><${When}
      time=${directive.issueTime} />
      ${directive.incidentId && html`<a href=${`#/incident/${directive.incidentId}`}>
        ${t("station.incident")}</a>`}</p>
    <p class="narrative">${directive.text}</p>
    <ul>${courses.map((course) => html`<${OwnCourse} key=${course.recipient.id}
      directive=${directive} course=${course} station=${station} refresh=${refresh} />`)}</ul>
      </div>`;
}

function IncidentCard({ incident, refresh }) {
  const done = () => { say(t("station.done")); refresh(); };
  return html`<div class="card"><p class="facts"><${LevelMark} incident=${incident} /><b><a
    href=${`#/incident/${incident.id}`}>${incident.title || incident.number}</a></b>
      <${ClassMark} incident=${incident} /><${StateMark} value=${incident.state} /><${Elapsed}
        since=${incident.receiveTime} /><span class="grow"></span>
      ${actionsFor(incident).map((action) => html`<button key=${action.key}
        data-action=${action.key} class=${action.primary ? "primary" : ""}
        onClick=${() => ask(askFor(action, incident, done))}>${t(`action.${action.key}`)}
        </button>`)}</p>
    <p class="place">${incident.location?.address}</p>
    ${(incident.assignments ?? []).length > 0 && html`<${Assignments} incident=${incident}
      refresh=${refresh} />`}</div>`;
}

function useStation() {
  const { orgUnits } = useBoard();
  const mine = areas();
  const stations = [...orgUnits.values()].filter((org) => org.rank === "ORG_RANK_STATION"
    && !org.untilTime && (!mine.length || mine.includes(org.id)));
  const [chosen, choose] = useState("");
  return { stations, station: chosen || stations[0]?.id, choose };
}

export default function StationPage() {
  const { stations, station, choose } = useStation();
  const { incidents, units, orgUnits } = useBoard();
  const cards = [...incidents.values()].map((one) => `${one.id}${one.state}${one.progress}${one.assignmentCount}`).join();
  const area = useAnswer(() => listAll("command.IncidentService/ListIncidents", "incidents",
    { states: OPEN_STATES }, 500), [cards], EVERY);
  const directives = useAnswer(async () => {
    if (!station) return [];
    const beats = [...orgUnits.values()].filter((org) => org.parentId === station)
      .map((org) => ({ kind: "RECIPIENT_KIND_BEAT", id: org.id }));
    const lists = await Promise.all([{ kind: "RECIPIENT_KIND_STATION", id: station },
      ...beats].map((recipient) =>
      call("command.DirectiveService/ListDirectives", { recipient, pageSize: 50 })
        .then((page) => page.directives ?? [])));
    return [...new Map(lists.flat().map((one) => [one.id, one])).values()];
  }, [station, orgUnits.size], EVERY);
  const ours = new Set([station, ...[...orgUnits.values()].filter((org) => org.parentId === station)
    .map((org) => org.id)]);
  const withCourses = (directives.answer ?? []).map((directive) => ({ directive,
    courses: (directive.recipients ?? []).filter((course) => ours.has(course.recipient.id)) }))
    .sort((one, other) => (one.directive.issueTime < other.directive.issueTime ? 1 : -1));
  const open = withCourses.filter(({ courses }) => courses.some((course) => !isDone(course)));
  const mine = (area.answer ?? []).map(incidentOf)
    .filter((one) => areas().length > 0 || one.advice?.stationId === station)
    .sort(byUrgency(new Set()));
  const toSign = open.filter(({ courses }) => courses.some((course) => is(course, "ISSUED",
    "DELIVERED"))).length;
  const owed = mine.filter((one) => one.state === "INCIDENT_STATE_AWAITING_FEEDBACK").length;
  const own = [...units.values()].filter((unit) => ours.has(unit.orgUnitId));
  const free = own.filter((unit) => unitTone(unit) === "free").length;
  return html`<article>
    <header class="incident-head"><h1>${orgUnits.get(station)?.name ?? t("page.station")}</h1>
      ${stations.length > 1 && html`<select aria-label=${t("station.choose")} value=${station}
        onChange=${(event) => choose(event.target.value)}>
        ${stations.map((org) => html`<option value=${org.id}>${org.name}</option>`)}</select>`}
          </header>
    <div class="big-figures">
      <${Figure} value=${toSign} words=${t("station.to_sign")} tone=${toSign ? "bad" : "good"} />
      <${Figure} value=${open.length} words=${t("station.open_directives")} />
      <${Figure} value=${mine.length} words=${t("station.open_incidents")} />
      <${Figure} value=${owed} words=${t("station.owed")} tone=${owed ? "warn" : "good"} />
      <${Figure} value=${`${free}/${own.length}`} words=${t("hall.free_units")} tone="good" /></div>
    <${Problem} error=${directives.error ?? area.error} />
    <div class="board-columns">
      <${Panel} title=${t("station.directives")} count=${open.length} id="directives">
        ${open.map(({ directive, courses }) => html`<${DirectiveCard} key=${directive.id}
          directive=${directive} courses=${courses} station=${station}
          refresh=${directives.refresh} />`)}
        ${directives.answer && !open.length && html`<${Empty}
          words=${t("station.no_directive")} />`}</${Panel}>
      <${Panel} title=${t("station.incidents")} count=${mine.length} id="incidents">
        ${mine.map((incident) => html`<${IncidentCard} key=${incident.id} incident=${incident}
          refresh=${area.refresh} />`)}
        ${!mine.length && html`<${Empty} words=${t("filter.none_open")} />`}</${Panel}>
    </div><${Sayings} /></article>`;
}
