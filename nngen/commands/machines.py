"""What a predictor of C takes on a small machine: flash, RAM and time, by the compilers and simulators of Debian."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from nngen.common import files
from nngen.common.records import dataclass
from nngen.targets import TEMPLATES

ROWS = 40
"""The most rows that are computed; the time is their mean."""

MAX_BYTES = 1_000
"""Bytes of the rows on an AVR, whose RAM also holds the stack."""


@dataclass(frozen=True)
class Machine:
    """A machine with its compiler and its simulator."""

    name: str
    title: str
    compiler: str
    size: str
    options: tuple[str, ...]
    linked: tuple[str, ...]
    simulator: tuple[str, ...]
    counts: str
    """What its time is counted in."""
    repeat: int = 1
    packages: str = ""

    @property
    def avr(self) -> bool:
        """Whether it is an AVR, whose simulator counts cycles."""
        return self.counts == "cycles"


_ARM = ("-T", "arm.ld", "-nostartfiles", "--specs=nosys.specs")
_QEMU_ARM = "-nographic -monitor none -semihosting -icount shift=0,sleep=off".split()
_OF_ARM = "gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm"

MACHINES = {
    machine.name: machine
    for machine in [
        Machine(
            "avr",
            "ATmega328P",
            "avr-gcc",
            "avr-size",
            ("-mmcu=atmega328p",),
            (),
            ("simavr", "-m", "atmega328p", "-f", "16000000"),
            "cycles",
            packages="gcc-avr avr-libc simavr",
        ),
        Machine(
            "cortex-m0",
            "Cortex-M0",
            "arm-none-eabi-gcc",
            "arm-none-eabi-size",
            ("-mcpu=cortex-m0", "-mthumb"),
            _ARM,
            ("qemu-system-arm", "-M", "mps2-an385", *_QEMU_ARM, "-kernel"),  # its M3 runs what is compiled for an M0
            "instructions",
            repeat=20,
            packages=_OF_ARM,
        ),
        Machine(
            "cortex-m4",
            "Cortex-M4F",
            "arm-none-eabi-gcc",
            "arm-none-eabi-size",
            ("-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"),
            _ARM,
            ("qemu-system-arm", "-M", "mps2-an386", *_QEMU_ARM, "-kernel"),
            "instructions",
            repeat=20,
            packages=_OF_ARM,
        ),
        Machine(
            "riscv",
            "RISC-V, RV32IMAC",
            "riscv64-unknown-elf-gcc",
            "riscv64-unknown-elf-size",
            ("-march=rv32imac_zicsr", "-mabi=ilp32", "--specs=picolibc.specs"),
            ("-T", "riscv.ld", "-nostartfiles"),
            ("qemu-system-riscv32", *"-M virt -nographic -monitor none -bios none -icount shift=0 -kernel".split()),
            "instructions",
            packages="gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc",
        ),
    ]
}  # fmt: skip
"""The machines by their name."""


@dataclass(frozen=True)
class Measured:
    """Bytes beyond a program without the call, and the mean time of a row; None if it does not fit."""

    flash: int
    ram: int | None
    time: int | None


@dataclass(frozen=True)
class Program:
    """A predictor to measure: its files, and C that declares ``row_t`` and ``predicted``, and lists rows."""

    files: dict[str, str]
    head: str
    """Includes the header, and has the type ``row_t`` and the function ``predicted(row_t *row)``."""
    rows: tuple[str, ...]
    """Rows as C writes them in braces."""
    row_bytes: int


def measured(machine: Machine, program: Program, flags: Sequence[str] = ()) -> Measured:
    """Compile a predictor for a machine with -Os and more flags of the compiler, and run it on some rows.

    Raises:
        SpecError: a program is missing, or fails.
    """
    for needed in (machine.compiler, machine.simulator[0]):
        if shutil.which(needed) is None:
            raise files.refused(
                f"--machine {machine.name}", f"{needed} is missing", f"Debian: apt-get install {machine.packages}"
            )
    with tempfile.TemporaryDirectory(prefix="nngen-") as name:
        folder = Path(name)
        count = min(len(program.rows), ROWS, max(1, MAX_BYTES // program.row_bytes) if machine.avr else ROWS)
        prepared(folder, program, count)
        flash, static = _sizes(machine, folder, [*flags, "-DSIZES"])
        less_flash, less_static = _sizes(machine, folder, [*flags, "-DSIZES", "-DEMPTY"])
        time, depth = _run(machine, folder, flags, count)
        ram = None if depth is None else static - less_static + depth
        return Measured(flash - less_flash, ram, time)


def prepared(folder: Path, program: Program, count: int) -> None:
    """Write a program that measures a predictor with some rows."""
    for file, text in program.files.items():
        (folder / file).write_text(text, encoding="utf-8")
    for file in ("measure.c", "arm.ld", "riscv.ld"):
        (folder / file).write_text(_fixed(file), encoding="utf-8")
    listed = ",\n".join(program.rows[:count])
    head = f"static volatile int sink;\n{program.head}\n#define ROWS {count}\n"
    (folder / "measured.h").write_text(f"{head}#ifndef SIZES\nstatic row_t rows[] = {{\n{listed}\n}};\n#endif\n")


def _fixed(name: str) -> str:
    return next(path for path in (folder / "machines" / name for folder in TEMPLATES) if path.exists()).read_text(
        "utf-8"
    )


def compiled_for(machine: Machine, folder: Path, flags: Sequence[str], made: str) -> None:
    """Compile the program in a folder.

    Raises:
        SpecError: it does not compile.
    """
    room = "-DROOM=700" if machine.avr else "-DROOM=16384"
    common = ["-std=gnu99", "-Os", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-w"]
    command = [machine.compiler, *machine.options, *common, room, f"-DREPEAT={machine.repeat}", *flags, "measure.c"]
    done = _called([*command, *machine.linked, "-lm", "-o", made], folder)
    if done.returncode != 0:
        raise files.refused(machine.name, f"{machine.compiler} fails: {done.stderr.strip()[-2000:]}")


def _sizes(machine: Machine, folder: Path, flags: Sequence[str]) -> tuple[int, int]:
    """Flash, with the initial values of data, and static RAM. On an AVR .rodata is a part of .data."""
    compiled_for(machine, folder, flags, "sizes.elf")
    text, data, empty = map(int, _called([machine.size, "sizes.elf"], folder).stdout.splitlines()[1].split()[:3])
    return text + data, data + empty


def _run(machine: Machine, folder: Path, flags: Sequence[str], count: int) -> tuple[int | None, int | None]:
    """The mean time of a row, and the deepest stack; None if the program ends too early, as without enough RAM."""
    compiled_for(machine, folder, flags, "run.elf")
    try:
        done = subprocess.run(  # noqa: S603 (a simulator by its name)
            [*machine.simulator, "run.elf"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return None, None
    words = re.findall(rb"([0-9a-f]{8})[.\n\r]", done.stdout + done.stderr)
    if len(words) < 2:
        return None, None
    total, depth = (int(word, 16) for word in words[:2])
    return round(total / count / machine.repeat), depth


def _called(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 (compilers by their name)
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
