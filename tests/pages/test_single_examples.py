"""``fit`` may change parameters in place: in the steps of ``gradient`` and ``step``, and no older value changes."""

from typing import Any

import numpy as np
import pytest

from nngen.proof.reference import Network
from tests.support.cases import PAGES, made
from tests.support.modules import named, spec

XS, YS = [[0.5, -1.25], [1.5, 0.75], [-0.25, 2.0]], [[1.0], [0.0], [1.0]]


@pytest.mark.parametrize(("target", "unroll"), PAGES)
@pytest.mark.parametrize("size", [1, 3])
def test_fit_makes_the_steps_of_gradient_and_step(target: str, unroll: str, size: int) -> None:
    module = made(Network(spec(named("xor_mlp"))), target, unroll)
    xs, ys = (np.array(XS), np.array(YS)) if target == "numpy" else (XS, YS)
    params = module.init(3)
    before = module.pack(params)
    seen: list[Any] = []

    def keep(epoch: int, loss: float, params: Any, progress: Any) -> None:
        seen.append((params, module.pack(params)))

    after, _ = module.fit(params, xs, ys, 3, size, None, keep)
    assert module.pack(params) == before
    assert all(module.pack(one) == numbers for one, numbers in seen)

    state = module.init_state(params)
    for _ in range(3):
        for start in range(0, 3, size):
            if target == "numpy":
                _, slopes = module.gradient(params, xs[start : start + size], ys[start : start + size])
            else:
                _, slopes = module._batch(params, list(zip(xs, ys, strict=True))[start : start + size])
            params, state = module.step(params, slopes, state)
    assert module.pack(after) == module.pack(params)
