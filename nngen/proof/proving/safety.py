"""The safety of a C header in integers, for every row that its types can hold."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from nngen.common.records import dataclass
from nngen.integers import Integers, Whole
from nngen.proof.proving import cbmc, exhaustion
from nngen.proof.proving.cbmc import Found, Verdict
from nngen.proof.proving.contracts import contracts, roots, row, vectors
from nngen.proof.proving.header import Header

WHAT = (
    "no signed overflow, no conversion that changes a value, no index outside, no shift out of range,\n"
    "no division by zero"
)


MOST_OUT = 8
"""Sums that are taken out one by one, as no row gives them: each takes a run over all rows."""


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
            text, program = header.with_bodies(bodies, keep={name}), vectors(network) + _program(programs[name])
            found = cbmc.proven(text, program, bits, end - time.monotonic())
            if found.verdict is Verdict.FAILS and name not in _alone(header):
                yield _of_rows(network, header, Step(name, bits, found), partial(cbmc.proven, text), program, end)
            else:
                yield Step(name, bits, found)


def _of_rows(  # the program proves the step
    network: Integers, header: Header, step: Step, proven: Callable[[str, int, float], Found], program: str, end: float
) -> Step:
    """A function that fails for some arguments: does it for those that it gets from rows?

    It is asked of some rows, then of the sums that all rows give if these can be tried, then of any row. Of the sums,
    those between the ends are taken out that break the function, and that no row gives.
    """
    for given in _some_rows(network):
        done = _of_row(network, header, step, row(network, given), end)
        if done.found.verdict is not Verdict.PROVEN:
            return done
    ends = exhaustion.reached(network, header, step.function, end - time.monotonic())
    out: list[int] = []
    while ends and len(out) <= MOST_OUT:
        some = " && ".join([f"z >= {ends[0]}", f"z <= {ends[1]}", *(f"z != {z}" for z in out)])
        within = f"int32_t z; __CPROVER_assume({some});"
        found = proven(program.replace("int32_t z;", within, 1), step.bits, end - time.monotonic())
        if found.verdict is Verdict.PROVEN:
            return replace(step, found=found)
        if found.verdict is Verdict.UNDECIDED or "z" not in found.values:
            break
        given_by = exhaustion.reached(network, header, step.function, end - time.monotonic(), found.values["z"])
        if given_by is None or given_by[0] <= given_by[1]:
            break
        out.append(found.values["z"])
    return _of_row(network, header, step, row(network), end)


def _of_row(network: Integers, header: Header, step: Step, declared: str, end: float) -> Step:
    """Whether the whole header fails for a row."""
    for call in roots(network, header).values():
        whole = cbmc.proven(header.text, _program(f"{declared} {call}"), step.bits, end - time.monotonic())
        if whole.verdict is Verdict.FAILS:
            broken = tuple(whole.values.get(f"row_{i}", 0) for i in range(len(network.inputs.columns)))
            return replace(step, found=whole, row=broken)
        if whole.verdict is Verdict.UNDECIDED:
            return replace(step, found=replace(step.found, verdict=Verdict.UNDECIDED, why="no row is found"))
    return replace(step, found=Found(Verdict.PROVEN, step.found.properties))


def _some_rows(network: Integers) -> Iterator[list[int]]:
    """Rows that are quickly tried: the least, the middle and the greatest number of each column."""
    columns = network.inputs.columns
    ends = [(one.low, one.high) if isinstance(one, Whole) else (0, len(one.categories) - 1) for one in columns]
    for share in (0, 1, 2):
        yield [low + (high - low) * share // 2 for low, high in ends]


def _alone(header: Header) -> set[str]:
    """The functions that neither call others nor are called: their own arguments are those of users."""
    bodies = {name: header.body(function) for name, function in header.functions.items()}
    names = {name: rf"\b{function.name}\(" for name, function in header.functions.items()}
    calls = {(one, other) for one, body in bodies.items() for other, call in names.items() if re.search(call, body)}
    return {*names} - {name for pair in calls for name in pair}


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
