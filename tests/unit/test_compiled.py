"""Compiled templates are kept beside modules that Python has compiled, and never give a page that is out of date."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from nngen.targets.template_cache import Compiled, late
from tests.support.modules import ROOT, named

PAGE = "{{ 'a' | said }}{{ name }}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template, whose compiled forms are written."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "page.jinja").write_text(PAGE)
    return tmp_path


def page(folder: Path, says: str = "{}") -> tuple[str, int]:
    """The page as a new environment renders it, and the number of templates that it compiled."""
    compiled = 0

    class Counting(Environment):
        def _generate(
            self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
        ) -> str:
            nonlocal compiled
            compiled += 1
            return super()._generate(source, name, filename, defer_init)

    environment = Counting(loader=FileSystemLoader(folder), bytecode_cache=Compiled(), autoescape=False)
    environment.filters["said"] = late(says.format)
    return environment.get_template("page.jinja").render(name="b"), compiled


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pyc*"))


def test_a_template_is_compiled_once(folder: Path) -> None:
    assert page(folder) == ("ab", 1)
    assert page(folder) == ("ab", 0)
    assert [file.parent for file in kept(folder)] == [folder / "__pycache__"]


def test_a_template_that_has_changed_is_compiled_anew(folder: Path) -> None:
    page(folder)
    (folder / "page.jinja").write_text("{{ name }}")
    assert page(folder) == ("b", 1)
    assert page(folder) == ("b", 0)


def test_a_filter_that_has_changed_counts_at_once(folder: Path) -> None:
    assert page(folder, "<{}>") == ("<a>b", 1)
    assert page(folder, "[{}]") == ("[a]b", 0)


@pytest.mark.parametrize("rest", [0, 1, 20, 40, -1])
def test_a_file_that_is_cut_short_or_spoiled_is_made_anew(folder: Path, rest: int) -> None:
    page(folder)
    (file,) = kept(folder)
    whole = file.read_bytes()
    file.write_bytes(whole[:rest])
    assert page(folder) == ("ab", 1)
    assert file.read_bytes() == whole
    file.write_bytes(whole[:40].replace(whole[20:40], b"\xff" * 20))
    assert page(folder) == ("ab", 1)


def test_where_nothing_can_be_written_it_is_compiled_each_time(folder: Path) -> None:
    (folder / "__pycache__").write_text("in the way")
    assert page(folder) == ("ab", 1)
    assert page(folder) == ("ab", 1)


def test_nothing_is_written_where_python_is_told_to_write_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert page(folder) == ("ab", 1)
    assert kept(folder) == []


def test_a_second_build_compiles_no_template(tmp_path: Path) -> None:
    """Not even in another process; the pages are the same."""
    code = (
        "import sys, jinja2, nngen.commands.build; from nngen.cli import main\n"
        "sys.pycache_prefix, made, generate = sys.argv.pop(1), [], jinja2.Environment._generate\n"
        "jinja2.Environment._generate = lambda *args, **options: made.append(args) or generate(*args, **options)\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(len(made))\n"
    )
    told = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said = []
    for out in ("first", "second"):
        command = [
            sys.executable,
            "-c",
            code,
            str(tmp_path / "cache"),
            "build",
            str(named("xor_mlp")),
            "--out",
            str(tmp_path / out),
        ]
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=True)
        said.append(int(done.stdout.splitlines()[-1]))
    assert said[0] > 40
    assert said[1] == 0
    built = [
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")}
        for out in (tmp_path / "first", tmp_path / "second")
    ]
    assert built[0] == built[1]
    assert len(built[0]) == 4
