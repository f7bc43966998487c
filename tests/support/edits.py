"""Edited copies of committed modules, and what their verification says."""

from pathlib import Path

from nngen.proof.verify import Verification
from tests.support.modules import ROOT


def edited(folder: Path, target: str, name: str, *edits: tuple[str, str], times: int = -1) -> Path:
    """A copy of a committed module under another name, in another folder, with edits."""
    text = (ROOT / "generated" / target / f"{name}.py").read_text("utf-8")
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
