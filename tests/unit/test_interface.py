"""The Python interface gives what the commands give, for files, mappings and data frames."""

import copy
import html
import io
import json
import math
import pickle
import pydoc
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner

import nngen
from nngen.cli import main
from nngen.common.languages import Language
from tests.support.modules import ROOT

XOR, PENGUINS = ROOT / "specs" / "xor_mlp.yaml", ROOT / "specs" / "data" / "penguins.csv"
SHORT = {"training.epochs": 3}
XS = [[5.1, 3.5, 1.4, 0.2], [6.3, 3.3, 6.0, 2.5], [5.7, 2.8, 4.1, 1.3]]
"""Flowers of each species."""


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def trained() -> nngen.Result:
    with pytest.warns(nngen.Caution, match="all 69 held-out examples are right"):
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
def test_modules_have_the_bytes_of_the_command(target: Language, tmp_path: Path) -> None:
    run("build", XOR, "--target", target, "--contents", "gradient", "-o", tmp_path / "module")
    assert nngen.build(XOR, target, contents=["gradient"]).text == (tmp_path / "module").read_text("utf-8")


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


def test_a_callback_ends_a_training(caplog: pytest.LogCaptureFixture) -> None:
    asked: list[int] = []

    def enough(epoch: int, epochs: int, losses: tuple[float, ...]) -> bool:
        asked.append(epoch)
        return epoch == 7

    with caplog.at_level("INFO", "nngen"):
        result = nngen.train(XOR, epochs=20, callback=enough)
    assert asked == [*range(1, 8)]
    assert result.history == nngen.train(XOR, epochs=7, progress=False).history
    assert result.report.startswith("training ended after epoch 7 of 20 by the callback: loss ")
    said = [record.getMessage() for record in caplog.records]
    assert [text.split(":")[0] for text in said] == [f"epoch {epoch:>2} of 20" for epoch in (1, 2, 4, 6)]


def test_a_mistake_in_a_callback_is_its_own() -> None:
    def wrong(epoch: int, epochs: int, losses: tuple[float, ...]) -> None:
        raise ValueError("mine")

    with pytest.raises(ValueError, match=r"^mine$"):
        nngen.train(XOR, epochs=2, callback=wrong)


@pytest.mark.parametrize("target", ["python", "c"])
def test_a_callback_ends_each_target(target: Literal["python", "c"]) -> None:
    result = nngen.train(XOR, epochs=9, target=target, callback=lambda epoch, *_: epoch == 3)
    assert result.history == nngen.train(XOR, epochs=3, target=target).history


def test_a_training_continues_from_a_checkpoint(tmp_path: Path) -> None:
    run("train", XOR, "--target", "numpy", "--epochs", 4, "--save", tmp_path / "xor.json")
    resumed = nngen.train(XOR, epochs=9, resume=tmp_path / "xor.checkpoint")
    assert resumed.params == nngen.train(XOR, epochs=9).params


def test_a_result_keeps_its_module(trained: nngen.Result) -> None:
    row = pd.read_csv(PENGUINS).iloc[0]
    first, why = nngen.predict(trained, row), nngen.predict(trained, row, explain=True)
    kept = {**trained._kept}
    assert (nngen.predict(trained, row), nngen.predict(trained, row, explain=True)) == (first, why)
    assert all(trained._kept[key] is module for key, module in kept.items())
    assert kept.keys() == {"encoding", "answering", "explaining", "one"}
    other = nngen.predict(trained, row, params=[0.0] * len(trained.params))
    assert other != first
    assert nngen.predict(trained, row) == first


def test_frames_rows_and_files_are_the_same_table(trained: nngen.Result, tmp_path: Path) -> None:
    frame = pd.read_csv(PENGUINS).head(5)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]
    found = []
    for same in (frame, pa.table(frame), tmp_path / "rows.csv", rows):
        with pytest.warns(nngen.Caution, match="missing values in '.*': 1 row"):
            found.append(nngen.predict(trained, same))
    assert [*found[0][0]] == ["species", "p(Adelie)", "p(Chinstrap)", "p(Gentoo)"]
    assert found == [found[0]] * 4


def test_columns_arrays_and_single_rows_are_tables(trained: nngen.Result) -> None:
    frame = pd.read_csv(PENGUINS).head(3)
    expected, first = nngen.predict(trained, frame), nngen.predict(trained, frame.head(1))
    columns = {name: frame[name].tolist() for name in frame}
    records = frame.to_records(index=False)
    texts = records.astype([(name, "S20" if kind == "|O" else kind) for name, kind in records.dtype.descr])
    for table in (columns, dict(frame.items()), records, texts, (frame.to_numpy(), frame.columns)):
        assert nngen.predict(trained, table) == expected
    for row in (frame.iloc[0], frame.iloc[0].to_dict(), [frame.iloc[0]], records[0]):
        assert nngen.predict(trained, row) == first


def test_what_is_saved_is_what_the_commands_take(trained: nngen.Result, tmp_path: Path) -> None:
    spec, params = trained.network.save(tmp_path / "birds.yaml"), trained.save(tmp_path / "birds.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds.feather", "birds.json", "birds.yaml"]
    judged = nngen.evaluate(trained)
    assert f"{judged}\n" == run("evaluate", spec, "--params", params)
    assert judged.metrics == trained.metrics["held-out"]
    assert nngen.evaluate(spec, params=params).score == judged.score
    assert nngen.build(spec, "python", params=params) == nngen.build(trained, "python")


def test_another_table_is_trained(trained: nngen.Result) -> None:
    with pytest.warns(nngen.Caution, match="look for a column that is known only after the target"):
        result = nngen.train(ROOT / "specs" / "penguins.yaml", pd.read_csv(PENGUINS).head(200), settings=SHORT)
    assert sum(score.count for score in result.scores.values()) == 200
    assert all(map(math.isfinite, result.history))
    assert nngen.predict(result) != []


def test_a_notebook_shows_results(trained: nngen.Result, tmp_path: Path) -> None:
    assert "<table>" in trained.network._repr_html_()
    assert "<polyline" in trained._repr_html_()
    assert "held-out" in trained._repr_html_()
    quick = ROOT / "specs" / "or_perceptron.yaml"  # without variants, which take seconds
    page = nngen.explain(quick, params=nngen.train(quick, epochs=2).params)
    assert page.save(tmp_path / "page.html").read_text("utf-8") == page.html
    assert page._repr_html_().startswith('<iframe srcdoc="&lt;!')


def test_a_module_is_verified(tmp_path: Path) -> None:
    (tmp_path / "xor_mlp.py").write_text(nngen.build(XOR, "python").text, "utf-8")
    assert nngen.verify(tmp_path / "xor_mlp.py", XOR).right
    broken = (tmp_path / "xor_mlp.py").read_text("utf-8").replace("dz_y = a_y - y_y", "dz_y = a_y + y_y")
    (tmp_path / "xor_mlp.py").write_text(broken, "utf-8")
    assert not nngen.verify(tmp_path / "xor_mlp.py", XOR).right


def test_integers_are_those_of_the_command(tmp_path: Path) -> None:
    iris, saved = ROOT / "specs" / "iris.yaml", tmp_path / "iris.json"
    with pytest.warns(nngen.Caution, match="the network is worse than logistic regression"):
        result = nngen.train(iris, settings=SHORT)
    result.save(saved)
    run("build", iris, "--params", saved, "--dtype", "int8", "--target", "c", "-o", tmp_path / "iris.h")
    assert nngen.build(iris, "c", params=saved, dtype="int8").text == (tmp_path / "iris.h").read_text("utf-8")
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


def test_views_are_those_of_the_commands(tmp_path: Path) -> None:
    result = nngen.train(XOR, epochs=2)
    params = result.save(tmp_path / "xor.json")

    def timeless(text: str) -> list[list[str]]:
        return [line.split()[:3] for line in text.splitlines()]  # without milliseconds

    assert timeless(nngen.show(XOR)) == timeless(run("show", XOR))
    assert nngen.formulas() + "\n" == run("formulas")
    assert nngen.schema() == json.loads(run("schema"))
    for form in ("text", "markdown", "latex"):
        assert nngen.trace(XOR, steps=2, form=form) == run("trace", XOR, "--steps", 2, "--format", form)
    told = run("trace", XOR, "--x", "1,0", "--y", "1", "--params", params)
    for x in ([1, 0], "1,0", {"x1": 1, "x2": 0}):
        assert nngen.trace(result, x=x, y=[1]).splitlines()[-20:] == told.splitlines()[-20:]
    birds = ROOT / "specs" / "penguins.yaml"
    (tmp_path / "row.csv").write_text(pd.read_csv(PENGUINS).head(1).to_csv(index=False), "utf-8")
    row = pd.read_csv(PENGUINS).iloc[0]
    assert nngen.trace(birds, row) == run("trace", birds, "--csv", tmp_path / "row.csv")
    assert nngen.trace(birds, x=row.drop("species").to_dict(), y="Adelie").count("39.1")


def test_networks_go_to_other_tools_and_come_back(tmp_path: Path) -> None:
    result = nngen.train(XOR, epochs=2)
    params = result.save(tmp_path / "xor.json")
    for kind in ("safetensors", "torch", "keras"):
        run("export", XOR, "--params", params, f"--{kind}", tmp_path / kind)
        here = nngen.export(result, tmp_path / f"here.{kind}", kind)
        assert here.read_bytes() == (tmp_path / kind).read_bytes()
    arrays = nngen.export(result, tmp_path / "wide.safetensors", dtype="float64")
    with pytest.raises(nngen.SpecError, match="overwrite=True"):
        nngen.export(result, arrays)
    assert nngen.export(result, arrays, dtype="float64", overwrite=True) == arrays
    again = nngen.import_(arrays, spec=XOR)
    assert again.params == result.params
    assert nngen.build(again, "c") == nngen.build(result, "c")
    assert "9 parameters for " in again.report
    address = nngen.import_("https://playground.tensorflow.org/#activation=tanh&networkShape=2&dataset=xor")
    assert address.params == ()
    assert "units: 2" in str(address.network)
    with pytest.raises(nngen.SpecError, match="the network has no parameters"):
        nngen.predict(address, [{"x1": 1.0, "x2": 0.0}])


def test_settings_change_the_text_and_so_all_that_follows(tmp_path: Path) -> None:
    spec = ROOT / "specs" / "iris.yaml"
    small = nngen.load(spec, settings={"layers.0.units": 3, "training.epochs": 2, "training.optimizer.rate": 0.03})
    before, after = (text.splitlines() for text in (spec.read_text("utf-8"), str(small)))
    assert len(before) == len(after)
    assert 1 <= sum(one != other for one, other in zip(before, after, strict=True)) <= 3  # comments stay
    with pytest.warns(nngen.Caution):
        result = nngen.train(small)
    assert len(result.history) == 2
    assert len(result.params) == 4 * 3 + 3 + 3 * 3 + 3
    assert nngen.load(small.save(tmp_path / "small.yaml", overwrite=True), settings={}).spec.training.epochs == 2
    again = nngen.load(result.network, settings={"training.epochs": 4})
    assert (again.spec.training.epochs, again.spec.layers[0].unit_names) == (4, small.spec.layers[0].unit_names)
    assert again.notes == result.network.notes


def test_a_saved_spec_finds_its_table_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "birds.csv").write_bytes(PENGUINS.read_bytes())
    monkeypatch.chdir(tmp_path)
    network = nngen.init("birds.csv", "species")
    again = nngen.load(network.save("there/birds.yaml"))
    assert str(again) == str(network).replace("file: birds.csv", 'file: "../birds.csv"')


def test_many_parameters_are_in_a_file_of_their_own(tmp_path: Path) -> None:
    rows = [{**{f"x{i}": (i * j) % 7 for i in range(150)}, "y": j % 5} for j in range(25)]
    network = nngen.init(rows, "y", task="numbers")
    result = nngen.train(network, epochs=1, settings={"layers.0.units": 180})
    assert len(result.params) > 20_000
    result.save(tmp_path / "table.json")
    assert json.loads((tmp_path / "table.json").read_text("utf-8"))["parameters"] == [*result.params]
    module = result.module()
    assert [*map(float, module.predict(module.TRAINED, rows[:2]))] == pytest.approx(
        [row["y"] for row in nngen.predict(result, rows[:2])], rel=1e-12
    )
    found = nngen.build(result, "python")
    assert [*found.files] == ["table.py", "table.params.json"]
    assert found.files["table.py"] == found.text == str(found)
    saved = found.save(tmp_path / "made")
    assert sorted(path.name for path in saved.parent.iterdir()) == sorted(found.files)
    assert [path.read_text("utf-8") for path in (saved, saved.with_name("table.params.json"))] == [
        *found.files.values()
    ]
    assert found.save(tmp_path / "made") == saved  # nngen wrote them


def test_a_header_comes_with_its_binding() -> None:
    network = nngen.load(XOR, settings={"targets": [{"name": "c", "binding": True}]})
    with pytest.warns(nngen.Caution, match="has all parts: its binding calls them"):
        found = nngen.build(network, "c", contents=["forward"])
    assert [*found.files] == ["xor_mlp.h", "xor_mlp_c.py", "binding.c"]


def test_networks_and_results_can_be_pickled(trained: nngen.Result) -> None:
    answers = nngen.predict(trained)
    for again in (pickle.loads(pickle.dumps(trained)), copy.deepcopy(trained), copy.copy(trained)):
        assert again == trained
        assert nngen.predict(again) == answers
    for network in (nngen.load(XOR), trained.network):
        other = pickle.loads(pickle.dumps(network))
        assert (other, other.spec) == (network, network.spec)
        assert nngen.build(other, "c") == nngen.build(network, "c")


def test_judgements_are_values(trained: nngen.Result) -> None:
    judged = nngen.evaluate(trained)
    iris = ROOT / "specs" / "iris.yaml"
    with pytest.warns(nngen.Caution):
        in_integers = nngen.evaluate(nngen.train(iris, settings=SHORT), dtype="int8")
    for one in (judged, in_integers):
        assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == copy.deepcopy(one) == one
        assert html.escape(str(one)) in one._repr_html_()
        assert repr(one).startswith(f"{type(one).__name__}(")


def test_all_specs_can_be_pickled() -> None:
    for path in sorted((ROOT / "specs").glob("*.yaml")):
        spec = nngen.load(path).spec
        assert pickle.loads(pickle.dumps(spec)) == spec, path


def test_the_index_of_pandas_is_no_input(tmp_path: Path) -> None:
    birds = pd.read_csv(PENGUINS)
    leak = birds.assign(leak=birds["species"].astype("category").cat.codes)
    named = leak.set_index("leak")
    named.to_parquet(tmp_path / "birds.parquet")
    assert "leak" in nngen.init(leak, "species").spec.input_names
    for table in (named, leak.set_index(["leak", "body_mass_g"]), tmp_path / "birds.parquet"):
        network = nngen.init(table, "species")
        assert "leak" not in network.spec.input_names
        assert "# left out: the column 'leak': the index that pandas wrote\n" in str(network)


def test_cautions_are_warnings_in_the_words_of_the_command(trained: nngen.Result, tmp_path: Path) -> None:
    spec, params = trained.network.save(tmp_path / "birds.yaml"), trained.save(tmp_path / "birds.json")
    (tmp_path / "rows.csv").write_text(PENGUINS.read_text("utf-8").replace("Torgersen", "Atlantis"), "utf-8")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nngen.predict(trained, tmp_path / "rows.csv")
        nngen.evaluate(trained, pd.read_csv(tmp_path / "rows.csv"))
        nngen.train(spec)
    assert {(one.filename, one.category) for one in caught} == {(__file__, nngen.Caution)}
    said = [str(one.message).partition(": try `")[0] for one in caught]  # the advice speaks of Python
    shown = [
        run("predict", spec, tmp_path / "rows.csv", "--params", params),
        run("evaluate", spec, tmp_path / "rows.csv", "--params", params),
        run("train", spec, "--target", "numpy"),
    ]
    assert [text for text in said if not any(text in page for page in shown)] == []
    assert [page for page in shown if not any(text in page for text in said)] == []


def test_completion_lists_the_functions_without_loading_them() -> None:
    code = "import sys, nngen; print({*nngen.__all__} <= {*dir(nngen)}, 'nngen.interface' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "True False\n"
    )
    shown = pydoc.plain(pydoc.render_doc(nngen))
    assert all(f"    {name}(" in shown for name in ("train", "build", "predict", "explain"))
