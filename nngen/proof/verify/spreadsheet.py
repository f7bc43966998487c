"""The cells of a workbook: as the file has them, and as LibreOffice computes them."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nngen.common import files, processes
from nngen.description.data import opened_workbook, workbook_apart

Cell = float | str | bool | None
"""A number, a text, a truth value, or None for an empty cell. Dates are texts as in ISO 8601."""

Sheets = Mapping[str, Sequence[Sequence[Cell]]]
"""The rows of each sheet, by its name."""

MOST = 2_000_000
"""The most cells of a workbook."""

PROGRAM = "soffice"

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""A profile in which LibreOffice computes all formulas of a file that it opens; its default keeps the stored values."""


def cells(path: Path) -> Sheets:
    """The stored cells of a workbook, read in a process with limits.

    Raises:
        SpecError: python-calamine is not installed, or the file is damaged or too large.
    """
    found: Sheets = workbook_apart(path, f"{__name__}:read", gives=dict[str, list[list[Cell]]])
    return found


def read(path: str) -> dict[str, list[list[Cell]]]:
    """The same in this process."""
    made: dict[str, list[list[Cell]]] = {}
    left = MOST
    with opened_workbook(path) as book:
        for name in book.sheet_names:
            made[name] = []
            for row in book.get_sheet_by_name(name).iter_rows():
                left -= len(row)
                if left < 0:
                    raise files.refused(path, f"the workbook has more than {MOST:,} cells")
                made[name].append([_plain(cell) for cell in row])
    return made


def _plain(cell: Any) -> Cell:
    if isinstance(cell, datetime | date | time | timedelta):
        return str(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    return None if cell == "" else cell


def recalculated(paths: Sequence[Path], folder: Path, seconds: float) -> None:
    """Let LibreOffice compute all formulas of workbooks and write them into a folder under their names.

    Raises:
        TimeoutError: it takes too long.
        OSError: it is not there, or does not write a file.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise FileNotFoundError(PROGRAM)
    with TemporaryDirectory(prefix="nngen-") as profile:
        user = Path(profile, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
        options = [f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        output = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
        process = subprocess.Popen(  # noqa: S603 (the office program, without a shell)
            [program, *options, *output, *(str(path.absolute()) for path in paths)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"LibreOffice takes more than {seconds:g} seconds") from None
        finally:
            if process.poll() is None:
                processes.kill(process)
    missing = [path.name for path in paths if not (folder / path.name).is_file()]
    if missing:
        raise OSError(f"LibreOffice did not write {', '.join(missing)}")
