"""The living page: picture, equations, code and numbers of a network in one HTML file."""

from nngen.learning.explain.lesson import Link, Page
from nngen.learning.explain.page import MARK, framed, living_page
from nngen.learning.explain.page_data import embedded

__all__ = ["MARK", "Link", "Page", "embedded", "framed", "living_page"]
