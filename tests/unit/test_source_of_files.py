"""The source reads the texts of files of parameters, and no others."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nngen.runtime.files import _numbers_of_file
from nngen.runtime.network import LAYOUT, PARAMETERS
from nngen.runtime.saving import load, save

WRITTEN = {"layout": "iris 4-3 ä", "parameters": [1.5, -0.0, 2e-7, 3.0], "network": "a, [b] {c}: d"}
SIGNS = st.sampled_from(["", " ", "\v", "{", "}", "[", "]", ",", ":", '"', "\\", "0", "-", "+", ".", "e", "NaN", "é"])


def read(text: str) -> list[float] | None:
    """The numbers; None for a text that is refused."""
    try:
        numbers = _numbers_of_file(text, WRITTEN["layout"])  # type: ignore[arg-type]  # a text among other values
    except ValueError:
        return None
    return None if any(map(math.isnan, numbers)) else [*map(float, numbers)]


def meant(text: str) -> list[float] | None:
    """What the standard library reads, of a file that modules write."""
    try:
        pairs = json.loads(text, object_pairs_hook=list, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    named = dict(pairs) if isinstance(pairs, list) and all(isinstance(one, tuple) for one in pairs) else {}
    numbers, texts = named.get("parameters"), {name: named[name] for name in named if name != "parameters"}
    valid = isinstance(numbers, list) and numbers and all(type(one) in (int, float) for one in numbers)
    known = (
        named.get("layout") == WRITTEN["layout"] and set(texts) <= {"layout", "network"} and len(named) == len(pairs)
    )
    whole = valid and known and "\\" not in text and all(isinstance(one, str) for one in texts.values())
    return [*map(float, numbers)] if whole and numbers else None


@pytest.mark.parametrize("indent", [None, 2])
def test_what_is_written_is_read(indent: int | None) -> None:
    text = json.dumps(WRITTEN, ensure_ascii=False, indent=indent)
    assert read(f"\n{text}\t") == meant(text) == WRITTEN["parameters"]


@pytest.mark.parametrize("number", "1 -1 0 0.5 1e5 0e1 1E+05 -2.5e-3 01 .5 1. 1.e3 +1 --1 -+1 1e 0x1 1_0 NaN é".split())
def test_numbers_are_those_of_json(number: str) -> None:
    text = json.dumps(WRITTEN, ensure_ascii=False).replace("1.5", number)
    assert read(text) == meant(text)


@given(st.integers(0, 90), st.integers(0, 2), SIGNS)
def test_other_texts_are_refused(place: int, size: int, sign: str) -> None:
    """A text with some signs in place of others is read as the standard library reads it, or not at all."""
    text = json.dumps(WRITTEN, ensure_ascii=False)
    changed = text[:place] + sign + text[place + size :]
    assert read(changed) == meant(changed)


@given(st.lists(st.floats(), min_size=PARAMETERS, max_size=PARAMETERS))
def test_what_is_saved_is_json_and_loaded_with_the_same_bits(params: list[float]) -> None:
    """Also -0 and the smallest numbers; others are refused."""
    if not all(map(math.isfinite, params)):
        with pytest.raises(ValueError, match="params: expected finite parameters"):
            save(params)
        return
    text = save(params)
    assert json.loads(text)["layout"] == LAYOUT
    assert [one.hex() for one in json.loads(text)["parameters"]] == [one.hex() for one in params]
    assert [one.hex() for one in load(text)] == [one.hex() for one in params]


@pytest.mark.parametrize(
    ("numbers", "expected"), [("1", "as many"), ("1, 2, 3", "as many"), ("1, x", "a file"), ("1, 1e999", "a file")]
)
def test_a_file_of_other_numbers_is_refused(numbers: str, expected: str) -> None:
    """Of too few or too many, and of what is none."""
    with pytest.raises(ValueError, match=f"file: expected {expected}"):
        load(f'{{"layout": "{LAYOUT}", "parameters": [{numbers}]}}')
