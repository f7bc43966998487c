"""Shards in object storages: the bits of files, objects that change, and what cannot be read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import await_workers, bits, cluster, kill_workers, module
from tests.oracle.storages import s3, web
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

IRIS = ROOT / "specs" / "iris.yaml"
CSV = IRIS.parent / "data" / "iris.csv"


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with s3() as address:
        yield address


@pytest.fixture(scope="module")
def near(bucket: str) -> Iterator[Any]:
    """A cluster whose workers know the bucket."""
    with cluster() as connected:
        yield connected


@pytest.fixture
def iris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the flowers in files that are cut after 20 rows."""
    from pyarrow import csv, feather, parquet

    from nngen.dask import paths

    monkeypatch.setattr(paths, "ROWS", 20)
    folder = tmp_path / "iris"
    folder.mkdir()
    table = csv.read_csv(CSV)
    csv.write_csv(table.slice(0, 50), folder / "1.csv")
    parquet.write_table(table.slice(50, 50), folder / "2.parquet", row_group_size=25)
    feather.write_feather(table.slice(100), folder / "3.feather")
    return folder


def put(folder: Path, address: str) -> None:
    import fsspec

    fsspec.filesystem("s3").put(f"{folder}/", f"{address}/{folder.name}/", recursive=True)


def trained(client: Any, shards: Any, **options: Any) -> tuple[bytes, ...]:
    from nngen.dask import Columns, fit

    text = texts(load(IRIS), IRIS.parent, ["numpy"])["numpy"]
    return bits(fit(client, text, module(text).init(), shards, columns=Columns("species"), epochs=3, **options))


def test_objects_give_the_bits_of_files(near: Any, bucket: str, iris: Path) -> None:
    from nngen.dask import shards_of

    expected = trained(None, shards_of(iris))
    put(iris, bucket)
    for pattern in (f"{bucket}/iris", f"{bucket}/iris/*.*"):
        found = shards_of(pattern)
        assert len(found) == 3 + 2 + 1
        assert trained(near, found) == expected
    with web(iris) as address:
        assert trained(near, shards_of(*(f"{address}/{path.name}" for path in sorted(iris.iterdir())))) == expected
        assert trained(near, shards_of(f"{address}/*.*")) == expected
    whole = [str(iris / "1.csv"), str(iris / "2.parquet")]
    assert trained(near, [f"{bucket}/iris/1.csv", f"{bucket}/iris/2.parquet"]) == trained(None, whole)
    options = ["train", str(IRIS), "--epochs", "3", "--dask", near.scheduler.address, "--shards"]
    shown = [CliRunner().invoke(main, [*options, where]).output for where in (f"{bucket}/iris/*", str(iris))]
    assert shown[0] == shown[1]
    assert "sample    accuracy" in shown[0]


def test_an_object_that_changes(near: Any, bucket: str, iris: Path) -> None:
    """Before a worker reads it, and when one reads it again: a message, and no other numbers."""
    from nngen.dask import shards_of

    with web(iris) as address:
        for where, file in (f"{bucket}/iris", "2.parquet"), (address, "1.csv"):
            put(iris, bucket)
            found = shards_of(f"{where}/{file}")
            kept = (iris / file).read_bytes()
            (iris / file).write_bytes(kept[:-4] + b"\n\n\n\n")
            put(iris, bucket)
            size = len(kept)
            known = rf"{size} bytes and the etag \w+"
            message = rf"{file}.*: it has changed: it had {known}, and now has {known}; train anew"
            with pytest.raises(ValueError, match=message):
                trained(near, found)
            (iris / file).write_bytes(kept)
        put(iris, bucket)
        await_workers(near, 2)

        def after(epoch: int, *_: object) -> None:
            if epoch == 0:
                (iris / "1.csv").write_bytes((iris / "1.csv").read_bytes().replace(b"5.1", b"5.2", 1))
                kill_workers(near)

        with pytest.raises(ValueError, match=r"1\.csv.*: it has changed: it had \d+ bytes and the etag"):
            trained(near, shards_of(f"{address}/1.csv"), callback=after)


def test_what_cannot_be_read(near: Any, bucket: str, iris: Path) -> None:
    from nngen.dask import shards_of

    def refused(address: str) -> str:
        with pytest.raises(SpecError) as error:
            shards_of(address)
        return str(error.value)

    assert f"{bucket}/none-*.csv: there is no such file, nor a file that ends in .csv" in refused(
        f"{bucket}/none-*.csv"
    )
    assert f"{bucket}/none.csv: there is no such file" in refused(f"{bucket}/none.csv")
    assert "cannot be read: ValueError: Protocol not known: ftq" in refused("ftq://host/a.csv")
    said = refused("https://me:secret@host/a.csv")
    assert "https://...@host/a.csv: this address has a password" in said
    assert "secret" not in said
    with web(iris) as address, pytest.raises(ValueError, match=r"none\.csv: the worker .* finds no such object"):
        trained(near, [f"{address}/none.csv"])
    with pytest.raises(ValueError, match=r"^http://127\.0\.0\.1:1/a\.csv: the worker .*: ClientConnectorError: "):
        trained(near, ["http://127.0.0.1:1/a.csv"])
    assert "http://127.0.0.1:1/a.csv cannot be read: ClientConnectorError: " in refused("http://127.0.0.1:1/a.csv")


def test_kills_at_some_places(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``make kills`` has all places."""
    from tests.oracle.dask_kills import campaign

    assert campaign(bucket, 29)
    assert capsys.readouterr().out.count("same bits") == 1 + 3 + 1
