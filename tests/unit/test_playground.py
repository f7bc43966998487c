"""What the playground asks nngen, on CPython; and its stand-in for NumPy, beside NumPy."""

import csv
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nngen.plan import plan
from nngen.reading.source import load, parse
from nngen.targets import as_workbook
from nngen.targets.modules import texts
from tests.support.modules import ROOT
from tests.support.workbooks import initial, parts

PLAYGROUND = ROOT / "docs" / "playground"

READ = '''
import json, sys
from pathlib import Path
from nngen.commands.init import spec_for
from nngen.commands.proposal import described
from nngen.common.diagnostics import SpecError
from nngen.description.data import read_examples, validation_order
from nngen.description.model import Rows, Table
from nngen.reading import load
from nngen.reading.source import parse

sys.modules["pyarrow"] = None
found = {"order": validation_order(300, 7).tolist()}
prices = """name: prices
inputs: [area, age]
layers: [{name: output, units: 1, activation: linear}]
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}}
data:
  rows: [{x: [50, 3], y: [90]}, {x: [120, 8], y: [250]}, {x: [80, 5], y: [170]}, {x: [9000, 1], y: [7]}]
  scale: robust
  scale_targets: log
"""
for spec in [parse(prices, "prices.yaml"), *map(load, sorted(Path("specs").glob("*.yaml")))]:
    if isinstance(spec.data, Rows | Table):
        read = read_examples(spec, Path("specs"))
        weights = None if read.train_weights is None else read.train_weights.tolist()
        parts = [read.train_x.tolist(), read.train_y.tolist(), read.test_x.tolist(), weights]
        found[spec.name] = repr([*parts, read.encoding])
for file in sorted(Path("tests/tables").rglob("*.csv"))[::2]:
    names = file.read_bytes().decode("utf-8-sig", "replace").splitlines()[0].replace(";", ",").split(",")
    for target in {names[0].strip('" '), names[-1].strip('" ')}:
        try:
            text, proposal = spec_for(file, target, None, file.with_suffix(".yaml"))
            found[f"{file} {target}"] = [text, *described(proposal)]
        except SpecError as error:
            found[f"{file} {target}"] = str(error)
print(json.dumps(found, sort_keys=True))
'''
"""A program that prints the examples of all specs, and the proposals for half of the tables."""


WORKBOOK = """
import json, sys
import work

found = work.workbook(*json.load(sys.stdin))
print(json.dumps({"mistakes": found["mistakes"], **{name: data.hex() for name, data in found["files"].items()}}))
"""
"""A program that prints the mistakes, or the file of a workbook."""


def module(name: str, path: Path) -> ModuleType:
    found = importlib.util.spec_from_file_location(name, path)
    assert found
    assert found.loader
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def work() -> ModuleType:
    return module("work", PLAYGROUND / "work.py")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "specs" / "data", tmp_path / "files" / "data")
    return tmp_path


def printed(*paths: Path, program: str = READ, folder: Path = ROOT, given: str = "") -> dict[str, Any]:
    environment = {"PYTHONPATH": ":".join(map(str, [*paths, ROOT]))}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=folder, env=environment, input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_tables_are_read_as_with_numpy() -> None:
    there, here = printed(), printed(PLAYGROUND / "stand_in")
    assert len(there) > 30
    assert [name for name in there if there[name] != here[name]] == []


def test_the_stand_in_adds_as_numpy_does() -> None:
    stand_in = module("stand_in", PLAYGROUND / "stand_in" / "numpy" / "__init__.py")
    generator = np.random.default_rng(1)
    for count in (0, 1, 7, 8, 9, 128, 129, 1000, 5003):
        values = (generator.standard_normal(count) * 10.0 ** generator.integers(-9, 9, count)).tolist()
        assert stand_in.array(values, stand_in.float64).sum() == np.sum(np.array(values))
    matrix = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    for use in (
        lambda lib: (lib.array(matrix).T - lib.array([1.0, 2.0])).tolist(),
        lambda lib: (lib.array([3, 1, 2])[:, None] == lib.arange(4)).tolist(),
        lambda lib: [values.tolist() for values in lib.unique(lib.array([3.0, 1.0, 3.0]), return_inverse=True)],
        lambda lib: lib.lexsort((lib.array([2, 1, 1]), lib.array([1.0, 1.0, 0.0]))).tolist(),
        lambda lib: lib.rint(lib.array([0.5, 1.5, -2.5])).tolist(),
        lambda lib: lib.where(lib.isnan(lib.array([1.0, lib.nan])), 0.0, lib.array([1.0, lib.nan])).tolist(),
        lambda lib: lib.column_stack([lib.array([1.0, 2.0]), lib.array(matrix)]).tolist(),
    ):
        assert use(stand_in) == use(np)
    with pytest.raises(AttributeError, match="a browser has no NumPy, and nngen's stand-in has no einsum"):
        _ = stand_in.einsum


@pytest.mark.parametrize("name", ["xor_mlp", "iris", "penguins", "ratings_mf"])
def test_answers_are_those_of_the_commands(work: ModuleType, folder: Path, name: str) -> None:
    path = ROOT / "specs" / f"{name}.yaml"
    found = work.answer(path.read_text("utf-8"), ("page", "examples", *work.TARGETS))
    assert (found["mistakes"], found["name"]) == ([], name)
    made = texts(work._typed(load(path)), path.parent, work.TARGETS, contents=())
    assert [text for files in found["modules"].values() for text in files.values()] == [*made.values()]
    assert found["page"].startswith("<!DOCTYPE html>")
    assert len(found["examples"]["train_x"]) == len(found["examples"]["train_y"]) > 3


def test_workbooks_are_those_of_the_command(folder: Path) -> None:
    path = ROOT / "specs" / "penguins.yaml"
    spec = load(path)
    for params in (None, initial(spec)):
        given = json.dumps([path.read_text("utf-8"), params])
        found = printed(PLAYGROUND, PLAYGROUND / "stand_in", program=WORKBOOK, folder=folder, given=given)
        data = bytes.fromhex(found["penguins.xlsx"])
        assert (found["mistakes"], data) == ([], as_workbook(spec, path.parent, params))
        assert ("xl/worksheets/sheet4.xml" in parts(data)) == (params is not None)


def test_workbooks_that_are_refused(work: ModuleType, folder: Path) -> None:
    text = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8")
    assert "wrong" in work.workbook(text.replace("sigmoid", "wrong"))["mistakes"][0]["text"]


TWO = """
name: two
inputs: [x1, x2]
layers: [{name: output, units: [either, both], activation: sigmoid}]
loss: {name: binary_cross_entropy}
training: {optimizer: {name: gradient_descent, rate: 1e-9}, epochs: 1}
data: {rows: [{x: [0, 0], y: [0, 0]}, {x: [0, 1], y: [1, 0]}, {x: [1, 0], y: [1, 0]}, {x: [1, 1], y: [1, 1]}]}
"""
SQUARES = "{name: squared_error}"
JUDGED = [
    ("two labels", TWO, "sides"),
    ("two labels by squares", TWO.replace("{name: binary_cross_entropy}", SQUARES), "sides"),
    ("a share", TWO.replace("[1, 1]}", "[1, 0.5]}"), "numbers"),
    ("numbers", TWO.replace("{name: binary_cross_entropy}", SQUARES).replace("sigmoid", "linear"), "numbers"),
    (
        "exclusive classes",
        re.sub(r"y: \[(.), .\]", r"y: [\1, 0]", TWO)
        .replace("y: [0, 0]", "y: [0, 1]")
        .replace("binary_cross", "cross")
        .replace("sigmoid", "softmax"),
        "class",
    ),
]


@pytest.mark.parametrize(("text", "judged"), [case[1:] for case in JUDGED], ids=[case[0] for case in JUDGED])
def test_what_is_right_depends_on_the_outputs(work: ModuleType, folder: Path, text: str, judged: str) -> None:
    found = work.answer(text, ("page", "examples"))
    assert (found["mistakes"], found["examples"]["judged"], found["examples"]["middle"]) == ([], judged, 0.5)
    assert f'"judged":"{judged}"' in found["page"]


def test_a_table_becomes_a_trained_module(work: ModuleType, folder: Path) -> None:
    (folder / "files" / "birds.csv").write_bytes((ROOT / "specs" / "data" / "penguins.csv").read_bytes())
    about = work.columns("birds.csv")
    assert (about["columns"][0], about["rows"]) == ("species", 344)
    found = work.init("birds.csv", "species")
    answer = work.answer(found["text"], ("python",), params=None)
    assert answer["mistakes"] == []
    size = plan(parse(found["text"], "spec.yaml", folder / "files")).size
    trained = work.answer(found["text"], ("python",), params=[0.0] * size, shape=answer["shape"])
    assert "TRAINED" in trained["modules"]["python"]["birds.py"]
    assert "species" in work.init("birds.csv", "specie")["mistakes"][0]["text"]
    assert work.columns("absent.csv")["mistakes"][0]["line"] == 0


def test_the_first_rows_are_those_of_the_data_with_the_target_first(work: ModuleType, folder: Path) -> None:
    text = (ROOT / "specs" / "penguins.yaml").read_text("utf-8")
    rows = work.answer(text, ("rows",))["rows"]
    written = list(csv.reader((ROOT / "specs" / "data" / "penguins.csv").read_text("utf-8").splitlines()))
    assert (rows["names"], rows["rows"]) == (
        written[0],
        [[cell.replace("NA", "") for cell in row] for row in written[1:9]],
    )
    assert (rows["targets"], rows["count"]) == (1, len(written) - 1)
    turned = text.replace("target: species", "target: sex").replace("[Adelie, Chinstrap, Gentoo]", "[female, male]")
    turned = turned.replace("  - {name: sex, categories: [female, male], missing: zeros, indicator: true}\n", "")
    assert work.answer(turned, ("rows",))["rows"]["names"] == ["sex", *written[0][:-1]]
    assert work.answer(TWO, ("rows",))["rows"] == {
        "names": ["either", "both", "x1", "x2"],
        "rows": [["0", "0", "0", "0"], ["1", "0", "0", "1"], ["1", "0", "1", "0"], ["1", "1", "1", "1"]],
        "targets": 2,
        "count": 4,
    }
    assert "rows" not in work.answer(text.replace("penguins.csv", "none.csv"), ("rows",))
    assert work.answer(TWO.replace("\ndata:", "\n# data:"), ("rows",))["rows"] is None


@pytest.mark.parametrize("name", ["xor_mlp", "skip_mlp", "penguins"])
def test_each_equation_of_the_page_has_a_line_in_each_language(work: ModuleType, folder: Path, name: str) -> None:
    found = work.answer((ROOT / "specs" / f"{name}.yaml").read_text("utf-8"), ("page", *work.TARGETS), ("all",))
    equations = set(re.findall(r'<div class="row" tabindex="-1" data-name="([^"]+)"', found["page"]))
    assert len(equations) > 10
    for target, lines in found["lines"].items():
        module = next(iter(found["modules"][target].values())).splitlines()
        assert equations <= lines.keys(), target
        assert all(0 < number <= len(module) for numbers in lines.values() for number in numbers)
        assert all("loss" in module[number - 1] for number in lines["loss"]), target


def test_mistakes_have_places(work: ModuleType, folder: Path) -> None:
    text = (ROOT / "docs" / "xor.yaml").read_text("utf-8").replace("sigmoid", "sigmod")
    mistakes = work.answer(text, ("c",))["mistakes"]
    assert [(one["line"], one["column"], one["width"]) for one in mistakes] == [(4, 49, 6), (5, 44, 6)]
    assert all("did you mean 'sigmoid'?" in one["text"] for one in mistakes)


def test_both_languages_say_the_same() -> None:
    words = (PLAYGROUND / "words.mjs").read_text("utf-8")
    english, korean = words.split("  ko: {")
    keys = [
        [line.partition(":")[0].strip(' "') for line in part.splitlines() if line.startswith("    ") and line[4] != " "]
        for part in (english, korean)
    ]
    assert keys[0] == keys[1]
    used = (PLAYGROUND / "index.html").read_text("utf-8")
    assert {part.partition('"')[0] for part in used.split('data-says="')[1:]} <= {*keys[0]}
