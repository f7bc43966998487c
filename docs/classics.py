"""The classics: old experiments, run by generated modules, beside the published figures.

``python docs/classics.py`` runs them all, writes ``docs/classics.json`` and draws ``docs/pictures/``; ``make docs``
then pastes the tables into ``docs/classics.md``.
"""

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path
from statistics import median, median_low
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nngen.description.data.examples import read_examples
from nngen.reading.source import load
from nngen.targets.modules import as_module, texts

Array = NDArray[np.float64]

DOCS = Path(__file__).resolve().parent
SPECS = DOCS.parent / "specs"
RESULTS = DOCS / "classics.json"

CLOSE = 0.1
"""An experiment of 1986 has converged when each output is within this distance of its target for each pattern."""

APART = 0.4
"""The same for the spirals. Rule of that benchmark: 0 to 0.4 counts as 0, 0.6 to 1 counts as 1."""

OLD = {"xor_one_hidden": 50, "xor_one_hidden_momentum": 50, "symmetry": 50, "parity": 50, "encoder": 50}
SPIRALS = {"two_spirals_momentum": 20, "two_spirals_rprop": 20, "two_spirals_adam": 20}
"""The specs, each with its number of seeds, from 1."""

WIDE = ("xor_one_hidden", "xor_one_hidden_momentum", "parity")
"""Experiments whose source does not give the range of the initial weights. They also run with doubled weights."""


@dataclass(frozen=True)
class Net:
    """A network: its generated module and its examples."""

    module: Any
    x: Array
    y: Array
    epochs: int
    batch_size: int | None


@dataclass(frozen=True)
class Run:
    """The result of a training: the epoch of convergence (None if there was none), the parameters, and the losses."""

    seed: int
    epochs: int | None
    params: list[float]
    history: list[float]


@cache
def net(name: str) -> Net:
    """The network of a spec, for NumPy; ``name`` is its path in ``specs/``, without the suffix."""
    path = SPECS / f"{name}.yaml"
    spec = load(path)
    data = read_examples(spec, path.parent)
    module = as_module(spec.name, texts(spec, path.parent, ["numpy"])["numpy"])
    training = spec.training
    return Net(module, data.train_x, data.train_y, training.epochs, training.batch_size)


def learn(name: str, close: float, spread: float, seed: int) -> Run:
    """Train a classic from one seed until each output is closer to its target than ``close``.

    ``spread`` multiplies the initial parameters: U(-r, r) becomes U(-spread r, spread r).
    """
    it = net(f"classics/{name}")
    begun = it.module.unpack(spread * np.array(it.module.pack(it.module.init(seed))))
    met: list[int] = []

    def converged(epoch: int, loss: float, params: Any, progress: Any) -> bool:
        if np.abs(it.module.forward(params, it.x) - it.y).max() < close:
            met.append(epoch + 1)
        return bool(met)

    params, history = it.module.fit(begun, it.x, it.y, callback=converged)
    return Run(seed, met[0] if met else None, it.module.pack(params), history)


def summary(runs: list[Run]) -> dict[str, Any]:
    """How many runs converged, and the median, smallest and largest number of their epochs."""
    epochs = [run.epochs for run in runs if run.epochs is not None]
    if not epochs:
        return {"seeds": len(runs), "converged": 0}
    return {
        "seeds": len(runs),
        "converged": len(epochs),
        "median": round(median(epochs)),
        "least": min(epochs),
        "most": max(epochs),
        "typical": next(run.seed for run in runs if run.epochs == median_low(epochs)),
    }


def weights(run: Run) -> dict[str, Any]:
    """The hidden weights of a symmetry network, and their distance from antisymmetry, relative to the largest.

    The three sizes on one side of the middle are multiples of the smallest.
    """
    hidden = net("classics/symmetry").module.unpack(run.params)[0]
    sizes = np.sort(np.abs(hidden[:, :3]), axis=1)
    return {
        "hidden": hidden.round(2).tolist(),
        "off": float(np.abs(hidden + hidden[:, ::-1]).max() / np.abs(hidden).max()),
        "ratio": (sizes / sizes[:, :1]).mean(axis=0).tolist(),
    }


def codes(run: Run) -> Array:
    """The hidden activations of an encoder: a row for each of the eight patterns."""
    w, b = net("classics/encoder").module.unpack(run.params)[:2]
    code: Array = 1.0 / (1.0 + np.exp(-(net("classics/encoder").x @ w.T + b)))
    return code


def distinct(code: Array) -> int:
    """The number of different rows after rounding."""
    return len({tuple(row) for row in code.round().tolist()})


def found(name: str, runs: list[Run]) -> dict[str, Any]:
    """The solutions of the networks that converged, for experiments whose solutions were published."""
    done = [run for run in runs if run.epochs is not None]
    if name == "symmetry":
        each = [weights(run) for run in done]
        ratio = np.median([one["ratio"] for one in each], axis=0).round(2).tolist()
        typical = summary(runs)["typical"]
        return {
            "antisymmetric": sum(one["off"] < 0.05 for one in each),
            "off": round(median(one["off"] for one in each), 4),
            "ratio": ratio,
            "hidden": next(one["hidden"] for run, one in zip(done, each, strict=True) if run.seed == typical),
        }
    if name == "encoder":
        each_code = [codes(run) for run in done]
        return {
            "binary": sum(distinct(code) == 8 for code in each_code),
            "halves": sum(distinct(2.0 * code) == 8 for code in each_code),
            "codes": next(codes(run) for run in done if run.seed == summary(runs)["typical"]).round(2).tolist(),
        }
    return {}


def beside_sklearn(name: str) -> dict[str, Any]:
    """The loss curves of a network of ``specs/`` and of scikit-learn from the same weights, and both times."""
    from sklearn.exceptions import ConvergenceWarning  # imported here, so that pasting needs no scikit-learn
    from sklearn.neural_network import MLPClassifier

    it = net(name)
    order = np.random.default_rng(1).permutation(len(it.x))  # the flowers are sorted by species
    x, y = it.x[order], it.y[order]
    spec = load(SPECS / f"{name}.yaml")
    first, start = spec.layers[0], it.module.init()

    def ours() -> list[float]:
        history: list[float] = it.module.fit(start, x, y, seed=None)[1]
        return history

    model = MLPClassifier(
        hidden_layer_sizes=(len(first.unit_names),),
        activation=first.activation.name,
        solver="sgd",
        learning_rate_init=spec.training.optimizer.options["rate"],
        momentum=0.0,
        alpha=0.0,
        batch_size=it.batch_size,
        shuffle=False,
        tol=0.0,
        n_iter_no_change=it.epochs,
        warm_start=True,
    )

    def theirs() -> list[float]:
        for matrix, bias, w, b in zip(model.coefs_, model.intercepts_, start[::2], start[1::2], strict=True):
            matrix[:], bias[:] = w.T, b
        curve: list[float] = model.fit(x, y.argmax(axis=1)).loss_curve_[-it.epochs :]
        return curve

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it warns that the epochs are over
        model.set_params(max_iter=1).fit(x, y.argmax(axis=1))  # creates the arrays that the weights are written into
        model.set_params(max_iter=it.epochs)
        apart = float(np.abs(np.array(ours()) - theirs()).max())
        ratio = median(_seconds(theirs) / _seconds(ours) for _ in range(7))
    return {"epochs": it.epochs, "batch_size": it.batch_size, "loss": ours()[-1], "apart": apart, "ratio": ratio}


def _seconds(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


def main() -> None:
    """Run all experiments, write the results, and draw the pictures."""
    import draw  # imported here, so that pasting needs no matplotlib

    begun = perf_counter()
    results: dict[str, Any] = {}
    with Pool() as pool:
        for name, seeds in (OLD | SPIRALS).items():
            for spread in (1.0, 2.0) if name in WIDE else (1.0,):
                close = CLOSE if name in OLD else APART
                runs = pool.map(partial(learn, name, close, spread), range(1, seeds + 1), chunksize=1)
                key = name if spread == 1.0 else f"{name}_wide"
                results[key] = summary(runs) | found(name, runs)
                print(f"{perf_counter() - begun:4.0f} s  {key}: {summary(runs)}", flush=True)
    for name in ("iris", "digits"):
        results[name] = beside_sklearn(name)
        print(f"{perf_counter() - begun:4.0f} s  {name}: {results[name]}", flush=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    typical = {
        name: learn(name, CLOSE if name in OLD else APART, 1.0, results[name].get("typical", 1))
        for name in OLD | SPIRALS
    }
    draw.losses("classics", {name: typical[name].history for name in OLD})
    draw.losses("two_spirals", {name: typical[name].history for name in SPIRALS})
    draw.surfaces({name: typical[name].params for name in SPIRALS})
    print(f"{perf_counter() - begun:4.0f} s in all; make docs pastes the tables")


if __name__ == "__main__":
    main()
