"""The equations of the kinds of layers: what a layer computes from its sources, and what it returns to them.

The kinds other than ``dense`` are the parts of matrix factorization (Koren, Bell and Volinsky, Matrix Factorization
Techniques for Recommender Systems, Computer 42(8), 2009). A rating is the dot product of the embeddings of a user and
of an item, plus their biases; its error ``e`` changes them by ``dP[u] = e * Q[i]`` and ``dQ[i] = e * P[u]``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nngen.formulas import Formula
from nngen.plan.equation import Elementwise, Equation, Form, Product, Term, Vector
from nngen.plan.layer import Layer, Source
from nngen.translation import Message, message


@dataclass(frozen=True)
class Pair:
    """A formula of the values ``u`` and ``v`` of two sources, and its slopes by these times ``dz``."""

    value: str
    by_u: str
    by_v: str


PAIRS: Mapping[str, Pair] = {
    "product": Pair("u * v", "dz * v", "dz * u"),
    "dot": Pair("u * v", "dz * v", "dz * u"),
    "ratio": Pair("u / v", "dz / v", "-dz * u / (v * v)"),
}

SUMS: Mapping[str, Message] = {
    "dense": message("weighted sums"),
    "embedding": message("the row of its matrix"),
    "product": message("products, unit by unit"),
    "dot": message("the dot product"),
    "add": message("sums, unit by unit"),
    "ratio": message("quotients, unit by unit"),
}
"""What each kind computes, in words."""


def sums(layer: Layer) -> Equation:
    """The equation of ``z``."""
    biases: tuple[Term, ...] = (layer.biases,) if layer.biases else ()
    vectors = [vector(source) for source in layer.sources]
    match layer.kind:
        case "dense":
            pairs = zip(layer.weights, layer.sources, strict=True)
            products = [Product(weights, vector(source), source.name) for weights, source in pairs]
            return Equation("z", Form.WEIGHTED_SUM, (*biases, *products), layer)
        case "embedding":
            return Equation("z", Form.LOOKUP, (*biases, *layer.weights), layer)
        case "dot":
            return Equation("z", Form.DOT, (*biases, *vectors), layer)
        case "add":
            terms = [Elementwise(Formula(f"u{i}"), ((f"u{i}", v),)) for i, v in enumerate(vectors, 1)]
            return Equation("z", Form.ELEMENTWISE, (*biases, *terms), layer)
    pair = Elementwise(Formula(PAIRS[layer.kind].value), tuple(zip("uv", vectors, strict=True)))
    return Equation("z", Form.ELEMENTWISE, (*biases, pair), layer)


def returned(layer: Layer, source: Source, place: int) -> Term:
    """The derivative by the values of a source, as far as it comes back through this layer.

    Args:
        layer: the layer that takes the values.
        source: the source.
        place: the number of this term in its equation, from 1, or 0 for a single term; it makes variables distinct.
    """
    slopes = Vector(layer.name_of("dz"), layer.names("dz"))
    if source.weights:
        return Product(source.weights, slopes, layer.name)
    number = f"{place}" if place else ""
    if layer.kind == "add":
        return Elementwise(Formula(f"dz{number}"), ((f"dz{number}", slopes),))
    u, v = layer.sources
    pair = PAIRS[layer.kind]
    formula = Formula(pair.by_u if source is u else pair.by_v)
    named = {"dz": slopes, "u": vector(u), "v": vector(v)}
    letters = tuple((f"{letter}{number}", named[letter]) for letter in formula.variables)
    return Elementwise(formula.rename({letter: f"{letter}{number}" for letter in named}), letters)


def vector(source: Source) -> Vector:
    """The values of a source."""
    return Vector(source.vector, source.values)
