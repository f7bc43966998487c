"""The living page: picture, equations, code and numbers of a network in one HTML file."""

from nngen.learning.explain.columns import depths
from nngen.learning.explain.deep import with_rate
from nngen.learning.explain.lesson import Link, Page
from nngen.learning.explain.page import MARK, framed, living_page
from nngen.learning.explain.page_data import embedded
from nngen.learning.explain.variants import STAND_INS

__all__ = ["MARK", "STAND_INS", "Link", "Page", "depths", "embedded", "framed", "living_page", "with_rate"]
