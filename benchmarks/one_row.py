"""One row: ``nngen.predict`` of a result beside ``predict`` of its own module.

    python -m benchmarks.one_row      # some seconds

Both take the same mapping. The calls alternate, and the medians are compared: the goal is a ratio of at most 2.
"""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import nngen

SPECS = Path(__file__).resolve().parent.parent / "specs"
ROWS = {
    "iris": {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2},
    "penguins": {
        "island": "Torgersen",
        "bill_length_mm": 39.1,
        "bill_depth_mm": 18.7,
        "flipper_length_mm": 181,
        "body_mass_g": 3750,
        "sex": "male",
    },
    "ratings_mf": {"reader": "Ada", "book": "Amber Coast"},
}
CALLS = 4_000


def main() -> None:
    """Print a line for each network."""
    for name, row in ROWS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", nngen.Caution)
            result = nngen.train(SPECS / f"{name}.yaml", epochs=1, progress=False)
        module = result.module()
        own: Callable[[], object] = lambda: module.predict(module.TRAINED, [row])  # noqa: B023, E731
        here: Callable[[], object] = lambda: nngen.predict(result, row)  # noqa: B023, E731
        seconds: dict[Callable[[], object], list[float]] = {own: [], here: []}
        for _ in range(CALLS):
            for call, found in seconds.items():
                start = time.perf_counter()
                call()
                found.append(time.perf_counter() - start)
        of_module, of_result = (median(found) for found in seconds.values())
        print(f"{name}: module {of_module * 1e6:.0f} µs, nngen.predict {of_result * 1e6:.0f} µs: ", end="")
        print(f"{of_result / of_module:.2f} times")


if __name__ == "__main__":
    main()
