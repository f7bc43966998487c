"""Workbooks without a spreadsheet program: what is in the file, and what a network may not have."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.plan import Assignment, UnitForm, plan
from nngen.proof.verify.spreadsheet import read
from nngen.reading import load
from nngen.targets import as_module, as_workbook, render, texts
from nngen.targets.workbook import answer, moves
from nngen.targets.workbook.terms import Formulas, Place
from nngen.targets.workbook.words import CELL, Names
from tests.support.modules import ROOT
from tests.support.workbooks import MAX_FORMULA, changed, explained, formulas, initial, made, parts, records, table

XOR = ROOT / "specs" / "xor_mlp.yaml"

MANY = """\
name: many
inputs: 100
layers: [{name: hidden, units: 100, activation: tanh}, {name: output, units: 1, activation: linear}]
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 1}
targets: [python]
"""


def build(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["build", *arguments])


def test_a_cell_reads_as_its_equation() -> None:
    found = formulas(made(XOR))
    assert "b_h1 + w_h1_x1 * x1_ + w_h1_x2 * x2_" in found
    assert "dz_y * w_y_h1" in found
    assert "w_h1_x1 - 5.0 * dw_h1_x1" in found


def test_the_stored_gradient_is_that_of_the_module(tmp_path: Path) -> None:
    spec, path = load(XOR), tmp_path / "xor_mlp.xlsx"
    module = as_module("xor_mlp", render(plan(spec), spec, "python")).__dict__
    path.write_bytes(made(XOR))
    stored = {row[0]: row[1] for row in read(str(path))["example"][2:] if len(row) > 1}
    loss, slopes = module["gradient"](module["init"](), [0.0, 1.0], [1.0])
    assert stored["loss"] == loss
    assert [stored[f"d{name}"] for name in module["PARAMETERS"]] == slopes


def test_names_are_no_cells_and_differ_without_regard_to_case() -> None:
    names = Names()
    given = ["x1", "dw1", "LOG10", "XFD1", "r", "C", "R1C1", "rc", "true", "w_a", "W_A", "w_a_", "a_h1", "x1_"]
    found = [names(name) for name in given]
    assert found[:9] == ["x1_", "dw1_", "LOG10_", "XFD1_", "r_", "C_", "R1C1_", "rc_", "true_"]
    assert not any(CELL.fullmatch(name) for name in found)
    assert len({name.casefold() for name in found}) == len(given)


def test_wide_sums_are_products_of_ranges() -> None:
    places = {f"w{i}": Place("example", i, 1) for i in range(20)} | {f"x{i}": Place("steps", 5, i) for i in range(20)}
    terms = tuple(f"«w{i}» * «x{i}»" for i in range(20))
    sums = Formulas("steps", places, str).of(Assignment("z", UnitForm.SUM, ("«b»", *terms)))
    assert sums == "b + SUMPRODUCT(MMULT($A$6:$T$6, example!$B$1:$B$20))"
    column = tuple(f"«w{i}»" for i in range(20))
    assert Formulas("example", places, str).of(Assignment("m", UnitForm.MAX, column)) == "MAX($B$1:$B$20)"


def test_nothing_of_a_spec_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    table(tmp_path)
    spec = load(tmp_path / "cells.yaml")
    typical = {"amount": "=1+1", "kind": "@x", "level": "1.0", "member": "true", "day": "+cmd"}
    data = as_workbook(spec, tmp_path, initial(spec), [typical])
    found = formulas(data)
    assert not [text for text in found if re.search("cmd|1[+]1|@|http:|yes|maybe", text)]
    files = parts(data)
    assert not [name for name, xml in files.items() if "<hyperlink" in xml or "externalLink" in name]
    texts = files["xl/sharedStrings.xml"]
    for text in ("=cmd|' /C calc'!A0", "+yes", "-no", "@maybe", "=1+1", "http://a.b"):
        assert f">{text}</t>" in texts


KNOWN = frozenset(
    (
        "ABS CHOOSE CLEAN COS COUNTA ERFC EXACT EXP IF INDEX INT ISERROR ISLOGICAL ISNUMBER ISTEXT LEN LN MATCH MAX MIN"
        " MMULT MOD MONTH PI POWER ROUND SIGN SIN SQRT SUM SUMPRODUCT SUMSQ TANH TRIM YEAR"
    ).split()
)
"""Functions of Excel 2016, LibreOffice and Google Sheets."""


@pytest.mark.parametrize("name", ["xor_mlp", "digits", "penguins", "cells"])
def test_formulas_are_short_enough_and_known_to_all_spreadsheets(name: str, tmp_path: Path) -> None:
    """Those of an example, of trainings, of answers and of contributions."""
    table(tmp_path)
    path = tmp_path / "cells.yaml" if name == "cells" else ROOT / "specs" / f"{name}.yaml"
    spec = load(path)
    asked = ["sensitivity"] if name in ("penguins", "cells") else []
    found = formulas(as_workbook(spec, path.parent, initial(spec), contents=asked))
    assert max(map(len, found)) < MAX_FORMULA
    outside = [re.sub('"[^"]*"', "", text) for text in found]
    called = {name for text in outside for name in re.findall(r"([A-Z][A-Z.0-9]*)\(", text)}
    assert called
    assert called <= KNOWN


def test_the_same_spec_gives_the_same_bytes() -> None:
    spec = load(XOR)
    assert as_workbook(spec, XOR.parent) == as_workbook(spec, XOR.parent)
    assert '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z' in parts(made(XOR))["docProps/core.xml"]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("many.yaml", "a workbook takes up to 10,000 parameters; this network has 10,201"),
    ],
)
def test_what_a_workbook_cannot_have_is_refused_by_name(spec: str, says: str, tmp_path: Path) -> None:
    many = tmp_path / "many.yaml"
    many.write_text(MANY)
    path = many if spec == many.name else ROOT / "specs" / spec
    done = build(str(path), "--target", "xlsx", "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert says in done.output
    assert "`--target python`" in done.output
    assert not (tmp_path / "out").exists()


def test_the_command_writes_checks_and_keeps_files_of_others(tmp_path: Path) -> None:
    wanted = [str(XOR), "--target", "xlsx", "--out", str(tmp_path)]
    assert build(*wanted).exit_code == 0
    file = tmp_path / "xlsx" / "xor_mlp.xlsx"
    assert file.read_bytes() == made(XOR)
    assert build(*wanted, "--check").exit_code == 0
    file.write_bytes(changed(made(XOR), "xl/worksheets/sheet1.xml", "<f>", "<f>0+"))
    checked = build(*wanted, "--diff")
    assert (checked.exit_code, f"Binary files {file} (now)" in checked.output) == (1, True)
    assert build(*wanted).exit_code == 0
    file.write_bytes(b"mine")
    refused = build(*wanted)
    assert refused.exit_code == 2
    assert "nngen did not write it for this network" in refused.output
    assert file.read_bytes() == b"mine"
    assert build(*wanted, "--contents", "forward").exit_code == 2


def test_verify_says_which_cell_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # without LibreOffice
    file = tmp_path / "xor_mlp.xlsx"
    file.write_bytes(made(XOR))
    done = CliRunner().invoke(main, ["verify", str(file), "--spec", str(XOR)])
    assert done.exit_code == 0, done.output
    assert "LibreOffice (`soffice`) is not there" in done.output
    file.write_bytes(
        changed(made(XOR), "xl/worksheets/sheet1.xml", "<f>dz_y * a_h1</f><v>-0.", "<f>dz_y * a_h1</f><v>-7.")
    )
    done = CliRunner().invoke(main, ["verify", str(file), "--spec", str(XOR)])
    assert done.exit_code == 1
    assert re.search(r"gradient, stored: example!B\d+, dw_y_h1: the sheet has -7[.]", done.output), done.output


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"mine"])
def test_verify_refuses_other_files(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "xor_mlp.xlsx"
    file.write_bytes(content)
    done = CliRunner().invoke(main, ["verify", str(file)])
    assert done.exit_code == 2
    assert "this is no workbook of nngen" in done.output


def test_trained_parameters_and_records_are_in_the_sheet_of_answers(tmp_path: Path) -> None:
    table(tmp_path)
    spec = load(tmp_path / "cells.yaml")
    with pytest.raises(SpecError):
        as_workbook(load(ROOT / "specs" / "ratings_mf.yaml"), tmp_path / "nowhere")
    path = tmp_path / "cells.xlsx"
    path.write_bytes(as_workbook(spec, tmp_path, initial(spec)))
    sheet = read(str(path))["answer"]
    assert sheet[3][:6] == ["amount", "kind", "level", "member", "day", "answer"]
    assert sheet[4][:3] == ["1.5 to 100, or empty", "choose from the list, or empty", "choose from the list"]
    assert sheet[5][5] in ("=cmd|' /C calc'!A0", "+yes", "-no", "@maybe")
    assert sum(sheet[5][6:10]) == pytest.approx(1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["goods", "member", "cells"])
def test_contributions_are_those_of_the_module(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the same numbers where the sheet has midpoints enough, and elsewhere it says what they miss."""
    monkeypatch.setattr(answer, "MAX_CELLS", 1_000)
    monkeypatch.setattr(moves, "MAX_CELLS", 5_000)  # about 16, 32 and 64 midpoints
    (path,) = (path for path in explained(tmp_path) if path.stem == name)
    spec, params, near = load(path), initial(load(path)), []
    module = as_module(
        name, texts(spec, tmp_path, ["python"], contents=["prediction", "files", "sensitivity"])["python"]
    )
    for place, record in enumerate(records(spec, tmp_path, 4)):
        book = tmp_path / f"{name}{place}.xlsx"
        book.write_bytes(as_workbook(spec, tmp_path, params, [record], ["sensitivity"]))
        sheet = read(str(book))["contributions"]
        rows = {str(row[0]): row for row in sheet[7:] if row[0] is not None}
        shown = {column: rows[column][3] for column in module.COLUMNS}
        moved = module.contributions(module.unpack(params), record)
        expected = {column: value[0] if isinstance(value, list | tuple) else value for column, value in moved.items()}
        (missed,) = (row[3] for text, row in rows.items() if text.startswith("missed"))
        near.append(1.0 in rows["near enough"])
        within = 1e-12 if near[-1] else abs(float(missed or 0)) + 0.01 * abs(sum(expected.values()))
        assert shown == pytest.approx(expected, rel=1e-12, abs=within), record
    assert near.count(True) >= 2


def test_contributions_are_asked_for(tmp_path: Path) -> None:
    *_, path = explained(tmp_path)
    spec = load(path)
    assert "contributions" not in parts(as_workbook(spec, tmp_path, initial(spec)))["xl/workbook.xml"]
    asked = spec.model_copy(update={"contents": ("prediction", "sensitivity")})
    assert "contributions" in parts(as_workbook(asked, tmp_path, initial(spec)))["xl/workbook.xml"]
    assert "contributions" not in parts(as_workbook(asked, tmp_path))["xl/workbook.xml"]
    for name, says in {
        "xor_mlp": "need trained parameters",
        "and_perceptron": "has no slope",
        "ratings_mf": "no input that is a number",
    }.items():
        source = ROOT / "specs" / f"{name}.yaml"
        done = build(str(source), "--target", "xlsx", "--contents", "sensitivity", "--out", str(tmp_path / "out"))
        assert (done.exit_code, says in done.output) == (2, True), done.output
    refused = build(str(XOR), "--target", "xlsx", "--contents", "forward", "--out", str(tmp_path / "out"))
    assert (refused.exit_code, "of --contents only sensitivity" in refused.output) == (2, True)
