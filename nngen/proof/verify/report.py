"""Prints a verification as a table with notes, or as JSON."""

import json
import math
from collections.abc import Sequence

from nngen.common.text import counted, printable, table
from nngen.proof.verify.blame import Finding
from nngen.proof.verify.rows import OPEN, RIGHT, WRONG
from nngen.proof.verify.verification import Verification

MAX_LINE = 1_000
"""The most characters of a text."""

MAX_CHANGED = 5
"""The most lines that are shown because nngen writes others."""

FORMS = {
    "weights": "Python, an equation for each weight",
    "layers": "Python, an equation for each layer",
    "numpy": "NumPy, batches",
    "workbook": "the cells of a spreadsheet",
}


def printed(done: Verification) -> str:
    """The table and the wrong equations."""
    spec = f"against {_line(done.spec)}" if done.spec else "without its spec"
    rows = [(row.what, _ulps(row.ulps), _ulps(row.allowed), row.verdict) for row in done.rows]
    parts = [
        f"{_line(done.module)} ({FORMS.get(done.form, done.form)}, {done.dtype}), {spec}",
        table(("what", "worst error (ULP)", "allowed", "verdict"), rows, numbers=(1, 2)),
    ]
    silent = RIGHT if done.spec else OPEN
    notes = [f"{row.what}: {_line(row.note)}" for row in done.rows if row.note and row.verdict != silent]
    parts += ["\n".join(notes)] if notes else []
    parts += ["\n\n".join(_shown(found) for found in done.found)] if done.found else []
    parts += [_others(done.changed)] if done.changed else []
    parts += [f"not in this module: {', '.join(done.absent)}"] if done.absent else []
    wrong = sum(row.verdict == WRONG for row in done.rows)
    left = sum(row.verdict == OPEN for row in done.rows)
    end = f"{counted(wrong, 'row')} wrong" if wrong else "right"
    without = "" if done.spec else " without the spec: name it with --spec"
    parts.append(end + (f"; {left} not judged{without}" if left else ""))
    return "\n\n".join(parts)


def machine(done: Verification) -> str:
    """The verification as JSON. Infinite numbers and NaN are null; ``absent`` has the parts that are not there."""
    rows = [
        {
            "what": row.what,
            "ulps": _finite(row.ulps),
            "allowed": row.allowed,
            "verdict": row.verdict,
            "note": row.note,
        }
        for row in done.rows
    ]
    found = [{"line": finding.line or None, "text": finding.text, "says": finding.says} for finding in done.found]
    whole = {"module": done.module, "spec": done.spec, "form": done.form, "dtype": done.dtype, "right": done.right}
    changed = [{"line": one.line, "text": one.text, "says": one.says} for one in done.changed]
    return json.dumps({**whole, "absent": done.absent, "rows": rows, "found": found, "changed": changed}, indent=2)


def _others(changed: Sequence[Finding]) -> str:
    """Lines that no row finds wrong, though nngen writes them in another way."""
    more = [f"and {len(changed) - MAX_CHANGED} more"] if len(changed) > MAX_CHANGED else []
    lines = ["nngen writes other lines; the rows see no difference, and not all that these lines do:"]
    return "\n".join([*lines, *(f"  {_line(one.says)}" for one in changed[:MAX_CHANGED]), *more])


def _shown(found: Finding) -> str:
    says = _line(found.says)
    return f"{says}\n{found.line:>5} | {_line(found.text)}" if found.line else says


def _line(text: str) -> str:
    """A text of the module on one line, shortened."""
    return printable(text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]}...")


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _ulps(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value < 1e5 else f"{value:.0e}"
