import math
from contextlib import nullcontext

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from nngen.proof.reference import bits, normal, uniform
from nngen.proof.reference.initial import DEVIATION, orthonormal, truncated
from tests.support.network import layer, network


def test_the_schemes_of_initial_values() -> None:
    def begins(scheme: object, seed: int | None = None, **more: object) -> list[float]:
        layers = [layer("h", 2, "tanh", **more), layer("o", 1, "linear")]
        net = network(layers, "squared_error", initial={"weights": scheme, "biases": scheme, "seed": 3})
        return net.pack(net.init(seed))

    # 11 numbers: W_h (2, 3), b_h, W_o (1, 2), b_o; fan-in 3 and 2, fan-out 2 and 1
    k = np.arange(11)
    u, n = uniform(3, k), normal(3, k)
    fan_in, fan_out = np.repeat([3, 2], [8, 3]), np.repeat([2, 1], [8, 3])
    both = fan_in + fan_out
    for scheme, expected in [
        ("zeros", 0.0 * u),
        ({"name": "uniform", "low": -0.5, "high": 2.0}, -0.5 + 2.5 * u),
        ({"name": "normal", "mean": 1.0, "deviation": 2.0}, 1.0 + 2.0 * n),
        ("glorot_uniform", np.sqrt(6 / both) * (2 * u - 1)),
        ("glorot_normal", np.sqrt(2 / both) * n),
        ("he_uniform", np.sqrt(6 / fan_in) * (2 * u - 1)),
        ("he_normal", np.sqrt(2 / fan_in) * n),
        ("lecun_uniform", np.sqrt(3 / fan_in) * (2 * u - 1)),
        ("lecun_normal", np.sqrt(1 / fan_in) * n),
        ({"name": "constant", "value": 0.1}, np.full_like(u, 0.1)),
        ({"name": "truncated_normal", "mean": 1.0, "deviation": 2.0, "cut": 0.5}, 1.0 + 2.0 * cut_at(0.5, 3, k)),
        ("glorot_truncated", np.sqrt(2 / both) / 0.87962566103423978 * cut_at(2.0, 3, k)),
        ("he_truncated", np.sqrt(2 / fan_in) / 0.87962566103423978 * cut_at(2.0, 3, k)),
        ("lecun_truncated", np.sqrt(1 / fan_in) / 0.87962566103423978 * cut_at(2.0, 3, k)),
    ]:
        assert begins(scheme) == expected.tolist(), scheme
    own = {"name": "normal", "seed": 9}
    assert begins("normal", 5) == normal(5, k).tolist()  # the seed that init is given comes before the spec's
    assert begins(own, 5) == normal(9, k).tolist()  # and a scheme's own before both
    of_layer = begins("normal", weights={"initial": own}, bias={"initial": {"name": "uniform", "low": 0.0}})
    assert of_layer == [*normal(9, k[:6]), *u[6:8], *n[8:]]


@pytest.mark.parametrize("cut", [0.49, 0.5, 0.504])
def test_no_cut_is_below_half_a_deviation(cut: float) -> None:
    """Below it, most numbers would be drawn again, and again."""
    scheme = {"name": "truncated_normal", "cut": cut}
    with pytest.raises(ValidationError, match=r"0\.5") if cut < 0.5 else nullcontext():
        network([layer("o", 1, "linear", weights={"initial": scheme})], "squared_error")


def cut_at(cut: float, seed: int, index: NDArray[np.int_]) -> NDArray[np.float64]:
    """All first draws; beyond the cut, those of the next stream, and so on."""
    draws = [normal(seed, index), *(normal(int(bits(k, seed)), index) for k in range(1, 60))]
    within = np.abs(draws) <= cut
    assert within.any(axis=0).all()
    return np.asarray(np.array(draws)[within.argmax(axis=0), np.arange(len(index))])


def test_what_is_drawn_again() -> None:
    k = np.arange(2_000)
    first, cut = normal(6, k), cut_at(1.0, 6, k)
    again = np.abs(first) > 1.0
    assert (truncated(6, k.astype(np.uint64), 1.0) == cut).all()
    assert (cut[~again] == first[~again]).all()
    assert again.mean() == pytest.approx(0.317, abs=0.03)
    # within one deviation the density is that of the normal distribution, less what lies beyond
    inner = math.erf(0.5 / math.sqrt(2)) / math.erf(1 / math.sqrt(2))
    for part in (cut, cut[again]):
        assert abs((np.abs(part) < 0.5).mean() - inner) < 5 * math.sqrt(0.25 / len(part))


@pytest.mark.parametrize(("name", "variance"), [("glorot", 1.0 / 50.0), ("he", 1.0 / 30.0), ("lecun", 1.0 / 60.0)])
def test_schemes_that_are_cut_are_cut_at_two_deviations(name: str, variance: float) -> None:
    weights = {"initial": {"name": f"{name}_truncated"}}
    net = network([layer("o", 40, "linear", weights=weights)], "squared_error", inputs={"name": "p", "size": 60})
    drawn = cut_at(2.0, 7, np.arange(40 * 60))
    expected = math.sqrt(variance) / DEVIATION * drawn.reshape(40, 60)
    np.testing.assert_allclose(net.init(7)[0], expected, rtol=1e-15)
    assert 1.99 < np.abs(drawn).max() <= 2.0


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (4, 4), (3, 8), (8, 3), (60, 60)])
def test_orthogonal_matrices(shape: tuple[int, int]) -> None:
    rows, columns = shape
    layers = [{"name": "o", "units": rows, "activation": "linear", "weights": {"initial": {"name": "orthogonal"}}}]
    net = network(layers, "squared_error", inputs={"name": "p", "size": columns})
    for seed in range(20):
        matrix = net.init(seed)[0]
        n = normal(seed, np.arange(rows * columns)).reshape(shape)
        q, n = (matrix, n) if rows <= columns else (matrix.T, n.T)
        np.testing.assert_allclose(q @ q.T, np.eye(len(q)), rtol=0.0, atol=1e-14)
        # n = L q with a lower triangle of positive diagonal: each row lies along its own draw and those before
        lower = n @ q.T
        assert (np.diag(lower) > 0.0).all()
        np.testing.assert_allclose(np.triu(lower, 1), 0.0, rtol=0.0, atol=1e-12)


def test_a_nearly_singular_matrix_becomes_orthogonal_too() -> None:
    q = orthonormal(np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 1.0 + 1e-13], [1.0, 1.0 + 1e-13, 1.0]]))
    np.testing.assert_allclose(q @ q.T, np.eye(3), rtol=0.0, atol=1e-15)


def test_the_fan_in_counts_all_sources() -> None:
    layers = [layer("h", 2, "tanh"), layer("o", 3, "linear", sources=["h", "x"])]
    net = network(layers, "squared_error", initial={"weights": "he_uniform", "biases": "he_uniform", "seed": 1})
    assert net.shapes[2:] == ((3, 2), (3, 3), (3,))
    assert net.pack(net.init())[8:] == (np.sqrt(6 / 5) * (2 * uniform(1, np.arange(8, 26)) - 1)).tolist()


def test_the_first_random_numbers() -> None:
    assert bits(0, [0, 1, 2]).tolist() == [3385628684, 3811535168, 1495593584]
    assert [int(bits(1, 0)), int(bits(2**32 - 1, 2**32 - 1))] == [2702502840, 3971610058]
    assert bits(7, 2**32 + 5) == bits(7, 5)
    assert uniform(0, 0) == 3385628684 / 2**32
    for seed, index in [(0, 0), (7, 3), (2**32 - 1, 2**32 - 1)]:
        assert normal(seed, index) == sum(int(bits(seed, 12 * index + i)) for i in range(12)) / 2**32 - 6.0


@pytest.mark.parametrize("along_seeds", [False, True], ids=["over indices", "over seeds"])
def test_the_bits_look_random(along_seeds: bool) -> None:
    count = 20_000
    words = np.array([int(bits(s, 5)) for s in range(count)]) if along_seeds else bits(5, np.arange(count)).astype(int)
    u = words / 2.0**32
    # bounds of five standard deviations
    assert abs(u.mean() - 1 / 2) < 5 * math.sqrt(1 / 12 / count)
    assert abs(u.var() - 1 / 12) < 5 * math.sqrt(1 / 180 / count)
    cells = np.bincount((u * 100).astype(int), minlength=100)
    assert abs(((cells - count / 100) ** 2 / (count / 100)).sum() - 99) < 5 * math.sqrt(2 * 99)
    each_bit = (words[:, np.newaxis] >> np.arange(32)) & 1
    assert np.abs(each_bit.mean(axis=0) - 1 / 2).max() < 5 * math.sqrt(1 / 4 / count)
    between_bits = np.corrcoef(each_bit, rowvar=False) - np.eye(32)
    assert np.abs(between_bits).max() < 5 / math.sqrt(count)
    for lag in (1, 2, 12, 256):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 5 / math.sqrt(count)
    # for one seed no two numbers are the same; over seeds, the birthday problem expects 0.05 pairs
    assert len(np.unique(words)) >= count - 5 * along_seeds


def test_seeds_give_unrelated_sequences() -> None:
    rows = np.array([uniform(seed, np.arange(2_000)) for seed in [*range(40), 2**31, 2**32 - 1]])
    assert np.abs(np.corrcoef(rows) - np.eye(len(rows))).max() < 5 / math.sqrt(2_000)


def test_normal_numbers_are_normal() -> None:
    count = 50_000
    n = normal(1, np.arange(count))
    for power, moment, variance in [
        (1, 0.0, 1.0),
        (2, 1.0, 2.0),
        (3, 0.0, 15.0),
        (4, 2.9, 96.0),
    ]:  # kurtosis 3 - 1.2/12
        assert abs((n**power).mean() - moment) < 5 * math.sqrt(variance / count), power
