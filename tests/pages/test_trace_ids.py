"""Worksheets of networks with ids: the rows that examples select, compared with the reference."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.model import Spec
from nngen.learning.trace import Request, Worksheet, written
from nngen.learning.trace.tracing import of_spec, trace
from nngen.learning.trace.worksheet import BACKWARD, LOSS, UPDATE
from nngen.learning.typeset import Digits
from nngen.plan import Plan, plan
from nngen.proof.reference import Network
from nngen.reading import load
from nngen.targets import as_module, texts
from tests.support.answering import kept
from tests.support.kinds import EVERY_KIND, FACTORIZATION, L2, NETWORKS, examples, network
from tests.support.modules import ROOT
from tests.support.typeset import FULL, computed, text

RECOMMEND = ROOT / "specs" / "recommend"
STEPS = 2


def with_data(spec: Spec) -> Spec:
    """The spec with random examples as its data."""
    x, y = examples(spec)
    rows = [{"x": list(map(float, one)), "y": list(map(float, two))} for one, two in zip(x, y, strict=True)]
    plain = [{"name": index.name, "ids": index.count} for index in spec.indices]
    described = spec.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return Spec.model_validate(described | {"inputs": [*plain, *spec.numbers], "data": {"rows": rows[:6]}})


def places(planned: Plan) -> dict[str, int]:
    """The place of each parameter in the flat list, by its name on a worksheet."""
    found: dict[str, int] = {}
    for block in planned.blocks:
        names = [name for row in block.rows for name in row]
        if block.index:
            names = [f"w_{unit}_{block.index}_{row}" for row in range(block.count) for unit in block.inputs]
        found |= {name: block.start + k for k, name in enumerate(names)}
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_loss_derivatives_and_steps_are_those_of_the_reference(name: str) -> None:
    spec = with_data(NETWORKS[name])
    sheet = of_spec(spec, Path("net.yaml"), Request(steps=STEPS, whole=True, seed=3))
    reference, (xs, ys) = Network(spec), examples(spec)
    place = places(plan(spec))
    functions = as_module("net", texts(spec, Path(), ["python"])["python"]).__dict__
    params = reference.init(3)
    state = reference.init_state(params)
    for k, step in enumerate(sheet.steps):
        x, y = xs[k : k + 1], ys[k : k + 1]
        loss, slopes = reference.gradient(params, x, y)
        params, state = reference.step(params, slopes, state, x)
        before, after = reference.pack(slopes), reference.pack(params)
        assert step.loss == pytest.approx(loss, rel=1e-11)
        shown = {line.symbol.name: line.value for part in step.sections for line in part.lines if part.part == BACKWARD}
        found = {
            symbol.removeprefix("d"): value for symbol, value in shown.items() if symbol.removeprefix("d") in place
        }
        others = set(place) - set(found)
        assert found == pytest.approx({symbol: before[place[symbol]] for symbol in found}, rel=1e-9, abs=1e-12)
        assert all(before[place[symbol]] == 0.0 for symbol in others)
        new = {line.symbol.name: line.value for part in step.sections for line in part.lines if part.part == UPDATE}
        assert {symbol: new[symbol] for symbol in new if symbol in place} == pytest.approx(
            {symbol: after[place[symbol]] for symbol in new if symbol in place}, rel=1e-10, abs=1e-13
        )
        assert set(found) - set(new) == set()
        for part in step.sections:
            for line in (line for line in part.lines if line.forms and line.value is not None):
                numbers = text(line.forms[-1], FULL)
                if not re.search(r"[a-z]_\w|_keep|seed", numbers):
                    assert computed(numbers, {**functions, "floor": math.floor}) == pytest.approx(
                        line.value, rel=1e-9, abs=1e-12
                    ), numbers


@pytest.mark.parametrize("embeddings", ["lazy", "dense"])
def test_a_row_that_is_not_selected_moves_with_its_momentum_only_in_dense_steps(embeddings: str) -> None:
    training = {"optimizer": {"name": "momentum", "rate": 0.1, "momentum": 0.5}, "embeddings": embeddings}
    rows = [{"x": [0, 0], "y": [1.0]}, {"x": [1, 1], "y": [1.0]}]
    inputs = [{"name": "user", "ids": 5}, {"name": "item", "ids": 3}]
    spec = network(FACTORIZATION, inputs=inputs, training=training, data={"rows": rows})
    sheet = of_spec(spec, Path("net.yaml"), Request(steps=2, whole=True))
    updated = [
        {line.symbol.name: line.value for part in step.sections for line in part.lines if part.part == UPDATE}
        for step in sheet.steps
    ]
    assert "w_p1_user_0" in updated[0]
    assert ("w_p1_user_0" in updated[1]) == (embeddings == "dense")
    if embeddings == "dense":
        assert updated[1]["w_p1_user_0"] != updated[0]["w_p1_user_0"]
    assert f"({embeddings})." in " ".join(sheet.notes)


def test_the_module_for_whole_layers_makes_the_same_steps() -> None:
    path = ROOT / "specs" / "ratings_mf.yaml"
    spec = load(path)
    module: Any = as_module("net", texts(spec, path.parent, ["python"])["python"])
    sheet = trace(path, Request(steps=3, whole=True))
    params = module.init()
    for step in sheet.steps:
        x, y = list(step.example.x), list(step.example.y or ())
        loss, slopes = module.gradient(params, x, y)
        assert step.loss == pytest.approx(loss, rel=1e-12)
        params, _ = module.step(params, slopes, module.init_state(params))
        assert step.after == pytest.approx(module.loss(params, x, y), rel=1e-12)


def test_parameters_of_a_file(tmp_path: Path) -> None:
    spec = with_data(NETWORKS["factorization, momentum, all rows, missing"])
    module: Any = as_module("net", texts(spec, tmp_path, ["python"])["python"])
    kept(tmp_path / "net.json", spec, tmp_path, module.pack(module.init(9)))
    saved = of_spec(spec, tmp_path / "net.yaml", Request(params=tmp_path / "net.json"))
    seeded = of_spec(spec, tmp_path / "net.yaml", Request(seed=9))
    assert saved.steps[0].loss == seeded.steps[0].loss
    assert saved.steps[0].loss != of_spec(spec, tmp_path / "net.yaml", Request()).steps[0].loss


def test_an_orthogonal_table_is_made_as_a_whole() -> None:
    described = FACTORIZATION | {"initial": {"weights": "orthogonal", "seed": 2}}
    spec = with_data(network(described))
    sheet = of_spec(spec, Path("net.yaml"), Request())
    reference, (xs, ys) = Network(spec), examples(spec)
    assert sheet.steps[0].loss == pytest.approx(reference.gradient(reference.init(), xs[:1], ys[:1])[0], rel=1e-11)


def test_ten_million_rows_take_no_longer_than_ten() -> None:
    inputs = [{"name": "user", "ids": 10_000_000}, {"name": "item", "ids": 3}]
    spec = network(FACTORIZATION, inputs=inputs, data={"rows": [{"x": [9_999_999, 2], "y": [1.0]}]})
    sheet = of_spec(spec, Path("net.yaml"), Request())
    assert "w_p2_user_9999999" in written(sheet, "text", FULL)
    small = network(
        FACTORIZATION, inputs=[{"name": "user", "ids": 10}, inputs[1]], data={"rows": [{"x": [9, 2], "y": [1]}]}
    )
    assert of_spec(small, Path("net.yaml"), Request()).steps[0].loss != sheet.steps[0].loss


def example_of(path: Path) -> Request:
    """An example for a spec without data."""
    spec = load(path)
    if spec.data is not None:
        return Request(row=2)
    y = ",".join("1" for _ in spec.layers[-1].unit_names)
    return Request(x=",".join("1" if k % 3 else "4" for k, _ in enumerate(spec.input_names)), y=y)


@pytest.mark.parametrize("path", sorted(RECOMMEND.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_recommender_has_a_worksheet(path: Path) -> None:
    sheet = trace(path, example_of(path))
    result = Digits().text(sheet.steps[0].loss or 0.0)
    forms = ("text", "markdown", "latex", "html")
    for form in forms[len(path.stem) % 2 :: 2]:
        shown = written(sheet, form, Digits())
        assert result in shown
        assert result not in written(sheet.blanked(), form, Digits())
        if sheet.plan.indices:
            ids = sheet.steps[0].sections[0].title.removeprefix("the example: ")
            assert re.fullmatch(r"reader \w+, book .+", ids)
            assert ids in shown.replace("\\", "")


def test_units_layers_and_all_of_a_network_with_ids() -> None:
    def drawn(**more: Any) -> Mapping[str, float | None]:
        sheet: Worksheet = trace(RECOMMEND / "neumf.yaml", Request(**more))
        return {line.symbol.name: line.number for part in sheet.steps[0].sections for line in part.lines}

    some, whole = drawn(), drawn(whole=True)
    assert "z_taste1" in some
    assert "z_taste2" not in some
    assert "w_taste2_Ada" in drawn(units=("taste2",))
    assert {f"z_mixed{k}" for k in range(1, 9)} <= set(drawn(layers=("mixed",)))
    assert {name: value for name, value in whole.items() if name in some} == some
    assert len(whole) > 2 * len(some)


def test_a_missing_target_contributes_nothing() -> None:
    described = EVERY_KIND | {"loss": {"name": "squared_error", "missing": "ignore"}}
    spec = network(described, data={"rows": [{"x": [0, 1, 0.5, 0.5], "y": [1.0, None]}]})
    sheet = of_spec(spec, Path("net.yaml"), Request(whole=True))
    lines = {line.symbol.name: line for part in sheet.steps[0].sections for line in part.lines}
    assert text(lines["da_out2"].forms[0], FULL) == "0"
    assert text(lines["loss"].forms[0], FULL) == "(a_out1 − y_out1)² / 2 + 0"
    assert any("is missing" in note for note in sheet.notes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--x", "Ada,Nowhere", "--y", "3"], "book: expected one of Amber Coast, "),
        (["--x", "reader=Ada", "--y", "3"], "missing: book"),
        (["--x", "Ada", "--y", "3"], "expected 2 values"),
        (["--row", "9999"], "expected a row from 1 to"),
        (["--unit", "taste9"], "no unit or input 'taste9'"),
    ],
)
def test_what_is_refused(options: list[str], message: str) -> None:
    done = CliRunner().invoke(main, ["trace", str(ROOT / "specs" / "ratings_mf.yaml"), *options])
    assert done.exit_code == 2
    assert message in done.output


@pytest.mark.parametrize("ids", ["5,1", "-1,1", "0.5,1"])
def test_places_beyond_the_rows_are_refused(ids: str) -> None:
    spec = network(FACTORIZATION)
    with pytest.raises(SpecError, match="user: expected a whole number from 0 to 4"):
        of_spec(spec, Path("net.yaml"), Request(x=ids, y="1"))


def test_an_example_by_ids_is_the_row_with_these_ids() -> None:
    path = ROOT / "specs" / "ratings_mf.yaml"
    row = trace(path, Request())
    given = trace(path, Request(x="Ada,Amber Coast", y="4"))
    assert np.isclose(given.steps[0].loss or 0.0, row.steps[0].loss or 1.0, rtol=0, atol=0)
    forward = trace(path, Request(x="book=Amber Coast,reader=Ada", y="4", whole=True))
    assert forward.steps[0].after == row.steps[0].after


def test_names_of_ids_stay_distinct() -> None:
    users, items = ["b_c", "x y", "x-y"], ["c", "$&%", "日本"]
    inputs = [{"name": "user", "ids": users}, {"name": "item", "ids": items}]
    layers = [
        {"name": "a", "kind": "embedding", "from": "user", "units": ["a"]},
        {"name": "q", "kind": "embedding", "from": "item", "units": ["a_b"]},
        {"name": "out", "from": ["a", "q"], "units": 1, "activation": "linear"},
    ]
    spec = network(FACTORIZATION, inputs=inputs, layers=layers)
    for place in range(3):
        sheet = of_spec(spec, Path("net.yaml"), Request(x=f"{users[place]},{items[place]}", y="1", whole=True))
        given = next(part for part in sheet.steps[0].sections if part.title == "the parameters")
        names = [line.symbol.name for line in given.lines]
        assert len(names) == len(set(names)) == 5
        reference = Network(spec)
        loss = reference.gradient(reference.init(), [[place, place]], [[1.0]])[0]
        assert sheet.steps[0].loss == pytest.approx(loss, rel=1e-12)
        for form in ("text", "markdown", "latex", "html"):
            assert written(sheet, form, FULL)


def test_the_penalty_of_a_row_is_in_its_derivative() -> None:
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "penalty": L2}
    spec = with_data(network(FACTORIZATION, training=training))
    sheet = of_spec(spec, Path("net.yaml"), Request())
    lines = {line.symbol.name: line for part in sheet.steps[0].sections for line in part.lines if part.part == BACKWARD}
    shown = [text(line.forms[0], FULL) for name, line in lines.items() if name.startswith("dw_p1")]
    assert re.fullmatch(r"∂loss/∂z_p1 \+ 0\.1·w_p1_user_\d", shown[0])


def test_a_penalty_of_more_terms_than_a_statement_has_is_shown_whole() -> None:
    (step,) = trace(ROOT / "specs/recommend/neumf.yaml", Request()).steps
    *_, penalized = (line for part in step.sections for line in part.lines if part.part == LOSS)
    reference = Network(load(ROOT / "specs/recommend/neumf.yaml", None))
    loss = reference.loss(reference.init(), [step.example.x], [step.example.y or ()])
    assert (penalized.value, step.loss) == pytest.approx((loss, loss), rel=1e-12)


@pytest.mark.parametrize("path", ["ratings_mf.yaml", "recommend/neumf.yaml", "recommend/wide_deep.yaml"])
def test_a_korean_worksheet_has_no_english(path: str) -> None:
    """Its only Latin letters are those of names, of ids, and of formulas."""
    file = ROOT / "specs" / path
    sheet = written(trace(file, Request(steps=2)), "text", Digits(language="ko"))
    (data,) = re.findall(r"file: (\S+)", file.read_text("utf-8"))
    named = file.read_text("utf-8") + (file.parent / data).read_text("utf-8") + load(file, None).model_dump_json()
    found, allowed = (set(re.findall("[a-z]{2,}", text.lower())) for text in (sheet, named))
    command = {"nngen", "build", "yaml", "target", "xlsx", *re.findall("[a-z]{2,}", file.stem)}
    assert found - allowed <= {"id", "fit", "lazy", "loss", "max", "old", "sqrt"} | command
    assert "예제: reader Ada, book Amber Coast" in sheet
