"""The limits of a model file, which is hostile until it has been read, and of the process that reads it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a file and of the process that reads it; a file that needs more is refused first."""

    seconds: int = 120
    """The time for a file. The largest ones take half a minute."""
    memory: int = 8 * 2**30
    """Bytes of address space. The largest files need three times their size in float64; libraries reserve the rest."""
    file: int = 512 * 2**20
    """Bytes of a file, and of one beside it: 50 million weights in float64, the most that a network may have."""
    numbers: int = 60_000_000
    """Numbers of all tensors together."""
    nodes: int = 20_000
    """Operators of a graph: 1,000 layers with 20 operators each. Groups and datasets of an HDF5 file."""
    rank: int = 8
    """Dimensions of a tensor; those of dense networks have two."""
    texts: int = 100_000
    """Texts of all tensors and attributes together: classes and categories."""
    characters: int = 50_000_000
    """Characters of a text, which describes a model. The largest have some millions."""
    members: int = 50_000
    """Members of an archive. A scikit-learn network has some hundred, and one more for each epoch of its training."""
    unpacked: int = 500_000_000
    """Bytes of all members together."""
    ratio: int = 100
    """How many times larger the members may be than the archive. Weights hardly shrink, a ZIP bomb does."""
    depth: int = 60
    """Nested objects; a pipeline in a search in a pipeline has some twenty."""


LIMITS = Limits()

SMALL = Limits(file=32 * 2**20, numbers=4 * 2**20, nodes=10_000)
"""Those of TensorFlow Lite: microcontrollers have a few megabytes. So many numbers need 570 MB as text."""
