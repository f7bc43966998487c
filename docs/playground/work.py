"""What the playground asks nngen: modules and the living page of a spec, or a spec for a table.

This runs in a browser, where files are in memory and nothing leaves the machine. Tests run it on CPython, too.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.model import JavaScriptTarget, Rows, Spec, Table
from nngen.plan import Plan, plan
from nngen.reading import parse
from nngen.targets import KINDS, TARGETS, beside, texts

FOLDER = Path("files")
"""The folder of dropped tables."""

SPEC = FOLDER / "spec.yaml"

MAX_LINKED = 1_000
"""The most parameters of a network whose lines are linked with its equations."""

MAX_ROWS, MAX_COLUMNS = 8, 20
"""What is shown of a table beside the editor."""

_STATED = re.compile(r"(?<![\w.])(\w+)(?:\[[^\]]*\])*\s*(?::|[-+])?=(?![=>])")
"""A name, or a place of an array, that gets a value, in any language."""


def answer(
    text: str,
    asked: Sequence[str],
    contents: Sequence[str] = (),
    language: str = "en",
    params: Sequence[float] | None = None,
    shape: str | None = None,
) -> dict[str, Any]:
    """What is asked of a spec.

    Args:
        text: the spec.
        asked: ``page`` for the living page, ``examples`` for those that train, ``rows`` for the first of them as the
            data write them, or targets for their modules.
        contents: the parts of the modules; without any, those that a module has without a choice.
        language: that of the living page.
        params: trained parameters that the modules carry.
        shape: the shape of the network that was trained; a spec of another one gets no parameters.

    Returns:
        ``mistakes``, each with its text and place; if there are none, ``name``, ``shape``, and what was asked:
        ``page``, ``examples``, ``rows`` and ``modules``, each with its file's name and text, and in ``lines`` where
        these state each name of an equation.
    """
    try:
        spec = parse(text, SPEC.name, FOLDER)
        found: dict[str, Any] = {"mistakes": [], "name": spec.name, "shape": _shape(spec)}
        params = params if shape == found["shape"] else None
        targets = [target for target in TARGETS if target in asked]
        made = texts(_typed(spec), FOLDER, targets, None, params, None, contents) if targets else {}
        found["modules"] = {name: _files(spec, name, made[name], params) for name in made if name != "types"}
        planned = plan(spec)
        found["lines"] = {name: _lines(planned, made[name]) for name in targets if planned.size <= MAX_LINKED}
        if "types" in made:
            found["modules"]["javascript"] |= _files(spec, "types", made["types"], None)
        if "page" in asked:
            from nngen.learning.explain import living_page

            found["page"] = living_page(spec, FOLDER, params, language=language, variants=False)
        if "examples" in asked:
            found["examples"] = _examples(spec)
        if "rows" in asked:
            with suppress(SpecError):  # what needs the table says what is wrong with it
                found["rows"] = _first_rows(spec)
    except SpecError as error:
        return {"mistakes": [_mistake(one) for one in error.diagnostics]}
    return found


def workbook(text: str, params: Sequence[float] | None = None) -> dict[str, Any]:
    """The file of a spec's workbook by its name, with trained parameters if there are any; or mistakes."""
    from nngen.targets import as_workbook

    try:
        spec = parse(text, SPEC.name, FOLDER)
        return {"mistakes": [], "files": {f"{spec.name}.xlsx": as_workbook(spec, FOLDER, params)}}
    except SpecError as error:
        return {"mistakes": [_mistake(one) for one in error.diagnostics]}


def init(file: str, target: str) -> dict[str, Any]:
    """A spec for a table in ``FOLDER``, with notes on its columns; or mistakes."""
    from nngen.commands.init import spec_for
    from nngen.commands.proposal import described

    try:
        text, proposal = spec_for(FOLDER / file, target, None, SPEC)
    except SpecError as error:
        return {"mistakes": [_mistake(one) for one in error.diagnostics]}
    return {"mistakes": [], "text": text, "notes": [*proposal.said, *described(proposal), *proposal.unclear]}


def columns(file: str) -> dict[str, Any]:
    """The names of the columns of a table in ``FOLDER``; or mistakes."""
    try:
        names, _, count = _head(file)
    except SpecError as error:
        return {"mistakes": [_mistake(one) for one in error.diagnostics]}
    return {"mistakes": [], "columns": names, "rows": count}


def _head(file: str, encoding: str = "") -> tuple[list[str], list[list[str]], int]:
    """The names of the columns of a table in ``FOLDER``, its first rows as texts, and how many rows it has."""
    path = FOLDER / file
    return _head_of(file, encoding, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=1)
def _head_of(file: str, encoding: str, _changed: int) -> tuple[list[str], list[list[str]], int]:
    from nngen.description.data import content, frame_of, recognized

    read = content(FOLDER / file)
    frame = frame_of(read, file, encoding=encoding or recognized(read, file))
    columns = [frame.texts(name)[:MAX_ROWS] for name in frame.names]
    return list(frame.names), [[text or "" for text in row] for row in zip(*columns, strict=True)], len(frame)


def _first_rows(spec: Spec) -> dict[str, Any] | None:
    """The first examples of a spec as the data write them, with the targets first; None if it has no data."""
    if isinstance(spec.data, Rows):
        named = not any(isinstance(row.y, str) for row in spec.data.rows)
        targets = list(spec.layers[-1].unit_names) if named else ["class"]
        names = [*targets, *(column.column or column.name for column in spec.columns)]
        first = [[*((row.y,) if isinstance(row.y, str) else row.y), *row.x] for row in spec.data.rows[:MAX_ROWS]]
        rows = [["" if one is None else one if isinstance(one, str) else f"{one:g}" for one in row] for row in first]
        count = len(spec.data.rows)
    elif isinstance(spec.data, Table):
        written, cells, count = _head(spec.data.file, spec.data.encoding or "")
        targets = [name for name in spec.data.targets if name in written]
        names = sorted(written, key=lambda name: name not in targets)
        rows = [[row[written.index(name)] for name in names] for row in cells]
    else:
        return None
    shown = {"names": names[:MAX_COLUMNS], "rows": [row[:MAX_COLUMNS] for row in rows]}
    return {**shown, "targets": len(targets), "count": count}


def _files(spec: Spec, target: str, text: str, params: Sequence[float] | None) -> dict[str, str]:
    """The files of a module: its own, and that of its trained parameters if there are many."""
    other = beside(spec, target, params)
    return {KINDS[target].path(Path(), spec.name).name: text} | ({} if other is None else {other[0]: other[1]})


def _lines(planned: Plan, text: str) -> dict[str, list[int]]:
    """The lines of a module that state each name of the equations; for a unit or a weight, else those of its layer."""
    lines = text.splitlines()
    stated: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        for name in _STATED.findall(line):
            stated.setdefault(name, []).append(number)
    found = {"loss": stated.get("loss", [])}
    for layer in planned.layers:
        wholes = [name for name in stated if name.endswith(f"_{layer.name}")]
        for name in (*layer.units, layer.name):
            found |= {one: stated[one] for one in stated if one.endswith(f"_{name}")}
            for whole in wholes:
                found.setdefault(whole.removesuffix(layer.name) + name, stated[whole])
            found.setdefault(f"a_{name}", found.get(f"z_{name}", []))  # an answer is returned without a name
    units = {layer.units: layer.name for layer in planned.layers}
    for block in planned.blocks:
        delta = f"dz_{units.get(block.units)}"
        added = [number for number, line in enumerate(lines, 1) if "slopes" in line and delta in line]
        slopes = stated.get(f"d{block.name}") or added or stated.get(delta, [])
        for name in (block.name, *(weight for row in block.rows for weight in row)):
            found[f"d{name}"] = stated.get(f"d{name}") or slopes
    return {name: numbers for name, numbers in found.items() if numbers}


def _typed(spec: Spec) -> Spec:
    """A spec whose module in JavaScript has its types beside it."""
    typed = JavaScriptTarget.model_validate({"name": "javascript", "unroll": spec.unroll("javascript"), "types": True})
    others = [one for one in spec.targets if one.name != "javascript"]
    return spec.model_copy(update={"targets": (typed, *others)})


def _shape(spec: Spec) -> str:
    """What has to stay the same for parameters and choices on the living page to stay."""
    units = [len(layer.unit_names) for layer in spec.layers]
    return repr((len(spec.columns), units, [layer.name for layer in spec.layers]))


def _examples(spec: Spec) -> dict[str, Any] | None:
    """The training and held-out examples as lists of numbers; None if the spec has no data."""
    if not isinstance(spec.data, Rows | Table):
        return None
    from nngen.description.data import judged, read_examples

    found = read_examples(spec, FOLDER)
    weights = None if found.train_weights is None else found.train_weights.tolist()
    parts = {name: getattr(found, name).tolist() for name in ("train_x", "train_y", "test_x", "test_y")}
    return {**parts, "weights": weights, "judged": judged(spec, found), "middle": (1.0 + found.negative_target) / 2.0}


def _mistake(one: Diagnostic) -> dict[str, Any]:
    return {"text": str(one), "line": one.line or 0, "column": one.column or 0, "width": one.width or 1}
