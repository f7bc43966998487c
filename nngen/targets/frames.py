"""What is around the equations of a module: heads, checks of arguments and returns, in the words of the source.

The equations themselves are texts, which a template writes.
"""

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


def rows(source: Source, plan: Plan, x: str) -> list[str]:
    """Write which row of an embedding each id selects; the names of these."""
    for place, index in enumerate(plan.indices):
        source.add(f"row_{index.name} = _row_of_id({x}[{place}], {index.count}, {index.name!r})")
    source.kept |= {f"row_{index.name}" for index in plan.indices}
    return [f"row_{index.name}" for index in plan.indices]
