"""Writes names, types and constants of the source in another language; each language says where it differs."""

import ast
import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import ClassVar

from nngen.printing.front import Made
from nngen.printing.kinds import Kinds, certain, is_list, item
from nngen.printing.operators import OPERATORS
from nngen.printing.program import Function, Program


class Names:
    """What languages call what the source names, in a function at a time."""

    types: ClassVar[Mapping[str, str]]
    """The types of the source in the words of the language, where these are others."""
    list_type: ClassVar[str] = "{}[]"
    """The type of a list of items of a type."""
    none: ClassVar[str] = "null"
    """A value that is missing."""
    nones: ClassVar[Mapping[str, str]] = {}
    """The same for types of which it is another one: a number that is missing may be negative."""
    operators: ClassVar[Mapping[str, str]] = {}
    """Operators that the language writes in another way."""
    flags: ClassVar[Mapping[str, bool]] = {
        "CHECKS_BEFORE": False, "CHECKS_SIZES": False, "COPIES": False, "SHOWS": False, "SIZES": False, "THROWS": True,
        "UNTYPED": False, "DESCENDS": False, "DIVIDES": False, "LATER": False, "REMEMBERS": True,
        "UNTYPED_SEEDS": False,
    }  # fmt: skip
    """What a language has, and what its modules have if they do not say it, see ``nngen.runtime.network``."""
    placeholders: ClassVar[frozenset[str]] = frozenset({"ENDS"})
    """Words that no source names, in whose place the printed text has what a network decides."""
    constants: ClassVar[Mapping[str, str]] = {}
    """The names of what modules state themselves, where it is another one than in the source."""
    function: Function
    """The function that is written."""
    kinds: Kinds
    """The types of its names."""
    formulas: Mapping[str, Callable[..., str]]
    """What writes the formula that a call of this name stands for, with its variables as they are written."""
    tables: Sequence[tuple[Sequence[Sequence[str]], int]]
    """Numbers, row by row, and the place of the first among the parameters, in the order of ``set_numbers``."""
    texts: Sequence[str]
    """Equations that a template wrote."""
    rows: Sequence[Sequence[str] | str]
    """Derivatives by their names, or the vector that has them."""
    kept: Set[str]
    """Local names that these say, too."""

    def __init__(self, program: Program, made: Made, narrow: bool, stands: Mapping[str, str] | None = None) -> None:
        """Write functions of a program, as they were made for a network of narrow numbers or not.

        ``stands`` has what words stand for.
        """
        self.program, self.made, self.narrow, self.stands = program, made, narrow, stands or {}
        self.wanted = ""
        self.formulas = {}
        self.tables = ()
        self.texts = ()
        self.rows = ()
        self.own: Mapping[str, str] = {}
        """Other names of functions."""
        self.kept = frozenset()

    def worded(self, text: str) -> str:
        """A text with what the words of a network stand for."""
        return re.sub(r"\b\w+\b", lambda found: self.stands.get(found[0], found[0]), text)

    def name(self, name: str) -> str:
        """The name of a function."""
        return self.own.get(name) or self.cased(name)

    def cased(self, name: str) -> str:
        """The same as the language writes names of the source."""
        return name.lstrip("_")

    def local(self, name: str) -> str:
        """The name of an argument or of a local value."""
        return name

    def sized_by(self, text: str) -> str:
        """A type, or a value of zeros, with the sizes that a network decides."""
        return re.sub(r"\b(?:ANSWERS|NUMBERS|OUTPUTS)\b", lambda found: self.stands.get(found[0], found[0]), text)

    def kind(self, kind: str) -> str:
        """A type; where a value of it may be missing, it may be that of one that is there."""
        kind = kind if kind in self.types else certain(kind)
        if kind not in self.types and is_list(kind):
            return self.list_type.format(self.kind(item(kind)))
        return self.sized_by(self.types.get(kind, kind))

    def says(self, function: Function) -> str:
        """What a comment says of a function, with the names of the language."""
        return self.worded_names(function.says)

    def worded_names(self, text: str) -> str:
        """A sentence with the names of the language."""
        return re.sub(r"[A-Z_]{2,}", lambda found: self.constants.get(found[0], found[0]), text)

    def field(self, name: str) -> str:
        """The name of a field of a record."""
        return self.local(name)

    def certain(self, name: str, kind: str) -> str:
        """A value of a type that may be missing, where it is known to be there."""
        return self.local(name)

    def constant(self, value: object) -> str:
        """A constant."""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float):
            return self.number(value)
        if value is None:
            return self.nones.get(self.wanted, self.none)
        large = self.wanted == "U32" and isinstance(value, int) and value > 99_999
        return f"0x{value:x}" if large else str(value)

    def number(self, value: float) -> str:
        """A constant that is no whole number."""
        return repr(value).replace("e+", "e").replace("e-0", "e-")

    @staticmethod
    def text(value: str, /) -> str:
        """A constant that is a text, in letters of ASCII."""
        seen = (one if " " <= one <= "~" else f"\\u{ord(one):04x}" for one in value.replace("\\", r"\\"))
        return '"' + "".join(seen).replace('"', r"\"") + '"'

    def sign(self, op: ast.AST) -> str:
        """An operator."""
        sign = OPERATORS[type(op)][0]
        return self.operators.get(sign, sign)
