"""Numbers at the ends of what floats hold, by the pages in JavaScript and C."""

import math
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from nngen.plan.planner import plan
from tests.oracle.c import HEAD, Told, numbers, told
from tests.oracle.compiling import STANDARD, WARNINGS
from tests.oracle.compiling import run as run_program
from tests.oracle.node import Job, javascript, run
from tests.oracle.training import UNROLLS
from tests.support.extremes import EXTREMES, LOGITS, SOFTMAX_LOSSES, Extreme, equal_logits

pytestmark = pytest.mark.oracle

EQUAL = [equal_logits(loss, logit) for loss, logit in product(SOFTMAX_LOSSES, LOGITS)]


@UNROLLS
def test_the_loss_of_equal_logits_in_javascript(unroll: str, tmp_path: Path) -> None:
    body = "return m.loss(m.unpack(given[0]), given[1], given[2]);"
    jobs = [
        Job(javascript(case.network.spec, unroll), body, [case.start, case.x[0].tolist(), case.y[0].tolist()])
        for case in EQUAL
    ]
    found = [one["gives"] for one in run(jobs, tmp_path)]
    assert found == pytest.approx([math.log(3.0)] * len(EQUAL), rel=1e-15, abs=0.0)


@UNROLLS
def test_the_loss_of_equal_logits_in_c(unroll: str, tmp_path: Path) -> None:
    stories = [
        Told(f"net{number}", case.network, case.x, case.y, case.start, [(1, 1, None)], [3], [], unroll, steps=1)
        for number, case in enumerate(EQUAL)
    ]
    told(stories, tmp_path, "gcc", "-O0")


def cases(unroll: str) -> dict[str, Extreme]:
    """The cases by the forms in turn, since all call the same functions; those of batches have one form."""
    return {
        name: case
        for place, (name, case) in enumerate(EXTREMES.items())
        if (unroll == "layers") == (place % 2 == 1 or plan(case.network.spec).needs_batch)
    }


GIVES = """
const params = m.unpack(given[0]);
const text = (values) => values.map(String);
return given[1].map((x, k) => {
  const [loss, gradient] = m.gradient(params, x, given[2][k]);
  const [moved] = m.step(params, gradient, m.init_state(params));
  return [m.forward(params, x), [loss], m.pack(gradient), m.pack(moved)].map(text);
});
"""


def wrong(case: Extreme, rows: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """The errors of the outputs, the loss, the gradient and the parameters after a step, for each example."""
    columns = [np.array([[float(value) for value in part] for part in parts]) for parts in zip(*rows, strict=True)]
    columns[1] = columns[1][:, 0]
    return case.wrong(dict(zip(("forward", "loss", "gradient", "step"), columns, strict=True)))


@UNROLLS
def test_extreme_numbers_in_javascript(unroll: str, tmp_path: Path) -> None:
    told = cases(unroll)
    jobs = [
        Job(javascript(case.network.spec, unroll), GIVES, [case.start, case.x.tolist(), case.y.tolist()])
        for case in told.values()
    ]
    found = zip(told.items(), run(jobs, tmp_path), strict=True)
    assert {name: said for (name, case), one in found if (said := wrong(case, one["gives"]))} == {}


TELL = """
static void tell_{name}(void) {{
    static const double start[] = {{ {start} }}, x[] = {{ {x} }}, y[] = {{ {y} }};
    double params[{NAME}_PARAMETERS], gradient[{NAME}_PARAMETERS], outputs[{NAME}_OUTPUTS];
    for (int k = 0; k < {count}; k++) {{
        for (int i = 0; i < {NAME}_PARAMETERS; i++) params[i] = start[i];
        {name}_forward(params, x + k * {NAME}_INPUTS, outputs);
        put_float64(outputs, {NAME}_OUTPUTS);
        const double loss = {name}_gradient(params, x + k * {NAME}_INPUTS, y + k * {NAME}_OUTPUTS, gradient);
        put_float64(&loss, 1);
        put_float64(gradient, {NAME}_PARAMETERS);
#ifdef {NAME}_STATE
        double state[{NAME}_STATE];
        {name}_init_state(state);
        {name}_step(params, gradient, state);
#else
        {name}_step(params, gradient);
#endif
        put_float64(params, {NAME}_PARAMETERS);
    }}
}}
"""


@UNROLLS
def test_extreme_numbers_in_c(unroll: str, tmp_path: Path) -> None:
    text, main, told = "", "", list(cases(unroll).items())
    for number, (_, case) in enumerate(told):
        one = Told(f"net{number}", case.network, case.x, case.y, case.start, [], [], [], unroll)
        (tmp_path / f"net{number}.h").write_text(one.header, encoding="utf-8")
        known = {"start": numbers(case.start, ""), "x": numbers(case.x.ravel(), ""), "y": numbers(case.y.ravel(), "")}
        text += TELL.format(name=one.name, NAME=one.name.upper(), count=len(case.x), **known)
        main += f"    tell_{one.name}();\n"
    includes = "".join(f'#include "net{number}.h"\n' for number in range(len(told)))
    source = tmp_path / "extremes.c"
    source.write_text(HEAD.format(includes=includes) + text + f"int main(void) {{\n{main}    return 0;\n}}\n")
    run_program("gcc", *STANDARD["c"], *WARNINGS, "-O1", source, "-lm", "-o", tmp_path / "extremes")
    found, said = iter(np.frombuffer(run_program(tmp_path / "extremes"))), {}
    for name, case in told:
        sizes = (3, 1, len(case.start), len(case.start))
        rows = [[[str(next(found)) for _ in range(size)] for size in sizes] for _ in case.x]
        if problems := wrong(case, rows):
            said[name] = problems
    assert said == {}
    assert next(found, None) is None
