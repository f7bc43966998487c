"""The command ``nngen skill``."""

from pathlib import Path
from typing import Annotated

from nngen.cli import options
from nngen.cli.options import command
from nngen.cli.printing import write_file

MARK = "name: nngen"
"""A line of the files that the command writes."""


@command
def skill(
    *,
    folder: Annotated[Path, options.ARGUMENT, "DIR"],
    force: Annotated[bool, "Overwrite a file that nngen did not write."],
) -> None:
    """Write DIR/nngen/SKILL.md, which tells a coding assistant when to use nngen, and how.

    It has the format of agentskills. DIR is the folder in which your assistant looks for skills.
    """
    from nngen.commands.output import make_folder
    from nngen.targets import TEMPLATES

    text = next(path for one in TEMPLATES if (path := one / "skill.md").exists()).read_text("utf-8")
    make_folder(folder / "nngen")
    write_file(folder / "nngen" / "SKILL.md", text, force=force, mark=MARK)
