"""``nngen train --card`` and ``--by``: what a card says is computed, and groups are those of a column."""

import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.text import markdown
from tests.support.modules import ROOT

PENGUINS = ROOT / "specs" / "penguins.yaml"


def trained(*options: object, code: int = 0) -> str:
    """What ``nngen train`` prints."""
    done = CliRunner().invoke(main, ["train", *map(str, options)])
    assert done.exit_code == code, done.output
    return done.output


def cells(page: str, first: str) -> list[list[str]]:
    """The rows of the table of a card whose first cell has this title."""
    rows = page[page.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_a_card_says_what_is_so(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    options = ("--epochs", 4, "--card", path, "--by", "sex", "--set", "data.split.test=0.5")
    trained(PENGUINS, *options)
    page = path.read_text("utf-8")
    trained(PENGUINS, *options)
    assert page == path.read_text("utf-8"), "the same bytes in each run"
    digest = hashlib.sha256((ROOT / "specs" / "data" / "penguins.csv").read_bytes()).hexdigest()
    for text in (f"SHA-256 {digest}", "Rows: 172 training and 172 held-out", "87 parameters", "drawn with the seed 1"):
        assert text in page
    assert "Unknown values are answered as none of the known ones: island." in page
    assert "Unknown values are refused: sex." in page
    command = f"nngen train {PENGUINS} --epochs 4 --set data.split.test=0.5"
    assert f"```\n{command}\n```" in page
    assert PENGUINS.read_text("utf-8") in page
    groups = cells(page, "group")
    assert [row[0] for row in groups[2:]] == ["female", "male", "(missing)"]
    assert sum(int(row[1].partition(",")[0]) for row in groups[2:]) == 172
    assert [row[1].endswith(", few") for row in groups[2:]] == [False, False, True]
    assert "Groups of sex with fewer than 30 examples: (missing)." in page
    all_rows = next(row for row in cells(page, "examples") if row[:3] == ["held-out", "172", "accuracy"])
    right = sum(int(row[1].partition(",")[0]) * float(row[2].partition(" ")[0]) for row in groups[2:])
    assert right / 172 == pytest.approx(float(all_rows[3]), abs=1e-3)


def test_groups_of_a_number_are_quarters_of_the_rows(tmp_path: Path) -> None:
    rows = [(x := i / 7.0, 3.0 * x + i % 5, f"c{i % 15}") for i in range(200)]
    lines = "\n".join(f"{x},{price},{kind}" for x, price, kind in rows)
    (tmp_path / "line.csv").write_text(f"x1,price,kind\n{lines}\n", "utf-8")
    spec = tmp_path / "line.yaml"
    spec.write_text(
        "name: line\ninputs: [x1]\nlayers: [{name: output, units: 1, activation: linear}]\nloss: squared_error\n"
        "training: {optimizer: {name: gradient_descent, rate: 0.1}, epochs: 2}\n"
        "data: {file: line.csv, target: price, scale: standardize, scale_targets: standardize, interval: 0.8, "
        "split: {test: 0.4, calibration: 0.2}}\n",
        "utf-8",
    )
    path = tmp_path / "card.md"
    trained(spec, "--card", path, "--by", "x1")
    quarters = cells(path.read_text("utf-8"), "group")[2:]
    assert [int(row[1].partition(",")[0]) for row in quarters] == [20, 20, 20, 20]
    ends = [[float(end) for end in row[0].split(" to ")] for row in quarters]
    assert all(low <= high for low, high in ends)
    assert all(before[1] < after[0] for before, after in pairwise(ends))
    within = [float(row[-1].rstrip("%")) for row in quarters]
    assert f"{np.mean(within):.1f}% of 80 targets are within" in path.read_text("utf-8")
    assert "At most one group has 30 examples or more: the groups cannot be compared." in path.read_text("utf-8")
    trained(spec, "--card", path, "--by", "kind")
    groups = [row[0] for row in cells(path.read_text("utf-8"), "group")[2:]]
    assert len(groups) == 12
    assert groups[-1] == "(others)"
    scales = "scale: standardize, scale_targets: standardize"
    trained(spec, "--card", path, "--set", f"data={{file: line.csv, target: price, {scales}}}")
    assert "No rows were held out: the metrics of 200 training rows may be too good." in path.read_text("utf-8")


def test_what_is_asked_wrongly(tmp_path: Path) -> None:
    path = tmp_path / "card.md"
    assert "expected one column 'sxe', got none" in trained(PENGUINS, "--card", path, "--by", "sxe", code=2)
    assert "add one of them" in trained(PENGUINS, "--by", "sex", code=2)
    xor = ROOT / "specs" / "xor_mlp.yaml"
    assert "the spec has no file" in trained(xor, "--card", path, "--by", "x1", code=2)
    assert not path.exists()
    path.write_text("mine", "utf-8")
    assert "the file exists already" in trained(PENGUINS, "--card", path, code=2)


@pytest.mark.parametrize("text", ["snake_case", "a-b", "1.5", "x: 3", "-0.5", "50%"])
def test_usual_texts_stay_as_they_are(text: str) -> None:
    assert markdown(text) == text
