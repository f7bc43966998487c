"""The bytes of a table as text in UTF-8, whatever its encoding and the ends of its lines; and which encoding it has."""

import codecs
from collections.abc import Iterator
from io import BytesIO, IncrementalNewlineDecoder
from itertools import chain, islice
from typing import Any, BinaryIO

from nngen.common import files
from nngen.description.data import sources

OWN = "cp949", "cp1252"
"""The encodings that Excel writes in Korea and in Western Europe. EUC-KR and Latin-1 are parts of them."""

OTHERS = "cp932", "gb18030"
"""Encodings that must fit worse than one of these; they share many bytes with cp949."""

OTHER = "name its encoding: `--encoding cp1252`, or in a spec `data: {encoding: cp1252}`"
"""The advice about bytes that are no text in the expected encoding."""

SAMPLE = 1_000
"""Lines with other characters than ASCII that show an encoding."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def in_utf8(source: sources.Source, encoding: str) -> BinaryIO:
    """The bytes of a text in UTF-8, to be read once.

    The text is in ``encoding``, or in UTF-8 if that is empty; a mark at its begin counts more. If its lines end with a
    carriage return alone, they end with a line feed instead.

    Raises:
        SpecError: while it is read: a byte is wrong in the encoding.
    """
    encoding = _marked(source.begin) or encoding or "utf-8"
    old_mac = b"\r" in source.begin[:-1] and b"\n" not in source.begin
    if codecs.lookup(encoding).name == "utf-8" and not old_mac:
        return source.file
    return sources.stream(_in_utf8(source.file, source.where, encoding, old_mac))


def recognized(content: bytes, where: str) -> str:
    """The encoding of a table, if it has to be stated; empty for UTF-8, text with a mark, and other kinds of tables.

    Raises:
        SpecError: the text is in none of the encodings that are recognized.
    """
    if sources.kind(content[: sources.BEGIN], where) != "csv" or _marked(content):
        return ""
    without_mark = _utf16(content[:2])
    if without_mark or is_utf8(content):
        return without_mark
    import charset_normalizer

    lines = BytesIO(content if b"\n" in content else content.replace(b"\r", b"\n"))
    sample = b"".join(islice((line for line in lines if not line.isascii()), SAMPLE))
    matches = charset_normalizer.from_bytes(sample, cp_isolation=[*OWN, *OTHERS], threshold=1.0)
    found = matches.best()
    if found is not None and found.encoding in OWN:
        equal = {match.encoding for match in matches if match.chaos <= found.chaos}
        return "cp1252" if "cp1252" in equal and not _is(sample, "euc_kr") else found.encoding
    found = found or charset_normalizer.from_bytes(sample).best()
    perhaps = f"it may be {found.encoding}: " if found else ""
    advice = f"{perhaps}name its encoding, as in `--encoding {found.encoding if found else 'cp1251'}`"
    raise files.refused(where, "the text is not UTF-8, cp949 or cp1252", advice)


def _marked(begin: bytes) -> str:
    """The encoding whose mark the bytes begin with; empty without a mark."""
    return next((encoding for mark, encoding in _MARKS if begin.startswith(mark)), "")


def _utf16(begin: bytes) -> str:
    """UTF-16 without a mark, by the zero in its first character, which is ASCII; else empty."""
    zeros = [byte == 0 for byte in begin]
    return "utf-16-le" if zeros == [False, True] else "utf-16-be" if zeros == [True, False] else ""


def _is(sample: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding; ``°C`` is a rare syllable of cp949, which EUC-KR does not have."""
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_utf8(content: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    if content.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(content), sources.MAX_LINE):
            decoder.decode(view[start : start + sources.MAX_LINE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _in_utf8(file: BinaryIO, where: str, encoding: str, old_mac: bool) -> Iterator[bytes]:
    """The bytes of a file in UTF-8.

    Raises:
        SpecError: a byte is wrong in the encoding.
    """
    decoder: Any = codecs.getincrementaldecoder(encoding)()
    lines, decoder = 0, IncrementalNewlineDecoder(decoder, old_mac)
    for part in chain(iter(lambda: file.read(sources.BUFFER), b""), [b""]):
        try:
            text = decoder.decode(part, final=not part)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, "ignore")
            line = lines + before.count("\r" if old_mac else "\n") + 1
            message = f"line {line:,}: expected text in {encoding}, got the byte 0x{error.object[error.start]:02x}"
            raise files.refused(where, message, OTHER) from None
        lines += text.count("\n")
        yield text.encode()
