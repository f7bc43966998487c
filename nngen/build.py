"""Specs → files: render, compare, write. The one module that touches the output folder."""

import contextlib
import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nngen import files, saved
from nngen.data import scaling
from nngen.diagnostics import Diagnostic, SpecError, show
from nngen.files import reason
from nngen.planner import plan
from nngen.render import binding, render
from nngen.selftest import SelfTestError
from nngen.selftest import selftest as numbers
from nngen.source import load
from nngen.spec import Spec
from nngen.targets import BINDING, KINDS, network_of

MAX_PAGE = 10_000_000
"""Characters of a module; 5,000 weights with the longest names, the most that is written out, give 4.4 million."""


@dataclass(frozen=True)
class Module:
    """A generated module, and the file that it belongs into."""

    path: Path
    text: str

    @property
    def found(self) -> str | None:
        """What the file holds now; None where there is none that could be read as text."""
        return _text(self.path, 4 * MAX_PAGE)

    @property
    def current(self) -> bool:
        """Whether the file is what the spec gives."""
        return self.found == self.text

    @property
    def foreign(self) -> bool:
        """Whether a file is there that nngen did not write for a network of this name."""
        return os.path.lexists(self.path) and not os.path.isdir(self.path) and not _written(self.path)

    def diff(self) -> str:
        """What building would change, as a unified diff."""
        before = (self.found or "").splitlines(keepends=True)
        after = self.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, f"{self.path} (now)", f"{self.path} (built)"))


def texts(spec: Spec, folder: Path, targets: Sequence[str] = (), selftest: bool = False) -> dict[str, str]:
    """The text of a spec's module for each target; without targets, for those that the spec names.

    With a header of C comes its binding, where the spec asks for it.

    Args:
        spec: a spec that has passed the checks.
        folder: the folder that the spec's data file is named from.
        targets: names in ``TARGETS``.
        selftest: whether the modules have a ``selftest``.

    Raises:
        SpecError: the data file, which the inputs' scale is measured from, cannot be read.
        SelfTestError: the network cannot have a self-test.
    """
    planned = plan(spec, scaling(spec, folder))
    made = {}
    for target in targets or [target.name for target in spec.targets]:
        meant = numbers(planned, spec, target) if selftest else None
        made[target] = render(planned, spec, target, meant)
        if target == "c" and spec.binding:
            made[BINDING.name] = binding(planned, spec, meant)
    for target, text in made.items():
        if len(text) > MAX_PAGE:
            message = (
                f"{spec.name}: a module of {len(text):,} characters for {target}, at most {MAX_PAGE:,} are written"
            )
            advice = "shorten names and formulas, or write `unroll: layers`"
            raise SpecError([Diagnostic(str(folder), None, None, message, help=advice)])
    return made


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
            if not _same(path, other):
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
        found = [file for file in _listed(path) if _network(file) is None]
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
            network = _network(file)
            if network is not None:
                yield file, network


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml", ".json"))
    except OSError as error:
        raise files.refused(folder, f"the folder cannot be read: {reason(error)}") from None


def _network(path: Path, known: Callable[[Path], str | None] = saved.begins) -> str | None:
    """The name of the network whose parameters a file has; None for any other file."""
    try:
        return known(path)
    except SpecError:
        return None


def stale(built: Iterable[Module], out: Path) -> list[Path]:
    """Generated modules in the output folder that none of the specs gives."""
    paths = {module.path for module in built}
    places = [kind.path(out, "*") for kind in KINDS.values()]
    found = (path for place in places if os.path.isdir(place.parent) for path in sorted(place.parent.glob(place.name)))
    return [path for path in found if path not in paths and _written(path)]


def keep(path: Path, network: str, *, force: bool) -> None:
    """Refuse to write the parameters of a network to a file that holds anything else.

    Raises:
        SpecError: something is lost; or the file is none, such as a pipe.
    """
    _refuse_special(path)
    holds = _network(path, saved.holds)
    if os.path.lexists(path) and holds != network and not force:
        what = f"the parameters of {show(holds)}" if holds else "no parameters"
        raise files.refused(path, f"a file is there that holds {what}", "to have it overwritten: `--force`")


def replace(path: Path, make: Callable[[Path], None]) -> None:
    """Write a file by a draft beside it, so that it is whole at every moment: as it was, or as ``make`` writes it.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    draft = _draft(path)
    try:
        make(draft)
        _onto_disk(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def save(path: Path, text: str, *, force: bool, mark: str = "") -> None:
    """Write a text to a file that somebody has named.

    Args:
        path: the file.
        text: what is written.
        force: whether a file is overwritten, whatever it is.
        mark: what the files hold that are overwritten in any case; none are where it is empty.

    Raises:
        SpecError: another file is there already, and not to be overwritten; or it is a pipe or a device, or cannot
            be written.
    """
    _refuse_special(path)
    if os.path.lexists(path) and not force and not (mark and mark in (_text(path, saved.MAX_HEAD) or "")):
        message, advice = "a file of this name is there already", "to have it overwritten: `--force`"
        raise SpecError([Diagnostic(str(path), None, None, message, help=advice)])
    try:
        replace(path, lambda draft: _put(draft, text))
    except OSError as error:
        raise SpecError([Diagnostic(str(path), None, None, f"this cannot be written: {reason(error)}")]) from None


def _refuse_special(path: Path) -> None:
    kind = files.special(path)
    if kind:
        raise files.refused(path, f"there is {kind}, which is never overwritten")


def _put(path: Path, text: str) -> None:
    with path.open("xb") as file:
        file.write(text.encode())


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
            made += _make(path.parent)
            if os.path.isdir(path):
                raise IsADirectoryError(0, "a folder of this name is in the way")
            draft = _draft(path)
            drafts.append((draft, path))
            with draft.open("xb") as file:
                file.write(module.text.encode())
            _onto_disk(draft)
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


def _draft(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # what a process left that was killed, or a link that somebody has laid
    return draft


def _onto_disk(draft: Path) -> None:
    """Wait until a draft is on the disk: else a machine that crashes after the renaming can leave an empty file."""
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def _keep(built: Iterable[Module], *, force: bool) -> None:
    """Refuse to write where that would destroy what is somebody else's, or lead out of the output folder."""
    refused = []
    for module in built:
        folder, out = module.path.parent, module.path.parent.parent
        if os.path.islink(folder) and not _within(folder, out):
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


def _within(folder: Path, out: Path) -> bool:
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(out))


def _written(path: Path) -> bool:
    """Whether nngen wrote the file for a network of the name that its own begins with: both of its marks have it."""
    head = (_text(path, saved.MAX_HEAD) or "").replace("\r\n", "\n")
    return all(
        re.search(mark.format(re.escape(network_of(path))), head, re.MULTILINE)
        for mark in (
            r"^Written by nngen from the spec {}:",
            r'^(export const |#define \w+_)?LAYOUT( =)?\s+[(\\]?\s*"{} ',
        )
    )


def _text(path: Path, most: int) -> str | None:
    """The text of a file, or its first bytes; None where there is none that could be read."""
    try:
        return files.start(path, most).decode(errors="replace")
    except SpecError:
        return None


def _taken(name: str, before: str, other: Path) -> str:
    """Why a second network cannot have this name."""
    if name == before:
        return f"{other} has a network of the same name"
    return f"{other} has a network {before!r}, whose file is that of {name!r} on systems that ignore case"


def _same(path: Path, other: Path) -> bool:
    return path == other or path.samefile(other)


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; what was made, from the top down."""
    missing = [place for place in (folder, *folder.parents) if not os.path.exists(place)]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]
