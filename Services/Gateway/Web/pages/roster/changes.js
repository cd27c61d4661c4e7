// 换班与请假: what officers ask of each other and of their leaders, and what was decided.
import { html } from "../../lib/ui.js";
import { t, word } from "../../lib/strings.js";
import { change } from "../../lib/api.js";
import { ask, say } from "../../lib/ask.js";
import { choiceField } from "../../lib/form.js";
import { dayTime } from "../../lib/time.js";
import { Panel, Problem, Empty, StateMark, When } from "../../lib/parts.js";
import { hoursOf, may, officerName, timeField, timeOf } from "../../lib/roster.js";

const SERVICE = "duty.RosterChangeService";
const KINDS = ["ANNUAL", "COMPENSATORY", "TRAINING", "ERRAND", "OTHER"]
  .map((name) => `LEAVE_KIND_${name}`);

/** A button that says yes or no to something, with the refusal said in passing. */
function Answer({ method, words, request, hall, primary }) {
  const act = async () => {
    try {
      await change(`${SERVICE}/${method}`, request);
      say(t("said.done", { action: words }));
    } catch (error) { say(error.message, "bad"); }
    hall.refresh();
  };
  return html`<button class=${primary ? "primary" : ""} onClick=${act}>${words}</button>`;
}

function Decide({ method, request, hall }) {
  return may(`${SERVICE}/${method}`) && html`<span class="choices">
    <${Answer} method=${method} words=${t("roster.approve")} hall=${hall} primary
      request=${{ ...request, approve: true }} />
    <${Answer} method=${method} words=${t("roster.refuse")} hall=${hall}
      request=${{ ...request, approve: false }} /></span>`;
}

function SwapRow({ swap, hall }) {
  const name = (number) => officerName(hall.names, number);
  const shiftOf = (id) => hall.shifts.find((shift) => shift.id === id);
  const given = shiftOf(swap.shiftId);
  const taken = shiftOf(swap.otherShiftId);
  const isAsked = swap.state === "SWAP_STATE_ASKED";
  const mayAnswer = may(`${SERVICE}/AnswerSwap`) && isAsked;
  const reply = (accept, words) => html`<${Answer} method="AnswerSwap" words=${words} hall=${hall}
    primary=${accept} request=${{ swapId: swap.id, accept }} />`;
  // Who asked says no by taking it back.
  const isOther = !hall.me || hall.me === swap.otherOfficerNumber;
  return html`<li class="course"><p class="facts"><b>${name(swap.officerNumber)} →
      ${" "}${name(swap.otherOfficerNumber)}</b><${StateMark} value=${swap.state} />
      <${When} time=${swap.askTime} /><span class="grow"></span>
      ${mayAnswer && isOther && reply(true, t("roster.agree"))}
      ${mayAnswer && reply(false, t(hall.me && !isOther ? "roster.withdraw" : "roster.decline"))}
      ${swap.state === "SWAP_STATE_ACCEPTED" && html`<${Decide} method="DecideSwap" hall=${hall}
        request=${{ swapId: swap.id }} />`}</p>
    ${given && html`<p class="note">${hall.seatOf(given.seatCode)} ${hoursOf(given)}
      ${taken && ` ⇄ ${hoursOf(taken)}`}</p>`}</li>`;
}

function LeaveRow({ leave, hall }) {
  return html`<li class="course"><p class="facts"><b>
      ${officerName(hall.names, leave.officerNumber)}</b><span>${word(leave.kind)}</span><${StateMark} value=${leave.state} />
      <span class="grow"></span>
      ${leave.state === "LEAVE_STATE_ASKED" && html`<${Decide} method="DecideLeave" hall=${hall}
        request=${{ leaveId: leave.id }} />`}</p>
    <p class="note">${dayTime(leave.startTime)} – ${dayTime(leave.endTime)}</p></li>`;
}

const askLeave = (hall) => () => ask({
  title: t("roster.AskLeave"), verb: t("roster.AskLeave"), note: t("roster.leave_kept"),
  fields: [choiceField("kind", t("roster.kind"), KINDS.map((code) => ({ code, label: word(code) }))),
    timeField("startTime"), timeField("endTime")],
  submit: async ({ kind, startTime, endTime }) => {
    const { leave } = await change(`${SERVICE}/AskLeave`,
      { kind, startTime: timeOf(startTime), endTime: timeOf(endTime) });
    hall.meet(leave.officerNumber);
    say(t("said.done", { action: t("roster.AskLeave") }));
    hall.refresh();
  },
});

export function Changes({ swaps, leaves, hall, error }) {
  const tools = may(`${SERVICE}/AskLeave`) && html`<button data-action="ask-leave"
    onClick=${askLeave(hall)}>${t("roster.AskLeave")}</button>`;
  const waiting = swaps.filter((one) => ["SWAP_STATE_ASKED", "SWAP_STATE_ACCEPTED"]
    .includes(one.state)).length
    + leaves.filter((one) => one.state === "LEAVE_STATE_ASKED").length;
  return html`<${Panel} title=${t("roster.changes")} count=${waiting} tools=${tools} id="changes">
    <${Problem} error=${error} />
    <ul>${swaps.map((swap) => html`<${SwapRow} key=${swap.id} swap=${swap} hall=${hall} />`)}
      ${leaves.map((leave) => html`<${LeaveRow} key=${leave.id} leave=${leave}
        hall=${hall} />`)}</ul>
    ${!swaps.length && !leaves.length && html`<${Empty} words=${t("roster.no_changes")} />`}
    </${Panel}>`;
}
