"""A program of C that reads rows of texts as its user would, with the functions of a header for each column."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from nngen.description.data import Encoding, NumberColumn
from tests.oracle.compiling import STANDARD, WARNINGS
from tests.oracle.compiling import run as compiled

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "{name}.h"
static char cell[4000000];
static const char *next(void) {{
    if (!fgets(cell, sizeof cell, stdin)) exit(0);
    cell[strcspn(cell, "\\n")] = 0;
    return cell;
}}
static inline double number(void) {{
    if (!*next()) return NAN;
    return strtod(cell, NULL);
}}
int main(void) {{
    for (;;) {{
        {name}_row row;
        {cells}
        {body}
    }}
}}
"""
"""Each cell is a line, and a missing one an empty line."""


def answers_in_c(
    name: str,
    header: str,
    encoding: Encoding,
    rows: Sequence[Sequence[str | None]],
    body: str,
    folder: Path,
    seconds: float = 600.0,
) -> list[str]:
    """The lines that a program prints for rows.

    Args:
        name: of the network.
        header: the text of its header, with the part ``prediction``.
        encoding: its columns.
        rows: a text for each column.
        body: what the program does with each ``row``.
        folder: a folder for the program.
        seconds: how long it may take.
    """
    cells = []
    for place, column in enumerate(encoding.columns):
        if isinstance(column, NumberColumn) and not column.style:
            value = "number()"
        elif column in encoding.numbered:
            value = "atoi(next())"
        else:
            value = f"{name}_{column.name}_of(next())"
        array = encoding.plain and len(encoding.columns) > 20
        cells.append(f"row[{place}] = (__typeof__(*row)){value};" if array else f"row.{column.name} = {value};")
    (folder / f"{name}.h").write_text(header, "utf-8")
    source = folder / f"{name}.c"
    source.write_text(PROGRAM.format(name=name, cells="\n        ".join(cells), body=body), "utf-8")
    program = folder / f"{name}_rows"
    compiled("gcc", *WARNINGS, *STANDARD["c"], "-o", program, source, "-lm")
    given = "".join(f"{'' if cell is None else cell}\n" for row in rows for cell in row)
    done = subprocess.run([program], input=given, capture_output=True, check=True, encoding="utf-8", timeout=seconds)
    return done.stdout.splitlines()
