"""The Python interface gives what the commands give, for files, mappings and data frames."""

import io
import math
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

import nngen
from nngen.cli import main
from tests.support.modules import ROOT

XOR, PENGUINS = ROOT / "specs" / "xor_mlp.yaml", ROOT / "specs" / "data" / "penguins.csv"
SHORT = {"training.epochs": 3}


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def trained() -> nngen.Result:
    return nngen.train(nngen.init(pd.read_csv(PENGUINS), "species"), settings=SHORT)


def test_sources_of_a_spec(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "xor.yaml").read_text("utf-8")
    network = nngen.load(ROOT / "docs" / "xor.yaml")
    mapping = {**network.spec.model_dump(exclude_unset=True, by_alias=True)}
    for source in (str(network.path), text, io.StringIO(text), mapping, network):
        assert nngen.build(source, "python") == nngen.build(network, "python")
    again = network.save(tmp_path / "xor.yaml")
    assert again.read_text("utf-8") == text == str(network)
    with pytest.raises(nngen.SpecError, match="the file exists already"):
        network.save(again)


@pytest.mark.parametrize("target", ["python", "numpy", "javascript", "c"])
def test_modules_have_the_bytes_of_the_command(target: str, tmp_path: Path) -> None:
    run("build", XOR, "--target", target, "--contents", "gradient", "-o", tmp_path / "module")
    assert nngen.build(XOR, target, contents=["gradient"]) == (tmp_path / "module").read_text("utf-8")  # type: ignore[arg-type]


def test_a_training_is_that_of_the_command(tmp_path: Path) -> None:
    result = nngen.train(XOR, epochs=30)
    printed = run("train", XOR, "--target", "numpy", "--epochs", 30, "--save", tmp_path / "command.json")
    assert str(result) in printed
    assert result.save(tmp_path / "here.json").read_bytes() == (tmp_path / "command.json").read_bytes()
    assert len(result.history) == 30
    assert result.validation == ()
    module = result.module()
    assert module.forward(module.TRAINED, [[0.0, 1.0]]).shape == (1, 1)
    more = nngen.train(XOR, epochs=1, params=result.params)
    assert more.history[0] == pytest.approx(result.scores["training"].loss)
    assert nngen.train(XOR, epochs=1, params=tmp_path / "here.json").history == more.history


def test_frames_rows_and_files_are_the_same_table(trained: nngen.Result, tmp_path: Path) -> None:
    frame = pd.read_csv(PENGUINS).head(5)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]
    answers = nngen.predict(trained, frame)
    assert [*answers[0]] == ["species", "p(Adelie)", "p(Chinstrap)", "p(Gentoo)"]
    for same in (pa.table(frame), tmp_path / "rows.csv", rows):
        assert nngen.predict(trained, same) == answers


def test_what_is_saved_is_what_the_commands_take(trained: nngen.Result, tmp_path: Path) -> None:
    spec, params = trained.network.save(tmp_path / "birds.yaml"), trained.save(tmp_path / "birds.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds.feather", "birds.json", "birds.yaml"]
    judged = nngen.evaluate(trained)
    assert f"{judged}\n" == run("evaluate", spec, "--params", params)
    assert judged.metrics == trained.metrics["held-out"]
    assert nngen.evaluate(spec, params=params).score == judged.score
    assert nngen.build(spec, "python", params=params) == nngen.build(trained, "python")


def test_another_table_is_trained(trained: nngen.Result) -> None:
    result = nngen.train(ROOT / "specs" / "penguins.yaml", pd.read_csv(PENGUINS).head(200), settings=SHORT)
    assert sum(score.count for score in result.scores.values()) == 200
    assert all(map(math.isfinite, result.history))
    assert nngen.predict(result) != []


def test_mistakes_are_those_of_the_command() -> None:
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: nngen.load({"name": "x"}), "missing field 'layers'"),
        (lambda: nngen.load("absent.yaml"), "this file does not exist"),
        (lambda: nngen.predict(XOR, [{"x1": 1}]), "the network has no parameters"),
        (lambda: nngen.init([], "y"), "expected a table, got an empty list"),
        (lambda: nngen.init(3, "y"), "expected a table, got 3"),
        (lambda: nngen.init(pd.read_csv(PENGUINS), "specie"), "species"),
    ]
    for call, message in wrong:
        with pytest.raises(nngen.SpecError) as caught:
            call()
        assert message in str(caught.value)


def test_a_notebook_shows_results(trained: nngen.Result, tmp_path: Path) -> None:
    assert "<table>" in trained.network._repr_html_()
    assert "<polyline" in trained._repr_html_()
    assert "held-out" in trained._repr_html_()
    page = nngen.explain(XOR, params=nngen.train(XOR, epochs=2).params)
    assert page.save(tmp_path / "page.html").read_text("utf-8") == page.html
    assert page._repr_html_().startswith('<iframe srcdoc="&lt;!')


def test_a_module_is_verified(tmp_path: Path) -> None:
    (tmp_path / "xor_mlp.py").write_text(nngen.build(XOR, "python"), "utf-8")
    assert nngen.verify(tmp_path / "xor_mlp.py", XOR).right
    broken = (tmp_path / "xor_mlp.py").read_text("utf-8").replace("dz_y = a_y - y_y", "dz_y = a_y + y_y")
    (tmp_path / "xor_mlp.py").write_text(broken, "utf-8")
    assert not nngen.verify(tmp_path / "xor_mlp.py", XOR).right


def test_integers_are_those_of_the_command(tmp_path: Path) -> None:
    iris, saved = ROOT / "specs" / "iris.yaml", tmp_path / "iris.json"
    result = nngen.train(iris, settings=SHORT)
    result.save(saved)
    run("build", iris, "--params", saved, "--dtype", "int8", "--target", "c", "-o", tmp_path / "iris.h")
    assert nngen.build(iris, "c", params=saved, dtype="int8") == (tmp_path / "iris.h").read_text("utf-8")
    found = nngen.evaluate(iris, params=saved, dtype="int8")
    assert str(found) + "\n" == run("evaluate", iris, "--params", saved, "--dtype", "int8")
    assert found.rows == 50
    assert found.right is not None
    table = [dict(zip(("sepal_length", "sepal_width", "petal_length", "petal_width"), row, strict=True)) for row in XS]
    other = nngen.evaluate(iris, [{**row, "species": "setosa"} for row in table], params=result.params, dtype="int8")
    assert other.rows == len(XS)
    with pytest.raises(nngen.SpecError, match="int8 needs trained parameters"):
        nngen.build(iris, "c", dtype="int8")
    with pytest.raises(nngen.SpecError, match="int8 has the targets c, python and javascript"):
        nngen.build(iris, "numpy", params=saved, dtype="int8")


XS = [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5], [5.7, 2.8, 4.1, 1.3]]
"""Flowers of each species."""
