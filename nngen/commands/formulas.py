"""``nngen formulas``: the catalogues as tables."""

from nngen.common.text import table
from nngen.mathematics.catalogue import (
    ACTIVATIONS,
    CLIPS,
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


def formulas() -> str:
    """The whole catalogue, in tables."""
    return "\n\n".join(table(head, rows) for head, rows in tables())


def tables() -> list[Table]:
    """A table for each kind of formula."""
    kinds: Table = (
        ("kind of layer", "formula", "as written", "slopes by u and v", "source"),
        [(_name(e), e.textbook, e.value or "none", "; ".join(e.slopes) or "none", e.source) for e in KINDS.values()],
    )
    activations: Table = (
        ("activation", "formula", "as written", "slope", "source"),
        [
            (_name(e), e.textbook, "; ".join((*e.steps, e.value)), e.slope or "; ".join(e.back) or "none", e.source)
            for e in ACTIVATIONS.values()
        ],
    )
    losses: Table = (
        ("loss", "formula", "with", "as written", "slope", "source"),
        [
            (_name(e), e.textbook, activation, value, slope, e.source)
            for e in LOSSES.values()
            for activation, value, slope in (
                *([("any", "; ".join((*e.across, e.value)), f"{e.slope} by a")] if e.value else []),
                *((f.activation, f.value, f"{f.slope} by z") for f in e.fused),
            )
        ],
    )
    outputs: Table = (
        ("loss", "over the outputs", "source of the default"),
        [(e.name, e.reduction, e.reduction_source) for e in LOSSES.values()],
    )
    reductions: Table = (
        ("over a batch", "formula; weight is 1 by default"),
        [
            ("mean", "sum(weight loss) / n"),
            ("sum", "sum(weight loss)"),
            ("weighted_mean", "sum(weight loss) / sum(weight)"),
        ],
    )
    weights: Table = (
        ("class_weights", "targets", "the weight of an example by its class, as written"),
        [
            (
                given,
                f"{negative_target:g} or 1",
                f"sum({class_weight(outputs, negative_target).text})"
                if outputs > 1
                else class_weight(1, negative_target).text,
            )
            for given, outputs in (("c of each output", 2), ("c0, c1 of one output", 1))
            for negative_target in (0.0, -1.0)
        ],
    )
    optimizers: Table = (
        ("optimizer", "formula", "as written", "source"),
        [(_name(e), e.textbook, "; ".join(e.lines), e.source) for e in OPTIMIZERS.values()],
    )
    penalties: Table = (
        ("penalty", "formula", "as written", "slope", "source"),
        [(_name(e), e.textbook, e.value, e.slope, e.source) for e in PENALTIES.values()],
    )
    schedules: Table = (
        ("schedule", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.value, e.source) for e in SCHEDULES.values()],
    )
    stops: Table = (
        ("stop", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.condition, e.source) for e in STOP_RULES.values()],
    )
    clips: Table = (
        ("clip", "formula", "as written", "source"),
        [
            (_name(e), e.textbook, f"factor = {e.factor}; {e.line}" if e.factor else e.line, e.source)
            for e in CLIPS.values()
        ],
    )
    initializers: Table = (
        ("initializer", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.value, e.source) for e in INITIALIZERS.values()],
    )
    normalizations: Table = (
        ("normalization", "formula", "as written", "back", "running", "source"),
        [
            (_name(e), e.textbook, "; ".join(e.lines), "; ".join(e.back), "; ".join(e.running) or "none", e.source)
            for e in NORMALIZATIONS.values()
        ],
    )
    return [
        activations,
        normalizations,
        losses,
        outputs,
        reductions,
        weights,
        penalties,
        optimizers,
        schedules,
        clips,
        stops,
        initializers,
        kinds,
    ]


def _name(entry: Entry) -> str:
    options = ", ".join(o.name if o.default is None else f"{o.name}={o.default:g}" for o in entry.options)
    return f"{entry.name}({options})" if options else entry.name
