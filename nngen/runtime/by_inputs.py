"""What an answer owes to each input, and which class it is."""

from nngen.runtime.kit import F64, Inputs, Num, Outputs, Params, no_inputs
from nngen.runtime.network import THRESHOLD
from nngen.runtime.stated import forward, jacobian


def _integrated_gradients(params: Params, start: Inputs, x: Inputs, k: int) -> Inputs:
    """How much each input moves output k on the straight way from start to x, by the midpoint rule."""
    first = forward(params, start)
    last = forward(params, x)
    whole = F64(last[k] - first[k])
    parts = no_inputs()
    steps = 8
    missed = True
    while missed:
        steps *= 2
        sums = no_inputs()
        for i in range(steps):
            share = (Num(i) + 0.5) / Num(steps)
            point = no_inputs()
            for j, value in enumerate(x):
                point[j] = start[j] + share * (value - start[j])
            rows = jacobian(params, point)
            for j, slope in enumerate(rows[k]):
                sums[j] += slope
        total = Num(0.0)
        for j, value in enumerate(x):
            parts[j] = (value - start[j]) * sums[j] / Num(steps)
            total += parts[j]
        rest = F64(total) - whole
        missed = steps < 1024 and abs(rest) > max(0.01 * abs(whole), 1e-6)
    return parts


def _side(outputs: Outputs) -> Num:
    """1 if the only output means the second class, and -1 if it means the first."""
    return 1.0 if outputs[0] > THRESHOLD else -1.0


def _likeliest(outputs: Outputs) -> int:
    """The place of the class that the outputs stand for."""
    best = 0
    for i, output in enumerate(outputs):
        if output > outputs[best]:
            best = i
    return best
