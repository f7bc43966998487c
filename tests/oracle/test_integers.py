"""Predictors in integers have the same bits in C, Python, JavaScript and the reference, on thousands of rows."""

import json
import re
import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from nngen.common.diagnostics import SpecError
from nngen.targets import as_module
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.oracle.node import node
from tests.support import integer_networks
from tests.support.integers import (
    HELD,
    answers,
    expected,
    modules_of,
    network_of,
    path_of,
    program,
    reference_of,
    rows,
    trained,
)
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.oracle

COUNT, OF_WIDE = 2_000, 500
"""Rows that each language answers; fewer of a network with many inputs, which takes ten times as long for each."""

COMPILERS = [
    ("gcc", "c", SANITIZED),
    ("g++", "c++", ["-Os"]),
    ("clang", "c", [*SANITIZED, "-fsanitize=implicit-conversion"]),
]

FEW = 50
"""Rows that a simulator computes."""

PUT = """
#include <stdio.h>
static void put(long value) { printf("%ld ", value); }
"""

READ = """
int main(void) {
    number row[COLUMNS];
    int value;
    for (;;) {
        for (int i = 0; i < COLUMNS; i++) {
            if (scanf("%d", &value) != 1) return 0;
            row[i] = (number)value;
        }
        answer(row);
        printf("\\n");
    }
}
"""


@cache
def told(name: str) -> tuple[list[list[int]], list[list[int]]]:
    """Rows, and what the module of Python answers."""
    path = path_of(name)
    network = network_of(spec(path), path, trained(name))
    module = as_module(name, modules_of(spec(path), path, trained(name), ["python"])["python"])
    tried = rows(network, COUNT if len(network.inputs.columns) < 20 else OF_WIDE)
    return tried, [answers(network, module, row) for row in tried]


def source(name: str, folder: Path, head: str, main: str) -> Path:
    """A program of C beside the header of a network."""
    path = path_of(name)
    network = network_of(spec(path), path, trained(name))
    (folder / f"{network.name}.h").write_text(modules_of(spec(path), path, trained(name), ["c"])["c"])
    file = folder / "program.c"
    file.write_text(head + program(network) + main)
    return file


@pytest.mark.parametrize("name", HELD)
def test_thousands_of_rows_have_the_same_bits(name: str, tmp_path: Path) -> None:
    """In C by Clang, which finds conversions that lose bits, and by one of the other compilers in turn.

    The reference takes longest, and answers every second row.
    """
    tried, found = told(name)
    text = "\n".join(" ".join(map(str, row)) for row in tried)
    file, made = source(name, tmp_path, PUT, READ), tmp_path / "program"
    for compiler, language, options in (COMPILERS[HELD.index(name) % 2], COMPILERS[-1]):
        run(compiler, *STANDARD[language], *WARNINGS, *options, "-Wno-unused-function", file, "-o", made)
        done = subprocess.run([made], input=text, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        assert [list(map(int, line.split())) for line in done.stdout.splitlines()] == found, compiler
    path = path_of(name)
    network = network_of(spec(path), path, trained(name))
    (tmp_path / "module.mjs").write_text(modules_of(spec(path), path, trained(name), ["javascript"])["javascript"])
    (tmp_path / "rows.json").write_text(json.dumps(tried))
    (tmp_path / "ask.mjs").write_text(ASK)
    done = node("ask.mjs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == found
    reference = reference_of(spec(path), path, trained(name))
    for row, answer in zip(tried[::2], found[::2], strict=True):
        assert expected(network, reference, row) == answer


CHECKS = [("gcc", "c"), ("clang", "c"), ("g++", "c++")]


@pytest.mark.parametrize(("compiler", "language"), CHECKS)
def test_the_fixed_functions_are_a_header(compiler: str, language: str, tmp_path: Path) -> None:
    """With all combinations of features; each compiler takes its share of them."""
    file = ROOT / "templates" / "c" / "integers.h"
    (tmp_path / "net.c").write_text(f'#include "{file}"\n')
    features = re.findall(r"^NET_\w+(?= {2,})", file.read_text(), re.MULTILINE)
    assert len(features) == 8
    turn = CHECKS.index((compiler, language))
    for chosen in [*product([[], ["=1"]], repeat=len(features))][turn :: len(CHECKS)]:
        named = [f"-D{name}{one}" for name, there in zip(features, chosen, strict=True) for one in there]
        run(compiler, *STANDARD[language], *WARNINGS, "-fsyntax-only", *named, tmp_path / "net.c")


@pytest.mark.parametrize("start", range(1000, 1080, 10))
def test_headers_of_random_networks_neither_overflow_nor_differ(start: int, tmp_path: Path) -> None:
    for seed in range(start, start + 10):
        drawn = integer_networks.network(seed, tmp_path, clipped=seed % 5 == 0)
        try:
            network = network_of(*drawn) if drawn else None
        except SpecError:
            continue
        if drawn is None or network is None:
            continue
        made = modules_of(drawn.spec, drawn.path, drawn.flat, ["python", "c"], drawn.size)
        module, tried = as_module("net", made["python"]), rows(network, 200, seed)
        (tmp_path / "net.h").write_text(made["c"])
        (tmp_path / "program.c").write_text(PUT + program(network) + READ)
        options = [*STANDARD["c"], *WARNINGS, *SANITIZED, "-Wno-unused-function"]
        run("gcc", *options, tmp_path / "program.c", "-o", tmp_path / "program")
        text = "\n".join(" ".join(map(str, row)) for row in tried)
        done = subprocess.run([tmp_path / "program"], input=text, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        found = [list(map(int, line.split())) for line in done.stdout.splitlines()]
        assert found == [answers(network, module, row) for row in tried], seed


ASK = """
import * as net from "./module.mjs";
import { readFileSync } from "node:fs";
const more = net.CLASSES ? net.predict_proba : (net.predict ?? net.forward);
const answer = (row) => {
  const found = net.sums(row);
  if (net.CLASSES) found.push(net.CLASSES.indexOf(net.predict(row)));
  const rest = more ? more(row) : [];
  return [...found, ...(Array.isArray(rest) ? rest : net.CLASSES.map((name) => rest[name]))];
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync("rows.json")).map(answer)));
"""

CELLS = [
    [46.54, "17.9", 1e300, -1e300, " Dream ", None],
    [None, "NA", "", "nan", "Mars", "male"],
    [46.55, "4e1", "-3", 0, "Biscoe", "?"],
    [46.45, "21.25", 172.5, 171.4, "NA", "female"],
]
"""Rows of the data: texts, gaps, halves of units, and numbers outside of their range."""


def test_whole_numbers_are_the_same_in_javascript(tmp_path: Path) -> None:
    path = path_of("penguins")
    made = modules_of(spec(path), path, trained("penguins"), ["python", "javascript"])
    (tmp_path / "net.mjs").write_text(made["javascript"])
    body = "console.log(JSON.stringify(JSON.parse(process.argv[1]).map((row) => net.whole(row))));"
    infinite = "console.log(JSON.stringify(net.whole([Infinity, -Infinity, NaN, undefined, 'Dream', 'male'])));"
    wrong = "try { net.whole([{}, 1, 1, 1, 'Dream', 'male']); } catch (error) { console.log(`${error}`); }"
    ask = f'import("./net.mjs").then((net) => {{ {body} {infinite} {wrong} }});'
    done = node("-e", ask, json.dumps(CELLS), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    module = as_module("penguins", made["python"])
    rows_of, ends, error = done.stdout.splitlines()
    assert json.loads(rows_of) == [module.whole(row) for row in CELLS]
    assert json.loads(ends) == module.whole([float("inf"), float("-inf"), float("nan"), None, "Dream", "male"])
    assert error.startswith("RangeError: bill_length_mm: expected a number, got")


AVR = """
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdint.h>
static void send(char sign) { loop_until_bit_is_set(UCSR0A, UDRE0); UDR0 = (uint8_t)sign; }
static void put(int32_t value) {
    for (int8_t shift = 28; shift >= 0; shift -= 4) send("0123456789abcdef"[(uint32_t)value >> shift & 15]);
    send('\\n');
}
"""

AVR_MAIN = """
int main(void) {
    UCSR0B = 1 << TXEN0;
    for (uint8_t i = 0; i < %d; i++) answer(rows[i]);
    sleep_mode(); /* with no interrupt to wake it: the simulator ends */
    return 0;
}
"""


def listed(tried: list[list[int]]) -> str:
    """Rows as an array of C."""
    inner = ["{" + ",".join(map(str, row)) + "}" for row in tried[:FEW]]
    return "static number rows[][COLUMNS] = {" + ",".join(inner) + "};\n"


def signed(words: list[bytes]) -> list[int]:
    """Words of 32 bits in hexadecimal as numbers."""
    return [(int(word, 16) ^ 1 << 31) - (1 << 31) for word in words]


@pytest.mark.parametrize("name", ["iris", "penguins", "skip_mlp", "deep_mlp"])
def test_an_avr_has_the_same_bits(name: str, tmp_path: Path) -> None:
    tried, found = told(name)
    source(name, tmp_path, AVR, listed(tried[:FEW]) + AVR_MAIN % FEW)
    assert on_an_avr(tmp_path) == [value for answer in found[:FEW] for value in answer]


def test_a_clip_has_the_same_bits_in_javascript_and_on_an_avr(tmp_path: Path) -> None:
    drawn = integer_networks.network(1031, tmp_path, clipped=True)
    assert drawn is not None
    network = network_of(*drawn)
    assert {one.clip is None for one in network.inputs.wholes} == {True, False}
    made = modules_of(drawn.spec, drawn.path, drawn.flat, ["python", "javascript", "c"], drawn.size)
    module, tried = as_module("net", made["python"]), rows(network, FEW)
    found = [answers(network, module, row) for row in tried]
    (tmp_path / "module.mjs").write_text(made["javascript"])
    (tmp_path / "rows.json").write_text(json.dumps(tried))
    (tmp_path / "ask.mjs").write_text(ASK)
    done = node("ask.mjs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == found
    (tmp_path / "net.h").write_text(made["c"])
    (tmp_path / "program.c").write_text(AVR + program(network) + listed(tried) + AVR_MAIN % FEW)
    assert on_an_avr(tmp_path) == [value for answer in found for value in answer]


def on_an_avr(folder: Path) -> list[int]:
    """What a program of C puts in simavr."""
    options = [*STANDARD["c"], "-mmcu=atmega2560", *WARNINGS, "-Wno-conversion", "-Wno-unused-function", "-Os"]
    run("avr-gcc", *options, folder / "program.c", "-o", folder / "program.elf")
    ran = ["simavr", "-m", "atmega2560", str(folder / "program.elf")]
    done = subprocess.run(ran, capture_output=True, check=True, timeout=120)
    return signed(re.findall(rb"([0-9a-f]{8})\.", done.stderr + done.stdout))


RISCV = """
#include <stdint.h>
int main(void);
__attribute__((naked, section(".vectors"), used)) void begin(void);
void begin(void) { __asm__ volatile("li sp, 0x80400000\\nj main"); }
static void send(char sign) { *(volatile unsigned char *)0x10000000 = (unsigned char)sign; }
static void put(int32_t value) {
    for (int shift = 28; shift >= 0; shift -= 4) send("0123456789abcdef"[(uint32_t)value >> shift & 15]);
    send('\\n');
}
"""

RISCV_MAIN = """
int main(void) {
    for (int i = 0; i < %d; i++) answer(rows[i]);
    *(volatile uint32_t *)0x100000 = 0x5555; /* ends the simulator */
    for (;;) {}
}
"""


@pytest.mark.parametrize("name", ["iris", "penguins", "digits"])
def test_a_risc_v_has_the_same_bits(name: str, tmp_path: Path) -> None:
    tried, found = told(name)
    file = source(name, tmp_path, RISCV, listed(tried[:FEW]) + RISCV_MAIN % FEW)
    flags = "-march=rv32imac_zicsr -mabi=ilp32 --specs=picolibc.specs -nostartfiles -Os -Wno-unused-function".split()
    script: list[str | Path] = ["-T", ROOT / "templates" / "machines" / "riscv.ld"]
    made = tmp_path / "program.elf"
    run("riscv64-unknown-elf-gcc", *STANDARD["c"], *flags, *script, file, "-o", made)
    board = "-M virt -nographic -monitor none -bios none -kernel".split()
    words = signed(run("qemu-system-riscv32", *board, made).split())
    assert words == [value for answer in found[:FEW] for value in answer]


@pytest.mark.parametrize(("core", "simulated"), [("cortex-m0", "cortex-m3"), ("cortex-m4", "cortex-m4")])
@pytest.mark.parametrize("name", ["iris", "penguins", "digits", "deep_mlp"])
def test_a_cortex_has_the_same_bits(name: str, core: str, simulated: str, tmp_path: Path) -> None:
    """The M4 adds four products of a sum by two instructions."""
    tried, found = told(name)
    head, flags = PUT, f"-mcpu={core} -mthumb --specs=rdimon.specs -Os".split()
    loop = f"int main(void) {{ for (int i = 0; i < {FEW}; i++) answer(rows[i]); return 0; }}\n"
    file = source(name, tmp_path, head, listed(tried[:FEW]) + loop)
    made = tmp_path / "program.elf"
    run("arm-none-eabi-gcc", *STANDARD["c"], *flags, "-Wno-unused-function", file, "-o", made)
    done = subprocess.run(["qemu-arm", "-cpu", simulated, str(made)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert list(map(int, done.stdout.split())) == [value for answer in found[:FEW] for value in answer]
