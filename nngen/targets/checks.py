"""What a module asks of targets: whether its loss accepts them, and what they count, in the words of the source."""

import ast

from nngen.mathematics.formulas import Formula, spelled
from nngen.plan import Loss
from nngen.targets.network_source import Source

IMPORTS = ("numbers", "stated", "weights")
"""The modules of the source that it calls."""


def check_example(source: Source, *, targets: bool, weighted: bool) -> None:
    """Write the functions that refuse examples of other sizes, and perhaps targets and weights."""
    says = f"Refuse an example of other sizes{', with targets that the loss does not accept' * targets}."
    weight = ", weight: Num" * (targets and weighted)
    source.function(f"_check_example(params: Params, x: Inputs, y: Outputs{weight}) -> None", says)
    for name, size in (("params", "PARAMETERS"), ("x", "INPUTS"), ("y", "OUTPUTS")):
        source.add(f"check_size({name}, {size}, {name!r})")
    if targets:
        source.add("_check_targets(y)")
    if weight:
        source.add("_check_weight(weight)")
    head = "_check_examples(params: Params, xs: list[Inputs], ys: list[Outputs], seed: U32 | None) -> None"
    source.function(head, "Refuse examples of other sizes.")
    source.add("check_size(params, PARAMETERS, 'params')")
    source.add("for k in range(len(xs)):")
    source.add("    check_size(xs[k], INPUTS, 'xs')")
    source.add("    check_size(ys[k], OUTPUTS, 'ys')")
    if targets:
        source.add("    _check_targets(ys[k])")
    source.add("if UNTYPED_SEEDS and seed is not None and seed % 1 != 0:")
    source.add("    refuse('seed', 'a whole number')")


def check_targets(source: Source, loss: Loss) -> None:
    """Write the function that refuses targets which the loss does not accept."""
    source.function("_check_targets(targets: Outputs) -> None", "Refuse targets that the loss does not accept.")
    source.add("for y in targets:")
    source.add(f"    right = {source.formula(_accepted(loss.target), 'bool')}")
    source.add("    if not right and not is_nan(y):" if loss.missing else "    if not right:")
    source.add(f"        refuse('y', {f'targets that are {loss.targets}'!r})")
    if loss.distribution:
        source.add(f"whole = {source.formula(Formula('abs(total - 1.0) <= 1e-5'), 'bool', total='_sum(targets)')}")
        source.add("if not whole:")
        source.add("    refuse('y', 'targets that sum to 1')")


def _accepted(target: Formula) -> Formula:
    """The condition of a target that is not missing: ``b`` of ``where(a, b, 1)``."""
    match target.tree:
        case ast.Call(func=ast.Name("where"), args=[_, there, _]):
            return spelled(there)
    return target


def class_weight(source: Source, loss: Loss) -> None:
    """Write the function of what an example counts for its class, if that is asked."""
    if not (loss.weight and loss.weight.by_class):
        return
    formula = loss.weight.by_class
    source.function("_class_weight(y: list[Num]) -> Num", "What an example counts: the weight of its class.")
    if loss.weight.classes:
        source.add("total = Num(0.0)")
        source.add("for i, weight in enumerate(CLASS_WEIGHTS):")
        source.add(f"    total += {source.formula(formula, 'Num', c='weight', y='y[i]')}")
        source.add("return total")
    else:
        source.add(f"return {source.formula(formula, 'Num', y='y[0]')}")
