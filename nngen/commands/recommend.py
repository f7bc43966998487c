"""The best items for a user, by a trained network of two inputs with ids."""

from pathlib import Path

import numpy as np

from nngen.commands.predict import lines, module_of, parameters
from nngen.commands.trained import BATCH
from nngen.common import files
from nngen.common.diagnostics import nearest, show
from nngen.common.text import counted
from nngen.description.data import Array, encoding, read_examples
from nngen.description.model import Index, Rows, Spec, Table


def best(spec: Spec, path: Path, params: Path, user: str, count: int) -> str:
    """The text of a CSV file with the best items for a user that are not in the data of the spec, the best one first.

    Args:
        spec: a spec that has passed the checks; its first input has the ids of users, its second those of items.
        path: its file.
        params: a file of parameters.
        user: the id of a user.
        count: how many items, at most.

    Raises:
        SpecError: the spec has other inputs or several outputs, the user is unknown, or a file cannot be read.
    """
    users, items = _indices(spec, path)
    row = _row(users, user)
    module = module_of(spec, path)
    trained = parameters(module, spec, params)
    unseen = np.setdiff1d(np.arange(len(_ids(items))), _seen(spec, path, row))
    outputs = np.zeros((0, 1))
    for start in range(0, len(unseen), BATCH):
        some = unseen[start : start + BATCH]
        x = np.column_stack([np.full(len(some), float(row)), some])
        outputs = np.concatenate([outputs, module.forward(trained, x)])
    how = encoding(spec, path.parent)
    answers = module.decode(outputs) if how and how.predicts and not how.classes else outputs
    order = np.argsort(-outputs[:, 0], kind="stable")[:count]
    target = spec.data.target[0] if isinstance(spec.data, Table) else spec.layers[-1].unit_names[0]
    values = np.reshape(answers, -1).tolist()
    names = _ids(items)
    return lines([[items.column or items.name, target], *([names[unseen[i]], values[i]] for i in order)])


def _indices(spec: Spec, path: Path) -> tuple[Index, Index]:
    """The inputs of users and of items."""
    match [*spec.columns]:
        case [Index() as users, Index() as items] if len(spec.layers[-1].unit_names) == 1:
            return users, items
    ids = sum(isinstance(column, Index) for column in spec.columns)
    got = f"{counted(len(spec.columns), 'input')}, {ids or 'none'} of them with ids"
    got += f", and {counted(len(spec.layers[-1].unit_names), 'output')}"
    advice = "the first input has the ids of users, the second those of items"
    raise files.refused(path, f"--top needs two inputs with ids, and one output; got {got}", advice)


def _ids(column: Index) -> tuple[str, ...] | range:
    """The ids that have a row of their own."""
    return range(column.ids) if isinstance(column.ids, int) else column.ids


def _row(column: Index, user: str) -> int:
    """The row of embeddings that a user selects."""
    ids = _ids(column)
    known = {str(name): row for row, name in enumerate(ids)} if isinstance(ids, tuple) else {}
    if user in known:
        return known[user]
    if isinstance(ids, range) and user.isascii() and user.isdigit() and len(user) < 16 and int(user) in ids:
        return int(user)
    if column.unknown == "row":
        return column.count - 1
    advice = f"the ids are 0 to {len(ids) - 1}" if isinstance(ids, range) else nearest(user, known)
    raise files.refused("--for", f"no {column.column or column.name} is called {show(user)}", advice)


def _seen(spec: Spec, path: Path, row: int) -> Array:
    """The items that the data of the spec have with a user."""
    if not isinstance(spec.data, Rows | Table):
        return np.zeros(0)
    examples = read_examples(spec, path.parent)
    x = np.concatenate([examples.train_x, examples.test_x])
    seen: Array = x[x[:, 0] == row, 1]
    return seen
