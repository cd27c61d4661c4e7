// The one table of pages. To add one: a module in pages/ whose default export is the page's component, a line
// here, and its words in strings/. Who has none of the roles neither sees the page nor can open it; what a
// page may read and do is the gateway's and the services' business, not this table's.
//
//   path: the first part of the hash; what follows is given to the page as `part`, such as #/incident/inc_…
//   nav: false for pages that one comes to from another

export const PAGES = [
  { path: "hall", title: "page.hall", load: () => import("/pages/hall.js"),
    roles: ["dispatcher", "shift-leader", "supervisor", "auditor"], wide: true },
  { path: "calls", title: "page.calls", load: () => import("/pages/calls.js"),
    roles: ["call-taker", "dispatcher", "shift-leader"] },
  { path: "station", title: "page.station", load: () => import("/pages/station.js"), roles: ["station"] },
  { path: "phone", title: "page.phone", load: () => import("/pages/phone.js"), roles: ["officer", "station"] },
  { path: "support", title: "page.support", load: () => import("/pages/support.js"),
    roles: ["station", "call-taker", "dispatcher", "shift-leader", "officer", "analyst", "supervisor", "auditor"] },
  { path: "consultation", title: "page.consultation", load: () => import("/pages/consultation.js"),
    roles: ["station", "dispatcher", "shift-leader", "analyst", "supervisor", "auditor"] },
  { path: "supervision", title: "page.supervision", load: () => import("/pages/supervision.js"),
    roles: ["supervisor", "shift-leader", "auditor"] },
  { path: "lookups", title: "page.lookups", load: () => import("/pages/lookups.js"),
    roles: ["supervisor", "auditor"] },
  { path: "deployment", title: "page.deployment", load: () => import("/pages/deployment.js"),
    roles: ["station", "shift-leader", "dispatcher", "analyst", "supervisor", "auditor"] },
  { path: "analytics", title: "page.analytics", load: () => import("/pages/analytics.js"),
    roles: ["supervisor", "shift-leader", "analyst", "auditor"] },
  { path: "opinion", title: "page.opinion", load: () => import("/pages/opinion.js"),
    roles: ["opinion-editor", "shift-leader", "supervisor", "analyst", "auditor"] },
  { path: "roster", title: "page.roster", load: () => import("/pages/roster.js"),
    roles: ["member", "call-taker", "dispatcher", "shift-leader", "station", "officer", "supervisor", "auditor", "operator"] },
  { path: "muster", title: "page.muster", load: () => import("/pages/muster.js"),
    roles: ["call-taker", "dispatcher", "shift-leader", "station", "officer", "supervisor", "auditor"] },
  { path: "campaign", title: "page.campaign", load: () => import("/pages/campaign.js"),
    roles: ["dispatcher", "shift-leader", "station", "officer", "supervisor", "auditor"] },
  { path: "incident", title: "page.incident", load: () => import("/pages/incident.js"), nav: false,
    roles: ["call-taker", "dispatcher", "shift-leader", "station", "officer", "analyst", "supervisor", "auditor"] },
];

/** The pages of these roles; whoever takes calls, sits in a station or supervises begins at their own. */
export function pagesOf(roles) {
  const mine = PAGES.filter((page) => page.roles.some((role) => roles.includes(role)));
  const first = roles.includes("dispatcher") || roles.includes("shift-leader") ? "hall"
    : roles.includes("call-taker") ? "calls"
      : roles.includes("station") ? "station"
        : roles.includes("supervisor") ? "supervision" : "";
  return { mine, first: mine.find((page) => page.path === first) ?? mine.find((page) => page.nav !== false) };
}
