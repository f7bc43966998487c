"""Federated training of a module of nngen with Flower: the rows stay where they are.

Each client trains the module on its own rows for an epoch, and the server averages the parameters, weighted by rows
(FedAvg: McMahan et al., AISTATS 2017). That is another algorithm than ``fit``, with other results. Flower pins many
versions, so it needs its own environment:

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python federated.py

It trains iris with three clients in Flower's simulation, and checks the parameters against the same average by hand.
"""

import csv
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg
from flwr.simulation import run_simulation

ROOT = Path(__file__).resolve().parents[2]
MODULE, TABLE = ROOT / "generated" / "numpy" / "iris.py", ROOT / "specs" / "data" / "iris.csv"
CLIENTS, ROUNDS = 3, 5

found: list[list[np.ndarray]] = []
client, server = ClientApp(), ServerApp()


def module() -> Any:
    """The module; each process runs its text."""
    net = ModuleType("iris")
    exec(MODULE.read_text("utf-8"), net.__dict__)  # noqa: S102 (a module of this repository)
    return net


def rows_of(net: Any, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Every third row of the table: what one client has."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)][place::CLIENTS]
    x = net.encode([[float(row[name]) for name in net.COLUMNS] for row in rows])
    return x, np.array([[float(row["species"] == name) for name in net.CLASSES] for row in rows])


@client.train()
def train(message: Message, context: Context) -> Message:
    """An epoch on the rows of this client."""
    net = module()
    x, y = rows_of(net, int(context.node_config["partition-id"]))
    params, history = net.fit(message.content["arrays"].to_numpy_ndarrays(), x, y, epochs=1)
    metrics = MetricRecord({"loss": history[-1], "num-examples": len(x)})
    return Message(RecordDict({"arrays": ArrayRecord(params), "metrics": metrics}), reply_to=message)


@server.main()
def serve(grid: Grid, context: Context) -> None:
    """Rounds of training, and the average after each."""
    strategy = FedAvg(fraction_evaluate=0.0, min_train_nodes=CLIENTS, min_available_nodes=CLIENTS)
    result = strategy.start(grid, ArrayRecord(module().init()), num_rounds=ROUNDS)
    found.append(result.arrays.to_numpy_ndarrays())


def main() -> None:
    """Train, and compare.

    Raises:
        SystemExit: the parameters differ.
    """
    run_simulation(server, client, num_supernodes=CLIENTS)
    net = module()
    params, parts = net.init(), [rows_of(net, place) for place in range(CLIENTS)]
    for _ in range(ROUNDS):
        trained = [net.fit(params, x, y, epochs=1)[0] for x, y in parts]
        params = [
            np.average(values, axis=0, weights=[len(x) for x, _ in parts]) for values in zip(*trained, strict=True)
        ]
    apart = max(float(np.abs(a - b).max()) for a, b in zip(found[0], params, strict=True))
    print(f"{CLIENTS} clients, {ROUNDS} rounds: {apart:.0e} from the same average by hand")
    sys.exit(not apart < 1e-6)


if __name__ == "__main__":
    main()
