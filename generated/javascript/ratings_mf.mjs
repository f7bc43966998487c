/*
ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; W_taste[i] is the row of the id
i of reader, a number for each unit of taste.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node. This checks its gradient:

    node -e "import('./ratings_mf.mjs').then((net) => console.log(net.check_gradient()))"
*/

/* eslint-disable */

export const PARAMETERS = ["W_taste", "W_content", "W_generous", "W_good", "b_rating"];

// the network, and the order of its parameters in a flat list, for pack, unpack, save and load
export const LAYOUT =
  "ratings_mf " +
  "W_taste[reader 0..23][taste1 taste2 taste3] " +
  "W_content[book 0..29][content1 content2 content3] " +
  "W_generous[reader 0..23][generous1] " +
  "W_good[book 0..29][good1] " +
  "b_rating[stars]";
const _SHAPES = [[24, 3], [30, 3], [24, 1], [30, 1], [1, 1]];
const _EMBEDDINGS = [0, 1, 2, 3];

/** @typedef {number[][][]} Params - matrices; biases are a matrix of one row */
/** @typedef {number[][]} Rows */
/** @typedef {any[]} Slopes - matrices; of an embedding a Map of the rows that the examples select */

/**
 * The outputs of one example: reader, book → stars.
 * @type {(params: Params, x: number[]) => number[]}
 */
export function forward(params, x) {
  _check_params(params);
  _check_inputs(x);
  const [W_taste, W_content, W_generous, W_good, [b_rating]] = params;
  const [reader, book] = x;

  // taste ← reader: the row of its matrix
  const z_taste = W_taste[reader];
  const a_taste = z_taste;

  // content ← book: the row of its matrix
  const z_content = W_content[book];
  const a_content = z_content;

  // generous ← reader: the row of its matrix
  const z_generous = W_generous[reader];
  const a_generous = z_generous;

  // good ← book: the row of its matrix
  const z_good = W_good[book];
  const a_good = z_good;

  // affinity ← taste, content: the dot product
  const z_affinity = [_dot(a_taste, a_content)];
  const a_affinity = z_affinity;

  // rating ← generous, good, affinity: sums, unit by unit
  const z_rating = [b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]];
  const a_rating = z_rating;

  return a_rating;
}

/**
 * The loss of one example.
 * @type {(params: Params, x: number[], y: number[]) => number}
 */
export function loss(params, x, y) {
  _check_params(params);
  _check_inputs(x);
  _check_targets(y);
  return _gradient(params, x, y, null);
}

/**
 * The loss of one example, and its derivative by each parameter.
 * @type {(params: Params, x: number[], y: number[]) => [number, Slopes]}
 */
export function gradient(params, x, y) {
  _check_params(params);
  _check_inputs(x);
  _check_targets(y);
  const slopes = _no_slopes();
  return [_gradient(params, x, y, slopes), slopes];
}

// The loss; its derivative by each parameter is added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Slopes | null) => number} */
function _gradient(params, x, y, slopes) {
  const [W_taste, W_content, W_generous, W_good, [b_rating]] = params;
  const y_rating = y;
  const [reader, book] = x;

  // taste ← reader: the row of its matrix
  const z_taste = W_taste[reader];
  const a_taste = z_taste;

  // content ← book: the row of its matrix
  const z_content = W_content[book];
  const a_content = z_content;

  // generous ← reader: the row of its matrix
  const z_generous = W_generous[reader];
  const a_generous = z_generous;

  // good ← book: the row of its matrix
  const z_good = W_good[book];
  const a_good = z_good;

  // affinity ← taste, content: the dot product
  const z_affinity = [_dot(a_taste, a_content)];
  const a_affinity = z_affinity;

  // rating ← generous, good, affinity: sums, unit by unit
  const z_rating = [b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]];
  const a_rating = z_rating;

  // the loss: squared_error
  let loss = _sum(a_rating.map((a, i) => (a - y_rating[i]) ** 2));

  // the penalty, l2: what a weight adds to the loss
  loss = loss + _sum_of([W_taste[reader]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_content[book]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_generous[reader]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_good[book]], (w) => 0.5 * 0.05 * w ** 2);
  if (!slopes) {
    return loss;
  }
  const [dW_taste, dW_content, dW_generous, dW_good, [db_rating]] = slopes;

  // rating: the slope of the loss, then that of linear
  const da_rating = a_rating.map((a, i) => 2.0 * (a - y_rating[i]));
  const dz_rating = da_rating;

  // affinity ← rating: the error flows back
  const da_affinity = [dz_rating[0]];
  const dz_affinity = da_affinity;

  // good ← rating: the error flows back
  const da_good = [dz_rating[0]];
  const dz_good = da_good;
  _add_row(dW_good, book, dz_good.map((dz, i) => dz + 0.05 * W_good[book][i]));

  // generous ← rating: the error flows back
  const da_generous = [dz_rating[0]];
  const dz_generous = da_generous;
  _add_row(dW_generous, reader, dz_generous.map((dz, i) => dz + 0.05 * W_generous[reader][i]));

  // content ← affinity: the error flows back
  const da_content = Array.from({ length: 3 }, (_, i) => dz_affinity[0] * a_taste[i]);
  const dz_content = da_content;
  _add_row(dW_content, book, dz_content.map((dz, i) => dz + 0.05 * W_content[book][i]));

  // taste ← affinity: the error flows back
  const da_taste = Array.from({ length: 3 }, (_, i) => dz_affinity[0] * a_content[i]);
  const dz_taste = da_taste;
  _add_row(dW_taste, reader, dz_taste.map((dz, i) => dz + 0.05 * W_taste[reader][i]));

  // the derivative by a weight: that of its unit, times its input
  _add(db_rating, dz_rating);

  return loss;
}

// --- Below: training, files and a check of the gradient. ---

// the columns of a row, as the data name them
export const COLUMNS = ["reader", "book"];

// the ids of columns in the order of their rows, or how many there are if they are whole numbers from 0
/** @type {Map<string, string[]>} */
export const IDS = new Map();
IDS.set("reader", [
  "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivan", "June", "Kofi", "Lena",
  "Max", "Nora", "Omar", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Uma", "Vera", "Wim", "Yara",
]);
IDS.set("book", [
  "Amber Coast", "Autumn Debt", "Blue Comet", "Bright Ruin", "Cold Harbor", "Copper Sky",
  "Deep Archive", "Distant Suns", "Echo Valley", "Ember Road", "Fading Letters", "Glass Orchard",
  "Hidden River", "Iron Tide", "Jade Lantern", "Kite Season", "Last Signal", "Moon Atlas",
  "Night Garden", "Open Water", "Paper Crown", "Quiet Storm", "Red Meridian", "Silver Thread",
  "Third Orbit", "Under Oaks", "Velvet Hour", "Winter Keys", "Yellow Door", "Zero Gravity",
]);

// what does not count around a text, and the texts that mean a missing value
const _SPACE = /^[ \t-\r]+|[ \t-\r]+$/g;
const _MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"];

// the places of the texts of each column
/** @type {Map<string, Map<string, number>>} */
const _PLACES = /* @__PURE__ */ (() => {
  const places = new Map();
  for (const [column, texts] of IDS) {
    places.set(column, new Map(texts.map((text, i) => [text.replace(_SPACE, ""), i])));
  }
  return places;
})();

/**
 * The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS.
 * @type {(row: Record<string, unknown> | unknown[]) => number[]}
 */
export function encode(row) {
  const [reader, book] = _values(row);
  return [
    // reader: the place of the id of the row, from 0
    _place("reader", reader),
    // book: the place of the id of the row, from 0
    _place("book", book),
  ];
}

/**
 * The answer in the units of the data.
 * @type {(outputs: number[]) => number}
 */
export function decode(outputs) {
  return outputs[0];
}

/**
 * The answer for a row of the data; encode says what a row is.
 * @type {(params: Params, row: Record<string, unknown> | unknown[]) => number}
 */
export function predict(params, row) {
  return decode(forward(params, encode(row)));
}

// The values of a row in the order of COLUMNS; other keys are ignored.
/** @type {(row: Record<string, unknown> | unknown[]) => unknown[]} */
function _values(row) {
  if (Array.isArray(row)) {
    if (row.length !== COLUMNS.length) {
      throw new RangeError(`expected 2 values, one for each of COLUMNS, got ${row.length}`);
    }
    return row;
  }
  const names = new Set(Object.keys(Object(row)));
  const absent = COLUMNS.filter((column) => !names.has(column));
  if (absent.length > 0) {
    throw new RangeError(`expected a row with the columns ${COLUMNS.join(", ")}; missing: ${absent.join(", ")}`);
  }
  return COLUMNS.map((column) => row[column]);
}

// Whether a value is missing: null, undefined, NaN, or a text of _MISSING, unless it is known.
/** @type {(value: unknown, known?: Map<string, number> | null) => boolean} */
function _missing(value, known = null) {
  if (typeof value !== "string") {
    return value === null || value === undefined || Number.isNaN(value);
  }
  const text = value.replace(_SPACE, "");
  return _MISSING.includes(text) && !known?.has(text);
}

// A value in a message.
/** @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

// The place of a text among those of a column, unknown for others; missing is the text of a missing value.
/** @type {(column: string, value: unknown, missing?: string | null, unknown?: number | null) => number} */
function _place(column, value, missing = null, unknown = null) {
  const known = _PLACES.get(column) ?? new Map();
  if (_missing(value, known)) {
    if (missing === null) {
      throw new RangeError(`${column}: the value is missing`);
    }
    return known.get(missing) ?? -1;
  }
  const place = known.get(_text(column, value, known)) ?? unknown;
  if (place === null) {
    const names = [...known.keys()];
    const more = names.length > 20 ? ", ..." : "";
    throw new RangeError(`${column}: expected one of ${names.slice(0, 20).join(", ")}${more}, got ${_shown(value)}`);
  }
  return place;
}

// A value as a known text, if there is one: the number 3 as 3 or 3.0, true as True or true.
/** @type {(column: string, value: unknown, known: Map<string, number>) => string} */
function _text(column, value, known) {
  if (typeof value === "string") {
    return value.replace(_SPACE, "");
  }
  if (typeof value === "object") {
    throw new RangeError(`${column}: expected a text or a number, got ${_shown(value)}`);
  }
  let text = String(value);
  if (typeof value === "number" && Number.isInteger(value)) {
    text = String(BigInt(value)); // all its digits
  } else if (typeof value === "number" && Math.abs(value) < 1e-4) {
    text = value.toExponential().replace(/-(\d)$/, "-0$1"); // as Python writes it
  }
  const forms = [text.charAt(0).toUpperCase() + text.slice(1), `${text}.0`, text];
  return forms.find((form) => known.has(form)) ?? text;
}

/**
 * The initial state of gradient_descent: empty.
 * @type {(params: Params) => []}
 */
export function init_state(params) {
  return [];
}

/**
 * One step of training by gradient_descent.
 * @type {(params: Params, gradient: Slopes, state: []) => [Params, []]}
 */
export function step(params, gradient, state) {
  const updated = params.map((W) => W.map((row) => [...row]));
  _update(updated, gradient);
  return [updated, state];
}

// Update the parameters in place. Only rows in the gradient change: the time does not grow with embeddings.
/** @type {(params: Params, gradient: Slopes) => void} */
function _update(params, gradient) {
  gradient.forEach((dW, k) => {
    for (const [r, slopes] of dW.entries()) {
      const row = params[k][r];
      for (let j = 0; j < row.length; j++) {
        row[j] = row[j] - 0.02 * slopes[j];
      }
    }
  });
}

/**
 * Gradient and step in one. It changes params and state in place, and returns the loss before the step with both.
 * @type {(params: Params, x: number[], y: number[], state: []) => [number, Params, []]}
 */
export function train_step(params, x, y, state) {
  _check_params(params);
  _check_inputs(x);
  _check_targets(y);
  const slopes = _no_slopes();
  const loss = _gradient(params, x, y, slopes);
  _update(params, slopes);
  return [loss, params, state];
}

// The loss of the examples of a batch, the mean over the examples; its derivatives go to slopes.
/** @type {(params: Params, xs: Rows, ys: Rows, batch: number[], slopes: Slopes) => number} */
function _batch(params, xs, ys, batch, slopes) {
  let total = 0.0;
  for (const dW of slopes) {
    if (dW instanceof Map) {
      dW.clear();
      continue;
    }
    for (const row of dW) {
      row.fill(0.0);
    }
  }
  for (const k of batch) {
    total += _gradient(params, xs[k], ys[k], slopes);
  }
  const sums = batch.length > 1 ? slopes.flatMap((dW) => [...dW.values()]) : [];
  for (const row of sums) {
    for (let j = 0; j < row.length; j++) {
      row[j] /= batch.length;
    }
  }
  return total / batch.length;
}

/**
 * Train on examples, and return the parameters and the loss of each epoch, measured before each step.
 *
 * Each epoch takes the examples in a new random order, or in the given order if seed is null. A batch_size of null
 * takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
 * ends training. Called again with those params and that progress, fit continues after that epoch.
 * @type {(params: Params, xs: Rows, ys: Rows, options?: { epochs?: number, batch_size?: number | null, seed?: number
 *   | null, callback?: (epoch: number, loss: number, params: Params, progress: [number, []]) => unknown, progress?:
 *   [number, []] }) => [Params, number[]]}
 */
export function fit(params, xs, ys, { epochs = 60, batch_size = 1, seed = 0, callback, progress } = {}) {
  const size = batch_size ?? xs?.length;
  if (xs?.length !== ys?.length || !(xs?.length > 0) || !Number.isInteger(size) || size < 1) {
    const got = `${xs?.length}, ${ys?.length} and ${size}`;
    throw new RangeError(`expected as many xs as ys, at least 1, and batches of at least 1; got ${got}`);
  }
  _check_seed(seed ?? 0);
  _check_params(params);
  for (let k = 0; k < xs.length; k++) {
    _check_inputs(xs[k]);
    _check_targets(ys[k]);
  }
  /** @type {number[]} */
  const history = [];
  let [epoch, state] = progress ?? [0, init_state(params)];
  // training changes copies in place
  params = params.map((W) => W.map((row) => [...row]));
  const slopes = _no_slopes();
  for (; epoch < epochs; epoch++) {
    const order = _order(xs.length, seed, epoch);
    let total = 0.0;
    for (let start = 0; start < xs.length; start += size) {
      const batch = order.slice(start, start + size);
      total += _batch(params, xs, ys, batch, slopes) * batch.length;
      _update(params, slopes);
    }
    history.push(total / xs.length);
    progress = [epoch + 1, state];
    if (callback?.(epoch, history[history.length - 1], params.map((W) => W.map((row) => [...row])), progress)) {
      break;
    }
  }
  return [params, history];
}

/**
 * Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target.
 * @type {(seed?: number) => Params}
 */
export function init(seed = 1) {
  _check_seed(seed);
  const W_taste = Array.from({ length: 72 }, (_, i) => 0.1 * _normal(seed, i));
  const W_content = Array.from({ length: 90 }, (_, i) => 0.1 * _normal(seed, 72 + i));
  const W_generous = Array.from({ length: 24 }, (_, i) => 0.1 * _normal(seed, 162 + i));
  const W_good = Array.from({ length: 30 }, (_, i) => 0.1 * _normal(seed, 186 + i));
  const b_rating = [3.3];
  return unpack([...W_taste, ...W_content, ...W_generous, ...W_good, ...b_rating]);
}

/**
 * The parameters as a flat list, in the order of LAYOUT.
 * @type {(params: Slopes) => number[]}
 */
export function pack(params) {
  if (params?.length !== _SHAPES.length) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  /** @type {number[]} */
  const flat = [];
  for (let k = 0; k < params.length; k++) {
    for (const row of _whole(params[k], _SHAPES[k])) {
      for (let j = 0; j < row.length; j++) {
        flat.push(row[j]);
      }
    }
  }
  return flat;
}

/**
 * The parameters from a flat list, in the order of LAYOUT; a vector is a matrix of one row.
 * @type {(flat: number[]) => Params}
 */
export function unpack(flat) {
  _check_numbers(flat, 217, "parameters");
  let start = 0;
  return _SHAPES.map(([rows, columns]) =>
    Array.from({ length: rows }, () => flat.slice(start, (start += columns))),
  );
}

// Refuse parameters that do not fit.
/** @type {(params: Params) => void} */
function _check_params(params) {
  if (!Array.isArray(params) || !params.every(Array.isArray)) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  // only the first row of an embedding, because there may be millions
  const some = params.map((W, k) => (_EMBEDDINGS.includes(k) ? W.slice(0, 1) : W));
  const fits = params.every(
    (W, k) => W.length === _SHAPES[k]?.[0] && some[k].every((row) => row?.length === _SHAPES[k][1]),
  );
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
  // only the first number of each row: checking all takes as long as the equations
  if (!some.every((W) => W.every((row) => typeof row[0] === "number"))) {
    some.forEach((W) => W.forEach((row) => _check_numbers(row, row.length, "numbers")));
  }
}

// Refuse inputs that do not fit.
/** @type {(x: number[]) => void} */
function _check_inputs(x) {
  _check_numbers(x, 2, "inputs");
  _check_ids(x);
}

// Refuse an example with an id that no row belongs to.
/** @type {(x: number[]) => void} */
function _check_ids(x) {
  const counts = { reader: 24, book: 30 };
  Object.entries(counts).forEach(([name, count], i) => {
    if (!(Number.isInteger(x[i]) && 0 <= x[i] && x[i] < count)) {
      throw new RangeError(`expected ${name} to be a whole number from 0 to ${count - 1}, got ${x[i]}`);
    }
  });
}

// Refuse targets that the loss does not accept.
/** @type {(y: number[]) => void} */
function _check_targets(y) {
  _check_numbers(y, 1, "target");
  if (!y.every((y) => -1e18 < y && y < 1e18)) {
    throw new RangeError(`expected targets that are finite numbers below 1e18 in size, got [${y}]`);
  }
}

// Refuse anything but a list of this many numbers: + would join texts, and * would read null as 0.
/** @type {(values: number[], count: number, what: string) => void} */
function _check_numbers(values, count, what) {
  if (values?.length !== count) {
    throw new RangeError(`expected ${count} ${what}, got ${values?.length}`);
  }
  // findIndex takes half as long as the loop, which finds the place again
  if (values.findIndex?.((value) => typeof value !== "number") === -1) {
    return;
  }
  for (let i = 0; i < count; i++) {
    if (typeof values[i] !== "number") {
      throw new RangeError(`expected a list of numbers, got ${String(values[i]).slice(0, 80)} (${typeof values[i]}) at place ${i}`);
    }
  }
}

/**
 * The parameters as the text of a JSON file that the module of every target can load, exact to the last bit.
 * @type {(params: Params) => string}
 */
export function save(params) {
  const flat = pack(params);
  if (!flat.every(Number.isFinite)) {
    throw new RangeError("expected finite parameters, got infinity or NaN");
  }
  const numbers = flat.map((value) => (Object.is(value, -0.0) ? "-0.0" : String(value))); // String(-0.0) is 0
  return `{"layout": ${JSON.stringify(LAYOUT)}, "parameters": [${numbers.join(", ")}]}`;
}

/**
 * Read parameters from the text of such a file; that of another network is a RangeError, a broken one a SyntaxError.
 * @type {(text: string) => Params}
 */
export function load(text) {
  const content = JSON.parse(text);
  if (content?.layout !== LAYOUT) {
    throw new RangeError(`expected the parameters of '${LAYOUT}', got those of '${String(content?.layout).slice(0, 80)}'`);
  }
  const flat = content.parameters;
  if (!Array.isArray(flat) || !flat.every(Number.isFinite)) {
    const got = String(JSON.stringify(flat)).slice(0, 80);
    throw new RangeError(`expected a list of finite numbers under 'parameters', got ${got}`);
  }
  return unpack(flat);
}

// The sum of products, added one after the other.
/** @type {(v: number[], w: number[]) => number} */
function _dot(v, w) {
  let total = 0.0;
  for (let i = 0; i < v.length; i++) {
    total += v[i] * w[i];
  }
  return total;
}

// The sum, added one after the other.
/** @type {(values: number[]) => number} */
function _sum(values) {
  return values.reduce((total, value) => total + value, 0.0);
}

// The sum of a term of each number of a matrix.
/** @type {(rows: Rows, term: (w: number) => number) => number} */
function _sum_of(rows, term) {
  let total = 0.0;
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) {
      total += term(row[j]);
    }
  }
  return total;
}

// Add a vector to sums.
/** @type {(sums: number[], v: number[]) => void} */
function _add(sums, v) {
  for (let i = 0; i < v.length; i++) {
    sums[i] += v[i];
  }
}

// Derivatives of 0; those of an embedding have no rows yet.
/** @type {() => Slopes} */
function _no_slopes() {
  return _SHAPES.map(([rows, columns], k) =>
    _EMBEDDINGS.includes(k) ? new Map() : Array.from({ length: rows }, () => Array(columns).fill(0.0)),
  );
}

// Add a vector to the row of an id.
/** @type {(sums: Map<number, number[]>, id: number, v: number[]) => void} */
function _add_row(sums, id, v) {
  const sum = sums.get(id);
  if (sum) {
    v.forEach((value, j) => (sum[j] += value));
  } else {
    sums.set(id, [...v]);
  }
}

// A matrix; rows of derivatives become one with 0 in all other rows.
/** @type {(values: number[][] | Map<number, number[]>, shape: number[]) => Rows} */
function _whole(values, shape) {
  const [rows, columns] = shape;
  return values instanceof Map
    ? Array.from({ length: rows }, (_, i) => values.get(i) ?? Array(columns).fill(0.0))
    : values;
}

// Refuse a seed that is no whole number.
/** @type {(seed: number) => void} */
function _check_seed(seed) {
  if (!Number.isInteger(seed)) {
    throw new RangeError(`expected a whole number as seed, got ${String(seed).slice(0, 80)} (${typeof seed})`);
  }
}

// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
/** @type {(seed: number, index: number) => number} */
function _bits(seed, index) {
  let h = 0;
  for (const word of [index, seed]) {
    h = (h + (word >>> 0) + 0x9e3779b9) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h = (h ^ (h >>> 15)) >>> 0;
  }
  return h;
}

// The index-th random number of this seed, uniform from 0 to 1.
/** @type {(seed: number, index: number) => number} */
function _uniform(seed, index) {
  return _bits(seed, index) / 2 ** 32;
}

// The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6.
/** @type {(seed: number, index: number) => number} */
function _normal(seed, index) {
  let total = 0;
  for (let k = 0; k < 12; k++) {
    total += _bits(seed, 12 * index + k);
  }
  return total / 2 ** 32 - 6.0;
}

// The order of the examples in an epoch: each has a random number, and the smallest comes first.
/** @type {(count: number, seed: number | null, epoch: number) => number[]} */
function _order(count, seed, epoch) {
  /** @type {number[]} */
  const order = Array(count);
  for (let i = 0; i < count; i++) {
    order[i] = i;
  }
  if (seed === null) {
    return order;
  }
  const drawn = order.map((i) => _bits(seed, epoch * count + i));
  return order.sort((one, other) => drawn[one] - drawn[other]);
}

/**
 * The largest error of the gradient, compared with differences of the loss along random directions.
 *
 * It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is no slope; its
 * curvature is huge, so that its error does not count. An error above the tolerance is a RangeError.
 * @type {(tolerance?: number) => number}
 */
export function check_gradient(tolerance = 1e-6) {
  const h = 1e-6;
  let worst = 0.0;
  for (let trial = 0; trial < 7; trial++) {
    const weights = pack(init(trial)).map((w, i) => w + 0.2 * _uniform(trial, i) - 0.1);
    const direction = weights.map((_, i) => 2.0 * _uniform(trial + 100, i) - 1.0);
    const xs = [0, 1, 2, 3].map((k) =>
      Array.from({ length: 2 }, (_, i) => 2.0 * _uniform(trial + 200, 2 * k + i) - 1.0),
    );
    for (const x of xs) {
      x[0] = Math.floor(((x[0] + 1.0) / 2.0) * 24.0);
      x[1] = Math.floor(((x[1] + 1.0) / 2.0) * 30.0);
    }
    const ys = [0, 1, 2, 3].map((k) => [k % 2 ? 1.0 : 0.0]);
    const slopes = _no_slopes();
    const here = _batch(unpack(weights), xs, ys, [0, 1, 2, 3], slopes);
    const slope = pack(slopes).reduce((total, g, i) => total + direction[i] * g, 0.0);
    const forth = weights.map((w, i) => w + h * direction[i]);
    const back = weights.map((w, i) => w - h * direction[i]);
    const ahead = _batch(unpack(forth), xs, ys, [0, 1, 2, 3], slopes);
    const behind = _batch(unpack(back), xs, ys, [0, 1, 2, 3], slopes);
    const curvature = (ahead - 2.0 * here + behind) / (h * h);
    const error = Math.abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + Math.abs(slope) + Math.abs(curvature));
    if (!(error <= tolerance)) {
      throw new RangeError(`expected a gradient within ${tolerance} of differences of the loss, got ${error}`);
    }
    worst = Math.max(worst, error);
  }
  return worst;
}
