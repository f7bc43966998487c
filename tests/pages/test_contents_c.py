"""The parts of headers: each has the functions of its parts, and nothing that these do not need."""

import re

import pytest

from nngen.targets.c_runtime import prefixed
from nngen.targets.definitions import brace_definitions
from nngen.targets.parts import entries, of_columns
from tests.support.contents_c import CONTENTS, header, networks

STANDARD = {
    "math.h": r"\b(?:cos|erfc|exp|expm1|fabs|floor|fmod|log|log1p|pow|sin|sqrt|tanh)f?\(|INFINITY|NAN\b|isnan|lrint",
    "stddef.h": r"\b(?:NULL|size_t)\b",
    "stdint.h": r"\buint32_t\b",
    "string.h": r"\bstr\w+\(",
}

FUNCTIONS = {
    "outputs": "forward",
    "slopes": "forward gradient loss",
    "learns": "fit forward gradient init init_state loss step",
    "answers": "decode encode forward predict",
    "stored": "decode encode fit forward gradient init init_state loss predict resume step",
    "checked": "decode encode fit forward gradient init init_state loss predict resume step takes",
    "batched": "batch_forward batch_gradient fit forward gradient init init_state loss step",
}
"""The functions of each choice for users; ``scale``, ``predict_proba`` and those of columns are not told apart."""


@pytest.mark.parametrize("end", [end for end in CONTENTS if end != "everything"])
def test_a_header_has_what_its_parts_need_and_nothing_else(end: str) -> None:
    for name in networks():
        made, text = header(name, end)
        own = [one for one in brace_definitions(text) if one.names]
        wanted = {prefixed(one, made.name) for one in (*entries("c", CONTENTS[end]), *of_columns(made))}
        used = {word for one in own for word in one.uses}
        needless = [one.names for one in own if not one.names & (wanted | used)]
        assert not needless, f"{made.name}: nothing needs {needless}"

        code = re.sub(r"/\*[^\0]*?\*/", "", text)
        included = re.findall(r"#include <(\w+\.h)>", text)
        assert [one for one in STANDARD if re.search(STANDARD[one], code)] == included, made.name
        words = set(re.findall(rf"\b{made.name.upper()}_[A-Z]\w*", text))
        stated = set(re.findall(rf"(?:#define |^    )({made.name.upper()}_\w+)", text, re.MULTILINE))
        assert words <= stated, f"{made.name} names what it has not: {words - stated}"
        below = re.search(r"--- Below: .* ---", text)
        assert bool(below) == bool(re.search(r"_(?:fit|encode|scale|batch_forward)\(", text)), made.name


@pytest.mark.parametrize("end", FUNCTIONS)
def test_the_functions_for_users_are_those_of_the_parts(end: str) -> None:
    of_users = {word for words in FUNCTIONS.values() for word in words.split()} - {"batch_gradient"}
    made, text = header("penguins", end)
    found = set(re.findall(rf"^static inline .*?\b{made.name}_(\w+)\(", text, re.MULTILINE)) & of_users
    assert found == set(FUNCTIONS[end].split()) - {"batch_gradient"}
    assert f"{made.name}_island_of" in text or "predict" not in FUNCTIONS[end]


def test_the_smallest_headers_have_few_lines() -> None:
    """Blank lines count; a network of nine weights reads as one that was written by hand."""
    lines = {end: header("xor_mlp", end, renamed=False)[1].count("\n") for end in CONTENTS}
    assert (lines["outputs"], lines["slopes"]) == (54, 133)
    assert lines["learns"] <= 240 < lines["everything"]


def test_only_a_header_with_batches_has_tiles_vectors_and_threads() -> None:
    for name in ("digits", "digits_batch_norm", "iris_layers"):
        for end in CONTENTS:
            _, text = header(name, end)
            found = re.findall(r"_(?:TILE|LANES|OPENMP|BATCH) |vector_size", text)
            assert bool(found) == (end in ("everything", "batched")), (name, end, found)


def test_trained_parameters_alone_leave_training_out() -> None:
    for name in ("penguins", "ratings_mf", "digits_batch_norm", "xor_mlp"):
        for end in ("outputs", "answers"):
            made, text = header(name, end, trained=True)
            assert f"{made.name}_trained[" in text
            assert not re.search("TRAINS|gradient|training is left out|[Bb]atches", text.split("*/", 2)[2]), made.name
