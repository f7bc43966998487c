"""A file as a network that keeps its integers, and the bytes that its own runtime computes."""

from collections.abc import Sequence
from pathlib import Path

from nngen.bridges.importing.isolated import isolated
from nngen.common.files import refused
from nngen.integers import Lite


def load_integers(path: Path, name: str) -> Lite:
    """Read a full-integer file of TensorFlow Lite in a process of its own.

    Args:
        path: the file.
        name: the name of the network.

    Raises:
        SpecError: it is another kind of file, or has what has no integer form, with all of it.
    """
    if path.suffix.lower() != ".tflite":
        raise refused(path, "--dtype int8 keeps the integers of a .tflite file", "leave out `--dtype int8`")
    network: Lite = isolated("nngen.bridges.importing.tflite.integers:read_integers", path, name, gives=Lite)
    return network


def integer_outputs(path: Path, network: Lite, rows: Sequence[Sequence[int]]) -> list[list[int]] | None:
    """The bytes of the reference kernels of LiteRT for rows of bytes; None if it is not installed.

    Args:
        path: the file.
        network: what it has been read as.
        rows: bytes from -128 to 127, ``(rows, inputs)``.

    Raises:
        SpecError: LiteRT does not run the file.
    """
    scales = ((scale.size, scale.zero) for scale in (network.given, network.answers))
    found: list[list[int]] | None = isolated(
        "nngen.bridges.importing.tflite.judge:integers", path, *scales, rows, gives=list[list[int]] | None
    )
    return found
