"""The tables of docs/conventions.md: what PyTorch, Keras and others call what nngen has."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from nngen.reading.yaml_reader import read
from tests.support.modules import ROOT

SECTIONS = re.split("^## ", (ROOT / "docs" / "conventions.md").read_text("utf-8"), flags=re.M)
LIBRARIES = ("PyTorch", "Keras 3")
TOLERANCE = {"PyTorch": (1e-10, 1e-13), "Keras 3": (2e-6, 2e-7)}
"""Relative and absolute; Keras takes means in 32 bits, whatever it is given."""


def rows(section: str, libraries: Sequence[str] = LIBRARIES) -> list[Any]:
    """The calls of a section's table of some libraries, each after the first cells of its row and its library."""
    (text,) = (text for text in SECTIONS if text.startswith(section))
    tables = re.findall(r"^\| nngen(?: .*)?\n(?:\|.*\n)+", text, re.M)
    (table,) = (table for table in tables if f"| {' | '.join(libraries)} |\n" in table)
    head, _, *lines = ([cell.strip(" `") for cell in line[1:-1].split("|")] for line in table.splitlines())
    first = len(head) - len(libraries)
    found = [
        (*cells[:first], library, call)
        for cells in lines
        for library, call in zip(libraries, cells[first:], strict=True)
    ]
    return [pytest.param(*cells, id=f"{cells[0]}-{cells[-2]}") for cells in found if cells[-1]]


def written(cell: str) -> Any:
    """A cell as YAML reads it."""
    return read(f"value: {cell}", "conventions.md").value["value"]
