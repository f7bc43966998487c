"""The valid parts of a document.

The checks over several fields run on these parts, so all mistakes are found at once, and none is reported only as the
consequence of another. Of an invalid layer, only the name is known.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.description.model import (
    Column,
    CustomActivation,
    CustomLoss,
    Data,
    Group,
    Index,
    Initial,
    Layer,
    Loss,
    Model,
    Spec,
    Target,
    Training,
    custom_formulas,
    input_names,
)
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, NORMALIZATIONS, Activation
from nngen.mathematics.catalogue import Loss as LossEntry
from nngen.reading.document import Document, Loc
from nngen.reading.unknown_choices import unknown_choices


@dataclass(frozen=True)
class Problem:
    """A mistake over several fields; ``{line}`` in the label stands for the line of the ``other`` place."""

    loc: Loc
    message: str
    label: str = ""
    advice: str = ""
    other: Loc | None = None


FIRST = "the first is in line {line}"
"""The label of a duplicate."""


def duplicates(what: str, loc: Loc, values: Iterable[str | int] | Mapping[Any, str]) -> Iterator[Problem]:
    """A problem for each value of a list, or of a mapping, that came before."""
    first: dict[str | int, Loc] = {}
    for step, value in values.items() if isinstance(values, Mapping) else enumerate(values):
        if value in first:
            yield Problem((*loc, step), f"duplicate {what} {show(value)}", FIRST, other=first[value])
        first.setdefault(value, (*loc, step))


@dataclass(frozen=True)
class LayerPart:
    """A layer: its position, its name if it is readable, and its model if it is valid."""

    index: int
    name: str | None
    layer: Layer | None

    def loc(self, *steps: str | int) -> Loc:
        """The location of a part of the layer."""
        return ("layers", self.index, *steps)


@dataclass(frozen=True)
class Parts:
    """The valid parts of a document, the folder of the spec, and another folder that may contain data."""

    input_name: str | None
    input_names: Sequence[str] | None
    inputs: Group | tuple[str | Column, ...] | None
    layers: tuple[LayerPart, ...]
    initial: Initial | None
    loss: Loss | None
    training: Training | None
    data: Data | None
    targets: tuple[Target, ...]
    custom_activations: Mapping[str, CustomActivation]
    custom_losses: Mapping[str, CustomLoss]
    unknown: tuple[tuple[Loc, tuple[str, str, str]], ...]
    """The locations of unknown names, each with its message, label and advice."""
    folder: Path | None
    root: Path | None
    spec: Spec | None = None
    """The spec, if each field by itself is valid."""

    @cached_property
    def activations(self) -> Mapping[str, Activation]:
        """The available activations by name."""
        return custom_formulas.activations(self.custom_activations)

    @cached_property
    def losses(self) -> Mapping[str, LossEntry]:
        """The available losses by name."""
        return custom_formulas.losses(self.custom_losses)

    @cached_property
    def whole(self) -> tuple[tuple[LayerPart, Layer], ...]:
        """The valid layers."""
        return tuple((part, part.layer) for part in self.layers if part.layer is not None)

    @cached_property
    def named(self) -> Mapping[str, LayerPart]:
        """The layers by name; the first of several with the same name."""
        return {part.name: part for part in reversed(self.layers) if part.name is not None}

    @property
    def columns(self) -> int | None:
        """How many columns of the data the inputs are made from."""
        if self.inputs is None:
            return None
        return self.inputs.size if isinstance(self.inputs, Group) else len(self.inputs)

    @property
    def described(self) -> tuple[str | Column, ...]:
        """The inputs that are listed one by one, by their names or as columns."""
        return () if self.inputs is None or isinstance(self.inputs, Group) else self.inputs

    def column_names(self) -> Iterator[tuple[str, Loc]]:
        """The names of those columns, as the inputs have them, each with its place."""
        for index, column in enumerate(self.described or self.input_names or ()):
            name = column if isinstance(column, str) else column.column or column.name
            yield name, ("inputs", index)

    def each_input(self) -> Iterator[tuple[str, Loc]]:
        """The names of the network's inputs, each with the place of its source in the spec."""
        for index, column in enumerate(self.described or self.input_names or ()):
            for name in (column,) if isinstance(column, str) else column.input_names:
                yield name, ("inputs", index)

    @cached_property
    def indices(self) -> Mapping[str, int]:
        """The inputs with ids, each with its number of rows."""
        return {column.name: column.count for column in self.described if isinstance(column, Index)}

    @property
    def numbers(self) -> Sequence[str]:
        """The names of the inputs that dense layers take."""
        return [name for name in self.input_names or () if name not in self.indices]

    @property
    def complete(self) -> bool:
        """Whether the inputs and all layers are valid, and all sources exist."""
        return len(self.whole) == len(self.layers) > 0 and None not in [
            width for part, _ in self.whole for _, width in self.feeds(part)
        ]

    @property
    def blocks(self) -> int:
        """The least number of matrices and vectors of parameters."""
        return sum(
            (len(self.sources(part)) if layer.weighted else 0)
            + (layer.bias is not None)
            + (len(NORMALIZATIONS[layer.normalization.name].parameters) if layer.normalization is not None else 0)
            for part, layer in self.whole
        )

    @property
    def output(self) -> tuple[LayerPart, Layer] | None:
        """The output layer, if it is valid."""
        return self.whole[-1] if self.whole and self.layers[-1].layer is not None else None

    @property
    def outputs_like(self) -> str:
        """The activation that the outputs of a valid output layer are like, see ``Layer.like``."""
        assert self.output is not None  # noqa: S101 (asked only where there is one)
        part, layer = self.output
        found = (self.feeder(source, part) for source in self.sources(part))
        return layer.like(each.layer for each in found if each is not None and each.layer is not None)

    def sources(self, part: LayerPart) -> tuple[str, ...]:
        """The names of a layer's sources, without unknown ones."""
        if part.layer is not None and part.layer.sources is not None:
            return part.layer.sources
        before = self.layers[part.index - 1].name if part.index else self.input_name
        return () if before is None else (before,)

    def feeder(self, source: str, part: LayerPart) -> LayerPart | None:
        """The earlier layer that a source names."""
        other = self.named.get(source)
        return other if other is not None and other.index < part.index else None

    def feeds(self, part: LayerPart) -> tuple[tuple[str, int | None], ...]:
        """The sources of a layer, each with its number of values, or None if that is unknown."""
        return tuple((source, self._width(source, part)) for source in self.sources(part))

    def _width(self, source: str, part: LayerPart) -> int | None:
        if source == self.input_name:
            return None if self.input_names is None else len(self.numbers)
        if source in self.indices:
            return self.indices[source]
        other = self.feeder(source, part)
        return width(other.layer) if other is not None and other.layer is not None else None


def width(layer: Layer) -> int:
    """The number of units of a layer."""
    return layer.units if isinstance(layer.units, int) else len(layer.units)


def parts(document: Document, folder: Path | None, whole: Spec | None, root: Path | None = None) -> Parts:
    """The valid parts of a document; ``whole`` is its spec if each field by itself is valid."""
    inputs, loss = _field(document, whole, "inputs"), _field(document, whole, "loss")
    group = isinstance(inputs, Group)
    custom_activations = dict(_entries(document, whole, "activations", CustomActivation))
    custom_losses = dict(_entries(document, whole, "losses", CustomLoss))
    return Parts(
        input_name=None if inputs is None else inputs.name if group else "x",
        input_names=None if inputs is None else input_names(inputs),
        inputs=inputs,
        layers=tuple(_layers(document, whole, {*ACTIVATIONS, *custom_activations})),
        initial=_field(document, whole, "initial"),
        loss=loss if loss is not None and loss.name in {*LOSSES, *custom_losses} else None,
        training=_field(document, whole, "training"),
        data=_field(document, whole, "data"),
        targets=_field(document, whole, "targets") or (),
        custom_activations=custom_activations,
        custom_losses=custom_losses,
        unknown=tuple(unknown_choices(document)),
        folder=folder,
        root=root,
        spec=whole,
    )


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    info = Spec.model_fields[name]
    annotation: Any = Annotated[info.annotation, info]
    return TypeAdapter(annotation)


def _field(document: Document, whole: Spec | None, name: str) -> Any:
    """A field of the spec or its default; None if it is invalid or missing."""
    if whole is not None:
        return getattr(whole, name)
    if name in document.value:
        return _valid(document, (name,), _adapter(name).validate_python)
    info = Spec.model_fields[name]
    return None if info.is_required() else info.get_default()


def _entries(document: Document, whole: Spec | None, field: str, model: type[Model]) -> Iterator[tuple[str, Any]]:
    """The valid custom formulas, each with its name."""
    if whole is not None:
        yield from getattr(whole, field).items()
        return
    formulas = document.value.get(field)
    for name in (
        islice(formulas, custom_formulas.MAX_CUSTOM) if isinstance(formulas, dict) else ()
    ):  # too many formulas are reported elsewhere
        entry = _valid(document, (field, name), model.model_validate)
        if entry is not None:
            yield name, entry


def _layers(document: Document, whole: Spec | None, activations: Container[str]) -> Iterator[LayerPart]:
    rows = document.value.get("layers")
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        name = row.get("name") if isinstance(row, dict) else None
        layer = whole.layers[index] if whole else _valid(document, ("layers", index), Layer.model_validate)
        if layer is not None and layer.activation.name not in activations:
            layer = None  # reported as an unknown activation
        yield LayerPart(index, name if isinstance(name, str) else None, layer)


def _valid(document: Document, loc: Loc, validate: Callable[[Any], Any]) -> Any:
    if any(place[: len(loc)] == loc for place in document.refused):
        return None
    try:
        return validate(document.get(loc))
    except ValidationError:
        return None
