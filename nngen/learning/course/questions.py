"""What stands in a fenced block of a lesson: a question with its answers, an activity, a figure."""

import re
from collections.abc import Callable, Mapping

from nngen.common.diagnostics import closest, offered
from nngen.common.text import joined
from nngen.learning.course.blocks import Figure, Item, Question
from nngen.learning.course.text import Attribute, Cut, Said, Source, known, parted, said, together, valued

_NAME = re.compile(r"[a-z]\w*", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?", re.ASCII)
_ITEMS = {
    "ask": re.compile(r"(answer|tolerance|hint):[ \t]*(.*)"),
    "choose": re.compile(r"\[([ xX])\][ \t]*(.*)"),
    "order": re.compile(r"(\d+)[.)][ \t]+(.*)"),
}
"""How an item of a question begins: its mark, and its text."""

OF_ITEMS = {"choose": ("if", "right"), "order": ()}
"""What may stand in braces after an answer or a step."""

ACTIVITIES = ("right", "loss", "steps", "epochs")
"""When an activity is done: so many right answers, steps or epochs, or a mean loss below a limit."""

CURVES = ("double", "log", "relu", "sigmoid", "squared", "step", "tanh")
"""The functions that a figure with curves can show."""

OF_CURVES = ("of", "from", "to", "by", "at", "mute", "chain")
"""The letter of the slider, its ends, its step and its first value, whether slopes are left out, and a nudge."""

FORMULAS = {"product_of_slopes": 2, "delta_of_h1": 3, "sigmoid": 0, "sum_over_paths": 0, "transpose": 1, "delta_o": 2}
"""The formulas in ``templates/course/formulas.html.jinja``, each with the number of its texts."""

Fields = tuple[Cut, list[Cut], list[Attribute]]
"""The content of a block, the words after its kind, and what stands in braces."""


def fenced(info: Cut, content: Cut, count: int, source: Source) -> Question | Figure | None:
    """A fenced block; ``count`` is its number among the questions of the lesson. None if it is wrong."""
    text, attributes = parted(info, source)
    kind, *words = text.words
    if kind.text not in READERS:
        label = offered(closest(kind.text, READERS))
        source.wrong(kind, f"unknown block {kind.text!r}", f"known blocks: {joined(READERS, 'and')}", label)
        return None
    for word in words if kind.text in FIGURES else words[:1]:
        if not _NAME.fullmatch(word.text):
            source.wrong(word, "expected a name: a small letter, then letters, digits and _")
            return None
    return READERS[kind.text](kind, (content, words, attributes), count, source)


def _items(kind: str, content: Cut, source: Source) -> tuple[Cut, list[tuple[Cut, Cut, list[Cut]]]]:
    """The prompt of a question, and its items: the mark of each, its text, and the lines below it."""
    prompt: list[Cut] = []
    items: list[tuple[Cut, Cut, list[Cut]]] = []
    for cut in content.lines:
        found = _ITEMS[kind].fullmatch(cut.text)
        if found:
            items.append((cut.part(*found.span(1)), cut.part(*found.span(2)), []))
        elif not items:
            prompt.append(cut.bare)
        elif cut.text[0].isspace():
            items[-1][2].append(cut.bare)
        else:
            marks = {"ask": "answer: or hint:", "choose": "[ ] or [x]", "order": "1."}[kind]
            source.wrong(cut.bare, f"expected {marks} here", "what the page says to an item is indented below it")
    return together(prompt) if prompt else content.part(0, 0), items


def _question(kind: Cut, fields: Fields, count: int, source: Source) -> Question | None:
    content, words, attributes = fields
    attributes = known(attributes, ("again", "if"), source, f"for {kind.text}")
    for word in words[1:]:
        source.wrong(word, "a question has one name")
    asked, listed = _items(kind.text, content, source)
    if not asked.text:
        source.wrong(kind, "the question is missing", "it stands in the first line of the block")
        return None
    made: list[Item] = []
    single: dict[str, Cut] = {}
    for mark, text, below in listed:
        if mark.text in ("answer", "tolerance"):
            if mark.text in single:
                source.wrong(mark, f"{mark.text}: is there already")
            single[mark.text] = text.bare
            for line in below:
                source.wrong(line, f"nothing stands below {mark.text}:")
            continue
        head = Said(text.bare) if kind.text == "ask" else said(text.bare, source, *OF_ITEMS[kind.text])
        if not below:
            source.wrong(mark, "what the page says is missing", "write it indented in the next line")
            continue
        made.append(Item(head, said(together(below), source), mark.text in "xX"))
    few = len(made) < 2
    wrong, message, advice = {
        "ask": ("answer" not in single, "this question has no answer", "write `answer: ` and a formula"),
        "choose": (few, "a choice needs two answers at least", "each begins with [ ], the right one [x]"),
        "order": (few, "an order needs two steps at least", "as in `1. first`"),
    }[kind.text]
    if wrong:
        source.wrong(kind, message, advice)
    return Question(
        kind=kind.text,
        name=words[0].text if words else f"q{count}",
        prompt=said(asked, source),
        items=tuple(made),
        place=kind,
        again=any(one.name.text == "again" for one in attributes),
        answer=single.get("answer"),
        tolerance=single.get("tolerance"),
        condition=valued(attributes, "if", source),
    )


def _activity(kind: Cut, fields: Fields, _: int, source: Source) -> Figure | None:
    content, words, attributes = fields
    attributes = known(attributes, (*ACTIVITIES, "if"), source, "for activity")
    named = [one for one in attributes if one.name.text in ACTIVITIES and one.value]
    if len(words) != 1 or len(named) != 1:
        advice = f"as in: activity train {{right=4}}; it ends by {joined(ACTIVITIES, 'or')}"
        source.wrong(kind, "an activity needs a name, and when it is done", advice)
        return None
    text = together(line.bare for line in content.lines) if content.text.strip() else content.part(0, 0)
    condition = valued(attributes, "if", source)
    return Figure("activity", words[0].text, (said(text, source),), kind, (), tuple(named), condition)


def _curves(kind: Cut, fields: Fields, _: int, source: Source) -> Figure | None:
    content, words, attributes = fields
    attributes = known(attributes, OF_CURVES, source, "for curves")
    for one in attributes:
        if one.name.text not in ("of", "mute") and not (one.value and _NUMBER.fullmatch(one.value.text)):
            source.wrong(one.name, f"{one.name.text!r} needs a number", f"as in {one.name.text}=0.5")
    for line in content.lines:
        source.wrong(line.bare, "this block has no text")
    for word in words:
        if word.text not in CURVES:
            source.wrong(word, f"unknown curve {word.text!r}", f"known curves: {joined(CURVES, 'and')}")
    if not words:
        source.wrong(kind, "curves of which functions?", f"known curves: {joined(CURVES, 'and')}")
    return Figure("curves", "", (), kind, tuple(words), tuple(attributes))


def _formula(kind: Cut, fields: Fields, _: int, source: Source) -> Figure | None:
    content, words, attributes = fields
    known(attributes, (), source, "for formula")
    if len(words) != 1 or words[0].text not in FORMULAS:
        source.wrong(words[0] if words else kind, "expected the name of a formula", f"known: {', '.join(FORMULAS)}")
        return None
    texts = tuple(said(line.bare, source) for line in content.lines)
    if len(texts) != FORMULAS[words[0].text]:
        source.wrong(words[0], f"this formula has {FORMULAS[words[0].text]} texts below it, not {len(texts)}")
    return Figure("formula", words[0].text, texts, kind)


FIGURES = ("activity", "curves", "formula")
READERS: Mapping[str, Callable[[Cut, Fields, int, Source], Question | Figure | None]] = {
    "ask": _question,
    "choose": _question,
    "order": _question,
    "activity": _activity,
    "curves": _curves,
    "formula": _formula,
}
