"""Parameter files, as ``save`` of every module writes them, or as safetensors; recognized by their content."""

import json
import math
import re
from collections.abc import Iterable
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import counted
from nngen.plan import Plan
from nngen.reading import safetensors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    return _named(files.start(path, MAX_HEAD), _HEAD)


def described(path: Path) -> str:
    """What a file is, if it begins like a parameter file or a checkpoint; else empty. Errors as in ``begins``."""
    head = files.start(path, MAX_HEAD)
    for pattern, what in (_HEAD, "the parameters"), (_CHECKPOINT, "a checkpoint"):
        network = _named(head, pattern)
        if network:
            return f"{what} of {show(network)}"
    return ""


def holds(path: Path) -> str | None:
    """The name of the network if the whole file is its parameter file, else None; errors as in ``begins``."""
    with files.looked_at(path) as file:
        begin = file.read(MAX_HEAD)
        if safetensors.layout_in(begin):
            return _named(begin, _HEAD)
        head = _HEAD.match(begin)
        file.seek(head.end() if head else 0)
        rest = b""
        while head and len(rest) <= 2 and (part := file.read(MAX_HEAD)):
            rest = (rest + part).translate(None, b"+-.0123456789eE, \t\r\n")
    return _network(head) if rest == b"]}" else None


def read(path: Path, planned: Plan) -> list[float]:
    """The parameters in a file, in the order of the layout; arguments and errors are those of ``array``."""
    values = _values(path, planned)
    return values if isinstance(values, list) else values.tolist()


def array(path: Path, planned: Plan) -> "NDArray[np.float64]":
    """The parameters in a file, in the order of the layout, shape ``(parameters,)``.

    Args:
        path: the file.
        planned: the plan of the network, whose layout the file must state.

    Raises:
        SpecError: the file cannot be read, or holds something else.
    """
    import numpy as np

    return np.asarray(_values(path, planned), np.float64)


def _values(path: Path, planned: Plan) -> "list[float] | NDArray[np.float64]":
    layout, size = " ".join(planned.layout), planned.size
    there = safetensors.layout_in(files.start(path, MAX_HEAD))
    if there:
        _check(path, there, layout)
        return safetensors.numbers(path, planned)
    try:
        found: Any = json.loads(files.read(path, MAX_HEAD + MAX_DIGITS * size), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise no_parameters(path) from None
    if isinstance(found, dict) and "checkpoint" in found:
        raise no_parameters(path)
    _check(path, found.get("layout") if isinstance(found, dict) else None, layout)
    values = found.get("parameters")
    if not isinstance(values, list) or not all(type(v) in (int, float) and abs(v) <= LARGEST for v in values):
        raise files.refused(path, "expected a list of finite numbers under 'parameters'")
    if len(values) != size:
        raise files.refused(path, f"expected {counted(size, 'parameter')}, got {len(values):,}")
    return [float(value) for value in values]


def flat(params: Any, size: int) -> list[float]:
    """A list of parameters from a program.

    Raises:
        SpecError: it is something else, or has more or fewer numbers.
    """
    try:
        given = [float(each) if isinstance(each, Real) else math.nan for each in params]
    except TypeError:  # not even a list
        given = [math.nan]
    if not all(map(math.isfinite, given)):
        advice = "give `result.params`, or the file that `result.save` wrote"
        raise files.refused("params", f"expected a file or a flat list of finite numbers, got {show(params)}", advice)
    if len(given) != size:
        raise files.refused("params", f"expected {counted(size, 'parameter')}, got {len(given):,}")
    return given


def _check(path: Path, there: object, layout: str) -> None:
    """Refuse a file of another layout."""
    if there == layout:
        return
    holder = show(there.split(" ")[0]) if isinstance(there, str) else "no network"
    why = "of another shape" if isinstance(there, str) and there.split(" ")[0] == layout.split(" ")[0] else ""
    message = f"expected the parameters of {show(layout.split(' ')[0])}, got those of {holder}"
    raise files.refused(path, " ".join(filter(None, (message, why))), f"the layout must be: {layout:.200}")


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


def _named(begin: bytes, pattern: re.Pattern[bytes]) -> str | None:
    """The network whose name a file with these first bytes states, as safetensors or by a pattern."""
    layout = safetensors.layout_in(begin) if pattern is _HEAD else ""
    return layout.split(" ")[0] if layout else _network(pattern.match(begin))


def _network(head: re.Match[bytes] | None) -> str | None:
    try:
        return str(json.loads(head[1])).split(" ")[0] if head else None
    except ValueError:  # not JSON
        return None
