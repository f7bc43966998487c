"""The wheel in an environment of its own: it brings its templates, and builds the committed modules again."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.modules import ROOT

SOME = ("deep_mlp", "digits_batch_norm", "penguins", "ratings_mf", "snake", "xor_mlp")
"""Specs that between them take every template of modules."""

PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")


def run(folder: Path, *command: str | Path) -> str:
    """The output of a command in a folder."""
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with only the wheel and its dependencies, which are links to those of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    run(folder, sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    run(folder, sys.executable, "-m", "venv", "--without-pip", "environment")
    installed = folder / "environment" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    run(folder, sys.executable, *PIP, "--python", installed, "install", "--no-compile", "--no-deps", wheel)
    site = Path(run(folder, installed, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"))
    (package,) = metadata.distributions(path=[str(site)])
    link(package, site)
    return installed


def link(package: metadata.Distribution, site: Path) -> None:
    """Put links to what a distribution needs into a folder of packages."""
    for said in package.requires or []:
        needed = Requirement(said)
        if needed.marker is None or needed.marker.evaluate({"extra": ""}):
            found = metadata.distribution(needed.name)
            assert found.version in needed.specifier
            for top in {file.parts[0] for file in found.files or []} - {"..", "__pycache__"}:
                if not (site / top).exists():
                    (site / top).symlink_to(str(found.locate_file(top)))
            link(found, site)


def test_the_wheel_builds_the_committed_modules(python: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs" / "data", tmp_path / "specs" / "data")
    for name in SOME:
        shutil.copy(ROOT / "specs" / f"{name}.yaml", tmp_path / "specs")
    run(tmp_path, python.with_name("nngen"), "build", "specs")
    committed, built = (
        {path.relative_to(folder): path.read_bytes() for path in (folder / "generated").rglob("*.*") if path.is_file()}
        for folder in (ROOT, tmp_path)
    )
    assert sorted(path for path in built if built[path] != committed.get(path)) == []
    assert {path.parts[1] for path in built} == {path.parts[1] for path in committed}
    run(tmp_path, python.with_name("nngen"), "build", "specs/xor_mlp.yaml", "--contents", "all", "--selftest")
    for target in ("python", "numpy"):
        assert "right" in run(tmp_path, python, "-I", Path("generated", target, "xor_mlp.py"))
    verified = run(tmp_path, python.with_name("nngen"), "verify", Path("generated", "python", "xor_mlp.py"))
    assert verified.splitlines()[2].startswith("what ")
    assert verified.endswith("\nright\n")
    assert "selftest  " in verified


def test_the_wheel_brings_its_templates_and_nothing_of_the_checkout(python: Path, tmp_path: Path) -> None:
    code = "import nngen, pathlib; print(pathlib.Path(nngen.__file__).parent)"
    package = Path(run(tmp_path, python, "-I", "-c", code).strip())
    assert package.is_relative_to(python.parents[1])
    templates = {path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.jinja")}
    assert {path.relative_to(package) for path in package.rglob("*.jinja")} == templates
    assert (package / "py.typed").exists()
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run(tmp_path, python.with_name("nngen"), "--version") == f"nngen {version}\n"


def test_the_wheel_has_its_templates_compiled(python: Path, tmp_path: Path) -> None:
    code = "from nngen.targets import environment; print(environment('c').get_template('c/module.h.jinja').filename)"
    assert "/nngen/compiled_templates/" in Path(run(tmp_path, python, "-c", code)).as_posix()
    write = "from pathlib import Path; from hatch_build import compile_templates; compile_templates(Path(), Path({!r}))"
    made = []
    for seed in "12":
        folder = tmp_path / seed
        folder.mkdir()
        run(ROOT, "env", f"PYTHONHASHSEED={seed}", sys.executable, "-c", write.format(str(folder)))
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(made[0]) > 50
    assert made[0] == made[1]


def test_the_description_is_the_readme_without_links_that_lead_nowhere(python: Path, tmp_path: Path) -> None:
    code = "from importlib.metadata import metadata; print(metadata('nngen-backprop').get_payload())"
    said = run(tmp_path, python, "-I", "-c", code)
    written = (ROOT / "README.md").read_text("utf-8")
    assert [link for link in re.findall(r"\]\(([^)]*)\)", said) if not link.startswith("http")] == []
    assert "<!--" not in said
    assert re.findall(r"^#+ .*|^```\w*$", said, re.M) == re.findall(r"^#+ .*|^```\w*$", written, re.M)
    assert "| Tour (`docs/tour.md`) | a network of your own, step by step" in said
    assert "no public address yet" in said
