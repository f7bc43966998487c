import numpy as np
import pytest

from nngen.proof.reference import bits
from tests.support.network import DESCENT, layer, network
from tests.support.references import examples, perceptron


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("shuffle", [False, True])
def test_fit_takes_batches_in_order(batch: str, shuffle: bool) -> None:
    training = {**DESCENT, "batch_size": 2, "epochs": 3, "shuffle": shuffle, "seed": 8}
    net = network([layer("o", 1, "tanh")], "squared_error", "sum", batch, training=training)
    x, y = examples(net)
    params, expected = net.init(), []
    for epoch in range(3):
        words = bits(8, epoch * 5 + np.arange(5)).tolist() if shuffle else range(5)
        order = [i for _, i in sorted(zip(words, range(5), strict=True))]
        losses = []
        for part in (order[:2], order[2:4], order[4:]):
            losses += [net.loss(params, x[[i]], y[[i]]) for i in part]
            params, _ = net.step(params, net.gradient(params, x[part], y[part])[1], net.init_state(params))
        expected.append(sum(losses) / 5 if batch == "mean" else sum(losses))
    trained, history = net.fit(net.init(), x, y)
    np.testing.assert_allclose(net.pack(trained), net.pack(params), rtol=1e-13)
    np.testing.assert_allclose(history, expected, rtol=1e-13)


def test_fits_arguments_come_before_the_specs() -> None:
    training = {**DESCENT, "batch_size": "full", "epochs": 3, "seed": 8}
    net = network([layer("o", 1, "tanh")], "squared_error", training=training)
    x, y = examples(net)
    stepped = net.step(net.init(), net.gradient(net.init(), x, y)[1], net.init_state(net.init()))[0]
    np.testing.assert_allclose(net.pack(net.fit(net.init(), x, y, epochs=1)[0]), net.pack(stepped), rtol=1e-13)
    assert len(net.fit(net.init(), x, y)[1]) == 3
    assert net.fit(net.init(), x, y, epochs=0)[1] == []
    one, same, other = (net.fit(net.init(), x, y, 1, 1, seed)[1] for seed in (8, None, 9))
    assert one == same != other


def test_a_perceptron_learns_and() -> None:
    net = perceptron(1.0, epochs=20)
    x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    y = [[0.0], [0.0], [0.0], [1.0]]
    params, history = net.fit(net.init(), x, y)
    assert net.forward(params, x).tolist() == y
    assert history[-1] == 0.0
