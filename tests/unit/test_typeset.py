"""Expressions of pages as text, LaTeX and MathML."""

import ast
import math
from xml.etree import ElementTree

import pytest

from nngen.learning import typeset
from nngen.learning.typeset import Digits, Symbols, tree
from nngen.learning.typeset.latex import escaped
from nngen.plan.planner import plan
from nngen.targets.modules import as_module
from tests.support.modules import named, spec
from tests.support.networks import NETWORKS
from tests.support.typeset import FULL, computed, text
from tests.support.worksheets import ALONE, page

WRITTEN = [
    ("b_h1 + w_h1_x1 * x1", "b_h1 + w_h1_x1·x1", r"b_{h_{1}} + w_{h_{1},x_{1}} \, x_{1}"),
    ("dz_y * w_y_h1", "∂loss/∂z_y · w_y_h1", r"\frac{\partial L}{\partial z_{y}} \cdot w_{y,h_{1}}"),
    (
        "da_h1 * a_h1 * (1.0 - a_h1)",
        "∂loss/∂a_h1 · a_h1 · (1 − a_h1)",
        r"\frac{\partial L}{\partial a_{h_{1}}} \cdot a_{h_{1}} \cdot \left(1 - a_{h_{1}}\right)",
    ),
    ("a_y - (z_y - y_y)", "a_y − (z_y − y_y)", r"a_{y} - \left(z_{y} - y_{y}\right)"),
    ("sigmoid(z_y)", "σ(z_y)", r"\sigma\left(z_{y}\right)"),
    ("math.exp(-abs(z_y))", "exp(−|z_y|)", r"e^{-\left|z_{y}\right|}"),
    (
        "log1p(x1) + math.expm1(x2)",
        "log(1 + x1) + (exp(x2) − 1)",
        r"\log\left(1 + x_{1}\right) + \left(e^{x_{2}} - 1\right)",
    ),
    ("(x1 + x2) / math.sqrt(z_y)", "(x1 + x2) / √z_y", r"\frac{x_{1} + x_{2}}{\sqrt{z_{y}}}"),
    (
        "1.0 if z_y > 0.0 else 0.0",
        "1 if z_y > 0, else 0",
        r"\begin{cases} 1 & \text{if $z_{y} > 0$} \\ 0 & \text{else} \end{cases}",
    ),
    ("0.0 if z_y < 0.0 else z_y", "max(z_y, 0)", r"\max\left(z_{y}, 0\right)"),
    ("dz_y ** 2 / 2.0", "(∂loss/∂z_y)² / 2", r"\frac{\left(\frac{\partial L}{\partial z_{y}}\right)^{2}}{2}"),
    ("0.9 ** (x1 + 1)", "0.9^(x1 + 1)", r"{0.9}^{x_{1} + 1}"),
    (
        "x1 - d * float((x2 > 0.0) - (x2 < 0.0))",
        "x1 − d·sign(x2)",
        r"x_{1} - d \cdot \operatorname{sign}\left(x_{2}\right)",
    ),
    ("0.1 * (x1 / x2) / 1e-08", "0.1·(x1 / x2) / 1e−8", r"\frac{0.1 \cdot \frac{x_{1}}{x_{2}}}{10^{-8}}"),
]


def of_xor(expression: str) -> tree.Node:
    """An expression in the names of the XOR network."""
    return typeset.read(expression, Symbols(plan(spec(named("xor_mlp")))))


@pytest.mark.parametrize(("expression", "text", "latex"), WRITTEN)
def test_expressions_are_written_as_in_print(expression: str, text: str, latex: str) -> None:
    read = of_xor(expression)
    assert typeset.Text().whole(read) == text
    assert typeset.LaTeX().whole(read) == latex


def test_numbers_stand_under_their_names() -> None:
    sums = of_xor("b_h1 + w_h1_x1 * x1 + w_h1_x2 * x2")
    values = {"b_h1": 0.1, "w_h1_x1": 0.4, "x1": 0.9, "w_h1_x2": -0.2, "x2": 0.1}
    assert typeset.wrapped([sums, typeset.with_numbers(sums, values)]) == [
        ["b_h1 + w_h1_x1·x1 + w_h1_x2·x2"],
        ["0.1  + 0.4·0.9    + (−0.2)·0.1"],
    ]


def test_a_mean_is_broken_and_aligned_as_its_sum_is() -> None:
    mean = of_xor("(x1 + x2 - z_y) / 3.0")
    numbers = typeset.with_numbers(mean, {"x1": 0.125, "x2": 1.0, "z_y": -0.5})
    assert typeset.wrapped([mean, numbers]) == [["(x1    + x2 − z_y) / 3"], ["(0.125 + 1  − (−0.5)) / 3"]]
    assert typeset.wrapped([mean], width=8) == [["(x1 + x2", " − z_y) / 3"]]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1.0, Digits(), "1"),
        (-0.25, Digits(), "−0.25"),
        (-0.0, Digits(), "0"),
        (2 / 3, Digits(3), "0.667"),
        (2 / 3, FULL, "0.6666666666666666"),
        (1e-8, Digits(), "1e−8"),
        (-1.5e300, FULL, "−1.5e300"),
        (math.inf, Digits(), "∞"),
        (-math.inf, FULL, "−∞"),
        (math.nan, Digits(), "NaN"),
    ],
)
def test_numbers(value: float, digits: Digits, text: str) -> None:
    assert digits.text(value) == text


def test_a_minus_sign_stands_in_parentheses_but_where_an_expression_begins() -> None:
    product = tree.Product((tree.Number(-2.0), tree.Number(-3.0)))
    assert text(product) == "−2 · (−3)"
    assert text(tree.Sum((product, product, tree.Negative(product)))) == "−2·(−3) + (−2)·(−3) − (−2)·(−3)"
    assert text(of_xor("y_y ** 2")) == "y_y²"
    assert text(typeset.with_numbers(of_xor("y_y ** 2"), {"y_y": -3.0})) == "(−3)²"
    assert text(typeset.with_numbers(of_xor("y_y ** 2"), {"y_y": 3e-7})) == "(3e−7)²"
    assert text(typeset.with_numbers(of_xor("math.sqrt(y_y)"), {"y_y": 3e-7})) == "√(3e−7)"
    assert text(of_xor("math.sqrt(math.exp(y_y)) ** 2")) == "(√exp(y_y))²"


def test_what_is_left_out_of_a_sum_is_counted_and_summed_up() -> None:
    assert text(tree.Sum((tree.Number(1.0), tree.Rest(62)))) == "1 + ⟨62 more⟩"
    assert text(tree.Sum((tree.Number(1.0), tree.Rest(62, -0.5)))) == "1 + (−0.5)"


def test_a_name_is_what_the_plan_made_it() -> None:
    underscores = Symbols(plan(NETWORKS["layer normalization"].spec))
    assert (underscores("dgain_o1").base, underscores("dgain_o1").indices) == ("gain", ("o1",))
    assert underscores("dgain_o1").slope
    assert not underscores("deviation_h").slope
    assert underscores("dz_h1").by == underscores("z_h1")


def assignments(name: str) -> tuple[dict[str, object], list[ast.Assign]]:
    """A network's page as a module's names, and its equations."""
    text = page(NETWORKS[name])
    functions = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    found = [node for node in functions["gradient"].body if isinstance(node, ast.Assign)]
    return vars(as_module("net", text)), [node for node in found if isinstance(node.targets[0], ast.Name)]


CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2}


def well_formed(markup: str) -> ElementTree.Element:
    """MathML as a tree, in which each element has as many children as it needs."""
    root = ElementTree.fromstring(markup.replace("&#160;", " "))
    for element in root.iter():
        assert len(element) == CHILDREN.get(element.tag, len(element)), markup
        assert element.tag in ("mi", "mn", "mo", "mtext") or not (element.text or "").strip(), markup
    return root


def number_of(name: str, place: int) -> float:
    """A number for a name of this symbol."""
    if name == "seed":
        return 5
    size = 0.1 + 0.07 * (place % 11)
    return size if name.startswith(("a", "e_", "total", "variance", "square", "deviation", "y", "f")) else -size


@pytest.mark.parametrize("name", ALONE)
def test_every_equation_of_every_page_is_set(name: str) -> None:
    module, found = assignments(name)
    symbols = Symbols(plan(NETWORKS[name].spec))
    for statement in found:
        value = typeset.read(statement.value, symbols)
        called = {node.func for node in ast.walk(statement.value) if isinstance(node, ast.Call)}
        names = [n.id for n in ast.walk(statement.value) if isinstance(n, ast.Name) and n not in called]
        values = {name: number_of(name, place) for place, name in enumerate(names) if name != "math"}
        meant = eval(ast.unparse(statement.value), module | values)
        numbers = typeset.with_numbers(value, values)
        assert computed(text(numbers, FULL), module) == pytest.approx(meant, rel=1e-9, abs=1e-12)
        for node in (value, numbers):
            marked = {
                e.attrib["data-name"]
                for e in well_formed(f"<math>{typeset.MathML().whole(node)}</math>").iter()
                if "data-name" in e.attrib
            }
            assert marked == set(values)
            assert typeset.LaTeX().whole(node).count("{") == typeset.LaTeX().whole(node).count("}")


def test_text_of_strangers_is_escaped() -> None:
    symbol = typeset.Symbol("</mi><script>", "</mi><script>", ("<b>", '"&'))
    node = tree.Name(symbol)
    assert "<script>" not in typeset.MathML().whole(node)
    assert '"&"' not in typeset.MathML().whole(node)
    assert typeset.LaTeX().whole(tree.Name(typeset.Symbol("%", "a%$", ("#_", "{}")))) == (
        r"\mathrm{a\%\$}_{\mathrm{\#\_},\mathrm{\{\}}}"
    )


def test_options_of_commands_have_two_hyphens() -> None:
    assert escaped("nngen build a_b.yaml --target xlsx") == r"nngen build a\_b.yaml -{}-target xlsx"
