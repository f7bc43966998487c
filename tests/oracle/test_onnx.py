"""Exported ONNX models against the NumPy modules, in ONNX's reference and in ONNX Runtime."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.common.diagnostics import SpecError
from nngen.description.data import CategoryColumn, Encoding, encoding, training_columns
from nngen.description.model import Rows, Spec
from nngen.plan import plan
from nngen.reading import parse
from tests.oracle.onnx_models import ROWS, TWO, Answers, answers, model_of_two, two
from tests.support.cases import made, start
from tests.support.modules import ROOT, SPECS, built, spec
from tests.support.networks import DISTINCT, NETWORKS

pytestmark = pytest.mark.oracle

ALL_SPECS = [*SPECS, *sorted((ROOT / "specs" / "classics").glob("*.yaml"))]
TOLERANCE = {"float64": 1e-12, "float32": 2e-5}  # relative, and absolute below 1


def same(found: NDArray[Any], expected: NDArray[np.float64], dtype: str) -> None:
    assert found.dtype == dtype
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, TOLERANCE[dtype], TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", DISTINCT)
def test_the_networks_of_the_tests(name: str, dtype: str) -> None:
    from nngen.bridges.exporting.onnx_model import onnx_model

    network = NETWORKS[name]
    module, flat = made(network, "numpy", "auto"), start(network)
    x = np.random.default_rng(3).normal(scale=1.5, size=(7, len(network.spec.input_names)))
    model = onnx_model(network.spec, None, flat, dtype)
    for found in answers(model, {"x": x.astype(dtype)}):
        same(found["outputs"], module.forward(module.unpack(flat), x), dtype)


def columns(spec: Spec, how: Encoding, path: Any, dtype: str) -> tuple[dict[str, list[Any]], Answers]:
    """The training rows of a spec as columns, and as the inputs of its model."""
    rows, _ = training_columns(spec, path.parent)
    if how.plain:
        return rows, {spec.input_name: np.column_stack([*rows.values()]).astype(dtype)}
    texts = {column.column for column in how.columns if isinstance(column, CategoryColumn)}
    feed = {
        name: np.array(["" if value is None else value for value in values], object if name in texts else dtype)
        for name, values in rows.items()
    }
    return rows, {name: values[:, None] for name, values in feed.items()}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("path", ALL_SPECS, ids=lambda path: path.stem)
def test_the_specs_from_rows_to_answers(path: Any, dtype: str) -> None:
    from nngen.bridges.exporting.onnx_model import onnx_model

    described, module = spec(path), built(path, "numpy")
    params = module.init(5)
    how = encoding(described, path.parent)
    model = onnx_model(described, how, module.pack(params), dtype)
    if how is None or not how.predicts:
        x = np.random.default_rng(3).uniform(-2.0, 2.0, size=(9, len(described.input_names)))
        if isinstance(described.data, Rows):
            x = np.array([example.x for example in described.data.rows])
        expected = module.forward(params, module.scale(x) if hasattr(module, "scale") else x)
        for found in answers(model, {described.input_name: x.astype(dtype)}):
            same(found["outputs"], expected, dtype)
        return
    rows, feed = columns(described, how, path, dtype)
    predicted = module.predict(params, rows)
    for found in answers(model, feed):
        if how.classes:
            assert found["label"].tolist() == predicted
            same(found["probabilities"], module.predict_proba(params, rows), dtype)
        else:
            same(found["outputs"], np.reshape(predicted, found["outputs"].shape), dtype)


def test_gaps_categories_and_two_classes() -> None:
    found = two("sigmoid", "binary_cross_entropy", "{classes: [died, survived]}", ROWS)
    for each in found:
        assert each["label"].tolist() == each["module"].predict(each["params"], ROWS)
        same(each["probabilities"], each["module"].predict_proba(each["params"], ROWS), "float64")


def test_two_classes_without_probabilities() -> None:
    for found in two("tanh", "hinge", "{classes: [died, survived]}", ROWS):
        assert found["label"].tolist() == found["module"].predict(found["params"], ROWS)
        assert found["outputs"].shape == (4, 1)


@pytest.mark.parametrize("scale", ["standardize", "log"])
def test_numbers_in_the_units_of_the_data(scale: str) -> None:
    scaled = f"{{scale_targets: {{name: {scale}, mean: 7, deviation: 3}}}}"
    for found in two("linear", "squared_error", scaled, ROWS):
        same(found["outputs"][:, 0], found["module"].predict(found["params"], ROWS), "float64")


@pytest.mark.parametrize(("column", "value"), [("pier", ""), ("fare paid", math.nan)])
def test_missing_values_that_a_module_refuses_have_no_answer(column: str, value: object) -> None:
    rows = ROWS | {column: [value, *ROWS[column][1:]]}
    for found in two("sigmoid", "binary_cross_entropy", "{classes: [died, survived]}", rows):
        with pytest.raises(ValueError, match=column):
            found["module"].predict(found["params"], rows)
        assert found["label"].tolist()[0] == ""
        assert np.isnan(found["probabilities"]).tolist() == [[True, True]] + [[False, False]] * 3


@pytest.mark.parametrize(("column", "value"), [("port", "S"), ("sex", ""), ("sex", "x")])
def test_unknown_categories_that_a_module_refuses_are_an_error(column: str, value: str) -> None:
    import onnxruntime

    model, feed, *_ = model_of_two("sigmoid", "binary_cross_entropy", "{classes: [died, survived]}", ROWS)
    feed[column][1, 0] = value
    with pytest.raises(Exception, match="Unknown Category"):
        onnxruntime.InferenceSession(model).run(None, feed)


@pytest.mark.parametrize(
    ("part", "value"), [("deviation: 12.5", "deviation: 1.0e+45"), ("OUTPUT", "{name: elu, alpha: 1.0e+45}")]
)
def test_numbers_that_do_not_fit_into_32_bits(part: str, value: str) -> None:
    from nngen.bridges.exporting.onnx_model import onnx_model

    text = TWO.replace(part, value).replace("OUTPUT", "linear").replace("LOSS", "squared_error")
    described = parse(text.replace("DATA", "{scale_targets: {name: divide, by: 2}}"), "two.yaml")
    flat = [0.5] * plan(described).size
    with pytest.raises(SpecError, match=r"a number of size 1e\+45 does not fit into 32 bits"):
        onnx_model(described, encoding(described, ROOT), flat, "float32")
    assert onnx_model(described, encoding(described, ROOT), flat, "float64")


def test_the_command_writes_the_same_bytes(tmp_path: Path) -> None:
    import onnx

    path = ROOT / "specs" / "penguins.yaml"
    module = built(path, "numpy")
    module.save(module.init(), str(tmp_path / "params.json"))
    files = [tmp_path / "first.onnx", tmp_path / "second.onnx"]
    for file in files:
        options = ["--params", str(tmp_path / "params.json"), "--onnx", str(file)]
        subprocess.run([sys.executable, "-m", "nngen", "export", str(path), *options], check=True)
    assert files[0].read_bytes() == files[1].read_bytes()
    model = onnx.load(files[0])
    assert (model.ir_version, model.opset_import[0].version) == (10, 21)
    about = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(about["classes"]) == ["Adelie", "Chinstrap", "Gentoo"]


def test_the_complementary_error_function() -> None:
    from nngen.bridges.exporting.onnx_formulas import Graph, add_formula
    from nngen.mathematics.formulas import Formula

    x = np.concatenate([np.linspace(-6.0, 26.0, 5001), [-40.0, 0.0, 40.0]])
    graph = Graph("float64")
    graph.output("y", add_formula(graph, Formula("erfc(z)"), {"z": graph.input("z", 1)}, "y"), 1)
    for found in answers(graph.serialized("erfc", "", {}), {"z": x[:, None]}):
        np.testing.assert_allclose(found["y"][:, 0], [*map(math.erfc, x)], 2e-13)


@pytest.mark.parametrize(("text", "expected"), [("expm1(z)", math.expm1), ("log1p(z)", math.log1p)])
def test_functions_without_cancellation(text: str, expected: Any) -> None:
    from nngen.bridges.exporting.onnx_formulas import Graph, add_formula
    from nngen.mathematics.formulas import Formula

    x = np.array([-0.9, -1e-3, -1e-9, -1e-17, 0.0, 1e-17, 1e-9, 1e-3, 0.5, 3.0, 40.0])
    graph = Graph("float64")
    graph.output("y", add_formula(graph, Formula(text), {"z": graph.input("z", 1)}, "y"), 1)
    for found in answers(graph.serialized("function", "", {}), {"z": x[:, None]}):
        np.testing.assert_allclose(found["y"][:, 0], [*map(expected, x)], 1e-14)
