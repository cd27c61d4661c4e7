// What may be done with an incident, an assignment or a directive: by whom, in which state. The roles are
// those of Docs/access.md (a test compares them), the states those of the protos; the suite itself decides,
// this only leaves out what it would refuse.
import { change } from "./api.js";
import { hasRole } from "./session.js";
import { t, word } from "./strings.js";
import { textField, choiceField } from "./form.js";

const state = (...names) => names.map((name) => `INCIDENT_STATE_${name}`);
const values = (prefix, names) => names.map((name) => ({ code: `${prefix}${name}`,
  label: word(`${prefix}${name}`) }));

export const classOptions = () => values("INCIDENT_CLASS_",
  ["CRIMINAL", "PUBLIC_ORDER", "TRAFFIC", "MASS_EVENT",
  "DISASTER", "HELP", "DISPUTE", "COMPLAINT", "OTHER"]);
export const levelOptions = () => values("INCIDENT_LEVEL_", ["1", "2", "3", "4"]);

const reason = (required) => textField("reason", t("field.reason"), { required, max: 500 });
const HALL = ["dispatcher", "shift-leader"];
const CALLS = ["call-taker", ...HALL];

/** Moves of an incident, in the order in which they are offered. */
export const INCIDENT_ACTIONS = [
  { key: "classify", method: "command.IncidentService/ClassifyIncident", roles: CALLS,
    states: state("NEW", "QUEUED", "ACTIVE", "MONITORED", "AWAITING_FEEDBACK", "IN_REVIEW"),
    fields: () => [choiceField("incidentClass", t("field.class"), classOptions()),
      choiceField("level", t("field.level"), levelOptions()),
        textField("title", t("field.title"), { max: 120 })],
    values: ({ incidentClass, level, title }) => ({ incidentClass, level, title }) },
  { key: "queue", method: "command.IncidentService/QueueIncident", roles: HALL,
    states: state("NEW", "MONITORED"),
    fields: () => [reason(false)] },
  { key: "activate", method: "command.IncidentService/ActivateIncident", roles: HALL,
    states: state("MONITORED", "AWAITING_FEEDBACK"), fields: () => [reason(false)] },
  { key: "monitor", method: "command.IncidentService/MonitorIncident", roles: HALL,
    states: state("NEW", "QUEUED", "ACTIVE"), fields: () => [reason(false)] },
  { key: "divert", method: "command.IncidentService/DivertIncident", roles: CALLS,
    states: state("NEW", "QUEUED"),
    fields: () => [textField("authority", t("field.authority"), { required: true, max: 120 }),
      reason(false)] },
  { key: "resolve", method: "command.IncidentService/ResolveDiversion", roles: HALL,
    states: state("DIVERTED"),
    fields: () => [choiceField("accepted", t("field.accepted"),
      [{ code: "yes", label: t("choice.taken") },
      { code: "no", label: t("choice.refused") }]), reason(false)],
    request: ({ accepted, ...rest }) => ({ ...rest, accepted: accepted === "yes" }) },
  { key: "request_feedback", method: "command.ReviewService/RequestFeedback", roles: HALL,
    states: state("ACTIVE", "MONITORED"), unless: (incident) => onItCount(incident) > 0,
      fields: () => [reason(false)] },
  { key: "feedback", method: "command.ReviewService/SubmitIncidentFeedback",
    roles: ["station", "officer"],
    states: state("AWAITING_FEEDBACK"), primary: true,
    fields: () => [textField("text", t("field.feedback"), { required: true, max: 4_000 }),
      textField("disposalCode", t("field.disposal"), { max: 64 })] },
  { key: "return", method: "command.ReviewService/ReturnIncidentFeedback",
    roles: ["supervisor", "shift-leader"],
    states: state("IN_REVIEW"), fields: () => [reason(true)], danger: true },
  { key: "close", method: "command.ReviewService/CloseIncident", roles: HALL,
    states: state("IN_REVIEW"), primary: true,
    fields: () => [reason(false)] },
  { key: "reopen", method: "command.ReviewService/ReopenIncident",
    roles: ["shift-leader", "supervisor"],
    states: state("CLOSED", "CANCELLED"), fields: () => [reason(true)], danger: true },
  { key: "split", method: "command.IncidentService/SplitIncident", roles: HALL,
    states: state("MERGED"),
    fields: () => [reason(true)], danger: true },
  { key: "cancel", method: "command.IncidentService/CancelIncident", roles: HALL,
    states: state("NEW", "QUEUED", "ACTIVE"),
    unless: (incident) => onItCount(incident) > 0, fields: () => [reason(true)], danger: true },
];

const ENDED = ["ASSIGNMENT_STATE_CLEARED", "ASSIGNMENT_STATE_CANCELLED"];
export const openAssignments = (incident) => (incident.assignments ?? [])
  .filter((one) => !ENDED.includes(one.state));

/** How many units are on it; a card of the board says the number alone. */
export const onItCount = (incident) => incident.assignmentCount ?? openAssignments(incident).length;

/** The moves that this person may make now. */
export const actionsFor = (incident) => INCIDENT_ACTIONS.filter((action) =>
  hasRole(...action.roles) && action.states.includes(incident.state) && !action.unless?.(incident));

/** A dialog for one move; `done` is told when it was made. */
export function askFor(action, incident, done) {
  return {
    title: t(`action.${action.key}`), verb: t(`action.${action.key}`), danger: action.danger,
    fields: action.fields(), values: action.values?.(incident),
    note: `${incident.number} ${incident.title}`,
    submit: async (given) => {
      const request = action.request ? action.request(given) : given;
      await change(action.method, { incidentId: incident.id, etag: incident.etag ?? "",
        ...request });
      done?.();
    },
  };
}

const STEPS = {
  ASSIGNMENT_STATE_ASSIGNED: "DISPATCH", ASSIGNMENT_STATE_DISPATCHED: "ACKNOWLEDGE",
  ASSIGNMENT_STATE_ACKNOWLEDGED: "DEPART", ASSIGNMENT_STATE_EN_ROUTE: "ARRIVE",
    ASSIGNMENT_STATE_ON_SCENE: "CLEAR",
};
export const STEP_ROLES = ["officer", "volunteer", "dispatcher", "shift-leader", "station"];
export const CALL_OFF_ROLES = ["dispatcher", "shift-leader", "station"];

/** The next step of an assignment, such as ASSIGNMENT_STEP_ARRIVE; undefined at its end. */
export const nextStep = (assignment) => (hasRole(...STEP_ROLES) && STEPS[assignment.state]
  ? `ASSIGNMENT_STEP_${STEPS[assignment.state]}` : undefined);

export const advance = (assignment, step) =>
  change("command.DispatchService/AdvanceAssignment", { assignmentId: assignment.id, step });

export function callOff(assignment, done) {
  return {
    title: t("action.call_off"), verb: t("action.call_off"), danger: true, fields: [reason(true)],
    submit: async (given) => {
      await change("command.DispatchService/CancelAssignment",
        { assignmentId: assignment.id, ...given });
      done?.();
    },
  };
}
