"""``nngen train --dask``: the figures of a training on one machine, its files, and several trainings."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.train import Trainer
from nngen.description.data import encoding, rows_encoded
from nngen.description.model import Table
from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import cluster, module, shards
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

IRIS = ROOT / "specs" / "iris.yaml"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with cluster() as client:
        yield client.scheduler.address


def train(*options: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["train", str(IRIS), "--epochs", "3", *map(str, options)])
    assert result.exit_code == code, result.output
    return result.output


def test_a_training_on_workers(address: str, tmp_path: Path) -> None:
    alone, spread, part = (tmp_path / f"{name}.json" for name in ("alone", "spread", "part"))
    expected = train("--save", alone).replace("alone", "spread")
    assert train("--save", spread, "--dask", address) == expected
    numbers = [json.loads(path.read_text("utf-8"))["parameters"] for path in (alone, spread)]
    assert numbers[1] == pytest.approx(numbers[0], abs=1e-12)
    checkpoint = part.with_suffix(".checkpoint")
    train("--save", part, "--dask", address, "--epochs", "1")
    assert "is 8 in the checkpoint, not set here" in train("--resume", checkpoint, code=2)
    train("--save", part, "--dask", address, "--resume", checkpoint)
    assert part.read_bytes() == spread.read_bytes()


def test_workers_that_compute_in_python(address: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{target}.json" for target in ("numpy", "python")]
    for path in paths:
        train("--save", path, "--dask", address, "--target", path.stem, "--epochs", 1)
    numbers = [json.loads(path.read_text("utf-8"))["parameters"] for path in paths]
    assert numbers[1] == pytest.approx(numbers[0], abs=1e-12)
    kept = paths[1].with_suffix(".checkpoint")
    message = "'--target of the workers' is 'python' in the checkpoint, not set here"
    assert message in train("--resume", kept, "--dask", address, code=2)


DIVERGING = """
name: net
inputs: [p]
layers: [{name: o, units: [y], activation: ACTIVATION}]
loss: {name: squared_error, outputs: sum, batch: mean}
training: {optimizer: {name: gradient_descent, rate: RATE}, epochs: 40, batch_size: 2}
data: {rows: [{x: [100], y: [3]}, {x: [200], y: [5]}, {x: [150], y: [1]}]}
targets: [python, numpy]
"""


@pytest.mark.parametrize("target", ["numpy", "python"])
@pytest.mark.parametrize(
    ("activation", "rate", "place"),
    [
        ("linear", "10.0", "epoch 14, batch 2: the loss is inf in shard "),
        ("sine", "1e308", "epoch 1, batch 2: the loss is nan in shard "),  # Python's sine refuses what is infinite
        ("relu", "1e308", "epoch 1: a parameter is infinite or NaN"),  # and the loss is finite
    ],
)
def test_a_training_that_diverges(
    address: str, tmp_path: Path, activation: str, rate: str, place: str, target: str
) -> None:
    """As on one machine, but the shard is named."""
    spec = tmp_path / "net.yaml"
    spec.write_text(DIVERGING.replace("ACTIVATION", activation).replace("RATE", rate), "utf-8")
    result = CliRunner().invoke(main, ["train", str(spec), "--dask", address, "--target", target])
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith(f"error: training diverged in {place}")


def cut(folder: Path) -> tuple[list[str], Path]:
    """The lines of the table, and a Parquet file of its first 90 rows in row groups of 30."""
    from pyarrow import csv, parquet

    path = folder / "rows.parquet"
    parquet.write_table(csv.read_csv(IRIS.parent / "data" / "iris.csv").slice(0, 90), path, row_group_size=30)
    return (IRIS.parent / "data" / "iris.csv").read_text("utf-8").splitlines(), path


def test_workers_read_the_rows(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of CSV files in a folder, and of a Parquet file: the bits of the same rows in arrays."""
    from nngen.dask import fit, paths

    monkeypatch.setattr(paths, "ROWS", 20)
    (head, *rows), path = cut(tmp_path)
    (tmp_path / "more").mkdir()
    for place in (1, 0):
        text = "\n".join([head, *rows[90 + 30 * place : 120 + 30 * place]])
        (tmp_path / "more" / f"{place}.csv").write_text(f"{text}\n", "utf-8")
    saved = tmp_path / "saved.json"
    shown = train("--dask", address, "--shards", path, "--shards", tmp_path / "more", "--save", saved)
    assert "sample    accuracy" in shown
    spec = load(IRIS)
    how = encoding(spec, IRIS.parent)
    assert how is not None
    x, y, _ = rows_encoded(spec, IRIS.parent, how, None)
    text = texts(spec, IRIS.parent, ["numpy"])["numpy"]
    net = module(text)
    params, _ = fit(None, text, net.init(), shards(x, y, sizes=(30, 30, 30, 20, 10, 20, 10)), epochs=3)
    assert json.loads(saved.read_text("utf-8"))["parameters"] == net.pack(params)
    kept = saved.with_suffix(".checkpoint")
    train("--dask", address, "--shards", path, "--shards", tmp_path / "more", "--resume", kept, "--epochs", "4")
    assert "the SHA-256 of the rows of --shards is" in train(
        "--dask", address, "--shards", path, "--resume", kept, code=2
    )


REGRESSION = """
name: reg
inputs:
  - {name: p, missing: mean}
  - {name: q}
  - {name: kind, categories: [a, b], missing: zeros}
  - {name: cost, number: {thousands: ",", prefix: $}, missing_texts: ["-"], missing: median}
  - {name: sold, date: DD.MM.YYYY, parts: [days, month]}
layers: [{name: h, units: 5, activation: tanh}, {name: o, units: 2, activation: linear}]
loss: {name: squared_error, example_weights: true, batch: weighted_mean}
training:
  optimizer: {name: adam, rate: 0.05}
  epochs: 4
  batch_size: 30
  stop: {name: patience, epochs: 9, validation: 0.2}
data: {file: rows.csv, target: [y1, y2], weight: w, scale: standardize, scale_targets: standardize}
targets: [numpy]
"""


def test_files_are_read_as_a_spec_reads_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gaps, texts of numbers and dates, scaled targets, weights, rows kept for validation, and ids: the same bits."""
    from nngen.dask import session, spread

    monkeypatch.setattr(session, "SHARDS", 1)

    def paid(place: int) -> tuple[str, str]:
        return f'"${37 * place:,}.5"' if place % 5 else "-", f"{place % 28 + 1}.3.2021"

    random = np.random.default_rng(0)
    x, w, kinds = random.normal(size=(200, 2)), random.uniform(0.0, 2.0, 200), ("a", "b", "NA")
    rows = [
        (
            p if place % 7 else "",
            q,
            kinds[place % 3],
            *paid(place),
            p + 2.0 * q + 5.0,
            300.0 * p - q,
            weight,
        )
        for place, ((p, q), weight) in enumerate(zip(x.tolist(), w.tolist(), strict=True))
    ]
    lines = [",".join(map(str, row)) for row in [("p", "q", "kind", "cost", "sold", "y1", "y2", "w"), *rows]]
    (tmp_path / "rows.csv").write_text("\n".join(lines), "utf-8")
    (tmp_path / "reg.yaml").write_text(REGRESSION, "utf-8")
    ratings = ["training.epochs=2", "training.batch_size=50", "data.split=null"]
    logs = ["data.scale_targets=log", "data.target=[w, w]"]
    made = tmp_path / "reg.yaml"
    for path, overrides in (made, []), (made, logs), (IRIS.with_name("ratings_mf.yaml"), ratings):
        spec, found = load(path, None, overrides), []
        assert isinstance(spec.data, Table)
        for files in [], [str(path.parent / spec.data.file)]:
            trainer = Trainer(spec, path, "numpy", None, None)
            with spread(None, trainer, "numpy", files):
                trainer.run(lambda *_: None)
            found.append((trainer.losses, [values.tobytes() for values in trainer.params]))
        assert found[0] == found[1]


def test_wrong_files_of_rows(address: str, tmp_path: Path) -> None:
    (head, *rows), path = cut(tmp_path)
    wrong = {
        "none-*.csv": ("", f"{tmp_path}/none-*.csv: there is no such file, nor a file that ends in .csv, .csv.gz"),
        "rows.xlsx": ("", f"{tmp_path}/rows.xlsx: expected a file that ends in .csv, .csv.gz"),
        "broken.parquet": ("PAR1", "the file is damaged or incomplete, or cannot be read"),
        "empty.csv": (head, f"{tmp_path}/empty.csv: it has no rows"),
        "end.csv": (
            f"{head}\n{rows[0]}\n5.1,3",
            f"{tmp_path}/end.csv, line 3: expected 5 cells, got 2; the file ends in",
        ),
        "columns.csv": ("a,b\n1,2", f"{tmp_path}/columns.csv: there is no column 'sepal_length'; its columns are a, b"),
        "class.csv": (f"{head}\n5,3,1,0.2,rose", f"{tmp_path}/class.csv: unknown class 'rose'; the classes are setosa"),
    }
    for name, (text, message) in wrong.items():
        if text or "*" not in name:
            (tmp_path / name).write_text(text, "utf-8")
        assert message in train("--dask", address, "--shards", tmp_path / name, code=2), name
    os.mkfifo(tmp_path / "pipe.csv")
    assert "pipe.csv: this is not a file" in train("--dask", address, "--shards", tmp_path / "pipe.csv", code=2)
    assert "rows.parquet is named twice" in train("--dask", address, *("--shards", path) * 2, code=2)
    inline = ["train", str(IRIS.with_name("xor_mlp.yaml")), "--dask", address, "--shards", str(path)]
    refused = CliRunner().invoke(main, inline)
    assert refused.exit_code == 2
    assert "--shards are read like the `file` of a spec, and it names none" in refused.output
    for stated in ("data.encoding=cp949", "data.missing_target=leave_out", "data.unknown_class=leave_out"):
        said = train("--dask", address, "--shards", path, "--set", stated, code=2)
        assert "the workers read shards in UTF-8 with a known target in each row" in said


def test_targets_in_a_style_are_refused(tmp_path: Path) -> None:
    (tmp_path / "price.csv").write_text("p,y\n1,$2\n2,$4\n", "utf-8")
    (tmp_path / "price.yaml").write_text(
        "name: price\ninputs: [p]\nlayers: [{name: o, units: [y], activation: linear}]\nloss: squared_error\n"
        "training: {optimizer: {name: gradient_descent, rate: 0.1}}\n"
        "data: {file: price.csv, target: y, target_number: {prefix: $}}\n",
        "utf-8",
    )
    given = ["train", str(tmp_path / "price.yaml"), "--dask", "local", "--jobs", "1"]
    done = CliRunner().invoke(main, [*given, "--shards", str(tmp_path / "price.csv")])
    assert done.exit_code == 2
    assert "the workers read targets as plain numbers" in done.output


def test_a_file_of_shards_is_not_overwritten(address: str, tmp_path: Path) -> None:
    _, path = cut(tmp_path)
    before = path.read_bytes()
    shown = train("--dask", address, "--shards", tmp_path, "--history", path, "--force", code=2)
    assert shown.startswith("error: the command reads this file, and would overwrite it\n")
    assert path.read_bytes() == before


def test_several_trainings_on_workers() -> None:
    options = ("--search", "layers.0.units=3,4")
    assert train(*options, "--dask", "local", "--jobs", "2") == train(*options, "--jobs", "1")


def test_options_that_do_not_fit() -> None:
    import dask

    assert "--shards need --dask, and go without --seeds" in train("--shards", "rows.csv", code=2)
    with dask.config.set({"distributed.comm.timeouts.connect": "0.1s"}):
        assert "there is no scheduler at this address" in train("--dask", "tcp://127.0.0.1:1", code=2)
