"""The columns of pyarrow's tables as numbers or texts, and the types that are neither."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nngen.common.diagnostics import show
from nngen.description.data import sources
from nngen.description.data.arrow_numbers import numbers_in
from nngen.description.data.cells import DATES, stripped
from nngen.description.data.floats import Array
from nngen.description.data.frame import Column
from nngen.description.data.text_columns import coded, from_dictionary, of_texts

if TYPE_CHECKING:
    import pyarrow as pa


def unfit(kind: "pa.DataType") -> tuple[str, str]:
    """A description and advice for a type that is neither a number nor a text; otherwise empty."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return unfit(kind.value_type)
    if types.is_temporal(kind) and not _is_date(kind):
        return f"dates or times ({kind})", DATES
    if types.is_nested(kind):
        return f"the nested type {show(str(kind))}", "split it into one column for each part"
    if is_text(kind) or _is_date(kind) or types.is_null(kind) or types.is_boolean(kind):
        return "", ""
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return "", ""
    return f"the type {show(str(kind))}", "write it as numbers or as texts"


def is_text(kind: "pa.DataType") -> bool:
    """Whether a type is one of texts."""
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_date(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_date(kind) or types.is_timestamp(kind))


def values_of(column: "pa.ChunkedArray") -> Column:
    """A column as numbers or as texts; ``True`` and ``False`` are texts, as pandas writes them into CSV files.

    Dates are texts of ISO 8601, with the time on the clocks of their zone.

    Raises:
        ValueError: a text is too long.
    """
    import pyarrow as pa
    from pyarrow import types

    kind: Any = column.type
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_null(plain):
        return of_texts([None] * len(column))
    if types.is_boolean(plain):
        return of_texts([None if value is None else str(value) for value in column.to_pylist()])
    if _is_date(plain):  # of a zone, the time on its clocks
        zone = plain.tz if types.is_timestamp(plain) else None
        moments = column.cast(pa.timestamp("us", zone), safe=False) if types.is_timestamp(plain) else column
        return of_texts([None if value is None else value.isoformat() for value in moments.to_pylist()])
    if is_text(plain):
        encoded = column if types.is_dictionary(kind) else column.dictionary_encode()
        for chunk in encoded.chunks:
            _refuse_long(chunk.dictionary)
        texts = from_dictionary(encoded)
        return coded((stripped(text or "") or None for text in texts.known), texts.places)
    if types.is_dictionary(kind):
        column = column.cast(plain)
    numbers: Array = numbers_in(column.cast(pa.float64(), safe=False), np.float64, np.nan)
    return numbers


def _refuse_long(known: "pa.Array") -> None:
    """Refuse a text that would be too long for a line of CSV, before Python copies it.

    Raises:
        ValueError: there is one.
    """
    import pyarrow as pa
    from pyarrow import compute, types

    if types.is_string_view(known.type):  # its lengths cannot be computed
        known = known.cast(pa.large_string())
    longest = compute.max(compute.binary_length(known)).as_py() or 0
    if longest > sources.MAX_LINE:
        raise ValueError(f"a text has {longest:,} bytes, and at most {sources.MAX_LINE:,} are read")
