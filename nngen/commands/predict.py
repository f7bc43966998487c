"""Answers of a trained network for a table of raw rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import compress, repeat
from pathlib import Path
from types import NoneType
from typing import Any, cast

import numpy as np

from nngen.commands.anomalies import limited, scores
from nngen.commands.inner import ANSWERS, module_of, without_ids
from nngen.commands.intervals import bounds
from nngen.commands.reasons import explaining, reasons
from nngen.commands.trained import BATCH
from nngen.commands.unlike import Unlike
from nngen.common import files
from nngen.common.records import dataclass
from nngen.description.data import (
    Array,
    Encoding,
    NumberColumn,
    encoding,
    expected_of,
    frames,
    inputs,
    measures,
    read_encoding,
)
from nngen.description.model import Spec, Table
from nngen.mathematics.catalogue import LOSSES
from nngen.plan import plan
from nngen.reading import parameter_files
from nngen.targets import as_module, texts

STANDARD_INPUT = Path("-")

INTERVALS = "write `interval: 0.9` and `split: {test: 0.2, calibration: 0.2}` under `data`, and train"
"""How a spec gets intervals."""


@dataclass(frozen=True)
class Asked:
    """A trained network, and the rows that it is asked about or judged by."""

    spec: Spec
    """A spec that has passed the checks."""
    path: Path
    """Its file."""
    params: Path | Sequence[float]
    """A file of parameters, or a flat list of them."""
    data: Path | None
    """A table with the columns of the inputs, ``-`` for standard input; None for the spec's own."""
    written: str | None = None
    """The encoding of a table of text; None for that of the spec's own."""
    reading: Spec | None = None
    """The same spec with what a user states about the table; None if that is nothing."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Receives for each column how many rows have an unknown value in it."""
    unlike: Unlike = field(default_factory=Unlike)
    """Receives in which columns the rows of ``data`` are unlike those of the training."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Receives how many rows are left out, by the reason."""
    interval: bool = False
    """Whether answers have their intervals."""
    explain: bool = False
    """Whether answers say which columns moved them most."""
    name: str = ""
    """What results call the table; by default its path."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Keeps the encoding, the modules and ``OneRow`` between questions to the same network."""


class OneRow:
    """Answers a row in memory as ``answer_rows`` answers a table with this row, with the same bits.

    Args:
        asked: the network, about which ``answer_rows`` has been asked.
        how: the encoding of its rows.
        trained: its parameters.
        head: the names of an answer's values.
    """

    def __init__(self, asked: Asked, how: Encoding, trained: Any, head: Sequence[str]) -> None:
        self.names: frozenset[Any] = frozenset()
        """Names of columns with which a row has been answered as a table."""
        self._spec, self._folder, self._how = asked.spec, asked.path.parent, how
        self._texts = [column.column for column in how.columns if not isinstance(column, NumberColumn)]
        self._module, self._trained, self._head = asked.kept["answering"], trained, head

    @cached_property
    def _reads(self) -> Any:
        """The module of Python, which encodes one row in a fraction of the time of NumPy."""
        text = texts(self._spec, self._folder, ["python"], contents=["notes"], measured=self._how)["python"]
        return as_module(self._spec.name, text)

    def answer(self, row: Mapping[Any, Any]) -> dict[str, Any] | None:
        """The answer; None where a table says more: a value is unusual or wrong, or there are other columns."""
        if row.keys() != self.names or not _PLAIN.issuperset(map(type, row.values())):
            return None
        if any(type(row[name]) is not str for name in self._texts):  # a module takes 3.0 for the text 3
            return None
        try:
            if self._reads.notes(row):
                return None
            x = np.array([self._reads.encode(row)])
        except ValueError:
            return None
        with np.errstate(all="ignore"):
            outputs = self._module.forward(self._trained, x)
        if np.isnan(outputs).any():
            return None
        return dict(zip(self._head, _rows(self._module, self._how, x, outputs)[0], strict=True))


_PLAIN = frozenset({str, int, float, NoneType})
"""The kinds of values that modules and tables read alike."""


def answer_rows(asked: Asked) -> Iterator[list[list[Any]]]:
    """The names of the columns of answers, and then an answer for each row, in the order of the rows, part by part.

    Memory does not grow with the number of rows: they are read, answered and given in batches.

    Raises:
        SpecError: a file cannot be read, or does not fit the spec; answers for the rows before may have been given.
    """
    spec, path, data = asked.spec, asked.path, asked.data
    if asked.interval and spec.loss.name in LOSSES and LOSSES[spec.loss.name].ends:
        raise files.refused(path, "the answers are the ends of an interval", "leave out `--interval`")
    if asked.interval and (spec.data is None or spec.data.level is None):
        raise files.refused(path, "the spec asks for no intervals", INTERVALS)
    stored, frame = opened(spec, asked.params), None
    how: Encoding | None
    if _measures_the_rows(asked):
        how, frame = read_encoding(spec, path.parent)
    else:
        how = asked.kept.get("encoding") or encoding(spec, path.parent)
        asked.kept["encoding"] = how
    if how is None or not how.predicts:
        advice = "add `data:` with the file, or with `classes` and `scale` by value"
        raise files.refused(path, "the spec does not say what a row of data is", advice)
    values = checked(stored, spec, how)
    how = _with_scores(asked, stored, how) if asked.interval else how
    answering = "explaining" if asked.explain else "answering"
    module = asked.kept.get(answering)
    if module is None:
        module = explaining(spec, path, how) if asked.explain else module_of(spec, path.parent, "numpy", how, ANSWERS)
        asked.kept[answering] = module
    trained = parameters(module, spec, values)
    expected = [expected_of(column, spec.dtype("numpy")) for column in (asked.reading or spec).columns]
    table = None if data == STANDARD_INPUT else _own(spec, path) if data is None else data
    names = spec.layers[-1].unit_names
    if how.of_inputs:
        how = limited(spec, path.parent, how, values)
    target = spec.data.targets[0] if isinstance(spec.data, Table) and len(spec.data.targets) == 1 else "answer"
    head = [target] if how.classes or len(names) == 1 else list(names)
    head = ["score", "anomaly"] if how.of_inputs else head
    shares = [f"p({name})" for name in how.classes if how.probabilities]
    why = [f"because({name})" for name in head] if len(head) > 1 and asked.explain else ["because"] * asked.explain
    if not (asked.interval or asked.explain or how.of_inputs):
        asked.kept.setdefault("one", OneRow(asked, how, trained, [*head, *shares]))
    found: list[list[Any]] = [[*head, *shares, *(_named(how, head) if asked.interval else ()), *why]]
    row = 1
    for part in [frame] if frame else frames(table, expected, encoding=encoding_of(spec, asked.written)):
        for start in range(0, len(part), BATCH):
            rows = part.select(range(start, min(start + BATCH, len(part))))
            x = inputs(how, rows, asked.unknown)
            if data is not None:
                asked.unlike.look(how, rows)
            with np.errstate(all="ignore"):  # what is NaN is refused
                outputs = module.forward(trained, x)
            answered = _rows(module, how, x, known(outputs, data or path, row))
            ends = _ends(how, outputs) if asked.interval else repeat([])
            why_each = reasons(module, spec, trained, rows) if asked.explain else repeat([])
            yield found + [[*one, *more, *why] for one, more, why in zip(answered, ends, why_each, strict=False)]
            found, row = [], row + len(x)
    if found:
        yield found  # of a table without rows


def _with_scores(asked: Asked, stored: "Given", how: Encoding) -> Encoding:
    """The encoding with the scores of intervals.

    Raises:
        SpecError: there are none.
    """
    made = stored.calibrated(how) if isinstance(stored, parameter_files.Stored) else how
    if not made.scores:
        where = asked.params if isinstance(asked.params, Path) else "params"
        advice = f"train with {how.level:g} in the spec and `split: {{calibration: 0.2}}`"
        raise files.refused(where, f"no training has measured intervals of {how.level:g} for them", advice)
    return made


def _named(how: Encoding, names: Sequence[str]) -> list[str]:
    """The names of the columns of intervals, or of sets of classes."""
    return ["classes"] if how.classes else [f"{end}({name})" for name in names for end in ("lower", "upper")]


def _ends(how: Encoding, outputs: Array) -> Iterator[list[Any]]:
    """The bounds of each answer, or the names of the classes in each set."""
    for row in bounds(how, np.asarray(outputs, np.float64)).tolist():
        yield ["|".join(compress(how.classes, row))] if how.classes else row


def known(outputs: Array, where: Path, row: int = 1) -> Array:
    """The outputs for rows of a file, from one on: ``(n, outputs)``.

    Raises:
        SpecError: an output is NaN, which no class and no number stands for.
    """
    wrong = np.isnan(outputs).any(axis=1)
    if wrong.any():
        what = f"the outputs for row {row + int(np.argmax(wrong)):,} are NaN, which is no answer"
        raise files.refused(where, what, "its numbers or the parameters are too large: scale the inputs")
    return outputs


def _measures_the_rows(asked: Asked) -> bool:
    """Whether the spec is measured on all rows that are to be answered, so that one reading serves both."""
    own = asked.spec.data
    if not isinstance(own, Table) or asked.reading is not None or asked.written or not measures(asked.spec):
        return False
    table = asked.path.parent / own.file
    same = asked.data is None or (asked.data.exists() and table.exists() and asked.data.samefile(table))
    return same and "leave_out" not in (own.missing_target, own.unknown_class)


def encoding_of(spec: Spec, said: str | None) -> str:
    """The encoding of a table of text: what is said, or else that of the spec's own; empty for UTF-8."""
    return said or (isinstance(spec.data, Table) and spec.data.encoding) or ""


def _rows(module: Any, how: Encoding, x: Array, outputs: Any) -> list[list[Any]]:
    if how.of_inputs:
        return [[score, score > how.limit] for score in scores(x, outputs).tolist()]
    found = module.decode(outputs)
    if not how.classes:
        return cast("list[list[Any]]", np.reshape(found, (len(outputs), -1)).tolist())
    if not how.probabilities:
        return [[name] for name in found]
    shares = outputs if outputs.shape[1] > 1 else np.hstack([1.0 - outputs, outputs])
    return [[name, *row] for name, row in zip(found, shares.tolist(), strict=True)]


Given = parameter_files.Stored | Sequence[float]
"""Parameters: those in a file, or a flat list."""


def opened(spec: Spec, params: Path | Sequence[float]) -> Given:
    """The parameters of a network; a file is read before all work that it would make useless.

    Raises:
        SpecError: the file cannot be read, or holds something else.
    """
    return parameter_files.stored(params, plan(without_ids(spec))) if isinstance(params, Path) else params


def checked(given: Given, spec: Spec, how: Encoding | None) -> Sequence[float] | Array:
    """The numbers of parameters, for a network with the answers that they were trained for.

    Raises:
        SpecError: the network differs from that of the training.
    """
    return given.array_of(spec, how) if isinstance(given, parameter_files.Stored) else given


def parameters(module: Any, spec: Spec, values: Sequence[float] | Array, *, batches: bool = True) -> Any:
    """Parameters as the module takes them; ``batches`` says that it is that of NumPy."""
    if not isinstance(values, np.ndarray):
        return module.unpack(values)
    if not batches:
        return module.unpack(values.tolist())
    kind, blocks = spec.dtype("numpy"), plan(without_ids(spec)).blocks  # `unpack` would copy them
    return [values[block.start : block.stop].reshape(block.shape).astype(kind, copy=False) for block in blocks]


def _own(spec: Spec, path: Path) -> Path:
    if isinstance(spec.data, Table):
        return path.parent / spec.data.file
    raise files.refused(path, "the spec names no table to answer", "name one: `nngen predict SPEC --params P DATA`")


def lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as the text of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
