"""The page, the worker and the component of docs/javascript.md, as they are printed there."""

import functools
import json
import re
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from nngen.targets import as_module, texts
from tests.support.integers import path_of, trained
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.browser

ROW = {"bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192, "body_mass_g": 3500, "island": "Dream"}
ESBUILD = ROOT / "tests" / "oracle" / "node_modules" / ".bin" / "esbuild"
SAID = (ROOT / "docs" / "javascript.md").read_text("utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def answer(folder: Path) -> str:
    """What the module of Python answers; the folder gets that of JavaScript and the programs of the page."""
    path = path_of("penguins")
    made = texts(spec(path), path.parent, ["python", "javascript"], parameters=trained("penguins"))
    (folder / "penguins.mjs").write_text(made["javascript"], "utf-8")
    for name, text in re.findall(r"^```jsx?\n// (\S+)\n(.*?)^```$", SAID, re.M | re.S):
        (folder / {"React": "species.jsx"}.get(name, name)).write_text(text, "utf-8")
    (page,) = re.findall(r"^```html\n(.*?)^```$", SAID, re.M | re.S)
    (folder / "index.html").write_text(page, "utf-8")
    net = as_module("penguins", made["python"]).__dict__
    return str(net["predict"](net["TRAINED"], {**ROW, "sex": None}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("front")


def test_a_worker_answers_under_the_policy(browser: Browser, folder: Path, answer: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
    expect(page.locator("output")).to_have_text(answer)
    page.close()
    server.shutdown()
    server.server_close()
    assert errors == []


def test_the_component_of_react_shows_the_answer(folder: Path, answer: str) -> None:
    """With the two functions of React that it calls, which here only pass on what they get."""
    for name, text in {
        "index.js": "export const useState = (value) => [value, () => {}];",
        "jsx-runtime.js": "export const jsx = (type, props) => ({ type, props }); export const jsxs = jsx;",
        "package.json": '{"name": "react", "type": "module", "exports": {".": "./index.js", "./*": "./*.js"}}',
    }.items():
        (folder / "node_modules" / "react").mkdir(parents=True, exist_ok=True)
        (folder / "node_modules" / "react" / name).write_text(text)
    built = ["--bundle", "--jsx=automatic", "--format=esm", "--outfile=species.mjs"]
    subprocess.run([ESBUILD, "species.jsx", *built], cwd=folder, check=True, capture_output=True)
    shown = f"Species({{ row: {json.dumps({**ROW, 'sex': None})} }}).props.children[0]"
    program = f'import {{ Species }} from "./species.mjs"; console.log({shown});'
    run = ["node", "--input-type=module", "--eval", program]
    assert subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True).stdout == f"{answer}\n"
