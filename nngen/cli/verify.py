"""The command ``nngen verify``."""

from pathlib import Path
from typing import Annotated

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import echo
from nngen.common.ranges import Seconds


@command
def verify(
    *,
    module: Annotated[Path, options.ARGUMENT],
    spec: Annotated[Path | None, "The spec of the module; default: one with its name, near the module."],
    target: Annotated[
        str | None, "--target TARGET", "The language of the module, if it is one of your own: its name, or its file."
    ],
    machine: Annotated[bool, "--json", "Print JSON."],
    timeout: Annotated[Seconds, "Time limit in seconds for a call of the module."] = 20.0,
    data_root: options.DataRoot,
) -> None:
    """Compare MODULE, a generated file, with nngen's reference, and say which equation is wrong.

    The module may have been moved, renamed or edited, and have only some parts: what it has is judged. It runs in its
    own process, with your rights.
    """
    from nngen.proof.verify import report
    from nngen.proof.verify import verify as run
    from nngen.targets import named

    (language,) = named([target]) if target else [None]
    done = run(module, spec, timeout, data_root, language)
    echo(report.machine(done) if machine else report.printed(done))
    if not done.right:
        raise SystemExit(1)
