/*
digits, a neural network: its equations forward and backward, and how it learns.

    pixel: 64 -> hidden: 32 relu -> output: 10 softmax

Reads handwritten digits from images of 8 by 8 pixels (Alpaydin and Kaynak, 1998). The softmax output gives each of the
ten digits a probability. Two thirds of the images train the network, the others test it.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.5; 30 epochs in batches of 32.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; W_hidden[i][j] is
the weight that leads to unit i of hidden from unit j of pixel.

Written by nngen from the spec digits: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[][][]} Params - matrices in the order of PARAMETERS; biases are a matrix of one row */
export const PARAMETERS = ["W_hidden", "b_hidden", "W_output", "b_output"];

// the rows and the columns of each matrix; a vector is a matrix of one row
const _SHAPES = [[32, 64], [1, 32], [10, 32], [1, 10]];

/** The outputs of one example: 64 numbers → 10 numbers. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  const [W_hidden, [b_hidden], W_output, [b_output]] = _check_shapes(params);
  _check_list(x, 64, "inputs");

  // hidden ← pixel: weighted sums, then relu (the slope at z = 0 is set to 0)
  const z_hidden = _affine(W_hidden, x, b_hidden);
  const a_hidden = z_hidden.map((z) => Math.max(z, 0.0));

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_output = _affine(W_output, a_hidden, b_output);
  const top_output = _largest(z_output);
  const e_output = z_output.map((z) => Math.exp(z - top_output));
  const total_output = _sum(e_output);
  const a_output = e_output.map((e) => e / total_output);

  return a_output;
}

/** The loss of one example. @type {(params: Params, x: number[], y: number[]) => number} */
export const loss = (params, x, y) => _gradient(params, x, y, null);

/** The loss, and its slope by each parameter. @type {(params: Params, x: number[], y: number[]) => [number, Params]} */
export function gradient(params, x, y) {
  const slopes = params.map((W) => W.map((row) => [...row].fill(0.0)));
  const loss = _gradient(params, x, y, slopes);
  return [loss, slopes];
}

// The loss; its derivatives, times a factor, are added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Params | null, factor?: number) => number} */
function _gradient(params, x, y, slopes, factor = 1.0) {
  const [W_hidden, [b_hidden], W_output, [b_output]] = _check_shapes(params);
  _check_list(x, 64, "inputs");
  const y_output = _check_list(y, 10, "targets");

  // hidden ← pixel: weighted sums, then relu (the slope at z = 0 is set to 0)
  const z_hidden = _affine(W_hidden, x, b_hidden);
  const a_hidden = z_hidden.map((z) => Math.max(z, 0.0));

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_output = _affine(W_output, a_hidden, b_output);
  const top_output = _largest(z_output);
  const e_output = z_output.map((z) => Math.exp(z - top_output));
  const total_output = _sum(e_output);
  const a_output = e_output.map((e) => e / total_output);

  // the loss: cross_entropy
  const loss = _sum(y_output.map((y, i) => y * (Math.log(total_output) - (z_output[i] - top_output))));
  if (!slopes) return loss;
  const [dW_hidden, [db_hidden], dW_output, [db_output]] = slopes;

  // output: the slopes of softmax and of the logarithm cancel, only the difference remains
  const dz_output = a_output.map((a, i) => a - y_output[i]);

  // hidden ← output: the error flows back along the same weights
  const da_hidden = _dot_columns(W_output, dz_output);
  const dz_hidden = da_hidden.map((da, i) => da * (z_hidden[i] > 0.0 ? 1.0 : 0.0));

  // the derivative with respect to a weight: that of its unit, times its input
  _add_outer(dW_output, dz_output, a_hidden, factor);
  _add(db_output, dz_output, factor);
  _add_outer(dW_hidden, dz_hidden, x, factor);
  _add(db_hidden, dz_hidden, factor);

  return loss;
}

// --- Below: training and predictions. ---

/** The inputs of the network, from the numbers of the data. @type {(x: number[]) => number[]} */
export const scale = (x) => _check_list(x, 64, "inputs").map((value) => value / 16.0);

// the columns of a row, as the data name them
/** @typedef {Record<(typeof COLUMNS)[number], unknown> | unknown[]} Row - by name, or in the order of COLUMNS */
export const COLUMNS = /** @type {const} */ ([
  "pixel1", "pixel2", "pixel3", "pixel4", "pixel5", "pixel6", "pixel7", "pixel8", "pixel9", "pixel10",
  "pixel11", "pixel12", "pixel13", "pixel14", "pixel15", "pixel16", "pixel17", "pixel18", "pixel19", "pixel20",
  "pixel21", "pixel22", "pixel23", "pixel24", "pixel25", "pixel26", "pixel27", "pixel28", "pixel29", "pixel30",
  "pixel31", "pixel32", "pixel33", "pixel34", "pixel35", "pixel36", "pixel37", "pixel38", "pixel39", "pixel40",
  "pixel41", "pixel42", "pixel43", "pixel44", "pixel45", "pixel46", "pixel47", "pixel48", "pixel49", "pixel50",
  "pixel51", "pixel52", "pixel53", "pixel54", "pixel55", "pixel56", "pixel57", "pixel58", "pixel59", "pixel60",
  "pixel61", "pixel62", "pixel63", "pixel64",
]);

// the classes in the order of the outputs
export const CLASSES = /** @type {const} */ (["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);

// the texts that mean a missing value
const _MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"];

/** The inputs of the network for a row of the data. @type {(row: Row) => number[]} */
export const encode = (row) => scale(_values(row).map((value, i) => _number_of(COLUMNS[i], value, null)));

/** The class that the outputs stand for. @type {(outputs: number[]) => (typeof CLASSES)[number]} */
export function decode(outputs) {
  _check_outputs(outputs);
  let best = 0;
  for (let i = 0; i < outputs.length; i++) {
    if (outputs[i] > outputs[best]) {
      best = i;
    }
  }
  return CLASSES[best];
}

/** The answer for a row of the data. @type {(params: Params, row: Row) => (typeof CLASSES)[number]} */
export const predict = (params, row) => decode(forward(params, encode(row)));

/**
 * The probability of each of CLASSES for a row of the data.
 * @type {(params: Params, row: Row) => Record<string, number>}
 */
export function predict_proba(params, row) {
  const outputs = forward(params, encode(row));
  _check_outputs(outputs);
  return Object.fromEntries(CLASSES.map((name, i) => [name, outputs[i]]));
}

/** Refuse outputs that are no numbers: NaN comes of numbers that are too large. @type {(outputs: number[]) => void} */
function _check_outputs(outputs) {
  for (const output of outputs) {
    if (Number.isNaN(output)) throw new RangeError("outputs: expected numbers, got NaN");
  }
}

/** @typedef {[]} State - of gradient_descent: empty */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [];

/** One step of gradient_descent. @type {(params: Params, gradient: Params, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = _check_shapes(params).map((W) => W.map((row) => [...row]));
  _update(updated, gradient);
  return [updated, state];
}

/** Update parameters by their derivatives, in place. @type {(params: Params, slopes: Params) => void} */
function _update(params, slopes) {
  const [ws, gs] = [_rows(params), _rows(slopes)];
  for (let k = 0; k < ws.length; k++) {
    const [row, dw] = [ws[k], gs[k]];
    for (let j = 0; j < row.length; j++) {
      row[j] = row[j] - 0.5 * dw[j];
    }
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export const train_step = (params, x, y, state) => [_gradient(params, x, y, params, -0.5), params, state];

/**
 * Train on examples, and return the parameters and the loss of each epoch, measured before each step.
 *
 * Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null takes all
 * in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends training.
 * @type {(params: Params, xs: number[][], ys: number[][], options?: { epochs?: number, batch_size?: number | null,
 *   seed?: number | null, callback?: (epoch: number, loss: number, params: Params) => unknown }) => [Params, number[]]}
 */
export function fit(params, xs, ys, { epochs = 30, batch_size = 32, seed = 0, callback } = {}) {
  const size = _size(xs, ys, batch_size);
  const places = xs.map((_, i) => i);
  let epoch = 0;
  params = params.map((W) => W.map((row) => [...row])); // training changes it in place
  const slopes = params.map((W) => W.map((row) => [...row].fill(0.0)));
  const history = /** @type {number[]} */ ([]);
  while (epoch < epochs) {
    let loss_of_epoch = 0.0;
    const drawn = _order(places, seed, epoch);
    if (size === 1) { // each parameter changes where its derivative is known
      for (const k of drawn) {
        loss_of_epoch += _gradient(params, xs[k], ys[k], params, -0.5);
      }
    } else {
      for (let first = 0; first < drawn.length; first += size) {
        const batch = drawn.slice(first, first + size);
        const whole = batch.length;
        const loss = _train_batch(params, xs, ys, batch, whole, slopes);
        loss_of_epoch += loss * whole;
      }
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
 * @type {(params: Params, xs: number[][], ys: number[][], batch: number[], whole: number, slopes: Params) => number}
 */
function _train_batch(params, xs, ys, batch, whole, slopes) {
  let loss = 0.0;
  for (const k of batch) {
    loss += _gradient(params, xs[k], ys[k], slopes);
  }
  loss /= whole;
  _rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / whole)));
  _update(params, slopes);
  _rows(slopes).forEach((row) => row.fill(0.0));
  return loss;
}

/** Initial parameters: a seed gives the same numbers in every target. @type {(seed?: number) => Params} */
export function init(seed = 1) {
  const W_hidden = Array.from({ length: 2048 }, (_, i) => Math.sqrt(2.0 / 64) * _normal(seed, i));
  const b_hidden = Array(32).fill(0.0);
  const W_output = Array.from({ length: 320 }, (_, i) => Math.sqrt(2.0 / 32) * _normal(seed, 2080 + i));
  const b_output = Array(10).fill(0.0);
  return _matrices([...W_hidden, ...b_hidden, ...W_output, ...b_output]);
}

// The sum of products of x with each row of a matrix, plus b.
/** @type {(W: number[][], x: number[], b?: number[]) => number[]} */
function _affine(W, x, b = W.map(() => 0.0)) {
  const sums = [...b];
  let i = 0;
  // four rows at a time, since each addition waits for the one before it
  for (; i + 4 <= W.length; i += 4) {
    const [one, two, three, four] = [W[i], W[i + 1], W[i + 2], W[i + 3]];
    let [p, q, r, s] = [0.0, 0.0, 0.0, 0.0];
    for (let j = 0; j < x.length; j++) {
      p += one[j] * x[j];
      q += two[j] * x[j];
      r += three[j] * x[j];
      s += four[j] * x[j];
    }
    sums[i] += p;
    sums[i + 1] += q;
    sums[i + 2] += r;
    sums[i + 3] += s;
  }
  for (; i < W.length; i++) {
    sums[i] += _dot(W[i], x);
  }
  return sums;
}

/** The rows of all matrices; flat() takes ten times as long. @type {(matrices: Params) => number[][]} */
function _rows(matrices) {
  const rows = /** @type {number[][]} */ ([]);
  for (const W of matrices) {
    rows.push(...W);
  }
  return rows;
}

/** The largest number; NaN if one is NaN. @type {(values: number[]) => number} */
function _largest(values) {
  let top = values[0];
  for (const value of values) {
    top = Math.max(top, value);
  }
  return top;
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

// The sum of products of v with each column of a matrix, four rows at a time.
/** @type {(rows: number[][], v: number[]) => number[]} */
function _dot_columns(rows, v) {
  const totals = [...rows[0]].fill(0.0);
  let i = 0;
  for (; i + 4 <= rows.length; i += 4) {
    const [one, two, three, four] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3]];
    const [a, b, c, d] = [v[i], v[i + 1], v[i + 2], v[i + 3]];
    for (let j = 0; j < totals.length; j++) {
      totals[j] = totals[j] + one[j] * a + two[j] * b + three[j] * c + four[j] * d;
    }
  }
  for (; i < rows.length; i++) {
    const [row, factor] = [rows[i], v[i]];
    for (let j = 0; j < totals.length; j++) {
      totals[j] += row[j] * factor;
    }
  }
  return totals;
}

/** Add a vector to sums, times a factor. @type {(sums: number[], v: number[], factor?: number) => void} */
function _add(sums, v, factor = 1.0) {
  for (let i = 0; i < v.length; i++) {
    sums[i] += factor * v[i];
  }
}

// Add the product of each number of v with each of w, times a factor; in four rows at a time, so that each of w is read
// once for four.
/** @type {(sums: number[][], v: number[], w: number[], factor?: number) => void} */
function _add_outer(sums, v, w, factor = 1.0) {
  let i = 0;
  for (; i + 4 <= v.length; i += 4) {
    const [one, two, three, four] = [sums[i], sums[i + 1], sums[i + 2], sums[i + 3]];
    const [a, b, c, d] = [v[i], v[i + 1], v[i + 2], v[i + 3]];
    for (let j = 0; j < w.length; j++) {
      one[j] += factor * (a * w[j]);
      two[j] += factor * (b * w[j]);
      three[j] += factor * (c * w[j]);
      four[j] += factor * (d * w[j]);
    }
  }
  for (; i < v.length; i++) {
    for (let j = 0; j < w.length; j++) {
      sums[i][j] += factor * (v[i] * w[j]);
    }
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

/** The number of a text such as -012.5e3; NaN if it is none. @type {(text: string) => number} */
const _parsed = (text) => (/^[-+.0-9eE]+$/.test(text) ? Number(text) : NaN); // Number alone would take 0x10, too

/** Whether a value is missing. @type {(cell: unknown) => boolean} */
function _is_missing(cell) {
  if (typeof cell === "string") return _MISSING.includes(_bare(cell));
  if (typeof cell === "number") return Number.isNaN(cell);
  return cell === null || cell === undefined;
}

// The number of a column, also one written as a text, or what replaces a missing one.
/** @type {(column: string, cell: unknown, fill: number | null) => number} */
function _number_of(column, cell, fill) {
  if (_is_missing(cell)) {
    if (fill === null) throw new RangeError(`${column}: expected a value, but the value is missing`);
    return fill;
  }
  let found = NaN;
  if (typeof cell === "number") {
    found = cell;
  } else if (typeof cell === "string") {
    found = _parsed(_bare(cell));
  }
  if (Math.abs(found) <= 1e100) return found;
  throw new RangeError(`${column}: expected a number up to 1e+100, got ${_shown(cell)}`);
}

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

/** A flat list as matrices. @type {(flat: number[]) => Params} */
function _matrices(flat) {
  let start = 0;
  return _SHAPES.map(([rows, columns]) =>
    Array.from({ length: rows }, () => flat.slice(start, (start += columns))),
  );
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
    return params[k]?.length === rows && params[k].every((row) => row?.length === columns);
  });
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
  return params;
}

/** The list; another length is refused. @type {(values: number[], count: number, what: string) => number[]} */
function _check_list(values, count, what) {
  if (values?.length !== count) throw new RangeError(`expected ${count} ${what}, got ${values?.length}`);
  return values;
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
