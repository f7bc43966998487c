"""Where a training step spends its time: each line of a page, timed separately.

    python -m benchmarks.lines      # a minute; writes docs/speed_lines.json

The statements of ``gradient`` and ``step`` run in order, each many times before the next; none of them changes what it
reads. Shares are of the sum of all lines.
"""

import ast
import inspect
import json
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

from benchmarks.cells import Cell
from benchmarks.peers import GeneratedNumPy, GeneratedPython
from nngen.targets import as_module

CASES = (
    ("python", (64, 32, 10), 1),
    ("numpy", (2, 2, 1), 256),
    ("numpy", (784, 30, 10), 256),
    ("numpy", (784, 300, 100, 10), 256),
)
ROUNDS = 15
SECONDS = 0.002
"""The approximate time of a line in a round."""

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "speed_lines.json"


def timed(body: list[ast.stmt], names: dict[str, Any]) -> float:
    """The seconds of statements. In the end they have run."""
    loop = ast.For(ast.Name("_", ast.Store()), ast.Name("_times", ast.Load()), body, [])
    code = compile(ast.fix_missing_locations(ast.Module([loop], [])), "<line>", "exec")
    empty = compile("for _ in _times: pass", "<line>", "exec")

    def run(what: Any, times: int) -> float:
        names["_times"] = range(times)
        begun = perf_counter()
        exec(what, names)
        return perf_counter() - begun

    once = min(run(code, 3) / 3 for _ in range(3))
    count = max(1, round(SECONDS / once))
    return median(run(code, count) - run(empty, count) for _ in range(ROUNDS)) / count


def lines(target: str, cell: Cell) -> Iterator[tuple[str, str, float]]:
    """The statements of a training step: the function, the text, and the seconds."""
    peer = GeneratedPython(cell) if target == "python" else GeneratedNumPy(cell)
    text = cell.page(target)
    named = as_module("net", text).__dict__
    bodies = {node.name: node.body[1:] for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    x, y = (peer.few_xs[0], peer.few_ys[0]) if isinstance(peer, GeneratedPython) else (peer.x, peer.y)
    given: tuple[Any, ...] = (peer.params, x, y)
    for function in ("gradient", "step"):
        bound = inspect.signature(named[function]).bind(*given)
        bound.apply_defaults()
        names = {**named, **bound.arguments}
        before: list[ast.stmt] = []
        for statement in bodies[function]:  # after its docstring
            if isinstance(statement, ast.If) and isinstance(statement.body[-1], ast.Return):  # for the loss alone
                continue
            body = [statement]
            if isinstance(statement, ast.For):  # it fills a list, which must start empty each time
                body = [*before, statement]
            elif isinstance(statement, ast.Return):
                body = [ast.Assign([ast.Name("_returned", ast.Store())], statement.value or ast.Constant(None))]
            yield function, ast.unparse(statement), timed(body, names)
            before = [statement]
        given = (peer.params, names["_returned"][1], peer.state)


def main() -> None:
    """Print the slowest lines of each case, and write all of them to a file."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    results = []
    for target, sizes, batch in CASES:
        cell = Cell(sizes, batch)
        found = list(lines(target, cell))
        total = sum(seconds for _, _, seconds in found)
        print(f"\n{target}, {cell.name}, batch {batch}: {total * 1e6:.1f} us")
        for function, text, seconds in sorted(found, key=lambda line: -line[2])[:8]:
            print(f"  {seconds / total:5.1%}  {function}: {text[:90]}")
        rows = [(function, text, float(f"{seconds * 1e6:.4g}")) for function, text, seconds in found]
        results.append({"target": target, "network": cell.name, "batch": batch, "lines": rows})
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
