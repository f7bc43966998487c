"""Formulas of the user's own: of a text nothing but the arithmetic is kept, and of hostile texts nothing at all."""

import ast
import math
import random
import re

import pytest

from nngen.description.model.spec import Spec
from nngen.mathematics.formulas.evaluate import computation
from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.grammar import FUNCTIONS
from nngen.mathematics.formulas.user_text import MAX_TEXT, TextError, normal_form
from nngen.plan.planner import plan
from nngen.targets.render import render
from tests.support.limits import processor_limit
from tests.support.network import layer as layer_of
from tests.support.network import network
from tests.support.networks import OWN

Z = {"z": "the weighted sum"}
ATOMS = {
    *(ast.Expression, ast.Load, ast.Name, ast.Constant, ast.UnaryOp, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult),
    *(ast.Div, ast.Pow, ast.Call, ast.Compare, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("z+sin( z )**2", "z + sin(z) ** 2"),
        ("2*z", "2.0 * z"),
        ("+z", "z"),
        ("(((z)))", "z"),
        ("z**2.0", "z**2"),
        ("z**-3", "z**-3"),
        ("z**1001", "z**1001.0"),
        ("z**0.5", "sqrt(z)"),
        ("z**1", "z"),
        (".5*z + 1.", "0.5 * z + 1.0"),
        ("1E-3*z", "0.001 * z"),
        ("z\n + 1\t", "z + 1.0"),
        ("z - (1 - z)", "z - (1.0 - z)"),
        ("where(0<z<=1, z, 0)", "where(0.0 < z <= 1.0, z, 0.0)"),
        ("z / sqrt(2)", "z / 1.4142135623730951"),
        ("z * log(cos(0) + 1 - 0.5)", "z * 0.4054651081081644"),
        ("z * sin(-1)", "z * -0.8414709848078965"),
        ("z * where(1 > 2, 3, 4)", "z * 4.0"),
        ("z + log(-1)", "z + log(-1.0)"),
        ("0 + 0*z", "0.0 * z"),
        ("z + z**0", "z + z**0"),
        ("z + sin(0)", "z + 0.0"),
        ("z + sin(0.005)", "z + 0.004999979166692708"),
    ],
)
def test_the_normal_form(text: str, expected: str) -> None:
    assert normal_form(text, Z).text == expected


@pytest.mark.parametrize(("text", "start", "width"), [("z + sn(z)", 4, 2), ("  z + x", 6, 1), ("(z + 1", 0, 1)])
def test_mistakes_have_a_place(text: str, start: int, width: int) -> None:
    with pytest.raises(TextError) as caught:
        normal_form(text, Z)
    assert (caught.value.start, caught.value.width) == (start, width)


PIECES = [
    *"()+-*/<>=,.:;^%@!#&|~[]{}'\"\\ \n\t_0123456789zay",
    *("**", "//", "==", "!=", ":=", "->", "...", "e9", "1e", "0x", "1j", "9" * 40, "__class__", "__import__"),
    *("lambda", "if", "else", "for", "in", "import", "await", "yield", "None", "True", "eval", "exec", "os"),
    *(" # ", "\\n", "{{", "{%", '"""', "\N{SUPERSCRIPT TWO}", "\N{FULLWIDTH LATIN SMALL LETTER Z}", "\u202e", "\x00"),
    *FUNCTIONS,
    *("z", "z", "z", "(", ")", "sin(", "where(", ", ", " + ", " * ", "2", "0.5"),
]


def texts(count: int) -> list[str]:
    """Random texts, most of them no formulas, and formulas with random damage."""
    r = random.Random(1)
    formulas = [str(own["value"]) for own in OWN.values()]
    made = []
    for _ in range(count):
        whole = r.choice(formulas)
        at = r.randrange(len(whole) + 1)
        made.append("".join(r.choices(PIECES, k=r.randint(1, 12))))
        made.append(whole[:at] + r.choice(PIECES) + whole[at + r.randint(0, 2) :])
    return made


def tried(text: str) -> tuple[Formula | None, int]:
    """The formula of a text, or where its mistake begins."""
    try:
        return normal_form(text, Z), 0
    except TextError as error:
        return None, error.start


def test_of_random_texts_nothing_but_arithmetic_is_left() -> None:
    kept = 0
    for text in texts(20_000):
        found, place = tried(text)
        assert 0 <= place <= len(text), text
        if found is None:
            continue
        kept += 1
        assert len(found.text) <= MAX_TEXT
        assert re.fullmatch(r"[\w+\-*/().,<>= ]+", found.text, re.ASCII), text
        tree = ast.parse(found.text, mode="eval")
        assert {type(node) for node in ast.walk(tree)} <= ATOMS, text
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert names <= {"z", *FUNCTIONS}, text
        powers = {id(n.right) for n in ast.walk(tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)}
        signed = {id(n.operand) for n in ast.walk(tree) if isinstance(n, ast.UnaryOp) and id(n) in powers}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                assert type(node.value) is float or id(node) in powers | signed, text
                assert isinstance(node.value, int | float)
                assert abs(node.value) <= 1e30, text
    assert kept > 1_500


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_a_page_has_a_formula_and_not_its_text(target: str) -> None:
    hidden = {"value": "( ( 3*z ) )\n\n+\tabs( z )  ", "slope": "3 + sign(  z)"}
    spec = network(
        [layer_of("h", 2, "bent"), layer_of("o", 1, "linear")], "squared_error", activations={"bent": hidden}
    )
    page = render(plan(spec.spec), spec.spec, target)
    assert "Activation: bent, 3.0 * z + abs(z)." in page
    assert "( (" not in page
    assert "sign(  z)" not in page


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000 + "z" + ")" * 100_000,
        "-" * 199 + "z",
        "z" + "**9" * 66,
        "9" * 199,
        "sin(" * 49 + "z",
        "z" + "*z" * 99,
        "z<" * 99 + "z",
    ],
)
def test_hostile_texts_are_refused_fast(text: str) -> None:
    with processor_limit(20), pytest.raises((TextError, ValueError)):
        Spec.model_validate(
            network([layer_of("o", 1, "linear")], "squared_error").spec.model_dump(by_alias=True)
            | {"activations": {"bent": {"value": text}}}
        )


def test_numbers_are_what_they_were() -> None:
    r = random.Random(2)
    for _ in range(500):
        number = r.uniform(0, 10) ** r.randint(-20, 20)
        written = r.choice([repr(number), f"{number:.3e}", f"{number:.5f}"])
        if float(written) < 1e30:
            value, _ = computation(normal_form(f"z * {written}", Z), "z")(1.0)
            assert math.isclose(value, float(written), rel_tol=0.0, abs_tol=0.0)
