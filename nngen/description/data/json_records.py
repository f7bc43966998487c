"""Records of JSON as rows: JSON Lines, an object in a line for each row, or a list of objects."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.data.sources import MAX_LINE

MAX_LIST = 128_000_000
"""Characters of a list, which is read as a whole; JSON Lines may be longer."""

MAX_KEYS = 10_000
"""Different keys of all records."""


def records(file: BinaryIO, where: str) -> Iterator[Sequence[Any]]:
    """The keys of all records, then the values of each; a nested object has a key for each of its own: ``place.city``.

    Numbers are texts, as they are written. A list is a text of JSON.

    Args:
        file: its bytes, which are read twice.
        where: its name, for messages.

    Raises:
        SpecError: a record is no JSON or no object, with its place; there are too many keys, or a list is too long.
    """
    names: dict[str, None] = {}
    for record in _read(file, where):
        names.update(dict.fromkeys(record))
        if len(names) > MAX_KEYS:
            raise files.refused(where, f"the records have more than {MAX_KEYS:,} different keys")
    yield [*names]
    for record in _read(file, where):
        yield [record.get(name) for name in names]


def _read(file: BinaryIO, where: str) -> Iterator[Mapping[str, Any]]:
    """The records, flat."""
    file.seek(0)
    text = TextIOWrapper(file, "utf-8-sig")
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
    try:
        yield from _list(text, where, decoder) if _is_list(text) else _lines(text, where, decoder)
    except UnicodeDecodeError:
        raise files.refused(where, "the text is not UTF-8, as JSON is") from None
    finally:
        text.detach()


def _is_list(text: TextIOWrapper) -> bool:
    while (first := text.read(1)).isspace():
        pass
    text.seek(0)
    return first == "["


def _lines(text: TextIOWrapper, where: str, decoder: json.JSONDecoder) -> Iterator[Mapping[str, Any]]:
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise files.refused(where, f"line {number:,} is longer than {MAX_LINE:,} characters")
        if line.strip():
            yield _one(line, 0, where, decoder, number)[0]


def _list(text: TextIOWrapper, where: str, decoder: json.JSONDecoder) -> Iterator[Mapping[str, Any]]:
    whole = text.read(MAX_LIST + 1)
    if len(whole) > MAX_LIST:
        advice = "write JSON Lines: `pandas.DataFrame.to_json(..., orient='records', lines=True)`"
        raise files.refused(where, f"a list of JSON may have {MAX_LIST:,} characters", advice)
    place, before = _past(whole, whole.index("[") + 1), ","
    while whole[place : place + 1] != "]" and before == ",":
        record, end = _one(whole, place, where, decoder)
        yield record
        end = _past(whole, end)
        before, place = whole[end : end + 1], _past(whole, end + 1) if whole[end : end + 1] == "," else end
    if whole[place : place + 1] != "]" or _past(whole, place + 1) < len(whole):
        raise _wrong("expected a list of objects, with commas between them and ] at the end", whole, place, where)


def _past(text: str, place: int) -> int:
    """The place of the next character that is no white space."""
    while text[place : place + 1].isspace():
        place += 1
    return place


def _one(text: str, place: int, where: str, decoder: json.JSONDecoder, line: int = 0) -> tuple[Mapping[str, Any], int]:
    """A record that begins in some place of a text, flat; and the place after it."""
    try:
        value, end = decoder.raw_decode(text, _past(text, place))
        if line and text[end:].strip():
            raise _wrong("expected one object in a line", text, end, where, line)
        if not isinstance(value, dict):
            message = "expected an object, a key and a value for each column"
            raise _wrong(message, text, _past(text, place), where, line)
        return _flat(value), end
    except json.JSONDecodeError as error:
        raise _wrong(f"this is not JSON: {error.msg}", text, error.pos, where, line) from None
    except RecursionError:
        raise _wrong("it is nested too deeply", text, place, where, line) from None


def _flat(record: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{before}{key}."))
        else:
            found[before + key] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    return found


def _wrong(message: str, text: str, place: int, where: str, line: int = 0) -> SpecError:
    """A mistake in a place of a text, or of its line with this number."""
    start = text.rfind("\n", 0, place) + 1
    shown = text[start:].partition("\n")[0]
    number = line or text.count("\n", 0, place) + 1
    return SpecError([Diagnostic(where, number, place - start + 1, message, source=shown[:MAX_LINE])])
