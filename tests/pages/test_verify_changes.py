"""``nngen verify`` tries the limits of cells, and lists each line that nngen writes in another way."""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data import encoding
from nngen.plan import plan
from nngen.proof.reference import Encoder, Network
from nngen.proof.verify.answers import Answers
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.cases import Case
from nngen.proof.verify.changes import Bare, of_lines, of_python
from nngen.proof.verify.child import Child
from nngen.proof.verify.module_text import Text
from nngen.reading import load
from nngen.targets import TARGETS, render
from tests.support.edits import edited
from tests.support.modules import named

COLUMNS = """
name: rich
inputs:
  - {name: who, ids: [ann, bob, eve], unknown: row}
  - {name: item, ids: 4}
  - {name: price, number: {thousands: ",", prefix: $}, missing: 3.5, indicator: true}
  - {name: rent, number: {thousands: " ", decimal: ",", suffix: €, minus: after}, missing_texts: ["#N/A"], missing: 1}
  - {name: balance, number: {thousands: ".", decimal: ",", minus: parentheses}}
  - plain
  - {name: day, date: DD.MM.YYYY, parts: [days, month, hour], missing: 2024-05-17}
  - {name: housing, categories: [rent, own, "3"], missing: {category: rent}, unknown: zeros}
  - {name: kind, categories: ["true", "false"]}
layers:
  - {name: a, kind: embedding, from: who, units: 2}
  - {name: b, kind: embedding, from: item, units: 2}
  - {name: rest, units: 2, activation: tanh, from: x}
  - {name: output, units: [y], activation: sigmoid, from: [a, b, rest]}
loss: {name: binary_cross_entropy}
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data: {classes: ["no", "yes"]}
"""
"""A network with each kind of column, and with numbers and missing texts in styles."""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "rich.yaml"
    path.write_text(COLUMNS, "utf-8")
    return path


def whole(spec: Path, target: str) -> str:
    """The module with all parts."""
    loaded = load(spec)
    return render(plan(loaded, encoding(loaded, spec.parent)), loaded, target)


CELLS = [
    ("", "", ""),
    ("abs(number) <= 1e100", "abs(number) <= 1e99", "encode refuses 9.9e+99 in price"),
    ('"#N/A"', '"#N/B"', "encode refuses '#N/A' in rent"),
    ('("", "NA", "N/A",', '("", "NA",', "encode accepts 'N/A' in who"),
]
"""Changed rules for cells, and what is said of them."""


def test_rules_for_cells_are_tried_at_their_limits(spec: Path) -> None:
    loaded, text = load(spec), whole(spec, "python")
    network, planned = Network(loaded), plan(loaded, encoding(loaded, spec.parent))
    for before, after, said in CELLS:
        assert before in text, before
        with Child(Text("rich.py", text.replace(before, after) if before else text).code(), 20.0) as child:
            child.start()
            calls = Calls(child, network.shapes, len(loaded.input_names), 1, ids=(4, 4))
            case = Case(np.array(network.pack(network.init())), np.zeros((1, 1)), np.zeros((1, 1)))
            assert Answers(calls, network, planned, Encoder(loaded, {}), case).cells() == said


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_each_changed_constant_is_listed(target: str, spec: Path) -> None:
    own = Text("rich.py", whole(spec, target))
    assert list(of_python(own, own)) == []
    tree = Bare().visit(ast.parse(own.source))
    own = Text("rich.py", ast.unparse(tree))
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and "\n" not in str(node.value)]
    found = [(node, node.value) for node in constants if isinstance(node.value, str | int | float)]
    assert len(found) > 300
    for node, before in found[::97]:
        node.value = f"{before}q" if isinstance(before, str) else float(before) + 1.0
        if ast.unparse(tree) != own.source:
            assert list(of_python(Text("rich.py", ast.unparse(tree)), own)), (node.lineno, before)
        node.value = before


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if target.runs])
def test_each_changed_number_of_a_compiled_module_is_listed(target: str, spec: Path) -> None:
    own = whole(spec, target)
    assert list(of_lines(own, own)) == []
    assert list(of_lines(own.replace("    ", "\t").replace(";", " ;"), own)) == []  # another layout
    lines = own.splitlines()
    with_numbers = [i for i, line in enumerate(lines) if re.match(r"\s*[^/*#\s][^/]*\b\d", line)]
    assert len(with_numbers) > 200
    for place in with_numbers[::31]:
        changed = [*lines[:place], re.sub(r"\b(?=\d)", "7", lines[place]), *lines[place + 1 :]]
        assert [found[0] for found in of_lines("\n".join(changed), own)] == [place + 1]


def test_a_line_that_no_row_finds_wrong_is_printed(tmp_path: Path) -> None:
    module = edited(tmp_path, "python", "xor_mlp", ("return list(params)\n", "return [*params]\n"))
    for arguments in ([], ["--json"]):
        done = CliRunner().invoke(main, ["verify", str(module), "--spec", str(named("xor_mlp")), *arguments])
        assert done.exit_code == 0, done.output
        if arguments:
            (one,) = json.loads(done.output)["changed"]
            assert one["text"] == "return [*params]"
        else:
            head, line = done.output.splitlines()[-4:-2]
            assert head == "nngen writes other lines; the rows see no difference, and not all that these lines do:"
            assert re.fullmatch(r"  line \d+ is `return \[\*params\]`, but nngen writes `return list\(params\)`", line)
