"""Modules in JavaScript of all test networks, and of unusual ones."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from itertools import cycle

from nngen.description.data.scaling import Scaling
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.render import render
from tests.oracle.node import javascript
from tests.support import predictors
from tests.support.encodings import scaled_by
from tests.support.networks import NETWORKS
from tests.support.unusual import NETWORKS as UNUSUAL


def _unusual() -> dict[str, Callable[[], str]]:
    """Makers of pages of unusual networks, at both levels, with every kind of scaling."""
    found: dict[str, Callable[[], str]] = {}
    for index, (title, description) in enumerate(UNUSUAL.items()):
        for unroll in ("weights", "layers"):
            chosen = Spec.model_validate(description | {"targets": [{"name": "javascript", "unroll": unroll}]})
            inputs = len(chosen.input_names)
            numbers = (0.1234567890123456,) * inputs
            scaling = [None, Scaling((0.0,) * inputs, (16.0,) * inputs), Scaling(numbers, numbers)][index % 3]
            found[f"{title}_{unroll}"] = partial(_scaled, chosen, scaling)
    for name, spec in predictors.NETWORKS.items():
        for unroll in ("weights", "layers"):
            found[f"predictor_{name}_{unroll}"] = partial(predictors.page, spec, "javascript", unroll)
    return found


def _scaled(chosen: Spec, scaling: Scaling | None) -> str:
    return render(plan(chosen, scaled_by(chosen, scaling)), chosen, "javascript")


def makers() -> Mapping[str, Callable[[], str]]:
    """What makes these pages, and those of other test networks at one level each, in turn."""
    turns = zip(NETWORKS.items(), cycle(("weights", "layers", "layers", "weights")), strict=False)
    return _unusual() | {f"{name}_{unroll}": partial(javascript, made.spec, unroll) for (name, made), unroll in turns}


@cache
def pages() -> dict[str, str]:
    """All of these pages."""
    return {name: make() for name, make in makers().items()}
