"""``nngen build --target xlsx``: workbooks beside modules."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nngen.commands.build import by_network, of_no_network, trained
from nngen.commands.module_files import Module
from nngen.commands.spec_files import specs
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.common.records import dataclass
from nngen.reading import load
from nngen.targets import MAX_WORKBOOK, as_workbook, workbook_of

TARGET = "xlsx"
"""The name of the target, of its folder and of its files."""


@dataclass(frozen=True)
class Workbook(Module):
    """A workbook and its file."""

    data: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.data

    @property
    def current(self) -> bool:
        """Whether the file is up to date."""
        return _bytes(self.path) == self.data

    @property
    def reformatted(self) -> bool:
        """A workbook has no layout of text."""
        return False

    @property
    def foreign(self) -> bool:
        """Whether the file exists, but nngen did not write it for a network of this name."""
        return self.path.is_file() and workbook_of(_bytes(self.path) or b"") != self.network

    @property
    def shortened(self) -> bool:
        """A workbook has no parts."""
        return False

    def diff(self) -> str:
        """That the files differ; their cells are no lines."""
        return f"Binary files {self.path} (now) and {self.path} (built) differ\n"


def _bytes(path: Path) -> bytes | None:
    """The bytes of a file; None if it cannot be read."""
    try:
        return files.start(path, MAX_WORKBOOK)
    except SpecError:
        return None


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook that nngen wrote."""
    return path.suffix == f".{TARGET}" and path.is_file() and bool(workbook_of(_bytes(path) or b""))


def workbooks(
    paths: Iterable[Path],
    out: Path,
    root: Path | None = None,
    parameters: Iterable[Path] = (),
    contents: Collection[str] = (),
) -> list[Module]:
    """The workbooks of all specs.

    Args:
        paths: specs, or folders of them.
        out: the output folder.
        root: another folder that may contain data.
        parameters: files of trained parameters; each names its network.
        contents: ``sensitivity`` for contributions; if empty, as each spec says.

    Raises:
        SpecError: with the mistakes of all specs.
    """
    made: list[Module] = []
    mistakes: list[Diagnostic] = []
    given = by_network(parameters)
    for path in specs(paths):
        try:
            spec = load(path, root)
            flat, _ = trained(given.pop(spec.name, None), spec, path.parent)
            data = as_workbook(spec, path.parent, flat, contents=contents)
        except SpecError as error:
            mistakes += (
                replace(one, path=str(path)) if one.path == str(path.parent) else one for one in error.diagnostics
            )
            continue
        made.append(Workbook(out / TARGET / f"{spec.name}.{TARGET}", "", spec.name, data=data))
    mistakes = mistakes or of_no_network(given)
    if mistakes:
        raise SpecError(mistakes)
    return made


def also(targets: Sequence[str]) -> tuple[bool, tuple[str, ...]]:
    """Whether workbooks are among some targets, and the others."""
    return TARGET in targets, tuple(target for target in targets if target != TARGET)
