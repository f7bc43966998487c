"""Reads a file of properties; each mistake becomes a ``Diagnostic``."""

from pathlib import Path

from pydantic import ValidationError

from nngen.common.diagnostics import SpecError
from nngen.description.model import Property, PropertyFile, Spec
from nngen.reading.checks.properties import misfits
from nngen.reading.pydantic_errors import mistakes, unknown_field
from nngen.reading.schema_words import fields, nodes
from nngen.reading.source import read_document, written


def properties(path: Path, spec: Spec) -> tuple[Property, ...]:
    """The properties in a file, which may be a spec.

    Args:
        path: the file.
        spec: the spec of the network.

    Raises:
        SpecError: the file cannot be read, or with all its mistakes.
    """
    document = read_document(written(path), str(path))
    found = list(document.diagnostics)
    known = fields(nodes(document, ()))
    found += [unknown_field(document, (name,)) for name in document.value if name not in known]
    made: tuple[Property, ...] = ()
    try:
        made = PropertyFile.model_validate(document.value).properties
    except ValidationError as error:
        found += dict.fromkeys(mistakes(document, error))
    found += [document.about(one.loc, one.message, one.label, one.advice) for one in misfits(made, spec)]
    if found:
        raise SpecError(sorted(found, key=lambda one: (one.line or 0, one.column or 0)))
    return made
