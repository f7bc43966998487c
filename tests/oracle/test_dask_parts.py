"""Parts of a CSV file: their bounds, what workers read of them, and mistakes in one of them."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.data import encoding, rows_encoded
from nngen.description.data.number_texts import SPACES
from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import bits, module, shards
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

PENGUINS = ROOT / "specs" / "penguins.yaml"

CELLS = ["a", "", "ß", "two\nlines", "three\r\n\nlines", '"', 'say "no"\n', "a,b;c\td|e", " ", "\n", "'", '5"', "\xa0x"]


@pytest.fixture(autouse=True)
def _few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from nngen.dask import paths

    monkeypatch.setattr(paths, "ROWS", 7)


def read(shard: Any, names: list[str]) -> dict[str, Any]:
    """What a worker reads of a shard."""
    from nngen.dask.reading import columns_of
    from nngen.dask.shards import sources

    [source] = sources([shard])
    return columns_of(source.where, source.path, source.version, source.part, [], {name: [] for name in [*names, ""]})


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_any_text(tmp_path: Path, seed: int) -> None:
    """Each part has seven rows, and all together have those that the module ``csv`` of Python finds."""
    from nngen.dask import shards_of

    random = np.random.default_rng(seed)
    ends, separator = random.choice(["\n", "\r\n"]), random.choice([",", ";", "\t", "|"])
    names = ["one", "two\nlines", "three"]
    table = [[*random.choice(CELLS, 3)] for _ in range(random.integers(0, 40))]
    text = StringIO(newline="")
    style = csv.unix_dialect if seed % 3 == 0 else csv.excel  # all cells in quotes, or those that need them
    writer = csv.writer(text, style, delimiter=separator, lineterminator=ends)
    for row in [names, *table]:
        if random.random() < 0.2:
            text.write(ends)
        writer.writerow(row)
    written = text.getvalue() + ends * 9 * (seed % 4 == 0)
    path = tmp_path / "rows.csv"
    path.write_bytes((b"\xef\xbb\xbf" if seed % 2 else b"") + written.removesuffix(ends).encode())
    parts = shards_of(path)
    assert len(parts) == max(1, -(-len(table) // 7))
    found = [read(part, names) for part in parts]
    assert all(len(part["one"]) == 7 for part in found[:-1])
    for place, name in enumerate(names):
        assert [cell for part in found for cell in part[name]] == [row[place].strip(SPACES) for row in table], name


@pytest.fixture(scope="module")
def penguins() -> str:
    return texts(load(PENGUINS), PENGUINS.parent, ["numpy"])["numpy"]


def test_the_bits_are_those_of_the_same_rows(
    client: Any, penguins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pandas as pd

    from nngen.dask import Columns, fit, paths, predict, shards_of

    monkeypatch.setattr(paths, "ROWS", 100)
    spec, net = load(PENGUINS), module(penguins)
    how = encoding(spec, PENGUINS.parent)
    assert how is not None
    x, y, _ = rows_encoded(spec, PENGUINS.parent, how, None)
    table = pd.read_csv(PENGUINS.parent / "data" / "penguins.csv", keep_default_na=False)
    table["note"] = ["seen\n\nat sea" if row % 3 else '"' for row in range(len(table))]
    table.to_csv(tmp_path / "rows.csv", index=False)
    parts = shards_of(tmp_path)
    arrays = shards(x, y, sizes=(100, 100, 100, len(x) - 300))
    expected = fit(None, penguins, net.init(), arrays, epochs=2, batch_size=50)
    for where in None, client:
        found = fit(where, penguins, net.init(), parts, epochs=2, batch_size=50, columns=Columns("species"))
        assert bits(found) == bits(expected)
        outputs = [*predict(where, penguins, found[0], parts)]
        assert [one.tobytes() for one in outputs] == [net.forward(found[0], part).tobytes() for part, _ in arrays]


HEAD = "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,species\n"
ROW = 'Biscoe,1,2,3,4,"male\n",Gentoo\n'

WRONG = {
    "in the middle": (ROW * 9 + "Biscoe,1,2\n" + ROW, ", line 20: expected 7 cells, got 3"),
    "at the end of a part": (ROW * 6 + "Biscoe,1,2\n" + ROW, ", line 14: expected 7 cells, got 3"),
    "at the end": (ROW * 7 + "Biscoe,1", ", line 16: expected 7 cells, got 2; the file ends in the middle of a row"),
    "a quote that does not close": (
        ROW * 8 + 'Biscoe,1,2,3,4,male,"Gen',
        ", line 18: expected cells that ',' separates, each plain or completely in quotes;"
        " the file ends in the middle of a row",
    ),
    "a quote within a cell": (
        ROW * 8 + '"Bis"coe,1,2,3,4,male,Gentoo\n' + ROW,
        ", line 18: expected cells that ',' separates, each plain or completely in quotes",
    ),
    "a number": (ROW * 8 + ROW.replace("2", "two"), ", row 9: bill_depth_mm: expected a number, got 'two'"),
    "a class": (
        ROW * 8 + ROW.replace("Gen", "gen"),
        ", from row 8 on: unknown class 'gentoo'; the classes are Adelie, Chinstrap, Gentoo",
    ),
    "another text": (ROW * 8 + ROW.replace("B", "\xe4"), ": expected text in UTF-8, got the byte 0xe4"),
    "column names": (f'"island{ROW}', ": expected names of columns, each plain or completely in quotes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_in_a_part(client: Any, penguins: str, tmp_path: Path, name: str) -> None:
    from nngen.dask import Columns, fit, shards_of

    text, message = WRONG[name]
    path = tmp_path / "rows.csv"
    path.write_bytes((text if name == "column names" else HEAD + text).encode("latin-1"))
    parts = shards_of(path)
    assert len(parts) == (1 if name == "column names" else 2)
    for where in None, client:
        with pytest.raises(ValueError, match=r"expected|unknown") as refused:
            fit(where, penguins, module(penguins).init(), parts, columns=Columns("species"))
        assert str(refused.value) == f"{path}{message}"
