"""A workbook that is written cell by cell; the same cells give the same bytes."""

import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from nngen.common import files
from nngen.targets.workbook.passes import Value
from nngen.targets.workbook.terms import MAX_FORMULA, Place
from nngen.targets.workbook.words import Names

MAX_TEXT = 32_767
"""The characters of a cell."""

_CREATED = datetime(2000, 1, 1)
"""No clock: a workbook depends on its network alone."""


MAX_WORKBOOK = 50_000_000
"""Bytes of a workbook. Those of nngen have less than 5 million."""

MAX_PROPERTIES = 100_000
"""Bytes of the properties of a workbook, which say who wrote it."""


class LongFormulaError(ValueError):
    """A formula has more characters than Excel takes."""


class Book:
    """A workbook. No text of a spec becomes a formula, a number or a link."""

    def __init__(self, name: str) -> None:
        """Begin a workbook.

        Raises:
            SpecError: XlsxWriter is not installed.
        """
        try:
            from xlsxwriter import Workbook
            from xlsxwriter.worksheet import Worksheet
        except ImportError:
            message = "XlsxWriter, which writes workbooks, is not installed"
            raise files.refused(name, message, "`pip install xlsxwriter` (the extra `workbook`)") from None

        class Sheet(Worksheet):  # type: ignore[misc]  # it has no types
            """A sheet with formulas as they are: XlsxWriter looks in each for thirty functions that none has."""

            def _prepare_formula(self, formula: str, *_: object) -> str:
                return formula.removeprefix("=")

        self._kind = Sheet
        plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._stream = BytesIO()
        self.book: Any = Workbook(self._stream, {"in_memory": True, **plain})
        says = f"Written by nngen from the spec {name}: `nngen build --target xlsx` with that spec writes it again."
        self.book.set_properties({"title": name, "comments": says, "created": _CREATED})
        self.names = Names()
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._sheets: dict[str, Any] = {}

    def sheet(self, name: str, widths: Mapping[int, float] | None = None) -> Any:
        """A new sheet."""
        self._sheets[name] = self.book.add_worksheet(name, self._kind)
        for column, width in (widths or {}).items():
            self._sheets[name].set_column(column, column, width)
        return self._sheets[name]

    def format(self, **properties: object) -> Any:
        """A format of cells."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def text(self, place: Place, text: str, **properties: object) -> None:
        """Write a text as a text, whatever it begins with."""
        self._sheets[place.sheet].write_string(place.row, place.column, text[:MAX_TEXT], self.format(**properties))

    def number(self, place: Place, value: Value, **properties: object) -> None:
        """Write a number; a value that is none is written as its error, and a missing one as an empty cell."""
        chosen, sheet = self.format(**properties), self._sheets[place.sheet]
        if value != value:
            sheet.write_blank(place.row, place.column, None, chosen)
            return
        if isinstance(value, str):
            sheet.write_formula(place.row, place.column, "=NA()", chosen, "#N/A")
        else:
            sheet.write_number(place.row, place.column, value, chosen)

    def formula(self, place: Place, formula: str, value: Value, **properties: object) -> None:
        """Write a formula and its value, which programs show that compute nothing.

        Raises:
            LongFormulaError: it has too many characters.
        """
        if len(formula) >= MAX_FORMULA:
            raise LongFormulaError(formula[:80])
        self._sheets[place.sheet].write_formula(
            place.row, place.column, f"={formula}", self.format(**properties), value if value == value else ""
        )

    def name(self, name: str, place: Place) -> str:
        """Name a cell, as nearly as spreadsheets allow, and return its name."""
        chosen = self.names(name)
        if self.book.define_name(chosen, f"={place.sheet}!{place.address}"):
            raise ValueError(chosen)
        return chosen

    def content(self) -> bytes:
        """The file."""
        self.book.close()
        return self._stream.getvalue()


def workbook_of(data: bytes) -> str | None:
    """The name of the network of a workbook, as its properties state it; None if nngen did not write it."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("docProps/core.xml") as properties:
            text = properties.read(MAX_PROPERTIES).decode()
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return None
    found = re.search(r"Written by nngen from the spec (\w+):", text)
    return found[1] if found else None
