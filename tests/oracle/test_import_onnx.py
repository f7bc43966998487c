"""Networks that other tools export to ONNX: read, and compared with these tools and with ONNX Runtime.

The figures of ``docs/bridges.md`` are bounds here.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.importing import Imported, assemble, load, sample
from nngen.pages import as_module, texts
from tests.oracle.judges import keras, torch
from tests.support.differences import seen
from tests.support.modules import ROOT
from tests.support.onnx_files import operators

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

PAGE = (ROOT / "docs" / "bridges.md").read_text("utf-8")

FIGURES = {
    name: (float(runtime), float(exact))
    for name, runtime, exact in re.findall(
        r"^\| ([^|]+?) \|[^|]*\| ([0-9][0-9.e-]*) \| ([0-9][0-9.e-]*) \|$", PAGE, re.M
    )
}
"""The largest differences from ONNX Runtime and from the file in float64, as shares of the largest output or of 1."""


def imported(path: Path, row: str) -> Imported:
    """A file, imported; its differences are at most those of a row of the page."""
    read = load(path)
    made = assemble(read.graph, str(path))
    given = sample(made)
    module = Trained(made)
    for judgement, bound in zip(read.judge(given), FIGURES[row], strict=True):
        assert judgement.outputs is not None, judgement.reason
        expected = np.exp(judgement.outputs) if made.log_outputs else judgement.outputs
        found = module.outputs(given.table if given.numbers is None else given.numbers)
        seen(judgement.by, operators(path), found, expected.reshape(found.shape))
        size = max(1.0, float(np.abs(expected).max()))
        assert np.abs(found - expected.reshape(found.shape)).max() <= bound * size, judgement.by
    return made


class Trained:
    """The module of an imported network, with its parameters."""

    def __init__(self, made: Imported) -> None:
        self.module = as_module(made.spec.name, texts(made.spec, Path(), ["numpy"])["numpy"])
        self.params = self.module.unpack(list(made.parameters))

    def outputs(self, rows: Any) -> Any:
        """The outputs for rows of the data."""
        encode: Callable[[Any], Any] = getattr(self.module, "encode", np.asarray)
        rows = rows.tolist() if hasattr(self.module, "encode") and isinstance(rows, np.ndarray) else rows
        return self.module.forward(self.params, encode(rows))

    def predict(self, rows: Any) -> Any:
        """The answers for rows of the data."""
        return self.module.predict(self.params, rows)


nn = torch.nn
OF_TORCH: dict[str, Any] = {
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.3),
    "elu": nn.ELU(0.4),
    "selu": nn.SELU(),
    "celu": nn.CELU(0.7),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(),
    "mish": nn.Mish(),
    "softplus": nn.Softplus(),
    "log_sigmoid": nn.LogSigmoid(),
    "softsign": nn.Softsign(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "hard_tanh": nn.Hardtanh(),
    "relu6": nn.ReLU6(),
    "hard_swish": nn.Hardswish(),
    "soft_shrink": nn.Softshrink(0.3),
    "hard_shrink": nn.Hardshrink(0.3),
    "tanh": nn.Tanh(),
    "sigmoid": nn.Sigmoid(),
}
"""Every activation that PyTorch has a module of."""


class Mixed(nn.Module):  # type: ignore[name-defined, misc]
    """Normalizations, dropout, a residual and a skip connection."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.third = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(8, 3)
        self.batch, self.layer, self.drop = nn.BatchNorm1d(4, eps=1e-3), nn.LayerNorm(4), nn.Dropout(0.3)
        for parameter in (*self.batch.parameters(), *self.batch.buffers(), *self.layer.parameters()):
            if parameter.dtype.is_floating_point:
                parameter.data = torch.rand(4) + 0.5

    def forward(self, x: Any) -> Any:
        """The probabilities of a batch."""
        hidden = self.drop(torch.relu(self.batch(self.first(x))))
        residual = self.layer(hidden + self.second(hidden))
        return torch.softmax(self.third(torch.cat([residual, x], 1)), 1)


def exported(module: Any, path: Path, **options: Any) -> None:
    torch.onnx.export(module.eval(), (torch.randn(2, 4),), str(path), verbose=False, **options)


@pytest.mark.parametrize(
    ("row", "options"),
    [
        ("PyTorch, `dynamo=True`", {"dynamo": True}),
        ("PyTorch, `dynamo=False`", {"dynamo": False, "opset_version": 14}),
        ("PyTorch, `dynamo=False`", {"dynamo": False, "opset_version": 9}),
    ],
    ids=["dynamo", "script-14", "script-9"],
)
def test_pytorch(tmp_path: Path, row: str, options: dict[str, Any]) -> None:
    torch.manual_seed(1)
    path = tmp_path / "net.onnx"
    old = options.get("opset_version", 20) < 14
    known = {name: module for name, module in OF_TORCH.items() if not old or name not in ("celu", "hard_swish")}
    layers = [layer for module in known.values() for layer in (nn.Linear(4, 4), module)]
    exported(nn.Sequential(*layers), path, **options)
    made = imported(path, row)
    assert [layer.activation.name for layer in made.spec.layers] == [*known]

    network = Mixed()
    exported(network, path, **options)
    made = imported(path, row)
    x = torch.randn(50, 4)
    outputs = Trained(made).outputs(x.double().numpy())
    np.testing.assert_allclose(outputs, network.double()(x.double()).detach().numpy(), rtol=0, atol=1e-7)


class Factorization(nn.Module):  # type: ignore[name-defined, misc]
    """Matrix factorization with biases and a mean, whose dot products are written in several ways."""

    def __init__(self, dot: Callable[[Any, Any], Any]) -> None:
        super().__init__()
        self.p, self.q, self.bu, self.bi = (
            nn.Embedding(7, 3),
            nn.Embedding(5, 3),
            nn.Embedding(7, 1),
            nn.Embedding(5, 1),
        )
        self.dot, self.mu = dot, nn.Parameter(torch.tensor(3.3))

    def forward(self, user: Any, item: Any) -> Any:
        """A rating for each user and item."""
        biases = self.bu(user).squeeze(1) + self.bi(item).squeeze(1)
        return self.dot(self.p(user), self.q(item)) + biases + self.mu


DOTS: dict[str, Callable[[Any, Any], Any]] = {
    "sum": lambda p, q: (p * q).sum(1),
    "bmm": lambda p, q: torch.bmm(p.unsqueeze(1), q.unsqueeze(2)).flatten(),
    "einsum": lambda p, q: torch.einsum("nk,nk->n", p, q),
}


@pytest.mark.parametrize("dynamo", [True, False])
@pytest.mark.parametrize("dot", DOTS)
def test_pytorch_with_ids(tmp_path: Path, dot: str, dynamo: bool) -> None:
    torch.manual_seed(1)
    path = tmp_path / "net.onnx"
    module = Factorization(DOTS[dot]).eval()
    user, item = torch.randint(0, 7, (50,)), torch.randint(0, 5, (50,))
    names = ["user", "item"]
    shapes: dict[str, Any] = {"dynamic_axes": {name: {0: "n"} for name in names}}
    if dynamo:
        shapes = {"dynamic_shapes": tuple({0: torch.export.Dim("n", min=2)} for _ in names)}
    torch.onnx.export(module, (user, item), str(path), input_names=names, dynamo=dynamo, verbose=False, **shapes)
    made = imported(path, f"PyTorch, `dynamo={dynamo}`")
    kinds = {layer.name: layer.kind for layer in made.spec.layers}
    assert [*kinds.values()].count("embedding") == 4
    assert [*kinds.values()][-1] == "add"
    assert {"p", "q", "bu", "bi"} <= kinds.keys()
    outputs = Trained(made).outputs({"user": user.tolist(), "item": item.tolist()})
    expected = module.double()(user, item).detach().numpy()
    np.testing.assert_allclose(outputs[:, 0], expected, rtol=0, atol=1e-7)


@pytest.fixture
def narrow() -> Iterator[None]:
    """Keras with 32 bits, as its users have it."""
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")  # Keras keeps that of the first layer
    yield
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")


@pytest.mark.usefixtures("narrow")
def test_keras(tmp_path: Path) -> None:
    names = "relu sigmoid tanh softplus softsign selu elu gelu silu hard_sigmoid leaky_relu relu6 mish log_sigmoid"
    names += " hard_tanh hard_shrink soft_shrink"
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(4, activation=name, bias_initializer="glorot_normal") for name in names.split()]
    path = tmp_path / "net.onnx"

    def export(model: Any) -> Imported:
        model(np.zeros((2, 4), np.float32))
        model.export(str(path), format="onnx", verbose=False)
        return imported(path, "Keras, by PyTorch")

    made = export(keras.Sequential([keras.Input((4,)), *layers]))
    assert [layer.activation.name for layer in made.spec.layers] == names.split()

    source = keras.Input((4,))
    scaled = keras.layers.Normalization()
    scaled.adapt(np.random.default_rng(0).normal(3.0, 2.0, (50, 4)))
    hidden = keras.layers.Dense(5, activation="relu")(scaled(source))
    normal = keras.layers.BatchNormalization()
    hidden = keras.layers.Dropout(0.3)(normal(hidden))
    joined = keras.layers.Concatenate()([hidden, source])
    model = keras.Model(source, keras.layers.Dense(3, activation="softmax")(joined))
    normal.set_weights([np.random.default_rng(k).uniform(0.5, 2.0, 5) for k in range(4)])
    made = export(model)
    x = np.random.default_rng(1).normal(3.0, 2.0, (50, 4)).astype(np.float32)
    np.testing.assert_allclose(Trained(made).outputs(x.astype(float)), model.predict(x, verbose=0), rtol=0, atol=1e-6)


def pipelines() -> dict[str, Any]:
    """Estimators, each with the targets that it learns."""
    from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, Ridge
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
    from sklearn.svm import LinearSVC

    few: dict[str, Any] = {"hidden_layer_sizes": (5, 5), "max_iter": 30, "random_state": 0}
    return {
        "three classes": (make_pipeline(StandardScaler(), MLPClassifier(**few)), "names"),
        "two classes": (make_pipeline(MinMaxScaler(), MLPClassifier(activation="tanh", **few)), "two"),
        "logistic units": (MLPClassifier(activation="logistic", **few), "names"),
        "numbers": (make_pipeline(RobustScaler(), MLPRegressor(**few)), "number"),
        "a linear network": (MLPRegressor(activation="identity", **few), "number"),
        "LogisticRegression, two classes": (make_pipeline(StandardScaler(), LogisticRegression()), "two"),
        "LogisticRegression, three classes": (LogisticRegression(), "names"),
        "Perceptron, two classes": (Perceptron(), "two"),
        "Perceptron, three classes": (Perceptron(), "names"),
        "LinearSVC, two classes": (LinearSVC(), "two"),
        "LinearSVC, three classes": (LinearSVC(), "names"),
        "LinearRegression": (make_pipeline(MaxAbsScaler(), LinearRegression()), "number"),
        "Ridge": (Ridge(), "number"),
    }


@pytest.mark.parametrize("zipmap", [True, False, "columns"])
def test_scikit_learn(tmp_path: Path, zipmap: Any) -> None:
    from skl2onnx import to_onnx
    from sklearn.base import is_classifier

    rng = np.random.default_rng(0)
    x = rng.normal(1.0, 2.0, (90, 4)).astype(np.float32)
    targets = {
        "names": np.array(["ox", "cow", "hen"])[np.argmax(x[:, :3] + rng.normal(size=(90, 3)), axis=1)],
        "two": (x[:, 0] + rng.normal(size=90) > 1.0).astype(int),
        "number": x @ rng.normal(size=4) + x[:, 0] ** 2,
    }
    for name, (estimator, target) in pipelines().items():
        if zipmap is not True and name not in ("three classes", "two classes"):
            continue
        estimator.fit(x, targets[target])
        path = tmp_path / "net.onnx"
        options = {id(estimator): {"zipmap": zipmap}} if is_classifier(estimator) and "SVC" not in name else {}
        path.write_bytes(to_onnx(estimator, x[:1], options=options).SerializeToString())
        made = imported(path, "scikit-learn, by skl2onnx")
        module = Trained(made)
        expected = estimator.predict(x)
        if is_classifier(estimator):
            answers = module.predict([*map(list, x.tolist())])
            assert np.mean(np.array(answers) == expected.astype(str)) >= 0.98, name  # ties of float32
        else:
            size = np.abs(expected).max()
            np.testing.assert_allclose(module.outputs(x.astype(float))[:, 0] / size, expected / size, rtol=0, atol=1e-5)


def test_scikit_learn_with_columns(tmp_path: Path) -> None:
    import pandas as pd
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    table = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv").dropna(subset=["sex"])
    numbers, words = ["bill_length_mm", "body_mass_g"], ["island", "sex"]
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer((scaled, numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    pipeline = make_pipeline(columns, MLPClassifier((6,), max_iter=200, random_state=0))
    rows = table[[*numbers, *words]].copy()
    rows.iloc[::9, 0] = np.nan
    pipeline.fit(rows, table["species"])
    types = [
        *((name, FloatTensorType([None, 1])) for name in numbers),
        *((name, StringTensorType([None, 1])) for name in words),
    ]
    path = tmp_path / "net.onnx"
    path.write_bytes(to_onnx(pipeline, initial_types=types).SerializeToString())
    module = Trained(imported(path, "scikit-learn, by skl2onnx"))
    shares = module.module.predict_proba(module.params, rows)
    np.testing.assert_allclose(shares, pipeline.predict_proba(rows), rtol=0, atol=1e-5)
