"""Edited copies of modules with all parts, and what their verification says."""

from pathlib import Path

from nngen.proof.verify import Verification
from tests.support.modules import named, whole


def edited(folder: Path, target: str, name: str, *edits: tuple[str, str], times: int = -1) -> Path:
    """The module of a committed spec with all parts, under another name, with edits."""
    text = whole(named(name), target)
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, times)
    path = folder / "vendored.py"
    path.write_text(text, "utf-8")
    return path


def verdicts(done: Verification) -> dict[str, str]:
    return {row.what: row.verdict for row in done.rows}


def wrong(done: Verification) -> set[str]:
    return {row.what for row in done.rows if row.verdict == "wrong"}
