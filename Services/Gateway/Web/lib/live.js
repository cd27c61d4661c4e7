// Server-sent events: one stream for all that a screen watches, since browsers open six connections to a
// host at most. Resumes where it stopped (Last-Event-ID is the browser's own doing); says when what is
// shown may be stale.
import { fullName } from "./api.js";

/** Heartbeats come every 5 s: after this much silence what is shown may be old. */
const STALE_AFTER = 15_000;
/** A connection that broke without a word is opened anew after this much silence. */
const GIVE_UP_AFTER = 30_000;
const RETRY_FIRST = 1_000;
const RETRY_MOST = 30_000;

/**
 * Watches `[{ as, method, request }]`; `as` is letters only.
 *   onMessage(as, message) · onState("connecting" | "live" | "stale" | "refused", since)
 *   onProblem(problem): one watch was refused, the others go on.
 */
export function watch(watches, { onMessage, onState, onProblem = () => {} }) {
  const list = watches.map(({ as, method, request = {} }) => ({ as, method: fullName(method),
    request }));
  const url = `/live?watch=${encodeURIComponent(JSON.stringify(list))}`;
  let source;
  let state = "";
  let heardAt = 0;
  let openedAt = 0;
  let wait = RETRY_FIRST;
  let timer = 0;

  function say(next) {
    if (state === next) return;
    state = next;
    onState(next, heardAt);
  }

  function heard() {
    heardAt = Date.now();
    wait = RETRY_FIRST;
    say("live");
  }

  function failed(event) {
    if (event.data) {
      try { onProblem(JSON.parse(event.data)); } catch { /* Not ours: the break below says enough. */ }
      return;
    }
    if (source.readyState !== EventSource.CLOSED) {
      if (heardAt) say("stale");
      return;
    }
    // Refused outright, or closed for good: the browser will not try again, so we do.
    say(heardAt ? "stale" : "refused");
    clearTimeout(timer);
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, RETRY_MOST);
  }

  function open() {
    source?.close();
    openedAt = Date.now();
    source = new EventSource(url);
    source.onopen = heard;
    source.onerror = failed;
    for (const { as } of list) {
      source.addEventListener(as, (event) => {
        heard();
        onMessage(as, JSON.parse(event.data));
      });
    }
  }

  say("connecting");
  open();
  const check = setInterval(() => {
    if (state === "live" && Date.now() - heardAt > STALE_AFTER) say("stale");
    if (state === "stale" && Date.now() - Math.max(heardAt, openedAt) > GIVE_UP_AFTER) open();
  }, 1_000);
  return {
    close() {
      clearInterval(check);
      clearTimeout(timer);
      source.close();
    },
  };
}
