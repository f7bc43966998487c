"""The unusual cells of a row, in the words of the source."""

from nngen.description.data import AnyColumn, CategoryColumn, DateColumn, Encoding, NumberColumn
from nngen.targets.encode import plain_cell
from nngen.targets.network_source import Source

IMPORTS = ("cells", "notes", "styled_cells", "stated")
"""The modules of the source that it calls."""


def notes(source: Source, encoding: Encoding, most: int | None) -> None:
    """Write the function, and others that continue it if a function has at most some columns."""
    source.function("notes(row: Row) -> Notes", "\n\n".join(encoding.says_notes))
    source.add("check_row(row)")
    source.add("found = no_notes()")
    if encoding.alike:
        source.add("for i, column in enumerate(COLUMNS):")
        source.add(f"    found[i] = {_of_number('column', 'cell_of(row, i, column)', encoding.numeric[0].usual)}")
        source.add("return unusual(found)")
        return
    for place, column in enumerate(encoding.columns):
        if most and place and place % most == 0:
            source.add(f"return _notes_from_{place}(row, found)")
            source.function(
                f"_notes_from_{place}(row: Row, found: Notes) -> Notes", f"Those from the column {place} on."
            )
        source.add(f"found[{place}] = {_note(source, encoding, place, column)}")
    source.add("return unusual(found)")


def _note(source: Source, encoding: Encoding, place: int, column: AnyColumn) -> str:
    """What is unusual about the cell of a column."""
    title = repr(column.column)
    cell = f"cell_of(row, {place}, {title})"
    match column:
        case NumberColumn():
            return _of_number(title, plain_cell(source, place, column), column.usual)
        case DateColumn():
            return f"_note_of_gap(dated_cell({cell}))"
        case CategoryColumn():
            listed = f"categories_of({encoding.categorical.index(column)}, {title})"
        case _ if column.ids:
            listed = f"ids_of({encoding.indices.index(column)}, {title})"
        case _:
            return f"_note_of_id({title}, {cell}, {column.count - column.unknown})"
    return f"_note_of_text({title}, {cell}, {listed})"


def _of_number(title: str, cell: str, usual: tuple[float, float] | None) -> str:
    return f"_note_of_number({title}, {cell}, {usual[0]!r}, {usual[1]!r})" if usual else f"_note_of_gap({cell})"
