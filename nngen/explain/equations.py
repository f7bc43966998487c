"""The equations of a network as MathML, by the names to which they give values."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nngen.formulas import Line
from nngen.plan import Layer, Plan
from nngen.typeset import (
    Call,
    Equation,
    Name,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    Symbols,
    assignment,
    math,
    read,
)

_TRANSPOSED = Name(Symbol("", "T"))


def of_weights(page: str, symbols: Symbols) -> Mapping[str, Sequence[str]]:
    """The equations of a page of the target python that has one for each weight.

    A name that is given several values, one after the other, has several equations.
    """
    (gradient,) = (
        node for node in ast.parse(page).body if isinstance(node, ast.FunctionDef) and node.name == "gradient"
    )
    found = defaultdict(list)
    for statement in gradient.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            try:
                equation = assignment(statement, symbols)
            except ValueError:
                continue
            found[equation.symbol.name].append(math(equation))
    return found


def of_layers(plan: Plan, symbols: Symbols) -> Mapping[str, Sequence[str]]:
    """The equations of whole layers: a name is a vector or a matrix, and formulas hold for each of its numbers."""
    found = defaultdict(list)
    for name, value in _of_layers(plan, symbols):
        found[name].append(math(Equation(symbols(name), value)))
    return found


def _of_layers(plan: Plan, symbols: Symbols) -> Iterator[tuple[str, Node]]:
    def name(text: str) -> Name:
        return Name(symbols(text))

    for layer in plan.layers:
        terms: list[Node] = [Product((name(s.weights.name), name(s.vector))) for s in layer.sources]
        yield f"z_{layer.name}", _sum([*terms, *([name(layer.biases.name)] if layer.biases else [])])
        for line in layer.trained:
            yield from _line(layer, line, symbols)
    for line in plan.output.judged:
        yield from _line(plan.output, line, symbols)
    loss = _read(plan.output, plan.loss.value.text, symbols)
    total = Call("∑", (loss,))
    yield "loss", Product((name("weight"), total)) if plan.loss.weight and not plan.loss.shares else total
    for layer in plan.learning:
        if layer.error:
            yield from _line(layer, layer.error, symbols)
        else:
            yield (
                f"da_{layer.name}",
                _sum(
                    [
                        Product((Power(name(back.source.weights.name), _TRANSPOSED), name(f"dz_{back.after.name}")))
                        for back in plan.back(layer)
                    ]
                ),
            )
        for line in layer.backward:
            yield from _line(layer, line, symbols)
        for source in layer.sources:
            if source.weights.trainable:
                outer = Product((name(f"dz_{layer.name}"), Power(name(source.vector), _TRANSPOSED)))
                yield f"d{source.weights.name}", outer
        if layer.biases and layer.biases.trainable:
            yield f"d{layer.biases.name}", name(f"dz_{layer.name}")
    if plan.penalty:
        for block in plan.penalty.blocks:
            value, slope = (
                read(formula.rename({"w": block.name}).tree, symbols)
                for formula in (plan.penalty.value, plan.penalty.slope)
            )
            yield "loss", Sum((name("loss"), Call("∑", (value,))))
            yield f"d{block.name}", Sum((name(f"d{block.name}"), slope))


def _line(layer: Layer, line: Line, symbols: Symbols) -> Iterator[tuple[str, Node]]:
    value = _read(layer, line.formula.text, symbols)
    if line.over in ("sum", "max"):
        value = Call({"sum": "∑", "max": "max"}[line.over], (value,))
    elif line.over == "mean":
        value = Quotient(Call("∑", (value,)), Number(float(len(layer.units))))
    elif line.over in ("measured", "batch"):  # over the examples
        value = Call("mean", (value,))
    elif line.over == "keep":
        value = Call("keep", (value,))
    yield layer.name_of(line.name), value


def _read(layer: Layer, text: str, symbols: Symbols) -> Node:
    """A formula, of the layer's vectors."""
    tree = ast.parse(text, mode="eval").body
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            node.id = layer.name_of(node.id)
    return read(tree, symbols)


def _sum(terms: Sequence[Node]) -> Node:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def kinds(plan: Plan) -> Mapping[str, str]:
    """The general equation that each name's own is a case of."""
    found = {"loss": "loss"}
    for layer in plan.layers:
        back = "delta-output" if layer is plan.output else "delta-hidden"
        for index in (*layer.units, layer.name):
            found.update({f"{line.name}_{index}": "activation" for line in (*layer.forward, *layer.trained)})
            found.update({f"{line.name}_{index}": "loss" for line in layer.judged})
            found.update({f"{line.name}_{index}": back for line in layer.backward})
            found.update({f"z_{index}": "sum", f"a_{index}": "activation", f"da_{index}": back, f"dz_{index}": back})
    for block in plan.blocks:
        for name in (block.name, *(name for row in block.rows for name in row)):
            found[f"d{name}"] = "gradient"
    return found
