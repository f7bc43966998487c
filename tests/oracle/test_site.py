"""The site of the documentation: each link and anchor leads somewhere, and no page loads anything from elsewhere."""

import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle


class Page(HTMLParser):
    """The links, the anchors and the loaded files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors.add(given.get("id") or given.get("name") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        elif tag == "link" or "src" in given:
            self.loaded.append(given.get("href") or given.get("src") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("site")
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


def test_each_command_and_function_has_a_place(pages: dict[Path, Page], site: Path) -> None:
    import nngen
    from nngen.cli import main

    assert {f"nngen-{name}" for name in main.commands} <= pages[site / "commands.html"].anchors
    functions = {anchor.rpartition(".")[2] for anchor in pages[site / "interface.html"].anchors}
    assert {*nngen.__all__} - {"__version__"} <= functions
