"""The JSON that a living page embeds: names, shapes and examples. Equations are in the module, which the page runs."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from nngen.description.data import Examples, judged
from nngen.description.model import Spec
from nngen.learning.explain.picture import Picture
from nngen.learning.explain.ratings import Ids, factorization, planes, rates
from nngen.learning.translation import translated
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Plan

MAX_EXAMPLES = 500_000
"""Characters of examples in a page, so that it stays below a megabyte."""


def facts(
    network: Mapping[str, Any],
    spec: Spec,
    examples: Examples | None,
    parameters: Sequence[float] | None,
    messages: Mapping[str, str],
) -> dict[str, Any]:
    """The data of a page: its network, examples, and messages.

    The page starts from the parameters, in the order of the layout; without them, from those of the spec's seed.
    The messages are those of the script in another language, by the English ones.
    """
    return {
        **network,
        "rate": spec.training.optimizer.options["rate"],
        "parameters": None if parameters is None else list(parameters),
        "data": None if examples is None else {**_data(examples), "judged": judged(spec, examples)},
        **({"messages": messages} if messages else {}),
    }


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(
        {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
    )


def network_facts(plan: Plan, picture: Picture, level: str, ids: Sequence[Ids], language: str) -> dict[str, Any]:
    """Names, shapes and positions of a network, and sentences about its kinds of layers."""
    return {
        "name": plan.name,
        "level": level,
        "coupled": plan.needs_batch,
        "inputs": plan.inputs,
        **_of_ids(plan, ids),
        **_of_kinds(plan, language),
        "outputs": plan.output.units,
        "layers": [
            {
                "name": layer.name,
                "units": layer.units,
                "activation": layer.activation,
                **({} if layer.dense else {"kind": layer.kind, "joins": [s.name for s in layer.sources]}),
                "sources": [
                    {"name": source.name, "weights": source.weights.name, "start": source.weights.start}
                    for source in layer.sources
                    if source.weights and not source.weights.index
                ],
                "biases": layer.biases.start if layer.biases else None,
            }
            for layer in plan.layers
        ],
        "inputName": plan.input_name,
        "blocks": [
            {
                "name": block.name,
                "symbol": "w" if block.matrix else block.symbol,
                "units": block.units,
                "inputs": block.inputs,
                "start": block.start,
                "trainable": block.trainable,
                **({"count": block.count, "index": block.index} if block.index else {}),
            }
            for block in plan.blocks
        ],
        "places": {
            column.name: [[round(unit.x, 1), round(unit.y, 1)] for unit in column.units] for column in picture.columns
        },
        "epochs": plan.epochs,
        "batch": plan.batch_size,
        "seed": plan.seed,
        "perceptron": plan.loss.name == "perceptron",
        "distribution": plan.loss.distribution,
        "scales": _scales(plan),
        "targetScales": _target_scales(plan),
        "negative_target": plan.loss.negative_target,
    }


def _of_kinds(plan: Plan, language: str) -> dict[str, Any]:
    """What a walk says about the layers that are not dense; nothing if there are none."""
    kinds = dict.fromkeys(layer.kind for layer in plan.layers if not layer.dense)
    says = [KINDS[name].says for name in kinds]
    sentences = [{"step": translated(one.step, language), "back": translated(one.step_back, language)} for one in says]
    return {"kinds": dict(zip(kinds, sentences, strict=True))} if kinds else {}


def _of_ids(plan: Plan, ids: Sequence[Ids]) -> dict[str, Any]:
    """The inputs with ids, and what the network does with them; nothing if there are none."""
    if not ids:
        return {}
    listed = [{"name": each.name, "count": each.count, "names": each.names} for each in ids]
    found = {"factorization": factorization(plan), "planes": planes(plan)}
    return {"ids": listed, "rates": rates(plan), **found}


def _scales(plan: Plan) -> list[tuple[float | bool | None, ...] | None]:
    """For each input what was subtracted from its column and what divided it, None of a column that became 0.

    True follows where a clip has kept it within ±3. An input that is the number of the data has None in place of these.
    """
    if plan.encoding is None:
        return [None] * len(plan.inputs)
    known: dict[str, tuple[float | bool | None, ...]] = {
        column.name: (
            column.subtract,
            None if math.isinf(column.divide) else column.divide,
            *([True] if column.clipped else []),
        )
        for column in plan.encoding.numeric
    }
    if plan.encoding.scaling:
        pairs = zip(plan.encoding.scaling.subtract, plan.encoding.scaling.divide, strict=True)
        known = dict(zip(plan.inputs, pairs, strict=True))
    found = (known.get(name, (0.0, 1.0)) for name in plan.inputs)
    return [None if pair == (0.0, 1.0) else pair for pair in found]


def _target_scales(plan: Plan) -> list[tuple[float | bool, ...]]:
    """For each output what was subtracted from its target and what divided it; empty without a scale.

    True follows where this was done to the logarithm of the target.
    """
    found = plan.encoding and plan.encoding.targets
    return [(*pair, *[True] * found.log) for pair in zip(found.subtract, found.divide, strict=True)] if found else []


def _data(examples: Examples) -> dict[str, Any]:
    room = MAX_EXAMPLES
    taken: dict[str, Any] = {}
    for part, xs, ys in (
        ("train", examples.train_x.tolist(), examples.train_y.tolist()),
        ("test", examples.test_x.tolist(), examples.test_y.tolist()),
    ):
        pairs = []
        for pair in zip(map(_plain, xs), map(_plain, ys), strict=True):
            room -= len(json.dumps(pair, separators=(",", ":")))
            if room < 0:
                break
            pairs.append(pair)
        taken[part] = {"x": [x for x, _ in pairs], "y": [y for _, y in pairs], "of": len(xs)}
    weights = examples.train_weights
    return {
        **taken,
        "weights": None if weights is None else weights[: len(taken["train"]["x"])].tolist(),
        "labels": examples.labels,
    }


def _plain(row: Sequence[float]) -> list[float | None]:
    """The numbers, None for a missing one. Whole ones become integers, which are shorter in JSON."""
    return [None if math.isnan(value) else int(value) if value.is_integer() else value for value in row]
