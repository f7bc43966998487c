"""The loops of equations of layers, computed as they are stated, against the reference."""

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pytest

from nngen.mathematics.formulas.evaluate import computation
from nngen.plan.equation import Form
from nngen.plan.equations import Scope, equations
from nngen.plan.layer_forms import statements
from nngen.plan.loops import (
    AddOuter,
    AddPenalty,
    AddPenaltySlopes,
    AddVector,
    Affine,
    Applied,
    Called,
    Columns,
    Divided,
    Each,
    Examples,
    InTraining,
    Largest,
    Let,
    Multiply,
    Number,
    Product,
    Same,
    Slopes,
    Statement,
    Sum,
    Targets,
    Total,
    Value,
)
from nngen.plan.planner import plan
from tests.support.network import layer, network

At: TypeAlias = Mapping[str, int]

TANH = layer("h", 3, "tanh")
NETWORKS = {
    "softmax": network([TANH, layer("o", 2, "softmax")], "cross_entropy"),
    "layer_norm": network([TANH | {"normalization": "layer_norm"}, layer("o", 1, "linear")], "squared_error"),
    "batch_norm": network([TANH | {"normalization": "batch_norm"}, layer("o", 2, "softmax")], "cross_entropy"),
    "kinds": network(
        [
            layer("u", 3, "sigmoid"),
            layer("v", 3, "tanh"),
            layer("p", 3, "linear", ["u", "v"], kind="product"),
            layer("s", 3, "linear", ["u", "p"], kind="add"),
            layer("o", 1, "linear", ["s", "v"], kind="dot"),
        ],
        "squared_error",
        training={
            "optimizer": {"name": "gradient_descent", "rate": 0.1},
            "penalty": {"name": "l2", "strength": 0.3},
        },
    ),
}


class _Computed:
    """What some equations compute, from values by their names."""

    def __init__(self, values: dict[str, Any], size: int) -> None:
        self.values, self.slopes = values, [0.0] * size

    def number(self, value: Value, at: At) -> Any:
        """The value of an expression where loops have some places."""
        match value:
            case Number(name, places):
                found = self.values[name]
                for place in places:
                    text = str(place)
                    found = found[at[text] if text in at else int(text)]
                return found
            case Same(name):
                return self.values[name]
            case Applied(formula, numbers):
                return computation(formula, *formula.variables)(*(self.number(one, at) for one in numbers))[0]
            case Sum(terms):
                return sum(self.number(one, at) for one in terms)
            case Product(factors):
                return math.prod(self.number(one, at) for one in factors)
            case Divided(inner, by):
                return self.number(inner, at) / (self.values[by] if isinstance(by, str) else by)
            case Each(index, count, inner) | Total(index, count, inner) | Largest(index, count, inner):
                counted = range(self.values[count] if isinstance(count, str) else count)
                listed = [self.number(inner, {**at, index: i}) for i in counted]
                return (
                    sum(listed) if isinstance(value, Total) else max(listed) if isinstance(value, Largest) else listed
                )
            case Affine(count, biases, products):
                start = self.values[biases.name] if biases else [0.0] * count
                rows = [(np.reshape(self.values[one.name], (count, -1)), self.number(v, at)) for one, v in products]
                return list(sum((w @ v for w, v in rows), np.array(start)))
            case Columns(index, count, products, terms):
                rows = [(np.reshape(self.values[one.name], (-1, count)), self.number(v, at)) for one, v in products]
                total = sum((v @ w for w, v in rows), np.zeros(count))
                return [a + sum(self.number(one, {**at, index: i}) for one in terms) for i, a in enumerate(total)]
            case Called("dot", (u, v)):
                return sum(a * b for a, b in zip(self.number(u, at), self.number(v, at), strict=True))
            case Called("sum", (vector,)):
                return sum(self.number(vector, at))
            case InTraining(inner):
                return self.number(inner, at)
        raise TypeError(value)

    def run(self, statement: Statement, at: At) -> None:
        """Compute a statement."""
        match statement:
            case Let(name, value):
                self.values[name] = self.number(value, at)
            case Multiply(name, value):
                self.values[name] *= self.number(value, at)
            case Targets(name):
                self.values[name] = self.values["y"]
            case Examples(body):
                for k in range(self.values["count"]):
                    self.run(body, {"k": k})
            case Slopes(name, block, value):
                self.values[name] = self.number(value, at)
                self.add(block.start, self.values[name])
            case AddVector(block, vector):
                self.add(block.start, self.number(vector, at))
            case AddOuter(block, slopes, values):
                self.add(block.start, np.outer(self.number(slopes, at), self.number(values, at)).ravel())
            case AddPenalty(block, formula):
                self.values["loss"] += sum(computation(formula, "w")(w)[0] for w in self.values[block.name])
            case AddPenaltySlopes(block, formula):
                self.add(block.start, [computation(formula, "w")(w)[0] for w in self.values[block.name]])

    def add(self, start: int, values: Any) -> None:
        """Add to the derivatives from a place on."""
        for i, value in enumerate(values, start):
            self.slopes[i] += float(value)


@pytest.mark.parametrize("name", NETWORKS)
def test_loops_compute_the_loss_and_the_derivatives_of_the_reference(name: str) -> None:
    net, made = NETWORKS[name], plan(NETWORKS[name].spec)
    params, batch = net.init(seed=5), made.needs_batch
    flat = np.concatenate([one.ravel() for one in params])
    xs = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-0.75, 1.0, 0.125]])
    ys = np.eye(2)[[0, 1, 0]] if len(made.output.units) > 1 else np.array([[0.5], [-1.0], [0.25]])
    values: dict[str, Any] = {one.name: flat[one.start : one.stop].tolist() for one in made.blocks}
    if batch:
        values |= {"x": xs, "y": ys, "count": 3, "n": 3.0}
        expected = net.batch_gradient(params, xs, ys)[:2]
    else:
        values |= {"x": xs[0], made.output.name_of("y"): ys[0]}
        expected = net.gradient(params, xs[:1], ys[:1])
    computed = _Computed(values, made.size)
    listed = equations(made, Scope.BATCH if batch else Scope.EXAMPLE)
    for section in listed.to_the_loss + listed.backward + listed.penalty_slopes:
        for equation in section.equations:
            for statement in statements(equation, batch):
                computed.run(statement, {})
    assert values["loss"] == pytest.approx(expected[0], rel=1e-12)
    assert computed.slopes == pytest.approx(np.concatenate([one.ravel() for one in expected[1]]).tolist(), rel=1e-9)


def test_these_networks_have_most_forms() -> None:
    listed = [equations(plan(net.spec), Scope.BATCH).gradient for net in NETWORKS.values()]
    stated = {one.form for sections in listed for section in sections for one in section.equations}
    left = {Form.LOOKUP, Form.ROW_GRADIENT, Form.DROPOUT, Form.CLASS_WEIGHT, Form.SHARE}  # of ids, seeds and weights
    assert set(Form) - stated <= left | {Form.ZERO, Form.NESTED, Form.NESTED_GRADIENT}
