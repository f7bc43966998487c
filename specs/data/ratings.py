"""Writes ratings.csv: what 24 readers think of 30 books, made up by matrix factorization with noise.

Each reader has a taste for adventure, romance and science, and each book has some of each. A rating is the sum of a
mean, how generous the reader is, how good the book is, and the dot product of taste and content, in half stars from 0.5
to 5. Two thirds of the ratings are unknown. The random numbers are those of ``random.Random(7)``.

    python specs/data/ratings.py
"""

import csv
import random
from pathlib import Path

READERS = (
    "Ada Ben Cleo Dan Eva Finn Gus Hana Ivan June Kofi Lena Max Nora Omar Pia Quinn Rosa Sami Tara Uma Vera Wim Yara"
)
BOOKS = (
    "Amber Coast,Blue Comet,Cold Harbor,Distant Suns,Ember Road,Fading Letters,Glass Orchard,Hidden River,Iron Tide,"
    "Jade Lantern,Kite Season,Last Signal,Moon Atlas,Night Garden,Open Water,Paper Crown,Quiet Storm,Red Meridian,"
    "Silver Thread,Third Orbit,Under Oaks,Velvet Hour,Winter Keys,Yellow Door,Zero Gravity,Autumn Debt,Bright Ruin,"
    "Copper Sky,Deep Archive,Echo Valley"
)


def main() -> None:
    """Write the table beside this file."""
    draw = random.Random(7)  # noqa: S311 (the table has to be repeatable, not secret)
    readers, books = READERS.split(), BOOKS.split(",")
    taste = {name: [draw.gauss(0.0, 0.8) for _ in range(3)] for name in readers}
    content = {name: [draw.gauss(0.0, 0.8) for _ in range(3)] for name in books}
    generous = {name: draw.gauss(0.0, 0.4) for name in readers}
    good = {name: draw.gauss(0.0, 0.5) for name in books}
    rows = []
    for reader in readers:
        for book in sorted(draw.sample(books, 10)):
            match = sum(t * c for t, c in zip(taste[reader], content[book], strict=True))
            rating = 3.3 + generous[reader] + good[book] + match + draw.gauss(0.0, 0.2)
            rows.append((reader, book, min(5.0, max(0.5, round(2.0 * rating) / 2.0))))
    with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("reader", "book", "rating"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
