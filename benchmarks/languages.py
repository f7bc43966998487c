"""Compiled languages beside C: a prediction and a training step of one example, in nanoseconds.

    python -m benchmarks.languages

Each language repeats its own calls in its own process, as its driver is told by ``times``; C does so in a program of
some lines. The turns of the programs alternate, and each number is the least of its turns, which other work on the
machine has disturbed least. Writes ``docs/speed_languages.json``.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter_ns

import numpy as np

from nngen.description.model import Spec, parts
from nngen.plan import plan
from nngen.proof.compiled import Module, Program
from nngen.targets import TARGETS, render

RESULTS = Path(__file__).parent.parent / "docs" / "speed_languages.json"
PARTS = parts(["training"])
NETWORKS = ((4, 8, 3), (64, 32, 10))
ROUNDS, NUMBERS = 15, 4_000_000
"""Turns of each program, and how many products all calls of a turn have, about."""

FLAGS = ("-std=gnu99", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-w")
PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
{includes}
static double now(void) {{ struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return 1e9 * t.tv_sec + t.tv_nsec; }}
{functions}
int main(void) {{
    char name[32];
    int count;
    while (scanf("%31s %d", name, &count) == 2) {{ {calls} fflush(stdout); }}
}}
"""
FUNCTION = """
static void time_{name}(int count) {{
    static double params[{NAME}_PARAMETERS], slopes[{NAME}_PARAMETERS], out[{NAME}_OUTPUTS];
    static double x[] = {{ {x} }}, y[] = {{ {y} }};
    {name}_init(params, 1);
    const double start = now();
    for (int k = 0; k < count; k++) {{ {name}_forward(params, x, out); __asm__ volatile("" ::: "memory"); }}
    const double middle = now();
    for (int k = 0; k < count; k++) {{
        {name}_gradient(params, x, y, slopes);
        {name}_step(params, slopes);
        __asm__ volatile("" ::: "memory");
    }}
    printf("%.17g %.17g\\n", (middle - start) / count, (now() - middle) / count);
}}
"""


def spec(sizes: tuple[int, int, int]) -> Spec:
    """The network of these sizes, with softmax."""
    inputs, hidden, outputs = sizes
    return Spec.model_validate(
        {
            "name": f"net_{inputs}",
            "inputs": {"name": "x", "size": inputs},
            "layers": [
                {"name": "h", "units": hidden, "activation": "tanh"},
                {"name": "o", "units": outputs, "activation": "softmax"},
            ],
            "loss": "cross_entropy",
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.01}},
        }
    )


def example(sizes: tuple[int, int, int]) -> tuple[list[float], list[float]]:
    """An example: numbers from -1 to 1, and the first class."""
    x = np.random.default_rng(3).uniform(-1.0, 1.0, sizes[0]).tolist()
    return x, [1.0, *[0.0] * (sizes[2] - 1)]


def in_c(folder: Path) -> "subprocess.Popen[str]":
    """The program of C, which takes the name of a network and a count, line by line."""
    functions, names = "", [f"net_{sizes[0]}" for sizes in NETWORKS]
    for sizes, name in zip(NETWORKS, names, strict=True):
        (folder / f"{name}.h").write_text(render(plan(spec(sizes)), spec(sizes), "c", contents=PARTS))
        x, y = (", ".join(map(repr, numbers)) for numbers in example(sizes))
        functions += FUNCTION.format(name=name, NAME=name.upper(), x=x, y=y)
    includes = "".join(f'#include "{name}.h"\n' for name in names)
    calls = " ".join(f"if (atoi(name + 4) == {name[4:]}) time_{name}(count);" for name in names)
    (folder / "main.c").write_text(PROGRAM.format(includes=includes, functions=functions, calls=calls), "utf-8")
    subprocess.run(["gcc", *FLAGS, "main.c", "-lm", "-o", "c"], cwd=folder, check=True)
    return subprocess.Popen([str(folder / "c")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def elapsed(program: Program, name: str, function: str, times: int, given: Mapping[str, object]) -> float:
    """The nanoseconds until the answer of a program that makes a call so many times."""
    start = perf_counter_ns()
    program.numbers(name, function, **given, times=times)
    return float(perf_counter_ns() - start)


def least(turns: Sequence[Sequence[float]], count: int) -> list[float]:
    """The least time of each call: of a single one and of many, without what it takes to ask for one."""
    single, many = ([min(part) for part in zip(*turns, strict=True)][first::2] for first in (0, 1))
    return [round((long - short) / (count - 1), 1) for short, long in zip(single, many, strict=True)]


def main() -> None:
    """Measure all languages whose compilers are there."""
    languages = [name for name, target in TARGETS.items() if target.fast]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        c = stack.enter_context(in_c(folder))
        assert c.stdin is not None
        assert c.stdout is not None
        programs = {}
        for language in languages:
            place = folder / language
            place.mkdir()
            made = [
                Spec.model_validate(spec(one).model_dump(by_alias=True) | {"targets": [{"name": language}]})
                for one in NETWORKS
            ]
            texts = [render(plan(one), one, language, contents=PARTS) for one in made]
            modules = [Module(plan(one), one, text, PARTS) for one, text in zip(made, texts, strict=True)]
            programs[language] = stack.enter_context(Program(language, modules, place, fast=True))
        found: dict[str, dict[str, list[float]]] = {}
        for sizes in NETWORKS:
            name, title, (x, y) = f"net_{sizes[0]}", "-".join(map(str, sizes)), example(sizes)
            count = NUMBERS // (sizes[1] * (sizes[0] + sizes[2]))
            turns: dict[str, list[tuple[float, ...]]] = {language: [] for language in languages}
            of_c: list[list[float]] = []
            for _ in range(ROUNDS):
                c.stdin.write(f"{name} {count}\n")
                c.stdin.flush()
                of_c.append([float(number) for number in c.stdout.readline().split()])
                for language, program in programs.items():
                    given = {"params": program.numbers(name, "init"), "x": x, "y": y}
                    program.numbers(name, "init_state")
                    calls = [(one, times) for one in ("forward", "train_step") for times in (1, count)]
                    turns[language].append(tuple(elapsed(program, name, *one, given) for one in calls))
            found[title] = {"c": [round(min(part), 1) for part in zip(*of_c, strict=True)]}
            found[title] |= {language: least(some, count) for language, some in turns.items()}
        c.stdin.close()
    print(json.dumps(found, indent=1))
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
