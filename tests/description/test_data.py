import math
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from nngen.description.data.examples import read_examples
from nngen.description.data.floats import Array
from nngen.description.data.scaling import Scaling
from nngen.description.model.spec import Spec
from tests.support.decisions import decide
from tests.support.encodings import scaling
from tests.support.tables import csv_file, spec

SPECS = Path(__file__).parents[2] / "specs"


def rows(*xs: Sequence[float], **more: object) -> Mapping[str, object]:
    return {"rows": [{"x": x, "y": [float(i)]} for i, x in enumerate(xs)], **more}


def committed(name: str) -> Spec:
    return Spec.model_validate(YAML(typ="safe").load(SPECS / f"{name}.yaml"))


def tuples(rows: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, rows.tolist()))


THREE = ([1.0, 10.0], [2.0, 10.0], [6.0, 10.0])


def test_standardize_takes_mean_and_population_deviation() -> None:
    network = spec(rows(*THREE, scale="standardize"))
    deviation = math.sqrt((4.0 + 1.0 + 9.0) / 3.0)
    assert scaling(network, SPECS) == Scaling((3.0, 10.0), (deviation, 1.0))
    assert tuples(read_examples(network, SPECS).train_x) == (
        (-2.0 / deviation, 0.0),
        (-1.0 / deviation, 0.0),
        (3.0 / deviation, 0.0),
    )


def test_interval_takes_smallest_and_range() -> None:
    network = spec(rows(*THREE, scale="interval"))
    assert scaling(network, SPECS) == Scaling((1.0, 10.0), (5.0, 1.0))
    assert tuples(read_examples(network, SPECS).train_x) == ((0.0, 0.0), (0.2, 0.0), (1.0, 0.0))


def test_divide_measures_nothing_and_reads_no_file() -> None:
    network = spec({"file": "no.csv", "target": "y", "scale": {"name": "divide", "by": 4.0}})
    assert scaling(network, SPECS) == Scaling((0.0, 0.0), (4.0, 4.0))


def test_a_constant_column_whose_mean_is_rounded_stays_constant() -> None:
    xs = [[0.1]] * 7  # the mean of seven times 0.1, taken naively, is not 0.1
    network = spec(rows(*xs, scale="standardize"), inputs=["a"])
    assert tuples(read_examples(network, SPECS).train_x) == ((0.0,),) * 7


def test_values_too_close_for_a_deviation_are_divided_by_one() -> None:
    network = spec(rows([0.0], [1e-200], scale="standardize"), inputs=["a"])
    assert scaling(network, SPECS) == Scaling((5e-201,), (1.0,))


def test_no_scale_no_scaling() -> None:
    network = spec(rows(*THREE))
    assert scaling(network, SPECS) is None
    assert tuples(read_examples(network, SPECS).train_x) == tuple(map(tuple, THREE))


def test_a_spec_without_data() -> None:
    network = spec(rows(*THREE)).model_copy(update={"data": None})
    assert scaling(network, SPECS) is None
    with pytest.raises(ValueError, match="net has no data"):
        read_examples(network, SPECS)


NUMBERED = [[float(i)] for i in range(10)]


def test_split_parts_the_rows_and_keeps_their_order() -> None:
    # the keys that Random(5) draws: .62 .74 .80 .94 .74 .92 .03 .47 .94 .65 for the rows 0 to 9
    parts = read_examples(spec(rows(*NUMBERED, split={"test": 0.3, "seed": 5}), inputs=["a"]), SPECS)
    assert tuples(parts.test_x) == ((0.0,), (6.0,), (7.0,))
    assert tuples(parts.train_x) == ((1.0,), (2.0,), (3.0,), (4.0,), (5.0,), (8.0,), (9.0,))
    assert (tuples(parts.train_y), tuples(parts.test_y)) == (tuples(parts.train_x), tuples(parts.test_x))


def test_another_seed_draws_another_split() -> None:
    drawn = {
        tuples(read_examples(spec(rows(*NUMBERED, split={"test": 0.5, "seed": seed}), inputs=["a"]), SPECS).test_x)
        for seed in range(5)
    }
    assert len(drawn) == 5


@pytest.mark.parametrize(("share", "held_out"), [(0.01, 1), (0.25, 2), (0.3333, 3), (0.99, 9)])
def test_both_parts_have_an_example(share: float, held_out: int) -> None:
    parts = read_examples(spec(rows(*NUMBERED, split={"test": share}), inputs=["a"]), SPECS)
    assert (len(parts.train_x), len(parts.test_x)) == (10 - held_out, held_out)


def test_scaling_is_measured_on_the_training_examples() -> None:
    network = spec(rows(*NUMBERED, split={"test": 0.3, "seed": 5}, scale="standardize"), inputs=["a"])
    train = [1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 9.0]
    mean = sum(train) / 7.0
    measured = scaling(network, SPECS)
    assert measured is not None
    assert measured.subtract == (mean,)
    assert measured.divide[0] == pytest.approx(math.sqrt(sum((x - mean) ** 2 for x in train) / 7.0), rel=1e-15)
    assert tuples(read_examples(network, SPECS).test_x) == tuple(measured((x,)) for x in (0.0, 6.0, 7.0))


def test_inline_classes_are_one_hot_by_the_names_of_the_outputs() -> None:
    data = {"rows": [{"x": [0.0, 0.0], "y": "right"}, {"x": [0.0, 1.0], "y": "left"}]}
    read = read_examples(spec(data, outputs=["left", "right"]), SPECS)
    assert tuples(read.train_y) == ((0.0, 1.0), (1.0, 0.0))
    assert read.labels == ("left", "right")


@pytest.mark.parametrize("outputs", [["y"], ["no", "yes"]])
def test_classes_for_a_loss_with_targets_of_both_signs(outputs: Sequence[str]) -> None:
    data = {"rows": [{"x": [0.0, 0.0], "y": "yes"}, {"x": [0.0, 1.0], "y": "no"}], "classes": ["no", "yes"]}
    changed = spec(data, outputs).model_dump(by_alias=True) | {"loss": {"name": "hinge", "outputs": "sum"}}
    read = read_examples(Spec.model_validate(changed), SPECS)
    assert read.negative_target == -1.0
    assert tuples(read.train_y) == (((1.0,), (-1.0,)) if len(outputs) == 1 else ((-1.0, 1.0), (1.0, -1.0)))
    assert [decide(y, read.negative_target) for y in read.train_y.tolist()] == [1, 0]


TABLE = "a,b,kind\n1,2,no\n\n3,4e-1,yes\n"


@pytest.mark.parametrize(
    ("outputs", "classes", "targets"),
    [
        (["y"], ["no", "yes"], ((0.0,), (1.0,))),
        (["y"], ["yes", "no"], ((1.0,), (0.0,))),
        (["no", "yes"], None, ((1.0, 0.0), (0.0, 1.0))),
        (["p", "q", "r"], ["yes", "maybe", "no"], ((0.0, 0.0, 1.0), (1.0, 0.0, 0.0))),
    ],
)
def test_classes_of_a_column(
    tmp_path: Path, outputs: Sequence[str], classes: Sequence[str] | None, targets: tuple[tuple[float, ...], ...]
) -> None:
    csv_file(tmp_path, TABLE)
    read = read_examples(spec({"file": "data.csv", "target": "kind", "classes": classes}, outputs), tmp_path)
    assert tuples(read.train_x) == ((1.0, 2.0), (3.0, 0.4))
    assert tuples(read.train_y) == targets
    assert read.labels == tuple(classes or outputs)


def test_numbers_as_targets_and_columns_by_name(tmp_path: Path) -> None:
    data = {"file": "data.csv", "inputs": ["one, or so", "two"], "target": ["p", "q"]}
    csv_file(tmp_path, '\ufefftwo,"one, or so",q,p\r\n 1,2,3,4\r\n-5,+.5,7.,8E2')
    read = read_examples(spec(data, ["p", "q"]), tmp_path)
    assert tuples(read.train_x) == ((2.0, 1.0), (0.5, -5.0))
    assert tuples(read.train_y) == ((4.0, 3.0), (800.0, 7.0))
    assert read.labels == ()


def test_iris() -> None:
    iris = read_examples(committed("iris"), SPECS)
    assert iris.labels == ("setosa", "versicolor", "virginica")
    assert (len(iris.train_x), len(iris.test_x)) == (100, 50)
    assert {len(x) for x in tuples(iris.train_x) + tuples(iris.test_x)} == {4}
    assert Counter(tuples(iris.train_y) + tuples(iris.test_y)) == {
        (1.0, 0.0, 0.0): 50,
        (0.0, 1.0, 0.0): 50,
        (0.0, 0.0, 1.0): 50,
    }
    for column in zip(*iris.train_x, strict=True):
        assert math.fsum(column) == pytest.approx(0.0, abs=1e-12)
        assert math.fsum(x * x for x in column) == pytest.approx(100.0)


def test_digits() -> None:
    digits = read_examples(committed("digits"), SPECS)
    assert digits.labels == tuple("0123456789")
    assert (len(digits.train_x), len(digits.test_x)) == (1198, 599)
    assert {len(x) for x in tuples(digits.train_x) + tuples(digits.test_x)} == {64}
    assert {v * 16.0 for x in tuples(digits.train_x) + tuples(digits.test_x) for v in x} == set(map(float, range(17)))
    counts = Counter(y.index(1.0) for y in tuples(digits.train_y) + tuples(digits.test_y))
    assert [counts[i] for i in range(10)] == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_iris_are_those_of_fishers_paper() -> None:
    lines = (SPECS / "data" / "iris.csv").read_text(encoding="utf-8").splitlines()
    assert lines[35] == "4.9,3.1,1.5,0.2,setosa"
    assert lines[38] == "4.9,3.6,1.4,0.1,setosa"


def test_building_what_is_not_measured_needs_no_numpy(tmp_path: Path) -> None:
    command = ["build", "specs/xor_mlp.yaml", "specs/digits.yaml", "--out", str(tmp_path)]
    code = f"import sys; from nngen.cli import main; main({command}, standalone_mode=False)"
    code += "; sys.exit(bool({'numpy', 'pyarrow'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=SPECS.parent, check=False).returncode == 0
    assert (tmp_path / "c" / "digits.h").exists()
