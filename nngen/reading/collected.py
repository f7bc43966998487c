"""``ids: data``: the ids of the table, which take its place in the document."""

from pathlib import Path
from typing import Any

from nngen.common.diagnostics import SpecError, show
from nngen.description.data import header
from nngen.description.model import known_encoding
from nngen.reading.checks.data import found_file
from nngen.reading.document import Document, Loc
from nngen.reading.overrides import mark

WORD = "data"
"""What a spec says in place of ids."""


def collect(document: Document, folder: Path | None, root: Path | None) -> None:
    """Put the ids of the table in place of ``ids: data``. Where it says so without a table, the document is refused.

    Raises:
        SpecError: the table, which may also be in ``root``, cannot be read.
    """
    inputs = document.value.get("inputs")
    entries = list(enumerate(inputs)) if isinstance(inputs, list) else []
    places = {place: entry for place, entry in entries if isinstance(entry, dict) and entry.get("ids") == WORD}
    if not places:
        return
    for place, entry in places.items():  # until there are better ones; what is refused has a message, or gets one
        entry["ids"] = 1
        document.refused.add(("inputs", place, "ids"))
    data = document.value.get("data")
    file = data.get("file") if isinstance(data, dict) else None
    if not isinstance(file, str) or folder is None:
        has = "the spec is a text without a folder" if isinstance(file, str) else "the spec has no `data: {file: ...}`"
        for place in places:
            message = f"`ids: {WORD}` takes the ids of a table, but {has}"
            document.diagnostics.append(document.about(("inputs", place, "ids"), message, advice="list the ids"))
        return
    from nngen.description.data import collected  # it needs NumPy

    path = found_file(folder, file, root)
    columns: list[Any] = [entry.get("column") or entry.get("name") for entry in places.values()]
    if path is None or not all(isinstance(column, str) for column in columns):
        return  # the checks of files and names say why
    encoding = _encoding(data)
    if encoding is None:
        return  # so do those of fields
    try:
        there = header(path, encoding)
        if there is not None and not {*columns} <= {*there}:
            return  # so do those of columns
        ids = collected(path, columns, encoding)
    except SpecError as error:
        if not document.diagnostics:
            raise error from None
        return
    for (place, entry), column, found in zip(places.items(), columns, ids, strict=True):
        loc: Loc = ("inputs", place, "ids")
        if found:
            entry["ids"] = found
            mark(document, loc, None, document.values[loc])
        else:
            message = f"every value of the column {show(column)} is missing"
            document.diagnostics.append(document.about(loc, message))


def _encoding(data: Any) -> str | None:
    """The encoding that a table states, empty without one; None if it is wrong."""
    stated = data.get("encoding", "")
    try:
        return "" if stated in ("", None) else known_encoding(str(stated))
    except ValueError:
        return None
