"""Answers of a trained network for a table, and how good they are."""

from pathlib import Path
from typing import Any, Literal, overload

from nngen.commands.evaluate import Evaluation, evaluation
from nngen.commands.integers import Comparison, compared
from nngen.commands.predict import Asked, answer_rows
from nngen.common.files import refused
from nngen.interface.network import Parameters, Source, trained
from nngen.interface.tables import Held, Table
from nngen.interface.training import Result

__all__ = ["Comparison", "Evaluation", "evaluate", "predict"]


def predict(
    network: Source | Result, table: Table = None, *, params: Parameters = None, encoding: str | None = None
) -> list[dict[str, Any]]:
    """The answer for each row of a table, in the order of the rows.

    Args:
        network: the result of a training, or a spec with ``params``.
        table: a path, a data frame, or a list of rows, with the columns of the inputs; None for the data of the spec.
        params: trained parameters: their file, or a flat list.
        encoding: that of a file of text; None for that of the spec's data.

    Returns:
        For each row the target, a class or a number in the units of the data, and where the network has them the
        probability ``p(CLASS)`` of each class.

    Raises:
        SpecError: the spec, the table or a file is wrong, or there are no parameters.
    """
    loaded, flat = _ready(network, params)
    held = None if table is None else Held(table)
    asked = Asked(loaded.spec, loaded.path, flat, _file(held), encoding)
    found = [row for part in answer_rows(asked) for row in part]
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


@overload
def evaluate(
    network: Source | Result,
    table: Table = ...,
    *,
    params: Parameters = ...,
    encoding: str | None = ...,
    dtype: None = ...,
) -> Evaluation: ...


@overload
def evaluate(
    network: Source | Result,
    table: Table = ...,
    *,
    params: Parameters = ...,
    encoding: str | None = ...,
    dtype: Literal["int8"],
) -> Comparison: ...


def evaluate(
    network: Source | Result,
    table: Table = None,
    *,
    params: Parameters = None,
    encoding: str | None = None,
    dtype: Literal["int8"] | None = None,
) -> Evaluation | Comparison:
    """How good the answers for a table are: the loss, metrics beside baselines, and the confusion matrix.

    Args:
        network: the result of a training, or a spec with ``params``.
        table: a table with the columns of the inputs and the target; None for the held-out rows of the spec's data,
            or all of them if none are held out.
        params: trained parameters: their file, or a flat list.
        encoding: that of a file of text; None for that of the spec's data.
        dtype: ``int8`` to compare the predictor in integers with the network in float64 instead.

    Raises:
        SpecError: the spec, the table or a file is wrong, there are no parameters, or integers do not hold the network.
    """
    loaded, flat = _ready(network, params)
    held = None if table is None else Held(table)
    asked = Asked(loaded.spec, loaded.path, flat, _file(held), encoding)
    return evaluation(asked) if dtype is None else compared(asked)


def _ready(network: Source | Result, params: Parameters) -> Any:
    loaded, flat = trained(network, params)
    if flat is None:
        advice = "train it first: `nngen.train(spec)`, or give `params`"
        raise refused(Path(loaded.path), "the network has no parameters", advice)
    return loaded, flat


def _file(held: Held | None) -> Path | None:
    return None if held is None else held.path
