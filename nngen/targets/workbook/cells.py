"""The cells of a row: which are missing or wrong, and the inputs that they become."""

import re
from collections.abc import Iterator, Sequence

from nngen.common.records import dataclass
from nngen.description.data import MISSING, AnyColumn, CategoryColumn, DateColumn, IndexColumn, NumberColumn, PartOfDate
from nngen.mathematics.formulas import Words
from nngen.targets.workbook.words import filled

EPOCH = 25_569
"""The number that a spreadsheet has for the first day of 1970."""

FIRST_DAY, LAST_DAY = 61, 2_958_465
"""From March 1, 1900, all spreadsheets count days alike; the last is that of the year 9999."""

TRUE, FALSE = ("True", "true", "TRUE", "1"), ("False", "false", "FALSE", "0")


@dataclass(frozen=True)
class Texts:
    """The texts of a column on the sheet of lists, and their places from 1."""

    texts: str
    places: str


@dataclass(frozen=True)
class Cell:
    """A cell of a column, and where the sheet of steps keeps what is known of it."""

    column: AnyColumn
    cell: str
    missing: str
    """1 if it is missing, else 0."""
    place: str
    """The place of its text among those of its column, from 1; 0 for none. Of a date, its seconds from 1970."""
    gaps: str
    """The range of the texts that mean a missing value."""
    listed: Texts | None

    @property
    def of_missing(self) -> str:
        """Whether the cell is missing: a text that is listed is not."""
        gap = (
            f"IF(LEN(TRIM({self.cell})) = 0, 1, "
            f"IF(ISTEXT({self.cell}), SUMPRODUCT(EXACT(TRIM({self.cell}), {self.gaps}) * 1), 0))"
        )
        return f"IF({self.place} > 0, 0, {gap})" if self.listed else gap

    @property
    def of_place(self) -> str:
        """The place of its text, or the seconds of its date; empty for a number."""
        match self.column:
            case CategoryColumn() | IndexColumn() if self.listed:
                known = texts_of(self.column)
                yes, no = (next((one for one in words if one in known), words[0]) for words in (TRUE, FALSE))
                other = self.cell
                if any(re.fullmatch(r"-?[0-9]+[.]0", one) and one[:-2] not in known for one in known):
                    whole = f'IF(INT({self.cell}) = {self.cell}, {self.cell} & ".0", {self.cell})'
                    other = f"IF(ISNUMBER({self.cell}), {whole}, {self.cell})"
                text = f'IF(ISLOGICAL({self.cell}), IF({self.cell}, "{yes}", "{no}"), {other})'
                return f"SUMPRODUCT(EXACT({text}, {self.listed.texts}) * {self.listed.places})"
            case DateColumn(fill=fill):
                seconds = f"IF(ISNUMBER({self.cell}), ROUND(({self.cell} - {EPOCH}) * 86400, 0), 0)"
                return seconds if fill is None else f"IF({self.missing} = 1, {fill}, {seconds})"
        return ""

    @property
    def wrong(self) -> str:
        """1 for a cell that the column does not take, else 0."""
        refused = int(getattr(self.column, "fill", None) is None)  # an id has none
        return f"IF(ISERROR({self.cell}), 1, IF({self.missing} = 1, {refused}, {self._wrong}))"

    @property
    def _wrong(self) -> str:
        number = f"IF(ISLOGICAL({self.cell}), 1, IF(ISNUMBER({self.cell}), IF({{}}, 0, 1), 1))"
        match self.column:
            case CategoryColumn(unknown=unknown) | IndexColumn(unknown=unknown) if self.listed:
                bare = f"IF(EXACT(TRIM(CLEAN({self.cell})), {self.cell}), 0, 1)"
                return f"IF({self.place} > 0, 0, {bare if unknown else 1})"
            case DateColumn():
                return number.format(f"({self.cell} >= {FIRST_DAY}) * ({self.cell} < {LAST_DAY + 1})")
            case IndexColumn(unknown=False):
                return number.format(self._is_row)
        return number.format(f"ABS({self.cell}) <= 1E+100")

    @property
    def _is_row(self) -> str:
        """Whether a number is an id that the network knows."""
        count = self.column.count - self.column.unknown if isinstance(self.column, IndexColumn) else 0
        return f"({self.cell} >= 0) * ({self.cell} < {count}) * (INT({self.cell}) = {self.cell})"

    @property
    def says(self) -> str:
        """What is wrong with a wrong cell."""
        if isinstance(self.column, IndexColumn):
            known = f"a whole number from 0 to {self.column.count - self.column.unknown - 1}"
            says = "one of its ids, without spaces around it" if self.listed else known
            return f"{self.column.column}: expected {says}"
        what = {CategoryColumn: "one of its categories, without spaces around it", DateColumn: "a date, not a text"}
        return f"{self.column.column}: expected {what.get(type(self.column), 'a number')}"

    def inputs(self, words: Words) -> Iterator[str]:
        """The formulas of its inputs, in their order."""
        match self.column:
            case NumberColumn(fill=fill):
                value = self.cell if fill is None else f"IF({self.missing} = 1, {fill!r}, {self.cell})"
                yield filled(self.column.scaled.write(words), lambda _: value)
            case CategoryColumn(fill=fill):
                filling = self.column.fill_place + 1 if fill is not None else 0
                for place in range(1, len(self.column.categories) + 1):
                    gap = f" + {self.missing}" if place == filling else ""  # one that is missing has no place
                    yield f"IF({self.place} = {place}, 1, 0){gap}"
            case IndexColumn(count=count, unknown=unknown):
                known, row = (f"{self.place} > 0", f"{self.place} - 1") if self.listed else (self._is_row, self.cell)
                yield f"IF({known}, {row}, {count - 1})" if unknown else row
            case DateColumn(parts=parts, since=since):
                for part in parts:
                    yield from _of_part(part, self.place, since, words)
        if self.column.indicator:
            yield self.missing


def _of_part(part: PartOfDate, seconds: str, since: int, words: Words) -> Iterator[str]:
    """The inputs of a part of a date."""
    day = f"INT({seconds} / 86400)"
    value = {
        "year": f"YEAR({day} + {EPOCH})",
        "days": f"({seconds} - {since}) / 86400",
        "month": f"MONTH({day} + {EPOCH})",
        "weekday": f"MOD({day} + 3, 7)",  # 1970 began on a Thursday
        "hour": f"({seconds} - {day} * 86400) / 3600",
    }[part.part]
    if part.circle:
        yield from (f"{function}(2 * PI() * ({value}) / {part.circle})" for function in ("SIN", "COS"))
    else:
        yield filled(part.scaled.write(words), lambda _: f"({value})")


def texts_of(column: AnyColumn) -> tuple[str, ...]:
    """The categories or the ids of a column; empty for another one."""
    match column:
        case CategoryColumn(categories=texts) | IndexColumn(ids=texts):
            return texts
    return ()


def known_texts(categories: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The texts that mean a category, each once, with its place from 1: other spellings of a truth value, too."""
    known = {category.strip(" \t\n\v\f\r"): place for place, category in reversed([*enumerate(categories, 1)])}
    found = dict(known)
    places = [next((known[word] for word in words if word in known), 0) for words in (TRUE[:3], FALSE[:3])]
    if all(places):
        for words, place in zip((TRUE, FALSE), places, strict=True):
            for word in words:
                found.setdefault(word, place)
    return iter(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def gaps_of(column: AnyColumn) -> tuple[str, ...]:
    """The texts that mean a missing value in a column."""
    return (*MISSING[1:], *(column.missing_texts if isinstance(column, NumberColumn) else ()))
