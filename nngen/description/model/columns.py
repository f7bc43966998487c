"""The models of ``inputs:`` as names or as columns of the data."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WrapValidator

from nngen.description.model.confusables import unseen
from nngen.description.model.date_column import Dated
from nngen.description.model.fields import MAX_CHARACTERS, Model, Number, Short, Switch, Text, form, listed
from nngen.description.model.layers import Group
from nngen.description.model.names import MAX_NAME, InputName, numbered
from nngen.description.model.number_style import MAX_MISSING_TEXTS, NumberStyle, style_of
from nngen.description.model.scale import ColumnScale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CATEGORIES = 1_000
"""Categories of a column; each becomes an input. A column with more values is a text or a key."""


def _as_text(value: object) -> object:
    """A number or boolean of YAML as the text that stands for it in a file."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


MAX_IDS = 10_000_000
"""Ids of an input; a 32-bit float is exact for whole numbers up to 16,777,216."""

Category = Annotated[Text, Field(min_length=1), Short(_as_text, {"anyOf": [{"type": "number"}, {"type": "boolean"}]})]


class FillCategory(Model):
    """Missing values count as this category."""

    category: Category
    """One of the column's categories."""


class Numeric(Model):
    """A column of numbers: one input."""

    name: InputName
    """The name of the input."""
    column: Annotated[Text, Field(min_length=1)] | None = None
    """The name of the column in the data; the default is `name`."""
    number: NumberStyle | None = None
    """How the data write its numbers, as in `{thousands: ",", prefix: "$"}`; the default is plain, as in `-1234.5`."""
    missing_texts: Annotated[
        tuple[Text, ...], Field(max_length=MAX_MISSING_TEXTS), Short(listed, {"type": "string"})
    ] = ()
    """Texts that mean a missing value in this column, besides those that do in all."""
    missing: Literal["error", "mean", "median"] | Number = "error"
    """The replacement of missing values: the mean or the median of the training examples, or a number; `error` refuses
    them."""
    indicator: Switch = False
    """Whether to add a second input `NAME_missing`, which is 1 for missing values and 0 otherwise."""
    scale: ColumnScale | None = None
    """The scaling of this column; the default is `data.scale`."""
    resolution: Annotated[Number, Field(gt=0)] | None = None
    """For modules in integers (`--dtype int8`): a row has this column as a whole number of this unit, as in `0.1` for
    tenths. The default is measured: the greatest power of ten, at most 1, of which all training values are
    multiples."""
    range: tuple[Number, Number] | None = None
    """For modules in integers: the least and the greatest number of this column; what is outside counts as the nearer
    end. The default is measured on the training examples."""
    monotone: Literal["increasing", "decreasing"] | None = None
    """Whether the only output never falls (`increasing`) or never rises (`decreasing`) as this number grows."""

    @property
    def style(self) -> NumberStyle | None:
        """How its texts write numbers; None if they are plain, and only the usual texts mean a missing value."""
        return style_of(self.number, self.missing_texts)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network inputs that the column becomes."""
        return (self.name, *_indicator(self))


class Categorical(Model):
    """A column of categories: one input for each, 1 for the category of the example and 0 for the others."""

    name: InputName
    """The prefix of the inputs' names, `NAME_CATEGORY`."""
    column: Annotated[Text, Field(min_length=1)] | None = None
    """The name of the column in the data; the default is `name`."""
    categories: Annotated[
        tuple[Category, ...], Field(min_length=1, max_length=MAX_CATEGORIES, json_schema_extra={"uniqueItems": True})
    ]
    """The categories as the data write them."""
    missing: Annotated[
        Annotated[Literal["error", "zeros"], Tag("names")] | Annotated[FillCategory, Tag("other")],
        Discriminator(lambda value: "other" if isinstance(value, Mapping | FillCategory) else "names"),
    ] = "error"
    """The meaning of missing values: `{category: NAME}`, or `zeros` for no category; `error` refuses them."""
    indicator: Switch = False
    """Whether to add an input `NAME_missing`, which is 1 for missing values and 0 otherwise."""
    unknown: Literal["error", "zeros"] = "error"
    """The meaning of other categories: `zeros` for no category; `error` refuses them."""

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the network inputs that the column becomes."""
        return (*category_names(self.name, self.categories), *_indicator(self))


class TableIds(tuple[str, ...]):
    """The different ids of a column of a table, none of them empty.

    Their texts are checked at once, where ids of a spec are checked one by one.
    """

    places: "NDArray[np.int32]"
    """Which of them each row of the table has, shape ``(rows,)``; -1 for a missing one."""

    @property
    def seen(self) -> bool:
        """Whether a list in a spec could have all of them."""
        longest = max(map(len, self), default=0)
        return len(self) <= MAX_IDS and longest <= MAX_CHARACTERS and unseen("".join(self)) is None


def _checked(value: object, check: Callable[[object], Any]) -> Any:
    """The ids of a field; those of a table if they are well, so that not each of them is checked."""
    return value if isinstance(value, TableIds) and value and value.seen else check(value)


class Index(Model):
    """A column of ids, such as users or items: one input, a whole number from 0, which selects a row of embeddings."""

    name: InputName
    """The name of the input; embeddings name it under `from`."""
    column: Annotated[Text, Field(min_length=1)] | None = None
    """The name of the column in the data; the default is `name`."""
    ids: Annotated[
        Annotated[int, Field(strict=True, ge=1, le=MAX_IDS), Tag("other")]
        | Annotated[
            tuple[Category, ...],
            Field(min_length=1, max_length=MAX_IDS, json_schema_extra={"uniqueItems": True}),
            WrapValidator(_checked),
            Tag("names"),
        ],
        Discriminator(form),
        Short(lambda value: value, {"const": "data"}),
    ]
    """The ids as the data write them, in the order of their rows; or how many there are, if the data have whole numbers
    from 0; or `data` for those of the table, in the order of numbers or of the alphabet."""
    unknown: Literal["error", "row"] = "error"
    """The meaning of other ids: `row` gives them one more row, the last; `error` refuses them."""

    @property
    def count(self) -> int:
        """The number of rows of its embeddings."""
        return (self.ids if isinstance(self.ids, int) else len(self.ids)) + (self.unknown == "row")

    @property
    def input_names(self) -> tuple[str, ...]:
        """The name of its network input."""
        return (self.name,)


def _column_kind(value: object) -> str:
    if isinstance(value, str):
        return "plain"
    if isinstance(value, Index) or (isinstance(value, Mapping) and "ids" in value):
        return "index"
    if isinstance(value, Dated) or (isinstance(value, Mapping) and "date" in value):
        return "dated"
    categorical = isinstance(value, Categorical) or (isinstance(value, Mapping) and "categories" in value)
    return "categorical" if categorical else "numeric"


Input = Annotated[
    Annotated[InputName, Tag("plain")]
    | Annotated[Numeric, Tag("numeric")]
    | Annotated[Categorical, Tag("categorical")]
    | Annotated[Index, Tag("index")]
    | Annotated[Dated, Tag("dated")],
    Discriminator(_column_kind),
]
"""An input: its name, or a column and its encoding."""

ValueColumn = Numeric | Categorical
"""A column of numbers or categories."""

Column = ValueColumn | Index | Dated


def input_names(inputs: Group | Iterable[str | Column]) -> tuple[str, ...]:
    """The names of the network's inputs, in the order of the columns."""
    if isinstance(inputs, Group):
        return numbered(inputs.name, inputs.size)
    names = ((column,) if isinstance(column, str) else column.input_names for column in inputs)
    return tuple(chain.from_iterable(names))


def _indicator(column: ValueColumn) -> tuple[str, ...]:
    return (f"{column.name}_missing",) if column.indicator else ()


def category_names(name: str, categories: Iterable[str]) -> tuple[str, ...]:
    """The names of the inputs of some categories: ``housing`` and ``Free of charge`` give ``housing_free_of_charge``.

    A category is named by its position if it has no Latin letters or digits, or if its name is too long or taken.
    """
    taken: dict[str, None] = {}
    for position, category in enumerate(categories, 1):
        plain = unicodedata.normalize("NFKD", category).encode("ascii", "ignore").decode().lower()
        word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
        made = f"{name}_{word}"
        if not word or len(made) > MAX_NAME or made in taken or word in ("missing", "unknown"):
            made = f"{name}_category{position}"
        while made in taken:
            made += "_"
        taken[made] = None
    return tuple(taken)
