"""What moved the answer to a row away from that to a typical row, in words."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.description.data import Array, Encoding, Frame, as_written
from nngen.description.model import Index, LogScale, Spec
from nngen.targets import as_module, texts

MOST = 3
"""Columns in the reason of an answer."""


def explaining(spec: Spec, path: Path, how: Encoding) -> Any:
    """The NumPy module of a spec in memory, with ``contributions``.

    Raises:
        SpecError: it has none.
    """
    if any(isinstance(column, Index) for column in spec.columns):
        raise files.refused(path, "answers of a network with ids cannot be explained", "leave out --explain")
    asked = ("prediction", "files", "sensitivity")
    module = as_module(spec.name, texts(spec, path.parent, ["numpy"], contents=asked, measured=how)["numpy"])
    if not hasattr(module, "contributions"):
        advice = "name a table with a target under `data`, or leave out --explain"
        raise files.refused(path, "there is no typical row of training data to compare with", advice)
    return module


def reasons(module: Any, spec: Spec, trained: Any, rows: Frame) -> Iterator[list[str]]:
    """For each row and each answer the columns that move it most, each with its cell and its contribution."""
    table, logs = as_written(spec, rows), spec.data is not None and isinstance(spec.data.scale_targets, LogScale)
    moved = {name: values.reshape(len(rows), -1) for name, values in module.contributions(trained, table).items()}
    for place in range(len(rows)):
        cells = {name: _cell(table[name][place]) for name in moved}
        here = {name: values[place] for name, values in moved.items()}
        yield [_reason(cells, here, k, logs) for k in range(_count(moved))]


def _count(moved: dict[str, Array]) -> int:
    return int(next(iter(moved.values())).shape[1])


def _reason(cells: dict[str, str], moved: dict[str, Sequence[float]], k: int, logs: bool) -> str:
    """The columns that move an answer most: by which number, or of logarithms by which factor."""
    most = sorted(moved, key=lambda name: -abs(moved[name][k]))[:MOST]
    return "; ".join(f"{name} {cells[name]}: {_moved(moved[name][k], logs)}" for name in most if moved[name][k])


def _moved(by: float, logs: bool) -> str:
    return f"*{math.exp(min(by, 700.0)):.3g}" if logs else f"{by:+.3g}"


def _cell(cell: object) -> str:
    """A cell as a reader knows it."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "missing"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
