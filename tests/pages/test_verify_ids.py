"""``nngen verify`` judges networks with ids, and finds mistakes in their embeddings."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.verify import Verification, verify
from nngen.proof.verify.verification import fresh
from tests.support.edits import edited, wrong
from tests.support.kinds import FACTORIZATION, NETWORKS, network
from tests.support.modules import named


def judged(folder: Path, spec: Spec, form: str, *edits: tuple[str, str]) -> tuple[Verification, list[str]]:
    """The verification of an edited module of a spec, and the module's lines."""
    (folder / "mf.json").write_text(spec.model_dump_json(by_alias=True, exclude_unset=True), "utf-8")
    text = fresh(plan(spec, encoding(spec, folder)), spec, form, "float64").source
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    (folder / "net.py").write_text(text, "utf-8")
    return verify(folder / "net.py", folder / "mf.json", 20.0), text.splitlines()


WRITTEN = [
    ("factorization, adam, all rows, schedule, mean", "numpy"),
    ("every kind, momentum, all rows, missing", "layers"),
]


@pytest.mark.parametrize(("name", "form"), WRITTEN)
def test_modules_as_they_are_written_are_right(name: str, form: str, tmp_path: Path) -> None:
    done, _ = judged(tmp_path, NETWORKS[name], form)
    assert {row.verdict for row in done.rows} == {"right"}


EQUATIONS = [
    (
        "python",
        "dW_good = {row_book: [dz + 0.05 * w for dz, w in zip(dz_good, W_good[row_book])]}",
        "dW_good = {}",
        "dW_good",
    ),
    ("numpy", "_by_row(row_book, dz_good", "_by_row(row_reader, dz_good", "dW_good"),
    ("numpy", "np.add.at(sums, places, slopes)", "sums[places] = slopes", "dW_"),
]


@pytest.mark.parametrize(("target", "before", "after", "variable"), EQUATIONS)
def test_a_wrong_equation_is_named(target: str, before: str, after: str, variable: str, tmp_path: Path) -> None:
    path = edited(tmp_path, target, "ratings_mf", (before, after))
    found = verify(path, named("ratings_mf"), 20.0).found
    lines = path.read_text("utf-8").splitlines()
    assert found[0].says.lstrip("`").startswith(variable)
    assert found[0].cause in [number for number, line in enumerate(lines, 1) if after in line]


LISTED = "dW if isinstance(dW, tuple) else (slice(None), dW)"
STEPS = [
    ("lazy", "numpy", LISTED, "slice(None), _whole(dW, _SHAPES[i])"),
    ("dense", "layers", "[_whole(dW, rows, columns) for dW, (rows, columns) in zip(gradient, _SHAPES)]", "[*gradient]"),
]
"""A step that changes rows that no example selects, and one that leaves out rows that it must change."""


@pytest.mark.parametrize(("rows", "form", "before", "after"), STEPS)
def test_a_step_of_the_wrong_rows_is_found(rows: str, form: str, before: str, after: str, tmp_path: Path) -> None:
    momentum = {"name": "momentum", "rate": 0.05, "momentum": 0.9}
    spec = network(FACTORIZATION, training={"optimizer": momentum, "embeddings": rows})
    done, lines = judged(tmp_path, spec, form, (before, after))
    assert wrong(done) == {"step, 12 times", "fit, 3 epochs"}
    assert after.partition(":\n")[0] in lines[done.found[0].cause - 1]


SIZES = {"wrong sizes, wrong targets"}
ELSEWHERE = {
    "python: the largest id, sums of slopes, names, unknown ids": [
        ("0.0 <= value < count", "value < count", SIZES),
        ("dW[i] = [share * g for g in gs]", "pass", {"fit, 3 epochs"}),
        ('"Ada", "Ben"', '"Ben", "Ada"', {"encode", "predict"}),
        ("if place is None:", "if place == -1:", {"cells"}),
    ],
    "numpy: the largest id, pack": [
        ("(ids < count)", "(ids <= count)", SIZES),
        ("whole[values[0]] = values[1]", "whole[: len(values[0])] = values[1]", {"pack, unpack"}),
    ],
}
"""Mistakes that are made at once, since each is found in rows of its own."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_wrong_elsewhere(name: str, tmp_path: Path) -> None:
    edits = [(before, after) for before, after, _ in ELSEWHERE[name]]
    rows = [row for *_, found in ELSEWHERE[name] for row in found]
    done = verify(edited(tmp_path, name.partition(":")[0], "ratings_mf", *edits), named("ratings_mf"), 20.0)
    assert sorted(wrong(done)) == sorted(rows)


def test_the_row_of_unknown_ids(tmp_path: Path) -> None:
    inputs: list[dict[str, Any]] = [{"name": "user", "ids": 5, "unknown": "row"}, FACTORIZATION["inputs"][1]]
    described = FACTORIZATION | {"inputs": inputs, "data": {"file": "r.csv", "target": "rating"}, "targets": ["numpy"]}
    spec = tmp_path / "mf.json"
    spec.write_text(json.dumps(described), "utf-8")
    (tmp_path / "r.csv").write_text("user,item,rating\n0,a,1\n4,c,2\n1,b,3\n", "utf-8")
    built = CliRunner().invoke(main, ["build", str(spec), "--out", str(tmp_path)])
    assert built.exit_code == 0, built.output
    module = tmp_path / "numpy" / "mf.py"
    done = verify(module, spec, 20.0)
    assert {row.verdict for row in done.rows} == {"right"}
    text = module.read_text("utf-8")
    before = "return float(count)"
    assert before in text
    module.write_text(text.replace(before, "return 0.0"), "utf-8")
    assert wrong(verify(module, spec, 20.0)) == {"encode", "predict", "cells"}


def test_without_a_spec_they_are_refused(tmp_path: Path) -> None:
    module = edited(tmp_path, "python", "ratings_mf", ("from the spec ratings_mf", "from the spec another"))
    result = CliRunner().invoke(main, ["verify", str(module)])
    assert result.exit_code == 2
    assert "error: a network with ids is judged only with its spec\n" in result.stderr
    assert "help: name it with --spec\n" in result.stderr
