"""The output of ``nngen train``."""

from collections import Counter
from collections.abc import Callable, Sequence

from nngen.commands.train import Score, Trained, tuples
from nngen.text import table

MAX_LISTED = 12
"""Up to this many training examples are listed one by one."""


def progress(echo: Callable[[str], None], epoch: int, epochs: int, loss: float) -> None:
    """Print a line for about ten of the epochs."""
    if epoch in (1, epochs) or epoch % max(1, epochs // 10) == 0:
        echo(f"epoch {epoch:>{len(str(epochs))}} of {epochs}: loss {loss:.6f}")


def learned(trained: Trained, score: Score, test_score: Score | None) -> str:
    """The scores, followed by each training example if there are few, or else by a table of confusions."""
    text = f"training examples: {score}" + (f"\nheld-out examples: {test_score}" if test_score else "")
    data = trained.examples
    if len(data.train_x) <= MAX_LISTED:
        rows = [
            (_numbers(x), _numbers(y), " ".join(f"{a:.4f}" for a in trained.forward(x)))
            for x, y in zip(tuples(data.train_x), tuples(data.train_y), strict=True)
        ]
        return f"{text}\n\n{table(('inputs', 'targets', 'outputs'), rows)}"
    if data.labels and len(data.test_x):
        return f"{text}\n\n{_confusion(trained)}"
    return text


def _confusion(trained: Trained) -> str:
    """A row for each class of the held-out examples: how often the network predicted each class."""
    data, labels = trained.examples, trained.examples.labels
    tests = zip(tuples(data.test_x), tuples(data.test_y), strict=True)
    counts = Counter((trained.decide(y), trained.decide(trained.forward(x))) for x, y in tests)
    rows = [[label, *(str(counts[i, j] or ".") for j in range(len(labels)))] for i, label in enumerate(labels)]
    return table(["held out: class", *(f"as {label}" for label in labels)], rows, range(1, len(labels) + 1))


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:g}" for value in values)
