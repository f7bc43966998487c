"""``nngen show --machine``: the predictors of a network on a small machine, in integers and in floating point."""

from collections.abc import Sequence
from pathlib import Path

from nngen.commands.machines import MACHINES, ROWS, Measured, Program, measured
from nngen.common.text import table
from nngen.description.data import Array, Encoding, read_examples
from nngen.description.model import CTarget, Spec
from nngen.integers import MISSING, Codes, Inputs, Integers, quantized, whole_rows
from nngen.plan import Plan, plan
from nngen.reading import parameter_files
from nngen.targets import quantized_texts, texts


def shown(spec: Spec, path: Path, params: Path, machine: str) -> str:
    """A table of flash, RAM and time for each number format on a machine of ``MACHINES``.

    Raises:
        SpecError: a program is missing, or integers do not hold the network.
    """
    stored = parameter_files.stored(params, plan(spec))
    flat = stored.of(spec, planned(spec, path)[1])
    on = MACHINES[machine]
    found = {"int8": measured(on, in_integers(spec, path, flat)), "float32": measured(on, in_floats(spec, path, flat))}
    rows = [(name, *figures(one)) for name, one in found.items()]
    head = f"{spec.name} on {on.title}, -Os, {on.counts} by {on.simulator[0]}: bytes beyond a program without the call"
    return f"{head}\n\n{table(('format', 'flash', 'RAM', on.counts), rows, (1, 2, 3))}"


def figures(one: Measured) -> tuple[str, str, str]:
    """Flash, RAM and time as text; a dash for what did not run."""
    ram, time = ("-" if value is None else f"{value:,}" for value in (one.ram, one.time))
    return f"{one.flash:,}", ram, time


def planned(spec: Spec, path: Path) -> tuple[Plan, Encoding, Array]:
    """The plan of a spec, its encoding, and inputs of some examples that it has not seen, ``(rows, inputs)``."""
    on = read_examples(spec, path.parent)
    x = on.test_x if len(on.test_x) else on.train_x
    return plan(spec, on.encoding), on.encoding, x[:: -(-len(x) // ROWS)]  # of all classes, as tables may be ordered


def in_integers(spec: Spec, path: Path, flat: list[float]) -> Program:
    """The predictor in integers as a program to measure."""
    whole, encoding, x = planned(spec, path)
    network = quantized(spec, whole, path, flat)
    header = quantized_texts(network, whole, ["c"])["c"]
    kind, width = ("int8_t", 1) if network.inputs.direct else ("int16_t", 2)
    columns = len(network.inputs.columns)
    rows = whole_rows(network.inputs, encoding, x)
    head = f"""
#include "{spec.name}.h"
typedef struct {{ {kind} n[{columns}]; }} row_t;
static void predicted(row_t *row) {{ {_call(network)} }}"""
    listed = tuple("{{" + ", ".join(map(str, row)) + "}}" for row in rows.tolist())
    return Program({f"{spec.name}.h": header}, head, listed, width * columns)


def _call(network: Integers) -> str:
    """The call of a predictor in integers."""
    name, outputs = network.name, network.output.units
    if network.output.score is not None:
        return f"sink = {name}_is_anomaly(row->n);"
    if network.classes:
        return f"sink = {name}_predict(row->n);"
    kind, count = ("uint8_t", max(outputs, 2)) if network.output.shares else ("int16_t", outputs)
    function = "predict" if network.predicts else "forward"
    return f"{kind} found[{count}]; {name}_{function}(row->n, found); sink = found[0];"


def in_floats(spec: Spec, path: Path, flat: list[float]) -> Program:
    """The predictor in floating point with 32 bits as a program to measure."""
    whole, encoding, x = planned(spec, path)
    listed = CTarget.model_validate({"name": "c", "unroll": spec.unroll("c"), "dtype": "float32"})
    header = texts(spec.model_copy(update={"targets": (listed,)}), path.parent, ["c"], parameters=flat, contents=())[
        "c"
    ]
    name, inputs, outputs = spec.name, len(whole.inputs), len(whole.output.units)
    flash = f"#ifdef __AVR__\n#include <avr/pgmspace.h>\n#define {name.upper()}_FLASH PROGMEM\n#endif\n"
    large = f"#define {name.upper()}_WORK " in header  # the caller has the memory of all functions but that of a class
    memory, last = (f"static float memory[{name.upper()}_WORK]; ", ", memory") if large else ("", "")
    first = "sink = (int)found[0];"
    if not encoding.predicts:
        kind = f"struct {{ float x[{inputs}]; }}"
        call = f"{memory}float found[{outputs}]; {name}_forward({name}_trained, row->x, found{last}); {first}"
        texts_of = tuple("{{" + ", ".join(map(repr, values)) + "}}" for values in x.tolist())
    else:
        small = f"{name}_class(" in header or f"{name}_answer(" in header
        array = small or (encoding.plain and len(encoding.columns) > 20)  # as the header has it
        kind = f"struct {{ float n[{len(encoding.columns)}]; }}" if array else f"struct {{ {name}_row n; }}"
        given = f"{name}_trained, {'row->n' if array else '&row->n'}"
        if encoding.of_inputs:
            call = f"{memory}float score = 0; {name}_anomaly_score({given}, &score{last}); sink = score > 1.0f;"
        elif small and not encoding.classes:
            call = f"float found[{outputs}]; {name}_answer({given}, found); {first}"
        elif small:
            call = f"sink = {name}_class({given});"
        elif encoding.classes:
            call = f"{memory}sink = {name}_predict({given}{last});"
        else:
            call = f"{memory}double found[{outputs}]; {name}_predict({given}, found{last}); {first}"
        columns = quantized(spec, whole, path, flat).inputs
        texts_of = tuple("{{" + cells(columns, row) + "}}" for row in whole_rows(columns, encoding, x).tolist())
    head = f'{flash}#include "{name}.h"\ntypedef {kind} row_t;\nstatic void predicted(row_t *row) {{ {call} }}'
    return Program({f"{name}.h": header}, head, texts_of, 8 * len(encoding.columns))


def cells(inputs: Inputs, row: Sequence[int]) -> str:
    """A row of the data as the header of floating point takes it, from whole numbers."""
    pairs = zip(inputs.columns, row, strict=True)
    return ", ".join(
        str(n) if isinstance(column, Codes) else "NAN" if n == MISSING else repr(n * column.resolution + column.offset)
        for column, n in pairs
    )
