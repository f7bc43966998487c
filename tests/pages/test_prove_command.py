"""``nngen prove`` without CBMC."""

import json
import pickle
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands.prove import proof
from nngen.common.diagnostics import SpecError
from nngen.integers import encoded
from nngen.proof.proving import Header
from nngen.proof.proving.exhaustion import reached
from nngen.reading import load, parse
from nngen.targets import texts
from tests.support.integers import params_of, path_of
from tests.support.small_integers import header, small

pytestmark = pytest.mark.filterwarnings("ignore:.*trained with:nngen.common.cautions.Caution")


def test_without_cbmc_the_message_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small(tmp_path)
    monkeypatch.setenv("PATH", "")
    wanted = ["prove", str(made.spec), "--params", str(made.params), "--dtype", "int8", "--accept-loss"]
    done = CliRunner().invoke(main, wanted)
    assert (done.exit_code, "the program cbmc is not there" in done.output) == (2, True)
    assert "apt-get install cbmc" in done.output
    assert "apt-get install cbmc" in " ".join(CliRunner().invoke(main, ["prove", "--help"]).output.split())


def test_bodies_are_replaced_without_moving_a_line(tmp_path: Path) -> None:
    found = Header("fruit", text := header(small(tmp_path)), text)
    assert [*found.functions][-2:] == ["predict", "predict_proba"]
    changed = found.with_bodies({"encode": "return;", "share": "return 1;", "none": ""}, keep={"share"})
    assert len(changed.split("\n")) == len(found.text.split("\n"))
    assert "(const int16_t *row, int8_t *x) {\nreturn;\n" in changed
    assert "return 1;" not in changed
    conditions = ["#ifdef __AVR__", "#ifdef __ARM_FEATURE_DSP", "#ifdef __AVR__"]
    assert [path.condition for path in found.left_out] == conditions
    for path in (one for one in found.left_out if "AVR" in one.condition):
        lines = found.text.split("\n")[path.first - 1 : path.last]
        assert all("AVR" in line or "pgm" in line or "PROGMEM" in line or "asm" in line for line in lines), lines


def test_the_ends_of_sums_are_those_of_all_rows(tmp_path: Path) -> None:
    made = small(tmp_path)
    done = proof(made.spec, made.params, 0.0, widths=(), accept_loss=True)
    rows = np.array([*product(range(4, 25), (-1, 0, 1))])
    layer, x = done.network.hidden[0], encoded(done.network.inputs, rows)
    sums = x @ np.array(layer.weights[0]).T + np.array(layer.biases)
    assert reached(done.network, done.header, "activation_hidden", 60.0) == (sums.min(), sums.max())
    text = done.header.text
    other = Header("fruit", text.replace("n - least", "n - 0"), text)
    assert reached(done.network, other, "activation_hidden", 60.0) is None  # it is not known how this one reads a row


BAD = """\
properties:
  - {kind: monoton, input: size}
  - {kind: monotone, inputs: size}
  - {kind: never, answer: 3}
"""

RIGHT = """\
properties:
  - {kind: monotone, input: size, direction: decreasing}
  - {kind: never, answer: cherry, where: {size: [11, 12], color: [green, red]}}
  - {kind: robust, row: {size: 12, color: green}, within: {size: 0.5}}
"""

MISFITS = """\
properties:
  - {kind: monotone, input: color}
  - {kind: never, answer: chery, where: {size: [5, 3], color: blue}}
  - {kind: robust, row: {size: 1}, within: {}}
  - {kind: range, low: 3}
  - {kind: equal, input: sizes}
"""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            BAD,
            ["asked.yaml:2:12", "did you mean 'monotone'?", "did you mean 'input'?", "unknown field 'inputs'", ":4:27"],
        ),
        (
            MISFITS,
            [
                "the column color has no order",
                "did you mean 'cherry'?",
                "the range ends before",
                "unknown category 'blue'",
                "the row has no color",
                "take `kind: never`",
                "did you mean 'size'?",
                "asked.yaml:6:",
            ],
        ),
        ("properties: []", ["properties"]),
        ("properties: 3", ["expected a list"]),
        ("properties: [3]", ["expected a mapping"]),
        ("propertys: []", ["did you mean 'properties'?"]),
        ("properties: [{kind: range, low: 3, high: 1}]", ["the range ends before it begins"]),
        ("a: [", ["asked.yaml:1:"]),
    ],
)
def test_wrong_properties_are_refused_with_their_places(tmp_path: Path, text: str, messages: list[str]) -> None:
    made = small(tmp_path)
    (tmp_path / "asked.yaml").write_text(text)
    wanted = ["prove", str(made.spec), "--params", str(made.params), "--dtype", "int8", "--accept-loss"]
    done = CliRunner().invoke(main, [*wanted, "--property", str(tmp_path / "asked.yaml")])
    assert done.exit_code == 2, done.output
    for message in messages:
        assert message in done.output, done.output


def test_properties_of_a_spec_change_no_module_and_survive_a_copy(tmp_path: Path) -> None:
    made = small(tmp_path)
    without = load(made.spec)
    made.spec.write_text(made.spec.read_text() + RIGHT)
    spec = load(made.spec)
    few = ["python", "c", "go"]
    assert len(spec.properties) == 3
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert parse(json.dumps(spec.model_dump(mode="json", by_alias=True)), "fruit.json").properties == spec.properties
    assert texts(spec, tmp_path, few) == texts(without, tmp_path, few)


def test_shares_without_classes_have_no_properties() -> None:
    text = """\
name: t
inputs: [size]
layers: [{name: o, units: [p, q], activation: softmax}]
loss: cross_entropy
training: {optimizer: {name: adam, rate: 0.1}}
data: {file: t.csv, target: [p, q]}
properties: [{kind: range, output: p, low: 0.1}]
"""
    with pytest.raises(SpecError, match=r"t.yaml:7:21(.|\n)*take a column of classes"):
        parse(text, "t.yaml")


def test_a_range_may_have_one_end(tmp_path: Path) -> None:
    ends = ("low: -1.0e+9", "high: 1.0e+300")
    listed = "".join(f"  - {{kind: range, output: carry, {end}}}\n" for end in ends)
    (tmp_path / "asked.yaml").write_text(f"properties:\n{listed}")
    wanted = ["prove", str(path_of("deep_mlp")), "--params", params_of("deep_mlp", tmp_path), "--dtype", "int8"]
    done = CliRunner().invoke(main, [*wanted, "--accept-loss", "--property", str(tmp_path / "asked.yaml")])
    assert done.exit_code == 0, done.output
    assert "the answer is at least -1e+09: proven by bounds of 1 box" in done.output
    assert "the answer is at most 1e+300: proven by bounds of 1 box" in done.output


def test_a_file_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"certificate": "nngen prove 1", "options": {"spec": 3}}')
    done = CliRunner().invoke(main, ["prove", "--check", str(tmp_path / "a.json")])
    assert (done.exit_code, "this is no certificate" in done.output) == (2, True)
