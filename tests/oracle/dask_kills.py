"""A campaign of kills: workers and clients are killed at every place of a training, and the final bits compared.

    python -m tests.oracle.dask_kills [EVERY]

Prints after each run how many there were of its kind, and how many ended with the bits of a run without a fault.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.oracle.clusters import CLIENT_THAT_IS_KILLED, bits, cluster, examples, faulty, module, module_text, shards
from tests.support.modules import ROOT

KILL = "_os.kill(_os.getpid(), _signal.SIGKILL)"
EPOCHS = 4


def trained(client: Any, text: str, **options: Any) -> tuple[bytes, ...]:
    """The bits of a training of a module."""
    from nngen.dask import fit

    x, y, _ = examples()
    return bits(fit(client, text, module(text).init(), shards(x, y), epochs=EPOCHS, **options))


def counted(counts: dict[str, list[bool]], name: str, same: bool) -> None:
    """Print how many runs of a kind there were until now."""
    found = counts.setdefault(name, [])
    found.append(same)
    print(f"{name}: {len(found)} runs, {sum(found)} with the same bits", flush=True)


def main(every: int) -> None:
    """Kill at each place, or at every so many of them."""
    text, counts = module_text(), dict[str, list[bool]]()
    expected = trained(None, text)
    gradients = range(0, 3 * 5 * EPOCHS, every)
    for function, calls in ("_checked_targets", range(3)), ("gradient", gradients):
        for call in calls:
            # a nanny does not start a worker again that is killed while the nanny itself is starting it
            with cluster() as client, TemporaryDirectory() as folder:
                same = trained(client, faulty(text, Path(folder), call, KILL, function)) == expected
            counted(counts, f"SIGKILL of a worker within {function}", same)
    with cluster() as client:
        for write in range(1, 13, every):
            with TemporaryDirectory() as folder:
                path = Path(folder) / "net.checkpoint"
                run = [sys.executable, "-c", CLIENT_THAT_IS_KILLED, str(path), str(write), "{}"]
                killed = subprocess.run(run, cwd=ROOT, check=False).returncode == -9
                same = trained(client, text, checkpoint=path, resume=True) == expected
            counted(counts, "SIGKILL of the client after a checkpoint", killed and same)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]) if sys.argv[1:] else (1,))
