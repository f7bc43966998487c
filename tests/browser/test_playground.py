"""The playground that `make playground` has built: the bytes and messages of the command, in Chromium and Firefox."""

import functools
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page

import nngen
from nngen.common.languages import Language as Target
from nngen.description.model import Table
from nngen.plan import plan
from nngen.proof.reference import Network
from nngen.proof.verify.spreadsheet import read
from nngen.proof.verify.workbook import Workbook
from nngen.reading import load
from nngen.targets import as_workbook
from nngen.targets.modules import texts
from tests.browser.conftest import PATIENCE
from tests.browser.firefox import Firefox
from tests.support.modules import ROOT
from tests.support.workbooks import formulas

pytestmark = pytest.mark.browser

SITE = ROOT / "build" / "playground" / "site"
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
PENGUINS = ROOT / "specs" / "data" / "penguins.csv"
XOR = (ROOT / "docs" / "xor.yaml").read_text("utf-8")
TARGETS: tuple[Target, ...] = get_args(Target)

MISTAKES = [
    ("sigmoid", "sigmod"),
    ("x1, x2", "x1, x1"),
    ("units: [y]", "units: 0"),
    ("rate: 5.0", "rate: -1"),
    ("epochs: 2000", "epochs: many"),
    ("binary_cross_entropy", "cross_entropy"),
    ("name: xor", "name: 9"),
    ("layers:", "layer:"),
    ("batch_size: full", "batch_size: 0"),
    ("gradient_descent", "adamm"),
    ("[h1, h2]", "[h1, h1]"),
    ("loss: {", "loss: ["),
]
"""Twelve mistakes in a spec: what is replaced, and by what."""


SPECS = sorted((ROOT / "specs").rglob("*.yaml"))
WORKER = """
async ([calls]) => {
  const worker = new Worker("worker.js", { type: "module" });
  const answer = () => new Promise((resolve) => { worker.onmessage = ({ data }) => data.loaded || resolve(data); });
  await answer();
  const found = [];
  for (const [call, ...given] of calls) {
    const said = answer();
    worker.postMessage({ id: 1, call, given });
    found.push(await said);
  }
  worker.terminate();
  return found;
}
"""
"""Ask the page's own Python, in a thread like that of the page."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    assert (SITE / "service.js").is_file(), "to build it: make playground"
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def said(mistake: tuple[str, str]) -> str:
    with pytest.raises(nngen.SpecError) as caught:
        nngen.load(XOR.replace(*mistake))
    return str(caught.value)


def count(page: Page) -> int:
    return int(page.get_attribute("body", "data-answers") or 0)


def after(page: Page, change: Callable[[], object]) -> None:
    """Change something, and wait for the next answer after which none is under way."""
    before = count(page)
    change()
    page.wait_for_selector(f"body:not([data-answers='{before}'])[data-answers]")


def until(page: Page, condition: str) -> None:
    """Wait for a condition on the page; its security policy forbids that Playwright does."""
    for _ in range(1200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def write(page: Page, text: str) -> None:
    """Replace the text in the editor."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    after(page, lambda: page.keyboard.insert_text(text))


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 800}, bypass_csp=False)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.goto(f"{address}?language=en")
    opened.wait_for_selector("body[data-answers]")
    yield opened
    context.close()
    assert errors == []


def test_modules_have_the_bytes_of_the_command(page: Page) -> None:
    write(page, XOR)
    for target in TARGETS:
        after(page, functools.partial(page.click, f"#tab_{target}"))
        assert page.text_content("#code") == nngen.build(XOR, target).text
    after(page, lambda: page.check("#contents input[value=gradient]"))
    assert page.text_content("#code") == nngen.build(XOR, TARGETS[-1], contents=["gradient"]).text
    after(page, lambda: page.uncheck("#contents input[value=gradient]"))


RUN = {
    "python": "import sys, xor; print(xor.forward(xor.init(), [1.0, 0.0])[0])",
    "numpy": "import numpy, xor; print(float(xor.forward(xor.init(), numpy.array([[1.0, 0.0]]))[0, 0]))",
    "javascript": 'import("./xor.mjs").then(({ forward, init }) => console.log(forward(init(), [1, 0])[0]));',
    "c": """
#include "xor.h"
#include <stdio.h>
int main(void) {
    double params[XOR_PARAMETERS], x[2] = {1, 0}, y[1];
    xor_init(params, XOR_SEED);
    xor_forward(params, x, y);
    printf("%.17g", y[0]);
}
""",
}
"""Programs that print what a downloaded module answers before it is trained."""


def test_downloaded_modules_run(page: Page, tmp_path: Path) -> None:
    """Those of languages that need a project of their own are the bytes of the command, by the test above."""
    answers = []
    for target in RUN:
        after(page, functools.partial(page.click, f"#tab_{target}"))
        with page.expect_download() as download:
            page.click("#download")
        folder = tmp_path / target
        download.value.save_as(folder / download.value.suggested_filename)
        (folder / "main.c").write_text(RUN["c"])
        command = {
            "javascript": ["node", "-e", RUN["javascript"]],
            "c": ["sh", "-c", "gcc -std=c11 main.c -lm -o main && ./main"],
        }.get(target, [sys.executable, "-c", RUN[target]])
        answers.append(float(subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout))
    assert answers == pytest.approx([answers[0]] * len(RUN), rel=1e-15)


def test_the_workbook_is_that_of_the_command(page: Page, tmp_path: Path) -> None:
    """Its formulas are the same; a last bit of a value may differ, as browsers have functions of their own."""
    write(page, XOR)
    after(page, functools.partial(page.click, "#tab_xlsx"))
    with page.expect_download() as download:
        page.click("#download")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    until(page, "/^Up to date/.test(document.querySelector('#state').textContent)")
    (tmp_path / "xor.yaml").write_text(XOR)
    spec = load(tmp_path / "xor.yaml")
    assert formulas(file.read_bytes()) == formulas(as_workbook(spec, tmp_path))
    rows = Workbook(read(str(file)), Network(spec), plan(spec), None).rows("stored")
    assert [(row.what, row.note) for row in rows if row.verdict != "right"] == []


def no_table(path: Path) -> bool:
    """Whether a spec names no file of data: reading digits takes seconds here."""
    return not isinstance(load(path).data, Table)


def test_all_committed_specs_give_the_modules_of_the_command(page: Page) -> None:
    asked = [(path, contents) for path in SPECS for contents in ((), ("all",)) if not contents or no_table(path)]
    tables = {f"data/{table.name}": table for table in (ROOT / "specs").rglob("*.csv")}
    calls: list[tuple[object, ...]] = [("put", name, [*table.read_bytes()]) for name, table in tables.items()]
    calls += [("answer", path.read_text("utf-8"), TARGETS, contents) for path, contents in asked]
    calls += [("answer", XOR.replace(*mistake), TARGETS) for mistake in MISTAKES]
    answers = [one["value"] for one in page.evaluate(WORKER, [calls]) if one["value"]]
    for (path, contents), answer in zip(asked, answers, strict=False):
        files = [one for files in answer["modules"].values() for one in files.items()]
        shown = [text for name, text in files if not name.endswith(".d.mts")]
        assert shown == [*texts(load(path), path.parent, TARGETS, contents=contents).values()], path.name
    for mistake, answer in zip(MISTAKES, answers[len(asked) :], strict=True):
        assert "\n\n".join(one["text"] for one in answer["mistakes"]) == said(mistake)


def test_a_change_is_followed(page: Page) -> None:
    page.click("#tab_page")
    changed = XOR.replace("[h1, h2]", "[h1, h2, h3]").replace("activation: sigmoid}", "activation: tanh}", 1)
    write(page, changed)
    frame = page.frame_locator("#page")
    frame.locator("[data-weight=w_h3_x1]").first.wait_for(state="attached")
    assert frame.locator("text=hidden: tanh").count() == 1
    after(page, lambda: page.click("#tab_python"))
    assert page.text_content("#code") == nngen.build(changed, "python").text
    page.click("#tab_page")


def test_mistakes_are_those_of_the_command(page: Page) -> None:
    for mistake in MISTAKES:
        write(page, XOR.replace(*mistake))
        shown = "\n\n".join(page.locator("#mistakes pre").all_text_contents())
        assert shown == said(mistake)
        page.locator("#mistakes button").first.click()
        assert page.evaluate("getSelection().toString()") in XOR.replace(*mistake)
    write(page, XOR)
    assert page.locator("#mistakes pre").count() == 0


def test_a_table_becomes_a_module_that_answers(page: Page) -> None:
    page.set_input_files("#table", PENGUINS)
    page.wait_for_selector("#target:not([hidden])")
    page.select_option("#target select", "species")
    after(page, lambda: page.click("#target button"))
    assert "column" in page.inner_text("#notes")
    page.click("#train")
    until(page, "/right \\d+ of \\d+/.test(document.querySelector('#state').textContent)")
    after(page, lambda: page.click("#tab_python"))
    module: dict[str, object] = {"__name__": "penguins"}
    exec(page.text_content("#code") or "", module)
    predict = module["predict"]
    assert callable(predict)
    row = {"island": "Dream", "bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192}
    assert predict(module["TRAINED"], {**row, "body_mass_g": 3500, "sex": None}) == "Chinstrap"
    after(page, lambda: page.select_option("#examples", "0"))


LABELS = """
name: labels
inputs: [x1, x2]
layers:
  - name: output
    units: [either, both]
    activation: sigmoid
    weights: {initial: {name: values, values: [[0.5, 0.5], [0.5, 0.5]]}}
loss: {name: binary_cross_entropy}
training: {optimizer: {name: gradient_descent, rate: 1e-9}, epochs: 1, batch_size: full}
data: {rows: [{x: [0, 0], y: [0, 0]}, {x: [0, 1], y: [1, 0]}, {x: [1, 0], y: [1, 0]}, {x: [1, 1], y: [1, 1]}]}
"""
"""Two labels: all but the first row get more than 0.5 for both, which is right for the last one only."""


def test_labels_are_right_each_and_numbers_are_not_counted(page: Page) -> None:
    numbers = LABELS.replace("sigmoid", "linear").replace("binary_cross_entropy", "squared_error")
    for text, ends in ((LABELS, ", right 1 of 4"), (numbers, "")):
        write(page, text)
        page.click("#train")
        until(page, "/^1 epochs/.test(document.querySelector('#state').textContent)")
        said = page.text_content("#state") or ""
        assert re.fullmatch(rf"1 epochs in [\d.]+ s: loss [\d.]+{ends}", said), said
    write(page, XOR)


def test_both_languages_and_all_widths(page: Page) -> None:
    after(page, lambda: page.select_option("#language", "ko"))
    assert page.inner_text("#train") == "여기서 학습"
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.add_script_tag(path=AXE)
    # the text in .cm-scroller takes the focus; living pages have tests of their own
    found = page.evaluate("axe.run({ exclude: ['iframe', '.cm-scroller'] }).then((result) => result.violations)")
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    page.set_viewport_size({"width": 1366, "height": 800})
    after(page, lambda: page.select_option("#language", "en"))


def test_the_second_visit_needs_no_network(page: Page, address: str) -> None:
    until(page, "navigator.serviceWorker.controller !== null")
    write(page, XOR.replace("[h1, h2]", "3"))
    link = page.url
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("body[data-answers]")
    assert "units: 3" in page.inner_text(".cm-content")
    page.context.set_offline(False)


SELECT = "document.querySelector('.cm-content').focus(), document.execCommand('selectAll')"


def test_firefox_gives_the_same(other: Firefox, address: str) -> None:
    other.visit(f"{address}?language=en")
    other.wait("document.body.dataset.answers")
    text = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8")
    for changed in (text, text.replace("[h1, h2]", "[h1, h2, h3]"), text.replace("sigmoid", "tanh", 1)):
        other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(changed)}))")
        for target in ("python", "c"):
            other.click(f"#tab_{target}")
            other.wait(
                f"document.querySelector('#code').textContent === {json.dumps(nngen.build(changed, target).text)}"
            )
    for mistake in MISTAKES:
        wrong = XOR.replace(*mistake)
        other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(wrong)}))")
        shown = "[...document.querySelectorAll('#mistakes pre')].map((one) => one.textContent).join('\\n\\n')"
        other.wait(f"{shown} === {json.dumps(said(mistake))}")
    other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(text)}))")
    other.wait("!document.querySelector('#mistakes pre')")
    other.click("#train")
    other.wait("document.querySelector('#state').textContent.startsWith('2000 epochs')")
