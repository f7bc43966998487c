"""Opens the files that a user names, so that none of them blocks or exhausts the memory.

While a command runs, it remembers them as its inputs, which the command never overwrites.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO

from nngen.common.diagnostics import Diagnostic, SpecError

# With O_NONBLOCK, a pipe without a writer opens at once. Windows has only O_BINARY of these flags.
_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)

_SPECIAL = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
    stat.S_ISSOCK: "a socket",
}

# These folders have no regular files, though `/dev/stdout` may lead to one.
_DEVICES = (Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd"))

_REASONS = {
    errno.ENOENT: "this file does not exist",
    errno.EACCES: "no permission to read this file",
    errno.EISDIR: "this is a folder, not a file",
    errno.ELOOP: "this link leads back to itself",
    errno.ENXIO: "this is a socket or a device, not a file",
}

_inputs: ContextVar[set[Path] | None] = ContextVar("inputs", default=None)
"""The inputs of the running command; None outside of commands."""


@contextmanager
def remembered() -> Iterator[None]:
    """Within the block, the files that are read are remembered as inputs."""
    token = _inputs.set(set())
    try:
        yield
    finally:
        _inputs.reset(token)


def remember(*paths: Path) -> None:
    """Remember files that are read elsewhere, such as in another process."""
    inputs = _inputs.get()
    if inputs is not None:
        inputs.update(paths)


def forget(path: Path) -> None:
    """Let an input be overwritten after all, such as the checkpoint that a training continues."""
    inputs = _inputs.get()
    if inputs is not None:
        inputs -= {each for each in inputs if _same(each, path)}


def inputs() -> list[Path]:
    """The files that the running command has read until now, or will read."""
    return sorted(_inputs.get() or ())


def refuse_input(path: Path) -> None:
    """Refuse to overwrite an input, also one that the spec names.

    Raises:
        SpecError: the running command reads this file.
    """
    if any(_same(each, path) for each in _inputs.get() or ()):
        raise refused(path, "the command reads this file, and would overwrite it", "write another file")


def _same(path: Path, other: Path) -> bool:
    """Whether both paths lead to the same existing file."""
    try:
        return os.path.samefile(path, other)
    except (OSError, ValueError):
        return False


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file to read bytes, and remember it. The errors are those of ``looked_at``."""
    with looked_at(path) as file:
        remember(path)
        yield file


@contextmanager
def looked_at(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file without remembering it, as to see whether it may be overwritten.

    The opened file is checked, so nobody can exchange it in between.

    Raises:
        SpecError: it is missing, is a folder, pipe or device, or cannot be read.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a path with a NUL
        raise refused(path, f"the file cannot be read: {error}") from None
    except OSError as error:
        raise _unreadable(path, error) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        kind = _special(mode) or "a folder"
        advice = "save its output to a file, and use that file" if kind == "a pipe" else ""
        raise refused(path, f"this is {kind}, not a file", advice)
    try:
        with os.fdopen(descriptor, "rb") as file:
            yield file
    except OSError as error:
        raise _unreadable(path, error) from None


def start(path: Path, most: int) -> bytes:
    """The first bytes of a regular file, which is not remembered; the errors are those of ``looked_at``."""
    with looked_at(path) as file:
        return file.read(most) or b""  # None if a file of the system has nothing yet


def read(path: Path, most: int, advice: str = "") -> bytes:
    """The bytes of a regular file.

    Args:
        path: the file.
        most: the largest number of bytes.
        advice: the help for a larger file.

    Raises:
        SpecError: as ``opened``, or it is too large.
    """
    remember(path)
    content = start(path, most + 1)
    if len(content) > most:
        raise refused(path, f"the file is larger than {most:,} bytes", advice)
    return content


def text(path: Path, most: int) -> str:
    """The text of a regular file.

    Raises:
        SpecError: as ``read``, or it is not UTF-8.
    """
    content = read(path, most)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise refused(path, f"the byte 0x{content[error.start]:02x} at offset {error.start} is not UTF-8") from None


def special(path: Path) -> str:
    """The kind of a path that is neither a file nor a folder: a pipe, a device or a socket; otherwise empty."""
    try:
        kind = _special(os.stat(path).st_mode)
    except (OSError, ValueError):
        kind = ""
    return kind or ("a device" if path.parent in _DEVICES else "")


def _special(mode: int) -> str:
    return next((name for test, name in _SPECIAL.items() if test(mode)), "")


def reason(error: OSError) -> str:
    """The reason of a system error, in lower case."""
    return (error.strerror or str(error)).lower()


def refused(where: Path | str, message: str, advice: str = "") -> SpecError:
    """The error for a whole file or an option."""
    return SpecError([Diagnostic(str(where), None, None, message, help=advice)])


def _unreadable(path: Path, error: OSError) -> SpecError:
    return refused(path, _REASONS.get(error.errno or 0, f"the file cannot be read: {reason(error)}"))
