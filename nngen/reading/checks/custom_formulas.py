"""Checks of the formulas of the user's own: that they are what they say, and that nothing else has their names."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from nngen.reading.checks.formula_trial import UnprovedError, prove_activation, prove_loss
from nngen.reading.checks.valid_parts import Parts, Problem

T = TypeVar("T")


def choices(valid: Parts) -> Iterator[Problem]:
    """Each name that is chosen is that of an entry of the catalogue, or of a formula of the spec's own."""
    for loc, said in valid.unknown:
        yield Problem(loc, *said)


def activations(valid: Parts) -> Iterator[Problem]:
    """Each activation of the spec's own has a value, and the slope that it should have."""
    yield from _proved("activations", valid.custom_activations, prove_activation)


def losses(valid: Parts) -> Iterator[Problem]:
    """Each loss of the spec's own has a value, and the slope that it should have."""
    yield from _proved("losses", valid.custom_losses, prove_loss)


def _proved(field: str, custom: Mapping[str, T], prove: Callable[[T], None]) -> Iterator[Problem]:
    for name, entry in custom.items():
        try:
            prove(entry)
        except UnprovedError as error:
            yield Problem((field, name, error.field), error.message, error.label, error.advice)
