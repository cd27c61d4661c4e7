// The course of an incident: its events of all services, in words.
import { html } from "../../lib/ui.js";
import { t, word, half } from "../../lib/strings.js";
import { call } from "../../lib/api.js";
import { unitName, seatName, whoIs, nameOf } from "../../lib/board.js";
import { clockTime, dayTime } from "../../lib/time.js";
import { Panel, Problem, Empty, useAnswer } from "../../lib/parts.js";

const EVERY = 10_000;

const unitOfAssignment = ({ assignment }) => unitName(assignment?.unitId);
const deadlineWords = ({ deadline }) => `${word(deadline?.kind)} · ${whoIs(deadline?.responsible)}`;

/** Words of an event by its type; `more` is what stands behind them. */
const EVENTS = {
  "command.IncidentOpened": ({ incident }) => [t("event.opened"), incident?.title],
  "command.IncidentClassified": ({ incident }) => [t("event.classified"), `${word(incident?.incidentClass)} · ${word(incident?.level)}`],
  "command.IncidentMoved": ({ incident, from, reason }) => [`${word(from)} → ${word(incident?.state)}`, reason],
  "command.CallReportAnswered": ({ callReport }) => [t("event.answered"), word(callReport?.channel)],
  "command.CallReportEnded": ({ callReport }) => [t("event.call_ended"), word(callReport?.outcome)],
  "command.UnitsRecommended": ({ recommendation }) => [t("event.recommended"), (recommendation?.units ?? []).map((unit) => unit.callSign).join("、")],
  "command.AssignmentMoved": (payload) => [word(payload.assignment?.state), [unitOfAssignment(payload), payload.assignment?.note].filter(Boolean).join(" · ")],
  "command.DirectiveIssued": ({ directive }) => [t("event.directive"), `${directive?.title ?? ""} → ${(directive?.recipients ?? []).map((one) => nameOf(one.recipient)).join("、")}`],
  "command.DirectiveMoved": ({ course }) => [t("event.directive_moved", { state: word(course?.state) }),
    [nameOf(course?.recipient), course?.state === "DIRECTIVE_STATE_FED_BACK" ? course.feedback : course?.reason].filter(Boolean).join(" · ")],
  "command.DirectiveReminded": ({ text }) => [t("event.reminded"), text],
  "command.CordonActivated": ({ cordon }) => [t("event.cordon"), cordon?.planCode],
  "command.CordonMoved": ({ ring }) => [t("event.cordon_moved", { number: ring?.number ?? "" }), ring?.sighting?.note],
  "command.CordonReleased": ({ reason }) => [t("event.cordon_released"), reason],
  "command.SupportAsked": ({ supportRequest }) => [t("event.support"),
    `${supportRequest?.title ?? ""} → ${(supportRequest?.parts ?? []).map((part) => seatName(part.seatCode)).join("、")}`],
  "command.SupportPartMoved": ({ part }) => [t("event.support_part", { state: word(part?.state) }),
    [seatName(part?.seatCode), part?.answer || part?.reason].filter(Boolean).join(" · ")],
  "command.SupportEnded": ({ supportRequest }) => [t("event.support_ended", { state: word(supportRequest?.outcome ?? supportRequest?.state) }), supportRequest?.reason],
  "command.AgendaItemPut": ({ item }) => [t("event.agenda"), item?.title],
  "command.AgendaItemLinked": ({ link }) => [t("event.agenda_linked"), link?.reason],
  "command.DecisionMoved": ({ decision }) => [t("event.decision"), `${word(decision?.state)} · ${decision?.text ?? ""}`],
  "command.SeriesMoved": ({ series, reason }) => [t("event.series", { state: word(series?.state) }), [series?.title, reason].filter(Boolean).join(" · ")],
  "command.SeriesMemberMoved": ({ series, member }) => [t(member?.dropped ? "event.series_dropped" : "event.series_member"), series?.title],
  "intelligence.IncidentAssessed": ({ assessment }) => [t("event.assessed"), assessment?.jurisdiction?.stationName],
  "duty.RecommendationMade": ({ recommendation }) => [t("event.proposed"), (recommendation?.units ?? []).map((unit) => unit.callSign).join("、")],
  "publicopinion.TopicTied": ({ topic }) => [t("event.topic_tied"), topic?.title],
  "publicopinion.TopicFed": ({ topic }) => [t("event.topic_fed", { count: topic?.itemCount ?? "" }), topic?.title],
  "publicopinion.TopicAnswered": ({ topic }) => [t("event.topic_answered"), topic?.response],
  "publicopinion.StatementMoved": ({ statement }) => [t("event.statement", { state: word(statement?.state) }), statement?.returnReason || statement?.text],
  "supervision.DeadlineStarted": (payload) => [t("event.clock_started"), deadlineWords(payload)],
  "supervision.DeadlineWarned": (payload) => [t("event.clock_warned"), deadlineWords(payload), "warn"],
  "supervision.DeadlineOverdue": (payload) => [t("event.clock_overdue"), deadlineWords(payload), "bad"],
  "supervision.DeadlineEscalated": (payload) => [t("event.clock_escalated"), deadlineWords(payload), "bad"],
  "supervision.DeadlineStopped": (payload) => [t("event.clock_stopped"), `${deadlineWords(payload)} · ${word(payload.deadline?.state)}`],
  "supervision.FeedbackFoundWeak": ({ reason }) => [t("event.weak"), half(reason), "warn"],
  "supervision.IncidentEvaluated": ({ evaluation }) => [t("event.evaluated"), word(evaluation?.grade)],
};

function wordsOf(event) {
  const name = event.type.replace(/^quintet\.(\w+)\.v\d+\./, "$1.");
  const known = EVENTS[name];
  // A type this page does not know yet is shown by its name.
  return known ? known(event.payload ?? {}) : [name, ""];
}

export function Timeline({ incident, stamp }) {
  const { answer, error } = useAnswer(
    () => call("command.IncidentService/GetTimeline", { incidentId: incident.id }), [incident.id, stamp], EVERY);
  const events = answer?.events ?? [];
  return html`<${Panel} title=${t("incident.timeline")} count=${answer ? events.length : undefined} id="timeline">
    <${Problem} error=${error} />
    <ol class="timeline">${events.map((event) => {
    const [head, more, tone = ""] = wordsOf(event);
    return html`<li key=${event.id} class=${`from-${event.service}`}>
        <b class=${tone}>${head}</b>${more && html` <span>${more}</span>`}
        <span class="meta"><time datetime=${event.occurTime} title=${dayTime(event.occurTime)}>${clockTime(event.occurTime)}</time>
          <span>${t(`service.${event.service}`)}</span><span>${whoIs(event.actor)}</span></span></li>`;
  })}</ol>${answer && !events.length && html`<${Empty} />`}
  </${Panel}>`;
}
