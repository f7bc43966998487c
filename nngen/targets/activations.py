"""The functions of activations with long formulas, and of their slopes, in the words of the source."""

from collections.abc import Iterable

from nngen.mathematics.catalogue import PageFunction
from nngen.targets.network_source import Source

IMPORTS = ()
"""The modules of the source that they call."""

OWN = "_own_"
"""The prefix of their names in the source. No function of ``nngen.runtime`` has it: users may choose any name."""


def functions(source: Source, listed: Iterable[PageFunction]) -> None:
    """Write them; ``Printer.own`` has the names that formulas call."""
    for one in listed:
        source.function(
            f"{OWN}{one.name}({', '.join(f'{argument}: Num' for argument in one.arguments)}) -> Num", one.says
        )
        for line in one.lines:
            source.add(f"{line.name} = {source.formula(line.formula, 'Num')}")
        source.add(f"return {source.formula(one.value, 'Num')}")
        source.kept |= {*one.arguments, *(line.name for line in one.lines)}
