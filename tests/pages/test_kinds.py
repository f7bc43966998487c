"""Pages of networks with ids: the reference, rows that stay, what is refused, and raw rows."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.description.data.examples import read_examples
from nngen.description.model import Spec
from nngen.learning.explain import living_page
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.targets import as_module, render
from tests.support.kinds import FACTORIZATION, NETWORKS, TRAININGS, examples, network, steps
from tests.support.modules import ROOT, built


def page(spec: Spec, target: str) -> Any:
    return as_module(spec.name, render(plan(spec, encoding(spec, ROOT)), spec, target))


def close(found: Any, expected: Any) -> None:
    assert np.array(found) == pytest.approx(np.array(expected), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("target", ["python", "numpy"])
@pytest.mark.parametrize("name", NETWORKS)
def test_it_computes_and_learns_as_the_reference(name: str, target: str) -> None:
    spec = NETWORKS[name]
    module, reference, (x, y) = page(spec, target), Network(spec), examples(spec)
    start = module.init(3)
    begin = module.pack(start)
    assert begin == reference.pack(reference.init(3))
    assert module._check_gradient() < 1e-6

    def part(rows: Any, k: int) -> Any:
        return rows[k : k + 1] if target == "numpy" else rows[k].tolist()

    found = module.forward(start, x) if target == "numpy" else [module.forward(start, row) for row in x.tolist()]
    close(found, reference.forward(reference.init(3), x))
    loss, gradient = module.gradient(start, part(x, 0), part(y, 0))
    close(loss, reference.gradient(reference.init(3), x[:1], y[:1])[0])
    close(module.pack(gradient), reference.pack(reference.gradient(reference.init(3), x[:1], y[:1])[1]))
    params, state = start, module.init_state(start)
    for k in range(4):
        params, state = module.step(params, module.gradient(params, part(x, k), part(y, k))[1], state)
    close(module.pack(params), steps(reference, x, y, 4))
    for size in (1, 5) if spec.loss.batch != "weighted_mean" else (5,):
        given = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
        trained, history = module.fit(start, *given, epochs=3, batch_size=size)
        expected, losses = reference.fit(reference.init(3), x, y, 3, size)
        close(module.pack(trained), reference.pack(expected))
        close(history, losses)
    assert module.pack(start) == begin  # no function changes its arguments


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_what_a_callback_got_stays_and_continues(target: str) -> None:
    spec = network(FACTORIZATION, training=TRAININGS["adam, l2"])
    module, (x, y) = page(spec, target), examples(spec)
    given = (x, y) if target == "numpy" else (x.tolist(), y.tolist())
    met: list[Any] = []
    expected, history = module.fit(module.init(), *given, epochs=4, callback=lambda *call: met.append(call))
    _, _, params, progress = met[1]
    again, rest = module.fit(params, *given, epochs=4, progress=progress)
    assert module.pack(again) == module.pack(expected)
    assert rest == history[2:]


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_a_gradient_has_only_the_rows_that_examples_select(target: str) -> None:
    module = page(network(FACTORIZATION), target)
    if target == "numpy":
        rows, slopes = module.gradient(module.init(), [[3, 1], [3, 0]], [[1.0], [2.0]])[1][0]
        assert (rows.tolist(), slopes.shape) == ([3], (1, 2))
    else:
        assert list(module.gradient(module.init(), [3, 1], [1.0])[1][0]) == [3]


@pytest.mark.parametrize("target", ["python", "numpy"])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([5, 0], "expected user to be a whole number from 0 to 4, got 5.0"),
        ([-1, 0], "expected user to be a whole number from 0 to 4, got -1.0"),
        ([0, 1.5], "expected item to be a whole number from 0 to 2, got 1.5"),
        ([0, float("nan")], "expected item to be a whole number from 0 to 2, got nan"),
        ([0], r"expected (2 inputs, got 1|x of shape \(n, 2\), got \(1, 1\))"),
    ],
)
def test_ids_without_a_row_are_refused(target: str, x: list[float], message: str) -> None:
    module = page(network(FACTORIZATION), target)
    start, one = module.init(), [x] if target == "numpy" else x
    with pytest.raises(ValueError, match=message):
        module.forward(start, one)
    with pytest.raises(ValueError, match=message):
        module.gradient(start, one, [[1.0]] if target == "numpy" else [1.0])
    with pytest.raises(ValueError, match=message):
        module.fit(start, [x], [[1.0]])


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_raw_ids(target: str) -> None:
    inputs = [{"name": "user", "ids": 5, "unknown": "row"}, {"name": "item", "ids": ["a", "b", "3"]}]
    scale = {"scale_targets": {"name": "interval", "low": [0.0], "high": [5.0]}}
    module = page(network(FACTORIZATION, inputs=inputs, data=scale), target)

    def encoded(*row: object) -> list[float]:
        found = module.encode([list(row)] if target == "numpy" else list(row))
        return [float(value) for value in np.ravel(found)]

    assert encoded(3, "b") == encoded("3", "b") == encoded(3.0, "b") == [3.0, 1.0]
    assert encoded(0, 3) == encoded(0, 3.0) == [0.0, 2.0]
    assert encoded(5, "a") == encoded("5", "a") == [5.0, 0.0]
    with pytest.raises(ValueError, match="item: expected one of a, b, 3, got 'x'"):
        encoded(0, "x")
    with pytest.raises(ValueError, match="user: expected a number up to 1e"):
        encoded("new", "a")
    for row in ((0, None), (0, ""), (None, "a")):
        with pytest.raises(ValueError, match="the value is missing"):
            encoded(*row)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_the_committed_network_rates_books(target: str) -> None:
    module = built(ROOT / "specs" / "ratings_mf.yaml", target)
    rating = module.predict(module.init(), [["Ada", "Moon Atlas"]] if target == "numpy" else ["Ada", "Moon Atlas"])
    assert float(np.ravel(rating)[0]) == pytest.approx(3.3, abs=0.5)
    assert module.IDS["reader"][0] == "Ada"


def test_ten_million_ids_fit_into_a_page() -> None:
    """The page of such a network is as short as that of any other; only the parameters grow."""
    inputs = [{"name": "user", "ids": 10_000_000}, {"name": "item", "ids": 3}]
    spec = network(FACTORIZATION, inputs=inputs)
    for target in ("python", "numpy", "javascript", "c"):
        assert len(render(plan(spec), spec, target)) < 40_000


def test_a_table_with_unknown_ids_is_refused_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("user,item,rating\n0,a,3\n7,b,4\n1,z,4.5\n2.5,a,5\n,b,1\n", "utf-8")
    spec = network(FACTORIZATION, data={"file": "ratings.csv", "target": "rating"})
    with pytest.raises(SpecError) as refused:
        read_examples(spec, tmp_path)
    messages = [(found.line, found.message) for found in refused.value.diagnostics]
    assert messages == [
        (3, "user: expected a whole number from 0 to 4, got '7'"),
        (4, "item: unknown id 'z'"),
        (5, "user: expected a whole number from 0 to 4, got '2.5'"),
        (6, "user: expected a number, got nothing"),
    ]


def test_missing_ratings_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("user,item,rating\n0,a,3\n4,b,\n", "utf-8")
    data = {"file": "ratings.csv", "target": "rating"}
    spec = network(FACTORIZATION, data=data, loss={"name": "squared_error", "missing": "ignore"})
    found = read_examples(spec, tmp_path)
    assert found.train_x.tolist() == [[0.0, 0.0], [4.0, 1.0]]
    assert np.isnan(found.train_y[:, 0]).tolist() == [False, True]
    with pytest.raises(SpecError, match="expected a number"):
        read_examples(network(FACTORIZATION, data=data), tmp_path)
    (tmp_path / "ratings.csv").write_text("user,item,rating\n0,a,\n4,b,\n", "utf-8")
    with pytest.raises(SpecError, match="every target is missing: there is nothing to learn from"):
        read_examples(spec, tmp_path)


def test_a_living_page_has_the_equations_of_a_kind_in_the_words_of_its_language() -> None:
    html = living_page(NETWORKS["ties"], Path(), language="ko")
    shown = html.partition('data-kind="maximum"')[2].partition("</div>")[0]
    assert "층의 최댓값" in shown
    assert shown.count("그 밖에") == 2
    assert re.search("[a-z]{3,}", re.sub("<[^>]*>|max|&#[0-9]+;", " ", shown)) is None
    assert "{name}은(는) {sources} 가운데 큰 값을 유닛별로 고릅니다." in html  # for a walk
