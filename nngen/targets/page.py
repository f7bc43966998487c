"""The object that templates get: a plan in the words of a target, and what the user asked for."""

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from nngen.common.records import dataclass
from nngen.mathematics.catalogue import PAGE_FUNCTIONS
from nngen.mathematics.formulas import Words
from nngen.plan import (
    Assignment,
    Equation,
    Equations,
    Scope,
    by_unit,
    equations,
    forms,
    formulas,
    functions,
    unit_terms,
)
from nngen.targets.derivatives import Derivatives
from nngen.targets.page_head import PageHead
from nngen.targets.rows import limits
from nngen.targets.targets import MAX_UPDATES, TARGETS
from nngen.targets.update_lines import descent

if TYPE_CHECKING:
    from nngen.targets.c_small import Small
    from nngen.targets.c_workspace import Workspace

FOUR_ROWS = 1_000
"""The most parameters of a module for predictions of JavaScript whose products take one row of a matrix at a time.

Four rows at a time take 25 lines more. They save 0.15 of 0.7 µs at 577 parameters, and 0.7 of 2.3 µs at 2,410.
"""


@dataclass(frozen=True)
class Page(PageHead):
    """The object that templates get."""

    margin: int = 4
    """The spaces before an equation of a layer."""
    alone: bool = False
    """Whether the equations of a layer are of one example, whatever the page computes together."""

    @property
    def in_loop(self) -> "Page":
        """The same page, for equations within a loop."""
        return replace(self, margin=8)

    @property
    def by_example(self) -> "Page":
        """The same page, for equations of one example."""
        return replace(self, alone=True)

    @cached_property
    def derivatives(self) -> Derivatives:
        """Its derivatives with respect to the inputs."""
        return Derivatives(self.plan, self.words)

    @cached_property
    def own(self) -> frozenset[str]:
        """The functions that the page defines for activations of the spec's own."""
        return frozenset(one.name for one in self.plan.page_functions).difference(PAGE_FUNCTIONS)

    @property
    def scalars(self) -> Words:
        """The words for single numbers."""
        return replace(TARGETS["python"].words, marked=True)

    @property
    def drawn(self) -> Words:
        """The C words for initial values, which are always drawn in 64 bits."""
        return replace(TARGETS["c"].words, prefix=self.words.prefix, marked=True)

    @cached_property
    def workspace(self) -> "Workspace":
        """The memory that the functions of a C page need."""
        from nngen.targets.c_workspace import workspace

        unrolled, narrow = self.level == "weights", self.dtype == "float32"
        contents = self.contents.union(("gradient", "training") if self.selftest else ())
        return workspace(self.plan, unrolled=unrolled, narrow=narrow, contents=contents)

    @property
    def largest(self) -> str:
        """The largest number of a cell."""
        return limits(self.dtype)["LARGEST"]

    @cached_property
    def small(self) -> "Small | None":
        """What ``NAME_class`` or ``NAME_answer`` computes, if a page of C has one: trained, in 32 bits."""
        from nngen.targets.c_small import small

        has = self.trained is not None and self.dtype == "float32" and self.has("prediction")
        scores = self.plan.encoding is not None and self.plan.encoding.of_inputs
        return small(self.plan) if has and not scores and not self.workspace.work else None

    def by_layer(self, scope: str) -> Equations[Equation]:
        """The equations of whole layers. The scope is a value of ``Scope``, such as ``batch``."""
        return equations(self.plan, Scope(scope))

    def by_unit(self, scope: str) -> Equations[Assignment]:
        """The equations of each unit, in the words of the target."""
        return by_unit(self.by_layer(scope), self.words)

    @property
    def descent(self) -> float | None:
        """The rate of gradient descent where a module of NumPy changes one array of all parameters by it."""
        plan = self.plan
        apart = not self.has("training") or plan.needs_batch or plan.indices or plan.penalty or plan.frozen
        added = not self.forms.isdisjoint(("gradient", "nested_gradient"))
        return None if apart or plan.monotone.signs or added else descent(plan.optimizer)

    @property
    def weighted(self) -> bool:
        """Whether a single example has its own weight; in a weighted mean it cancels."""
        return self.plan.loss.example_weights and not self.plan.loss.weighted_mean

    @property
    def remembers(self) -> bool:
        """Whether the optimizer has a state."""
        return self.plan.optimizer.counts or bool(self.plan.optimizer.memory)

    @property
    def rate(self) -> float | None:
        """The rate of gradient descent where a step of JavaScript adds derivatives to the parameters themselves.

        No equation of such a page reads a parameter after that.
        """
        plan = self.plan
        reads = self.level == "layers" and (plan.penalty is not None or "gradient" in self.forms)
        apart = not self.has("training") or plan.loss.weighted_mean or plan.needs_batch or plan.indices or reads
        return None if apart or plan.monotone.signs else descent(plan.optimizer)

    def block_rows(self, none: str) -> list[list[object]]:
        """Where each block begins and ends, the length of its rows, and the place of the input that selects one.

        Args:
            none: what stands for the place of blocks of which no input selects a row.
        """
        places = {index.name: place for place, index in enumerate(self.plan.indices)}
        return [
            [one.start, one.stop, len(one.inputs) if one.index else one.size, places.get(one.index, none)]
            for one in self.plan.blocks
        ]

    @property
    def class_weights(self) -> tuple[str, ...]:
        """The terms of an example's class weight, one for each output."""
        return unit_terms(self.by_layer("batch").weight[0].equations[0], self.words)

    @property
    def writes_each_update(self) -> bool:
        """Whether a step writes out the update of each parameter."""
        return self.plan.size <= MAX_UPDATES

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the page calls but does not define."""
        return functions(self.plan)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of its equations."""
        return forms(self.plan)

    def uses(self, module: str) -> bool:
        """Whether an equation calls a function of this module."""
        return any(self.words.calls[name].startswith(f"{module}.") for name in self.functions)

    @property
    def takes_four_rows(self) -> bool:
        """Whether products of JavaScript take four rows of a matrix at a time."""
        return self.has("gradient") or self.selftest is not None or self.plan.size > FOUR_ROWS

    @property
    def adds_products_later(self) -> bool:
        """Whether a page of JavaScript adds the products of an equation for a matrix for four examples at a time.

        Beside the slopes of a penalty, the order of additions counts: a page without the part does it, too.
        """
        outer = self.level == "layers" and "outer" in self.forms and not self.plan.needs_batch
        return outer and (self.has("batches") or self.plan.penalty is not None)

    @property
    def products(self) -> int:
        """How many equations for a matrix the gradient of an example has."""
        sections = self.by_layer("weighted_example").additions_last
        return sum(equation.form == "outer" for section in sections for equation in section.equations)

    @cached_property
    def written(self) -> str:
        """All formulas of the page, in the words of the target."""
        return "\n".join(formula.write(self.words) for formula in formulas(self.plan))

    def calls(self, function: str) -> bool:
        """Whether an equation calls this function. The name may be a pattern."""
        return re.search(rf"\b({function})\(", self.written) is not None
