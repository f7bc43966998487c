"""How many lines modules have, by their parts: ``python -m benchmarks.contents``.

Blank lines count, trained weights do not. The last table compares some modules with the lengths that they should have.
"""

from collections.abc import Sequence
from pathlib import Path

from nngen.description.data import encoding
from nngen.description.model import Spec, parts
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import TARGETS, render

ROOT = Path(__file__).parents[1]

CHOICES: Sequence[tuple[str, ...]] = (
    *(("forward",), ("gradient",), ("training",)),
    *(("prediction",), ("training", "prediction"), ("all",)),
)

TITANIC = Spec.model_validate(
    {
        "name": "titanic",
        "inputs": [
            {"name": "sex", "categories": ["female", "male"], "unknown": "zeros"},
            {"name": "age", "missing": 28.0, "indicator": True, "scale": {"name": "divide", "by": 80.0}},
            {"name": "passengerClass", "categories": ["1st", "2nd", "3rd"], "unknown": "zeros"},
        ],
        "layers": [
            {"name": "hidden", "units": 64, "activation": "relu"},
            {"name": "output", "units": ["survived"], "activation": "sigmoid"},
        ],
        "loss": {"name": "binary_cross_entropy", "outputs": "sum"},
        "training": {"optimizer": {"name": "adam", "rate": 0.01}},
        "data": {"file": "passengers.csv", "target": "survived", "classes": ["no", "yes"]},
    }
)
"""Survival by class, age and sex, with 64 units."""

GOALS: Sequence[tuple[str, str, str, tuple[str, ...], int]] = (
    ("xor_mlp", "python", "auto", ("gradient",), 95),
    ("xor_mlp", "python", "auto", ("training",), 185),
    ("xor_mlp", "javascript", "auto", ("training",), 227),
    ("xor_mlp", "c", "auto", ("training",), 240),
    ("iris", "python", "auto", ("training", "prediction"), 610),
    ("iris", "python", "layers", ("training", "prediction"), 330),
    ("digits", "numpy", "auto", ("training",), 235),
    ("digits", "numpy", "auto", ("training", "prediction"), 350),
    ("titanic", "python", "auto", ("prediction",), 180),
    ("titanic", "javascript", "auto", ("prediction",), 245),
    ("titanic", "c", "auto", ("prediction",), 185),
)
"""A network, its target and form, its parts, and the lines that it should have."""


def lines(spec: Spec, target: str, *choices: Sequence[str], unroll: str = "auto") -> list[int]:
    """The lines of a module with each choice of parts."""
    listed = {"name": target} if target == "numpy" else {"name": target, "unroll": unroll}
    formed = Spec.model_validate(spec.model_dump(by_alias=True, exclude={"targets"}) | {"targets": [listed]})
    planned = plan(formed, encoding(formed, ROOT / "specs"))
    return [len(render(planned, formed, target, contents=parts(chosen)).splitlines()) for chosen in choices]


def main() -> None:
    """Print the tables."""
    specs = {path.stem: load(path) for path in sorted((ROOT / "specs").glob("*.yaml"))}
    for target in TARGETS:
        print(f"\n{target:18}" + "".join(f"{' + '.join(chosen):>24}" for chosen in CHOICES))
        for name, spec in specs.items():
            print(f"{name:18}" + "".join(f"{count:24}" for count in lines(spec, target, *CHOICES)))
    print(f"\n{'module':44}{'lines':>8}{'goal':>8}")
    for name, target, unroll, chosen, goal in GOALS:
        [found] = lines(specs.get(name, TITANIC), target, chosen, unroll=unroll)
        what = f"{name}, {target}{', by layers' * (unroll == 'layers')}: {' + '.join(chosen)}"
        print(f"{what:54}{found:8}{goal:8}{'  more' * (found > goal)}")


if __name__ == "__main__":
    main()
