// Keeps the pages for when there is no link: what the gateway answers counts, and what it answered last time
// when it does not. Calls and streams are never kept: what was done waits in the phone's own queue.

const KEPT = "quintet-pages";
const isPage = (url) => url.origin === location.origin && !url.pathname.startsWith("/quintet.") && !url.pathname.startsWith("/live");

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function answer(request) {
  const kept = await caches.open(KEPT);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await kept.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const known = await kept.match(request);
    if (known) return known;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  // Whoever signs out leaves nothing behind.
  if (request.method === "DELETE" && url.pathname === "/session") event.waitUntil(caches.delete(KEPT));
  if (request.method === "GET" && isPage(url)) event.respondWith(answer(request));
});
