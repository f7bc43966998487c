"""Networks with ids: JavaScript and C against the reference, and the reference's numbers against PyTorch and Keras."""

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

from nngen.data import encoding
from nngen.exporting.onnx_model import onnx_model
from nngen.pages import as_module, render
from nngen.pages.modules import texts
from nngen.plan import plan
from nngen.reference import Network
from nngen.spec import Spec
from tests.oracle import node
from tests.oracle.bindings import imported, write
from tests.oracle.c import SANITIZED, STANDARD, WARNINGS
from tests.oracle.judges import keras, torch
from tests.oracle.onnx_models import answers
from tests.support.kinds import EVERY_KIND, FACTORIZATION, NETWORKS, Array, examples, network, steps
from tests.support.modules import named
from tests.support.modules import spec as loaded

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

SCRIPT = """
const [x, y] = [given.x, given.y.map((row) => row.map((value) => value ?? NaN))];
const start = m.init(3);
const begin = m.pack(start);
const outputs = x.flatMap((row) => m.forward(start, row));
const [loss, gradient] = m.gradient(start, x[0], y[0]);
let [params, state] = [start, m.init_state(start)];
for (let k = 0; k < 4; k++) {
  [params, state] = m.step(params, m.gradient(params, x[k], y[k])[1], state);
}
const [trained, history] = m.fit(start, x, y, { epochs: 3, batch_size: 5 });
m.check_gradient();
return [begin, outputs, [loss], m.pack(gradient), m.pack(params), m.pack(trained), history, m.pack(start)];
"""

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mf.h"
static double *room(size_t n) {{
    double *found = (double *)malloc(n * sizeof(double));
    if (!found) abort();
    return (double *)memset(found, 0xFF, n * sizeof(double));
}}
static void put(const double *values, size_t count) {{
    for (size_t i = 0; i < count; i++) printf("%.17g ", values[i]);
    printf("\\n");
}}
int main(void) {{
    static const double x[] = {{ {x} }}, y[] = {{ {y} }};
    double *params = room(MF_PARAMETERS), *gradient = room(MF_PARAMETERS), *state = room(MF_STATE);
    double *memory = room(MF_MEMORY), *outputs = room({count} * MF_OUTPUTS), history[3], loss;
    uint32_t order[MF_PLACES * {count}];
    const uint32_t seed = 0;
    mf_init(params, 3u);
    put(params, MF_PARAMETERS);
    for (int k = 0; k < {count}; k++) mf_forward(params, x + k * MF_INPUTS, outputs + k * MF_OUTPUTS);
    put(outputs, {count} * MF_OUTPUTS);
    loss = mf_gradient(params, x, y{weight}{drawn}, gradient);
    put(&loss, 1);
    put(gradient, MF_PARAMETERS);
    mf_init_state(state);
    for (int k = 0; k < 4; k++) {{
        mf_gradient(params, x + k * MF_INPUTS, y + k * MF_OUTPUTS{weight}{drawn}, gradient);
        mf_step(params, gradient, state);
    }}
    put(params, MF_PARAMETERS);
    mf_init(params, 3u);
    if (mf_fit(params, x, y{weights}, {count}, 3, 5, &seed, history, memory, order) != 3) return 1;
    put(params, MF_PARAMETERS);
    put(history, 3);
    mf_init(params, 3u);
    put(params, MF_PARAMETERS);
    free(params), free(gradient), free(state), free(memory), free(outputs);
    return 0;
}}
"""


def expected(spec: Spec) -> list[list[float]]:
    """The numbers that ``SCRIPT`` and ``PROGRAM`` give, from the reference."""
    reference, (x, y) = Network(spec), examples(spec)
    begin = reference.init(3)
    loss, gradient = reference.gradient(begin, x[:1], y[:1])
    trained, history = reference.fit(begin, x, y, 3, 5)
    start = reference.pack(begin)
    outputs = reference.forward(begin, x).ravel().tolist()
    after = steps(reference, x, y, 4)
    return [start, outputs, [loss], reference.pack(gradient), after, reference.pack(trained), history, start]


def same(found: list[Any], spec: Spec) -> None:
    for numbers, meant in zip(found, expected(spec), strict=True):
        assert numbers == pytest.approx(meant, rel=1e-11, abs=1e-12)


def test_javascript(tmp_path: Path) -> None:
    jobs = []
    for spec in NETWORKS.values():
        x, y = examples(spec)
        targets = [[None if value != value else value for value in row] for row in y.tolist()]
        jobs.append(node.Job(node.javascript(spec), SCRIPT, {"x": x.tolist(), "y": targets}))
    for result, spec in zip(node.run(jobs, tmp_path), NETWORKS.values(), strict=True):
        same(result["gives"], spec)


@pytest.mark.parametrize("language", ["c", "c++"])
@pytest.mark.parametrize("name", NETWORKS)
def test_c(name: str, language: str, tmp_path: Path) -> None:
    spec, (x, y) = NETWORKS[name], examples(NETWORKS[name])
    (tmp_path / "mf.h").write_text(render(plan(spec), spec, "c"), "utf-8")
    own = spec.loss.example_weights
    program = PROGRAM.format(
        x=_numbers(x),
        y=_numbers(y),
        count=len(x),
        weight=", 1" if own and spec.loss.batch != "weighted_mean" else "",
        weights=", NULL" if own else "",
        drawn=", NULL" if any(layer.dropout for layer in spec.layers) else "",
    )
    (tmp_path / "mf.c").write_text(program, "utf-8")
    flags = [*STANDARD[language], *WARNINGS, *SANITIZED]
    subprocess.run(["gcc", *flags, "mf.c", "-o", "mf", "-lm"], cwd=tmp_path, check=True)
    done = subprocess.run([tmp_path / "mf"], capture_output=True, text=True, check=True)
    same([[float(number) for number in line.split()] for line in done.stdout.splitlines()], spec)


def _numbers(values: Array) -> str:
    return ", ".join("NAN" if value != value else repr(value) for value in values.ravel().tolist())


def test_the_binding(tmp_path: Path) -> None:
    spec, (x, y) = network(FACTORIZATION), examples(network(FACTORIZATION))
    module, reference = imported(write(spec, tmp_path)), Network(network(FACTORIZATION))
    trained, history = module.fit(module.init(3), x.tolist(), y.tolist(), epochs=3, batch_size=5)
    meant, losses = reference.fit(reference.init(3), x, y, 3, 5)
    assert module.pack(trained) == pytest.approx(reference.pack(meant), rel=1e-12)
    assert history == pytest.approx(losses, rel=1e-12)
    message = r"expected user to be a whole number from 0 to 4 and item .* from 0 to 2, got \[5, 0\]"
    with pytest.raises(ValueError, match=message):
        module.forward(trained, [5, 0])
    with pytest.raises(ValueError, match=message):
        module.fit(trained, [[5, 0]], [[1.0]])


def test_the_committed_network_tests_itself(tmp_path: Path) -> None:
    path = named("ratings_mf")
    made = texts(loaded(path), path.parent, ["javascript", "c"], selftest=True)
    [result] = node.run([node.Job(made["javascript"], "return m.selftest() + m.check_gradient();")], tmp_path)
    assert result["gives"] < 1e-6
    (tmp_path / "ratings_mf.h").write_text(made["c"], "utf-8")
    main = "int main(void) { static double memory[RATINGS_MF_SELFTEST]; return ratings_mf_selftest(1e-9, memory); }"
    (tmp_path / "main.c").write_text(f'#include "ratings_mf.h"\n{main}\n', "utf-8")
    subprocess.run(
        ["gcc", *STANDARD["c"], *WARNINGS, *SANITIZED, "main.c", "-o", "main", "-lm"], cwd=tmp_path, check=True
    )
    subprocess.run([tmp_path / "main"], check=True)


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
    d = torch.tanh(((s / torch.nn.functional.softplus(h @ w_den.T + b_den)) * p).sum(dim=1, keepdim=True))
    out = d @ w_d.T + m @ w_m.T + b_out
    loss = ((out - torch.tensor(y)) ** 2).sum(dim=1).mean() / 2
    loss.backward()
    found, gradient = reference.gradient(start, x, y)
    assert found == pytest.approx(loss.item(), rel=1e-12)
    for slope, tensor in zip(gradient, tensors, strict=True):
        assert tensor.grad is not None
        assert slope == pytest.approx(tensor.grad.numpy(), rel=1e-9, abs=1e-12)


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
