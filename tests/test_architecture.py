"""Dependencies run one way, and the reference shares nothing with what it judges."""

import ast
import sys
from pathlib import Path

import pytest

from tests.modules import ROOT

PACKAGE = ROOT / "nngen"
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = [
    {"words", "text"},
    {"formula", "catalogue", "characters", "diagnostics"},
    {"files"},
    {"saved"},
    {"arithmetic"},
    {"derivative"},
    {"normal_form"},
    {"activations", "losses", "optimizers", "penalties", "stopping", "initializers", "normalizations"},
    {"helpers"},
    {"fields"},
    {"own", "examples"},
    {"proof"},
    {"structure", "training", "weighting"},
    {"chain"},
    {"spec"},
    {"reference"},
    {"schema"},
    {"reading", "editor_schema"},
    {"source"},
    {"data"},
    {"parameters", "statements"},
    {"layer", "layout", "learning"},
    {"plan", "script"},
    {"typeset", "plan_learning", "room", "selftest", "header"},
    {"planner"},
    {"targets", "compiled"},
    {"render"},
    {"build"},
    {"train"},
    {"tables"},
    {"report", "cortex"},
    {"verify", "trace", "explain"},
    {"cli"},
]
"""From what depends on nothing to what depends on all; modules on one line may not import one another."""


def imports(path: Path) -> set[str]:
    """The modules of the package that a module imports, by the first part of their names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "nngen" else [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("nngen.")}
    return found


def room(path: Path) -> str:
    """A module's place in the order: the first part of its name within the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_dependencies_run_one_way(path: Path) -> None:
    name = room(path)
    if name == "__init__":
        assert imports(path) == set()
        return
    if name == "reference":
        assert imports(path) <= {"spec", "structure", "training", "reference"}
        return
    place = next(i for i, rooms in enumerate(ORDER) if name in rooms)
    below = set().union(*ORDER[:place])
    assert imports(path) - {name} <= below


def test_the_reference_imports_nothing_but_numpy_and_the_spec() -> None:
    for path in (PACKAGE / "reference").glob("*.py"):
        tree = ast.parse(path.read_text())
        found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        found |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        own = {name for name in found if name.split(".")[0] not in sys.stdlib_module_names}
        assert {name for name in own if not name.startswith("nngen.reference")} <= {
            "nngen.spec",
            "nngen.structure",
            "nngen.training",
            "numpy",
            "numpy.typing",
        }


def test_nothing_that_is_judged_imports_the_reference() -> None:
    assert {room(path) for path in MODULES if "reference" in imports(path)} == {"reference", "verify", "selftest"}


def test_only_build_writes_files() -> None:
    writers = ("write_text", "write_bytes", "mkdir", "unlink", "replace(path)", "open(")
    found = {
        path.name
        for path in MODULES
        for word in writers
        if f".{word}" in path.read_text() or f" {word}" in path.read_text()
    }
    # cortex and the worker run in folders that are deleted after them; compiled templates go where compiled modules go
    assert found <= {"build.py", "cortex.py", "worker.py", "compiled.py"} | {"files.py"}


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.jinja")), ids=lambda path: path.name)
def test_templates_are_pages(path: Path) -> None:
    text = path.read_text()
    assert not [mark for mark in ("{%-", "-%}", "{{-", "-}}") if mark in text]
    from nngen.activations import ACTIVATIONS
    from nngen.losses import LOSSES
    from nngen.optimizers import OPTIMIZERS

    for name in (*ACTIVATIONS, *LOSSES, *OPTIMIZERS):
        assert f'= "{name}"' not in text, f"{name} belongs in the catalogue"
