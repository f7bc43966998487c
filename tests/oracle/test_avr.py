"""Headers of C on an AVR: double has 4 bytes there, int has 2, and avr-libc has no log1p, expm1, erfc, rint."""

import math
import re
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.description.data import encoding
from nngen.description.model import parts
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.targets.page_head import Trained
from nngen.targets.render import render
from tests.oracle.c import program
from tests.oracle.c_stories import stories, story
from tests.oracle.compiling import STANDARD, WARNINGS, run
from tests.support.kinds import EVERY_KIND, FACTORIZATION
from tests.support.modules import ROOT, built, named, spec
from tests.support.network import described, layer, network

pytestmark = pytest.mark.oracle

BOARD = "atmega2560"
RAM = 0x800000
"""The first address of RAM in a program; those below are in flash."""


def compiled(language: str = "c") -> list[str]:
    """The options of the compiler; a double has 32 bits, and may get some that have as many."""
    return [*STANDARD[language], f"-mmcu={BOARD}", *WARNINGS, "-Wno-conversion", "-Wno-float-conversion"]


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


@pytest.mark.parametrize(("turn", "dtype"), [*enumerate(["float64", "float32"])])
def test_headers_compile(turn: int, dtype: str, tmp_path: Path) -> None:
    """Of every spec, and of two thirds of the networks."""
    source = program([*stories("specs", dtype), *stories("networks", dtype)[turn::3]], tmp_path, "stories")
    run("avr-gcc", *compiled(), "-fsyntax-only", source)


def simulated(
    folder: Path, header: str, name: str, functions: str, calls: str, *options: str, language: str = "c"
) -> list[float]:
    """The output of a program on the board: the calls are within main, the functions before it."""
    (folder / f"{name}.h").write_text(header, encoding="utf-8")
    source, made = folder / "program.c", folder / "program.elf"
    source.write_text(f'{HEAD}#include "{name}.h"\n{functions}{MAIN.format(calls=calls)}', encoding="utf-8")
    run("avr-gcc", *compiled(language), *options, "-Wno-unused-function", "-O2", source, "-lm", "-o", made)
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


HIDDEN = layer("h", 20, "tanh", normalization="layer_norm")
MEASURED = layer("h", 3, "tanh", normalization="batch_norm")
OUTPUT = layer("o", 3, "softmax")
X = [0.5, -0.25, 1.0]
FLASH: dict[str, tuple[Mapping[str, Any], str, str, list[float]]] = {
    "weights": (described([layer("h", 2, "tanh"), OUTPUT], "cross_entropy"), "float64", "c", X),
    "layers": (described([HIDDEN, layer("g", 4, "relu"), OUTPUT], "cross_entropy"), "float32", "c++", X),
    "batches": (described([MEASURED, OUTPUT], "cross_entropy"), "float64", "c++", X),
    "kinds": (EVERY_KIND, "float32", "c", [4.0, 1.0, 0.5, -0.25]),
    "ids": (FACTORIZATION, "float64", "c", [4.0, 1.0]),
}
"""Networks whose headers read parameters in different ways: the width of their numbers, the language, and inputs."""


@pytest.mark.parametrize("flash", [False, True])
@pytest.mark.parametrize("form", FLASH)
def test_trained_parameters_may_stay_in_flash(form: str, flash: bool, tmp_path: Path) -> None:
    """If ``NET_FLASH`` is ``PROGMEM``, they take no RAM: what predicts reads them in flash, and nothing trains."""
    fields, dtype, language, x = FLASH[form]
    made = Spec.model_validate({**fields, "name": "net", "targets": [{"name": "c", "dtype": dtype}]})
    trained = [1.0 + (-1.0) ** k / (k % 7 + 3) for k in range(plan(made).size)]
    header = render(plan(made, encoding(made, tmp_path)), made, "c", trained=Trained(trained))
    options = ["-DNET_FLASH=PROGMEM"] if flash else []
    memory = ", memory" if "NET_BATCH" in header else ""
    real = {"float64": "double", "float32": "float"}[dtype]
    calls = f"""
#ifdef NET_LANES
#error an AVR has no vectors, which would read parameters by themselves
#endif
    const {real} *volatile params = net_trained; /* so that the compiler does not compute the outputs itself */
    const {real} x[] = {{{", ".join(f"({real}){value}" for value in 4 * x)}}};
    {real} outputs[5 * NET_OUTPUTS]{", memory[NET_BATCH]" if memory else ""};
    net_forward(params, x, outputs);
    net_batch_forward(params, x, 4, outputs + NET_OUTPUTS{memory});
    put_{dtype}(outputs, 5 * NET_OUTPUTS);
    """
    found = simulated(tmp_path, header, "net", "", calls, *options, language=language)
    reference = Network(made)
    [outputs] = np.asarray(reference.forward(reference.unpack(trained), np.array([x]))).tolist()
    np.testing.assert_allclose(found, 5 * outputs, rtol=1e-5, atol=2e-6)
    symbols = subprocess.run(["avr-nm", tmp_path / "program.elf"], capture_output=True, check=True, text=True).stdout
    [place] = [int(line.split()[0], 16) for line in symbols.splitlines() if line.endswith("net_trained")]
    assert (place < RAM) == flash
    training = re.sub("sleep_mode.*", "(void)net_fit;", (tmp_path / "program.c").read_text("utf-8"))
    (tmp_path / "training.c").write_text(training, "utf-8")
    checked = [*compiled(language), *options, "-DNET_TILE=4", "-fsyntax-only", str(tmp_path / "training.c")]
    done = subprocess.run(["avr-gcc", *checked], capture_output=True, check=False, text=True)
    assert ("net_fit" in done.stderr) == flash == (done.returncode != 0)


@pytest.mark.parametrize("contents", [["all"], ["prediction"]])
def test_a_row_is_answered_from_flash(contents: list[str], tmp_path: Path) -> None:
    made, module = spec(named("iris")), built(named("iris"), "python")
    planned = plan(made, encoding(made, ROOT / "specs"))
    trained = [math.sin(k) for k in range(planned.size)]
    header = render(planned, made, "c", trained=Trained(trained), contents=parts(contents))
    calls = """
    const iris_row row = {5.1, 3.5, 1.4, 0.2};
    double shares[IRIS_CLASSES + 1];
    iris_predict_proba(iris_trained, &row, shares);
    shares[IRIS_CLASSES] = iris_predict(iris_trained, &row);
    put_float64(shares, IRIS_CLASSES + 1);
    """
    found = simulated(tmp_path, header, "iris", "", calls, "-DIRIS_FLASH=PROGMEM")
    row = [5.1, 3.5, 1.4, 0.2]
    shares = module.predict_proba(module.unpack(trained), row)
    expected = [*shares.values(), list(shares).index(module.predict(module.unpack(trained), row))]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
