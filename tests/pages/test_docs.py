"""The documentation cannot lie: its outputs are pasted, its examples are read, its programs are run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from nngen.cli import main
from nngen.reading import properties
from nngen.reading.source import load, parse
from nngen.targets.modules import texts
from tests.support.modules import ROOT, built, named, whole_of

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)

BASE = {
    "name": "name: xor",
    "inputs": "inputs: [x1, x2]",
    "layers": "layers: [{name: output, units: [y], activation: sigmoid}]",
    "loss": "loss: {name: binary_cross_entropy, outputs: sum}",
    "training": "training: {optimizer: {name: gradient_descent, rate: 1.0}}",
}
"""The fields that an example of the documentation leaves out."""


def blocks(language: str) -> list[Any]:
    """The code blocks of a language on all pages but three, which ``test_vendoring`` and ``test_bridges`` follow."""
    block = re.compile(rf"^```{language}\n(.*?)^```$", re.M | re.S)
    return [
        pytest.param(text, id=f"{page.stem}-{number}")
        for page in PAGES
        if page.stem not in ("vendoring", "import", "export")
        for number, text in enumerate(block.findall(page.read_text("utf-8")))
    ]


def test_pages_are_what_a_tool_pastes() -> None:
    run = [sys.executable, str(ROOT / "docs" / "paste.py"), "--check"]
    done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"to renew the pages: make docs\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("text", blocks("yaml"))
def test_specs_are_read(text: str, tmp_path: Path) -> None:
    if text.startswith("properties:"):  # of the network iris
        (tmp_path / "asked.yaml").write_text(text)
        assert properties(tmp_path / "asked.yaml", load(ROOT / "specs" / "iris.yaml"))
        return
    said = set(re.findall(r"^(\w+):", text, re.M))
    rest = [line for field, line in BASE.items() if field not in said]
    parse("\n".join([*rest, text]), "example.yaml")


@pytest.mark.parametrize("text", blocks("python"))
def test_programs_run(text: str, tmp_path: Path) -> None:
    for path in ("python/xor_mlp.py", "python/iris.py"):
        (tmp_path / Path(path).name).write_text(whole_of(ROOT / "generated" / path), "utf-8")
    for path in ("c/iris.h", "c/iris_c.py", "c/binding.c"):
        shutil.copy(ROOT / "generated" / path, tmp_path)
    (tmp_path / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "xor_mlp.yaml", tmp_path / "specs")
    shutil.copy(ROOT / "specs" / "data" / "penguins.csv", tmp_path)
    (tmp_path / "xor.py").write_text(texts(load(ROOT / "docs" / "xor.yaml"), tmp_path, ["python"])["python"], "utf-8")
    subprocess.run([sys.executable, "-c", text], cwd=tmp_path, check=True)


@pytest.mark.parametrize("text", blocks("json"))
def test_parameters_are_loaded(text: str, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text(text)
    assert built(named("neuron"), "python").load(file) == built(named("neuron"), "python").init()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https:)([^)\s]+)\)", page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.M)
            assert anchor in [re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings], (
                target
            )


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_pages_say_whom_they_serve(page: Path) -> None:
    first = page.read_text("utf-8").split("\n\n")[1]
    assert re.match(r"\*?For |\*처음", first), first


NAMED = {
    r"`((?:nngen|tests|templates|benchmarks|docs|specs)/[\w./*-]+)`": "{}",
    r"`(test_\w+)`": "tests/**/{}.py",
    r"`(bad_specs/[\w.*]+)`": "tests/**/{}",
}
"""Patterns of file names in the documentation, and the places of these files."""


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "CHANGELOG"], ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    text = page.read_text("utf-8").replace("`test_split`", "")  # a name of scikit-learn
    paths = [place.format(name) for pattern, place in NAMED.items() for name in re.findall(pattern, text)]
    modules = re.findall(r"python -m ((?:tests|benchmarks)[\w.]+)", text)
    paths += [f"{module.replace('.', '/')}.py" for module in modules]
    assert [path for path in paths if not any(ROOT.glob(path))] == []


def test_every_package_is_in_the_design() -> None:
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    package = ROOT / "nngen"
    names = [f"{path.name}" for path in package.glob("*.py") if path.stem != "__init__"]
    names += [path.parent.name for path in package.glob("*/__init__.py")]
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_command_and_option_has_help() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{name} {parameter.name}"


def test_help_is_instant() -> None:
    code = """
import sys
from nngen.cli import main
main(["--help"], standalone_mode=False)
print("loaded:", *{"pydantic", "jinja2", "numpy", "ruamel"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_the_documentation_is_short() -> None:
    run = [sys.executable, str(ROOT / "docs" / "words.py")]
    done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True)
    assert int(done.stdout.split()[-4]) < 29_900, done.stdout  # pages that are added may bring it to 30,000
