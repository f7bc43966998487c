"""Names in a spec: the reserved words of all targets, and the checks."""

import keyword
import sys
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from nngen.common.text import joined
from nngen.description.model.confusables import letters
from nngen.description.model.fields import seen
from nngen.mathematics.catalogue import ACTIVATIONS, PAGE_FUNCTIONS

MAX_NAME = 40
"""Characters of a name; with longer names, equations do not fit on a line."""


RESERVED = frozenset(
    (
        # the functions and constants of a generated module, and what it imports
        "PARAMETERS LAYOUT COLUMNS CATEGORIES CLASSES IDS TRAINED encode decode predict predict_proba predict_interval"
        " anomaly_score is_anomaly"
        " forward loss gradient batch_gradient init init_state step train_step fit pack unpack save load scale"
        " check_gradient checked inputs math json numpy np mul sumprod log1p erfc"
        # the builtins that it calls
        " abs all any bool bytes callable complex dict enumerate float frozenset getattr hasattr int isinstance len"
        " list map max min object open print range round set slice sorted str sum tuple type zip AttributeError"
        " ImportError IndexError LookupError OverflowError RecursionError RuntimeError TypeError ValueError"
    ).split()
).union(ACTIVATIONS, PAGE_FUNCTIONS)
"""Names that a generated module uses itself."""


DEVICES = frozenset("con prn aux nul".split()).union(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))
"""Names that Windows reserves for devices, in any case and with any suffix: a file ``aux.py`` is impossible."""


RESERVED_INPUTS = frozenset({"params", "x", "y", "outputs", "slopes"})
"""Names that the equations use next to the inputs, which have no prefix."""


SCRIPT_WORDS = frozenset(
    (
        "arguments await break case catch class const continue debugger default delete do else enum eval export extends"
        " false finally for function if implements import in instanceof interface let new null package private"
        " protected public return static super switch this throw true try typeof var void while with yield"
    ).split()
)
"""The reserved words of JavaScript in a module (ECMA-262, 12.7.2), and the names that it forbids to declare."""


SCRIPT_GLOBALS = frozenset("Array Boolean Infinity JSON Math NaN Number Object RangeError String undefined".split())
"""The globals that a JavaScript module uses and that a name would hide."""


C_WORDS = frozenset(
    (
        "alignas alignof and and_eq asm auto bitand bitor bool char char16_t char32_t char8_t compl concept const_cast"
        " consteval constexpr constinit co_await co_return co_yield decltype double dynamic_cast explicit extern float"
        " friend goto inline int long mutable namespace noexcept not not_eq nullptr operator or or_eq register"
        " reinterpret_cast requires restrict short signed sizeof static_assert static_cast struct template"
        " thread_local typedef typeid typename union unsigned using virtual volatile wchar_t xor xor_eq"
    ).split()
)
"""The other reserved words of C and C++ (ISO C99, 6.4.1; C++20, 5.11)."""


C_GLOBALS = frozenset(
    (
        "INFINITY NAN NULL size_t uint32_t linux unix cos cosf erfcf exp expf expm1 expm1f fabs fabsf floor floorf fmod"
        " fmodf log logf log1pf pow powf sin sinf sqrt sqrtf tanhf"
    ).split()
)
"""The functions, types and macros that a C header uses, and two macros that compilers define."""


def _name(name: str) -> str:
    seen(name)
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError("a name has only letters, digits and underscores, and begins with a letter")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ValueError(f"{name!r} is a reserved word of Python; choose another name")
    if name in RESERVED:
        raise ValueError(f"the generated module uses {name!r} itself; choose another name")
    if unicodedata.normalize("NFKC", name) != name:
        raise ValueError(f"Python reads this name as {unicodedata.normalize('NFKC', name)!r}; write it like that")
    if len(found := letters(name)) > 1:
        named = joined((f"{letter!r} is U+{ord(letter):04X} {unicodedata.name(letter)}" for letter in found), "and")
        raise ValueError(f"the name mixes alphabets whose letters look alike: {named}")
    return name


def bare_name(name: str) -> str:
    """Refuse a name that JavaScript reserves; names of units and layers need no such check, as they get a prefix."""
    if name in SCRIPT_WORDS:
        raise ValueError(f"{name!r} is a reserved word of JavaScript; choose another name")
    if name in SCRIPT_GLOBALS:
        raise ValueError(f"the generated module uses {name!r} itself; choose another name")
    return name


def _input_name(name: str) -> str:
    bare_name(name)
    if name in C_WORDS:
        raise ValueError(f"{name!r} is a reserved word of C or C++; choose another name")
    if name in C_GLOBALS:
        raise ValueError(f"the generated header uses {name!r} itself; choose another name")
    if name in RESERVED_INPUTS:
        raise ValueError(f"the equations use {name!r} for a whole example; choose another name, such as {name + '1'!r}")
    return name


def _module_name(name: str) -> str:
    if name in sys.stdlib_module_names:
        raise ValueError(f"the module would hide the standard module {name!r} of Python; choose another name")
    if name.lower() in DEVICES:
        raise ValueError(
            f"Windows reserves the name {name!r} for a device, so no file can have it; choose another name"
        )
    return name


NAME_MESSAGE = "A name has only letters, digits and underscores, begins with a letter, and is not a reserved word."


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" if letter.isalpha() else letter for letter in word)


def pattern(refused: Iterable[str], more: str = "") -> dict[str, Any]:
    """The JSON Schema keywords that refuse these words as names, as far as a pattern can express it.

    ``more`` is a pattern of further names to refuse.
    """
    words = "|".join(sorted(refused)) + more
    letter = r"[^\s!-/:-@\[-^`{-~]"  # works in all pattern dialects; the reader checks the letters of other scripts
    return {
        "pattern": f"^(?!(?:{words})$)(?![0-9_]){letter}+$",
        "patternErrorMessage": NAME_MESSAGE,
    }


NOT_NAMES = RESERVED | {*keyword.kwlist, "case", "match"}
"""Words that cannot be a name."""


NAME = pattern(NOT_NAMES)


MODULE_NAME = pattern(NOT_NAMES, "".join(f"|{_any_case(device)}" for device in sorted(DEVICES)))


INPUT_NAME = pattern(NOT_NAMES | SCRIPT_WORDS | SCRIPT_GLOBALS | C_WORDS | C_GLOBALS | RESERVED_INPUTS)
"""The JSON Schema keywords for names of layers and units, of the network, and of inputs."""


Name = Annotated[str, Field(strict=True, max_length=MAX_NAME, json_schema_extra=NAME), AfterValidator(_name)]


ModuleName = Annotated[Name, Field(json_schema_extra=MODULE_NAME), AfterValidator(_module_name)]


InputName = Annotated[Name, Field(json_schema_extra=INPUT_NAME), AfterValidator(_input_name)]


def numbered(prefix: str, count: int) -> tuple[str, ...]:
    """Numbered names: the prefix with 1, 2, ..., count."""
    return tuple(f"{prefix}{i}" for i in range(1, count + 1))
