"""Firefox, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), without a driver program."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

FIREFOX = "/usr/bin/firefox-esr"
SECONDS = 180
"""The patience with a loaded machine. A page that trains answers no ping meanwhile, so none is sent."""
UNFINISHED = ("Incorrect number of children", "error loading dynamically imported module: blob:null/")
"""Firefox lays a page out while it still reads it, and then warns of formulas that lack their last part.

A living page that is left, or replaced in its frame, stops the import of its module. Tests of a page wait until its
module is there, so that they notice an import that fails for another reason.
"""

PAIRS = "mfrac, msub, msup, munder, mover"
"""Elements of MathML with two children."""


STILL = """(async () => {
  const one = document.querySelector(SELECTOR);
  for (let before = ""; ; ) {
    one.scrollIntoView({ block: "center" });
    const { x, y, width, height } = one.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2].map(Math.round);
    if (String(middle) === before) return middle;
    before = String(middle);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
})()"""
"""The middle of an element that has stopped to move."""


class RefusedError(Exception):
    """Firefox does not carry out a command: a script on a page, for example, that is just loaded again."""


class Firefox:
    """A tab of a running Firefox."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._numbers = count(1)
        self.said: list[str] = []
        """Errors and warnings of the console."""
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded"])
        self._tab = self._send("browsingContext.create", type="tab")["context"]

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command.

        Raises:
            RefusedError: Firefox does not carry it out.
        """
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv(SECONDS))
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] in ("error", "warn"):
                self._note(answer["params"]["text"])
            if answer.get("id") == number:
                if answer["type"] != "success":
                    raise RefusedError(answer)
                return dict(answer["result"])

    def _note(self, text: str) -> None:
        if not any(one in text for one in UNFINISHED):
            self.said.append(text)

    def leave(self) -> None:
        """Leave the page, and forget what it said: its end may stop what it was loading."""
        self._send("browsingContext.navigate", context=self._tab, url="about:blank", wait="complete")
        self.said.clear()

    def open(self, path: Path, width: int = 1280, height: int = 720) -> None:
        """Open a page, and wait until it is ready."""
        self.resize(width, height)
        self._send("browsingContext.navigate", context=self._tab, url=path.as_uri(), wait="complete")
        self.wait("document.documentElement.dataset.started || document.documentElement.matches('.plain')")
        self.wait("document.documentElement.dataset.ready || document.documentElement.matches('.course')")
        assert self.run(f"[...document.querySelectorAll('{PAIRS}')].every((one) => one.children.length === 2)")

    def visit(self, address: str) -> None:
        """Open an address."""
        self._send("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Another tab while the block runs."""
        first, self._tab = self._tab, self._send("browsingContext.create", type="tab")["context"]
        self._send("browsingContext.activate", context=self._tab)  # for its focus
        yield
        self._send("browsingContext.close", context=self._tab)
        self._tab = first

    def resize(self, width: int, height: int) -> None:
        """Make the window so wide and so high."""
        self._send("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": height})

    def run(self, code: str) -> Any:
        """The value of an expression on the page; it must fit JSON. A promise is awaited."""
        text = f"(async () => JSON.stringify(await ({code})) ?? 'null')()"
        answer = self._send("script.evaluate", expression=text, target={"context": self._tab}, awaitPromise=True)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def load(self, script: str) -> None:
        """Run the text of a script on the page."""
        answer = self._send("script.evaluate", expression=script, target={"context": self._tab}, awaitPromise=False)
        assert answer["type"] == "success", answer

    def wait(self, condition: str) -> None:
        """Wait until an expression on the page is true, also on a page that is loaded again meanwhile.

        Raises:
            AssertionError: it is not within some seconds.
        """
        end = monotonic() + SECONDS
        while not self._true(f"document.readyState === 'complete' && Boolean({condition})"):
            assert monotonic() < end, condition
            sleep(0.02)

    def _true(self, code: str) -> bool:
        try:
            return bool(self.run(code))
        except RefusedError:
            return False

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse."""
        x, y = self._middle(selector)
        move = {"type": "pointerMove", "x": x, "y": y}
        self._act("pointer", [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def tap(self, selector: str) -> None:
        """Tap the middle of an element with a finger."""
        self.drag(selector, 0, 0, "touch")

    def drag(self, selector: str, right: int, down: int, pointer: str = "mouse") -> None:
        """Drag the middle of an element by so many pixels with the mouse, or with ``touch``."""
        x, y = self._middle(selector)
        to = [{"type": "pointerMove", "x": x + right * k // 2, "y": y + down * k // 2} for k in (1, 2)]
        start = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}]
        self._act("pointer", [*start, *to, {"type": "pointerUp", "button": 0}], pointer)

    def _middle(self, selector: str) -> tuple[int, int]:
        x, y = self.run(STILL.replace("SELECTOR", json.dumps(selector)))
        return x, y

    def type(self, text: str) -> None:
        """Type into the focused element."""
        self._act("key", [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")])

    def tab(self, back: bool = False) -> None:
        """Go to the next or the previous field with the tabulator."""
        keys = ["\ue008", "\ue004"] if back else ["\ue004"]
        down, up = ([{"type": kind, "value": key} for key in keys] for kind in ("keyDown", "keyUp"))
        self._act("key", [*down, *up])

    def _act(self, kind: str, actions: list[dict[str, Any]], pointer: str = "mouse") -> None:
        source: dict[str, Any] = {"type": kind, "id": f"{kind} {pointer}", "actions": actions}
        if kind == "pointer":
            source["parameters"] = {"pointerType": pointer}
        self._send("input.performActions", context=self._tab, actions=[source])


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start Firefox without a window, with a new profile."""
    from websockets.sync.client import connect

    command = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr
            listening = (re.search(r"WebDriver BiDi listening on (ws://\S+)", line) for line in process.stderr)
            address = next(filter(None, listening))[1]
            with connect(
                f"{address}/session", max_size=None, proxy=None, open_timeout=SECONDS, ping_interval=None
            ) as connection:
                yield Firefox(connection)
        finally:
            process.kill()
