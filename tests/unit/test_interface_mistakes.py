"""What the Python interface says about mistakes: always a ``SpecError`` that says what to write instead."""

import inspect
import pickle
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
import numpy as np
import pandas as pd
import pytest

import nngen
from nngen.cli import main
from tests.support.modules import ROOT

XOR, PENGUINS = ROOT / "specs" / "xor_mlp.yaml", ROOT / "specs" / "data" / "penguins.csv"
BIRDS = pd.read_csv(PENGUINS)
ROW = {"island": "Dream", "bill_length_mm": 40.0, "bill_depth_mm": 18.0, "flipper_length_mm": 190, "body_mass_g": 3_500}

given: Any = nngen
"""The interface, to which a type checker lets us give wrong arguments."""


@pytest.fixture(scope="module")
def trained() -> nngen.Result:
    return nngen.train(XOR, epochs=2)


@pytest.fixture(scope="module")
def of_birds() -> nngen.Result:
    with pytest.warns(nngen.Caution):
        return nngen.train(nngen.init(BIRDS, "species"), epochs=2)


ARGUMENTS: list[tuple[Callable[[], object], str, str]] = [
    (lambda: given.build(XOR, "cpp"), "target: expected python, numpy, ", "did you mean 'c'?"),
    (lambda: given.build(XOR, "pyhton"), "got 'pyhton'", "did you mean 'python'?"),
    (lambda: given.build(XOR, None), "target: expected python, numpy, ", "got nothing"),
    (lambda: given.build(XOR, "c", contents=["traning"]), "contents: expected forward, ", "did you mean 'training'?"),
    (lambda: given.build(XOR, "c", contents=["training", "chekcs"]), "got 'chekcs'", "did you mean 'checks'?"),
    (lambda: given.build(XOR, "c", contents="training"), "contents: expected a list", "write contents=['training']"),
    (lambda: given.build(XOR, "c", dtype="float32"), "dtype: expected int8, got 'float32'", ""),
    (lambda: given.build(XOR, "c", dtype=""), "dtype: expected int8, got ''", ""),
    (lambda: given.evaluate(XOR, dtype="float16"), "dtype: expected int8, got 'float16'", ""),
    (lambda: given.build(XOR, "c", params=[1.0, 2.0]), "expected 9 parameters, got 2", ""),
    (lambda: given.build(XOR, "c", params=["a"] * 9), "flat list of finite numbers", "`result.params`"),
    (lambda: given.train(XOR, target="rust"), "target: expected python, numpy or c, got 'rust'", ""),
    (lambda: given.train(XOR, target="np"), "target: expected python, numpy or c", "did you mean 'numpy'?"),
    (lambda: given.train(XOR, epochs=0), "epochs: expected a whole number from 1, got 0", ""),
    (lambda: given.train(XOR, epochs=1.5), "epochs: expected a whole number from 1, got 1.5", ""),
    (lambda: given.train(XOR, seed=-1), "seed: expected a whole number from 0 to 4294967295, got -1", ""),
    (lambda: given.train(XOR, params=[1.0]), "expected 9 parameters, got 1", ""),
    (lambda: given.train(XOR, folds=1), "folds: expected a whole number from 2 to 1000, got 1", ""),
    (lambda: given.train(XOR, folds=2, params=[1.0]), "are about one training", "leave out `seeds`, `folds`"),
    (lambda: given.train(XOR, folds=5), "expected 5 or more examples, one for each fold, got 4", ""),
    (lambda: given.train(XOR, search=["a"]), "search: expected a mapping, got a list", ""),
    (lambda: given.train(XOR, search={"training.epochs": 3}), "training.epochs: expected a list of values, got 3", ""),
    (lambda: given.train(XOR, search={"training.epochs": []}), "expected a list of values, got an empty list", ""),
    (lambda: given.train(XOR, search={"training.epoch": [3]}), "unknown field 'epoch'", "did you mean 'epochs'?"),
    (lambda: given.train(XOR, name="a b"), "name: ", ""),
    (lambda: given.train(XOR, callback=3), "callback: expected a function, got 3", ""),
    (lambda: given.train(XOR, settings={"training.epochs": 0}), "training.epochs: expected a whole number", "got 0"),
    (lambda: given.train(XOR, settings={"training.epoch": 9}), "unknown field 'epoch'", "did you mean 'epochs'?"),
    (lambda: given.train(XOR, settings={"trainin.epochs": 9}), "there is no 'trainin'", "did you mean 'training'?"),
    (lambda: given.load(XOR, settings=["training.epochs=9"]), "settings: expected a mapping, got a list", ""),
    (lambda: given.load(None), "expected a spec, got nothing", "give a path, the text of a spec"),
    (lambda: given.load(3), "expected a spec, got 3", "give a path, the text of a spec"),
    (lambda: given.load("absent.yaml"), "this file does not exist", ""),
    (lambda: given.load({"name": "x"}), "missing field 'layers'", ""),
    (lambda: given.explain(XOR, language="de"), "language: expected en or ko, got 'de'", ""),
    (lambda: given.verify(None), "module: expected a text or a path, got nothing", ""),
    (lambda: given.verify(XOR, timeout=0), "timeout: expected a number from 0.1 to 86400, got 0", ""),
    (lambda: given.predict(XOR, [{"x1": 1}]), "the network has no parameters", "`nngen.train(spec)`"),
    (lambda: given.show(XOR, machine="arm"), "machine: expected avr, cortex-m0, cortex-m4 or riscv, got 'arm'", ""),
    (lambda: given.show(XOR, machine="avr"), "the network has no parameters", "give `params`"),
    (lambda: given.trace(XOR, form="pdf"), "form: expected text, markdown, latex or html, got 'pdf'", ""),
    (lambda: given.trace(XOR, row=9), "expected a row from 1 to 4, got 9", ""),
    (lambda: given.trace(XOR, x=[1]), "an example needs inputs and targets, and `y` is missing", ""),
    (lambda: given.export(XOR, "x.onnx"), "the network has no parameters", "`nngen.train(spec)`"),
    (lambda: given.export(XOR, "x.bin", params=[0.0] * 9), "the suffix does not say what to write", "give `kind`"),
    (lambda: given.export(XOR, "x.onnx", "onx"), "kind: expected onnx, safetensors, torch, keras or arduino", "'onnx'"),
    (lambda: given.import_("absent.onnx"), "this file does not exist", ""),
    (lambda: given.import_("absent.tflite", dtype="int4"), "dtype: expected int8, got 'int4'", ""),
    (lambda: given.course(), "there is nothing to write", "give `folder`, `students` or `scorm`"),
    (lambda: given.init(PENGUINS, ["species"]), "target: expected a text, got a list", ""),
    (lambda: given.init(PENGUINS, "species", task="clases"), "task: expected", "did you mean 'classes'?"),
    (lambda: given.init(PENGUINS, "species", ratings="ab"), "ratings: expected two texts, got 'ab'", ""),
    (lambda: given.init(PENGUINS, "species", encoding="latin99"), "encoding: expected the name", "such as cp949"),
    (lambda: given.parameter_file(None, []), "spec: expected a text, got nothing", ""),
    (lambda: given.parameter_file(XOR.read_text("utf-8"), [1.0]), "expected 9 parameters, got 1", ""),
    (lambda: given.parameter_file(XOR.read_text("utf-8"), ["a"] * 9), "flat list of finite numbers", ""),
]

TABLES: list[tuple[Callable[[], object], str, str]] = [
    (lambda: given.init([], "y"), "expected a table, got an empty list", "give a path, a data frame"),
    (lambda: given.init(3, "y"), "expected a table, got 3", "give a path, a data frame"),
    (lambda: given.init({}, "y"), "expected a table, got a mapping", "give a path, a data frame"),
    (lambda: given.init(ROW, "y"), "expected one column 'y', got none", ""),
    (lambda: given.init([{"y": b"\xff"}] * 20, "y"), "row 1: y: expected a text in UTF-8, got b'\\xff'", "decode it"),
    (lambda: given.init([ROW, {}], "y"), "expected a table, got a list", "give a path, a data frame"),
    (lambda: given.init({"x": [1, 2], "y": [1]}, "y"), "y: expected a list of 2 values, got 1", ""),
    (lambda: given.init({"x": [1, 2], "y": "ab"}, "y"), "y: expected a list of 2 values, got 'ab'", ""),
    (lambda: given.init((np.zeros((3, 3)), ["a", "b"]), "a"), "3 different names of columns, got 'a' and 'b'", ""),
    (lambda: given.init((np.zeros((3, 2)), ["a", "a"]), "a"), "2 different names of columns, got 'a' and 'a'", ""),
    (lambda: given.init(np.zeros((3, 3)), "y"), "expected a table", "give a path, a data frame"),
    (lambda: given.init(BIRDS, "specie"), "expected one column 'specie'", "species"),
    (lambda: given.init(BIRDS["species"], "species"), "", "give a path, a data frame"),
    (
        lambda: given.init(BIRDS.assign(mixed=[1, "a"] * 172), "species"),
        "expected columns of one kind of values",
        "`frame['mixed'].astype(str)`",
    ),
    (
        lambda: given.init(BIRDS.rename(columns={"island": "sex"}), "species"),
        "several columns have the name 'sex'",
        "give each column a name of its own",
    ),
    (
        lambda: given.init([{"x": 1, "y": "a"}, {"y": "b"}], "y"),
        "row 2: missing key 'x', which row 1 has",
        "write None where a value is missing",
    ),
    (
        lambda: given.init([{"size": 1, "y": "a"}, {"siez": 1, "y": "b"}], "y"),
        "row 2: unknown key 'siez', which row 1 has not",
        "did you mean 'size'?",
    ),
    (
        lambda: given.init([{"x": [1], "y": "a"}], "y"),
        "row 1: x: expected a number or a text, got a list",
        "of its own",
    ),
]


def said(call: Callable[[], object]) -> str:
    """What a mistake is told; it speaks of nothing that the user does not know."""
    with pytest.raises(nngen.SpecError) as caught:
        call()
    text = str(caught.value)
    assert not re.search(r"nngen-\w+[/\\]|--force|--set|Traceback", text), text
    return text


@pytest.mark.parametrize(("call", "message", "advice"), ARGUMENTS, ids=[one[1] for one in ARGUMENTS])
def test_a_wrong_argument(call: Callable[[], object], message: str, advice: str) -> None:
    text = said(call)
    assert message in text
    assert advice in text


@pytest.mark.parametrize(("call", "message", "advice"), TABLES, ids=[one[1] for one in TABLES])
def test_a_wrong_table(call: Callable[[], object], message: str, advice: str) -> None:
    text = said(call)
    assert message in text
    assert advice in text
    assert " --> the table" in text


def test_an_error_knows_its_place() -> None:
    with pytest.raises(ValueError, match="expected a list") as caught:
        nngen.load("layers: 3\nname: small\ninputs: 2\nloss: mse\n")
    assert isinstance(caught.value, nngen.SpecError)
    first = caught.value.diagnostics[0]
    assert (caught.value.path, caught.value.line, caught.value.column, caught.value.help) == (
        "spec.yaml",
        first.line,
        first.column,
        first.help,
    )
    assert first.line
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.line) == (str(caught.value), caught.value.line)


def test_a_result_is_no_spec(trained: nngen.Result) -> None:
    for call in (given.train, given.load):
        text = said(partial(call, trained))
        assert "expected a spec, got the result of a training" in text
        assert "`params=result.params`" in text


def test_a_wrong_value_in_a_table_that_came_from_memory(of_birds: nngen.Result) -> None:
    wrong = BIRDS.head(3).assign(bill_length_mm="long")
    assert "bill_length_mm, row 1: expected a number, got 'long'\n  --> the table\n" in said(
        lambda: nngen.predict(of_birds, wrong)
    )
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in wrong.to_dict("records")
    ]
    assert "bill_length_mm: expected a number, got 'long'\n  --> the table:2:" in said(
        lambda: nngen.predict(of_birds, rows)
    )
    assert str(nngen.evaluate(of_birds, BIRDS)).startswith("the table: loss ")
    absent = said(lambda: nngen.train(of_birds.network, BIRDS.drop(columns="island")))
    assert "'island'" in absent


def test_what_numpy_and_pandas_write_for_a_missing_value_is_missing(of_birds: nngen.Result) -> None:
    row = {**ROW, "sex": "male"}
    answers = []
    for missing in (None, float("nan"), np.nan, pd.NA, pd.NaT):
        with pytest.warns(nngen.Caution, match="missing values in 'bill_length_mm': 1 row"):
            answers.append(nngen.predict(of_birds, [{**row, "bill_length_mm": missing}]))
    assert all(answer == answers[0] for answer in answers)


def test_a_file_is_overwritten_by_an_argument(trained: nngen.Result, tmp_path: Path) -> None:
    path, page = tmp_path / "file", nngen.explain(ROOT / "specs" / "or_perceptron.yaml")  # without variants
    path.write_text("mine", "utf-8")
    (tmp_path / "xor_mlp.h").write_text("mine", "utf-8")
    module = nngen.build(XOR, "c")
    given_save: Callable[..., object] = trained.save
    for call in (trained.save, trained.network.save, page.save):
        assert "`overwrite=True`" in said(partial(call, path))
        assert call(path, overwrite=True) == path
        path.write_text("mine", "utf-8")
    assert "`overwrite=True`" in said(lambda: module.save(tmp_path))
    assert module.save(tmp_path, overwrite=True).read_text("utf-8") == module.text
    assert "path: expected a text or a path, got 3" in said(partial(given_save, 3))


OPTIONS = {
    ("build", "target"): "--target",
    ("build", "contents"): "--contents",
    ("build", "dtype"): "--dtype",
    ("evaluate", "dtype"): "--dtype",
    ("train", "target"): "--target",
    ("init", "decimal"): "--decimal",
    ("init", "task"): "--task",
    ("explain", "language"): "--language",
    ("explain", "parts"): "--parts",
    ("show", "machine"): "--machine",
    ("trace", "form"): "--format",
    ("trace", "language"): "--language",
    ("course", "language"): "--language",
    ("import_", "dtype"): "--dtype",
}
"""For each argument with choices the option of the command."""


def test_each_choice_is_that_of_the_command() -> None:
    found = {}
    for name in nngen.__all__:
        if inspect.isfunction(getattr(nngen, name)):
            for parameter in inspect.signature(getattr(nngen, name)).parameters.values():
                choices = _choices(parameter.annotation)
                if choices:
                    found[name, parameter.name] = choices
    assert found.pop(("export", "dtype")) == ("float32", "float64")
    files = [name for one in main.commands["export"].params for name in one.opts]
    assert {f"--{kind}" for kind in found.pop(("export", "kind"))} <= {*files}
    assert found.keys() == OPTIONS.keys()
    for (name, argument), option in OPTIONS.items():
        (known,) = (one for one in main.commands[name.rstrip("_")].params if option in one.opts)
        assert isinstance(known.type, click.Choice)
        texts = tuple(choice for choice in known.type.choices if choice != "xlsx")  # only the command writes a workbook
        assert texts == found[name, argument]


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next(filter(None, map(_choices, get_args(annotation))), ())


def test_a_training_that_diverges_says_what_to_do() -> None:
    rows = [{"x": float(i * 7 % 30), "y": 2.0 * i} for i in range(30)]
    network = nngen.init(rows, "y", task="numbers")
    rate = {"training.optimizer": {"name": "gradient_descent", "rate": 1e9}}
    with pytest.raises(nngen.DivergedError, match=r"training diverged in .*: lower the optimizer's `rate`"):
        nngen.train(network, settings=rate)
    with pytest.raises(nngen.DivergedError, match="lower the optimizer's `rate`"):
        nngen.train(network, settings=rate, seeds=2, progress=False)
    with pytest.raises(nngen.DivergedError, match="lower the optimizer's `rate`"):
        nngen.train(network, settings=rate, ensemble=2, progress=False)
