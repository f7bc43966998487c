"""Modules of Rust as a crate has them: formatted, without warnings, without `std`, and vendored by Cargo."""

import subprocess
import sys
from pathlib import Path

import pytest

from nngen import build
from nngen.description.model import parts
from nngen.proof.verify import verify
from tests.support import cells, stopping
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, SPECS, named, spec
from tests.support.runtime_files import whole_module

pytestmark = pytest.mark.oracle

LIBM = Path("/usr/share/cargo/registry")
"""Where Debian's package librust-libm-dev is."""


def run(*command: object, cwd: Path) -> str:
    """The output of a program, which must end well and warn of nothing."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]
    assert "warning" not in done.stderr, done.stderr[:4000]
    return done.stdout


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crate with the modules of all specs, with all parts and with few, and random ones."""
    folder = tmp_path_factory.mktemp("crate")
    (folder / "src").mkdir()
    made = {path.stem: module(spec(path), "rust", path.parent) for path in SPECS}
    made |= {one.plan.name: one for one in campaign(drawn(12, 1), "rust")}
    made["cells"] = module(cells.SPEC, "rust")
    made["missing_targets"] = module(spec(named("autorec")), "rust", named("autorec").parent)
    made["long_answer"] = module(spec(named("digits")), "rust", ROOT / "specs", form={"unroll": "weights"})
    for name, options in stopping.STOP.items():  # what a rule does not ask for is not remembered
        made[name] = module(stopping.of({"name": name, **options}), "rust", contents=parts(["training"]), name=name)
    for part in ("forward", "gradient", "training", "prediction", "files", "checks", "sensitivity", "notes"):
        path = ROOT / "specs" / "penguins.yaml"
        made[f"penguins_{part}"] = module(spec(path), "rust", path.parent, parts([part]))
    for name, one in made.items():
        (folder / "src" / f"{name}.rs").write_text(one.text, "utf-8")
    lines = "".join(f"pub mod {name};\n" for name in sorted(made))
    (folder / "src" / "lib.rs").write_text(f"#![forbid(unsafe_code)]\n{lines}", "utf-8")
    manifest = '[package]\nname = "nets"\nversion = "0.1.0"\nedition = "2021"\n'
    (folder / "Cargo.toml").write_text(manifest, "utf-8")
    return folder


def test_rustfmt_changes_nothing(crate: Path) -> None:
    run("rustfmt", "--check", "--edition", "2021", *sorted((crate / "src").glob("*.rs")), cwd=crate)
    run("rustfmt", "--check", "--edition", "2021", ROOT / "templates/rust/runtime.rs", cwd=crate)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_all_fixed_functions_are_formatted_and_compiled(tmp_path: Path, dtype: str) -> None:
    (tmp_path / "everything.rs").write_text(whole_module("rust", dtype).text, "utf-8")
    run("rustfmt", "--check", "--edition", "2021", "everything.rs", cwd=tmp_path)
    options = ("--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "-A", "dead_code")
    run("rustc", *options, "everything.rs", cwd=tmp_path)


def test_clippy_and_the_compiler_warn_of_nothing(crate: Path) -> None:
    """No function is dead, each that may fail says so, and no result is lost."""
    more = ("clippy::missing_errors_doc", "clippy::must_use_candidate", "clippy::double_must_use")
    run("cargo", "clippy", "--quiet", "--offline", "--", *(f"-W{one}" for one in more), cwd=crate)


def test_predictions_need_no_standard_library_and_no_memory(tmp_path: Path) -> None:
    """The crate has neither `std` nor `alloc`; its mathematics comes from `libm`."""
    path = ROOT / "specs" / "penguins.yaml"
    for name, one in {"penguins": (path, "prediction"), "digits": (ROOT / "specs/digits.yaml", "forward")}.items():
        (tmp_path / f"{name}.rs").write_text(module(spec(one[0]), "rust", path.parent, parts([one[1]])).text, "utf-8")
    lines = "#![no_std]\n#![forbid(unsafe_code)]\npub mod digits;\npub mod penguins;\n"
    (tmp_path / "nets.rs").write_text(lines, "utf-8")
    edition = ("--edition", "2021", "--crate-type", "lib")
    run(
        "rustc", "--cap-lints", "allow", "--crate-name", "libm", *edition, *LIBM.glob("libm-*/src/lib.rs"), cwd=tmp_path
    )
    libm = ("--extern", "libm=liblibm.rlib", "--cfg", 'feature="libm"')
    run("rustc", *edition, *libm, "nets.rs", cwd=tmp_path)


def test_the_documentation_of_modules_has_no_examples_that_fail(crate: Path) -> None:
    run("rustdoc", "--edition", "2021", "--test", "--crate-name", "nets", "src/lib.rs", cwd=crate)


def test_a_crate_vendors_penguins_as_the_documentation_says(tmp_path: Path) -> None:
    """The commands and the program of docs/vendoring.md, in a fresh crate."""
    text = (ROOT / "docs" / "vendoring.md").read_text("utf-8").split("## In a Rust crate")[1].split("\n## ")[0]
    commands = [line.strip().split() for line in text.splitlines() if line.startswith("    ") and "nngen" in line]
    (tmp_path / "specs/data").mkdir(parents=True)
    for name in ("penguins.yaml", "data/penguins.csv"):
        (tmp_path / "specs" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    run("cargo", "new", "--quiet", "--vcs", "none", "shore", cwd=tmp_path)
    for _, *arguments in commands:
        nngen = Path(sys.executable).with_name("nngen")
        done = subprocess.run([nngen, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert len(commands) == 2
    program = text.split("```rust\n")[1].split("```")[0]
    (tmp_path / "shore/src/main.rs").write_text(program, "utf-8")
    assert run("cargo", "run", "--quiet", "--offline", cwd=tmp_path / "shore") == "Chinstrap\n"
    assert "Chinstrap" in text


def test_verify_judges_a_module_that_refuses_nothing(tmp_path: Path) -> None:
    """It has no ``Error``."""
    (tmp_path / "xor_mlp.rs").write_text(build(named("xor_mlp"), "rust", contents=["forward"]).text, "utf-8")
    done = verify(tmp_path / "xor_mlp.rs", named("xor_mlp"), 20.0)
    assert {row.verdict for row in done.rows} == {"right"}
    assert done.changed == ()


def test_verify_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    """An edited module of the committed network iris, and one that does not compile."""
    text = (ROOT / "generated" / "rust" / "iris.rs").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("let dz_hidden1 = "))
    number = text.splitlines().index(line) + 1
    nngen = Path(sys.executable).with_name("nngen")
    for edited, says in (
        (text.replace(line, line.replace(";", " * 2.0;"), 1), f"line {number} is `{line.strip()[:-1]} * 2.0;`"),
        (text.replace(line, "    let dz_hidden1 = ;", 1), "it cannot be compiled"),
    ):
        (tmp_path / "iris.rs").write_text(edited, "utf-8")
        command: list[str | Path] = [nngen, "verify", "iris.rs", "--spec", ROOT / "specs" / "iris.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert says in done.stdout
