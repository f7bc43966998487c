"""Train a generated module on the data of its spec, as ``nngen train`` and ``make demo`` do."""

import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nngen.commands.compiled import fastest
from nngen.commands.inner import module_of, without_ids
from nngen.commands.intervals import widened
from nngen.commands.predict import Given, parameters
from nngen.commands.temperature import tempered
from nngen.commands.trained import Score, Trained, parts, validation_places
from nngen.common import files
from nngen.common.cautions import Caution
from nngen.common.diagnostics import SpecError, show
from nngen.common.text import joined
from nngen.description.data import Array, drawn_again, read_examples
from nngen.description.model import Spec, Table, Values
from nngen.plan import plan
from nngen.reading import packing, parameter_files

Report = Callable[[int, int, tuple[float, ...]], bool | None]
"""Called with an epoch, from 1, the number of epochs, and the losses of the epoch; True ends the training."""


class _Ended(BaseException):
    """The callback has asked to end the training. No ``fit`` catches it by mistake."""


SMALLER = "lower the optimizer's `rate`, or scale inputs and targets to sizes near 1 (`scale: standardize`)"
"""What to do about a training that diverged."""


class DivergedError(Exception):
    """Training led to infinite or NaN numbers; the message says in which epoch and batch."""


class Trainer:
    """Trains a spec's module by its own ``fit``; its state is that after the last complete epoch.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        target: ``python``, ``numpy`` or ``c``; None for the fastest of the last two.
        seed: the seed of the initial parameters; None for the spec's.
        epochs: how many in all; None for the spec's.
        fold: the number of a fold, and how many there are; its rows are held out.

    Raises:
        SpecError: there are no data, or they do not fit the network; or there is no compiler of C.
    """

    def __init__(
        self,
        spec: Spec,
        path: Path,
        target: str | None,
        seed: int | None,
        epochs: int | None,
        fold: tuple[int, int] | None = None,
    ) -> None:
        if spec.data is None or isinstance(spec.data, Values):
            advice = "add `data:` with a few `rows`, or a `file`"
            raise files.refused(path, "the spec has no data to train on", advice)
        self.spec, self.path = spec, path
        self.seed = spec.initial.seed if seed is None else seed
        self.epochs = spec.training.epochs if epochs is None else epochs
        self.examples = read_examples(spec, path.parent, fold=fold)
        self.parts = parts(self.examples, spec.training.stop)
        rows = len(self.examples.train_x)
        self.target = target or fastest(spec, plan(without_ids(spec)), rows, self.epochs)
        try:
            self.module = module_of(spec, path.parent, self.target, self.examples.encoding)
        except SpecError:
            if target:
                raise
            self.target = "numpy"  # the compiler does not work
            self.module = module_of(spec, path.parent, self.target, self.examples.encoding)
        self.fit: Callable[..., Any] = self.module.fit
        """The function that trains: that of the module, or another one, such as on a cluster."""
        self.elsewhere: dict[str, Any] = {}
        """Further settings that change the numbers if another function trains, by name."""
        self.told = False
        """Whether the callback has ended the training."""
        self._losses: list[tuple[float, ...]] = []
        self._now: tuple[Any, Any] = self.module.init(self.seed), None
        self._chosen: tuple[tuple[int, int], tuple[Trained, float]] | None = None

    def begin_with(self, given: Given) -> None:
        """Begin with these parameters, in place of initial ones.

        There is a caution for each way in which the network of their training differs.
        """
        if isinstance(given, parameter_files.Stored):
            for one in given.differences(self.spec, self.examples.encoding)[: parameter_files.MAX_DIFFERENCES]:
                warnings.warn(f"{one.message}; training begins with them all the same", Caution, stacklevel=2)
        values = np.asarray(given.values, np.float64) if isinstance(given, parameter_files.Stored) else given
        self._now = parameters(self.module, self.spec, values, batches=self.target == "numpy"), None

    def continue_from(self, params: Any, progress: Any, losses: list[tuple[float, ...]]) -> None:
        """Continue another training from its parameters, its progress as a callback received it, and its losses."""
        self._now, self._losses = (params, progress), losses

    @property
    def params(self) -> Any:
        """The parameters after the last epoch."""
        return self._now[0]

    @property
    def progress(self) -> Any:
        """The progress from which ``fit`` continues, without the parameters; None before the first epoch."""
        return self._now[1]

    @property
    def done(self) -> int:
        """The number of epochs that are done."""
        return self.progress[0] if self.progress else 0

    @property
    def losses(self) -> list[tuple[float, ...]]:
        """For each epoch the training loss and, if examples are kept for validation, theirs: NaN if not measured."""
        return self._losses[: self.done]

    @property
    def last_measured(self) -> int:
        """The last epoch whose loss the stop rule has measured, 0 if there is none; without a rule, the last epoch."""
        return self._measured(self.done)

    def _measured(self, done: int) -> int:
        stop = self.spec.training.stop
        return done if stop is None else done - done % stop.every

    @property
    def best_epoch(self) -> int:
        """The first epoch with the lowest loss, from 1: the loss of the stop rule, or else the training loss.

        It is 0 if the rule has met no finite loss.
        """
        if self.spec.training.stop is not None:
            return self.last_measured - int(self.progress[5])
        losses = self.losses
        return losses.index(min(losses)) + 1

    def run(self, report: Report) -> None:
        """Train until all epochs are done, or the stop rule or the report ends it.

        Raises:
            SpecError: the data do not fit the network.
            DivergedError: the loss or a parameter became infinite or NaN.
        """
        watch = _Watch(self.module, self.params, self.done + 1)

        def given(values: Array) -> Any:
            return values.tolist() if self.target == "python" else values

        def ended(epoch: int, loss: float, params: Any, progress: Any) -> None:
            watch.after(loss, params)
            losses: tuple[float, ...] = (loss,)
            if "validation" in self.parts:
                losses += (progress[2] if self._measured(progress[0]) == progress[0] else math.nan,)
            self._losses.append(losses)
            self._now = params, progress  # last: where a signal comes before, the epoch is not done
            if report(epoch + 1, self.epochs, losses) is True:
                self.told = True
                raise _Ended

        data = self.examples
        try:
            for epochs, x in self._rounds():
                self.fit(
                    self.params,
                    given(x),
                    given(data.train_y),
                    **({} if data.train_weights is None else {"weights": given(data.train_weights)}),
                    epochs=epochs,
                    callback=ended,
                    progress=self.progress,
                )
                if self.done < epochs:  # the stop rule has ended it
                    break
        except _Ended:
            pass
        except ValueError as error:  # targets that the loss does not take
            raise self._unfit(error) from None

    def _rounds(self) -> Iterator[tuple[int, Array]]:
        """The epochs to have done, and the inputs to train on until then: of pairs others in each epoch."""
        spec, x, y = self.spec, self.examples.train_x, self.examples.train_y
        if not (isinstance(spec.data, Table) and spec.data.negatives) or self.elsewhere:
            yield self.epochs, x
            return
        stop = spec.training.stop
        kept = validation_places(len(x), stop) if stop is not None and stop.validation else np.zeros(0, np.intp)
        for epoch in range(self.done, self.epochs):
            yield epoch + 1, drawn_again(spec, x, y, kept, epoch)

    @property
    def trained(self) -> Trained:
        """The module with the best parameters of a stop rule, or else those after the last epoch.

        The last layer of a classifier has the temperature that lowers the loss of the validation examples, and that of
        a network with two ends the width that its calibration examples ask for.
        """
        return self._tempered[0]

    @property
    def temperature(self) -> float:
        """What the weights and biases of the last layer are divided by, as the validation examples choose."""
        return self._tempered[1]

    @property
    def _tempered(self) -> tuple[Trained, float]:
        best = self.spec.training.stop is not None and self.last_measured
        params = self.progress[4] if best else self.params
        key = self.done, id(params)
        if self._chosen is None or self._chosen[0] != key:
            found = Trained(self.module, params, self.target != "python", self.spec.loss, self.examples)
            kept = self.parts.get("validation")
            made, temperature = (found, 1.0) if kept is None else tempered(found, self.spec, kept)
            self._chosen = key, (widened(made, self.spec), temperature)
        return self._chosen[1]

    def scores(self) -> dict[str, Score]:
        """The scores of the training, validation and held-out examples, as far as there are some.

        Raises:
            SpecError: the data do not fit the network.
            DivergedError: the training loss is infinite or NaN after the last step.
        """
        trained = self.trained
        try:
            found = {name: trained.score(*part) for name, part in self.parts.items()}
        except ValueError as error:  # targets of held-out examples
            raise self._unfit(error) from None
        except ArithmeticError as error:
            raise DivergedError(f"training diverged in its last step: {_words(error)}") from None
        if not math.isfinite(found["training"].loss):
            raise DivergedError(f"training diverged in its last step: the loss is {found['training'].loss:g}")
        return found

    def _unfit(self, error: ValueError) -> SpecError:
        data, advice = self.spec.data, ""
        if isinstance(data, Table):
            columns = f"the targets are {joined([*map(show, dict.fromkeys(data.targets))], 'and')} of {data.file}"
            advice = f"{columns}: name another column, or a loss that accepts them"
        return files.refused(self.path, f"the data do not fit the network: {error}", advice)


class _Watch:
    """Ends training at the first infinite or NaN loss."""

    def __init__(self, module: Any, start: Any, epoch: int) -> None:
        self.epoch, self.batch = epoch, 0
        self._module, self._start, self._inside = module, start, False
        for name in ("gradient", "_batch", "batch_gradient"):
            if hasattr(module, name):
                setattr(module, name, self._checked(getattr(module, name)))

    def _checked(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def checked(params: Any, *more: Any, **options: Any) -> Any:
            outermost = not self._inside and options.get("slopes", True)  # one call for each batch
            self.batch += outermost
            self._inside |= outermost
            try:
                with np.errstate(over="ignore", invalid="ignore"):  # the loss says it
                    result = function(params, *more, **options)
            except ArithmeticError as error:
                raise self.diverged(_words(error)) from None
            except ValueError as error:
                function(self._start, *more, **options)  # raises the same error if the data are the reason
                raise self.diverged(_words(error)) from None
            finally:
                self._inside &= not outermost
            if not math.isfinite(result[0]):
                raise self.diverged(f"the loss is {result[0]:g}")
            return result

        return checked

    def after(self, loss: float, params: Any) -> None:
        """Check the loss and the parameters at the end of an epoch; compiled code is not watched before."""
        if not math.isfinite(loss):
            raise DivergedError(f"training diverged in epoch {self.epoch}: the loss is {loss:g}")
        if not np.isfinite(packing.parameters(self._module, params)).all():
            raise DivergedError(f"training diverged in epoch {self.epoch}: a parameter is infinite or NaN")
        self.epoch, self.batch = self.epoch + 1, 0

    def diverged(self, why: str) -> DivergedError:
        """The error for the current batch."""
        return DivergedError(f"training diverged in epoch {self.epoch}, batch {self.batch}: {why}")


def _words(error: ArithmeticError | ValueError) -> str:
    return str(error.args[-1] if error.args else error).lower()
