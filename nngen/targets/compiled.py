"""What the compiled languages write alike."""

import re
from collections.abc import Callable, Iterable, Sequence

from nngen.common.text import columns
from nngen.mathematics.formulas import MARKS
from nngen.plan import Block
from nngen.targets.prose import wrap


def head(arguments: Sequence[str], start: str, end: str, width: int, last: str = "") -> str:
    """The first line of a function, or a line for each argument; ``last`` stands before the end then."""
    line = f"{start}{', '.join(arguments)}{end}"
    if columns(line) <= width:
        return line
    below = ",\n    ".join(arguments)
    return f"{start}\n    {below}{last}{end}"


def storing(change: Callable[..., str], margin: str = "    ") -> Callable[[Iterable[Sequence[str]], str, str], str]:
    """A filter whose statements are those of ``change``, after a margin."""

    def stored(names: Iterable[Sequence[str]], to: str, sign: str) -> str:
        """``slopes[0] += dw;``: the numbers of an array, a line for each, but for 0.0."""
        places = enumerate(name for row in names for name in row)
        return f"\n{margin}".join(
            change(value, f"{to}[{place}]", sign=sign) for place, value in places if value != "0.0"
        )

    return stored


def changing(statement: Callable[[str, str, int], str]) -> Callable[..., str]:
    """A filter that gives a name another value."""

    def change(value: str, name: str, indent: int = 4, sign: str = "=") -> str:
        """``name = value;``, or with another sign such as ``+=``. The name may include its type."""
        return statement(value, f"{name} {sign} ", indent)

    return change


def slicing(pattern: str) -> Callable[[Block, str], str]:
    """A filter for parts of arrays: their name {0}, and from where {1} to where {2} one is."""

    def slice_of(block: Block, values: str) -> str:
        """The numbers of a block in an array of all: ``params[8:16]``."""
        return pattern.format(values, block.start or "", block.stop)

    return slice_of


def commenting(width: int, escaped: Callable[[str], str] = str, margin: str = " ") -> Callable[..., str]:
    """A filter for comments of this width, after some spaces or tabs."""
    step = columns(margin.expandtabs(4))

    def comment(text: str, indent: int = 4 // step) -> str:
        """A comment on as many lines as it needs."""
        room = width - indent * step - len("// ")
        return f"\n{margin * indent}".join(f"// {line}" for line in wrap(escaped(text), room))

    return comment


def quoting(number: str, signs: str = '"') -> Callable[[str], str]:
    """What writes text constants: signs are escaped; what cannot be seen, or layouts know as a mark, is a number."""

    def text_of(text: str) -> str:
        """A text constant."""
        escaped = re.sub(rf"[{signs}\\]", r"\\\g<0>", text)
        return f'"{"".join(one if one.isprintable() and one not in MARKS else number % ord(one) for one in escaped)}"'

    return text_of


def prose(text: str, indent: int = 0) -> str:
    """The text, which ``doc`` wraps."""
    return text


def network_of(name: str) -> str:
    """The network that a class is named after, if its name has small letters."""
    return re.sub(r"(?<=[^_])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """A name with capitals between its words: ``initState`` for ``init_state``."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def number_type(dtype: str) -> str:
    """The type of numbers of a width."""
    return {"float64": "double", "float32": "float"}[dtype]


def replaced(text: str, pattern: str, word: Callable[[re.Match[str]], str]) -> str:
    """Code with other words for what a pattern finds, but in comments and in texts, which may be those of users."""
    code = rf'//.*|"(?:\\.|[^"\\\n])*"|(?P<code>{pattern})'
    return re.sub(code, lambda found: found[0] if found["code"] is None else word(found), text)


def in_width(text: str, narrow: bool) -> str:
    """A text with the type of the numbers in place of ``Num``, but in casts, which ``typed`` may leave out."""
    kind = number_type("float32" if narrow else "float64")
    return replaced(text, r"(?<!\()\bNum\b(?!\))", lambda found: kind)


def typed(text: str, dtype: str) -> str:
    """A fixed definition with the type of the numbers in place of ``Num``; what is a ``double`` needs no cast to it."""
    if dtype == "float64":
        text = replaced(text, r"\(Num\) ?", lambda found: "")
    return replaced(text, r"\bNum\b", lambda found: number_type(dtype))


def between(first: str, last: str) -> str:
    """How many places are from a first one to before a last one."""
    if first.isdigit() and last.isdigit():
        return str(int(last) - int(first))
    found = re.fullmatch(r"(.*) - (\d+)", last)
    if found and first.isdigit():
        return f"{found[1]} - {int(found[2]) + int(first)}"
    return f"{last} - {first}" if first else last
