"""The tables of two inputs that 0 and 1 can make."""

from itertools import product

import numpy as np

Table = tuple[float, ...]
"""The targets of the inputs (0, 0), (0, 1), (1, 0) and (1, 1)."""

CORNERS = np.array([*product((0.0, 1.0), repeat=2)])
TABLES: dict[str, Table] = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
LINES = (*product((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), (-1.5, -0.5, 0.5, 1.5)),)
"""Two weights and a bias: one for each table that a line can make."""
