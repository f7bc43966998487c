"""The function of a module that makes a step of its optimizer, in the words of the source."""

from collections.abc import Sequence

from nngen.mathematics.formulas import Formula
from nngen.plan import Block, Optimizer, Plan, Signs
from nngen.targets.loop_names import changed_names
from nngen.targets.network_source import Source
from nngen.targets.update_lines import lines_with_powers, powers

IMPORTS = ("stated",)
"""The modules of the source that it calls."""


def update(source: Source, plan: Plan) -> None:
    """Write ``step``, or where a step changes only some rows of embeddings, what ``step`` calls with their places."""
    optimizer = plan.optimizer
    if plan.indices and not plan.dense_steps:
        head = "_update(params: Params, slopes: Params, state: State, places: list[int]) -> None"
        source.function(head, "Make a step of the parameters at some places.")
        every = "for i in places:"
    else:
        source.function(
            "step(params: Params, slopes: Params, state: State) -> None", "Make one step of OPTIMIZER, in place."
        )
        source.add("if SIZES:")
        source.add("    check_size(params, PARAMETERS, 'params')")
        source.add("    check_size(slopes, PARAMETERS, 'slopes')")
        every = "for i in range(PARAMETERS):"
    _numbers(source, optimizer, every)
    source.add(every)
    margin = _moving(source, () if optimizer.keeps else plan.frozen)
    if optimizer.plain:
        changed = source.formula(optimizer.lines[0].formula, "Num", w="params[i]", g="slopes[i]")
        source.add(f"{margin}params[i] = {changed}")
    else:
        _parameter(source, optimizer, margin)
    signs(source, plan.monotone.kept, "nearest")


def _moving(source: Source, frozen: Sequence[Block]) -> str:
    """Write that frozen blocks stay as they are, and return the margin of the step of a parameter that moves."""
    for place, block in enumerate(frozen):
        before = f"i < {block.start} or " if block.start else ""
        outside = f"{before}i >= {block.stop}"
        why = f"{block.name} is {block.frozen_reason}"
        if len(frozen) == 1:
            source.add(f"    if {outside}:", why)
        else:
            source.add(f"    moves = {f'moves and ({outside})' if place else outside}", why)
    if len(frozen) > 1:
        source.add("    if moves:")
    return "        " if frozen else "    "


def _numbers(source: Source, optimizer: Optimizer, every: str) -> None:
    """Write what is the same for all parameters."""
    if optimizer.counts:
        source.add("state.t += 1.0")
        source.add("t = state.t")
    if not (optimizer.counts or optimizer.memory):
        source.add("unused(state)")
    for line in powers(optimizer):
        source.add(f"{line.name} = {source.formula(line.formula, 'Num')}")
    if optimizer.rate:
        source.add(f"rate = {source.formula(optimizer.rate, 'Num')}")
    if optimizer.factor:
        source.add("squares = Num(0.0)")
        source.add(every)
        source.add("    squares += slopes[i] * slopes[i]")
        source.add(f"norm = {source.formula(Formula('sqrt(squares)'), 'Num')}")
        source.add(f"factor = {source.formula(optimizer.factor, 'Num')}")


def _parameter(source: Source, optimizer: Optimizer, margin: str) -> None:
    """Write the step of a parameter."""
    source.add(f"{margin}w = params[i]")
    source.add(f"{margin}g = slopes[i]")
    for slot in optimizer.memory:
        source.add(f"{margin}{slot} = state.{slot}[i]")
    for line in lines_with_powers(optimizer):
        source.add(f"{margin}{line.name} = {source.formula(line.formula, 'Num')}")
    source.add(f"{margin}params[i] = w")
    for slot in optimizer.memory:
        if slot in changed_names(optimizer):
            source.add(f"{margin}state.{slot}[i] = {slot}")


def signs(source: Source, listed: Sequence[Signs], form: str) -> None:
    """Write loops over the weights that keep their signs; ``form`` names the formula of a new weight."""
    for one in listed:
        source.comment(one.comment, apart=False)
        step = f", {one.step}" if one.step > 1 else ""
        source.add(f"for i in range({one.first}, {one.block.stop}{step}):")
        for column in one.columns:
            w = f"params[{column.at('i')}]"
            source.add(f"    {w} = {source.formula(getattr(column, form), 'Num', w=w)}")
