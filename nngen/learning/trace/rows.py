"""Networks with ids: for one example, the rows that its ids select take the place of the tables.

Such a network has an equation for each weight: its embeddings have one row each. Time and memory of a step do not
depend on the number of ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import accumulate
from typing import Any

from nngen.common.messages import message
from nngen.common.records import dataclass
from nngen.common.text import printable
from nngen.description.identifiers import Identifiers
from nngen.description.model import Spec
from nngen.learning.trace.statements import Module
from nngen.plan import Block, Plan, full_name, with_blocks
from nngen.targets import render_by_weights


@dataclass(frozen=True)
class Selection:
    """A network whose embeddings have only the rows that an example selects."""

    plan: Plan
    """Its plan, without inputs that have ids. Blocks of other rows follow those of the network."""
    keys: tuple[tuple[str, int], ...]
    """For each block its name in the whole network, and its row; 0 for other blocks."""
    ids: Mapping[str, str]
    """The id that selects a row, by the name of the input."""
    whole: Plan
    """The plan of the whole network."""
    spec: Spec

    @cached_property
    def module(self) -> Module:
        """Its module, with an equation for each weight."""
        return Module(self.plan.name, render_by_weights(self.plan, self.spec))

    @property
    def places(self) -> list[slice]:
        """The place of each block among the parameters of the whole network."""
        first = {block.name: block.start for block in self.whole.blocks}
        starts = [first[name] + row * b.size for b, (name, row) in zip(self.plan.blocks, self.keys, strict=True)]
        return [slice(start, start + b.size) for b, start in zip(self.plan.blocks, starts, strict=True)]

    def initial(self, seed: int) -> list[float]:
        """Its initial parameters, which are those of the whole network."""
        pairs = zip(self.plan.blocks, self.places, strict=True)
        blocks = tuple(replace(block, start=place.start) for block, place in pairs)
        placed = Module(self.plan.name, render_by_weights(replace(self.plan, blocks=blocks), self.spec))
        parameters: list[float] = placed.names["init"](seed)
        return parameters


class Tables:
    """The parameters and the optimizer state of all rows that the examples of a worksheet select."""

    def __init__(
        self, spec: Spec, plan: Plan, examples: Sequence[Sequence[float]], seed: int, saved: Sequence[float] | None
    ) -> None:
        """Take the examples of all steps, and parameters in the order of the layout, or a seed for initial ones."""
        self.spec, self.plan, self.seed, self.saved = spec, plan, seed, saved
        self.chosen = [
            {index.name: int(value) for index, value in zip(plan.indices, x, strict=False)} for x in examples
        ]
        described = plan.encoding.indices if plan.encoding else spec.indices
        self.listed = {each.name: each.ids if isinstance(each.ids, tuple) else () for each in described}
        self.names = self._names()
        self.known: dict[tuple[str, int], list[list[float]]] = {}
        self.count: list[Any] = []

    def _names(self) -> Mapping[tuple[str, int], str]:
        """A name for each row that an example selects: its id, if that is a name."""
        plan, names = self.plan, {}
        distinct = Identifiers({name for row in plan.parameter_rows() for name in row})
        for index in plan.indices:
            units = [unit for block in plan.blocks if block.index == index.name for unit in block.inputs]
            for row in dict.fromkeys(each[index.name] for each in self.chosen):
                text = self._id(index.name, row)
                text = text if self.listed[index.name] else full_name(index.name, text)
                names[index.name, row] = distinct.make(text, index.name, partial(_weights, units))
        return names

    def _id(self, index: str, row: int) -> str:
        """The id of a row. Without a list of ids, it is the number of the row."""
        ids = self.listed[index]
        if not ids:
            return f"{row}"
        return printable(ids[row]) if row < len(ids) else message("an unknown id")

    def select(self, step: int) -> Selection:
        """The network of a step. If steps change all rows, those that other examples select belong to it, too."""
        plan, ids = self.plan, self.chosen[step]
        given = [(block, ids[block.index] if block.index else 0) for block in plan.blocks]
        blocks = [(self._row(block, row, block.name), block.name, row) for block, row in given]
        names = {block.name for block in plan.blocks}
        for block, own_row in given if plan.dense_steps else ():
            rows = dict.fromkeys(each[block.index] for each in self.chosen) if block.index and block.trainable else ()
            for row in rows:
                if row != own_row:
                    name = full_name(block.name, self.names[block.index, row])
                    name = name if name not in names else f"rows_{len(blocks)}"
                    blocks.append((self._row(block, row, name), block.name, row))
        starts = accumulate((block.size for block, *_ in blocks), initial=0)
        placed = [replace(block, start=start) for (block, *_), start in zip(blocks, starts, strict=False)]
        own = with_blocks(plan, {block.name: block for block in placed[: len(plan.blocks)]})
        reduced = replace(own, inputs=plan.numbers, indices=(), blocks=tuple(placed), encoding=None)
        keys = tuple((name, row) for _, name, row in blocks)
        named = {index: self._id(index, row) for index, row in ids.items()}
        return Selection(reduced, keys, named, plan, self.spec)

    def _row(self, block: Block, row: int, name: str) -> Block:
        """A block with a single row of an embedding: a weight for each unit."""
        if not block.index:
            return block
        width = len(block.inputs)
        return replace(
            block,
            name=name,
            units=block.inputs,
            inputs=(self.names[block.index, row],),
            count=0,
            values=block.values[row * width : (row + 1) * width],
        )

    def take(self, selection: Selection) -> tuple[list[float], Any]:
        """The parameters of a selection, and the state of the optimizer."""
        names = selection.module.names
        if any(key not in self.known for key in selection.keys):
            if self.saved is None:
                first = selection.initial(self.seed)
            else:
                first = [number for place in selection.places for number in self.saved[place]]
            starts = names["init_state"](first)[self._counts :]
            for block, key in zip(selection.plan.blocks, selection.keys, strict=True):
                place = slice(block.start, block.stop)
                self.known.setdefault(key, [first[place], *(memory[place] for memory in starts)])
            self.count = self.count or list(names["init_state"](first)[: self._counts])
        params, *memories = (
            [number for key in selection.keys for number in self.known[key][slot]]
            for slot in range(1 + len(self.plan.optimizer.memory))
        )
        return params, (*self.count, *memories)

    def keep(self, selection: Selection, params: Sequence[float], state: Sequence[Any]) -> None:
        """Keep what a step has changed."""
        self.count = list(state[: self._counts])
        for block, key in zip(selection.plan.blocks, selection.keys, strict=True):
            self.known[key] = [list(values[block.start : block.stop]) for values in (params, *state[self._counts :])]

    @property
    def _counts(self) -> int:
        return int(self.plan.optimizer.counts)


def _weights(units: Sequence[str], row: str) -> list[str]:
    return [full_name("w", unit, row) for unit in units]
