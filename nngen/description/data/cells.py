"""Cells of a table: missing values, numbers, and the expected content of a column."""

from collections.abc import Collection, Iterable
from typing import Literal

from nngen.common.diagnostics import nearest, show
from nngen.common.records import dataclass
from nngen.description.data.date_texts import FORMS, date
from nngen.description.data.number_guess import advice_on_number
from nngen.description.data.number_texts import PLAIN, SPACES, even, in_style, plain
from nngen.description.model import MAX_WEIGHT, DateForm, NumberStyle

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?")
"""Texts that stand for a missing value, unless a column lists them as categories or ids."""

LARGEST = {"float64": 1e100, "float32": 1e30}
"""The largest number of a cell, by the type of the numbers of a module: no measured number is larger. A sum of their
squares cannot overflow in 64 bits, and 32 bits, which end at 3.4e38, leave room for products with weights."""

DATES = "write what the network should see of a date as a number, such as the year or the days since the first one"
"""The advice for a column of dates."""

NAMED = "list ids that are no whole numbers from 0, as in `ids: [ann, bob]`, or take those of the table: `ids: data`"
"""The advice for a column of ids that do not count from 0."""


def number(text: str, style: NumberStyle | None = None, largest: float = LARGEST["float64"]) -> float:
    """The number in a text such as ``-1.5e3``, in a table and on the command line, or in a text of a style.

    Raises:
        ValueError: the text is no number, or one above the largest.
    """
    written = text if style is None else plain(text, style)
    if not PLAIN.fullmatch(written):
        such = f" such as {in_style(style)}" if style is not None else ""
        raise ValueError(f"expected a number{such}, got {show(text or None)}")
    value = float(written)
    if abs(value) > largest:
        raise ValueError(f"expected a number up to {largest:g}, got {show(text)}")
    return value


def is_number(text: str) -> bool:
    """Whether a text is a number in plain writing, and not too large."""
    return PLAIN.fullmatch(text) is not None and abs(float(text)) <= LARGEST["float64"]


def example_weight(text: str) -> float:
    """The weight of an example, in a table and on the command line.

    Raises:
        ValueError: the text is no number, or is below 0 or too large.
    """
    value = number(text)
    if not 0.0 <= value < MAX_WEIGHT:
        raise ValueError(f"expected a weight of at least 0 and less than {MAX_WEIGHT:g}, got {show(text)}")
    return value


def stripped(text: str) -> str:
    """A text without the spaces around it."""
    return text.strip(SPACES)


def of_type(text: str, known: Collection[str]) -> str:
    """The text of a typed value, a number or a truth value, as it is known: ``3`` or ``3.0``, ``True`` or ``true``."""
    return next((form for form in (text, f"{text}.0", text.lower()) if form in known), text)


TRUE, FALSE = ("True", "true", "TRUE"), ("False", "false", "FALSE")
"""The spellings of truth values; other words that differ in case alone are different."""


def _spelled(known: Collection[str]) -> tuple[str | None, str | None]:
    """How a column spells true and false; None for one that it does not list."""
    true, false = (next((text for text in spellings if text in known), None) for spellings in (TRUE, FALSE))
    return true, false


def lists_truths(texts: Iterable[str]) -> bool:
    """Whether a column with these texts lists both truth values."""
    return None not in _spelled({*map(stripped, texts)})


def as_known(text: str, known: Collection[str]) -> str:
    """A truth value as a column spells it that lists both, also ``1`` or ``0``; other texts as they are."""
    if text in known or text not in (*TRUE, *FALSE, "1", "0"):
        return text
    true, false = _spelled(known)
    if true is None or false is None:
        return text
    return false if text in (*FALSE, "0") else true


@dataclass(frozen=True)
class Expected:
    """The expected content of a column."""

    name: str
    """The name of the column."""
    kind: Literal["number", "weight", "date", "class", "category", "id", "text"]
    """``text`` accepts any text."""
    known: Collection[str] = ()
    """The classes, categories or ids; empty if any text is allowed."""
    others: bool = False
    """Whether a text may be none of the known ones."""
    count: int = 0
    """The numbers are whole and from 0 to below this; 0 if they may be any."""
    gaps: bool = False
    """Whether values may be missing."""
    help: str = ""
    """The advice in a message about a cell."""
    empty: str = ""
    """The advice about a missing value."""
    markers: Collection[str] = MISSING
    """The texts that stand for a missing value, unless they are known."""
    style: NumberStyle | None = None
    """How texts write the numbers; None if they are plain."""
    form: DateForm = "YYYY-MM-DD"
    """How texts write the dates."""
    stated: str = ""
    """The field of a spec that states the style, for advice; empty if there is none."""
    largest: float = LARGEST["float64"]
    """The largest number."""
    positive: bool = False
    """Whether the numbers have logarithms."""

    @property
    def numeric(self) -> bool:
        """Whether the column has numbers, or dates, which are seconds."""
        return self.kind in ("number", "weight", "date")

    @property
    def plain(self) -> bool:
        """Whether its texts are numbers in plain writing."""
        return self.kind in ("number", "weight") and self.style is None

    @property
    def any_text(self) -> bool:
        """Whether its texts may be any, with the usual ones for missing values."""
        return self.kind == "text" and self.gaps and not self.known and self.markers == MISSING

    def written(self, text: str) -> str:
        """The number of a text in plain writing; ``e`` for a text that is none."""
        if self.kind == "date":
            try:
                return str(date(text, self.form))
            except ValueError:
                return "e"
        return plain(text, self.style or NumberStyle()) or "e"

    def missing(self, text: str) -> bool:
        """Whether the text stands for a missing value."""
        form = text if self.style is None else even(text)
        return form in self.markers and form not in self.known

    def check(self, text: str) -> None:
        """Check a cell.

        Raises:
            ValueError: the cell does not hold what the column has to hold; the message says what does.
        """
        if self.gaps and self.missing(text):
            return
        if self.kind == "date":
            date(text, self.form)
        elif self.numeric:
            value = example_weight(text) if self.kind == "weight" else number(text, self.style, self.largest)
            if self.count and not (0 <= value < self.count and value.is_integer()):
                raise ValueError(f"expected a whole number from 0 to {self.count - 1}, got {show(text)}")
            if self.positive and value <= 0.0:
                raise ValueError(f"expected a number greater than 0, which has a logarithm, got {show(text)}")
        elif self.kind != "text" and (not text or (self.missing(text) and (self.others or not self.known))):
            raise ValueError(f"expected {'an' if self.kind == 'id' else 'a'} {self.kind}, got {show(text or None)}")
        elif self.known and not self.others and as_known(text, self.known) not in self.known:
            raise ValueError(f"unknown {self.kind} {show(text)}")

    def label(self, text: str) -> str:
        """The label of a wrong cell."""
        return nearest(text, self.known)

    def advice(self, text: str) -> str:
        """The advice about a wrong cell."""
        if self.empty and self.missing(text):
            return self.empty
        if self.positive and self.written(text) != "e":
            return "write `scale_targets: standardize`"
        if self.count and not text.isdigit():
            return NAMED
        form = next((form for form in FORMS if _is_date(text, form)), "")
        if self.kind == "date" and not self.missing(text):
            return f"state how the data write it: `date: {form}`" if form else ""
        if self.kind == "number" and form and self.stated == "number":
            return f"state that it is a date, and what matters of it: `date: {form}, parts: [days, month]`"
        if self.missing(text) and self.kind in ("number", "date", "category") and not self.help:
            words = "replaces it at the input: `missing: median`" if self.numeric else "it counts as: `missing: zeros`"
            return f"to accept a missing value, say what {words}"
        return (advice_on_number(text, self.stated) if self.stated else "") or self.help


def _is_date(text: str, form: DateForm) -> bool:
    try:
        date(text, form)
    except ValueError:
        return False
    return True
