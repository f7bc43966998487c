"""Products of vectors, and of matrices whose rows stand one after the other among the parameters."""

from nngen.runtime.kit import Num


def _add_rows(z: list[Num], params: list[Num], start: int, x: list[Num]) -> None:
    """Add to each of z the sum of products of x with a row of the matrix that begins at start."""
    place = start
    for i in range(len(z)):
        total: Num = 0.0
        for value in x:
            total += params[place] * value
            place += 1
        z[i] += total


def _add_columns(da: list[Num], params: list[Num], start: int, dz: list[Num]) -> None:
    """Add to each of da the sum of products of dz with a column of the matrix that begins at start."""
    place = start
    for factor in dz:
        for j in range(len(da)):
            da[j] += params[place] * factor
            place += 1


def _add_outer(slopes: list[Num], start: int, dz: list[Num], x: list[Num]) -> None:
    """Add the product of each number of dz with each of x to the matrix that begins at start."""
    place = start
    for factor in dz:
        for value in x:
            slopes[place] += factor * value
            place += 1


def _add(sums: list[Num], start: int, values: list[Num]) -> None:
    """Add a vector to the one that begins at start."""
    place = start
    for value in values:
        sums[place] += value
        place += 1


def _dot(v: list[Num], w: list[Num]) -> Num:
    """The sum of products, added one after the other."""
    total: Num = 0.0
    for i, value in enumerate(v):
        total += value * w[i]
    return total
