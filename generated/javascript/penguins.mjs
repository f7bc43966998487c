/*
penguins, a neural network: its equations forward and backward, and how it learns.

    x: 10 -> hidden: 6 tanh -> output: 3 softmax

Tells three species of penguins apart by measurements of their bodies, by their island and by their sex (Gorman,
Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of 16.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.

Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but JavaScript, in a browser or in Node.
*/
/* eslint-disable */

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */
export const PARAMETERS = [
  "w_hidden1_bill_length", "w_hidden1_bill_depth", "w_hidden1_flipper_length", "w_hidden1_body_mass",
  "w_hidden1_island_biscoe", "w_hidden1_island_dream", "w_hidden1_island_torgersen", "w_hidden1_sex_female",
  "w_hidden1_sex_male", "w_hidden1_sex_missing",
  "w_hidden2_bill_length", "w_hidden2_bill_depth", "w_hidden2_flipper_length", "w_hidden2_body_mass",
  "w_hidden2_island_biscoe", "w_hidden2_island_dream", "w_hidden2_island_torgersen", "w_hidden2_sex_female",
  "w_hidden2_sex_male", "w_hidden2_sex_missing",
  "w_hidden3_bill_length", "w_hidden3_bill_depth", "w_hidden3_flipper_length", "w_hidden3_body_mass",
  "w_hidden3_island_biscoe", "w_hidden3_island_dream", "w_hidden3_island_torgersen", "w_hidden3_sex_female",
  "w_hidden3_sex_male", "w_hidden3_sex_missing",
  "w_hidden4_bill_length", "w_hidden4_bill_depth", "w_hidden4_flipper_length", "w_hidden4_body_mass",
  "w_hidden4_island_biscoe", "w_hidden4_island_dream", "w_hidden4_island_torgersen", "w_hidden4_sex_female",
  "w_hidden4_sex_male", "w_hidden4_sex_missing",
  "w_hidden5_bill_length", "w_hidden5_bill_depth", "w_hidden5_flipper_length", "w_hidden5_body_mass",
  "w_hidden5_island_biscoe", "w_hidden5_island_dream", "w_hidden5_island_torgersen", "w_hidden5_sex_female",
  "w_hidden5_sex_male", "w_hidden5_sex_missing",
  "w_hidden6_bill_length", "w_hidden6_bill_depth", "w_hidden6_flipper_length", "w_hidden6_body_mass",
  "w_hidden6_island_biscoe", "w_hidden6_island_dream", "w_hidden6_island_torgersen", "w_hidden6_sex_female",
  "w_hidden6_sex_male", "w_hidden6_sex_missing",
  "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6",
  "w_Adelie_hidden1", "w_Adelie_hidden2", "w_Adelie_hidden3",
  "w_Adelie_hidden4", "w_Adelie_hidden5", "w_Adelie_hidden6",
  "w_Chinstrap_hidden1", "w_Chinstrap_hidden2", "w_Chinstrap_hidden3",
  "w_Chinstrap_hidden4", "w_Chinstrap_hidden5", "w_Chinstrap_hidden6",
  "w_Gentoo_hidden1", "w_Gentoo_hidden2", "w_Gentoo_hidden3",
  "w_Gentoo_hidden4", "w_Gentoo_hidden5", "w_Gentoo_hidden6",
  "b_Adelie", "b_Chinstrap", "b_Gentoo",
];

/**
 * The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.
 * @type {(params: Params, x: number[]) => number[]}
 */
export function forward(params, x) {
  _check_list(params, 87, "parameters");
  const {
    0: bill_length, 1: bill_depth, 2: flipper_length, 3: body_mass, 4: island_biscoe,
    5: island_dream, 6: island_torgersen, 7: sex_female, 8: sex_male, 9: sex_missing,
  } = _check_list(x, 10, "inputs");
  const {
    0: w_hidden1_bill_length, 1: w_hidden1_bill_depth, 2: w_hidden1_flipper_length, 3: w_hidden1_body_mass,
    4: w_hidden1_island_biscoe, 5: w_hidden1_island_dream, 6: w_hidden1_island_torgersen, 7: w_hidden1_sex_female,
    8: w_hidden1_sex_male, 9: w_hidden1_sex_missing,
    10: w_hidden2_bill_length, 11: w_hidden2_bill_depth, 12: w_hidden2_flipper_length, 13: w_hidden2_body_mass,
    14: w_hidden2_island_biscoe, 15: w_hidden2_island_dream, 16: w_hidden2_island_torgersen, 17: w_hidden2_sex_female,
    18: w_hidden2_sex_male, 19: w_hidden2_sex_missing,
    20: w_hidden3_bill_length, 21: w_hidden3_bill_depth, 22: w_hidden3_flipper_length, 23: w_hidden3_body_mass,
    24: w_hidden3_island_biscoe, 25: w_hidden3_island_dream, 26: w_hidden3_island_torgersen, 27: w_hidden3_sex_female,
    28: w_hidden3_sex_male, 29: w_hidden3_sex_missing,
    30: w_hidden4_bill_length, 31: w_hidden4_bill_depth, 32: w_hidden4_flipper_length, 33: w_hidden4_body_mass,
    34: w_hidden4_island_biscoe, 35: w_hidden4_island_dream, 36: w_hidden4_island_torgersen, 37: w_hidden4_sex_female,
    38: w_hidden4_sex_male, 39: w_hidden4_sex_missing,
    40: w_hidden5_bill_length, 41: w_hidden5_bill_depth, 42: w_hidden5_flipper_length, 43: w_hidden5_body_mass,
    44: w_hidden5_island_biscoe, 45: w_hidden5_island_dream, 46: w_hidden5_island_torgersen, 47: w_hidden5_sex_female,
    48: w_hidden5_sex_male, 49: w_hidden5_sex_missing,
    50: w_hidden6_bill_length, 51: w_hidden6_bill_depth, 52: w_hidden6_flipper_length, 53: w_hidden6_body_mass,
    54: w_hidden6_island_biscoe, 55: w_hidden6_island_dream, 56: w_hidden6_island_torgersen, 57: w_hidden6_sex_female,
    58: w_hidden6_sex_male, 59: w_hidden6_sex_missing,
    60: b_hidden1, 61: b_hidden2, 62: b_hidden3, 63: b_hidden4, 64: b_hidden5, 65: b_hidden6,
    66: w_Adelie_hidden1, 67: w_Adelie_hidden2, 68: w_Adelie_hidden3,
    69: w_Adelie_hidden4, 70: w_Adelie_hidden5, 71: w_Adelie_hidden6,
    72: w_Chinstrap_hidden1, 73: w_Chinstrap_hidden2, 74: w_Chinstrap_hidden3,
    75: w_Chinstrap_hidden4, 76: w_Chinstrap_hidden5, 77: w_Chinstrap_hidden6,
    78: w_Gentoo_hidden1, 79: w_Gentoo_hidden2, 80: w_Gentoo_hidden3,
    81: w_Gentoo_hidden4, 82: w_Gentoo_hidden5, 83: w_Gentoo_hidden6,
    84: b_Adelie, 85: b_Chinstrap, 86: b_Gentoo,
  } = params;

  // hidden ← x: weighted sums, then tanh
  const z_hidden1 =
    b_hidden1 +
    w_hidden1_bill_length * bill_length +
    w_hidden1_bill_depth * bill_depth +
    w_hidden1_flipper_length * flipper_length +
    w_hidden1_body_mass * body_mass +
    w_hidden1_island_biscoe * island_biscoe +
    w_hidden1_island_dream * island_dream +
    w_hidden1_island_torgersen * island_torgersen +
    w_hidden1_sex_female * sex_female +
    w_hidden1_sex_male * sex_male +
    w_hidden1_sex_missing * sex_missing;
  const z_hidden2 =
    b_hidden2 +
    w_hidden2_bill_length * bill_length +
    w_hidden2_bill_depth * bill_depth +
    w_hidden2_flipper_length * flipper_length +
    w_hidden2_body_mass * body_mass +
    w_hidden2_island_biscoe * island_biscoe +
    w_hidden2_island_dream * island_dream +
    w_hidden2_island_torgersen * island_torgersen +
    w_hidden2_sex_female * sex_female +
    w_hidden2_sex_male * sex_male +
    w_hidden2_sex_missing * sex_missing;
  const z_hidden3 =
    b_hidden3 +
    w_hidden3_bill_length * bill_length +
    w_hidden3_bill_depth * bill_depth +
    w_hidden3_flipper_length * flipper_length +
    w_hidden3_body_mass * body_mass +
    w_hidden3_island_biscoe * island_biscoe +
    w_hidden3_island_dream * island_dream +
    w_hidden3_island_torgersen * island_torgersen +
    w_hidden3_sex_female * sex_female +
    w_hidden3_sex_male * sex_male +
    w_hidden3_sex_missing * sex_missing;
  const z_hidden4 =
    b_hidden4 +
    w_hidden4_bill_length * bill_length +
    w_hidden4_bill_depth * bill_depth +
    w_hidden4_flipper_length * flipper_length +
    w_hidden4_body_mass * body_mass +
    w_hidden4_island_biscoe * island_biscoe +
    w_hidden4_island_dream * island_dream +
    w_hidden4_island_torgersen * island_torgersen +
    w_hidden4_sex_female * sex_female +
    w_hidden4_sex_male * sex_male +
    w_hidden4_sex_missing * sex_missing;
  const z_hidden5 =
    b_hidden5 +
    w_hidden5_bill_length * bill_length +
    w_hidden5_bill_depth * bill_depth +
    w_hidden5_flipper_length * flipper_length +
    w_hidden5_body_mass * body_mass +
    w_hidden5_island_biscoe * island_biscoe +
    w_hidden5_island_dream * island_dream +
    w_hidden5_island_torgersen * island_torgersen +
    w_hidden5_sex_female * sex_female +
    w_hidden5_sex_male * sex_male +
    w_hidden5_sex_missing * sex_missing;
  const z_hidden6 =
    b_hidden6 +
    w_hidden6_bill_length * bill_length +
    w_hidden6_bill_depth * bill_depth +
    w_hidden6_flipper_length * flipper_length +
    w_hidden6_body_mass * body_mass +
    w_hidden6_island_biscoe * island_biscoe +
    w_hidden6_island_dream * island_dream +
    w_hidden6_island_torgersen * island_torgersen +
    w_hidden6_sex_female * sex_female +
    w_hidden6_sex_male * sex_male +
    w_hidden6_sex_missing * sex_missing;
  const a_hidden1 = Math.tanh(z_hidden1);
  const a_hidden2 = Math.tanh(z_hidden2);
  const a_hidden3 = Math.tanh(z_hidden3);
  const a_hidden4 = Math.tanh(z_hidden4);
  const a_hidden5 = Math.tanh(z_hidden5);
  const a_hidden6 = Math.tanh(z_hidden6);

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_Adelie =
    b_Adelie +
    w_Adelie_hidden1 * a_hidden1 +
    w_Adelie_hidden2 * a_hidden2 +
    w_Adelie_hidden3 * a_hidden3 +
    w_Adelie_hidden4 * a_hidden4 +
    w_Adelie_hidden5 * a_hidden5 +
    w_Adelie_hidden6 * a_hidden6;
  const z_Chinstrap =
    b_Chinstrap +
    w_Chinstrap_hidden1 * a_hidden1 +
    w_Chinstrap_hidden2 * a_hidden2 +
    w_Chinstrap_hidden3 * a_hidden3 +
    w_Chinstrap_hidden4 * a_hidden4 +
    w_Chinstrap_hidden5 * a_hidden5 +
    w_Chinstrap_hidden6 * a_hidden6;
  const z_Gentoo =
    b_Gentoo +
    w_Gentoo_hidden1 * a_hidden1 +
    w_Gentoo_hidden2 * a_hidden2 +
    w_Gentoo_hidden3 * a_hidden3 +
    w_Gentoo_hidden4 * a_hidden4 +
    w_Gentoo_hidden5 * a_hidden5 +
    w_Gentoo_hidden6 * a_hidden6;
  const top_output = Math.max(z_Adelie, z_Chinstrap, z_Gentoo);
  const e_Adelie = Math.exp(z_Adelie - top_output);
  const e_Chinstrap = Math.exp(z_Chinstrap - top_output);
  const e_Gentoo = Math.exp(z_Gentoo - top_output);
  const total_output = e_Adelie + e_Chinstrap + e_Gentoo;
  const a_Adelie = e_Adelie / total_output;
  const a_Chinstrap = e_Chinstrap / total_output;
  const a_Gentoo = e_Gentoo / total_output;

  return [a_Adelie, a_Chinstrap, a_Gentoo];
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
  _check_list(params, 87, "parameters");
  const {
    0: bill_length, 1: bill_depth, 2: flipper_length, 3: body_mass, 4: island_biscoe,
    5: island_dream, 6: island_torgersen, 7: sex_female, 8: sex_male, 9: sex_missing,
  } = _check_list(x, 10, "inputs");
  const { 0: y_Adelie, 1: y_Chinstrap, 2: y_Gentoo } = _check_list(y, 3, "targets");
  const {
    0: w_hidden1_bill_length, 1: w_hidden1_bill_depth, 2: w_hidden1_flipper_length, 3: w_hidden1_body_mass,
    4: w_hidden1_island_biscoe, 5: w_hidden1_island_dream, 6: w_hidden1_island_torgersen, 7: w_hidden1_sex_female,
    8: w_hidden1_sex_male, 9: w_hidden1_sex_missing,
    10: w_hidden2_bill_length, 11: w_hidden2_bill_depth, 12: w_hidden2_flipper_length, 13: w_hidden2_body_mass,
    14: w_hidden2_island_biscoe, 15: w_hidden2_island_dream, 16: w_hidden2_island_torgersen, 17: w_hidden2_sex_female,
    18: w_hidden2_sex_male, 19: w_hidden2_sex_missing,
    20: w_hidden3_bill_length, 21: w_hidden3_bill_depth, 22: w_hidden3_flipper_length, 23: w_hidden3_body_mass,
    24: w_hidden3_island_biscoe, 25: w_hidden3_island_dream, 26: w_hidden3_island_torgersen, 27: w_hidden3_sex_female,
    28: w_hidden3_sex_male, 29: w_hidden3_sex_missing,
    30: w_hidden4_bill_length, 31: w_hidden4_bill_depth, 32: w_hidden4_flipper_length, 33: w_hidden4_body_mass,
    34: w_hidden4_island_biscoe, 35: w_hidden4_island_dream, 36: w_hidden4_island_torgersen, 37: w_hidden4_sex_female,
    38: w_hidden4_sex_male, 39: w_hidden4_sex_missing,
    40: w_hidden5_bill_length, 41: w_hidden5_bill_depth, 42: w_hidden5_flipper_length, 43: w_hidden5_body_mass,
    44: w_hidden5_island_biscoe, 45: w_hidden5_island_dream, 46: w_hidden5_island_torgersen, 47: w_hidden5_sex_female,
    48: w_hidden5_sex_male, 49: w_hidden5_sex_missing,
    50: w_hidden6_bill_length, 51: w_hidden6_bill_depth, 52: w_hidden6_flipper_length, 53: w_hidden6_body_mass,
    54: w_hidden6_island_biscoe, 55: w_hidden6_island_dream, 56: w_hidden6_island_torgersen, 57: w_hidden6_sex_female,
    58: w_hidden6_sex_male, 59: w_hidden6_sex_missing,
    60: b_hidden1, 61: b_hidden2, 62: b_hidden3, 63: b_hidden4, 64: b_hidden5, 65: b_hidden6,
    66: w_Adelie_hidden1, 67: w_Adelie_hidden2, 68: w_Adelie_hidden3,
    69: w_Adelie_hidden4, 70: w_Adelie_hidden5, 71: w_Adelie_hidden6,
    72: w_Chinstrap_hidden1, 73: w_Chinstrap_hidden2, 74: w_Chinstrap_hidden3,
    75: w_Chinstrap_hidden4, 76: w_Chinstrap_hidden5, 77: w_Chinstrap_hidden6,
    78: w_Gentoo_hidden1, 79: w_Gentoo_hidden2, 80: w_Gentoo_hidden3,
    81: w_Gentoo_hidden4, 82: w_Gentoo_hidden5, 83: w_Gentoo_hidden6,
    84: b_Adelie, 85: b_Chinstrap, 86: b_Gentoo,
  } = params;

  // hidden ← x: weighted sums, then tanh
  const z_hidden1 =
    b_hidden1 +
    w_hidden1_bill_length * bill_length +
    w_hidden1_bill_depth * bill_depth +
    w_hidden1_flipper_length * flipper_length +
    w_hidden1_body_mass * body_mass +
    w_hidden1_island_biscoe * island_biscoe +
    w_hidden1_island_dream * island_dream +
    w_hidden1_island_torgersen * island_torgersen +
    w_hidden1_sex_female * sex_female +
    w_hidden1_sex_male * sex_male +
    w_hidden1_sex_missing * sex_missing;
  const z_hidden2 =
    b_hidden2 +
    w_hidden2_bill_length * bill_length +
    w_hidden2_bill_depth * bill_depth +
    w_hidden2_flipper_length * flipper_length +
    w_hidden2_body_mass * body_mass +
    w_hidden2_island_biscoe * island_biscoe +
    w_hidden2_island_dream * island_dream +
    w_hidden2_island_torgersen * island_torgersen +
    w_hidden2_sex_female * sex_female +
    w_hidden2_sex_male * sex_male +
    w_hidden2_sex_missing * sex_missing;
  const z_hidden3 =
    b_hidden3 +
    w_hidden3_bill_length * bill_length +
    w_hidden3_bill_depth * bill_depth +
    w_hidden3_flipper_length * flipper_length +
    w_hidden3_body_mass * body_mass +
    w_hidden3_island_biscoe * island_biscoe +
    w_hidden3_island_dream * island_dream +
    w_hidden3_island_torgersen * island_torgersen +
    w_hidden3_sex_female * sex_female +
    w_hidden3_sex_male * sex_male +
    w_hidden3_sex_missing * sex_missing;
  const z_hidden4 =
    b_hidden4 +
    w_hidden4_bill_length * bill_length +
    w_hidden4_bill_depth * bill_depth +
    w_hidden4_flipper_length * flipper_length +
    w_hidden4_body_mass * body_mass +
    w_hidden4_island_biscoe * island_biscoe +
    w_hidden4_island_dream * island_dream +
    w_hidden4_island_torgersen * island_torgersen +
    w_hidden4_sex_female * sex_female +
    w_hidden4_sex_male * sex_male +
    w_hidden4_sex_missing * sex_missing;
  const z_hidden5 =
    b_hidden5 +
    w_hidden5_bill_length * bill_length +
    w_hidden5_bill_depth * bill_depth +
    w_hidden5_flipper_length * flipper_length +
    w_hidden5_body_mass * body_mass +
    w_hidden5_island_biscoe * island_biscoe +
    w_hidden5_island_dream * island_dream +
    w_hidden5_island_torgersen * island_torgersen +
    w_hidden5_sex_female * sex_female +
    w_hidden5_sex_male * sex_male +
    w_hidden5_sex_missing * sex_missing;
  const z_hidden6 =
    b_hidden6 +
    w_hidden6_bill_length * bill_length +
    w_hidden6_bill_depth * bill_depth +
    w_hidden6_flipper_length * flipper_length +
    w_hidden6_body_mass * body_mass +
    w_hidden6_island_biscoe * island_biscoe +
    w_hidden6_island_dream * island_dream +
    w_hidden6_island_torgersen * island_torgersen +
    w_hidden6_sex_female * sex_female +
    w_hidden6_sex_male * sex_male +
    w_hidden6_sex_missing * sex_missing;
  const a_hidden1 = Math.tanh(z_hidden1);
  const a_hidden2 = Math.tanh(z_hidden2);
  const a_hidden3 = Math.tanh(z_hidden3);
  const a_hidden4 = Math.tanh(z_hidden4);
  const a_hidden5 = Math.tanh(z_hidden5);
  const a_hidden6 = Math.tanh(z_hidden6);

  // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
  const z_Adelie =
    b_Adelie +
    w_Adelie_hidden1 * a_hidden1 +
    w_Adelie_hidden2 * a_hidden2 +
    w_Adelie_hidden3 * a_hidden3 +
    w_Adelie_hidden4 * a_hidden4 +
    w_Adelie_hidden5 * a_hidden5 +
    w_Adelie_hidden6 * a_hidden6;
  const z_Chinstrap =
    b_Chinstrap +
    w_Chinstrap_hidden1 * a_hidden1 +
    w_Chinstrap_hidden2 * a_hidden2 +
    w_Chinstrap_hidden3 * a_hidden3 +
    w_Chinstrap_hidden4 * a_hidden4 +
    w_Chinstrap_hidden5 * a_hidden5 +
    w_Chinstrap_hidden6 * a_hidden6;
  const z_Gentoo =
    b_Gentoo +
    w_Gentoo_hidden1 * a_hidden1 +
    w_Gentoo_hidden2 * a_hidden2 +
    w_Gentoo_hidden3 * a_hidden3 +
    w_Gentoo_hidden4 * a_hidden4 +
    w_Gentoo_hidden5 * a_hidden5 +
    w_Gentoo_hidden6 * a_hidden6;
  const top_output = Math.max(z_Adelie, z_Chinstrap, z_Gentoo);
  const e_Adelie = Math.exp(z_Adelie - top_output);
  const e_Chinstrap = Math.exp(z_Chinstrap - top_output);
  const e_Gentoo = Math.exp(z_Gentoo - top_output);
  const total_output = e_Adelie + e_Chinstrap + e_Gentoo;
  const a_Adelie = e_Adelie / total_output;
  const a_Chinstrap = e_Chinstrap / total_output;
  const a_Gentoo = e_Gentoo / total_output;

  // the loss: cross_entropy
  const loss =
    y_Adelie * (Math.log(total_output) - (z_Adelie - top_output)) +
    y_Chinstrap * (Math.log(total_output) - (z_Chinstrap - top_output)) +
    y_Gentoo * (Math.log(total_output) - (z_Gentoo - top_output));
  if (!slopes) return loss;

  // output: the slopes of softmax and of the logarithm cancel, only the difference remains
  const dz_Adelie = a_Adelie - y_Adelie;
  const dz_Chinstrap = a_Chinstrap - y_Chinstrap;
  const dz_Gentoo = a_Gentoo - y_Gentoo;
  const dw_Adelie_hidden1 = dz_Adelie * a_hidden1;
  const dw_Adelie_hidden2 = dz_Adelie * a_hidden2;
  const dw_Adelie_hidden3 = dz_Adelie * a_hidden3;
  const dw_Adelie_hidden4 = dz_Adelie * a_hidden4;
  const dw_Adelie_hidden5 = dz_Adelie * a_hidden5;
  const dw_Adelie_hidden6 = dz_Adelie * a_hidden6;
  slopes[66] += dw_Adelie_hidden1; slopes[67] += dw_Adelie_hidden2; slopes[68] += dw_Adelie_hidden3;
  slopes[69] += dw_Adelie_hidden4; slopes[70] += dw_Adelie_hidden5; slopes[71] += dw_Adelie_hidden6;
  const dw_Chinstrap_hidden1 = dz_Chinstrap * a_hidden1;
  const dw_Chinstrap_hidden2 = dz_Chinstrap * a_hidden2;
  const dw_Chinstrap_hidden3 = dz_Chinstrap * a_hidden3;
  const dw_Chinstrap_hidden4 = dz_Chinstrap * a_hidden4;
  const dw_Chinstrap_hidden5 = dz_Chinstrap * a_hidden5;
  const dw_Chinstrap_hidden6 = dz_Chinstrap * a_hidden6;
  slopes[72] += dw_Chinstrap_hidden1; slopes[73] += dw_Chinstrap_hidden2; slopes[74] += dw_Chinstrap_hidden3;
  slopes[75] += dw_Chinstrap_hidden4; slopes[76] += dw_Chinstrap_hidden5; slopes[77] += dw_Chinstrap_hidden6;
  const dw_Gentoo_hidden1 = dz_Gentoo * a_hidden1;
  const dw_Gentoo_hidden2 = dz_Gentoo * a_hidden2;
  const dw_Gentoo_hidden3 = dz_Gentoo * a_hidden3;
  const dw_Gentoo_hidden4 = dz_Gentoo * a_hidden4;
  const dw_Gentoo_hidden5 = dz_Gentoo * a_hidden5;
  const dw_Gentoo_hidden6 = dz_Gentoo * a_hidden6;
  slopes[78] += dw_Gentoo_hidden1; slopes[79] += dw_Gentoo_hidden2; slopes[80] += dw_Gentoo_hidden3;
  slopes[81] += dw_Gentoo_hidden4; slopes[82] += dw_Gentoo_hidden5; slopes[83] += dw_Gentoo_hidden6;
  const db_Adelie = dz_Adelie;
  const db_Chinstrap = dz_Chinstrap;
  const db_Gentoo = dz_Gentoo;
  slopes[84] += db_Adelie; slopes[85] += db_Chinstrap; slopes[86] += db_Gentoo;

  // hidden ← output: the error flows back along the same weights
  const da_hidden1 = dz_Adelie * w_Adelie_hidden1 + dz_Chinstrap * w_Chinstrap_hidden1 + dz_Gentoo * w_Gentoo_hidden1;
  const da_hidden2 = dz_Adelie * w_Adelie_hidden2 + dz_Chinstrap * w_Chinstrap_hidden2 + dz_Gentoo * w_Gentoo_hidden2;
  const da_hidden3 = dz_Adelie * w_Adelie_hidden3 + dz_Chinstrap * w_Chinstrap_hidden3 + dz_Gentoo * w_Gentoo_hidden3;
  const da_hidden4 = dz_Adelie * w_Adelie_hidden4 + dz_Chinstrap * w_Chinstrap_hidden4 + dz_Gentoo * w_Gentoo_hidden4;
  const da_hidden5 = dz_Adelie * w_Adelie_hidden5 + dz_Chinstrap * w_Chinstrap_hidden5 + dz_Gentoo * w_Gentoo_hidden5;
  const da_hidden6 = dz_Adelie * w_Adelie_hidden6 + dz_Chinstrap * w_Chinstrap_hidden6 + dz_Gentoo * w_Gentoo_hidden6;
  const dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 ** 2);
  const dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 ** 2);
  const dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 ** 2);
  const dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 ** 2);
  const dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 ** 2);
  const dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 ** 2);
  const dw_hidden1_bill_length = dz_hidden1 * bill_length;
  const dw_hidden1_bill_depth = dz_hidden1 * bill_depth;
  const dw_hidden1_flipper_length = dz_hidden1 * flipper_length;
  const dw_hidden1_body_mass = dz_hidden1 * body_mass;
  const dw_hidden1_island_biscoe = dz_hidden1 * island_biscoe;
  const dw_hidden1_island_dream = dz_hidden1 * island_dream;
  const dw_hidden1_island_torgersen = dz_hidden1 * island_torgersen;
  const dw_hidden1_sex_female = dz_hidden1 * sex_female;
  const dw_hidden1_sex_male = dz_hidden1 * sex_male;
  const dw_hidden1_sex_missing = dz_hidden1 * sex_missing;
  slopes[0] += dw_hidden1_bill_length; slopes[1] += dw_hidden1_bill_depth; slopes[2] += dw_hidden1_flipper_length;
  slopes[3] += dw_hidden1_body_mass; slopes[4] += dw_hidden1_island_biscoe; slopes[5] += dw_hidden1_island_dream;
  slopes[6] += dw_hidden1_island_torgersen; slopes[7] += dw_hidden1_sex_female; slopes[8] += dw_hidden1_sex_male;
  slopes[9] += dw_hidden1_sex_missing;
  const dw_hidden2_bill_length = dz_hidden2 * bill_length;
  const dw_hidden2_bill_depth = dz_hidden2 * bill_depth;
  const dw_hidden2_flipper_length = dz_hidden2 * flipper_length;
  const dw_hidden2_body_mass = dz_hidden2 * body_mass;
  const dw_hidden2_island_biscoe = dz_hidden2 * island_biscoe;
  const dw_hidden2_island_dream = dz_hidden2 * island_dream;
  const dw_hidden2_island_torgersen = dz_hidden2 * island_torgersen;
  const dw_hidden2_sex_female = dz_hidden2 * sex_female;
  const dw_hidden2_sex_male = dz_hidden2 * sex_male;
  const dw_hidden2_sex_missing = dz_hidden2 * sex_missing;
  slopes[10] += dw_hidden2_bill_length; slopes[11] += dw_hidden2_bill_depth; slopes[12] += dw_hidden2_flipper_length;
  slopes[13] += dw_hidden2_body_mass; slopes[14] += dw_hidden2_island_biscoe; slopes[15] += dw_hidden2_island_dream;
  slopes[16] += dw_hidden2_island_torgersen; slopes[17] += dw_hidden2_sex_female; slopes[18] += dw_hidden2_sex_male;
  slopes[19] += dw_hidden2_sex_missing;
  const dw_hidden3_bill_length = dz_hidden3 * bill_length;
  const dw_hidden3_bill_depth = dz_hidden3 * bill_depth;
  const dw_hidden3_flipper_length = dz_hidden3 * flipper_length;
  const dw_hidden3_body_mass = dz_hidden3 * body_mass;
  const dw_hidden3_island_biscoe = dz_hidden3 * island_biscoe;
  const dw_hidden3_island_dream = dz_hidden3 * island_dream;
  const dw_hidden3_island_torgersen = dz_hidden3 * island_torgersen;
  const dw_hidden3_sex_female = dz_hidden3 * sex_female;
  const dw_hidden3_sex_male = dz_hidden3 * sex_male;
  const dw_hidden3_sex_missing = dz_hidden3 * sex_missing;
  slopes[20] += dw_hidden3_bill_length; slopes[21] += dw_hidden3_bill_depth; slopes[22] += dw_hidden3_flipper_length;
  slopes[23] += dw_hidden3_body_mass; slopes[24] += dw_hidden3_island_biscoe; slopes[25] += dw_hidden3_island_dream;
  slopes[26] += dw_hidden3_island_torgersen; slopes[27] += dw_hidden3_sex_female; slopes[28] += dw_hidden3_sex_male;
  slopes[29] += dw_hidden3_sex_missing;
  const dw_hidden4_bill_length = dz_hidden4 * bill_length;
  const dw_hidden4_bill_depth = dz_hidden4 * bill_depth;
  const dw_hidden4_flipper_length = dz_hidden4 * flipper_length;
  const dw_hidden4_body_mass = dz_hidden4 * body_mass;
  const dw_hidden4_island_biscoe = dz_hidden4 * island_biscoe;
  const dw_hidden4_island_dream = dz_hidden4 * island_dream;
  const dw_hidden4_island_torgersen = dz_hidden4 * island_torgersen;
  const dw_hidden4_sex_female = dz_hidden4 * sex_female;
  const dw_hidden4_sex_male = dz_hidden4 * sex_male;
  const dw_hidden4_sex_missing = dz_hidden4 * sex_missing;
  slopes[30] += dw_hidden4_bill_length; slopes[31] += dw_hidden4_bill_depth; slopes[32] += dw_hidden4_flipper_length;
  slopes[33] += dw_hidden4_body_mass; slopes[34] += dw_hidden4_island_biscoe; slopes[35] += dw_hidden4_island_dream;
  slopes[36] += dw_hidden4_island_torgersen; slopes[37] += dw_hidden4_sex_female; slopes[38] += dw_hidden4_sex_male;
  slopes[39] += dw_hidden4_sex_missing;
  const dw_hidden5_bill_length = dz_hidden5 * bill_length;
  const dw_hidden5_bill_depth = dz_hidden5 * bill_depth;
  const dw_hidden5_flipper_length = dz_hidden5 * flipper_length;
  const dw_hidden5_body_mass = dz_hidden5 * body_mass;
  const dw_hidden5_island_biscoe = dz_hidden5 * island_biscoe;
  const dw_hidden5_island_dream = dz_hidden5 * island_dream;
  const dw_hidden5_island_torgersen = dz_hidden5 * island_torgersen;
  const dw_hidden5_sex_female = dz_hidden5 * sex_female;
  const dw_hidden5_sex_male = dz_hidden5 * sex_male;
  const dw_hidden5_sex_missing = dz_hidden5 * sex_missing;
  slopes[40] += dw_hidden5_bill_length; slopes[41] += dw_hidden5_bill_depth; slopes[42] += dw_hidden5_flipper_length;
  slopes[43] += dw_hidden5_body_mass; slopes[44] += dw_hidden5_island_biscoe; slopes[45] += dw_hidden5_island_dream;
  slopes[46] += dw_hidden5_island_torgersen; slopes[47] += dw_hidden5_sex_female; slopes[48] += dw_hidden5_sex_male;
  slopes[49] += dw_hidden5_sex_missing;
  const dw_hidden6_bill_length = dz_hidden6 * bill_length;
  const dw_hidden6_bill_depth = dz_hidden6 * bill_depth;
  const dw_hidden6_flipper_length = dz_hidden6 * flipper_length;
  const dw_hidden6_body_mass = dz_hidden6 * body_mass;
  const dw_hidden6_island_biscoe = dz_hidden6 * island_biscoe;
  const dw_hidden6_island_dream = dz_hidden6 * island_dream;
  const dw_hidden6_island_torgersen = dz_hidden6 * island_torgersen;
  const dw_hidden6_sex_female = dz_hidden6 * sex_female;
  const dw_hidden6_sex_male = dz_hidden6 * sex_male;
  const dw_hidden6_sex_missing = dz_hidden6 * sex_missing;
  slopes[50] += dw_hidden6_bill_length; slopes[51] += dw_hidden6_bill_depth; slopes[52] += dw_hidden6_flipper_length;
  slopes[53] += dw_hidden6_body_mass; slopes[54] += dw_hidden6_island_biscoe; slopes[55] += dw_hidden6_island_dream;
  slopes[56] += dw_hidden6_island_torgersen; slopes[57] += dw_hidden6_sex_female; slopes[58] += dw_hidden6_sex_male;
  slopes[59] += dw_hidden6_sex_missing;
  const db_hidden1 = dz_hidden1;
  const db_hidden2 = dz_hidden2;
  const db_hidden3 = dz_hidden3;
  const db_hidden4 = dz_hidden4;
  const db_hidden5 = dz_hidden5;
  const db_hidden6 = dz_hidden6;
  slopes[60] += db_hidden1; slopes[61] += db_hidden2; slopes[62] += db_hidden3;
  slopes[63] += db_hidden4; slopes[64] += db_hidden5; slopes[65] += db_hidden6;

  return loss;
}

// --- Below: training and predictions. ---

// the columns of a row, as the data name them
/** @typedef {Record<(typeof COLUMNS)[number], unknown> | unknown[]} Row - by name, or in the order of COLUMNS */
export const COLUMNS = /** @type {const} */ ([
  "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex",
]);

// the categories of columns, as the data have them
export const CATEGORIES = new Map(/** @type {const} */ ([
  ["island", ["Biscoe", "Dream", "Torgersen"]],
  ["sex", ["female", "male"]],
]));

// the classes in the order of the outputs
export const CLASSES = /** @type {const} */ (["Adelie", "Chinstrap", "Gentoo"]);

// the texts that mean a missing value
const _MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"];

/** The inputs of the network for a row of the data. @type {(row: Row) => number[]} */
export function encode(row) {
  const [bill_length, bill_depth, flipper_length, body_mass, island, sex] = _values(row);
  return [
    // bill_length_mm: the median of the training rows in place of a missing value
    (_number_of("bill_length_mm", bill_length, 44.7) - 43.97131782945736) / 5.383886291208132,
    // bill_depth_mm: the median of the training rows in place of a missing value
    (_number_of("bill_depth_mm", bill_depth, 17.3) - 17.134496124031006) / 1.9208797488845832,
    // flipper_length_mm: the median of the training rows in place of a missing value
    (_number_of("flipper_length_mm", flipper_length, 197.0) - 200.92635658914728) / 14.056034150068182,
    // body_mass_g: the median of the training rows in place of a missing value
    (_number_of("body_mass_g", body_mass, 4050.0) - 4219.476744186047) / 811.407893010052,
    // island: 1 for the category of the row, 0 for the others
    ..._one_hot(_place_in("island", island, _listed(CATEGORIES, "island"), -1, true), 3),
    // sex: 1 for the category of the row, 0 for the others
    ..._one_hot(_place_in("sex", sex, _listed(CATEGORIES, "sex"), 2, false), 2),
    _is_gap(sex, _listed(CATEGORIES, "sex")) ? 1.0 : 0.0,
  ];
}

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

/** @typedef {[number, number[], number[]]} State - of adam: the number of steps, m and v */
/** The state before the first step. @type {(params: Params) => State} */
export const init_state = (params) => [0, Array(87).fill(0.0), Array(87).fill(0.0)];

/** One step of adam. @type {(params: Params, gradient: Params, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = [..._check_list(params, 87, "parameters")];
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
    w = w - 0.02 * (m / (1.0 - 0.9 ** t)) / (Math.sqrt(v / (1.0 - 0.999 ** t)) + 1e-08);
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
export function fit(params, xs, ys, { epochs = 40, batch_size = 16, seed = 0, callback } = {}) {
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
export function init(seed = 1) {
  const W_hidden = Array.from({ length: 60 }, (_, i) => Math.sqrt(6.0 / (10 + 6)) * (2.0 * _uniform(seed, i) - 1.0));
  const b_hidden = Array(6).fill(0.0);
  const W_output = Array.from(
    { length: 18 }, (_, i) => Math.sqrt(6.0 / (6 + 3)) * (2.0 * _uniform(seed, 66 + i) - 1.0)
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

// 1 for the category of a place, 0 for the others.
/** @type {(place: number, count: number) => number[]} */
const _one_hot = (place, count) => Array.from({ length: count }, (_, i) => (i === place ? 1.0 : 0.0));

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

/** What a message says of the texts of a column. @type {(listed: readonly string[]) => string} */
const _one_of = (listed) => `one of ${listed.slice(0, 20).join(", ")}${listed.length > 20 ? ", ..." : ""}`;

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
