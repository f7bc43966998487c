"""Files: what is written, compared, and left alone."""

import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.commands import build
from nngen.common.diagnostics import SpecError
from tests.support.folders import OLD, tree
from tests.support.modules import ALL_SPECS, ROOT, SPECS, named, spec

XOR = named("xor_mlp")


def test_one_spec_gives_a_module_for_each_target(tmp_path: Path) -> None:
    modules = build.modules([XOR], tmp_path / "out")
    build.write(modules)
    assert sorted(tree(tmp_path)) == [
        "out/c/xor_mlp.h",
        "out/javascript/xor_mlp.mjs",
        "out/numpy/xor_mlp.py",
        "out/python/xor_mlp.py",
    ]
    assert all(module.current for module in modules)


def with_bindings() -> list[Path]:
    """The specs whose C header has a Python binding."""
    return [path for path in SPECS if spec(path).binding]


def test_committed_modules_are_what_the_specs_give() -> None:
    modules = build.modules([ROOT / "specs"], ROOT / "generated")
    for module in modules:
        assert module.current, f"to renew it: nngen build specs\n{module.diff()}"
    assert build.stale(modules, ROOT / "generated") == []
    listed = sum(len(spec(path).targets) for path in ALL_SPECS)
    assert len(modules) == listed + len(with_bindings()) + 1  # binding.c


def test_a_file_that_is_current_is_not_touched(tmp_path: Path) -> None:
    build.write(build.modules([XOR], tmp_path))
    file = tmp_path / "python" / "xor_mlp.py"
    before = file.stat().st_mtime_ns
    build.write([module for module in build.modules([XOR], tmp_path) if not module.current])
    assert file.stat().st_mtime_ns == before


def test_written_files_have_the_usual_permissions(tmp_path: Path) -> None:
    build.write(build.modules([XOR], tmp_path))
    (tmp_path / "other").write_text("")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "other", tmp_path / "python" / "xor_mlp.py")]
    assert modes[0] == modes[1]


def test_all_mistakes_of_all_specs_and_nothing_written(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    good = XOR.read_text()
    (folder / "a.yaml").write_text(good.replace("sigmoid", "sigmod"))
    (folder / "b.yaml").write_text(good)
    (folder / "c.yaml").write_text(good.replace("epochs", "epoch"))
    with pytest.raises(SpecError) as caught:
        build.modules([folder], tmp_path / "out")
    assert [Path(found.path).name for found in caught.value.diagnostics] == ["a.yaml", "a.yaml", "c.yaml"]
    assert not (tmp_path / "out").exists()


def test_two_networks_of_one_name(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        shutil.copy(XOR, tmp_path / name)
    with pytest.raises(SpecError, match=r"a\.yaml has a network of the same name"):
        build.modules([tmp_path], tmp_path / "out")


@pytest.mark.parametrize(("one", "two"), [("net", "Net"), ("straße", "STRASSE")])
def test_two_names_that_are_one_where_case_is_ignored(one: str, two: str, tmp_path: Path) -> None:
    """On the file systems of Windows and macOS, one module would overwrite the other."""
    for file, name in (("a.yaml", one), ("b.yaml", two)):
        (tmp_path / file).write_text(XOR.read_text().replace("name: xor_mlp", f"name: {name}"), "utf-8")
    with pytest.raises(SpecError) as caught:
        build.modules([tmp_path], tmp_path / "out")
    assert [(found.path, found.message) for found in caught.value.diagnostics] == [
        (
            str(tmp_path / "b.yaml"),
            f"{tmp_path / 'a.yaml'} has a network {one!r}, with the same file as {two!r} on systems that ignore case",
        )
    ]


def test_the_same_file_named_twice_is_built_once(tmp_path: Path) -> None:
    assert len(build.modules([XOR, XOR, XOR.parent / "." / XOR.name], tmp_path)) == 4


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="holds no"):
        build.modules([tmp_path], tmp_path)


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "python" / "xor_mlp.py" / "kept").mkdir(parents=True)
    with pytest.raises(SpecError, match="there is a folder of this name"):
        build.write(build.modules([XOR], tmp_path))
    assert tree(tmp_path) == {}
    assert not (tmp_path / "numpy").exists()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(SpecError, match="cannot be written"):
        build.write(build.modules([XOR], tmp_path / "out"))
    assert tree(tmp_path) == {"out": b"mine"}


def test_when_the_second_file_fails_the_first_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "xor_mlp.py").write_bytes(OLD)
    (tmp_path / "numpy").write_text("in the way")
    with pytest.raises(SpecError, match="cannot be written"):
        build.write(build.modules([XOR], tmp_path))
    assert tree(tmp_path) == {"python/xor_mlp.py": OLD, "numpy": b"in the way"}


def test_modules_that_no_spec_gives_are_found(tmp_path: Path) -> None:
    build.write(build.modules([XOR], tmp_path))
    (tmp_path / "python" / "mine.py").write_text("# by hand\n")
    old = tmp_path / "python" / "old.py"
    old.write_text((tmp_path / "python" / "xor_mlp.py").read_text().replace("xor_mlp", "old"))
    (tmp_path / "python" / "copy.py").write_text((tmp_path / "python" / "xor_mlp.py").read_text())
    page = tmp_path / "javascript" / "old.mjs"
    page.write_text((tmp_path / "javascript" / "xor_mlp.mjs").read_text().replace("xor_mlp", "old"))
    assert build.stale(build.modules([XOR], tmp_path), tmp_path) == [old, page]


def test_a_module_beside_a_header_belongs_to_its_network(tmp_path: Path) -> None:
    (iris,) = (path for path in with_bindings() if path.stem == "iris")
    build.write(build.modules([iris], tmp_path, ["c"]))
    bound, source = tmp_path / "c" / "iris_c.py", tmp_path / "c" / "binding.c"
    assert sorted(tmp_path.rglob("*.*")) == [source, tmp_path / "c" / "iris.h", bound]
    bound.write_text(bound.read_text("utf-8") + "# edited\n", "utf-8")
    built = build.modules([iris], tmp_path, ["c"])
    assert [(module.path, module.current, module.foreign) for module in built][1:] == [
        (bound, False, False),
        (source, True, False),
    ]
    build.write(built)
    (tmp_path / "c" / "iris_c_c.py").write_text(bound.read_text("utf-8"), "utf-8")  # of no network
    assert build.stale(build.modules([XOR], tmp_path), tmp_path) == [tmp_path / "c" / "iris.h", bound, source]
    for file in (bound, source):
        build.write(build.modules([iris], tmp_path, ["c"]))
        file.write_text("# by hand\n", "utf-8")
        with pytest.raises(SpecError, match="nngen did not write it") as caught:
            build.write(build.modules([iris], tmp_path, ["c"]))
        assert [found.path for found in caught.value.diagnostics] == [str(file)]
        file.unlink()


def test_a_header_with_a_binding_says_that_it_has_all_parts(tmp_path: Path) -> None:
    (iris,) = (path for path in with_bindings() if path.stem == "iris")
    said = f"{tmp_path / 'c' / 'iris.h'} has all parts: its binding calls them"
    for parts, times in ((["prediction"], 1), (["all"], 0), ([], 0)):
        asked = [argument for part in parts for argument in ("--contents", part)]
        done = CliRunner().invoke(main, ["build", str(iris), "--target", "c", "--out", str(tmp_path), *asked])
        assert (done.exit_code, done.output.count(said)) == (0, times), done.output
