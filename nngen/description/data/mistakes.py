"""The mistakes of a table: the first ones are shown, the others counted."""

from nngen.common.diagnostics import Diagnostic, SpecError
from nngen.common.text import counted

MAX_SHOWN = 10
"""Mistakes of a table that are shown."""

MAX_COUNTED = 1_000
"""Mistakes of a table that are counted; a wrong file can have millions."""


class Mistakes:
    """The mistakes in a table so far."""

    def __init__(self, where: str) -> None:
        self._where, self._count = where, 0
        self._shown: list[Diagnostic] = []

    @property
    def full(self) -> bool:
        """Whether another mistake is only counted."""
        return self._count >= MAX_SHOWN

    def add(self, found: Diagnostic | None) -> None:
        """Add a mistake; the diagnostic may be omitted if it is only counted.

        Raises:
            SpecError: it is the last one that is counted.
        """
        self._count += 1
        if found is not None and self._count <= MAX_SHOWN:
            self._shown.append(found)
        if self._count == MAX_COUNTED:
            self.report()

    def report(self) -> None:
        """Raise the mistakes, if there are any.

        Raises:
            SpecError: there are mistakes.
        """
        left = self._count - len(self._shown)
        if left:
            most = "at least " if self._count == MAX_COUNTED else ""
            self._shown.append(
                Diagnostic(self._where, None, None, f"{most}{counted(left, 'more mistake')} in this file")
            )
        if self._shown:
            raise SpecError(self._shown)
