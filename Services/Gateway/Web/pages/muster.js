// 平战与集结: on which footing the bureau is, who was summoned, who has come, and who is missing.
import { html } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call, change } from "../lib/api.js";
import { ask, say } from "../lib/ask.js";
import { hasRole } from "../lib/session.js";
import { useBoard, seatName } from "../lib/board.js";
import { useTick, until } from "../lib/clock.js";
import { span } from "../lib/time.js";
import { textField, choiceField } from "../lib/form.js";
import { Panel, Figure, Problem, Empty, When, Sayings, useAnswer } from "../lib/parts.js";

const EVERY = 3_000;
const isWaiting = (member) => ["MUSTER_MEMBER_STATE_SUMMONED", "MUSTER_MEMBER_STATE_ACKNOWLEDGED"].includes(member.state);

function Figures({ summary }) {
  const one = (name, tone) => html`<${Figure} value=${summary[name] ?? 0} words=${t(`muster.${name}`)} tone=${summary[name] ? tone : ""} />`;
  return html`<div class="big-figures">
    ${one("summonedCount")}${one("musteredCount", "good")}${one("lateCount", "warn")}${one("missingCount", "bad")}
    ${one("awaitedCount", "warn")}${one("excusedCount")}${one("missingSeatCount", "bad")}
    <${Figure} value=${summary.medianMusterS ? span(summary.medianMusterS) : "—"} words=${t("muster.median")} />
  </div>`;
}

function Seats({ member }) {
  return html`<span>${(member.seats ?? []).map((seat) => html`<span class=${`state ${seat.musterTime ? "" : "dim"}`} key=${seat.code}
    title=${t(seat.musterTime ? "muster.seat_manned" : "muster.seat_empty")}>${seat.musterTime ? "● " : "○ "}${seatName(seat.code)} </span>`)}</span>`;
}

function Left({ member }) {
  useTick();
  if (member.musterTime) return html`<${When} time=${member.musterTime} />${member.isLate && html` <b class="warn">${t("muster.late")}</b>`}`;
  if (!isWaiting(member)) return html`<span class="dim">${member.excuseReason || "—"}</span>`;
  const left = until(member.dueTime, member.summonTime);
  return html`<span class=${left < 0 ? "bad" : ""}>${t(left < 0 ? "muster.overdue" : "muster.left", { span: span(Math.abs(left)) })}</span>`;
}

function Row({ muster, member, refresh }) {
  const act = (method, more = {}) => async () => {
    try {
      await change(`command.OperatingModeService/${method}`, { musterId: muster.id, memberCode: member.code, ...more });
      refresh();
    } catch (error) { say(error.message, "bad"); }
  };
  const excuse = () => ask({
    title: t("muster.excuse_title", { name: member.name }), verb: t("muster.excuse"), fields: [textField("reason", t("muster.reason"), { required: true })],
    submit: async ({ reason }) => {
      await change("command.OperatingModeService/ExcuseMember", { musterId: muster.id, memberCode: member.code, reason });
      refresh();
    },
  });
  const mayAnswer = hasRole("officer", "station", "dispatcher", "shift-leader");
  return html`<tr class=${member.isMissing ? "late" : ""}>
    <th scope="row">${member.name}${member.added && html` <small>${t("muster.added")}</small>`}</th>
    <td>${word(member.state)}</td><td><${Seats} member=${member} /></td><td><${Left} member=${member} /></td>
    <td>${!muster.standDownTime && html`<span class="choices">
      ${mayAnswer && member.state === "MUSTER_MEMBER_STATE_SUMMONED" && html`<button onClick=${act("AcknowledgeSummons")}>${t("muster.sign")}</button>`}
      ${mayAnswer && (isWaiting(member) || member.state === "MUSTER_MEMBER_STATE_EXCUSED") && html`<button onClick=${act("ReportMuster")}>${t("muster.come")}</button>`}
      ${hasRole("shift-leader") && isWaiting(member) && html`<button class="quiet" onClick=${excuse}>${t("muster.excuse")}</button>`}</span>`}</td>
  </tr>`;
}

function Board({ muster, refresh }) {
  const members = [...(muster.members ?? [])].sort((one, other) => Number(other.isMissing ?? false) - Number(one.isMissing ?? false));
  return html`<${Panel} title=${t("muster.members")} count=${members.length}>
    <div class="scroll"><table class="matrix"><thead><tr>
      ${["name", "state", "seats", "time", "act"].map((name) => html`<th scope="col">${t(`muster.col_${name}`)}</th>`)}</tr></thead>
    <tbody>${members.map((member) => html`<${Row} key=${member.code} muster=${muster} member=${member} refresh=${refresh} />`)}</tbody></table></div>
  </${Panel}>`;
}

async function switchToWar(refresh) {
  const { plans = [] } = await call("command.OperatingModeService/ListModePlans", { pageSize: 100 });
  const options = plans.flatMap((plan) => (plan.levels ?? []).map((level) => ({ code: `${plan.code}/${level.level}`, label: `${plan.name} · ${level.name}` })));
  ask({
    title: t("muster.war_title"), verb: t("muster.war"), danger: true, note: t("muster.war_note"),
    fields: [choiceField("plan", t("muster.plan"), options), textField("incidentId", t("muster.incident"), { max: 64 }), textField("reason", t("muster.reason"), { required: true })],
    submit: async ({ plan, incidentId = "", reason }) => {
      const [planCode, level] = plan.split("/");
      await change("command.OperatingModeService/SwitchToWar", { planCode, level: Number(level), incidentId: incidentId.trim(), reason });
      refresh();
    },
  });
}

const standDown = (muster, refresh) => ask({
  title: t("muster.peace_title"), verb: t("muster.peace"), fields: [textField("reason", t("muster.reason"), { required: true })],
  submit: async ({ reason }) => {
    await change("command.OperatingModeService/StandDown", { etag: muster.etag, reason });
    refresh();
  },
});

export default function MusterPage({ part }) {
  const { answer, error, refresh } = useAnswer(async () => {
    const { mode } = await call("command.OperatingModeService/GetOperatingMode");
    const { musters = [] } = await call("command.OperatingModeService/ListMusters", { pageSize: 20 });
    const id = part || mode.musterId || musters[0]?.id;
    const { muster } = id ? await call("command.OperatingModeService/GetMuster", { musterId: id }) : {};
    return { mode, musters, muster };
  }, [part], EVERY);
  const { mode, musters = [], muster } = answer ?? {};
  const isWar = mode?.footing === "FOOTING_WAR";
  return html`<div class="muster">
    <header class="incident-head"><h1>${t(isWar ? "muster.at_war" : "muster.at_peace")}</h1>
      ${muster && html`<span>${muster.planName} · ${muster.levelName}</span><span class="dim">${muster.reason}</span>`}
      ${muster?.incidentId && html`<a href=${`#/incident/${muster.incidentId}`}>${t("muster.to_incident")}</a>`}
      <span class="grow"></span>
      ${hasRole("shift-leader") && html`<button class="danger" onClick=${() => switchToWar(refresh).catch((problem) => say(problem.message, "bad"))}>${t(isWar ? "muster.raise" : "muster.war")}</button>`}
      ${hasRole("shift-leader") && isWar && muster?.id === mode.musterId && html`<button class="primary" onClick=${() => standDown(muster, refresh)}>${t("muster.peace")}</button>`}
    </header>
    <${Problem} error=${error} />
    ${muster ? html`<${Figures} summary=${muster.summary ?? {}} /><${Board} muster=${muster} refresh=${refresh} />` : answer && html`<${Empty} words=${t("muster.none")} />`}
    ${musters.length > 1 && html`<${Panel} title=${t("muster.earlier")} count=${musters.length}><ul>${musters.map((one) => html`<li key=${one.id}>
      <a href=${`#/muster/${one.id}`}><${When} time=${one.switchTime} /> ${one.planName}</a> <span class="dim">${one.summary?.musteredCount ?? 0}/${one.summary?.summonedCount ?? 0}</span></li>`)}</ul></${Panel}>`}
    <${Sayings} />
  </div>`;
}
