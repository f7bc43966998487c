"""Pages of the target javascript by themselves: their types and texts, what they refuse, the files they exchange."""

import json
import math
import re
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.bridges.importing.tflite.integers import read_integers
from nngen.common.text import columns
from nngen.description.model.spec import Spec
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.plan.planner import plan
from nngen.proof.selftest import module_numbers, selftest
from nngen.targets import lite_texts
from nngen.targets.line_breaks import WIDTH
from nngen.targets.modules import as_module, texts
from nngen.targets.render import render
from tests.oracle.javascript_pages import pages
from tests.oracle.node import Job, javascript, node, run
from tests.support import tflite_integers
from tests.support.catalogues import EXTREME, activate, defaults, value
from tests.support.integers import modules_of, path_of, trained
from tests.support.modules import ROOT, SPECS, built, named, spec
from tests.support.network import layer, network
from tests.support.networks import NETWORKS

pytestmark = pytest.mark.oracle

TYPESCRIPT = ROOT / "tests" / "oracle" / "node_modules" / "typescript" / "bin" / "tsc"
XOR, DIGITS = spec(named("xor_mlp")), spec(named("digits"))


def test_the_types_of_the_comments_hold(tmp_path: Path) -> None:
    """Types as TypeScript has them; nothing is declared without use; and a wrong page beside them is found."""
    assert TYPESCRIPT.exists(), "TypeScript is missing: make oracle"
    for path in (ROOT / "templates" / "javascript").glob("*.mjs"):
        assert node("--check", str(path)).returncode == 0, path
    typed = [text for title, text in pages().items() if not title.startswith("wide")]  # the same, a minute
    for number, text in enumerate(typed):
        if number % 3 == 0:  # two pages of an unusual network stand together: of most, the one or the other
            (tmp_path / f"page{number}.mjs").write_text(text, encoding="utf-8")
    for name in ("penguins", "xor_mlp"):
        made = modules_of(spec(path_of(name)), path_of(name), trained(name), ["javascript"])
        (tmp_path / f"integers_{name}.mjs").write_text(made["javascript"], encoding="utf-8")
    (tmp_path / "net.tflite").write_bytes(tflite_integers.network(16))
    lite = read_integers(str(tmp_path / "net.tflite"), "net")
    (tmp_path / "lite.mjs").write_text(lite_texts(lite, "net")["javascript"], encoding="utf-8")
    options = {"allowJs": True, "checkJs": True, "strict": True, "noEmit": True, "types": [], "noUnusedLocals": True}
    settings = {"compilerOptions": {**options, "target": "es2022", "module": "esnext"}}
    folders = ["*.mjs", str(ROOT / "generated" / "javascript" / "*.mjs")]
    (tmp_path / "wrong.mjs").write_text("export const wrong = /** @type {number} */ ('text');\n")
    (tmp_path / "tsconfig.json").write_text(json.dumps({**settings, "include": folders}))
    found = node(str(TYPESCRIPT), "--project", str(tmp_path)).stdout
    assert re.fullmatch(r".*\bwrong\.mjs\(1,\d+\): .*\n", found), found[:4_000]


USED = """
import * as penguins from "./penguins.mjs";
const body = { bill_length_mm: 46.5, bill_depth_mm: "17.9", flipper_length_mm: 192, body_mass_g: 3500 };
const row = { ...body, island: "Dream", sex: null };
export const answer: "Adelie" | "Chinstrap" | "Gentoo" = penguins.predict(penguins.init(), row);
// @ts-expect-error columns are missing
penguins.encode({ bill_length_mm: 46.5 });
// @ts-expect-error there is no such class
export const wrong: "Adeli" = penguins.decode([1, 0, 0]);
type Category = NonNullable<ReturnType<typeof penguins.CATEGORIES.get>>[number];
export const known: Category = "Dream";
// @ts-expect-error there is no such category
export const strange: Category = "Dreem";
"""
"""A program in TypeScript."""


def test_typescript_knows_columns_categories_and_classes(tmp_path: Path) -> None:
    (tmp_path / "penguins.mjs").write_text(
        (ROOT / "generated" / "javascript" / "penguins.mjs").read_text("utf-8"), "utf-8"
    )
    (tmp_path / "used.ts").write_text(USED, "utf-8")
    options = {"allowJs": True, "checkJs": True, "strict": True, "noEmit": True, "types": [], "target": "es2022"}
    settings = {"compilerOptions": {**options, "module": "nodenext"}, "include": ["*.ts", "*.mjs"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings))
    done = node(str(TYPESCRIPT), "--project", str(tmp_path))
    assert done.returncode == 0, done.stdout[:4_000]


def test_lines_fit() -> None:
    for title, text in pages().items():
        long = [line for line in text.splitlines() if columns(line) > WIDTH]
        assert not [line for line in long if " " in line.strip()[60:-60]], title


def test_the_gradient_of_unusual_pages_is_right(tmp_path: Path) -> None:
    found = run([Job(text, "return m.check_gradient();") for text in pages().values()], tmp_path)
    errors = dict(zip(pages(), found, strict=True))
    assert not {title: error for title, error in errors.items() if not 0.0 < error.get("gives", math.nan) < 1e-6}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_page_checks_itself_by_the_command_in_its_comment(path: Path, tmp_path: Path) -> None:
    text = texts(spec(path), path.parent, ["javascript"])["javascript"]
    (command,) = re.findall(r'^    node -e "(.*)"$', text, re.MULTILINE)
    (tmp_path / f"{path.stem}.mjs").write_text(text, encoding="utf-8")
    done = node("-e", command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert 0.0 < float(done.stdout) < 1e-6
    (tmp_path / f"{path.stem}.mjs").write_text(text.replace("const slope = ", "const slope = 1.001 * "))
    done = node("-e", command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "RangeError: expected a gradient within 0.000001 of differences of the loss, got 0.00" in done.stderr
    strict = "import(process.argv[1]).then((net) => net.check_gradient(0.0))"
    assert node("-e", strict, f"./{path.stem}.mjs", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_page_as_a_program_does_nothing(path: Path, tmp_path: Path) -> None:
    text = texts(spec(path), path.parent, ["javascript"], selftest=module_numbers)["javascript"]
    (tmp_path / "net.mjs").write_text(text, encoding="utf-8")
    done = node("net.mjs", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_self_tests_of_networks(tmp_path: Path) -> None:
    """Each network at one level, in turn."""
    jobs = []
    for made, unroll in zip(NETWORKS.values(), cycle(("layers", "weights", "weights", "layers")), strict=False):
        changed = made.spec.model_dump(by_alias=True) | {"targets": [{"name": "javascript", "unroll": unroll}]}
        chosen = Spec.model_validate(changed)
        planned = plan(chosen)
        jobs.append(Job(render(planned, chosen, "javascript", selftest(planned, chosen, "javascript")), STRICT))
    right(run(jobs, tmp_path))


def right(found: list[dict[str, Any]]) -> None:
    """Self-tests find only rounding errors; without a tolerance, each finds one."""
    assert max(one["gives"][0] for one in found) > 0.0
    for one in found:
        assert one["gives"][0] <= 1e-9
        assert one["gives"][1].startswith("expected ")


STRICT = """
const worst = m.selftest();
try {
  m.selftest(-1.0);
} catch (error) {
  return [worst, error.message];
}
"""


SINGLE: dict[str, Any] = {
    "name": "net",
    "inputs": ["x1"],
    "loss": {"name": "absolute_error", "outputs": "sum"},
    "training": {"optimizer": {"name": "gradient_descent", "rate": 1.0}},
}
"""A single unit with weight 1 and bias 0, whose weighted sum is its input."""


def test_values_and_slopes_are_those_of_python_at_the_ends_of_the_numbers(tmp_path: Path) -> None:
    """Which are compared with SymPy. A target far below the output makes dz the slope of the activation."""
    names = [name for name, entry in ACTIVATIONS.items() if not entry.across and entry.slope is not None]
    body = "return given.points.map((z) => [m.forward([1, 0], [z])[0], m.gradient([1, 0], [z], [-1e17])[1][1]]);"
    points = [*EXTREME, -2.999, 1.0 / 3.0, 5.9, -6.1]
    jobs = []
    for name in names:
        layers = [{"name": "o", "units": ["y"], "activation": name}]
        jobs.append(Job(javascript(Spec.model_validate(SINGLE | {"layers": layers})), body, {"points": points}))
    for name, found in zip(names, run(jobs, tmp_path), strict=True):
        entry, options = ACTIVATIONS[name], defaults(ACTIVATIONS[name])
        for z, (a, slope) in zip(points, found["gives"], strict=True):
            expected = float(activate(name, z, target="python"))
            np.testing.assert_allclose(a, expected, 1e-14, 1e-322, err_msg=f"{name} {z}")
            wanted = float(value(entry.slope or "", {"z": z, "a": expected, **options}, "python"))
            np.testing.assert_allclose(slope, wanted, 1e-14, 1e-16, err_msg=f"{name}, {z}")


def test_nan_is_passed_on_by_all_but_the_steps(tmp_path: Path) -> None:
    layers = {name: [layer("h", 1, name), layer("o", 1, "linear")] for name in ACTIVATIONS if name != "softmax"}
    nets = {name: network(made, "squared_error") for name, made in layers.items() if ACTIVATIONS[name].slope}
    body = "return String(m.forward(m.init(), [NaN, 0, 0])[0]);"
    found = run([Job(javascript(net.spec), body) for net in nets.values()], tmp_path)
    assert {name: one["gives"] for name, one in zip(nets, found, strict=True)} == dict.fromkeys(nets, "NaN")


def test_the_steps_take_nan_for_the_other_side(tmp_path: Path) -> None:
    body = "return m.forward(m.init(), [NaN, 0, 0])[0];"
    nets = [network([layer("o", 1, name)], "perceptron", training={"optimizer": "perceptron"}) for name, _ in STEPS]
    found = run([Job(javascript(net.spec), body) for net in nets], tmp_path)
    assert [one["gives"] for one in found] == [expected for _, expected in STEPS]


STEPS = [("step", 0.0), ("bipolar_step", -1.0), ("undecided_step", 0.0)]


def test_random_numbers_of_any_seed_are_those_of_python(tmp_path: Path) -> None:
    """Numbers beyond 32 bits count modulo 2^32, as python has them; also those below 0."""
    cut = NETWORKS["initial values, cut or orthogonal"].spec
    seeds = [0, -1, -(2**31), 2**31, 2**32, 2**32 + 5, -(2**40) - 3, 2**53 - 1, -(2**53) + 1]
    order = "m._order([...Array(9).keys()], seed, 12345678901)"
    body = f"return [given.map((seed) => m.pack(m.init(seed))), given.map((seed) => {order})];"
    for chosen in (XOR, cut):
        text = javascript(chosen, "weights").replace("function _order", "export function _order")
        python = as_module("net", render(plan(chosen), chosen, "python"))
        (found,) = run([Job(text, body, seeds)], tmp_path)
        assert found["gives"][0] == [python.pack(python.init(seed)) for seed in seeds]
        assert found["gives"][1] == [
            sorted(range(9), key=lambda i: python._bits(seed, 9 * 12345678901 + i)) for seed in seeds
        ]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_each_target_loads_what_another_saved(path: Path, tmp_path: Path) -> None:
    python, numpy = built(path, "python"), built(path, "numpy")
    odd = [0.1, -0.0, 0.0, 1.0, -3.0, 1e21, 1e22, 123456789012345680.0, 5e-324, 1.7976931348623157e308, 1e-7, 2.0**53]
    flat = [odd[k % len(odd)] for k in range(len(python.pack(python.init())))]
    python.save(python.unpack(flat), str(tmp_path / "python.json"))
    text = texts(spec(path), path.parent, ["javascript"])["javascript"]
    body = "return [m.save(m.unpack(given.flat)), m.save(m.load(given.text))];"
    given = {"flat": flat, "text": (tmp_path / "python.json").read_text()}
    for saved in run([Job(text, body, given)], tmp_path)[0]["gives"]:
        (tmp_path / "script.json").write_text(saved)
        assert saved.startswith('{"layout": ')  # by which the command knows such a file
        for module in (python, numpy):
            found = [float(one).hex() for one in module.pack(module.load(str(tmp_path / "script.json")))]
            assert found == [one.hex() for one in flat]


SCALED = [path for path in SPECS if "scale" in path.read_text() and "missing" not in path.read_text()]


@pytest.mark.parametrize("path", SCALED, ids=lambda path: path.stem)
def test_scale_is_that_of_python(path: Path, tmp_path: Path) -> None:
    python = built(path, "python")
    x = np.random.default_rng(3).normal(5.0, 3.0, len(spec(path).input_names)).tolist()
    text = texts(spec(path), path.parent, ["javascript"])["javascript"]
    assert run([Job(text, "return m.scale(given);", x)], tmp_path)[0]["gives"] == python.scale(x)


def test_a_callback_ends_training(tmp_path: Path) -> None:
    body = "return m.fit(m.init(), [given.x], [given.y], { epochs: 9, callback: (epoch) => epoch === 2 })[1].length;"
    for chosen, x, y in ((XOR, [0.0] * 2, [1.0]), (DIGITS, [0.0] * 64, [1.0] + [0.0] * 9)):
        assert run([Job(javascript(chosen), body, {"x": x, "y": y})], tmp_path) == [{"gives": 3}]


@pytest.mark.parametrize("count", [2, 6, 10, 14, 3, 7])
def test_a_share_is_rounded_as_python_rounds(count: int, tmp_path: Path) -> None:
    """A quarter of 10 examples is 2 of them, of 14 it is 4: half a one goes to the even number."""
    stop = {"name": "patience", "epochs": 3, "validation": 0.25}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "stop": stop}
    net = network([layer("o", 1, "linear")], "squared_error", training=training)
    body = "return m._rounded(0.25 * given);"
    text = javascript(net.spec).replace("function _rounded", "export function _rounded")
    assert run([Job(text, body, count)], tmp_path) == [{"gives": round(0.25 * count)}]


HOSTILE = [
    "It ends here: */ globalThis.hacked = 1; /* or not.",
    "`${globalThis.hacked = 1}` \\u002a\\u002f \\ and **/ and // and /* and */*/",
    "</script><script>globalThis.hacked = 1</script> <!-- <script> -->",
    "import.meta, {{ braces }} {% raw %} {# no #} @param {number} params",
]


@pytest.mark.parametrize("description", HOSTILE)
def test_a_description_stays_a_comment(description: str, tmp_path: Path) -> None:
    hostile = XOR.model_copy(update={"description": description})
    for unroll in ("weights", "layers"):
        text = javascript(hostile, unroll)
        body = "return [globalThis.hacked === undefined, m.forward(m.init(), [0, 1]).length];"
        assert run([Job(text, body)], tmp_path) == [{"gives": [True, 1]}]
        assert not [mark for mark in ("</script", "<!--") if mark in text]  # it may stand in HTML as it is
        plain = javascript(XOR.model_copy(update={"description": ""}), unroll)
        assert text.partition("/* eslint-disable */")[2] == plain.partition("/* eslint-disable */")[2]


NAMES = ["입력", "신경망", "größe", "ἀλφα", "データ", "数", "đầu", "ñ", "ഒ", "été"]


def test_names_that_python_takes_are_names_here(tmp_path: Path) -> None:
    """Both go by ID_Start and ID_Continue of Unicode (UAX 31)."""
    described = {**SINGLE, "inputs": NAMES, "activations": {"굽은": {"value": "z / 2 + abs(z)"}}}
    units = ["은닉", "ζ", "new", "const", "this", "undefined"]
    described |= {"layers": [{"name": "층", "units": units, "activation": "굽은"}, layer("o", 1, "tanh")]}
    chosen = Spec.model_validate(described | {"name": "net"})
    python = as_module("net", render(plan(chosen), chosen, "python"))
    params, x = python.unpack(python.pack(python.init(3))), [0.1 * k for k in range(len(NAMES))]
    jobs = [
        Job(javascript(chosen, unroll), "return m.forward(m.init(3), given);", x) for unroll in ("weights", "layers")
    ]
    for found in run(jobs, tmp_path):
        np.testing.assert_allclose(found["gives"], python.forward(params, x), rtol=1e-13)


def test_sums_of_many_terms(tmp_path: Path) -> None:
    described = SINGLE | {"inputs": {"name": "x", "size": 2_400}, "layers": [layer("o", 2, "softmax")]}
    chosen = Spec.model_validate(described)
    python = as_module("net", render(plan(chosen), chosen, "python"))
    x = np.random.default_rng(2).normal(size=2_400).tolist()
    body = "return [m.forward(m.init(4), given.x), m.pack(m.gradient(m.init(4), given.x, [0.5, 0.25])[1])];"
    text = javascript(chosen, "weights")
    assert "  z_o1 =\n    z_o1 +\n" in text
    (found,) = run([Job(text, body, {"x": x})], tmp_path)
    np.testing.assert_allclose(found["gives"][0], python.forward(python.init(4), x), rtol=1e-12)
    gradient = python.pack(python.gradient(python.init(4), x, [0.5, 0.25])[1])
    np.testing.assert_allclose(found["gives"][1], gradient, rtol=1e-12, atol=1e-15)


def test_a_page_in_a_browser_is_a_script_of_its_own(tmp_path: Path) -> None:
    """Without Node's names, as where it stands within <script type="module">: it exports all, and prints nothing."""
    browser = "const process = undefined; const require = undefined; const Buffer = undefined;\n"
    text = javascript(XOR).replace("globalThis", "({})")
    (tmp_path / "page.mjs").write_text(browser + text, encoding="utf-8")
    done = node("--input-type=module", "--eval", f"import * as m from '{(tmp_path / 'page.mjs').as_uri()}'; m.init();")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
