"""Training on a cluster: the same bits for any number of workers, and the numbers of the module's own ``fit``."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.data import read_examples
from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import bits, distance, examples, module, module_text, shards
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

OUTPUT = {"name": "output", "units": 3, "activation": "softmax"}
HIDDEN = {"name": "hidden", "units": 6, "activation": "tanh"}
ADAM = {"optimizer": {"name": "adam", "rate": 0.05}, "epochs": 3}

CASES: dict[str, dict[str, Any]] = {
    "mean": {},
    "sum": {
        "loss": {"name": "cross_entropy", "batch": "sum"},
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.01}, "batch_size": 50, "epochs": 3},
    },
    "weighted_mean": {
        "loss": {"name": "cross_entropy", "batch": "weighted_mean", "example_weights": True},
        "training": {**ADAM, "batch_size": 50},
    },
    "penalty": {"training": {**ADAM, "batch_size": 50, "penalty": {"name": "l2", "strength": 0.1}}},
    "penalty of a sum": {
        "loss": {"name": "cross_entropy", "batch": "sum"},
        "training": {**ADAM, "batch_size": 50, "penalty": {"name": "l2", "strength": 0.1}},
    },
    "clipping": {"training": {**ADAM, "batch_size": 50, "clip": {"name": "norm", "most": 0.05}}},
    "dropout": {"layers": [HIDDEN | {"dropout": 0.3}, OUTPUT]},
    "batch_norm": {"layers": [HIDDEN | {"normalization": "batch_norm"}, OUTPUT]},
    "stop": {
        "training": {
            **ADAM,
            "batch_size": 50,
            "epochs": 9,
            "stop": {"name": "patience", "epochs": 2, "validation": 0.2},
        }
    },
    "stop, by places": {
        "training": {
            **ADAM,
            "batch_size": 50,
            "epochs": 9,
            "shuffle": False,
            "stop": {"name": "patience", "epochs": 2, "validation": [70, 3, 41], "every": 2},
        }
    },
    "float32": {"targets": [{"name": "numpy", "dtype": "float32"}]},
}


@pytest.mark.parametrize(("case", "batch_size"), [*((case, 50) for case in CASES), ("mean", None), ("dropout", None)])
def test_the_bits_do_not_depend_on_the_cluster(client: Any, case: str, batch_size: int | None) -> None:
    from nngen.dask import fit

    text = module_text(**CASES[case])
    net, (x, y, weights) = module(text), examples()
    weighted = case == "weighted_mean"
    own = net.fit(net.init(), x, y, batch_size=batch_size, **({"weights": weights} if weighted else {}))
    parts = shards(x, y, *([weights] if weighted else []))
    here = fit(None, text, net.init(), parts, batch_size=batch_size)
    assert distance(here, own) < (1e-5 if case == "float32" else 1e-12)
    assert bits(fit(client, text, net.init(), parts, batch_size=batch_size)) == bits(here)
    if case == "batch_norm":  # its rows meet at one worker
        assert bits(here) == bits(own)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # dask-jobqueue leaves its processes
def test_jobs_of_a_queue() -> None:
    """The cluster of dask-jobqueue that runs its jobs on this machine: its workers are started as by SLURM or PBS."""
    from dask_jobqueue.local import LocalCluster
    from distributed import Client

    from nngen.dask import fit

    text, (x, y, _) = module_text(), examples()
    net, options = module(text), {"scheduler_options": {"dashboard_address": ":0"}, "nanny": False}
    with LocalCluster(cores=1, processes=1, memory="1GB", **options) as queue, Client(queue) as connected:
        queue.scale(jobs=2)
        connected.wait_for_workers(2, timeout=300)
        assert bits(fit(connected, text, net.init(), shards(x, y))) == bits(fit(None, text, net.init(), shards(x, y)))


def test_what_the_log_and_the_dashboard_show(
    client: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import get_task_stream

    from nngen.dask import fit, progress, steps

    monkeypatch.setattr(steps, "MARK", 0.0)
    text, (x, y, _) = module_text(), examples()
    with caplog.at_level("INFO", "nngen.dask"), get_task_stream(client) as shown:
        fit(client, text, module(text).init(), shards(x, y), batch_size=None, epochs=2)
    lines = [record.getMessage() for record in caplog.records if record.name == "nngen.dask"]
    time = r"\d[\d.e-]* s"
    assert [re.sub(rf"{time} for each epoch, {time} left", "TIME", line) for line in lines] == [
        f"epoch {epoch} of 2: loss {loss:.6f}, TIME" for epoch, loss in enumerate(fit_losses(text, x, y), 1)
    ]
    assert [progress.duration(seconds) for seconds in (1.5, 80, 3700)] == ["1.5 s", "1 min 20 s", "1 h 1 min"]
    known = {task["key"].rpartition("-")[0] for task in shown.data}
    # the mark of a step is given up if that of the next one comes before it has run
    assert {"nngen-shard", "nngen-describe", "nngen-checked-shard", "nngen-step-2"} <= known


def fit_losses(text: str, x: Any, y: Any) -> list[float]:
    from nngen.dask import fit

    return fit(None, text, module(text).init(), shards(x, y), batch_size=None, epochs=2)[1]


def test_many_numbers_of_rows_travel_to_their_worker_alone(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nngen.dask import fit, steps

    text, (x, y, _) = module_text(**CASES["dropout"]), examples()
    net, parts = module(text), shards(x, y)
    monkeypatch.setattr(steps, "LARGE", 0)
    assert bits(fit(client, text, net.init(), parts)) == bits(fit(None, text, net.init(), parts))


def test_blocks_of_rows() -> None:
    """A shard of several blocks, also one that ends with a single row."""
    from nngen.dask import fit
    from nngen.dask.gradients import BLOCK

    text, (x, y, _) = module_text(), examples(rows=2 * BLOCK + 1)
    net = module(text)
    for batch_size in (None, BLOCK + 1):
        own = net.fit(net.init(), x, y, batch_size=batch_size)
        assert distance(fit(None, text, net.init(), [(x, y)], batch_size=batch_size), own) < 1e-12


def test_a_single_shard_gives_the_bits_of_the_module(client: Any) -> None:
    from nngen.dask import fit

    text, (x, y, _) = module_text(), examples()
    net = module(text)
    assert bits(fit(client, text, net.init(), [(x, y)])) == bits(net.fit(net.init(), x, y))


def test_shards_and_batches_of_any_size() -> None:
    """Also batches of one row, and shards without a row of the batch."""
    from nngen.dask import fit

    text, (x, y, _) = module_text(), examples(rows=23)
    net = module(text)
    for batch_size in (1, 7, 23, 99):
        own = net.fit(net.init(), x, y, batch_size=batch_size)
        for sizes in ((1, 22), (22, 1), (3, 5, 15), (1,) * 23):
            here = fit(None, text, net.init(), shards(x, y, sizes=sizes), batch_size=batch_size)
            assert distance(here, own) < 1e-12, (batch_size, sizes)
    plain = net.fit(net.init(), x, y, batch_size=7, seed=None)
    unshuffled = fit(None, text, net.init(), shards(x, y, sizes=(3, 5, 15)), batch_size=7, shuffle=False)
    assert distance(unshuffled, plain) < 1e-12


def test_weights_of_zero() -> None:
    """A shard whose rows do not count adds nothing; a batch of such rows is refused, as the module does."""
    from nngen.dask import fit

    text, (x, y, weights) = module_text(**CASES["weighted_mean"]), examples()
    net = module(text)
    weights[90:103] = 0.0
    own = net.fit(net.init(), x, y, batch_size=None, weights=weights)
    assert distance(fit(None, text, net.init(), shards(x, y, weights), batch_size=None), own) < 1e-12
    with pytest.raises(ValueError, match="expected weights that do not sum to 0 over a batch"):
        fit(None, text, net.init(), shards(x, y, 0.0 * weights), batch_size=None)


@pytest.mark.parametrize("case", ["mean", "sum", "batch_norm"])
def test_a_loss_that_is_not_finite_names_its_shard(client: Any, case: str, tmp_path: Path) -> None:
    from nngen.dask import fit

    text, (x, y, _), path = module_text(**CASES[case]), examples(), tmp_path / "net.checkpoint"
    x[95, 2] = np.nan
    for where in None, client:
        with pytest.raises(FloatingPointError) as ended:
            fit(where, text, module(text).init(), shards(x, y), batch_size=None, checkpoint=path, every=1)
        assert str(ended.value) == "training diverged in epoch 1, batch 1: the loss is nan in shard 2"
        assert not path.exists()


def test_a_step_that_diverges_is_not_in_a_checkpoint(tmp_path: Path) -> None:
    from nngen.dask import fit

    training = {"optimizer": {"name": "gradient_descent", "rate": 1e200}, "batch_size": 70}
    text = module_text(training=training, layers=[HIDDEN | {"activation": "relu"}, OUTPUT])
    (x, y, _), path = examples(), tmp_path / "net.checkpoint"
    message = "^training diverged in epoch 1, batch 2: the loss is nan in shard 1, shard 2, shard 3 and 1 other shard$"
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=message):
        fit(None, text, module(text).init(), shards(x, y, sizes=(50, 50, 50, 53)), checkpoint=path, every=1)
    assert not path.exists()


@pytest.mark.parametrize("optimizer", [{"name": "gradient_descent", "rate": 0.02}, {"name": "adam", "rate": 0.05}])
def test_rows_of_embeddings(client: Any, optimizer: dict[str, Any]) -> None:
    """Only the rows that a batch selects travel, and a step changes only these."""
    from nngen.dask import Columns, fit

    path = ROOT / "specs" / "ratings_mf.yaml"
    overrides = [f"training.optimizer={json.dumps(optimizer)}", "training.epochs=2", "training.batch_size=20"]
    spec = load(path, None, overrides)
    text, data = texts(spec, path.parent, ["numpy"])["numpy"], read_examples(spec, path.parent)
    net, parts = module(text), shards(data.train_x, data.train_y, sizes=(40, 1, len(data.train_x) - 41))
    here = fit(None, text, net.init(), parts)
    assert distance(here, net.fit(net.init(), data.train_x, data.train_y)) < 1e-12
    assert bits(fit(client, text, net.init(), parts)) == bits(here)
    file = [path.parent / "data" / "ratings.csv"]
    assert np.isfinite(fit(client, text, net.init(), file, columns=Columns("rating"))[1]).all()
