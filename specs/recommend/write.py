"""Writes the recommenders of this folder that need numbers from the ratings, a copy of ../data/ratings.csv.

    python specs/recommend/write.py

- autorec.yaml: the rows of the table, a book each, with null for unknown ratings.
- ease.yaml: weights in closed form. With X = 1 where a reader has rated a book, G = XᵀX + λI and P = G⁻¹, the weight
  that leads to book i from book j is -P[j, i] / P[i, i], and 0 for i = j (Steck 2019, equation 8).
- items_cosine.yaml and items_pearson.yaml: the similarity of two books, over readers who rated both. The prediction is
  the weighted mean of a reader's ratings, weighted by similarity (Sarwar, Karypis, Konstan and Riedl 2001, equation 3).
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
HEAD = "# yaml-language-server: $schema=../../docs/spec.schema.json\n"
STRENGTH = 2.0
"""λ of EASE."""


def ratings() -> tuple[list[str], list[str], np.ndarray]:
    """Readers, books, and their ratings, NaN where unknown."""
    with (HERE / "data" / "ratings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    readers, books = (sorted({row[name] for row in rows}) for name in ("reader", "book"))
    table = np.full((len(readers), len(books)), np.nan)
    for row in rows:
        table[readers.index(row["reader"]), books.index(row["book"])] = float(row["rating"])
    return readers, books, table


def name_of(book: str) -> str:
    """The name of a book as the name of an input."""
    return book.lower().replace(" ", "_")


def matrix(values: np.ndarray) -> str:
    """A matrix in YAML, a row on each line."""
    return "\n".join(f"        - [{', '.join(f'{value:.4g}' for value in row)}]" for row in values)


def listed(names: list[str], indent: str = "  ") -> str:
    """Names in YAML, some on each line."""
    lines, line = [], ""
    for name in names:
        if len(indent + line + name) > 110:
            lines.append(line.rstrip())
            line = ""
        line += f"{name}, "
    return "\n".join(indent + text for text in [*lines, line.rstrip()])


def autorec(readers: list[str], table: np.ndarray) -> str:
    """I-AutoRec: a book's ratings by all readers come back through a narrow layer."""
    rows = [
        f"    - {{x: [{', '.join('0' if np.isnan(r) else f'{r - 3.3:.1f}' for r in book)}],\n"
        f"       y: [{', '.join('null' if np.isnan(r) else f'{r:.1f}' for r in book)}]}}"
        for book in table.T
    ]
    return f"""{HEAD}\
# I-AutoRec (Sedhain, Menon, Sanner and Xie, AutoRec, WWW 2015): the ratings of a book, through a hidden layer, are the
# predicted ratings of all readers. Unknown ratings contribute no loss. Inputs are ratings minus the mean of 3.3, and 0
# where unknown. Written by write.py.
name: autorec
inputs: [
{listed([f"by_{name.lower()}" for name in readers])}
]
layers:
  - {{name: hidden, units: 6, activation: sigmoid}}
  - name: rating
    units: [
{listed([f"for_{name.lower()}" for name in readers], "      ")}
    ]
    activation: linear
loss: {{name: squared_error, outputs: sum, missing: ignore}}
training:
  optimizer: {{name: adam, rate: 0.02}}
  penalty: {{name: l2, strength: 0.02}}
  batch_size: 10
  epochs: 300
data:
  rows:
{chr(10).join(rows)}
targets: [numpy]
"""


def ease(books: list[str], table: np.ndarray) -> str:
    """EASE: a linear autoencoder with zero diagonal."""
    known = (~np.isnan(table)).astype(float)
    inverse = np.linalg.inv(known.T @ known + STRENGTH * np.eye(len(books)))
    weights = -inverse.T / np.diag(inverse)[:, None]
    np.fill_diagonal(weights, 0.0)
    return f"""{HEAD}\
# EASE (Steck, Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019): books that a reader has read predict the
# others. The weights have a closed form and are not trained; a book does not predict itself. Written by write.py.
name: ease
inputs: [
{listed([name_of(book) for book in books])}
]
layers:
  - name: score
    units: [
{listed([f"like_{name_of(book)}" for book in books], "      ")}
    ]
    activation: linear
    bias: {{initial: zeros}}  # how popular a book is: the only part that training would change
    weights:
      trainable: false
      initial:
{matrix(weights)}
loss: squared_error
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}}}
targets: [numpy]
"""


def cosine(table: np.ndarray) -> np.ndarray:
    """Cosines between books, over readers who rated both; 0 where nobody did."""
    filled, known = np.nan_to_num(table), (~np.isnan(table)).astype(float)
    norms = np.sqrt((filled**2).T @ known)
    return np.divide(filled.T @ filled, norms * norms.T, out=np.zeros_like(norms), where=norms > 0)


def pearson(table: np.ndarray) -> np.ndarray:
    """Correlations between books, over readers who rated both; 0 where fewer than three did or nothing varies."""
    known = (~np.isnan(table)).astype(float)
    filled = np.nan_to_num(table)
    both = known.T @ known
    sums, squares = filled.T @ known, (filled**2).T @ known
    covariance = both * (filled.T @ filled) - sums * sums.T
    spread = np.sqrt(np.maximum(both * squares - sums**2, 0.0))
    product = spread * spread.T
    return np.divide(covariance, product, out=np.zeros_like(both), where=(product > 1e-9) & (both > 2))


def items(kind: str, says: str, books: list[str], similar: np.ndarray) -> str:
    """Item-item collaborative filtering: a sum of similar ratings, divided by the sum of similarities."""
    similar = similar * (1.0 - np.eye(len(books)))
    nothing = np.zeros_like(similar)
    tiny = ", ".join(["1.0e-9"] * len(books))
    rated = [name_of(book) for book in books]
    return f"""{HEAD}\
# Item-item collaborative filtering (Sarwar, Karypis, Konstan and Riedl, WWW 2001): {says}
# The inputs are a reader's ratings, 0 where unknown, and 1 for each known rating. A prediction is the sum of
# similarity · rating over the known ones, divided by the sum of |similarity|. The weights are the similarities, and
# they are not trained. Written by write.py.
name: items_{kind}
inputs: [
{listed(rated)}
{listed([f"knows_{name}" for name in rated])}
]
layers:
  - name: weighted
    units: {len(books)}
    activation: linear
    bias: false
    weights:
      trainable: false
      initial:
{matrix(np.hstack([similar, nothing]))}
  - name: known
    units: {len(books)}
    from: x
    activation: linear
    bias: {{initial: [{tiny}], trainable: false}}  # a reader without similar ratings gets 0
    weights:
      trainable: false
      initial:
{matrix(np.hstack([nothing, np.abs(similar)]))}
  - name: rating
    kind: ratio
    from: [weighted, known]
    units: [
{listed([f"for_{name}" for name in rated], "      ")}
    ]
    bias: {{initial: zeros}}  # the only part that training would change
loss: {{name: squared_error, missing: ignore}}
training: {{optimizer: {{name: gradient_descent, rate: 0.1}}}}
targets: [numpy]
"""


def main() -> None:
    """Write the files."""
    readers, books, table = ratings()
    texts = {
        "autorec": autorec(readers, table),
        "ease": ease(books, table),
        "items_cosine": items("cosine", "cosines between books.", books, cosine(table)),
        "items_pearson": items("pearson", "correlations.", books, pearson(table)),
    }
    for name, text in texts.items():
        (HERE / f"{name}.yaml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
