"""Headers of C in one library: functions of one form around those of each header, called by ctypes."""

import ctypes
import math
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nngen.description.data import CategoryColumn, DateColumn, IndexColumn
from nngen.plan import Plan
from nngen.proof.compiled import CompileError, Module
from nngen.targets.c_workspace import workspace
from nngen.targets.targets import level
from tests.support.runners import NO_ARGUMENTS, Numbers, Runner

COMPILER = ("gcc", "-std=c99", "-O0", "-ffp-contract=off", "-Wall", "-Werror", "-shared", "-fPIC")
"""Without fused products, as other languages have none, and without an optimizer, which takes most of the time."""

FUNCTIONS = """
void {at}_init(real *params, const uint32_t *seed) {{
    {name}_init(params, seed ? *seed : {NAME}_SEED{matrix});
}}
void {at}_forward(const real *params, const real *x, real *outputs) {{
    {name}_forward(params, x, outputs{work});
}}
void {at}_loss(const real *params, const real *x, const real *y, real weight, real *found) {{
    (void)weight;
    *found = {name}_loss(params, x, y{weight}{work});
}}
void {at}_gradient(const real *params, const real *x, const real *y, real weight, const uint32_t *seed, real *found) {{
    (void)weight;
    (void)seed;
    *found = {name}_gradient(params, x, y{weight}{seed}, found + 1{work});
}}
void {at}_init_state(void) {{
    {init_state}
}}
void {at}_step(real *params, real *slopes) {{
    {name}_step(params, slopes{state});
}}
uint32_t {at}_fit(real *params, const real *x, const real *y, const real *weights, uint32_t n, uint32_t epochs,
    uint32_t size, const uint32_t *seed, real *history) {{
    static uint32_t order[{NAME}_PLACES * {MOST}];
    (void)weights;
    return {name}_fit(params, x, y{weights}, n, epochs, size, seed, history, {at}_memory, order);
}}
"""

HEAD = """
typedef {real} real;
static real {at}_memory[{NAME}_MEMORY + {NAME}_PARAMETERS + {MOST} * ({example}) + 1];
__attribute__((unused)) static double {at}_matrix[{matrix_size}];
__attribute__((unused)) static real {at}_state[{state_size} + 1];
"""

BATCH = """
void {at}_batch_gradient(real *params, const real *x, const real *y, const uint32_t *seeds, uint32_t n, real *found) {{
    (void)seeds;
    *found = {name}_batch_gradient(params, x, y{no_weights}{seeds}, n, params, found + 1, {at}_memory);
}}
"""

ROWS = """
int {at}_encode(const void *row, real *found) {{
    return {name}_encode(row, found);
}}
"""
PREDICT = """
int {at}_predict(const real *params, const void *row, double *answers) {{
    return {name}_predict(params, row, answers{work});
}}
"""
INTERVAL = """
int {at}_predict_interval(const real *params, const void *row, {kind} *found) {{
    return {name}_predict_interval(params, row, found{work});
}}
"""
TEXT = """
{kind} {at}_of_{place}(const char *text) {{
    return {name}_{column}_of(text);
}}
"""

MOST = 64
"""Examples of a batch."""
LONGEST = 256
"""Bytes of a text that a header reads as a number in a style, with the 0 at its end."""
DOUBLE, INT = ctypes.c_double, ctypes.c_int


class Library(Runner):
    """Headers of C in one library."""

    def __init__(self, modules: Sequence[Module], folder: Path) -> None:
        super().__init__(modules)
        if not shutil.which(COMPILER[0]):
            raise FileNotFoundError(COMPILER[0])
        self._places = {one.plan.name: f"at{i}" for i, one in enumerate(modules)}
        included = ""
        for one in modules:
            (folder / f"{one.plan.name}.h").write_text(one.text, "utf-8")
            at = self._places[one.plan.name]
            (folder / f"{at}.c").write_text(_source(one, at), "utf-8")
            included += f'#define real {at}_real\n#include "{at}.c"\n#undef real\n'
        (folder / "all.c").write_text(included, "utf-8")
        command = [*COMPILER, "all.c", "-lm", "-o", "nets.so"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise CompileError(f"it cannot be compiled: {done.stderr}")
        self._library = ctypes.CDLL(str(folder / "nets.so"))

    def call(self, network: str, function: str, given: Mapping[str, Any] = NO_ARGUMENTS) -> Numbers | str:
        """See ``Runner.call``."""
        one = self.modules[network]
        plan, real = one.plan, ctypes.c_float if one.spec.dtype("c") == "float32" else ctypes.c_double
        if function == "train_step":
            seed = {} if plan.needs_batch else {"seed": given.get("seed")}
            loss, *slopes = self.numbers(network, "gradient", **{**given, **seed})
            return [loss, *self.numbers(network, "step", params=given["params"], slopes=slopes)]

        def array(values: Any, kind: Any = real) -> Any:
            flat = list(_numbers(values))
            return (kind * len(flat))(*flat)

        def whole(name: str) -> Any:
            value = given.get(name)
            return None if value is None else array(value if isinstance(value, list) else [value], ctypes.c_uint32)

        call = getattr(self._library, f"{self._places[network]}_{function}")
        params, size, weight = array(given.get("params", [0.0] * plan.size)), plan.size, real(given.get("weight", 1.0))
        match function:
            case "encode" | "predict":
                row = self._row(plan, network, given["row"])
                found = (real * len(plan.inputs))() if function == "encode" else (DOUBLE * len(plan.output.units))()
                if call(*([params] if function == "predict" else []), ctypes.byref(row), found):
                    raise ValueError(f"{function} refuses a cell")
                return list(found)
            case "predict_interval":
                row, classes = (
                    self._row(plan, network, given["row"]),
                    len(plan.encoding.classes if plan.encoding else ()),
                )
                within = (ctypes.c_int * classes)() if classes else (DOUBLE * (2 * len(plan.output.units)))()
                if call(params, ctypes.byref(row), within):
                    raise ValueError(f"{function} refuses a cell")
                return [float(one) for one in within]
            case "init":
                call(params, whole("seed"))
                return list(params)
            case "forward":
                found = (real * len(plan.output.units))()
                call(params, array(given["x"]), found)
                return list(found)
            case "loss" | "gradient":
                found = (real * (1 + size * (function == "gradient")))()
                more = [whole("seed")] if function == "gradient" else []
                call(params, array(given["x"]), array(given["y"]), weight, *more, found)
                return list(found)
            case "init_state":
                call()
                return []
            case "step":
                call(params, array(given["slopes"]))
                return list(params)
            case "batch_gradient":
                found = (real * (1 + size))()
                call(params, array(given["xs"]), array(given["ys"]), whole("seeds"), len(given["xs"]), found)
                return [*found, *params]
            case "fit":
                history, weights = (real * given["epochs"])(), given.get("weights")
                settings = (len(given["xs"]), given["epochs"], given["batch_size"] or 0, whole("seed"), history)
                count = call(params, array(given["xs"]), array(given["ys"]), weights and array(weights), *settings)
                if count == 0:
                    raise ValueError("fit returns 0")
                return [*params, *history[:count]]
        raise KeyError(function)

    def _row(self, plan: Plan, network: str, cells: Sequence[Any]) -> ctypes.Structure:
        """The struct of a row, whose texts functions of the header read."""
        assert plan.encoding
        fields = [(f"c{place}", _kind(one)) for place, one in enumerate(plan.encoding.columns)]
        row: ctypes.Structure = type("Row", (ctypes.Structure,), {"_fields_": fields})()
        for place, (column, cell) in enumerate(zip(plan.encoding.columns, cells, strict=True)):
            value: float = math.nan if cell is None else cell
            if isinstance(cell, str) and _texts(column):
                read = getattr(self._library, f"{self._places[network]}_of_{place}")
                read.restype = _kind(column)
                value = read(cell.encode())
            setattr(row, f"c{place}", value)
        return row


def readable(plan: Plan, cells: Sequence[Any]) -> bool:
    """Whether a program in C could have these cells: texts where a function reads them, else numbers of the type."""
    columns = plan.encoding.columns if plan.encoding else ()
    return all(
        (isinstance(cell, str) and "\0" not in cell and len(cell.encode()) < LONGEST)
        if _texts(column)
        else type(cell) is (int if _kind(column) is INT else float) or (cell is None and _kind(column) is DOUBLE)
        for column, cell in zip(columns, cells, strict=True)
    )


def _texts(column: Any) -> bool:
    """Whether the header has a function for the texts of a column."""
    return isinstance(column, CategoryColumn | DateColumn) or bool(
        getattr(column, "ids", getattr(column, "style", None))
    )


def _kind(column: Any) -> Any:
    return INT if isinstance(column, CategoryColumn | IndexColumn) else DOUBLE


def _numbers(values: Any) -> Iterator[float]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _numbers(value)
        else:
            yield value


def _source(one: Module, at: str) -> str:
    """The functions around a header."""
    plan, spec = one.plan, one.spec
    narrow = spec.dtype("c") == "float32"
    room = workspace(plan, unrolled=level(plan, spec, "c") != "layers", narrow=narrow)
    name, own, alone = plan.name, plan.loss.example_weights, plan.has_dropout and not plan.needs_batch
    known = {"name": name, "NAME": name.upper(), "at": at, "MOST": MOST, "real": "float" if narrow else "double"}
    known |= {"example": f"{name.upper()}_EXAMPLE" if plan.needs_batch else "0", "matrix_size": room.drawn or 1}
    known |= {"matrix": f", {at}_matrix" if room.drawn else "", "state_size": plan.state_size}
    known |= {"work": f", {at}_memory" if room.work else "", "seed": ", seed" if alone else ""}
    known |= {
        "weight": ", weight" if own and not plan.loss.weighted_mean else "",
        "weights": ", weights" if own else "",
    }
    known |= {"state": f", {at}_state" if plan.state_size else "", "no_weights": ", NULL" if own else ""}
    known |= {"init_state": f"{name}_init_state({at}_state);" if plan.state_size else ""}
    known |= {"seeds": ", seeds" if plan.has_dropout else ""}
    functions = HEAD + FUNCTIONS + (BATCH if plan.needs_batch else "")
    if plan.encoding and plan.encoding.predicts:
        functions += ROWS if plan.encoding.classes else ROWS + PREDICT
        known |= {"kind": "int" if plan.encoding.classes else "double"}
        functions += INTERVAL if plan.encoding.scores else ""
        for place, column in enumerate(plan.encoding.columns):
            kind = "int" if _kind(column) is INT else "double"
            text = TEXT.format(kind=kind, at=at, place=place, name=name, column=column.name)
            functions += text.replace("{", "{{").replace("}", "}}") if _texts(column) else ""
    return f'#include "{name}.h"\n#include "{name}.h"\n{functions.format(**known)}'
