"""Worksheets: every equation of a module, in its order, with its numbers, and the chain rule that leads to it."""

import ast
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from nngen.learning.trace import Request, trace, written
from nngen.learning.trace.tracing import of_spec
from nngen.learning.trace.worksheet import UPDATE
from nngen.learning.typeset import Digits, Symbols, tree, with_numbers
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.proof.verify.worker import RECORD, recording
from tests.support.modules import named
from tests.support.networks import NETWORKS
from tests.support.trainings import OPTIMIZER, of, trainings
from tests.support.typeset import FULL, computed, text
from tests.support.worksheets import RARE, SEED, SHEETS, example, number, page, read_back, worksheet


def recorded(network: Network) -> tuple[list[tuple[str, float]], Any]:
    """The values that the module's ``gradient`` assigns to each name, in order, as a recorder notes them; and its
    result."""
    module = ast.parse(page(network))
    (function,) = (node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "gradient")
    lines = {
        node.lineno for node in function.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    met: list[tuple[str, float]] = []

    def record(name: str, line: int, value: float) -> None:
        if line in lines:
            met.append((name, value))

    names: dict[str, Any] = {RECORD: record, "__name__": "net"}
    exec(compile(recording(module, ["gradient"]), "net", "exec"), names)
    seed = {"seed": SEED} if plan(network.spec).has_dropout else {}
    return met, names["gradient"](names["init"](), *example(network), **seed)


def own_name(shown: str) -> str:
    return "d" + shown.removeprefix("∂loss/∂") if shown.startswith("∂loss/∂") else shown


WHOLE = [name for place, name in enumerate(SHEETS) if place % 2 == 0 or name in RARE]
"""Networks whose worksheets are read to the last number; of the others, ``test_typeset`` writes each equation."""


@pytest.fixture(scope="module", params=WHOLE)
def name(request: pytest.FixtureRequest) -> str:
    """A network: all tests of its worksheet come one after the other, so that it is made once."""
    return str(request.param)


def test_every_equation_of_the_module_is_there_with_its_numbers(name: str) -> None:
    network = NETWORKS[name]
    sheet = written(worksheet(name), "text", FULL)
    _, _, rest = sheet.partition("\nForward\n")
    computing, _, updating = rest.partition("\nThe step\n")
    equations = read_back(computing)
    met, _ = recorded(network)
    assert [(own_name(shown), number(forms[-1])) for shown, forms in equations] == met
    module: dict[str, Any] = {"__name__": "net"}
    exec(page(network), module)
    for shown, forms in equations:
        if len(forms) > 1 and shown != "seed":
            assert computed(re.sub(r"\s+", " ", numbers_of(forms)), module) == pytest.approx(
                number(forms[-1]), rel=1e-9, abs=1e-12
            ), shown
    assert updating


def numbers_of(forms: Sequence[str]) -> str:
    """The form with the numbers put in: the last but one, where the value does not say the same."""
    return forms[-2] if not re.search("[a-z]_", forms[-2]) else forms[-1]


def test_derivatives_and_new_parameters_are_those_of_the_reference(name: str) -> None:
    network = NETWORKS[name]
    step = worksheet(name).steps[0]
    x, y = example(network)
    params = network.init()
    seeds = [SEED] if plan(network.spec).has_dropout else None
    loss, slopes, *_ = network.batch_gradient(params, [x], [y], seeds=seeds)
    assert step.loss == pytest.approx(loss, rel=1e-11)
    after, _ = network.step(params, slopes, network.init_state(params))
    names = [name for row in plan(network.spec).parameter_rows() for name in row]
    found = {line.symbol.name: line.value for section in step.sections for line in section.lines}
    frozen = {name for block in plan(network.spec).frozen for row in block.rows for name in row}
    for name_, slope, new in zip(names, network.pack(slopes), network.pack(after), strict=True):
        if name_ not in frozen:
            assert found[f"d{name_}"] == pytest.approx(slope, rel=1e-9, abs=1e-12)
            assert found[name_] == pytest.approx(new, rel=1e-11, abs=1e-13)


def factors(rule: tree.Node) -> Iterator[tuple[str, str]]:
    """Each term of a chain rule: the two values of its factors, dloss/dY and dY/dX."""
    for term in rule.terms if isinstance(rule, tree.Sum) else (rule,):
        assert isinstance(term, tree.Product)
        slope, inner = term.factors
        assert isinstance(slope, tree.Name)
        assert slope.symbol.slope
        if isinstance(inner, tree.Partial):
            assert inner.of == slope.symbol.by
            yield inner.of.name, inner.by.name
        else:
            assert isinstance(inner, tree.Call)
            assert inner.prime
            (taken,) = inner.arguments
            assert isinstance(taken, tree.Name)
            yield slope.symbol.by.name, taken.symbol.name


@pytest.mark.parametrize(("name", "rule"), [("perceptron, step", "perceptron rule"), ("sigmoids", "chain rule")])
@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html"])
def test_a_perceptron_does_not_learn_by_the_chain_rule(name: str, rule: str, form: str) -> None:
    sheet = worksheet(name)
    assert re.findall(r"Backward, by the (\w+ rule)", written(sheet, form, FULL)) == [rule]


def test_the_general_error_of_an_output_is_that_of_each_output(name: str) -> None:
    sheet, network = worksheet(name), NETWORKS[name]
    (head,) = (section for section in sheet.general if section.title == "δ of an output")
    lines = [line for section in sheet.steps[0].sections for line in section.lines]
    found = {line.symbol.name: line.number for line in lines if line.value is not None}
    formula = head.lines[-1].forms[-1]
    symbols = {node.symbol.name for node in tree.walk(formula) if isinstance(node, tree.Name)}
    outputs = plan(network.spec).output
    known = {"a_j", "y_j", "z_j", *found}  # other names are options, or the weight of a single output's class
    if symbols <= known and not outputs.normalization:
        module: dict[str, Any] = {"__name__": "net"}
        exec(page(network), module)
        for unit in outputs.units:
            values = {general: found[general.replace("_j", f"_{unit}")] for general in symbols}
            slope = found.get(f"dz_{unit}") if len(head.lines) == 1 else found.get(f"da_{unit}")
            assert computed(text(with_numbers(formula, values), FULL), module) == pytest.approx(slope, rel=1e-9), unit


@pytest.mark.parametrize(
    ("form", "equation"),
    [
        ("text", "f′(z_j) · (Σ_k w_k_j·δ_k)"),
        ("markdown", r"\sum_{k} w_{k,j} \, \delta{}_{k}"),
        ("latex", r"\sum_{k} w_{k,j} \, \delta{}_{k}"),
        ("html", "<munder><mo>∑</mo><mi>k</mi></munder>"),
    ],
)
def test_the_general_form_comes_before_the_numbers_of_a_step(form: str, equation: str) -> None:
    before, given, _ = written(worksheet("sigmoids"), form, FULL).partition("Given")
    assert given
    assert equation in before
    assert "the parameters" not in before


def test_the_memory_of_an_optimizer_is_no_value_of_a_unit() -> None:
    """Adam calls its second memory ``v``, as layer normalization calls a value of unit j."""
    before, _, _ = written(trace(named("snake"), Request()), "text", FULL).partition("Given")
    assert "  v ← β2·v + (1 − β2)·(∂loss/∂w)²\n" in before


CHAINS = [name for name in SHEETS if not name.startswith(("perceptron", "own", "initial", "weights, perceptron"))]


@pytest.mark.parametrize("name", CHAINS)
def test_the_chain_rule_is_true(name: str) -> None:
    """∂loss/∂X is the sum of ∂loss/∂Y · ∂Y/∂X, with ∂Y/∂X as the difference of the forward equations between them."""
    network = NETWORKS[name]
    (function,) = (
        node for node in ast.parse(page(network)).body if isinstance(node, ast.FunctionDef) and node.name == "gradient"
    )
    module: dict[str, Any] = {"__name__": "net"}
    exec(page(network), module)
    forward: list[tuple[str, Any]] = []
    values: dict[str, Any] = {**module, "params": module["init"](), "seed": SEED}
    values["x"], values["y"] = example(network)
    values["weight"] = 1.0
    symbols = Symbols(plan(network.spec))
    for statement in function.body[:-1]:
        if isinstance(statement, ast.If):  # the early end of a call for the loss alone
            continue
        exec(compile(ast.Module([statement], []), "net", "exec"), values)
        match statement:
            case ast.Assign(targets=[ast.Name(id=made)], value=value) if made != "loss" and not symbols(made).slope:
                forward.append((made, compile(ast.Expression(value), "net", "eval")))
    lines = [line for section in worksheet(name).steps[0].sections for line in section.lines if line.rule]
    assert lines
    for line in lines[:: max(1, len(lines) // 15)]:
        assert line.rule
        terms = list(factors(line.rule))
        if any(f"d{of}" not in values for of, _ in terms):  # the loss and the activation are one: the page has no da
            assert all(of.startswith("a_") for of, _ in terms)
            continue
        held = {made for made, _ in forward if f"d{made}" in values}
        total = sum(values[f"d{of}"] * difference(of, by, forward, values, held - {of}) for of, by in terms)
        assert total == pytest.approx(line.value, rel=1e-5, abs=1e-7), line.symbol.name


def difference(
    of: str, by: str, forward: Sequence[tuple[str, Any]], values: Mapping[str, Any], held: set[str]
) -> float:
    """∂of/∂by by the difference of the forward equations, in which the names that are held keep their values."""
    ends = []
    for step in (1e-6, -1e-6):
        moved = {**values, by: values[by] + step}
        for made, code in forward:
            if made != by and made not in held:
                moved[made] = eval(code, moved)
        ends.append(moved[of])
    return float(ends[0] - ends[1]) / 2e-6


MARKUP = {
    "text": "(?!)",
    "markdown": r"```text|\\[a-zA-Z]+",
    "latex": r"(?s)^.*\\mathindent\S*|\\begin\{center\}.*\\end\{center\}"
    r"|\\(begin|end)\{[\w*]+\}(\{\d+\})?|\\[a-z]+(\{[\d.]+[a-z]+\})?",
    "html": "(?s)<head>.*</style>|<svg.*?</svg>|<[^>]*>",
}
"""What is no text of a worksheet in each format."""

FUNCTIONS = {"exp", "loss", "pi", "sign", "softmax", "sqrt", "tanh"}
"""Words of formulas that statements of a module may lack."""

COMMAND = "nngen build .yaml --target xlsx"
"""What takes a network into a spreadsheet, without its name."""


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{2,}", text))


def test_a_korean_worksheet_has_no_english(name: str) -> None:
    """Its only Latin letters are those of names and formulas: of the spec, and of the statements of the module."""
    network = NETWORKS[name]
    functions = (node for node in ast.parse(page(network)).body if isinstance(node, ast.FunctionDef))
    code = [ast.unparse(statement) for function in functions for statement in function.body[1:]]
    allowed = words("\n".join(code)) | words(network.spec.model_dump_json()) | FUNCTIONS | words(COMMAND)
    for form in MARKUP if name in SHEETS[::18] else ["text"]:  # all formats have the same sentences
        sheet = unescape(re.sub(MARKUP[form], " ", written(worksheet(name), form, Digits(language="ko"))))
        assert words(sheet) <= allowed, form


@pytest.mark.parametrize("training", [*trainings()[: len(OPTIMIZER)], *trainings()[len(OPTIMIZER) :: 3]])
def test_updates_are_those_of_the_reference_and_their_numbers_give_them(training: Mapping[str, Any]) -> None:
    """Each optimizer, and each schedule and clip beside some of them."""
    network = Network(of(training, "weights"))
    x, y = example(network)
    given = Request(x=",".join(map(repr, x)), y=",".join(map(repr, y)), whole=True, steps=2)
    sheet = of_spec(network.spec, Path("net.yaml"), given)
    names = [name for row in plan(network.spec).parameter_rows() for name in row]
    params, state = network.init(), network.init_state(network.init())
    for step in sheet.steps:
        slopes = network.gradient(params, [x], [y])[1]
        params, state = network.step(params, slopes, state)
        update = [line for section in step.sections if section.part == UPDATE for line in section.lines]
        found = {line.symbol.name: line.value for line in update}
        new = dict(zip(names, network.pack(params), strict=True))
        assert {name: found[name] for name in found if name in new} == pytest.approx(
            {name: new[name] for name in new if name in found}, rel=1e-10, abs=1e-13
        )
        frozen = {name for block in plan(network.spec).frozen for row in block.rows for name in row}
        assert set(new) - set(found) == frozen
        for line in update:
            numbers = text(line.forms[-1], FULL)
            assert computed(numbers, {"floor": math.floor, "pi": math.pi}) == pytest.approx(
                line.value, rel=1e-9, abs=1e-13
            ), numbers
