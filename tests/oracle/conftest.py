"""Fixtures of several test modules: clusters of Dask, and a network that compiles its header."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.oracle.bindings import imported, vendor
from tests.oracle.clusters import cluster
from tests.support.limits import time_limit


@pytest.fixture
def limited() -> Iterator[None]:
    """Fail a test that hangs."""
    with time_limit(600):
        yield


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """A cluster of two workers."""
    with cluster() as connected:
        yield connected


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The committed network iris as a module that compiles its header."""
    return imported(vendor("iris", tmp_path_factory.mktemp("iris")))
