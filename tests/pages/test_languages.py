"""Targets that a spec names itself: how they are built, and what they refuse. ``tests/oracle`` compiles them."""

from pathlib import Path

from click.testing import CliRunner, Result

from nngen.cli import main
from tests.support.modules import named


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_a_module_of_rust_is_built_with_its_options_and_not_trained(tmp_path: Path) -> None:
    path, text = tmp_path / "net.yaml", named("xor_mlp").read_text("utf-8").replace("xor_mlp", "net")
    path.write_text(f"{text}\ntargets: [{{name: rust, dtype: float32, unroll: layers}}]\n", "utf-8")
    assert run("build", path, "--out", tmp_path).exit_code == 0
    module = (tmp_path / "rust" / "net.rs").read_text("utf-8")
    assert "pub fn forward(params: &Params, x: &[f32; INPUTS]) -> [f32; OUTPUTS] {" in module
    assert "let z_hidden: [f32; 2] = affine(W_hidden, x, b_hidden);" in module
    assert "f64" not in module.split("// --- Below")[0]
    assert "unsafe" not in module
    assert run("build", path, "--out", tmp_path, "--check").exit_code == 0
    trained = run("train", path, "--target", "rust")
    assert trained.exit_code == 2
    assert "'rust' is not one of" in trained.stderr
    tested = run("build", path, "--selftest", "--out", tmp_path)
    assert tested.exit_code == 2
    assert "modules of the target rust have no self-test" in tested.stderr


def test_an_input_cannot_have_a_reserved_word_of_the_language(tmp_path: Path) -> None:
    path, text = tmp_path / "net.yaml", named("xor_mlp").read_text("utf-8").replace("xor_mlp", "net")
    path.write_text(text.replace("[x1, x2]", "[fn, crate]") + "\ntargets: [rust]\n", "utf-8")
    refused = run("build", path, "--out", tmp_path)
    assert refused.exit_code == 2
    assert "'crate' is a reserved word of rust" in refused.stderr
    assert not (tmp_path / "rust").exists()
    path.write_text(path.read_text("utf-8").replace("[rust]", "[{name: rust, unroll: layers}]"), "utf-8")
    assert run("build", path, "--out", tmp_path).exit_code == 0


def test_a_module_is_verified_only_with_its_spec(tmp_path: Path) -> None:
    path = tmp_path / "unknown.rs"
    path.write_text("pub fn forward() {}\n", "utf-8")
    refused = run("verify", path)
    assert refused.exit_code == 2
    assert "a module of rust is judged only with its spec" in refused.stderr
