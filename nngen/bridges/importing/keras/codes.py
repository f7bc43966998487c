"""The layers of Keras that give a number or an id a vector of zeros and a one."""

import numpy as np

from nngen.bridges.importing.entry import EntryError
from nngen.bridges.importing.graph import Activate, Dense, Embedding
from nngen.bridges.importing.keras.layer import Call, Made, UnfitError
from nngen.common.files import refused
from nngen.description.model import MAX_UNITS


def category_encoding(call: Call) -> Made:
    """An ``embedding`` of one id with rows of zeros and a one, not trained; counts are refused."""
    if call.get("output_mode") not in ("one_hot", "multi_hot") or call.get("sparse"):
        raise UnfitError("it counts ids, or is sparse", "build it with output_mode='one_hot'", passes=False)
    count = call.get("num_tokens")
    if type(count) is not int or not 0 < count <= MAX_UNITS:
        raise refused(call.where, f"{call.layer.place}: expected 1 to {MAX_UNITS:,} as 'num_tokens'")
    try:
        column = call.entry.ids(call.input.node, count)
    except EntryError as error:
        raise UnfitError(str(error), error.advice, passes=False) from None
    table = np.roll(np.eye(count), -1, axis=0) if call.entry.unknown(call.input.node) else np.eye(count)
    node = Embedding(name=call.layer.label, place=call.layer.place, column=column, table=table, trainable=False)
    return (node,), (count,)


def discretization(call: Call) -> Made:
    """A layer of steps for one number, and one of their differences, not trained."""
    if call.get("output_mode") != "one_hot" or call.get("sparse"):
        raise UnfitError("it gives numbers of bins", "build it with output_mode='one_hot'", passes=False)
    edges = call.get("bin_boundaries")
    if not isinstance(edges, list) or not edges or not all(type(edge) in (int, float) for edge in edges):
        advice = "build it with bin_boundaries, and not by adapt"
        raise UnfitError("its boundaries are not in its description", advice, passes=False)
    if call.vector() != 1 or not 0 < len(edges) < MAX_UNITS or not np.isfinite(edges).all() or sorted(edges) != edges:
        raise UnfitError("it has several numbers, or boundaries in another order", "give it one number", passes=False)
    name, place, count = call.layer.label, call.layer.place, len(edges)
    bias, formula = -np.array(edges, np.float64), "where(z >= 0.0, 1.0, 0.0)"
    ones, passed = np.ones((count, 1)), np.eye(count)
    below, above = np.concatenate([0.0 * passed[:1], passed]), np.concatenate([passed, 0.0 * passed[:1]])
    start = np.eye(count + 1)[0]
    sums = Dense(
        name=f"{name} edges", place=place, sources=(call.input.node,), weights=(ones,), bias=bias, trainable=False
    )
    steps = Activate(name=f"{name} steps", place=place, source=sums.name, activation="from_edge", formula=formula)
    bins = Dense(name=name, place=place, sources=(steps.name,), weights=(below - above,), bias=start, trainable=False)
    return (sums, steps, bins), (count + 1,)
