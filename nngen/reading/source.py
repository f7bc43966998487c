"""Reads a file or text into a ``Spec``; each mistake becomes a ``Diagnostic``."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.description.model import Spec
from nngen.reading import parameter_files
from nngen.reading.checks.all import check
from nngen.reading.collected import collect
from nngen.reading.document import Document, Loc, Span
from nngen.reading.overrides import override
from nngen.reading.pydantic_errors import mistakes
from nngen.reading.yaml_reader import read

MAX_BYTES = 1_000_000
"""Bytes of a spec; more examples belong in a data file, which is read a hundred times as fast."""

MAX_VALUES = 50_000
"""Values of a spec, keys included; the YAML parser takes 20 microseconds for each, a second in total."""

_ADVICE = "move the examples to a CSV file: `data: {file: ...}`"

# Separators of values; a text has no more values than separators.
_BETWEEN = re.compile(r"[,\[{]|[-:?](?=\s)")


def load(path: Path, root: Path | None = None, overrides: Sequence[str] = ()) -> Spec:
    """Read a spec from a file.

    Args:
        path: the file.
        root: another folder that may contain data, in addition to the spec's folder and the working directory.
        overrides: values that replace those of the file, such as ``training.epochs=100``.

    Raises:
        SpecError: with all mistakes, in the order of the file.
    """
    return parse(written(path), str(path), path.parent, root, overrides)


def values_of(text: str, path: str, overrides: Sequence[str] = ()) -> dict[str, Any]:
    """The values of a text that ``parse`` accepts, as they are written there; its arguments are those of ``parse``."""
    document = read_document(text, path)
    override(document, overrides)
    found: dict[str, Any] = document.value
    return found


def written(path: Path) -> str:
    """The text of the file of a spec.

    Raises:
        SpecError: the file cannot be read, is too large, or has something else.
    """
    found = parameter_files.described(path)
    if found:
        option = "train SPEC --resume" if found.startswith("a checkpoint") else "predict SPEC --params"
        advice = f"give a spec, as in `nngen {option} {path.name}`"
        raise files.refused(path, f"this file is not a spec, but has {found}", advice)
    return _decoded(files.read(path, MAX_BYTES, _ADVICE), str(path))


def parse(
    text: str | bytes, path: str, folder: Path | None = None, root: Path | None = None, overrides: Sequence[str] = ()
) -> Spec:
    """Read a spec from a text.

    Args:
        text: the spec.
        path: it appears in messages, and its suffix ``.json`` means JSON.
        folder: the folder of data; None if the data must not be looked at.
        root: another folder that may contain data.
        overrides: values that replace those of the text, such as ``training.epochs=100``.

    Raises:
        SpecError: with all mistakes, in the order of the text.
    """
    document = read_document(text, path)
    override(document, overrides)
    return _spec_of(document, folder, root)


def checked(value: Mapping[str, Any], path: str) -> Spec:
    """The spec of values that a program made; all mistakes have the same place.

    Raises:
        SpecError: the checks of specs refuse it.
    """
    everywhere: dict[Loc, Span] = {(): Span(0)}
    return _spec_of(Document(path, "", value, everywhere, everywhere), None, None)


def _spec_of(document: Document, folder: Path | None, root: Path | None) -> Spec:
    collect(document, folder, root)
    spec, found = None, list(document.diagnostics)
    try:
        spec = Spec.model_validate(document.value)
    except ValidationError as error:
        found += dict.fromkeys(mistakes(document, error))  # each alternative of a choice reports the same mistake
    found += check(document, folder, None if found else spec, root)
    if spec is None or found:
        raise SpecError(sorted(found, key=lambda one: (one.line or 0, one.column or 0)))
    return spec


def read_document(text: str | bytes, path: str) -> Document:
    """The document that a text is.

    Raises:
        SpecError: the text is too large, or not in UTF-8.
    """
    if len(text) > MAX_BYTES:
        raise _too_large(path, f"the file is larger than {MAX_BYTES:,} bytes")
    text = text if isinstance(text, str) else _decoded(text, path)
    if sum(1 for _ in _BETWEEN.finditer(text)) > MAX_VALUES:
        raise _too_large(path, f"the file has more than {MAX_VALUES:,} keys and values")
    return read(text, path)


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        document = Document(path, content.decode(errors="replace"))
        message = f"the byte 0x{content[error.start]:02x} at offset {error.start} is not UTF-8"
        found = document.at(Span(len(before)), message, advice="save the file in UTF-8")
        raise SpecError([found]) from None


def _too_large(path: str, message: str) -> SpecError:
    return SpecError([Diagnostic(path, None, None, message, help=_ADVICE)])
