// The module: the page runs the text that it shows.

const parts = codeIn(fresh ?? document);

/** The statements of the gradient that assign a name, in order. `$record` has the values of the last run. */
const statements = parts.filter((part) => part.dataset.row).map((part) => part.dataset.gives);

// Names of a spec have no dollar sign, so none of them hides the record.
const [live, trainer] = await Promise.all([
  ran(
    "export const $record = [];\n" +
      parts
        .map((part) => part.textContent + (part.dataset.row ? `$record[${part.dataset.row}] = ${part.dataset.gives};\n` : ""))
        .join("") +
      (ids.length && !facts.coupled ? "export const $forward = (params, x, y) => _gradient(params, x, y, null, null, null);\n" : ""),
  ),
  ran(pausing(parts)),
]);
if (turn !== turns) return; // the reader has chosen yet another network
leave();
const leaving = new AbortController();
const until = { signal: leaving.signal }; // of listeners outside of the part that shows the network
const focus = document.activeElement;
const seenAt = focus.getBoundingClientRect().top;
const settable = []; // the texts that hold the learning rate or the strength of the penalty
if (fresh) {
  const texts = document.createTreeWalker(fresh, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (Object.values(carried.standIns).some((standIn) => node.data.includes(standIn))) settable.push({ node, text: node.data });
  }
  take(setting);
  $("main").replaceChildren(fresh);
}

/** Compute with a learning rate and a strength of the penalty, and show them. */
function take({ rate, strength }) {
  for (const module of [live, trainer]) Object.assign(module.$set, { rate, strength });
  Object.assign(setting, { rate, strength });
  const shown = ([name, standIn]) => [standIn, Number.isInteger(setting[name]) ? setting[name].toFixed(1) : String(setting[name])];
  const pairs = Object.entries(carried.standIns).map(shown);
  for (const { node, text } of settable) node.data = pairs.reduce((now, [standIn, number]) => now.replaceAll(standIn, number), text);
}

/** Give the focus back to the element that had it, in the same place of the screen. */
function returnFocus() {
  const now = document.getElementById(focus.id) ?? focus;
  if (now !== document.activeElement) now.focus({ preventScroll: true });
  scrollBy(0, now.getBoundingClientRect().top - seenAt);
}

const examples = facts.data?.train ?? { x: [], y: [], of: 0 };

for (const rows of [examples.x, examples.y, facts.data?.test.x ?? [], facts.data?.test.y ?? []]) {
  for (const row of rows) row.forEach((value, i) => (row[i] = value ?? NaN)); // JSON has no NaN
}

let training = false;

const state = {
  flat: facts.parameters ?? live.pack(live.init(facts.seed)),
  memory: null,
  x: facts.inputs.map((_, i) => examples.x[0]?.[i] ?? (i < ids.length ? 0 : 0.5)),
  y: facts.outputs.map((_, i) => examples.y[0]?.[i] ?? (i === 0 ? 1 : facts.negative_target)),
  example: examples.x.length ? 0 : null,
  heldOut: null, // or, of the held-out examples
  shown: statements.length, // the number of computed statements
  view: kept.view ?? "values", // what the picture shows: "values" or "slopes"
  slopes: [],
  next: [],
  outputs: [],
  failure: "",
};

/** Run the module on the current example. Every number of the page comes from here. */
function compute() {
  state.failure = "";
  live.$record.length = 0;
  const params = live.unpack(state.flat);
  [state.slopes, state.next] = [[], []];
  try {
    state.outputs = live.forward(params, state.x);
    if (unrated()) {
      live.$forward(params, state.x, state.y);
      live.$record.length = statements.indexOf("loss");
      return;
    }
    const [, gradient] = live.gradient(params, state.x, state.y);
    live.$record.forEach((value, i) => {
      if (value instanceof Map) [live.$record[i]] = value.values(); // the row that the example selects
    });
    state.memory ??= live.init_state(params);
    state.slopes = live.pack(gradient);
    state.next = live.pack(live.step(params, gradient, state.memory)[0]);
  } catch (error) {
    state.failure = error.message;
  }
}

/** Whether the current pair of ids has no rating: then nothing follows the prediction. */
function unrated() {
  return ids.length > 0 && !facts.coupled && state.y.some(Number.isNaN);
}

/** Make a step of the optimizer with the gradient of the current example. */
function step() {
  const params = live.unpack(state.flat);
  const [, gradient] = live.gradient(params, state.x, state.y);
  state.memory ??= live.init_state(params);
  const [updated, memory] = live.step(params, gradient, state.memory);
  state.flat = live.pack(updated);
  state.memory = memory;
}

// The origin of each value: a statement, a parameter, an input or a target.
const origin = new Map();
facts.inputs.forEach((name, i) => origin.set(name, () => state.x[i]));
facts.outputs.forEach((name, i) => origin.set(`y_${name}`, () => state.y[i]));
const parameters = [];
const connectionOf = new Map(); // where a weight leads, and from where; a bias comes from nowhere
for (const block of facts.blocks) {
  if (block.count) {
    const [start, width] = [block.start, block.inputs.length];
    for (let i = 0; i < block.count * width; i++) parameters.push(`${block.name}[${Math.floor(i / width)}][${i % width}]`);
    const place = facts.inputs.indexOf(block.index);
    origin.set(`${block.name}[${block.index}]`, () => state.flat.slice(start + state.x[place] * width, start + (state.x[place] + 1) * width));
    origin.set(`d${block.name}[${block.index}]`, () => origin.get(`d${block.name}`)?.());
    continue;
  }
  const ends = block.inputs.length
    ? block.units.flatMap((to) => block.inputs.map((from) => ({ name: `w_${to}_${from}`, from, to })))
    : block.units.map((to) => ({ name: `${block.symbol}_${to}`, from: null, to }));
  for (const { name, from, to } of ends) {
    const place = parameters.length;
    parameters.push(name);
    connectionOf.set(name, { from, to });
    origin.set(name, () => state.flat[place]);
    if (facts.level === "layers" && block.trainable) origin.set(`d${name}`, () => state.slopes[place]);
  }
}
statements.forEach((name, row) =>
  origin.set(name, () => (row < state.shown ? live.$record[row] : undefined)),
);

/** A value of one unit of a layer: `value("a", layer, 3)`. */
function ofUnit(symbol, layer, unit) {
  if (facts.level === "weights") return origin.get(`${symbol}_${layer.units[unit]}`)?.();
  let found = origin.get(`${symbol}_${layer.name}`)?.();
  if (Array.isArray(found?.[0])) found = found[0]; // a batch of this one example
  return Array.isArray(found) ? found[unit] : found;
}

/** The value of a name, if it is a computed number, or a vector of one. */
function valueOf(name) {
  const value = origin.get(name)?.();
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof single === "number" ? single : undefined;
}

/** The smallest and the largest of many numbers. Math.min cannot take so many arguments. */
function extent(values) {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}

/** A target or an output as a number of the data. */
function inUnits(place, value) {
  const [subtract, divide, log] = facts.targetScales[place] ?? [0, 1];
  const number = value * divide + subtract;
  return log ? Math.exp(number) : number;
}

/** A number as text: with four decimals, or with a power of ten. */
function written(value) {
  if (value === undefined) return "";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.0005 || size >= 1e5) ? value.toExponential(2) : String(Number(value.toFixed(4)));
  return text.replaceAll("-", "−").replace("e+", "e");
}
