"""Raw rows in, and answers in the words of the data out: the parts of an ONNX model before and after the network."""

import math
from collections.abc import Sequence

import numpy as np
from onnx import TensorProto

from nngen.bridges.exporting.onnx_formulas import TEXT, Graph, add_formula
from nngen.description.data import CategoryColumn, DateColumn, IndexColumn, NumberColumn, Scaling
from nngen.plan import Plan


def add_inputs(graph: Graph, plan: Plan) -> dict[str, str]:
    """Add the inputs of the model, and the nodes that make the network's inputs from them; returns these by name.

    A network whose inputs are plain numbers has one input with a column for each of them, as the data have them. Any
    other has an input with one column for each column of the data, and a category or the name of an id is a text.
    """
    encoding = plan.encoding
    if encoding is None or encoding.plain:
        x = graph.input(plan.input_name, len(plan.inputs))
        if plan.indices:
            return _split(graph, plan, x)
        return {plan.input_name: _scaled(graph, encoding.scaling, x) if encoding and encoding.scaling else x}
    found, parts = {}, []
    for column in encoding.columns:
        texts = isinstance(column, CategoryColumn) or (isinstance(column, IndexColumn) and column.ids)
        graph.input(column.column, 1, TEXT if texts else None)
    for column in encoding.columns:
        if isinstance(column, IndexColumn):
            found[column.name] = _id(graph, column)
        elif not isinstance(column, DateColumn):  # which are refused before
            parts += _encoded(graph, column)
    if parts:
        found[plan.input_name] = graph.node("Concat", *parts, name=plan.input_name, axis=1)
    return found


def _split(graph: Graph, plan: Plan, x: str) -> dict[str, str]:
    """The ids and the numbers of examples that have both."""
    found = {}
    for place, index in enumerate(plan.indices):
        column = graph.node("Gather", x, graph.constant(f"{index.name}_column", [place]), name=index.name, axis=1)
        found[index.name] = _row(graph, column, index.name, index.count)
    if plan.numbers:
        places = np.arange(len(plan.indices), len(plan.inputs))
        found[plan.input_name] = graph.node("Gather", x, graph.constant("columns", places), name="numbers", axis=1)
    return found


def _row(graph: Graph, x: str, name: str, count: int) -> str:
    """The row of each whole number below a count; any other number becomes the count, which no matrix has a row for.

    A negative index would select a row from the end.
    """
    whole = graph.node("Equal", x, graph.node("Floor", x, name=f"{name}_floor"), name=f"{name}_whole")
    low = graph.node("GreaterOrEqual", x, graph.number(0.0), name=f"{name}_low")
    high = graph.node("Less", x, graph.number(float(count)), name=f"{name}_high")
    known = graph.node("And", whole, graph.node("And", low, high, name=f"{name}_range"), name=f"{name}_known")
    place = graph.node("Where", known, x, graph.number(float(count)), name=f"{name}_place")
    row = graph.node("Cast", place, name=f"{name}_whole_number", to=TensorProto.INT64)
    return graph.node("Squeeze", row, graph.axis(1), name=f"{name}_row")


def _id(graph: Graph, column: IndexColumn) -> str:
    """The row of each id; an unknown one selects the row after the others, which is an error if there is none."""
    if not column.ids:
        return _row(graph, column.column, column.name, column.count - column.unknown)
    count = len(column.ids)
    place = graph.node(
        "LabelEncoder",
        column.column,
        name=f"{column.name}_place",
        domain="ai.onnx.ml",
        keys_strings=column.ids,
        values_int64s=range(count),
        default_int64=count,
    )
    return graph.node("Squeeze", place, graph.axis(1), name=f"{column.name}_row")


def _scaled(graph: Graph, scaling: Scaling, x: str) -> str:
    if any(scaling.subtract):
        x = graph.node("Sub", x, graph.numbers("subtract", scaling.subtract), name="shifted")
    if any(divisor != 1.0 for divisor in scaling.divide):
        x = graph.node("Div", x, graph.numbers("divide", scaling.divide), name="scaled")
    return x


def _encoded(graph: Graph, column: NumberColumn | CategoryColumn) -> list[str]:
    """The numbers of a column, and whether its value is missing if the network has an input for that."""
    made, gap = _category(graph, column) if isinstance(column, CategoryColumn) else _number(graph, column)
    return [made, graph.node("Cast", gap, name=column.indicator, to=graph.type)] if column.indicator else [made]


def _number(graph: Graph, column: NumberColumn) -> tuple[str, str]:
    """The scaled number, and whether it was missing, if that matters."""
    x, gap = column.column, ""
    if column.fill is not None or column.indicator:
        gap = graph.node("IsNaN", x, name=f"{column.name}_gap")
    if column.fill is not None:
        x = graph.node("Where", gap, graph.number(column.fill), x, name=f"{column.name}_filled")
    return add_formula(graph, column.scaled, {"x": x}, f"{column.name}_scaled"), gap


def _category(graph: Graph, column: CategoryColumn) -> tuple[str, str]:
    """1 for the category and 0 for the others, and whether it was missing. An empty text is a missing value.

    The operator refuses unknown categories, or makes zeros of them. A missing value that the network refuses is NaN.
    """
    name, x, gap = column.name, column.column, ""
    refused, zeros = column.fill is None, column.fill == ""
    if column.unknown or column.indicator or not refused:
        gap = graph.node("Equal", x, graph.text("empty", ""), name=f"{name}_gap")
    if column.fill or (zeros and not column.unknown):
        filled = graph.text(f"{name}_fill", column.fill or column.categories[0])
        x = graph.node("Where", gap, filled, x, name=f"{name}_filled")
    encoded = graph.node(
        "OneHotEncoder",
        x,
        name=f"{name}_one_hot",
        domain="ai.onnx.ml",
        cats_strings=column.categories,
        zeros=int(column.unknown),
    )
    made = graph.node("Squeeze", encoded, graph.axis(1), name=f"{name}_row")
    made = graph.node("Cast", made, name=f"{name}_numbers", to=graph.type)
    if zeros or (refused and column.unknown):
        made = graph.node("Where", gap, graph.number(math.nan if refused else 0.0), made, name=name)
    return made, gap


def add_answers(graph: Graph, plan: Plan, outputs: str) -> None:
    """Add the outputs of the model: the label and the probabilities of the classes, or the outputs of the network.

    Without probabilities, the outputs follow the label. Numbers are in the units of the data. Where an output is NaN,
    as of a missing number that the network refuses, the label is empty.
    """
    encoding, width = plan.encoding, len(plan.output.units)
    if encoding is None or not encoding.predicts:
        graph.output("outputs", outputs, width)
    elif encoding.classes:
        scores = outputs
        if width == 1:  # of two classes
            other = graph.node("Sub", graph.number(2.0 * encoding.threshold), outputs, name="first_class")
            scores = graph.node("Concat", other, outputs, name="scores", axis=1)
        graph.output("label", _label(graph, encoding.classes, scores), None, TEXT)
        if encoding.probabilities:
            graph.output("probabilities", scores, len(encoding.classes))
        else:
            graph.output("outputs", outputs, width)
    else:
        scaling = encoding.targets or Scaling((0.0,), (1.0,))
        if any(factor != 1.0 for factor in scaling.divide):
            outputs = graph.node("Mul", outputs, graph.numbers("target_divide", scaling.divide), name="unscaled")
        if any(scaling.subtract):
            outputs = graph.node("Add", outputs, graph.numbers("target_subtract", scaling.subtract), name="unshifted")
        if scaling.log:
            outputs = graph.node("Exp", outputs, name="without_logarithm")
        for operator, ends in zip(("Less", "Greater"), zip(*encoding.ends, strict=True), strict=False):
            end = graph.numbers(f"answers_{operator.lower()}", ends)
            beyond = graph.node(operator, outputs, end, name=f"beyond_{operator.lower()}")
            outputs = graph.node("Where", beyond, end, outputs, name=f"kept_{operator.lower()}")
        graph.output("outputs", outputs, width)


def _label(graph: Graph, classes: Sequence[str], scores: str) -> str:
    """The class with the largest score; an empty text if a score is NaN."""
    place = graph.node("ArgMax", scores, name="place", axis=1, keepdims=1)
    named = graph.node("Gather", graph.constant("classes", np.array(classes, object)), place, name="named", axis=0)
    total = graph.node("ReduceSum", scores, graph.axis(1), name="total", keepdims=1)
    refused = graph.node("IsNaN", total, name="refused")
    kept = graph.node("Where", refused, graph.text("empty", ""), named, name="kept")
    return graph.node("Squeeze", kept, graph.axis(1), name="answer")
