"""``nngen verify`` judges what a module makes of raw rows, and finds mistakes in it."""

import json
from itertools import cycle
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.support.predictors import NETWORKS

FORMS = ["weights", "layers", "numpy"]
CHANGES = [
    ("classes", "weights", 'missing="own"', 'missing="rent"', "encode"),
    ("classes", "layers", "1.0 if _missing(years)", "0.0 if _missing(years)", "encode"),
    ("two_classes", "weights", "outputs[0] > 0.5", "outputs[0] < 0.5", "predict"),
    ("number", "numpy", "outputs[:, 0] * ", "outputs[:, 0] / ", "predict"),
    ("classes", "numpy", "np.argmax(outputs", "np.argmin(outputs", "predict"),
]


def files(folder: Path, name: str, form: str) -> tuple[Path, Path]:
    """The spec with constants by value, and its module."""
    spec = NETWORKS[name].model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    clip = {"scale": {"name": "robust", "median": 5, "spread": 3.25}} if "scale" in spec["inputs"][1] else {}
    spec["inputs"][1] |= {"missing": 4.5, **clip}
    spec["inputs"][4] |= {"missing": 90.0, "scale": {"name": "interval", "low": -3, "high": 300}}
    by_value: dict[str, list[float]] = {"mean": [30_000, 5], "deviation": [1234.5, 3.25]}
    few = {name: values[:1] if clip else values for name, values in by_value.items()}
    spec["data"]["scale"] = {"name": "standardize", **few}
    if "answer_range" in spec["data"]:
        spec["data"]["answer_range"] = {"low": [-3, -2], "high": [20, 30]}
    if "scale_targets" in spec["data"]:
        count = len(NETWORKS[name].layers[-1].unit_names)
        spec["data"]["scale_targets"] |= {"mean": [4] * count, "deviation": [2.5] * count}
    spec["targets"] = ["numpy"] if form == "numpy" else [{"name": "python", "unroll": form}]
    path = folder / "loans.json"
    path.write_text(json.dumps(spec), "utf-8")
    result = CliRunner().invoke(main, ["build", str(path), "--out", str(folder)])
    assert result.exit_code == 0, result.output
    return path, folder / ("numpy" if form == "numpy" else "python") / "loans.py"


def verdicts(path: Path, module: Path) -> dict[str, str]:
    """The verdict of each check."""
    printed = CliRunner().invoke(main, ["verify", str(module), "--spec", str(path), "--json"]).output
    return {row["what"]: row["verdict"] for row in json.loads(printed)["rows"]}


@pytest.mark.parametrize(
    ("name", "form"),
    list(zip(NETWORKS, cycle(FORMS), strict=False)),
)
def test_modules_as_they_are_written_are_right(tmp_path: Path, name: str, form: str) -> None:
    """The networks in the forms of page in turn."""
    found = verdicts(*files(tmp_path, name, form))
    assert found["encode"] == found["predict"] == "right"
    assert "wrong" not in found.values()


@pytest.mark.parametrize(("name", "form", "before", "after", "row"), CHANGES)
def test_mistakes_are_found(tmp_path: Path, name: str, form: str, before: str, after: str, row: str) -> None:
    path, module = files(tmp_path, name, form)
    text = module.read_text("utf-8")
    assert before in text
    module.write_text(text.replace(before, after, 1), "utf-8")
    assert verdicts(path, module)[row] == "wrong"
