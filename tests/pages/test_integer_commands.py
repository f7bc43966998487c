"""``nngen build --dtype int8`` and ``nngen evaluate --dtype int8``."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
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
