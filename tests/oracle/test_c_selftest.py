"""The self-test of headers: right under each compiler, and a mistake is found."""

from pathlib import Path

import pytest

from nngen.build import texts
from nngen.planner import plan
from nngen.render import render
from nngen.selftest import selftest
from nngen.source import load
from tests.modules import ROOT
from tests.oracle.c import STANDARD, WARNINGS, Told, run
from tests.oracle.test_c import stories

pytestmark = pytest.mark.oracle


def selftests(folder: Path, pages: dict[str, str], real: str, compiler: str, *options: str) -> list[int]:
    """What the self-tests of headers give, each from a program that has them all."""
    for name, text in pages.items():
        (folder / f"{name}.h").write_text(text, encoding="utf-8")
    tolerance = "1e-4f" if real == "float" else "1e-9"
    calls = [
        f'    {{ static {real} memory[{name.upper()}_SELFTEST]; printf("%d ", {name}_selftest({tolerance}, memory)); }}'
        for name in pages
    ]
    includes = [f'#include "{name}.h"' for name in pages]
    lines = ["#include <stdio.h>", *includes, "int main(void) {", *calls, "    return 0;", "}", ""]
    (folder / "selftests.c").write_text("\n".join(lines), encoding="utf-8")
    language = STANDARD["c++" if compiler.endswith("++") else "c"]
    run(compiler, *language, *WARNINGS, *options, folder / "selftests.c", "-lm", "-o", folder / "selftests")
    return [int(word) for word in run(folder / "selftests").split()]


def with_selftest(told: Told) -> str:
    """The page of a story's network, with the reference's numbers."""
    made = plan(told.spec)
    return render(made, told.spec, "c", selftest(made, told.spec, "c"))


@pytest.mark.parametrize("kind", ["specs", "networks"])
@pytest.mark.parametrize("compiler", ["gcc", "clang", "g++"])
def test_selftests_are_as_the_reference_says(kind: str, compiler: str, tmp_path: Path) -> None:
    pages = {told.name: with_selftest(told) for told in stories(kind)}
    assert selftests(tmp_path, pages, "double", compiler, "-O1") == [0] * len(pages)


def test_selftests_in_32_bits(tmp_path: Path) -> None:
    pages = {told.name: with_selftest(told) for told in stories("specs", "float32")}
    assert selftests(tmp_path, pages, "float", "gcc", "-O1", "-Wdouble-promotion") == [0] * len(pages)


@pytest.mark.parametrize(
    ("name", "before", "after", "first"),
    [
        ("xor_mlp", "exp(xor_mlp_minimum(z, 0.0)) /", "exp(xor_mlp_minimum(z, 0.1)) /", 1),
        ("xor_mlp", "gradient[8] += db_y", "gradient[8] -= db_y", 11),
        ("xor_mlp", "5.0 * g", "5.00001 * g", 34),
        ("xor_mlp", "outputs[0] = a_y;", "outputs[0] = a_y + NAN;", 1),
        ("digits", "+ digits_dot(W_hidden[i], x, 64)", "+ 1.001 * digits_dot(W_hidden[i], x, 64)", 1),
        ("digits", "0.5 * g", "0.5000001 * g", 28),
    ],
)
def test_a_selftest_finds_a_mistake(name: str, before: str, after: str, first: int, tmp_path: Path) -> None:
    loaded = load(ROOT / "specs" / f"{name}.yaml")
    text = texts(loaded, ROOT / "specs", ["c"], selftest=True)["c"]
    assert before in text
    assert selftests(tmp_path, {name: text}, "double", "gcc") == [0]
    assert selftests(tmp_path, {name: text.replace(before, after)}, "double", "gcc") == [first]
