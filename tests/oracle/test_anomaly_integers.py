"""Anomaly scores in integers have the same bits in C, on a Cortex-M4, in Python, in JavaScript and by the reference."""

import json
import random
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nngen.description.model import Spec
from nngen.integers import Integers
from nngen.reading import load
from nngen.targets import as_module
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.oracle.node import node
from tests.support.integers import modules_of, network_of, reference_of, rows, trained_by

pytestmark = pytest.mark.oracle

SPECS = {
    "mixed": """
name: mixed
inputs:
  - {name: speed, missing: median, indicator: true}
  - {name: heat, scale: interval}
  - {name: mode, categories: [idle, run], unknown: zeros, missing: zeros}
layers:
  - {name: inner, units: 5, activation: tanh}
  - {name: output, units: 5, activation: linear}
data: {file: rows.csv, target: inputs, anomaly_percentile: 90, scale: standardize}
""",
    "wide": """
name: wide
inputs: {name: band, size: 41}
layers:
  - {name: inner, units: 257, activation: relu}
  - {name: code, units: 4, activation: linear}
  - {name: last, units: 256, activation: relu}
  - {name: output, units: 41, activation: linear}
data: {file: rows.csv, target: inputs, scale: {name: divide, by: 32}}
""",
    "even": """
name: even
inputs: {name: band, size: 44}
layers:
  - {name: inner, units: 250, activation: relu}
  - {name: output, units: 44, activation: linear}
data: {file: rows.csv, target: inputs, scale: {name: divide, by: 32}}
""",
}
"""Columns of all kinds; rows of bytes, with sums of four units at a time, also where 257 units are no multiple of 4."""

TRAINING = "loss: squared_error\ntraining: {optimizer: {name: adam, rate: 0.01}, batch_size: 16, epochs: 3}\n"


def table(name: str) -> str:
    """Training rows, as text."""
    drawn = random.Random(3)
    if name == "mixed":
        lines = ["speed,heat,mode"]
        for _ in range(120):
            speed, heat = drawn.gauss(900.0, 40.0), drawn.uniform(20.0, 70.0)
            lines.append(f"{drawn.choice(['', *[f'{speed:.0f}'] * 8])},{heat:.1f},{drawn.choice(['idle', 'run', ''])}")
        return "\n".join([*lines, ""])
    size = 41 if name == "wide" else 44
    lines = [",".join(f"band{i + 1}" for i in range(size))]
    lines += [",".join(str(drawn.randint(-90, 90) // (1 + i % 3)) for i in range(size)) for _ in range(60)]
    return "\n".join([*lines, ""])


@cache
def made(name: str, folder: Path) -> tuple[Spec, Path, list[float], Integers]:
    """A network, its file, its parameters, and itself in integers."""
    (folder / "rows.csv").write_text(table(name))
    path = folder / f"{name}.yaml"
    path.write_text(SPECS[name] + TRAINING)
    spec = load(path)
    flat = trained_by(spec, folder, 3)
    return spec, path, flat, network_of(spec, path, flat)


def scored(module: Any, tried: list[list[int]]) -> list[int]:
    """For each row, its score and whether it is an anomaly, by a module of Python."""
    return [value for row in tried for value in (module.anomaly_score(row), int(module.is_anomaly(row)))]


def program(network: Integers, tried: list[list[int]]) -> str:
    """A program of C that prints the same."""
    kind = "int8_t" if network.inputs.direct else "int16_t"
    listed = ",\n".join("{" + ", ".join(map(str, row)) + "}" for row in tried)
    return f"""
#include <stdio.h>
#include "{network.name}.h"
static {kind} rows[][{len(network.inputs.columns)}] = {{{listed}}};
int main(void) {{
    for (unsigned i = 0; i < {len(tried)}; i++) {{
        printf("%lu ", (unsigned long){network.name}_anomaly_score(rows[i]));
        printf("%d\\n", {network.name}_is_anomaly(rows[i]));
    }}
    return 0;
}}
"""


ASK = """
import * as net from "./module.mjs";
import { readFileSync } from "node:fs";
const rows = JSON.parse(readFileSync("rows.json"));
console.log(JSON.stringify(rows.flatMap((row) => [net.anomaly_score(row), Number(net.is_anomaly(row))])));
"""


@pytest.mark.parametrize("name", SPECS)
def test_scores_have_the_same_bits(name: str, tmp_path: Path) -> None:
    spec, path, flat, network = made(name, tmp_path)
    texts = modules_of(spec, path, flat, ["c", "python", "javascript"])
    module, cells = as_module(name, texts["python"]), [line.split(",") for line in table(name).splitlines()[1:]]
    tried = rows(network, 40) + [module.whole(row) for row in cells[:20]]
    found, score = scored(module, tried), network.output.score
    assert score is not None
    assert 0 in found[1::2]
    assert 1 in found[1::2]
    (tmp_path / f"{name}.h").write_text(texts["c"])
    (tmp_path / "program.c").write_text(program(network, tried))
    for compiler in ("gcc", "clang"):
        run(compiler, *STANDARD["c"], *WARNINGS, *SANITIZED, tmp_path / "program.c", "-o", tmp_path / "program")
        done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=False)
        assert done.stderr == ""
        assert [*map(int, done.stdout.split())] == found, compiler
    arm = "-mcpu=cortex-m4 -mthumb --specs=rdimon.specs -Os".split()
    run("arm-none-eabi-gcc", *STANDARD["c"], *arm, tmp_path / "program.c", "-o", tmp_path / "program.elf")
    assert [*map(int, run("qemu-arm", "-cpu", "cortex-m4", tmp_path / "program.elf").split())] == found
    (tmp_path / "module.mjs").write_text(texts["javascript"])
    (tmp_path / "rows.json").write_text(json.dumps(tried))
    (tmp_path / "ask.mjs").write_text(ASK)
    done = node("ask.mjs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == found
    reference = reference_of(spec, path, flat)
    assert [reference.anomaly_score(row) for row in tried] == found[::2]
    assert reference.limit([module.whole(row) for row in cells], score.percentile) == score.limit


def test_four_units_at_a_time_are_in_the_headers_that_need_them(tmp_path: Path) -> None:
    spec, path, flat, _ = made("wide", tmp_path)
    text = modules_of(spec, path, flat, ["c"])["c"]
    assert "i = i > 253 ? 253 : i;" in text
    assert "wide_sums(W_band + (uint32_t)i * 41" in text
