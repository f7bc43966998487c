"""Dependencies run one way, and the reference shares nothing with what it judges."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from nngen.common.nodes import nodes
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS, LOSSES, OPTIMIZERS
from nngen.plan.blocks import Block
from nngen.plan.layer import Layer, Source
from nngen.plan.learning import Loss, Optimizer, Penalty, StopRule, Weight
from nngen.plan.network import Plan
from tests.support.modules import ROOT

PACKAGE = ROOT / "nngen"
MODULES = sorted(PACKAGE.rglob("*.py"))
REFERENCE = PACKAGE / "proof" / "reference"
TESTS = sorted((ROOT / "tests").glob("*/*.py"))

FLOORS = [
    {"common", "runtime"},
    {"mathematics", "printing"},
    {"description"},
    {"plan"},
    {"integers"},
    {"reading", "targets"},
    {"proof"},
    {"bridges", "sklearn"},
    {"commands"},
    {"learning", "dask"},
    {"interface"},
    {"cli"},
    {"__main__"},
]
"""The folders of nngen: each imports lower floors only."""

FOLDERS = ("common", "mathematics", "description", "proof", "bridges", "learning")
"""The folders of several packages; the others are one package."""


@cache
def imported(path: Path) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a module, which is read once; its other nodes are not kept, they are many."""
    return [node for node in nodes([ast.parse(path.read_text())]) if isinstance(node, ast.Import | ast.ImportFrom)]


def sources(path: Path) -> set[str]:
    """The modules from which a module imports names."""
    return {node.module for node in imported(path) if isinstance(node, ast.ImportFrom) and node.module}


def whole(path: Path) -> set[str]:
    """The modules that a module imports as such."""
    return {alias.name for node in imported(path) if isinstance(node, ast.Import) for alias in node.names}


def imports(path: Path) -> set[str]:
    """The folders that a module imports from."""
    found = set()
    for node in imported(path):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [f"nngen.{name}" for name in names] if node.module == "nngen" else [node.module or ""]
        found |= {name.split(".")[1] for name in names if name.startswith("nngen.")}
    return found


def room(path: Path) -> str:
    """The folder of a module, which has its place in the order."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def package(parts: Sequence[str]) -> Sequence[str]:
    """The package of a module, from the parts of its name within ``nngen``."""
    return parts[: 2 if parts[0] in FOLDERS else 1]


def test_dependencies_run_one_way() -> None:
    assert imports(PACKAGE / "__init__.py") == {
        "common",
        "bridges",
        "interface",
    }  # the public interface, loaded on demand
    upwards = []
    for path in MODULES:
        name = room(path)
        if name != "__init__":
            below = set().union(*FLOORS[: next(i for i, rooms in enumerate(FLOORS) if name in rooms)])
            upwards += [f"{path}: {other}" for other in sorted(imports(path) - {name} - below)]
    assert upwards == []


def test_a_package_is_imported_by_what_its_init_exports() -> None:
    past = []
    for path in MODULES:
        own = list(package(path.relative_to(PACKAGE).with_suffix("").parts))
        if own not in (["cli"], ["interface"]):  # they import single modules of commands, and load only what they need
            parts = [module.split(".")[1:] for module in sources(path) if module.startswith("nngen.")]
            past += [f"{path}: {'.'.join(part)}" for part in parts if package(part) not in (own, part)]
    assert past == []


def test_the_package_alone_loads_nothing_else() -> None:
    code = "import sys, nngen; print([name for name in sys.modules if name.startswith(('nngen.', 'numpy'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_every_package_says_what_it_is_for() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_the_reference_imports_nothing_but_numpy_and_the_spec() -> None:
    for path in REFERENCE.glob("*.py"):
        found = sources(path) | whole(path)
        own = {name for name in found if name.split(".")[0] not in sys.stdlib_module_names}
        assert {name for name in own if not name.startswith("nngen.proof.reference")} <= {
            "nngen.description.model",
            "numpy",
            "numpy.typing",
        }


def test_nothing_that_is_judged_imports_the_reference() -> None:
    using = {room(path) for path in MODULES if any(name.startswith("nngen.proof.reference") for name in sources(path))}
    assert using == {"proof", "learning"}


@pytest.mark.parametrize("source", ["keras", "onnx", "sklearn", "tflite", "torch"])
def test_a_reader_of_networks_knows_no_other(source: str) -> None:
    """That of TensorFlow Lite makes operators of ONNX of its own."""
    known = {source, *(["onnx"] if source == "tflite" else [])}
    for path in (PACKAGE / "bridges" / "importing" / source).glob("*.py"):
        parts = [module.split(".") for module in sources(path) if module.startswith("nngen.bridges.importing.")]
        assert {part[3] for part in parts if len(part) > 4} <= known, path


def test_only_build_writes_files() -> None:
    writers = ("write_text", "write_bytes", "mkdir", "unlink", "replace(path)", "open(")
    found = {
        path.name
        for path in MODULES
        for word in writers
        if f".{word}" in path.read_text() or f" {word}" in path.read_text()
    }
    # compiled, cbmc, exhaustion, kernels, machines and the worker use folders that are deleted; compiled templates go
    # where compiled modules go; tables writes frames into such a folder, modules the parameters of a module in memory;
    # npz_table, book and converted open the members of an archive, reading objects; spreadsheet writes a profile
    # blame, child and verification open a module in its process
    temporary = {
        "blame.py",
        "child.py",
        "verification.py",
        "cbmc.py",
        "compiled.py",
        "converted.py",
        "exhaustion.py",
        "kernels.py",
        "worker.py",
        "template_cache.py",
        "npz_table.py",
        "reading.py",
        "machines.py",
        "tables.py",
        "modules.py",
        "book.py",
        "spreadsheet.py",
    }
    assert found <= {"output.py", "build.py", "files.py"} | temporary


@pytest.mark.parametrize("run", ["oracle", "browser"])
def test_every_judge_has_the_mark_of_its_folder(run: str) -> None:
    files = (ROOT / "tests" / run).glob("test_*.py")
    assert [file.name for file in files if f"pytest.mark.{run}" not in file.read_text("utf-8")] == []


def test_no_test_imports_another() -> None:
    """Shared code is in ``support``. Only mutation tests run other tests: that is their purpose."""
    for path in TESTS:
        names = {alias.name for node in imported(path) for alias in node.names}
        names |= {part for module in sources(path) for part in module.split(".")}
        if path.parent.name != "mutation":
            assert not [name for name in names if name == "mutation" or name.startswith("test_")], path


def test_templates_are_pages() -> None:
    catalogued = [f'= "{name}"' for name in (*ACTIVATIONS, *LOSSES, *OPTIMIZERS)]
    wrong = [
        f"{path}: {mark}"
        for path in sorted((ROOT / "templates").rglob("*.jinja"))
        for text in [path.read_text()]
        for mark in ("{%-", "-%}", "{{-", "-}}", *catalogued)
        if mark in text
    ]
    assert wrong == []


def kinds_by_name(parsed: Iterable[ast.AST]) -> Iterator[str]:
    """The names of kinds of layers that a module compares or passes as such, or that it lists."""
    for node in parsed:
        match node:
            case ast.Compare(left=left, comparators=others) if any(map(is_kind, (left, *others))):
                parts: list[ast.expr] = [left, *others]
            case ast.Match(subject=subject, cases=cases) if is_kind(subject):
                parts = [part for case in cases for part in ast.walk(case.pattern) if isinstance(part, ast.expr)]
            case ast.keyword(arg="kind" | "operation", value=given):
                parts = [given]
            case ast.Dict(keys=[_, _, *_] as keys) if len(names_in(filter(None, keys))) > 1:
                parts = [key for key in keys if key]
            case ast.Tuple(elts=listed) | ast.List(elts=listed) | ast.Set(elts=listed) if len(names_in(listed)) > 1:
                parts = listed
            case _:
                continue
        yield from names_in(parts)


def is_kind(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in ("kind", "operation")


def names_in(parts: Iterable[ast.expr]) -> set[str]:
    values = {part.value for part in nodes(parts) if isinstance(part, ast.Constant)}
    return {str(value) for value in values if value in KINDS}


def test_only_the_catalogue_and_the_spec_and_the_reference_know_kinds_of_layers_by_name() -> None:
    """What depends on a kind asks its entry, so that a new kind needs no code elsewhere."""
    for path in MODULES:
        known = path.is_relative_to(PACKAGE / "description" / "model") or path.is_relative_to(REFERENCE)
        if path != PACKAGE / "mathematics" / "catalogue" / "kinds.py" and not known:
            assert [*kinds_by_name(nodes([ast.parse(path.read_text())]))] == [], path
    name = f"[\"']({'|'.join(KINDS)})[\"']"
    compared = re.compile(rf"\bkinds?\b[^%}}\n]*(==|in|is) *\(?{name}|{name} (in|==)[^%}}\n]*\bkinds?\b")
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in (".jinja", ".js"):
            assert compared.search(path.read_text("utf-8")) is None, path


@pytest.mark.parametrize(
    "code",
    [
        'layer.kind == "dot"',
        'layer.kind in ("dot", "product")',
        'match layer.kind:\n    case "a" | "ratio":\n        pass',
        'Pair(operation="product")',
        '{"product": 2, "dot": 2}',
        'Literal["product", "dot"]',
    ],
)
def test_a_kind_by_name_is_found(code: str) -> None:
    assert [*kinds_by_name(ast.walk(ast.parse(code)))]


LAYOUTS = "braces c_layout javascript_layout line_breaks loop_names prose python_layout rows sums".split()


def test_a_layout_parses_no_text() -> None:
    """Lines break at the marks of who composes an expression."""
    for name in LAYOUTS:
        path = PACKAGE / "targets" / f"{name}.py"
        found = sources(path) | whole(path)
        assert found.isdisjoint({"ast", "re", "tokenize"}), path


def test_a_plan_offers_a_template_author_few_names() -> None:
    classes = (Plan, Layer, Source, Block, Weight, Loss, Penalty, StopRule, Optimizer)
    offered = {f"{one.__name__}.{name}" for one in classes for name in (*one.__annotations__, *vars(one))}
    assert len({name for name in offered if "._" not in name}) <= 142


def test_the_names_of_values_are_composed_in_one_module() -> None:
    packages = {"plan", "reading", "typeset", "trace", "explain"}
    composing = {
        path.name
        for path in MODULES
        if packages.intersection(path.parts) and re.search(r"\}_\{(?!\{)", path.read_text())
    }
    assert composing == set()
