"""Layers of the sources that a spec puts together from others, with constant weights."""

from dataclasses import replace

import numpy as np

from nngen.bridges.importing import graph
from nngen.bridges.importing.graph import Array, Graph, Node

SLOPES = "PReLU: the slopes of its units are constants here, which training does not change"


def parametric(name: str, place: str, source: str, slopes: Array) -> tuple[Node, ...]:
    """PReLU, the last node under this name: ``leaky_relu``, or ``slope z + (1 - slope) relu(z)`` for different slopes.

    Args:
        name: the name of the last node.
        place: where it is in the source.
        source: the node before it.
        slopes: a number for each unit.
    """
    if (slopes == slopes[0]).all():
        options = {"slope": float(slopes[0])}
        return (graph.Activate(name=name, place=place, source=source, activation="leaky_relu", options=options),)
    positive = graph.Activate(name=f"{name} positive", place=place, source=source, activation="relu")
    weights = np.diag(slopes), np.diag(1.0 - slopes)
    taken = source, positive.name
    return positive, graph.Dense(name=name, place=place, sources=taken, weights=weights, trainable=False, note=SLOPES)


def of_one_unit(node: graph.LayerNorm) -> graph.Dense:
    """A layer normalization of one number, which is its mean: what is left is the shift."""
    note = "the layer normalization of one number is its shift"
    return graph.Dense(
        name=node.name,
        place=node.place,
        sources=(node.source,),
        weights=(np.zeros((1, 1)),),
        bias=node.shift,
        trainable=False,
        note=node.note or note,
    )


def of_statistics(node: graph.BatchNorm, note: str) -> graph.Affine:
    """A batch normalization by its statistics alone, as it is outside training."""
    multiply = node.gain / np.sqrt(node.variance + node.epsilon)
    add = node.shift - node.mean * multiply
    return graph.Affine(name=node.name, place=node.place, source=node.source, note=note, multiply=multiply, add=add)


STATISTICS = (
    "its batch normalizations are those of their statistics, as outside training: beside embeddings and products, "
    "a spec trains none"
)


def with_kinds(given: Graph) -> Graph:
    """The graph with batch normalizations by their statistics, if it has embeddings or products, and a note."""
    kinds = any(isinstance(node, graph.Embedding | graph.Pair) for node in given.nodes)
    if not kinds or not any(isinstance(node, graph.BatchNorm) for node in given.nodes):
        return given
    nodes = (of_statistics(node, "") if isinstance(node, graph.BatchNorm) else node for node in given.nodes)
    return replace(given, nodes=tuple(nodes), notes=(*given.notes, STATISTICS))
