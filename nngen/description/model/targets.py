"""The models of ``targets:``, the modules to generate."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from nngen.common.languages import LANGUAGES
from nngen.description.model.fields import Model, Short, Switch, named


class PythonTarget(Model):
    """A Python module that needs no library."""

    name: Literal["python"]
    """`python`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""


class JavaScriptTarget(Model):
    """A JavaScript module for browsers and Node that needs no library."""

    name: Literal["javascript"]
    """`javascript`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    types: Switch = False
    """Whether to write `NAME.d.mts` as well: types for TypeScript, also of the rows."""


class CTarget(Model):
    """A C header for C99 and C++ that needs only the math library."""

    name: Literal["c"]
    """`c`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type: `double` or `float`."""
    binding: Switch = False
    """Whether to write `NAME_c.py` as well, a Python module that compiles the header and calls it."""


class NumpyTarget(Model):
    """A Python module that uses NumPy and computes batches."""

    name: Literal["numpy"]
    """`numpy`"""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type."""


class RustTarget(Model):
    """A Rust module without dependencies, and without `unsafe`."""

    name: Literal["rust"]
    """`rust`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type: `f64` or `f32`."""


class GoTarget(Model):
    """A Go package without dependencies."""

    name: Literal["go"]
    """`go`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type."""


WORDS_OF_JAVA = frozenset(
    (
        "abstract assert boolean break byte case catch char class const continue default do double else enum extends"
        " false final finally float for goto if implements import instanceof int interface long native new null package"
        " private protected public return short static strictfp super switch synchronized this throw throws transient"
        " true try void volatile while _"
    ).split()
)
"""Words that no part of a package may be (The Java Language Specification, 3.9)."""

PACKAGE = "^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$"
PACKAGE_MESSAGE = "expected a package of Java, such as org.example: names with points between them"


def _package(name: str) -> str:
    if not re.fullmatch(PACKAGE.strip("^$"), name):
        raise ValueError(PACKAGE_MESSAGE)
    if found := WORDS_OF_JAVA.intersection(name.split(".")):
        raise ValueError(f"{min(found)!r} is a reserved word of Java")
    return name


Package = Annotated[
    str,
    AfterValidator(_package),
    Field(
        strict=True,
        min_length=1,
        max_length=200,
        json_schema_extra={"pattern": PACKAGE, "patternErrorMessage": f"{PACKAGE_MESSAGE.capitalize()}."},
    ),
]


class JavaTarget(Model):
    """A Java class for Java 11 and newer, without dependencies."""

    name: Literal["java"]
    """`java`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type: `double` or `float`."""
    package: Package | None = None
    """The package of the class, such as `org.example`; without it, it is in none."""


class CSharpTarget(Model):
    """A static class of C# 7.2, which Unity and mono take."""

    name: Literal["csharp"]
    """`csharp`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    dtype: Literal["float64", "float32"] = "float64"
    """The number type: `double` or `float`."""


class LuaTarget(Model):
    """A module of Lua 5.4 and LuaJIT without dependencies."""

    name: Literal["lua"]
    """`lua`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""


NAMESPACE = r"^(?!namespace\\)[A-Za-z_][A-Za-z0-9_]*(\\[A-Za-z_][A-Za-z0-9_]*)*$"
NAMESPACE_MESSAGE = "expected a namespace of PHP, such as App\\Networks: names with backslashes between them"


def _namespace(name: str) -> str:
    if not re.match(NAMESPACE, name):
        raise ValueError(NAMESPACE_MESSAGE)
    return name


class PhpTarget(Model):
    """A class of PHP 8 without dependencies."""

    name: Literal["php"]
    """`php`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """The form of the module: an equation for each weight, or for each layer; `auto` decides by their number."""
    namespace: Annotated[
        str,
        AfterValidator(_namespace),
        Field(
            strict=True,
            max_length=200,
            json_schema_extra={
                "pattern": NAMESPACE,
                "patternErrorMessage": "A namespace has names and backslashes.",
            },
        ),
    ] = "Networks"
    """The namespace of the class, such as `App\\Networks`."""


Target = Annotated[
    PythonTarget
    | NumpyTarget
    | JavaScriptTarget
    | CTarget
    | RustTarget
    | GoTarget
    | JavaTarget
    | CSharpTarget
    | LuaTarget
    | PhpTarget,
    Field(discriminator="name"),
    Short(named, {"enum": [*LANGUAGES]}),
]


MAX_UNROLLED = 5_000
"""Weights with equations of their own; with three lines for each, the module would have 15,000 lines."""
