"""The living page: picture, equations, code and numbers of a network in one HTML file."""

from nngen.learning.explain.lesson import Link, Page
from nngen.learning.explain.page import MARK, framed, living_page

__all__ = ["MARK", "Link", "Page", "framed", "living_page"]
