"""Checks of how layers are connected, and of the values that their parameters begin with."""

from collections.abc import Iterator

from nngen.common.diagnostics import nearest
from nngen.common.text import counted, joined
from nngen.description.model import Matrices, Row, Scheme, Vector
from nngen.mathematics.catalogue import INITIALIZERS, KINDS
from nngen.reading.checks.valid_parts import FIRST, LayerPart, Parts, Problem, width
from nngen.reading.document import Loc

MAX_ORTHOGONAL = 100_000_000
"""Products in the Gram-Schmidt process of all matrices: half a minute in plain Python, a second in NumPy."""


def sources(valid: Parts) -> Iterator[Problem]:
    """Each source is the input or an earlier layer, and is listed once."""
    for part, layer in valid.whole:
        seen: dict[str, int] = {}
        for index, source in enumerate(layer.sources or ()):
            loc = part.loc("from", index)
            if source in seen:
                yield Problem(loc, f"duplicate source {source!r}", FIRST, other=part.loc("from", seen[source]))
            elif source != valid.input_name and source not in valid.indices and valid.feeder(source, part) is None:
                yield from _no_source(valid, part, source, loc)
            seen.setdefault(source, index)


def _no_source(valid: Parts, part: LayerPart, source: str, loc: Loc) -> Iterator[Problem]:
    before = [other.name for other in valid.layers[: part.index]]
    whole = [] if valid.input_name is None or (valid.indices and not valid.numbers) else [valid.input_name]
    known = [*valid.indices, *whole, *(name for name in before if name is not None)]
    advice = f"possible sources: {joined(known, 'or')}" if known else ""
    if source == part.name:
        yield Problem(loc, "a layer cannot be its own source", advice=advice)
    elif source in valid.named:
        later = valid.named[source].loc("name")
        message = f"{source!r} comes later; a source must come before the layer"
        yield Problem(loc, message, "it is in line {line}", advice, later)
    elif (
        len(known) == len(valid.indices) + len(whole) + len(before) and valid.input_name is not None
    ):  # otherwise an unreadable name may be the right one
        yield Problem(loc, f"no input or layer before this one is named {source!r}", nearest(source, known), advice)


def loose_ends(valid: Parts) -> Iterator[Problem]:
    """Each layer except the last is a source of another."""
    if not valid.complete:
        return
    used = {source for part, _ in valid.whole for source in valid.sources(part)}
    for part, layer in valid.whole[:-1]:
        if layer.name not in used:
            advice = "add it to `from` in a later layer, or remove it"
            yield Problem(part.loc("name"), f"the output of {layer.name!r} is never used", advice=advice)


def initial_weights(valid: Parts) -> Iterator[Problem]:
    """Explicit initial weights have a row for each unit, with a number for each value of the source."""
    for part, layer in valid.whole:
        feeds = dict(valid.feeds(part))
        if not isinstance(layer.weights.initial, Matrices) or not feeds:
            continue
        loc = part.loc("weights", "initial", "values")
        matrices = layer.weights.initial.values
        keys = [""] if len(feeds) == 1 and "" in matrices else list(feeds)
        if matrices.keys() != set(keys):
            written = "{" + ", ".join(f"{source}: [...]" for source in feeds) + "}"
            message = f"{part.name} has the sources {joined(feeds, 'and')}: expected rows for each by its name"
            yield Problem(loc, message, advice=f"write `{{name: values, values: {written}}}`")
            continue
        for key, (source, size) in zip(keys, feeds.items(), strict=True):
            if KINDS[layer.kind].of_ids:  # a row for each id
                yield from _rows_of_ids(matrices[key], (*loc, key), layer.name, width(layer), source, size)
            else:
                yield from _shape(matrices[key], (*loc, key), layer.name, width(layer), source, size)


def _shape(rows: tuple[Row, ...], loc: Loc, name: str, units: int, source: str, size: int | None) -> Iterator[Problem]:
    if len(rows) != units:
        yield Problem(loc, f"expected {counted(units, 'row')}, one for each unit of {name}, got {len(rows)}")
    for index, row in enumerate(rows):
        if size is not None and len(row) != size:
            what = f"expected {counted(size, 'number')}, one for each value of {source}, got {len(row)}"
            yield Problem((*loc, index), what)


def _rows_of_ids(
    rows: tuple[Row, ...], loc: Loc, name: str, units: int, source: str, count: int | None
) -> Iterator[Problem]:
    if count is not None and len(rows) != count:
        yield Problem(loc, f"expected {counted(count, 'row')}, one for each id of {source}, got {len(rows)}")
    for index, row in enumerate(rows):
        if len(row) != units:
            message = f"expected {counted(units, 'number')}, one for each unit of {name}, got {len(row)}"
            yield Problem((*loc, index), message)


def initial_biases(valid: Parts) -> Iterator[Problem]:
    """Explicit initial biases are a number for each unit."""
    for part, layer in valid.whole:
        initial = layer.bias.initial if layer.bias is not None else None
        if isinstance(initial, Vector) and len(initial.values) != width(layer):
            number = counted(width(layer), "number")
            what = f"expected {number}, one for each unit of {layer.name}, got {len(initial.values)}"
            yield Problem(part.loc("bias", "initial", "values"), what)


def drawn_biases(valid: Parts) -> Iterator[Problem]:
    """Biases are not drawn by an initializer of matrices."""
    schemes = [] if valid.initial is None else [(("initial", "biases"), valid.initial.biases)]
    chosen = [
        (part.loc("bias", "initial"), layer.bias.initial) for part, layer in valid.whole if layer.bias is not None
    ]
    for loc, scheme in (*schemes, *chosen):
        if isinstance(scheme, Scheme) and INITIALIZERS[scheme.name].of_a_matrix:
            message = f"{scheme.name} is for weight matrices, not for biases"
            yield Problem((*loc, "name"), message, advice="use another initializer, such as zeros")


def orthogonal_weights(valid: Parts) -> Iterator[Problem]:
    """The orthogonal matrices of a network are not so large that computing them takes minutes."""
    common = None if valid.initial is None else valid.initial.weights
    total = 0
    for part, layer in valid.whole:
        scheme = layer.weights.initial or common
        if not isinstance(scheme, Scheme) or not INITIALIZERS[scheme.name].of_a_matrix:
            continue
        loc = part.loc("weights", "initial") if layer.weights.initial else ("initial", "weights")
        for source, size in valid.feeds(part):
            few, many = sorted((width(layer), size or 0))
            total += few * few * many
            if total > MAX_ORTHOGONAL:
                yield Problem(
                    loc,
                    f"with the matrix of {width(layer):,} rows and {size:,} columns ({layer.name} from {source}), the "
                    f"orthogonal matrices need {total:,} products, but at most {MAX_ORTHOGONAL:,} are allowed",
                    advice="use another initializer, such as `glorot_normal` or `he_normal`",
                )
                return
