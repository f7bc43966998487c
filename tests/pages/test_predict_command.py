"""``nngen predict`` and ``nngen evaluate``: answers for a table, and how good they are."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data.partition import by_split
from nngen.description.model.data import Split
from nngen.plan import plan
from nngen.reading import load
from tests.support.modules import ROOT, built, named

IRIS = ROOT / "specs" / "iris.yaml"
TABLE = ROOT / "specs" / "data" / "iris.csv"


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Parameters of iris after some training."""
    path = tmp_path_factory.mktemp("params") / "iris.json"
    result = CliRunner().invoke(main, ["train", str(IRIS), "--epochs", "20", "--save", str(path)])
    assert result.exit_code == 0, result.output
    return path


def run(*arguments: object, code: int = 0, given: str | None = None) -> str:
    """Run a command, and return what is printed."""
    result = CliRunner().invoke(main, list(map(str, arguments)), input=given)
    assert result.exit_code == code, result.output
    return result.output


def test_the_answers_are_those_of_the_module(params: Path) -> None:
    module = built(named("iris"), "python")
    trained = module.load(str(params))
    with TABLE.open(encoding="utf-8") as file:
        rows = [
            {name: cell if name == "species" else float(cell) for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]
    found = list(csv.DictReader(run("predict", IRIS, "--params", params).splitlines()))
    assert [row["species"] for row in found] == [module.predict(trained, row) for row in rows]
    for row, line in zip(rows, found, strict=True):
        expected = module.predict_proba(trained, row)
        assert {name: float(line[f"p({name})"]) for name in expected} == pytest.approx(expected, rel=1e-12)


def test_a_table_from_standard_input_needs_no_target(params: Path) -> None:
    table = "petal_width;petal_length;sepal_width;sepal_length\n0.2;1.4;3.5;5.1\n"
    lines = run("predict", IRIS, "-", "--params", params, given=table).splitlines()
    assert [line.split(",")[0] for line in lines] == ["species", "setosa"]


def test_standard_input_may_be_closed(params: Path) -> None:
    command = '"$0" -m nngen predict "$1" --params "$2" - <&-'
    arguments = ["sh", "-c", command, sys.executable, str(IRIS), str(params)]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no standard input: it is closed\n  --> standard input\n")


def test_answers_go_to_a_file_that_is_not_overwritten(tmp_path: Path, params: Path) -> None:
    out = tmp_path / "answers.csv"
    run("predict", IRIS, "--params", params, "-o", out)
    assert len(out.read_text("utf-8").splitlines()) == 151
    assert "the file exists already" in run("predict", IRIS, "--params", params, "-o", out, code=2)


def test_numbers_are_answered_in_the_units_of_the_data(tmp_path: Path) -> None:
    (tmp_path / "line.csv").write_text("x1,price\n" + "".join(f"{i},{1000 + 500 * i}\n" for i in range(20)), "utf-8")
    spec = tmp_path / "line.yaml"
    spec.write_text(
        "name: line\ninputs: [x1]\nlayers:\n  - {name: output, units: 1, activation: linear}\nloss: squared_error\n"
        "training: {optimizer: {name: gradient_descent, rate: 0.2}, epochs: 200}\n"
        "data: {file: line.csv, target: price, scale: standardize, scale_targets: standardize}\n",
        "utf-8",
    )
    run("train", spec, "--save", tmp_path / "line.json")
    lines = run("predict", spec, "--params", tmp_path / "line.json").splitlines()
    assert lines[0] == "price"
    assert list(map(float, lines[1:])) == pytest.approx([1000 + 500 * i for i in range(20)], rel=1e-3)
    report = run("evaluate", spec, "--params", tmp_path / "line.json")
    assert "RMSE" in report
    assert "R²" in report


def test_held_out_rows_are_judged_and_those_of_another_table(tmp_path: Path, params: Path) -> None:
    assert run("evaluate", IRIS, "--params", params).startswith("held-out examples: loss ")
    lines = TABLE.read_text("utf-8").splitlines()
    other = tmp_path / "other.csv"
    other.write_text("\n".join([lines[0], *lines[1:31]]) + "\n", "utf-8")
    assert " of 30 (" in run("evaluate", IRIS, other, "--params", params)


STRANGERS = """\
name: ratings
inputs:
  - {name: user, ids: [a, b], unknown: row}
  - {name: spot, ids: 2, unknown: row}
  - {name: kind, categories: [x], unknown: zeros, missing: zeros}
layers:
  - {name: p, kind: embedding, from: user, units: 2}
  - {name: q, kind: embedding, from: spot, units: 2}
  - {name: o, units: [s], activation: linear, from: [p, q, x]}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}, epochs: 1}
data: {file: ratings.csv, target: stars, split: {test: 0.5, seed: 1}}
"""


def test_unknown_values_are_counted_on_standard_error(tmp_path: Path) -> None:
    spec, params, table = (tmp_path / name for name in ("ratings.yaml", "ratings.json", "ratings.csv"))
    spec.write_text(STRANGERS, "utf-8")
    rows = ["a,0,x,1", " b ,1.0, x,2", "1.0,01,z,3", "01,+7,NA,4", "+7,1,Z,5", "a,1,x,2"]
    table.write_text("\n".join(["user,spot,kind,stars", *rows, ""]), "utf-8")
    run("train", spec, "--save", params)
    wrong = {"user": {2, 3, 4}, "spot": {3}, "kind": {2, 4}}

    def said(*arguments: object, given: str | None = None) -> list[str]:
        result = CliRunner().invoke(main, [*map(str, arguments), "--params", str(params)], input=given)
        assert result.exit_code == 0, result.output
        assert "unknown values" not in result.stdout
        return result.stderr.splitlines()

    def counted(judged: set[int]) -> list[str]:
        rows_of = {name: len(places & judged) for name, places in wrong.items()}
        return [f"unknown values in '{name}': {n} row{'s' * (n > 1)}" for name, n in rows_of.items() if n]

    for command in (("predict", spec), ("evaluate", spec, table)):
        assert said(*command) == counted({*range(6)})
    assert said("predict", spec, table) == [*counted({*range(6)}), "missing values in 'kind': 1 row"]
    _, held_out = by_split(6, Split(test=0.5, seed=1))
    assert said("evaluate", spec) == counted({*held_out}) != counted({*range(6)})
    assert said("predict", spec, "-", given="user,spot,kind\nb,1,x\n") == []


def test_numbers_far_from_those_of_the_training_are_counted(tmp_path: Path) -> None:
    rows = [f"{i % 50},{('a', 'b')[i % 2]},{('no', 'yes')[i % 50 > 24]}" for i in range(200)]
    spec, params, table = (tmp_path / name for name in ("t.yaml", "t.json", "t.csv"))
    table.write_text("\n".join(["size,kind,y", *rows]), "utf-8")
    run("init", table, "--target", "y", "-o", spec)
    run("train", spec, "--save", params, "--epochs", "1")
    later = "size,kind\n25,a\n9999999,a\n-999,\n,c\n"
    result = CliRunner().invoke(main, ["predict", str(spec), "-", "--params", str(params)], input=later)
    assert result.stderr.splitlines() == [
        "unknown values in 'kind': 1 row",
        "numbers far from those of the training in 'size': 2 rows, such as 9999999",
        "missing values in 'size': 1 row",
        "missing values in 'kind': 1 row",
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("sepal_length,sepal_width,petal_length\n1,2,3\n", "expected one column 'petal_width', got none"),
        ("sepal_length,sepal_width,petal_length,petal_width\n1,2,3,x\n", "petal_width: expected a number, got 'x'"),
        ("", "expected a line of column names, got an empty file"),
    ],
)
def test_tables_that_do_not_fit(tmp_path: Path, params: Path, table: str, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(table, "utf-8")
    assert message in run("predict", IRIS, path, "--params", params, code=2)


@pytest.mark.parametrize("command", ["predict", "evaluate"])
def test_an_answer_without_parameters_is_refused(command: str) -> None:
    assert run(command, IRIS, code=2).endswith("Error: Missing option '--params'.\n")


def test_a_table_to_be_judged_has_the_target(tmp_path: Path, params: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sepal_length,sepal_width,petal_length,petal_width,kind\n1,2,3,4,setosa\n", "utf-8")
    assert run("evaluate", IRIS, path, "--params", params, code=2) == (
        "error: expected one column 'species', got none\n"
        f"  --> {path}:1:1\n"
        "   |\n"
        " 1 | sepal_length,sepal_width,petal_length,petal_width,kind\n"
        "   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    )
    assert run("predict", IRIS, path, "--params", params).startswith("species,")


def test_a_table_to_be_judged_has_rows(tmp_path: Path, params: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("sepal_length,sepal_width,petal_length,petal_width,species\n", "utf-8")
    message = "expected 1 or more examples below the column names, got none"
    assert message in run("evaluate", IRIS, path, "--params", params, code=2)
    assert run("predict", IRIS, path, "--params", params) == "species,p(setosa),p(versicolor),p(virginica)\n"


def test_specs_that_do_not_say_what_a_row_is(tmp_path: Path, params: Path) -> None:
    spec = ROOT / "specs" / "xor_mlp.yaml"
    saved = tmp_path / "xor.json"
    run("train", spec, "--epochs", "1", "--save", saved)
    assert "the spec does not say what a row of data is" in run("predict", spec, "--params", saved, code=2)
    for command in ("predict", "evaluate"):
        refusal = run(command, IRIS, "--params", saved, code=2)
        assert refusal.startswith("error: expected the parameters of 'iris', got those of 'xor_mlp'\n")


def test_outputs_of_nan_and_numbers_beyond_the_type_are_refused(tmp_path: Path) -> None:
    """Infinity times 0 is NaN, which would be the first class."""
    table, spec, params = tmp_path / "table.csv", tmp_path / "net.json", tmp_path / "params.json"
    described = {
        "name": "net",
        "inputs": ["left", "right"],
        "layers": [
            {"name": "hidden", "units": 1, "activation": "linear"},
            {"name": "output", "units": 2, "activation": "softmax"},
        ],
        "loss": "cross_entropy",
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}},
        "data": {"file": "table.csv", "target": "size", "classes": ["low", "high"]},
        "targets": [{"name": "numpy", "dtype": "float32"}],
    }
    spec.write_text(json.dumps(described), "utf-8")
    table.write_text("left,right,size\n1,2,low\n", "utf-8")
    huge = {"layout": " ".join(plan(load(spec)).layout), "parameters": [1e30, 1e30, 0.0, 0.0, 0.0, 0.0, 0.0]}
    params.write_text(json.dumps(huge), "utf-8")
    for cells, said in {
        "1e30,1e30": "the outputs for row 2 are NaN, which is no answer",
        "1,3.5e38": "right: expected a number up to 1e+30, got '3.5e38'",
    }.items():
        table.write_text(f"left,right,size\n1,2,low\n{cells},high\n", "utf-8")
        for command in ("predict", "evaluate"):
            for data in ([], [table]):
                assert said in run(command, spec, "--params", params, *data, code=2)
