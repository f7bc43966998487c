"""Several trainings in Python, by seeds, folds and settings, and the report of one: those of the command."""

import copy
import html
import math
import pickle
import statistics
import sys
import warnings
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pandas as pd
import pytest
from click.testing import CliRunner

import nngen
from nngen.cli import main
from tests.support.modules import ROOT

IRIS = ROOT / "specs" / "iris.yaml"
RATES = [0.1, 0.5]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, ["train", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


def test_seeds_and_folds_are_those_of_the_command(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "nngen"):
        found: nngen.Runs = nngen.train(IRIS, epochs=1, seeds=2, folds=2)
    assert f"{found}\n" == run(IRIS, "--epochs", 1, "--seeds", 2, "--folds", 2, "--jobs", 1)
    names = [f"seed {seed}, fold {fold} of 2" for seed in (1, 2) for fold in (1, 2)]
    assert [*found.metrics] == names
    assert [record.getMessage().split(":")[0] for record in caplog.records] == names
    for name, mean in found.mean.items():
        values = [one[name] for one in found.metrics.values()]
        assert mean == statistics.fmean(values)
        assert found.deviation[name] == statistics.stdev(values)
        assert found.error[name] == statistics.stdev(values) / 2.0
    assert pickle.loads(pickle.dumps(found)) == copy.copy(found) == found
    assert html.escape(str(found)) in found._repr_html_()


def test_a_bar_counts_epochs_and_trainings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In a notebook, or on a terminal, where tqdm is installed."""
    shown: list[tuple[str, int, list[str]]] = []

    class Bar:
        def __init__(self, *, total: int, initial: int, desc: str, file: object) -> None:
            self.said: list[str] = []
            self.total, self.desc = total, desc
            assert (initial, file) == (0, sys.stderr)

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_: object) -> None:
            shown.append((self.desc, self.total, self.said))

        def set_postfix_str(self, text: str, refresh: bool) -> None:
            self.said.append(text)

        def update(self) -> None:
            assert self.said

    monkeypatch.setitem(sys.modules, "ipykernel", ModuleType("ipykernel"))
    monkeypatch.setitem(sys.modules, "tqdm", SimpleNamespace(tqdm=Bar))
    nngen.train(ROOT / "specs" / "xor_mlp.yaml", epochs=3)
    nngen.train(IRIS, epochs=1, seeds=2)
    assert [(desc, total, len(said)) for desc, total, said in shown] == [("epoch", 3, 3), ("training", 2, 2)]
    assert all("loss" in text for _, _, said in shown for text in said)
    assert capsys.readouterr().out == ""


def test_a_search_is_that_of_the_command() -> None:
    places: dict[str, list[float]] = {"layers.0.units": [3, 8], "training.optimizer.rate": RATES}
    found: nngen.Search = nngen.train(IRIS, epochs=2, search=places, seeds=2, progress=False)
    options = [f"--search={place}={','.join(map(str, values))}" for place, values in places.items()]
    assert f"{found}\n" == run(IRIS, "--epochs", 2, *options, "--seeds", 2, "--jobs", 1)
    assert found.trials[-1].settings == {"layers.0.units": 8, "training.optimizer.rate": 0.5}
    alone = nngen.train(IRIS, epochs=2, seeds=2, settings=found.trials[-1].settings, progress=False)
    assert alone.metrics == found.trials[-1].metrics
    assert pickle.loads(pickle.dumps(found)) == found
    one = nngen.train(IRIS, epochs=2, search={"training.optimizer.rate": RATES}, progress=False)
    assert all(math.isnan(trial.error["loss"]) and len(trial.metrics) == 1 for trial in one.trials)
    assert "±" not in str(one)
    assert html.escape(str(one)) in one._repr_html_()


def test_an_ensemble_is_that_of_the_command(tmp_path: Path) -> None:
    saved = tmp_path / "best.json"
    said = run(IRIS, "--epochs", 2, "--ensemble", 2, "--jobs", 1, "--save", saved)
    with pytest.warns(nngen.Caution, match="worse than logistic regression") as cautions:
        found = nngen.train(IRIS, epochs=2, ensemble=2, progress=False)
    assert [one.filename for one in cautions] == [__file__]
    assert found.report in said
    assert found.network.text.splitlines()[2:5] == saved.with_suffix(".yaml").read_text("utf-8").splitlines()[2:5]
    row = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
    assert nngen.predict(found, row) == nngen.predict(saved.with_suffix(".yaml"), [row], params=saved)
    with pytest.raises(nngen.SpecError, match="`ensemble` is a network"):
        nngen.train(IRIS, ensemble=2, seeds=2)  # type: ignore[call-overload]  # a checker of types refuses it, too


def test_folds_of_a_data_frame() -> None:
    frame = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv")
    found = nngen.train(nngen.init(frame, "species"), folds=3, epochs=5, progress=False)
    assert len(found.metrics) == 3
    assert found.mean["accuracy"] > 0.7


def test_a_report_is_that_of_the_command(tmp_path: Path) -> None:
    page, ours = tmp_path / "page.html", tmp_path / "ours.html"
    run(IRIS, "--target", "numpy", "--epochs", 2, "--report", page)
    with pytest.warns(nngen.Caution):
        nngen.train(IRIS, epochs=2, report=ours)
    assert ours.read_bytes() == page.read_bytes()
    ours.write_text("mine", "utf-8")
    with pytest.raises(nngen.SpecError, match="`overwrite=True`"):
        nngen.train(IRIS, epochs=2, report=ours)
    frame = pd.read_csv(ROOT / "specs" / "data" / "penguins.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nngen.Caution)
        result = nngen.train(nngen.init(frame, "species"), epochs=2, report=ours, overwrite=True, name="birds")
    assert "name: birds" in ours.read_text("utf-8")
    assert result.network.name == "birds"
    assert [*nngen.build(result, "c").files] == ["birds.h"]


def test_a_caution_speaks_of_python() -> None:
    with pytest.warns(nngen.Caution) as found:
        nngen.train(IRIS, epochs=2)
    assert found[0].filename == __file__
    said = str(found[0].message)
    assert "try `nngen.train(network, search={'training.optimizer.rate': [0.001, 0.005, 0.02]})`, or more units" in said


def test_several_trainings_have_no_report(tmp_path: Path) -> None:
    for wrong in ({"report": tmp_path / "page.html"}, {"params": [0.0]}, {"callback": print}, {"resume": "it"}):
        with pytest.raises(nngen.SpecError, match="are about one training"):
            nngen.train(IRIS, **{"folds": 2, **wrong})  # type: ignore[call-overload]  # what it refuses
    assert not [*tmp_path.iterdir()]
