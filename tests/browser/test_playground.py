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
from playwright.sync_api import Browser, Page, ViewportSize

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
from tests.browser.accessible import violations
from tests.browser.conftest import FRAME, PATIENCE
from tests.browser.firefox import Firefox
from tests.support.labels import LABELS
from tests.support.modules import ROOT
from tests.support.workbooks import formulas

pytestmark = pytest.mark.browser

SITE = ROOT / "build" / "playground" / "site"
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


CODE = "document.querySelector('#code').text"
"""The code that is shown; the page holds only the lines that are seen."""


def said(mistake: tuple[str, str]) -> str:
    with pytest.raises(nngen.SpecError) as caught:
        nngen.load(XOR.replace(*mistake))
    return str(caught.value)


def after(page: Page, change: Callable[[], object]) -> None:
    """Once no answer is under way, change something, and wait for the next answer after which none is."""
    before = page.locator("body[data-answers]").get_attribute("data-answers")
    change()
    page.wait_for_selector(f"body:not([data-answers='{before}'])[data-answers]")


def until(page: Page, condition: str) -> None:
    """Wait for a condition on the page; its security policy forbids that Playwright does."""
    for _ in range(6000):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(20)
    raise AssertionError(condition)


def write(page: Page, text: str) -> None:
    """Replace the text in the editor, which does not always see that the same text is typed over."""
    page.click("#editor .cm-content")
    page.keyboard.press("Control+a")
    if page.inner_text("#editor .cm-content").strip() == text.strip():
        after(page, lambda: page.keyboard.press("Delete"))
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
        assert page.evaluate(CODE) == nngen.build(XOR, target).text
    after(page, lambda: page.check("#contents input[value=gradient]"))
    assert page.evaluate(CODE) == nngen.build(XOR, TARGETS[-1], contents=["gradient"]).text
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
    """Of each, those in every second language; of every second pair of specs, with all parts."""
    asked = [
        (path, TARGETS[place % 2 :: 2], ("all",) if place % 4 > 1 and no_table(path) else ())
        for place, path in enumerate(SPECS)
    ]
    tables = {f"data/{table.name}": table for table in (ROOT / "specs").rglob("*.csv")}
    calls: list[tuple[object, ...]] = [("put", name, [*table.read_bytes()]) for name, table in tables.items()]
    calls += [("answer", path.read_text("utf-8"), *others) for path, *others in asked]
    answers = [one["value"] for one in page.evaluate(WORKER, [calls]) if one["value"]]
    for (path, targets, contents), answer in zip(asked, answers, strict=True):
        files = [one for files in answer["modules"].values() for one in files.items()]
        shown = [text for name, text in files if not name.endswith(".d.mts")]
        assert shown == [*texts(load(path), path.parent, targets, contents=contents).values()], path.name


def test_a_change_is_followed(page: Page) -> None:
    page.click("#tab_page")
    changed = XOR.replace("[h1, h2]", "[h1, h2, h3]").replace("activation: sigmoid}", "activation: tanh}", 1)
    write(page, changed)
    frame = page.frame_locator("#page")
    frame.locator("[data-weight=w_h3_x1]").first.wait_for(state="attached")
    assert frame.locator("text=hidden: tanh").count() == 1
    after(page, lambda: page.click("#tab_python"))
    assert page.evaluate(CODE) == nngen.build(changed, "python").text
    after(page, lambda: page.click("#tab_page"))


def test_an_equation_is_marked_in_each_language_and_a_line_in_the_page(page: Page) -> None:
    write(page, XOR)
    page.click("#tab_page")
    row = page.frame_locator("#page").locator(".row[data-name=dz_h1] .equation")
    row.click()
    until(page, "document.querySelector('#state').textContent.startsWith('dz_h1 is marked')")
    for target in TARGETS:
        page.click(f"#tab_{target}")
        until(page, f"document.querySelector('#code').text === {json.dumps(nngen.build(XOR, target).text)}")
        found = page.locator("#code .marked").all_text_contents()
        assert found
        name = "dz_hidden" if target == "numpy" else "dz_h1"
        assert all(re.search(rf"\b{name}\b.*=", line) for line in found), (target, found)
    page.click("#tab_lua")
    until(page, f"document.querySelector('#code').text === {json.dumps(nngen.build(XOR, 'lua').text)}")
    page.evaluate(FRAME)  # the code has moved to the marked line
    page.locator("#code .cm-line", has_text="local a_y = ").first.locator("span").first.click()
    found = page.locator("#code .marked").all_text_contents()
    assert found
    assert all("a_y" in line for line in found), found
    page.click("#tab_page")
    page.frame_locator("#page").locator(".row.lit[data-name=a_y]").wait_for()  # also where the pointer was before
    page.click("#tab_go")
    page.locator("#code .cm-line span").nth(20).wait_for()  # colours
    page.locator("#code .cm-foldGutter [title='Fold line']").first.click()
    assert page.locator("#code .cm-foldPlaceholder").count() == 1
    page.click("#code .cm-content")
    page.keyboard.press("Control+f")
    page.locator("#code .cm-search input[name=search]").wait_for()
    page.keyboard.press("Escape")
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
    assert page.inner_text("#rows caption") == "Examples: the first 8 of 344 rows; the target is bold"
    assert page.locator("#rows tr:first-child .target").all_text_contents() == ["species", "Adelie"]
    page.click("#train")
    until(page, "/right \\d+ of \\d+/.test(document.querySelector('#state').textContent)")
    after(page, lambda: page.click("#tab_python"))
    module: dict[str, object] = {"__name__": "penguins"}
    exec(page.evaluate(CODE) or "", module)
    predict = module["predict"]
    assert callable(predict)
    row = {"island": "Dream", "bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192}
    assert predict(module["TRAINED"], {**row, "body_mass_g": 3500, "sex": None}) == "Chinstrap"
    after(page, lambda: page.select_option("#examples", "0"))


class Visitor:
    """A visitor with an empty store, who opens tabs.

    Without ``python`` it never starts, which takes seconds: what is kept of a text needs none.
    """

    def __init__(self, browser: Browser, address: str, *, python: bool) -> None:
        viewport: ViewportSize = {"width": 1366, "height": 800}
        self.context = browser.new_context(viewport=viewport, service_workers="allow" if python else "block")
        if not python:
            self.context.route("**/worker.js", lambda route: route.abort())
        self.ready = "body[data-answers]" if python else "#editor .cm-line"
        self.address = f"{address}?language=en"
        self.errors: list[str] = []

    def tab(self, fragment: str = "") -> Page:
        """A new tab, as soon as it is ready."""
        opened = self.context.new_page()
        opened.set_default_timeout(PATIENCE)
        opened.on("pageerror", lambda error: self.errors.append(str(error)))
        opened.goto(f"{self.address}{fragment}")
        opened.wait_for_selector(self.ready)
        return opened

    def again(self, page: Page) -> None:
        """Load a tab again."""
        page.reload()
        page.wait_for_selector(self.ready)


@pytest.fixture(params=[True])
def visitor(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    made = Visitor(browser, address, python=request.param)
    yield made
    made.context.close()
    assert made.errors == []


WITHOUT_PYTHON = pytest.mark.parametrize("visitor", [False], ids=["without Python"], indirect=True)


def text_of(page: Page) -> str:
    """The text in the editor."""
    return str(page.evaluate(EDITED))


def kept(page: Page, change: Callable[[], object]) -> None:
    """Change the text of a tab, and wait until its address holds it."""
    before = page.url
    change()
    page.wait_for_url(lambda url: url != before)


def put(page: Page, text: str) -> None:
    """Replace the text in the editor of a tab without Python."""
    page.click("#editor .cm-content")
    page.keyboard.press("Control+a")
    kept(page, lambda: page.keyboard.insert_text(text))


EDITED = (
    "[...document.querySelectorAll('#editor .cm-line')].map((line) => line.textContent + '\\n').slice(0, -1).join('')"
)
WRONG = XOR.replace("[h1, h2]", "[h1, h2")


@WITHOUT_PYTHON
def test_a_text_with_a_mistake_is_kept_in_each_tab_of_its_own(visitor: Visitor) -> None:
    one = visitor.tab()
    put(one, WRONG)
    two = visitor.tab()
    assert text_of(two) != WRONG
    put(two, XOR)
    for tab, text in ((one, WRONG), (two, XOR)):
        visitor.again(tab)
        assert text_of(tab) == text
    twin = visitor.context.new_page()
    twin.add_init_script(f"sessionStorage.getItem('nngen draft ') ?? Object.assign(sessionStorage, {stored(one)})")
    twin.set_default_timeout(PATIENCE)
    twin.goto(one.url)  # as a browser duplicates a tab
    twin.wait_for_selector(visitor.ready)
    assert text_of(twin) == WRONG
    put(twin, XOR.replace("2000", "7"))
    visitor.again(one)
    assert text_of(one) == WRONG
    one.close()
    assert text_of(visitor.tab()) == WRONG  # the newest that no tab has open
    twin.close()


def stored(page: Page) -> str:
    """What a tab keeps for itself, as JSON."""
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


@WITHOUT_PYTHON
def test_a_link_holds_the_text_as_it_is_and_a_damaged_one_says_so(visitor: Visitor) -> None:
    one = visitor.tab()
    put(one, WRONG)
    fragment = f"#{one.url.partition('#')[2]}"
    assert text_of(visitor.tab(fragment)) == WRONG
    two = visitor.tab()
    begun = text_of(two)
    for damaged in (fragment[:-9], fragment.replace(fragment[40:44], "AAAA"), "#%"):
        two.evaluate("text => { location.hash = text }", damaged)
        two.wait_for_selector("#said:not([hidden])")
        assert two.inner_text("#said").startswith("This link is damaged")
        assert text_of(two) == begun
        two.evaluate("document.querySelector('#said').hidden = true")
    two.evaluate("text => { location.hash = text }", fragment)
    until(two, f"{EDITED} === {json.dumps(WRONG)}")
    three = visitor.tab(fragment[:-9])
    assert three.inner_text("#said").startswith("This link is damaged")
    assert text_of(three) == begun


@WITHOUT_PYTHON
def test_a_link_that_cannot_be_copied_is_selected(visitor: Visitor) -> None:
    page = visitor.tab()
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('refused')))")
    page.click("#link")
    page.wait_for_selector("#address:not([hidden])")
    chosen = "(one => one.value.slice(one.selectionStart, one.selectionEnd))(document.querySelector('#address'))"
    assert page.evaluate(chosen) == page.url


def test_a_table_is_kept_until_it_is_forgotten(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.tab()
    page.set_input_files("#table", PENGUINS)
    page.wait_for_selector("#target:not([hidden])")
    page.select_option("#target select", "species")
    after(page, lambda: page.click("#target button"))
    proposed = text_of(page)
    large = tmp_path / "large.csv"  # above the limit: it is used, and the table before it stays kept
    large.write_text("a,b,c\n" + "".join(f"{number},{number % 2},{'x' * 70_000}\n" for number in range(300)))
    page.set_input_files("#table", large)
    until(page, "document.querySelector('#said').textContent.startsWith('The browser keeps tables up to 20 MB')")
    assert text_of(page) == proposed
    assert page.locator("#target option").all_text_contents() == ["a", "b", "c"]
    visitor.again(page)
    assert text_of(page) == proposed
    assert page.locator("#mistakes li").count() == 0  # Python has the table again
    assert page.locator("#target option").first.text_content() == "species"
    first = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8")
    after(page, lambda: page.click("#forget"))
    assert text_of(page) == first
    visitor.again(page)
    assert text_of(page) == first
    assert not page.locator("#target").is_visible()
    assert "penguins" not in page.evaluate("JSON.stringify(localStorage)")


@WITHOUT_PYTHON
def test_the_example_comes_back_and_undoing_brings_the_text(visitor: Visitor) -> None:
    page = visitor.tab()
    begun = text_of(page)
    put(page, WRONG)
    kept(page, lambda: page.click("#reset"))
    assert text_of(page) == begun
    page.click("#editor .cm-content")
    kept(page, lambda: page.keyboard.press("Control+z"))
    assert text_of(page) == WRONG


def test_single_labels_are_right_and_numbers_have_the_explained_variance(page: Page) -> None:
    numbers = LABELS.replace("sigmoid", "linear").replace("binary_cross_entropy", "squared_error")
    one = LABELS.replace("either, both", "either").replace(", [0.5, 0.5]]", "]").replace("-0.1, -0.1", "-0.1")
    one = re.sub(r"y: \[(\d), \d\]", r"y: [\1]", one)
    two = (
        LABELS.replace("sigmoid", "linear")
        .replace("binary_cross_entropy", "two_quantiles")
        .replace("[-0.1, -0.1]", "[-0.1, 0.4]")
    )
    # the ends are -0.1 and 0.4, twice 0.4 and 0.9, 0.9 and 1.4; the targets are 0, 1, 1, 1
    # outputs -0.1, 0.4, 0.4, 0.9: R² is 1 - 0.74 / 0.75 for 0, 1, 1, 1, and 1 - 0.34 / 0.75 for 0, 0, 0, 1
    told = {
        LABELS: ", labels right 6 of 8",
        one: ", right 4 of 4",
        numbers: ", R² 0.28",
        two: ", between the outputs 2 of 4",
    }
    for text, ends in told.items():
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
    for example in range(page.locator("#examples option").count()):
        after(page, functools.partial(page.select_option, "#examples", str(example)))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    after(page, functools.partial(page.select_option, "#examples", "0"))
    # the text in .cm-scroller takes the focus; living pages have tests of their own
    assert violations(page, {"exclude": ["iframe", ".cm-scroller"]}) == []
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
    assert "units: 3" in page.inner_text("#editor .cm-content")
    page.context.set_offline(False)


SELECT = "document.querySelector('#editor .cm-content').focus(), document.execCommand('selectAll')"


def test_firefox_gives_the_same(other: Firefox, address: str) -> None:
    other.visit(f"{address}?language=en")
    other.wait("document.body.dataset.answers")
    text = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8")
    for changed in (text, text.replace("[h1, h2]", "[h1, h2, h3]"), text.replace("sigmoid", "tanh", 1)):
        other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(changed)}))")
        for target in ("python", "c"):
            other.click(f"#tab_{target}")
            other.wait(f"document.querySelector('#code').text === {json.dumps(nngen.build(changed, target).text)}")
    for mistake in MISTAKES[::3]:
        wrong = XOR.replace(*mistake)
        other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(wrong)}))")
        shown = "[...document.querySelectorAll('#mistakes pre')].map((one) => one.textContent).join('\\n\\n')"
        other.wait(f"{shown} === {json.dumps(said(mistake))}")
    other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(text)}))")
    other.wait("!document.querySelector('#mistakes pre')")
    other.click("#train")
    other.wait("document.querySelector('#state').textContent.startsWith('2000 epochs')")


def loaded_again(other: Firefox) -> None:
    other.run("(document.body.dataset.old = 'yes', setTimeout(() => location.reload()))")
    other.wait("!document.body.dataset.old && document.body.dataset.answers")


def test_firefox_keeps_a_text_with_a_mistake_and_opens_links(other: Firefox, address: str) -> None:
    other.visit(f"{address}?language=en")
    other.wait("document.body.dataset.answers")
    other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(WRONG)}))")
    other.wait("document.querySelector('#mistakes li') && location.hash.length > 9")
    fragment = other.run("location.hash")
    loaded_again(other)
    other.wait("document.querySelector('#mistakes li')")
    assert other.run(EDITED) == WRONG
    other.run("document.querySelector('#reset').click()")
    other.wait(f"{EDITED} !== {json.dumps(WRONG)} && !document.querySelector('#mistakes li')")
    other.run(f"location.hash = {json.dumps(fragment[:-9])}")
    other.wait("document.querySelector('#said').textContent.startsWith('This link is damaged')")
    other.run(f"location.hash = {json.dumps(fragment)}")
    other.wait(f"{EDITED} === {json.dumps(WRONG)}")
    other.run("document.querySelector('#forget').click()")
    other.wait(f"{EDITED} !== {json.dumps(WRONG)}")


DROPPED = """(() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([TEXT], "birds.csv"));
  dispatchEvent(new DragEvent("drop", { dataTransfer }));
})()"""

TABLES = """new Promise((resolve) => {
  const opening = indexedDB.open("nngen", 1);
  opening.onsuccess = () => {
    const counted = opening.result.transaction("tables").objectStore("tables").count();
    counted.onsuccess = () => [opening.result.close(), resolve(counted.result)];
  };
})"""
"""How many tables the browser keeps."""


def test_firefox_keeps_a_table_and_two_tabs_apart_until_they_are_forgotten(other: Firefox, address: str) -> None:
    other.visit(f"{address}?language=en")
    other.wait("document.body.dataset.answers")
    begun = other.run(EDITED)
    other.run(DROPPED.replace("TEXT", json.dumps(PENGUINS.read_text("utf-8"))))
    other.wait("!document.querySelector('#target').hidden")
    other.run("void (document.querySelector('#target select').value = 'species')")
    other.click("#target button")
    other.wait("document.querySelector('#rows caption').textContent.includes('8 of 344')")
    proposed = other.run(EDITED)
    with other.beside():
        other.visit(f"{address}?language=en")
        other.wait("document.body.dataset.answers")
        assert other.run(EDITED) == begun
        other.run(f"({SELECT}, document.execCommand('insertText', false, {json.dumps(XOR)}))")
        other.wait("document.querySelector('#rows').hidden")  # it has no data
        loaded_again(other)
        assert other.run(EDITED) == XOR
    loaded_again(other)
    assert other.run(EDITED) == proposed
    assert other.run("[document.querySelector('#target').hidden, document.querySelector('#mistakes li')]") == [
        False,
        None,
    ]
    assert other.run(TABLES) == 1
    other.run("void (Blob.prototype.stream = () => new ReadableStream())")  # the page is left before it has an address
    other.click("#forget")
    other.wait("document.querySelector('#said').textContent.startsWith('This browser keeps nothing')")
    loaded_again(other)
    assert other.run(f"[{EDITED}, document.querySelector('#target').hidden]") == [begun, True]
    assert other.run(TABLES) == 0
