"""The checkpoint of a training on shards: a client that was killed continues from it with the same bits.

It is JSON with packed numbers and a checksum, and replaced as a whole. Within an epoch it has the losses of the
batches that are done: ``fit`` then runs the epoch from its begin, but takes these losses as they are and leaves out
their steps.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nngen.commands import output
from nngen.common import files
from nngen.common.records import dataclass
from nngen.reading import packing

MOST = 4_000_000_000
"""Bytes of a checkpoint; a training with a hundred million parameters has less."""


@dataclass(frozen=True)
class Moment:
    """The state of a training after a step."""

    params: Any
    progress: Any
    """The number of complete epochs, the optimizer's state, and that of a stop rule, as the module's ``fit`` has it."""
    history: tuple[float, ...] = ()
    """The loss of each complete epoch."""
    batches: tuple[float, ...] = ()
    """The losses of the batches of the next epoch that are done."""


class Checkpoint:
    """A file with the last moment of a training.

    ``settings`` are all that the numbers of the training depend on, by name, except the number of epochs.
    """

    def __init__(self, path: Path, net: Any, settings: Mapping[str, Any]) -> None:
        self._path, self._net, self._settings = path, net, dict(settings)

    def begin(self, first: Moment, *, resume: bool) -> Moment:
        """The moment to continue from: that of the file, which exists only to ``resume``, or the first one.

        Raises:
            SpecError: the file exists and is not to be continued, is that of another training, or cannot be written.
        """
        if resume and self._path.exists():
            return self._read(first)
        if self._path.exists():
            raise files.refused(self._path, "the checkpoint exists", "continue it with `resume=True`, or delete it")
        output.check(self._path, force=False)
        return first

    def write(self, moment: Moment) -> None:
        """Replace the file.

        Raises:
            SpecError: it cannot be written.
        """
        epochs, *others = moment.progress
        arrays = {
            "parameters": moment.params,
            "progress": others,
            "history": list(moment.history),
            "batches": list(moment.batches),
        }
        content = {
            "shards_checkpoint": self._net.LAYOUT,
            "epochs": epochs,
            "batches_done": len(moment.batches),
            "settings": self._settings,
            **{name: packing.text(packing.numbers(values)) for name, values in arrays.items()},
        }
        output.save(self._path, packing.sealed(content), force=True)

    def _read(self, first: Moment) -> Moment:
        found = packing.opened(self._path, MOST, "shards_checkpoint", self._net.LAYOUT, " of `nngen.dask.fit`")
        packing.compare(self._path, found.get("settings"), self._settings, "train anew with another file")
        epochs, batches = found.get("epochs"), found.get("batches_done")
        if type(epochs) is not int or type(batches) is not int or epochs < 0 or batches < 0:
            raise files.refused(self._path, "the checkpoint is damaged")
        expected = {
            "parameters": len(packing.numbers(first.params)),
            "progress": len(packing.numbers(first.progress[1:])),
            "history": epochs,
            "batches": batches,
        }
        arrays = {name: packing.decoded(self._path, name, found.get(name), count) for name, count in expected.items()}
        try:
            progress = packing.like(first.progress[1:], iter(arrays["progress"].tolist()))
            if len(progress) > 1:
                packing.whole(progress[-1], epochs)  # epochs since the best one
            rows = self._settings["the number of rows"]
            packing.whole(batches, -(-rows // (self._settings["batch_size"] or rows)) - 1)  # no epoch has more
        except ValueError:
            raise files.refused(self._path, "the checkpoint is damaged") from None
        return Moment(
            params=packing.like(first.params, iter(arrays["parameters"].tolist())),
            progress=(epochs, *progress),
            history=tuple(arrays["history"].tolist()),
            batches=tuple(arrays["batches"].tolist()),
        )


class Recorder:
    """Follows the steps of a module's ``fit``, and writes its checkpoints.

    Args:
        net: the module; its ``gradient`` and ``step`` are replaced.
        start: the moment from which ``fit`` continues.
        checkpoint: the checkpoint, or None.
        every: the number of steps after which it is also written within an epoch; None for never.
    """

    def __init__(self, net: Any, start: Moment, checkpoint: Checkpoint | None, every: int | None) -> None:
        self._start, self._checkpoint, self._every = start, checkpoint, every
        self._progress, self._history, self._batches = start.progress, [*start.history], [*start.batches]
        self._left, self._repeating = len(start.batches), False
        name = "batch_gradient" if hasattr(net, "batch_gradient") else "gradient"
        self._gradient, self._keeps_statistics = getattr(net, name), name == "batch_gradient"
        setattr(net, name, self._measured)
        for step in {"step", "_step_in_place"} & set(vars(net)):
            setattr(net, step, partial(self._stepped, getattr(net, step)))

    def _measured(self, params: Any, *more: Any, _into: Sequence[Any] = (), **options: Any) -> Any:
        """The gradient of a batch; before it, the parameters are those after all batches that are done."""
        self._repeating = self._left > 0
        if self._repeating:  # done before the break: the parameters are those after it already
            loss, self._left = self._start.batches[-self._left], self._left - 1
            for values in _into:
                values[...] = 0.0
            return (loss, None, params) if self._keeps_statistics else (loss, None)
        try:
            found = self._gradient(params, *more, **options)
        except FloatingPointError as error:
            raise self._diverged(f", batch {len(self._batches) + 1}: {error}") from None
        if self._checkpoint and self._every and self._batches and len(self._batches) % self._every == 0:
            self._checkpoint.write(self._moment(params, self._progress))  # the loss shows that they are finite
        for values, slopes in zip(_into, found[1], strict=False):  # fit takes the gradient from there, if it says so
            values[...] = slopes
        self._batches.append(found[0])
        return found

    def _stepped(self, step: Callable[..., Any], params: Any, slopes: Any, state: Any) -> Any:
        if self._repeating:
            return params, state
        params, state = step(params, slopes, state)
        done, _, *stopping = self._progress
        self._progress = done, state, *stopping
        return params, state

    def ended(self, callback: Callable[..., Any] | None) -> Callable[..., Any]:
        """The callback for the end of an epoch, which also calls that of the user."""

        def ended(epoch: int, loss: float, params: Any, progress: Any) -> Any:
            if not all(np.isfinite(values).all() for values in params):
                raise self._diverged(": a parameter is infinite or NaN")
            self._progress, self._batches = progress, []
            self._history.append(loss)
            if self._checkpoint:
                self._checkpoint.write(self._moment(params, progress))
            return callback(epoch, loss, params, progress) if callback else None

        return ended

    def _diverged(self, why: str) -> FloatingPointError:
        return FloatingPointError(f"training diverged in epoch {len(self._history) + 1}{why}")

    def _moment(self, params: Any, progress: Any) -> Moment:
        return Moment(params, progress, tuple(self._history), tuple(self._batches))
