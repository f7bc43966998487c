"""Tables of any length are answered and judged in batches: the same answers, bounded memory, nothing half-written."""

import csv
import gzip
import io
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import csv as arrow_csv
from pyarrow import feather, parquet

from nngen.cli import main
from nngen.commands import predict
from nngen.commands.inner import module_of
from nngen.description.data import encoding, sources, tables
from nngen.reading import load
from tests.support.answering import initial

ROWS = 120
SPEC = """
name: loans
inputs: [{name: income, missing: median}, {name: housing, categories: [rent, own, "free\\nof charge"], missing: zeros}]
layers: [{name: output, units: 1, activation: sigmoid}]
loss: binary_cross_entropy
training: {optimizer: {name: adam, rate: 0.1}, epochs: 2}
data: {file: loans.csv, target: paid, classes: [no, yes], scale: standardize}
"""


def table(rows: int) -> pa.Table:
    """Random rows with gaps, and with texts that have line breaks."""
    random = np.random.default_rng(1)
    income = pa.array(np.round(random.normal(size=rows), 3), mask=random.random(rows) < 0.1)
    housing = pa.array(random.choice(["rent", "own", "free\nof charge"], rows))
    return pa.table({"income": income, "housing": housing, "paid": pa.array(random.choice(["no", "yes"], rows))})


def as_csv(made: pa.Table) -> bytes:
    file = io.BytesIO()
    arrow_csv.write_csv(made, file)
    return file.getvalue()


def as_parquet(made: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(made, file, row_group_size=50)
    return file.getvalue()


def as_feather(made: pa.Table) -> bytes:
    file = io.BytesIO()
    feather.write_feather(made, file, chunksize=50)
    return file.getvalue()


def as_npz(made: pa.Table) -> bytes:
    file = io.BytesIO()
    texts = {name: made[name].to_numpy().astype(str) for name in ("housing", "paid")}
    np.savez(file, income=made["income"].to_numpy(), **texts)
    return file.getvalue()


KINDS: Mapping[str, Callable[[pa.Table], bytes]] = {
    "csv": as_csv,
    "csv.gz": lambda made: gzip.compress(as_csv(made)),
    "parquet": as_parquet,
    "parquet.gz": lambda made: gzip.compress(as_parquet(made)),
    "feather": as_feather,
    "npz": as_npz,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec with its data and parameters."""
    folder = tmp_path_factory.mktemp("loans")
    (folder / "loans.yaml").write_text(SPEC, "utf-8")
    (folder / "loans.csv").write_bytes(as_csv(table(ROWS)))
    initial(folder / "loans.yaml").rename(folder / "loans.json")
    return folder


def run(folder: Path, command: str, *data: object, code: int, given: bytes = b"") -> Result:
    """Run a command on the spec."""
    arguments = [folder / "loans.yaml", *data, "--params", folder / "loans.json"]
    result = CliRunner().invoke(main, [command, *map(str, arguments)], input=given)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows at once."""
    monkeypatch.setattr(tables, "BLOCK", 300)
    monkeypatch.setattr(sources, "BATCH", 7)


@pytest.mark.parametrize("large", [0, 10**9])
@pytest.mark.parametrize("kind", KINDS)
def test_batches_give_the_answers_of_the_whole(
    folder: Path, kind: str, large: int, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "table", tmp_path / "out.csv"
    path.write_bytes(KINDS[kind](table(ROWS)))
    found = run(folder, "predict", path, code=0).stdout
    judged = run(folder, "evaluate", path, code=0).stdout
    run(folder, "predict", path, "-o", out, code=0)
    assert run(folder, "predict", "-", code=0, given=path.read_bytes()).stdout == found == out.read_text("utf-8")
    monkeypatch.undo()
    monkeypatch.setattr(tables, "LARGE", large)
    assert run(folder, "predict", path, code=0).stdout == found
    assert run(folder, "evaluate", path, code=0).stdout == judged
    assert len(list(csv.reader(found.splitlines()))) == 1 + ROWS


def test_a_table_is_judged_as_the_data_of_the_spec_are(folder: Path, small: None) -> None:
    own = run(folder, "evaluate", code=0).stdout.splitlines()
    other = run(folder, "evaluate", "-", code=0, given=(folder / "loans.csv").read_bytes()).stdout.splitlines()
    assert other[0] == own[0].replace("training examples", "standard input")
    assert [line.split()[-3:] for line in other[4:7]] == [line.split()[-3:] for line in own[4:7]]


@pytest.mark.parametrize("kind", ["csv", "parquet", "npz"])
def test_a_mistake_far_down_leaves_no_file_and_has_its_place(
    folder: Path, kind: str, small: None, tmp_path: Path
) -> None:
    made = table(ROWS)
    wrong = ["own"] * 100 + ["onw", "rent"] + ["castle"] * 18
    path, out = tmp_path / "table", tmp_path / "out.csv"
    path.write_bytes(KINDS[kind](made.set_column(1, "housing", pa.array(wrong))))
    errors = run(folder, "predict", path, "-o", out, code=2).stderr
    assert [found.name for found in tmp_path.iterdir()] == ["table"]
    assert errors.count("housing") == 10
    assert "9 more mistakes in this file" in errors
    place = f"--> {path}:102:" if kind == "csv" else "housing, row 101: unknown category 'onw'"
    assert place in errors
    assert "did you mean 'own'?" in errors
    printed = run(folder, "predict", path, code=2)
    assert 50 < len(printed.stdout.splitlines()) <= 101
    assert printed.stderr == errors


def test_an_existing_file_stays_as_it_is_after_a_mistake(folder: Path, small: None, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine", "utf-8")
    given = as_csv(table(ROWS)) + b"1,castle,no\n"
    assert "castle" in run(folder, "predict", "-", "-o", out, "--force", code=2, given=given).stderr
    assert out.read_text("utf-8") == "mine"


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "npz"])
def test_memory_does_not_grow_with_the_rows(
    folder: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BLOCK", 10_000)
    monkeypatch.setattr(sources, "BATCH", 500)
    path, spec = tmp_path / "table", load(folder / "loans.yaml")
    module = module_of(spec, folder, "numpy", encoding(spec, folder))
    monkeypatch.setattr(predict, "module_of", lambda *_: module)
    peaks = []
    for rows in (2_000, 20_000):
        path.write_bytes(KINDS[kind](table(rows)))
        tracemalloc.start()
        asked = predict.Asked(spec, folder / "loans.yaml", folder / "loans.json", path)
        parts = map(predict.lines, predict.answer_rows(asked))
        next(parts)
        tracemalloc.reset_peak()  # what was held before counts, what was given back does not
        assert sum(part.count("\n") for part in parts) > rows // 2
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0], peaks
