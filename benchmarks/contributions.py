"""Do contributions rank the columns as `shap` does?

    python -m benchmarks.contributions      # some minutes

For five tables: a network that `nngen init` proposes, trained, and 40 of its rows. Of each row the contributions of the
columns, and the Shapley values that `shap.KernelExplainer` estimates for the same answer and the same typical row: a
column is the row's, or that of the typical row. Printed are Spearman's correlation of the mean absolute values of the
columns, which rank them, and the mean correlation within a row.
"""

import json
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from scipy.stats import spearmanr

import nngen
from benchmarks.cells import Array
from nngen.description.data import shown_rows
from tests.support.real_tables import CHOSEN, OTHERS, RealTable

TABLES = ("Hawks", "TitanicSurvival", "SLID", "Sacramento", "credit_data")
ROWS = 40


def compared(table: RealTable, folder: Path) -> tuple[int, float, float]:
    """The columns of a table, the correlation of their ranks, and the mean one within a row."""
    import shap

    path = table.write(folder)
    network = nngen.init(path, table.target)
    module: Any = nngen.train(network).module(["prediction", "sensitivity"])
    columns = shown_rows(network.spec, network.path.parent, ROWS).columns
    rows = [list(row) for row in zip(*(columns[column] for column in module.COLUMNS), strict=True)]
    typical, params = [module.TYPICAL[column] for column in module.COLUMNS], module.TRAINED
    moved = module.contributions(params, rows)
    ours = np.column_stack([moved[column] for column in module.COLUMNS])
    theirs = np.empty_like(ours)
    for place, row in enumerate(rows):
        answer = module.predict(params, [row])[0]

        def score(masks: Array, row: list[Any] = row, answer: Any = answer) -> Array:
            mixed = [
                [cell if on else usual for cell, usual, on in zip(row, typical, mask, strict=True)] for mask in masks
            ]
            if not hasattr(module, "CLASSES"):
                return np.asarray(module.predict(params, mixed), np.float64)
            return np.asarray(module.predict_proba(params, mixed)[:, module.CLASSES.index(answer)], np.float64)

        explainer = shap.KernelExplainer(score, np.zeros((1, len(row))), silent=True)
        theirs[place] = explainer.shap_values(np.ones((1, len(row))), silent=True)[0]
    ranks = spearmanr(np.abs(ours).mean(axis=0), np.abs(theirs).mean(axis=0)).statistic
    within = [spearmanr(one, other).statistic for one, other in zip(ours, theirs, strict=True) if np.ptp(one) > 0.0]
    return len(module.COLUMNS), float(ranks), float(np.mean(within))


def main() -> None:
    """Print a row for each table; the figures go into ``contributions.json``, too."""
    warnings.simplefilter("ignore")
    found = {}
    print("| table | columns | ranks of columns | within a row |\n| --- | --- | --- | --- |")
    for table in (one for one in (*CHOSEN, *OTHERS) if one.name in TABLES):
        with TemporaryDirectory() as folder:
            columns, ranks, within = compared(table, Path(folder))
        found[table.name] = [round(ranks, 2), round(within, 2)]
        print(f"| {table.name} | {columns} | {ranks:.2f} | {within:.2f} |", flush=True)
    Path(__file__).with_suffix(".json").write_text(json.dumps(found) + "\n", "utf-8")


if __name__ == "__main__":
    main()
