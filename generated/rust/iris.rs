//! iris, a neural network: its equations forward and backward, and how it learns.
//!
//! ```text
//! x: 4 -> hidden: 8 tanh -> output: 3 softmax
//! ```
//!
//! Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of
//! the flowers train the network; the others, which it never sees, show what it has learned.
//!
//! Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch. Training:
//! gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.
//!
//! dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a
//! target; w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.
//!
//! Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The
//! file is yours: read it, change it, ship it.
#![allow(non_snake_case)] // names are those of the equations
#![allow(unexpected_cfgs)] // with the feature libm of its crate, mathematics comes from there
#![allow(clippy::approx_constant, clippy::assign_op_pattern)] // equations are as in a textbook
#![allow(clippy::eq_op, clippy::excessive_precision, clippy::let_and_return)]
#![allow(clippy::manual_range_contains, clippy::needless_range_loop)]
#![allow(clippy::unnecessary_cast, clippy::useless_conversion)] // numbers may be narrow

use core::fmt;

/// The numbers of inputs, outputs and parameters.
pub const INPUTS: usize = 4;
pub const OUTPUTS: usize = 3;
pub const PARAMETERS: usize = 67;

/// The parameters, in the order of this text: the network, then the rows and columns of each matrix.
pub type Params = [f64; PARAMETERS];
pub const LAYOUT: &str = "\
    iris \
    W_hidden[hidden1..hidden8, 8][sepal_length sepal_width petal_length petal_width] \
    b_hidden[hidden1..hidden8, 8] \
    W_output[setosa versicolor virginica][hidden1..hidden8, 8] \
    b_output[setosa versicolor virginica]";

/// The seed of initial values in the spec.
pub const SEED: u32 = 1;

/// The outputs of one example: 4 numbers → setosa, versicolor, virginica.
#[must_use]
#[rustfmt::skip]
pub fn forward(params: &Params, x: &[f64; INPUTS]) -> [f64; OUTPUTS] {
    let [
        w_hidden1_sepal_length, w_hidden1_sepal_width,
        w_hidden1_petal_length, w_hidden1_petal_width,
        w_hidden2_sepal_length, w_hidden2_sepal_width,
        w_hidden2_petal_length, w_hidden2_petal_width,
        w_hidden3_sepal_length, w_hidden3_sepal_width,
        w_hidden3_petal_length, w_hidden3_petal_width,
        w_hidden4_sepal_length, w_hidden4_sepal_width,
        w_hidden4_petal_length, w_hidden4_petal_width,
        w_hidden5_sepal_length, w_hidden5_sepal_width,
        w_hidden5_petal_length, w_hidden5_petal_width,
        w_hidden6_sepal_length, w_hidden6_sepal_width,
        w_hidden6_petal_length, w_hidden6_petal_width,
        w_hidden7_sepal_length, w_hidden7_sepal_width,
        w_hidden7_petal_length, w_hidden7_petal_width,
        w_hidden8_sepal_length, w_hidden8_sepal_width,
        w_hidden8_petal_length, w_hidden8_petal_width,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3, w_setosa_hidden4,
        w_setosa_hidden5, w_setosa_hidden6, w_setosa_hidden7, w_setosa_hidden8,
        w_versicolor_hidden1, w_versicolor_hidden2, w_versicolor_hidden3, w_versicolor_hidden4,
        w_versicolor_hidden5, w_versicolor_hidden6, w_versicolor_hidden7, w_versicolor_hidden8,
        w_virginica_hidden1, w_virginica_hidden2, w_virginica_hidden3, w_virginica_hidden4,
        w_virginica_hidden5, w_virginica_hidden6, w_virginica_hidden7, w_virginica_hidden8,
        b_setosa, b_versicolor, b_virginica,
    ] = *params;
    let [sepal_length, sepal_width, petal_length, petal_width] = *x;

    // hidden ← x: weighted sums, then tanh
    let z_hidden1 = b_hidden1
        + w_hidden1_sepal_length * sepal_length
        + w_hidden1_sepal_width * sepal_width
        + w_hidden1_petal_length * petal_length
        + w_hidden1_petal_width * petal_width;
    let z_hidden2 = b_hidden2
        + w_hidden2_sepal_length * sepal_length
        + w_hidden2_sepal_width * sepal_width
        + w_hidden2_petal_length * petal_length
        + w_hidden2_petal_width * petal_width;
    let z_hidden3 = b_hidden3
        + w_hidden3_sepal_length * sepal_length
        + w_hidden3_sepal_width * sepal_width
        + w_hidden3_petal_length * petal_length
        + w_hidden3_petal_width * petal_width;
    let z_hidden4 = b_hidden4
        + w_hidden4_sepal_length * sepal_length
        + w_hidden4_sepal_width * sepal_width
        + w_hidden4_petal_length * petal_length
        + w_hidden4_petal_width * petal_width;
    let z_hidden5 = b_hidden5
        + w_hidden5_sepal_length * sepal_length
        + w_hidden5_sepal_width * sepal_width
        + w_hidden5_petal_length * petal_length
        + w_hidden5_petal_width * petal_width;
    let z_hidden6 = b_hidden6
        + w_hidden6_sepal_length * sepal_length
        + w_hidden6_sepal_width * sepal_width
        + w_hidden6_petal_length * petal_length
        + w_hidden6_petal_width * petal_width;
    let z_hidden7 = b_hidden7
        + w_hidden7_sepal_length * sepal_length
        + w_hidden7_sepal_width * sepal_width
        + w_hidden7_petal_length * petal_length
        + w_hidden7_petal_width * petal_width;
    let z_hidden8 = b_hidden8
        + w_hidden8_sepal_length * sepal_length
        + w_hidden8_sepal_width * sepal_width
        + w_hidden8_petal_length * petal_length
        + w_hidden8_petal_width * petal_width;
    let a_hidden1 = tanh(z_hidden1);
    let a_hidden2 = tanh(z_hidden2);
    let a_hidden3 = tanh(z_hidden3);
    let a_hidden4 = tanh(z_hidden4);
    let a_hidden5 = tanh(z_hidden5);
    let a_hidden6 = tanh(z_hidden6);
    let a_hidden7 = tanh(z_hidden7);
    let a_hidden8 = tanh(z_hidden8);

    // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
    // overflow)
    let z_setosa = b_setosa
        + w_setosa_hidden1 * a_hidden1
        + w_setosa_hidden2 * a_hidden2
        + w_setosa_hidden3 * a_hidden3
        + w_setosa_hidden4 * a_hidden4
        + w_setosa_hidden5 * a_hidden5
        + w_setosa_hidden6 * a_hidden6
        + w_setosa_hidden7 * a_hidden7
        + w_setosa_hidden8 * a_hidden8;
    let z_versicolor = b_versicolor
        + w_versicolor_hidden1 * a_hidden1
        + w_versicolor_hidden2 * a_hidden2
        + w_versicolor_hidden3 * a_hidden3
        + w_versicolor_hidden4 * a_hidden4
        + w_versicolor_hidden5 * a_hidden5
        + w_versicolor_hidden6 * a_hidden6
        + w_versicolor_hidden7 * a_hidden7
        + w_versicolor_hidden8 * a_hidden8;
    let z_virginica = b_virginica
        + w_virginica_hidden1 * a_hidden1
        + w_virginica_hidden2 * a_hidden2
        + w_virginica_hidden3 * a_hidden3
        + w_virginica_hidden4 * a_hidden4
        + w_virginica_hidden5 * a_hidden5
        + w_virginica_hidden6 * a_hidden6
        + w_virginica_hidden7 * a_hidden7
        + w_virginica_hidden8 * a_hidden8;
    let top_output = largest(&[z_setosa, z_versicolor, z_virginica]);
    let e_setosa = exp(z_setosa - top_output);
    let e_versicolor = exp(z_versicolor - top_output);
    let e_virginica = exp(z_virginica - top_output);
    let total_output = e_setosa + e_versicolor + e_virginica;
    let a_setosa = e_setosa / total_output;
    let a_versicolor = e_versicolor / total_output;
    let a_virginica = e_virginica / total_output;

    [a_setosa, a_versicolor, a_virginica]
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
        w_hidden1_sepal_length, w_hidden1_sepal_width,
        w_hidden1_petal_length, w_hidden1_petal_width,
        w_hidden2_sepal_length, w_hidden2_sepal_width,
        w_hidden2_petal_length, w_hidden2_petal_width,
        w_hidden3_sepal_length, w_hidden3_sepal_width,
        w_hidden3_petal_length, w_hidden3_petal_width,
        w_hidden4_sepal_length, w_hidden4_sepal_width,
        w_hidden4_petal_length, w_hidden4_petal_width,
        w_hidden5_sepal_length, w_hidden5_sepal_width,
        w_hidden5_petal_length, w_hidden5_petal_width,
        w_hidden6_sepal_length, w_hidden6_sepal_width,
        w_hidden6_petal_length, w_hidden6_petal_width,
        w_hidden7_sepal_length, w_hidden7_sepal_width,
        w_hidden7_petal_length, w_hidden7_petal_width,
        w_hidden8_sepal_length, w_hidden8_sepal_width,
        w_hidden8_petal_length, w_hidden8_petal_width,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3, w_setosa_hidden4,
        w_setosa_hidden5, w_setosa_hidden6, w_setosa_hidden7, w_setosa_hidden8,
        w_versicolor_hidden1, w_versicolor_hidden2, w_versicolor_hidden3, w_versicolor_hidden4,
        w_versicolor_hidden5, w_versicolor_hidden6, w_versicolor_hidden7, w_versicolor_hidden8,
        w_virginica_hidden1, w_virginica_hidden2, w_virginica_hidden3, w_virginica_hidden4,
        w_virginica_hidden5, w_virginica_hidden6, w_virginica_hidden7, w_virginica_hidden8,
        b_setosa, b_versicolor, b_virginica,
    ] = *params;
    let [sepal_length, sepal_width, petal_length, petal_width] = *x;
    let [y_setosa, y_versicolor, y_virginica] = *y;

    // hidden ← x: weighted sums, then tanh
    let z_hidden1 = b_hidden1
        + w_hidden1_sepal_length * sepal_length
        + w_hidden1_sepal_width * sepal_width
        + w_hidden1_petal_length * petal_length
        + w_hidden1_petal_width * petal_width;
    let z_hidden2 = b_hidden2
        + w_hidden2_sepal_length * sepal_length
        + w_hidden2_sepal_width * sepal_width
        + w_hidden2_petal_length * petal_length
        + w_hidden2_petal_width * petal_width;
    let z_hidden3 = b_hidden3
        + w_hidden3_sepal_length * sepal_length
        + w_hidden3_sepal_width * sepal_width
        + w_hidden3_petal_length * petal_length
        + w_hidden3_petal_width * petal_width;
    let z_hidden4 = b_hidden4
        + w_hidden4_sepal_length * sepal_length
        + w_hidden4_sepal_width * sepal_width
        + w_hidden4_petal_length * petal_length
        + w_hidden4_petal_width * petal_width;
    let z_hidden5 = b_hidden5
        + w_hidden5_sepal_length * sepal_length
        + w_hidden5_sepal_width * sepal_width
        + w_hidden5_petal_length * petal_length
        + w_hidden5_petal_width * petal_width;
    let z_hidden6 = b_hidden6
        + w_hidden6_sepal_length * sepal_length
        + w_hidden6_sepal_width * sepal_width
        + w_hidden6_petal_length * petal_length
        + w_hidden6_petal_width * petal_width;
    let z_hidden7 = b_hidden7
        + w_hidden7_sepal_length * sepal_length
        + w_hidden7_sepal_width * sepal_width
        + w_hidden7_petal_length * petal_length
        + w_hidden7_petal_width * petal_width;
    let z_hidden8 = b_hidden8
        + w_hidden8_sepal_length * sepal_length
        + w_hidden8_sepal_width * sepal_width
        + w_hidden8_petal_length * petal_length
        + w_hidden8_petal_width * petal_width;
    let a_hidden1 = tanh(z_hidden1);
    let a_hidden2 = tanh(z_hidden2);
    let a_hidden3 = tanh(z_hidden3);
    let a_hidden4 = tanh(z_hidden4);
    let a_hidden5 = tanh(z_hidden5);
    let a_hidden6 = tanh(z_hidden6);
    let a_hidden7 = tanh(z_hidden7);
    let a_hidden8 = tanh(z_hidden8);

    // output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot
    // overflow)
    let z_setosa = b_setosa
        + w_setosa_hidden1 * a_hidden1
        + w_setosa_hidden2 * a_hidden2
        + w_setosa_hidden3 * a_hidden3
        + w_setosa_hidden4 * a_hidden4
        + w_setosa_hidden5 * a_hidden5
        + w_setosa_hidden6 * a_hidden6
        + w_setosa_hidden7 * a_hidden7
        + w_setosa_hidden8 * a_hidden8;
    let z_versicolor = b_versicolor
        + w_versicolor_hidden1 * a_hidden1
        + w_versicolor_hidden2 * a_hidden2
        + w_versicolor_hidden3 * a_hidden3
        + w_versicolor_hidden4 * a_hidden4
        + w_versicolor_hidden5 * a_hidden5
        + w_versicolor_hidden6 * a_hidden6
        + w_versicolor_hidden7 * a_hidden7
        + w_versicolor_hidden8 * a_hidden8;
    let z_virginica = b_virginica
        + w_virginica_hidden1 * a_hidden1
        + w_virginica_hidden2 * a_hidden2
        + w_virginica_hidden3 * a_hidden3
        + w_virginica_hidden4 * a_hidden4
        + w_virginica_hidden5 * a_hidden5
        + w_virginica_hidden6 * a_hidden6
        + w_virginica_hidden7 * a_hidden7
        + w_virginica_hidden8 * a_hidden8;
    let top_output = largest(&[z_setosa, z_versicolor, z_virginica]);
    let e_setosa = exp(z_setosa - top_output);
    let e_versicolor = exp(z_versicolor - top_output);
    let e_virginica = exp(z_virginica - top_output);
    let total_output = e_setosa + e_versicolor + e_virginica;
    let a_setosa = e_setosa / total_output;
    let a_versicolor = e_versicolor / total_output;
    let a_virginica = e_virginica / total_output;

    // the loss: cross_entropy
    let loss = y_setosa * (log(total_output) - (z_setosa - top_output))
        + y_versicolor * (log(total_output) - (z_versicolor - top_output))
        + y_virginica * (log(total_output) - (z_virginica - top_output));
    let Some(slopes) = slopes else {
        return loss;
    };
    // output: the slopes of softmax and of the logarithm cancel, only the difference remains
    let dz_setosa = a_setosa - y_setosa;
    let dz_versicolor = a_versicolor - y_versicolor;
    let dz_virginica = a_virginica - y_virginica;
    let dw_setosa_hidden1 = dz_setosa * a_hidden1;
    let dw_setosa_hidden2 = dz_setosa * a_hidden2;
    let dw_setosa_hidden3 = dz_setosa * a_hidden3;
    let dw_setosa_hidden4 = dz_setosa * a_hidden4;
    let dw_setosa_hidden5 = dz_setosa * a_hidden5;
    let dw_setosa_hidden6 = dz_setosa * a_hidden6;
    let dw_setosa_hidden7 = dz_setosa * a_hidden7;
    let dw_setosa_hidden8 = dz_setosa * a_hidden8;
    let dw_versicolor_hidden1 = dz_versicolor * a_hidden1;
    let dw_versicolor_hidden2 = dz_versicolor * a_hidden2;
    let dw_versicolor_hidden3 = dz_versicolor * a_hidden3;
    let dw_versicolor_hidden4 = dz_versicolor * a_hidden4;
    let dw_versicolor_hidden5 = dz_versicolor * a_hidden5;
    let dw_versicolor_hidden6 = dz_versicolor * a_hidden6;
    let dw_versicolor_hidden7 = dz_versicolor * a_hidden7;
    let dw_versicolor_hidden8 = dz_versicolor * a_hidden8;
    let dw_virginica_hidden1 = dz_virginica * a_hidden1;
    let dw_virginica_hidden2 = dz_virginica * a_hidden2;
    let dw_virginica_hidden3 = dz_virginica * a_hidden3;
    let dw_virginica_hidden4 = dz_virginica * a_hidden4;
    let dw_virginica_hidden5 = dz_virginica * a_hidden5;
    let dw_virginica_hidden6 = dz_virginica * a_hidden6;
    let dw_virginica_hidden7 = dz_virginica * a_hidden7;
    let dw_virginica_hidden8 = dz_virginica * a_hidden8;
    let db_setosa = dz_setosa;
    let db_versicolor = dz_versicolor;
    let db_virginica = dz_virginica;

    // hidden ← output: the error flows back along the same weights
    let da_hidden1 = dz_setosa * w_setosa_hidden1
        + dz_versicolor * w_versicolor_hidden1
        + dz_virginica * w_virginica_hidden1;
    let da_hidden2 = dz_setosa * w_setosa_hidden2
        + dz_versicolor * w_versicolor_hidden2
        + dz_virginica * w_virginica_hidden2;
    let da_hidden3 = dz_setosa * w_setosa_hidden3
        + dz_versicolor * w_versicolor_hidden3
        + dz_virginica * w_virginica_hidden3;
    let da_hidden4 = dz_setosa * w_setosa_hidden4
        + dz_versicolor * w_versicolor_hidden4
        + dz_virginica * w_virginica_hidden4;
    let da_hidden5 = dz_setosa * w_setosa_hidden5
        + dz_versicolor * w_versicolor_hidden5
        + dz_virginica * w_virginica_hidden5;
    let da_hidden6 = dz_setosa * w_setosa_hidden6
        + dz_versicolor * w_versicolor_hidden6
        + dz_virginica * w_virginica_hidden6;
    let da_hidden7 = dz_setosa * w_setosa_hidden7
        + dz_versicolor * w_versicolor_hidden7
        + dz_virginica * w_virginica_hidden7;
    let da_hidden8 = dz_setosa * w_setosa_hidden8
        + dz_versicolor * w_versicolor_hidden8
        + dz_virginica * w_virginica_hidden8;
    let dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1);
    let dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2);
    let dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3);
    let dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4);
    let dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5);
    let dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6);
    let dz_hidden7 = da_hidden7 * (1.0 - a_hidden7 * a_hidden7);
    let dz_hidden8 = da_hidden8 * (1.0 - a_hidden8 * a_hidden8);
    let dw_hidden1_sepal_length = dz_hidden1 * sepal_length;
    let dw_hidden1_sepal_width = dz_hidden1 * sepal_width;
    let dw_hidden1_petal_length = dz_hidden1 * petal_length;
    let dw_hidden1_petal_width = dz_hidden1 * petal_width;
    let dw_hidden2_sepal_length = dz_hidden2 * sepal_length;
    let dw_hidden2_sepal_width = dz_hidden2 * sepal_width;
    let dw_hidden2_petal_length = dz_hidden2 * petal_length;
    let dw_hidden2_petal_width = dz_hidden2 * petal_width;
    let dw_hidden3_sepal_length = dz_hidden3 * sepal_length;
    let dw_hidden3_sepal_width = dz_hidden3 * sepal_width;
    let dw_hidden3_petal_length = dz_hidden3 * petal_length;
    let dw_hidden3_petal_width = dz_hidden3 * petal_width;
    let dw_hidden4_sepal_length = dz_hidden4 * sepal_length;
    let dw_hidden4_sepal_width = dz_hidden4 * sepal_width;
    let dw_hidden4_petal_length = dz_hidden4 * petal_length;
    let dw_hidden4_petal_width = dz_hidden4 * petal_width;
    let dw_hidden5_sepal_length = dz_hidden5 * sepal_length;
    let dw_hidden5_sepal_width = dz_hidden5 * sepal_width;
    let dw_hidden5_petal_length = dz_hidden5 * petal_length;
    let dw_hidden5_petal_width = dz_hidden5 * petal_width;
    let dw_hidden6_sepal_length = dz_hidden6 * sepal_length;
    let dw_hidden6_sepal_width = dz_hidden6 * sepal_width;
    let dw_hidden6_petal_length = dz_hidden6 * petal_length;
    let dw_hidden6_petal_width = dz_hidden6 * petal_width;
    let dw_hidden7_sepal_length = dz_hidden7 * sepal_length;
    let dw_hidden7_sepal_width = dz_hidden7 * sepal_width;
    let dw_hidden7_petal_length = dz_hidden7 * petal_length;
    let dw_hidden7_petal_width = dz_hidden7 * petal_width;
    let dw_hidden8_sepal_length = dz_hidden8 * sepal_length;
    let dw_hidden8_sepal_width = dz_hidden8 * sepal_width;
    let dw_hidden8_petal_length = dz_hidden8 * petal_length;
    let dw_hidden8_petal_width = dz_hidden8 * petal_width;
    let db_hidden1 = dz_hidden1;
    let db_hidden2 = dz_hidden2;
    let db_hidden3 = dz_hidden3;
    let db_hidden4 = dz_hidden4;
    let db_hidden5 = dz_hidden5;
    let db_hidden6 = dz_hidden6;
    let db_hidden7 = dz_hidden7;
    let db_hidden8 = dz_hidden8;

    slopes[0] += dw_hidden1_sepal_length;
    slopes[1] += dw_hidden1_sepal_width;
    slopes[2] += dw_hidden1_petal_length;
    slopes[3] += dw_hidden1_petal_width;
    slopes[4] += dw_hidden2_sepal_length;
    slopes[5] += dw_hidden2_sepal_width;
    slopes[6] += dw_hidden2_petal_length;
    slopes[7] += dw_hidden2_petal_width;
    slopes[8] += dw_hidden3_sepal_length;
    slopes[9] += dw_hidden3_sepal_width;
    slopes[10] += dw_hidden3_petal_length;
    slopes[11] += dw_hidden3_petal_width;
    slopes[12] += dw_hidden4_sepal_length;
    slopes[13] += dw_hidden4_sepal_width;
    slopes[14] += dw_hidden4_petal_length;
    slopes[15] += dw_hidden4_petal_width;
    slopes[16] += dw_hidden5_sepal_length;
    slopes[17] += dw_hidden5_sepal_width;
    slopes[18] += dw_hidden5_petal_length;
    slopes[19] += dw_hidden5_petal_width;
    slopes[20] += dw_hidden6_sepal_length;
    slopes[21] += dw_hidden6_sepal_width;
    slopes[22] += dw_hidden6_petal_length;
    slopes[23] += dw_hidden6_petal_width;
    slopes[24] += dw_hidden7_sepal_length;
    slopes[25] += dw_hidden7_sepal_width;
    slopes[26] += dw_hidden7_petal_length;
    slopes[27] += dw_hidden7_petal_width;
    slopes[28] += dw_hidden8_sepal_length;
    slopes[29] += dw_hidden8_sepal_width;
    slopes[30] += dw_hidden8_petal_length;
    slopes[31] += dw_hidden8_petal_width;
    slopes[32] += db_hidden1;
    slopes[33] += db_hidden2;
    slopes[34] += db_hidden3;
    slopes[35] += db_hidden4;
    slopes[36] += db_hidden5;
    slopes[37] += db_hidden6;
    slopes[38] += db_hidden7;
    slopes[39] += db_hidden8;
    slopes[40] += dw_setosa_hidden1;
    slopes[41] += dw_setosa_hidden2;
    slopes[42] += dw_setosa_hidden3;
    slopes[43] += dw_setosa_hidden4;
    slopes[44] += dw_setosa_hidden5;
    slopes[45] += dw_setosa_hidden6;
    slopes[46] += dw_setosa_hidden7;
    slopes[47] += dw_setosa_hidden8;
    slopes[48] += dw_versicolor_hidden1;
    slopes[49] += dw_versicolor_hidden2;
    slopes[50] += dw_versicolor_hidden3;
    slopes[51] += dw_versicolor_hidden4;
    slopes[52] += dw_versicolor_hidden5;
    slopes[53] += dw_versicolor_hidden6;
    slopes[54] += dw_versicolor_hidden7;
    slopes[55] += dw_versicolor_hidden8;
    slopes[56] += dw_virginica_hidden1;
    slopes[57] += dw_virginica_hidden2;
    slopes[58] += dw_virginica_hidden3;
    slopes[59] += dw_virginica_hidden4;
    slopes[60] += dw_virginica_hidden5;
    slopes[61] += dw_virginica_hidden6;
    slopes[62] += dw_virginica_hidden7;
    slopes[63] += dw_virginica_hidden8;
    slopes[64] += db_setosa;
    slopes[65] += db_versicolor;
    slopes[66] += db_virginica;
    loss
}

// --- Below: training and predictions. ---

/// What is subtracted from each number of the data.
const SUBTRACT: [f64; INPUTS] = [5.855, 3.03, 3.8169999999999997, 1.2329999999999999];

/// What the rest is divided by.
#[rustfmt::skip]
const DIVIDE: [f64; INPUTS] = [
    0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649,
];

/// The inputs of the network, from the numbers of the data.
#[must_use]
pub fn scale(x: &[f64; INPUTS]) -> [f64; INPUTS] {
    let mut scaled = [0.0; INPUTS];
    for (i, &value) in x.iter().enumerate() {
        scaled[i] = (value - SUBTRACT[i]) / DIVIDE[i];
    }
    scaled
}

/// The columns of a row, as the data name them.
pub const COLUMNS: [&str; 4] = ["sepal_length", "sepal_width", "petal_length", "petal_width"];

/// A row of the data: a cell for each column.
pub type Row<'a> = [Cell<'a>; COLUMNS.len()];

/// The classes in the order of the outputs.
pub const CLASSES: [&str; 3] = ["setosa", "versicolor", "virginica"];

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
    for (i, &column) in COLUMNS.iter().enumerate() {
        let number = number_of(column, row[i], None)?;
        x[i] = number;
    }
    Ok(scale(&x))
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

/// What gradient_descent remembers from step to step: empty.
#[derive(Clone, Debug)]
pub struct State {}

/// The state before the first step.
#[must_use]
pub fn init_state() -> State {
    State {}
}

/// Make one step of gradient_descent, in place.
pub fn step(params: &mut Params, slopes: &Params, state: &mut State) {
    let _ = state;
    for i in 0..PARAMETERS {
        params[i] = params[i] - 0.1 * slopes[i];
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
            epochs: 100,
            batch_size: Some(10),
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
    for i in 0..32 {
        params[i] = f64::sqrt(6.0 / 12.0) * (2.0 * uniform(seed, i) - 1.0);
    }
    for i in 40..64 {
        params[i] = f64::sqrt(6.0 / 11.0) * (2.0 * uniform(seed, i) - 1.0);
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

/// The hyperbolic tangent.
fn tanh(x: f64) -> f64 {
    #[cfg(feature = "libm")]
    return libm::tanh(x.into()) as f64;
    #[cfg(not(feature = "libm"))]
    x.tanh()
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
