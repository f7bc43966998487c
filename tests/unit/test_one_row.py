"""One row in memory is answered without a table, as a table with this row is answered."""

import copy
import math
import random
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

import nngen
from nngen.interface.tables import Held

SPEC = """
name: net
inputs:
  - {name: user, ids: [u1, "7", "8.0"], unknown: row}
  - {name: size, missing: median, number: {decimal: ","}}
  - {name: weight, missing: 0}
  - {name: kind, categories: [a, "3", "true"], missing: zeros, unknown: zeros}
  - {name: day, date: YYYY-MM-DD, parts: [days, month]}
layers:
  - {name: user_vector, kind: embedding, from: user, units: 2}
  - {name: hidden, units: 4, activation: tanh, from: [user_vector, x]}
  - {name: output, units: [low, high], activation: softmax}
initial: {weights: glorot_uniform}
loss: cross_entropy
targets: [{name: numpy, dtype: DTYPE}]
data: {file: table.csv, target: y, classes: [low, high], scale: standardize}
training: {optimizer: {name: gradient_descent, rate: 0.01}, epochs: 2, batch_size: 8}
"""

VALUES: dict[str, list[Any]] = {
    "size": [1, 2.5, "2,5", "2.5", " 3 ", None, math.nan, True, "1_0", 1e99, "NA", 10**400, "٣"],
    "weight": [1, 2.5, "2,5", "2.5", " 3 ", None, math.nan, True, "1e2", -1e99, "", -0.0, math.inf],
    "kind": ["a", " a", "A", 3, 3.0, "3", "3.0", True, "True", "true", None, "b", math.nan, ""],
    "day": ["2024-02-03", "2024-02-30", "03/02/2024", None, 20240203, "2099-01-01", " 2024-02-03"],
    "user": ["u1", "u2", 7, 7.0, "7", 8, 8.0, "8.0", None, True, "U1", ""],
    "y": ["low", None, 3, 2.5, "other"],
    "note": ["x", None, ""],
}
"""Values of each column, the last two of which are no inputs."""


@pytest.fixture(scope="module", params=["float64", "float32"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> nngen.Result:
    spec = tmp_path_factory.mktemp("net") / "net.yaml"
    spec.write_text(SPEC.replace("DTYPE", request.param), "utf-8")
    rows = [
        f'{("u1", "7", "8.0")[k % 3]},"{k % 7},5",{k % 5},{"a3"[k % 2]},2024-02-{k % 9 + 10},{["low", "high"][k % 2]}'
        for k in range(60)
    ]
    spec.with_name("table.csv").write_text("\n".join(["user,size,weight,kind,day,y", *rows]), "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return nngen.train(spec, progress=False)


def asked(result: nngen.Result, table: Any) -> Any:
    """The answer and the cautions, or the mistakes."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        try:
            answer: Any = nngen.predict(result, table)
        except nngen.SpecError as error:
            answer = str(error)
    return answer, [str(one.message) for one in found]


def test_a_row_is_answered_as_a_table(trained: nngen.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    rng, read = random.Random(0), []

    def held(table: Any) -> Held:
        read.append(table)
        return Held(table)

    monkeypatch.setattr("nngen.interface.answers.Held", held)
    usual = {name: values[0] for name, values in VALUES.items()}
    quick = 0
    for _ in range(300):
        row = {name: rng.choice(values) if rng.random() < 0.3 else usual[name] for name, values in VALUES.items()}
        nngen.predict(trained, usual)  # its columns are known
        read.clear()
        found = asked(trained, row)
        quick += not read
        assert found == asked(trained, [row]), row
    assert quick > 50


def test_other_columns_are_told(trained: nngen.Result) -> None:
    usual = {name: values[0] for name, values in VALUES.items()}
    others: list[dict[Any, Any]] = [
        {**usual, "siez": 1, 3: "x"},
        {name: value for name, value in usual.items() if name != "size"},
        {**usual, "kind": ["a", "b"]},
        {**usual, "note": {}},
        dict(reversed(usual.items())),
        {},
    ]
    for row in (usual, *others, usual, *others):
        assert asked(trained, row) == asked(copy.copy(trained), row)


def test_threads_ask_the_same_result(trained: nngen.Result) -> None:
    usual = {name: values[0] for name, values in VALUES.items()}
    rows = [{**usual, "weight": k / 20} for k in range(200)]
    expected = [nngen.predict(trained, [row])[0] for row in rows]
    asked_first = copy.copy(trained)
    with ThreadPoolExecutor(4) as pool:
        assert [one for (one,) in pool.map(partial(nngen.predict, asked_first), rows)] == expected


BIRDS = [
    {"bill": 30.0 + k % 17, "mass": 3_000 + 70 * (k % 23), "island": ("Dream", "Biscoe")[k % 2], "ok": k % 3 > 0}
    for k in range(90)
]


@pytest.mark.parametrize(
    ("target", "settings"),
    [
        ("mass", {}),
        ("mass", {"data.answer_range": 0.1}),
        ("mass", {"loss": "gaussian_nll", "layers.1.units": ["low", "high"], "data.target": ["mass", "mass"]}),
        ("ok", {}),
        ("island", {"loss": "hinge", "layers.1.activation": "linear"}),
        ("inputs", {}),
    ],
)
def test_all_kinds_of_answers(target: str, settings: dict[str, object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = nngen.train(nngen.init(BIRDS, target), settings={"training.epochs": 2, **settings}, progress=False)
    for row in (*BIRDS[:5], BIRDS[0]):
        assert asked(result, row) == asked(copy.copy(result), row)
