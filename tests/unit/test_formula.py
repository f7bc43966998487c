import math

import pytest

from nngen.mathematics.formulas.formula import MAX_LENGTH, Formula
from nngen.mathematics.formulas.grammar import FormulaError
from nngen.mathematics.formulas.lines import line
from nngen.mathematics.formulas.printer import number
from nngen.mathematics.formulas.vocabulary import PLAIN
from nngen.targets.targets import TARGETS
from tests.support.formulas import NUMPY, PYTHON, plain, same

REFUSED = """
    __import__('os')
    __import__('os').system('true')
    print(z)
    eval(z)
    (lambda: z)()
    lambda: 1
    math.exp(z)
    exp(z)(z)
    exp(z).real
    z.__class__
    z[0]
    z[0:1]
    'z'
    b'z'
    f'{z}'
    True
    None
    ...
    1j
    exp(z=1)
    exp(**z)
    exp(*z)
    *z
    exp()
    exp(z, z)
    maximum(z)
    where(z, 1)
    where(z, 1, 2, 3)
    gamma(z)
    [z]
    (z, z)
    {z}
    {z: z}
    [z for z in y]
    -[z]
    [z] + 1
    1 + [z]
    [z] < 1
    1 < [z]
    exp([z])
    (z for z in y)
    (z := 1)
    z if y else 1
    not z
    z and y
    +z
    ~z
    z // 2
    z @ y
    z ^ 2
    z | 2
    z << 2
    z != y
    z is y
    z in y
    z < y != 1
    await z
    yield z
    z = 1
    z; y
    z y
    z +
    (z
    import os
    """


@pytest.mark.parametrize("text", ["", "\0", "z\n", "z\nz", *filter(None, map(str.strip, REFUSED.splitlines()))])
def test_what_is_no_arithmetic_is_refused(text: str) -> None:
    if text == "z\n":  # the one harmless text among them
        assert plain(text) == "z"
        return
    with pytest.raises(FormulaError):
        Formula(text)


def test_refusals_say_what_is_wrong() -> None:
    for text, message in [
        ("z + y.real", "'z + y.real': 'y.real' is not arithmetic"),
        ("gamma(z)", "'gamma(z)': unknown function 'gamma'; known: abs, "),
        ("exp(z, y)", "'exp(z, y)': exp takes 1, not 2 arguments"),
        ("z +", "'z +' is not a formula: "),
    ]:
        with pytest.raises(FormulaError) as refusal:
            Formula(text)
        assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("start", ["-", "(", "exp(", "z + ", "z ** ", "z < ", "-("])
@pytest.mark.parametrize("depth", [30, 60, 90, 190, MAX_LENGTH - 1, 1_000, 100_000])
def test_deep_nesting_is_read_or_refused(start: str, depth: int) -> None:
    text = start * depth + "z" + ")" * start.count("(") * depth
    if len(text) > MAX_LENGTH:
        with pytest.raises(FormulaError, match=f"at most {MAX_LENGTH} characters"):
            Formula(text)
    else:
        assert Formula(text).variables == ("z",)
        assert Formula(text).write(NUMPY, same)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("((z))", "z"),
        ("(a*b)+c", "a * b + c"),
        ("a*(b+c)", "a * (b + c)"),
        ("(a-b)-c", "a - b - c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a/(b*c)", "a / (b * c)"),
        ("(a/b)*c", "a / b * c"),
        ("-(a+b)", "-(a + b)"),
        ("-(a*b)", "-(a * b)"),
        ("(-a)*b", "-a * b"),
        ("a*(-b)", "a * -b"),
        ("a-(-b)", "a - -b"),
        ("-a**2", "-(a**2)"),  # as the formatter has it
        ("(-a)**2", "(-a) ** 2"),
        ("a**-b", "a**-b"),
        ("(a**b)**c", "(a**b) ** c"),
        ("a**(b**c)", "a ** b**c"),
        ("(a-b)**2", "(a - b) ** 2"),
        ("exp(a)**2", "exp(a) ** 2"),
        ("a**2", "a**2"),
        ("a ** 0.5", "a**0.5"),
        ("(a<b)<c", "(a < b) < c"),
        ("a<(b<c)", "a < (b < c)"),
        ("(a<b)*c", "(a < b) * c"),
        ("0<=a<1", "0 <= a < 1"),
        ("1e-8+1E3*z+.5+1.", "1e-8 + 1E3 * z + .5 + 1."),  # as they are written
        ("1.0 + 0.5", "1.5"),
        ("1.0 - 1.5", "-0.5"),
        ("(1.0 - 1.5)**2", "(-0.5) ** 2"),
        ("z * (1.0 - -1.0)", "z * 2.0"),
        ("z + 1.0 + 2.0", "z + 1.0 + 2.0"),
        ("1 + 2", "1 + 2"),  # a count of units, which the reader wants to see
        ("1.0e308 - -1.0e308", "1.0e308 - -1.0e308"),  # no number
        ("maximum(exp(a),b)", "maximum(exp(a), b)"),
    ],
)
def test_parentheses_and_spaces(text: str, expected: str) -> None:
    assert plain(text) == expected
    assert plain(expected) == expected


@pytest.mark.parametrize(
    ("text", "python", "numpy"),
    [
        ("where(z > 0.0, 1.0, 0.0)", "1.0 if z > 0.0 else 0.0", "np.where(z > 0.0, 1.0, 0.0)"),
        ("da * where(z > 0.0, 1.0, 0.0)", "da * (1.0 if z > 0.0 else 0.0)", "da * (z > 0.0).astype(float)"),
        ("exp(where(z > y, z, y))", "math.exp(z if z > y else y)", "np.exp(np.where(z > y, z, y))"),
        ("where(z > 0.0, where(y > 0.0, 1.0, 2.0), 3.0)", "(1.0 if y > 0.0 else 2.0) if z > 0.0 else 3.0", None),
        ("maximum(z, 0.0)", "0.0 if z < 0.0 else z", "np.maximum(z, 0.0)"),
        ("exp(maximum(z, 0.0))", "math.exp(max(z, 0.0))", "np.exp(np.maximum(z, 0.0))"),
        ("2.0 * where(z > 0.0, 1.0, 0.0)", "2.0 * (1.0 if z > 0.0 else 0.0)", "2.0 * np.where(z > 0.0, 1.0, 0.0)"),
        (
            "da * where(0.0 < z < 6.0, 1.0, 0.0)",
            "da * (1.0 if 0.0 < z < 6.0 else 0.0)",
            "da * ((0.0 < z) & (z < 6.0)).astype(float)",
        ),
        ("minimum(z, -z)", "min(z, -z)", "np.minimum(z, -z)"),
        ("abs(z) + log1p(sqrt(z))", "abs(z) + log1p(math.sqrt(z))", "np.abs(z) + np.log1p(np.sqrt(z))"),
        ("tanh(log(z))", "math.tanh(math.log(z))", "np.tanh(np.log(z))"),
        ("0.0 <= y <= 1.0", "0.0 <= y <= 1.0", "(0.0 <= y) & (y <= 1.0)"),
        ("-2.0 < y + 1.0 < 2.0", "-2.0 < y + 1.0 < 2.0", "np.abs(y + 1.0) < 2.0"),
        ("-2.0 < y < 3.0", "-2.0 < y < 3.0", "(-2.0 < y) & (y < 3.0)"),
        ("a < b <= c == d", "a < b <= c == d", "(a < b) & (b <= c) & (c == d)"),
        ("(a < b < c) * z", "(a < b < c) * z", "((a < b) & (b < c)) * z"),
        ("y * (1.0 - y) == 0.0", "y * (1.0 - y) == 0.0", "y * (1.0 - y) == 0.0"),
    ],
)
def test_the_words_of_the_targets(text: str, python: str, numpy: str | None) -> None:
    assert Formula(text).write(PYTHON, same) == python
    if numpy is not None:
        assert Formula(text).write(NUMPY, same) == numpy


def test_small_powers_are_products_where_there_is_no_operator_for_them() -> None:
    found = [Formula(f"(z + y)**{n}").write(TARGETS["c"].words, same) for n in (2, 3, 4)]
    assert found[0] == "(z + y) * (z + y)"
    assert found[1] == "(z + y) * (z + y) * (z + y)"
    assert found[2].startswith("pow(z + y, 4")


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("s + g**2", "s + g * g"),
        ("0.5 * (a - y) ** 2", "0.5 * ((a - y) * (a - y))"),
        ("1.0 / (1.0 + abs(z)) ** 2", "1.0 / ((1.0 + abs(z)) * (1.0 + abs(z)))"),
        ("maximum(z, 0.0) ** 2", "_power(max(z, 0.0), 2)"),
        ("z**2.5", "_power(z, 2.5)"),
        ("2.0**z", "_power(2.0, z)"),
        ("1.5 ** (t - 1)", "_power(1.5, t - 1)"),
        ("tanh(z) ** 0.5", "_power(math.tanh(z), 0.5)"),  # which is complex below 0
        ("sin(z) ** 2", "math.sin(z) ** 2"),
        ("0.9**t", "0.9**t"),
        ("2.0**-7", "2.0**-7"),
    ],
)
def test_powers_in_python_are_written_so_that_none_raises(text: str, python: str) -> None:
    assert Formula(text).write(PYTHON, same) == python


def test_names_are_put_in_in_one_pass() -> None:
    formula = Formula("a - e * y + 1e-8")
    assert formula.write(PLAIN, {"a": "y", "y": "a", "e": "z"}.__getitem__) == "y - z * a + 1e-8"
    assert formula.rename({"a": "b - c", "y": "b - c"}).text == "b - c - e * (b - c) + 1e-8"
    assert formula.rename({"a": "b < c", "y": "b"}).text == "(b < c) - e * b + 1e-8"
    choice = {"a": "b if c else d", "y": "-b", "e": "z"}.__getitem__
    assert formula.write(PLAIN, choice) == "(b if c else d) - z * -b + 1e-8"
    assert formula.variables == ("a", "e", "y")
    assert Formula("exp(exp) + exp(z)").variables == ("exp", "z")


def test_negative_numbers_are_bound_in() -> None:
    assert Formula("z**2 - c * z").bind({"c": -0.5}).text == "z**2 - -0.5 * z"
    assert Formula("c**2 + -c").bind({"c": -0.5}).text == "(-0.5) ** 2 + --0.5"
    assert Formula("low + (high - low) * u").bind({"low": -1, "high": 1}).text == "2.0 * u - 1.0"
    assert Formula("a + b * u").bind({"a": -0.5, "b": 1.0}).text == "u - 0.5"
    assert Formula("a + b * u").bind({"a": 0.0, "b": 0.5}).text == "0.5 * u"
    assert Formula("(u + v) * b").bind({"b": 1.0}).write(PLAIN) == "u + v"
    assert Formula("w - rate * (g + v)").bind({"rate": 1.0}).text == "w - (g + v)"
    assert Formula("z - c").bind({"c": 1e-8}).text == "z - 1e-08"


def test_products_and_quotients() -> None:
    da = Formula("da")
    assert da.times(Formula("1.0")) is da
    assert da.times(Formula("a * (1.0 - a)")).text == "da * a * (1.0 - a)"
    assert da.times(Formula("1.0 - a**2")).text == "da * (1.0 - a**2)"
    assert da.times(Formula("f(a)", frozenset("f"))).page_functions == frozenset("f")
    assert Formula("a - y").divided_by("n").text == "(a - y) / n"
    assert Formula("2.0 * (a - y)").divided_by("3.0").divided_by("n").text == "2.0 * (a - y) / 3.0 / n"


def test_what_a_formula_knows_of_itself() -> None:
    assert Formula("z").bare
    assert Formula("z" * MAX_LENGTH).bare
    assert not Formula("(z)").bare
    assert not Formula("1.0").bare
    assert sorted(Formula("exp(z) + exp(abs(y))").calls) == ["abs", "exp", "exp"]
    with pytest.raises(FormulaError, match="exp takes 1, not 2 arguments"):
        Formula("exp(z, z)")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(1.0, 2.0, "3.0"), (1e308, 1e308, "1e+308 + 1e+308"), (0.3900605, 0.4998, "0.8898604999999999")],
)
def test_numbers_are_added_where_that_makes_them_no_longer(before: float, after: float, expected: str) -> None:
    assert Formula("c + d").bind({"c": before, "d": after}).text == expected


def test_lines() -> None:
    assert line("e = exp(z - top)") == line("e = exp(z - top)")
    for text, expected in [
        ("e = exp(z - top)", ("e", "exp(z - top)", "unit")),
        ("total = sum(e)", ("total", "e", "sum")),
        ("top = max(z - 1.0)", ("top", "z - 1.0", "max")),
    ]:
        read = line(text)
        assert (read.name, read.formula.text, read.kind) == expected


@pytest.mark.parametrize("value", [0.1, -0.0, 1e-8, 5e-324, 1.7976931348623157e308, 3, 1 / 3])
def test_numbers_read_back_exactly(value: float) -> None:
    assert math.copysign(1.0, float(number(value))) == math.copysign(1.0, value)
    assert float(number(value)) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.5 * (a - y) ** 2", ("0.5", "a - y")),
        ("(a - y) ** 2", ("1.0", "a - y")),
        ("2 * a ** 2", ("2.0", "a")),
        ("(a - y) ** 2 / 3.0", None),
        ("(a - y) ** 3", None),
        ("0.5 + (a - y) ** 2", None),
        ("a * y ** 2", None),
        ("2.0 ** 2", None),
    ],
)
def test_a_number_times_a_square(text: str, expected: tuple[str, str] | None) -> None:
    square = Formula(text).square
    assert (square and (square[0], square[1].text)) == expected
