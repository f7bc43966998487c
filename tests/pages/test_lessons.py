"""What lessons say: each sentence about a network names the claim that the reference checks."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from nngen.learning.course import claims, course, pages
from nngen.learning.course.given import Given
from nngen.learning.course.lessons import LESSONS
from tests.support.modules import ROOT

TEMPLATES = ROOT / "templates" / "course"

TELLING = re.compile(
    r"\d|\b(above|below|all|always|both|each|equal|every|exactly|fewer|larger|largest|least|less|more|most|nearly|never"
    r"|none|nothing|only|same|smaller|smallest|[fgh][12]|x[12]|Ada|Ben|Cleo|Dan|Comet|Letters|Starlight)\b"
)
"""A number, a comparison, or a name of the page: a sentence with one of these states a fact."""

SAYS = ("_", "gettext")
"""The functions whose first argument is a message."""

GENERAL_ROOMS = {
    *("biology", "threshold_neuron", "threshold", "slope", "derivatives", "losses", "inference", "squared_error"),
    *("delta", "several_layers", "saturation", "symmetry", "own_table"),
}
"""The lessons whose question for the room is about more than its network."""


def source(name: str) -> str:
    return (TEMPLATES / f"{name}.html.jinja").read_text("utf-8")


def calls(template: str) -> list[tuple[nodes.Call, str]]:
    """The calls in a template, each with the name of its function."""
    jinja: Any = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    jinja.install_null_translations(newstyle=True)
    tree = jinja.parse(template)
    return [(call, call.node.name) for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]


def values_of(call: nodes.Call) -> dict[str, nodes.Expr]:
    return {one.key: one.value for one in call.kwargs}


def unmarked(template: str) -> list[str]:
    """The sentences of a lesson that state a fact, and name no claim, have no computed number, and are not general."""
    found = calls(template)
    labels = {id(call.args[0]) for call, function in found if function in ("option", "step")}  # to click, no sentences
    labels |= {id(one) for call, function in found if function == "scene" for one in values_of(call).values()}
    hints = {id(call.args[1]) for call, function in found if function == "hint"}  # they explain a computed number
    chosen = [call.args[1] for call, function in found if function == "option" and "right" in values_of(call)]
    right = {id(one) for hint in chosen for one in (hint, *hint.find_all(nodes.Call))}
    left = []
    for call, function in found:
        if function not in SAYS or id(call) in labels or values_of(call).keys() & {"fact", "general"}:
            continue
        text = call.args[0].as_const()
        stated = " ".join(one for one in re.split(r"(?<=[.?!]) ", text) if not one.endswith("?"))
        bare = re.sub(r"%\(\w+\)s", "", stated)
        if values_of(call).keys() - {"defines"} and not re.search(r"(?<![a-z])\d", bare):
            continue  # its numbers are computed
        if id(call) in hints and not re.search(r"(?<![a-z])\d", bare):
            continue
        if TELLING.search(bare) or id(call) in right:
            left.append(text)
    return left


@pytest.mark.parametrize("name", [outline.name for outline in LESSONS])
def test_each_sentence_that_states_a_fact_names_its_claim(name: str) -> None:
    assert unmarked(source(name)) == [], 'fact=holds("…"), a number of numbers.py, or general=true'


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{{ _("h1 says 0.") }}', ["h1 says 0."]),
        ("{% trans %}It is never right.{% endtrans %}", ["It is never right."]),
        ('{% trans a=n("a") %}It says {{ a }}, and should say 1.{% endtrans %}', ["It says %(a)s, and should say 1."]),
        ('{{ option("A", _("It is near."), right=true) }}', ["It is near."]),
        ('{{ hint("sum", _("This is the sum.")) }}{{ _("What does h1 say?") }}', []),
        ('{% trans a=n("a") %}It says {{ a }}.{% endtrans %}{{ _("h1 says 0.", general=true) }}', []),
    ],
)
def test_such_sentences_are_found(template: str, found: list[str]) -> None:
    assert unmarked(template) == found


TERMS = {
    "SLP": r"\bSLP\b",
    "loss": r"\bloss(es)?\b",
    "gradient descent": "gradient descent",
    "chain rule": "chain rule",
    "squared error": "squared error",
    "log loss": "log loss|cross-entropy",
    "δ": "δ",
    "learning rate": "learning rate",
    "epoch": r"\bepochs?\b|\bbatch",
    "hidden": r"\bhidden\b",
    "MLP": r"\bMLP\b",
    "Backpropagation": "[Bb]ackpropagation",
    "saturated": "saturat",
}
"""The terms of the course in the order in which its lessons define them, each with how a text uses it."""


def test_no_lesson_uses_a_term_before_it_is_defined() -> None:
    """A message that defines a term is marked in its template: ``defines="δ"``."""
    defined: list[str] = []
    early = []
    for outline in LESSONS:
        said = [(call.args[0].as_const(), values_of(call)) for call, f in calls(source(outline.name)) if f in SAYS]
        for text, values in (*said, (outline.room, {})):
            if "defines" in values:
                defined.append(values["defines"].as_const())
                assert re.search(TERMS[defined[-1]], text)
            early += [(outline.name, term) for term in TERMS if term not in defined and re.search(TERMS[term], text)]
    assert early == []
    assert defined == [*TERMS]


def test_each_room_names_its_claim() -> None:
    assert {outline.name for outline in LESSONS if not outline.proves} == GENERAL_ROOMS


def test_each_claim_is_made() -> None:
    made = {
        call.args[0].as_const() for outline in LESSONS for call, name in calls(source(outline.name)) if name == "holds"
    }
    made |= {outline.proves[0] for outline in LESSONS if outline.proves}
    folder = ROOT / "nngen" / "learning" / "course" / "claims"
    written = {
        node.name
        for subject in claims.SUBJECTS
        for node in ast.parse((folder / Path(str(subject.__file__)).name).read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert written == made


@pytest.mark.parametrize(
    ("lesson", "change", "claim"),
    [
        ("ratings", "layers.2.bias.initial=[3.0]", "bias_is_the_mean_of_the_ratings"),
        ("own_table", "training.epochs=20", "training_gets_right(6,)"),
        ("dead_units", "layers.0.bias.initial=[0.5, -0.5, 0.0]", "h1_never_moves"),
    ],
)
def test_a_false_sentence_stops_the_build(
    lesson: str, change: str, claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LESSONS", [outline for outline in LESSONS if outline.name == lesson])
    monkeypatch.setattr(pages, "_given", lambda name, overrides: Given(name, (change, *overrides)))
    with pytest.raises(ValueError, match=re.escape(f"{lesson} {change}: it is false that {claim}")):
        list(course("en"))
