"""Files written whole or not at all, and never over a user's file."""

import os
import re
from collections.abc import Callable
from pathlib import Path

from nngen import files
from nngen.diagnostics import Diagnostic, SpecError, show
from nngen.files import reason
from nngen.reading import parameter_files


def network_in(path: Path, known: Callable[[Path], str | None] = parameter_files.begins) -> str | None:
    """The name of the network whose parameters a file has; None for any other file."""
    try:
        return known(path)
    except SpecError:
        return None


def keep(path: Path, network: str, *, force: bool) -> None:
    """Refuse to write the parameters of a network to a file that holds anything else.

    Raises:
        SpecError: something is lost; or the file is none, such as a pipe.
    """
    _refuse_special(path)
    holds = network_in(path, parameter_files.holds)
    if os.path.lexists(path) and holds != network and not force:
        what = f"the parameters of {show(holds)}" if holds else "no parameters"
        raise files.refused(path, f"a file is there that holds {what}", "to have it overwritten: `--force`")


def replace(path: Path, make: Callable[[Path], None]) -> None:
    """Write a file by a draft beside it, so that it is whole at every moment: as it was, or as ``make`` writes it.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    draft = draft_of(path)
    try:
        make(draft)
        onto_disk(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def save(path: Path, text: str, *, force: bool, mark: str = "") -> None:
    """Write a text to a file that somebody has named.

    Args:
        path: the file.
        text: what is written.
        force: whether a file is overwritten, whatever it is.
        mark: what the files hold that are overwritten in any case; none are where it is empty.

    Raises:
        SpecError: another file is there already, and not to be overwritten; or it is a pipe or a device, or cannot
            be written.
    """
    _refuse_special(path)
    if os.path.lexists(path) and not force and not (mark and mark in (text_of(path, parameter_files.MAX_HEAD) or "")):
        message, advice = "a file of this name is there already", "to have it overwritten: `--force`"
        raise SpecError([Diagnostic(str(path), None, None, message, help=advice)])
    try:
        replace(path, lambda draft: _put(draft, text))
    except OSError as error:
        raise SpecError([Diagnostic(str(path), None, None, f"this cannot be written: {reason(error)}")]) from None


def _refuse_special(path: Path) -> None:
    kind = files.special(path)
    if kind:
        raise files.refused(path, f"there is {kind}, which is never overwritten")


def _put(path: Path, text: str) -> None:
    with path.open("xb") as file:
        file.write(text.encode())


def draft_of(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # what a process left that was killed, or a link that somebody has laid
    return draft


def onto_disk(draft: Path) -> None:
    """Wait until a draft is on the disk: else a machine that crashes after the renaming can leave an empty file."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def lies_within(folder: Path, out: Path) -> bool:
    """Whether a folder is inside of another, links followed."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(out))


def is_written_by_nngen(path: Path, network: str) -> bool:
    """Whether nngen wrote the file for a network of the name that its own begins with: both of its marks have it."""
    head = (text_of(path, parameter_files.MAX_HEAD) or "").replace("\r\n", "\n")
    return all(
        re.search(mark.format(re.escape(network)), head, re.MULTILINE)
        for mark in (
            r"^Written by nngen from the spec {}:",
            r'^(export const |#define \w+_)?LAYOUT( =)?\s+[(\\]?\s*"{} ',
        )
    )


def text_of(path: Path, most: int) -> str | None:
    """The text of a file, or its first bytes; None where there is none that could be read."""
    try:
        return files.start(path, most).decode(errors="replace")
    except SpecError:
        return None


def same_file(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file."""
    return path == other or path.samefile(other)


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; what was made, from the top down."""
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
