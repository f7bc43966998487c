"""The layers of Keras that give ids a vector, and those that number ids by name."""

import numpy as np
from pydantic import ValidationError

from nngen.bridges.importing.entry import EntryError
from nngen.bridges.importing.graph import Embedding
from nngen.bridges.importing.keras.layer import Call, Made, Tensor, UnfitError
from nngen.common.files import refused
from nngen.description.model import MAX_IDS, MAX_UNITS, Index

PLAIN = {"invert": False, "mask_token": None, "output_mode": "int", "encoding": "utf-8"}
"""The options of a lookup that numbers the ids of its vocabulary, and nothing else."""


def lookup(call: Call) -> Tensor:
    """``ids`` by name; one row for unknown ids is ``unknown: row``. It needs TensorFlow to compare."""
    for option, plain in PLAIN.items():
        if (given := call.get(option, plain)) != plain:
            message, advice = f"its {option} is {given!r:.40}", f"build it with {option}={plain!r}"
            raise UnfitError(message, advice, passes=False)
    others, vocabulary = call.get("num_oov_indices", 1), call.get("vocabulary")
    if vocabulary is None:
        vocabulary = call.weights.vocabulary(call.layer)
    if others not in (0, 1):
        message = f"it spreads unknown ids over {others!r:.40} rows by a hash"
        raise UnfitError(message, "build it with num_oov_indices=1", passes=False)
    if not isinstance(vocabulary, list):
        raise UnfitError("its vocabulary is not in the file", "save the model as .keras", passes=False)
    if others and vocabulary[:1] == [call.get("oov_token")]:
        vocabulary = vocabulary[1:]
    kind = str if call.layer.kind == "StringLookup" else int
    try:
        if len(set(vocabulary)) < len(vocabulary) or not all(type(one) is kind for one in vocabulary):
            raise ValueError
        index = Index(name="id", ids=tuple(map(str, vocabulary)), unknown="row" if others else "error")
    except (ValidationError, ValueError, TypeError):
        message = f"its vocabulary is no list of 1 to {MAX_IDS:,} different ids"
        raise UnfitError(message, "let each id be a text, or each a whole number", passes=False) from None
    try:
        call.entry.look_up(call.input.node, call.layer.label, index)
    except EntryError as error:
        raise UnfitError(str(error), error.advice, passes=False) from None
    return Tensor(call.layer.label, call.input.shape)


def embedding(call: Call) -> Made:
    """``embedding`` of one id; ``mask_zero`` and several ids at once are refused."""
    # Keras has the row of unknown ids first, and a spec has it last
    if call.get("mask_zero"):
        raise UnfitError("it leaves id 0 out (mask_zero)", "build it with mask_zero=False", passes=False)
    rows, units = call.get("input_dim"), call.get("output_dim")
    for option, value, most in (("input_dim", rows, MAX_IDS), ("output_dim", units, MAX_UNITS)):
        if type(value) is not int or not 0 < value <= most:
            raise refused(call.where, f"{call.layer.place}: expected 1 to {most:,} as {option!r}")
    try:
        column = call.entry.ids(call.input.node, rows)
    except EntryError as error:
        raise UnfitError(str(error), error.advice, passes=False) from None
    table = call.read({"embeddings": (rows, units)})["embeddings"]
    node = Embedding(
        name=call.layer.label,
        place=call.layer.place,
        column=column,
        table=np.roll(table, -1, axis=0) if call.entry.unknown(call.input.node) else table,
        trainable=call.get("trainable") is not False,
        note="Keras trains these rows and those of another call of the layer together" if call.layer.shared else "",
    )
    return (node,), (*call.input.shape, units)
