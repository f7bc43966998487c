"""Derivatives with respect to the inputs: modules of Python and NumPy beside the reference and its differences."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import nngen
from nngen.common.diagnostics import SpecError
from nngen.description.data import typical_row
from nngen.description.model.contents import parts
from nngen.description.model.spec import Spec
from nngen.description.model.targets import PythonTarget
from nngen.plan import Plan, plan, unfit
from nngen.proof.reference import Encoder, Network, contributions, sensitivity
from nngen.proof.verify import verify
from nngen.reading import load
from nngen.targets.modules import as_module, texts
from nngen.targets.render import render
from tests.support import predictors
from tests.support.contents import unused
from tests.support.kinds import NETWORKS as KINDS
from tests.support.modules import ROOT, named, spec, targets
from tests.support.network import described, layer
from tests.support.networks import NETWORKS, ONCE

BATCH = 4
FORMS = [("python", "weights"), ("python", "layers"), ("numpy", "auto")]


@cache
def fitting() -> dict[str, tuple[Network, Plan]]:
    """The networks that have derivatives with respect to their inputs."""
    networks = [
        *((name, NETWORKS[name]) for name in ONCE[::2]),
        *((name, Network(spec)) for name, spec in KINDS.items()),
    ]
    planned = ((name, network, plan(network.spec)) for name, network in networks)
    return {name: (network, found) for name, network, found in planned if not unfit(found)}


def form(spec: Spec, target: str, unroll: str) -> Spec:
    listed = {"name": target} if target == "numpy" else {"name": target, "unroll": unroll}
    return Spec.model_validate({**spec.model_dump(by_alias=True), "targets": [listed]})


def example(network: Network, planned: Plan) -> tuple[list[Any], NDArray[np.float64], NDArray[np.float64]]:
    """Parameters near the initial ones, and a batch with targets that the loss allows."""
    random = np.random.default_rng(3)
    flat = np.array(network.pack(network.init())) + random.normal(scale=0.2, size=planned.size)
    x = random.uniform(-1.0, 1.0, size=(BATCH, len(planned.inputs)))
    for place, index in enumerate(planned.indices):
        x[:, place] = random.integers(index.count, size=BATCH)
    return network.unpack(flat.tolist()), x, targets(network.spec, BATCH, random)


@pytest.mark.parametrize("chosen", [("sensitivity",), ("sensitivity", "checks"), ("all", "sensitivity")], ids=" ".join)
@pytest.mark.parametrize(("target", "unroll"), FORMS)
def test_modules_against_the_reference(target: str, unroll: str, chosen: tuple[str, ...]) -> None:
    """With other parts, which have functions of their own, on a third of the networks."""
    some = slice(None) if chosen == ("sensitivity",) else slice(FORMS.index((target, unroll)), None, 3)
    for name, (network, planned) in [*fitting().items()][some]:
        params, x, y = example(network, planned)
        text = render(planned, form(network.spec, target, unroll), target, contents=parts(chosen))
        left = {one for one in unused(text) if not one.startswith("_weight(")}  # as in the gradient
        assert "all" in chosen or not left, (name, left)
        module, flat = as_module("net", text), network.pack(params)
        given = params if target == "numpy" else as_lists(planned, module, flat)
        expected, (loss, slopes) = network.jacobian(params, x), network.input_gradient(params, x, y)
        if target == "numpy":
            close(name, module.jacobian(given, x), expected)
            found = module.input_gradient(given, x, y)
            close(name, found[0], loss)
            close(name, found[1], slopes)
            continue
        for k in range(BATCH):
            close(name, module.jacobian(given, x[k].tolist()), expected[k])
            found = module.input_gradient(given, x[k].tolist(), y[k].tolist())
            loss, slopes = network.input_gradient(params, x[k : k + 1], y[k : k + 1])
            close(name, found[0], loss)
            close(name, found[1], slopes[0])


def close(name: str, found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, 1e-9, 1e-12, err_msg=name)


def as_lists(planned: Plan, module: Any, flat: list[float]) -> Any:
    """Flat parameters as a module of Python takes them."""
    if "W_" not in module.PARAMETERS[0]:
        return flat
    rows = []
    for block in planned.blocks:
        width = len(block.inputs) or len(block.units)
        rows.append([flat[start : start + width] for start in range(block.start, block.stop, width)])
    return rows


def test_the_reference_against_differences() -> None:
    for name, (network, planned) in fitting().items():
        params, x, _ = example(network, planned)
        expected, h = network.jacobian(params, x), 1e-6
        far = []
        for column in range(len(planned.numbers)):
            step = np.zeros_like(x)
            step[:, len(planned.indices) + column] = h
            slope = (network.forward(params, x + step) - network.forward(params, x - step)) / (2 * h)
            far.append(np.abs(slope - expected[:, :, column]) / (1.0 + np.abs(slope)))
        assert np.median(np.max(far, axis=(0, 2))) < 1e-5, name  # of four examples, one may stand at a kink


ROWS_OF_DATA = [predictors.ROWS[0], predictors.ROWS[1], predictors.ROWS[3]]


@pytest.mark.parametrize("name", predictors.NETWORKS)
def test_how_answers_change_with_columns(name: str) -> None:
    """Against the reference, and against differences of answers and probabilities."""
    chosen_spec, several = predictors.NETWORKS[name], name == "numbers"
    measured = predictors.encoding(chosen_spec)
    network, planned = Network(chosen_spec), plan(chosen_spec, measured)
    params = network.init(4)
    table = {column: [row[place] for row in ROWS_OF_DATA] for place, column in enumerate(predictors.COLUMNS)}
    targets_of = np.array([[one] * len(planned.output.units) for one in predictors.TARGETS])
    encoder = Encoder(chosen_spec, predictors.table(), targets_of)
    expected = sensitivity(network, encoder, params, table, classes=bool(measured.classes))
    for target, unroll in FORMS:
        module = as_module(
            "net", render(planned, form(chosen_spec, target, unroll), target, contents=parts(["sensitivity"]))
        )
        given = params if target == "numpy" else as_lists(planned, module, network.pack(params))
        if target == "numpy":
            found = {column: np.reshape(one, (3, -1)) for column, one in module.sensitivity(given, table).items()}
        else:
            each = [module.sensitivity(given, row) for row in ROWS_OF_DATA]
            found = {column: np.reshape([one[column] for one in each], (3, -1)) for column in each[0]}
        assert list(found) == list(expected) == ["income", "years employed", "debt"]
        for column, slopes in found.items():
            np.testing.assert_allclose(slopes, expected[column], 1e-9, 1e-15)
    assert not any(expected[column][1].any() for column in ("years employed", "debt"))  # they are missing there
    module = as_module("net", render(planned, form(chosen_spec, "python", "weights"), "python"))
    flat = network.pack(params)
    for row, slopes in zip(ROWS_OF_DATA, expected["income"], strict=True):
        ahead, behind = ([row[0] + step, *row[1:]] for step in (1.0, -1.0))
        if measured.classes:
            chosen = module.predict(flat, row)
            probable = [module.predict_proba(flat, one)[chosen] for one in (ahead, behind)]
            assert slopes[1] == pytest.approx((probable[0] - probable[1]) / 2.0, rel=1e-5)
        else:
            answers = np.array([module.predict(flat, one) for one in (ahead, behind)]).reshape(2, -1)
            answers = np.log(answers) if measured.in_logs else answers
            np.testing.assert_allclose(slopes, (answers[0] - answers[1]) / 2.0, 1e-5, 1e-12)
            assert several or slopes.any()


TYPICAL = (30_000.0, 3.0, "rent", "1", 100.0)
"""The lower medians of the table of predictors, and its most frequent categories; of several the first."""


@pytest.mark.parametrize("name", predictors.NETWORKS)
def test_what_moves_answers(name: str) -> None:
    """Against the reference; the contributions sum to the distance from the output for a typical row."""
    chosen_spec = predictors.NETWORKS[name]
    measured = replace(predictors.encoding(chosen_spec), typical=TYPICAL)
    network, planned = Network(chosen_spec), plan(chosen_spec, measured)
    params, count = network.init(4), len(planned.output.units)
    table = {column: [row[place] for row in ROWS_OF_DATA] for place, column in enumerate(predictors.COLUMNS)}
    encoder = Encoder(chosen_spec, predictors.table(), np.array([[one] * count for one in predictors.TARGETS]))
    start = encoder.typical()
    assert (start == encoder.encode({column: [cell] for column, cell in zip(table, TYPICAL, strict=True)})).all()
    expected = contributions(network, encoder, params, table, classes=bool(measured.classes))
    moved = network.forward(params, encoder.encode(table)) - network.forward(params, start)
    if measured.classes:
        outputs = network.forward(params, encoder.encode(table))
        moved = np.abs(moved) if count == 1 else moved[[0, 1, 2], outputs.argmax(axis=1)][:, None]
    else:
        moved = moved * encoder.units
    together = sum(expected.values())
    np.testing.assert_allclose(np.abs(together), np.abs(moved), 0.0101, 1e-5)
    for target, unroll in FORMS:
        made = form(chosen_spec, target, unroll)
        module = as_module("net", render(planned, made, target, contents=parts(["sensitivity"])))
        flat = network.pack(params)
        if target == "numpy":
            found = {column: np.reshape(one, (3, -1)) for column, one in module.contributions(params, table).items()}
        else:
            each = [module.contributions(as_lists(planned, module, flat), row) for row in ROWS_OF_DATA]
            found = {column: np.reshape([one[column] for one in each], (3, -1)) for column in each[0]}
        assert list(found) == list(expected) == predictors.COLUMNS
        for column, parts_of in found.items():
            np.testing.assert_allclose(parts_of, expected[column], 1e-9, 1e-14)


EXPLAINED = """
name: trip
inputs:
  - {name: day, date: DD.MM.YYYY, parts: [month, days]}
  - {name: road, categories: [wet, dry]}
  - {name: mass, missing: mean, indicator: true}
layers: [{name: h, units: 2, activation: tanh}, {name: o, units: 1, activation: linear}]
loss: squared_error
training: {epochs: 1, optimizer: {name: gradient_descent, rate: 0.1}}
data: {file: trip.csv, target: hours, scale: standardize}
"""


def test_a_typical_row_and_reasons(tmp_path: Path) -> None:
    """Of dates the lower median, of texts the most frequent; gaps do not count."""
    table = "day,road,mass,hours\n01.03.2020,dry,3,1\n02.01.2021,wet,5,2\n05.02.2019,dry,1,3\n07.07.2022,wet,,4\n"
    path = tmp_path / "trip.yaml"
    path.write_text(EXPLAINED, "utf-8")
    (tmp_path / "trip.csv").write_text(table, "utf-8")
    found = load(path)
    assert typical_row(found, tmp_path) == ("01.03.2020", "wet", 3.0)
    params = Network(found).pack(Network(found).init(1))
    rows = nngen.predict(path, params=params, explain=True)
    text = texts(found, tmp_path, ["python"], contents=["sensitivity"])["python"]
    each = as_module("trip", text).contributions(params, {"day": "05.02.2019", "road": "dry", "mass": "1"})
    most = sorted(each, key=lambda column: -abs(each[column]))
    cells = {"day": "2019-02-05", "road": "dry", "mass": "1"}
    assert rows[2]["because"] == "; ".join(f"{column} {cells[column]}: {each[column]:+.3g}" for column in most)
    assert "mass missing" in rows[3]["because"]
    assert rows[0]["because"].startswith("road dry: ")  # all else is typical
    assert rows[0]["because"].count(":") == 1


def test_answers_that_cannot_be_explained(tmp_path: Path) -> None:
    path = tmp_path / "trip.yaml"
    (tmp_path / "trip.csv").write_text("day,road,mass,hours\n01.03.2020,dry,3,1\n", "utf-8")
    road = "  - {name: road, categories: [wet, dry]}\n"
    ids = EXPLAINED.replace(road, "").replace("inputs:\n", "inputs:\n  - {name: road, ids: [wet, dry]}\n")
    ids = ids.replace("layers: [", "layers: [{name: taste, kind: embedding, from: road, units: 1}, ")
    ids = ids.replace("{name: h,", "{name: h, from: [x, taste],")
    steps = EXPLAINED.replace(
        "activation: tanh", "activation: step, weights: {trainable: false}, bias: {trainable: false}"
    )
    constants = EXPLAINED.replace("file: trip.csv, target: hours, scale: standardize", "scale: {name: divide, by: 2}")
    constants = constants.replace("missing: mean", "missing: 0")
    for text, says in {ids: "with ids", steps: "step has no slope", constants: "no typical row"}.items():
        path.write_text(text, "utf-8")
        with pytest.raises(SpecError, match=says):
            nngen.predict(path, tmp_path / "trip.csv", params=[0.0] * plan(load(path)).size, explain=True)


def test_the_equations_of_the_documentation() -> None:
    made = texts(spec(named("xor_mlp")), ROOT, ["python"], contents=["sensitivity"])["python"].splitlines()
    page = (ROOT / "docs/sensitivity.md").read_text("utf-8")
    stated = [line for line in page.splitlines() if line.startswith("    da_")]
    assert len(stated) == 4
    assert [line for line in made if line in stated] == stated


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([layer("h", 2, "step"), layer("o", 1, "linear")], "layer h: step has no slope"),
        ([layer("o", 1, "bipolar_step")], "layer o: bipolar_step has no slope"),
    ],
)
def test_what_has_no_derivatives(layers: list[Any], says: str) -> None:
    refused = Spec.model_validate(described(layers, "squared_error"))
    with pytest.raises(SpecError, match=f"net: it has no derivatives with respect to its inputs: {says}"):
        texts(refused, ROOT, ["python"], contents=["sensitivity"])
    module = as_module("net", texts(refused, ROOT, ["python"])["python"])
    assert not hasattr(module, "jacobian")


def test_names_of_derivatives_are_not_those_of_inputs() -> None:
    found = Spec.model_validate(described([layer("o", 1, "tanh")], "squared_error", inputs=["x1", "dx1"]))
    assert unfit(plan(found)) == "the input dx1 has the name of a derivative"


def test_a_wrong_sensitivity_is_found(tmp_path: Path) -> None:
    """`nngen verify` knows the part, and judges what the answers to rows do."""
    chosen_spec = spec(named("iris")).model_copy(update={"targets": (PythonTarget(name="python"),)})
    text = texts(chosen_spec, ROOT / "specs", ["python"], contents=["sensitivity"])["python"]
    wrong = {
        "sensitivity": ("(scores[i] * rate", "(2.0 * scores[i] * rate"),
        "contributions": ("(i + 0.5) / steps", "i / steps"),
    }
    for name, edits in {"": ("", ""), **wrong}.items():
        path = tmp_path / "iris.py"
        path.write_text(text.replace(*edits), "utf-8")
        rows = {row.what: row.verdict for row in verify(path, named("iris"), 20.0).rows}
        assert [what for what, verdict in rows.items() if verdict != "right"] == [name] * bool(name)
