"""How long does a Jacobian take in C? Generated headers beside the C code of CasADi, and JAX's compiled code.

    python -m benchmarks.jacobians      # two minutes

Three networks with tanh, in float64. All loop over the same rows within compiled code: a call from Python would be what
is measured. CasADi writes C by its scalar (SX) and by its matrix expressions (MX), which the same compiler reads with
the same flags; the faster one counts. Rounds take turns; printed are the medians: those of nngen in µs, and the ratios
of the others to these.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.cells import Array
from nngen.description.model import Spec
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.targets import render

NETWORKS = ((4, 8, 3), (6, 32, 32, 1), (12, 64, 64, 6))
ROWS, ROUNDS, MILLISECONDS = 256, 7, 200
FLAGS = ("-O3", "-march=native")

MAIN = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
{include}
static double now(void) {{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}}
int main(int count, char **words) {{
    (void)count;
    static double params[{size} + 1], xs[{rows}][{inputs}], js[{rows}][{outputs} * {inputs}];
    FILE *file = fopen(words[1], "rb");
    const size_t size = {size}, count_of_xs = {rows} * {inputs};
    if (!file || fread(params, 8, size, file) != size || fread(xs, 8, count_of_xs, file) != count_of_xs) {{
        return 1;
    }}
    const int repeats = atoi(words[2]);
    {memory}
    const double start = now();
    for (int k = 0; k < repeats; k++) {{
        for (int i = 0; i < {rows}; i++) {{
            {call}
        }}
    }}
    printf("%.9e\\n", (now() - start) / repeats / {rows});
    for (int i = 0; i < {rows}; i++) {{
        for (int j = 0; j < {outputs} * {inputs}; j++) {{
            printf("%.17g\\n", js[i][j]);
        }}
    }}
}}
"""


def described(sizes: tuple[int, ...]) -> Spec:
    """The spec of a network."""
    layers = [{"name": f"h{i}", "units": size, "activation": "tanh"} for i, size in enumerate(sizes[1:-1], 1)]
    return Spec.model_validate(
        {
            "name": "net",
            "inputs": {"name": "x", "size": sizes[0]},
            "layers": [*layers, {"name": "o", "units": sizes[-1], "activation": "linear"}],
            "loss": "squared_error",
            "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "epochs": 1},
        }
    )


class Compiled:
    """A C program that fills the Jacobians of the rows."""

    def __init__(self, name: str, folder: Path, sources: list[Path], main: str, flat: Array, x: Array) -> None:
        self.name, self.program = name, folder / "program"
        (folder / "main.c").write_text(main, "utf-8")
        (folder / "data").write_bytes(flat.tobytes() + x.tobytes())
        self.data = folder / "data"
        subprocess.run(
            ["gcc", *FLAGS, "-I", folder, folder / "main.c", *sources, "-lm", "-o", self.program], check=True
        )

    def run(self, repeats: int) -> tuple[float, Array]:
        """The seconds of a Jacobian, and all of them."""
        found = subprocess.run([self.program, self.data, str(repeats)], capture_output=True, check=True).stdout.split()
        return float(found[0]), np.array(found[1:], np.float64)


def generated(spec: Spec, folder: Path, flat: Array, x: Array, **sizes: Any) -> Compiled:
    """The header that nngen writes."""
    text = render(plan(spec), spec, "c", contents=frozenset({"forward", "sensitivity"}))
    (folder / "net.h").write_text(text, "utf-8")
    memory = "static double memory[NET_WORK];" if "NET_WORK" in text else ""
    call = f"net_jacobian(params, xs[i], js[i]{', memory' if memory else ''});"
    main = MAIN.format(include='#include "net.h"', memory=memory, call=call, **sizes)
    return Compiled("nngen", folder, [], main, flat, x)


def casadi(spec: Spec, folder: Path, flat: Array, x: Array, kind: str, **sizes: Any) -> Compiled:
    """The C code that CasADi writes, with the parameters as constants."""
    import casadi as ca

    matrices = [np.asarray(one) for one in Network(spec).unpack(flat.tolist())]
    symbol = ca.SX.sym("x", sizes["inputs"]) if kind == "SX" else ca.MX.sym("x", sizes["inputs"])
    value = symbol
    for place in range(0, len(matrices), 2):
        value = ca.mtimes(ca.DM(matrices[place]), value) + ca.DM(matrices[place + 1].reshape(-1))
        value = ca.tanh(value) if place + 2 < len(matrices) else value
    # CasADi stores matrices by columns
    function = ca.Function("rows", [symbol], [ca.densify(ca.jacobian(value, symbol)).T])
    generator = ca.CodeGenerator("rows.c", {"with_header": True})
    generator.add(function)
    generator.generate(f"{folder}/")
    memory = (
        "const double *arg[rows_SZ_ARG + 1]; double *res[rows_SZ_RES + 1];"
        "casadi_int *iw = malloc(sizeof(casadi_int) * (rows_SZ_IW + 1));"
        "double *w = malloc(sizeof(double) * (rows_SZ_W + 1));"
    )
    call = "arg[0] = xs[i]; res[0] = js[i]; rows(arg, res, iw, w, 0);"
    main = MAIN.format(include='#include "rows.h"', memory=memory, call=call, **sizes)
    return Compiled(f"CasADi {kind}", folder, [folder / "rows.c"], main, flat, x)


class Jax:
    """JAX's compiled code: a loop over the rows, or all of them at once."""

    def __init__(self, spec: Spec, flat: Array, x: Array, *, together: bool) -> None:
        import jax

        jax.config.update("jax_enable_x64", True)
        jax.config.update("jax_platforms", "cpu")
        self.name = "JAX, rows together" if together else "JAX, row by row"
        matrices = [jax.numpy.asarray(one) for one in Network(spec).unpack(flat.tolist())]

        def forward(row: Any) -> Any:
            value = row
            for place in range(0, len(matrices), 2):
                value = matrices[place] @ value + matrices[place + 1].reshape(-1)
                value = jax.numpy.tanh(value) if place + 2 < len(matrices) else value
            return value

        each = jax.jacrev(forward)
        rows: Callable[[Any], Any] = jax.vmap(each) if together else lambda xs: jax.lax.map(each, xs)
        self.x = jax.numpy.asarray(x)
        self.compiled = jax.jit(rows).lower(self.x).compile()

    def run(self, repeats: int) -> tuple[float, Array]:
        """The seconds of a Jacobian, and all of them."""
        start = perf_counter()
        for _ in range(repeats):
            found = self.compiled(self.x)
        found.block_until_ready()
        return (perf_counter() - start) / repeats / ROWS, np.asarray(found).reshape(-1)


def main() -> None:
    """Print a row for each network; the ratios go into ``jacobians.json``, too."""
    measured = []
    print("| network | nngen, µs | CasADi | JAX, row by row | JAX, rows together |\n| --- | --- | --- | --- | --- |")
    for sizes in NETWORKS:
        spec = described(sizes)
        network, random = Network(spec), np.random.default_rng(1)
        flat = np.array(network.pack(network.init(1)))
        x = random.normal(size=(ROWS, sizes[0]))
        expected = network.jacobian(network.unpack(flat.tolist()), x).reshape(-1)
        with tempfile.TemporaryDirectory() as temporary:
            folders = [Path(temporary, name) for name in ("nngen", "SX", "MX")]
            for folder in folders:
                folder.mkdir()
            given = {"size": len(flat), "rows": ROWS, "inputs": sizes[0], "outputs": sizes[-1]}
            runners: list[Compiled | Jax] = [
                generated(spec, folders[0], flat, x, **given),
                casadi(spec, folders[1], flat, x, "SX", **given),
                casadi(spec, folders[2], flat, x, "MX", **given),
                Jax(spec, flat, x, together=False),
                Jax(spec, flat, x, together=True),
            ]
            repeats = []
            for one in runners:
                seconds, found = one.run(3)
                np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, err_msg=one.name)
                repeats.append(max(1, round(MILLISECONDS / 1e3 / seconds / ROWS)))
            times = [[one.run(count)[0] for one, count in zip(runners, repeats, strict=True)] for _ in range(ROUNDS)]
        own, sx, mx, row, together = (median(column) for column in zip(*times, strict=True))
        ratios = [round(other / own, 2) for other in (min(sx, mx), row, together)]
        print(f"| {'-'.join(map(str, sizes))} | {1e6 * own:.2f} | {' | '.join(map(str, ratios))} |", flush=True)
        measured.append(ratios)
    Path(__file__).with_suffix(".json").write_text(json.dumps(measured) + "\n", "utf-8")


if __name__ == "__main__":
    main()
