// Who is signed in. The token itself lies in a cookie that no script can read.
import { send } from "./api.js";

let current;

export const session = () => current;
export const roles = () => current?.roles ?? [];
export const hasRole = (...wanted) => wanted.some((role) => roles().includes(role));
/** `org_…` of the areas one answers for; empty for everything. */
export const areas = () => (current?.areas ?? []).filter((area) => area !== "*");

/** The session of this browser; undefined when nobody is signed in. */
export async function readSession() {
  const given = takeFromAddress();
  if (given) return signIn(given);
  try {
    current = await send("GET", "/session", undefined, { quiet: true });
  } catch (error) {
    current = undefined;
    if (error.status !== 401) throw error;
  }
  return current;
}

/** `{ token }` or `{ code }`. */
export async function signIn(given) {
  current = await send("POST", "/session", given, { quiet: true });
  return current;
}

export async function signOut() {
  await send("DELETE", "/session");
  current = undefined;
  location.assign("/");
}

/** `#code=…` or `#token=…` of a link, taken out of the address before anything else happens. */
function takeFromAddress() {
  const [name, value] = location.hash.slice(1).split("=");
  if (!value || (name !== "code" && name !== "token")) return undefined;
  history.replaceState(null, "", location.pathname);
  return { [name]: decodeURIComponent(value) };
}
