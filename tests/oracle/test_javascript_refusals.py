"""The arguments that pages of the target javascript refuse, and their messages."""

import json
from pathlib import Path

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.targets.modules import texts
from tests.oracle.node import Job, javascript, run
from tests.support.modules import named, spec
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

XOR, DIGITS = spec(named("xor_mlp")), spec(named("digits"))


def refused(text: str, wrong: list[tuple[str, str]], folder: Path) -> None:
    """Each call throws a RangeError with this message, given parameters, an example and its target that fit."""
    start = "const [params, x, y] = [m.init(), given.x, given.y]; return "
    given = {"x": [0.5] * 2, "y": [1.0]} if "xor_mlp" in text else {"x": [0.5] * 64, "y": [1.0] + [0.0] * 9}
    found = run([Job(text, f"{start}{call};", given) for call, _ in wrong], folder)
    assert [one.get("throws") for one in found] == [f"RangeError: {message}" for _, message in wrong]


def test_an_equation_for_each_weight_refuses_what_does_not_fit(tmp_path: Path) -> None:
    many = "expected as many xs as ys, at least 1, and batches of at least 1; got"
    numbers, seed = "expected a list of numbers, got", "expected a whole number as seed, got"
    refused(
        javascript(XOR),
        [
            ("m.forward(params, [...x, 1])", "expected 2 inputs, got 3"),
            ("m.forward([], x)", "expected 9 parameters, got 0"),
            ("m.forward(params, null)", "expected 2 inputs, got undefined"),
            ("m.forward(undefined, x)", "expected 9 parameters, got undefined"),
            ("m.gradient(params, x, [])", "expected 1 target, got 0"),
            ("m.gradient([], x, y)", "expected 9 parameters, got 0"),
            ("m.gradient(params, [], y)", "expected 2 inputs, got 0"),
            ("m.gradient(params, x, [NaN])", "expected targets that are numbers from 0 to 1, got [NaN]"),
            ("m.gradient(params, x, [undefined])", f"{numbers} undefined (undefined) at place 0"),
            ("m.forward(params, 'ab')", f"{numbers} a (string) at place 0"),
            ("m.forward(params, [0.1, '0.2'])", f"{numbers} 0.2 (string) at place 1"),
            ("m.forward(params, [null, 0])", f"{numbers} null (object) at place 0"),
            ("m.forward(params, [[1], [2]])", f"{numbers} 1 (object) at place 0"),
            ("m.forward(params, [1n, 2n])", f"{numbers} 1 (bigint) at place 0"),
            ("m.forward(params, new Set([0, 1]))", "expected 2 inputs, got undefined"),
            ("m.forward(new Set(params), x)", "expected 9 parameters, got undefined"),
            ("m.forward('123456789', x)", f"{numbers} 1 (string) at place 0"),
            ("m.gradient(params, x, '1')", f"{numbers} 1 (string) at place 0"),
            ("m.fit(params, ['ab'], [y])", f"{numbers} a (string) at place 0"),
            ("m.fit(params, new Set([x]), new Set([y]), { batch_size: 1 })", f"{many} undefined, undefined and 1"),
            ("m.unpack('123456789')", f"{numbers} 1 (string) at place 0"),
            ("m.loss(params, x, [1.5])", "expected targets that are numbers from 0 to 1, got [1.5]"),
            ("m.fit(params, [x], [])", f"{many} 1, 0 and 1"),
            ("m.fit(params, [], [])", f"{many} 0, 0 and 0"),
            ("m.fit(params, [], [], { batch_size: 2 })", f"{many} 0, 0 and 2"),
            ("m.fit(params, [x], [y], { batch_size: 0 })", f"{many} 1, 1 and 0"),
            ("m.fit(params, [x], [y], { batch_size: 1.5 })", f"{many} 1, 1 and 1.5"),
            ("m.fit(params, [x], [y], { batch_size: NaN })", f"{many} 1, 1 and NaN"),
            ("m.fit(params, null)", f"{many} undefined, undefined and undefined"),
            ("m.fit(params, 5, [y])", f"{many} undefined, 1 and undefined"),
            ("m.fit(params, [x], null, { batch_size: 1 })", f"{many} 1, undefined and 1"),
            ("m.fit(params, [x], [y], { seed: 1.5 })", f"{seed} 1.5 (number)"),
            ("m.init(10n)", f"{seed} 10 (bigint)"),
            ("m.init(null)", f"{seed} null (object)"),
            ("m.pack(null)", "expected 9 parameters, got undefined"),
            ("m.save(5)", "expected 9 parameters, got undefined"),
            ("m.forward(params, ['x'.repeat(1e5), 0])", f"{numbers} {'x' * 80} (string) at place 0"),
            ("m.unpack([0])", "expected 9 parameters, got 1"),
            ("m.save(params.fill(NaN))", "expected finite parameters, got infinity or NaN"),
            ("m.save(params.fill(Infinity))", "expected finite parameters, got infinity or NaN"),
        ],
        tmp_path,
    )


def test_an_equation_for_each_layer_refuses_what_does_not_fit(tmp_path: Path) -> None:
    shapes = "expected parameters of shapes [[32,64],[1,32],[10,32],[1,10]], got"
    numbers = "expected a list of numbers, got"
    refused(
        javascript(DIGITS),
        [
            ("m.forward(params, x.slice(1))", "expected 64 inputs, got 63"),
            ("m.forward(params.slice(1), x)", f"{shapes} [[1,32],[10,32],[1,10]]"),
            ("m.forward([...params, [[1]]], x)", f"{shapes} [[32,64],[1,32],[10,32],[1,10],[1,1]]"),
            (
                "m.forward(params.map((W) => W.map((row) => row.slice(1))), x)",
                f"{shapes} [[32,63],[1,31],[10,31],[1,9]]",
            ),
            ("m.forward([1, 2, 3, 4], x)", f"{shapes} object"),
            ("m.forward([null, ...params.slice(1)], x)", f"{shapes} object"),
            ("m.pack(null)", f"{shapes} object"),
            ("m.gradient(params, x, y.slice(1))", "expected 10 targets, got 9"),
            ("m.gradient(params, x.slice(1), y)", "expected 64 inputs, got 63"),
            ("m.gradient(params.slice(1), x, y)", f"{shapes} [[1,32],[10,32],[1,10]]"),
            ("m.gradient(params, x, y.fill(0.2))", f"expected targets that sum to 1, got [{','.join(['0.2'] * 10)}]"),
            ("m.unpack([0])", "expected 2410 parameters, got 1"),
            ("m.unpack('1'.repeat(2410))", f"{numbers} 1 (string) at place 0"),
            ("m.forward(params, '1'.repeat(64))", f"{numbers} 1 (string) at place 0"),
            ("m.forward(params, x.fill(null))", f"{numbers} null (object) at place 0"),
            ("m.forward(params, new Set(x))", "expected 64 inputs, got undefined"),
            ("m.forward(new Set(params), x)", f"{shapes} object"),
            ("m.forward(params.map((W) => W.map((w) => '1'.repeat(w.length))), x)", f"{numbers} 1 (string) at place 0"),
            ("m.gradient(params, x, y.map(String))", f"{numbers} 1 (string) at place 0"),
        ],
        tmp_path,
    )


def test_only_numbers_are_scaled(tmp_path: Path) -> None:
    text = texts(DIGITS, named("digits").parent, ["javascript"])["javascript"]
    wrong = [("new Set(x)", "expected 64 inputs, got undefined"), ("x.slice(1)", "expected 64 inputs, got 63")]
    wrong += [("x.fill(null)", "expected a list of numbers, got null (object) at place 0")]
    refused(text, [(f"m.scale({given})", message) for given, message in wrong], tmp_path)


def test_arrays_of_any_kind_are_taken(tmp_path: Path) -> None:
    body = """
      const [params, x, y] = [m.init(), [0.5, 0.25], [1]];
      const expected = JSON.stringify([m.forward(params, x), m.gradient(params, x, y)]);
      const typed = [Float64Array, Float32Array].map((Kind) => {
        const given = [Float64Array.from(params), Kind.from(x)];
        return JSON.stringify([m.forward(...given), m.gradient(...given, Kind.from(y))]);
      });
      return typed.map((text) => text === expected);
    """
    (found,) = run([Job(javascript(XOR), body)], tmp_path)
    assert found == {"gives": [True, True]}


FILES = [
    ("[1, 2]", "RangeError: expected the parameters of '{}', got those of 'undefined'"),
    ("null", "RangeError: expected the parameters of '{}', got those of 'undefined'"),
    ('{"layout": "other", "parameters": [1, 2]}', "RangeError: expected the parameters of '{}', got those of 'other'"),
    ('{"layout": LAYOUT}', "RangeError: expected a list of finite numbers under 'parameters', got undefined"),
    (
        '{"layout": LAYOUT, "parameters": "123456789"}',
        "RangeError: expected a list of finite numbers under 'parameters', ",
    ),
    (
        '{"layout": LAYOUT, "parameters": [null, 1]}',
        "RangeError: expected a list of finite numbers under 'parameters', ",
    ),
    (
        '{"layout": LAYOUT, "parameters": [1e999, 1]}',
        "RangeError: expected a list of finite numbers under 'parameters', ",
    ),
    (
        f'{{"layout": LAYOUT, "parameters": "{"1" * 100}"}}',
        f"RangeError: expected a list of finite numbers under 'parameters', got \"{'1' * 79}\n",
    ),
    ('{"layout": LAYOUT, "parameters": [1, 2]}', "RangeError: expected 9 parameters, got 2"),
    ('{"layout": LAYOUT, "parameters": [1, 2', "SyntaxError: "),
    ("", "SyntaxError: "),
]


def test_load_refuses_other_files(tmp_path: Path) -> None:
    layout = " ".join(plan(XOR).layout)
    contents = [content.replace("LAYOUT", json.dumps(layout)) for content, _ in FILES]
    for (_, message), found in zip(
        FILES, run([Job(javascript(XOR), "return m.load(given);", one) for one in contents], tmp_path), strict=True
    ):
        assert f"{found['throws']}\n".startswith(message.format(layout))


def test_weights_of_examples_that_are_none(tmp_path: Path) -> None:
    for unroll, coupled in (("weights", False), ("layers", False), ("layers", True)):
        norm = {"normalization": "batch_norm"} if coupled else {}
        layers = [layer("h", 2, "tanh", **norm), layer("o", 1, "linear")]
        loss = {"name": "squared_error", "example_weights": True}
        net = network(layers, loss, training={"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 4})
        start = "const [params, x, y] = [m.init(), [0.5, 0.5, 0.5], [1]]; return "
        calls = [
            f"m.fit(params, [x, x], [y, y], {{ weights: {one} }})"
            for one in ("[1]", "[1, -1]", "[1, NaN]", "[1, 1e18]", "Array(99).fill(2)")
        ]
        found = run([Job(javascript(net.spec, unroll), start + call) for call in calls], tmp_path)
        assert [one["throws"] for one in found] == [
            f"RangeError: expected 2 weights of at least 0 and less than 1e18, got {got}"
            for got in ("1: [1]", "2: [1, -1]", "2: [1, NaN]", "2: [1, 1000000000000000000]", f"99: [{'2, ' * 26}2")
        ]


def test_a_mean_by_weights_needs_some(tmp_path: Path) -> None:
    loss = {"name": "squared_error", "example_weights": True}
    net = network([layer("o", 1, "linear")], loss, batch="weighted_mean")
    body = "return m.fit(m.init(), [[1, 1, 1], [1, 1, 1]], [[1], [1]], { epochs: 1, weights: [0, 0] });"
    for unroll in ("weights", "layers"):
        (found,) = run([Job(javascript(net.spec, unroll), body)], tmp_path)
        assert found["throws"] == "RangeError: expected weights that do not sum to 0 over a batch"


WEIGHED = {"name": "squared_error", "example_weights": True}
TOGETHER = network(
    [layer("h", 2, "tanh", normalization="batch_norm"), layer("o", 1, "linear")],
    WEIGHED,
    training={"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 4},
)


def test_a_batch_that_is_measured_together_refuses_what_does_not_fit(tmp_path: Path) -> None:
    many, weights = "expected as many x as y, at least 1; got", "weights of at least 0 and less than 1e18, got"
    start = "const [params, x, y] = [m.init(), [0.5, 0.1, 0.5], [1]]; return "
    wrong = [
        ("m.batch_gradient(params, [], [])", f"{many} 0 and 0"),
        ("m.batch_gradient(params, [x, x], [y])", f"{many} 2 and 1"),
        ("m.batch_gradient(params, null, [y])", f"{many} undefined and 1"),
        ("m.batch_gradient(params, [x], null)", f"{many} 1 and undefined"),
        ("m.batch_gradient(params, [x, [1, 2]], [y, y])", "expected 3 inputs, got 2"),
        ("m.batch_gradient(params.slice(1), [x], [y])", "expected parameters of shapes "),
        ("m.batch_gradient(params, [x, x], [y, [1, 2]])", "expected 1 target, got 2"),
        ("m.batch_gradient(params, [x, x], [y, [NaN]])", "expected targets that are finite numbers"),
        ("m.batch_gradient(params, [x, x], [y, y], [1])", f"expected 2 {weights} 1: [1]"),
        ("m.batch_gradient(params, [x], [y], [-1])", f"expected 1 {weights} 1: [-1]"),
        ("m.batch_gradient(params, [x], [y], [NaN])", f"expected 1 {weights} 1: [NaN]"),
        ("m.batch_gradient(params, [x], [y], [1e18])", f"expected 1 {weights} 1: [1000000000000000000]"),
        ("m.batch_gradient(params, [x], [y], Array(99).fill(2))", f"expected 1 {weights} 99: [{'2, ' * 26}2\n"),
    ]
    found = run([Job(javascript(TOGETHER.spec), f"{start}{call};") for call, _ in wrong], tmp_path)
    for one, (_, message) in zip(found, wrong, strict=True):
        assert f"{one['throws']}\n".startswith(f"RangeError: {message}")


def test_examples_count_1_where_no_weights_are_given_and_may_count_0(tmp_path: Path) -> None:
    body = """
      const [params, xs, ys] = [m.init(), given, given.map((x) => [x[0]])];
      const fitted = (weights) => m.fit(params, xs, ys, { epochs: 2, batch_size: 2, ...weights });
      const some = (...weights) => (m.batch_gradient ?? (() => 0))(params, xs, ys, ...weights);
      m.gradient(params, xs[0], ys[0], 0);
      fitted({ weights: [0, 1, 0.5, 0] });
      some([0, 1, 0.5, 0]);
      const ones = [1, 1, 1, 1];
      return [fitted({}), fitted({ weights: ones }), some(), some(ones)];
    """
    alone = network([layer("h", 2, "tanh"), layer("o", 1, "linear")], WEIGHED)
    x = np.random.default_rng(4).normal(size=(4, 3)).tolist()
    for net, unroll in ((alone, "weights"), (alone, "layers"), (TOGETHER, "layers")):
        (found,) = run([Job(javascript(net.spec, unroll), body, x)], tmp_path)
        fitted, the_same, measured, measured_the_same = found["gives"]
        assert fitted == the_same
        assert measured == measured_the_same


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_targets_that_do_not_sum_to_1_are_refused(unroll: str, tmp_path: Path) -> None:
    text = javascript(network([layer("o", 3, "softmax")], "cross_entropy").spec, unroll)
    body = "return m.gradient(m.init(), [1, 2, 3], given)[0] > 0;"
    wrong = [[0.5, 0.25, 0.0], [0.5, 0.5, 2e-5], [0.5, 0.5 - 2e-5, 0.0]]
    found = run([Job(text, body, y) for y in (*wrong, [0.5, 0.5, 9e-6])], tmp_path)
    assert [one["throws"][:48] for one in found[:-1]] == ["RangeError: expected targets that sum to 1, got "] * 3
    assert found[-1] == {"gives": True}


@pytest.mark.parametrize(("coupled", "unroll"), [(False, "weights"), (False, "layers"), (True, "layers")])
def test_targets_whose_class_cannot_be_weighed_are_refused(coupled: bool, unroll: str, tmp_path: Path) -> None:
    norm = {"normalization": "batch_norm"} if coupled else {}
    loss = {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5]}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 2}
    layers = [layer("h", 2, "tanh", **norm), layer("o", 3, "softmax")]
    net = network(layers, loss, batch="weighted_mean", training=training)
    body = "return m.fit(m.init(), [[1, 2, 3], [3, 2, 1]], [[1, 0, 0], [1, 0]], { seed: null });"
    (found,) = run([Job(javascript(net.spec, unroll), body)], tmp_path)
    assert found["throws"] == "RangeError: expected 3 targets, got 2"


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_a_weight_of_an_example_that_is_none_is_refused(unroll: str, tmp_path: Path) -> None:
    text = javascript(network([layer("o", 1, "linear")], WEIGHED).spec, unroll)
    calls = [f"m.{name}(m.init(), [1, 2, 3], [1], given)" for name in ("gradient", "loss")]
    wrong = {"-1e-300": "-1e-300", "NaN": "NaN", "1e18": "1000000000000000000"}
    for call in calls:
        found = run([Job(text, f"return {call.replace('given', weight)};") for weight in wrong], tmp_path)
        assert [one["throws"] for one in found] == [
            f"RangeError: expected a weight of at least 0 and less than 1e18, got {got}" for got in wrong.values()
        ]
    assert "gives" in run([Job(text, f"return {calls[0].replace('given', '9.9e17')};")], tmp_path)[0]


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_one_example_is_enough_for_validation_and_none_is_refused(unroll: str, tmp_path: Path) -> None:
    stop = {"name": "patience", "epochs": 3, "validation": 0.25}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "stop": stop}
    text = javascript(network([layer("o", 1, "linear")], "squared_error", training=training).spec, unroll)
    body = "return m.fit(m.init(), given, given.map(() => [1]), { epochs: 2 })[1].length;"
    found = run([Job(text, body, [[1, 2, 3]] * count) for count in (3, 2)], tmp_path)
    refusal = "RangeError: expected enough examples to keep a share of them for validation"
    assert found == [{"gives": 2}, {"throws": refusal}]


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_one_wrong_target_is_enough(unroll: str, tmp_path: Path) -> None:
    text = javascript(network([layer("o", 3, "sigmoid")], "binary_cross_entropy").spec, unroll)
    body = "return m.gradient(m.init(), [0.1, 0.2, 0.3], given)[0] > 0;"
    right, *wrong = run(
        [Job(text, body, y) for y in ([0.5, 0, 1], [1.5, 0, 1], [0.5, 1.5, 1], [0.5, 0, 1.5])], tmp_path
    )
    assert right == {"gives": True}
    assert {one["throws"][:57] for one in wrong} == {"RangeError: expected targets that are numbers from 0 to 1"}


def test_an_equation_for_each_weight_names_its_parameters(tmp_path: Path) -> None:
    (found,) = run([Job(javascript(XOR), "return m.PARAMETERS;")], tmp_path)
    assert found["gives"] == ["w_h1_x1", "w_h1_x2", "w_h2_x1", "w_h2_x2", "b_h1", "b_h2", "w_y_h1", "w_y_h2", "b_y"]
