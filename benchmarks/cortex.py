"""Flash and RAM of each spec's header on a Cortex-M4, with numbers of 32 bits: what docs/module.md lists.

Needs arm-none-eabi-gcc and its newlib. Writes docs/cortex.json. A program that calls nothing is taken off each figure.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from nngen.data import scaling
from nngen.planner import plan
from nngen.render import render
from nngen.source import load
from nngen.spec import Spec

ROOT = Path(__file__).parent.parent
COMPILER = ["arm-none-eabi-gcc", "-std=c99", "-Os", "-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16"]
COMPILER += ["-mfloat-abi=hard", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "--specs=nosys.specs"]

NOTHING = "int main(void) { return 0; }\n"
FORWARD = """
#include "{name}.h"
const float params[{NAME}_PARAMETERS] = {{1}};
volatile float x[{NAME}_INPUTS], outputs[{NAME}_OUTPUTS];
int main(void) {{
    {name}_forward(params, (const float *)x, (float *)outputs);
    return 0;
}}
"""
TRAIN = """
#include "{name}.h"
float params[{NAME}_PARAMETERS], gradient[{NAME}_PARAMETERS], state[{NAME}_STATE];
volatile float x[{NAME}_INPUTS], y[{NAME}_OUTPUTS];
int main(void) {{
    {name}_init(params, {NAME}_SEED);
    {name}_init_state(state);
    {name}_gradient(params, (const float *)x, (const float *)y, {seed}gradient);
    {name}_step(params, gradient, state);
    return 0;
}}
"""


def sizes(text: str, folder: Path) -> tuple[int, int]:
    """The flash and the RAM of a program, in bytes; the stack is what its deepest function says."""
    source, program = folder / "program.c", folder / "program.elf"
    source.write_text(text, encoding="utf-8")
    printed = ""
    for command in (
        [*COMPILER, "-fstack-usage", str(source), "-lm", "-o", str(program)],
        ["arm-none-eabi-size", str(program)],
    ):
        done = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
        printed = done.stdout
    code, data, empty = map(int, printed.splitlines()[1].split()[:3])
    usage = "\n".join(path.read_text() for path in folder.glob("*.su"))
    stack = max((int(found) for found in re.findall(r"\t(\d+)\t", usage)), default=0)
    for path in folder.glob("*.su"):
        path.unlink()
    return code + data, data + empty + stack


def measured(path: Path) -> dict[str, int | str]:
    """The figures of one spec."""
    base = load(path)
    spec = Spec.model_validate(base.model_dump(by_alias=True) | {"targets": [{"name": "c", "dtype": "float32"}]})
    planned = plan(spec, scaling(spec, path.parent))
    seed = "NULL, " if planned.drops and not planned.coupled else ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"{spec.name}.h").write_text(render(planned, spec, "c"), encoding="utf-8")
        none = sizes(NOTHING, folder)
        words = {"name": spec.name, "NAME": spec.name.upper(), "seed": seed}
        forward, train = (sizes(text.format(**words), folder) for text in (FORWARD, TRAIN))
    return {
        "name": spec.name,
        "parameters": planned.size,
        "forward_flash": forward[0] - none[0],
        "forward_ram": forward[1] - none[1],
        "train_flash": train[0] - none[0],
        "train_ram": train[1] - none[1],
    }


if __name__ == "__main__":
    rows = [measured(path) for path in sorted((ROOT / "specs").glob("*.yaml"))]
    (ROOT / "docs" / "cortex.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(map(str, rows)) + "\n")
