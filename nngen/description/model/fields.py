"""The types of fields: numbers and texts, short forms, and choices from a catalogue."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from nngen.description.model.confusables import unseen
from nngen.description.model.field_texts import described
from nngen.mathematics.catalogue import Entry

MAX_UNITS = 100_000
"""Units of a layer, and inputs; a dense layer of more units is the wrong kind of layer."""


MAX_CHARACTERS = 4_000
"""Characters of a description, and of the name of a class, a column or a file."""

MAX_WEIGHT = 1e18
"""The bound on the weight of an example, so that weighted terms fit into 32 bits."""

MAX_SEED = 2**32 - 1
"""Seeds are 32-bit numbers, which all languages can compute with."""


def seen(text: str) -> str:
    """Refuse a text with invisible characters."""
    found = unseen(text)
    if found:
        raise ValueError(f"the invisible character {found}")
    return text


Text = Annotated[str, Field(strict=True, max_length=MAX_CHARACTERS), AfterValidator(seen)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Size = Annotated[int, Field(strict=True, ge=1, le=MAX_UNITS)]
Seed = Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)]
Row = tuple[Number, ...]
Switch = Annotated[bool, Field(strict=True)]
Weight = Annotated[Number, Field(ge=0, lt=MAX_WEIGHT)]


class Model(BaseModel):
    """The base of all models: frozen, without unknown fields.

    A model is built when it is first used, because a spec uses only few entries of a catalogue. Pydantic would read the
    texts below fields from the sources at each start (``use_attribute_docstrings``); only the JSON Schema needs them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        made = handler(schema)
        described(cls, handler.resolve_ref_schema(made))
        return made


class Choice(Model):
    """An entry of a catalogue, chosen by its name, with its options."""

    name: str
    """The name of the entry."""

    @property
    def options(self) -> dict[str, float]:
        """The options: the numbers in the spec, or their defaults."""
        return {key: value for key, value in vars(self).items() if isinstance(value, float)}


def is_list(value: object) -> bool:
    """Whether a value is a list, as YAML gives it, or a tuple, as a model holds it."""
    return isinstance(value, list | tuple)


def form(value: object) -> str:
    """The tag of a value in a field that takes a list of names or something else."""
    return "names" if is_list(value) else "other"


CUSTOM = "custom"
"""The tag of a custom formula, chosen by name."""


class Short:
    """Annotates a field with a short form, which is expanded before validation."""

    def __init__(self, spell_out: Callable[[Any], Any], form: dict[str, Any]) -> None:
        self.spell_out = spell_out
        self.form = form

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.spell_out, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [self.form, handler(schema)]}


class OneOf:
    """Annotates a ``Choice``: one model for each entry of a catalogue, discriminated by name.

    With ``custom``, other names are accepted as well; the checks find out whether the spec defines them. The default of
    the field ``by_entry[0]`` is the attribute ``by_entry[1]`` of the entry.
    """

    def __init__(
        self,
        kind: str,
        entries: Mapping[str, Entry],
        *,
        custom: bool = False,
        by_entry: tuple[str, str] | None = None,
    ) -> None:
        self.kind = kind
        self.entries = entries
        self.custom = custom
        self.by_entry = by_entry
        self.source = Choice

    def __get_pydantic_core_schema__(self, source: type[Choice], handler: GetCoreSchemaHandler) -> CoreSchema:
        """A union whose models are made when a spec chooses them, as making all of them takes long at each start."""
        self.source = source
        return self._union(lambda tag: core_schema.no_info_plain_validator_function(partial(self._chosen, tag)))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return handler(self._union(lambda tag: self._model(tag).__pydantic_core_schema__))

    def _union(self, choice: Callable[[str], CoreSchema]) -> CoreSchema:
        choices = {tag: choice(tag) for tag in (*self.entries, *[CUSTOM] * self.custom)}
        return core_schema.tagged_union_schema(choices, self._tag if self.custom else "name")

    def _chosen(self, tag: str, value: object) -> Choice:
        return self._model(tag).model_validate(value)

    def _model(self, tag: str) -> type[Choice]:
        if tag in self.entries:
            return _model(self.kind, self.source, self.entries[tag], self.by_entry)
        return _custom_model(self.kind, self.source)

    def _tag(self, value: object) -> str | None:
        name = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
        if not isinstance(name, str):
            return None
        return name if name in self.entries else CUSTOM


def named(value: object) -> object:
    """Expand a name to the mapping that it stands for."""
    return {"name": value} if isinstance(value, str) else value


def bare(entries: Mapping[str, Entry], *, custom: bool = False) -> Short:
    """The short form of an entry without required options, its name; ``custom`` accepts other names as well."""
    names = [name for name, entry in entries.items() if all(option.default is not None for option in entry.options)]
    listed = {"enum": names}
    return Short(named, {"anyOf": [listed, CUSTOM_NAME]} if custom else listed)


CUSTOM_NAME: dict[str, Any] = {"type": "string", "description": "The name of a custom formula."}


@cache
def _custom_model(kind: str, base: type[Choice]) -> type[Choice]:
    """The model of a choice by a custom name."""
    name: Any = (Annotated[str, Field(strict=True)], Field(description=CUSTOM_NAME["description"]))
    return create_model(f"{kind}_{CUSTOM}", __base__=base, __doc__="A custom formula.", name=name)


@cache
def _model(kind: str, base: type[Choice], entry: Entry, by_entry: tuple[str, str] | None) -> type[Choice]:
    """The model of an entry, cached because making models takes most of the start-up time."""
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
        fields[field] = (base.model_fields[field].annotation, getattr(entry, attribute))
    name: Any = (Literal[entry.name], Field(description=f"`{entry.name}`"))
    return create_model(f"{kind}_{entry.name}", __base__=base, __doc__=entry.textbook, name=name, **fields)


def listed(value: object) -> object:
    """Expand a name to the list that it stands for."""
    return [value] if isinstance(value, str) else value
