"""Text becomes a spec as YAML 1.2 and JSON have it, and hostile text is refused before anything is built of it."""

import json
from pathlib import Path

import pytest

from nngen.checks import MAX_PARAMETERS
from nngen.diagnostics import MAX_SHOWN, Diagnostic, SpecError
from nngen.reader import MAX_DEPTH, read
from nngen.source import MAX_BYTES, load, parse
from nngen.spec import Spec

TEXT = """\
name: xor
inputs: [x1, x2]
layers:
  - name: hidden
    units: [h1, h2]
    activation: sigmoid
  - name: output
    units: [y]
    activation: sigmoid
loss: {name: binary_cross_entropy, outputs: sum}
training:
  optimizer: {name: gradient_descent, rate: 1e-3}
"""


def refused(text: str | bytes, path: str = "spec.yaml") -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as caught:
        parse(text, path)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("-0.5", -0.5),
        ("+3", 3),
        ("014", 14),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("null", None),
        ("", None),
        ('"1"', "1"),
        ("'true'", "true"),
        ("NaN", "NaN"),
        ("=", "="),
    ],
)
def test_scalars_are_those_of_yaml_1_2(written: str, value: object) -> None:
    found = read(f"key: {written}\n", "spec.yaml").value["key"]
    assert (found, type(found)) == (value, type(value))


def test_keys_that_older_yaml_takes_for_truth() -> None:
    assert read("on: 1\ny: 2\n", "spec.yaml").value == {"on": 1, "y": 2}


def test_json_is_the_same_spec() -> None:
    plain = read(TEXT, "spec.yaml").value
    assert parse(json.dumps(plain), "spec.json") == parse(TEXT, "spec.yaml")
    assert parse(json.dumps(plain, indent="\t"), "spec.JSON") == parse(TEXT, "spec.yaml")


@pytest.mark.parametrize(
    "text",
    [
        '{"a"\n:\t[1,2]\n,"b":\n\n"\\u00e9\\ud83d\\ude00\\/\\"\\n"}',
        '{"a":[true,false,null,-0.5E-3,"on"],"\\t":{}, "":[[]] }',
        '\ufeff{"a": "# no comment", "b": "- no list: &no *no !no"}',
    ],
)
def test_json_is_read_as_json(text: str) -> None:
    assert read(text, "spec.json").value == json.loads(text.removeprefix("\ufeff"))


@pytest.mark.parametrize("change", ["\r\n", "\r", "bom", "bytes", "final break"])
def test_the_same_text_in_other_clothes(change: str) -> None:
    other: str | bytes = {
        "bom": "\ufeff" + TEXT,
        "bytes": b"\xef\xbb\xbf" + TEXT.encode(),
        "final break": TEXT.rstrip("\n"),
    }.get(change, TEXT.replace("\n", change))
    assert parse(other, "spec.yaml") == parse(TEXT, "spec.yaml")


def test_line_breaks_do_not_move_positions() -> None:
    wrong = TEXT.replace("activation: sigmoid", "activation: sigmod")
    assert refused(wrong.replace("\n", "\r\n")) == refused(wrong)
    assert refused("\ufeff" + wrong) == refused(wrong)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("activation: sigmoid", "activation: {name: sigmoid}"),
        ("units: [y]\n", "units: [y]\n    from: hidden\n"),
        ("units: [y]\n    from: hidden\n", "units: [y]\n    from: [hidden]\n"),
        ("units: [y]\n", "units: [y]\n    bias: true\n"),
        ("units: [y]\n    bias: false\n", "units: [y]\n    bias: null\n"),
        (
            "units: [y]\n    weights: {initial: [[1, 2]]}\n",
            "units: [y]\n    weights: {initial: {name: values, values: {hidden: [[1, 2]]}}}\n",
        ),
        ("training:\n", "targets: [numpy]\ntraining:\n"),
        ("training:\n", "initial: {weights: glorot_uniform}\ntraining:\n"),
    ],
)
def test_short_forms(short: str, long: str) -> None:
    start = TEXT if short in TEXT else TEXT.replace(short.split("\n")[0] + "\n", short, 1)
    one, other = parse(start, "spec.yaml"), parse(start.replace(short, long, 1), "spec.yaml")
    assert _plain(one) == _plain(other)


def _plain(spec: Spec) -> object:
    """The spec without what only says how it was written."""
    plain = spec.model_dump()
    plain.pop("targets")
    for layer in plain["layers"]:
        layer["sources"] = layer["sources"] or None
    return plain
