"""Folders of built modules, and a file of the user's."""

from pathlib import Path

from tests.support.modules import ROOT

OLD = (ROOT / "generated" / "python" / "xor_mlp.py").read_bytes().replace(b"sigmoid", b"tanh")
"""A module of another time."""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones included."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
