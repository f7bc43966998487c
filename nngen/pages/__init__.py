"""From a plan to the text of a module, in the words of a target."""

from nngen.pages.modules import MAX_PAGE, as_module, texts
from nngen.pages.render import HERE, environment, render
from nngen.pages.selftest import SelfTestError
from nngen.pages.targets import KINDS, MAX_SCALARS, network_of, template

__all__ = [
    "HERE",
    "KINDS",
    "MAX_PAGE",
    "MAX_SCALARS",
    "SelfTestError",
    "as_module",
    "environment",
    "network_of",
    "render",
    "template",
    "texts",
]
