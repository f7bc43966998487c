/*
ratings_mf, a neural network: its equations forward and backward, and how it learns.

    reader: 24 ids; book: 30 ids; reader -> taste: 3 embedding, linear; book -> content: 3 embedding, linear; reader ->
    generous: 1 embedding, linear; book -> good: 1 embedding, linear; taste + content -> affinity: 1 dot, linear;
    generous + good + affinity -> rating: 1 add, linear

How many stars a reader gives a book: mean + reader bias + book bias + taste · content.

Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.02, penalty l2: strength = 0.05; 60 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_taste[i] is the
row of the id i of reader, a number for each unit of taste.

Written by nngen from the spec ratings_mf: `nngen build` with that spec writes these bytes again. The file is yours:
read it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[][][]} Params - matrices in the order of PARAMETERS; biases are a matrix of one row */
export const PARAMETERS = ["W_taste", "W_content", "W_generous", "W_good", "b_rating"];

// the rows and the columns of each matrix; a vector is a matrix of one row
const _SHAPES = [[24, 3], [30, 3], [24, 1], [30, 1], [1, 1]];

// the places of the matrices of which an example needs a row
const _EMBEDDINGS = [0, 1, 2, 3];

// the inputs that are ids, and how many rows each has
/** @type {[string, number][]} */
const _COUNTS = [["reader", 24], ["book", 30]];

/** @typedef {any[]} Slopes - matrices; of an embedding a Map of the rows that the examples select */

/** The outputs of one example: reader, book → stars. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  const [W_taste, W_content, W_generous, W_good, [b_rating]] = _check_shapes(params);
  const [row_reader, row_book] = _check_inputs(x);

  // taste ← reader: the row of its matrix
  const z_taste = W_taste[row_reader];
  const a_taste = z_taste;

  // content ← book: the row of its matrix
  const z_content = W_content[row_book];
  const a_content = z_content;

  // generous ← reader: the row of its matrix
  const z_generous = W_generous[row_reader];
  const a_generous = z_generous;

  // good ← book: the row of its matrix
  const z_good = W_good[row_book];
  const a_good = z_good;

  // affinity ← taste, content: the dot product
  const z_affinity = [_dot(a_taste, a_content)];
  const a_affinity = z_affinity;

  // rating ← generous, good, affinity: sums, unit by unit
  const z_rating = [b_rating[0] + a_generous[0] + a_good[0] + a_affinity[0]];
  const a_rating = z_rating;

  return a_rating;
}

/** The loss of one example. @type {(params: Params, x: number[], y: number[]) => number} */
export const loss = (params, x, y) => _gradient(params, x, y, null);

/** The loss, and its slope by each parameter. @type {(params: Params, x: number[], y: number[]) => [number, Slopes]} */
export function gradient(params, x, y) {
  const slopes = _zeros(params);
  const loss = _gradient(params, x, y, slopes);
  return [loss, slopes];
}

// The loss; its derivatives are added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Slopes | null) => number} */
function _gradient(params, x, y, slopes) {
  const [W_taste, W_content, W_generous, W_good, [b_rating]] = _check_shapes(params);
  const [row_reader, row_book] = _check_inputs(x);
  const y_rating = _check_list(y, 1, "target");

  // taste ← reader: the row of its matrix
  const z_taste = W_taste[row_reader];
  const a_taste = z_taste;

  // content ← book: the row of its matrix
  const z_content = W_content[row_book];
  const a_content = z_content;

  // generous ← reader: the row of its matrix
  const z_generous = W_generous[row_reader];
  const a_generous = z_generous;

  // good ← book: the row of its matrix
  const z_good = W_good[row_book];
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
  loss = loss + _sum_of([W_taste[row_reader]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_content[row_book]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_generous[row_reader]], (w) => 0.5 * 0.05 * w ** 2);
  loss = loss + _sum_of([W_good[row_book]], (w) => 0.5 * 0.05 * w ** 2);
  if (!slopes) return loss;
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
  _add_row(dW_good, row_book, dz_good.map((dz, i) => dz + 0.05 * W_good[row_book][i]));

  // generous ← rating: the error flows back
  const da_generous = [dz_rating[0]];
  const dz_generous = da_generous;
  _add_row(dW_generous, row_reader, dz_generous.map((dz, i) => dz + 0.05 * W_generous[row_reader][i]));

  // content ← affinity: the error flows back
  const da_content = Array.from({ length: 3 }, (_, i) => dz_affinity[0] * a_taste[i]);
  const dz_content = da_content;
  _add_row(dW_content, row_book, dz_content.map((dz, i) => dz + 0.05 * W_content[row_book][i]));

  // taste ← affinity: the error flows back
  const da_taste = Array.from({ length: 3 }, (_, i) => dz_affinity[0] * a_content[i]);
  const dz_taste = da_taste;
  _add_row(dW_taste, row_reader, dz_taste.map((dz, i) => dz + 0.05 * W_taste[row_reader][i]));

  // the derivative with respect to a weight: that of its unit, times its input
  _add(db_rating, dz_rating);

  return loss;
}

// --- Below: training and predictions. ---

// the columns of a row, as the data name them
/** @typedef {Record<(typeof COLUMNS)[number], unknown> | unknown[]} Row - by name, or in the order of COLUMNS */
export const COLUMNS = /** @type {const} */ (["reader", "book"]);

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

// the texts that mean a missing value
const _MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"];

/** The inputs of the network for a row of the data. @type {(row: Row) => number[]} */
export function encode(row) {
  const [reader, book] = _values(row);
  return [
    // reader: the place of the id of the row, from 0
    _place_in("reader", reader, _listed(IDS, "reader"), -1, false),
    // book: the place of the id of the row, from 0
    _place_in("book", book, _listed(IDS, "book"), -1, false),
  ];
}

/** The answer in the units of the data. @type {(outputs: number[]) => number} */
export function decode(outputs) {
  _check_outputs(outputs);
  return outputs[0];
}

/** The answer for a row of the data. @type {(params: Params, row: Row) => number} */
export const predict = (params, row) => decode(forward(params, encode(row)));

/** Refuse outputs that are no numbers: NaN comes of numbers that are too large. @type {(outputs: number[]) => void} */
function _check_outputs(outputs) {
  for (const output of outputs) {
    if (Number.isNaN(output)) throw new RangeError("outputs: expected numbers, got NaN");
  }
}

/** @typedef {[]} State - of gradient_descent: empty */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [];

/** One step of gradient_descent. @type {(params: Params, gradient: Slopes, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = _check_shapes(params).map((W) => W.map((row) => [...row]));
  _update(updated, gradient);
  return [updated, state];
}

// Update parameters by their derivatives, in place. Only rows with derivatives change: the time does not grow with
// embeddings.
/** @type {(params: Params, slopes: Slopes) => void} */
function _update(params, slopes) {
  const [ws, gs] = [_selected(params, slopes), _rows(slopes)];
  for (let k = 0; k < ws.length; k++) {
    const [row, dw] = [ws[k], gs[k]];
    for (let j = 0; j < row.length; j++) {
      row[j] = row[j] - 0.02 * dw[j];
    }
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export function train_step(params, x, y, state) {
  const slopes = _zeros(params);
  const loss = _gradient(params, x, y, slopes);
  _update(params, slopes);
  return [loss, params, state];
}

/**
 * Train on examples, and return the parameters and the loss of each epoch, measured before each step.
 *
 * Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null takes all
 * in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends training.
 * @type {(params: Params, xs: number[][], ys: number[][], options?: { epochs?: number, batch_size?: number | null,
 *   seed?: number | null, callback?: (epoch: number, loss: number, params: Params) => unknown }) => [Params, number[]]}
 */
export function fit(params, xs, ys, { epochs = 60, batch_size = 1, seed = 0, callback } = {}) {
  const size = _size(xs, ys, batch_size);
  const places = xs.map((_, i) => i);
  let epoch = 0;
  params = params.map((W) => W.map((row) => [...row])); // training changes it in place
  const slopes = _zeros(params);
  const history = /** @type {number[]} */ ([]);
  while (epoch < epochs) {
    let loss_of_epoch = 0.0;
    const drawn = _order(places, seed, epoch);
    for (let first = 0; first < drawn.length; first += size) {
      const batch = drawn.slice(first, first + size);
      const whole = batch.length;
      const loss = _train_batch(params, xs, ys, batch, whole, slopes);
      loss_of_epoch += loss * whole;
    }
    loss_of_epoch /= places.length;
    history.push(loss_of_epoch);
    epoch++;
    if (callback?.(epoch - 1, loss_of_epoch, params.map((W) => W.map((row) => [...row])))) break;
  }
  return [params, history];
}

/**
 * Make a step on the examples of a batch, in place, and return their loss before the step.
 * @type {(params: Params, xs: number[][], ys: number[][], batch: number[], whole: number, slopes: Slopes) => number}
 */
function _train_batch(params, xs, ys, batch, whole, slopes) {
  let loss = 0.0;
  for (const k of batch) {
    loss += _gradient(params, xs[k], ys[k], slopes);
  }
  loss /= whole;
  _rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / whole)));
  _update(params, slopes);
  _EMBEDDINGS.forEach((k) => slopes[k].clear());
  _rows(slopes).forEach((row) => row.fill(0.0));
  return loss;
}

/** Initial parameters: a seed gives the same numbers in every target. @type {(seed?: number) => Params} */
export function init(seed = 1) {
  const W_taste = Array.from({ length: 72 }, (_, i) => 0.1 * _normal(seed, i));
  const W_content = Array.from({ length: 90 }, (_, i) => 0.1 * _normal(seed, 72 + i));
  const W_generous = Array.from({ length: 24 }, (_, i) => 0.1 * _normal(seed, 162 + i));
  const W_good = Array.from({ length: 30 }, (_, i) => 0.1 * _normal(seed, 186 + i));
  const b_rating = [3.3];
  return _matrices([...W_taste, ...W_content, ...W_generous, ...W_good, ...b_rating]);
}

/** The rows of all matrices; flat() takes ten times as long. @type {(matrices: Slopes) => number[][]} */
function _rows(matrices) {
  const rows = /** @type {number[][]} */ ([]);
  for (const W of matrices) {
    rows.push(...W.values());
  }
  return rows;
}

/** The sum, added one after the other. @type {(values: number[]) => number} */
function _sum(values) {
  let total = 0.0;
  for (const value of values) {
    total += value;
  }
  return total;
}

/** The sum of products, added one after the other. @type {(v: number[], w: number[]) => number} */
function _dot(v, w) {
  let total = 0.0;
  for (let i = 0; i < v.length; i++) {
    total += v[i] * w[i];
  }
  return total;
}

/** Derivatives of 0; those of an embedding have no rows yet. @type {(params: Params) => Slopes} */
function _zeros(params) {
  return params.map((W, k) => (_EMBEDDINGS.includes(k) ? new Map() : W.map((row) => [...row].fill(0.0))));
}

/** The rows of parameters that have derivatives. @type {(params: Params, slopes: Slopes) => number[][]} */
function _selected(params, slopes) {
  const rows = /** @type {number[][]} */ ([]);
  params.forEach((W, k) => {
    for (const r of slopes[k].keys()) {
      rows.push(W[r]);
    }
  });
  return rows;
}

/** Add a vector to the row of an id. @type {(sums: Map<number, number[]>, id: number, v: number[]) => void} */
function _add_row(sums, id, v) {
  const sum = sums.get(id);
  if (sum) {
    v.forEach((value, j) => (sum[j] += value));
  } else {
    sums.set(id, [...v]);
  }
}

/** The sum of a term of each number of a matrix. @type {(rows: number[][], term: (w: number) => number) => number} */
function _sum_of(rows, term) {
  let total = 0.0;
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) {
      total += term(row[j]);
    }
  }
  return total;
}

/** Add a vector to sums, times a factor. @type {(sums: number[], v: number[], factor?: number) => void} */
function _add(sums, v, factor = 1.0) {
  for (let i = 0; i < v.length; i++) {
    sums[i] += factor * v[i];
  }
}

// The values of a row in the order of COLUMNS; other keys are ignored.
/** @type {(row: Row) => unknown[]} */
function _values(row) {
  if (!Array.isArray(row)) {
    const absent = COLUMNS.filter((column) => !Object.hasOwn(Object(row), column));
    if (absent.length > 0) {
      throw new RangeError(`expected a row with the columns ${COLUMNS.join(", ")}; missing: ${absent.join(", ")}`);
    }
    return _values(COLUMNS.map((column) => row[column]));
  }
  if (row.length !== COLUMNS.length) {
    throw new RangeError(`expected ${COLUMNS.length} values, one for each of COLUMNS, got ${row.length}`);
  }
  return row;
}

/** A text without the space around it. @type {(text: string) => string} */
const _bare = (text) => text.replace(/^[ \t-\r]+|(?<![ \t-\r])[ \t-\r]+$/g, "");

// The texts that stand for a number, as Python writes it: 3 is also 3.0; none if a value has no finite one.
/** @type {(value: any) => string[]} */
function _number_texts(value) {
  if (typeof value === "bigint" || Number.isInteger(value)) {
    const text = String(BigInt(value)); // all digits
    return [text, `${text}.0`];
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return [];
  return [Math.abs(value) < 1e-4 ? value.toExponential().replace(/-(\d)$/, "-0$1") : String(value)];
}

/** The texts of a column. @type {(of: Map<string, any>, column: string) => readonly string[]} */
const _listed = (of, column) => of.get(column);

// The places of texts in each list of them.
/** @type {WeakMap<readonly string[], Map<string, number>>} */
const _PLACES = new WeakMap();

// The place of a text among those that are listed; the one after the last if it is not.
/** @type {(text: string, listed: readonly string[]) => number} */
function _place_of(text, listed) {
  let places = _PLACES.get(listed);
  if (!places) {
    places = new Map(listed.map((one, i) => [_bare(one), i]));
    _PLACES.set(listed, places);
  }
  return places.get(text) ?? listed.length;
}

/** Whether a value is missing. @type {(cell: unknown) => boolean} */
function _is_missing(cell) {
  if (typeof cell === "string") return _MISSING.includes(_bare(cell));
  if (typeof cell === "number") return Number.isNaN(cell);
  return cell === null || cell === undefined;
}

// The place of a value among the texts that are listed; the one after the last if it is not.
/** @type {(cell: unknown, listed: readonly string[]) => number} */
function _place_of_cell(cell, listed) {
  for (const text of _texts_of(cell)) {
    const place = _place_of(text, listed);
    if (place < listed.length) return place;
  }
  return listed.length;
}

/** The texts that stand for a value, as Python writes it. @type {(cell: unknown) => string[]} */
function _texts_of(cell) {
  if (typeof cell === "string") return [_bare(cell)];
  if (typeof cell === "boolean") {
    if (cell) return ["True", "true"];
    return ["False", "false"];
  }
  return _number_texts(cell);
}

// Whether a value is missing in a column of texts: one that is listed is not.
/** @type {(cell: unknown, listed: readonly string[]) => boolean} */
const _is_gap = (cell, listed) => _is_missing(cell) && _place_of_cell(cell, listed) === listed.length;

// The place of a value among the texts of a column; that of a missing one is the fill, if there is one. Unknown texts,
// if the column accepts them, have the place after the last.
/** @type {(column: string, cell: unknown, listed: readonly string[], fill: number, unknown: boolean) => number} */
function _place_in(column, cell, listed, fill, unknown) {
  if (_is_gap(cell, listed)) {
    if (fill < 0) throw new RangeError(`${column}: expected a value, but the value is missing`);
    return fill;
  }
  const place = _place_of_cell(cell, listed);
  if (place < listed.length || unknown && !(typeof cell === "object")) return place;
  throw new RangeError(`${column}: expected ${_one_of(listed)}, got ${_shown(cell)}`);
}

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

/** What a message says of the texts of a column. @type {(listed: readonly string[]) => string} */
const _one_of = (listed) => `one of ${listed.slice(0, 20).join(", ")}${listed.length > 20 ? ", ..." : ""}`;

/** A flat list as matrices. @type {(flat: number[]) => Params} */
function _matrices(flat) {
  let start = 0;
  return _SHAPES.map(([rows, columns]) =>
    Array.from({ length: rows }, () => flat.slice(start, (start += columns))),
  );
}

/** Refuse an id that no row belongs to. @type {(id: number, count: number, name: string) => void} */
function _check_id(id, count, name) {
  if (!(Number.isInteger(id) && 0 <= id && id < count)) {
    throw new RangeError(`expected ${name} to be a whole number from 0 to ${count - 1}, got ${id}`);
  }
}

// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
/** @type {(seed: number, index: number) => number} */
function _bits(seed, index) {
  let h = 0;
  for (const word of [index >>> 0, seed >>> 0]) {
    h = (h + word + 0x9e3779b9) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad) >>> 0;
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97) >>> 0;
    h = (h ^ (h >>> 15)) >>> 0;
  }
  return h;
}

// The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6.
/** @type {(seed: number, index: number) => number} */
function _normal(seed, index) {
  let total = 0.0;
  for (let k = 0; k < 12; k++) {
    total += _bits(seed, 12 * index + k);
  }
  return total / 4294967296.0 - 6.0;
}

// The places of examples in the order of an epoch: each has a random number, and the smallest comes first.
/** @type {(places: number[], seed: number | null, epoch: number) => number[]} */
function _order(places, seed, epoch) {
  if (seed === null) return places;
  const numbers = places.map((_, i) => _bits(seed, epoch * places.length + i));
  return [...numbers.keys()].sort((i, k) => numbers[i] - numbers[k]).map((i) => places[i]);
}

/** The matrices; other shapes are refused. @type {(params: Params) => Params} */
function _check_shapes(params) {
  const fits = _SHAPES.every(([rows, columns], k) => {
    return params[k]?.length === rows && _seen(params[k], k).every((row) => row?.length === columns);
  });
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
  return params;
}

// The rows of a matrix that are checked: of an embedding only the first, as there may be millions.
/** @type {(W: number[][], k: number) => number[][]} */
const _seen = (W, k) => (_EMBEDDINGS.includes(k) ? W.slice(0, 1) : W);

/** The list; another length is refused. @type {(values: number[], count: number, what: string) => number[]} */
function _check_list(values, count, what) {
  if (values?.length !== count) throw new RangeError(`expected ${count} ${what}, got ${values?.length}`);
  return values;
}

/** Inputs that fit; others are refused. @type {(x: number[]) => number[]} */
function _check_inputs(x) {
  _check_list(x, 2, "inputs");
  _COUNTS.forEach(([name, count], i) => _check_id(x[i], count, name));
  return x;
}

/** How many examples a step takes. @type {(xs: number[][], ys: number[][], batch_size: number | null) => number} */
function _size(xs, ys, batch_size) {
  const size = batch_size ?? xs?.length;
  if (xs?.length !== ys?.length || !(xs?.length > 0) || !Number.isInteger(size) || size < 1) {
    const got = `${xs?.length}, ${ys?.length} and ${size}`;
    throw new RangeError(`expected as many xs as ys, at least 1, and batches of at least 1; got ${got}`);
  }
  return size;
}
