"""Generated modules and what they are handed: the right answer or a refusal, and never a wrong number."""

import json
import math
from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.reading import load
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.cases import start, with_targets
from tests.support.hostile import KINDS, NO_NUMBERS, TEXTS, UNSEEN, numbers, small
from tests.support.modules import SPECS, TARGETS, built, named, spec, targets
from tests.support.network import layer, network
from tests.support.networks import DESCRIBED, DISTINCT, NETWORKS
from tests.support.predictors import hostile, page

STEPS = {"step", "bipolar_step", "undecided_step"}
"""Activations that compare and give a constant."""


def modules(base: Spec, forms: slice = slice(None)) -> list[tuple[Any, bool]]:
    """The modules of a network in forms of page, each with whether it takes batches: two of python, two of numpy."""
    chosen = [with_targets(base, unroll=unroll) for unroll in ("weights", "layers")]
    narrow = Spec.model_validate(base.model_dump(by_alias=True) | {"targets": [{"name": "numpy", "dtype": "float32"}]})
    pages = [(chosen[0], "python"), (chosen[1], "python"), (chosen[0], "numpy"), (narrow, "numpy")]
    return [(as_module("net", render(plan(one), one, target)), target == "numpy") for one, target in pages[forms]]


@cache
def of_small(activation: str) -> list[tuple[Any, bool]]:
    """The modules of a small network, which tests only call."""
    return modules(small(activation))


def steps(layers: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a layer of a network compares, so that NaN in the input is a number in the output."""
    names = (one["activation"] if isinstance(one["activation"], str) else one["activation"]["name"] for one in layers)
    return any(name in STEPS for name in names)


@pytest.mark.parametrize("name", [name for name in DISTINCT if not steps(DESCRIBED[name]["layers"])][::2])
def test_nan_in_the_input_is_nan_in_what_depends_on_it(name: str) -> None:
    network = NETWORKS[name]
    x = [math.nan] * len(network.spec.input_names)
    in_turn = slice((0, 1, 1, 0)[list(NETWORKS).index(name) % 4], None, 2)  # one form of each target
    for module, batched in modules(network.spec, in_turn):
        params = module.unpack(start(network))
        with np.errstate(invalid="ignore"):
            found = np.ravel(module.forward(params, np.array([x, x]) if batched else x))
        assert np.isnan(found).all()


@pytest.mark.parametrize("target", TARGETS)
def test_a_step_takes_nan_for_what_is_not_so(target: str) -> None:
    module = built(named("neuron"), target)
    x = [math.nan] * 3
    assert np.ravel(module.forward(module.init(), [x] if target == "numpy" else x)).tolist() == [0.0]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_nan_in_one_example_stays_in_it(path: Path) -> None:
    module = built(path, "numpy")
    x = np.random.default_rng(1).uniform(-1.0, 1.0, size=(3, len(spec(path).input_names)))
    expected = module.forward(module.init(), x)
    x[1] = math.nan
    with np.errstate(invalid="ignore"):
        found = module.forward(module.init(), x)
    np.testing.assert_array_equal(found[[0, 2]], expected[[0, 2]])


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_arrays_in_any_order_of_memory_and_arrays_that_may_not_be_written(path: Path) -> None:
    module, network = built(path, "numpy"), spec(path)
    random = np.random.default_rng(1)
    x = random.uniform(-1.0, 1.0, size=(4, len(network.input_names)))
    y = targets(network, 4, random)
    wide = np.zeros((8, 2 * x.shape[1]))
    wide[::2, ::2] = x
    locked = x.copy()
    locked.setflags(write=False)
    held = y.copy()
    held.setflags(write=False)
    params = module.init()
    for param in params:
        param.setflags(write=False)
    loss, gradient = module.gradient(params, x, y)
    for one, other in ((np.asfortranarray(x), np.asfortranarray(y)), (wide[::2, ::2], y[::-1][::-1]), (locked, held)):
        again, slopes = module.gradient(params, one, other)
        np.testing.assert_allclose(again, loss, rtol=1e-13)
        np.testing.assert_allclose(module.pack(slopes), module.pack(gradient), rtol=1e-12, atol=1e-15)
    fitted, _ = module.fit(params, locked, held, 1)
    assert module.pack(params) == module.pack(module.init())
    assert len(module.pack(fitted)) == len(module.pack(params))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_an_empty_batch(path: Path) -> None:
    module, network = built(path, "numpy"), spec(path)
    x, y = np.zeros((0, len(network.input_names))), np.zeros((0, len(network.layers[-1].unit_names)))
    assert module.forward(module.init(), x).shape == y.shape
    for call in (module.loss, module.gradient, module.fit):
        with pytest.raises(ValueError, match="at least 1"):
            call(module.init(), x, y)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_of_any_kind_give_the_right_answer(kind: str) -> None:
    """To the last digit of a float: what has fewer, such as float16, is not computed with as such."""
    given, floats = numbers(kind)
    for activation in ("linear", "tanh"):
        for module, batched in of_small(activation):
            params = module.init()
            found = module.forward(params, [given] if batched else given)
            np.testing.assert_array_equal(found, module.forward(params, [floats] if batched else floats))
            y = [0.5, 0.25]
            one = module.gradient(params, [given], [y]) if batched else module.gradient(params, given, y)
            other = module.gradient(params, [floats], [y]) if batched else module.gradient(params, floats, y)
            assert one[0] == other[0]
            assert module.pack(one[1]) == module.pack(other[1])
            if max(map(abs, floats)) < 1e18:
                one, other = (
                    module.gradient(params, [y], [values]) if batched else module.gradient(params, y, values)
                    for values in (given, floats)
                )
                assert one[0] == other[0]
                assert module.pack(one[1]) == module.pack(other[1])


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_list_of_numbers_is_refused(name: str) -> None:
    """NumPy by itself would read texts and dates as numbers, and a set comes in no order."""
    given = NO_NUMBERS[name]
    for module, batched in of_small("linear"):
        expected = "expected an array of real numbers, got " if batched else "expected a list of numbers, got "
        y = [0.5, 0.25]
        for call, arguments in (
            (module.forward, (given,)),
            (module.loss, (given, y)),
            (module.loss, (y, given)),
        ):
            with pytest.raises(ValueError, match=expected):
                call(module.init(), *([argument] for argument in arguments) if batched else arguments)


def test_numpy_refuses_what_it_would_make_numbers_of() -> None:
    module = as_module("net", render(plan(small("linear")), small("linear"), "numpy"))
    masked = np.ma.MaskedArray([[0.5, 0.25]], mask=[[True, False]])
    rows: list[list[Any]] = [[1j, 1.0], [None, 0.5], ["1", 0.5], [Decimal("0.5")] * 2, [10**400, 1]]
    hostile: list[Any] = [*([row] for row in rows), [b"\x00\xff"], masked, None, {}]
    for given in hostile:
        with pytest.raises(ValueError, match="expected an array of real numbers, got "):
            module.forward(module.init(), given)
    for row in ([[0.5], [0.25, 1.0]], [0.5, [0.25]]):
        with pytest.raises(ValueError, match="inhomogeneous shape"):  # NumPy's own
            module.forward(module.init(), row)
    with pytest.raises(ValueError, match=r"expected x of shape \(n, 2\), got \(2,\)"):
        module.forward(module.init(), [0.5, 0.25])


def test_the_target_python_refuses_what_has_no_numbers_by_position() -> None:
    import pandas as pd  # here, since it takes half a second to import

    y = [0.5, 0.25]
    kinds: list[Any] = [None, 0.5, np.array(0.5), [None, 0.5], ["a", "b"], [[0.5], [0.25]], [Decimal("0.5")] * 2]
    kinds += [(number for number in y), [10**400, 1], deque([10**400, 1])]
    kinds += [pd.DataFrame([[0.5], [0.25]]), pd.DataFrame([[0.5, 0.1], [0.25, 0.1]])]
    pages = [module for module, batched in of_small("tanh") if not batched]
    for module, given in product(pages, kinds):
        for call, arguments in (
            (module.forward, (given,)),
            (module.gradient, (given, y)),
            (module.gradient, (y, given)),
            (module.fit, ([given], [y])),
        ):
            with pytest.raises(ValueError, match="expected a list of numbers, got "):
                call(module.init(), *arguments)


@pytest.mark.parametrize("number", [1j, np.complex64(1j), np.ma.masked, "1", None], ids=repr)
def test_members_of_parameters_are_real_numbers(number: Any) -> None:
    """They are looked at where they come in, and not in each call: that would take a tenth of a step."""
    x, y = [0.5, 0.25], [0.5, 0.25]
    for module, batched in of_small("softsign"):
        if batched:
            continue
        flat = [0.5] * 12
        params = module.unpack(flat)
        (params[-1][0] if hasattr(module, "_SHAPES") else params)[-1] = number
        for call, arguments in ((module.fit, (params, [x], [y], 1)), (module.unpack, ([*flat[1:], number],))):
            with pytest.raises(ValueError, match="expected a list of numbers, got "):
                call(*arguments)


def test_members_of_parameters_become_floats() -> None:
    """Numbers with fewer digits are converted before the equations."""
    narrow = [np.float32(0.1 * i) for i in range(12)]
    for module, batched in of_small("tanh"):
        if not batched:
            found = module.unpack(narrow)
            assert found == module.unpack([float(value) for value in narrow])
            assert {type(value) for value in module.pack(found)} == {float}


@pytest.mark.parametrize("kind", [bytes, bytearray, deque])
def test_what_can_be_added_to_its_like_is_no_list_of_parameters(kind: Any) -> None:
    """Bytes have a sum, and their members are integers."""
    (weights, _), *_ = of_small("linear")
    given = kind(range(12)), kind(range(2)), kind(range(2))
    if kind is bytes:
        with pytest.raises(ValueError, match="expected a list of numbers, got "):
            weights.gradient(*given)
    else:
        assert weights.gradient(*given) == weights.gradient(*map(list, given))


def test_a_table_is_read_by_its_rows() -> None:
    """If the columns have numbers as names, xs[i] would be a column: the examples would be transposed."""
    import pandas as pd  # here, since it takes half a second to import

    xs, ys = [[0.5, 0.25], [0.125, 1.0]], [[1.0, 0.0], [0.0, 0.5]]
    for module, _ in of_small("tanh"):
        expected, history = module.fit(module.init(), xs, ys, 3, 1, 2)
        for index in ([0, 1], [1, 0]):
            tables = pd.DataFrame(xs, index=index), pd.DataFrame(ys, index=index)
            found, met = module.fit(module.init(), *tables, 3, 1, 2)
            assert (module.pack(found), met) == (module.pack(expected), history)


def test_a_table_as_a_batch_and_labelled_weights() -> None:
    import pandas as pd  # here, since it takes half a second to import

    coupled = network(
        [layer("h", 2, "tanh", normalization="batch_norm"), layer("o", 1, "linear")],
        {"name": "squared_error", "example_weights": True},
        training={"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 4},
    )
    xs, ys, weights = [[0.5, 0.25, 1.0], [0.125, 1.0, 0.0]], [[1.0], [0.5]], [1.0, 3.0]
    for module, _ in modules(coupled.spec)[1:]:
        expected = module.batch_gradient(module.init(), np.array(xs), np.array(ys), weights)
        labelled = pd.Series(weights, index=[1, 0])
        found = module.batch_gradient(module.init(), pd.DataFrame(xs), pd.DataFrame(ys), labelled)
        assert (found[0], module.pack(found[1])) == (expected[0], module.pack(expected[1]))
        fitted, _ = module.fit(module.init(), xs, ys, 1, weights=labelled)
        assert module.pack(fitted) == module.pack(module.fit(module.init(), xs, ys, 1, weights=weights)[0])


@pytest.mark.parametrize(
    "given", [{0: [0.5, 0.25]}, {(0.5, 0.25)}, frozenset([(0.5, 0.25)]), b"a", "a", 5, None], ids=repr
)
def test_examples_that_have_no_order(given: Any) -> None:
    for module, batched in of_small("linear"):
        expected = "expected (an array of real|x of|y of)" if batched else "expected a list of examples, got "
        for xs, ys in ((given, [[0.5, 0.25]]), ([[0.5, 0.25]], given)):
            with pytest.raises(ValueError, match=expected):
                module.fit(module.init(), xs, ys, 1)
        with pytest.raises(ValueError, match="expected "):
            module.unpack(given)


def test_numpy_refuses_masked_rows_in_lists() -> None:
    rows = [np.ma.MaskedArray([0.5, 0.25], [False, False]), np.ma.MaskedArray([0.5, 0.25], [True, False])]
    for module, batched in of_small("linear"):
        if batched:
            module.forward(module.init(), rows[:1])
            with pytest.raises(ValueError, match="expected an array of real numbers"):
                module.forward(module.init(), rows)


@pytest.mark.parametrize("params", [None, 1, [], [["a"]] * 4, {0: 1}], ids=repr)
def test_parameters_that_are_none(params: Any) -> None:
    for module, batched in of_small("linear"):
        with pytest.raises(ValueError, match="expected "):
            module.forward(params, [[0.5, 0.25]] if batched else [0.5, 0.25])
        with pytest.raises((ValueError, TypeError), match=r"expected|has no len\(\)"):
            module.unpack(params)


@pytest.mark.parametrize(
    "params",
    [
        "abcdefghijkl",
        b"abcdefghijkl",
        set(range(12)),
        dict.fromkeys(range(12), 1.0),
        np.ma.MaskedArray(range(12), 3 * [True] + 9 * [False]),
    ],
    ids=lambda params: type(params).__name__,
)
def test_parameters_that_have_no_order_or_are_no_numbers(params: Any) -> None:
    for module, _ in of_small("linear"):
        for call, arguments in ((module.forward, (params, [0.5, 0.25])), (module.unpack, (params,))):
            with pytest.raises(ValueError, match="expected "):
                call(*arguments)
    _, (layers, _), *_ = of_small("linear")
    for row in ({0.5: 0, 0.25: 0}, {0.5, 0.25}, "ab", b"ab", np.array([0.5, 0.25])):
        for matrix in ([[0.5, 0.25], row], {0: [0.5, 0.25], 1: [0.5, 0.25]}):
            with pytest.raises(ValueError, match=r"expected (parameters|matrices) of shapes"):
                layers.forward([matrix, *layers.init()[1:]], [0.5, 0.25])


def test_rows_of_the_wrong_length_are_not_scaled() -> None:
    """NumPy would spread a single column over all, and zip would end with the shorter one."""
    for name in ("iris", "digits"):
        for target in TARGETS:
            module = built(named(name), target)
            size = len(spec(named(name)).input_names)
            for wrong in (1, size - 1, size + 1):
                with pytest.raises(ValueError, match=f"expected .*{size}.*, got .*{wrong}"):
                    module.scale([[1.0] * wrong] if target == "numpy" else [1.0] * wrong)
            given, floats = bytearray(range(size)), [float(k) for k in range(size)]
            assert np.ravel(module.scale([list(given)] if target == "numpy" else given)).tolist() == pytest.approx(
                np.ravel(module.scale([floats] if target == "numpy" else floats)), rel=1e-15
            )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_hostile_names_of_columns_and_classes_arrive_unchanged(target: str, unroll: str) -> None:
    texts = tuple(TEXTS.values())
    made = as_module("loans", page(hostile(), target, unroll))
    assert (*texts, "kind") == made.COLUMNS
    assert texts == made.CLASSES
    for place, text in enumerate(texts):
        row = {**dict.fromkeys(texts, 0.5), text: 2.0, "kind": text}
        expected = [0.5] * place + [2.0] + [0.5] * (len(texts) - 1 - place)
        one_hot = [float(other == text) for other in texts]
        given = [row] if target == "numpy" else row
        assert np.ravel(made.encode(given)).tolist() == expected + one_hot
        outputs = [float(other == text) for other in texts]
        assert np.ravel(made.decode([outputs] if target == "numpy" else outputs)).tolist() == [text]


@pytest.mark.parametrize("name", UNSEEN)
def test_invisible_and_endless_names_are_refused(name: str, tmp_path: Path) -> None:
    text, message = UNSEEN[name]
    value = json.dumps(text)
    for inputs, classes in (
        (f"{{name: a, column: {value}}}", "{0: no, 1: yes}"),
        (f"{{name: a, categories: [b, {value}]}}", "{0: no, 1: yes}"),
        ("a", f"{{0: no, 1: {value}}}"),
    ):
        path = tmp_path / "net.yaml"
        path.write_text(
            f"name: net\ninputs: [{inputs}]\nlayers: [{{name: o, units: 1, activation: sigmoid}}]\n"
            "loss: binary_cross_entropy\ntraining: {optimizer: {name: adam, rate: 0.1}}\n"
            f"data: {{classes: {classes}}}\n",
            "utf-8",
        )
        with pytest.raises(SpecError) as caught:
            load(path)
        assert message in str(caught.value)
