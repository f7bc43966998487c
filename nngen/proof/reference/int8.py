"""A network in integers, by docs/int8.md: Jacob et al., Quantization and training of neural networks (2018).

Everything is computed again from the spec, the parameters and the training rows: scales, whole numbers and answers.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from nngen.description.model import Categorical, FillCategory, Layer, Numeric, Spec
from nngen.description.model import Table as Described
from nngen.proof.reference.encoding import Encoder, Table
from nngen.proof.reference.engine import Network
from nngen.proof.reference.functions import activate
from nngen.proof.reference.generator import Array
from nngen.proof.reference.int8_clip import Clip, clip_of, smooth
from nngen.proof.reference.int8_scores import limit, score
from nngen.proof.reference.int8_steps import Steps, eight_digits, near, steps
from nngen.proof.reference.int8_units import offset_of, power_of_ten, range_of

Ints = Any
"""An array of Python's whole numbers, which cannot overflow."""


def outward(end: float) -> float:
    """An end of a measured range, rounded away from 0."""
    return math.copysign(eight_digits(abs(end)), end) if end != 0.0 else 0.0


class _Column(NamedTuple):
    step: float
    offset: float
    low: int
    high: int
    fill: int = 0
    m: int = 0
    clip: Clip | None = None


class Integers:
    """A network in integers.

    Args:
        spec: a spec that has passed the checks.
        params: the trained parameters, in the form of ``Network``.
        train: the training rows, columns by name.
        targets: their targets, ``(n, outputs)``, in the units of the data.
        size: how many numbers a table has.
    """

    def __init__(self, spec: Spec, params: Sequence[Array], train: Table, targets: Array, size: int = 256) -> None:
        self.spec, self.size = spec, size
        self.scores = isinstance(spec.data, Described) and spec.data.of_inputs
        self._network, self._encoder = Network(spec), Encoder(spec, train, targets)
        self._targets = targets
        self._columns: dict[str, _Column] = {}
        self._measure_columns(train)
        self._x = x = self._encoder.encode(train)[:10_000]
        outputs, traces, _ = self._network._run(params, x)
        self._scales, self._ends = {spec.input_name: 1.0}, {spec.input_name: self._bounds}
        self.layers: list[tuple[Layer, tuple[str, ...], list[Ints], list[int], Any]] = []
        following = iter(params)
        for layer, sources in self._network._layers:
            weights = [next(following) for _ in sources]
            biases = next(following) if layer.bias is not None else np.zeros(len(layer.unit_names))
            if layer.normalization is not None:
                gain, shift, mean, variance = (next(following) for _ in range(4))
                factor = gain / np.sqrt(variance + layer.normalization.options["epsilon"])
                weights = [w * factor[:, np.newaxis] for w in weights]
                biases = (biases - mean) * factor + shift
            weights, biases = self._of_activations(sources, weights, biases)
            if self.scores and layer is spec.layers[-1]:
                biases = biases - np.array([center for _, center in self._values])
            self._add(layer, sources, weights, biases, traces[layer.name].taken, outputs[layer.name])

    def _measure_columns(self, train: Table) -> None:
        numbers = [column for column in self.spec.columns if isinstance(column, Numeric)]
        found = {column.name: self._range(column, train) for column in numbers}
        constants = {name: self._encoder._numbers[name] for name in found}
        ways = {(one.step / constants[n][2], constants[n][1], one.offset) for n, one in found.items()}
        low = min((one.low for one in found.values()), default=0)
        high = max((one.high for one in found.values()), default=0)
        plain = len(numbers) == len(self.spec.input_names) and all(column.missing == "error" for column in numbers)
        clipped = self._encoder._clipped
        plain = plain and not clipped
        (unit, *shifts), *others = [*ways, (0.0, 1.0, 1.0)]
        self.direct = plain and len(others) == 1 and not any(shifts) and max(-low, high) <= 127
        if self.scores:
            stated = any(column.range for column in numbers)
            low, high = (-127, 127) if self.direct and not stated else (low, high)
            found = {column.name: self._wider(column, found[column.name]) for column in numbers}
        if self.direct:
            self._values, self._bounds = [(unit, 0.0)] * len(numbers), (min(low, 0), max(high, 0))
            self._columns = {name: one._replace(low=low, high=high, fill=low) for name, one in found.items()}
            return
        self._bounds = (-127, 127)
        found = {n: self._where_it_moves(one, constants[n]) if n in clipped else one for n, one in found.items()}
        self.h = 8 if not clipped and all(one.high - one.low <= 64 for one in found.values()) else 24
        for name, (step, offset, least, most, _, _, clip) in found.items():
            fill, *_ = constants[name]
            apart = clip(most - least) - clip(0) if clip else most - least
            m = near(254 * 2**self.h / apart) if apart else 0
            filled = least if math.isnan(fill) else min(max(near((fill - offset) / step), least), most)
            self._columns[name] = _Column(step, offset, least, most, filled, m, clip)
        self._values = []
        for column in self.spec.columns:
            if isinstance(column, Numeric):
                one, (_, subtract, divide) = self._columns[column.name], constants[column.name]
                left, right = ((n * one.step + one.offset - subtract) / divide for n in (one.low, one.high))
                left, right = (smooth(left), smooth(right)) if one.clip else (left, right)
                self._values.append(((right - left) / 254, (left + right) / 2.0))
            elif isinstance(column, Categorical):
                self._values += [(1.0 / 127, 0.0)] * len(column.categories)
            if isinstance(column, Numeric | Categorical) and column.indicator:
                self._values.append((1.0 / 127, 0.0))

    def _where_it_moves(self, one: _Column, constants: tuple[float, float, float]) -> _Column:
        """The part of the range that is at most 31 divisors from the center, and the clip there."""
        _, subtract, divide = constants
        first, last = ((subtract + t * divide - one.offset) / one.step for t in (-31.0, 31.0))
        low = max(one.low, math.ceil(max(first, -32767.0)))
        high = max(low, min(one.high, math.floor(min(last, 32767.0))))
        least, most = ((n * one.step + one.offset - subtract) / divide for n in (low, high))
        return one._replace(low=low, high=high, clip=clip_of(least, most, high - low))

    def _wider(self, column: Numeric, one: _Column) -> _Column:
        """A quarter of the range more at each end, for anomalies."""
        more = 0 if column.range else math.ceil((one.high - one.low) / 4)
        return one._replace(low=max(one.low - more, -32767), high=min(one.high + more, 32767))

    def _range(self, column: Numeric, train: Table) -> _Column:
        values = [float(str(v)) for v in train[str(column.column)] if v is not None and v == v] or [0.0]
        stated = [] if column.range is None else list(column.range)
        least, most = stated or self._range_of(column.name, values)
        values = [*(v for v in values if least <= v <= most), *stated]
        step = column.resolution or power_of_ten(values)
        offset = offset_of(values, step)
        if offset and not column.resolution:
            step = power_of_ten([v - offset for v in values], noise=max(map(abs, values)))
        return _Column(step, offset, near((least - offset) / step), near((most - offset) / step))

    def _range_of(self, name: str, values: list[float]) -> tuple[float, float]:
        if name not in self._encoder._clipped:
            return range_of(values)
        _, subtract, divide = self._encoder._numbers[name]
        near_center = [v for v in values if abs(v - subtract) <= 31.0 * divide] or values
        return min(near_center), max(near_center)

    def _add(
        self, layer: Layer, sources: tuple[str, ...], weights: list[Array], biases: Array, z: Array, a: Array
    ) -> None:
        products = [np.max(np.abs(w)) * self._scales[source] for w, source in zip(weights, sources, strict=True)]
        unit = max(max(products) / 127, np.max(np.abs(biases)) / 2.0**24, 2.0**-27)
        whole = [
            np.array([[near(v * self._scales[source] / unit) for v in row] for row in w.tolist()], object)
            for w, source in zip(weights, sources, strict=True)
        ]
        last = layer is self.spec.layers[-1]
        if last and self.scores:
            sizes = [abs(near(b / unit)) + 127 * sum(int(abs(w[i]).sum()) for w in whole) for i, b in enumerate(biases)]
            self._score = score(unit, max(sizes), self._values, a - self._x)
        finish = self._output(layer, unit, z, a) if last else self._activation(layer, unit, z, a)
        self.layers.append((layer, tuple(sources), whole, [near(b / unit) for b in biases.tolist()], finish))

    def _of_activations(self, sources: Sequence[str], weights: list[Array], biases: Array) -> tuple[list[Array], Array]:
        """Weights and biases that take activations of the inputs, each of which has its own value of 1 and of 0."""
        made = list(weights)
        for place, source in enumerate(sources):
            if source == self.spec.input_name:
                rows = weights[place].tolist()
                made[place] = np.array([[w * s for w, (s, _) in zip(row, self._values, strict=True)] for row in rows])
                terms = [[w * c for w, (_, c) in zip(row, self._values, strict=True)] for row in rows]
                biases = np.array([math.fsum([b, *more]) for b, more in zip(biases, terms, strict=True)])
        return made, biases

    def _activation(self, layer: Layer, unit: float, z: Array, a: Array) -> Callable[[int], int]:
        if layer.activation.name in ("relu", "linear"):
            signed = layer.activation.name == "linear"
            out = eight_digits(float(np.max(np.abs(a)))) / 127
            by = steps(unit / out, -near(127 * out / unit) if signed else 0, 255 if signed else 128)
            self._scales[layer.name] = out
            return lambda total: by.place(total) - 127 * signed
        by, values = self._table(layer, unit, z)
        out = eight_digits(float(np.max(np.abs(values)))) / 127
        self._scales[layer.name] = out
        entries = [near(v / out) for v in values.tolist()]
        return lambda total: entries[by.place(total)]

    def _table(self, layer: Layer, unit: float, z: Array) -> tuple[Steps, Array]:
        ends = [outward(float(z.min())), outward(float(z.max()))]
        grid = min(ends[0], -0.125) + (max(ends[1], 0.125) - min(ends[0], -0.125)) * np.arange(257) / 256
        values = activate(self.spec, layer, grid[:, np.newaxis])[:, 0]
        half = np.max(np.abs(values)) / 127 / 2
        moved, back = np.abs(values - values[0]) > half, np.abs(values - values[-1]) > half
        first, last = grid[max(int(np.argmax(moved)) - 1, 0)], grid[256 - max(int(np.argmax(back[::-1])) - 1, 0)]
        if first >= last:
            first, last = grid[0], grid[-1]
        points = first + (last - first) * np.arange(self.size) / (self.size - 1)
        by = steps(unit * (self.size - 1) / (last - first), near(first / unit), self.size)
        return by, activate(self.spec, layer, points[:, np.newaxis])[:, 0]

    def _output(self, layer: Layer, unit: float, z: Array, a: Array) -> Any:
        if layer.activation.name == "softmax":
            width = math.log(510) / (self.size - 1)
            by, exps = steps(unit / width, 0, self.size), [near(255 * math.exp(-i * width)) for i in range(self.size)]
            return lambda totals: _shares([exps[by.place(max(totals) - total)] for total in totals])
        table = None if layer.activation.name == "linear" else self._table(layer, unit, z)
        if self.spec.data is not None and self.spec.data.classes:
            if table is None or len(layer.unit_names) > 1:
                return lambda totals: []
            one, values = table
            share = [near(255 * v) for v in values.tolist()]
            return lambda totals: [255 - share[one.place(totals[0])], share[one.place(totals[0])]]
        return self._numbers(unit, a, table)

    def _numbers(self, unit: float, a: Array, table: tuple[Steps, Array] | None) -> Any:
        scaled, finishes = self._encoder._targets, []
        for column, (subtract, divide) in enumerate(scaled):
            known = [v for v in self._targets[:, column].tolist() if not math.isnan(v)]
            ends = [outward(float(v)) * divide + subtract for v in (a.min(), a.max())]
            quarter = (max(ends) - min(ends)) / 4
            least, most = min(ends) - quarter, max(ends) + quarter
            step = power_of_ten(known, max(-least, most), 100)
            low, high = max(math.floor(least / step), -32767), min(math.ceil(most / step), 32767)
            kept = [end[column] / step for end in self._encoder._ends]
            if np.isfinite(kept[0]):
                inner = math.ceil(kept[0]), max(math.ceil(kept[0]), math.floor(kept[1]))
                low, high = int(np.clip(low, *inner)), int(np.clip(high, *inner))
            if table is None:
                own = steps(unit * divide / step, near((low * step - subtract) / divide / unit), high - low + 1)
                finishes.append((own, list(range(low, high + 1))))
            else:
                entries = [min(max(near((v * divide + subtract) / step), low), high) for v in table[1].tolist()]
                finishes.append((table[0], entries))
        return lambda totals: [entries[own.place(t)] for t, (own, entries) in zip(totals, finishes, strict=True)]

    def encode(self, row: Sequence[int]) -> list[int]:
        """The activations of a row of whole numbers."""
        made: list[int] = []
        for column, number in zip(self.spec.columns, row, strict=True):
            n = int(number)
            if isinstance(column, Categorical):
                missing = n == -2
                fill = column.missing.category if isinstance(column.missing, FillCategory) else None
                chosen = column.categories.index(fill) if missing and fill is not None else n
                made += [127 if place == chosen else 0 for place in range(len(column.categories))]
            else:
                own = self._columns[column.name]
                missing = n == -32768
                n = min(max(own.fill if missing else n, own.low), own.high)
                above = own.clip(n - own.low) - own.clip(0) if own.clip else n - own.low
                made.append(n if self.direct else (above * own.m + 2 ** (self.h - 1)) // 2**self.h - 127)
            if not self.direct and isinstance(column, Numeric | Categorical) and column.indicator:
                made.append(127 if missing else 0)
        return made

    def sums(self, row: Sequence[int]) -> list[int]:
        """The weighted sums of the output for a row of whole numbers."""
        vectors = {self.spec.input_name: self.encode(row)}
        totals: list[int] = []
        for layer, sources, weights, biases, finish in self.layers:
            totals = list(biases)
            for source, w in zip(sources, weights, strict=True):
                totals = [t + int(p) for t, p in zip(totals, w @ np.array(vectors[source], object), strict=True)]
            if max(map(abs, totals)) >= 2**30:
                raise ArithmeticError(f"{layer.name}: a sum has left its range")
            if layer is not self.spec.layers[-1]:
                vectors[layer.name] = [finish(total) for total in totals]
        return totals

    def anomaly_score(self, row: Sequence[int]) -> int:
        """The anomaly score, where the inputs are the targets."""
        return self._score(self.sums(row), self.encode(row))

    def limit(self, rows: Sequence[Sequence[int]], percent: float) -> int:
        """The score that so many percent of the training rows, in whole numbers, are not above."""
        return limit([self.anomaly_score(row) for row in rows], percent)

    def answers(self, row: Sequence[int]) -> list[int]:
        """The probabilities in units of 1/255, or the numeric answers in their units."""
        return list(self.layers[-1][-1](self.sums(row)))


def _shares(e: list[int]) -> list[int]:
    total = sum(e)
    return [(255 * v + total // 2) // total for v in e]
