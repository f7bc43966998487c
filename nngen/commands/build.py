"""``nngen build``: render modules, compare them with the files, and write them."""

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nngen.commands.module_files import Module
from nngen.commands.output import (
    draft_of,
    is_written_by_nngen,
    lies_within,
    make_folder,
    onto_disk,
    same_file,
)
from nngen.commands.spec_files import specs
from nngen.common import files
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.common.files import reason
from nngen.description.data import Encoding, encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.selftest import SelfTestError, module_numbers
from nngen.reading import load, parameter_files
from nngen.targets import KINDS, beside, networks_of, texts


def modules(
    paths: Iterable[Path],
    out: Path,
    targets: Sequence[str] = (),
    selftest: bool = False,
    root: Path | None = None,
    parameters: Iterable[Path] = (),
    refused: list[Diagnostic] | None = None,
    contents: Sequence[str] = (),
    table: int = 0,
    accept_loss: bool = False,
) -> list[Module]:
    """The modules of all specs, in the order of the paths.

    Args:
        paths: specs, or folders of them.
        out: the output folder.
        targets: names in ``TARGETS``; if empty, those of each spec.
        selftest: whether the modules have a ``selftest``.
        root: another folder that may contain data.
        parameters: files of trained parameters; each names its network.
        refused: gets a message for each target that cannot be written, so that the others are; without it, this is a
            mistake.
        contents: the parts of the modules; if empty, those of each spec.
        table: how many numbers a table of a module in integers has; 0 for modules in floating point.
        accept_loss: whether modules in integers may have worse answers than in floating point.

    Raises:
        SpecError: with the mistakes of all specs, or with a parameter file that belongs to none of them.
    """
    built: dict[Path, tuple[Path, Module]] = {}  # by their paths on file systems that ignore case
    mistakes: list[Diagnostic] = []
    given = by_network(parameters)
    for path in specs(paths):
        left_out: list[Diagnostic] = []
        try:
            spec = load(path, root)
            flat, how = trained(given.pop(spec.name, None), spec, path.parent)
            says = ""
            if table:
                from nngen.commands.integers import in_integers  # it needs NumPy

                made, says = in_integers(spec, path, targets, flat, accept_loss, table)
                flat = None
            else:
                made = texts(
                    spec, path.parent, targets, module_numbers if selftest else None, flat, left_out, contents, how
                )
        except SpecError as error:
            mistakes += error.diagnostics
            continue
        except SelfTestError as error:
            mistakes.append(Diagnostic(str(path), None, None, str(error), help="build it without --selftest"))
            continue
        (mistakes if refused is None else refused).extend(
            replace(one, path=str(path)) if one.path == str(path.parent) else one for one in left_out
        )
        for module in files_of(spec, made, out, flat, contents or spec.contents or (), says):
            key = module.path.with_name(module.path.name.casefold())
            other, before = built.setdefault(key, (path, module))
            if module.network and not same_file(path, other):
                mistakes.append(Diagnostic(str(path), None, None, _taken(module, before, other)))
    mistakes = mistakes or of_no_network(given)
    if mistakes:
        raise SpecError(dict.fromkeys(mistakes))  # once, and not for each target
    return [module for _, module in built.values()]


def files_of(
    spec: Spec,
    texts: Mapping[str, str],
    out: Path,
    flat: Sequence[float] | None,
    asked: Collection[str],
    says: str = "",
) -> Iterator[Module]:
    """The modules of a spec, the first with a remark, and the files of trained parameters beside some of them."""
    for kind, text in texts.items():
        path = KINDS[kind].path(out, spec.name, spec.namespace(kind))
        whole = KINDS[kind].bound and "binding" in texts and bool(asked) and "all" not in asked
        yield Module(path, text, "" if KINDS[kind].shared else spec.name, whole=whole, says=says)
        says = ""
        if found := beside(spec, kind, flat):
            name, parameters = found
            yield Module(path.with_name(name), parameters, spec.name, beside=True)


def placed(built: Sequence[Module], file: Path) -> list[Module]:
    """The single module for the file that the user named, and its trained parameters beside it.

    Raises:
        SpecError: there are several modules, or the parameters have the name of the file.
    """
    named = [module for module in built if not module.beside]
    if len(named) != 1:
        what = ", ".join(str(module.path) for module in named)
        raise files.refused(file, f"one file for {len(named)} modules: {what}", "give one spec and one `--target`")
    found = [replace(m, path=file.with_name(m.path.name) if m.beside else file, placed=True) for m in built]
    if any(module.beside and module.path == file for module in found):
        raise files.refused(file, "the trained parameters have this name", "choose another `-o`")
    return found


def by_network(parameters: Iterable[Path]) -> dict[str, Path]:
    """The parameter files by the network that they name."""
    found: dict[str, Path] = {}
    for path in parameters:
        network = parameter_files.begins(path)
        if network is None:
            raise parameter_files.no_parameters(path)
        if network in found:
            raise files.refused(path, f"duplicate parameters of {network!r}", f"the first are in {found[network]}")
        found[network] = path
    return found


def of_no_network(given: Mapping[str, Path]) -> list[Diagnostic]:
    """The mistake of each file of parameters, by its network, that is left after all networks are built."""
    says = "these are the parameters of {!r}, and no such network is built"
    return [Diagnostic(str(path), None, None, says.format(network)) for network, path in given.items()]


def trained(path: Path | None, spec: Spec, folder: Path) -> tuple[list[float] | None, Encoding | None]:
    """The parameters in a file, if there is one, and the encoding that they are checked with."""
    if path is None:
        return None, None
    stored, how = parameter_files.stored(path, plan(spec)), encoding(spec, folder)
    flat = stored.of(spec, how)
    if how is not None and how.of_inputs:
        from nngen.commands.anomalies import limited  # it needs NumPy

        return flat, limited(spec, folder, how, flat)
    return flat, how and stored.calibrated(how)


def stale(built: Iterable[Module], out: Path) -> list[Path]:
    """The generated modules in the output folder that belong to none of the specs."""
    paths = {module.path for module in built}
    places = [kind.path(Path(), "*") for kind in KINDS.values()]
    found = (path for place in places if os.path.isdir(out) for path in sorted(out.glob(str(place))))
    return [
        path
        for path in dict.fromkeys(found)
        if path not in paths and any(is_written_by_nngen(path, name) for name in networks_of(path))
    ]


def write(built: Sequence[Module], *, force: bool = False) -> None:
    """Write the modules. All are written to drafts first, and then each file is replaced as a whole.

    Args:
        built: the modules.
        force: whether to replace files that nngen did not write.

    Raises:
        SpecError: nngen did not write a file, the command reads it, or it cannot be written; the output folder is
            unchanged.
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
                raise IsADirectoryError(0, "there is a folder of this name")
            draft = draft_of(path)
            drafts.append((draft, path))
            with draft.open("xb") as file:
                file.write(module.content)
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
        raise files.refused(path, f"the file cannot be written: {reason(error)}") from None


def _keep(built: Iterable[Module], *, force: bool) -> None:
    """Refuse to overwrite files of others, and to write outside the output folder."""
    refused = []
    for module in built:
        files.refuse_input(module.path)
        folder, out = module.path.parent, module.path.parent.parent
        if not module.placed and os.path.islink(folder) and not lies_within(folder, out):
            message = f"the link {folder.name!r} leads out of the output folder"
            refused.append(Diagnostic(str(module.path), None, None, message, help="give its target as `--out`"))
        elif kind := files.special(module.path):
            refused.append(Diagnostic(str(module.path), None, None, f"this is {kind}, which is never overwritten"))
        elif module.foreign and not force:
            message = "the file exists, and nngen did not write it for this network"
            advice = "move it, use another `--out`, or overwrite it with `--force`"
            refused.append(Diagnostic(str(module.path), None, None, message, help=advice))
    if refused:
        raise SpecError(refused)


def _taken(module: Module, before: Module, other: Path) -> str:
    """The message about a second network with this name, or with this file."""
    if module.network == before.network:
        return f"{other} has a network of the same name"
    where = "" if module.path == before.path else " on systems that ignore case"
    return f"{other} has a network {before.network!r}, with the same file as {module.network!r}{where}"
