"""Specs in editors, by the language services of YAML and JSON: mistakes, explanations and what may be written."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nngen.description.model.names import NAME_MESSAGE
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.optimizers import OPTIMIZERS
from tests.oracle.node import node
from tests.support.bad_specs import BAD, NOT_CAUGHT, readable
from tests.support.modules import ROOT, SPECS

pytestmark = pytest.mark.oracle

DRIVER = Path(__file__).parent / "editor.mjs"
SCHEMA = ROOT / "docs" / "spec.schema.json"
CURSOR = "¦"
SPEC = (ROOT / "docs" / "smoke.yaml").read_text("utf-8")


def answers(*asks: tuple[str, str, str]) -> list[Any]:
    """The answers to asks, each a language, ``diagnostics``, ``hover`` or ``completion``, and a text with a cursor."""
    jobs = []
    for language, asked, marked in asks:
        before, _, after = marked.partition(CURSOR)
        offset = len(before.encode("utf-16-le")) // 2  # which is how the services count
        jobs.append({"language": language, "asks": asked, "text": before + after, "offset": offset})
    done = node(str(DRIVER), str(SCHEMA), input=json.dumps(jobs))
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def edited(old: str, new: str) -> str:
    assert old in SPEC
    return SPEC.replace(old, new)


def said(answer: Any) -> list[str]:
    return [diagnostic["message"] for diagnostic in answer]


def explained(answer: Any) -> str:
    contents = answer["contents"]
    return contents["value"] if isinstance(contents, dict) else "\n".join(contents)


def offered(answer: Any) -> Mapping[str, Any]:
    return {item["label"]: item for item in answer["items"]}


def test_good_specs_have_no_mistakes() -> None:
    texts = [path.read_text("utf-8") for path in [*SPECS, ROOT / "docs" / "xor.yaml"]]
    in_json = json.dumps({"$schema": "spec.schema.json", "name": "net", "inputs": 2, "loss": "huber"})
    *found, json_found = answers(*(("yaml", "diagnostics", text) for text in texts), ("json", "diagnostics", in_json))
    assert [said(answer) for answer in found] == [[]] * len(texts)
    assert said(json_found) == ['Missing property "layers".', 'Missing property "training".']


def test_bad_specs_have_mistakes() -> None:
    caught = [path for path in BAD if readable(path) and path.name not in NOT_CAUGHT]
    found = answers(*((path.suffix[1:], "diagnostics", path.read_text("utf-8")) for path in caught))
    assert [path.name for path, answer in zip(caught, found, strict=True) if not answer] == []


def test_messages_name_what_is_meant() -> None:
    found = answers(
        ("yaml", "diagnostics", edited("activation: sigmoid", "activation: sigmod")),
        ("yaml", "diagnostics", edited("activation: sigmoid", "activation: {name: sigmod}")),
        ("yaml", "diagnostics", SPEC.replace("binary_cross_entropy", "mse")),
        ("yaml", "diagnostics", edited("name: smoke", "name: 1x")),
        ("yaml", "diagnostics", edited("outputs: sum", "outputs: max")),
        (
            "yaml",
            "diagnostics",
            edited("activation: sigmoid", "activation: mine") + "activations: {mine: {value: z}}\n",
        ),
    )
    activation = f"Unknown activation. Known: {', '.join(ACTIVATIONS)}; define others under `activations`."
    assert [said(answer) for answer in found] == [
        [activation],
        [activation],
        [f"Unknown loss. Known: {', '.join(LOSSES)}; define others under `losses`."],
        [NAME_MESSAGE],
        ['Value is not accepted. Valid values: "sum", "mean".'],
        [],
    ]
    sources = {diagnostic["source"] for answer in found for diagnostic in answer}
    assert sources == {"yaml-schema: network", "yaml-schema: binary_cross_entropy"}


def test_each_activation_is_explained() -> None:
    written = [text for name in ACTIVATIONS for text in (f"{CURSOR}{name}", f"{{name: {CURSOR}{name}}}")]
    found = answers(
        *(("yaml", "hover", edited("activation: sigmoid", f"activation: {text}")) for text in written),
        *(("json", "hover", f'{{"layers": [{{"activation": "{CURSOR}{name}"}}]}}') for name in ACTIVATIONS),
    )
    for name, answer in zip([*(name for name in ACTIVATIONS for _ in range(2)), *ACTIVATIONS], found, strict=True):
        plain = explained(answer).replace("\\", "").replace("&lt;", "<").replace("&gt;", ">")
        assert name in plain
        assert ACTIVATIONS[name].textbook in plain
        assert "custom" not in plain


def test_each_field_is_explained_by_itself() -> None:
    places = [match.start() for match in re.finditer(r"\b\w+: ", SPEC) if match.start() > SPEC.index("\n")]
    for answer in answers(*(("yaml", "hover", f"{SPEC[:place]}{CURSOR}{SPEC[place:]}") for place in places)):
        assert len(explained(answer).split("\n")) > 3
        assert "||" not in explained(answer)  # which parts the alternatives of a choice, where it is not told which


def test_an_optimizer_is_completed_with_the_options_that_it_needs() -> None:
    beside, below, options, in_braces, in_json = map(
        offered,
        answers(
            ("yaml", "completion", f"name: net\ntraining:\n  optimizer: {CURSOR}\n"),
            ("yaml", "completion", f"name: net\ntraining:\n  optimizer:\n    {CURSOR}\n"),
            ("yaml", "completion", f"name: net\ntraining:\n  optimizer:\n    name: adam\n    {CURSOR}\n"),
            # within braces, yaml-language-server offers fields from their first letter on, whatever the schema is
            ("yaml", "completion", f"name: net\ntraining:\n  optimizer: {{name: adam, r{CURSOR}}}\n"),
            ("json", "completion", f'{{"training": {{"optimizer": {CURSOR}}}}}'),
        ),
    )
    assert beside.keys() == OPTIMIZERS.keys()
    assert beside["adam"]["insertText"] == "\n  name: adam\n  rate: "
    assert beside["rprop"]["insertText"] == "rprop"
    for label, item in beside.items():
        assert OPTIMIZERS[label].textbook in item["documentation"]
    needed = {name for name, entry in OPTIMIZERS.items() if any(option.default is None for option in entry.options)}
    assert below.keys() == {"name", "optimizer", *needed}
    assert in_braces.keys() == options.keys()
    assert options.keys() == {"adam", *(option.name for option in OPTIMIZERS["adam"].options)}
    assert {label.strip('"') for label in in_json} == OPTIMIZERS.keys()


def test_an_empty_file_is_completed_by_a_network() -> None:
    in_yaml, in_json = map(offered, answers(("yaml", "completion", CURSOR), ("json", "completion", CURSOR)))
    assert "[object Object]" not in json.dumps([in_yaml, in_json])
    assert in_yaml["a network"]["insertText"].startswith("name: ${1:network}\ninputs: ${2:2}\nlayers:\n")
    assert {"name", "inputs", "layers", "loss", "training", "targets"} < in_yaml.keys()
    assert [*in_json] == ["a network"]
