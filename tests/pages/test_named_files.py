"""Files that a user names: whatever they are, nngen says so, and neither waits for them nor reads without end.

What a command reads, it does not overwrite.
"""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.common import files
from nngen.common.diagnostics import SpecError
from nngen.learning.course.lessons import LESSONS
from tests.support.folders import tree
from tests.support.limits import time_limit
from tests.support.modules import ROOT, named

XOR = named("xor_mlp")
MODULE = ROOT / "generated" / "python" / "xor_mlp.py"

READERS: dict[str, list[object]] = {
    "spec": ["show", "odd.yaml"],
    "spec in a folder": ["build", "."],
    "data file": ["train", "spec.yml"],
    "CSV": ["trace", XOR, "--csv", "odd.yaml"],
    "parameters": ["trace", XOR, "--params", "odd.yaml"],
    "module": ["verify", "odd.yaml"],
    "spec of a module": ["verify", MODULE, "--spec", "odd.yaml"],
}
"""Every way in which a user names a file that is read."""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """Who waits for a pipe is interrupted."""
    with time_limit(120):
        yield


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a file that does not exist yet, and beside it a spec with its data in this file."""
    monkeypatch.chdir(tmp_path)
    network = XOR.read_text("utf-8").split("data:")[0]
    Path("spec.yml").write_text(f"{network}data: {{file: odd.yaml, target: y}}\n", "utf-8")
    return Path("odd.yaml")


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_refuses_a_pipe_and_a_file_without_end(reader: str, odd: Path) -> None:
    os.mkfifo(odd)
    result = run(*READERS[reader])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this is a pipe, not a file" in result.stderr
    assert "help: save its output to a file, and use that file" in result.stderr
    odd.unlink()
    with odd.open("wb") as file:
        file.truncate(10**12)
    result = run(*READERS[reader])
    assert (result.exit_code, result.stdout) == (2, "")
    message = "the first line is longer than " if reader == "data file" else "the file is larger than "
    assert message in result.stderr


KINDS: dict[str, Callable[[Path], object]] = {
    "this file does not exist": lambda path: None,
    "this is a folder, not a file": Path.mkdir,
    "this is a pipe, not a file": os.mkfifo,
    "this is a device, not a file": lambda path: path.symlink_to(os.devnull),
    "this link leads back to itself": lambda path: path.symlink_to(path.name),
    "the file is larger than 9 bytes": lambda path: path.write_text("0123456789"),
    "the byte 0xff at offset 2 is not UTF-8": lambda path: path.write_bytes(b"ab\xff"),
}


@pytest.mark.parametrize("message", KINDS)
def test_each_kind_of_file_is_called_by_its_name(message: str, odd: Path) -> None:
    KINDS[message](odd)
    with pytest.raises(SpecError) as caught:
        files.text(odd, 9)
    [found] = caught.value.diagnostics
    assert (found.path, found.message) == (str(odd), message)


def test_a_file_without_permission(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")  # which the user root never meets

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(SpecError, match="no permission to read this file"):
        files.read(odd, 9)


def test_a_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        with pytest.raises(SpecError, match="this is a socket or a device, not a file"):
            files.read(tmp_path / "socket", 9)


def test_a_file_that_fails_while_it_is_read() -> None:
    result = run("show", "/proc/self/mem")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error: the file cannot be read: input/output error\n  --> /proc/self/mem\n"


def test_a_file_of_the_right_size_is_read_whole(odd: Path) -> None:
    odd.write_text("012345678")
    assert files.text(odd, 9) == "012345678"


@pytest.mark.parametrize("command", ["build", "show", "train", "trace", "explain", "verify"])
def test_every_command_that_reads_a_spec_takes_the_folder_of_data(command: str, tmp_path: Path) -> None:
    for folder in ("specs", "data"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "specs" / "xor_mlp.yaml"
    network = XOR.read_text("utf-8").split("data:")[0]
    path.write_text(f"{network}data: {{file: ../data/xor.csv, target: y}}\n", "utf-8")
    (tmp_path / "data" / "xor.csv").write_text("x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", "utf-8")
    options: dict[str, list[object]] = {
        "build": [path, "--out", tmp_path / "out"],
        "train": [path, "--epochs", 1],
        "explain": [path, "--out", tmp_path / "page.html", "--parts", "picture"],
    }
    run("build", path, "--target", "python", "--out", tmp_path / "built", "--data-root", tmp_path)
    options["verify"] = [tmp_path / "built" / "python" / "xor_mlp.py", "--spec", path]
    arguments = options.get(command, [path])
    refused = run(command, *arguments)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--data-root FOLDER" in refused.stderr
    taken = run(command, *arguments, "--data-root", tmp_path)
    assert taken.exit_code == 0
    assert all(line.startswith("wrote ") for line in taken.stderr.splitlines())


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a table, its spec, trained parameters, their ONNX file, and a lesson."""
    folder = tmp_path_factory.mktemp("loans")
    (folder / "loans.csv").write_text("age,owed,paid\n" + "1,2,yes\n3,1,no\n" * 15)
    spec = folder / "loans.yaml"
    assert run("init", folder / "loans.csv", "--target", "paid", "-o", spec).exit_code == 0
    assert run("train", spec, "--epochs", 1, "--save", folder / "p.json").exit_code == 0
    assert run("export", spec, "--params", folder / "p.json", "--onnx", folder / "loans.onnx").exit_code == 0
    (folder / "folder").mkdir()
    (folder / "link.csv").symlink_to("loans.csv")
    (folder / "link.checkpoint").symlink_to("loans.csv")
    (folder / "link.yaml").symlink_to("loans.onnx")
    (folder / "lessons").mkdir()
    for path in [*LESSONS.glob("*_threshold.*"), LESSONS / "threshold.yaml"]:
        shutil.copy(path, folder / "lessons")
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "init loans.csv --target paid --out loans.csv",
        "build loans.yaml --target python -o folder/../loans.yaml",
        "build loans.yaml --target python -o link.csv",
        "predict loans.yaml --params p.json --out p.json",
        "predict loans.yaml --params p.json loans.csv --out link.csv",
        "predict loans.yaml --params p.json --out loans.csv",
        "trace loans.yaml --csv loans.csv --out loans.csv",
        "trace loans.yaml --out loans.csv",
        "trace loans.yaml --blank --key loans.csv --out new.txt",
        "explain loans.yaml --out loans.csv",
        "export loans.yaml --params p.json --onnx new.onnx --safetensors loans.csv",
        "import loans.onnx --name link",
        "train loans.yaml --history loans.yaml",
        "train loans.yaml --history loans.csv",
        "train loans.yaml --report link.csv",
        "train loans.yaml --save loans.csv",
        "train loans.yaml --save link.json",
        "train loans.yaml --save new.json --resume p.checkpoint --history p.checkpoint",
    ],
)
def test_what_a_command_reads_it_does_not_overwrite(command: str, loans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what its spec names, what another process reads, and what only the last part of the work reads."""
    monkeypatch.chdir(loans)
    before = tree(loans)
    result = run(*command.split(), "--force")
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("error: the command reads this file, and would overwrite it\n")
    assert result.stdout == ""
    assert tree(loans) == before


def test_a_training_replaces_the_checkpoint_that_it_continues(loans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(loans)
    result = run("train", "loans.yaml", "--save", "p.json", "--resume", "p.checkpoint", "--epochs", 2)
    assert (result.exit_code, result.stderr) == (0, "wrote p.json\nwrote p.checkpoint\n")


@pytest.mark.parametrize(
    "command",
    [
        "init loans.csv --target paid --out new/spec.yaml",
        "build loans.yaml --out new",
        "train loans.yaml --epochs 1 --save new/p.json --history new/h.csv",
        "predict loans.yaml --params p.json --out new/answers.csv",
        "trace loans.yaml --out new/sheet.txt",
        "trace loans.yaml --format latex --blank --key new/key.tex",
        "explain loans.yaml --out new/page.html",
        "export loans.yaml --params p.json --safetensors new/p.safetensors",
        "import loans.onnx --out new",
        "course --out new --language ko --lessons lessons",
    ],
)
def test_which_files_are_written_is_said_on_standard_error(
    command: str, loans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard output has results alone, such as a worksheet that LaTeX reads."""
    monkeypatch.chdir(loans)
    (tmp_path / "new").mkdir()
    result = run(*command.replace("new", str(tmp_path / "new")).split())
    assert result.exit_code == 0
    assert str(tmp_path) in result.stderr
    assert "wrote" not in result.stdout
    assert str(tmp_path) not in result.stdout
