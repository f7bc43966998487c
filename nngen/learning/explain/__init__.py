"""The living page: picture, equations, code and numbers of a network in one HTML file."""

from nngen.learning.explain.lesson import Lesson, Link
from nngen.learning.explain.page import MARK, living_page

__all__ = ["MARK", "Lesson", "Link", "living_page"]
