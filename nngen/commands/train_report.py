"""What ``nngen train`` prints."""

from collections.abc import Callable, Sequence

from nngen.commands.train import Trained, decide
from nngen.data import Examples
from nngen.text import table

MAX_LISTED = 12
"""The most training examples that are listed one by one."""


def progress(echo: Callable[[str], None], epoch: int, epochs: int, loss: float) -> None:
    """A line for about ten of the epochs."""
    if epoch in (1, epochs) or epoch % max(1, epochs // 10) == 0:
        echo(f"epoch {epoch:>{len(str(epochs))}} of {epochs}: loss {loss:.6f}")


def learned(trained: Trained, batched: bool) -> str:
    """The scores; beside them each example where they are few, or where the classes go where they are many."""
    parts = [f"training examples: {trained.train}"]
    if trained.test:
        parts.append(f"held-out examples: {trained.test}")
    text = "\n".join(parts)
    data = trained.examples

    def forward(x: Sequence[float]) -> Sequence[float]:
        outputs = (
            trained.module.forward(trained.params, [x])[0] if batched else trained.module.forward(trained.params, x)
        )
        return [float(a) for a in outputs]

    if len(data.train_x) <= MAX_LISTED:
        rows = [
            (_numbers(x), _numbers(y), " ".join(f"{a:.4f}" for a in forward(x)))
            for x, y in zip(data.train_x, data.train_y, strict=True)
        ]
        return f"{text}\n\n{table(('inputs', 'targets', 'outputs'), rows)}"
    if data.labels and data.test_x:
        return f"{text}\n\n{_confusion([decide(forward(x), data.no) for x in data.test_x], data)}"
    return text


def _confusion(answers: Sequence[int], data: Examples) -> str:
    """A row for each class of the held-out examples: how often the network answered what."""
    labels = data.labels
    targets = [decide(target, data.no) for target in data.test_y]
    counts = {(target, answer): 0 for target in targets for answer in range(len(labels))}
    for pair in zip(targets, answers, strict=True):
        counts[pair] += 1
    rows = [[label, *(str(counts.get((i, j), 0) or ".") for j in range(len(labels)))] for i, label in enumerate(labels)]
    return table(["held out: class", *(f"as {label}" for label in labels)], rows, range(1, len(labels) + 1))


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:g}" for value in values)
