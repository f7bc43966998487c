"""Pages with a self-test."""

from itertools import cycle

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.selftest import selftest
from nngen.targets.render import render
from tests.support.modules import TARGETS
from tests.support.networks import NEEDS_BATCH, NETWORKS
from tests.support.predictors import NETWORKS as PREDICTORS
from tests.support.predictors import page as predictor


def page(spec: Spec, target: str, **options: str) -> str:
    changed = Spec.model_validate(spec.model_dump(by_alias=True) | {"targets": [{"name": target, **options}]})
    made = plan(changed)
    return render(made, changed, target, selftest(made, changed, target))


def judged_pages() -> list[str]:
    """Pages for the judges: in 32 bits, with batch normalization, and of all kinds of rows."""
    pages = [page(network.spec, "numpy", dtype="float32") for network in list(NETWORKS.values())[::12]]
    together = [NETWORKS[name].spec for name in NEEDS_BATCH]
    pages += [page(spec, target) for spec, target in zip(together, cycle(TARGETS), strict=False)]
    return pages + [predictor(network, target, tested=True) for network in PREDICTORS.values() for target in TARGETS]
