"""What a user may write: the models of a network's description.

Each model refuses fields that it does not know, and each field says in its description what it means; the JSON Schema
and ``docs/spec.md`` are made from here. What concerns more than one field stands in ``nngen.checks``.
"""

import keyword
import unicodedata
from collections.abc import Callable, Iterable, Mapping
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
from nngen.initializers import INITIALIZERS
from nngen.losses import LOSSES
from nngen.optimizers import OPTIMIZERS

MAX_UNITS = 100_000
"""Of a layer, and of the input: beyond it, a dense layer is the wrong kind of layer."""

MAX_LAYERS = 1_000
"""The deepest networks that were ever trained have about as many."""

MAX_NAME = 40
"""Characters of a name: longer ones make equations that do not fit on a line."""

MAX_SEED = 2**32 - 1
"""Seeds are 32-bit numbers, so that every language can follow."""

RESERVED = frozenset(
    (
        # the functions and constants of a generated module, and what it imports
        "PARAMETERS LAYOUT forward loss gradient init init_state step fit pack unpack save load scale inputs"
        " math json numpy np mul"
        # the builtins that it calls
        " abs all any callable enumerate float int isinstance len list map max min object open print range round sorted"
        " str sum tuple zip ValueError"
    ).split()
).union(ACTIVATIONS)
"""Names that a generated module needs for itself."""

RESERVED_INPUTS = frozenset({"params", "x", "y"})
"""Names that stand beside the inputs, which the equations call as they are, without a prefix."""


def _name(name: str) -> str:
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError("a name is letters, digits and underscores, and begins with a letter")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ValueError(f"{name!r} is a word of Python's own grammar; choose another name")
    if name in RESERVED:
        raise ValueError(f"the generated module uses {name!r} for itself; choose another name")
    if unicodedata.normalize("NFKC", name) != name:
        raise ValueError(f"Python would read this name as {unicodedata.normalize('NFKC', name)!r}; write that")
    return name


def _input_name(name: str) -> str:
    if name in RESERVED_INPUTS:
        raise ValueError(f"the equations use {name!r} for a whole example; choose another name, such as {name + '1'!r}")
    return name


def _printable(text: str) -> str:
    if not all(character.isprintable() or character == "\n" for character in text):
        raise ValueError("a text holds printable characters and line breaks only")
    return text


Name = Annotated[str, Field(strict=True, max_length=MAX_NAME), AfterValidator(_name)]
InputName = Annotated[Name, AfterValidator(_input_name)]
Text = Annotated[str, Field(strict=True, max_length=4_000), AfterValidator(_printable)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Size = Annotated[int, Field(strict=True, ge=1, le=MAX_UNITS)]
Seed = Annotated[int, Field(strict=True, ge=0, le=MAX_SEED)]
Switch = Annotated[bool, Field(strict=True)]


class Model(BaseModel):
    """What all models have in common: frozen, and no field that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Choice(Model):
    """An entry of a catalogue, chosen by name, with its options."""

    name: str
    """The entry's name."""

    @property
    def options(self) -> dict[str, float]:
        """The numbers that were set, or their defaults."""
        return {key: value for key, value in self if key not in Choice.model_fields and isinstance(value, float)}


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def _form(value: object) -> str:
    return "names" if _is_list(value) else "other"


class _Short:
    """Annotates a field that also takes a shorter form, and spells that out before it is validated."""

    def __init__(self, spell_out: Callable[[Any], Any], form: dict[str, Any]) -> None:
        self.spell_out = spell_out
        self.form = form

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.spell_out, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [self.form, handler(schema)]}


class _OneOf:
    """Annotates a ``Choice``: one model for each entry of a catalogue, told apart by name."""

    def __init__(self, kind: str, entries: Mapping[str, Entry]) -> None:
        self.kind = kind
        self.entries = entries

    def __get_pydantic_core_schema__(self, source: type[Choice], handler: GetCoreSchemaHandler) -> CoreSchema:
        models = tuple(_model(self.kind, source, entry) for entry in self.entries.values())
        union: Any = Annotated[Union[models], Field(discriminator="name")]  # noqa: UP007 (made at run time)
        return handler.generate_schema(union)


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _bare(entries: Mapping[str, Entry]) -> _Short:
    """A bare name, for an entry that needs no option."""
    names = [name for name, entry in entries.items() if all(option.default is not None for option in entry.options)]
    return _Short(_named, {"enum": names})


def _model(kind: str, base: type[Choice], entry: Entry) -> type[Choice]:
    fields: dict[str, Any] = {
        option.name: (
            Number,
            Field(... if option.default is None else option.default, gt=option.above, description=option.description),
        )
        for option in entry.options
    }
    name: Any = (Literal[entry.name], Field(description=f"`{entry.name}`"))
    return create_model(f"{kind}_{entry.name}", __base__=base, __doc__=entry.textbook, name=name, **fields)


Activation = Annotated[Choice, _OneOf("activation", ACTIVATIONS), _bare(ACTIVATIONS)]
Optimizer = Annotated[Choice, _OneOf("optimizer", OPTIMIZERS), _bare(OPTIMIZERS)]


class Loss(Choice):
    """A loss and its convention."""

    outputs: Literal["sum", "mean"]
    """Over the outputs, the terms are summed or their mean is taken."""
    batch: Literal["mean", "sum"] = "mean"
    """Over the examples of a batch, the mean is taken or the sum."""


class Scheme(Choice):
    """A scheme that draws initial values."""

    seed: Seed | None = None
    """A seed of its own: these values then stay the same whatever seed `init` is given."""


def _kind(value: object) -> str:
    named = value.get("name") if isinstance(value, Mapping) else getattr(value, "name", None)
    return "values" if named == "values" else "scheme"


_List = {"type": "array"}
_Scheme = Annotated[Scheme, _OneOf("initial", INITIALIZERS), _bare(INITIALIZERS)]

Row = tuple[Number, ...]


class Matrices(Model):
    """Initial weights given by value."""

    name: Literal["values"]
    """`values`"""
    values: Annotated[
        dict[str, tuple[Row, ...]], _Short(lambda value: {"": value} if _is_list(value) else value, _List)
    ]
    """A row for each unit with a number for each input; with several sources, such rows for each by its name."""


class Vector(Model):
    """Initial biases given by value."""

    name: Literal["values"]
    """`values`"""
    values: Row
    """A number for each unit."""


_by_value = _Short(lambda value: {"name": "values", "values": value} if _is_list(value) else value, _List)
_InitialWeights = Annotated[
    Annotated[_Scheme, Tag("scheme")] | Annotated[Matrices, Tag("values")], Discriminator(_kind), _by_value
]
_InitialBiases = Annotated[
    Annotated[_Scheme, Tag("scheme")] | Annotated[Vector, Tag("values")], Discriminator(_kind), _by_value
]


class Weights(Model):
    """A layer's weights."""

    initial: _InitialWeights | None = None
    """Their initial values: a scheme, or the values; without it, what the network's `initial` says."""
    trainable: Switch = True
    """Whether training changes them."""


class Bias(Model):
    """A layer's biases, one for each unit."""

    initial: _InitialBiases | None = None
    """Their initial values: a scheme, or the values; without it, what the network's `initial` says."""
    trainable: Switch = True
    """Whether training changes them."""


def _bias(value: object) -> object:
    return ({} if value else None) if isinstance(value, bool) else value


_several = Field(min_length=1, max_length=MAX_UNITS)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Group(Model):
    """Inputs by number: `{name: pixel, size: 64}` is `pixel1` to `pixel64`."""

    name: Name
    """What the names of the inputs begin with, and the name of the whole input under `from`."""
    size: Size
    """How many there are."""


class Layer(Model):
    """A layer of units, each connected to all units of each source."""

    name: Name
    """The layer's name."""
    units: Annotated[
        Annotated[Size, Tag("other")] | Annotated[tuple[Name, ...], _several, Tag("names")], Discriminator(_form)
    ]
    """The units' names, or how many there are: 3 units of a layer `hidden` are `hidden1` to `hidden3`."""
    activation: Activation
    """The function that makes a unit's output of its weighted sum."""
    sources: Annotated[
        tuple[Annotated[str, Field(strict=True)], ...] | None,
        Field(alias="from", min_length=1),
        _Short(_listed, {"type": "string"}),
    ] = None
    """What feeds the layer: names of earlier layers, or of the input, each with weights of its own. Without it, the layer before."""
    weights: Weights = Weights()
    """How its weights begin, and whether they are trained."""
    bias: Annotated[Bias | None, _Short(_bias, {"type": "boolean"})] = Bias()
    """Whether its units have a bias (`true`, `false`), or how the biases begin and whether they are trained."""

    @property
    def unit_names(self) -> tuple[str, ...]:
        """The units' names."""
        return numbered(self.name, self.units) if isinstance(self.units, int) else self.units


class Initial(Model):
    """How parameters begin where a layer says nothing else."""

    weights: _Scheme = Field(default="glorot_uniform", validate_default=True)
    """The scheme that draws the weights."""
    biases: _Scheme = Field(default="zeros", validate_default=True)
    """The scheme that draws the biases."""
    seed: Seed = 0
    """The seed that `init` takes unless it is given another."""


def _full(value: object) -> object:
    return None if value == "full" else value


class Training(Model):
    """How `step` and `fit` train."""

    optimizer: Optimizer
    """The rule that turns a gradient into a step."""
    batch_size: Annotated[Annotated[int, Field(strict=True, ge=1)] | None, _Short(_full, {"const": "full"})] = 1
    """How many examples make a step: 1, a mini-batch, or `full` for all of them."""
    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 100
    """How many times `fit` goes through the examples."""
    shuffle: Switch = True
    """Whether each epoch takes the examples in a new order."""
    seed: Seed = 0
    """The seed of that order."""


class Example(Model):
    """An example of what the network should learn."""

    x: Row
    """The inputs."""
    y: Annotated[Annotated[Row, Tag("names")] | Annotated[str, Field(strict=True), Tag("other")], Discriminator(_form)]
    """The targets, or the name of a class."""


class Standardize(Model):
    """Less the mean, by the standard deviation: both of the training examples, column by column."""

    name: Literal["standardize"]
    """`standardize`"""


class Interval(Model):
    """From 0 at the smallest value to 1 at the largest: both of the training examples, column by column."""

    name: Literal["interval"]
    """`interval`"""


class Divide(Model):
    """Divided by a number."""

    name: Literal["divide"]
    """`divide`"""
    by: Annotated[Number, Field(gt=0)]
    """The number."""


Scale = Annotated[
    Standardize | Interval | Divide,
    Field(discriminator="name"),
    _Short(_named, {"enum": ["standardize", "interval"]}),
]


class Split(Model):
    """Examples that are kept from training."""

    test: Annotated[Number, Field(gt=0, lt=1)]
    """The share of the examples that is held out, such as 0.25."""
    seed: Seed = 0
    """The seed that draws them."""


class _Examples(Model):
    classes: Annotated[tuple[Text, ...], Field(min_length=2)] | None = None
    """The names of the classes in the order of the outputs; with one output, the first is 0 and the second 1. Without it,
    the output units' names."""
    split: Split | None = None
    """Which examples are held out to test what was learned."""
    scale: Scale | None = None
    """How the inputs are scaled; the generated module has the same as its function `scale`."""


class Rows(_Examples):
    """Examples written out in the spec."""

    rows: Annotated[tuple[Example, ...], Field(min_length=1, max_length=10_000)]
    """The examples."""


class Table(_Examples):
    """Examples in a CSV file with a line of column names."""

    file: Annotated[Text, Field(min_length=1)]
    """The file, in the spec's folder or below it."""
    inputs: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The columns that are the inputs; without it, the inputs' names."""
    target: Annotated[
        tuple[Text, ...],
        Field(min_length=1),
        _Short(_listed, {"type": "string"}),
    ]
    """The column that is the target, as numbers or names of classes; or a column of numbers for each output."""


def _data(value: object) -> str:
    return "rows" if isinstance(value, Rows) or (isinstance(value, Mapping) and "rows" in value) else "file"


class PythonTarget(Model):
    """A module that needs nothing but Python."""

    name: Literal["python"]
    """`python`"""
    unroll: Literal["auto", "weights", "layers"] = "auto"
    """How far it is written out: an equation for each weight, or for each layer; `auto` decides by the number of weights."""


class NumpyTarget(Model):
    """A module that needs NumPy and takes batches."""

    name: Literal["numpy"]
    """`numpy`"""
    dtype: Literal["float64", "float32"] = "float64"
    """The width of its numbers."""


Target = Annotated[
    PythonTarget | NumpyTarget,
    Field(discriminator="name"),
    _Short(_named, {"enum": ["python", "numpy"]}),
]


class Spec(Model):
    """A network: what it computes, how it begins, and how it learns."""

    name: Name
    """The network's name, and its module's."""
    description: Text = ""
    """What the network is for; it opens the generated module."""
    inputs: Annotated[
        Annotated[Group, Tag("other")] | Annotated[tuple[InputName, ...], _several, Tag("names")], Discriminator(_form)
    ]
    """The inputs' names, or how many there are."""
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=MAX_LAYERS)]
    """The layers, each after those that feed it; the last one is the output."""
    initial: Initial = Initial()
    """How the parameters begin."""
    loss: Annotated[Loss, _OneOf("loss", LOSSES)]
    """What training makes small."""
    training: Training
    """How the network is trained."""
    data: Annotated[Annotated[Rows, Tag("rows")] | Annotated[Table, Tag("file")], Discriminator(_data)] | None = None
    """The examples that it learns from."""
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=2)] = (
        PythonTarget(name="python"),
        NumpyTarget(name="numpy"),
    )
    """The modules to write."""

    @property
    def input_name(self) -> str:
        """The name of the whole input."""
        return self.inputs.name if isinstance(self.inputs, Group) else "x"

    @property
    def input_names(self) -> tuple[str, ...]:
        """The inputs' names."""
        return numbered(self.inputs.name, self.inputs.size) if isinstance(self.inputs, Group) else self.inputs

    def target(self, name: str) -> PythonTarget | NumpyTarget:
        """The options of a target, whether the spec lists it or not."""
        defaults: Iterable[PythonTarget | NumpyTarget] = type(self).model_fields["targets"].default
        return {target.name: target for target in (*defaults, *self.targets)}[name]


def numbered(prefix: str, count: int) -> tuple[str, ...]:
    """Names by number, from 1."""
    return tuple(f"{prefix}{i}" for i in range(1, count + 1))


def schema() -> dict[str, Any]:
    """The JSON Schema of a spec."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Spec.model_json_schema()}
