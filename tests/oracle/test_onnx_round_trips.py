"""nngen → ONNX → nngen: the same outputs, and the same gradient where the layers are the same."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.bridges.exporting.onnx_model import onnx_model
from nngen.bridges.importing import Imported, assemble, compare, outputs, sample
from nngen.bridges.importing.onnx.file import read_graph
from nngen.cli import main
from nngen.description.data import encoding
from nngen.description.model import Categorical, Numeric, Spec
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load
from nngen.targets import as_module, render, texts
from tests.oracle.onnx_models import ROWS, model_of_two
from tests.support.cases import start
from tests.support.differences import seen
from tests.support.kinds import EVERY_KIND, FACTORIZATION, FROZEN, examples, network
from tests.support.modules import ROOT, SPECS, built, spec
from tests.support.networks import DISTINCT, NETWORKS
from tests.support.onnx_files import judged, operators

pytestmark = pytest.mark.oracle

KINDS = {
    "factorization": network(FACTORIZATION),
    "frozen items": network(FROZEN),
    "every kind": network(EVERY_KIND),
}

LOSS = {"name": "half_squared_error", "outputs": "sum", "batch": "sum"}
TRAINING = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 8}


def imported(model: bytes, folder: Path) -> Imported:
    path = folder / "net.onnx"
    path.write_bytes(model)
    graph = read_graph(str(path))
    made = assemble(graph, str(path))
    given = sample(made)
    judgements = judged(path, graph, given)
    compared = compare(made, given, judgements)
    assert compared.right, compared.text
    for judgement in judgements:
        if judgement.outputs is not None and judgement.dtype == "float64":
            seen(judgement.by, operators(path), outputs(made, given), judgement.outputs)
    return made


def squared(spec: Spec) -> Any:
    """The module of a network with ``LOSS``, all of which is trained, so that gradients can be compared."""
    changed = spec.model_dump(by_alias=True) | {"loss": LOSS, "training": TRAINING, "data": None}
    for part in (part for layer in changed["layers"] for part in layer.values() if isinstance(part, dict)):
        part |= {"trainable": True} if "trainable" in part else {}
    described = Spec.model_validate(changed)
    return as_module("net", render(plan(described), described, "numpy"))


def same(spec: Spec, flat: Sequence[float], found: Imported) -> None:
    module, other = squared(spec), squared(found.spec)
    params, read = module.unpack(flat), other.unpack(list(found.parameters))
    random = np.random.default_rng(8)
    x = random.normal(size=(8, len(spec.input_names)))
    outputs = module.forward(params, x)
    np.testing.assert_allclose(other.forward(read, x), outputs, 1e-12, 1e-12)
    names = [layer.name for layer in spec.layers]
    if len(names) == len(found.spec.layers):  # no layer has become two
        assert [layer.name for layer in found.spec.layers] == names
    activations = [layer.activation.name for layer in spec.layers]
    learns = all(name not in ACTIVATIONS or ACTIVATIONS[name].learns for name in activations)
    if learns and np.array_equal(found.parameters, flat):  # and no layer has become two
        y = random.normal(size=outputs.shape)
        _, expected = module.gradient(params, x, y)
        _, gradient = other.gradient(read, x, y)
        np.testing.assert_allclose(other.pack(gradient), module.pack(expected), 1e-9, 1e-11)


@pytest.mark.parametrize("name", DISTINCT)
def test_the_networks_of_the_tests(name: str, tmp_path: Path) -> None:
    case = NETWORKS[name]
    flat = start(case)
    model = onnx_model(case.spec, None, flat, "float64")
    same(case.spec, flat, imported(model, tmp_path))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_specs(path: Path, tmp_path: Path) -> None:
    described = spec(path)
    flat = start(Network(described))
    found = imported(onnx_model(described, encoding(described, path.parent), flat, "float64"), tmp_path)
    same(described, flat, found)
    layers, expected = ([(each.name, each.unit_names) for each in one.layers] for one in (found.spec, described))
    assert layers == expected
    if path.stem in ("iris", "digits", "penguins"):
        assert found.graph.classes == built(path, "numpy").CLASSES


@pytest.mark.parametrize("name", [*KINDS, "ratings_mf", "recommend/gmf", "recommend/neumf", "recommend/wide_deep"])
def test_ids_and_kinds_of_layers(name: str, tmp_path: Path) -> None:
    path = ROOT / "specs" / f"{name}.yaml"
    described = KINDS[name] if name in KINDS else spec(path)
    flat = start(Network(described))
    encoded = None if name in KINDS else encoding(described, path.parent)
    found = imported(onnx_model(described, encoded, flat, "float64"), tmp_path)
    assert [(layer.name, layer.kind) for layer in found.spec.layers] == [
        (layer.name, layer.kind) for layer in described.layers
    ]
    np.testing.assert_array_equal(found.parameters, flat)
    module, other = squared(described), squared(found.spec)
    params, read = module.unpack(flat), other.unpack(list(found.parameters))
    x = examples(described).x
    y = np.ones((len(x), len(described.layers[-1].unit_names)))
    np.testing.assert_allclose(other.forward(read, x), module.forward(params, x), 1e-12, 1e-12)
    gradient, expected = (one.pack(one.gradient(own, x, y)[1]) for one, own in ((other, read), (module, params)))
    np.testing.assert_allclose(gradient, expected, 1e-9, 1e-11)


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
def test_columns_with_gaps_and_categories(output: str, tmp_path: Path) -> None:
    loss = "binary_cross_entropy" if output == "sigmoid" else "hinge"
    model, _, module, params = model_of_two(output, loss, "{classes: [died, survived]}", ROWS)
    found = imported(model, tmp_path)
    other = as_module("two", texts(found.spec, ROOT, ["numpy"])["numpy"])
    read = other.unpack(list(found.parameters))
    np.testing.assert_allclose(
        other.forward(read, other.encode(ROWS)), module.forward(params, module.encode(ROWS)), 1e-12
    )
    assert other.predict(read, ROWS) == module.predict(params, ROWS)
    for column, value in ("port", "S"), ("sex", ""), ("pier", ""), ("fare paid", float("nan")):
        with pytest.raises(ValueError, match=column):
            other.predict(read, ROWS | {column: [value, *ROWS[column][1:]]})


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_commands(dtype: str, tmp_path: Path) -> None:
    """Columns, categories and gaps come back as the spec has them; the import itself compares the outputs."""
    path = ROOT / "specs" / "penguins.yaml"
    module = built(path, "numpy")
    module.save(module.init(3), str(tmp_path / "params.json"))
    model = tmp_path / "penguins.onnx"
    export = ["export", str(path), "--params", str(tmp_path / "params.json"), "--onnx", str(model), f"--{dtype}"]
    for command in export, ["import", str(model), "--out", str(tmp_path)]:
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    columns = load(tmp_path / "penguins.yaml").columns
    described = [
        column.model_copy(update={"name": ""}) for column in spec(path).columns if isinstance(column, Categorical)
    ]
    assert [column.column for column in columns] == list(module.COLUMNS)
    assert [column.model_copy(update={"name": ""}) for column in columns[4:]] == described
    numbers = [column for column in columns[:4] if isinstance(column, Numeric)]
    assert [column.missing for column in numbers] == [44.7, 17.3, 197.0, 4050.0]
