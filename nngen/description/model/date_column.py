"""The model of a column of dates and times."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from nngen.description.model.fields import Model, Switch, Text
from nngen.description.model.names import InputName
from nngen.description.model.scale import ColumnScale

DateForm = Literal["YYYY-MM-DD", "YYYY/MM/DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY"]
"""How the data write a date; the first is ISO 8601."""

DatePart = Literal["year", "days", "month", "weekday", "hour"]
"""What the network sees of a date."""

CIRCLES = {"month": 12, "weekday": 7, "hour": 24}
"""The parts that begin again, and after how many."""


MOMENT = r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?"
"""A date of ISO 8601, with or without a time."""


def _moment(text: str) -> str:
    """Refuse a text that is no date of ISO 8601, with or without a time.

    Raises:
        ValueError: it is none.
    """
    try:
        if not re.fullmatch(MOMENT, text, re.ASCII):
            raise ValueError
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a date such as 2024-05-17") from None
    return text


Moment = Annotated[Text, Field(json_schema_extra={"pattern": f"^{MOMENT}$"}), AfterValidator(_moment)]


class Dated(Model):
    """A column of dates, with or without times: one or two inputs for each part."""

    name: InputName
    """The prefix of the inputs' names, such as `NAME_year`."""
    column: Annotated[Text, Field(min_length=1)] | None = None
    """The name of the column in the data; the default is `name`."""
    date: DateForm
    """How the data write dates; a time may follow. Dates of ISO 8601, such as `2024-05-17 13:45`, are read as well."""
    parts: Annotated[tuple[DatePart, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})]
    """What the network sees: `year` and `days` as numbers; `month`, `weekday` and `hour` as points on a circle."""
    since: Moment = "1970-01-01"
    """The date of which `days` counts the days."""
    missing: Annotated[
        Annotated[Literal["error", "median"], Tag("names")] | Annotated[Moment, Tag("other")],
        Discriminator(lambda value: "names" if value in ("error", "median") else "other"),
    ] = "error"
    """The replacement of missing values: the median of the training examples, or a date such as `2024-05-17`; `error`
    refuses them."""
    indicator: Switch = False
    """Whether to add an input `NAME_missing`, which is 1 for missing values and 0 otherwise."""
    scale: ColumnScale | None = None
    """The scaling of `year` and `days`; the default is `data.scale`."""

    @property
    def numbers(self) -> tuple[DatePart, ...]:
        """The parts that are numbers, which are scaled."""
        return tuple(part for part in self.parts if part not in CIRCLES)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network inputs that the column becomes."""
        named = [name for part in self.parts for name in part_names(self.name, part)]
        return (*named, f"{self.name}_missing") if self.indicator else tuple(named)


def part_names(name: str, part: DatePart) -> tuple[str, ...]:
    """The names of the inputs for a part of a column: one for a number, two for a point on a circle."""
    return (f"{name}_{part}_sin", f"{name}_{part}_cos") if part in CIRCLES else (f"{name}_{part}",)
