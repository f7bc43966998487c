"""The log of a training: a line for each epoch, with the time that is left."""

import logging
import time
from collections.abc import Callable
from typing import Any

LOG = logging.getLogger("nngen.dask")


def logged(epochs: int, done: int, callback: Callable[..., Any]) -> Callable[..., Any]:
    """The callback of ``fit`` with a line in the log before it.

    Args:
        epochs: how many epochs there are in all.
        done: how many are done already.
        callback: the callback, see the module's ``fit``.
    """
    start = time.monotonic()

    def ended(epoch: int, loss: float, *more: Any) -> Any:
        each = (time.monotonic() - start) / (epoch + 1 - done)
        left = duration(each * (epochs - epoch - 1))
        LOG.info("epoch %d of %d: loss %.6f, %s for each epoch, %s left", epoch + 1, epochs, loss, duration(each), left)
        return callback(epoch, loss, *more)

    return ended


def duration(seconds: float) -> str:
    """A time in words, such as ``1 min 20 s``."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.3g} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
