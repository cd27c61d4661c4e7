// The layer of things that move: two canvases over Leaflet's map, one drawn when something changed, one for
// what pulses. Leaflet's own markers are elements each, too many by a hundred times.
import { millis } from "./time.js";
import { now } from "./clock.js";
import { placeOf } from "./feeds.js";
import { unitSprite, incidentSprite, heatSprite, COLOURS, levelOf } from "./map-sprites.js";

const L = window.L;
const TILE = 256;
const PULSE_EVERY = 50;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/** WGS 84 to Mercator's square, 0 … 1. */
function flat(at) {
  const sine = Math.sin((at.latitude * Math.PI) / 180);
  return [at.longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

function put(pen, { image, size }, x, y) {
  pen.drawImage(image, Math.round(x - size / 2), Math.round(y - size / 2), size, size);
}

const memo = new WeakMap();
function flatOf(thing, at) {
  let kept = memo.get(thing);
  if (!kept || kept.at !== at) memo.set(thing, (kept = { at, xy: flat(at) }));
  return kept.xy;
}

export const MovingLayer = L.Layer.extend({
  initialize(read) {
    // Answers { units, incidents, heat, overdue: Set, selected, lines: [[unit, incident]] }.
    this.read = read;
  },

  onAdd(map) {
    this.map = map;
    this.canvases = ["moving", "pulsing"].map((name) => {
      const canvas = L.DomUtil.create("canvas", `map-canvas ${name}`, map.getPane("moving"));
      canvas.setAttribute("aria-hidden", "true");
      return canvas;
    });
    map.on("move zoom resize viewreset", this.place, this);
    this.place();
    this.beat = setInterval(() => this.pulse(), PULSE_EVERY);
  },

  onRemove(map) {
    clearInterval(this.beat);
    map.off("move zoom resize viewreset", this.place, this);
    this.canvases.forEach((canvas) => canvas.remove());
  },

  place() {
    const size = this.map.getSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    for (const canvas of this.canvases) {
      L.DomUtil.setPosition(canvas, corner);
      if (canvas.width !== size.x * ratio || canvas.height !== size.y * ratio) {
        canvas.width = size.x * ratio;
        canvas.height = size.y * ratio;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
    }
    this.draw();
  },

  /** Draws once, before the next frame. */
  ask() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      if (this.map && this.canvases[0].isConnected) this.draw();
    });
  },

  screen() {
    const scale = TILE * 2 ** this.map.getZoom();
    const corner = this.map.getPixelBounds().min;
    const size = this.map.getSize();
    return { scale, left: corner.x, top: corner.y, width: size.x, height: size.y };
  },

  pen(index) {
    const canvas = this.canvases[index];
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    return pen;
  },

  draw() {
    const shown = this.read();
    const frame = this.screen();
    const pen = this.pen(0);
    const zoom = this.map.getZoom();
    // A wall is looked at from afar: what is drawn grows with the words around it.
    const wide = parseFloat(getComputedStyle(document.documentElement).fontSize) / 14;
    this.placed = [];
    if (shown.heat) this.drawHeat(pen, frame, shown.heat, zoom);
    this.drawLines(pen, frame, shown.lines ?? []);
    const reach = (zoom < 12 ? 3 : zoom < 13 ? 5 : zoom < 15 ? 6.5 : 8) * wide;
    const clock = now();
    for (const unit of shown.units ?? []) {
      if (!unit.at) continue;
      const [x, y] = this.at(frame, flatOf(unit, unit.at));
      if (x < -20 || y < -20 || x > frame.width + 20 || y > frame.height + 20) continue;
      const sprite = unitSprite(unit, (clock - millis(unit.fixTime)) / 1_000, reach);
      put(pen, sprite, x, y);
      this.placed.push({ kind: "unit", id: unit.id, x, y, reach: reach + 3 });
    }
    this.drawIncidents(pen, frame, shown, zoom, wide);
    if (zoom >= 15) this.drawNames(pen, shown);
    this.pulse();
  },

  drawHeat(pen, frame, incidents, zoom) {
    const sprite = heatSprite(zoom < 12 ? 34 : zoom < 14 ? 52 : 80);
    pen.globalCompositeOperation = "lighter";
    for (const incident of incidents) {
      const at = placeOf(incident);
      if (!at) continue;
      const [x, y] = this.at(frame, flat(at));
      put(pen, sprite, x, y);
    }
    pen.globalCompositeOperation = "source-over";
  },

  drawLines(pen, frame, lines) {
    pen.setLineDash([4, 5]);
    pen.lineWidth = 1.3;
    pen.strokeStyle = "rgba(190, 215, 240, 0.65)";
    for (const [from, to] of lines) {
      if (!from || !to) continue;
      const [a, b] = [this.at(frame, flat(from)), this.at(frame, flat(to))];
      pen.beginPath(); pen.moveTo(...a); pen.lineTo(...b); pen.stroke();
    }
    pen.setLineDash([]);
  },

  drawIncidents(pen, frame, shown, zoom, wide) {
    this.pulsing = [];
    const urgentLast = [...(shown.incidents ?? [])].sort((one, other) => (levelOf(other)
      || 5) - (levelOf(one) || 5));
    for (const incident of urgentLast) {
      const at = placeOf(incident);
      if (!at) continue;
      const [x, y] = this.at(frame, flat(at));
      if (x < -20 || y < -20 || x > frame.width + 20 || y > frame.height + 20) continue;
      const reach = (zoom < 12 ? 8 : 10.5) * wide + (levelOf(incident) === 1 ? 3 : 0);
      const sprite = incidentSprite(incident, reach);
      put(pen, sprite, x, y);
      if (incident.id === shown.selected) this.ring(pen, x, y, reach + 5);
      if (shown.overdue?.has(incident.id)) this.pulsing.push({ x, y, reach });
      this.placed.push({ kind: "incident", id: incident.id, x, y, reach: reach + 4 });
    }
  },

  ring(pen, x, y, reach) {
    pen.beginPath();
    pen.arc(x, y, reach, 0, 2 * Math.PI);
    pen.lineWidth = 2;
    pen.strokeStyle = COLOURS.selected;
    pen.stroke();
  },

  drawNames(pen, shown) {
    pen.font = '12px "Noto Sans CJK SC", "PingFang SC", sans-serif';
    pen.fillStyle = "#cfe0ef";
    const names = new Map((shown.units ?? []).map((unit) => [unit.id, unit.callSign]));
    for (const { kind, id, x, y } of this.placed) {
      if (kind === "unit") pen.fillText(names.get(id) ?? "", x + 11, y + 4);
    }
  },

  pulse() {
    const pen = this.pen(1);
    if (!this.pulsing?.length) return;
    const phase = still.matches ? 0.35 : (performance.now() % 1_600) / 1_600;
    pen.lineWidth = 2.4;
    pen.strokeStyle = `rgba(255, 77, 77, ${(1 - phase) * 0.9})`;
    for (const { x, y, reach } of this.pulsing) {
      pen.beginPath();
      pen.arc(x, y, reach + 2 + phase * 16, 0, 2 * Math.PI);
      pen.stroke();
    }
  },

  at(frame, [x, y]) {
    return [x * frame.scale - frame.left, y * frame.scale - frame.top];
  },

  /** What lies under a point of the screen, incidents before units. */
  under(point) {
    let best;
    for (const one of this.placed ?? []) {
      const distance = Math.hypot(one.x - point.x, one.y - point.y);
      if (distance > one.reach) continue;
      const rank = distance + (one.kind === "incident" ? 0 : 100);
      if (!best || rank < best.rank) best = { ...one, rank };
    }
    return best;
  },
});
