"""The target Java: its words, and the layout of its pages, in lines of at most 100 columns."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nngen.common.text import columns
from nngen.mathematics.formulas import MARKS, Words, flat
from nngen.targets import loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.compiled import camel, changing, commenting, head, network_of, number_type, prose, storing, typed
from nngen.targets.definitions import Syntax, in_class, members
from nngen.targets.prose import span, wrap
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Dialect, Target

STYLE = Braces(step=4, last_comma="", width=96)
"""A class puts four more columns before each line."""

MAX_SCALARS_OF_JAVA, MAX_UNROLLED_OF_JAVA = 100, 1000
"""The most parameters of a page with an equation for each weight, unless the spec asks for more, and at all.

HotSpot compiles no method of more than 8,000 bytes. A gradient has 47 bytes for a weight with tanh, and more with long
formulas: with 160 weights it has 7,458 and takes 0.7 us, with 186 it has 8,772 and takes 10 us. javac takes no method
of more than 65,535 bytes, which are about 1,300 weights.
"""

MAX_ITEMS, MAX_CONSTANT = 200, 60_000
"""Numbers of an array that code writes one by one, at 8 of the 65,535 bytes that a class has for its constants; more
are parts of a text. The bytes of a part, which a class file limits to 65,535."""

WIDE = {name: f"StrictMath.{name}" for name in "cos exp expm1 log log1p sin tanh".split()}
WIDE |= {"erfc": "erfc", "floor": "Math.floor", "sqrt": "Math.sqrt"}
"""Functions of 64 bits. ``StrictMath`` has the same bits on every machine; what ``Math`` has here is exact."""

BOTH = {"abs": "Math.abs", "maximum": "Math.max", "minimum": "Math.min", "sign": "Math.signum"}
BOTH |= {"sigmoid": "sigmoid", "smooth_clip": "smoothClip", "softplus": "softplus", "where": "{0}↵? {1}↵: {2}"}
WORDS = Words(WIDE | BOTH, conjunction="&&", number="{}", power="StrictMath.pow")
"""The page defines those without a class."""


def narrow_words(words: Words) -> Words:
    """The words for numbers of 32 bits."""
    calls = {name: f"(float) {call}" for name, call in WIDE.items()} | BOTH
    return replace(words, calls=calls, number="{}f", power="(float) StrictMath.pow")


KEYWORDS = "abstract boolean byte final native strictfp synchronized throws transient StrictMath seed weight".split()
"""The reserved words of Java (The Java Language Specification, 3.9) that are none in other languages, and names that
equations have beside inputs."""

CLASSES = (
    "Answer Arrays BigDecimal BigInteger BitSet Boolean Callback DateTimeException Double Driver Float Given"
    " IllegalArgumentException Integer List LocalDate LocalDateTime Long Map Math MathContext Number Object"
    " Pattern Progress Settings State StrictMath String StringBuilder Style System ZoneOffset"
).split()
"""The classes that modules use or have inside, and those of the program that calls them."""

QUICK = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")
"""The compiler ends before code that is optimized for it would pay: half the processor time."""
JAVAC = "javac $0 $1 -encoding UTF-8 --release 11 -parameters -Xlint:all -Werror -d . $(find . -name '*.java')"
COMPILER = ("sh", "-c", JAVAC, *QUICK)

SYNTAX = Syntax(
    re.compile(
        r"^(?: {4})?(?:import [\w.]+\.|public interface |(?:public|private) static (?:final )?[\w<>, \[\].]+? )"
        r"(\w+)(?= [={]|[({;])",
        re.MULTILINE,
    )
)
"""What states a name: a class, an interface, a constant or a method, inside the class of the module or not yet."""


def class_name(network: str) -> str:
    """The class of a network, and its file: ``XorMlp`` for ``xor_mlp``. A digit keeps its underscore."""
    name = re.sub(r"(?:^|_)([^\W\d_])", lambda found: found[1].upper(), network)
    return f"{name}Network" if name in CLASSES else name


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start``, an expression and a semicolon."""
    return STYLE.statement(start, value, indent)


def unpack(rows: Iterable[Sequence[str]], source: str, kind: str) -> str:
    """``kind name = source[0];``, a line for each name."""
    names = (name for row in rows for name in row)
    return "\n    ".join(f"{kind} {name} = {source}[{place}];" for place, name in enumerate(names))


def items(names: Iterable[str], opening: str, closing: str, indent: int = 4) -> str:
    """Names in brackets, on as many lines as they need, without a comma after the last one."""
    return re.sub(r",(?=\n *[)}])", "", STYLE.items([list(names)], opening, closing, indent))


def array(rows: Iterable[Sequence[str]], kind: str, start: str, end: str = ";", indent: int = 0) -> str:
    """``start {numbers};``, row by row, or the same from a text if there are many."""
    listed = [[_literal(flat(number), kind) for number in row] for row in rows]
    if sum(map(len, listed)) <= MAX_ITEMS:
        return STYLE.items(listed, f"{start}{{", f"}}{end}", indent)
    words = [number.removesuffix("f") for row in listed for number in row]
    return f"{start}numbers({_several(constants(words))}\n){end}"


def _literal(number: str, kind: str) -> str:
    """A number of a width; Java takes no number that is so small that it would be 0."""
    if kind == "double":
        return number
    return "0.0f" if abs(float(number)) < 1e-45 else f"{number}f"


def texts(listed: Sequence[str], start: str, many: bool = False, end: str = ";", indent: int = 0) -> str:
    """``start List.of("text", "text");``, or the same from one text if there are many in the module."""
    if not many or not listed:
        return items(map(text_of, listed), f"{start}List.of(", f"){end}", indent)
    mark = next(mark for mark in map(chr, range(10, 1 << 16)) if not any(mark in text for text in listed))
    made = f"{start}texts({text_of(mark)},{_several(constants(listed, mark))}\n){end}"
    return made.replace("\n", f"\n{' ' * indent}")


def table(listed: Mapping[str, Sequence[str]], start: str, many: bool) -> str:
    """``start Map.ofEntries(Map.entry("column", List.of("text")));``."""
    entries = (texts(some, f"Map.entry({text_of(name)}, ", many, "),", 4)[:-1] for name, some in listed.items())
    return f"{start}Map.ofEntries({_several(entries)}\n);"


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ...";``; what is too long for a constant is joined when the class is loaded."""
    first, *others = constants(" ".join(parts).split(" "))
    if others:
        return f'{start}String.join("",{_several([first, *others])}\n);'
    line = f"{start}{first};"
    return line if columns(line) <= STYLE.width and "\n" not in line else f"{start.rstrip()}\n    {first};"


def _several(written: Iterable[str]) -> str:
    return ",".join(f"\n    {one}" for one in written)


def constants(words: Sequence[str], mark: str = " ") -> list[str]:
    """Text constants that together are the words with a mark between them, on as many lines as they need."""
    found: list[list[str]] = []
    room = 0
    for text in [*(word + mark for word in words[:-1]), words[-1]]:
        size = 6 * len(text)  # a letter has at most 3 bytes in a class file, and 6 if it is a pair in UTF-16
        if room < size:
            found.append([""])
            room = MAX_CONSTANT
        room -= size
        if found[-1][-1] and columns(found[-1][-1] + text) > STYLE.width - len('        + "";'):
            found[-1].append("")
        found[-1][-1] += text
    return ["\n        + ".join(map(text_of, lines)) for lines in found]


def text_of(text: str) -> str:
    """A text constant; what cannot be seen, and what layouts know as a mark, is a number in it."""
    return f'"{"".join(map(_letter, text))}"'


def _letter(letter: str) -> str:
    """A letter of a text. The compiler reads the numbers of UTF-16 before it knows texts, so low ones are octal."""
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable() and letter not in MARKS:
        return letter
    if ord(letter) < 128:
        return f"\\{ord(letter):03o}"
    return re.sub("(....)", r"\\u\1", letter.encode("utf-16-be").hex())


assign = changing(statement)
stored = storing(assign)
comment = commenting(STYLE.width, lambda text: text.replace("\\", "\\\\"))
"""Filters that other languages have, too."""


def doc(text: str) -> str:
    """A documentation comment of some paragraphs; an indented one is a program."""
    lines: list[str] = []
    for said in map(_html, text.strip("\n").split("\n\n")):
        wrapped = wrap(said, STYLE.width - len(" * "))
        around = (["<pre>{@code"], ["}</pre>"]) if said.startswith("    ") else (["<p>"] * bool(lines), [])
        lines += [*around[0], *wrapped, *around[1]]
    if len(lines) == 1 and columns(lines[0]) <= STYLE.width - len("/**  */"):
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line}" for line in lines), " */"])


def _html(paragraph: str) -> str:
    """A paragraph of a documentation comment."""
    if paragraph.startswith("    "):
        return paragraph.replace("\\", "\\\\").replace("*/", "* /")
    said = "".join(_OF_HTML.get(letter, letter) for letter in paragraph).replace("*/", "*&#47;")
    return re.sub("`([^`{}]+)`", r"{@code \1}", said)


SAID = {
    "params": "all parameters", "x": "the inputs", "y": "the targets",
    "weight": "what the example counts", "seed": "what random numbers begin with", "slopes": "gets the derivatives",
    "state": "what the optimizer remembers", "xs": "the inputs of each example", "ys": "the targets of each example",
    "weights": "what each example counts", "seeds": "a seed for each example", "after": "gets the new parameters",
    "settings": "how it trains", "callback": "what is called after each epoch", "row": "the cells",
    "outputs": "those of the network", "text": "that of the file", "epoch": "its number, from 1", "loss": "its loss",
    "progress": "what the training needs to continue",
}  # fmt: skip
"""What the arguments of public methods are."""

GIVES = {
    "forward": "the outputs", "gradient": "the loss", "batchGradient": "the loss", "loss": "the loss",
    "trainStep": "the loss before the step", "fit": "the loss of each epoch", "init": "the parameters",
    "initState": "the state", "encode": "the inputs", "scale": "the inputs", "decode": "what they stand for",
    "predict": "the answer", "predictProba": "the probability of each class", "save": "the text of the file",
    "predictInterval": "the bounds, or for each class whether it is in the set", "anomalyScore": "the score",
    "isAnomaly": "whether it is one",
    "inputGradient": "the loss", "jacobian": "a row for each output",
    "sensitivity": "a number for each of COLUMNS, or rows of them", "contributions": "the same",
    "notes": "a word for each of COLUMNS; an empty text for a usual cell",
    "load": "the parameters", "ends": "whether training ends",
}  # fmt: skip
"""What public methods return."""

_PUBLIC = re.compile(
    r"^( *)/\*\*((?:(?!\*/)[^\0])*)\*/\n +(?:public static )?(\S+) (\w+)\(([^()]*)\)(?: \{|;)$", re.MULTILINE
)
"""A method that users call or write, with the comment above it."""


def documented(text: str) -> str:
    """A module whose comments of such methods say what each argument is, and what they return."""
    return _PUBLIC.sub(_complete, text)


def _complete(found: re.Match[str]) -> str:
    margin, said, kind, name, given = found.groups()
    if name not in GIVES and "public" not in found[0]:
        return found[0]
    tags = [f"@param {one} {SAID[one.rstrip('_')]}" for one in re.findall(r"(\w+)(?:,|\s*$)", given)]
    tags += [f"@return {GIVES[name]}"] if kind not in ("void", "public") else []  # a constructor has no type
    if not tags:
        return found[0]
    lines = [re.sub(r"^ *\*? ?", "", line).rstrip() for line in said.strip().splitlines()]
    inner = "".join(f"{margin} * {line}".rstrip() + "\n" for line in [*lines, "", *tags])
    return f"{margin}/**\n{inner}{margin} */\n{found[0].partition('*/')[2].lstrip(chr(10))}"


_OF_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "\\": "&#92;"}
"""What begins something else in a documentation comment."""


def function(arguments: Sequence[str], name: str, gives: str, says: str, public: bool = True) -> str:
    """The comment and the head of a method; ``gives`` is the type that it returns."""
    start = f"{'public' if public else 'private'} static {gives or 'void'} {name}("
    return doc(says) + "\n" + head(arguments, start, ") {", STYLE.width, "\n")


DIALECT = Dialect(
    seeded="The seed draws the units that dropout leaves out; with null it leaves out none, as in `forward`.",
    trains="Each epoch takes the examples in a new random order, or as they are without a seed. After each epoch fit"
    " calls the callback, if it is not null.",
    row=": a cell for each of COLUMNS, which is a Number, a String, a Boolean or null.",
    slopes=", which replaces what is in `slopes`",
    batched=" The derivatives replace what is in `slopes`. With an array for `after` this is training, with null not.",
    long="L",
)


TARGET = Target(
    name="java",
    words=WORDS,
    narrow_words=narrow_words,
    suffix=".java",
    stem=class_name,
    network_of=network_of,
    filters=(
        *(*loop_names.STEP, *rows.FILTERS),
        *(assign, class_name, comment, doc, items, number_type, prose, span),
        *(stored, strings, unpack),
    ),
    max_scalars=MAX_SCALARS_OF_JAVA,
    max_unrolled=MAX_UNROLLED_OF_JAVA,
    max_trained=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    within=lambda package: package.replace(".", "/"),
    members=members,
    finished=lambda text, dtype: documented(in_class(text)),
    dialect=DIALECT,
    max_columns=500,  # a method has at most 65,535 bytes
    entries=("INPUTS", "OUTPUTS", "SEED", "State"),
    cased=camel,
    reserved=frozenset(KEYWORDS),
    narrowed=typed,
    narrow="float[] forward(",
    compiler=COMPILER,
    fast=COMPILER,
    runs=("java", "-XX:+UseSerialGC", "driver.Driver"),
)
"""The target, for ``TARGETS``."""
