"""A checker of accessibility (https://github.com/dequelabs/axe-core), in Chromium and Firefox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.firefox import Firefox

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

COLORS = {"runOnly": ["color-contrast"]}
"""What is left to check of a page in its other theme, which changes only colors."""


def violations(page: Page | Firefox, where: object = "document", **options: object) -> list[list[object]]:
    """What the checker finds: each rule with the first elements that break it.

    Args:
        page: an open page; the checker stays on it.
        where: a part of the page, as the checker takes it.
        **options: those of the checker. Unless they are asked for, it lists no elements that break nothing.
    """
    load, run = (page.load, page.run) if isinstance(page, Firefox) else (page.evaluate, page.evaluate)
    if not run("'axe' in window"):
        load(AXE.read_text("utf-8"))
    place = where if where == "document" else json.dumps(where)
    given = json.dumps({"resultTypes": ["violations"], **options})
    shown = "({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))]"
    found: list[list[object]] = run(f"axe.run({place}, {given}).then(({{ violations }}) => violations.map({shown}))")
    return found
