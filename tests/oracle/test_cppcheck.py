"""cppcheck reads the headers of C, for an AVR and for other processors, and the sketch of a library for Arduino."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.machines.measure import made
from nngen.cli import main
from tests.oracle.boards import call
from tests.support import integer_networks
from tests.support.integers import modules_of, narrow_header, params_of, path_of, trained
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.oracle

AVR = ["-D__AVR__", "-DPROGMEM=", "-D__SIZEOF_DOUBLE__=4"]
OTHERS = ["-U__AVR__"]


def said(*arguments: str | Path, language: str = "c") -> str:
    """What cppcheck says."""
    level = [
        "-q",
        "--error-exitcode=1",
        "--suppress=normalCheckLevelMaxBranches",
        "--enable=warning,performance,portability",
    ]
    standard = {"c": "c99", "c++": "c++11"}[language]
    done = subprocess.run(
        ["cppcheck", *level, f"--language={language}", f"--std={standard}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stderr


def test_committed_headers() -> None:
    assert said(*OTHERS, *sorted((ROOT / "generated" / "c").glob("*.h"))) == ""


def test_a_clip_and_a_last_layer_that_learns(tmp_path: Path) -> None:
    drawn = integer_networks.network(1031, tmp_path, clipped=True)
    assert drawn is not None
    (tmp_path / "net.h").write_text(modules_of(drawn.spec, drawn.path, drawn.flat, ["c"], drawn.size)["c"])
    path = made("calibration.yaml", tmp_path)
    call("train", path, "--save", tmp_path / "calibration.json")
    wanted: list[str | Path] = [path, "--params", tmp_path / "calibration.json", "--arduino", tmp_path / "library"]
    call("export", *wanted, "--learn", "--accept-loss")
    sketch = tmp_path / "library" / "examples" / "calibration_learns" / "calibration_learns.ino"
    for where in (AVR, OTHERS):
        assert said(*where, tmp_path / "net.h") == ""
        more = [] if where is AVR else ["-DPROGMEM="]  # Arduino.h has it for all boards
        assert said(*where, *more, "-I", tmp_path / "library" / "src", sketch, language="c++") == ""


def test_predictors(tmp_path: Path) -> None:
    """In integers and in 32 bits, with parameters in flash or not, and a library with its sketch."""
    for name in ("iris", "penguins", "digits"):
        (tmp_path / f"{name}.h").write_text(narrow_header(spec(path_of(name)), path_of(name), trained(name), "layers"))
        params = params_of(name, tmp_path)
        exported = ["export", str(path_of(name)), "--params", params, "--arduino", str(tmp_path / name)]
        assert CliRunner().invoke(main, exported).exit_code == 0
        whole = tmp_path / name / "src" / f"{name}.h"
        for where in (AVR, OTHERS):
            assert said(*where, f"-D{name.upper()}_FLASH=", tmp_path / f"{name}.h") == ""
            assert said(*where, whole) == ""
            sketch = tmp_path / name / "examples" / name / f"{name}.ino"
            assert said(*where, "-I", tmp_path / name / "src", sketch, language="c++") == ""
        whole.write_text(whole.read_text().replace("memory[DIGITS_RAM];", "memory[1];\n    memory[1] = 0;"))
    assert "arrayIndexOutOfBounds" in said(*OTHERS, whole)
