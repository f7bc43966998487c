"""Sketches on a simulated board with a serial port."""

import subprocess
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from nngen.cli import main
from tests.oracle.compiling import run
from tests.support.modules import ROOT

AVR = Path("/usr/share/arduino/hardware/arduino/avr")
"""Where Debian's arduino-core-avr has the core."""

BOARD = "-mmcu=atmega328p -DF_CPU=16000000L -DARDUINO=10819 -DARDUINO_AVR_UNO -DARDUINO_ARCH_AVR".split()
FLAGS = [
    *BOARD,
    "-Os",
    "-w",
    "-ffunction-sections",
    "-fdata-sections",
    f"-I{AVR}/cores/arduino",
    f"-I{AVR}/variants/standard",
]


def call(*arguments: str | Path) -> str:
    """The output of a command that succeeds."""
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.output


@cache
def simulator(folder: Path) -> Path:
    """The program that runs a board with a serial port."""
    made = folder / "serial"
    run("gcc", "-O2", ROOT / "tests" / "oracle" / "serial.c", "-lsimavr", "-lelf", "-o", made)
    return made


def compiled(library: Path, name: str, folder: Path) -> Path:
    """The program of the example sketch, built as the Arduino IDE does: with its core, and the header of all boards."""
    sketch = library / "examples" / name / f"{name}.ino"
    eeprom = AVR / "libraries" / "EEPROM" / "src"
    (folder / "sketch.cpp").write_text(f"#include <Arduino.h>\n{sketch.read_text()}")
    sources = [*(AVR / "cores" / "arduino").glob("*.c"), *(AVR / "cores" / "arduino").glob("*.cpp")]
    objects: list[str | Path] = []
    assert sources, "arduino-core-avr is missing: see .ci/run"
    for source in [folder / "sketch.cpp", *sources]:
        objects.append(folder / f"{source.name}.o")
        language = (
            ["avr-gcc", "-std=gnu11"] if source.suffix == ".c" else ["avr-g++", "-std=gnu++11", "-fno-exceptions"]
        )
        run(*language, *FLAGS, f"-I{library / 'src'}", f"-I{eeprom}", "-c", source, "-o", objects[-1])
    program = folder / "sketch.elf"
    run("avr-gcc", *BOARD, "-Os", "-Wl,--gc-sections", *objects, "-lm", "-o", program)
    return program


def data_of(program: Path) -> bytes:
    """What is copied to RAM when a program starts."""
    made = program.with_suffix(".data")
    run("avr-objcopy", "-O", "binary", "-j", ".data", program, made)
    return made.read_bytes()


def said(program: Path, text: str, folder: Path) -> list[str]:
    """The lines that a board answers to a text."""
    done = subprocess.run([simulator(folder), program, text], capture_output=True, check=True, timeout=120)
    return [line for line in done.stdout.decode().splitlines() if not line.startswith("Loaded ")]  # simavr says so
