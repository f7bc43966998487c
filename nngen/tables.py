"""Plain tables of text: what ``nngen show`` and ``nngen formulas`` print."""

from collections.abc import Mapping, Sequence
from time import process_time

from nngen.activations import ACTIVATIONS
from nngen.catalogue import Entry
from nngen.initializers import INITIALIZERS
from nngen.losses import LOSSES
from nngen.normalizations import NORMALIZATIONS
from nngen.optimizers import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.penalties import PENALTIES
from nngen.plan import Plan
from nngen.stopping import STOPS
from nngen.targets import KINDS
from nngen.text import columns, padded
from nngen.weighting import class_weight


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Columns under their heads; those at the places in ``numbers`` are set flush right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(columns(line[i]) for line in lines) for i in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(
            padded(cell, width, right=i in numbers) for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def show(plan: Plan, modules: Mapping[str, str], cortex: str) -> str:
    """A network in tables: its layers, the size of its modules, and what it takes on a Cortex-M4."""
    rows = [
        (
            layer.name,
            " + ".join(source.name for source in layer.sources),
            layer.activation,
            " + ".join(f"{len(layer.units)} x {len(source.values)}" for source in layer.sources),
            str(sum(block.size for block in layer.blocks)),
            str(sum(source.weights.size for source in layer.sources)),
        )
        for layer in plan.layers
    ]
    rows.append(("total", "", "", "", str(plan.size), str(plan.multiplications)))
    layers = table(("layer", "from", "activation", "weights", "parameters", "multiplications"), rows, (4, 5))
    sizes = [
        (
            name,
            str(text.count("\n")),
            str(len(text.encode())),
            _import_time(text) if KINDS[name].suffix.endswith(".py") else "",
        )
        for name, text in modules.items()
    ]
    arrays = [
        (what, f"{numbers}", f"{8 * numbers}", f"{4 * numbers}")
        for what, numbers in (("parameters", plan.size), ("fit, beside", plan.working_size))
    ]
    held = table(("arrays of c", "numbers", "bytes, double", "bytes, float"), arrays, (1, 2, 3))
    sized = table(("module", "lines", "bytes", "ms to import"), sizes, (1, 2, 3))
    return "\n\n".join([f"{plan.name}: {plan.summary}", layers, held, sized, cortex])


def _import_time(text: str) -> str:
    """The milliseconds in which this Python compiles a module, of which nearly all of its first import consists."""
    begun = process_time()
    compile(text, "module", "exec")
    return f"{1e3 * (process_time() - begun):.1f}"


def formulas() -> str:
    """The whole catalogue, in tables."""
    activations = table(
        ("activation", "formula", "as written", "slope", "source"),
        [
            (_name(e), e.textbook, "; ".join((*e.steps, e.value)), e.slope or "; ".join(e.back) or "none", e.source)
            for e in ACTIVATIONS.values()
        ],
    )
    losses = table(
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
    outputs = table(
        ("loss", "over the outputs", "source of that"),
        [(e.name, e.reduction, e.reduction_source) for e in LOSSES.values()],
    )
    reductions = table(
        ("over a batch", "formula, where weight is 1 unless the spec says otherwise"),
        [
            ("mean", "sum(weight loss) / n"),
            ("sum", "sum(weight loss)"),
            ("weighted_mean", "sum(weight loss) / sum(weight)"),
        ],
    )
    weights = table(
        ("class_weights", "targets", "what the class of an example weighs, as written"),
        [
            (
                given,
                f"{no:g} or 1",
                f"sum({class_weight(outputs, no).text})" if outputs > 1 else class_weight(1, no).text,
            )
            for given, outputs in (("c of each output", 2), ("c0, c1 of one output", 1))
            for no in (0.0, -1.0)
        ],
    )
    optimizers = table(
        ("optimizer", "formula", "as written", "source"),
        [(_name(e), e.textbook, "; ".join(e.lines), e.source) for e in OPTIMIZERS.values()],
    )
    penalties = table(
        ("penalty", "formula", "as written", "slope", "source"),
        [(_name(e), e.textbook, e.value, e.slope, e.source) for e in PENALTIES.values()],
    )
    schedules = table(
        ("schedule", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.value, e.source) for e in SCHEDULES.values()],
    )
    stops = table(
        ("stop", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.condition, e.source) for e in STOPS.values()],
    )
    clips = table(
        ("clip", "formula", "as written", "source"),
        [
            (_name(e), e.textbook, f"factor = {e.factor}; {e.line}" if e.factor else e.line, e.source)
            for e in CLIPS.values()
        ],
    )
    initializers = table(
        ("initializer", "formula", "as written", "source"),
        [(_name(e), e.textbook, e.value, e.source) for e in INITIALIZERS.values()],
    )
    normalizations = table(
        ("normalization", "formula", "as written", "back", "running", "source"),
        [
            (_name(e), e.textbook, "; ".join(e.lines), "; ".join(e.back), "; ".join(e.running) or "none", e.source)
            for e in NORMALIZATIONS.values()
        ],
    )
    return "\n\n".join(
        [
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
        ]
    )


def _name(entry: Entry) -> str:
    options = ", ".join(o.name if o.default is None else f"{o.name}={o.default:g}" for o in entry.options)
    return f"{entry.name}({options})" if options else entry.name
