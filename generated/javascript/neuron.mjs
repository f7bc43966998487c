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

// the network, and the order of its parameters where they are a flat list: in pack, unpack, save and load
export const LAYOUT = "neuron W_output[y][x1 x2 x3] b_output[y]";

/**
 * The outputs of one example: x1, x2, x3 → y.
 * @param {number[]} params
 * @param {number[]} x
 * @returns {number[]}
 */
export function forward(params, x) {
  if (params.length !== 4 || x.length !== 3) {
    throw new RangeError(`expected 4 parameters and 3 inputs, got ${params.length} and ${x.length}`);
  }
  _check_numbers(params);
  _check_numbers(x);
  const [w_y_x1, w_y_x2, w_y_x3, b_y] = params;
  const [x1, x2, x3] = x;

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  return [a_y];
}

/**
 * The loss of one example.
 * @param {number[]} params
 * @param {number[]} x
 * @param {number[]} y
 * @returns {number}
 */
export function loss(params, x, y) {
  return gradient(params, x, y)[0];
}

/**
 * The loss of one example, and its derivative by each parameter.
 * @param {number[]} params
 * @param {number[]} x
 * @param {number[]} y
 * @returns {[number, number[]]}
 */
export function gradient(params, x, y) {
  if (params.length !== 4 || x.length !== 3 || y.length !== 1) {
    throw new RangeError(
      `expected 4 parameters, 3 inputs and 1 target, got ${params.length}, ${x.length} and ${y.length}`
    );
  }
  _check_numbers(params);
  _check_numbers(x);
  _check_numbers(y);
  const [w_y_x1, w_y_x2, w_y_x3, b_y] = params;
  const [x1, x2, x3] = x;
  const [y_y] = y;
  if (!(y_y * (1.0 - y_y) === 0.0)) {
    throw new RangeError(`expected targets that are 0 or 1, got [${y}]`);
  }

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  // the loss: perceptron
  const loss = (a_y - y_y) * z_y;

  // output: 0 for a right answer, otherwise the sign of the error; step has no useful slope
  const dz_y = a_y - y_y;
  const dw_y_x1 = dz_y * x1;
  const dw_y_x2 = dz_y * x2;
  const dw_y_x3 = dz_y * x3;
  const db_y = dz_y;

  return [loss, [dw_y_x1, dw_y_x2, dw_y_x3, db_y]];
}

/**
 * The state that training starts from: perceptron remembers nothing.
 * @param {number[]} params
 * @returns {[]}
 */
export function init_state(params) {
  return [];
}

/**
 * One step of training by perceptron.
 * @param {number[]} params
 * @param {number[]} gradient
 * @param {[]} state
 * @returns {[number[], []]}
 */
export function step(params, gradient, state) {
  const updated = params.map((w, i) => w - 1.0 * gradient[i]);
  return [updated, state];
}

/**
 * The loss of several examples and its gradient, the mean over the examples.
 * @param {number[]} params
 * @param {number[][]} xs
 * @param {number[][]} ys
 * @returns {[number, number[]]}
 */
function _batch(params, xs, ys) {
  let total = 0.0;
  const slopes = Array(4).fill(0.0);
  for (let k = 0; k < xs.length; k++) {
    const [more, others] = gradient(params, xs[k], ys[k]);
    total += more;
    others.forEach((other, i) => (slopes[i] += other));
  }
  return [total / xs.length, slopes.map((slope) => slope / xs.length)];
}

/**
 * Train on examples, and return the parameters and the loss of each epoch, as it was met.
 *
 * Each epoch takes the examples in a new order that the seed decides, or as they come where seed is null. A batch_size
 * of null takes all of them in one step. After each epoch callback(epoch, loss, params) is called; where it returns
 * true, training ends.
 * @param {number[]} params
 * @param {number[][]} xs
 * @param {number[][]} ys
 * @param {object} [options]
 * @param {number} [options.epochs]
 * @param {number | null} [options.batch_size]
 * @param {number | null} [options.seed]
 * @param {(epoch: number, loss: number, params: number[]) => unknown} [options.callback]
 * @returns {[number[], number[]]}
 */
export function fit(params, xs, ys, { epochs = 1, batch_size = 1, seed = null, callback } = {}) {
  const size = batch_size ?? xs.length;
  if (xs.length !== ys.length || !(xs.length > 0) || !Number.isInteger(size) || size < 1) {
    const got = `${xs.length}, ${ys.length} and ${size}`;
    throw new RangeError(`expected as many xs as ys, at least 1, and batches of at least 1; got ${got}`);
  }
  let state = init_state(params);
  /** @type {number[]} */
  const history = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = _order(xs.length, seed, epoch);
    let total = 0.0;
    for (let start = 0; start < xs.length; start += size) {
      const batch = order.slice(start, start + size);
      const [some_xs, some_ys] = [batch.map((i) => xs[i]), batch.map((i) => ys[i])];
      const [met, slopes] = _batch(params, some_xs, some_ys);
      [params, state] = step(params, slopes, state);
      total += met * batch.length;
    }
    history.push(total / xs.length);
    if (callback?.(epoch, history[epoch], params)) {
      break;
    }
  }
  return [params, history];
}

/**
 * The order of an epoch's examples: each draws a number, and the lowest comes first.
 * @param {number} count
 * @param {number | null} seed
 * @param {number} epoch
 * @returns {number[]}
 */
function _order(count, seed, epoch) {
  const order = Array.from({ length: count }, (_, i) => i);
  if (seed === null) {
    return order;
  }
  const drawn = order.map((i) => _bits(seed, epoch * count + i));
  return order.sort((one, other) => drawn[one] - drawn[other]);
}

/**
 * Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target.
 * @param {number} [seed]
 * @returns {number[]}
 */
export function init(seed = 0) {
  const W_output = [0.5, 0.5, -1.0];
  const b_output = [-0.75];
  return unpack([...W_output, ...b_output]);
}

/**
 * Random number index of the stream that belongs to seed, 32 bits: a hash, in integers of 32 bits only.
 * @param {number} seed
 * @param {number} index
 * @returns {number}
 */
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

/**
 * Random number index, uniform from 0 to 1.
 * @param {number} seed
 * @param {number} index
 * @returns {number}
 */
function _uniform(seed, index) {
  return _bits(seed, index) / 2 ** 32;
}

/**
 * The parameters as a flat list, in the order of LAYOUT.
 * @param {number[]} params
 * @returns {number[]}
 */
export function pack(params) {
  return [...params];
}

/**
 * The parameters from a flat list, in the order of LAYOUT.
 * @param {number[]} flat
 * @returns {number[]}
 */
export function unpack(flat) {
  if (flat.length !== 4) {
    throw new RangeError(`expected 4 parameters, got ${flat.length}`);
  }
  _check_numbers(flat);
  return [...flat];
}

/**
 * Refuse what is no number: + would join texts, and * would take null for 0.
 * @param {number[]} values
 * @returns {void}
 */
function _check_numbers(values) {
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] !== "number") {
      throw new RangeError(`expected a list of numbers, got ${String(values[i])} (${typeof values[i]}) at place ${i}`);
    }
  }
}

/**
 * The parameters as the text of a JSON file that the module of every target can load, exact to the last bit.
 * @param {number[]} params
 * @returns {string}
 */
export function save(params) {
  const flat = pack(params);
  if (!flat.every(Number.isFinite)) {
    throw new RangeError("expected finite parameters, got infinity or NaN");
  }
  const numbers = flat.map((value) => (Object.is(value, -0.0) ? "-0.0" : String(value))); // where JSON would have 0
  return `{"layout": ${JSON.stringify(LAYOUT)}, "parameters": [${numbers.join(", ")}]}`;
}

/**
 * Read parameters from the text of such a file; that of another network is a RangeError, a broken one a SyntaxError.
 * @param {string} text
 * @returns {number[]}
 */
export function load(text) {
  const content = JSON.parse(text);
  if (content?.layout !== LAYOUT) {
    throw new RangeError(`expected the parameters of '${LAYOUT}', got those of '${content?.layout}'`);
  }
  const flat = content.parameters;
  if (!Array.isArray(flat) || !flat.every(Number.isFinite)) {
    const got = String(JSON.stringify(flat)).slice(0, 80);
    throw new RangeError(`expected a list of finite numbers under 'parameters', got ${got}`);
  }
  return unpack(flat);
}

/**
 * The largest error of the gradient, against differences of the loss along random directions.
 *
 * It is relative to 1 + |slope| + |curvature|. Where a difference reaches across a kink, such as that of relu, it is no
 * slope, and the curvature is immense: there the error counts nothing. Above the tolerance it is a RangeError.
 * @param {number} [tolerance]
 * @returns {number}
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
    const ys = [0, 1, 2, 3].map((k) =>
      Array.from({ length: 1 }, (_, j) => ((j + k) % 2 ? 1.0 : 0.0)),
    );
    const [here, slopes] = _batch(unpack(weights), xs, ys);
    const slope = pack(slopes).reduce((total, g, i) => total + direction[i] * g, 0.0);
    const forth = weights.map((w, i) => w + h * direction[i]);
    const back = weights.map((w, i) => w - h * direction[i]);
    const [ahead] = _batch(unpack(forth), xs, ys);
    const [behind] = _batch(unpack(back), xs, ys);
    const curvature = (ahead - 2.0 * here + behind) / (h * h);
    const error = Math.abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + Math.abs(slope) + Math.abs(curvature));
    if (!(error <= tolerance)) {
      throw new RangeError(`expected a gradient within ${tolerance} of differences of the loss, got ${error}`);
    }
    worst = Math.max(worst, error);
  }
  return worst;
}
