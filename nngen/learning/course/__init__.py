"""The course: lessons from the threshold neuron to backpropagation, worksheets, and notes for teachers."""

from nngen.learning.course.lessons import LESSONS, languages
from nngen.learning.course.pages import WORKBOOKS, course
from nngen.learning.course.scorm import package

__all__ = ["LESSONS", "WORKBOOKS", "course", "languages", "package"]
