"""Headers with some parts: networks whose headers differ most, and what they may have."""

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from nngen.description.data import encoding
from nngen.description.model import ALL, Spec, parts
from nngen.plan import Plan, plan
from nngen.targets.c_features import features
from nngen.targets.page import Page
from nngen.targets.page_head import Trained
from nngen.targets.render import render
from nngen.targets.targets import level as level_of
from nngen.targets.targets import words
from tests.support.modules import ROOT, named, spec
from tests.support.networks import NETWORKS
from tests.support.penalties import PENALTY
from tests.support.penalties import of as penalties
from tests.support.stopping import MEASURED, STOP, of

CONTENTS = {
    "everything": ALL,
    "outputs": parts(["forward"]),
    "slopes": parts(["gradient"]),
    "learns": parts(["training"]),
    "answers": parts(["prediction"]),
    "stored": parts(["training", "prediction", "files"]),
    "checked": parts(["training", "prediction", "files", "checks"]),
    "batched": parts(["training", "batches"]),
}
"""Parts by the end of a network's name."""

_OF_SPECS = ["xor_mlp", "iris", "digits", "penguins", "ratings_mf", "digits_batch_norm"]
_OTHERS = [
    "dropout",
    "dropout, weights",
    "weights, numbers, mean",
    "weights, by the output, one output, weighted_mean",
    "batch normalization, shares of examples",
    "initial values, cut or orthogonal",
]


@cache
def networks() -> dict[str, tuple[Spec, Path]]:
    """Specs by a name for C, with the folder of their data."""
    found = {name: spec(named(name)) for name in _OF_SPECS}
    found["iris_layers"] = found["iris"]
    found |= {f"case{number}": NETWORKS[name].spec for number, name in enumerate(_OTHERS)}
    stop: dict[str, Any] = {"name": "patience", **STOP["patience"], **MEASURED["places, every 4 epochs"]}
    found["stopping"] = of(stop)
    found["stopping_layers"] = of({"name": "target", **STOP["target"], **MEASURED["a share"]})
    penalty = {"name": "elastic_net", "biases": True, **PENALTY["elastic_net"]}
    found |= {f"paid_{batch}_layers": penalties(penalty, batch, "layers") for batch in ("mean", "sum")}
    return {name: (one, ROOT / "specs") for name, one in found.items()}


def header(
    name: str, end: str, *, renamed: bool = True, trained: bool = False, dtype: str = "float64"
) -> tuple[Plan, str]:
    """The header of a network with the parts that the end of its name means, and the plan with this name."""
    given, folder = networks()[name]
    level = "layers" if name.endswith("layers") or name.startswith("case") else "auto"
    fields = {"name": f"{name}_{end}" if renamed else name, "targets": [{"name": "c", "unroll": level, "dtype": dtype}]}
    chosen = Spec.model_validate(given.model_dump(by_alias=True) | fields)
    made = plan(chosen, encoding(chosen, folder))
    numbers = Trained([1.0 / (k % 7 + 3) for k in range(made.size)]) if trained else None
    return made, render(made, chosen, "c", trained=numbers, contents=CONTENTS[end])


@cache
def feature_sets() -> set[frozenset[str]]:
    """What the fixed functions of these headers depend on, with every choice of parts that trains."""
    found = set()
    for (name, (given, folder)), dtype in product(networks().items(), ["float64", "float32"]):
        level = "layers" if name.endswith("layers") or name.startswith("case") else "auto"
        fields = {"targets": [{"name": "c", "unroll": level, "dtype": dtype}]}
        chosen = Spec.model_validate(given.model_dump(by_alias=True) | fields)
        made = plan(chosen, encoding(chosen, folder))
        for contents in (one for one in CONTENTS.values() if "training" in one):
            page = Page(made, words(chosen, "c"), dtype, level_of(made, chosen, "c"), None, None, contents)
            found.add(features(page))
    return found
