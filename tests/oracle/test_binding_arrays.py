"""Arrays that a compiled module works with: it holds them as long as it needs them, and not longer."""

import contextlib
import gc
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from tests.oracle.bindings import batch
from tests.support.memory import left_behind

pytestmark = pytest.mark.oracle


def test_outputs_are_an_array_of_their_own(iris: Any) -> None:
    xs, _ = batch(3)
    outputs = iris.forward(iris.init(), xs)
    found = np.asarray(outputs)
    assert found.base is not None
    found[:] = 0
    assert outputs.tolist() == [[0.0] * 3] * 3
    assert memoryview(outputs.obj) == outputs
    with pytest.raises(TypeError, match="cannot create"):
        type(outputs.obj)()
    del outputs
    assert found.sum() == 0


def test_fit_holds_arrays_until_it_ends(iris: Any) -> None:
    (xs, ys), held = batch(5), []
    buffer = bytearray(xs.tobytes())

    def grow(*given: object) -> None:
        with pytest.raises(BufferError):
            buffer.append(0)
        held.append(given)

    expected = iris.fit(iris.init(), xs, ys, 2)
    assert iris.fit(iris.init(), np.frombuffer(buffer).reshape(xs.shape), ys, 2, callback=grow) == expected
    assert len(held) == 2
    gc.collect()
    buffer.append(0)


def test_arrays_are_given_back_and_nothing_leaks(iris: Any) -> None:
    params, (xs, ys) = iris.init(), batch(50)
    state = iris.init_state(params)
    given = [params, state, xs, ys, np.asfortranarray(xs), xs.astype(">f8"), ys[:, 1:]]

    def use() -> None:
        for x in (xs, given[4], given[5]):
            iris.forward(params, x)
            iris.loss(params, x, ys)
            iris.gradient(params, x, ys)
            iris.train_step(params, x, ys, state)
            iris.predict(params, x)
            iris.predict_proba(params, x)
            iris.fit(params, x, ys, 1)
        for call in (iris.loss, iris.gradient):
            with pytest.raises(ValueError, match="expected 3 targets"):
                call(params, xs, given[6])

    use()
    counts = [sys.getrefcount(one) for one in given]
    assert left_behind(use) < 64  # an object of 64 bytes that each call left would be 1,400
    assert [sys.getrefcount(one) for one in given] == counts
    for one in (params, state):
        one.append(0.0)  # a BufferError if a buffer were still held


def test_threads_compute_at_the_same_time_and_give_the_same_bits(iris: Any) -> None:
    """Another thread counts on while C works, and nobody can resize what C works with."""
    params, (xs, ys) = iris.init(), batch(20_000)
    expected = iris.gradient(params, xs, ys), iris.fit(params, xs, ys, 3)
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append((iris.gradient(params, xs, ys), iris.fit(params, xs, ys, 3))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 2
    many = np.repeat(xs, 100, 0)
    held: list[bool] = []

    def resize() -> None:
        while not done.is_set():
            try:
                params.append(0.0)
                params.pop()
            except BufferError:
                held.append(True)
            time.sleep(0.001)  # so that forward rarely meets the list between append and pop

    done = threading.Event()
    other = threading.Thread(target=resize)
    other.start()
    try:
        for _ in range(500):  # a loaded machine may not let the other thread run for a while
            with contextlib.suppress(ValueError):  # where it is met between append and pop
                iris.forward(params, many)
            if held:
                break
    finally:
        done.set()
        other.join()
    assert held
