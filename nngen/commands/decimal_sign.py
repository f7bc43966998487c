"""The decimal sign of a table that a user states, in place of the one that its spec states."""

import json
from collections.abc import Iterator

from nngen.description.data import classes_of
from nngen.description.model import NumberStyle, Numeric, Spec, Table

OTHER = {",": ".", ".": ","}
"""The sign between thousands where the other one is the decimal sign."""


def in_decimal(spec: Spec, sign: str) -> Iterator[str]:
    """Values of a spec, as ``--set`` takes them, by which its columns of numbers have this decimal sign."""
    columns = [_styled(column, sign) if isinstance(column, Numeric) else None for column in spec.columns]
    if any(columns) and not isinstance(spec.inputs, tuple):  # a group of columns that are all alike
        yield f"inputs=[{', '.join(filter(None, columns))}]"
    else:
        yield from (f"inputs.{place}={text}" for place, text in enumerate(columns) if text)
    if isinstance(spec.data, Table) and not classes_of(spec, spec.data):
        yield f"data.target_number={json.dumps(_style(spec.data.target_number, sign))}"


def _styled(column: Numeric, sign: str) -> str:
    stated = column.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return json.dumps({**stated, "number": _style(column.number, sign)}, ensure_ascii=False)


def _style(style: NumberStyle | None, sign: str) -> dict[str, str]:
    """A style with another decimal sign. Between thousands is the other one, if it was one of them or nothing."""
    stated = {} if style is None else dict(style.marks)
    between = stated.get("thousands") or OTHER[sign]
    return {**stated, "decimal": sign, "thousands": OTHER[sign] if between in OTHER else between}
