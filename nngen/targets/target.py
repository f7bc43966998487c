"""A target: a language with its words, layout and files."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nngen.common.records import dataclass
from nngen.description.model import ALL, ASKED
from nngen.mathematics.formulas import Words, flat
from nngen.targets import python_layout
from nngen.targets.definitions import Syntax
from nngen.targets.settings import Settings

if TYPE_CHECKING:
    from nngen.printing import Printer
    from nngen.targets.equations.expressions import EquationWriter
    from nngen.targets.page import Page

EVERY_PART = ALL | ASKED
"""The parts of modules, also those that only a user asks for."""

MAX_SCALARS = 300
"""The most parameters of a page with an equation for each weight, unless the spec asks for more.

Such a page is faster in CPython up to about 1,500 parameters. But it has about five lines for each of them, nobody
reads more than 1,500 lines, and PyPy does not compile functions of this length. The table shows how many times faster
it is (``python -m benchmarks.unroll``):

    parameters          9   276   386   808  1,320
    CPython 3.11.7    6.1   2.0   1.8   1.5    1.1
    CPython 3.12.1    8.1   2.0   1.8   1.3    1.2
    CPython 3.13.0    6.3   2.0   1.8   1.3    1.2
    CPython 3.13.5    4.7   1.7   1.6   1.1    1.1
    PyPy 3.11         7.3   3.8   0.2   0.2    0.2
    MicroPython       4.2   2.1   2.0   1.9    1.8
"""

MAX_TRAINED = 20_000
"""Trained parameters that a module of Python holds itself: with 17 digits each, they take 420,000 characters, and
Python compiles them in 30 ms."""

MAX_TRAINED_OF_OTHERS = 300_000
"""The same for JavaScript and C, whose compilers are faster: at most 8 million characters, within the limit of a
module."""

MAX_COMPILED = 5_000_000
"""Trained parameters that JavaScript and C take at all, as they compile also those in a file beside the module: gcc 14
takes 72 s and 1.4 GB for so many, clang 19 65 s and 2.6 GB, Node 20 4 s and 0.5 GB."""


@dataclass(frozen=True)
class Dialect:
    """What the printed source says in a compiled language."""

    forward: str = "`forward`"
    """Its name for the function ``forward``, as comments have it."""
    seeded: str = "The seed draws the units that dropout leaves out; without one it leaves out none, as in `forward`."
    """What the comment of ``gradient`` says of the seed."""
    trains: str = "Each epoch takes the examples in a new random order, or as they are."
    """What the comment of ``fit`` says first; ``{}`` is a further argument of a callback."""
    row: str = "."
    """What the comment of ``encode`` says of a row."""
    slopes: str = ""
    """What the comment of ``gradient`` says of the slopes."""
    batched: str = ""
    """What the comment of ``batch_gradient`` adds."""
    expression: Callable[[str], str] = flat
    """How it writes an expression on one line."""
    long: str = ""
    """What a constant of 64 bits ends with."""
    more: Callable[["Page"], Settings] = lambda page: {}
    """What only this language has, and words that it says otherwise."""


@dataclass(frozen=True)
class Target:
    """A language and library of pages: a table of words, templates, and how a driver runs. This is its only entry."""

    name: str
    """Its name, which is that of the folder of its modules, too."""
    words: Words
    """How it writes formulas."""
    imports: frozenset[str] = frozenset()
    """What its modules may import."""
    suffix: str = ".py"
    """The end of its file names."""
    templates: Path | Mapping[str, str] | None = None
    """Where its templates are, if not in the folder of its name among ours: another folder, or texts by their names.

    ``module``, with the suffix and ``.jinja``, is that of a module, and ``driver`` that of the program which calls it.
    """
    printer: "type[Printer] | None" = None
    """What writes the source of ``nngen.runtime`` in the language."""
    equations: "type[EquationWriter] | None" = None
    """What writes equations of layers from their loops; templates have it as a filter, ``layer_forms``."""
    parts: frozenset[str] = ALL
    """The parts that its modules can have."""
    levels: tuple[Literal["weights", "layers"], ...] = ("weights", "layers")
    """Whether its modules can have an equation for each weight, for each layer, or both."""
    folder: str = ""
    """Its output folder, if that is not its name."""
    filters: tuple[Callable[..., object], ...] = python_layout.FILTERS
    """The filters of its templates."""
    max_branches: int | None = None
    """The most units with a branch on such a page; None if they do not matter."""
    max_scalars: int = MAX_SCALARS
    """The most parameters of a page with an equation for each weight, unless the spec asks for more."""
    trained_by_layer: bool = False
    """Whether the trained parameters of a network with hidden layers are matrices at any size: visitors load them."""

    ascii: bool = False
    """Whether names have letters of ASCII only."""
    max_names: int | None = None
    """The most names that a function of such a page may have; None if the language has no limit."""
    max_unrolled: int | None = None
    """The most parameters of such a page at all; None if the compilers take as many as a spec may ask for."""
    max_trained: int = MAX_TRAINED
    """The most trained parameters that a module holds itself; more are in a file beside it."""
    max_parameters: int | None = None
    """The most trained parameters that this file takes; None if all."""
    beside: str = ""
    """The end of this file's name; empty if modules hold all parameters."""
    syntax: Syntax | None = None
    """What states and names things; None for Python, and for modules that are what their template writes."""
    runtime: str = ""
    """The file of its fixed definitions below the templates, if it is not ``runtime`` in the target's own folder.

    A language that has no such file has its fixed definitions in its template.
    """
    shares: str = ""
    """The target whose fixed definitions it may take, too."""
    variants: Literal["", "settings", "features"] = ""
    """How a network changes fixed definitions of Python and C: by settings, or by the features of ``c_runtime``."""
    selftest: bool = False
    """Whether its modules can compare themselves with the reference."""
    dialect: Dialect | None = None
    """What the printed source says."""
    reserved: frozenset[str] = frozenset()
    """Names that an input of a page with an equation for each weight cannot have."""
    unnamed: re.Pattern[str] | None = None
    """Names of networks that no module can have."""
    entries: tuple[str, ...] = ()
    """Names that its users call beside those of all languages."""
    narrow_words: Callable[[Words], Words] = lambda words: words
    """Its words for narrow numbers."""
    wide_calls: tuple[tuple[str, str], ...] = ()
    """The functions of numbers that always have 64 bits, where they are others than those of the network's width."""
    max_columns: int | None = None
    """The most columns of a row in one function; None if the language has no limit."""
    stem: Callable[[str], str] = str
    """The name of a network's file without its end, such as that of a class."""
    network_of: Callable[[str], str] = str
    """The network of such a name."""
    within: Callable[[str], str] = lambda namespace: ""
    """The folder of a module in a namespace, such as ``org/example``."""
    members: Callable[[str], str] = str
    """The definitions of a runtime file that stand in a class, without what is around them."""
    cased: Callable[[str], str] = str
    """How the language writes the name of a function or a constant that users call, such as ``init_state``."""
    narrowed: Callable[[str, str], str] = lambda text, dtype: text
    """A fixed definition for a width of numbers, such as ``float32``."""
    finished: Callable[[str, str], str] = lambda text, dtype: text
    """The text of a whole module for a width of numbers, from what templates and definitions make of it."""
    narrow: str = ""
    """A text that only its modules of narrow numbers have."""
    compiler: tuple[str, ...] = ()
    """The command that makes a program of ``driver`` and modules, in a folder with all of them, if one does."""
    fast: tuple[str, ...] = ()
    """The command that makes a program as fast as the compiler can, for benchmarks."""
    runs: tuple[str, ...] = ()
    """The command that runs this program there; empty if there is no driver."""
    shared: bool = False
    """Whether it is a single file for all networks, with this name."""

    prefixed: bool = False
    """Whether the names of a module begin with that of its network, since the language has no modules."""

    bound: bool = False
    """Whether a spec may ask for a Python module that compiles and calls it."""

    typed: bool = False
    """Whether a spec may ask for a file of its types."""

    apart: bool = False
    """Whether each module has a folder of its own, which has the name of the network."""

    def wide(self, words: Words) -> Words:
        """A module's words for initial values and rows, whose numbers always have 64 bits."""
        return replace(self.words, marked=words.marked, calls={**self.words.calls, **dict(self.wide_calls)})

    @property
    def fixed(self) -> str:
        """The file of its fixed definitions, below the templates."""
        return self.runtime or f"{self.name}/runtime{self.suffix}"

    def path(self, out: Path, network: str, namespace: str = "") -> Path:
        """The file of a network's module, in a namespace, below an output folder."""
        return out / (self.folder or self.name) / self.file(network, namespace)

    def file(self, network: str, namespace: str = "") -> Path:
        """The file of a network's module below the folder of all modules of the target."""
        name = self.name if self.shared else f"{self.stem(network)}{self.suffix}"
        return Path(self.within(namespace), network if self.apart else "", name)
