"""digits, a neural network, computed by its header of C: digits.h, beside this file.

    pixel: 64 -> hidden: 32 relu -> output: 10 softmax

Its functions take and give what those of the page in Python do. Parameters, gradients and states are arrays, in the
order of LAYOUT; examples are lists of floats, or arrays of any kind.

An array of two dimensions, such as one of NumPy, is a batch: its outputs are a memoryview of as many rows, which
numpy.asarray takes as it is, and its loss is that of a batch. While C works on a long one, other threads run.

When it is imported first, the system's compiler of C makes a library of the header and of what stands between C and
Python, at the end of this file. It stays in __pycache__ beside this file, or where that cannot be written in a folder
for temporary files that only its user can write. Where there is no compiler, a RuntimeWarning says so, and the page in
Python takes over: digits.py, beside this file or in ../python.

Written by nngen from the spec digits: `nngen build` with that spec writes these bytes again. The file is yours: read
it, change it, ship it, with digits.h. It needs CPython 3.11 or newer with its headers for C, and gcc or clang.
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

PARAMETERS = ("W_hidden", "b_hidden", "W_output", "b_output")

Numbers = Any
"""An example or examples: lists of floats, or anything that has the buffer protocol or numbers by their places."""

# the network, and the order of its parameters
LAYOUT = (
    "digits "
    "W_hidden[hidden1..hidden32, 32][pixel1..pixel64, 64] "
    "b_hidden[hidden1..hidden32, 32] "
    "W_output[zero one two three four five six seven eight nine][hidden1..hidden32, 32] "
    "b_output[zero one two three four five six seven eight nine]"
)
_ROOM = array("d", [0.0]) * 2410  # for as many numbers, whatever they are
_STATE = array("d", [0.0]) * 1


def forward(params: array[float], x: Numbers) -> Any:
    """The outputs of one example, a tuple, or of each in a batch: 64 numbers → 10 numbers."""
    return _c.forward(params, x)


def loss(params: array[float], x: Numbers, y: Numbers) -> float:
    """The loss of one example or of a batch."""
    loss: float = _c.gradient(params, None, None, x, y)
    return loss


def gradient(params: array[float], x: Numbers, y: Numbers) -> tuple[float, array[float]]:
    """The loss of one example or of a batch, and its derivative by each parameter."""
    slopes = _ROOM[:]
    return _c.gradient(params, slopes, None, x, y), slopes


def scale(x: list[float]) -> list[float]:
    """The inputs of the network, from the numbers of the data."""
    scaled: list[float] = _c.scale(x)
    return scaled


# the columns of a row, as the data name them
COLUMNS = (
    "pixel1", "pixel2", "pixel3", "pixel4", "pixel5", "pixel6", "pixel7", "pixel8", "pixel9", "pixel10",
    "pixel11", "pixel12", "pixel13", "pixel14", "pixel15", "pixel16", "pixel17", "pixel18", "pixel19", "pixel20",
    "pixel21", "pixel22", "pixel23", "pixel24", "pixel25", "pixel26", "pixel27", "pixel28", "pixel29", "pixel30",
    "pixel31", "pixel32", "pixel33", "pixel34", "pixel35", "pixel36", "pixel37", "pixel38", "pixel39", "pixel40",
    "pixel41", "pixel42", "pixel43", "pixel44", "pixel45", "pixel46", "pixel47", "pixel48", "pixel49", "pixel50",
    "pixel51", "pixel52", "pixel53", "pixel54", "pixel55", "pixel56", "pixel57", "pixel58", "pixel59", "pixel60",
    "pixel61", "pixel62", "pixel63", "pixel64",
)

# the classes in the order of the outputs
CLASSES = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")

# what does not count around a text, and the texts that mean a missing value
_SPACE, _MISSING = " \t\n\v\f\r", ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")


def encode(row: dict[str, object] | list[object]) -> list[float]:
    """The inputs of the network for a row of the data: values by column name, or in the order of COLUMNS."""
    return scale([_number(column, value) for column, value in zip(COLUMNS, _values(row))])


def decode(outputs: list[float] | tuple[float, ...]) -> str:
    """The class that the outputs stand for."""
    return CLASSES[max(range(10), key=lambda i: outputs[i])]


def predict(params: array[float], row: Numbers) -> Any:
    """The answer for a row of the data, which encode describes; for each row of an array, a list."""
    if getattr(row, "ndim", 1) == 2:
        return _c.predict(params, row, CLASSES)
    return decode(forward(params, encode(row)))


def predict_proba(params: array[float], row: Numbers) -> Any:
    """The probability of each class for a row of the data; for each row of an array, a row in the order of CLASSES."""
    if getattr(row, "ndim", 1) == 2:
        return _c.predict_proba(params, row)
    return dict(zip(CLASSES, forward(params, encode(row))))


def init_state(params: array[float]) -> array[float]:
    """The initial state of gradient_descent: empty."""
    return _STATE[:]


def step(params: array[float], gradient: array[float], state: array[float]) -> tuple[array[float], array[float]]:
    """One step of training by gradient_descent."""
    params = array("d", params)
    _c.step(params, gradient, state)
    return params, state


def train_step(
    params: array[float], x: Numbers, y: Numbers, state: array[float]
) -> tuple[float, array[float], array[float]]:
    """Gradient and step in one. It changes params and state, and returns the loss before the step with both."""
    if _c is None:
        loss, slopes = gradient(params, x, y)
        return loss, *step(params, slopes, state)
    return _c.gradient(params, _ROOM, state, x, y), params, state


def fit(
    params: array[float],
    xs: Numbers,
    ys: Numbers,
    epochs: int = 30,
    batch_size: int | None = 32,
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
    params = params if isinstance(params, array) else unpack(params)
    history: list[float] = []
    epoch = progress[0] if progress else 0
    while epoch < epochs:  # range would take a tenth of a microsecond
        # new ones, since the callback may have kept those before
        params = array("d", params)
        history.append(_c.epoch(training, params, seed, epoch))
        epoch += 1
        if callable(callback) and callback(epoch - 1, history[-1], params, (epoch, _STATE[:])):
            break
    return params, history


def init(seed: int = 1) -> array[float]:
    """Initial parameters: the same seed gives the same numbers, bit for bit, in the module of every target."""
    params = _ROOM[:]
    _c.init(params, seed)
    return params


def pack(params: array[float]) -> list[float]:
    """The parameters as a flat list, in the order of LAYOUT."""
    return list(params)


def unpack(flat: list[float]) -> array[float]:
    """The parameters from a flat list, in the order of LAYOUT."""
    return array("d", _floats(flat, 2410, "parameters"))


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


def _number(column: str, value: object, missing: float | None = None) -> float:
    """The number of a column, also one written as a text, or the replacement of a missing one."""
    if _missing(value):
        if missing is None:
            raise ValueError(f"{column}: the value is missing")
        return missing
    text = str(value).strip(_SPACE)
    try:
        # float alone would take more, such as True, 1_000 and digits of other scripts
        number = float("nan" if text.strip("+-.0123456789eE") else value if hasattr(value, "__float__") else text)
    except (OverflowError, ValueError):
        number = float("nan")
    if not abs(number) <= 1e100:
        raise ValueError(f"{column}: expected a number up to 1e+100, got {value!r:.80}")
    return number


def _missing(value: object) -> bool:
    """Whether a value is missing: None, NaN, the NA of pandas, or a text of _MISSING."""
    if isinstance(value, str):
        return value.strip(_SPACE) in _MISSING
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
    """Read parameters from a JSON file; a file of another network, or a broken one, is a ValueError."""
    import json

    try:
        with open(path) as file:
            content = json.load(file)
    except RuntimeError:  # MicroPython's RecursionError
        raise ValueError("expected a JSON object of a text and a list, got one nested too deep") from None
    layout = content.get("layout") if isinstance(content, dict) else None
    if layout != LAYOUT:
        raise ValueError(f"expected the parameters of {LAYOUT!r}, got those of {layout!r:.80}")
    flat = content.get("parameters")
    if not isinstance(flat, list) or not all(
        type(value) in (int, float) and value - value == 0.0 and abs(value) <= 1.7976931348623157e308 for value in flat
    ):
        raise ValueError(f"expected a list of finite numbers under 'parameters', got {flat!r:.80}")
    return unpack([float(value) for value in flat])


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


# The library: by the limited API of Python, whose calls cost a third of those of ctypes (benchmarks/binding.py).
_HERE, _NAME = Path(__file__).parent, "digits"
_FLAGS = ["-std=c11", "-O3", "-fno-math-errno", "-shared", "-fPIC"]
_FLAGS += ["-ffp-contract=off"]  # no product is joined to a sum: the numbers are the header's own everywhere
_FLAGS += ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []


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
    made_from = (_HERE / f"{_NAME}.h").read_bytes() + "|".join(facts).encode(errors="surrogateescape")
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
                kept = _keep(library, cache)
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
    """Compile the header and what is below."""
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


def _keep(library: Path, cache: Path) -> Path:
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
            warnings.warn(f"{_NAME}_c computes in Python, by {path}: {why}", RuntimeWarning, stacklevel=3)
            loader = SourceFileLoader(_NAME, str(path))
            module = importlib.util.module_from_spec(ModuleSpec(_NAME, loader, origin=str(path)))
            loader.exec_module(module)
            return module
    raise ImportError(f"{why}; and the page in Python, {_NAME}.py, is neither beside this file nor in ../python")


_SOURCE = """
#define Py_LIMITED_API 0x030B0000 /* of Python 3.11, the first that has buffers */
#include <Python.h>
#include <string.h>

#include "digits.h"

#define NET(name) digits_##name
#define INPUTS DIGITS_INPUTS
#define OUTPUTS DIGITS_OUTPUTS
#define PARAMETERS DIGITS_PARAMETERS
#define STATE DIGITS_STATE
#define MEMORY DIGITS_MEMORY
#define PLACES DIGITS_PLACES
#define FORMAT "d"
typedef double real;

/* Whether it is an array of NumPy that has no value for some places. PyObject_HasAttrString would make an error first,
   and take ten times as long. */
static int masked(PyObject *given) {
    static PyObject *name = NULL;
    name = name ? name : PyUnicode_InternFromString("mask");
    return name && PyObject_HasAttr(given, name);
}

/* The place of count numbers of this format in a row, which the caller releases; NULL if there are none such. */
static void *at(Py_buffer *view, PyObject *given, const char *format, Py_ssize_t count, int written) {
    const int how = PyBUF_FORMAT | PyBUF_C_CONTIGUOUS | (written ? PyBUF_WRITABLE : 0);
    if (!PyObject_CheckBuffer(given) || PyObject_GetBuffer(given, view, how) < 0) {
        PyErr_Clear();
        return NULL;
    }
    if (view->ndim == 1 && view->len == count * view->itemsize && strcmp(view->format, format) == 0) {
        return view->buf;
    }
    PyBuffer_Release(view);
    return NULL;
}

/* The numbers of an array that a function of this module has made; NULL, with an error, where it is none of these. */
static void *lent(Py_buffer *view, PyObject *given, const char *format, Py_ssize_t count, const char *what) {
    if (PyErr_Occurred()) { /* an argument before is wrong */
        return NULL;
    }
    void *found = at(view, given, format, count, 1);
    if (!found) {
        PyErr_Format(PyExc_ValueError, "expected %zd %s as this module makes them, got %.80R", count, what, given);
    }
    return found;
}

/* The same, given back at once: who calls holds the array, and no Python runs before the numbers are used. */
static void *made(PyObject *given, const char *format, Py_ssize_t count, const char *what) {
    Py_buffer view;
    void *found = lent(&view, given, format, count, what);
    if (found) {
        PyBuffer_Release(&view);
    }
    return found;
}

static real *parameters(PyObject *given) {
    return made(given, FORMAT, PARAMETERS, "parameters");
}

/* An item less 0.0, so that a text or a date is refused, which could be made a float as well.

   tolist makes a Python number: float() would drop the imaginary part or the mask of a NumPy number. */
static double number(PyObject *item) {
    if (!item || PyFloat_Check(item)) {
        return item ? PyFloat_AsDouble(item) : -1.0;
    }
    PyObject *zero = PyFloat_FromDouble(0.0), *less = zero ? PyNumber_Subtract(item, zero) : NULL;
    const int foreign = less && !PyFloat_Check(less) && PyObject_HasAttrString(less, "tolist");
    PyObject *plain = foreign ? PyObject_CallMethod(less, "tolist", NULL) : less;
    const double value = plain ? PyFloat_AsDouble(plain) : -1.0;
    if (plain != less) {
        Py_XDECREF(plain);
    }
    Py_XDECREF(less);
    Py_XDECREF(zero);
    return value;
}

/* What numbers are read from by position: of pandas, which takes an item's place for a label, an array. */
static PyObject *ordered(PyObject *given) {
    if (PyBytes_Check(given)) {
        PyErr_SetNone(PyExc_TypeError);
        return NULL;
    }
    const int labelled = PyObject_HasAttrString(given, "to_numpy");
    return labelled ? PyObject_CallMethod(given, "to_numpy", NULL) : Py_NewRef(given);
}

/* The length of a list or an array; -1 with an error. */
static Py_ssize_t length_of(PyObject *given) {
    const Py_ssize_t size = PyObject_Size(given);
    if (size < 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Format(PyExc_ValueError, "expected a list of numbers, got %.80R", given);
    }
    return size;
}

/* Copy the numbers of an example: 1, or 0 with an error. */
static int example(PyObject *given, real *to, Py_ssize_t count, const char *what) {
    const int listed = PyList_CheckExact(given) || PyTuple_CheckExact(given);
    Py_buffer view;
    if (!listed && !masked(given) && at(&view, given, FORMAT, count, 0)) {
        memcpy(to, view.buf, (size_t)count * sizeof(real));
        PyBuffer_Release(&view);
        return 1;
    }
    const Py_ssize_t size = length_of(given);
    if (size >= 0 && size != count) {
        PyErr_Format(PyExc_ValueError, "expected %s, got %zd", what, size);
    }
    PyObject *items = PyErr_Occurred() ? NULL : listed ? Py_NewRef(given) : ordered(given);
    for (Py_ssize_t i = 0; i < count && !PyErr_Occurred(); i++) {
        PyObject *item = PySequence_GetItem(items, i);
        to[i] = (real)number(item);
        Py_XDECREF(item);
    }
    Py_XDECREF(items);
    if (!PyErr_Occurred()) {
        return 1;
    }
    const int unfit = PyErr_ExceptionMatches(PyExc_TypeError) || PyErr_ExceptionMatches(PyExc_LookupError) ||
                      (!listed && PyErr_ExceptionMatches(PyExc_OverflowError));
    if (size == count && unfit) {
        PyErr_Format(PyExc_ValueError, "expected a list of numbers, got %.80R", given);
    }
    return 0;
}

static int input(PyObject *given, real *to) {
    return example(given, to, INPUTS, "64 inputs");
}

static int target(PyObject *given, real *to) {
    if (!example(given, to, OUTPUTS, "10 targets")) {
        return 0;
    }
    if (!NET(takes)(to)) {
        const char *meant = "numbers from 0 to 1 that sum to 1 for each example";
        PyErr_Format(PyExc_ValueError, "expected targets that are %s, got %R", meant, given);
        return 0;
    }
    return 1;
}

/* What a call uses until it ends: arrays, which nobody can resize meanwhile, and room. */
typedef struct {
    Py_buffer arrays[6];
    void *rooms[8];
    int held, made;
} call;

static call *begun(call *one) {
    one->held = one->made = 0;
    return one;
}

static PyObject *ended(call *one, PyObject *found) {
    while (one->held > 0) {
        PyBuffer_Release(&one->arrays[--one->held]);
    }
    while (one->made > 0) {
        PyMem_Free(one->rooms[--one->made]);
    }
    return found;
}

/* Memory for this many bytes, aligned to 64 bytes, where the header is fastest. */
static void *room(call *one, size_t bytes) {
    char *found = PyMem_Malloc(bytes + 64);
    if (!found) {
        PyErr_NoMemory();
        return NULL;
    }
    one->rooms[one->made++] = found;
    return found + 64 - (uintptr_t)found % 64;
}

/* The same as made, held until the call ends. */
static real *keep(call *one, PyObject *given, Py_ssize_t count, const char *what) {
    real *found = lent(&one->arrays[one->held], given, FORMAT, count, what);
    one->held += found != NULL;
    return found;
}

/* An array of two dimensions, held until the call ends; NULL for anything else. */
static Py_buffer *table(call *one, PyObject *given) {
    Py_buffer *view = &one->arrays[one->held];
    if (!PyObject_CheckBuffer(given)) {
        return NULL;
    }
    if (PyObject_GetBuffer(given, view, PyBUF_RECORDS_RO) < 0) {
        PyErr_Clear();
        return NULL;
    }
    if (view->ndim != 2) {
        PyBuffer_Release(view);
        return NULL;
    }
    one->held++;
    return view;
}

/* The letter of an array's format, if its numbers have this machine's order of bytes; else 0. */
static char letter(const Py_buffer *view, PyObject *given) {
    const char *format = view->format ? view->format : "B";
    if (format[0] == (PY_BIG_ENDIAN ? '>' : '<') && format[1] && strchr("df", format[1])) {
        format++;
    }
    return format[1] || masked(given) ? 0 : format[0];
}

/* Whether the rows follow one another without gaps. */
static int together(const Py_buffer *view) {
    return PyBuffer_IsContiguous(view, 'C') && (uintptr_t)view->buf % sizeof(double) == 0;
}

/* A number of an array, whose letter is one of these. */
#define LETTERS "dfbBhHiIlLqQ?"
#define READ(type) { type number; memcpy(&number, from, sizeof(number)); return (double)number; }
static double read_number(const Py_buffer *view, char format, Py_ssize_t i, Py_ssize_t j) {
    const char *from = (const char *)view->buf + i * view->strides[0] + j * view->strides[1];
    switch (format) {
        case 'd': READ(double)
        case 'f': READ(float)
        case 'b': READ(signed char)
        case 'h': READ(short)
        case 'H': READ(unsigned short)
        case 'i': READ(int)
        case 'I': READ(unsigned)
        case 'l': READ(long)
        case 'L': READ(unsigned long)
        case 'q': READ(long long)
        case 'Q': READ(unsigned long long)
        default: READ(unsigned char)
    }
}

/* How many examples there are: as many as of anything given before, which count tells unless it is negative. */
static int as_many(Py_ssize_t *count, Py_ssize_t found) {
    if (found >= 0 && *count >= 0 && found != *count) {
        PyErr_Format(PyExc_ValueError, "expected as many xs as ys, got %zd and %zd", *count, found);
    }
    if (found > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "expected less than 2^32 examples");
    }
    *count = found;
    return !PyErr_Occurred();
}

/* Whether rows have an order: those of a table of pandas do, though it has keys. */
static int listed_rows(PyObject *given) {
    if (PyAnySet_Check(given) || PyUnicode_Check(given) || PyBytes_Check(given)) {
        return 0;
    }
    return !PyObject_HasAttrString(given, "keys") || PyObject_HasAttrString(given, "to_numpy");
}

/* The rows of a table, or of anything else that one reads row by row: its own numbers if they are as the header needs
   them, else a copy. */
static real *rows_of(
    call *one, PyObject *given, const Py_buffer *view, Py_ssize_t size, Py_ssize_t *count, const char *what,
    int (*row)(PyObject *, real *)
) {
    if (!view && !listed_rows(given)) {
        return (real *)PyErr_Format(PyExc_ValueError, "expected a list of examples, got %.80R", given);
    }
    if (!as_many(count, view ? view->shape[0] : length_of(given))) {
        return NULL;
    }
    if (view && view->shape[1] != size) {
        return (real *)PyErr_Format(PyExc_ValueError, "expected %s, got %zd", what, view->shape[1]);
    }
    const char format = view ? letter(view, given) : 0;
    if (format == *FORMAT && together(view)) {
        return view->buf;
    }
    real *copy = room(one, sizeof(real) * (size_t)(*count * size));
    if (copy && format && strchr(LETTERS, format)) {
        for (Py_ssize_t i = 0; i < *count; i++) {
            for (Py_ssize_t j = 0; j < size; j++) {
                copy[i * size + j] = (real)read_number(view, format, i, j);
            }
        }
        return copy;
    }
    PyObject *items = copy ? ordered(given) : NULL;
    for (Py_ssize_t i = 0; items && i < *count && !PyErr_Occurred(); i++) {
        PyObject *item = PySequence_GetItem(items, i);
        if (item) {
            row(item, copy + i * size);
        }
        Py_XDECREF(item);
    }
    Py_XDECREF(items);
    return PyErr_Occurred() ? NULL : copy;
}

static real *inputs_of(call *one, PyObject *given, const Py_buffer *view, Py_ssize_t *count) {
    const char *what = "64 inputs";
    return rows_of(one, given, view, INPUTS, count, what, input);
}

static real *targets_of(call *one, PyObject *given, const Py_buffer *view, Py_ssize_t *count) {
    return rows_of(one, given, view, OUTPUTS, count, "10 targets", target);
}

/* Whether the loss accepts these targets; the error says which it does not. */
static int accepted(const real *ys, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!NET(takes)(ys + i * OUTPUTS)) {
            const char *meant = "numbers from 0 to 1 that sum to 1 for each example";
            PyErr_Format(PyExc_ValueError, "expected targets that are %s, got others in row %zd", meant, i);
            return 0;
        }
    }
    return 1;
}

/* The memory of a new array of two dimensions; its numbers follow. */
typedef struct {
    PyObject_VAR_HEAD
    Py_ssize_t shape[2], strides[2];
    const char *format;
} rows;

static int lend_rows(PyObject *self, Py_buffer *view, int flags) {
    rows *all = (rows *)self;
    if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
        view->obj = NULL;
        PyErr_SetString(PyExc_BufferError, "the numbers of a row follow one another");
        return -1;
    }
    const Py_buffer lent = {
        all + 1, Py_NewRef(self), all->shape[0] * all->strides[0], all->strides[1], 0, flags & PyBUF_ND ? 2 : 1,
        flags & PyBUF_FORMAT ? (char *)all->format : NULL, flags & PyBUF_ND ? all->shape : NULL,
        (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? all->strides : NULL, NULL, NULL
    };
    *view = lent;
    return 0;
}

static void free_rows(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

/* A new array of this many rows, as an object that any library can read through its buffer. */
static PyObject *new_table(Py_ssize_t count, Py_ssize_t width, const char *format, size_t size, void *numbers) {
    static PyType_Slot slots[] = {{Py_bf_getbuffer, lend_rows}, {Py_tp_dealloc, free_rows}, {0, NULL}};
    const unsigned flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
    PyType_Spec spec = {"binding.rows", sizeof(rows), 1, flags, slots};
    static PyObject *type = NULL;
    type = type ? type : PyType_FromSpec(&spec);
    rows *all = type ? PyObject_NewVar(rows, (PyTypeObject *)type, count * width * (Py_ssize_t)size) : NULL;
    if (!all) {
        return NULL;
    }
    all->shape[0] = count;
    all->shape[1] = width;
    all->strides[0] = width * (Py_ssize_t)size;
    all->strides[1] = (Py_ssize_t)size;
    all->format = format;
    *(void **)numbers = all + 1;
    PyObject *found = PyMemoryView_FromObject((PyObject *)all);
    Py_DECREF(all);
    return found;
}

/* Without the lock of Python other threads run meanwhile. Only work of more than some microseconds gives it away. */
#define LONG 100000
static PyThreadState *unlocked(Py_ssize_t examples) {
    return examples * PARAMETERS > LONG ? PyEval_SaveThread() : NULL;
}

static void locked(PyThreadState *state) {
    if (state) {
        PyEval_RestoreThread(state);
    }
}

/* A whole number of any size, modulo 2^32; the error, if it is none, is left for the caller to look for. */
static uint32_t whole(PyObject *given) {
    return (uint32_t)PyLong_AsUnsignedLongMask(given);
}

/* Whether a function was given as many arguments as it takes: each call stands in the module around this. */
static int given_all(Py_ssize_t count, Py_ssize_t meant) {
    if (count != meant) {
        PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd", meant, count);
    }
    return count == meant;
}

static PyObject *none(void) {
    return PyErr_Occurred() ? NULL : Py_BuildValue("");
}

/* What computes with the numbers of an example, which it gets room for. */
typedef PyObject *computation(real *room, PyObject *const *given, Py_ssize_t count);

/* Numbers for an example: what it has and gives, and what the header works with; from the heap unless they are few. */
#define FEW 1000
#define ROOM (2 * INPUTS + OUTPUTS)

static PyObject *with_room(computation *compute, PyObject *const *given, Py_ssize_t count) {
    real few[ROOM > FEW ? 1 : ROOM], *room = ROOM > FEW ? PyMem_Malloc(sizeof(real) * ROOM) : few;
    PyObject *found = room ? compute(room, given, count) : PyErr_NoMemory();
    if (room != few) {
        PyMem_Free(room);
    }
    return found;
}

/* init(params, seed) */
static PyObject *init(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    real *params = given_all(count, 2) ? parameters(given[0]) : NULL;
    const uint32_t seed = params ? whole(given[1]) : 0;
    if (params && !PyErr_Occurred()) {
        NET(init)(params, seed);
    }
    return none();
}


static int outputs_of(call *one, PyObject *given, const real *xs, Py_ssize_t count, real *outputs) {
    const real *params = keep(one, given, PARAMETERS, "parameters");
    real *memory = params ? room(one, sizeof(real) * DIGITS_BATCH) : NULL;
    if (memory) {
        PyThreadState *others = unlocked(count);
        NET(batch_forward)(params, xs, (uint32_t)count, outputs, memory);
        locked(others);
    }
    return !PyErr_Occurred();
}

static PyObject *forward_of_batch(call *one, PyObject *const *given, const Py_buffer *view) {
    Py_ssize_t n = -1;
    real *outputs = NULL;
    const real *xs = inputs_of(one, given[1], view, &n);
    PyObject *found = xs ? new_table(n, OUTPUTS, FORMAT, sizeof(real), &outputs) : NULL;
    if (found && !outputs_of(one, given[0], xs, n, outputs)) {
        Py_CLEAR(found);
    }
    return found;
}

static PyObject *gradient_of_batch(call *one, PyObject *const *given, const Py_buffer *view) {
    Py_ssize_t n = -1;
    const real *xs = inputs_of(one, given[3], view, &n);
    const real *ys = xs ? targets_of(one, given[4], table(one, given[4]), &n) : NULL;
    if (ys && n == 0) {
        PyErr_SetString(PyExc_ValueError, "expected at least 1 example");
    }
    real *params = PyErr_Occurred() ? NULL : keep(one, given[0], PARAMETERS, "parameters");
    real *slopes = params && given[1] != Py_None ? parameters(given[1]) : NULL;
    real *state = slopes && given[2] != Py_None ? keep(one, given[2], STATE, "numbers of a state") : NULL;
    if (state) { /* the array for slopes is then one that all threads share */
        slopes = room(one, sizeof(real) * PARAMETERS);
    }
    real *memory = PyErr_Occurred() ? NULL : room(one, sizeof(real) * (DIGITS_BATCH));
    if (PyErr_Occurred()) {
        return NULL;
    }
    PyThreadState *others = unlocked(n);
    const real loss = NET(batch_gradient)(params, xs, ys, NULL, (uint32_t)n, slopes, memory);
    locked(others);
    if (loss != loss && !accepted(ys, n)) {
        return NULL;
    }
    if (state) {
        NET(step)(params, slopes, state);
    }
    return PyFloat_FromDouble(loss);
}

/* What is wrong with a number that the network's encoding refuses. */
static real *unfit(Py_ssize_t i, int column, double number) {
    PyObject *value = PyFloat_FromDouble(number);
    const char *name = NET(name_of_column)(column), *meant = "expected a finite number";
    if (value && number != number) {
        PyErr_Format(PyExc_ValueError, "%s, row %zd: the value is missing", name, i);
    } else if (value) {
        PyErr_Format(PyExc_ValueError, "%s, row %zd: %s, got %R", name, i, meant, value);
    }
    Py_XDECREF(value);
    return NULL;
}

/* A number of an array of any other format. */
static double item_of(PyObject *given, Py_ssize_t i, Py_ssize_t j) {
    PyObject *row = PySequence_GetItem(given, i), *item = row ? PySequence_GetItem(row, j) : NULL;
    const double found = number(item);
    Py_XDECREF(item);
    Py_XDECREF(row);
    return found;
}

/* The inputs of the network for each row of the data. */
static real *encoded(call *one, PyObject *given, const Py_buffer *view) {
    const Py_ssize_t count = view->shape[0];
    const char format = letter(view, given);
    if (view->shape[1] != DIGITS_COLUMNS || count > UINT32_MAX) {
        PyErr_Format(PyExc_ValueError, "expected rows of %d numbers, got %.80R", DIGITS_COLUMNS, given);
        return NULL;
    }
    const int known = format && strchr(LETTERS, format), direct = format == *FORMAT && together(view);
    real *xs = room(one, sizeof(real) * (size_t)count * INPUTS);
    for (Py_ssize_t i = 0; xs && i < count; i++) {
        double copy[DIGITS_COLUMNS];
        for (int j = 0; !direct && j < DIGITS_COLUMNS; j++) {
            copy[j] = (double)(known ? read_number(view, format, i, j) : item_of(given, i, j));
        }
        if (PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "expected rows of %d numbers, got %.80R", DIGITS_COLUMNS, given);
            return NULL;
        }
        const double *row = direct ? (const double *)view->buf + i * DIGITS_COLUMNS : copy;
        const int refused = NET(encode)(row, xs + i * INPUTS);
        if (refused) {
            return unfit(i, refused - 1, row[refused - 1]);
        }
    }
    return xs;
}

/* The outputs for each row of the data. */
static real *answered(call *one, PyObject *const *given, Py_ssize_t *count) {
    const Py_buffer *view = table(one, given[1]);
    if (!view) {
        PyErr_Format(PyExc_ValueError, "expected an array of rows, got %.80R", given[1]);
        return NULL;
    }
    *count = view->shape[0];
    const real *xs = encoded(one, given[1], view);
    real *outputs = xs ? room(one, sizeof(real) * (size_t)*count * OUTPUTS) : NULL;
    return outputs && outputs_of(one, given[0], xs, *count, outputs) ? outputs : NULL;
}

/* predict(params, rows, classes) */
static PyObject *predict(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    Py_ssize_t n = 0;
    const real *outputs = begun(&one) && given_all(count, 3) ? answered(&one, given, &n) : NULL;
    PyObject *found = outputs ? PyList_New(n) : NULL;
    for (Py_ssize_t i = 0; found && i < n; i++) {
        PyList_SetItem(found, i, Py_NewRef(PyTuple_GetItem(given[2], NET(decode)(outputs + i * OUTPUTS))));
    }
    return ended(&one, found);
}

/* predict_proba(params, rows) */
static PyObject *predict_proba(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    Py_ssize_t n = 0;
    real *shares = NULL;
    const real *outputs = begun(&one) && given_all(count, 2) ? answered(&one, given, &n) : NULL;
    PyObject *found = outputs ? new_table(n, DIGITS_CLASSES, FORMAT, sizeof(real), &shares) : NULL;
    if (found) {
        memcpy(shares, outputs, sizeof(real) * (size_t)n * OUTPUTS);
    }
    return ended(&one, found);
}

static PyObject *forward_in(real *x, PyObject *const *given, Py_ssize_t count) {
    real *outputs = x + INPUTS;
    const real *params = given_all(count, 2) && input(given[1], x) ? parameters(given[0]) : NULL;
    PyObject *found = params ? PyTuple_New(OUTPUTS) : NULL;
    if (!found) {
        return NULL;
    }
    NET(forward)(params, x, outputs);
    for (Py_ssize_t i = 0; i < OUTPUTS; i++) {
        PyTuple_SetItem(found, i, PyFloat_FromDouble(outputs[i]));
    }
    return found;
}

/* forward(params, x) */
static PyObject *forward(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    const Py_buffer *view = given_all(count, 2) ? table(begun(&one), given[1]) : NULL;
    return view ? ended(&one, forward_of_batch(&one, given, view)) : with_room(forward_in, given, count);
}

static PyObject *gradient_in(real *x, PyObject *const *given, Py_ssize_t count) {
    real *y = x + INPUTS;
    if (!given_all(count, 5) || !input(given[3], x) || !target(given[4], y)) {
        return NULL;
    }
    real *params = PyErr_Occurred() ? NULL : parameters(given[0]);
    real *slopes = params && given[1] != Py_None ? parameters(given[1]) : NULL;
    real *state = slopes && given[2] != Py_None ? made(given[2], FORMAT, STATE, "numbers of a state") : NULL;
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (!slopes) {
        return PyFloat_FromDouble(NET(loss)(params, x, y));
    }
    const real loss = NET(gradient)(params, x, y, slopes);
    if (state) {
        NET(step)(params, slopes, state);
    }
    return PyFloat_FromDouble(loss);
}

/* gradient(params, slopes, state, x, y) gives the loss: alone where slopes is None, with a step unless state is None */
static PyObject *gradient(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    const Py_buffer *view = given_all(count, 5) ? table(begun(&one), given[3]) : NULL;
    return view ? ended(&one, gradient_of_batch(&one, given, view)) : with_room(gradient_in, given, count);
}

/* init_state(state) */
static PyObject *init_state(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    real *state = given_all(count, 1) ? made(given[0], FORMAT, STATE, "numbers of a state") : NULL;
    if (state) {
        NET(init_state)(state);
    }
    return none();
}

/* step(params, slopes, state) */
static PyObject *step(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    real *params = given_all(count, 3) ? parameters(given[0]) : NULL;
    const real *slopes = params ? parameters(given[1]) : NULL;
    real *state = slopes ? made(given[2], FORMAT, STATE, "numbers of a state") : NULL;
    if (state) {
        NET(step)(params, slopes, state);
    }
    return none();
}

/* A training: examples, as arrays that stay where they are or copies, and room for an epoch, which follows it. */
typedef struct {
    call one;
    Py_ssize_t count;
    uint32_t size, *order;
    real *xs, *ys, *weights, *memory, *params;
} training;
#define ALIGNED(bytes) (((bytes) + 63) / 64 * 64)

static training *training_of(PyObject *given) {
    return PyCapsule_GetPointer(given, "training");
}

static void forget(PyObject *capsule) {
    call one = training_of(capsule)->one; /* a copy, since the training is in one of its rooms */
    ended(&one, NULL);
}

/* examples(xs, ys, batch_size) gives a training with batches of that size, or with one if it is None */
static PyObject *examples(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    training new;
    call *one = begun(&new.one);
    Py_ssize_t n = given_all(count, 3) ? length_of(given[0]) : -1;
    const Py_ssize_t ends = n < 0 ? -1 : length_of(given[1]);
    PyObject *asked = ends < 0 || given[2] == Py_None ? NULL : given[2];
    const Py_ssize_t size = asked ? PyNumber_AsSsize_t(asked, NULL) : n;
    if (!PyErr_Occurred() && (n != ends || n == 0 || size < 1)) {
        const char *meant = "as many xs as ys, at least 1, and batches of at least 1";
        PyErr_Format(PyExc_ValueError, "expected %s; got %zd, %zd and %zd", meant, n, ends, size);
    }
    new.xs = PyErr_Occurred() ? NULL : inputs_of(one, given[0], table(one, given[0]), &n);
    new.ys = new.xs ? targets_of(one, given[1], table(one, given[1]), &n) : NULL;
    new.weights = NULL;
    new.count = n;
    new.size = (uint32_t)(size < n ? size : n);
    const size_t numbers = MEMORY;
    const size_t first = ALIGNED(sizeof(training)), params = ALIGNED(sizeof(real) * PARAMETERS);
    const size_t bytes = first + params + sizeof(real) * numbers + sizeof(uint32_t) * PLACES * (size_t)n;
    training *all = PyErr_Occurred() ? NULL : room(one, bytes);
    PyObject *found = all ? PyCapsule_New(all, "training", forget) : NULL;
    if (!found) {
        return ended(one, NULL);
    }
    new.params = (real *)((char *)all + first);
    new.memory = (real *)((char *)all + first + params);
    new.order = (uint32_t *)(new.memory + numbers);
    *all = new;
    return found;
}

/* epoch(training, params, seed, epoch) gives the loss */
static PyObject *epoch(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    const training *all = given_all(count, 4) ? training_of(given[0]) : NULL;
    if (!all) {
        return NULL;
    }
    const uint32_t drawn = given[2] == Py_None ? 0 : whole(given[2]), number = whole(given[3]);
    const uint32_t *seed = given[2] == Py_None ? NULL : &drawn;
    const Py_ssize_t n = all->count;
    real *params = PyErr_Occurred() ? NULL : parameters(given[1]);
    real state[STATE];
    if (!params) {
        return NULL;
    }
    /* steps of single examples take up to 15 percent more time where the parameters are not aligned */
    real *used = all->size == 1 ? memcpy(all->params, params, sizeof(real) * PARAMETERS) : params;
    PyThreadState *others = unlocked(n);
    const real epoch_loss = NET(epoch)(
        used, state, all->xs, all->ys, (uint32_t)n, all->size, seed, number,
        all->memory, all->order
    );
    locked(others);
    if (used != params) {
        memcpy(params, used, sizeof(real) * PARAMETERS);
    }
    if (epoch_loss != epoch_loss && !accepted(all->ys, all->count)) {
        return NULL;
    }
    return PyFloat_FromDouble(epoch_loss);
}

static PyObject *scale_in(real *data, PyObject *const *given, Py_ssize_t count) {
    real *x = data + INPUTS;
    PyObject *found = given_all(count, 1) && input(given[0], data) ? PyList_New(INPUTS) : NULL;
    if (!found) {
        return NULL;
    }
    NET(scale)(data, x);
    for (Py_ssize_t i = 0; i < INPUTS; i++) {
        PyList_SetItem(found, i, PyFloat_FromDouble(x[i]));
    }
    return found;
}

/* scale(x) */
static PyObject *scale(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    return with_room(scale_in, given, count);
}

#define FUNCTION(name) { #name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL }
static PyMethodDef functions[] = {
    FUNCTION(init),
    FUNCTION(forward),
    FUNCTION(gradient),
    FUNCTION(init_state),
    FUNCTION(step),
    FUNCTION(examples),
    FUNCTION(epoch),
    FUNCTION(scale),
    FUNCTION(predict),
    FUNCTION(predict_proba),
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "binding", NULL, 0, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_binding(void) {
    return PyModuleDef_Init(&definition);
}
"""

_c: Any = None
try:
    _c = _library()
    _c.init_state(_STATE)
except (ImportError, OSError) as problem:
    _page = _python(str(problem))
    globals().update((name, value) for name, value in vars(_page).items() if not name.startswith("__"))
