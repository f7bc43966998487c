"""What ``nngen init`` says about columns, and ``nngen train`` about answers, that look too good or too bad."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.table_cautions import gives_away
from nngen.description.data.frame import Frame
from nngen.description.data.text_columns import of_texts

ROWS = 200
X = [i * 7 % 100 for i in range(ROWS)]


def frame(values: Sequence[float] | Sequence[str], target: Sequence[str]) -> Frame:
    numbers = [value for value in values if isinstance(value, float)]
    texts = of_texts([value for value in values if isinstance(value, str)])
    return Frame("t", ("a", "y"), {"a": np.array(numbers) if numbers else texts, "y": of_texts(target)})


def test_a_column_gives_the_target_alone() -> None:
    classes = ["no" if x < 50 else "yes" for x in X]
    numbers = [str(2 * x) for x in X]
    doubled = np.array([2.0 * x for x in X])
    mixed = ["no" if x % 3 else "yes" for x in X]
    as_numbers = [float(x) + i / ROWS for i, x in enumerate(X)]
    assert gives_away(frame(classes, classes), "a", "y", None)
    assert gives_away(frame(as_numbers, classes), "a", "y", None)
    assert not gives_away(frame(as_numbers, mixed), "a", "y", None)
    assert not gives_away(frame([*map(str, range(ROWS))], mixed), "a", "y", None)
    assert gives_away(frame([float(x) for x in X], numbers), "a", "y", doubled)
    assert not gives_away(frame([float(x * x) for x in range(ROWS)], numbers), "a", "y", doubled)


def said(folder: Path, text: str, *options: str) -> str:
    (folder / "t.csv").write_text(text)
    spec = str(folder / "t.yaml")
    assert CliRunner().invoke(main, ["init", str(folder / "t.csv"), "--target", "y", "-o", spec]).exit_code == 0
    result = CliRunner().invoke(main, ["train", spec, *options])
    assert result.exit_code == 0, result.output
    return result.stderr


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("".join(f"{x},{'no' if x < 50 else 'yes'}\n" for x in X), (), "caution: all 40 held-out examples are right"),
        (
            "".join(f"{x},{'yes' if i % 10 == 0 else 'no'}\n" for i, x in enumerate(X)),
            (),
            "caution: each of 40 held-out examples gets the answer 'no'",
        ),
        ("".join(f"{x},{x * 3}.5\n" for x in X), ("--epochs", "1"), "caution: the network is worse than linear"),
        ("".join(f"{x},{x * 3 + i * 37 % 101}.5\n" for i, x in enumerate(X)), (), ""),
    ],
)
def test_training_says_what_looks_wrong(text: str, options: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    stderr = said(tmp_path, f"x,y\n{text}", *options)
    assert expected in stderr
    assert ("caution" in stderr) == bool(expected)
