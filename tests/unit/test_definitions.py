"""The fixed definitions of a language, and which of them a module gets."""

import pytest

from nngen.pages.definitions import complete, python_definitions
from nngen.pages.modules import texts
from nngen.pages.render import render, runtime
from nngen.plan.planner import plan
from tests.support.cells import SPEC
from tests.support.extremes import GROWING
from tests.support.modules import ROOT
from tests.support.network import layer, network
from tests.support.networks import NETWORKS

RUNTIME = python_definitions('''"""A runtime file."""

import math

LAYOUT = "a sample"


def save() -> None:
    """A function that nothing calls."""
    print(LAYOUT)


# the comment of a definition goes with it
half = math.pi / 2.0


def cosine(x: float) -> float:
    return sine(half - x)


def sine(x: float) -> float:
    loss = math.sin(x)
    return loss


def loss() -> float:
    return 1.0
''')
MODULE = '''"""A module."""

# fmt: off

import math
import os

LAYOUT = "its own"


def forward(x: float) -> float:
    return cosine(x)


# --- Below: more. ---


# helpers


TRAINED = 1.0
'''


def test_a_module_gets_what_it_names_and_nothing_else() -> None:
    """An import that nothing uses goes; a local variable is not the function of this name."""
    text = complete(python_definitions(MODULE), RUNTIME, ["save"])
    taken = text.split("# --- Below: more. ---")[1]
    assert [line.split("(")[0] for line in taken.splitlines() if line.startswith("def ")] == [
        "def save",
        "def cosine",
        "def sine",
    ]
    assert "\n\n\n# the comment of a definition goes with it\nhalf = math.pi / 2.0\n\n\ndef cosine" in taken
    assert taken.endswith("    return loss\n\n\nTRAINED = 1.0\n")
    assert "import math\n\nLAYOUT" in text
    assert "import os" not in text
    assert text.count("LAYOUT = ") == 1


def test_definitions_keep_every_byte() -> None:
    own = python_definitions(MODULE)
    assert "".join("\n" * one.gap + one.text + "\n" for one in own) == MODULE


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_each_fixed_function_is_in_a_module(target: str) -> None:
    """Dead code would stay in a runtime file for ever: each of its definitions is in the module of some network."""
    missing = {name for one in runtime(target) for name in one.names if name.isidentifier()} - {"Parameters"}
    for path in (ROOT / "generated" / target).glob("*.py"):
        missing -= {name for one in python_definitions(path.read_text("utf-8")) for name in one.names}
    missing -= {name for one in python_definitions(texts(SPEC, ROOT, [target])[target]) for name in one.names}
    stairs = network([layer("o", 3, "stairs")], "squared_error", activations=GROWING)
    for made in (stairs, *NETWORKS.values()):
        if missing:
            text = render(plan(made.spec), made.spec, target)
            missing -= {name for one in python_definitions(text) for name in one.names}
    assert missing == set()
