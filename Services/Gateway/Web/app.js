// The one screen 一屏作战: who is signed in, which page of theirs is open, what must be said above all pages.
import { html, render, useState, useEffect } from "./lib/ui.js";
import { loadStrings, language, languages, t, word } from "./lib/strings.js";
import { readSession, session, signOut, roles } from "./lib/session.js";
import { onSignedOut, call } from "./lib/api.js";
import { startClock, WallClock, useTick, inExercise, now } from "./lib/clock.js";
import { startBoard, useBoard } from "./lib/board.js";
import { longDate } from "./lib/time.js";
import { AskDialog } from "./lib/form.js";
import { useAnswer } from "./lib/parts.js";
import { onAsk } from "./lib/ask.js";
import { pagesOf } from "./pages.js";
import { SignIn } from "./pages/signin.js";

const place = () => {
  const [path, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { path, part: decodeURIComponent(rest.join("/")) };
};

function usePlace() {
  const [at, setAt] = useState(place());
  useEffect(() => {
    const moved = () => setAt(place());
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return at;
}

/** What everybody must know: stale data, services that are down, an exercise. */
function Banners() {
  useTick();
  const { feed, services, gatewayDown, heardAt } = useBoard();
  const down = services.filter((service) => !service.healthy);
  const age = heardAt ? Math.round((Date.now() - heardAt) / 1_000) : 0;
  const isStale = feed === "stale" || gatewayDown;
  return html`<div class="banners" aria-live="polite">
    ${isStale && html`<p class="banner bad" id="stale">${t("banner.stale", { seconds: age })}</p>`}
    ${!gatewayDown && down.length > 0 && html`<p class="banner warn" id="degraded">
      ${t("banner.degraded", {
      services: down.map((service) => t(`service.${service.name}`)).join("、") })}</p>`}
  </div>`;
}

function ServiceLights() {
  const { services, gatewayDown } = useBoard();
  return html`<ul class="lights" aria-label=${t("head.services")}>${services.map((service) => {
    const isUp = service.healthy && !gatewayDown;
    const words = `${t(`service.${service.name}`)}: ${t(isUp ? "head.up" : "head.down")}`;
    return html`<li class=${isUp ? "up" : "down"} title=${words}><span class="sr">${words}</span>
      </li>`;
  })}</ul>`;
}

/** Peace or war footing, as command has it; an exercise of supervision's clock is said before it. */
function Mode() {
  useTick();
  const { answer } = useAnswer(() => call("command.OperatingModeService/GetOperatingMode"), [], 5_000);
  const mode = answer?.mode;
  if (mode?.footing === "FOOTING_WAR") {
    const { musteredCount: come = 0, summonedCount: all = 0 } = mode.summary ?? {};
    return html`<a class="mode war" href="#/muster"
      title=${t("mode.war_hint", { reason: mode.reason, come, all })}>
      ${t("mode.war", { level: mode.levelName })} ${come}/${all}</a>`;
  }
  if (inExercise()) {
    return html`<span class="mode exercise" title=${t("mode.exercise_hint")}>
      ${t("mode.exercise")}</span>`;
  }
  return mode && html`<span class="mode peace">${t("mode.peace")}</span>`;
}

function Head({ pages, at, isOpen, toggle }) {
  const other = languages[(languages.indexOf(language()) + 1) % languages.length];
  const change = async () => { await loadStrings(other); draw(); };
  const who = session();
  const own = html`<button class="quiet" lang=${other === "zh" ? "zh-CN" : "en"} onClick=${change}>
    ${t("head.other_language")}</button>
    <button class="quiet" onClick=${signOut}>${t("head.sign_out")}</button>`;
  return html`<header class="head">
    <a class="brand" href="#/"><img src="/icon.svg" alt="" /><b>${t("app.name")}</b><span>
      ${t("app.screen")}</span></a>
    <button class="menu" aria-expanded=${isOpen} aria-controls="nav" onClick=${toggle}><span
      class="sr">${t("head.menu")}</span>☰</button>
    <nav id="nav" class=${isOpen ? "open" : ""} aria-label=${t("head.pages")}>
      ${pages.filter((page) => page.nav !== false).map((page) => html`
        <a href=${`#/${page.path}`} aria-current=${page.path === at.path ? "page" : undefined}>
          ${t(page.title)}</a>`)}
      <span class="own">${own}</span>
    </nav>
    <span class="grow"></span>
    <${Mode} />
    <${ServiceLights} />
    <span class="when"><${WallClock} /><span class="date">${longDate(now())}</span></span>
    <span class="who" title=${who.subject}><b>${who.displayName || who.subject.split("/").pop()}</b>
      <span>${roles().slice(0, 2).map((role) => t(`role.${role}`)).join(" · ")}
        ${roles().length > 2 ? "…" : ""}</span></span>
    <span class="own">${own}</span>
  </header>`;
}

function Dialogs() {
  const [ask, setAsk] = useState(undefined);
  useEffect(() => onAsk(setAsk), []);
  return ask && html`<${AskDialog} key=${ask} ask=${ask} close=${() => setAsk(undefined)} />`;
}

function Shell() {
  const at = usePlace();
  const [isOpen, setOpen] = useState(false);
  const [loaded, setLoaded] = useState({});
  const { mine, first } = pagesOf(roles());
  const page = mine.find((one) => one.path === at.path) ?? (at.path ? undefined : first);
  useEffect(() => {
    setOpen(false);
    if (!page) return;
    page.load().then((module) => setLoaded({ path: page.path, Page: module.default }));
    document.title = `${t(page.title)} · ${t("app.title")}`;
  }, [page, language()]);
  const isReady = page && loaded.path === page.path;
  return html`<a class="skip" href="#main"
    onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>
    ${t("head.skip")}</a>
    <${Head} pages=${mine} at=${{ ...at, path: page?.path }} isOpen=${isOpen}
      toggle=${() => setOpen(!isOpen)} />
    <${Banners} />
    <main id="main" tabindex="-1" class=${page?.wide ? "wide" : ""}>
      ${isReady ? html`<${loaded.Page} key=${`${page.path}/${at.part}/${language()}`}
        part=${at.part} />`
    : html`<p class="empty">${page ? t("head.loading") : t("head.no_page")}</p>`}
    </main>
    <${Dialogs} />`;
}

const root = document.getElementById("app");
const draw = () => render(session() ? html`<${Shell} key="shell" />` : html`<${SignIn} key="in"
  done=${begin} draw=${draw} />`, root);

let hasBegun = false;
function begin() {
  if (!hasBegun) {
    hasBegun = true;
    startClock();
    startBoard();
  }
  draw();
}

async function start() {
  await loadStrings();
  onSignedOut(() => location.reload());
  let problem;
  try { await readSession(); } catch (error) { problem = error; }
  if (session()) begin();
  else render(html`<${SignIn} key="in" done=${begin} draw=${draw} problem=${problem} />`, root);
}

start();
