"""Random examples for a spec, for Hypothesis: rows with inputs of many sizes, and targets that the loss takes."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from nngen.mathematics.catalogue.losses import LOSSES

NAMES = ["no", "yes", "maybe", "don't know"]
STEPS = [0.125, 1.0, 0.001, 1e4]
OFFSETS = [0.0, 0.0, 1000.0, -0.3]


@st.composite
def drawn_data(
    draw: st.DrawFn, inputs: int, units: int, over: str, loss: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The field ``data``, for a network with this output and loss; ``own`` is the field ``losses``."""
    count = draw(st.integers(1, 6))
    columns = [draw(_column(count)) for _ in range(inputs)]
    classes = NAMES[: max(2, units)] if draw(st.booleans()) else []
    names = draw(st.booleans()) if classes or units > 1 else False
    labels = classes or [str(index) for index in range(units)]
    target = st.sampled_from(labels) if classes and names else _targets(units, over, loss["name"], own)
    rows: list[dict[str, Any]] = [{"x": list(x), "y": draw(target)} for x in zip(*columns, strict=True)]
    if loss.get("example_weights"):
        for row in rows:
            row |= draw(st.sampled_from([{}, {"weight": 0.5}, {"weight": 3}]))
    data: dict[str, Any] = {"rows": rows}
    if classes:
        data["classes"] = classes
    if count > 1 and draw(st.booleans()):
        data["split"] = {"test": draw(st.sampled_from([0.2, 0.5, 0.7])), "seed": draw(st.integers(0, 3))}
    scales = ["standardize", "interval", {"name": "divide", "by": draw(st.sampled_from([16, 0.3]))}]
    return data | draw(st.sampled_from([{}, *({"scale": scale} for scale in scales)]))


def _column(count: int) -> st.SearchStrategy[Sequence[float]]:
    """The values of an input: whole steps from a random start."""

    def column(steps: Sequence[int], offset: float, step: float) -> list[float]:
        return [round(offset + step * k, 6) for k in steps]

    steps = st.lists(st.integers(-10, 10), min_size=count, max_size=count)
    return st.builds(column, steps, st.sampled_from(OFFSETS), st.sampled_from(STEPS))


def _targets(units: int, over: str, name: str, own: Mapping[str, Any]) -> st.SearchStrategy[list[float]]:
    """Targets as numbers."""
    if name not in LOSSES:
        low, high = own[name].get("targets", [None, None])
        ends = -2.0 if low is None else low, 2.0 if high is None else high
        return st.lists(st.sampled_from([*ends, sum(ends) / 2.0]), min_size=units, max_size=units)
    loss = LOSSES[name].over(over)
    one = st.integers(0, units - 1).map(lambda k: [float(k == j) for j in range(units)])
    if loss.distribution:
        return one
    values = {"signed": [-1.0, 1.0], "zero_one": [0.0, 1.0]}.get(loss.target_kind, [0.0, 0.25, 1.0])
    return st.lists(st.sampled_from(values), min_size=units, max_size=units)
