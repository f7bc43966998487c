"""All checks over several fields of a spec; each is a small function that yields mistakes."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from nngen.common.diagnostics import MAX_FOUND, Diagnostic
from nngen.description.model import MAX_UNROLLED, NumpyTarget, Spec
from nngen.reading.checks import (
    columns,
    custom_formulas,
    data,
    example_weights,
    intervals,
    kinds,
    layers,
    learning,
    monotone,
    names,
    properties,
    stopping,
    structure,
)
from nngen.reading.checks.valid_parts import Parts, Problem, duplicates, parts, width
from nngen.reading.document import Document, Loc

MAX_PARAMETERS = 50_000_000
"""Parameters of a network; as Python floats, with their gradient, they take more than 3 GB."""

MAX_NAMED = 300_000
"""Inputs and units of a network; each has a name, and comparing it with the others takes two microseconds."""

MAX_BLOCKS = 2_000
"""Matrices and vectors of parameters; a plain network of 1,000 layers has this many, and 20,000 lines."""


Check = Callable[[Parts], Iterator[Problem]]


def check(
    document: Document, folder: Path | None, whole: Spec | None, root: Path | None = None
) -> Iterator[Diagnostic]:
    """Check the rules over several fields; without a folder, data files are not checked.

    ``whole`` is the spec if each field by itself is valid. Data files may also be in ``root``.
    """
    valid = parts(document, folder, whole, root)
    weights, parameters = _sizes(valid)
    if parameters > MAX_PARAMETERS:  # the other checks would take too long
        message = f"the network has {parameters:,} weights and biases, but at most {MAX_PARAMETERS:,} fit into memory"
        yield document.about(("layers",), message)
        return
    units = len(valid.input_names or ()) + sum(width(layer) for _, layer in valid.whole)
    if units > MAX_NAMED:
        message = f"the network has {units:,} inputs and units, but at most {MAX_NAMED:,} are allowed"
        yield document.about(("layers",), message)
        return
    if valid.blocks > MAX_BLOCKS:
        message = f"the network has {valid.blocks:,} parameter matrices and vectors, but at most {MAX_BLOCKS:,} fit"
        yield document.about(("layers",), message, advice="use fewer layers, or fewer sources under `from`")
        return
    for function in CHECKS:
        yield from _report(document, function(valid))
    if weights <= MAX_UNROLLED:
        yield from _report(document, names.unit_equations(valid))


def _report(document: Document, problems: Iterator[Problem]) -> Iterator[Diagnostic]:
    """The problems of a check; for each place only the first."""
    seen: set[Loc] = set()
    for problem in islice(problems, MAX_FOUND):
        loc = document.locate(problem.loc)
        if loc not in seen:
            seen.add(loc)
            line = "" if problem.other is None else str(document.line(document.locate(problem.other)))
            yield document.about(loc, problem.message, problem.label.replace("{line}", line), problem.advice)


def _sizes(valid: Parts) -> tuple[int, int]:
    """The least number of weights, and of weights and biases."""
    with_weights = [(part, layer) for part, layer in valid.whole if layer.weighted]
    weights = sum(width(layer) * (size or 0) for part, layer in with_weights for _, size in valid.feeds(part))
    return weights, weights + sum(width(layer) for _, layer in valid.whole if layer.bias is not None)


def _unrolled(valid: Parts) -> Iterator[Problem]:
    weights, _ = _sizes(valid)
    for index, target in enumerate(valid.targets):
        if not isinstance(target, NumpyTarget) and target.unroll == "weights" and weights > MAX_UNROLLED:
            message = f"equations for each weight are limited to {MAX_UNROLLED:,} weights; this network has {weights:,}"
            yield Problem(("targets", index, "unroll"), message, advice="use `unroll: layers`, or remove `unroll`")


def _repeated_targets(valid: Parts) -> Iterator[Problem]:
    yield from duplicates("target", ("targets",), (target.name for target in valid.targets))


CHECKS: tuple[Check, ...] = (
    names.layer_names,
    names.unit_names,
    names.looks,
    names.layer_equations,
    custom_formulas.choices,
    custom_formulas.activations,
    custom_formulas.losses,
    structure.sources,
    kinds.sources,
    kinds.widths,
    kinds.no_weights,
    kinds.index_inputs,
    kinds.used_indices,
    kinds.units_alone,
    kinds.batch_normalization,
    structure.loose_ends,
    structure.initial_weights,
    structure.initial_biases,
    layers.outputs,
    layers.several_units,
    layers.several_examples,
    structure.drawn_biases,
    structure.orthogonal_weights,
    learning.single_units,
    learning.output_fits,
    learning.missing_targets,
    learning.optimizer_fits,
    learning.slopes,
    learning.something_learns,
    monotone.one_output,
    monotone.layers,
    monotone.initial_weights,
    stopping.every,
    stopping.places,
    example_weights.class_weights,
    example_weights.weighted_mean,
    names.reserved_inputs,
    columns.count,
    columns.distinct,
    columns.categories,
    columns.number_styles,
    columns.one_list,
    columns.rows,
    columns.ranges,
    columns.scales,
    columns.scaled_targets,
    columns.answer_range,
    intervals.calibration,
    intervals.scores,
    data.examples,
    data.split,
    data.weights,
    data.named_classes,
    data.targets,
    data.classes,
    data.columns,
    data.anomalies,
    data.pairs,
    data.file,
    properties.fit,
    _unrolled,
    _repeated_targets,
)
"""All checks, except that of names that only modules of small networks have."""
