"""The peers: each runs the network of a cell as its documentation recommends, on one thread.

A peer has three kinds of work: ``predict`` (the outputs of a batch), ``step`` (forward, backward and update on a batch)
and ``epoch`` (all examples, in batches). ``judged`` returns loss and gradient of the first batch, to check that all
peers compute the same.
"""

import contextlib
import io
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.cells import EXAMPLES, RATE, Array, Cell
from nngen.targets.modules import as_module

Judged = tuple[float, list[Array]] | None
"""A loss and the derivatives with respect to each matrix and vector; None if a peer only predicts."""


class Peer:
    """One way to run a network; subclasses have the libraries."""

    name = ""
    most = 10**12
    """The most multiplications in a measured call; more would take longer than about ten seconds."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.x, self.y = cell.x[: cell.batch], cell.y[: cell.batch]

    def judged(self) -> Judged:
        """The loss and gradient of the first batch, before any step."""
        raise NotImplementedError

    def outputs(self) -> Array | None:
        """The outputs of the first batch; None if a peer computes none."""
        raise NotImplementedError

    def able(self, kind: str) -> bool:
        """Whether it can do this kind of work."""
        return kind in ("predict", "step", "epoch")

    def seconds(self, kind: str, calls: int) -> float:
        """The time of some calls."""
        call: Callable[[], object] = {"predict": self.predict, "step": self.step, "epoch": self.epoch}[kind]
        begun = perf_counter()
        for _ in range(calls):
            call()
        return perf_counter() - begun

    def close(self) -> None:
        """End processes that it has started."""

    def predict(self) -> object:
        """The outputs of a batch."""
        raise NotImplementedError

    def step(self) -> object:
        """A training step on a batch."""
        raise NotImplementedError

    def epoch(self) -> object:
        """A step on each batch of all the examples."""
        raise NotImplementedError


def batches(cell: Cell) -> list[slice]:
    """The batches of an epoch."""
    return [slice(start, start + cell.batch) for start in range(0, EXAMPLES, cell.batch)]


class GeneratedPython(Peer):
    """The generated module of the target python: lists of floats."""

    name = "nngen python"
    whole = True
    """Whether the module has all parts."""
    most = 10**8

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        files: Any = as_module("net", cell.page("python"))
        self.pack = files.pack
        self.module: Any = files if self.whole else as_module("net", cell.page("python", whole=False))
        self.params = files.unpack([float(v) for p in cell.params for v in p.ravel()])
        self.state = self.module.init_state(self.params)
        self.xs, self.ys = cell.x.tolist(), cell.y.tolist()
        self.few_xs, self.few_ys = self.xs[: cell.batch], self.ys[: cell.batch]

    def judged(self) -> Judged:
        found = [self.module.gradient(self.params, x, y) for x, y in zip(self.few_xs, self.few_ys, strict=True)]
        slopes = np.mean([self.pack(slopes) for _, slopes in found], axis=0)
        return float(np.mean([loss for loss, _ in found])), shaped(self.cell, slopes.tolist())

    def outputs(self) -> Array:
        return np.array([self.module.forward(self.params, x) for x in self.few_xs])

    def predict(self) -> object:
        forward, params = self.module.forward, self.params
        return [forward(params, x) for x in self.few_xs]

    def seconds(self, kind: str, calls: int) -> float:
        if kind != "step" or self.cell.batch > 1:
            return super().seconds(kind, calls)
        params, state, (x,), (y,) = self.params, self.state, self.few_xs, self.few_ys
        gradient, step = self.module.gradient, self.module.step
        begun = perf_counter()
        for _ in range(calls):  # a loop over single examples, as in a user's program
            _, slopes = gradient(params, x, y)
            params, state = step(params, slopes, state)
        return perf_counter() - begun

    def step(self) -> object:
        self.params, _ = self.module.fit(self.params, self.few_xs, self.few_ys, 1, self.cell.batch, None)
        return None

    def epoch(self) -> object:
        self.params, _ = self.module.fit(self.params, self.xs, self.ys, 1, self.cell.batch, None)
        return None


class UsualPython(GeneratedPython):
    """The same with the parts that a module usually has."""

    name = "nngen python, usual parts"
    whole = False


class GeneratedNumPy(Peer):
    """The generated module of the target numpy: arrays."""

    name = "nngen numpy"
    whole = True
    """Whether the module has all parts."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        self.module: Any = as_module("net", cell.page("numpy", whole=self.whole))
        self.params = cell.params
        self.state = self.module.init_state(self.params)

    def judged(self) -> Judged:
        loss, slopes = self.module.gradient(self.params, self.x, self.y)
        return loss, slopes

    def outputs(self) -> Array:
        outputs: Array = self.module.forward(self.params, self.x)
        return outputs

    def predict(self) -> object:
        return self.module.forward(self.params, self.x)

    def step(self) -> object:
        _, slopes = self.module.gradient(self.params, self.x, self.y)
        self.params, self.state = self.module.step(self.params, slopes, self.state)
        return None

    def epoch(self) -> object:
        self.params, _ = self.module.fit(self.params, self.cell.x, self.cell.y, 1, self.cell.batch, None)
        return None


class UsualNumPy(GeneratedNumPy):
    """The same with the parts that a module usually has."""

    name = "nngen numpy, usual parts"
    whole = False


def shaped(cell: Cell, flat: list[float]) -> list[Array]:
    """A flat list, reshaped like the parameters."""
    ends = np.cumsum([p.size for p in cell.params])[:-1]
    return [part.reshape(p.shape) for part, p in zip(np.split(np.array(flat), ends), cell.params, strict=True)]


class Micrograd(Peer):
    """micrograd: an object per number (Karpathy, 2020)."""

    name = "micrograd"
    most = 60_000

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        from micrograd.engine import Value

        self.value: Any = Value
        self.params = [[Value(float(v)) for v in p.ravel()] for p in cell.params]
        self.xs, self.ys = cell.x.tolist(), cell.y.tolist()

    def run(self, x: list[float]) -> list[Any]:
        """The outputs of an example."""
        a: list[Any] = list(x)
        for layer, (W, b) in enumerate(zip(self.params[::2], self.params[1::2], strict=True)):
            wide = len(a)
            z = [sum((w * v for w, v in zip(W[i * wide :], a, strict=False)), bias) for i, bias in enumerate(b)]
            a = z if layer == self.cell.layers - 1 else [v.relu() for v in z]
        return a

    def backward(self, rows: slice) -> Any:
        """Compute the loss of a batch; afterwards each parameter has its gradient."""
        for p in self.params:
            for w in p:
                w.grad = 0
        xs, ys = self.xs[rows], self.ys[rows]
        terms = [(a - v) ** 2 for x, y in zip(xs, ys, strict=True) for a, v in zip(self.run(x), y, strict=True)]
        loss = sum(terms, self.value(0.0)) * (0.5 / len(xs))
        loss.backward()
        return loss

    def train(self, rows: slice) -> None:
        """A step on a batch."""
        self.backward(rows)
        for p in self.params:
            for w in p:
                w.data -= RATE * w.grad

    def judged(self) -> Judged:
        loss = self.backward(slice(self.cell.batch))
        return loss.data, shaped(self.cell, [w.grad for p in self.params for w in p])

    def outputs(self) -> Array:
        return np.array([[a.data for a in self.run(x)] for x in self.xs[: self.cell.batch]])

    def predict(self) -> object:
        return [self.run(x) for x in self.xs[: self.cell.batch]]

    def step(self) -> object:
        self.train(slice(self.cell.batch))
        return None

    def epoch(self) -> object:
        for rows in batches(self.cell):
            self.train(rows)
        return None


class Autograd(Peer):
    """autograd: it records NumPy calls (Maclaurin, Duvenaud and Adams, 2015)."""

    name = "autograd"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        import autograd.numpy as anp
        from autograd import value_and_grad

        def outputs(params: list[Any], x: Any) -> Any:
            for layer, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True)):
                x = anp.dot(x, W.T) + b
                x = x if layer == cell.layers - 1 else anp.maximum(x, 0.0)
            return x

        def loss(params: list[Any], x: Any, y: Any) -> Any:
            return 0.5 * anp.sum((outputs(params, x) - y) ** 2) / len(x)

        self.run, self.slopes, self.params = outputs, value_and_grad(loss), list(cell.params)

    def train(self, rows: slice) -> None:
        """A step on a batch."""
        _, slopes = self.slopes(self.params, self.cell.x[rows], self.cell.y[rows])
        self.params = [w - RATE * g for w, g in zip(self.params, slopes, strict=True)]

    def judged(self) -> Judged:
        loss, slopes = self.slopes(self.params, self.x, self.y)
        return float(loss), slopes

    def outputs(self) -> Array:
        return np.asarray(self.run(self.params, self.x))

    def predict(self) -> object:
        return self.run(self.params, self.x)

    def step(self) -> object:
        self.train(slice(self.cell.batch))
        return None

    def epoch(self) -> object:
        for rows in batches(self.cell):
            self.train(rows)
        return None


class ScikitLearn(Peer):
    """scikit-learn's MLPRegressor, by stochastic gradient descent."""

    name = "scikit-learn"

    def __init__(self, cell: Cell) -> None:
        super().__init__(cell)
        from sklearn.neural_network import MLPRegressor

        options = {"solver": "sgd", "alpha": 0.0, "momentum": 0.0, "learning_rate_init": RATE, "shuffle": False}
        self.model: Any = MLPRegressor(hidden_layer_sizes=cell.sizes[1:-1], batch_size=cell.batch, **options)
        self.one_output = cell.sizes[-1] == 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.model.partial_fit(self.x, self.targets(self.y))
        for i in range(cell.layers):  # in place, because its optimizer holds these arrays
            self.model.coefs_[i][:] = cell.params[2 * i].T
            self.model.intercepts_[i][:] = cell.params[2 * i + 1]

    def targets(self, y: Array) -> Array:
        """A single output is a vector to scikit-learn."""
        return y.ravel() if self.one_output else y

    def judged(self) -> Judged:
        model = self.model
        y = self.y
        a = [self.x, *(np.empty((len(y), units), self.cell.dtype) for units in self.cell.sizes[1:])]
        deltas = [np.empty_like(v) for v in a[1:]]
        Ws, bs = [np.empty_like(w) for w in model.coefs_], [np.empty_like(b) for b in model.intercepts_]
        loss, Ws, bs = model._backprop(self.x, y, None, a, deltas, Ws, bs)
        slopes = [g for W, b in zip(Ws, bs, strict=True) for g in (W.T, b)]
        return float(loss) * y.shape[1], slopes  # its loss is the mean over the outputs, its gradient that of the sum

    def outputs(self) -> Array:
        return np.asarray(self.model.predict(self.x)).reshape(self.y.shape)

    def predict(self) -> object:
        return self.model.predict(self.x)

    def step(self) -> object:
        return self.model.partial_fit(self.x, self.targets(self.y))

    def epoch(self) -> object:
        return self.model.partial_fit(self.cell.x, self.targets(self.cell.y))


def quietly(make: Callable[[], Peer]) -> Peer:
    """Create a peer, without the output and warnings of its library."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return make()
