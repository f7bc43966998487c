"""Flash and RAM of each spec's header on a Cortex-M4 with 32-bit numbers; docs/module.md shows them.

Needs arm-none-eabi-gcc and its newlib. Writes docs/cortex.json. ``nngen show`` measures one spec.
"""

import json
import sys
from pathlib import Path

from nngen.commands.cortex_m4 import measured
from nngen.data import encoding
from nngen.plan.planner import plan
from nngen.reading.source import load

ROOT = Path(__file__).parent.parent


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
