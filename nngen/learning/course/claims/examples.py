"""Examples, sizes and parameters of a page, and what training comes to."""

import numpy as np

from nngen.learning.course.claims.tables import CORNERS, TABLES, Table
from nngen.learning.course.given import Given


def first_example_is(given: Given, x: Table, y: float) -> bool:
    """The example that a lesson begins with."""
    return (*given.examples[0][0],) == x and given.examples[1][0, 0] == y


def examples_are(given: Given, *rows: Table) -> bool:
    """All examples, each with its inputs and its target."""
    return np.array_equal(np.hstack(given.examples), rows)


def rows_ask_for(given: Given, table: str) -> bool:
    """Its rows have the targets of a table; a row may come twice."""
    wanted = dict(zip(map(tuple, CORNERS.tolist()), TABLES[table], strict=True))
    x, y = given.examples
    return all(wanted[tuple(row)] == target for row, target in zip(x.tolist(), y[:, 0], strict=True))


def sizes_are(given: Given, *sizes: int) -> bool:
    """The inputs, then the units of each layer, of which each sees the layer before."""
    weights = given.start[::2]
    return (weights[0].shape[1], *(len(one) for one in weights)) == sizes


def training_gets_right(given: Given, count: int) -> bool:
    """Training comes to so many right answers."""
    return given.trained(lambda params, _: given.right(params) >= count, every=20) is not None


def loss_falls_below(given: Given, limit: float) -> bool:
    """Training brings the mean loss below a limit."""
    return given.trained(lambda _, loss: loss < limit) is not None
