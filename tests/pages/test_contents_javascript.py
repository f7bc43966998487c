"""A module of JavaScript with some of its parts has what they need and nothing else."""

import pytest

from nngen.description.model import parts
from tests.support.javascript_contents import FORMS, PUBLIC, choices, exported, text, unused

ABOVE = ("forward", "gradient", "sensitivity")
"""The parts whose functions are at the top of a page."""


@pytest.mark.parametrize(("name", "unroll"), FORMS[::2])
def test_parts_have_what_they_need(name: str, unroll: str) -> None:
    """The check of a gradient draws parameters, and packs them."""
    whole = exported(text(name, unroll, "all", "sensitivity", "notes"))
    for chosen in choices(name):
        source = text(name, unroll, *chosen)
        needed = {"init", "pack", "unpack"} if "checks" in chosen else set()
        needed |= {"encode", "scale", "COLUMNS", "CATEGORIES"} if "sensitivity" in exported(source) else set()
        named = set().union(*(PUBLIC[part] for part in parts(chosen) - {"batches"}))
        assert exported(source) == whole & (named | needed), chosen
        assert unused(source) == set(), chosen
        assert "\n\n\n" not in source, chosen
        assert ("progress" in source) == ("training" in chosen and "files" in chosen), chosen
        assert ("typeof value" in source) == ("checks" in chosen or "encode" in exported(source)), chosen
        assert ("Below" in source) == (set(chosen) > {"forward"} or chosen[0] not in ABOVE), chosen


def test_a_small_network_is_short() -> None:
    assert len(text("xor_mlp", "auto", "training").splitlines()) <= 227
