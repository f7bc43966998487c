"""A text with values replaced: what is not replaced stays as it is written."""

import difflib

import pytest

from nngen.common.diagnostics import SpecError
from nngen.reading import parse, replaced
from tests.support.modules import ROOT

TEXT = """\
name: x  # a name
layers:
  # two
  - {name: a, units: 3}  # tail
  - name: b
    units: 4   # four

    # the end of b
training:
  optimizer: adam  # good
  says: |
    one
    two
  empty:   # nothing
  last: "q"
"""


@pytest.mark.parametrize(
    ("assignment", "before", "after"),
    [
        ("layers.0.units=8", "  - {name: a, units: 3}  # tail", "  - {name: a, units: 8}  # tail"),
        ("layers.1.units=8", "    units: 4   # four", "    units: 8   # four"),
        ("layers.0.bias=false", "  - {name: a, units: 3}  # tail", "  - {name: a, units: 3, bias: false}  # tail"),
        ("layers.1.bias=false", "", "    bias: false"),
        ("training.optimizer.rate=0.5", "  optimizer: adam  # good", "  optimizer: {name: adam, rate: 0.5}  # good"),
        ("training.says=three", "  says: |\n    one\n    two", "  says: three"),
        ("training.empty=[1, 2]", "  empty:   # nothing", "  empty: [1, 2]   # nothing"),
        ("training.new=3", "", "  new: 3"),
        ('name="a\\nb"', "name: x  # a name", 'name: "a\\nb"  # a name'),
    ],
)
def test_only_the_value_changes(assignment: str, before: str, after: str) -> None:
    made = replaced(TEXT, "x.yaml", [assignment])
    changes = [line for line in difflib.ndiff(TEXT.splitlines(), made.splitlines()) if line[0] in "-+"]
    old = [f"- {line}" for line in before.split("\n") if line]
    new = [f"+ {line}" for line in after.split("\n")]
    assert sorted(changes) == sorted([*old, *new])


def test_lists_and_mappings_are_replaced_as_a_whole() -> None:
    made = replaced(TEXT, "x.yaml", ["layers=[{name: q}]", "training={a: 1}", "training.b=null"])
    assert made.startswith("name: x  # a name\nlayers: [{name: q}]\n")
    assert made.endswith("\ntraining: {a: 1, b: null}\n")


def test_json_stays_json() -> None:
    text = '{"name": "x",\n\t"layers" : [{"units": 3}, {}], "e": {}}'
    made = replaced(text, "x.json", ["layers.0.units=8", "layers.1.a=b", "e.f=[1]", "g=true"])
    assert made == '{"name": "x",\n\t"layers" : [{"units": 8}, {"a": "b"}], "e": {"f": [1]}, "g": true}'


def test_in_rare_forms_the_values_count_more_than_the_comments() -> None:
    assert replaced("a: {b, c: 1}  # k\nd: 1", "x.yaml", ["a.b=2"]) == "a: {b: 2, c: 1}\nd: 1\n"
    assert replaced("a:\n-\n- 3", "x.yaml", ["a.0=2"]) == "a: [2, 3]\n"


def test_an_assignment_without_a_place_is_refused() -> None:
    with pytest.raises(SpecError, match="there is no 'layer'"):
        replaced(TEXT, "x.yaml", ["layer.0=1"])


def test_every_spec_says_what_was_asked_for() -> None:
    for path in sorted((ROOT / "specs").glob("*.yaml")):
        text, asked = path.read_text("utf-8"), ["training.epochs=7", "initial.seed=5", "training.optimizer.rate=0.125"]
        try:
            wanted = parse(text, str(path), path.parent, None, asked)
        except SpecError:  # an optimizer without a rate
            wanted = parse(text, str(path), path.parent, None, asked := asked[:1])
        made = replaced(text, str(path), asked)
        assert parse(made, str(path), path.parent) == wanted, path
        assert made.count("#") == text.count("#"), path
