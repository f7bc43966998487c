"""The module of a spec in memory, for commands that give it arrays."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from nngen.commands.compiled import compiled
from nngen.description.data import Encoding
from nngen.description.model import Group, Index, Spec
from nngen.targets import as_module, texts

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
