"""Parameter files, as ``save`` of every module writes them; they are recognized by their content."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import counted

MAX_DIGITS = 32
"""Bytes of a parameter in a file: 17 digits, sign, point, exponent and separator."""

LARGEST = 1.7976931348623157e308
"""The largest finite number."""

MAX_HEAD = 1_000_000
"""Bytes of a file that are searched for the mark of nngen; the longest layout is shorter."""

_CHECKPOINT = re.compile(rb'\s*\{\s*"checkpoint"\s*:\s*("(?:[^"\\]|\\.)*")')

_HEAD = re.compile(rb'\s*\{\s*"layout"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"parameters"\s*:\s*\[')


def begins(path: Path) -> str | None:
    """The name of the network if a file begins like its parameter file; None for any other file.

    Raises:
        SpecError: the file cannot be read.
    """
    return _network(_HEAD.match(files.start(path, MAX_HEAD)))


def described(path: Path) -> str:
    """What a file is, if it begins like a parameter file or a checkpoint; else empty. Errors as in ``begins``."""
    head = files.start(path, MAX_HEAD)
    for pattern, what in (_HEAD, "the parameters"), (_CHECKPOINT, "a checkpoint"):
        network = _network(pattern.match(head))
        if network:
            return f"{what} of {show(network)}"
    return ""


def holds(path: Path) -> str | None:
    """The name of the network if the whole file is its parameter file, else None; errors as in ``begins``."""
    with files.looked_at(path) as file:
        head = _HEAD.match(file.read(MAX_HEAD))
        file.seek(head.end() if head else 0)
        rest = b""
        while head and len(rest) <= 2 and (part := file.read(MAX_HEAD)):
            rest = (rest + part).translate(None, b"+-.0123456789eE, \t\r\n")
    return _network(head) if rest == b"]}" else None


def read(path: Path, layout: str, size: int) -> list[float]:
    """The parameters in a file, in the order of the layout.

    Args:
        path: the file.
        layout: the network's layout, which the file must state.
        size: how many parameters the network has.

    Raises:
        SpecError: the file cannot be read, or holds something else.
    """
    content = files.read(path, MAX_HEAD + MAX_DIGITS * size)
    try:
        found = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise no_parameters(path) from None
    if isinstance(found, dict) and "checkpoint" in found:
        raise no_parameters(path)
    there = found.get("layout") if isinstance(found, dict) else None
    if there != layout:
        holder = show(str(there).split(" ")[0]) if isinstance(there, str) else "no network"
        why = "of another shape" if isinstance(there, str) and there.split(" ")[0] == layout.split(" ")[0] else ""
        message = f"expected the parameters of {show(layout.split(' ')[0])}, got those of {holder}"
        raise files.refused(path, " ".join(filter(None, (message, why))), f"the layout must be: {layout:.200}")
    values = found.get("parameters")
    if not isinstance(values, list) or not all(type(v) in (int, float) and abs(v) <= LARGEST for v in values):
        raise files.refused(path, "expected a list of finite numbers under 'parameters'")
    if len(values) != size:
        raise files.refused(path, f"expected {counted(size, 'parameter')}, got {len(values):,}")
    return [float(value) for value in values]


def no_parameters(path: Path) -> SpecError:
    """The error for a file that is no parameter file."""
    if described(path).startswith("a checkpoint"):
        advice = "give the parameter file that `nngen train --save` wrote beside it"
        return files.refused(path, "this is a checkpoint, not a parameter file", advice)
    return files.refused(path, "expected the parameters of a network, as `nngen train --save` writes them")


def written(layout: Iterable[str], parameters: Iterable[float]) -> str:
    """The text of a parameter file, as ``save`` of every module writes it."""
    return json.dumps({"layout": " ".join(layout), "parameters": list(parameters)}) + "\n"


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _network(head: re.Match[bytes] | None) -> str | None:
    try:
        return str(json.loads(head[1])).split(" ")[0] if head else None
    except ValueError:  # not JSON
        return None
