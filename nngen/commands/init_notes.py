"""What ``nngen init`` says of a table and of what becomes of it."""

from collections.abc import Iterator

from nngen.commands.proposal import Proposal
from nngen.commands.ratings import Ratings
from nngen.common.diagnostics import show
from nngen.common.text import counted, joined

MAX_RARE = 5
"""Classes of a single row that are named."""


def described(proposal: Proposal | Ratings) -> Iterator[str]:
    """What the table has and what becomes of it, line by line."""
    if isinstance(proposal, Ratings):
        yield from _of_ratings(proposal)
        return
    yield from proposal.report.split("\n")
    if proposal.no_ratings:
        yield f"no factorization, as of a table of ratings: {proposal.no_ratings}; `--ratings USER,ITEM` asks for it"
    if proposal.missing_target:
        words = joined(map(show, proposal.missing_words), "and")
        why = f": the text {words} counts as missing; where it is a class, write another one" if words else ""
        yield f"left out {counted(proposal.missing_target, 'row')} without a target{why}"
    if proposal.rare:
        classes = counted(len(proposal.rare), "class", "classes")
        yield f"left out {classes} of a single row: {', '.join(map(show, proposal.rare[:MAX_RARE]))}"
    yield from (f"caution: {sentence}" for sentence in proposal.cautions)


def _of_ratings(ratings: Ratings) -> Iterator[str]:
    users, items = (f"{show(each.column)} ({counted(len(each.ids), 'id')})" for each in (ratings.users, ratings.items))
    """What a table of ratings has."""
    what = "pairs that occur" if ratings.negatives else "ratings"
    yield f"a table of {what}: a factorization of {users} and {items}"
    yield from (f"left out {column.column!r}: {column.reason}" for column in ratings.left_out)
    if ratings.missing_target:
        yield f"left out {counted(ratings.missing_target, 'row')} without a rating"
    if ratings.repeated and not ratings.negatives:
        yield f"{counted(ratings.repeated, 'row')} repeat a pair: held-out ratings can be of a pair that is trained on"
