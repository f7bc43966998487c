"""No language answers with the class or the number of NaN, and each refuses numbers that its type cannot hold."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nngen.description.model import parts
from nngen.proof.compiled import Module, Program
from nngen.targets import TARGETS
from tests.oracle.compiling import STANDARD, WARNINGS
from tests.oracle.compiling import run as compile_c
from tests.support.languages import LANGUAGES, module
from tests.support.nan_networks import Call, calls, networks

pytestmark = pytest.mark.oracle

IN_PYTHON = """
import importlib, json

def refused(network, function, params, row):
    module = importlib.import_module(network)
    try:
        with __import__("warnings").catch_warnings(action="ignore"):
            getattr(module, function)(module.unpack(params), ROW)
    except ValueError:
        return True
    return False

with open("calls.json") as file:
    print(json.dumps([refused(*call) for call in json.load(file)]))
"""

IN_JAVASCRIPT = """
import { readFileSync } from "node:fs";
const refused = [];
for (const [network, name, params, row] of JSON.parse(readFileSync("calls.json", "utf8"))) {
  const module = await import(`./${network}.mjs`);
  try {
    module[name](module.unpack(params), row);
    refused.push(false);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refused.push(true);
  }
}
console.log(JSON.stringify(refused));
"""


def printed(command: Sequence[str], asked: Sequence[Call], folder: Path) -> list[bool]:
    """What a program prints that reads the calls."""
    text = json.dumps([[call.network, call.function, call.params, call.row] for call in asked])
    (folder / "calls.json").write_text(text, "utf-8")
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60.0)
    found: list[bool] = json.loads(done.stdout)
    return found


def in_python(target: str, _: Sequence[Module], asked: Sequence[Call], folder: Path) -> list[bool]:
    (folder / "main.py").write_text(IN_PYTHON.replace("ROW", "row" if target == "python" else "[row]"), "utf-8")
    return printed([sys.executable, "main.py"], asked, folder)


def in_javascript(_: str, __: Sequence[Module], asked: Sequence[Call], folder: Path) -> list[bool]:
    (folder / "main.mjs").write_text(IN_JAVASCRIPT, "utf-8")
    return printed(["node", "main.mjs"], asked, folder)


def in_c(_: str, made: Sequence[Module], asked: Sequence[Call], folder: Path) -> list[bool]:
    """The codes of a header: a class is -1, the others return the number of a column or -1."""
    lines = []
    for call in asked:
        name, number = call.network, "float" if call.network.endswith("32") else "double"
        params, row = (
            ", ".join(f"{float(value)!r}{'f' * (of == 'float')}" for value in values)
            for values, of in ((call.params, number), (call.row, "double"))
        )
        takes = {"predict_proba": f", (({number} *)room)", "predict": ", room"}[call.function]
        of_class = call.function == "predict" and not call.network.startswith("number")
        asks = f"{name}_{call.function}(params, &row{'' if of_class else takes})"
        lines.append(
            f"{{ double room[4]; const {number} params[] = {{{params}}}; const {name}_row row = {{{row}}}; "
            f'(void)room; puts({asks} {"< 0" if of_class else "!= 0"} ? "true" : "false"); }}'
        )
    headers = "\n".join(f'#include "{one.plan.name}.h"' for one in made)
    body = "\n".join(lines)
    (folder / "main.c").write_text(
        f"#include <stdio.h>\n{headers}\nint main(void) {{\n{body}\nreturn 0;\n}}\n", "utf-8"
    )
    compile_c("gcc", *WARNINGS, *STANDARD["c"], "-o", folder / "main", folder / "main.c", "-lm")
    return [line == b"true" for line in compile_c(folder / "main").splitlines()]


def compiled(target: str, made: Sequence[Module], asked: Sequence[Call], folder: Path) -> list[bool]:
    def refused(call: Call) -> bool:
        try:
            program.ask(call.network, call.function, params=call.params, row=call.row)
        except ValueError:
            return True
        return False

    with Program(target, made, folder) as program:
        return [refused(call) for call in asked]


RUNS: dict[str, Callable[[str, Sequence[Module], Sequence[Call], Path], list[bool]]] = {
    "python": in_python,
    "numpy": in_python,
    "javascript": in_javascript,
    "c": in_c,
    **dict.fromkeys(LANGUAGES, compiled),
}


@pytest.mark.parametrize("target", TARGETS)
def test_numbers_that_are_too_large_and_outputs_of_nan_are_refused(target: str, tmp_path: Path) -> None:
    chosen = parts(["prediction"] if target in LANGUAGES or target == "c" else ["prediction", "files"])
    made, asked = list[Module](), list[Call]()
    for spec, dtype in networks(target):
        form = {"dtype": dtype} if TARGETS[target].narrow else {}
        made.append(module(spec, target, contents=chosen, form=form))
        asked += calls(spec, dtype)
    if target == "c":  # whose caller reads texts, and whose numbers of 64 bits have to be finite
        asked = [call for call in asked if not isinstance(call.row[0], str)]
        asked = [call for call in asked if call.network.endswith("32") or max(map(abs, map(float, call.row))) <= 1e100]
    for one in made:
        path = tmp_path / TARGETS[target].file(one.plan.name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(one.text, "utf-8")
    found = RUNS[target](target, made, asked, tmp_path)
    assert [call for call, refused in zip(asked, found, strict=True) if refused != call.refused] == []
    assert len(asked) >= 24
