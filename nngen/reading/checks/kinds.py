"""Checks of the kinds of layers, of inputs with ids, and of what each accepts."""

from collections.abc import Iterator

from nngen.common.diagnostics import show
from nngen.common.text import counted, joined
from nngen.description.model import Index, NumpyTarget
from nngen.mathematics.catalogue import KINDS, NORMALIZATIONS
from nngen.reading.checks.valid_parts import LayerPart, Parts, Problem, width
from nngen.reading.document import Loc


def sources(valid: Parts) -> Iterator[Problem]:
    """Each kind has as many sources as it takes; an embedding takes an input with ids, and the others do not."""
    for part, layer in valid.whole:
        names, kind = valid.sources(part), KINDS[layer.kind]
        if kind.of_ids:
            yield from _embedding(valid, part, names)
            continue
        for place, name in enumerate(names):
            if name in valid.indices:
                message = f"{_article(layer.kind)} {layer.kind} layer cannot take the ids of {name!r}"
                written = f"`{{name: {name}_factors, kind: embedding, units: 8, from: {name}}}`"
                yield Problem(
                    part.loc("from", place), message, advice=f"give each id a row of numbers first: {written}"
                )
        if kind.pair and len(names) != 2:
            message = f"{_article(kind.name)} {kind.name} layer takes two sources, got {len(names)}"
            yield Problem(_from(part), message, advice="list two: `from: [p, q]`")
        elif kind.total and len(names) < 2:
            message = f"{_article(kind.name)} {kind.name} layer takes at least two sources, got 1"
            yield Problem(_from(part), message, advice="list them: `from: [p, q]`")


def _from(part: LayerPart) -> Loc:
    """The place of the sources, or of the layer if it names none."""
    return part.loc("from") if part.layer is not None and part.layer.sources is not None else part.loc()


def _embedding(valid: Parts, part: LayerPart, names: tuple[str, ...]) -> Iterator[Problem]:
    if len(names) > 1:
        yield Problem(part.loc("from", 1), f"an embedding takes one input with ids, got {len(names)} sources")
    elif names and names[0] not in valid.indices and valid.inputs is not None:
        known = f"the inputs with ids are {joined(valid.indices, 'and')}" if valid.indices else ""
        advice = known or "write an input with ids as `{name: user, ids: 100}`"
        yield Problem(_from(part), f"an embedding takes an input with ids, but {names[0]!r} has none", advice=advice)


def widths(valid: Parts) -> Iterator[Problem]:
    """The sources of a product, sum or quotient have as many units as the layer; a dot product has one unit."""
    for part, layer in valid.whole:
        if layer.weighted:
            continue
        feeds = [(source, size) for source, size in valid.feeds(part) if size is not None]
        first = feeds[0] if feeds else None
        other = next((feed for feed in feeds if first and feed[1] != first[1]), None)
        if first and other:
            both = " and ".join(f"{name} has {counted(size, 'unit')}" for name, size in (first, other))
            message = f"{_article(layer.kind)} {layer.kind} layer combines sources of equal width, but {both}"
            yield Problem(_from(part), message)
        elif KINDS[layer.kind].over_units and width(layer) != 1:
            yield Problem(part.loc("units"), f"a dot product is one number, but {layer.name} has {width(layer)} units")
        elif not KINDS[layer.kind].over_units and first and width(layer) != first[1]:
            message = f"expected {counted(first[1], 'unit')}, as many as its sources have, got {width(layer)}"
            yield Problem(part.loc("units"), message)


def _article(kind: str) -> str:
    return "an" if kind[0] in "ae" else "a"


def no_weights(valid: Parts) -> Iterator[Problem]:
    """Only dense layers and embeddings have weights."""
    for part, layer in valid.whole:
        if not layer.weighted and "weights" in layer.model_fields_set:
            yield Problem(
                part.loc("weights"), f"{_article(layer.kind)} {layer.kind} layer has no weights", advice="remove this"
            )


def index_inputs(valid: Parts) -> Iterator[Problem]:
    """Inputs with ids come before the others, have names of their own in a module, and list each id once."""
    others = False
    for place, column in enumerate(valid.described):
        if not isinstance(column, Index):
            others = True
            continue
        loc = ("inputs", place)
        if others:
            yield Problem(loc, f"{column.name!r} has ids: such inputs come before the others", advice="move it up")
        ids = () if isinstance(column.ids, int) else column.ids
        seen: set[str] = set()
        for number, name in enumerate(ids if len({*ids}) < len(ids) else ()):
            if name in seen:
                yield Problem((*loc, "ids", number), f"duplicate id {show(name)}")
            seen.add(name)


def used_indices(valid: Parts) -> Iterator[Problem]:
    """Each input with ids is the source of an embedding, and other inputs of a layer."""
    if not valid.complete or not valid.indices:
        return
    used = {source for part, _ in valid.whole for source in valid.sources(part)}
    for name in valid.indices:
        if name not in used:
            message = f"no embedding takes the ids of {name!r}"
            yield Problem(("inputs",), message, advice=f"add one: `{{name: ..., kind: embedding, from: {name}}}`")
    if valid.numbers and valid.input_name not in used:
        message = f"no layer takes the inputs {joined(valid.numbers[:5], 'and')}"
        yield Problem(("inputs",), message, advice=f"add {valid.input_name!r} to the `from` of a layer, or remove them")


def units_alone(valid: Parts) -> Iterator[Problem]:
    """Equations for each weight need a name for each weight, which rows of embeddings do not have."""
    for index, target in enumerate(valid.targets):
        if valid.indices and not isinstance(target, NumpyTarget) and target.unroll == "weights":
            message = "equations for each weight have no rows that an id could select"
            yield Problem(("targets", index, "unroll"), message, advice="use `unroll: layers`, or remove `unroll`")


def batch_normalization(valid: Parts) -> Iterator[Problem]:
    """A normalization over the examples of a batch goes only with dense layers."""
    other = next((layer for _, layer in valid.whole if not KINDS[layer.kind].dense), None)
    for part, layer in valid.whole:
        chosen = layer.normalization
        if other and chosen is not None and not NORMALIZATIONS[chosen.name].over_units:
            message = f"{chosen.name} works in networks of dense layers only, but {other.name} is of kind {other.kind}"
            yield Problem(part.loc("normalization"), message, advice="use layer_norm, or no normalization")
