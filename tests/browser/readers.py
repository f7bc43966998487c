"""A reader who plays lessons in Firefox: with the keyboard alone, or with fingers on a phone; wrong answers first."""

from __future__ import annotations

import json

from tests.browser.firefox import Firefox

ENTER = "\ue007"
SCENE = ".scene:not([hidden])"
ASKED = f"document.querySelector(`{SCENE} form.ask:not([hidden], [data-state=right])`)"
SETTINGS = {
    "threshold_neuron": {"b_y": "-1.5"},
    "one_layer": {"w_y_x1": "1", "w_y_x2": "1", "b_y": "-0.5"},
}
"""The parameters that the activity of a lesson asks for; in other lessons, it trains."""


class Reader:
    """Somebody who plays lessons in Firefox."""

    def __init__(self, browser: Firefox) -> None:
        self.browser = browser

    def press(self, selector: str) -> None:
        """Press a button, or go to a field."""
        raise NotImplementedError

    def write(self, selector: str, text: str) -> None:
        """Replace the text of a field, and press Enter."""
        self.press(selector)
        self.browser.run(f"void document.querySelector({json.dumps(selector)}).select()")
        self.browser.type(f"{text}{ENTER}")

    def set(self, parameter: str, value: str) -> None:
        """Change a parameter."""
        self.write(f"{SCENE} [data-edit={parameter}] input[type=number]", value)

    def answer(self) -> None:
        """Answer the first open question of the scene, wrong first."""
        name, kind = self.browser.run(f"[{ASKED}.dataset.ask, {ASKED}.dataset.kind]")
        form = f"form[data-ask={name}]"
        if kind == "number":
            right = float(self.browser.run(f"{ASKED}.dataset.answer"))
            self.write(f"#ask-{name}", "many")
            assert self.state(form) == "wrong"
            self.write(f"#ask-{name}", f"{right:.0f}" if right.is_integer() else f"{right:.1e}")
        elif kind == "choice":
            self.press(f"{form} .option[data-right='0']")
            assert self.state(form) == "wrong"
            self.press(f"{form} .option[data-right='1']")
        else:
            count = self.browser.run(f"{ASKED}.querySelectorAll('li').length")
            for _ in range(count):
                for place in range(1, count + 1):
                    if self.browser.run(f"!{ASKED}?.querySelector('li:nth-child({place}):not(.taken)')"):
                        continue
                    self.press(f"{form} li:nth-child({place}) .option")
        assert self.state(form) == "right", self.browser.run(f"document.querySelector('{form} output').textContent")

    def go(self) -> None:
        """Go on to the next scene. Once more, if the page has moved under the finger: it does while it trains."""
        place = f"[...document.querySelectorAll('.scene')].indexOf(document.querySelector(`{SCENE}`))"
        here = self.browser.run(place)
        for _ in range(5):
            self.press("#go")
            if self.browser.run(place) != here:
                return
        raise AssertionError("the button of the next scene does nothing")

    def state(self, form: str) -> str:
        """Whether a question has its answer."""
        return str(self.browser.run(f"document.querySelector({json.dumps(form)}).dataset.state"))


class Keys(Reader):
    """The keyboard alone."""

    def press(self, selector: str) -> None:
        """Go on with the tabulator, and press Enter."""
        for _ in range(200):
            wanted, here = f"document.querySelector({json.dumps(selector)})", "document.activeElement"
            if self.browser.run(f"{here} === {wanted}"):
                break
            self.browser.tab(back=self.browser.run(f"Boolean({here}.compareDocumentPosition({wanted}) & 2)"))
        else:
            raise AssertionError(f"the tabulator does not reach {selector}")
        if self.browser.run("document.activeElement.matches('button, a')"):
            self.browser.type(ENTER)


class Fingers(Reader):
    """A phone."""

    def press(self, selector: str) -> None:
        """Tap it."""
        self.browser.tap(selector)

    def set(self, parameter: str, value: str) -> None:
        """Drag the line where one parameter is asked for."""
        if parameter == "b_y" and value == "-1.5":
            self.browser.drag("#field canvas", 60, -60, "touch")
        else:
            super().set(parameter, value)
