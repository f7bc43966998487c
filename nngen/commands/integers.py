"""``nngen evaluate --dtype int8``: what a trained network loses in integers."""

from dataclasses import dataclass

import numpy as np

from nngen.commands.evaluate import judged_rows
from nngen.commands.predict import Asked
from nngen.commands.trained import Trained
from nngen.common.text import table
from nngen.description.data import Array
from nngen.integers import Integers, quantized, run, whole_rows
from nngen.plan import plan


@dataclass(frozen=True)
class Comparison:
    """The answers of a network in float64 and in integers."""

    rows: int
    right: tuple[int, int] | None
    """How many classes are right, in float64 and in integers; None if answers are numbers."""
    errors: tuple[float, float]
    """The mean absolute errors of numeric answers."""
    changed: int
    """How many answers differ: classes, or numbers by more than a unit."""
    largest: float
    """The largest difference of a probability or of a numeric answer."""
    saturated: dict[str, float]
    """The share of values that were cut to their range, of the inputs and of each hidden layer."""
    part: str = ""
    """What the examples are."""

    def __str__(self) -> str:
        return written_out(self)


def comparison(network: Integers, trained: Trained, x: Array, y: Array, part: str = "") -> Comparison:
    """Compare the answers to some examples: inputs ``(rows, inputs)`` and targets ``(rows, outputs)``."""
    on = trained.examples
    outputs, found = trained.outputs(x), run(network, whole_rows(network.inputs, on.encoding, x))
    if network.classes:
        wide, known = trained.classes(outputs), trained.classes(y)
        right = int(np.sum(wide == known)), int(np.sum(found.answers == known))
        largest = 0.0
        if found.shares is not None:
            largest = float(np.abs(found.shares[:, -outputs.shape[1] :] / 255 - outputs).max())
        return Comparison(len(x), right, (0.0, 0.0), int(np.sum(wide != found.answers)), largest, found.saturated, part)
    scale = on.target_scaling
    subtract, divide = (0.0, 1.0) if scale is None else (np.array(scale.subtract), np.array(scale.divide))
    if found.shares is not None:
        units, narrow = np.full(outputs.shape[1], 1 / 255), found.shares / 255
    else:
        units = np.array(network.output.resolutions)
        narrow = found.answers * units
    wide_answers, targets = (values * divide + subtract for values in (outputs, y))
    apart = np.abs(narrow - wide_answers)
    errors = float(np.nanmean(np.abs(wide_answers - targets))), float(np.nanmean(np.abs(narrow - targets)))
    return Comparison(
        len(x), None, errors, int(np.sum((apart > units).any(axis=1))), float(apart.max()), found.saturated, part
    )


def compared(asked: Asked) -> Comparison:
    """The comparison with float64.

    Raises:
        SpecError: a file cannot be read, or integers do not hold the network.
    """
    trained, part, batches = judged_rows(asked)
    flat = trained.module.pack(trained.params)
    network = quantized(asked.spec, plan(asked.spec, trained.examples.encoding), asked.path, flat)
    parts = [(x, y) for x, y, _ in batches if len(x)]
    x, y = (np.concatenate(one) for one in zip(*parts, strict=True))
    return comparison(network, trained, x, y, part)


def written_out(found: Comparison) -> str:
    """A comparison as text."""
    if found.right is not None:
        rows = [
            (name, f"{right} of {found.rows}", f"{right / found.rows:.1%}")
            for name, right in zip(("float64", "int8"), found.right, strict=True)
        ]
        head, what = ("", "right", "accuracy"), "probability"
        changed = f"{found.changed} of {found.rows} answers differ ({found.changed / found.rows:.1%})"
    else:
        rows = [(name, "", f"{error:.4g}") for name, error in zip(("float64", "int8"), found.errors, strict=True)]
        head, what = ("", "", "mean absolute error"), "answer"
        changed = f"{found.changed} of {found.rows} answers differ by more than a unit"
    cut = ", ".join(f"{name} {share:.1%}" for name, share in found.saturated.items())
    return (
        f"{found.part}\n\n{table(head, rows, (1, 2))}\n\n{changed}; the largest difference of "
        f"a{'n' * (what == 'answer')} {what} is {found.largest:.3g}\nvalues cut to their range: {cut}"
    )
