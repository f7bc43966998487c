"""What a spec says about its data, before any are read."""

from nngen.description.model import (
    Dated,
    Interval,
    LogScale,
    Numeric,
    RobustScale,
    Spec,
    Standardize,
    Table,
    Values,
    losses,
)
from nngen.mathematics.catalogue import Loss


def predicts(spec: Spec) -> bool:
    """Whether a module takes raw rows and gives answers in the words of the data."""
    data = spec.data
    described = data is not None and any(
        value is not None for value in (data.classes, data.scale_targets, data.answer_range, data.interval)
    )
    return described or isinstance(data, Table | Values) or not is_plain(spec)


def is_plain(spec: Spec) -> bool:
    """Whether each column is an input as it is, except for ``data.scale`` without a clip."""
    clipped = spec.data is not None and isinstance(spec.data.scale, RobustScale)
    return not clipped and all(
        isinstance(column, Numeric)
        and (column.missing, column.indicator, column.scale, column.style) == ("error", False, None, None)
        for column in spec.columns
    )


def measures(spec: Spec) -> bool:
    """Whether a constant of the spec is measured on its data."""
    data = spec.data
    numeric = [column for column in spec.columns if isinstance(column, Numeric | Dated)]
    scales = [data and data.scale, data and data.scale_targets, *(column.scale for column in numeric)]
    ranged = data is not None and isinstance(data.answer_range, int | float)
    return ranged or any(map(is_measured, scales)) or any(column.missing in ("mean", "median") for column in numeric)


def is_measured(scale: object) -> bool:
    """Whether the constants of a scale are measured on the data."""
    match scale:
        case Standardize(mean=None) | LogScale(mean=None) | Interval(low=None) | RobustScale(median=None):
            return True
    return False


def classes(spec: Spec) -> tuple[str, ...]:
    """The display names of the classes, in the order of the outputs; empty if targets are numbers."""
    units = spec.layers[-1].unit_names
    data = spec.data
    if data is not None and data.classes is not None:
        return data.class_names
    named = len(data.targets) == 1 if isinstance(data, Table) else loss_of(spec).distribution
    return units if len(units) > 1 and named else ()


def loss_of(spec: Spec) -> Loss:
    """The loss for the activation of the output."""
    return losses(spec.losses)[spec.loss.name].over(spec.layers[-1].activation.name)
