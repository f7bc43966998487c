"""Headers of C and modules of JavaScript in another project: clang-format and ESLint leave their bytes as they are."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.oracle.node import node
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

ESLINT = ROOT / "tests" / "oracle" / "node_modules" / "eslint" / "bin" / "eslint.js"
RULES = {"quotes": ["error", "single"], "prefer-template": "error", "curly": ["error", "multi"], "no-undef": "error"}


def clang_format(path: Path) -> None:
    program = Path(sys.executable).with_name("clang-format")
    subprocess.run([program, "-i", "--style=LLVM", path], check=True)


def eslint(path: Path) -> None:
    """With rules that it repairs by itself."""
    (path.parent / "eslint.config.mjs").write_text(f"export default [{{ rules: {json.dumps(RULES)} }}];\n")
    done = node(str(ESLINT), "--fix", path.name, cwd=path.parent)
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize(
    ("kind", "mark", "formatter"),
    [("c/iris.h", "/* clang-format off */\n", clang_format), ("javascript/iris.mjs", "/* eslint-disable */\n", eslint)],
)
def test_it_leaves_a_marked_page_as_it_is(kind: str, mark: str, formatter: object, tmp_path: Path) -> None:
    assert callable(formatter)
    page = tmp_path / Path(kind).name
    shutil.copy(ROOT / "generated" / kind, page)
    text = page.read_text("utf-8")
    formatter(page)
    assert page.read_text("utf-8") == text
    page.write_text(text.replace(mark, ""), "utf-8")
    formatter(page)
    assert page.read_text("utf-8") != text.replace(mark, "")
