"""From a plan to the text of a module in a target language."""

from nngen.pages.modules import MAX_PAGE, as_module, beside, texts
from nngen.pages.render import TEMPLATES, environment, render, render_by_weights
from nngen.pages.selftest import SelfTestError
from nngen.pages.sums import averages, sums
from nngen.pages.targets import KINDS, MAX_SCALARS, TARGETS, level, networks_of

__all__ = [
    "KINDS",
    "MAX_PAGE",
    "MAX_SCALARS",
    "TARGETS",
    "TEMPLATES",
    "SelfTestError",
    "as_module",
    "averages",
    "beside",
    "environment",
    "level",
    "networks_of",
    "render",
    "render_by_weights",
    "sums",
    "texts",
]
