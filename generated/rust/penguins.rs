//! penguins, a neural network: its equations forward and backward, and how it learns.
//!
//! ```text
//! x: 10 -> hidden: 6 tanh -> output: 3 softmax
//! ```
//!
//! Tells three species of penguins apart by measurements of their bodies, by their island and by
//! their sex (Gorman, Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.
//!
//! Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training: adam,
//! m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon),
//! rate = 0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of 16.
//!
//! dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
//! target; w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.
//!
//! Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again.
//! The file is yours: read it, change it, ship it.
#![allow(non_snake_case)] // names are those of the equations
#![allow(unexpected_cfgs)] // with the feature libm of its crate, mathematics comes from there
#![allow(clippy::approx_constant, clippy::assign_op_pattern)] // equations are as in a textbook
#![allow(clippy::eq_op, clippy::excessive_precision, clippy::let_and_return)]
#![allow(clippy::manual_range_contains, clippy::needless_range_loop)]
#![allow(clippy::unnecessary_cast, clippy::useless_conversion)] // numbers may be narrow

use core::fmt;

/// The numbers of inputs, outputs and parameters.
pub const INPUTS: usize = 10;
pub const OUTPUTS: usize = 3;
pub const PARAMETERS: usize = 87;

/// The parameters, in the order of this text: the network, then the rows and columns of each matrix.
pub type Params = [f64; PARAMETERS];
pub const LAYOUT: &str = "\
    penguins \
    W_hidden[hidden1..hidden6, 6][bill_length bill_depth flipper_length body_mass island_biscoe \
    island_dream island_torgersen sex_female sex_male sex_missing] \
    b_hidden[hidden1..hidden6, 6] \
    W_output[Adelie Chinstrap Gentoo][hidden1..hidden6, 6] \
    b_output[Adelie Chinstrap Gentoo]";

/// The seed of initial values in the spec.
pub const SEED: u32 = 1;

/// The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo.
#[must_use]
#[rustfmt::skip]
pub fn forward(params: &Params, x: &[f64; INPUTS]) -> [f64; OUTPUTS] {
    let [
        w_hidden1_bill_length, w_hidden1_bill_depth, w_hidden1_flipper_length,
        w_hidden1_body_mass, w_hidden1_island_biscoe, w_hidden1_island_dream,
        w_hidden1_island_torgersen, w_hidden1_sex_female, w_hidden1_sex_male,
        w_hidden1_sex_missing,
        w_hidden2_bill_length, w_hidden2_bill_depth, w_hidden2_flipper_length,
        w_hidden2_body_mass, w_hidden2_island_biscoe, w_hidden2_island_dream,
        w_hidden2_island_torgersen, w_hidden2_sex_female, w_hidden2_sex_male,
        w_hidden2_sex_missing,
        w_hidden3_bill_length, w_hidden3_bill_depth, w_hidden3_flipper_length,
        w_hidden3_body_mass, w_hidden3_island_biscoe, w_hidden3_island_dream,
        w_hidden3_island_torgersen, w_hidden3_sex_female, w_hidden3_sex_male,
        w_hidden3_sex_missing,
        w_hidden4_bill_length, w_hidden4_bill_depth, w_hidden4_flipper_length,
        w_hidden4_body_mass, w_hidden4_island_biscoe, w_hidden4_island_dream,
        w_hidden4_island_torgersen, w_hidden4_sex_female, w_hidden4_sex_male,
        w_hidden4_sex_missing,
        w_hidden5_bill_length, w_hidden5_bill_depth, w_hidden5_flipper_length,
        w_hidden5_body_mass, w_hidden5_island_biscoe, w_hidden5_island_dream,
        w_hidden5_island_torgersen, w_hidden5_sex_female, w_hidden5_sex_male,
        w_hidden5_sex_missing,
        w_hidden6_bill_length, w_hidden6_bill_depth, w_hidden6_flipper_length,
        w_hidden6_body_mass, w_hidden6_island_biscoe, w_hidden6_island_dream,
        w_hidden6_island_torgersen, w_hidden6_sex_female, w_hidden6_sex_male,
        w_hidden6_sex_missing,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6,
        w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3,
        w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6,
        w_Chinstrap_hidden1, w_Chinstrap_hidden2, w_Chinstrap_hidden3,
        w_Chinstrap_hidden4, w_Chinstrap_hidden5, w_Chinstrap_hidden6,
        w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3,
        w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6,
        b_Adelie, b_Chinstrap, b_Gentoo,
    ] = *params;
    let [
        bill_length, bill_depth, flipper_length, body_mass, island_biscoe,
        island_dream, island_torgersen, sex_female, sex_male, sex_missing,
    ] = *x;

    // hidden ← x: weighted sums, then tanh
    let z_hidden1 = b_hidden1
        + w_hidden1_bill_length * bill_length
        + w_hidden1_bill_depth * bill_depth
        + w_hidden1_flipper_length * flipper_length
        + w_hidden1_body_mass * body_mass
        + w_hidden1_island_biscoe * island_biscoe
        + w_hidden1_island_dream * island_dream
        + w_hidden1_island_torgersen * island_torgersen
        + w_hidden1_sex_female * sex_female
        + w_hidden1_sex_male * sex_male
        + w_hidden1_sex_missing * sex_missing;
    let z_hidden2 = b_hidden2
        + w_hidden2_bill_length * bill_length
        + w_hidden2_bill_depth * bill_depth
        + w_hidden2_flipper_length * flipper_length
        + w_hidden2_body_mass * body_mass
        + w_hidden2_island_biscoe * island_biscoe
        + w_hidden2_island_dream * island_dream
        + w_hidden2_island_torgersen * island_torgersen
        + w_hidden2_sex_female * sex_female
        + w_hidden2_sex_male * sex_male
        + w_hidden2_sex_missing * sex_missing;
    let z_hidden3 = b_hidden3
        + w_hidden3_bill_length * bill_length
        + w_hidden3_bill_depth * bill_depth
        + w_hidden3_flipper_length * flipper_length
        + w_hidden3_body_mass * body_mass
        + w_hidden3_island_biscoe * island_biscoe
        + w_hidden3_island_dream * island_dream
        + w_hidden3_island_torgersen * island_torgersen
        + w_hidden3_sex_female * sex_female
        + w_hidden3_sex_male * sex_male
        + w_hidden3_sex_missing * sex_missing;
    let z_hidden4 = b_hidden4
        + w_hidden4_bill_length * bill_length
        + w_hidden4_bill_depth * bill_depth
        + w_hidden4_flipper_length * flipper_length
        + w_hidden4_body_mass * body_mass
        + w_hidden4_island_biscoe * island_biscoe
        + w_hidden4_island_dream * island_dream
        + w_hidden4_island_torgersen * island_torgersen
        + w_hidden4_sex_female * sex_female
        + w_hidden4_sex_male * sex_male
        + w_hidden4_sex_missing * sex_missing;
    let z_hidden5 = b_hidden5
        + w_hidden5_bill_length * bill_length
        + w_hidden5_bill_depth * bill_depth
        + w_hidden5_flipper_length * flipper_length
        + w_hidden5_body_mass * body_mass
        + w_hidden5_island_biscoe * island_biscoe
        + w_hidden5_island_dream * island_dream
        + w_hidden5_island_torgersen * island_torgersen
        + w_hidden5_sex_female * sex_female
        + w_hidden5_sex_male * sex_male
        + w_hidden5_sex_missing * sex_missing;
    let z_hidden6 = b_hidden6
        + w_hidden6_bill_length * bill_length
        + w_hidden6_bill_depth * bill_depth
        + w_hidden6_flipper_length * flipper_length
        + w_hidden6_body_mass * body_mass
        + w_hidden6_island_biscoe * island_biscoe
        + w_hidden6_island_dream * island_dream
        + w_hidden6_island_torgersen * island_torgersen
        + w_hidden6_sex_female * sex_female
        + w_hidden6_sex_male * sex_male
        + w_hidden6_sex_missing * sex_missing;
    let a_hidden1 = tanh(z_hidden1);
    let a_hidden2 = tanh(z_hidden2);
    let a_hidden3 = tanh(z_hidden3);
    let a_hidden4 = tanh(z_hidden4);
    let a_hidden5 = tanh(z_hidden5);
    let a_hidden6 = tanh(z_hidden6);

    // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
    // overflow)
    let z_Adelie = b_Adelie
        + w_Adelie_hidden1 * a_hidden1
        + w_Adelie_hidden2 * a_hidden2
        + w_Adelie_hidden3 * a_hidden3
        + w_Adelie_hidden4 * a_hidden4
        + w_Adelie_hidden5 * a_hidden5
        + w_Adelie_hidden6 * a_hidden6;
    let z_Chinstrap = b_Chinstrap
        + w_Chinstrap_hidden1 * a_hidden1
        + w_Chinstrap_hidden2 * a_hidden2
        + w_Chinstrap_hidden3 * a_hidden3
        + w_Chinstrap_hidden4 * a_hidden4
        + w_Chinstrap_hidden5 * a_hidden5
        + w_Chinstrap_hidden6 * a_hidden6;
    let z_Gentoo = b_Gentoo
        + w_Gentoo_hidden1 * a_hidden1
        + w_Gentoo_hidden2 * a_hidden2
        + w_Gentoo_hidden3 * a_hidden3
        + w_Gentoo_hidden4 * a_hidden4
        + w_Gentoo_hidden5 * a_hidden5
        + w_Gentoo_hidden6 * a_hidden6;
    let top_output = largest(&[z_Adelie, z_Chinstrap, z_Gentoo]);
    let e_Adelie = exp(z_Adelie - top_output);
    let e_Chinstrap = exp(z_Chinstrap - top_output);
    let e_Gentoo = exp(z_Gentoo - top_output);
    let total_output = e_Adelie + e_Chinstrap + e_Gentoo;
    let a_Adelie = e_Adelie / total_output;
    let a_Chinstrap = e_Chinstrap / total_output;
    let a_Gentoo = e_Gentoo / total_output;

    [a_Adelie, a_Chinstrap, a_Gentoo]
}

/// The loss of one example.
#[must_use]
pub fn loss(params: &Params, x: &[f64; INPUTS], y: &[f64; OUTPUTS]) -> f64 {
    add_gradient(params, x, y, None)
}

/// The loss, and its slope with respect to each parameter.
#[must_use]
pub fn gradient(params: &Params, x: &[f64; INPUTS], y: &[f64; OUTPUTS]) -> (f64, Params) {
    let mut slopes = [0.0; PARAMETERS];
    let loss = add_gradient(params, x, y, Some(&mut slopes));
    (loss, slopes)
}

/// The loss; its derivatives are added to the slopes, if there are any.
#[rustfmt::skip]
fn add_gradient(
    params: &Params,
    x: &[f64; INPUTS],
    y: &[f64; OUTPUTS],
    slopes: Option<&mut Params>,
) -> f64 {
    let [
        w_hidden1_bill_length, w_hidden1_bill_depth, w_hidden1_flipper_length,
        w_hidden1_body_mass, w_hidden1_island_biscoe, w_hidden1_island_dream,
        w_hidden1_island_torgersen, w_hidden1_sex_female, w_hidden1_sex_male,
        w_hidden1_sex_missing,
        w_hidden2_bill_length, w_hidden2_bill_depth, w_hidden2_flipper_length,
        w_hidden2_body_mass, w_hidden2_island_biscoe, w_hidden2_island_dream,
        w_hidden2_island_torgersen, w_hidden2_sex_female, w_hidden2_sex_male,
        w_hidden2_sex_missing,
        w_hidden3_bill_length, w_hidden3_bill_depth, w_hidden3_flipper_length,
        w_hidden3_body_mass, w_hidden3_island_biscoe, w_hidden3_island_dream,
        w_hidden3_island_torgersen, w_hidden3_sex_female, w_hidden3_sex_male,
        w_hidden3_sex_missing,
        w_hidden4_bill_length, w_hidden4_bill_depth, w_hidden4_flipper_length,
        w_hidden4_body_mass, w_hidden4_island_biscoe, w_hidden4_island_dream,
        w_hidden4_island_torgersen, w_hidden4_sex_female, w_hidden4_sex_male,
        w_hidden4_sex_missing,
        w_hidden5_bill_length, w_hidden5_bill_depth, w_hidden5_flipper_length,
        w_hidden5_body_mass, w_hidden5_island_biscoe, w_hidden5_island_dream,
        w_hidden5_island_torgersen, w_hidden5_sex_female, w_hidden5_sex_male,
        w_hidden5_sex_missing,
        w_hidden6_bill_length, w_hidden6_bill_depth, w_hidden6_flipper_length,
        w_hidden6_body_mass, w_hidden6_island_biscoe, w_hidden6_island_dream,
        w_hidden6_island_torgersen, w_hidden6_sex_female, w_hidden6_sex_male,
        w_hidden6_sex_missing,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6,
        w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3,
        w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6,
        w_Chinstrap_hidden1, w_Chinstrap_hidden2, w_Chinstrap_hidden3,
        w_Chinstrap_hidden4, w_Chinstrap_hidden5, w_Chinstrap_hidden6,
        w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3,
        w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6,
        b_Adelie, b_Chinstrap, b_Gentoo,
    ] = *params;
    let [
        bill_length, bill_depth, flipper_length, body_mass, island_biscoe,
        island_dream, island_torgersen, sex_female, sex_male, sex_missing,
    ] = *x;
    let [y_Adelie, y_Chinstrap, y_Gentoo] = *y;

    // hidden ← x: weighted sums, then tanh
    let z_hidden1 = b_hidden1
        + w_hidden1_bill_length * bill_length
        + w_hidden1_bill_depth * bill_depth
        + w_hidden1_flipper_length * flipper_length
        + w_hidden1_body_mass * body_mass
        + w_hidden1_island_biscoe * island_biscoe
        + w_hidden1_island_dream * island_dream
        + w_hidden1_island_torgersen * island_torgersen
        + w_hidden1_sex_female * sex_female
        + w_hidden1_sex_male * sex_male
        + w_hidden1_sex_missing * sex_missing;
    let z_hidden2 = b_hidden2
        + w_hidden2_bill_length * bill_length
        + w_hidden2_bill_depth * bill_depth
        + w_hidden2_flipper_length * flipper_length
        + w_hidden2_body_mass * body_mass
        + w_hidden2_island_biscoe * island_biscoe
        + w_hidden2_island_dream * island_dream
        + w_hidden2_island_torgersen * island_torgersen
        + w_hidden2_sex_female * sex_female
        + w_hidden2_sex_male * sex_male
        + w_hidden2_sex_missing * sex_missing;
    let z_hidden3 = b_hidden3
        + w_hidden3_bill_length * bill_length
        + w_hidden3_bill_depth * bill_depth
        + w_hidden3_flipper_length * flipper_length
        + w_hidden3_body_mass * body_mass
        + w_hidden3_island_biscoe * island_biscoe
        + w_hidden3_island_dream * island_dream
        + w_hidden3_island_torgersen * island_torgersen
        + w_hidden3_sex_female * sex_female
        + w_hidden3_sex_male * sex_male
        + w_hidden3_sex_missing * sex_missing;
    let z_hidden4 = b_hidden4
        + w_hidden4_bill_length * bill_length
        + w_hidden4_bill_depth * bill_depth
        + w_hidden4_flipper_length * flipper_length
        + w_hidden4_body_mass * body_mass
        + w_hidden4_island_biscoe * island_biscoe
        + w_hidden4_island_dream * island_dream
        + w_hidden4_island_torgersen * island_torgersen
        + w_hidden4_sex_female * sex_female
        + w_hidden4_sex_male * sex_male
        + w_hidden4_sex_missing * sex_missing;
    let z_hidden5 = b_hidden5
        + w_hidden5_bill_length * bill_length
        + w_hidden5_bill_depth * bill_depth
        + w_hidden5_flipper_length * flipper_length
        + w_hidden5_body_mass * body_mass
        + w_hidden5_island_biscoe * island_biscoe
        + w_hidden5_island_dream * island_dream
        + w_hidden5_island_torgersen * island_torgersen
        + w_hidden5_sex_female * sex_female
        + w_hidden5_sex_male * sex_male
        + w_hidden5_sex_missing * sex_missing;
    let z_hidden6 = b_hidden6
        + w_hidden6_bill_length * bill_length
        + w_hidden6_bill_depth * bill_depth
        + w_hidden6_flipper_length * flipper_length
        + w_hidden6_body_mass * body_mass
        + w_hidden6_island_biscoe * island_biscoe
        + w_hidden6_island_dream * island_dream
        + w_hidden6_island_torgersen * island_torgersen
        + w_hidden6_sex_female * sex_female
        + w_hidden6_sex_male * sex_male
        + w_hidden6_sex_missing * sex_missing;
    let a_hidden1 = tanh(z_hidden1);
    let a_hidden2 = tanh(z_hidden2);
    let a_hidden3 = tanh(z_hidden3);
    let a_hidden4 = tanh(z_hidden4);
    let a_hidden5 = tanh(z_hidden5);
    let a_hidden6 = tanh(z_hidden6);

    // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
    // overflow)
    let z_Adelie = b_Adelie
        + w_Adelie_hidden1 * a_hidden1
        + w_Adelie_hidden2 * a_hidden2
        + w_Adelie_hidden3 * a_hidden3
        + w_Adelie_hidden4 * a_hidden4
        + w_Adelie_hidden5 * a_hidden5
        + w_Adelie_hidden6 * a_hidden6;
    let z_Chinstrap = b_Chinstrap
        + w_Chinstrap_hidden1 * a_hidden1
        + w_Chinstrap_hidden2 * a_hidden2
        + w_Chinstrap_hidden3 * a_hidden3
        + w_Chinstrap_hidden4 * a_hidden4
        + w_Chinstrap_hidden5 * a_hidden5
        + w_Chinstrap_hidden6 * a_hidden6;
    let z_Gentoo = b_Gentoo
        + w_Gentoo_hidden1 * a_hidden1
        + w_Gentoo_hidden2 * a_hidden2
        + w_Gentoo_hidden3 * a_hidden3
        + w_Gentoo_hidden4 * a_hidden4
        + w_Gentoo_hidden5 * a_hidden5
        + w_Gentoo_hidden6 * a_hidden6;
    let top_output = largest(&[z_Adelie, z_Chinstrap, z_Gentoo]);
    let e_Adelie = exp(z_Adelie - top_output);
    let e_Chinstrap = exp(z_Chinstrap - top_output);
    let e_Gentoo = exp(z_Gentoo - top_output);
    let total_output = e_Adelie + e_Chinstrap + e_Gentoo;
    let a_Adelie = e_Adelie / total_output;
    let a_Chinstrap = e_Chinstrap / total_output;
    let a_Gentoo = e_Gentoo / total_output;

    // the loss: cross_entropy
    let loss = y_Adelie * (log(total_output) - (z_Adelie - top_output))
        + y_Chinstrap * (log(total_output) - (z_Chinstrap - top_output))
        + y_Gentoo * (log(total_output) - (z_Gentoo - top_output));
    let Some(slopes) = slopes else {
        return loss;
    };
    // output: the slopes of softmax and of the logarithm cancel, only the difference remains
    let dz_Adelie = a_Adelie - y_Adelie;
    let dz_Chinstrap = a_Chinstrap - y_Chinstrap;
    let dz_Gentoo = a_Gentoo - y_Gentoo;
    let dw_Adelie_hidden1 = dz_Adelie * a_hidden1;
    let dw_Adelie_hidden2 = dz_Adelie * a_hidden2;
    let dw_Adelie_hidden3 = dz_Adelie * a_hidden3;
    let dw_Adelie_hidden4 = dz_Adelie * a_hidden4;
    let dw_Adelie_hidden5 = dz_Adelie * a_hidden5;
    let dw_Adelie_hidden6 = dz_Adelie * a_hidden6;
    let dw_Chinstrap_hidden1 = dz_Chinstrap * a_hidden1;
    let dw_Chinstrap_hidden2 = dz_Chinstrap * a_hidden2;
    let dw_Chinstrap_hidden3 = dz_Chinstrap * a_hidden3;
    let dw_Chinstrap_hidden4 = dz_Chinstrap * a_hidden4;
    let dw_Chinstrap_hidden5 = dz_Chinstrap * a_hidden5;
    let dw_Chinstrap_hidden6 = dz_Chinstrap * a_hidden6;
    let dw_Gentoo_hidden1 = dz_Gentoo * a_hidden1;
    let dw_Gentoo_hidden2 = dz_Gentoo * a_hidden2;
    let dw_Gentoo_hidden3 = dz_Gentoo * a_hidden3;
    let dw_Gentoo_hidden4 = dz_Gentoo * a_hidden4;
    let dw_Gentoo_hidden5 = dz_Gentoo * a_hidden5;
    let dw_Gentoo_hidden6 = dz_Gentoo * a_hidden6;
    let db_Adelie = dz_Adelie;
    let db_Chinstrap = dz_Chinstrap;
    let db_Gentoo = dz_Gentoo;

    // hidden ← output: the error flows back along the same weights
    let da_hidden1 = dz_Adelie * w_Adelie_hidden1
        + dz_Chinstrap * w_Chinstrap_hidden1
        + dz_Gentoo * w_Gentoo_hidden1;
    let da_hidden2 = dz_Adelie * w_Adelie_hidden2
        + dz_Chinstrap * w_Chinstrap_hidden2
        + dz_Gentoo * w_Gentoo_hidden2;
    let da_hidden3 = dz_Adelie * w_Adelie_hidden3
        + dz_Chinstrap * w_Chinstrap_hidden3
        + dz_Gentoo * w_Gentoo_hidden3;
    let da_hidden4 = dz_Adelie * w_Adelie_hidden4
        + dz_Chinstrap * w_Chinstrap_hidden4
        + dz_Gentoo * w_Gentoo_hidden4;
    let da_hidden5 = dz_Adelie * w_Adelie_hidden5
        + dz_Chinstrap * w_Chinstrap_hidden5
        + dz_Gentoo * w_Gentoo_hidden5;
    let da_hidden6 = dz_Adelie * w_Adelie_hidden6
        + dz_Chinstrap * w_Chinstrap_hidden6
        + dz_Gentoo * w_Gentoo_hidden6;
    let dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
    let dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
    let dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
    let dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
    let dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
    let dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
    let dw_hidden1_bill_length = dz_hidden1 * bill_length;
    let dw_hidden1_bill_depth = dz_hidden1 * bill_depth;
    let dw_hidden1_flipper_length = dz_hidden1 * flipper_length;
    let dw_hidden1_body_mass = dz_hidden1 * body_mass;
    let dw_hidden1_island_biscoe = dz_hidden1 * island_biscoe;
    let dw_hidden1_island_dream = dz_hidden1 * island_dream;
    let dw_hidden1_island_torgersen = dz_hidden1 * island_torgersen;
    let dw_hidden1_sex_female = dz_hidden1 * sex_female;
    let dw_hidden1_sex_male = dz_hidden1 * sex_male;
    let dw_hidden1_sex_missing = dz_hidden1 * sex_missing;
    let dw_hidden2_bill_length = dz_hidden2 * bill_length;
    let dw_hidden2_bill_depth = dz_hidden2 * bill_depth;
    let dw_hidden2_flipper_length = dz_hidden2 * flipper_length;
    let dw_hidden2_body_mass = dz_hidden2 * body_mass;
    let dw_hidden2_island_biscoe = dz_hidden2 * island_biscoe;
    let dw_hidden2_island_dream = dz_hidden2 * island_dream;
    let dw_hidden2_island_torgersen = dz_hidden2 * island_torgersen;
    let dw_hidden2_sex_female = dz_hidden2 * sex_female;
    let dw_hidden2_sex_male = dz_hidden2 * sex_male;
    let dw_hidden2_sex_missing = dz_hidden2 * sex_missing;
    let dw_hidden3_bill_length = dz_hidden3 * bill_length;
    let dw_hidden3_bill_depth = dz_hidden3 * bill_depth;
    let dw_hidden3_flipper_length = dz_hidden3 * flipper_length;
    let dw_hidden3_body_mass = dz_hidden3 * body_mass;
    let dw_hidden3_island_biscoe = dz_hidden3 * island_biscoe;
    let dw_hidden3_island_dream = dz_hidden3 * island_dream;
    let dw_hidden3_island_torgersen = dz_hidden3 * island_torgersen;
    let dw_hidden3_sex_female = dz_hidden3 * sex_female;
    let dw_hidden3_sex_male = dz_hidden3 * sex_male;
    let dw_hidden3_sex_missing = dz_hidden3 * sex_missing;
    let dw_hidden4_bill_length = dz_hidden4 * bill_length;
    let dw_hidden4_bill_depth = dz_hidden4 * bill_depth;
    let dw_hidden4_flipper_length = dz_hidden4 * flipper_length;
    let dw_hidden4_body_mass = dz_hidden4 * body_mass;
    let dw_hidden4_island_biscoe = dz_hidden4 * island_biscoe;
    let dw_hidden4_island_dream = dz_hidden4 * island_dream;
    let dw_hidden4_island_torgersen = dz_hidden4 * island_torgersen;
    let dw_hidden4_sex_female = dz_hidden4 * sex_female;
    let dw_hidden4_sex_male = dz_hidden4 * sex_male;
    let dw_hidden4_sex_missing = dz_hidden4 * sex_missing;
    let dw_hidden5_bill_length = dz_hidden5 * bill_length;
    let dw_hidden5_bill_depth = dz_hidden5 * bill_depth;
    let dw_hidden5_flipper_length = dz_hidden5 * flipper_length;
    let dw_hidden5_body_mass = dz_hidden5 * body_mass;
    let dw_hidden5_island_biscoe = dz_hidden5 * island_biscoe;
    let dw_hidden5_island_dream = dz_hidden5 * island_dream;
    let dw_hidden5_island_torgersen = dz_hidden5 * island_torgersen;
    let dw_hidden5_sex_female = dz_hidden5 * sex_female;
    let dw_hidden5_sex_male = dz_hidden5 * sex_male;
    let dw_hidden5_sex_missing = dz_hidden5 * sex_missing;
    let dw_hidden6_bill_length = dz_hidden6 * bill_length;
    let dw_hidden6_bill_depth = dz_hidden6 * bill_depth;
    let dw_hidden6_flipper_length = dz_hidden6 * flipper_length;
    let dw_hidden6_body_mass = dz_hidden6 * body_mass;
    let dw_hidden6_island_biscoe = dz_hidden6 * island_biscoe;
    let dw_hidden6_island_dream = dz_hidden6 * island_dream;
    let dw_hidden6_island_torgersen = dz_hidden6 * island_torgersen;
    let dw_hidden6_sex_female = dz_hidden6 * sex_female;
    let dw_hidden6_sex_male = dz_hidden6 * sex_male;
    let dw_hidden6_sex_missing = dz_hidden6 * sex_missing;
    let db_hidden1 = dz_hidden1;
    let db_hidden2 = dz_hidden2;
    let db_hidden3 = dz_hidden3;
    let db_hidden4 = dz_hidden4;
    let db_hidden5 = dz_hidden5;
    let db_hidden6 = dz_hidden6;

    slopes[0] += dw_hidden1_bill_length;
    slopes[1] += dw_hidden1_bill_depth;
    slopes[2] += dw_hidden1_flipper_length;
    slopes[3] += dw_hidden1_body_mass;
    slopes[4] += dw_hidden1_island_biscoe;
    slopes[5] += dw_hidden1_island_dream;
    slopes[6] += dw_hidden1_island_torgersen;
    slopes[7] += dw_hidden1_sex_female;
    slopes[8] += dw_hidden1_sex_male;
    slopes[9] += dw_hidden1_sex_missing;
    slopes[10] += dw_hidden2_bill_length;
    slopes[11] += dw_hidden2_bill_depth;
    slopes[12] += dw_hidden2_flipper_length;
    slopes[13] += dw_hidden2_body_mass;
    slopes[14] += dw_hidden2_island_biscoe;
    slopes[15] += dw_hidden2_island_dream;
    slopes[16] += dw_hidden2_island_torgersen;
    slopes[17] += dw_hidden2_sex_female;
    slopes[18] += dw_hidden2_sex_male;
    slopes[19] += dw_hidden2_sex_missing;
    slopes[20] += dw_hidden3_bill_length;
    slopes[21] += dw_hidden3_bill_depth;
    slopes[22] += dw_hidden3_flipper_length;
    slopes[23] += dw_hidden3_body_mass;
    slopes[24] += dw_hidden3_island_biscoe;
    slopes[25] += dw_hidden3_island_dream;
    slopes[26] += dw_hidden3_island_torgersen;
    slopes[27] += dw_hidden3_sex_female;
    slopes[28] += dw_hidden3_sex_male;
    slopes[29] += dw_hidden3_sex_missing;
    slopes[30] += dw_hidden4_bill_length;
    slopes[31] += dw_hidden4_bill_depth;
    slopes[32] += dw_hidden4_flipper_length;
    slopes[33] += dw_hidden4_body_mass;
    slopes[34] += dw_hidden4_island_biscoe;
    slopes[35] += dw_hidden4_island_dream;
    slopes[36] += dw_hidden4_island_torgersen;
    slopes[37] += dw_hidden4_sex_female;
    slopes[38] += dw_hidden4_sex_male;
    slopes[39] += dw_hidden4_sex_missing;
    slopes[40] += dw_hidden5_bill_length;
    slopes[41] += dw_hidden5_bill_depth;
    slopes[42] += dw_hidden5_flipper_length;
    slopes[43] += dw_hidden5_body_mass;
    slopes[44] += dw_hidden5_island_biscoe;
    slopes[45] += dw_hidden5_island_dream;
    slopes[46] += dw_hidden5_island_torgersen;
    slopes[47] += dw_hidden5_sex_female;
    slopes[48] += dw_hidden5_sex_male;
    slopes[49] += dw_hidden5_sex_missing;
    slopes[50] += dw_hidden6_bill_length;
    slopes[51] += dw_hidden6_bill_depth;
    slopes[52] += dw_hidden6_flipper_length;
    slopes[53] += dw_hidden6_body_mass;
    slopes[54] += dw_hidden6_island_biscoe;
    slopes[55] += dw_hidden6_island_dream;
    slopes[56] += dw_hidden6_island_torgersen;
    slopes[57] += dw_hidden6_sex_female;
    slopes[58] += dw_hidden6_sex_male;
    slopes[59] += dw_hidden6_sex_missing;
    slopes[60] += db_hidden1;
    slopes[61] += db_hidden2;
    slopes[62] += db_hidden3;
    slopes[63] += db_hidden4;
    slopes[64] += db_hidden5;
    slopes[65] += db_hidden6;
    slopes[66] += dw_Adelie_hidden1;
    slopes[67] += dw_Adelie_hidden2;
    slopes[68] += dw_Adelie_hidden3;
    slopes[69] += dw_Adelie_hidden4;
    slopes[70] += dw_Adelie_hidden5;
    slopes[71] += dw_Adelie_hidden6;
    slopes[72] += dw_Chinstrap_hidden1;
    slopes[73] += dw_Chinstrap_hidden2;
    slopes[74] += dw_Chinstrap_hidden3;
    slopes[75] += dw_Chinstrap_hidden4;
    slopes[76] += dw_Chinstrap_hidden5;
    slopes[77] += dw_Chinstrap_hidden6;
    slopes[78] += dw_Gentoo_hidden1;
    slopes[79] += dw_Gentoo_hidden2;
    slopes[80] += dw_Gentoo_hidden3;
    slopes[81] += dw_Gentoo_hidden4;
    slopes[82] += dw_Gentoo_hidden5;
    slopes[83] += dw_Gentoo_hidden6;
    slopes[84] += db_Adelie;
    slopes[85] += db_Chinstrap;
    slopes[86] += db_Gentoo;
    loss
}

// --- Below: training and predictions. ---

/// The columns of a row, as the data name them.
#[rustfmt::skip]
pub const COLUMNS: [&str; 6] = [
    "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex",
];

/// A row of the data: a cell for each column.
pub type Row<'a> = [Cell<'a>; COLUMNS.len()];

/// The categories of columns, as the data have them.
#[rustfmt::skip]
pub const CATEGORIES: [(&str, &[&str]); 2] = [
    ("island", &["Biscoe", "Dream", "Torgersen"]),
    ("sex", &["female", "male"]),
];

/// The classes in the order of the outputs.
pub const CLASSES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];

/// The texts that mean a missing value.
#[rustfmt::skip]
const MISSING: [&str; 10] = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"];

/// The inputs of the network for a row of the data.
///
/// # Errors
///
/// An argument is wrong; the error says which, and what it has to be.
pub fn encode(row: &Row) -> Result<[f64; INPUTS], Error> {
    let mut x = [0.0; INPUTS];

    // bill_length_mm: the median of the training rows in place of a missing value
    let number0 = number_of("bill_length_mm", row[0], Some(44.7))?;
    x[0] = (number0 - 43.97131782945736) / 5.383886291208132;

    // bill_depth_mm: the median of the training rows in place of a missing value
    let number1 = number_of("bill_depth_mm", row[1], Some(17.3))?;
    x[1] = (number1 - 17.134496124031006) / 1.9208797488845832;

    // flipper_length_mm: the median of the training rows in place of a missing value
    let number2 = number_of("flipper_length_mm", row[2], Some(197.0))?;
    x[2] = (number2 - 200.92635658914728) / 14.056034150068182;

    // body_mass_g: the median of the training rows in place of a missing value
    let number3 = number_of("body_mass_g", row[3], Some(4050.0))?;
    x[3] = (number3 - 4219.476744186047) / 811.407893010052;

    // island: 1 for the category of the row, 0 for the others
    let place4 = place_in("island", row[4], CATEGORIES[0].1, None, true)?;
    if place4 < 3 {
        x[4 + place4] = 1.0;
    }

    // sex: 1 for the category of the row, 0 for the others
    let place5 = place_in("sex", row[5], CATEGORIES[1].1, Some(2), false)?;
    if place5 < 2 {
        x[7 + place5] = 1.0;
    }
    if is_gap(row[5], CATEGORIES[1].1) {
        x[9] = 1.0;
    }
    Ok(x)
}

/// The class that the outputs stand for.
#[must_use]
pub fn decode(outputs: &[f64; OUTPUTS]) -> &'static str {
    let mut best = 0;
    for (i, &output) in outputs.iter().enumerate() {
        if output > outputs[best] {
            best = i;
        }
    }
    CLASSES[best]
}

/// The answer for a row of the data.
///
/// # Errors
///
/// An argument is wrong; the error says which, and what it has to be.
pub fn predict(params: &Params, row: &Row) -> Result<&'static str, Error> {
    let outputs = forward(params, &encode(row)?);
    check_outputs(&outputs)?;
    Ok(decode(&outputs))
}

/// The probability of each of CLASSES for a row of the data.
///
/// # Errors
///
/// An argument is wrong; the error says which, and what it has to be.
pub fn predict_proba(params: &Params, row: &Row) -> Result<[f64; CLASSES.len()], Error> {
    let outputs = forward(params, &encode(row)?);
    check_outputs(&outputs)?;
    Ok(outputs)
}

/// Refuse outputs that are no numbers: NaN comes of numbers that are too large.
fn check_outputs(outputs: &[f64; OUTPUTS]) -> Result<(), Error> {
    for &output in outputs {
        if output.is_nan() {
            return refused("outputs", "numbers, not NaN");
        }
    }
    Ok(())
}

/// What adam remembers from step to step: the number of steps, m and v.
#[derive(Clone, Debug)]
pub struct State {
    /// The number of steps.
    pub t: f64,
    /// m of each parameter.
    pub m: Box<Params>,
    /// v of each parameter.
    pub v: Box<Params>,
}

/// The state before the first step.
#[must_use]
pub fn init_state() -> State {
    State {
        t: 0.0,
        m: filled(0.0),
        v: filled(0.0),
    }
}

/// Make one step of adam, in place.
#[rustfmt::skip]
pub fn step(params: &mut Params, slopes: &Params, state: &mut State) {
    state.t += 1.0;
    let t = state.t;
    let power1 = power(0.9, t);
    let power2 = power(0.999, t);
    for i in 0..PARAMETERS {
        let mut w = params[i];
        let g = slopes[i];
        let mut m = state.m[i];
        let mut v = state.v[i];
        m = 0.9 * m + (1.0 - 0.9) * g;
        v = 0.999 * v + (1.0 - 0.999) * (g * g);
        w = w - 0.02 * (m / (1.0 - power1)) / (sqrt(v / (1.0 - power2)) + 1e-08);
        params[i] = w;
        state.m[i] = m;
        state.v[i] = v;
    }
}

/// How `fit` trains, by default as the spec says.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The number of epochs.
    pub epochs: usize,
    /// The number of examples of a step; None takes all of them.
    pub batch_size: Option<usize>,
    /// Draws the order of the examples; None leaves them as they are.
    pub seed: Option<u32>,
}
impl Default for Settings {
    fn default() -> Self {
        Settings {
            epochs: 40,
            batch_size: Some(16),
            seed: Some(0),
        }
    }
}

/// Make gradient and step in one, in place, and return the loss before the step.
pub fn train_step(
    params: &mut Params,
    x: &[f64; INPUTS],
    y: &[f64; OUTPUTS],
    state: &mut State,
) -> f64 {
    let mut slopes = [0.0; PARAMETERS];
    let loss = add_gradient(params, x, y, Some(&mut slopes));
    step(params, &slopes, state);
    loss
}

/// Train on examples, in place, and return the loss of each epoch, measured before each step.
///
/// Each epoch takes the examples in a new random order, or as they are without a seed. After each
/// epoch fit calls `callback(epoch, loss, params)`; true ends training.
///
/// # Errors
///
/// An argument is wrong; the error says which, and what it has to be.
pub fn fit(
    params: &mut Params,
    xs: &[[f64; INPUTS]],
    ys: &[[f64; OUTPUTS]],
    settings: &Settings,
    mut callback: impl FnMut(usize, f64, &Params) -> bool,
) -> Result<Vec<f64>, Error> {
    let size = settings.batch_size.unwrap_or(xs.len());
    if xs.is_empty() || xs.len() != ys.len() || size < 1 {
        return refused("xs", "as many as ys, at least 1, in batches of at least 1");
    }
    let places: Vec<usize> = (0..xs.len()).collect();
    let mut epoch = 0;
    let mut state = init_state();
    let mut slopes = filled(0.0);
    let mut history = Vec::new();
    while epoch < settings.epochs {
        let mut loss_of_epoch = 0.0;
        let drawn = order(&places, settings.seed, epoch);
        for batch in drawn.chunks(size) {
            let whole = batch.len() as f64;
            let loss = train_batch(params, xs, ys, batch, whole, &mut slopes, &mut state);
            loss_of_epoch += loss * whole;
        }
        loss_of_epoch /= places.len() as f64;
        history.push(loss_of_epoch);
        epoch += 1;
        if callback(epoch - 1, loss_of_epoch, params) {
            break;
        }
    }
    Ok(history)
}

/// Make a step on the examples of a batch, in place, and return their loss before the step.
fn train_batch(
    params: &mut Params,
    xs: &[[f64; INPUTS]],
    ys: &[[f64; OUTPUTS]],
    batch: &[usize],
    whole: f64,
    slopes: &mut Params,
    state: &mut State,
) -> f64 {
    let mut loss = 0.0;
    for &k in batch {
        loss += add_gradient(params, &xs[k], &ys[k], Some(slopes));
    }
    loss /= whole;
    for i in 0..PARAMETERS {
        slopes[i] /= whole;
    }
    step(params, slopes, state);
    slopes.fill(0.0);
    loss
}

/// Initial parameters: a seed gives the same numbers in the module of every target.
#[must_use]
pub fn init(seed: u32) -> Box<Params> {
    let mut params = filled(0.0);
    for i in 0..60 {
        params[i] = f64::sqrt(6.0 / 16.0) * (2.0 * uniform(seed, i) - 1.0);
    }
    for i in 66..84 {
        params[i] = f64::sqrt(6.0 / 9.0) * (2.0 * uniform(seed, i) - 1.0);
    }
    params
}

/// What is wrong with an argument or with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The argument, the column of a row, or the file.
    pub place: &'static str,
    /// What it has to be.
    pub expected: &'static str,
}
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.place, self.expected)
    }
}
impl core::error::Error for Error {}

/// An error.
fn refused<T>(place: &'static str, expected: &'static str) -> Result<T, Error> {
    Err(Error { place, expected })
}

/// e to the power of x.
fn exp(x: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::exp(x.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.exp()
}

/// The natural logarithm.
fn log(x: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::log(x.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.ln()
}

/// The square root.
fn sqrt(x: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::sqrt(x.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.sqrt()
}

/// The hyperbolic tangent.
fn tanh(x: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::tanh(x.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.tanh()
}

/// x to the power of y.
fn power(x: f64, y: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::pow(x.into(), y.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.powf(y)
}

/// The values at some places.
fn picked<T: Copy>(values: &[T], places: &[usize]) -> Vec<T> {
    places.iter().map(|&place| values[place]).collect()
}

/// Values in the increasing order of their keys; those with equal keys keep their order.
fn sorted_by(values: &[usize], keys: &[u32]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by_key(|&i| keys[i]);
    picked(values, &places)
}

/// Derivatives of 0, or other numbers for all parameters.
fn filled(value: f64) -> Box<Params> {
    let numbers = vec![value; PARAMETERS].into_boxed_slice();
    numbers.try_into().unwrap_or_else(|_| unreachable!())
}

/// A cell of a row: what a table or a program has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Number(f64),
    Text(&'a str),
    Truth(bool),
}
impl From<f64> for Cell<'_> {
    fn from(number: f64) -> Self {
        Cell::Number(number)
    }
}
impl From<i32> for Cell<'_> {
    fn from(number: i32) -> Self {
        Cell::Number(number.into())
    }
}
impl From<bool> for Cell<'_> {
    fn from(truth: bool) -> Self {
        Cell::Truth(truth)
    }
}
impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(text)
    }
}
impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Missing, Into::into)
    }
}

/// A text without what does not count around it.
fn bare(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\x0b', '\x0c', '\r'])
}

/// The number of a text such as -012.5e3; NaN if it is none.
fn parsed(text: &str) -> f64 {
    let signs = |c: char| matches!(c, '+' | '-' | '.' | '0'..='9' | 'e' | 'E'); // parse takes more
    match text.parse() {
        Ok(number) if text.len() < 800 && text.chars().all(signs) => number,
        Ok(_) if text.chars().all(signs) => nearest(text).unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// The number nearest to a long text. 767 digits decide which one it is, so that others only say that
/// there are more; parse alone does not count powers of ten above 655,359.
fn nearest(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches(['+', '-']);
    let all = whole.bytes().chain(decimals.bytes());
    let mut digits = all.skip_while(|&digit| digit == b'0');
    let tens = digits.clone().count() as f64 - decimals.len() as f64;
    let mut short = [b'0'; 1506]; // a whole number times 1e-1100
    short[1500..].copy_from_slice(b"e-1100");
    let first = (400.0 - tens - exponent.parse().unwrap_or(0.0)).clamp(0.0, 800.0) as usize;
    for (place, digit) in short[first..1500].iter_mut().zip(&mut digits) {
        *place = digit;
    }
    short[1499] |= u8::from(digits.any(|digit| digit != b'0'));
    let size: f64 = core::str::from_utf8(&short).ok()?.parse().ok()?;
    Some(if text.starts_with('-') { -size } else { size })
}

/// The place of a value among the texts that are listed; the one after the last if it is not.
fn place_of_cell(cell: Cell, listed: &[&str]) -> usize {
    let at = |text: &str| listed.iter().position(|one| bare(one) == text);
    let place = match cell {
        Cell::Text(text) => at(bare(text)),
        Cell::Truth(true) => at("True").or_else(|| at("true")),
        Cell::Truth(false) => at("False").or_else(|| at("false")),
        Cell::Number(number) => {
            let with = |end| listed.iter().position(|one| written(number, one, end));
            with("").or_else(|| with(".0").filter(|_| number % 1.0 == 0.0))
        }
        Cell::Missing => None,
    };
    place.unwrap_or(listed.len())
}

/// Whether a text is that of a number, as Python writes it, with this end.
fn written(number: f64, text: &str, end: &str) -> bool {
    let (number, text) = (number + 0.0, bare(text)); // -0 is 0
    let small = text.split_once("e-0").filter(|(_, tens)| tens.len() == 1);
    let parts = small.map_or([text, "", ""], |(digits, tens)| [digits, "e-", tens]);
    let mut rest = Rest(parts.into_iter().flat_map(str::bytes));
    let same = if number == 0.0 || number.abs() >= 1e-4 {
        fmt::write(&mut rest, format_args!("{number}{end}"))
    } else {
        fmt::write(&mut rest, format_args!("{number:e}"))
    };
    same.is_ok() && rest.0.next().is_none()
}

/// What is left of a text that is compared with what is written.
struct Rest<I: Iterator<Item = u8>>(I);
impl<I: Iterator<Item = u8>> fmt::Write for Rest<I> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let same = text.bytes().all(|byte| self.0.next() == Some(byte));
        same.then_some(()).ok_or(fmt::Error)
    }
}

/// The greater number; NaN if one is NaN.
fn maximum(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() {
        b
    } else {
        a
    }
}

/// The largest number; NaN if one is NaN.
fn largest(values: &[f64]) -> f64 {
    let mut top = values[0];
    for &value in values {
        top = maximum(top, value);
    }
    top
}

/// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
fn bits(seed: u32, index: usize) -> u32 {
    let mut h: u32 = 0;
    for word in [index as u32, seed] {
        h = h.wrapping_add(word).wrapping_add(0x9e3779b9);
        h = (h ^ (h >> 16)).wrapping_mul(0x21f0aaad);
        h = (h ^ (h >> 15)).wrapping_mul(0x735a2d97);
        h = h ^ (h >> 15);
    }
    h
}

/// The index-th random number of this seed, uniform from 0 to 1.
fn uniform(seed: u32, index: usize) -> f64 {
    f64::from(bits(seed, index)) / 4294967296.0
}

/// The places of examples in the order of an epoch: each has a random number, and the smallest
/// comes first.
fn order(places: &[usize], seed: Option<u32>, epoch: usize) -> Vec<usize> {
    let Some(seed) = seed else {
        return places.to_vec();
    };
    let numbers: Vec<u32> = (0..places.len())
        .map(|i| bits(seed, epoch * places.len() + i))
        .collect();
    sorted_by(places, &numbers)
}

/// Whether a value is missing.
fn is_missing(cell: Cell) -> bool {
    if let Cell::Text(text) = cell {
        return MISSING.contains(&bare(text));
    }
    if let Cell::Number(number) = cell {
        return number.is_nan();
    }
    cell == Cell::Missing
}

/// The number of a column, also one written as a text, or what replaces a missing one.
fn number_of(column: &'static str, cell: Cell, fill: Option<f64>) -> Result<f64, Error> {
    if is_missing(cell) {
        let Some(fill) = fill else {
            return refused(column, "a value, but the value is missing");
        };
        return Ok(fill);
    }
    let mut found = f64::NAN;
    if let Cell::Number(number) = cell {
        found = number;
    } else if let Cell::Text(text) = cell {
        found = parsed(bare(text));
    }
    if found.abs() <= 1e100 {
        return Ok(found);
    }
    refused(column, "a number up to 1e+100")
}

/// Whether a value is missing in a column of texts: one that is listed is not.
fn is_gap(cell: Cell, listed: &[&str]) -> bool {
    is_missing(cell) && place_of_cell(cell, listed) == listed.len()
}

/// The place of a value among the texts of a column; that of a missing one is the fill, if there is
/// one.
///
/// Unknown texts, if the column accepts them, have the place after the last.
fn place_in(
    column: &'static str,
    cell: Cell,
    listed: &[&str],
    fill: Option<usize>,
    unknown: bool,
) -> Result<usize, Error> {
    if is_gap(cell, listed) {
        let Some(fill) = fill else {
            return refused(column, "a value, but the value is missing");
        };
        return Ok(fill);
    }
    let place = place_of_cell(cell, listed);
    if place < listed.len() || unknown {
        return Ok(place);
    }
    refused(column, "one of the texts that are listed for it")
}
