"""Raw rows in, and answers in the words of the data out: the parts of an ONNX model before and after the network."""

import numpy as np

from nngen.data import CategoryColumn, NumberColumn, Scaling
from nngen.exporting.onnx_formulas import add_formula
from nngen.exporting.onnx_graph import INDEX, TEXT, Graph
from nngen.plan import Plan

MISSING = ("", "nan", "<NA>", "NaT")
"""The texts of a missing value, unless they are categories; the same as in a generated module."""


def add_inputs(graph: Graph, plan: Plan) -> str:
    """Add the inputs of the model, and the nodes that make the network's inputs from them.

    A network whose inputs are plain numbers has one input with a column for each of them, as the data have them. Any
    other has an input with one column for each column of the data, and a category is a text.
    """
    encoding = plan.encoding
    if encoding is None or encoding.plain:
        x = graph.input(plan.input_name, len(plan.inputs))
        return _scaled(graph, encoding.scaling, x) if encoding and encoding.scaling else x
    for column in encoding.columns:
        graph.input(column.column, 1, TEXT if isinstance(column, CategoryColumn) else None)
    parts = [part for column in encoding.columns for part in _encoded(graph, column)]
    return graph.node("Concat", *parts, name=plan.input_name, axis=1)


def _scaled(graph: Graph, scaling: Scaling, x: str) -> str:
    if any(scaling.subtract):
        x = graph.node("Sub", x, graph.numbers("subtract", scaling.subtract), name="shifted")
    if any(divisor != 1.0 for divisor in scaling.divide):
        x = graph.node("Div", x, graph.numbers("divide", scaling.divide), name="scaled")
    return x


def _encoded(graph: Graph, column: NumberColumn | CategoryColumn) -> list[str]:
    name = column.name
    if isinstance(column, CategoryColumn):
        return [_one_hot(graph, column)]
    x = column.column
    parts = []
    if column.fill is not None:
        missing = graph.node("IsNaN", x, name=f"{name}_missing")
        x = graph.node("Where", missing, graph.number(column.fill), x, name=f"{name}_filled")
        if column.indicator:
            parts.append(graph.node("Cast", missing, name=column.indicator, to=graph.type))
    return [add_formula(graph, column.scaled, {"x": x}, f"{name}_scaled"), *parts]


def _one_hot(graph: Graph, column: CategoryColumn) -> str:
    """A row of a table for each category, for missing values and for other texts; what is refused is a row of NaN."""
    count = len(column.categories)
    table = np.zeros((count + 2, count))
    table[:count] = np.eye(count)
    if column.fill is None:
        table[count] = np.nan
    elif column.fill:
        table[count] = table[column.categories.index(column.fill)]
    if not column.unknown:
        table[count + 1] = np.nan
    if column.indicator:
        table = np.column_stack([table, np.arange(count + 2) == count])
    keys = [*column.categories, *(text for text in MISSING if text not in column.categories)]
    code = graph.node(
        "LabelEncoder",
        column.column,
        name=f"{column.name}_code",
        domain="ai.onnx.ml",
        keys_strings=keys,
        values_int64s=[min(place, count) for place in range(len(keys))],
        default_int64=count + 1,
    )
    row = graph.node("Squeeze", code, graph.axis(1), name=f"{column.name}_row")
    return graph.node("Gather", graph.numbers(f"{column.name}_inputs", table), row, name=column.name, axis=0)


def add_answers(graph: Graph, plan: Plan, outputs: str) -> None:
    """Add the outputs of the model: the label and the probabilities of the classes, or the outputs of the network.

    Without probabilities, the outputs follow the label. Numbers are in the units of the data. Where an output is NaN,
    as for a refused category, the label is empty.
    """
    encoding, width = plan.encoding, len(plan.output.units)
    if encoding is None or not encoding.predicts:
        graph.output("outputs", outputs, width)
    elif encoding.classes:
        label = _label(graph, plan, outputs)
        graph.output("label", label, None, TEXT)
        if encoding.probabilities and width == 1:
            first = graph.node("Sub", graph.number(1.0), outputs, name="first")
            graph.output("probabilities", graph.node("Concat", first, outputs, name="both", axis=1), 2)
        else:
            graph.output("probabilities" if encoding.probabilities else "outputs", outputs, width)
    else:
        scaling = encoding.targets or Scaling((0.0,), (1.0,))
        if any(factor != 1.0 for factor in scaling.divide):
            outputs = graph.node("Mul", outputs, graph.numbers("target_divide", scaling.divide), name="unscaled")
        if any(scaling.subtract):
            outputs = graph.node("Add", outputs, graph.numbers("target_subtract", scaling.subtract), name="unshifted")
        graph.output("outputs", outputs, width)


def _label(graph: Graph, plan: Plan, outputs: str) -> str:
    encoding = plan.encoding
    assert encoding is not None  # noqa: S101 (there are classes)
    if len(plan.output.units) > 1:
        place = graph.node("ArgMax", outputs, name="place", axis=1, keepdims=0)
    else:
        only = graph.node("Squeeze", outputs, graph.axis(1), name="only")
        above = graph.node("Greater", only, graph.number(encoding.threshold), name="above")
        place = graph.node("Cast", above, name="place", to=INDEX)
    names = graph.constant("classes", np.array(encoding.classes, object))
    label = graph.node("Gather", names, place, name="named", axis=0)
    whole = graph.node("ReduceSum", outputs, graph.axis(1), name="sum_of_outputs", keepdims=0)
    nothing = graph.constant("no_label", np.array("", object))
    return graph.node("Where", graph.node("IsNaN", whole, name="refused"), nothing, label, name="answer")
