"""Plan and target → the text of a module, by the one Jinja environment."""

import re
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nngen.formulas import Words
from nngen.pages.selftest import SelfTest
from nngen.pages.targets import TARGETS, template, words
from nngen.pages.template_cache import Compiled, late
from nngen.plan import (
    Assignment,
    Equation,
    Equations,
    Plan,
    Scope,
    Workspace,
    by_unit,
    equations,
    forms,
    formulas,
    functions,
    unit_terms,
    workspace,
)
from nngen.spec import Spec

HERE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Page:
    """What a template sees: the plan, the target's words, and the width of the numbers where it has several.

    With ``selftest``, the page compares itself with these numbers.
    """

    plan: Plan
    words: Words
    dtype: str
    selftest: SelfTest | None

    @property
    def title(self) -> tuple[str, ...]:
        """The network in one line, in pieces that a page may break between."""
        plan = self.plan
        return f"{plan.name}, {plan.size} parameters:", *re.split("(?<=[>;]) ", plan.summary)

    @property
    def weight_law(self) -> str:
        """The meaning of a weight's name."""
        layer = self.plan.layers[0]
        source = layer.sources[0]
        return f"{source.weights.rows[0][0]} is the weight that leads to {layer.units[0]} from {source.values[0]}."

    @property
    def matrix_law(self) -> str:
        """The meaning of an index into a matrix of weights."""
        layer = self.plan.layers[0]
        source = layer.sources[0]
        return (
            f"{source.weights.name}[i][j] is the weight that leads to unit i of {layer.name} from unit j of "
            f"{source.name}."
        )

    @property
    def notation(self) -> str:
        """The symbols between weighted sums and activations, if there are any."""
        names = {line.name for layer in self.plan.layers for line in layer.training_lines}
        hat = ", hat a normalized value and s the same after gain and shift" if "hat" in names else ""
        return hat + (", f an activation before what else is done to it" if "f" in names else "")

    @property
    def scalars(self) -> Words:
        """The words for what is computed of single numbers."""
        return TARGETS["python"].words

    @property
    def drawn(self) -> Words:
        """The words of C for initial values, which are drawn in 64 bits whatever the width of the numbers is."""
        return replace(TARGETS["c"].words, prefix=self.words.prefix)

    def workspace(self, level: str) -> Workspace:
        """What the functions of a page of C work with, by ``weights`` or ``layers``, in numbers."""
        return workspace(self.plan, unrolled=level == "weights", narrow=self.dtype == "float32")

    def by_layer(self, scope: str) -> Equations[Equation]:
        """The equations for whole layers. The scope is one of ``Scope``, such as ``batch``."""
        return equations(self.plan, Scope(scope))

    def by_unit(self, scope: str) -> Equations[Assignment]:
        """The equations for each unit, in the words of the target."""
        return by_unit(self.by_layer(scope), self.words)

    @property
    def class_weights(self) -> tuple[str, ...]:
        """What the class of an example counts, as a term for each output."""
        return unit_terms(self.by_layer("batch").weight[0].equations[0], self.words)

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the page calls, other than those that it defines for itself."""
        return functions(self.plan)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms that its equations have."""
        return forms(self.plan)

    def uses(self, module: str) -> bool:
        """Whether an equation calls a function of this module."""
        return any(self.words.calls[name].startswith(f"{module}.") for name in self.functions)

    @cached_property
    def written(self) -> str:
        """What the equations compute, in the target's words."""
        return "\n".join(formula.write(self.words) for formula in formulas(self.plan))

    def calls(self, function: str) -> bool:
        """Whether an equation calls this function; the name may be a pattern."""
        return re.search(rf"\b({function})\(", self.written) is not None


@cache
def environment(target: str) -> Environment:
    """A target's environment, with the templates of the wheel or, in a checkout, those beside the package."""
    made = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE.parent / "templates"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        bytecode_cache=Compiled(),
        optimized=False,  # a fifth of the time of compiling; constants are rare in pages
        autoescape=False,  # noqa: S701 (programs are written, not HTML; what a spec may hold is checked before)
    )
    made.filters.update((function.__name__, late(function)) for function in TARGETS[target].filters)
    return made


def render(plan: Plan, spec: Spec, target: str, selftest: SelfTest | None = None) -> str:
    """The text of a module.

    Args:
        plan: the plan of the spec.
        spec: the spec, for the target's options.
        target: a name in ``TARGETS``.
        selftest: the numbers that the page compares itself with; without them, it has no such function.
    """
    page = Page(plan, words(spec, target), spec.dtype(target), selftest)
    return environment(target).get_template(template(plan, spec, target)).render(page=page)


def binding(plan: Plan, spec: Spec, selftest: SelfTest | None = None) -> str:
    """The text of the module of Python that compiles the header of C; the arguments are those of ``render``."""
    page = Page(plan, words(spec, "c"), spec.dtype("c"), selftest)
    return environment("python").get_template(template(plan, spec, "c", ".py")).render(page=page)
