"""The memory that calls leave behind."""

import gc
import tracemalloc
from collections.abc import Callable

CALLS = 30


def left_behind(work: Callable[[], object]) -> float:
    """The bytes by which each call of `work` makes the memory of Python grow: the least that one of many calls left.

    A leak grows with every call. A cache that fills grows with some of them only, and so does what another thread of
    this process allocates meanwhile, as those of Dask and pytest do.
    """
    tracemalloc.start()
    try:
        least, before = float("inf"), 0
        for _ in range(CALLS):
            work()
            gc.collect()  # exceptions leave cycles behind
            after, _peak = tracemalloc.get_traced_memory()
            least, before = min(least, after - before), after
    finally:
        tracemalloc.stop()
    return least
