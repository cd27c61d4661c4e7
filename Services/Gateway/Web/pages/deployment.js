// 勤务部署: where patrols reach in time now, where and when citizens called, and what the leader of a post makes
// of the suggestion.
import { html, useState, useRef, useEffect } from "../lib/ui.js";
import { t, half } from "../lib/strings.js";
import { call, listAll, atMoment } from "../lib/api.js";
import { useBoard, board } from "../lib/board.js";
import { areas } from "../lib/session.js";
import { MapView } from "../lib/map.js";
import { coverageLayer, readCoverage, shareOf } from "../lib/coverage.js";
import { Panel, Problem, Empty, Figure, Sayings, useAnswer } from "../lib/parts.js";
import { Deployments } from "./deployment/plan.js";

const EVERY = 30_000;

function usePost() {
  const { orgUnits } = useBoard();
  const mine = areas();
  const posts = [...orgUnits.values()].filter((org) => org.rank === "ORG_RANK_STATION" && !org.untilTime && (!mine.length || mine.includes(org.id)));
  const [chosen, choose] = useState("");
  return { posts, post: chosen || posts[0]?.id, choose };
}

/** Citizens' calls by hour of the day; what officers found stands beside it as one number. */
function Demand({ post }) {
  const { answer, error } = useAnswer(() => (post ? call("duty.DeploymentService/GetDemand", { orgUnitId: post, ...atMoment("asOfTime") }) : {}), [post]);
  const places = answer?.places ?? [];
  const sums = (name) => Array.from({ length: 24 }, (_, hour) => places.reduce((sum, place) => sum + (place[name]?.[hour] ?? 0), 0));
  const hours = sums("citizenHours");
  const most = Math.max(1, ...hours);
  return html`<${Panel} title=${t("deployment.demand")} count=${Number(answer?.basis?.countedCount ?? 0)} id="demand"><${Problem} error=${error} />
    <ul class="bars">${hours.map((count, hour) => html`<li key=${hour}><span>${String(hour).padStart(2, "0")}:00</span>
      <span class="bar"><i class="level-4" style=${{ flexGrow: count }}></i><i class="rest" style=${{ flexGrow: most - count }}></i></span><b class="num">${count}</b></li>`)}</ul>
    <p class="note fine">${t("deployment.discovered", { count: sums("discoveredHours").reduce((sum, one) => sum + one, 0) })}</p></${Panel}>`;
}

function KeyPlaces({ places }) {
  return html`<${Panel} title=${t("deployment.key_places")} count=${places.filter((place) => !place.isCovered).length} id="key-places">
    <ul>${places.map((place) => html`<li key=${place.jurisdictionId}><b class=${place.isCovered ? "good" : "bad"}>${place.orgUnitName}</b> ${half(place.reason)}</li>`)}</ul>
    ${!places.length && html`<${Empty} />`}</${Panel}>`;
}

export default function DeploymentPage() {
  const { posts, post, choose } = usePost();
  const { orgUnits } = useBoard();
  const layer = useRef(null);
  const coverage = useAnswer(() => (post ? readCoverage({ orgUnitId: post }) : {}), [post], EVERY);
  const list = useAnswer(() => (post ? listAll("duty.DeploymentService/ListDeployments", "deployments", { orgUnitId: post, pageSize: 20 }, 20) : []), [post], EVERY);
  useEffect(() => { if (coverage.answer && layer.current) layer.current.draw(coverage.answer); }, [coverage.answer]);
  const area = (coverage.answer?.areas ?? []).find((one) => one.orgUnitId === post && one.areaClass !== "AREA_CLASS_KEY_PLACE");
  const figures = [["by_area", area?.byArea], ["by_calls", area?.byCalls], ["by_arrivals", area?.byArrivals]];
  return html`<article>
    <header class="incident-head"><h1>${orgUnits.get(post)?.name ?? t("page.deployment")}</h1>
      ${posts.length > 1 && html`<select aria-label=${t("station.choose")} value=${post} onChange=${(event) => choose(event.target.value)}>
        ${posts.map((org) => html`<option value=${org.id}>${org.name}</option>`)}</select>`}</header>
    <div class="big-figures">${figures.map(([name, share]) => {
    const { covered, total, words } = shareOf(share);
    return html`<${Figure} value=${words} words=${`${t(`deployment.${name}`)} ${covered}/${total}`} />`;
  })}<${Figure} value=${coverage.answer?.freePatrolCount ?? 0} words=${t("deployment.free")} tone="good" /></div>
    <${Problem} error=${coverage.error ?? list.error} />
    <div class="board-columns">
      <div><${Panel} title=${t("deployment.map")} id="coverage"><div class="post-map"><${MapView} label=${t("deployment.map")} control=${(handle) => {
    layer.current = coverageLayer(handle);
    if (coverage.answer) layer.current.draw(coverage.answer);
  }} read=${() => ({ units: [...board.units.values()], incidents: [], overdue: new Set() })} /></div></${Panel}>
        <${KeyPlaces} places=${coverage.answer?.keyPlaces ?? []} /></div>
      <${Deployments} key=${post} post=${post} list=${list.answer ?? []} refresh=${list.refresh} />
      <${Demand} post=${post} /></div><${Sayings} /></article>`;
}
