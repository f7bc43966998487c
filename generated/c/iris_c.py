"""iris, a neural network, computed by its header of C: iris.h, beside this file.

    x: 4 -> hidden: 8 tanh -> output: 3 softmax

Its functions take and give what those of the page in Python do. Parameters, gradients and states are arrays, in the
order of LAYOUT; examples are lists of floats, or arrays of any kind.

An array of two dimensions, such as one of NumPy, is a batch: its outputs are a memoryview of as many rows, which
numpy.asarray takes as it is, and its loss is that of a batch. While C works on a long one, other threads run.

When it is imported first, the system's compiler of C makes a library of the header and of binding.c, which stands
between C and Python and is the same for all networks. It stays in __pycache__ beside this file, or where that cannot be
written in a folder for temporary files that only its user can write. Where there is no compiler, a RuntimeWarning says
so, and the page in Python takes over: iris.py, beside this file or in ../python.

Written by nngen from the spec iris: `nngen build` with that spec writes these bytes again. The file is yours: read it,
change it, ship it, with iris.h and binding.c. It needs CPython 3.11 or newer with its headers for C, and gcc or clang.
"""

# formatters and linters skip this module
# fmt: off
# flake8: noqa

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

PARAMETERS = (
    "w_hidden1_sepal_length", "w_hidden1_sepal_width", "w_hidden1_petal_length", "w_hidden1_petal_width",
    "w_hidden2_sepal_length", "w_hidden2_sepal_width", "w_hidden2_petal_length", "w_hidden2_petal_width",
    "w_hidden3_sepal_length", "w_hidden3_sepal_width", "w_hidden3_petal_length", "w_hidden3_petal_width",
    "w_hidden4_sepal_length", "w_hidden4_sepal_width", "w_hidden4_petal_length", "w_hidden4_petal_width",
    "w_hidden5_sepal_length", "w_hidden5_sepal_width", "w_hidden5_petal_length", "w_hidden5_petal_width",
    "w_hidden6_sepal_length", "w_hidden6_sepal_width", "w_hidden6_petal_length", "w_hidden6_petal_width",
    "w_hidden7_sepal_length", "w_hidden7_sepal_width", "w_hidden7_petal_length", "w_hidden7_petal_width",
    "w_hidden8_sepal_length", "w_hidden8_sepal_width", "w_hidden8_petal_length", "w_hidden8_petal_width",
    "b_hidden1", "b_hidden2", "b_hidden3", "b_hidden4", "b_hidden5", "b_hidden6", "b_hidden7", "b_hidden8",
    "w_setosa_hidden1", "w_setosa_hidden2", "w_setosa_hidden3", "w_setosa_hidden4",
    "w_setosa_hidden5", "w_setosa_hidden6", "w_setosa_hidden7", "w_setosa_hidden8",
    "w_versicolor_hidden1", "w_versicolor_hidden2", "w_versicolor_hidden3", "w_versicolor_hidden4",
    "w_versicolor_hidden5", "w_versicolor_hidden6", "w_versicolor_hidden7", "w_versicolor_hidden8",
    "w_virginica_hidden1", "w_virginica_hidden2", "w_virginica_hidden3", "w_virginica_hidden4",
    "w_virginica_hidden5", "w_virginica_hidden6", "w_virginica_hidden7", "w_virginica_hidden8",
    "b_setosa", "b_versicolor", "b_virginica",
)

Numbers = Any
"""An example or examples: lists of floats, or anything that has the buffer protocol or numbers by their places."""

# the network, and the order of its parameters
LAYOUT = (
    "iris "
    "W_hidden[hidden1..hidden8, 8][sepal_length sepal_width petal_length petal_width] "
    "b_hidden[hidden1..hidden8, 8] "
    "W_output[setosa versicolor virginica][hidden1..hidden8, 8] "
    "b_output[setosa versicolor virginica]"
)

# the names and the shapes of its arrays in a file of safetensors
_TENSORS = (("W_hidden", [8, 4]), ("b_hidden", [8]), ("W_output", [3, 8]), ("b_output", [3]))

_CODE, _SIZE, _SEED = "d", 67, 1
_ROOM = array(_CODE, [0.0]) * _SIZE  # for as many numbers, whatever they are
_STATE = array(_CODE, [0.0]) * 1


def loss(params: array[float], x: Numbers, y: Numbers) -> float:
    """The loss of one example or of a batch."""
    loss: float = _c.gradient(params, None, None, x, y)
    return loss


def gradient(params: array[float], x: Numbers, y: Numbers) -> tuple[float, array[float]]:
    """The loss of one example or of a batch, and its derivative with respect to each parameter."""
    slopes = _ROOM[:]
    return _c.gradient(params, slopes, None, x, y), slopes


def train_step(
    params: array[float], x: Numbers, y: Numbers, state: array[float]
) -> tuple[float, array[float], array[float]]:
    """Gradient and step in one. It changes params and state, and returns the loss before the step with both."""
    if _c is None:
        loss, slopes = gradient(params, x, y)
        return loss, *step(params, slopes, state)
    return _c.gradient(params, _ROOM, state, x, y), params, state


def scale(x: list[float]) -> list[float]:
    """The inputs of the network, from the numbers of the data."""
    scaled: list[float] = _c.scale(x)
    return scaled


# the columns of a row, as the data name them
COLUMNS = ("sepal_length", "sepal_width", "petal_length", "petal_width")

# the classes in the order of the outputs
CLASSES = ("setosa", "versicolor", "virginica")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    return scale([_number(column, value) for column, value in zip(COLUMNS, _values(row))])


def decode(outputs: list[float] | tuple[float, ...]) -> str:
    """The class that the outputs stand for."""
    if any(a != a for a in outputs):
        raise ValueError("outputs: expected numbers, got NaN")
    return CLASSES[max(range(3), key=lambda i: outputs[i])]


def predict(params: array[float], row: Numbers) -> Any:
    """The answer for a row of the data, which encode describes; for each row of an array, a list."""
    if getattr(row, "ndim", 1) == 2:
        return _c.predict(params, row, CLASSES)
    return decode(forward(params, encode(row)))


def predict_proba(params: array[float], row: Numbers) -> Any:
    """The probability of each class for a row of the data; for each row of an array, a row in the order of CLASSES."""
    if getattr(row, "ndim", 1) == 2:
        return _c.predict_proba(params, row)
    outputs = forward(params, encode(row))
    decode(outputs)  # refuses NaN
    return dict(zip(CLASSES, outputs))


def forward(params: array[float], x: Numbers) -> Any:
    """The outputs of one example, a tuple, or of each in a batch."""
    return _c.forward(params, x)


def init_state(params: array[float]) -> array[float]:
    """The initial state of the optimizer."""
    return _STATE[:]


def step(params: array[float], gradient: array[float], state: array[float]) -> tuple[array[float], array[float]]:
    """One step of training; changes none of its arguments."""
    params, state = array(_CODE, params), array(_CODE, state)
    _c.step(params, gradient, state)
    return params, state


def fit(
    params: array[float],
    xs: Numbers,
    ys: Numbers,
    epochs: int = 100,
    batch_size: int | None = 10,
    seed: int | None = 0,
    callback: object = None,
    progress: tuple[int, array[float]] | None = None,
) -> tuple[array[float], list[float]]:
    """Train on examples, and return the parameters and the loss of each epoch, measured before each step.

    Each epoch takes the examples in a new random order, or in the given order if seed is None. A batch_size of None
    takes all examples in one step. After each epoch fit calls callback(epoch, loss, params, progress); a true result
    ends training. Called again with those params and that progress, fit continues after that epoch.
    """
    training = _c.examples(xs, ys, batch_size)
    params = array(_CODE, params) if isinstance(params, array) else unpack(params)
    history: list[float] = []
    epoch, state = progress or (0, _STATE)
    while epoch < epochs:  # range would take a tenth of a microsecond
        params, state = params[:], state[:]  # new ones, since the callback may have kept those before
        history.append(_c.epoch(training, params, state, seed, epoch))
        epoch += 1
        progress = (epoch, state)
        if callable(callback) and callback(epoch - 1, history[-1], params, progress):
            break
    return params, history


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


def _values(row: dict[str, object] | list[object] | str) -> list[object]:
    """The values of a row in the order of COLUMNS; other columns of a mapping are ignored."""
    if not isinstance(row, (list, str)) and hasattr(row, "keys"):
        names = list(row.keys())
        absent = [column for column in COLUMNS if column not in names]
        if absent:
            raise ValueError(f"expected a row with the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
        return [row[column] for column in COLUMNS]
    try:
        values = [] if isinstance(row, (str, bytes, set)) else list(row)
    except TypeError:
        values = []
    if len(values) != len(COLUMNS):
        raise ValueError(f"expected a value for each of the {len(COLUMNS)} COLUMNS, got {row!r:.80}")
    return values


def _number(column: str, value: object) -> float:
    """The number of a column, also one written as a text."""
    if _missing(value):
        raise ValueError(f"{column}: the value is missing")
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _missing(value: object, known: dict[str, int] | tuple[()] = ()) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING that is not known."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING and value.strip(_SPACE) not in known
    try:
        return value is None or bool(value != value)
    except TypeError:  # NA has no truth value
        return True


def save(params: array[float], path: str) -> None:
    """Write the parameters to a JSON file that the module of every target can load, exact to the last bit."""
    import json  # here, because the module loads faster without it

    flat = pack(params)
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite parameters, got infinity or NaN")
    text = json.dumps({"layout": LAYOUT, "parameters": flat})
    with open(path, "w") as file:
        file.write(text)


def load(path: str) -> array[float]:
    """Read parameters from a file of JSON or safetensors; that of another network, or a broken one, is a ValueError."""
    import json

    with open(path, "rb") as file:
        text = file.read()
    stop = 8 + int.from_bytes(text[:8], "little")  # of the header of safetensors
    arrays = text[8:9] == b"{" and stop <= len(text)
    try:
        content = json.loads((text[8:stop] if arrays else text).decode())
    except RuntimeError:  # such as RecursionError
        raise ValueError("expected a JSON object of a text and a list, got one nested too deep") from None
    here = content.pop("__metadata__", None) if arrays and isinstance(content, dict) else content
    layout = here.get("layout") if isinstance(here, dict) else None
    if layout != LAYOUT:
        raise ValueError(f"expected the parameters of {LAYOUT!r}, got those of {layout!r:.80}")
    if arrays:
        return unpack(_tensors(content, text[stop:]))
    flat = content.get("parameters")
    if not isinstance(flat, list) or not all(
        type(value) in (int, float) and value - value == 0.0 and abs(value) <= 1.7976931348623157e308 for value in flat
    ):
        raise ValueError(f"expected a list of finite numbers under 'parameters', got {flat!r:.80}")
    return unpack([float(value) for value in flat])


def _tensors(content: dict[str, object], rest: bytes) -> list[float]:
    """The numbers of arrays in the format of safetensors, in the order of LAYOUT; a file may have any order."""
    from struct import unpack as _unpack

    flat: list[float] = []
    starts, places = [len(rest)], [0]
    for name, shape in _TENSORS:
        one = content.pop(name, None)
        size = shape[0] * shape[1] if len(shape) > 1 else shape[0]
        try:
            if not isinstance(one, dict):
                raise TypeError
            start, stop = one.get("data_offsets", ())
            form, count = {"F32": ("f", 4), "F64": ("d", 8)}.get(one.get("dtype", ""), ("", -1))
            if one.get("shape") != shape or not 0 <= start <= stop <= len(rest) or stop - start != size * count:
                raise ValueError
            flat += _unpack("<" + str(size) + form, rest[start:stop])
        except (TypeError, ValueError):
            raise ValueError(f"expected {name} of F32 or F64 and the shape {shape}, got {one!r:.80}") from None
        starts.append(start)
        places.append(stop)
    if content or sorted(starts) != sorted(places):  # each begins where another ends
        raise ValueError(f"expected {len(_TENSORS)} arrays, one after another, got others")
    if not all(value - value == 0.0 for value in flat):
        raise ValueError("expected finite numbers, got infinity or NaN")
    return flat


def _floats(values: list[float], size: int, noun: str) -> list[float]:
    """Numbers as floats, by position; refuses mappings, bytes, masked and complex numbers, and another size."""
    try:
        if type(values) in (list, tuple) and type(sum(values)) is float:
            floats = list(values)
        else:
            array = values.to_numpy() if hasattr(values, "to_numpy") else values  # in pandas, values[i] is by label
            if hasattr(array, "keys") or isinstance(array, bytes):
                raise TypeError
            numbers = [array[i] - 0.0 for i in range(len(array))]
            # tolist makes a Python number; float() would drop the imaginary part or the mask of a NumPy number
            floats = [float(n.tolist() if hasattr(n, "tolist") else n) for n in numbers]
    except (LookupError, OverflowError, TypeError):
        raise ValueError(f"expected a list of numbers, got {values!r:.80}") from None
    if len(floats) != size:
        raise ValueError(f"expected {size} {noun}, got {len(floats)}")
    return floats


# what binding.c knows of the network
_NAME = "iris"
_SOURCE = """
#define Py_LIMITED_API 0x030B0000 /* of Python 3.11, the first that has buffers */
#include <Python.h>
#include "iris.h"
#define NET(name) iris_##name
#define CONSTANT(name) IRIS_##name
#define FORMAT "d"
#define TARGETS "numbers from 0 to 1 that sum to 1 for each example"
#define SCALE 1
#define PREDICT 1
#define PREDICT_PROBA 1
typedef double real;
#include "binding.c"
"""

_c: Any = None
try:
    _c = _library()
    _c.init_state(_STATE)
except (ImportError, OSError) as problem:
    _page = _python(str(problem))
    globals().update((name, value) for name, value in vars(_page).items() if not name.startswith("__"))
