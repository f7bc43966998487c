"""Pages of unusual networks: as the formatter has them, linted, type-checked, and right about their own gradient."""

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

from nngen.description.data.scaling import Scaling
from nngen.description.model.names import MAX_NAME
from nngen.description.model.spec import Spec
from nngen.description.model.targets import NumpyTarget, PythonTarget
from nngen.plan.planner import plan
from nngen.reading.source import load
from nngen.targets.modules import as_module
from nngen.targets.render import render
from tests.support.encodings import scaled_by
from tests.support.formatted import unmarked
from tests.support.modules import ROOT
from tests.support.selftests import judged_pages
from tests.support.unusual import NETWORKS

TARGETS: dict[str, PythonTarget | NumpyTarget] = {
    "weights": PythonTarget(name="python", unroll="weights"),
    "layers": PythonTarget(name="python", unroll="layers"),
    "numpy": NumpyTarget(name="numpy"),
    "float32": NumpyTarget(name="numpy", dtype="float32"),
}


SAME_TYPES = re.compile(
    rf"(skip|cut|orthogonal|frozen|values)_(?!{MAX_NAME}$)\d+|wide.*|own_(?!bent|power).*|.+_error_\w+_1"
)
SINGLE = re.compile("(momentum|adam)_.*")
FORMS = ("weights", "layers", "numpy")
ALIKE = [title for title in NETWORKS if not SAME_TYPES.fullmatch(title) and not SINGLE.fullmatch(title)]
IN_PYTHON = dict(zip(filter(SINGLE.fullmatch, NETWORKS), cycle(FORMS[:2]), strict=False))
"""Networks with one form of page in python, in turn: their trainings are the same statements in both."""

TYPED = [
    f"generated/{form}/{title}.py"
    for title, form in [
        *zip(ALIKE[::6], cycle(FORMS), strict=False),
        *list(IN_PYTHON.items())[::2],
        *product([*IN_PYTHON][1::2], FORMS[2:]),
    ]
]
"""Pages for the type checker: it finds the same in longer names, in more units, in other
formulas and in numbers of 32 bits. A schedule, a
clip, a penalty or a rule to stop is that of one network, by the targets in turn. Other networks are like those beside
them: every sixth one has the forms in turn."""


def read(description: dict[str, Any], folder: Path) -> Spec:
    """The spec of a network, with all checks."""
    file = folder / "spec.json"
    file.write_text(json.dumps(description | {"targets": ["python", "numpy"]}), encoding="utf-8")
    return load(file)


PROGRAMS = f"skip_{MAX_NAME}", "wide_input", "unicode", "description"
"""Pages that run as programs."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as of a project, with all networks for all targets under ``generated``, and some in 32 bits."""
    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", project)
    if (known := ROOT / ".mypy_cache").exists():  # the type checker has read the types of NumPy already
        shutil.copytree(known, project / ".mypy_cache")
    for index, (title, description) in enumerate(NETWORKS.items()):
        read_spec = read(description, project)
        inputs = len(read_spec.input_names)
        numbers = (0.1234567890123456,) * inputs
        scaling = [None, Scaling((0.0,) * inputs, (16.0,) * inputs), Scaling(numbers, numbers)][index % 3]
        for form, target in TARGETS.items():
            if form == "float32" and index % 3:  # the text of a page of 64 bits, but for the name of the type
                continue
            if form in FORMS[:2] and IN_PYTHON.get(title, form) != form:
                continue
            seldom = title not in PROGRAMS and f"generated/{form}/{title}.py" not in TYPED
            if seldom and form in FORMS and form != FORMS[index % 3]:  # one form of three does
                continue
            spec = read_spec.model_copy(update={"targets": (target,)})
            page = project / "generated" / form / f"{title}.py"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(unmarked(render(plan(spec, scaled_by(spec, scaling)), spec, target.name)), encoding="utf-8")
    (project / "selftests").mkdir()
    for number, text in enumerate(judged_pages()):
        (project / "selftests" / f"net{number}.py").write_text(unmarked(text), encoding="utf-8")
    return project


@pytest.mark.parametrize("command", ["ruff format --diff", "ruff check", "mypy --strict --cache-dir=.mypy_cache"])
def test_the_judges_find_nothing(pages: Path, command: str) -> None:
    some = [str(path) for form in TARGETS for path in sorted((pages / "generated" / form).glob("*.py"))[::3]]
    judged = {"mypy": [*TYPED, "selftests"], "ruff format": some}.get(command.partition(" --")[0], ["generated"])
    run = [sys.executable, "-m", *command.split(), *judged]
    done = subprocess.run(run, cwd=pages, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4_000]


@pytest.mark.parametrize("target", TARGETS)
def test_the_gradient_is_right(pages: Path, target: str) -> None:
    errors = {}
    for path in sorted((pages / "generated" / target).glob("*.py")):
        title, described = path.stem, NETWORKS[path.stem]
        module: Any = as_module(title, path.read_text(encoding="utf-8"))
        errors[title] = module._check_gradient()
        assert module.unpack(module.pack(module.init())) is not None, title
        description = Spec.model_validate(described).description
        assert " ".join(description.split()) in " ".join((module.__doc__ or "").split()), title
    limit = 1e-2 if target == "float32" else 1e-6
    assert not {title: error for title, error in errors.items() if not error < limit}


def test_pages_run_by_themselves(pages: Path) -> None:
    files = [pages / "generated" / target / f"{title}.py" for title in PROGRAMS for target in ("weights", "numpy")]

    def run(file: Path) -> str:
        return subprocess.run([sys.executable, "-I", str(file)], capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(2) as pool:
        assert all(text.rstrip().endswith("right") for text in pool.map(run, files))
