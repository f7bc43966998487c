"""The target c: every page, compiled by two compilers, against the reference."""

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nngen.build import texts
from nngen.planner import plan
from nngen.spec import Spec
from tests.modules import ROOT, SPECS, spec
from tests.networks import NETWORKS
from tests.oracle.c import STANDARD, WARNINGS, Told, run, told
from tests.oracle.test_javascript import CASES, COUNTS, SEEDS, data, fits
from tests.test_modules import start

pytestmark = pytest.mark.oracle

COMPILERS = ("gcc", "clang")


@cache
def stories(kind: str, dtype: str = "float64") -> Sequence[Told]:
    """The stories of all cases of a kind: the specs, networks by one level, or a sample of all for what takes long."""
    rest = list(CASES)[len(SPECS) :]
    chosen = {
        "specs": list(CASES)[: len(SPECS)],
        "weights": [name for name in rest if name.endswith("weights")],
        "layers": [name for name in rest if name.endswith("layers")],
        "networks": [name for name in rest if name.rpartition(", ")[0] in NETWORKS],
        "sample": rest[::25] + [name for name in rest[::5] if plan(CASES[name][0].spec).coupled],
    }[kind]
    made = []
    for name in chosen:
        network, unroll = CASES[name]
        x, y = data(network)
        number = list(CASES).index(name)
        story = Told(f"net{number}", network, x, y, start(network), fits(network), SEEDS, COUNTS, unroll, dtype)
        made.append(story)
    return made


@pytest.mark.parametrize("kind", ["specs", "weights", "layers"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_page_is_that_of_the_reference(kind: str, compiler: str, tmp_path: Path) -> None:
    told(stories(kind), tmp_path, compiler, "-O0")


@pytest.mark.parametrize("kind", ["specs", "sample"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_optimized(kind: str, compiler: str, tmp_path: Path) -> None:
    told(stories(kind), tmp_path, compiler, "-O3")


@pytest.mark.parametrize("kind", ["specs", "sample"])
def test_no_byte_is_touched_that_is_not_its_own(kind: str, tmp_path: Path) -> None:
    told(stories(kind), tmp_path, "clang", "-O0", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


@pytest.mark.parametrize("compiler", ["g++", "clang++"])
def test_the_same_as_cpp(compiler: str, tmp_path: Path) -> None:
    told(stories("specs"), tmp_path, compiler, "-O1", language="c++")
    told(stories("sample"), tmp_path, compiler, "-O0", language="c++")


def test_numbers_of_32_bits(tmp_path: Path) -> None:
    told(stories("specs", "float32"), tmp_path, "gcc", "-O1", "-Wdouble-promotion")
    told(stories("networks", "float32"), tmp_path, "clang", "-O0", "-Wdouble-promotion")
