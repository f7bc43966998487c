"""The memory that calls leave behind."""

import gc
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from types import FunctionType

CALLS = 30


def left_behind(work: Callable[[], object]) -> int:
    """The bytes by which a call of `work` makes the memory of Python grow: the least that one of many calls left.

    A leak grows with every call, a cache that fills with some of them only. What other threads of this process allocate
    meanwhile, as those of Dask and pytest do, is not counted: `work` is not among their calls.
    """
    assert isinstance(work, FunctionType)
    own = [tracemalloc.Filter(True, work.__code__.co_filename, all_frames=True), tracemalloc.Filter(False, __file__)]
    gc.collect()
    gc.freeze()  # what other tests have left stays, and need not be visited again and again
    tracemalloc.start(10)
    try:
        sizes = []
        for _ in range(CALLS):
            work()
            gc.collect()  # exceptions leave cycles behind
            sizes.append(sum(one.size for one in tracemalloc.take_snapshot().filter_traces(own).traces))
    finally:
        tracemalloc.stop()
    return min(after - before for before, after in pairwise(sizes))
