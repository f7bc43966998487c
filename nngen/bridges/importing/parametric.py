"""Layers of the sources that a spec puts together from others, with constant weights."""

from dataclasses import replace

import numpy as np

from nngen.bridges.importing.graph import (
    Activate,
    Affine,
    Array,
    BatchNorm,
    Dense,
    Embedding,
    Graph,
    LayerNorm,
    Node,
    Pair,
)

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
        return (Activate(name=name, place=place, source=source, activation="leaky_relu", options=options),)
    positive = Activate(name=f"{name} positive", place=place, source=source, activation="relu")
    weights = np.diag(slopes), np.diag(1.0 - slopes)
    taken = source, positive.name
    return positive, Dense(name=name, place=place, sources=taken, weights=weights, trainable=False, note=SLOPES)


def of_one_unit(node: LayerNorm) -> Dense:
    """A layer normalization of one number, which is its mean: what is left is the shift."""
    note = "the layer normalization of one number is its shift"
    return Dense(
        name=node.name,
        place=node.place,
        sources=(node.source,),
        weights=(np.zeros((1, 1)),),
        bias=node.shift,
        trainable=False,
        note=node.note or note,
    )


def of_statistics(node: BatchNorm, note: str) -> Affine:
    """A batch normalization by its statistics alone, as it is outside training."""
    multiply = node.gain / np.sqrt(node.variance + node.epsilon)
    add = node.shift - node.mean * multiply
    return Affine(name=node.name, place=node.place, source=node.source, note=note, multiply=multiply, add=add)


STATISTICS = (
    "its batch normalizations are those of their statistics, as outside training: beside embeddings and products, "
    "a spec trains none"
)


def with_kinds(graph: Graph) -> Graph:
    """The graph with batch normalizations by their statistics, if it has embeddings or products, and a note."""
    kinds = any(isinstance(node, Embedding | Pair) for node in graph.nodes)
    if not kinds or not any(isinstance(node, BatchNorm) for node in graph.nodes):
        return graph
    nodes = (of_statistics(node, "") if isinstance(node, BatchNorm) else node for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes), notes=(*graph.notes, STATISTICS))
