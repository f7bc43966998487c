"""The command ``nngen explain``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import write_file
from nngen.cli.values import FILE
from nngen.common.choices import Scene


@command
def explain(
    *,
    spec: options.Spec,
    out: Annotated[Path | None, "-o, --out", FILE, "Output file; default: NAME.html, by the spec's name."],
    params: Annotated[Path | None, "Start from the parameters of this file of `nngen train --save`."],
    parts: Annotated[Sequence[Scene] | None, "Write only these parts, between commas, and the controls."],
    force: Annotated[bool, "Overwrite the file even if it is not a living page."],
    language: options.Language = "en",
    data_root: options.DataRoot,
) -> None:
    """Write the living page of SPEC: its picture, equations and code, running in the browser.

    The page is one file, opens from disk and loads nothing. You can change and train the network on it. With --params,
    the page of a table has a form that answers rows, and can be sent to others.
    """
    from nngen.learning.explain import MARK, living_page
    from nngen.reading import load

    loaded = load(spec, data_root)
    page = living_page(loaded, spec.parent, params, language=language, parts=parts or ())
    write_file(out or Path(f"{loaded.name}.html"), page, force=force, mark=MARK)
