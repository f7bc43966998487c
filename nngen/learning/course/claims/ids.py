"""Ratings: viewers and films as points of a plane."""

import numpy as np

from nngen.learning.course.given import Given
from nngen.learning.course.numbers import cosine


def biases_order_films_alike(given: Given) -> bool:
    """Two viewers have the same difference of two films, also after training."""
    params, _ = given.network.fit(given.start, *given.examples)
    says = [given.network.forward(params, [[viewer, film] for film in range(5)])[:, 0] for viewer in range(4)]
    return all(np.allclose(one - one[0], says[0] - says[0][0]) for one in says)


def loss_stays_above(given: Given, limit: float) -> bool:
    """However long training goes on."""
    return all(loss > limit for _, loss, _ in given.training(10))


def factor_tells_apart(given: Given, more: tuple[str, ...], less: tuple[str, ...]) -> bool:
    """After training, the first factor of some films is above 0 and that of others is below."""
    (_, films, _), _ = given.network.fit(given.start, *given.examples)
    first = dict(zip(_films(given), films[:, 0], strict=True))
    return all(first[one] > 0.0 for one in more) and all(first[one] < 0.0 for one in less)


def bias_is_the_mean_of_the_ratings(given: Given) -> bool:
    """What the prediction begins with."""
    return bool(np.isclose(given.start[2][0], given.examples[1].mean()))


def nearest_to_ada(given: Given, film: str) -> bool:
    """The film with the smallest angle to her, of less than 10 degrees."""
    cosines = [cosine(given.start[0][0], row) for row in given.start[1]]
    return _films(given)[int(np.argmax(cosines))] == film and max(cosines) > np.cos(np.radians(10.0))


def viewers_who_agree_lie_together(given: Given) -> bool:
    """After training: Ada and Ben, and Cleo and Dan, whose ratings of the same films differ by at most a star."""
    (viewers, _, _), _ = given.network.fit(given.start, *given.examples, epochs=50)
    ada, ben, cleo, dan = viewers
    agree = min(cosine(ada, ben), cosine(cleo, dan))
    return agree > 0.9 and all(cosine(one, other) < 0.0 for one in (ada, ben) for other in (cleo, dan))


def other_rows_stay(given: Given) -> bool:
    """A rating moves the row of its viewer and that of its film, and no other."""
    x, y = given.examples
    _, gradient, _ = given.after(x[0], y[0, 0])
    rows = zip(x[0], gradient, strict=False)
    return all(np.flatnonzero(slopes.any(axis=1)).tolist() == [int(row)] for row, slopes in rows)


def _films(given: Given) -> list[str]:
    listed = given.spec.indices[1].ids
    return [] if isinstance(listed, int) else [str(one) for one in listed]
