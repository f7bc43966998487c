"""The equations of the kinds of layers: what a layer computes from its sources, and what it returns to them."""

from collections.abc import Iterable

from nngen.mathematics.catalogue import KINDS
from nngen.mathematics.formulas import Formula
from nngen.plan.equation import Elementwise, Equation, Form, Product, Term, Vector
from nngen.plan.layer import Layer, Source


def sums(layer: Layer) -> Equation:
    """The equation of ``z``."""
    kind = KINDS[layer.kind]
    biases: tuple[Term, ...] = (layer.biases,) if layer.biases else ()
    vectors = [vector(source) for source in layer.sources]
    if kind.dense:
        pairs = zip(layer.weights, layer.sources, strict=True)
        products = [Product(weights, vector(source), source.name) for weights, source in pairs]
        return Equation("z", Form.WEIGHTED_SUM, (*biases, *products), layer)
    if kind.of_ids:
        return Equation("z", Form.LOOKUP, (*biases, *layer.weights), layer)
    if kind.over_units:
        return Equation("z", Form.DOT, (*biases, *vectors), layer)
    value = Formula(kind.value)
    if kind.pair:
        terms = [Elementwise(value, tuple(zip("uv", vectors, strict=True)))]
    else:
        value = value.bind({"n": len(vectors)})
        terms = [Elementwise(value.rename({"u": f"u{i}"}), ((f"u{i}", v),)) for i, v in enumerate(vectors, 1)]
    return Equation("z", Form.ELEMENTWISE, (*biases, *terms), layer)


def returned(layer: Layer, source: Source, place: int, symbol: str = "dz") -> Term:
    """The derivative with respect to the values of a source, as far as it comes back through this layer.

    Args:
        layer: the layer that takes the values.
        source: the source.
        place: the number of this term in its equation, from 1, or 0 for a single term; it makes variables distinct.
        symbol: the first part of the name of the derivative with respect to the layer's ``z``.
    """
    taken = slopes(layer, symbol)
    if source.weights:
        return Product(source.weights, taken, layer.name)
    number = f"{place}" if place else ""
    kind = KINDS[layer.kind]
    named = {"dz": taken}
    formula = Formula(kind.slopes[0]).bind({"n": len(layer.sources)})
    if kind.pair:
        named |= {letter: vector(each) for letter, each in zip("uv", layer.sources, strict=True)}
        formula = Formula(kind.slopes[layer.sources.index(source)])
    letters = tuple((f"{letter}{number}", named[letter]) for letter in formula.variables)
    return Elementwise(formula.rename({letter: f"{letter}{number}" for letter in named}), letters)


def back(symbol: str, layer: Layer, terms: Iterable[Term]) -> Equation:
    """The derivative with respect to the values of a layer, from what the layers that take them return."""
    return Equation(symbol, Form.RETURNED, tuple(terms), layer)


def weight_slopes(layer: Layer, source: Source) -> Equation:
    """The derivatives with respect to the weights of a source."""
    return Equation("dW", Form.OUTER, (slopes(layer), vector(source)), layer, source.weights)


def bias_slopes(layer: Layer) -> Equation:
    """The derivatives with respect to the biases."""
    return Equation("db", Form.BIAS_GRADIENT, (slopes(layer),), layer, layer.biases)


def slopes(layer: Layer, symbol: str = "dz") -> Vector:
    """The derivatives with respect to the layer's ``z``."""
    return Vector(layer.name_of(symbol), layer.names(symbol))


def vector(source: Source) -> Vector:
    """The values of a source."""
    return Vector(source.vector, source.values)
