"""``nngen prove`` without CBMC."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.proof.proving import Header
from tests.support.small_integers import header, small

pytestmark = pytest.mark.filterwarnings("ignore:.*trained with:nngen.common.cautions.Caution")


def test_without_cbmc_the_message_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small(tmp_path)
    monkeypatch.setenv("PATH", "")
    wanted = ["prove", str(made.spec), "--params", str(made.params), "--dtype", "int8", "--accept-loss"]
    done = CliRunner().invoke(main, wanted)
    assert (done.exit_code, "the program cbmc is not there" in done.output) == (2, True)
    assert "apt-get install cbmc" in done.output
    assert "apt-get install cbmc" in " ".join(CliRunner().invoke(main, ["prove", "--help"]).output.split())


def test_bodies_are_replaced_without_moving_a_line(tmp_path: Path) -> None:
    found = Header("fruit", header(small(tmp_path)))
    assert [*found.functions][-2:] == ["predict", "predict_proba"]
    changed = found.with_bodies({"encode": "return;", "share": "return 1;", "none": ""}, keep={"share"})
    assert len(changed.split("\n")) == len(found.text.split("\n"))
    assert "(const int16_t *row, int8_t *x) {\nreturn;\n" in changed
    assert "return 1;" not in changed
    assert [path.condition for path in found.left_out] == ["#ifdef __AVR__"] * 2
    for path in found.left_out:
        lines = found.text.split("\n")[path.first - 1 : path.last]
        assert all("AVR" in line or "pgm" in line or "PROGMEM" in line or "asm" in line for line in lines), lines
