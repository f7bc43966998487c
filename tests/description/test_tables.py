"""Tables as programs write them: each folder of ``tests/tables`` has one, the reason, and what nngen makes of it.

``expected.yaml`` has ``reason``, the ``target``, options of ``init``, what it ``says`` on standard error, parts of the
``spec``, what ``train`` says, and the ``answer`` of ``nngen predict`` for the first row of the table, or of
``later.csv`` with the options in ``later``. With ``refused``, ``nngen init`` without options says this instead.
"""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from nngen.cli import main
from nngen.commands.inner import without_ids
from nngen.common.diagnostics import SpecError
from nngen.description.data import read_frame
from nngen.description.model import Table
from nngen.plan import plan
from nngen.reading import load, parameter_files
from nngen.targets import as_module, texts

FOLDER = Path(__file__).parents[1] / "tables"
TABLES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def run(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result


def part(spec: Any, place: str) -> Any:
    """The part of a spec at a place such as ``inputs.0.name``; None if there is none."""
    for step in place.split("."):
        if isinstance(spec, list):
            spec = spec[int(step)] if int(step) < len(spec) else None
        else:
            spec = spec.get(step) if isinstance(spec, dict) else None
    return spec


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    expected = YAML(typ="safe").load(FOLDER / name / "expected.yaml")
    assert expected["reason"]
    [table] = (FOLDER / name).glob("table.*")
    spec, params = tmp_path / "spec.yaml", tmp_path / "params.json"
    begin: Sequence[str | Path] = ("init", table, "--target", expected["target"], "-o", spec)
    if "refused" in expected:
        assert expected["refused"] in run(*begin, code=2).stderr
        assert not spec.exists()
    said = run(*begin, *expected.get("init", ())).stderr
    assert [line for line in expected.get("says", ()) if line not in said] == [], said
    assert ("\nread as" in said) == any(line.startswith("read as") for line in expected.get("says", ()))
    written = YAML(typ="safe").load(spec)
    places = expected["spec"]
    assert {place: part(written, place) for place in places} == places

    root = ("--data-root", FOLDER / name)
    said = run("train", spec, "--save", params, *root).stderr
    assert [line for line in expected.get("train", ()) if line not in said] == [], said
    later = [FOLDER / name / "later.csv", *expected["later"]] if "later" in expected else []
    head, answer, *_ = run("predict", spec, "--params", params, *later, *root).stdout.splitlines()
    assert head.split(",")[0] == expected["target"]
    assert expected.get("answer", answer.split(",")[0]) == answer.split(",")[0]
    if not later:
        _module_answers(spec, params, table, answer.split(",")[0])
    judged = run("evaluate", spec, table, "--params", params, *root)
    assert [line for line in expected.get("train", ()) if line not in judged.stderr] == []


def _module_answers(spec: Path, params: Path, table: Path, answer: str) -> None:
    """A module with the parameters gives the answer of the command for the first row, as the table writes it."""
    net = load(spec, table.parent)
    assert isinstance(net.data, Table)
    frame = read_frame(table, encoding=net.data.encoding or "")
    row = {name: frame.texts(name)[0] for name in frame.names}
    values = list(parameter_files.stored(params, plan(without_ids(net))).values)
    target = ("python", "numpy")[TABLES.index(table.parent.name) % 2]  # in turn
    module = as_module(net.name, texts(net, spec.parent, [target], parameters=values, contents=())[target])
    found = np.ravel(module.predict(module.TRAINED, row if target == "python" else [row])).tolist()[0]
    assert found == answer if isinstance(found, str) else found == pytest.approx(float(answer), rel=1e-12)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "size,buys\n" + "1,no\n2,yes\nsize,buys\n" * 12,
            ["12 rows repeat the names of the columns", "remove them: `awk"],
        ),
        (
            "5.1,3.5,setosa\n4.9,3.0,setosa\n",
            ["if the first line is a row, write the names", "`sed '1i c1,c2,c3' table.csv"],
        ),
        ("5.1  3.5 2\n4.9  3.0 1\n", ["the first line has numbers", "`sed '1i c1 c2 c3' table.csv"]),
        ("<stata_dta><header>", ["got a file of Stata", "pandas.read_stata"]),
        ("<html>\n<table>", ["got a page of HTML or XML"]),
        ("% a\n@RELATION r\n@attribute size numeric\n", ["got an ARFF file", "the lines after @data"]),
        ("% a\n\n" * 9 + "@relation r\n", ["got an ARFF file"]),
        ("\n" * 1_000 + "1,2\n", ["the first line has numbers"]),
        ("size,buys\n1,'no, never'\n", ["expected 2 cells", "a cell that contains commas needs double quotes"]),
    ],
)
def test_what_is_no_table_is_refused_with_advice(content: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(content, "utf-8")
    said = run("init", tmp_path / "table.csv", "--target", "buys", "-o", tmp_path / "spec.yaml", code=2).stderr
    assert [word for word in words if word not in said] == [], said


def test_an_option_states_the_encoding(tmp_path: Path) -> None:
    table, spec, params = tmp_path / "table.csv", tmp_path / "spec.yaml", tmp_path / "params.json"
    table.write_bytes((FOLDER / "german_excel" / "table.csv").read_bytes())
    run("init", table, "--target", "Käufer", "-o", spec)
    lines = spec.read_text("utf-8").splitlines(keepends=True)
    spec.write_text("".join(line for line in lines if "  encoding:" not in line), "utf-8")
    refused = run("train", spec, code=2).stderr
    assert "data.file: expected text in UTF-8" in refused
    assert "= help: name its encoding: `--encoding cp1252`" in refused
    run("train", spec, "--encoding", "cp1252", "--epochs", "1", "--save", params)
    for command in ("predict", "evaluate"):
        assert run(command, spec, "--params", params, "--encoding", "CP1252").stdout
    assert "unknown encoding 'base64'" in run("train", spec, "--encoding", "base64", code=2).stderr


def test_an_option_states_the_decimal_sign(tmp_path: Path) -> None:
    """The same parameters and answers, whether the spec states the sign or the command; DATA has its own sign."""
    table = FOLDER / "decimal_that_is_stated" / "table.csv"
    for name, options in (("stated", ("--decimal", ",")), ("asked", ())):
        spec, params = tmp_path / f"{name}.yaml", tmp_path / f"{name}.json"
        run("init", table, "--target", "Preis", "-o", spec, *options)
        root = ("--data-root", table.parent)
        later = () if options else ("--decimal", ",")
        run("train", spec, "--save", params, "--epochs", "3", *root, *later)
        answers = run("predict", spec, "--params", params, *root, *later).stdout
        judged = run("evaluate", spec, "--params", params, *root, *later).stdout
        if options:
            expected, score = answers, judged
    assert (answers, judged) == (expected, score)

    spec, params, other = tmp_path / "stated.yaml", tmp_path / "stated.json", tmp_path / "other.csv"
    other.write_text(table.read_text("utf-8").replace(".", "").replace(";", ","), "utf-8")
    assert run("predict", spec, other, "--params", params, *root).stdout == expected
    other.write_text(table.read_text("utf-8").replace(".", ","), "utf-8")  # 12,345 is 12345 with a decimal point
    assert run("predict", spec, other, "--params", params, "--decimal", ".", *root).stdout == expected
    tried: Sequence[tuple[Path, tuple[str, ...]]] = ((table, ()), (other, ("--decimal", ".")))
    said = [run("evaluate", spec, one, "--params", params, *how, *root).stdout for one, how in tried]
    assert len({found for text in said for found in re.findall("loss [0-9.]+", text)}) == 1


@pytest.mark.parametrize("separator", ["\t", "::", ","])
def test_a_table_without_names_says_how_to_write_them(separator: str, tmp_path: Path) -> None:
    """``u.data`` and ``ratings.dat`` of MovieLens; the command in the message makes a table of ratings of them."""
    rows = [[k % 20 + 1, k * 7 % 15 + 100, k % 5 + 1, 881250949 + k] for k in range(200)]
    (tmp_path / "u.data").write_text("".join(f"{separator.join(map(str, row))}\n" for row in rows), "utf-8")
    refused = run("init", tmp_path / "u.data", "--target", "rating", code=2).stderr
    assert "the first line has numbers" in refused
    [command] = re.findall("`(sed .*)`", refused)
    subprocess.run(command, shell=True, cwd=tmp_path, check=True)
    said = run("init", tmp_path / "named.txt", "--target", "rating", "-o", tmp_path / "spec.yaml").stderr
    assert "a factorization of 'user' (20 ids) and 'item' (15 ids)" in said


def test_ids_are_taken_from_a_table_in_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_bytes("사람,책,별\n나,가,1\n다,가,2\n".encode("cp949"))
    text = """
name: ratings
inputs: [{name: user, column: 사람, ids: data}, {name: book, column: 책, ids: data}]
layers:
  - {name: p, kind: embedding, from: user, units: 2}
  - {name: q, kind: embedding, from: book, units: 2}
  - {name: rating, kind: dot, from: [p, q]}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}}
data: {file: ratings.csv, target: 별, encoding: ENCODING}
"""
    path = tmp_path / "ratings.yaml"
    path.write_text(text.replace("ENCODING", "cp949"), "utf-8")
    assert [column.ids for column in load(path).indices] == [("나", "다"), ("가",)]
    path.write_text(text.replace("ENCODING", "hangul"), "utf-8")
    with pytest.raises(SpecError, match=r"data\.encoding: unknown encoding 'hangul'"):
        load(path)
