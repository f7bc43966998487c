"""The page, the worker and the components of docs/javascript.md, as they are printed there."""

import functools
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from nngen.targets import as_module, texts
from tests.support.integers import path_of, trained
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.browser

BODY = {"bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192, "body_mass_g": 3500}
ROW = {**BODY, "island": "Dream", "sex": None}
NPM = Path(__file__).parent / "node_modules"
SAID = (ROOT / "docs" / "javascript.md").read_text("utf-8")
FILES = {"React": "react.jsx", "Svelte": "species.svelte"}

PROGRAMS = {
    "react": """
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { Species } from "./react.jsx";
createRoot(document.querySelector("output")).render(createElement(Species, { row: ROW }));
""",
    "svelte": """
import { mount } from "svelte";
import Species from "./species.js";
mount(Species, { target: document.querySelector("output"), props: { row: ROW } });
""",
}
"""What shows a component of the page where its worker writes its answer."""

COMPILED = """
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "svelte/compiler";
const { js, warnings } = compile(readFileSync("species.svelte", "utf8"), { filename: "Species.svelte" });
writeFileSync("species.js", js.code);
process.exit(warnings.length);
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of the page, and the module that they call."""
    made = tmp_path_factory.mktemp("front")
    path = path_of("penguins")
    module = texts(spec(path), path.parent, ["javascript"], parameters=trained("penguins"))["javascript"]
    (made / "penguins.mjs").write_text(module, "utf-8")
    for name, text in re.findall(r"^```\w+\n(?://|<!--) (\S+)[^\n]*\n(.*?)^```$", SAID, re.M | re.S):
        (made / FILES.get(name, name)).write_text(text, "utf-8")
    (page,) = re.findall(r"^```html\n(.*?)^```$", SAID, re.M | re.S)
    (made / "worker.html").write_text(page, "utf-8")
    for name in PROGRAMS:
        (made / f"{name}.html").write_text(page.replace("page.mjs", f"{name}.bundle.mjs"), "utf-8")
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def net() -> dict[str, Any]:
    """The module in Python, which says what is right."""
    path = path_of("penguins")
    made = texts(spec(path), path.parent, ["python"], parameters=trained("penguins"))
    return as_module("penguins", made["python"]).__dict__


@pytest.fixture
def shown(browser: Browser, address: str) -> Iterator[Page]:
    """A page that must not complain, also about its policy."""
    page = browser.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.route("**/favicon.ico", lambda route: route.fulfill())
    yield page
    page.close()
    assert said == []


def test_a_worker_answers_under_the_policy(shown: Page, address: str, net: dict[str, Any]) -> None:
    shown.goto(f"{address}worker.html")
    expect(shown.locator("output")).to_have_text(net["predict"](net["TRAINED"], ROW))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_component_follows_its_field(shown: Page, address: str, net: dict[str, Any], folder: Path, name: str) -> None:
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(NPM)
    (folder / f"{name}.mjs").write_text(PROGRAMS[name].replace("ROW", json.dumps(ROW)))
    if name == "svelte":
        subprocess.run(["node", "--input-type=module", "--eval", COMPILED], cwd=folder, check=True)
    built = ["--bundle", "--jsx=automatic", "--format=esm", "--conditions=browser", f"--outfile={name}.bundle.mjs"]
    subprocess.run([NPM / ".bin" / "esbuild", f"{name}.mjs", *built], cwd=folder, check=True, capture_output=True)
    shown.goto(f"{address}{name}.html")
    for typed, mass in (("3500", 3500), ("6000", 6000), ("", None)):
        shown.fill("input", typed)
        answer = net["predict"](net["TRAINED"], {**ROW, "body_mass_g": mass})
        expect(shown.locator("label")).to_have_text(f"{answer} ")
