"""The operators of PyTorch that give ids a vector, and those that multiply vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nngen.bridges.importing.checks import UnfitError
from nngen.bridges.importing.graph import Embedding, Node, Pair, Select
from nngen.bridges.importing.nodes import Vector
from nngen.bridges.importing.torch.functions import Call, Ids, Rule
from nngen.mathematics.catalogue import OF_TORCH, summed

BAG = "embedding_bag.padding_idx"
"""The operator of ``nn.EmbeddingBag``; the first of its outputs is that of the layer."""


def _embedding(call: Call) -> Node:
    """``embedding`` of one id; a trained one with ``padding_idx`` is refused."""
    table, ids = call.get(0, "weight"), call.get(1, "indices")
    if not isinstance(ids, Ids) or not isinstance(table, np.ndarray):
        raise UnfitError("its ids are not those of an input, or its rows are not constants")
    if len(ids.inputs) != 1:
        raise UnfitError(f"it takes {len(ids.inputs)} ids at once: give each an embedding of its own")
    if call.trained and call.get(2, "padding_idx", -1) != -1:
        raise UnfitError("it trains all rows but one (padding_idx): build it without, or freeze it")
    if call.get(3, "scale_grad_by_freq", False):
        raise UnfitError("it divides gradients by the number of an id's examples (scale_grad_by_freq)")
    column = call.entry.ids(ids.inputs[0], len(table))
    return Embedding(name=call.name, place=call.place, column=column, table=table)


def _bag(call: Call) -> Node:
    """``embedding``, of one id in each bag; several ids, weights of ids and ``padding_idx`` are refused."""
    table, ids, offsets = (call.get(place, name) for place, name in enumerate(("weight", "indices", "offsets")))
    single = isinstance(offsets, np.ndarray) and np.array_equal(offsets, range(len(offsets)))
    if not single or call.get(7, "include_last_offset", False):
        raise UnfitError("its bags have several ids: give each id an nn.Embedding, and add these")
    if call.get(6, "per_sample_weights") is not None or call.get(8, "padding_idx") is not None:
        raise UnfitError("it weights ids, or leaves one out (padding_idx): build it without")
    return _embedding(replace(call, arguments=[table, ids, -1, call.get(3, "scale_grad_by_freq")]))


def _select(call: Call) -> Node:
    """A part of a vector or of ids; a part of the batch is refused."""
    if call.get(1, "dim") not in (1, -1) or not call.input.shape:
        raise UnfitError("it selects an example")
    place = range(call.input.width)[call.get(2, "index")]
    return call.made(Select, indices=(place,))


def pair(call: Call, operation: str, first: Any, other: Any) -> Node:
    """Two vectors, joined by a kind of layer."""
    if not isinstance(first, Vector) or not isinstance(other, Vector) or first.width != other.width:
        raise UnfitError("it combines something else than two vectors of the same width")
    return Pair(name=call.name, place=call.place, operation=operation, sources=(first.node, other.node))


def _sum(call: Call) -> Node:
    """``dot``, of a product; any other sum is refused."""
    first, axes = call.get(0, "input"), call.get(1, "dim")
    made = call.nodes.get(first.node) if isinstance(first, Vector) else None
    if not isinstance(made, Pair) or not summed(made.operation):
        raise UnfitError("it sums what is no product of two vectors")
    rank = len(first.shape)
    if list(axes or ()) not in ([-1], [rank]) or first.shape[-1:] != (first.width,):
        raise UnfitError(f"it is over dimension {axes}: use dim=-1")
    return Pair(name=call.name, place=call.place, operation=summed(made.operation), sources=made.sources)


def _bmm(call: Call) -> Node:
    """``dot``, of a row and a column."""
    row, column = call.get(0, "input"), call.get(1, "mat2")
    if not isinstance(row, Vector) or not isinstance(column, Vector) or call.shape != (1, 1):
        raise UnfitError("it is no row times a column for each example")
    return pair(call, OF_TORCH["bmm.default"], row, column)


def _einsum(call: Call) -> Node:
    """``dot``, as ``nk,nk->n``."""
    equation, vectors = str(call.get(0, "equation")).replace(" ", ""), call.get(1, "operands")
    n, k = equation[:1], equation[1:2]
    shapes = [vector.shape for vector in vectors if isinstance(vector, Vector)]
    if equation != f"{n}{k},{n}{k}->{n}" or n == k or [len(shape) for shape in shapes] != [1, 1]:
        raise UnfitError(f"it computes {equation[:40]}: of two vectors, nk,nk->n can be read")
    return pair(call, OF_TORCH["einsum.default"], *vectors)


def chosen(ids: Ids, operator: str, arguments: Sequence[Any], shape: tuple[int, ...]) -> Ids | None:
    """The ids that an operator gives for ids; None for one that takes them as numbers, or a part of the examples."""
    if operator in SAME_IDS:
        return Ids(ids.inputs, shape)
    if operator not in ("select.int", "slice.Tensor") or len(ids.shape) != 1 or arguments[1] not in (1, -1):
        return None
    _, _, *numbers = arguments
    if operator == "select.int":
        return Ids((ids.inputs[numbers[0]],), shape)
    return Ids(ids.inputs[slice(*numbers)], shape)


SAME_IDS = frozenset(
    "flatten.using_ints view.default reshape.default squeeze.dim squeeze.default unsqueeze.default to.dtype"
    " contiguous.default clone.default alias.default detach.default _to_copy.default long.default".split()
)
"""Operators that change the shape or the type of ids, or copy them."""


def _pair(operation: str) -> Rule:
    def rule(call: Call) -> Node:
        return pair(call, operation, call.get(0, "input"), call.get(1, "other"))

    rule.__doc__ = f"``{operation}`` of two vectors."
    return rule


PAIRS: Mapping[str, Rule] = {
    **{operator: _pair(operation) for operator, operation in OF_TORCH.items()},
    "embedding.default": _embedding,
    BAG: _bag,
    "select.int": _select,
    "sum.dim_IntList": _sum,
    "bmm.default": _bmm,
    "einsum.default": _einsum,
}
"""The rules by the names of operators; some have others for what else they may do."""
