"""A mutant: a file of the project with one small mistake."""

import ast
from dataclasses import dataclass
from pathlib import Path

JUDGED = ("python", "numpy")
"""The targets whose pages `make test` runs."""
ELSEWHERE = ("javascript", "c")
"""The targets whose pages run with Node and a C compiler (``tests/mutation/mutant_pages.py``)."""

PLAN = [
    f"nngen/{name}.py"
    for name in (
        "plan/planner plan/learning_planner plan/network plan/layer plan/layer_planner plan/learning plan/blocks "
        "mathematics/formulas/formula mathematics/formulas/grammar mathematics/formulas/printer "
        "mathematics/formulas/lines mathematics/formulas/derivative mathematics/formulas/evaluate "
        "mathematics/catalogue/page_functions "
        "targets/python_layout targets/line_breaks targets/rows targets/sums targets/prose common/text"
    ).split()
]

TESTS = {
    "": [
        f"tests/unit/test_{name}.py" for name in "plan plan_says layout margin formula derivative normal_form".split()
    ],
    "javascript": [
        *(f"tests/oracle/test_javascript{part}.py" for part in ("", "_refusals", "_training", "_selftest", "_pages")),
        *(f"tests/oracle/test_{name}.py" for name in "kinds encoding dates number_styles contents_javascript".split()),
    ],
    "c": [
        f"tests/oracle/test_{name}.py"
        for name in (
            *"c c_training c_refusals c_selftest c_small c_memory c_tiles contents_c kinds".split(),
            *"predictor encoding dates number_styles integers anomaly_integers sensitivity".split(),
            *"binding binding_weights binding_batches binding_arrays binding_library".split(),
        )
    ],
}
"""The tests of single pages that try the mutants of a target, or those of the plan."""


@dataclass(frozen=True)
class Mutant:
    """A file of the project in which ``text`` replaces the bytes from ``start`` to ``stop``."""

    group: str
    path: str
    place: str
    start: int
    stop: int
    text: str
    name: str
    """The name: the file, the function or entry, the line before and after the change."""

    @property
    def changes_pages(self) -> bool:
        """Whether the file is a template or part of the plan, so that pages change."""
        return self.path.startswith("templates/") or self.path in PLAN

    @property
    def target(self) -> str:
        """The only target whose pages it changes, if `make test` does not run them; otherwise empty."""
        return next((target for target in ELSEWHERE if self.path.startswith(f"templates/{target}/")), "")


class Page:
    """A file from which mutants are made."""

    def __init__(self, root: Path, path: Path, group: str) -> None:
        self.group, self.path = group, path.relative_to(root).as_posix()
        self.source = path.read_bytes()
        self.starts = [0]
        for row in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(row))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The first byte of a node, and the byte after it."""
        first, last = getattr(node, "lineno"), getattr(node, "end_lineno")  # noqa: B009
        return (
            self.starts[first - 1] + int(getattr(node, "col_offset")),  # noqa: B009
            self.starts[last - 1] + int(getattr(node, "end_col_offset")),  # noqa: B009
        )

    def mutant(self, place: str, start: int, stop: int, text: str) -> Mutant:
        """The mutant with this text; the changed lines give its name."""
        first = self.source.rfind(b"\n", 0, start) + 1
        last = self.source.find(b"\n", stop)
        old = self.source[first:last].decode()
        new = self.source[first:start].decode() + text + self.source[stop:last].decode()
        name = f"{self.path}{', ' * bool(place)}{place}: {' '.join(old.split())} → {' '.join(new.split()) or 'nothing'}"
        return Mutant(self.group, self.path, place, start, stop, text, name)
