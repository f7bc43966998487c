"""Workbooks of networks, their cells and their formulas."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from nngen.description.data import encoding, training_columns
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load
from nngen.targets import as_workbook
from tests.support.modules import ROOT

MAX_FORMULA = 8_192
"""The characters that Excel takes in a formula."""


def parts(data: bytes) -> dict[str, str]:
    """The texts of the files in a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def formulas(data: bytes) -> list[str]:
    """All formulas of a workbook, those of its names and lists included."""
    found = re.compile(r"<(f|definedName|formula1|formula2)\b[^>]*>([^<]*)<")
    return [text for xml in parts(data).values() for _, text in found.findall(xml)]


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with one text of a file in it replaced, once."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                text = content.decode()
                assert old in text
                content = text.replace(old, new, 1).encode()
            after.writestr(name, content)
    return out.getvalue()


def records(spec: Spec, folder: Path, count: int) -> list[dict[str, Any]]:
    """The first training rows as raw cells."""
    columns, _ = training_columns(spec, folder)
    return [
        {name: None if values[place] != values[place] else values[place] for name, values in columns.items()}
        for place in range(count)
    ]


def initial(spec: Spec) -> list[float]:
    """The initial parameters."""
    network = Network(spec)
    return [float(value) for array in network.init() for value in array.ravel()]


def specs() -> Iterator[Path]:
    """The specs that a workbook can have."""
    for folder in (ROOT / "specs", ROOT / "specs" / "recommend"):
        yield from sorted(folder.glob("*.yaml"))


@cache
def made(path: Path, rows: int = 0) -> bytes:
    """The workbook of a spec with its initial parameters, and with some rows of its table if it describes one."""
    spec = load(path)
    how = plan(spec, encoding(spec, path.parent)).encoding
    if not rows or how is None or not how.predicts:
        return as_workbook(spec, path.parent)
    return as_workbook(spec, path.parent, initial(spec), records(spec, path.parent, rows))


def texts(data: bytes) -> Sequence[str]:
    """The texts of all cells that are texts."""
    return re.findall(r"<t[^>]*>([^<]*)</t>", parts(data).get("xl/sharedStrings.xml", ""))


TABLE = """\
amount,kind,level,member,day,label,worth,size
1.5,red,1.0,true,2024-02-29,=cmd|' /C calc'!A0,1000,0.5
2.5,green,2.0,false,2023-12-31 18:30:00,+yes,1500,0.25
3.5,=1+1,3.0,true,2020-01-01,-no,700,0.75
,red,1.0,false,2021-06-15,@maybe,2500,1
100,blue,2.0,true,2022-03-03,+yes,1200,0.125
7,green,3.0,false,2024-07-07,-no,900,1.5
"""

CELLS = """\
name: cells
description: "=cmd|' /C calc'!A0 http://example.org"
inputs:
  - {name: amount, missing: median, scale: robust, indicator: true}
  - {name: kind, categories: [red, green, "=1+1", blue, "@x", "http://a.b"], unknown: zeros, missing: {category: green}}
  - {name: level, categories: ["1.0", "2.0", "3.0"]}
  - {name: member, categories: ["true", "false"], missing: zeros, indicator: true}
  - {name: day, date: YYYY-MM-DD, parts: [days, year, month, weekday, hour], missing: median}
layers:
  - {name: hidden, units: 4, activation: tanh}
  - {name: output, units: [a1, A1_, r, C], activation: softmax}
loss: cross_entropy
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 10}
data: {file: cells.csv, target: label, scale: standardize, classes: ["=cmd|' /C calc'!A0", "+yes", "-no", "@maybe"]}
targets: [python]
"""

STRANGE: dict[str, list[Any]] = {
    "amount": [0, -0.0, 1e100, 1e101, -5, "NA", "?", " ", "abc", "=1+1", "1,5", True, False, None, "n/a", "inf"],
    "kind": ["Red", "RED", " red", "red ", "r ed", "=1+1", "@x", "+x", "-x", "http://a.b", None, "NA", 1, True, "no"],
    "level": [1, 1.0, 2.0, 3.0, 4.0, "1.0", "1", "1.00", "2.0", 1.5, True, None, "NA", "x", "*", "?"],
    "member": [True, False, "true", "True", "TRUE", "tRUE", "false", 1, 0, "1", "0", 2, None, "NA", "yes", "~"],
    "day": ["2024-02-29", "1999-12-31 23:59:59", "2100-03-01", "1900-03-01", "9999-12-31", None, "NA", "no", True],
}
"""Cells for each column of the table."""


def table(folder: Path) -> Path:
    """Write a table with columns of all kinds, whose texts look like formulas, and return its spec."""
    (folder / "cells.csv").write_text(TABLE)
    (folder / "cells.yaml").write_text(CELLS)
    return folder / "cells.yaml"


GOODS = """\
name: goods
inputs:
  - {name: amount, missing: median}
  - {name: kind, categories: [red, green, "=1+1", blue], unknown: zeros, missing: zeros, indicator: true}
layers:
  - {name: hidden, units: 4, activation: gelu, normalization: layer_norm}
  - {name: output, units: [price, volume], activation: linear, from: [hidden, x]}
loss: squared_error
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 10}
data: {file: cells.csv, target: [worth, size], scale: standardize, scale_targets: standardize}
targets: [python]
"""
"""Two numbers in units of their own."""

MEMBER = """\
name: member
inputs: [{name: amount, missing: median}, {name: level, categories: ["1.0", "2.0", "3.0"]}]
layers:
  - {name: hidden, units: 8, activation: tanh, weights: {initial: {name: normal, deviation: 20}}}
  - {name: output, units: [member], activation: sigmoid}
loss: binary_cross_entropy
training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 10}
data: {file: cells.csv, target: member, classes: ["false", "true"], scale: standardize}
targets: [python]
"""
"""One output for two classes, and units so steep that sheets have too few midpoints for some records."""


IDS = """\
name: loans
inputs:
  - {name: reader, ids: ["Ada", "=1+1", "true", "false", "7.0"], unknown: row}
  - {name: shelf, ids: 6}
  - {name: pages, ids: 4, unknown: row}
layers:
  - {name: taste, kind: embedding, from: reader, units: 2}
  - {name: place, kind: embedding, from: shelf, units: 2}
  - {name: length, kind: embedding, from: pages, units: 1}
  - {name: affinity, kind: dot, from: [taste, place]}
  - {name: days, kind: add, from: [affinity, length], units: 1}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}, epochs: 10}
data: {file: loans.csv, target: days, scale_targets: standardize}
targets: [python]
"""
"""Ids of all kinds."""

LOANS = "reader,shelf,pages,days\nAda,0,0,3\n=1+1,5,1,9\ntrue,2,3,1\n7.0,1,2,4\n"

STRANGE_IDS: dict[str, list[Any]] = {
    "reader": ["Ada", "ada", " Ada", "=1+1", True, False, "TRUE", 7, 7.0, "7", "7.00", 8, None, "NA", "Bo"],
    "shelf": [0, -0.0, 5, 6, -1, 2.5, True, "2", "x", None, 1e300],
    "pages": [0, 3, 4, 99, -1, 0.5, False, "1", "x", None],
}
"""Cells for each column of ids."""


def explained(folder: Path) -> Iterator[Path]:
    """Write specs whose workbooks have contributions, and return them."""
    table(folder)
    for name, text in {"goods": GOODS, "member": MEMBER}.items():
        (folder / f"{name}.yaml").write_text(text)
        yield folder / f"{name}.yaml"
    yield folder / "cells.yaml"


def of_ids(folder: Path) -> Path:
    """Write a table of ids, and return its spec."""
    (folder / "loans.csv").write_text(LOANS)
    (folder / "loans.yaml").write_text(IDS)
    return folder / "loans.yaml"


def hostile(strange: Mapping[str, Sequence[Any]] = STRANGE) -> list[dict[str, Any]]:
    """Records with a strange cell each, and some with several."""
    plain = {"amount": 2.5, "kind": "blue", "level": "2.0", "member": "true", "day": "2022-03-03"}
    plain = {"reader": "Ada", "shelf": 1, "pages": 2} if "reader" in strange else plain
    alone = [{**plain, name: cell} for name, found in strange.items() for cell in found]
    together = [{name: found[place % len(found)] for name, found in strange.items()} for place in range(30)]
    return [one for one in alone + together if any(cell is not None for cell in one.values())]
