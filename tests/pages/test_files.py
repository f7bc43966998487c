"""Hostile and broken file systems: a file is whole, old or new, and what nngen did not write stays as it is."""

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jinja2 import TemplateNotFound

from nngen.cli import main
from nngen.commands import build, output
from nngen.common.diagnostics import SpecError
from nngen.targets.targets import TARGETS
from tests.support.answering import initial
from tests.support.folders import OLD, tree
from tests.support.modules import ROOT, named

XOR = named("xor_mlp")
NEURON = named("neuron")
"""Its living page has no variants, and is quick."""

NEW = {path.parent.name: path.read_bytes() for path in (ROOT / "generated").glob("*/xor_mlp.*")}
MODULE = ROOT / "generated" / "python" / "xor_mlp.py"
HEAD = NEW["python"].partition(b"PARAMETERS")[0]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The path of the network's python module, in a folder that exists."""
    (tmp_path / "python").mkdir()
    return tmp_path / "python" / "xor_mlp.py"


@pytest.mark.parametrize(
    "content",
    [
        b"# by hand\n",
        b"",
        b"\xff\xfe\x00",
        HEAD.replace(b"xor_mlp", b"other"),
        HEAD.replace(b"xor_mlp, a neural network", b"xor, a neural network"),
        NEW["python"].replace(b"\nWritten by nngen", b"\nNot written by nngen"),
    ],
    ids=["program", "empty", "no text", "other network", "another first line", "mark within a line"],
)
def test_a_file_that_nngen_did_not_write_is_kept_unless_forced(content: bytes, place: Path) -> None:
    place.write_bytes(content)
    result = run("build", XOR, "--out", place.parent.parent)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: the file exists, and nngen did not write it for this network\n"
        f"  --> {place}\n"
        "  = help: move it, use another `--out`, or overwrite it with `--force`\n"
    )
    assert tree(place.parent.parent) == {"python/xor_mlp.py": content}
    assert run("build", XOR, "--out", place.parent.parent, "--check").exit_code == 1
    assert run("build", XOR, "--out", place.parent.parent, "--force").exit_code == 0
    assert place.read_bytes() == NEW["python"]


@pytest.mark.parametrize("content", [OLD, OLD.replace(b"\n", b"\r\n"), NEW["python"] + b"# a line by hand\n"])
def test_a_module_of_the_same_network_is_renewed(content: bytes, place: Path) -> None:
    place.write_bytes(content)
    assert run("build", XOR, "--out", place.parent.parent).exit_code == 0
    assert place.read_bytes() == NEW["python"]


def test_every_committed_module_is_known_as_such() -> None:
    assert [module.path for module in build.modules([ROOT / "specs"], ROOT / "generated") if module.foreign] == []


def test_a_link_in_place_of_the_file_is_not_written_through(place: Path) -> None:
    outside = place.parent.parent / "mine"
    outside.write_text("mine")
    place.symlink_to(outside)
    assert run("build", XOR, "--out", place.parent.parent).exit_code == 2
    assert run("build", XOR, "--out", place.parent.parent, "--force").exit_code == 0
    assert outside.read_text() == "mine"
    assert not place.is_symlink()


def test_a_link_that_leads_nowhere_is_somebody_elses(place: Path) -> None:
    place.symlink_to("nowhere")
    assert run("build", XOR, "--out", place.parent.parent).exit_code == 2
    assert place.is_symlink()


def test_a_link_where_the_draft_goes_is_not_written_through(place: Path) -> None:
    outside = place.parent.parent / "mine"
    outside.write_text("mine")
    place.with_name(f".xor_mlp.py.{os.getpid()}").symlink_to(outside)
    build.write(build.modules([XOR], place.parent.parent))
    assert outside.read_text() == "mine"
    assert sorted(tree(place.parent)) == ["xor_mlp.py"]


def test_a_folder_that_is_a_link_out_of_the_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "python").symlink_to(tmp_path / "elsewhere")
    for force in ([], ["--force"]):
        result = run("build", XOR, "--out", tmp_path / "out", *force)
        assert result.exit_code == 2
        assert "the link 'python' leads out of the output folder" in result.stderr
    assert tree(tmp_path) == {}


def test_a_pipe_is_not_waited_for(place: Path) -> None:
    os.mkfifo(place)
    assert run("build", XOR, "--out", place.parent.parent).exit_code == 2
    assert run("build", XOR, "--out", place.parent.parent, "--check").exit_code == 1


def test_a_folder_that_ends_as_a_module_does_is_no_module(tmp_path: Path) -> None:
    assert run("build", XOR.parent, "--out", tmp_path).exit_code == 0
    (tmp_path / "python" / "folder.py").mkdir()
    assert run("build", XOR.parent, "--out", tmp_path, "--check").exit_code == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("moment", ["mkdir", "open", "replace"])
def test_whatever_fails_leaves_everything_as_it_was(
    code: int, moment: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write_bytes(OLD)
    wanted = getattr(Path, moment)

    def fail(path: Path, *args: object, **kwargs: object) -> object:
        if place.parent.parent in path.parents and not (moment == "open" and "xb" not in args):
            raise OSError(code, os.strerror(code))
        return wanted(path, *args, **kwargs)

    monkeypatch.setattr(Path, moment, fail)
    result = run("build", XOR, "--out", place.parent.parent)
    monkeypatch.undo()
    assert result.exit_code == 2
    assert f"the file cannot be written: {os.strerror(code).lower()}" in result.stderr
    assert tree(place.parent.parent) == {"python/xor_mlp.py": OLD}


def _command(out: Path, *more: object) -> list[str]:
    return [sys.executable, "-m", "nngen", "build", str(XOR), "--out", str(out), *map(str, more)]


def _limited() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_a_limit_of_the_kernel_on_what_is_written(place: Path) -> None:
    place.write_bytes(OLD)
    done = subprocess.run(_command(place.parent.parent), preexec_fn=_limited, capture_output=True, text=True)
    assert done.returncode == 2
    assert "the file cannot be written: file too large" in done.stderr
    assert tree(place.parent.parent) == {"python/xor_mlp.py": OLD}


def _vanish(folder: Path) -> Callable[[], None]:
    def vanish() -> None:
        os.chdir(folder)
        folder.rmdir()

    return vanish


def test_a_working_folder_that_has_vanished(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    arguments = [sys.executable, "-m", "nngen", "train", str(XOR), "--epochs", "1", "--save", "params.json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        arguments, preexec_fn=_vanish(tmp_path / "gone"), env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "the file cannot be written: no such file or directory" in done.stderr
    assert "Traceback" not in done.stderr


WRITING = """
import os, signal, sys, time
from dataclasses import replace
from pathlib import Path
from nngen.commands import build
found = build.modules([Path(sys.argv[1])], Path(sys.argv[2]))
old = [replace(m, text=m.text.replace("sigmoid", "tanh")) for m in found]
start = time.perf_counter(); build.write(old); build.write(found)
seconds = time.perf_counter() - start
for line in sys.stdin:
    child = os.fork()
    while not child: build.write(old); build.write(found)
    time.sleep(seconds * float(line))
    os.kill(child, signal.SIGKILL); os.waitpid(child, 0)
    print(flush=True)
"""
"""Writes two files again and again in a process that it kills after a multiple of the time that it takes."""


def test_a_process_that_is_killed_leaves_a_whole_file(place: Path) -> None:
    """Killed at moments all over the time in which both are written twice."""
    other = place.parent.parent / "numpy" / "xor_mlp.py"
    other.parent.mkdir()
    old = {target: text.replace(b"sigmoid", b"tanh") for target, text in NEW.items()}
    met: list[bool] = []
    command = [sys.executable, "-c", WRITING, str(XOR), str(place.parent.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        while len(met) < 24 or (len(set(met)) < 2 and len(met) < 240):  # a disk may be slow now and then
            process.stdin.write(f"{(len(met) % 24) / 12.0}\n".encode())
            process.stdin.flush()
            assert process.stdout.readline() == b"\n"
            for file, target in ((place, "python"), (other, "numpy")):
                assert file.read_bytes() in (old[target], NEW[target])
                met.append(file.read_bytes() == NEW[target])
    assert set(met) == {True, False}
    assert run("build", XOR, "--out", place.parent.parent).exit_code == 0
    assert (place.read_bytes(), other.read_bytes()) == (NEW["python"], NEW["numpy"])


def test_builds_at_the_same_time_leave_whole_files(place: Path) -> None:
    place.write_bytes(OLD)
    processes = [subprocess.Popen(_command(place.parent.parent), stdout=subprocess.DEVNULL) for _ in range(2)]
    while any(process.poll() is None for process in processes):
        assert place.read_bytes() in (OLD, NEW["python"])
        time.sleep(0.001)
    assert [process.returncode for process in processes] == [0] * 2
    assert tree(place.parent.parent) == {f"{name}/xor_mlp{TARGETS[name].suffix}": text for name, text in NEW.items()}


def test_parameters_are_not_saved_over_something_else(tmp_path: Path) -> None:
    file = tmp_path / "xor.yaml"
    file.write_text("mine")
    result = run("train", XOR, "--epochs", "1", "--save", file)
    assert (result.exit_code, result.stdout, file.read_text()) == (2, "", "mine")
    assert "the file exists and has no parameters" in result.stderr
    for force in (["--force"], []):
        assert run("train", XOR, "--epochs", "1", "--save", file, *force).exit_code == 0
        assert file.read_text().startswith('{"layout": "xor_mlp ')
    assert sorted(tree(tmp_path)) == ["xor.yaml", "xor.yaml.checkpoint"]


def test_parameters_that_cannot_be_saved_leave_the_old_ones(tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text('{"layout": "old"}')

    def full(draft: Path) -> None:
        draft.write_text('{"layout": "ne')
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        output.replace(file, full)
    assert tree(tmp_path) == {"params.json": b'{"layout": "old"}'}


def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a machine that crashes may keep the new name and not what was written."""
    done: list[tuple[str, int]] = []
    sync, rename = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append(("sync", os.fstat(descriptor).st_ino))
        sync(descriptor)

    def renamed(draft: Path, path: Path) -> Path:
        done.append(("rename", draft.stat().st_ino))
        return rename(draft, path)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    build.write(build.modules([XOR], tmp_path))
    built = [module.path.stat().st_ino for module in build.modules([XOR], tmp_path)]
    assert done == [("sync", file) for file in built] + [("rename", file) for file in built]
    done.clear()
    output.replace(tmp_path / "params.json", Path.touch)
    saved = (tmp_path / "params.json").stat().st_ino
    assert done == [("sync", saved), ("rename", saved)]


def test_a_disk_that_fails_at_the_end_leaves_everything_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write_bytes(OLD)

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    result = run("build", XOR, "--out", place.parent.parent)
    assert result.exit_code == 2
    assert "the file cannot be written: input/output error" in result.stderr
    assert tree(place.parent.parent) == {"python/xor_mlp.py": OLD}


def test_no_folder_is_left_of_what_could_not_be_built(tmp_path: Path) -> None:
    (tmp_path / "numpy").write_text("mine")
    with pytest.raises(SpecError, match="cannot be written"):
        build.write(build.modules([XOR], tmp_path))
    assert tree(tmp_path) == {"numpy": b"mine"}
    assert not (tmp_path / "python").exists()


@pytest.mark.parametrize("command", ["build", "train", "trace", "explain"])
def test_a_path_too_long_for_the_file_system(command: str, tmp_path: Path) -> None:
    option = {"build": "--out", "train": "--save", "trace": "--out", "explain": "--out"}[command]
    result = run(command, NEURON, option, tmp_path / ("a" * 256) / "b")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: the file cannot be written: " in result.stderr


def test_a_path_too_long_to_look_at(tmp_path: Path) -> None:
    assert run("build", XOR.parent, "--out", tmp_path / ("a" * 256), "--check").exit_code == 1
    assert run("build", tmp_path / ("a" * 256)).exit_code == 2


def test_a_pipe_or_device_is_not_overwritten_even_when_forced(place: Path, tmp_path: Path) -> None:
    os.mkfifo(place)
    device = tmp_path / "null"
    device.symlink_to(os.devnull)
    written: list[tuple[str, str, object]] = [("build", "--out", tmp_path), ("train", "--save", "/dev/stdout")]
    for kind in (place, device):
        written += [("trace", "--out", kind), ("explain", "--out", kind), ("train", "--save", kind)]
    for command, option, path in written:
        result = run(command, XOR if command == "build" else NEURON, option, path, "--force")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "which is never overwritten" in result.stderr
    assert place.is_fifo()
    assert device.is_symlink()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("trained") / "neuron.json"
    assert run("train", NEURON, "--epochs", "1", "--save", path).exit_code == 0
    return path


@pytest.mark.parametrize(
    ("words", "kind"),
    [("trace -o", "pipe"), ("export --params {} --safetensors", "file")],
)
def test_standard_output_may_be_named(words: str, kind: str, trained: Path, tmp_path: Path) -> None:
    command, *options = words.format(trained).split()
    assert run(command, NEURON, *options, tmp_path / "page").exit_code == 0
    arguments = [sys.executable, "-m", "nngen", command, NEURON, *options, "/dev/stdout"]
    with (tmp_path / "printed").open("wb") as file:
        target = file if kind == "file" else subprocess.PIPE
        done = subprocess.run([str(a) for a in arguments], stdout=target, stderr=subprocess.PIPE, cwd=ROOT)
    printed = done.stdout if kind == "pipe" else (tmp_path / "printed").read_bytes()
    assert (done.returncode, done.stderr) == (0, b"")
    assert printed == (tmp_path / "page").read_bytes()


PRINTING = ["show", "train --epochs=1", "explain -o /dev/stdout", "--help"]
"""Commands that print at once, step by step, through a file of that name, and by click itself."""


@pytest.mark.parametrize("words", PRINTING)
def test_standard_output_on_a_full_disk(words: str) -> None:
    command, *options = words.split()
    subject = [] if command == "--help" else [NEURON]
    arguments = [sys.executable, "-m", "nngen", command, *subject, *options]
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(a) for a in arguments], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr == "error: standard output cannot be written: no space left on device\n"


def _fails(error: OSError) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TemplateNotFound("python/module.py.jinja"), "nngen has no template python/module.py.jinja; install it again"),
        (FileNotFoundError(2, "No such file or directory", "words.json"), "words.json: no such file or directory"),
        (ConnectionRefusedError(111, "Connection refused"), "connection refused"),
    ],
)
def test_an_error_that_is_not_about_writing(
    error: OSError, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = initial(named("iris"), tmp_path)
    monkeypatch.setattr("nngen.targets.modules.plan", _fails(error))
    monkeypatch.chdir(tmp_path)
    for words in ("build", XOR), ("predict", named("iris"), "--params", params, "-o", "new.csv"):
        result = run(*words)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"error: {said}\n")
    assert tree(tmp_path).keys() == {params.name}


def test_files_of_parameters_among_the_specs_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "xor.yaml").write_bytes(XOR.read_bytes())
    file = tmp_path / "xor.json"
    assert run("train", XOR, "--epochs", "1", "--save", file).exit_code == 0
    result = run("build", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"passed over {file}: the parameters of xor_mlp\nwrote ")
    assert run("build", tmp_path, "--out", tmp_path / "out", "--check").exit_code == 0
    for command in ("build", "show", "train"):
        result = run(command, file)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("error: this file is not a spec, but has the parameters of 'xor_mlp'\n")
        assert "give a spec, as in `nngen predict SPEC --params xor.json`" in result.stderr
    (tmp_path / "xor.yaml").unlink()
    assert "the folder holds no spec" in run("build", tmp_path).stderr


def test_a_checkpoint_in_place_of_a_spec_or_of_parameters(tmp_path: Path) -> None:
    assert run("train", XOR, "--epochs", "1", "--save", tmp_path / "xor.json").exit_code == 0
    result = run("build", tmp_path / "xor.checkpoint")
    assert result.stderr.startswith("error: this file is not a spec, but has a checkpoint of 'xor_mlp'\n")
    assert "give a spec, as in `nngen train SPEC --resume xor.checkpoint`" in result.stderr
    result = run("build", XOR, "--params", tmp_path / "xor.checkpoint", "--out", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: this is a checkpoint, not a parameter file\n")


MINE = {
    "the beginning of one": b'{"layout": ',
    "cut off": b'{"layout": "xor_mlp W", "parameters": [1.0, 2.0',
    "more than parameters": b'{"layout": "xor_mlp W", "parameters": [1.0], "notes": "of mine"}',
    "texts": b'{"layout": "xor_mlp W", "parameters": ["mine"]}',
    "another network": b'{"layout": "other W", "parameters": [1.0]}',
    "no text": b"\xff",
}


@pytest.mark.parametrize("content", MINE.values(), ids=MINE)
def test_parameters_replace_parameters_of_the_same_network_alone(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_bytes(content)
    result = run("train", XOR, "--epochs", "1", "--save", file)
    assert (result.exit_code, result.stdout, file.read_bytes()) == (2, "", content)
    assert "the file exists and has " in result.stderr
    file.write_bytes(b'{"layout": "xor_mlp V", "parameters": [1.0, -2.5e-07]}')  # as it was with other layers
    assert run("train", XOR, "--epochs", "1", "--save", file).exit_code == 0
