"""Long lists of plain items are read without the parser: the document is the same, whatever else a text has."""

import random

import pytest

from nngen.common.diagnostics import SpecError
from nngen.reading import read
from nngen.reading import yaml_reader as reader
from nngen.reading.yaml_items import cut

ITEM = "  - name: g{0}x  # numbers from -3.5 to {0}\n    missing: median  # no row lacks it\n    clip: 1.5\n"
HEAD = "name: wide  # a name\ninputs:  # the columns\n"
TAIL = "layers:\n  - {name: o, units: [y], activation: sigmoid}\nloss: half_squared_error\n"
LIST = "".join(map(ITEM.format, range(60)))

TEXTS = {
    "a list": HEAD + LIST + TAIL,
    "at the end": TAIL + HEAD + LIST,
    "without a margin": HEAD + LIST.replace("\n  ", "\n").removeprefix("  ") + TAIL,
    "a key that is there twice": HEAD + LIST.replace("clip: 1.5", "name: again") + TAIL,
    "words that are no texts": HEAD
    + LIST.replace("median", "null").replace("g7x", "true").replace("g8x", "1e5")
    + TAIL,
    "a number too large": HEAD + LIST.replace("1.5", "1e999") + TAIL,
    "the text of a description": "description: |\n" + LIST + TAIL,
    "a text in quotes": 'description: "\n' + LIST + '"\n' + TAIL,
    "a text that an item begins": 'inputs:\n  - "x\n' + LIST.replace("numbers", '"', 1) + TAIL,
    "a text that an item ends": 'inputs:\n  - "x\n' + LIST.replace("to 40", 'to "') + TAIL,
    "brackets": "inputs: [\n" + LIST + "]\n" + TAIL,
    "a last text of two lines": HEAD + LIST.removesuffix("1.5\n") + "a\n      b\n" + TAIL,
    "a deeper last key": HEAD + LIST + "      more: 1\n" + TAIL,
    "other items": HEAD + "  - {name: a}\n" + LIST + "  - b\n" + TAIL,
    "two lists": HEAD + LIST + TAIL + LIST.replace("  -", "more:\n  -", 1),
    "a mistake after it": HEAD + LIST + TAIL + "x: [\n",
    "a mistake before it": "x: &a 1\n" + HEAD + LIST + TAIL,
    "a list in a list": HEAD + "  -\n" + LIST.replace("\n", "\n  ").rstrip(" ") + TAIL,
}


def found(text: str, monkeypatch: pytest.MonkeyPatch, *, parsed: bool) -> object:
    """What is read of a text, with the places of everything, or the mistakes; perhaps all by the parser."""
    with monkeypatch.context() as patched:
        if parsed:
            patched.setattr(reader, "cut", lambda text: None)
        try:
            document = read(text, "wide.yaml")
        except SpecError as error:
            return str(error)
        return document


@pytest.mark.parametrize("name", TEXTS)
def test_the_document_is_that_of_the_parser(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(TEXTS[name]) or name in ("brackets", "a list in a list")
    assert found(TEXTS[name], monkeypatch, parsed=False) == found(TEXTS[name], monkeypatch, parsed=True)


def test_texts_with_a_character_more_or_less(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    for _ in range(40):
        text = draw.choice(list(TEXTS.values()))
        place = draw.randrange(len(text))
        changed = text[:place] + draw.choice(["", *"\n :-#\"'[{&|x"]) + text[place + draw.randrange(2) :]
        assert found(changed, monkeypatch, parsed=False) == found(changed, monkeypatch, parsed=True), changed


def test_most_of_a_list_is_not_parsed() -> None:
    items = cut(TEXTS["a list"])
    assert items is not None
    assert len(items.rest) < len(HEAD + TAIL) + 3 * len(ITEM)
