"""From a plan to the text of a module in a target language."""

from nngen.pages.modules import MAX_PAGE, MAX_TRAINED, as_module, parameters_file, texts
from nngen.pages.render import HERE, environment, render, render_by_weights
from nngen.pages.selftest import SelfTestError
from nngen.pages.sums import averages, sums
from nngen.pages.targets import KINDS, MAX_SCALARS, TARGETS, level, network_of

__all__ = [
    "HERE",
    "KINDS",
    "MAX_PAGE",
    "MAX_SCALARS",
    "MAX_TRAINED",
    "TARGETS",
    "SelfTestError",
    "as_module",
    "averages",
    "environment",
    "level",
    "network_of",
    "parameters_file",
    "render",
    "render_by_weights",
    "sums",
    "texts",
]
