"""A module that ``nngen build`` has made, beside the file that it is compared with, or becomes."""

import ast
import contextlib
import difflib
import os
import re
from pathlib import Path

from nngen.commands.output import is_written_by_nngen, network_in, text_of
from nngen.common.records import dataclass
from nngen.targets import MAX_PAGE


@dataclass(frozen=True)
class Module:
    """A generated module and its file."""

    path: Path
    text: str
    network: str
    """The name of the network; empty if the file is the same for all networks."""
    beside: bool = False
    """Whether the file has only the trained parameters of the module beside it."""
    placed: bool = False
    """Whether the user named the file itself, not only the folder."""
    whole: bool = False
    """Whether the file has all parts, because a binding calls them, and some were asked for."""
    says: str = ""
    """How its answers in integers compare with float64."""

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode()

    @property
    def remarks(self) -> list[str]:
        """What its user should know of the file."""
        wrong = "has all parts: its binding calls them; without `binding: true` it has those asked for"
        return [f"{self.path} {wrong}"] * self.whole + [self.says] * bool(self.says)

    @property
    def found(self) -> str | None:
        """The current text of the file; None if it is missing or unreadable."""
        return text_of(self.path, max(4 * MAX_PAGE, 4 * len(self.text)))

    @property
    def current(self) -> bool:
        """Whether the file is up to date."""
        return self.found == self.text

    @property
    def reformatted(self) -> bool:
        """Whether the file differs from the spec's module only in layout, as after a formatter."""
        return _without_layout(self.found or "", self.path) == _without_layout(self.text, self.path)

    @property
    def foreign(self) -> bool:
        """Whether the file exists, but nngen did not write it for a network of this name."""
        if not os.path.lexists(self.path) or os.path.isdir(self.path):
            return False
        if self.path.suffix == ".json":
            return network_in(self.path) != self.network
        return not is_written_by_nngen(self.path, self.network)

    @property
    def shortened(self) -> bool:
        """Whether the file has more parts than the module; in version 0.1, every module had all of them."""
        stated = re.compile(r"^(export const |#define \w+_)?LAYOUT\b", re.MULTILINE)
        return bool(stated.search(self.found or "")) and not stated.search(self.text)

    def diff(self) -> str:
        """The changes that a build would make, as a unified diff."""
        before = (self.found or "").splitlines(keepends=True)
        after = self.text.splitlines(keepends=True)
        return "".join(difflib.unified_diff(before, after, f"{self.path} (now)", f"{self.path} (built)"))


def _without_layout(text: str, path: Path) -> str:
    """A text that two modules share if they differ in line breaks, spaces, final commas or comments of Python only."""
    if path.suffix == ".py":
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.dump(ast.parse(text))
    return re.sub(r",(?=[)\]}])", "", "".join(text.split()))
