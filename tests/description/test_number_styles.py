"""Numbers as people write them: ``init`` finds the style of a column, and all that reads cells reads it alike."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding, expected_of, guess, inputs, number_style, read_examples, read_frame, tables
from nngen.description.data.csv_table import CsvTable
from nngen.description.data.number_texts import plain
from nngen.description.data.tables import frame_of
from nngen.description.model import NumberStyle, Numeric, Spec
from nngen.reading import load, parse
from nngen.targets import as_module, texts
from tests.support.modules import ROOT
from tests.support.number_texts import ENCODING, NAMES, SPEC, STYLES, right, rows

TABLES = ROOT / "tests" / "tables"

STATED = {
    # prices of cars in the United States, some with cents, and discounts in percent: they became categories
    "numbers_dollars": {"price": '{thousands: ",", prefix: "$"}', "discount": '{suffix: "%"}'},
    # an account as German banks write it: points between thousands, a decimal comma, the minus at the end
    "numbers_german": {"Betrag": '{thousands: ".", decimal: ",", minus: after}'},
    # French rents: plain, no-break and narrow no-break spaces between thousands and before the sign of the euro
    "numbers_french": {"loyer": '{thousands: " ", decimal: ",", suffix: "€"}'},
    # Swiss wages: straight and curly apostrophes between thousands, and the code of the currency
    "numbers_swiss": {"Lohn": '{thousands: "\'", prefix: "CHF"}'},
    # prices of flats in India: groups of two digits before the last three
    "numbers_indian": {"price": '{thousands: ",", prefix: "₹"}'},
    # balances in accounts: negative ones are in parentheses
    "numbers_accounts": {"balance": '{thousands: ",", minus: parentheses}'},
    # the points may be before decimals or between thousands, but another column has decimal commas
    "numbers_shown": {"km": '{thousands: ".", decimal: ","}', "liter": '{decimal: ","}'},
    # ten texts that mean a missing age; in the column of pets, none is a category
    "missing_words": {"age": '["#N/A", "-", "--", ".", N.A., none]'},
    # a single #N/A in the only column that tells something: the column was left out
    "missing_once": {"income": '["#N/A"]'},
}
"""What the spec of a table states of its columns. Beside each is a column with a hundred times its numbers."""


def proposed(name: str, folder: Path) -> tuple[Spec, str, str]:
    """The spec for a table of the folder, its text, and what the command says."""
    path = TABLES / f"{name}.csv"
    target = path.read_text("utf-8").splitlines()[0].replace(";", ",").replace("\t", ",").split(",")[-1]
    out = folder / f"{name}.yaml"
    result = CliRunner().invoke(main, ["init", str(path), "--target", target, "-o", str(out)])
    assert result.exit_code == 0, result.output
    return load(out, root=TABLES), out.read_text("utf-8"), result.stderr


@pytest.mark.parametrize("name", STATED)
def test_each_shape_is_found_and_read(name: str, tmp_path: Path) -> None:
    spec, text, said = proposed(name, tmp_path)
    frame = read_frame(TABLES / f"{name}.csv", [expected_of(column) for column in spec.columns])
    field = "missing_texts" if name.startswith("missing") else "number"
    for column, stated in STATED[name].items():
        [found] = [each for each in spec.columns if each.name.lower() == column.lower()]
        assert isinstance(found, Numeric)
        assert f"    {field}: {stated}  # " in text
        numbers, hundred = frame.numbers(column), frame.numbers(f"{column}_cents")
        assert np.allclose(100.0 * numbers, hundred, rtol=1e-12, equal_nan=True)
        assert found.missing == "median"
    assert "left out" not in text
    assert ("; if it means " in said) == (name == "numbers_shown")


POINTS = [
    ("-1234.5", [-1234.5] * 7),
    ("0.125", [0.125] * 7),
    (".5e-3", [0.0005] * 7),
    ("12.34", [12.34] * 7),
    ("1.234", [1.234, 1234.0, None, 1.234, None, 1.234, 1.234]),  # a group, or neither
    ("1.234.567", [None, 1234567.0, *[None] * 5]),
    ("1 234.5", [None] * 7),
]
"""Numbers as programs write them, and what they are in each of STYLES."""


def test_a_column_with_a_style_reads_plain_numbers() -> None:
    for text, numbers in POINTS:
        assert right([text] * len(NAMES)) == numbers
        for style, number in zip(STYLES, numbers, strict=True):
            read = plain(text, NumberStyle.model_validate(style))
            assert (float(read) if read else None) == number, (text, style)
    assert guess(["1,5", "2,25", "3.5", "4.5"]) is None  # a style is guessed from its own texts


def test_a_column_that_can_be_read_in_two_ways(tmp_path: Path) -> None:
    spec, text, said = proposed("numbers_unclear", tmp_path)
    line = '\'98.688\' is 98.688; if it means 98688, write `number: {thousands: ".", decimal: ","}`'
    assert f"    # {line}\n" in text
    assert f"'km': {line}\n" in said
    assert isinstance(spec.columns[0], Numeric)
    assert spec.columns[0].number is None
    _, _, said = proposed("numbers_shown", tmp_path)
    line = "'98.688' is 98688; if it means 98.688, write `number: {decimal: \".\"}`"
    assert f"'km': {line}\n" in said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", True),
        (', number: {decimal: "."}', False),
        (', number: {thousands: ".", decimal: ","}', False),
    ],
)
def test_points_beside_decimal_commas_are_told_where_a_spec_does_not_say_what_they_are(
    tmp_path: Path, number: str, said: bool
) -> None:
    rows = "".join(f"{k % 9 + 1}.{k * 37 % 1000:03d};{k},5;{k}\n" for k in range(30))
    (tmp_path / "t.csv").write_text(f"price;size;answer\n{rows}")
    text = f"""
name: prices
inputs: [{{name: price{number}}}, {{name: size, number: {{decimal: ","}}}}]
layers: [{{name: output, units: 1, activation: linear}}]
loss: squared_error
training: {{optimizer: {{name: adam, rate: 0.1}}}}
data: {{file: t.csv, target: answer}}
"""
    found = read_examples(parse(text, str(tmp_path / "t.yaml"), tmp_path), tmp_path).doubts
    sentence = (
        "'price' has 2.037, and other columns have decimal commas: "
        'write `number: {thousands: ".", decimal: ","}` if it is 2037, and `number: {decimal: "."}` if not'
    )
    assert found == ((sentence,) if said else ())


@pytest.mark.parametrize(
    ("cells", "style", "missing"),
    [
        (["35,000", "1,200"], '{thousands: ","}', ()),
        (["1,5", "35,000"], '{decimal: ","}', ()),
        (["1,234,567", "5"], '{thousands: ","}', ()),
        (["\u22125", "3"], "{minus: before}", ()),
        (["12.50 €", "3"], '{suffix: "€"}', ()),
        (["US$ 5", "US$ 1,200.5"], '{thousands: ",", prefix: "US$"}', ()),
        (["1,5E+03", "2,25"], '{decimal: ","}', ()),
        (["1"] * 198 + ["ten", "#REF!"], "{minus: before}", ("#REF!", "ten")),
    ],
)
def test_the_style_of_some_texts(cells: list[str], style: str, missing: tuple[str, ...]) -> None:
    found = guess(cells)
    assert found is not None
    assert (number_style(found.style), found.missing) == (style, missing)


@pytest.mark.parametrize(
    "cells",
    [
        ["1st", "2nd"],
        ["Room 1", "Room 2"],
        ["2020-01-02"],
        ["12:30"],
        ["10.0.0.1"],
        ["5.-", "7.-"],
        ["$5", "€5"],
        ["1"] * 98 + ["one", "two"],
        ["abc", "-"],
        ["-", "?"],
        [],
    ],
)
def test_other_texts_are_no_numbers(cells: list[str]) -> None:
    assert guess(cells) is None


def refusal(encode: Callable[[Any], Any], row: Any) -> Any:
    """The inputs for a row, or None for a refusal."""
    try:
        return np.ravel(encode(row)).tolist()
    except ValueError:
        return None


def test_modules_and_the_command_read_random_texts_as_the_reference() -> None:
    made = {target: as_module(SPEC.name, texts(SPEC, Path(), [target])[target]) for target in ("python", "numpy")}
    expected = [expected_of(column) for column in SPEC.columns]
    accepted = 0
    for row in rows(250, seed=4):
        for place, number in enumerate(right(row)):
            cells: list[Any] = [0.0] * len(row)
            cells[place] = row[place]
            alone = [0.0] * len(row) if number is None else [*cells[:place], number, *cells[place + 1 :]]
            wanted = None if number is None else alone
            assert refusal(made["python"].encode, cells) == wanted, row[place]
            assert refusal(made["numpy"].encode, [cells]) == wanted, row[place]
            accepted += number is not None
        table = io.StringIO()
        csv.writer(table).writerows([NAMES, row])
        wanted = right(row)
        if "\0" in "".join(row):  # no cell of a table
            continue
        try:
            assert ENCODING is not None
            frame = frame_of(table.getvalue().encode(), "table", expected)
            assert np.ravel(inputs(ENCODING, frame)).tolist() == wanted
        except SpecError:
            assert None in wanted
        else:
            assert None not in wanted
    assert 500 < accepted < 1_500


def test_rows_of_a_csv_reader_and_of_a_form(tmp_path: Path) -> None:
    for name in ("numbers_dollars", "missing_words"):
        spec, _, _ = proposed(name, tmp_path)
        how = encoding(spec, tmp_path)
        assert how is not None
        path = TABLES / f"{name}.csv"
        wanted = inputs(how, read_frame(path, [expected_of(column) for column in spec.columns]))
        made = {target: as_module(name, texts(spec, tmp_path, [target])[target]) for target in ("python", "numpy")}
        with path.open(encoding="utf-8", newline="") as file:
            given = [*csv.DictReader(file)]
        assert all(isinstance(value, str) for row in given for value in row.values())
        assert np.array_equal(made["python"].encode(given[5]), wanted[5])
        assert np.array_equal([made["python"].encode(row) for row in given], wanted)
        assert np.array_equal(made["numpy"].encode(given), wanted)
        columns = {column: np.array([row[column] for row in given]) for column in given[0]}
        assert np.array_equal(made["numpy"].encode(columns), wanted)
        plain = {**given[0], ("price" if name == "numbers_dollars" else "age"): 35.0}
        assert made["python"].encode(plain) == made["python"].encode({key: str(value) for key, value in plain.items()})


def test_a_text_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    spec, _, _ = proposed("missing_once", tmp_path)
    module = as_module("missing_once", texts(spec, tmp_path, ["python"])["python"])
    assert module.encode(["#N/A", 5.0]) == module.encode([None, 5.0]) == module.encode(["NA", "5"])
    with pytest.raises(ValueError, match=r"income: expected a number such as 1234\.5, got 'N\.A\.'"):
        module.encode(["N.A.", 5.0])
    rows = tmp_path / "rows.csv"
    rows.write_text("income,income_cents\nN.A.,5\n$1,5\n", "utf-8")
    with pytest.raises(SpecError) as caught:
        read_frame(rows, [expected_of(column) for column in spec.columns])
    found = caught.value.diagnostics[0]
    assert (found.message, found.line) == ("income: expected a number such as 1234.5, got 'N.A.'", 2)
    assert found.help == 'if it means a missing value, list it: `missing_texts: ["N.A."]`'


TARGET = """a;y
{rows}
"""


def test_a_target_has_a_style_and_its_missing_values_are_left_out(tmp_path: Path) -> None:
    lines = [f"{i * 7 % 31};{1_000 + 37 * i:,}".replace(",", ".") + f",{i % 10}0 €" for i in range(40)]
    path, out = tmp_path / "rents.csv", tmp_path / "rents.yaml"
    path.write_text(TARGET.format(rows="\n".join(lines)), "utf-8")
    run = CliRunner().invoke
    assert run(main, ["init", str(path), "--target", "y", "-o", str(out)]).exit_code == 0
    text = out.read_text("utf-8")
    assert '  target_number: {thousands: ".", decimal: ",", suffix: "€"}  # ' in text
    spec = load(out)
    frame = read_frame(path, [expected_of(column) for column in spec.columns])
    assert len(frame) == 40
    path.write_text(TARGET.format(rows="\n".join([*lines, "3;#N/A"])), "utf-8")
    result = run(main, ["init", str(path), "--target", "y", "-o", str(out), "--force"])
    assert result.exit_code == 0, result.output
    assert "y       numbers  1000 to 2443.9        1  the target" in result.stderr
    assert "left out 1 row without a target" in result.stderr
    text = out.read_text("utf-8")
    assert (
        '  target_missing_texts: ["#N/A"]  # no numbers\n  missing_target: leave_out  # 1 row without a target' in text
    )
    examples = read_examples(load(out), tmp_path)
    assert examples.dropped == {"without a target": 1}
    assert len(examples.train_y) + len(examples.test_y) == 40


def test_missing_targets_as_a_table_writes_them(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('a,y\n1,"$1,200"\n2,n.a.\n3,$5\n', "utf-8")
    given = {
        "name": "targets",
        "inputs": ["a"],
        "layers": [{"name": "output", "units": ["answer"], "activation": "linear"}],
        "loss": {"name": "squared_error", "missing": "ignore"},
        "training": {"optimizer": {"name": "adam", "rate": 0.1}},
        "data": {
            "file": "t.csv",
            "target": "y",
            "target_number": {"thousands": ",", "prefix": "$"},
            "target_missing_texts": "n.a.",
        },
    }
    found = read_examples(Spec.model_validate(given), tmp_path).train_y.ravel()
    assert np.array_equal(found, [1200.0, np.nan, 5.0], equal_nan=True)


def test_pyarrow_and_the_plain_reader_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, _, _ = proposed("numbers_dollars", tmp_path)
    expected = [expected_of(column) for column in spec.columns]
    path = TABLES / "numbers_dollars.csv"
    slow = read_frame(path, expected)
    monkeypatch.setattr(tables, "LARGE", 10)
    monkeypatch.setattr(CsvTable, "cells", None)  # only pyarrow reads
    fast = read_frame(path, expected)
    assert all(np.array_equal(slow.numbers(name), fast.numbers(name)) for name in slow.names if name != "sold")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('number: {thousands: "."}', "'.' stands before decimals and between thousands"),
        ('number: {prefix: "1$"}', "a mark before or after numbers cannot have '1'"),
        ('number: {suffix: " %"}', "a mark before or after numbers cannot have ' '"),
        ('number: {prefix: "."}', "a mark before or after numbers needs more than separators"),
        ('number: {minus: "("}', "expected before, after or parentheses"),
    ],
)
def test_styles_that_cannot_be(line: str, message: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    column = f"{{name: price, {line}}}"
    spec.write_text((ROOT / "docs" / "xor.yaml").read_text("utf-8").replace("[x1, x2]", f"[{column}, x2]"), "utf-8")
    with pytest.raises(SpecError) as caught:
        load(spec)
    assert message in str(caught.value)


def test_long_texts_take_no_time() -> None:
    long = [
        "1," * 50_000,
        "(" * 100_000,
        "$" + "1" * 100_000 + "x",
        "-" * 100_000,
        "1 " * 50_000,
        "1" + " " * 50_000 + "x",
    ]
    start = perf_counter()
    expected = [expected_of(column) for column in SPEC.columns]
    module = as_module(SPEC.name, texts(SPEC, Path(), ["python"])["python"])
    for text in long:
        assert guess([text]) is None
        for place, column in enumerate(expected):
            assert refusal(module.encode, [0.0] * place + [text] + [0.0] * (6 - place)) is None
            with pytest.raises(ValueError, match="expected a number"):
                column.check(text)
    assert perf_counter() - start < 20.0
