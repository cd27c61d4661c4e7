// Small pictures of units and incidents, drawn once and stamped many times: ten thousand units are then
// ten thousand copies of some dozens of bitmaps.
import { t } from "./strings.js";

export const COLOURS = {
  level: { 1: "#ff5d5d", 2: "#ff9a3d", 3: "#f5cf52", 4: "#63a9ff", 0: "#9fb2c4" },
  unit: {
    free: "#3fd69b", conditional: "#9fdc6a", sent: "#ffc14d", moving: "#4fd3ff", scene: "#c79bff",
    off: "#7b8a99",
  },
  area: "#3b5670",
  beat: "#223548",
  selected: "#ffffff",
};

const cache = new Map();
const HEADINGS = 24;
const STALE_FIX = 600;

/** How a unit is shown: free, conditional, sent, moving, scene or off. */
export function unitTone(unit) {
  switch (unit.secondaryStatus) {
    case "SECONDARY_STATUS_ON_SCENE": return "scene";
    case "SECONDARY_STATUS_EN_ROUTE": return "moving";
    case "SECONDARY_STATUS_ASSIGNED":
    case "SECONDARY_STATUS_DISPATCHED": return "sent";
    default:
  }
  if (unit.availability === "AVAILABILITY_AVAILABLE") return "free";
  return unit.availability === "AVAILABILITY_CONDITIONALLY_AVAILABLE" ? "conditional" : "off";
}

const ROUND = new Set(["UNIT_KIND_FOOT", "UNIT_KIND_VOLUNTEER"]);
const FLYING = new Set(["UNIT_KIND_DRONE", "UNIT_KIND_HELICOPTER"]);

/** Whole pixels, drawn once: what is copied pixel by pixel costs a fraction of what is resampled. */
function drawn(key, wanted, draw) {
  const size = Math.ceil(wanted);
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const whole = `${key}|${size}|${ratio}`;
  let sprite = cache.get(whole);
  if (sprite) return sprite;
  const canvas = new OffscreenCanvas(Math.ceil(size * ratio), Math.ceil(size * ratio));
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.translate(size / 2, size / 2);
  draw(pen, size);
  sprite = { image: canvas.transferToImageBitmap(), size };
  cache.set(whole, sprite);
  return sprite;
}

function outline(pen, kind, reach) {
  pen.beginPath();
  if (ROUND.has(kind)) {
    pen.arc(0, 0, reach * 0.62, 0, 2 * Math.PI);
  } else if (FLYING.has(kind)) {
    pen.moveTo(0, -reach); pen.lineTo(reach * 0.8, 0); pen.lineTo(0,
      reach); pen.lineTo(-reach * 0.8, 0);
    pen.closePath();
  } else {
    pen.moveTo(0, -reach); pen.lineTo(reach * 0.72, reach * 0.85); pen.lineTo(0, reach * 0.42);
    pen.lineTo(-reach * 0.72, reach * 0.85);
    pen.closePath();
  }
}

/** A unit: its tone is the colour, its kind the shape, hollow when its position is old. */
export function unitSprite(unit, fixAge, reach) {
  const tone = unitTone(unit);
  const isOld = !(fixAge <= STALE_FIX);
  if (reach < 4) {
    return drawn(`dot|${tone}|${isOld}`, 7, (pen) => {
      pen.fillStyle = COLOURS.unit[tone];
      pen.globalAlpha = isOld ? 0.45 : 1;
      pen.beginPath(); pen.arc(0, 0, 2.4, 0, 2 * Math.PI); pen.fill();
    });
  }
  const turn = ROUND.has(unit.kind) ? 0
    : Math.round(((unit.heading ?? 0) / 360) * HEADINGS) % HEADINGS;
  const shape = ROUND.has(unit.kind) ? "round" : FLYING.has(unit.kind) ? "flying" : "car";
  return drawn(`${shape}|${tone}|${isOld}|${turn}`, reach * 2 + 5, (pen) => {
    pen.rotate((turn / HEADINGS) * 2 * Math.PI);
    outline(pen, unit.kind, reach);
    pen.lineJoin = "round";
    pen.lineWidth = 1.6;
    pen.globalAlpha = isOld ? 0.7 : 1;
    if (isOld) {
      pen.strokeStyle = COLOURS.unit[tone];
      pen.stroke();
    } else {
      pen.fillStyle = COLOURS.unit[tone];
      pen.strokeStyle = "#08111a";
      pen.stroke();
      pen.fill();
    }
  });
}

export const levelOf = (incident) => Number((incident.level ?? "").slice(-1)) || 0;
const WAITING = new Set(["INCIDENT_STATE_NEW", "INCIDENT_STATE_QUEUED"]);

/** An incident: its level is the colour, its class the letter; full while nobody is on it. */
export function incidentSprite(incident, reach) {
  const level = levelOf(incident);
  const isWaiting = WAITING.has(incident.state);
  const letter = t(`glyph.${incident.incidentClass || "INCIDENT_CLASS_UNSPECIFIED"}`);
  const size = reach * 2 + 6;
  return drawn(`incident|${level}|${isWaiting}|${letter}`, size, (pen) => {
    pen.beginPath();
    pen.arc(0, 0, reach, 0, 2 * Math.PI);
    pen.fillStyle = isWaiting ? COLOURS.level[level] : "#0d1722";
    pen.fill();
    pen.lineWidth = 2.2;
    pen.strokeStyle = isWaiting ? "#08111a" : COLOURS.level[level];
    pen.stroke();
    pen.fillStyle = isWaiting ? "#08111a" : COLOURS.level[level];
    pen.font = `600 ${Math.round(reach * 1.15)}px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, 0, reach * 0.06);
  });
}

/** Warmth of one call; where they lie upon each other it adds up. */
export function heatSprite(reach) {
  return drawn("heat", reach * 2, (pen) => {
    const shade = pen.createRadialGradient(0, 0, 0, 0, 0, reach);
    shade.addColorStop(0, "rgba(255, 138, 60, 0.34)");
    shade.addColorStop(0.5, "rgba(255, 110, 60, 0.13)");
    shade.addColorStop(1, "rgba(255, 90, 60, 0)");
    pen.fillStyle = shade;
    pen.fillRect(-reach, -reach, reach * 2, reach * 2);
  });
}
