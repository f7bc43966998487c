"""Computes the cells of docs/conventions.md for PyTorch, Keras, scikit-learn and ONNX: optimizers and decay."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from tests.oracle.conventions import rows, written
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

STEPS = 20


@pytest.fixture
def _wide(library: str) -> Iterator[None]:
    """PyTorch's default type is float64, since NAdam counts in it; not for Keras, which takes half its width."""
    import torch

    if library == "PyTorch":
        torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize(("batch", "share"), [("mean", 1), ("sum", 7)])
@pytest.mark.parametrize(
    ("optimizer", "judge"), [("gradient_descent", "SGD"), ("adam", "Adam"), ("adagrad", "Adagrad")]
)
def test_weight_decay_is_an_l2_penalty(optimizer: str, judge: str, batch: str, share: int) -> None:
    """With a sum over the batch the penalty counts once for each of the 7 examples."""
    from tests.oracle.judges import torch

    penalty = {"name": "l2", "strength": 0.3 / share, "biases": True}
    training = {"optimizer": {"name": optimizer, "rate": 0.01}, "penalty": penalty}
    net = network([layer("o", 3, "linear")], "squared_error", "sum", batch, training=training)
    random = np.random.default_rng(9)
    x, y, params = random.normal(size=(7, 3)), random.normal(size=(7, 3)), net.init()
    weights, biases = leaves = [torch.tensor(w, requires_grad=True) for w in params]
    terms = (torch.tensor(x) @ weights.T + biases - torch.tensor(y)) ** 2
    (terms.sum() if batch == "sum" else terms.sum(1).mean()).backward()
    getattr(torch.optim, judge)(leaves, lr=0.01, weight_decay=0.3).step()
    stepped, _ = net.step(params, net.gradient(params, x, y)[1], net.init_state(params))
    for found, leaf in zip(stepped, leaves, strict=True):
        np.testing.assert_allclose(found, leaf.detach().numpy(), rtol=1e-12)


NUMBERS = {"r": 0.05, "k": 0.8, "d": 0.1}
"""The options of optimizers."""


def chosen_optimizer(cell: str) -> Any:
    """The optimizer of a cell, with its numbers."""
    return written(re.sub(r": ([rkd])\b", lambda found: f": {NUMBERS[found[1]]}", cell))


@pytest.mark.usefixtures("_wide")
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own Nadam
@pytest.mark.parametrize(("optimizer", "library", "call"), rows("Optimizers"))
def test_optimizers(optimizer: str, library: str, call: str) -> None:
    steps(call, library, optimizer=chosen_optimizer(optimizer))


@pytest.mark.parametrize("library", ["Keras 3"])
@pytest.mark.usefixtures("_wide")
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own Nadam
@pytest.mark.parametrize(
    ("optimizer", "call"),
    [
        (cell, call)
        for cell, library, call in (row.values for row in rows("Optimizers"))
        if library == "Keras 3" and "weight_decay" not in call
    ],
)
def test_decoupled_decay_with_any_optimizer(optimizer: str, library: str, call: str) -> None:
    decayed = call.removesuffix(")") + ", weight_decay=d)"
    steps(decayed, library, optimizer=chosen_optimizer(optimizer), decay=NUMBERS["d"])


@pytest.mark.parametrize("library", ["Keras 3"])
@pytest.mark.usefixtures("_wide")
@pytest.mark.parametrize(("optimizer", "nesterov"), [("momentum", False), ("nesterov", True)])
def test_the_rate_of_a_schedule_is_part_of_the_velocity(optimizer: str, nesterov: bool, library: str) -> None:
    call = f"SGD(schedules.ExponentialDecay(0.5, 1, 0.75), 0.8, {nesterov})"
    schedule = {"name": "exponential", "factor": 0.75}
    steps(call, library, 1e-6, optimizer={"name": optimizer, "rate": 0.5, "momentum": 0.8}, schedule=schedule)


def steps(call: str, library: str, rtol: float = 1e-10, **training: Any) -> None:
    """Twenty steps of nngen and of an optimizer of a library, with the same gradients."""
    from tests.oracle.judges import keras, torch

    net = network([layer("o", 3, "linear")], "squared_error", training=training)
    params = net.init()
    state = net.init_state(params)
    judged: Any
    if library == "PyTorch":
        judged = [torch.tensor(w, requires_grad=True) for w in params]
        known = {name: partial(made, judged) for name, made in vars(torch.optim).items() if isinstance(made, type)}
    else:
        judged = [keras.Variable(w) for w in params]
        known = vars(keras.optimizers)
    judge = eval(call, {**known, **NUMBERS})
    random = np.random.default_rng(3)
    for _ in range(STEPS):
        gradient = [random.normal(size=w.shape) for w in params]
        params, state = net.step(params, gradient, state)
        if library == "PyTorch":
            for one, g in zip(judged, gradient, strict=True):
                one.grad = torch.tensor(g)
            judge.step()
        else:
            judge.apply([torch.tensor(g) for g in gradient], judged)
        for w, one in zip(params, judged, strict=True):
            found = one.detach().numpy() if library == "PyTorch" else one.value.detach().numpy()
            np.testing.assert_allclose(w, found, rtol, atol=1e-3 * rtol)


OTHERS = [row.values for row in rows("Optimizers", ("scikit-learn", "ONNX"))]


@pytest.mark.parametrize(("cell", "call"), [(cell, call) for cell, library, call in OTHERS if library != "ONNX"])
def test_optimizers_of_scikit_learn(cell: str, call: str) -> None:
    from sklearn.neural_network import MLPRegressor

    random = np.random.default_rng(3)
    x, y = random.normal(size=(9, 3)), random.normal(size=(9, 2))
    layers = [layer("h", 4, "tanh"), layer("o", 2, "linear")]
    net = network(layers, "half_squared_error", training={"optimizer": chosen_optimizer(cell)})
    settings = {"hidden_layer_sizes": 4, "activation": "tanh", "alpha": 0.0, "batch_size": 9, "random_state": 1}
    model = eval(call, {"MLPRegressor": partial(MLPRegressor, **settings), **NUMBERS}).partial_fit(x, y)
    del model._optimizer  # the next step begins with an empty memory

    def parameters() -> list[Any]:
        return [part.T for pair in zip(model.coefs_, model.intercepts_, strict=True) for part in pair]

    params = [values.copy() for values in parameters()]
    state = net.init_state(params)
    for _ in range(STEPS):
        model.partial_fit(x, y)
        params, state = net.step(params, net.gradient(params, x, y)[1], state)
        for found, expected in zip(params, parameters(), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("cell", "call"), [(cell, call) for cell, library, call in OTHERS if library == "ONNX"])
def test_optimizers_of_onnx(cell: str, call: str) -> None:
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    net = network([layer("o", 3, "linear")], "squared_error", training={"optimizer": chosen_optimizer(cell)})
    name, options = call.partition("(")[0], eval(call, dict.fromkeys(("Adam", "Momentum", "Adagrad"), dict) | NUMBERS)
    memory = {"Adam": ["V", "H"], "Momentum": ["V"], "Adagrad": ["H"]}[name]
    inputs, outputs = ["R", "T", "X", "G", *memory], ["next", *(f"next {symbol}" for symbol in memory)]
    domain = "ai.onnx.preview.training"
    graph = helper.make_graph(
        [helper.make_node(name, inputs, outputs, domain=domain, **options)],
        "step",
        [helper.make_tensor_value_info(i, TensorProto.INT64 if i == "T" else TensorProto.DOUBLE, None) for i in inputs],
        [helper.make_tensor_value_info(o, TensorProto.DOUBLE, None) for o in outputs],
    )
    judge = ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid(domain, 1)]))
    (params, state), random = (net.init(), net.init_state(net.init())), np.random.default_rng(3)
    x, *kept = params[0], *(np.zeros_like(params[0]) for _ in memory)
    for step in range(STEPS):
        gradient = [random.normal(size=w.shape) for w in params]
        params, state = net.step(params, gradient, state)
        count = np.array(step + (name == "Adam"))
        given = [np.array(NUMBERS["r"]), count, x, gradient[0], *kept]
        x, *kept = judge.run(None, dict(zip(inputs, given, strict=True)))
        np.testing.assert_allclose(params[0], x, rtol=1e-6, atol=1e-8)  # attributes have 32 bits


@pytest.mark.parametrize("name", ["rprop_plus", "rprop_minus"])
def test_rprop_by_the_papers(name: str) -> None:
    """Igel and Hüsken (2003) list them as Rprop+, of 1993, which takes a step back, and Rprop-, of 1994."""
    options = {"name": name, "rate": 0.1, "least": 0.02, "most": 0.3}
    net = network([layer("o", 3, "linear")], "squared_error", training={"optimizer": options})
    params, random = net.init(), np.random.default_rng(3)
    state, judged = net.init_state(params), net.pack(params)
    lengths, moves, before = [0.1] * 12, [0.0] * 12, [0.0] * 12
    for _ in range(STEPS):
        flat = random.normal(size=12).tolist()
        params, state = net.step(params, net.unpack(flat), state)
        for i, slope in enumerate(flat):
            turn = slope * before[i]
            if turn > 0.0:
                lengths[i] = min(lengths[i] * 1.2, 0.3)
            elif turn < 0.0:
                lengths[i] = max(lengths[i] * 0.5, 0.02)
            if name == "rprop_plus" and turn < 0.0:
                judged[i] -= moves[i]
                before[i] = 0.0
            else:
                moves[i] = -lengths[i] if slope > 0.0 else lengths[i]
                judged[i] += moves[i]
                before[i] = slope
        np.testing.assert_allclose(net.pack(params), judged, rtol=1e-12, atol=1e-14)
