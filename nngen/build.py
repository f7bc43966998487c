"""Specs → files: render, compare, write. The one module that touches the output folder."""

import contextlib
import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngen.data import scaling
from nngen.diagnostics import Diagnostic, SpecError
from nngen.planner import plan
from nngen.render import render
from nngen.selftest import selftest as numbers
from nngen.source import load
from nngen.spec import Spec
from nngen.targets import TARGETS

MARK = "Written by nngen from the spec "
"""A sentence of every generated module."""


@dataclass(frozen=True)
class Module:
    """A generated module, and the file that it belongs into."""

    path: Path
    text: str

    @property
    def found(self) -> str | None:
        """What the file holds now; None where there is none that could be read as text."""
        try:
            return self.path.read_bytes().decode(errors="replace")
        except OSError:
            return None

    @property
    def current(self) -> bool:
        """Whether the file is what the spec gives."""
        return self.found == self.text

    def diff(self) -> str:
        """What building would change, as a unified diff."""
        before = (self.found or "").splitlines(keepends=True)
        after = self.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, f"{self.path} (now)", f"{self.path} (built)"))


def texts(spec: Spec, folder: Path, targets: Sequence[str] = (), selftest: bool = False) -> dict[str, str]:
    """The text of a spec's module for each target; without targets, for those that the spec names.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder that the spec's data file is named from.
        targets: names in ``TARGETS``.
        selftest: whether the modules have a ``selftest``.

    Raises:
        SpecError: the data file, which the inputs' scale is measured from, cannot be read.
        OverflowError: the numbers of the self-test are infinite or NaN.
    """
    planned = plan(spec, scaling(spec, folder))
    return {
        target: render(planned, spec, target, numbers(planned, spec, target) if selftest else None)
        for target in targets or [target.name for target in spec.targets]
    }


def modules(paths: Iterable[Path], out: Path, targets: Sequence[str] = (), selftest: bool = False) -> list[Module]:
    """The modules of all specs, in the order of the paths; the arguments are those of ``texts``.

    Raises:
        SpecError: with the mistakes of all specs.
    """
    built: dict[Path, tuple[Path, Module]] = {}
    mistakes: list[Diagnostic] = []
    for path in specs(paths):
        try:
            spec = load(path)
            made = texts(spec, path.parent, targets, selftest)
        except SpecError as error:
            mistakes += error.diagnostics
            continue
        except OverflowError as error:
            mistakes.append(Diagnostic(str(path), None, None, str(error), help="build it without --selftest"))
            continue
        for target, text in made.items():
            module = Module(out / target / f"{spec.name}.py", text)
            other = built.get(module.path, (path,))[0]
            if not _same(path, other):
                mistakes.append(Diagnostic(str(path), None, None, f"{other} has a network of the same name"))
            built[module.path] = path, module
    if mistakes:
        raise SpecError(mistakes)
    return [module for _, module in built.values()]


def specs(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant: each file, and of each folder its YAML and JSON files.

    Raises:
        SpecError: a folder holds none, or cannot be read.
    """
    for path in dict.fromkeys(paths):
        if not path.is_dir():
            yield path
            continue
        try:
            found = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml", ".json"))
        except OSError as error:
            raise SpecError(
                [Diagnostic(str(path), None, None, f"the folder cannot be read: {_reason(error)}")]
            ) from None
        if not found:
            raise SpecError([Diagnostic(str(path), None, None, "the folder holds no .yaml, .yml or .json file")])
        yield from found


def stale(built: Iterable[Module], out: Path) -> list[Path]:
    """Generated modules in the output folder that none of the specs gives."""
    paths = {module.path for module in built}
    found = (path for target in TARGETS for path in sorted((out / target).glob("*.py")) if path not in paths)
    return [path for path in found if MARK in path.read_bytes().decode(errors="replace")]


def write(built: Iterable[Module]) -> None:
    """Write the modules: each file is replaced whole, and none of them before all are on the disk.

    Raises:
        SpecError: a file cannot be written; the output folder is as it was.
    """
    made: list[Path] = []
    drafts: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for module in built:
            path = module.path
            made += _make(path.parent)
            if path.is_dir():
                raise IsADirectoryError(0, "a folder of this name is in the way")
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            drafts.append((draft, path))
            draft.write_bytes(module.text.encode())
        for draft, path in drafts:
            draft.replace(path)
    except OSError as error:
        for draft, _ in drafts:
            with contextlib.suppress(OSError):
                draft.unlink()
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise SpecError([Diagnostic(str(path), None, None, f"this cannot be written: {_reason(error)}")]) from None


def _same(path: Path, other: Path) -> bool:
    return path == other or path.resolve() == other.resolve()


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; what was made, from the top down."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
