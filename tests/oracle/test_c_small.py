"""``NAME_class`` and ``NAME_answer`` of headers in 32 bits: what ``NAME_predict`` gives, with less flash."""

import math
import random
import re
from pathlib import Path

import numpy as np
import pytest

from nngen.description.data import AnyColumn, CategoryColumn, Encoding, NumberColumn, encoding
from nngen.description.model import Spec
from nngen.targets import texts
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.support import integer_networks
from tests.support.integers import narrow_header, path_of, trained
from tests.support.modules import spec

pytestmark = pytest.mark.oracle

SEEDS = 60
"""Random networks, of which about a third have classes and no normalization, and some have numbers."""

WRITTEN = """
#include <stdio.h>
int main(void) {{
    static const float rows[][{columns}] = {{{rows}}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {{
        const float *cells = rows[i];
        {row}
        float x[{inputs}], outputs[{outputs}];
        const int refused = {name}_encode({given}, x);
        if (!refused) {name}_forward({name}_trained, x, outputs);
        {print}
        printf("\\n");
    }}
    return 0;
}}
"""

CLASS = """
        printf("%d %d %d", {name}_class({name}_trained, cells), {name}_predict({name}_trained, {given}), refused);
        for (int k = 0; k < {outputs} && !refused; k++) printf(" %.9g", (double)outputs[k]);
"""
"""Prints the class of a row by ``class`` and by ``predict``, the column that is refused, and the outputs."""

NUMBERS = """
        float small[{outputs}];
        double wide[{outputs}];
        const int found = {name}_answer({name}_trained, cells, small);
        printf("%d %d %d", found, {name}_predict({name}_trained, {given}, wide), refused);
        for (int k = 0; k < {outputs} && !refused; k++) printf(" %.9g %.9g", (double)small[k], wide[k]);
"""
"""Prints what ``answer`` and ``predict`` return, the column that is refused, and the answers of both."""


def cells(how: Encoding, count: int) -> list[list[float]]:
    """Rows of the data: numbers around their mean, places of categories, and some that are missing or refused."""
    drawn = random.Random(count)

    def cell(column: AnyColumn) -> float:
        if isinstance(column, CategoryColumn):
            return float(drawn.randint(-2, len(column.categories) - 1 + (drawn.random() < 0.05)))
        assert isinstance(column, NumberColumn)
        number = drawn.gauss(column.subtract, 1.5 * column.divide)
        if column.clipped and drawn.random() < 0.05:
            number = math.copysign(1e29, number)  # the square of what it is scaled to is no float
        return drawn.choice([math.nan, math.inf, -math.inf]) if drawn.random() < 0.03 else number

    return [[cell(column) for column in how.columns] for _ in range(count)]


def told(described: Spec, path: Path, text: str, folder: Path, options: list[str]) -> list[list[float]]:
    """What the program prints."""
    how, name = encoding(described, path.parent), described.name
    assert how is not None
    rows = [[*map(c_number, row)] for row in cells(how, 200)]
    array = how.plain and len(how.columns) > 20
    kinds = ["(int)" if isinstance(column, CategoryColumn) else "(double)" for column in how.columns]
    fields = ", ".join(f"{kind}cells[{i}]" for i, kind in enumerate(kinds))
    given, outputs = "cells" if array else "&row", f"{name.upper()}_OUTPUTS"
    source = f'#include "{name}.h"\n' + WRITTEN.format(
        name=name,
        columns=len(how.columns),
        rows=",\n".join("{" + ", ".join(row) + "}" for row in rows),
        row="" if array else f"const {name}_row row = {{{fields}}};",
        given=given,
        inputs=f"{name.upper()}_INPUTS",
        outputs=outputs,
        print=(CLASS if how.classes else NUMBERS).format(name=name, given=given, outputs=outputs),
    )
    (folder / f"{name}.h").write_text(text)
    (folder / "program.c").write_text(source)
    run(*options, f"-I{folder}", folder / "program.c", "-o", folder / "program", "-lm")
    return [[*map(float, line.split())] for line in run(folder / "program").decode().splitlines()]


def c_number(number: float) -> str:
    """A number as C writes it."""
    if math.isnan(number):
        return "NAN"
    return f"{'-' if number < 0 else ''}INFINITY" if math.isinf(number) else f"{number!r}f"


def agree(found: list[list[float]]) -> None:
    """Compare the classes of all rows: they may differ only where the two likeliest are equal to six digits."""
    for mine, predicted, refused, *outputs in found:
        assert (mine == -1) == (predicted == -1) == (refused != 0)
        likeliest = sorted(outputs if len(outputs) > 1 else [*outputs, 0.5])[-2:]
        assert mine == predicted or np.ptp(likeliest) < 1e-6, (mine, predicted, outputs)


def near(found: list[list[float]]) -> None:
    """Compare the answers of all rows, to five digits of the largest one."""
    for mine, predicted, refused, *_ in found:
        assert (mine != 0) == (predicted != 0) == (refused != 0)
    answers = np.array([row[3:] for row in found if not row[2]])
    small, wide = answers[:, ::2], answers[:, 1::2]
    assert np.all(np.abs(small - wide) <= 1e-5 * np.abs(wide).max(axis=0))


@pytest.mark.parametrize("name", ["iris", "penguins", "digits"])
def test_the_class_of_a_committed_network(name: str, tmp_path: Path) -> None:
    described, path = spec(path_of(name)), path_of(name)
    text = narrow_header(described, path, trained(name), "layers" if name == "digits" else "weights")
    for compiler, language in (("gcc", "c"), ("g++", "c++")):
        found = told(described, path, text, tmp_path, [compiler, *STANDARD[language], *WARNINGS, *SANITIZED])
        agree(found)
        assert {row[0] for row in found} >= {-1.0, 0.0, 1.0, 2.0}


def test_random_networks(tmp_path: Path) -> None:
    """Gaps, categories, marks of missing values, layers that read several others, and a clip in every other network."""
    seen = {True: 0, False: 0}
    for seed in range(SEEDS):
        (folder := tmp_path / str(seed)).mkdir()
        made = integer_networks.network(seed, folder, clipped=seed % 2 == 1)
        text = narrow_header(made.spec, made.path, made.flat, "layers") if made else ""
        if made and re.search(r"net_(class|answer)\(", text):
            found = told(made.spec, made.path, text, folder, ["gcc", *STANDARD["c"], *WARNINGS])
            how = encoding(made.spec, made.path.parent)
            assert how is not None
            seen[bool(how.classes)] += 1
            agree(found) if how.classes else near(found)
    assert seen[True] > SEEDS // 4
    assert seen[False] > SEEDS // 20


def test_other_headers_have_none(tmp_path: Path) -> None:
    """Without trained parameters, in 64 bits, or with a normalization."""
    described, path = spec(path_of("iris")), path_of("iris")
    wide = texts(described, path.parent, ["c"], parameters=trained("iris"), contents=())["c"]
    narrow = narrow_header(described, path, trained("iris"), "layers")
    normalized = spec(path_of("digits_batch_norm"))
    other = narrow_header(normalized, path, trained("digits_batch_norm"), "layers")
    assert ["_class(const" in text for text in (wide, narrow, other)] == [False, True, False]
