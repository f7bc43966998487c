"""The output of ``nngen train``."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

from nngen.commands.metrics import Baselines, Metrics
from nngen.commands.train import Score, Trained
from nngen.text import table

MAX_LISTED = 12
"""Up to this many training examples are listed one by one."""


def interactive() -> bool:
    """Whether progress is shown on a terminal, and not written to a file or a log."""
    return sys.stderr.isatty()


@contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[int, str], None]]:
    """A progress bar with the estimated time left, on a terminal; nothing elsewhere.

    Gives a function that moves the bar on, and shows a text beside it.
    """
    if not interactive():
        yield lambda steps, text: None
        return
    shown = click.progressbar(
        length=length, label=label, show_pos=True, item_show_func=lambda text: text, file=sys.stderr
    )
    with shown as moving:
        yield moving.update


def progress(echo: Callable[[str], None], epoch: int, epochs: int, loss: float) -> None:
    """Print a line for about ten of the epochs."""
    if epoch in (1, epochs) or epoch % max(1, epochs // 10) == 0:
        echo(f"epoch {epoch:>{len(str(epochs))}} of {epochs}: loss {loss:.6f}")


def learned(trained: Trained, score: Score, test_score: Score | None) -> str:
    """The scores, followed by each training example if there are few, or else by a table of confusions."""
    text = f"training examples: {score}" + (f"\nheld-out examples: {test_score}" if test_score else "")
    data = trained.examples
    if len(data.train_x) <= MAX_LISTED:
        examples = zip(data.train_x, data.train_y, trained.outputs(data.train_x), strict=True)
        rows = [(_numbers(x), _numbers(y), " ".join(f"{a:.4f}" for a in outputs)) for x, y, outputs in examples]
        return f"{text}\n\n{table(('inputs', 'targets', 'outputs'), rows)}"
    return f"{text}\n\n{scored(trained)}"


def scored(trained: Trained) -> str:
    """The metrics beside those of baselines; for classes of held-out examples also a table of confusions."""
    text = _compared(trained)
    if trained.examples.labels and len(trained.examples.test_x):
        return f"{text}\n\n{_confusion(trained)}"
    return text


def _compared(trained: Trained) -> str:
    """The metrics of the held-out examples, or else of the training examples, beside those of the baselines."""
    data = trained.examples
    part, x, y = (
        ("held out", data.test_x, data.test_y) if len(data.test_x) else ("training", data.train_x, data.train_y)
    )
    models = {"network": trained.outputs, **Baselines.fitted(data.train_x, data.train_y).outputs()}
    found = {name: trained.metrics(outputs(x), y) for name, outputs in models.items()}
    rows = [[metric, *(_metric(metric, values) for values in found.values())] for metric in found["network"]]
    return table([f"{part}: metric", *found], rows, range(1, len(found) + 1))


def _metric(name: str, values: Metrics) -> str:
    if name not in values:
        return "."
    return f"{values[name]:.1%}" if name == "accuracy" else f"{values[name]:.4g}"


def _confusion(trained: Trained) -> str:
    """A row for each class of the held-out examples: how often the network predicted each class."""
    data, labels = trained.examples, trained.examples.labels
    predicted = trained.classes(trained.outputs(data.test_x)).tolist()
    counts = Counter(zip(trained.classes(data.test_y).tolist(), predicted, strict=True))
    rows = [[label, *(str(counts[i, j] or ".") for j in range(len(labels)))] for i, label in enumerate(labels)]
    return table(["held out: class", *(f"as {label}" for label in labels)], rows, range(1, len(labels) + 1))


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:g}" for value in values)
