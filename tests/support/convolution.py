"""Holds a network with convolutions to the reference in a language; ``convolution.patch`` brings this kind of layer."""

import sys
from pathlib import Path

from nngen.targets import TARGETS
from tests.support.agreement import Judge
from tests.support.languages import module
from tests.support.rounding import judged
from tests.support.runners import running
from tests.support.specs_strategy import read

WAVES = {
    "name": "waves",
    "inputs": {"name": "s", "size": 6},
    "layers": [
        {"name": "first", "kind": "convolution", "window": 3, "units": 8, "activation": "tanh"},
        {"name": "second", "kind": "convolution", "window": 6, "units": 6, "activation": "sigmoid"},
        {"name": "out", "units": 2, "activation": "softmax"},
    ],
    "initial": {"weights": {"name": "normal", "deviation": 0.5}, "biases": "normal", "seed": 2},
    "loss": "cross_entropy",
    "training": {"optimizer": {"name": "adam", "rate": 0.1}, "penalty": {"name": "l2", "strength": 0.3}},
}


def main(target: str, folder: Path) -> None:
    """Judge both forms of the network."""
    spec = read(WAVES)
    levels = ("layers",) if target == "numpy" else ("layers", "weights")
    numbers = {"dtype": "float32"} if target == "c" or TARGETS[target].narrow else {}
    made = [
        module(
            spec,
            target,
            name=f"waves_{level}_{len(form)}",
            form=form | ({} if target == "numpy" else {"unroll": level}),
        )
        for level in levels
        for form in ([{}, numbers] if numbers else [{}])
    ]
    with running(target, made, folder) as runner:
        for one in made:
            judged(list(Judge(one.spec).disagreements(runner, target, one)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
