"""A training of ``benchmarks.complete``: reads data and parameters from a folder, and prints the epochs and the loss.

    python benchmarks/trainer.py PROGRAM FOLDER

Each program imports only what it needs, as in a user's own file.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST = 1000
"""The most epochs."""


def main(program: str, folder: Path) -> None:
    """Train with one of the programs."""
    told = json.loads((folder / "told.json").read_text("utf-8"))
    epochs, loss = TRAINERS[program](folder, told)
    print(json.dumps({"epochs": epochs, "loss": round(loss, 6)}))


def generated(name: str, as_lists: bool = False) -> Callable[[Path, dict[str, Any]], tuple[int, float]]:
    """A trainer by the module of a target."""

    def train(folder: Path, told: dict[str, Any]) -> tuple[int, float]:
        import numpy as np

        sys.path.insert(0, str(folder))
        net: Any = __import__(name)
        data = np.load(folder / "data.npz")
        x, y = (data[key].tolist() if as_lists else data[key] for key in "xy")
        params = net.unpack(np.concatenate([data[f"p{i}"].ravel() for i in range(4)]).tolist())
        _, history = net.fit(
            params, x, y, MOST, told["batch"], None, lambda epoch, loss, params, progress: loss <= told["loss"]
        )
        return len(history), history[-1]

    return train


def scikit_learn(folder: Path, told: dict[str, Any]) -> tuple[int, float]:
    """By MLPClassifier and stochastic gradient descent, epoch by epoch."""
    import numpy as np
    from sklearn.neural_network import MLPClassifier

    data = np.load(folder / "data.npz")
    x, classes = data["x"], data["y"].argmax(axis=1)
    options = {"solver": "sgd", "alpha": 0.0, "momentum": 0.0, "learning_rate_init": told["rate"], "shuffle": False}
    model = MLPClassifier((told["hidden"],), batch_size=told["batch"], **options)
    model.partial_fit(x[:32], classes[:32], classes=np.arange(10))
    for i in range(2):  # in place, because its optimizer holds these arrays
        model.coefs_[i][:] = data[f"p{2 * i}"].T
        model.intercepts_[i][:] = data[f"p{2 * i + 1}"]
    epochs = 0
    while epochs == 0 or (model.loss_ > told["loss"] and epochs < MOST):
        model.partial_fit(x, classes)
        epochs += 1
    return epochs, float(model.loss_)


def pytorch(folder: Path, told: dict[str, Any]) -> tuple[int, float]:
    """By a loop over batches, as in its tutorials."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    data = np.load(folder / "data.npz")
    x, classes = torch.from_numpy(data["x"]), torch.from_numpy(data["y"].argmax(axis=1))
    hidden, inputs = data["p0"].shape
    model = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10))
    with torch.no_grad():
        for i, p in enumerate(model.parameters()):
            p.copy_(torch.from_numpy(data[f"p{i}"]))
    optimizer = torch.optim.SGD(model.parameters(), lr=told["rate"])
    measure = torch.nn.CrossEntropyLoss()
    size = told["batch"]
    epochs, total = 0, float("inf")
    while total > told["loss"] * len(x) and epochs < MOST:
        epochs, total = epochs + 1, 0.0
        for some_x, some in zip(x.split(size), classes.split(size), strict=True):
            optimizer.zero_grad()
            loss = measure(model(some_x), some)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(some)
    return epochs, total / len(x)


def keras(folder: Path, told: dict[str, Any]) -> tuple[int, float]:
    """By fit, with a callback that ends it."""
    import keras
    import numpy as np

    data = np.load(folder / "data.npz")
    layers = [keras.layers.Dense(told["hidden"], "relu"), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((data["x"].shape[1],)), *layers])
    model.set_weights([data[f"p{i}"].T for i in range(4)])
    model.compile(keras.optimizers.SGD(told["rate"]), "categorical_crossentropy")

    class Enough(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.model.stop_training = logs["loss"] <= told["loss"]

    options = {"shuffle": False, "verbose": 0, "callbacks": [Enough()]}
    history = model.fit(data["x"], data["y"], told["batch"], MOST, **options).history["loss"]
    return len(history), history[-1]


TRAINERS = {
    "nngen python": generated("net_python", as_lists=True),
    "nngen numpy": generated("net_numpy"),
    "nngen c": generated("net_c"),
    "scikit-learn": scikit_learn,
    "PyTorch": pytorch,
    "Keras, JAX": keras,
}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
