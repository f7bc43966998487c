"""The further files of a library for Arduino whose last layer learns: a network of this layer alone, and a sketch.

The body computes in integers and stays in flash. The last layer is a network of its own, a header in 32 bits with
training, so its equations are those of all other modules.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from nngen.bridges.exporting.arduino import MANY, ArduinoPage, library
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.data import Encoding
from nngen.description.model import Spec
from nngen.integers import LARGEST, Integers
from nngen.plan import Plan
from nngen.targets import environment, texts

LOSSES = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy", "linear": "half_squared_error"}
"""The activations of a last layer that learns, and its loss: of several classes, of two, of numbers."""

WITHOUT = "leave out `--learn`"

PART = 0.25
"""The part of its error that an answer in numbers learns from a row: rows of one place differ by their noise."""

MOST = 8_000
"""The most parameters of a last layer that learns, as 16 bits count its bytes twice."""


class Answer(NamedTuple):
    """A numeric answer, which is ``output * divide + subtract``, in whole units."""

    subtract: float
    divide: float
    unit: float
    low: int
    high: int


@dataclass(frozen=True)
class LearnerPage(ArduinoPage):
    """The object that the templates of a learner get."""

    start: tuple[float, ...] = ()
    """The trained parameters of the last layer."""
    threshold: float = 0.0
    """For one output and two classes: an output above it means the second class."""
    numbers: tuple[Answer, ...] = ()
    """The numeric answers."""

    @property
    def longest(self) -> int:
        """The most characters of what a row learns: a class, or the answers, each with up to three more."""
        if self.network.classes:
            return max(map(len, self.network.classes)) * 4 + 1
        return sum(10 + abs(scale.decimals) for _, scale in self.answers)


def learning_library(
    spec: Spec, path: Path, network: Integers, whole: Plan, flat: Sequence[float], rate: float
) -> dict[str, str]:
    """The files of a library whose last layer learns, by their path in its folder.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        network: its network in integers.
        whole: its plan.
        flat: its parameters in floating point, in the order of the layout.
        rate: how far a step goes that moves the sum of a unit by its whole error.

    Raises:
        SpecError: its last layer cannot learn.
    """
    name = spec.name
    head = _head(spec, path, network, whole, rate)
    blocks = [block for block in (*whole.output.weights, whole.output.biases) if block]
    start = [value for block in blocks for value in flat[block.start : block.stop]]
    if len(start) > MOST:
        raise refused(path, f"{name}: a last layer that learns has at most {MOST:,} parameters", WITHOUT)
    made = library(spec, network, whole)
    header, encoding = made[f"src/{name}.h"], whole.encoding
    page = LearnerPage(
        name,
        spec.description,
        network,
        whole,
        header,
        tuple(start),
        encoding.threshold if encoding else 0.0,
        () if network.classes else tuple(_answers(network, encoding)),
    )
    jinja = environment("c")
    learner = jinja.get_template("arduino/learner.h.jinja").render(page=page)
    every = replace(page, header=header + learner)
    described, example = json.loads(made["library.json"]), f"examples/{name}_learns"
    described["examples"].append({"name": f"{name}_learns", "base": example, "files": [f"{name}_learns.ino"]})
    return {
        **made,
        "library.json": json.dumps(described, indent=2) + "\n",
        "keywords.txt": jinja.get_template("arduino/keywords.txt.jinja").render(page=every),
        "README.md": made["README.md"] + jinja.get_template("arduino/learns.md.jinja").render(page=page),
        f"src/{name}_head.h": texts(head, path.parent, ["c"], contents=("training",))["c"],
        f"src/{name}_learner.h": learner,
        f"{example}/{name}_learns.ino": jinja.get_template("arduino/learns.ino.jinja").render(page=page),
    }


def _head(spec: Spec, path: Path, network: Integers, whole: Plan, rate: float) -> Spec:
    """The last layer as a network of its own."""
    output, name, kind = whole.output, spec.name, whole.output.activation
    plain = output.dense and output.biases and not output.normalization and len(output.sources) == 1
    classes = network.classes and kind in ("softmax", "sigmoid") and (kind == "softmax") == (len(output.units) > 1)
    numbers = kind == "linear" and network.output.answers and len(output.units) <= MANY
    if not (network.hidden and plain and (classes or numbers)):
        message = f"{name}: a last layer learns if it tells classes by softmax or one sigmoid, or gives at most"
        raise refused(path, f"{message} {MANY} linear answers, over a hidden layer", WITHOUT)
    if whole.monotone.signs:
        raise refused(path, f"{name}: a last layer that learns does not keep its columns monotone", WITHOUT)
    return Spec.model_validate({
        "name": f"{name}_head",
        "description": f"The last layer of {name}, which learns.",
        "inputs": {"name": network.hidden[-1].name, "size": len(output.sources[0].values)},
        "layers": [{"name": output.name, "units": list(output.units), "activation": kind}],
        "loss": LOSSES[kind],
        "training": {
            "optimizer": {"name": "gradient_descent", "rate": rate * (1.0 if classes else PART)},
            "epochs": 1,
            "batch_size": 1,
        },
        "targets": [{"name": "c", "dtype": "float32", "unroll": "layers"}],
    })  # fmt: skip


def _answers(network: Integers, encoding: Encoding | None) -> Iterator[Answer]:
    """The numeric answers. Those that learn leave the range of the training rows, but not one that the spec states."""
    for place, unit in enumerate(network.output.resolutions):
        scaling = encoding.targets if encoding else None
        subtract, divide = (scaling.subtract[place], scaling.divide[place]) if scaling else (0.0, 1.0)
        low, high = -LARGEST, LARGEST
        if encoding and encoding.ends:
            first, last = encoding.ends[place]
            low, high = max(low, math.ceil(first / unit)), min(high, math.floor(last / unit))
        yield Answer(subtract, divide, unit, low, high)
