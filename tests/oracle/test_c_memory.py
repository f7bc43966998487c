"""The stack of C headers, and the memory that replaces it in wide networks."""

import re
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cortex
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.proof.selftest import selftest
from nngen.targets.render import render
from tests.oracle.bindings import write
from tests.oracle.c import Told, program, told
from tests.oracle.c_selftests import selftests
from tests.oracle.c_stories import stories, story
from tests.oracle.compiling import SANITIZED, STANDARD, run
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks count as wide ones, also those whose header is kept for other tests."""
    monkeypatch.setattr(import_module("nngen.targets.c_workspace"), "MAX_STACK", 3)
    monkeypatch.setattr(Told, "header", property(vars(Told)["header"].func))


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(("kind", "dtype"), [("specs", "float32"), ("sample", "float64")])
def test_networks_that_take_memory_are_those_of_the_reference(kind: str, dtype: str, tmp_path: Path) -> None:
    assert any("_WORK " in told.header for told in stories(kind, dtype))
    told(stories(kind, dtype), tmp_path, "clang", *SANITIZED)


ORTHOGONAL = "initial values, cut or orthogonal, "


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_orthogonal_matrices_of_32_bits_are_drawn_in_memory(unroll: str, tmp_path: Path) -> None:
    one = story(ORTHOGONAL + unroll, "float32")
    assert "double *matrix" in one.header
    told([one], tmp_path, "gcc", *SANITIZED)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("name", ["digits", "digits_batch_norm", f"{ORTHOGONAL}layers"])
def test_selftests_take_memory(name: str, tmp_path: Path) -> None:
    spec = story(name, "float32").spec
    page = render(plan(spec), spec, "c", selftest(plan(spec), spec, "c"))
    assert selftests(tmp_path, {spec.name: page}, "float", "clang", *SANITIZED) == [0]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("name", ["digits", f"{ORTHOGONAL}layers"])
def test_a_network_that_takes_memory_is_measured(name: str) -> None:
    spec = story(name).spec
    forward, train = cortex.measured(plan(spec), spec)
    assert 0 < forward.ram < train.ram


def depths(graph: str) -> dict[str, int]:
    """The bytes of the stack that each function and all that it calls need, by the compiler's graph of calls."""
    labels = re.findall(r'^node: \{ title: "([^"]+)" label: "([^"]*)"', graph, re.M)
    found = {node: re.search(r"(\d+) bytes", label) for node, label in labels}
    sizes = {node: int(size[1]) if size else 0 for node, size in found.items()}
    calls: dict[str, set[str]] = {node: set() for node in sizes}
    for caller, called in re.findall(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', graph):
        calls[caller].add(called)

    @cache
    def depth(node: str) -> int:
        return sizes[node] + 8 + max((depth(other) for other in calls[node]), default=0)  # 8 for the way back

    return {node: depth(node) for node in sizes}


def stated(header: str) -> int:
    """The bytes of the stack that a header states."""
    tiles = r"(?: \+ \(\w+_TILE < 4 \? 0 : (\d+)\))?"
    (said,) = re.findall(rf"_STACK \((\d+) \* sizeof\((double|float)\) \+ (\d+){tiles}\)", header)
    return int(said[0]) * (8 if said[1] == "double" else 4) + int(said[2]) + int(said[3] or 0)


def needs(told: Sequence[Told], folder: Path) -> dict[str, tuple[int, int]]:
    """The stack that each network needs, and the one that its header states."""
    source = program(told, folder, "stories")
    run("gcc", *STANDARD["c"], "-O0", "-fcallgraph-info=su", "-c", source, "-o", folder / "stories.o")
    deep = depths((folder / "stories.ci").read_text("utf-8"))
    deepest = {one.name: max(deep[node] for node in deep if f":{one.name}_" in node) for one in told}
    return {one.name: (deepest[one.name], stated(one.header)) for one in told}


@pytest.mark.parametrize(("kind", "dtype"), [("specs", "float64"), ("specs", "float32"), ("networks", "float64")])
def test_a_header_states_the_stack_that_it_needs(kind: str, dtype: str, tmp_path: Path) -> None:
    told = stories(kind, dtype)
    found = needs(told if kind == "specs" else told[::3], tmp_path)
    assert {name: pair for name, pair in found.items() if not pair[1] / 5 < pair[0] <= pair[1]} == {}


@pytest.mark.usefixtures("narrow")
def test_a_header_that_takes_memory_needs_little_stack(tmp_path: Path) -> None:
    wide = [one for one in stories("sample") if "_WORK " in one.header]
    assert len(wide) > 10
    half = 16 * 1024 // 2  # of the smallest stack of a thread by POSIX
    assert {name: pair for name, pair in needs(wide, tmp_path).items() if not pair[0] <= pair[1] <= half} == {}


def test_small_networks_take_no_memory_and_wide_ones_do() -> None:
    """Four arrays have a number for each hidden unit: z, a, da and dz."""
    for units, takes in ((249, False), (250, True)):
        made = network([layer("h", units, "tanh"), layer("o", 1, "linear")], "squared_error", targets=["c"]).spec
        assert ("WORK" in render(plan(made), made, "c")) == takes


WIDE = """
import threading
import wide_c as net
x, y = [0.5, -0.25, 1.0], [0.25]
found = []
def work():
    params = net.init()
    found.extend(net.forward(params, x))
    loss, gradient = net.gradient(params, x, y)
    found.extend([loss, net.loss(params, x, y), sum(map(abs, gradient))])
    found.append(net.train_step(params, x, y, net.init_state(params))[0] if hasattr(net, "train_step") else 0.0)
    found.append(net.fit(net.init(), [x, x, x, x], [y, y, y, y], 1, 2)[1][0])
threading.stack_size(128 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(*map(repr, found))
"""


@pytest.mark.parametrize("norm", ["layer_norm", "batch_norm"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_wide_layer_overflows_no_stack(norm: str, dtype: str, tmp_path: Path) -> None:
    """Each of its arrays is larger than the stack of the thread."""
    training = {
        "optimizer": {"name": "gradient_descent", "rate": 1e-9},
        "stop": {"name": "patience", "epochs": 3, "validation": 0.25},
    }
    initial = {"initial": "orthogonal"}
    layers = [layer("h", 40_000, "tanh", normalization=norm, weights=initial), layer("o", 1, "linear")]
    target = {"name": "c", "binding": True, "dtype": dtype}
    given = network(layers, "squared_error", training=training).spec.model_dump(by_alias=True)
    made = Network(Spec.model_validate(given | {"name": "wide", "targets": [target]}))
    write(made.spec, tmp_path)
    (tmp_path / "program.py").write_text(WIDE, encoding="utf-8")
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr.decode())
    x, y = np.array([[0.5, -0.25, 1.0]]), np.array([[0.25]])
    params = made.init()
    loss, gradient = made.gradient(params, x, y)
    expected = [*made.forward(params, x)[0], loss, loss, np.abs(made.pack(gradient)).sum()]
    found = [float(word) for word in done.stdout.split()]
    np.testing.assert_allclose(found[:4], expected, rtol=1e-9 if dtype == "float64" else 1e-3)
    assert all(map(np.isfinite, found))
