"""The limits of a spec: a refusal is immediate and needs little memory, and accepted specs are built."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from cProfile import Profile
from functools import partial
from pathlib import Path

import pytest

from nngen.common.diagnostics import SpecError
from nngen.plan.equations import Scope, equations
from nngen.plan.planner import plan
from nngen.reading.source import MAX_BYTES, parse
from nngen.targets import modules
from nngen.targets.modules import as_module
from tests.support.modules import named, spec

END = "loss: {name: squared_error, outputs: sum}\ntraining: {optimizer: {name: gradient_descent, rate: 0.1}}\n"
WIDE = "".join(f"  - {{name: l{i}_, units: 100000, activation: tanh}}\n" for i in range(1_000))
NARROW = "".join(f"  - {{name: l{i}_, units: {1 if i % 2 else 100_000}, activation: tanh}}\n" for i in range(300))
FORMULAS = "".join(f"  f{i}: {{value: exp(-z * z) * tanh(z)}}\n" for i in range(6_000))
WRONG = "".join(f"  - {{name: l{i}_, units: 1, activation: tanh, from: [l{i}, m{i}]}}\n" for i in range(400))

OVER = {
    "bytes": ("#" * (MAX_BYTES + 1), "the file is larger than 1,000,000 bytes"),
    "values": ("a: [" + "1," * 400_000 + "]", "the file has more than 50,000 keys and values"),
    "tag": ("a: !" + "a" * 900_000, "tags are not supported"),
    "depth": ("[" * 50_000, "lists and mappings are nested more than 30 levels deep"),
    "scalar": ("a: " + "9" * 900_000, "a: the number has more than 30 digits"),
    "anchors": ("a: &a [x]\n" * 20_000, "a: anchors are not supported"),
    "parameters": (f"name: net\ninputs: [x1]\nlayers:\n{WIDE}{END}", "9,990,100,100,000 weights and biases"),
    "units": (f"name: net\ninputs: [x1]\nlayers:\n{NARROW}{END}", "15,000,151 inputs and units, but at most 300,000"),
    "formulas": (f"activations:\n{FORMULAS}", "activations: expected at most 20 entries, got 6000"),
    "unknown names": (
        f"name: net\ninputs: [x1]\nlayers:\n{WRONG}{END}",
        "no input or layer before this one is named 'l0'",
    ),
}

PROGRAM = """
import os, pathlib, resource, sys, time
from nngen.common.diagnostics import SpecError
from nngen.reading import load
for name in sys.argv[1:]:
    if os.fork():
        os.wait()
        continue
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        load(pathlib.Path(name))
    except SpecError as error:
        messages = [found.message for found in error.diagnostics]
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(repr((messages, time.process_time() - start, more / 1024)), flush=True)
    break
"""
"""Refuses each spec in a process of its own, and measures it."""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], float, float]]:
    """The messages, the seconds of a processor, and the megabytes beyond what nngen itself takes."""
    folder = tmp_path_factory.mktemp("over")
    for number, (text, _) in enumerate(OVER.values()):
        (folder / f"{number}.yaml").write_text(text)
    command = [sys.executable, "-c", PROGRAM, *(str(folder / f"{number}.yaml") for number in range(len(OVER)))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(zip(OVER, map(ast.literal_eval, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", OVER)
def test_over_a_budget_the_refusal_is_quick_and_small(
    name: str, refusals: dict[str, tuple[list[str], float, float]]
) -> None:
    """No refusal takes more than a second of a fast processor."""
    messages, seconds, megabytes = refusals[name]
    assert OVER[name][1] in str(messages)
    assert megabytes < 200.0
    assert seconds < 20.0


HEAD = "name: net\ninputs: [x1, x2]\nlayers:\n  - {name: o, units: [y], activation: linear}\n"
GROWING: dict[str, Callable[[int], str]] = {
    "rows": lambda n: HEAD + END + "data:\n  rows:\n" + "    - {x: [1, 0], y: [1]}\n" * n,
    "wrong rows": lambda n: HEAD + END + "data:\n  rows:\n" + "    - {x: [1, 0, 0], z: [a]}\n" * n,
    "names": lambda n: f"inputs: [{', '.join(f'x{i}' for i in range(8 * n))}]\n",
    "the same names": lambda n: f"inputs: [{'x1, ' * 8 * n}]\n",
    "unknown fields": lambda n: HEAD + END + "".join(f"k{i}: 1\n" for i in range(4 * n)),
    "the same key": lambda n: HEAD + END + "k: 1\n" * 4 * n,
    "unknown classes": lambda n: (
        HEAD
        + END
        + "data:\n  classes: [a, b]\n  rows:\n"
        + "".join(f"    - {{x: [1, 0], y: c{i}}}\n" for i in range(n))
    ),
    "layers of unknown sources": lambda n: (
        "layers:\n" + "".join(f"  - {{name: l{i}_, units: 1, activation: tan, from: [m{i}]}}\n" for i in range(n))
    ),
    "long texts": lambda n: f"description: |\n{'  x y' * 20}\n" + f"  {'x y' * 20}\n" * n,
    "quotes": lambda n: f'description: "{chr(92)}n{"x " * 20 * n}"\n',
    "comments": lambda n: HEAD + END + f"# {'x' * 80}\n" * n,
    "digits": lambda n: f"name: {'9' * 100 * n}\n",
}
"""Right and wrong texts with this many parts."""


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_text_takes_twice_the_steps(name: str) -> None:
    """Calls are counted, not seconds: nothing that a spec may hold takes more than its length, be it right or wrong."""
    parse(HEAD + END, "spec.yaml")  # whose first call builds the models
    once, twice = (_calls(GROWING[name](n)) for n in (60, 120))
    assert twice < 2.2 * once


def _net(layers: str, inputs: int, unroll: str) -> str:
    targets = ", ".join(f"{{name: {target}, unroll: {unroll}}}" for target in ("python", "javascript", "c"))
    return f"name: net\ninputs: {{name: x, size: {inputs}}}\nlayers:\n{layers}{END}targets: [{targets}, numpy]\n"


WRITTEN: dict[str, Callable[[int], str]] = {
    "inputs": lambda n: _net("  - {name: o, units: 1, activation: tanh}\n", 4 * n, "weights"),
    "units": lambda n: _net("  - {name: o, units: " + str(n) + ", activation: softmax}\n", 1, "weights"),
    "layers": lambda n: _net(
        "".join(f"  - {{name: l{i}_, units: 2, activation: tanh}}\n" for i in range(n // 4)), 2, "weights"
    ),
    "rows of layers": lambda n: _net(
        "".join(f"  - {{name: l{i}_, units: 2, activation: tanh}}\n" for i in range(n // 2)), 2, "layers"
    ),
    "initial values": lambda n: _net(
        f"  - {{name: o, units: 1, activation: tanh, weights: {{initial: [[{'0.125, ' * 4 * n}]]}}}}\n",
        4 * n,
        "layers",
    ),
}
"""Networks with this many parts, whose pages have lines for each."""


@pytest.mark.parametrize("name", WRITTEN)
def test_twice_the_equations_take_twice_the_steps(name: str) -> None:
    """Calls are counted: a page takes what its length is, in every target."""
    small, once, twice = (parse(WRITTEN[name](n), "spec.yaml") for n in (20, 60, 120))
    modules.texts(small, Path())  # which compiles the templates
    assert _counted(partial(modules.texts, twice, Path())) < 2.2 * _counted(partial(modules.texts, once, Path()))


def test_long_chains_are_looked_up_and_not_searched() -> None:
    """The layers that a layer feeds are looked up: comparing all pairs made a page of 1,000 twice as slow."""
    once, twice = (plan(parse(WRITTEN["rows of layers"](n), "spec.yaml")) for n in (200, 400))
    assert _counted(partial(equations, twice, Scope.EXAMPLE)) < 2.2 * _counted(partial(equations, once, Scope.EXAMPLE))


def _calls(text: str) -> int:
    """The number of function calls to read a spec and to report its mistakes."""

    def read() -> None:
        try:
            str(parse(text, "spec.yaml"))
        except SpecError as error:
            str(error)

    return _counted(read)


def _counted(work: Callable[[], object]) -> int:
    """The number of function calls."""
    profile = Profile(builtins=True)
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture
def shallow() -> Iterator[None]:
    """Calls may be nested half as deep as usual."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(usual // 2)
    yield
    sys.setrecursionlimit(usual)


@pytest.mark.usefixtures("shallow")
def test_more_layers_than_calls_may_be_nested_are_built_and_run() -> None:
    layers = "".join(f"  - {{name: l{i}_, units: 1, activation: tanh}}\n" for i in range(500))
    deep = parse(f"name: net\ninputs: [x1]\nlayers:\n{layers}{END}", "net.yaml")
    for target, text in modules.texts(deep, Path(), ("python", "numpy")).items():
        module = as_module("net", text)
        x, y = [0.5], [0.1]
        loss, gradient = module.gradient(module.init(), *(([x], [y]) if target == "numpy" else (x, y)))
        assert loss > 0.0
        assert len(module.pack(gradient)) == 1_000


def test_ten_million_weights_are_built_and_run() -> None:
    layers = "".join(f"  - {{name: l{n}_, units: {n}, activation: relu}}\n" for n in (3_000, 334))
    large = parse(f"name: net\ninputs: {{name: x, size: 3000}}\nlayers:\n{layers}{END}", "net.yaml")
    (text,) = modules.texts(large, Path(), ("numpy",)).values()
    module = as_module("net", text)
    params = module.unpack([0.0] * (3_001 * 3_000 + 3_001 * 334))
    assert module.forward(params, [[1.0] * 3_000]).tolist() == [[0.0] * 334]
    assert len(text) < 20_000


def test_a_module_over_its_budget_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "MAX_PAGE", 5_000)
    path = named("xor_mlp")
    with pytest.raises(SpecError, match=r"xor_mlp: the python module has [\d,]+ characters; the limit is 5,000"):
        modules.texts(spec(path), path.parent)
