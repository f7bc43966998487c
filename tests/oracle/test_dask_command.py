"""``nngen train --dask``: the figures of a training on one machine, its files, and several trainings."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from tests.oracle.clusters import cluster, time_limit
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

IRIS = ROOT / "specs" / "iris.yaml"


@pytest.fixture(autouse=True)
def limited() -> Iterator[None]:
    with time_limit(120):
        yield


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


def test_several_trainings_on_workers() -> None:
    options = ("--search", "layers.0.units=3,4")
    assert train(*options, "--dask", "local", "--jobs", "2") == train(*options, "--jobs", "1")


def test_options_that_do_not_fit() -> None:
    import dask

    assert "--dask trains the target numpy" in train("--dask", "local", "--target", "python", code=2)
    with dask.config.set({"distributed.comm.timeouts.connect": "0.1s"}):
        assert "there is no scheduler at this address" in train("--dask", "tcp://127.0.0.1:1", code=2)
