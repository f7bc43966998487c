"""Writes files as a whole or not at all, never over an input of the command, and over a user's file only if forced."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import SpecError, show
from nngen.common.files import reason
from nngen.reading import parameter_files

STDOUT = Path("/dev/stdout")
"""The name of standard output. Commands print there, even if it is a regular file or a pipe."""


def network_in(path: Path, known: Callable[[Path], str | None] = parameter_files.begins) -> str | None:
    """The name of the network if a file is a parameter file, else None."""
    try:
        return known(path)
    except SpecError:
        return None


def keep(path: Path, network: str, *, force: bool) -> None:
    """Refuse to overwrite anything but parameters of the same network.

    Raises:
        SpecError: the file has something else, is not a regular file, or is an input of the command.
    """
    _refuse_untouchable(path)
    holds = network_in(path, parameter_files.holds)
    if os.path.lexists(path) and holds != network and not force:
        what = f"the parameters of {show(holds)}" if holds else "no parameters"
        raise files.refused(path, f"the file exists and has {what}", "overwrite it with `--force`")


def replace(path: Path, make: Callable[[Path], None]) -> None:
    """Replace a file by a draft that ``make`` writes beside it, so that the file is complete at every moment.

    Raises:
        OSError: it cannot be written; the file is unchanged.
        SpecError: it is an input of the command.
    """
    draft = draft_of(path)
    try:
        make(draft)
        onto_disk(draft)
        files.refuse_input(path)  # making the draft may have read it
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def save(path: Path, content: str | bytes | Iterable[str], *, force: bool, mark: str = "") -> None:
    """Write a text or bytes to a file that the user named.

    Args:
        path: the file.
        content: its new content, or its parts; if making them fails, the file is unchanged.
        force: whether to overwrite any regular file.
        mark: files with this text are overwritten in any case; with an empty mark, none are.

    Raises:
        SpecError: the file exists and must not be overwritten, it is a pipe or a device, or it cannot be written.
        OSError: the content cannot be made.
    """
    check(path, force=force, mark=mark)
    of_content: list[OSError] = []
    try:
        replace(path, lambda draft: _put(draft, content, of_content))
    except OSError as error:
        if error in of_content:
            raise
        raise files.refused(path, f"the file cannot be written: {reason(error)}") from None


def check(path: Path, *, force: bool, mark: str = "") -> None:
    """Refuse a file that ``save`` would refuse, before the work that its text needs. Standard output is accepted.

    Raises:
        SpecError: the file exists and must not be overwritten, it is a pipe or a device, or it cannot be written.
    """
    if path == STDOUT:
        return
    _refuse_untouchable(path)
    check_folder(path)
    if os.path.lexists(path) and not force and not (mark and mark in (text_of(path, parameter_files.MAX_HEAD) or "")):
        raise files.refused(path, "the file exists already", "overwrite it with `--force`")


def check_folder(path: Path) -> None:
    """Refuse a file whose folder does not exist or takes no draft of it.

    Raises:
        SpecError: it cannot be written.
    """
    if not os.path.isdir(path.parent):
        raise files.refused(path, "the file cannot be written: there is no such folder")
    try:
        draft = draft_of(path)
        draft.open("xb").close()
        draft.unlink()
    except OSError as error:
        raise files.refused(path, f"the file cannot be written: {reason(error)}") from None


def _refuse_untouchable(path: Path) -> None:
    """Refuse what is not overwritten even if that is forced: inputs of the command, pipes and devices."""
    files.refuse_input(path)
    kind = files.special(path)
    if kind:
        raise files.refused(path, f"this is {kind}, which is never overwritten")


def _put(path: Path, content: str | bytes | Iterable[str], of_content: list[OSError]) -> None:
    """Write a draft; an error in making its content is added to ``of_content``, as it is none of the draft."""
    with path.open("xb") as file:
        for part in (content,) if isinstance(content, str | bytes) else _noting(content, of_content):
            file.write(part.encode() if isinstance(part, str) else part)


def _noting(parts: Iterable[str], errors: list[OSError]) -> Iterator[str]:
    try:
        yield from parts
    except OSError as error:
        errors.append(error)
        raise


def draft_of(path: Path) -> Path:
    """The draft of a file, which is written before it replaces the file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # left by a killed process, or a link that somebody planted
    return draft


def onto_disk(draft: Path) -> None:
    """Wait until a draft is on the disk; otherwise a crash after the renaming could leave an empty file."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes from writing a file. A lock lies beside it, and ends with this process at the latest.

    Raises:
        SpecError: another process writes the file, or its folder cannot be written.
    """
    from filelock import FileLock, Timeout

    if not path.parent.is_dir():  # a lock would make the folder
        raise files.refused(path, "the file cannot be written: there is no such folder")
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        advice = "wait until it ends, or use another file"
        raise files.refused(path, "another process is writing this file", advice) from None
    except NotImplementedError:  # a file system without locks
        pass
    except OSError as error:
        raise files.refused(path, f"the file cannot be written: {reason(error)}") from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows deletes it later
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def lies_within(folder: Path, out: Path) -> bool:
    """Whether a folder is inside another one, with links resolved."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(out))


def is_written_by_nngen(path: Path, network: str) -> bool:
    """Whether nngen wrote the file for a network of its name: its first line and the source that it names say so.

    Without a name: whether it wrote the file for all networks.
    """
    head = (text_of(path, parameter_files.MAX_HEAD) or "").replace("\r\n", "\n")
    if not network:
        return re.search("^Written by nngen for all networks:", head, re.MULTILINE) is not None
    return all(
        re.search(mark.format(re.escape(network)), head, re.MULTILINE)
        for mark in (
            r"^( *[^\w\s]{{1,3}} )?Written by nngen from the spec {}:",  # a line of a comment may begin with its marks
            r'^(r?"""| *[^\w\s]{{1,3}} )?'
            r"(({0},|Package \w+ is) a (trained )?neural network\b|The trained parameters of {0},)",
        )
    )


def text_of(path: Path, most: int) -> str | None:
    """The first bytes of a file as text; None if it cannot be read."""
    try:
        return files.start(path, most).decode(errors="replace")
    except SpecError:
        return None


def same_file(path: Path, other: Path) -> bool:
    """Whether two paths lead to the same file."""
    return path == other or path.samefile(other)


def make_folder(folder: Path) -> list[Path]:
    """Create a folder with its parents; return the created ones, outermost first."""
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
