// Charts and sortable tables, about as Slack draws them.
import { h } from "./dom.js";
import { richText } from "./text.js";

const COLOURS = ["#1264a3", "#e01e5a", "#2eb67d", "#ecb22e", "#7b3fa0", "#5a5859"];
const WIDE = 640, HIGH = 240, LEFT = 44, FOOT = 34;

function svg(tag, props, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children.flat(Infinity));
  return node;
}

/** A data_visualization block. */
export function chart(block) {
  const { type, segments } = block.chart;
  const drawn = type === "pie" ? pie(segments) : axes(block.chart);
  const names = type === "pie" ? segments.map((one) => one.label) : block.chart.series.map((one) => one.name);
  const legend = names.map((name, place) => h("span", { class: "key" }, svgKey(place), name));
  return h("figure", {}, h("figcaption", {}, block.title), drawn, h("div", { class: "legend" }, legend));
}

function svgKey(place) {
  return svg("svg", { width: 10, height: 10, "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, fill: COLOURS[place % 6] }));
}

function axes({ type, series, axis_config }) {
  const labels = axis_config.categories;
  const value = (one, label) => one.data.find((point) => point.label === label).value;
  const all = series.flatMap((one) => one.data.map((point) => point.value));
  const top = Math.max(...all, 1), low = Math.min(...all, 0);
  const step = (WIDE - LEFT) / labels.length;
  const x = (place) => LEFT + step * (place + 0.5);
  const y = (number) => 8 + (HIGH - FOOT - 8) * (1 - (number - low) / (top - low));
  const lines = [0, 0.5, 1].map((part) => low + (top - low) * part).map((number) => [
    svg("line", { x1: LEFT, x2: WIDE, y1: y(number), y2: y(number), stroke: "#dcdadb" }),
    svg("text", { x: LEFT - 6, y: y(number) + 4, "text-anchor": "end", "font-size": 11, fill: "#5a5859" }, String(Math.round(number * 10) / 10)),
  ]);
  const ticks = labels.map((label, place) => svg("text", { x: x(place), y: HIGH - FOOT + 16 + (labels.length > 7 ? 12 * (place % 2) : 0), "text-anchor": "middle", "font-size": 11, fill: "#5a5859" }, label));
  const width = (step * 0.8) / series.length;
  const marks = series.map((one, number) => {
    const colour = COLOURS[number % 6], points = labels.map((label, place) => [x(place), y(value(one, label))]);
    if (type === "bar") {
      return points.map(([at, high]) => svg("rect", { x: at - step * 0.4 + width * number, y: Math.min(high, y(0)), width: width * 0.95, height: Math.abs(y(0) - high), fill: colour }));
    }
    const path = points.map(([at, high], place) => `${place ? "L" : "M"}${at} ${high}`).join(" ");
    if (type === "area") return svg("path", { d: `${path} L${x(labels.length - 1)} ${y(0)} L${x(0)} ${y(0)} Z`, fill: colour, "fill-opacity": 0.5 });
    return [svg("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2 }), points.map(([at, high]) => svg("circle", { cx: at, cy: high, r: 3, fill: colour }))];
  });
  const told = series.map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join("; ");
  return svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": told }, lines, ticks, marks);
}

function pie(segments) {
  const sum = segments.reduce((total, one) => total + one.value, 0);
  let turned = 0;
  const slices = segments.map((one, number) => {
    const [from, to] = [turned, (turned += one.value / sum)].map((part) => part * 2 * Math.PI - Math.PI / 2);
    const point = (angle) => `${100 + 90 * Math.cos(angle)} ${100 + 90 * Math.sin(angle)}`;
    return svg("path", { d: `M100 100 L${point(from)} A90 90 0 ${to - from > Math.PI ? 1 : 0} 1 ${point(to)} Z`, fill: COLOURS[number % 6] });
  });
  const told = segments.map((one) => `${one.label} ${one.value}`).join(", ");
  return svg("svg", { viewBox: "0 0 200 200", role: "img", "aria-label": told, class: "pie" }, slices);
}

/** A data_table block: a click on a header sorts by it, and the rest of the rows is on further pages. */
export function dataTable(block, ctx) {
  const [header, ...rows] = block.rows, size = block.page_size || 5;
  const shown = { column: null, isDown: false, page: 0 };
  const cell = (one) => (one.type === "rich_text" ? richText(one, ctx.env) : one.text);
  const key = (one) => (one.type === "raw_number" ? one.value : -Infinity);
  const isNumber = (column) => rows.some((row) => row[column].type === "raw_number");
  const compare = (a, b) => (isNumber(shown.column) ? key(a) - key(b) : String(a.text).localeCompare(String(b.text)));
  const holder = h("div", { class: "scroll" });
  const sortBy = (column) => {
    Object.assign(shown, { isDown: shown.column === column ? !shown.isDown : isNumber(column), column, page: 0 });
    draw();
  };
  function draw() {
    const sorted = shown.column === null ? rows : [...rows].sort((a, b) => compare(a[shown.column], b[shown.column]) * (shown.isDown ? -1 : 1));
    const pages = Math.ceil(rows.length / size), start = shown.page * size;
    const heads = header.map((one, column) => h("th", { scope: "col", class: isNumber(column) ? "right" : "", "aria-sort": shown.column === column ? (shown.isDown ? "descending" : "ascending") : null },
      h("button", { type: "button", class: "quiet", onclick: () => sortBy(column) }, `${one.text}${shown.column === column ? (shown.isDown ? " ↓" : " ↑") : ""}`)));
    const body = sorted.slice(start, start + size).map((row) => h("tr", {}, row.map((one, column) =>
      h(column === (block.row_header_column_index || 0) ? "th" : "td", { scope: column ? null : "row", class: one.type === "raw_number" ? "right" : "" }, cell(one)))));
    const turn = (label, by, isOff) => h("button", { type: "button", class: "btn", disabled: isOff, onclick: () => { shown.page += by; draw(); } }, label);
    const turns = pages > 1 ? h("div", { class: "row" }, turn("‹", -1, !shown.page), h("span", { class: "small" }, `${shown.page + 1} of ${pages}`), turn("›", 1, shown.page + 1 === pages)) : null;
    holder.replaceChildren(h("table", {}, h("caption", {}, block.caption), h("tr", {}, heads), body), ...(turns ? [turns] : []));
  }
  draw();
  return h("div", {}, holder);
}
