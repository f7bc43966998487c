"""Reads ZIP archives of models, after their directory has passed all limits."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from nngen.bridges.importing.limits import LIMITS
from nngen.common.files import refused


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
