"""How many terms of one sum does each runtime accept? ``MAX_TERMS`` of nngen/targets/sums.py rests on this.

Each runtime gets a function with a weighted sum of more and more terms. Compilers get at most 8,192, more than any page
has.

    python -m benchmarks.terms      (runs the installed runtimes of benchmarks/runtimes.py)
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.runtimes import compilers, node, pythons

MOST = 32_768
MOST_COMPILED = 8_192

PYTHON = "def f(b, w, x):\n    z = {}\n    return z\n\n\nf(0.5, 0.5, 0.5)\n"
SCRIPT = "function f(b, w, x) {{\n  const z = {};\n  return z;\n}}\nf(0.5, 0.5, 0.5);\n"
C = "double f(double b, double w, double x);\ndouble f(double b, double w, double x) {{\n    return {};\n}}\n"


def takes(command: Sequence[str], file: Path, page: str, terms: int) -> bool:
    """Whether a command accepts a page with a sum of this many terms."""
    file.write_text(page.format(" + ".join(["b", *["w * x"] * (terms - 1)])), "utf-8")
    return subprocess.run([*command, str(file)], capture_output=True).returncode == 0


def most(taken: Callable[[int], bool], top: int) -> int:
    """The most terms that are accepted, to one percent."""
    low, high = 0, 64
    while high <= top and taken(high):
        low, high = high, 2 * high
    while low < top and high - low > max(1, low // 100):
        middle = (low + high) // 2
        low, high = (middle, high) if taken(middle) else (low, middle)
    return low


def main() -> None:
    """Print a row for each runtime."""
    found = [(name, command, "page.py", PYTHON, MOST) for name, command in pythons().items()]
    found += [(name, command, "page.mjs", SCRIPT, MOST) for name, command in node().items()]
    found += [
        (f"{name} {level}", [*command, level, "-S", "-o", "-"], "page.c", C, MOST_COMPILED)
        for name, command in compilers().items()
        for level in ("-O0", "-O3")
    ]
    print(f"{'runtime':<24}  terms")
    with TemporaryDirectory() as folder:
        for name, command, file, page, top in found:
            path = Path(folder, file)
            terms = most(partial(takes, command, path, page), top)
            print(f"{name:<24}  {'>= ' if terms == top else ''}{terms:,}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
