"""A table of a SQLite database as rows; the file is not changed, and nothing in it runs: no view, no trigger."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.description.data.converted import named
from nngen.description.data.sources import MAX_LINE

TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
AND sql NOT LIKE 'create virtual%' ORDER BY rowid"
"""The names of the tables that hold rows of their own."""


def rows(path: Path, part: str) -> Iterator[Sequence[Any]]:
    """The names of the columns of a table, then its rows, in the order in which the file has them.

    Raises:
        SpecError: the file is damaged, or has changes beside it; or there is no such table.
    """
    for beside in ("-wal", "-journal"):
        other = path.with_name(path.name + beside)
        if other.is_file() and other.stat().st_size:
            advice = "end the program that writes it"
            raise files.refused(path, f"some changes of this database are still in {other.name}", advice)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_LINE)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.text_factory = lambda text: text.decode(errors="replace")
            known = [name for (name,) in database.execute(TABLES)]
            quoted = named(str(path), "table", part, known).replace('"', '""')
            found = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 (a name of its own schema, quoted)
            yield [column[0] for column in found.description]
            yield from found
    except sqlite3.Error as error:
        raise files.refused(path, f"the database cannot be read: {error}") from None
