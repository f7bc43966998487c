"""iris, a neural network: its equations forward and backward, and how it learns.

    x: 4 -> hidden: 8 tanh -> output: 3 softmax

Tells three species of iris apart by four measurements of a flower (Fisher, 1936). Two thirds of the flowers train the
network; the others, which it never sees, show what it has learned.

Loss: cross_entropy, -y log(a), summed over the outputs, the mean over a batch.
Training: gradient_descent, w = w - rate g, rate = 0.1; 100 epochs in batches of 10.

dX is the derivative of the loss with respect to X. z is a weighted sum, a an activation, y a target;
w_hidden1_sepal_length is the weight that leads to hidden1 from sepal_length.

Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it. It needs nothing but Python.
"""

# fmt: off
# flake8: noqa

import math

PARAMETERS = (
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
)


def forward(params: list[float], x: list[float]) -> tuple[float, ...]:
    """The outputs of one example: 4 numbers → setosa, versicolor, virginica."""
    (
        w_hidden1_sepal_length, w_hidden1_sepal_width, w_hidden1_petal_length, w_hidden1_petal_width,
        w_hidden2_sepal_length, w_hidden2_sepal_width, w_hidden2_petal_length, w_hidden2_petal_width,
        w_hidden3_sepal_length, w_hidden3_sepal_width, w_hidden3_petal_length, w_hidden3_petal_width,
        w_hidden4_sepal_length, w_hidden4_sepal_width, w_hidden4_petal_length, w_hidden4_petal_width,
        w_hidden5_sepal_length, w_hidden5_sepal_width, w_hidden5_petal_length, w_hidden5_petal_width,
        w_hidden6_sepal_length, w_hidden6_sepal_width, w_hidden6_petal_length, w_hidden6_petal_width,
        w_hidden7_sepal_length, w_hidden7_sepal_width, w_hidden7_petal_length, w_hidden7_petal_width,
        w_hidden8_sepal_length, w_hidden8_sepal_width, w_hidden8_petal_length, w_hidden8_petal_width,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3, w_setosa_hidden4,
        w_setosa_hidden5, w_setosa_hidden6, w_setosa_hidden7, w_setosa_hidden8,
        w_versicolor_hidden1, w_versicolor_hidden2, w_versicolor_hidden3, w_versicolor_hidden4,
        w_versicolor_hidden5, w_versicolor_hidden6, w_versicolor_hidden7, w_versicolor_hidden8,
        w_virginica_hidden1, w_virginica_hidden2, w_virginica_hidden3, w_virginica_hidden4,
        w_virginica_hidden5, w_virginica_hidden6, w_virginica_hidden7, w_virginica_hidden8,
        b_setosa, b_versicolor, b_virginica,
    ) = params
    sepal_length, sepal_width, petal_length, petal_width = x

    # hidden ← x: weighted sums, then tanh
    z_hidden1 = (
        b_hidden1
        + w_hidden1_sepal_length * sepal_length
        + w_hidden1_sepal_width * sepal_width
        + w_hidden1_petal_length * petal_length
        + w_hidden1_petal_width * petal_width
    )
    z_hidden2 = (
        b_hidden2
        + w_hidden2_sepal_length * sepal_length
        + w_hidden2_sepal_width * sepal_width
        + w_hidden2_petal_length * petal_length
        + w_hidden2_petal_width * petal_width
    )
    z_hidden3 = (
        b_hidden3
        + w_hidden3_sepal_length * sepal_length
        + w_hidden3_sepal_width * sepal_width
        + w_hidden3_petal_length * petal_length
        + w_hidden3_petal_width * petal_width
    )
    z_hidden4 = (
        b_hidden4
        + w_hidden4_sepal_length * sepal_length
        + w_hidden4_sepal_width * sepal_width
        + w_hidden4_petal_length * petal_length
        + w_hidden4_petal_width * petal_width
    )
    z_hidden5 = (
        b_hidden5
        + w_hidden5_sepal_length * sepal_length
        + w_hidden5_sepal_width * sepal_width
        + w_hidden5_petal_length * petal_length
        + w_hidden5_petal_width * petal_width
    )
    z_hidden6 = (
        b_hidden6
        + w_hidden6_sepal_length * sepal_length
        + w_hidden6_sepal_width * sepal_width
        + w_hidden6_petal_length * petal_length
        + w_hidden6_petal_width * petal_width
    )
    z_hidden7 = (
        b_hidden7
        + w_hidden7_sepal_length * sepal_length
        + w_hidden7_sepal_width * sepal_width
        + w_hidden7_petal_length * petal_length
        + w_hidden7_petal_width * petal_width
    )
    z_hidden8 = (
        b_hidden8
        + w_hidden8_sepal_length * sepal_length
        + w_hidden8_sepal_width * sepal_width
        + w_hidden8_petal_length * petal_length
        + w_hidden8_petal_width * petal_width
    )
    a_hidden1 = math.tanh(z_hidden1)
    a_hidden2 = math.tanh(z_hidden2)
    a_hidden3 = math.tanh(z_hidden3)
    a_hidden4 = math.tanh(z_hidden4)
    a_hidden5 = math.tanh(z_hidden5)
    a_hidden6 = math.tanh(z_hidden6)
    a_hidden7 = math.tanh(z_hidden7)
    a_hidden8 = math.tanh(z_hidden8)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_setosa = (
        b_setosa
        + w_setosa_hidden1 * a_hidden1
        + w_setosa_hidden2 * a_hidden2
        + w_setosa_hidden3 * a_hidden3
        + w_setosa_hidden4 * a_hidden4
        + w_setosa_hidden5 * a_hidden5
        + w_setosa_hidden6 * a_hidden6
        + w_setosa_hidden7 * a_hidden7
        + w_setosa_hidden8 * a_hidden8
    )
    z_versicolor = (
        b_versicolor
        + w_versicolor_hidden1 * a_hidden1
        + w_versicolor_hidden2 * a_hidden2
        + w_versicolor_hidden3 * a_hidden3
        + w_versicolor_hidden4 * a_hidden4
        + w_versicolor_hidden5 * a_hidden5
        + w_versicolor_hidden6 * a_hidden6
        + w_versicolor_hidden7 * a_hidden7
        + w_versicolor_hidden8 * a_hidden8
    )
    z_virginica = (
        b_virginica
        + w_virginica_hidden1 * a_hidden1
        + w_virginica_hidden2 * a_hidden2
        + w_virginica_hidden3 * a_hidden3
        + w_virginica_hidden4 * a_hidden4
        + w_virginica_hidden5 * a_hidden5
        + w_virginica_hidden6 * a_hidden6
        + w_virginica_hidden7 * a_hidden7
        + w_virginica_hidden8 * a_hidden8
    )
    top_output = max(z_setosa, z_versicolor, z_virginica)
    e_setosa = math.exp(z_setosa - top_output)
    e_versicolor = math.exp(z_versicolor - top_output)
    e_virginica = math.exp(z_virginica - top_output)
    total_output = e_setosa + e_versicolor + e_virginica
    a_setosa = e_setosa / total_output
    a_versicolor = e_versicolor / total_output
    a_virginica = e_virginica / total_output

    return (a_setosa, a_versicolor, a_virginica)


def loss(params: list[float], x: list[float], y: list[float]) -> float:
    """The loss of one example."""
    return gradient(params, x, y)[0]


def gradient(params: list[float], x: list[float], y: list[float]) -> tuple[float, list[float]]:
    """The loss of one example, and its derivative with respect to each parameter."""
    (
        w_hidden1_sepal_length, w_hidden1_sepal_width, w_hidden1_petal_length, w_hidden1_petal_width,
        w_hidden2_sepal_length, w_hidden2_sepal_width, w_hidden2_petal_length, w_hidden2_petal_width,
        w_hidden3_sepal_length, w_hidden3_sepal_width, w_hidden3_petal_length, w_hidden3_petal_width,
        w_hidden4_sepal_length, w_hidden4_sepal_width, w_hidden4_petal_length, w_hidden4_petal_width,
        w_hidden5_sepal_length, w_hidden5_sepal_width, w_hidden5_petal_length, w_hidden5_petal_width,
        w_hidden6_sepal_length, w_hidden6_sepal_width, w_hidden6_petal_length, w_hidden6_petal_width,
        w_hidden7_sepal_length, w_hidden7_sepal_width, w_hidden7_petal_length, w_hidden7_petal_width,
        w_hidden8_sepal_length, w_hidden8_sepal_width, w_hidden8_petal_length, w_hidden8_petal_width,
        b_hidden1, b_hidden2, b_hidden3, b_hidden4, b_hidden5, b_hidden6, b_hidden7, b_hidden8,
        w_setosa_hidden1, w_setosa_hidden2, w_setosa_hidden3, w_setosa_hidden4,
        w_setosa_hidden5, w_setosa_hidden6, w_setosa_hidden7, w_setosa_hidden8,
        w_versicolor_hidden1, w_versicolor_hidden2, w_versicolor_hidden3, w_versicolor_hidden4,
        w_versicolor_hidden5, w_versicolor_hidden6, w_versicolor_hidden7, w_versicolor_hidden8,
        w_virginica_hidden1, w_virginica_hidden2, w_virginica_hidden3, w_virginica_hidden4,
        w_virginica_hidden5, w_virginica_hidden6, w_virginica_hidden7, w_virginica_hidden8,
        b_setosa, b_versicolor, b_virginica,
    ) = params
    sepal_length, sepal_width, petal_length, petal_width = x
    y_setosa, y_versicolor, y_virginica = y

    # hidden ← x: weighted sums, then tanh
    z_hidden1 = (
        b_hidden1
        + w_hidden1_sepal_length * sepal_length
        + w_hidden1_sepal_width * sepal_width
        + w_hidden1_petal_length * petal_length
        + w_hidden1_petal_width * petal_width
    )
    z_hidden2 = (
        b_hidden2
        + w_hidden2_sepal_length * sepal_length
        + w_hidden2_sepal_width * sepal_width
        + w_hidden2_petal_length * petal_length
        + w_hidden2_petal_width * petal_width
    )
    z_hidden3 = (
        b_hidden3
        + w_hidden3_sepal_length * sepal_length
        + w_hidden3_sepal_width * sepal_width
        + w_hidden3_petal_length * petal_length
        + w_hidden3_petal_width * petal_width
    )
    z_hidden4 = (
        b_hidden4
        + w_hidden4_sepal_length * sepal_length
        + w_hidden4_sepal_width * sepal_width
        + w_hidden4_petal_length * petal_length
        + w_hidden4_petal_width * petal_width
    )
    z_hidden5 = (
        b_hidden5
        + w_hidden5_sepal_length * sepal_length
        + w_hidden5_sepal_width * sepal_width
        + w_hidden5_petal_length * petal_length
        + w_hidden5_petal_width * petal_width
    )
    z_hidden6 = (
        b_hidden6
        + w_hidden6_sepal_length * sepal_length
        + w_hidden6_sepal_width * sepal_width
        + w_hidden6_petal_length * petal_length
        + w_hidden6_petal_width * petal_width
    )
    z_hidden7 = (
        b_hidden7
        + w_hidden7_sepal_length * sepal_length
        + w_hidden7_sepal_width * sepal_width
        + w_hidden7_petal_length * petal_length
        + w_hidden7_petal_width * petal_width
    )
    z_hidden8 = (
        b_hidden8
        + w_hidden8_sepal_length * sepal_length
        + w_hidden8_sepal_width * sepal_width
        + w_hidden8_petal_length * petal_length
        + w_hidden8_petal_width * petal_width
    )
    a_hidden1 = math.tanh(z_hidden1)
    a_hidden2 = math.tanh(z_hidden2)
    a_hidden3 = math.tanh(z_hidden3)
    a_hidden4 = math.tanh(z_hidden4)
    a_hidden5 = math.tanh(z_hidden5)
    a_hidden6 = math.tanh(z_hidden6)
    a_hidden7 = math.tanh(z_hidden7)
    a_hidden8 = math.tanh(z_hidden8)

    # output ← hidden: weighted sums, then softmax (the largest z is subtracted, so exp cannot overflow)
    z_setosa = (
        b_setosa
        + w_setosa_hidden1 * a_hidden1
        + w_setosa_hidden2 * a_hidden2
        + w_setosa_hidden3 * a_hidden3
        + w_setosa_hidden4 * a_hidden4
        + w_setosa_hidden5 * a_hidden5
        + w_setosa_hidden6 * a_hidden6
        + w_setosa_hidden7 * a_hidden7
        + w_setosa_hidden8 * a_hidden8
    )
    z_versicolor = (
        b_versicolor
        + w_versicolor_hidden1 * a_hidden1
        + w_versicolor_hidden2 * a_hidden2
        + w_versicolor_hidden3 * a_hidden3
        + w_versicolor_hidden4 * a_hidden4
        + w_versicolor_hidden5 * a_hidden5
        + w_versicolor_hidden6 * a_hidden6
        + w_versicolor_hidden7 * a_hidden7
        + w_versicolor_hidden8 * a_hidden8
    )
    z_virginica = (
        b_virginica
        + w_virginica_hidden1 * a_hidden1
        + w_virginica_hidden2 * a_hidden2
        + w_virginica_hidden3 * a_hidden3
        + w_virginica_hidden4 * a_hidden4
        + w_virginica_hidden5 * a_hidden5
        + w_virginica_hidden6 * a_hidden6
        + w_virginica_hidden7 * a_hidden7
        + w_virginica_hidden8 * a_hidden8
    )
    top_output = max(z_setosa, z_versicolor, z_virginica)
    e_setosa = math.exp(z_setosa - top_output)
    e_versicolor = math.exp(z_versicolor - top_output)
    e_virginica = math.exp(z_virginica - top_output)
    total_output = e_setosa + e_versicolor + e_virginica
    a_setosa = e_setosa / total_output
    a_versicolor = e_versicolor / total_output
    a_virginica = e_virginica / total_output

    # the loss: cross_entropy
    loss = (
        y_setosa * (math.log(total_output) - (z_setosa - top_output))
        + y_versicolor * (math.log(total_output) - (z_versicolor - top_output))
        + y_virginica * (math.log(total_output) - (z_virginica - top_output))
    )

    # output: the slopes of softmax and of the logarithm cancel, only the difference remains
    dz_setosa = a_setosa - y_setosa
    dz_versicolor = a_versicolor - y_versicolor
    dz_virginica = a_virginica - y_virginica
    dw_setosa_hidden1 = dz_setosa * a_hidden1
    dw_setosa_hidden2 = dz_setosa * a_hidden2
    dw_setosa_hidden3 = dz_setosa * a_hidden3
    dw_setosa_hidden4 = dz_setosa * a_hidden4
    dw_setosa_hidden5 = dz_setosa * a_hidden5
    dw_setosa_hidden6 = dz_setosa * a_hidden6
    dw_setosa_hidden7 = dz_setosa * a_hidden7
    dw_setosa_hidden8 = dz_setosa * a_hidden8
    dw_versicolor_hidden1 = dz_versicolor * a_hidden1
    dw_versicolor_hidden2 = dz_versicolor * a_hidden2
    dw_versicolor_hidden3 = dz_versicolor * a_hidden3
    dw_versicolor_hidden4 = dz_versicolor * a_hidden4
    dw_versicolor_hidden5 = dz_versicolor * a_hidden5
    dw_versicolor_hidden6 = dz_versicolor * a_hidden6
    dw_versicolor_hidden7 = dz_versicolor * a_hidden7
    dw_versicolor_hidden8 = dz_versicolor * a_hidden8
    dw_virginica_hidden1 = dz_virginica * a_hidden1
    dw_virginica_hidden2 = dz_virginica * a_hidden2
    dw_virginica_hidden3 = dz_virginica * a_hidden3
    dw_virginica_hidden4 = dz_virginica * a_hidden4
    dw_virginica_hidden5 = dz_virginica * a_hidden5
    dw_virginica_hidden6 = dz_virginica * a_hidden6
    dw_virginica_hidden7 = dz_virginica * a_hidden7
    dw_virginica_hidden8 = dz_virginica * a_hidden8
    db_setosa = dz_setosa
    db_versicolor = dz_versicolor
    db_virginica = dz_virginica

    # hidden ← output: the error flows back along the same weights
    da_hidden1 = (
        dz_setosa * w_setosa_hidden1 + dz_versicolor * w_versicolor_hidden1 + dz_virginica * w_virginica_hidden1
    )
    da_hidden2 = (
        dz_setosa * w_setosa_hidden2 + dz_versicolor * w_versicolor_hidden2 + dz_virginica * w_virginica_hidden2
    )
    da_hidden3 = (
        dz_setosa * w_setosa_hidden3 + dz_versicolor * w_versicolor_hidden3 + dz_virginica * w_virginica_hidden3
    )
    da_hidden4 = (
        dz_setosa * w_setosa_hidden4 + dz_versicolor * w_versicolor_hidden4 + dz_virginica * w_virginica_hidden4
    )
    da_hidden5 = (
        dz_setosa * w_setosa_hidden5 + dz_versicolor * w_versicolor_hidden5 + dz_virginica * w_virginica_hidden5
    )
    da_hidden6 = (
        dz_setosa * w_setosa_hidden6 + dz_versicolor * w_versicolor_hidden6 + dz_virginica * w_virginica_hidden6
    )
    da_hidden7 = (
        dz_setosa * w_setosa_hidden7 + dz_versicolor * w_versicolor_hidden7 + dz_virginica * w_virginica_hidden7
    )
    da_hidden8 = (
        dz_setosa * w_setosa_hidden8 + dz_versicolor * w_versicolor_hidden8 + dz_virginica * w_virginica_hidden8
    )
    dz_hidden1 = da_hidden1 * (1.0 - a_hidden1 * a_hidden1)
    dz_hidden2 = da_hidden2 * (1.0 - a_hidden2 * a_hidden2)
    dz_hidden3 = da_hidden3 * (1.0 - a_hidden3 * a_hidden3)
    dz_hidden4 = da_hidden4 * (1.0 - a_hidden4 * a_hidden4)
    dz_hidden5 = da_hidden5 * (1.0 - a_hidden5 * a_hidden5)
    dz_hidden6 = da_hidden6 * (1.0 - a_hidden6 * a_hidden6)
    dz_hidden7 = da_hidden7 * (1.0 - a_hidden7 * a_hidden7)
    dz_hidden8 = da_hidden8 * (1.0 - a_hidden8 * a_hidden8)
    dw_hidden1_sepal_length = dz_hidden1 * sepal_length
    dw_hidden1_sepal_width = dz_hidden1 * sepal_width
    dw_hidden1_petal_length = dz_hidden1 * petal_length
    dw_hidden1_petal_width = dz_hidden1 * petal_width
    dw_hidden2_sepal_length = dz_hidden2 * sepal_length
    dw_hidden2_sepal_width = dz_hidden2 * sepal_width
    dw_hidden2_petal_length = dz_hidden2 * petal_length
    dw_hidden2_petal_width = dz_hidden2 * petal_width
    dw_hidden3_sepal_length = dz_hidden3 * sepal_length
    dw_hidden3_sepal_width = dz_hidden3 * sepal_width
    dw_hidden3_petal_length = dz_hidden3 * petal_length
    dw_hidden3_petal_width = dz_hidden3 * petal_width
    dw_hidden4_sepal_length = dz_hidden4 * sepal_length
    dw_hidden4_sepal_width = dz_hidden4 * sepal_width
    dw_hidden4_petal_length = dz_hidden4 * petal_length
    dw_hidden4_petal_width = dz_hidden4 * petal_width
    dw_hidden5_sepal_length = dz_hidden5 * sepal_length
    dw_hidden5_sepal_width = dz_hidden5 * sepal_width
    dw_hidden5_petal_length = dz_hidden5 * petal_length
    dw_hidden5_petal_width = dz_hidden5 * petal_width
    dw_hidden6_sepal_length = dz_hidden6 * sepal_length
    dw_hidden6_sepal_width = dz_hidden6 * sepal_width
    dw_hidden6_petal_length = dz_hidden6 * petal_length
    dw_hidden6_petal_width = dz_hidden6 * petal_width
    dw_hidden7_sepal_length = dz_hidden7 * sepal_length
    dw_hidden7_sepal_width = dz_hidden7 * sepal_width
    dw_hidden7_petal_length = dz_hidden7 * petal_length
    dw_hidden7_petal_width = dz_hidden7 * petal_width
    dw_hidden8_sepal_length = dz_hidden8 * sepal_length
    dw_hidden8_sepal_width = dz_hidden8 * sepal_width
    dw_hidden8_petal_length = dz_hidden8 * petal_length
    dw_hidden8_petal_width = dz_hidden8 * petal_width
    db_hidden1 = dz_hidden1
    db_hidden2 = dz_hidden2
    db_hidden3 = dz_hidden3
    db_hidden4 = dz_hidden4
    db_hidden5 = dz_hidden5
    db_hidden6 = dz_hidden6
    db_hidden7 = dz_hidden7
    db_hidden8 = dz_hidden8

    return loss, [
        dw_hidden1_sepal_length, dw_hidden1_sepal_width, dw_hidden1_petal_length, dw_hidden1_petal_width,
        dw_hidden2_sepal_length, dw_hidden2_sepal_width, dw_hidden2_petal_length, dw_hidden2_petal_width,
        dw_hidden3_sepal_length, dw_hidden3_sepal_width, dw_hidden3_petal_length, dw_hidden3_petal_width,
        dw_hidden4_sepal_length, dw_hidden4_sepal_width, dw_hidden4_petal_length, dw_hidden4_petal_width,
        dw_hidden5_sepal_length, dw_hidden5_sepal_width, dw_hidden5_petal_length, dw_hidden5_petal_width,
        dw_hidden6_sepal_length, dw_hidden6_sepal_width, dw_hidden6_petal_length, dw_hidden6_petal_width,
        dw_hidden7_sepal_length, dw_hidden7_sepal_width, dw_hidden7_petal_length, dw_hidden7_petal_width,
        dw_hidden8_sepal_length, dw_hidden8_sepal_width, dw_hidden8_petal_length, dw_hidden8_petal_width,
        db_hidden1, db_hidden2, db_hidden3, db_hidden4, db_hidden5, db_hidden6, db_hidden7, db_hidden8,
        dw_setosa_hidden1, dw_setosa_hidden2, dw_setosa_hidden3, dw_setosa_hidden4,
        dw_setosa_hidden5, dw_setosa_hidden6, dw_setosa_hidden7, dw_setosa_hidden8,
        dw_versicolor_hidden1, dw_versicolor_hidden2, dw_versicolor_hidden3, dw_versicolor_hidden4,
        dw_versicolor_hidden5, dw_versicolor_hidden6, dw_versicolor_hidden7, dw_versicolor_hidden8,
        dw_virginica_hidden1, dw_virginica_hidden2, dw_virginica_hidden3, dw_virginica_hidden4,
        dw_virginica_hidden5, dw_virginica_hidden6, dw_virginica_hidden7, dw_virginica_hidden8,
        db_setosa, db_versicolor, db_virginica,
    ]


# --- Below: training and predictions. ---


def scale(x: list[float]) -> list[float]:
    """The inputs of the network, from the numbers of the data."""
    if len(x) != 4:
        raise ValueError(f"expected 4 inputs, got {len(x)}")
    subtract = (5.855, 3.03, 3.8169999999999997, 1.2329999999999999)
    divide = (0.865028901251282, 0.420356991139674, 1.7515167712585569, 0.7607962933663649)
    return [(value - s) / d for value, s, d in zip(x, subtract, divide)]


# the columns of a row, as the data name them
COLUMNS = ("sepal_length", "sepal_width", "petal_length", "petal_width")

# the classes in the order of the outputs
CLASSES = ("setosa", "versicolor", "virginica")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    return scale([_number(column, value) for column, value in zip(COLUMNS, _values(row))])


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


def init_state(params: list[float]) -> tuple[()]:
    """The initial state of gradient_descent: empty."""
    return ()


def step(params: list[float], gradient: list[float], state: tuple[()]) -> tuple[list[float], tuple[()]]:
    """One step of training by gradient_descent."""
    return [w - 0.1 * g for w, g in zip(params, gradient)], state


def init(seed: int = 1) -> list[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    W_hidden = [math.sqrt(6.0 / (4 + 8)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(32)]
    W_output = [math.sqrt(6.0 / (8 + 3)) * (2.0 * _uniform(seed, i) - 1.0) for i in range(40, 64)]
    return W_hidden + [0.0] * 8 + W_output + [0.0] * 3


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
    epochs: int = 100,
    batch_size: int | None = 10,
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


def _number(column: str, value: object) -> float:
    """The number of a column, also one written as a text."""
    if _missing(value):
        raise ValueError(f"{column}: the value is missing")
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True
