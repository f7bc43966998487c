"""The layers of Keras that number ids by name, and those that give an id, or a number, a vector."""

import numpy as np
from pydantic import ValidationError

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Activate, Dense, Embedding
from nngen.bridges.importing.keras.layer import Call, Made, Tensor
from nngen.description.model import MAX_IDS, MAX_UNITS, Index

PLAIN = {"invert": False, "mask_token": None, "output_mode": "int", "encoding": "utf-8"}
"""The options of a lookup that numbers the ids of its vocabulary, and nothing else."""


def lookup(call: Call) -> Tensor:
    """``ids`` by name; one row for unknown ids is ``unknown: row``. It needs TensorFlow to compare."""
    for option, plain in PLAIN.items():
        if (given := call.get(option, plain)) != plain:
            message, advice = f"its {option} is {given!r:.40}", f"build it with {option}={plain!r}"
            raise UnfitError(message, advice)
    others, vocabulary = call.get("num_oov_indices", 1), call.get("vocabulary")
    if vocabulary is None:
        vocabulary = call.weights.vocabulary(call.layer)
    if others not in (0, 1):
        message = f"it spreads unknown ids over {others!r:.40} rows by a hash"
        raise UnfitError(message, "build it with num_oov_indices=1")
    if not isinstance(vocabulary, list):
        raise UnfitError("its vocabulary is not in the file", "save the model as .keras")
    if others and vocabulary[:1] == [call.get("oov_token")]:
        vocabulary = vocabulary[1:]
    kind = str if call.layer.kind == "StringLookup" else int
    try:
        if len(set(vocabulary)) < len(vocabulary) or not all(type(one) is kind for one in vocabulary):
            raise ValueError
        index = Index(name="id", ids=tuple(map(str, vocabulary)), unknown="row" if others else "error")
    except (ValidationError, ValueError, TypeError):
        message = f"its vocabulary is no list of 1 to {MAX_IDS:,} different ids"
        raise UnfitError(message, "let each id be a text, or each a whole number") from None
    call.entry.look_up(call.input.node, call.label, index)
    return Tensor(call.label, call.input.shape)


def embedding(call: Call) -> Made:
    """``embedding`` of one id; ``mask_zero`` and several ids at once are refused."""
    # Keras has the row of unknown ids first, and a spec has it last
    if call.get("mask_zero"):
        raise UnfitError("it leaves id 0 out (mask_zero)", "build it with mask_zero=False")
    rows, units = call.get("input_dim"), call.get("output_dim")
    for option, value, most in (("input_dim", rows, MAX_IDS), ("output_dim", units, MAX_UNITS)):
        if type(value) is not int or not 0 < value <= most:
            raise UnfitError(f"expected 1 to {most:,} as {option!r}")
    column = call.entry.ids(call.input.node, rows)
    table = call.read({"embeddings": (rows, units)})["embeddings"]
    node = Embedding(
        name=call.label,
        column=column,
        table=np.roll(table, -1, axis=0) if call.entry.unknown(call.input.node) else table,
        trainable=call.trains,
        note="Keras trains these rows and those of another call of the layer together" if call.layer.shared else "",
    )
    return (node,), (*call.input.shape, units)


def category_encoding(call: Call) -> Made:
    """An ``embedding`` of one id with rows of zeros and a one, not trained; counts are refused."""
    if call.get("output_mode") not in ("one_hot", "multi_hot") or call.get("sparse"):
        raise UnfitError("it counts ids, or is sparse", "build it with output_mode='one_hot'")
    count = call.get("num_tokens")
    if type(count) is not int or not 0 < count <= MAX_UNITS:
        raise UnfitError(f"expected 1 to {MAX_UNITS:,} as 'num_tokens'")
    column = call.entry.ids(call.input.node, count)
    table = np.roll(np.eye(count), -1, axis=0) if call.entry.unknown(call.input.node) else np.eye(count)
    node = Embedding(name=call.label, column=column, table=table, trainable=False)
    return (node,), (count,)


def discretization(call: Call) -> Made:
    """A layer of steps for one number, and one of their differences, not trained."""
    if call.get("output_mode") != "one_hot" or call.get("sparse"):
        raise UnfitError("it gives numbers of bins", "build it with output_mode='one_hot'")
    edges = call.get("bin_boundaries")
    if not isinstance(edges, list) or not edges or not all(type(edge) in (int, float) for edge in edges):
        advice = "build it with bin_boundaries, and not by adapt"
        raise UnfitError("its boundaries are not in its description", advice)
    if call.vector() != 1 or not 0 < len(edges) < MAX_UNITS or not np.isfinite(edges).all() or sorted(edges) != edges:
        raise UnfitError("it has several numbers, or boundaries in another order", "give it one number")
    name, count = call.label, len(edges)
    bias, formula = -np.array(edges, np.float64), "where(z >= 0.0, 1.0, 0.0)"
    ones, passed = np.ones((count, 1)), np.eye(count)
    below, above = np.concatenate([0.0 * passed[:1], passed]), np.concatenate([passed, 0.0 * passed[:1]])
    start = np.eye(count + 1)[0]
    sums = Dense(name=f"{name} edges", sources=(call.input.node,), weights=(ones,), bias=bias, trainable=False)
    steps = Activate(name=f"{name} steps", source=sums.name, activation="from_edge", formula=formula)
    bins = Dense(name=name, sources=(steps.name,), weights=(below - above,), bias=start, trainable=False)
    return (sums, steps, bins), (count + 1,)
