"""The arguments that headers of the target c refuse, and their defaults for missing ones."""

import re
from pathlib import Path

import pytest

from nngen.plan.planner import plan
from nngen.targets.render import render
from tests.oracle.c import Told, numbers
from tests.oracle.c_stories import stories
from tests.oracle.compiling import STANDARD, WARNINGS, run
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

WEIGHTS = """
static int weights_of_{name}(void) {{
    enum {{ N = {count}, P = {NAME}_PARAMETERS }};
    static const double x[] = {{ {x} }}, y[] = {{ {y} }}, wrong[] = {{ -1, NAN, 1e18, -1e-300 }};
    static double params[P], others[P], gradient[P], memory[{NAME}_MEMORY + N * {example}], counts[N], history[2];
    static uint32_t order[{NAME}_PLACES * N];
    int right = 1;
    for (int i = 0; i < N; i++) counts[i] = 1;
    {name}_init(params, 1);
    {name}_init(others, 1);
    right &= {name}_fit(params, x, y, NULL, N, 2, 4, NULL, history, memory, order) == 2;
    right &= {name}_fit(others, x, y, counts, N, 2, 4, NULL, history, memory, order) == 2;
    right &= memcmp(params, others, sizeof params) == 0;
    for (int k = 0; k < 4; k++) {{
        const double weight = wrong[k];
        double loss = NAN;
        counts[N - 1] = weight;
        right &= {name}_fit(params, x, y, counts, N, 2, 4, NULL, history, memory, order) == 0;
        right &= memcmp(params, others, sizeof params) == 0;
        for (int i = 0; i < P; i++) gradient[i] = 1;
        {wrong}
        right &= loss != loss;
        for (int i = 0; {zero} && i < P; i++) right &= gradient[i] == 0;
        (void)weight;
    }}
    counts[N - 1] = 0;
    right &= {name}_fit(params, x, y, counts, N, 2, N, NULL, history, memory, order) == 2;
    {more}
    return right;
}}
"""
ALONE = "loss = {name}_gradient(params, x, y, weight{seed}, gradient);"
TOGETHER = "loss = {name}_batch_gradient(params, x, y, counts{seeds}, N, NULL, gradient, memory);"
THE_SAME = """
    const double without = {name}_batch_gradient(params, x, y, NULL{seeds}, N, NULL, gradient, memory);
    for (int i = 0; i < N; i++) counts[i] = 1;
    right &= without == {name}_batch_gradient(params, x, y, counts{seeds}, N, NULL, others, memory);
    right &= memcmp(gradient, others, sizeof gradient) == 0;
"""


def test_weights_of_examples_are_refused_where_they_are_none_and_count_1_where_they_are_not_given(
    tmp_path: Path,
) -> None:
    told = [one for one in stories("networks") if one.own]
    assert {(one.alone, plan(one.spec).needs_batch) for one in told} >= {(True, False), (True, True), (False, True)}
    text = "#include <stdio.h>\n#include <string.h>\n"
    for one in told:
        (tmp_path / f"{one.name}.h").write_text(one.header, encoding="utf-8")
        text += f'#include "{one.name}.h"\n'
    for one in told:
        text += checks(one)
    calls = "".join(f'    printf("%d ", weights_of_{one.name}());\n' for one in told)
    source = tmp_path / "weights.c"
    source.write_text(f"{text}\nint main(void) {{\n{calls}    return 0;\n}}\n", encoding="utf-8")
    run("gcc", *STANDARD["c"], *WARNINGS, source, "-lm", "-o", tmp_path / "weights")
    assert dict(zip((one.name for one in told), run(tmp_path / "weights").split(), strict=True)) == {
        one.name: b"1" for one in told
    }


def checks(told: Told) -> str:
    """The checks of a network, in C."""
    made, name = plan(told.spec), told.name.upper()
    known = {
        "name": told.name,
        "NAME": name,
        "count": len(told.x),
        "example": f"{name}_EXAMPLE" if made.needs_batch else "0",
    }
    known |= {"seed": ", NULL" if made.has_dropout else "", "seeds": ", NULL" if made.has_dropout else ""}
    wrong = TOGETHER if made.needs_batch else ALONE if told.alone else ""
    return WEIGHTS.format(
        **known,
        x=numbers(told.x.ravel(), ""),
        y=numbers(told.y.ravel(), ""),
        wrong=wrong.format(**known),
        zero=int(bool(wrong)),
        more=THE_SAME.format(**known) if made.needs_batch else "",
    )


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("drops", [False, True])
@pytest.mark.parametrize("coupled", [False, True])
def test_no_more_room_is_asked_for_than_there_are_numbers(kept: bool, drops: bool, coupled: bool) -> None:
    """The order of the examples, a key or a seed of dropout for each, and what validation keeps."""
    stop = {"stop": {"name": "patience", "epochs": 3, "validation": 0.25}} if kept else {}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 4, **stop}
    norm = {"normalization": "batch_norm"} if coupled else {}
    dropped = {"dropout": 0.5} if drops else {}
    layers = [layer("h", 4, "tanh", **norm, **dropped), layer("o", 2, "linear")]
    changed = network(layers, "squared_error", training=training, targets=["c"]).spec
    (places,) = re.findall(r"^#define NET_PLACES (\d+)", render(plan(changed), changed, "c"), re.M)
    assert int(places) == 2 + kept


SUMS = """
#include "net.h"
#include <stdio.h>
int main(void) {{
    static const {real} y[][3] = {{ {{0.5, 0.25, 0}}, {{0.5, 0.5, 2e-5}}, {{0.5, 0.5 - 2e-5, 0}}, {{0.5, 0.5, 9e-6}} }};
    for (int k = 0; k < 4; k++) printf("%d", net_takes(y[k]));
    return 0;
}}
"""


@pytest.mark.parametrize(("dtype", "real"), [("float64", "double"), ("float32", "float")])
def test_targets_that_do_not_sum_to_1_are_refused(dtype: str, real: str, tmp_path: Path) -> None:
    target = {"name": "c", "dtype": dtype}
    made = network([layer("o", 3, "softmax")], "cross_entropy", targets=[target]).spec
    (tmp_path / "net.h").write_text(render(plan(made), made, "c"), encoding="utf-8")
    (tmp_path / "sums.c").write_text(SUMS.format(real=real), encoding="utf-8")
    run("gcc", "-std=c99", tmp_path / "sums.c", "-lm", "-o", tmp_path / "sums")
    assert run(tmp_path / "sums") == b"0001"
