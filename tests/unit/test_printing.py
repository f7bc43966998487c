"""The source that all modules share: what it may have, and that modules of Python compute the same."""

import ast
import io
import math
import re
import tokenize
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nngen.description.model import Spec
from nngen.plan import plan
from nngen.printing import constants, mistakes, program
from nngen.printing.program import functions
from nngen.proof.reference import bits, normal, uniform
from nngen.proof.reference.initial import truncated
from nngen.runtime import network, number_styles, numbers, order, random_numbers
from nngen.runtime.kit import U32, RefusedError, Style
from nngen.targets.page import Page
from nngen.targets.printed import printed
from nngen.targets.settings import flags
from nngen.targets.settings import numbers as numbers_of
from nngen.targets.targets import TARGETS
from tests.support import number_texts
from tests.support.combinations import NORMALIZED
from tests.support.languages import module
from tests.support.modules import ROOT, built, named, spec
from tests.support.network import coupled
from tests.support.runtime_files import EVERYTHING

SHARED = EVERYTHING - {("SIZES", False), ("LISTED", True)} | {("LISTED", False)}
seeds = st.integers(0, 2**32 - 1)
XOR = built(ROOT / "specs" / "xor_mlp.yaml", "python")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return (lambda: x)()", "source.py:1:31: `lambda: x`: not every language has this expression"),
        ("return 0 < x < 1", "source.py:1:30: `0 < x < 1`: compare two values, and join comparisons with `and`"),
        ("a, b = x, x", "source.py:1:23: `a, b = (x, x)`: give a value to one name"),
        ("return 1 + (x if x > 0 else 0)", "source.py:1:35: `x if x > 0 else 0`: give it a name of its own"),
        ("return sorted(x, reverse=True)", "source.py:1:30: `sorted(x, reverse=True)`: give arguments by their places"),
        ("raise ValueError", "source.py:1:23: `raise ValueError`: not every language has this statement"),
        ("return x ** 2", "source.py:1:30: `x ** 2`: not every language has this operator"),
        ("return [a for b in x for a in b]", "source.py:1:30: `[a for b in x for a in b]`: use one `for`"),
    ],
)
def test_the_source_has_what_every_language_can_say(line: str, said: str) -> None:
    found = list(mistakes(ast.parse(f"def f(x: int) -> int: {line}"), "source.py"))
    assert [one for one in found if said in one], found


def test_the_source_states_all_types() -> None:
    found = list(mistakes(ast.parse("def f(x): return x"), "source.py"))
    assert found == ["source.py:1:7: `x`: state the type of each argument", found[1]]
    assert found[1].endswith("state the type of the result")


@pytest.mark.parametrize("path", sorted((ROOT / "nngen" / "runtime").glob("*.py")), ids=lambda path: path.stem)
def test_all_languages_can_say_the_source(path: Path) -> None:
    """The kit is what a language brings itself. No comment of the others is lost."""
    text = path.read_text("utf-8")
    assert path.stem == "kit" or [*mistakes(ast.parse(text), path.name)] == []
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    expected = [one.string.removeprefix("# ") for one in tokens if one.type == tokenize.COMMENT]
    found = functions(path.stem)[0].comments if functions(path.stem) else {}
    assert " ".join(found[line] for line in sorted(found, key=lambda line: (abs(line), line))) == " ".join(expected)


def test_what_a_network_decides_is_named_in_one_place() -> None:
    """Settings of printed languages are names of ``nngen.runtime.network``."""
    page = Page(plan(spec(named("xor_mlp"))), TARGETS["go"].words, "float64", "weights", None)
    assert flags(page).keys() | numbers_of(page).keys() <= constants().keys()


def test_no_local_name_is_that_of_a_function_which_is_not_called() -> None:
    """A module gets the functions that its text names, so such a name would bring one that nothing calls."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "nngen" / "runtime").glob("*.py")]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    private = {one.name.removeprefix("_") for one in functions if one.name.startswith("_")}
    found = set()
    for one in functions:
        named = [node for node in ast.walk(one) if isinstance(node, ast.Name)]
        called = {node.id.removeprefix("_") for node in named if node.id.startswith("_")} | {one.name.removeprefix("_")}
        local = {node.id for node in named if isinstance(node.ctx, ast.Store)} | {each.arg for each in one.args.args}
        found |= {(one.name, name) for name in local & private - called}
    written = re.compile(r'add\(\s*f?" *(\w+)(?:: [\w\[\]]+)? = ')
    texts = "".join(path.read_text("utf-8") for path in (ROOT / "nngen" / "targets").glob("*.py"))
    assert found == set()
    assert private.isdisjoint(written.findall(texts))


@settings(max_examples=25)
@given(seeds, st.integers(0, 2**40))
def test_random_numbers_are_those_of_the_reference(seed: int, index: int) -> None:
    assert random_numbers._bits(U32(seed), index) == bits(seed, np.array([index]))[0] == XOR._bits(seed, index)
    assert random_numbers._uniform(U32(seed), index) == uniform(seed, np.array([index]))[0]
    assert random_numbers._normal(U32(seed), index) == normal(seed, np.array([index]))[0]
    assert random_numbers._truncated(U32(seed), index, 0.5) == truncated(seed, np.array([index]), 0.5)[0]


@given(st.integers(1, 40), st.none() | seeds, st.integers(0, 1000))
def test_the_order_is_that_of_random_numbers(count: int, seed: int | None, epoch: int) -> None:
    places = list(range(count))
    expected = places if seed is None else sorted(places, key=lambda i: XOR._bits(seed, epoch * count + i))
    assert order._order(places, None if seed is None else U32(seed), epoch) == expected


@given(st.integers(0, 30))
def test_some_examples_are_held_out(count: int) -> None:
    if 0 < round(network.SHARE * count) < count:
        kept = order._held_out(count)
        assert sorted(kept + order._others_than(kept, count)) == list(range(count))
    else:
        with pytest.raises(RefusedError, match="enough examples"):
            order._held_out(count)


@given(st.lists(st.floats(), min_size=1))
def test_numbers_are_compared_and_added_as_numpy_does(values: list[float]) -> None:
    with np.errstate(invalid="ignore", over="ignore"):
        assert np.array_equal(numbers._largest(*values), np.max(values), equal_nan=True)
        assert np.array_equal(
            numbers._minimum(values[0], values[-1]), np.minimum(values[0], values[-1]), equal_nan=True
        )
        assert np.array_equal(numbers._sum(values), np.cumsum(values)[-1], equal_nan=True)  # cumsum adds in order
        assert numbers._sign(values[0]) == (0.0 if math.isnan(values[0]) else np.sign(values[0]))
    assert numbers._choose(values[0] > 0.0, 1.0, 2.0) == (1.0 if values[0] > 0.0 else 2.0)


def test_numbers_in_a_style_are_those_of_the_reference() -> None:
    usual = {"thousands": "", "decimal": ".", "prefix": "", "suffix": "", "minus": "before"}
    styles = [Style(**(usual | style)) for style in number_texts.STYLES]
    for row in number_texts.rows(150, seed=3):
        for text, style, wanted in zip(row, styles, number_texts.right(row), strict=True):
            even = re.sub("[\u00a0\u2009\u202f]", " ", text).strip(" \t\n\v\f\r")
            found = number_styles._of_style(even, style)
            if wanted is None:
                assert not abs(found) <= 1e100, text
            else:
                assert found == wanted or (math.isnan(found) and wanted == 7.25), text  # what a missing value becomes


@pytest.mark.parametrize("target", [name for name, target in TARGETS.items() if target.printer])
def test_each_language_prints_the_whole_source(target: str) -> None:
    texts = [page.read_text("utf-8") for page in (ROOT / "templates" / target).glob("*.*")]
    texts += [(ROOT / "templates" / "printed.jinja").read_text("utf-8")] * (target != "javascript")
    subjects = " ".join(re.findall(r" source: (.+)$", "\n".join(texts), re.MULTILINE)).split()
    assert len(subjects) > 13
    for subject in subjects:
        found = printed(target, subject, SHARED, "float64")
        printer = TARGETS[target].printer
        assert printer is not None
        assert len(found) == sum(not printer.has(one) for one in program(subject).functions)
        assert not [one for one in found if "LISTED" in one.text]
        assert all(len(line.expandtabs(4)) <= 120 for one in found for line in one.text.splitlines())


def test_go_rounds_a_product_before_it_is_added() -> None:
    """Go may compute ``x*y + z`` without rounding the product, and does on some machines."""
    texts = [one.text for name in ("random_numbers", "training") for one in printed("go", name, SHARED, "float64")]
    found = [line for text in texts for line in text.splitlines() if re.search(r" [-+]= .* \* ", line)]
    assert len(found) == 4
    assert all(" float64(" in line or " Num(" in line for line in found)


def test_weights_of_a_batch_have_the_width_of_the_network() -> None:
    """An example alone counts 1, which javac takes as a number of 32 bits only with an f."""
    weighed = {"loss": {"name": "cross_entropy", "example_weights": True, "batch": "weighted_mean"}}
    described = next(filter(coupled, NORMALIZED)).model_dump(by_alias=True) | weighed
    for target in ("java", "csharp"):
        text = module(Spec.model_validate(described), target, form={"dtype": "float32"}).text
        assert "{ 1.0f }" in text or "{1.0f}" in text
