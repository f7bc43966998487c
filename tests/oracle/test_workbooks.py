"""Workbooks, computed anew by LibreOffice in one process, against the reference and the modules."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from nngen.description.data import encoding, training_columns
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Encoder, Network
from nngen.proof.verify.spreadsheet import read, recalculated
from nngen.proof.verify.workbook import Workbook
from nngen.reading import load
from nngen.targets import as_module, as_workbook, render
from nngen.targets.workbook import moves, training
from tests.support.modules import ROOT
from tests.support.networks import NETWORKS, ONCE
from tests.support.workbooks import (
    STRANGE_IDS,
    changed,
    explained,
    hostile,
    initial,
    made,
    of_ids,
    records,
    specs,
    table,
)

pytestmark = pytest.mark.oracle

OTHERS = ONCE[::8]
"""Every eighth network of the tests."""


WIDE = """\
name: wide
inputs: 30
layers: [{name: hidden, units: 2, activation: relu}, {name: output, units: 300, activation: linear}]
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}, penalty: {name: l2, strength: 0.01}, epochs: 1}
targets: [python]
"""
"""Sums of 300 products whose cells are apart, and of 660 penalties: too long for a formula."""


class Made(NamedTuple):
    """A workbook as nngen wrote it, and as LibreOffice did."""

    stored: Path
    computed: Path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Made]:
    """All workbooks of this module: LibreOffice needs some seconds to start, and then one for several of them."""
    folder, out = tmp_path_factory.mktemp("workbooks"), tmp_path_factory.mktemp("computed")
    table(folder)
    spec = load(folder / "cells.yaml")
    contents = {
        "hostile": as_workbook(spec, folder, initial(spec), hostile()),
        "cells": as_workbook(spec, folder, initial(spec), records(spec, folder, 6)),
    }
    loans = load(of_ids(folder))
    contents["loans"] = as_workbook(loans, folder, initial(loans), hostile(STRANGE_IDS))
    with pytest.MonkeyPatch.context() as patch:  # fewer steps of training, midpoints and records than users get
        patch.setattr(training, "MAX_CELLS", 2_500)
        patch.setattr(moves, "MAX_CELLS", 5_000)
        for path in explained(folder):
            known = load(path)
            rows = records(known, folder, 6)
            contents[f"why_{path.stem}"] = as_workbook(known, folder, initial(known), rows, ["sensitivity"])
        contents |= {path.stem: made(path, rows=20) for path in specs()}
        contents |= {f"network{place}": as_workbook(NETWORKS[name].spec, folder) for place, name in enumerate(OTHERS)}
    (folder / "wide.yaml").write_text(WIDE)
    contents["wide"] = as_workbook(load(folder / "wide.yaml"), folder)
    sheet, xor = "xl/worksheets/sheet1.xml", contents["xor_mlp"]
    contents["planted"] = changed(xor, sheet, "<f>dz_y * a_h1</f><v>-0.", "<f>dz_y * a_h1</f><v>-7.")
    contents["wrong"] = changed(xor, sheet, "<f>dz_y * a_h1</f>", "<f>dz_y * a_y</f>")
    paths = [folder / f"{name}.xlsx" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    recalculated(paths, out, 300.0)
    return {path.stem: Made(path, out / path.name) for path in paths}


def mistakes(book: Path, spec: Spec, folder: Path) -> list[str]:
    """What the reference finds in the cells of a workbook."""
    planned = plan(spec, encoding(spec, folder))
    raw = planned.encoding is not None and planned.encoding.predicts
    encoder = Encoder(spec, *training_columns(spec, folder)) if raw else None
    rows = Workbook(read(str(book)), Network(spec), planned, encoder).rows("cells")
    return [f"{row.what}: {row.note}" for row in rows if row.verdict != "right"]


@pytest.mark.parametrize("path", list(specs()), ids=lambda path: path.stem)
def test_stored_and_computed_values_of_each_spec_are_those_of_the_reference(
    path: Path, books: Mapping[str, Made]
) -> None:
    assert [mistakes(book, load(path), path.parent) for book in books[path.stem]] == [[], []]


@pytest.mark.parametrize("name", OTHERS)
def test_stored_and_computed_values_of_other_networks(name: str, books: Mapping[str, Made], tmp_path: Path) -> None:
    pair = books[f"network{OTHERS.index(name)}"]
    assert [mistakes(book, NETWORKS[name].spec, tmp_path) for book in pair] == [[], []]


def test_sums_that_are_too_long_for_a_formula_have_parts(books: Mapping[str, Made]) -> None:
    folder = books["wide"].stored.parent
    assert [mistakes(book, load(folder / "wide.yaml"), folder) for book in books["wide"]] == [[], []]
    labels = [row[0] for row in read(str(books["wide"].stored))["example"] if row]
    for name in ("loss", "da_hidden1", "da_hidden2"):
        assert any(str(label).startswith(f"{name} terms 1 to ") for label in labels), name


def test_cells_of_all_kinds_are_read_as_the_reference_reads_them(books: Mapping[str, Made]) -> None:
    folder = books["cells"].stored.parent
    assert [mistakes(book, load(folder / "cells.yaml"), folder) for book in books["cells"]] == [[], []]


@pytest.mark.parametrize("name", ["goods", "member", "cells"])
def test_contributions_are_those_of_the_reference(name: str, books: Mapping[str, Made]) -> None:
    folder = books["cells"].stored.parent
    pair = books[f"why_{name}"]
    assert [mistakes(book, load(folder / f"{name}.yaml"), folder) for book in pair] == [[], []]
    sheet = read(str(pair.computed))["contributions"]
    assert sum(isinstance(row[3], float) and row[3] != 0.0 for row in sheet[7:] if len(row) > 3) >= 2


def test_strange_ids_answer_as_the_module_does_or_show_what_is_wrong(books: Mapping[str, Made]) -> None:
    folder = books["loans"].stored.parent
    spec = load(folder / "loans.yaml")
    module = as_module("loans", render(plan(spec, encoding(spec, folder)), spec, "python")).__dict__
    rows, params = read(str(books["loans"].computed))["answer"][5:], module["unpack"](initial(spec))
    counts = {"answered": 0, "refused": 0}
    for record, row in zip(hostile(STRANGE_IDS), rows, strict=False):
        answer, wrong = row[3:5]
        try:
            expected = module["predict"](params, record)
        except ValueError:
            assert isinstance(wrong, str), record
            counts["refused"] += 1
            continue
        if isinstance(wrong, str):
            assert answer is None, record
            assert any(isinstance(cell, str | bool) for cell in record.values()), record  # stricter with these alone
            continue
        assert answer == pytest.approx(expected, rel=1e-12), record
        counts["answered"] += 1
    assert min(counts.values()) >= 10, counts


def test_strange_cells_answer_as_the_module_does_or_show_what_is_wrong(books: Mapping[str, Made]) -> None:
    folder = books["hostile"].stored.parent
    spec = load(folder / "cells.yaml")
    planned = plan(spec, encoding(spec, folder))
    module = as_module("cells", render(planned, spec, "python")).__dict__
    rows, params = read(str(books["hostile"].computed))["answer"][5:], initial(spec)
    answered = refused = 0
    for record, row in zip(hostile(), rows, strict=False):
        answer, *shares, wrong = row[5:11]
        try:
            expected = module["predict_proba"](params, record)
        except ValueError:
            assert isinstance(wrong, str), record
            refused += 1
            continue
        if isinstance(wrong, str):
            assert answer is None, record
            assert any(isinstance(cell, str | bool) for cell in record.values()), record  # stricter with these alone
            continue
        assert answer == max(expected, key=expected.__getitem__), record
        assert shares == pytest.approx(list(expected.values()), abs=1e-12, rel=0), record
        answered += 1
    assert len(hostile()) >= 100
    assert answered >= 40
    assert refused >= 30


def test_formulas_are_computed_anew(books: Mapping[str, Made]) -> None:
    """LibreOffice keeps stored values by default, and a judge that does would find nothing."""
    spec = load(ROOT / "specs" / "xor_mlp.yaml")
    folder = books["planted"].stored.parent
    planted, computed = (mistakes(book, spec, folder) for book in books["planted"])
    assert [one.partition(":")[0] for one in planted] == ["gradient, cells"]
    assert computed == []
    stored, wrong = (mistakes(book, spec, folder) for book in books["wrong"])
    assert stored == []
    assert wrong[0].startswith("gradient, cells: example!B")
    assert "dw_y_h1" in wrong[0]
