"""A sheet of a workbook as CSV: Excel's .xlsx, .xlsb and .xls, and LibreOffice's .ods. No macro and no formula runs."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.common.isolated import isolated
from nngen.description.data.converted import lines, named
from nngen.description.data.sources import MAX_FILE

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
    advice = "save the sheet as CSV"
    try:
        found: Sequence[str] = workbook_apart(path, f"{__name__}:parts", part, gives=list[str])
    except SpecError as error:
        helped = (f"{one.help}, or {advice}" if one.help else advice for one in error.diagnostics)
        pairs = zip(error.diagnostics, helped, strict=True)
        raise SpecError(replace(one, help=text) for one, text in pairs) from None
    return found


def workbook_apart(path: Path, function: str, *arguments: Any, gives: Any) -> Any:
    """Call a function that reads a workbook in a process with limits; the arguments are those of ``isolated``.

    Raises:
        SpecError: python-calamine is not installed, or the function refuses the workbook.
    """
    if find_spec("python_calamine") is None:
        message = "python-calamine, which reads workbooks, is not installed"
        raise files.refused(path, message, "`pip install python-calamine` (the extra `files`)")
    return isolated(function, path, *arguments, gives=gives, seconds=SECONDS, memory=MEMORY)


@contextmanager
def opened_workbook(path: str) -> Iterator[Any]:
    """A workbook of python-calamine, in this process.

    Raises:
        SpecError: it is damaged, or too large.
    """
    import python_calamine as calamine

    try:
        if zipfile.is_zipfile(path):  # all but .xls
            with zipfile.ZipFile(path) as archive:
                if sum(one.file_size for one in archive.infolist()) > MAX_FILE:
                    raise files.refused(path, f"the unpacked workbook is larger than {MAX_FILE:,} bytes")
        with calamine.CalamineWorkbook.from_path(path) as book:
            yield book
    except (calamine.CalamineError, zipfile.BadZipFile) as error:
        message = " ".join(str(error).split())[:200]
        raise files.refused(path, f"the workbook cannot be read: {message}") from None


def parts(path: str, part: str) -> list[str]:
    """A sheet as CSV, in parts; the errors are those of ``sheet``."""
    import python_calamine as calamine

    with opened_workbook(path) as book:
        found = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        shown = [one.name for one in found if one.visible == calamine.SheetVisibleEnum.Visible]
        known: Sequence[str] = [one.name for one in found] if part else shown[:1]
        read = book.get_sheet_by_name(named(path, "sheet", part, known))
        made, size = [], 0
        for some in lines(read.iter_rows()):
            made.append(some.decode())
            size += len(some)
            if size > MOST:
                raise files.refused(path, f"a sheet may have {MOST:,} bytes as CSV")
        return made
