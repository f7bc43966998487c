"""Cells in JavaScript, and texts in C, mean what they do in ``tests/pages/test_cells.py``."""

import json
import re
from pathlib import Path

import pytest

from nngen.proof.reference import Network
from nngen.targets import texts
from nngen.targets.python_definitions import python_definitions
from tests.oracle.compiling import STANDARD, WARNINGS, run
from tests.oracle.node import Job
from tests.oracle.node import run as run_node
from tests.support.cells import ROW, SPEC, TEXTS, cases, expected, kind, row

pytestmark = pytest.mark.oracle


def test_javascript_reads_cells_as_the_reference(tmp_path: Path) -> None:
    body = """
        const encoded = (row) => {
          try {
            return m.encode(eval(row));
          } catch (error) {
            return `${error.name}: ${error.message}`;
          }
        };
        return [m.pack(m.init()), given.map(encoded)];
    """
    rows = [row(*case) for case in cases()]
    given = [json.dumps(one) for one in rows]
    [found] = run_node([Job(texts(SPEC, Path(), ["javascript"])["javascript"], body, given)], tmp_path)
    params, answers = found["gives"]
    assert params == [float(value) for block in Network(SPEC).init() for value in block.ravel()]
    for case, one in zip(cases(), answers, strict=True):
        if isinstance(one, str):
            assert one.startswith("RangeError: ")
            one = kind(one)
        assert one == expected(*case), case


def test_c_reads_texts_as_the_reference(tmp_path: Path) -> None:
    names = [column.name for column in SPEC.columns]
    listed = [names.index(name) for name in ("user", "item", "city", "kind")]
    words = [text for text in TEXTS if "\0" not in text and len(text) < 9_000]  # a constant in C is not longer
    constants = ", ".join('"' + "".join(f"\\{byte:03o}" for byte in text.encode()) + '"' for text in words)
    cells = [f'cells_{name}_of("{ROW[i]}")' if i in listed else ROW[i] for i, name in enumerate(names)]
    start = " ".join(f"row.{name} = {cell};" for name, cell in zip(names, cells, strict=True))
    tries = " ".join(f"other = row; other.{names[i]} = cells_{names[i]}_of(texts[i]); show(&other);" for i in listed)
    program = f"""
        #include <stdio.h>
        #include "cells.h"
        static void show(const cells_row *row) {{
            double x[CELLS_INPUTS];
            printf("%d", cells_encode(row, x));
            for (int i = 0; i < CELLS_INPUTS; i++) {{ printf(" %g", x[i]); }}
            printf("\\n");
        }}
        int main(void) {{
            static const char *const texts[] = {{{constants}}};
            cells_row row, other;
            double params[CELLS_PARAMETERS];
            cells_init(params, CELLS_SEED);
            for (int i = 0; i < CELLS_PARAMETERS; i++) {{ printf("%.17g ", params[i]); }}
            printf("\\n");
            {start}
            for (int i = 0; i < {len(words)}; i++) {{ {tries} }}
            return 0;
        }}
    """
    (tmp_path / "cells.h").write_text(texts(SPEC, Path(), ["c"])["c"], encoding="utf-8")
    (tmp_path / "main.c").write_text(program, encoding="utf-8")
    main = tmp_path / "main"
    run("gcc", *WARNINGS, *STANDARD["c"], "-Wno-overlength-strings", "-o", main, tmp_path / "main.c", "-lm")
    lines = iter(run(main).decode().splitlines())
    params = [float(value) for block in Network(SPEC).init() for value in block.ravel()]
    assert [*map(float, next(lines).split())] == params
    for text in words:
        for place in listed:
            refused, *inputs = map(float, next(lines).split())
            right = expected(place, text)
            assert (refused == place + 1) if isinstance(right, str) else (refused == 0 and inputs == right), (
                place,
                text,
            )


def test_the_binding_of_c_reads_cells_with_the_functions_of_python() -> None:
    made = texts(SPEC, Path(), ["python", "c"])
    python, binding = ({one.text for one in python_definitions(made[name])} for name in ("python", "binding"))
    cells = {
        text for text in python if re.match(r"def _(values|missing|number|numbered|place|text|one_hot|plain)\(", text)
    }
    assert len(cells) == 8
    assert cells <= binding
