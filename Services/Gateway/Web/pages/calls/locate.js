// Where the caller is: candidates from the gazetteer for whatever was said so far.
import { html, useState, useEffect } from "../../lib/ui.js";
import { t, half } from "../../lib/strings.js";
import { call } from "../../lib/api.js";
import { Panel, Empty } from "../../lib/parts.js";

const PAUSE = 350;

/** Asks again when the typing pauses; an older answer never replaces a newer one. */
export function useCandidates(given, isOn) {
  const [found, setFound] = useState({ candidates: [], notices: [] });
  const told = { address: (given.address ?? "").trim(),
    description: (given.description ?? "").trim(), plateNumber: (given.plate ?? "").trim() };
  useEffect(() => {
    let isGone = false;
    const isNothing = !isOn || (told.address.length < 2 && told.description.length < 2
      && !told.plateNumber);
    if (isNothing) { setFound({ candidates: [], notices: [] }); return () => {}; }
    const timer = setTimeout(async () => {
      try {
        const answer = await call("intelligence.GazetteerService/Locate", { ...told, limit: 6 });
        if (!isGone) setFound({ candidates: answer.candidates ?? [], notices: answer.notices ?? [],
          isAsked: true });
      } catch (error) {
        if (!isGone) setFound({ candidates: [], notices: [{ message: error.message }],
          isAsked: true });
      }
    }, PAUSE);
    return () => { isGone = true; clearTimeout(timer); };
  }, [told.address, told.description, told.plateNumber, isOn]);
  return found;
}

export function Candidates({ found, place, choose }) {
  return html`<${Panel} title=${t("calls.candidates")} count=${found.candidates.length}
    id="candidates">
    <ol class="suggestions">${found.candidates.map((one, index) => html`<li key=${index}>
      <button aria-pressed=${place?.latitude === one.point.latitude
        && place?.longitude === one.point.longitude}
        onClick=${() => choose({ ...one.point, uncertaintyM: one.uncertaintyM }, one.place?.address
          || one.name)}>
        <b>${one.name}</b><span class="dim">${one.place?.area}</span><span class="grow"></span>
        <span class="num">±${t("unit.metres", { metres: Math.round(one.uncertaintyM ?? 0) })}</span>
        <span class="num">${Math.round((one.confidence ?? 0) * 100)}%</span>
        ${index === 0 && html`<kbd>F4</kbd>`}<span class="why">${half(one.reason)}</span></button>
          </li>`)}</ol>
    ${found.notices.map((notice) => html`<p class="problem">${half(notice.message)}</p>`)}
    ${!found.candidates.length && html`<${Empty}
      words=${t(found.isAsked ? "calls.no_candidate" : "calls.say_where")} />`}
  </${Panel}>`;
}
