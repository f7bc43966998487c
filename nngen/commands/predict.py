"""Answers of a trained network for a table of raw rows, and how good they are."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nngen import files
from nngen.commands.train_report import scored
from nngen.commands.trained import BATCH, Trained
from nngen.data import Encoding, encoding, expected_of, inputs, read_examples, read_frame, read_standard_input
from nngen.diagnostics import Diagnostic, SpecError
from nngen.pages import as_module, texts
from nngen.plan import plan
from nngen.reading import parameter_files
from nngen.spec import Rows, Spec, Table, Values

STANDARD_INPUT = Path("-")


def answers(spec: Spec, path: Path, params: Path, data: Path | None) -> Iterator[str]:
    """The lines of a CSV file with an answer for each row, in the order of the rows.

    Args:
        spec: a spec that has passed the checks.
        path: its file.
        params: a file of parameters.
        data: a table with the columns of the inputs, ``-`` for standard input; None for the spec's own.

    Raises:
        SpecError: a file cannot be read, or does not fit the spec.
    """
    module = _module(spec, path)
    trained = _parameters(module, spec, params)
    how = encoding(spec, path.parent)
    if how is None or not how.predicts:
        advice = "add `data:` with the file, or with `classes` and `scale` by value"
        raise SpecError([Diagnostic(str(path), None, None, "the spec does not say what a row of data is", help=advice)])
    expected = [expected_of(column) for column in spec.columns]
    frame = (
        read_standard_input(expected)
        if data == STANDARD_INPUT
        else read_frame(_own(spec, path) if data is None else data, expected)
    )
    names = spec.layers[-1].unit_names
    target = spec.data.target[0] if isinstance(spec.data, Table) and len(spec.data.target) == 1 else "answer"
    if how.classes:
        yield _line([target, *(f"p({name})" for name in how.classes if how.probabilities)])
    else:
        yield _line([target] if len(names) == 1 else list(names))
    for start in range(0, len(frame), BATCH):
        x = inputs(how, frame.select(range(start, min(start + BATCH, len(frame)))))
        yield from _rows(module, how, module.forward(trained, x))


def _rows(module: Any, how: Encoding, outputs: Any) -> Iterator[str]:
    found = module.decode(outputs)
    if not how.classes:
        for row in np.reshape(found, (len(outputs), -1)).tolist():
            yield _line(row)
        return
    shares = outputs if outputs.shape[1] > 1 else np.hstack([1.0 - outputs, outputs])
    for name, row in zip(found, shares.tolist(), strict=True):
        yield _line([name, *(row if how.probabilities else ())])


def evaluation(spec: Spec, path: Path, params: Path, data: Path | None) -> str:
    """The quality of the answers for a table: the loss, metrics with baselines, and the confusion matrix.

    The arguments are those of ``answers``; the table must have the target. Without a table, the held-out rows of the
    spec's own data are judged, or all where none are held out.

    Raises:
        SpecError: a file cannot be read, or does not fit the spec.
    """
    if spec.data is None or isinstance(spec.data, Values):
        advice = "add `data:` with a `file` and its `target`, or a few `rows`"
        raise SpecError([Diagnostic(str(path), None, None, "the spec has no data to compare with", help=advice)])
    if data is not None and isinstance(spec.data, Rows):
        raise files.refused(data, "the spec does not say which columns of a table are inputs and target")
    module = _module(spec, path)
    examples = read_examples(spec, path.parent, data)
    trained = Trained(module, _parameters(module, spec, params), True, spec.loss, examples)
    if len(examples.test_x):
        part = "held-out examples" if data is None else str(data)
        score = trained.score(examples.test_x, examples.test_y, examples.test_weights)
    else:
        part = "training examples"
        score = trained.score(examples.train_x, examples.train_y, examples.train_weights)
    return f"{part}: {score}\n\n{scored(trained)}"


def _module(spec: Spec, path: Path) -> Any:
    """The NumPy module of a spec, in memory."""
    return as_module(spec.name, texts(spec, path.parent, ["numpy"])["numpy"])


def _parameters(module: Any, spec: Spec, params: Path) -> Any:
    planned = plan(spec)
    return module.unpack(parameter_files.read(params, " ".join(planned.layout), planned.size))


def _own(spec: Spec, path: Path) -> Path:
    if isinstance(spec.data, Table):
        return path.parent / spec.data.file
    raise files.refused(path, "the spec names no table to answer", "name one: `nngen predict SPEC --params P DATA`")


def _line(cells: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()
