"""Modules on a worker: each is run, or compiled, once by a process. It needs NumPy, and nothing of nngen.

A training always has a module with the target numpy. Another module of the same network, of Python or C, may compute
the gradients and outputs in its place: the kernel.
"""

import hashlib
import platform
import sys
import tempfile
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

Module = tuple[str, str, dict[str, str]]
"""A name, the text of the module with the target numpy, and the files of the kernel, that of Python first."""

PROBES = 33
"""Examples whose results tell compilers apart: a header of C takes 32 at a time, so that one is left over."""

ALIKE = 1e-3
"""The relative difference from which two modules are of different networks; float32 has less."""


def module_of(module: Module) -> Any:
    """The module with the target numpy. Each process runs the text once.

    Raises:
        RuntimeError: the text does not run on this worker.
    """
    name, text, _ = module
    if name not in sys.modules:
        sys.modules[name] = _run(name, text, f"{name}.py", f"run on the worker {_here()} and NumPy {np.__version__}")
    return sys.modules[name]


def kernel_of(module: Module) -> Any:
    """The module that computes: the kernel if there is one, else the module itself. A process compiles it once.

    Raises:
        RuntimeError: it does not run or compile on this worker.
    """
    name, _, files = module
    if not files:
        return module_of(module)
    known = f"{name}_kernel"
    if known not in sys.modules:
        with tempfile.TemporaryDirectory(prefix="nngen-") as folder:
            for file, text in files.items():
                Path(folder, file).write_text(text, "utf-8")
            main = Path(folder, next(iter(files)))
            what = "compile" if len(files) > 1 else "run"
            kernel = _run(main.stem, files[main.name], str(main), f"{what} on the worker {_here()}")
        params = _tried(main.name, "init", lambda: kernel.init())
        kernel.nngen_format = getattr(params, "typecode", "")  # of C: the type of its numbers
        sys.modules[known] = kernel
    return sys.modules[known]


def kernel_gradient(
    module: Module, params: Any, rows: Sequence[Any], seeds: Any, counts: Any, *, mean: bool, slopes: bool
) -> tuple[float, list[Any]]:
    """The loss of some rows and its gradient, by the kernel, with the gradient as the target numpy has it.

    Args:
        module: the module.
        params: the parameters of the target numpy.
        rows: inputs, targets, and weights or None.
        seeds: the seeds of dropout of each row, or None.
        counts: how much each row counts in a weighted mean, which has no other weights; else None.
        mean: whether the loss is a mean over the rows, and not a sum.
        slopes: whether to compute the gradient.
    """
    kernel, net = kernel_of(module), module_of(module)
    x, y, weights = (*rows[:2], None) if counts is not None else rows
    given = _given(kernel, net, params)
    if kernel.nngen_format and seeds is None and counts is None:
        options = {} if weights is None else {"weight": weights}
        if not slopes:
            return kernel.loss(given, x, y, **options), []
        loss, found = kernel.gradient(given, x, y, **options)
        return loss, _arrays(kernel, net, found)
    shares = np.full(len(x), 1.0 / len(x) if mean else 1.0) if counts is None else counts / np.sum(counts)
    total, sums = 0.0, list[Any]()
    for place, (share, one, target) in enumerate(zip(shares.tolist(), x.tolist(), y.tolist(), strict=True)):
        options = {} if weights is None else {"weight": float(weights[place])}
        if not slopes:
            total += share * kernel.loss(given, one, target, **options)
            continue
        drawn = {} if seeds is None else {"seed": int(seeds[place])}
        loss, found = kernel.gradient(given, one, target, **options, **drawn)
        total += share * loss
        sums = _added(sums, _arrays(kernel, net, found), share)
    return total, [_pair(values) if isinstance(values, dict) else values for values in sums]


def kernel_batch_gradient(module: Module, params: Any, rows: Sequence[Any], seeds: Any) -> tuple[Any, ...]:
    """The loss and the gradient of a batch with batch normalization, and the parameters after it, by the kernel."""
    kernel, net = kernel_of(module), module_of(module)
    x, y, weights = (None if part is None else part.tolist() for part in rows)
    options = {} if weights is None else {"weights": weights}
    drawn = {} if seeds is None else {"seeds": seeds.tolist()}
    loss, slopes, after = kernel.batch_gradient(_given(kernel, net, params), x, y, **options, **drawn)
    found = [_pair(values) if isinstance(values, dict) else values for values in _arrays(kernel, net, slopes)]
    return loss, found, _arrays(kernel, net, after)


def kernel_outputs(module: Module, params: Any, x: Any) -> Any:
    """The outputs of some rows, by the kernel, shape ``(rows, outputs)``."""
    kernel, net = kernel_of(module), module_of(module)
    given = _given(kernel, net, params)
    if kernel.nngen_format:
        return np.array(kernel.forward(given, x))
    return np.array([kernel.forward(given, row) for row in x.tolist()])


def kernel_digest(module: Module, x: Any, y: Any) -> str:
    """A digest of what the kernel computes here for examples that always are the same; empty without a kernel.

    Args:
        module: the module.
        x: inputs of any rows, of which only the shape counts.
        y: their targets, or None.

    Raises:
        ValueError: the kernel computes another network than the module.
        RuntimeError: it does not run or compile on this worker, or one of its functions fails.
    """
    name, _, files = module
    known = f"{name}_digest" if y is None else f"{name}_digest_in_training"
    if not files:
        return ""
    if known not in sys.modules:
        net, main = module_of(module), next(iter(files))
        if len(files) > 1 and hasattr(net, "IDS"):
            raise ValueError(f"{main}: workers compute a network with ids by the target numpy or python")
        kernel = kernel_of(module)
        if not hasattr(kernel, "LAYOUT"):
            raise ValueError(f"{main} has only some parts; build it with `--contents all`")
        if kernel.LAYOUT != net.LAYOUT:
            mine, other = (layout.split(" ")[0] for layout in (net.LAYOUT, kernel.LAYOUT))
            shape = " of another shape" if mine == other else ""
            raise ValueError(f"{main} has the network {other!r}{shape}, and the module of the target numpy {mine!r}")
        params = _tried("the module of the target numpy", "init", lambda: net.init())
        rows = _probes(net, x.shape[1], None if y is None else y.shape[1])
        found = [_tried(main, "forward", lambda: kernel_outputs(module, params, rows[0]))]
        expected = _tried("the module of the target numpy", "forward", lambda: net.forward(params, rows[0]))
        if found[0].shape != expected.shape or not np.allclose(found[0], expected, ALIKE, ALIKE):
            raise ValueError(f"{main} computes another network than the module of the target numpy; build both anew")
        if y is not None and not hasattr(kernel, "batch_gradient"):
            options: dict[str, Any] = {"seeds": None, "counts": None, "mean": False, "slopes": True}
            parts = _tried(main, "gradient", lambda: kernel_gradient(module, params, [*rows, None], **options)[1])
            found += [part[1] if isinstance(part, tuple) else part for part in parts]
        digest = hashlib.sha256(b"".join(values.tobytes() for values in found)).hexdigest()[:8]
        sys.modules[known] = ModuleType(known, f"{main}, digest {digest}")
    return str(sys.modules[known].__doc__)


def _probes(net: Any, inputs: int, targets: int | None) -> list[Any]:
    """Inputs and targets that the network takes."""
    numbers = np.arange(PROBES * inputs) * 7919 % 1009 / 1009.0 - 0.5
    x = numbers.reshape(PROBES, inputs)
    params = [np.zeros(shape) for shape in net._SHAPES]
    try:
        net._checked(params, x)
    except ValueError:  # ids
        x = np.zeros_like(x)
    if targets is None:
        return [x]
    one_hot = np.eye(targets)[np.arange(PROBES) % targets] if targets > 1 else np.arange(PROBES)[:, None] % 2 * 1.0
    for y in (one_hot, 2.0 * one_hot - 1.0, one_hot + 1.0):
        try:
            return [x, net._checked_targets(y, PROBES)]
        except ValueError:
            continue
    raise ValueError("expected a loss that takes a class, or positive numbers")


def _given(kernel: Any, net: Any, params: Any) -> Any:
    """Parameters as the kernel takes them."""
    if not kernel.nngen_format:
        return kernel.unpack(net.pack(params))
    flat = np.concatenate([values.ravel() for values in params])
    return array(kernel.nngen_format, flat.astype(kernel.nngen_format).tobytes())


def _arrays(kernel: Any, net: Any, values: Any) -> list[Any]:
    """Parameters or derivatives of the kernel in arrays; of an embedding, the array of each row that there is."""
    if not kernel.nngen_format and any(isinstance(part, dict) for part in values):
        rows = [
            {row: np.array(one) for row, one in part.items()} if isinstance(part, dict) else np.array(part)
            for part in values
        ]
        pairs = zip(rows, net._SHAPES, strict=True)
        return [part if isinstance(part, dict) else part.reshape(shape) for part, shape in pairs]
    flat = np.array(values if kernel.nngen_format else kernel.pack(values))
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in net._SHAPES])
    parts = np.split(flat, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, net._SHAPES, strict=True)]


def _added(sums: list[Any], found: list[Any], share: float) -> list[Any]:
    """Sums of derivatives with a share of those of an example more."""
    if not sums:
        sums = [{} if isinstance(part, dict) else np.zeros_like(part) for part in found]
    for total, part in zip(sums, found, strict=True):
        if isinstance(part, dict):
            total.update({row: total.get(row, 0.0) + share * one for row, one in part.items()})
        else:
            total += share * part
    return sums


def _pair(rows: Mapping[int, Any]) -> tuple[Any, Any]:
    """Some rows of an embedding in order, as the target numpy has their derivatives."""
    order = sorted(rows)
    return np.array(order), np.array([rows[row] for row in order])


def _run(name: str, text: str, file: str, what: str) -> Any:
    """A module from its text, which may have files beside it."""
    found: Any = ModuleType(name)
    found.__file__ = file
    try:
        exec(compile(text, file, "exec"), found.__dict__)  # noqa: S102 (the user's own module)
    except Exception as error:
        raise _unfit(what, error) from None
    return found


def _tried(module: str, name: str, call: Callable[[], Any]) -> Any:
    """Call a function of a module, and return its result.

    Raises:
        RuntimeError: it fails.
    """
    try:
        return call()
    except Exception as error:
        what = f"{module} fails on the worker {_here()}: {name}() raises {type(error).__name__}: {error}"
        raise RuntimeError(f"{what}; correct the module, or build it anew with `nngen build`") from None


def _here() -> str:
    return f"{platform.node()} with Python {platform.python_version()}"


def _unfit(what: str, error: Exception) -> RuntimeError:
    why = str(error).split("; and the page in Python", maxsplit=1)[0]  # that of a binding, which is not here by intent
    return RuntimeError(f"the module does not {what}: {type(error).__name__}: {why}")
