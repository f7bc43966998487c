"""The fixed functions of modules that call a header of C, and how its library is compiled, stored and loaded.

A module gets them beside the fixed functions of Python modules. See ``nngen/targets/definitions.py``.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import warnings
from array import array
from collections.abc import Iterator
from importlib.machinery import ExtensionFileLoader, ModuleSpec, SourceFileLoader
from pathlib import Path
from typing import Any

# what a network has, its types and numbers: see templates/python/runtime.py
ALWAYS = ENDS = EXAMPLE_WEIGHTS = LISTED = STOP = VALIDATION = True
BATCH_SIZE = EPOCHS = EVERY = LEAST = STOP_SEED = 1
ORDER_SEED: int | None = 1
SHARE = 0.5
Parameters = array[float]
Progress = Any

# what modules state themselves
_NAME = "a network"
_SOURCE = '#include "binding.c"'
_CODE = "d"
_ROOM = array("d", [0.0])
_STATE = array("d", [0.0])
_SIZE = 1
_SEED = 1
_VALIDATION = (1, 2)
_c: Any = None
Numbers = Any


def _floats(values: list[float], size: int, noun: str) -> list[float]:
    """A list of so many floats."""
    if len(values) != size:
        raise ValueError(noun)
    return values


# what they take


def forward(params: array[float], x: Numbers) -> Any:
    """The outputs of one example, a tuple, or of each in a batch."""
    return _c.forward(params, x)


def _batch_gradient(
    params: array[float], xs: Numbers, ys: Numbers, training: bool, *more: Numbers
) -> tuple[float, array[float], array[float]]:
    n = len(xs)
    if n == 0 or len(ys) != n:
        raise ValueError(f"expected as many xs as ys, at least 1; got {n} and {len(ys)}")
    slopes, after = _ROOM[:], array(_CODE, params)
    loss = _c.batch_gradient(params, slopes, after if training else None, xs, ys, *more)
    return loss, slopes, after


def _drawn(seeds: list[int] | None, n: int) -> array[int] | None:
    """The seeds of n examples as the library takes them."""
    if seeds is not None and len(seeds) != n:
        raise ValueError(f"expected {n} seeds, got {len(seeds)}")
    return None if seeds is None else array("I", [seed & 0xFFFFFFFF for seed in seeds])


def init_state(params: array[float]) -> array[float]:
    """The initial state of the optimizer."""
    return _STATE[:]


def step(params: array[float], gradient: array[float], state: array[float]) -> tuple[array[float], array[float]]:
    """One step of training; changes none of its arguments."""
    params, state = array(_CODE, params), array(_CODE, state)
    _c.step(params, gradient, state)
    return params, state


def fit(
    params: Parameters,
    xs: Numbers,
    ys: Numbers,
    epochs: int = EPOCHS,
    batch_size: int | None = BATCH_SIZE,
    seed: int | None = ORDER_SEED,
    callback: object = None,
    weights: Numbers | None = None,
    progress: Progress | None = None,
) -> tuple[Parameters, list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.SAYS_STOP
    """
    training = _c.examples(xs, ys, weights, batch_size) if EXAMPLE_WEIGHTS else _c.examples(xs, ys, batch_size)
    if VALIDATION:
        kept, rows = _kept(len(xs))
    params = array(_CODE, params) if isinstance(params, array) else unpack(params)
    history: list[float] = []
    if STOP:
        progress = progress or (0, _STATE, float("inf"), float("inf"), params, 0)
        epoch, state, measured, best, best_params, since = progress
    else:
        epoch, state = progress or (0, _STATE)
    while epoch < epochs:  # range would take a tenth of a microsecond
        if STOP and ENDS:
            break
        params, state = params[:], state[:]  # new ones, since the callback may have kept those before
        if VALIDATION:
            history.append(_c.epoch(training, params, state, rows, seed, epoch))
        else:
            history.append(_c.epoch(training, params, state, seed, epoch))
        epoch += 1
        if STOP and (ALWAYS or epoch % EVERY == 0):
            measured = _c.validation(training, params, kept) if VALIDATION else history[-1]
            if measured < best:
                best, best_params, since = measured, params, 0
            else:
                since += EVERY
        progress = (epoch, state, measured, best, best_params, since) if STOP else (epoch, state)
        if callable(callback) and callback(epoch - 1, history[-1], params, progress):
            break
    if STOP and not ALWAYS:
        best_params = best_params if epoch >= EVERY else params
    return best_params if STOP else params, history


def _kept(count: int) -> tuple[array[int], array[int]]:
    """The places of the examples that are kept for validation, and of those that are trained."""
    if LISTED:
        if count < LEAST:
            raise ValueError(f"expected at least LEAST examples, as places are kept for validation, got {count}")
        return array("I", _VALIDATION), array("I", sorted(set(range(count)).difference(_VALIDATION)))
    order, size = array("I", [0]) * (2 * count), round(SHARE * count)
    _c.order(order, STOP_SEED)
    if not 0 < size < count:
        raise ValueError(f"expected enough examples to keep a share of SHARE for validation, got {count}")
    return order[:size], array("I", sorted(order[size:count]))


def init(seed: int = _SEED) -> array[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    params = _ROOM[:]
    _c.init(params, seed)
    return params


def pack(params: array[float]) -> list[float]:
    """The parameters as a flat list, in the order of LAYOUT."""
    return list(params)


def unpack(flat: list[float]) -> array[float]:
    """The parameters from a flat list, in the order of LAYOUT."""
    return array(_CODE, _floats(flat, _SIZE, "parameter" if _SIZE == 1 else "parameters"))


def _bits(seed: int, index: int) -> int:
    """The index-th random 32-bit integer of this seed."""
    bits: int = _c.bits(seed, index)
    return bits


# The library: by the limited API of Python, whose calls cost a third of those of ctypes (benchmarks/binding.py).
# With -ffp-contract=off no product is joined to a sum: the numbers are the header's own everywhere.
_HERE = Path(__file__).parent
_FLAGS = ["-std=c11", "-O3", "-fno-math-errno", "-ffp-contract=off", "-shared", "-fPIC"] + (
    ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
)


def _library() -> Any:
    """The library as a module of Python: that of an earlier import, or else compiled now.

    Raises:
        OSError, ImportError: what is missing, and what to do.
    """
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        raise ImportError("its library is made for CPython on Linux, macOS and their like")
    processor = _processor()
    flags = [*_FLAGS, "-march=native"] if processor else _FLAGS
    flags += ["-mprefer-vector-width=512"] if "avx512f" in processor else []  # gcc and clang prefer half of that
    facts = [_SOURCE, *flags, processor, os.environ.get("CC", "")]
    facts += [sysconfig.get_platform(), str(sysconfig.get_config_var("SOABI"))]
    made_from = b"".join((_HERE / file).read_bytes() for file in (f"{_NAME}.h", "binding.c"))
    made_from += "|".join(facts).encode(errors="surrogateescape")
    name = f"{_NAME}_c.{_hash(made_from)}"
    for cache in _caches():
        for library in cache.glob(f"{name}.*.so"):
            with contextlib.suppress(OSError, ImportError):  # what cannot be loaded is compiled again
                if _private(cache) and _private(library) and _intact(library):
                    return _loaded(library)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, f"{name}.so")
        _compile(library, flags)
        for cache in _caches():
            with contextlib.suppress(OSError):
                kept = _stored(library, cache)
                try:
                    return _loaded(kept)
                except ImportError:
                    kept.unlink(missing_ok=True)
                    raise
        return _loaded(library)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _intact(library: Path) -> bool:
    """Whether a library is complete, by the hash in its name: to load a part of one can end the process."""
    return library.is_file() and library.name.endswith(f".{_hash(library.read_bytes())}.so")


def _caches() -> Iterator[Path]:
    """The folders for compiled libraries: beside this file or, where that cannot be written, a folder of the user."""
    yield _HERE / "__pycache__"
    yield Path(tempfile.gettempdir(), f"nngen-{os.geteuid()}")


def _processor() -> str:
    """The features of the processor, which -march=native uses, where the system tells them."""
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as file:
        return next((line for line in file if line.startswith("flags")), "")
    return ""


def _private(path: Path) -> bool:
    """Whether only a user who can also change this module can have written this."""
    with contextlib.suppress(OSError):
        found = path.lstat()
        return found.st_uid in (0, os.geteuid(), os.stat(__file__).st_uid) and not found.st_mode & 0o022
    return False


def _loaded(library: Path) -> Any:
    loader = ExtensionFileLoader("binding", str(library))
    module = importlib.util.module_from_spec(ModuleSpec("binding", loader, origin=str(library)))
    loader.exec_module(module)
    return module


def _compile(library: Path, flags: list[str]) -> None:
    """Compile the header and binding.c."""
    include = sysconfig.get_path("include")
    if not Path(include, "Python.h").is_file():
        raise OSError(f"there is no Python.h in {include}: install the headers of Python, such as python3-dev")
    try:
        given = shlex.split(os.environ.get("CC", ""))
    except ValueError as problem:
        raise OSError(f"CC is not a command: {problem}") from None
    compiler = given or [name for name in ("cc", "gcc", "clang") if shutil.which(name)][:1]
    if not compiler:
        raise OSError("there is no compiler of C: install gcc or clang, or name another one in CC")
    command = [*compiler, *flags, "-I", include, "-x", "c", "-", "-lm", "-o", str(library)]
    done = subprocess.run(command, cwd=_HERE, input=_SOURCE.encode(), capture_output=True, check=False)
    if done.returncode != 0 or not library.is_file():
        said = [line for line in done.stderr.decode(errors="replace").splitlines() if "error" in line]
        raise OSError(f"{shlex.join(compiler)} does not compile it: {(said or ['it says nothing'])[0]}")


def _stored(library: Path, cache: Path) -> Path:
    """Copy the library for later imports, by one rename, since other processes may do the same."""
    cache.mkdir(mode=0o755, exist_ok=True)
    if not _private(cache):
        raise PermissionError(f"others can write into {cache}")
    data = library.read_bytes()
    kept = cache / f"{library.stem}.{_hash(data)}.so"
    handle, draft = tempfile.mkstemp(dir=cache)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.chmod(draft, 0o644)
        os.replace(draft, kept)
    except OSError:
        os.unlink(draft)
        raise
    return kept


def _python(why: str) -> Any:
    """The page in Python, with a warning that says why."""
    for path in (_HERE / f"{_NAME}.py", _HERE.parent / "python" / f"{_NAME}.py"):
        if path.is_file():
            loader = SourceFileLoader(_NAME, str(path))
            module = importlib.util.module_from_spec(ModuleSpec(_NAME, loader, origin=str(path)))
            loader.exec_module(module)
            if not hasattr(module, "save"):
                raise ImportError(f"{why}; and {path} has only some parts: build it with `--contents all`")
            warnings.warn(f"{_NAME}_c computes in Python, by {path}: {why}", RuntimeWarning, stacklevel=3)
            return module
    raise ImportError(f"{why}; and the page in Python, {_NAME}.py, is neither beside this file nor in ../python")
