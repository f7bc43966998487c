"""What ``nngen init`` says about columns, and ``nngen train`` about answers, that look too good or too bad."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.init import spec_for
from nngen.commands.leaks import gives_away, same_order, sums
from nngen.commands.proposal import Proposal, described
from nngen.description.data import encoding
from nngen.description.data.examples import read_examples
from nngen.description.data.extreme_cells import extremes
from nngen.description.data.frame import Frame
from nngen.description.data.text_columns import of_texts
from nngen.reading import parse

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


@pytest.mark.parametrize(("activation", "convex"), [("relu", True), ("tanh", False)])
def test_training_says_that_a_monotone_network_of_convex_activations_is_convex(
    activation: str, convex: bool, tmp_path: Path
) -> None:
    (tmp_path / "t.yaml").write_text(f"""\
name: t
inputs: [{{name: size, monotone: increasing}}]
layers: [{{name: h, units: 2, activation: {activation}}}, {{name: o, units: 1, activation: linear}}]
loss: squared_error
training: {{optimizer: {{name: adam, rate: 0.1}}, epochs: 1}}
data: {{rows: [{{x: [1], y: [1]}}, {{x: [2], y: [3]}}]}}
""")
    stderr = CliRunner().invoke(main, ["train", str(tmp_path / "t.yaml")]).stderr
    assert ("caution: As relu is convex, so is the weighted sum of o" in stderr) is convex


def table(**columns: Sequence[object]) -> str:
    """A table with a target ``y`` that no column tells, if there is none among these."""
    columns = (
        {**columns} if "y" in columns else {**columns, "y": ["no" if i * 37 % 101 < 50 else "yes" for i in PLACES]}
    )
    rows = zip(*columns.values(), strict=True)
    return "\n".join([";".join(columns), *(";".join(map(str, row)) for row in rows)])


PLACES = range(300)
WHOLE = [i * 7_919 % 1_000 for i in PLACES]
COMMAS = [f"{i % 97},{i % 10}" for i in PLACES]
FEW = [("cafe", "deli", "grill")[i * i % 3] for i in PLACES]
RARE = [f"shop {i * 7_919 % 140}" for i in PLACES]
NUMBERS = [100.0 + i * 7_919 % 140 + i % 3 for i in PLACES]


@pytest.mark.parametrize(
    ("text", "sentences", "parts"),
    [
        (
            table(price=COMMAS, count=WHOLE, size=["583" if i % 3 else f"{i % 9 + 1}.117" for i in PLACES], n=FEW),
            ["'size': '7.117' is 7117; if it means 7.117"],
            ['number: {thousands: ".", decimal: ","}  # as the table writes numbers: a later \'1.200\' is 1200'],
        ),
        (table(size=[f"{i % 9 + 1}.117" if i % 2 else i for i in PLACES]), ["is 9117; if it means 9.117"], []),
        (
            table(price=COMMAS, heat=[f"{i % 30}.5" for i in PLACES]),
            ["'price' has decimal commas, and 'heat' decimal points: a number such as 1.200 in 'heat' is read as 1.2"],
            [],
        ),
        (
            table(share=["71.7%" if i % 2 else "0.452" for i in PLACES]),
            ["'share' has '71.7%' and '0.452', which is read as 0.452 %"],
            [],
        ),
        (
            table(zip=[10_115 + i % 20 for i in PLACES], month=[202_300 + i % 12 + 1 for i in PLACES]),
            [
                "'zip' has codes such as 10115, by its name, which become categories",
                "'month' has numbers such as 202312: written as 2024-05-17, they are dates with months",
            ],
            ['categories: ["10115", "10116"'],
        ),
        (
            table(
                call=[4_930_000_000 + i * 7_919 % 9_973 for i in PLACES], seat=["1e5" if i % 9 else i for i in PLACES]
            ),
            [
                "'call' is left out, for it has whole numbers such as 4930000000, nearly all different",
                "'seat' has '1e5', which is the number 100000: if it is an id, rename it",
            ],
            [],
        ),
        (
            table(
                age=[">89" if i % 100 == 0 else 20 + i % 60 for i in PLACES],
                band=["<25" if i % 2 else "25" for i in PLACES],
            ),
            ["'age' has bounds in 3 rows, such as '>89': each is read as its number"],
            ['number: {prefix: ">"}', 'categories: ["25", "<25"]'],
        ),
        (
            table(shop=RARE, size=WHOLE, y=NUMBERS),
            ["'shop' is left out, and alone it explains 29% of the variance of the target in held-out rows"],
            [],
        ),
        (
            table(shop=["mall" if i % 5 < 3 else shop for i, shop in zip(PLACES, RARE, strict=True)], y=NUMBERS),
            ["'shop' has texts that are too rare for categories, and they explain 12% of the variance of the target"],
            [],
        ),
        (table(shop=RARE, size=[f"{i % 97}.{i}" for i in PLACES], y=[i * i % 89 for i in PLACES]), [], []),
        (
            table(
                log=[f"{math.log(value):.4f}" for value in NUMBERS], size=[f"{i % 97}.{i}" for i in PLACES], y=NUMBERS
            ),
            ["'log' puts the rows in the order of the target, as its logarithm does: leave it out"],
            [],
        ),
        (
            table(
                one=WHOLE,
                two=[i * i % 89 for i in PLACES],
                y=[a + i * i % 89 for i, a in zip(PLACES, WHOLE, strict=True)],
            ),
            ["'one' and 'two' give the target together, as a sum does: leave them out"],
            [],
        ),
        (
            table(
                height=[113.5 if i == 6 else -90.5 if i in (8, 9) else f"{i % 50}.5" for i in PLACES],
                few=[i // 298 for i in PLACES],
            ),
            ["'height' has 113.5 in row 7, far from all others", "'height' has -90.5 in row 9 and 1 more cell"],
            ["    scale: robust  # a few numbers are far"],
        ),
        (table(door=["" if i % 7 else "yes" for i in PLACES]), [], ['categories: ["yes"]']),
    ],
)
def test_init_says_what_may_mean_otherwise(
    text: str, sentences: Sequence[str], parts: Sequence[str], tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text(text)
    written, proposal = spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    assert isinstance(proposal, Proposal)
    said = [one for one in (*proposal.cautions, *proposal.unclear) if "repeat others" not in one]
    missing = [sentence for sentence in sentences if not any(sentence in one for one in said)]
    assert (missing, len(said)) == ([], len(sentences)), said
    assert [part for part in parts if part not in written] == [], written


def test_answers_stay_near_those_of_a_table_with_extreme_cells(tmp_path: Path) -> None:
    size = [113.5 if i == 6 else i % 50 for i in PLACES]
    (tmp_path / "t.csv").write_text(table(size=size, other=WHOLE, y=[f"{i * 37 % 101}.5" for i in PLACES]))
    written, _ = spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    assert written.count("scale: robust") == 1
    encoded = encoding(parse(written, str(tmp_path / "t.yaml")), tmp_path)
    assert encoded
    assert encoded.ends == ((0.0, 110.5),)  # a tenth of the range from 0.5 to 100.5 more, but nothing below 0


def test_train_names_extreme_cells_by_their_rows_in_the_table(tmp_path: Path) -> None:
    """Row 3 is left out, as it has no target; a column with a clip needs no correction."""
    size = [113.5 if i == 6 else i % 50 for i in PLACES]
    y = ["" if i == 2 else f"{i * 37 % 101}.5" for i in PLACES]
    (tmp_path / "t.csv").write_text(table(size=size, same=size, y=y))
    written, _ = spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    plain = written.replace("scale: robust", "scale: standardize", 1)
    (found,) = read_examples(parse(plain, str(tmp_path / "t.yaml")), tmp_path).doubts
    assert found.startswith("'size' has 113.5 in row 7, far from all others: correct it if it is a mistake")


def test_noise_has_neither_the_order_of_the_target_nor_its_sum() -> None:
    random = np.random.default_rng(1)
    y = random.normal(size=500)
    assert same_order(np.exp(-y), y)
    assert not same_order(y + random.normal(0.0, 0.1, 500), y)
    a, b = random.normal(size=(2, 500))
    columns = {"a": a, "b": b, "c": y + a}
    assert [*sums(columns, y)] == [("a", "c")]
    assert [*sums({"a": a, "b": b}, y)] == []


def test_texts_that_count_as_missing_targets_are_named(tmp_path: Path) -> None:
    regions = ["NA" if i % 5 == 0 else ("EU", "ASIA")[i * i % 3 % 2] for i in PLACES]
    (tmp_path / "t.csv").write_text(table(size=WHOLE, y=regions))
    _, proposal = spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    [line] = [line for line in described(proposal) if line.startswith("left out")]
    assert line.startswith("left out 60 rows without a target: the text 'NA' counts as missing; where it is a class")


def test_an_unclear_date_is_shown_by_one_that_tells_the_orders_apart(tmp_path: Path) -> None:
    dates = [f"0{i % 9 + 1}/0{(i // 9 + i) % 9 + 1}/2024" for i in PLACES]
    assert dates[0] == "01/01/2024"
    (tmp_path / "t.csv").write_text(table(day=dates))
    _, proposal = spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    assert isinstance(proposal, Proposal)
    assert proposal.unclear == ("'day': '01/02/2024' is 2024-02-01; if it means 2024-01-02, write `date: MM/DD/YYYY`",)


def test_far_cells_are_those_of_the_definition() -> None:
    """Of sorted numbers, a gap near an end is larger than the range of the others, but for a few at the other end."""
    random, found = np.random.default_rng(4), 0
    for case in range(600):
        values = (random.normal, random.standard_cauchy)[case % 2](size=int(random.integers(20, 400)))
        values[random.integers(len(values), size=case % 4)] = random.choice([-1e4, 30.0, 1e3])
        ends = [np.sort(sign * values)[::-1] for sign in (1.0, -1.0)]
        far = [any(end[n - 1] - end[n] > end[n] - end[-6] for n in range(1, 6)) for end in ends]
        assert len([*extremes("x", values)]) == sum(far)
        found += any(far)
    assert 200 < found < 500
