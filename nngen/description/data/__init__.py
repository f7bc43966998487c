"""Examples: read from the spec or a table, split and scaled."""

from typing import TYPE_CHECKING

from nngen.common.on_demand import on_demand
from nngen.description.data.cells import LARGEST, MISSING, Expected, example_weight, is_number, number
from nngen.description.data.csv_table import header
from nngen.description.data.date_texts import FORMS, date, in_form, part_of
from nngen.description.data.encoded_columns import (
    FAR,
    AnyColumn,
    CategoryColumn,
    DateColumn,
    IndexColumn,
    NumberColumn,
    PartOfDate,
)
from nngen.description.data.encoding import Encoding
from nngen.description.data.in_utf8 import recognized
from nngen.description.data.measure import answer_ends, measure, scaling_of
from nngen.description.data.number_guess import BOUNDS, Guess, guess
from nngen.description.data.number_guess import written as number_style
from nngen.description.data.number_texts import in_style
from nngen.description.data.of_spec import encoding
from nngen.description.data.properties import classes, is_plain, measures
from nngen.description.data.scaling import Scaling
from nngen.description.data.sources import apart

if TYPE_CHECKING:
    from nngen.description.data.exact import logarithms
    from nngen.description.data.examples import (
        Examples,
        judged,
        other_examples,
        raw_parts,
        read_encoding,
        read_examples,
        rows_encoded,
        training_columns,
    )
    from nngen.description.data.extreme_cells import extremes
    from nngen.description.data.floats import Array, percentile
    from nngen.description.data.frame import Frame, missing_column
    from nngen.description.data.ids import collected, in_order
    from nngen.description.data.negatives import drawn_again
    from nngen.description.data.network_inputs import answers, in_units, inputs, scaled_targets
    from nngen.description.data.npy import npy_array
    from nngen.description.data.partition import validation_order
    from nngen.description.data.raw_examples import classes_of, expected_columns, expected_of
    from nngen.description.data.sources import content
    from nngen.description.data.splits import is_in_order
    from nngen.description.data.tables import frame_of, frames, read_frame
    from nngen.description.data.typical import typical_row
    from nngen.description.data.workbook import opened_workbook, workbook_apart
    from nngen.description.data.written_rows import ShownRows, as_written, shown_rows

__all__ = [
    "BOUNDS",
    "FAR",
    "FORMS",
    "LARGEST",
    "MISSING",
    "AnyColumn",
    "Array",
    "CategoryColumn",
    "DateColumn",
    "Encoding",
    "Examples",
    "Expected",
    "Frame",
    "Guess",
    "IndexColumn",
    "NumberColumn",
    "PartOfDate",
    "Scaling",
    "ShownRows",
    "answer_ends",
    "answers",
    "apart",
    "as_written",
    "classes",
    "classes_of",
    "collected",
    "content",
    "date",
    "drawn_again",
    "encoding",
    "example_weight",
    "expected_columns",
    "expected_of",
    "extremes",
    "frame_of",
    "frames",
    "guess",
    "header",
    "in_form",
    "in_order",
    "in_style",
    "in_units",
    "inputs",
    "is_in_order",
    "is_number",
    "is_plain",
    "judged",
    "logarithms",
    "measure",
    "measures",
    "missing_column",
    "npy_array",
    "number",
    "number_style",
    "opened_workbook",
    "other_examples",
    "part_of",
    "percentile",
    "raw_parts",
    "read_encoding",
    "read_examples",
    "read_frame",
    "recognized",
    "rows_encoded",
    "scaled_targets",
    "scaling_of",
    "shown_rows",
    "training_columns",
    "typical_row",
    "validation_order",
    "workbook_apart",
]

__getattr__ = on_demand(
    __name__,
    {  # they need NumPy
        "extreme_cells": "extremes",
        "exact": "logarithms",
        "examples": "Examples judged other_examples raw_parts read_encoding read_examples"
        " rows_encoded training_columns",
        "floats": "Array percentile",
        "frame": "Frame missing_column",
        "ids": "collected in_order",
        "network_inputs": "answers in_units inputs scaled_targets",
        "npy": "npy_array",
        "negatives": "drawn_again",
        "partition": "validation_order",
        "raw_examples": "classes_of expected_columns expected_of",
        "sources": "content",
        "splits": "is_in_order",
        "tables": "frame_of frames read_frame",
        "typical": "typical_row",
        "workbook": "opened_workbook workbook_apart",
        "written_rows": "ShownRows as_written shown_rows",
    },
)
