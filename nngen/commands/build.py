"""Specs → files: render, compare, write. The one module that touches the output folder."""

import contextlib
import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngen import files
from nngen.commands.output import (
    draft_of,
    is_written_by_nngen,
    lies_within,
    make_folder,
    network_in,
    onto_disk,
    same_file,
    text_of,
)
from nngen.diagnostics import Diagnostic, SpecError
from nngen.files import reason
from nngen.pages import KINDS, MAX_PAGE, SelfTestError, network_of, texts
from nngen.reading import load


@dataclass(frozen=True)
class Module:
    """A generated module, and the file that it belongs into."""

    path: Path
    text: str

    @property
    def found(self) -> str | None:
        """What the file holds now; None where there is none that could be read as text."""
        return text_of(self.path, 4 * MAX_PAGE)

    @property
    def current(self) -> bool:
        """Whether the file is what the spec gives."""
        return self.found == self.text

    @property
    def foreign(self) -> bool:
        """Whether a file is there that nngen did not write for a network of this name."""
        return os.path.lexists(self.path) and not os.path.isdir(self.path) and not is_written_by_nngen(self.path)

    def diff(self) -> str:
        """What building would change, as a unified diff."""
        before = (self.found or "").splitlines(keepends=True)
        after = self.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, f"{self.path} (now)", f"{self.path} (built)"))


def modules(
    paths: Iterable[Path], out: Path, targets: Sequence[str] = (), selftest: bool = False, root: Path | None = None
) -> list[Module]:
    """The modules of all specs, in the order of the paths; the arguments are those of ``texts`` and of ``load``.

    Raises:
        SpecError: with the mistakes of all specs.
    """
    built: dict[Path, tuple[Path, Module]] = {}  # by paths as file systems see them that know no case
    mistakes: list[Diagnostic] = []
    for path in specs(paths):
        try:
            spec = load(path, root)
            made = texts(spec, path.parent, targets, selftest)
        except SpecError as error:
            mistakes += error.diagnostics
            continue
        except SelfTestError as error:
            mistakes.append(Diagnostic(str(path), None, None, str(error), help="build it without --selftest"))
            continue
        for target, text in made.items():
            module = Module(KINDS[target].path(out, spec.name), text)
            key = module.path.with_name(module.path.name.casefold())
            other, before = built.setdefault(key, (path, module))
            if not same_file(path, other):
                mistakes.append(Diagnostic(str(path), None, None, _taken(spec.name, network_of(before.path), other)))
    if mistakes:
        raise SpecError(dict.fromkeys(mistakes))  # once, and not for each target
    return [module for _, module in built.values()]


def specs(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are meant: each file, and of each folder its YAML and JSON files but those of parameters.

    Raises:
        SpecError: a folder holds none, or cannot be read.
    """
    for path in dict.fromkeys(paths):
        if not os.path.isdir(path):
            yield path
            continue
        found = [file for file in _listed(path) if network_in(file) is None]
        if not found:
            raise files.refused(path, "the folder holds no spec, which is a .yaml, .yml or .json file")
        yield from found


def parameters(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files of parameters that ``specs`` passes over in folders, each with the name of its network.

    Raises:
        SpecError: a folder cannot be read.
    """
    for path in dict.fromkeys(paths):
        for file in _listed(path) if os.path.isdir(path) else ():
            network = network_in(file)
            if network is not None:
                yield file, network


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml", ".json"))
    except OSError as error:
        raise files.refused(folder, f"the folder cannot be read: {reason(error)}") from None


def stale(built: Iterable[Module], out: Path) -> list[Path]:
    """Generated modules in the output folder that none of the specs gives."""
    paths = {module.path for module in built}
    places = [kind.path(out, "*") for kind in KINDS.values()]
    found = (path for place in places if os.path.isdir(place.parent) for path in sorted(place.parent.glob(place.name)))
    return [path for path in found if path not in paths and is_written_by_nngen(path)]


def write(built: Sequence[Module], *, force: bool = False) -> None:
    """Write the modules: each file is replaced whole, and none of them before all are written beside their places.

    Args:
        built: what to write.
        force: whether files are replaced that nngen did not write.

    Raises:
        SpecError: a file is somebody else's, or cannot be written; the output folder is as it was.
    """
    _keep(built, force=force)
    made: list[Path] = []
    drafts: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for module in built:
            path = module.path
            made += make_folder(path.parent)
            if os.path.isdir(path):
                raise IsADirectoryError(0, "a folder of this name is in the way")
            draft = draft_of(path)
            drafts.append((draft, path))
            with draft.open("xb") as file:
                file.write(module.text.encode())
            onto_disk(draft)
        for draft, path in drafts:
            draft.replace(path)
    except OSError as error:
        for draft, _ in drafts:
            with contextlib.suppress(OSError):
                draft.unlink()
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise SpecError([Diagnostic(str(path), None, None, f"this cannot be written: {reason(error)}")]) from None


def _keep(built: Iterable[Module], *, force: bool) -> None:
    """Refuse to write where that would destroy what is somebody else's, or lead out of the output folder."""
    refused = []
    for module in built:
        folder, out = module.path.parent, module.path.parent.parent
        if os.path.islink(folder) and not lies_within(folder, out):
            message = f"{folder.name!r} is a link that leads out of the output folder"
            refused.append(Diagnostic(str(module.path), None, None, message, help="give that place as `--out`"))
        elif kind := files.special(module.path):
            refused.append(Diagnostic(str(module.path), None, None, f"there is {kind}, which is never overwritten"))
        elif module.foreign and not force:
            message = "a file is there that nngen did not write for this network"
            advice = "move it away, take another `--out`, or let it be overwritten: `--force`"
            refused.append(Diagnostic(str(module.path), None, None, message, help=advice))
    if refused:
        raise SpecError(refused)


def _taken(name: str, before: str, other: Path) -> str:
    """Why a second network cannot have this name."""
    if name == before:
        return f"{other} has a network of the same name"
    return f"{other} has a network {before!r}, whose file is that of {name!r} on systems that ignore case"
