"""What is around the equations of a module: heads, checks of arguments and returns, in the words of the source.

The equations themselves are texts, which a template writes.
"""

import re
from collections.abc import Sequence

from nngen.plan import Plan
from nngen.targets.network_source import Source
from nngen.targets.prose import span

IMPORTS = ("cells", "stated", "weights")
"""The modules of the source that it calls."""


def forward(source: Source, plan: Plan, x: str, texts: Sequence[str]) -> None:
    """Write the function of the outputs; ``x`` is its argument, and the only text ends with their return."""
    says = f"The outputs of one example: {span(plan.inputs)} → {span(plan.output.units)}."
    source.function(f"forward(params: Params, {x}: Inputs) -> Outputs", says)
    source.add("if SIZES:")
    source.add("    check_size(params, PARAMETERS, 'params')")
    source.add(f"    check_size({x}, INPUTS, 'x')")
    selected = rows(source, plan, x)
    source.add(f"equations({source.text(texts[0])}, {', '.join(['params', x, *selected])})")


def add_gradient(source: Source, plan: Plan, x: str, texts: Sequence[str], *, checks: bool) -> None:
    """Write the function of the loss and its derivatives; the texts are the equations up to the loss, and others."""
    weighed, says = plan.loss.example_weights or plan.loss.weighted_mean, "The loss; its derivatives are added to"
    more = {"weight": "Num"} if weighed else {}
    more |= {"seed": "U32 | None"} if plan.has_dropout else {}
    given = {"params": "Params", x: "Inputs", "y": "Outputs", **more}
    head = ", ".join(f"{name}: {kind}" for name, kind in given.items())
    source.function(f"_add_gradient({head}, slopes: Params | None) -> Num", f"{says} the slopes, if there are any.")
    source.add("if CHECKS_SIZES:")
    for name, count in (("params", "PARAMETERS"), (x, "INPUTS"), ("y", "OUTPUTS")):
        source.add(f"    check_size({name}, {count}, {('x' if name == x else name)!r})")
    if checks:
        source.add("if not CHECKS_BEFORE:")
        source.add("    _check_targets(y)")
        if weighed:
            source.add("    _check_weight(weight)")
    selected = rows(source, plan, x)
    source.add(f"loss = equations({source.text(texts[0])}, {', '.join([*given, *selected])})")
    source.add("if slopes is None:")
    source.add("    return loss")
    source.add(f"equations_of_slopes(slopes, {source.text(texts[1])})")
    source.add("return loss")


def batch_gradient(source: Source, plan: Plan, texts: Sequence[str], says: str, *, checks: bool) -> None:
    """Write the function of a whole batch; the texts are the equations up to the loss, and those of the slopes."""
    own = plan.loss.example_weights
    more = ["weights: list[Num] | None = None"] * own + ["seeds: list[U32] | None = None"] * plan.has_dropout
    head = ", ".join(["params: Params", "xs: list[Inputs]", "ys: list[Outputs]", *more, "training: bool = True"])
    source.function(f"batch_gradient({head}) -> tuple[Num, Start, Start]", says)
    source.add("if SIZES and not CHECKS_BEFORE:")
    source.add("    _check_examples(params, xs, ys, None)")
    source.add("count = len(xs)")
    source.add("if not SIZES or CHECKS_SIZES or CHECKS_BEFORE:")
    source.add("    if count == 0 or len(ys) != count:")
    source.add("        refuse('xs', 'as many as ys, at least 1')")
    source.add("if CHECKS_BEFORE:")
    source.add("    _check_examples(params, xs, ys, None)")
    source.add(f"if {'not CHECKS_BEFORE' if checks else 'CHECKS_SIZES'}:")
    source.add("    for k in range(count):")
    source.add("        if CHECKS_SIZES:")
    source.add("            check_size(xs[k], INPUTS, 'x')")
    source.add("            check_size(ys[k], OUTPUTS, 'y')")
    if checks:
        source.add("        _check_targets(ys[k])")
    if plan.has_dropout:
        source.add("if SIZES and seeds is not None and len(seeds) != count:")
        source.add("    refuse('seeds', 'a seed for each example')")
    read = ["params", "training", *["seeds"] * plan.has_dropout]
    if own:  # a weight of an example is one of these, unless it also counts its class or its share of the batch
        several = plan.loss.weighted_mean or (plan.loss.weight and plan.loss.weight.by_class)
        read.append("weights" if several else "weight")
        source.add(f"{read[-1]}{': list[Num]' if several else ''} = _weights_of(weights, count)")
    named = {*re.findall(r"\w+", " ".join(texts))}
    for name, value in {"x": "xs", "y": "ys", "n": "Num(count)"}.items():
        if name in named:
            read.append(name)
            source.add(f"{name} = {value}")
    source.add(f"loss = equations({source.text(texts[0])}, {', '.join(read)})")
    source.add("slopes = no_params()")
    source.add(f"equations_of_slopes(slopes, {source.text(texts[1])})")
    source.comment("the running statistics move towards those of the batch")
    source.add("after = kept(params)")
    source.add("if training:")
    for block, line in (one for layer in plan.layers for one in layer.running_updates):
        at = f"{block.start} + i" if block.start else "i"
        source.add(f"    for i in range({block.size}):")
        value = source.formula(line.formula, "Num", old=f"params[{at}]", new=f"{block.name}[i]", n="n")
        source.add(f"        after[{at}] = {value}")
    source.kept |= {block.name for layer in plan.layers for block, _ in layer.running_updates}
    source.add("return loss, slopes, after")


def rows(source: Source, plan: Plan, x: str) -> list[str]:
    """Write which row of an embedding each id selects; the names of these."""
    for place, index in enumerate(plan.indices):
        source.add(f"row_{index.name} = _row_of_id({x}[{place}], {index.count}, {index.name!r})")
    source.kept |= {f"row_{index.name}" for index in plan.indices}
    return [f"row_{index.name}" for index in plan.indices]
