"""Flash, RAM and time of predictors on small machines; docs/machines.md shows them.

    python -m benchmarks.machines.measure

Needs the compilers and simulators of .ci/run. Where emlearn and scikit-learn are installed, it measures emlearn, too.
Writes docs/machines.json.
"""

import contextlib
import json
import math
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machines.cycles import cycles
from nngen.commands.machines import MACHINES, Machine, Program, measured
from nngen.commands.small import cells, in_floats, in_integers, planned
from nngen.common.diagnostics import SpecError
from nngen.description.data import read_examples
from nngen.description.model import Spec
from nngen.integers import Codes, Inputs, quantized, whole_rows
from nngen.reading import load
from nngen.targets import as_module, texts

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
RELU = ('layers.0.activation="relu"',)

NETWORKS = {
    "xor": ("specs/xor_mlp.yaml", ()),
    "iris": ("specs/iris.yaml", RELU),
    "iris, tanh": ("specs/iris.yaml", ()),
    "penguins": ("specs/penguins.yaml", RELU),
    "digits": ("specs/digits.yaml", ()),
    "gesture": ("gesture.yaml", ()),
    "calibration": ("calibration.yaml", ()),
}
"""The spec of each network, and what is changed in it."""


def gestures() -> list[list[object]]:
    """Made-up readings of four gestures."""
    drawn = random.Random(7)
    rows: list[list[object]] = [[*(f"reading{i}" for i in range(1, 11)), "gesture"]]
    for k in range(400):
        name, phase = ["up", "down", "left", "right"][k % 4], k % 4 * math.pi / 2
        rows.append([*(round(400 * math.sin(phase + i * 0.5) + drawn.gauss(0, 120)) for i in range(10)), name])
    return rows


def calibration() -> list[list[object]]:
    """Made-up readings of six sensors of a gas, whose concentration is between 0 and 1,000 units."""
    drawn = random.Random(7)
    rows: list[list[object]] = [[*(f"reading{i}" for i in range(1, 7)), "concentration"]]
    for _ in range(400):
        gas, warm = drawn.uniform(0, 1000), drawn.uniform(-10, 15) / 100
        readings = [400 * math.log1p(gas / (50 * i)) * (1 + warm * ((i - 1) % 3)) for i in range(1, 7)]
        rows.append([*(round(reading + drawn.gauss(0, 4)) for reading in readings), round(gas, 1)])
    return rows


def made(file: str, folder: Path) -> Path:
    """A spec of this folder, with the table that it needs beside it."""
    rows = {"gesture": gestures, "calibration": calibration}[Path(file).stem]()
    (folder / file).with_suffix(".csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    (folder / file).write_text((HERE / file).read_text())
    return folder / file


def trained(spec: Spec, path: Path) -> list[float]:
    """The parameters after the training that the spec describes."""
    module = as_module(spec.name, texts(spec, path.parent, ["numpy"])["numpy"])
    on = read_examples(spec, path.parent)
    flat: list[float] = module.pack(module.fit(module.init(), on.train_x, on.train_y)[0])
    return flat


def layers_of(spec: Spec, path: Path, flat: list[float]) -> Iterator[tuple[Any, Any]]:
    """Weights, a row for each unit, and biases of each layer."""
    blocks = planned(spec, path)[0].blocks
    for weights, biases in zip(blocks[::2], blocks[1::2], strict=True):
        yield np.reshape(flat[weights.start : weights.stop], weights.shape), np.array(flat[biases.start : biases.stop])


NUMBER = 127
"""Says that an input of the header by hand is a number."""


def coded(inputs: Inputs) -> Iterator[tuple[int, int]]:
    """For each input of a network its column, and the code that it marks, or ``NUMBER``."""
    for place, column in enumerate(inputs.columns):
        if isinstance(column, Codes):
            yield from ((place, code) for code in range(len(column.categories)))
        else:
            yield place, NUMBER
        if column.indicator is not None:
            yield place, -2


def by_hand(spec: Spec, path: Path, flat: list[float]) -> Program:
    """The header that an expert writes by hand, in 32-bit floating point."""
    whole, encoding, x = planned(spec, path)
    network = quantized(spec, whole, path, flat)
    of = {column.name: column for column in encoding.numeric}
    count = len(whole.inputs)
    mean, factor, fill = [0.0] * count, [1.0] * count, [0.0] * count
    for column in network.inputs.wholes:
        mean[column.place] = of[column.name].subtract
        factor[column.place] = 1.0 / of[column.name].divide
        fill[column.place] = of[column.name].fill or 0.0
    pairs_of_codes = [*coded(network.inputs)]
    pairs = list(layers_of(spec, path, flat))
    sizes = [len(whole.inputs), *(len(biases) for _, biases in pairs)]

    def array(kind: str, name: str, values: Any) -> str:
        suffix = "f" if kind == "float" else ""
        listed = ", ".join(f"{v!r}{suffix}" for v in np.ravel(values).tolist())
        return f"static const {kind} {name}[] {'PROGMEM ' if kind == 'float' else ''}= {{{listed}}};\n"

    activation = {"relu": "(z) > 0.0f ? (z) : 0.0f", "tanh": "tanhf(z)", "sigmoid": "1.0f / (1.0f + expf(-(z)))"}
    last = "(z)" if encoding.classes else activation.get(spec.layers[-1].activation.name, "(z)")  # else it is linear
    targets = encoding.targets
    head = (
        "#ifdef __AVR__\n#include <avr/pgmspace.h>\n#else\n#define PROGMEM\n#endif\n#include <stdint.h>\n"
        f"#define INPUTS {sizes[0]}\n#define WIDEST {max(sizes)}\n#define LAYERS {len(pairs)}\n"
        f"#define ACTIVATION(z) ({activation[spec.layers[0].activation.name]})\n"
        f"#define OUTPUT(z) ({last})\n"
        f"#define CLASSIFIES {int(bool(encoding.classes))}\n"
        f"#define ANSWER(a) ({f'(a) * {targets.divide[0]}f + {targets.subtract[0]}f' if targets else '(a)'})\n"
        + array("uint8_t", "sizes", sizes)
        + (
            f"#define CODED {NUMBER}\n"
            + array("uint8_t", "column", [at for at, _ in pairs_of_codes])
            + array("int8_t", "code", [code for _, code in pairs_of_codes])
            + array("float", "fill", fill)
            if any(code != NUMBER for _, code in pairs_of_codes)
            else ""
        )
        + array("float", "mean", mean)
        + array("float", "factor", factor)
        + array("float", "W", np.concatenate([np.ravel(w) for w, _ in pairs]))
        + array("float", "b", np.concatenate([b for _, b in pairs]))
        + f'#include "by_hand.h"\ntypedef struct {{ float n[{len(network.inputs.columns)}]; }} row_t;\n'
        "static void predicted(row_t *row) { sink = (int)by_hand(row->n); }"
    )
    rows = tuple("{{" + cells(network.inputs, row) + "}}" for row in whole_rows(network.inputs, encoding, x).tolist())
    return Program({"by_hand.h": (HERE / "by_hand.h").read_text()}, head, rows, 4 * len(network.inputs.columns))


def of_emlearn(spec: Spec, path: Path, flat: list[float]) -> tuple[Program, list[str]] | None:
    """The header of emlearn in its default form, and the options of the compiler; None where it is not installed."""
    try:
        import emlearn
        from sklearn.neural_network import MLPClassifier, MLPRegressor
    except ModuleNotFoundError:
        return None
    _, _, x = planned(spec, path)
    pairs = list(layers_of(spec, path, flat))
    kind = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}[spec.layers[0].activation.name]
    numbers = spec.layers[-1].activation.name == "linear"
    form = MLPRegressor if numbers else MLPClassifier
    model = form(hidden_layer_sizes=tuple(len(b) for _, b in pairs[:-1]), activation=kind, max_iter=1)
    classes = max(2, len(pairs[-1][1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(np.zeros((classes * 4, x.shape[1])), np.arange(classes * 4) % classes)
    model.coefs_, model.intercepts_ = [w.T for w, _ in pairs], [b for _, b in pairs]
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):  # it compiles a module where it is
        emlearn.convert(model).save(file=f"{folder}/net.h", name="net")
        text = Path(folder, "net.h").read_text()
    call = f"sink = net_predict(row->x, {x.shape[1]})"
    if numbers:
        call = f"float found[1]; net_regress(row->x, {x.shape[1]}, found, 1); sink = (int)found[0]"
    head = (
        f'#include "net.h"\ntypedef struct {{ float x[{x.shape[1]}]; }} row_t;\n'
        f"static void predicted(row_t *row) {{ {call}; }}"
    )
    rows = tuple("{{" + ", ".join(map(repr, row)) + "}}" for row in x.tolist())
    return Program({"net.h": text}, head, rows, 4 * x.shape[1]), [f"-I{emlearn.includedir}"]


def figures(machine: Machine, program: Program, flags: list[str]) -> dict[str, Any]:
    """What a program takes, or why it is not built."""
    try:
        return vars(measured(machine, program, flags))
    except SpecError as error:
        reason = "does not fit" if "region" in str(error) else "does not compile"
        return {"flash": None, "ram": None, "time": None, "reason": reason}


def main() -> None:
    """Measure all networks on all machines."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (file, changes) in NETWORKS.items():
            path = ROOT / file if "/" in file else made(file, Path(folder))
            spec = load(path, None, changes)
            flat = trained(spec, path)
            programs: dict[str, tuple[Program, list[str]]] = {
                "int8": (in_integers(spec, path, flat), []),
                "float32": (in_floats(spec, path, flat), []),
                "by hand": (by_hand(spec, path, flat), []),
            }
            if (other := of_emlearn(spec, path, flat)) is not None:
                programs["emlearn"] = other
            for machine in MACHINES.values():
                for form, (program, flags) in programs.items():
                    row = {"machine": machine.name, "network": name, "form": form, **figures(machine, program, flags)}
                    if (machine.name, form) == ("cortex-m0", "int8"):
                        row["cycles"], _ = cycles(program)
                    sys.stdout.write(f"{row}\n")
                    found.append(row)
    (ROOT / "docs" / "machines.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
