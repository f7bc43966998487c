"""Random graphs as specs: their modules compute what the graphs say, and layers are as few as they can be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nngen.bridges.importing import assemble, outputs, sample
from nngen.bridges.importing.compare import difference
from nngen.bridges.importing.expressions import Z, call
from nngen.bridges.importing.graph import (
    Activate,
    Affine,
    BatchNorm,
    Columns,
    Concat,
    Dense,
    Dropout,
    Graph,
    Input,
    LayerNorm,
    Node,
    RmsNorm,
    Scale,
    Select,
    Sum,
)
from nngen.bridges.importing.recognize import KNOWN, activation, of
from nngen.common.diagnostics import SpecError
from nngen.description.model import Categorical, Numeric
from nngen.proof.reference.functions import FUNCTIONS
from tests.support.graph_float64 import computed

Made = tuple[Node, int]


class Builder:
    """Puts together a random graph: each node is made of nodes before it, some of them used several times."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.nodes: list[Node] = []
        self.widths: dict[str, int] = {}
        self.input()
        kinds = [getattr(self, name) for name in dir(self) if name.startswith("make_")]
        for _ in range(int(self.rng.integers(2, 12))):
            self.rng.choice(kinds)()
        self.make_dense()

    def input(self) -> None:
        if self.rng.random() < 0.3:
            columns = (Numeric(name="n1", missing=0.5), Categorical(name="c", categories=("u", "v"), unknown="zeros"))
            self.add(Columns(name="x", columns=(*columns, Numeric(name="n2"))), 4)
        else:
            width = int(self.rng.integers(1, 5))
            self.add(Input(name="x", width=width), width)

    def add(self, node: Node, width: int) -> None:
        self.nodes.append(node)
        self.widths[node.name] = width

    @property
    def name(self) -> str:
        return f"n{len(self.nodes)}"

    def source(self) -> str:
        """Often the last node, so that operators can join one layer."""
        names = [node.name for node in self.nodes]
        return names[-1] if self.rng.random() < 0.6 else str(self.rng.choice(names))

    def numbers(self, *shape: int) -> Any:
        return self.rng.standard_normal(shape)

    def factors(self, width: int) -> Any:
        return self.rng.uniform(0.5, 2.0, width) * self.rng.choice([-1.0, 1.0], width)

    def make_dense(self) -> None:
        sources = tuple(dict.fromkeys(self.source() for _ in range(int(self.rng.integers(1, 3)))))
        width = int(self.rng.integers(1, 5))
        bias = self.numbers(width) if self.rng.random() < 0.7 else None
        weights = tuple(self.numbers(width, self.widths[source]) for source in sources)
        self.add(Dense(name=self.name, sources=sources, weights=weights, bias=bias), width)

    def of_one(self, make: Callable[[str, int], Node]) -> None:
        source = self.source()
        self.add(make(source, self.widths[source]), self.widths[source])

    def make_activation(self) -> None:
        kind = str(self.rng.choice(["tanh", "sigmoid", "softplus", "sine"]))
        self.of_one(lambda source, _: Activate(name=self.name, source=source, activation=kind))

    def make_scale(self) -> None:
        self.of_one(
            lambda source, width: Scale(
                name=self.name, source=source, subtract=self.numbers(width), divide=self.factors(width)
            )
        )

    def make_affine(self) -> None:
        self.of_one(
            lambda source, width: Affine(
                name=self.name, source=source, multiply=self.factors(width), add=self.numbers(width)
            )
        )

    def make_batch_norm(self) -> None:
        self.of_one(
            lambda source, width: BatchNorm(
                name=self.name,
                source=source,
                gain=self.factors(width),
                shift=self.numbers(width),
                mean=self.numbers(width),
                variance=self.rng.uniform(0.5, 2.0, width),
                epsilon=1e-3,
            )
        )

    def make_norm(self) -> None:
        source = self.source()
        width = self.widths[source]
        if width == 1:
            return
        if self.rng.random() < 0.5:
            gain, shift = self.factors(width), self.numbers(width)
            self.add(LayerNorm(name=self.name, source=source, gain=gain, shift=shift, epsilon=1e-3), width)
        else:
            self.add(RmsNorm(name=self.name, source=source, gain=self.factors(width), epsilon=1e-3), width)

    def make_dropout(self) -> None:
        self.of_one(lambda source, _: Dropout(name=self.name, source=source, rate=0.25))

    def make_concat(self) -> None:
        sources = (self.source(), self.source())
        self.add(Concat(name=self.name, sources=sources), sum(self.widths[source] for source in sources))

    def make_select(self) -> None:
        source = self.source()
        width = self.widths[source]
        indices = self.rng.permutation(width)[: int(self.rng.integers(1, width + 1))]
        self.add(Select(name=self.name, source=source, indices=tuple(map(int, indices))), len(indices))

    def make_sum(self) -> None:
        source = self.source()
        others = [name for name, width in self.widths.items() if width == self.widths[source]]
        other = str(self.rng.choice(others))
        self.add(Sum(name=self.name, sources=(source, other)), self.widths[source])


@pytest.mark.parametrize("seed", range(60))
def test_a_random_graph(seed: int) -> None:
    built = Builder(seed)
    graph = Graph(nodes=tuple(built.nodes), output=built.nodes[-1].name)
    made = assemble(graph, "graph")
    given = sample(made)
    assert difference(outputs(made, given), computed(graph, given)) < 1e-10, made.text


def graph(*nodes: Node, **options: Any) -> Graph:
    return Graph(nodes=(Input(name="x", width=2), *nodes), output=nodes[-1].name, **options)


def dense(name: str, source: str) -> Dense:
    return Dense(name=name, sources=(source,), weights=(np.array([[1.0, 2.0], [3.0, 4.0]]),), bias=np.array([5.0, 6.0]))


ONE, TWO = np.ones(2), np.array([2.0, 2.0])


def test_a_layer_takes_what_follows_its_sums() -> None:
    norm = LayerNorm(name="n", source="d", gain=ONE, shift=ONE, epsilon=1e-5)
    layers = (dense("d", "x"), norm, Activate(name="a", source="n", activation="relu"), dense("e", "a"))
    made = assemble(graph(*layers), "net")
    assert "normalization: layer_norm\n" in made.text
    assert len(made.spec.layers) == 2


def test_shifts_and_scales_go_into_weights_with_a_comment() -> None:
    made = assemble(graph(dense("d", "x"), Affine(name="a", source="d", multiply=TWO, add=ONE)), "net")
    assert made.parameters == (2.0, 4.0, 6.0, 8.0, 11.0, 13.0)
    assert "  # the shift and scale after its weighted sums are in its weights and biases\n" in made.text


def test_a_scale_of_all_inputs_is_that_of_the_data() -> None:
    made = assemble(graph(Scale(name="s", source="x", subtract=ONE, divide=TWO), dense("d", "s")), "net")
    assert "data: {scale: {name: standardize, mean: [1, 1], deviation: [2, 2]}}\n" in made.text
    made = assemble(graph(Affine(name="s", source="x", multiply=TWO / 8, add=0 * ONE), dense("d", "s")), "net")
    assert "data: {scale: {name: divide, by: 4}}\n" in made.text


def test_a_constant_layer_is_not_trained() -> None:
    made = assemble(graph(dense("d", "x"), Sum(name="s", sources=("d", "x")), dense("e", "s")), "net")
    layer = made.spec.layers[1]
    assert (layer.name, layer.weights.trainable, layer.bias) == ("s", False, None)


def test_layers_below_a_step_are_not_trained() -> None:
    made = assemble(graph(dense("d", "x"), Activate(name="a", source="d", activation="step"), dense("e", "a")), "net")
    assert [layer.weights.trainable for layer in made.spec.layers] == [False, True]


def test_a_network_that_its_source_does_not_train_is_trained() -> None:
    frozen = replace(dense("d", "x"), trainable=False)
    made = assemble(graph(frozen), "net")
    assert made.spec.layers[0].weights.trainable
    assert "  # the source does not train it\n" in made.text
    with pytest.raises(SpecError, match="the network has no weights, so that a spec would have nothing to train"):
        assemble(graph(Activate(name="a", source="x", activation="tanh")), "net")


def test_names_that_meet_in_the_equations_are_replaced() -> None:
    made = assemble(graph(dense("a", "x"), dense("a_", "a"), dense("while", "a_")), "net")
    assert [layer.name for layer in made.spec.layers] == ["a", "a_", "layer_while"]
    source = Input(name="x", width=2, names=("a_h1", "b"))  # the activation of unit h1 is a_h1
    spec = assemble(Graph(nodes=(source, dense("h", "x")), output="h"), "net").spec
    assert (spec.input_names, spec.layers[0].name) == (("column1", "column2"), "layer1")


WRONG: dict[str, tuple[Node, str]] = {
    "a number that is not finite": (
        Dense(name="d", sources=("x",), weights=(np.array([[np.inf, 1.0]]),)),
        "d: weights has a number that is not finite",
    ),
    "another shape": (
        Dense(name="d", sources=("x",), weights=(np.ones((2, 3)),)),
        "d: expected weights of the shape (2, 2), got (2, 3)",
    ),
    "an unknown source": (Sum(name="d", sources=("x", "y")), "d: there is no vector 'y' before it"),
    "a factor of 0": (
        Affine(name="d", source="x", multiply=0 * ONE, add=ONE),
        "d: it multiplies by 0, so that a number is always the same",
    ),
    "a selection": (
        Select(name="d", source="x", indices=(2,)),
        "d: it selects a number that is not among the 2 of its source",
    ),
    "a variance": (
        BatchNorm(name="d", source="x", gain=ONE, shift=ONE, mean=ONE, variance=-ONE, epsilon=1e-3),
        "d: a variance is negative",
    ),
    "a name twice": (Dropout(name="x", source="x", rate=0.5), "x: there are two nodes of the name 'x'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_graph_that_does_not_fit_together(name: str) -> None:
    node, message = WRONG[name]
    with pytest.raises(SpecError) as caught:
        assemble(graph(node), "net")
    assert caught.value.diagnostics[0].message == message


def test_activations_are_recognized_by_the_values_of_the_reference() -> None:
    z = np.linspace(-9.0, 9.0, 361)
    for entry in KNOWN:
        options = {option.name: option.default or 0.0 for option in entry.options}
        found = of(entry, *options.values(), *[0.0][len(options) :])(z)
        np.testing.assert_allclose(found, FUNCTIONS[entry.name][0](z, **options), rtol=0, atol=1e-14)


def test_a_function_that_is_no_activation_is_none() -> None:
    assert activation(call("*", Z, call("sigmoid", call("*", 1.702, Z)))) is None
    assert activation(call("maximum", call("*", 1.000001, Z), 0.0)) is None
