// The map that `samorsak discover` writes. Texts of answers are set with textContent only.
"use strict";

const { words, outside, questions } = JSON.parse(document.getElementById("discovery").textContent);
const atOnce = 200; // statements in the list before "more"
const at = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 50rem)");
const dark = matchMedia("(prefers-color-scheme: dark)");

let one; // the question that is shown
let buttons = []; // of clusters and categories
let laid = false; // whether the drawing has a size
const points = new Bokeh.ColumnDataSource();
const labels = new Bokeh.ColumnDataSource();
const { plot, drawn, written } = makePlot();

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// --- the drawing

function makePlot() {
  const plot = Bokeh.Plotting.figure({
    x_range: new Bokeh.Range1d({ start: 0, end: 1 }),
    y_range: new Bokeh.Range1d({ start: 0, end: 1 }),
    x_axis_type: null,
    y_axis_type: null,
    tools: "pan,wheel_zoom,tap",
    active_scroll: "wheel_zoom",
    toolbar_location: null,
    sizing_mode: "stretch_both",
    outline_line_color: null,
    background_fill_color: null,
    border_fill_color: null,
    min_border: 0,
  });
  plot.xgrid.visible = false;
  plot.ygrid.visible = false;
  const drawn = plot.scatter({ field: "x" }, { field: "y" }, {
    source: points,
    size: { field: "size" },
    marker: { field: "marker" },
    fill_color: { field: "colour" },
    line_color: { field: "colour" },
    fill_alpha: 0.8,
    line_alpha: 0.9,
    nonselection_fill_alpha: 0.12,
    nonselection_line_alpha: 0.12,
  });
  const written = plot.text({ field: "x" }, { field: "y" }, { field: "text" }, {
    source: labels,
    text_align: "center",
    text_baseline: "middle",
    text_font_size: "12px",
    text_font: "system-ui, sans-serif",
    padding: 2,
    background_fill_alpha: 0.78,
    level: "overlay",
  });
  plot.add_tools(new Bokeh.HoverTool({ renderers: [drawn], tooltips: hovered, limit: 1 }));
  return { plot, drawn, written };
}

function hovered(source, { index }) {
  const { category, cluster, text } = one.statements;
  const shown = element("div");
  shown.style.cssText = "max-width: 22rem; white-space: pre-line; overflow-wrap: anywhere";
  shown.dataset.statement = index;
  shown.append(element("bdi", text[index]));
  const more = source.inspected.indices.length - 1;
  const told = [one.categories[category[index]].name, clusterName(cluster[index])];
  if (more > 0) told.push(words.also.replace("{n}", more));
  const below = element("div", told.join(" · "));
  below.style.fontWeight = "600";
  shown.append(below);
  return shown;
}

function clusterName(number) {
  if (!number) return words.outside;
  const { name, words: telling } = one.clusters[number - 1];
  return `${name}: ${telling.slice(0, 3).join(", ")}`;
}

function paint() {
  const byCluster = at("by-cluster").checked;
  const { x, y, category, cluster } = one.statements;
  const marks = byCluster ? cluster.map((c) => (c ? one.clusters[c - 1] : outside)) : category.map((c) => one.categories[c]);
  const size = x.map(() => one.size);
  points.data = { x, y, size, colour: marks.map((m) => m.colour), marker: marks.map((m) => m.marker) };
  at("clusters").classList.toggle("painted", byCluster);
  at("categories").hidden = byCluster;
}

function useTheme() {
  const ink = dark.matches ? "#eceef2" : "#1b1d21";
  written.glyph.text_color = { value: ink };
  written.glyph.background_fill_color = { value: dark.matches ? "#16181d" : "#ffffff" };
}

function showAll() {
  [plot.x_range, plot.y_range].forEach((range, axis) => {
    const [start, end] = one.extent[axis];
    range.setv({ start, end });
  });
}

function zoom(factor) {
  for (const range of [plot.x_range, plot.y_range]) {
    const middle = (range.start + range.end) / 2;
    const half = ((range.end - range.start) / 2) * factor;
    range.setv({ start: middle - half, end: middle + half });
  }
}

// Larger clusters first; a label that would cover another one waits until there is room.
const measure = document.createElement("canvas").getContext("2d");
measure.font = "12px system-ui, sans-serif";

function placeLabels() {
  if (!laid) return;
  const { x_range, y_range, inner_width, inner_height } = plot;
  const across = inner_width / (x_range.end - x_range.start);
  const up = inner_height / (y_range.end - y_range.start);
  const boxes = [];
  const found = { x: [], y: [], text: [] };
  for (const { middle, label } of one.clusters) {
    const width = measure.measureText(label).width / 2 + 4;
    const x = (middle[0] - x_range.start) * across;
    const y = (middle[1] - y_range.start) * up;
    const box = [x - width, x + width, y - 10, y + 10];
    const inside = box[0] >= 0 && box[1] <= inner_width && box[2] >= 0 && box[3] <= inner_height;
    if (!inside || boxes.some((b) => box[0] < b[1] && b[0] < box[1] && box[2] < b[3] && b[2] < box[3])) continue;
    boxes.push(box);
    found.x.push(middle[0]);
    found.y.push(middle[1]);
    found.text.push(label);
  }
  labels.data = found;
}

// --- the lists

function symbol({ colour, marker }) {
  const shapes = {
    circle: "M8 2a6 6 0 1 0 .01 0z",
    square: "M3 3h10v10H3z",
    triangle: "M8 2l6 11H2z",
    diamond: "M8 1l5 7-5 7-5-7z",
    inverted_triangle: "M8 14l6-11H2z",
    star: "M8 1l2 5h5l-4 3 2 6-5-4-5 4 2-6-4-3h5z",
    cross: "M7 2h2v5h5v2H9v5H7V9H2V7h5z",
    x: "M3 4l1-1 4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4z",
    dot: "M8 6a2 2 0 1 0 .01 0z",
  };
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[marker]);
  path.setAttribute("fill", colour);
  svg.append(path);
  return svg;
}

function addGroup(list, { key, name, mark, title, size, verdict, members }) {
  const button = element("button");
  button.type = "button";
  button.dataset.group = key;
  button.append(symbol(mark), element("span", title), element("span", size, "size"));
  if (verdict) button.append(element("span", verdict, "verdict"));
  button.addEventListener("click", () => {
    choose({ key, name, members });
    if (narrow.matches) at("said").scrollIntoView();
  });
  const item = element("li");
  item.append(button);
  list.append(item);
  buttons.push(button);
}

function listGroups() {
  const { clusters, categories, members } = one;
  buttons = [];
  at("clusters").replaceChildren();
  at("categories").replaceChildren();
  clusters.forEach((c, place) => {
    const title = `${place + 1}. ${c.words.slice(0, 4).join(", ")}`;
    const key = `cluster ${place + 1}`;
    addGroup(at("clusters"), { key, name: c.name, mark: c, title, size: c.size, verdict: c.verdict, members: members.cluster[place + 1] });
  });
  const loose = members.cluster[0];
  if (!clusters.length) at("clusters").append(element("li", words.no_clusters));
  if (loose.length) {
    addGroup(at("clusters"), { key: "cluster 0", name: words.outside, mark: outside, title: words.outside, size: loose.length, members: loose });
  }
  categories.forEach((c, place) => {
    const own = members.category[place];
    if (own.length) addGroup(at("categories"), { key: `category ${place}`, name: c.name, mark: c, title: c.name, size: own.length, members: own });
  });
}

// Shows the statements of a group, the one that was clicked first.
function choose({ key, name, members, first }) {
  for (const button of buttons) {
    const own = button.dataset.group === key;
    button.setAttribute("aria-pressed", String(own));
    if (own) button.scrollIntoView({ block: "nearest" });
  }
  at("chosen").textContent = words.chosen.replace("{n}", members.length).replace("{name}", () => name);
  const order = first === undefined ? members : [first, ...members.filter((i) => i !== first)];
  at("statements").replaceChildren();
  let shown = 0;
  const more = () => {
    at("statements").append(...order.slice(shown, shown + atOnce).map((i) => statement(i, i === first)));
    shown += atOnce;
    at("more").hidden = shown >= order.length;
  };
  at("more").onclick = more;
  more();
  at("said").scrollTop = 0;
  points.selected.indices = members;
}

function statement(i, current) {
  const { id, text, category } = one.statements;
  const item = element("li");
  item.dataset.statement = i;
  if (current) item.setAttribute("aria-current", "true");
  const below = element("small");
  below.append(one.categories[category[i]].name, ` · ${words.id} `, element("bdi", id[i]));
  item.append(element("bdi", text[i]), below);
  return item;
}

function clear() {
  for (const button of buttons) button.setAttribute("aria-pressed", "false");
  at("chosen").textContent = one.statements.id.length ? words.choose : words.nothing;
  at("statements").replaceChildren();
  at("more").hidden = true;
  points.selected.indices = [];
}

function gather(question) {
  const { category, cluster } = question.statements;
  const members = { cluster: [[], ...question.clusters.map(() => [])], category: question.categories.map(() => []) };
  cluster.forEach((c, i) => members.cluster[c].push(i));
  category.forEach((c, i) => members.category[c].push(i));
  question.members = members;
}

function show(question) {
  one = question;
  listGroups();
  paint();
  clear();
  showAll();
  placeLabels();
}

questions.forEach((question, place) => {
  gather(question);
  const radio = element("input");
  Object.assign(radio, { type: "radio", name: "question", value: place, checked: place === 0 });
  radio.addEventListener("change", () => show(question));
  const label = element("label");
  label.append(radio, ` ${question.wording}`);
  at("questions").append(label);
});
for (const id of ["by-category", "by-cluster"]) at(id).addEventListener("change", paint);
at("closer").addEventListener("click", () => zoom(0.7));
at("farther").addEventListener("click", () => zoom(1 / 0.7));
at("all").addEventListener("click", showAll);
dark.addEventListener("change", useTheme);
const { inner_width, inner_height } = plot.properties;
for (const { change } of [plot.x_range, plot.y_range, inner_width, inner_height]) change.connect(placeLabels);

// A click on points chooses the cluster of the first; a click beside them clears.
plot.on_event("tap", () => {
  const [first] = points.selected.indices;
  if (first === undefined) return clear();
  const number = one.statements.cluster[first];
  choose({ key: `cluster ${number}`, name: number ? one.clusters[number - 1].name : words.outside, members: one.members.cluster[number], first });
});

useTheme();
if (questions.length) {
  show(questions[0]);
  Bokeh.Plotting.show(plot, at("points")).then((view) => {
    view.canvas_view.events_el.tabIndex = -1; // a picture: what it does, buttons and lists do by keyboard
    laid = true;
    placeLabels();
  });
}
