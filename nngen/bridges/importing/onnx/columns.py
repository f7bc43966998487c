"""The inputs of an ONNX graph as the columns of the data that a network takes."""

from collections.abc import Sequence
from dataclasses import field
from math import prod
from typing import Literal

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.entry import column_of
from nngen.bridges.importing.graph import Columns, Input, Node, Select
from nngen.bridges.importing.onnx.model import InputTensor, Model, RawColumns
from nngen.common.records import dataclass
from nngen.description.identifiers import Identifiers
from nngen.description.model import MAX_UNITS, Column, Index

WHOLE = ("int32", "int64")
"""Types of whole numbers."""

ENCODING = frozenset({"OneHotEncoder", "Imputer"})
"""Operators that take columns of the data as they come."""

INPUT = "input"
"""The name of the node of all inputs."""


@dataclass
class _Column:
    """A column, and what operators make of it."""

    title: str
    type: str
    """As in ``InputTensor``."""
    categories: tuple[str, ...] = ()
    unknown: bool = False
    fill: float | str | None = None
    """The replacement of missing values; an empty text for no category."""
    indicator: bool = False
    ids: int | tuple[str, ...] = 0
    """The ids by name, or how many there are; 0 for none."""
    other: bool = False
    """Whether other ids have a row, the last."""
    number: bool = False
    """Whether an operator takes it as a number."""

    @property
    def texts(self) -> bool:
        """Whether it has texts."""
        return self.type == "string"


@dataclass
class Table:
    """The columns of all inputs, one after another."""

    model: Model
    dtype: Literal["float32", "float64"] = "float32"
    batch: int | None = None
    """The size of a batch, if the file has one."""
    _columns: list[_Column] = field(default_factory=list)
    _groups: dict[tuple[int, ...], str] = field(default_factory=dict)
    _indicators: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._raw = any(operator.kind in ENCODING for operator in self.model.operators)
        inputs = {tensor.name for tensor in self.model.inputs}
        self._raw |= any(
            operator.kind == "IsNaN" and inputs.issuperset(operator.inputs) for operator in self.model.operators
        )
        self._raw |= any(tensor.type == "string" for tensor in self.model.inputs)

    def input(self, tensor: InputTensor) -> RawColumns:
        """The columns of an input."""
        if tensor.type not in ("float16", "float32", "float64", "string", *WHOLE):
            raise UnfitError(f"its type is {tensor.type}; expected float32 or float64")
        if tensor.shape is None or len(tensor.shape) < 1:
            raise UnfitError("its shape is not known; expected a batch of vectors of a known width")
        self.batch = tensor.shape[0]
        shape = tuple(size for size in tensor.shape[1:] if size is not None)
        if len(shape) < len(tensor.shape) - 1:
            raise UnfitError("its width is not known; export it with a fixed width, and any size of the batch")
        width = prod(shape)
        if not 1 <= width <= MAX_UNITS - len(self._columns):
            raise UnfitError(f"expected 1 to {MAX_UNITS:,} inputs, got {len(self._columns) + width:,}")
        if tensor.type == "float64":
            self.dtype = "float64"
        named = self.model.columns if len(self.model.inputs) == 1 else ()
        titles = [tensor.name] if width == 1 else [f"{tensor.name}{place}" for place in range(1, width + 1)]
        titles = [*named] if len(named) == width else titles
        start = len(self._columns)
        self._columns += [_Column(title, tensor.type) for title in titles]
        return RawColumns(tuple(range(start, start + width)), shape)

    def numbers(self, places: Sequence[int]) -> str:
        """The name of the node that has these columns as numbers."""
        for place in places:
            column = self._columns[place]
            if column.texts or column.categories or column.ids:
                what = "ids" if column.ids else "categories"
                raise UnfitError(f"the column {column.title!r} has {what}, but is taken as a number as well")
            if column.type in WHOLE:
                advice = "export it with an input of float32 or float64"
                raise UnfitError(f"the column {column.title!r} has whole numbers that are no categories", advice)
            column.number = True
        return self._group(tuple(places))

    def whole(self, places: Sequence[int]) -> bool:
        """Whether the columns have whole numbers, which are categories."""
        return all(self._columns[place].type in WHOLE for place in places)

    def categories(self, place: int, categories: Sequence[str], *, unknown: bool) -> str:
        """The name of the node that has a number for each category of a column."""
        column = self._columns[place]
        made = tuple(categories)
        if column.number or column.ids or isinstance(column.fill, float) or column.categories not in ((), made):
            raise UnfitError(f"the column {column.title!r} is taken as a number or with other categories as well")
        column.categories, column.unknown = made, unknown
        return self._group((place,))

    def place(self, node: str) -> int | None:
        """The position of the column whose number a node has as it comes; None for other nodes."""
        return next((places[0] for places, name in self._groups.items() if name == node and len(places) == 1), None)

    def ids(self, place: int, ids: int | tuple[str, ...], *, other: bool) -> None:
        """Let a column have ids."""
        column = self._columns[place]
        if column.categories or column.fill is not None or (column.ids and (column.ids, column.other) != (ids, other)):
            raise UnfitError(f"the column {column.title!r} has categories or other ids as well")
        column.ids, column.other, column.number = ids, other, False
        self._groups.pop((place,), None)
        self._raw = True

    def fill(self, place: int, value: float | str) -> None:
        """Let a number or category stand for missing values of a column."""
        column = self._columns[place]
        if column.texts != isinstance(value, str) or column.number or column.fill not in (None, value):
            raise UnfitError(f"the missing values of the column {column.title!r} are filled in several ways")
        column.fill = value

    def encoded(self, place: int) -> str:
        """The name of the node that has the categories of a column; empty if there is none."""
        return self._groups.get((place,), "") if self._columns[place].categories else ""

    def missing(self, place: int, *, zeros: bool) -> None:
        """Let missing values of a column be no category, or refuse them."""
        self._columns[place].fill = "" if zeros else None

    def indicator(self, place: int) -> str:
        """The name of the node that is 1 where a column has no value, and 0 otherwise."""
        self._columns[place].indicator = True
        return self._indicators.setdefault(place, f"{INPUT} {len(self._indicators) + 1} missing")

    def _group(self, places: tuple[int, ...]) -> str:
        everything = not self._raw and places == tuple(range(len(self._columns)))
        return self._groups.setdefault(places, INPUT if everything else f"{INPUT} {len(self._groups) + 1}")

    def nodes(self) -> list[Node]:
        """The node of all inputs, and one for each group of them that an operator takes."""
        if not self._raw:
            titles = tuple(column.title for column in self._columns)
            named = titles if len(self.model.inputs) > 1 else self.model.columns
            names = named if len(named) == len(set(named)) == len(titles) else ()
            made: list[Node] = [Input(name=INPUT, width=len(titles), names=names)]
            spans = [range(place, place + 1) for place in range(len(titles))]
        else:
            columns = self._described()
            rows = [isinstance(column, Index) for column in columns]
            if rows != sorted(rows, reverse=True):
                raise UnfitError("an input with ids comes after others", "export it with the ids first")
            made = [Columns(name=INPUT, columns=tuple(columns))]
            ends = np.cumsum(
                [0 if isinstance(column, Index) else len(column.input_names) for column in columns]
            ).tolist()
            spans = [
                range(start, stop - (not isinstance(column, Index) and column.indicator))
                for column, start, stop in zip(columns, [0, *ends], ends, strict=False)
            ]
        for places, name in self._groups.items():
            if name != INPUT:
                indices = tuple(index for place in places for index in spans[place])
                made.append(Select(name=name, source=INPUT, indices=indices))
        for place, name in self._indicators.items():
            made.append(Select(name=name, source=INPUT, indices=(spans[place].stop,)))
        return made

    def _described(self) -> list[Column]:
        """The columns as a spec has them."""
        names = Identifiers(["x"])
        found: list[Column] = []
        for column in self._columns:
            title, ids = column.title, column.ids
            if ids:
                name = names.make(title, "column")
                unknown: Literal["row", "error"] = "row" if column.other else "error"
                found.append(Index(name=name, column=None if name == title else title, ids=ids, unknown=unknown))
                continue
            if column.texts and not column.categories:
                raise UnfitError(f"the column {title!r} has texts, which no OneHotEncoder takes")
            options = {name: getattr(column, name) for name in ("categories", "fill", "unknown", "indicator")}
            found.append(column_of(title, names, **options))
        return found
