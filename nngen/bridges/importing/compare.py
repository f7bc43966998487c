"""The proof of an import: seeded inputs through the source and through the generated module."""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, Literal

import numpy as np

from nngen.bridges.importing.assemble import Imported
from nngen.bridges.importing.checks import HALF
from nngen.bridges.importing.graph import Array, Input
from nngen.common.records import dataclass
from nngen.description.data import IndexColumn, NumberColumn, encoding
from nngen.description.model import numbered
from nngen.targets import as_module, texts

INPUTS = 32
"""The examples of a comparison."""

UNUSUAL = 8
"""Each so many examples, a value is at an edge: missing, an unknown category, the first or last id, or far away."""

FAR = 10.0
"""How far from the means numbers at an edge are, in deviations of the usual ones."""

NARROW = 100.0
"""How many times larger differences may be there, where a source rounds to 32 bits: of log(sigmoid(z)) at z = -16."""

TOLERANCES = {"float64": 1e-6, "float32": 1e-4, "float16": 5e-2}
"""The largest difference from a source that computes in these numbers, as ``difference`` gives it.

In 64 bits, what differs are constants that a file has in 32 bits, where a spec has their shortest decimals. In 32 bits,
layers of a thousand units sum rounding errors of 6e-8 to about 1e-5, and in 16 bits those of 5e-4 to about 1e-2.
"""

Table = Mapping[str, Sequence[float | str | None]]
"""Rows of raw data: the values of each column by its name; None is a missing value."""


Values = Sequence[Sequence[Any]]
"""The values of each column; None is a missing value.

Each ``judge`` gets the path of a file that its reader has accepted, the name of the output in a file of operators, the
activation of the outputs, the names of the columns that the network takes, and their values. It runs in a process of
its own.
"""


@dataclass(frozen=True)
class Sample:
    """The inputs of a comparison."""

    table: Table
    """The values of each input by its name in the source."""
    numbers: Array | None = None
    """The same as a matrix (n, inputs), where the network takes numbers as they are."""

    @property
    def columns(self) -> list[list[float | str | None]]:
        """The values of each input, in their order."""
        return [list(column) for column in self.table.values()] if self.numbers is None else self.numbers.T.tolist()


@dataclass(frozen=True)
class Judgement:
    """The outputs of the source for a sample, by its own library."""

    by: str
    """Who computed them: ``ONNX Runtime``."""
    outputs: Array | None = None
    """Of shape (n, outputs), or (n,) for one output; in the units of the targets. None if it could not compute them."""
    dtype: Literal["float16", "float32", "float64"] = "float64"
    """The numbers that were computed with."""
    reason: str = ""
    """Why it could not compute them, in words after its name: ``is not installed: pip install onnxruntime``."""
    rounding: float = 0.0
    """How far its rounding to integers may move outputs, as ``difference`` gives it; 0 if it does not round."""


@dataclass(frozen=True)
class Comparison:
    """The largest differences of the module's outputs from those of the source."""

    text: str
    right: bool
    """Whether all are within the tolerance."""
    judged: bool
    """Whether the library of the source has computed its outputs."""


def judgement(by: str, dtype: Any, compute: Callable[[], Any], install: str = "") -> Judgement:
    """The outputs that a library computes, or the reason why it cannot; ``install`` has the packages that it needs."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Judgement(by, np.asarray(compute(), np.float64), dtype)
    except ModuleNotFoundError as error:
        return Judgement(by, reason=f"is not installed: pip install {install or error.name}")
    except Exception as error:  # libraries raise errors of many classes
        reason = " ".join(str(error).split())[:200]
        return Judgement(by, None, dtype, f"fails: {type(error).__name__}: {reason}")


def fed(shapes: Mapping[str, tuple[int, ...]], names: Sequence[str], columns: Values) -> list[Any]:
    """An array of shape (rows, *shape) for each input of a source, by its name and the shape of an example.

    It has the columns with the names of the input, or those that come next.
    """
    taken, rest, found = dict(zip(names, columns, strict=False)), iter(columns), []
    for name, shape in shapes.items():
        wanted = numbered(name, prod(shape)) if prod(shape) > 1 else (name,)
        by_name = all(one in taken for one in wanted)
        values = [taken[one] if by_name else next(rest) for one in wanted]
        found.append(np.array(values, object).T.reshape(-1, *shape))
    return found


def sample(imported: Imported, seed: int = 0) -> Sample:
    """Inputs of the size that the network expects: around the means of its scaling, if it has one.

    Numbers are rounded to float32, so that a source that computes in float32 gets the same ones. They are above the
    means where the source has logarithms, which have no value for numbers below 0.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    encoded = encoding(imported.spec, Path())
    entry = next((node for node in imported.graph.nodes if isinstance(node, Input)), None)
    if entry is not None:
        numbers = _normal(rng, (INPUTS, len(imported.spec.input_names)), imported)
        if encoded is not None and encoded.scaling is not None:
            numbers = numbers * np.array(encoded.scaling.divide) + np.array(encoded.scaling.subtract)
        numbers = numbers.astype(np.float32).astype(np.float64)
        names = entry.names or numbered("x", entry.width)
        return Sample(dict(zip(names, numbers.T.tolist(), strict=True)), numbers)
    assert encoded is not None  # noqa: S101 (columns belong to data)
    return Sample({column.column: _column(column, rng, imported) for column in encoded.columns})


def _normal(rng: np.random.Generator, shape: tuple[int, ...], imported: Imported) -> Array:
    numbers = rng.standard_normal(shape)
    numbers[2::UNUSUAL] *= FAR
    return np.abs(numbers) if imported.graph.above else numbers


def _column(column: Any, rng: np.random.Generator, imported: Imported) -> list[float | str | None]:
    if isinstance(column, NumberColumn):
        numbers = (_normal(rng, (INPUTS,), imported) * column.divide + column.subtract).astype(np.float32)
        values: list[float | str | None] = [float(number) for number in numbers]
    elif isinstance(column, IndexColumn):
        known = column.count - column.unknown
        rows = [*rng.integers(known, size=INPUTS - 2), 0, known - 1]
        values = [column.ids[row] if column.ids else int(row) for row in rows]
        if column.unknown:
            values[::UNUSUAL] = [_unknown(column.ids) if column.ids else known] * len(values[::UNUSUAL])
        return values
    else:
        values = [column.categories[index] for index in rng.integers(len(column.categories), size=INPUTS)]
        if column.unknown:
            values[::UNUSUAL] = [_unknown(column.categories)] * len(values[::UNUSUAL])
    if column.fill is not None:
        values[1::UNUSUAL] = [None] * len(values[1::UNUSUAL])
    return values


def _unknown(categories: Sequence[str]) -> str:
    """A category that is not among these; a number if they are whole numbers."""
    numbers = [int(category) for category in categories if re.fullmatch(r"-?\d{1,15}", category)]
    return str(max(numbers) + 1) if len(numbers) == len(categories) else f"not {''.join(categories)[:100]}"


def outputs(imported: Imported, given: Sample) -> Array:
    """The outputs of the generated module of NumPy, in the units of the targets: (n, outputs)."""
    spec = imported.spec
    module = as_module(spec.name, texts(spec, Path(), ["numpy"])["numpy"])
    rows = given.table if given.numbers is None else given.numbers
    encoded = encoding(spec, Path())
    if encoded is not None and encoded.scaling is not None:
        x = module.scale(rows)
    elif encoded is not None and not encoded.plain:
        x = module.encode(rows)
    elif given.numbers is None:
        x = np.array(given.columns, np.float64).T
    else:
        x = rows
    with np.errstate(all="ignore"):
        found = np.asarray(module.forward(module.unpack(list(imported.parameters)), x))
    if imported.graph.targets is not None:
        subtract, divide = imported.graph.targets
        return found * divide + subtract
    return found


def compare(imported: Imported, given: Sample, judgements: Sequence[Judgement]) -> Comparison:
    """Compare the outputs of the generated module with those of the source.

    Args:
        imported: what a reader has made.
        given: the inputs.
        judgements: the outputs of the source for these inputs, by one or more libraries.
    """
    own = outputs(imported, given)
    parts: list[str] = []
    others: list[str] = []
    right = True
    for one in judgements:
        if one.outputs is None:
            others.append(f"{one.by} {one.reason}")
            continue
        dtype = "float16" if one.dtype == "float32" and HALF in imported.graph.notes else one.dtype
        tolerance, narrow = max(TOLERANCES[dtype], one.rounding), dtype != "float64" and not one.rounding
        found = difference(own, one.outputs, logarithms=imported.log_outputs, narrow=narrow)
        shown = f"{found:.1e}" if found else "0"
        why = " for its rounding to integers" if one.rounding else ""
        parts.append(f"with {one.by} in {dtype}: largest difference {shown}, tolerance {tolerance:.0e}{why}")
        right &= found <= tolerance  # also where it is NaN
    if not parts:
        return Comparison(f"nothing compared the outputs with those of the source: {'; '.join(others)}", True, False)
    return Comparison(f"{INPUTS} inputs compared {'; '.join([*parts, *others])}", right, True)


def difference(own: Array, expected: Array, *, logarithms: bool = False, narrow: bool = False) -> float:
    """The largest difference of outputs, as a share of the largest one of a row or of 1.

    Args:
        own: those of the module, of shape (n, outputs) or (n,).
        expected: those of the source. Of two numbers for one output, such as 1 - p and p, the second one counts.
        logarithms: whether those of the source are logarithms.
        narrow: whether the source computes with fewer than 64 bits.
    """
    own, expected = own.reshape(len(own), -1), expected.reshape(len(own), -1)
    expected = np.exp(expected) if logarithms else expected
    if own.shape[1] == 1 and expected.shape[1] == 2:
        expected = expected[:, 1:]
    rows = np.asarray(np.isfinite(expected).all(axis=1))  # elsewhere, its numbers are too large for the source
    if own.shape != expected.shape or rows.sum() < len(rows) / 2:
        return np.inf
    sizes = np.ones((len(own), 1))
    sizes[2::UNUSUAL] = NARROW if narrow else 1.0
    own, expected, sizes = own[rows], expected[rows], sizes[rows]
    return float(
        (np.abs(own - expected) / (sizes * np.maximum(1.0, np.abs(expected).max(axis=1, keepdims=True)))).max()
    )
