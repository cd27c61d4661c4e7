// A curve over time, drawn by uPlot, which is loaded when the first curve is.
import { html, useRef, useEffect } from "./ui.js";
import { minuteTime } from "./time.js";

let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: "/vendor/uplot/uPlot.css" });
    const script = document.createElement("script");
    Object.assign(script, { src: "/vendor/uplot/uPlot.js", onload: () => resolve(window.uPlot),
      onerror: reject });
    document.head.append(style, script);
  });
  return loading;
}

const root = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/**
 * `times` in seconds, `series` of `{ label, values, colour }`, `marks` as seconds at which a line stands.
 * The words beside a curve say what it shows: `label` is for those who do not see it.
 */
export function Curve({ times, series, marks = [], label }) {
  const box = useRef(null);
  const stamp = JSON.stringify([times, series, marks]);
  useEffect(() => {
    let plot;
    let isGone = false;
    const size = () => ({ width: box.current.clientWidth, height: box.current.clientHeight });
    const axis = { stroke: "#9db2c6", grid: { stroke: "#1c2d3e", width: 1 },
      ticks: { stroke: "#1c2d3e" }, font: `${root() * 0.85}px sans-serif` };
    load().then((Plot) => {
      if (isGone) return;
      plot = new Plot({
        ...size(), cursor: { show: false }, legend: { show: false },
        scales: { y: { range: (self, low, high) => [0, Math.max(4, high * 1.1)] } },
        axes: [{ ...axis, values: (self, splits) => splits.map((at) => minuteTime(at * 1_000)) },
          { ...axis, size: root() * 3 }],
        series: [{}, ...series.map((one) => ({ label: one.label, stroke: one.colour, width: 2,
          fill: `${one.colour}22`, points: { show: times.length < 40 } }))],
        hooks: { draw: [(self) => drawMarks(self, marks)] },
      }, [times, ...series.map((one) => one.values)], box.current);
    }).catch(() => {});
    const sizes = new ResizeObserver(() => plot?.setSize(size()));
    sizes.observe(box.current);
    return () => { isGone = true; sizes.disconnect(); plot?.destroy(); };
  }, [stamp]);
  return html`<div class="curve" role="img" aria-label=${label} ref=${box}></div>`;
}

function drawMarks(plot, marks) {
  const pen = plot.ctx;
  for (const { at, colour } of marks) {
    const x = plot.valToPos(at, "x", true);
    pen.save();
    pen.strokeStyle = colour;
    pen.setLineDash([5, 4]);
    pen.lineWidth = 2;
    pen.beginPath(); pen.moveTo(x, plot.bbox.top); pen.lineTo(x,
      plot.bbox.top + plot.bbox.height); pen.stroke();
    pen.restore();
  }
}
