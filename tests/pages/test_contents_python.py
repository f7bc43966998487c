"""A module of Python with some of its parts has what they need and nothing else, and the bits of the whole module."""

import math
from typing import Any

import numpy as np
import pytest

from benchmarks.contents import GOALS, TITANIC, lines
from nngen.proof.reference import Network
from nngen.reading import load
from nngen.targets import as_module
from tests.support import kinds, predictors
from tests.support.cases import examples
from tests.support.contents import PUBLIC, SPECS, choices, expected, module, text, unused
from tests.support.modules import ROOT

FORMS = [
    (name, unroll)
    for name in SPECS
    for unroll in ("weights", "layers")
    if unroll == "layers" or not (SPECS[name].indices or "batch" in name or name == "every kind of layer")
]


def public(found: Any) -> set[str]:
    return {name for name in vars(found) if not name.startswith("_") and name in WHOLE}


WHOLE = {
    *("PARAMETERS forward loss gradient batch_gradient init init_state step fit LAYOUT pack unpack save load".split()),
    *("encode decode predict predict_proba scale COLUMNS CATEGORIES CLASSES IDS".split()),
}


def called(name: str, whole: Any, found: Any) -> dict[str, Any]:
    """What a module answers for random examples, as far as it has the functions."""
    spec = SPECS[name]
    network = Network(spec)
    if spec.indices:
        x, y = kinds.examples(spec)
    else:
        x, y = examples(network, 11)
    xs, ys = x.tolist(), y.tolist()
    params = whole.init(3)
    answers: dict[str, Any] = {"forward": found.forward(params, xs[0])}
    if hasattr(found, "gradient"):
        answers |= {"loss": found.loss(params, xs[0], ys[0]), "gradient": found.gradient(params, xs[0], ys[0])}
    if hasattr(found, "batch_gradient"):
        answers["batch_gradient"] = found.batch_gradient(params, xs, ys)
    if hasattr(found, "fit"):
        weights = {"weights": [1.0, 2.0, 0.5] * 3 + [1.0, 3.0]} if spec.loss.example_weights else {}
        answers |= {
            f"fit, {size}, {seed}": found.fit(found.init(2), xs, ys, 3, size, seed, **weights)
            for size in (1, 4, None)
            for seed in (None, 5)
        }
    if hasattr(found, "scale"):
        answers["scale"] = found.scale(xs[0])
    return answers


@pytest.mark.parametrize(("name", "unroll"), FORMS)
def test_parts_have_what_they_need_and_the_same_bits(name: str, unroll: str) -> None:
    whole = module(name, "python", "all", unroll=unroll)
    answers = called(name, whole, whole)
    some = list(choices(name))
    if (name, "weights") in FORMS:  # two forms, which share them
        some = some[FORMS.index((name, unroll)) % 2 :: 2]
    for chosen in some:
        source = text(name, "python", *chosen, unroll=unroll)
        found = module(name, "python", *chosen, unroll=unroll)
        assert public(found) == expected(public(whole), chosen) | reached(chosen, found), chosen
        assert unused(source) == set(), chosen
        assert "\n\n\n\n" not in source
        assert (" LAYOUT" in source) == hasattr(found, "LAYOUT"), chosen
        for call, answer in called(name, whole, found).items():
            assert repr(answer) == repr(answers[call]), (chosen, call)


def reached(chosen: tuple[str, ...], found: Any) -> set[str]:
    """Functions of other parts that a chosen one calls: training by layers packs parameters, the check draws them."""
    names = set()
    if "training" in chosen or "checks" in chosen:
        names |= {"pack", "unpack"}
    if "checks" in chosen:
        names |= {"init"}
    if "sensitivity" in chosen:  # of rows
        names |= PUBLIC["prediction"]
    return {name for name in names if hasattr(found, name)}


@pytest.mark.parametrize(
    ("name", "unroll"), [("iris", "weights"), ("iris", "layers"), ("batch normalization", "layers")]
)
def test_nothing_is_cut_for_a_wrong_size(name: str, unroll: str) -> None:
    """Without checks of all kinds, too, a number too many or too few is an error."""
    found = module(name, "python", "training", unroll=unroll)
    inputs, outputs = len(SPECS[name].input_names), len(SPECS[name].layers[-1].unit_names)
    params, x, y = found.init(1), [0.5] * inputs, [1.0] + [0.0] * (outputs - 1)
    wrong: list[tuple[Any, ...]] = [
        call
        for one in (x[1:], [*x, 0.5])
        for call in (
            (found.forward, params, one),
            (found.loss, params, one, y),
            (found.gradient, params, one, y),
            (found.fit, params, [x, one], [y, y], 1),
        )
    ]
    wrong += [(found.gradient, params, x, one) for one in (y[1:], [*y, 0.0])]
    several = [params[:-1], [*params, params[-1]]]
    if unroll == "layers":
        several += [[params[0][1:], *params[1:]], [[params[0][0][1:], *params[0][1:]], *params[1:]]]
    for one in several:
        wrong += [(found.forward, one, x), (found.gradient, one, x, y)]
    few: list[tuple[Any, Any, int | None]] = [
        ([x], [], None),
        ([x], [y, y], None),
        ([], [], None),
        ([x], [y], 0),
        ([], [], 5),
    ]
    wrong += [(found.fit, params, xs, ys, 1, size) for xs, ys, size in few]
    for function, *arguments in wrong:
        with pytest.raises(ValueError, match=r"expected|unpack"):
            function(*arguments)


def test_ids_without_a_row_are_refused() -> None:
    found = module("ratings_mf", "python", "training")
    params = found.init(1)
    for wrong in (-1.0, 0.5, 1e9, math.nan):
        for function, *targets in ((found.forward,), (found.gradient, [1.0]), (found.loss, [1.0])):
            with pytest.raises(ValueError, match=r"expected \w+ to be a whole number from 0 to"):
                function(params, [wrong, 0.0], *targets)


@pytest.mark.parametrize("name", ["classes", "numbers"])
def test_predictions_are_those_of_the_whole_module(name: str) -> None:
    whole, found = (module(name, "python", part) for part in ("all", "prediction"))
    params = np.linspace(-1.0, 1.0, len(whole.pack(whole.init(1)))).tolist()
    for row in predictors.ROWS:
        full = [1.0 if value is None else value for value in row]
        assert found.predict(params, full) == whole.predict(params, full)
    with pytest.raises(ValueError, match="expected a value for each of the 5 COLUMNS"):
        found.predict(params, predictors.ROWS[0][1:])


def test_what_an_expert_writes_by_hand_computes_the_same() -> None:
    """The program that docs/module.md puts beside the small module: its numbers are the same, and it is shorter."""
    source = (ROOT / "docs" / "xor_by_hand.py").read_text("utf-8")
    by_hand, found = as_module("by_hand", source), module("xor_mlp", "python", "training")
    xs, ys = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
    params, _ = found.fit(found.init(), xs, [[y] for y in ys], 50)
    np.testing.assert_allclose(by_hand.fit(found.init(), xs, ys, 50), params, rtol=1e-12)
    assert f"[in {len(source.splitlines())} lines](xor_by_hand.py)" in (ROOT / "docs" / "module.md").read_text("utf-8")


def test_small_modules_stay_small() -> None:
    specs = {path.stem: load(path) for path in (ROOT / "specs").glob("*.yaml")}
    for name, target, unroll, chosen, goal in GOALS:
        [found] = lines(specs.get(name, TITANIC), target, chosen, unroll=unroll)
        assert found <= goal, (name, target, chosen)
