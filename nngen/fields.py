"""How a field of a spec is written: names and numbers, shorter forms, and the choice of a catalogue's entry."""

import keyword
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from nngen.activations import ACTIVATIONS
from nngen.catalogue import Entry
from nngen.characters import letters, unseen
from nngen.diagnostics import joined
from nngen.helpers import HELPERS

MAX_UNITS = 100_000
"""Of a layer, and of the input: beyond it, a dense layer is the wrong kind of layer."""

MAX_NAME = 40
"""Characters of a name: longer ones make equations that do not fit on a line."""

MAX_CHARACTERS = 4_000
"""Of a description, and of the name of a class, a column or a file."""

MAX_WEIGHT = 1e18
"""Of an example: what it counts stays a number in 32 bits, too."""

MAX_SEED = 2**32 - 1
"""Seeds are 32-bit numbers, so that every language can follow."""

RESERVED = frozenset(
    (
        # the functions and constants of a generated module, and what it imports
        "PARAMETERS LAYOUT forward loss gradient batch_gradient init init_state step fit pack unpack save load scale"
        " check_gradient inputs math json numpy np mul sumprod log1p erfc"
        # the builtins that it calls
        " abs all any bool bytes callable dict enumerate float frozenset getattr hasattr int isinstance len list map"
        " max min object open print range round set sorted str sum tuple type zip AttributeError ImportError"
        " IndexError LookupError OverflowError RuntimeError TypeError ValueError"
    ).split()
).union(ACTIVATIONS, HELPERS)
"""Names that a generated module needs for itself."""

DEVICES = frozenset("con prn aux nul".split()).union(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))
"""Names that Windows keeps for devices, whatever their case and ending: it has no file ``aux.py``."""

RESERVED_INPUTS = frozenset({"params", "x", "y", "outputs"})
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


def seen(text: str) -> str:
    """Refuse a text with characters that are not seen."""
    found = unseen(text, allowed="\n")
    if found:
        raise ValueError(f"the invisible character {found}")
    return text


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
Text = Annotated[str, Field(strict=True, max_length=MAX_CHARACTERS), AfterValidator(seen)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Size = Annotated[int, Field(strict=True, ge=1, le=MAX_UNITS)]
Seed = Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)]
Row = tuple[Number, ...]
Switch = Annotated[bool, Field(strict=True)]
Weight = Annotated[Number, Field(ge=0, lt=MAX_WEIGHT)]


class Model(BaseModel):
    """What all models have in common: frozen, and no field that is not listed.

    Each is built when it is first used, which most are not: of a catalogue's entries, a spec chooses one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True)


class Choice(Model):
    """An entry of a catalogue, chosen by name, with its options."""

    name: str
    """The entry's name."""

    @property
    def options(self) -> dict[str, float]:
        """The numbers that were set, or their defaults."""
        return {key: value for key, value in self if key not in Choice.model_fields and isinstance(value, float)}


def is_list(value: object) -> bool:
    """Whether it is a list, as YAML reads it or as a model holds it."""
    return isinstance(value, list | tuple)


def form(value: object) -> str:
    """The tag of a field that takes either a list of names or something else."""
    return "names" if is_list(value) else "other"


OWN = "own"
"""The tag of a choice by the name of a formula that the spec has itself."""


class Short:
    """Annotates a field that also takes a shorter form, and spells that out before it is validated."""

    def __init__(self, spell_out: Callable[[Any], Any], form: dict[str, Any]) -> None:
        self.spell_out = spell_out
        self.form = form

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.spell_out, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [self.form, handler(schema)]}


class OneOf:
    """Annotates a ``Choice``: one model for each entry of a catalogue, told apart by name.

    With ``own``, other names are taken too: whether a spec has a formula of that name is for the checks to say. The
    default of the field ``by_entry[0]`` is the attribute ``by_entry[1]`` of the entry.
    """

    def __init__(
        self,
        kind: str,
        entries: Mapping[str, Entry],
        *,
        own: bool = False,
        by_entry: tuple[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.entries = entries
        self.own = own
        self.by_entry = by_entry

    def __get_pydantic_core_schema__(self, source: type[Choice], handler: GetCoreSchemaHandler) -> CoreSchema:
        models = [_model(self.kind, source, entry, self.by_entry) for entry in self.entries.values()]
        union: Any
        if self.own:
            tagged = [Annotated[model, Tag(name)] for name, model in zip(self.entries, models, strict=True)]
            tagged.append(Annotated[_own_model(self.kind, source), Tag(OWN)])
            union = Annotated[Union[tuple(tagged)], Discriminator(self._tag)]  # noqa: UP007 (made at run time)
        else:
            union = Annotated[Union[tuple(models)], Field(discriminator="name")]  # noqa: UP007
        return handler.generate_schema(union)

    def _tag(self, value: object) -> str | None:
        name = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
        if not isinstance(name, str):
            return None
        return name if name in self.entries else OWN


def named(value: object) -> object:
    """A bare name, as the mapping that it is short for."""
    return {"name": value} if isinstance(value, str) else value


def bare(entries: Mapping[str, Entry], *, own: bool = False) -> Short:
    """A bare name, for an entry that needs no option; with ``own``, other names are taken too."""
    names = [name for name, entry in entries.items() if all(option.default is not None for option in entry.options)]
    listed = {"enum": names}
    return Short(named, {"anyOf": [listed, OWN_NAME]} if own else listed)


OWN_NAME: dict[str, Any] = {"type": "string", "description": "The name of a formula of the spec's own."}


def _made(called: str, base: type[Choice], says: str, **fields: Any) -> type[Choice]:
    """A model of these fields. It stands in no source text, where Pydantic would look long for what its fields say."""
    plain = {"use_attribute_docstrings": False}
    return create_model(called, __base__=base, __doc__=says, __cls_kwargs__=plain, **fields)


@cache
def _own_model(kind: str, base: type[Choice]) -> type[Choice]:
    """The model of a choice by another name."""
    name: Any = (Annotated[str, Field(strict=True)], Field(description=OWN_NAME["description"]))
    return _made(f"{kind}_{OWN}", base, "A formula of the spec's own.", name=name)


@cache
def _model(kind: str, base: type[Choice], entry: Entry, by_entry: tuple[str, str] | None) -> type[Choice]:
    """The model of an entry, made once however many fields offer it: making them is most of the time of a start."""
    fields: dict[str, Any] = {
        option.name: (
            Number,
            Field(
                ... if option.default is None else option.default,
                gt=option.above,
                ge=option.least,
                lt=option.below,
                description=option.description,
            ),
        )
        for option in entry.options
    }
    if by_entry is not None:
        field, attribute = by_entry
        info = base.model_fields[field]
        fields[field] = (info.annotation, Field(getattr(entry, attribute), description=info.description))
    name: Any = (Literal[entry.name], Field(description=f"`{entry.name}`"))
    return _made(f"{kind}_{entry.name}", base, entry.textbook, name=name, **fields)


def listed(value: object) -> object:
    """One name, as the list that it is short for."""
    return [value] if isinstance(value, str) else value


def numbered(prefix: str, count: int) -> tuple[str, ...]:
    """Names by number, from 1."""
    return tuple(f"{prefix}{i}" for i in range(1, count + 1))
