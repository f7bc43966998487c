"""Flash and RAM of each spec's header on a Cortex-M4 with 32-bit numbers; docs/c.md shows them.

Needs arm-none-eabi-gcc and its newlib. Writes docs/cortex.json.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nngen.description.data import encoding
from nngen.description.model import CTarget, Spec
from nngen.plan import Plan, plan
from nngen.reading import load
from nngen.targets import level, render, workspace

ROOT = Path(__file__).parent.parent
COMPILER = "arm-none-eabi-gcc"
FLAGS = "-std=c99 -Os -mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard"
LINKED = "-ffunction-sections -fdata-sections -Wl,--gc-sections --specs=nosys.specs"

NOTHING = "int main(void) { return 0; }\n"
FORWARD = """
#include "{name}.h"
{rooms}
const float params[{NAME}_PARAMETERS] = {{1}};
volatile float x[{NAME}_INPUTS], outputs[{NAME}_OUTPUTS];
int main(void) {{
    {name}_forward(params, (const float *)x, (float *)outputs{work});
    return 0;
}}
"""
TRAIN = """
#include "{name}.h"
{rooms}
float params[{NAME}_PARAMETERS], gradient[{NAME}_PARAMETERS];
#ifdef {NAME}_STATE
float state[{NAME}_STATE];
#endif
volatile float x[{NAME}_INPUTS], y[{NAME}_OUTPUTS];
int main(void) {{
    {name}_init(params, {NAME}_SEED{matrix});
    {name}_gradient(params, (const float *)x, (const float *)y, {more}gradient{work});
#ifdef {NAME}_STATE
    {name}_init_state(state);
    {name}_step(params, gradient, state);
#else
    {name}_step(params, gradient);
#endif
    return 0;
}}
"""


@dataclass(frozen=True)
class Sizes:
    """Flash and RAM, in bytes."""

    flash: int
    ram: int


def measured(plan: Plan, spec: Spec) -> tuple[Sizes, Sizes]:
    """The flash and RAM of the forward pass and of training, beyond those of an empty program.

    Numbers have 32 bits. Parameters are in flash for the forward pass, and in RAM for training.

    Raises:
        OSError: the compiler is missing.
        CalledProcessError: the compiler failed, for example because its library is missing.
    """
    target = CTarget.model_validate({"name": "c", "unroll": spec.unroll("c"), "dtype": "float32"})
    header = render(plan, spec.model_copy(update={"targets": (target,)}), "c")
    own = "1, " if plan.loss.example_weights and not plan.loss.weighted_mean else ""
    drawn = "NULL, " if plan.has_dropout and not plan.needs_batch else ""
    words = {"name": spec.name, "NAME": spec.name.upper(), "more": own + drawn}
    needs = workspace(plan, unrolled=level(plan, spec, "c") == "weights", narrow=True)
    work = f"float work[{spec.name.upper()}_WORK];" if needs.work else ""
    matrix = f"double matrix[{spec.name.upper()}_MATRIX];" if needs.drawn else ""
    words |= {"work": ", work" if work else "", "matrix": ", matrix" if matrix else ""}
    programs = [NOTHING, FORWARD.format(**words, rooms=work), TRAIN.format(**words, rooms=work + matrix)]
    with ThreadPoolExecutor() as pool:
        none, *found = pool.map(lambda program: _sizes(program, f"{spec.name}.h", header), programs)
    forward, train = (Sizes(one.flash - none.flash, one.ram - none.ram) for one in found)
    return forward, train


def _sizes(program: str, name: str, header: str) -> Sizes:
    """The sizes of a program; the stack is that of its deepest function."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(header, encoding="utf-8")
        Path(folder, "program.c").write_text(program, encoding="utf-8")
        linked = [*LINKED.split(), "-fstack-usage", "program.c", "-lm", "-o", "program.elf"]
        _run([COMPILER, *FLAGS.split(), *linked], folder)
        code, data, empty = map(int, _run(["arm-none-eabi-size", "program.elf"], folder).splitlines()[1].split()[:3])
        usage = "\n".join(path.read_text("utf-8") for path in Path(folder).glob("*.su"))
    stack = max((int(found) for found in re.findall(r"\t(\d+)\t", usage)), default=0)
    return Sizes(code + data, data + empty + stack)


def _run(command: Sequence[str], folder: str) -> str:
    done = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
    return done.stdout


def figures(path: Path) -> dict[str, int | str]:
    """The figures of one spec."""
    spec = load(path)
    planned = plan(spec, encoding(spec, path.parent))
    forward, train = measured(planned, spec)
    return {
        "name": spec.name,
        "parameters": planned.size,
        "forward_flash": forward.flash,
        "forward_ram": forward.ram,
        "train_flash": train.flash,
        "train_ram": train.ram,
    }


if __name__ == "__main__":
    rows = [figures(path) for path in sorted((ROOT / "specs").glob("*.yaml"))]
    (ROOT / "docs" / "cortex.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(map(str, rows)) + "\n")
