"""The command ``nngen build``."""

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import click

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import command_line, echo, note, notes
from nngen.cli.values import FILE, Target
from nngen.common.choices import Integers, Part
from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.common.languages import LANGUAGES
from nngen.common.ranges import Entries


@command
def build(
    *,
    specs: Annotated[tuple[Path, ...], options.ARGUMENT],
    targets: Annotated[
        tuple[str, ...],
        "--target",
        Target((*LANGUAGES, "xlsx")),
        "Write only this target, an installed language, that of a Python file, or xlsx, a workbook; may be repeated.",
    ],
    out: Annotated[Path, "Output folder of the modules."] = Path("generated"),
    file: Annotated[Path | None, "-o", FILE, "Write the only module to this file."],
    params: Annotated[tuple[Path, ...], "Let the module carry these trained parameters; can be repeated."],
    contents: Annotated[
        tuple[Sequence[Part], ...],
        "Write only these parts, between commas, and what they need. all: everything but sensitivity and notes.",
    ],
    dtype: Annotated[
        Integers | None,
        "Write a predictor in integers, for small machines; needs --params. Targets: c, python, javascript.",
    ],
    table: Annotated[
        Entries | None,
        "--table N",
        "With --dtype int8: the numbers of a table, such as that of tanh; default: 256.",
    ],
    accept_loss: options.AcceptLoss,
    selftest: Annotated[bool, "Add a function that compares the module with the reference."],
    check: Annotated[bool, "Write nothing; fail if a file differs from what its spec gives."],
    diff: Annotated[bool, "Write nothing; print the changes, and fail if there are any."],
    force: Annotated[bool, "Also overwrite files that nngen did not write."],
    data_root: options.DataRoot,
) -> None:
    """Write the modules of SPECS, which are files or folders.

    This overwrites manual changes in a module; use --diff to see them first. A file that nngen did not write is kept,
    and the exit code is 2. If you built modules with --selftest, give it also with --check and --diff.
    """
    from nngen.commands.build import modules, placed, stale, write
    from nngen.commands.spec_files import parameters
    from nngen.commands.workbooks import also, workbooks
    from nngen.targets import named

    if table is not None and dtype is None:
        raise click.UsageError("--table belongs to --dtype int8")
    if accept_loss and dtype is None:
        raise click.UsageError("--accept-loss belongs to --dtype int8")
    parts = tuple(chain.from_iterable(contents))
    if dtype is not None and (selftest or parts):
        raise click.UsageError(
            "--dtype int8 writes what a prediction needs, and takes neither --contents nor --selftest"
        )
    (sheets, languages), refused = also(targets), list[Diagnostic]()
    if sheets and (selftest or dtype or {*parts} - {"sensitivity"}):
        raise click.UsageError("a workbook takes neither --selftest nor --dtype, and of --contents only sensitivity")
    targets, size = tuple(named(languages)), (table or 256) if dtype else 0
    built = workbooks(specs, out, data_root, params, parts) if sheets else []
    if targets or not sheets:
        built += modules(specs, out, targets, selftest, data_root, params, refused, parts, size, accept_loss)
    if refused and (not built or file is not None):
        raise SpecError(refused)
    if file is not None:
        built = placed(built, file)
    for path, network in parameters(specs):
        note(f"passed over {path}: the parameters of {network}")
    for module in built:
        notes(module.remarks)
    changed = [module for module in built if not module.current]
    everything = any(map(os.path.isdir, specs)) and not (targets or sheets or file or refused)
    left = stale(built, out) if everything else []
    if not (check or diff):
        write(changed, force=force)
        for module in built:
            note(f"{'wrote' if module in changed else 'same '} {module.path}")
        if refused:  # the others are written
            raise SpecError(refused)
        return
    reformatted = [module for module in changed if module.reformatted]
    for module in changed:
        wrong = (
            "differs only in layout, as after a formatter"
            if module in reformatted
            else "differs from the module that nngen writes for this spec"
        )
        echo(module.diff() if diff else f"{module.path} {wrong}", nl=not diff)
    for path in left:
        echo(f"{path} comes from none of the specs; delete it")
    if refused:
        raise SpecError(refused)
    if changed or left:
        command = command_line(check=False, diff=False)
        note(f"{len(changed) + len(left)} of {len(built)} differ; to write them: {command}")
        if any(module.shortened for module in changed):
            note("help: the default contents changed; `contents: all` in the spec gives the module of 0.1")
        if reformatted:
            note("help: exclude generated modules from your formatter, for Prettier in .prettierignore")
        raise SystemExit(1)
