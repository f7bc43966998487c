"""The committed modules need nothing else, keep one contract, and have the same bytes wherever they are built."""

import ast
import builtins
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from nngen.description.data.properties import is_plain, predicts
from nngen.description.model.names import RESERVED, RESERVED_INPUTS
from nngen.plan.planner import plan
from nngen.targets.render import render
from nngen.targets.targets import BINDING, KINDS
from nngen.targets.targets import TARGETS as KNOWN
from tests.support.cases import PAGES, with_targets
from tests.support.formatted import unmarked
from tests.support.modules import ALL_SPECS, ROOT, TARGETS, named, spec, whole_of
from tests.support.programs import outputs

MODULES = [path for target in TARGETS for path in sorted((ROOT / "generated" / target).glob("*.py"))]
BINDINGS = sorted((ROOT / "generated" / "c").glob("*.py"))
IMPORTS = {"python": {"json", "math", "operator", "struct"}, "numpy": {"json", "math", "numpy"}}
CONTRACT = "forward loss gradient step init_state fit init pack unpack save load".split()

each_page = pytest.mark.parametrize("page", MODULES, ids=lambda page: f"{page.parent.name}-{page.stem}")


@cache
def tree(page: Path) -> ast.Module:
    return ast.parse(whole_of(page))


@cache
def functions(page: Path) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in tree(page).body if isinstance(node, ast.FunctionDef)}


def names(node: ast.AST) -> set[str]:
    """All names that are read or bound within a node, without attributes."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def committed() -> list[Path]:
    """The committed modules, below their folder."""
    found = (ROOT / "generated").rglob("*.*")
    return [path.relative_to(ROOT / "generated") for path in found if path.parent.name != "__pycache__"]


def test_every_spec_has_its_modules() -> None:
    expected = {KNOWN[one.name].path(Path(), path.stem) for path in ALL_SPECS for one in spec(path).targets}
    expected |= {Path("c", f"{path.stem}_c.py") for path in ALL_SPECS if spec(path).binding} | {Path("c", "binding.c")}
    assert set(committed()) == expected


@pytest.mark.parametrize("target", TARGETS)
def test_modules_run_alone_in_an_empty_folder(target: str, tmp_path: Path) -> None:
    names = []
    for page in (page for page in MODULES if page.parent.name == target):
        (tmp_path / page.name).write_text(whole_of(page), "utf-8")
        names.append(page.name)
    for name, said in zip(names, outputs(names, target, tmp_path), strict=True):
        assert said.startswith(f"{Path(name).stem}, ")
        assert said.endswith(": right\n")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)  # they leave nothing behind


WRONG = """
def _wrong(function):
    def changed(*arguments, **options):
        value, slopes, *after = function(*arguments, **options)
        return value, unpack([slope + 1e-4 for slope in pack(slopes)]), *after

    return changed


gradient = _wrong(gradient)
if "batch_gradient" in globals():
    batch_gradient = _wrong(batch_gradient)


"""


@each_page
def test_a_module_finds_that_its_gradient_is_wrong(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, program, after = whole_of(page).partition('if __name__ == "__main__":')
    with pytest.raises(SystemExit) as ended:
        exec(compile(before + WRONG + program + after, page.name, "exec"), {"__name__": "__main__"})
    assert ended.value.code == 1
    assert capsys.readouterr().out.endswith(": WRONG\n")


@pytest.mark.parametrize(("target", "unroll"), PAGES)
def test_a_program_says_whether_its_gradient_is_right(target: str, unroll: str, tmp_path: Path) -> None:
    """By its exit code, too: of a page that is written now."""
    chosen = with_targets(spec(named("xor_mlp")), unroll=unroll)
    page = render(plan(chosen), chosen, target)
    before, program, after = page.partition('if __name__ == "__main__":')
    for text, verdict in ((page, "right"), (before + WRONG + program + after, "WRONG")):
        (tmp_path / "page.py").write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "page.py"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        *network, said = done.stdout.splitlines()
        assert network == ["xor_mlp, 9 parameters: x: 2 -> hidden: 2 sigmoid -> output: 1 sigmoid"]
        assert re.fullmatch(rf"gradient against differences of the loss: \de-\d+ apart: {verdict}", said)
        assert done.returncode == (verdict == "WRONG"), done.stderr


@each_page
def test_what_a_module_imports_and_calls(page: Path) -> None:
    imported = set()
    for node in ast.walk(tree(page)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
            assert node.level == 0
    assert imported <= IMPORTS[page.parent.name]
    assert IMPORTS[page.parent.name] == KNOWN[page.parent.name].imports
    for name, function in functions(page).items():
        assert names(function).isdisjoint({"eval", "exec", "compile", "getattr", "setattr", "globals", "__import__"})
        assert ("open" in names(function)) == (name in ("save", "load"))
        assert not any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(function))
        inside = [alias.name for node in ast.walk(function) if isinstance(node, ast.Import) for alias in node.names]
        assert inside == (["json"] if name in ("save", "load") else [])


@each_page
def test_a_module_names_no_machine_no_version_and_no_date(page: Path) -> None:
    text = whole_of(page)
    assert not re.search(r"/home|/tmp|/root|/usr|\\Users|[A-Z]:\\\\", text)
    assert not re.search(r"\d+\.\d+\.\d+|20[12]\d-\d\d|nngen[- ]v?\d|Python 3", text)
    assert os.uname().nodename not in text
    assert "\r" not in text
    assert text.endswith("\n")


@each_page
def test_a_module_keeps_the_contract(page: Path) -> None:
    found = functions(page)
    assert set(CONTRACT) <= set(found)
    described = spec(ROOT / "specs" / f"{page.stem}.yaml")
    scaled = described.data is not None and described.data.scale is not None and is_plain(described)
    assert ("scale" in found) == scaled
    assert ({"encode", "decode", "predict"} <= set(found)) == predicts(described)
    for name, function in found.items():
        assert ast.get_docstring(function) or name.startswith("_"), name
        assert function.returns is not None
    assigned = [ast.unparse(node.targets[0]) for node in tree(page).body if isinstance(node, ast.Assign)]
    assert {"PARAMETERS", "LAYOUT"} <= set(assigned)
    assert not [name for name in assigned if name.upper() != name and name != "sumprod"]  # no state, only constants


@pytest.mark.parametrize("page", BINDINGS, ids=lambda page: page.stem)
def test_what_calls_a_header_keeps_the_contract_of_the_page(page: Path) -> None:
    found, of_page = functions(page), functions(ROOT / "generated" / "python" / f"{page.stem.removesuffix('_c')}.py")
    for name, function in of_page.items():
        if not name.startswith("_") and name not in ("sigmoid", "softplus", "log1p"):
            assert [argument.arg for argument in function.args.args] == [a.arg for a in found[name].args.args]
            assert len(function.args.defaults) == len(found[name].args.defaults)
    imported = {alias.name for node in ast.walk(tree(page)) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree(page)) if isinstance(node, ast.ImportFrom)}
    assert imported == KINDS[BINDING].imports


def test_all_modules_take_the_same_arguments() -> None:
    """By name, kind and whether they may be left out; python pages of scalars and of matrices type their own."""
    for name in CONTRACT:
        signatures: dict[str, set[tuple[object, ...]]] = {target: set() for target in TARGETS}
        for page in MODULES:
            arguments = functions(page)[name].args
            taken = tuple(argument.arg for argument in arguments.args)
            how = (len(arguments.defaults), bool(arguments.kwonlyargs), arguments.vararg is None)
            signatures[page.parent.name].add((taken, *how))
        assert {len(found) for found in signatures.values()} == {1}, name
        assert len({taken for found in signatures.values() for taken, *_ in found}) == 1, name


@each_page
def test_no_name_of_a_spec_can_hide_what_a_module_needs(page: Path) -> None:
    module = tree(page)
    needed = set(functions(page))
    for node in module.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            needed |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            needed |= names(node.targets[0])
    needed |= names(module) & set(dir(builtins))
    own = spec(ROOT / "specs" / f"{page.stem}.yaml").activations  # whose names are compared with those of the spec
    needed -= {function for name in own for function in (name, f"{name}_slope")}
    needed -= {"SystemExit", "print"}  # only where the module runs as a program, outside of all functions
    assert {name for name in needed if not name.startswith("_")} <= RESERVED | {"SystemExit"}


@pytest.mark.parametrize("page", [page for page in MODULES if page.parent.name == "python"], ids=lambda page: page.stem)
def test_no_input_can_hide_a_local_name_of_the_equations(page: Path) -> None:
    """Inputs stand in the equations without a prefix: every other name there is reserved, or has one."""
    inputs = set(spec(ROOT / "specs" / f"{page.stem}.yaml").input_names)
    for name in ("forward", "gradient"):
        function = functions(page)[name]
        loops = [node for node in ast.walk(function) if isinstance(node, ast.comprehension)]
        local = set().union(*(names(loop.target) for loop in loops)) if loops else set()
        free = {name for name in names(function) - inputs - local if "_" not in name}
        assert free <= RESERVED | RESERVED_INPUTS, page.stem


def test_the_judges_find_nothing(tmp_path: Path) -> None:
    """Those that the mark of a page keeps away; ``make test`` type-checks ``generated`` as it is."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for page in (*MODULES, *BINDINGS):
        path = tmp_path / page.relative_to(ROOT)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unmarked(whole_of(page) if page in BINDINGS else page.read_text("utf-8")), "utf-8")
    for command in ("ruff format --check generated", "ruff check generated"):
        run = [sys.executable, "-m", *command.split()]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


WORLDS: list[tuple[list[str], dict[str, str]]] = [
    ([], {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.ISO-8859-9", "TZ": "Asia/Kathmandu"}),
    (["-X", "utf8=0"], {"PYTHONHASHSEED": "2", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "20"}),
]


@pytest.mark.parametrize(("options", "environment"), WORLDS)
def test_the_same_bytes_everywhere(options: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "elsewhere" / "specs")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    run = [sys.executable, *options, "-m", "nngen", "build", "specs", "--out", "made"]
    done = subprocess.run(
        run,
        cwd=tmp_path / "elsewhere",
        env=inherited | environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for page in committed():
        made = tmp_path / "elsewhere" / "made" / page
        assert made.read_bytes() == (ROOT / "generated" / page).read_bytes(), page
