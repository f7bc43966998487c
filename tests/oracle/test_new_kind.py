"""A new kind of layer with equations of its own: a convolution, which few files state for all languages."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.support.modules import ROOT
from tests.support.runners import EVERY

pytestmark = pytest.mark.oracle

PATCH = ROOT / "tests" / "oracle" / "convolution.patch"


@pytest.fixture(scope="module")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nngen with the kind."""
    folder = tmp_path_factory.mktemp("patched")
    for name in ("nngen", "templates", "tests"):
        copytree(ROOT / name, folder / name, ignore=ignore_patterns("node_modules", "__pycache__"))
    subprocess.run(["git", "apply", PATCH], cwd=folder, check=True)
    return folder


def test_a_kind_with_equations_is_stated_in_at_most_ten_files() -> None:
    files = [line for line in PATCH.read_text(encoding="utf-8").splitlines() if line.startswith("diff ")]
    assert 1 < len(files) <= 10
    assert not any("targets" in line or "templates" in line for line in files)


@pytest.mark.parametrize("language", EVERY)
def test_convolutions_have_the_numbers_of_the_reference(language: str, patched: Path) -> None:
    """Forward, backward and in training, with an equation for each layer and for each weight, in both widths."""
    judge = [sys.executable, "-m", "tests.support.convolution", language, str(patched / "made" / language)]
    subprocess.run(judge, cwd=patched, env=os.environ | {"PYTHONPATH": str(patched)}, check=True, timeout=600)
