"""``nngen build --dtype int8`` and ``nngen evaluate --dtype int8``."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import nngen
from nngen.cli import main
from nngen.plan import plan
from nngen.reading import load
from nngen.targets import as_module
from tests.support.integers import params_of, path_of


def call(*arguments: str) -> Result:
    """The result of a command."""
    return CliRunner().invoke(main, list(arguments))


def test_a_spec_is_built_in_all_targets_with_integers_and_checked(tmp_path: Path) -> None:
    wanted = ["build", str(path_of("iris")), "--params", params_of("iris", tmp_path), "--dtype", "int8"]
    done = call(*wanted, "--out", str(tmp_path / "made"), "--table", "64")
    assert done.exit_code == 0, done.output
    made = sorted(str(file.relative_to(tmp_path)) for file in (tmp_path / "made").rglob("iris*"))
    assert made == ["made/c/iris.h", "made/javascript/iris.mjs", "made/python/iris.py"]
    header = (tmp_path / "made" / "c" / "iris.h").read_text()
    assert "`nngen build --dtype int8 --table 64`" in header
    code = header.split("*/", 2)[2]
    assert not any(word in code for word in ("float", "double", "math.h"))
    assert call(*wanted, "--out", str(tmp_path / "made"), "--table", "64", "--check").exit_code == 0
    assert call(*wanted, "--out", str(tmp_path / "made"), "--check").exit_code == 1
    assert call(*wanted, "--out", str(tmp_path / "made")).exit_code == 0  # it overwrites its own files


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dtype", "int8"], "iris: int8 needs trained parameters"),
        (["--params", "P", "--dtype", "int8", "--target", "numpy"], "int8 has the targets c, python and javascript"),
        (["--params", "P", "--dtype", "int8", "--selftest"], "takes neither --contents nor --selftest"),
        (["--params", "P", "--dtype", "int8", "--table", "8"], "8 is not in the range 16<=x<=256"),
        (["--table", "64"], "--table belongs to --dtype int8"),
    ],
)
def test_what_integers_do_not_have_is_refused(arguments: list[str], message: str, tmp_path: Path) -> None:
    given = [params_of("iris", tmp_path) if word == "P" else word for word in arguments]
    done = call("build", str(path_of("iris")), "--out", str(tmp_path / "made"), *given)
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "made").exists()


def test_evaluate_says_what_integers_change(tmp_path: Path) -> None:
    done = call("evaluate", str(path_of("penguins")), "--params", params_of("penguins", tmp_path), "--dtype", "int8")
    assert done.exit_code == 0, done.output
    assert "held-out examples" in done.output
    assert "float64" in done.output
    assert " of 86 answers differ" in done.output
    assert "values cut to their range: x 0." in done.output
    table = str(path_of("penguins").parent / "data" / "penguins.csv")
    done = call(
        "evaluate", str(path_of("penguins")), table, "--params", params_of("penguins", tmp_path), "--dtype", "int8"
    )
    assert " of 344 answers differ" in done.output
    done = call("evaluate", str(path_of("deep_mlp")), "--params", params_of("deep_mlp", tmp_path), "--dtype", "int8")
    assert "mean absolute error" in done.output
    both = ["--dtype", "int8", "--top", "3", "--relevant", "4"]
    done = call("evaluate", str(path_of("iris")), "--params", params_of("iris", tmp_path), *both)
    assert (done.exit_code, "give one of them" in done.output) == (2, True)


def test_verify_says_that_it_compares_no_integers(tmp_path: Path) -> None:
    module = str(tmp_path / "iris.py")
    wanted = ["--params", params_of("iris", tmp_path), "--dtype", "int8", "--target", "python", "-o", module]
    assert call("build", str(path_of("iris")), *wanted).exit_code == 0
    done = call("verify", module, "--spec", str(path_of("iris")))
    assert (done.exit_code, "this module has integers" in done.output) == (2, True)


def test_a_range_with_its_ends_exchanged_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "iris.yaml"
    text = path_of("iris").read_text().replace("[sepal_length,", "[{name: sepal_length, range: [9, 4]},")
    file.write_text(text.replace("inputs: [", "inputs:\n  [", 1))
    (tmp_path / "data").symlink_to(path_of("iris").parent / "data")
    done = call("build", str(file), "--out", str(tmp_path / "made"))
    assert done.exit_code == 2
    assert "inputs.0.range: expected the lesser number first, got 9 and 4" in done.output


NARROW = """
name: narrow
inputs: [level]
layers: [{name: output, units: 1, activation: ACTIVATION}]
loss: LOSS
training: {optimizer: {name: gradient_descent, rate: 0.1}}
data: {file: levels.csv, target: y, DATA}
"""


def narrow(folder: Path, kind: str) -> list[str]:
    """The arguments for a network whose rows lie closely together, but for a few: 255 levels are too few."""
    classes = kind == "classes"
    words = {"ACTIVATION": "sigmoid", "LOSS": "binary_cross_entropy", "DATA": "classes: [low, high]"}
    if not classes:
        words = {"ACTIVATION": "linear", "LOSS": "squared_error", "DATA": ""}
    text = NARROW
    for word, value in words.items():
        text = text.replace(word, value)
    (folder / "narrow.yaml").write_text(text)
    levels = [0.0, 1000.0] * 5 + [500.0 + i / 100.0 for i in range(-150, 150)]
    truth = [("high" if x > 500.5 else "low") if classes else f"{10 * x:.1f}" for x in levels]
    rows = [f"{x:.2f},{y}" for x, y in zip(levels, truth, strict=True)]
    (folder / "levels.csv").write_text("\n".join(["level,y", *rows, ""]))
    flat = [100.0, -50_050.0] if classes else [10.0, 0.0]
    layout = " ".join(plan(load(folder / "narrow.yaml")).layout)
    (folder / "params.json").write_text(json.dumps({"layout": layout, "parameters": flat}))
    return [str(folder / "narrow.yaml"), "--params", str(folder / "params.json")]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("classes", r"narrow: int8: 2\d\d of 310 training examples are right, 310 in float64; "),
        (
            "numbers",
            r"narrow: int8: mean absolute error \d\S* for 310 training examples, \d\S* in float64; "
            r"an answer has the unit 1; ",
        ),
    ],
)
def test_answers_that_integers_make_worse_are_not_written_without_a_word(kind: str, said: str, tmp_path: Path) -> None:
    wanted = narrow(tmp_path, kind)
    few = r"the fewest levels: column level, \d levels of 255"
    for command, *more in (["build", "--dtype", "int8", "--target", "c", "--out"], ["export", "--arduino"]):
        done = call(command, *wanted, *more, str(tmp_path / "made"))
        assert done.exit_code == 2
        assert re.search(said + few, done.output), done.output
        assert "`--accept-loss`" in done.output
        assert not (tmp_path / "made").exists()
        done = call(command, *wanted, "--accept-loss", *more, str(tmp_path / "made"))
        assert done.exit_code == 0, done.output
        assert re.search(said.removeprefix("narrow: ").rstrip("; "), done.output), done.output
        shutil.rmtree(tmp_path / "made")
    flat = json.loads(Path(wanted[2]).read_text())["parameters"]
    with pytest.raises(nngen.SpecError, match="accept_loss=True"):
        nngen.build(wanted[0], "c", params=flat, dtype="int8")
    assert nngen.build(wanted[0], "c", params=flat, dtype="int8", accept_loss=True).text


def test_a_loss_that_nothing_has_is_not_accepted(tmp_path: Path) -> None:
    wanted = narrow(tmp_path, "classes")
    for command, *more, belongs in (
        ["build", "--out", str(tmp_path / "made"), "--dtype int8"],
        ["export", "--onnx", str(tmp_path / "made"), "--arduino"],
    ):
        done = call(command, *wanted, "--accept-loss", *more)
        assert (done.exit_code, f"--accept-loss belongs to {belongs}" in done.output) == (2, True)


def test_a_column_far_from_0_has_an_offset(tmp_path: Path) -> None:
    """In Python, JavaScript and C: the whole numbers begin at a round number below the lowest value."""
    words = {
        "narrow": "days",
        "ACTIVATION": "linear",
        "LOSS": "squared_error",
        ", DATA": "",
        "[level]": "[level, seconds]",
    }
    text = NARROW
    for word, value in words.items():
        text = text.replace(word, value)
    (tmp_path / "days.yaml").write_text(text)
    rows = [f"{101_240 + i % 60},{1_700_006_400 + 288 * i},{i}" for i in range(300)]
    (tmp_path / "levels.csv").write_text("\n".join(["level,seconds,y", *rows, ""]))
    flat = [0.0, 1 / 288, -1_700_006_400 / 288]
    built = {
        target: nngen.build(tmp_path / "days.yaml", target, params=flat, dtype="int8").text
        for target in ("python", "c", "javascript")
    }
    assert '_units("level", values[0], 1.0, 0, 59, 101240.0)' in built["python"].replace("'", '"')
    assert "level less 101240, from 0 to 59" in built["c"]
    assert "seconds less 1700000000 in units of 10, from 640 to 9251" in built["c"]
    module = as_module("days", built["python"])
    assert module.whole([101_250, 1_700_006_400 + 288 * 100]) == [10, 3520]
    assert abs(module.predict([10, 3520])[0] * module.UNITS[0] - 100) <= 2
