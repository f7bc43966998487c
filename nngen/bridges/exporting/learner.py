"""The further files of a library for Arduino whose last layer learns: a network of this layer alone, and a sketch.

The body computes in integers and stays in flash. The last layer is a network of its own, a header in 32 bits with
training, so its equations are those of all other modules.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from nngen.bridges.exporting.arduino import ArduinoPage, library
from nngen.common.files import refused
from nngen.common.records import dataclass
from nngen.description.model import Spec
from nngen.integers import Integers
from nngen.plan import Plan
from nngen.targets import environment, texts

LOSSES = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy"}
"""The activations of a last layer that learns, and its loss."""

MOST = 8_000
"""The most parameters of a last layer that learns, as 16 bits count its bytes twice."""


@dataclass(frozen=True)
class LearnerPage(ArduinoPage):
    """The object that the templates of a learner get."""

    start: tuple[float, ...] = ()
    """The trained parameters of the last layer."""
    threshold: float = 0.0
    """For one output and two classes: an output above it means the second class."""


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
        rate: how far a step goes.

    Raises:
        SpecError: its last layer cannot learn.
    """
    output, name = whole.output, spec.name
    kind = output.activation
    blocks = [block for block in (*output.weights, output.biases) if block]
    start = [value for block in blocks for value in flat[block.start : block.stop]]
    plain = output.dense and output.biases and not output.normalization and len(output.sources) == 1
    classes = network.classes and kind in LOSSES and (kind == "softmax") == (len(output.units) > 1)
    if not (network.hidden and plain and classes and len(start) <= MOST):
        message = f"{name}: a last layer learns if it tells classes by softmax or one sigmoid, over a hidden layer"
        raise refused(path, message, "leave out `--learn`")
    head = Spec.model_validate({
        "name": f"{name}_head",
        "description": f"The last layer of {name}, which learns.",
        "inputs": {"name": network.hidden[-1].name, "size": len(output.sources[0].values)},
        "layers": [{"name": output.name, "units": list(output.units), "activation": kind}],
        "loss": LOSSES[kind],
        "training": {"optimizer": {"name": "gradient_descent", "rate": rate}, "epochs": 1, "batch_size": 1},
        "targets": [{"name": "c", "dtype": "float32", "unroll": "layers"}],
    })  # fmt: skip
    made = library(spec, network, whole)
    header, encoding = made[f"src/{name}.h"], whole.encoding
    page = LearnerPage(
        name, spec.description, network, whole, header, tuple(start), encoding.threshold if encoding else 0.0
    )
    jinja = environment("c")
    described, example = json.loads(made["library.json"]), f"examples/{name}_learns"
    described["examples"].append({"name": f"{name}_learns", "base": example, "files": [f"{name}_learns.ino"]})
    return {
        **made,
        "library.json": json.dumps(described, indent=2) + "\n",
        "README.md": made["README.md"] + jinja.get_template("arduino/learns.md.jinja").render(page=page),
        f"src/{name}_head.h": texts(head, path.parent, ["c"], contents=("training",))["c"],
        f"src/{name}_learner.h": jinja.get_template("arduino/learner.h.jinja").render(page=page),
        f"{example}/{name}_learns.ino": jinja.get_template("arduino/learns.ino.jinja").render(page=page),
    }
