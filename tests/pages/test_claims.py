"""What the documentation says in passing is true: options and their values, keys of a spec, folders, lists, figures."""

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

import nngen
from nngen.cli import main
from nngen.common.languages import LANGUAGES
from nngen.description.model import schema
from tests.support.figures import FIGURE, FIGURES, NOT_PROSE, UNCHECKED
from tests.support.modules import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)

PASTED = re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL)


def said(page: Path) -> str:
    """The text of a page without what a tool pastes."""
    return PASTED.sub("", page.read_text("utf-8"))


# --- commands and options ---

FOREIGN = {"--control", "--float64", "--strict"}
"""Options of other programs, which pages name."""

PLACEHOLDER = re.compile(r"\.\.\.|[A-Z][A-Z._]*\d?")
"""What stands for a value of the reader."""


def lines(text: str) -> Iterator[str]:
    """The commands of nngen in a text: a code span, or a line of code."""
    for one in re.findall(r"`(nngen [^`\n]+)`|^(?:    |\$ )(nngen [a-z].*)$", text, re.MULTILINE):
        yield re.sub(r"\s+#.*| > .*|[\[\]]", "", "".join(one))


def wrong_options(words: list[str], commands: list[click.Command]) -> list[str]:
    """The options among some words that none of the commands has, or whose value it refuses."""
    found = []
    for place, word in enumerate(words):
        if not word.startswith("-") or word == "-":
            continue
        option, equals, value = word.partition("=")
        known = [one for each in commands for one in each.params if option in (*one.opts, *one.secondary_opts)]
        after = value if equals else words[place + 1] if place + 1 < len(words) else ""
        if not known and option not in FOREIGN | {"--help", "--version"}:
            found.append(word)
        elif known and after and not PLACEHOLDER.fullmatch(after) and not any(takes(one, after) for one in known):
            found.append(f"{word} {after}")
    return found


def takes(option: click.Parameter, value: str) -> bool:
    """Whether an option takes a value; a flag takes none."""
    if getattr(option, "is_flag", False) or value.startswith("--"):
        return True
    try:
        option.type.convert(value, option, click.Context(main))
    except click.BadParameter as error:
        return "does not exist" in str(error)  # a file of the reader
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_are_those_of_the_command_line(page: Path) -> None:
    text, wrong = said(page), []
    for line in lines(text):
        name, *words = shlex.split(line)[1:]
        if name in main.commands:
            wrong += [f"{line}: {one}" for one in wrong_options(words, [main.commands[name]])]
        elif not PLACEHOLDER.fullmatch(name):
            wrong.append(line)
    every = list(main.commands.values())
    for span in re.findall(r"`(--[a-z][^`]*)`", text):
        wrong += [f"{span}: {one}" for one in wrong_options(shlex.split(span), every)]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_messages_are_those_that_users_get(page: Path) -> None:
    """A message is pasted from the command that prints it."""
    assert re.findall(r"^error: .*|did you mean", said(page), re.MULTILINE) == []


def test_wrong_options_are_found() -> None:
    build = [main.commands["build"]]
    assert wrong_options(["--contents", "traning", "--dtpye", "int8"], build) == ["--contents traning", "--dtpye"]
    assert wrong_options(["--contents", "PART", "--dtype=int9"], build) == ["--dtype=int9 int9"]


# --- keys and values of a spec ---

ACTION = YAML(typ="safe").load((ROOT / "action.yml").read_text("utf-8"))
SCHEMAS: tuple[Any, ...] = (
    schema(),
    {"properties": {key: {} for key in ACTION["inputs"]}},
)
"""Of a spec and of the action for GitHub."""
OTHERS = {"epochs: 20, every: 5", "slack: 1.0", "clip: 3.720075976020836e-44", "missing: ignore"}
"""Spans that look like a key and a value of a spec: of custom formulas, of losses, and two keys at once."""


def places(node: Any, key: str) -> Iterator[dict[str, Any]]:
    """The schemas of a key wherever a mapping may have it."""
    if isinstance(node, dict):
        found = node.get("properties", {})
        if isinstance(found, dict) and key in found:
            yield found[key]
        for value in node.values():
            yield from places(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from places(value, key)


def refused(span: str) -> bool:
    """Whether no mapping of a spec takes a key with this value."""
    try:
        return any(wrong(key, value) for key, value in YAML(typ="safe").load(f"{{{span}}}").items())
    except (YAMLError, ValueError):
        return True


def wrong(key: str, value: Any) -> bool:
    """The same of a key and its value; a mapping need not have all that a spec needs there."""
    known = [{**one, "$defs": whole.get("$defs", {})} for whole in SCHEMAS for one in places(whole, key)]
    if isinstance(value, dict):
        return not known or any(wrong(*pair) for pair in value.items())
    placeholder = PLACEHOLDER.fullmatch(str(value)) or value == ["..."]
    return not known or not (placeholder or any(Draft202012Validator(one).is_valid(value) for one in known))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_keys_and_values_are_those_of_the_schema(page: Path) -> None:
    spans = {span for span in re.findall(r"`([a-z_]+: [^`\n]+)`", said(page)) if not re.search(r"\bd\b", span)}
    assert sorted(span for span in spans - OTHERS if refused(span)) == []


def test_wrong_values_are_found() -> None:
    assert [span for span in ("unknown: rows", "unrol: auto", "unroll: auto") if refused(span)] == [
        "unknown: rows",
        "unrol: auto",
    ]


# --- lists ---


def first_column(page: str, head: str) -> set[str]:
    """The first cells of a table, without their marks, by a text of its head."""
    text = (ROOT / page).read_text("utf-8")
    rows = text[text.index(head) :].partition("\n\n")[0].splitlines()[2:]
    return {row.split("|")[1].strip(" `") for row in rows}


def test_the_folders_of_tests_are_those_of_the_page() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert first_column("CONTRIBUTING.md", "| folder in `tests/`") == folders


def test_the_folders_of_the_package_are_those_of_the_design() -> None:
    text = (ROOT / "docs" / "design.md").read_text("utf-8")
    table = text[text.index("| floor | folder") :].partition("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`([a-z_]+)`", row.split("|")[2])}
    folders = {path.name for path in (ROOT / "nngen").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert named - {"cli"} == folders - {"cli"}
    assert "cli" in table


NAMES = ["Python", "NumPy", "JavaScript", "C", "Rust", "Go", "Java", "C#", "Lua", "PHP"]
"""The languages as people write them, in the order of LANGUAGES."""


def test_all_languages_are_named_where_they_are_listed() -> None:
    assert len(NAMES) == len(LANGUAGES)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    readme = (ROOT / "README.md").read_text("utf-8")
    listed = {
        "pyproject.toml": project["description"],
        "CITATION.cff": (ROOT / "CITATION.cff").read_text("utf-8"),
        "README.md": readme.partition("\n## ")[0],
    }
    for place, text in listed.items():
        assert [name for name in NAMES if not re.search(rf"\b{re.escape(name)}(?![\w#])", text)] == [], place
    classified = {one.split(" :: ")[1] for one in project["classifiers"] if one.startswith("Programming Language")}
    assert classified == {*NAMES} - {"NumPy"}


def test_the_functions_that_pages_name_are_those_of_the_package() -> None:
    functions = {name: each for name in main.commands for each in (name, f"{name}_") if each in nngen.__all__}
    assert {*main.commands} - functions.keys() == {"skill"}
    for page in ("python.md", "commands.md"):
        assert re.search(
            r"All (?:commands )?but `skill` are (?:functions|\[functions\])", (ROOT / "docs" / page).read_text("utf-8")
        )
    named = re.findall(r"`nngen\.(\w+)\(", (ROOT / "docs" / "python.md").read_text("utf-8"))
    assert {*functions.values()} <= {*named} <= {*nngen.__all__}


# --- figures ---


@pytest.mark.parametrize(("page", "sentence", "figure"), FIGURES, ids=[f"{one[0]}: {one[1]}" for one in FIGURES])
def test_figures_are_those_that_are_measured(page: str, sentence: str, figure: Callable[[], object]) -> None:
    text = " ".join((ROOT / page).read_text("utf-8").split())
    before, after = sentence.split("{}")
    assert f"{before}{figure()}{after}" in text


def test_a_new_figure_has_its_source() -> None:
    """A figure with a unit is pasted, or has an entry in FIGURES; those that have none yet are counted."""
    left = {str(page.relative_to(ROOT)): unchecked(page) for page in PAGES}
    more = {page: found for page, found in left.items() if len(found) > UNCHECKED.get(page, 0)}
    assert more == {}, "say where they come from, in tests/support/figures.py"


def unchecked(page: Path) -> list[str]:
    """The figures of a page without an entry."""
    text = " ".join(NOT_PROSE.sub("", page.read_text("utf-8")).split())
    for place, sentence, figure in FIGURES:
        if ROOT / place == page:
            before, after = (" ".join(NOT_PROSE.sub("", part).split()) for part in sentence.split("{}"))
            text = text.replace(f"{before} {figure()} {after}".strip(), "").replace(f"{before}{figure()} {after}", "")
    return FIGURE.findall(text)


def test_show_says_the_lines_that_build_writes(tmp_path: Path) -> None:
    from click.testing import CliRunner

    spec = str(ROOT / "specs" / "xor_mlp.yaml")
    shown = CliRunner().invoke(main, ["show", spec]).output
    CliRunner().invoke(main, ["build", spec, "--out", str(tmp_path)])
    counted = {path.parent.name: path.read_text("utf-8").count("\n") for path in tmp_path.rglob("xor_mlp.*")}
    for target, count in counted.items():
        assert re.search(rf"^{target} +{count} ", shown, re.MULTILINE), target
