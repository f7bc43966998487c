/* clang-format off */
/*
Between Python and a network's header of C: arrays and lists in, floats out, a ValueError if they do not fit.

Written by nngen for all networks: `nngen build` writes these bytes beside each header that has a module of Python,
NAME_c.py. That module compiles this file. It includes Python.h, with the limited API of Python 3.11, and the header
before, and says of the network:

    NET(name), CONSTANT(name)   the header's functions, and its constants
    real, FORMAT                the type of its numbers, and the letter of that type in formats of Python's arrays
    TARGETS                     the targets that its loss accepts, for a message
    IDS                         the ids that it takes, for a message, if it takes ids
    ROWS                        how many rows they select, if a step changes only those that its examples select

and defines as 1 what it has of the following. The file is yours: read it, change it, ship it.
*/
#ifndef LAYERS /* loops over layers, which are fastest where the parameters are aligned for vectors */
#define LAYERS 0
#endif
#ifndef NORMALIZATION /* by the mean and variance of a batch */
#define NORMALIZATION 0
#endif
#ifndef DROPOUT
#define DROPOUT 0
#endif
#ifndef EXAMPLE_WEIGHTS
#define EXAMPLE_WEIGHTS 0
#endif
#ifndef CLASS_WEIGHTS
#define CLASS_WEIGHTS 0
#endif
#ifndef WEIGHTED_MEAN /* over a batch, in which the weight of a single example cancels */
#define WEIGHTED_MEAN 0
#endif
#ifndef VALIDATION /* examples that are kept for it */
#define VALIDATION 0
#endif
#ifndef SCALE /* a function that scales inputs */
#define SCALE 0
#endif
#ifndef PREDICT /* rows of the data, of numbers only */
#define PREDICT 0
#endif
#ifndef PREDICT_PROBA
#define PREDICT_PROBA 0
#endif
#ifndef ROW_ARRAY /* such a row is an array, not a struct */
#define ROW_ARRAY 0
#endif

#include <string.h>

#if defined(__GNUC__) && !defined(__clang__) /* what is below only calls: less to compile, and as fast */
#pragma GCC optimize("O1")
#endif

#define INPUTS CONSTANT(INPUTS)
#define OUTPUTS CONSTANT(OUTPUTS)
#define PARAMETERS CONSTANT(PARAMETERS)

/* IF(DROPOUT)(, seeds) is an argument where there is dropout. */
#define IF_0(...)
#define IF_1(...) __VA_ARGS__
#define IF_EXPANDED(flag) IF_##flag
#define IF(flag) IF_EXPANDED(flag)

/* memory of one example, of a batch and of validation, where the header takes it from the caller; what the header does
   not define is 0 in #if */
#if CONSTANT(WORK)
#define WORK CONSTANT(WORK)
#define WORK_MEMORY 1
#else
#define WORK 0
#define WORK_MEMORY 0
#endif
#if CONSTANT(BATCH)
#define BATCH CONSTANT(BATCH)
#define BATCH_MEMORY 1
#else
#define BATCH WORK
#define BATCH_MEMORY WORK_MEMORY
#endif
#if CONSTANT(BATCH) && !NORMALIZATION
#define VALIDATION_MEMORY 1
#else
#define VALIDATION_MEMORY WORK_MEMORY
#endif

/* the state of the optimizer; of one without a state, a number that nothing reads */
#if CONSTANT(STATE)
#define STATE CONSTANT(STATE)
#define HAS_STATE 1
#else
#define STATE 1
#define HAS_STATE 0
#endif

/* whether a call with one example takes a weight, and a seed of dropout */
#if EXAMPLE_WEIGHTS && !WEIGHTED_MEAN
#define WEIGHT 1
#else
#define WEIGHT 0
#endif
#if DROPOUT && !NORMALIZATION
#define SEED 1
#else
#define SEED 0
#endif
#ifdef IDS
#define ID_INPUTS 1
#else
#define ID_INPUTS 0
#define IDS ""
#endif
#ifdef ROWS
#define LAZY 1
#else
#define LAZY 0
#endif

#define MANY(count, noun) ((count) == 1 ? noun : noun "s")

/* Whether it has an attribute. PyObject_HasAttrString would make an error first, and a text that types keep. */
static int has(PyObject *given, const char *name) {
    PyObject *text = PyUnicode_InternFromString(name);
    const int found = text && PyObject_HasAttr(given, text);
    Py_XDECREF(text);
    return found;
}

/* Whether it is an array of NumPy that has no value for some places. */
static int masked(PyObject *given) {
    return has(given, "mask");
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
    return made(given, FORMAT, PARAMETERS, MANY(PARAMETERS, "parameter"));
}

/* An item less 0.0, so that a text or a date is refused, which could be made a float as well.

   tolist makes a Python number: float() would drop the imaginary part or the mask of a NumPy number. */
static double number(PyObject *item) {
    if (!item || PyFloat_Check(item)) {
        return item ? PyFloat_AsDouble(item) : -1.0;
    }
    PyObject *zero = PyFloat_FromDouble(0.0), *less = zero ? PyNumber_Subtract(item, zero) : NULL;
    const int foreign = less && !PyFloat_Check(less) && has(less, "tolist");
    PyObject *plain = foreign ? PyObject_CallMethod(less, "tolist", NULL) : less;
    const double value = plain ? PyFloat_AsDouble(plain) : -1.0;
    if (plain != less) {
        Py_XDECREF(plain);
    }
    Py_XDECREF(less);
    Py_XDECREF(zero);
    return value;
}

/* The same in the other direction. */
static PyObject *float_of(real value) {
    return PyFloat_FromDouble((double)value);
}

/* What numbers are read from by position: of pandas, which takes an item's place for a label, an array. */
static PyObject *ordered(PyObject *given) {
    if (PyBytes_Check(given)) {
        PyErr_SetNone(PyExc_TypeError);
        return NULL;
    }
    const int labelled = has(given, "to_numpy");
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
        PyErr_Format(PyExc_ValueError, "expected %zd %s, got %zd", count, what, size);
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

/* Whether each id of an example has a row. */
static int known(const real *x) {
    return 1 IF(ID_INPUTS)(&& NET(known)(x));
}

static int input(PyObject *given, real *to) {
    if (!example(given, to, INPUTS, MANY(INPUTS, "input"))) {
        return 0;
    }
    if (!known(to)) {
        PyErr_Format(PyExc_ValueError, "expected %s, got %R", IDS, given);
        return 0;
    }
    return 1;
}

static int target(PyObject *given, real *to) {
    if (!example(given, to, OUTPUTS, MANY(OUTPUTS, "target"))) {
        return 0;
    }
    if (!NET(takes)(to)) {
        PyErr_Format(PyExc_ValueError, "expected targets that are %s, got %R", TARGETS, given);
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
    return !has(given, "keys") || has(given, "to_numpy");
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
        return (real *)PyErr_Format(PyExc_ValueError, "expected %zd %s, got %zd", size, what, view->shape[1]);
    }
    const char format = view ? letter(view, given) : 0;
    if (format == *FORMAT && together(view) && !(ID_INPUTS && row == input)) { /* ids stay those that are checked */
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
    real *xs = rows_of(one, given, view, INPUTS, count, MANY(INPUTS, "input"), input);
    for (Py_ssize_t i = 0; xs && i < *count; i++) {
        if (!known(xs + i * INPUTS)) {
            return (real *)PyErr_Format(PyExc_ValueError, "expected %s, got others in row %zd", IDS, i);
        }
    }
    return xs;
}

static real *targets_of(call *one, PyObject *given, const Py_buffer *view, Py_ssize_t *count) {
    return rows_of(one, given, view, OUTPUTS, count, MANY(OUTPUTS, "target"), target);
}

/* Whether the loss accepts these targets; the error says which it does not. */
static int accepted(const real *ys, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!NET(takes)(ys + i * OUTPUTS)) {
            PyErr_Format(PyExc_ValueError, "expected targets that are %s, got others in row %zd", TARGETS, i);
            return 0;
        }
    }
    return 1;
}

/* The memory of a new array of two dimensions; its numbers follow. */
typedef struct {
    PyObject_VAR_HEAD
    Py_ssize_t shape[2], strides[2];
    char format[2];
} lines;

static int lend_rows(PyObject *self, Py_buffer *view, int flags) {
    lines *all = (lines *)self;
    if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS) {
        view->obj = NULL;
        PyErr_SetString(PyExc_BufferError, "the numbers of a row follow one another");
        return -1;
    }
    const Py_buffer lent = {
        all + 1, Py_NewRef(self), all->shape[0] * all->strides[0], all->strides[1], 0, flags & PyBUF_ND ? 2 : 1,
        flags & PyBUF_FORMAT ? all->format : NULL, flags & PyBUF_ND ? all->shape : NULL,
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
    PyType_Spec spec = {"binding.rows", sizeof(lines), 1, flags, slots};
    static PyObject *type = NULL;
    type = type ? type : PyType_FromSpec(&spec);
    lines *all = type ? PyObject_NewVar(lines, (PyTypeObject *)type, count * width * (Py_ssize_t)size) : NULL;
    if (!all) {
        return NULL;
    }
    all->shape[0] = count;
    all->shape[1] = width;
    all->strides[0] = width * (Py_ssize_t)size;
    all->strides[1] = (Py_ssize_t)size;
    memcpy(all->format, format, sizeof(all->format));
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
#define ROOM ((1 + SCALE) * INPUTS + OUTPUTS + WORK)

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
#if CONSTANT(MATRIX)
    double *matrix = params && !PyErr_Occurred() ? PyMem_Malloc(sizeof(double) * CONSTANT(MATRIX)) : NULL;
    if (matrix) {
        NET(init)(params, seed, matrix);
    } else if (!PyErr_Occurred()) {
        PyErr_NoMemory();
    }
    PyMem_Free(matrix);
#else
    if (params && !PyErr_Occurred()) {
        NET(init)(params, seed);
    }
#endif
    return none();
}

/* How much each example counts: by a number for each, or by one for all. */
static int weigh(PyObject *given, real *to, Py_ssize_t count) {
    const int single = PyFloat_Check(given) || PyLong_Check(given);
    const real all = single ? (real)number(given) : 0;
    for (Py_ssize_t i = 0; single && i < count; i++) {
        to[i] = all;
    }
    int right = !PyErr_Occurred() && (single || example(given, to, count, "weights"));
    for (Py_ssize_t i = 0; right && i < count; i++) {
        if (!(0 <= to[i] && to[i] < (real)1e18)) {
            const char *meant = "weights of at least 0 and less than 1e18";
            PyErr_Format(PyExc_ValueError, "expected %zd %s, got %zd: %.80R", count, meant, count, given);
            right = 0;
        }
    }
    return right;
}

/* Whether the weights of a batch can be divided by their sum; the error says so where they cannot. */
static int shared(const real *ys, const real *weights, const uint32_t *rows, Py_ssize_t size) {
    real total = 0;
    for (Py_ssize_t k = 0; k < size; k++) {
        const size_t i = rows ? rows[k] : (size_t)k;
        total += (weights ? weights[i] : 1) IF(CLASS_WEIGHTS)(* NET(class_weight)(ys + i * OUTPUTS));
    }
    if (!(total > 0)) {
        PyErr_SetString(PyExc_ValueError, "expected weights that do not sum to 0 over a batch");
    }
    return total > 0;
}

static int outputs_of(call *one, PyObject *given, const real *xs, Py_ssize_t count, real *outputs) {
    const real *params = keep(one, given, PARAMETERS, MANY(PARAMETERS, "parameter"));
    real *memory = params && BATCH ? room(one, sizeof(real) * BATCH) : NULL;
    if (params && (memory || !BATCH)) {
        PyThreadState *others = unlocked(count);
        NET(batch_forward)(params, xs, (uint32_t)count, outputs IF(BATCH_MEMORY)(, memory));
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

/* For the gradient of count examples: the memory, and all of them as arguments, which are their number, and nothing for
   the parameters after the batch, or else no choice of examples, and their number. */
#if NORMALIZATION
#define GRADIENT_MEMORY(count) ((size_t)(count) * CONSTANT(EXAMPLE) + WORK)
#define ALL(count) (uint32_t)(count), NULL
#else
#define GRADIENT_MEMORY(count) BATCH
#define ALL(count) NULL, (uint32_t)(count)
#endif

#if LAZY
/* A step after the gradient of n examples: slopes alone do not say which rows these select, as they may be 0. */
static void step_of(real *params, real *slopes IF(HAS_STATE)(, real *state), const real *xs, Py_ssize_t n) {
    real *noted = PyMem_Calloc(2 * ROWS, sizeof(real));
    if (!noted) {
        PyErr_NoMemory();
        return;
    }
    int count = 0;
    for (Py_ssize_t k = 0; k < n; k++) {
        count = NET(note)(xs + k * INPUTS, noted, noted + ROWS, count);
    }
    NET(step_of_rows)(params, slopes IF(HAS_STATE)(, state), noted, noted + ROWS, count, 1);
    PyMem_Free(noted);
}
#else
#define step_of NET(step)
#endif

static PyObject *gradient_of_batch(call *one, PyObject *const *given, const Py_buffer *view) {
    Py_ssize_t n = -1;
    const real *xs = inputs_of(one, given[3], view, &n);
    const real *ys = xs ? targets_of(one, given[4], table(one, given[4]), &n) : NULL;
    if (ys && n == 0) {
        PyErr_SetString(PyExc_ValueError, "expected at least 1 example");
    }
    real *weights = WEIGHT && !PyErr_Occurred() ? room(one, sizeof(real) * (size_t)n) : NULL;
    if (weights) {
        weigh(given[5], weights, n);
    }
    real *params = PyErr_Occurred() ? NULL : keep(one, given[0], PARAMETERS, MANY(PARAMETERS, "parameter"));
    real *slopes = params && given[1] != Py_None ? parameters(given[1]) : NULL;
    real *state = slopes && given[2] != Py_None ? keep(one, given[2], STATE, "numbers of a state") : NULL;
    if (state) { /* the array for slopes is then one that all threads share */
        slopes = room(one, sizeof(real) * PARAMETERS);
    }
    uint32_t *seeds = NULL;
    if (SEED && !PyErr_Occurred() && given[5 + WEIGHT] != Py_None) {
        const uint32_t seed = whole(given[5 + WEIGHT]);
        seeds = PyErr_Occurred() ? NULL : room(one, sizeof(uint32_t) * (size_t)n);
        for (uint32_t k = 0; seeds && k < n; k++) {
            seeds[k] = NET(bits)(seed, k);
        }
    }
    real *memory = BATCH && !PyErr_Occurred() ? room(one, sizeof(real) * GRADIENT_MEMORY(n)) : NULL;
    if (PyErr_Occurred() || (BATCH && !memory)) {
        return NULL;
    }
    PyThreadState *others = unlocked(n);
    const real loss = NET(batch_gradient)(
        params, xs, ys IF(EXAMPLE_WEIGHTS)(, weights) IF(DROPOUT)(, seeds), ALL(n), slopes IF(BATCH_MEMORY)(, memory)
    );
    locked(others);
    if (loss != loss && (!accepted(ys, n) || (WEIGHTED_MEAN && !shared(ys, weights, NULL, n)))) {
        return NULL;
    }
    if (state) {
        step_of(params, slopes IF(HAS_STATE)(, state) IF(LAZY)(, xs, n));
    }
    return PyErr_Occurred() ? NULL : float_of(loss);
}

#if PREDICT
#if ROW_ARRAY
typedef real cell;
#define ROW(numbers) numbers
#else
typedef double cell;
#define ROW(numbers) (const NET(row) *)(numbers)
#endif
#define COLUMNS CONSTANT(COLUMNS)

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
    if (view->shape[1] != COLUMNS || count > UINT32_MAX) {
        PyErr_Format(PyExc_ValueError, "expected rows of %d numbers, got %.80R", COLUMNS, given);
        return NULL;
    }
    const int plain = format && strchr(LETTERS, format);
    const int direct = format == (ROW_ARRAY ? *FORMAT : 'd') && together(view);
    real *xs = room(one, sizeof(real) * (size_t)count * INPUTS);
    for (Py_ssize_t i = 0; xs && i < count; i++) {
        cell copy[COLUMNS];
        for (int j = 0; !direct && j < COLUMNS; j++) {
            copy[j] = (cell)(plain ? read_number(view, format, i, j) : item_of(given, i, j));
        }
        if (PyErr_Occurred()) {
            PyErr_Format(PyExc_ValueError, "expected rows of %d numbers, got %.80R", COLUMNS, given);
            return NULL;
        }
        const cell *row = direct ? (const cell *)view->buf + i * COLUMNS : copy;
        const int refused = NET(encode)(ROW(row), xs + i * INPUTS);
        if (refused) {
            return unfit(i, refused - 1, (double)row[refused - 1]);
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
    if (!outputs || !outputs_of(one, given[0], xs, *count, outputs)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < *count * OUTPUTS; i++) {
        if (outputs[i] != outputs[i]) {
            PyErr_Format(PyExc_ValueError, "outputs, row %zd: expected numbers, got NaN", i / OUTPUTS);
            return NULL;
        }
    }
    return outputs;
}

#if CONSTANT(CLASSES)
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
#else
/* predict(params, rows) */
static PyObject *predict(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    Py_ssize_t n = 0;
    double *answers = NULL;
    const real *outputs = begun(&one) && given_all(count, 2) ? answered(&one, given, &n) : NULL;
    PyObject *found = outputs ? new_table(n, OUTPUTS, "d", sizeof(double), &answers) : NULL;
    for (Py_ssize_t i = 0; found && i < n; i++) {
        NET(decode)(outputs + i * OUTPUTS, answers + i * OUTPUTS);
    }
    return ended(&one, found);
}
#endif
#endif

#if PREDICT_PROBA
/* predict_proba(params, rows) */
static PyObject *predict_proba(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    Py_ssize_t n = 0;
    real *shares = NULL;
    const real *outputs = begun(&one) && given_all(count, 2) ? answered(&one, given, &n) : NULL;
    PyObject *found = outputs ? new_table(n, CONSTANT(CLASSES), FORMAT, sizeof(real), &shares) : NULL;
    if (found && OUTPUTS > 1) {
        memcpy(shares, outputs, sizeof(real) * (size_t)n * OUTPUTS);
    }
    for (Py_ssize_t i = 0; found && OUTPUTS == 1 && i < n; i++) {
        shares[2 * i + 1] = outputs[i];
        shares[2 * i] = 1 - outputs[i];
    }
    return ended(&one, found);
}
#endif

static PyObject *forward_in(real *x, PyObject *const *given, Py_ssize_t count) {
    real *outputs = x + INPUTS;
    const real *params = given_all(count, 2) && input(given[1], x) ? parameters(given[0]) : NULL;
    PyObject *found = params ? PyTuple_New(OUTPUTS) : NULL;
    if (!found) {
        return NULL;
    }
    NET(forward)(params, x, outputs IF(WORK_MEMORY)(, outputs + OUTPUTS));
    for (Py_ssize_t i = 0; i < OUTPUTS; i++) {
        PyTuple_SetItem(found, i, float_of(outputs[i]));
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
    if (!given_all(count, 5 + WEIGHT + SEED) || !input(given[3], x) || !target(given[4], y)) {
        return NULL;
    }
    const double weight = WEIGHT ? number(given[5]) : 1;
    if (!(0 <= weight && weight < 1e18)) {
        const char *meant = "a weight of at least 0 and less than 1e18";
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_ValueError, "expected %s, got %R", meant, given[5]);
    }
    const int seeded = SEED && given[5 + WEIGHT] != Py_None;
    const uint32_t seed = seeded ? whole(given[5 + WEIGHT]) : 0;
    (void)seed; /* not used without dropout */
    real *params = PyErr_Occurred() ? NULL : parameters(given[0]);
    real *slopes = params && given[1] != Py_None ? parameters(given[1]) : NULL;
    real *state = slopes && given[2] != Py_None ? made(given[2], FORMAT, STATE, "numbers of a state") : NULL;
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (!slopes) {
        return float_of(NET(loss)(params, x, y IF(WEIGHT)(, (real)weight) IF(WORK_MEMORY)(, y + OUTPUTS)));
    }
    const real loss = NET(gradient)(
        params, x, y IF(WEIGHT)(, (real)weight) IF(SEED)(, seeded ? &seed : NULL), slopes
        IF(WORK_MEMORY)(, y + OUTPUTS)
    );
    if (state) {
        step_of(params, slopes IF(HAS_STATE)(, state) IF(LAZY)(, x, 1));
    }
    return PyErr_Occurred() ? NULL : float_of(loss);
}

/* gradient(params, slopes, state, x, y[, weight][, seed]) gives the loss: alone where slopes is None, with a step
   unless state is None */
static PyObject *gradient(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    const Py_buffer *view = given_all(count, 5 + WEIGHT + SEED) ? table(begun(&one), given[3]) : NULL;
    return view ? ended(&one, gradient_of_batch(&one, given, view)) : with_room(gradient_in, given, count);
}

/* init_state(state) */
static PyObject *init_state(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    real *state = given_all(count, 1) ? made(given[0], FORMAT, STATE, "numbers of a state") : NULL;
    if (state) {
        IF(HAS_STATE)(NET(init_state)(state);)
    }
    return none();
}

/* step(params, slopes, state) */
static PyObject *step(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    real *params = given_all(count, 3) ? parameters(given[0]) : NULL;
    const real *slopes = params ? parameters(given[1]) : NULL;
    real *state = slopes ? made(given[2], FORMAT, STATE, "numbers of a state") : NULL;
    if (state) {
        NET(step)(params, slopes IF(HAS_STATE)(, state));
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

/* examples(xs, ys[, weights], batch_size) gives a training with batches of that size, or with one if it is None */
static PyObject *examples(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    training new;
    call *one = begun(&new.one);
    Py_ssize_t n = given_all(count, 3 + EXAMPLE_WEIGHTS) ? length_of(given[0]) : -1;
    const Py_ssize_t ends = n < 0 ? -1 : length_of(given[1]);
    PyObject *asked = ends < 0 || given[2 + EXAMPLE_WEIGHTS] == Py_None ? NULL : given[2 + EXAMPLE_WEIGHTS];
    const Py_ssize_t size = asked ? PyNumber_AsSsize_t(asked, NULL) : n;
    if (!PyErr_Occurred() && (n != ends || n == 0 || size < 1)) {
        const char *meant = "as many xs as ys, at least 1, and batches of at least 1";
        PyErr_Format(PyExc_ValueError, "expected %s; got %zd, %zd and %zd", meant, n, ends, size);
    }
    new.xs = PyErr_Occurred() ? NULL : inputs_of(one, given[0], table(one, given[0]), &n);
    new.ys = new.xs ? targets_of(one, given[1], table(one, given[1]), &n) : NULL;
    const int weighed = EXAMPLE_WEIGHTS && new.ys && given[2] != Py_None;
    new.weights = weighed ? room(one, sizeof(real) * (size_t)n) : NULL;
    if (new.weights) {
        weigh(given[2], new.weights, n);
    }
    new.count = n;
    new.size = (uint32_t)(size < n ? size : n);
    const size_t numbers = CONSTANT(MEMORY) IF(NORMALIZATION)(+ new.size * (size_t)CONSTANT(EXAMPLE));
    const size_t first = ALIGNED(sizeof(training)), params = LAYERS ? ALIGNED(sizeof(real) * PARAMETERS) : 0;
    const size_t bytes = first + params + sizeof(real) * numbers + sizeof(uint32_t) * CONSTANT(PLACES) * (size_t)n;
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

/* Indices of examples; a list of these may have become shorter since it was counted. */
static const uint32_t *rows_below(PyObject *given, Py_ssize_t n, Py_ssize_t all) {
    const uint32_t *rows = made(given, "I", n, "rows");
    for (Py_ssize_t k = 0; rows && k < n; k++) {
        if (rows[k] >= all) {
            PyErr_SetString(PyExc_ValueError, "expected as many examples as before");
            return NULL;
        }
    }
    return rows;
}

/* epoch(training, params, state[, rows], seed, epoch) gives the loss */
static PyObject *epoch(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    const training *all = given_all(count, 5 + VALIDATION) ? training_of(given[0]) : NULL;
    if (!all) {
        return NULL;
    }
    const int seeded = given[3 + VALIDATION] != Py_None;
    const uint32_t seed = seeded ? whole(given[3 + VALIDATION]) : 0, number = whole(given[4 + VALIDATION]);
    const Py_ssize_t n = PyErr_Occurred() ? -1 : VALIDATION ? PyObject_Size(given[3]) : all->count;
    real *params = PyErr_Occurred() ? NULL : parameters(given[1]);
    real *state = params ? made(given[2], FORMAT, STATE, "numbers of a state") : NULL;
    const uint32_t *rows = state && VALIDATION ? rows_below(given[3], n, all->count) : NULL;
    if (!state || (VALIDATION && !rows)) {
        return NULL;
    }
    /* steps of single examples take up to 15 percent more time where the parameters are not aligned */
    real *used = LAYERS && all->size == 1 ? memcpy(all->params, params, sizeof(real) * PARAMETERS) : params;
    PyThreadState *others = unlocked(n);
    const real epoch_loss = NET(epoch)(
        used IF(HAS_STATE)(, state), all->xs, all->ys IF(EXAMPLE_WEIGHTS)(, all->weights) IF(VALIDATION)(, rows), (uint32_t)n,
        all->size, seeded ? &seed : NULL, number, all->memory, all->order
    );
    locked(others);
    if (used != params) {
        memcpy(params, used, sizeof(real) * PARAMETERS);
    }
    if (epoch_loss != epoch_loss && !accepted(all->ys, all->count)) {
        return NULL;
    }
    uint32_t *order = all->order;
    const Py_ssize_t size = all->size;
    for (Py_ssize_t start = 0; WEIGHTED_MEAN && epoch_loss != epoch_loss && start < n; start += size) {
        for (Py_ssize_t k = start; k < n && k < start + size; k++) {
            order[k] = VALIDATION && NORMALIZATION ? rows[order[k]] : order[k];
        }
        if (!shared(all->ys, all->weights, order + start, n - start < size ? n - start : size)) {
            return NULL;
        }
    }
    return float_of(epoch_loss);
}

/* order(places, seed): the places of examples in the order that the seed draws, in the first half of places */
static PyObject *order(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    const Py_ssize_t n = given_all(count, 2) ? PyObject_Size(given[0]) / 2 : 0;
    const uint32_t seed = n ? whole(given[1]) : 0;
    uint32_t *places = n ? made(given[0], "I", 2 * n, "places") : NULL;
    if (places) {
        NET(order)(places, places + n, (uint32_t)n, &seed, 0);
    }
    return none();
}

#if VALIDATION
/* validation(training, params, rows) gives the loss of these rows */
static PyObject *validation(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    const training *all = given_all(count, 3) ? training_of(given[0]) : NULL;
    const Py_ssize_t n = all ? PyObject_Size(given[2]) : 0;
    const real *params = n ? parameters(given[1]) : NULL;
    const uint32_t *rows = params ? rows_below(given[2], n, all->count) : NULL;
    if (!rows || PyErr_Occurred() || (WEIGHTED_MEAN && !shared(all->ys, all->weights, rows, n))) {
        return NULL;
    }
    const real measured = NET(validation)(
        params, all->xs, all->ys IF(EXAMPLE_WEIGHTS)(, all->weights), rows, (uint32_t)n
        IF(VALIDATION_MEMORY)(, all->memory)
    );
    return measured != measured && !accepted(all->ys, all->count) ? NULL : float_of(measured);
}
#endif

#if NORMALIZATION
static PyObject *batch_gradient_of(call *one, PyObject *const *given) {
    Py_ssize_t n = -1;
    const real *xs = inputs_of(one, given[3], table(one, given[3]), &n);
    const real *ys = xs ? targets_of(one, given[4], table(one, given[4]), &n) : NULL;
    const real *params = ys && accepted(ys, n) ? parameters(given[0]) : NULL;
    real *slopes = params ? parameters(given[1]) : NULL;
    real *after = slopes && given[2] != Py_None ? parameters(given[2]) : NULL;
    const int weighed = EXAMPLE_WEIGHTS && !PyErr_Occurred() && given[5] != Py_None;
    real *weights = weighed ? room(one, sizeof(real) * (size_t)n) : NULL;
    if (weights) {
        weigh(given[5], weights, n);
    }
    const int seeded = DROPOUT && !PyErr_Occurred() && given[5 + EXAMPLE_WEIGHTS] != Py_None;
    const uint32_t *seeds = seeded ? made(given[5 + EXAMPLE_WEIGHTS], "I", n, "seeds") : NULL;
    real *memory = PyErr_Occurred() ? NULL : room(one, sizeof(real) * GRADIENT_MEMORY(n));
    if (!memory || (WEIGHTED_MEAN && !shared(ys, weights, NULL, n))) {
        return NULL;
    }
    (void)seeds; /* not used without dropout */
    return float_of(NET(batch_gradient)(
        params, xs, ys IF(EXAMPLE_WEIGHTS)(, weights) IF(DROPOUT)(, seeds), (uint32_t)n, after, slopes, memory
    ));
}

/* batch_gradient(params, slopes, after, xs, ys[, weights][, seeds]) gives the loss; after is None where it is no
   training */
static PyObject *batch_gradient(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    call one;
    const int right = given_all(count, 5 + EXAMPLE_WEIGHTS + DROPOUT);
    return right ? ended(&one, batch_gradient_of(begun(&one), given)) : NULL;
}
#endif

#if SCALE
static PyObject *scale_in(real *data, PyObject *const *given, Py_ssize_t count) {
    real *x = data + INPUTS;
    PyObject *found = given_all(count, 1) && input(given[0], data) ? PyList_New(INPUTS) : NULL;
    if (!found) {
        return NULL;
    }
    NET(scale)(data, x);
    for (Py_ssize_t i = 0; i < INPUTS; i++) {
        PyList_SetItem(found, i, float_of(x[i]));
    }
    return found;
}

/* scale(x) */
static PyObject *scale(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    return with_room(scale_in, given, count);
}
#endif

/* bits(seed, index) */
static PyObject *bits(PyObject *module, PyObject *const *given, Py_ssize_t count) {
    if (!given_all(count, 2)) {
        return NULL;
    }
    const uint32_t seed = whole(given[0]), index = whole(given[1]);
    return PyErr_Occurred() ? NULL : PyLong_FromUnsignedLong(NET(bits)(seed, index));
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
    FUNCTION(order),
    FUNCTION(bits),
    IF(VALIDATION)(FUNCTION(validation),)
    IF(NORMALIZATION)(FUNCTION(batch_gradient),)
    IF(SCALE)(FUNCTION(scale),)
    IF(PREDICT)(FUNCTION(predict),)
    IF(PREDICT_PROBA)(FUNCTION(predict_proba),)
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "binding", NULL, 0, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_binding(void) {
    return PyModuleDef_Init(&definition);
}
