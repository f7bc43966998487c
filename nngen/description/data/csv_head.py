"""What may stand above the column names of a table as text, and the names that columns without one get."""

import csv
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from nngen.common.diagnostics import show
from nngen.common.text import joined
from nngen.description.data.cells import is_number
from nngen.description.data.csv_records import SEPARATORS, Ahead

MAX_TITLES = 5
"""Lines of titles above the column names."""

_SEPARATOR = re.compile(rb'"?sep=([,;\t|])"?[ \t;,]*\r?\n?', re.IGNORECASE)


def stated_separator(lines: Ahead) -> str:
    """The separator that a first line ``sep=;`` states to Excel; empty without such a line."""
    found = _SEPARATOR.fullmatch(next(iter(lines), b""))
    return found[1].decode() if found else ""


def titles(lines: Ahead) -> int:
    """How many of the next lines are titles above the column names, blank lines among them.

    A title has one cell, or one filled cell and two or more empty ones. The line of names below it has several cells,
    all filled, all different, none of them a number; and the row below the names has as many.
    """
    texts = [line.decode(errors="replace").rstrip("\r\n") for line in islice(lines, 2 * MAX_TITLES + 2)]
    places = [place for place, text in enumerate(texts) if text.strip(" \t\v\f")]
    if len(places) < 3:
        return 0
    rows = {separator: [_cells(texts[place], separator) for place in places] for separator in SEPARATORS}
    first, second, *_ = max(rows.values(), key=lambda listed: len(listed[0]))  # as they are read without a title
    if len(first) == len(second) > 1 and not _is_title(first):
        return 0
    found = [(len(listed[-1]), count) for listed in rows.values() if (count := _above(listed))]
    return places[max(found)[1]] if found else 0


def _above(rows: Sequence[Sequence[str]]) -> int:
    """How many of these rows are titles, if a line of names and rows of as many cells follow them; else 0."""
    count = next((place for place, row in enumerate(rows) if not _is_title(row)), len(rows))
    names, *others = rows[count:] or [[]]
    fit = len(names) == len({*names}) > 1 and not any(not name or is_number(name) for name in names)
    alike = bool(others) and all(len(row) == len(names) for row in others)
    return count if fit and alike and count <= MAX_TITLES else 0


def _is_title(cells: Sequence[str]) -> bool:
    return len(cells) != 2 and cells[0] != "" and not any(cells[1:])


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [""])]
    except csv.Error:
        return [""]


def distinct(names: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names for columns without one or with the same, and what was changed, a sentence each.

    The third column is ``column_3`` if it has no name. Two columns ``a`` are ``a_1`` and ``a_2``.
    """
    written = [*names]
    counts = Counter(written)
    taken, seen = {*written}, Counter[str]()
    found: list[str] = []
    for place, name in enumerate(written, 1):
        if name and counts[name] == 1:
            found.append(name)
            continue
        seen[name] += 1
        made = f"{name}_{seen[name]}" if name else f"column_{place}"
        while made in taken:
            made += "_"
        taken.add(made)
        found.append(made)
    said = []
    for name, count in counts.items():
        if name and count == 1:
            continue
        renamed = joined((show(new) for old, new in zip(written, found, strict=True) if old == name), "and")
        if not name:
            said.append(f"{count} of the columns {'has' if count == 1 else 'have'} no name: read as {renamed}")
        else:
            said.append(f"{count} columns have the name {show(name)}: read as {renamed}")
    return tuple(found), said


def advice_on_names(cells: Sequence[str], separator: str, name: str) -> str:
    """What to do where the first line has numbers, as in ``u.data`` of MovieLens or in ``iris.data``; empty for others.

    A single cell may have ``::`` between numbers; ``name`` is that of the file.
    """
    double = "::" in cells[0] if len(cells) == 1 else False
    found = cells[0].split("::") if double else cells
    numbers = sum(not name or is_number(name) for name in found)
    if len(found) < 2 or 2 * numbers < len(found):
        return ""
    ids = len(found) in (3, 4) and all(map(str.isdigit, found[:2]))
    names = ["user", "item", "rating", "time"] if ids else []
    listed = names[: len(found)] or [f"c{place}" for place in range(1, len(found) + 1)]
    line = ("\t" if double else separator).join(listed).replace("\t", "\\t")
    change = f"s/::/\\t/g; 1i {line}" if double else f"1i {line}"
    way = f"sed '{change}' {shlex.quote(name)} > named.txt"
    if numbers == len(found):
        return f"the first line has numbers: write the names of the columns above it, as in `{way}`"
    return f"if the first line is a row, write the names of the columns above it, as in `{way}`"
