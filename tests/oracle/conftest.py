"""Fixtures of several test modules: clusters of Dask, a network that compiles its header, and readers of files."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from nngen.common import processes, worker
from tests.oracle.bindings import imported, vendor
from tests.oracle.clusters import cluster
from tests.support.limits import time_limit


@pytest.fixture
def limited() -> Iterator[None]:
    """Fail a test that hangs."""
    with time_limit(600):
        yield


class Here:
    """Answers in this process what the process that reads a model file is asked."""

    def communicate(self, request: bytes, _seconds: int) -> tuple[bytes, None]:
        """The line that it would write."""
        return b"".join(worker.answer(json.loads(request))), None

    def poll(self) -> int:
        """It has ended."""
        return 0


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and judge model files in this process: another one, as other tests have it, imports the libraries again."""
    monkeypatch.setattr(processes, "start", lambda *_: nullcontext(Here()))


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A cluster of two workers."""
    with cluster() as connected:
        yield connected


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The committed network iris as a module that compiles its header."""
    return imported(vendor("iris", tmp_path_factory.mktemp("iris")))
