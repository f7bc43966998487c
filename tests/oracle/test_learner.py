"""A last layer that learns on a board, over a body in integers."""

import csv
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.machines.measure import made
from nngen.cli import main
from tests.oracle.boards import call, compiled, data_of, said
from tests.oracle.compiling import SANITIZED, STANDARD, WARNINGS, run
from tests.support.integers import params_of, path_of

pytestmark = pytest.mark.oracle


def test_the_last_layer_learns_on_the_board_and_keeps_it(tmp_path: Path) -> None:
    """A sensor reads 500 more: 50 labelled rows mend most of it, also after a reset, but not if a bit is wrong."""
    path = made("gesture.yaml", tmp_path)
    wanted: list[str | Path] = [path, "--params", tmp_path / "gesture.json"]
    call("train", path, "--save", tmp_path / "gesture.json")
    call("export", *wanted, "--arduino", tmp_path / "library", "--learn")
    with path.with_suffix(".csv").open() as file:
        table = [*csv.reader(file)][1:]
    shifted = [([str(int(cell) + 500) for cell in row[:-1]], row[-1]) for row in random.Random(1).sample(table, 110)]
    lines = [",".join(row) for row, _ in shifted]
    taught, asked = [f"{line},{name}" for line, (_, name) in zip(lines[:50], shifted, strict=False)], lines[50:]
    names = [name for _, name in shifted[50:]]
    program = compiled(tmp_path / "library", "gesture_learns", tmp_path)
    assert b"right" not in data_of(program)  # the names of classes stay in flash
    assert "gesture_learn\tKEYWORD2\n" in (tmp_path / "library" / "keywords.txt").read_text()
    restarted = ["\4" + asked[0], *asked[1:], "\5\4" + asked[0], *asked[1:]]  # the second time with a wrong bit
    text = [*asked, *taught, *asked, "save", *restarted, f"{asked[0]},left?", ""]
    found = said(program, "\n".join(text), tmp_path)
    assert found.pop().startswith("expected a row such as ")
    before, after, kept, lost = found[:60], found[110:170], found[171:231], found[231:]
    assert (found[60:110], found[170]) == (["learned"] * 50, "saved")
    right = [sum(one == name for one, name in zip(answers, names, strict=True)) / 60 for answers in (before, after)]
    assert right[0] < 0.9 < 0.93 < right[1], right
    assert (kept, lost) == (after, before)


def test_answers_in_numbers_learn_on_the_board_and_keep_it(tmp_path: Path) -> None:
    """Six sensors read a fifth less: 60 readings beside a reference mend most of it, also after a reset."""
    path = made("calibration.yaml", tmp_path)
    call("train", path, "--save", tmp_path / "calibration.json")
    wanted: list[str | Path] = [path, "--params", tmp_path / "calibration.json", "--arduino", tmp_path / "library"]
    call("export", *wanted, "--learn", "--accept-loss")
    with path.with_suffix(".csv").open() as file:
        table = random.Random(1).sample([*csv.reader(file)][1:], 100)
    lines = [",".join(str(int(cell) * 4 // 5) for cell in row[:-1]) for row in table]
    truth = [float(row[-1]) for row in table]
    taught, asked = [f"{line},{row[-1]}" for line, row in zip(lines[:60], table, strict=False)], lines[60:]
    program = compiled(tmp_path / "library", "calibration_learns", tmp_path)
    text = [*asked, *taught, *asked, "save", "\4" + asked[0], *asked[1:], f"{asked[0]},a lot", f"{asked[0]},1,2", ""]
    found = said(program, "\n".join(text), tmp_path)
    assert (found[40:100], found[140]) == (["learned"] * 60, "saved")
    assert [line.startswith("expected a row such as ") for line in found[181:]] == [True, True]
    assert found[141:181] == found[100:140]
    answers = [[float(line.removeprefix("concentration: ")) for line in found[i : i + 40]] for i in (0, 100)]
    errors = [sum(abs(a - b) for a, b in zip(one, truth[60:], strict=True)) / 40 for one in answers]
    assert errors[1] < errors[0] / 3, errors


TWO = """
name: two
inputs: [a, b]
layers: [{name: hidden, units: 6, activation: tanh}, {name: output, units: [y], activation: sigmoid}]
loss: binary_cross_entropy
training: {optimizer: {name: adam, rate: 0.05}, epochs: 60, batch_size: 20}
data: {file: two.csv, target: kind, classes: [low, high], scale: standardize}
"""

LEARNS = """
#include <stdio.h>
#include "two_learner.h"
int main(void) {
    const int16_t row[] = {9, 9};
    float params[TWO_HEAD_PARAMETERS];
    two_restart(params);
    printf("%d %d ", two_predict(row), two_learned(params, row));
    const uint16_t sum = two_checksum(params);
    float loss = two_learn(params, row, 0), next = 0.0f;
    int steps = 1;
    for (; two_learned(params, row) == 1 && steps < 50; steps++, loss = next) {
        next = two_learn(params, row, 0);
        if (next >= loss) return 3;
    }
    printf("%d %d %d\\n", two_learned(params, row), steps < 50, two_checksum(params) != sum);
    two_restart(params);
    return two_checksum(params) != sum || two_learn(params, row, 2) > 0.0f || two_learned(params, row) != 1;
}
"""


def test_a_last_layer_with_one_output_learns(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO)
    rows = [f"{a},{b},{'high' if a + b > 10 else 'low'}" for a in range(12) for b in range(12)]
    (tmp_path / "two.csv").write_text("\n".join(["a,b,kind", *rows, ""]))
    call("train", tmp_path / "two.yaml", "--save", tmp_path / "two.json")
    params = ["--params", str(tmp_path / "two.json")]
    call("export", tmp_path / "two.yaml", *params, "--arduino", tmp_path / "library", "--learn")
    (tmp_path / "main.c").write_text(LEARNS)
    for compiler, language in (("gcc", "c"), ("clang++", "c++")):
        options = [*STANDARD[language], *WARNINGS, *SANITIZED, *(["-x", "c++"] if language == "c++" else [])]
        run(
            compiler, *options, f"-I{tmp_path / 'library' / 'src'}", tmp_path / "main.c", "-o", tmp_path / "main", "-lm"
        )
        assert run(tmp_path / "main").decode().split() == ["1", "1", "0", "1", "1"]


def test_a_monotone_column_is_refused(tmp_path: Path) -> None:
    one = TWO.replace("inputs: [a, b]", "inputs: [{name: a, monotone: increasing}, b]")
    (tmp_path / "two.yaml").write_text(one)
    (tmp_path / "two.csv").write_text("a,b,kind\n1,2,low\n3,4,high\n5,1,high\n")
    call("train", tmp_path / "two.yaml", "--save", tmp_path / "two.json")
    wanted = ["export", tmp_path / "two.yaml", "--params", tmp_path / "two.json", "--accept-loss", "--learn"]
    done = CliRunner().invoke(main, [*map(str, wanted), "--arduino", str(tmp_path / "library")])
    assert (done.exit_code, "does not keep its columns monotone" in done.output) == (2, True), done.output


@pytest.mark.parametrize("name", ["xor_mlp", "and_slp"])
def test_a_last_layer_that_cannot_learn_is_refused(name: str, tmp_path: Path) -> None:
    params, folder = params_of(name, tmp_path), str(tmp_path / "library")
    done = CliRunner().invoke(main, ["export", str(path_of(name)), "--params", params, "--arduino", folder, "--learn"])
    assert (done.exit_code, "leave out `--learn`" in done.output) == (2, True), done.output
    assert not (tmp_path / "library").exists()
