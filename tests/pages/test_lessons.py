"""What lessons say: each sentence about a network names the claim that the reference checks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nngen.common.diagnostics import SpecError
from nngen.learning.course import course, pages
from nngen.learning.course.blocks import Figure, Lesson, Question
from nngen.learning.course.given import Given
from nngen.learning.course.lessons import LESSONS, lessons
from nngen.learning.course.text import Said

COURSE = lessons(LESSONS, "en")

TELLING = re.compile(
    r"\d|\b(above|below|all|always|both|each|equal|every|exactly|fewer|larger|largest|least|less|more|most|nearly|never"
    r"|none|nothing|only|same|smaller|smallest|[fgh][12]|x[12]|Ada|Ben|Cleo|Dan|Comet|Letters|Starlight)\b"
)
"""A number, a comparison, or a name of the page: a sentence with one of these states a fact."""

GENERAL_ROOMS = {
    *("biology", "threshold_neuron", "threshold", "slope", "derivatives", "losses", "inference", "squared_error"),
    *("delta", "several_layers", "saturation", "symmetry", "own_table"),
}
"""The lessons whose question for the room is about more than its network."""


def read(folder: Path, text: str) -> Lesson:
    """A lesson with one scene of this text."""
    (folder / "one.yaml").write_text((LESSONS / "threshold.yaml").read_text())
    (folder / "one.md").write_text(f"---\ntitle: One\nspec: one.yaml\n---\n\n# Q\n\n{text}\n\n## Summary\n")
    return lessons(folder, "en")[0]


def unmarked(written: Lesson) -> list[str]:
    """The sentences of a lesson that state a fact, and name no claim, have no computed number, and are not general."""
    blocks = [block for scene in written.scenes for block in scene.blocks]
    questions = [block for block in blocks if isinstance(block, Question)]
    labels = {id(item.head) for one in questions for item in one.items}  # to click, no sentences
    labels |= {
        id(one) for block in blocks if isinstance(block, Figure) and block.kind == "formula" for one in block.texts
    }
    labels |= {id(scene.heading) for scene in written.scenes}
    hints = {id(item.says) for one in questions if one.kind == "ask" for item in one.items}  # of a computed number
    right = {id(item.says) for one in questions for item in one.items if item.right or item.head.right}
    return [*_unmarked(written.says, labels, hints, right)]


def _unmarked(texts: list[Said], labels: set[int], hints: set[int], right: set[int]) -> Iterator[str]:
    for said in texts:
        text = " ".join(said.text.text.split())
        if id(said) in labels or said.facts or said.general or not re.search("[A-Za-z]{2}", text):
            continue
        stated = " ".join(one for one in re.split(r"(?<=[.?!]) ", text) if not one.endswith("?"))
        bare = re.sub(r"\{\{.*?\}\}", "", stated)
        if (any(said.values) or id(said) in hints) and not re.search(r"(?<![a-z])\d", bare):
            continue  # its numbers are computed
        if TELLING.search(bare) or id(said) in right:
            yield text


@pytest.mark.parametrize("lesson", COURSE, ids=lambda one: one.name)
def test_each_sentence_that_states_a_fact_names_its_claim(lesson: Lesson) -> None:
    assert unmarked(lesson) == [], "{fact=…}, a value {{ … }}, or {general}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h1 says 0.", ["h1 says 0."]),
        ("- It is never right.", ["It is never right."]),
        ("It says {{ a_y }}, and should say 1.", ["It says {{ a_y }}, and should say 1."]),
        ("```choose\nWhich?\n[x] A\n    It is near.\n[ ] B\n    Far.\n```", ["It is near."]),
        ("```ask\nWhat does h1 say?\nanswer: 3\nhint: 4\n  This is the sum.\n```", []),
        ("It says {{ a_y }}.\n\nh1 says 0. {general}", []),
    ],
)
def test_such_sentences_are_found(text: str, found: list[str], tmp_path: Path) -> None:
    assert unmarked(read(tmp_path, text)) == found


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
    """A text that defines a term says so: ``{defines=δ}``."""
    defined: list[str] = []
    early = []
    for lesson in COURSE:
        room = lesson.head.room
        for said in (*lesson.says, *([room] if room else [])):
            text = " ".join(said.text.text.split())
            if said.defines:
                defined.append(said.defines)
                assert re.search(TERMS[said.defines], text)
            early += [(lesson.name, term) for term in TERMS if term not in defined and re.search(TERMS[term], text)]
    assert early == []
    assert defined == [*TERMS]


def facts_of(lesson: Lesson) -> Iterator[str]:
    room = lesson.head.room
    for said in (*lesson.says, *([room] if room else [])):
        yield from (fact.text for fact in said.facts)


def test_each_room_names_its_claim() -> None:
    rooms = {lesson.name: lesson.head.room for lesson in COURSE}
    assert all(rooms.values())
    assert {name for name, room in rooms.items() if room and not room.facts} == GENERAL_ROOMS


@pytest.mark.parametrize(
    ("lesson", "change", "claim"),
    [
        ("ratings", "layers.2.bias.initial=[3.0]", 'fact="abs(b_stars - mean_target) < 0.000001"'),
        ("own_table", "training.optimizer.rate=0.001", 'fact="trained_n_right == 6 with training.epochs=200"'),
        (
            "dead_units",
            "layers.0.bias.initial=[0.5, -0.5, 0.0]",
            'fact="abs(trained_w_h1_x1 - w_h1_x1)',
        ),
    ],
)
def test_a_false_sentence_stops_the_build(
    lesson: str, change: str, claim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "lessons", lambda *_: tuple(one for one in COURSE if one.name == lesson))
    monkeypatch.setattr(pages, "given_of", lambda path, overrides: Given(path, (change, *overrides)))
    before = {one.name: one.source._mistakes.copy() for one in COURSE}
    with pytest.raises(SpecError) as refused:
        course("en")
    for one in COURSE:
        one.source._mistakes = before[one.name]  # the lessons of the course are read once
    assert f"this is false for {lesson}.yaml {change}" in str(refused.value)
    assert claim in str(refused.value)
