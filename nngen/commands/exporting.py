"""Writes the library for Arduino of ``nngen export``."""

import os
from collections.abc import Callable
from pathlib import Path

from nngen.bridges.exporting import MARK
from nngen.commands.build import write
from nngen.commands.integers import arduino_library
from nngen.commands.module_files import Module
from nngen.commands.output import text_of
from nngen.common.files import refused
from nngen.description.model import Spec


def write_library(
    loaded: Spec,
    spec: Path,
    params: Path,
    folder: Path,
    said: Callable[[str], None],
    *,
    accept_loss: bool,
    learn: bool,
    force: bool,
) -> None:
    """Write a library for Arduino, all files or none; ``said`` gets what there is to say, a line each.

    Raises:
        SpecError: the folder has other files, and nothing is forced; or one of the errors of ``arduino_library``.
    """
    stated = MARK in (text_of(folder / "library.properties", 10_000) or "")
    if os.path.lexists(folder) and not folder.is_dir():
        raise refused(folder, "this is a file, not a folder", "name a new folder")
    if not (stated or force) and folder.is_dir() and any(folder.iterdir()):
        raise refused(folder, "the folder has other files", "name a new one, or overwrite with `--force`")
    texts, found = arduino_library(loaded, spec, params, accept_loss, learn)
    said(found)
    made = [Module(folder / name, text, loaded.name, placed=True) for name, text in texts.items()]
    write(made, force=True)
    for module in made:
        said(f"wrote {module.path}")
