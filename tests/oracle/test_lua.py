"""The source that all modules share, as Lua runs it: printed by the printer of languages with ``end``."""

import math
import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from nngen.printing import hiding_none, made, program
from nngen.proof.compiled import Program
from nngen.runtime import number_styles, order, random_numbers, special
from nngen.runtime.kit import U32, Style
from nngen.targets.lua import LuaPrinter, finished, text_of
from tests.support import number_texts
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.oracle

SUBJECTS = ("random_numbers", "order", "special", "number_styles", "texts")
WORDS = {"SHARE": "0.5", "STOP_SEED": "0", "TRAINING_SEED": "0"}


def native() -> str:
    """What Lua brings itself, from the template of its modules."""
    text = (ROOT / "templates/lua/module.lua.jinja").read_text("utf-8")
    return "local M = {}\n" + text[text.index("--- The number of a text such as") :].partition("{% endmacro %}")[0]


def source() -> str:
    """The functions of all subjects, printed."""
    parts: list[str] = []
    for subject in SUBJECTS:
        whole = program(subject)
        functions = made(whole, {"LISTED": True})
        copies = (hiding_none(whole, one, ()) for one in functions.functions)
        parts += map(LuaPrinter(whole, functions, False).definition, copies)
    text = "\n\n".join(parts)
    return re.sub("|".join(WORDS), lambda found: WORDS[found[0]], text)


PROGRAM = """
for _, test in ipairs(tests) do
    local right, found = pcall(test)
    local numbers = right and (type(found) == "table" and found or {found}) or {}
    for _, number in ipairs(numbers) do
        io.write(string.format("%.17g ", number))
    end
    print()
end
"""


def run(calls: Sequence[str]) -> list[list[float]]:
    """The numbers that calls give in Lua and in LuaJIT, or none where they refuse something."""
    tests = "\n".join(f"    function() return {call} end," for call in calls)
    text = finished(f"-- private names\n{native()}\n{source()}\ntests = {{\n{tests}\n}}\n", "float64") + PROGRAM
    found = [said([one, "-"], text) for one in ("lua5.4", "luajit")]
    numbers, jit = ([[*map(float, line.split())] for line in one.splitlines()] for one in found)
    assert repr(jit) == repr(numbers)  # NaN, too
    return numbers


def said(command: Sequence[str], text: str, folder: Path | None = None) -> str:
    """What an interpreter prints that gets a program."""
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=folder).stdout


def listed(values: Sequence[object]) -> str:
    """A list of Lua."""
    return f"{{{', '.join(map(str, values))}}}"


def test_random_numbers_and_orders_have_the_bits_of_the_source() -> None:
    calls: list[str] = []
    wanted: list[list[float]] = []
    for seed in (0, 1, 77, 2**32 - 1):
        for index in (0, 5, 2**31, 2**40 + 3):
            calls += [f"bits({seed}, {index})", f"normal({seed}, {index})", f"truncated({seed}, {index}, 0.5)"]
            given = U32(seed), index
            wanted += [[float(random_numbers._bits(*given))], [random_numbers._normal(*given)]]
            wanted += [[random_numbers._truncated(*given, 0.5)]]
        calls += [f"orthogonal({seed}, 3, 4, 3)", f"orthogonal({seed}, 3, 2, 5)"]
        wanted += [random_numbers._orthogonal(U32(seed), 3, *shape) for shape in ((4, 3), (2, 5))]
        for count in (1, 7, 40):
            places = list(range(count))
            calls += [f"order({listed(places)}, {seed}, 3)", f"seeds_of({listed(places)}, {count}, {seed}, 2)"]
            wanted += [list(map(float, order._order(places, U32(seed), 3)))]
            wanted += [list(map(float, order._seeds_of(places, count, U32(seed), 2)))]
    for count in (1, 2, 5, 30):
        calls.append(f"held_out({count})")
        wanted.append(list(map(float, order._held_out(count))) if count > 1 else [])
    calls.append("others_than({4, 0, 2}, 6)")
    wanted.append(list(map(float, order._others_than([4, 0, 2], 6))))
    assert run(calls) == wanted


def test_numbers_in_a_style_are_those_of_the_source() -> None:
    usual = {"thousands": "", "decimal": ".", "prefix": "", "suffix": "", "minus": "before"}
    styles = [usual | style for style in number_texts.STYLES]
    cases = [(text, style) for row in number_texts.rows(60, seed=3) for text, style in zip(row, styles, strict=True)]
    forms = [listed([f"{key} = {text_of(value)}" for key, value in style.items()]) for _, style in cases]
    found = run([f"of_style({text_of(text)}, {form})" for (text, _), form in zip(cases, forms, strict=True)])
    for (text, style), one in zip(cases, found, strict=True):
        wanted = number_styles._of_style(text, Style(**style))
        assert len(one) == 1, text
        assert one[0] == wanted or (one[0] != one[0] and wanted != wanted), text


def test_functions_that_lua_has_not_are_those_of_mathematics() -> None:
    numbers = [
        sign * size * 10.0**power for sign in (1, -1) for size in (1.0, 2.7) for power in (-300, -9, -1, 0, 1, 2)
    ]
    for name in ("expm1", "log1p", "tanh", "erfc"):
        given = [x for x in numbers if x > -1.0 or name != "log1p"]
        found = run([f"{name}({x!r})" for x in given])
        for x, (value,) in zip(given, found, strict=True):
            wanted = getattr(special, f"_{name}")(x)
            assert abs(value - wanted) <= 2 * math.ulp(wanted), (name, x)
            assert value == pytest.approx(getattr(math, name)(x), rel=1e-14, abs=0.0), (name, x)


def test_luac_and_luacheck_find_nothing(tmp_path: Path) -> None:
    """Steps of some optimizers read no state. Random networks have long names, and locals that hide functions."""
    committed, random = [*sorted((ROOT / "generated/lua").glob("*.lua"))], []
    for one in campaign(drawn(6), "lua"):
        random.append(tmp_path / f"{one.plan.name}.lua")
        random[-1].write_text(one.text, "utf-8")
    subprocess.run(["luac5.4", "-p", *committed, *random], check=True)
    ignored = ["--ignore", "211", "311", "431", "581", "582", "631"]
    for files in ([*committed], [*random, *map(Path, ignored)]):
        options = ["luacheck", *map(str, files), "--no-color", "--no-unused-args", "--std", "lua54"]
        done = subprocess.run(options, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_program_of_the_page_runs(tmp_path: Path) -> None:
    """The program of docs/compiled.md: XOR is learned, and a refusal is a text."""
    page = (ROOT / "docs/compiled.md").read_text("utf-8")
    program = page.partition("```lua\n")[2].partition("```")[0]
    one = module(spec(ROOT / "specs/xor_mlp.yaml"), "lua")
    (tmp_path / "xor_mlp.lua").write_text(one.text, "utf-8")
    text = f"""local xor_mlp = require("xor_mlp")
{program}
print(#history, history[500] < history[1], xor_mlp.SEED)
print(pcall(xor_mlp.forward, params, {{1}}))
print(pcall(xor_mlp.fit, params, {{{{0, 0}}}}, {{{{0}}}}, {{seed = 1.5}}))
"""
    done = subprocess.run(["lua5.4", "-"], input=text, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == [
        "500\ttrue\t1",
        "false\tx: expected a list of 2",
        "false\tseed: expected a whole number",
    ]


def test_a_call_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """And no other: one before which the program had nothing to do, and one after it."""
    one = module(spec(ROOT / "specs" / "xor_mlp.yaml"), "lua")
    begins = "function M.forward(params, x)\n"
    assert one.text.count(begins) == 1
    endless = replace(one, text=one.text.replace(begins, f"{begins}    while x[1] == 7.0 do end\n"))
    with Program("lua", [endless], tmp_path, seconds=1.0) as program:
        params = program.numbers("xor_mlp", "init")
        for _ in range(2):
            found = program.numbers("xor_mlp", "forward", params=params, x=[0.0, 1.0])
            sleep(1.2)
            assert program.numbers("xor_mlp", "forward", params=params, x=[0.0, 1.0]) == found
            with pytest.raises(EOFError, match="took too long"):
                program.numbers("xor_mlp", "forward", params=params, x=[7.0, 1.0])
