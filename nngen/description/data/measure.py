"""Measures an encoding: the constants that a spec leaves open come from the training examples.

A gap is filled first, then the number is scaled; the scale is that of the filled column, as in a pipeline of
scikit-learn's SimpleImputer and StandardScaler.
"""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nngen.common.messages import message
from nngen.description.data.cells import stripped
from nngen.description.data.date_texts import date, part_of
from nngen.description.data.encoded_columns import (
    AnyColumn,
    CategoryColumn,
    DateColumn,
    IndexColumn,
    NumberColumn,
    PartOfDate,
)
from nngen.description.data.encoding import Encoding
from nngen.description.data.properties import classes, is_measured, is_plain, loss_of, predicts
from nngen.description.data.scaling import Scaling
from nngen.description.model import (
    AnswerRange,
    Categorical,
    Column,
    Dated,
    Divide,
    FillCategory,
    Index,
    Interval,
    LogScale,
    Numeric,
    RobustScale,
    Scale,
    Spec,
    Standardize,
    Table,
    TargetScale,
    category_names,
    part_names,
)

if TYPE_CHECKING:
    from nngen.description.data.floats import Array

Numbers = Callable[[str], "Sequence[float] | Array"]
"""The training examples of a column by its name, dates as seconds; NaN is a missing value."""


def measure(spec: Spec, numbers: Numbers, targets: Numbers) -> Encoding:
    """Measure the constants that a spec leaves open: on columns by their names, and on targets by those of the outputs.

    Raises:
        ValueError: a column that is measured has no values.
    """
    common = _Common(spec)
    names = [column.name for column in spec.columns]
    columns = tuple(_column(column, common, numbers, names) for column in spec.columns)
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
        probabilities=bool(classes(spec)) and spec.outputs_like == likelihood,
        targets=None if scale is None else scaling_of(scale, outputs, targets),
        ends=answer_ends(spec, outputs, targets),
        of_inputs=isinstance(spec.data, Table) and spec.data.of_inputs,
        percentile=spec.data.percentile if isinstance(spec.data, Table) else 99.0,
        level=spec.data.level if spec.data else None,
        scores=(spec.data.score or ()) if spec.data else (),
        scaling=_together([(one.subtract, one.divide) for one in numeric]) if scaled else None,
    )


def scaling_of(scale: Scale | TargetScale, names: Sequence[str], numbers: Numbers) -> Scaling:
    """The scaling of columns by their names, from explicit or measured constants."""
    match scale:
        case Divide(by=by):
            return Scaling((0.0,) * len(names), (by,) * len(names))
        case Standardize(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
            return Scaling(mean, deviation)
        case LogScale(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
            return Scaling(mean, deviation, log=True)
        case Interval(low=low, high=high) if low is not None and high is not None:
            return Scaling(low, tuple(b - a for a, b in zip(low, high, strict=True)))
        case RobustScale(median=median, spread=spread) if median is not None and spread is not None:
            return Scaling(median, tuple(distance or math.inf for distance in spread))
    of = getattr(_exact(), {"standardize": "standard"}.get(scale.name, scale.name))
    pairs = [of(_exact().array_of(numbers(name))) for name in names]
    return _together(pairs, isinstance(scale, LogScale))


def _together(pairs: Sequence[tuple[float, float]], log: bool = False) -> Scaling:
    """The scaling of columns by what is subtracted from each and divides it."""
    return Scaling(tuple(subtract for subtract, _ in pairs), tuple(divide for _, divide in pairs), log)


def answer_ends(spec: Spec, names: Sequence[str], numbers: Numbers) -> tuple[tuple[float, float], ...]:
    """The least and the greatest answer of each output; empty if the spec keeps them in no range."""
    match spec.data.answer_range if spec.data else None:
        case None:
            return ()
        case AnswerRange(low=low, high=high):
            return tuple(zip(low, high, strict=True))
        case share:
            return tuple(_beyond(_exact().present(_exact().array_of(numbers(name))), share) for name in names)


def _beyond(known: "Array", share: float) -> tuple[float, float]:
    """The ends of some numbers, moved apart by a share of their distance, but not to the other side of 0.

    Raises:
        ValueError: there are none.
    """
    if not len(known):
        raise ValueError("the target: every value is missing")
    low, high = float(known.min()), float(known.max())
    least, most = low - share * (high - low), high + share * (high - low)
    return max(least, 0.0) if low >= 0.0 else least, min(most, 0.0) if high <= 0.0 else most


class _Common:
    """The scaling of each number, by ``data.scale`` for columns without their own."""

    def __init__(self, spec: Spec) -> None:
        self._scale = None if spec.data is None else spec.data.scale
        self._place: dict[str, int] = {}
        count = 0
        for column in spec.columns:
            if isinstance(column, Numeric | Dated) and column.scale is None:
                self._place[column.name] = count
                count += len(column.numbers) if isinstance(column, Dated) else 1

    def of(self, column: Numeric | Dated, number: int = 0) -> Scale | None:
        """The scaling of a number of this column, with its explicit constants if there are any."""
        scale = self._scale if column.scale is None else column.scale
        place = number + (0 if column.scale is not None else self._place[column.name])
        match scale:
            case Standardize(mean=mean, deviation=deviation) if mean is not None and deviation is not None:
                return scale.model_copy(update={"mean": (mean[place],), "deviation": (deviation[place],)})
            case Interval(low=low, high=high) if low is not None and high is not None:
                return scale.model_copy(update={"low": (low[place],), "high": (high[place],)})
            case RobustScale(median=median, spread=spread) if median is not None and spread is not None:
                return scale.model_copy(update={"median": (median[place],), "spread": (spread[place],)})
            case Standardize() | Interval() | RobustScale() | Divide():
                return scale
        return None


def _column(column: Column, common: _Common, numbers: Numbers, names: Sequence[str]) -> AnyColumn:
    match column:
        case Dated():
            return _dates(column, common, numbers, names)
        case Categorical():
            return _categories(column)
        case Index(ids=ids):
            listed = () if isinstance(ids, int) else ids
            return IndexColumn(column.column or column.name, column.name, listed, column.count, column.unknown == "row")
    return _number(column, common.of(column), numbers)


def _number(column: Numeric, scale: Scale | None, numbers: Numbers) -> NumberColumn:
    name = column.column or column.name
    values, there = _measurable(name, numbers, column.missing in ("mean", "median") or is_measured(scale))
    fill: float | None
    match column.missing:
        case "error":
            fill, filled_by = None, ""
        case "mean":
            fill, filled_by = _exact().mean(there), message("the mean of the training rows")
        case "median":
            fill, filled_by = _exact().median(there), message("the median of the training rows")
        case constant:
            fill, filled_by = constant, message("a constant")
    seen = values if fill is None or values is None else _exact().filled(values, fill)
    made = Scaling((0.0,), (1.0,)) if scale is None else scaling_of(scale, (name,), lambda _: seen)
    return NumberColumn(
        column=name,
        name=column.name,
        fill=fill,
        filled_by=filled_by,
        indicator=f"{column.name}_missing" if column.indicator else "",
        subtract=made.subtract[0],
        divide=made.divide[0],
        clipped=isinstance(scale, RobustScale),
        style=column.style,
        missing_texts=tuple(map(stripped, column.missing_texts)),
    )


def _measurable(name: str, numbers: Numbers, asked: bool) -> Any:
    """The training examples of a column, and those that are not missing, both None if nothing is measured.

    Raises:
        ValueError: something is measured, and no example has a value.
    """
    if not asked:
        return None, None
    values = _exact().array_of(numbers(name))
    there = _exact().present(values)
    if not len(there):
        raise ValueError(f"{name}: every value is missing")
    return values, there


def _exact() -> Any:
    """The statistics, which need NumPy: a build without data does not load it."""
    from nngen.description.data import exact

    return exact


def _dates(column: Dated, common: _Common, numbers: Numbers, names: Sequence[str]) -> DateColumn:
    name, since = column.column or column.name, date(column.since, "YYYY-MM-DD")
    asked = column.missing == "median" or any(is_measured(common.of(column, i)) for i in range(len(column.numbers)))
    values, there = _measurable(name, numbers, asked)
    fill: int | None
    match column.missing:
        case "error":
            fill, filled_by = None, ""
        case "median":
            fill, filled_by = math.floor(_exact().median(there)), message("the median of the training rows")
        case day:
            fill, filled_by = date(day, "YYYY-MM-DD"), message("a constant")
    filled = [] if there is None else (there if fill is None else _exact().filled(values, fill)).tolist()
    parts = []
    for part in column.parts:
        scale = common.of(column, column.numbers.index(part)) if part in column.numbers else None
        seen = (lambda _, part=part: [part_of(part, value, since) for value in filled]) if scale else None
        made = scaling_of(scale, (name,), seen) if scale and seen else Scaling((0.0,), (1.0,))
        inputs = part_names(column.name, part)
        parts.append(PartOfDate(part, inputs, made.subtract[0], made.divide[0], isinstance(scale, RobustScale)))
    variable = f"{column.name}_at"
    while variable in names:
        variable += "_"
    indicator = f"{column.name}_missing" if column.indicator else ""
    return DateColumn(name, column.name, variable, column.date, tuple(parts), since, fill, filled_by, indicator)


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
