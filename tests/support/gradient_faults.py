"""Does a page's own check find a wrong gradient? Each equation of each committed page is changed, one at a time.

``python -m tests.support.gradient_faults`` prints the share that is found, and each fault that is not. In Python,
NumPy and JavaScript the page checks itself. A header of C has no such check, and is judged by its self-test.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

from nngen.learning.explain.statements import code
from nngen.proof.selftest import module_numbers
from nngen.targets.modules import as_module, texts
from tests.oracle.compiling import run as run_c
from tests.oracle.node import Job
from tests.oracle.node import run as run_javascript
from tests.support.modules import SPECS, spec

OTHER = {"+": "-", "-": "+", "*": "+", "/": "*"}
"""The operator that stands in place of another one."""

OPERATOR = re.compile(r"(?<= )[-+*/](?= )")
NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])")
C_EQUATION = re.compile(
    r"(?:^ +|(?<=;) )(?:const double )?(?:d\w+|mean_dhat\w+|gradient)\S*(?: \+ i\])? [+/]?=\s+([^;]+);", re.MULTILINE
)

GIVEN = ("after", "loss", "params", "x", "xs", "y", "ys")
"""Names in ``gradient`` that are no derivatives."""

ADDED = {
    "python": """
def _added(value):
    return [_added(one) for one in value] if isinstance(value, list) else value + 0.1
""",
    "javascript": """
function _added(value) {
  return Array.isArray(value) ? value.map(_added) : value + 0.1;
}
""",
}
"""Code with which pages can add 0.1 to a value of any shape."""


@dataclass(frozen=True)
class Page:
    """A page, and where its gradient has equations: the right sides, as places in the text."""

    name: str
    target: str
    text: str
    equations: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Fault:
    """A page with one wrong line in its gradient: the line before and after the change."""

    page: Page
    text: str
    was: str
    now: str


def page(path: Path, target: str) -> Page:
    """The page of a committed spec; the C page has a self-test."""
    text = texts(spec(path), path.parent, [target], selftest=module_numbers if target == "c" else None)[target]
    found = {"javascript": _of_javascript, "c": _of_c}.get(target, _of_python)(text)
    return Page(path.stem, target, text, tuple(found))


def _of_python(text: str) -> Iterator[tuple[int, int]]:
    lines, after = text.splitlines(keepends=True), False
    for node in ast.walk(_gradient(text)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(ast.Name(id=name), value=value):
                empty = isinstance(value, ast.Call) and ast.unparse(value.func) == "np.empty"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="fill"), args=[value]):
                empty = False
            case _:
                continue
        if after and value is not None and name not in GIVEN and not empty:
            segment = ast.get_source_segment(text, value) or ""
            start = text.index(segment, len("".join(lines[: value.lineno - 1])))
            yield start, start + len(segment)
        after |= name == "loss"


def _gradient(text: str) -> ast.FunctionDef:
    """The function with the equations."""
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return found.get("batch_gradient", found["gradient"])


def _of_javascript(text: str) -> Iterator[tuple[int, int]]:
    parts, after = code(text), False
    place = len(parts.before)
    for statement in parts.statements:
        if after and statement.name not in ("", "after", "loss"):
            adds = " = " not in statement.text  # the last argument is added to the derivatives
            start = statement.text.rindex(", ") + 2 if adds else statement.text.index(" =") + 3
            yield place + start, place + statement.text.rindex(");" if adds else ";")
        after |= statement.name == "loss"
        place += len(statement.text)


def _of_c(text: str) -> Iterator[tuple[int, int]]:
    start = text.index("if (!gradient)")
    stop = text.index("\n}\n", start)
    for found in C_EQUATION.finditer(text, start, stop):
        if found[1] != "0" and "gradient +" not in found[1]:
            yield found.span(1)


def faults(page: Page) -> Iterator[Fault]:
    """Each equation with another operator, with another number, and with 0.1 more."""
    for start, stop in page.equations:
        value = page.text[start:stop]
        added = f"0.1 + ({value})" if page.target == "c" else f"_added({value})"
        changed = [(0, len(value), added)]
        changed += [(*found.span(), OTHER[found[0]]) for found in OPERATOR.finditer(value)]
        changed += [(*found.span(), f"{float(found[0]) + 1.0}") for found in NUMBER.finditer(value)]
        for first, last, new in changed:
            now = value[:first] + new + value[last:]
            begin = page.text.rindex("\n", 0, start) + 1
            name = page.text[begin:start].strip()
            text = page.text[:start] + now + page.text[stop:]
            yield Fault(page, text, f"{name} {value}", f"{name} {now}")


def missed(page: Page, made: Sequence[Fault]) -> list[Fault]:
    """The faults that the page does not find.

    Raises:
        ValueError: it finds a fault in the right page.
    """
    judge = {"javascript": _by_javascript, "c": _by_c}.get(page.target, _by_python)
    right, *found = judge(page, [page.text, *(fault.text for fault in made)])
    if right:
        raise ValueError(f"{page.target}/{page.name} is right, and its check says that it is wrong")
    return [fault for fault, seen in zip(made, found, strict=True) if not seen]


def _by_python(page: Page, pages: Sequence[str]) -> list[bool]:
    module = as_module(page.name, page.text + ADDED["python"])
    return [_finds(module, text) for text in pages]


def _finds(module: ModuleType, text: str) -> bool:
    """Whether a module finds a fault once it has the gradient of another page."""
    gradient = _gradient(text)
    exec(compile(ast.Module([gradient], []), "page", "exec"), vars(module))
    try:
        return not module._check_gradient() < 1e-6
    except (ArithmeticError, TypeError, ValueError):
        return True


def _by_javascript(page: Page, pages: Sequence[str]) -> list[bool]:
    made = [text + ADDED["javascript"] for text in pages]
    with TemporaryDirectory() as folder:
        found = run_javascript([Job(text, "return m.check_gradient();") for text in made], Path(folder))
    return ["gives" not in one for one in found]


def _by_c(page: Page, pages: Sequence[str]) -> list[bool]:
    """All pages in one program, each under its own name."""
    calls = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        for k, text in enumerate(pages):
            own = text.replace(page.name, f"page{k}").replace(page.name.upper(), f"PAGE{k}")
            (folder / f"page{k}.h").write_text(own, encoding="utf-8")
            calls.append(
                f'{{ static double memory[PAGE{k}_SELFTEST]; printf("%d ", page{k}_selftest(1e-9, memory)); }}'
            )
        includes = [f'#include "page{k}.h"' for k in range(len(pages))]
        program = ["#include <stdio.h>", *includes, "int main(void) {", *calls, "return 0; }", ""]
        (folder / "pages.c").write_text("\n".join(program), encoding="utf-8")
        run_c("gcc", "-w", "-O0", folder / "pages.c", "-lm", "-o", folder / "pages")
        return [int(word) != 0 for word in run_c(folder / "pages").split()]


def main() -> int:
    """Print what is found, and what is not."""
    left: list[Fault] = []
    for target in ("python", "numpy", "javascript", "c"):
        pages = [page(path, target) for path in SPECS]
        made = {one.name: list(faults(one)) for one in pages}
        of_target = [fault for one in pages for fault in missed(one, made[one.name])]
        count = sum(map(len, made.values()))
        print(f"{target}: {count - len(of_target)} of {count} found", flush=True)
        left += of_target
    for fault in left:
        print(f"\n{fault.page.target}/{fault.page.name}\n  {fault.was}\n  {fault.now}")
    return len(left)


if __name__ == "__main__":
    main()
