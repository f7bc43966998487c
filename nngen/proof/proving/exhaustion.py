"""Exhaustion: all rows of a property, one after the other, in compiled C."""

import math
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from nngen.integers import Integers
from nngen.proof.proving.answers import answer, broken, copied, difference, renamed
from nngen.proof.proving.cbmc import Found, Verdict, compiler, limit
from nngen.proof.proving.contracts import roots
from nngen.proof.proving.header import Header
from nngen.proof.proving.questions import SAME, Question, same

MOST = 1_000_000_000
"""Rows that are tried: iris takes 60 nanoseconds for each, so these are a minute."""

NO_TWO = "static int same(const int16_t *a, const int16_t *b) { (void)a; (void)b; return 0; }"
"""Of a header that may be wrong, all numbers are tried."""

NOTE = """\
#define __CPROVER_assert(condition, says) (void)0
static long nngen_least = 0x7fffffffL, nngen_most = -0x7fffffffL;
static void nngen_note(long z) {
    if (z < nngen_least) nngen_least = z;
    if (z > nngen_most) nngen_most = z;
}
"""
"""Notes the ends of what a function gets."""

NOTHING = "static int32_t answer_of(const int16_t *row, int output) { (void)output; nngen_calls(row); return 0; }"
"""Answers nothing, but calls all functions that users call."""

REACHED = "reached"
"""The kind of a question of which only these ends are wanted."""

PROGRAM = """\
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "header.h"
#include "built.h"
#define COLUMNS {columns}
{answer}
{encoded}
static const long counts[COLUMNS] = {{{counts}}};
{values}
static int16_t *kept[COLUMNS];
static long sizes[COLUMNS];
static const int order[COLUMNS] = {{{order}}}; /* the column that is walked changes first */

static void show(const int16_t *row) {{
    for (int i = 0; i < COLUMNS; i++) printf(" %d", row[i]);
}}

int main(void) {{
    int16_t row[COLUMNS], last[COLUMNS] = {{0}};
    double all = 1.0;
    for (int i = 0; i < COLUMNS; i++) row[i] = values[i][0];
    for (int i = 0; i < COLUMNS; i++) {{ /* of the values that the network does not tell apart, the first one */
        kept[i] = malloc((size_t)counts[i] * sizeof(int16_t));
        if (!kept[i]) return 2;
        for (long k = 0; k < counts[i]; k++) {{
            row[i] = values[i][k];
            if (k == 0 || !same(row, last)) kept[i][sizes[i]++] = values[i][k];
            for (int j = 0; j < COLUMNS; j++) last[j] = row[j];
        }}
        row[i] = values[i][0];
        all *= (double)sizes[i];
    }}
    printf("rows %.0f\\n", all);
    fflush(stdout);
    if (all > {most}.0) return 0;
    long at[COLUMNS] = {{0}}, done = 0;
    int32_t before = 0;
    for (int i = 0; i < COLUMNS; i++) row[i] = kept[i][0];
    for (;;) {{
        const int32_t z = answer_of(row, {output});
        if (({walks} ? at[order[0]] > 0 : 1) && ({broken})) {{
            printf("broken");
            show(row);
            if ({walks}) show(last);
            printf("\\n");
            return 0;
        }}
        if ({walks} && ({keeps} || at[order[0]] == 0)) {{
            before = z;
            for (int j = 0; j < COLUMNS; j++) last[j] = row[j];
        }}
        if (++done % 50000000 == 0) {{
            printf("done %ld\\n", done);
            fflush(stdout);
        }}
        int k = 0;
        for (; k < COLUMNS; k++) {{
            const int i = order[k];
            if (++at[i] < sizes[i]) {{
                row[i] = kept[i][at[i]];
                break;
            }}
            at[i] = 0;
            row[i] = kept[i][0];
        }}
        if (k == COLUMNS) break;
    }}
    {ends}
    printf("all %ld\\n", done);
    return 0;
}}
"""


def tried(
    network: Integers,
    header: str,
    asked: Question,
    seconds: float,
    says: Callable[[str], None],
    most: int = MOST,
    built: str = "",
    alike: bool = True,
) -> tuple[Found, list[list[int]], int]:
    """Try all rows of a property, if they are not too many.

    Args:
        network: the network.
        header: the text of its header.
        asked: the property.
        seconds: the time limit.
        says: gets a line now and then.
        most: how many rows are tried.
        alike: whether rows with the same activations count once: a changed header may read the row in another place.
        built: the header that nngen writes, if the property is that the answers are the same.

    Returns:
        what is found, the rows that break it, the second of two first, and how many rows there are.

    Raises:
        SpecError: there is no compiler of C.
    """
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "header.h").write_text(header, encoding="utf-8")
        (folder / "built.h").write_text(renamed(network, built), encoding="utf-8")
        (folder / "all.c").write_text(_program(network, asked, most, alike), encoding="utf-8")
        command = [*compiler(), "-O3", "-std=c99", "all.c", "-o", "all"]
        made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (the user's compiler)
        if made.returncode:
            return Found(Verdict.UNDECIDED, why=f"it cannot be compiled: {made.stderr.strip()[:200]}"), [], 0
        return _read(folder, len(asked.columns), end, says, most)


def reached(
    network: Integers, header: Header, name: str, seconds: float, only: int | None = None
) -> tuple[int, int] | None:
    """The least and the greatest sum that a function gets from all rows; None if that is not known.

    Of a sum that is the ``only`` one of interest, the first is greater than the second if no row gives it.
    The encoding must be that of nngen, for which a number outside of the range of its column is the nearer end.
    """
    function = header.functions[name]
    if function.arguments != "int32_t z" or not all(map(header.keeps, ("encode", "scaled", "clip"))):
        return None
    calls = " ".join(f"{{ {copied(network)} {call} }}" for call in roots(network, header).values())
    which = "" if only is None else f"if (z == {only}) "
    body = f"{which}nngen_note(z);{header.text[function.start : function.stop]}"
    asked = replace(same(network), kind=REACHED)
    text = f"{NOTE}{header.with_bodies({name: body})}static void nngen_calls(const int16_t *given) {{ {calls} }}\n"
    found, _, _ = tried(network, text, asked, seconds, lambda _: None)
    return (found.values["least"], found.values["most"]) if found.verdict is Verdict.PROVEN else None


def _read(
    folder: Path, columns: int, end: float, says: Callable[[str], None], most: int
) -> tuple[Found, list[list[int]], int]:
    """Read what the program says."""
    rows, ends, seconds = 0, {}, max(0.0, end - time.monotonic())
    process = subprocess.Popen(  # noqa: S603 (this program)
        [folder / "all"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=partial(limit, math.ceil(seconds) + 1),
    )
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        for word, *numbers in map(str.split, process.stdout or ()):
            if word == "rows":
                rows = int(numbers[0])
            elif word == "done":
                says(f"{int(numbers[0]):,} of {rows:,} rows tried")
            elif word == "broken":
                found = [*map(int, numbers)]
                parts = [found[i : i + columns] for i in range(0, len(found), columns)]
                return Found(Verdict.FAILS), parts, rows
            elif word == "ends":
                ends = dict(zip(("least", "most"), map(int, numbers), strict=True))
            elif word == "all":
                return Found(Verdict.PROVEN, values=ends), [], rows
    finally:
        timer.cancel()
        process.kill()
        process.communicate()
    if rows > most:
        why = f"{rows:,} rows are too many to try"
    else:
        ended = f"the program that tries the rows ended with exit code {process.returncode}"
        why = "no time is left" if time.monotonic() >= end else ended
    return Found(Verdict.UNDECIDED, why=why), [], rows


def _program(network: Integers, asked: Question, most: int, alike: bool) -> str:
    columns = [values.all for values in asked.columns]
    order = [*range(len(columns))]
    if asked.walked is not None:
        order.remove(asked.walked)
        order.insert(0, asked.walked)
    texts = [f"static const int16_t values_{i}[] = {{{', '.join(map(str, one))}}};" for i, one in enumerate(columns)]
    texts.append(
        f"static const int16_t *const values[COLUMNS] = {{{', '.join(f'values_{i}' for i in range(len(columns)))}}};"
    )
    return PROGRAM.format(
        columns=len(columns),
        answer=NOTHING if asked.kind == REACHED else difference(network) if asked.kind == SAME else answer(network),
        ends='printf("ends %ld %ld\\n", nngen_least, nngen_most);' if asked.kind == REACHED else "",
        encoded=_same(network) if alike and asked.kind != SAME else NO_TWO,
        counts=", ".join(str(len(one)) for one in columns),
        values="\n".join(texts),
        order=", ".join(map(str, order)),
        most=most,
        output=asked.output,
        walks=int(asked.walked is not None),
        keeps=int(asked.kind == "monotone"),  # equal compares with the first one
        broken=broken(asked),
    )


def _same(network: Integers) -> str:
    """The function ``same(a, b)``: whether two rows have the same activations."""
    head = "static int same(const int16_t *a, const int16_t *b)"
    count = network.inputs.count
    if network.inputs.direct:
        return f"{head} {{ for (int j = 0; j < COLUMNS; j++) if (a[j] != b[j]) return 0; return 1; }}"
    me = f"{network.name}_encode"
    return (
        f"{head} {{ int8_t x[{count}], y[{count}]; {me}(a, x); {me}(b, y); "
        f"for (int j = 0; j < {count}; j++) if (x[j] != y[j]) return 0; return 1; }}"
    )
