"""Modules that carry trained parameters: ``nngen build --params``."""

import json
import math
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.reading import fingerprint, load
from nngen.targets import KINDS, TARGETS, as_module, modules, texts
from tests.support.modules import ROOT

NUMBERS = [0.1, -1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 2.0**53 + 2, 1e22, math.pi, -1e-7]


def network(folder: Path, hidden: int = 2) -> Path:
    """A spec in a folder: 2 inputs, ``hidden`` units, one output."""
    path = folder / "net.yaml"
    path.write_text(
        f"name: net\ninputs: 2\nlayers:\n  - {{name: hidden, units: {hidden}, activation: tanh}}\n"
        "  - {name: output, units: 1, activation: linear}\nloss: squared_error\n"
        "training: {optimizer: {name: adam, rate: 0.1}}\n",
        "utf-8",
    )
    return path


def layout(path: Path) -> str:
    """The layout of the spec's parameters, as its module has it."""
    run(path, "--target", "python", "--out", str(path.parent / "plain"))
    text = (path.parent / "plain" / "python" / "net.py").read_text("utf-8")
    return str(as_module("net", text).LAYOUT)


def saved(path: Path, values: list[float], **more: Any) -> Path:
    """A file of parameters for the spec."""
    file = path.with_suffix(".json")
    network = fingerprint.written(load(path), None)
    file.write_text(json.dumps({"layout": layout(path), "parameters": values, "network": network} | more), "utf-8")
    return file


def run(*arguments: object) -> str:
    """Build whole modules, and return what is printed; the exit code must be 0."""
    result = CliRunner().invoke(main, ["build", "--contents", "all", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def refusal(*arguments: object) -> str:
    """Build what cannot be built, and return what is printed."""
    result = CliRunner().invoke(main, ["build", "--contents", "all", *map(str, arguments)])
    assert result.exit_code == 2
    return result.output


@pytest.mark.parametrize("target", ["python", "layers", "numpy"])
def test_parameters_are_exact_to_the_last_bit(tmp_path: Path, target: str) -> None:
    path = network(tmp_path)
    file = saved(path, NUMBERS)
    if target == "layers":
        path.write_text(path.read_text("utf-8") + "targets: [{name: python, unroll: layers}]\n", "utf-8")
        target = "python"
    run(path, "--params", file, "--target", target, "--out", tmp_path)
    module = as_module("net", (tmp_path / target / "net.py").read_text("utf-8"))
    assert list(map(float.hex, module.pack(module.TRAINED))) == list(map(float.hex, NUMBERS))


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_many_parameters_are_in_a_file_beside_the_module(tmp_path: Path, target: str) -> None:
    hidden = KINDS[target].max_trained // 4 + 1
    path = network(tmp_path, hidden)
    values = [1.0 / (i + 3) for i in range(4 * hidden + 1)]
    file = saved(path, values)
    run(path, "--params", file, "--target", target, "--out", tmp_path / "out")
    page = tmp_path / "out" / target / "net.py"
    assert json.loads(page.with_name("net.params.json").read_text("utf-8"))["parameters"] == values
    module: Any = {"__file__": str(page), "__name__": "net"}
    exec(compile(page.read_text("utf-8"), str(page), "exec"), module)
    assert module["pack"](module["TRAINED"]) == values
    run(path, "--params", file, "--target", target, "--out", tmp_path / "out", "--check")


@pytest.mark.parametrize("target", ["python", "numpy"])
@pytest.mark.parametrize("most", [10**6, 5])
def test_normalization_is_a_part_of_what_is_trained(
    tmp_path: Path, target: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gain, shift, and the running mean and variance: in the module, and in a file beside it."""
    monkeypatch.setitem(KINDS, target, replace(KINDS[target], max_trained=most))
    path = network(tmp_path)
    normalized = path.read_text("utf-8").replace("activation: tanh", "activation: tanh, normalization: batch_norm")
    normalized = normalized.replace("rate: 0.1}", "rate: 0.1}, batch_size: 3")
    path.write_text(normalized + "targets: [{name: python, unroll: layers}, numpy]\n", "utf-8")
    made = as_module("net", texts(load(path), tmp_path, [target])[target])
    xs, ys = [[0.5, -1.0], [2.0, 0.25], [1.0, 3.0]], [[0.0], [1.0], [2.0]]
    params, _ = made.fit(made.init(), xs, ys, 3)
    made.save(params, str(tmp_path / "net.json"))
    run(path, "--params", tmp_path / "net.json", "--target", target, "--out", tmp_path)
    page = tmp_path / target / "net.py"
    assert page.with_name("net.params.json").exists() == (most == 5)
    trained: Any = {"__file__": str(page), "__name__": "net"}
    exec(compile(page.read_text("utf-8"), str(page), "exec"), trained)
    measured = {"gain_hidden", "shift_hidden", "mean_hidden", "variance_hidden"}
    assert measured <= {name.split("[")[0] for name in made.LAYOUT.split()}
    assert made.pack(trained["TRAINED"]) == made.pack(params) != made.pack(made.init())
    x = xs if target == "numpy" else xs[0]
    assert str(trained["forward"](trained["TRAINED"], x)) == str(made.forward(params, x))


BESIDE = {
    "python": "python/net.params.json",
    "numpy": "numpy/net.params.json",
    "javascript": "javascript/net.params.mjs",
    "c": "c/net_params.h",
    "binding": "c/net.params.json",
}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five parameters are too many for a module."""
    for name, kind in KINDS.items():
        monkeypatch.setitem(KINDS, name, replace(kind, max_trained=4))


def layers(folder: Path) -> Path:
    """The spec with an equation for each layer, and a binding."""
    path = network(folder)
    targets = "[{name: python, unroll: layers}, numpy, {name: javascript, unroll: layers}, {name: c, binding: true}]"
    path.write_text(f"{path.read_text('utf-8')}targets: {targets}\n", "utf-8")
    return path


@pytest.mark.usefixtures("few")
def test_files_beside_modules_are_written_compared_and_renewed(tmp_path: Path) -> None:
    path = layers(tmp_path)
    file, out = saved(path, NUMBERS), tmp_path / "out"
    given = [path, "--params", file, "--out", out]
    run(*given)
    assert {str(found.relative_to(out)) for found in out.glob("*/*par*")} == {*BESIDE.values()}
    assert run(*given, "--check") == ""
    saved(path, NUMBERS[::-1])
    result = CliRunner().invoke(main, ["build", "--contents", "all", *map(str, given), "--check"])
    assert result.exit_code == 1
    changed = [
        line.removesuffix(" differs from the module that nngen writes for this spec")
        for line in result.stdout.splitlines()
    ]
    assert sorted(changed) == sorted(str(out / place) for place in BESIDE.values())
    run(*given)
    assert run(*given, "--check") == ""
    (out / "c" / "net_params.h").write_text("mine\n", "utf-8")
    assert "nngen did not write" in refusal(*given)
    file.unlink()
    path.unlink()
    shutil.copy(ROOT / "specs" / "xor_mlp.yaml", tmp_path / "other.yaml")
    left = CliRunner().invoke(main, ["build", "--contents", "all", str(tmp_path), "--out", str(out), "--check"]).stdout
    assert f"{out / BESIDE['javascript']} comes from none of the specs; delete it" in left


@pytest.mark.usefixtures("few")
def test_the_parameters_of_a_named_file_are_beside_it(tmp_path: Path) -> None:
    path = network(tmp_path)
    given = [path, "--params", saved(path, NUMBERS), "--target", "javascript", "-o"]
    run(*given, tmp_path / "app" / "model.mjs")
    assert {found.name for found in (tmp_path / "app").iterdir()} == {"model.mjs", "net.params.mjs"}
    assert "the trained parameters have this name" in refusal(*given, tmp_path / "app" / "net.params.mjs")


@pytest.mark.usefixtures("few")
def test_another_network_has_the_name_of_the_file_beside(tmp_path: Path) -> None:
    path = network(tmp_path)
    other = tmp_path / "other.yaml"
    other.write_text(path.read_text("utf-8").replace("name: net\n", "name: net_params\n"), "utf-8")
    said = refusal(path, other, "--params", saved(path, NUMBERS), "--out", tmp_path / "out")
    assert re.search("has a network 'net', with the same file as 'net_params'\n", said)


@pytest.mark.parametrize("many", [False, True])
def test_a_target_that_is_refused_does_not_keep_the_others(
    tmp_path: Path, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = network(tmp_path)
    file = saved(path, NUMBERS)
    if many:
        monkeypatch.setitem(TARGETS, "javascript", replace(TARGETS["javascript"], max_parameters=8))
        message = "net: the javascript module takes up to 8 trained parameters, not 9"
    else:
        longest = max(len(text) for text in texts(load(path), tmp_path, parameters=NUMBERS).values())
        monkeypatch.setattr(modules, "MAX_PAGE", longest - 1)
        message = f"net: the javascript module has {longest:,} characters; the limit is {longest - 1:,}"
    given = ["build", "--contents", "all", str(path), "--params", str(file), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 2
    assert result.stderr.count("wrote ") == len(list(tmp_path.glob("out/*/net.*"))) == 3
    assert f"error: {message}\n  --> {path}\n" in result.stderr
    checked = CliRunner().invoke(main, [*given, "--check"])
    assert (checked.exit_code, checked.stdout) == (2, "")
    assert message in checked.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": [1.0]}, "expected 9 parameters, got 1"),
        ({"parameters": [*NUMBERS[:-1], "1"]}, "expected a list of finite numbers under 'parameters'"),
        ({"parameters": [*NUMBERS[:-1], True]}, "expected a list of finite numbers under 'parameters'"),
        ({"parameters": [*NUMBERS[:-1], math.nan]}, "expected the parameters of a network"),
        ({"layout": "net W[2]"}, "expected the parameters of 'net', got those of 'net' of another shape"),
        ({"layout": "other W[2]"}, "these are the parameters of 'other', and no such network is built"),
        ({"layout": 3}, "expected the parameters of a network, as `nngen train --save` writes them"),
    ],
)
def test_other_parameters_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = network(tmp_path)
    file = saved(path, NUMBERS, **change)
    assert message in refusal(path, "--params", file, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_module_goes_to_the_file_that_is_named(tmp_path: Path) -> None:
    path, file = network(tmp_path), tmp_path / "app" / "model.py"
    run(path, "--target", "python", "-o", file)
    assert re.search(r"^Written by nngen from the spec net:", file.read_text("utf-8"), re.MULTILINE)
    assert "same" in run(path, "--target", "python", "-o", file)
    file.write_text("mine\n", "utf-8")
    assert "nngen did not write" in refusal(path, "--target", "python", "-o", file)
    assert file.read_text("utf-8") == "mine\n"
    assert "one file for 4 modules" in refusal(path, "-o", file)


def test_the_package_runs_as_a_program() -> None:
    done = subprocess.run([sys.executable, "-m", "nngen", "--version"], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.startswith(b"nngen ")
