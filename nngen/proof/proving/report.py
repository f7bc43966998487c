"""Prints a proof."""

import nngen
from nngen.common.records import dataclass
from nngen.common.text import counted, table
from nngen.integers import MISSING, Codes, Integers, Whole
from nngen.proof.proving.cbmc import Verdict, compiler_version, version
from nngen.proof.proving.deciding import Decided, answered
from nngen.proof.proving.header import Header
from nngen.proof.proving.safety import WHAT, Step, left


@dataclass(frozen=True)
class Proof:
    """What is known of a header."""

    network: Integers
    header: Header
    steps: tuple[Step, ...] = ()
    """Its functions, for each width of an ``int``."""
    properties: tuple[Decided, ...] = ()
    """Its properties."""

    @property
    def verdict(self) -> Verdict:
        """Fails if a part does, else not decided if a part is not."""
        found = {step.found.verdict for step in self.steps} | {one.found.verdict for one in self.properties}
        some = Verdict.UNDECIDED in found or not found or bool(self.steps and left(self.header, self.steps))
        open_ = Verdict.UNDECIDED if some else Verdict.PROVEN
        return Verdict.FAILS if Verdict.FAILS in found else open_

    @property
    def engines(self) -> tuple[str, ...]:
        """What has decided, with versions."""
        used = [version()] if self.steps else []
        for one in self.properties:
            engine = one.engine.removeprefix("by ").split(" of ")[0]
            by = compiler_version() if engine == "exhaustion" else f"nngen {nngen.__version__}"
            used += [engine if engine.startswith("CBMC") else f"{engine}, {by}"] if engine else []
        return tuple(dict.fromkeys(used))

    def __str__(self) -> str:
        parts = self._safety() if self.steps else []
        parts += ["\n".join(map(self._property, self.properties))] if self.properties else []
        return "\n\n".join([f"{self.header.name}.h, SHA-256 {self.header.hash}", *parts, self.verdict.value])

    def _property(self, one: Decided) -> str:
        found = one.found
        how = f" {one.engine}" if one.engine else f": {found.why}"
        rows = [f"\n  {written(self.network, row)}{self._answer(one, row)}" for row in reversed(one.rows)]
        return f"{one.asked.says}: {found.verdict.value}{how}{''.join(rows)}"

    def _answer(self, one: Decided, row: tuple[int, ...]) -> str:
        """The answer of a row, if the header has not been changed."""
        return f": {answered(self.network, row, one.asked.output)}" if not self.header.changed else ""

    def _safety(self) -> list[str]:
        widths = sorted({step.bits for step in self.steps}, reverse=True)
        known = {(step.function, step.bits): step for step in self.steps}
        rows = [
            (function, *(_shown(known.get((function, bits))) for bits in widths))
            for function in dict.fromkeys(step.function for step in self.steps)
        ]
        parts = [f"for every row: {WHAT}", table(("function", *(f"int of {bits} bits" for bits in widths)), rows)]
        parts += [self._wrong(step) for step in self.steps if step.found.verdict is Verdict.FAILS]
        parts += [
            f"{step.function}, int of {step.bits} bits, is not decided: {step.found.why or step.found.wrong}"
            for step in self.steps
            if step.found.verdict is Verdict.UNDECIDED
        ]
        parts += [
            f"no proof is known of the functions {', '.join(rest)}" for rest in [left(self.header, self.steps)] if rest
        ]
        paths = [str(path) for path in self.header.left_out]
        return [*parts, f"not covered, compiled on other machines only: {'; '.join(paths)}"] if paths else parts

    def _wrong(self, step: Step) -> str:
        found, lines = step.found, self.header.text.split("\n")
        where = f"\n  line {found.line}: {lines[found.line - 1].strip()}" if found.line else ""
        row = f"\n  for the row {written(self.network, step.row)}" if step.row else ""
        return f"{step.function} fails where an int has {step.bits} bits: {found.wrong}{where}{row}"


def written(network: Integers, row: tuple[int, ...]) -> str:
    """A row in the words of the table."""
    return ", ".join(
        f"{column.column} {_cell(column, n)}" for column, n in zip(network.inputs.columns, row, strict=True)
    )


def _cell(column: Whole | Codes, n: int) -> str:
    if isinstance(column, Codes):
        known = column.categories[n] if 0 <= n < len(column.categories) else "missing" if n == -2 else "another one"
        return f"{known} ({n})"
    return "missing" if n == MISSING else f"{n * column.resolution + column.offset:.10g} ({n})"


def _shown(step: Step | None) -> str:
    if step is None:
        return ""
    verdict, count = step.found.verdict, step.found.properties
    return f"proven, {counted(count, 'check')}" if verdict is Verdict.PROVEN else verdict.value
