"""Build the site of the documentation into ``build/site``: ``make site``; or into another folder, the argument.

The pages are those of ``docs/``, which also read well on GitHub. This adds what only a site has: the help of each
command, the reference of the Python interface, living pages, the course, worksheets, and the files that pages link.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from nngen.cli import main as command_line

ROOT = Path(__file__).resolve().parent.parent
DOCS, BUILD = ROOT / "docs", ROOT / "build"
OUT = Path(sys.argv[1]).resolve() if sys.argv[1:] else BUILD
PAGES, SITE = OUT / "site_pages", OUT / "site"
PLAYGROUND = BUILD / "playground" / "site"
"""What ``make playground`` has built; without it, the site has no playground."""

NAVIGATION = {
    "Start": ["index.md", "tour.md", "tour_ko.md", "questions.md"],
    "How to": [
        *(
            "init.md",
            "predict.md",
            "python.md",
            "vendoring.md",
            "own_language.md",
            "import.md",
            "export.md",
            "recommend.md",
            "scale.md",
        ),
        *("worksheet.md", "workbook.md", "gallery.md", "course.md", "playground.md"),
    ],
    "Reference": [
        *("spec.md", "commands.md", "module.md", "javascript.md", "c.md", "compiled.md", "int8.md", "prove.md"),
        "sensitivity.md",
        *("interface.md", "formulas.md", "conventions.md", "bridges.md"),
    ],
    "Background": ["design.md", "proof.md", "speed.md", "clock.md", "machines.md", "tables.md", "classics.md"],
    "Project": ["contributing.md", "changelog.md"],
}
"""The parts of the site. A page that is in none of them is an error."""

RENAMED = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the root, and their names on the site."""

GALLERY = ("xor_slp", "xor_mlp", "skip_mlp", "iris", "digits", "recommend/two_factors")
WORKSHEETS = ("xor_mlp", "xor_slp", "iris")

SETTINGS = """\
[project]
site_name = "nngen"
site_description = "A description of a neural network becomes code that you own"
docs_dir = "{pages.name}"
site_dir = "{site.name}"
use_directory_urls = false
extra_css = ["site.css"]
nav = [{navigation}]

[project.theme]
font = false
features = ["navigation.tabs", "navigation.top", "content.code.copy", "search.highlight", "toc.follow"]

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle = {{ icon = "lucide/moon", name = "Dark" }}

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle = {{ icon = "lucide/sun", name = "Light" }}

[project.markdown_extensions]
admonition = {{}}
attr_list = {{}}
def_list = {{}}
md_in_html = {{}}
toc = {{permalink = true}}

[project.markdown_extensions.pymdownx] # no links at lines of code: they have no names
highlight = {{line_spans = "__span", pygments_lang_class = true}}
magiclink = {{}}
superfences = {{}}

[project.plugins.mkdocstrings.handlers.python]
paths = ["{root}"]

[project.plugins.mkdocstrings.handlers.python.options]
show_source = false
members_order = "source"
show_labels = false
show_root_heading = true
docstring_section_style = "list"
"""

STYLE = """\
article { word-break: keep-all; overflow-wrap: anywhere; }
[data-md-color-scheme="default"] { --md-accent-fg-color: #3d53d8; }
[data-md-color-scheme="slate"] { --md-accent-fg-color: #8c9eff; }
"""
"""Korean words stay whole; the theme's accent has a contrast of 4.5 at least on its own tint, in light and in dark."""


def sources() -> Iterator[tuple[Path, str]]:
    """Each page, and its name on the site."""
    for name, page in RENAMED.items():
        yield ROOT / name, page
    for path in sorted(DOCS.glob("*.md")):
        yield path, path.name


def page(path: Path) -> str:
    """The text of a page with links that hold on the site; files outside of ``docs/`` are copied."""

    def link(found: re.Match[str]) -> str:
        place, anchor = found[1], found[2] or ""
        target = (path.parent / place).resolve()
        if target.suffix == ".md":
            return f"]({RENAMED.get(target.name, target.name)}{anchor})"
        if target.parent == DOCS:
            shutil.copy(target, PAGES)
        if target.is_relative_to(DOCS):
            return f"]({target.relative_to(DOCS).as_posix()}{anchor})"
        return f"]({copied(target)})"

    return re.sub(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)", link, path.read_text("utf-8"))


def copied(target: Path) -> str:
    """The place on the site of a file of the repository; a folder becomes a page that lists its files."""
    place = Path("files") / target.relative_to(ROOT)
    copy = PAGES / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    if target.is_file():
        shutil.copy(target, copy.with_name(f"{copy.name}.txt"))
        return f"{place.as_posix()}.txt"
    files = [file for file in sorted(target.iterdir()) if file.is_file()]
    links = [f"- [{file.name}]({Path(copied(file)).relative_to(place.parent).as_posix()})" for file in files]
    copy.with_suffix(".md").write_text(
        "\n".join([f"# {place.relative_to('files').as_posix()}", "", *links, ""]), "utf-8"
    )
    return f"{place.as_posix()}.md"


def commands(head: str) -> str:
    """The page of the commands, followed by the help of each."""
    parts = [head]
    for name, command in sorted(command_line.commands.items()):
        context = click.Context(command, info_name=f"nngen {name}", terminal_width=100, max_content_width=100)
        parts += [f"## nngen {name}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(parts)


def interface() -> str:
    """A page with the functions and classes of the Python interface, which mkdocstrings fills."""
    import nngen

    head = "# The Python interface\n\nAll functions and classes of `nngen`; [an introduction](python.md).\n"
    names = sorted((name for name in nngen.__all__ if name != "__version__"), key=lambda name: name[0].isupper())
    entry = "::: {}.{}\n    options:\n      heading: nngen.{}\n"
    return "\n".join([head, *(entry.format(getattr(nngen, name).__module__, name, name) for name in names)])


def living() -> None:
    """Write living pages, the course and worksheets into the site."""
    for name in GALLERY:
        run("explain", f"specs/{name}.yaml", "-o", PAGES / "living" / f"{Path(name).name}.html")
    for name in WORKSHEETS:
        run("trace", f"specs/{name}.yaml", "--format", "html", "-o", PAGES / "living" / f"{name}_worksheet.html")
    run("course", "-o", PAGES / "living" / "course")


def run(*arguments: object) -> None:
    """Run a command of nngen."""
    command = [sys.executable, "-m", "nngen", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)


def main() -> None:
    """Collect the pages, and let Zensical build the site."""
    for folder in (PAGES, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    (PAGES / "living").mkdir(parents=True)
    written = {name: page(path) for path, name in sources()}
    written |= {"commands.md": commands(written["commands.md"]), "interface.md": interface()}
    written["gallery.md"] = re.sub(r"^\| `(\w+)` \|", r"| [`\1`](living/\1.html) |", written["gallery.md"], flags=re.M)
    lessons = "Open it: [English](living/course/index.html), [한국어](living/course/ko/index.html)."
    written["course.md"] = written["course.md"].replace("*\n\n", f"*\n\n{lessons}\n\n", 1)
    if PLAYGROUND.is_dir():
        tried = (
            "**[Try it in your browser](playground/index.html)**: change a network, read its equations and its code."
        )
        written["index.md"] = written["index.md"].replace("\n## Start", f"\n{tried}\n\n## Start", 1)
    sheets = ", ".join(f"[{name}](living/{name}_worksheet.html)" for name in WORKSHEETS)
    written["worksheet.md"] = written["worksheet.md"].replace("*\n\n", f"*\n\nWorksheets to print: {sheets}.\n\n", 1)
    listed = [name for pages in NAVIGATION.values() for name in pages]
    if sorted(listed) != sorted(written):
        sys.exit(f"pages and navigation differ: {sorted({*listed} ^ {*written})}")
    for name, text in written.items():
        (PAGES / name).write_text(text, "utf-8")
    for pictures in ("gallery", "pictures"):
        shutil.copytree(DOCS / pictures, PAGES / pictures)
    (PAGES / "site.css").write_text(STYLE, "utf-8")
    living()
    parts = ", ".join(f'{{ "{title}" = {[*names]!r} }}' for title, names in NAVIGATION.items())
    if PLAYGROUND.is_dir():
        shutil.copytree(PLAYGROUND, PAGES / "playground")
    settings = OUT / "site.toml"
    settings.write_text(SETTINGS.format(pages=PAGES, site=SITE, root=ROOT, navigation=parts), "utf-8")
    zensical = Path(sys.executable).with_name("zensical")
    subprocess.run([zensical, "build", "--strict", "-f", settings], check=True)  # noqa: S603 (our own)


if __name__ == "__main__":
    main()
