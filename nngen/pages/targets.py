"""The targets: for each its page, its words, and what it may import."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nngen.formulas import Words
from nngen.pages import c_layout, javascript_layout, python_layout
from nngen.plan import Plan
from nngen.spec import Spec

MAX_SCALARS = 300
"""The most parameters that pages of equations for each weight have, unless a spec asks for more.

An equation for each weight is the faster page up to about 1,500 parameters of CPython, but a page has about five lines
for each of them, and one of more than 1,500 lines is no longer read; and PyPy compiles functions of such a length no
more. How many times as fast the page is, by parameters (``python -m benchmarks.unroll``):

    parameters          9   276   386   808  1,320
    CPython 3.11.7    6.1   2.0   1.8   1.5    1.1
    CPython 3.12.1    8.1   2.0   1.8   1.3    1.2
    CPython 3.13.0    6.3   2.0   1.8   1.3    1.2
    CPython 3.13.5    4.7   1.7   1.6   1.1    1.1
    PyPy 3.11         7.3   3.8   0.2   0.2    0.2
    MicroPython       4.2   2.1   2.0   1.9    1.8
"""

MAX_SCALARS_OF_C = 200
"""The same for pages of C, whose loops a compiler vectorises.

Under gcc 12 at -O3 loops take 1.2 to 1.4 times as long at 114 parameters, 0.8 to 1.0 times at 276 and 0.7 to 0.8 times
at 558; under clang 14 1.4 to 1.5 times at 276 and about as long at 1,320. Compiling takes 0.8 to 1.0 s at 808
parameters, and loops 0.2 s (``benchmarks/unroll_c.py``, relu).
"""


@dataclass(frozen=True)
class Target:
    """A language and library that pages are written in: a table of words, and the templates in its folder."""

    name: str
    words: Words
    imports: frozenset[str]
    suffix: str = ".py"
    """How the names of its files end."""
    folder: str = ""
    """The folder that they go into, where it is not called as the target."""
    batched: bool = False
    """Whether its functions take batches of examples, by an equation for each layer; else it has both levels."""
    filters: tuple[Callable[..., object], ...] = python_layout.FILTERS
    """How its statements are laid out."""
    max_scalars: int = MAX_SCALARS
    """The most parameters of a page with an equation for each weight, unless a spec asks for more."""

    def path(self, out: Path, network: str) -> Path:
        """The file of a network's module below a folder."""
        return out / (self.folder or self.name) / f"{network}{self.suffix}"


TARGETS = {
    target.name: target
    for target in [
        Target(
            name="python",
            words=Words(
                {
                    "abs": "abs({})",
                    "cos": "math.cos({})",
                    "erfc": "math.erfc({})",
                    "exp": "math.exp({})",
                    "expm1": "math.expm1({})",
                    "floor": "math.floor({})",
                    "log": "math.log({})",
                    "log1p": "log1p({})",  # of the page itself
                    "maximum": "max({}, {})",
                    "minimum": "min({}, {})",
                    "sigmoid": "sigmoid({})",  # of the page itself, as softplus
                    "sign": "float(({0} > 0.0) - ({0} < 0.0))",
                    "sin": "math.sin({})",
                    "softplus": "softplus({})",
                    "sqrt": "math.sqrt({})",
                    "tanh": "math.tanh({})",
                    "where": "{1} if {0} else {2}",
                },
                # the same, NaN and -0.0 included, without a call, which CPython takes longer for than for all the rest
                whole={"maximum": "{1} if {0} < {1} else {0}"},
                power="_power({}, {})",  # of the page itself: ** raises an OverflowError
                bounded_powers=True,
            ),
            imports=frozenset({"json", "math", "operator"}),
        ),
        Target(
            name="numpy",
            words=Words(
                {
                    "abs": "np.abs({})",
                    "cos": "np.cos({})",
                    "erfc": "erfc({})",  # of the page itself
                    "exp": "np.exp({})",
                    "expm1": "np.expm1({})",
                    "floor": "np.floor({})",
                    "log": "np.log({})",
                    "log1p": "np.log1p({})",
                    "maximum": "np.maximum({}, {})",
                    "minimum": "np.minimum({}, {})",
                    "sigmoid": "sigmoid({})",  # of the page itself, as softplus
                    "sign": "np.sign({})",
                    "sin": "np.sin({})",
                    "softplus": "softplus({})",
                    "sqrt": "np.sqrt({})",
                    "tanh": "np.tanh({})",
                    "where": "np.where({}, {}, {})",
                },
                conjunction=" & ",
                comparison="({})",
                mask="({})",  # np.where is many times slower where it cannot foresee the choice
            ),
            imports=frozenset({"json", "math", "numpy"}),
            batched=True,
        ),
        Target(
            name="javascript",
            words=Words(
                {
                    "abs": "Math.abs({})",
                    "cos": "Math.cos({})",
                    "erfc": "erfc({})",  # of the page itself
                    "exp": "Math.exp({})",
                    "expm1": "Math.expm1({})",
                    "floor": "Math.floor({})",
                    "log": "Math.log({})",
                    "log1p": "Math.log1p({})",
                    "maximum": "Math.max({}, {})",
                    "minimum": "Math.min({}, {})",
                    "sigmoid": "sigmoid({})",  # of the page itself, as softplus
                    "sign": "Math.sign({})",
                    "sin": "Math.sin({})",
                    "softplus": "softplus({})",
                    "sqrt": "Math.sqrt({})",
                    "tanh": "Math.tanh({})",
                    "where": "{0} ? {1} : {2}",
                },
                conjunction=" && ",
                equal="===",
                tight_powers=False,
            ),
            imports=frozenset(),
            suffix=".mjs",
            filters=javascript_layout.FILTERS,
        ),
        Target(
            name="c",
            words=Words(
                {
                    "abs": "fabs({})",
                    "cos": "cos({})",
                    "exp": "exp({})",
                    "floor": "floor({})",
                    "log": "log({})",
                    "sin": "sin({})",
                    "sqrt": "sqrt({})",
                    "tanh": "tanh({})",
                    "where": "{0} ? {1} : {2}",
                },  # the others are functions of the page itself
                conjunction=" && ",
                number="{}",
                power="pow({}, {})",
                modulo="fmod({}, {})",
            ),
            imports=frozenset({"math.h", "stddef.h", "stdint.h"}),
            suffix=".h",
            filters=c_layout.FILTERS,
            max_scalars=MAX_SCALARS_OF_C,
        ),
    ]
}

_OVERFLOWING = frozenset({"exp", "expm1", "floor", "log1p"})
"""The functions that are an error in Python where numbers are too large: pages may define them anew."""

BINDING = Target(
    name="binding",
    words=TARGETS["python"].words,
    imports=frozenset(
        (
            "array collections.abc contextlib hashlib importlib.machinery importlib.util json os pathlib shlex shutil"
            " subprocess sys sysconfig tempfile typing warnings __future__"
        ).split()
    ),
    suffix="_c.py",
    folder="c",
)
"""The module of Python that compiles a header of C and calls it, where the spec asks for it."""

KINDS = {**TARGETS, BINDING.name: BINDING}
"""Every kind of module."""


def network_of(path: Path) -> str:
    """The network that a module's file is called after."""
    bound = path.parent.name == BINDING.folder and path.name.endswith(BINDING.suffix)
    return path.name.removesuffix(BINDING.suffix) if bound else path.stem


def words(spec: Spec, target: str) -> Words:
    """A target's words, for numbers of the width that the spec asks for, and its name before the page's functions."""
    chosen = TARGETS[target].words
    narrow = spec.dtype(target) == "float32"
    if target == "numpy" and spec.training.schedule.options.get("factor", 0.0) > 1.0:  # of two floats of Python
        chosen = replace(chosen, power="np.power({}, {})", bounded_powers=True)
    if target == "numpy" and narrow:  # a choice between two constants would widen it, and is narrowed again
        return replace(chosen, calls={**chosen.calls, "where": f"{chosen.calls['where']}.astype(np.float32)"})
    if target == "python":  # the catalogues call none of them with such numbers
        own = [one.formulas() for one in spec.activations.values()] + [one.formulas() for one in spec.losses.values()]
        called = _OVERFLOWING.intersection(name for pair in own for formula in pair for name in formula.calls)
        return replace(chosen, calls={**chosen.calls, **{name: f"_{name}({{}})" for name in called}})
    if target == "c":
        return replace(c_layout.narrowed(chosen) if narrow else chosen, prefix=f"{spec.name}_")
    return chosen


def level(plan: Plan, spec: Spec, target: str) -> str:
    """Whether a page has an equation for each of the ``weights``, or one for each of the ``layers``."""
    if TARGETS[target].batched or plan.needs_batch:
        return "layers"
    unroll = spec.unroll(target)
    if unroll == "auto":
        return "weights" if plan.size <= TARGETS[target].max_scalars else "layers"
    return unroll


def template(plan: Plan, spec: Spec, target: str, suffix: str = "") -> str:
    """The template of a target's page for this network; a page with another suffix than its target's is named by it."""
    suffix = suffix or TARGETS[target].suffix
    name = "module" if TARGETS[target].batched else level(plan, spec, target)
    return f"{target}/{name}{suffix}.jinja"
