"""Derivatives with respect to the inputs beside PyTorch, SymPy and differences, and those of C beside the reference."""

import json
import math
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, seed, settings
from numpy.typing import NDArray

from nngen.cli import main
from nngen.description.data import CategoryColumn
from nngen.description.model.contents import parts
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue import KINDS
from nngen.plan import Plan, plan, unfit
from nngen.proof.compiled import Module
from nngen.proof.reference import Encoder, Network, contributions, sensitivity
from nngen.proof.selftest import module_numbers, selftest
from nngen.proof.verify import verify
from nngen.reading import load
from nngen.targets import TARGETS, crowded
from nngen.targets.modules import as_module, texts
from nngen.targets.render import render
from tests.oracle.c_selftests import selftests
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.oracle.engine import Engine, tensor
from tests.oracle.node import Job
from tests.oracle.node import run as node
from tests.support import predictors
from tests.support.answering import meters
from tests.support.campaign import Case
from tests.support.catalogues import sympy
from tests.support.kinds import NETWORKS as KINDS_OF_LAYERS
from tests.support.languages import module
from tests.support.modules import ROOT, named, spec, targets
from tests.support.networks import NETWORKS, ONCE
from tests.support.runners import running
from tests.support.specs_strategy import Drawn, valid_specs

pytestmark = pytest.mark.oracle

RANDOM = 200
Array = NDArray[np.float64]


def jacobian(engine: Engine, x: Array) -> Array:
    """The derivatives of the outputs of each example by PyTorch."""
    given = tensor(x).requires_grad_()
    answers = engine.run(given)[1]  # each depends on its own example: the slopes of a sum are those of its terms
    found = [
        torch.autograd.grad(each.sum(), given, retain_graph=True, materialize_grads=True)[0]
        for each in answers.unbind(dim=1)
    ]
    return np.stack([one.numpy() for one in found], axis=1)


def in_torch(found: Spec) -> bool:
    """Whether PyTorch runs it: dense layers, without a function that it computes in 32 bits."""
    names = [layer.activation.name for layer in found.layers]
    return all(KINDS[layer.kind].dense for layer in found.layers) and "celu" not in names


def apart(found: Array, expected: Array) -> float:
    """The largest difference of some numbers, as a share of the largest of them."""
    size = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    return float(np.max(np.abs(found - expected), initial=0.0)) / size


def test_the_reference_beside_pytorch() -> None:
    compared = 0
    for name in ONCE:
        network = NETWORKS[name]
        if unfit(plan(network.spec)) or not in_torch(network.spec):
            continue
        case = Case.of(network.spec)
        params = network.unpack(case.flat.tolist())
        found, expected = network.jacobian(params, case.x), jacobian(Engine(network.spec, case.flat.tolist()), case.x)
        assert apart(found, expected) < 1e-10, name
        compared += 1
    assert compared > 60


def test_random_specs_beside_pytorch_and_differences() -> None:
    """Of examples at a kink, where conventions decide, most have others beside them: the median of four is judged."""
    tried = {"drawn": 0, "PyTorch": 0, "differences": 0}

    def each(drawn: Drawn) -> None:
        tried["drawn"] += 1
        found = plan(drawn.spec)
        if unfit(found):
            return
        case = Case.of(drawn.spec)
        params, network = case.network.unpack(case.flat.tolist()), case.network
        with np.errstate(all="ignore"):
            slopes = network.jacobian(params, case.x)
            if not np.isfinite(slopes).all() or np.max(np.abs(slopes), initial=0.0) > 1e6:
                return
            if tried["drawn"] % 4 == 0 and drawn.spec.dtype("numpy") == "float64":
                module = as_module("net", render(found, drawn.spec, "numpy", contents=parts(["sensitivity"])))
                assert apart(module.jacobian(params, case.x), slopes) < 1e-8
            if in_torch(drawn.spec):
                other = jacobian(Engine(drawn.spec, case.flat.tolist()), case.x)
                assert np.median([apart(*pair) for pair in zip(slopes, other, strict=True)]) < 1e-8
                tried["PyTorch"] += 1
            far = [apart(*pair) for pair in zip(slopes, _differences(network, params, case.x), strict=True)]
            assert np.median(far) < 1e-3
            tried["differences"] += 1

    chosen = settings(
        max_examples=RANDOM,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        phases=(Phase.generate,),
    )
    seed(1)(chosen(given(valid_specs())(each)))()
    assert tried["drawn"] >= RANDOM
    assert tried["PyTorch"] > RANDOM // 3
    assert tried["differences"] > RANDOM // 3


def _differences(network: Network, params: list[Array], x: Array) -> Array:
    h, columns = 1e-6, []
    for column in range(x.shape[1]):
        step = np.zeros_like(x)
        step[:, column] = h
        columns.append((network.forward(params, x + step) - network.forward(params, x - step)) / (2.0 * h))
    return np.stack(columns, axis=2)


def test_xor_beside_sympy() -> None:
    """The symbolic derivative of the textbook's formula."""
    x = sympy.symbols("x1 x2")
    found = spec(named("xor_mlp"))
    planned, network = plan(found), Network(found)
    flat = network.pack(network.init(3))
    weights = dict(zip((name for row in planned.parameter_rows() for name in row), flat, strict=True))

    def sigmoid(z: Any) -> Any:
        return 1 / (1 + sympy.exp(-z))

    hidden = [sigmoid(weights[f"b_{h}"] + sum(weights[f"w_{h}_x{i}"] * x[i - 1] for i in (1, 2))) for h in ("h1", "h2")]
    output = sigmoid(weights["b_y"] + sum(weights[f"w_y_h{i}"] * hidden[i - 1] for i in (1, 2)))
    module = as_module("net", render(planned, found, "python", contents=parts(["sensitivity"])))
    for point in ((0.0, 1.0), (0.3, -1.2), (2.0, 0.1)):
        values = dict(zip(x, point, strict=True))
        expected = [float(sympy.diff(output, one).subs(values)) for one in x]
        np.testing.assert_allclose(module.jacobian(flat, list(point)), [expected], 1e-12)


def _calls(name: str, planned: Plan, text: str, flat: list[float], x: Array, y: Array) -> str:
    """C that prints both derivatives of an example."""
    numbers, outputs = len(planned.numbers), len(planned.output.units)
    own = planned.loss.example_weights and not planned.loss.weighted_mean
    memory = f"static double memory[{name.upper()}_WORK];" if f"{name.upper()}_WORK" in text else ""
    room = ", memory" if memory else ""

    def array(values: Any) -> str:
        return f"{{{', '.join(repr(float(value)) for value in values)}}}"

    return f"""{{
    static const double p[] = {array(flat)}, x[] = {array(x)}, y[] = {array(y)};
    double rows[{outputs * numbers}], slopes[{numbers}];
    {memory}
    {name}_jacobian(p, x, rows{room});
    print(rows, {outputs * numbers});
    rows[0] = {name}_input_gradient(p, x, y, {"1.0, " * own}slopes{room});
    print(rows, 1);
    print(slopes, {numbers});
    printf("\\n");
    }}"""


def _headers() -> Iterator[tuple[str, Spec]]:
    for place, name in enumerate(ONCE[::3]):
        listed = [{"name": "c", "unroll": ("weights", "layers")[place % 2]}]
        found = NETWORKS[name].spec.model_dump(by_alias=True) | {"name": f"n{place}", "targets": listed}
        yield name, Spec.model_validate(found)


def test_headers_beside_the_reference(tmp_path: Path) -> None:
    """In one program, which is compiled without a warning; every other header has all parts."""
    includes, calls, meant = list[str](), list[str](), list[tuple[str, Array]]()
    for name, found in _headers():
        planned, network = plan(found), Network(found)
        if unfit(planned):
            continue
        chosen = parts(["sensitivity", *(["all"] if len(meant) % 4 < 2 else [])])
        text = render(planned, found, "c", contents=chosen)
        (tmp_path / f"{found.name}.h").write_text(text, "utf-8")
        case = Case.of(found)
        x, y = case.x[:1], targets(found, 4, np.random.default_rng(1))[:1]
        params = network.unpack(case.flat.tolist())
        includes.append(f'#include "{found.name}.h"')
        calls.append(_calls(found.name, planned, text, case.flat.tolist(), x[0], y[0]))
        loss, slopes = network.input_gradient(params, x, y)
        meant.append((name, np.concatenate([network.jacobian(params, x).ravel(), [loss], slopes.ravel()])))
    head = "#include <stdio.h>\nstatic void print(const double *v, int n) {\n    for (int i = 0; i < n; i++) {\n"
    head += '        printf("%.17g ", v[i]);\n    }\n}\n'
    program = "\n".join([*includes, head, "int main(void) {", *calls, "return 0;", "}"])
    (tmp_path / "main.c").write_text(program, "utf-8")
    flags = "-std=c99 -Wall -Wextra -Wshadow -pedantic -Werror -Wno-unused-function".split()
    subprocess.run(["gcc", *flags, "main.c", "-o", "main", "-lm"], cwd=tmp_path, check=True)
    lines = subprocess.run([tmp_path / "main"], check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(lines) == len(meant) > 20
    for line, (name, expected) in zip(lines, meant, strict=True):
        np.testing.assert_allclose(list(map(float, line.split())), expected, 1e-9, 1e-12, err_msg=name)


def test_dates_and_rows_of_many_columns_of_headers(tmp_path: Path) -> None:
    """Both functions give what a module in Python gives; a row of many numbers is an array, and needs memory."""
    specs = {"meters": load(meters(tmp_path)), "digits": spec(named("digits"))}
    seconds = (datetime(2021, 4, 13, 7, 30, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    rows = {"meters": [0.3, "2021-04-13 07:30", "B"], "digits": [float(place % 17) for place in range(64)]}
    written = {"meters": f'{{0.3, {seconds!r}, meters_town_of("B")}}', "digits": str(rows["digits"])[1:-1]}
    for name, found in specs.items():
        folder = tmp_path if name == "meters" else ROOT / "specs"
        made = texts(found, folder, ["python", "c"], contents=["sensitivity", "gradient"])
        module: Any = as_module(name, made["python"])
        flat = Network(found).pack(Network(found).init(4))
        params = [np.atleast_2d(one).tolist() for one in Network(found).init(4)] if name == "digits" else flat
        (tmp_path / f"{name}.h").write_text(made["c"], "utf-8")
        names = module.COLUMNS
        expected, calls = list[Any](), list[str]()
        for function in ("sensitivity", "contributions"):
            by_column = getattr(module, function)(params, rows[name])
            width = len(next(iter(by_column.values())) if isinstance(next(iter(by_column.values())), tuple) else [0])
            expected.append(np.array([np.ravel(by_column.get(one, [0.0] * width)) for one in names]).T.ravel())
            row = f"{name}_row row = {{{written[name].strip('{}')}}};"
            call = f"{name}_{function}(p, {'row, found, memory' if name == 'digits' else '&row, found'})"
            loop = f'for (int i = 0; i < {expected[-1].size}; i++) printf("%.17g ", found[i]);'
            calls.append(f"{{ {row} double found[{expected[-1].size}]; if ({call} != 0) return 1; {loop} }}")
        head = f'#include "{name}.h"\n#include <stdio.h>\nstatic const double p[] = {{{str(flat)[1:-1]}}};'
        head += "\nstatic double memory[DIGITS_WORK];" if name == "digits" else ""
        (tmp_path / "main.c").write_text(f"{head}\nint main(void) {{ {' '.join(calls)} return 0; }}\n", "utf-8")
        options = [*STANDARD["c"], *WARNINGS, "-Wno-unused-function", *SANITIZED]
        run("gcc", *options, tmp_path / "main.c", "-lm", "-o", tmp_path / "main")
        numbers = np.array(run(tmp_path / "main").split(), np.float64)
        np.testing.assert_allclose(numbers, np.concatenate(expected), 1e-9, 1e-14, err_msg=name)


TANH = """
#include "net.h"
#include <stdio.h>
int main(void) {
    long double worst = 0, most = 0;
    for (uint32_t i = 0; i < 4000000; i++) {
        const double u = (double)(i * 2654435761u) / 4294967296.0, x = i % 2 ? 4 * u : pow(10, 280 * (u - 1) + 2);
        const double found = net_tanh(-x), exact = (double)tanhl(x), unit = nextafter(exact, 2) - exact;
        const long double far = fabsl(-(long double)found - tanhl(x)) / (long double)unit;
        worst = far > worst ? far : worst;
        most = far * (long double)unit > most ? far * (long double)unit : most;
    }
    const double infinite = (double)INFINITY, none = (double)NAN;
    printf("%.3Lf %.3Lg %g %g ", worst, most, net_tanh(-0.0), net_tanh(infinite));
    printf("%g %g\\n", net_tanh(-1e308), net_tanh(none));
    return 0;
}
"""


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_tanh_of_headers(compiler: str, tmp_path: Path) -> None:
    """Of small and large numbers beside that of long doubles; loose arithmetic costs digits of small numbers."""
    spec = Spec.model_validate(
        NETWORKS["tanh, sums"].spec.model_dump(by_alias=True) | {"name": "net", "targets": [{"name": "c"}]}
    )
    (tmp_path / "net.h").write_text(render(plan(spec), spec, "c", contents=parts(["sensitivity"])), "utf-8")
    (tmp_path / "main.c").write_text(TANH, "utf-8")
    for options in (["-O3", "-march=native"], ["-O0"], ["-O2", "-ffast-math"], ["-O3", "-funsafe-math-optimizations"]):
        run(compiler, "-std=c99", *options, tmp_path / "main.c", "-lm", "-o", tmp_path / "main")
        worst, most, *special = run(tmp_path / "main").decode().split()
        assert float(worst) < 3.0 or "-funsafe-math-optimizations" in options, options
        assert float(most) < 4e-16, options
        assert "-ffast-math" in options or special == ["-0", "1", "-1", "nan"]


def test_the_solver_takes_the_calls_that_the_documentation_says(tmp_path: Path) -> None:
    example = ROOT / "examples/arm"
    saved, out = tmp_path / "arm.json", tmp_path / "out"
    for command in (["train", "--save", str(saved)], ["build", "--params", str(saved), "--out", str(out)]):
        done = CliRunner().invoke(main, [command[0], str(example / "arm.yaml"), *command[1:]])
        assert done.exit_code == 0, done.output
    program = tmp_path / "arm"
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", f"-I{out / 'c'}"]
    subprocess.run(["gcc", *flags, example / "arm.c", "-o", program, "-lm"], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()
    assert all("1000 of 1000 places" in line for line in printed)
    figures = [re.findall(r"[0-9]+[.][0-9]+(?= calls| of jacobian)", line) for line in printed[:2]]
    page = (ROOT / "docs/sensitivity.md").read_text("utf-8")
    assert f"takes {figures[0][0]} calls of `forward` and {figures[0][1]} of the Jacobian" in page
    assert f"with differences {figures[1][0]} of `forward`" in page


def _of_examples(target: str) -> Iterator[Module]:
    """Every eleventh network by layers, and the small ones also by weights; half of them with all parts."""
    for place, name in enumerate([*ONCE[::11], *KINDS_OF_LAYERS]):
        found = NETWORKS[name].spec if name in NETWORKS else KINDS_OF_LAYERS[name]
        planned = plan(found)
        if unfit(planned):
            continue
        chosen = parts(["all", "sensitivity"] if place % 2 else ["files", "sensitivity"])
        small = planned.size < 80 and not planned.needs_batch and not planned.indices
        small = small and not crowded(planned, target, len(planned.output.units))
        for unroll in ["layers", *["weights"] * small]:
            yield module(found, target, contents=chosen, name=f"n{place}_{unroll}", form={"unroll": unroll})


def _of_rows(target: str, width: int = 0, **form: str) -> Iterator[tuple[str, Module, Encoder]]:
    """Predictors of every kind, with a typical row; with a width, with a hidden layer that is as wide."""
    for name, network in predictors.NETWORKS.items():
        found = network
        if width:
            first, *rest = network.model_dump(by_alias=True)["layers"]
            wide = network.model_dump(by_alias=True) | {"layers": [first | {"units": width}, *rest]}
            found = Spec.model_validate(wide)
        formed = Spec.model_validate(
            found.model_dump(by_alias=True) | {"name": f"of_{name}", "targets": [{"name": target, **form}]}
        )
        measured = replace(predictors.encoding(formed), typical=(30_000.0, 3.0, "rent", "1", 100.0))
        planned, chosen = plan(formed, measured), parts(["sensitivity", *["files"] * (target != "c")])
        targets_of = np.array([[one] * len(planned.output.units) for one in predictors.TARGETS])
        text = render(planned, formed, target, contents=chosen)
        yield name, Module(planned, formed, text, chosen), Encoder(formed, predictors.table(), targets_of)


@pytest.mark.parametrize("target", [one for one in TARGETS if one not in ("python", "numpy", "c")])
def test_every_language_beside_the_reference(target: str, tmp_path: Path) -> None:
    """In one program: derivatives of examples, and what rows owe to their columns."""
    examples, predicting = list(_of_examples(target)), list(_of_rows(target))
    assert len(examples) > 15
    with running(target, [*examples, *(one for _, one, _ in predicting)], tmp_path) as runner:
        for one in examples:
            case, network, name = Case.of(one.spec), Network(one.spec), one.plan.name
            params, x = network.unpack(case.flat.tolist()), case.x[:1]
            y = targets(one.spec, 4, np.random.default_rng(1))[:1]
            given = {"params": case.flat.tolist(), "x": x[0].tolist()}
            loss, slopes = network.input_gradient(params, x, y)
            expected = [(network.jacobian(params, x), "jacobian", given)]
            expected.append((np.append(loss, slopes), "input_gradient", given | {"y": y[0].tolist()}))
            for meant, function, arguments in expected:
                found = runner.numbers(name, function, **arguments)
                np.testing.assert_allclose(found, meant.ravel(), 1e-9, 1e-12, err_msg=f"{name} {function}")
        for _, one, encoder in predicting:
            params = Network(one.spec).init(4)
            for row, function, meant in _owed(one, encoder):
                found = runner.numbers(one.plan.name, function, params=Network(one.spec).pack(params), row=row)
                np.testing.assert_allclose(found, meant, 1e-9, 1e-14, err_msg=f"{one.plan.name} {function}")


def _owed(one: Module, encoder: Encoder) -> Iterator[tuple[list[Any], str, Array]]:
    """Rows, each with a function and with what the reference answers."""
    network, classes = Network(one.spec), bool(one.plan.encoding and one.plan.encoding.classes)
    for row in (predictors.ROWS[0], predictors.ROWS[1], predictors.ROWS[3]):
        table = {column: [cell] for column, cell in zip(predictors.COLUMNS, row, strict=True)}
        for function, reference in (("sensitivity", sensitivity), ("contributions", contributions)):
            right = reference(network, encoder, network.init(4), table, classes=classes)
            none = np.zeros_like(right["income"])
            yield row, function, np.array([right.get(column, none)[0] for column in predictors.COLUMNS]).T.ravel()


def _members(row: list[Any], one: Module) -> Iterator[str]:
    """A row of the data as assignments in C: its categories are texts, which the header reads."""
    assert one.plan.encoding
    for column, cell in zip(one.plan.encoding.columns, row, strict=True):
        if isinstance(column, CategoryColumn):
            text = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
            yield f"row.{column.name} = {one.plan.name}_{column.name}_of({json.dumps(text)});"
        else:
            number = "(double)NAN" if cell is None or math.isnan(cell) else repr(float(cell))
            yield f"row.{column.name} = {number};"


@pytest.mark.parametrize("form", [{}, {"unroll": "layers"}, {"dtype": "float32"}, {"width": 600}], ids=str)
@pytest.mark.parametrize("language", ["c", "c++"])
def test_rows_of_headers_beside_the_reference(language: str, form: dict[str, Any], tmp_path: Path) -> None:
    """In one program, without a warning; memory is as large as it says; a number that is no cell is refused."""
    real, suffix = ("float", "f") if form.get("dtype") == "float32" else ("double", "")
    includes, calls, meant = list[str](), list[str](), list[tuple[str, Array]]()
    for name, one, encoder in _of_rows("c", **form):
        called = one.plan.name
        (tmp_path / f"{called}.h").write_text(one.text, "utf-8")
        includes.append(f'#include "{called}.h"')
        flat = Network(one.spec).pack(Network(one.spec).init(4))
        calls.append(f"static const {real} p_{name}[] = {{{', '.join(f'{number!r}{suffix}' for number in flat)}}};")
        memory = f"static {real} memory[{called.upper()}_WORK]; " if f"{called.upper()}_WORK" in one.text else ""
        room = ", memory" * bool(memory)
        assert bool(memory) == ("width" in form)
        calls[-1] = f"{{ {calls[-1]} {memory}{called}_row row;"
        for row, function, expected in _owed(one, encoder):
            calls += [*_members(row, one), f"{real} found[{len(expected)}];"]
            calls[-1] = f"{{ {calls[-1]} if ({called}_{function}(p_{name}, &row, found{room}) != 0) return 1;"
            calls.append(f'for (int i = 0; i < {len(expected)}; i++) printf("%.17g ", (double)found[i]);')
            calls.append('printf("\\n");')
            calls.append("row.debt = (double)INFINITY;")
            calls.append(f"if ({called}_{function}(p_{name}, &row, found{room}) != 5) return 2; }}")
            meant.append((f"{name} {function}", expected))
        calls.append("}")
    text = "\n".join([*includes, "#include <stdio.h>", "int main(void) {", *calls, "return 0;", "}"])
    source = tmp_path / f"main.{language.replace('+', 'p')}"
    source.write_text(text, "utf-8")
    compiler, program = {"c": "gcc", "c++": "g++"}[language], tmp_path / "main"
    options = [*STANDARD[language], *WARNINGS, "-Wno-unused-function", *SANITIZED]
    run(compiler, *options, source, "-lm", "-o", program)
    lines = run(program).splitlines()
    assert len(lines) == len(meant) == 30
    for line, (name, expected) in zip(lines, meant, strict=True):
        near, tiny = (1e-3, 1e-4 * np.max(np.abs(expected))) if suffix else (1e-9, 1e-14)
        np.testing.assert_allclose(np.array(line.split(), np.float64), expected, near, tiny, err_msg=name)


def test_a_wrong_sensitivity_of_another_language_is_found(tmp_path: Path) -> None:
    """`nngen verify` calls them by the driver of the language."""
    found, path = spec(named("iris")), tmp_path / "iris.lua"
    text = texts(found, ROOT / "specs", ["lua"], contents=["sensitivity"])["lua"]
    edits = {
        "": ("", ""),
        "sensitivity": ("found[1][1] = ", "found[1][1] = 2.0 * "),
        "contributions": ("(i + 0.5) / steps", "i / steps"),
    }
    for name, edit in edits.items():
        assert edit[0] in text
        path.write_text(text.replace(*edit), "utf-8")
        rows = {row.what: row.verdict for row in verify(path, named("iris"), 20.0).rows}
        assert {"jacobian", "sensitivity", "contributions"} <= rows.keys()
        assert [what for what, verdict in rows.items() if verdict != "right"] == [name] * bool(name)


SLOPES = {
    "python": ("dx1 = dz_h1 * w_h1_x1", "da_y_dx1 = da_y_dz_h1 * w_h1_x1"),
    "numpy": ("return loss, dx", "return dx[:, np.newaxis]"),
    "javascript": ("const dx1 = dz_h1 * w_h1_x1", "const da_y_dx1 = da_y_dz_h1 * w_h1_x1"),
    "c": ("const double dx1 = dz_h1 * w_h1_x1", "const double da_y_dx1 = da_y_dz_h1 * w_h1_x1"),
}
"""What computes a derivative of the loss, and one of the output, in modules of ``xor_mlp``."""


@pytest.mark.parametrize("target", SLOPES)
def test_the_self_test_compares_derivatives(target: str, tmp_path: Path) -> None:
    """One by one; as sums where there are many; and of what an embedding gives."""
    names = ["xor_mlp", "digits", "penguins"]
    pages = [
        texts(spec(named(one)), ROOT / "specs", [target], selftest=module_numbers, contents=["sensitivity"])[target]
        for one in names
    ]
    mixed = next(one for one in KINDS_OF_LAYERS.values() if one.indices and not unfit(plan(one)))
    tested = selftest(plan(mixed), mixed, target, sensitive=True)
    pages.append(render(plan(mixed), mixed, target, tested, contents=parts(["sensitivity"])))
    for one in SLOPES[target]:
        assert pages[0].count(one) == 1, one
        wrong = one.replace(" dx", " 1.001 * dx") if target == "numpy" else f"{one} * 1.001"
        pages.append(pages[0].replace(one, wrong))
    *right, of_loss, of_output = _tested(target, pages, [*names, mixed.name, "xor_mlp", "xor_mlp"], tmp_path)
    assert not any(right)
    if target == "c":  # the place of the first wrong number: after an output, the loss and nine derivatives
        assert (of_loss, of_output) == (12, 14)
    else:
        assert "for the derivative of the loss, got" in of_loss
        assert "for the jacobian, got" in of_output


def _tested(target: str, pages: list[str], names: list[str], folder: Path) -> list[Any]:
    """What the self-tests of modules find; nothing if all numbers are right."""
    if target == "c":
        return [selftests(folder, {name: page}, "double", "gcc")[0] for name, page in zip(names, pages, strict=True)]
    if target == "javascript":
        found = node([Job(page, "return m.selftest();") for page in pages], folder)
        return [one.get("throws") for one in found]
    return [_refusal(page) for page in pages]


def _refusal(page: str) -> str:
    try:
        as_module("net", page).selftest()
    except ValueError as error:
        return str(error)
    return ""
