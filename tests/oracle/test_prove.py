"""``nngen prove`` with CBMC: headers that are safe for all rows, and changed ones that are not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import nngen
from nngen.cli import main
from nngen.commands.prove import proof, written
from nngen.description.model import Equal, Monotone, Never, Property, Spec
from nngen.integers import Integers, run
from nngen.proof.proving import Header, Verdict, boxes, compared, construction, decided, question, safe, safety, walks
from nngen.reading import load
from tests.support.header_mutants import mutants
from tests.support.integers import params_of, path_of
from tests.support.small_integers import SPEC, Small, header, small

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore:.*trained with:nngen.common.cautions.Caution")]


CLIPPED = SPEC.replace("range: [2, 12]", "range: [-900, 900], scale: {name: robust, median: 5, spread: 4}")
"""The small network with a clip, and with negative numbers."""


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


def test_a_clip_is_proven_for_all_rows(tmp_path: Path) -> None:
    """With a range of 62 spreads, over which the clip nearly goes from -3 to 3."""
    made = small(tmp_path, text=CLIPPED)
    done = proof(made.spec, made.params, 300.0, accept_loss=True)
    assert done.verdict is Verdict.PROVEN, str(done)
    assert "fruit_clip(" in done.header.text


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
    changed = tmp_path / "changed.h"
    changed.write_text(text.replace(old, new))
    done = proof(made.spec, made.params, 300.0, file=changed, accept_loss=True, widths=(32,))
    assert done.verdict is Verdict.FAILS, str(done)
    assert wrong in str(done)
    assert "for the row size " in str(done)
    assert str(done).endswith("\nfails")


def test_a_function_that_users_call_fails_by_its_own_arguments(tmp_path: Path) -> None:
    made = small(tmp_path)
    changed = tmp_path / "changed.h"
    changed.write_text(header(made).replace("answer < 2 ?", "answer <= 2 ?"))
    done = proof(made.spec, made.params, 300.0, file=changed, accept_loss=True, widths=(32,))
    assert [step.function for step in done.steps if step.found.verdict is Verdict.FAILS] == ["name_of_class"]


@pytest.mark.parametrize("step", ["w += *w == 7 ? 2 : 1;", "\n#if 1\n        w += *w == 7;\n#endif\n        w++;"])
def test_a_changed_sum_is_proven_where_it_is_called(tmp_path: Path, step: str) -> None:
    """Its induction knows only the loop that nngen writes: this one goes on by two weights behind a 7."""
    made = small(tmp_path)
    text = header(made)
    assert text.count("w++;") == 1
    changed = tmp_path / "changed.h"
    changed.write_text(text.replace("w++;", step))
    done = proof(made.spec, made.params, 300.0, file=changed, accept_loss=True, widths=(32,))
    assert "sum" not in {one.function for one in done.steps if one.found.verdict is Verdict.PROVEN}, str(done)


def test_what_is_not_decided_in_time_is_never_called_proven(tmp_path: Path) -> None:
    made = small(tmp_path)
    found = proof(made.spec, made.params, 0.0, accept_loss=True)
    assert found.verdict is Verdict.UNDECIDED
    assert str(found).endswith("\nnot decided")
    assert "no time is left" in str(found)


@pytest.mark.parametrize(("text", "count"), [(SPEC, 6), (CLIPPED, 2)])
def test_small_mistakes_are_found_or_proven_equal(text: str, count: int, tmp_path: Path) -> None:
    made = written(*_loaded(small(tmp_path, text=text)), accept_loss=True)
    assert compared(made.network, made.header, 60.0).found.verdict is Verdict.PROVEN
    drawn = mutants(made.header.text, count, seed=3)
    for mutant in drawn:
        header = Header(made.network.name, mutant.text, made.header.text)
        verdicts = [compared(made.network, header, 60.0).found.verdict]
        if verdicts[0] is not Verdict.FAILS:
            verdicts += [step.found.verdict for step in safe(made.network, header, 32, 300.0)]
        assert Verdict.FAILS in verdicts or {*verdicts} == {Verdict.PROVEN}, mutant[:3]


def test_a_sum_that_no_row_gives_is_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function fails for one sum between the ends of all sums, and this is none of them.

    Larger networks have no time for the question whether the whole header fails for any row.
    """
    asked = safety._of_row

    def of_some(network: Integers, header: Header, step: safety.Step, declared: str, end: float) -> safety.Step:
        assert "row_0 = " in declared, "any row is asked for"
        return asked(network, header, step, declared, end)

    monkeypatch.setattr(safety, "_of_row", of_some)
    made = written(*_loaded(small(tmp_path, text=SPEC.replace("tanh", "relu"))), accept_loss=True)
    high = made.network.hidden[0].step.high
    assert made.header.text.count(f"z > {high} ?") == 1
    text = made.header.text.replace(f"z > {high} ?", f"z > {high + 1} ?")
    steps = safe(made.network, Header(made.network.name, text, made.header.text), 32, 100.0)
    assert {step.found.verdict for step in steps} == {Verdict.PROVEN}


def _loaded(made: Small) -> tuple[Spec, Path, list[float]]:
    return load(made.spec), made.spec, json.loads(made.params.read_text())["parameters"]


PROPERTIES = """\
properties:
  - {kind: monotone, input: size, direction: decreasing}
  - {kind: monotone, input: size}
  - {kind: never, answer: cherry, where: {size: [11, 12], color: green}}
  - {kind: equal, input: color, where: {size: [9, 12]}}
  - {kind: robust, row: {size: 12, color: green}, within: {size: 0.5}}
"""


def test_properties_are_decided_with_rows_and_a_certificate_that_is_checked(tmp_path: Path) -> None:
    made = small(tmp_path)
    (tmp_path / "asked.yaml").write_text(PROPERTIES)
    file = str(tmp_path / "proof.json")
    done = prove(made, "--property", str(tmp_path / "asked.yaml"), "--certificate", file)
    assert done.exit_code == 1, done.output
    said = json.loads((tmp_path / "proof.json").read_text())
    network, table = (
        proof(made.spec, made.params, 0.0, widths=(), accept_loss=True).network,
        [(n, c) for n in range(4, 25) for c in (-1, 0, 1)],
    )
    answers = {row: int(run(network, [row]).answers[0]) for row in table}
    for size, color in table[3:]:  # what the file says is what NumPy computes
        assert answers[size, color] <= answers[size - 1, color] or said["properties"][0]["verdict"] == "fails"
    for one in said["properties"]:
        if one["verdict"] == "fails":
            assert one["rows"], one
            assert len({answers[tuple(row)] for row in one["rows"]}) == len(one["rows"])
    assert {one["verdict"] for one in said["properties"]} == {"proven", "fails"}
    again = CliRunner().invoke(main, ["prove", "--check", file])
    assert (again.exit_code, "in the certificate" in again.output) == (1, False), again.output
    assert f"bounds, nngen {nngen.__version__}" in said["engines"]
    text = (tmp_path / "proof.json").read_text()
    for old, new, differs in [
        ("by bounds of ", "by walks of ", False),  # as another machine or version may decide
        (said["header"]["sha256"], "0" * 64, True),
        ('"verdict": "proven"', '"verdict": "not decided"', True),
    ]:
        assert old in text
        (tmp_path / "proof.json").write_text(text.replace(old, new))
        again = CliRunner().invoke(main, ["prove", "--check", file])
        assert ("in the certificate" in again.output) == differs, again.output


def test_properties_of_a_spec_are_proven_beside_its_safety(tmp_path: Path) -> None:
    made = small(tmp_path, PROPERTIES)
    alone = prove(made, "--property", str(made.spec)).output
    done = proof(made.spec, made.params, 600.0, accept_loss=True, widths=(32,))
    assert done.steps
    assert {step.found.verdict for step in done.steps} == {Verdict.PROVEN}
    assert done.verdict is Verdict.FAILS  # as one of the properties does
    assert str(done).split("\n\n")[-2] == alone.split("\n\n")[-2]


def test_the_engines_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small(tmp_path)
    done = proof(made.spec, made.params, 0.0, widths=(), accept_loss=True)
    network = done.network
    asked: list[Property] = [
        Monotone(kind="monotone", input="size"),
        Monotone(kind="monotone", input="size", direction="decreasing"),
        Never(kind="never", answer="cherry", where={"size": (11, 12), "color": "green"}),
        Equal(kind="equal", input="color"),
    ]
    for one in asked:
        q = question(one, network, ["apple", "cherry"])
        tried = decided(network, done.header, q, 60.0, construct=False)
        solved = decided(network, done.header, q, 60.0, construct=False, most=1)
        assert tried.engine.startswith("by exhaustion")
        assert solved.engine.startswith("by CBMC")
        assert tried.found.verdict is solved.found.verdict, q.says
        assert not construction.holds(network, q) or tried.found.verdict is Verdict.PROVEN
        walked = walks.broken(network, q) if q.walked is not None else []
        assert bool(walked) == (q.walked is not None and tried.found.verdict is Verdict.FAILS)  # they are all rows here
        quick = decided(network, done.header, q, 60.0)
        assert quick.found.verdict is tried.found.verdict
        assert quick.engine.startswith("by construction" if construction.holds(network, q) else "by bounds")
        if walked:
            with monkeypatch.context() as patched:
                patched.setattr(boxes, "FEW", 0)
                assert decided(network, done.header, q, 60.0, most=1).rows == tuple(walked)


def test_the_interface_says_what_the_command_says(tmp_path: Path) -> None:
    made = small(tmp_path)
    (tmp_path / "asked.yaml").write_text(PROPERTIES)
    found = nngen.prove(made.spec, params=made.params, properties=tmp_path / "asked.yaml", accept_loss=True)
    assert f"{found}\n" in prove(made, "--property", str(tmp_path / "asked.yaml")).output
