"""The site of the documentation: links lead somewhere, nothing is loaded from elsewhere, all pages are accessible."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.accessible import COLORS, violations
from tests.browser.conftest import PATIENCE, alone
from tests.support.modules import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa"], "rules": {"scrollable-region-focusable": {"enabled": False}}}
"""Those of WCAG 2. Browsers let the keyboard reach wide tables, which axe does not know."""


class Page(HTMLParser):
    """The links, those without a name, the anchors and the loaded files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.nameless: list[str] = []
        self._name: str | None = None
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or given.get("name") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
            self._name = given.get("aria-label") or given.get("title") or ""
        elif self._name is not None and tag == "img":
            self._name += given.get("alt") or ""
        elif tag == "link" or "src" in given:
            self.loaded.append(given.get("href") or given.get("src") or "")

    def handle_data(self, data: str) -> None:
        if self._name is not None:
            self._name += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._name is not None:
            self.nameless += [self.links[-1]] * (self.links[-1] != "" and not self._name.strip())
            self._name = None


@pytest.fixture(scope="session")
def site(shared: Path) -> Path:
    folder = shared / "of_docs"
    with alone(folder) as new:
        if new:
            subprocess.run([sys.executable, "docs/site.py", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text("utf-8")) for path in site.rglob("*.html") if "assets" not in path.parts}


def broken(pages: dict[Path, Page], site: Path) -> Iterator[str]:
    for path, page in pages.items():
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":  # its links begin at the root of a server
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment) if "living" not in target.parts else ""  # living pages have a state there
            if not target.is_file() or (anchor and anchor not in pages[target].anchors):
                yield f"{path.relative_to(site)}: {link}"


def test_every_link_leads_somewhere(pages: dict[Path, Page], site: Path) -> None:
    assert len(pages) > 50
    assert [*broken(pages, site)] == []


def test_no_page_loads_anything_from_elsewhere(pages: dict[Path, Page]) -> None:
    assert [link for page in pages.values() for link in page.loaded if urlsplit(link).netloc] == []


def test_every_link_has_a_name(pages: dict[Path, Page]) -> None:
    nameless = [(path, link) for path, page in pages.items() for link in page.nameless]
    assert [(path, link) for path, link in nameless if path.parent.name != "playground"] == []  # a script names its own


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_accessible(browser: Browser, site: Path, half: int) -> None:
    """In both themes, of which the dark one changes only colours."""
    page = browser.new_page(reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.add_init_script("localStorage.clear()")  # each page begins in the theme that the system asks for
    found = []
    for path in sorted(site.glob("*.html"))[half::2]:  # those in folders are tested as living pages and the course
        page.emulate_media(color_scheme="light")
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-md-color-scheme=default]")
        found += [(path.name, *one) for one in violations(page, **RULES)]
        if path.name == "404.html":  # its scripts and styles begin at the root of a server
            continue
        page.emulate_media(color_scheme="dark")
        page.evaluate("document.querySelector('[name=__palette][data-md-color-scheme=slate]').click()")
        page.wait_for_selector("body[data-md-color-scheme=slate]")
        found += [(path.name, *one) for one in violations(page, **COLORS)]
    page.close()
    assert found == []


def test_a_search_finds_class_weights_where_they_are_explained(site: Path) -> None:
    entries = json.loads((site / "search.json").read_text("utf-8"))["items"]
    found = {entry["location"] for entry in entries if "class weights" in f"{entry['title']} {entry['text']}".lower()}
    assert {"questions.html", "spec.html#loss"} <= found


def test_each_command_and_function_has_a_place(pages: dict[Path, Page], site: Path) -> None:
    import nngen
    from nngen.cli import main

    assert {f"nngen-{name}" for name in main.commands} <= pages[site / "commands.html"].anchors
    functions = {anchor.rpartition(".")[2] for anchor in pages[site / "interface.html"].anchors}
    assert {*nngen.__all__} - {"__version__"} <= functions
