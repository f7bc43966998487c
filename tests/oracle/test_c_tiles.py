"""Batches in C, in tiles: the bits of the functions for one example, whatever the tile and what is left of it."""

import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.targets.render import render
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.support.network import described, layer

pytestmark = pytest.mark.oracle

FAST = ["-O3", "-march=native", "-ffp-contract=off"]
SOON = ["-O1", *FAST[1:]]
"""An eighth of the compiler's time, where the same statements in the same order are compared in another form."""

NETWORKS = {
    "skips": described(
        [
            layer("h", 9, "tanh", dropout=0.25),
            layer("g", 1, "relu", bias=False),
            layer("f", 7, "sigmoid", sources=["h", "g"]),
            layer("o", 3, "linear", sources=["x", "f", "g"]),
        ],
        "half_squared_error",
        inputs={"name": "x", "size": 37},
    ),
    "normalized": described(
        [layer("h", 6, "relu", normalization="layer_norm", dropout=0.5), layer("o", 5, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0, 0.5, 3.0, 1.5], "example_weights": True},
        "sum",
        "sum",
        inputs={"name": "x", "size": 16},
    ),
    "shares": described(
        [layer("h", 8, "leaky_relu"), layer("o", 2, "softmax")],
        {"name": "cross_entropy", "class_weights": [1.0, 2.0]},
        "sum",
        "weighted_mean",
        inputs={"name": "x", "size": 50},
        training={
            "optimizer": {"name": "adam", "rate": 0.01},
            "stop": {"name": "patience", "epochs": 3, "validation": 0.25},
        },
    ),
    "rectified": described(
        [layer("h", 19, "relu"), layer("g", 6, "leaky_relu"), layer("o", 3, "linear", sources=["h", "g"])],
        "half_squared_error",
        inputs={"name": "x", "size": 75},
        training={"optimizer": {"name": "gradient_descent", "rate": 0.001}},
    ),
    "penalized": described(
        [layer("h", 5, "tanh"), layer("o", 2, "linear")],
        "squared_error",
        inputs={"name": "x", "size": 21},
        training={"optimizer": {"name": "momentum", "rate": 0.01}, "penalty": {"name": "l2", "strength": 0.01}},
    ),
}

WIDE = described(
    [layer("h", 170, "relu"), layer("o", 3, "linear")],
    "half_squared_error",
    inputs={"name": "x", "size": 400},
    training={"optimizer": {"name": "gradient_descent", "rate": 0.001}},
)
"""Its products of a tile are large enough for several threads."""

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

enum {{ N = 33 }};
typedef {real} real;
static real x[N * NET_INPUTS], y[N * NET_OUTPUTS], params[NET_PARAMETERS];

static int differ(const real *one, const real *other, size_t count) {{
    return memcmp(one, other, count * sizeof(real)) != 0;
}}

/* The parts of a batch in which its first examples differ from what the functions of one example give. */
static int wrong(uint32_t count, const uint32_t *rows) {{
    static real some[N * NET_OUTPUTS], one[NET_OUTPUTS];
    static real slopes[NET_PARAMETERS], sums[NET_PARAMETERS], own[NET_PARAMETERS];
    real *memory = (real *)malloc(sizeof(real) * NET_BATCH);
    real total = 0;
    int found = 0;
    net_batch_forward(params, x, count, some, memory);
    for (uint32_t k = 0; k < count; k++) {{
        net_forward(params, x + k * NET_INPUTS, one);
        found |= differ(one, some + k * NET_OUTPUTS, NET_OUTPUTS);
    }}
    const real loss = net_batch_gradient(params, x, y{weights}{seeds}, rows, count, slopes, memory);
    memset(sums, 0, sizeof sums);
    for (uint32_t k = 0; k < count; k++) {{
        const uint32_t i = rows ? rows[k] : k;
        total += net_gradient(params, x + i * NET_INPUTS, y + i * NET_OUTPUTS{weight}{seed}, own);
        for (int j = 0; j < NET_PARAMETERS; j++) sums[j] += own[j];
    }}
    if ({mean}) {{
        total /= (real)count;
        for (int i = 0; i < NET_PARAMETERS; i++) sums[i] /= (real)count;
    }}
    if ({compared}) found |= 2 * (differ(&total, &loss, 1) | differ(sums, slopes, NET_PARAMETERS));
    const real again = net_batch_gradient(params, x, y{weights}{seeds}, rows, count, NULL, memory);
    found |= 4 * differ(&again, &loss, 1);
    free(memory);
    return found;
}}

int main(void) {{
    static const uint32_t rows[N] = {{ 7, 7, 0, 32, 5, 31, 1, 2, 3, 30, 4, 4, 4, 8, 9, 10, 11, 29, 28, 27, 26 }};
    static const uint32_t drawn = 3;
    static real history[4];
    net_init(params, 5);
    for (int i = 0; i < N * NET_INPUTS; i++) x[i] = (real)((i * 7919) % 201 - 100) / 100;
    for (int i = 0; i < N * NET_OUTPUTS; i++) y[i] = i % NET_OUTPUTS == i / NET_OUTPUTS % NET_OUTPUTS;
    for (uint32_t count = 1; count <= N; count++) printf("%d%d ", wrong(count, NULL), wrong(count, rows));
    real *memory = (real *)malloc(sizeof(real) * NET_MEMORY);
    uint32_t *order = (uint32_t *)malloc(sizeof(uint32_t) * NET_PLACES * N);
    net_fit(params, x, y{weights}, N, 4, 13, &drawn, history, memory, order);
    free(memory);
    free(order);
    for (size_t i = 0; i < sizeof params; i++) printf("%02x", ((const unsigned char *)params)[i]);
    for (size_t i = 0; i < sizeof history; i++) printf("%02x", ((const unsigned char *)history)[i]);
    return 0;
}}
"""

THREADS = """
#include <dirent.h>
#include <stdio.h>

/* At the end, print how many threads the program has; two entries are the folder and its parent. */
__attribute__((destructor)) static void tell_threads(void) {
    DIR *threads = opendir("/proc/self/task");
    int count = -2;
    while (readdir(threads)) count++;
    closedir(threads);
    printf(" %d", count);
}
"""


def page(made: Mapping[str, object], dtype: str) -> tuple[str, str]:
    """The header of a network, and the program that compares its functions."""
    target = {"name": "c", "unroll": "layers", "dtype": dtype}
    spec = Spec.model_validate({**made, "targets": [target]})
    planned = plan(spec)
    own = planned.loss.example_weights
    words = {
        "real": "float" if dtype == "float32" else "double",
        "weights": ", NULL" if own else "",
        "weight": ", 1" if own else "",
        "seeds": ", rows" if planned.has_dropout else "",
        "seed": ", rows ? rows + k : NULL" if planned.has_dropout else "",
        "mean": int(planned.loss.mean and not planned.loss.weighted_mean),
        "compared": int(not planned.penalty and not planned.loss.weighted_mean),
    }
    return render(planned, spec, "c"), PROGRAM.format(**words)


def printed(folder: Path, compiler: str, *options: str) -> list[str]:
    """The output of the program with a compiler's options."""
    run(compiler, *STANDARD["c"], *WARNINGS, *options, folder / "net.c", "-lm", "-o", folder / "net")
    return run(folder / "net").decode().split()


@pytest.mark.parametrize(("name", "dtype"), [*((name, "float64") for name in NETWORKS), ("skips", "float32")])
def test_a_batch_has_the_bits_of_its_examples(name: str, dtype: str, tmp_path: Path) -> None:
    header, program = page(NETWORKS[name], dtype)
    (tmp_path / "net.h").write_text(header, encoding="utf-8")
    (tmp_path / "net.c").write_text(program, encoding="utf-8")
    first = printed(tmp_path, "gcc", *FAST)
    assert first[:-1] == ["00"] * 33
    for tile in (1, 19) if name in ("skips", "rectified") else ():
        assert printed(tmp_path, "gcc", *SOON, f"-DNET_TILE={tile}") == first
    if dtype == "float64":
        assert printed(tmp_path, "clang", *FAST) == first
    assert printed(tmp_path, "clang", *SANITIZED, "-ffp-contract=off", "-DNET_TILE=17") == first


def test_threads_keep_the_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header, program = page(WIDE, "float64")
    (tmp_path / "net.h").write_text(header, encoding="utf-8")
    (tmp_path / "net.c").write_text(THREADS + program, encoding="utf-8")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    *alone, one = printed(tmp_path, "gcc", *SOON)
    *together, several = printed(tmp_path, "gcc", *FAST, "-fopenmp")
    assert together == alone
    assert [one, several] == ["1", "3"]
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert run(tmp_path / "net").decode().split() == [*alone, "1"]


def test_the_same_bits_on_a_64_bit_arm(tmp_path: Path) -> None:
    header, program = page(NETWORKS["rectified"], "float64")
    (tmp_path / "net.h").write_text(header, encoding="utf-8")
    (tmp_path / "net.c").write_text(program, encoding="utf-8")
    headers = Path(str(files("ziglang"))) / "lib" / "libc" / "include"
    cross = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-musl", "-static", "-nostdlib"]
    known: list[str | Path] = ["-isystem", headers / "aarch64-linux-musl", "-isystem", headers / "generic-musl"]
    sources, made = [tmp_path / "net.c", Path(__file__).with_name("arm64.c")], tmp_path / "arm"
    run(*cross, *known, "-std=c11", *WARNINGS, "-O3", "-ffp-contract=off", "-fno-builtin-memcmp", *sources, "-o", made)
    found = run("qemu-aarch64", made).decode().split()
    assert found[:-1] == ["00"] * 33
    assert found == printed(tmp_path, "gcc", *SOON)
