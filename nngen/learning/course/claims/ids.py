"""Ratings: viewers and films as points of a plane."""

import numpy as np

from nngen.learning.course.given import Given
from nngen.learning.course.numbers import cosine


def two_numbers_stand_for_each_name(given: Given) -> bool:
    """A row of two factors for each viewer and each film."""
    viewers, films, _ = given.start
    return (viewers.shape[1], films.shape[1]) == (2, 2)


def is_held_out(given: Given, viewer: str, film: str) -> bool:
    """It is the only rating that training does not see."""
    return given.data.test_x.tolist() == [[_ids(given, 0).index(viewer), _ids(given, 1).index(film)]]


def biases_order_films_alike(given: Given) -> bool:
    """Two viewers have the same difference of two films, also after training."""
    params, _ = given.network.fit(given.start, *given.examples)
    pairs = [[viewer, film] for viewer in range(len(params[0])) for film in range(len(params[1]))]
    says = given.network.forward(params, pairs).reshape(len(params[0]), -1)
    return np.allclose(says - says[:, :1], says[0] - says[0, 0])


def loss_stays_above(given: Given, limit: float) -> bool:
    """However long training goes on."""
    return all(loss > limit for _, loss, _ in given.training(10))


def factor_tells_apart(given: Given, more: tuple[str, ...], less: tuple[str, ...]) -> bool:
    """After training, the first factor of some films is above 0 and that of others is below."""
    (_, films, _), _ = given.network.fit(given.start, *given.examples)
    first = dict(zip(_ids(given, 1), films[:, 0], strict=True))
    return min(first[one] for one in more) > 0.0 > max(first[one] for one in less)


def bias_is_the_mean_of_the_ratings(given: Given) -> bool:
    """What the prediction begins with."""
    return bool(np.isclose(given.start[2][0], given.examples[1].mean()))


def nearest_to_ada(given: Given, film: str) -> bool:
    """The film with the smallest angle to her, of less than 10 degrees."""
    cosines = [cosine(given.start[0][0], row) for row in given.start[1]]
    return _ids(given, 1)[int(np.argmax(cosines))] == film and max(cosines) > np.cos(np.radians(10.0))


def opposite_of_ada(given: Given, film: str) -> bool:
    """More than 90 degrees lie between them."""
    return cosine(given.start[0][0], given.start[1][_ids(given, 1).index(film)]) < 0.0


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


def _ids(given: Given, side: int) -> list[str]:
    return [str(one) for one in given.spec.indices[side].ids]  # type: ignore[union-attr]
