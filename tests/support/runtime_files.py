"""The runtime files of languages with the source that all modules share, for a network that has everything."""

import re
from textwrap import indent

from nngen.printing import Printer, constants
from nngen.targets.printed import printed
from nngen.targets.targets import TARGETS
from tests.support.modules import ROOT

EVERYTHING = frozenset(
    (name, name != "TOGETHER")
    for name, kind in constants().items()
    if kind == "bool" and name not in ("ENDS", *Printer.flags)
)
"""What a network may have, but for examples that depend on each other, which have no single steps."""


def runtime_file(target: str, dtype: str = "float64") -> str:
    """The runtime file of a language, in which printed definitions stand in place of the marks."""

    def source(mark: re.Match[str]) -> str:
        found = printed(target, mark[2], EVERYTHING, dtype)
        return indent("\n\n".join(one.text for one in found), mark[1])

    text = (ROOT / "templates" / TARGETS[target].fixed).read_text("utf-8")
    return TARGETS[target].narrowed(re.sub(r"^([ \t]*)// source: (\w+)$", source, text, flags=re.MULTILINE), dtype)
