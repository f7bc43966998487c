"""Decides properties: by construction, by bounds, by exhaustion, or by CBMC, the cheapest way first."""

import math
import time
from collections.abc import Callable

from nngen.common.records import dataclass
from nngen.integers import Integers, run
from nngen.proof.proving import boxes, cbmc, construction, exhaustion, walks
from nngen.proof.proving.answers import answer, broken
from nngen.proof.proving.cbmc import Found, Verdict
from nngen.proof.proving.header import Header
from nngen.proof.proving.questions import Question, Values, same


@dataclass(frozen=True)
class Decided:
    """What is known of a property."""

    asked: Question
    found: Found
    engine: str
    """What decided it; empty if nothing did."""
    rows: tuple[tuple[int, ...], ...] = ()
    """Rows that break it: one, or two whose answers are compared."""


def decided(
    network: Integers,
    header: Header,
    asked: Question,
    seconds: float,
    *,
    construct: bool = True,
    most: int = exhaustion.MOST,
    says: Callable[[str], None] = lambda _: None,
) -> Decided:
    """Decide a property of a header.

    Args:
        network: the network.
        header: its header.
        asked: the property.
        seconds: the time limit.
        construct: whether the network may say what holds by construction, where its header has not been changed.
        most: how many rows are tried.
        says: gets a line now and then.

    Raises:
        SpecError: a program is not there.
    """
    end = time.monotonic() + seconds
    known = construct and not header.changed
    if known and construction.holds(network, asked):
        return Decided(asked, Found(Verdict.PROVEN), "by construction")
    if known and (by := _by_bounds(network, asked, seconds, boxes.FEW)).engine:
        return by
    given = (end - time.monotonic()) / (1 + known)
    found, rows, count = exhaustion.tried(network, header.text, asked, given, says, most, alike=not header.changed)
    if found.verdict is not Verdict.UNDECIDED:
        return Decided(asked, found, f"by exhaustion of {count:,} rows", tuple(map(tuple, rows)))
    if known and asked.walked is not None and (shown := walks.broken(network, asked)):
        return Decided(asked, Found(Verdict.FAILS), "by walks", tuple(shown))
    if known and (by := _by_bounds(network, asked, (end - time.monotonic()) / (1 + (count > most)))).engine:
        return by
    if count <= most:
        return Decided(asked, found, "")
    says(f"{count:,} rows are too many to try: CBMC is asked")
    return _by_cbmc(network, header, asked, end - time.monotonic())


def _by_bounds(network: Integers, asked: Question, seconds: float, most: float = math.inf) -> Decided:
    found, rows, count = boxes.searched(network, asked, seconds, most)
    engine = "" if found.verdict is Verdict.UNDECIDED else f"by bounds of {count:,} box{'es' * (count != 1)}"
    return Decided(asked, found, engine, tuple(map(tuple, rows)))


def _by_cbmc(network: Integers, header: Header, asked: Question, seconds: float) -> Decided:
    found = cbmc.proven(header.text, _program(network, asked), 32, seconds, checks=False)
    if found.verdict is Verdict.UNDECIDED:
        return Decided(asked, found, "")
    names = ["row"] + ["other"] * (asked.walked is not None)
    shown = [tuple(found.values.get(f"{name}_{i}", 0) for i in range(len(asked.columns))) for name in names]
    return Decided(asked, found, f"by {cbmc.version()}", tuple(shown) if found.verdict is Verdict.FAILS else ())


def compared(
    network: Integers, header: Header, seconds: float, says: Callable[[str], None] = lambda _: None
) -> Decided:
    """Whether a changed header gives the answers of the one that nngen writes, by exhaustion, or not decided."""
    asked = same(network)
    found, rows, count = exhaustion.tried(network, header.text, asked, seconds, says, built=header.built)
    engine = "" if found.verdict is Verdict.UNDECIDED else f"by exhaustion of {count:,} rows"
    return Decided(asked, found, engine, tuple(map(tuple, rows)))


def _program(network: Integers, asked: Question) -> str:
    """A program of C that breaks an assertion exactly if some row breaks the property."""
    places = range(len(asked.columns))
    parts = [_row("row", asked.columns)]
    if asked.walked is not None:
        w = asked.walked
        same = [f"other_{i} == row_{i}" for i in places if i != w]
        if asked.kind == "monotone":
            same.append(f"row_{w} == other_{w} + 1")  # of neighbors it follows for all
        parts += [_row("other", asked.columns), f"__CPROVER_assume({' && '.join(same or ['1'])});"]
        parts.append(f"int32_t before = answer_of(other, {asked.output});")
    parts.append(f"int32_t z = answer_of(row, {asked.output});")
    parts.append(f'__CPROVER_assert(!({broken(asked)}), "the property");')
    return f'#include "header.h"\n{answer(network)}int main(void) {{ {" ".join(parts)} return 0; }}\n'


def _row(name: str, columns: tuple[Values, ...]) -> str:
    names = [f"{name}_{i}" for i in range(len(columns))]
    some = [_some(one, values) for one, values in zip(names, columns, strict=True)]
    listed = ", ".join(names)
    return f"int16_t {listed}; __CPROVER_assume({' && '.join(some)}); int16_t {name}[{len(names)}] = {{{listed}}};"


def _some(name: str, values: Values) -> str:
    parts = [f"{name} >= {values.low} && {name} <= {values.high}"] if values.low <= values.high else []
    return f"({' || '.join([*parts, *(f'{name} == {n}' for n in values.more)])})"


def answered(network: Integers, row: tuple[int, ...], output: int) -> str:
    """The answer of a row in words."""
    answers = run(network, [row]).answers[0]
    if network.classes:
        return network.classes[int(answers)]
    return f"{answers[output] * network.output.resolutions[output]:.10g}"
