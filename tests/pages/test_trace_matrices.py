"""Worksheets in matrix form: the numbers of each equation, and the reference."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from nngen.cli import main
from nngen.learning.trace import Request, Worksheet, written
from nngen.learning.trace.tracing import of_spec, trace
from nngen.learning.trace.worksheet import Line
from nngen.learning.typeset import Digits, Symbol, tree
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.targets import as_module
from tests.support.answering import kept
from tests.support.kinds import EVERY_KIND
from tests.support.kinds import network as of_kinds
from tests.support.modules import ROOT, named
from tests.support.networks import DESCRIBED, NETWORKS
from tests.support.trainings import of, trainings
from tests.support.typeset import FULL
from tests.support.worksheets import SEED, SHEETS, example, page

Array = NDArray[np.float64]

FUNCTIONS: Mapping[str, Any] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "sign": np.sign,
    "floor": np.floor,
    "erfc": np.vectorize(math.erfc),
    "sum": np.sum,
    "mean": np.mean,
}
"""Functions of arrays. Others are those of the module, for single numbers."""


def sheet_of(network: Network, **more: Any) -> Worksheet:
    x, y = ((",".join(map(repr, numbers))) for numbers in example(network))
    seed = SEED if plan(network.spec).has_dropout else None
    request = Request(x=x, y=y, whole=True, matrices=True, dropout_seed=seed, **more)
    return of_spec(network.spec, Path("net.yaml"), request)


def lines_of(sheet: Worksheet, step: int = 0) -> list[Line]:
    return [line for section in sheet.steps[step].sections for line in section.lines]


def array(value: tree.Matrix | float | None) -> Array:
    return np.array(value.rows, np.float64) if isinstance(value, tree.Matrix) else np.array(value)


def matrices_in(form: tree.Node) -> list[tree.Matrix]:
    return [part for part in tree.walk(form) if isinstance(part, tree.Matrix)]


def computed(form: tree.Node, module: Mapping[str, Any]) -> Array:
    """The value of a form with numbers."""

    def value(node: tree.Node) -> Any:
        match node:
            case tree.Number(number):
                return number
            case tree.Matrix():
                return array(node)
            case tree.Sum(terms):
                return sum(map(value, terms))
            case tree.Negative(operand):
                return -value(operand)
            case tree.Product(factors, " "):
                left, right = map(value, factors)
                return left @ right
            case tree.Product(factors):
                return np.prod([np.broadcast_to(one, shape(factors)) for one in map(value, factors)], axis=0)
            case tree.Quotient(above, below):
                return value(above) / value(below)
            case tree.Power(base, exponent):
                return value(base) ** value(exponent)
            case tree.Call("max", (one,)):
                return np.max(value(one))
            case tree.Call("max" | "min" as name, (one, two)):
                return {"max": np.maximum, "min": np.minimum}[name](value(one), value(two))
            case tree.Call(name, arguments, prime):
                of_module = f"{name}_slope" if prime else name if name in module else f"_{name}"
                function = FUNCTIONS.get(name) if not prime else None
                in_floats = np.vectorize(lambda *given: module[of_module](*map(float, given)))  # not NumPy's bools
                return (function or in_floats)(*map(value, arguments))
        raise AssertionError(node)

    def shape(factors: tuple[tree.Node, ...]) -> tuple[int, ...]:
        return np.broadcast_shapes(*(np.shape(value(factor)) for factor in factors))

    return np.asarray(value(form))


@pytest.mark.parametrize("name", SHEETS[::2])
def test_the_numbers_of_each_equation_give_its_value_and_those_of_the_reference(name: str) -> None:
    network = NETWORKS[name]
    sheet = sheet_of(network)
    module = as_module("net", page(network)).__dict__
    lines = lines_of(sheet)
    shown = 0
    for line in lines:
        assert not line.forms or not matrices_in(line.forms[0])
        for form in filter(matrices_in, line.forms):
            shown += 1
            found = computed(form, module)
            expected = array(line.value)
            assert found.shape == expected.shape or found.size == 1  # the loss of a single output is its only number
            assert found == pytest.approx(expected.reshape(found.shape), rel=1e-9, abs=1e-12), line.symbol.name
    assert shown > len(sheet.plan.layers)
    x, y = example(network)
    params = network.init()
    loss, slopes, *_ = network.batch_gradient(params, [x], [y], seeds=[SEED] if sheet.plan.has_dropout else None)
    after, _ = network.step(params, slopes, network.init_state(params))
    last = {line.symbol.name: array(line.value) for line in lines}
    assert float(last["loss"]) == pytest.approx(loss, rel=1e-11)
    for block, given, slope, new in zip(sheet.plan.blocks, params, slopes, after, strict=True):
        first = next(array(line.value) for line in lines if line.symbol.name == block.name)
        assert first.ravel() == pytest.approx(np.ravel(given), rel=1e-12)
        if block.trainable:
            assert last[f"d{block.name}"].ravel() == pytest.approx(np.ravel(slope), rel=1e-9, abs=1e-12)
            assert last[block.name].ravel() == pytest.approx(np.ravel(new), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("training", trainings()[::3])
def test_each_step_of_an_optimizer_continues_the_one_before(training: Mapping[str, Any]) -> None:
    network = Network(of(training, "weights"))
    sheet = sheet_of(network, steps=3)
    (x, y), params = example(network), network.init()
    state = network.init_state(params)
    module = as_module("net", page(network)).__dict__
    for number in range(3):
        params, state = network.step(params, network.gradient(params, [x], [y])[1], state)
        lines = lines_of(sheet, number)
        last = {line.symbol.name: array(line.value) for line in lines}
        for block, new in zip(sheet.plan.blocks, params, strict=True):
            if block.trainable:
                assert last[block.name].ravel() == pytest.approx(np.ravel(new), rel=1e-10, abs=1e-13)
        for line in lines:
            for form in filter(matrices_in, line.forms):
                assert computed(form, module) == pytest.approx(array(line.value), rel=1e-8, abs=1e-12)


def test_the_error_of_a_hidden_layer_is_that_of_a_textbook() -> None:
    shown = written(trace(named("xor_mlp"), Request(row=2, matrices=True)), "text", Digits(4))
    general, _, numbers = shown.partition("\nGiven\n")
    assert "  z = W a + b\n" in general
    assert "    = (Wᵀ δ) ⊙ f′(z)\n" in general
    assert "  ∂loss/∂W = δ aᵀ\n" in general
    assert (
        """
  z_hidden = W_hidden x + b_hidden
           = [  0.1292  −0.3319 ] [ 0 ] + [ 0 ]
             [ −0.4917  −0.1428 ] [ 1 ]   [ 0 ]
           = h1 [ −0.3319 ]
             h2 [ −0.1428 ]
"""
        in numbers
    )
    assert (
        """
  δ_hidden = (W_outputᵀ δ_output) ⊙ σ′(z_hidden)
           = ∂loss/∂a_hidden ⊙ a_hidden ⊙ (1 − a_hidden)
           = [  −0.1043 ] ⊙ [ 0.2432 ]
             [ −0.03064 ]   [ 0.2487 ]
           = h1 [  −0.02537 ]
             h2 [ −0.007622 ]
"""
        in numbers
    )
    assert (
        """
  ∂loss/∂W_hidden = δ_hidden xᵀ
                  = [  −0.02537 ] [ 0  1 ]
                    [ −0.007622 ]
                         x1         x2
                  = h1 [  0   −0.02537 ]
                    h2 [  0  −0.007622 ]
"""
        in numbers
    )


@pytest.mark.parametrize(
    "name", [name for name in ACTIVATIONS if f"{name} twice" in DESCRIBED and name not in ("linear", "softmax")]
)
def test_the_slopes_of_an_activation_times_the_error_are_the_error_of_the_sums(name: str) -> None:
    network = NETWORKS[f"{name} twice"]
    hidden = network.spec.layers[0]
    found = {line.symbol.name: line for line in lines_of(sheet_of(network))}
    if line := found.get(f"δ_{hidden.name}"):
        (numbers,) = filter(matrices_in, line.forms)
        error, slopes = map(array, matrices_in(numbers))
        assert error * slopes == pytest.approx(array(line.value), rel=1e-9, abs=1e-13)
        assert line.rule is not None
        assert any(isinstance(part, tree.Call) and part.prime for part in tree.walk(line.rule))


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_an_exercise_has_room_for_the_numbers_of_each_matrix(form: str) -> None:
    sheet = trace(named("skip_mlp"), Request(row=2, matrices=True))
    whole, blank = written(sheet, form, FULL), written(sheet.blanked(), form, FULL)
    room = {"latex": r"\underline{\hspace"}.get(form, "________")
    numbers = sum(array(line.value).size for line in lines_of(sheet) if line.forms)
    assert blank.count(room) == numbers + (2 if form in ("text", "html") else 0)  # the loss before and after the step
    assert room not in whole
    given = [line for section in sheet.steps[0].sections[:2] for line in section.lines]
    for line in given:
        for number in array(line.value).ravel():
            assert FULL.text(number).lstrip("−") in blank


def test_rows_and_columns_have_the_names_of_units() -> None:
    sheet = trace(named("iris"), Request(matrices=True))
    grids = {line.symbol.name: line.value for line in lines_of(sheet) if isinstance(line.value, tree.Matrix)}
    assert grids["W_hidden"].across == ("sepal_length", "sepal_width", "petal_length", "petal_width")
    assert grids["W_hidden"].down == ("hidden1", "hidden2", "hidden3", "hidden4", "", "hidden8")
    assert grids["W_output"].down == grids["a_output"].down == ("setosa", "versicolor", "virginica")
    assert grids["dW_output"].across == grids["W_hidden"].down
    root = ElementTree.fromstring(re.sub("<!DOCTYPE html>|&[a-z]+;", "", written(sheet, "html", Digits())))
    names = {"".join(cell.itertext()) for cell in root.iter() if cell.get("class") == "label"}
    assert {"sepal_length", "hidden8", "setosa", "⋯"} <= names


def test_a_large_matrix_has_gaps_unless_it_is_asked_for() -> None:
    some, whole = (trace(named("digits"), Request(matrices=True, whole=whole)) for whole in (False, True))
    grids, complete = (
        {line.symbol.name: line.value for line in lines_of(sheet) if isinstance(line.value, tree.Matrix)}
        for sheet in (some, whole)
    )
    assert {len(grid.rows) for grid in grids.values()} == {6}
    assert array(complete["W_hidden"]).shape == (32, 64)
    corner = [row[:4] for row in complete["dW_hidden"].rows[:4]]
    assert [row[:4] for row in grids["dW_hidden"].rows[:4]] == corner
    assert max(map(len, written(some, "text", FULL).splitlines())) <= 120


def test_networks_with_ids_have_the_row_as_a_vector() -> None:
    spec = of_kinds(EVERY_KIND, data={"rows": [{"x": [3, 1, 0.5, -0.5], "y": [1.0, 0.0]}]})
    sheet = of_spec(spec, Path("net.yaml"), Request(matrices=True, whole=True))
    reference, x, y = Network(spec), [[3.0, 1.0, 0.5, -0.5]], [[1.0, 0.0]]
    params = reference.init()
    loss, slopes = reference.gradient(params, x, y)
    after, _ = reference.step(params, slopes, reference.init_state(params), x)
    assert sheet.steps[0].loss == pytest.approx(loss, rel=1e-11)
    last = {line.symbol.name: array(line.value) for line in lines_of(sheet)}
    for block, slope, new in zip(plan(spec).blocks, slopes, after, strict=True):
        row = int(x[0][[index.name for index in spec.indices].index(block.index)]) if block.index else slice(None)
        assert last[f"d{block.name}"].ravel() == pytest.approx(np.ravel(slope[row]), rel=1e-9, abs=1e-12)
        assert last[block.name].ravel() == pytest.approx(np.ravel(new[row]), rel=1e-10, abs=1e-13)
    forms = {line.symbol.name: line.forms[0] for line in lines_of(sheet) if line.forms}
    transposed = tree.Power(tree.Name(Symbol("a_top", "a", ("top",))), tree.Name(Symbol("T", "T")))
    assert forms["z_d"] == tree.Product((transposed, tree.Name(Symbol("a_p", "a", ("p",)))), " ")


def test_a_forward_pass_alone(tmp_path: Path) -> None:
    module: Any = as_module("net", page(Network(NETWORKS["sigmoids"].spec)))
    kept(tmp_path / "net.json", NETWORKS["sigmoids"].spec, tmp_path, module.pack(module.init()))
    request = Request(x="1,2,3", params=tmp_path / "net.json", matrices=True)
    sheet = of_spec(NETWORKS["sigmoids"].spec, tmp_path / "net.yaml", request)
    assert [line.symbol.name for line in lines_of(sheet)][-4:] == ["z_h", "a_h", "z_o", "a_o"]
    assert [section.title for section in sheet.general] == ["forward: a dense layer", "forward"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--batch", "3"], "a step in matrix form has one example, but --batch takes several"),
        (["--unit", "h1"], "matrices have all units of a layer, so --unit and --layer choose nothing"),
        (["--layer", "hidden"], "matrices have all units of a layer, so --unit and --layer choose nothing"),
    ],
)
def test_what_is_refused(options: list[str], message: str) -> None:
    done = CliRunner().invoke(main, ["trace", str(named("xor_mlp")), "--matrices", *options])
    assert done.exit_code == 2
    assert f"error: {message}" in done.output
    assert "--> --matrices" in done.output


def test_batch_normalization_has_no_step_in_matrix_form() -> None:
    done = CliRunner().invoke(main, ["trace", str(ROOT / "specs" / "digits_batch_norm.yaml"), "--matrices"])
    assert done.exit_code == 2
    assert "error: a step in matrix form has one example, but batch normalization needs a batch" in done.output
