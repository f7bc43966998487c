"""Split conformal prediction, from its definition (Vovk, Gammerman and Shafer, 2005; Lei et al., JASA 2018)."""

import math

import numpy as np

from nngen.description.model import Spec
from nngen.proof.reference.encoding import Encoder
from nngen.proof.reference.generator import Array


def score(distances: Array, level: float) -> float:
    """The smallest of n distances that (n + 1) * level of them do not exceed; infinite if there is none."""
    wanted = (len(distances) + 1) * level - 1e-9
    return min((one for one in distances.tolist() if np.sum(distances <= one) >= wanted), default=math.inf)


def bounds(spec: Spec, encoder: Encoder, outputs: Array, *, classes: bool) -> Array:
    """The lower and the upper bound of each answer, ``(n, 2 * outputs)``, by the scores that the spec states.

    Of classes, 1 for each that is in the set, else 0, ``(n, classes)``; NaN where rounding may decide it.
    """
    scores = np.array(spec.data.score if spec.data else None)
    if not classes:
        answers = encoder.answers(outputs)
        return np.stack(encoder.widened(answers, scores), axis=2).reshape(len(outputs), -1)
    shares = outputs if outputs.shape[1] > 1 else np.hstack([1.0 - outputs, outputs])
    least = 1.0 - scores[0]
    return np.where(np.abs(shares - least) < 1e-5, math.nan, np.where(shares > least, 1.0, 0.0))
