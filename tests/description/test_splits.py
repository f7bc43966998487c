"""Splits by groups, by time and of each class: who is held out, and what is refused."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngen.common.diagnostics import SpecError
from nngen.description.data import read_examples, read_frame
from nngen.description.data.partition import Places, by_classes, by_groups, by_time
from nngen.description.model import Split
from nngen.interface import init
from nngen.reading import parse

codes = st.lists(st.integers(0, 5), min_size=2, max_size=60).map(lambda some: np.unique(some, return_inverse=True)[1])
shares = st.floats(0.01, 0.99)


def judge(count: int, parts: tuple[Places, Places]) -> tuple[Places, Places]:
    """Each example is on one side, and both have some."""
    train, test = parts
    assert sorted([*train, *test]) == [*range(count)]
    return train, test


@given(codes, shares, st.integers(0, 99))
def test_a_group_is_on_one_side(groups: Places, share: float, seed: int) -> None:
    if groups.max() == 0:
        return
    train, test = judge(len(groups), by_groups(groups, Split(test=share, seed=seed)))
    assert len(train)
    assert len(test)
    assert not {*groups[train]} & {*groups[test]}
    largest = max(Counter(groups.tolist()).values())
    assert abs(len(test) - share * len(groups)) <= largest
    folds = [by_groups(groups, Split(test=share, seed=seed), (k, 2))[1] for k in range(2)]
    assert sorted(np.concatenate(folds)) == [*range(len(groups))]
    assert not {*groups[folds[0]]} & {*groups[folds[1]]}


@given(codes, shares)
def test_the_last_examples_are_held_out(times: Places, share: float) -> None:
    if times.max() == 0:
        return
    train, test = judge(len(times), by_time(times.astype(float), Split(test=share, time="t")))
    assert times[train].max() < times[test].min()


@given(codes, shares, st.integers(0, 99))
def test_each_class_holds_out_its_share(classes: Places, share: float, seed: int) -> None:
    sizes = Counter(classes.tolist())
    if max(sizes.values()) == 1:
        return
    _, test = judge(len(classes), by_classes(classes, Split(test=share, seed=seed, stratify=True)))
    held_out = Counter(classes[test].tolist())
    for name, size in sizes.items():
        assert held_out[name] == (min(max(round(share * size), 1), size - 1) if size > 1 else 0)
    folds = [by_classes(classes, Split(test=share, seed=seed), (k, 2))[1] for k in range(2)]
    for name, size in sizes.items():
        assert {Counter(classes[fold].tolist())[name] for fold in folds} <= {size // 2, (size + 1) // 2}


ROWS = [
    f"P{row % 7},{row % 10 + 1:02}/{row // 10 + 1:02}/2024,{row},{'rare' if row % 20 == 0 else 'usual'}"
    for row in range(60)
]

TABLE = "\n".join(["patient,day,size,kind", *ROWS, ",25/12/2024,3,usual", ",25/12/2024,4,usual", ""])


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text(TABLE)
    return tmp_path / "rows.csv"


@pytest.mark.parametrize("split", ["groups: patient", "time: day", "stratify: true"])
def test_examples_are_parted_by_a_column_that_is_no_input(table: Path, split: str) -> None:
    spec = parse(
        f"""
name: net
inputs: [size]
layers: [{{name: output, units: [kind], activation: sigmoid}}]
loss: {{name: binary_cross_entropy}}
training: {{optimizer: {{name: gradient_descent, rate: 1}}, epochs: 1}}
data: {{file: rows.csv, target: kind, classes: [usual, rare], split: {{test: 0.2, {split}}}}}
""",
        "net.yaml",
        table.parent,
    )
    examples = read_examples(spec, table.parent)
    held_out = {*examples.test_x[:, 0].astype(int)}
    frame = read_frame(table)
    sizes = {
        name: frame.numbers("size").astype(int)[[text == name for text in frame.texts("patient")]]
        for name in "P0 P1".split()
    }
    if split.startswith("groups"):
        assert all({*rows} <= held_out or not {*rows} & held_out for rows in sizes.values())
        assert len({*frame.texts("patient")}) == 8  # two rows without a patient are groups of their own
    elif split.startswith("time"):
        assert held_out == {3, 4, *range(50, 60)}
    else:
        assert int(examples.test_y.sum()) == 1
        assert int(examples.train_y.sum()) == 2


def test_init_writes_them(table: Path) -> None:
    assert "split: {test: 0.2, seed: 1, stratify: true}" in str(init(table, "kind"))
    by_group = str(init(table, "kind", split_by="patient"))
    assert "split: {test: 0.2, seed: 1, groups: patient}" in by_group
    assert "column: patient" not in by_group
    assert "name: patient" not in by_group
    assert "split: {test: 0.2, time: day}" in str(init(table, "kind", split_time="day"))
    said = "\n".join(init(table, "kind").notes)
    assert "caution: the rows are in the order of 'day': `--split-time day`" in said
    with pytest.raises(SpecError, match="expected either"):
        init(table, "kind", split_by="patient", split_time="day")


MISTAKES = {
    "groups: patient, time: day": "a split has either `groups` or `time`",
    "time: day, stratify: true": "a split has either `time` or `stratify`",
    "groups: nobody": "rows.csv has no column 'nobody'",
    "time: patient": "patient: expected dates of one form or numbers, to split by time",
    "groups: one": "expected 2 or more different values of 'one' to split by, got 1",
    "time: one": "expected 2 or more different values of 'one' to split by, got 1",
    "time: gap": "gap, row 2: expected a time, got none",
    "stratify: true": "`stratify` holds out a share of each class, and the targets are numbers",
}


@pytest.mark.parametrize("split", MISTAKES)
def test_what_does_not_part_them_is_refused(split: str, tmp_path: Path) -> None:
    rows = "\n".join(f"{k},P{k},1,{k if k != 1 else ''},{k / 7}" for k in range(9))
    (tmp_path / "rows.csv").write_text(
        f"size,patient,one,gap,y\n{rows}\n".replace("patient", "day,patient", 1).replace(",P", ",2024-01-01,P")
    )
    text = f"""
name: net
inputs: [size]
layers: [{{name: output, units: [y], activation: linear}}]
loss: {{name: squared_error}}
training: {{optimizer: {{name: gradient_descent, rate: 1}}, epochs: 1}}
data: {{file: rows.csv, target: y, split: {{test: 0.2, {split}}}}}
"""
    with pytest.raises(SpecError) as caught:
        read_examples(parse(text, "net.yaml", tmp_path), tmp_path)
    assert MISTAKES[split] in caught.value.diagnostics[0].message
