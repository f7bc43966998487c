"""Collects the messages of living pages, courses and worksheets, and writes their catalogues (`make messages`).

A new message gets an empty translation: fill it in ``nngen/locale/LANGUAGE/LC_MESSAGES/nngen.po`` and run this again.
"""

import ast
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

from nngen.catalogue import LOSSES
from nngen.translation import LANGUAGES, LOCALE, said

ROOT = Path(__file__).parent.parent
HEAD = r"""# Messages of nngen. `make messages` collects them.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\n"

"""

TEMPLATES = ("explain", "course", "trace")


class _Plain(Catalog):
    """A catalogue whose header has neither dates nor Babel's version: its file changes only with its messages."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", "text/plain; charset=utf-8")]


def messages() -> Iterator[str]:
    """All messages: of templates, of scripts, of Python modules, and reasons of the catalogue of losses."""
    jinja: Any = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)  # noqa: S701 (renders nothing)
    for folder in TEMPLATES:
        for path in sorted((ROOT / "templates" / folder).iterdir()):
            if path.suffix == ".jinja":
                found = (text for _, _, text in jinja.extract_translations(path.read_text("utf-8")))
                yield from (text for text in found if isinstance(text, str))
            elif path.suffix == ".js":
                yield from said(path.read_text("utf-8"))
    for path in sorted((ROOT / "nngen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                yield str(ast.literal_eval(node.args[0]))
    for loss in LOSSES.values():
        yield from (fusion.reason for fusion in loss.fused)


def catalogue(language: str) -> Catalog:
    """The catalogue of a language, with all messages of today and no others."""
    path = LOCALE / language / "LC_MESSAGES" / "nngen.po"
    known = read_po(io.BytesIO(path.read_bytes()), language) if path.exists() else Catalog(language)
    new = _Plain(language)
    for text in dict.fromkeys(messages()):
        found = known.get(text)
        new.add(text, found.string if found else "")
    return new


def files(language: str) -> dict[Path, bytes]:
    """The files of a language: the text that people edit, and what programs read. Neither has a date."""
    folder = LOCALE / language / "LC_MESSAGES"
    made = catalogue(language)
    text, binary = io.BytesIO(), io.BytesIO()
    write_po(text, made, omit_header=True, width=0)
    write_mo(binary, made)
    return {folder / "nngen.po": HEAD.encode() + text.getvalue(), folder / "nngen.mo": binary.getvalue()}


def main() -> None:
    """Write the catalogues."""
    for language in LANGUAGES:
        if language == "en":
            continue
        for path, content in files(language).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print("wrote", path.relative_to(ROOT))


if __name__ == "__main__":
    main()
