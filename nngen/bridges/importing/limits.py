"""The limits of a model file, which is hostile until it has been read; JSON and ZIP archives are read within them."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from nngen.common.files import refused
from nngen.common.records import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a file; one that needs more is refused first."""

    file: int = 512 * 2**20
    """Bytes of a file, and of one beside it: 50 million weights in float64, the most that a network may have."""
    numbers: int = 60_000_000
    """Numbers of all tensors together."""
    nodes: int = 20_000
    """Operators of a graph: 1,000 layers with 20 operators each. Groups and datasets of an HDF5 file."""
    rank: int = 8
    """Dimensions of a tensor; those of dense networks have two."""
    texts: int = 100_000
    """Texts of all tensors and attributes together: classes and categories."""
    characters: int = 50_000_000
    """Characters of a text, which describes a model. The largest have some millions."""
    members: int = 50_000
    """Members of an archive. A scikit-learn network has some hundred, and one more for each epoch of its training."""
    unpacked: int = 500_000_000
    """Bytes of all members together."""
    ratio: int = 100
    """How many times larger the members may be than the archive. Weights hardly shrink, a ZIP bomb does."""
    depth: int = 60
    """Nested objects; a pipeline in a search in a pipeline has some twenty."""


LIMITS = Limits()

SMALL = Limits(file=32 * 2**20, numbers=4 * 2**20, nodes=10_000)
"""Those of TensorFlow Lite: microcontrollers have a few megabytes. So many numbers need 570 MB as text."""


class _RefusedError(ValueError):
    """The text is JSON, but not what a model file may hold."""


def parse(text: str | bytes, where: str, name: str, *, nan: bool = False) -> Any:
    """The value of a JSON text.

    Args:
        text: the text, or its bytes in UTF-8.
        where: the file, for messages.
        name: the part of the file, for messages.
        nan: whether NaN and infinities are allowed.

    Raises:
        SpecError: the text is too long, not JSON, nested too deeply, or a mapping has a key twice.
    """
    if len(text) > LIMITS.characters:
        raise refused(where, f"{name} is longer than {LIMITS.characters:,} bytes")
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
        return json.loads(decoded, object_pairs_hook=_mapping, parse_constant=None if nan else _constant)
    except _RefusedError as error:
        raise refused(where, f"{name}: {error}") from None
    except ValueError:
        raise refused(where, f"{name} is not valid JSON") from None
    except RecursionError:
        raise refused(where, f"{name} is nested too deeply") from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RefusedError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} occurs twice")
    return found


def _constant(word: str) -> None:
    raise _RefusedError(f"expected a finite number, got {word}")


def members(content: bytes, where: str, *, folders: bool = False) -> Mapping[str, bytes]:
    """The members of an archive by name.

    Args:
        content: the archive.
        where: the file, for messages.
        folders: whether names may have folders, none of which is made.

    Raises:
        SpecError: it is damaged, encrypted or too large, or two members have the same name or one has a path.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            listed = archive.infolist()
            _check(listed, len(content), where, folders=folders)
            return {member.filename: _read(archive, member) for member in listed}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise refused(where, "the archive is damaged or incomplete") from None


def _check(listed: list[zipfile.ZipInfo], size: int, where: str, *, folders: bool) -> None:
    """Check the directory, before any member is read."""
    if len(listed) > LIMITS.members:
        raise refused(where, f"the archive has more than {LIMITS.members:,} members")
    total = sum(member.file_size for member in listed)
    if total > LIMITS.unpacked:
        raise refused(where, f"the members of the archive are larger than {LIMITS.unpacked:,} bytes")
    if total > LIMITS.ratio * size:
        raise refused(where, f"the members of the archive are more than {LIMITS.ratio} times as large as the archive")
    if sum(member.compress_size for member in listed) > size:
        raise refused(where, "members of the archive overlap")
    seen = set()
    for member in listed:
        name = member.filename
        if name in seen:
            raise refused(where, f"the archive has two members {name!r}")
        seen.add(name)
        inner = folders or name.startswith("assets/")  # folders of PyTorch and Keras; nobody makes them
        parts = name.split("/") if inner else [name]
        if any("/" in part or "\\" in part or part in ("", ".", "..") for part in parts):
            raise refused(where, f"expected a name without folders, got the member {name!r}")
        if member.flag_bits & 1:
            raise refused(where, f"the member {name!r} is encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(where, f"expected a member that is stored or deflated, got another compression of {name!r}")


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, as many as the directory declares."""
    content = archive.read(member)
    if len(content) != member.file_size:
        raise zipfile.BadZipFile
    return content
