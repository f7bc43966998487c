"""What the tests of Dask share."""

from collections.abc import Iterator
from typing import Any

import pytest

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
