"""From a row of the data to the inputs of a module, in the words of the source."""

from nngen.description.data import AnyColumn, CategoryColumn, DateColumn, Encoding, NumberColumn, PartOfDate, Scaling
from nngen.mathematics.formulas import Formula
from nngen.targets.network_source import Source

IMPORTS = ("cells", "categories", "dates", "styled_cells", "stated")
"""The modules of the source that it calls."""


def encode(source: Source, encoding: Encoding, scales: bool, most: int | None) -> None:
    """Write the function, and others that continue it if a function has at most some columns.

    Args:
        source: gets the functions.
        encoding: the columns of a row.
        scales: whether plain numbers are scaled together.
        most: the columns of a function.
    """
    source.function("encode(row: Row) -> Inputs", "SAYS_ROW")
    source.add("check_row(row)")
    source.add("x = no_inputs()")
    if encoding.plain:
        source.add("for i, column in enumerate(COLUMNS):")
        source.add("    number = _number_of(column, cell_of(row, i, column), None)")
        source.add("    x[i] = Num(number)")
        source.add(f"return {'scale(x)' if scales else 'x'}")
        return
    columns = _Columns(source, encoding)
    for place, column in enumerate(encoding.columns):
        if most and place and place % most == 0:
            source.add(f"return _encode_from_{place}(row, x)")
            head = f"_encode_from_{place}(row: Row, x: Inputs) -> Inputs"
            source.function(head, f"The inputs from the column {place} on.")
        columns.column(place, column)
    source.add("return x")


def scale(source: Source, scaling: Scaling) -> None:
    """Write the function that scales plain numbers together."""
    source.function("scale(x: Inputs) -> Inputs", "The inputs of the network, from the numbers of the data.")
    source.add("if SIZES:")
    source.add("    check_size(x, INPUTS, 'x')")
    source.add("scaled = no_inputs()")
    source.add("for i, value in enumerate(x):")
    formula = Formula(f"x / {scaling.divisor!r}" if scaling.divisor else "(x - subtract) / divide")
    result = source.formula(formula, "Num", x="value", subtract="SUBTRACT[i]", divide="DIVIDE[i]")
    source.add(f"    scaled[i] = {result}")
    source.add("return scaled")


class _Columns:
    """Writes the statements of each column."""

    def __init__(self, source: Source, encoding: Encoding) -> None:
        self._source, self._encoding = source, encoding
        self._next = 0
        """The place of the next input."""

    def column(self, place: int, column: AnyColumn) -> None:
        """Write the statements of a column, the one at a place."""
        add, encoding, title = self._source.add, self._encoding, repr(column.column)
        cell = f"cell_of(row, {place}, {title})"
        self._source.comment(column.comment)
        listed = ""
        if isinstance(column, DateColumn):
            add(f"seconds{place} = _date_of({title}, dated_cell({cell}), {column.form!r}, {column.fill})")
            for part in column.parts:
                self._part(f"seconds{place}", column.since, part)
        elif isinstance(column, NumberColumn):
            cell = plain_cell(self._source, place, column)
            add(f"number{place} = _number_of({title}, {cell}, {column.fill})")
            self._put(self._source.formula(column.scaled, x=f"number{place}"))
        elif isinstance(column, CategoryColumn):
            listed = f"categories_of({encoding.categorical.index(column)}, {title})"
            fill = None if column.fill is None else column.fill_place
            add(f"place{place} = _place_in({title}, {cell}, {listed}, {fill}, {column.unknown})")
            self._one_of(f"place{place}", len(column.categories), column.unknown or fill == len(column.categories))
        elif column.ids:
            listed = f"ids_of({encoding.indices.index(column)}, {title})"
            add(f"place{place} = _place_in({title}, {cell}, {listed}, None, {column.unknown})")
            self._put(f"place{place}")
        else:
            add(f"number{place} = _numbered({title}, {cell}, {column.count - column.unknown}, {column.unknown})")
            self._put(f"number{place}")
        if column.indicator:
            add(f"if {f'_is_gap({cell}, {listed})' if column in encoding.listed else f'_is_missing({cell})'}:")
            add(f"    x[{self._next}] = 1.0")
            self._next += 1

    def _part(self, seconds: str, since: int, part: PartOfDate) -> None:
        """Write the inputs of a part of a date."""
        days = part.part == "days"
        value = f"_days_since({seconds}, {since}.0)" if days else f"_{part.part}_of({seconds})"
        if part.circle:
            self._put(f"_sine({value}, {part.circle}.0)")
            self._put(f"_cosine({value}, {part.circle}.0)")
        else:
            self._put(self._source.formula(part.scaled, x=value))

    def _put(self, value: str) -> None:
        """Write the next input."""
        self._source.add(f"x[{self._next}] = Num({value})")
        self._next += 1

    def _one_of(self, place: str, count: int, more: bool) -> None:
        """Write an input for each category, of which there may be more than inputs."""
        at = f"{self._next} + {place}" if self._next else place
        if more:
            self._source.add(f"if {place} < {count}:")
        self._source.add(f"{'    ' * more}x[{at}] = 1.0")
        self._next += count


def plain_cell(source: Source, place: int, column: NumberColumn, margin: str = "") -> str:
    """Write the statements that read a cell in the style of its column; what then has the number, or a gap."""
    title = repr(column.column)
    cell = f"cell_of(row, {place}, {title})"
    if not column.style:
        return cell
    marks = ", ".join(map(repr, column.style.texts.values()))
    source.add(f"{margin}style{place} = Style({marks}, {[*column.missing_texts]!r})")
    source.add(f"{margin}cell{place} = _plain_of({title}, {cell}, style{place})")
    return f"cell{place}"
