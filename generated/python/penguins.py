"""penguins, a neural network: its equations forward and backward, and how it learns.

    x: 10 -> hidden: 6 tanh -> output: 3 softmax

Tells three species of penguins apart by measurements of their bodies, by their island and by their sex (Gorman,
Williams and Fraser, PLoS ONE 9, 2014). Some values are missing.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: adam, m, v = means of g, g^2; w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon), rate =
0.02, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-08; 40 epochs in batches of 16.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_bill_length is the weight that leads to hidden1 from bill_length.

Written by nngen from the spec penguins: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = (
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
)


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: 10 numbers → Adelie, Chinstrap, Gentoo."""
    (
        w_hidden1_bill_length, w_hidden1_bill_depth, w_hidden1_flipper_length, w_hidden1_body_mass,
        w_hidden1_island_biscoe, w_hidden1_island_dream, w_hidden1_island_torgersen, w_hidden1_sex_female,
        w_hidden1_sex_male, w_hidden1_sex_missing,
        w_hidden2_bill_length, w_hidden2_bill_depth, w_hidden2_flipper_length, w_hidden2_body_mass,
        w_hidden2_island_biscoe, w_hidden2_island_dream, w_hidden2_island_torgersen, w_hidden2_sex_female,
        w_hidden2_sex_male, w_hidden2_sex_missing,
        w_hidden3_bill_length, w_hidden3_bill_depth, w_hidden3_flipper_length, w_hidden3_body_mass,
        w_hidden3_island_biscoe, w_hidden3_island_dream, w_hidden3_island_torgersen, w_hidden3_sex_female,
        w_hidden3_sex_male, w_hidden3_sex_missing,
        w_hidden4_bill_length, w_hidden4_bill_depth, w_hidden4_flipper_length, w_hidden4_body_mass,
        w_hidden4_island_biscoe, w_hidden4_island_dream, w_hidden4_island_torgersen, w_hidden4_sex_female,
        w_hidden4_sex_male, w_hidden4_sex_missing,
        w_hidden5_bill_length, w_hidden5_bill_depth, w_hidden5_flipper_length, w_hidden5_body_mass,
        w_hidden5_island_biscoe, w_hidden5_island_dream, w_hidden5_island_torgersen, w_hidden5_sex_female,
        w_hidden5_sex_male, w_hidden5_sex_missing,
        w_hidden6_bill_length, w_hidden6_bill_depth, w_hidden6_flipper_length, w_hidden6_body_mass,
        w_hidden6_island_biscoe, w_hidden6_island_dream, w_hidden6_island_torgersen, w_hidden6_sex_female,
        w_hidden6_sex_male, w_hidden6_sex_missing,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6,
        w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3, w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6,
        w_Chinstrap_hidden1, w_Chinstrap_hidden2, w_Chinstrap_hidden3,
        w_Chinstrap_hidden4, w_Chinstrap_hidden5, w_Chinstrap_hidden6,
        w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3, w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6,
        b_Adelie, b_Chinstrap, b_Gentoo,
    ) = params
    (
        bill_length, bill_depth, flipper_length, body_mass, island_biscoe,
        island_dream, island_torgersen, sex_female, sex_male, sex_missing,
    ) = x

    # hidden ← x: weighted sums, then tanh
    z_hidden1 = (
        b_hidden1
        + w_hidden1_bill_length * bill_length
        + w_hidden1_bill_depth * bill_depth
        + w_hidden1_flipper_length * flipper_length
        + w_hidden1_body_mass * body_mass
        + w_hidden1_island_biscoe * island_biscoe
        + w_hidden1_island_dream * island_dream
        + w_hidden1_island_torgersen * island_torgersen
        + w_hidden1_sex_female * sex_female
        + w_hidden1_sex_male * sex_male
        + w_hidden1_sex_missing * sex_missing
    )
    z_hidden2 = (
        b_hidden2
        + w_hidden2_bill_length * bill_length
        + w_hidden2_bill_depth * bill_depth
        + w_hidden2_flipper_length * flipper_length
        + w_hidden2_body_mass * body_mass
        + w_hidden2_island_biscoe * island_biscoe
        + w_hidden2_island_dream * island_dream
        + w_hidden2_island_torgersen * island_torgersen
        + w_hidden2_sex_female * sex_female
        + w_hidden2_sex_male * sex_male
        + w_hidden2_sex_missing * sex_missing
    )
    z_hidden3 = (
        b_hidden3
        + w_hidden3_bill_length * bill_length
        + w_hidden3_bill_depth * bill_depth
        + w_hidden3_flipper_length * flipper_length
        + w_hidden3_body_mass * body_mass
        + w_hidden3_island_biscoe * island_biscoe
        + w_hidden3_island_dream * island_dream
        + w_hidden3_island_torgersen * island_torgersen
        + w_hidden3_sex_female * sex_female
        + w_hidden3_sex_male * sex_male
        + w_hidden3_sex_missing * sex_missing
    )
    z_hidden4 = (
        b_hidden4
        + w_hidden4_bill_length * bill_length
        + w_hidden4_bill_depth * bill_depth
        + w_hidden4_flipper_length * flipper_length
        + w_hidden4_body_mass * body_mass
        + w_hidden4_island_biscoe * island_biscoe
        + w_hidden4_island_dream * island_dream
        + w_hidden4_island_torgersen * island_torgersen
        + w_hidden4_sex_female * sex_female
        + w_hidden4_sex_male * sex_male
        + w_hidden4_sex_missing * sex_missing
    )
    z_hidden5 = (
        b_hidden5
        + w_hidden5_bill_length * bill_length
        + w_hidden5_bill_depth * bill_depth
        + w_hidden5_flipper_length * flipper_length
        + w_hidden5_body_mass * body_mass
        + w_hidden5_island_biscoe * island_biscoe
        + w_hidden5_island_dream * island_dream
        + w_hidden5_island_torgersen * island_torgersen
        + w_hidden5_sex_female * sex_female
        + w_hidden5_sex_male * sex_male
        + w_hidden5_sex_missing * sex_missing
    )
    z_hidden6 = (
        b_hidden6
        + w_hidden6_bill_length * bill_length
        + w_hidden6_bill_depth * bill_depth
        + w_hidden6_flipper_length * flipper_length
        + w_hidden6_body_mass * body_mass
        + w_hidden6_island_biscoe * island_biscoe
        + w_hidden6_island_dream * island_dream
        + w_hidden6_island_torgersen * island_torgersen
        + w_hidden6_sex_female * sex_female
        + w_hidden6_sex_male * sex_male
        + w_hidden6_sex_missing * sex_missing
    )
    a_hidden1 = math.tanh(z_hidden1)
    a_hidden2 = math.tanh(z_hidden2)
    a_hidden3 = math.tanh(z_hidden3)
    a_hidden4 = math.tanh(z_hidden4)
    a_hidden5 = math.tanh(z_hidden5)
    a_hidden6 = math.tanh(z_hidden6)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_Adelie = (
        b_Adelie
        + w_Adelie_hidden1 * a_hidden1
        + w_Adelie_hidden2 * a_hidden2
        + w_Adelie_hidden3 * a_hidden3
        + w_Adelie_hidden4 * a_hidden4
        + w_Adelie_hidden5 * a_hidden5
        + w_Adelie_hidden6 * a_hidden6
    )
    z_Chinstrap = (
        b_Chinstrap
        + w_Chinstrap_hidden1 * a_hidden1
        + w_Chinstrap_hidden2 * a_hidden2
        + w_Chinstrap_hidden3 * a_hidden3
        + w_Chinstrap_hidden4 * a_hidden4
        + w_Chinstrap_hidden5 * a_hidden5
        + w_Chinstrap_hidden6 * a_hidden6
    )
    z_Gentoo = (
        b_Gentoo
        + w_Gentoo_hidden1 * a_hidden1
        + w_Gentoo_hidden2 * a_hidden2
        + w_Gentoo_hidden3 * a_hidden3
        + w_Gentoo_hidden4 * a_hidden4
        + w_Gentoo_hidden5 * a_hidden5
        + w_Gentoo_hidden6 * a_hidden6
    )
    top_output = max(z_Adelie, z_Chinstrap, z_Gentoo)
    e_Adelie = math.exp(z_Adelie - top_output)
    e_Chinstrap = math.exp(z_Chinstrap - top_output)
    e_Gentoo = math.exp(z_Gentoo - top_output)
    total_output = e_Adelie + e_Chinstrap + e_Gentoo
    a_Adelie = e_Adelie / total_output
    a_Chinstrap = e_Chinstrap / total_output
    a_Gentoo = e_Gentoo / total_output

    return (a_Adelie, a_Chinstrap, a_Gentoo)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    (
        w_hidden1_bill_length, w_hidden1_bill_depth, w_hidden1_flipper_length, w_hidden1_body_mass,
        w_hidden1_island_biscoe, w_hidden1_island_dream, w_hidden1_island_torgersen, w_hidden1_sex_female,
        w_hidden1_sex_male, w_hidden1_sex_missing,
        w_hidden2_bill_length, w_hidden2_bill_depth, w_hidden2_flipper_length, w_hidden2_body_mass,
        w_hidden2_island_biscoe, w_hidden2_island_dream, w_hidden2_island_torgersen, w_hidden2_sex_female,
        w_hidden2_sex_male, w_hidden2_sex_missing,
        w_hidden3_bill_length, w_hidden3_bill_depth, w_hidden3_flipper_length, w_hidden3_body_mass,
        w_hidden3_island_biscoe, w_hidden3_island_dream, w_hidden3_island_torgersen, w_hidden3_sex_female,
        w_hidden3_sex_male, w_hidden3_sex_missing,
        w_hidden4_bill_length, w_hidden4_bill_depth, w_hidden4_flipper_length, w_hidden4_body_mass,
        w_hidden4_island_biscoe, w_hidden4_island_dream, w_hidden4_island_torgersen, w_hidden4_sex_female,
        w_hidden4_sex_male, w_hidden4_sex_missing,
        w_hidden5_bill_length, w_hidden5_bill_depth, w_hidden5_flipper_length, w_hidden5_body_mass,
        w_hidden5_island_biscoe, w_hidden5_island_dream, w_hidden5_island_torgersen, w_hidden5_sex_female,
        w_hidden5_sex_male, w_hidden5_sex_missing,
        w_hidden6_bill_length, w_hidden6_bill_depth, w_hidden6_flipper_length, w_hidden6_body_mass,
        w_hidden6_island_biscoe, w_hidden6_island_dream, w_hidden6_island_torgersen, w_hidden6_sex_female,
        w_hidden6_sex_male, w_hidden6_sex_missing,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6,
        w_Adelie_hidden1, w_Adelie_hidden2, w_Adelie_hidden3, w_Adelie_hidden4, w_Adelie_hidden5, w_Adelie_hidden6,
        w_Chinstrap_hidden1, w_Chinstrap_hidden2, w_Chinstrap_hidden3,
        w_Chinstrap_hidden4, w_Chinstrap_hidden5, w_Chinstrap_hidden6,
        w_Gentoo_hidden1, w_Gentoo_hidden2, w_Gentoo_hidden3, w_Gentoo_hidden4, w_Gentoo_hidden5, w_Gentoo_hidden6,
        b_Adelie, b_Chinstrap, b_Gentoo,
    ) = params
    (
        bill_length, bill_depth, flipper_length, body_mass, island_biscoe,
        island_dream, island_torgersen, sex_female, sex_male, sex_missing,
    ) = x
    y_Adelie, y_Chinstrap, y_Gentoo = y

    # hidden ← x: weighted sums, then tanh
    z_hidden1 = (
        b_hidden1
        + w_hidden1_bill_length * bill_length
        + w_hidden1_bill_depth * bill_depth
        + w_hidden1_flipper_length * flipper_length
        + w_hidden1_body_mass * body_mass
        + w_hidden1_island_biscoe * island_biscoe
        + w_hidden1_island_dream * island_dream
        + w_hidden1_island_torgersen * island_torgersen
        + w_hidden1_sex_female * sex_female
        + w_hidden1_sex_male * sex_male
        + w_hidden1_sex_missing * sex_missing
    )
    z_hidden2 = (
        b_hidden2
        + w_hidden2_bill_length * bill_length
        + w_hidden2_bill_depth * bill_depth
        + w_hidden2_flipper_length * flipper_length
        + w_hidden2_body_mass * body_mass
        + w_hidden2_island_biscoe * island_biscoe
        + w_hidden2_island_dream * island_dream
        + w_hidden2_island_torgersen * island_torgersen
        + w_hidden2_sex_female * sex_female
        + w_hidden2_sex_male * sex_male
        + w_hidden2_sex_missing * sex_missing
    )
    z_hidden3 = (
        b_hidden3
        + w_hidden3_bill_length * bill_length
        + w_hidden3_bill_depth * bill_depth
        + w_hidden3_flipper_length * flipper_length
        + w_hidden3_body_mass * body_mass
        + w_hidden3_island_biscoe * island_biscoe
        + w_hidden3_island_dream * island_dream
        + w_hidden3_island_torgersen * island_torgersen
        + w_hidden3_sex_female * sex_female
        + w_hidden3_sex_male * sex_male
        + w_hidden3_sex_missing * sex_missing
    )
    z_hidden4 = (
        b_hidden4
        + w_hidden4_bill_length * bill_length
        + w_hidden4_bill_depth * bill_depth
        + w_hidden4_flipper_length * flipper_length
        + w_hidden4_body_mass * body_mass
        + w_hidden4_island_biscoe * island_biscoe
        + w_hidden4_island_dream * island_dream
        + w_hidden4_island_torgersen * island_torgersen
        + w_hidden4_sex_female * sex_female
        + w_hidden4_sex_male * sex_male
        + w_hidden4_sex_missing * sex_missing
    )
    z_hidden5 = (
        b_hidden5
        + w_hidden5_bill_length * bill_length
        + w_hidden5_bill_depth * bill_depth
        + w_hidden5_flipper_length * flipper_length
        + w_hidden5_body_mass * body_mass
        + w_hidden5_island_biscoe * island_biscoe
        + w_hidden5_island_dream * island_dream
        + w_hidden5_island_torgersen * island_torgersen
        + w_hidden5_sex_female * sex_female
        + w_hidden5_sex_male * sex_male
        + w_hidden5_sex_missing * sex_missing
    )
    z_hidden6 = (
        b_hidden6
        + w_hidden6_bill_length * bill_length
        + w_hidden6_bill_depth * bill_depth
        + w_hidden6_flipper_length * flipper_length
        + w_hidden6_body_mass * body_mass
        + w_hidden6_island_biscoe * island_biscoe
        + w_hidden6_island_dream * island_dream
        + w_hidden6_island_torgersen * island_torgersen
        + w_hidden6_sex_female * sex_female
        + w_hidden6_sex_male * sex_male
        + w_hidden6_sex_missing * sex_missing
    )
    a_hidden1 = math.tanh(z_hidden1)
    a_hidden2 = math.tanh(z_hidden2)
    a_hidden3 = math.tanh(z_hidden3)
    a_hidden4 = math.tanh(z_hidden4)
    a_hidden5 = math.tanh(z_hidden5)
    a_hidden6 = math.tanh(z_hidden6)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_Adelie = (
        b_Adelie
        + w_Adelie_hidden1 * a_hidden1
        + w_Adelie_hidden2 * a_hidden2
        + w_Adelie_hidden3 * a_hidden3
        + w_Adelie_hidden4 * a_hidden4
        + w_Adelie_hidden5 * a_hidden5
        + w_Adelie_hidden6 * a_hidden6
    )
    z_Chinstrap = (
        b_Chinstrap
        + w_Chinstrap_hidden1 * a_hidden1
        + w_Chinstrap_hidden2 * a_hidden2
        + w_Chinstrap_hidden3 * a_hidden3
        + w_Chinstrap_hidden4 * a_hidden4
        + w_Chinstrap_hidden5 * a_hidden5
        + w_Chinstrap_hidden6 * a_hidden6
    )
    z_Gentoo = (
        b_Gentoo
        + w_Gentoo_hidden1 * a_hidden1
        + w_Gentoo_hidden2 * a_hidden2
        + w_Gentoo_hidden3 * a_hidden3
        + w_Gentoo_hidden4 * a_hidden4
        + w_Gentoo_hidden5 * a_hidden5
        + w_Gentoo_hidden6 * a_hidden6
    )
    top_output = max(z_Adelie, z_Chinstrap, z_Gentoo)
    e_Adelie = math.exp(z_Adelie - top_output)
    e_Chinstrap = math.exp(z_Chinstrap - top_output)
    e_Gentoo = math.exp(z_Gentoo - top_output)
    total_output = e_Adelie + e_Chinstrap + e_Gentoo
    a_Adelie = e_Adelie / total_output
    a_Chinstrap = e_Chinstrap / total_output
    a_Gentoo = e_Gentoo / total_output

    # the loss: cross_entropy
    loss = (
        y_Adelie * (math.log(total_output) - (z_Adelie - top_output))
        + y_Chinstrap * (math.log(total_output) - (z_Chinstrap - top_output))
        + y_Gentoo * (math.log(total_output) - (z_Gentoo - top_output))
    )

    # output: the slopes of softmax and of the logarithm cancel, only the difference remains
    dz_Adelie = a_Adelie - y_Adelie
    dz_Chinstrap = a_Chinstrap - y_Chinstrap
    dz_Gentoo = a_Gentoo - y_Gentoo
    dw_Adelie_hidden1 = dz_Adelie * a_hidden1
    dw_Adelie_hidden2 = dz_Adelie * a_hidden2
    dw_Adelie_hidden3 = dz_Adelie * a_hidden3
    dw_Adelie_hidden4 = dz_Adelie * a_hidden4
    dw_Adelie_hidden5 = dz_Adelie * a_hidden5
    dw_Adelie_hidden6 = dz_Adelie * a_hidden6
    dw_Chinstrap_hidden1 = dz_Chinstrap * a_hidden1
    dw_Chinstrap_hidden2 = dz_Chinstrap * a_hidden2
    dw_Chinstrap_hidden3 = dz_Chinstrap * a_hidden3
    dw_Chinstrap_hidden4 = dz_Chinstrap * a_hidden4
    dw_Chinstrap_hidden5 = dz_Chinstrap * a_hidden5
    dw_Chinstrap_hidden6 = dz_Chinstrap * a_hidden6
    dw_Gentoo_hidden1 = dz_Gentoo * a_hidden1
    dw_Gentoo_hidden2 = dz_Gentoo * a_hidden2
    dw_Gentoo_hidden3 = dz_Gentoo * a_hidden3
    dw_Gentoo_hidden4 = dz_Gentoo * a_hidden4
    dw_Gentoo_hidden5 = dz_Gentoo * a_hidden5
    dw_Gentoo_hidden6 = dz_Gentoo * a_hidden6
    db_Adelie = dz_Adelie
    db_Chinstrap = dz_Chinstrap
    db_Gentoo = dz_Gentoo

    # hidden ← output: the error flows back along the same weights
    da_hidden1 = dz_Adelie * w_Adelie_hidden1 + dz_Chinstrap * w_Chinstrap_hidden1 + dz_Gentoo * w_Gentoo_hidden1
    da_hidden2 = dz_Adelie * w_Adelie_hidden2 + dz_Chinstrap * w_Chinstrap_hidden2 + dz_Gentoo * w_Gentoo_hidden2
    da_hidden3 = dz_Adelie * w_Adelie_hidden3 + dz_Chinstrap * w_Chinstrap_hidden3 + dz_Gentoo * w_Gentoo_hidden3
    da_hidden4 = dz_Adelie * w_Adelie_hidden4 + dz_Chinstrap * w_Chinstrap_hidden4 + dz_Gentoo * w_Gentoo_hidden4
    da_hidden5 = dz_Adelie * w_Adelie_hidden5 + dz_Chinstrap * w_Chinstrap_hidden5 + dz_Gentoo * w_Gentoo_hidden5
    da_hidden6 = dz_Adelie * w_Adelie_hidden6 + dz_Chinstrap * w_Chinstrap_hidden6 + dz_Gentoo * w_Gentoo_hidden6
    dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1)
    dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2)
    dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3)
    dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4)
    dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5)
    dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6)
    dw_hidden1_bill_length = dz_hidden1 * bill_length
    dw_hidden1_bill_depth = dz_hidden1 * bill_depth
    dw_hidden1_flipper_length = dz_hidden1 * flipper_length
    dw_hidden1_body_mass = dz_hidden1 * body_mass
    dw_hidden1_island_biscoe = dz_hidden1 * island_biscoe
    dw_hidden1_island_dream = dz_hidden1 * island_dream
    dw_hidden1_island_torgersen = dz_hidden1 * island_torgersen
    dw_hidden1_sex_female = dz_hidden1 * sex_female
    dw_hidden1_sex_male = dz_hidden1 * sex_male
    dw_hidden1_sex_missing = dz_hidden1 * sex_missing
    dw_hidden2_bill_length = dz_hidden2 * bill_length
    dw_hidden2_bill_depth = dz_hidden2 * bill_depth
    dw_hidden2_flipper_length = dz_hidden2 * flipper_length
    dw_hidden2_body_mass = dz_hidden2 * body_mass
    dw_hidden2_island_biscoe = dz_hidden2 * island_biscoe
    dw_hidden2_island_dream = dz_hidden2 * island_dream
    dw_hidden2_island_torgersen = dz_hidden2 * island_torgersen
    dw_hidden2_sex_female = dz_hidden2 * sex_female
    dw_hidden2_sex_male = dz_hidden2 * sex_male
    dw_hidden2_sex_missing = dz_hidden2 * sex_missing
    dw_hidden3_bill_length = dz_hidden3 * bill_length
    dw_hidden3_bill_depth = dz_hidden3 * bill_depth
    dw_hidden3_flipper_length = dz_hidden3 * flipper_length
    dw_hidden3_body_mass = dz_hidden3 * body_mass
    dw_hidden3_island_biscoe = dz_hidden3 * island_biscoe
    dw_hidden3_island_dream = dz_hidden3 * island_dream
    dw_hidden3_island_torgersen = dz_hidden3 * island_torgersen
    dw_hidden3_sex_female = dz_hidden3 * sex_female
    dw_hidden3_sex_male = dz_hidden3 * sex_male
    dw_hidden3_sex_missing = dz_hidden3 * sex_missing
    dw_hidden4_bill_length = dz_hidden4 * bill_length
    dw_hidden4_bill_depth = dz_hidden4 * bill_depth
    dw_hidden4_flipper_length = dz_hidden4 * flipper_length
    dw_hidden4_body_mass = dz_hidden4 * body_mass
    dw_hidden4_island_biscoe = dz_hidden4 * island_biscoe
    dw_hidden4_island_dream = dz_hidden4 * island_dream
    dw_hidden4_island_torgersen = dz_hidden4 * island_torgersen
    dw_hidden4_sex_female = dz_hidden4 * sex_female
    dw_hidden4_sex_male = dz_hidden4 * sex_male
    dw_hidden4_sex_missing = dz_hidden4 * sex_missing
    dw_hidden5_bill_length = dz_hidden5 * bill_length
    dw_hidden5_bill_depth = dz_hidden5 * bill_depth
    dw_hidden5_flipper_length = dz_hidden5 * flipper_length
    dw_hidden5_body_mass = dz_hidden5 * body_mass
    dw_hidden5_island_biscoe = dz_hidden5 * island_biscoe
    dw_hidden5_island_dream = dz_hidden5 * island_dream
    dw_hidden5_island_torgersen = dz_hidden5 * island_torgersen
    dw_hidden5_sex_female = dz_hidden5 * sex_female
    dw_hidden5_sex_male = dz_hidden5 * sex_male
    dw_hidden5_sex_missing = dz_hidden5 * sex_missing
    dw_hidden6_bill_length = dz_hidden6 * bill_length
    dw_hidden6_bill_depth = dz_hidden6 * bill_depth
    dw_hidden6_flipper_length = dz_hidden6 * flipper_length
    dw_hidden6_body_mass = dz_hidden6 * body_mass
    dw_hidden6_island_biscoe = dz_hidden6 * island_biscoe
    dw_hidden6_island_dream = dz_hidden6 * island_dream
    dw_hidden6_island_torgersen = dz_hidden6 * island_torgersen
    dw_hidden6_sex_female = dz_hidden6 * sex_female
    dw_hidden6_sex_male = dz_hidden6 * sex_male
    dw_hidden6_sex_missing = dz_hidden6 * sex_missing
    db_hidden1 = dz_hidden1
    db_hidden2 = dz_hidden2
    db_hidden3 = dz_hidden3
    db_hidden4 = dz_hidden4
    db_hidden5 = dz_hidden5
    db_hidden6 = dz_hidden6

    return loss, [
        dw_hidden1_bill_length, dw_hidden1_bill_depth, dw_hidden1_flipper_length, dw_hidden1_body_mass,
        dw_hidden1_island_biscoe, dw_hidden1_island_dream, dw_hidden1_island_torgersen, dw_hidden1_sex_female,
        dw_hidden1_sex_male, dw_hidden1_sex_missing,
        dw_hidden2_bill_length, dw_hidden2_bill_depth, dw_hidden2_flipper_length, dw_hidden2_body_mass,
        dw_hidden2_island_biscoe, dw_hidden2_island_dream, dw_hidden2_island_torgersen, dw_hidden2_sex_female,
        dw_hidden2_sex_male, dw_hidden2_sex_missing,
        dw_hidden3_bill_length, dw_hidden3_bill_depth, dw_hidden3_flipper_length, dw_hidden3_body_mass,
        dw_hidden3_island_biscoe, dw_hidden3_island_dream, dw_hidden3_island_torgersen, dw_hidden3_sex_female,
        dw_hidden3_sex_male, dw_hidden3_sex_missing,
        dw_hidden4_bill_length, dw_hidden4_bill_depth, dw_hidden4_flipper_length, dw_hidden4_body_mass,
        dw_hidden4_island_biscoe, dw_hidden4_island_dream, dw_hidden4_island_torgersen, dw_hidden4_sex_female,
        dw_hidden4_sex_male, dw_hidden4_sex_missing,
        dw_hidden5_bill_length, dw_hidden5_bill_depth, dw_hidden5_flipper_length, dw_hidden5_body_mass,
        dw_hidden5_island_biscoe, dw_hidden5_island_dream, dw_hidden5_island_torgersen, dw_hidden5_sex_female,
        dw_hidden5_sex_male, dw_hidden5_sex_missing,
        dw_hidden6_bill_length, dw_hidden6_bill_depth, dw_hidden6_flipper_length, dw_hidden6_body_mass,
        dw_hidden6_island_biscoe, dw_hidden6_island_dream, dw_hidden6_island_torgersen, dw_hidden6_sex_female,
        dw_hidden6_sex_male, dw_hidden6_sex_missing,
        db_hidden1, db_hidden2, db_hidden3, db_hidden4, db_hidden5, db_hidden6,
        dw_Adelie_hidden1, dw_Adelie_hidden2, dw_Adelie_hidden3,
        dw_Adelie_hidden4, dw_Adelie_hidden5, dw_Adelie_hidden6,
        dw_Chinstrap_hidden1, dw_Chinstrap_hidden2, dw_Chinstrap_hidden3,
        dw_Chinstrap_hidden4, dw_Chinstrap_hidden5, dw_Chinstrap_hidden6,
        dw_Gentoo_hidden1, dw_Gentoo_hidden2, dw_Gentoo_hidden3,
        dw_Gentoo_hidden4, dw_Gentoo_hidden5, dw_Gentoo_hidden6,
        db_Adelie, db_Chinstrap, db_Gentoo,
    ]


# --- Below: training and predictions. ---


# the columns of a row, as the data name them
COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex")

# the categories of columns, as the data have them
CATEGORIES = {
    "island": ("Biscoe", "Dream", "Torgersen"),
    "sex": ("female", "male"),
}

# the classes in the order of the outputs
CLASSES = ("Adelie", "Chinstrap", "Gentoo")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")

# the places of the texts of each column
_PLACES = {column: {text.strip(_SPACE): i for i, text in enumerate(texts)} for column, texts in CATEGORIES.items()}


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    bill_length, bill_depth, flipper_length, body_mass, island, sex = _values(row)
    return (
        [
            # bill_length_mm: the median of the training rows in place of a missing value
            (_number("bill_length_mm", bill_length, 44.7) - 43.97131782945736) / 5.383886291208132,
            # bill_depth_mm: the median of the training rows in place of a missing value
            (_number("bill_depth_mm", bill_depth, 17.3) - 17.134496124031006) / 1.9208797488845832,
            # flipper_length_mm: the median of the training rows in place of a missing value
            (_number("flipper_length_mm", flipper_length, 197.0) - 200.92635658914728) / 14.056034150068182,
            # body_mass_g: the median of the training rows in place of a missing value
            (_number("body_mass_g", body_mass, 4050.0) - 4219.476744186047) / 811.407893010052,
        ]
        # island: 1 for the category of the row, 0 for the others
        + _one_hot(_place("island", island, unknown=-1), 3)
        # sex: 1 for the category of the row, 0 for the others
        + _one_hot(_place("sex", sex, missing=""), 2)
        + [1.0 if _missing(sex, _PLACES["sex"]) else 0.0]
    )


def decode(outputs: list[float] | tuple[float, ...]) -> str:
    """The class that the outputs stand for."""
    if any(a != a for a in outputs):
        raise ValueError("outputs: expected numbers, got NaN")
    return CLASSES[max(range(3), key=lambda i: outputs[i])]


def predict(params: list[float], row: dict[str, object] | list[object]) -> str:
    """The answer for a row of the data; encode says what a row is."""
    return decode(forward(params, encode(row)))


def predict_proba(params: list[float], row: dict[str, object] | list[object]) -> dict[str, float]:
    """The probability of each class for a row of the data."""
    outputs = forward(params, encode(row))
    decode(outputs)  # refuses NaN
    return dict(zip(CLASSES, outputs))


def init_state(params: list[float]) -> tuple[int, list[float], list[float]]:
    """The initial state of adam: the number of steps, m and v."""
    return (0, [0.0] * 87, [0.0] * 87)


def step(
    params: list[float], gradient: list[float], state: tuple[int, list[float], list[float]]
) -> tuple[list[float], tuple[int, list[float], list[float]]]:
    """One step of training by adam."""
    old_t, old_m, old_v = state
    t = old_t + 1
    new_w: list[float] = []
    new_m: list[float] = []
    new_v: list[float] = []
    for w, g, m, v in zip(params, gradient, old_m, old_v):
        m = 0.9 * m + (1.0 - 0.9) * g
        v = 0.999 * v + (1.0 - 0.999) * (g * g)
        w = w - 0.02 * (m / (1.0 - 0.9**t)) / (math.sqrt(v / (1.0 - 0.999**t)) + 1e-08)
        new_w.append(w)
        new_m.append(m)
        new_v.append(v)
    return new_w, (t, new_m, new_v)


def init(seed: int = 1) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_hidden = [math.sqrt(6.0 / (10 + 6)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(60)]
    W_output = [math.sqrt(6.0 / (6 + 3)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(66, 84)]
    return W_hidden + [0.0] * 6 + W_output + [0.0] * 3


def _batch(params: list[float], examples: list[tuple[list[float], list[float]]]) -> tuple[float, list[float]]:
    """The loss of several examples and its gradient, the mean over the examples."""
    x, y = examples[0]
    total, slopes = gradient(params, x, y)
    for x, y in examples[1:]:
        more, others = gradient(params, x, y)
        total += more
        slopes = [slope + other for slope, other in zip(slopes, others)]
    return total / len(examples), slopes if len(examples) == 1 else [slope / len(examples) for slope in slopes]


def fit(
    params: list[float],
    xs: list[list[float]],
    ys: list[list[float]],
    epochs: int = 40,
    batch_size: int | None = 16,
    seed: int | None = 0,
    callback: object = None,
) -> tuple[list[float], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all in one step. After each epoch fit calls callback(epoch, loss, params); a true result ends it.
    """
    size = len(xs) if batch_size is None else batch_size
    if not 0 < len(xs) == len(ys) or size < 1:
        raise ValueError(f"expected some xs, as many ys, and batches of 1 or more; got {len(xs)}, {len(ys)} and {size}")
    examples = list(zip(xs, ys))
    state = init_state(params)
    history: list[float] = []
    n = len(examples)
    for epoch in range(epochs):
        order = range(n) if seed is None else sorted(range(n), key=lambda i: _bits(seed, epoch * n + i))
        drawn = [examples[i] for i in order]
        total = 0.0
        for start in range(0, n, size):
            batch = drawn[start : start + size]
            batch_loss, slopes = _batch(params, batch)
            params, state = step(params, slopes, state)
            total += batch_loss * len(batch)
        history.append(total / n)
        if callable(callback) and callback(epoch, history[-1], params):
            break
    return params, history


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic."""
    h = 0
    for word in (index, seed):
        h = (h + word + 0x9E3779B9) & 0xFFFFFFFF
        h = ((h ^ (h >> 16)) * 0x21F0AAAD) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x735A2D97) & 0xFFFFFFFF
        h ^= h >> 15
    return h


def _uniform(seed: int, index: int) -> float:
    """The index-th random number of this seed, uniform from 0 to 1."""
    return _bits(seed, index) / 2**32


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS; other columns of a mapping are ignored."""
    if not isinstance(row, (list, str)) and hasattr(row, "keys"):
        names = list(row.keys())
        absent = [column for column in COLUMNS if column not in names]
        if absent:
            raise ValueError(f"expected a row with the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
        return [row[column] for column in COLUMNS]
    values = list(row)
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _number(column: str, value: object, missing: float | None = None) -> float:
    """The number of a column, also one written as a text, or the replacement of a missing one."""
    if missing is not None and _missing(value):
        return missing
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _one_hot(place: int, count: int) -> list[float]:
    """1 at this place, 0 at the others."""
    return [1.0 if i == place else 0.0 for i in range(count)]


def _place(column: str, value: object, missing: str | None = None, unknown: int | None = None) -> int:
    """The place of a text among those of a column, unknown for others; a missing value has the text missing, or ""."""
    known = _PLACES[column]
    if _missing(value, known):
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return known.get(missing, -1)
    text = str(value).strip(_SPACE)
    place = known.get(text, unknown)
    if place is None or (not isinstance(value, str) and hasattr(value, "__len__")):
        texts = ", ".join(list(known)[:20]) + ", ..." * (len(known) > 20)
        raise ValueError(f"{column}: expected one of {texts}, got {value!r:.80}")
    return place


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True
