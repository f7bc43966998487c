"""The layout of long statements and texts; tests/pages/test_pages.py compares whole pages with the formatter."""

import ast
import random
import re
import subprocess
import sys
from functools import reduce
from itertools import accumulate
from operator import add as add_up
from pathlib import Path

import pytest

from nngen.common.text import columns, counted
from nngen.mathematics.formulas import MARKS, flat
from nngen.reading.source import parse
from nngen.targets import braces, c_layout, javascript_layout, modules
from nngen.targets.braces import Braces
from nngen.targets.line_breaks import WIDTH
from nngen.targets.prose import literal, pieces, span
from nngen.targets.python_layout import (
    add,
    assign,
    average,
    comment,
    items,
    opening,
    prose,
    return_call,
    return_sum,
    statement,
    strings,
    unpack,
)
from nngen.targets.rows import fitting
from nngen.targets.sums import MAX_TERMS
from nngen.targets.targets import TARGETS
from tests.support.formatted import rows_apart
from tests.support.modules import ROOT
from tests.support.networks import NETWORKS


def names(count: int, length: int = 12) -> list[str]:
    return [f"n{index}".ljust(length, "n") for index in range(count)]


def test_what_fits_stays_on_its_line() -> None:
    value = "v" * (WIDTH - len("    a = "))
    assert assign(value, "a") == f"a = {value}"
    assert assign(value + "v", "a") == f"a = {value}v"  # a name alone has nothing to break at
    assert assign(f"f(⟨{value}⟩)", "a") == f"a = f(\n        {value}\n    )"
    assert assign(f"{value}()", "a") == f"a = {value}()"  # nor has a call without arguments


@pytest.mark.parametrize("terms", [1, 2, MAX_TERMS, MAX_TERMS + 1, 1_500, 3_000])
def test_sums_of_any_length_compile_and_add_from_the_left(terms: int) -> None:
    values = {name: 10.0 ** random.Random(index).randint(-9, 9) for index, name in enumerate(names(terms))}
    scope: dict[str, object] = dict(values)
    exec(add(values, "total", 0), scope)
    assert scope["total"] == reduce(add_up, values.values())  # sum() adds more exactly since Python 3.12
    statements = ast.parse(add(values, "total", 0)).body
    assert len(statements) == -(-max(terms - 1, 1) // (MAX_TERMS - 1 if terms > MAX_TERMS else MAX_TERMS))


@pytest.mark.parametrize("terms", [1, 2, MAX_TERMS, MAX_TERMS + 1, 2 * MAX_TERMS, 1_500])
def test_sums_that_are_returned_and_means_are_of_all_terms(terms: int) -> None:
    scope: dict[str, object] = {name: float(number) for number, name in enumerate(names(terms))}
    for written in (return_sum(names(terms)), f"{average(names(terms), 'mean')}\n    return mean * {terms}"):
        exec(f"def found():\n    {written}\nfound = found()", scope)
        assert scope["found"] == pytest.approx(terms * (terms - 1) / 2)
    assert return_sum(names(terms)).startswith("total =") == (terms > MAX_TERMS)
    assert (f"= mean / {terms}.0" in average(names(terms), "mean")) == (terms > MAX_TERMS)
    assert ("flat" in return_call(names(terms), "f")) == (terms > MAX_TERMS)


@pytest.mark.parametrize("count", [1, 2, 5, 40, 3_000])
@pytest.mark.parametrize("length", [3, 118])
def test_names_are_unpacked_in_order(count: int, length: int) -> None:
    rows = [names(count, length), [f"m{index}" for index in range(3)]]
    scope: dict[str, object] = {"source": list(range(count + 3))}
    text = unpack(rows, "source", 0)
    exec(text, scope)
    assert [scope[name] for row in rows for name in row] == list(range(count + 3))
    assert length == 118 or max(map(len, text.split("\n"))) <= WIDTH


@pytest.mark.parametrize("brackets", ["()", "[]"])
@pytest.mark.parametrize("count", [1, 2, 5, 40, 3_000])
def test_items_stand_in_order(count: int, brackets: str) -> None:
    rows = [[repr(name) for name in row] for row in (names(count), names(1), names(7, 40))]
    for some in (rows, rows[:1]):
        written = items(some, f"made = {brackets[0]}", brackets[1], 0)
        scope: dict[str, object] = {}
        exec(written, scope)
        made = scope["made"]
        assert isinstance(made, tuple if brackets == "()" else list)
        assert list(made) == [ast.literal_eval(item) for row in some for item in row]
        assert max(map(len, written.split("\n"))) <= WIDTH


@pytest.mark.parametrize(
    ("braces", "margin", "end"), [(javascript_layout.BRACES, "  ", ","), (c_layout.BRACES, "    ", "")]
)
def test_arguments_on_lines_of_their_own(braces: Braces, margin: str, end: str) -> None:
    """C has steps of four columns, and takes no comma behind the last argument."""
    one, other = names(2, 60)
    assert braces.statement("a = ", f"f(⟨{one},↵{other}⟩)", 0) == f"a = f(\n{margin}{one},\n{margin}{other}{end}\n);"
    assert braces.statement("a = ", f"{one} +↵{other}", 0) == f"a =\n{margin}{one} +\n{margin}{other};"


def test_numbers_of_an_array_stand_in_rows() -> None:
    rows = [["dw", "0.0"], ["db"]]
    assert c_layout.unpack([["w", "v"], ["b"]], "p", "const double ") == (
        "const double w = p[0], v = p[1];\n    const double b = p[2];"
    )
    assert braces.stored(rows, "g", "+=", {"db": "db + b"}) == "g[0] += dw;\n    g[2] += db + b;"


def test_a_condition() -> None:
    assert statement("if ", "not (⟨0.0↵<= y↵<= 1.0⟩)", ":") == "if not (0.0 <= y <= 1.0):"
    conditions = "↵and ".join(f"⟦0.0↵<= {name}↵<= 1.0⟧" for name in names(9))
    lines = statement("if ", f"not (⟨{conditions}⟩)", ":").split("\n")
    assert lines[0] == "if not ("
    assert lines[1] == "        0.0 <= n0nnnnnnnnnn <= 1.0"
    assert lines[-1] == "    ):"


def test_marks_of_line_breaks_in_a_text_are_escaped() -> None:
    for text in (f"a{MARKS}b", f'"{MARKS}', f"[{MARKS},⟩]"):
        assert ast.literal_eval(literal(text)) == text
        assert flat(literal(text)) == literal(text)


def test_strings_are_cut_between_words() -> None:
    assert strings(["net", "W[h][x]"], "LAYOUT") == 'LAYOUT = "net W[h][x]"'
    parts = [*names(90, 30), " ".join(names(20, 14)), "w" * 250]
    written = strings(parts, "LAYOUT")
    scope: dict[str, object] = {}
    exec(written, scope)
    assert scope["LAYOUT"] == " ".join(parts)
    assert max(map(len, written.split("\n"))) <= WIDTH


def test_comments_and_prose_are_wrapped_between_words() -> None:
    words = [f"word-{index}" for index in range(100)]
    for line in comment(" ".join(words)).split("\n    "):
        assert line.startswith("# ")
        assert len(line) <= WIDTH - 4
    wrapped = prose(" ".join(words), 4).split("\n    ")
    assert max(map(len, wrapped)) <= WIDTH - 4
    assert " ".join(wrapped).split() == words
    assert prose("one\ntwo\n\n\n\nthree   four\n") == "one two\n\nthree four"
    link = "https://example.org/" + "path/" * 30
    assert prose(f"see {link} there") == f"see\n{link}\nthere"  # a link is not cut


def test_wide_characters_take_two_columns() -> None:
    assert columns("abc") == 3
    assert columns("é") == columns("e\N{COMBINING ACUTE ACCENT}") == 1
    assert columns("日本語") == 6
    assert [len(line) for line in prose("日 " * 60).split("\n")] == [79, 39]  # 40 of them, with spaces between


TEXTS = [
    'He said """stop""".',
    'ends with "',
    'ends with ""',
    'ends with """',
    '"""',
    '""""',
    '""""""',
    "ends with '''",
    "\\",
    "ends with \\",
    '\\"',
    '\\"""',
    '\\\\"""\\',
    "\\N{BULLET} \\u0041 \\x41 \\n $\\frac{1}{2}$",
    "{{ plan.name }} {% raise %} {# note #} {{ '}}' }} %}",
    "f'{x}' {x!r} %s %(name)s",
    "∂L/∂w, größer, 日本語, 🙂",
    "word " * 100,
    "one\n\ntwo\n\n\n\nthree",
    "# no comment",
]


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_ends_a_docstring(text: str) -> None:
    page = f'{opening(text)}A page.\n\n{prose(text)}\n\nIts end.\n"""\n\nx = 1\n'
    docstring = ast.get_docstring(ast.parse(page))
    assert docstring is not None
    assert docstring.split() == ["A", "page.", *text.split(), "Its", "end."]
    assert len(ast.parse(page).body) == 2


def expression(r: random.Random, depth: int) -> str:
    """A random expression of the kinds that pages are made of, with marks."""
    name = r.choice("abcdefgz") * r.randint(1, 40)
    inner = [expression(r, depth - 1) for _ in range(r.randint(1, 3))] if depth else []
    if not inner:
        return r.choice([name, name, "0.5", "1e-08", f"{name}.T", f"{name[0]}[0:2]", f"{name}()"])
    match r.randrange(11):
        case 0 if len(inner) > 1:
            sign = r.choice("+*@-/")
            return f"↵{sign} ".join(map(operand, inner))
        case 1:
            return f"{r.choice(['f', 'np.exp', name])}(⟨{',↵'.join(map(group, inner))}⟩)"
        case 2:
            return f"np.sum(⟨{group(inner[0])},↵axis=1,↵keepdims=True⟩)"
        case 3:
            return f"[⟨{group(inner[0])}↵for b, w in zip(⟨{name},↵{group(inner[-1])}⟩)⟩]"
        case 4:
            return f"sum(⟨{group(inner[0])}↵for w in {name}⟩)"
        case 5:
            return f"{name}**2" if bare(inner[0]) else f"{operand(inner[0])}↵** 2"
        case 6:
            return f"[⟨{',↵'.join(map(group, inner))},⟩]"
        case 7:
            return f"f(⟨{',↵'.join(map(group, inner))}⟩).T"
        case 8 if len(inner) > 1:
            test, other = group(f"{name}↵> 0.0"), group(f"{name}↵< 1.0")
            return f"{operand(inner[0])}↵if {test}↵else {operand(inner[1])}↵if {other}↵else {name}"
        case 9:
            return f"-{operand(inner[0])}"
    return f"{name}↵* (⟨1.0↵if {group(f'{name}↵> 0.0')}↵else {name}⟩)"


def group(text: str) -> str:
    return f"⟦{text}⟧"


def operand(text: str) -> str:
    return text if bare(text) else f"(⟨{text}⟩)"


def bare(text: str) -> bool:
    """Whether it needs no parentheses beside an operator."""
    return isinstance(
        ast.parse(flat(text), mode="eval").body, ast.Name | ast.Constant | ast.Call | ast.Attribute | ast.Subscript
    )


def test_random_statements_are_as_the_formatter_has_them(tmp_path: Path) -> None:
    r = random.Random(1)
    lines = []
    for index in range(3_000):
        start = r.choice([f"{'v' * r.randint(1, 80)} = ", "return ", "v: np.ndarray = "])
        value = expression(r, r.randint(0, 3))
        lines.append("    " + statement(start, value))
        assert ast.dump(ast.parse(statement("v = ", value))) == ast.dump(ast.parse(f"v = {flat(value)}"))
        if index % 10 == 0:
            conditions = "↵and ".join(expression(r, 0) for _ in range(9))
            lines.append(f"    {statement('if ', f'not (⟨{conditions}⟩)', ':')}\n        pass")
    file = tmp_path / "statements.py"
    file.write_text(rows_apart("def f():\n" + "\n".join(lines) + "\n"), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={WIDTH}", "--diff", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout or done.stderr)[:5_000]


@pytest.mark.parametrize("terms", [1, MAX_TERMS, MAX_TERMS + 1, 2_000])
def test_lists_of_any_number_are_joined_in_order(terms: int) -> None:
    scope: dict[str, object] = {name: [name] for name in names(terms)} | {"unpack": list}
    exec(f"def joined():\n    {return_call(names(terms), 'unpack')}\nfound = joined()", scope)
    assert scope["found"] == names(terms)


@pytest.mark.parametrize("rooms", [range(1, 60), range(60, 120), [2_000]], ids=["short", "long", "all"])
def test_a_row_is_cut_into_as_few_pieces_as_fit(rooms: list[int]) -> None:
    row = [name[: 1 + index % 12] for index, name in enumerate(names(97))]
    widths = [max(len(", ".join(row[start : start + s])) for start in range(0, len(row), s)) for s in range(1, 98)]
    for room in rooms:
        found = fitting(row, room)
        assert [item for piece in found for item in piece] == row
        most = max((s for s, width in enumerate(widths, 1) if width <= room), default=1)
        assert len(found[0]) == max(-(-len(row) // n) for n in range(1, 98) if -(-len(row) // n) <= most)


def test_numbers_and_names_in_messages() -> None:
    assert [counted(number, "input") for number in (0, 1, 2)] == ["0 inputs", "1 input", "2 inputs"]
    assert span(["x1", "x2"]) == "x1, x2"
    assert span(["x" * 14, "y" * 14]) == f"{'x' * 14}, {'y' * 14}"  # 30 columns
    assert span(["x" * 14, "y" * 15]) == "2 numbers"


def test_strings_have_at_most_a_hundred_characters() -> None:
    assert pieces(["a" * 49 + " " + "b" * 49, "c"]) == ["a" * 49 + " " + "b" * 49 + " ", "c"]
    assert pieces(["a" * 49 + " " + "b" * 50]) == ["a" * 49 + " ", "b" * 50]


END = (
    "loss: {name: LOSS, outputs: mean}\ntraining: {optimizer: {name: gradient_descent, rate: 0.1}, penalty: PENALTY}\n"
)
LONG = {
    "inputs": ("1000", "  - {name: o, units: 1, activation: sigmoid}\n", "binary_cross_entropy", "weights"),
    "outputs": ("1", "  - {name: o, units: 400, activation: softmax}\n", "cross_entropy", "weights"),
    "layers": (
        "1",
        "".join(f"  - {{name: l{i}_, units: 1, activation: tanh}}\n" for i in range(200)),
        "squared_error",
        "layers",
    ),
}


@pytest.mark.parametrize("name", LONG)
def test_no_page_has_a_sum_that_is_too_long_for_a_parser(name: str) -> None:
    """The same for a program with little stack left, as in an import within many calls."""
    size, layers, loss, unroll = LONG[name]
    end = END.replace("LOSS", loss).replace("PENALTY", "{name: l2, strength: 0.01, biases: true}")
    targets = f"targets: [{{name: python, unroll: {unroll}}}]\n"
    text = f"name: net\ninputs: {{name: x, size: {size}}}\nlayers:\n{layers}{end}{targets}"
    (page,) = modules.texts(parse(text, "net.yaml"), Path()).values()
    assert max(map(length, ast.walk(ast.parse(page)))) <= MAX_TERMS
    deep(500, page)


def length(node: ast.AST) -> int:
    """The terms of a sum."""
    terms = 1
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        node, terms = node.left, terms + 1
    return terms


def deep(calls: int, page: str) -> None:
    """Compile a page within this many nested calls."""
    if calls:
        deep(calls - 1, page)
    else:
        compile(page, "page", "exec")


def levels(tree: ast.AST) -> int:
    """The depth of a syntax tree, without recursion."""
    deepest, left = 0, [(tree, 1)]
    while left:
        node, level = left.pop()
        deepest = max(deepest, level)
        left += [(child, level + 1) for child in ast.iter_child_nodes(node)]
    return deepest


def test_no_syntax_tree_of_a_page_is_deep() -> None:
    """Some tools walk the tree recursively; 349 levels were too many for them."""
    text = """
name: wide
inputs: 300
layers:
  - {name: hidden, units: 4, activation: softmax}
  - {name: output, units: 150, activation: softmax}
loss: {name: smoothed_cross_entropy, outputs: mean, class_weights: WEIGHTS}
training:
  optimizer: {name: adam, rate: 0.1}
  clip: {name: norm, most: 1.0}
  penalty: {name: elastic_net, l1: 0.1, l2: 0.1}
targets: [{name: python, unroll: weights}]
""".replace("WEIGHTS", str([1.0 + k % 3 for k in range(150)]))
    (page,) = modules.texts(parse(text, "net.yaml"), Path()).values()
    assert levels(ast.parse(page)) < 250


def brackets(page: str) -> int:
    """The depth of parentheses and square brackets in JavaScript or C, without comments and strings."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\]|\\.)*\"|`[^`]*`", "", page, flags=re.DOTALL)
    steps = (1 if bracket in "([" else -1 for bracket in re.findall(r"[()\[\]]", code))
    depths = list(accumulate(steps))
    assert depths[-1] == 0
    return max(depths)


def nesting(page: str, suffix: str) -> int:
    return levels(ast.parse(page)) if suffix == ".py" else brackets(page)


DEEPEST = {".py": 20, ".mjs": 8, ".h": 6}


def test_committed_pages_are_not_nested_deep() -> None:
    pages = [path for path in (ROOT / "generated").glob("*/*") if path.suffix in DEEPEST and path.stem[-2:] != "_c"]
    depths = {path.name: nesting(path.read_text("utf-8"), path.suffix) for path in pages}
    assert {Path(name).suffix for name in depths} == DEEPEST.keys()
    assert [name for name, depth in depths.items() if depth > DEEPEST[Path(name).suffix]] == []


@pytest.mark.parametrize("name", [*NETWORKS][::8])
def test_pages_of_networks_are_not_nested_deep(name: str) -> None:
    spec = NETWORKS[name].spec
    for target, text in modules.texts(spec, Path(), ["python", "numpy", "javascript", "c"]).items():
        suffix = TARGETS[target].suffix
        assert nesting(text, suffix) <= DEEPEST[suffix]
