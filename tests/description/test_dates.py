"""Dates and times: ``init`` finds their form, and all that reads cells makes the same numbers of them."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from nngen.commands.date_columns import dates_of
from nngen.common.diagnostics import SpecError
from nngen.description.data import expected_of, inputs
from nngen.description.data.tables import frame_of
from nngen.description.model import Numeric
from nngen.targets import as_module, texts
from tests.support.date_texts import ENCODING, FORMS, NAMES, SPEC, WIDTH, moments, right, rows
from tests.support.date_texts import inputs as by_datetime

FORM = dict(zip(FORMS, NAMES, strict=True))


def _read(table: bytes) -> Any:
    assert ENCODING is not None
    return inputs(ENCODING, frame_of(table, "table.csv", [expected_of(column) for column in SPEC.columns]))


def _csv(rows: list[list[str]]) -> bytes:
    return "\n".join([",".join(NAMES), *(",".join(row) for row in rows)]).encode()


def test_the_calendar_is_that_of_datetime() -> None:
    """Year, days, weekday and time of random moments, in modules and in the command."""
    modules = {target: as_module(SPEC.name, texts(SPEC, Path(), [target])[target]) for target in ("python", "numpy")}
    given = moments(400, seed=1)
    written = [[moment.isoformat(" ")] * len(FORMS) for moment in given]
    wanted = np.array([[*(by_datetime(moment) * len(FORMS)), 0.0] for moment in given])
    found = {
        "python": np.array([modules["python"].encode(row) for row in written]),
        "numpy": modules["numpy"].encode(written),
        "typed": modules["numpy"].encode([[moment] * len(FORMS) for moment in given]),
        "command": _read(_csv(written)),
    }
    for name, values in found.items():
        assert np.allclose(values, wanted, rtol=1e-12, atol=1e-12), name


def test_modules_and_the_command_read_random_texts_as_the_reference() -> None:
    modules = [as_module(SPEC.name, texts(SPEC, Path(), [target])[target]) for target in ("python", "numpy")]
    refused = 0
    for row in rows(250, seed=2):
        for place, (wanted, text) in enumerate(zip(right(row), row, strict=True)):
            cells = [text if i == place else "" for i in range(len(FORMS))]
            reads: list[Callable[[list[str]], Any]] = [
                modules[0].encode,
                lambda cells: modules[1].encode([cells])[0],
                lambda cells: _read(_csv([cells]))[0],
            ]
            for read in reads:
                if wanted is None:
                    refused += 1
                    with pytest.raises((ValueError, SpecError)):
                        read(cells)
                else:
                    here = slice(place * WIDTH, (place + 1) * WIDTH)
                    assert read(cells)[here] == pytest.approx(wanted, rel=1e-12, abs=1e-12), text
    assert 500 < refused < 2500


def test_a_wrong_date_is_refused_with_its_place() -> None:
    good = "2024-02-29"
    table = [[good] * len(FORMS) for _ in range(3)]
    table[1][NAMES.index(FORM["DD.MM.YYYY"])] = "30.02.2024"
    table[2][NAMES.index(FORM["DD/MM/YYYY"])] = "12/31/2024"
    with pytest.raises(SpecError) as caught:
        _read(_csv(table))
    said = str(caught.value)
    assert "there is no date '30.02.2024'\n  --> table.csv:3:" in said
    assert "there is no date '12/31/2024'\n  --> table.csv:4:" in said
    assert "= help: state how the data write it: `date: MM/DD/YYYY`" in said
    with pytest.raises(SpecError, match=r"state that it is a date.* `date: DD\.MM\.YYYY, parts: \[days, month\]`"):
        frame_of(b"age\n29.02.2024\n", "table.csv", [expected_of(Numeric(name="age"))])
    for target in ("python", "numpy"):
        module = as_module(SPEC.name, texts(SPEC, Path(), [target])[target])
        row = [None, None, "29.02.2023", *[None] * (len(FORMS) - 3)]
        where = "" if target == "python" else "row 1: "
        with pytest.raises(ValueError, match=f"^{where}d2: there is no date '29.02.2023'$"):
            module.encode(row if target == "python" else [row])
        row[2] = "soon"
        with pytest.raises(ValueError, match=r"d2: expected a date written as DD\.MM\.YYYY, got 'soon'"):
            module.encode(row if target == "python" else [row])


def test_dates_with_types_are_the_same_as_texts() -> None:
    moment = datetime(2024, 2, 29, 13, 45, 30)
    zone = timezone(timedelta(hours=2))
    table = pa.table(
        {
            "d0": pa.array([moment, None], pa.timestamp("ns")),
            "d1": pa.array([date(2024, 2, 29), None], pa.date32()),
            "d2": pa.array([moment.replace(tzinfo=zone), None], pa.timestamp("ms", "+02:00")),
            "d3": pa.array(["29/02/2024", None]),
            "d4": pa.array([date(2024, 2, 29), None], pa.date64()),
            "d5": pa.array(["29-02-2024", None]),
            "d6": pa.array(["2-29-2024", None]),
        }
    )
    midnight = moment.replace(hour=0, minute=0, second=0)
    wanted = [by_datetime(each) for each in (moment, midnight, moment, *[midnight] * 4)]
    for write in (parquet.write_table, feather.write_feather):
        file = io.BytesIO()
        write(table, file)
        found = _read(file.getvalue())
        assert np.allclose(found[0], [*np.ravel(wanted), 0.0], rtol=1e-12, atol=1e-12)
        assert np.allclose(
            found[1], [*(by_datetime(datetime(1969, 7, 20, 20, 17)) * len(FORMS)), 1.0], rtol=1e-12, atol=1e-12
        )


def test_the_form_of_a_column() -> None:
    def form(*texts: str) -> tuple[str, str]:
        found = dates_of("day", texts, 0, indicator=False)
        return found.form, found.unclear

    assert form("2024-05-17", "2024-5-1 12:30") == ("YYYY-MM-DD", "")
    assert form("17.5.2024", "01.02.2024") == ("DD.MM.YYYY", "")
    assert form("1/2/2024", "13/2/2024") == ("DD/MM/YYYY", "")
    assert form("1/2/2024", "1/13/2024") == ("MM/DD/YYYY", "")
    assert form("17-8-1984", "01-12-2024") == ("DD-MM-YYYY", "")
    assert form("3-17-1984", "1-2-2024 9:30") == ("MM-DD-YYYY", "")
    dashes = "'1-2-2024' is 2024-02-01; if it means 2024-01-02, write `date: MM-DD-YYYY`"
    assert form("1-2-2024") == ("DD-MM-YYYY", dashes)
    unclear = "'1/2/2024' is 2024-02-01; if it means 2024-01-02, write `date: MM/DD/YYYY`"
    assert form("1/2/2024", "3/4/2024") == ("DD/MM/YYYY", unclear)
    with pytest.raises(ValueError, match=r"there is no date .30\.02\.2024."):
        form("01.02.2024", "30.02.2024")
    assert dates_of("day", ["2024-05-17", "2024-05-18"], 0, indicator=False).parts == ("days", "weekday")
