"""Examples: read from rows or a file, split, encoded and scaled."""

from nngen.data.csv_table import number
from nngen.data.encoding import CategoryColumn, Encoding, NumberColumn
from nngen.data.examples import Examples, encoding, examples
from nngen.data.scaling import Scaling

__all__ = ["CategoryColumn", "Encoding", "Examples", "NumberColumn", "Scaling", "encoding", "examples", "number"]
