"""Puts the templates of modules into the wheel as Python source, too, and describes it by the README.

With compiled templates, a first build need not compile them.
"""

import ast
import re
import tempfile
from pathlib import Path
from typing import Any

import jinja2
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

OTHERS = ("course/", "explain/", "trace/", "card.md.jinja", "report.html.jinja")
"""Templates of pages, which are escaped or translated; their environments read them as they are."""

NO_ADDRESS = "\nnngen has no public address yet. The files that this text names are in its source.\n"


class Description(MetadataHookInterface):
    """Describes the package by the README, without what leads nowhere on the page of a package index."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the description: without pictures and comments, and with paths in place of links into the repository."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        text = re.sub(r"<!--.*?-->\n|\[!\[.*?\]\(.*?\)\]\(.*?\)\n\n", "", text, flags=re.DOTALL)
        text = re.sub(r"\[([^][]*)\]\((?!https?:)([^)]*)\)", r"\1 (`\2`)", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text + NO_ADDRESS}


class CompiledTemplates(BuildHookInterface[Any]):
    """Compiles templates while a wheel is built; an editable install reads them from their folder."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled templates to the files of the wheel, in a folder with the version of Jinja."""
        if version != "editable":
            folder = Path(tempfile.mkdtemp(prefix="nngen-templates-"))
            compile_templates(Path(self.root), folder)
            build_data["force_include"][str(folder)] = f"nngen/compiled_templates/{jinja2.__version__}"


def compile_templates(root: Path, folder: Path) -> None:
    """Write each template as a module of Python, the same bytes from the same template and version of Jinja."""
    source = (root / "nngen" / "targets" / "template_cache.py").read_text("utf-8")
    cache: dict[str, Any] = {"__name__": "template_cache"}
    exec(compile(source, "template_cache.py", "exec"), cache)  # noqa: S102 (our own, without what nngen needs)
    jinja = jinja2.Environment(loader=jinja2.FileSystemLoader(root / "templates"), **cache["OPTIONS"])  # noqa: S701
    jinja.filters.update((name, cache["late"](str)) for name in filters(root / "nngen" / "targets"))
    jinja.compile_templates(
        folder,
        zip=None,
        ignore_errors=False,
        filter_func=lambda name: name.endswith(".jinja") and not name.startswith(OTHERS),
    )


def filters(folder: Path) -> set[str]:
    """The names of the functions that templates call as filters: in tuples of modules, and in ``environments``."""
    found = {*re.findall(r'jinja\.filters\["(\w+)"\]', (folder / "environments.py").read_text("utf-8"))}
    for path in folder.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        given = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "filters"]
        for node in [*tree.body, *given]:
            if isinstance(node, ast.Assign | ast.keyword) and isinstance(node.value, ast.Tuple):
                parts = [*ast.walk(node.value)]
                found |= {each.id for each in parts if isinstance(each, ast.Name)}
                found |= {each.attr for each in parts if isinstance(each, ast.Attribute)}
    return found
