"""A headless Chromium, and pages that may not complain nor ask the network for anything."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, urlsplit

import pytest

from nngen.description.model.spec import Spec
from nngen.description.model.targets import PythonTarget
from nngen.learning.course import course
from nngen.learning.explain.page import living_page
from nngen.proof.reference import Network
from nngen.targets.modules import as_module, texts
from tests.browser.firefox import Firefox, firefox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

collect_ignore_glob = (
    [] if find_spec("playwright") else ["test_*.py"]
)  # `make browser` installs it, `make test` does not

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

PATIENCE = 180_000
"""The milliseconds in which a page must show what a test waits for. A loaded machine needs some thousands."""

Open = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS, timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture(scope="session")
def _firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """To start it takes seconds."""
    with firefox(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def other(_firefox: Firefox) -> Iterator[Firefox]:
    """Firefox with an empty page; after the test, no page may have complained."""
    _firefox.leave()
    yield _firefox
    assert _firefox.said == []


class Tabs:
    """Pages that one test after the other uses: to begin a page takes longer than what most tests do with it."""

    def __init__(self, browser: Browser, empty: Path) -> None:
        self._browser, self._empty = browser, empty.as_uri()
        self._free: list[tuple[Page, list[str]]] = []

    @contextmanager
    def opened(
        self,
        *,
        viewport: ViewportSize,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        **others: bool,
    ) -> Iterator[Page]:
        """A page that remembers nothing; afterwards, nothing may have been said or asked for.

        A test that changes what cannot be set back, such as the clock, closes it. With other options it is a new one.
        """
        page, said = self._free.pop() if self._free and not others else self._begun(**others)
        page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        yield page
        if others or page.is_closed():
            page.context.close()
        else:
            page.goto(self._empty)
            page.evaluate("localStorage.clear(), sessionStorage.clear()")
            page.mouse.move(0, 0)
            self._free.append((page, said))
        heard, said[:] = said[:], []
        assert heard == []

    def _begun(self, **others: Any) -> tuple[Page, list[str]]:
        """A new page, and what it says or asks for."""
        said: list[str] = []
        page = self._browser.new_context(**others).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("request", lambda request: said.append(f"request: {request.url}") if foreign(request.url) else None)
        return page, said


@pytest.fixture(scope="session")
def tabs(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Tabs:
    empty: Path = tmp_path_factory.mktemp("empty") / "empty.html"
    empty.write_text("<!doctype html>", "utf-8")
    return Tabs(browser, empty)


@pytest.fixture
def open_page(tabs: Tabs, tmp_path: Path, shared: Path) -> Iterator[Open]:
    """Open the page of a spec from disk; after the test, nothing may have been said or asked for."""
    with ExitStack() as used:

        def opened(
            spec: Spec, folder: Path, params: Path | None = None, *, variants: bool = False, **options: Any
        ) -> Page:
            path = tmp_path / f"{spec.name}.html"
            path.write_text(page_of(spec, folder, params, variants=variants, shared=shared), "utf-8")
            page = used.enter_context(tabs.opened(**{"viewport": {"width": 1440, "height": 900}, **options}))
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-ready]")
            return page

        yield opened


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the processes of a run make for one another."""
    base: Path = tmp_path_factory.getbasetemp()
    made = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
    made.mkdir(exist_ok=True)
    return made


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether a file or folder is still to be made: only one process asks at a time."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not path.exists()


@pytest.fixture(scope="session")
def folder(shared: Path) -> Path:
    """The pages of the course in both languages."""
    made = shared / "course"
    with alone(made) as new:
        for language in ("en", "ko") if new else ():
            (made / language).mkdir(parents=True)
            for name, text in course(language).pages.items():
                (made / language / name).write_text(text, "utf-8")
    return made


@pytest.fixture
def page(tabs: Tabs) -> Iterator[Page]:
    """A page whose console must stay silent, and which asks the network for nothing; calm, so that it draws less."""
    with tabs.opened(viewport={"width": 1366, "height": 650}, reduced_motion="reduce") as opened:
        yield opened


def page_of(spec: Spec, folder: Path, params: Path | None = None, *, variants: bool, shared: Path) -> str:
    """The page of a spec, of which many tests open the same one. Variants take most of its time."""
    if params:
        return living_page(spec, folder, params, variants=variants)
    key = f"{folder}, {variants}: {spec.model_dump_json(by_alias=True)}"
    made = shared / f"{sha256(key.encode()).hexdigest()}.html"
    with alone(made) as new:
        if new:
            made.write_text(living_page(spec, folder, variants=variants), "utf-8")
    return made.read_text("utf-8")


def foreign(url: str) -> bool:
    """Whether a request leaves the page: its own file, and what the page made itself, do not."""
    return not url.startswith(("blob:null/", "file:///")) or (url.startswith("file:") and not url.endswith(".html"))


def traced(spec: Spec, folder: Path, level: str, params: list[float], x: list[float], y: list[float]) -> dict[str, Any]:
    """The intermediate values of the Python module by name; other tests compare it with the reference."""
    target = PythonTarget.model_validate({"name": "python", "unroll": level})
    unrolled = spec.model_copy(update={"targets": (target,)})
    module: Any = as_module("traced", texts(unrolled, folder, ["python"])["python"])
    found: dict[str, Any] = {}
    name = "batch_gradient" if hasattr(module, "batch_gradient") else "gradient"

    def watch(frame: FrameType, event: str, _: object) -> Any:
        if event == "return" and frame.f_code.co_name == name:
            found.update(frame.f_locals)
        return watch

    sys.settrace(watch)
    try:
        module.gradient(module.unpack(params), x, y)
    finally:
        sys.settrace(None)
    return found


def flat(page: Page, spec: Spec, seed: int | None = None) -> list[float]:
    """The parameters that a page shows; where it shows none, those that a network begins with."""
    shown = [exact(text) for text in page.locator("[data-parameter]").evaluate_all(EXACT)]
    network = Network(spec)
    return shown or network.pack(network.init(seed))


def noted(page: Page) -> dict[str, str]:
    """The state in the address of a page, which follows the parameters that the page shows after a pause."""
    shown = ",".join(page.locator("[data-parameter]").evaluate_all(EXACT))
    page.wait_for_url(lambda url: fragment(url).get("w") == shown)
    return fragment(page.url)


def fragment(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).fragment))


FRAME = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  done(document.documentElement.scrollWidth))))"""
"""The width of a page after what follows a change of its window."""

EXACT = "elements => elements.map(element => element.dataset.exact)"


def exact(text: str) -> float:
    return float(text.replace("Infinity", "inf"))
