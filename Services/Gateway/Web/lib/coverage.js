// 1-3-5 覆盖: the squares of a map that somebody would or would not reach in time, and the figures beside them.
import { call, atMoment } from "./api.js";

const L = window.L;
const COLOUR = { in: "#2fb36b", late: "#d9534a" };

export const readCoverage = (request = {}) => call("duty.CoverageService/GetCoverage",
  { ...atMoment("asOfTime"), ...request }, { timeout: 20_000 });

/** `a/b` and per cent, of a CoverageShare. */
export function shareOf(share) {
  const [covered, total] = [Number(share?.coveredCount ?? 0), Number(share?.totalCount ?? 0)];
  return { covered, total, words: total ? `${((100 * covered) / total).toFixed(0)}%` : "—" };
}

/** Squares on a map of lib/map.js; drawn on its own canvas, below what moves. */
export function coverageLayer({ map }) {
  const layer = L.layerGroup().addTo(map);
  return {
    clear: () => layer.clearLayers(),
    draw(answer) {
      layer.clearLayers();
      const [height, width] = [answer.cellHeightDeg ?? 0, answer.cellWidthDeg ?? 0];
      const { latitude: south = 0, longitude: west = 0 } = answer.origin ?? {};
      for (const cell of answer.cells ?? []) {
        const [bottom, left] = [south + (cell.row ?? 0) * height, west + (cell.column ?? 0) * width];
        L.rectangle([[bottom, left], [bottom + height, left + width]], {
          renderer: map.ground, stroke: false, interactive: false, fillOpacity: 0.26,
          fillColor: cell.isCovered ? COLOUR.in : COLOUR.late,
        }).addTo(layer);
      }
    },
  };
}
