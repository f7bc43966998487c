"""Products of matrices whose rows stand one after the other among the parameters."""

from nngen.runtime.kit import Num, filled


def _affine(params: list[Num], start: int, x: list[Num], b: list[Num]) -> list[Num]:
    """The sum of products of x with each row of the matrix that begins at start, plus b.

    This is done for four rows at a time, as each addition waits for the one before it. Beyond the last row it is the
    last row again.
    """
    z = filled(len(b), Num(0.0))
    last = len(b) - 1
    for i in range(0, len(b), 4):
        place = start + i * len(x)
        one = min(i + 1, last)
        two = min(i + 2, last)
        three = min(i + 3, last)
        to1 = (one - i) * len(x)
        to2 = (two - i) * len(x)
        to3 = (three - i) * len(x)
        sum0: Num = 0.0
        sum1: Num = 0.0
        sum2: Num = 0.0
        sum3: Num = 0.0
        for value in x:
            sum0 += params[place] * value
            sum1 += params[place + to1] * value
            sum2 += params[place + to2] * value
            sum3 += params[place + to3] * value
            place += 1
        z[i] = b[i] + sum0
        z[one] = b[one] + sum1
        z[two] = b[two] + sum2
        z[three] = b[three] + sum3
    return z


def _add_rows(z: list[Num], params: list[Num], start: int, x: list[Num]) -> None:
    """Add to each of z the sum of products of x with a row of the matrix that begins at start.

    This is done for four rows at a time, as each addition waits for the one before it.
    """
    size = len(x)
    place = start
    i = 0
    while i + 3 < len(z):
        sum0: Num = 0.0
        sum1: Num = 0.0
        sum2: Num = 0.0
        sum3: Num = 0.0
        for value in x:
            sum0 += params[place] * value
            sum1 += params[place + size] * value
            sum2 += params[place + 2 * size] * value
            sum3 += params[place + 3 * size] * value
            place += 1
        z[i] += sum0
        z[i + 1] += sum1
        z[i + 2] += sum2
        z[i + 3] += sum3
        place += 3 * size
        i += 4
    while i < len(z):
        total: Num = 0.0
        for value in x:
            total += params[place] * value
            place += 1
        z[i] += total
        i += 1


def _add_columns(da: list[Num], params: list[Num], start: int, dz: list[Num]) -> None:
    """Add to each of da the sum of products of dz with a column of the matrix that begins at start."""
    for i in range(len(dz)):
        row = start + i * len(da)
        factor = dz[i]
        for j in range(len(da)):
            da[j] += params[row + j] * factor


def _add_outer(slopes: list[Num], start: int, dz: list[Num], x: list[Num]) -> None:
    """Add the product of each number of dz with each of x to the matrix that begins at start."""
    for i in range(len(dz)):
        row = start + i * len(x)
        factor = dz[i]
        for j in range(len(x)):
            slopes[row + j] += factor * x[j]


def _add(sums: list[Num], start: int, values: list[Num]) -> None:
    """Add a vector to the one that begins at start."""
    place = start
    for value in values:
        sums[place] += value
        place += 1
