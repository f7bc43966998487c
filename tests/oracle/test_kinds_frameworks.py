"""Networks with ids in PyTorch, Keras and ONNX, against the reference."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

from nngen.bridges.exporting.onnx_model import onnx_model
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.targets import as_module, render
from tests.oracle.judges import keras, torch
from tests.oracle.onnx_models import answers
from tests.support.kinds import EVERY_KIND, FACTORIZATION, TIES, Array, examples, network

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


class Factorization(torch.nn.Module):  # type: ignore[misc]
    """``FACTORIZATION`` in PyTorch, with sparse gradients or not; the mean is an embedding of a single row."""

    def __init__(self, params: list[Array], *, sparse: bool) -> None:
        super().__init__()
        self.tables = torch.nn.ModuleList(
            torch.nn.Embedding.from_pretrained(torch.tensor(values), freeze=False, sparse=sparse)
            for values in (*params[:3], params[3][np.newaxis])
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        user, item = x[:, 0].long(), x[:, 1].long()
        rows = zip(self.tables, (user, item, user, 0 * user), strict=True)
        p, q, bias, mean = (table(ids) for table, ids in rows)
        return mean + bias + (p * q).sum(dim=1, keepdim=True)

    def numbers(self) -> list[float]:
        """The parameters in the order of the layout."""
        return [value for part in self.parameters() for value in part.detach().ravel().tolist()]


@pytest.mark.parametrize("rows", ["lazy", "dense"])
@pytest.mark.parametrize("target", ["reference", "numpy", "python"])
def test_adam_in_pytorch(rows: str, target: str) -> None:
    """SparseAdam, whose epsilon is inside, updates only the rows of a batch; Adam updates all of them."""
    name = "adam_early" if rows == "lazy" else "adam"
    adam = {"optimizer": {"name": name, "rate": 0.05, "epsilon": 1e-8}, "embeddings": rows}
    spec = network(FACTORIZATION, training=adam)
    reference, (x, y) = Network(spec), examples(spec)
    start = reference.init(3)
    model = Factorization(start, sparse=rows == "lazy")
    adam_of = torch.optim.SparseAdam if rows == "lazy" else torch.optim.Adam
    optimizer = adam_of(list(model.parameters()), lr=0.05)
    for begin in (0, 4, 8, 0, 4):
        batch = slice(begin, begin + 4)
        optimizer.zero_grad()
        torch.mean((model(torch.tensor(x[batch])) - torch.tensor(y[batch])) ** 2).backward()
        optimizer.step()
    assert _five_steps(spec, reference, target, x, y) == pytest.approx(model.numbers(), rel=1e-10, abs=1e-12)


def _five_steps(spec: Spec, reference: Network, target: str, x: Array, y: Array) -> list[float]:
    if target == "reference":
        params, state = reference.init(3), reference.init_state(reference.init(3))
        for begin in (0, 4, 8, 0, 4):
            batch = slice(begin, begin + 4)
            gradient = reference.gradient(params, x[batch], y[batch])[1]
            params, state = reference.step(params, gradient, state, x[batch])
        return reference.pack(params)
    module = as_module("mf", render(plan(spec, encoding(spec, Path())), spec, target))
    order = [*range(12), *range(8)]  # the same batches, in one epoch without shuffling
    xs, ys = (x[order], y[order]) if target == "numpy" else (x[order].tolist(), y[order].tolist())
    trained, _ = module.fit(module.init(3), xs, ys, epochs=1, batch_size=4, seed=None)
    found: list[float] = module.pack(trained)
    return found


def test_gradients_in_pytorch() -> None:
    """Every kind of layer, by PyTorch's automatic derivatives."""
    spec = network(EVERY_KIND)
    reference, (x, y) = Network(spec), examples(spec)
    start = reference.init(3)
    tensors = [torch.tensor(values, requires_grad=True) for values in start]
    w_p, w_q, b_q, w_hp, w_hx, b_h, b_s, gain, shift, w_den, b_den, w_d, w_m, b_out = tensors
    given = torch.tensor(x)
    user, item, numbers = given[:, 0].long(), given[:, 1].long(), given[:, 2:]
    p = torch.tanh(torch.nn.functional.embedding(user, w_p))
    q = torch.nn.functional.embedding(item, w_q) + b_q
    h = torch.tanh(p @ w_hp.T + numbers @ w_hx.T + b_h)
    m = torch.sigmoid(p * q)
    epsilon = spec.layers[4].normalization.options["epsilon"] if spec.layers[4].normalization else 0.0
    s = torch.nn.functional.layer_norm(p + q + m + b_s, (3,), gain, shift, epsilon)
    top = torch.maximum(s / torch.nn.functional.softplus(h @ w_den.T + b_den), q)
    d = torch.tanh((top * p).sum(dim=1, keepdim=True))
    out = d @ w_d.T + m @ w_m.T + b_out
    loss = ((out - torch.tensor(y)) ** 2).sum(dim=1).mean() / 2
    loss.backward()
    found, gradient = reference.gradient(start, x, y)
    assert found == pytest.approx(loss.item(), rel=1e-12)
    for slope, tensor in zip(gradient, tensors, strict=True):
        assert tensor.grad is not None
        assert slope == pytest.approx(tensor.grad.numpy(), rel=1e-9, abs=1e-12)


def test_at_a_tie_pytorch_shares_the_slope() -> None:
    """As docs/export.md says: of two equal values, the first one gets the slope here, and each gets a half there."""
    reference, (x, y) = Network(network(TIES)), examples(network(TIES), 1)
    params = reference.init()
    gradient = reference.gradient(params, x, y)[1]
    tensors = [torch.tensor(values, requires_grad=True) for values in params]
    w_u, b_u, w_v, b_v, w_out, b_out = tensors
    given = torch.tensor(x)
    outputs = torch.maximum(given @ w_u.T + b_u, given @ w_v.T + b_v) @ w_out.T + b_out
    ((outputs - torch.tensor(y)) ** 2).sum().backward()
    halves = [tensor.grad.numpy() for tensor in tensors]
    for first, second in ((0, 2), (1, 3)):
        assert gradient[first].all()
        assert not gradient[second].any()
        assert halves[first] == pytest.approx(gradient[first] / 2, rel=1e-12)
        assert halves[second] == pytest.approx(gradient[first] / 2, rel=1e-12)


def test_outputs_and_training_in_keras() -> None:
    """Keras's Embedding, Dot and Add, and its gradient descent."""
    spec = network(FACTORIZATION)
    reference, (x, y) = Network(spec), examples(spec)
    start = reference.init(3)
    users, items = keras.Input((1,), dtype="int64"), keras.Input((1,), dtype="int64")
    flat = keras.layers.Flatten
    p = flat()(keras.layers.Embedding(5, 2, name="p")(users))
    q = flat()(keras.layers.Embedding(3, 2, name="q")(items))
    bias = flat()(keras.layers.Embedding(5, 1, name="bu")(users))
    rating = keras.layers.Add()([bias, keras.layers.Dot(axes=1)([p, q])])
    model = keras.Model([users, items], rating)
    for name, values in zip(("p", "q", "bu"), start[:3], strict=True):
        model.get_layer(name).set_weights([values])
    ids = [x[:, :1].astype(np.int64), x[:, 1:2].astype(np.int64)]
    mean = float(start[3][0])
    assert reference.forward(start, x) == pytest.approx(model.predict(ids, verbose=0) + mean, rel=1e-5, abs=1e-6)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
    model.fit(ids, y - mean, batch_size=len(x), epochs=1, verbose=0)
    moved, _ = reference.step(start, reference.gradient(start, x, y)[1], reference.init_state(start), x)
    for name, values in zip(("p", "q", "bu"), moved[:3], strict=True):
        assert values == pytest.approx(model.get_layer(name).get_weights()[0], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("described", [FACTORIZATION, EVERY_KIND], ids=["factorization", "every kind"])
def test_onnx(described: dict[str, Any], dtype: str) -> None:
    spec = network(described)
    reference, (x, _) = Network(spec), examples(spec)
    params = reference.init(3)
    model = onnx_model(spec, None, reference.pack(params), dtype)
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    for found in answers(model, {"x": x.astype(dtype)}):
        np.testing.assert_allclose(found["outputs"], reference.forward(params, x), tolerance, tolerance)
    for wrong in (-1.0, 5.0, 0.5):
        beyond = x.astype(dtype)
        beyond[0, 0] = wrong
        with pytest.raises((IndexError, InvalidArgument)):
            list(answers(model, {"x": beyond}))


def test_ids_by_name_in_onnx() -> None:
    inputs = [{"name": "user", "ids": 5, "unknown": "row"}, {"name": "item", "ids": ["a", "b", "c"]}]
    data = {"scale_targets": {"name": "interval", "low": [0.0], "high": [5.0]}}
    spec = network(FACTORIZATION, inputs=inputs, data=data)
    how, reference = encoding(spec, Path()), Network(spec)
    model = onnx_model(spec, how, reference.pack(reference.init(3)), "float64")
    module = as_module("mf", render(plan(spec, how), spec, "numpy"))
    rows = [[0, "a"], [4, "c"], [9, "b"]]
    given = {"user": np.array([[0.0], [4.0], [9.0]]), "item": np.array([["a"], ["c"], ["b"]], object)}
    for found in answers(model, given):
        assert found["outputs"].ravel() == pytest.approx(module.predict(module.init(3), rows), rel=1e-12)
    with pytest.raises((IndexError, InvalidArgument)):
        list(answers(model, given | {"item": np.array([["a"], ["c"], ["z"]], object)}))
