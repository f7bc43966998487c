"""The safety of a C header in integers, for every row that its types can hold."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nngen.integers import Integers
from nngen.proof.proving import cbmc
from nngen.proof.proving.cbmc import Found, Verdict
from nngen.proof.proving.contracts import contracts, roots, row, vectors
from nngen.proof.proving.header import Header

WHAT = (
    "no signed overflow, no conversion that changes a value, no index outside, no shift out of range,\n"
    "no division by zero"
)


@dataclass(frozen=True)
class Step:
    """What is known of a function."""

    function: str
    bits: int
    """The bits of an ``int``."""
    found: Found
    row: tuple[int, ...] = ()
    """The whole numbers of a row that breaks it."""


def safe(network: Integers, header: Header, bits: int, seconds: float) -> Iterator[Step]:
    """Prove the functions of a header, one after the other, where an ``int`` has so many bits.

    Args:
        network: the network that the header states.
        header: the header, perhaps changed.
        bits: 16 or 32.
        seconds: the time limit of all of them together.

    Raises:
        SpecError: CBMC is not there.
    """
    end = time.monotonic() + seconds
    made = list(contracts(network, header))
    bodies = {one.name: one.body for one in made if one.body}
    declared = row(network)
    programs = {name: f"{declared} {call}" for name, call in roots(network, header).items()}
    programs |= {one.name: one.program for one in made}
    for name in header.functions:
        if name in programs:
            text = header.with_bodies(bodies, keep={name})
            found = cbmc.proven(text, vectors(network) + _program(programs[name]), bits, end - time.monotonic())
            if found.verdict is Verdict.FAILS:
                yield _of_rows(network, header, name, bits, found, end)
            else:
                yield Step(name, bits, found)


def _of_rows(network: Integers, header: Header, name: str, bits: int, found: Found, end: float) -> Step:
    """A function that fails for some arguments: does it for those that it gets from rows?"""
    count = len(network.inputs.columns)
    for call in roots(network, header).values():
        program = _program(f"{row(network)} {call}")
        whole = cbmc.proven(header.text, program, bits, end - time.monotonic())
        if whole.verdict is Verdict.FAILS:
            return Step(name, bits, whole, tuple(whole.values.get(f"row_{i}", 0) for i in range(count)))
        if whole.verdict is Verdict.UNDECIDED:
            return Step(
                name, bits, Found(Verdict.UNDECIDED, found.properties, found.wrong, found.line, why="no row is found")
            )
    return Step(name, bits, Found(Verdict.PROVEN, found.properties))


def left(header: Header, steps: Sequence[Step]) -> list[str]:
    """The functions that no step has looked at, neither alone nor with one that calls them."""
    done, functions = {step.function for step in steps}, header.functions
    bodies = {name: header.body(function) for name, function in functions.items()}
    called = {
        name
        for name, function in functions.items()
        for caller, body in bodies.items()
        if caller != name and re.search(rf"\b{function.name}\(", body)
    }
    return [name for name in functions if name not in done | called]


def _program(body: str) -> str:
    return f'#include "header.h"\nint main(void) {{ {body} return 0; }}\n'
