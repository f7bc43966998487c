// The numbers beside and within the equations, and in the table of parameters.

const results = $$("output[data-value]").map((element) => ({ element, row: Number(element.dataset.value) }));
const rows = $$(".row[data-at]");
const symbols = [];
for (const element of $$(".equation [data-name]")) {
  if (!origin.has(element.dataset.name) || element.closest("mrow.live")) continue;
  const math = "http://www.w3.org/1998/Math/MathML";
  const both = document.createElementNS(math, "mrow");
  const number = document.createElementNS(math, "mn");
  both.setAttribute("class", "live");
  number.setAttribute("class", "shown");
  element.replaceWith(both);
  both.append(element, number);
  symbols.push({ name: element.dataset.name, number });
}
const inputFields = $$("[data-input]");
const originals = $$("[data-original]");
const targetFields = $$("[data-target]");
const parameterFields = $$("[data-parameter]");
const slopeCells = $$("[data-slope]");
const nextCells = $$("[data-next]");

/** Sections of equations on the screen. While the page trains, only these are drawn. */
const seen = new Set();
const sections = $$("section.step");
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
});
for (const section of sections) watcher.observe(section);
for (const result of results) result.section = result.element.closest("section");

function drawValues() {
  for (const { element, row, section } of results) {
    if (training && !seen.has(section)) continue;
    const value = row < state.shown ? live.$record[row] : undefined;
    const single = Array.isArray(value) && value.flat().length === 1;
    if (Array.isArray(value) && !single) drawArray(element, value);
    else {
      element.textContent = written(single ? value.flat()[0] : value);
      if (value === undefined) delete element.dataset.exact;
      else element.dataset.exact = String(value);
    }
  }
  if (!training) rows.forEach((row, i) => row.classList.toggle("waiting", i >= state.shown));
  if (numbered()) writeSymbols(training ? symbols.filter(({ number }) => seen.has(number.closest("section"))) : symbols);
  fill(inputFields, state.x);
  originals.forEach((element) => (element.textContent = original(Number(element.dataset.original))));
  fill(targetFields, state.y);
  if (training && !seen.has($("#parameters")?.closest("section"))) return;
  fill(parameterFields, state.flat);
  slopeCells.forEach((cell, i) => print(cell, state.shown === statements.length ? state.slopes[i] : undefined));
  nextCells.forEach((cell, i) => print(cell, state.shown === statements.length ? state.next[i] : undefined));
}

/** An input before scaling, in the units of the data; empty if it is not scaled. */
function original(i) {
  return facts.scales[i] ? say("{value} in the data", { value: written(inData(i)) }) : "";
}

/** An input in the units of the data. A column that became 0 had this number in all training rows. */
function inData(i) {
  const [subtract, divide, clipped] = facts.scales[i] ?? [0, 1];
  const scaled = clipped ? state.x[i] / Math.sqrt(Math.max(1 - (state.x[i] / 3) ** 2, 0)) : state.x[i];
  return divide === null ? subtract : scaled * divide + subtract;
}

/** Set a target. Of targets that sum to 1, the others share the rest as they did before. */
function setTarget(i, value) {
  const others = state.y.reduce((sum, y, k) => (k === i ? sum : sum + y), 0);
  if (facts.distribution) {
    const next = (i + 1) % state.y.length;
    state.y = state.y.map((y, k) => (others > 0 ? (y / others) * (1 - value) : k === next ? 1 - value : 0));
  }
  state.y[i] = value;
}

function print(cell, value) {
  cell.textContent = written(value);
  cell.dataset.exact = value === undefined ? "" : String(value);
}

/** Write numbers into their fields, except the focused field. */
function fill(fields, values) {
  fields.forEach((field, i) => {
    field.dataset.exact = String(values[i]);
    if (field === document.activeElement && field.dataset.typing) return;
    field.value = Number.isNaN(values[i]) ? "" : String(Number(values[i].toPrecision(6)));
  });
}

/** Write the numbers of symbols. Negative ones stand in parentheses. */
function writeSymbols(some) {
  for (const { name, number } of some) {
    number.textContent = bracketed(inNumbers(origin.get(name)()));
  }
}

/** A number as a factor or a later term: a negative one stands in parentheses. */
const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

const MOST_WRITTEN = 4; // numbers of a vector that an equation shows

/** A number, or the first numbers of a vector, as text. */
function inNumbers(value) {
  if (typeof value === "number") return written(value);
  const flat = Array.isArray(value) ? value.flat() : [];
  if (!flat.length || (value.length > 1 && Array.isArray(value[0]))) return "…"; // a matrix
  if (flat.length === 1) return written(flat[0]);
  const shown = flat.slice(0, MOST_WRITTEN).map(written);
  return `(${[...shown, ...(flat.length > MOST_WRITTEN ? ["…"] : [])].join(", ")})`;
}

const symbolsOf = (row) => symbols.filter(({ number }) => row.contains(number));

/** A vector or a matrix as coloured cells. */
function drawArray(element, value) {
  const rows = Array.isArray(value[0]) ? value : [value];
  const size = rows[0].length;
  let canvas = element.firstElementChild;
  if (!canvas) {
    canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    element.append(canvas);
  }
  paint(canvas, rows);
  const flat = rows.flat();
  const [least, most] = extent(flat);
  const count = rows.length > 1 ? `${rows.length} × ${size}` : size;
  const says = say("{count} numbers, from {least} to {most}", { count, least: written(least), most: written(most) });
  canvas.title = says;
  canvas.setAttribute("aria-label", says);
  canvas.style.width = `${Math.min(88, Math.max(40, size * 4))}px`;
  canvas.style.height = `${Math.min(64, Math.max(8, rows.length * 2))}px`;
  if (size < 1000) element.dataset.exact = JSON.stringify(rows.length > 1 ? rows : value);
}

/** Numbers as colours: blue above 0, orange below, white at 0. */
function paint(canvas, rows, largest) {
  const [height, width] = [rows.length, rows[0].length];
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const most = largest ?? Math.max(1e-12, extent(rows.flat().map(Math.abs).filter(Number.isFinite))[1]);
  rows.flat().forEach((value, i) => image.data.set(colour(value / most), 4 * i));
  context.putImageData(image, 0, 0);
}

/** The colour of a number between −1 and 1. */
function colour(share) {
  const dark = document.documentElement.dataset.theme === "dark";
  const [ground, high, low] = dark
    ? [[21, 23, 27], [88, 166, 232], [232, 138, 62]]
    : [[255, 254, 251], [35, 115, 190], [214, 104, 24]];
  const end = share >= 0 ? high : low;
  const t = Math.min(1, Math.abs(share)) || 0;
  return [...ground.map((value, i) => Math.round(value + (end[i] - value) * t)), 255];
}
