"""A lesson in a browser: its scenes, what a reader sees and hears of them, its questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from nngen.description.model import Spec
from nngen.learning.course.lessons import LESSONS, lessons
from nngen.mathematics.catalogue import ACTIVATIONS, KINDS, LOSSES, OPTIMIZERS

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

COURSE = lessons(LESSONS, "en")
PAGES = [name for one in COURSE for name in (one.name, *(variant.name for variant in one.outline.variants))]
"""The pages of all lessons, those with another setting after their lesson."""

SEEN = """() => {
  const all = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: around } = walker.currentNode;
    if (!data.trim() || around.closest("script, style, .option, template, noscript")) continue;
    if (around.checkVisibility({ visibilityProperty: true })) all.push(data.trim());
  }
  for (const one of document.querySelectorAll("*")) {
    if (one.closest(".option") || !one.checkVisibility({ visibilityProperty: true })) continue;
    for (const name of ["title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt"]) {
      if (one.hasAttribute(name)) all.push(one.getAttribute(name));
    }
  }
  for (const one of document.querySelectorAll("input, output")) {
    if (!one.closest("form.ask") && one.checkVisibility({ visibilityProperty: true })) all.push(one.value);
  }
  return all;
}"""
"""All texts of a page that a reader sees, prints or hears, except what is in the field of a question."""

SAID = SEEN.replace('closest("script, ', 'closest("code, select, script, ')
"""The same without code, whose words stay English."""

KEPT = frozenset(
    "AND OR XOR NOT MLP SLP CSV ID NaN Adam Glorot Bengio Chromium Firefox Safari English nngen init train "
    "evaluate build explain save target params exam yaml csv json xlsx Bell Cybenko Hinton Hochreiter Koren Minsky "
    "Novikoff Papert Resnick Rumelhart Sarwar Volinsky Williams von Neumann He log exp max loss fit rate slope alpha "
    "leaky tanh dz da".split()
)
"""Words that a page in another language keeps: names, commands, and words of formulas."""

_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?(?![\w]|\.\d)")


def english(texts: Iterable[str], specs: Iterable[Spec]) -> set[str]:
    """The English words among some texts. Names of a spec and of the catalogue are none."""
    names = {"course", *ACTIVATIONS, *LOSSES, *OPTIMIZERS, *KINDS}
    for spec in specs:
        ids = (one for index in spec.indices if isinstance(index.ids, tuple) for one in index.ids)
        names |= {spec.name, *spec.inputs, *map(str, ids)}
        names |= {name for layer in spec.layers for name in (layer.name, *layer.unit_names)}
    kept = KEPT | {word for name in names for word in re.findall("[A-Za-z]+", str(name))}
    found = {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}|\.\w+\b", " ", text))}
    return found - kept


class Shown(HTMLParser):
    """The texts of a page, and those of attributes that a reader sees or hears; without code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "pre"):
            self._within.append(tag)
        spoken = ("aria-label", "title", "placeholder", "alt", "data-hint", "data-go", "data-says", "data-done")
        self.texts += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        if self._within[-1:] == [tag]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data)


def agree(given: float, exact: float) -> bool:
    """Whether a page takes a number for the answer."""
    if exact == 0 or (exact.is_integer() and abs(exact) < 10):
        return given == exact
    return f"{given:.1e}" == f"{exact:.1e}"


def telling(texts: list[str], exact: float) -> set[str]:
    """The texts that have a number which would be taken for the answer."""
    numbers = {text: [float(number.replace("−", "-")) for number in _NUMBER.findall(text)] for text in texts}
    return {text for text, found in numbers.items() if any(agree(number, exact) for number in found)}


def visit(page: Page, path: Path) -> None:
    """Open a lesson, and wait until it is ready."""
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-started]")


def answer_of(form: Locator) -> float:
    """The answer of a question for a number."""
    return float(form.get_attribute("data-answer") or "nan")


def questions(page: Page) -> Iterator[Locator]:
    """The questions of the current scene, one after the other; each must be answered before the next."""
    seen: set[str] = set()
    while True:
        shown = page.locator(".scene:not([hidden]) form.ask:not([hidden])")
        names: list[str] = shown.evaluate_all("forms => forms.map(form => form.dataset.ask)")
        name = next((name for name in names if name not in seen), None)
        if name is None:
            return
        seen.add(name)
        yield page.locator(f"form[data-ask={name}]")


def answer(form: Locator, text: str) -> str:
    """Give a number; what the page says to it."""
    form.locator("input").fill(text)
    form.locator(".line button").first.click()
    return form.locator("output").inner_text() if form.locator("output").is_visible() else ""


MISTAKEN = """(form) => {
  const output = form.querySelector("output");
  const said = () => (output.checkVisibility() ? output.innerText : "");
  if (form.dataset.kind === "choice") {
    return [...form.querySelectorAll(".option[data-right='0']")].map((option) => {
      option.click();
      return [option.textContent, option.dataset.hint, said()];
    });
  }
  if (form.dataset.kind === "number") {
    const field = form.querySelector("input");
    return [...form.querySelector("template").content.children].map(({ dataset, textContent }) => {
      field.value = dataset.hint;
      form.querySelector(".check").click();
      return [dataset.hint, textContent, said()];
    });
  }
  const found = [];
  for (let at = 0; form.dataset.state !== "right" && at < 100; at++) {
    for (const option of form.querySelectorAll("li:not(.taken) .option")) {
      const before = form.querySelectorAll(".taken").length;
      option.click();
      if (form.querySelectorAll(".taken").length > before) break;
      found.push(["", option.dataset.hint, said()]);
    }
  }
  return found;
}"""
"""Gives each wrong answer that a question knows, in a question of order until each step has its place.

The result has these answers, what the page should say to them, and what it says.
"""


def solve(form: Locator) -> None:
    """Give the right answer to a question of any kind, after each wrong one that it knows."""
    known: dict[str, str] = {}
    for text, hint, said in form.evaluate(MISTAKEN):
        # two mistakes may lead to the same number: the first is explained
        assert said == (known.setdefault(text, hint) if text else hint)
    if form.get_attribute("data-kind") == "number":
        assert answer(form, "many") != ""
        right = answer_of(form)
        text = f"{right:.0f}" if right.is_integer() else f"{right:.1e}"
        answer(form, text.replace("-", "−", 1))
    elif form.get_attribute("data-kind") == "choice":
        form.locator(".option[data-right='1']").click()
    assert form.get_attribute("data-state") == "right"


GIVE = """(form) => {
  const { kind, answer } = form.dataset;
  if (kind === "number") {
    form.querySelector("input").value = answer;
    form.querySelector(".check").click();
  } else if (kind === "choice") {
    form.querySelector(".option[data-right='1']").click();
  } else {
    for (let at = 0; form.dataset.state !== "right" && at < 100; at++) {
      for (const option of form.querySelectorAll(".option:enabled")) option.click();
    }
  }
  return form.dataset.state;
}"""


def give(form: Locator) -> None:
    """Give the right answer without the mouse, on the way to something else; many times faster than ``solve``."""
    assert form.evaluate(GIVE) == "right"


def open_lesson(page: Page, folder: Path, name: str, scene: int = 0, language: str = "en") -> None:
    """Open a lesson at a scene, with all questions before it answered."""
    visit(page, folder / language / f"{name}.html")
    for _ in range(scene):
        for form in questions(page):
            give(form)
        page.click("#go")


def last_activity(page: Page) -> int:
    """The scene of a lesson's activity."""
    return int(
        page.evaluate("[...document.querySelectorAll('.scene')].findIndex((one) => one.querySelector('.activity'))")
    )
