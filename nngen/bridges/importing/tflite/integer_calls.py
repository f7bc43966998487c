"""An operator of a full-integer file of TensorFlow Lite with the tensors that it takes and gives, and their scales."""

import math
from collections.abc import Mapping

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.tflite.file import Operator, Tensor
from nngen.bridges.importing.tflite.flatbuffer import ACTIVATIONS, named
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.integers import Scale, lite

MAX_FACTOR = 2.0**20
"""The greatest factor of a sum or an activation; those of trained networks are near 1 or below."""

MAX_WIDTH = 2**15 - 1
"""The most activations of an operator: what is counted in 16 bits."""


@dataclass(frozen=True)
class Call:
    """An operator with what it takes and gives."""

    operator: Operator
    sources: tuple[Tensor, ...]
    """The tensors that it takes; weights and biases are no such."""
    numbers: tuple[int, ...]
    """The steps that give them."""
    widths: tuple[int, ...]
    """How many numbers each has; one that is alone counts as often as it is needed."""
    output: Tensor
    tensors: Mapping[str, Tensor]
    """All tensors of the file."""

    @property
    def start(self) -> tuple[str, tuple[int, ...], int]:
        """The first fields of each step: its place, its sources and its width."""
        return self.operator.place, self.numbers, width(self.output)


def scale_of(tensor: Tensor) -> Scale:
    """The scale of a tensor between operators."""
    if len(tensor.scales) != 1 or len(tensor.zeros) > 1 or not 1e-30 < tensor.scales[0] < 1e30:
        raise UnfitError(f"its tensor {show(tensor.name)} has not one scale")
    zero = tensor.zeros[0] if tensor.zeros else 0
    if not lite.LEAST <= zero <= lite.MOST:
        raise UnfitError(f"the zero point of its tensor {show(tensor.name)} is no number of 8 bits")
    return Scale(tensor.scales[0], zero)


def width(tensor: Tensor) -> int:
    """The numbers of an example; the first size is that of the batch."""
    sizes = tensor.shape[1:]
    if None in sizes or tensor.shape[:1] not in ((1,), (None,)):
        raise UnfitError(f"its tensor {show(tensor.name)} is no single example of a known size")
    found = math.prod(size or 0 for size in sizes)
    if not 1 <= found <= MAX_WIDTH:
        raise UnfitError(f"its tensor {show(tensor.name)} has {found:,} numbers, and not 1 to {MAX_WIDTH:,}")
    return found


ENDS: Mapping[str, tuple[float | None, float | None]] = {
    "NONE": (None, None),
    "RELU": (0.0, None),
    "RELU6": (0.0, 6.0),
    "RELU_N1_TO_1": (-1.0, 1.0),
}
"""The limits of the activations, as the real numbers that integers stand for."""


def ends(operator: Operator, made: Scale) -> lite.Clamped:
    """The zero point and the ends of an operator with a fused activation."""
    return lite.Clamped(made.zero, *limits(named(ACTIVATIONS, operator.options["activation"]), made))


def limits(activation: str, made: Scale) -> tuple[int, int]:
    """The least and the greatest activation."""
    if activation not in ENDS:
        raise UnfitError(f"its fused activation {activation} has no integer form")
    low, high = (
        None if end is None else made.zero + lite.rounded(float(np.float32(end) / np.float32(made.size)))
        for end in ENDS[activation]
    )
    return (
        lite.LEAST if low is None else max(lite.LEAST, low),
        lite.MOST if high is None else min(lite.MOST, high),
    )
