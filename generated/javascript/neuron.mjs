/*
neuron, a neural network: its equations forward and backward, and how it learns.

    x: 3 -> output: 1 step

One artificial neuron with given weights. It fires, with an output of 1, where the weighted sum of its inputs exceeds a
threshold of 0.75. The threshold is written as a bias of -0.75, so that the sum is compared with 0.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 1 epochs in batches of 1.

dX is the derivative of the loss by X. z is a weighted sum, a an activation, y a target; w_y_x1 is the weight that leads
to y from x1.

Written by nngen from the spec neuron: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node. This checks its gradient:

    node -e "import('./neuron.mjs').then((net) => console.log(net.check_gradient()))"
*/

/* eslint-disable */

export const PARAMETERS = ["w_y_x1", "w_y_x2", "w_y_x3", "b_y"];

// the network, and the order of its parameters in a flat list, for pack, unpack, save and load
export const LAYOUT = "neuron W_output[y][x1 x2 x3] b_output[y]";

/** @typedef {number[]} Params */
/** @typedef {number[][]} Rows */

/**
 * The outputs of one example: x1, x2, x3 → y.
 * @type {(params: Params, x: number[]) => number[]}
 */
export function forward(params, x) {
  _check_params(params);
  _check_inputs(x);
  const { 0: w_y_x1, 1: w_y_x2, 2: w_y_x3, 3: b_y } = params;
  const { 0: x1, 1: x2, 2: x3 } = x;

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  return [a_y];
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
 * @type {(params: Params, x: number[], y: number[]) => [number, Params]}
 */
export function gradient(params, x, y) {
  _check_params(params);
  _check_inputs(x);
  _check_targets(y);
  const slopes = [...params].fill(0.0);
  return [_gradient(params, x, y, slopes), slopes];
}

// The loss; its derivative by each parameter is added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Params | null) => number} */
function _gradient(params, x, y, slopes) {
  const { 0: w_y_x1, 1: w_y_x2, 2: w_y_x3, 3: b_y } = params;
  const { 0: x1, 1: x2, 2: x3 } = x;
  const { 0: y_y } = y;

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  // the loss: perceptron
  const loss = (a_y - y_y) * z_y;
  if (!slopes) {
    return loss;
  }

  // output: 0 for a right answer, otherwise the sign of the error; step has no useful slope
  const dz_y = a_y - y_y;
  const dw_y_x1 = dz_y * x1;
  const dw_y_x2 = dz_y * x2;
  const dw_y_x3 = dz_y * x3;
  slopes[0] += dw_y_x1; slopes[1] += dw_y_x2; slopes[2] += dw_y_x3;
  const db_y = dz_y;
  slopes[3] += db_y;

  return loss;
}

// --- Below: training, files and a check of the gradient. ---

/**
 * The initial state of perceptron: empty.
 * @type {(params: Params) => []}
 */
export function init_state(params) {
  return [];
}

/**
 * One step of training by perceptron.
 * @type {(params: Params, gradient: Params, state: []) => [Params, []]}
 */
export function step(params, gradient, state) {
  const updated = pack(params);
  _update([updated], [gradient]);
  return [updated, state];
}

// Update rows of parameters by their derivatives.
/** @type {(ws: Rows, gs: Rows) => void} */
function _update(ws, gs) {
  for (let k = 0; k < ws.length; k++) {
    const [row, slopes] = [ws[k], gs[k]];
    for (let j = 0; j < row.length; j++) {
      row[j] = row[j] - slopes[j];
    }
  }
}

/**
 * Gradient and step in one. It changes params and state in place, and returns the loss before the step with both.
 * @type {(params: Params, x: number[], y: number[], state: []) => [number, Params, []]}
 */
export function train_step(params, x, y, state) {
  _check_params(params);
  _check_inputs(x);
  _check_targets(y);
  const slopes = [...params].fill(0.0);
  const loss = _gradient(params, x, y, slopes);
  _update([params], [slopes]);
  return [loss, params, state];
}

// The loss of the examples of a batch, the mean over the examples; its derivatives go to slopes.
/** @type {(params: Params, xs: Rows, ys: Rows, batch: number[], slopes: Params) => number} */
function _batch(params, xs, ys, batch, slopes) {
  let total = 0.0;
  slopes.fill(0.0);
  for (const k of batch) {
    total += _gradient(params, xs[k], ys[k], slopes);
  }
  for (let j = 0; batch.length > 1 && j < slopes.length; j++) {
    slopes[j] /= batch.length;
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
export function fit(params, xs, ys, { epochs = 1, batch_size = 1, seed = null, callback, progress } = {}) {
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
  params = [...params];
  const slopes = [...params].fill(0.0);
  const [ws, gs] = [[params], [slopes]];
  for (; epoch < epochs; epoch++) {
    const order = _order(xs.length, seed, epoch);
    let total = 0.0;
    for (let start = 0; start < xs.length; start += size) {
      const batch = order.slice(start, start + size);
      total += _batch(params, xs, ys, batch, slopes) * batch.length;
      _update(ws, gs);
    }
    history.push(total / xs.length);
    progress = [epoch + 1, state];
    if (callback?.(epoch, history[history.length - 1], [...params], progress)) {
      break;
    }
  }
  return [params, history];
}

/**
 * Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target.
 * @type {(seed?: number) => Params}
 */
export function init(seed = 0) {
  _check_seed(seed);
  const W_output = [0.5, 0.5, -1.0];
  const b_output = [-0.75];
  return unpack([...W_output, ...b_output]);
}

/**
 * The parameters as a flat list, in the order of LAYOUT.
 * @type {(params: Params) => number[]}
 */
export function pack(params) {
  if (params?.length !== 4) {
    throw new RangeError(`expected 4 parameters, got ${params?.length}`);
  }
  return [...params];
}

/**
 * The parameters from a flat list, in the order of LAYOUT.
 * @type {(flat: number[]) => Params}
 */
export function unpack(flat) {
  _check_numbers(flat, 4, "parameters");
  return [...flat];
}

// Refuse parameters that do not fit.
/** @type {(params: Params) => void} */
function _check_params(params) {
  _check_numbers(params, 4, "parameters");
}

// Refuse inputs that do not fit.
/** @type {(x: number[]) => void} */
function _check_inputs(x) {
  _check_numbers(x, 3, "inputs");
}

// Refuse targets that the loss does not accept.
/** @type {(y: number[]) => void} */
function _check_targets(y) {
  _check_numbers(y, 1, "target");
  if (!y.every((y) => y * (1.0 - y) === 0.0)) {
    throw new RangeError(`expected targets that are 0 or 1, got [${y}]`);
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
      Array.from({ length: 3 }, (_, i) => 2.0 * _uniform(trial + 200, 3 * k + i) - 1.0),
    );
    const ys = [0, 1, 2, 3].map((k) => [k % 2 ? 1.0 : 0.0]);
    const slopes = unpack(Array(4).fill(0.0));
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
