/*
snake, a neural network: its equations forward and backward, and how it learns.

    x: 1 -> hidden: 8 snake -> output: 1 linear

Learns a sine from -6 to 6 and continues it beyond. The activation is a custom formula, from which nngen derives the
slope. It grows with its argument and swings around it, so that the network learns what repeats; a network of tanh
continues flat (Ziyin, Hartwig and Ueda, Neural networks fail to learn periodic functions and how to fix it, NeurIPS
2020).

Activation: snake, z + sin(z) ** 2.
Loss: squared_error, (a - y)^2, summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 1000 epochs in batches of 8.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_hidden1_x1 is
the weight that leads to hidden1 from x1.

Written by nngen from the spec snake: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */
export const PARAMETERS = [
  "w_hidden1_x1",
  "w_hidden2_x1",
  "w_hidden3_x1",
  "w_hidden4_x1",
  "w_hidden5_x1",
  "w_hidden6_x1",
  "w_hidden7_x1",
  "w_hidden8_x1",
  "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6", "b_hidden7", "b_hidden8",
  "w_y1_hidden1", "w_y1_hidden2", "w_y1_hidden3", "w_y1_hidden4",
  "w_y1_hidden5", "w_y1_hidden6", "w_y1_hidden7", "w_y1_hidden8",
  "b_y1",
];

/** The derivative of snake with respect to z. @type {(z: number) => number} */
const snake_slope = (z) => 1.0 + 2.0 * Math.sin(z) * Math.cos(z);

/** The outputs of one example: x1 → y1. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  _check_list(params, 25, "parameters");
  const { 0: x1 } = _check_list(x, 1, "input");
  const {
    0: w_hidden1_x1,
    1: w_hidden2_x1,
    2: w_hidden3_x1,
    3: w_hidden4_x1,
    4: w_hidden5_x1,
    5: w_hidden6_x1,
    6: w_hidden7_x1,
    7: w_hidden8_x1,
    8: b_hidden1, 9: b_hidden2, 10: b_hidden3, 11: b_hidden4,
    12: b_hidden5, 13: b_hidden6, 14: b_hidden7, 15: b_hidden8,
    16: w_y1_hidden1, 17: w_y1_hidden2, 18: w_y1_hidden3, 19: w_y1_hidden4,
    20: w_y1_hidden5, 21: w_y1_hidden6, 22: w_y1_hidden7, 23: w_y1_hidden8,
    24: b_y1,
  } = params;

  // hidden ← x: weighted sums, then snake
  const z_hidden1 = b_hidden1 + w_hidden1_x1 * x1;
  const z_hidden2 = b_hidden2 + w_hidden2_x1 * x1;
  const z_hidden3 = b_hidden3 + w_hidden3_x1 * x1;
  const z_hidden4 = b_hidden4 + w_hidden4_x1 * x1;
  const z_hidden5 = b_hidden5 + w_hidden5_x1 * x1;
  const z_hidden6 = b_hidden6 + w_hidden6_x1 * x1;
  const z_hidden7 = b_hidden7 + w_hidden7_x1 * x1;
  const z_hidden8 = b_hidden8 + w_hidden8_x1 * x1;
  const a_hidden1 = z_hidden1 + Math.sin(z_hidden1) ** 2;
  const a_hidden2 = z_hidden2 + Math.sin(z_hidden2) ** 2;
  const a_hidden3 = z_hidden3 + Math.sin(z_hidden3) ** 2;
  const a_hidden4 = z_hidden4 + Math.sin(z_hidden4) ** 2;
  const a_hidden5 = z_hidden5 + Math.sin(z_hidden5) ** 2;
  const a_hidden6 = z_hidden6 + Math.sin(z_hidden6) ** 2;
  const a_hidden7 = z_hidden7 + Math.sin(z_hidden7) ** 2;
  const a_hidden8 = z_hidden8 + Math.sin(z_hidden8) ** 2;

  // output ← hidden: weighted sums
  const z_y1 =
    b_y1 +
    w_y1_hidden1 * a_hidden1 +
    w_y1_hidden2 * a_hidden2 +
    w_y1_hidden3 * a_hidden3 +
    w_y1_hidden4 * a_hidden4 +
    w_y1_hidden5 * a_hidden5 +
    w_y1_hidden6 * a_hidden6 +
    w_y1_hidden7 * a_hidden7 +
    w_y1_hidden8 * a_hidden8;
  const a_y1 = z_y1;

  return [a_y1];
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
  _check_list(params, 25, "parameters");
  const { 0: x1 } = _check_list(x, 1, "input");
  const { 0: y_y1 } = _check_list(y, 1, "target");
  const {
    0: w_hidden1_x1,
    1: w_hidden2_x1,
    2: w_hidden3_x1,
    3: w_hidden4_x1,
    4: w_hidden5_x1,
    5: w_hidden6_x1,
    6: w_hidden7_x1,
    7: w_hidden8_x1,
    8: b_hidden1, 9: b_hidden2, 10: b_hidden3, 11: b_hidden4,
    12: b_hidden5, 13: b_hidden6, 14: b_hidden7, 15: b_hidden8,
    16: w_y1_hidden1, 17: w_y1_hidden2, 18: w_y1_hidden3, 19: w_y1_hidden4,
    20: w_y1_hidden5, 21: w_y1_hidden6, 22: w_y1_hidden7, 23: w_y1_hidden8,
    24: b_y1,
  } = params;

  // hidden ← x: weighted sums, then snake
  const z_hidden1 = b_hidden1 + w_hidden1_x1 * x1;
  const z_hidden2 = b_hidden2 + w_hidden2_x1 * x1;
  const z_hidden3 = b_hidden3 + w_hidden3_x1 * x1;
  const z_hidden4 = b_hidden4 + w_hidden4_x1 * x1;
  const z_hidden5 = b_hidden5 + w_hidden5_x1 * x1;
  const z_hidden6 = b_hidden6 + w_hidden6_x1 * x1;
  const z_hidden7 = b_hidden7 + w_hidden7_x1 * x1;
  const z_hidden8 = b_hidden8 + w_hidden8_x1 * x1;
  const a_hidden1 = z_hidden1 + Math.sin(z_hidden1) ** 2;
  const a_hidden2 = z_hidden2 + Math.sin(z_hidden2) ** 2;
  const a_hidden3 = z_hidden3 + Math.sin(z_hidden3) ** 2;
  const a_hidden4 = z_hidden4 + Math.sin(z_hidden4) ** 2;
  const a_hidden5 = z_hidden5 + Math.sin(z_hidden5) ** 2;
  const a_hidden6 = z_hidden6 + Math.sin(z_hidden6) ** 2;
  const a_hidden7 = z_hidden7 + Math.sin(z_hidden7) ** 2;
  const a_hidden8 = z_hidden8 + Math.sin(z_hidden8) ** 2;

  // output ← hidden: weighted sums
  const z_y1 =
    b_y1 +
    w_y1_hidden1 * a_hidden1 +
    w_y1_hidden2 * a_hidden2 +
    w_y1_hidden3 * a_hidden3 +
    w_y1_hidden4 * a_hidden4 +
    w_y1_hidden5 * a_hidden5 +
    w_y1_hidden6 * a_hidden6 +
    w_y1_hidden7 * a_hidden7 +
    w_y1_hidden8 * a_hidden8;
  const a_y1 = z_y1;

  // the loss: squared_error
  const loss = (a_y1 - y_y1) ** 2;
  if (!slopes) return loss;

  // output: the slope of the loss, then that of linear
  const da_y1 = 2.0 * (a_y1 - y_y1);
  const dz_y1 = da_y1;
  const dw_y1_hidden1 = dz_y1 * a_hidden1;
  const dw_y1_hidden2 = dz_y1 * a_hidden2;
  const dw_y1_hidden3 = dz_y1 * a_hidden3;
  const dw_y1_hidden4 = dz_y1 * a_hidden4;
  const dw_y1_hidden5 = dz_y1 * a_hidden5;
  const dw_y1_hidden6 = dz_y1 * a_hidden6;
  const dw_y1_hidden7 = dz_y1 * a_hidden7;
  const dw_y1_hidden8 = dz_y1 * a_hidden8;
  slopes[16] += dw_y1_hidden1; slopes[17] += dw_y1_hidden2; slopes[18] += dw_y1_hidden3; slopes[19] += dw_y1_hidden4;
  slopes[20] += dw_y1_hidden5; slopes[21] += dw_y1_hidden6; slopes[22] += dw_y1_hidden7; slopes[23] += dw_y1_hidden8;
  const db_y1 = dz_y1;
  slopes[24] += db_y1;

  // hidden ← output: the error flows back along the same weights
  const da_hidden1 = dz_y1 * w_y1_hidden1;
  const da_hidden2 = dz_y1 * w_y1_hidden2;
  const da_hidden3 = dz_y1 * w_y1_hidden3;
  const da_hidden4 = dz_y1 * w_y1_hidden4;
  const da_hidden5 = dz_y1 * w_y1_hidden5;
  const da_hidden6 = dz_y1 * w_y1_hidden6;
  const da_hidden7 = dz_y1 * w_y1_hidden7;
  const da_hidden8 = dz_y1 * w_y1_hidden8;
  const dz_hidden1 = da_hidden1 * snake_slope(z_hidden1);
  const dz_hidden2 = da_hidden2 * snake_slope(z_hidden2);
  const dz_hidden3 = da_hidden3 * snake_slope(z_hidden3);
  const dz_hidden4 = da_hidden4 * snake_slope(z_hidden4);
  const dz_hidden5 = da_hidden5 * snake_slope(z_hidden5);
  const dz_hidden6 = da_hidden6 * snake_slope(z_hidden6);
  const dz_hidden7 = da_hidden7 * snake_slope(z_hidden7);
  const dz_hidden8 = da_hidden8 * snake_slope(z_hidden8);
  const dw_hidden1_x1 = dz_hidden1 * x1;
  slopes[0] += dw_hidden1_x1;
  const dw_hidden2_x1 = dz_hidden2 * x1;
  slopes[1] += dw_hidden2_x1;
  const dw_hidden3_x1 = dz_hidden3 * x1;
  slopes[2] += dw_hidden3_x1;
  const dw_hidden4_x1 = dz_hidden4 * x1;
  slopes[3] += dw_hidden4_x1;
  const dw_hidden5_x1 = dz_hidden5 * x1;
  slopes[4] += dw_hidden5_x1;
  const dw_hidden6_x1 = dz_hidden6 * x1;
  slopes[5] += dw_hidden6_x1;
  const dw_hidden7_x1 = dz_hidden7 * x1;
  slopes[6] += dw_hidden7_x1;
  const dw_hidden8_x1 = dz_hidden8 * x1;
  slopes[7] += dw_hidden8_x1;
  const db_hidden1 = dz_hidden1;
  const db_hidden2 = dz_hidden2;
  const db_hidden3 = dz_hidden3;
  const db_hidden4 = dz_hidden4;
  const db_hidden5 = dz_hidden5;
  const db_hidden6 = dz_hidden6;
  const db_hidden7 = dz_hidden7;
  const db_hidden8 = dz_hidden8;
  slopes[8] += db_hidden1; slopes[9] += db_hidden2; slopes[10] += db_hidden3; slopes[11] += db_hidden4;
  slopes[12] += db_hidden5; slopes[13] += db_hidden6; slopes[14] += db_hidden7; slopes[15] += db_hidden8;

  return loss;
}

// --- Below: training. ---

/** @typedef {[number, number[], number[]]} State - of adam: the number of steps, m and v */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [0, Array(25).fill(0.0), Array(25).fill(0.0)];

/** One step of adam. @type {(params: Params, gradient: Params, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = [..._check_list(params, 25, "parameters")];
  /** @type {State} */
  const after = [state[0], [...state[1]], [...state[2]]];
  _update(updated, gradient, after);
  return [updated, after];
}

// Update parameters by their derivatives, and the state, in place.
/** @type {(params: Params, slopes: Params, state: State) => void} */
function _update(params, slopes, state) {
  state[0] += 1;
  const [t, all_m, all_v] = state;
  for (let i = 0; i < params.length; i++) {
    let w = params[i];
    const g = slopes[i];
    let m = all_m[i];
    let v = all_v[i];
    m = 0.9 * m + (1.0 - 0.9) * g;
    v = 0.999 * v + (1.0 - 0.999) * g ** 2;
    w = w - 0.01 * (m / (1.0 - 0.9 ** t)) / (Math.sqrt(v / (1.0 - 0.999 ** t)) + 1e-08);
    all_m[i] = m;
    all_v[i] = v;
    params[i] = w;
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export function train_step(params, x, y, state) {
  const slopes = [...params].fill(0.0);
  const loss = _gradient(params, x, y, slopes);
  _update(params, slopes, state);
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
export function fit(params, xs, ys, { epochs = 1000, batch_size = 8, seed = 0, callback } = {}) {
  const size = _size(xs, ys, batch_size);
  const places = xs.map((_, i) => i);
  let epoch = 0;
  const state = init_state(params);
  params = [...params]; // training changes it in place
  const slopes = [...params].fill(0.0);
  const history = /** @type {number[]} */ ([]);
  while (epoch < epochs) {
    let loss_of_epoch = 0.0;
    const drawn = _order(places, seed, epoch);
    for (let first = 0; first < drawn.length; first += size) {
      const batch = drawn.slice(first, first + size);
      const whole = batch.length;
      const loss = _train_batch(params, xs, ys, batch, whole, slopes, state);
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
 * @type {(params: Params, xs: number[][], ys: number[][], batch: number[], whole: number, slopes: Params, state:
 *   State) => number}
 */
function _train_batch(params, xs, ys, batch, whole, slopes, state) {
  let loss = 0.0;
  for (const k of batch) {
    loss += _gradient(params, xs[k], ys[k], slopes);
  }
  loss /= whole;
  slopes.forEach((slope, j) => (slopes[j] = slope / whole));
  _update(params, slopes, state);
  slopes.fill(0.0);
  return loss;
}

/** Initial parameters: a seed gives the same numbers in every target. @type {(seed?: number) => Params} */
export function init(seed = 0) {
  const W_hidden = Array.from({ length: 8 }, (_, i) => Math.sqrt(6.0 / (1 + 8)) * (2.0 * _uniform(seed, i) - 1.0));
  const b_hidden = Array(8).fill(0.0);
  const W_output = Array.from({ length: 8 }, (_, i) => Math.sqrt(6.0 / (8 + 1)) * (2.0 * _uniform(seed, 16 + i) - 1.0));
  const b_output = [0.0];
  return [...W_hidden, ...b_hidden, ...W_output, ...b_output];
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

/** The index-th random number of this seed, uniform from 0 to 1. @type {(seed: number, index: number) => number} */
const _uniform = (seed, index) => _bits(seed, index) / 4294967296.0;

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
