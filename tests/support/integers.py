"""Networks in integers: trained ones, rows to try them with, and what their modules answer."""

import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nngen.description.data import encoding, read_examples, training_columns
from nngen.description.model import CTarget, Spec
from nngen.integers import Codes, Integers, quantized
from nngen.plan import plan
from nngen.proof.reference.engine import Network
from nngen.proof.reference.int8 import Integers as Reference
from nngen.targets import as_module, integer_texts, texts
from tests.support.modules import ROOT, spec

HELD = [
    "and_slp",
    "classics/encoder",
    "classics/parity",
    "classics/symmetry",
    "classics/two_spirals_adam",
    "classics/two_spirals_momentum",
    "classics/two_spirals_rprop",
    "classics/xor_one_hidden",
    "classics/xor_one_hidden_momentum",
    "deep_mlp",
    "digits",
    "digits_batch_norm",
    "iris",
    "penguins",
    "recommend/autorec",
    "skip_mlp",
    "xor_mlp",
    "xor_slp",
]
"""The committed networks that integers hold."""

_STEP = "layer output: a table of step would move the place where it jumps"
_IDS = "int8 has no integer form of embeddings"

REFUSED = {
    "and_perceptron": _STEP,
    "neuron": _STEP,
    "or_perceptron": _STEP,
    "ratings_mf": f"layer taste: {_IDS}",
    "recommend/ease": "int8 measures its scales on training rows: there are none",
    "recommend/gmf": f"layer taste: {_IDS}",
    "recommend/items_cosine": "int8 measures its scales on training rows: there are none",
    "recommend/items_pearson": "int8 measures its scales on training rows: there are none",
    "recommend/neumf": f"layer taste: {_IDS}",
    "recommend/two_factors": f"layer taste: {_IDS}",
    "recommend/wide_deep": f"layer generous: {_IDS}",
    "snake": "layer hidden: int8 has no integer form of your own formula snake",
}
"""The others, and why."""


def path_of(name: str) -> Path:
    """The file of a committed spec."""
    return ROOT / "specs" / f"{name}.yaml"


@cache
def trained(name: str, epochs: int = 5) -> list[float]:
    """Parameters after a few epochs."""
    return trained_by(spec(path_of(name)), path_of(name).parent, epochs)


def trained_by(described: Spec, folder: Path, epochs: int) -> list[float]:
    """Parameters of a spec after some epochs."""
    module = as_module(described.name, texts(described, folder, ["numpy"])["numpy"])
    on = read_examples(described, folder)
    params, _ = module.fit(module.init(), on.train_x, on.train_y, epochs=epochs)
    flat: list[float] = module.pack(params)
    return flat


def params_of(name: str, folder: Path) -> str:
    """The name of a file of trained parameters of a committed network."""
    file = folder / f"{name}.json"
    layout = " ".join(plan(spec(path_of(name))).layout)
    file.write_text(json.dumps({"layout": layout, "parameters": trained(name)}))
    return str(file)


def network_of(described: Spec, path: Path, flat: Sequence[float], size: int = 256) -> Integers:
    """A network in integers."""
    return quantized(described, plan(described, encoding(described, path.parent)), path, flat, size)


def modules_of(described: Spec, path: Path, flat: Sequence[float], targets: Sequence[str], size: int = 256) -> Any:
    """Its modules, by their target."""
    return integer_texts(described, plan(described, encoding(described, path.parent)), path, targets, flat, size)


def reference_of(described: Spec, path: Path, flat: Sequence[float], size: int = 256) -> Reference:
    """The reference of a network in integers."""
    columns, targets = training_columns(described, path.parent)
    return Reference(described, Network(described).unpack(list(flat)), columns, targets, size)


def rows(network: Integers, count: int, seed: int = 1) -> list[list[int]]:
    """Rows of whole numbers: some at the ends of their range, some outside, some missing."""
    drawn = random.Random(seed)
    least, most = (-128, 127) if network.inputs.direct else (-32768, 32767)

    def number(low: int, high: int) -> int:
        if drawn.random() < 0.1:
            return drawn.choice([least, most, low, high])
        margin = 1 + (high - low) // 8
        return min(max(drawn.randint(low - margin, high + margin), least), most)

    return [
        [
            drawn.randint(-3, len(c.categories)) if isinstance(c, Codes) else number(c.low, c.high)
            for c in network.inputs.columns
        ]
        for _ in range(count)
    ]


def answers(network: Integers, module: Any, row: list[int]) -> list[int]:
    """The sums of the output, the place of the class, and the probabilities or numbers of a module of Python."""
    found = list(module.sums(row))
    if network.classes:
        found.append(network.classes.index(module.predict(row)))
        return found + (list(module.predict_proba(row).values()) if network.output.shares else [])
    return found + list((module.predict if network.predicts else module.forward)(row))


def expected(network: Integers, reference: Reference, row: list[int]) -> list[int]:
    """The same by the reference."""
    sums = reference.sums(row)
    threshold = network.output.threshold
    place = [int(sums[0] > threshold) if threshold is not None else int(np.argmax(sums))] if network.classes else []
    return [*sums, *place, *reference.answers(row)]


def program(network: Integers) -> str:
    """A program of C that prints the same for each row that it reads."""
    name, columns, count, output = network.name, len(network.inputs.columns), network.output.units, network.output
    kind = "int8_t" if network.inputs.direct else "int16_t"
    more = "predict_proba" if network.classes else "predict" if network.predicts else "forward"
    size = max(count, 2) if output.shares else count
    places = [
        "row" if source == network.inputs.name and network.inputs.direct else f"memory + {name.upper()}_AT_{source}"
        for source in output.sources
    ]
    small = "uint8_t" if count < 256 else "uint16_t"
    calls = f"put({name}_predict(row));" if network.classes else ""
    if output.shares or not network.classes:
        made = "uint8_t" if output.shares else "int16_t"
        calls += f"{made} found[{size}]; {name}_{more}(row, found); for (int i = 0; i < {size}; i++) put(found[i]);"
    return f"""
#include "{name}.h"
static void answer({kind} *row) {{
    {f"int8_t memory[{name.upper()}_RAM];" if network.ram else ""}
    {name}_compute(row{", memory" if network.ram else ""});
    for ({small} i = 0; i < {count}; i++) put({name}_layer_{output.name}({", ".join(places)}, i));
    {calls}
}}
#define COLUMNS {columns}
typedef {kind} number;
"""


def narrow_header(described: Spec, path: Path, flat: list[float], unroll: str) -> str:
    """A header of C with trained parameters, not in integers but in 32 bits."""
    narrow = CTarget.model_validate({"name": "c", "dtype": "float32", "unroll": unroll})
    with_c = described.model_copy(update={"targets": (narrow,)})
    return texts(with_c, path.parent, ["c"], parameters=flat, contents=())["c"]
