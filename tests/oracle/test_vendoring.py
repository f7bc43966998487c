"""A project that vendors a module, as docs/vendoring.md describes: linters, a test, and the hook of pre-commit."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

LINTERS = """
[tool.ruff]
line-length = 60
[tool.ruff.lint]
select = ["ALL"]
ignore = ["PGH004"]
[tool.ruff.format]
quote-style = "single"
[tool.black]
line-length = 60
"""

TEST = """
from app import iris


def test_the_network_computes_what_its_spec_says() -> None:
    assert iris.selftest() < 1e-9
"""


def run(*command: object, cwd: Path, code: int = 0) -> str:
    """Run a program; its exit code must be as expected."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def program(name: str) -> Path:
    """A program that is installed beside this Python."""
    return Path(sys.executable).with_name(name)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another project: a package, settings of linters, a spec, and a vendored module with a self-test."""
    project = tmp_path_factory.mktemp("project")
    for folder in ("app", "models/data", "tests"):
        (project / folder).mkdir(parents=True)
    (project / "app" / "__init__.py").touch()
    (project / "pyproject.toml").write_text(LINTERS, "utf-8")
    (project / "tests" / "test_iris.py").write_text(TEST, "utf-8")
    for name in ("iris.yaml", "data/iris.csv"):
        (project / "models" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    built = ["build", "models/iris.yaml", "--target", "python", "-o", "app/iris.py", "--selftest"]
    run(program("nngen"), *built, cwd=project)
    return project


def test_linters_of_the_project_leave_the_module_alone(project: Path) -> None:
    before = (project / "app" / "iris.py").read_bytes()
    run(program("ruff"), "check", "app/iris.py", cwd=project)
    run(program("ruff"), "format", "app/iris.py", cwd=project)
    run(program("black"), "--quiet", "app/iris.py", cwd=project)
    assert (project / "app" / "iris.py").read_bytes() == before


def test_its_own_test_calls_the_selftest(project: Path) -> None:
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    run(*test, cwd=project)
    module = project / "app" / "iris.py"
    text = module.read_text("utf-8")
    module.write_text(text.replace("dz_setosa = a_setosa", "dz_setosa = 2.0 * a_setosa"), "utf-8")
    assert "ValueError" in run(*test, cwd=project, code=1)
    module.write_text(text, "utf-8")


def test_the_hook_of_pre_commit(project: Path, tmp_path: Path) -> None:
    run("git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), tmp_path / "nngen", cwd=tmp_path)
    head = run("git", "rev-parse", "HEAD", cwd=tmp_path / "nngen").strip()
    (project / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tmp_path / 'nngen'}\n    rev: {head}\n    hooks:\n      - id: nngen-check\n"
        "        args: [models/iris.yaml, --target, python, -o, app/iris.py, --selftest]\n",
        "utf-8",
    )
    run("git", "init", "--quiet", cwd=project)
    run("git", "add", ".", cwd=project)
    check = [program("pre-commit"), "run", "--all-files"]
    assert "Passed" in run(*check, cwd=project)
    module = project / "app" / "iris.py"
    text = module.read_text("utf-8")
    module.write_text(text.replace("2.0 *", "3.0 *", 1), "utf-8")
    assert "differs from the module that nngen writes for this spec" in run(*check, cwd=project, code=1)
    module.write_text(text, "utf-8")
