"""The library for Arduino: its rules, and its sketch on a simulated board, from a table to the serial port."""

import configparser
import csv
import json
import re
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from nngen.cli import main
from nngen.targets import as_module
from tests.oracle.boards import call, compiled, data_of, said
from tests.oracle.compiling import run
from tests.support.integers import modules_of, params_of, path_of, trained
from tests.support.modules import ROOT, spec

pytestmark = pytest.mark.oracle

CATEGORIES = {
    "Display",
    "Communication",
    "Signal Input/Output",
    "Sensors",
    "Device Control",
    "Timing",
    "Data Storage",
    "Data Processing",
    "Other",
}


def ends_of(module: Any, rows: list[list[str]]) -> list[list[str]]:
    """A row with a number below 16 bits, which counts as the lower end, and the same row with a missing number."""
    for row, place in product(rows, range(4)):  # the first four columns have numbers
        low, gap = ([*row[:place], n, *row[place + 1 :]] for n in ("-99999999999", ""))
        if module.predict(module.whole(low)) != module.predict(module.whole(gap)):
            return [low, gap]
    raise AssertionError("no row tells a low number from a missing one")


def test_from_a_table_to_the_serial_port_in_five_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "specs" / "data" / "penguins.csv", tmp_path)
    call("init", "penguins.csv", "--target", "species")
    call("train", "penguins.yaml", "--save", "penguins.json")
    assert "answers differ" in call("evaluate", "penguins.yaml", "--params", "penguins.json", "--dtype", "int8")
    call("export", "penguins.yaml", "--params", "penguins.json", "--arduino", "library")
    # the fifth is the upload; here a simulator, and the module of Python that says what to expect
    call("build", "penguins.yaml", "--params", "penguins.json", "--dtype", "int8", "--target", "python", "-o", "net.py")
    module = as_module("net", Path("net.py").read_text())
    with Path("penguins.csv").open() as file:
        table = [*csv.DictReader(file)][::40]
    rows = [[row[column] for column in module.COLUMNS] for row in table]
    rows += ends_of(module, rows)
    whole = [module.whole(row) for row in rows]
    coded = [column in module.CATEGORIES for column in module.COLUMNS]
    lines = [
        ",".join(str(n) if c else cell for n, c, cell in zip(numbers, coded, row, strict=True))
        for numbers, row in zip(whole, rows, strict=True)
    ]
    program = compiled(tmp_path / "library", "penguins", tmp_path)
    assert b"Chinstrap" not in data_of(program)  # the names of classes stay in flash
    found = said(program, "\n".join([*lines, "1,2", "a", ""]), tmp_path)
    assert found[: len(rows)] == [*map(module.predict, whole)]
    assert len(set(found[: len(rows)])) > 1
    wrong = f"expected {len(rows[0])} numbers with commas between them, such as "
    assert [line.startswith(wrong) for line in found[len(rows) :]] == [True, True]


UNITS = """
name: units
inputs: [{name: temperature, resolution: 0.25, range: [-40, 125]}, seconds, current, large]
layers: [{name: layer, units: [y, z], activation: linear}]
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}, epochs: 60, batch_size: 20}
data: {file: units.csv, target: [y, z], scale: standardize, scale_targets: standardize}
"""


def test_a_sketch_reads_the_numbers_of_a_table_and_prints_those_of_the_answers(tmp_path: Path) -> None:
    """Units of quarters, of seconds that need 64 bits, of nanoamperes and of thousands."""
    (tmp_path / "units.yaml").write_text(UNITS)
    rows = [
        [f"{i / 4 - 9}", f"{1_700_006_400 + 288 * i}", f"{i % 17 * 3e-8:.8f}", f"{i % 9 * 3000000}"] for i in range(90)
    ]
    answers = [[f"{i / 10:.1f}", f"{-70000 * i}"] for i in range(90)]
    lines = [",".join(row) for row in [["temperature", "seconds", "current", "large", "y", "z"]]]
    lines += [",".join([*row, *answer]) for row, answer in zip(rows, answers, strict=True)]
    (tmp_path / "units.csv").write_text("\n".join([*lines, ""]))
    wanted: list[str | Path] = [tmp_path / "units.yaml", "--params", tmp_path / "units.json"]
    call("train", tmp_path / "units.yaml", "--save", tmp_path / "units.json")
    call("export", *wanted, "--accept-loss", "--arduino", tmp_path / "library")
    call("build", *wanted, "--accept-loss", "--dtype", "int8", "--target", "python", "-o", tmp_path / "net.py")
    module = as_module("net", (tmp_path / "net.py").read_text())
    rows = [
        *rows[::9],
        [".5", "1700010000.49", "0.00000012999", "-1"],
        ["-0.375", " 99999999999999999999", "-1", "5000000."],
    ]
    rows.append(["", "", "", ""])
    found = said(
        compiled(tmp_path / "library", "units", tmp_path), "\n".join([*map(",".join, rows), ".,1,1,1", ""]), tmp_path
    )
    assert found[-1].startswith("expected 4 numbers with commas between them, such as ")
    for line, row in zip(found, rows, strict=False):
        names, numbers = zip(*(one.split(": ") for one in line.split(", ")), strict=True)
        assert names == ("y", "z")
        whole = module.predict(module.whole(row))
        assert [*map(float, numbers)] == pytest.approx([n * unit for n, unit in zip(whole, module.UNITS, strict=True)])
    assert len({*found}) > 10


def test_a_sketch_of_small_whole_numbers(tmp_path: Path) -> None:
    call("export", path_of("deep_mlp"), "--params", params_of("deep_mlp", tmp_path), "--arduino", tmp_path / "library")
    path = path_of("deep_mlp")
    module = as_module("deep_mlp", modules_of(spec(path), path, trained("deep_mlp"), ["python"])["python"])
    lines = said(
        compiled(tmp_path / "library", "deep_mlp", tmp_path), "0,1\r\n9,-9\r\n1\n0,\n" + "1" * 40 + "\n", tmp_path
    )
    answers = [[n / 100 for n in module.forward(row)] for row in ([0, 1], [9, -9])]
    assert lines[:2] == [f"carry: {carry:.2f}, digit: {digit:.2f}" for carry, digit in answers]
    assert [line.startswith("expected 2 numbers with commas between them") for line in lines[2:]] == [True] * 3


@pytest.mark.parametrize("name", ["iris", "digits", "xor_mlp"])
def test_the_library_follows_the_rules(name: str, tmp_path: Path) -> None:
    """Those of arduino.github.io/arduino-cli/latest/library-specification and docs.platformio.org."""
    call("export", path_of(name), "--params", params_of(name, tmp_path), "--arduino", tmp_path / "library")
    folder = tmp_path / "library"
    made = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    described = "CMakeLists.txt README.md idf_component.yml keywords.txt library.json library.properties platformio.ini"
    assert made == sorted([*described.split(), f"examples/{name}/{name}.ino", f"src/{name}.h"])
    lines = (folder / "library.properties").read_text("utf-8").splitlines()
    stated = dict(line.split("=", 1) for line in lines)
    assert len(stated) == len(lines)
    required = {"name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures"}
    assert required <= {*stated}
    assert all(stated.values())
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.\-]{0,62}", stated["name"])
    assert not stated["name"].lower().startswith("arduino")
    assert re.fullmatch(r"\d+\.\d+\.\d+", stated["version"])
    assert stated["category"] in CATEGORIES
    assert not stated["sentence"].startswith(("A library", "Library"))
    assert (folder / "src" / stated["includes"]).exists()
    described = json.loads((folder / "library.json").read_text())
    assert (described["name"], described["version"]) == (stated["name"], stated["version"])
    assert len(described["description"]) <= 255
    assert all((folder / "src" / header).exists() for header in described["headers"])
    for example in described["examples"]:
        assert all((folder / example["base"] / file).exists() for file in example["files"])
    project = configparser.ConfigParser()
    project.read(folder / "platformio.ini")
    assert (folder / project["platformio"]["src_dir"] / f"{name}.ino").exists()
    assert (folder / project["env:uno"]["build_flags"].removeprefix("-I ") / f"{name}.h").exists()
    component = YAML(typ="safe").load((folder / "idf_component.yml").read_text())
    assert (component["version"], len(component["description"]) <= 255) == (stated["version"], True)
    words = [
        line.split("\t") for line in (folder / "keywords.txt").read_text().splitlines() if not line.startswith("#")
    ]
    header = (folder / "src" / f"{name}.h").read_text()
    assert all(kind in ("KEYWORD2", "LITERAL1") and re.search(rf"\b{word}\b", header) for word, kind in words)
    assert {word for word, _ in words} >= {
        f"{name}_{'forward' if name == 'xor_mlp' else 'predict'}",
        f"{name.upper()}_COLUMNS",
    }


CMAKE = """
cmake_minimum_required(VERSION 3.16)
project(app C)
if(ESP_PLATFORM) # what a component of ESP-IDF calls
    function(idf_component_register what folder)
        add_library(iris INTERFACE)
        target_include_directories(iris INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    endfunction()
endif()
add_subdirectory(library)
add_executable(app main.c)
target_link_libraries(app PRIVATE iris)
"""


def test_cmake_and_components_find_the_header(tmp_path: Path) -> None:
    call("export", path_of("iris"), "--params", params_of("iris", tmp_path), "--arduino", tmp_path / "library")
    (tmp_path / "CMakeLists.txt").write_text(CMAKE)
    (tmp_path / "main.c").write_text("#include <iris.h>\nint main(void) { return IRIS_COLUMNS - 4; }\n")
    for kind in ("0", "1"):
        run("cmake", "-S", tmp_path, "-B", tmp_path / kind, f"-DESP_PLATFORM={kind}")
        run("cmake", "--build", tmp_path / kind)
        run(tmp_path / kind / "app")


def test_a_folder_of_others_is_kept(tmp_path: Path) -> None:
    wanted = ["export", str(path_of("iris")), "--params", params_of("iris", tmp_path), "--arduino", str(tmp_path)]
    done = CliRunner().invoke(main, wanted)
    assert (done.exit_code, "the folder has other files" in done.output) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["iris.json"]
    call(*wanted, "--force")
    call(*wanted)  # now it is a library of nngen
    done = CliRunner().invoke(main, [*wanted[:-1], str(tmp_path / "iris.json")])
    assert (done.exit_code, "this is a file, not a folder" in done.output) == (2, True)
