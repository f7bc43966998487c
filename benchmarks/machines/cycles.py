"""The cycles of a Cortex-M0, from the instructions that qemu executes.

The processor has no cache and no branch prediction, so that each instruction has a number of cycles: Arm, Cortex-M0
Technical Reference Manual (DDI 0432C), table 3-1, with the fast multiplier and a memory without wait states.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nngen.commands.machines import MACHINES, Program, compiled_for, prepared

ROWS = 10
"""The rows that are computed; the cycles are their mean."""

LISTED = re.compile(r" *([0-9a-f]+):\t[0-9a-f ]+\t(\S+)(?:\t([^@;\n]*))?")
"""A line of objdump: address, instruction, operands."""

EXECUTED = re.compile(r"\[\w+/([0-9a-f]+)/")
"""A line of qemu: the address of an instruction."""


def cycles(program: Program) -> tuple[int, int]:
    """The mean cycles and instructions of a row.

    Args:
        program: the predictor.
    """
    machine = replace(MACHINES["cortex-m0"], repeat=1)
    with tempfile.TemporaryDirectory(prefix="nngen-") as name:
        folder = Path(name)
        prepared(folder, program, count := min(len(program.rows), ROWS))
        compiled_for(machine, folder, ["-DROOM=64"], "run.elf")
        trace = ["-accel", "tcg,one-insn-per-tb=on", "-d", "exec,nochain", "-D", "trace.txt"]
        run = [machine.simulator[0], *trace, *machine.simulator[1:], "run.elf"]
        subprocess.run(run, cwd=folder, check=True, capture_output=True, timeout=300)
        listed = subprocess.run(
            ["arm-none-eabi-objdump", "-d", "run.elf"], cwd=folder, check=True, capture_output=True, text=True
        ).stdout
        found = [*_calls(folder / "trace.txt", listed)]
    assert len(found) >= count, "the trace has no calls"
    return tuple(round(sum(column) / len(found)) for column in zip(*found, strict=True))


def _calls(trace: Path, listed: str) -> Iterator[tuple[int, int]]:
    """Cycles and instructions of each call of ``call``, less those of a function that does nothing."""
    begin = int(re.search(r"^([0-9a-f]+) <call>:", listed, re.MULTILINE)[1], 16)  # type: ignore[index]
    known = {int(a, 16): (kind, given or "") for a, kind, given in LISTED.findall(listed)}
    after = dict(zip(sorted(known), [*sorted(known)[1:], 0], strict=True))
    back = previous = -1
    total = count = 0
    with trace.open() as lines:
        for line in lines:
            match = EXECUTED.search(line)
            if not match:
                continue
            place = int(match[1], 16)
            if back >= 0:
                total += _cycles(*known[previous], jumped=place != after[previous])
                count += 1
                if place == back:
                    yield total - 3, count - 1  # the return of the function
                    back, total, count = -1, 0, 0
            elif place == begin:
                back = after[previous]
            previous = place


def _cycles(kind: str, operands: str, *, jumped: bool) -> int:
    """The cycles of an instruction."""
    kind = kind.split(".")[0]
    listed = operands.partition("{")[2].count(",") + 1  # registers, of those that take several
    match kind:
        case "bl" | "dmb" | "dsb" | "isb" | "mrs" | "msr":
            return 4
        case "pop":
            return (4 if "pc" in operands else 1) + listed
        case "push" | "ldmia" | "stmia":
            return 1 + listed
    if kind.startswith(("ldr", "str")):
        return 2
    return 3 if jumped else 1
