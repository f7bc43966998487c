"""Pages of unusual networks: as the formatter has them, linted, type-checked, and right about their own gradient."""

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from nngen.data.scaling import Scaling
from nngen.pages.modules import as_module
from nngen.pages.render import render
from nngen.plan.planner import plan
from nngen.reading.source import load
from nngen.spec.names import MAX_NAME
from nngen.spec.spec import Spec
from tests.support.encodings import scaled_by
from tests.support.formatted import unmarked
from tests.support.modules import ROOT
from tests.support.unusual import NETWORKS

TARGETS: dict[str, tuple[str, dict[str, str]]] = {
    "weights": ("python", {"unroll": "weights"}),
    "layers": ("python", {"unroll": "layers"}),
    "numpy": ("numpy", {}),
    "float32": ("numpy", {"dtype": "float32"}),
}


SAME_TYPES = re.compile(rf"(weights_\d|skip|cut|orthogonal|frozen|values)_(?!{MAX_NAME}$)\d+|wide.*")
TYPED = [
    f"generated/{target}/{title}.py"
    for title, target in product(NETWORKS, ["weights", "layers", "numpy"])
    if not SAME_TYPES.fullmatch(title)
]
"""Pages for the type checker: it finds the same in longer names, in more units and in numbers of 32 bits."""


def read(description: dict[str, Any], target: str, folder: Path) -> Spec:
    """The spec of a network for one target, with all checks."""
    language, options = TARGETS[target]
    file = folder / "spec.json"
    file.write_text(json.dumps(description | {"targets": [{"name": language, **options}]}), encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as of a project, with all networks for all targets under ``generated``."""
    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", project)
    for index, (title, description) in enumerate(NETWORKS.items()):
        for target in TARGETS:
            spec = read(description, target, project)
            inputs = len(spec.input_names)
            numbers = (0.1234567890123456,) * inputs
            scaling = [None, Scaling((0.0,) * inputs, (16.0,) * inputs), Scaling(numbers, numbers)][index % 3]
            page = project / "generated" / target / f"{title}.py"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(
                unmarked(render(plan(spec, scaled_by(spec, scaling)), spec, TARGETS[target][0])), encoding="utf-8"
            )
    return project


@pytest.mark.parametrize("command", ["ruff format --diff", "ruff check", "mypy --strict --cache-dir=.mypy_cache"])
def test_the_judges_find_nothing(pages: Path, command: str) -> None:
    judged = TYPED if "mypy" in command else ["generated"]
    run = [sys.executable, "-m", *command.split(), *judged]
    done = subprocess.run(run, cwd=pages, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4_000]


@pytest.mark.parametrize("target", TARGETS)
def test_the_gradient_is_right(pages: Path, target: str) -> None:
    errors = {}
    for title, described in NETWORKS.items():
        text = (pages / "generated" / target / f"{title}.py").read_text(encoding="utf-8")
        module: Any = as_module(title, text)
        errors[title] = module._check_gradient()
        assert module.unpack(module.pack(module.init())) is not None, title
        description = Spec.model_validate(described).description
        assert " ".join(description.split()) in " ".join((module.__doc__ or "").split()), title
    limit = 1e-2 if target == "float32" else 1e-6
    assert not {title: error for title, error in errors.items() if not error < limit}


def test_pages_run_by_themselves(pages: Path) -> None:
    titles = [f"skip_{MAX_NAME}", "wide_input", "unicode", "description"]
    files = [pages / "generated" / target / f"{title}.py" for title in titles for target in ("weights", "numpy")]

    def run(file: Path) -> str:
        return subprocess.run([sys.executable, "-I", str(file)], capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(2) as pool:
        assert all(text.rstrip().endswith("right") for text in pool.map(run, files))
