"""Exported ONNX models: their answers, and one with every kind of column."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.bridges.exporting.onnx_model import onnx_model
from nngen.description.data import encoding
from nngen.reading.source import parse
from nngen.targets import as_module, texts
from tests.support.modules import ROOT

Answers = dict[str, NDArray[Any]]


def answers(model: bytes, feed: Mapping[str, NDArray[Any]]) -> list[Answers]:
    """The outputs of a checked model: of ONNX's reference, and of ONNX Runtime."""
    import onnx
    import onnxruntime
    from onnx.reference import ReferenceEvaluator

    onnx.checker.check_model(model, full_check=True)
    onnxruntime.set_default_logger_severity(3)  # it warns of constants that it folds
    reference = ReferenceEvaluator(onnx.load_from_string(model))
    session = onnxruntime.InferenceSession(model)
    names = [output.name for output in session.get_outputs()]
    feed = {name: feed[name] for name in reference.input_names}
    with np.errstate(all="ignore"):  # of the branch that is not taken
        found = [reference.run(None, dict(feed)), session.run(None, dict(feed))]
    return [dict(zip(names, values, strict=True)) for values in found]


TWO = """\
name: two
inputs:
  - {name: age, missing: 30, indicator: true, scale: {name: standardize, mean: 40, deviation: 12.5}}
  - {name: fare, column: fare paid, indicator: true}
  - {name: deck, categories: [A, B, nan], missing: {category: B}, unknown: zeros}
  - {name: port, categories: [C, Q], missing: zeros, indicator: true}
  - {name: sex, categories: [female, male]}
  - {name: pier, categories: [a, b], unknown: zeros}
layers: [{name: output, units: 1, activation: OUTPUT}]
loss: LOSS
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data: DATA
"""
ROWS: dict[str, list[Any]] = {
    "age": [31.0, math.nan, 50.0, 8.5],
    "fare paid": [7.25, 71.5, 0.0, 9.0],
    "deck": ["A", "", "nan", "T"],
    "port": ["C", "", "Q", ""],
    "sex": ["male", "female", "female", "male"],
    "pier": ["a", "b", "c", "a"],
}


def two(output: str, loss: str, data: str, rows: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """The answers of the model of ``TWO``, with its module and parameters."""
    model, feed, module, params = model_of_two(output, loss, data, rows)
    return [{"module": module, "params": params, **found} for found in answers(model, feed)]


def model_of_two(
    output: str, loss: str, data: str, rows: Mapping[str, list[Any]]
) -> tuple[bytes, dict[str, NDArray[Any]], Any, Any]:
    """The model of ``TWO`` and the rows as its inputs; its module with parameters."""
    described = parse(TWO.replace("OUTPUT", output).replace("LOSS", loss).replace("DATA", data), "two.yaml")
    module = as_module("two", texts(described, ROOT, ["numpy"])["numpy"])
    params = module.init(4)
    feed = {
        name: np.array(values, object if isinstance(values[1], str) else float)[:, None]
        for name, values in rows.items()
    }
    return onnx_model(described, encoding(described, ROOT), module.pack(params), "float64"), feed, module, params
