"""Tables and parameters for pages that answer."""

from pathlib import Path
from typing import Any

from click.testing import CliRunner

from nngen.cli import main
from nngen.reading.source import load
from nngen.targets.modules import as_module, texts

_TOWNS = ("Köln", "Ulm <b>", "Bad & Süd")


def _house(number: int) -> str:
    area, town, age = 40 + number * 37 % 160 + 0.5, _TOWNS[number * 7 % 3], "" if number % 9 == 4 else number * 13 % 100
    price = f"{round(2_000 * area + 9_000 * (number % 3)):,} €".replace(",", ".")
    return f"{str(area).replace('.', ',')};{number % 28 + 1:02}.{number % 12 + 1:02}.2020;{town};{age};{price}"


HOUSES = "\n".join(["Fläche;Verkauft;Stadt;Alter;Preis", *map(_house, range(200))]) + "\n"
"""Houses as a German spreadsheet writes them."""


def houses(folder: Path) -> Path:
    """The spec that ``nngen init`` writes for a table of houses."""
    table = folder / "houses.csv"
    table.write_text(HOUSES, "utf-8")
    done = CliRunner().invoke(main, ["init", str(table), "--target", "Preis", "--out", str(folder / "houses.yaml")])
    assert done.exit_code == 0, done.output
    return folder / "houses.yaml"


def initial(spec: Path, folder: Path | None = None) -> Path:
    """A file with the initial parameters of a spec."""
    given = load(spec)
    module: Any = as_module(given.name, texts(given, spec.parent, ["python"])["python"])
    path = (folder or spec.parent) / f"{given.name}.params.json"
    module.save(module.init(), str(path))
    return path
