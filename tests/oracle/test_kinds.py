"""Networks with ids in JavaScript and C, against the reference."""

import subprocess
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from nngen.description.data import encoding
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.proof.selftest import module_numbers
from nngen.targets import render
from nngen.targets.modules import texts
from tests.oracle import node
from tests.oracle.bindings import imported, write
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS
from tests.support.kinds import FACTORIZATION, NETWORKS, Array, examples, network, steps
from tests.support.modules import named
from tests.support.modules import spec as loaded

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

SCRIPT = """
const [x, y] = [given.x, given.y.map((row) => row.map((value) => value ?? NaN))];
const start = m.init(3);
const begin = m.pack(start);
const outputs = x.flatMap((row) => m.forward(start, row));
const [loss, gradient] = m.gradient(start, x[0], y[0]);
let [params, state] = [start, m.init_state(start)];
for (let k = 0; k < 4; k++) {
  [params, state] = m.step(params, m.gradient(params, x[k], y[k])[1], state);
}
const [trained, history] = m.fit(start, x, y, { epochs: 3, batch_size: 5 });
m.check_gradient();
return [begin, outputs, [loss], m.pack(gradient), m.pack(params), m.pack(trained), history, m.pack(start)];
"""

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mf.h"
#ifdef MF_STATE
#define STATE , state
#else
#define MF_STATE 1
#define STATE
#define mf_init_state(state) (void)state
#endif
static double *room(size_t n) {{
    double *found = (double *)malloc(n * sizeof(double));
    if (!found) abort();
    return (double *)memset(found, 0xFF, n * sizeof(double));
}}
static void put(const double *values, size_t count) {{
    for (size_t i = 0; i < count; i++) printf("%.17g ", values[i]);
    printf("\\n");
}}
int main(void) {{
    static const double x[] = {{ {x} }}, y[] = {{ {y} }};
    double *params = room(MF_PARAMETERS), *gradient = room(MF_PARAMETERS), *state = room(MF_STATE);
    double *memory = room(MF_MEMORY), *outputs = room({count} * MF_OUTPUTS), history[3], loss;
    uint32_t order[MF_PLACES * {count}];
    const uint32_t seed = 0;
    mf_init(params, 3u);
    put(params, MF_PARAMETERS);
    for (int k = 0; k < {count}; k++) mf_forward(params, x + k * MF_INPUTS, outputs + k * MF_OUTPUTS);
    put(outputs, {count} * MF_OUTPUTS);
    loss = mf_gradient(params, x, y{weight}{drawn}, gradient);
    put(&loss, 1);
    put(gradient, MF_PARAMETERS);
    mf_init_state(state);
    for (int k = 0; k < 4; k++) {{
        mf_gradient(params, x + k * MF_INPUTS, y + k * MF_OUTPUTS{weight}{drawn}, gradient);
        mf_step(params, gradient STATE);
    }}
    put(params, MF_PARAMETERS);
    mf_init(params, 3u);
    if (mf_fit(params, x, y{weights}, {count}, 3, 5, &seed, history, memory, order) != 3) return 1;
    put(params, MF_PARAMETERS);
    put(history, 3);
    mf_init(params, 3u);
    put(params, MF_PARAMETERS);
    free(params), free(gradient), free(state), free(memory), free(outputs);
    return 0;
}}
"""


def expected(spec: Spec) -> list[list[float]]:
    """The numbers that ``SCRIPT`` and ``PROGRAM`` give, from the reference."""
    reference, (x, y) = Network(spec), examples(spec)
    begin = reference.init(3)
    loss, gradient = reference.gradient(begin, x[:1], y[:1])
    trained, history = reference.fit(begin, x, y, 3, 5)
    start = reference.pack(begin)
    outputs = reference.forward(begin, x).ravel().tolist()
    after = steps(reference, x, y, 4)
    return [start, outputs, [loss], reference.pack(gradient), after, reference.pack(trained), history, start]


def same(found: list[Any], spec: Spec) -> None:
    for numbers, meant in zip(found, expected(spec), strict=True):
        assert numbers == pytest.approx(meant, rel=1e-11, abs=1e-12)


def test_javascript(tmp_path: Path) -> None:
    jobs = []
    for spec in NETWORKS.values():
        x, y = examples(spec)
        targets = [[None if value != value else value for value in row] for row in y.tolist()]
        jobs.append(node.Job(node.javascript(spec), SCRIPT, {"x": x.tolist(), "y": targets}))
    for result, spec in zip(node.run(jobs, tmp_path), NETWORKS.values(), strict=True):
        same(result["gives"], spec)


def test_raw_ids_in_javascript(tmp_path: Path) -> None:
    inputs = [{"name": "user", "ids": 5, "unknown": "row"}, {"name": "item", "ids": ["a", "b", "3"]}]
    scale = {"scale_targets": {"name": "interval", "low": [0.0], "high": [5.0]}}
    spec = network(FACTORIZATION, inputs=inputs, data=scale)
    page = render(plan(spec, encoding(spec, Path())), spec, "javascript")
    rows = [[3, "b"], ["3", "b"], [0, 3], [5, "a"], ["new", "a"], [0, "x"], [0, ""], [None, "a"]]
    body = "return given.map((row) => { try { return m.encode(row); } catch (error) { return error.message; } });"
    [result] = node.run([node.Job(page, body, rows)], tmp_path)
    assert result["gives"] == [
        *([3, 1], [3, 1], [0, 2], [5, 0]),
        "user: expected a number up to 1e+100, got new (string)",
        "item: expected one of a, b, 3, got x (string)",
        *(f"{column}: expected a value, but the value is missing" for column in ("item", "user")),
    ]


@pytest.mark.parametrize(("name", "language"), list(zip(NETWORKS, cycle(["c", "c++"]))))
def test_c(name: str, language: str, tmp_path: Path) -> None:
    """The networks as C and as C++ in turn."""
    spec, (x, y) = NETWORKS[name], examples(NETWORKS[name])
    (tmp_path / "mf.h").write_text(render(plan(spec), spec, "c"), "utf-8")
    own = spec.loss.example_weights
    program = PROGRAM.format(
        x=_numbers(x),
        y=_numbers(y),
        count=len(x),
        weight=", 1" if own and spec.loss.batch != "weighted_mean" else "",
        weights=", NULL" if own else "",
        drawn=", NULL" if any(layer.dropout for layer in spec.layers) else "",
    )
    (tmp_path / "mf.c").write_text(program, "utf-8")
    flags = [*STANDARD[language], *WARNINGS, *SANITIZED]
    subprocess.run(["gcc", *flags, "mf.c", "-o", "mf", "-lm"], cwd=tmp_path, check=True)
    done = subprocess.run([tmp_path / "mf"], capture_output=True, text=True, check=True)
    same([[float(number) for number in line.split()] for line in done.stdout.splitlines()], spec)


def _numbers(values: Array) -> str:
    return ", ".join("NAN" if value != value else repr(value) for value in values.ravel().tolist())


def test_the_binding(tmp_path: Path) -> None:
    spec, (x, y) = network(FACTORIZATION), examples(network(FACTORIZATION))
    module, reference = imported(write(spec, tmp_path)), Network(network(FACTORIZATION))
    trained, history = module.fit(module.init(3), x.tolist(), y.tolist(), epochs=3, batch_size=5)
    meant, losses = reference.fit(reference.init(3), x, y, 3, 5)
    assert module.pack(trained) == pytest.approx(reference.pack(meant), rel=1e-12)
    assert history == pytest.approx(losses, rel=1e-12)
    message = r"expected user to be a whole number from 0 to 4 and item .* from 0 to 2, got \[5, 0\]"
    with pytest.raises(ValueError, match=message):
        module.forward(trained, [5, 0])
    with pytest.raises(ValueError, match=message):
        module.fit(trained, [[5, 0]], [[1.0]])


def test_the_committed_network_tests_itself(tmp_path: Path) -> None:
    path = named("ratings_mf")
    made = texts(loaded(path), path.parent, ["javascript", "c"], selftest=module_numbers)
    [result] = node.run([node.Job(made["javascript"], "return m.selftest() + m.check_gradient();")], tmp_path)
    assert result["gives"] < 1e-6
    (tmp_path / "ratings_mf.h").write_text(made["c"], "utf-8")
    main = "int main(void) { static double memory[RATINGS_MF_SELFTEST]; return ratings_mf_selftest(1e-9, memory); }"
    (tmp_path / "main.c").write_text(f'#include "ratings_mf.h"\n{main}\n', "utf-8")
    subprocess.run(
        ["gcc", *STANDARD["c"], *WARNINGS, *SANITIZED, "main.c", "-o", "main", "-lm"], cwd=tmp_path, check=True
    )
    subprocess.run([tmp_path / "main"], check=True)
