"""Modules of compiled languages: their numbers, cells, files and training, in one program for all networks."""

import csv
import json
import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nngen.description.model import parts
from nngen.proof.compiled import Module, Program
from nngen.reading import fingerprint
from tests.support import cells, date_texts
from tests.support.agreement import Judge
from tests.support.golden import EXACT, GOLDEN, examples
from tests.support.languages import LANGUAGES, campaign, drawn, module, python
from tests.support.modules import ROOT, examples_of, spec
from tests.support.rounding import judged
from tests.support.runners import Compiled, running

pytestmark = pytest.mark.oracle

NAMES = ("xor_mlp", "iris", "penguins", "digits", "ratings_mf", "digits_batch_norm", "deep_mlp")
SPECS = {name: ROOT / "specs" / f"{name}.yaml" for name in NAMES}
RANDOM = 12
"""Random specs: each language compiles and runs a module of each."""
DATES = 120
"""Rows of dates."""


@pytest.fixture(scope="module", params=LANGUAGES)
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compiled]:
    """What calls all modules of a language, in one program."""
    target = str(request.param)
    own = [module(spec(path), target, path.parent) for path in SPECS.values()]
    own += [
        module(cells.SPEC, target),
        module(date_texts.SPEC, target),
        module(EXACT, target, form={"unroll": "weights"}),
        module(spec(SPECS["iris"]), target, SPECS["iris"].parent, parts(["training"]), name="iris_training"),
    ]
    with running(target, own + campaign(drawn(RANDOM), target), tmp_path_factory.mktemp(target)) as made:
        assert isinstance(made, Compiled)
        yield made


@pytest.fixture(scope="module")
def program(runner: Compiled) -> Program:
    """The program with all modules of a language."""
    return runner.program


def of(program: Program, name: str) -> Module:
    """The module of a network."""
    return next(one for one in program.modules if one.plan.name == name)


def ulps(found: list[float], expected: list[float]) -> float:
    """The largest distance in units in the last place of the largest number, but at least of 1."""
    unit = math.ulp(max([1.0, *map(abs, expected)]))
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) / unit


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_python(program: Program, name: str) -> None:
    """With one addition after the other, Python before 3.12 has the same bits; ``sum`` is more exact since then."""
    one, (xs, ys) = of(program, name), examples_of(SPECS[name])[:2]
    like = python(one)
    start = like.init()
    flat = like.pack(start)
    assert program.numbers(name, "init") == flat
    for x, y in list(zip(xs, ys, strict=True))[:5]:
        loss, slopes = like.gradient(start, x, y)
        found = program.numbers(name, "gradient", params=flat, x=x, y=y)
        assert ulps(found[1:], like.pack(slopes)) <= 4.0
        assert ulps([found[0]], [loss]) <= 4.0
        assert ulps(program.numbers(name, "forward", params=flat, x=x), list(like.forward(start, x))) <= 4.0


@pytest.mark.parametrize("name", ["xor_mlp", "iris", "penguins", "ratings_mf", "digits"])
def test_training_ends_with_the_loss_of_python(program: Program, name: str) -> None:
    one, (xs, ys) = of(program, name), examples_of(SPECS[name])[:2]
    like = python(one)
    epochs = {"xor_mlp": one.plan.epochs, "digits": 1}.get(name, 20)
    params, history = like.fit(like.init(), xs, ys, epochs)
    flat = like.pack(like.init())
    seed = one.plan.order_seed
    given = {"params": flat, "xs": xs, "ys": ys, "epochs": epochs, "batch_size": one.plan.batch_size, "seed": seed}
    *_, losses, found = program.results(name, "fit", **given)
    assert ulps([*map(float, found)], like.pack(params)) <= 4096.0
    assert ulps([*map(float, losses)], history) <= 4096.0
    if name == "xor_mlp":
        assert history[-1] < 0.01
        answers = [program.numbers(name, "forward", params=found, x=x)[0] > 0.5 for x in xs]
        assert answers == [y[0] > 0.5 for y in ys]


def test_without_a_seed_and_a_size_an_epoch_takes_all_examples_as_they_are(program: Program) -> None:
    """An argument that is left out is missing, not what the spec says."""
    one, (xs, ys) = of(program, "iris"), examples_of(SPECS["iris"])[:2]
    like = python(one)
    for size in (None, 7):
        _, history = like.fit(like.init(), xs, ys, 2, size, None)
        given = {"params": like.pack(like.init()), "xs": xs, "ys": ys, "epochs": 2, "batch_size": size, "seed": None}
        *_, losses, _ = program.results("iris", "fit", **given)
        assert ulps([*map(float, losses)], history) <= 64.0


def test_penguins_are_predicted_from_rows_of_the_table(program: Program) -> None:
    one = of(program, "penguins")
    like = python(one)
    xs, ys = examples_of(SPECS["penguins"])[:2]
    params, _ = like.fit(like.init(), xs, ys, 20)
    flat = like.pack(params)
    with open(ROOT / "specs/data/penguins.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    answers = set()
    for row in rows[::3]:
        given = [row[column] for column in like.COLUMNS]
        answers.add(answer := program.ask("penguins", "predict", params=flat, row=given))
        assert answer == like.predict(params, row)
        shares = like.predict_proba(params, row)
        assert ulps(program.numbers("penguins", "predict_proba", params=flat, row=given), list(shares.values())) <= 4.0
    assert answers == set(like.CLASSES)


@cache
def meant() -> list[tuple[int, Any, list[float] | str]]:
    """The place of a column, a cell for it, and what the reference makes of it."""
    return [(*case, cells.expected(*case)) for case in cells.cases() if not isinstance(case[1], list | dict)]


def test_cells_mean_what_they_do_elsewhere(program: Program) -> None:
    """All but lists and objects, which the type of a cell has not."""
    for place, cell, expected in meant():
        found: list[float] | str
        try:
            found = program.numbers("cells", "encode", row=cells.row(place, cell))
        except ValueError as error:
            found = cells.kind(str(error))
        assert found == expected, (cells.COLUMNS[place], cell)


@cache
def dates() -> list[tuple[list[str], list[Any]]]:
    """Rows of dates, and what the reference makes of them."""
    return [(row, date_texts.right(row)) for row in date_texts.rows(DATES, seed=5)]


def test_dates_are_those_of_the_reference(program: Program) -> None:
    width = date_texts.WIDTH
    for row, right in dates():
        for place, (text, wanted) in enumerate(zip(row, right, strict=True)):
            given = [one if i == place else None for i, one in enumerate(row)]
            try:
                found = program.numbers(date_texts.SPEC.name, "encode", row=given)[width * place : width * (place + 1)]
            except ValueError:
                assert wanted is None, text
            else:
                assert wanted is not None, text
                assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12), text


@pytest.mark.parametrize("name", ["exact", "xor_mlp", "iris", "deep_mlp"])
def test_parameters_are_the_golden_ones(program: Program, name: str) -> None:
    """The initial ones to the last bit, and after a hundred steps, too, where no function of a library is called."""
    golden = {key: list(map(float.fromhex, flat)) for key, flat in json.loads(GOLDEN.read_text("utf-8"))[name].items()}
    params = program.numbers(name, "init")
    assert params == golden["initial"]
    program.numbers(name, "init_state")
    for x, y in examples(name):
        slopes = program.numbers(name, "gradient", params=params, x=x, y=y)[1:]
        params = program.numbers(name, "step", params=params, slopes=slopes)
    assert params == golden["after"] if name == "exact" else ulps(params, golden["after"]) <= 64.0


def test_files_are_those_of_every_target(program: Program, tmp_path: Path) -> None:
    like = python(of(program, "iris"))
    flat = [value * 1.1e-7 for value in like.pack(like.init(3))]
    text = program.text("iris", "save", params=flat)
    (tmp_path / "iris.json").write_text(text, "utf-8")
    assert like.pack(like.load(str(tmp_path / "iris.json"))) == flat
    like.save(like.unpack(flat), str(tmp_path / "other.json"))
    written = (tmp_path / "other.json").read_text("utf-8")
    assert program.numbers("iris", "load", text=written) == flat
    head, bracket, rest = written.partition(": [")
    spaced = head + bracket + rest.replace(", ", " ,\n")
    assert program.numbers("iris", "load", text=f" {spaced} ") == flat
    start, numbers = written.index("["), json.dumps(flat)
    content = json.loads(written)
    trained = fingerprint.written(of(program, "iris").spec, None)  # as `nngen train` writes it
    assert program.numbers("iris", "load", text=json.dumps(content | {"network": trained})) == flat
    broken = [
        *("", "{", "[]", "null", written[:-1], written[: len(written) // 2], f"{written}x", written * 2),
        written.replace("iris ", "other "),
        json.dumps({"layout": content["layout"]}),
        json.dumps({"parameters": flat}),
        json.dumps(content | {"parameters": "none"}),
        json.dumps(content | {"parameters": flat[:-1]}),
        json.dumps(content | {"parameters": [*flat, 1.0]}),
        json.dumps(content | {"parameters": [math.nan, *flat[1:]]}),
        json.dumps(content | {"parameters": [math.inf, *flat[1:]]}),
        json.dumps(content | {"parameters": [None, *flat[1:]]}),
        json.dumps(content | {"parameters": [[1.0], *flat[1:]]}),
        *(
            written.replace(json.dumps(flat[0]), bad)
            for bad in ("1e999", "0x1", "+1", "01", ".5", "1.", "1e", "--1", "1_0")
        ),
        "[" * 100_000,
    ]
    assert numbers in written
    assert start > 0
    for one in broken:
        with pytest.raises(ValueError, match="file: expected"):
            program.numbers("iris", "load", text=one)
    with pytest.raises(ValueError, match="finite"):
        program.text("iris", "save", params=[math.nan, *flat[1:]])


def test_fit_refuses_what_cannot_be_trained(program: Program) -> None:
    flat = program.numbers("xor_mlp", "init")
    x, y = [[0.0, 1.0]], [[1.0]]
    for xs, ys, size in (([], [], 1), (x, [*y, *y], 1), (x, y, 0)):
        with pytest.raises(ValueError, match="xs: expected"):
            program.numbers("xor_mlp", "fit", params=flat, xs=xs, ys=ys, epochs=1, batch_size=size)
    with pytest.raises(ValueError, match="y: expected targets that are"):
        program.numbers("xor_mlp", "gradient", params=flat, x=x[0], y=[1.5])
    with pytest.raises(ValueError, match="reader: expected a whole number"):
        program.numbers("ratings_mf", "forward", params=program.numbers("ratings_mf", "init"), x=[24.0, 1.0])


@cache
def judge(place: int) -> Judge:
    """The numbers of the reference for a random network, which all languages are held to."""
    return Judge(drawn(RANDOM)[place])


def test_random_networks_do_what_the_reference_does(runner: Compiled) -> None:
    for place, one in enumerate([*runner.modules.values()][-RANDOM:]):
        judged(list(judge(place).disagreements(runner, runner.program.target, one)))
