"""The constants of a module: their names in the source, sentences and values, which each language writes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nngen.description.data import Encoding
from nngen.mathematics.formulas import number
from nngen.printing import Constant

if TYPE_CHECKING:
    from nngen.targets.page import Page

MANY = 1000
"""The most texts of a module whose code says each of them, in languages where such code is long."""


def constants(page: "Page") -> dict[str, Constant]:
    """The constants of a module, by their names."""
    encoding = page.plan.encoding
    rows = _of_rows(encoding, len(page.plan.output.units)) if encoding and encoding.predicts else ()
    found = {one.name: one for one in (*_of_network(page), *rows)}
    return found if page.sensitive else {name: one for name, one in found.items() if name != "TYPICAL"}


def _of_network(page: "Page") -> Iterator[Constant]:
    """Those that a network has, whatever its data are."""
    plan = page.plan
    if page.has("training"):
        yield Constant("SEED", "U32", "The seed of initial values in the spec.", [[str(plan.seed)]])
    if plan.stop and plan.stop.places:
        says = "The places of the examples that are kept for validation."
        yield Constant("VALIDATION_PLACES", "list[int]", says, [[*map(str, plan.stop.places)]], public=False)
    says = "Where each block of parameters begins and ends, the length of its rows, and the place of the input that"
    blocks = [[" ".join(map(str, row))] for row in page.block_rows("INPUTS")]
    yield Constant("BLOCK_ROWS", "list[list[int]]", f"{says} selects one; INPUTS if none does.", blocks, public=False)
    if plan.loss.weight and plan.loss.weight.classes:
        values = [[*map(number, plan.loss.weight.classes)]]
        yield Constant("CLASS_WEIGHTS", "Outputs", "What an example of each class counts.", values, public=False)
    if plan.scaling and not plan.scaling.divisor:
        says = "What is subtracted from each number of the data."
        yield Constant("SUBTRACT", "Inputs", says, [[*map(number, plan.scaling.subtract)]], public=False)
        yield Constant(
            "DIVIDE", "Inputs", "What the rest is divided by.", [[*map(number, plan.scaling.divide)]], public=False
        )
    if page.trained:
        yield Constant("TRAINED", "Params", "The trained parameters, exact to the last bit.", page.trained.rows(plan))


def _of_rows(encoding: Encoding, outputs: int) -> Iterator[Constant]:
    """Those of rows of data."""
    columns = [one.column for one in encoding.columns]
    listed = [(one.column, 0, one.categories) for one in encoding.categorical]
    ids = [(one.column, one.count - one.unknown, one.ids) for one in encoding.indices]
    texts = len(columns) + len(encoding.classes) + sum(len(some) for *_, some in (*listed, *ids))
    many = texts > MANY
    yield Constant("COLUMNS", "Texts", "The columns of a row, as the data name them.", [columns], many=many)
    if listed:
        says = "The categories of columns, as the data have them."
        yield Constant("CATEGORIES", "Categories", says, table=listed, many=many)
    if ids:
        says = "The ids of columns in the order of their rows, or how many there are if they are whole numbers from 0."
        yield Constant("IDS", "Ids", says, table=ids, many=many)
    if encoding.classes:
        second = f"; an output above {encoding.threshold} means the second" if outputs == 1 else ""
        says = f"The classes in the order of the outputs{second}."
        yield Constant("CLASSES", "Texts", says, [encoding.classes], many=many)
    if encoding.typical:
        says = "A typical row: medians of the training rows, and the most frequent categories."
        cells = [[*map(repr, encoding.typical)]]
        yield Constant("TYPICAL", "Row", says, cells, columns=columns)
    yield Constant("MISSING", "Texts", "The texts that mean a missing value.", [encoding.missing], public=False)
