"""Computes the cells of docs/conventions.md for PyTorch and Keras, and compares them with the reference."""

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from nngen.catalogue.activations import ACTIVATIONS
from nngen.reading.yaml_reader import read
from nngen.reference import Network
from tests.support.activations import ROWS
from tests.support.catalogues import defaults, others
from tests.support.modules import ROOT, targets
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

SECTIONS = re.split("^## ", (ROOT / "docs" / "conventions.md").read_text("utf-8"), flags=re.M)
LIBRARIES = ("PyTorch", "Keras 3")
TOLERANCE = {"PyTorch": (1e-10, 1e-13), "Keras 3": (2e-6, 2e-7)}
"""Relative and absolute; Keras takes means in 32 bits, whatever it is given."""
STEPS = 20


@pytest.fixture
def _wide(library: str) -> Iterator[None]:
    """PyTorch's default type is float64, since NAdam counts in it; not for Keras, which takes half its width."""
    import torch

    if library == "PyTorch":
        torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def rows(section: str, libraries: Sequence[str] = LIBRARIES) -> list[Any]:
    """The calls of a section's table of some libraries, each after the first cells of its row and its library."""
    (text,) = (text for text in SECTIONS if text.startswith(section))
    tables = re.findall(r"^\| nngen(?: .*)?\n(?:\|.*\n)+", text, re.M)
    (table,) = (table for table in tables if f"| {' | '.join(libraries)} |\n" in table)
    head, _, *lines = ([cell.strip(" `") for cell in line[1:-1].split("|")] for line in table.splitlines())
    first = len(head) - len(libraries)
    found = [
        (*cells[:first], library, call)
        for cells in lines
        for library, call in zip(libraries, cells[first:], strict=True)
    ]
    return [pytest.param(*cells, id=f"{cells[0]}-{cells[-2]}") for cells in found if cells[-1]]


def written(cell: str) -> Any:
    """A cell as YAML reads it."""
    return read(f"value: {cell}", "conventions.md").value["value"]


def compare(net: Network, library: str, judge: Callable[[Any, Any, Any], Any]) -> None:
    """The loss and its gradient, where a judge has them from the weighted sum ``z``, targets and weights."""
    import torch

    rtol, atol = TOLERANCE[library]
    random = np.random.default_rng(6)
    x, y, own = random.normal(size=(7, 3)), targets(net.spec, 7, random), None
    if net.spec.loss.class_weights:  # of examples that are of one class
        y = y.round() if y.shape[1] == 1 else np.eye(3)[y.argmax(axis=1)]
    if net.spec.loss.example_weights:
        own = random.uniform(0.0, 3.0, size=7)
    (weights, biases) = params = net.init()
    leaves = [torch.tensor(values, requires_grad=True) for values in (weights, biases)]
    loss = judge(torch.tensor(x) @ leaves[0].T + leaves[1], torch.tensor(y), own)
    loss.backward()
    measured, gradient = net.gradient(params, x, y, own)
    assert measured == pytest.approx(loss.item(), rel=rtol)
    for found, leaf in zip(gradient, leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad, rtol, atol)


@pytest.mark.parametrize(("loss", "output", "library", "call"), rows("Losses"))
def test_losses(loss: str, output: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras, torch

    chosen = written(loss)
    units = 1 if len(chosen.get("class_weights", ())) == 2 else 3
    net = network([layer("o", units, output)], chosen, chosen["outputs"], chosen.get("batch", "mean"))

    def judge(z: Any, y: Any, own: Any) -> Any:
        a = eval(
            ROWS[output].torch, {"torch": torch, "F": torch.nn.functional, "z": z, **defaults(ACTIVATIONS[output])}
        )
        if library == "PyTorch":
            letters = {"torch": torch, "F": torch.nn.functional, "z": z, "a": a, "y": y}
            if own is not None:
                letters["w"] = torch.tensor(own if chosen["outputs"] == "sum" else own[:, np.newaxis])
            return eval(call, letters)
        if "class_weights" in chosen:  # as the class_weight of fit becomes a weight of each example
            counts = torch.tensor(chosen["class_weights"], dtype=torch.float64)
            own = torch.cat([1.0 - y, y], dim=1)[:, -len(counts) :] @ counts
        given = y, z if "from_logits=True" in call else a
        return eval(call, vars(keras.losses))(*given, own)

    compare(net, library, judge)


def called(library: str, call: str, letters: dict[str, Any]) -> Any:
    """The value of a library's call of an activation."""
    from tests.oracle.judges import keras, torch

    known = {"torch": torch, "F": torch.nn.functional} if library == "PyTorch" else vars(keras.activations)
    return eval(call, {**known, **letters})


CALLS = [
    pytest.param(name, library, call, id=f"{name}-{library}")
    for name, row in ROWS.items()
    for library, call in zip(LIBRARIES, (row.torch, row.keras), strict=True)
    if call and ACTIVATIONS[name].learns
]


@pytest.mark.parametrize(("name", "library", "call"), CALLS)
def test_activations(name: str, library: str, call: str) -> None:
    from tests.oracle.judges import torch

    entry = ACTIVATIONS[name]
    named = entry.options and all(option.name in call for option in entry.options)
    for options in (defaults(entry), others(entry)) if named else (defaults(entry),):
        net = network([layer("o", 3, {"name": name, **options})], "squared_error", "mean")

        def judge(z: Any, y: Any, own: Any, options: dict[str, float] = options) -> Any:
            return torch.nn.functional.mse_loss(called(library, call, {"z": z, **options}), y)

        compare(net, library, judge)


def test_defaults_are_those_of_the_libraries_but_for_one() -> None:
    from tests.oracle.judges import torch

    z = torch.linspace(-3.0, 3.0, 25)
    differ = set()
    for name, row in ROWS.items():
        options = defaults(ACTIVATIONS[name])
        for library, call in zip(LIBRARIES, (row.torch, row.keras), strict=True):
            bare = re.sub(r"\(z, (slope|alpha|theta)\)", "(z)", call)
            if bare != call and not torch.equal(
                called(library, bare, {"z": z}), called(library, call, {"z": z, **options})
            ):
                differ.add((name, library))
    assert differ == {("leaky_relu", "Keras 3")}


def test_keras_has_two_slopes_of_a_leaky_relu() -> None:
    from tests.oracle.judges import keras, torch

    z = torch.tensor([-1.0])
    assert float(keras.activations.leaky_relu(z)) == pytest.approx(-0.2)
    assert float(keras.layers.LeakyReLU()(z)) == pytest.approx(-0.3)


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


@pytest.mark.parametrize(("initial", "library", "call"), rows("Initial values"))
def test_the_scales_of_initial_values(initial: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras, torch

    inputs, units = 200, 300
    (weights,) = network(
        [layer("o", units, "linear", bias=False, weights={"initial": written(initial)})],
        "squared_error",
        inputs={"name": "x", "size": inputs},
    ).init()
    torch.manual_seed(1)
    w = torch.empty(units, inputs)
    keras.utils.set_random_seed(1)
    if library == "PyTorch":
        eval(call, {**vars(torch.nn.init), "w": w})
    else:
        w = eval(call, vars(keras.initializers))((inputs, units))
    assert weights.std() == pytest.approx(float(w.std()), rel=0.015)  # of 60,000 numbers, five times what chance does
    if "uniform" in initial or "truncated" in initial:
        assert abs(weights).max() == pytest.approx(float(abs(w).max()), rel=0.001)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own variables
@pytest.mark.parametrize(("normalization", "library", "call"), rows("Layers"))
def test_normalizations(normalization: str, library: str, call: str) -> None:
    """Outputs, slopes, and running statistics, over batches of training."""
    from tests.oracle.judges import keras, torch

    rtol, atol = TOLERANCE[library]
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 8}
    net = network(
        [layer("o", 3, "linear", bias=False, normalization=written(normalization))], "squared_error", training=training
    )
    random = np.random.default_rng(7)
    weights, *own = net.init()
    own[:2] = [values + random.normal(scale=0.3, size=3) for values in own[:2]]
    gain, shift, mean, variance = [torch.tensor(values) for values in own] + [torch.zeros(3)] * (4 - len(own))
    made = eval(call, vars(keras.layers)) if library == "Keras 3" else None
    if made is not None:
        made.build((8, 3))
        made.set_weights(own)
    for _ in range(3):
        x, y = random.normal(size=(8, 3)), random.normal(size=(8, 3))
        z = torch.tensor(x @ weights.T, requires_grad=True)
        if made is not None:
            outputs = made(z, training=True)
        else:
            letters = {"z": z, "gain": gain, "shift": shift, "mean": mean, "variance": variance}
            outputs = eval(call, {"F": torch.nn.functional, **letters})
        loss = ((outputs - torch.tensor(y)) ** 2).sum() / 8
        loss.backward()
        measured, gradient, (_, *own) = net.batch_gradient([weights, *own], x, y)
        assert measured == pytest.approx(loss.item(), rel=rtol)
        np.testing.assert_allclose(gradient[0], z.grad.numpy().T @ x, rtol * 10, atol * 10)
    judged = made.get_weights() if made is not None else [gain, shift, mean, variance][: len(own)]
    for found, expected in zip(own, judged, strict=True):
        np.testing.assert_allclose(found, expected, rtol, atol)


def noise() -> tuple[Any, Any, Any]:
    """Places for validation, inputs and targets; what is learned of this noise does not hold for other examples."""
    random = np.random.default_rng(26)
    return [0, 3, 14], random.normal(size=(24, 2)), random.normal(size=(24, 1))


def stopped(stop: str, loss: str, rate: float) -> tuple[Network, Any]:
    """A network that a rule stops, and its first parameters."""
    training = {
        "optimizer": {"name": "gradient_descent", "rate": rate},
        "stop": written(stop),
        "batch_size": 4,
        "epochs": 200,
        "shuffle": False,
    }
    layers = [layer("h", 6, "tanh"), layer("o", 1, "linear")]
    net = network(layers, loss, training=training, inputs={"name": "x", "size": 2}, initial={"seed": 4})
    return net, net.init()


STOPPING = rows("Early stopping", ("Keras 3", "scikit-learn"))


@pytest.mark.parametrize(("stop", "library", "call"), [row for row in STOPPING if "Keras 3" in row.values])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")  # in Keras's own variables
@pytest.mark.filterwarnings("ignore:Early stopping conditioned on metric:UserWarning")  # in epochs without measurement
def test_keras_stops_at_the_same_epoch(stop: str, library: str, call: str) -> None:
    from tests.oracle.judges import keras

    places, x, y = noise()
    net, (w, b, v, c) = stopped(stop, "squared_error", 0.25)
    model = keras.Sequential([keras.layers.Dense(6, "tanh", dtype="float64"), keras.layers.Dense(1, dtype="float64")])
    model.build((None, 2))
    model.set_weights([w.T, b, v.T, c])
    model.compile(keras.optimizers.SGD(0.25), "mse")
    rest = np.delete(np.arange(24), places if "validation" in call else [])
    letters = {"x": x[rest], "y": y[rest], "x0": x[places], "y0": y[places]}
    fit = partial(model.fit, epochs=200, batch_size=4, shuffle=False, verbose=0)
    judged = eval(call, {"fit": fit, "EarlyStopping": keras.callbacks.EarlyStopping, **letters})
    params, history = net.fit([w, b, v, c], x, y)
    assert 5 < len(history) == len(judged.history["loss"]) < 200
    np.testing.assert_allclose(history, judged.history["loss"], *TOLERANCE[library])
    w, b, v, c = params
    for found, expected in zip([w.T, b, v.T, c], model.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, *TOLERANCE[library])


@pytest.mark.parametrize(("stop", "library", "call"), [row for row in STOPPING if "scikit-learn" in row.values])
def test_scikit_learn_stops_at_the_same_epoch(
    stop: str, library: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sklearn.neural_network import MLPRegressor, _multilayer_perceptron

    places, x, y = noise()
    rest = np.delete(np.arange(24), places)
    monkeypatch.setattr(
        _multilayer_perceptron,
        "train_test_split",
        lambda x, y, **_: (x[rest], x[places], y[rest], y[places]),
    )
    net, _ = stopped(stop, "half_squared_error", 0.5)
    settings: dict[str, Any] = {"hidden_layer_sizes": 6, "activation": "tanh", "solver": "sgd", "momentum": 0.0}
    settings |= {"alpha": 0.0, "batch_size": 4, "shuffle": False, "random_state": 1}

    def judged(rate: float, epochs: int) -> Any:
        made = partial(MLPRegressor, **settings, learning_rate_init=rate, max_iter=epochs)
        return eval(call, {"MLPRegressor": made}).fit(x, y.ravel())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # after one epoch it has not converged
        start = judged(1e-300, 1)
    found = judged(0.5, 200)

    def flat(mlp: Any) -> list[Any]:
        return [part for w, b in zip(mlp.coefs_, mlp.intercepts_, strict=True) for part in (w.T, b)]

    params, history = net.fit(flat(start), x, y)
    assert 4 < len(history) == len(found.loss_curve_) < 200
    np.testing.assert_allclose(history, found.loss_curve_, rtol=1e-10)
    if "early_stopping" in call:
        for mine, expected in zip(params, flat(found), strict=True):
            np.testing.assert_allclose(mine, expected, rtol=1e-9)
