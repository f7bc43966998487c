"""A sheet of a workbook as CSV: Excel's .xlsx, .xlsb and .xls, and LibreOffice's .ods. No macro and no formula runs."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.common.isolated import isolated
from nngen.description.data.converted import lines, named

MEMORY = 1_000_000_000
"""Bytes of address space of the process that reads a workbook."""

SECONDS = 60
"""Its time. The largest sheets take a tenth of it."""

MOST = 100_000_000
"""Bytes of a sheet as CSV."""


def sheet(path: Path, part: str) -> Sequence[str]:
    """A sheet as CSV, in parts, read in a process with limits: a small file can hold a sheet of 17 billion cells.

    Args:
        path: the workbook.
        part: the name of the sheet; empty for the first one that is shown.

    Raises:
        SpecError: python-calamine is not installed, the file is damaged or too large, or it has no such sheet.
    """
    try:
        import python_calamine  # noqa: F401 (the other process does)
    except ImportError:
        message = "python-calamine, which reads workbooks, is not installed"
        advice = "`pip install python-calamine` (the extra `files`), or save the sheet as CSV"
        raise files.refused(path, message, advice) from None
    try:
        found: Sequence[str] = isolated(
            f"{__name__}:parts", path, part, gives=list[str], seconds=SECONDS, memory=MEMORY
        )
    except SpecError as error:
        raise SpecError(replace(one, help=one.help or "save the sheet as CSV") for one in error.diagnostics) from None
    return found


def parts(path: str, part: str) -> list[str]:
    """A sheet as CSV, in parts; the errors are those of ``sheet``."""
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            kinds = calamine.SheetTypeEnum, calamine.SheetVisibleEnum
            found = [one for one in book.sheets_metadata if one.typ == kinds[0].WorkSheet]
            shown = [one.name for one in found if one.visible == kinds[1].Visible]
            known: Sequence[str] = [one.name for one in found] if part else shown[:1]
            read = book.get_sheet_by_name(named(path, "sheet", part, known))
            made, size = [], 0
            for some in lines(read.iter_rows()):
                made.append(some.decode())
                size += len(some)
                if size > MOST:
                    raise files.refused(path, f"a sheet may have {MOST:,} bytes as CSV")
            return made
    except calamine.CalamineError as error:
        message = " ".join(str(error).split())[:200]
        raise files.refused(path, f"the workbook cannot be read: {message}") from None
