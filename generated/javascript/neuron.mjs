/*
neuron, a neural network: its equations forward and backward, and how it learns.

    x: 3 -> output: 1 step

One artificial neuron with given weights. It fires, with an output of 1, where the weighted sum of its inputs exceeds a
threshold of 0.75. The threshold is written as a bias of -0.75, so that the sum is compared with 0.

Loss: perceptron, (a - y) z, summed over the outputs, the mean over a batch.
Training: perceptron, w = w + rate (y - a) x, rate = 1.0; 1 epochs in batches of 1.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_y_x1 is the
weight that leads to y from x1.

Written by nngen from the spec neuron: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */
export const PARAMETERS = ["w_y_x1", "w_y_x2", "w_y_x3", "b_y"];

/** The outputs of one example: x1, x2, x3 → y. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  _check_list(params, 4, "parameters");
  const { 0: x1, 1: x2, 2: x3 } = _check_list(x, 3, "inputs");
  const { 0: w_y_x1, 1: w_y_x2, 2: w_y_x3, 3: b_y } = params;

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  return [a_y];
}

/** The loss of one example. @type {(params: Params, x: number[], y: number[]) => number} */
export const loss = (params, x, y) => _gradient(params, x, y, null);

/** The loss, and its slope by each parameter. @type {(params: Params, x: number[], y: number[]) => [number, Params]} */
export function gradient(params, x, y) {
  const slopes = [...params].fill(0.0);
  const loss = _gradient(params, x, y, slopes);
  return [loss, slopes];
}

// The loss; its derivatives are added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Params | null) => number} */
function _gradient(params, x, y, slopes) {
  _check_list(params, 4, "parameters");
  const { 0: x1, 1: x2, 2: x3 } = _check_list(x, 3, "inputs");
  const { 0: y_y } = _check_list(y, 1, "target");
  const { 0: w_y_x1, 1: w_y_x2, 2: w_y_x3, 3: b_y } = params;

  // output ← x: weighted sums, then step (the value at z = 0 is 0)
  const z_y = b_y + w_y_x1 * x1 + w_y_x2 * x2 + w_y_x3 * x3;
  const a_y = z_y > 0.0 ? 1.0 : 0.0;

  // the loss: perceptron
  const loss = (a_y - y_y) * z_y;
  if (!slopes) return loss;

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

// --- Below: training. ---

/** @typedef {[]} State - of perceptron: empty */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [];

/** One step of perceptron. @type {(params: Params, gradient: Params, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = [..._check_list(params, 4, "parameters")];
  _update(updated, gradient);
  return [updated, state];
}

/** Update parameters by their derivatives, in place. @type {(params: Params, slopes: Params) => void} */
function _update(params, slopes) {
  for (let i = 0; i < params.length; i++) {
    params[i] = params[i] - slopes[i];
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export function train_step(params, x, y, state) {
  const slopes = [...params].fill(0.0);
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
export function fit(params, xs, ys, { epochs = 1, batch_size = 1, seed = null, callback } = {}) {
  const size = _size(xs, ys, batch_size);
  const places = xs.map((_, i) => i);
  let epoch = 0;
  params = [...params]; // training changes it in place
  const slopes = [...params].fill(0.0);
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
    if (callback?.(epoch - 1, loss_of_epoch, [...params])) break;
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
  slopes.forEach((slope, j) => (slopes[j] = slope / whole));
  _update(params, slopes);
  slopes.fill(0.0);
  return loss;
}

/** Initial parameters: a seed gives the same numbers in every target. @type {(seed?: number) => Params} */
export function init(seed = 0) {
  const W_output = [0.5, 0.5, -1.0];
  const b_output = [-0.75];
  return [...W_output, ...b_output];
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

// The places of examples in the order of an epoch: each has a random number, and the smallest comes first.
/** @type {(places: number[], seed: number | null, epoch: number) => number[]} */
function _order(places, seed, epoch) {
  if (seed === null) return places;
  const numbers = places.map((_, i) => _bits(seed, epoch * places.length + i));
  return [...numbers.keys()].sort((i, k) => numbers[i] - numbers[k]).map((i) => places[i]);
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
