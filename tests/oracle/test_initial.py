"""Initial values that are cut or orthogonal, judged by SciPy, PyTorch and MicroPython."""

import math
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network, normal
from nngen.reading.yaml_reader import read
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.oracle.micropython import micropython
from tests.support.modules import ROOT
from tests.support.network import layer, network
from tests.support.networks import NETWORKS

pytestmark = pytest.mark.oracle


def module(spec: Spec, target: str) -> Any:
    return as_module("net", render(plan(spec), spec, target))


def drawn(rows: int, columns: int, scheme: object) -> Network:
    layers = [layer("o", rows, "tanh")]
    return network(layers, "squared_error", initial={"weights": scheme}, inputs={"name": "p", "size": columns})


def moments(cut: float) -> tuple[float, float]:
    """The variance and the fourth moment of a sum of twelve uniform numbers less 6 that lies between -cut and cut.

    The density of the sum is the B-spline of order 12 (Curry and Schoenberg, 1966).
    """
    from scipy.interpolate import BSpline  # here, so that the other tests are collected without SciPy

    density = BSpline.basis_element(np.arange(-6.0, 7.0))
    z = np.linspace(-cut, cut, 20_001)
    share = density(z).sum()
    return float((density(z) * z**2).sum() / share), float((density(z) * z**4).sum() / share)


@pytest.mark.parametrize("cut", [0.5, 1.0, 2.0, 3.5])
def test_cut_numbers_have_the_truncated_normal_distribution(cut: float) -> None:
    from scipy import stats

    net = drawn(400, 500, {"name": "truncated_normal", "mean": 0.5, "deviation": 2.0, "cut": cut})
    values = (np.ravel(module(net.spec, "numpy").init(2)[0]) - 0.5) / 2.0
    count, (variance, fourth) = len(values), moments(cut)
    assert np.abs(values).max() <= cut
    assert abs(values.mean()) < 5.0 * math.sqrt(variance / count)
    assert abs((values**2).mean() - variance) < 5.0 * math.sqrt((fourth - variance**2) / count)
    # what makes the sum no normal number is small: 1.4 % of the variance within 2 deviations
    judge = stats.truncnorm(-cut, cut)
    assert variance == pytest.approx(judge.var(), rel=0.015)
    assert stats.kstest(values, judge.cdf).statistic < 0.0025 + 1.63 / math.sqrt(count)


@pytest.mark.parametrize("scheme", ["glorot", "he", "lecun"])
def test_the_schemes_of_keras_have_its_deviation_and_cut(scheme: str) -> None:
    from scipy import stats

    rows, columns = 300, 500
    values = np.ravel(module(drawn(rows, columns, f"{scheme}_truncated").spec, "numpy").init(1)[0])
    meant = {"glorot": 2 / (rows + columns), "he": 2 / columns, "lecun": 1 / columns}[scheme]
    deviation = math.sqrt(meant) / stats.truncnorm(-2.0, 2.0).std()
    assert 1.99 * deviation < np.abs(values).max() <= 2.0 * deviation
    variance, fourth = moments(2.0)
    error = 5.0 * math.sqrt((fourth - variance**2) / len(values))
    assert abs(((values / deviation) ** 2).mean() - variance) < error


PAGE = (ROOT / "docs" / "conventions.md").read_text("utf-8").split("## Initial values")[1]
CELLS = re.findall(r"^\| `(.*?)` \| `(\w+_\(w.*?\))` \|", PAGE, re.M)


@pytest.mark.parametrize(("scheme", "expression"), CELLS)
def test_what_the_documentation_says_of_pytorch(scheme: str, expression: str) -> None:
    import torch
    from scipy import stats

    torch.manual_seed(1)
    w = torch.empty((300, 500), dtype=torch.float64)
    eval(expression, {**vars(torch.nn.init), "w": w})
    values = module(drawn(300, 500, read(f"value: {scheme}", "conventions.md").value["value"]).spec, "numpy").init(3)[0]
    found, expected = np.ravel(values), w.numpy().ravel()
    assert stats.ks_2samp(found, expected).statistic < 0.0025 + 1.63 * math.sqrt(2.0 / len(found))
    assert found.std() == pytest.approx(expected.std(), rel=0.015)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 8), (8, 5), (30, 30), (20, 200)])
@pytest.mark.parametrize("target", ["python", "numpy"])
def test_orthogonal_matrices_are_those_of_pytorch(
    shape: tuple[int, int], target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the same normal numbers; of a square, where PyTorch takes the columns, those of its transpose."""
    import torch

    rows, columns = shape
    net = drawn(rows, columns, {"name": "orthogonal", "gain": 1.5})
    page = module(net.spec, target)
    found = np.array(page.pack(page.init(4))[: rows * columns]).reshape(shape)
    square = rows == columns
    n = normal(4, np.arange(rows * columns)).reshape(shape)
    n = n.T if square else n
    monkeypatch.setattr(torch.Tensor, "normal_", lambda self, *_, **__: self.copy_(torch.tensor(n.copy())))
    expected = torch.nn.init.orthogonal_(torch.empty(shape, dtype=torch.float64), gain=1.5).numpy()
    np.testing.assert_allclose(found, expected.T if square else expected, rtol=0.0, atol=1e-12)


PRINT = """
import struct, net
values = net.pack(net.init({seed}))
print("".join("%02x" % byte for value in values for byte in struct.pack("<d", value)))
"""


@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_micropython_draws_the_same_bits(unroll: str, tmp_path: Path) -> None:
    base = NETWORKS["initial values, cut or orthogonal"].spec.model_dump(by_alias=True)
    spec = Spec.model_validate(base | {"targets": [{"name": "python", "unroll": unroll}]})
    (tmp_path / "net.py").write_text(render(plan(spec), spec, "python"), encoding="utf-8")
    for seed in (0, 2**32 - 1):
        printed = bytes.fromhex(micropython(tmp_path, "-c", PRINT.format(seed=seed)))
        values = module(spec, "python").pack(module(spec, "python").init(seed))
        found = struct.unpack(f"<{len(values)}d", printed)
        assert list(found) == values
