"""The course: lessons from the threshold neuron to backpropagation, worksheets, and notes for teachers."""

from nngen.learning.course.lessons import LESSONS, languages
from nngen.learning.course.pages import course

__all__ = ["LESSONS", "course", "languages"]
