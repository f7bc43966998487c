"""Imports a network of another tool: a spec, its parameters, and the comparison that proves them."""

import random
from collections.abc import Mapping
from pathlib import Path

from nngen.bridges.importing import (
    assemble,
    compare,
    integer_outputs,
    is_playground,
    load,
    load_integers,
    load_parameters,
    playground,
    sample,
)
from nngen.commands import output
from nngen.common import files
from nngen.common.diagnostics import show
from nngen.common.records import dataclass
from nngen.common.text import counted
from nngen.description.data import encoding
from nngen.description.identifiers import module_name
from nngen.description.model import Spec
from nngen.integers import as_micro
from nngen.plan import plan
from nngen.reading import fingerprint, parameter_files, parse
from nngen.reading import load as load_spec
from nngen.targets import TARGETS, as_module, lite_texts


@dataclass(frozen=True)
class Import:
    """The files of an import, and the lines to print."""

    network: str
    texts: Mapping[str, str]
    """The text of each file by its suffix; none if the network differs from its source."""
    lines: tuple[str, ...]
    right: bool = True
    """Whether the outputs equal those of the source within the tolerance."""


def import_file(source: str, spec: Path | None, name: str, loss: str) -> Import:
    """Import a model file, arrays for a spec, or an address of TensorFlow Playground.

    By default the name of the network is that of the file, and the loss that of the source, or the usual one.

    Raises:
        SpecError: it cannot be read, or has what cannot be imported, with all of it.
    """
    path = Path(source)
    if is_playground(source):
        text = playground(source)
        return Import(parse(text, source).name, {".yaml": text}, ("an address has no trained parameters",))
    if spec is not None:
        return import_arrays(source, load_spec(spec), spec)
    read = load(path)
    imported = assemble(read.graph, source, name=name, loss=loss)
    given = sample(imported)
    comparison = compare(imported, given, read.judge(imported, given))
    texts = {".yaml": imported.text, ".params.json": imported.parameter_file()}
    chosen = f"loss: {imported.loss.name}, {imported.loss.reason}; `--loss NAME` chooses another one"
    lines = (comparison.text, chosen, *read.graph.notes)
    return Import(imported.spec.name, texts if comparison.right else {}, lines, comparison.right)


def import_arrays(source: str, network: Spec, spec: Path) -> Import:
    """Import the arrays of a file for a spec, which is in another file.

    Raises:
        SpecError: they cannot be read, or do not fit the spec.
    """
    params = load_parameters(Path(source), network)
    made = fingerprint.written(network, encoding(network, spec.parent))
    text = parameter_files.written(plan(network).layout, params, made)
    line = f"{counted(len(params), 'parameter')} for {spec}; arrays alone have no outputs to compare with"
    return Import(network.name, {".params.json": text}, (line,))


ROWS = 200
"""Rows of random bytes that are compared."""


def import_integers(source: str, name: str, micro: bool = False) -> Import:
    """Import a full-integer file of TensorFlow Lite as modules that compute its bytes; its name is the default.

    With ``micro`` they compute those of TensorFlow Lite Micro; what is compared are still those of LiteRT.

    Raises:
        SpecError: it cannot be read, or has what has no integer form, with all of it.
    """
    path = Path(source)
    called = name or module_name(path.name.partition(".")[0])
    if module_name(called) != called:
        raise files.refused("--name", f"{show(called)} is no name of a network", f"write {module_name(called)}")
    network = load_integers(path, called)
    made = lite_texts(network, source)
    drawn = random.Random(1)  # noqa: S311 (rows to compare)
    rows = [drawn.choices(range(-128, 128), k=network.inputs) for _ in range(ROWS)]
    judged = integer_outputs(path, network, rows)
    if judged is None:
        line, right = "not compared with its source: for that, pip install ai-edge-litert", True
    else:
        own = as_module(called, made["python"])
        different = sum(own.forward(row) != found for row, found in zip(rows, judged, strict=True))
        line, right = (
            f"{ROWS} rows of random bytes: {different} differ from the reference kernels of LiteRT",
            not different,
        )
    if micro:
        try:
            made = lite_texts(as_micro(network), source)
        except ValueError as error:
            raise files.refused(source, str(error), "leave out `--micro`") from None
    suffixes = {TARGETS[target].suffix: text for target, text in made.items()}
    return Import(called, suffixes if right else {}, (line,), right)


def write(imported: Import, out: Path, *, force: bool) -> list[Path]:
    """Write the files of an import into a folder; parameters of the same network are overwritten, no other files.

    Raises:
        SpecError: a file exists and must not be overwritten, or cannot be written.
    """
    paths = {out / f"{imported.network}{suffix}": text for suffix, text in imported.texts.items()}
    for path in paths:
        if out.exists():
            _check(path, imported.network, force=force)
    try:
        output.make_folder(out)
    except OSError as error:
        raise files.refused(out, f"the folder cannot be made: {files.reason(error)}") from None
    for path, text in paths.items():
        output.save(path, text, force=True)
    return list(paths)


def _check(path: Path, network: str, *, force: bool) -> None:
    if path.name.endswith(".params.json"):
        output.keep(path, network, force=force)
    else:
        output.check(path, force=force)
