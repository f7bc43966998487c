"""How the binding of a C header compiles: once, for its own user, and what it does if it cannot."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.bindings import vendor
from tests.support.cases import same
from tests.support.modules import built, named

pytestmark = pytest.mark.oracle


PROGRAM = """
import json, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import iris_c as net
params, history = net.fit(net.init(), [[0.1, 0.2, 0.3, 0.4]], [[1.0, 0.0, 0.0]], 2)
names = [name for name in ("loss", "load", "PARAMETERS", "scale") if hasattr(net, name)]
said = [[type(one.message).__name__, str(one.message), one.filename] for one in caught]
_, trained, _ = net.train_step(net.init(), [0.1, 0.2, 0.3, 0.4], [1.0, 0.0, 0.0], net.init_state(net.init()))
assert net.pack(trained) == net.pack(net.fit(net.init(), [[0.1, 0.2, 0.3, 0.4]], [[1.0, 0.0, 0.0]], 1)[0])
print(json.dumps([net.pack(params), history, said, isinstance(params, list), names]))
"""


class Vendored:
    """A folder with a module and its header, and programs that import it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.elsewhere = folder, folder.parent / "tmp"
        self.elsewhere.mkdir()
        self.environment = {name: value for name, value in os.environ.items() if name not in ("CC", "PYTHONPATH")}
        tools = folder.parent / "tools"  # compilers that do not optimize, which takes most of their time
        tools.mkdir()
        for name in ("cc", "gcc"):
            (tools / name).write_text(f'#!/bin/sh\nexec {shutil.which(name)} "$@" -O0\n', "utf-8")
            (tools / name).chmod(0o755)
        self.environment |= {"TMPDIR": str(self.elsewhere), "PATH": f"{tools}:{os.environ['PATH']}"}
        (folder.parent / "program.py").write_text(PROGRAM, "utf-8")

    def begin(self, **environment: str) -> "subprocess.Popen[bytes]":
        """A program that imports the module and trains it."""
        command = [sys.executable, "program.py"]
        known = self.environment | {"PYTHONPATH": str(self.folder)} | environment
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder.parent, env=known, stdout=pipe, stderr=pipe)

    def ended(self, program: "subprocess.Popen[bytes]") -> tuple[list[Any], list[str], bool]:
        """The output: its numbers, the warnings, and whether it computed in Python."""
        out, err = program.communicate()
        assert program.returncode == 0, err.decode()
        params, history, said, in_python, names = json.loads(out)
        assert names == ["loss", "load", "PARAMETERS", "scale"]
        assert all((kind, Path(place).name) == ("RuntimeWarning", "program.py") for kind, _, place in said)
        return [params, history], [text for _, text, _ in said], in_python

    def told(self, **environment: str) -> tuple[list[Any], list[str], bool]:
        """The same for a program from beginning to end."""
        return self.ended(self.begin(**environment))

    @property
    def kept(self) -> list[Path]:
        """The libraries beside the module."""
        return sorted(self.folder.glob("__pycache__/*.so"))

    @property
    def kept_elsewhere(self) -> list[Path]:
        """The libraries in the folder of the user."""
        return sorted(self.elsewhere.glob("*/*.so"))


@pytest.fixture
def vendored(tmp_path: Path) -> Vendored:
    place = tmp_path / "vendored"
    place.mkdir(mode=0o755)
    vendor("iris", place)
    (place / "__pycache__").mkdir(mode=0o755)
    return Vendored(place)


def expected() -> list[Any]:
    page = built(named("iris"), "python")
    params, history = page.fit(page.init(), [[0.1, 0.2, 0.3, 0.4]], [[1.0, 0.0, 0.0]], 2)
    return [page.pack(params), history]


def test_it_is_compiled_once_and_then_needs_no_compiler(vendored: Vendored) -> None:
    numbers, said, in_python = vendored.told()
    assert (said, in_python) == ([], False)
    same(numbers[0], expected()[0])
    (library,) = vendored.kept
    written = library.stat().st_mtime_ns
    assert vendored.told(PATH="/nowhere") == (numbers, [], False)
    assert [path.stat().st_mtime_ns for path in vendored.kept] == [written]
    assert vendored.kept_elsewhere == []


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PATH": "/nowhere"}, "there is no compiler of C: install gcc or clang, or name another one in CC"),
        ({"CC": "false"}, "false does not compile it: it says nothing"),
        ({"CC": "true"}, "true does not compile it: it says nothing"),
        ({"CC": "gcc -DIRIS_H"}, "gcc -DIRIS_H does not compile it: .*error: "),
        ({"CC": "no-such-compiler"}, "No such file or directory: 'no-such-compiler'"),
        ({"CC": "gcc 'x"}, "CC is not a command: No closing quotation"),
        ({"CC": "gcc-\udcff"}, "No such file or directory: 'gcc-"),
        ({"CC": "gcc -DPyInit_binding=other"}, "does not define module export function"),
    ],
)
@pytest.mark.parametrize("layout", ["beside", "nngen's own"])
def test_without_a_compiler_the_page_in_python_takes_over(
    environment: dict[str, str], message: str, layout: str, vendored: Vendored
) -> None:
    page = vendored.folder / "iris.py"
    if layout != "beside":
        (vendored.folder.parent / "python").mkdir()
        page.rename(vendored.folder.parent / "python" / "iris.py")
    numbers, said, in_python = vendored.told(**environment)
    assert in_python
    assert numbers == expected()
    (warning,) = said
    assert warning.startswith("iris_c computes in Python, by ")
    assert "iris.py: " in warning
    assert re.search(message, warning)
    assert vendored.kept + vendored.kept_elsewhere == []


def test_without_a_compiler_and_a_page_it_cannot_be_imported(vendored: Vendored) -> None:
    (vendored.folder / "iris.py").unlink()
    program = vendored.begin(PATH="/nowhere")
    assert program.communicate()[1].decode().splitlines()[-1] == (
        "ImportError: there is no compiler of C: install gcc or clang, or name another one in CC; and the page in"
        " Python, iris.py, is neither beside this file nor in ../python"
    )
    assert vendored.told()[1:] == ([], False)


@pytest.mark.parametrize("file", ["iris.h", "binding.c"])
def test_without_what_it_compiles_the_page_in_python_takes_over(file: str, vendored: Vendored) -> None:
    (vendored.folder / file).unlink()
    _, (warning,), in_python = vendored.told()
    assert in_python
    assert "No such file or directory" in warning
    assert file in warning


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("iris.h", "params[i] - 0.1 * gradient[i]", "params[i] - 0.2 * gradient[i]"),
        ("binding.c", "return float_of(epoch_loss);", "return float_of(2 * epoch_loss);"),
    ],
)
def test_a_file_that_was_changed_is_compiled_again(file: str, old: str, new: str, vendored: Vendored) -> None:
    before, _, _ = vendored.told()
    changed = vendored.folder / file
    changed.write_text(changed.read_text("utf-8").replace(old, new), "utf-8")
    after, said, in_python = vendored.told()
    assert (said, in_python, len(vendored.kept)) == ([], False, 2)
    assert before != after


@pytest.mark.parametrize("damage", ["nothing", "text", "a part", "one bit"])
def test_a_damaged_library_is_compiled_again(damage: str, vendored: Vendored) -> None:
    """Loading a library that ends early can kill the process by SIGBUS."""
    numbers, _, _ = vendored.told()
    (library,) = vendored.kept
    whole = library.read_bytes()
    changed = whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:]
    parts = {"nothing": b"", "text": b"no library", "a part": whole[: len(whole) // 4], "one bit": changed}
    library.write_bytes(parts[damage])
    assert vendored.told() == (numbers, [], False)
    assert [path.read_bytes() for path in vendored.kept] == [whole]


def test_a_whole_library_that_python_cannot_load_is_compiled_again(vendored: Vendored, tmp_path: Path) -> None:
    numbers, _, _ = vendored.told()
    (library,) = vendored.kept
    subprocess.run(["gcc", "-shared", "-x", "c", "/dev/null", "-o", tmp_path / "empty.so"], check=True)
    empty = (tmp_path / "empty.so").read_bytes()
    start = library.name.split(".")[:-2]
    library.unlink()
    (library.parent / ".".join([*start, hashlib.sha256(empty).hexdigest()[:16], "so"])).write_bytes(empty)
    assert vendored.told() == (numbers, [], False)
    assert vendored.told(PATH="/nowhere") == (numbers, [], False)


@pytest.mark.parametrize("way", ["a file in its place", "others may write"])
def test_where_nothing_may_be_kept_beside_it_a_folder_of_the_user_has_it(way: str, vendored: Vendored) -> None:
    cache = vendored.folder / "__pycache__"
    if way == "others may write":
        cache.chmod(0o777)
    else:
        cache.rmdir()
        cache.write_text("in the way")
    numbers, said, in_python = vendored.told()
    assert (said, in_python, vendored.kept) == ([], False, [])
    (library,) = vendored.kept_elsewhere
    assert library.parent.name == f"nngen-{os.geteuid()}"
    assert library.parent.stat().st_mode & 0o022 == library.stat().st_mode & 0o022 == 0
    assert vendored.told(PATH="/nowhere") == (numbers, [], False)


def test_where_nothing_may_be_kept_at_all_it_is_compiled_each_time(vendored: Vendored) -> None:
    cache, other = vendored.folder / "__pycache__", vendored.elsewhere / f"nngen-{os.geteuid()}"
    cache.rmdir()
    cache.write_text("in the way")
    (vendored.folder.parent / "planted").mkdir()
    other.symlink_to(vendored.folder.parent / "planted")
    assert vendored.told()[1:] == ([], False)
    assert sorted(vendored.elsewhere.iterdir()) == [other]
    assert list(other.iterdir()) == []


def test_a_library_that_others_could_have_written_is_not_loaded(vendored: Vendored) -> None:
    numbers, _, _ = vendored.told()
    (library,) = vendored.kept
    before = library.stat().st_ino
    library.chmod(0o666)
    assert vendored.told() == (numbers, [], False)
    assert library.stat().st_ino != before
    assert library.stat().st_mode & 0o022 == 0


def test_several_processes_at_once(vendored: Vendored) -> None:
    programs = [vendored.begin() for _ in range(4)]
    found = [vendored.ended(program) for program in programs]
    assert all(one == (found[0][0], [], False) for one in found)
    assert len(vendored.kept) == 1
    assert {path.suffix for path in (vendored.folder / "__pycache__").iterdir()} <= {".pyc", ".so"}
    assert list(vendored.elsewhere.iterdir()) == []
