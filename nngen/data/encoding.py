"""How a row of the data becomes the inputs of a network, and how its outputs become an answer.

A gap is filled first, then the number is scaled: constants that a spec does not give are measured on the training
examples, and the scale is that of the filled column, as in a pipeline of scikit-learn's SimpleImputer and
StandardScaler. Everything is plain Python, with exactly rounded sums, so that every machine measures the same bits.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from nngen.catalogue import Loss
from nngen.data.scaling import Scaling, measured
from nngen.formulas import Formula
from nngen.spec import (
    Categorical,
    Column,
    Divide,
    FillCategory,
    Index,
    Interval,
    Numeric,
    Rows,
    Scale,
    Spec,
    Standardize,
    Table,
    Values,
    category_names,
    losses,
)

Numbers = Callable[[str], Sequence[float]]
"""The training examples of a column by its name; NaN is a missing value."""


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers: ``(x - subtract) / divide``, after missing values are filled."""

    column: str
    """Its name in the data."""
    name: str
    """The name of its input."""
    fill: float | None
    """The replacement of missing values; None if they are refused."""
    filled_by: str
    """The replacement in words; empty if missing values are refused."""
    indicator: str
    """The name of the input that marks missing values; empty without one."""
    subtract: float
    divide: float

    @property
    def scaled(self) -> Formula:
        """The input for a number ``x``."""
        return scaled(self.subtract, self.divide)

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        gap = f": {self.filled_by} in place of a missing value" if self.filled_by else ""
        return f"{self.column}{gap}"


@dataclass(frozen=True)
class CategoryColumn:
    """A column of categories: an input for each."""

    column: str
    """Its name in the data."""
    name: str
    """The prefix of its inputs' names."""
    categories: tuple[str, ...]
    inputs: tuple[str, ...]
    """The names of their inputs."""
    fill: str | None
    """The category of missing values, "" for no category; None if they are refused."""
    indicator: str
    """The name of the input that marks missing values; empty without one."""
    unknown: bool
    """Whether other categories are accepted and encoded as zeros."""

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        return f"{self.column}: 1 for the category of the row, 0 for the others"


@dataclass(frozen=True)
class IndexColumn:
    """A column of ids: an input, the index of a row of embeddings."""

    column: str
    """Its name in the data."""
    name: str
    """The name of its input."""
    ids: tuple[str, ...]
    """The ids as the data write them, in the order of the rows; empty if the data have whole numbers from 0."""
    count: int
    """The number of rows."""
    unknown: bool
    """Whether other ids are accepted; they select the last row."""
    indicator: str = ""
    """As in other columns; a missing id is refused."""

    @property
    def comment(self) -> str:
        """The encoding of the column in words."""
        return f"{self.column}: the place of the id of the row, from 0"


@dataclass(frozen=True)
class Encoding:
    """The encoding of rows to inputs, and of outputs to answers."""

    columns: tuple[NumberColumn | CategoryColumn | IndexColumn, ...]
    predicts: bool
    """Whether a module takes raw rows: the data are a table, or the spec describes columns, classes or targets."""
    plain: bool
    """Whether each column is an input without missing values, categories or its own scaling."""
    classes: tuple[str, ...]
    """The display names of the classes, in the order of the outputs; empty if targets are numbers."""
    threshold: float
    """For one output and two classes: an output above it means the second class."""
    probabilities: bool
    """Whether the outputs are probabilities of the classes."""
    targets: Scaling | None
    """The scaling of numeric targets, or None."""
    scaling: Scaling | None
    """The scaling of the inputs if ``plain``, or None."""

    @property
    def numeric(self) -> tuple[NumberColumn, ...]:
        """The columns of numbers."""
        return tuple(column for column in self.columns if isinstance(column, NumberColumn))

    @property
    def categorical(self) -> tuple[CategoryColumn, ...]:
        """The columns of categories."""
        return tuple(column for column in self.columns if isinstance(column, CategoryColumn))

    @property
    def indices(self) -> tuple[IndexColumn, ...]:
        """The columns of ids."""
        return tuple(column for column in self.columns if isinstance(column, IndexColumn))

    @property
    def answers(self) -> tuple[Formula, ...]:
        """Numeric answers in the units of the data, each a formula of its output ``a``."""
        if self.targets is None:
            return ()
        return tuple(unscaled(*pair) for pair in zip(self.targets.subtract, self.targets.divide, strict=True))


def scaled(subtract: float, divide: float) -> Formula:
    """``(x - subtract) / divide``, simplified."""
    shifted = "x" if not subtract else f"x - {subtract!r}" if subtract > 0.0 else f"x + {-subtract!r}"
    return Formula(shifted if divide == 1.0 else f"({shifted}) / {divide!r}")


def unscaled(subtract: float, divide: float) -> Formula:
    """``a * divide + subtract``, simplified."""
    scaled = "a" if divide == 1.0 else f"a * {divide!r}"
    return Formula(
        scaled if not subtract else f"{scaled} + {subtract!r}" if subtract > 0.0 else f"{scaled} - {-subtract!r}"
    )


def encoding(spec: Spec, folder: Path) -> Encoding | None:
    """The encoding of rows, measured on the training examples; None if the spec has no data.

    Raises:
        SpecError: the file, which ``data.file`` names from ``folder``, cannot be read.
    """
    if spec.data is None:
        return None
    if isinstance(spec.data, Values) or not measures(spec):  # neither the file nor NumPy is needed
        return measure(spec, _nothing, _nothing)
    from nngen.data.examples import read_encoding

    return read_encoding(spec, folder)


def _nothing(name: str) -> Sequence[float]:
    raise KeyError(name)


def measure(spec: Spec, numbers: Numbers, targets: Numbers) -> Encoding:
    """Measure the constants that a spec leaves open.

    Args:
        spec: a spec that has passed the checks.
        numbers: the training examples of a column by its name; asked only for columns that are measured.
        targets: the same for target columns, by the names of the outputs.

    Raises:
        ValueError: a column that is measured has no values.
    """
    common = _Common(spec)
    columns = tuple(_column(column, common, numbers) for column in spec.columns)
    scale = None if spec.data is None else spec.data.scale_targets
    numeric = [column for column in columns if isinstance(column, NumberColumn)]
    scaled = is_plain(spec) and spec.data is not None and spec.data.scale is not None
    outputs = spec.layers[-1].unit_names
    likelihood = "softmax" if len(outputs) > 1 else "sigmoid"
    return Encoding(
        columns=columns,
        predicts=predicts(spec),
        plain=is_plain(spec),
        classes=classes(spec),
        threshold=(1.0 + loss_of(spec).negative_target) / 2.0,
        probabilities=bool(classes(spec)) and spec.layers[-1].activation.name == likelihood,
        targets=None if scale is None else scaling_of(scale, outputs, targets),
        scaling=Scaling(*zip(*((one.subtract, one.divide) for one in numeric), strict=True)) if scaled else None,
    )


def predicts(spec: Spec) -> bool:
    """Whether a module takes raw rows and gives answers in the words of the data."""
    data = spec.data
    return data is not None and not (
        isinstance(data, Rows) and is_plain(spec) and data.classes is None and data.scale_targets is None
    )


def is_plain(spec: Spec) -> bool:
    """Whether each column is an input as it is, except for ``data.scale``."""
    return all(
        isinstance(column, Numeric) and (column.missing, column.indicator, column.scale) == ("error", False, None)
        for column in spec.columns
    )


def measures(spec: Spec) -> bool:
    """Whether a constant of the spec is measured on its data."""
    data = spec.data
    numeric = [column for column in spec.columns if isinstance(column, Numeric)]
    scales = [data and data.scale, data and data.scale_targets, *(column.scale for column in numeric)]
    return any(map(_is_measured, scales)) or any(column.missing in ("mean", "median") for column in numeric)


def _is_measured(scale: object) -> bool:
    match scale:
        case Standardize(mean=None) | Interval(low=None):
            return True
    return False


def classes(spec: Spec) -> tuple[str, ...]:
    """The display names of the classes, in the order of the outputs; empty if targets are numbers."""
    units = spec.layers[-1].unit_names
    data = spec.data
    if data is None:
        return ()
    if data.classes is not None:
        return data.class_names
    named = len(data.target) == 1 if isinstance(data, Table) else loss_of(spec).distribution
    return units if len(units) > 1 and named else ()


def loss_of(spec: Spec) -> Loss:
    """The loss for the activation of the output."""
    return losses(spec.losses)[spec.loss.name].over(spec.layers[-1].activation.name)


def scaling_of(scale: Scale, names: Sequence[str], numbers: Numbers) -> Scaling:
    """The scaling of columns by their names, from explicit or measured constants."""
    match scale:
        case Divide(by=by):
            return Scaling((0.0,) * len(names), (by,) * len(names))
        case Standardize(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
            return Scaling(mean, deviation)
        case Interval(low=low, high=high) if low is not None and high is not None:
            return Scaling(low, tuple(b - a for a, b in zip(low, high, strict=True)))
    pairs = [measured(scale, [float(value) for value in numbers(name)]) for name in names]
    return Scaling(tuple(subtract for subtract, _ in pairs), tuple(divide for _, divide in pairs))


class _Common:
    """The scaling by ``data.scale`` of each numeric column without its own scaling."""

    def __init__(self, spec: Spec) -> None:
        self._scale = None if spec.data is None else spec.data.scale
        follow = [column.name for column in spec.columns if isinstance(column, Numeric) and column.scale is None]
        self._place = {name: place for place, name in enumerate(follow)}

    def of(self, column: Numeric) -> Scale | None:
        """The scaling of this column, with its explicit constants if there are any."""
        scale = self._scale if column.scale is None else column.scale
        place = 0 if column.scale is not None else self._place[column.name]
        match scale:
            case Standardize(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
                return scale.model_copy(update={"mean": (mean[place],), "deviation": (deviation[place],)})
            case Interval(low=low, high=high) if low is not None and high is not None:
                return scale.model_copy(update={"low": (low[place],), "high": (high[place],)})
            case Standardize() | Interval() | Divide():
                return scale
        return None


def _column(column: Column, common: _Common, numbers: Numbers) -> NumberColumn | CategoryColumn | IndexColumn:
    match column:
        case Categorical():
            return _categories(column)
        case Index(ids=ids):
            listed = () if isinstance(ids, int) else ids
            return IndexColumn(column.column or column.name, column.name, listed, column.count, column.unknown == "row")
    return _number(column, common.of(column), numbers)


def _number(column: Numeric, scale: Scale | None, numbers: Numbers) -> NumberColumn:
    name = column.column or column.name
    asked = column.missing in ("mean", "median") or _is_measured(scale)
    values = [float(value) for value in numbers(name)] if asked else []
    there = [value for value in values if not math.isnan(value)]
    if asked and not there:
        raise ValueError(f"{name}: every value is missing")
    fill: float | None
    match column.missing:
        case "error":
            fill, filled_by = None, ""
        case "mean":
            fill, filled_by = math.fsum(there) / len(there), "the mean of the training rows"
        case "median":
            fill, filled_by = float(median(there)), "the median of the training rows"
        case constant:
            fill, filled_by = constant, "a constant"
    filled = values if fill is None else [fill if math.isnan(value) else value for value in values]
    made = Scaling((0.0,), (1.0,)) if scale is None else scaling_of(scale, (name,), lambda _: filled)
    return NumberColumn(
        column=name,
        name=column.name,
        fill=fill,
        filled_by=filled_by,
        indicator=f"{column.name}_missing" if column.indicator else "",
        subtract=made.subtract[0],
        divide=made.divide[0],
    )


def _categories(column: Categorical) -> CategoryColumn:
    fill: str | None
    match column.missing:
        case "error":
            fill = None
        case "zeros":
            fill = ""
        case FillCategory(category=category):
            fill = category
    return CategoryColumn(
        column=column.column or column.name,
        name=column.name,
        categories=column.categories,
        inputs=category_names(column.name, column.categories),
        fill=fill,
        indicator=f"{column.name}_missing" if column.indicator else "",
        unknown=column.unknown == "zeros",
    )
