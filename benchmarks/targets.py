"""Where C trains faster than NumPy: microseconds of a processor for a step, by units, inputs and examples of a batch.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.targets      # a minute

``nngen train`` chooses by the rule in nngen/commands/compiled.py, whose numbers come from here.
"""

from pathlib import Path
from time import process_time

import numpy as np

from nngen.commands.inner import module_of
from nngen.reading import parse

SPEC = """
name: net
inputs: {{name: v, size: {inputs}}}
layers: [{{name: hidden, units: {units}, activation: relu}}, {{name: output, units: [answer], activation: linear}}]
initial: {{weights: he_uniform, seed: 1}}
loss: {{name: squared_error, outputs: sum}}
training: {{optimizer: {{name: adamw, rate: 0.005, decay: 0.01}}, batch_size: {batch}, epochs: 1}}
"""
STEPS = 150
SIZES = ((10, 64, 1), (8, 16, 32), (105, 100, 32), (105, 100, 256), (300, 100, 64), (784, 300, 32), (1500, 100, 64))


def main() -> None:
    """Measure all sizes."""
    for inputs, units, batch in SIZES:
        spec = parse(SPEC.format(inputs=inputs, units=units, batch=batch), "net.yaml")
        x = np.random.default_rng(0).normal(size=(STEPS * batch, inputs))
        found = {}
        for target in ("numpy", "c"):
            module = module_of(spec, Path(), target, None)
            times = []
            for _ in range(3):
                params, begin = module.init(), process_time()
                module.fit(params, x, x[:, :1], epochs=1)
                times.append(process_time() - begin)
            found[target] = 1e6 * min(times) / STEPS
        print(
            f"{inputs:5} inputs, {units:4} units, batch {batch:4}: "
            + ", ".join(f"{t} {v:.0f}" for t, v in found.items())
        )


if __name__ == "__main__":
    main()
