"""Rows that a network whose targets are its inputs does not know: their scores, and the score of an anomaly."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nngen.commands.inner import ANSWERS, module_of
from nngen.commands.predict import parameters as params_of
from nngen.commands.trained import BATCH
from nngen.description.data import Array, Encoding, read_examples
from nngen.description.model import Spec


def limited(spec: Spec, folder: Path, how: Encoding, parameters: Sequence[float] | Array) -> Encoding:
    """The encoding of an anomaly detector with the score above which a row is an anomaly.

    Args:
        spec: a spec whose targets are its inputs.
        folder: the folder that its file is named from.
        how: the encoding of rows, measured on the training rows.
        parameters: trained parameters, in the order of the layout.
    """
    module = module_of(spec, folder, "numpy", how, ANSWERS)
    x = read_examples(spec, folder).train_x
    return replace(how, limit=percentile(scores(module, params_of(module, spec, parameters), x), how.percentile))


def scores(module: object, params: object, x: Array) -> Array:
    """The anomaly scores of encoded rows, ``(n,)``, by a module of NumPy: the mean squared errors of their columns."""
    forward = module.forward  # type: ignore[attr-defined]
    batches = (x[start : start + BATCH] for start in range(0, len(x), BATCH))
    return np.concatenate([np.mean((forward(params, batch) - batch) ** 2, axis=1) for batch in batches])


def percentile(scores: Array, percent: float) -> float:
    """The least score that so many percent of all scores are not above: the nearest rank."""
    rank = math.ceil(percent / 100.0 * len(scores) * (1.0 - 1e-12))
    return float(np.sort(scores)[max(rank, 1) - 1])
