"""The course: linked living pages from the threshold neuron to backpropagation."""

from nngen.learning.course.pages import course

__all__ = ["course"]
