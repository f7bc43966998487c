"""Pages at the margin: a line may have 120 columns, and what has more is broken."""

import ast
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from nngen.common.text import columns
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets import python_layout
from nngen.targets.line_breaks import WIDTH
from nngen.targets.render import render
from nngen.targets.rows import fitting
from nngen.targets.sums import MAX_TERMS
from tests.support.cases import with_targets
from tests.support.formatted import rows_apart, unmarked
from tests.support.kinds import EVERY_KIND, TRAININGS
from tests.support.modules import TARGETS
from tests.support.network import layer, network
from tests.support.normalized import BATCHES


def shares(count: int, digits: int) -> list[float]:
    """Numbers between 0 and 1 with this many more digits than one each."""
    return [float("0.1" + "1" * len(range(k, digits, count))) for k in range(count)]


def by_adam(digits: int) -> Network:
    options = zip(("rate", "beta1", "beta2"), shares(3, digits), strict=True)
    return network([layer("o", 1, "tanh")], "squared_error", training={"optimizer": {"name": "adam", **dict(options)}})


def by_class(digits: int) -> Network:
    return network([layer("o", 9, "softmax")], {"name": "cross_entropy", "class_weights": shares(9, digits)})


def deep_one(digits: int) -> Network:
    """The number of hidden units occurs in two shapes, that of the output units in one."""
    wide = [10] * (digits // 2) + [1] * (12 - digits // 2) + [10 if digits % 2 else 1]
    return network([layer(f"h{k}", units, "tanh", bias=False) for k, units in enumerate(wide)], "squared_error")


def of_long_name(letters: int) -> Network:
    normalization = {"name": "batch_norm", "momentum": 1.0 / 9.0}
    layers = [layer("h" * (1 + letters), 2, "tanh", normalization=normalization), layer("o", 1, "linear")]
    return network(layers, "squared_error", training=BATCHES)


@pytest.mark.parametrize(
    ("target", "start", "made"),
    [
        ("python", "        w = w - ", by_adam),
        ("python", "_CLASS_WEIGHTS = (", by_class),
        ("python", "_SHAPES = (", deep_one),
        ("numpy", "_CLASS_WEIGHTS = np.array([", by_class),
        ("numpy", "        after[5]", of_long_name),
    ],
)
def test_a_line_is_broken_where_it_would_be_too_long(target: str, start: str, made: Callable[[int], Network]) -> None:
    def line(digits: int) -> str:
        spec = with_targets(made(digits).spec, unroll="layers")
        return next(row for row in render(plan(spec), spec, target).split("\n") if row.startswith(start))

    room = WIDTH - len(line(0))
    assert len(line(room)) == WIDTH
    assert line(room + 1).endswith(("(", "["))


@pytest.mark.parametrize("target", TARGETS)
def test_a_long_summary_is_aligned(target: str) -> None:
    spec = deep_one(0).spec
    page = ast.get_docstring(ast.parse(render(plan(spec), spec, target)), clean=False)
    assert page is not None
    assert textwrap.indent(textwrap.fill(plan(spec).summary, WIDTH - 4), "    ") in page.split("\n\n")


def functions(name: str) -> list[str]:
    """Functions with a statement of each kind, in which this name stands."""
    deep = f"    if a:\n        {python_layout.assign(f'f(⟨{name},↵b⟩)', 'a', 8)}"
    few, many = [name, "b", "c"], [name, *"bc" * (MAX_TERMS // 2), "d"]
    bodies = [
        *(
            f"    {python_layout.assign(f'{value}', 'a')}"
            for value in (f"f(⟨{name},↵b⟩)", f"[⟨{name},↵b,⟩]", f"f(⟨{name}⟩).T", f"f{name}()")
        ),
        *(
            f"    {python_layout.returned(value)}"
            for value in (f"f(⟨{name},↵b⟩)", f"{name}↵+ b", f"a↵if b↵else {name}", f"{name}↵+ f()")
        ),
        *(
            f"    {written(terms)}"
            for terms in (few, many)
            for written in (python_layout.return_sum, lambda t: python_layout.add(t, "a"))
        ),
        *(f"    {python_layout.average(terms, 'a')}" for terms in (few, many)),
        *(f"    {python_layout.return_call(terms, 'f')}" for terms in (few, many)),
        f"    {python_layout.strings([name, 'b'], 'a', 4)}",
        deep,
    ]
    heads = [
        python_layout.signature([f"{name}: int", "b: int"], "f", "int"),
        python_layout.signature([name, name], "f", "int"),
    ]
    return [*(f"def f():\n{body}\n" for body in bodies), *(f"{head}\n    pass\n" for head in heads)]


def test_statements_of_each_length_are_as_the_formatter_has_them(tmp_path: Path) -> None:
    file = tmp_path / "statements.py"
    made = [function for length in range(40, WIDTH - 16) for function in functions("n" * length)]
    for name in ("n" * length for length in range(40, WIDTH - 8)):
        for value in (f"{name}↵* f(⟨b,↵c⟩)", f"b↵* f(⟨{name}⟩)", f"b↵* f(⟨{name},↵c⟩)"):
            made.append(f"def f():\n    {python_layout.assign(value, 'a')}\n")
    file.write_text(rows_apart("\n\n".join(made)), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={WIDTH}", "--diff", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout or done.stderr)[:5_000]


def test_pages_with_every_kind_of_layer_are_as_the_formatter_has_them(tmp_path: Path) -> None:
    names = ["user", "item", "age", "fee", *(layer["name"] for layer in EVERY_KIND["layers"])]
    for training, letters in product(("gradient descent, l1", "adam, l2"), (0, 20, 28, 34)):
        text = json.dumps({**EVERY_KIND, "training": TRAININGS[training]})
        for name in names:
            text = text.replace(f'"{name}"', f'"{name.ljust(letters, "n")}"')
        spec = with_targets(Spec.model_validate_json(text), unroll="layers")
        for target in TARGETS:
            page = unmarked(render(plan(spec), spec, target))
            (tmp_path / f"{target}_{training[:4]}_{letters}.py").write_text(page, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", f"--line-length={WIDTH}", "--diff", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout or done.stderr)[:5_000]


def test_what_just_fits_is_not_broken() -> None:
    def lines(written: Callable[[str], str], least: int) -> list[int]:
        return [written("n" * length).count("\n") + 1 for length in (least, least + 1)]

    assert lines(lambda n: python_layout.items([[n, "b"], ["c"]], "a = (", ")"), 108) == [4, 5]
    assert lines(lambda n: python_layout.signature([f"{n}: int", "b: int"], "f", "int"), 103) == [3, 4]
    assert lines(lambda n: python_layout.comment(f"{n} b"), 112) == [1, 2]
    assert lines(lambda n: python_layout.strings([n, "b"], "name"), 112) == [3, 5]
    assert lines(lambda n: python_layout.assign(n, "name"), 112) == [3, 1]  # which no bracket would help
    assert fitting(["aaa", "bb"], 7) == [["aaa", "bb"]]
    assert columns("é_") == 2


def test_a_list_takes_rows_where_one_line_is_too_short() -> None:
    for length in range(40, WIDTH):
        rows = [["n" * length, "b"], ["c"]]
        for written, line in (
            (python_layout.items(rows, "a = (", ")"), f"    a = ({'n' * length}, b, c)"),
            (python_layout.unpack(rows, "a"), f"    {'n' * length}, b, c = a"),
        ):
            assert ("\n" in written) == (len(line) > WIDTH)
