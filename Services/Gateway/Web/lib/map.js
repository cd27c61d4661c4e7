// The sand table: the bureau's own areas as base map, what moves above it, rings and circles on demand. Needs
// no map server; draws an operator's tiles under everything where some are configured.
import { MovingLayer } from "./map-layer.js";
import { COLOURS } from "./map-sprites.js";
import { board, onBoard } from "./board.js";
import { html, useRef, useEffect } from "./ui.js";
import { t } from "./strings.js";

const L = window.L;
let site;

/**
 * Leaflet 1.9 forgets a frame that it asked for when it draws for another reason, and then cannot take it
 * back from a map that goes away: that frame finds nothing to draw on.
 */
const Ground = L.Canvas.extend({
  _redraw() { if (this._map) L.Canvas.prototype._redraw.call(this); },
});

/** What the gateway says about this site: a tile template, or none. */
async function readSite() {
  site ??= fetch("/site.json").then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
  return site;
}

const corners = (area) => (area?.corners ?? [])
  .map((corner) => [corner.latitude ?? 0, corner.longitude ?? 0]);
const STYLES = {
  ORG_RANK_COUNTY: { color: "#6d8fb0", weight: 2.2, fillColor: "#0e1a27", fillOpacity: 0.9 },
  ORG_RANK_CITY: { color: "#6d8fb0", weight: 2.2, fillColor: "#0e1a27", fillOpacity: 0.9 },
  ORG_RANK_STATION: { color: COLOURS.area, weight: 1.4, fill: false },
  ORG_RANK_BEAT: { color: COLOURS.beat, weight: 0.8, fill: false },
};
const KEY_PLACE = { color: "#caa64a", weight: 1, fillColor: "#caa64a", fillOpacity: 0.16 };

function drawAreas(map, layer) {
  layer.clearLayers();
  const renderer = map.ground;
  const order = ["ORG_RANK_CITY", "ORG_RANK_COUNTY", "ORG_RANK_BEAT", "ORG_RANK_STATION"];
  const areas = [...board.jurisdictions].sort((one,
    other) => order.indexOf(one.rank) - order.indexOf(other.rank));
  const bounds = L.latLngBounds([]);
  for (const area of areas) {
    const isKey = area.areaClass === "AREA_CLASS_KEY_PLACE";
    const style = isKey ? KEY_PLACE : STYLES[area.rank] ?? STYLES.ORG_RANK_BEAT;
    const shape = L.polygon(corners(area.area),
      { ...style, renderer, interactive: false }).addTo(layer);
    if (!corners(area.area).length) continue;
    bounds.extend(shape.getBounds());
    if (area.rank === "ORG_RANK_STATION"
      && !isKey) layer.addLayer(label(shape.getCenter?.() ?? shape.getBounds().getCenter(), area));
  }
  return bounds;
}

function label(at, area) {
  const words = document.createElement("span");
  words.textContent = area.orgUnitName ?? "";
  return L.marker(at, {
    interactive: false, keyboard: false, pane: "names",
    icon: L.divIcon({ className: "area-name", html: words, iconSize: null }),
  });
}

/** A map in `element`; `read` answers what moves (see MovingLayer). */
export function createMap(element, { read, onSelect = () => {}, onPick, tip = () => "" }) {
  const map = L.map(element, {
    zoomControl: false, attributionControl: false, zoomAnimation: false, fadeAnimation: false,
    zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 110, minZoom: 5, maxZoom: 19,
  });
  map.createPane("names").style.zIndex = 410;
  map.createPane("moving").style.zIndex = 450;
  map.getPane("names").style.pointerEvents = "none";
  map.getPane("moving").style.pointerEvents = "none";
  map.ground = new Ground({ padding: 0.4 });
  map.setView([28, 120.65], 11);
  const ground = L.layerGroup().addTo(map);
  const rings = L.layerGroup().addTo(map);
  const moving = new MovingLayer(read).addTo(map);
  L.control.zoom({ position: "bottomright", zoomInTitle: t("map.zoom_in"),
    zoomOutTitle: t("map.zoom_out") }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  addTiles(map);

  let bounds;
  let known = 0;
  // Somebody was shown a place before the areas came: they stay there.
  let isPlaced = false;
  const home = () => bounds?.isValid() && map.fitBounds(bounds,
    { padding: [12, 12], animate: false });
  const follow = () => {
    if (board.jurisdictions.length !== known) {
      known = board.jurisdictions.length;
      bounds = drawAreas(map, ground);
      if (!isPlaced) home();
    }
    moving.ask();
  };
  const away = onBoard(follow);
  follow();
  listen(map, moving, element, { onSelect, onPick, tip });
  const sizes = new ResizeObserver(() => { map.invalidateSize({ animate: false }); });
  sizes.observe(element);
  return {
    map, home,
    redraw: () => moving.ask(),
    show(at, zoom) {
      isPlaced = true;
      map.setView([at.latitude, at.longitude], Math.max(map.getZoom(), zoom ?? 0),
        { animate: false });
    },
    /** Circles of metres around a place, each with its words. */
    circle(list) {
      rings.clearLayers();
      for (const { at, radius, colour, dashed, words } of list) {
        L.circle([at.latitude, at.longitude], {
          radius, color: colour, weight: 1.3, fillColor: colour, fillOpacity: 0.05,
            interactive: false,
          dashArray: dashed ? "4 5" : undefined,
        }).addTo(rings);
        if (words) rings.addLayer(label([at.latitude + radius / 111_320, at.longitude],
          { orgUnitName: words }));
      }
    },
    destroy() { away(); sizes.disconnect(); map.remove(); },
  };
}

async function addTiles(map) {
  const { tiles } = await readSite();
  if (tiles) L.tileLayer(tiles, { className: "tiles", maxZoom: 19 }).addTo(map);
}

function listen(map, moving, element, { onSelect, onPick, tip }) {
  const bubble = L.DomUtil.create("div", "map-tip", element);
  bubble.hidden = true;
  map.on("click", (event) => {
    const under = moving.under(event.containerPoint);
    if (under && !onPick) onSelect(under);
    else if (onPick) onPick({ latitude: event.latlng.lat, longitude: event.latlng.lng });
  });
  map.on("mousemove", (event) => {
    const under = moving.under(event.containerPoint);
    const words = under ? tip(under) : "";
    bubble.hidden = !words;
    element.classList.toggle("pointing", Boolean(under));
    if (!words) return;
    bubble.textContent = words;
    bubble.style.left = `${event.containerPoint.x + 14}px`;
    bubble.style.top = `${event.containerPoint.y + 14}px`;
  });
  map.on("mouseout", () => { bubble.hidden = true; });
}

/** The map as a part of a page; `control` is given the handle once it stands. */
export function MapView({ read, onSelect, onPick, tip, control, label: name }) {
  const element = useRef(null);
  const latest = useRef({});
  latest.current = { read, onSelect, onPick, tip };
  useEffect(() => {
    const handle = createMap(element.current, {
      read: () => latest.current.read(),
      onSelect: (under) => latest.current.onSelect?.(under),
      onPick: onPick ? (at) => latest.current.onPick?.(at) : undefined,
      tip: (under) => latest.current.tip?.(under) ?? "",
    });
    control?.(handle);
    return () => handle.destroy();
  }, []);
  return html`<div class="map" role="application" aria-label=${name} ref=${element}></div>`;
}
