"""Training by pages of the target javascript: its initial values, held-out examples, its end, and the best
parameters."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.plan.planner import plan
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.oracle.node import Job, javascript, run
from tests.oracle.training import HELD_OUT, UNROLLS, cut, held_out, kept_at_the_rate, stopped
from tests.support.stopping import ties

pytestmark = pytest.mark.oracle


@UNROLLS
@HELD_OUT
def test_training_ends_where_the_loss_of_what_is_held_out_reaches_the_target(
    batch: str, loss: dict[str, Any], y: list[float], unroll: str, tmp_path: Path
) -> None:
    """Three of 12 equal examples are held out: the loss of one is that of all."""
    body = """
      const [x, met] = [[1, 1, 1], []];
      const callback = (epoch, loss, params) => { met.push(m.loss(params, x, given)); };
      const [, history] = m.fit(m.init(), Array(12).fill(x), Array(12).fill(given), { callback });
      return [met, history.length];
    """
    text = javascript(held_out(loss, batch).spec, unroll)
    (found,) = run([Job(text, body, y)], tmp_path)
    met, epochs = found["gives"]
    reached = [3.0 * one <= 0.1 if batch == "sum" else one <= 0.1 for one in met]
    assert 1 < epochs < 600
    assert reached == [False] * (epochs - 1) + [True]


@UNROLLS
def test_some_examples_are_left_to_learn_from(unroll: str, tmp_path: Path) -> None:
    body = "return m.fit(m.init(), given, given.map(() => [1]), { epochs: 2 })[1].length;"
    for validation, enough, refusal in (
        (0.9, 6, "expected enough examples to keep a share of them for validation"),
        ([2, 0], 3, "expected an example at each place that is kept for validation, and more"),
        ([0, 1], 3, "expected an example at each place that is kept for validation, and more"),
    ):
        text = javascript(stopped(name="patience", epochs=3, validation=validation).spec, unroll)
        found = run([Job(text, body, [[1, 2, 3]] * count) for count in (enough, 2)], tmp_path)
        assert found == [{"gives": 2}, {"throws": f"RangeError: {refusal}"}]


@UNROLLS
def test_without_a_measured_epoch_the_last_parameters_are_given(unroll: str, tmp_path: Path) -> None:
    net, x = stopped(name="patience", epochs=3, every=5), [[1.0, 1.0, 1.0]] * 4
    body = "return m.pack(m.fit(m.init(), given, given.map(() => [1]), { epochs: 4 })[0]);"
    (found,) = run([Job(javascript(net.spec, unroll), body, x)], tmp_path)
    params, _ = net.fit(net.init(), x, [[1.0]] * 4, 4)
    np.testing.assert_allclose(found["gives"], net.pack(params), 1e-12, 1e-14)


@UNROLLS
@pytest.mark.parametrize("share", [0.0, 0.25])
def test_a_loss_that_is_no_number_is_never_the_best(share: float, unroll: str, tmp_path: Path) -> None:
    text = javascript(stopped(name="patience", epochs=3, validation=share).spec, unroll)
    body = """
      const begin = m.init();
      const [params, history] = m.fit(begin, Array(8).fill([NaN, 0, 0]), Array(8).fill([1]));
      return [history.length, m.pack(params), m.pack(begin)];
    """
    (found,) = run([Job(text, body)], tmp_path)
    epochs, params, begin = found["gives"]
    assert epochs == 3
    assert params == begin


@UNROLLS
def test_of_equal_losses_the_first_is_the_best(unroll: str, tmp_path: Path) -> None:
    net, x, y = ties()
    text = javascript(net.spec, unroll)
    body = """
      const fitted = (...epochs) => m.fit(m.init(), given.x, given.y, ...epochs);
      return [fitted({ epochs: 1 }), fitted()].map(([params, history]) => [m.pack(params), history.length]);
    """
    (found,) = run([Job(text, body, {"x": x.tolist(), "y": y.tolist()})], tmp_path)
    (first, _), (best, epochs) = found["gives"]
    assert best == first
    assert epochs == 4


def test_a_random_number_that_is_the_cut_itself_is_kept(tmp_path: Path) -> None:
    """The cut is one of the numbers that the same seed gives without a cut; larger ones are drawn again."""
    made, values, most = cut()
    (found,) = run([Job(javascript(made.spec), "return m.pack(m.init());")], tmp_path)
    python = as_module("net", render(plan(made.spec), made.spec, "python"))
    assert found["gives"] == python.pack(python.init()) == made.pack(made.init())
    kept = [abs(one) == value for one, value in zip(found["gives"], values, strict=False)]
    assert kept == [value <= most for value in values]


@UNROLLS
def test_a_unit_whose_random_number_is_the_rate_itself_stays(unroll: str, tmp_path: Path) -> None:
    net = kept_at_the_rate()
    body = "const [loss, slopes] = m.gradient(m.init(), [1, 1, 1], [1], 5); return [loss, ...m.pack(slopes)];"
    (found,) = run([Job(javascript(net.spec, unroll), body)], tmp_path)
    loss, slopes, _ = net.batch_gradient(net.init(), np.ones((1, 3)), np.ones((1, 1)), [5])
    np.testing.assert_allclose(found["gives"], [loss, *net.pack(slopes)], 1e-12, 1e-14)
