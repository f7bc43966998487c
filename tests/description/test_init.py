"""``nngen init``: from a table to a spec that trains well, or to the reason why not."""

import io
import math
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from nngen.cli import main
from nngen.commands import init
from nngen.commands.proposal import WIDE, WIDEST, Proposal, network_of
from nngen.common.diagnostics import SpecError
from nngen.description.data import read_examples
from nngen.description.identifiers import Identifiers, module_name
from nngen.description.model.columns import Categorical, Index, Numeric
from nngen.description.model.data import Table
from nngen.description.model.date_column import Dated
from nngen.description.model.spec import Spec
from nngen.reading.source import load
from nngen.targets import as_module, texts
from tests.support.modules import ROOT


def loans(rows: int = 200) -> str:
    """A table of loans, with gaps, texts, and columns that say nothing."""
    random_numbers = random.Random(4)
    lines = ["id,income,housing,years employed,bank,since,approved"]
    for row in range(rows):
        income = random_numbers.randrange(1_000, 9_000)
        housing = random_numbers.choice(["rent", "own", "free of charge"])
        years = "" if row % 10 == 3 else random_numbers.randrange(40)
        approved = "yes" if income + 2_000 * (housing == "own") > 5_000 else "no"
        lines.append(
            f"{row + 1},{income},{'' if row == 7 else housing},{years},blue,2024-02-{row % 28 + 1:02},{approved}"
        )
    return "\n".join(lines) + "\n"


def written(folder: Path, text: str, target: str = "approved", name: str = "loans.csv") -> Spec:
    """The spec that the command writes for a table."""
    path = folder / name
    path.write_text(text, "utf-8")
    out = folder / "network.yaml"
    result = CliRunner().invoke(main, ["init", str(path), "--target", target, "-o", str(out)])
    assert result.exit_code == 0, result.output
    return load(out)


def refused(folder: Path, content: str | bytes, target: str = "y") -> str:
    """The messages about a table."""
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SpecError) as caught:
        init.spec_for(path, target, None, folder / "table.yaml")
    return str(caught.value).replace(f"{folder}/", "")


LOANS = """\
# Written by `nngen init`: it fits the table 'loans.csv', and every line may be changed.
# left out: the column 'id': it numbers the rows
# left out: the column 'bank': every value is 'blue'
name: loans  # the name of the network and of its modules
description: Predicts approved.  # it opens the modules
inputs:  # 4 columns of 200 rows
  - name: income  # numbers from 1045 to 8878
    missing: median  # no row lacks it; where a later one does: a typical value
  - name: housing  # categories: an input for each, 1 or 0
    categories: [free of charge, own, rent]  # all of the table
    unknown: zeros  # other texts are none of them
    missing: zeros  # 1 row (0.5 %) without a value: none of the categories
  - name: years_employed  # numbers from 0 to 39
    column: years employed  # its name in the table
    missing: median  # 20 rows (10.0 %) without a value: a typical one, which outliers do not move
    indicator: true  # an input says that the value is missing, which can mean something
  - name: since  # dates from 2024-02-01 to 2024-02-28
    date: YYYY-MM-DD  # as the table writes them
    parts: [days, weekday]  # what differs between the rows; year is another
    since: 2024-02-01  # the first date: days are counted from it
    missing: median  # no row lacks it; where a later one does: a typical value
layers:
"""


def test_each_line_has_its_reason(tmp_path: Path) -> None:
    network = written(tmp_path, loans())
    text = (tmp_path / "network.yaml").read_text("utf-8")
    assert text.startswith(LOANS)
    sections = ("inputs:", "layers:", "training:", "data:")
    assert [line for line in text.splitlines() if "# " not in line and line not in sections] == []
    income, housing, years, since = network.columns
    assert isinstance(since, Dated)
    assert isinstance(income, Numeric)
    assert isinstance(housing, Categorical)
    assert (income.missing, housing.missing, housing.unknown) == ("median", "zeros", "zeros")
    assert isinstance(years, Numeric)
    assert (years.column, years.missing, years.indicator) == ("years employed", "median", True)
    assert network.data is not None
    assert network.data.class_values == ("no", "yes")


@pytest.mark.parametrize(
    "classes",
    [[*map(str, range(10))], ["no", "perhaps", "yes"], ["-1", "0", "1"], ["f", "t", "x"], ["no", "yes"], ["dead", "1"]],
)
def test_only_the_second_of_two_classes_is_the_positive_one(classes: list[str], tmp_path: Path) -> None:
    rows = [f"{i * 7 % 13},{classes[i % len(classes)]}" for i in reversed(range(60))]
    network = written(tmp_path, "\n".join(["a,approved", *rows]))
    assert network.data is not None
    assert list(network.data.class_values) == classes


def test_the_command_says_what_it_left_out_and_what_is_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loans.csv").write_text(loans(), "utf-8")
    run = CliRunner().invoke
    result = run(main, ["init", "loans.csv", "--target", "approved"])
    assert result.stdout == ""
    assert result.stderr == (
        "wrote loans.yaml\n"
        "column          kind     values            missing  what it becomes\n"
        "--------------  -------  ----------------  -------  ----------------------------------\n"
        "id              numbers  1 to 200                   left out: it numbers the rows\n"
        "income          numbers  1045 to 8878               a number\n"
        "housing         texts    3 different             1  3 categories\n"
        "years employed  numbers  0 to 39                20  a number and whether it is missing\n"
        "bank            texts    blue                       left out: every value is 'blue'\n"
        "since           dates    2024-02-01 to 28           days and weekday\n"
        "approved        texts    no, yes                    the target: 2 classes\n"
        "next: nngen train loans.yaml\n"
    )
    first = Path("loans.yaml").read_text("utf-8")
    Path("loans.yaml").write_text("mine", "utf-8")
    result = run(main, ["init", "loans.csv", "--target", "approved"])
    assert (result.exit_code, Path("loans.yaml").read_text("utf-8")) == (2, "mine")
    assert "the file exists already" in result.stderr
    assert run(main, ["init", "loans.csv", "--target", "approved", "--force"]).exit_code == 0
    assert Path("loans.yaml").read_text("utf-8") == first


def test_a_table_elsewhere_is_named_to_the_next_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    Path("../loans.csv").write_text(loans(), "utf-8")
    result = CliRunner().invoke(main, ["init", "../loans.csv", "--target", "approved"])
    assert result.stderr.endswith("next: nngen train loans.yaml --data-root ..\n")
    assert load(Path("loans.yaml"), Path("..")).name == "loans"


def test_a_spec_beside_a_schema_names_it(tmp_path: Path) -> None:
    network = written(tmp_path, loans())
    (tmp_path / "spec.schema.json").write_text(CliRunner().invoke(main, ["schema"]).output, "utf-8")
    first = (tmp_path / "network.yaml").read_text("utf-8")
    (tmp_path / "network.yaml").unlink()
    assert written(tmp_path, loans()) == network
    named = "# yaml-language-server: $schema=spec.schema.json\n"
    assert (tmp_path / "network.yaml").read_text("utf-8") == named + first


def test_what_it_writes_trains_well_unedited(tmp_path: Path) -> None:
    network = written(tmp_path, loans(400))
    data = read_examples(network, tmp_path)
    module = as_module(network.name, texts(network, tmp_path, ["numpy"])["numpy"])
    params, _ = module.fit(module.init(), data.train_x, data.train_y)
    right = (np.asarray(module.forward(params, data.test_x)) > 0.5) == (data.test_y > 0.5)
    assert right.mean() > 0.9


def test_all_in_one_command_is_what_three_commands_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, folders = CliRunner().invoke, [tmp_path / name for name in ("three", "one")]
    for folder in folders:
        folder.mkdir()
        (folder / "loans.csv").write_text(loans(), "utf-8")
    monkeypatch.chdir(folders[0])
    for words in (
        "init loans.csv --target approved",
        "train loans.yaml --save loans.json",
        "predict loans.yaml loans.csv --params loans.json -o loans.answers.csv",
    ):
        assert run(main, words.split()).exit_code == 0
    monkeypatch.chdir(folders[1])
    missing = run(main, "init loans.csv --target approved --predict new.csv".split())
    assert (missing.exit_code, missing.output) == (2, "error: this file does not exist\n  --> new.csv\n")
    assert [path.name for path in folders[1].iterdir()] == ["loans.csv"]
    done = run(main, "init loans.csv --target approved --predict loans.csv".split())
    assert done.exit_code == 0
    assert "next: nngen build loans.yaml --params loans.json" in done.output
    three, one = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert three == one
    assert len(one) == 5  # with the checkpoint
    assert run(main, "init loans.csv --target approved --train".split()).exit_code == 2


def test_numbers_are_predicted_in_their_own_units(tmp_path: Path) -> None:
    network = written(
        tmp_path, "a,price\n" + "".join(f"{i * 7 % 40},{1000 + 30.5 * (i * 7 % 40)}\n" for i in range(60)), "price"
    )
    assert network.loss.name == "squared_error"
    assert network.layers[-1].activation.name == "linear"
    assert network.data is not None
    assert network.data.scale_targets is not None


@pytest.mark.parametrize(("task", "loss"), [([], "cross_entropy"), (["--task", "numbers"], "squared_error")])
def test_a_few_whole_numbers_are_classes_unless_said_otherwise(tmp_path: Path, task: Sequence[str], loss: str) -> None:
    path, out = tmp_path / "stars.csv", tmp_path / "stars.yaml"
    path.write_text("a,stars\n" + "".join(f"{i * 7 % 40},{i % 4 + 1}\n" for i in range(60)), "utf-8")
    assert CliRunner().invoke(main, ["init", str(path), "--target", "stars", "-o", str(out), *task]).exit_code == 0
    assert load(out).loss.name == loss


def test_images_in_an_array_become_a_group(tmp_path: Path) -> None:
    x = np.arange(30 * 4).reshape(30, 4) % 17
    np.savez(tmp_path / "images.npz", x=x, digit=np.arange(30) % 3)
    out = tmp_path / "images.yaml"
    result = CliRunner().invoke(main, ["init", str(tmp_path / "images.npz"), "--target", "digit", "-o", str(out)])
    assert result.exit_code == 0, result.output
    network = load(out)
    assert network.input_names == ("x1", "x2", "x3", "x4")
    assert read_examples(network, tmp_path).train_x.max() == 1.0


def test_an_array_of_targets_becomes_a_group(tmp_path: Path) -> None:
    """A column that is the same in every row may be among them."""
    x = np.arange(30 * 4).reshape(30, 4) % 17
    np.savez(tmp_path / "sound.npz", x=x, y=np.column_stack([np.zeros(30), x / 2]))
    out, table = tmp_path / "sound.yaml", str(tmp_path / "sound.npz")
    result = CliRunner().invoke(main, ["init", table, "--target", "y", "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert ["y1", "to", "y5", "numbers", "the", "target:", "5", "numbers"] in [
        *map(str.split, result.output.splitlines())
    ]
    network = load(out)
    assert isinstance(network.data, Table)
    assert network.data.targets == ("y1", "y2", "y3", "y4", "y5")
    assert read_examples(network, tmp_path).train_y.shape == (24, 5)
    alone = out.read_text().replace('target: {name: "y", size: 5}', 'target: "y"')
    assert alone != out.read_text()
    out.write_text(alone)
    with pytest.raises(SpecError) as caught:
        read_examples(load(out), tmp_path)
    assert [(found.message, found.help) for found in caught.value.diagnostics] == [
        ("expected one column 'y', got y1 to y5", "`{name: y, size: 5}` names them all")
    ]
    result = CliRunner().invoke(main, ["init", table, "--target", "y", "--task", "classes", "-o", str(out), "--force"])
    assert (result.exit_code, "expected one column of classes, got y1 to y5" in result.output) == (2, True)
    np.savez(tmp_path / "sound.npz", x=x, y=np.where(x < 3, np.nan, x))
    result = CliRunner().invoke(main, ["init", table, "--target", "y", "-o", str(out), "--force"])
    assert (result.exit_code, "'y1' has no number in some rows" in result.output) == (2, True)


ROWS = "".join(f"{i * 7 % 40},{'rb'[i % 2]}\n" for i in range(40))
REFUSED: Mapping[str, tuple[str, str]] = {
    "missing target column": (
        f"age,yy\n{ROWS}",
        "error: expected one column 'y', got none\n  --> table.csv:1:1\n",
    ),
    "two target columns": (
        "y,y,a\n" + "1,2,3\n" * 30,
        "error: expected one column 'y', got 2\n"
        "  --> table.csv:1:1\n"
        "   |\n"
        " 1 | y,y,a\n"
        "   | ^^^^^\n"
        "   |\n"
        "   = help: the columns of this name are read as 'y_1' and 'y_2': name one of them",
    ),
    "constant target": (
        "a,y\n" + "".join(f"{i * 3 % 40},no\n" for i in range(30)),
        "error: y: every value is 'no'\n  --> table.csv\n  = help: name another column as the target",
    ),
    "target without values": (
        "a,y\n" + "".join(f"{i * 3 % 40},NA\n" for i in range(30)),
        "error: y: every value is missing\n  --> table.csv\n  = help: name another column as the target",
    ),
    "10,000 classes": (
        "a,y\n" + "".join(f"{i * 3 % 40},c{i}\n" for i in range(10_000)),
        "error: y: 10,000 different texts are too many classes, 200 are possible\n"
        "  --> table.csv\n"
        "  = help: name a column with fewer classes as the target",
    ),
    "classes with one row": (
        "a,y\n" + "".join(f"{i * 7 % 40},{'red' if i < 38 else i}\n" for i in range(40)),
        "error: y: the class '38' has a single row, and 1 more class, too few to learn and to test\n"
        "  --> table.csv\n"
        "  = help: remove such rows, or give them another class",
    ),
    "few rows with a target": (
        f"a,y\n{ROWS[:90]}" + "1,\n" * 30,
        "error: expected 20 or more rows with a target to learn from, got",
    ),
    "nothing to predict from": (
        "a,b,c,d,y\n" + "".join(f"{i},,x,t{i},{'rb'[i % 2]}\n" for i in range(30)),
        "error: there is no column to predict from\n"
        "  --> table.csv\n"
        "  = help: 'a': it numbers the rows; 'b': every value is missing; 'c': every value is 'x'; "
        "'d': each row has a text of its own",
    ),
    "a number that is none": (
        "a,y\n" + "".join(f"{'inf' if i == 9 else i * 3 % 40},{'rb'[i % 2]}\n" for i in range(30)),
        "error: there is no column to predict from\n"
        "  --> table.csv\n"
        "  = help: 'a': numbers, but 1 of 30 cannot be read, such as 'inf'",
    ),
    "few rows": ("a,y\n1,2\n", "error: expected 20 or more rows to learn from, got 1\n  --> table.csv"),
}


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_learned_is_said(content: str, expected: str, tmp_path: Path) -> None:
    assert refused(tmp_path, content).startswith(expected)


def test_columns_that_cannot_be_inputs_are_left_out(tmp_path: Path) -> None:
    count = 10_000
    columns: dict[str, object] = {
        "y": [i % 2 for i in range(count)],
        "a": [i * 7 % 40 for i in range(count)],
        "text": [f"text {i}" for i in range(count)],
        "day": pa.array(range(count), pa.time32("s")),
        "parts": [[i] for i in range(count)],
        "none": pa.nulls(count),
        "empty\nline": ["q"] * count,
        "city": [f"city {min(i % 60, 40)}" for i in range(count)],
    }
    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    (tmp_path / "t.parquet").write_bytes(file.getvalue())
    text, proposal = init.spec_for(tmp_path / "t.parquet", "y", None, tmp_path / "t.yaml")
    assert {column.column: column.reason for column in proposal.left_out} == {
        "text": "each row has a text of its own",
        "day": "it holds dates or times (time32[ms])",
        "parts": "it holds the nested type 'list<element: int64>'",
        "none": "every value is missing",
        "empty\nline": "every value is 'q'",
    }
    assert isinstance(proposal, Proposal)
    assert [each.name for each in proposal.inputs] == ["a", "city"]
    assert r"# left out: the column 'empty\nline': every value is 'q'" in text


def test_names_that_were_made_are_distinct(tmp_path: Path) -> None:
    """A name that is made for a column is none of those that the file has."""
    path = tmp_path / "twice.csv"
    lines = [f"{i * 7 % 40},{i * 3 % 11},{i * 5 % 13},{i % 9},{'rb'[i % 2]}\n" for i in range(40)]
    path.write_text("b_1,b,b,,y\n" + "".join(lines), "utf-8")
    _, proposal = init.spec_for(path, "y", None, tmp_path / "twice.yaml")
    assert isinstance(proposal, Proposal)
    assert [each.column.column for each in proposal.inputs] == ["b_1", "b_1_", "b_2", "column_4"]


def test_pickled_objects_are_not_loaded(tmp_path: Path) -> None:
    np.savez(tmp_path / "table.npz", a=np.array([{}] * 40, object), y=np.arange(40) % 2)
    with pytest.raises(SpecError, match="a: expected numbers or texts, got pickled Python objects, which can run code"):
        init.spec_for(tmp_path / "table.npz", "y", None, tmp_path / "table.yaml")


def test_rare_categories_are_none_of_those_listed(tmp_path: Path) -> None:
    lines = [f"{['Rome', 'Oslo', 'Bonn'][i % 3] if i else 'Lima'},{'rb'[i % 2]}\n" for i in range(60)]
    network = written(tmp_path, "city,y\n" + "".join(lines), "y")
    [city] = network.columns
    assert isinstance(city, Categorical)
    assert city.categories == ("Bonn", "Oslo", "Rome")
    assert read_examples(network, tmp_path).train_x.sum() in (47.0, 48.0)


HOSTILE = [
    *(
        'say "hi"',
        "it's",
        "two\nlines",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "*/ int x;",
        "</script><b>",
        "\U0001f600",
        "\U0001f601",
    ),
    *(
        "#",
        "- a",
        "a: b",
        "[x]",
        "no",
        "null",
        "1e5",
        "x" * 4_000,
        "%s",
        "\\",
        "$(rm)",
        "名前",
        "class",
        "params",
        "hidden",
    ),
    *(
        "z_output",
        "hidden1",
        "output",
        "a b",
        "a_b",
        "A b",
        "x",
        "y",
        "answer",
        "Ünïcode",
        "=1+1",
        "`a`",
        "&a",
        "!b",
        "?c",
    ),
]


@given(st.permutations(HOSTILE), st.sampled_from([2, 3, 5]))
@settings(max_examples=6, derandomize=True, deadline=None, database=None)
def test_hostile_texts_give_a_spec_with_distinct_names(order: list[str], classes: int) -> None:
    columns, names, kinds = order[:8], order[8 : 8 + classes], order[15:18]
    table: dict[str, Sequence[object]] = {
        name: [(i * (7 + place)) % 13 for i in range(40)] for place, name in enumerate(columns[:6])
    }
    table[columns[6]] = [kinds[i % 3] for i in range(40)]
    table[columns[7]] = [names[i % classes] for i in range(40)]
    file = io.BytesIO()
    parquet.write_table(pa.table(table), file)
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "hostile.parquet", Path(folder) / "hostile.yaml"
        path.write_bytes(file.getvalue())
        text, proposal = init.spec_for(path, columns[7], None, out)
        out.write_text(text, "utf-8")
        network = load(out)
    assert [column.column for column in network.columns] == columns[:7]
    assert network.data is not None
    assert set(network.data.class_values) == set(names)
    assert isinstance(network.columns[6], Categorical)
    assert set(network.columns[6].categories) == set(kinds)
    assert isinstance(proposal, Proposal)
    assert len({*network.input_names, *network.layers[-1].unit_names}) == len(network.input_names) + len(proposal.units)


def test_names_are_made_of_texts() -> None:
    names = Identifiers(["hidden"])
    made = [
        names.make(text, "column")
        for text in (
            "SibSp",
            "years employed",
            "2nd",
            "hidden",
            "class",
            "*/",
            "*/",
            "x",
            "Größe (cm)",
            "키(cm)",
            "हिन्दी शब्द",
        )
    ]
    assert made == [
        "SibSp",
        "years_employed",
        "column_2nd",
        "column_hidden",
        "column_class",
        "column1",
        "column2",
        "column_x",
        "grosse_cm",
        "키_cm",
        "हिन्दी_शब्द",
    ]
    assert [module_name(text) for text in ("loans", "json", "2024", "키 자료", "")] == [
        "loans",
        "json_network",
        "network",
        "network",
        "network",
    ]


RATED = (ROOT / "specs" / "data" / "ratings.csv").read_text("utf-8")


def test_ratings_are_factorized(tmp_path: Path) -> None:
    network = written(tmp_path, RATED, "rating")
    assert [layer.kind for layer in network.layers] == ["embedding"] * 4 + ["dot", "add"]
    reader, book = network.columns
    assert isinstance(reader, Index)
    assert isinstance(book, Index)
    assert (reader.name, reader.count, book.name, book.count) == ("reader", 25, "book", 31)
    lines = (tmp_path / "network.yaml").read_text("utf-8").splitlines()
    assert [line for line in lines if "# " not in line and line not in ("layers:", "training:", "data:")] == []


def test_numbers_are_ids_by_their_name_and_titles_and_times_are_left_out(tmp_path: Path) -> None:
    rows = [line.split(",") for line in RATED.splitlines()[1:]]
    readers, books = (sorted({row[i] for row in rows}) for i in (0, 1))
    numbered = [
        f"{books.index(book)},{book},{readers.index(reader) * 7},{stars},{time}"
        for time, (reader, book, stars) in enumerate(rows)
    ]
    text = "\n".join(["bookId,title,userId,rating,timestamp", *numbered]) + "\n"
    user, item = written(tmp_path, text, "rating").columns
    assert isinstance(user, Index)
    assert isinstance(item, Index)
    assert user.ids == tuple(str(7 * i) for i in range(24))
    assert item.ids == tuple(map(str, range(30)))
    assert "# left out: the column 'title': 'bookId' decides it" in (tmp_path / "network.yaml").read_text("utf-8")
    (tmp_path / "network.yaml").unlink()
    unnamed = text.replace("bookId", "height").replace("userId", "weight")  # the pairs show that they are ids
    assert [layer.kind for layer in written(tmp_path, unnamed, "rating").layers] == ["embedding"] * 4 + ["dot", "add"]


def test_sizes_that_repeat_and_settings_of_an_experiment_are_no_ids(tmp_path: Path) -> None:
    """Two sizes repeat some of their pairs by chance; all pairs of two settings are a plan."""
    numbers = random.Random(1)
    sizes = [(numbers.randrange(40), numbers.randrange(30), i % 9) for i in range(300)]
    plan = [(i, j, (i * j) % 9) for i in range(14) for j in range(13)]
    for number, rows in enumerate((sizes, plan)):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = "height,width,force\n" + "".join(f"{a},{b},{y}.5\n" for a, b, y in rows)
        assert {layer.kind for layer in written(folder, text, "force").layers} == {"dense"}


@pytest.mark.parametrize(
    "similar",
    [
        pytest.param(
            (RATED + RATED.partition("\n")[2]).replace("reader,book", "city,brand"), id="pairs twice of texts like any"
        ),
        pytest.param("\n".join(f"{line},{i % 7}" for i, line in enumerate(RATED.splitlines())), id="a third column"),
        pytest.param(RATED.replace("Ada", ""), id="gaps"),
        pytest.param("\n".join(line for line in RATED.splitlines() if line[0] in "rABC"), id="few readers"),
    ],
)
def test_tables_that_only_look_like_ratings_are_not_factorized(similar: str, tmp_path: Path) -> None:
    assert {layer.kind for layer in written(tmp_path, similar, "rating").layers} == {"dense"}


def test_long_lists_of_ids_stay_in_the_table(tmp_path: Path) -> None:
    """1,000 users are listed, and 1,001 films are not; each is the same network."""
    pairs = [(user, (user * 5 + k * 300) % 1001) for user in range(1000) for k in range(4)]
    lines = [f"user {user},film {film},{(user + film) % 5 + 1}" for user, film in pairs]
    (tmp_path / "stars.csv").write_text("\n".join(["user,film,stars", *lines]) + "\n", "utf-8")
    result = CliRunner().invoke(
        main, ["init", str(tmp_path / "stars.csv"), "--target", "stars", "-o", str(tmp_path / "stars.yaml")]
    )
    assert result.exit_code == 0, result.output
    text = (tmp_path / "stars.yaml").read_text("utf-8")
    assert text.count("    ids: data  # all of the table") == 1
    users, films = load(tmp_path / "stars.yaml").indices
    assert (users.count, films.count) == (1001, 1002)
    assert films.ids == tuple(sorted(f"film {i}" for i in range(1001)))


def test_names_of_inputs_are_made_as_the_page_says(tmp_path: Path) -> None:
    rows = "".join(f"{i * 7 % 11},{i * 3 % 7},{i % 13},{i * 5 % 17},{'ab'[i % 2]}\n" for i in range(40))
    (tmp_path / "t.csv").write_text(f"1st,a b,zip,fine,y\n{rows}")
    _, proposal = init.spec_for(tmp_path / "t.csv", "y", None, tmp_path / "t.yaml")
    assert isinstance(proposal, Proposal)
    assert [each.name for each in proposal.inputs] == ["column_1st", "a_b", "column_zip", "fine"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("reader", "expected two columns, as in user,item; got 'reader'"),
        ("reader\nx,book", "expected two columns, as in user,item; got 'reader\\nx,book'"),
        ("reader,reader", "expected two columns that differ from each other and from the target"),
        ("reader,boook", "expected one column 'boook', got none\n  --> {table}\n  = help: did you mean 'book'?"),
        ("reader,note", "a factorization of 'reader' and 'note' is not possible: 'note' has 239 rows without an id"),
        (
            "reader,share",
            "a factorization of 'reader' and 'share' is not possible: 'share' has numbers that are not whole",
        ),
    ],
)
def test_ratings_that_cannot_be_factorized_as_asked(columns: str, message: str, tmp_path: Path) -> None:
    table = tmp_path / "ratings.csv"
    table.write_text(
        "".join(
            line + (",note,share" if not i else f",{'good' if i == 1 else ''},0.5") + "\n"
            for i, line in enumerate(RATED.splitlines())
        )
    )
    words = ["init", str(table), "--target", "rating", "--ratings", columns, "-o", str(tmp_path / "spec.yaml")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert message.format(table=table) in result.stderr
    assert not (tmp_path / "spec.yaml").exists()
    classes = CliRunner().invoke(main, [*words[:-4], "--ratings", "reader,book", "--task", "classes"])
    assert "'rating' has classes, not numbers" in classes.stderr


def test_few_rows_all_learn_but_those_of_a_detector(tmp_path: Path) -> None:
    path = tmp_path / "loans.csv"
    for rows, target, stops in [(999, "approved", False), (1_000, "approved", True), (499, "inputs", True)]:
        path.write_text(loans(rows))
        text, _ = init.spec_for(path, target, None, tmp_path / "loans.yaml")
        assert ("stop: {name: patience" in text) is stops


@pytest.mark.parametrize(
    ("target", "offered"),
    [
        (math.exp, True),  # as prices
        (lambda z: math.exp(z) - 0.5, False),  # some are below 0
        (lambda z: 10.0 + z, False),  # no long tail
    ],
)
def test_logarithms_are_offered_for_positive_targets_with_a_long_tail(
    target: Callable[[float], float], offered: bool, tmp_path: Path
) -> None:
    path, spec = tmp_path / "t.csv", tmp_path / "t.yaml"
    normal = [NormalDist().inv_cdf((i + 0.5) / 100) for i in range(100)]
    path.write_text("\n".join(["x,y", *(f"{i % 7},{target(z)}" for i, z in enumerate(normal))]))
    text, _ = init.spec_for(path, "y", "numbers", spec)
    assert ("; `log`: all positive, errors relative" in text) is offered
    if offered:
        spec.write_text(text.replace("scale_targets: standardize", "scale_targets: log"))
        assert len(read_examples(load(spec), tmp_path).train_y) == 80


def test_many_texts_that_tell_the_target_are_embedded(tmp_path: Path) -> None:
    """700 shops come six times each, and each sixth row has a shop of its own, which shares the last row."""
    rows = [(f"s{i % 700}", i) for i in range(4200)] + [(f"once{i}", i) for i in range(840)]
    lines = [f"{shop},{i % 7},{int(shop[1:]) * 37 % 101 if shop[0] == 's' else 50}" for shop, i in rows]
    (tmp_path / "t.csv").write_text("\n".join(["shop,day,y", *lines]))
    text, _ = init.spec_for(tmp_path / "t.csv", "y", "numbers", tmp_path / "t.yaml")
    (tmp_path / "t.yaml").write_text(text)
    found = load(tmp_path / "t.yaml")
    shop = found.columns[0]
    assert isinstance(shop, Index)
    assert shop.count == 701
    assert "# other texts share one more row: 840 rows, and new texts" in text
    assert (found.layers[0].kind, found.layers[1].sources) == ("embedding", ("x", "shop_known"))
    assert found.training.epochs == 100
    assert max(read_examples(found, tmp_path).train_x[:, 0]) == 700


def test_wide_tables_are_those_of_many_inputs_or_few_rows() -> None:
    found = {wide: network_of(*wide, best=False) for wide in [(8_000, 1_500), (240, 49), (8_000, 499)]}
    assert [one.scale for one in found.values()] == ["robust", "standardize", "standardize"]
    few = network_of(240, 50, best=False)
    assert (few.scale, few.rate, few.dropout) == ("robust", 0.003, 0.0)
    assert (network_of(240, 500, best=False).rate, network_of(240, 500, best=False).dropout) == (0.001, 0.1)
    assert (found[8_000, 1_500].hidden, network_of(8_000, 1_500, best=True).hidden) == (WIDE, WIDEST)
