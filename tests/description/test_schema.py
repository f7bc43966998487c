"""The JSON Schema, as editors get it."""

import json
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.model.editor_schema import TARGETS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.formulas.evaluate import computation
from nngen.mathematics.formulas.formula import Formula
from nngen.reading.checks.all import check
from nngen.reading.document import Document
from nngen.reading.source import parse
from nngen.reading.yaml_reader import read
from tests.support.bad_specs import BAD, NOT_CAUGHT, readable
from tests.support.modules import ROOT, SPECS
from tests.support.networks import NETWORKS
from tests.support.specs_strategy import Drawn, valid_specs

FILE = ROOT / "docs" / "spec.schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
EXAMPLE = ROOT / "docs" / "smoke.yaml"
VALID = jsonschema.Draft202012Validator(SCHEMA)


def test_the_file_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(main, ["schema"]).output
    assert FILE.read_text("utf-8") == printed, "to renew it: nngen schema > docs/spec.schema.json"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [*SPECS, EXAMPLE], ids=lambda path: path.stem)
def test_specs_are_valid_by_it_and_name_it(path: Any) -> None:
    text = path.read_text("utf-8")
    document: Document = read(text, str(path))
    VALID.validate(document.value)
    key, _, location = text.splitlines()[0].partition("$schema=")
    assert key == "# yaml-language-server: "
    assert (path.parent / location).resolve() == FILE


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"layer": []},
        {"layers": []},
        {"loss": ["squared_error"]},
        {"loss": {"name": "squared_error", "outputs": "max"}},
        {"training": {"optimizer": "gradient_descent"}},
        {"inputs": {"name": "x", "size": 0}},
        {"targets": ["fortran"]},
    ],
    ids=str,
)
def test_what_is_wrong_is_wrong_by_it(wrong: dict[str, Any]) -> None:
    spec = {**read(EXAMPLE.read_text("utf-8"), "smoke.yaml").value, **wrong}
    assert not VALID.is_valid(spec)


def test_bad_specs_are_bad_by_it_but_for_what_no_schema_says() -> None:
    documents = {path.name: read(path.read_text("utf-8"), path.name) for path in BAD if readable(path)}
    assert {name for name, document in documents.items() if VALID.is_valid(document.value)} == NOT_CAUGHT.keys()


@settings(max_examples=50, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(valid_specs())
def test_random_specs_are_valid_by_it(drawn: Drawn) -> None:
    VALID.validate(json.loads(json.dumps(drawn.source)))


@pytest.mark.parametrize("name", NETWORKS)
def test_what_it_refuses_is_refused(name: str) -> None:
    written = json.dumps(NETWORKS[name].spec.model_dump(mode="json", by_alias=True))
    document: Document = read(written, "net.json")
    if not VALID.is_valid(document.value):
        assert [*check(document, None, NETWORKS[name].spec)]


@pytest.mark.parametrize(
    "name", [name for name in LOSSES if name != "perceptron"]
)  # whose targets depend on the output's activation
def test_targets_are_those_of_the_losses(name: str) -> None:
    numbers = jsonschema.Draft202012Validator(TARGETS.get(name, {}))
    takes = computation(Formula(LOSSES[name].target), "y")
    for y in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0):
        assert numbers.is_valid(y) == bool(takes(y)[0])


def test_a_spec_may_name_its_schema() -> None:
    named = {"$schema": "https://example.org/spec.schema.json", **read(EXAMPLE.read_text("utf-8"), "smoke.yaml").value}
    VALID.validate(named)
    spec = parse(json.dumps(named), "smoke.json")
    assert spec.model_dump() == parse(EXAMPLE.read_text("utf-8"), "smoke.yaml").model_dump()
    with pytest.raises(SpecError, match="expected a text"):
        parse(json.dumps({**named, "$schema": 1}), "smoke.json")


def test_it_says_what_everything_means_and_nothing_for_machines_only() -> None:
    for name, definition in {"spec": SCHEMA, **SCHEMA["$defs"]}.items():
        assert definition["description"], name
        assert definition["title"] == definition["title"].lower()
        assert "_custom" not in definition["title"], name
        for field, node in definition["properties"].items():
            if node is not True:  # the name of an entry, by which it has been chosen
                assert node.keys() & {"description", "errorMessage"}, f"{name}.{field}"
                assert not node.keys() & {"title", "discriminator"}, f"{name}.{field}"
                assert not isinstance(node.get("default"), list | dict), f"{name}.{field}"
