"""Headers with a self-test."""

from pathlib import Path

from nngen.plan.planner import plan
from nngen.proof.selftest import selftest
from nngen.targets.render import render
from tests.oracle.c import Told
from tests.oracle.compiling import STANDARD, WARNINGS, run

CALL = """
    {{
        static {real} memory[{NAME}_SELFTEST];
        for (int i = 0; i < {NAME}_SELFTEST; i++) memory[i] = ({real})NAN;
        {room}printf("%d ", {name}_selftest({tolerance}, memory{matrix}));
    }}"""
"""The old content of the memory does not matter."""


def selftests(
    folder: Path, pages: dict[str, str], real: str, compiler: str, *options: str, tolerance: str = ""
) -> list[int]:
    """The results of the self-tests of headers, all in one program."""
    for name, text in pages.items():
        (folder / f"{name}.h").write_text(text, encoding="utf-8")
    tolerance = tolerance or ("1e-4f" if real == "float" else "1e-9")
    calls = []
    for name, text in pages.items():
        known = {"real": real, "name": name, "NAME": name.upper(), "tolerance": tolerance, "room": "", "matrix": ""}
        if f"{name.upper()}_MATRIX" in text:
            known |= {"room": f"static double matrix[{name.upper()}_MATRIX];\n        ", "matrix": ", matrix"}
        calls.append(CALL.format(**known))
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
