// 专班: how far each station is with its part of a list, and the form in which a row is checked.
import { html, useState } from "../lib/ui.js";
import { t, word } from "../lib/strings.js";
import { call, change } from "../lib/api.js";
import { ask, say } from "../lib/ask.js";
import { hasRole } from "../lib/session.js";
import { whoIs } from "../lib/board.js";
import { answersOf, answerWords, textField } from "../lib/form.js";
import { Panel, Figure, Problem, Empty, When, Sayings, useAnswer } from "../lib/parts.js";

const EVERY = 5_000;
const PAGE = 50;
const STATES = ["OPEN", "CHECKED_ONCE", "DIFFERING", "DONE", "WRITTEN_OFF"];
const field = (state) => state.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const doneOf = (counts = {}) => (counts.done ?? 0) + (counts.writtenOff ?? 0);

function Progress({ counts = {} }) {
  const total = counts.total ?? 0;
  return html`<span class="choice-progress"><progress max=${total || 1} value=${doneOf(counts)} aria-label=${t("campaign.progress")}></progress>
    <b class="num"> ${doneOf(counts)}/${total}</b></span>`;
}

function Parts({ parts, choose, chosen }) {
  return html`<${Panel} title=${t("campaign.parts")} count=${parts.length}>
    <div class="scroll"><table class="matrix"><thead><tr><th scope="col">${t("campaign.station")}</th><th scope="col">${t("campaign.progress")}</th>
      ${["CHECKED_ONCE", "DIFFERING"].map((state) => html`<th scope="col">${word(`CAMPAIGN_ROW_STATE_${state}`)}</th>`)}
      <th scope="col">${t("campaign.handed_out")}</th></tr></thead>
    <tbody>${parts.map((part) => html`<tr key=${part.orgUnitId} class=${part.isOverdue ? "late" : ""}>
      <th scope="row"><button class="link" aria-pressed=${chosen === part.orgUnitId} onClick=${() => choose(chosen === part.orgUnitId ? "" : part.orgUnitId)}>${part.orgUnitName || part.orgUnitId}</button>
        ${part.isOverdue && html` <b class="bad">${t("campaign.overdue")}</b>`}</th>
      <td><${Progress} counts=${part.counts} /></td><td>${part.counts?.checkedOnce ?? 0}</td><td>${part.counts?.differing ?? 0}</td>
      <td>${part.handOutTime ? html`<${When} time=${part.handOutTime} />` : t("campaign.not_yet")}</td></tr>`)}</tbody></table></div>
    ${!parts.length && html`<${Empty} />`}
  </${Panel}>`;
}

function check(campaign, row, refresh) {
  const isSettling = row.state === "CAMPAIGN_ROW_STATE_DIFFERING";
  const { columns = [], form } = campaign.content;
  const note = columns.map((column, index) => `${column.field.label}：${row.values?.[index] || "—"}`).join("；");
  ask({
    title: t(isSettling ? "campaign.settle" : "campaign.check"), note,
    fields: [...(form.fields ?? []), ...(isSettling ? [textField("settle.reason", t("campaign.reason"), { required: true })] : [])],
    submit: async (values) => {
      const request = { campaignId: campaign.id, key: row.key, etag: row.etag, answers: answersOf(form, values) };
      await change(`command.CampaignRowService/${isSettling ? "Settle" : "Check"}CampaignRow`, isSettling ? { ...request, reason: values["settle.reason"] } : request);
      say(t("campaign.saved"));
      refresh();
    },
  });
}

function Checks({ campaign, row }) {
  const form = campaign.content.form;
  return html`<ul>${(row.checks ?? []).map((one) => html`<li key=${one.ordinal}><span class="dim">${whoIs(one.actor)}</span>
    ${(one.answers ?? []).map((answer) => {
      const { label, words } = answerWords(form, answer);
      return html` <span class=${(row.differences ?? []).includes(answer.fieldCode) ? "warn" : ""}>${label}：${words}</span>`;
    })}</li>`)}${row.writeOffReason && html`<li>${row.writeOffReason}</li>`}</ul>`;
}

function Rows({ campaign, station, refresh }) {
  const [state, setState] = useState("OPEN");
  const [tokens, setTokens] = useState([""]);
  const token = tokens[tokens.length - 1];
  const { answer, error, refresh: again } = useAnswer(() => call("command.CampaignRowService/ListCampaignRows", {
    campaignId: campaign.id, orgUnitId: station, states: [`CAMPAIGN_ROW_STATE_${state}`], pageSize: PAGE, pageToken: token,
  }), [campaign.id, station, state, token]);
  const rows = answer?.rows ?? [];
  const changed = () => { again(); refresh(); };
  const mayDo = (row) => campaign.state === "CAMPAIGN_STATE_OPEN" && ((["CAMPAIGN_ROW_STATE_OPEN", "CAMPAIGN_ROW_STATE_CHECKED_ONCE"].includes(row.state) && hasRole("station", "officer"))
    || (row.state === "CAMPAIGN_ROW_STATE_DIFFERING" && hasRole("station", "dispatcher", "shift-leader")));
  const tools = html`<span class="choices" role="group" aria-label=${t("campaign.states")}>${STATES.map((one) => html`<button aria-pressed=${state === one}
    onClick=${() => { setState(one); setTokens([""]); }}>${word(`CAMPAIGN_ROW_STATE_${one}`)}</button>`)}</span>`;
  return html`<${Panel} title=${t("campaign.rows")}>${tools}<${Problem} error=${error} />
    <div class="scroll"><table class="matrix"><thead><tr><th scope="col">${t("campaign.key")}</th>
      ${(campaign.content.columns ?? []).map((column) => html`<th scope="col">${column.field.label}</th>`)}<th scope="col">${t("campaign.found")}</th><th scope="col"></th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.key}><th scope="row">${row.key}</th>${(row.values ?? []).map((value) => html`<td>${value}</td>`)}
      <td><${Checks} campaign=${campaign} row=${row} /></td>
      <td>${mayDo(row) && html`<button onClick=${() => check(campaign, row, changed)}>${t(row.state === "CAMPAIGN_ROW_STATE_DIFFERING" ? "campaign.settle" : "campaign.check")}</button>`}</td></tr>`)}</tbody></table></div>
    ${answer && !rows.length && html`<${Empty} />`}
    <p class="choices"><button disabled=${tokens.length < 2} onClick=${() => setTokens(tokens.slice(0, -1))}>${t("campaign.before")}</button>
      <button disabled=${!answer?.nextPageToken} onClick=${() => setTokens([...tokens, answer.nextPageToken])}>${t("campaign.after")}</button></p>
  </${Panel}>`;
}

function One({ id }) {
  const [station, setStation] = useState("");
  const { answer, error, refresh } = useAnswer(async () => {
    const { campaign } = await call("command.CampaignService/GetCampaign", { campaignId: id });
    const { parts = [] } = await call("command.CampaignService/ListCampaignParts", { campaignId: id });
    return { campaign, parts };
  }, [id], EVERY);
  if (!answer) return html`<${Problem} error=${error} />`;
  const { campaign, parts } = answer;
  return html`<header class="incident-head"><h1>${campaign.content.name}</h1><span>${word(campaign.state)}</span><span class="dim">${campaign.content.basis}</span>
      <span>${t("campaign.due")} <${When} time=${campaign.content.dueTime} /></span>${campaign.isOverdue && html`<b class="bad">${t("campaign.overdue")}</b>`}</header>
    <${Problem} error=${error} />
    <div class="big-figures"><${Figure} value=${campaign.counts?.total ?? 0} words=${t("campaign.total")} />
      ${STATES.map((state) => html`<${Figure} value=${campaign.counts?.[field(state)] ?? 0} words=${word(`CAMPAIGN_ROW_STATE_${state}`)} />`)}</div>
    <${Parts} parts=${parts} chosen=${station} choose=${setStation} />
    <${Rows} key=${station} campaign=${campaign} station=${station} refresh=${refresh} />`;
}

function All() {
  const { answer, error } = useAnswer(() => call("command.CampaignService/ListCampaigns", { pageSize: 50 }), [], EVERY);
  const campaigns = answer?.campaigns ?? [];
  return html`<${Panel} title=${t("page.campaign")} count=${campaigns.length}><${Problem} error=${error} />
    <ul>${campaigns.map((one) => html`<li class="card" key=${one.id}><h3><a href=${`#/campaign/${one.id}`}>${one.content.name}</a></h3>
      <span>${word(one.state)}</span> <span class="dim">${t("campaign.due")} <${When} time=${one.content.dueTime} /></span></li>`)}</ul>
    ${answer && !campaigns.length && html`<${Empty} />`}</${Panel}>`;
}

export default function Campaigns({ part }) {
  return html`<div class="campaigns">${part ? html`<${One} key=${part} id=${part} />` : html`<${All} />`}<${Sayings} /></div>`;
}
