"""What predictors take on small machines: the goals that docs/machines.md shows to be met."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.machines.cycles import cycles
from benchmarks.machines.measure import RELU, by_hand, made, trained
from nngen.cli import main
from nngen.commands.machines import MACHINES, Measured, Program, measured
from nngen.commands.small import in_floats, in_integers
from nngen.description.data import read_examples
from nngen.description.model import Spec
from nngen.reading import load
from nngen.targets import as_module, texts
from tests.oracle.compiling import run
from tests.support.integers import params_of, path_of, trained_by
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle


@cache
def prepared(name: str) -> tuple[Spec, Path, list[float]]:
    """A network with relu and its parameters after the training of its spec."""
    described = load(path_of(name), None, RELU)
    return described, path_of(name), trained(described, path_of(name))


def calibrated(folder: Path) -> tuple[Spec, Path, list[float]]:
    """The network that answers a number."""
    path = made("calibration.yaml", folder)
    return load(path), path, trained(load(path), path)


def of(machine: str, program: Program) -> tuple[int, int, int]:
    """Flash, RAM and time."""
    found: Measured = measured(MACHINES[machine], program)
    assert found.ram is not None
    assert found.time is not None
    return found.flash, found.ram, found.time


@pytest.mark.parametrize(
    ("name", "avr", "cortex"),
    [
        ("iris", (900, 48, 5_000), (512, 64, 1_700)),
        ("penguins", (1_000, 56, 5_000), (600, 72, 2_000)),
        ("digits", (3_300, 80, 75_000), (3_000, 96, 38_000)),
    ],
)
def test_integers_take_little(name: str, avr: tuple[int, ...], cortex: tuple[int, ...]) -> None:
    program = in_integers(*prepared(name))
    for machine, goal in {"avr": avr, "cortex-m0": cortex}.items():
        found = of(machine, program)
        assert all(value <= most for value, most in zip(found, goal, strict=True)), (machine, found, goal)
    taken, instructions = cycles(program)
    assert abs(instructions - found[2]) <= 1 + found[2] // 50  # two ways to count, of other rows
    assert taken <= cortex[2]


def test_integers_take_a_part_of_floating_point_by_hand() -> None:
    for machine, flash, time in (("avr", 0.55, 0.3), ("cortex-m0", 0.15, 0.1)):
        ours, theirs = of(machine, in_integers(*prepared("iris"))), of(machine, by_hand(*prepared("iris")))
        assert ours[0] <= flash * theirs[0]
        assert ours[2] <= time * theirs[2]


@pytest.mark.parametrize("machine", ["avr", "cortex-m0"])
@pytest.mark.parametrize("name", ["iris", "penguins", "digits"])
def test_floating_point_takes_at_most_what_it_takes_by_hand(name: str, machine: str) -> None:
    ours, theirs = of(machine, in_floats(*prepared(name))), of(machine, by_hand(*prepared(name)))
    assert ours[0] <= theirs[0]
    assert ours[2] <= theirs[2]


def test_a_regression_takes_at_most_what_emlearn_takes(tmp_path: Path) -> None:
    """6-16-8-1 with relu: on the AVR its inline form, which computes no scaling; on the Cortex-M0 its default form."""
    spec, path, flat = calibrated(tmp_path)
    flash, ram, time = of("avr", in_floats(spec, path, flat))
    assert (flash <= 2_500, ram <= 138, time <= 77_256) == (True, True, True), (flash, ram, time)
    assert of("cortex-m0", in_floats(spec, path, flat))[0] <= 9_216
    ours, theirs = (np.array(answers(form(spec, path, flat), tmp_path), float) for form in (in_floats, by_hand))
    assert np.abs(ours - theirs).max() <= 1  # whole numbers of the same answer
    assert np.ptp(ours) > 500


TRAINED = """
#include "small.h"
typedef struct { float x[2], y[1]; } row_t;
static float params[SMALL_PARAMETERS];
static void predicted(row_t *row) {
    float gradient[SMALL_PARAMETERS];
    small_gradient(params, row->x, row->y, gradient);
    small_step(params, gradient);
    sink = (int)params[0];
}
"""


def test_a_step_of_training_takes_what_the_docs_say(tmp_path: Path) -> None:
    hidden, output = (
        {"name": "hidden", "units": 3, "activation": "tanh"},
        {"name": "y", "units": 1, "activation": "sigmoid"},
    )
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.5}, "epochs": 1}
    narrow = [{"name": "c", "dtype": "float32"}]
    named = {"name": "small", "inputs": 2, "layers": [hidden, output], "loss": "binary_cross_entropy"}
    described = Spec.model_validate({**named, "training": training, "targets": narrow})
    header = texts(described, tmp_path, ["c"], contents=("training",))["c"]
    rows = tuple(f"{{{{{a}, {b}}}, {{{a ^ b}}}}}" for a in (0, 1) for b in (0, 1))
    found = of("avr", Program({"small.h": header}, TRAINED, rows, 12))
    page = (ROOT / "docs" / "vendoring.md").read_text()
    assert "{:,} bytes of flash, {} of RAM and {:,} cycles".format(*found) in page, found


PRINTED = """
#include <stdio.h>
static volatile int sink;
{head}
static row_t rows[] = {{{rows}}};
int main(void) {{
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {{
        predicted(rows + i);
        printf("%d ", sink);
    }}
    return 0;
}}
"""


def answers(program: Program, folder: Path) -> list[str]:
    """What a program that is measured answers to its rows, on this machine."""
    for name, text in program.files.items():
        (folder / name).write_text(text)
    (folder / "main.c").write_text(PRINTED.format(head=program.head, rows=",".join(program.rows)))
    run("gcc", "-std=gnu99", "-w", folder / "main.c", "-o", folder / "main", "-lm")
    return run(folder / "main").decode().split()


@pytest.mark.parametrize("name", ["iris", "penguins", "digits"])
def test_what_is_compared_answers_the_same(name: str, tmp_path: Path) -> None:
    whole, ours, theirs = (answers(form(*prepared(name)), tmp_path) for form in (in_integers, in_floats, by_hand))
    assert ours == theirs
    assert sum(one != other for one, other in zip(whole, ours, strict=True)) <= len(ours) // 20
    assert {*ours} >= {"0", "1", "2"}


WIDE = """
name: wide
inputs: [a, b]
layers: [{{name: hidden, units: 1010, activation: gelu}}, {{name: output, units: [u, v], activation: {activation}}}]
loss: {loss}
training: {{optimizer: {{name: adam, rate: 0.01}}, epochs: 9, batch_size: 4}}
data: {data}
"""

WIDE_DATA = {
    "softmax": ("cross_entropy", "{file: wide.csv, target: c, classes: [x, y]}"),  # predict gives a class
    "linear": (
        "squared_error",
        "{file: wide.csv, target: [d, e], scale_targets: standardize}",
    ),  # predict gives numbers
    "sigmoid": ("squared_error", "{rows: [{x: [0, 3], y: [0, 1]}, {x: [1, 2], y: [1, 0]}]}"),  # there is only forward
}


@pytest.mark.parametrize("activation", sorted(WIDE_DATA))
def test_functions_that_take_memory_are_compared(activation: str, tmp_path: Path) -> None:
    rows = [(i % 7, i % 5) for i in range(20)]
    lines = [f"{a},{b},{'x' if a < b else 'y'},{9 * a},{-7 * b}" for a, b in rows]
    (tmp_path / "wide.csv").write_text("\n".join(["a,b,c,d,e", *lines, ""]))
    loss, data = WIDE_DATA[activation]
    path = tmp_path / "wide.yaml"
    path.write_text(WIDE.format(activation=activation, loss=loss, data=data))
    described = load(path)
    flat = trained_by(described, tmp_path, 9)
    program = in_floats(described, path, flat)
    assert "float *memory" in program.files["wide.h"]
    module = as_module("wide", texts(described, tmp_path, ["numpy"])["numpy"])
    x = read_examples(described, tmp_path).train_x
    right = module.forward(module.unpack(flat), x)
    found = list(map(int, answers(program, tmp_path)))
    if activation == "linear":
        right = module.decode(right)
    expected = right.argmax(axis=1) if activation == "softmax" else np.trunc(right[:, 0])
    assert np.abs(expected - found).max() <= 1.0
    assert np.mean(expected == found) >= 0.9  # 32 bits may round over an edge


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_show_measures_both_formats(machine: str, tmp_path: Path) -> None:
    wanted = ["show", str(path_of("xor_mlp")), "--machine", machine, "--params", params_of("xor_mlp", tmp_path)]
    done = CliRunner().invoke(main, wanted)
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.output.splitlines()]
    assert [row[0] for row in rows if row and row[0] in ("int8", "float32")] == ["int8", "float32"]
    assert MACHINES[machine].title in done.output


def test_a_missing_simulator_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = ["show", str(path_of("xor_mlp")), "--machine", "riscv", "--params", params_of("xor_mlp", tmp_path)]
    done = CliRunner().invoke(main, wanted)
    assert done.exit_code == 2
    assert "riscv64-unknown-elf-gcc is missing" in done.output
    assert "apt-get install gcc-riscv64-unknown-elf" in done.output
