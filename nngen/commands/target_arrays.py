"""A target of several columns, as an array of ``.npz`` has them."""

from pathlib import Path

import numpy as np

from nngen.common import files
from nngen.common.choices import Task
from nngen.common.diagnostics import show
from nngen.description.data import Frame
from nngen.description.model import Numbered


def target_array(frame: Frame, target: str, task: Task | None) -> Numbered | None:
    """The columns of numbers that are predicted together; None if the target is one column.

    Raises:
        SpecError: they are no numbers, have gaps, or classes are asked for.
    """
    found = None if target in frame.names else Numbered.among(target, frame.names)
    if found is None:
        return None
    if task == "classes":
        message = f"expected one column of classes, got {found.names[0]} to {found.names[-1]}"
        raise files.refused(Path(frame.where), message, "name one column as the target")
    for name in found.names:
        if not frame.is_numeric(name) or np.isnan(frame.numbers(name)).any():
            message = f"{show(name)} has no number in some rows, and a target of several columns has one in each"
            raise files.refused(Path(frame.where), message, "fill the gaps, or name one column as the target")
    return found
