"""Examples: read from rows or a CSV file, split, and scaled."""

from nngen.data.csv_table import number
from nngen.data.examples import Examples, examples, scaling
from nngen.data.scaling import Scaling

__all__ = ["Examples", "Scaling", "examples", "number", "scaling"]
