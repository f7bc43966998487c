"""Tables and parameters for pages that answer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.reading import parameter_files
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


def meters(folder: Path) -> Path:
    """A spec with two targets of numbers, times, rare categories and a column without gaps."""
    rows = (
        f"{k % 10 / 10},2021-{k % 9 + 1:02}-1{k % 9} {k % 24:02}:30,{'ABC'[k % 3]},{k % 7},{-1e4 * (k % 5)}"
        for k in range(60)
    )
    (folder / "meters.csv").write_text("\n".join(["a,at,town,y1,y2", *rows]), "utf-8")
    (folder / "meters.yaml").write_text(
        "name: meters\ninputs:\n  - {name: a}\n"
        "  - {name: time, column: at, date: YYYY-MM-DD, parts: [days, hour], missing: median, indicator: true}\n"
        "  - {name: town, categories: [A, B], unknown: zeros}\n"
        "layers: [{name: h, units: 4, activation: tanh}, {name: o, units: [y1, y2], activation: linear}]\n"
        "loss: {name: squared_error, outputs: mean}\n"
        "training: {optimizer: {name: adam, rate: 0.05}}\n"
        "data: {file: meters.csv, target: [y1, y2], scale: standardize, scale_targets: standardize,"
        " split: {test: 0.2, seed: 1}}\n",
        "utf-8",
    )
    return folder / "meters.yaml"


def initial(spec: Path, folder: Path | None = None) -> Path:
    """A file with the initial parameters of a spec."""
    given = load(spec)
    module: Any = as_module(given.name, texts(given, spec.parent, ["python"])["python"])
    return kept((folder or spec.parent) / f"{given.name}.params.json", given, spec.parent, module.pack(module.init()))


def kept(path: Path, spec: Spec, folder: Path, flat: Sequence[float]) -> Path:
    """A file with parameters of a spec whose data are in a folder."""
    path.write_text(str(parameter_files.content(path, spec, encoding(spec, folder), flat)), "utf-8")
    return path
