"""Training that the user or the system ends early keeps its last complete epoch."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Ctrl-C, and the request to end that ``kill`` and a system that shuts down send."""


class Interrupted(BaseException):
    """A signal arrived. Like KeyboardInterrupt, it is no Exception, so that nothing handles it by mistake."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number
        """The exit code by which a shell tells a signal."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Within the block the first of ``SIGNALS`` raises ``Interrupted``; later ones are ignored, so that it can save.

    A signal that is ignored before, as by a job in the background, stays ignored.
    """
    before = {each: handler for each in SIGNALS if (handler := signal.getsignal(each)) != signal.SIG_IGN}

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    try:
        for each in before:
            signal.signal(each, interrupt)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
