"""Ratings: viewers and films as points of a plane."""

import numpy as np

from nngen.learning.course.given import Array, Given


def two_numbers_stand_for_each_name(given: Given) -> bool:
    """A row of two factors for each viewer and each film."""
    viewers, films, _ = given.start
    return (viewers.shape[1], films.shape[1]) == (2, 2)


def bias_is_the_mean_of_the_ratings(given: Given) -> bool:
    """What the prediction begins with."""
    return bool(np.isclose(given.start[2][0], given.examples[1].mean()))


def nearest_to_ada(given: Given, film: str) -> bool:
    """The film with the smallest angle to her, of less than 10 degrees."""
    cosines = _cosines(given.start[0][:1], given.start[1])[0]
    return _films(given)[int(cosines.argmax())] == film and float(cosines.max()) > np.cos(np.radians(10.0))


def opposite_of_ada(given: Given, film: str) -> bool:
    """More than 90 degrees lie between them."""
    return float(_cosines(given.start[0][:1], given.start[1])[0, _films(given).index(film)]) < 0.0


def viewers_who_agree_lie_together(given: Given) -> bool:
    """After training: Ada and Ben, and Cleo and Dan, whose ratings of the same films differ by at most a star."""
    (viewers, _, _), _ = given.network.fit(given.start, *given.examples, epochs=50)
    cosines = _cosines(viewers, viewers)
    return bool(min(cosines[0, 1], cosines[2, 3]) > 0.9 and cosines[:2, 2:].max() < 0.0)


def other_rows_stay(given: Given) -> bool:
    """A rating moves the row of its viewer and that of its film, and no other."""
    x, y = given.examples
    _, gradient, _ = given.after(x[0], y[0, 0])
    rows = zip(x[0], gradient, strict=False)
    return all(np.flatnonzero(slopes.any(axis=1)).tolist() == [int(row)] for row, slopes in rows)


def _films(given: Given) -> list[str]:
    return [str(one) for one in given.spec.indices[1].ids]  # type: ignore[union-attr]


def _cosines(one: Array, other: Array) -> Array:
    """The cosines of the angles between rows."""
    lengths = np.linalg.norm(one, axis=1)[:, None] * np.linalg.norm(other, axis=1)
    return np.asarray(one @ other.T / lengths)
