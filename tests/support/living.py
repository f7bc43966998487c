"""Living pages of committed specs. Many tests read the same one, and one with variants takes a second."""

from functools import cache

from nngen.learning.explain.page import living_page
from tests.support.modules import named, spec


@cache
def page_of(name: str) -> str:
    return living_page(spec(named(name)), named(name).parent)
