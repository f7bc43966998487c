"""The output of ``nngen train``."""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
import numpy as np

from nngen.commands import intervals
from nngen.commands.anomalies import described, limit_of, scores
from nngen.commands.baselines import Baselines
from nngen.commands.metrics import Metrics
from nngen.commands.train import Report, Trainer
from nngen.commands.trained import Part, Score, Trained, parts
from nngen.common.text import counted, table
from nngen.description.data import Array
from nngen.mathematics.catalogue import STOP_RULES
from nngen.plan import plan

HISTORY = "epoch,loss"
"""The beginning of each history."""

MAX_LISTED = 12
"""Up to this many training examples are listed one by one."""


def interactive() -> bool:
    """Whether progress is shown on a terminal, and not written to a file or a log."""
    return sys.stderr.isatty()


@contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[int, str], None]]:
    """A progress bar with the estimated time left, on a terminal; nothing elsewhere.

    Returns a function that advances the bar and shows a text beside it.
    """
    if not interactive():
        yield lambda steps, text: None
        return
    shown = click.progressbar(
        length=length, label=label, show_pos=True, item_show_func=lambda text: text, file=sys.stderr
    )
    with shown as moving:
        yield moving.update


def losses(values: Sequence[float]) -> str:
    """The losses of an epoch: of the training examples and, if there are some, of the validation examples."""
    names = ("loss", "validation loss")[: len(values)]
    pairs = zip(names, values, strict=True)
    return ", ".join(f"{name} {value:.6f}" for name, value in pairs if not math.isnan(value))


def progress(echo: Callable[[str], None], epoch: int, epochs: int, values: Sequence[float]) -> None:
    """Print a line for about ten of the epochs."""
    if epoch in (1, epochs) or epoch % max(1, epochs // 10) == 0:
        echo(f"epoch {epoch:>{len(str(epochs))}} of {epochs}: {losses(values)}")


@contextmanager
def shown(trainer: Trainer, echo: Callable[[str], None]) -> Iterator[Report]:
    """Show the progress of a training: a bar on a terminal, some lines elsewhere."""
    label = f"epoch, after {trainer.done}" if trainer.done else "epoch"
    with bar(trainer.epochs - trainer.done, label) as update:

        def report(epoch: int, epochs: int, values: Sequence[float]) -> None:
            update(1, losses(values))
            if not interactive():
                progress(echo, epoch, epochs, values)

        yield report


def interrupted(trainer: Trainer, again: str) -> str:
    """The message after an interruption; ``again`` is the command to continue, empty if nothing is saved."""
    if not trainer.done:
        return "interrupted in the first epoch; there is nothing to save"
    what = f"interrupted after epoch {trainer.done} of {trainer.epochs}"
    if not again:
        return f"{what}; nothing is saved: --save FILE would have kept this epoch, to continue from it"
    return f"{what}; to continue: {again}"


def history(trainer: Trainer) -> str:
    """The losses of each epoch as CSV; a validation loss that was not measured is an empty cell."""
    head = f"{HISTORY},validation_loss" if "validation" in trainer.parts else HISTORY
    rows = [["" if math.isnan(loss) else repr(loss) for loss in row] for row in trainer.losses]
    lines = [head, *(",".join([str(epoch), *row]) for epoch, row in enumerate(rows, 1))]
    return "".join(f"{line}\n" for line in lines)


def ended(trainer: Trainer) -> str:
    """Why training ended, and which epoch was the best."""
    stop, done, last, best = trainer.spec.training.stop, trainer.done, trainer.last_measured, trainer.best_epoch
    if last == 0:
        how = f"epoch {done} by the callback" if trainer.told else f"all {trainer.epochs} epochs"
        return f"training ended after {how}, none of them measured; the last parameters are kept"
    which = "validation loss" if "validation" in trainer.parts else "loss"
    measured, lowest = (trainer.losses[epoch - 1][-1] for epoch in (last, best))
    if trainer.told:
        how = f"after epoch {done} of {trainer.epochs} by the callback: {which} {measured:.6f}"
    elif done < trainer.epochs and stop is not None:
        options = ", ".join(f"{option.name} {stop.options[option.name]:g}" for option in STOP_RULES[stop.name].options)
        how = f"after epoch {done} of {trainer.epochs} by the rule {stop.name} ({options}): {which} {measured:.6f}"
    else:
        how = f"after all {trainer.epochs} epochs: {which} {measured:.6f}"
    kept = ", whose parameters are kept" if stop is not None else ""
    if last < done:
        how += f" in epoch {last}"
    if best == last:
        return f"training ended {how}, the lowest{kept if last < done else ''}"
    if best == 0:
        return f"training ended {how}; none was finite, and the initial parameters are kept"
    return f"training ended {how}; the lowest, {lowest:.6f}, was that of epoch {best}{kept}"


def learned(trainer: Trainer, scores: Mapping[str, Score], how: str = "") -> tuple[str, list[str]]:
    """The end of the training and the scores, followed by each example if there are few, or else by metrics.

    ``how`` takes the place of the end of the training. Also what looks wrong about the examples that were not learned,
    see ``cautions``, and about the network.
    """
    bends = plan(trainer.spec).monotone.bends if trainer.spec.monotone else ""
    trained = intervals.with_intervals(trainer.trained)
    data = trained.examples
    always = [*data.doubts, *([f"{bends}; with tanh it may bend both ways"] if bends else [])]
    always += intervals.cautions(trainer.spec, len(data.calibration_x))
    lines = [
        how or ended(trainer),
        *_tempered(trainer),
        *(f"{part} examples: {score}" for part, score in scores.items()),
    ]
    units = trainer.spec.layers[-1].unit_names
    if len(data.test_x) and (held := intervals.said(trained, trained.outputs(data.test_x), data.test_y, units)):
        lines.append(f"held-out examples: {held}")
    text = "\n".join(lines)
    if data.encoding.of_inputs:
        return f"{text}\n\n{_scored(trained, trainer.parts)}", always
    if len(data.train_x) <= MAX_LISTED:
        examples = zip(data.train_x, data.train_y, trained.outputs(data.train_x), strict=True)
        rows = [(_numbers(x), _numbers(y), " ".join(f"{a:.4f}" for a in outputs)) for x, y, outputs in examples]
        return f"{text}\n\n{table(('inputs', 'targets', 'outputs'), rows)}", always
    found = _answered(trained, trainer.parts)
    part = next((part for part in ("held-out", "validation") if part in found), "")
    looked_at = [*cautions(trained, part, *found[part])] if part else []
    return f"{text}\n\n{judged(trained, found, 'held-out')}", [*always, *looked_at]


def _tempered(trainer: Trainer) -> Iterator[str]:
    """What the validation examples say of the probabilities, if it changed them."""
    if trainer.temperature != 1.0:
        how = "less" if trainer.temperature > 1.0 else "more"
        yield (
            f"probabilities are {how} sure than training left them: the last layer is divided by "
            f"{trainer.temperature:.4g}, the temperature with the lowest validation loss"
        )


def sampled(trainer: Trainer) -> str:
    """The end of a training on other rows, and the metrics of all rows of the spec."""
    trained = trainer.trained
    found = parts(trained.examples, None)
    x, y = (np.concatenate([part[place] for part in found.values()]) for place in (0, 1))
    scores = judged(trained, {"sample": ({"network": trained.outputs(x)}, y)}, "sample")
    return f"{ended(trainer)}\n\n{scores}"


def _scored(trained: Trained, found: Mapping[str, Part]) -> str:
    """The anomaly scores of parts of the examples."""
    of_parts = {name: scores(x, trained.outputs(x)) for name, (x, *_) in found.items()}
    x, how = trained.examples.train_x, trained.examples.encoding
    return described(how.percentile, limit_of(scores(x, trained.outputs(x)), how.percentile), of_parts)


def scored(trained: Trained) -> str:
    """The metrics of the held-out examples, or else of the training examples, as ``nngen evaluate`` prints them."""
    found = parts(trained.examples, None)
    part = "held-out" if "held-out" in found else "training"
    answers = _answered(trained, {part: found[part]}, trained.baselines(*found["training"][:2]))
    return judged(trained, answers, "held-out")


def _answered(
    trained: Trained, chosen: Mapping[str, Part], baselines: Baselines | None = None
) -> dict[str, tuple[dict[str, Array], Array]]:
    """For each part of the examples the outputs of the network and of baselines, by name, and the targets."""
    fitted = baselines or trained.baselines(*chosen["training"][:2])
    models = {"network": trained.outputs, **fitted.outputs()}
    return {part: ({name: of(x) for name, of in models.items()}, y) for part, (x, y, _) in chosen.items()}


def judged(trained: Trained, found: Mapping[str, tuple[Mapping[str, Array], Array]], confused: str) -> str:
    """The metrics of the network beside those of other models.

    Args:
        trained: the trained module.
        found: for each part of the examples, the outputs of each model by its name, the network first, and the
            targets; all of shape ``(n, outputs)``.
        confused: the part that gets a table of confusions, if there is this part, and targets are classes.
    """
    rows: list[list[str]] = []
    for part, (outputs, y) in found.items():
        metrics = [trained.metrics(given, y) for given in outputs.values()]
        for place, metric in enumerate(metrics[0]):
            rows.append([part if place == 0 else "", metric, *(_metric(metric, values) for values in metrics)])
    models = [*next(iter(found.values()))[0]]
    text = table(["examples", "metric", *models], rows, range(2, len(models) + 2))
    if trained.examples.labels and confused in found:
        outputs, y = found[confused]
        return f"{text}\n\n{_confusion(trained, confused, outputs['network'], y)}"
    return text


def _metric(name: str, values: Metrics) -> str:
    if name not in values:
        return "."
    return f"{values[name]:.1%}" if name == "accuracy" else f"{values[name]:.4g}"


def _confusion(trained: Trained, part: str, outputs: Array, y: Array) -> str:
    """A row for each class of some examples: how often the network predicted each class."""
    labels = trained.examples.labels
    counts = np.zeros((len(labels), len(labels)), np.intp)
    np.add.at(counts, (trained.classes(y), trained.classes(outputs)), 1)
    rows = [[label, *(str(count or ".") for count in row)] for label, row in zip(labels, counts.tolist(), strict=True)]
    return table([f"{part}: class", *(f"as {label}" for label in labels)], rows, range(1, len(labels) + 1))


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:g}" for value in values)


LEAST = 10
"""Examples that say something about a network."""

FEW = 20
"""Examples of which a network may well have all right."""

PERFECT = 0.9999
"""R² from which on numbers are as good as known."""

WORSE = 1.05
"""How much larger than that of a regression the error of numbers may be."""

LEAK = "look for a column that is known only after the target, and leave it out"
TUNE = "try `nngen train SPEC --search training.optimizer.rate=0.001,0.005,0.02`, or more units"


def cautions(trained: Trained, part: str, outputs: Mapping[str, Array], y: Array) -> Iterator[str]:
    """The warnings about some examples, held-out or validation, one sentence each.

    ``outputs`` are those of the network, of a regression and of a constant, by their names in this order. They and the
    targets have the shape ``(n, outputs)``.
    """
    if len(y) < LEAST:
        return
    name = [*outputs][1]
    network, regression, constant = outputs.values()
    if trained.examples.labels:
        yield from _of_classes(trained, part, (name, network, regression, constant), y)
        return
    errors, linear = trained.metrics(network, y), trained.metrics(regression, y)
    if len(y) >= FEW and errors.get("R²", 0.0) > PERFECT:
        yield f"the answers for {part} examples are nearly exact (R² {errors['R²']:.6f}): {LEAK}"
    elif errors["RMSE"] > WORSE * linear["RMSE"]:
        yield f"the network is worse than {name}, RMSE {errors['RMSE']:.4g} to {linear['RMSE']:.4g} of {part}: {TUNE}"


def _of_classes(trained: Trained, part: str, answers: tuple[str, Array, Array, Array], y: Array) -> Iterator[str]:
    name, *models = answers
    true = trained.classes(y)
    given = trained.classes(models[0])
    network, linear, constant = (float(np.mean(trained.classes(outputs) == true)) for outputs in models)
    if len({*given.tolist()}) == 1 and len({*true.tolist()}) > 1:
        label = trained.examples.labels[int(given[0])]
        every = counted(len(y), f"{part} example")
        yield f"each of {every} gets the answer {label!r}: the network does not tell the classes apart"
    elif network == 1.0 and constant < 1.0 and len(y) >= FEW:
        yield f"all {len(y)} {part} examples are right, which is rare: {LEAK}"
    if network < linear - math.sqrt(linear * (1.0 - linear) / len(y)) or network < linear == 1.0:
        yield f"the network is worse than {name}, {network:.1%} to {linear:.1%} of {part} right: {TUNE}"
