"""Collects the messages of living pages, courses and worksheets, and writes their catalogues (`make messages`).

A new message gets an empty translation, and the exit code is 1: fill it in
``nngen/learning/locale/LANGUAGE/LC_MESSAGES/nngen.po`` and run this again.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from jinja2 import Environment

from nngen.learning.translation import LANGUAGES, LOCALE, said
from nngen.mathematics.catalogue import ACTIVATIONS, LOSSES, NORMALIZATIONS, OPTIMIZERS

ROOT = Path(__file__).parent.parent
TEMPLATES = ("explain", "course", "trace")


def messages() -> Iterator[tuple[str, str]]:
    """All messages, each with its file: of templates, of scripts, of Python modules, and words of the catalogues."""
    jinja: Any = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)  # noqa: S701 (renders nothing)
    for folder in TEMPLATES:
        for path in sorted((ROOT / "templates" / folder).iterdir()):
            yield from ((text, str(path.relative_to(ROOT))) for text in _of_template(path, jinja))
    for path in sorted((ROOT / "nngen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
                yield str(ast.literal_eval(node.args[0])), str(path.relative_to(ROOT))
    yield from ((text, "nngen/mathematics/catalogue") for text in _of_catalogues())


def _of_template(path: Path, jinja: Any) -> Iterator[str]:
    """The messages of a template or of a script; those that a template gets from Python code are found there."""
    if path.suffix == ".jinja":
        for _, _, found in jinja.extract_translations(path.read_text("utf-8")):
            text = found[0] if isinstance(found, tuple) else found  # a message with values comes with places for them
            if text is not None:
                yield text
    elif path.suffix == ".js":
        yield from said(path.read_text("utf-8"))


def _of_catalogues() -> Iterator[str]:
    for loss in LOSSES.values():
        yield from (fusion.reason for fusion in loss.fused)
        yield from filter(None, (in_words(fusion.algebra) for fusion in loss.fused))
    for activation in ACTIVATIONS.values():
        yield from filter(None, (in_words(activation.textbook), activation.remark))
    for normalization in NORMALIZATIONS.values():
        yield from (normalization.reason, normalization.textbook.partition(", over ")[2])
    yield from filter(None, (in_words(optimizer.textbook) for optimizer in OPTIMIZERS.values()))


def in_words(formula: str) -> str:
    """A formula that has words of English between its symbols; empty for another one."""
    return formula if re.search(r"\b(if|means?|since|standard|that|then|with)\b", formula) else ""


def catalogue(language: str) -> polib.POFile:
    """The catalogue of a language, with all messages of today and no others. Its header has no date."""
    path = LOCALE / language / "LC_MESSAGES" / "nngen.po"
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    made = polib.POFile(wrapwidth=10_000)  # a message in a line
    made.header = "Messages of nngen. `make messages` collects them."
    made.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    made.extend(polib.POEntry(msgid=text, msgstr=known.get(text, "")) for text in dict(messages()))
    return made


def files(language: str) -> dict[Path, bytes]:
    """The files of a language: the text that people edit, and what programs read."""
    folder, made = LOCALE / language / "LC_MESSAGES", catalogue(language)
    return {folder / "nngen.po": str(made).encode(), folder / "nngen.mo": made.to_binary()}


def main() -> None:
    """Write the catalogues, and name the messages that have no translation."""
    missing = set[str]()
    for language in LANGUAGES:
        if language == "en":
            continue
        for path, content in files(language).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print("wrote", path.relative_to(ROOT))
        untranslated = {entry.msgid for entry in catalogue(language).untranslated_entries()}
        missing |= {
            f'{place}: no translation to {language} of "{text}"' for text, place in messages() if text in untranslated
        }
    sys.exit("\n".join(sorted(missing)) or None)


if __name__ == "__main__":
    main()
