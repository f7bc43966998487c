"""The checkpoint of a training: what it needs to continue as if there had been no break.

It lies beside the parameter file: ``P.checkpoint`` beside ``P.json``. The parameter file is what users keep, commit and
deploy, and with a stop rule it has the best parameters. The checkpoint is several times as large: it also has the last
parameters, the optimizer's state and the losses of all epochs.

It is JSON, with its numbers packed. It names the digest of the parameters that were saved with it.
"""

import hashlib
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nngen.commands.inner import without_ids
from nngen.commands.train import Trainer
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.text import counted
from nngen.description.data import Array
from nngen.plan import plan
from nngen.reading import packing, parameter_files

MAX_SETTINGS = 10_000_000
"""Bytes of the settings; a spec is shorter."""

MAX_EPOCHS = 10_000_000
"""The most epochs that a spec may ask for."""


def beside(params: Path) -> Path:
    """The checkpoint that belongs to a parameter file."""
    return params.with_name(f"{params.name.removesuffix('.json').removesuffix('.safetensors')}.checkpoint")


def mark(network: str) -> str:
    """The beginning of each checkpoint of a network."""
    return f'{{"checkpoint": "{network} '


def written(trainer: Trainer) -> str:
    """The checkpoint of a training with at least one epoch."""
    epochs, state, *stopping = trainer.progress
    arrays = {
        "parameters": packing.parameters(trainer.module, trainer.params),
        "state": packing.numbers(state),
        "losses": np.array(trainer.losses).ravel(),
    }
    if stopping:
        measured, best, best_params, since = stopping
        arrays["best"] = np.append([measured, best, since], packing.parameters(trainer.module, best_params))
    content = {
        "checkpoint": trainer.module.LAYOUT,
        "epochs": epochs,
        "settings": settings(trainer),
        "saved": _digest(packing.parameters(trainer.module, trainer.trained.params)),
        **{name: packing.text(values) for name, values in arrays.items()},
    }
    return packing.sealed(content)


def restore(trainer: Trainer, path: Path, save: Path | None) -> None:
    """Continue a training after the last epoch of a checkpoint.

    Args:
        trainer: the training.
        path: the checkpoint.
        save: the parameter file that the training replaces; None if none is to be kept.

    Raises:
        SpecError: the file cannot be read, is no checkpoint, or is one of another training; or the parameters beside it
            are of another one.
    """
    size, start = len(trainer.module.pack(trainer.params)), trainer.module.init_state(trainer.params)
    columns, stop = 2 if "validation" in trainer.parts else 1, trainer.spec.training.stop
    remembered = len(packing.numbers(start))
    most = MAX_SETTINGS + 11 * (2 * size + remembered + columns * MAX_EPOCHS)
    advice = f"`nngen train --save P.json` writes P.checkpoint; resume from {beside(path)}" * (path != beside(path))
    what = ", as `nngen train --save` writes it beside parameters"
    found = packing.opened(path, most, "checkpoint", trainer.module.LAYOUT, what, advice)
    packing.compare(path, found.get("settings"), settings(trainer), "train from the start without --resume")
    if save is not None and os.path.lexists(save) and os.path.realpath(beside(save)) == os.path.realpath(path):
        _compare_saved(trainer, path, save, found.get("saved"))
    epochs = found.get("epochs")
    if type(epochs) is not int or not 0 < epochs <= MAX_EPOCHS:
        raise files.refused(path, f"expected the number of epochs, got {show(epochs)}")
    if epochs > trainer.epochs:
        message = f"the checkpoint has {counted(epochs, 'epoch')} already; {trainer.epochs:,} are asked for"
        raise files.refused(path, message, f"ask for as many in all, or more: --epochs {epochs}")
    expected = {"parameters": size, "state": remembered, "losses": columns * epochs, "best": 3 + size}
    if stop is None:
        del expected["best"]
    arrays = {name: packing.decoded(path, name, found.get(name), count) for name, count in expected.items()}
    losses = arrays["losses"].reshape(epochs, columns)
    try:
        _refuse_infinite(arrays["parameters"], losses[:, 0])  # a training that meets them ends, and saves nothing
        progress: tuple[Any, ...] = epochs, packing.like(start, iter(arrays["state"].tolist()))
        if stop:
            measured, best, since, *best_params = arrays["best"].tolist()
            _refuse_infinite(best_params)
            last = epochs - epochs % stop.every
            if math.isnan(best) or packing.whole(since, last) % stop.every:
                raise ValueError
            progress += (measured, best, trainer.module.unpack(best_params), int(since))
    except ValueError:  # a number that no training could have had
        raise files.refused(path, "the checkpoint is damaged") from None
    params = trainer.module.unpack(arrays["parameters"].tolist())
    trainer.continue_from(params, progress, [tuple(row) for row in losses.tolist()])


def _compare_saved(trainer: Trainer, path: Path, save: Path, digest: object) -> None:
    """Refuse to replace parameters that were not saved together with the checkpoint."""
    stored = parameter_files.stored(save, plan(without_ids(trainer.spec)))
    files.forget(save)  # the training may replace it
    if digest is not None and _digest(np.asarray(stored.values, np.float64)) != digest:
        message = f"these are not the parameters that {path} was saved with: another training has written one of them"
        raise files.refused(save, message, "save to another file, or overwrite it with `--force`")


def _digest(values: Array) -> str:
    return hashlib.sha256(values.astype("<f8").tobytes()).hexdigest()


def _refuse_infinite(*arrays: ArrayLike) -> None:
    if not all(np.isfinite(values).all() for values in arrays):
        raise ValueError


def settings(trainer: Trainer) -> dict[str, Any]:
    """All that the numbers of a training depend on, by name, except the number of epochs."""
    spec, data = trainer.spec, trainer.examples
    written = spec.model_dump(mode="json", by_alias=True, exclude={"description", "data", "targets"})
    del written["training"]["epochs"]
    written["initial"]["seed"] = trainer.seed
    digest = hashlib.sha256()
    for values in (data.train_x, data.train_y, *([] if data.train_weights is None else [data.train_weights])):
        digest.update(np.ascontiguousarray(values, "<f8").data)
    return {
        "--target": trainer.target,
        **trainer.elsewhere,
        "unroll": spec.unroll(trainer.target),
        "dtype": spec.dtype(trainer.target),
        **dict(_flat(written)),
        "the number of training rows": len(data.train_x),
        "the SHA-256 of the training rows": digest.hexdigest()[:16],
    }


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a nested structure, each with its place, such as ``layers.0.units``."""
    if isinstance(value, dict | list) and value:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(part, f"{place}.{key}" if place else str(key))
    else:
        yield place, value
