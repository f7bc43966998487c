import math
from collections.abc import Sequence

import numpy as np
import pytest

from nngen.proof.reference import Array, Network, optimizers
from nngen.proof.reference.penalties import penalty
from tests.support.network import layer, network
from tests.support.networks import NETWORKS
from tests.support.references import examples, perceptron

SEEDS = (7, 8, 9, 10, 2**32 - 1)


def trainable(net: Network) -> list[bool]:
    flags = []
    for one in net.spec.layers:
        flags += [one.weights.trainable] * len(one.sources or "x")
        flags += [one.bias.trainable] if one.bias else []
        if one.normalization:  # gain and shift, and what is measured
            flags += [one.normalization.trainable] * (1 if one.normalization.name == "rms_norm" else 2)
            flags += [False] * (2 if one.normalization.name == "batch_norm" else 0)
    return flags


@pytest.fixture(params=list(NETWORKS))
def net(request: pytest.FixtureRequest) -> Network:
    return NETWORKS[request.param]


def along(net: Network, params: Sequence[Array], direction: Sequence[Array], *, training: bool = False) -> float:
    """The slope of the loss in a direction, by central differences of the fourth order."""
    x, y = examples(net)
    h = 3e-4

    def at(t: float) -> float:
        moved = [p + t * d for p, d in zip(params, direction, strict=True)]
        return net.batch_gradient(moved, x, y, SEEDS)[0] if training else net.loss(moved, x, y)

    return (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h)


def test_every_derivative_is_the_slope_of_the_loss(net: Network) -> None:
    params = net.init()
    loss, gradient = net.gradient(params, *examples(net))
    assert loss == net.loss(params, *examples(net))
    axes = np.eye(len(net.pack(params)))
    slopes = [along(net, params, net.unpack(axis.tolist())) for axis in axes]
    expected = [s if t else np.zeros_like(s) for s, t in zip(net.unpack(slopes), trainable(net), strict=True)]
    np.testing.assert_allclose(net.pack(gradient), net.pack(expected), rtol=1e-7, atol=1e-9)


def test_the_slope_along_a_random_direction(net: Network) -> None:
    params = net.init()
    random = np.random.default_rng(5)
    direction = [random.normal(size=s) * t for s, t in zip(net.shapes, trainable(net), strict=True)]
    _, gradient = net.gradient(params, *examples(net))
    expected = sum(float((g * d).sum()) for g, d in zip(gradient, direction, strict=True))
    assert along(net, params, direction) == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_the_slope_in_training(net: Network) -> None:
    """Through dropout, and through the mean and variance of the batch."""
    params = net.init()
    random = np.random.default_rng(6)
    direction = [random.normal(size=s) * t for s, t in zip(net.shapes, trainable(net), strict=True)]
    _, gradient, _ = net.batch_gradient(params, *examples(net), SEEDS)
    expected = sum(float((g * d).sum()) for g, d in zip(gradient, direction, strict=True))
    assert along(net, params, direction, training=True) == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_pack_and_unpack_are_inverse(net: Network) -> None:
    params = net.init()
    assert tuple(p.shape for p in params) == net.shapes
    assert [p.tolist() for p in net.unpack(net.pack(params))] == [p.tolist() for p in params]
    with pytest.raises(ValueError, match=r"expected \d+ numbers, got 1$"):
        net.unpack([1.0])


def test_the_order_of_given_values() -> None:
    assert NETWORKS["values"].shapes == ((2, 3), (2,), (1, 2), (1, 3), (1,))
    packed = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.2, 1.3, 0.9, 1.0, 1.1, 1.4]
    assert NETWORKS["values"].pack(NETWORKS["values"].init()) == packed


def test_a_worked_example() -> None:
    # Matt Mazur, "A step by step backpropagation example" (2015); both biases of a layer have one value there
    net = network(
        [
            layer("h", 2, "sigmoid", weights={"initial": [[0.15, 0.20], [0.25, 0.30]]}, bias={"initial": [0.35, 0.35]}),
            layer("o", 2, "sigmoid", weights={"initial": [[0.40, 0.45], [0.50, 0.55]]}, bias={"initial": [0.60, 0.60]}),
        ],
        "half_squared_error",
        inputs=["i1", "i2"],
        training={"optimizer": {"name": "gradient_descent", "rate": 0.5}},
    )
    x, y = [[0.05, 0.10]], [[0.01, 0.99]]
    params = net.init()
    np.testing.assert_allclose(net.forward(params, x), [[0.75136507, 0.772928465]], atol=5e-10)
    loss, gradient = net.gradient(params, x, y)
    assert loss == pytest.approx(0.298371109, abs=5e-10)
    (w1, _, w2, _), _ = net.step(params, gradient, net.init_state(params))
    np.testing.assert_allclose(w2, [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=5e-9)
    np.testing.assert_allclose(w1, [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=5e-9)


def test_two_inputs_two_hidden_units_one_output_by_hand() -> None:
    # h1 = relu(1*2 - 1*1 + 0) = 1, h2 = relu(-1*2 + 1*1 + 0) = 0; o = 3*h1 + 5*h2 + 1 = 4; loss (4 - 2)^2 = 4
    # do = 2 * (4 - 2) = 4, dh1 = 3 * 4 = 12, dh2 = 0 behind the relu
    net = network([layer("h", 2, "relu"), layer("o", 1, "linear")], "squared_error", inputs=["x1", "x2"])
    loss, gradient = net.gradient(net.unpack([1, -1, -1, 1, 0, 0, 3, 5, 1]), [[2.0, 1.0]], [[2.0]])
    assert loss == 4.0
    assert net.pack(gradient) == [24, 12, 0, 0, 12, 0, 4, 0, 4]


@pytest.mark.parametrize(
    ("outputs", "batch", "expected"),
    [("sum", "sum", 30), ("mean", "sum", 15), ("sum", "mean", 15), ("mean", "mean", 7.5)],
)
def test_sums_and_means(outputs: str, batch: str, expected: float) -> None:
    # the outputs are (1, 2) for both examples; off by (1, 2) and by (3, 4): 1 + 4 + 9 + 16
    net = network([layer("o", 2, "linear", bias=False)], "squared_error", outputs, batch, inputs=["x1"])
    assert net.loss(net.unpack([1, 2]), [[1], [1]], [[0, 0], [-2, -2]]) == expected


def test_rosenblatts_rule_by_hand() -> None:
    net = perceptron()
    params = net.unpack([1.0, -2.0, 0.25])
    for x, y, loss, expected in [
        ([2.0, 1.0], 0.0, 0.25, [0.0, -2.5, -0.25]),  # z = 0.25, a = 1: too much, w - rate * x
        ([1.0, 2.0], 1.0, 2.75, [1.5, -1.0, 0.75]),  # z = -2.75, a = 0: too little, w + rate * x
        ([2.0, 1.0], 1.0, 0.0, [1.0, -2.0, 0.25]),  # right: no correction
    ]:
        measured, gradient = net.gradient(params, [x], [[y]])
        assert net.init_state(params) == (0, [(), ()])
        assert measured == loss
        assert net.pack(net.step(params, gradient, net.init_state(params))[0]) == expected
    assert net.forward(net.unpack([1.0, -1.0, 0.0]), [[1.0, 1.0]]).tolist() == [[0.0]]  # at z = 0, the step is off


def test_a_choice_that_it_does_not_know_is_an_error() -> None:
    """And not None, as if nothing had to be done."""
    training, w = perceptron().spec.training, np.ones(1)
    unknown = training.model_copy(
        update={key: getattr(training, key).model_copy(update={"name": "none"}) for key in ("optimizer", "schedule")}
    )
    for ask in (
        lambda: optimizers.begin(unknown, w),
        lambda: optimizers.update(unknown, 0.1, 1, w, w, ()),
        lambda: optimizers.rate_at(unknown, 1),
        lambda: penalty(training, w),
        lambda: Network._ends("none", {}, 1.0, 1.0, 1),
    ):
        with pytest.raises(KeyError):
            ask()


def test_shapes_are_checked() -> None:
    net = perceptron()
    with pytest.raises(ValueError, match=r"expected the shape \(n, 2\), got \(1, 3\)"):
        net.forward(net.init(), [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match=r"expected the shape \(n, 1\), got \(2,\)"):
        net.loss(net.init(), [[1.0, 2.0], [3.0, 4.0]], [0.0, 1.0])


@pytest.mark.parametrize("z", [-1000.0, -745.0, -40.0, 0.0, 40.0, 710.0, 1000.0])
@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("sigmoid", "binary_cross_entropy"),
        ("sigmoid", "squared_error"),
        ("tanh", "squared_error"),
        ("softmax", "cross_entropy"),
        ("softmax", "squared_error"),
    ],
)
def test_extremes(activation: str, loss: str, z: float) -> None:
    net = network([layer("o", 2, activation)], loss, inputs=["x1"])
    params = net.unpack([1.0, -1.0, 0.0, 0.0])
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        a = net.forward(params, [[z]])
        value, gradient = net.gradient(params, [[z]], [[1.0, 0.0]])
    assert np.isfinite(net.pack(gradient)).all()
    if activation == "sigmoid":
        assert a[0, 0] == pytest.approx(math.exp(z) if z < -30 else 1 / (1 + math.exp(-z)), rel=1e-12, abs=1e-300)
    if loss == "binary_cross_entropy":
        assert value == pytest.approx(2 * max(-z, 0.0) + 2 * math.log1p(math.exp(-abs(z))), rel=1e-14)
    if loss == "cross_entropy":
        assert value == pytest.approx(2 * max(-z, 0.0) + math.log1p(math.exp(-2 * abs(z))), rel=1e-14, abs=1e-14)
