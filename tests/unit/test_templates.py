"""Templates say what they take: `page`, or `pages` in a driver, and what is imported, set or given in the same file."""

from collections import ChainMap
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from nngen.targets import TARGETS, environment

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize("folder", [".", *TARGETS])
def test_a_template_takes_nothing_that_another_one_sets(folder: str) -> None:
    """An includer that sets a variable for an include would be as hard to follow as a global variable."""
    made = environment("python").overlay()
    made.filters = dict(ChainMap(*(environment(target).filters for target in TARGETS)))
    paths = list((TEMPLATES / folder).glob("*.jinja"))
    if folder == ".":  # what modules share; init.yaml.jinja and others are no part of a module
        paths = [path for path in paths if path.suffixes == [".jinja"]]
    assert paths
    for path in paths:
        tree = made.parse(path.read_text("utf-8"))
        own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        own |= {macro.name for macro in tree.find_all(nodes.Macro)}  # also those in a condition
        assert meta.find_undeclared_variables(tree) - own <= {"page", "pages"}, path.name
