"""Faults of a cluster and of its client: the final bits are the same, or training ends with a message."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nngen.reading import load
from nngen.targets import texts
from tests.oracle.clusters import (
    CLIENT_THAT_IS_KILLED,
    await_workers,
    bits,
    cluster,
    examples,
    faulty,
    free_port,
    kill_workers,
    module,
    module_text,
    shards,
)
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

OUTPUT = {"name": "output", "units": 3, "activation": "softmax"}
TRAINING = {"optimizer": {"name": "adam", "rate": 0.05}, "batch_size": 50, "epochs": 4}

CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "batch_norm": {
        "layers": [{"name": "hidden", "units": 6, "activation": "tanh", "normalization": "batch_norm"}, OUTPUT]
    },
    "stop": {"training": {**TRAINING, "stop": {"name": "patience", "epochs": 9, "validation": 0.2}}},
}

KILL = "_os.kill(_os.getpid(), _signal.SIGKILL)"


def trained(client: Any, text: str, **options: Any) -> tuple[bytes, ...]:
    from nngen.dask import fit

    x, y, _ = examples()
    return bits(fit(client, text, module(text).init(), shards(x, y), epochs=4, **options))


def test_the_workers_lack_nngen(client: Any) -> None:
    with pytest.raises(ModuleNotFoundError, match="nngen"):
        client.run(__import__, "nngen")


@pytest.mark.parametrize(
    ("action", "function", "call"),
    [
        (KILL, "_checked_targets", 1),
        (KILL, "gradient", 0),
        (KILL, "gradient", 31),
        ("raise RuntimeError('once')", "gradient", 5),
        ("_time.sleep(1.0)", "gradient", 5),
    ],
    ids=["killed while it loads", "killed in the first step", "killed later", "raises once", "slow"],
)
def test_a_fault_in_a_task(client: Any, tmp_path: Path, action: str, function: str, call: int) -> None:
    text = module_text()
    await_workers(client, 2)  # no nanny starts a worker again that is killed before the nanny has seen it start
    assert trained(client, faulty(text, tmp_path, call, action, function)) == trained(None, text)
    assert len([*tmp_path.iterdir()]) > call


def test_all_workers_restart(client: Any) -> None:
    await_workers(client, 2)

    def after(epoch: int, *_: object) -> None:
        if epoch == 1:
            client.restart(wait_for_workers=False)  # where it waits, it may do so for ever on a loaded machine
            await_workers(client, 2)

    assert trained(client, module_text(), callback=after) == trained(None, module_text())


@pytest.mark.parametrize("lost", ["killed", "cancelled"])
def test_a_file_that_changes_is_not_read_again_without_a_word(client: Any, tmp_path: Path, lost: str) -> None:
    from distributed import Future

    from nngen.dask import Columns, fit

    iris, path = ROOT / "specs" / "iris.yaml", tmp_path / "rows.csv"
    text, losses = texts(load(iris), iris.parent, ["numpy"])["numpy"], []
    rows = (iris.parent / "data" / "iris.csv").read_text("utf-8")
    path.write_text(rows, "utf-8")
    await_workers(client, 2)

    def after(epoch: int, loss: float, *_: object) -> None:
        losses.append(loss)
        if epoch != 1:
            return
        path.write_text(rows.replace("5.1,3.5", "5.1,3.6", 1) if lost == "killed" else f"{rows}5,3,1,0.2,setosa\n")
        if lost == "killed":
            kill_workers(client)
        else:
            client.cancel([Future(key, client) for key in [*client.futures]])

    now = 150 if lost == "killed" else 151
    known = "rows with the SHA-256 [0-9a-f]{16}"
    message = rf"^{path}: it has changed during the training: it had 150 {known}, and now has {now} {known}; give it"
    with pytest.raises(ValueError, match=message):
        fit(client, text, module(text).init(), [path], epochs=4, columns=Columns("species"), callback=after)
    assert len(losses) == 2


def test_workers_join_and_retire(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that joins gets shards, and gives them back when it retires."""
    from nngen.dask import steps

    monkeypatch.setattr(steps, "MARK", 0.0)
    await_workers(client, 2)
    known = {*client.nthreads()}

    def after(epoch: int, *_: object) -> None:
        if epoch == 0:
            client.cluster.scale(3)
            await_workers(client, 3)
        if epoch == 2:
            (joined,) = client.nthreads().keys() - known
            assert any(key.startswith("nngen-shard") for key in client.has_what([joined])[joined])
            client.cluster.scale(1)
            await_workers(client, 1)

    assert trained(client, module_text(), callback=after) == trained(None, module_text())
    client.cluster.scale(2)
    await_workers(client, 2)


def test_all_workers_are_lost() -> None:
    """Nobody starts others: an error, and no endless waiting."""
    with cluster(workers=1) as alone:

        def after(epoch: int, *_: object) -> None:
            alone.cluster.scale(0)
            await_workers(alone, 0)

        with pytest.raises(RuntimeError, match=r"has no workers after 1 s; start some: dask worker tcp://127"):
            trained(alone, module_text(), callback=after, wait=1.0)


def test_the_workers_forget_the_shards(client: Any) -> None:
    trained(client, module_text())
    while any(client.has_what().values()):  # until the time limit of the test
        time.sleep(0.1)


def test_the_scheduler_restarts(tmp_path: Path) -> None:
    """A scheduler that ends takes its workers with it: supervisors start both again."""
    from distributed import Client

    port, started = free_port(), []

    def start() -> None:
        for command in ("dask_scheduler", f"--port={port}"), ("dask_worker", "--no-nanny", f"tcp://127.0.0.1:{port}"):
            run = [sys.executable, "-m", f"distributed.cli.{command[0]}", "--no-dashboard", "--host=127.0.0.1"]
            quiet = subprocess.DEVNULL
            started.append(subprocess.Popen([*run, *command[1:]], cwd=tmp_path, stdout=quiet, stderr=quiet))

    def after(epoch: int, *_: object) -> None:
        if epoch == 1:
            stop()
            start()

    def stop() -> None:
        for process in started:
            process.kill()
            process.wait()

    start()
    try:
        with Client(f"tcp://127.0.0.1:{port}", timeout="300s") as client:
            assert trained(client, module_text(), callback=after, wait=300.0) == trained(None, module_text())
    finally:
        stop()


@pytest.mark.parametrize(("case", "write"), [("plain", 1), ("plain", 4), ("batch_norm", 4), ("stop", 6)])
def test_a_killed_client_continues(client: Any, tmp_path: Path, case: str, write: int) -> None:
    text, path = module_text(**CASES[case]), tmp_path / "net.checkpoint"
    run = [sys.executable, "-c", CLIENT_THAT_IS_KILLED, str(path), str(write), json.dumps(CASES[case])]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == -9
    assert trained(client, text, checkpoint=path, resume=True, every=2) == trained(None, text)
    assert trained(client, text, checkpoint=path, resume=True) == trained(None, text)  # all epochs are done
