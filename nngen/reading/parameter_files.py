"""Parameter files, as ``save`` of every module writes them, or as safetensors; recognized by their content."""

import json
import math
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nngen.common import files
from nngen.common.cautions import Caution
from nngen.common.diagnostics import Diagnostic, SpecError, show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import Encoding
from nngen.description.model import Spec, Table
from nngen.plan import Plan, plan
from nngen.reading import fingerprint, safetensors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_DIGITS = 32
"""Bytes of a parameter in a file: 17 digits, sign, point, exponent and separator."""

LARGEST = 1.7976931348623157e308
"""The largest finite number."""

MAX_HEAD = 1_000_000
"""Bytes of a file that are searched for the mark of nngen; the longest layout is shorter."""

MAX_DIFFERENCES = 10
"""So many differences from the training are listed."""

_CHECKPOINT = re.compile(rb'\s*\{\s*"checkpoint"\s*:\s*("(?:[^"\\]|\\.)*")')

_HEAD = re.compile(rb'\s*\{\s*"layout"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"parameters"\s*:\s*\[')

_REST = re.compile(rb'\s*(,\s*"network"\s*:\s*"[^"\\]*"\s*)?\}\s*')
"""What follows the numbers."""


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
        if safetensors.metadata_in(begin):
            return _named(begin, _HEAD)
        head = _HEAD.match(begin)
        file.seek(head.end() if head else 0)
        while head and (part := file.read(MAX_HEAD)):
            numbers, end, rest = part.partition(b"]")
            if numbers.translate(None, b"+-.0123456789eE, \t\r\n"):
                return None
            if end:
                return _network(head) if _REST.fullmatch(rest + file.read(fingerprint.LONGEST)) else None
    return None


@dataclass(frozen=True)
class Stored:
    """The parameters in a file, and what they were trained for."""

    path: Path
    values: "list[float] | NDArray[np.float64]"
    """In the order of the layout, shape ``(parameters,)``."""
    network: str | None
    """The fingerprint of their network; None if the file has none."""

    def of(self, spec: Spec, encoding: Encoding | None) -> list[float]:
        """The parameters as a list; arguments and errors are those of ``array_of``."""
        self._check(spec, encoding)
        return self.values if isinstance(self.values, list) else self.values.tolist()

    def array_of(self, spec: Spec, encoding: Encoding | None) -> "NDArray[np.float64]":
        """The parameters as an array, for a network whose answers are those of the training.

        Args:
            spec: the spec of the network.
            encoding: how rows of its data become inputs; None if it does not describe rows.

        Raises:
            SpecError: the network differs from that of the training, with all differences.
        """
        import numpy as np

        self._check(spec, encoding)
        return np.asarray(self.values, np.float64)

    def calibrated(self, encoding: Encoding) -> Encoding:
        """The encoding with the scores of intervals that the training has measured, where the spec states none."""
        if encoding.level is None or encoding.scores or self.network is None:
            return encoding
        return replace(encoding, scores=fingerprint.scores(self.network, encoding.level))

    def differences(self, spec: Spec, encoding: Encoding | None) -> list[fingerprint.Difference]:
        """How the network differs from that of the training; there is a caution if the file does not say it."""
        if not self.network or fingerprint.FIRST not in self.network:
            missing = "it does not say what its parameters were trained with; nngen compares only their names"
            warnings.warn(f"{self.path}: {missing}", Caution, stacklevel=2)
            return []
        return fingerprint.differences(self.network, spec, encoding)

    def _check(self, spec: Spec, encoding: Encoding | None) -> None:
        found = self.differences(spec, encoding)
        if found:
            said = [one.message for one in found[:MAX_DIFFERENCES]]
            if len(found) > MAX_DIFFERENCES:
                said.append(f"{len(found) - MAX_DIFFERENCES:,} more entries differ")
            advice = "write into the spec what the training had, also by `--set`, or train again"
            if isinstance(spec.data, Table) and all(one.measured for one in found):
                advice = f"have {spec.data.file} or its `split` changed? use the same training rows, or train again"
            last = [""] * (len(said) - 1) + [advice]
            raise SpecError(
                Diagnostic(str(self.path), None, None, text, help=more) for text, more in zip(said, last, strict=True)
            )


def stored(path: Path, planned: Plan) -> Stored:
    """Read the parameters in a file; there is a caution if some have another sign than a monotone network.

    Args:
        path: the file.
        planned: the plan of the network, whose layout the file must state.

    Raises:
        SpecError: the file cannot be read, or holds something else.
    """
    found = _stored(path, planned)
    if wrong := planned.monotone.wrong(list(found.values)):
        message = f"{counted(wrong, 'weight')} of the wrong sign, so the output need not be monotone: train again"
        warnings.warn(f"{path}: {message}", Caution, stacklevel=2)
    return found


def _stored(path: Path, planned: Plan) -> Stored:
    layout, size = " ".join(planned.layout), planned.size
    there = safetensors.metadata_in(files.start(path, MAX_HEAD))
    if there:
        _check(path, there.get("layout"), layout)
        return Stored(path, safetensors.numbers(path, planned), _fingerprint(path, there))
    most = MAX_HEAD + MAX_DIGITS * size + fingerprint.LONGEST
    try:
        found: Any = json.loads(files.read(path, most), parse_constant=_refuse)
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
    return Stored(path, [float(value) for value in values], _fingerprint(path, found))


def _fingerprint(path: Path, found: Mapping[str, Any]) -> str | None:
    """The fingerprint in a file; None without one."""
    text = found.get("network")
    if text is not None and (not isinstance(text, str) or len(text) > fingerprint.LONGEST):
        raise files.refused(
            path, f"expected a text under 'network', got {show(text)}", "take 'network' out of the file"
        )
    return text


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


def written(layout: Iterable[str], parameters: Iterable[float], network: str | None = None) -> str:
    """The text of a parameter file; ``network`` is the fingerprint of its network, which ``save`` of a module lacks."""
    content: dict[str, object] = {"layout": " ".join(layout), "parameters": list(parameters)}
    return json.dumps(content | ({} if network is None else {"network": network})) + "\n"


def content(
    path: Path,
    spec: Spec,
    encoding: Encoding | None,
    parameters: "Sequence[float] | NDArray[np.float64]",
    dtype: str = "float64",
) -> str | bytes:
    """The content of a parameter file that a command writes, with the fingerprint of the network.

    Args:
        path: the file; with the suffix ``.safetensors`` it has this format, else JSON.
        spec: a spec that has passed the checks.
        encoding: how rows of its data become inputs; None if it does not describe rows.
        parameters: the parameters, in the order of the layout.
        dtype: ``float32`` or ``float64``, the type of the numbers of safetensors.
    """
    planned, network = plan(spec), fingerprint.written(spec, encoding)
    if path.suffix == ".safetensors":
        return safetensors.written(planned, parameters, dtype, network)
    return written(planned.layout, parameters if isinstance(parameters, Sequence) else parameters.tolist(), network)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _named(begin: bytes, pattern: re.Pattern[bytes]) -> str | None:
    """The network whose name a file with these first bytes states, as safetensors or by a pattern."""
    layout = safetensors.metadata_in(begin).get("layout") if pattern is _HEAD else None
    return layout.split(" ")[0] if isinstance(layout, str) else _network(pattern.match(begin))


def _network(head: re.Match[bytes] | None) -> str | None:
    try:
        return str(json.loads(head[1])).split(" ")[0] if head else None
    except ValueError:  # not JSON
        return None
