"""``nngen formulas``: the catalogues as tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nngen.common.text import table
from nngen.mathematics.catalogue import (
    ACTIVATIONS,
    CLIPS,
    DIRECTIONS,
    INITIALIZERS,
    KINDS,
    LOSSES,
    NORMALIZATIONS,
    OPTIMIZERS,
    PENALTIES,
    SCHEDULES,
    STOP_RULES,
    Entry,
    class_weight,
)

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""The header of a table, and its rows."""

OVER_BATCH = {
    "mean": "sum(weight loss) / n",
    "sum": "sum(weight loss)",
    "weighted_mean": "sum(weight loss) / sum(weight)",
}
"""The loss of a batch."""


def formulas() -> str:
    """The whole catalogue, in tables."""
    return "\n\n".join(table(head, rows) for head, rows in tables())


def tables() -> list[Table]:
    """A table for each kind of formula."""
    return [
        _table(
            "activation",
            ACTIVATIONS,
            as_written=lambda e: _joined((*e.steps, e.value)),
            slope=lambda e: e.slope or _joined(e.back),
        ),
        _table(
            "normalization",
            NORMALIZATIONS,
            as_written=lambda e: _joined(e.lines),
            back=lambda e: _joined(e.back),
            running=lambda e: _joined(e.running),
        ),
        (
            ("loss", "formula", "with", "as written", "slope", "source"),
            [
                (_name(e), e.textbook, activation, value, slope, e.source)
                for e in LOSSES.values()
                for activation, value, slope in (
                    *([("any", "; ".join((*e.across, e.value)), f"{e.slope} by a")] if e.value else []),
                    *((f.activation, f.value, f"{f.slope} by z") for f in e.fused),
                )
            ],
        ),
        (
            ("loss", "over the outputs", "source of the default"),
            [(e.name, e.reduction, e.reduction_source) for e in LOSSES.values()],
        ),
        (("over a batch", "formula; weight is 1 by default"), [*OVER_BATCH.items()]),
        (
            ("class_weights", "targets", "the weight of an example by its class, as written"),
            [
                (given, f"{negative:g} or 1", form.format(class_weight(outputs, negative).text))
                for given, outputs, form in (("c of each output", 2, "sum({})"), ("c0, c1 of one output", 1, "{}"))
                for negative in (0.0, -1.0)
            ],
        ),
        _table("penalty", PENALTIES, as_written=lambda e: e.value, slope=lambda e: e.slope),
        _table("optimizer", OPTIMIZERS, as_written=lambda e: _joined(e.lines)),
        _table("schedule", SCHEDULES, as_written=lambda e: e.value),
        _table("clip", CLIPS, as_written=lambda e: f"factor = {e.factor}; {e.line}" if e.factor else e.line),
        _table("monotone", DIRECTIONS, at_first=lambda e: f"w = {e.start}", as_written=lambda e: e.line),
        _table("stop", STOP_RULES, as_written=lambda e: e.condition),
        _table("initializer", INITIALIZERS, as_written=lambda e: e.value),
        _table(
            "kind of layer",
            KINDS,
            as_written=lambda e: e.value or "none",
            slopes_by_u_and_v=lambda e: _joined(e.slopes),
        ),
    ]


def _table(kind: str, entries: Mapping[str, Any], **columns: Callable[[Any], str]) -> Table:
    """A row for each entry: its name, its formula in textbooks, further columns, and its source."""
    head = (kind, "formula", *(name.replace("_", " ") for name in columns), "source")
    return head, [(_name(e), e.textbook, *(of(e) for of in columns.values()), e.source) for e in entries.values()]


def _joined(lines: Iterable[str]) -> str:
    return "; ".join(lines) or "none"


def _name(entry: Entry) -> str:
    options = ", ".join(o.name if o.default is None else f"{o.name}={o.default:g}" for o in entry.options)
    return f"{entry.name}({options})" if options else entry.name
