"""Checks of custom formulas: they have values, and their slopes are right."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from nngen.reading.checks.formula_trial import UnprovedError, prove_activation, prove_loss
from nngen.reading.checks.valid_parts import Parts, Problem

T = TypeVar("T")


def choices(valid: Parts) -> Iterator[Problem]:
    """Each chosen name is an entry of the catalogue or a custom formula."""
    for loc, texts in valid.unknown:
        yield Problem(loc, *texts)


def activations(valid: Parts) -> Iterator[Problem]:
    """Each custom activation has a value, and its slope is right."""
    yield from _proved("activations", valid.custom_activations, prove_activation)


def losses(valid: Parts) -> Iterator[Problem]:
    """Each custom loss has a value, and its slope is right."""
    yield from _proved("losses", valid.custom_losses, prove_loss)


def _proved(field: str, custom: Mapping[str, T], prove: Callable[[T], None]) -> Iterator[Problem]:
    for name, entry in custom.items():
        try:
            prove(entry)
        except UnprovedError as error:
            yield Problem((field, name, error.field), error.message, error.label, error.advice)
