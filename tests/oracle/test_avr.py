"""Headers of C on an AVR: double has 4 bytes there, int has 2, and avr-libc has no log1p, expm1, erfc, rint."""

import math
import re
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from nngen.pages.render import Trained, render
from nngen.plan.planner import plan
from nngen.reference import Network
from tests.oracle.c import program
from tests.oracle.c_stories import stories, story
from tests.oracle.compiling import STANDARD, WARNINGS, run
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

BOARD = "atmega2560"
RAM = 0x800000
"""The first address of RAM in a program; those below are in flash."""

COMPILED = [*STANDARD["c"], f"-mmcu={BOARD}", *WARNINGS, "-Wno-conversion"]  # 32 bits to a double that has as many

HEAD = """
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdlib.h>
#include <string.h>
static void put(char sign) {
    loop_until_bit_is_set(UCSR0A, UDRE0);
    UDR0 = (uint8_t)sign;
}
static void put_float32(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof bits);
        for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[bits >> shift & 15]);
        put('\\n');
    }
}
#define put_float64 put_numbers
static void put_numbers(const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float value = (float)values[i];
        put_float32(&value, 1);
    }
}
#define room malloc
"""
"""C code that sends numbers to the serial port, in hexadecimal."""

MAIN = """
int main(void) {{
    UCSR0B = 1 << TXEN0;
    {calls}
    sleep_mode(); /* with no interrupt to wake it: the simulator ends */
    return 0;
}}
"""


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_header_compiles(dtype: str, tmp_path: Path) -> None:
    source = program([*stories("specs", dtype), *stories("networks", dtype)], tmp_path, "stories")
    run("avr-gcc", *COMPILED, "-fsyntax-only", source)


def simulated(folder: Path, header: str, name: str, functions: str, calls: str) -> list[float]:
    """The output of a program on the board: the calls are within main, the functions before it."""
    (folder / f"{name}.h").write_text(header, encoding="utf-8")
    source, made = folder / "program.c", folder / "program.elf"
    source.write_text(f'{HEAD}#include "{name}.h"\n{functions}{MAIN.format(calls=calls)}', encoding="utf-8")
    run("avr-gcc", *COMPILED, "-Wno-unused-function", "-O2", source, "-lm", "-o", made)
    done = subprocess.run(["simavr", "-m", BOARD, str(made)], capture_output=True, check=True, timeout=120)
    words = re.findall(rb"([0-9a-f]{8})\.", done.stderr + done.stdout)
    return [struct.unpack(">f", bytes.fromhex(word.decode()))[0] for word in words]


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("xor_mlp", "float64"),
        ("snake", "float32"),
        ("gelu twice, weights", "float64"),
        ("celu twice, layers", "float32"),
        ("log_cosh over linear, sum, weights", "float64"),
        ("patience of a share, weights", "float64"),
    ],
)
def test_networks_are_those_of_the_reference_at_the_precision_of_32_bits(name: str, dtype: str, tmp_path: Path) -> None:
    told = story(name, dtype)
    found = simulated(tmp_path, told.header, told.name, told.story(), f"tell_{told.name}();")
    np.testing.assert_allclose(found, [value for _, values in told.expected for value in values], rtol=1e-5, atol=2e-6)


def test_the_functions_that_its_library_has_not(tmp_path: Path) -> None:
    activations = {"every": {"value": "log1p(z**2) + expm1(minimum(z, 1)) + erfc(z)"}}
    made = network([layer("o", 1, "every")], "squared_error", activations=activations, targets=["c"]).spec
    points = [
        -math.inf,
        -20.0,
        -3.0,
        -1.0,
        -0.9,
        -1e-3,
        -1e-30,
        0.0,
        1e-30,
        1e-9,
        1e-3,
        0.4,
        0.99,
        1.0,
        3.0,
        9.0,
        math.inf,
    ]
    calls, expected = [], []
    for name, function, given in [
        ("log1p", math.log1p, [point for point in points if point > -1]),
        ("expm1", math.expm1, points),
        ("erfc", math.erfc, points),
    ]:
        calls += [
            f"value = net_{name}({point!r}); put_float64(&value, 1);".replace("inf", "INFINITY") for point in given
        ]
        expected += [function(point) for point in np.asarray(given, np.float32).tolist()]
    found = simulated(tmp_path, render(plan(made), made, "c"), "net", "", f"double value; {' '.join(calls)}")
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=1e-37)


@pytest.mark.parametrize("flash", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_trained_parameters_may_stay_in_flash(dtype: str, flash: bool, tmp_path: Path) -> None:
    """If ``NET_FLASH`` is ``PROGMEM``, they take no RAM, and a program copies the parameters that it needs."""
    made = network(
        [layer("h", 2, "tanh"), layer("o", 3, "linear")], "squared_error", targets=[{"name": "c", "dtype": dtype}]
    ).spec
    trained = [(-1.0) ** k / (k + 3) for k in range(plan(made).size)]
    header = render(plan(made), made, "c", trained=Trained(trained))
    if flash:
        header = f"#include <avr/pgmspace.h>\n#define NET_FLASH PROGMEM\n{header}"
    real, x = {"float64": "double", "float32": "float"}[dtype], [0.5, -0.25, 1.0][: len(made.input_names)]
    copied = "memcpy_P" if flash else "memcpy"
    calls = f"""
    {real} params[NET_PARAMETERS], outputs[NET_OUTPUTS];
    const {real} x[NET_INPUTS] = {{{", ".join(f"({real}){value}" for value in x)}}};
    {copied}(params, net_trained, sizeof params);
    put_{dtype}(params, NET_PARAMETERS);
    net_forward(params, x, outputs);
    put_{dtype}(outputs, NET_OUTPUTS);
    """
    found = simulated(tmp_path, header, "net", "", calls)
    reference = Network(made)
    [outputs] = np.asarray(reference.forward(reference.unpack(trained), [x])).tolist()
    np.testing.assert_array_equal(found[: len(trained)], np.asarray(trained, np.float32))
    np.testing.assert_allclose(found[len(trained) :], outputs, rtol=1e-5, atol=2e-6)
    symbols = subprocess.run(["avr-nm", tmp_path / "program.elf"], capture_output=True, check=True, text=True).stdout
    [place] = [int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith(" net_trained")]
    assert (place < RAM) == flash
