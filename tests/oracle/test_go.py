"""Modules of Go as a program has them: formatted, vetted, rounded on every machine, and vendored by `go mod`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nngen.description.model import parts
from nngen.targets import TARGETS
from tests.support import cells
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, SPECS, named, spec
from tests.support.runtime_files import whole_module

pytestmark = pytest.mark.oracle

ROUNDED = ("xor_mlp", "iris", "digits", "skip_mlp", "snake", "penguins_forward")
"""Networks whose equations divide by no power of two: this is exact, so Go may make it a product and fuse it."""


def run(*command: object, cwd: Path) -> str:
    """What a program writes, which must end well."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module of Go with the packages of all specs, with all parts and with few, and random ones."""
    folder = tmp_path_factory.mktemp("nets")
    made = {path.stem: module(spec(path), "go", path.parent) for path in SPECS}
    made |= {one.plan.name: one for one in campaign(drawn(12, 1), "go")}
    made["cells"] = module(cells.SPEC, "go")
    made["missing_targets"] = module(spec(named("autorec")), "go", named("autorec").parent)
    for part in ("forward", "gradient", "training", "prediction", "files", "checks", "sensitivity", "notes"):
        path = ROOT / "specs" / "penguins.yaml"
        made[f"penguins_{part}"] = module(spec(path), "go", path.parent, parts([part]))
    for name, one in made.items():
        path = folder / TARGETS["go"].file(name)
        path.parent.mkdir()
        path.write_text(one.text, "utf-8")
    (folder / "go.mod").write_text("module nets\n\ngo 1.21\n", "utf-8")
    return folder


def test_gofmt_changes_nothing(nets: Path) -> None:
    assert run("gofmt", "-l", ".", ROOT / "templates/go/runtime.go", cwd=nets) == ""


def test_vet_and_the_compiler_warn_of_nothing(nets: Path, tmp_path: Path) -> None:
    """Neither in modules nor in the fixed definitions, for a network that has everything."""
    assert run("go", "vet", "./...", cwd=nets) == ""
    (tmp_path / "everything.go").write_text(whole_module("go").text, "utf-8")
    (tmp_path / "go.mod").write_text("module fixed\n\ngo 1.21\n", "utf-8")
    assert run("go", "vet", ".", cwd=tmp_path) == ""


def test_modules_state_nothing_that_they_do_not_use(nets: Path) -> None:
    """The compiler sees this only of variables and imports."""
    for path in nets.rglob("*.go"):
        text = re.sub(r"//.*", "", path.read_text("utf-8"))
        for name in re.findall(r"^(?:func|type|var|const) ([a-z]\w*)", text, re.MULTILINE):
            assert len(re.findall(rf"\b{name}\b", text)) > 1, (path.name, name)
    assert "\nfunc DefaultSettings()" in (nets / "penguins_training" / "penguins_training.go").read_text("utf-8")


def test_products_are_rounded_before_they_are_added(nets: Path) -> None:
    """On arm64 the compiler makes one operation of a product and a sum, unless the product is converted."""
    packages = [f"./{name}" for name in ROUNDED]
    code = run("env", "GOARCH=arm64", "go", "build", "-gcflags=-S", *packages, cwd=nets)
    places = set(re.findall(r"/(\w+\.go):(\d+)\)\tFN?M(?:ADD|SUB)[DS]\t", code))
    lines = {name: (nets / name / f"{name}.go").read_text("utf-8").splitlines() for name in ROUNDED}
    fused = [lines[name.removesuffix(".go")][int(number) - 1].strip() for name, number in places]
    drawn_or_divided = re.compile(r"uniform\(|/ ?\d+\.0")
    assert [line for line in fused if not drawn_or_divided.search(line)] == []
    assert "FMULD" in code


def test_names_of_packages_files_and_letters_are_those_of_go(tmp_path: Path) -> None:
    text = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8") + "\ntargets: [go]\n"
    nngen = Path(sys.executable).with_name("nngen")
    own = "\nactivations: {copy: {value: exp(-z * z) * tanh(z)}}\n"
    for name, inputs, says in (
        ("func", "[x1, x2]", ""),
        ("letters", "[हिन्दी, é]", ""),
        ("net_linux", "[x1, x2]", "a module of go cannot have this name"),
        ("words", "[chan, x2]", "'chan' is a reserved word of go"),
        ("calls", f"[x1, x2]{own}", ""),
    ):
        written = text.replace("xor_mlp", name).replace("[x1, x2]", inputs)
        written = written.replace("activation: sigmoid", "activation: copy", 1) if own in inputs else written
        (tmp_path / "net.yaml").write_text(written, "utf-8")
        done = subprocess.run([nngen, "build", "net.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, says in done.stderr) == (2 if says else 0, True), done.stderr
    (tmp_path / "go.mod").write_text("module nets\n\ngo 1.21\n", "utf-8")
    packages = run("go", "list", "-f", "{{.Name}}", "./...", cwd=tmp_path)
    assert packages.split() == ["calls", "func_net", "letters"]
    assert run("go", "vet", "./...", cwd=tmp_path) == ""


def test_a_program_vendors_penguins_as_the_documentation_says(tmp_path: Path) -> None:
    """The commands and the program of docs/vendoring.md, in a fresh module of Go."""
    text = (ROOT / "docs" / "vendoring.md").read_text("utf-8").split("## In a Go program")[1].split("\n## ")[0]
    commands = [line.strip() for line in text.splitlines() if line.startswith("    ") and "```" not in line]
    (tmp_path / "specs/data").mkdir(parents=True)
    for name in ("penguins.yaml", "data/penguins.csv"):
        (tmp_path / "specs" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    nngen = Path(sys.executable).with_name("nngen")
    (tmp_path / "shore").mkdir()
    (tmp_path / "shore/main.go").write_text(text.split("```go\n")[1].split("```")[0], "utf-8")
    shell = "\n".join(commands).replace("nngen ", f"{nngen} ")
    assert run("sh", "-e", "-c", f"({shell}) 2> /dev/null", cwd=tmp_path).endswith("\nChinstrap\n")
    assert run("gofmt", "-l", ".", cwd=tmp_path) == ""
    assert "`Chinstrap`" in text


def test_verify_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    """An edited module of the committed network iris, and one that does not compile."""
    text = (ROOT / "generated" / "go" / "iris" / "iris.go").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("dz_hidden1 := "))
    number = text.splitlines().index(line) + 1
    nngen = Path(sys.executable).with_name("nngen")
    for edited, says in (
        (text.replace(line, f"{line} * 2.0", 1), f"line {number} is `{line.strip()} * 2.0`"),
        (text.replace(line, "\tdz_hidden1 := ", 1), "it cannot be compiled"),
    ):
        (tmp_path / "iris.go").write_text(edited, "utf-8")
        command: list[str | Path] = [nngen, "verify", "iris.go", "--spec", ROOT / "specs" / "iris.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert says in done.stdout
