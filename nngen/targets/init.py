"""The function ``init`` of a module, which makes initial parameters, in the words of the source."""

from nngen.plan import Block, Plan
from nngen.targets.network_source import Source
from nngen.targets.rows import literal_rows
from nngen.targets.update import signs

IMPORTS = ("random_numbers",)
"""The modules of the source that it calls."""


def init(source: Source, plan: Plan) -> None:
    """Write the function."""
    says = "Initial parameters: a seed gives the same numbers in the module of every target."
    source.function("init(seed: U32 = SEED) -> Start", says)
    source.add("params = no_params()")
    if all(block.seed is not None for block in plan.blocks if block.random or block.orthogonal):
        source.add("undrawn(seed)", "nothing is drawn with it")
    for block in plan.blocks:
        _block(source, block)
    signs(source, plan.monotone.begun, "start")
    source.add("return params")


def _block(source: Source, block: Block) -> None:
    """Write the numbers of a block, unless they are 0."""
    seed = "seed" if block.seed is None else source.whole(block.seed)
    if block.values:
        source.numbers(literal_rows(block), block.start)
    elif block.initial and block.orthogonal:
        rows, columns = block.shape
        source.add(f"matrix{block.start} = _orthogonal({seed}, {block.start}, {rows}, {columns})")
        source.add(f"for i in range({block.size}):")
        at = f"{block.start} + i" if block.start else "i"
        source.add(f"    params[{at}] = Num({source.formula(block.initial, q=f'matrix{block.start}[i]')})")
    elif block.initial and not block.empty:
        draws = {"u": f"_uniform({seed}, i)", "n": f"_normal({seed}, i)", "t": f"_truncated({seed}, i, {block.cut})"}
        source.add(f"for i in range({block.start}, {block.stop - block.zeros}):")
        value = source.formula(block.initial, **draws)
        source.add(f"    params[i] = {f'Num({value})' if block.random else value}")
