"""Random networks: columns of any size, far from 0, with tails; gaps, categories, skip connections, batch norm."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from nngen.common.diagnostics import SpecError
from nngen.description.model import Spec
from nngen.integers.activations import JUMPING
from nngen.mathematics.catalogue import ACTIVATIONS
from nngen.plan import plan
from nngen.reading import load

SMOOTH = sorted(name for name, entry in ACTIVATIONS.items() if name not in JUMPING and not entry.across)


MANY = 21
"""Outputs whose answers are given by one function of C."""


class Drawn(NamedTuple):
    """A network, its file, its parameters, and the size of its tables."""

    spec: Spec
    path: Path
    flat: list[float]
    size: int


def network(seed: int, folder: Path, *, clipped: bool = False) -> Drawn | None:
    """The network of a seed, with its table in a folder; None if its spec breaks a rule.

    A clip keeps columns near 0, but for the first one of odd seeds. Answers of each third network of numbers have a
    range.
    """
    drawn = random.Random(seed)
    columns, cells = zip(*(_column(drawn, f"n{i}") for i in range(drawn.randint(1, 6))), strict=True)
    outputs = drawn.choice([1, 1, 1, MANY])
    output, loss, data, target = _output(drawn, outputs)
    if clipped and seed % 2 and "categories" not in columns[0]:
        columns = (columns[0].replace("}", ", scale: standardize}"), *columns[1:])
    targets = [f"y{i + 1}" for i in range(outputs)] if outputs > 1 else ["y"]
    rows = [",".join([*(cell() for cell in cells), *(target() for _ in targets)]) for _ in range(240)]
    head = ",".join([*(f"n{i}" for i in range(len(columns))), *targets])
    named = f"{{name: y, size: {outputs}}}" if outputs > 1 else "y"
    (folder / "rows.csv").write_text("\n".join([head, *rows, ""]))
    scale = drawn.choice(["standardize", "interval", "{name: divide, by: 4}"])
    scale = "robust" if clipped else scale
    data += "answer_range: 0.05, " if seed % 3 == 0 and "classes" not in data else ""
    path = folder / "net.yaml"
    path.write_text(
        "\n".join(["name: net", "inputs:", *columns, "layers:", *_layers(drawn), output, f"loss: {loss}"])
        + "\ntraining: {optimizer: {name: gradient_descent, rate: 0.1}, batch_size: 4}\n"
        f"data: {{file: rows.csv, target: {named}, {data}scale: {scale}}}\n"
    )
    try:
        spec = load(path)
    except SpecError:
        return None
    planned, size = plan(spec), 10.0 ** drawn.choice([-6, -2, 0, 0, 0, 1, 3])
    flat = [size * drawn.gauss(0, 1) for _ in range(planned.size)]
    for block in planned.blocks:
        if block.symbol == "variance":
            flat[block.start : block.stop] = map(abs, flat[block.start : block.stop])
    return Drawn(spec, path, flat, drawn.choice([16, 100, 256]))


def _column(drawn: random.Random, name: str) -> tuple[str, Callable[[], str]]:
    if drawn.random() < 0.3:
        categories = ["a", "b", "c"][: drawn.randint(1, 3)]
        mark = drawn.choice(["", ", indicator: true"])
        text = f"  - {{name: {name}, categories: [{', '.join(categories)}], unknown: zeros, missing: zeros{mark}}}"
        return text, lambda: drawn.choice([*categories, "", "z"])
    scale, middle = 10.0 ** drawn.randint(-4, 5), drawn.choice([0, 0, 1, -3, 100, 5_000, -123_456])
    gap = drawn.choice(["", "", "missing: median, indicator: true", "missing: 0"])
    tail = drawn.random() < 0.2
    low, high = (middle - 1) * scale, (middle + 1) * scale
    stated = drawn.choice(["", "", "", f"range: [{low!r}, {high!r}]"])
    text = f"  - {{{', '.join(filter(None, [f'name: {name}', gap, stated]))}}}"

    def cell() -> str:
        if gap and drawn.random() < 0.2:
            return ""
        value = drawn.lognormvariate(0, 2) if tail else drawn.uniform(-1, 1)
        return f"{scale * (middle + value):.8g}" if tail or abs(middle) > 100 else f"{scale * (middle + value):.3g}"

    return text, cell


def _layers(drawn: random.Random) -> list[str]:
    names, made = ["x"], []
    for k in range(drawn.randint(0, 3)):
        activation = drawn.choice([*SMOOTH, *["relu"] * 8, *["linear"] * 3])
        several = drawn.sample(names, drawn.randint(1, len(names)))
        more = f", from: [{', '.join(several)}]" if drawn.random() < 0.4 else ""
        more += drawn.choice(["", "", "", ", normalization: batch_norm"])
        made.append(f"  - {{name: h{k}, units: {drawn.randint(1, 6)}, activation: {activation}{more}}}")
        names.append(f"h{k}")
    return made


def _output(drawn: random.Random, outputs: int) -> tuple[str, str, str, Callable[[], str]]:
    """The last layer, its loss, what the data say about it, and a target."""
    kind = drawn.choice(["several", "two", "numbers"]) if outputs == 1 else "numbers"
    if kind == "several":
        layer = "  - {name: out, units: [a, b, c], activation: softmax}"
        return layer, "cross_entropy", "classes: [a, b, c], ", lambda: drawn.choice("abc")
    if kind == "two":
        layer = "  - {name: out, units: 1, activation: sigmoid}"
        return layer, "binary_cross_entropy", "classes: [a, b], ", lambda: drawn.choice("ab")
    activation, size = drawn.choice([*SMOOTH, *["linear"] * 6]), 10.0 ** drawn.randint(-3, 6)
    scaled = "scale_targets: standardize, " if activation == "linear" and drawn.random() < 0.5 else ""
    layer = f"  - {{name: out, units: {outputs}, activation: {activation}}}"
    return layer, "squared_error", scaled, lambda: f"{size * drawn.uniform(-1, 1):.4g}"
