"""The library for Arduino: its rules, and its sketch on a simulated board, from a table to the serial port."""

import json
import re
import shutil
import subprocess
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.targets import as_module
from tests.oracle.compiling import run
from tests.support.integers import modules_of, params_of, path_of, trained
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.oracle

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

CATEGORIES = {
    "Display",
    "Communication",
    "Signal Input/Output",
    "Sensors",
    "Device Control",
    "Timing",
    "Data Storage",
    "Data Processing",
    "Other",
}


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
    (folder / "sketch.cpp").write_text(f"#include <Arduino.h>\n{sketch.read_text()}")
    sources = [*(AVR / "cores" / "arduino").glob("*.c"), *(AVR / "cores" / "arduino").glob("*.cpp")]
    objects: list[str | Path] = []
    assert sources, "arduino-core-avr is missing: see .ci/run"
    for source in [folder / "sketch.cpp", *sources]:
        objects.append(folder / f"{source.name}.o")
        language = (
            ["avr-gcc", "-std=gnu11"] if source.suffix == ".c" else ["avr-g++", "-std=gnu++11", "-fno-exceptions"]
        )
        run(*language, *FLAGS, f"-I{library / 'src'}", "-c", source, "-o", objects[-1])
    made = folder / "sketch.elf"
    run("avr-gcc", *BOARD, "-Os", "-Wl,--gc-sections", *objects, "-lm", "-o", made)
    return made


def said(program: Path, text: str, folder: Path) -> list[str]:
    """The lines that a board answers to a text."""
    done = subprocess.run([simulator(folder), program, text], capture_output=True, check=True, timeout=120)
    return [line for line in done.stdout.decode().splitlines() if not line.startswith("Loaded ")]  # simavr says so


def ends_of(module: Any, rows: list[list[int]]) -> list[list[int]]:
    """A row with a number below 16 bits, which counts as the lower end, and the same row with a missing number."""
    for row, place in product(rows, range(4)):  # the first four columns have numbers
        low, gap = ([*row[:place], n, *row[place + 1 :]] for n in (-32769, module.MISSING))
        if module.predict(low) != module.predict(gap):
            return [low, gap]
    raise AssertionError("no row tells a low number from a missing one")


def test_from_a_table_to_the_serial_port_in_five_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "specs" / "data" / "penguins.csv", tmp_path)
    call("init", "penguins.csv", "--target", "species")
    call("train", "penguins.yaml", "--save", "penguins.json")
    assert "answers differ" in call("evaluate", "penguins.yaml", "--params", "penguins.json", "--dtype", "int8")
    call("export", "penguins.yaml", "--params", "penguins.json", "--arduino", "library")
    # the fifth is the upload; here a simulator, and the module of Python that says what to expect
    call("build", "penguins.yaml", "--params", "penguins.json", "--dtype", "int8", "--target", "python", "-o", "net.py")
    module = as_module("net", Path("net.py").read_text())
    with Path("penguins.csv").open() as file:
        table = [line.strip().split(",") for line in file]
    names, rows = table[0], table[1::40]
    whole = [module.whole(dict(zip(names, row, strict=True))) for row in rows]
    whole += ends_of(module, whole)
    lines = [",".join(map(str, row)) for row in whole]
    found = said(compiled(tmp_path / "library", "penguins", tmp_path), "\n".join([*lines, "1,2", "a", ""]), tmp_path)
    assert found[: len(whole)] == [module.predict(row) for row in whole]
    assert len(set(found[: len(rows)])) > 1
    wrong = f"expected {len(whole[0])} whole numbers with commas between them"
    assert found[len(whole) :] == [wrong, wrong]


def test_a_sketch_of_numbers_answers_them(tmp_path: Path) -> None:
    call("export", path_of("deep_mlp"), "--params", params_of("deep_mlp", tmp_path), "--arduino", tmp_path / "library")
    path = path_of("deep_mlp")
    module = as_module("deep_mlp", modules_of(spec(path), path, trained("deep_mlp"), ["python"])["python"])
    lines = said(compiled(tmp_path / "library", "deep_mlp", tmp_path), "0,1\r\n9,-9\r\n" + "1" * 40 + "\n", tmp_path)
    assert lines[:2] == [",".join(map(str, module.forward(row))) for row in ([0, 1], [9, -9])]
    assert lines[2] == "expected 2 whole numbers with commas between them"


@pytest.mark.parametrize("name", ["iris", "digits", "xor_mlp"])
def test_the_library_follows_the_rules(name: str, tmp_path: Path) -> None:
    """Those of arduino.github.io/arduino-cli/latest/library-specification and docs.platformio.org."""
    call("export", path_of(name), "--params", params_of(name, tmp_path), "--arduino", tmp_path / "library")
    folder = tmp_path / "library"
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert made == [f"examples/{name}/{name}.ino", "library.json", "library.properties", f"src/{name}.h"]
    lines = (folder / "library.properties").read_text("utf-8").splitlines()
    stated = dict(line.split("=", 1) for line in lines)
    assert len(stated) == len(lines)
    required = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"}
    assert required <= {*stated}
    assert all(stated.values())
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.\-]{0,62}", stated["name"])
    assert not stated["name"].lower().startswith("arduino")
    assert re.fullmatch(r"\d+\.\d+\.\d+", stated["version"])
    assert stated["category"] in CATEGORIES
    assert not stated["sentence"].startswith(("A library", "Library"))
    assert (folder / "src" / stated["includes"]).exists()
    described = json.loads((folder / "library.json").read_text())
    assert (described["name"], described["version"]) == (stated["name"], stated["version"])
    assert len(described["description"]) <= 255
    assert all((folder / "src" / header).exists() for header in described["headers"])
    for example in described["examples"]:
        assert all((folder / example["base"] / file).exists() for file in example["files"])


def test_a_folder_of_others_is_kept(tmp_path: Path) -> None:
    wanted = ["export", str(path_of("iris")), "--params", params_of("iris", tmp_path), "--arduino", str(tmp_path)]
    done = CliRunner().invoke(main, wanted)
    assert (done.exit_code, "the folder has other files" in done.output) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["iris.json"]
    call(*wanted, "--force")
    call(*wanted)  # now it is a library of nngen
    done = CliRunner().invoke(main, [*wanted[:-1], str(tmp_path / "iris.json")])
    assert (done.exit_code, "this is a file, not a folder" in done.output) == (2, True)
