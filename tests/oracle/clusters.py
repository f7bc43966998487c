"""Clusters of this machine, and networks to train on them."""

import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from nngen.description.data import Array
from nngen.description.model.spec import Spec
from nngen.targets import as_module, texts

ROWS, INPUTS, OUTPUTS = 203, 4, 3

CLIENT_THAT_IS_KILLED = """
import json, os, signal, sys
from pathlib import Path
from nngen.dask import Columns, checkpoint, fit, shards_of
from tests.oracle.clusters import examples, module, module_text, shards

writes, write = [], checkpoint.Checkpoint.write

def counted(self, moment):
    write(self, moment)
    writes.append(moment)
    if len(writes) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

checkpoint.Checkpoint.write = counted
if len(sys.argv) == 4:
    text, given = module_text(**json.loads(sys.argv[3])), {"shards": shards(*examples()[:2])}
else:
    text = Path(sys.argv[3]).read_text("utf-8")
    given = {"shards": shards_of(sys.argv[4]), "columns": Columns(sys.argv[5]), "batch_size": int(sys.argv[6])}
fit(None, text, module(text).init(), **given, epochs=4, checkpoint=Path(sys.argv[1]), every=2)
"""
"""A program that trains and kills itself. Arguments: the checkpoint, after how many writes, and changes of the spec; or
the module, files of rows, the column of the class, and the rows of a batch."""


@contextmanager
def cluster(workers: int = 2) -> Iterator[Any]:
    """A client of so many workers, whose processes cannot import nngen.

    LocalCluster ends the nanny of a worker that is not there 15 s after a loss of it. A loaded machine takes longer to
    start one, and a second loss may come just then.
    """
    import dask
    from distributed import Client, LocalCluster

    hidden = "import sys; sys.modules['nngen'] = None"
    options: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "preload": hidden}
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1 day"}),
        LocalCluster(n_workers=workers, silence_logs=50, **options) as started,
        Client(started) as client,
    ):
        yield client


def await_workers(client: Any, count: int) -> None:
    """Wait until exactly so many workers are there, and their nannies know it.

    The scheduler knows a worker before its nanny does, and a nanny does not start a worker again that is killed before
    it has seen it start.
    """

    def ready(nanny: Any) -> bool:
        process = nanny.process
        if nanny.status.name != "running" or process is None or process.status.name != "running":
            return False
        with suppress(ChildProcessError):  # it has ended already
            return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        return False

    nannies = client.cluster.workers
    while len(client.scheduler_info()["workers"]) != count or not all(map(ready, list(nannies.values()))):
        time.sleep(0.05)


def kill_workers(client: Any) -> None:
    """Kill all workers, and wait until their nannies have started others."""
    processes = [nanny.process.pid for nanny in client.cluster.workers.values()]
    for process in processes:
        os.kill(process, signal.SIGKILL)
    for process in processes:
        with suppress(ChildProcessError):  # its nanny knows already
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    await_workers(client, len(processes))


def free_port() -> int:
    """A free port. It is below those that connections get, which may take any other one before a program listens."""
    while True:
        port = random.randrange(10_000, 32_000)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def faulty(text: str, folder: Path, call: int, action: str, function: str = "gradient") -> str:
    """A module that does something unexpected in one call, counted over all workers by files in a folder."""
    return f"""{text}
import os as _os, signal as _signal, time as _time

_sound = {function}


def {function}(*arguments, **options):
    call = 0
    while True:
        try:
            _os.close(_os.open(f"{folder}/{{call}}", _os.O_CREAT | _os.O_EXCL))
            break
        except FileExistsError:
            call += 1
    if call == {call}:
        {action}
    return _sound(*arguments, **options)
"""


def described(**changes: Any) -> dict[str, Any]:
    """The spec of a smooth network, with some parts changed."""
    return {
        "name": "net",
        "inputs": {"name": "x", "size": INPUTS},
        "layers": [
            {"name": "hidden", "units": 6, "activation": "tanh"},
            {"name": "output", "units": OUTPUTS, "activation": "softmax"},
        ],
        "loss": {"name": "cross_entropy"},
        "training": {"optimizer": {"name": "adam", "rate": 0.05}, "batch_size": 50, "epochs": 3},
        **changes,
    }


def module_text(**changes: Any) -> str:
    """The text of its module."""
    return texts(Spec.model_validate(described(**changes)), Path(), ["numpy"])["numpy"]


def module(text: str) -> Any:
    """The module of a text, which trains on one machine."""
    return as_module("net", text)


def examples(rows: int = ROWS) -> tuple[Array, Array, Array]:
    """Inputs, targets and weights that always are the same."""
    draw = np.random.default_rng(1)
    x = draw.normal(size=(rows, INPUTS))
    y = np.eye(OUTPUTS)[np.arange(rows) % OUTPUTS]
    return x, y, draw.uniform(0.0, 2.0, size=rows)


def shards(*arrays: Array, sizes: tuple[int, ...] = (90, 13, 100)) -> list[tuple[Array, ...]]:
    """Arrays in shards of these sizes."""
    ends = np.cumsum(sizes)[:-1]
    return [*zip(*(np.split(values, ends) for values in arrays), strict=True)]


def bits(trained: tuple[Any, list[float]]) -> tuple[bytes, ...]:
    """The bits of parameters and losses."""
    params, history = trained
    return (*(values.tobytes() for values in params), np.array(history).tobytes())


def distance(one: tuple[Any, list[float]], other: tuple[Any, list[float]]) -> float:
    """The largest difference of parameters or losses."""
    pairs = zip([*one[0], np.array(one[1])], [*other[0], np.array(other[1])], strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)
