"""The JSON Schema, as editors get it."""

import json
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.reading.document import Document
from nngen.reading.reader import read
from tests.modules import ROOT, SPECS

FILE = ROOT / "docs" / "spec.schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
EXAMPLE = ROOT / "docs" / "smoke.yaml"


def test_the_file_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(main, ["schema"]).output
    assert FILE.read_text("utf-8") == printed, "to renew it: nngen schema > docs/spec.schema.json"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [*SPECS, EXAMPLE], ids=lambda path: path.stem)
def test_specs_are_valid_by_it_and_name_it(path: Any) -> None:
    text = path.read_text("utf-8")
    document: Document = read(text, str(path))
    jsonschema.Draft202012Validator(SCHEMA).validate(document.value)
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
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(spec)


def test_it_says_what_each_field_means_and_nothing_for_machines_only() -> None:
    for name, definition in {"spec": SCHEMA, **SCHEMA["$defs"]}.items():
        assert definition["description"], name
        for field, node in definition.get("properties", {}).items():
            assert node["description"], f"{name}.{field}"
            assert not node.keys() & {"title", "discriminator"}, f"{name}.{field}"
