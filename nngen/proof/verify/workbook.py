"""Verifies a workbook: its stored values and, computed anew by LibreOffice, its formulas."""

import math
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from nngen.common import files
from nngen.common.records import dataclass
from nngen.description.data import Encoding, encoding, measures, training_columns
from nngen.description.model import Spec, Values
from nngen.plan import Plan, derivative_of, full_name, plan
from nngen.proof.reference import Array, Encoder, Network, contributions
from nngen.proof.verify.module_text import near, of_network
from nngen.proof.verify.rows import OPEN, RIGHT, WRONG, Row
from nngen.proof.verify.spreadsheet import PROGRAM, Cell, Sheets, cells, recalculated
from nngen.reading import load
from nngen.targets import MAX_WORKBOOK, workbook_of

ALLOWED = 1e-12
"""The largest error, of numbers above 1 a share of them."""

STEPS = 10
"""The steps of the sheet of training that are compared; later ones repeat the errors of the first."""


SECONDS = 300.0
"""The time of LibreOffice for a workbook. The largest of nngen take some seconds."""

LEARNING = ("loss", "gradient", "one step")

Compared = tuple[str, Cell, float]
"""A cell with the name of its value, what it has, and what the reference says."""


@dataclass(frozen=True)
class Workbook:
    """The cells of a workbook, judged by the reference."""

    sheets: Sheets
    network: Network
    plan: Plan
    encoder: Encoder | None

    def rows(self, says: str) -> Iterator[Row]:
        """The checks; ``says`` is where the values come from."""
        found = {
            "forward": self._forward,
            **(
                {}
                if self.plan.needs_batch
                else {"loss": self._loss, "gradient": self._gradient, "one step": self._step}
            ),
            **({"training": self._training} if "training" in self.sheets else {}),
            **({"answers": self._answers} if "answer" in self.sheets else {}),
            **({"contributions": self._contributions} if "contributions" in self.sheets else {}),
        }
        for what, compared in found.items():
            yield _row(f"{what}, {says}", compared)

    @cached_property
    def example(self) -> Mapping[str, tuple[int, Cell]]:
        """The values of the sheet of one example by their names, each with its row, from 1."""
        made: dict[str, tuple[int, Cell]] = {}
        for number, (name, value, *_) in enumerate((*row, None, None) for row in self.sheets["example"]):
            if isinstance(name, str) and value is not None:
                made.setdefault(name, (number + 1, value))
        return made

    @property
    def names(self) -> Iterator[tuple[str, int]]:
        """The names of the parameters of an example, each with its place in the flat list: of embeddings one row."""
        for block in self.plan.blocks:
            if block.index:
                width = len(block.inputs)
                start = block.start + int(_number(*self._at(block.index))) * width
                yield from ((full_name("w", unit, block.index), start + i) for i, unit in enumerate(block.inputs))
            else:
                yield from zip(
                    (name for row in block.rows for name in row), range(block.start, block.stop), strict=True
                )

    @property
    def _parameters(self) -> list[float]:
        """All parameters."""
        found: list[float] = []
        for block in self.plan.blocks:
            if block.index:
                sheet = self.sheets["embeddings"]
                first = sheet[0].index(block.name) + 1
                rows = sheet[2 : 2 + block.count]
                found += [_number(block.name, cell) for row in rows for cell in row[first : first + len(block.inputs)]]
            else:
                found += self._numbers(name for row in block.rows for name in row)
        return found

    def _numbers(self, names: Iterable[str]) -> list[float]:
        return [_number(*self._at(name)[:2]) for name in names]

    def _at(self, name: str) -> tuple[str, Cell]:
        if name not in self.example:
            raise ValueError(f"the sheet example has no {name}")
        row, value = self.example[name]
        return f"example!B{row}, {name}", value

    @cached_property
    def _given(self) -> tuple[list[Array], Array, Array]:
        """The parameters, and the inputs and the targets of the example."""
        names = [] if self.plan.needs_batch else self.plan.output.names("y")
        y = [math.nan if self._missing(name) else _number(*self._at(name)) for name in names]
        return (
            self.network.unpack(self._parameters),
            np.array([self._numbers(self.plan.inputs)]),
            np.array([y]),
        )

    def _missing(self, target: str) -> bool:
        """Whether the cell of a target is empty, and the loss passes over it."""
        return self.plan.loss.missing and target not in self.example

    @cached_property
    def _slopes(self) -> tuple[float, list[Array]]:
        own = self.plan.loss.example_weights and not self.plan.loss.weighted_mean
        weights = self._numbers(["weight"]) if own else None
        return self.network.gradient(*self._given, weights)

    def _forward(self) -> Iterator[Compared]:
        expected = self.network.forward(*self._given[:2])[0].tolist()
        for name, number in zip(self.plan.output.names("a"), expected, strict=True):
            yield *self._at(name), number

    def _loss(self) -> Iterator[Compared]:
        yield *self._at("loss"), self._slopes[0]

    def _gradient(self) -> Iterator[Compared]:
        slopes = _flat(self._slopes[1])
        for name, place in self.names:
            if derivative_of(name) in self.example:  # a frozen parameter has none
                yield *self._at(derivative_of(name)), slopes[place]

    def _step(self) -> Iterator[Compared]:
        params, x, _ = self._given
        moved, _ = self.network.step(params, self._slopes[1], self.network.init_state(params), x)
        new = _flat(moved)
        for name, place in self.names:
            yield *self._at(f"new_{name}"), new[place]

    def _training(self) -> Iterator[Compared]:
        """The first steps of the sheet of training, each from the first parameters on."""
        rows = self.sheets["training"]
        head = next(place for place, row in enumerate(rows) if row and row[0] == "example")
        columns = {str(title): place for place, title in enumerate(rows[head]) if title is not None}
        width = 1 + len(self.plan.inputs)
        table = [row for row in rows[head + 1 :] if isinstance(row[0], float)]
        outputs = slice(width, width + len(self.plan.output.units))
        x, y = (np.array([row[part] for row in table], float) for part in (slice(1, width), outputs))
        together = any(title.endswith(", example 1") for title in columns)
        names = [name for name, _ in self.names]
        params = self.network.unpack([_number(name, rows[head + 1][columns[name]]) for name in names])
        state = self.network.init_state(params)
        for step, row in enumerate(rows[head + 1 : head + 1 + STEPS]):
            chosen = slice(None) if together else slice(step % len(x), step % len(x) + 1)
            loss, slopes, _ = self.network.batch_gradient(params, x[chosen], y[chosen])
            expected = {"loss": loss, **dict(zip(names, _flat(params), strict=True))}
            for name, number in expected.items():
                yield f"training, row {head + 2 + step}, {name}", row[columns[name]], number
            params, state = self.network.step(params, slopes, state, x[chosen])

    def _answers(self) -> Iterator[Compared]:
        """The answers for all records; what the reference refuses has a text that says what is wrong."""
        how, encoder = self.plan.encoding, self.encoder
        if how is None or encoder is None:
            return
        names = [column.column for column in how.columns]
        head = next(place for place, row in enumerate(self.sheets["answer"]) if list(row[: len(names)]) == names)
        for number, row in enumerate(self.sheets["answer"][head + 2 :], head + 3):
            record, (*answers, wrong) = row[: len(names)], row[len(names) :]
            if any(cell is not None for cell in record):
                named = dict(zip(names, record, strict=True))
                yield from self._answer(f"answer, row {number}", how, encoder, named, answers, wrong)

    def _contributions(self) -> Iterator[Compared]:
        """What each column adds to the answer to the chosen record, by as many midpoints as the sheet has."""
        how, encoder, rows = self.plan.encoding, self.encoder, self.sheets["contributions"]
        if how is None or encoder is None:
            return
        names = [column.column for column in how.columns]
        head = next(place for place, row in enumerate(rows) if row and row[0] == "column")
        answers = self.sheets["answer"]
        first = next(place for place, row in enumerate(answers) if list(row[: len(names)]) == names) + 2
        record = answers[first + int(_number("record", rows[2][1])) - 1]
        expected = contributions(
            self.network,
            encoder,
            self._given[0],
            {name: [cell] for name, cell in zip(names, record, strict=False)},
            classes=bool(how.classes),
            threshold=how.threshold,
            most=max(int(str(title).split()[0]) for title in rows[head] if str(title).endswith(" midpoints")),
        )
        several = len(self.plan.output.units) > 1 and not how.classes
        k = self.plan.output.units.index(str(rows[3][1])) if several else 0
        for name, row in zip(names, rows[head + 1 :], strict=False):
            yield f"contributions, {name}", row[3] if row[0] == name else None, float(expected[name][0, k])

    def _answer(
        self,
        where: str,
        how: Encoding,
        encoder: Encoder,
        record: Mapping[str, Cell],
        answers: Sequence[Cell],
        wrong: Cell,
    ) -> Iterator[Compared]:
        try:
            x = encoder.encode({name: [value] for name, value in record.items()})
        except ValueError:
            yield f"{where}, what is wrong", 0.0 if isinstance(wrong, str) else 1.0, 0.0
            return
        if isinstance(wrong, str) and any(isinstance(value, str) for value in record.values()):
            return  # a sheet is stricter with texts
        output = self.network.forward(self._given[0], x)[0]
        if not how.classes:
            expected = encoder.answers(output[None])[0].tolist()
            for name, cell, number in zip(self.plan.output.units, answers, expected, strict=True):
                yield f"{where}, {name}", cell, number
            return
        shares = output.tolist() if len(output) > 1 else [1.0 - output[0], output[0]]
        place = int(np.argmax(output)) if len(output) > 1 else int(output[0] > how.threshold)
        yield f"{where}, answer", 0.0 if str(answers[0]) == how.classes[place] else 1.0, 0.0
        if how.probabilities:
            for name, cell, share in zip(how.classes, answers[1:], shares, strict=True):
                yield f"{where}, probability of {name}", cell, share


def _row(what: str, compared: Any) -> Row:
    """The row of a check, with its first wrong cell."""
    try:
        wrong = [one for one in compared() if not _same(*one[1:])]
    except (ValueError, KeyError, IndexError, StopIteration, TypeError) as error:
        return Row(what, None, None, WRONG, f"the workbook is not as nngen writes it: {error}")
    if not wrong:
        return Row(what, None, None, RIGHT)
    where, found, expected = wrong[0]
    more = f"; {len(wrong) - 1} more cells are wrong" if len(wrong) > 1 else ""
    return Row(what, None, None, WRONG, f"{where}: the sheet has {found!r}, the reference {expected!r}{more}")


def _same(found: Cell, expected: float) -> bool:
    if not math.isfinite(expected):
        return isinstance(found, str)
    if not isinstance(found, int | float):
        return False
    return abs(found - expected) <= ALLOWED * max(1.0, abs(expected))


def _number(where: str, cell: Cell) -> float:
    if not isinstance(cell, int | float):
        raise ValueError(f"{where}: expected a number, got {cell!r}")
    return float(cell)


def _flat(arrays: Iterable[Array]) -> list[float]:
    return [float(value) for array in arrays for value in np.ravel(array)]


def rows_of(path: Path, network: Network, plan: Plan, encoder: Encoder | None) -> Iterator[Row]:
    """The rows of a workbook: what it has stored, and what LibreOffice computes.

    Raises:
        SpecError: the file cannot be read.
    """
    yield from Workbook(cells(path), network, plan, encoder).rows("stored")
    if shutil.which(PROGRAM) is None:
        yield Row("formulas", None, None, OPEN, f"LibreOffice (`{PROGRAM}`) is not there to compute them")
        return
    with TemporaryDirectory(prefix="nngen-") as folder:
        try:
            recalculated([path], Path(folder), SECONDS)
        except OSError as error:
            yield Row("formulas", None, None, WRONG, str(error))
            return
        yield from Workbook(cells(Path(folder, path.name)), network, plan, encoder).rows("computed")


def judged_workbook(module: Path, spec: Path | None, root: Path | None) -> tuple[Path, tuple[Row, ...]]:
    """The spec of a workbook, and the rows of its verification.

    Raises:
        SpecError: the workbook or the spec cannot be read, or the spec is for another network.
    """
    network = workbook_of(files.read(module, MAX_WORKBOOK))
    if network is None:
        raise files.refused(module, "this is no workbook of nngen: its properties name no network")
    chosen = spec or of_network(near(module, network), network, root)
    if chosen is None:
        raise files.refused(module, "a workbook is judged only with its spec", "name it with --spec")
    loaded = load(chosen, root)
    if network != loaded.name:
        says = f"the spec is for another network: {loaded.name}; the workbook is {network}"
        raise files.refused(chosen, says, "name the right one with --spec")
    planned = plan(loaded, encoding(loaded, chosen.parent))
    raw = planned.encoding is not None and planned.encoding.predicts
    encoder = encoder_of(loaded, chosen) if raw else None
    return chosen, tuple(rows_of(module, Network(loaded), planned, encoder))


def encoder_of(spec: Spec, path: Path, *, reads: bool = False) -> Encoder:
    """The reference of raw rows, which measures the constants of the data itself; ``reads``: whatever these are."""
    if isinstance(spec.data, Values | None) or not (reads or measures(spec)):
        return Encoder(spec, {})
    return Encoder(spec, *training_columns(spec, path.parent))
