/*
deep_mlp, a neural network: its equations forward and backward, and how it learns.

    x: 2 -> first: 4 tanh -> second: 4 relu -> third: 3 sigmoid -> output: 2 linear

A deep network: three hidden layers, each with another activation. It learns to add two binary digits, as a half adder
does: the carry is their logical AND, the digit of the sum their exclusive or.

Loss: half_squared_error, (a - y)^2 / 2, the mean over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.2; 1000 epochs in batches of 2.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target; w_first1_x1 is the
weight that leads to first1 from x1.

Written by nngen from the spec deep_mlp: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */
export const PARAMETERS = [
  "w_first1_x1", "w_first1_x2",
  "w_first2_x1", "w_first2_x2",
  "w_first3_x1", "w_first3_x2",
  "w_first4_x1", "w_first4_x2",
  "b_first1", "b_first2", "b_first3", "b_first4",
  "w_second1_first1", "w_second1_first2", "w_second1_first3", "w_second1_first4",
  "w_second2_first1", "w_second2_first2", "w_second2_first3", "w_second2_first4",
  "w_second3_first1", "w_second3_first2", "w_second3_first3", "w_second3_first4",
  "w_second4_first1", "w_second4_first2", "w_second4_first3", "w_second4_first4",
  "b_second1", "b_second2", "b_second3", "b_second4",
  "w_third1_second1", "w_third1_second2", "w_third1_second3", "w_third1_second4",
  "w_third2_second1", "w_third2_second2", "w_third2_second3", "w_third2_second4",
  "w_third3_second1", "w_third3_second2", "w_third3_second3", "w_third3_second4",
  "w_carry_third1", "w_carry_third2", "w_carry_third3",
  "w_digit_third1", "w_digit_third2", "w_digit_third3",
  "b_carry", "b_digit",
];

/** 1 / (1 + exp(-z)), in a form that cannot overflow. @type {(z: number) => number} */
const sigmoid = (z) => Math.exp(Math.min(z, 0.0)) / (1.0 + Math.exp(-Math.abs(z)));

/** The outputs of one example: x1, x2 → carry, digit. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  _check_list(params, 52, "parameters");
  const { 0: x1, 1: x2 } = _check_list(x, 2, "inputs");
  const {
    0: w_first1_x1, 1: w_first1_x2,
    2: w_first2_x1, 3: w_first2_x2,
    4: w_first3_x1, 5: w_first3_x2,
    6: w_first4_x1, 7: w_first4_x2,
    8: b_first1, 9: b_first2, 10: b_first3, 11: b_first4,
    12: w_second1_first1, 13: w_second1_first2, 14: w_second1_first3, 15: w_second1_first4,
    16: w_second2_first1, 17: w_second2_first2, 18: w_second2_first3, 19: w_second2_first4,
    20: w_second3_first1, 21: w_second3_first2, 22: w_second3_first3, 23: w_second3_first4,
    24: w_second4_first1, 25: w_second4_first2, 26: w_second4_first3, 27: w_second4_first4,
    28: b_second1, 29: b_second2, 30: b_second3, 31: b_second4,
    32: w_third1_second1, 33: w_third1_second2, 34: w_third1_second3, 35: w_third1_second4,
    36: w_third2_second1, 37: w_third2_second2, 38: w_third2_second3, 39: w_third2_second4,
    40: w_third3_second1, 41: w_third3_second2, 42: w_third3_second3, 43: w_third3_second4,
    44: w_carry_third1, 45: w_carry_third2, 46: w_carry_third3,
    47: w_digit_third1, 48: w_digit_third2, 49: w_digit_third3,
    50: b_carry, 51: b_digit,
  } = params;

  // first ← x: weighted sums, then tanh
  const z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2;
  const z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2;
  const z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2;
  const z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2;
  const a_first1 = Math.tanh(z_first1);
  const a_first2 = Math.tanh(z_first2);
  const a_first3 = Math.tanh(z_first3);
  const a_first4 = Math.tanh(z_first4);

  // second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
  const z_second1 =
    b_second1 +
    w_second1_first1 * a_first1 +
    w_second1_first2 * a_first2 +
    w_second1_first3 * a_first3 +
    w_second1_first4 * a_first4;
  const z_second2 =
    b_second2 +
    w_second2_first1 * a_first1 +
    w_second2_first2 * a_first2 +
    w_second2_first3 * a_first3 +
    w_second2_first4 * a_first4;
  const z_second3 =
    b_second3 +
    w_second3_first1 * a_first1 +
    w_second3_first2 * a_first2 +
    w_second3_first3 * a_first3 +
    w_second3_first4 * a_first4;
  const z_second4 =
    b_second4 +
    w_second4_first1 * a_first1 +
    w_second4_first2 * a_first2 +
    w_second4_first3 * a_first3 +
    w_second4_first4 * a_first4;
  const a_second1 = Math.max(z_second1, 0.0);
  const a_second2 = Math.max(z_second2, 0.0);
  const a_second3 = Math.max(z_second3, 0.0);
  const a_second4 = Math.max(z_second4, 0.0);

  // third ← second: weighted sums, then sigmoid
  const z_third1 =
    w_third1_second1 * a_second1 +
    w_third1_second2 * a_second2 +
    w_third1_second3 * a_second3 +
    w_third1_second4 * a_second4;
  const z_third2 =
    w_third2_second1 * a_second1 +
    w_third2_second2 * a_second2 +
    w_third2_second3 * a_second3 +
    w_third2_second4 * a_second4;
  const z_third3 =
    w_third3_second1 * a_second1 +
    w_third3_second2 * a_second2 +
    w_third3_second3 * a_second3 +
    w_third3_second4 * a_second4;
  const a_third1 = sigmoid(z_third1);
  const a_third2 = sigmoid(z_third2);
  const a_third3 = sigmoid(z_third3);

  // output ← third: weighted sums
  const z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3;
  const z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3;
  const a_carry = z_carry;
  const a_digit = z_digit;

  return [a_carry, a_digit];
}

/** The loss of one example. @type {(params: Params, x: number[], y: number[]) => number} */
export const loss = (params, x, y) => _gradient(params, x, y, null);

/** The loss, and its slope by each parameter. @type {(params: Params, x: number[], y: number[]) => [number, Params]} */
export function gradient(params, x, y) {
  const slopes = [...params].fill(0.0);
  const loss = _gradient(params, x, y, slopes);
  return [loss, slopes];
}

// The loss; its derivatives, times a factor, are added to slopes, unless that is null.
/** @type {(params: Params, x: number[], y: number[], slopes: Params | null, factor?: number) => number} */
function _gradient(params, x, y, slopes, factor = 1.0) {
  _check_list(params, 52, "parameters");
  const { 0: x1, 1: x2 } = _check_list(x, 2, "inputs");
  const { 0: y_carry, 1: y_digit } = _check_list(y, 2, "targets");
  const {
    0: w_first1_x1, 1: w_first1_x2,
    2: w_first2_x1, 3: w_first2_x2,
    4: w_first3_x1, 5: w_first3_x2,
    6: w_first4_x1, 7: w_first4_x2,
    8: b_first1, 9: b_first2, 10: b_first3, 11: b_first4,
    12: w_second1_first1, 13: w_second1_first2, 14: w_second1_first3, 15: w_second1_first4,
    16: w_second2_first1, 17: w_second2_first2, 18: w_second2_first3, 19: w_second2_first4,
    20: w_second3_first1, 21: w_second3_first2, 22: w_second3_first3, 23: w_second3_first4,
    24: w_second4_first1, 25: w_second4_first2, 26: w_second4_first3, 27: w_second4_first4,
    28: b_second1, 29: b_second2, 30: b_second3, 31: b_second4,
    32: w_third1_second1, 33: w_third1_second2, 34: w_third1_second3, 35: w_third1_second4,
    36: w_third2_second1, 37: w_third2_second2, 38: w_third2_second3, 39: w_third2_second4,
    40: w_third3_second1, 41: w_third3_second2, 42: w_third3_second3, 43: w_third3_second4,
    44: w_carry_third1, 45: w_carry_third2, 46: w_carry_third3,
    47: w_digit_third1, 48: w_digit_third2, 49: w_digit_third3,
    50: b_carry, 51: b_digit,
  } = params;

  // first ← x: weighted sums, then tanh
  const z_first1 = b_first1 + w_first1_x1 * x1 + w_first1_x2 * x2;
  const z_first2 = b_first2 + w_first2_x1 * x1 + w_first2_x2 * x2;
  const z_first3 = b_first3 + w_first3_x1 * x1 + w_first3_x2 * x2;
  const z_first4 = b_first4 + w_first4_x1 * x1 + w_first4_x2 * x2;
  const a_first1 = Math.tanh(z_first1);
  const a_first2 = Math.tanh(z_first2);
  const a_first3 = Math.tanh(z_first3);
  const a_first4 = Math.tanh(z_first4);

  // second ← first: weighted sums, then relu (the slope at z = 0 is set to 0)
  const z_second1 =
    b_second1 +
    w_second1_first1 * a_first1 +
    w_second1_first2 * a_first2 +
    w_second1_first3 * a_first3 +
    w_second1_first4 * a_first4;
  const z_second2 =
    b_second2 +
    w_second2_first1 * a_first1 +
    w_second2_first2 * a_first2 +
    w_second2_first3 * a_first3 +
    w_second2_first4 * a_first4;
  const z_second3 =
    b_second3 +
    w_second3_first1 * a_first1 +
    w_second3_first2 * a_first2 +
    w_second3_first3 * a_first3 +
    w_second3_first4 * a_first4;
  const z_second4 =
    b_second4 +
    w_second4_first1 * a_first1 +
    w_second4_first2 * a_first2 +
    w_second4_first3 * a_first3 +
    w_second4_first4 * a_first4;
  const a_second1 = Math.max(z_second1, 0.0);
  const a_second2 = Math.max(z_second2, 0.0);
  const a_second3 = Math.max(z_second3, 0.0);
  const a_second4 = Math.max(z_second4, 0.0);

  // third ← second: weighted sums, then sigmoid
  const z_third1 =
    w_third1_second1 * a_second1 +
    w_third1_second2 * a_second2 +
    w_third1_second3 * a_second3 +
    w_third1_second4 * a_second4;
  const z_third2 =
    w_third2_second1 * a_second1 +
    w_third2_second2 * a_second2 +
    w_third2_second3 * a_second3 +
    w_third2_second4 * a_second4;
  const z_third3 =
    w_third3_second1 * a_second1 +
    w_third3_second2 * a_second2 +
    w_third3_second3 * a_second3 +
    w_third3_second4 * a_second4;
  const a_third1 = sigmoid(z_third1);
  const a_third2 = sigmoid(z_third2);
  const a_third3 = sigmoid(z_third3);

  // output ← third: weighted sums
  const z_carry = b_carry + w_carry_third1 * a_third1 + w_carry_third2 * a_third2 + w_carry_third3 * a_third3;
  const z_digit = b_digit + w_digit_third1 * a_third1 + w_digit_third2 * a_third2 + w_digit_third3 * a_third3;
  const a_carry = z_carry;
  const a_digit = z_digit;

  // the loss: half_squared_error
  const loss = 0.5 * (a_carry - y_carry) ** 2 / 2.0 + 0.5 * (a_digit - y_digit) ** 2 / 2.0;
  if (!slopes) return loss;

  // output: the slope of the loss, then that of linear
  const da_carry = (a_carry - y_carry) / 2.0;
  const da_digit = (a_digit - y_digit) / 2.0;
  const dz_carry = da_carry;
  const dz_digit = da_digit;
  const dw_carry_third1 = dz_carry * a_third1;
  const dw_carry_third2 = dz_carry * a_third2;
  const dw_carry_third3 = dz_carry * a_third3;
  slopes[44] += factor * dw_carry_third1; slopes[45] += factor * dw_carry_third2;
  slopes[46] += factor * dw_carry_third3;
  const dw_digit_third1 = dz_digit * a_third1;
  const dw_digit_third2 = dz_digit * a_third2;
  const dw_digit_third3 = dz_digit * a_third3;
  slopes[47] += factor * dw_digit_third1; slopes[48] += factor * dw_digit_third2;
  slopes[49] += factor * dw_digit_third3;
  const db_carry = dz_carry;
  const db_digit = dz_digit;
  slopes[50] += factor * db_carry; slopes[51] += factor * db_digit;

  // third ← output: the error flows back along the same weights
  const da_third1 = dz_carry * w_carry_third1 + dz_digit * w_digit_third1;
  const da_third2 = dz_carry * w_carry_third2 + dz_digit * w_digit_third2;
  const da_third3 = dz_carry * w_carry_third3 + dz_digit * w_digit_third3;
  const dz_third1 = da_third1 * a_third1 * (1.0 - a_third1);
  const dz_third2 = da_third2 * a_third2 * (1.0 - a_third2);
  const dz_third3 = da_third3 * a_third3 * (1.0 - a_third3);
  const dw_third1_second1 = dz_third1 * a_second1;
  const dw_third1_second2 = dz_third1 * a_second2;
  const dw_third1_second3 = dz_third1 * a_second3;
  const dw_third1_second4 = dz_third1 * a_second4;
  slopes[32] += factor * dw_third1_second1; slopes[33] += factor * dw_third1_second2;
  slopes[34] += factor * dw_third1_second3; slopes[35] += factor * dw_third1_second4;
  const dw_third2_second1 = dz_third2 * a_second1;
  const dw_third2_second2 = dz_third2 * a_second2;
  const dw_third2_second3 = dz_third2 * a_second3;
  const dw_third2_second4 = dz_third2 * a_second4;
  slopes[36] += factor * dw_third2_second1; slopes[37] += factor * dw_third2_second2;
  slopes[38] += factor * dw_third2_second3; slopes[39] += factor * dw_third2_second4;
  const dw_third3_second1 = dz_third3 * a_second1;
  const dw_third3_second2 = dz_third3 * a_second2;
  const dw_third3_second3 = dz_third3 * a_second3;
  const dw_third3_second4 = dz_third3 * a_second4;
  slopes[40] += factor * dw_third3_second1; slopes[41] += factor * dw_third3_second2;
  slopes[42] += factor * dw_third3_second3; slopes[43] += factor * dw_third3_second4;

  // second ← third: the error flows back along the same weights
  const da_second1 = dz_third1 * w_third1_second1 + dz_third2 * w_third2_second1 + dz_third3 * w_third3_second1;
  const da_second2 = dz_third1 * w_third1_second2 + dz_third2 * w_third2_second2 + dz_third3 * w_third3_second2;
  const da_second3 = dz_third1 * w_third1_second3 + dz_third2 * w_third2_second3 + dz_third3 * w_third3_second3;
  const da_second4 = dz_third1 * w_third1_second4 + dz_third2 * w_third2_second4 + dz_third3 * w_third3_second4;
  const dz_second1 = da_second1 * (z_second1 > 0.0 ? 1.0 : 0.0);
  const dz_second2 = da_second2 * (z_second2 > 0.0 ? 1.0 : 0.0);
  const dz_second3 = da_second3 * (z_second3 > 0.0 ? 1.0 : 0.0);
  const dz_second4 = da_second4 * (z_second4 > 0.0 ? 1.0 : 0.0);
  const dw_second1_first1 = dz_second1 * a_first1;
  const dw_second1_first2 = dz_second1 * a_first2;
  const dw_second1_first3 = dz_second1 * a_first3;
  const dw_second1_first4 = dz_second1 * a_first4;
  slopes[12] += factor * dw_second1_first1; slopes[13] += factor * dw_second1_first2;
  slopes[14] += factor * dw_second1_first3; slopes[15] += factor * dw_second1_first4;
  const dw_second2_first1 = dz_second2 * a_first1;
  const dw_second2_first2 = dz_second2 * a_first2;
  const dw_second2_first3 = dz_second2 * a_first3;
  const dw_second2_first4 = dz_second2 * a_first4;
  slopes[16] += factor * dw_second2_first1; slopes[17] += factor * dw_second2_first2;
  slopes[18] += factor * dw_second2_first3; slopes[19] += factor * dw_second2_first4;
  const dw_second3_first1 = dz_second3 * a_first1;
  const dw_second3_first2 = dz_second3 * a_first2;
  const dw_second3_first3 = dz_second3 * a_first3;
  const dw_second3_first4 = dz_second3 * a_first4;
  slopes[20] += factor * dw_second3_first1; slopes[21] += factor * dw_second3_first2;
  slopes[22] += factor * dw_second3_first3; slopes[23] += factor * dw_second3_first4;
  const dw_second4_first1 = dz_second4 * a_first1;
  const dw_second4_first2 = dz_second4 * a_first2;
  const dw_second4_first3 = dz_second4 * a_first3;
  const dw_second4_first4 = dz_second4 * a_first4;
  slopes[24] += factor * dw_second4_first1; slopes[25] += factor * dw_second4_first2;
  slopes[26] += factor * dw_second4_first3; slopes[27] += factor * dw_second4_first4;

  // first ← second: the error flows back along the same weights
  const da_first1 =
    dz_second1 * w_second1_first1 +
    dz_second2 * w_second2_first1 +
    dz_second3 * w_second3_first1 +
    dz_second4 * w_second4_first1;
  const da_first2 =
    dz_second1 * w_second1_first2 +
    dz_second2 * w_second2_first2 +
    dz_second3 * w_second3_first2 +
    dz_second4 * w_second4_first2;
  const da_first3 =
    dz_second1 * w_second1_first3 +
    dz_second2 * w_second2_first3 +
    dz_second3 * w_second3_first3 +
    dz_second4 * w_second4_first3;
  const da_first4 =
    dz_second1 * w_second1_first4 +
    dz_second2 * w_second2_first4 +
    dz_second3 * w_second3_first4 +
    dz_second4 * w_second4_first4;
  const dz_first1 = da_first1 * (1.0 - a_first1 ** 2);
  const dz_first2 = da_first2 * (1.0 - a_first2 ** 2);
  const dz_first3 = da_first3 * (1.0 - a_first3 ** 2);
  const dz_first4 = da_first4 * (1.0 - a_first4 ** 2);
  const dw_first1_x1 = dz_first1 * x1;
  const dw_first1_x2 = dz_first1 * x2;
  slopes[0] += factor * dw_first1_x1; slopes[1] += factor * dw_first1_x2;
  const dw_first2_x1 = dz_first2 * x1;
  const dw_first2_x2 = dz_first2 * x2;
  slopes[2] += factor * dw_first2_x1; slopes[3] += factor * dw_first2_x2;
  const dw_first3_x1 = dz_first3 * x1;
  const dw_first3_x2 = dz_first3 * x2;
  slopes[4] += factor * dw_first3_x1; slopes[5] += factor * dw_first3_x2;
  const dw_first4_x1 = dz_first4 * x1;
  const dw_first4_x2 = dz_first4 * x2;
  slopes[6] += factor * dw_first4_x1; slopes[7] += factor * dw_first4_x2;
  const db_first1 = dz_first1;
  const db_first2 = dz_first2;
  const db_first3 = dz_first3;
  const db_first4 = dz_first4;
  slopes[8] += factor * db_first1; slopes[9] += factor * db_first2;
  slopes[10] += factor * db_first3; slopes[11] += factor * db_first4;

  return loss;
}

// --- Below: training. ---

/** @typedef {[]} State - of gradient_descent: empty */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [];

/** One step of gradient_descent. @type {(params: Params, gradient: Params, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = [..._check_list(params, 52, "parameters")];
  _update(updated, gradient);
  return [updated, state];
}

/** Update parameters by their derivatives, in place. @type {(params: Params, slopes: Params) => void} */
function _update(params, slopes) {
  for (let i = 0; i < params.length; i++) {
    params[i] = params[i] - 0.2 * slopes[i];
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export const train_step = (params, x, y, state) => [_gradient(params, x, y, params, -0.2), params, state];

/**
 * Train on examples, and return the parameters and the loss of each epoch, measured before each step.
 *
 * Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null takes all
 * in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends training.
 * @type {(params: Params, xs: number[][], ys: number[][], options?: { epochs?: number, batch_size?: number | null,
 *   seed?: number | null, callback?: (epoch: number, loss: number, params: Params) => unknown }) => [Params, number[]]}
 */
export function fit(params, xs, ys, { epochs = 1000, batch_size = 2, seed = 0, callback } = {}) {
  const size = _size(xs, ys, batch_size);
  const places = xs.map((_, i) => i);
  let epoch = 0;
  params = [...params]; // training changes it in place
  const slopes = [...params].fill(0.0);
  const history = /** @type {number[]} */ ([]);
  while (epoch < epochs) {
    let loss_of_epoch = 0.0;
    const drawn = _order(places, seed, epoch);
    if (size === 1) { // each parameter changes where its derivative is known
      for (const k of drawn) {
        loss_of_epoch += _gradient(params, xs[k], ys[k], params, -0.2);
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
export function init(seed = 1) {
  const W_first = Array.from({ length: 8 }, (_, i) => Math.sqrt(6.0 / (2 + 4)) * (2.0 * _uniform(seed, i) - 1.0));
  const b_first = Array(4).fill(0.0);
  const W_second = Array.from(
    { length: 16 }, (_, i) => Math.sqrt(6.0 / (4 + 4)) * (2.0 * _uniform(seed, 12 + i) - 1.0)
  );
  const b_second = [0.25, 0.25, 0.25, 0.25];
  const W_third = Array.from({ length: 12 }, (_, i) => Math.sqrt(6.0 / (4 + 3)) * (2.0 * _uniform(seed, 32 + i) - 1.0));
  const W_output = Array.from({ length: 6 }, (_, i) => Math.sqrt(6.0 / (3 + 2)) * (2.0 * _uniform(seed, 44 + i) - 1.0));
  const b_output = Array(2).fill(0.0);
  return [...W_first, ...b_first, ...W_second, ...b_second, ...W_third, ...W_output, ...b_output];
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
