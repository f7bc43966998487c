"""The variants that a living page carries are the modules that nngen writes for their specs."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from nngen.learning.explain.page import living_page
from nngen.learning.explain.variants import varies
from nngen.reading.source import load
from nngen.targets.modules import texts
from tests.support.living import page_of
from tests.support.modules import SPECS, named, spec

VARYING = ("xor_mlp", "xor_slp", "skip_mlp")
"""Specs whose pages other tests read, too: such a page takes seconds."""

RATE = 0.30625  # as long as the number in its place, so that lines break at the same places


def carried(page: str) -> dict[str, Any]:
    """The variants of a page."""
    found = re.search(r'<script type="application/json" id="variants">(.*?)</script>', page)
    assert found
    variants: dict[str, Any] = json.loads(found[1])
    return variants


def line_of(forms: list[str], line: str) -> str:
    """A line of a variant: its form with its numbers."""
    form, *numbers = line.split(" ")
    parts = forms[int(form)].split("0")
    return "".join(part + number for part, number in zip(parts, [*numbers, ""], strict=True))


def code(variants: dict[str, Any], key: str, rate: float) -> str:
    """The module of a variant, as the page puts it together."""
    runs, lines = variants["networks"][key]["lines"], [line_of(variants["forms"], line) for line in variants["lines"]]
    pairs = zip(runs[::2], runs[1::2], strict=True)
    text = "\n".join("\n".join(lines[start : start + count]) for start, count in pairs)
    text = text.replace(variants["standIns"]["rate"], str(rate))
    found = re.findall(r'<code data-part="(\d+)"[^>]*>(.*?)</code>', text, re.S)
    return "".join(unescape(re.sub(r"<[^>]+>", "", part)) for _, part in sorted(found, key=lambda one: int(one[0])))


def written(path: Path, *overrides: str) -> str:
    """The module of a spec with other values, as `nngen build --set` writes it."""
    made = load(path, overrides=[f"training.optimizer.rate={RATE}", *overrides])
    return texts(made, path.parent, ["javascript"])["javascript"]


@pytest.mark.parametrize(
    ("name", "key", "overrides"),
    [
        ("xor_mlp", "sigmoid 2", []),
        ("xor_mlp", "relu 1", ["layers.0.units=[h1]", "layers.0.activation=relu"]),
        ("xor_mlp", "tanh 8", ["layers.0.units=[h1,h2,h3,h4,h5,h6,h7,h8]", "layers.0.activation=tanh"]),
        ("skip_mlp", "tanh 3", ["layers.0.units=[h1,h2,h3]"]),
        ("xor_mlp", "0", ["layers=[{name: output, units: [y], activation: sigmoid}]"]),
        (
            "xor_slp",
            "sigmoid 2",
            [
                "layers=[{name: hidden, units: [h1, h2], activation: sigmoid},"
                " {name: output, units: [y], activation: sigmoid, from: hidden}]"
            ],
        ),
    ],
)
def test_a_variant_is_the_module_of_its_spec(name: str, key: str, overrides: list[str]) -> None:
    assert code(carried(page_of(name)), key, RATE) == written(named(name), *overrides)


def test_units_that_start_equal_get_other_weights() -> None:
    module = code(carried(page_of("xor_slp")), "tanh 3", RATE)
    assert re.search(r"const W_hidden = .*_uniform\(seed", module)


def rates_are_chosen(page: str, optimizer: str, key: str, *overrides: str) -> None:
    """A rate stands in a variant wherever the module of its spec has it."""
    asked = f"training.optimizer={{name: {optimizer}, rate: {RATE}}}"
    rates = code(carried(page), key, RATE).count(str(RATE))
    assert rates == written(named("xor_mlp"), asked, *overrides).count(str(RATE)) > 0


def test_pages_of_other_networks_say_why_they_have_none() -> None:
    for path in SPECS:
        made = spec(path)
        if any(layer.kind != "dense" for layer in made.layers) or (varies(made) and path.stem not in VARYING):
            continue
        page = page_of(path.stem)
        assert ('id="variants"' in page) == varies(made) == ('id="compare"' in page)
        assert ("A page lets you change and compare networks only if" in page) != varies(made)


def test_a_name_that_would_be_taken_is_left_out() -> None:
    path = named("xor_mlp")
    given = load(path, overrides=["inputs=[h3,x2]", "training.optimizer={name: rprop, rate: 0.25}"])
    page = living_page(given, path.parent)
    keys = set(carried(page)["networks"])
    assert {"sigmoid 1", "sigmoid 2", "tanh 2"} <= keys
    assert not {"sigmoid 3", "tanh 4", "relu 8"} & keys
    rates_are_chosen(page, "rprop", "sigmoid 2", "inputs=[h3,x2]")


def test_hostile_text_ends_no_script() -> None:
    path = named("xor_mlp")
    said = "</script><script>alert(1)</script><!-- <script> ]]>"
    given = load(path, overrides=["training.optimizer={name: adam, rate: 0.25}"])
    page = living_page(given.model_copy(update={"description": said}), path.parent)
    rates_are_chosen(page, "adam", "sigmoid 2")
    assert page.count("<script") == page_of("xor_mlp").count("<script")
    assert "alert(1)" in code(carried(page), "tanh 3", RATE)
