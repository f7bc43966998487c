"""``nngen verify`` from outside: hostile modules, the spec that is found or refused, what the command prints."""

import json
import os
import select
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.common import processes
from nngen.common.diagnostics import SpecError
from nngen.proof.verify import verify
from nngen.proof.verify.child import CallError, Child, Code, value
from nngen.proof.verify.ulps import shaped
from tests.support.contents import text
from tests.support.edits import edited, verdicts, wrong
from tests.support.modules import ROOT, named


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments])


HOSTILE = [
    ("while True:\n    pass", "it cannot be imported: no answer within 1 seconds"),
    ("import os\nos._exit(0)", "it cannot be imported: the process ended with exit code 0"),
    ("raise SystemExit(0)", "it cannot be imported: SystemExit: 0 (line "),
    ("raise KeyboardInterrupt", "it cannot be imported: KeyboardInterrupt:  (line "),
    ("x = (", "it cannot be imported: SyntaxError: '(' was never closed (line "),
    ("import nngen_of_nobody", "it cannot be imported: ModuleNotFoundError: "),
    ("LAYOUT = object()", "it cannot be imported: TypeError: object is neither a number nor a list of numbers"),
    ("LAYOUT = {[]: 1}", "it cannot be imported: TypeError: unhashable type: 'list' (line "),
    ("del forward", "missing: forward"),
    (
        "import os\nfor fd in range(3, 9):\n    os.write(fd, b'1\\n') if os.path.exists(f'/dev/fd/{fd}') else None",
        "it cannot be imported: ",
    ),
]


@pytest.mark.parametrize(("code", "note"), HOSTILE)
def test_a_module_that_cannot_be_imported(code: str, note: str, tmp_path: Path) -> None:
    edit = ("\nif __name__ ==", f"\n{code}\n\nif __name__ ==")
    seconds = 1.0 if "within 1 seconds" in note else 60.0
    (row,) = verify(edited(tmp_path, "python", "xor_mlp", edit), named("xor_mlp"), seconds).rows
    assert row.verdict == "wrong"
    assert row.note.startswith(note)


def with_forward(folder: Path, body: str) -> Path:
    """A module without the parts that take longest to judge, whose ``forward`` has this body."""
    path = folder / "vendored.py"
    path.write_text(f"{text('xor_mlp', 'python', 'gradient')}\n\ndef forward(params, x):\n    {body}\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("raise SystemExit(0)", "SystemExit: 0 (line "),
        ("import os\n    os._exit(7)", "the process ended with exit code 7"),
        ("return forward(params, x)", "RecursionError: "),
        ("return 'abc'", "the output does not have the shape (1,)"),
        ("return (0.5, 0.5)", "the output does not have the shape (1,)"),
        ("return (1j,)", "TypeError: complex is neither a number nor a list of numbers"),
        ("return (float('nan'),)", "gives nan, the spec says "),
        ("return (10**400,)", "OverflowError: int too large to convert to float"),
        ("raise type('\\x1b[31m', (Exception,), {})('\\x1b[2J')", "\x1b[31m: \x1b[2J (line "),
    ],
)
def test_a_function_that_gives_nothing_to_compare(body: str, note: str, tmp_path: Path) -> None:
    done = verify(with_forward(tmp_path, body), named("xor_mlp"), 60.0)
    rows = {row.what: row for row in done.rows}
    assert rows["forward"].note.startswith(note)
    assert rows["gradient"].verdict == "right"  # the process has come back


LIMITS = 0.5, 4.0, 32.0
"""Seconds for a module that hangs. The longer ones are for a loaded machine, on which a process takes long to start."""


def test_a_function_that_hangs(tmp_path: Path) -> None:
    module = with_forward(tmp_path, "while True:\n        pass")
    for seconds in LIMITS:
        rows = {row.what: row for row in verify(module, named("xor_mlp"), seconds).rows}
        if rows.get("gradient") and rows["gradient"].verdict == "right":
            break
    assert rows["forward"].note == f"no answer within {seconds:g} seconds"
    assert rows["gradient"].verdict == "right"  # the process has come back


FORGED = [
    "[]",
    "{}",
    '{"error": "ValueError"}',
    '{"result": [' + "1" + "0" * 400 + '], "changed": [], "callbacks": [], "records": []}',
    '{"result": [0.5], "changed": 1, "callbacks": [], "records": []}',
    "[" * 5_000,
    "\xff",
    "",
]


@pytest.mark.parametrize("answer", FORGED, ids=range(len(FORGED)))
def test_answers_that_a_module_forges_are_wrong(answer: str) -> None:
    """As those of a function that gives nothing to compare."""
    forge = f"import os\n    for fd in range(3, 9):\n        try: os.write(fd, {answer.encode('latin-1')!r} + b'\\n')\n"
    body = f"{forge}        except OSError: pass\n    return (0.5,)"
    code = Code("forging", f"def forward(params, x):\n    {body}\n", "weights", "float64")
    with Child(code, 5.0) as child, pytest.raises(CallError):
        shaped(child.call("forward", value([]), value([])).result, (1,), "the output")


STOPS = [
    "os.kill(os.getpid(), signal.SIGSTOP)",
    "[os.close(fd) for fd in range(3, 9) if fd != alive and os.path.exists(f'/dev/fd/{fd}')]",
    "os.fork()",
    "os.fork() or os.setpgid(0, 0)",
    "subprocess.Popen(['sleep', '60'], pass_fds=[alive])",
    "os.fork() or os.setsid()",
    "os.fork() or [os.setsid(), os.fork() and os._exit(0)]",
    "subprocess.Popen(['sleep', '60'], pass_fds=[alive], start_new_session=True, env={})",
    "subprocess.Popen(['sleep', '60'], pass_fds=[alive], start_new_session=True); os._exit(0)",
    "os.kill(os.getsid(0), signal.SIGSTOP)",
    "os.kill(os.getsid(0), signal.SIGKILL); os.fork()",
]


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A pipe that ends when all processes that have opened it have ended, and the end to read it from.

    A process says there that it has begun.
    """
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    yield pipe, end
    os.close(end)


def begun(end: int) -> bytes:
    """What a process has written into a pipe; empty if it has not come so far."""
    with suppress(BlockingIOError):
        return os.read(end, 20)
    return b""


@pytest.mark.parametrize("stops", STOPS, ids=range(len(STOPS)))
def test_nothing_that_a_module_starts_outlives_its_time(
    stops: str, alive: tuple[Path, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MAX_KILLING", 1.0)  # all of it where the worker has stopped
    code = f"import os, signal, subprocess, time\nalive = os.open({str(alive[0])!r}, os.O_WRONLY)\n"
    edit = ("\nif __name__ ==", f"\n{code}os.write(alive, b'1')\n{stops}\ntime.sleep(600)\n\nif __name__ ==")
    module = edited(tmp_path, "python", "xor_mlp", edit)
    for seconds in LIMITS:
        (row,) = verify(module, named("xor_mlp"), seconds).rows
        assert row.verdict == "wrong"
        if begun(alive[1]):
            break
    assert select.select([alive[1]], [], [], 60.0)[0]
    assert os.read(alive[1], 1) == b""


def test_a_process_that_has_left_keeps_nobody_waiting(alive: tuple[Path, int], tmp_path: Path) -> None:
    """Its parent has killed the worker that would kill it, and it holds the end of the pipe that answers come from."""
    code = f"import os, time\nalive = os.open({str(alive[0])!r}, os.O_WRONLY)\nos.kill(os.getsid(0), 9)\n"
    code += "os.fork() or [os.setsid(), os.write(alive, b'%d' % os.getpid()), time.sleep(600), os._exit(0)]"
    edit = ("\nif __name__ ==", f"\n{code}\ntime.sleep(600)\n\nif __name__ ==")
    module = edited(tmp_path, "python", "xor_mlp", edit)
    for seconds in LIMITS:
        (row,) = verify(module, named("xor_mlp"), seconds).rows
        if left := begun(alive[1]):
            break
    os.kill(int(left), signal.SIGKILL)
    assert row.note == f"it cannot be imported: no answer within {seconds:g} seconds"


def test_a_request_that_nobody_reads_ends_in_time() -> None:
    """It is larger than a pipe, and the process has stopped before it reads it."""
    code = Code("stopped", "import os\nLAYOUT = os.getpid()\n\ndef pack(x):\n    return x", "weights", "float64")
    with Child(code, 60.0) as child:
        os.kill(child.start().layout, signal.SIGSTOP)
        child.seconds = 1.0
        with pytest.raises(CallError, match="no answer within 1 seconds"):
            child.call("pack", value([0.5] * 100_000))


def test_nothing_of_a_module_acts_on_the_terminal(tmp_path: Path) -> None:
    escape = "raise type('\\x1b[31m', (Exception,), {})('\\x1b[2J')  # \x1b[31m"
    folder = tmp_path / "\x1b[31m\nright"
    folder.mkdir()
    path = edited(folder, "python", "xor_mlp", ("    return (a_y,)", f"    {escape}"))
    result = run(str(path), "--spec", str(named("xor_mlp")))
    assert result.exit_code == 1
    assert "forward: \N{REPLACEMENT CHARACTER}[31m: \N{REPLACEMENT CHARACTER}[2J (line " in result.stdout
    assert {c for c in result.stdout if not c.isprintable()} == {"\n"}
    assert "right" not in result.stdout.splitlines()


def test_what_a_module_prints_and_reads_disturbs_nothing(tmp_path: Path) -> None:
    noise = "\nimport sys\nprint('x' * 10**7)\nsys.stderr.write('y' * 10**6)\nassert sys.stdin.read() == ''\n"
    noise += "sys.stdout.close()"
    path = edited(tmp_path, "python", "xor_mlp", ("\nif __name__ ==", f"{noise}\nif __name__ =="))
    assert verify(path, named("xor_mlp"), 20.0).right


def test_a_module_runs_in_an_empty_folder_of_its_own(tmp_path: Path) -> None:
    look = "\nimport os\nassert os.listdir('.') == []\nassert not __name__.endswith('main__')\n"
    path = edited(tmp_path, "python", "xor_mlp", ("\nif __name__ ==", f"{look}\nif __name__ =="))
    assert verify(path, named("xor_mlp"), 20.0).right
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("target", "name"), [("python", "xor_mlp"), ("python", "digits"), ("numpy", "digits")])
def test_without_a_spec_what_can_be_proved_is(
    target: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = verify(edited(tmp_path, target, name), None, 20.0)
    assert done.spec is None
    assert done.right
    found = verdicts(done)
    assert found["gradient against differences"] == "right"
    assert {what for what, verdict in found.items() if verdict == "not judged"} >= {"forward", "init", "step", "fit"}


def test_without_a_spec_a_wrong_gradient_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = verify(edited(tmp_path, "python", "xor_mlp", ("dz_y = a_y - y_y", "dz_y = y_y - a_y")), None, 20.0)
    assert wrong(done) == {"gradient against differences"}


@pytest.mark.parametrize("folder", [".", "specs", "../specs", "../.."])
def test_the_spec_is_found_near_the_module(folder: str, tmp_path: Path) -> None:
    place = Path(folder, "xor_mlp.yaml")
    home = tmp_path / "a" / "b"
    home.mkdir(parents=True)
    (home / "mine.py").write_text(text("xor_mlp", "numpy", "files"), "utf-8")
    (home / place).parent.mkdir(exist_ok=True)
    shutil.copy(named("xor_mlp"), home / place)
    (tmp_path / "a" / "xor_mlp.yaml").write_text("something: else")  # of this name, and no spec
    done = verify(home / "mine.py", None, 20.0)
    assert done.right
    assert Path(done.spec or "").samefile(home / place)


@pytest.mark.parametrize("layout", ["W_h[a..b, 999999999][x]", "W_h[a..b, c][x]", "W_h[", "a[ " * 100_000])
def test_without_a_spec_a_layout_that_says_nothing(
    layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = edited(
        tmp_path, "python", "xor_mlp", ("\nif __name__ ==", f"\nLAYOUT = 'net ' + {layout!r}\n\nif __name__ ==")
    )
    assert verify(path, None, 5.0).rows[-1].note == "LAYOUT does not describe the network"


def test_a_wrong_sum_of_many_terms(tmp_path: Path) -> None:
    """It is nested deeper than Python writes expressions."""
    path = edited(tmp_path, "python", "xor_mlp", ("return (a_y,)", f"return (a_y{' + 1.0' * 600},)"))
    assert "forward" in wrong(verify(path, named("xor_mlp"), 20.0))


def test_the_spec_of_another_network_is_refused(tmp_path: Path) -> None:
    path = edited(tmp_path, "python", "xor_mlp")
    with pytest.raises(SpecError, match=r"another network: skip_mlp W_hidden.*the module is xor_mlp W_hidden"):
        verify(path, named("skip_mlp"), 20.0)
    result = run(str(path), "--spec", str(named("skip_mlp")))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "help: name the right one with --spec" in result.stderr


def test_the_command_prints_a_table(tmp_path: Path) -> None:
    result = run(str(ROOT / "generated" / "python" / "xor_mlp.py"))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[2].split("  ")[0] == "what"
    assert result.stdout.splitlines()[-1] == "right"
    path = edited(tmp_path, "python", "xor_mlp", ("da_h1 * a_h1 * (1.0 - a_h1)", "da_h1 * a_h1"))
    result = run(str(path), "--spec", str(named("xor_mlp")))
    assert result.exit_code == 1
    line = path.read_text("utf-8").splitlines().index("    dz_h1 = da_h1 * a_h1") + 1
    assert f"`dz_h1`: line {line} gives " in result.stdout
    assert f"\n{line:>5} | dz_h1 = da_h1 * a_h1\n" in result.stdout
    assert result.stdout.endswith(" rows wrong\n")


def test_the_command_prints_json(tmp_path: Path) -> None:
    path = edited(tmp_path, "python", "xor_mlp", ("return (a_y,)", "return (a_y * 1e400,)"))
    result = run(str(path), "--spec", str(named("xor_mlp")), "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout, parse_constant=lambda constant: pytest.fail(constant))
    assert (found["right"], found["form"], found["module"]) == (False, "weights", str(path))
    assert {row["what"] for row in found["rows"] if row["verdict"] == "wrong"} >= {"forward"}
    assert found["found"][0]["text"] == "return (a_y * 1e400,)"


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "this file does not exist"), (b"\xff\xfe", "is not UTF-8"), ("folder", "this is a folder")],
)
def test_a_file_that_is_no_module(content: object, message: str, tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    result = run(str(path))
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_spec_with_mistakes(tmp_path: Path) -> None:
    spec = tmp_path / "xor_mlp.yaml"
    spec.write_text(named("xor_mlp").read_text("utf-8").replace("sigmoid", "sigmod"))
    result = run(str(ROOT / "generated" / "python" / "xor_mlp.py"), "--spec", str(spec))
    assert result.exit_code == 2
    assert "did you mean 'sigmoid'?" in result.stderr


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("c/iris.h", "`nngen verify` cannot run a C header"),
        ("c/binding.c", "`nngen verify` cannot run C"),
        ("c/iris_c.py", "`nngen verify` cannot run a module that compiles a C header"),
        ("javascript/iris.mjs", "`nngen verify` cannot run JavaScript"),
    ],
)
def test_other_languages_are_refused_with_what_judges_them(path: str, said: str) -> None:
    result = run(str(ROOT / "generated" / path))
    assert result.exit_code == 2
    assert f"error: {said}\n" in result.stderr
    assert "help: build it with --selftest: its `" in result.stderr
