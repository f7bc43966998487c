"""Names that a spec may use: reserved words of every target, and the checks."""

import keyword
import sys
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
)

from nngen.catalogue import ACTIVATIONS, PAGE_FUNCTIONS
from nngen.spec.confusables import letters
from nngen.spec.fields import seen
from nngen.text import joined

MAX_NAME = 40
"""Characters of a name: longer ones make equations that do not fit on a line."""


RESERVED = frozenset(
    (
        # the functions and constants of a generated module, and what it imports
        "PARAMETERS LAYOUT COLUMNS CATEGORIES CLASSES TRAINED encode decode predict predict_proba"
        " forward loss gradient batch_gradient init init_state step fit pack unpack save load scale"
        " check_gradient inputs math json numpy np mul sumprod log1p erfc"
        # the builtins that it calls
        " abs all any bool bytes callable dict enumerate float frozenset getattr hasattr int isinstance len list map"
        " max min object open print range round set sorted str sum tuple type zip AttributeError ImportError"
        " IndexError LookupError OverflowError RecursionError RuntimeError TypeError ValueError"
    ).split()
).union(ACTIVATIONS, PAGE_FUNCTIONS)
"""Names that a generated module needs for itself."""


DEVICES = frozenset("con prn aux nul".split()).union(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))
"""Names that Windows keeps for devices, whatever their case and ending: it has no file ``aux.py``."""


RESERVED_INPUTS = frozenset({"params", "x", "y", "outputs", "slopes"})
"""Names that stand beside the inputs, which the equations call as they are, without a prefix."""


SCRIPT_WORDS = frozenset(
    (
        "arguments await break case catch class const continue debugger default delete do else enum eval export extends"
        " false finally for function if implements import in instanceof interface let new null package private"
        " protected public return static super switch this throw true try typeof var void while with yield"
    ).split()
)
"""The words of JavaScript's own grammar, in a module (ECMA-262, 12.7.2), and what it lets nobody declare."""


SCRIPT_GLOBALS = frozenset("Array Boolean Infinity JSON Math NaN Number Object RangeError String undefined".split())
"""What a page of JavaScript calls, and a name would hide."""


C_WORDS = frozenset(
    (
        "alignas alignof and and_eq asm auto bitand bitor bool char char16_t char32_t char8_t compl concept const_cast"
        " consteval constexpr constinit co_await co_return co_yield decltype double dynamic_cast explicit extern float"
        " friend goto inline int long mutable namespace noexcept not not_eq nullptr operator or or_eq register"
        " reinterpret_cast requires restrict short signed sizeof static_assert static_cast struct template"
        " thread_local typedef typeid typename union unsigned using virtual volatile wchar_t xor xor_eq"
    ).split()
)
"""The words of C's and C++'s own grammar beside those (ISO C99, 6.4.1; C++20, 5.11)."""


C_GLOBALS = frozenset(
    (
        "INFINITY NAN NULL size_t uint32_t linux unix cos cosf erfcf exp expf expm1 expm1f fabs fabsf floor floorf fmod"
        " fmodf log logf log1pf pow powf sin sinf sqrt sqrtf tanhf"
    ).split()
)
"""What a page of C calls and declares with, and two macros of compilers."""


def _name(name: str) -> str:
    seen(name)
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError("a name is letters, digits and underscores, and begins with a letter")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ValueError(f"{name!r} is a word of Python's own grammar; choose another name")
    if name in RESERVED:
        raise ValueError(f"the generated module uses {name!r} for itself; choose another name")
    if unicodedata.normalize("NFKC", name) != name:
        raise ValueError(f"Python would read this name as {unicodedata.normalize('NFKC', name)!r}; write that")
    if len(found := letters(name)) > 1:
        named = joined((f"{letter!r} is U+{ord(letter):04X} {unicodedata.name(letter)}" for letter in found), "and")
        raise ValueError(f"a name with letters of alphabets that look alike: {named}")
    return name


def bare_name(name: str) -> str:
    """Refuse what cannot stand in a page of JavaScript as it is; the names of units and layers have a prefix there."""
    if name in SCRIPT_WORDS:
        raise ValueError(f"{name!r} is a word of JavaScript's own grammar; choose another name")
    if name in SCRIPT_GLOBALS:
        raise ValueError(f"the generated module uses {name!r} for itself; choose another name")
    return name


def _input_name(name: str) -> str:
    bare_name(name)
    if name in C_WORDS:
        raise ValueError(f"{name!r} is a word of the grammar of C or C++; choose another name")
    if name in C_GLOBALS:
        raise ValueError(f"the generated header uses {name!r} for itself; choose another name")
    if name in RESERVED_INPUTS:
        raise ValueError(f"the equations use {name!r} for a whole example; choose another name, such as {name + '1'!r}")
    return name


def _module_name(name: str) -> str:
    if name in sys.stdlib_module_names:
        raise ValueError(f"Python's own library has a module {name!r}, which this one would hide; choose another name")
    if name.lower() in DEVICES:
        raise ValueError(f"Windows keeps the name {name!r} for a device, and no file has it; choose another name")
    return name


NAME_MESSAGE = "A name has letters, digits and underscores, begins with a letter and is no reserved word."


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


def pattern(refused: Iterable[str], more: str = "") -> dict[str, Any]:
    """The keywords of a JSON Schema for a name that is none of these words, as far as a pattern can tell.

    ``more`` is a pattern of further names that are refused.
    """
    words = "|".join(sorted(refused)) + more
    letter = (
        r"[^\s!-/:-@\[-^`{-~]"  # in every dialect of patterns; of other scripts, the spec's reader knows the letters
    )
    return {
        "pattern": f"^(?!(?:{words})$)(?![0-9_]){letter}+$",
        "patternErrorMessage": NAME_MESSAGE,
    }


NOT_NAMES = RESERVED | {*keyword.kwlist, "case", "match"}
"""Words that are the name of nothing."""


NAME = pattern(NOT_NAMES)


MODULE_NAME = pattern(NOT_NAMES, "".join(f"|{_any_case(device)}" for device in sorted(DEVICES)))


INPUT_NAME = pattern(NOT_NAMES | SCRIPT_WORDS | SCRIPT_GLOBALS | C_WORDS | C_GLOBALS | RESERVED_INPUTS)
"""The keywords of a JSON Schema for the name of a layer or unit, of the network, and of an input."""


Name = Annotated[str, Field(strict=True, max_length=MAX_NAME, json_schema_extra=NAME), AfterValidator(_name)]


ModuleName = Annotated[Name, Field(json_schema_extra=MODULE_NAME), AfterValidator(_module_name)]


InputName = Annotated[Name, Field(json_schema_extra=INPUT_NAME), AfterValidator(_input_name)]


def numbered(prefix: str, count: int) -> tuple[str, ...]:
    """Names by number, from 1."""
    return tuple(f"{prefix}{i}" for i in range(1, count + 1))
