"""A network whose steps a worksheet records."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from nngen.common.records import dataclass
from nngen.learning.trace.chain_rule import ChainRule
from nngen.learning.trace.excerpt import Cut
from nngen.learning.trace.statements import WORDS, Module
from nngen.learning.trace.worksheet import BACKWARD, FORWARD, LOSS
from nngen.learning.typeset import Symbols
from nngen.plan import Equations, Plan, Scope, Section, by_unit, equations


def in_parts(found: Equations[Any], *, training: bool) -> Iterator[tuple[str, Section[Any]]]:
    """The sections of a step of training, or of a forward pass, each with the part of a step that it belongs to."""
    parts = (
        (FORWARD, (*found.training, *found.weight) if training else found.forward),
        (LOSS, (*found.loss, *found.penalty) if training else ()),
        (BACKWARD, (*found.backward, *found.penalty_slopes) if training else ()),
    )
    yield from ((part, section) for part, sections in parts for section in sections)


@dataclass(frozen=True)
class Traced:
    """A network, its module, and what is shown of them."""

    plan: Plan
    module: Module
    cut: Cut
    """The equations that are shown."""
    decode: Callable[[Any], Any] | None
    """The function that turns outputs into an answer in the units of the data, if there is one."""
    whole: Plan
    """The plan of the whole network; ``plan`` may have only the rows that an example selects."""
    batch: bool = False
    """Whether each step uses a batch of examples."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """The id of the example, by the name of each input that has ids."""

    @cached_property
    def symbols(self) -> Symbols:
        """The meanings of its names."""
        return Symbols(self.plan)

    @cached_property
    def parameters(self) -> list[str]:
        """The names of its parameters."""
        return [name for row in self.plan.parameter_rows() for name in row]

    def parts(self, *, training: bool) -> list[tuple[str, Section[Any]]]:
        """The sections of its equations, each with the part of a step that it belongs to."""
        found = equations(self.plan, Scope.BATCH if self.batch else Scope.EXAMPLE)
        return [*in_parts(found if self.batch else by_unit(found, WORDS), training=training)]

    @cached_property
    def rule(self) -> ChainRule:
        """The chain rule behind its derivatives."""
        return ChainRule(self.plan, self.symbols)
