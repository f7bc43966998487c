"""A cluster for one command: that of an address, or workers of this machine."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import numpy as np

from nngen.commands import train
from nngen.common import files
from nngen.dask.fit import WAIT, trained
from nngen.dask.modules import with_kernel
from nngen.dask.paths import shards_of
from nngen.dask.shards import Columns
from nngen.dask.spread import Spread
from nngen.description.data import Examples, classes_of
from nngen.description.model import CTarget, Dated, Numeric, Table
from nngen.targets import texts

LOCAL = "local"
"""The address that stands for workers of this machine."""

SHARDS = 8
"""The shards of arrays that a command spreads. It is fixed, since the last bits of a training depend on it."""


@contextmanager
def connected(address: str, workers: int | None = None) -> Iterator[Any]:
    """A client of the scheduler at an address, or of so many workers of this machine, by default one per processor.

    Raises:
        SpecError: there is no scheduler at this address.
    """
    from distributed import Client, LocalCluster

    with ExitStack() as held, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)  # rows travel with the tasks
        given: Any = address
        if address == LOCAL:
            options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
            given = held.enter_context(LocalCluster(n_workers=workers, **options))
        try:
            client = held.enter_context(Client(given))
        except (OSError, ValueError) as error:
            advice = "start one: dask scheduler, or use `--dask local`"
            raise files.refused(address, f"there is no scheduler at this address: {error}", advice) from None
        yield client


@contextmanager
def spread(client: Any, trainer: train.Trainer, target: str, patterns: Sequence[str]) -> Iterator[None]:
    """Let the workers of a client compute the gradients of a training with the target numpy.

    Args:
        client: the client.
        trainer: the training.
        target: the module that computes on the workers: numpy, python or c.
        patterns: files of rows that the workers read in place of those of the spec; see ``shards_of``.

    Raises:
        SpecError: the workers are missing, lost, or compute differently; or the files do not fit the network. Also in
            the training itself.
        DivergedError: in the training, a loss or a parameter became infinite or NaN.
    """
    spec, data = trainer.spec, trainer.examples
    binding = {"name": "c", "unroll": spec.unroll("c"), "dtype": spec.dtype("c"), "binding": True}
    listed = spec.model_copy(update={"targets": (CTarget.model_validate(binding),)}) if target == "c" else spec
    module = with_kernel(texts(listed, trainer.path.parent, [*{"numpy": 0, target: 0}]), spec.name, target)
    columns, shards = (_columns(trainer), shards_of(*patterns)) if patterns else (None, _sent(data))
    with _explained(bool(patterns)):
        found = Spread(client, module, shards, columns, WAIT)
    with closing(found) as rows:
        trainer.elsewhere = {"the number of shards": rows.shards}
        if target != "numpy":
            trainer.elsewhere["--target of the workers"] = target
        if patterns:
            trainer.elsewhere["the SHA-256 of the rows of --shards"] = rows.digest

        def fit(params: Any, *_: Any, epochs: int, callback: Any, progress: Any, **__: Any) -> Any:
            with _explained(bool(patterns)):
                return trained(rows, params, {"epochs": epochs}, callback=callback, progress=progress)

        trainer.fit = fit
        yield


def _sent(data: Examples) -> list[Any]:
    """The rows of the spec in shards that travel to the workers."""
    parts = [data.train_x, data.train_y, *([] if data.train_weights is None else [data.train_weights])]
    return [*zip(*(np.array_split(values, min(SHARDS, len(data.train_x))) for values in parts), strict=True)]


def _columns(trainer: train.Trainer) -> Columns:
    """The columns of targets and weights, as the spec describes its own file."""
    data = trainer.spec.data
    if not isinstance(data, Table):
        advice = "let it name a sample of the shards: `data: {file: ..., target: ...}`"
        raise files.refused(trainer.path, "--shards are read like the `file` of a spec, and it names none", advice)
    if data.of_inputs:
        advice = "train without --shards"
        raise files.refused("--shards", "the inputs are the target, and the workers read a column", advice)
    if data.negatives:
        advice = "train without --shards"
        raise files.refused("--shards", "pairs that do not occur are drawn from the whole table", advice)
    if data.encoding or "leave_out" in (data.missing_target, data.unknown_class):
        message = "the workers read shards in UTF-8 with a known target in each row"
        advice = "write such shards, and a spec without `encoding`, `missing_target` and `unknown_class`"
        raise files.refused("--shards", message, advice)
    if data.target_style:
        advice = "write them as 1234.5, and a spec without `target_number` and `target_missing_texts`"
        raise files.refused("--shards", "the workers read targets as plain numbers", advice)
    written = [
        column.column or column.name
        for column in trainer.spec.columns
        if isinstance(column, Dated) or (isinstance(column, Numeric) and column.style)
    ]
    scale = trainer.examples.target_scaling
    scaling: dict[str, Any] = {}
    if scale is not None:
        scaling = {"subtract": scale.subtract, "divide": scale.divide, "log": scale.log}
    target = data.targets[0] if len(data.targets) == 1 else data.targets
    return Columns(target, data.weight, classes_of(trainer.spec, data), written=written, **scaling)


@contextmanager
def _explained(shards: bool) -> Iterator[None]:
    try:
        yield
    except FloatingPointError as error:
        raise train.DivergedError(str(error)) from None
    except RuntimeError as error:
        raise files.refused("--dask", str(error)) from None
    except ValueError as error:
        if not shards:
            raise
        raise files.refused("--shards", str(error)) from None
