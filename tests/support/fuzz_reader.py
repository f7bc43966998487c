"""Fuzzing of what reads text from strangers: specs in YAML and JSON, and formulas.

    pip install atheris && python -m tests.support.fuzz_reader tests/description/corpus -max_len=3000 -timeout=20

The first byte says what the rest is. Whatever the text, it is read or refused with a message; what is read is written
as a module that compiles. The tests replay the corpus.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.description.model.data import Table
from nngen.mathematics.formulas.derivative import derivative
from nngen.mathematics.formulas.formula import Formula
from nngen.mathematics.formulas.grammar import FormulaError
from nngen.mathematics.formulas.user_text import TextError, normal_form
from nngen.plan.planner import plan
from nngen.reading.source import parse
from nngen.targets.render import render

LETTERS = {"z": "the weighted sum", "a": "the value"}


def spec(data: bytes, path: str) -> None:
    """Read a spec, and write its modules."""
    try:
        found = parse(data, path)
        planned = None if isinstance(found.data, Table) else plan(found, encoding(found, Path()))
    except SpecError as error:
        refused(error)
        return
    if planned is None:
        return
    for target in ("python", "numpy"):
        compile(render(planned, found, target), "net.py", "exec")


def refused(error: SpecError) -> None:
    """Say why, in text that a terminal shows as it is."""
    assert error.diagnostics
    assert all(character.isprintable() for character in str(error).replace("\n", ""))


def formula(data: bytes) -> None:
    """Read a formula of a spec's own, and derive it."""
    try:
        found = normal_form(data.decode(errors="replace"), LETTERS)
    except TextError:
        return
    assert normal_form(found.text, LETTERS).text == found.text
    try:
        derivative(found, "z")
    except FormulaError:
        return


def catalogue(data: bytes) -> None:
    """Read a formula as the catalogues have them."""
    try:
        Formula(data.decode(errors="replace"))
    except FormulaError:
        return


KINDS: dict[bytes, Callable[[bytes], None]] = {
    b"y": lambda data: spec(data, "spec.yaml"),
    b"j": lambda data: spec(data, "spec.json"),
    b"f": formula,
    b"c": catalogue,
}


def check(data: bytes) -> None:
    """Try one input; what is wrong is raised."""
    KINDS.get(data[:1], KINDS[b"y"])(data[1:])


if __name__ == "__main__":
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
