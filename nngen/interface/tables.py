"""Tables in memory become files, which the rest of nngen reads as it reads any other."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

from nngen.common.diagnostics import show
from nngen.common.files import refused

Table = Any
"""A path of a table, a data frame, or a list of rows, each a mapping from columns to values."""


class Held:
    """A file in a temporary folder, which is deleted with this object; or a file of the user, which stays."""

    def __init__(self, table: Table, name: str = "table") -> None:
        """Find or write the file of a table.

        Args:
            table: a path, a data frame of pandas, Polars, pyarrow or another library with Arrow's interface, or a list
                of rows.
            name: the name of the file, without its suffix.

        Raises:
            SpecError: the table is something else, or pyarrow is missing for a data frame.
        """
        self.temporary = not isinstance(table, str | Path)
        """Whether the table came from memory."""
        if not self.temporary:
            self.path = Path(table)
            return
        folder = mkdtemp(prefix="nngen-")
        finalize(self, rmtree, folder)
        self.path = Path(folder) / name
        if hasattr(table, "__arrow_c_stream__"):
            self.path = self.path.with_suffix(".feather")
            _write_frame(table, self.path)
        else:
            self.path = self.path.with_suffix(".csv")
            _write_rows(table, self.path)


def _write_frame(frame: Any, path: Path) -> None:
    try:
        import pyarrow as pa
        from pyarrow import feather
    except ImportError:
        advice = "install it: pip install pyarrow"
        raise refused("the data frame", "a data frame needs pyarrow, which is missing", advice) from None
    feather.write_feather(pa.table(frame), str(path), compression="uncompressed")


def _write_rows(rows: Iterable[Mapping[str, object]], path: Path) -> None:
    listed = rows if isinstance(rows, list | tuple) else None
    if not listed or not all(isinstance(row, Mapping) for row in listed):
        advice = "give a path, a data frame, or a list of rows such as {'age': 30, 'sex': 'female'}"
        raise refused("the table", f"expected a table, got {show(rows)}", advice)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in listed for name in row)), restval="")
        writer.writeheader()
        writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in listed)
