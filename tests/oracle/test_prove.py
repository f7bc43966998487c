"""``nngen prove`` with CBMC: headers that are safe for all rows, and changed ones that are not."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.commands.prove import proof
from nngen.proof.proving import Verdict
from tests.support.integers import params_of, path_of
from tests.support.small_integers import Small, header, small

pytestmark = pytest.mark.filterwarnings("ignore:.*trained with:nngen.common.cautions.Caution")


def prove(made: Small, *more: str) -> Result:
    """The result of the command, with an ``int`` of 16 and 32 bits."""
    wanted = ["prove", str(made.spec), "--params", str(made.params), "--dtype", "int8", "--accept-loss"]
    return CliRunner().invoke(main, [*wanted, *more])


def test_every_function_of_iris_is_proven_for_all_rows(tmp_path: Path) -> None:
    done = proof(path_of("iris"), Path(params_of("iris", tmp_path)), 600.0)
    assert done.verdict is Verdict.PROVEN, str(done)
    assert len(done.steps) == 18
    assert sum(step.found.properties for step in done.steps) > 400
    assert "`#ifdef __AVR__`" in str(done)


def test_a_small_network_is_proven_with_its_hash(tmp_path: Path) -> None:
    done = prove(small(tmp_path))
    assert done.exit_code == 0, done.output
    assert done.output.endswith("\nproven\n")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("values + place)", "values + place + 1)", "outside"),
        ("n < least ? least : ", "", "overflow"),
        ("i < 3; i++", "i < 4; i++", "outside"),
    ],
)
def test_a_change_that_breaks_the_header_is_shown_with_its_row(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    made = small(tmp_path)
    text = header(made)
    assert old in text
    (tmp_path / "changed.h").write_text(text.replace(old, new))
    done = prove(made, "--header", str(tmp_path / "changed.h"))
    assert done.exit_code == 1, done.output
    assert wrong in done.output
    assert "for the row size " in done.output
    assert done.output.endswith("\nfails\n")


def test_what_is_not_decided_in_time_is_never_called_proven(tmp_path: Path) -> None:
    made = small(tmp_path)
    found = proof(made.spec, made.params, 0.0, accept_loss=True)
    assert found.verdict is Verdict.UNDECIDED
    assert str(found).endswith("\nnot decided")
    assert "no time is left" in str(found)
