"""What the documentation does not say by hand: output of commands, parts of files, tables of the spec format.

``python docs/paste.py`` pastes it into the pages by cog; ``--check`` only fails where a page would change.
"""

import ast
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from cogapp import Cog  # type: ignore[import-untyped]  # it comes without types

from nngen.activations import ACTIVATIONS
from nngen.catalogue import Entry
from nngen.cli import main
from nngen.expected import in_words
from nngen.initializers import INITIALIZERS
from nngen.losses import LOSSES
from nngen.optimizers import OPTIMIZERS
from nngen.spec import schema

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "smoke.yaml"

SECTIONS = {
    "Group": "[numbered inputs](#inputs)",
    "Layer": "[layers](#layers)",
    "Weights": "[weights](#weights-and-biases)",
    "Bias": "[biases](#weights-and-biases)",
    "Initial": "[initial values](#initial-values)",
    "Training": "[training](#training)",
    "Rows": "[rows](#data)",
    "Table": "[a file](#data)",
    "Example": "[examples](#data)",
    "Split": "[a split](#data)",
    "Matrices": "`{name: values, values: ...}`",
    "Vector": "`{name: values, values: ...}`",
    "Standardize": "`{name: standardize}`",
    "Interval": "`{name: interval}`",
    "Divide": "`{name: divide, by: ...}`",
    "PythonTarget": "[`{name: python, ...}`](#targets)",
    "NumpyTarget": "[`{name: numpy, ...}`](#targets)",
}
"""What the tables call the mappings of the schema; those of the catalogues are called by their names."""


def command(line: str, *, show: tuple[str, str] = ("", ""), edit: tuple[str, str] = ("", "")) -> None:
    """A command of nngen and what it prints, run beside the specs and the example of the documentation.

    Args:
        line: the command.
        show: print only from the first line that begins so up to the next that begins so.
        edit: a change of the example's text, made before.
    """
    runner = CliRunner()
    with runner.isolated_filesystem():
        shutil.copytree(ROOT / "specs", "specs")
        Path(EXAMPLE.name).write_text(EXAMPLE.read_text("utf-8").replace(*edit), "utf-8")
        output = runner.invoke(main, shlex.split(line)[1:]).output.rstrip()
    _fence("console", f"$ {line}\n{_between(output.splitlines(), *show)}")


def file(path: str) -> None:
    """A whole file."""
    _fence(Path(path).suffix.removeprefix(".").replace("py", "python"), (ROOT / path).read_text("utf-8").rstrip())


def functions(path: str, *names: str) -> None:
    """Functions of a Python file."""
    text = (ROOT / path).read_text("utf-8")
    defined = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    _fence("python", "\n\n\n".join(ast.get_source_segment(text, defined[name]) or "" for name in names))


def program(path: str) -> None:
    """A program and what it prints, run in an empty folder that it shares with the generated modules it imports."""
    file(path)
    with CliRunner().isolated_filesystem():
        for source in (ROOT / path, *(ROOT / "generated" / "python").glob("*.py")):
            shutil.copy(source, ".")
        run = [sys.executable, "-B", Path(path).name]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        output = subprocess.run(run, capture_output=True, check=True, env=environment)  # noqa: S603 (our own file)
    print()
    _fence("text", output.stdout.decode().rstrip())


def fields(*models: str) -> None:
    """The fields of a mapping of the schema; of several, those that they share."""
    definitions = {"Spec": schema(), **schema()["$defs"]}
    head, *others = [definitions[model] for model in models]
    rows = []
    for name, node in head["properties"].items():
        if all(node == other["properties"].get(name) for other in others) or (name == "name" and others):
            kind = _kind(node) if name != "name" or not others else "one of the names below"
            default = "required" if name in head["required"] else _default(node)
            meaning = "Which one." if name == "name" and others else node["description"]
            rows.append((f"`{name}`", meaning, kind, default))
    _table(("field", "what", "takes", "default"), rows)


def options(*kinds: str) -> None:
    """The entries of catalogues, and the numbers that can be set with each."""
    catalogues = {
        "activation": ACTIVATIONS,
        "loss": LOSSES,
        "optimizer": OPTIMIZERS,
        "initializer": INITIALIZERS,
    }
    entries: Iterable[Entry] = [entry for kind in kinds for entry in catalogues[kind].values()]
    _table(("name", "formula", "options"), [(f"`{e.name}`", f"`{e.textbook}`", _options(e)) for e in entries])


def _options(entry: Entry) -> str:
    said = [
        f"`{o.name}`: {o.description} {'Required.' if o.default is None else f'Default `{o.default:g}`.'}"
        for o in entry.options
    ]
    return " ".join(said)


def _kind(node: dict[str, Any]) -> str:
    choices = [choice for choice in node.get("anyOf", [node]) if choice.get("type") != "null"]
    return " or ".join(dict.fromkeys(said for choice in choices for said in _said(choice)))


def _said(node: dict[str, Any]) -> Iterator[str]:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        yield SECTIONS.get(name, "`{name: ..., ...}`")
    elif "enum" in node:
        yield ", ".join(f"`{word}`" for word in node["enum"])
    elif "const" in node:
        yield f"`{node['const']}`"
    elif node.get("type") == "array" and ("$ref" in node.get("items", {}) or "anyOf" in node.get("items", {})):
        yield f"a list of {_kind(node['items'])}"
    elif node.get("type") == "boolean":
        yield "`true`, `false`"
    else:
        yield in_words([node])


def _default(node: dict[str, Any]) -> str:
    if "default" not in node:
        return "none"
    value = node["default"]
    return f"`{value if isinstance(value, str) and value else json.dumps(value)}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    for row in (head, ("---",) * len(head), *rows):
        print(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |")


def _between(lines: list[str], start: str, stop: str) -> str:
    first = next(i for i, line in enumerate(lines) if line.startswith(start))
    last = next((i for i, line in enumerate(lines) if stop and i > first and line.startswith(stop)), len(lines))
    return "\n".join([*(["..."] if first else []), *lines[first:last], *(["..."] if last < len(lines) else [])])


def _fence(language: str, text: str) -> None:
    print(f"```{language}\n{text}\n```")


if __name__ == "__main__":
    os.chdir(ROOT)
    pages = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
    mode = ["--check", "--diff"] if sys.argv[1:] == ["--check"] else ["-r"]
    raise SystemExit(Cog().main(["cog", "-P", "-p", "import paste", *mode, *pages]))
