"""What concerns more than one field of a spec: each check is a small function that yields what it finds."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from nngen.diagnostics import MAX_FOUND, Diagnostic
from nngen.reading.checks import (
    columns,
    custom_formulas,
    data,
    example_weights,
    layers,
    learning,
    names,
    structure,
)
from nngen.reading.checks.valid_parts import (
    FIRST,
    Parts,
    Problem,
    parts,
    width,
)
from nngen.reading.document import Document, Loc
from nngen.spec import MAX_UNROLLED, NumpyTarget, Spec

MAX_PARAMETERS = 50_000_000
"""Of a network: as Python's floats, with their gradient, they take more than 3 GB."""

MAX_NAMED = 300_000
"""Inputs and units of a network: each has a name, which is compared with all others in some two microseconds."""

MAX_BLOCKS = 2_000
"""Matrices and vectors of parameters: a plain network of 1,000 layers has as many, and 20,000 lines."""


Check = Callable[[Parts], Iterator[Problem]]


def check(
    document: Document, folder: Path | None, whole: Spec | None, root: Path | None = None
) -> Iterator[Diagnostic]:
    """Check what concerns more than one field; without a folder, files are not looked for.

    With ``whole``, the document is valid by its fields, and this is what it says. Data may lie in ``root``, too.
    """
    valid = parts(document, folder, whole, root)
    weights, parameters = _sizes(valid)
    if parameters > MAX_PARAMETERS:  # no other check is meant for as many
        message = f"{parameters:,} weights and biases, where at most {MAX_PARAMETERS:,} fit into memory"
        yield document.about(("layers",), message)
        return
    units = len(valid.input_names or ()) + sum(width(layer) for _, layer in valid.whole)
    if units > MAX_NAMED:
        message = f"{units:,} inputs and units, where at most {MAX_NAMED:,} get a name"
        yield document.about(("layers",), message)
        return
    if valid.blocks > MAX_BLOCKS:
        message = f"{valid.blocks:,} matrices and vectors of parameters, where at most {MAX_BLOCKS:,} fit into a module"
        yield document.about(("layers",), message, advice="use fewer layers, or fewer sources under `from`")
        return
    for function in CHECKS:
        yield from _report(document, function(valid))
    if weights <= MAX_UNROLLED:
        yield from _report(document, names.unit_equations(valid))


def _report(document: Document, problems: Iterator[Problem]) -> Iterator[Diagnostic]:
    """The problems of a check, at each place the first of them."""
    seen: set[Loc] = set()
    for problem in islice(problems, MAX_FOUND):
        loc = document.locate(problem.loc)
        if loc not in seen:
            seen.add(loc)
            line = "" if problem.other is None else str(document.line(document.locate(problem.other)))
            yield document.about(loc, problem.message, problem.label.replace("{line}", line), problem.advice)


def _sizes(valid: Parts) -> tuple[int, int]:
    """How many weights, and how many weights and biases, there are at least."""
    weights = sum(width(layer) * (size or 0) for part, layer in valid.whole for _, size in valid.feeds(part))
    return weights, weights + sum(width(layer) for _, layer in valid.whole if layer.bias is not None)


def _unrolled(valid: Parts) -> Iterator[Problem]:
    weights, _ = _sizes(valid)
    for index, target in enumerate(valid.targets):
        if not isinstance(target, NumpyTarget) and target.unroll == "weights" and weights > MAX_UNROLLED:
            message = f"{weights:,} weights, where at most {MAX_UNROLLED:,} can have equations of their own"
            yield Problem(("targets", index, "unroll"), message, advice="write `unroll: layers`, or leave it out")


def _repeated_targets(valid: Parts) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, target in enumerate(valid.targets):
        before = first.setdefault(target.name, index)
        if before != index:
            message = f"the target {target.name!r} a second time"
            yield Problem(("targets", index), message, FIRST, other=("targets", before))


CHECKS: tuple[Check, ...] = (
    names.layer_names,
    names.unit_names,
    names.looks,
    names.layer_equations,
    custom_formulas.choices,
    custom_formulas.activations,
    custom_formulas.losses,
    structure.sources,
    structure.loose_ends,
    structure.initial_weights,
    structure.initial_biases,
    layers.outputs,
    layers.several_units,
    layers.several_examples,
    layers.input_names,
    structure.drawn_biases,
    structure.orthogonal_weights,
    learning.single_units,
    learning.output_fits,
    learning.optimizer_fits,
    learning.slopes,
    learning.something_learns,
    example_weights.class_weights,
    example_weights.weighted_mean,
    example_weights.input_names,
    columns.count,
    columns.distinct,
    columns.categories,
    columns.one_list,
    columns.rows,
    columns.scales,
    columns.scaled_targets,
    data.examples,
    data.weights,
    data.named_classes,
    data.targets,
    data.classes,
    data.columns,
    data.file,
    _unrolled,
    _repeated_targets,
)
"""All checks but that of the names that only a small network's module makes."""
