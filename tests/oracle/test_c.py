"""The target c: every page, compiled by two compilers, against the reference."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import cortex
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.modules import texts
from tests.oracle.c import Told, compare, program, told
from tests.oracle.c_stories import stories
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.oracle.javascript_cases import COUNTS, SEEDS, data, fits
from tests.support.cases import start
from tests.support.contents_c import feature_sets
from tests.support.modules import ROOT, built, named, spec
from tests.support.network import layer, network

pytestmark = pytest.mark.oracle

COMPILERS = ("gcc", "clang")


@pytest.mark.parametrize("kind", ["specs", "networks"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_page_is_that_of_the_reference(kind: str, compiler: str, tmp_path: Path) -> None:
    """The specs by each compiler; networks by the compilers in turn, every second one: the others have 32 bits."""
    turn = COMPILERS.index(compiler)
    some = stories(kind) if kind == "specs" else stories(kind)[2 * turn :: 2 * len(COMPILERS)]
    told(some, tmp_path, compiler, "-O0")


@pytest.mark.parametrize("compiler", COMPILERS)
def test_optimized(compiler: str, tmp_path: Path) -> None:
    """The compilers in turn: specs with trained parameters are optimized too, and there are the same bits by each."""
    told(stories("sample")[COMPILERS.index(compiler) :: len(COMPILERS)], tmp_path, compiler, "-O3")


@pytest.mark.parametrize("kind", ["specs", "sample"])
def test_no_byte_is_touched_that_is_not_its_own(kind: str, tmp_path: Path) -> None:
    told(stories(kind), tmp_path, "clang", *SANITIZED)


def test_partial_sums_end_where_their_array_does(tmp_path: Path) -> None:
    for dtype in ("float32", "float64"):
        (digits,) = (one for one in stories("specs", dtype) if one.network.spec.name == "digits")
        told([digits], tmp_path, "clang", *SANITIZED)


def test_a_slope_that_is_the_target_itself(tmp_path: Path) -> None:
    losses = {"product": {"value": "a * y"}}
    made = network([layer("o", 2, "linear")], "product", "sum", "sum", losses=losses)
    x, y = data(made)
    told([Told("product", made, x, y, start(made), fits(made), SEEDS, COUNTS, "layers")], tmp_path, "gcc", "-O0")


def test_the_same_as_cpp(tmp_path: Path) -> None:
    """By g++; clang++ compiles pages with trained parameters."""
    told(stories("specs"), tmp_path, "g++", "-O0", language="c++")
    told(stories("sample"), tmp_path, "g++", "-O0", language="c++")


FOUR = (*COMPILERS, "g++", "clang++")


@pytest.mark.parametrize("compiler", FOUR)
def test_the_fixed_functions_are_a_header(compiler: str, tmp_path: Path) -> None:
    """With the features of networks that differ most, and of none; each compiler takes its share of them."""
    source = tmp_path / "net.c"
    source.write_text('#include "runtime.h"\n', encoding="utf-8")
    language = STANDARD["c++" if compiler.endswith("++") else "c"]
    checks = [*language, *WARNINGS, "-fsyntax-only", "-I", str(ROOT / "templates" / "c")]
    turn = FOUR.index(compiler)
    for features in [frozenset[str](), *sorted(feature_sets(), key=sorted)[turn :: len(FOUR)]]:
        run(compiler, *checks, *(f"-DNET_{name}=1" for name in sorted(features)), "-DNET_TILE=1", source)
    run(compiler, *checks, "-DNET_TILE=32", source)


@pytest.mark.parametrize(("turn", "compiler", "language"), [(0, "gcc", "c"), (1, "clang++", "c++")])
def test_pages_that_have_trained_parameters(turn: int, compiler: str, language: str, tmp_path: Path) -> None:
    """Networks by the compilers in turn; the specs by each."""
    trained = [replace(one, trained=True) for one in [*stories("specs"), *stories("sample")[turn::2]]]
    told(trained, tmp_path, compiler, "-O1", language=language)


def test_numbers_of_32_bits(tmp_path: Path) -> None:
    told(stories("specs", "float32"), tmp_path, "gcc", "-O1")
    told(stories("networks", "float32")[1::2], tmp_path, "clang", "-O0")


def test_on_a_processor_of_32_bits(tmp_path: Path) -> None:
    """C computes in double, not in the wider registers of the x87."""
    told(stories("specs"), tmp_path, "gcc", "-m32", "-msse2", "-mfpmath=sse", "-O1")


CORTEX = ROOT / "tests" / "oracle" / "cortex"
CORTEX_M4 = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-std=c99"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_on_a_cortex_m4(dtype: str, tmp_path: Path) -> None:
    told = [story for story in stories("specs", dtype) if plan(story.spec).size < 1000]
    source, made = program(told, tmp_path, "stories"), tmp_path / "stories.elf"
    linked: list[str | Path] = [
        "--specs=rdimon.specs",
        "-T",
        CORTEX / "memory.ld",
        CORTEX / "start.c",
        "-lm",
        "-o",
        made,
    ]
    run("arm-none-eabi-gcc", *CORTEX_M4, *WARNINGS, "-O2", source, *linked, "-o", made)
    board: list[str | Path] = ["-M", "mps2-an386", "-nographic", "-semihosting", "-kernel", made]
    compare(told, run("qemu-system-arm", *board))


@pytest.mark.parametrize("name", ["xor_mlp", "digits_batch_norm"])
def test_what_the_documentation_lists_is_measured(name: str) -> None:
    listed = json.loads((ROOT / "docs" / "cortex.json").read_text("utf-8"))
    assert cortex.figures(ROOT / "specs" / f"{name}.yaml") in listed


LAYOUT = """
#include "{name}.h"
#include <stdio.h>
int main(void) {{
    return fputs({NAME}_LAYOUT, stdout) < 0;
}}
"""


@pytest.mark.parametrize("name", ["xor_mlp", "iris", "digits_batch_norm"])
def test_a_header_says_the_order_of_its_parameters(name: str, tmp_path: Path) -> None:
    made = texts(spec(named(name)), ROOT / "specs", ["c"])["c"]
    (tmp_path / f"{name}.h").write_text(made, encoding="utf-8")
    (tmp_path / "layout.c").write_text(LAYOUT.format(name=name, NAME=name.upper()), encoding="utf-8")
    run("gcc", *STANDARD["c"], *WARNINGS, tmp_path / "layout.c", "-lm", "-o", tmp_path / "layout")
    assert run(tmp_path / "layout").decode() == built(named(name), "python").LAYOUT


NAN_TARGETS = """
#include "xor_mlp.h"
#include <stdio.h>
int main(void) {
    const double x[] = {0, 1, 1, 1}, wrong[] = {0, NAN, 0}, right[] = {0, 1};
    double params[XOR_MLP_PARAMETERS], gradient[XOR_MLP_PARAMETERS], memory[XOR_MLP_MEMORY], history[2], total = 0;
    uint32_t order[XOR_MLP_PLACES * 2], done[4];
    xor_mlp_init(params, XOR_MLP_SEED);
    const double loss = xor_mlp_gradient(params, x, wrong + 1, gradient);
    for (int i = 0; i < XOR_MLP_PARAMETERS; i++) total += fabs(gradient[i]);
    done[0] = xor_mlp_fit(params, x, wrong, 2, 2, 1, NULL, history, memory, order);
    done[0] += xor_mlp_fit(params, x, wrong + 1, 2, 2, 1, NULL, history, memory, order);
    done[1] = xor_mlp_fit(params, x, right, 0, 2, 1, NULL, history, memory, order);
    for (int i = 0; i < XOR_MLP_PARAMETERS; i++) total += fabs(params[i]);
    xor_mlp_init(gradient, XOR_MLP_SEED);
    for (int i = 0; i < XOR_MLP_PARAMETERS; i++) total -= fabs(gradient[i]);
    done[2] = xor_mlp_fit(params, x, right, 2, 2, 99, NULL, NULL, memory, order);
    done[3] = xor_mlp_fit(params, x, right, 2, 2, 0, &done[2], history, memory, order);
    printf("%d %d %u %u %u %u", loss != loss, total == 0, (unsigned)done[0], (unsigned)done[1], (unsigned)done[2],
        (unsigned)done[3]);
    return 0;
}
"""


def test_what_the_loss_cannot_judge_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "refused.c"
    source.write_text(NAN_TARGETS, encoding="utf-8")
    made = texts(spec(named("xor_mlp")), ROOT / "specs", ["c"])["c"]
    (tmp_path / "xor_mlp.h").write_text(made, encoding="utf-8")
    run("gcc", *STANDARD["c"], *WARNINGS, source, "-lm", "-o", tmp_path / "refused")
    assert run(tmp_path / "refused") == b"1 1 0 0 2 2"


BITS = """
#include "{name}.h"
#include <stdio.h>
int main(void) {{
    static double params[{NAME}_PARAMETERS], x[20 * {NAME}_INPUTS], y[20 * {NAME}_OUTPUTS], memory[{NAME}_MEMORY];
    uint32_t order[20 * {NAME}_PLACES];
    for (uint32_t i = 0; i < sizeof x / sizeof x[0]; i++) x[i] = {name}_uniform(1, i);
    for (uint32_t i = 0; i < 20; i++) y[i * {NAME}_OUTPUTS + i % {NAME}_OUTPUTS] = 1;
    {name}_init(params, {NAME}_SEED);
    {name}_fit(params, x, y, 20, 5, 6, NULL, NULL, memory, order);
    return fwrite(params, sizeof(double), {NAME}_PARAMETERS, stdout) != {NAME}_PARAMETERS;
}}
"""


@pytest.mark.parametrize("name", ["digits", "iris", "deep_mlp"])
def test_the_same_bits_by_each_compiler(name: str, tmp_path: Path) -> None:
    source, made = tmp_path / "bits.c", tmp_path / "bits"
    source.write_text(BITS.format(name=name, NAME=name.upper()), encoding="utf-8")
    headers = ROOT / "generated" / "c"
    found = set()
    for compiler in COMPILERS:
        for optimized in (["-O0"], ["-O3", "-march=native"]):
            flags = [*STANDARD["c"], *WARNINGS, *optimized, "-ffp-contract=off"]
            run(compiler, *flags, "-I", headers, source, "-lm", "-o", made)
            found.add(run(made))
    assert len(found) == 1


HOSTILE = "ends */ here, opens /* there, ??/\n\nthree \\ back\\slashes \\\n\n# \" ' %d __FILE__ */ int x; /* *\\"


@pytest.mark.parametrize("compiler", [*COMPILERS, "g++", "clang++"])
@pytest.mark.parametrize("unroll", ["weights", "layers"])
def test_names_and_texts_of_a_spec_are_harmless(compiler: str, unroll: str, tmp_path: Path) -> None:
    given = {
        "name": "gamma",
        "description": HOSTILE,
        "inputs": ["y0", "j1", "gamma", "입력", "größe", "main", "printf", "a", "E1", "loss_", "t"],
        "layers": [
            {"name": "double", "units": ["int_", "fabs_", "h"], "activation": "tanh"},
            {"name": "register", "units": ["double"], "activation": "sine", "from": ["x", "double"]},
        ],
        "loss": {"name": "squared_error", "outputs": "sum"},
        "training": {"optimizer": {"name": "adam", "rate": 0.01}},
        "targets": [{"name": "c", "unroll": unroll}],
    }
    chosen = Spec.model_validate(given)
    (tmp_path / "gamma.h").write_text(texts(chosen, tmp_path)["c"], encoding="utf-8")
    source = tmp_path / "all.c"
    source.write_text('#include "gamma.h"\nint main(void) { return 0; }\n', encoding="utf-8")
    language = STANDARD["c++" if compiler.endswith("++") else "c"]
    checks = [flag for flag in WARNINGS if flag != "-Wshadow"]  # y0 and j1 hide functions of the mathematics' library
    run(compiler, *language, *checks, source, "-lm", "-o", tmp_path / "all")
    run(tmp_path / "all")
