"""Monotone networks: which layers rise, and that trained ones do, in floats and in integers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.cautions import Caution
from nngen.description.model import Spec
from nngen.integers import run
from nngen.learning.trace.example import Request
from nngen.learning.trace.tracing import trace
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS, PAIRS
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.reading import load, parameter_files
from nngen.targets import as_module, render, texts
from nngen.targets.page_head import Trained
from tests.support.catalogues import activate, defaults, others, value
from tests.support.combinations import MONOTONE, NORMALIZED, ROWS
from tests.support.integers import network_of, trained_by

GRID = np.linspace(-8.0, 8.0, 1601)
SIGNED = [spec for spec in (*NORMALIZED, *ROWS) if spec.monotone]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_that_rise_never_fall_on_a_grid(name: str) -> None:
    entry = ACTIVATIONS[name]
    if entry.across:  # a unit falls as another one grows
        assert not entry.rises
        return
    for options in (defaults(entry), others(entry)):
        assert entry.rises == bool(np.all(np.diff(activate(name, GRID, options)) >= -1e-15))
    assert entry.convex == bool(np.all(np.diff(activate(name, GRID), 2) >= -1e-12))


@pytest.mark.parametrize("kind", PAIRS)
def test_kinds_that_rise_never_fall_on_a_grid(kind: str) -> None:
    u, v = np.meshgrid(GRID[::40] + 0.01, GRID[::40] + 0.01)
    found = value(KINDS[kind].value, {"u": u, "v": v})
    assert KINDS[kind].rises == bool(np.all(np.diff(found, axis=0) >= 0.0) and np.all(np.diff(found, axis=1) >= 0.0))


def test_signs_are_those_of_the_weights_on_the_way() -> None:
    comments = {spec.name: [signs.comment for signs in plan(spec).monotone.signs] for spec in SIGNED}
    first = "stays >= 0 from x1 and <= 0 from x3"
    on_top = ["W_g_h stays >= 0", f"W_g_x {first}", "W_o stays >= 0"]
    assert comments["signs"] == [f"W_h {first}", *on_top]
    assert comments["gains"] == [f"W_h {first}", "gain_h stays >= 0", *on_top]
    assert comments["signed"] == ["W_h stays >= 0 from x1", "W_score_h stays >= 0"]  # p and q do not depend on x1
    says = plan(SIGNED[0]).monotone.says
    assert says.startswith("o1 never falls as x1 grows and never rises as x3 grows, because all weights on the way")


def falls(spec: Spec, network: Any, params: Any) -> Mapping[str, float]:
    """For each monotone input, how far the output goes in the wrong direction between two points of a grid."""
    found = {}
    random = np.random.default_rng(5)
    for name, direction in spec.monotone.items():
        x = np.repeat(random.uniform(-3.0, 3.0, (40, 1, len(spec.input_names))), 61, axis=1)
        x[:, :, : len(spec.indices)] = random.integers(0, 4, (40, 1, len(spec.indices)))
        x[:, :, spec.input_names.index(name)] = np.linspace(-6.0, 6.0, 61)
        answers = np.asarray(network.forward(params, x.reshape(-1, x.shape[2]))).reshape(40, 61)
        steps = np.diff(answers, axis=1) * (1.0 if direction == "increasing" else -1.0)
        found[name] = -float(np.min(steps))
    return found


def waves(spec: Spec, count: int = 60) -> tuple[Any, Any]:
    """Examples whose targets rise and fall with every input."""
    random = np.random.default_rng(6)
    x = random.uniform(-3.0, 3.0, (count, len(spec.input_names)))
    x[:, : len(spec.indices)] = random.integers(0, 4, (count, len(spec.indices)))
    low = -1.0 if spec.loss.name == "hinge" else 0.0
    return x, np.where(np.sin(2.0 * x[:, len(spec.indices) :].sum(axis=1, keepdims=True)) > 0.0, 1.0, low)


@pytest.mark.parametrize("spec", SIGNED, ids=lambda spec: spec.name)
def test_a_trained_network_is_monotone_on_a_grid(spec: Spec) -> None:
    """Also one that begins with any parameters; without `monotone`, the same training falls somewhere."""
    free = spec.model_copy(update={"inputs": tuple(getattr(one, "name", one) for one in spec.inputs)})
    free = free.model_copy(update={"inputs": (*spec.indices, *free.input_names[len(spec.indices) :])})
    x, y = waves(spec)
    reached = []
    for tried in (spec, free):
        module = as_module("net", render(plan(tried), tried, "numpy"))
        begun = np.array(module.pack(module.init()))
        flat = np.random.default_rng(7).normal(size=len(begun))
        for block in (block for block in plan(spec).blocks if not block.trainable):
            flat[block.start : block.stop] = begun[block.start : block.stop]
        params, _ = module.fit(module.unpack(flat.tolist()), x, y, epochs=4, batch_size=4)
        reached.append(max(falls(spec, module, params).values()))
    assert reached[0] <= 1e-12
    assert reached[1] > 1e-3
    reference = Network(spec)
    assert max(falls(spec, reference, reference.init()).values()) <= 1e-12


@pytest.mark.parametrize("scale", ["standardize", "interval", "{name: divide, by: 50}"])
def test_scaled_columns_keep_their_direction_also_in_integers(tmp_path: Path, scale: str) -> None:
    random = np.random.default_rng(8)
    rows = random.integers(0, 100, (150, 3))
    answers = 500.0 + rows @ [3, 0, -2] + 60.0 * np.sin(rows[:, 0] / 5.0) + rows[:, 1] * np.cos(rows[:, 2] / 9.0)
    lines = [",".join(map(str, [*row, round(answer)])) for row, answer in zip(rows.tolist(), answers, strict=True)]
    (tmp_path / "rows.csv").write_text("\n".join(["x1,x2,x3,y", *lines, ""]))
    path = tmp_path / "net.yaml"
    path.write_text(
        f"name: net\ninputs: {json.dumps(MONOTONE)}\n"
        "layers:\n  - {name: h, units: 6, activation: tanh}\n  - {name: o, units: 1, activation: linear}\n"
        "loss: squared_error\ntraining: {optimizer: {name: adam, rate: 0.05}, batch_size: 8}\n"
        f"data: {{file: rows.csv, target: y, scale: {scale}, scale_targets: standardize}}\n"
    )
    spec = load(path)
    flat = trained_by(spec, tmp_path, 10)
    integers = network_of(spec, path, flat)
    module = as_module("net", texts(spec, tmp_path, ["numpy"])["numpy"])
    grid = np.repeat(rows[:30, np.newaxis], 100, axis=1)
    for place, sign in ((0, 1), (2, -1)):
        line = grid.copy()
        line[:, :, place] = np.arange(100)
        whole = line.reshape(-1, 3)
        for found in (run(integers, whole).answers, module.predict(module.unpack(flat), whole)):
            steps = sign * np.diff(np.asarray(found).reshape(30, 100), axis=1)
            assert np.all(steps >= -1e-9)
            assert np.any(steps > 0)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
@pytest.mark.parametrize("matrices", [False, True])
def test_a_worksheet_has_the_weights_after_the_step(tmp_path: Path, optimizer: str, *, matrices: bool) -> None:
    """Also those that become 0, beside embeddings: a step of its network has the rows that the example selects."""
    path = tmp_path / "net.yaml"
    path.write_text(
        "name: net\ninputs: [{name: user, ids: [ann, bob]}, {name: x1, monotone: increasing}, x2]\nlayers:\n"
        "  - {name: p, kind: embedding, units: 2, from: user}\n  - {name: h, units: 2, activation: tanh, from: x}\n"
        "  - {name: o, units: [y], activation: linear, from: [p, h]}\n"
        f"loss: squared_error\ntraining: {{optimizer: {{name: {optimizer}, rate: 1.0}}}}\n"
    )
    sheet = trace(path, Request(x="bob,2,1", y="-1", matrices=matrices))
    module = as_module("net", texts(load(path), tmp_path, ["python"])["python"])
    params = module.init()
    state = module.init_state(params)
    moved, _ = module.step(params, module.gradient(params, [1.0, 2.0, 1.0], [-1.0])[1], state)
    wanted = [moved[1][0][0], moved[1][1][0], *moved[4][0]]
    assert 0.0 in wanted
    shown: dict[str, Any] = {}
    for section in sheet.steps[0].sections:
        shown |= {line.symbol.name: line.value for line in section.lines}
    if matrices:
        found = [*(row[0] for row in shown["W_h"].rows), *shown["W_o_h"].rows[0]]
    else:
        found = [shown[name] for name in ("w_h1_x1", "w_h2_x1", "w_y_h1", "w_y_h2")]
    assert found == wanted


def test_parameters_of_the_wrong_sign_are_told(tmp_path: Path) -> None:
    """They are taken as they are: a step corrects them, and the module that has them says nothing of monotone."""
    spec = SIGNED[0]
    planned = plan(spec)
    flat = Network(spec).pack(Network(spec).init())
    assert planned.monotone.wrong(flat) == 0
    file, says = tmp_path / "p.json", "Monotone: o1 never falls"
    for wrong in ([-flat[0], *flat[1:]], [-w for w in flat]):
        file.write_text(json.dumps({"layout": " ".join(planned.layout), "parameters": wrong}))
        with pytest.warns(Caution, match=f"p.json: {planned.monotone.wrong(wrong)} weights? of the wrong sign"):
            stored = parameter_files.stored(file, planned)
        assert says not in render(planned, spec, "numpy", trained=Trained(list(stored.values)))
    assert says in render(planned, spec, "numpy")
