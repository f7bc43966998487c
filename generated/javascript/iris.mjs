/*
iris, a neural network: its equations forward and backward, and how it learns.

    x: 4 -> hidden: 8 tanh -> output: 3 softmax

Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers train the
network; the others, which it never sees, show what it has learned.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.

Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */
export const PARAMETERS = [
  "w_hidden1_sepal_length", "w_hidden1_sepal_width", "w_hidden1_petal_length", "w_hidden1_petal_width",
  "w_hidden2_sepal_length", "w_hidden2_sepal_width", "w_hidden2_petal_length", "w_hidden2_petal_width",
  "w_hidden3_sepal_length", "w_hidden3_sepal_width", "w_hidden3_petal_length", "w_hidden3_petal_width",
  "w_hidden4_sepal_length", "w_hidden4_sepal_width", "w_hidden4_petal_length", "w_hidden4_petal_width",
  "w_hidden5_sepal_length", "w_hidden5_sepal_width", "w_hidden5_petal_length", "w_hidden5_petal_width",
  "w_hidden6_sepal_length", "w_hidden6_sepal_width", "w_hidden6_petal_length", "w_hidden6_petal_width",
  "w_hidden7_sepal_length", "w_hidden7_sepal_width", "w_hidden7_petal_length", "w_hidden7_petal_width",
  "w_hidden8_sepal_length", "w_hidden8_sepal_width", "w_hidden8_petal_length", "w_hidden8_petal_width",
  "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6", "b_hidden7", "b_hidden8",
  "w_setosa_hidden1", "w_setosa_hidden2", "w_setosa_hidden3", "w_setosa_hidden4",
  "w_setosa_hidden5", "w_setosa_hidden6", "w_setosa_hidden7", "w_setosa_hidden8",
  "w_versicolor_hidden1", "w_versicolor_hidden2", "w_versicolor_hidden3", "w_versicolor_hidden4",
  "w_versicolor_hidden5", "w_versicolor_hidden6", "w_versicolor_hidden7", "w_versicolor_hidden8",
  "w_virginica_hidden1", "w_virginica_hidden2", "w_virginica_hidden3", "w_virginica_hidden4",
  "w_virginica_hidden5", "w_virginica_hidden6", "w_virginica_hidden7", "w_virginica_hidden8",
  "b_setosa", "b_versicolor", "b_virginica",
];

/**
 * The outputs of one example: 4 numbers → setosa, versicolor, virginica.
 * @type {(params: Params, x: number[]) => number[]}
 */
export function forward(params, x) {
  _check_list(params, 67, "parameters");
  const { 0: sepal_length, 1: sepal_width, 2: petal_length, 3: petal_width } = _check_list(x, 4, "inputs");
  const {
    0: w_hidden1_sepal_length, 1: w_hidden1_sepal_width, 2: w_hidden1_petal_length, 3: w_hidden1_petal_width,
    4: w_hidden2_sepal_length, 5: w_hidden2_sepal_width, 6: w_hidden2_petal_length, 7: w_hidden2_petal_width,
    8: w_hidden3_sepal_length, 9: w_hidden3_sepal_width, 10: w_hidden3_petal_length, 11: w_hidden3_petal_width,
    12: w_hidden4_sepal_length, 13: w_hidden4_sepal_width, 14: w_hidden4_petal_length, 15: w_hidden4_petal_width,
    16: w_hidden5_sepal_length, 17: w_hidden5_sepal_width, 18: w_hidden5_petal_length, 19: w_hidden5_petal_width,
    20: w_hidden6_sepal_length, 21: w_hidden6_sepal_width, 22: w_hidden6_petal_length, 23: w_hidden6_petal_width,
    24: w_hidden7_sepal_length, 25: w_hidden7_sepal_width, 26: w_hidden7_petal_length, 27: w_hidden7_petal_width,
    28: w_hidden8_sepal_length, 29: w_hidden8_sepal_width, 30: w_hidden8_petal_length, 31: w_hidden8_petal_width,
    32: b_hidden1, 33: b_hidden2, 34: b_hidden3, 35: b_hidden4,
    36: b_hidden5, 37: b_hidden6, 38: b_hidden7, 39: b_hidden8,
    40: w_setosa_hidden1, 41: w_setosa_hidden2, 42: w_setosa_hidden3, 43: w_setosa_hidden4,
    44: w_setosa_hidden5, 45: w_setosa_hidden6, 46: w_setosa_hidden7, 47: w_setosa_hidden8,
    48: w_versicolor_hidden1, 49: w_versicolor_hidden2, 50: w_versicolor_hidden3, 51: w_versicolor_hidden4,
    52: w_versicolor_hidden5, 53: w_versicolor_hidden6, 54: w_versicolor_hidden7, 55: w_versicolor_hidden8,
    56: w_virginica_hidden1, 57: w_virginica_hidden2, 58: w_virginica_hidden3, 59: w_virginica_hidden4,
    60: w_virginica_hidden5, 61: w_virginica_hidden6, 62: w_virginica_hidden7, 63: w_virginica_hidden8,
    64: b_setosa, 65: b_versicolor, 66: b_virginica,
  } = params;

  // hidden ← x: weighted sums, then tanh
  const z_hidden1 =
    b_hidden1 +
    w_hidden1_sepal_length * sepal_length +
    w_hidden1_sepal_width * sepal_width +
    w_hidden1_petal_length * petal_length +
    w_hidden1_petal_width * petal_width;
  const z_hidden2 =
    b_hidden2 +
    w_hidden2_sepal_length * sepal_length +
    w_hidden2_sepal_width * sepal_width +
    w_hidden2_petal_length * petal_length +
    w_hidden2_petal_width * petal_width;
  const z_hidden3 =
    b_hidden3 +
    w_hidden3_sepal_length * sepal_length +
    w_hidden3_sepal_width * sepal_width +
    w_hidden3_petal_length * petal_length +
    w_hidden3_petal_width * petal_width;
  const z_hidden4 =
    b_hidden4 +
    w_hidden4_sepal_length * sepal_length +
    w_hidden4_sepal_width * sepal_width +
    w_hidden4_petal_length * petal_length +
    w_hidden4_petal_width * petal_width;
  const z_hidden5 =
    b_hidden5 +
    w_hidden5_sepal_length * sepal_length +
    w_hidden5_sepal_width * sepal_width +
    w_hidden5_petal_length * petal_length +
    w_hidden5_petal_width * petal_width;
  const z_hidden6 =
    b_hidden6 +
    w_hidden6_sepal_length * sepal_length +
    w_hidden6_sepal_width * sepal_width +
    w_hidden6_petal_length * petal_length +
    w_hidden6_petal_width * petal_width;
  const z_hidden7 =
    b_hidden7 +
    w_hidden7_sepal_length * sepal_length +
    w_hidden7_sepal_width * sepal_width +
    w_hidden7_petal_length * petal_length +
    w_hidden7_petal_width * petal_width;
  const z_hidden8 =
    b_hidden8 +
    w_hidden8_sepal_length * sepal_length +
    w_hidden8_sepal_width * sepal_width +
    w_hidden8_petal_length * petal_length +
    w_hidden8_petal_width * petal_width;
  const a_hidden1 = Math.tanh(z_hidden1);
  const a_hidden2 = Math.tanh(z_hidden2);
  const a_hidden3 = Math.tanh(z_hidden3);
  const a_hidden4 = Math.tanh(z_hidden4);
  const a_hidden5 = Math.tanh(z_hidden5);
  const a_hidden6 = Math.tanh(z_hidden6);
  const a_hidden7 = Math.tanh(z_hidden7);
  const a_hidden8 = Math.tanh(z_hidden8);

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_setosa =
    b_setosa +
    w_setosa_hidden1 * a_hidden1 +
    w_setosa_hidden2 * a_hidden2 +
    w_setosa_hidden3 * a_hidden3 +
    w_setosa_hidden4 * a_hidden4 +
    w_setosa_hidden5 * a_hidden5 +
    w_setosa_hidden6 * a_hidden6 +
    w_setosa_hidden7 * a_hidden7 +
    w_setosa_hidden8 * a_hidden8;
  const z_versicolor =
    b_versicolor +
    w_versicolor_hidden1 * a_hidden1 +
    w_versicolor_hidden2 * a_hidden2 +
    w_versicolor_hidden3 * a_hidden3 +
    w_versicolor_hidden4 * a_hidden4 +
    w_versicolor_hidden5 * a_hidden5 +
    w_versicolor_hidden6 * a_hidden6 +
    w_versicolor_hidden7 * a_hidden7 +
    w_versicolor_hidden8 * a_hidden8;
  const z_virginica =
    b_virginica +
    w_virginica_hidden1 * a_hidden1 +
    w_virginica_hidden2 * a_hidden2 +
    w_virginica_hidden3 * a_hidden3 +
    w_virginica_hidden4 * a_hidden4 +
    w_virginica_hidden5 * a_hidden5 +
    w_virginica_hidden6 * a_hidden6 +
    w_virginica_hidden7 * a_hidden7 +
    w_virginica_hidden8 * a_hidden8;
  const top_output = Math.max(z_setosa, z_versicolor, z_virginica);
  const e_setosa = Math.exp(z_setosa - top_output);
  const e_versicolor = Math.exp(z_versicolor - top_output);
  const e_virginica = Math.exp(z_virginica - top_output);
  const total_output = e_setosa + e_versicolor + e_virginica;
  const a_setosa = e_setosa / total_output;
  const a_versicolor = e_versicolor / total_output;
  const a_virginica = e_virginica / total_output;

  return [a_setosa, a_versicolor, a_virginica];
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
  _check_list(params, 67, "parameters");
  const { 0: sepal_length, 1: sepal_width, 2: petal_length, 3: petal_width } = _check_list(x, 4, "inputs");
  const { 0: y_setosa, 1: y_versicolor, 2: y_virginica } = _check_list(y, 3, "targets");
  const {
    0: w_hidden1_sepal_length, 1: w_hidden1_sepal_width, 2: w_hidden1_petal_length, 3: w_hidden1_petal_width,
    4: w_hidden2_sepal_length, 5: w_hidden2_sepal_width, 6: w_hidden2_petal_length, 7: w_hidden2_petal_width,
    8: w_hidden3_sepal_length, 9: w_hidden3_sepal_width, 10: w_hidden3_petal_length, 11: w_hidden3_petal_width,
    12: w_hidden4_sepal_length, 13: w_hidden4_sepal_width, 14: w_hidden4_petal_length, 15: w_hidden4_petal_width,
    16: w_hidden5_sepal_length, 17: w_hidden5_sepal_width, 18: w_hidden5_petal_length, 19: w_hidden5_petal_width,
    20: w_hidden6_sepal_length, 21: w_hidden6_sepal_width, 22: w_hidden6_petal_length, 23: w_hidden6_petal_width,
    24: w_hidden7_sepal_length, 25: w_hidden7_sepal_width, 26: w_hidden7_petal_length, 27: w_hidden7_petal_width,
    28: w_hidden8_sepal_length, 29: w_hidden8_sepal_width, 30: w_hidden8_petal_length, 31: w_hidden8_petal_width,
    32: b_hidden1, 33: b_hidden2, 34: b_hidden3, 35: b_hidden4,
    36: b_hidden5, 37: b_hidden6, 38: b_hidden7, 39: b_hidden8,
    40: w_setosa_hidden1, 41: w_setosa_hidden2, 42: w_setosa_hidden3, 43: w_setosa_hidden4,
    44: w_setosa_hidden5, 45: w_setosa_hidden6, 46: w_setosa_hidden7, 47: w_setosa_hidden8,
    48: w_versicolor_hidden1, 49: w_versicolor_hidden2, 50: w_versicolor_hidden3, 51: w_versicolor_hidden4,
    52: w_versicolor_hidden5, 53: w_versicolor_hidden6, 54: w_versicolor_hidden7, 55: w_versicolor_hidden8,
    56: w_virginica_hidden1, 57: w_virginica_hidden2, 58: w_virginica_hidden3, 59: w_virginica_hidden4,
    60: w_virginica_hidden5, 61: w_virginica_hidden6, 62: w_virginica_hidden7, 63: w_virginica_hidden8,
    64: b_setosa, 65: b_versicolor, 66: b_virginica,
  } = params;

  // hidden ← x: weighted sums, then tanh
  const z_hidden1 =
    b_hidden1 +
    w_hidden1_sepal_length * sepal_length +
    w_hidden1_sepal_width * sepal_width +
    w_hidden1_petal_length * petal_length +
    w_hidden1_petal_width * petal_width;
  const z_hidden2 =
    b_hidden2 +
    w_hidden2_sepal_length * sepal_length +
    w_hidden2_sepal_width * sepal_width +
    w_hidden2_petal_length * petal_length +
    w_hidden2_petal_width * petal_width;
  const z_hidden3 =
    b_hidden3 +
    w_hidden3_sepal_length * sepal_length +
    w_hidden3_sepal_width * sepal_width +
    w_hidden3_petal_length * petal_length +
    w_hidden3_petal_width * petal_width;
  const z_hidden4 =
    b_hidden4 +
    w_hidden4_sepal_length * sepal_length +
    w_hidden4_sepal_width * sepal_width +
    w_hidden4_petal_length * petal_length +
    w_hidden4_petal_width * petal_width;
  const z_hidden5 =
    b_hidden5 +
    w_hidden5_sepal_length * sepal_length +
    w_hidden5_sepal_width * sepal_width +
    w_hidden5_petal_length * petal_length +
    w_hidden5_petal_width * petal_width;
  const z_hidden6 =
    b_hidden6 +
    w_hidden6_sepal_length * sepal_length +
    w_hidden6_sepal_width * sepal_width +
    w_hidden6_petal_length * petal_length +
    w_hidden6_petal_width * petal_width;
  const z_hidden7 =
    b_hidden7 +
    w_hidden7_sepal_length * sepal_length +
    w_hidden7_sepal_width * sepal_width +
    w_hidden7_petal_length * petal_length +
    w_hidden7_petal_width * petal_width;
  const z_hidden8 =
    b_hidden8 +
    w_hidden8_sepal_length * sepal_length +
    w_hidden8_sepal_width * sepal_width +
    w_hidden8_petal_length * petal_length +
    w_hidden8_petal_width * petal_width;
  const a_hidden1 = Math.tanh(z_hidden1);
  const a_hidden2 = Math.tanh(z_hidden2);
  const a_hidden3 = Math.tanh(z_hidden3);
  const a_hidden4 = Math.tanh(z_hidden4);
  const a_hidden5 = Math.tanh(z_hidden5);
  const a_hidden6 = Math.tanh(z_hidden6);
  const a_hidden7 = Math.tanh(z_hidden7);
  const a_hidden8 = Math.tanh(z_hidden8);

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_setosa =
    b_setosa +
    w_setosa_hidden1 * a_hidden1 +
    w_setosa_hidden2 * a_hidden2 +
    w_setosa_hidden3 * a_hidden3 +
    w_setosa_hidden4 * a_hidden4 +
    w_setosa_hidden5 * a_hidden5 +
    w_setosa_hidden6 * a_hidden6 +
    w_setosa_hidden7 * a_hidden7 +
    w_setosa_hidden8 * a_hidden8;
  const z_versicolor =
    b_versicolor +
    w_versicolor_hidden1 * a_hidden1 +
    w_versicolor_hidden2 * a_hidden2 +
    w_versicolor_hidden3 * a_hidden3 +
    w_versicolor_hidden4 * a_hidden4 +
    w_versicolor_hidden5 * a_hidden5 +
    w_versicolor_hidden6 * a_hidden6 +
    w_versicolor_hidden7 * a_hidden7 +
    w_versicolor_hidden8 * a_hidden8;
  const z_virginica =
    b_virginica +
    w_virginica_hidden1 * a_hidden1 +
    w_virginica_hidden2 * a_hidden2 +
    w_virginica_hidden3 * a_hidden3 +
    w_virginica_hidden4 * a_hidden4 +
    w_virginica_hidden5 * a_hidden5 +
    w_virginica_hidden6 * a_hidden6 +
    w_virginica_hidden7 * a_hidden7 +
    w_virginica_hidden8 * a_hidden8;
  const top_output = Math.max(z_setosa, z_versicolor, z_virginica);
  const e_setosa = Math.exp(z_setosa - top_output);
  const e_versicolor = Math.exp(z_versicolor - top_output);
  const e_virginica = Math.exp(z_virginica - top_output);
  const total_output = e_setosa + e_versicolor + e_virginica;
  const a_setosa = e_setosa / total_output;
  const a_versicolor = e_versicolor / total_output;
  const a_virginica = e_virginica / total_output;

  // the loss: cross_entropy
  const loss =
    y_setosa * (Math.log(total_output) - (z_setosa - top_output)) +
    y_versicolor * (Math.log(total_output) - (z_versicolor - top_output)) +
    y_virginica * (Math.log(total_output) - (z_virginica - top_output));
  if (!slopes) return loss;

  // output: the slopes of softmax and of the logarithm cancel, only the difference remains
  const dz_setosa = a_setosa - y_setosa;
  const dz_versicolor = a_versicolor - y_versicolor;
  const dz_virginica = a_virginica - y_virginica;
  const dw_setosa_hidden1 = dz_setosa * a_hidden1;
  const dw_setosa_hidden2 = dz_setosa * a_hidden2;
  const dw_setosa_hidden3 = dz_setosa * a_hidden3;
  const dw_setosa_hidden4 = dz_setosa * a_hidden4;
  const dw_setosa_hidden5 = dz_setosa * a_hidden5;
  const dw_setosa_hidden6 = dz_setosa * a_hidden6;
  const dw_setosa_hidden7 = dz_setosa * a_hidden7;
  const dw_setosa_hidden8 = dz_setosa * a_hidden8;
  slopes[40] += factor * dw_setosa_hidden1; slopes[41] += factor * dw_setosa_hidden2;
  slopes[42] += factor * dw_setosa_hidden3; slopes[43] += factor * dw_setosa_hidden4;
  slopes[44] += factor * dw_setosa_hidden5; slopes[45] += factor * dw_setosa_hidden6;
  slopes[46] += factor * dw_setosa_hidden7; slopes[47] += factor * dw_setosa_hidden8;
  const dw_versicolor_hidden1 = dz_versicolor * a_hidden1;
  const dw_versicolor_hidden2 = dz_versicolor * a_hidden2;
  const dw_versicolor_hidden3 = dz_versicolor * a_hidden3;
  const dw_versicolor_hidden4 = dz_versicolor * a_hidden4;
  const dw_versicolor_hidden5 = dz_versicolor * a_hidden5;
  const dw_versicolor_hidden6 = dz_versicolor * a_hidden6;
  const dw_versicolor_hidden7 = dz_versicolor * a_hidden7;
  const dw_versicolor_hidden8 = dz_versicolor * a_hidden8;
  slopes[48] += factor * dw_versicolor_hidden1; slopes[49] += factor * dw_versicolor_hidden2;
  slopes[50] += factor * dw_versicolor_hidden3; slopes[51] += factor * dw_versicolor_hidden4;
  slopes[52] += factor * dw_versicolor_hidden5; slopes[53] += factor * dw_versicolor_hidden6;
  slopes[54] += factor * dw_versicolor_hidden7; slopes[55] += factor * dw_versicolor_hidden8;
  const dw_virginica_hidden1 = dz_virginica * a_hidden1;
  const dw_virginica_hidden2 = dz_virginica * a_hidden2;
  const dw_virginica_hidden3 = dz_virginica * a_hidden3;
  const dw_virginica_hidden4 = dz_virginica * a_hidden4;
  const dw_virginica_hidden5 = dz_virginica * a_hidden5;
  const dw_virginica_hidden6 = dz_virginica * a_hidden6;
  const dw_virginica_hidden7 = dz_virginica * a_hidden7;
  const dw_virginica_hidden8 = dz_virginica * a_hidden8;
  slopes[56] += factor * dw_virginica_hidden1; slopes[57] += factor * dw_virginica_hidden2;
  slopes[58] += factor * dw_virginica_hidden3; slopes[59] += factor * dw_virginica_hidden4;
  slopes[60] += factor * dw_virginica_hidden5; slopes[61] += factor * dw_virginica_hidden6;
  slopes[62] += factor * dw_virginica_hidden7; slopes[63] += factor * dw_virginica_hidden8;
  const db_setosa = dz_setosa;
  const db_versicolor = dz_versicolor;
  const db_virginica = dz_virginica;
  slopes[64] += factor * db_setosa; slopes[65] += factor * db_versicolor; slopes[66] += factor * db_virginica;

  // hidden ← output: the error flows back along the same weights
  const da_hidden1 =
    dz_setosa * w_setosa_hidden1 + dz_versicolor * w_versicolor_hidden1 + dz_virginica * w_virginica_hidden1;
  const da_hidden2 =
    dz_setosa * w_setosa_hidden2 + dz_versicolor * w_versicolor_hidden2 + dz_virginica * w_virginica_hidden2;
  const da_hidden3 =
    dz_setosa * w_setosa_hidden3 + dz_versicolor * w_versicolor_hidden3 + dz_virginica * w_virginica_hidden3;
  const da_hidden4 =
    dz_setosa * w_setosa_hidden4 + dz_versicolor * w_versicolor_hidden4 + dz_virginica * w_virginica_hidden4;
  const da_hidden5 =
    dz_setosa * w_setosa_hidden5 + dz_versicolor * w_versicolor_hidden5 + dz_virginica * w_virginica_hidden5;
  const da_hidden6 =
    dz_setosa * w_setosa_hidden6 + dz_versicolor * w_versicolor_hidden6 + dz_virginica * w_virginica_hidden6;
  const da_hidden7 =
    dz_setosa * w_setosa_hidden7 + dz_versicolor * w_versicolor_hidden7 + dz_virginica * w_virginica_hidden7;
  const da_hidden8 =
    dz_setosa * w_setosa_hidden8 + dz_versicolor * w_versicolor_hidden8 + dz_virginica * w_virginica_hidden8;
  const dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 ** 2);
  const dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 ** 2);
  const dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 ** 2);
  const dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 ** 2);
  const dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 ** 2);
  const dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 ** 2);
  const dz_hidden7 = da_hidden7 * (1.0 - a_hidden7 ** 2);
  const dz_hidden8 = da_hidden8 * (1.0 - a_hidden8 ** 2);
  const dw_hidden1_sepal_length = dz_hidden1 * sepal_length;
  const dw_hidden1_sepal_width = dz_hidden1 * sepal_width;
  const dw_hidden1_petal_length = dz_hidden1 * petal_length;
  const dw_hidden1_petal_width = dz_hidden1 * petal_width;
  slopes[0] += factor * dw_hidden1_sepal_length; slopes[1] += factor * dw_hidden1_sepal_width;
  slopes[2] += factor * dw_hidden1_petal_length; slopes[3] += factor * dw_hidden1_petal_width;
  const dw_hidden2_sepal_length = dz_hidden2 * sepal_length;
  const dw_hidden2_sepal_width = dz_hidden2 * sepal_width;
  const dw_hidden2_petal_length = dz_hidden2 * petal_length;
  const dw_hidden2_petal_width = dz_hidden2 * petal_width;
  slopes[4] += factor * dw_hidden2_sepal_length; slopes[5] += factor * dw_hidden2_sepal_width;
  slopes[6] += factor * dw_hidden2_petal_length; slopes[7] += factor * dw_hidden2_petal_width;
  const dw_hidden3_sepal_length = dz_hidden3 * sepal_length;
  const dw_hidden3_sepal_width = dz_hidden3 * sepal_width;
  const dw_hidden3_petal_length = dz_hidden3 * petal_length;
  const dw_hidden3_petal_width = dz_hidden3 * petal_width;
  slopes[8] += factor * dw_hidden3_sepal_length; slopes[9] += factor * dw_hidden3_sepal_width;
  slopes[10] += factor * dw_hidden3_petal_length; slopes[11] += factor * dw_hidden3_petal_width;
  const dw_hidden4_sepal_length = dz_hidden4 * sepal_length;
  const dw_hidden4_sepal_width = dz_hidden4 * sepal_width;
  const dw_hidden4_petal_length = dz_hidden4 * petal_length;
  const dw_hidden4_petal_width = dz_hidden4 * petal_width;
  slopes[12] += factor * dw_hidden4_sepal_length; slopes[13] += factor * dw_hidden4_sepal_width;
  slopes[14] += factor * dw_hidden4_petal_length; slopes[15] += factor * dw_hidden4_petal_width;
  const dw_hidden5_sepal_length = dz_hidden5 * sepal_length;
  const dw_hidden5_sepal_width = dz_hidden5 * sepal_width;
  const dw_hidden5_petal_length = dz_hidden5 * petal_length;
  const dw_hidden5_petal_width = dz_hidden5 * petal_width;
  slopes[16] += factor * dw_hidden5_sepal_length; slopes[17] += factor * dw_hidden5_sepal_width;
  slopes[18] += factor * dw_hidden5_petal_length; slopes[19] += factor * dw_hidden5_petal_width;
  const dw_hidden6_sepal_length = dz_hidden6 * sepal_length;
  const dw_hidden6_sepal_width = dz_hidden6 * sepal_width;
  const dw_hidden6_petal_length = dz_hidden6 * petal_length;
  const dw_hidden6_petal_width = dz_hidden6 * petal_width;
  slopes[20] += factor * dw_hidden6_sepal_length; slopes[21] += factor * dw_hidden6_sepal_width;
  slopes[22] += factor * dw_hidden6_petal_length; slopes[23] += factor * dw_hidden6_petal_width;
  const dw_hidden7_sepal_length = dz_hidden7 * sepal_length;
  const dw_hidden7_sepal_width = dz_hidden7 * sepal_width;
  const dw_hidden7_petal_length = dz_hidden7 * petal_length;
  const dw_hidden7_petal_width = dz_hidden7 * petal_width;
  slopes[24] += factor * dw_hidden7_sepal_length; slopes[25] += factor * dw_hidden7_sepal_width;
  slopes[26] += factor * dw_hidden7_petal_length; slopes[27] += factor * dw_hidden7_petal_width;
  const dw_hidden8_sepal_length = dz_hidden8 * sepal_length;
  const dw_hidden8_sepal_width = dz_hidden8 * sepal_width;
  const dw_hidden8_petal_length = dz_hidden8 * petal_length;
  const dw_hidden8_petal_width = dz_hidden8 * petal_width;
  slopes[28] += factor * dw_hidden8_sepal_length; slopes[29] += factor * dw_hidden8_sepal_width;
  slopes[30] += factor * dw_hidden8_petal_length; slopes[31] += factor * dw_hidden8_petal_width;
  const db_hidden1 = dz_hidden1;
  const db_hidden2 = dz_hidden2;
  const db_hidden3 = dz_hidden3;
  const db_hidden4 = dz_hidden4;
  const db_hidden5 = dz_hidden5;
  const db_hidden6 = dz_hidden6;
  const db_hidden7 = dz_hidden7;
  const db_hidden8 = dz_hidden8;
  slopes[32] += factor * db_hidden1; slopes[33] += factor * db_hidden2; slopes[34] += factor * db_hidden3;
  slopes[35] += factor * db_hidden4; slopes[36] += factor * db_hidden5; slopes[37] += factor * db_hidden6;
  slopes[38] += factor * db_hidden7; slopes[39] += factor * db_hidden8;

  return loss;
}

// --- Below: training and predictions. ---

/** The inputs of the network, from the numbers of the data. @type {(x: number[]) => number[]} */
export function scale(x) {
  const subtract = [5.855, 3.03, 3.8169999999999997, 1.2329999999999999];
  const divide = [0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649];
  return _check_list(x, 4, "inputs").map((value, i) => (value - subtract[i]) / divide[i]);
}

// the columns of a row, as the data name them
/** @typedef {Record<(typeof COLUMNS)[number], unknown> | unknown[]} Row - by name, or in the order of COLUMNS */
export const COLUMNS = /** @type {const} */ (["sepal_length", "sepal_width", "petal_length", "petal_width"]);

// the classes in the order of the outputs
export const CLASSES = /** @type {const} */ (["setosa", "versicolor", "virginica"]);

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
  const updated = [..._check_list(params, 67, "parameters")];
  _update(updated, gradient);
  return [updated, state];
}

/** Update parameters by their derivatives, in place. @type {(params: Params, slopes: Params) => void} */
function _update(params, slopes) {
  for (let i = 0; i < params.length; i++) {
    params[i] = params[i] - 0.1 * slopes[i];
  }
}

/** A step, in place. @type {(params: Params, x: number[], y: number[], state: State) => [number, Params, State]} */
export const train_step = (params, x, y, state) => [_gradient(params, x, y, params, -0.1), params, state];

/**
 * Train on examples, and return the parameters and the loss of each epoch, measured before each step.
 *
 * Each epoch takes the examples in a new random order, or as they are if seed is null. A batch_size of null takes all
 * in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends training.
 * @type {(params: Params, xs: number[][], ys: number[][], options?: { epochs?: number, batch_size?: number | null,
 *   seed?: number | null, callback?: (epoch: number, loss: number, params: Params) => unknown }) => [Params, number[]]}
 */
export function fit(params, xs, ys, { epochs = 100, batch_size = 10, seed = 0, callback } = {}) {
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
        loss_of_epoch += _gradient(params, xs[k], ys[k], params, -0.1);
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
  const W_hidden = Array.from({ length: 32 }, (_, i) => Math.sqrt(6.0 / (4 + 8)) * (2.0 * _uniform(seed, i) - 1.0));
  const b_hidden = Array(8).fill(0.0);
  const W_output = Array.from(
    { length: 24 }, (_, i) => Math.sqrt(6.0 / (8 + 3)) * (2.0 * _uniform(seed, 40 + i) - 1.0)
  );
  const b_output = Array(3).fill(0.0);
  return [...W_hidden, ...b_hidden, ...W_output, ...b_output];
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
