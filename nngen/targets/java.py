"""The target Java: its words, and the layout of its pages, in lines of at most 100 columns."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from nngen.common.text import columns, counted
from nngen.description.data import CategoryColumn, Encoding, IndexColumn
from nngen.mathematics.formulas import MARKS, Words, flat
from nngen.plan import Layer
from nngen.targets import braces, loop_names, rows
from nngen.targets.braces import Braces
from nngen.targets.definitions import Syntax
from nngen.targets.prose import span, wrap
from nngen.targets.sums import averages, plus, signed_sum, sums
from nngen.targets.target import MAX_TRAINED_OF_OTHERS, Target
from nngen.targets.update_lines import lines_with_powers, powers

STYLE = Braces(step=4, last_comma="", width=96)
"""A class puts four more columns before each line."""

MAX_SCALARS_OF_JAVA, MAX_UNROLLED_OF_JAVA = 100, 1000
"""The most parameters of a page with an equation for each weight, unless the spec asks for more, and at all.

HotSpot compiles no method of more than 8,000 bytes. A gradient has 47 bytes for a weight with tanh, and more with long
formulas: with 160 weights it has 7,458 and takes 0.7 us, with 186 it has 8,772 and takes 10 us. javac takes no method of
more than 65,535 bytes, which are about 1,300 weights.
"""

MAX_ITEMS, MAX_TEXTS, MAX_CONSTANT = 200, 1000, 60_000
"""Numbers of an array, and texts of a table, that code writes one by one, at 8 of the 65,535 bytes that a class has for
the code of all constants; more are parts of a text. The bytes of a part, which a class file limits to 65,535."""

FUNCTIONS = {
    **{name: f"StrictMath.{name}" for name in "cos exp expm1 log log1p sin tanh".split()},
    **{"abs": "Math.abs", "floor": "Math.floor", "maximum": "Math.max", "minimum": "Math.min", "sqrt": "Math.sqrt"},
    **{"erfc": "erfc", "sigmoid": "sigmoid", "sign": "Math.signum", "softplus": "softplus"},
    "where": "{0}↵? {1}↵: {2}",
}
WORDS = Words(FUNCTIONS, conjunction="&&", number="{}", power="StrictMath.pow")
"""The page defines those without a class. ``StrictMath`` has the same bits on every machine; what ``Math`` has here is
exact."""

WIDE = frozenset({"erfc", "floor", "sqrt"})
"""Functions of 64 bits alone, as all of ``StrictMath``."""


def narrow_words(words: Words) -> Words:
    """The words for numbers of 32 bits."""
    calls = {
        name: f"(float) {call}" if name in WIDE or call.startswith("StrictMath") else call
        for name, call in FUNCTIONS.items()
    }
    return replace(words, calls=calls, number="{}f", power="(float) StrictMath.pow")


KEYWORDS = frozenset(
    (
        "abstract assert boolean break byte case catch char class const continue default do double else enum extends"
        " false final finally float for goto if implements import instanceof int interface long native new null package"
        " private protected public return short static strictfp super switch synchronized this throw throws transient"
        " true try void volatile while Math StrictMath INPUTS OUTPUTS seed weight"
    ).split()
)
"""The reserved words of Java (The Java Language Specification, 3.9), and names that equations have beside inputs."""

CLASSES = frozenset(
    (
        "Arrays BigDecimal Boolean Callback Double Float IllegalArgumentException Integer List Long Map Matcher Math"
        " MathContext Number NumberFormatException Object Pattern Progress Settings State StrictMath String"
        " StringBuilder Style System TreeMap"
    ).split()
)
"""The classes that modules use or have inside."""

COMPILER = ("javac", "-encoding", "UTF-8", "--release", "11", "-Xlint:all", "-Werror", "driver.java")

SYNTAX = Syntax(
    re.compile(
        r"^(?: {4})?(?:import [\w.]+\.|public interface |(?:public|private) static (?:final )?(?:class |[\w<>, \[\].]+? ))"
        r"(\w+)(?= [={]|[({;])",
        re.MULTILINE,
    )
)
"""What states a name: a class, an interface, a constant or a method, inside the class of the module or not yet."""


def class_name(network: str) -> str:
    """The class of a network, and its file: ``XorMlp`` for ``xor_mlp``. A digit keeps its underscore."""
    name = re.sub(r"(?:^|_)([^\W\d_])", lambda found: found[1].upper(), network)
    return f"{name}Network" if name in CLASSES else name


def network_of(name: str) -> str:
    """The network that a class is named after, if its name has small letters."""
    return re.sub(r"(?<=[^_])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """The name of a function: ``initState`` for ``init_state``."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def assign(value: str, name: str, indent: int = 4) -> str:
    """``name = value;``. The name may include its type."""
    return STYLE.statement(f"{name} = ", value, indent)


def change(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
    """``name = value;``, or with another sign such as ``+=``."""
    return STYLE.statement(f"{name} {sign} ", value, indent)


def result(value: str, indent: int = 4) -> str:
    """``return value;``."""
    return STYLE.statement("return ", value, indent)


def call(arguments: Sequence[str], name: str, indent: int = 4) -> str:
    """``name(argument, argument);``."""
    return STYLE.statement("", f"{name}(⟨{',↵'.join(arguments)}⟩)", indent)


def add(terms: Iterable[str], name: str, kind: str) -> str:
    """``kind name = term + term + ...;``, in several statements if the sum is too long for a parser."""
    return _statements(list(sums(terms, name)), name, kind)


def average(terms: Sequence[str], name: str, kind: str) -> str:
    """``kind name = (term + term + ...) / number of terms;``."""
    return _statements(list(averages(terms, name)), name, kind)


def _statements(values: Sequence[str], name: str, kind: str) -> str:
    return "\n    ".join([assign(values[0], f"{kind} {name}"), *(change(value, name) for value in values[1:])])


def unpack(rows: Iterable[Sequence[str]], source: str, kind: str) -> str:
    """``kind name = source[0];``, a line for each name."""
    names = (name for row in rows for name in row)
    return "\n    ".join(f"{kind} {name} = {source}[{place}];" for place, name in enumerate(names))


def items(rows: Iterable[Sequence[str]], opening: str, closing: str, indent: int = 4) -> str:
    """The items of all rows in braces, on as many lines as they need."""
    return STYLE.items(rows, opening, closing, indent)


def statement(value: str, start: str, indent: int = 4) -> str:
    """``start``, an expression and a semicolon."""
    return STYLE.statement(start, value, indent)


def stored(names: Iterable[Sequence[str]], to: str) -> str:
    """``slopes[0] += dw;``: the numbers of an array, a line for each, but for 0.0."""
    places = enumerate(name for row in names for name in row)
    return "\n    ".join(change(value, f"{to}[{place}]", sign="+=") for place, value in places if value != "0.0")


def by_place(layer: Layer) -> Callable[[str], str]:
    """Names by the place of a unit: ``z_hidden[i]``, or ``[0]`` of a single one, and ``params[gain_hidden + i]``."""
    index = "i" if len(layer.units) > 1 else "0"
    parameters = {block.symbol for block in layer.normalization_blocks}

    def name(symbol: str) -> str:
        whole = layer.name_of(symbol)
        if symbol in layer.shared:
            return whole
        return f"params[{whole} + {index}]" if symbol in parameters else f"{whole}[{index}]"

    return name


def by_example(layer: Layer) -> Callable[[str], str]:
    """Names by example k and unit i, as those of ``of_example``; the running statistics are those of the batch."""
    running = {block.symbol for block, _ in layer.running_updates}
    read = {block.symbol for block in layer.normalization_blocks} - running
    plain = loop_names.of_example(layer)
    return lambda symbol: f"params[{layer.name_of(symbol)} + i]" if symbol in read else plain(symbol)


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


def listed_texts(columns: Iterable[CategoryColumn | IndexColumn]) -> dict[str, Sequence[str]]:
    """The categories or the ids of columns, by their names."""
    return {one.column: one.categories if isinstance(one, CategoryColumn) else one.ids for one in columns}


def has_many_texts(encoding: Encoding) -> bool:
    """Whether the code for all texts of a table would be long."""
    listed = listed_texts(encoding.listed).values()
    return len(encoding.columns) + len(encoding.classes) + sum(map(len, listed)) > MAX_TEXTS


def texts(listed: Sequence[str], start: str, many: bool = False, end: str = ";", indent: int = 0) -> str:
    """``start List.of("text", "text");``, or the same from one text if there are many in the module."""
    if not many or not listed:
        made = STYLE.items([list(map(text_of, listed))], f"{start}List.of(", f"){end}", indent)
        return re.sub(r",(?=\n *\))", "", made)
    mark = next(mark for mark in map(chr, range(10, 1 << 16)) if not any(mark in text for text in listed))
    made = f"{start}texts({text_of(mark)},{_several(constants(listed, mark))}\n){end}"
    return made.replace("\n", f"\n{' ' * indent}")


def table(listed: Mapping[str, Sequence[str]], start: str, many: bool) -> str:
    """``start Map.ofEntries(Map.entry("column", List.of("text")));``."""
    entries = (texts(some, f"Map.entry({text_of(name)}, ", many, "),", 4)[:-1] for name, some in listed.items())
    return f"{start}Map.ofEntries({_several(entries)}\n);"


def strings(parts: Sequence[str], start: str) -> str:
    """``start"part part ...";``; what is too long for a constant is joined when the class is loaded."""
    words = " ".join(parts).split(" ")
    first, *others = constants(words)
    if not others:
        return f"{start}{first};" if "\n" not in first else f"{start.rstrip()}\n    {first};"
    return f'{start}String.join("",{_several([first, *others])}\n);'


def _several(written: Iterable[str]) -> str:
    return ",".join(f"\n    {one}" for one in written)


def constants(words: Sequence[str], mark: str = " ") -> list[str]:
    """Text constants that together are the words with a mark between them, on as many lines as they need."""
    found: list[list[str]] = []
    room = 0
    for place, word in enumerate(words):
        text = word if place == len(words) - 1 else word + mark
        size = 3 * len(
            text
        )  # of what is not ASCII, a letter has at most 3 bytes in a class file, half a pair of them too
        if room < size:
            found.append([""])
            room = MAX_CONSTANT
        room -= size
        if found[-1][-1] and columns(found[-1][-1] + text) > STYLE.width - len("+ ") - 12:
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


def comment(text: str, indent: int = 4) -> str:
    """A comment on as many lines as it needs."""
    lines = wrap(text.replace("\\", "\\\\"), STYLE.width - indent - len("// "))
    return f"\n{' ' * indent}".join(f"// {line}" for line in lines)


def prose(text: str, indent: int = 0) -> str:
    """The text, which ``doc`` wraps."""
    return text


def doc(text: str, indent: int = 0) -> str:
    """A documentation comment of some paragraphs; an indented one is a program."""
    margin = " " * indent
    lines: list[str] = []
    for paragraph in text.strip("\n").split("\n\n"):
        if paragraph.startswith("    "):
            said = paragraph.strip().replace("\\", "\\\\").replace("*/", "* /")
            lines += ["<pre>{@code", *wrap(said, STYLE.width - indent - 3), "}</pre>"]
        else:
            said = "".join(_OF_HTML.get(letter, letter) for letter in paragraph).replace("*/", "*&#47;")
            said = re.sub("`(.+?)`", r"{@code \1}", said)
            lines += [*["<p>"] * bool(lines), *wrap(said, STYLE.width - indent - len(" * "))]
    if len(lines) == 1 and indent + columns(lines[0]) <= STYLE.width - len("/**  */"):
        return f"/** {lines[0]} */"
    return f"\n{margin}".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])


_OF_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "\\": "&#92;"}
"""What begins something else in a documentation comment."""


def function(arguments: Sequence[str], name: str, gives: str, says: str, public: bool = True) -> str:
    """The comment and the head of a method; ``gives`` is the type that it returns."""
    start = f"{'public' if public else 'private'} static {gives or 'void'} {name}("
    head = f"{start}{', '.join(arguments)}) {{"
    if columns(head) > STYLE.width:
        head = ",\n    ".join(arguments)
        head = f"{start}\n    {head}\n) {{"
    return f"{doc(says)}\n{head}"


def style_marks(marks: Mapping[str, str]) -> list[str]:
    """The marks of a style of numbers as arguments, with those that it leaves out."""
    whole = {"thousands": "", "decimal": ".", "prefix": "", "suffix": "", "minus": "before"} | dict(marks)
    return [f"'{value}'" if name == "decimal" else text_of(value) for name, value in whole.items()]


def number_type(dtype: str) -> str:
    """The type of numbers of a width."""
    return {"float64": "double", "float32": "float"}[dtype]


def typed(text: str, dtype: str) -> str:
    """A fixed definition with the type of the numbers in place of ``Num``."""
    if dtype == "float64":
        text = text.replace("(Num) ", "")
    return re.sub(r"\bNum\b", number_type(dtype), text)


def wide(words: Words) -> Words:
    """The words of 64 bits, for what is not in the width of the network."""
    return replace(WORDS, marked=words.marked)


TARGET = Target(
    name="java",
    words=WORDS,
    narrow_words=narrow_words,
    imports=frozenset(),
    suffix=".java",
    stem=class_name,
    network_of=network_of,
    filters=(
        *loop_names.C,
        *rows.FILTERS,
        *(add, array, assign, average, by_example, by_place, call, camel, change, class_name, comment, counted, doc),
        *(flat, function, lines_with_powers, number_type, plus, powers, prose, result, signed_sum, span, stored),
        *(has_many_texts, items, listed_texts, statement, strings, style_marks, table, text_of, texts, unpack, wide),
    ),
    max_scalars=MAX_SCALARS_OF_JAVA,
    max_unrolled=MAX_UNROLLED_OF_JAVA,
    max_trained=MAX_TRAINED_OF_OTHERS,
    max_parameters=MAX_TRAINED_OF_OTHERS,
    syntax=SYNTAX,
    members=braces.members,
    finished=lambda text, dtype: braces.in_class(text),
    entries=("INPUTS", "OUTPUTS", "SEED", "State"),
    cased=camel,
    reserved=KEYWORDS,
    narrowed=typed,
    narrow="float[] forward(",
    compiler=COMPILER,
    fast=COMPILER,
    runs=("java", "-XX:+UseSerialGC", "Driver"),
)
"""The target, for ``TARGETS``."""
