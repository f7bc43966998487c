"""Checks of early stopping: when the loss is measured, and over which examples."""

from collections.abc import Iterator

from nngen.common.text import counted
from nngen.description.model import Rows, Values
from nngen.reading.checks.valid_parts import Parts, Problem, duplicates

STOP = ("training", "stop")
VALIDATION = (*STOP, "validation")


def every(valid: Parts) -> Iterator[Problem]:
    """The loss is measured at least once."""
    training = valid.training
    if training is not None and training.stop is not None and training.stop.every > training.epochs:
        epochs = counted(training.epochs, "epoch")
        message = f"a loss that is measured every {training.stop.every} epochs is never measured in {epochs}"
        yield Problem((*STOP, "every"), message, advice="write at most as many as under `epochs`")


def places(valid: Parts) -> Iterator[Problem]:
    """The listed places differ, and the data have them and other examples to learn from."""
    stop = valid.training.stop if valid.training is not None else None
    if stop is None or not stop.places:
        return
    yield from duplicates("place", VALIDATION, stop.places)
    if valid.data is None or isinstance(valid.data, Values):
        return
    if valid.data.split is not None:
        advice = "write a share, such as `validation: 0.2`, or remove `split`"
        yield Problem(VALIDATION, "the places count all examples, and `split` holds some out", advice=advice)
    elif isinstance(valid.data, Rows) and (problem := stop.misfit(len(valid.data.rows))):
        yield Problem(VALIDATION, problem)
