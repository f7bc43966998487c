"""The modules that a spec asks for: one model for each target."""

from typing import Annotated, Literal

from pydantic import Field

from nngen.spec.fields import (
    Model,
    Short,
    Switch,
    named,
)


class PythonTarget(Model):
    """A module that needs nothing but Python."""

    name: Literal["python"]
    """`python`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """How far it is written out: an equation for each weight, or for each layer; `auto` goes by their number."""


class JavaScriptTarget(Model):
    """A module that needs nothing but JavaScript, of a browser or of Node."""

    name: Literal["javascript"]
    """`javascript`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """How far it is written out: an equation for each weight, or for each layer; `auto` goes by their number."""


class CTarget(Model):
    """A header that needs nothing but a compiler of C99 or C++, and its library of mathematics."""

    name: Literal["c"]
    """`c`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """How far it is written out: an equation for each weight, or for each layer; `auto` goes by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The width of its numbers: `double` or `float`."""
    binding: Switch = False
    """Whether a module of Python is written beside it, `NAME_c.py`, that compiles the header and calls it."""


class NumpyTarget(Model):
    """A module that needs NumPy and takes batches."""

    name: Literal["numpy"]
    """`numpy`"""
    dtype: Literal["float64", "float32"] = "float64"
    """The width of its numbers."""


Target = Annotated[
    PythonTarget | NumpyTarget | JavaScriptTarget | CTarget,
    Field(discriminator="name"),
    Short(named, {"enum": ["python", "numpy", "javascript", "c"]}),
]


MAX_UNROLLED = 5_000
"""Weights that get equations of their own: with three lines for each, the page has 15,000 and nobody reads it."""
