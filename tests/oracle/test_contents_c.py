"""The parts of headers compute with the same bits as the header with all parts."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nngen.description.data import encoding
from nngen.description.model import Spec, parts
from nngen.plan import plan
from nngen.targets.modules import as_module
from nngen.targets.page_head import Trained
from nngen.targets.render import render
from tests.oracle.c import HEAD
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.support.contents_c import CONTENTS, header, networks

pytestmark = pytest.mark.oracle

OUTPUTS = """
    for (int k = 0; k < N; k++) {{
        {all}_forward(params, x + k * {ALL}_INPUTS, here{work});
        {one}_forward(params, x + k * {ALL}_INPUTS, there{work});
        differ += memcmp(here, there, sizeof({real}) * {ALL}_OUTPUTS) != 0;
    }}
"""
SLOPES = """
    for (int k = 0; k < N; k++) {{
        const {real} *xs = x + k * {ALL}_INPUTS, *ys = y + k * {ALL}_OUTPUTS;
        differ += {all}_loss(params, xs, ys{weight}{work}) != {one}_loss(params, xs, ys{weight}{work});
        const {real} loss = {all}_gradient(params, xs, ys{weight}{seed}, here{work});
        differ += loss != {one}_gradient(params, xs, ys{weight}{seed}, there{work});
        differ += memcmp(here, there, sizeof({real}) * {ALL}_PARAMETERS) != 0;
    }}
"""
LEARNS = """
    for (uint32_t size = 0; size < 6; size += 2) {{
        {real} before[9] = {{0}}, after[9] = {{0}};
        const uint32_t *drawn = size ? &seed : NULL;
        {real} *some = ({real} *)room(sizeof({real}) * ({ALL}_MEMORY + N * {ALL_EXAMPLE}));
        {real} *less = ({real} *)room(sizeof({real}) * ({ONE}_MEMORY + N * {ONE_EXAMPLE}));
        uint32_t *order = (uint32_t *)room(sizeof(uint32_t) * N * {ONE}_PLACES);
        {all}_init(here, 7);
        {one}_init(there, 7);
        differ += {all}_fit(here, x, y{weights}, N, 9, size, drawn, before, some, order) !=
            {one}_fit(there, x, y{weights}, N, 9, size, drawn, after, less, order);
        differ += memcmp(here, there, sizeof({real}) * {ALL}_PARAMETERS) + memcmp(before, after, sizeof before) != 0;
        free(some);
        free(less);
        free(order);
    }}
"""
COMPARED = """
static void compare_{one}(void) {{
    enum {{ N = 12 }};
    static const {real} x[] = {{ {x} }}, y[] = {{ {y} }}, counts[] = {{ 1, 2, 1, 3, 1, 1, 0.5, 1, 1, 2, 1, 1 }};
    static {real} params[{ALL}_PARAMETERS], here[{ALL}_PARAMETERS + {ALL}_OUTPUTS];
    static {real} there[{ALL}_PARAMETERS + {ALL}_OUTPUTS];
    {room}
    const uint32_t seed = 5;
    int differ = 0;
    {all}_init(params, 3);
    {calls}
    (void)y;
    (void)counts;
    (void)seed;
    printf("{one} %d\\n", differ);
}}
"""


def compared(name: str, end: str, dtype: str, folder: Path) -> str:
    """The C function that compares a header with the one of all parts; both are written to the folder."""
    for part in ("everything", end):
        made, text = header(name, part, dtype=dtype)
        (folder / f"{name}_{part}.h").write_text(text, encoding="utf-8")
    parts, random = CONTENTS[end], np.random.default_rng(3)
    ids, outputs = [index.count for index in made.indices], len(made.output.units)
    x = random.normal(size=(12, len(made.inputs)))
    x[:, : len(ids)] = [[(7 * k + i) % count for i, count in enumerate(ids)] for k in range(12)]
    y = np.eye(max(2, outputs))[np.arange(12) % max(2, outputs)][:, :outputs]
    real = "float" if dtype == "float32" else "double"
    own, alone = made.loss.example_weights, made.loss.example_weights and not made.loss.weighted_mean
    known = {"all": f"{name}_everything", "one": f"{name}_{end}", "x": numbers(x, real), "y": numbers(y, real)}
    known |= {"ALL": known["all"].upper(), "ONE": known["one"].upper()}
    known |= {f"{word}_EXAMPLE": f"{known[word]}_EXAMPLE" if made.needs_batch else "0" for word in ("ALL", "ONE")}
    known |= {"real": real, "weights": ", counts" if own else ""}
    known |= {"weight": ", 0.5" if alone else "", "work": ", work" if "_WORK " in text else ""}
    known |= {"room": f"static {real} work[{known['ALL']}_WORK];" if "_WORK " in text else ""}
    known |= {"seed": ", &seed" if made.has_dropout and not made.needs_batch else ""}
    calls = OUTPUTS + SLOPES * ("gradient" in parts) + LEARNS * ("training" in parts)
    return COMPARED.format(**known, calls=calls.format(**known))


def numbers(values: NDArray[np.float64], real: str) -> str:
    """Numbers that both widths have."""
    return ", ".join(
        f"{value:.0f}" if value % 1 == 0 else f"{round(value * 64)} / ({real})64" for value in values.ravel()
    )


@pytest.mark.parametrize(
    ("compiler", "language", "dtype", "ends"),
    [
        ("gcc", "c", "float64", ("learns", "stored")),
        ("clang", "c", "float32", ("outputs", "slopes", "batched")),
        ("g++", "c++", "float64", ("checked",)),
    ],
)
def test_the_parts_of_a_header_have_the_bits_of_all(
    compiler: str, language: str, dtype: str, ends: tuple[str, ...], tmp_path: Path
) -> None:
    told = [(name, end) for name in networks() for end in ends]
    text = "".join(compared(*one, dtype, tmp_path) for one in told)
    names = [f"{name}_{end}" for name, end in told] + [f"{name}_everything" for name in networks()]
    head = HEAD.format(includes="".join(f'#include "{name}.h"\n' for name in names))
    main = "".join(f"    compare_{name}_{end}();\n" for name, end in told)
    (tmp_path / "all.c").write_text(f"{head}{text}int main(void) {{\n{main}    return 0;\n}}\n", encoding="utf-8")
    options = [*STANDARD[language], *WARNINGS, *SANITIZED, "-ffp-contract=off"]
    run(compiler, *options, tmp_path / "all.c", "-lm", "-o", tmp_path / "all")
    found = run(tmp_path / "all").decode().split()
    assert found == [word for name, end in told for word in (f"{name}_{end}", "0")]


PASSENGERS = Spec.model_validate(
    {
        "name": "titanic",
        "inputs": [
            {"name": "sex", "categories": ["female", "male"]},
            {"name": "age", "missing": 28.0, "indicator": True, "scale": {"name": "divide", "by": 80.0}},
            {"name": "passengerClass", "categories": ["1st", "2nd", "3rd"]},
        ],
        "layers": [
            {"name": "hidden", "units": 64, "activation": "relu"},
            {"name": "output", "units": 1, "activation": "sigmoid"},
        ],
        "loss": "binary_cross_entropy",
        "training": {"optimizer": {"name": "adam", "rate": 0.01}},
        "data": {"classes": ["no", "yes"]},
        "targets": ["python"],
    }
)

ANSWERED = """
#include <stdio.h>
#include "titanic.h"
int main(void) {{
    static const char *const sexes[] = {{"female", " male ", "NA", "men"}};
    static const char *const classes[] = {{"1st", "2nd", "3rd", "4th"}};
    static const double ages[] = {{30, (double)NAN, (double)INFINITY}};
    for (int k = 0; k < 4 * 4 * 3; k++) {{
        titanic_row row;
        {real} shares[TITANIC_CLASSES] = {{0, 0}};
        row.sex = titanic_sex_of(sexes[k % 4]);
        row.passengerClass = titanic_passengerClass_of(classes[k / 4 % 4]);
        row.age = ages[k / 16];
        const int answer = titanic_predict(titanic_trained, &row);
        const int refused = titanic_predict_proba(titanic_trained, &row, shares);
        printf("%d %s %.9g\\n", refused, titanic_name_of_class(answer), (double)shares[1]);
    }}
    return 0;
}}
"""


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_header_that_only_predicts_answers_rows(dtype: str, tmp_path: Path) -> None:
    fields = PASSENGERS.model_dump(by_alias=True) | {"targets": ["python", {"name": "c", "dtype": dtype}]}
    spec = Spec.model_validate(fields)
    made = plan(spec, encoding(spec, tmp_path))
    trained = [round(np.sin(k) * 256) / 1024 for k in range(made.size)]
    header = render(made, spec, "c", trained=Trained(trained), contents=parts(["prediction"]))
    weights = header.count("\n    -0.") + header.count("\n    0.")
    assert 0 < header.count("\n") - weights <= (265 if dtype == "float32" else 202)  # float32 has class, too
    (tmp_path / "titanic.h").write_text(header, encoding="utf-8")
    real = "float" if dtype == "float32" else "double"
    (tmp_path / "rows.c").write_text(ANSWERED.format(real=real), encoding="utf-8")
    module = as_module("titanic", render(made, spec, "python"))
    params, expected = module.unpack(trained), []
    for age, place, sex in product(
        (30.0, None, float("inf")), ("1st", "2nd", "3rd", "4th"), ("female", " male ", "NA", "men")
    ):
        try:
            share = module.predict_proba(params, [sex, age, place])["yes"]
            expected.append(f"0 {'yes' if share > 0.5 else 'no'} {share:.9g}")
        except ValueError as error:
            column = next(i for i, name in enumerate(module.COLUMNS, 1) if f"{name}" in str(error).split(":")[0])
            expected.append(f"{column}  0")
    for compiler, language in product(("gcc", "clang"), STANDARD):
        run(compiler, *STANDARD[language], *WARNINGS, "-O1", tmp_path / "rows.c", "-lm", "-o", tmp_path / "rows")
        found = run(tmp_path / "rows").decode().splitlines()
        for one, meant in zip(found, expected, strict=True):
            assert one.split()[:-1] == meant.split()[:-1]
            assert float(one.split()[-1]) == pytest.approx(
                float(meant.split()[-1]), rel=1e-5 if real == "float" else 1e-8
            )
    run(
        "avr-gcc",
        "-std=c99",
        "-mmcu=atmega328p",
        "-Os",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-DTITANIC_FLASH=PROGMEM",
        "-x",
        "c",
        "-fsyntax-only",
        tmp_path / "titanic.h",
    )
