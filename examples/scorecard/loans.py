"""Writes loans.csv: 600 loans, made up, and whether they were repaid.

More income and fewer debts make repayment likelier, the more so for those who own their home. The random numbers are
those of ``random.Random(5)``.

    python examples/scorecard/loans.py
"""

import csv
import math
import random
from pathlib import Path


def main() -> None:
    """Write the table beside this file."""
    draw = random.Random(5)  # noqa: S311 (the table has to be repeatable, not secret)
    rows = []
    for _ in range(600):
        income = round(min(max(draw.lognormvariate(3.6, 0.45), 8.0), 150.0))
        debts = round(min(draw.expovariate(1 / 15), 90.0))
        years = round(min(draw.expovariate(1 / 6), 40.0))
        home = draw.choice(["rent", "rent", "own"])
        score = 0.06 * (income - 35) - 0.09 * (debts - 12) + 0.25 * math.sqrt(years) + 0.8 * (home == "own")
        repaid = draw.random() < 1 / (1 + math.exp(-score))
        rows.append((income, debts, years, home, "yes" if repaid else "no"))
    with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("income", "debts", "years", "home", "repaid"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
