// Opens the dialog of a page's action: `ask({ title, fields, submit })`. There is one dialog at a time.

let open = () => {};

export function onAsk(listener) {
  open = listener;
  return () => { open = () => {}; };
}

export const ask = (what) => open(what);

const sayers = new Set();

/** Says something in passing, such as that a directive was issued. */
export const say = (words, tone = "good") => sayers.forEach((sayer) => sayer({ words, tone,
  at: Date.now() }));

export function onSay(listener) {
  sayers.add(listener);
  return () => sayers.delete(listener);
}
