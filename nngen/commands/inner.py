"""The module of a spec in memory, also of C, for commands that give it arrays."""

import atexit
import importlib.util
import tempfile
import warnings
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from nngen.common import files
from nngen.description.data import Encoding
from nngen.description.model import CTarget, Group, Index, Spec
from nngen.targets import KINDS, as_module, texts

ANSWERS = ("prediction", "files")
"""The parts of a module that answer with parameters of a file: a third of the time to write it, and the same bits."""


def module_of(
    spec: Spec, folder: Path, target: str, measured: Encoding | None, contents: Collection[str] = ("all",)
) -> Any:
    """A spec's module in memory, ready to run. It takes arrays of inputs, so that its text lists no columns and no ids.

    The target is ``python``, ``numpy`` or ``c``, which has no choice of contents; ``measured`` is the encoding of rows.

    Raises:
        SpecError: there is no compiler of C.
    """
    inner, encoding = without_ids(spec), measured and replace(measured, columns=())
    if target == "c":
        return compiled(inner, folder, encoding)
    return as_module(inner.name, texts(inner, folder, [target], contents=contents, measured=encoding)[target])


def without_ids(spec: Spec) -> Spec:
    """The spec with the number of ids in place of a list of them; its network is the same."""
    if isinstance(spec.inputs, Group):
        return spec
    listed = (
        each.model_copy(update={"ids": len(each.ids)})
        if isinstance(each, Index) and not isinstance(each.ids, int)
        else each
        for each in spec.inputs
    )
    return spec.model_copy(update={"inputs": tuple(listed)})


def compiled(spec: Spec, folder: Path, measured: Encoding | None = None) -> Any:
    """The module of Python that calls a spec's header of C, compiled in a folder that is deleted with the process.

    ``measured`` is the encoding, where it is measured already.

    Raises:
        SpecError: the data cannot be read; or there is no compiler of C.
    """
    listed = CTarget.model_validate(
        {"name": "c", "unroll": spec.unroll("c"), "dtype": spec.dtype("c"), "binding": True}
    )
    made = texts(spec.model_copy(update={"targets": (listed,)}), folder, measured=measured)
    place = tempfile.TemporaryDirectory(prefix="nngen-")
    atexit.register(place.cleanup)
    for name, text in made.items():
        KINDS[name].path(Path(place.name), spec.name).parent.mkdir(exist_ok=True)
        KINDS[name].path(Path(place.name), spec.name).write_text(text, "utf-8")
    file = KINDS["binding"].path(Path(place.name), spec.name)
    found = importlib.util.spec_from_file_location(file.stem, file)
    assert found is not None  # noqa: S101 (the file ends in .py)
    assert found.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(found)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            found.loader.exec_module(module)
        except (ImportError, RuntimeWarning) as error:
            message = f"the module of C cannot be compiled: {error}"
            advice = "install gcc or clang and the headers of Python, or train another target"
            raise files.refused(spec.name, message, advice) from None
    return module
