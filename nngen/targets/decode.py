"""What the outputs of a module stand for that answers with numbers, in the words of the source."""

from nngen.description.data import Encoding
from nngen.plan import Layer
from nngen.targets.network_source import Source
from nngen.targets.prose import span

IMPORTS = ("answers",)
"""The modules of the source that it calls."""


def decode(source: Source, encoding: Encoding, output: Layer) -> None:
    """Write the function."""
    several = len(output.units) > 1
    says = f"answers {encoding.in_units}: {span(output.units)}" if several else f"answer {encoding.in_units}"
    source.function(f"decode(outputs: Outputs) -> {'Outputs' if several else 'Num'}", f"The {says}.")
    source.add("if THROWS:")
    source.add("    _check_outputs(outputs)")
    if several and not encoding.answers:
        source.add("return copy_of(outputs)")
        return
    if not several:
        answer = source.formula(encoding.answers[0], "Num", a="outputs[0]") if encoding.answers else "outputs[0]"
        source.add(f"return {answer}")
        return
    source.add("answers = copy_of(outputs)")
    for place, formula in enumerate(encoding.answers):
        source.add(f"answers[{place}] = {source.formula(formula, 'Num', a=f'outputs[{place}]')}")
    source.add("return answers")


def bounds(source: Source, encoding: Encoding) -> None:
    """Write the function of the bounds of answers, if these are known."""
    if not encoding.bounds:
        return
    source.function("_bounds(outputs: Outputs) -> Bounds", "The lower and the upper bound of each answer.")
    source.add("found = no_bounds()")
    for place, formula in enumerate(encoding.bounds):
        source.add(f"found[{place}] = {source.formula(formula, 'Num', a=f'outputs[{place // 2}]')}")
    source.add("return found")
