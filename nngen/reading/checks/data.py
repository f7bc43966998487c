"""Checks of the examples: they fit the network, its loss and the data file."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from os.path import realpath
from pathlib import Path, PurePosixPath, PureWindowsPath

from nngen.common.diagnostics import SpecError, nearest, show
from nngen.common.text import counted, joined
from nngen.description.data import apart, header
from nngen.description.model import Group, Index, LogScale, Numbered, Rows, Table, Values
from nngen.mathematics.formulas import Computation, Formula, UndefinedError, computation
from nngen.reading.checks.valid_parts import Parts, Problem, duplicates, width
from nngen.reading.document import Loc

ROUNDING = 1e-5
"""The tolerance for targets that sum to 1; ten targets written with six digits are within it."""


def examples(valid: Parts) -> Iterator[Problem]:
    """Each example has a number for each input and for each output."""
    if not isinstance(valid.data, Rows):
        return
    inputs = valid.columns
    outputs = None if valid.output is None else width(valid.output[1])
    for index, example in enumerate(valid.data.rows):
        loc = ("data", "rows", index)
        if inputs not in (None, len(example.x)):
            yield Problem((*loc, "x"), _expected(inputs, "number", "input", len(example.x)))
        if not isinstance(example.y, str) and outputs not in (None, len(example.y)):
            yield Problem((*loc, "y"), _expected(outputs, "number", "output", len(example.y)))
    if valid.data.split is not None and len(valid.data.rows) == 1:
        yield Problem(("data", "split"), "a single example cannot be split", advice="remove `split`")


def split(valid: Parts) -> Iterator[Problem]:
    """A split is by one column of a file, or by classes."""
    if valid.data is None or isinstance(valid.data, Values) or valid.data.split is None:
        return
    said = [name for name in ("groups", "time", "stratify") if getattr(valid.data.split, name)]
    for name in said[1:]:
        yield Problem(("data", "split", name), f"a split has either `{said[0]}` or `{name}`")
    if valid.data.split.column and isinstance(valid.data, Rows):
        message = "rows in a spec have no columns but those of the network"
        yield Problem(("data", "split", said[0]), message, advice="write the rows into a file")


def weights(valid: Parts) -> Iterator[Problem]:
    """The data have example weights only if the loss takes them."""
    if valid.loss is None or valid.loss.example_weights:
        return
    advice = "add `example_weights: true` to the loss, or remove the weights"
    message = "the data have weights, but the loss has no `example_weights`"
    if isinstance(valid.data, Table) and valid.data.weight is not None:
        yield Problem(("data", "weight"), message, advice=advice)
    for index, example in enumerate(valid.data.rows if isinstance(valid.data, Rows) else ()):
        if example.weight is not None:
            yield Problem(("data", "rows", index, "weight"), message, advice=advice)
            return


def named_classes(valid: Parts) -> Iterator[Problem]:
    """A target that is a text is the name of a known class."""
    if not isinstance(valid.data, Rows) or valid.output is None:
        return
    units = valid.output[1].unit_names
    known = dict.fromkeys(valid.data.class_values or (units if len(units) > 1 else ()))
    for index, example in enumerate(valid.data.rows):
        loc = ("data", "rows", index, "y")
        if isinstance(example.y, str) and not known:
            message = f"{show(example.y)} is not a known class: the two classes of the single output have no names"
            yield Problem(loc, message, advice="name them, the class of 0 first: `classes: [first, second]`")
            return
        if isinstance(example.y, str) and example.y not in known:
            advice = f"the classes are {joined(known, 'and')}"
            yield Problem(loc, f"unknown class {show(example.y)}", nearest(example.y, known), advice)


def targets(valid: Parts) -> Iterator[Problem]:
    """The loss accepts the targets."""
    if not isinstance(valid.data, Rows) or valid.loss is None:
        return
    loss = valid.losses[valid.loss.name]
    if valid.output is not None:
        loss = loss.over(valid.output[1].activation.name)
    condition = computation(Formula(loss.target), "y")
    logs = isinstance(valid.data.scale_targets, LogScale)
    for index, example in enumerate(valid.data.rows):
        if isinstance(example.y, str):
            continue
        loc = ("data", "rows", index, "y")
        message = f"the targets of {loss.name} must be {loss.targets}"
        given = {place: y for place, y in enumerate(example.y) if y is not None}
        if len(given) < len(example.y) and valid.loss.missing == "error":
            place = example.y.index(None)
            advice = "write `missing: ignore` in the loss, and it contributes nothing"
            yield Problem((*loc, place), "a missing target", advice=advice)
        for place in [place for place, y in given.items() if logs and y <= 0.0]:
            told = f"expected a number greater than 0, which has a logarithm, got {given[place]:g}"
            yield Problem((*loc, place), told, advice="write `scale_targets: standardize`")
        wrong = [place for place, y in given.items() if not _holds(condition, y)]
        for place in wrong:
            yield Problem((*loc, place), f"{message}, got {given[place]:g}")
        total = sum(given.values())
        if loss.distribution and not wrong and len(given) == len(example.y) and abs(total - 1.0) > ROUNDING:
            yield Problem(loc, f"{message}, got a sum of {total:g}")


def classes(valid: Parts) -> Iterator[Problem]:
    """There are as many classes as the outputs can distinguish, each with a different name."""
    one = isinstance(valid.data, Table) and len(valid.data.targets) == 1 and valid.output is not None
    named = one and valid.output is not None and width(valid.output[1]) > 1
    if isinstance(valid.data, Table) and valid.data.unknown_class != "error" and not valid.data.classes and not named:
        advice = "name the classes, as in `classes: [no, yes]`, or remove this"
        yield Problem(("data", "unknown_class"), "the targets are numbers, not classes", advice=advice)
    if valid.data is None or valid.data.classes is None:
        return
    yield from duplicates("class", ("data", "classes"), valid.data.class_values)
    if isinstance(valid.data.classes, Mapping):
        yield from duplicates("name", ("data", "classes"), valid.data.classes)
    count = len(valid.data.classes)
    units = None if valid.output is None else width(valid.output[1])
    if units is not None and count != max(2, units):
        why = "a single output distinguishes 2 classes" if units == 1 else f"there are {units} outputs"
        yield Problem(("data", "classes"), f"expected {max(2, units)} classes, got {count}", why)


def anomalies(valid: Parts) -> Iterator[Problem]:
    """The inputs can be the target: there is an output for each of them, and nothing else says what a target is."""
    data = valid.data
    if not isinstance(data, Table):
        return
    if not data.of_inputs:
        for name in ("anomaly_percentile", "label"):
            if getattr(data, name) is not None:
                yield Problem(("data", name), "only `target: inputs` has anomalies", advice="remove it")
        return
    loc = ("data", "target")
    for name in (
        "classes",
        "scale_targets",
        "answer_range",
        "target_number",
        "missing_target",
        "unknown_class",
        "interval",
    ):
        if getattr(data, name) not in (None, "error"):
            message = "the encoded inputs are the target, which nothing else describes"
            yield Problem(("data", name), message, advice="remove it, or name a column as the target")
    if valid.inputs is not None and not isinstance(valid.inputs, Group):
        indices = [one.name for one in valid.inputs if isinstance(one, Index)]
        if indices:
            yield Problem(loc, f"an id is no target, and the input {show(indices[0])} has ids")
    if valid.output is None or valid.input_names is None:
        return
    units, inputs = width(valid.output[1]), len(valid.input_names)
    if units != inputs:
        message = f"expected {counted(inputs, 'output')}, one for each encoded input, got {units}"
        yield Problem(loc, message, advice=f"write `units: {inputs}` at the last layer")


def pairs(valid: Parts) -> Iterator[Problem]:
    """Rows can be pairs that occur: of two inputs with ids, for a loss that takes 0 and 1, and nothing else is said."""
    data, loc = valid.data, ("data", "negatives")
    if not isinstance(data, Table) or not data.negatives:
        return
    for name in ("classes", "scale_targets", "target_number", "missing_target", "unknown_class", "interval"):
        if getattr(data, name) not in (None, "error"):
            yield Problem(("data", name), "the targets are 1 and 0, which nothing else describes", advice="remove it")
    if valid.inputs is not None:
        ids = () if isinstance(valid.inputs, Group) else [one for one in valid.inputs if isinstance(one, Index)]
        if len(ids) != 2 or valid.columns != 2:
            yield Problem(loc, "pairs need two inputs with ids: those of users, then those of items")
    outputs = 1 if valid.output is None else width(valid.output[1])
    if len(data.targets) != 1 or outputs != 1:
        yield Problem(("data", "target"), "a pair has one target: name one, and write one output")
    if valid.loss is not None:
        if valid.loss.example_weights:
            yield Problem(("loss",), "pairs that occur have no weights", advice="remove `example_weights`")
        loss = valid.losses[valid.loss.name]
        if not all(_holds(computation(Formula(loss.target), "y"), y) for y in (0.0, 1.0)):
            message = f"the targets of pairs are 0 and 1; those of {loss.name} are {loss.targets}"
            yield Problem(("loss",), message, advice="write `loss: binary_cross_entropy` with a `sigmoid`")


def columns(valid: Parts) -> Iterator[Problem]:
    """There is a column for each input, and one for each output or a single column of classes."""
    data = valid.data
    if not isinstance(data, Table):
        return
    units = None if valid.output is None else width(valid.output[1])
    if data.inputs is not None and valid.columns not in (None, len(data.inputs)):
        message = _expected(valid.columns, "column", "input", len(data.inputs))
        yield Problem(("data", "inputs"), message)
    ends = valid.loss is not None and valid.losses[valid.loss.name].ends
    if ends and (len(data.targets), len({*data.targets})) != (2, 1):
        name = data.targets[0]
        message = "the outputs are the ends of an interval of one target"
        yield Problem(("data", "target"), message, advice=f"write it for each: `target: [{name}, {name}]`")
    elif len(data.targets) > 1 and units not in (None, len(data.targets)):
        yield Problem(("data", "target"), _expected(units, "column", "output", len(data.targets)))
    elif len(data.targets) > 1 and data.classes is not None:
        message = "`classes` needs a single target column, but there are several"
        yield Problem(
            ("data", "classes"), message, advice="use one column of class names as the target, or remove `classes`"
        )


def file(valid: Parts) -> Iterator[Problem]:
    """The file exists, is in an allowed folder, and has the columns."""
    if not isinstance(valid.data, Table):
        return
    name, loc = valid.data.file, ("data", "file")
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\\" in name:
        yield Problem(
            loc, "expected a path relative to the spec's folder, such as `data/iris.csv` or `../data/iris.csv`"
        )
    elif valid.folder is not None:
        yield from _file(valid, valid.data, valid.folder)


def found_file(folder: Path, name: str, root: Path | None) -> Path | None:
    """The path of a data file, named from a folder, that a spec may read, also in ``root``; None if it has none."""
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or "\\" in name or "\0" in name:
        return None
    path = folder / name
    return path if _allowed(path, folder, root) and apart(path)[0].is_file() else None


def _allowed(path: Path, folder: Path, root: Path | None) -> bool:
    """Whether a file is in one of the folders that may contain data."""
    place = Path(realpath(apart(path)[0]))
    return any(place.is_relative_to(realpath(each)) for each in _roots(folder, root))


def _file(valid: Parts, data: Table, folder: Path) -> Iterator[Problem]:
    path, loc = folder / data.file, ("data", "file")
    try:
        if not _allowed(path, folder, valid.root):
            message = "the file is outside the spec's folder and the working directory"
            yield Problem(loc, message, advice="move it there, or allow its folder with `--data-root FOLDER`")
            return
        names = header(path, data.encoding or "")
        if names is not None:  # the columns of other tables are checked when they are read
            yield from _header(valid, data, names)
    except SpecError as error:
        [found] = error.diagnostics
        near = "" if os.path.lexists(apart(path)[0]) else nearest(path.name, _beside(path))
        yield Problem(loc, found.message, near, found.help)


def _roots(folder: Path, root: Path | None) -> Iterator[Path]:
    """The folders that may contain data."""
    yield folder
    if root is not None:
        yield root
    with suppress(OSError):  # the working directory has been deleted
        working = Path.cwd()
        if working != Path(working.anchor):  # a service that runs in / must not read every file
            yield working


def _beside(path: Path) -> list[str]:
    """The names of the files in the folder of a path; none if it cannot be read."""
    try:
        return os.listdir(path.parent)
    except OSError:
        return []


def _header(valid: Parts, data: Table, header: Sequence[str]) -> Iterator[Problem]:
    wanted: list[tuple[str, Loc]] = [(name, ("data", "target", i)) for i, name in enumerate(data.target_columns)]
    if data.inputs is not None:
        wanted += [(name, ("data", "inputs", index)) for index, name in enumerate(data.inputs)]
    else:
        wanted += list(valid.column_names())
    if data.weight is not None:
        wanted.append((data.weight, ("data", "weight")))
    if data.split is not None and data.split.column:
        wanted.append((data.split.column, ("data", "split", "groups" if data.split.groups else "time")))
    if not header:
        yield Problem(("data", "file"), "the file is empty", advice="the first line must name the columns")
    there = set(header)
    for name, loc in wanted if header else ():
        if name not in there:
            columns = ", ".join(header) if len(header) <= 10 else f"{header[0]} to {header[-1]}"
            message, array = f"{data.file} has no column {show(name)}", Numbered.among(name, header)
            advice = f"`{array}` names {array.names[0]} to {array.names[-1]}" if array else f"the columns are {columns}"
            if loc[0] == "inputs":
                advice += "; to use other columns, list them under `data`: `inputs: [...]`"
            yield Problem(loc, message, "" if array else nearest(name, header), advice)


def _expected(count: int | None, noun: str, each: str, got: int) -> str:
    return f"expected {counted(count or 0, noun)}, one for each {each}, got {got}"


def _holds(condition: Computation, y: float) -> bool:
    try:
        return bool(condition(y)[0])
    except UndefinedError:  # a square that overflows
        return False
