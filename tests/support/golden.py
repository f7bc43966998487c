"""The parameters that all targets have: initial ones, and those after a hundred steps."""

from nngen.description.model.spec import Spec
from tests.support.modules import ROOT, spec

GOLDEN = ROOT / "tests/pages/golden_parameters.json"
STEPS = 100

EXACT = Spec.model_validate(
    {
        "name": "exact",
        "inputs": ["x1", "x2"],
        "layers": [
            {"name": "h1", "units": 3, "activation": "relu", "weights": {"initial": "he_uniform"}},
            {"name": "h2", "units": 3, "activation": "softsign", "weights": {"initial": "orthogonal"}},
            {"name": "out", "units": ["o1"], "activation": "linear", "from": ["x", "h2"]},
        ],
        "loss": {"name": "huber", "outputs": "sum"},
        "training": {
            "optimizer": {"name": "adagrad", "rate": 0.05},
            "penalty": {"name": "l2", "strength": 0.01},
            "clip": {"name": "value", "most": 0.5},
        },
        "targets": [{"name": "python", "unroll": "weights"}],
    }
)
"""A network whose steps need only operations that IEEE 754 fixes."""


def examples(name: str) -> list[tuple[list[float], list[float]]]:
    """A hundred examples of a pattern that needs no random numbers: eighths, and classes in turn."""
    chosen = EXACT if name == "exact" else spec(ROOT / "specs" / f"{name}.yaml")
    inputs, outputs = len(chosen.input_names), len(chosen.layers[-1].unit_names)
    return [
        (
            [(5 * k + 3 * i) % 17 / 8 - 1.0 for i in range(inputs)],
            [float(k % max(2, outputs) == j) for j in range(outputs)],
        )
        for k in range(STEPS)
    ]
