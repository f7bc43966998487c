"""Text to ``Spec``; whatever is wrong with it becomes a ``Diagnostic``."""

import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from nngen import files
from nngen.diagnostics import Diagnostic, SpecError, show
from nngen.reading import parameter_files
from nngen.reading.checks.all import check
from nngen.reading.document import Document, Span
from nngen.reading.overrides import override
from nngen.reading.pydantic_errors import mistakes
from nngen.reading.yaml_reader import read
from nngen.spec import Spec

MAX_BYTES = 1_000_000
"""Of a spec: as many examples belong in a CSV file, which is read a hundred times as fast."""

MAX_VALUES = 50_000
"""Of a spec, keys included: the YAML parser takes 20 microseconds for each, a second for as many."""

_ADVICE = "put the examples into a CSV file: `data: {file: ...}`"

# What parts values from one another: there are no more values than of these.
_BETWEEN = re.compile(r"[,\[{]|[-:?](?=\s)")


def load(path: Path, root: Path | None = None, overrides: Sequence[str] = ()) -> Spec:
    """Read the spec of a file.

    Args:
        path: the file.
        root: a folder whose files the spec may name as data, beside its own folder and the working directory.
        overrides: values that replace those of the file, such as ``training.epochs=100``.

    Raises:
        SpecError: with all mistakes in the order of the file.
    """
    network = parameter_files.begins(path)
    if network is not None:
        advice = f"name the spec; its parameters are for `nngen trace SPEC --params {path.name}`, and a module's `load`"
        raise files.refused(path, f"this file holds the parameters of {show(network)}, and is no spec", advice)
    return _parse(files.read(path, MAX_BYTES, _ADVICE), str(path), path.parent, root, overrides)


def parse(text: str | bytes, path: str) -> Spec:
    """Read a spec from text; the path is for the messages, and for its ending: ``.json`` means JSON.

    Raises:
        SpecError: with all mistakes in the order of the text.
    """
    return _parse(text, path, None)


def _parse(
    text: str | bytes, path: str, folder: Path | None, root: Path | None = None, overrides: Sequence[str] = ()
) -> Spec:
    if len(text) > MAX_BYTES:
        raise _too_large(path, f"the file is larger than {MAX_BYTES:,} bytes")
    text = text if isinstance(text, str) else _decoded(text, path)
    if sum(1 for _ in _BETWEEN.finditer(text)) > MAX_VALUES:
        raise _too_large(path, f"the file has more than {MAX_VALUES:,} keys and values")
    document = read(text, path)
    override(document, overrides)
    spec, found = None, list(document.diagnostics)
    try:
        spec = Spec.model_validate(document.value)
    except ValidationError as error:
        found += dict.fromkeys(mistakes(document, error))  # of a choice, each alternative refuses the same
    found += check(document, folder, None if found else spec, root)
    if spec is None or found:
        raise SpecError(sorted(found, key=_order))
    return spec


def _order(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.line or 0, diagnostic.column or 0


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        document = Document(path, content.decode(errors="replace"))
        message = f"the byte 0x{content[error.start]:02x} at offset {error.start} is not UTF-8"
        found = document.at(Span(len(before)), message, advice="save the file with the encoding UTF-8")
        raise SpecError([found]) from None


def _too_large(path: str, message: str) -> SpecError:
    return SpecError([Diagnostic(path, None, None, message, help=_ADVICE)])
