"""The target C#: its words, and the layout of its modules, each a static class."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from textwrap import indent

from nngen.common.text import columns
from nngen.mathematics.catalogue import PAGE_FUNCTIONS
from nngen.mathematics.formulas import Words, flat
from nngen.printing import CONSTANTS, functions, subjects
from nngen.targets import loop_names, rows
from nngen.targets.compiled import changing, commenting, head, network_of, number_type, prose, quoting, storing, typed
from nngen.targets.definitions import Syntax
from nngen.targets.line_breaks import Group, Parts, Place, Style, lay_out
from nngen.targets.mentions import uses
from nngen.targets.prose import pieces, span, wrap
from nngen.targets.rows import fitting
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target


class CSharp(Style):
    """How C# breaks its lines: no bracket has a line of its own."""

    def _inside(self, parts: Parts) -> Group:
        return Group((Place(indent=self.step), Group(parts), Place("", "", -self.step)))


STYLE = CSharp(step=4, last_comma="", width=92)
"""Members are indented by two steps more, so that lines have 100 columns."""


def pascal(name: str) -> str:
    """A name as C# writes that of a member: ``InitState`` for ``init_state``."""
    return "".join(part.capitalize() if part.isupper() else part[:1].upper() + part[1:] for part in name.split("_"))


MATH = {name: f"Math.{pascal(name)}" for name in "abs cos exp floor log sin sqrt tanh".split()}
OWN = {name: pascal(name) for name in ("erfc", "expm1", "log1p", "maximum", "minimum", "sigmoid", "sign", "softplus")}
"""The functions of formulas that a module defines itself."""

KEYWORDS = frozenset(
    (
        "abstract as base bool break byte case catch char checked class const continue decimal default delegate do"
        " double else enum event explicit extern false finally fixed float for foreach goto if implicit in int"
        " interface internal is lock long namespace new null object operator out override params private protected"
        " public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true"
        " try typeof uint ulong unchecked unsafe ushort using virtual void volatile while parameters weight seed"
        " Parameters Inputs Outputs Math CheckSize CheckTargets CheckWeight ClassWeight Keep Largest"
    ).split()
)
"""The reserved words of C# (ECMA-334, 6.4.4), and names that equations call or have beside inputs."""

STATED = (
    "AllDigits ArgumentException Array Bare Begins BitConverter Categories"
    " CheckSize Contributions Convert CultureInfo DBNull DateTime Dated Dictionary Ends Filled Func GroupCollection"
    " IEnumerable IReadOnlyDictionary IReadOnlyList Ids Init InputGradient List Math Nearest Networks"
    " NoSlopes Notes NumberIn NumberTexts Parsed Part Places Power Predicate Progress Refused Regex Rows"
    " Sensitivity Settings Shortest SortedBy SortedSet State StringComparison Style System Trained TypeCode"
).split()
"""Names of fixed members, of those that a network decides, and of what they use."""

BROUGHT = {"functions", "special"}
"""Subjects of the source in whose place modules have ``MATH`` and ``OWN``."""

PAGE = frozenset(map(pascal, PAGE_FUNCTIONS))
"""The activations that modules define, and their slopes."""


def own_name(function: str) -> str:
    """The name of an activation that a module defines; those of a spec end like no other member."""
    if (name := pascal(function)) in PAGE:
        return name
    return f"{name}Formula" if network_of(name) == function else f"{function}_Formula"


WORDS = Words(
    MATH | OWN | {"smooth_clip": "SmoothClip", "where": "{0}↵? {1}↵: {2}"},
    conjunction="&&",
    number="{}",
    power="Math.Pow",
    tight_powers=False,
    cased=own_name,
)

USED = {
    "System.Collections.Generic": r"\b(?:List|SortedSet|Dictionary|IEnumerable|IReadOnlyList|IReadOnlyDictionary)<",
    "System.Globalization": r"\bCultureInfo\b",
    "System.Text.RegularExpressions": r"\bRegex\b",
}
"""The namespaces that some modules use, each with what is in it."""

COMPILER = ("mcs", "-langversion:7.2", "-out:program.exe", "-recurse:*.cs")

SYNTAX = Syntax(
    re.compile(
        r"^(?: {8})?(?:public|private) (?!static class)(?:(?:static|const|readonly|sealed) )*"
        r"(?:class |\([^()\n]*\) |[\w.]+(?:<[^\n={]*?>+)?[?\[\]]* )(\w+)",
        re.MULTILINE,
    )
)
"""What states a name: a member, also within the class and the namespace of a finished module."""


@cache
def taken() -> frozenset[str]:
    """Names that a class cannot have, as modules use or state them, such as those of functions of the source."""
    source = (one.name.lstrip("_") for subject in subjects() - BROUGHT for one in functions(subject))
    return PAGE.union(OWN.values(), STATED, map(pascal, source), map(pascal, CONSTANTS))


def class_name(network: str) -> str:
    """The name of the class of a network, and of its file."""
    name = pascal(network)
    return f"{name}Network" if name in taken() or name.endswith("Formula") else name


def finished(text: str, dtype: str) -> str:
    """The members of a module within its class and its namespace, after the namespaces that it uses."""
    top, members = text.split("\n{\n", 1)
    using, head = top.rstrip().rsplit("\n\n", 1)
    used = [line for line in using.splitlines() if re.search(USED.get(line[6:-1], ""), members)]
    own = indent(f"{head}\n{{\n{indent(members.strip(), '    ')}\n}}", "    ")
    return "\n".join([*used, "", "namespace Networks", "{", own, "}", ""])


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start``, an expression and a semicolon, on as many lines as they need."""
    value = re.sub(r"([\w.\[\]]+)↵== \1(?![\w.\[])", r"!double.IsNaN(\1)", value)  # else compilers warn
    step = STYLE.step if STYLE.operators(value) else 0
    inner = (*STYLE.parts(value), Place("", "", -step), ";")
    text = lay_out((Group((start, Place("", "", step), *inner)),), indent, STYLE.width)
    if not start.endswith("= ") or (step == 0 and indent + columns(text.partition("\n")[0]) <= STYLE.width):
        return text
    inner = (*STYLE.parts(value), Place("", "", -STYLE.step), ";")
    below = lay_out((Group((start.rstrip(), Place(" ", "\n", STYLE.step), Group(inner))),), indent, STYLE.width)
    long = indent + columns(text.partition("\n")[0]) > STYLE.width
    return below if long or below.count("\n") < text.count("\n") else text


def single(value: str, name: str, kind: str) -> str:
    """``double[] name = { value };``, or its only number in a statement of its own."""
    line = f"{kind}[] {name} = {{ {flat(value)} }};"
    if columns(line) + 4 <= STYLE.width:
        return line
    return f"{kind}[] {name} = new {kind}[1];\n    {change(value, f'{name}[0]')}"


def result(value: str, indent: int = 4) -> str:
    """``return value;``."""
    return statement(value, "return ", indent)


def items(rows: Iterable[Sequence[str]], start: str, end: str, indent: int = 4) -> str:
    """``start { item, item } end``: the items of all rows on one line, or row by row."""
    rows = [list(map(flat, row)) for row in rows]
    line = f"{start}{{ {', '.join(item for row in rows for item in row)} }}{end}"
    if indent + columns(line) <= STYLE.width:
        return line
    room = STYLE.width - indent - STYLE.step - len(",")
    inside = [f"{' ' * STYLE.step}{', '.join(piece)}," for row in rows for piece in fitting(row, room)]
    return f"\n{' ' * indent}".join([start.rstrip(), "{", *inside, f"}}{end}"])


def texts(values: Sequence[str], start: str, end: str, indent: int = 4) -> str:
    """``start new[] { "text", "text" } end``."""
    if not values:
        return f"{start}new string[0]{end}"
    return items([list(map(text_of, values))], f"{start}new[] ", end, indent)


def unpack(named: Iterable[Sequence[str]], source: str, kind: str, within: str) -> str:
    """``double w = source[0], v = source[1];``: names for the numbers of an array that a text has, by rows."""
    room = STYLE.width - 4 - len(f"{kind} ;")
    parts = (list(map(" = ".join, row)) for row in rows.placed(named, source, within))
    lines = [f"{kind} {', '.join(piece)};" for row in parts for piece in fitting(row, room)]
    return "\n    ".join(one if len(one) < STYLE.width - 3 else one.replace(" = ", " =\n        ") for one in lines)


change, text_of = changing(statement), quoting("\\U%08x")
stored, comment = storing(change), commenting(STYLE.width)
"""Filters that other languages have, too."""


def doc(text: str) -> str:
    """Paragraphs of a documentation comment: the first is its summary, an indented one is code."""
    first, *rest = [_escaped(one) for one in re.split(r"\n\n+", text.strip("\n"))]
    lines = _element("summary", first)
    inner = [line for one in rest for line in _element("code" if one.startswith("    ") else "para", one.strip())]
    if len(rest) > 1:
        lines += ["<remarks>", *inner, "</remarks>"]
    elif rest:
        lines += _element("remarks", rest[0])
    return "\n".join(f"/// {line}" for line in lines)


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub("`([^`]+)`", r"<c>\1</c>", text)


def _element(name: str, text: str) -> list[str]:
    width = STYLE.width - len("/// ")
    line = f"<{name}>{' '.join(text.split())}</{name}>"
    return [line] if columns(line) <= width else [f"<{name}>", *wrap(text, width), f"</{name}>"]


def function(arguments: Sequence[str], name: str, gives: str, says: str, public: bool = True) -> str:
    """The comment and the head of a method; ``gives`` is the type that it returns."""
    start = f"{'public' if public else 'private'} static {gives} {name}("
    return f"{doc(says)}\n{head(arguments, start, ')', STYLE.width)}\n{{"


_DATES = "; in a column of dates also a DateTime"


def _says_row(*, dates: bool) -> str:
    """What the comment of ``Encode`` says."""
    cells = f"A cell is a number, a text, a truth value, or null where it is missing{_DATES * dates}."
    return f"The inputs of the network for a row of the data.\n\n{cells} They have the order of `Columns`."


DIALECT = Dialect(
    forward="`Forward`",
    seeded="The seed draws the units that dropout leaves out; without one it leaves out none, as in `Forward`.",
    trains="Each epoch takes the examples in a new random order, or as they are without a seed. After each epoch Fit"
    " calls callback(epoch, loss, parameters{}); true ends training.",
    more=lambda page: {"SAYS_ROW": _says_row(dates=page.plan.encoding is not None and page.plan.encoding.dates != ())},
)


def strings(parts: Sequence[str], start: str, indent: int = 0) -> str:
    """``start"part part ...";``, on as many lines as it needs."""
    line = f'{start}"{" ".join(parts)}";'
    if indent + columns(line) <= STYLE.width:
        return line
    margin = f"\n{' ' * (indent + STYLE.step)}"
    return start.rstrip() + margin + f"{margin}+ ".join(f'"{one}"' for one in pieces(parts, 75)) + ";"


def narrowed(words: Words) -> Words:
    """Words for 32-bit numbers: the mathematics of C# has 64 bits."""
    double = {**MATH, "erfc": OWN["erfc"]}
    calls = {name: f"(float){word}(⟨{{0}}⟩)" for name, word in double.items() if name != "abs"}
    return replace(words, calls={**words.calls, **calls}, number="{}f", power="Power")


TARGET = Target(
    name="csharp",
    words=WORDS,
    imports=frozenset(("System", *USED)),
    suffix=".cs",
    filters=(
        *(*loop_names.STEP, *rows.FILTERS),
        *(change, class_name, comment, doc, items),
        *(number_type, pascal, prose, result),
        *(span, stored, strings, unpack, uses),
    ),
    max_trained=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    dialect=DIALECT,
    members=lambda text: text.removesuffix("}\n"),
    entries=("Inputs", "Outputs", "Layout", "Seed"),
    cased=pascal,
    reserved=KEYWORDS.union(OWN.values(), PAGE),
    narrowed=typed,
    narrow="float[] Forward(",
    narrow_words=narrowed,
    finished=finished,
    stem=class_name,
    network_of=network_of,
    compiler=COMPILER,
    fast=(*COMPILER, "-optimize+"),
    runs=("mono", "program.exe"),
)
"""The target, for ``TARGETS``."""
