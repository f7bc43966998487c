"""Time limits for tests that a fault would keep running for hours. No machine without the fault comes near to them."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Fail after so many seconds, for what waits for other processes."""
    with _limit(signal.SIGALRM, signal.ITIMER_REAL, seconds):
        yield


@contextmanager
def processor_limit(seconds: int) -> Iterator[None]:
    """Fail after so many seconds of this process on a processor, which other processes do not lengthen."""
    with _limit(signal.SIGVTALRM, signal.ITIMER_VIRTUAL, seconds):
        yield


@contextmanager
def _limit(number: signal.Signals, timer: int, seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        pytest.fail(f"not done after {seconds} s")

    before = signal.signal(number, late)
    signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
