"""Whether the tests bite: ``python -m tests.mutants`` makes one small mistake at a time and runs the tests on it.

Each mutant is written into a copy of the project, and a forked process imports the package anew and runs the tests,
those first that should notice it. A mutant is killed where a test fails. Two kinds of tests are told apart: those that
know what is right, and those that compare a text with the committed one, which any change of a page fails, be it
right or wrong; a mutant counts as killed by its text where only the latter notice. What survives is either explained by
name in ``tests/mutants_explained.json``, or shown, and then the exit code is 1.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.mutations import Mutant, everything

ROOT = Path(__file__).resolve().parent.parent
EXPLAINED = ROOT / "tests" / "mutants_explained.json"
LIMIT = 400.0
"""Seconds that the tests of one mutant may take; a loop without end is killed by this."""

THIRD_PARTY = "click jinja2 jinja2.ext jsonschema numpy numpy.random pydantic pytest ruamel.yaml sympy".split()
"""What no mutant changes: imported once, before the forks."""

FIRST = {
    "activations": "activations modules",
    "losses": "losses modules",
    "optimizers": "optimizers",
    "penalties": "penalties",
    "stopping": "stopping",
    "initializers": "catalogue reference_random modules",
    "normalizations": "layers",
    "python": "modules penalties random",
    "numpy": "modules penalties random",
    "templates": "modules penalties stopping",
    "reference": "reference_fit reference_random penalties layers reference modules",
    "formula": "formula formula_random normal_form",
    "derivative": "derivative normal_form",
    "arithmetic": "derivative normal_form formula",
    "layout": "layout",
    "statements": "layout",
}
"""The tests that should notice a mutant of a file, or of a folder, and so come first."""
ELSE = "plan random layers penalties modules"
"""The same for the rest, which is the plan."""
KEY = "gradient_and_steps or initial or fit or refuses"
"""What of them is run at once where it is not about one entry."""
MEANING = """
    plan formula random losses penalties stopping optimizers layers reference_fit reference_random reference cli
    derivative normal_form formula_random layout build source data schema catalogue modules weights own
    activations stories classics standalone architecture docs pages
""".split()
"""All tests that know what is right, fast ones first."""
TEXT = """
    tests/test_build.py::test_committed_modules_are_what_the_specs_give
    tests/test_docs.py::test_pages_are_what_a_tool_pastes
    tests/test_bad_specs.py
""".split()
"""The tests that compare a text with the committed one."""
LEFT_OUT = "not judges_find and not committed_modules_are and not pages_are_what and not help_is_instant"
"""Not for the tests of meaning: text, and the linter and the type checker, which take a minute and more."""


def main(arguments: Sequence[str]) -> int:
    """Try a sample of the mutants, or all; the exit code is 1 where one survives without an explanation."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", default="200", help="how many, drawn evenly from the groups; or all")
    options.add_argument("--seed", type=int, default=1, help="which ones")
    options.add_argument("--only", default="", help="a part of the names of those to try")
    options.add_argument("--first", action="store_true", help="run only the tests that should notice, to be fast")
    options.add_argument("--out", type=Path, help="the file that the results are written to, as JSON")
    options.add_argument("--again", action="store_true", help="try those again that survived, by the file of --out")
    given = options.parse_args(arguments)
    mutants = [mutant for mutant in everything(ROOT) if given.only in mutant.name or given.only == mutant.group]
    chosen = mutants if given.count == "all" else sample(mutants, int(given.count), given.seed)
    results: list[dict[str, str]] = []
    if given.out and given.out.exists():  # a run that was broken off goes on
        results = json.loads(given.out.read_text("utf-8"))
        done = {result["name"] for result in results}
        chosen = [mutant for mutant in chosen if mutant.name not in done]
    if given.again:
        names = {result["name"] for result in results if result["fate"] == "survived"}
        results = [result for result in results if result["name"] not in names]
        chosen = [mutant for mutant in mutants if mutant.name in names]
    for name in THIRD_PARTY:
        import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "nngen"
        unneeded = shutil.ignore_patterns(".git", ".venv", ".*_cache", "build", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=unneeded)
        for number, mutant in enumerate(chosen, 1):
            began = time.monotonic()
            fate, test = judge(mutant, copy, first=given.first)
            results.append({"group": mutant.group, "name": mutant.name, "fate": fate, "test": test})
            took = time.monotonic() - began
            print(f"{number}/{len(chosen)} {fate} ({took:.1f} s, {test or 'no test'}) {mutant.name}", flush=True)
            if given.out:
                given.out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return report(results, len(mutants))


def sample(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Some mutants of each group, as many of each as far as it has them, mixed."""
    draw = random.Random(seed)
    left = {group: [m for m in mutants if m.group == group] for group in dict.fromkeys(m.group for m in mutants)}
    for each in left.values():
        draw.shuffle(each)
    chosen: list[Mutant] = []
    while len(chosen) < min(count, len(mutants)):
        chosen += [each.pop() for each in left.values() if each]
    draw.shuffle(chosen)
    return chosen[:count]


def judge(mutant: Mutant, copy: Path, *, first: bool = False) -> tuple[str, str]:
    """What becomes of a mutant, and the test that killed it."""
    path = copy / mutant.path
    source, times = path.read_bytes(), (path.stat().st_atime, path.stat().st_mtime)
    path.write_bytes(source[: mutant.start] + mutant.text.encode() + source[mutant.stop :])
    os.utime(path, (time.time(), times[1] + random.randrange(1, 10**6)))  # or Python would take what it had compiled
    output = copy.parent / "output"
    child = os.fork()
    if child == 0:
        _run(mutant, copy, output, first=first)
    try:
        code = _wait(child)
    finally:
        path.write_bytes(source)
        os.utime(path, times)
    found = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - |$)", output.read_text("utf-8", "replace"), re.M)
    fate = {0: "survived", 2: "killed by its text"}.get(code, "killed")
    return fate, found[1] if found else "" if fate == "survived" else "import" if code == 1 else "time"


def _wait(child: int) -> int:
    """The exit code of a process; 3 where it does not end in time."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 3


def _run(mutant: Mutant, copy: Path, output: Path, *, first: bool) -> None:
    """In a forked process: the tests. It ends with 0 where all pass, 1 where one fails, 2 where only text differs."""
    os.setsid()
    to = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(to, 1)
    os.dup2(to, 2)
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)
    sys.path.insert(0, str(copy))
    for name in [name for name in sys.modules if name == "tests" or name.startswith(("tests.", "nngen"))]:
        del sys.modules[name]  # those of the project itself
    pytest = import_module("pytest")
    usual = ["-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
    code = 1
    try:
        for chosen, names in _stages(mutant)[: 3 if first else None]:
            files = [f"tests/test_{name}.py" for name in names]
            if pytest.main([*usual, "-k", f"({LEFT_OUT}) and ({chosen})", *files], [_Mixed()]) not in (
                0,
                5,
            ):  # 5: there are none
                break
        else:
            code = 2 if not first and pytest.main([*usual, *TEXT]) != 0 else 0
    finally:
        sys.stdout.flush()
        os._exit(code)


class _Mixed:
    """A plugin that mixes the tests of each file, so that one that fails in many networks soon fails."""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Mix the tests, file by file, in an order that is always the same."""
        draw = random.Random(1)
        places: dict[Path, int] = {}
        keys = {item: (places.setdefault(item.path, len(places)), draw.random()) for item in items}
        items.sort(key=lambda item: keys[item])


def _stages(mutant: Mutant) -> list[tuple[str, list[str]]]:
    """The tests of meaning in the order in which they are run: which of them, by a part of their names, and files."""
    parts = mutant.path.removesuffix(".py").split("/")
    first = next((FIRST[part] for part in reversed(parts) if part in FIRST), ELSE).split()
    entry = mutant.place.split(".")[0] if mutant.group.startswith("formulas") else KEY
    rest = [name for name in MEANING if name not in (*first, "modules")]
    own = [name for name in first if name != "modules"]
    return [(entry, own), (entry, first), ("test", own), ("test", ["modules", *rest])]


def report(results: Sequence[dict[str, str]], possible: int) -> int:
    """Print what became of them, by group; survivors that nothing explains are an error."""
    explained = json.loads(EXPLAINED.read_text("utf-8"))
    counts = Counter((result["group"], fate(result, explained)) for result in results)
    fates = ("killed", "killed by its text", "explained", "survived")
    print("\n| mistakes in |", " | ".join([*fates, "of"]), "|\n|", " | ".join(["---"] * (len(fates) + 2)), "|")
    for group in [*dict.fromkeys(result["group"] for result in results), "all"]:
        row = [sum(n for (g, f), n in counts.items() if f == fate and group in (g, "all")) for fate in fates]
        print("|", " | ".join([group, *map(str, row), str(sum(row))]), "|")
    print(f"\n{len(results)} of the {possible} mutants were tried")
    unexplained = [result["name"] for result in results if fate(result, explained) == "survived"]
    print(*(f"survived: {name}" for name in unexplained), sep="\n")
    return 1 if unexplained else 0


def fate(result: dict[str, str], explained: dict[str, str]) -> str:
    """What became of a mutant, or that it is explained why nothing did."""
    return "explained" if result["fate"] == "survived" and result["name"] in explained else result["fate"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
