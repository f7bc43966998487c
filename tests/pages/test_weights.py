"""Weights of classes and of examples: every form of page against the reference, and both against what they mean."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.common.diagnostics import SpecError
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.reading.source import load, parse
from nngen.targets.render import render
from tests.support.cases import PAGES, made, with_targets
from tests.support.modules import targets
from tests.support.network import DESCENT, layer, network
from tests.support.networks import weighed
from tests.support.weighting import BATCHES, COUNTS, LATTICE, STOPPED, TRAINING

Array = NDArray[np.float64]


def data(net: Network, count: int = 10) -> tuple[Array, Array]:
    random = np.random.default_rng(5)
    return random.normal(size=(count, 3)), targets(net.spec, count, random)


def own(spec: Spec) -> dict[str, Any]:
    return {"weights": COUNTS} if spec.loss.example_weights else {}


def by_hand(spec: Spec, y: Array, counts: Array) -> Array:
    """The weight of each example, written a second time."""
    chosen = spec.loss.class_weights
    if chosen is None:
        return counts
    shares = (1.0 + y) / 2.0 if "hinge" in spec.loss.name and "categorical" not in spec.loss.name else y
    if y.shape[1] == 1:
        return np.array([c * (chosen[0] * (1.0 - s) + chosen[1] * s) for c, (s,) in zip(counts, shares, strict=True)])
    return np.array(
        [c * sum(w * s for w, s in zip(chosen, row, strict=True)) for c, row in zip(counts, shares, strict=True)]
    )


@pytest.mark.parametrize(("name", "ways", "batch"), LATTICE)
def test_the_reference_is_the_sum_of_weighted_losses(name: str, ways: Sequence[str], batch: str) -> None:
    net, plain = weighed(name, ways, batch), weighed(name, [], "sum")
    x, y = data(net)
    params = net.init()
    counts = COUNTS if "example" in ways else np.ones(len(x))
    weights = by_hand(net.spec, y, counts)
    losses = [plain.gradient(params, x[[i]], y[[i]]) for i in range(len(x))]
    whole = {"mean": float(len(x)), "sum": 1.0, "weighted_mean": float(weights.sum())}[batch]
    loss, gradient = net.gradient(params, x, y, **own(net.spec))
    assert loss == pytest.approx(sum(w * one for w, (one, _) in zip(weights, losses, strict=True)) / whole, rel=1e-13)
    expected = sum(w * np.array(net.pack(one)) for w, (_, one) in zip(weights, losses, strict=True)) / whole
    np.testing.assert_allclose(net.pack(gradient), expected, rtol=1e-12, atol=1e-15)


def _cases() -> Iterator[Any]:
    """Each case with one form of page in turn. Every second case holds examples out and stops by them: each target has
    both."""
    for place, case in enumerate(LATTICE):
        for form, turn in [(PAGES[(place + place // 3) % 3], place // 2)]:
            kind, training = [*TRAININGS.items()][turn % 2]
            yield pytest.param(*case.values, *form, training, id=f"{case.id}-{'-'.join(form)}-{kind}")


TRAININGS = {"all": TRAINING, "stopped": STOPPED}


@pytest.mark.parametrize(("name", "ways", "batch", "target", "unroll", "training"), list(_cases()))
def test_gradient_and_training_are_those_of_the_reference(
    name: str, ways: Sequence[str], batch: str, target: str, unroll: str, training: Any
) -> None:
    net = weighed(name, ways, batch, "mean", training=training)
    module = made(net, target, unroll)
    x, y = data(net)
    weights = own(net.spec)
    begin = module.unpack(net.pack(net.init()))
    if target == "numpy":
        loss, gradient = module.gradient(begin, x, y, **weights)
        expected_loss, expected = net.gradient(net.init(), x, y, **weights)
        assert module.loss(begin, x, y, **weights) == loss
        fitted, history = module.fit(begin, x, y, 5, **weights)
    else:
        alone = weights and batch != "weighted_mean"  # where it counts nothing
        args = (x[3].tolist(), y[3].tolist(), *([3.0] if alone else []))
        loss, gradient = module.gradient(begin, *args)
        expected_loss, expected = net.gradient(net.init(), x[[3]], y[[3]], [3.0] if weights else None)
        assert module.loss(begin, *args) == loss
        given = {key: values.tolist() for key, values in weights.items()}
        fitted, history = module.fit(begin, x.tolist(), y.tolist(), 5, **given)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-12)
    np.testing.assert_allclose(module.pack(gradient), net.pack(expected), rtol=1e-12, atol=1e-15)
    params, expected_history = net.fit(net.init(), x, y, 5, **weights)
    np.testing.assert_allclose(module.pack(fitted), net.pack(params), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(history, expected_history, rtol=1e-12)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("batch", BATCHES)
def test_a_weight_of_three_is_three_examples(batch: str, target: str, unroll: str) -> None:
    net = weighed("numbers", ["example"], batch, training={**DESCENT, "batch_size": "full"})
    plain = weighed("numbers", [], "sum" if batch == "sum" else "mean", training={**DESCENT, "batch_size": "full"})
    whole = np.array([1, 0, 2, 3, 1, 1, 2, 0, 1, 4])
    x, y = data(net)
    if batch == "mean":  # which divides by the number of examples: as many as there are copies
        x, y, whole = x[:8], y[:8], np.array([1, 0, 2, 1, 1, 0, 2, 1])
    module, other = made(net, target, unroll), made(plain, target, unroll)
    copies = np.repeat(np.arange(len(x)), whole)

    def fit(page: Any, x: Array, y: Array, **more: Any) -> Any:
        arrays = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
        return page.fit(page.unpack(net.pack(net.init())), *arrays, 4, **more)

    weights = whole.astype(float)
    params, history = fit(module, x, y, weights=weights if target == "numpy" else weights.tolist())
    expected, expected_history = fit(other, x[copies], y[copies])
    np.testing.assert_allclose(module.pack(params), other.pack(expected), rtol=1e-12)
    np.testing.assert_allclose(history, expected_history, rtol=1e-12)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("batch", BATCHES)
def test_weights_of_one_change_nothing(batch: str, target: str, unroll: str) -> None:
    net = weighed("fused", ["class", "example"], batch)
    ones = {**net.spec.loss.model_dump(), "class_weights": [1.0, 1.0, 1.0]}
    module = made(Network(Spec.model_validate({**net.spec.model_dump(by_alias=True), "loss": ones})), target, unroll)
    plain = made(weighed("fused", [], "sum" if batch == "sum" else "mean"), target, unroll)
    x, y = data(net)
    arrays = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    found = [page.fit(page.unpack(net.pack(net.init())), *arrays, 3, 4) for page in (module, plain)]
    np.testing.assert_allclose(module.pack(found[0][0]), plain.pack(found[1][0]), rtol=1e-12)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-12)


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_wrong_weights_are_refused(target: str, unroll: str) -> None:
    for batch in BATCHES:
        net = weighed("numbers", ["example"], batch)
        module = made(net, target, unroll)
        x, y = (values.tolist() for values in data(net, 3))
        params = module.unpack(net.pack(net.init()))
        for weights, message in [
            ([1.0, 1.0], "expected 3 weights.*got"),
            ([1.0, -1.0, 1.0], "at least 0"),
            ([1.0, float("nan"), 1.0], "at least 0"),
            ([1.0, float("inf"), 1.0], "less than 1e18"),
            ([1.0, 1e18, 1.0], "at least 0 and less than 1e18"),
        ]:
            with pytest.raises(ValueError, match=message):
                module.fit(params, x, y, 1, weights=weights)
            if 1e18 not in weights:
                with pytest.raises(ValueError, match="expected 3 finite weights of at least 0"):
                    net.loss(net.init(), x, y, weights)
        if target == "numpy":
            with pytest.raises(ValueError, match=r"3 weights of at least 0 .*, in shape \(3,\); got \["):
                module.gradient(params, x, y, [1.0, -1.0, 1.0])
        elif batch != "weighted_mean":
            for weight, said in ((-1.0, r"-1\.0"), (1e18, r"1e\+18")):
                with pytest.raises(ValueError, match=rf"at least 0 and less than 1e18, got {said}"):
                    module.gradient(params, x[0], y[0], weight)


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_too_few_targets_have_no_weight(unroll: str) -> None:
    net = weighed("fused", ["class"], "weighted_mean")
    module = made(net, "python", unroll)
    with pytest.raises(ValueError, match="expected 3 targets, got 2"):
        module.fit(module.init(), [[0.5, 0.5, 0.5]], [[0.0, 0.0]])  # which would weigh nothing


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("ways", [["class"], ["class", "example"]])
def test_the_gradient_says_what_an_example_counts(ways: Sequence[str], target: str, unroll: str) -> None:
    spec = with_targets(weighed("fused", ways, "mean").spec, unroll=unroll)
    planned = plan(spec)
    assert planned.loss.weight is not None
    gradient = render(planned, spec, target).partition("def gradient(")[2].partition("\ndef ")[0]
    assert f"\n    # {planned.loss.weight.comment}\n" in gradient


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("batch", BATCHES)
def test_without_weights_each_example_counts_1(batch: str, target: str, unroll: str) -> None:
    module = made(weighed("numbers", ["example"], batch), target, unroll)
    x, y = (values.tolist() for values in data(weighed("numbers", ["example"], batch), 6))
    plain, counted = (module.fit(module.init(), x, y, 2, 4, **more) for more in ({}, {"weights": [1.0] * 6}))
    assert module.pack(plain[0]) == module.pack(counted[0])
    assert plain[1] == counted[1]


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_a_mean_by_weights_needs_some(target: str, unroll: str) -> None:
    net = weighed("numbers", ["example"], "weighted_mean")
    module = made(net, target, unroll)
    x, y = (values.tolist() for values in data(net, 3))
    with pytest.raises(ValueError, match="do not sum to 0"):
        module.fit(module.init(), x, y, 1, weights=[0.0, 0.0, 0.0])
    with pytest.raises(ValueError, match="do not sum to 0"):
        module.fit(module.init(), x, y, 1, 1, weights=[1.0, 0.0, 0.0])
    assert len(module.fit(module.init(), x, y, 1, None, weights=[1.0, 0.0, 0.0])[1]) == 1
    with pytest.raises(ValueError, match="not all 0"):
        net.gradient(net.init(), x, y, [0.0, 0.0, 0.0])


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("output", ["softmax", "sigmoid", "linear"])
@pytest.mark.parametrize("counting", [0, 3])
def test_a_module_checks_its_gradient_where_one_class_counts(
    counting: int, output: str, target: str, unroll: str
) -> None:
    loss = {"softmax": "cross_entropy", "sigmoid": "binary_cross_entropy", "linear": "hinge"}[output]
    weights = [float(k == counting) for k in range(12)]
    net = network([layer("o", 12, output)], {"name": loss, "class_weights": weights}, "sum", "weighted_mean")
    assert made(net, target, unroll)._check_gradient() < 1e-6


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize(
    ("targets", "taken"), [("[0, 1]", True), ("[-1, 1]", False), ("[3, 5]", False), ("[0, 1.5]", False), ("", False)]
)
def test_classes_of_a_custom_loss_have_weights_where_its_targets_are_from_0_to_1(
    units: int, targets: str, taken: bool
) -> None:
    text = f"""
name: net
inputs: [x1]
losses: {{nll: {{value: -(y * a){targets and f", targets: {targets}"}}}}}
layers: [{{name: o, units: {units}, activation: sigmoid}}]
loss: {{name: nll, outputs: sum, class_weights: [1, 2]}}
training: {{optimizer: {{name: gradient_descent, rate: 0.5}}}}
"""
    if taken:
        assert parse(text, "net.yaml").loss.class_weights == (1.0, 2.0)
        return
    with pytest.raises(SpecError, match="class weights need targets that are classes, but the targets of nll are"):
        parse(text, "net.yaml")


def test_weights_are_in_the_data_and_in_the_training(tmp_path: Any) -> None:
    from nngen.commands.train import Trainer

    spec = """
name: net
inputs: [x1]
layers: [{name: o, units: [a, b], activation: softmax}]
loss: {name: cross_entropy, outputs: sum, batch: BATCH, class_weights: [1, 3], example_weights: true}
training: {optimizer: {name: gradient_descent, rate: 0.5}, batch_size: full, epochs: 7, shuffle: false}
data: DATA
"""
    rows = (
        "{rows: [{x: [1], y: a, weight: 2}, {x: [2], y: b}, {x: [-1], y: a, weight: 0}, {x: [3], y: b, weight: 0.5}]}"
    )
    (tmp_path / "data.csv").write_text("x1,kind,count\n1,a,2\n2,b,1\n-1,a,0\n3,b,0.5\n")
    for batch in BATCHES:
        found = []
        for source in (rows, "{file: data.csv, target: kind, weight: count}"):
            path = tmp_path / "net.yaml"
            path.write_text(spec.replace("BATCH", batch).replace("DATA", source))
            for target in ("python", "numpy"):
                trainer = Trainer(load(path), path, target, None, None)
                trainer.run(lambda *met: None)
                np.testing.assert_array_equal(trainer.parts["training"].weights, [2.0, 1.0, 0.0, 0.5])
                found.append([*trainer.module.pack(trainer.params), trainer.scores()["training"].loss])
        net = Network(load(path))
        x, y, weights = [[1.0], [2.0], [-1.0], [3.0]], np.eye(2)[[0, 1, 0, 1]], [2.0, 1.0, 0.0, 0.5]
        expected, _ = net.fit(net.init(), x, y, weights=weights)
        loss = net.loss(expected, x, y, weights) / (4.0 if batch == "sum" else 1.0)
        for one in found:
            np.testing.assert_allclose(one, [*net.pack(expected), loss], rtol=1e-12)
